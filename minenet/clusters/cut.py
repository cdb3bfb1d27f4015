"""The cheapest way to cut a forest into groups, exactly, by dynamic programming over the number of homes."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from minenet.clusters.tree import Forest

__all__ = ["Leaves", "cut_forest"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Leaves:
    """Connections as the leaves of a forest: no pipe runs through a home.

    Attributes
    ----------
    point : array (n,) of int
        Point that each joins.
    homes : array (n,) of int
        Homes of each.
    join, alone : arrays (n,)
        What each costs in a group, and in none. [cent/yr]
    """

    point: Ints
    homes: Ints
    join: Floats
    alone: Floats


def cut_forest(forest: Forest, leaves: Leaves, *, link: Floats, split: Floats, close: Floats) -> tuple[Ints, Ints]:
    """Cut a forest into groups at the least cost over all connections.

    A group is a part of the forest and any of the connections at its points; points without any may be part of it too.

    Parameters
    ----------
    forest : Forest
        Forest over p points.
    leaves : Leaves
        Connections.
    link : array (p,)
        Cost of the edge to the point above, where a group has it. [cent/yr]
    split : array (p,)
        What it costs beside to begin a group below that edge. [cent/yr]
    close : array (most + 1,)
        Cost of a group by its number of homes, inf where it may not have so many. [cent/yr]

    Returns
    -------
    of_point : array (p,) of int
        Highest point of the group that has each point, -1 = none.
    of_leaf : array (n,) of int
        The same for each connection; p + its own number for one that is a group by itself, without a point.
    """
    size, most = len(forest.parent), len(close) - 1
    ordered = np.argsort(leaves.point, kind="stable")
    start = np.searchsorted(leaves.point[ordered], np.arange(size + 1)).tolist()
    at, homes = ordered.tolist(), leaves.homes.tolist()
    itself = leaves.join + close[leaves.homes]
    join, alone = leaves.join.tolist(), np.minimum(leaves.alone, itself).tolist()
    parent, links, splits = forest.parent.tolist(), link.tolist(), split.tolist()
    taken = np.zeros((len(leaves.point), most + 1), dtype=bool)
    brings: list[npt.NDArray[np.int16] | None] = [None] * size  # None: all the homes that the point above has so far
    begun: list[Floats | None] = [None] * size
    closed = np.zeros(size, dtype=np.int64)
    nothing = np.full(most + 1, np.inf)
    endless = nothing.copy()
    nothing[0] = 0.0
    for v in forest.order[::-1].tolist():
        # cost[s]: the least of all below v when the group that has v has s homes so far; with 0, v is in none
        found = begun[v]
        cost = nothing if found is None else found
        for leaf in at[start[v] : start[v + 1]]:
            inside = endless.copy()
            np.add(cost[: most + 1 - homes[leaf]], join[leaf], out=inside[homes[leaf] :])
            cost = cost + alone[leaf]
            np.less(inside, cost, out=taken[leaf])
            cost = np.minimum(inside, cost)
        begun[v] = None
        ended = cost + close
        best = int(ended.argmin())
        least = float(ended[best]) + splits[v]
        if least < cost[0]:
            closed[v] = best
        above = parent[v]
        if above >= 0:
            joined = cost + links[v]
            joined[0] = min(least, float(cost[0]))
            before = begun[above]
            if before is None:
                begun[above] = joined
            else:
                begun[above], brings[v] = _merged(before, joined)
    of_point, of_leaf = _followed(forest, leaves, closed, brings, taken, (at, start))
    by_itself = (of_leaf < 0) & (itself < leaves.alone)
    return of_point, np.where(by_itself, size + np.arange(len(of_leaf)), of_leaf)


def _merged(before: Floats, joined: Floats) -> tuple[Floats, npt.NDArray[np.int16]]:
    """Return the least cost by homes of a group that a branch may join, and how many homes the branch brings."""
    size = len(before)
    total = np.append(before, np.inf)[_less(size)]  # total[s, b] = before[s - b]
    total += joined
    brings = total.argmin(axis=1)
    return total[np.arange(size), brings], brings.astype(np.int16)


@cache
def _less(size: int) -> Ints:
    """Return s - b for every pair of numbers of homes below `size`, and `size` where that is negative."""
    numbers = np.arange(size)
    less = numbers[:, None] - numbers
    return np.where(less >= 0, less, size)


def _followed(
    forest: Forest,
    leaves: Leaves,
    closed: Ints,
    brings: list[npt.NDArray[np.int16] | None],
    taken: Truths,
    leaves_at: tuple[list[int], list[int]],
) -> tuple[Ints, Ints]:
    """Follow the choices from the roots down."""
    at, start = leaves_at
    homes, below = leaves.homes.tolist(), forest.below  # the last merged first
    size = len(below)
    of_point, of_leaf = np.full(size, -1), np.full(len(homes), -1)
    wanted = closed.tolist()
    owner = list(range(size))
    for v in forest.order.tolist():
        left = wanted[v]
        if left:
            of_point[v] = owner[v]
        for leaf in at[start[v] : start[v + 1]][::-1]:
            if taken[leaf, left]:
                of_leaf[leaf] = owner[v]
                left -= homes[leaf]
        for child in below[v]:
            choice = brings[child]
            brought = left if choice is None else int(choice[left])
            if brought:
                owner[child], wanted[child] = owner[v], brought
                left -= brought
    return of_point, of_leaf
