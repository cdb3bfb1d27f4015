"""The recipe: from an area to a result, step by step.

Each public function is one step, takes and gives tables, and can be run alone in a notebook; `assess` runs them all.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import geopandas as gpd
import pandas as pd

from minenet import design, recording
from minenet import homes as homes_step
from minenet.assumptions import Assumptions, Profile, read_table
from minenet.checks import check_rules, check_together, give_verdicts
from minenet.costs import cost_tables
from minenet.design import Layout, Placed, Sized
from minenet.tables import RESULT_TABLES, Area, Result
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
    profile: Profile | None = None,
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
    profile : Profile, optional
        What the municipality answers; what no zone answers either is unknown when not given.
    streets : sequence of str, optional
        Only homes with an address in, or a trench to, one of these streets take part.
    timings : Timings, optional
        Collects the seconds of each step.

    Returns
    -------
    Result
        All tables of `RESULT_TABLES`. The same area, assumptions and profile give the same result.

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
        plotted, drawn = design.with_plots(area, assumptions.sites)
        graph = _trench_graph(plotted, found.homes, assumptions)
    with timings.step("clusters"):
        own = _own(plotted, found.homes, assumptions)
        homes, clusters, layout = design.group_homes(plotted, found.homes, graph, assumptions, streets=streets, own=own)
    with timings.step("places"):
        placed = design.place(plotted, layout, assumptions=assumptions, own=own)
    with timings.step("depths"):
        sized = design.size(area, layout, placed, assumptions=assumptions)
        homes = recording.with_own_loops(homes, layout, placed, sized)
    with timings.step("pipes"):
        laid = design.lay(plotted, layout, placed, sized, assumptions=assumptions)
        sized, laid = design.further_variants(plotted, layout, placed, sized, laid, assumptions=assumptions)
        boreholes = recording.borehole_table(layout, sized, assumptions)
        solutions = recording.solution_table(layout, sized, laid)
    with timings.step("costs"):
        homes = recording.with_readiness(homes, area, assumptions)
        designs = recording.designs(homes, clusters, solutions, boreholes, laid, land=area.land)
        factors = design.metres_at_ranges(layout.cluster_ids, assumptions)
        costed = cost_tables(designs, assumptions=assumptions, profile=profile, borehole_factor=factors)
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
            profile=profile,
            not_given=recording.not_given(area),
        )
        clusters = give_verdicts(clusters, solutions, checks, assumptions=assumptions)
        clusters = recording.with_participation(clusters, homes, solutions)
        cooled = design.together(recording.promising(boreholes, clusters), area, ground=assumptions.ground)
        checks = check_together(checks, cooled, assumptions=assumptions)
    with timings.step("tables"):
        notes = {**area.provenance, **found.notes, **drawn, **graph.notes, **placed.notes}
        notes |= recording.rings_closed(layout, sized, asked=assumptions.network.closed_ring)
        notes |= recording.left_out(homes) | recording.loops_that_fit(solutions) | recording.outside_range(solutions)
        given = {
            "homes": homes,
            "clusters": clusters,
            "solutions": solutions,
            "boreholes": recording.of_best(boreholes, clusters),
            "connections": recording.connection_table(laid),
            "pipes": recording.of_best(laid.pipes, clusters),
            "costs": costed.costs,
            "curves": costed.curves,
            "sensitivity": costed.sensitivity,
            "finance": costed.finance,
            "checks": checks,
            "context": recording.context(area, graph.changes),
            "provenance": recording.provenance(notes, assumptions, profile),
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
    plotted, _ = design.with_plots(area, assumptions.sites)
    own = _own(plotted, homes, assumptions)
    return design.group_homes(plotted, homes, graph, assumptions, streets=streets, own=own)


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
    plotted, _ = design.with_plots(area, assumptions.sites)
    laid = design.lay(plotted, layout, placed, sized, assumptions=assumptions)
    return laid.pipes, recording.connection_table(laid), recording.solution_table(layout, sized, laid)


def _trench_graph(area: Area, homes: gpd.GeoDataFrame, assumptions: Assumptions) -> TrenchGraph:
    area, _ = design.with_plots(area, assumptions.sites)
    taking = homes.loc[homes["left_out_reason"].isna(), "building_id"]
    return build_trenches(area, taking, assumptions=assumptions.trenches)


def _own(area: Area, homes: gpd.GeoDataFrame, assumptions: Assumptions) -> gpd.GeoSeries | None:
    """Return the place of an own loop of each home that may take part."""
    taking = homes[homes["left_out_reason"].isna() & homes["building_id"].notna()]
    return design.own_places(area, taking, assumptions.sites) if len(taking) else None
