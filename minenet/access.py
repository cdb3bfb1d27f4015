"""Which ground a drilling rig can reach, and with how large a rig.

A rig is a disc as wide as its body. Its middle can stand on the free ground (no building, wall or water) eroded by
half its width. A part of that ground is reached when it meets a road or a public path; ground beside it is reached as
far as the mast drills beside the body. Walking paths that are narrower than a truck let in the mini rig alone.

Measured on `delft_dense_block`, as a share of the area of private yards: a rig of 1.0 m reaches 94 %, a truck of 2.6 m
71 %. When all ground that is not a yard counts as road, the truck reaches 82 %: the difference is two courts that are
entered by a path narrower than a truck, or over steps.

What this does not know:

* Maps lack most fences, hedges and gates, so "can be reached" reads "as far as the map shows". Where plots are given,
  the borders between built plots stand for fences (an assumption): a rig does not pass over another's plot, and the
  back garden in the middle of a terrace is out of reach unless a back path leads to it.
* Doors, passages through a building, slopes, steps, low branches, and what the paving bears.
* Ground beyond the window of the map. Ground that runs out of it before it meets a road is `unknown`, never `no`. A
  larger window answers what was unknown and may let in a larger rig; it never takes ground away, except where a
  building or wall beyond the edge stands within half a rig of it.
"""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from minenet.assumptions import Sites
from minenet.tables import Area, shapes_of

__all__ = ["RIGS", "access_of", "hindrances", "plot_borders", "reachable_ground", "rig_ground"]

Shapes = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
Box = tuple[float, float, float, float]

RIGS = ("truck", "mini")
"""Rigs that come over the ground, the largest (and cheapest) first."""

SLACK_M = 0.001
"""A passage exactly as wide as the rig lets it through: half widths are shortened by this."""

ARC = 4
"""Segments per quarter circle around corners: a gap between two corners is read at most 2 % of the width too wide."""

NO_HINDRANCE = frozenset({"tree", "sewer", "cable", "pipe"})
"""Kinds of obstacles that a rig can drive over or around; all other kinds (wall, fence, hedge ...) stop it."""

NOT_FOR_RIGS = frozenset({"motorway", "trunk", "steps", "corridor", "platform", "construction", "proposed", "busway"})
"""OSM road classes from which no rig leaves the road."""

BORDER_GAP_M = 0.1
"""Plots drawn this close to each other share a border."""

PATHS = frozenset({"footway", "path", "cycleway", "bridleway"})
SERVICE_ROADS = frozenset({"service", "track"})
MAIN_STREETS = frozenset({"primary", "secondary", "tertiary"})

ROAD_COVERS = frozenset(
    {
        *("road", "street", "carriageway", "parking", "driveway"),
        *("rijbaan lokale weg", "rijbaan regionale weg", "parkeervlak", "inrit", "woonerf"),
    }
)
"""Covers of land on which a truck drives: words of the contract, and functions of BGT road parts."""

PATH_COVERS = frozenset(
    {
        *("footway", "path", "sidewalk", "cycleway", "back path", "alley", "pedestrian", "square"),
        *("voetpad", "fietspad", "voetgangersgebied", "ruiterpad"),
    }
)
"""Covers of land for walking; stairs are not among them."""


def reachable_ground(free: Shapes, roads: Shapes, *, width_m: float, reach_m: float) -> shapely.Geometry:
    """Return the part of free ground where a rig of one width can drill.

    Parameters
    ----------
    free : array of Polygon
        Ground without buildings, walls and water; parts that share an edge are one.
    roads : array of geometry
        Where the rig comes from: road polygons, centre lines, or centre lines buffered by half the road's width.
    width_m : float
        Width of the rig. [m]
    reach_m : float
        How far from its middle the rig drills: half its width and what the mast reaches beside it. [m]

    Returns
    -------
    Polygon or MultiPolygon
        Reached ground, empty where there is none.

    Examples
    --------
    A yard of 6 m by 6 m behind a house, with a passage of 1.5 m beside it:

    >>> free = np.array([shapely.box(0, 0, 1.5, 10), shapely.box(0, 10, 6, 16), shapely.box(0, -4, 6, 0)])
    >>> road = np.array([shapely.LineString([(0, -2), (6, -2)])])
    >>> yard = shapely.Point(5, 13)
    >>> [reachable_ground(free, road, width_m=w, reach_m=w / 2).contains(yard) for w in (1.0, 2.6)]
    [True, False]
    """
    ground = shapely.union_all(free)
    core = shapely.get_parts(shapely.buffer(ground, SLACK_M - width_m / 2, quad_segs=ARC))
    core = core[_touching(core, roads)]
    around = shapely.union_all(shapely.buffer(core, reach_m, quad_segs=ARC))
    parts = shapely.get_parts(shapely.intersection(around, ground))
    return shapely.union_all(parts[_touching(parts, core)])


