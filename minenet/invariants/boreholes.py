"""Boreholes: their spacing, what they keep clear of, what zones allow."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree

from minenet.assumptions import Sites
from minenet.invariants.carriers import MILLIMETRE, NEEDS_AREA, Case, NotCheckedError, named
from minenet.tables import MAIN_ROADS, Area, shapes_of

Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[np.object_]

__all__ = ["clear", "clear_of_boundaries", "depth_limits", "no_ban", "spacing"]


def spacing(case: Case) -> list[str]:
    """Return boreholes closer than the spacing: of one variant over the whole result, and of all best variants."""
    clusters, holes = case.with_near
    best = clusters.drop_duplicates("cluster_id").set_index("cluster_id")["best_variant"]
    holes = holes[holes.geometry.notna()]  # of one without a place the tables are told
    groups = [group for _, group in holes.groupby("variant")]
    groups.append(gpd.GeoDataFrame(holes[holes["variant"] == holes["cluster_id"].map(best)]))
    close: list[str] = []
    for group in groups:
        xy = shapely.get_coordinates(shapes_of(gpd.GeoDataFrame(group)))
        if len(xy):
            pairs = cKDTree(xy).query_pairs(case.numbers.sites.spacing_m - MILLIMETRE, output_type="ndarray")
            close += named(group["borehole_id"].to_numpy()[pairs[:, 0]])
    return close


def clear(case: Case) -> list[str]:
    """Return boreholes closer to a building, water, obstacle, barrier, main road or loop than its clearance.

    Without the area, what the result draws may show that some are; not that none is.
    """
    holes, close = shapes_of(case.result.boreholes), np.zeros(len(case.result.boreholes), dtype=bool)
    found = _drawn(case) if case.area is None else _distances(case.area, case.numbers.sites)
    for shapes, distance in found:
        close |= _nearer(holes, shapes, distance)
    if case.area is None and not close.any():
        raise NotCheckedError(NEEDS_AREA)
    return named(case.result.boreholes.loc[close, "borehole_id"])


def _drawn(case: Case) -> list[tuple[Shapes, Floats | float]]:
    """Return what the result itself draws that is kept clear of, and by how much [m]."""
    sites = case.numbers.sites
    kept = {
        "building": sites.building_clearance_m,
        "water": sites.water_clearance_m,
        "loop": max(sites.spacing_m, sites.registered_clearance_m),
    }
    drawn = ((case.layer(name), distance) for name, distance in kept.items())
    return [(shapes, distance) for shapes, distance in drawn if shapes is not None]


def _distances(area: Area, sites: Sites) -> list[tuple[Shapes, Floats | float]]:
    """Return what is kept clear of and by how much [m], stated anew: the steps have a list of their own."""
    road = area.streets["road_class"].fillna("").str.removesuffix("_link").isin(MAIN_ROADS)
    main = road & ~area.streets["tunnel"].fillna(value=False)
    found: list[tuple[Shapes, Floats | float]] = [(shapes_of(area.buildings), sites.building_clearance_m)]
    found.append((shapes_of(area.streets)[main.to_numpy(dtype=bool)], sites.main_road_clearance_m))
    for layer, distance in (
        (area.water, sites.water_clearance_m),
        (area.barriers, sites.barrier_clearance_m),
        (area.loops, max(sites.spacing_m, sites.registered_clearance_m)),
    ):
        if layer is not None:
            found.append((shapes_of(layer), distance))
    if area.obstacles is not None:
        by_kind = {name: float(getattr(sites, f"{of}_clearance_m")) for name, of in OBSTACLES.items()}
        usual = area.obstacles["kind"].map(by_kind).fillna(sites.other_clearance_m)
        found.append((shapes_of(area.obstacles), area.obstacles["clearance_m"].fillna(usual).to_numpy(dtype=float)))
    return found


OBSTACLES = {
    "tree": "tree", "sewer": "sewer", "cable": "cable", "pipe": "cable", "wall": "wall", "fence": "wall",
    "building": "building", "building_site": "building",
}  # fmt: skip
"""Whose clearance an obstacle of each kind has."""


def _nearer(holes: Shapes, shapes: Shapes, distance: Floats | float) -> npt.NDArray[np.bool_]:
    """Return which holes lie nearer to any shape than its distance."""
    close = np.zeros(len(holes), dtype=bool)
    if len(shapes) and len(holes):
        kept = np.broadcast_to(np.asarray(distance, dtype=float), len(shapes)) - MILLIMETRE
        _, hole = shapely.STRtree(holes).query(shapes, predicate="dwithin", distance=np.maximum(kept, 0.0))
        close[hole] = True
    return close


def clear_of_boundaries(case: Case) -> list[str]:
    """Return boreholes closer to the outer boundary of the plots that take part than its clearance."""
    area = case.given_area()
    if area.parcels is None:
        raise NotCheckedError("there are no parcels")
    outline = _outlines(area, case.result.homes)
    holes = case.result.boreholes[case.result.boreholes["cluster_id"].isin(outline.index)]
    edges = shapely.boundary(np.asarray(outline.reindex(holes["cluster_id"]).array))
    close = shapely.distance(edges, shapes_of(gpd.GeoDataFrame(holes))) < _boundary(case) - MILLIMETRE
    return named(holes.loc[close, "borehole_id"])


def _boundary(case: Case) -> float:
    return float(case.numbers.sites.boundary_clearance_m)


def _outlines(area: Area, homes: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return the union of the parcels that the buildings of each cluster stand on."""
    assert area.parcels is not None
    cluster = homes[homes["cluster_id"].notna()].drop_duplicates("building_id").set_index("building_id")["cluster_id"]
    joined = area.buildings[area.buildings["building_id"].isin(cluster.index)]
    inner = gpd.GeoDataFrame(joined[["building_id"]], geometry=joined.representative_point(), crs=area.crs)
    plots = gpd.sjoin(area.parcels, inner, predicate="contains")
    plots = plots.assign(cluster_id=plots["building_id"].map(cluster))
    return plots.dissolve("cluster_id").geometry


def no_ban(case: Case) -> list[str]:
    """Return boreholes in a zone with a ban."""
    if case.area is not None:
        if case.area.zones is None:
            raise NotCheckedError("there are no zones")
        ban = shapes_of(case.area.zones)[(case.area.zones["effect"] == "ban").to_numpy(dtype=bool)]
    else:
        drawn = case.result.context[case.result.context["layer"] == "zone"]
        if not len(drawn):
            raise NotCheckedError(NEEDS_AREA)
        ban = shapes_of(gpd.GeoDataFrame(drawn[drawn["kind"] == "ban"]))
    holes = case.result.boreholes
    _, inside = shapely.STRtree(shapes_of(holes)).query(ban, predicate="intersects")
    return named(holes["borehole_id"].to_numpy()[inside])


def depth_limits(case: Case) -> list[str]:
    """Return boreholes deeper than a zone permits."""
    area = case.given_area()
    if area.zones is None:
        raise NotCheckedError("there are no zones")
    limits = area.zones[area.zones["effect"] == "max_depth"]
    holes = case.result.boreholes
    zone, hole = shapely.STRtree(shapes_of(holes)).query(shapes_of(gpd.GeoDataFrame(limits)), predicate="intersects")
    deep = holes["depth_m"].to_numpy()[hole] > limits["value"].to_numpy(dtype=float)[zone] + 0.01
    return named(holes["borehole_id"].to_numpy()[hole[deep]])
