"""Mean gas use of homes by postcode, as Statistics Netherlands (CBS) publishes it.

References
----------
.. [1] CBS, Statistische gegevens per vierkant en postcode: `gemiddeldGasverbruikWoning`, the mean yearly use of natural
   gas of private dwellings in m3, rounded to 50; homes on district heat are part of the mean. The WFS of PDOK spells
   it in camel case, its files with underscores; both were confirmed in public readers. Energy follows a year after
   the first version of a file.
.. [2] CBS, the same: -99997 is hidden for secrecy, -99995 not yet known; -99999 and others are not explained there.
"""

import geopandas as gpd
import numpy as np
import pandas as pd

from minenet.fetch.carriers import Mapped, counted
from minenet.fetch.spelling import column

__all__ = ["NOTE", "as_postcode", "gas_by_postcode", "with_gas"]

NOTE = (
    "Gas use is the mean over the homes of a postcode, homes without gas included, rounded to 50 m3 and hidden where "
    "there are few homes."
)
"""What every table and map with these numbers says."""

HIDDEN, NOT_YET = -99997, -99995
HIGHEST_CODE = -99990
"""Numbers up to this one are codes for why there is none."""


def gas_by_postcode(rows: pd.DataFrame) -> Mapped:
    """Return the mean gas use per home of each postcode.

    Parameters
    ----------
    rows : DataFrame
        Postcodes as the service or file gave them.

    Returns
    -------
    Mapped
        `postcode` (`3581XX`) and `gas_m3` [m3 per home and year], null where it is hidden or not known. A postcode
        that comes with several values has none.

    Raises
    ------
    InputError
        When there is no column with postcodes or with gas use.

    Examples
    --------
    >>> rows = pd.DataFrame({"postcode6": ["3581XX", "3581XZ"], "gemiddeldGasverbruikWoning": [1250, -99997]})
    >>> gas_by_postcode(rows).counts
    {'unknown.gas_use_suppressed': 1}
    """
    where = "CBS, postcodes"
    given = column(rows, "gemiddeldGasverbruikWoning", "gemiddeldGasverbruik", "gas_m3", where=where)
    value = pd.to_numeric(given, errors="coerce").astype("float64").replace([np.inf, -np.inf], np.nan)
    table = pd.DataFrame({"postcode": as_postcode(column(rows, "postcode6", "postcode", "pc6", where=where))})
    table = table.assign(code=value.where(value <= HIGHEST_CODE), gas_m3=value.where(value >= 0), value=value)
    known = table[table["postcode"].notna()]
    once = known.drop_duplicates(["postcode", "value"])
    torn = once[once["gas_m3"].notna()].groupby("postcode").size()
    first = once.sort_values(["postcode", "gas_m3"], kind="stable").drop_duplicates("postcode").reset_index(drop=True)
    disputed = first["postcode"].isin(torn[torn > 1].index)
    gas = first["gas_m3"].mask(disputed)
    missing = first["gas_m3"].isna()
    counts = counted(
        left_out__no_postcode=len(table) - len(known),
        left_out__same_postcode_twice=len(known) - len(first),
        disagreement__values_of_one_postcode=disputed.sum(),
        unknown__gas_use_suppressed=(missing & (first["code"] == HIDDEN)).sum(),
        unknown__gas_use_not_yet=(missing & (first["code"] == NOT_YET)).sum(),
        unknown__gas_use_unknown=(missing & ~first["code"].isin([HIDDEN, NOT_YET])).sum(),
        read__gas_use_of_zero=(gas == 0).sum(),
    )
    return Mapped(first[["postcode"]].assign(gas_m3=gas), counts)


def with_gas(addresses: gpd.GeoDataFrame, gas: pd.DataFrame) -> Mapped:
    """Return addresses in which homes without a gas use have the mean of their postcode; see `NOTE`.

    A use that is already there was measured, and stays. A mean of 0 tells of a street without gas, not of homes without
    heat: it fills nothing.

    Parameters
    ----------
    addresses : GeoDataFrame
        Addresses under the names of the contract.
    gas : DataFrame
        `postcode` and `gas_m3`, the frame of `gas_by_postcode`.

    Raises
    ------
    InputError
        When `addresses` has no `postcode` or `use`.
    """
    where = "layer `addresses`"
    home = column(addresses, "use", where=where) == "residential"
    measured = pd.to_numeric(column(addresses, "gas_m3"), errors="coerce").astype("float64")
    mean = as_postcode(column(addresses, "postcode", where=where)).map(gas.set_index("postcode")["gas_m3"])
    without = home & measured.isna() & (mean == 0)
    filled = measured.fillna(mean.astype("float64").where(home & (mean > 0)))
    counts = counted(
        unknown__gas_use_in_a_postcode_without_gas=without.sum(),
        inferred__gas_use_as_mean_of_postcode=(measured.isna() & filled.notna()).sum(),
        unknown__gas_use=(home & filled.isna() & ~without).sum(),
    )
    basis = column(addresses, "gas_basis").astype("object").mask(measured.isna() & filled.notna(), "postcode_mean")
    return Mapped(gpd.GeoDataFrame(addresses.assign(gas_m3=filled, gas_basis=basis), crs=addresses.crs), counts)


def as_postcode(series: pd.Series) -> pd.Series:
    """Return Dutch postcodes as `3581XX`; what is none is null.

    Examples
    --------
    >>> as_postcode(pd.Series(["3581 xx", "0123AB", None])).tolist()
    ['3581XX', nan, nan]
    """
    text = series.astype("str").where(series.notna()).astype("str").str.replace(r"\s", "", regex=True).str.upper()
    return text.where(text.str.fullmatch("[1-9][0-9]{3}[A-Z]{2}").fillna(value=False).astype(bool))
