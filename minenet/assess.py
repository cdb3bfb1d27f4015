"""The recipe: from an area to a result, step by step.

Each public function is one step, takes and gives tables, and can be run alone in a notebook; `assess` runs them all.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from minenet import design, recording
from minenet import homes as homes_step
from minenet.assumptions import Assumptions, read_table
from minenet.checks import check_rules, check_together, give_verdicts
from minenet.clusters import asked, cluster_names, cluster_shapes, connections_of, find_groups, prices_of
from minenet.costs import cost_tables
from minenet.costs.pricing import bounds
from minenet.costs.quantities import heat_pump_kw
from minenet.design import Layout, Placed, Sized
from minenet.ground import size_loops
from minenet.tables import RESULT_TABLES, Area, Result, shapes_of
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


def assess(
    area: Area,
    assumptions: Assumptions | None = None,
    *,
    streets: Sequence[str] | None = None,
    timings: Timings | None = None,
) -> Result:
    """Find the homes of an area that could share ground heat; design, cost and judge every way to do so.

    Parameters
    ----------
    area : Area
        As `read_area` or `make_area` give it.
    assumptions : Assumptions, optional
        The numbers that are assumed; those that ship with minenet when not given.
    streets : sequence of str, optional
        Only homes with an address in, or a trench to, one of these streets take part.
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
    AssumptionError
        When a street is not known.
    """
    assumptions = assumptions or Assumptions.default()
    timings = timings or Timings()
    with timings.step("homes"):
        found = _found(area, assumptions)
    with timings.step("trenches"):
        graph = _trench_graph(area, found.homes, assumptions)
    with timings.step("clusters"):
        homes, clusters, layout = _clustered(area, found.homes, graph, assumptions, streets=streets)
    with timings.step("places"):
        placed = design.place(area, layout, assumptions=assumptions)
    with timings.step("depths"):
        sized = design.size(area, layout, placed, assumptions=assumptions)
        homes = recording.with_own_loops(homes, layout, placed, sized)
    with timings.step("pipes"):
        laid = design.lay(area, layout, placed, sized, assumptions=assumptions)
        boreholes = recording.borehole_table(layout, sized, assumptions)
        solutions = recording.solution_table(layout, sized, laid)
    with timings.step("costs"):
        homes = recording.with_readiness(homes, area, assumptions)
        designs = recording.designs(homes, clusters, solutions, boreholes, laid, land=area.land)
        costed = cost_tables(designs, assumptions=assumptions)
        clusters, solutions = recording.with_own_loop_counts(clusters, homes, costed.solutions)
        clusters = recording.with_ground(clusters, placed)
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
            not_given=recording.not_given(area),
        )
        clusters = give_verdicts(clusters, solutions, checks, assumptions=assumptions)
        clusters = recording.with_participation(clusters, homes, solutions)
        cooled = design.together(recording.promising(boreholes, clusters), area, ground=assumptions.ground)
        checks = check_together(checks, cooled, assumptions=assumptions)
    with timings.step("tables"):
        notes = {**area.provenance, **found.notes, **graph.notes, **placed.notes}
        notes |= recording.left_out(homes) | recording.loops_that_fit(solutions) | recording.outside_range(solutions)
        given = {
            "homes": homes,
            "clusters": clusters,
            "solutions": solutions,
            "boreholes": boreholes,
            "connections": recording.connection_table(laid),
            "pipes": laid.pipes,
            "costs": costed.costs,
            "curves": costed.curves,
            "sensitivity": costed.sensitivity,
            "finance": costed.finance,
            "checks": checks,
            "context": recording.context(area),
            "provenance": recording.provenance(notes, assumptions),
        }
        return Result.of({name: recording.declared(given.get(name), name, area.crs) for name in RESULT_TABLES})


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
    area: Area,
    homes: gpd.GeoDataFrame,
    assumptions: Assumptions,
    *,
    streets: Sequence[str] | None = None,
    left_out_eur: pd.Series | None = None,
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, Layout]:
    """Group homes into candidates of 2-50 that hang together on the trench graph.

    Parameters
    ----------
    area : Area
        Streets, and barriers, water and land where given.
    homes : GeoDataFrame
        As `find_homes` gives them.
    assumptions : Assumptions
        Sections `trenches`, `clusters`, `costs`, `homes` and `ground`.
    streets : sequence of str, optional
        Only homes with an address in, or a trench to, one of these streets take part.
    left_out_eur : Series, optional
        By `building_id`: what all homes of a building cost when they are in no cluster; a gas boiler each when not
        given. [EUR/yr]

    Returns
    -------
    homes : GeoDataFrame
        As given, with `cluster_id` or `left_out_reason`.
    clusters : GeoDataFrame
        As `RESULT_TABLES["clusters"]`, not yet designed.
    layout : Layout
        Trenches and buildings of the clusters, for the next steps.

    Raises
    ------
    AssumptionError
        When a street is not known.
    """
    graph = _trench_graph(area, homes, assumptions)
    return _clustered(area, homes, graph, assumptions, streets=streets, left_out_eur=left_out_eur)


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
    return recording.borehole_table(layout, sized, assumptions), sized


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
    return laid.pipes, recording.connection_table(laid), recording.solution_table(layout, sized, laid)


# --- clusters ---------------------------------------------------------------------------------------------------------


def _trench_graph(area: Area, homes: gpd.GeoDataFrame, assumptions: Assumptions) -> TrenchGraph:
    taking = homes.loc[homes["left_out_reason"].isna(), "building_id"]
    return build_trenches(area, taking, assumptions=assumptions.trenches)


def _clustered(
    area: Area,
    homes: gpd.GeoDataFrame,
    graph: TrenchGraph,
    assumptions: Assumptions,
    *,
    streets: Sequence[str] | None = None,
    left_out_eur: pd.Series | None = None,
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, Layout]:
    services = graph.services.sort_values("building_id", ignore_index=True)
    taking = homes[homes["left_out_reason"].isna()]
    wish = asked(taking, services.set_index("building_id")["name"], streets=streets)
    reason = wish.reason.reindex(services["building_id"]).to_numpy(dtype=object, copy=True)
    open_ = pd.isna(reason)
    drilled, eur = _drilled(assumptions), _price_level(assumptions)
    connections = connections_of(
        taking.assign(size_kw=heat_pump_kw(taking["peak_kw"].to_numpy(dtype=float))),
        services[open_],
        loop_m_kwh=drilled[0],
        eur=eur,
        assumptions=assumptions,
        left_out_eur=left_out_eur,
    )
    found = find_groups(
        graph.matrix,
        connections,
        prices=prices_of(assumptions, drilled, eur),
        together=wish.together.reindex(services["building_id"][open_]).to_numpy(),
        own=wish.own.reindex(services["building_id"][open_]).to_numpy(),
    )
    group = np.full(len(services), -1)
    group[open_], reason[open_] = found.group, found.reason
    reasons = graph.left_out.combine_first(pd.Series(reason, index=services["building_id"], dtype="object").dropna())
    homes, ids = _with_clusters(homes, services, group, wish.reason.dropna().combine_first(reasons))
    number = np.argsort(np.argsort(ids))  # clusters in the order of their names
    ids = np.sort(ids)
    group = np.where(group >= 0, number[group] if len(ids) else -1, -1)
    steps = found.steps.assign(group=number[found.steps["group"].to_numpy(dtype=int)])
    layout = _layout(area, homes, services, group, ids, _trunks(graph, steps))
    return homes, _cluster_table(homes, layout, assumptions), layout


LOOPS = (1, 2, 4, 7, 12, 20)
"""Rows of loops that are sized for the prices of the search; between them metres are interpolated."""


def _drilled(assumptions: Assumptions) -> np.ndarray:
    """Return the borehole per yearly heat of typical homes [m per kWh/yr], for a group of 0 to `most_homes` homes.

    The homes share loops in a row along the street, each loop a system of its own, all present.
    """
    clusters, ground = assumptions.clusters, assumptions.ground
    heat = clusters.typical_heat_kwh * clusters.homes_per_loop
    load, peak = heat * ground.ground_share, heat * ground.ground_share / assumptions.homes.full_load_hours
    rows = [np.column_stack([np.arange(n) * clusters.loop_spacing_m, np.zeros(n)]) for n in LOOPS]
    metres = [size_loops(row, load, peak, ground=ground).mean() + ground.buried_depth_m for row in rows]
    homes = np.arange(clusters.most_homes + 1)
    return np.interp(homes, np.array(LOOPS) * clusters.homes_per_loop, np.array(metres) / heat)


def _price_level(assumptions: Assumptions) -> dict[str, float]:
    """Return the prices of section `costs` by name, at the price level of the result [EUR]."""
    named = [e.name for e in assumptions.entries.values() if e.section == "costs" and e.unit.startswith("EUR")]
    return {name: bounds(name, assumptions).value for name in named}


def _with_clusters(
    homes: gpd.GeoDataFrame, services: pd.DataFrame, group: np.ndarray, reasons: pd.Series
) -> tuple[gpd.GeoDataFrame, np.ndarray]:
    """Return homes with their cluster or reason, and the name of each group: `c-` and its smallest home."""
    group_of = pd.Series(group, index=services["building_id"])
    open_ = homes["left_out_reason"].isna()
    mine = homes["building_id"].map(group_of).where(open_)
    mine = mine.where(mine >= 0)
    names = "c-" + homes["home_id"].groupby(mine).min()
    reason = homes["left_out_reason"].astype("object")
    reason = reason.mask(open_ & mine.isna(), homes["building_id"].map(reasons))
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
