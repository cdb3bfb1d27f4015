"""Which buildings could ever be in one cluster: those that short hops join, over ground or along streets.

More links than there are ways do no harm: parts are then larger than they need to be. A missing link would cut a
possible cluster. So a hop is as long as the longest stretch of trench without homes and both its connections.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay, QhullError

from minenet.assumptions import Assumptions
from minenet.tables import Area, shapes_of
from minenet.trenches import barrier_of, on_main_road

__all__ = ["chained", "links", "seen_m"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]

GRID_M = 0.001
"""Streets that meet to a millimetre are joined."""

LINK_M, SEEN_M = 300.0, 600.0
"""What `link_m` and `seen_m` are at least; at the assumptions of the catalogue they are just that."""

WIDE_M = 80.0
"""By so much the middles of two buildings may be farther apart than their walls."""

STEP_M = 100.0
"""Straight stretches of street are looked at in steps no longer than this: who lives at one end of a long road says
nothing of the other."""

SHAKE_M = 0.004
"""Middles on a regular grid are shaken so much, each in its own way: every window then has the same triangles."""


def link_m(assumptions: Assumptions) -> float:
    """Return how far apart the middles of neighbours over ground may be, however long the buildings are [m].

    Parameters
    ----------
    assumptions : Assumptions
        Sections `clusters` and `trenches`.
    """
    return max(LINK_M, _hop_m(assumptions) + WIDE_M)


def _hop_m(assumptions: Assumptions) -> float:
    return assumptions.clusters.longest_gap_m + 2 * assumptions.trenches.max_service_m


def seen_m(assumptions: Assumptions) -> float:
    """Return from how far anything may change the links of a building [m], so that they can be drawn square by square.

    Over ground it is `link_m` (see `_neighbours`). Along streets a connection and a step lead from the building to the
    places that it owns. One of them and another are linked where no third place is nearer to the way between them:
    that way and the one to the third are no longer than the gap each. A step and a connection beyond stands who makes
    it a place.

    Parameters
    ----------
    assumptions : Assumptions
        Sections `clusters` and `trenches`.
    """
    along = 2 * (assumptions.trenches.max_service_m + STEP_M + assumptions.clusters.longest_gap_m)
    return max(SEEN_M, along + WIDE_M, link_m(assumptions))


def links(area: Area, shapes: Shapes, assumptions: Assumptions) -> Ints:
    """Return which buildings may be in one cluster.

    Parameters
    ----------
    area : Area
        Streets, and water, barriers and crossings where given.
    shapes : array of Polygon, shape (n,)
        Buildings with homes.
    assumptions : Assumptions
        Sections `clusters` and `trenches`.

    Returns
    -------
    array (k, 3) of int
        Positions in `shapes`, and at how many places the two meet: a cut between close neighbours costs more. Together
        the links join what hangs together, not every pair of it.
    """
    barrier = barrier_of(area)
    over_ground = _over_ground(shapes, barrier, _hop_m(assumptions), link_m(assumptions))
    along = _along_streets(
        area, shapes, barrier, assumptions.clusters.longest_gap_m, assumptions.trenches.max_service_m
    )
    pairs, times = np.unique(np.sort(np.concatenate([over_ground, along]), axis=1), axis=0, return_counts=True)
    two = pairs[:, 0] != pairs[:, 1]
    return np.asarray(np.column_stack([pairs, times])[two])


def _over_ground(shapes: Shapes, barrier: shapely.STRtree, hop_m: float, widest_m: float) -> Ints:
    """Return neighbours no farther apart than a hop, with no barrier between them.

    A tree of the shortest ways lies within these neighbours (see `_neighbours`), so they link all that any hops link.
    """
    points = shapely.get_coordinates(shapely.point_on_surface(shapes))
    pairs = _neighbours(points, widest_m)
    pairs = pairs[shapely.distance(shapes[pairs[:, 0]], shapes[pairs[:, 1]]) <= hop_m]
    lines = shapely.linestrings(points[pairs])
    crossed = np.zeros(len(pairs), dtype=bool)
    crossed[barrier.query(lines, predicate="intersects")[0]] = True
    return pairs[~crossed]


def _neighbours(points: Floats, widest_m: float) -> Ints:
    """Return pairs of points with an empty circle through both, no wider than `widest_m`, each once.

    These are the edges of the Delaunay triangulation that only points nearby decide on (its alpha complex), so that the
    pairs of a point are the same in every window that reaches `widest_m` around it.

    References
    ----------
    .. [1] H. Edelsbrunner, D. Kirkpatrick, R. Seidel, "On the shape of a set of points in the plane", IEEE Transactions
       on Information Theory 29(4), 1983, doi:10.1109/TIT.1983.1056714.
    """
    distinct, place = np.unique(np.round(points, 3), axis=0, return_inverse=True)
    place = place.reshape(-1)
    order = np.argsort(place, kind="stable")
    same = np.flatnonzero(np.diff(place[order]) == 0)
    first = order[np.searchsorted(place[order], np.arange(len(distinct)))]
    at_one_place = np.column_stack([order[same], order[same + 1]])
    edges = _empty_circles(distinct + SHAKE_M * _shaken(distinct), widest_m)
    return np.asarray(np.concatenate([first[edges], at_one_place]).reshape(-1, 2))


def _shaken(points: Floats) -> Floats:
    """Return numbers between -1 and 1 that look random and depend on the point alone."""
    whole = np.round(points * 1000).astype(np.int64).astype(np.uint64)
    mixed = whole[:, ::-1] * np.uint64(0x9E3779B97F4A7C15) ^ whole
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)):  # the steps of SplitMix64
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return np.asarray(mixed / 2.0**63 - 1.0)


def _empty_circles(points: Floats, widest_m: float) -> Ints:
    """Return the edges of the triangulation through both ends of which an empty circle no wider than that goes."""
    try:
        corners = Delaunay(points - points.mean(axis=0)).simplices.astype(np.int64)
    except (QhullError, ValueError):  # fewer than three points
        chain = np.column_stack([np.arange(len(points) - 1), np.arange(1, len(points))])
        return np.asarray(chain[np.linalg.norm(points[chain[:, 0]] - points[chain[:, 1]], axis=1) <= widest_m])
    xy = points[corners]
    side = np.stack([xy[:, 2] - xy[:, 1], xy[:, 0] - xy[:, 2], xy[:, 1] - xy[:, 0]], axis=1)  # each across its corner
    squared = (side**2).sum(axis=2)
    doubled_area = np.abs(side[:, 0, 0] * side[:, 1, 1] - side[:, 0, 1] * side[:, 1, 0])
    wide = np.sqrt(squared.prod(axis=1)) / np.maximum(doubled_area, 1e-12)  # diameter of the circle through the corners
    blunt = squared * 2 > squared.sum(axis=1, keepdims=True)  # the corner across lies in the circle around the edge
    ends = np.sort(np.stack([corners[:, [1, 2]], corners[:, [2, 0]], corners[:, [0, 1]]], axis=1), axis=2)
    edges, of_edge = np.unique(ends.reshape(-1, 2), axis=0, return_inverse=True)
    of_edge = of_edge.reshape(-1)
    in_small = np.zeros(len(edges), dtype=bool)
    in_small[of_edge[np.repeat(wide <= widest_m, 3)]] = True
    open_ = np.ones(len(edges), dtype=bool)
    open_[of_edge[blunt.reshape(-1)]] = False
    length = np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1)
    return np.asarray(edges[in_small | (open_ & (length <= widest_m))])


def _along_streets(area: Area, shapes: Shapes, barrier: shapely.STRtree, longest_m: float, service_m: float) -> Ints:
    """Return neighbours along streets and crossings, with no longer stretch of street between the places they join.

    This is how homes on both sides of water hang together over a bridge.
    """
    segments = _segments(area, barrier)
    if not len(segments):
        return np.empty((0, 2), dtype=np.int64)
    xy = shapely.get_coordinates(segments)
    _, node = np.unique(np.round(xy / GRID_M).astype(np.int64), axis=0, return_inverse=True)
    ends = node.reshape(-1, 2).astype(np.int64)
    segment, building = shapely.STRtree(shapes).query(segments, predicate="dwithin", distance=service_m)
    free = np.ones(len(segment), dtype=bool)
    near = np.zeros(len(shapes), dtype=bool)
    near[barrier.query(shapes, predicate="dwithin", distance=service_m)[0]] = True
    doubtful = np.flatnonzero(near[building])  # of all others nothing stands in the way
    way = shapely.shortest_line(shapes[building[doubtful]], segments[segment[doubtful]])
    free[doubtful[barrier.query(way, predicate="intersects")[0]]] = False
    segment, building = segment[free], building[free]
    joined = np.concatenate([ends[segment, 0], ends[segment, 1]])
    member = np.tile(building, 2)
    order = np.lexsort((member, joined))
    joined, member = joined[order], member[order]
    first = np.r_[True, joined[1:] != joined[:-1]] if len(joined) else np.empty(0, dtype=bool)
    at_node = np.column_stack([member[:-1], member[1:]])[~first[1:]]  # all that join one place, as a chain
    size = int(ends.max()) + 1
    owner = np.full(size, -1)
    owner[joined[first]] = member[first]
    middle = (xy[0::2] + xy[1::2]) / 2
    # no two ways are equally long, and none longer than it is: a link too many does no harm
    length = shapely.length(segments) - GRID_M * (1 + _shaken(middle)[:, 0]) / 2
    return np.concatenate([at_node, _between(ends, length, owner, longest_m)])


def _between(ends: Ints, length: Floats, owner: Ints, longest_m: float) -> Ints:
    """Return the owners of places between which a way along segments is short enough."""
    size, places = len(owner), np.flatnonzero(owner >= 0)
    if not len(places):
        return np.empty((0, 2), dtype=np.int64)
    low, high = ends.min(axis=1), ends.max(axis=1)
    order = np.lexsort((length, high, low))
    kept = order[np.unique(low[order] * size + high[order], return_index=True)[1]]
    kept = kept[low[kept] != high[kept]]
    graph = csr_array((np.maximum(length[kept], GRID_M), (low[kept], high[kept])), shape=(size, size))
    distance, _, nearest = dijkstra(
        graph, directed=False, indices=places, min_only=True, return_predecessors=True, limit=longest_m
    )
    one, other = nearest[low[kept]], nearest[high[kept]]
    way = distance[low[kept]] + length[kept] + distance[high[kept]]
    short = (way <= longest_m) & (one != other)
    return np.column_stack([owner[one[short]], owner[other[short]]])


def _segments(area: Area, barrier: shapely.STRtree) -> Shapes:
    """Return the straight pieces of streets and crossings along which a trench may run."""
    streets = area.streets.explode(ignore_index=True)
    tunnel = streets["tunnel"].fillna(value=False).to_numpy(dtype=bool)
    main = on_main_road(streets)
    over = streets["bridge"].fillna(value=False).to_numpy(dtype=bool)
    lines = [shapely.segmentize(shapes_of(streets)[~main & ~tunnel], STEP_M)]
    over = over[~main & ~tunnel]
    if area.crossings is not None and len(area.crossings):
        allowed = shapes_of(area.crossings.explode(ignore_index=True))
        lines.append(shapely.segmentize(allowed, STEP_M))
        over = np.concatenate([over, np.ones(len(allowed), dtype=bool)])
    xy, owner = shapely.get_coordinates(np.concatenate(lines), return_index=True)
    step = owner[1:] == owner[:-1]
    segments = np.asarray(shapely.linestrings(np.stack([xy[:-1][step], xy[1:][step]], axis=1)))
    cut = np.zeros(len(segments), dtype=bool)
    cut[barrier.query(segments, predicate="intersects")[0]] = True
    return np.asarray(segments[over[owner[1:][step]] | ~cut])


def chained(wishes: pd.DataFrame) -> Ints:
    """Return links, as `links` does, that chain all buildings with the same wish, wherever they stand.

    Parameters
    ----------
    wishes : DataFrame
        `building` (position), `wish`.
    """
    order = wishes.sort_values(["wish", "building"])
    building, wish = order["building"].to_numpy(dtype=np.int64), order["wish"].to_numpy(dtype=object)
    same = wish[1:] == wish[:-1]
    return np.column_stack([building[:-1][same], building[1:][same], np.ones(same.sum(), dtype=np.int64)])
