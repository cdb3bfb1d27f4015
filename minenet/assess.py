"""The recipe: from an area to a result, step by step.

Each public function is one step, takes and gives tables, and can be run alone in a notebook; `assess` runs them all.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from minenet import design
from minenet import homes as homes_step
from minenet._version import __version__
from minenet.assumptions import Assumptions, read_table
from minenet.checks import check_rules, check_together, give_verdicts
from minenet.clusters import cluster_names, cluster_shapes, cut_tree, group_trenches, spanning_tree
from minenet.costs import estimate_costs
from minenet.design import Laid, Layout, Placed, Sized
from minenet.network import probe
from minenet.tables import AREA_TABLES, RESULT_TABLES, Area, Result, empty, shapes_of, typed
from minenet.trenches import TrenchGraph, build_trenches

__all__ = [
    "STEPS",
    "Timings",
    "assess",
    "find_clusters",
    "find_homes",
    "lay_pipes",
    "place_boreholes",
    "size_boreholes",
    "survey",
]

STEPS = ("homes", "trenches", "clusters", "places", "depths", "pipes", "costs", "checks", "tables")
"""Steps of `assess`, in order."""

Frames = tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]


class Timings:
    """How long each step took [s], and who wants to be told when one begins."""

    def __init__(self, told: Callable[[str], None] | None = None) -> None:
        self.seconds: dict[str, float] = {}
        self._told = told

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one step."""
        if self._told is not None:
            self._told(name)
        begin = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begin


def assess(area: Area, assumptions: Assumptions | None = None, *, timings: Timings | None = None) -> Result:
    """Find the homes of an area that could share ground heat; design, cost and judge every way to do so.

    Parameters
    ----------
    area : Area
        As `read_area` or `make_area` give it.
    assumptions : Assumptions, optional
        The numbers that are assumed; those that ship with minenet when not given.
    timings : Timings, optional
        Collects the seconds of each step.

    Returns
    -------
    Result
        All tables of `RESULT_TABLES`. The same area and assumptions give the same result.

    Raises
    ------
    InputError
        When the area holds no dwelling, or data that no step can use.
    """
    assumptions = assumptions or Assumptions.default()
    timings = timings or Timings()
    with timings.step("homes"):
        found = _found(area, assumptions)
    with timings.step("trenches"):
        graph = _trench_graph(area, found.homes, assumptions)
    with timings.step("clusters"):
        homes, clusters, layout = _clustered(area, found.homes, graph, assumptions)
    with timings.step("places"):
        placed = design.place(area, layout, assumptions=assumptions)
    with timings.step("depths"):
        sized = design.size(area, layout, placed, assumptions=assumptions)
        homes = _with_own_loops(homes, layout, placed, sized)
    with timings.step("pipes"):
        laid = design.lay(area, layout, placed, sized, assumptions=assumptions)
        boreholes = _borehole_table(layout, sized, assumptions)
        solutions = _solution_table(layout, sized, laid)
    with timings.step("costs"):
        solutions, costs = estimate_costs(homes, clusters, solutions, boreholes, laid.pipes, assumptions=assumptions)
        clusters, solutions = _with_own_loop_counts(clusters, homes, solutions)
    with timings.step("checks"):
        checks = check_rules(
            clusters,
            homes,
            solutions,
            boreholes,
            laid.pipes,
            zones=area.zones,
            loops=area.loops,
            assumptions=assumptions,
            not_given=_not_given(area),
        )
        clusters = give_verdicts(clusters, solutions, checks, assumptions=assumptions)
        cooled = design.together(_promising(boreholes, clusters), area, ground=assumptions.ground)
        checks = check_together(checks, cooled, assumptions=assumptions)
    with timings.step("tables"):
        notes = {**area.provenance, **found.notes, **graph.notes, **placed.notes}
        notes |= _left_out(homes) | _loops_that_fit(solutions)
        given = {
            "homes": homes,
            "clusters": clusters,
            "solutions": solutions,
            "boreholes": boreholes,
            "connections": _connection_table(laid),
            "pipes": laid.pipes,
            "costs": costs,
            "checks": checks,
            "context": _context(area),
            "provenance": _provenance(notes, assumptions),
        }
        return Result.of({name: _declared(given.get(name), name, area.crs) for name in RESULT_TABLES})


