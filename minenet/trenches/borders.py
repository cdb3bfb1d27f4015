"""Private ground between adjoining plots: along their borders a trench may lie when both owners take part."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from minenet.assumptions import Trenches
from minenet.tables import Area, shapes_of
from minenet.trenches.free import enters, runs_through

__all__ = ["border_lines"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]

GAP_M = 0.15
"""Plots drawn this close to each other share a border."""

FROM_WALL_M = 0.3
"""A trench keeps this distance from walls: along party walls there is no ground between plots."""

SIMPLE_M = 0.5
"""Borders drawn by the nearest wall bend at every corner: straightened by as much."""

SHORTEST_M = 1.5
"""Shorter pieces of border lead nowhere."""

STEP_M = 0.5
"""Ways from borders meet a street at whole steps of this, so that those from both sides meet at one place."""

MEET_M = 1.0
"""Borders that end this close to another border meet it."""


def border_lines(
    area: Area,
    joined: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    shut: tuple[shapely.STRtree, shapely.STRtree],
    assumptions: Trenches,
) -> gpd.GeoDataFrame:
    """Return lines along the borders between plots of homes that may take part, and from their ends to the street.

    Parameters
    ----------
    area : Area
        Parcels and buildings; without parcels there are no borders.
    joined : GeoDataFrame
        Buildings that may take part.
    streets : GeoDataFrame
        Lines along streets that a trench may follow.
    shut : tuple of STRtree
        All buildings, as `grazed` gives them, and what no trench crosses.
    assumptions : Trenches
        Section `trenches`.

    Returns
    -------
    GeoDataFrame
        Lines on the level of the street, without a name.
    """
    none = gpd.GeoDataFrame({"name": np.empty(0, dtype=object), "level": []}, geometry=[], crs=area.crs)
    if area.parcels is None or not assumptions.use_private_ground:
        return none
    plots = shapes_of(area.parcels)
    inner = shapely.point_on_surface(shapes_of(joined))
    plots = plots[np.unique(shapely.STRtree(plots).query(inner, predicate="intersects")[1])]
    borders = _clear(_shared(plots), area, shut[1])
    if not len(borders):
        return none
    lines = np.concatenate([borders, _meeting(borders), _led_on(borders, streets, shut, assumptions.stub_m)])
    return gpd.GeoDataFrame({"name": None, "level": np.zeros(len(lines))}, geometry=lines, crs=area.crs)


def _shared(plots: Shapes) -> Shapes:
    """Return the borders that plots share."""
    first, second = shapely.STRtree(plots).query(plots, predicate="dwithin", distance=GAP_M)
    pair = first < second
    around = shapely.buffer(plots, GAP_M, quad_segs=1)
    borders = shapely.intersection(shapely.boundary(plots)[first[pair]], around[second[pair]])
    parts = shapely.get_parts(shapely.line_merge(borders))
    return np.asarray(shapely.simplify(parts[shapely.get_dimensions(parts) == 1], SIMPLE_M))


def _clear(borders: Shapes, area: Area, barrier: shapely.STRtree) -> Shapes:
    """Return borders less what runs along or through walls; those that meet a barrier are left out."""
    walls = shapes_of(area.buildings)
    border, wall = shapely.STRtree(walls).query(borders, predicate="dwithin", distance=FROM_WALL_M)
    rest = borders.copy()
    around = shapely.buffer(walls, FROM_WALL_M, quad_segs=2)
    order = np.argsort(border, kind="stable")
    touched, start = np.unique(border[order], return_index=True)
    for i, near in zip(touched, np.split(wall[order], start[1:]), strict=True) if len(touched) else ():
        rest[i] = shapely.difference(borders[i], shapely.union_all(around[near]))
    parts = shapely.get_parts(rest)
    parts = parts[shapely.length(parts) >= SHORTEST_M]
    return np.asarray(parts[~enters(parts, barrier)])


def _ends(lines: Shapes) -> tuple[Shapes, Ints]:
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    return ends, np.tile(np.arange(len(lines)), 2)


def _meeting(borders: Shapes) -> Shapes:
    """Return short lines from the ends of borders to the borders that they nearly meet."""
    ends, owner = _ends(borders)
    end, other = shapely.STRtree(borders).query(ends, predicate="dwithin", distance=MEET_M)
    foreign = owner[end] != other
    lines = shapely.shortest_line(ends[end[foreign]], borders[other[foreign]])
    return np.asarray(lines[shapely.length(lines) > 0])


def _led_on(
    borders: Shapes, streets: gpd.GeoDataFrame, shut: tuple[shapely.STRtree, shapely.STRtree], stub_m: float
) -> Shapes:
    """Return straight free lines from the ends of borders to the nearest street, where one is near."""
    ends, _ = _ends(borders)
    shapes = shapes_of(streets)
    if not len(shapes):
        return shapes
    key = np.round(shapely.get_coordinates(ends) / MEET_M).astype(np.int64)
    ends = ends[np.sort(np.unique(key, axis=0, return_index=True)[1])]  # borders that meet need one way to the street
    end, street = shapely.STRtree(shapes).query_nearest(ends, max_distance=stub_m, all_matches=False)
    at = np.round(shapely.line_locate_point(shapes[street], ends[end]) / STEP_M) * STEP_M
    foot = shapely.line_interpolate_point(shapes[street], at)
    pairs = np.stack([shapely.get_coordinates(ends[end]), shapely.get_coordinates(foot)], axis=1)
    lines = np.asarray(shapely.linestrings(pairs))
    lines = lines[shapely.length(lines) > 0]
    free = ~runs_through(lines, shut[0]) & ~enters(lines, shut[1])
    return np.asarray(lines[free])
