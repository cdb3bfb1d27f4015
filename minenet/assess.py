"""The recipe: from an area to a result, step by step.

Each public function is one step, takes and gives tables, and can be run alone in a notebook; `assess` runs them all.
"""

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from minenet import design, recording
from minenet import homes as homes_step
from minenet.assumptions import Assumptions, Profile, read_table
from minenet.clusters import require_streets
from minenet.design import Layout, Placed, Sized
from minenet.merging import Outcome, require_named, whole
from minenet.parts import Beside, Parts, cut, pieces
from minenet.stages import conclude, design_part, group_part, judge_part, own_loops
from minenet.tables import Area, Result
from minenet.timing import STEPS, Timings
from minenet.trenches import TrenchGraph, build_trenches, change_counts, component_count, within_reach

__all__ = [
    "STEPS",
    "Timings",
    "assess",
    "find_clusters",
    "find_homes",
    "found_homes",
    "in_parts",
    "lay_pipes",
    "place_boreholes",
    "size_boreholes",
    "survey",
]


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
        found = found_homes(area, assumptions)
    with timings.step("parts"):
        parts = cut(area, found.homes, assumptions)
    outcomes = in_parts(area, found.homes, parts, assumptions, profile, streets=streets, timings=timings)
    with timings.step("tables"):
        return whole(area, outcomes, {**found.notes, **parts.notes}, assumptions, profile)


def in_parts(
    area: Area,
    homes: gpd.GeoDataFrame,
    parts: Parts,
    assumptions: Assumptions,
    profile: Profile | None = None,
    *,
    streets: Sequence[str] | None = None,
    timings: Timings,
) -> list[Outcome]:
    """Take every part of an area through all stages, one after the other.

    Parameters
    ----------
    area : Area
        The whole area.
    homes : GeoDataFrame
        Its dwellings.
    parts : Parts
        How it is cut.
    assumptions, profile, streets, timings
        As for `assess`.

    Returns
    -------
    list of Outcome
        One per part, in their order.

    Raises
    ------
    AssumptionError
        When a street is not known.
    """
    with timings.step("parts"):
        every = list(pieces(area, homes, parts, assumptions))
    grouped = [group_part(piece, assumptions, streets=streets, timings=timings) for piece in every]
    if streets is not None:
        require_named(streets, grouped)
    taking = Beside([g.taking for g in grouped])
    designed = [
        design_part(piece, group, taking.near(piece), assumptions, profile, timings=timings)
        for piece, group in zip(every, grouped, strict=True)
    ]
    boreholes = Beside([d.boreholes for d in designed])
    judged = [
        judge_part(piece, designs, boreholes.near(piece), assumptions, profile, timings=timings)
        for piece, designs in zip(every, designed, strict=True)
    ]
    drilled = Beside([j.drilled for j in judged])
    concluded = [
        conclude(piece, judgement, drilled.near(piece), assumptions, timings=timings)
        for piece, judgement in zip(every, judged, strict=True)
    ]
    return [Outcome(*stages) for stages in zip(grouped, designed, judged, concluded, strict=True)]


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
    found = found_homes(area, assumptions)
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
        **{name: str(count) for name, count in change_counts(graph.changes).items()},
        "trenches.components_with_buildings": str(component_count(graph)),
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
    return found_homes(area, assumptions).homes


def found_homes(area: Area, assumptions: Assumptions, *, own: homes_step.Own | None = None) -> homes_step.Found:
    """Find every dwelling of an area, with what was counted on the way, of all rows or of `own`."""
    return homes_step.find_dwellings(
        area.buildings,
        area.addresses,
        demand_table=read_table("heat_demand"),
        assumptions=assumptions.homes,
        most_in_building=assumptions.clusters.most_homes,
        own=own,
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
    everyone = area.buildings["building_id"].to_numpy(dtype=object)
    graph = within_reach(graph, everyone, longest_gap_m=assumptions.clusters.longest_gap_m)
    if streets is not None:
        require_streets(streets, sorted({*homes["street"].dropna(), *graph.services["name"].dropna()}))
    plotted, _ = design.with_plots(area, assumptions.sites)
    own = own_loops(plotted, homes, assumptions)
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
