"""Two further ways to build the ring: with one heat pump for all, and with heat from surface water.

Both keep the trench of the ring net. With one heat pump (`ring_net_collective`) the boreholes stay too; a plant room
stands beside the trench, brine comes to it from the boreholes and warm water leaves it in insulated pipe, in the same
trench. With surface water (`ring_net_aquathermal`) there are no boreholes: an intake joins the nearest water of enough
size by a straight pipe, and every home keeps its own heat pump. All heat then passes one end of the ring, which so
carries the whole peak: it is wider than that of boreholes spread along it.
"""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from minenet.assumptions import Assumptions, Network, read_table
from minenet.design.barred import main_roads
from minenet.design.carriers import Layout, Placed, Sized
from minenet.design.laying import Laid, peaks, with_others
from minenet.network import friction_w, outer_diameter, pipe_table
from minenet.tables import Area, shapes_of, united
from minenet.trenches import ownership_at, runs_through

__all__ = ["further_variants"]

Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[np.object_]

TOUCH_M = 0.001
"""An inlet ends at the edge of the water."""

INTAKE_STEP_M = 5.0
"""From so many places along the trench a way to the water is tried."""

COLLECTIVE, WATER = "ring_net_collective", "ring_net_aquathermal"


def further_variants(
    area: Area, layout: Layout, placed: Placed, sized: Sized, laid: Laid, *, assumptions: Assumptions
) -> tuple[Sized, Laid]:
    """Add the variants with one heat pump and with surface water, wherever a ring net can be built or why not.

    Parameters
    ----------
    area : Area
        Water, barriers and land, where given.
    layout, placed, sized, laid
        What was designed so far.
    assumptions : Assumptions
        Sections `ground`, `trenches` and `network`.

    Returns
    -------
    sized : Sized
        With the boreholes and outcomes of both.
    laid : Laid
        With their pipes and connections.
    """
    rings = sized.outcomes[sized.outcomes["variant"] == "ring_net"].set_index("cluster")
    trench = _trenches(layout)
    plant, no_plant = _plant_rooms(placed, sized, rings)
    intake, no_water = _intakes(area, trench, placed, assumptions)
    peak = peaks(layout, placed, assumptions)["cluster"]
    outcomes = [_outcomes(rings, COLLECTIVE, no_plant), _without_boreholes(_outcomes(rings, WATER, no_water))]
    boreholes = sized.boreholes[sized.boreholes["variant"] == "ring_net"]
    built = outcomes[0].loc[outcomes[0]["feasible"], "cluster"]
    copied = boreholes[boreholes["cluster"].isin(built)].assign(variant=COLLECTIVE)
    every = gpd.GeoDataFrame(pd.concat([sized.boreholes, copied], ignore_index=True), crs=layout.buildings.crs)
    sized = replace(sized, boreholes=every, outcomes=pd.concat([sized.outcomes, *outcomes], ignore_index=True))
    wet = outcomes[1].loc[outcomes[1]["feasible"], "cluster"]
    collective = _collective(
        _whole_peak(laid, built, peak), _branches(plant.reindex(built), layout, placed, area, peak), assumptions
    )
    water = _aquathermal(
        _whole_peak(laid, wet, peak), _branches(intake.reindex(wet), layout, placed, area, peak), assumptions
    )
    pipes = [p for p in (laid.pipes, collective, water) if len(p)] or [laid.pipes]
    connections = [laid.connections, *(_connections(laid, p) for p in (collective, water))]
    whole = gpd.GeoDataFrame(pd.concat(pipes, ignore_index=True), geometry="geometry", crs=layout.buildings.crs)
    return sized, Laid(whole, pd.concat([c for c in connections if len(c)] or connections[:1], ignore_index=True))


def _trenches(layout: Layout) -> gpd.GeoSeries:
    """Return the trench of each cluster as one shape: the ring in the street, and where services join it."""
    trunks, feet = layout.trunks, shapely.get_point(shapes_of(layout.services), -1)
    owner = np.concatenate([trunks["cluster"].to_numpy(), layout.services["cluster"].to_numpy()]).astype(np.int64)
    joined = united(np.concatenate([shapes_of(trunks), feet]), owner, len(layout.cluster_ids))
    return gpd.GeoSeries(joined, crs=layout.buildings.crs)


def _outcomes(rings: pd.DataFrame, variant: str, refused: pd.Series) -> pd.DataFrame:
    """Return the outcomes of the ring net for another variant, refused where something lacks."""
    outcomes = rings.reset_index().assign(variant=variant)
    why = outcomes["cluster"].map(refused)
    reason = outcomes["reason"].astype("object")
    return outcomes.assign(
        feasible=outcomes["feasible"] & why.isna(), reason=reason.where(reason.notna(), why.astype("object"))
    )