def survey(area: Area, assumptions: Assumptions) -> dict[str, str]:
    """Count what an area would bring to `assess`: homes by type, and buildings that can be joined to a trench.

    Parameters
    ----------
    area : Area
        As `read_area` or `make_area` give it.
    assumptions : Assumptions
        Sections `homes`, `clusters` and `trenches`.

    Returns
    -------
    dict of str to str
        Counts by name.
    """
    found = _found(area, assumptions)
    graph = _trench_graph(area, found.homes, assumptions)
    types = found.homes["home_type"].value_counts()
    source = found.homes["demand_source"].value_counts()
    reasons = pd.concat([found.homes["left_out_reason"], found.homes["building_id"].map(graph.left_out)]).value_counts()
    return {
        "homes": str(len(found.homes)),
        **{f"homes.{kind}": str(n) for kind, n in sorted(types.items())},
        **{f"heat_demand.{kind}": str(n) for kind, n in sorted(source.items())},
        "buildings_joined_to_a_trench": str(len(graph.services)),
        **{f"homes_left_out.{reason}": str(n) for reason, n in sorted(reasons.items())},
        **found.notes,
        **graph.notes,
    }


# --- the steps, one by one --------------------------------------------------------------------------------------------


def find_homes(area: Area, assumptions: Assumptions) -> gpd.GeoDataFrame:
    """Find every dwelling of an area, its type and its demand for heat.

    Parameters
    ----------
    area : Area
        Buildings, and addresses where given.
    assumptions : Assumptions
        Sections `homes` and `clusters` (how many dwellings a building may hold).

    Returns
    -------
    GeoDataFrame
        As `RESULT_TABLES["homes"]`, not yet in clusters.
    """
    return _found(area, assumptions).homes


def _found(area: Area, assumptions: Assumptions) -> homes_step.Found:
    return homes_step.find_dwellings(
        area.buildings,
        area.addresses,
        demand_table=read_table("heat_demand"),
        assumptions=assumptions.homes,
        most_in_building=assumptions.clusters.most_homes,
    )


def find_clusters(
    area: Area, homes: gpd.GeoDataFrame, assumptions: Assumptions
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, Layout]:
    """Group homes into candidates of 2-50 that hang together on the trench graph.

    Parameters
    ----------
    area : Area
        Streets, and barriers, water and land where given.
    homes : GeoDataFrame
        As `find_homes` gives them.
    assumptions : Assumptions
        Sections `trenches`, `clusters`, `homes` and `ground`.

    Returns
    -------
    homes : GeoDataFrame
        As given, with `cluster_id` or `left_out_reason`.
    clusters : GeoDataFrame
        As `RESULT_TABLES["clusters"]`, not yet designed.
    layout : Layout
        Trenches and buildings of the clusters, for the next steps.
    """
    return _clustered(area, homes, _trench_graph(area, homes, assumptions), assumptions)


def place_boreholes(area: Area, layout: Layout, assumptions: Assumptions) -> Placed:
    """Rank the places where boreholes of every variant may stand; see `minenet.design.place`."""
    return design.place(area, layout, assumptions=assumptions)


def size_boreholes(
    area: Area, layout: Layout, placed: Placed, assumptions: Assumptions
) -> tuple[gpd.GeoDataFrame, Sized]:
    """Size the boreholes of every variant.

    Returns
    -------
    boreholes : GeoDataFrame
        As `RESULT_TABLES["boreholes"]`.
    sized : Sized
        The same with the outcome of each variant, for the next step.
    """
    sized = design.size(area, layout, placed, assumptions=assumptions)
    return _borehole_table(layout, sized, assumptions), sized


def lay_pipes(
    area: Area, layout: Layout, placed: Placed, sized: Sized, assumptions: Assumptions
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, pd.DataFrame]:
    """Lay the pipes of every variant that can be built.

    Returns
    -------
    pipes : GeoDataFrame
        As `RESULT_TABLES["pipes"]`.
    connections : DataFrame
        As `RESULT_TABLES["connections"]`.
    solutions : DataFrame
        As `RESULT_TABLES["solutions"]`, not yet costed.
    """
    laid = design.lay(area, layout, placed, sized, assumptions=assumptions)
    return laid.pipes, _connection_table(laid), _solution_table(layout, sized, laid)


# --- clusters ---------------------------------------------------------------------------------------------------------


def _trench_graph(area: Area, homes: gpd.GeoDataFrame, assumptions: Assumptions) -> TrenchGraph:
    taking = homes.loc[homes["left_out_reason"].isna(), "building_id"]
    return build_trenches(area, taking, assumptions=assumptions.trenches)


