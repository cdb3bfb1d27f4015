"""The stages of an assessment: what is done for one part of an area, and what it must know of the parts beside it.

A part is grouped, designed, judged and concluded. Between the stages it learns of its neighbours only what touches
it: which buildings beside it are in clusters (for ground that both want), which boreholes stand near its own (for
heat that they take from each other), and which of these will be drilled. Nothing else passes a border, so parts can be
worked on in any order, anywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from minenet import design, recording
from minenet.assumptions import Assumptions, Profile
from minenet.checks import check_rules, check_together, give_verdicts
from minenet.costs import cost_tables
from minenet.design import Layout
from minenet.parts import Piece
from minenet.tables import Area, shapes_of
from minenet.timing import Timings
from minenet.trenches import build_trenches, component_count, within_reach

__all__ = [
    "Concluded",
    "Counts",
    "Designed",
    "Grouped",
    "Judged",
    "conclude",
    "design_part",
    "group_part",
    "judge_part",
    "own_loops",
]

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Grouped:
    """Homes in clusters.

    Attributes
    ----------
    homes, clusters : GeoDataFrame
        As `RESULT_TABLES["homes"]` and `RESULT_TABLES["clusters"]`, not yet designed.
    layout : Layout
        Trenches and buildings of the clusters.
    plots : GeoDataFrame or None
        Parcels that were drawn where none were given.
    own : GeoSeries or None
        Place of an own loop by home; None where nothing is known of own plots.
    changes : GeoDataFrame
        What was done to the streets near the buildings of the part.
    bridges : array of str
        Streets by which trenches may cross water, barriers and main roads.
    named : array of str
        Names of the streets in which homes have their address or their trench.
    counts : mapping of str to int
        What was counted on the way; those of all parts add up.
    """

    homes: gpd.GeoDataFrame
    clusters: gpd.GeoDataFrame
    layout: Layout
    plots: gpd.GeoDataFrame | None
    own: gpd.GeoSeries | None
    changes: gpd.GeoDataFrame
    bridges: np.ndarray
    named: np.ndarray
    counts: Counts

    @property
    def taking(self) -> gpd.GeoDataFrame:
        """Buildings that take part, for the neighbours: `building_id, cluster_id`, footprint."""
        buildings = self.layout.buildings
        named = self.layout.cluster_ids[buildings["cluster"].to_numpy(dtype=int)]
        return buildings.assign(cluster_id=named)[["building_id", "cluster_id", "geometry"]]


@dataclass(frozen=True)
class Designed:
    """Every variant of every cluster, designed and costed: tables of the result, not yet judged."""

    homes: gpd.GeoDataFrame
    clusters: gpd.GeoDataFrame
    solutions: pd.DataFrame
    boreholes: gpd.GeoDataFrame
    connections: pd.DataFrame
    pipes: gpd.GeoDataFrame
    costs: pd.DataFrame
    curves: pd.DataFrame
    sensitivity: pd.DataFrame
    finance: pd.DataFrame
    counts: Counts


@dataclass(frozen=True)
class Judged:
    """What the rules say: the tables that change by it."""

    clusters: gpd.GeoDataFrame
    solutions: pd.DataFrame
    boreholes: gpd.GeoDataFrame
    checks: pd.DataFrame

    @property
    def drilled(self) -> gpd.GeoDataFrame:
        """Boreholes that are drilled when every promising cluster is built in its best variant, for the neighbours."""
        return recording.promising(self.boreholes, self.clusters)


@dataclass(frozen=True)
class Concluded:
    """The checks, with what the networks of all parts do to each other."""

    checks: pd.DataFrame


def group_part(
    piece: Piece, assumptions: Assumptions, *, streets: Sequence[str] | None = None, timings: Timings
) -> Grouped:
    """Group the homes of a part.

    Parameters
    ----------
    piece : Piece
        What the part is worked on with.
    assumptions : Assumptions
        All sections but `checks`.
    streets : sequence of str, optional
        Only homes with an address in, or a trench to, one of these streets take part.
    timings : Timings
        Collects the seconds of each step.
    """
    every, area = piece.homes, piece.area
    homes = every[every["part"] == piece.number].drop(columns="part").reset_index(drop=True)
    with timings.step("trenches"):
        plotted, plots = design.with_plots(area, assumptions.sites)
        taking = every.loc[every["left_out_reason"].isna()]
        graph = build_trenches(plotted, taking["building_id"], assumptions=assumptions.trenches)
        graph = within_reach(graph, piece.buildings, longest_gap_m=assumptions.clusters.longest_gap_m)
        counts = {"trenches.components_with_buildings": component_count(graph)}
    with timings.step("clusters"):
        own = own_loops(plotted, homes, assumptions)
        grouped, clusters, layout = design.group_homes(plotted, homes, graph, assumptions, streets=streets, own=own)
    if plots is not None:
        counts["inferred.plots.private_land_cut_by_nearest_home"] = int(plots["parcel_id"].isin(piece.buildings).sum())
    named = {*homes["street"].dropna(), *graph.services["name"].dropna()}
    return Grouped(
        grouped,
        clusters,
        layout,
        plots,
        own,
        _near(graph.changes, piece.ground),
        _near(graph.bridges, piece.ground)["street_id"].to_numpy(dtype=object),
        np.array(sorted(named), dtype=object),
        counts,
    )


def design_part(
    piece: Piece,
    grouped: Grouped,
    beside: gpd.GeoDataFrame | None,
    assumptions: Assumptions,
    profile: Profile | None = None,
    *,
    timings: Timings,
) -> Designed:
    """Design and cost every variant of every cluster of a part.

    Parameters
    ----------
    piece : Piece
        What the part is worked on with.
    grouped : Grouped
        Its clusters.
    beside : GeoDataFrame or None
        Buildings near it that take part in clusters of other parts, as `Grouped.taking`.
    assumptions : Assumptions
        All sections.
    profile : Profile, optional
        What the municipality answers: its fees.
    timings : Timings
        Collects the seconds of each step.
    """
    area = piece.area if grouped.plots is None else replace(piece.area, parcels=grouped.plots)
    layout = grouped.layout.beside_others(beside)
    homes, clusters = grouped.homes, grouped.clusters
    with timings.step("places"):
        placed = design.place(area, layout, assumptions=assumptions, own=grouped.own)
    with timings.step("depths"):
        sized = design.size(area, layout, placed, assumptions=assumptions)
        homes = recording.with_own_loops(homes, layout, placed, sized)
    with timings.step("pipes"):
        laid = design.lay(area, layout, placed, sized, assumptions=assumptions)
        sized, laid = design.further_variants(area, layout, placed, sized, laid, assumptions=assumptions)
        boreholes = recording.borehole_table(layout, sized, assumptions)
        solutions = recording.solution_table(layout, sized, laid)
    with timings.step("costs"):
        homes = recording.with_readiness(homes, area, assumptions)
        designs = recording.designs(homes, clusters, solutions, boreholes, laid, land=area.land)
        factors = design.metres_at_ranges(layout.cluster_ids, assumptions)
        costed = cost_tables(designs, assumptions=assumptions, profile=profile, borehole_factor=factors)
        clusters, solutions = recording.with_own_loop_counts(clusters, homes, costed.solutions)
        clusters = recording.with_ground(clusters, placed)
    counts = {**placed.counts, **recording.rings_closed(layout, sized)}
    return Designed(
        homes,
        clusters,
        solutions,
        boreholes,
        recording.connection_table(laid),
        laid.pipes,
        costed.costs,
        costed.curves,
        costed.sensitivity,
        costed.finance,
        counts,
    )


def judge_part(
    piece: Piece,
    designed: Designed,
    beside: gpd.GeoDataFrame | None,
    assumptions: Assumptions,
    profile: Profile | None = None,
    *,
    timings: Timings,
) -> Judged:
    """Hold the clusters of a part against the rules.

    Parameters
    ----------
    piece : Piece
        What the part is worked on with.
    designed : Designed
        Its designs.
    beside : GeoDataFrame or None
        Boreholes of other parts near it, every variant.
    assumptions : Assumptions
        Sections `ground` and `checks`.
    profile : Profile, optional
        What the municipality answers.
    timings : Timings
        Collects the seconds of each step.
    """
    area = piece.area
    with timings.step("checks"):
        boreholes, solutions = designed.boreholes, designed.solutions
        if beside is not None and len(beside):
            boreholes, solutions = design.cooled_by_others(
                boreholes, solutions, beside, area, ground=assumptions.ground
            )
        checks = check_rules(
            designed.clusters,
            designed.homes,
            solutions,
            boreholes,
            designed.pipes,
            zones=area.zones,
            loops=area.loops,
            assumptions=assumptions,
            profile=profile,
            not_given=recording.not_given(area),
        )
        clusters = give_verdicts(designed.clusters, solutions, checks, assumptions=assumptions)
        clusters = recording.with_participation(clusters, designed.homes, solutions)
    return Judged(clusters, solutions, boreholes, checks)


def conclude(
    piece: Piece, judged: Judged, beside: gpd.GeoDataFrame | None, assumptions: Assumptions, *, timings: Timings
) -> Concluded:
    """Add what the promising networks do to each other when all of them are built.

    Parameters
    ----------
    piece : Piece
        What the part is worked on with.
    judged : Judged
        Its verdicts.
    beside : GeoDataFrame or None
        Boreholes of other parts near it that are then drilled, as `Judged.drilled`.
    assumptions : Assumptions
        Section `ground`.
    timings : Timings
        Collects the seconds of each step.
    """
    with timings.step("checks"):
        drilled = judged.drilled
        every = drilled if beside is None else gpd.GeoDataFrame(pd.concat([drilled, beside], ignore_index=True))
        cooled = design.together(every, piece.area, ground=assumptions.ground)
        own = cooled[cooled.index.isin(judged.clusters["cluster_id"])]
        return Concluded(check_together(judged.checks, own, assumptions=assumptions))


def own_loops(area: Area, homes: gpd.GeoDataFrame, assumptions: Assumptions) -> gpd.GeoSeries | None:
    """Return the place of an own loop of each home that may take part."""
    taking = homes[homes["left_out_reason"].isna() & homes["building_id"].notna()]
    return design.own_places(area, taking, assumptions.sites) if len(taking) else None


def _near(frame: gpd.GeoDataFrame, ground: shapely.Geometry) -> gpd.GeoDataFrame:
    """Return the parts of what was done that lie on ground near buildings of the part."""
    frame = frame.explode(ignore_index=True)
    return gpd.GeoDataFrame(frame[shapely.intersects(shapes_of(frame), ground)].reset_index(drop=True), crs=frame.crs)
