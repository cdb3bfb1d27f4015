"""The best of given places: cheapest with a spacing between them, or spread out for a ring net."""

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from minenet.errors import InputError
from minenet.packing.frame import Floats, tolerance
from minenet.packing.search import conflicts, largest, least_first, masks

__all__ = ["choose", "most", "spread"]

Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

MOVES = 2_000
"""Swaps tried when the cheapest places leave no room for enough others."""


SWAPS, MOST_SWAPS = 5, 500
"""Swaps tried when as many places as possible are looked for: for the number found squared, with a limit."""


def most(xy: npt.ArrayLike, *, spacing_m: float, fixed: npt.ArrayLike | None = None) -> Ints:
    """Choose as many of given places as can be found, no two closer than the spacing.

    Parameters
    ----------
    xy : array_like, shape (n, 2)
        Places to choose from. [m]
    spacing_m : float
        Least distance between two places. [m]
    fixed : array_like, shape (k, 2), optional
        Places that are taken already: all keep their distance to them. [m]

    Returns
    -------
    numpy.ndarray of int
        Positions of the places chosen, in rising order; the same places always give the same answer.

    Examples
    --------
    >>> most([[0, 0], [4, 0], [8, 0]], spacing_m=5.0).tolist()
    [0, 2]
    >>> most([[0, 0], [4, 0], [8, 0]], spacing_m=5.0, fixed=[[9, 0]]).tolist()
    [0]
    """
    places = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    taken = np.asarray(fixed if fixed is not None else np.empty((0, 2)), dtype=np.float64).reshape(-1, 2)
    apart = spacing_m - tolerance(places, taken)
    usable = np.arange(len(places))
    if len(taken) and len(places):
        usable = usable[cKDTree(taken).query(places)[0] >= apart]
    near = conflicts(places[usable], apart)
    start = least_first(near)
    found = largest(masks(near), start, steps=min(MOST_SWAPS, SWAPS * len(start) ** 2), goal=len(usable))
    return usable[np.array(found, dtype=np.int64)]


def choose(xy: npt.ArrayLike, cost: npt.ArrayLike, *, spacing_m: float, count: int) -> Ints:
    """Choose so many places at little cost, no two closer than the spacing.

    Places are taken from the cheapest on. Where these leave no room for the number asked for, they are rearranged to
    hold as many of it as can be found; then each place is exchanged for a cheaper one as long as that can be done.

    Parameters
    ----------
    xy : array_like, shape (n, 2)
        Places to choose from. [m]
    cost : array_like, shape (n,)
        What a place costs; inf or nan for a place that cannot be used.
    spacing_m : float
        Least distance between two places. [m]
    count : int
        How many places are asked for.

    Returns
    -------
    numpy.ndarray of int
        Positions of at most `count` places, the cheapest first.

    Raises
    ------
    InputError
        When places and costs are not as many.

    Examples
    --------
    The cheapest place, in the middle, closes both others.

    >>> row = [[0, 0], [4, 0], [8, 0]]
    >>> choose(row, [2.0, 1.0, 3.0], spacing_m=5.0, count=1).tolist()
    [1]
    >>> choose(row, [2.0, 1.0, 3.0], spacing_m=5.0, count=2).tolist()
    [0, 2]
    """
    places, price = _paired(xy, cost)
    usable = np.flatnonzero(np.isfinite(price))
    usable = usable[np.argsort(price[usable], kind="stable")]  # from here on the cheapest comes first
    price = price[usable]
    near = conflicts(places[usable], spacing_m - tolerance(places))
    taken = _cheapest(near, count)
    if len(taken) < min(count, len(usable)):
        taken = largest(masks(near), taken, steps=MOVES, goal=count)
    return usable[np.sort(_exchanged(near, price, np.array(taken, dtype=np.int64)))]


def _cheapest(near: Truths, count: int) -> list[int]:
    """Return places in order, each as far from those before as it must be."""
    free = np.ones(len(near), dtype=bool)
    taken: list[int] = []
    while len(taken) < count and free.any():
        taken.append(int(np.argmax(free)))
        free &= ~near[taken[-1]]
    return taken


def _exchanged(near: Truths, price: Floats, taken: Ints) -> Ints:
    """Exchange one place at a time for a cheaper one: each time where it saves most, until nothing is saved.

    `near` and `price` are in order of price, so the saving of the first place that can come instead is the largest.
    """
    chosen = taken.copy()
    while len(chosen):
        closed_by = near[:, chosen]
        count = closed_by.sum(axis=1)
        count[chosen] = 2
        alone = np.where((count == 1)[:, None], closed_by, (count == 0)[:, None])
        first = np.argmax(alone, axis=0)
        saved = np.where(alone.any(axis=0), price[chosen] - price[first], 0.0)
        best = int(np.argmax(saved))
        if saved[best] <= 0:
            break
        chosen[best] = first[best]
    return chosen


def spread(xy: npt.ArrayLike, cost: npt.ArrayLike, *, count: int, enough_m: float) -> Ints:
    """Rank places for a ring net: the cheapest first, then what is cheap and far from those taken before.

    Each time the place is taken whose distance to those taken, up to `enough_m`, less its cost is largest.

    Parameters
    ----------
    xy : array_like, shape (n, 2)
        Places to choose from; they already keep their spacing. [m]
    cost : array_like, shape (n,)
        What a place costs, expressed as a distance; inf or nan for a place that cannot be used. [m]
    count : int
        How many places are ranked at most.
    enough_m : float
        Places further apart than this are no better. [m]

    Returns
    -------
    numpy.ndarray of int
        Positions of at most `count` places, in the order in which they are taken.

    Raises
    ------
    InputError
        When places and costs are not as many.

    Examples
    --------
    >>> spread([[0, 0], [1, 0], [9, 0]], [0.0, 1.0, 2.0], count=3, enough_m=20.0).tolist()
    [0, 2, 1]
    """
    places, price = _paired(xy, cost)
    usable = np.flatnonzero(np.isfinite(price))
    places, price = places[usable], price[usable]
    distance = np.full(len(usable), float(enough_m))
    taken: list[int] = []
    for _ in range(min(count, len(usable))):
        taken.append(int(np.argmax(distance - price)))
        distance = np.minimum(distance, np.hypot(*(places - places[taken[-1]]).T))
        distance[taken[-1]] = -np.inf
    return usable[np.array(taken, dtype=np.int64)]


def _paired(xy: npt.ArrayLike, cost: npt.ArrayLike) -> tuple[Floats, Floats]:
    places = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    price = np.asarray(cost, dtype=np.float64).reshape(-1)
    if len(places) != len(price):
        raise InputError(f"{len(places)} places and {len(price)} costs", mend="Give one cost for every place.")
    return places, price