def access_of(
    points: Shapes,
    area: Area,
    *,
    assumptions: Sites,
    plots: gpd.GeoDataFrame | None = None,
    window: Box | None = None,
    rigs: Sequence[str] = RIGS,
) -> Shapes:
    """Return the largest rig that can reach each point, of a whole neighbourhood at once.

    Parameters
    ----------
    points : array of Point, shape (n,)
        Places for boreholes.
    area, assumptions, plots, window
        As for `rig_ground`.
    rigs : sequence of str, optional
        Rigs that are looked at, the mini rig among them: it comes wherever a truck does, so that it alone tells where
        any rig comes.

    Returns
    -------
    array of object, shape (n,)
        `truck`, `mini`, `crane` (only where the assumptions allow one), `unknown` (the ground runs out of the map
        before it meets a road), or None: no rig comes there.
    """
    access = np.full(len(points), None, dtype=object)
    if not len(points):
        return access
    window = window or _window(area, assumptions)
    hindering = hindrances(area, assumptions=assumptions, plots=plots)
    ground = _rig_ground(hindering, area, window, assumptions, rigs)
    walls = shapely.STRtree(hindering)

    def mark(word: str, rig: str, *states: str) -> None:
        rows = (ground["rig"] == rig) & ground["state"].isin(states)
        width = _width(rig, assumptions)
        left = np.flatnonzero(access == None)  # noqa: E711
        drilled = _drilled_from(points[left], shapes_of(ground)[rows], width / 2, assumptions.mast_reach_m, walls)
        access[left[drilled]] = word

    for rig in rigs:
        mark(rig, rig, "reached")
    mark("unknown", "mini", "unknown")
    access[(access == None) & ~_inside(points, window)] = "unknown"  # noqa: E711
    if assumptions.use_crane:
        mark("crane", "mini", "out_of_reach")
    return access


def rig_ground(
    area: Area, *, assumptions: Sites, plots: gpd.GeoDataFrame | None = None, window: Box | None = None
) -> gpd.GeoDataFrame:
    """Return where the middle of each rig can stand, and whether it can get there.

    Parameters
    ----------
    area : Area
        Buildings and streets, and where given land, water, obstacles, barriers and parcels.
    assumptions : Sites
        Section `sites`.
    plots : GeoDataFrame, optional
        Own plots of homes, of which the borders stand for fences; the parcels of the area where absent.
    window : tuple of float, optional
        West, south, east and north of the ground that the map covers. [m] Where absent, the box around the buildings,
        widened by the distance within which ground is searched.

    Returns
    -------
    GeoDataFrame
        One row per connected part: `rig` (truck or mini), `state` (`reached`, `unknown` or `out_of_reach`), geometry.
    """
    hindering = hindrances(area, assumptions=assumptions, plots=plots)
    return _rig_ground(hindering, area, window or _window(area, assumptions), assumptions, RIGS)


def _rig_ground(
    hindering: Shapes, area: Area, window: Box, assumptions: Sites, rigs: Sequence[str]
) -> gpd.GeoDataFrame:
    hindering = hindering[shapely.intersects(hindering, shapely.box(*window))]
    walls = shapely.STRtree(hindering)
    solid = shapely.get_parts(shapely.disjoint_subset_union_all(hindering))  # houses of a row as one: fewer edges
    frames = []
    for rig in rigs:
        half = _width(rig, assumptions) / 2 - SLACK_M
        parts = _room(solid, half, window)
        state = np.where(_on_edge(parts, window), "unknown", "out_of_reach")
        state[_reached(parts, _roads(area, rig, assumptions), walls)] = "reached"
        frames.append(gpd.GeoDataFrame({"rig": rig, "state": state}, geometry=parts, crs=area.crs))
    return pd.concat(frames, ignore_index=True)


