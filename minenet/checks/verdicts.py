"""The verdict on a cluster: promising, to be investigated or excluded, with its reasons and rank."""

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from minenet.assumptions import Assumptions
from minenet.checks.ranking import ranked
from minenet.tables import REFERENCES, RESULT_TABLES, VARIANTS, typed

__all__ = ["ESSENTIAL", "REASONS", "give_verdicts"]

ESSENTIAL = (
    "drilling_ban",
    "heat_network_planned",
    "network_allowed",
    "public_space",
    "ownership",
    "cooling_clusters",
    "cooling_registered",
    "cooling_by_registered",
    "interference",
)
"""Checks that must be answered before a cluster can be promising."""

REASON_OF = {
    ("drilling_ban", "blocked"): "drilling_ban",
    ("drilling_ban", "unknown"): "drilling_unknown",
    ("heat_network_planned", "blocked"): "heat_network_planned",
    ("heat_network_planned", "unknown"): "heat_network_unknown",
    ("network_allowed", "blocked"): "network_refused",
    ("network_allowed", "unknown"): "network_unknown",
    ("network_allowed", "attention"): "network_conditional",
    ("public_space", "blocked"): "public_space_refused",
    ("public_space", "unknown"): "public_space_unknown",
    ("public_space", "attention"): "public_space_needed",
    ("ownership", "unknown"): "ownership_unknown",
    ("depth_limit", "blocked"): "depth_limit",
    ("cooling_registered", "blocked"): "cooling_registered",
    ("cooling_registered", "unknown"): "interference_unknown",
    ("cooling_by_registered", "unknown"): "interference_unknown",
    ("cooling_clusters", "unknown"): "interference_unknown",
    ("interference", "unknown"): "interference_unknown",
    ("cooling", "attention"): "cooling_high",
    ("heat_network_planned", "attention"): "heat_network_partly",
    ("drilling_ban", "attention"): "drilling_ban_partly",
}
"""Code of the reason that an outcome of a check gives for the verdict."""

REFERENCE_NAMES = {"gas_boiler": "gas", "air_heat_pump": "air", "own_loops": "own_loops"}

MOSTLY_DEARER = "gas_cheaper_in_most_draws"
"""Its estimate costs no more than gas, but over the ranges of the assumptions gas is cheaper more often than not."""

REASONS = (
    *dict.fromkeys(REASON_OF.values()),
    *(f"{side}_than_{name}" for name in REFERENCE_NAMES.values() for side in ("cheaper", "dearer")),
    MOSTLY_DEARER,
    "cost_unknown",
    "no_variant",
)
"""Codes that can stand in `clusters.reasons`."""


def give_verdicts(
    clusters: gpd.GeoDataFrame, solutions: pd.DataFrame, checks: pd.DataFrame, *, assumptions: Assumptions
) -> gpd.GeoDataFrame:
    """Give every cluster its verdict, the reasons for it, its best variant and its rank.

    A variant is open when it can be built and no rule blocks it; a cluster without one is excluded. An open variant is
    promising when it costs no more than a gas boiler at the same use (plus a margin that the planner sets) and no
    essential check is unknown for it, nor a heat network planned for a part of its homes. The best variant is the
    cheapest promising one, and the cluster is promising; without one it is the cheapest that is open, and there is
    something to investigate.

    Parameters
    ----------
    clusters : GeoDataFrame
        `cluster_id, homes`.
    solutions : DataFrame
        With costs [EUR], `boreholes` and `break_even_homes`, references included.
    checks : DataFrame
        As `check_rules` gives them.
    assumptions : Assumptions
        Section `checks`.

    Returns
    -------
    GeoDataFrame
        `clusters` with `verdict`, `reasons`, `best_variant`, costs per home, `rank` (promising first, excluded last,
        within each as `minenet.checks.ranking` says) and `rank_reason`.
    """
    options = _options(solutions, checks)
    costs = solutions.set_index(["cluster_id", "variant"])["annual_eur_per_home"].unstack()  # noqa: PD010 - no sums
    costs = costs.reindex(index=clusters["cluster_id"], columns=list(REFERENCES))
    gas = costs["gas_boiler"].reindex(options["cluster_id"]).to_numpy("float64")
    cheap = options["annual"].to_numpy() <= gas + assumptions.checks.cost_margin_eur  # False where one is not known
    options["lesser"] = ~cheap | options["unsure"].to_numpy(bool)
    order = ["cluster_id", "lesser", "annual", "order"]
    best = options[options["open"]].sort_values(order).drop_duplicates("cluster_id").set_index("cluster_id")
    best = best.reindex(clusters["cluster_id"])
    values: dict[str, Any] = {
        "verdict": best["lesser"].map({False: "promising", True: "investigate"}).fillna("excluded").to_numpy(object),
        "reasons": _reasons(clusters["cluster_id"], options, best, costs, checks),
        "best_variant": best["variant"].to_numpy(object),
        "capex_eur_per_home": best["capex"].to_numpy(),
        "annual_eur_per_home": best["annual"].to_numpy(),
        "annual_low_eur_per_home": best["low"].to_numpy(),
        "annual_high_eur_per_home": best["high"].to_numpy(),
        "gas_eur_per_home": costs["gas_boiler"].to_numpy(),
        "air_eur_per_home": costs["air_heat_pump"].to_numpy(),
        "own_loop_eur_per_home": costs["own_loops"].to_numpy(),
    }
    judged = clusters.assign(**values)
    judged = judged.assign(**ranked(judged, solutions, checks, assumptions.checks))
    return gpd.GeoDataFrame(typed(judged, RESULT_TABLES["clusters"]), crs=clusters.crs)


