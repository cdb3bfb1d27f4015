"""Pipes and sums: every home reached, lengths as drawn, no trench where none may lie, totals equal to their parts."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from minenet.invariants.carriers import MILLIMETRE, Case, named
from minenet.tables import MAIN_ROADS, VARIANTS, Area, shapes_of

__all__ = ["crosses_nothing", "every_home_reached", "lengths", "rings_hang_together", "sums", "through_no_building"]

KEY = ["cluster_id", "variant"]

WIDE_M = 5 * MILLIMETRE
"""Trenches are drawn this wide to see whether they touch: their ends are rounded."""

GRAZE_M = 0.3
"""A pipe may touch the wall of a building, not run deeper into it than this."""


def every_home_reached(case: Case) -> list[str]:
    """Return clusters and variants of which a home has no pipe, or a shared loop no borehole or more than 3 homes."""
    result = case.result
    homes = result.homes[result.homes["cluster_id"].notna()]
    wanted = _built(case)[KEY].merge(homes[["cluster_id", "home_id"]], on="cluster_id")
    joined = wanted.merge(result.connections, on=[*KEY, "home_id"], how="left")
    lost = ~joined["pipe_id"].isin(result.pipes["pipe_id"])
    shared = (joined["variant"] == "shared_loops") & ~joined["borehole_id"].isin(result.boreholes["borehole_id"])
    faults = named((joined["cluster_id"] + " " + joined["variant"])[lost | shared].unique())
    if len(result.connections) != len(wanted):
        faults.append(f"{len(result.connections)} connections for {len(wanted)} homes of variants")
    crowd = result.connections[result.connections["variant"] == "shared_loops"].groupby("borehole_id").size()
    return faults + named(crowd.index[crowd > 3])


def _built(case: Case) -> pd.DataFrame:
    solutions = case.result.solutions
    return solutions[solutions["variant"].isin(VARIANTS) & solutions["feasible"].fillna(value=False)]


def rings_hang_together(case: Case) -> list[str]:
    """Return clusters of which the trenches of the ring net are not one piece."""
    pipes = case.result.pipes
    ring = pipes[pipes["variant"] == "ring_net"]
    wide = gpd.GeoDataFrame(ring[["cluster_id"]], geometry=shapely.buffer(shapes_of(gpd.GeoDataFrame(ring)), WIDE_M))
    whole = wide.dissolve("cluster_id").geometry
    return named(whole.index[(whole.geom_type != "Polygon").to_numpy()])


def lengths(case: Case) -> list[str]:
    """Return pipes of which the length is not that of their line."""
    pipes = case.result.pipes
    return named(pipes.loc[(pipes["length_m"] - pipes.length).abs() > 0.01, "pipe_id"])


def through_no_building(case: Case) -> list[str]:
    """Return pipes that run through a building."""
    buildings = case.layer("building")
    if buildings is None:
        return []
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


def sums(case: Case) -> list[str]:
    """Return clusters and variants of which metres or costs are not the sums of their parts."""
    result = case.result
    built = _built(case).set_index(KEY)
    drilled = result.boreholes.groupby(KEY)["depth_m"].agg(["sum", "size"]).reindex(built.index).fillna(0)
    laid = result.pipes.groupby(KEY)[["length_m", "pipe_m"]].sum().reindex(built.index).fillna(0)
    wrong = (built["borehole_m"].fillna(0) - drilled["sum"]).abs() > 2 * MILLIMETRE
    wrong |= built["boreholes"].fillna(0) != drilled["size"]
    for total, part in (("trench_m", "length_m"), ("pipe_m", "pipe_m")):
        wrong |= (built[total].fillna(0) - laid[part]).abs() > 2 * MILLIMETRE
    return _keys(wrong) + _keys(_off_costs(case))


def _off_costs(case: Case) -> pd.Series:
    """Return which capital costs are not the sum of their lines, each written to the cent and counted per home."""
    result = case.result
    solutions = result.solutions.set_index(KEY)
    lines = result.costs[result.costs["kind"] == "capex"].merge(
        result.clusters[["cluster_id", "homes"]], on="cluster_id"
    )
    total = lines["total_eur"] * lines["homes"].where(lines["per"] == "home", 1)
    by_variant = total.groupby([lines["cluster_id"], lines["variant"]])
    known = solutions["capex_eur"].dropna()
    rounding = 0.005 * (by_variant.size() * 50).reindex(known.index).fillna(1)
    off: pd.Series = (known - by_variant.sum().reindex(known.index).fillna(0)).abs() > rounding
    return off


def _keys(wrong: pd.Series) -> list[str]:
    return named([" ".join(map(str, key)) for key in wrong.index[wrong]])
