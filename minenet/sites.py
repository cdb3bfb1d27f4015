"""Where a borehole may stand: ground, clearances, zones, and the spacing between boreholes.

Places are looked for on a grid that is fixed in the map, not in the area, so that the answer does not depend on how an
area is cut. Ground is first divided among clusters (own plots, then the nearest other ground), pulled in by half the
spacing: no two clusters can then place boreholes too close together, whatever the order in which they are handled.

Whether a rig can reach a place is for `access` to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from minenet.assumptions import Sites
from minenet.tables import MAIN_ROADS, Area, shapes_of

__all__ = ["Plots", "candidate_places", "depth_limit", "own_places", "pack", "plots_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
Shapes = npt.NDArray[np.object_]

ROUND = 1.0 / np.cos(np.pi / 32)
"""A buffer of 8 segments per quarter circle runs inside the true one: widened by this, it runs outside."""


WALL_STEP_M = 1.0


@dataclass(frozen=True)
class Plots:
    """Parcels that take part: outline, building on them and cluster of it."""

    shapes: Shapes
    building: Ints
    cluster: Ints


def candidate_places(
    area: Area, buildings: gpd.GeoDataFrame, *, assumptions: Sites
) -> tuple[gpd.GeoDataFrame, Mapping[str, str]]:
    """Find places where a borehole may stand, divided among clusters.

    Parameters
    ----------
    area : Area
        Layers that say where it may not: buildings, water, obstacles, zones, loops; parcels and land where given.
    buildings : GeoDataFrame
        Buildings that take part: `building_id`, `cluster` (whole number), footprint; in the order of their ids.
    assumptions : Sites
        Section `sites`.

    Returns
    -------
    places : GeoDataFrame
        Points with `cluster`, `building` (position of the nearest building that takes part), `land` (private, public
        or unknown) and `max_depth_m` (inf where no zone limits it), ordered by cluster and position.
    notes : mapping
        How many grid points were refused, by reason (a point counts for the first that applies).
    """
    points = _grid(shapes_of(buildings), assumptions)
    notes = {"sites.grid_points": str(len(points))}
    for reason, refused in _refusals(points, area, assumptions):
        notes[f"sites.refused.{reason}"] = str(int(refused.sum()))
        points = points[~refused]
    places, refusals = _divided(points, area, buildings, assumptions)
    places["max_depth_m"] = depth_limit(shapes_of(places), area.zones)
    order = np.lexsort((places.geometry.y, places.geometry.x, places["cluster"]))
    return places.iloc[order].reset_index(drop=True), notes | refusals


def _grid(shapes: Shapes, assumptions: Sites) -> Shapes:
    """Return the points of the map's grid around the shapes: their boxes, widened by the reach."""
    step, reach = assumptions.grid_m, assumptions.reach_m
    low = np.ceil((shapely.bounds(shapes)[:, :2] - reach) / step).astype(np.int64)
    high = np.floor((shapely.bounds(shapes)[:, 2:] + reach) / step).astype(np.int64)
    size = np.maximum(high - low + 1, 0)
    count = size[:, 0] * size[:, 1]
    owner = np.repeat(np.arange(len(shapes)), count)
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    column, row = low[owner, 0] + place % size[owner, 0], low[owner, 1] + place // size[owner, 0]
    key = np.unique((column << 32) + row + (1 << 31))  # one number per grid point, north after west
    xy = np.column_stack([key >> 32, (key & 0xFFFFFFFF) - (1 << 31)]) * step
    return np.asarray(shapely.points(xy))


def _within(points: Shapes, shapes: Shapes, distance: float | Floats) -> Truths:
    """Return which points lie within a distance of any shape (shapes are prepared, points are many)."""
    near = np.zeros(len(points), dtype=bool)
    if len(shapes) and len(points):
        near[shapely.STRtree(points).query(shapes, predicate="dwithin", distance=distance)[1]] = True
    return near


