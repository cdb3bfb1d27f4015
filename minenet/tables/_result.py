"""The layers of a result: what goes out, in the order in which it is written."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from minenet.tables._declared import (
    ALL_VARIANTS,
    ANY,
    HOME_TYPES,
    LINE,
    OUTCOMES,
    POINT,
    POLYGON,
    VARIANTS,
    VERDICTS,
    Table,
    number,
    text,
    truth,
    whole,
)

__all__ = ["RESULT_TABLES", "in_result_order"]

DRAWN = ("building", "street", "water", "zone", "land", "loop", "change")
"""Layers of `context`, in their order."""

_VARIANT = text("variant", "Way to build the network, or a reference.", ALL_VARIANTS, needed=True)
_CLUSTER = text("cluster_id", "Cluster.", needed=True)

RESULT_TABLES: Mapping[str, Table] = {
    t.name: t
    for t in (
        Table(
            "homes",
            POINT,
            "One row per dwelling read.",
            (
                text("home_id", "Identifier, from the address or the building.", needed=True),
                text("building_id", "Building the dwelling lies in."),
                text("address", "Street and house number."),
                text("home_type", "Type of dwelling, from the shared walls of the footprints.", HOME_TYPES),
                number(
                    "gas_m3", "Gas use per year (measured, else the mean of the postcode, else from the sourced table)."
                ),
                number("heat_kwh", "Heat demand per year for rooms and hot water."),
                number("peak_kw", "Heat power on the coldest day."),
                text("demand_source", "Where the demand comes from.", ("known", "measured", "postcode", "table")),
                text("cluster_id", "Cluster; null when left out."),
                text("left_out_reason", "Why the home is in no cluster; null when it is in one."),
                truth("own_loop_possible", "An own loop fits on the own plot; null when not known."),
                text(
                    "readiness",
                    "Low-temperature heating is likely possible, asks for insulation first, or nobody knows.",
                    ("likely", "insulate_first", "unknown"),
                ),
            ),
        ),
        Table(
            "clusters",
            POLYGON,
            "Candidates of 2-50 homes.",
            (
                _CLUSTER,
                text("name", "Name from the addresses."),
                whole("homes", "Number of homes.", 2),
                number("heat_kwh", "Heat demand of all homes per year."),
                number("peak_kw", "Peak of all homes together, after simultaneity."),
                number("heat_density_kwh_m2", "Heat taken from the ground per year and m2 of cluster."),
                text("verdict", "Outcome for the planner.", VERDICTS),
                text("reasons", "Machine codes of the reasons, separated by `;`."),
                text("best_variant", "Cheapest promising variant, else the cheapest that can be built.", VARIANTS),
                number("capex_eur_per_home", "Investment of the best variant."),
                number("annual_eur_per_home", "Annual cost of the best variant.", None),
                number("annual_low_eur_per_home", "P10 of the annual cost of the best variant.", None),
                number("annual_high_eur_per_home", "P90 of the annual cost of the best variant.", None),
                number("gas_eur_per_home", "Annual cost of gas boilers.", None),
                number("air_eur_per_home", "Annual cost of air heat pumps.", None),
                number("own_loop_eur_per_home", "Annual cost of heat pumps on own loops.", None),
                whole("own_loop_homes", "How many homes can have a loop of their own; null when plots are not known."),
                whole("own_loop_unknown_homes", "Of how many homes nobody knows which ground is theirs."),
                whole("shared_loop_homes", "How many homes can share a loop of 2-3 homes, by the same placement."),
                whole("borehole_capacity", "Most boreholes that fit in its ground, at the spacing, where a rig comes."),
                text("plots", "What is known of its plots.", ("parcels", "drawn")),
                whole("plots_drawn_over", "How many of its plots are drawn over another plot."),
                whole("break_even_homes", "Fewest homes that join for the best variant to cost no more than gas."),
                whole("break_even_own_loops", "Fewest homes that join for it to cost no more than own loops."),
                whole("homes_ready", "Homes in which low-temperature heating is likely possible."),
                whole("homes_to_insulate", "Homes that ask for insulation first."),
                whole("rank", "Rank among the clusters, 1 is best."),
                text("rank_reason", "What the rank goes by: codes with figures behind a colon, separated by `;`."),
            ),
        ),
        Table(
            "solutions",
            None,
            "One row per cluster and variant, references included.",
            (
                _CLUSTER,
                _VARIANT,
                truth("feasible", "Can be built as far as the data shows."),
                text("reason", "Why not."),
                whole("homes_possible", "Homes that loops of this kind can serve, by ground, clearance and spacing."),
                whole("homes_within_cooling", "The same when no loop may be cooled beyond the limit by the others."),
                whole("boreholes", "Number of boreholes."),
                number("borehole_m", "Metres drilled in all."),
                number("depth_m", "Mean depth per borehole."),
                number("trench_m", "Length of all trenches."),
                number("pipe_m", "Length of all pipes in them."),
                number("public_trench_m", "Trench in public ground."),
                number("cooling_within_k", "Most that loops of the same cluster cool each other, after 25 years."),
                number("cooling_by_clusters_k", "Most that other clusters cool it, if all were built this way."),
                number("cooling_by_registered_k", "Most that registered loops cool it."),
                number("cooling_at_registered_k", "Most that it cools a registered loop."),
                number("regeneration_kwh", "Heat a year, given back, that keeps all of these within the limit."),
                number(
                    "network_gap",
                    "Certified distance to the cheapest trench, as its ways are weighed; null when not certified.",
                ),
                number("capex_eur", "Investment."),
                number("capex_eur_per_home", "Investment per home."),
                number("annual_eur_per_home", "Annual cost per home.", None),
                number("annual_p50_eur_per_home", "Median of the annual cost per home.", None),
                number("annual_low_eur_per_home", "P10 of the annual cost per home.", None),
                number("annual_high_eur_per_home", "P90 of the annual cost per home.", None),
                number("factsheet_eur_per_home", "What the factsheet says at the mean gas use of its homes."),
                truth("factsheet_inside", "That gas use lies inside the factsheet's 500 to 2,000 m3."),
                truth("base_outside_range", "The annual cost lies outside P10 to P90 of its draws."),
                number("chance_cheaper_than_gas", "Share of the draws in which it costs less than gas.", 0, 1),
                number("chance_cheaper_than_air", "Share of the draws in which it costs less than air.", 0, 1),
                number(
                    "annual_30_eur_per_home", "Annual cost over 30 years, replacements and what is left counted.", None
                ),
                number("residual_30_eur_per_home", "What boreholes, pipes and the rest are worth after 30 years."),
                number(
                    "house_eur_per_home",
                    "Work on the house itself, in no total: insulation and radiators where needed.",
                ),
                number(
                    "subsidy_eur_per_home", "Subsidy that is certain in kind, in no total; 0 where it is not known."
                ),
                whole("break_even_homes", "Fewest homes that join for it to cost no more than gas; null: never."),
                whole(
                    "break_even_own_loops", "Fewest homes that join for it to cost no more than own loops; null: never."
                ),
                number("electricity_kwh_per_home", "Electricity per year for heat."),
                number("gas_m3_per_home", "Gas per year."),
                number("co2_kg_per_home", "Carbon dioxide per year from that electricity and gas."),
                number("grid_peak_kw_per_home", "Electric power on the coldest day."),
                whole("drillings", "Number of boreholes in all; 0 for gas and air."),
                truth("outdoor_unit", "A unit that blows and hums stands outdoors."),
                text("cooling", "Cooling in summer; null when not known.", ("none", "passive", "active")),
            ),
        ),
        Table(
            "boreholes",
            POINT,
            "Placed boreholes.",
            (
                text("borehole_id", "Identifier.", needed=True),
                _CLUSTER,
                _VARIANT,
                number("depth_m", "Depth."),
                text("ownership", "Whose ground it stands in.", ("own", "neighbour", "public", "unknown")),
                text(
                    "access",
                    "Largest rig that reaches it, as far as the map shows.",
                    ("truck", "mini", "crane", "unknown"),
                ),
                number("annual_kwh", "Heat it takes from the ground per year."),
                number("peak_kw", "Heat it takes from the ground at peak."),
                text("probe", "Tubes in the borehole."),
                number("probe_loss_kpa", "Pressure loss in the tubes at peak."),
                whole("homes_served", "Homes on this borehole; all homes of the ring in a ring net."),
                number("nearest_m", "Distance to the nearest other borehole of the variant or registered loop."),
                number("cooling_within_k", "Cooling of the ground here by loops of the same cluster."),
                number("cooling_by_clusters_k", "Cooling by other clusters, if all were built this way."),
                number("cooling_by_registered_k", "Cooling by registered loops."),
                number("neighbour_cooling_k", "Cooling of the ground here by all other systems: the sum of these."),
                truth("best", "Belongs to the best variant of its cluster: what is drawn first."),
            ),
        ),
        Table(
            "connections",
            None,
            "How each home hangs on the network.",
            (
                _CLUSTER,
                _VARIANT,
                text("home_id", "Home.", needed=True),
                text("borehole_id", "Borehole; null in a ring net."),
                text("pipe_id", "Service pipe or lateral of the home."),
            ),
        ),
        Table(
            "pipes",
            LINE,
            "Pipe runs.",
            (
                text("pipe_id", "Identifier.", needed=True),
                _CLUSTER,
                _VARIANT,
                text("kind", "Part of the network.", ("ring", "branch", "service", "loop")),
                number("length_m", "Length of the trench: that of the geometry."),
                number("pipe_m", "Length of pipe in it (supply and return both count)."),
                number("insulated_m", "Length of insulated pipe among it."),
                number("diameter_mm", "Outer diameter."),
                number("friction_w", "Power that friction takes from the fluid in it at peak."),
                text("ownership", "Whose ground it lies in.", ("public", "private", "unknown")),
                number(
                    "others_m", "Part of it in plots of people who do not take part; null when plots are not known."
                ),
                truth("best", "Belongs to the best variant of its cluster: what is drawn first."),
            ),
        ),
        Table(
            "costs",
            None,
            "One row per cluster, variant and item.",
            (
                _CLUSTER,
                _VARIANT,
                text("item", "What is paid for.", needed=True),
                text(
                    "kind",
                    "Kind of cost; `subsidy` and `house` are in no total.",
                    ("capex", "replacement", "yearly", "subsidy", "house"),
                ),
                number("quantity", "Quantity."),
                text("unit", "Unit of the quantity."),
                number("unit_price_eur", "Price per unit.", None),
                number("total_eur", "Quantity times price.", None),
                number("lifetime_years", "Technical lifetime."),
                text("per", "What the quantity is counted for.", ("cluster", "home")),
                text("source", "Source of the price, or `no source`."),
            ),
        ),
        Table(
            "curves",
            None,
            "Points of the curves on the pages.",
            (
                _CLUSTER,
                _VARIANT,
                text("curve", "Which curve.", ("participation", "sign_up", "leavers", "gas_use"), needed=True),
                number("x", "Homes that join, chance that a home joins, homes that leave, or gas use in m3."),
                number("value_eur_per_home", "Annual cost per home.", None),
                number("low_eur_per_home", "P10.", None),
                number("high_eur_per_home", "P90.", None),
            ),
        ),
        Table(
            "sensitivity",
            None,
            "Which assumptions matter most.",
            (
                _CLUSTER,
                _VARIANT,
                text("assumption", "Name of the assumption.", needed=True),
                number("low_eur_per_home", "Annual cost at the low end.", None),
                number("high_eur_per_home", "Annual cost at the high end.", None),
                whole("rank", "1 matters most."),
            ),
        ),
        Table(
            "finance",
            None,
            "Who pays what, and when.",
            (
                _CLUSTER,
                _VARIANT,
                text("form", "Form of ownership.", ("association", "supplier"), needed=True),
                number("upfront_eur_per_home", "Paid at the start.", None),
                number("monthly_eur_per_home", "Paid per month.", None),
                number("loan_eur_per_home", "Borrowed per home."),
                number("loan_rate", "Yearly rate of that loan.", 0, 1),
                whole("loan_years", "Term of that loan."),
                number("fee_eur_per_home", "Paid to the supplier per year for the network."),
                number("subsidy_eur_per_home", "Subsidy that is certain in kind; not taken off."),
                text("terms", "Terms in words."),
            ),
        ),
        Table(
            "checks",
            None,
            "What is allowed, what asks attention, what is blocked, what nobody knows yet.",
            (
                _CLUSTER,
                text("variant", "Variant; null = all.", ALL_VARIANTS),
                text("check", "Code of the check.", needed=True),
                text("outcome", "Outcome.", OUTCOMES),
                text("detail", "What was found."),
                text("who", "Who can answer."),
                text("source", "Rule and date."),
            ),
        ),
        Table(
            "context",
            ANY,
            "Things to draw around the clusters.",
            (
                text("layer", "Layer.", DRAWN, needed=True),
                text("name", "Name."),
                text("kind", "Kind."),
            ),
        ),
        Table(
            "provenance",
            None,
            "Where everything came from: version, input, counts, assumptions.",
            (text("key", "What.", needed=True), text("value", "Value.")),
        ),
    )
}
"""Layers of a result, in the order in which they are written."""

ORDER = {"homes": "home_id", "boreholes": "borehole_id"}
"""What tables are sorted by; all others by cluster, in the order that they have within one."""


def in_result_order(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return a table of a result in its order; what is drawn around the clusters goes by layer.

    Parameters
    ----------
    frame : DataFrame
        Rows of one part after the other.
    name : str
        Table, as in `RESULT_TABLES`.
    """
    if name == "provenance":
        return frame
    by = "layer" if name == "context" else ORDER.get(name, "cluster_id")
    key = frame[by].to_numpy(dtype=object).astype(str)
    if name == "context":
        key = np.array([DRAWN.index(layer) for layer in key], dtype=np.int64)
    return frame.iloc[np.argsort(key, kind="stable")].reset_index(drop=True)