def _clustered(
    area: Area, homes: gpd.GeoDataFrame, graph: TrenchGraph, assumptions: Assumptions
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, Layout]:
    services = graph.services.sort_values("building_id", ignore_index=True)
    taking = homes[homes["left_out_reason"].isna()]
    count = taking.groupby("building_id").size().reindex(services["building_id"]).to_numpy(dtype=np.int64)
    tree = spanning_tree(graph.matrix, services["node"].to_numpy())
    group = cut_tree(tree, count.astype(np.int64), services["length_m"].to_numpy(), assumptions=assumptions.clusters)
    homes, ids = _with_clusters(homes, services, group, tree.alone, graph.left_out)
    number = np.argsort(np.argsort(ids))  # clusters in the order of their names
    ids = np.sort(ids)
    group = np.where(group >= 0, number[group] if len(ids) else -1, -1)
    layout = _layout(area, homes, services, group, ids, _trunks(graph, group_trenches(tree, group)))
    return homes, _cluster_table(homes, layout, assumptions), layout


def _with_clusters(
    homes: gpd.GeoDataFrame, services: pd.DataFrame, group: np.ndarray, alone: np.ndarray, unjoined: pd.Series
) -> tuple[gpd.GeoDataFrame, np.ndarray]:
    """Return homes with their cluster or reason, and the name of each group: `c-` and its smallest home."""
    group_of = pd.Series(group, index=services["building_id"])
    open_ = homes["left_out_reason"].isna()
    mine = homes["building_id"].map(group_of).where(open_)
    names = "c-" + homes["home_id"].groupby(mine.where(mine >= 0)).min()
    reason = homes["left_out_reason"].astype("object")
    reason = reason.mask(open_, homes["building_id"].map(unjoined))
    lonely = homes["building_id"].isin(services["building_id"][alone])
    reason = reason.mask(open_ & (mine == -1), "dearer_to_join").mask(
        open_ & (mine == -1) & lonely, "no_neighbours_to_share"
    )
    homes = homes.assign(cluster_id=mine.map(names).astype("str"), left_out_reason=reason.astype("str"))
    return homes, names.to_numpy(dtype=object)


