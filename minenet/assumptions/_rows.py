"""Reads the tables of numbers and rules that ship with minenet."""

from importlib.resources import files

import pandas as pd

from minenet.errors import AssumptionError

__all__ = ["read_table"]

NAMES = (
    "beside_money",
    "cost_items",
    "heat_demand",
    "heat_pump_sizes",
    "pipes",
    "price_index",
    "probes",
    "reference_annual_costs",
    "reference_case",
    "rules",
)


def read_table(name: str) -> pd.DataFrame:
    """Read a table of numbers that stands beside the assumptions, each row with its source and date.

    Parameters
    ----------
    name : str
        `beside_money` (outdoor units and cooling), `cost_items` (what is bought, how much of it, at which assumed
        price), `heat_demand` (gas use per home by type and period [m3/yr]), `heat_pump_sizes` (on sale [kW]), `pipes`
        (sizes of PE pipe [mm]), `price_index` (consumer prices by year), `probes` (tubes in a borehole [mm]),
        `reference_annual_costs` (the 16 cells of the factsheet [EUR/yr per home]), `reference_case` (the networks that
        costs are calibrated on) or `rules` (what the law and the factsheet ask of a network).

    Returns
    -------
    DataFrame
        Columns as in the file; an empty cell is null.

    Raises
    ------
    AssumptionError
        When there is no such table.

    Examples
    --------
    >>> read_table("reference_annual_costs")["mini_net"].tolist()
    [1170, 1772, 2142, 2769]
    """
    if name not in NAMES:
        raise AssumptionError(f"there is no table `{name}`", mend=f"Known: {', '.join(NAMES)}.")
    with files("minenet.assumptions").joinpath(f"{name}.csv").open(encoding="utf-8") as text:
        return pd.read_csv(text, dtype={"date": "str", "built_from": "Int64", "built_to": "Int64"})
