"""Pipes: every home reached, networks in one piece, lengths as drawn, no trench where none may lie."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from minenet.invariants.carriers import KEY, MILLIMETRE, NEEDS_AREA, Case, NotCheckedError, named
from minenet.tables import MAIN_ROADS, Area, shapes_of

__all__ = [
    "begin_at_homes",
    "crosses_nothing",
    "every_home_reached",
    "lead_to_boreholes",
    "lengths",
    "rings_hang_together",
    "through_no_building",
]

WIDE_M = 5 * MILLIMETRE
"""Trenches are drawn this wide to see whether they touch: their ends are rounded."""

RINGS = ("ring_net", "ring_net_collective", "ring_net_aquathermal")
"""Variants that are one piece."""

DRILLED = ("shared_loops", "ring_net", "ring_net_collective")
"""Variants of which the pipes lead to the boreholes."""

AT_HOME_M = 0.1
"""A pipe ends at the wall of the home that it serves."""

GRAZE_M = 0.3
"""A pipe may touch the wall of a building, not run deeper into it than this."""


def every_home_reached(case: Case) -> list[str]:
    """Return clusters and variants of which a home has no pipe, or a shared loop no borehole or more than 3 homes."""
    result = case.result
    homes = result.homes[result.homes["cluster_id"].notna()]
    wanted = case.built[KEY].merge(homes[["cluster_id", "home_id"]], on="cluster_id")
    joined = wanted.merge(result.connections, on=[*KEY, "home_id"], how="left")
    lost = ~_among(joined, result.pipes, "pipe_id")
    shared = (joined["variant"] == "shared_loops") & ~_among(joined, result.boreholes, "borehole_id")
    faults = named((joined["cluster_id"] + " " + joined["variant"])[lost | shared].unique())
    if len(result.connections) != len(wanted):
        faults.append(f"{len(result.connections)} connections for {len(wanted)} homes of variants")
    crowd = result.connections[result.connections["variant"] == "shared_loops"].groupby("borehole_id").size()
    return faults + named(crowd.index[crowd > 3])


def _among(rows: pd.DataFrame, things: pd.DataFrame, key: str) -> np.ndarray:
    """Tell of each row whether the thing that it names is there, in its own cluster and variant."""
    columns = [*KEY, key]
    return pd.MultiIndex.from_frame(rows[columns]).isin(pd.MultiIndex.from_frame(things[columns]))


def rings_hang_together(case: Case) -> list[str]:
    """Return clusters and variants of which the trenches of the ring net are not one piece."""
    pipes = case.result.pipes
    ring = gpd.GeoDataFrame(pipes[pipes["variant"].isin(RINGS)])
    piece = _pieces(shapely.buffer(shapes_of(ring), WIDE_M), pd.MultiIndex.from_frame(ring[KEY]))
    count = pd.Series(piece).groupby([ring[k].to_numpy(dtype=object) for k in KEY]).nunique()
    return named(" ".join(key) for key in count.index[count > 1])


def lead_to_boreholes(case: Case) -> list[str]:
    """Return boreholes that no pipe of their network touches, and homes of which the pipe does not lead to theirs."""
    result = case.result
    pipes = gpd.GeoDataFrame(result.pipes[result.pipes["variant"].isin(DRILLED)])
    holes = gpd.GeoDataFrame(result.boreholes[result.boreholes["variant"].isin(DRILLED)])
    wide = shapely.buffer(shapes_of(pipes), WIDE_M)
    of = pd.MultiIndex.from_frame(pipes[KEY])
    piece = _pieces(wide, of)
    tree = shapely.STRtree(wide)
    hole, pipe = tree.query(shapes_of(holes), predicate="dwithin", distance=WIDE_M)
    same = pd.MultiIndex.from_frame(holes[KEY])[hole] == of[pipe]
    met = pd.DataFrame({"borehole_id": holes["borehole_id"].to_numpy()[hole[same]], "piece": piece[pipe[same]]})
    lost = holes.loc[~holes["borehole_id"].isin(met["borehole_id"]), "borehole_id"]
    shared = result.connections[result.connections["variant"] == "shared_loops"]
    there = pd.Series(piece, index=pipes["pipe_id"].to_numpy(dtype=object))
    there = there[~there.index.duplicated()]
    of_home = shared["pipe_id"].map(there).astype("float64")
    led = shared.assign(piece=of_home).merge(met.drop_duplicates(), on=["borehole_id", "piece"])
    return named(lost) + named(sorted(set(shared["home_id"]) - set(led["home_id"])))


def _pieces(wide: np.ndarray, of: pd.MultiIndex) -> np.ndarray:
    """Return by a number which pipes, drawn a little wide, hang together within the network that each is of."""
    net, size = of.factorize()[0], len(wide)
    one, other = shapely.STRtree(wide).query(wide, predicate="intersects")
    touch = net[one] == net[other]
    graph = csr_array((np.ones(touch.sum()), (one[touch], other[touch])), shape=(size, size))
    found = connected_components(graph, directed=False)[1] if size else np.empty(0)
    return np.asarray(found, dtype=np.float64)  # as a column with gaps has it


def begin_at_homes(case: Case) -> list[str]:
    """Return homes of which the pipe does not begin at their building."""
    area, result = case.given_area(), case.result
    to = result.connections.drop_duplicates(["home_id", "pipe_id"])
    to = to.merge(result.homes[["home_id", "building_id"]].drop_duplicates("home_id"), on="home_id")
    footprint = area.buildings.drop_duplicates("building_id").set_index("building_id").geometry
    line = gpd.GeoDataFrame(result.pipes).drop_duplicates("pipe_id").set_index("pipe_id").geometry
    away = shapely.distance(
        np.asarray(footprint.reindex(to["building_id"]).array), np.asarray(line.reindex(to["pipe_id"]).array)
    )
    return named(to["home_id"][~(away <= AT_HOME_M)])


def lengths(case: Case) -> list[str]:
    """Return pipes of which the length is not that of their line, or the metres of pipe are not those in its trench.

    Supply and return lie in every trench; where one heat pump warms all, warm water lies beside the source: two pairs.
    """
    pipes = case.result.pipes
    warm = (pipes["variant"] == "ring_net_collective") & (pipes["insulated_m"] > 0) & (pipes["kind"] != "service")
    off = (pipes["length_m"] - pipes.length).abs() > 0.01
    off |= (pipes["pipe_m"] - np.where(warm, 4, 2) * pipes["length_m"]).abs() > 0.02
    return named(pipes.loc[off, "pipe_id"])


def through_no_building(case: Case) -> list[str]:
    """Return pipes that run through a building."""
    buildings = case.layer("building")
    if buildings is None:
        raise NotCheckedError(NEEDS_AREA)
    solid = shapely.buffer(buildings, -GRAZE_M)
    lines = shapes_of(case.result.pipes)
    pipe, _ = shapely.STRtree(solid).query(lines, predicate="intersects")
    return named(case.result.pipes["pipe_id"].to_numpy()[np.unique(pipe)])


def crosses_nothing(case: Case) -> list[str]:
    """Return pipes that cross water, a barrier or a main road elsewhere than on a bridge or an allowed crossing."""
    area = case.given_area()
    pipes = case.result.pipes[case.result.pipes["kind"] != "loop"]
    lines = shapes_of(gpd.GeoDataFrame(pipes))
    over = [shapely.buffer(shapes_of(gpd.GeoDataFrame(area.streets[_true(area.streets["bridge"])])), 0.5)]
    if area.crossings is not None:
        over.append(shapely.buffer(shapes_of(area.crossings), 0.5))
    allowed = shapely.union_all(np.concatenate(over))
    barred = _barred(area)
    line, bar = shapely.STRtree(barred).query(lines, predicate="intersects")
    inside = shapely.intersection(shapely.difference(lines[line], allowed), barred[bar])
    return named(pipes["pipe_id"].to_numpy()[np.unique(line[shapely.length(inside) > MILLIMETRE])])


def _barred(area: Area) -> np.ndarray:
    streets = area.streets
    level = ~_true(streets["bridge"]) & ~_true(streets["tunnel"])
    main = streets["road_class"].fillna("").str.removesuffix("_link").isin(MAIN_ROADS).to_numpy() & level
    parts = [shapely.buffer(shapes_of(streets)[main], 0.1)]
    if area.water is not None:
        parts.append(shapes_of(area.water))
    if area.barriers is not None:
        parts.append(shapely.buffer(shapes_of(area.barriers), 0.1))
    return np.concatenate(parts)


def _true(series: pd.Series) -> np.ndarray:
    return series.fillna(value=False).to_numpy(dtype=bool)