def _refusals(points: Shapes, area: Area, assumptions: Sites) -> list[tuple[str, Truths]]:
    """Return per reason which of the points still standing it refuses; each is counted for the first."""
    clearance: float | Floats
    tests: list[tuple[str, Shapes, float | Floats]] = [
        ("building", shapes_of(area.buildings), assumptions.building_clearance_m)
    ]
    if area.water is not None:
        tests.append(("water", shapes_of(area.water), assumptions.water_clearance_m))
    tests.append(("main_road", _main_roads(area), assumptions.main_road_clearance_m))
    if area.barriers is not None:
        tests.append(("barrier", shapes_of(area.barriers), assumptions.barrier_clearance_m))
    if area.obstacles is not None:
        clearance = obstacle_clearance(area.obstacles, assumptions)
        tests.append(("obstacle", shapes_of(area.obstacles), clearance))
    if area.loops is not None:
        tests.append(
            ("registered_loop", shapes_of(area.loops), max(assumptions.spacing_m, assumptions.registered_clearance_m))
        )
    if area.zones is not None:
        tests.append(("zone_ban", shapes_of(area.zones)[area.zones["effect"] == "ban"], 0.0))
    standing = np.ones(len(points), dtype=bool)
    refusals = []
    for reason, shapes, clearance in tests:
        refused = standing.copy()
        refused[standing] = _within(points[standing], shapes, clearance)
        refusals.append((reason, refused[standing]))
        standing &= ~refused
    return refusals


def _main_roads(area: Area) -> Shapes:
    road = area.streets["road_class"].fillna("").str.removesuffix("_link")
    tunnel = area.streets["tunnel"].fillna(value=False).to_numpy(dtype=bool)
    main = road.isin(MAIN_ROADS).to_numpy() & ~tunnel
    return np.asarray(shapes_of(area.streets)[main])


def obstacle_clearance(obstacles: gpd.GeoDataFrame, assumptions: Sites) -> Floats:
    """Return the distance to keep from each obstacle [m]: its own, else that of its kind."""
    kinds = {
        "tree": assumptions.tree_clearance_m,
        "sewer": assumptions.sewer_clearance_m,
        "cable": assumptions.cable_clearance_m,
        "pipe": assumptions.cable_clearance_m,
        "wall": assumptions.wall_clearance_m,
        "fence": assumptions.wall_clearance_m,
    }
    by_kind = obstacles["kind"].map(kinds).astype("float64").fillna(assumptions.other_clearance_m)
    return obstacles["clearance_m"].fillna(by_kind).to_numpy(dtype=float)


def _divided(
    points: Shapes, area: Area, buildings: gpd.GeoDataFrame, assumptions: Sites
) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """Give every place to one cluster, and refuse places on the ground of others or too close to its border."""
    cluster_of = buildings["cluster"].to_numpy()
    half = assumptions.spacing_m / 2
    plots, foreign = plots_of(area, buildings)
    land = _land(points, area)
    plot = _first_hit(points, plots.shapes)
    on_plot = plot >= 0
    nearest, distance, border = _nearest_cluster(points, buildings, assumptions)
    cluster = np.where(on_plot, plots.cluster[plot] if len(plots.cluster) else -1, cluster_of[nearest])
    building = np.where(on_plot, plots.building[plot] if len(plots.building) else -1, nearest)
    edge = np.maximum(assumptions.boundary_clearance_m, half)
    reasons = {
        "out_of_reach": distance > assumptions.reach_m,
        "plot_of_others": ~on_plot & _within(points, foreign, 0.0) & (land != "public"),
        "boundary_of_others": ~on_plot & _within(points, foreign, assumptions.boundary_clearance_m),
        "private_ground_of_others": ~on_plot
        & (land == "private")
        & (
            bool(len(plots.shapes))
            | ~_own_by_position(
                points, np.minimum(distance, assumptions.reach_m), area, buildings, assumptions.house_from_m2
            )
        ),
        "boundary": on_plot & _near_edge(points, plots, cluster, edge),
        "ground_of_another_cluster": ~on_plot & (border | _near_other_plots(points, plots, cluster, half)),
        "public_ground_not_used": (land == "public") & (not assumptions.use_public_ground),
        "unknown_ground_not_used": ~on_plot & (land == "unknown") & (not assumptions.use_unknown_ground),
    }
    standing = np.ones(len(points), dtype=bool)
    notes = {}
    for reason, refused in reasons.items():
        notes[f"sites.refused.{reason}"] = str(int((refused & standing).sum()))
        standing &= ~refused
    ground = np.where(on_plot, "private", land)
    columns = {"cluster": cluster[standing], "building": building[standing], "land": ground[standing]}
    columns["plot"] = on_plot[standing]
    return gpd.GeoDataFrame(columns, geometry=points[standing], crs=area.crs), notes


