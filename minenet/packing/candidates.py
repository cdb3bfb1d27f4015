"""Places to choose from: corners, edges, a fine grid and the best hexagonal lattices, all in the frame of the shape."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree

from minenet.packing.frame import NOISE_M, Floats, edges, frame_of, ground_of, to_frame, to_map

__all__ = ["candidates", "places_in"]

Ints = npt.NDArray[np.int64]

ROW = np.sqrt(3) / 2
"""Distance between the rows of a hexagonal lattice, in spacings."""

SNAP_M = 1e-6
"""A place this little outside the ground is moved onto its edge. [m]"""

MERGE_M = 1e-5
"""Of places that lie closer together only one is kept, of exact lattices and grids first. [m]"""

OFFSETS = 4
"""Lattices are also tried at this many steps of a cell, each way."""

STEPS = 5
"""Steps of the grid in a spacing."""

FINEST = 2_000
"""Candidates of the grid at most: on larger ground it is coarser."""

SMALL = 10
"""Parts of ground of less than so many squares of a spacing get a fine grid however large the others are."""

CORNERS = 60
"""Corners at most through which lattices and chains run, half of them at least."""

AROUND = 36
"""Places on the circle around a fixed one."""

BEND = 0.26
"""Corners that turn by less are left out where they follow one another closely: an arc is drawn as many. [rad]"""


LINKS = 4
"""How often a chain of places along the edges is continued."""

TANGENT = 0.02
"""Edges that a circle of one spacing hardly enters (half chord, in spacings) carry no chain: rounding would move it."""

WIDER = 1e-7
"""Share by which chained places stand further apart than they must, so that rounding cannot bring them too close."""


def candidates(free: shapely.Geometry, spacing_m: float, *, lattices: int = 4) -> Floats:
    """Return places to choose from: the same, moved and turned, for a moved and turned shape.

    Parameters
    ----------
    free : shapely.Geometry
        Polygon or multipolygon, its edge included. [m]
    spacing_m : float
        Least distance between boreholes: sets how fine the places lie. [m]
    lattices : int
        How many hexagonal lattices are kept: none is quicker.

    Returns
    -------
    numpy.ndarray, shape (n, 2)
        In the map. [m]

    Examples
    --------
    >>> bool(len(candidates(shapely.box(0, 0, 10, 15), 5.0)) > 100)
    True
    """
    parts = shapely.get_parts(ground_of(free))
    small = shapely.area(parts) < SMALL * spacing_m**2
    found = [_of_ground(parts[group], spacing_m, lattices) for group in (small, ~small) if group.any()]
    return np.concatenate([np.empty((0, 2)), *found])


def _of_ground(parts: npt.NDArray[np.object_], spacing_m: float, lattices: int) -> Floats:
    """Return places in parts of ground, on a coarser grid where they are large."""
    ground = shapely.MultiPolygon(parts.tolist())
    frame = frame_of(ground)
    own = shapely.transform(ground, lambda xy: to_frame(xy, frame))
    step = max(spacing_m / STEPS, float(np.sqrt(shapely.area(own) / FINEST)))
    return to_map(places_in(own, spacing_m, np.empty((0, 2)), step=step, lattices=lattices)[0], frame)


def places_in(
    ground: shapely.MultiPolygon, spacing_m: float, fixed: Floats, *, step: float, lattices: int, chained: int = 1_000
) -> tuple[Floats, list[Ints]]:
    """Return places in ground that lies in its frame, in order of their first coordinate, and sets to start from.

    Parameters
    ----------
    ground : shapely.MultiPolygon
        In its own frame. [m]
    spacing_m : float
        [m]
    fixed : numpy.ndarray, shape (k, 2)
        Places that are taken already: lattices also run through them. [m]
    step : float
        Distance between places on edges and in the grid. [m]
    lattices : int
        How many hexagonal lattices are kept.
    chained : int
        Chains of places along edges end before more pairs of a place and an edge are looked at.

    Returns
    -------
    places : numpy.ndarray, shape (n, 2)
        [m]
    lattices : list of numpy.ndarray of int
        Positions of the places of every lattice kept, the largest first.
    """
    wide = shapely.buffer(ground, SNAP_M, join_style="mitre", quad_segs=1)
    shapely.prepare(wide)
    rows = [row[shapely.intersects_xy(wide, row)] for row in _rows(ground, spacing_m)]
    found = _lattices(ground, wide, spacing_m, fixed, lattices) if lattices else []
    found = sorted(found + rows, key=len, reverse=True)[: max(lattices, 1)]
    parts = (_on_edges(ground, spacing_m, step), _grid(ground, step), _chained(ground, spacing_m, chained))
    rest = np.concatenate([*parts, _around(fixed, spacing_m)])
    xy = np.concatenate([*found, rest[shapely.intersects_xy(wide, rest)]])
    xy = _drawn_in(xy, ground)
    same = _same(xy)
    first = np.unique(same)
    key = np.round((xy[first] - shapely.get_coordinates(ground).min(axis=0)) / NOISE_M)
    order = np.lexsort((key[:, 1], key[:, 0]))
    place = np.empty(len(xy), dtype=np.int64)
    place[first[order]] = np.arange(len(first))
    ends = np.cumsum([0, *map(len, found)])
    return xy[first[order]], [place[same[a:b]] for a, b in pairwise(ends)]


def _same(xy: Floats) -> Ints:
    """Return for each place the first one that it coincides with."""
    same = np.arange(len(xy))
    pairs = cKDTree(xy).query_pairs(MERGE_M, output_type="ndarray")
    np.minimum.at(same, pairs[:, 1], pairs[:, 0])
    return same[same]


def _drawn_in(xy: Floats, ground: shapely.MultiPolygon) -> Floats:
    """Move places that lie a little outside onto the edge."""
    shapely.prepare(ground)
    outside = np.flatnonzero(~shapely.intersects_xy(ground, xy))
    inside = xy.copy()
    lines = shapely.shortest_line(ground, shapely.points(xy[outside]))
    inside[outside] = shapely.get_coordinates(lines)[::2]
    return inside


def _grid(ground: shapely.MultiPolygon, step: float) -> Floats:
    """Return a grid over the box of the ground, its edges included."""
    xy = shapely.get_coordinates(ground)
    low, high = xy.min(axis=0), xy.max(axis=0)
    count = np.maximum(1, np.ceil((high - low) / step - NOISE_M)).astype(int) + 1
    columns, rows = (np.linspace(low[i], high[i], count[i]) for i in (0, 1))
    return np.column_stack([np.repeat(columns, len(rows)), np.tile(rows, len(columns))])


def _on_edges(ground: shapely.MultiPolygon, spacing_m: float, step: float) -> Floats:
    """Return corners, places at even steps along edges, and at whole spacings from either end."""
    start, end = edges(ground)
    along = end - start
    length = np.hypot(along[:, 0], along[:, 1])
    even = np.ceil(length / step - NOISE_M).astype(int)
    whole = np.maximum(0, np.floor(length / spacing_m + NOISE_M)).astype(int)
    edge, part = _counted(even)
    edge2, turn = _counted(whole)
    near = (turn + 1) * spacing_m / length[edge2]
    edge = np.concatenate([edge, edge2, edge2])
    share = np.minimum(1.0, np.concatenate([part / even[edge[: len(part)]], near, 1 - near]))
    places = start[edge] + np.maximum(0.0, share)[:, None] * along[edge]
    kept = _kept(start, end, step)[edge] | (share > NOISE_M)
    return np.asarray(places[kept])


def _chained(ground: shapely.MultiPolygon, spacing_m: float, most: int) -> Floats:
    """Return places on edges exactly a spacing from a corner, from those again, and so on: so fills a narrow strip."""
    start, end = edges(ground)
    length = np.hypot(*(end - start).T)
    unit = (end - start) / length[:, None]
    last = _corners(ground, spacing_m)
    found = [last]
    while len(last) and len(last) * len(start) <= most and len(found) <= LINKS:
        to = last[:, None] - start
        foot = (to * unit).sum(axis=2)
        aside = (to[..., 0] * unit[:, 1] - to[..., 1] * unit[:, 0]) ** 2
        half = np.sqrt(np.maximum(0.0, (spacing_m * (1 + WIDER)) ** 2 - aside))
        at = np.stack([foot - half, foot + half])
        hit = (half > TANGENT * spacing_m) & (at >= -SNAP_M) & (at <= length + SNAP_M)
        edge = np.nonzero(hit)[2]
        last = start[edge] + at[hit][:, None] * unit[edge]
        last = last[np.unique(_same(last))] if len(last) else last
        found.append(last)
    return np.concatenate(found)


def _around(fixed: Floats, spacing_m: float) -> Floats:
    """Return places exactly a spacing from those that are taken."""
    angle = np.arange(AROUND) * (2 * np.pi / AROUND)
    circle = spacing_m * (1 + 1e-9) * np.column_stack([np.cos(angle), np.sin(angle)])
    return np.asarray((fixed[:, None] + circle).reshape(-1, 2))


def _counted(count: Ints) -> tuple[Ints, Ints]:
    """Return 0, 1, ... count - 1 for every count, with the position of the count."""
    owner = np.repeat(np.arange(len(count)), count)
    return owner, np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)


def _kept(start: Floats, end: Floats, step: float) -> npt.NDArray[np.bool_]:
    """Return which corners are kept: those that bend sharply, and of the others one every half step or so."""
    along = end - start
    before = np.roll(along, 1, axis=0)
    joined = np.roll(end, 1, axis=0) == start
    length = np.hypot(along[:, 0], along[:, 1])
    bend = np.abs(np.arctan2(before[:, 0] * along[:, 1] - before[:, 1] * along[:, 0], (before * along).sum(axis=1)))
    travelled = np.floor(2 * (np.cumsum(length) - length) / step + NOISE_M)
    return np.asarray((bend > BEND) | ~joined.all(axis=1) | (travelled != np.roll(travelled, 1)))


def _lattices(
    ground: shapely.MultiPolygon, wide: shapely.Geometry, spacing_m: float, fixed: Floats, keep: int
) -> list[Floats]:
    """Return the hexagonal lattices that put most places in the ground: through corners, and evenly shifted."""
    corners = np.concatenate([_corners(ground, spacing_m), fixed])
    middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
    reach = float(np.hypot(*(shapely.get_coordinates(ground) - middle).T).max())
    shape = spacing_m * np.array([[1.0, 0.5], [0.0, ROW]])
    size = int(np.ceil(reach / (ROW * spacing_m))) + 2
    steps = np.arange(-size, size + 1)
    net = shape @ np.stack(np.meshgrid(steps, steps), axis=0).reshape(2, -1)
    net = net[:, np.hypot(*net) <= reach + spacing_m]
    even = (np.arange(OFFSETS) + 0.5) / OFFSETS
    shifts = np.stack(np.meshgrid(even, even), axis=0).reshape(2, -1)
    found: list[Floats] = []
    for angle in _directions(ground):
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        through = np.linalg.solve(shape, turn.T @ (corners - middle).T)
        shift = shape @ np.concatenate([through - np.round(through), shifts], axis=1)
        xy = np.moveaxis(turn @ (net[:, None, :] + shift[:, :, None]).reshape(2, -1), 0, -1) + middle
        inside = shapely.intersects_xy(wide, xy).reshape(shift.shape[1], -1)
        xy = xy.reshape(*inside.shape, 2)
        found += [xy[i][inside[i]] for i in np.argsort(-inside.sum(axis=1), kind="stable")[:keep]]
    return sorted(found, key=len, reverse=True)[:keep]


def _rows(ground: shapely.MultiPolygon, spacing_m: float) -> list[Floats]:
    """Return rows from edge to edge of the box of the ground, each shifted by half a step: lattices made to measure."""
    xy = shapely.get_coordinates(ground)
    low, size = xy.min(axis=0), np.ptp(xy, axis=0)
    found = []
    for across in (0, 1):
        height, width = size[across], size[1 - across]
        fitting = int(height / (ROW * spacing_m) + NOISE_M)
        for gaps in range(max(fitting, 1), min(fitting + 1, int(2 * height / spacing_m + NOISE_M)) + 1):
            gap = height / gaps
            step = max(spacing_m, 2 * np.sqrt(max(0.0, spacing_m**2 - gap**2)))
            halves = max(1, int(2 * width / step + 2e-9))  # rounding of a width must not cost a place
            row, half = np.divmod(np.arange((gaps + 1) * (halves + 1)), halves + 1)
            at = np.column_stack([half * width / halves, row * gap])[(row + half) % 2 == 0]
            found.append(low + (at[:, ::-1] if across == 0 else at))
    return found


def _corners(ground: shapely.MultiPolygon, spacing_m: float) -> Floats:
    """Return corners of the ground: of an outline with very many, some all along it."""
    start, end = edges(ground)
    corners = start[_kept(start, end, spacing_m)]
    return corners[:: len(corners) // CORNERS + 1]


def _directions(ground: shapely.MultiPolygon, most: int = 3) -> list[float]:
    """Return directions for lattices, up to a sixth of a turn: along the longest edges, and across them."""
    start, end = edges(ground)
    along = (end - start) @ np.array([1, 1j])
    order = np.argsort(-np.round(np.abs(along) / NOISE_M), kind="stable")
    sixth = np.pi / 3
    chosen: list[float] = []
    for angle in (np.angle(along[order]) + NOISE_M) % sixth - NOISE_M:  # none just below a whole sixth
        if all(abs((angle - other + sixth / 2) % sixth - sixth / 2) > 0.02 for other in chosen):
            chosen.append(float(angle))
        if len(chosen) == most:
            break
    return chosen + [angle + sixth / 2 for angle in chosen]