def _without_boreholes(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return outcomes of a variant without boreholes; where no ring could be drilled for, none was laid."""
    drilling = [str(c) for c in outcomes if str(c).startswith("cooling_")] + [
        "regeneration_kwh",
        "borehole_m",
        "depth_m",
    ]
    nothing = dict.fromkeys((c for c in drilling if c in outcomes), np.nan)
    none = pd.Series(pd.NA, index=outcomes.index, dtype="Int64")
    drills = outcomes["reason"].astype("str").str.startswith(("too_few_places", "no_place_for_borehole"))
    reason = outcomes["reason"].mask(drills, "no_ring_net")
    return outcomes.assign(**nothing, boreholes=none, reason=reason)


# --- one heat pump for all --------------------------------------------------------------------------------------------


def _plant_rooms(placed: Placed, sized: Sized, rings: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the pipe from the trench to the plant room of each cluster, and why there is none.

    It stands on the nearest place beside the trench on which no borehole of the ring is drilled.
    """
    drilled = sized.boreholes[sized.boreholes["variant"] == "ring_net"]
    taken = pd.MultiIndex.from_frame(drilled[["cluster", "number"]].astype("int64"))
    free = placed.ring[~pd.MultiIndex.from_frame(placed.ring[["cluster", "rank"]].astype("int64")).isin(taken)]
    free = free.assign(length=shapely.length(np.asarray(free["branch"])).round(3))
    nearest = free.sort_values(["cluster", "length", "rank"]).drop_duplicates("cluster").set_index("cluster")
    lacking = rings.index.difference(nearest.index)
    return nearest["branch"], pd.Series("no_place_for_plant_room", index=lacking, dtype="object")


def _collective(ring: gpd.GeoDataFrame, room: gpd.GeoDataFrame, assumptions: Assumptions) -> gpd.GeoDataFrame:
    """Return the pipes: warm water in insulated pipe beside the brine of the boreholes, and both to the plant room.

    Warm water has a larger drop: it flows as brine does that carries so much less heat.
    """
    network, share = assumptions.network, assumptions.ground.ground_share
    own = ring.assign(warm=ring["kind"] != "branch", brine=ring["kind"] != "service")
    heat = pd.concat([own, room.assign(warm=True, brine=True)])
    warm = heat["warm"].to_numpy(dtype=bool)
    as_brine = heat["power_kw"].to_numpy(dtype=float) / share * network.service_drop_k / network.heat_drop_k
    return _written(heat.assign(variant=COLLECTIVE, warm_kw=np.where(warm, as_brine, 0.0), insulated=warm), network)


# --- heat from surface water ------------------------------------------------------------------------------------------


def _intakes(
    area: Area, trench: gpd.GeoSeries, placed: Placed, assumptions: Assumptions
) -> tuple[pd.Series, pd.Series]:
    """Return the pipe from the trench to the water of each cluster, and why there is none.

    It starts anywhere along the trench: of the straight lines to the nearest water that nothing shuts, the shortest,
    where a metre through the plot of somebody who does not take part counts `others_weight` times.
    """
    every, network = trench.index, assumptions.network
    if area.water is None:
        return pd.Series(dtype="object"), pd.Series("water_not_given", index=every, dtype="object")
    water = shapes_of(area.water)
    water = water[shapely.area(water) >= network.water_from_m2]
    tried = pd.DataFrame(_to_water(np.asarray(trench.array), water, network), columns=["cluster", "line"])
    tried = tried[~_shut(tried["line"].to_numpy(dtype=object), shapely.union_all(shapes_of(area.water)), area, placed)]
    lines = tried["line"].to_numpy(dtype=object)
    through = np.nan_to_num(placed.ground.through(lines, tried["cluster"].to_numpy(dtype=np.int64)))
    weight = (shapely.length(lines) + (assumptions.trenches.others_weight - 1.0) * through).round(3)
    ranked = tried.assign(weight=weight, shape=shapely.to_wkb(lines, hex=True))
    best = ranked.sort_values(["cluster", "weight", "shape"]).drop_duplicates("cluster").set_index("cluster")["line"]
    return best, pd.Series("no_water_nearby", index=every.difference(best.index), dtype="object")


def _shut(lines: Shapes, water: shapely.Geometry, area: Area, placed: Placed) -> npt.NDArray[np.bool_]:
    """Return which lines to the water are none, or run through a building, main road, barrier or another ditch."""
    across = [main_roads(area), *([] if area.barriers is None else [shapes_of(area.barriers)])]
    shut = np.asarray(runs_through(lines, placed.barred.buildings) | (shapely.length(lines) == 0))
    shut[shapely.STRtree(np.concatenate(across)).query(lines, predicate="intersects")[0]] = True
    left = np.flatnonzero(~shut)
    wet = shapely.intersection(lines[left], water)
    shut[left[shapely.length(wet) >= TOUCH_M]] = True
    return shut


def _to_water(trench: Shapes, water: Shapes, network: Network) -> dict[str, npt.NDArray[np.generic]]:
    """Return straight lines from each trench to the nearest water: the shortest one, and those from all along it."""
    bodies = shapely.STRtree(water)
    points, owner = shapely.get_coordinates(shapely.segmentize(trench, INTAKE_STEP_M), return_index=True)
    starts = np.concatenate([trench, shapely.points(points)])
    cluster = np.concatenate([np.arange(len(trench)), owner])
    start, body = bodies.query_nearest(starts, max_distance=network.water_reach_m, all_matches=False)
    return {"cluster": cluster[start], "line": shapely.shortest_line(starts[start], water[body])}


def _aquathermal(ring: gpd.GeoDataFrame, inlet: gpd.GeoDataFrame, assumptions: Assumptions) -> gpd.GeoDataFrame:
    """Return the pipes: the ring and its services, and the pipe to the water in place of those to boreholes."""
    both = pd.concat([ring[ring["kind"] != "branch"], inlet])
    return _written(both.assign(variant=WATER, brine=True, warm_kw=0.0, insulated=False), assumptions.network)


# --- both -------------------------------------------------------------------------------------------------------------


def _whole_peak(laid: Laid, built: pd.Series, peak: pd.Series) -> gpd.GeoDataFrame:
    """Return the pipes of these ring nets, with the whole peak of the cluster in the ring."""
    own = laid.pipes[(laid.pipes["variant"] == "ring_net") & laid.pipes["cluster"].isin(built)]
    whole = own["cluster"].map(peak).astype("float64")
    return own.assign(power_kw=own["power_kw"].mask(own["kind"] == "ring", whole))


def _branches(lines: pd.Series, layout: Layout, placed: Placed, area: Area, peak: pd.Series) -> gpd.GeoDataFrame:
    """Return one pipe per cluster that carries all of its peak."""
    known = lines.dropna()
    shapes = np.array(known.tolist(), dtype=object)
    middle = shapely.line_interpolate_point(shapes, 0.5, normalized=True)
    power = peak.reindex(known.index)
    columns = {
        "cluster": known.index.to_numpy(),
        "cluster_id": layout.cluster_ids[known.index.to_numpy(dtype=int)],
        "kind": "branch",
        "power_kw": power.to_numpy(dtype=float),
        "diameter_mm": np.nan,
        "ownership": ownership_at(middle, area.land).to_numpy(),
    }
    pipes = gpd.GeoDataFrame(columns, geometry=shapes, crs=layout.buildings.crs)
    return with_others(pipes, placed.ground)


def _written(pipes: gpd.GeoDataFrame, network: Network) -> gpd.GeoDataFrame:
    """Return pipes with names, diameters, lengths and friction, as many pairs in each trench as lie there.

    `brine` tells where brine flows, which carries `power_kw`; `warm_kw` what warm water would carry as brine, 0 where
    none flows. Where both lie in a trench the diameter is that of the warm water.
    """
    if not len(pipes):
        return pipes
    frame = gpd.GeoDataFrame(pipes, geometry="geometry").drop(
        columns=["pipe_id", "length_m", "pipe_m"], errors="ignore"
    )
    table, catalogue = pipe_table([frame.reset_index(drop=True)]), read_table("pipes")
    single = table["pipe_m"].to_numpy()  # a pair, or one pipe of a circle
    brine, warm_kw = table["brine"].to_numpy(dtype=bool), table["warm_kw"].to_numpy(dtype=float)
    flows = [np.where(brine, table["power_kw"].to_numpy(dtype=float), 0.0), warm_kw]
    wide = [outer_diameter(kw, catalogue=catalogue, assumptions=network) for kw in flows]
    lost = [
        friction_w(kw, mm, single, catalogue=catalogue, assumptions=network) for kw, mm in zip(flows, wide, strict=True)
    ]
    return table.assign(
        diameter_mm=np.where(warm_kw > 0, wide[1], wide[0]),
        pipe_m=(single * (brine.astype(int) + (warm_kw > 0))).round(3),
        insulated_m=(single * table["insulated"]).round(3),
        friction_w=np.sum(lost, axis=0),
    )


def _connections(laid: Laid, pipes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return on which service each home hangs: the one that it has in the ring net."""
    if not len(pipes):
        return laid.connections.iloc[:0]
    own = laid.connections[laid.connections["variant"] == "ring_net"]
    before = laid.pipes.loc[laid.pipes["variant"] == "ring_net", ["pipe_id", "building"]]
    services = pipes.loc[pipes["kind"] == "service", ["building", "variant", "pipe_id"]]
    hangs = own.drop(columns="variant").merge(before, on="pipe_id").drop(columns="pipe_id")
    return hangs.merge(services, on="building")[laid.connections.columns]