def plots_of(area: Area, buildings: gpd.GeoDataFrame) -> tuple[Plots, Shapes]:
    """Return parcels that hold a building that takes part, and all others."""
    if area.parcels is None or not len(area.parcels):
        nothing = np.empty(0, dtype=object)
        return Plots(nothing, np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)), nothing
    shapes = shapes_of(area.parcels)
    inner = shapely.point_on_surface(shapes_of(buildings))
    building, parcel = shapely.STRtree(shapes).query(inner, predicate="intersects")
    order = np.lexsort((building, parcel))
    first = order[np.unique(parcel[order], return_index=True)[1]]
    taking = parcel[first]
    others = np.ones(len(shapes), dtype=bool)
    others[taking] = False
    return Plots(shapes[taking], building[first], buildings["cluster"].to_numpy()[building[first]]), shapes[others]


def _land(points: Shapes, area: Area) -> npt.NDArray[np.object_]:
    """Return whose land each point lies on: `private`, `public` or `unknown`."""
    land = np.full(len(points), "unknown", dtype=object)
    if area.land is None:
        return land
    for owner in ("public", "private"):  # where both are drawn, private counts
        shapes = shapes_of(area.land)[area.land["ownership"] == owner]
        land[_within(points, shapes, 0.0)] = owner
    return land


def _first_hit(points: Shapes, shapes: Shapes) -> Ints:
    """Return the first shape that each point lies in, -1 where none."""
    hit = np.full(len(points), -1)
    if len(shapes):
        shape, point = shapely.STRtree(points).query(shapes, predicate="intersects")
        order = np.argsort(-shape, kind="stable")
        hit[point[order]] = shape[order]
    return hit


def _nearest_cluster(points: Shapes, buildings: gpd.GeoDataFrame, assumptions: Sites) -> tuple[Ints, Floats, Truths]:
    """Return the nearest building, its distance, and whether another cluster is so near that spacing is not sure.

    The border between two clusters lies where their nearest buildings are equally far. A point whose own cluster is
    nearer than the other by a full spacing stands at least half a spacing inside. Footprints count as points along
    their walls, which keeps the guarantee: a distance to a set of points changes by no more than the way gone.
    """
    xy = shapely.get_coordinates(points)
    walls, owner = _wall_points(shapes_of(buildings))
    heard = assumptions.reach_m + assumptions.spacing_m
    nearest = np.zeros(len(xy), dtype=np.int64)
    first, second = np.full(len(xy), np.inf), np.full(len(xy), np.inf)
    columns = np.argsort(xy[:, 0], kind="stable")  # points from west to east, to find those near a cluster
    east = xy[columns, 0]
    for group in _by_cluster(buildings["cluster"].to_numpy()[owner]):
        low, high = walls[group].min(axis=0) - heard, walls[group].max(axis=0) + heard
        near = columns[np.searchsorted(east, low[0]) : np.searchsorted(east, high[0], side="right")]
        near = near[(xy[near, 1] >= low[1]) & (xy[near, 1] <= high[1])]
        found = cKDTree(walls[group]).query(xy[near], distance_upper_bound=heard)
        distance, at = np.asarray(found[0]), np.asarray(found[1])
        closer = distance < first[near]
        second[near] = np.where(closer, first[near], np.minimum(second[near], distance))
        first[near[closer]] = distance[closer]
        nearest[near[closer]] = owner[group[at[closer]]]
    return nearest, first, second < first + assumptions.spacing_m


