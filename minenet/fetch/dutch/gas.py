"""Gas use by postcode (CBS), for dwellings of which no reading is known.

A figure is the mean over the dwellings of a postcode of six positions, homes without gas among them, rounded to 50 m3;
it is hidden where there are few. It says what a street uses, and nothing sure of one home.

References
----------
.. [1] CBS, Statistische gegevens per postcode: `gemiddeldGasverbruikWoning` (WFS of PDOK),
   `gemiddeld_gasverbruik_woning` (files); -99997 is hidden, -99995 not published yet; energy follows a year later.
"""

import geopandas as gpd
import pandas as pd

from minenet.fetch.carriers import Mapped, counted
from minenet.fetch.delimited import decimal
from minenet.fetch.spelling import column

__all__ = ["NOTE", "gas_by_postcode", "with_gas"]

NOTE = (
    "a mean over the homes of a postcode, homes without gas among them, rounded to 50 m3 and hidden where homes are "
    "few; not measured at the home"
)
"""What must be kept in mind about these figures."""

POSTCODES = ("postcode6", "postcode", "pc6", "postcode_6")
USES = (
    "gemiddeldGasverbruikWoning",
    "gemiddelde_aardgaslevering_woningen",
    "gemiddeld_aardgasverbruik_woning",
    "gas_m3",
)

SUPPRESSED, NOT_YET = -99997.0, -99995.0

MISSING_TO = -99990.0
"""Every figure down from here says why there is none; which codes there are differs by year."""


def gas_by_postcode(frame: pd.DataFrame) -> Mapped:
    """Return the mean gas use per dwelling of each postcode.

    Parameters
    ----------
    frame : DataFrame
        What CBS gives: postcode of six positions and mean gas use.

    Returns
    -------
    Mapped
        `postcode` (as `1234AB`) and `gas_m3` [m3 per dwelling and year], those that are known. A mean of 0 is kept and
        counted: it is a street without gas.

    Raises
    ------
    InputError
        When one of the columns is not there.
    """
    where = "CBS, figures by postcode"
    table = pd.DataFrame(
        {
            "postcode": _postcode(column(frame, *POSTCODES, where=where)),
            "gas_m3": decimal(column(frame, *USES, where=where)),
        }
    )
    none, code = table["postcode"].isna(), table["gas_m3"]
    known = table[~none & (code >= 0)]
    differ = known.drop_duplicates().duplicated("postcode", keep=False).reindex(known.index, fill_value=False)
    twice = known["postcode"].isin(known["postcode"][differ])
    once = known[~twice].drop_duplicates("postcode").sort_values("postcode", ignore_index=True)
    counts = counted(
        left_out__no_postcode=int(none.sum()),
        unknown__suppressed=int((~none & (code == SUPPRESSED)).sum()),
        unknown__not_yet=int((~none & (code == NOT_YET)).sum()),
        unknown__other_code=int((~none & (code <= MISSING_TO) & ~code.isin([SUPPRESSED, NOT_YET])).sum()),
        unknown__unknown=int((~none & code.isna()).sum()),
        unknown__negative=int((~none & (code < 0) & (code > MISSING_TO)).sum()),
        unknown__postcode_with_two_figures=int(known["postcode"][twice].nunique()),
        kept__mean_of_zero=int((once["gas_m3"] == 0).sum()),
    )
    return Mapped(once, counts)


def with_gas(addresses: gpd.GeoDataFrame, gas: pd.DataFrame) -> Mapped:
    """Return addresses, dwellings without a reading given the mean of their postcode.

    Parameters
    ----------
    addresses : GeoDataFrame
        As in `AREA_TABLES["addresses"]`; `postcode` and `use` are looked at. A reading is never overwritten.
    gas : DataFrame
        `postcode` and `gas_m3`, as `gas_by_postcode` gives them. [m3 per dwelling and year]

    Returns
    -------
    Mapped
        Counted is how many are a mean of a postcode (homes without gas among them, rounded to 50 m3), and how many
        dwellings have neither. A mean of 0 tells of a street without gas, not of homes without heat: it fills nothing.
    """
    measured = pd.to_numeric(column(addresses, "gas_m3"), errors="coerce").astype("float64")
    home = (column(addresses, "use") == "residential").fillna(value=False).astype(bool)
    mean = _postcode(column(addresses, "postcode")).map(gas.set_index("postcode")["gas_m3"]).astype("float64")
    zero = home & measured.isna() & (mean == 0)
    filled = home & measured.isna() & (mean > 0)
    counts = counted(
        inferred__gas_as_mean_of_postcode_with_homes_without_gas_rounded_to_50=int(filled.sum()),
        unknown__gas_in_a_postcode_without_gas=int(zero.sum()),
        unknown__gas=int((home & measured.isna() & mean.isna()).sum()),
    )
    return Mapped(addresses.assign(gas_m3=measured.where(~filled, mean)), counts)


def _postcode(series: pd.Series) -> pd.Series:
    """Return postcodes as `1234AB`, null where it is none.

    Examples
    --------
    >>> _postcode(pd.Series(["3511 ab", "3511AB", "3511", None])).tolist()
    ['3511AB', '3511AB', nan, nan]
    """
    text = series.astype("str").str.replace(r"\s+", "", regex=True).str.upper().where(series.notna())
    return text.where(text.str.fullmatch(r"[1-9][0-9]{3}[A-Z]{2}").fillna(value=False).astype(bool))
