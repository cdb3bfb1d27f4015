"""The estimate from its parts: what every way to heat costs in every cluster, line by line and in a year."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from minenet.assumptions import Assumptions
from minenet.costs.beyond import beside_money
from minenet.costs.factsheet import reference_annual_costs
from minenet.costs.measuring import Effect, Measured, applies
from minenet.costs.pricing import item_facts, lifetimes
from minenet.costs.ranges import NAMES, ranges
from minenet.costs.spreading import horizon_factor, left_over, yearly_share
from minenet.tables import RESULT_TABLES, VARIANTS, typed

__all__ = ["cost_lines", "costed_solutions"]

Array = npt.NDArray[np.float64]

HALF_A_CENT = 0.005
SHOWN_AT_ZERO = (
    "low_temperature_emitters",
    "emitters_where_needed",
    "insulation",
    "isde_heat_pump",
    "isde_heat_network",
)
"""Items that stand in `costs` even when nothing of them is bought."""


def costed_solutions(
    found: Measured, effects: Sequence[Effect], assumptions: Assumptions, *, draws: int
) -> pd.DataFrame:
    """Return solutions with all that is said of their cost, null where a row is not priced."""
    lines = found.each * found.price
    capex = lines[:, found.bought].sum(axis=1)
    results = {
        "capex_eur": capex * found.homes,
        "capex_eur_per_home": capex,
        "annual_eur_per_home": found.yearly.sum(axis=1),
        "house_eur_per_home": lines[:, found.of_kind("house")].sum(axis=1),
        "subsidy_eur_per_home": 0.0 - lines[:, found.of_kind("subsidy")].sum(axis=1),
        **_long_view(found, lines, assumptions),
        **ranges(found, effects, assumptions, draws=draws),
    }
    known = found.priced & ~np.isnan(results["annual_eur_per_home"])
    rows = found.rows.assign(**{name: np.where(found.priced, values, np.nan) for name, values in results.items()})
    base = rows["annual_eur_per_home"]
    outside = (base < rows[NAMES[0]] - HALF_A_CENT) | (base > rows[NAMES[2]] + HALF_A_CENT)
    rows["base_outside_range"] = outside.astype("boolean").where(known)
    rows = rows.assign(**_factsheet(found))
    beside = beside_money(rows, found.amounts, assumptions.costs)
    rows = rows.assign(**{str(name): beside[name].where(found.priced) for name in beside})
    return typed(rows, RESULT_TABLES["solutions"])


def _factsheet(found: Measured) -> dict[str, Array | pd.Series]:
    """Return what the factsheet says of the same way to heat at the mean gas use, and whether its table reaches so far.

    Every network is its mini net; the factsheet does not tell shared loops from rings.
    """
    table = reference_annual_costs(found.amounts["gas_m3"].to_numpy())
    variant = found.rows["variant"]
    system = np.where(variant.isin(VARIANTS), "mini_net", variant.to_numpy(object))
    cells = table.to_numpy("float64")[np.arange(len(table)), table.columns.get_indexer(pd.Index(system))]
    known = found.priced & ~np.isnan(cells)
    inside = table["inside"].astype("boolean").where(known)
    return {
        "factsheet_eur_per_home": np.where(known, cells, np.nan),
        "factsheet_inside": inside.set_axis(variant.index),
    }


def _long_view(found: Measured, lines: Array, assumptions: Assumptions) -> dict[str, Array]:
    """Return the annual cost over the long horizon, and what is left at its end."""
    prices = assumptions.costs
    life = lifetimes(found.items, assumptions)
    years, interest = prices.long_years, prices.interest
    factor = np.array([horizon_factor(x, years, interest=interest) for x in life])
    left = np.array([left_over(x, years) for x in life])
    share = yearly_share(years, interest=interest)
    yearly = np.where(found.bought, share * factor, found.of_kind("yearly") * 1.0)
    return {
        "annual_30_eur_per_home": lines @ yearly,
        "residual_30_eur_per_home": lines @ np.where(found.bought, left, 0.0),
    }


def cost_lines(found: Measured, assumptions: Assumptions) -> pd.DataFrame:
    """Return the table `costs`: every item of which something is bought, and what is bought again."""
    always = np.array([i.item in SHOWN_AT_ZERO for i in found.items])
    quantity = np.where(found.per_home, found.each, found.each * found.homes[:, None])
    shown = (quantity > 0) | (applies(found.rows, found.items) & found.priced[:, None] & always)
    row, item = np.nonzero(shown)
    facts = item_facts(found.items, assumptions)
    lines = facts.iloc[item].reset_index(drop=True)
    for name in ("cluster_id", "variant"):
        lines[name] = found.rows[name].array.take(row)
    lines["quantity"] = quantity[row, item]
    times = lines.pop("again").to_numpy()
    bought_again = lines.assign(kind="replacement", quantity=lines["quantity"] * times)[times > 0]
    lines = pd.concat([lines, bought_again], ignore_index=True) if len(bought_again) else lines
    lines["total_eur"] = lines["quantity"] * lines["unit_price_eur"] + 0.0  # no minus before a zero
    return typed(lines, RESULT_TABLES["costs"])
