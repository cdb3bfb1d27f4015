"""Which assumptions matter most: the annual cost with each one at its low and at its high, all others as they are."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from minenet.assumptions import Assumptions
from minenet.costs.measuring import Effect, Measured, named_assumptions
from minenet.costs.pricing import Item, bounds
from minenet.tables import RESULT_TABLES, VARIANTS, typed

__all__ = ["MOST", "sensitivity_table"]

Array = npt.NDArray[np.float64]

MOST = 5
"""Assumptions that are shown: those with the widest swing."""

ALWAYS = ("ground.peak_hours",)
"""Assumptions that stand there whatever their rank: without a source, and often asked about."""


def sensitivity_table(found: Measured, effects: Sequence[Effect], assumptions: Assumptions) -> pd.DataFrame:
    """Return the five assumptions that move the annual cost of each network most (a tornado).

    Parameters
    ----------
    found : Measured
        Quantities and prices of every row.
    effects : sequence of Effect
        Assumptions that change quantities.
    assumptions : Assumptions
        Ranges of section `costs`.

    Returns
    -------
    DataFrame
        As `RESULT_TABLES["sensitivity"]`: rank 1 has the widest swing, ties by name. The hours of the peak, without a
        source, stand there whatever their rank.
    """
    taken = np.flatnonzero(found.priced & found.rows["variant"].isin(VARIANTS).to_numpy())
    base = found.yearly[taken].sum(axis=1)
    names, low, high = _swings(found, effects, assumptions, taken)
    swing = np.abs(np.nan_to_num(high - low))
    order = np.argsort(-np.round(swing, 6), axis=1, kind="stable")  # names are in order, so ties are too
    row = np.repeat(np.arange(len(taken)), order.shape[1])
    column = order.ravel()
    rank = np.tile(np.arange(1, order.shape[1] + 1), len(taken))
    keep = (swing[row, column] > 0) & ((rank <= MOST) | np.isin(np.array(names, dtype=object), ALWAYS)[column])
    row, column, rank = row[keep], column[keep], rank[keep]
    table = pd.DataFrame(
        {
            "cluster_id": found.rows["cluster_id"].array.take(taken[row]),
            "variant": found.rows["variant"].array.take(taken[row]),
            "assumption": np.array(names, dtype=object)[column],
            "low_eur_per_home": base[row] + low[row, column],
            "high_eur_per_home": base[row] + high[row, column],
            "rank": rank,
        }
    )
    return typed(table, RESULT_TABLES["sensitivity"])


def _swings(
    found: Measured, effects: Sequence[Effect], assumptions: Assumptions, taken: npt.NDArray[np.intp]
) -> tuple[list[str], Array, Array]:
    """Return the change of the annual cost at the low and the high of each assumption (row, assumption), by name."""
    each, yearly = (found.each * found.weight)[taken], found.yearly[taken]
    changes, varied = {}, {}
    for name in (f"costs.{n}" for n in named_assumptions(found.items)):
        ends = _changes(name.removeprefix("costs."), found.items, assumptions)
        changes[name] = [each @ price + yearly @ part for price, part in ends]
        varied[name] = [1 + part for _, part in ends]
    for effect in effects:
        before = changes.get(effect.assumption, [np.zeros(len(taken))] * 2)
        scaled = varied.get(effect.assumption, [np.ones(len(found.items))] * 2)
        lines = [(yearly * part)[:, effect.columns].sum(axis=1) for part in scaled]
        factors = (effect.low[taken], effect.high[taken])
        changes[effect.assumption] = [b + x * (f - 1) for b, x, f in zip(before, lines, factors, strict=True)]
    names = sorted(changes)
    return names, *(np.column_stack([changes[n][end] for n in names]) for end in (0, 1))  # type: ignore[return-value]


def _changes(name: str, items: Sequence[Item], assumptions: Assumptions) -> list[tuple[Array, Array]]:
    """Return, at the low and at the high of an assumption, what is added to each price and to each line relatively."""
    limits = bounds(name, assumptions)
    result = []
    for end in (limits.low, limits.high):
        price = np.array([end - limits.value if i.price == name else 0.0 for i in items])
        scale = np.array([end / limits.value - 1 if i.scale == name and limits.value else 0.0 for i in items])
        divide = np.array([limits.value / end - 1 if i.divide == name else 0.0 for i in items])
        result.append((price, scale + divide))
    return result
