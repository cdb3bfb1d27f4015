"""All tables of the costs, from what was designed."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from minenet.assumptions import Assumptions, Profile
from minenet.costs.estimate import cost_lines, costed_solutions
from minenet.costs.fees import fees_of
from minenet.costs.finance import finance_table
from minenet.costs.measuring import Effect, Measured, effects_of, measure
from minenet.costs.participation import Shares, break_even, curve_table, participation, shares_of
from minenet.costs.quantities import Designs
from minenet.costs.sensitivity import sensitivity_table
from minenet.tables import RESULT_TABLES, empty, typed

__all__ = ["Costed", "cost_tables", "estimate_costs"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Costed:
    """What was found: solutions with their cost, and the tables `costs`, `curves`, `sensitivity` and `finance`."""

    solutions: pd.DataFrame
    costs: pd.DataFrame
    curves: pd.DataFrame
    sensitivity: pd.DataFrame
    finance: pd.DataFrame


def cost_tables(
    designs: Designs,
    *,
    assumptions: Assumptions,
    profile: Profile | None = None,
    borehole_factor: pd.DataFrame | None = None,
    draws: int | None = None,
    shown: Collection[str] | None = None,
) -> Costed:
    """Cost every variant and reference in every cluster: lines, range, participation, sensitivity, finance.

    Parameters
    ----------
    designs : Designs
        What was designed.
    assumptions : Assumptions
        Sections `costs`, `homes` and the gradient of the ground.
    profile : Profile, optional
        What the municipality asks for the use of its ground; nothing is counted for it when not given.
    borehole_factor : DataFrame, optional
        `cluster_id, variant, assumption, low, high`: factor on the metres drilled at the low and at the high of an
        assumption of the ground (`ground.peak_hours`, ...).
    draws : int, optional
        Draws of the range instead of `costs.draws`; a tenth suffices for a city.
    shown : collection of str, optional
        Clusters of which curves, sensitivity and finance are wanted; all when not given. Lines, range and break-even
        stand for every cluster.
    """
    fees = fees_of(profile)
    assumptions = fees.laid_over(assumptions)
    found = measure(designs, assumptions, fees)
    effects = effects_of(found, assumptions, borehole_factor)
    solutions = costed_solutions(found, effects, assumptions, draws=draws or assumptions.costs.draws)
    shares = shares_of(found, designs)
    cost = participation(shares)
    solutions = _with_break_even(solutions, shares, cost)
    costs = cost_lines(found, assumptions)
    if shown is not None and not len(shown):
        tables = {name: empty(RESULT_TABLES[name]) for name in ("curves", "sensitivity", "finance")}
        return Costed(solutions, costs, **tables)
    part = found if shown is None else _only(found, shown)
    wanted = part.priced[shares.row]
    mine = replace(shares, **{name: getattr(shares, name)[wanted] for name in shares.__dataclass_fields__})
    return Costed(
        solutions,
        costs,
        curve_table(part, solutions, mine, cost[wanted], assumptions),
        sensitivity_table(part, effects, assumptions),
        finance_table(part, assumptions),
    )


def _only(found: Measured, shown: Collection[str]) -> Measured:
    """Return the same rows, priced only in the clusters that are shown."""
    return replace(found, priced=found.priced & found.rows["cluster_id"].isin(list(shown)).to_numpy())


def _with_break_even(solutions: pd.DataFrame, shares: Shares, cost: Array) -> pd.DataFrame:
    """Return solutions with the fewest homes that must join for each network to cost no more than its references."""
    annual = solutions.set_index(["cluster_id", "variant"])["annual_eur_per_home"]
    ids = solutions["cluster_id"].to_numpy(object)[shares.row]
    columns = {}
    for name, reference in (("break_even_homes", "gas_boiler"), ("break_even_own_loops", "own_loops")):
        key = pd.MultiIndex.from_arrays([ids, np.full(len(ids), reference, dtype=object)])
        fewest = np.full(len(solutions), np.nan)
        fewest[shares.row] = break_even(cost, annual.reindex(key).to_numpy("float64"))
        columns[name] = pd.array(fewest).astype("Int64")
    return solutions.assign(**columns)


def estimate_costs(
    homes: pd.DataFrame,
    clusters: pd.DataFrame,
    solutions: pd.DataFrame,
    boreholes: pd.DataFrame,
    pipes: pd.DataFrame,
    *,
    assumptions: Assumptions,
    profile: Profile | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    r"""Estimate what every variant and reference costs in every cluster, with its range.

    With the annuity factor :math:`a` (`yearly_share`), :math:`n` homes and the rows of `costs` by `kind` and `per`,

    .. math:: \text{annual} = a \, (P_\text{home} + P_\text{cluster} / n) + Y_\text{home} + Y_\text{cluster} / n

    where :math:`P` sums `capex` and `replacement` and :math:`Y` sums `yearly`. A row counted per home holds the mean of
    the cluster's homes. What boreholes and pipes are worth after the horizon is not counted in it, nor is any subsidy
    (`subsidy`) or work on the house (`house`); `annual_30_eur_per_home` counts the former over the long horizon.

    Parameters
    ----------
    homes, clusters, solutions, boreholes, pipes : DataFrame
        As in `Designs`.
    assumptions : Assumptions
        Prices and their ranges and sources (section `costs`), and the gradient of the ground.
    profile : Profile, optional
        What the municipality asks for the use of its ground; nothing is counted for it when not given.

    Returns
    -------
    solutions : DataFrame
        As given, with costs [EUR] and rows for `gas_boiler` and `air_heat_pump`; infeasible rows have null costs.
        `annual_low`, `annual_p50` and `annual_high` are the 10th, 50th and 90th percentile of draws in which every
        price, performance factor and overrun varies inside its range.
    costs : DataFrame
        Every line: `quantity` times `unit_price_eur` is `total_eur`; sums over the rows give `annual_eur_per_home`.

    Raises
    ------
    AssumptionError
        When a price is negative.
    InputError
        When homes lack their demand.
    """
    designs = Designs(homes, clusters, solutions, boreholes, pipes, pd.DataFrame())
    fees = fees_of(profile)
    assumptions = fees.laid_over(assumptions)
    found = measure(designs, assumptions, fees)
    effects: list[Effect] = effects_of(found, assumptions, None)
    rows = costed_solutions(found, effects, assumptions, draws=assumptions.costs.draws)
    return typed(rows, RESULT_TABLES["solutions"]), cost_lines(found, assumptions)
