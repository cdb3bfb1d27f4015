"""The most boreholes that fit in free ground: candidates, search, and for the exact mode a proof on the candidates."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial.distance import cdist, pdist

from minenet.errors import InputError
from minenet.packing.bounds import bound, separate
from minenet.packing.candidates import FINEST, MERGE_M, places_in
from minenet.packing.exact import most_among
from minenet.packing.frame import Floats, Frame, frame_of, ground_of, to_frame, to_map, tolerance
from minenet.packing.search import conflicts, largest, least_first, masks, settled

__all__ = ["Packing", "pack"]


@dataclass(frozen=True)
class Packing:
    """Places for boreholes, and how many there could be at most.

    Attributes
    ----------
    xy : numpy.ndarray, shape (n, 2)
        Places: the fixed ones first, then from one end of the shape to the other. [m]
    bound : int
        No placement at all can have more.
    among_candidates : int
        No choice among the candidate places can have more; `bound` where this was not computed.
    """

    xy: Floats
    bound: int
    among_candidates: int

    @property
    def proven(self) -> bool:
        """Whether no choice among the candidates can have more places."""
        return len(self.xy) >= self.among_candidates


@dataclass(frozen=True)
class _Effort:
    """How fine the candidates lie, and how long is searched: moves for room squared, with a limit."""

    steps_per_spacing: int
    lattices: int
    moves: int
    most_moves: int
    nodes: int


EFFORT = {
    "fast": _Effort(steps_per_spacing=5, lattices=3, moves=5, most_moves=3_000, nodes=0),
    "exact": _Effort(steps_per_spacing=7, lattices=6, moves=300, most_moves=200_000, nodes=100),
}

PROVED = 800
"""Candidates among which a largest set is proved; with more that takes longer than it is worth."""

SEARCHED = 3_000
"""Ground with room for more places than this gets its best lattice, without a search."""


def pack(
    free: shapely.Geometry,
    *,
    spacing_m: float,
    fixed: npt.ArrayLike | None = None,
    mode: Literal["fast", "exact"] = "fast",
) -> Packing:
    """Place as many boreholes in free ground as can be found, no two closer than the spacing.

    The answer depends on the shape alone: moved or turned ground gets the same number of places, the same ground
    always the same places. Spacing and edge are kept to a nanometre, or to eight times the resolution of the
    coordinates where that is coarser.

    Parameters
    ----------
    free : shapely.Geometry
        Polygon or multipolygon that is already free of clearances; places on its edge are allowed. Parts without area
        are passed over. [m]
    spacing_m : float
        Least distance between two places. [m]
    fixed : array_like, shape (k, 2), optional
        Places that stay, inside or outside the ground; the others keep their distance to them. [m]
    mode : {"fast", "exact"}
        "exact" searches longer on more candidates, and proves on small ground that no choice of them has more places.

    Returns
    -------
    Packing

    Raises
    ------
    InputError
        When the shape is invalid, the spacing not positive, or fixed places stand closer than the spacing.

    Examples
    --------
    >>> field = pack(shapely.box(0, 0, 10, 15), spacing_m=5.0)
    >>> len(field.xy), field.bound
    (12, 12)
    """
    kept = np.asarray(fixed if fixed is not None else np.empty((0, 2)), dtype=np.float64).reshape(-1, 2)
    ground = ground_of(free)
    slack = tolerance(shapely.get_coordinates(ground), kept)
    _check(free, kept, spacing_m, slack)
    if mode not in EFFORT:
        raise InputError(f"mode `{mode}` is unknown", mend=f"Choose one of {', '.join(EFFORT)}.")
    if shapely.is_empty(ground):
        return Packing(kept, len(kept), len(kept))
    own = _opened(ground, kept, spacing_m)
    whole = frame_of(ground) if len(kept) and not shapely.is_empty(ground) else None
    found = [_packed(part, kept, spacing_m, slack, mode, frame=whole) for part in separate(own, spacing_m)]
    xy = np.concatenate([np.empty((0, 2)), *(part.xy for part in found)])
    xy = _sound(xy, ground, kept, spacing_m, slack)
    most, among = (
        len(kept) + sum(counts) for counts in ([p.bound for p in found], [p.among_candidates for p in found])
    )
    return Packing(np.concatenate([kept, xy]), most, among)


def _check(free: shapely.Geometry, fixed: Floats, spacing_m: float, slack: float) -> None:
    if not (np.isfinite(spacing_m) and spacing_m > 0):
        raise InputError(f"a spacing of {spacing_m} m", mend="Give a positive number of metres.")
    if not shapely.is_valid(free):
        raise InputError(f"the free ground is invalid: {shapely.is_valid_reason(free)}", mend="Repair it first.")
    if not np.isfinite(fixed).all():
        raise InputError("a fixed place without coordinates", mend="Give x and y of every fixed place.")
    close = pdist(fixed) < spacing_m - slack
    if close.any():
        least = float(pdist(fixed).min())
        raise InputError(
            f"fixed places stand {least:.2f} m apart, closer than the spacing of {spacing_m:g} m",
            mend="Move one of them, or lower the spacing.",
        )


def _opened(ground: shapely.MultiPolygon, fixed: Floats, spacing_m: float) -> shapely.MultiPolygon:
    """Return ground less the surroundings of fixed places, a hair too much: what is too near is refused later."""
    if not len(fixed):
        return ground
    circles = shapely.buffer(shapely.points(fixed), spacing_m - 10 * MERGE_M)
    return ground_of(shapely.difference(ground, shapely.union_all(circles)))


def _packed(
    ground: shapely.MultiPolygon,
    fixed: Floats,
    spacing_m: float,
    slack: float,
    mode: Literal["fast", "exact"],
    *,
    frame: Frame | None,
) -> Packing:
    """Pack one part of the ground in its own frame or the one given, small parts without a search."""
    most = bound(ground, spacing_m)
    if most <= 2 and not len(fixed):
        xy = _one_or_two(ground, spacing_m - slack / 2, most)
        return Packing(xy, len(xy), len(xy))
    frame = frame or frame_of(ground)
    own, around = shapely.transform(ground, lambda xy: to_frame(xy, frame)), to_frame(fixed, frame)
    xy, among = _searched(own, around, spacing_m, slack / 2, _effort("fast", most), most)
    if mode == "exact" and len(xy) < most:
        more, among = _searched(own, around, spacing_m, slack / 2, _effort(mode, most), most)
        xy = max(more, xy, key=len)
    return Packing(to_map(xy, frame), most, max(among, len(xy)))


def _one_or_two(ground: shapely.MultiPolygon, apart_m: float, most: int) -> Floats:
    """Return the two corners that are furthest apart if that is far enough, else one place inside."""
    corners = shapely.get_coordinates(shapely.convex_hull(ground))
    if most == 2:
        between = cdist(corners, corners)
        pair = np.unravel_index(np.argmax(between), between.shape)
        if between[pair] >= apart_m:
            return corners[list(pair)]
    middle = shapely.centroid(ground)
    inside = middle if shapely.intersects(ground, middle) else shapely.point_on_surface(ground)
    return shapely.get_coordinates(inside)


def _effort(mode: Literal["fast", "exact"], most: int) -> _Effort:
    """Return the effort for ground with room for so many places at most."""
    full = EFFORT[mode]
    if most > SEARCHED:
        return replace(full, lattices=1, moves=0)
    lattices = min(full.lattices, most // 8, max(1, FINEST // most))
    return replace(full, lattices=lattices, moves=min(full.most_moves, full.moves * most**2))


def _searched(
    ground: shapely.MultiPolygon, fixed: Floats, spacing_m: float, slack: float, effort: _Effort, most: int
) -> tuple[Floats, int]:
    """Return places in the frame of the ground, and a number that no choice of candidates exceeds."""
    step = max(spacing_m / effort.steps_per_spacing, float(np.sqrt(shapely.area(ground) / FINEST)))
    xy, lattices = places_in(ground, spacing_m, fixed, step=step, lattices=effort.lattices)
    if len(fixed):
        clear = cdist(xy, fixed).min(axis=1) >= spacing_m - slack
        position = np.cumsum(clear) - 1
        xy, lattices = xy[clear], [position[p[clear[p]]] for p in lattices]
    if not effort.moves:
        return xy[lattices[0]], most
    table = conflicts(xy, spacing_m - slack)
    near = masks(table)
    starts = [least_first(table), *(settled(near, lattice.tolist()) for lattice in lattices)]
    best: list[int] = []
    for start in starts:
        found = largest(near, start, steps=effort.moves // len(starts), goal=most)
        best = max(best, found, key=len)
    if effort.nodes and len(best) < min(most, len(xy)) and len(xy) <= PROVED:
        best, among = most_among(near, best, nodes=effort.nodes)
        most = min(most, among)
    return xy[best], most


def _sound(xy: Floats, ground: shapely.MultiPolygon, fixed: Floats, spacing_m: float, slack: float) -> Floats:
    """Return places less those that rounding put outside the ground or too close to another."""
    shapely.prepare(ground)
    xy = xy[shapely.dwithin(ground, shapely.points(xy), slack)]
    near = masks(conflicts(np.concatenate([fixed, xy]), spacing_m - slack))
    kept = np.array(settled(near, list(range(len(near)))), dtype=np.int64)
    return xy[kept[kept >= len(fixed)] - len(fixed)]
