"""The largest set of places that do not conflict: greedy start, then a walk of swaps.

Places are bits of whole numbers: one operation then handles a thousand places, and a swap costs a few microseconds.
"""

import random
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

__all__ = ["bits", "conflicts", "largest", "least_first", "masks", "settled"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
Cover = tuple[int, int, int]

PATIENCE = 200
"""Swaps without gain before the walk is shaken."""

MEMORY = 8
"""Swaps after which a place that was given up may be taken again."""


def conflicts(xy: Floats, apart_m: float) -> Truths:
    """Return which places are closer to each other than a distance, each to itself included.

    Parameters
    ----------
    xy : numpy.ndarray, shape (n, 2)
        [m]
    apart_m : float
        Places exactly this far apart do not conflict. [m]

    Returns
    -------
    numpy.ndarray of bool, shape (n, n)
    """
    near = np.eye(len(xy), dtype=bool)
    if len(xy) > 1:
        first, second = cKDTree(xy).query_pairs(np.nextafter(apart_m, 0), output_type="ndarray").T
        near[first, second] = near[second, first] = True
    return near


def masks(near: Truths) -> list[int]:
    """Return each row of a conflict table as a whole number, bit j for column j."""
    packed = np.packbits(near, axis=1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in packed]


def bits(mask: int) -> list[int]:
    """Return the positions of the bits that are set, in rising order.

    Examples
    --------
    >>> bits(0b1101)
    [0, 2, 3]
    """
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found


def least_first(near: Truths) -> list[int]:
    """Return places without conflict: each time the one that closes the fewest others.

    Parameters
    ----------
    near : numpy.ndarray of bool, shape (n, n)
        As `conflicts` gives it.
    """
    rows = near.view(np.uint8)  # sums of small numbers are several times as quick as those of truth values
    closes = near.sum(axis=1, dtype=np.int64)
    done = len(near) + 1
    taken = []
    while len(near) and closes[place := int(np.argmin(closes))] < done:
        taken.append(place)
        lost = np.flatnonzero(near[place] & (closes < done))
        closes -= rows[lost].sum(axis=0, dtype=np.uint32)
        closes[lost] = 4 * done  # stays above `done` whatever is taken off later
    return taken


def settled(near: list[int], wanted: list[int]) -> list[int]:
    """Return the wanted places less those that conflict with an earlier one."""
    taken, kept = 0, []
    for place in wanted:
        if not near[place] & taken:
            taken |= 1 << place
            kept.append(place)
    return kept


def _covered(cover: Cover, near: int) -> Cover:
    """Count one more taken place over its surroundings: a number of three binary digits for every place."""
    ones, twos, fours = cover
    carry = ones & near
    return ones ^ near, twos ^ carry, fours ^ (twos & carry)


def _uncovered(cover: Cover, near: int) -> Cover:
    ones, twos, fours = cover
    borrow = near & ~ones
    return ones ^ near, twos ^ borrow, fours ^ (borrow & ~twos)


def largest(near: list[int], start: list[int], *, steps: int, goal: int, seed: int = 0) -> list[int]:
    """Look for a larger set of places without conflict, by swaps one for one and whatever then comes free.

    The walk is a dynamic local search [1]_: it takes every place that is free, else swaps a taken place for one that
    it alone closes, else (or after many swaps in vain) forces in a place that two taken ones close. Swaps drift by
    turns to low and to high positions: places in order of their first coordinate are pushed together, as sand in a
    tilted box, and room opens at the other end.

    Parameters
    ----------
    near : list of int
        As `masks` gives it.
    start : list of int
        Places without conflict.
    steps : int
        How many moves are made at most.
    goal : int
        The walk ends when it has so many places.
    seed : int
        Of the random numbers: the same seed gives the same places.

    References
    ----------
    .. [1] Pullan, W. and Hoos, H. H. (2006). Dynamic local search for the maximum clique problem. Journal of Artificial
       Intelligence Research 25, 159-185.
    """
    chance = random.Random(seed).random  # noqa: S311 (no secret)
    every = (1 << len(near)) - 1
    cover, taken = (0, 0, 0), 0
    for place in start:
        cover, taken = _covered(cover, near[place]), taken | 1 << place
    best, most, count = taken, len(start), len(start)
    barred, vain, drift = 0, 0, 0
    for _ in range(steps):
        if most >= min(goal, len(near)):
            break
        ones, twos, fours = cover
        closed, out = ones | twos | fours, 0
        if free := every & ~closed:
            place = _any(free, chance)
        elif (vain := vain + 1) % PATIENCE and (single := ones & ~(twos | fours | taken | barred)):
            place = _downhill(single, chance, drift)
            out = near[place] & taken
            barred = barred | out if vain % MEMORY else out
        else:
            place = _any(twos & ~(ones | fours) or every & ~taken, chance)
            barred = out = near[place] & taken
            drift = (drift + 1) % 3
        for lost in bits(out):
            cover, count = _uncovered(cover, near[lost]), count - 1
        cover, taken, count = _covered(cover, near[place]), taken & ~out | 1 << place, count + 1
        if count > most:
            best, most, vain = taken, count, 0
    return bits(best)


def _downhill(mask: int, chance: Callable[[], float], drift: int) -> int:
    """Return the position of a bit; with a drift the lower (1) or the higher (2) of two at random."""
    place = _any(mask, chance)
    if drift:
        return (min if drift == 1 else max)(place, _any(mask, chance))
    return place


def _any(mask: int, chance: Callable[[], float]) -> int:
    """Return the position of a bit that is set: the next one above a random position."""
    position = int(chance() * mask.bit_length())
    rest = mask >> position
    return position + (rest & -rest).bit_length() - 1