def hindrances(area: Area, *, assumptions: Sites, plots: gpd.GeoDataFrame | None = None) -> Shapes:
    """Return what no rig passes: buildings, water, walls, barriers, and borders between built plots.

    Parameters
    ----------
    area, assumptions, plots
        As for `rig_ground`.

    Returns
    -------
    array of geometry
        Polygons, lines and points.
    """
    found = [shapes_of(area.buildings)]
    found += [shapes_of(layer) for layer in (area.water, area.barriers) if layer is not None]
    if area.obstacles is not None:
        found.append(shapes_of(area.obstacles)[~area.obstacles["kind"].isin(NO_HINDRANCE).to_numpy()])
    if assumptions.plot_borders_block:
        if plots is not None:
            found.append(plot_borders(shapes_of(plots)))
        elif area.parcels is not None:
            found.append(plot_borders(_built(shapes_of(area.parcels), area)))
    return np.concatenate(found)


def plot_borders(plots: Shapes) -> Shapes:
    """Return the borders that plots share with each other; where a plot meets a street or path it is open.

    Parameters
    ----------
    plots : array of Polygon

    Returns
    -------
    array of LineString or MultiLineString

    Examples
    --------
    >>> plots = np.array([shapely.box(0, 0, 6, 20), shapely.box(6, 0, 12, 20)])
    >>> plot_borders(plots)[0].buffer(0.2).contains(shapely.LineString([(6, 0), (6, 20)]))
    True
    """
    first, second = shapely.STRtree(plots).query(plots, predicate="dwithin", distance=BORDER_GAP_M)
    pair = first < second
    around = shapely.buffer(plots, BORDER_GAP_M, quad_segs=1)
    borders = shapely.intersection(shapely.boundary(plots)[first[pair]], around[second[pair]])
    return np.asarray(borders[~shapely.is_empty(borders)])


def _built(parcels: Shapes, area: Area) -> Shapes:
    """Return parcels that hold a building and no street: public ground may hold a kiosk, but has no fences."""
    inner = shapely.point_on_surface(shapes_of(area.buildings))
    tree = shapely.STRtree(parcels)
    cars = ~_road_class(area.streets).isin(PATHS).to_numpy()
    street = tree.query(shapes_of(area.streets)[cars], predicate="intersects")[1]
    return np.asarray(parcels[np.setdiff1d(tree.query(inner, predicate="intersects")[1], street)])


# --- room for a rig ---------------------------------------------------------------------------------------------------


def _width(rig: str, assumptions: Sites) -> float:
    return {"truck": assumptions.truck_width_m, "mini": assumptions.mini_width_m}[rig]


def _window(area: Area, assumptions: Sites) -> Box:
    west, south, east, north = shapely.total_bounds(shapes_of(area.buildings))
    reach = assumptions.reach_m
    return float(west - reach), float(south - reach), float(east + reach), float(north + reach)


def _inside(points: Shapes, window: Box) -> Truths:
    west, south, east, north = window
    x, y = shapely.get_x(points), shapely.get_y(points)
    return np.asarray((x >= west) & (x <= east) & (y >= south) & (y <= north))


def _room(hindering: Shapes, half: float, window: Box) -> Shapes:
    """Return the connected parts of the window in which a point keeps half a width from all that hinders."""
    around = shapely.buffer(hindering, half, quad_segs=ARC)
    blocked = shapely.disjoint_subset_union_all(around)
    return np.asarray(shapely.get_parts(shapely.difference(shapely.box(*window), blocked)))


def _on_edge(parts: Shapes, window: Box) -> Truths:
    west, south, east, north = window
    bounds = shapely.bounds(parts)
    return np.asarray(((bounds[:, :2] <= [west, south]) | (bounds[:, 2:] >= [east, north])).any(axis=1))