def _by_cluster(cluster: Ints) -> list[Ints]:
    """Return the positions of each cluster's members, clusters in order."""
    order = np.argsort(cluster, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(cluster[order])) + 1) if len(cluster) else []


def _wall_points(shapes: Shapes) -> tuple[Floats, Ints]:
    """Return points along the walls of footprints, at most `WALL_STEP_M` apart, and whose walls they are."""
    walls = shapely.segmentize(shapely.boundary(shapes), WALL_STEP_M)
    xy, owner = shapely.get_coordinates(walls, return_index=True)
    return xy, owner.astype(np.int64)


def _own_by_position(
    points: Shapes, distance: Floats, area: Area, buildings: gpd.GeoDataFrame, house_from_m2: float
) -> Truths:
    """Return which points on private land without parcels are nearer to a building that takes part than to others.

    Other buildings count only when they are large: a shed belongs to the home beside it.
    """
    takes_part = area.buildings["building_id"].isin(buildings["building_id"])
    house = area.buildings.area >= house_from_m2
    others = shapes_of(area.buildings)[(~takes_part & house).to_numpy()]
    if not len(others):
        return np.ones(len(points), dtype=bool)
    own = np.ones(len(points), dtype=bool)
    own[shapely.STRtree(others).query(points, predicate="dwithin", distance=distance)[0]] = False
    return own


def _near_edge(points: Shapes, plots: Plots, cluster: Ints, edge: float) -> Truths:
    """Return which points stand too close to the outer boundary of the participating plots of their cluster."""
    near = np.zeros(len(points), dtype=bool)
    if not len(plots.shapes):
        return near
    clusters = np.unique(plots.cluster)
    outlines = np.array([shapely.union_all(plots.shapes[plots.cluster == c]) for c in clusters], dtype=object)
    line, point = shapely.STRtree(points).query(shapely.boundary(outlines), predicate="dwithin", distance=edge)
    own = clusters[line] == cluster[point]
    near[point[own]] = True
    return near


def _near_other_plots(points: Shapes, plots: Plots, cluster: Ints, half: float) -> Truths:
    near = np.zeros(len(points), dtype=bool)
    if len(plots.shapes):
        plot, point = shapely.STRtree(points).query(plots.shapes, predicate="dwithin", distance=half)
        near[point[plots.cluster[plot] != cluster[point]]] = True
    return near


def depth_limit(points: Shapes, zones: gpd.GeoDataFrame | None) -> Floats:
    """Return the least depth [m] that a zone permits at each point, inf where none limits it."""
    limit = np.full(len(points), np.inf)
    if zones is not None:
        limiting = zones[(zones["effect"] == "max_depth") & zones["value"].notna()]
        zone, point = shapely.STRtree(points).query(shapes_of(limiting), predicate="intersects")
        np.minimum.at(limit, point, limiting["value"].to_numpy(dtype=float)[zone])
    return limit


