"""The connections that a building may have: straight trenches from a facade to a line, in front, beside or behind."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from minenet.tables import shapes_of
from minenet.trenches.free import ends_of, enters, from_facade, runs_through

__all__ = ["services"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]
Truths = npt.NDArray[np.bool_]

CORNER_M = 2.0
"""A trench from the middle of the facade is preferred unless one from the nearest corner is shorter by this."""

NEAREST_EDGES = 6
"""How many of the nearest edges along streets a building tries to reach, and of those between plots."""

ASIDE_M = 10.0
"""The homes of a row join the street that they stand on, unless a path or a border is nearer by this."""

MOST = 3
"""Connections a building may have: front, side and back."""

LONGER_M = 25.0
"""A connection longer than the shortest by more than this is of no use."""

NEAR_M = 0.5
"""The direction of a line at the foot of a connection is taken over this far to either side."""

TURN = 0.5
"""Connections of a building leave in directions that differ by at least 60 degrees (its cosine)."""


def services(
    joined: gpd.GeoDataFrame,
    edges: gpd.GeoDataFrame,
    shut: tuple[shapely.STRtree, shapely.STRtree],
    *,
    longest_m: float,
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Return the shortest free connections of each building, and the reason of those that have none.

    Parameters
    ----------
    joined : GeoDataFrame
        Buildings to join: `building_id`, footprint.
    edges : GeoDataFrame
        Lines to join: `name`, `private` (between plots), `aside` (a path or a border), geometry.
    shut : tuple of STRtree
        All buildings, as `grazed` gives them: no connection runs through another; and what no trench crosses.
    longest_m : float
        Longest connection. [m]

    Returns
    -------
    services : GeoDataFrame
        `building_id`, `edge` (position), `length_m`, `name` (of the street), geometry from the facade to the line; up
        to three per building, in directions that differ, the one to the street first.
    left_out : Series
        Reason by `building_id`.
    """
    shapes, streets = shapes_of(joined), shapes_of(edges)
    inner = shapely.point_on_surface(shapes)
    building, edge, distance = _within(shapes, inner, streets, longest_m)
    building, edge = _nearest_few(building, edge, edges["private"].to_numpy(dtype=bool), distance)
    from_middle = from_facade(shapely.shortest_line(inner[building], streets[edge]), shapes[building])
    from_corner = shapely.shortest_line(shapes[building], streets[edge])
    lines = np.concatenate([from_middle, from_corner])
    building, edge = np.tile(building, 2), np.tile(edge, 2)
    length = shapely.length(lines)
    worth = length + np.repeat([0.0, CORNER_M], len(from_middle))
    worth += ASIDE_M * edges["aside"].to_numpy(dtype=bool)[edge]
    order = np.lexsort((edge, worth, building))
    order = order[length[order] <= longest_m]
    order = order[~enters(lines[order], shut[1])]
    order = order[~runs_through(lines[order], shut[0])]
    least = np.full(len(joined), np.inf)
    np.minimum.at(least, building[order], length[order])
    order = order[length[order] <= least[building[order]] + LONGER_M]
    first = np.r_[True, building[order][1:] != building[order][:-1]] if len(order) else np.empty(0, dtype=bool)
    order = order[first | ~_aslant(lines[order], streets[edge[order]])]
    good = order[_different(lines[order], building[order])]
    found = gpd.GeoDataFrame(
        {
            "building_id": joined["building_id"].to_numpy()[building[good]],
            "edge": edge[good],
            "length_m": length[good],
            "name": edges["name"].to_numpy()[edge[good]],
        },
        geometry=lines[good],
        crs=joined.crs,
    )
    reason = np.full(len(joined), "no_street_nearby", dtype=object)
    reason[building] = "no_free_service_path"
    left = ~joined["building_id"].isin(found["building_id"]).to_numpy()
    return found, pd.Series(reason[left], index=joined["building_id"].to_numpy()[left], dtype="str")


def _within(shapes: Shapes, inner: Shapes, streets: Shapes, longest_m: float) -> tuple[Ints, Ints, Floats]:
    """Return (building, edge) wherever they are near enough, and how far the middle of the building is from the edge.

    The middle, which is quick to measure from, leaves few pairs of which only the footprint tells.
    """
    low, high = np.hsplit(shapely.bounds(shapes), 2)
    size = np.hypot(*(high - low).T)
    boxes = shapely.box(*(low - longest_m).T, *(high + longest_m).T)
    building, edge = shapely.STRtree(streets).query(boxes)
    distance = shapely.distance(inner[building], streets[edge])
    near = distance <= longest_m
    doubtful = np.flatnonzero(~near & (distance <= longest_m + size[building]))
    near[doubtful] = shapely.dwithin(shapes[building[doubtful]], streets[edge[doubtful]], longest_m)
    return building[near], edge[near], distance[near]


def _aslant(lines: Shapes, streets: Shapes) -> Truths:
    """Return which connections meet their line at less than 45 degrees: they run along it rather than to it."""
    start, foot = ends_of(lines)
    at = shapely.line_locate_point(streets, shapely.points(foot))
    ends = [shapely.line_interpolate_point(streets, np.maximum(at + step, 0.0)) for step in (-NEAR_M, NEAR_M)]
    along = shapely.get_coordinates(ends[1]) - shapely.get_coordinates(ends[0])
    way = foot - start
    length = np.hypot(*along.T) * np.hypot(*way.T)
    return np.asarray(np.abs((along * way).sum(axis=1)) > np.sqrt(0.5) * length + 1e-9)


def _different(lines: Shapes, building: Ints) -> Truths:
    """Return which connections leave their building in another direction than the better ones before them."""
    start, foot = ends_of(lines)
    way = foot - start
    way /= np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)[:, None]
    kept = np.zeros(len(lines), dtype=bool)
    left = np.ones(len(lines), dtype=bool)
    for _ in range(MOST):  # all buildings at once, one connection more each time
        first = np.flatnonzero(left)
        first = first[np.unique(building[first], return_index=True)[1]]
        kept[first] = True
        chosen = np.zeros((int(building.max(initial=-1)) + 1, 2))
        chosen[building[first]] = way[first]
        left &= (way * chosen[building]).sum(axis=1) < TURN
        left[first] = False
    return kept


def _nearest_few(building: Ints, edge: Ints, private: Truths, distance: Floats) -> tuple[Ints, Ints]:
    order = np.lexsort((edge, distance, private[edge], building))
    building, edge = building[order], edge[order]
    new = (building[1:] != building[:-1]) | (private[edge[1:]] != private[edge[:-1]])
    start = np.flatnonzero(np.r_[True, new]) if len(building) else np.empty(0, dtype=int)
    place = np.arange(len(building)) - np.repeat(start, np.diff(np.r_[start, len(building)]))
    few = place < NEAREST_EDGES
    return building[few], edge[few]