# --- roads ------------------------------------------------------------------------------------------------------------


def _roads(area: Area, rig: str, assumptions: Sites) -> tuple[Shapes, Floats, Shapes]:
    """Return centre lines on the ground with half the width of their road, and road polygons, that let a rig in."""
    streets = area.streets
    road_class = _road_class(streets)
    half = np.full(len(streets), assumptions.street_half_width_m)
    half[road_class.isin(MAIN_STREETS)] = assumptions.main_street_half_width_m
    half[road_class.isin(SERVICE_ROADS)] = assumptions.service_half_width_m
    half[road_class.isin(PATHS)] = assumptions.path_half_width_m
    lifted = streets["bridge"].fillna(value=False) | streets["tunnel"].fillna(value=False)
    lifted |= streets["layer"].fillna(0) != 0
    lets_in = ~(road_class.isin(NOT_FOR_RIGS) | lifted).to_numpy(dtype=bool)
    lets_in &= 2 * half >= _width(rig, assumptions)
    lines = shapes_of(streets)[lets_in]
    if area.land is None:
        return lines, half[lets_in], np.empty(0, dtype=object)
    cover = area.land["cover"].str.lower()
    public = area.land["ownership"] == "public"
    paths = shapes_of(area.land)[cover.isin(PATH_COVERS) & public]
    paths = shapely.buffer(paths, SLACK_M - _width(rig, assumptions) / 2, quad_segs=ARC)  # only where the rig fits
    roads = shapes_of(area.land)[cover.isin(ROAD_COVERS) & public]
    return lines, half[lets_in], np.concatenate([roads, paths[~shapely.is_empty(paths)]])


def _road_class(streets: gpd.GeoDataFrame) -> pd.Series:
    return streets["road_class"].str.removesuffix("_link")


def _reached(parts: Shapes, roads: tuple[Shapes, Floats, Shapes], walls: shapely.STRtree) -> Truths:
    """Return which parts meet a road: its polygon, its centre line, or with nothing between, its assumed width."""
    lines, half, polygons = roads
    reached = _touching(parts, polygons) | _touching(parts, lines)
    left = np.flatnonzero(~reached)
    line, part = shapely.STRtree(parts[left]).query(lines, predicate="dwithin", distance=half)
    way = shapely.shortest_line(parts[left[part]], lines[line])
    reached[np.delete(left[part], walls.query(way, predicate="intersects")[0])] = True
    return reached


def _touching(parts: Shapes, others: Shapes) -> Truths:
    """Return which parts meet any of the others."""
    touching = np.zeros(len(parts), dtype=bool)
    touching[shapely.STRtree(others).query(parts, predicate="intersects")[0]] = True
    return touching


# --- drilling beside the body -----------------------------------------------------------------------------------------


def _drilled_from(points: Shapes, parts: Shapes, half: float, mast: float, walls: shapely.STRtree) -> Truths:
    """Return which points a rig drills whose middle stands in a part: under its body, or beside it in plain sight."""
    drilled = np.zeros(len(points), dtype=bool)
    if not len(parts) or not len(points):
        return drilled
    drilled[shapely.STRtree(points).query(parts, predicate="intersects")[1]] = True
    left = np.flatnonzero(~drilled)
    edges = shapely.STRtree(_edges(parts))
    drilled[left[edges.query(points[left], predicate="dwithin", distance=half)[0]]] = True
    left = np.flatnonzero(~drilled)
    point, edge = edges.query(points[left], predicate="dwithin", distance=half + mast)
    way = shapely.shortest_line(points[left[point]], edges.geometries[edge])
    drilled[np.delete(left[point], walls.query(way, predicate="intersects")[0])] = True
    return drilled


def _edges(parts: Shapes) -> Shapes:
    """Return the boundary of polygons, segment by segment: a tree then finds the nearest without walking it all."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(parts), return_index=True)
    same = ring[1:] == ring[:-1]
    return np.asarray(shapely.linestrings(np.stack([xy[:-1][same], xy[1:][same]], axis=1)))