def pack(places: gpd.GeoDataFrame, *, spacing_m: float) -> Truths:
    """Choose places in every cluster, as many as a sweep can set, no two closer than the spacing.

    Own plots come before other private, public and unknown ground; within each, places are set from west to east and
    south to north, which fills gardens row by row.

    Parameters
    ----------
    places : GeoDataFrame
        As `candidate_places` gives them.
    spacing_m : float
        Smallest distance between two boreholes. [m]

    Returns
    -------
    array of bool
        Which places are chosen.
    """
    xy = shapely.get_coordinates(shapes_of(places))
    turn = places["land"].map({"private": 0, "public": 1, "unknown": 2}).to_numpy() - places["plot"].to_numpy()
    order = np.lexsort((xy[:, 1], xy[:, 0], turn))
    chosen = np.zeros(len(places), dtype=bool)
    if not len(places):
        return chosen
    pairs = cKDTree(xy).query_pairs(spacing_m * (1 - 1e-9), output_type="ndarray")
    both = np.concatenate([pairs, pairs[:, ::-1]])
    both = both[np.argsort(both[:, 0], kind="stable")]
    start = np.searchsorted(both[:, 0], np.arange(len(xy) + 1))
    free = np.ones(len(places), dtype=bool)
    for i in order:  # each choice closes its surroundings: a sweep, with one array operation per borehole
        if free[i]:
            chosen[i] = True
            free[both[start[i] : start[i + 1], 1]] = False
    return chosen


def own_places(area: Area, buildings: gpd.GeoDataFrame, *, assumptions: Sites) -> gpd.GeoSeries | None:
    """Find a place for an own loop on the own plot of each building, kept clear of that plot's boundary alone.

    Boundaries keep own loops at least a spacing apart, so neighbours need not be compared.

    Parameters
    ----------
    area : Area
        As for `candidate_places`; without parcels nothing is known about own plots.
    buildings : GeoDataFrame
        Buildings to find a place for.
    assumptions : Sites
        Section `sites`.

    Returns
    -------
    GeoSeries or None
        A point on the index of `buildings`, None where no place is left; None as a whole without parcels.
    """
    if area.parcels is None or not len(area.parcels):
        return None
    plots, _ = plots_of(area, buildings)
    edge = max(assumptions.boundary_clearance_m, assumptions.spacing_m / 2) * ROUND
    inner = shapely.buffer(plots.shapes, -edge)
    wide = ~shapely.is_empty(inner)
    inner, building = inner[wide], plots.building[wide]
    for shapes, clearance in _hindrances(area, assumptions):
        inner = _without(inner, shapes, clearance)
    left = ~shapely.is_empty(inner)
    spots = pd.Series(shapely.point_on_surface(inner[left]), index=building[left])
    spots = spots[~spots.index.duplicated()].reindex(range(len(buildings)))
    return gpd.GeoSeries(spots.to_numpy(), index=buildings.index, crs=area.crs)


def _hindrances(area: Area, assumptions: Sites) -> list[tuple[Shapes, Floats | float]]:
    found: list[tuple[Shapes, Floats | float]] = [(shapes_of(area.buildings), assumptions.building_clearance_m)]
    if area.water is not None:
        found.append((shapes_of(area.water), assumptions.water_clearance_m))
    if area.obstacles is not None:
        found.append((shapes_of(area.obstacles), obstacle_clearance(area.obstacles, assumptions)))
    if area.loops is not None:
        found.append((shapes_of(area.loops), max(assumptions.spacing_m, assumptions.registered_clearance_m)))
    if area.zones is not None:
        found.append((shapes_of(area.zones)[area.zones["effect"] == "ban"], 0.01))
    found.append((_main_roads(area), assumptions.main_road_clearance_m))
    if area.barriers is not None:
        found.append((shapes_of(area.barriers), assumptions.barrier_clearance_m))
    return found


def _without(inner: Shapes, shapes: Shapes, clearance: Floats | float) -> Shapes:
    """Return areas less the surroundings of the shapes that lie near them."""
    if not len(shapes) or not len(inner):
        return inner
    distance = np.broadcast_to(np.asarray(clearance, dtype=float), shapes.shape) * ROUND
    shape, place = shapely.STRtree(inner).query(shapes, predicate="dwithin", distance=distance)
    if not len(place):
        return inner
    around = shapely.buffer(shapes[shape], distance[shape])
    order = np.argsort(place, kind="stable")
    rest = inner.copy()
    touched, start = np.unique(place[order], return_index=True)
    for i, group in zip(touched, np.split(around[order], start[1:]), strict=True):
        rest[i] = shapely.difference(inner[i], shapely.union_all(group))
    return rest
