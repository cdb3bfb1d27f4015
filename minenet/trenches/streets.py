"""Street centre lines as lines that a trench may follow: snapped, merged, and cut by what no trench crosses."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from minenet.assumptions import Trenches
from minenet.tables import MAIN_ROADS, Area, shapes_of
from minenet.trenches.free import GRAZE_M
from minenet.trenches.lines import GRID_M
from minenet.trenches.parallel import PATHS, beside_another

__all__ = ["Lines", "barrier_of", "lifted", "on_main_road", "ownership_at", "trench_lines"]

Shapes = npt.NDArray[np.object_]

CUT_M = 0.25
"""Half the gap left in a street where a barrier cuts it."""


@dataclass(frozen=True)
class Lines:
    """Lines a trench may follow.

    Attributes
    ----------
    lines : GeoDataFrame
        `name` (of the street), `level`, `aside` (a path), geometry.
    barrier : STRtree
        Areas that no trench crosses: water, barriers and main roads.
    changes : GeoDataFrame
        What was done on the way, to be drawn: `kind` (snapped, merged, cut, through_building, crossing or tunnel),
        `name`, geometry.
    """

    lines: gpd.GeoDataFrame
    barrier: shapely.STRtree
    changes: gpd.GeoDataFrame


def trench_lines(area: Area, assumptions: Trenches) -> Lines:
    """Return the lines that a trench may follow along the streets of an area.

    Loose ends that nearly meet a street are snapped to it; paths and second carriageways that run beside a street are
    left out, for one trench serves both; what water, barriers and main roads cut is cut, except on bridges and at the
    crossings of the layer `crossings`, and so is what runs through a building without being called a tunnel; streets in
    tunnels are not used. Along a main road a trench lies on either side.
    """
    streets = area.streets.explode(ignore_index=True)
    streets = streets[streets.length > GRID_M].reset_index(drop=True)
    bridge = streets["bridge"].fillna(value=False).to_numpy(dtype=bool)
    tunnel = streets["tunnel"].fillna(value=False).to_numpy(dtype=bool)
    road = streets["road_class"].fillna("").str.removesuffix("_link")
    main = on_main_road(streets)
    level = streets["layer"].astype("float64").fillna(0).to_numpy() + bridge * 0.5  # a bridge meets others at its ends
    every = gpd.GeoDataFrame(
        {"name": streets["name"], "road": road, "level": level}, geometry=streets.geometry, crs=streets.crs
    )
    barrier = _barrier(area, every[main & ~bridge & ~tunnel])
    ground = every[~main & ~tunnel & ~bridge]
    merged = beside_another(ground, barrier, within_m=assumptions.parallel_m)
    dropped, ground = ground[merged], ground[~merged]
    whole = every[~main & ~tunnel & ~every.index.isin(dropped.index)]  # bridges among them: they too end on sidewalks
    links = _snaps(whole, dropped, max(assumptions.parallel_m, assumptions.snap_m)) if len(dropped) else ground.iloc[:0]
    snaps = _snaps(every[~main & ~every.index.isin(dropped.index)], None, assumptions.snap_m)
    sides = _sides(every[main & ~bridge & ~tunnel], assumptions.main_road_side_m)
    cut = pd.concat([ground, snaps, links, sides], ignore_index=True)
    rest, lost = _without(shapes_of(gpd.GeoDataFrame(cut)), barrier)
    rest, inside = _without(rest, _solid(area))
    kept = cut.assign(geometry=rest).explode(ignore_index=True)
    free = pd.concat(
        [every[~main & ~tunnel & bridge], _crossings(area, pd.concat([whole, sides], ignore_index=True), assumptions)],
        ignore_index=True,
    )
    crossing = np.unique(barrier.query(shapes_of(gpd.GeoDataFrame(free)), predicate="intersects")[0])
    changes = [
        snaps.assign(kind="snapped"),
        dropped.assign(kind="merged"),
        cut.assign(geometry=lost, kind="cut")[~shapely.is_empty(lost)],
        cut.assign(geometry=inside, kind="through_building")[~shapely.is_empty(inside)],
        free.iloc[crossing].assign(kind="crossing"),
        every[tunnel & ~main].assign(kind="tunnel"),
    ]
    lines = pd.concat([kept[kept.length > GRID_M], free], ignore_index=True)[["name", "level", "road", "geometry"]]
    lines = lines.assign(aside=lines["road"].isin(PATHS)).drop(columns="road")
    drawn = pd.concat(changes, ignore_index=True)[["kind", "name", "geometry"]]
    return Lines(gpd.GeoDataFrame(lines, crs=streets.crs), barrier, gpd.GeoDataFrame(drawn, crs=streets.crs))


def _snaps(lines: gpd.GeoDataFrame, dropped: gpd.GeoDataFrame | None, snap_m: float) -> gpd.GeoDataFrame:
    """Return short lines from loose street ends to the street that they nearly meet.

    With `dropped`, only ends that met a line that was left out count: they are led on to the line beside it.
    """
    shapes = shapes_of(lines)
    ends = np.concatenate([shapely.get_point(shapes, 0), shapely.get_point(shapes, -1)])
    owner = np.tile(np.arange(len(shapes)), 2)
    end, other = shapely.STRtree(shapes).query(ends, predicate="dwithin", distance=max(snap_m, GRID_M))
    if dropped is not None:
        met = shapely.STRtree(ends).query(shapes_of(dropped), predicate="dwithin", distance=GRID_M)[1]
        led = np.isin(end, met)
        end, other = end[led], other[led]
    level = lines["level"].to_numpy()
    foreign = (owner[end] != other) & (np.floor(level[owner[end]]) == np.floor(level[other]))
    end, other = end[foreign], other[foreign]
    distance = shapely.distance(ends[end], shapes[other])
    order = np.lexsort((other, distance, end))
    end, other, distance = end[order], other[order], distance[order]
    nearest = np.ones(len(end), dtype=bool)
    nearest[1:] = end[1:] != end[:-1]
    loose = nearest & (distance > GRID_M)
    snaps = shapely.shortest_line(ends[end[loose]], shapes[other[loose]])
    rows = lines.iloc[owner[end[loose]]][["name", "level"]].reset_index(drop=True)
    return gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(snaps, index=rows.index, crs=lines.crs), crs=lines.crs)


def _crossings(area: Area, streets: gpd.GeoDataFrame, assumptions: Trenches) -> gpd.GeoDataFrame:
    """Return the crossings that the user allows, each end led on to the nearest street."""
    if area.crossings is None or not len(area.crossings):
        return streets.iloc[:0][["name", "level", "geometry"]]
    lines = shapes_of(area.crossings.explode(ignore_index=True))
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    shapes = shapes_of(streets)
    end, street = shapely.STRtree(shapes).query_nearest(ends, max_distance=assumptions.parallel_m, all_matches=False)
    led = shapely.shortest_line(ends[end], shapes[street])
    both = np.concatenate([lines, led[shapely.length(led) > GRID_M]])
    return gpd.GeoDataFrame({"name": None, "level": np.zeros(len(both))}, geometry=both, crs=streets.crs)


def barrier_of(area: Area) -> shapely.STRtree:
    """Return what no trench of an area crosses, as a tree of areas: water, barriers and main roads on the ground."""
    streets = area.streets
    return _barrier(area, streets[on_main_road(streets) & ~lifted(streets)])


def on_main_road(streets: gpd.GeoDataFrame) -> npt.NDArray[np.bool_]:
    """Return which streets are motorways, trunk or primary roads, links among them: no trench crosses these."""
    road = streets["road_class"].fillna("").str.removesuffix("_link")
    return np.asarray(road.isin(MAIN_ROADS).to_numpy(dtype=bool))


def lifted(streets: gpd.GeoDataFrame) -> npt.NDArray[np.bool_]:
    """Return which streets lie on a bridge or in a tunnel."""
    over = streets["bridge"].fillna(value=False) | streets["tunnel"].fillna(value=False)
    return np.asarray(over.to_numpy(dtype=bool))


def _barrier(area: Area, main_roads: gpd.GeoDataFrame) -> shapely.STRtree:
    """Return all that no trench crosses, as a tree of areas: water, barriers and main roads."""
    parts = [shapely.buffer(shapes_of(main_roads), CUT_M, quad_segs=2, cap_style="flat")]
    if area.barriers is not None:
        parts.append(shapely.buffer(shapes_of(area.barriers), CUT_M, quad_segs=2))
    if area.water is not None:
        parts.append(shapes_of(area.water))
    return shapely.STRtree(np.concatenate(parts))


def _solid(area: Area) -> shapely.STRtree:
    """Return buildings as a tree of areas, less the rim that a pipe may graze."""
    inner = shapely.buffer(shapes_of(area.buildings), -GRAZE_M, quad_segs=1, join_style="mitre")
    return shapely.STRtree(inner[~shapely.is_empty(inner)])


def _without(lines: Shapes, barrier: shapely.STRtree) -> tuple[Shapes, Shapes]:
    """Return lines less what lies in the barrier, and what was cut from each (empty where nothing was)."""
    line, part = barrier.query(lines, predicate="intersects")
    order = np.argsort(line, kind="stable")
    touched, start = np.unique(line[order], return_index=True)
    rest = lines.copy()
    for i, parts in zip(touched, np.split(part[order], start[1:]), strict=True) if len(touched) else ():
        rest[i] = shapely.difference(lines[i], shapely.union_all(barrier.geometries[parts]))
    lost = np.full(len(lines), shapely.LineString(), dtype=object)
    shorter = touched[shapely.length(rest[touched]) < shapely.length(lines[touched]) - GRID_M]
    lost[shorter] = shapely.difference(lines[shorter], rest[shorter])
    return rest, lost


def _sides(roads: gpd.GeoDataFrame, side_m: float) -> gpd.GeoDataFrame:
    """Return a line along either side of main roads, which their own homes may join."""
    parts = []
    for name, group in roads.groupby(roads["name"].fillna(""), sort=True):
        merged = shapely.get_parts([shapely.line_merge(shapely.union_all(np.asarray(group.geometry)))])
        both = np.concatenate([shapely.offset_curve(merged, side_m), shapely.offset_curve(merged, -side_m)])
        both = both[~shapely.is_empty(both)]
        parts.append(pd.DataFrame({"name": name or None, "level": 0.0, "geometry": both}))
    if not parts:
        return gpd.GeoDataFrame({"name": [], "level": []}, geometry=[], crs=roads.crs)
    sides = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=roads.crs)
    return sides.explode(ignore_index=True)


def ownership_at(points: Shapes, land: gpd.GeoDataFrame | None) -> pd.Series:
    """Return whose ground each point lies in: `public`, `private` or `unknown` (no land there, or of unknown owner)."""
    ownership = np.full(len(points), "unknown", dtype=object)
    if land is not None and len(land):
        known = land[land["ownership"].notna()]
        point, polygon = shapely.STRtree(np.asarray(points)).query(shapes_of(known), "intersects")[::-1]
        order = np.lexsort((known["ownership"].to_numpy()[polygon], point))[::-1]  # private before public on overlaps
        ownership[point[order]] = known["ownership"].to_numpy()[polygon[order]]
    return pd.Series(ownership, dtype="str")
