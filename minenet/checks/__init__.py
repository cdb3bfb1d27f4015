"""What is allowed, what asks attention, what is blocked, what nobody knows yet, and the verdict that follows.

What no layer answers is `unknown`, and unknown is never counted as allowed. The rules themselves, with who can answer
and their source, stand in `assumptions/rules.csv`; here stands how a network is held against them.
"""

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from minenet.assumptions import Assumptions, Profile
from minenet.checks.duties import (
    check_together,
    data_given,
    duties,
    fluid_limit,
    ground_power,
    registered_loops,
    thermal_interference,
)
from minenet.checks.listing import CHECKS, finished
from minenet.checks.municipal import network_allowed
from minenet.checks.places import (
    depth_limit,
    homes_in_zones,
    others_ground,
    ownership,
    placed_in_zones,
    plots_known,
    subject,
    zone_checks,
    zone_conditions,
)
from minenet.checks.ranking import rank_of
from minenet.checks.streets import pipe_permit, public_space
from minenet.checks.verdicts import ESSENTIAL, REASONS, give_verdicts
from minenet.tables import OF_WATER, VARIANTS

__all__ = ["CHECKS", "ESSENTIAL", "REASONS", "check_rules", "check_together", "give_verdicts", "rank_of"]


def check_rules(  # noqa: PLR0913 - one argument per table it reads
    clusters: gpd.GeoDataFrame,
    homes: gpd.GeoDataFrame,
    solutions: pd.DataFrame,
    boreholes: gpd.GeoDataFrame,
    pipes: gpd.GeoDataFrame,
    *,
    zones: gpd.GeoDataFrame | None,
    loops: gpd.GeoDataFrame | None,
    assumptions: Assumptions,
    profile: Profile | None = None,
    not_given: Sequence[str] = (),
) -> pd.DataFrame:
    """Hold every cluster, and every variant that can be built there, against the rules.

    A zone is judged by the homes in it, its edge included, and by the boreholes and pipes where these decide. The layer
    `zones` answers a question only when it speaks of that subject at all: without any ban in it, whether drilling is
    banned stays unknown. A zone of kind `public_space` says what the municipality allows in its streets: `ban`,
    `permit` or `notice` (asked for, but possible) or `support` (allowed). Where zones say nothing of a place, the
    profile of the municipality answers.

    Parameters
    ----------
    clusters : GeoDataFrame
        `cluster_id, homes, peak_kw` [kW], `plots, plots_drawn_over`.
    homes : GeoDataFrame
        Points with `home_id, cluster_id`.
    solutions : DataFrame
        `cluster_id, variant, feasible, public_trench_m` [m].
    boreholes, pipes : GeoDataFrame
        As placed and laid, with `cluster_id, variant, ownership`; pipes with `others_m` [m] where plots are known.
    zones, loops : GeoDataFrame or None
        Layers of the area; None = not given.
    assumptions : Assumptions
        Sections `checks` and `ground`.
    profile : Profile, optional
        What the municipality answers; nothing is known of it when not given.
    not_given : sequence of str, optional
        Layers of the area that were not given, and so were not checked.

    Returns
    -------
    DataFrame
        The table `checks`, ordered by cluster, check and variant; `variant` is null where it holds for all.
    """
    built = solutions[solutions["variant"].isin(VARIANTS) & solutions["feasible"].fillna(value=False)]
    built = built[["cluster_id", "variant", "public_trench_m"]]
    of_ground = built[~built["variant"].isin(OF_WATER)]
    profile = profile or Profile.unknown()
    size = homes.groupby("cluster_id").size().reindex(clusters["cluster_id"], fill_value=0)
    zones = None if zones is None else zones.assign(subject=subject(zones["kind"]))
    hits, placed = homes_in_zones(homes, zones), placed_in_zones(boreholes, pipes, zones)
    rows = [
        *zone_checks(
            size, hits, placed, zones, clusters, profile=profile, blocking=assumptions.checks.heat_network_share
        ),
        network_allowed(built, profile),
        public_space(built, boreholes, pipes, size, hits, zones=zones, profile=profile),
        pipe_permit(built, pipes, profile),
        ownership(built, boreholes, pipes),
        others_ground(built, pipes),
        depth_limit(built, boreholes, size, hits, zones),
        zone_conditions(hits, placed),
        ground_power(of_ground, boreholes, clusters, assumptions),
        fluid_limit(of_ground, assumptions),
        *thermal_interference(built, solutions, loops, assumptions),
        registered_loops(clusters, boreholes, loops, assumptions),
        *duties(clusters, built, assumptions),
        plots_known(clusters),
        data_given(clusters, not_given),
    ]
    return finished(rows)