def _trunks(graph: TrenchGraph, steps: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the edges of the trench graph that hold each cluster together."""
    edges = graph.edges.assign(
        low=graph.edges[["start", "end"]].min(axis=1), high=graph.edges[["start", "end"]].max(axis=1)
    )
    edges = edges.sort_values(["low", "high", "length_m"]).drop_duplicates(["low", "high"])
    found = steps.merge(edges, left_on=["start", "end"], right_on=["low", "high"], how="left")
    ends = {"start_y": "start", "end_y": "end"}  # as the line runs
    columns = found[["group", "start_y", "end_y", "length_m", "name", "ownership"]].rename(
        columns={"group": "cluster", **ends}
    )
    return gpd.GeoDataFrame(columns, geometry=found["geometry"].to_numpy(), crs=graph.edges.crs)


def _layout(
    area: Area,
    homes: gpd.GeoDataFrame,
    services: gpd.GeoDataFrame,
    group: np.ndarray,
    ids: np.ndarray,
    trunks: gpd.GeoDataFrame,
) -> Layout:
    inside = services[group >= 0].assign(cluster=group[group >= 0]).reset_index(drop=True)
    position = pd.Index(area.buildings["building_id"]).get_indexer(pd.Index(inside["building_id"]))
    shapes = shapes_of(area.buildings)[position]
    buildings = gpd.GeoDataFrame(inside[["building_id", "cluster"]], geometry=shapes, crs=area.crs)
    taking = homes[homes["cluster_id"].notna()]
    position = pd.Series(buildings.index, index=buildings["building_id"])
    columns = taking[["home_id", "heat_kwh", "peak_kw"]].assign(
        building=taking["building_id"].map(position).astype(int)
    )
    columns["cluster"] = buildings["cluster"].to_numpy()[columns["building"]]
    return Layout(buildings, ids, columns.reset_index(drop=True), inside, trunks)


def _cluster_table(homes: gpd.GeoDataFrame, layout: Layout, assumptions: Assumptions) -> gpd.GeoDataFrame:
    groups = layout.homes.groupby("cluster")
    count = groups.size().to_numpy()
    outline = _outlines(layout)
    heat = groups["heat_kwh"].sum().to_numpy()
    at_once = homes_step.simultaneity(count, from_homes=assumptions.homes.diversity_from_homes)
    names = cluster_names(homes, layout.services.set_index("building_id")["name"])
    return gpd.GeoDataFrame(
        {
            "cluster_id": layout.cluster_ids,
            "name": names.reindex(layout.cluster_ids).to_numpy(),
            "homes": count,
            "heat_kwh": heat,
            "peak_kw": groups["peak_kw"].sum().to_numpy() * at_once,
            "heat_density_kwh_m2": heat * assumptions.ground.ground_share / shapely.area(outline),
        },
        geometry=outline,
        crs=layout.buildings.crs,
    )


def _outlines(layout: Layout) -> np.ndarray:
    if not len(layout.cluster_ids):
        return np.empty(0, dtype=object)
    parts = (layout.buildings, layout.services, layout.trunks)
    owner = np.concatenate([part["cluster"].to_numpy() for part in parts])
    shapes = np.concatenate([shapes_of(part) for part in parts])
    return cluster_shapes(owner, shapes)


# --- tables -----------------------------------------------------------------------------------------------------------


def _with_own_loops(homes: gpd.GeoDataFrame, layout: Layout, placed: Placed, sized: Sized) -> gpd.GeoDataFrame:
    """Return homes with `own_loop_possible`: a place on the plot serves one home, apartments above it stay without."""
    if placed.own is None:
        return homes
    fits = placed.own.notna().to_numpy()[layout.homes["building"]]
    first = ~layout.homes["building"].duplicated().to_numpy()
    possible = pd.Series(fits & first & sized.own_fits, index=layout.homes["home_id"]).reindex(homes["home_id"])
    return homes.assign(own_loop_possible=possible.astype("boolean").to_numpy())


def _with_own_loop_counts(
    clusters: gpd.GeoDataFrame, homes: gpd.GeoDataFrame, solutions: pd.DataFrame
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return clusters with the number of own loops that fit, and own loops feasible only where every home has one.

    Their cost stays, as what a home pays where one fits: it is a comparison, not a plan.
    """
    inside = homes[homes["cluster_id"].notna()]
    known = inside.groupby("cluster_id")["own_loop_possible"]
    fit = known.sum().where(known.count() > 0).astype("Int64").reindex(clusters["cluster_id"])
    clusters = clusters.assign(own_loop_homes=fit.to_numpy())
    own = (solutions["variant"] == "own_loops") & solutions["feasible"].fillna(value=False)
    fit = fit.reindex(solutions["cluster_id"]).set_axis(solutions.index)
    count = clusters.set_index("cluster_id")["homes"].reindex(solutions["cluster_id"]).set_axis(solutions.index)
    reason = "fits_for:" + fit.astype("str") + " of " + count.astype("str")
    reason = reason.mask(fit.isna(), "own_plots_not_known").where(own & ~(fit == count).fillna(value=False))
    feasible = solutions["feasible"].astype("boolean").mask(own, fit == count)
    return clusters, solutions.assign(feasible=feasible, reason=solutions["reason"].where(reason.isna(), reason))


def _borehole_id(cluster_id: pd.Series, variant: pd.Series, number: pd.Series) -> pd.Series:
    text = (number.astype("Int64") + 1).astype("str").str.zfill(2)
    return (cluster_id + "/" + variant + "/b" + text).where(number.notna())


def _borehole_table(layout: Layout, sized: Sized, assumptions: Assumptions) -> gpd.GeoDataFrame:
    frame = sized.boreholes
    depth, power = frame["depth_m"].to_numpy(), frame["peak_kw"].to_numpy()
    name, loss = probe(depth, power, catalogue=read_table("probes"), assumptions=assumptions.network)
    cluster_id = pd.Series(layout.cluster_ids[frame["cluster"].to_numpy(dtype=int)], index=frame.index)
    frame = frame.assign(cluster_id=cluster_id, probe=name, probe_loss_kpa=loss)
    frame["borehole_id"] = _borehole_id(cluster_id, frame["variant"], frame["number"])
    return frame.sort_values("borehole_id", ignore_index=True)


def _solution_table(layout: Layout, sized: Sized, laid: Laid) -> pd.DataFrame:
    """Return what is built per cluster and variant; sums over boreholes and pipes are taken as they are written."""
    outcomes = sized.outcomes
    frame = outcomes.assign(cluster_id=layout.cluster_ids[outcomes["cluster"].to_numpy(dtype=int)])
    key = ["cluster_id", "variant"]
    owner = laid.pipes["ownership"]
    public = laid.pipes["length_m"].where(owner == "public", 0.0).mask(owner == "unknown")
    pipes = laid.pipes.assign(public=public)
    sums = pipes.groupby(key)[["length_m", "pipe_m"]].sum()
    sums["public"] = (
        pipes.groupby(key)["public"].sum(min_count=1).mask(public.isna().groupby([pipes[k] for k in key]).any())
    )
    sums = sums.rename(columns={"length_m": "trench_m", "public": "public_trench_m"})
    frame = frame.merge(sums, on=key, how="left")
    built = frame["feasible"] & frame["trench_m"].isna()
    lengths = {c: frame[c].mask(built, 0.0) for c in ("trench_m", "pipe_m", "public_trench_m")}
    return typed(frame.assign(**lengths), RESULT_TABLES["solutions"])


def _promising(boreholes: gpd.GeoDataFrame, clusters: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the boreholes that are drilled when every promising cluster is built in its best variant."""
    chosen = clusters[clusters["verdict"] == "promising"].set_index("cluster_id")["best_variant"]
    return boreholes[boreholes["variant"] == boreholes["cluster_id"].map(chosen)].reset_index(drop=True)


def _connection_table(laid: Laid) -> pd.DataFrame:
    frame = laid.connections
    borehole_id = _borehole_id(frame["cluster_id"], frame["variant"], frame["number"])
    return frame.assign(borehole_id=borehole_id).sort_values(["cluster_id", "variant", "home_id"], ignore_index=True)


def _not_given(area: Area) -> list[str]:
    """Return the layers that nothing was given for; addresses and ground have a stand-in."""
    return [name for name in AREA_TABLES if getattr(area, name) is None and name not in ("addresses", "ground")]


def _left_out(homes: gpd.GeoDataFrame) -> dict[str, str]:
    counts = homes["left_out_reason"].value_counts()
    return {
        "count.homes": str(len(homes)),
        "count.homes_in_clusters": str(int(homes["cluster_id"].notna().sum())),
        **{f"left_out.homes.{reason}": str(n) for reason, n in sorted(counts.items())},
    }


def _loops_that_fit(solutions: pd.DataFrame) -> dict[str, str]:
    """Count the homes of the whole area that could have a loop of their own, and that shared loops could serve."""
    counts = {}
    for variant in ("own_loops", "shared_loops"):
        part = solutions[solutions["variant"] == variant]
        for column in ("homes_possible", "homes_within_cooling"):
            known = part[column].dropna()
            if len(known):
                counts[f"count.{variant}.{column}"] = f"{known.sum()} (in {len(known)} of {len(part)} clusters)"
    return counts


def _context(area: Area) -> gpd.GeoDataFrame:
    """Return what is drawn around the clusters."""
    kinds: dict[str, tuple[gpd.GeoDataFrame | None, str | None, str | None]] = {
        "building": (area.buildings, None, "use"),
        "street": (area.streets, "name", "road_class"),
        "water": (area.water, "name", "water_class"),
        "zone": (area.zones, "name", "effect"),
        "land": (area.land, None, "ownership"),
        "loop": (area.loops, "loop_id", "source"),
    }
    parts = []
    for layer, (frame, name, kind) in kinds.items():
        if frame is not None and len(frame):
            texts = {"name": frame[name] if name else None, "kind": frame[kind] if kind else None}
            part = gpd.GeoDataFrame({"layer": layer, **texts}, geometry=frame.geometry, crs=area.crs, index=frame.index)
            parts.append(typed(part, RESULT_TABLES["context"]))
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=area.crs)


def _provenance(notes: Mapping[str, str], assumptions: Assumptions) -> pd.DataFrame:
    """Return where everything came from; nothing in it depends on the machine, the clock or a path."""
    rows = {"minenet.version": __version__, **dict(sorted(notes.items()))}
    for entry in assumptions.entries.values():
        bounds = "" if entry.low is None else f" ({entry.low:g} to {entry.high:g})"
        rows[f"assumption.{entry.key}"] = f"{entry.value} {entry.unit}{bounds}; {entry.source}; {entry.date}".strip()
    return pd.DataFrame({"key": list(rows), "value": list(rows.values())}, dtype="str")


ROUNDING = {
    "_m": 3,
    "_kwh": 1,
    "_kw": 3,
    "_m2": 2,
    "_k": 3,
    "_eur": 2,
    "_home": 2,
    "_mm": 1,
    "_kpa": 1,
    "_years": 1,
    "quantity": 4,
    "unit_price_eur": 5,
}
"""Decimals that are written, by the end of a column's name."""


def _declared(frame: pd.DataFrame | None, name: str, crs: CRS) -> pd.DataFrame:
    """Return a table of the result as it is written: declared columns and types, rounded."""
    table = RESULT_TABLES[name]
    if frame is None or len(frame) == 0:
        return empty(table, crs)
    columns = [c.name for c in table.columns]
    shape = ["geometry"] if table.geometry is not None else []
    frame = typed(frame, table)[[*columns, *shape]].reset_index(drop=True)
    digits = {
        c.name: d for c in table.columns if c.kind == "number" for end, d in ROUNDING.items() if c.name.endswith(end)
    }
    frame = frame.round(digits)
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=crs) if shape else frame
