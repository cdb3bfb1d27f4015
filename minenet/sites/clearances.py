"""What a borehole keeps its distance from, and how deep it may go."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from minenet.assumptions import Sites
from minenet.tables import MAIN_ROADS, Area, shapes_of

__all__ = ["MARGIN_M", "ROUND", "clearances", "depth_limit", "kept_clear", "widened"]

Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[np.object_]

MARGIN_M = 0.002
"""Clearances and spacing are widened by this: places are written to the millimetre and keep them all the same."""

QUARTER = 8
ROUND = 1.0 / np.cos(np.pi / (4 * QUARTER))
"""A buffer of 8 segments per quarter circle runs inside the true one: widened by this, it runs outside."""


def widened(shapes: Shapes, distance: Floats | float) -> Shapes:
    """Return shapes with all that lies nearer than a distance [m], never less than that."""
    return np.asarray(shapely.buffer(shapes, (np.asarray(distance) + MARGIN_M) * ROUND, quad_segs=QUARTER))


def clearances(area: Area, assumptions: Sites) -> list[tuple[str, Shapes, Floats | float]]:
    """Return what a borehole keeps its distance from: the word for it, shapes, and the distance [m].

    Parameters
    ----------
    area : Area
        Buildings, main roads, and where given water, barriers, obstacles, registered loops and zones with a ban.
    assumptions : Sites
        Section `sites`.
    """
    found: list[tuple[str, Shapes, Floats | float]] = [
        ("building", shapes_of(area.buildings), assumptions.building_clearance_m),
        ("main road", _main_roads(area), assumptions.main_road_clearance_m),
    ]
    if area.water is not None:
        found.append(("water", shapes_of(area.water), assumptions.water_clearance_m))
    if area.barriers is not None:
        found.append(("barrier", shapes_of(area.barriers), assumptions.barrier_clearance_m))
    if area.obstacles is not None:
        found.append(("obstacle", shapes_of(area.obstacles), obstacle_clearance(area.obstacles, assumptions)))
    if area.loops is not None:
        apart = max(assumptions.spacing_m, assumptions.registered_clearance_m)
        found.append(("registered loop", shapes_of(area.loops), apart))
    if area.zones is not None:
        ban = (area.zones["effect"] == "ban").to_numpy(dtype=bool)
        found.append(("zone with a ban", shapes_of(area.zones)[ban], 0.0))
    return found


def kept_clear(area: Area, assumptions: Sites) -> Shapes:
    """Return all that a borehole stays out of: what stands or lies there with its clearance, and banned zones."""
    return np.concatenate([widened(shapes, distance) for _, shapes, distance in clearances(area, assumptions)])


def obstacle_clearance(obstacles: gpd.GeoDataFrame, assumptions: Sites) -> Floats:
    """Return the distance to keep from each obstacle [m]: its own, else that of its kind."""
    kinds = {
        "tree": assumptions.tree_clearance_m,
        "sewer": assumptions.sewer_clearance_m,
        "cable": assumptions.cable_clearance_m,
        "pipe": assumptions.cable_clearance_m,
        "wall": assumptions.wall_clearance_m,
        "fence": assumptions.wall_clearance_m,
        "building": assumptions.building_clearance_m,
        "building_site": assumptions.building_clearance_m,
    }
    by_kind = obstacles["kind"].map(kinds).astype("float64").fillna(assumptions.other_clearance_m)
    return obstacles["clearance_m"].fillna(by_kind).to_numpy(dtype=float)


def _main_roads(area: Area) -> Shapes:
    road = area.streets["road_class"].fillna("").str.removesuffix("_link")
    tunnel = area.streets["tunnel"].fillna(value=False).to_numpy(dtype=bool)
    main = road.isin(MAIN_ROADS).to_numpy() & ~tunnel
    return np.asarray(shapes_of(area.streets)[main])


def depth_limit(points: Shapes, zones: gpd.GeoDataFrame | None) -> Floats:
    """Return the least depth [m] that a zone permits at each point, inf where none limits it."""
    limit = np.full(len(points), np.inf)
    if zones is not None:
        limiting = zones[(zones["effect"] == "max_depth") & zones["value"].notna()]
        zone, point = shapely.STRtree(points).query(shapes_of(limiting), predicate="intersects")
        np.minimum.at(limit, point, limiting["value"].to_numpy(dtype=float)[zone])
    return limit
