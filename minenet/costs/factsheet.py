"""The factsheet's table of annual costs, to the euro.

References
----------
.. [1] Province of Utrecht, "Mini-warmtenet voor een straat of hofje", price level January 2024.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from minenet.assumptions import read_table

__all__ = ["reference_annual_costs"]

SYSTEMS = ("gas_boiler", "mini_net", "own_loops", "air_heat_pump")


def reference_annual_costs(gas_m3: float | npt.ArrayLike) -> pd.DataFrame:
    """Return the factsheet's annual cost per home of four ways to heat, price level January 2024.

    Between its columns (500, 1,000, 1,500 and 2,000 m3) the cost is interpolated linearly; outside, its first or last
    segment is continued and `inside` is False.

    Parameters
    ----------
    gas_m3 : float or array-like of shape (n,)
        Gas use per home [m3/yr].

    Returns
    -------
    DataFrame
        One row per gas use: `gas_m3`; `gas_boiler, mini_net, own_loops, air_heat_pump` [EUR/yr per home]; `inside`.

    References
    ----------
    .. [1] Province of Utrecht, "Mini-warmtenet voor een straat of hofje", table of annual costs.

    Examples
    --------
    >>> reference_annual_costs([1000, 1250])["mini_net"].tolist()
    [1772.0, 1957.0]
    """
    gas = np.atleast_1d(np.asarray(gas_m3, dtype="float64"))
    table = read_table("reference_annual_costs")
    at = table["gas_m3"].to_numpy("float64")
    left = np.clip(np.searchsorted(at, gas, side="right") - 1, 0, len(at) - 2)
    part = (gas - at[left]) / (at[left + 1] - at[left])
    columns: dict[str, npt.NDArray[np.generic]] = {"gas_m3": gas}
    for system in SYSTEMS:
        cells = table[system].to_numpy("float64")
        columns[system] = cells[left] + part * (cells[left + 1] - cells[left])
    columns["inside"] = (gas >= at[0]) & (gas <= at[-1])
    return pd.DataFrame(columns)