def _options(solutions: pd.DataFrame, checks: pd.DataFrame) -> pd.DataFrame:
    """Return every variant of every cluster, whether it is open (feasible, not blocked) and whether it is unsure."""
    table = solutions[solutions["variant"].isin(VARIANTS)]
    options = pd.DataFrame(
        {
            "cluster_id": table["cluster_id"].to_numpy(object),
            "variant": table["variant"].to_numpy(object),
            "order": table["variant"].map({v: n for n, v in enumerate(VARIANTS)}).to_numpy(),
            "annual": table["annual_eur_per_home"].to_numpy("float64"),
            "low": table["annual_low_eur_per_home"].to_numpy("float64"),
            "high": table["annual_high_eur_per_home"].to_numpy("float64"),
            "capex": table["capex_eur_per_home"].to_numpy("float64"),
            "chance": table.reindex(columns=["chance_cheaper_than_gas"]).to_numpy("float64")[:, 0],
            "feasible": table["feasible"].fillna(value=False).to_numpy(bool),
        }
    )
    blocked = _holds(options, checks[checks["outcome"].eq("blocked")])
    open_question = checks["outcome"].eq("unknown") & checks["check"].isin(ESSENTIAL)
    open_question |= checks["outcome"].eq("attention") & checks["check"].eq("heat_network_planned")  # for some homes
    unsure = _holds(options, checks[open_question])
    return options.assign(open=options["feasible"] & ~blocked, unsure=unsure)


def _holds(options: pd.DataFrame, checks: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return whether one of these checks holds for an option: for its variant, or for all of its cluster."""
    pairs = pd.MultiIndex.from_frame(checks.loc[checks["variant"].notna(), ["cluster_id", "variant"]].astype(object))
    mine = pd.MultiIndex.from_frame(options[["cluster_id", "variant"]])
    whole = options["cluster_id"].isin(checks.loc[checks["variant"].isna(), "cluster_id"]).to_numpy(bool)
    return whole | mine.isin(pairs)


def _reasons(
    ids: pd.Series, options: pd.DataFrame, best: pd.DataFrame, costs: pd.DataFrame, checks: pd.DataFrame
) -> list[str]:
    """Return the codes that explain each verdict: what blocks, what is unknown, and how the cost compares."""
    found = best["variant"].notna()
    variant = best["variant"].reindex(checks["cluster_id"]).to_numpy(object)
    mine = checks["variant"].isna().to_numpy() | pd.isna(variant) | (checks["variant"].to_numpy(object) == variant)
    outcomes = checks[mine & (checks["outcome"].eq("blocked").to_numpy(bool) | ~pd.isna(variant))]
    told = zip(outcomes["check"], outcomes["outcome"], strict=True)
    pairs = [(i, REASON_OF[c]) for i, c in zip(outcomes["cluster_id"], told, strict=True) if c in REASON_OF]
    feasible = set(options.loc[options["feasible"], "cluster_id"])
    pairs += [(i, "no_variant") for i in ids if i not in feasible]
    for reference, name in REFERENCE_NAMES.items():
        saving = (costs[reference] - best["annual"])[found].dropna()
        pairs += [(i, f"cheaper_than_{name}" if s >= 0 else f"dearer_than_{name}") for i, s in saving.items()]
    seldom = found & (best["chance"] < 0.5) & (best["annual"] <= costs["gas_boiler"])
    pairs += [(i, MOSTLY_DEARER) for i in best.index[seldom]]
    pairs += [(i, "cost_unknown") for i in best.index[found & best["annual"].isna()]]
    codes = pd.DataFrame(pairs, columns=["cluster_id", "code"])
    joined = codes.groupby("cluster_id")["code"].agg(lambda c: ";".join(sorted(set(c))))
    return joined.reindex(ids).fillna("").tolist()
