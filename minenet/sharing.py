"""Who shares a loop with whom, and at which place: pairs and triples of neighbours with the shortest laterals in all.

Every home lies in one group, every place takes one loop: dynamic programming along a walk past the homes, or set
partitioning with HiGHS. Arrays only.
"""

from dataclasses import dataclass
from typing import Literal

import highspy
import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

__all__ = ["groups_of", "share_out", "units_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST = 3
"""Variant 1 of the factsheet: one loop serves 2-3 homes."""

ALONE_M = 500.0
"""What a loop for a single home weighs above others: it comes only where nothing else fits. [m of lateral]"""

PLACES_EACH = 3
"""How many of its best places a group tries."""

SMALL = 8
"""Clusters of so many units are divided exactly in either mode."""

NODES = 200
"""Nodes of the search tree at most in the exact mode."""


def units_of(homes: Ints) -> tuple[Ints, Ints]:
    """Divide the homes of each building into units that stay together: threes, then twos, one only for a single home.

    Parameters
    ----------
    homes : array (n,) of int
        Homes of each building.

    Returns
    -------
    building, size : arrays of int
        Building and number of homes of each unit.

    Examples
    --------
    >>> building, size = units_of(np.array([1, 4, 7]))
    >>> building.tolist(), size.tolist()
    ([0, 1, 1, 2, 2, 2], [1, 2, 2, 3, 2, 2])
    """
    twos = np.where(homes % 3 == 0, 0, np.where(homes % 3 == 2, 1, 2))
    twos = np.where(homes == 1, 0, twos)
    threes = (homes - 2 * twos) // 3
    ones = (homes == 1).astype(np.int64)
    number = np.arange(len(homes))
    size = np.concatenate([np.repeat(s, c.sum()) for s, c in ((3, threes), (2, twos), (1, ones))])
    building = np.concatenate([np.repeat(number, c) for c in (threes, twos, ones)])
    order = np.lexsort((-size, building))
    return building[order].astype(np.int64), size[order].astype(np.int64)


def groups_of(near: Ints, size: Ints) -> Ints:
    """Return the groups of units that may share a loop: neighbours, together no more than three homes.

    Parameters
    ----------
    near : array (n, k) of int
        The nearest units of each unit; itself where it has no more.
    size : array (n,) of int
        Homes of each.

    Returns
    -------
    array (g, 3) of int
        Units of each group in rising order, padded with -1 in front.

    Examples
    --------
    >>> groups_of(np.array([[1], [0], [1]]), np.array([1, 1, 2]))
    array([[-1, -1,  0],
           [-1, -1,  1],
           [-1, -1,  2],
           [-1,  0,  1],
           [-1,  1,  2]])
    """
    count, few = near.shape if near.size else (len(size), 0)
    own = np.arange(count)
    alone = np.column_stack([np.full((count, 2), -1), own])
    first = np.repeat(own, few)
    pairs = np.column_stack([np.full(count * few, -1), first, near.reshape(-1)])
    left, right = np.triu_indices(few, 1)
    triples = np.column_stack([np.repeat(own, len(left)), near[:, left].reshape(-1), near[:, right].reshape(-1)])
    found = np.concatenate([alone, pairs, triples])
    found = np.unique(np.sort(found, axis=1), axis=0)
    found = found[((np.diff(found, axis=1) > 0) | (found[:, 1:] < 0)).all(axis=1)]  # nobody shares with himself
    homes = np.where(found >= 0, size[np.maximum(found, 0)], 0).sum(axis=1)
    return np.asarray(found[homes <= MOST])


def share_out(
    groups: Ints,
    size: Ints,
    lateral_m: Floats,
    dear_m: Floats,
    *,
    loop_m: float,
    without_m: float,
    mode: Literal["fast", "exact"] = "fast",
) -> tuple[Ints, Ints]:
    """Choose groups that hold every unit once, each at a place of its own, at the least length in all.

    The fast mode divides units in the order of their numbers, by dynamic programming over groups of units that follow
    each other, and gives places to groups by an exact assignment. The exact mode chooses among all groups given, with
    HiGHS; where its search ends early it keeps whichever is shorter.

    Parameters
    ----------
    groups : array (g, 3) of int
        As `groups_of` gives them, those of units that follow each other among them.
    size : array (n,) of int
        Homes of each unit; neighbours have numbers that follow each other.
    lateral_m : array (n, p)
        Lateral from each unit to each place, inf where there is none. [m]
    dear_m : array (p,)
        What a place costs beside its laterals. [m]
    loop_m : float
        What one loop more weighs. [m]
    without_m : float
        What each unit of a group weighs that has no place here. [m]
    mode : {"fast", "exact"}

    Returns
    -------
    chosen : array (k,) of int
        Positions of the groups chosen, in rising order.
    place : array (k,) of int
        Place of each, -1 for none.

    Examples
    --------
    Four homes in a row, with places behind the first and the third pair of neighbours:

    >>> groups = groups_of(np.array([[1], [2], [3], [2]]), np.ones(4, dtype=int))
    >>> way = np.array([[3.0, 15], [3, 10], [10, 3], [15, 3]])
    >>> chosen, place = share_out(groups, np.ones(4, dtype=int), way, np.zeros(2), loop_m=30.0, without_m=60.0)
    >>> groups[chosen].tolist(), place.tolist()
    ([[-1, 0, 1], [-1, 2, 3]], [0, 1])
    """
    offers = _offers(groups, size, lateral_m, dear_m, loop_m=loop_m, without_m=without_m)
    chosen, place, length = _along(groups, offers, len(size))
    if mode == "exact" or len(size) <= SMALL:
        better, at, shorter = _partition(groups, offers, len(size), len(dear_m))
        if shorter < length:
            return better, at
    return chosen, place


@dataclass(frozen=True)
class _Offers:
    """What each group would cost: `ways` (g, p) at each place, `without` (g,) with none [m]."""

    ways: Floats
    without: Floats


def _offers(groups: Ints, size: Ints, lateral_m: Floats, dear_m: Floats, *, loop_m: float, without_m: float) -> _Offers:
    member = groups >= 0
    ways = np.vstack([lateral_m, np.zeros((1, lateral_m.shape[1]))])[np.where(member, groups, len(size))].sum(axis=1)
    single = np.where(member, size[np.maximum(groups, 0)], 0).sum(axis=1) == 1
    loop = loop_m + ALONE_M * single
    return _Offers(ways + dear_m + loop[:, None], without_m * member.sum(axis=1) + loop)


def _along(groups: Ints, offers: _Offers, units: int) -> tuple[Ints, Ints, float]:
    """Return the best division into groups of units that follow each other, the place of each, and the length."""
    count = (groups >= 0).sum(axis=1)
    first, last = groups[np.arange(len(groups)), 3 - count], groups[:, 2]
    follow = np.flatnonzero(last - first == count - 1)
    cost = np.minimum(offers.ways.min(axis=1, initial=np.inf), offers.without)
    best, came = np.full(units + 1, np.inf), np.full(units + 1, -1)
    best[0] = 0.0
    for group in follow[np.lexsort((count[follow], last[follow]))]:
        total = best[first[group]] + cost[group]
        if total < best[last[group] + 1] - 1e-9:
            best[last[group] + 1], came[last[group] + 1] = total, group
    chosen: list[int] = []
    end = units
    while end > 0:
        chosen.append(int(came[end]))
        end = int(first[came[end]])
    found = np.sort(np.array(chosen, dtype=np.int64))
    place, length = _placed(offers.ways[found], offers.without[found])
    return found, place, length


def _placed(ways: Floats, without: Floats) -> tuple[Ints, float]:
    """Return the place of each group that makes the whole shortest, -1 for none, and the length."""
    count, places = ways.shape
    none = np.full((count, count), np.inf)
    none[np.arange(count), np.arange(count)] = without
    table = np.hstack([ways, none])
    row, column = linear_sum_assignment(table)
    return np.where(column < places, column, -1).astype(np.int64), float(table[row, column].sum())


def _partition(groups: Ints, offers: _Offers, units: int, places: int) -> tuple[Ints, Ints, float]:
    """Return the shortest division among all groups, as far as the search goes."""
    best = np.argsort(offers.ways, axis=1, kind="stable")[:, :PLACES_EACH]
    cost = np.take_along_axis(offers.ways, best, axis=1).reshape(-1)
    group = np.repeat(np.arange(len(groups)), best.shape[1])
    real = np.isfinite(cost)
    group = np.concatenate([group[real], np.arange(len(groups))])
    place = np.concatenate([best.reshape(-1)[real], np.full(len(groups), -1)])
    cost = np.concatenate([cost[real], offers.without])
    taken = _solved(groups[group], place, cost, units, places)
    order = np.argsort(group[taken], kind="stable")
    return group[taken][order], place[taken][order], float(cost[taken].sum()) if len(taken) else np.inf


def _solved(groups: Ints, place: Ints, cost: Floats, units: int, places: int) -> Ints:
    """Return the columns of the cheapest partition; the cost is rounded, so that ties fall the same everywhere."""
    row = np.column_stack([groups, np.where(place >= 0, units + place, -1)])
    column, _ = np.nonzero(row >= 0)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(cost), units + places
    model.col_cost_ = np.round(cost, 3) + 1e-6 * np.arange(len(cost)) / max(len(cost), 1)
    model.col_lower_, model.col_upper_ = np.zeros(len(cost)), np.ones(len(cost))
    model.row_lower_ = np.concatenate([np.ones(units), np.full(places, -np.inf)])
    model.row_upper_ = np.ones(units + places)
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.searchsorted(column, np.arange(len(cost) + 1))
    model.a_matrix_.index_ = row[row >= 0].astype(np.int32)
    model.a_matrix_.value_ = np.ones(len(column))
    solver = highspy.Highs()
    solver.silent()
    for name, value in {"mip_max_nodes": NODES, "threads": 1, "random_seed": 0}.items():
        solver.setOptionValue(name, value)
    solver.passModel(model)
    solver.run()
    share = np.asarray(solver.getSolution().col_value)
    return np.flatnonzero(share > 0.5)
