"""Checks on power and heat taken from the ground, on neighbours, and the duties that every network has."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from minenet.assumptions import Assumptions
from minenet.checks.listing import finished, listed, ordered

__all__ = [
    "check_together",
    "data_given",
    "duties",
    "fluid_limit",
    "ground_power",
    "registered_loops",
    "thermal_interference",
]


def ground_power(
    built: pd.DataFrame, boreholes: gpd.GeoDataFrame, clusters: gpd.GeoDataFrame, assumptions: Assumptions
) -> pd.DataFrame:
    """Return whether one system takes more power from the ground than needs only a notification.

    A ring net is one system with the power of the cluster; of shared loops each is a system of its homes.
    """
    facts = clusters.set_index("cluster_id")[["homes", "peak_kw"]].astype("float64").reindex(built["cluster_id"])
    most = boreholes.groupby(["cluster_id", "variant"])["homes_served"].max().astype("float64")
    served = most.reindex(pd.MultiIndex.from_frame(built[["cluster_id", "variant"]])).to_numpy()
    single = built["variant"].eq("shared_loops").to_numpy()
    part = np.where(single, served / facts["homes"].to_numpy(), 1.0)
    power = facts["peak_kw"].to_numpy() * part * assumptions.ground.ground_share
    limit = assumptions.checks.permit_above_kw
    outcome = np.select([np.isnan(power), power > limit], ["unknown", "attention"], "ok")
    detail = [f"{kw:.0f} kW from the ground by the largest system, permit above {limit:g} kW" for kw in power]
    return listed("permit", built["cluster_id"], outcome, detail, built["variant"].to_numpy(object))


def fluid_limit(built: pd.DataFrame, assumptions: Assumptions) -> pd.DataFrame:
    """Return whether the coldest fluid that goes into the ground is as warm as the rules ask.

    The design keeps the fluid that `fluid_reading` names at its limit at peak: the mean fluid is half of `fluid_drop_k`
    warmer than what goes into the ground, what comes out the whole.
    """
    ground = assumptions.ground
    drop = {"into_ground": 0.0, "mean": ground.fluid_drop_k / 2, "out_of_ground": ground.fluid_drop_k}
    coldest, lowest = ground.fluid_limit_c - drop[ground.fluid_reading], assumptions.checks.fluid_lowest_c
    detail = f"the fluid goes into the ground at {coldest:g} C or warmer; at least {lowest:g} C is asked"
    outcome = "ok" if coldest >= lowest else "attention"
    return listed("fluid", built["cluster_id"], outcome, detail, built["variant"].to_numpy(object))


def thermal_interference(
    built: pd.DataFrame, solutions: pd.DataFrame, loops: gpd.GeoDataFrame | None, assumptions: Assumptions
) -> list[pd.DataFrame]:
    """Return how much systems cool each other, by who the other is.

    Loops of one cluster are designed together: what they do to each other is paid for in depth. Other clusters count as
    if all were built. A registered loop is someone else's: cooling it too far blocks, unless as much heat is given back
    as can be expected; what it does here asks attention. As the register is incomplete neither is ever ok.
    """
    felt = built[["cluster_id", "variant"]].merge(solutions, on=["cluster_id", "variant"], how="left")
    limit = assumptions.ground.cooling_limit_k
    to_all = felt["regeneration_kwh"].to_numpy(dtype=float)  # mends the worst of these; a lesser one asks for less
    worst = felt[["cooling_within_k", "cooling_by_clusters_k", "cooling_at_registered_k"]].max(axis=1).to_numpy(float)
    columns = {
        "cooling": "cooling_within_k",
        "cooling_clusters": "cooling_by_clusters_k",
        "cooling_registered": "cooling_at_registered_k",
        "cooling_by_registered": "cooling_by_registered_k",
    }
    rows = []
    for check, column in columns.items():
        kelvin = felt[column].to_numpy(dtype=float)
        outcome = np.select([np.isnan(kelvin), kelvin > limit], ["unknown", "attention"], "ok").astype(object)
        if check == "cooling_registered":
            most = limit / (1 - assumptions.checks.regeneration_possible_share)
            outcome = np.select([np.isnan(kelvin), kelvin > most], ["unknown", "blocked"], "attention").astype(object)
        elif check == "cooling_by_registered":
            outcome[outcome == "ok"] = "attention"  # not every loop is registered
        mends = (
            to_all * _excess(kelvin, limit) / _excess(worst, limit) if check in MENDED else np.full(len(kelvin), np.nan)
        )
        detail = [_cooled(k, limit, kwh) for k, kwh in zip(kelvin, mends, strict=True)]
        if check in OF_REGISTER and loops is None:
            outcome[:], detail = "unknown", ["no layer says"] * len(kelvin)
        rows.append(listed(check, felt["cluster_id"], outcome, detail, felt["variant"].to_numpy(object)))
    return rows


MENDED = ("cooling", "cooling_registered")
"""Checks on what the network itself cools: giving heat back mends that, not what others do here."""

OF_REGISTER = ("cooling_registered", "cooling_by_registered")
"""Checks that only the layer of registered loops can answer."""


def check_together(checks: pd.DataFrame, cooled: pd.Series, *, assumptions: Assumptions) -> pd.DataFrame:
    """Add whether what is promising stays so when every promising network is built.

    Parameters
    ----------
    checks : DataFrame
        As `check_rules` gives them.
    cooled : Series
        How much the other promising networks cool each [K], by `cluster_id`.
    assumptions : Assumptions
        Section `ground`.

    Returns
    -------
    DataFrame
        `checks` with a row `cooling_together` per promising cluster.
    """
    limit = assumptions.ground.cooling_limit_k
    outcome = np.where(cooled.to_numpy() > limit, "attention", "ok")
    detail = [_cooled(k, limit, np.nan) for k in cooled]
    added = finished([listed("cooling_together", cooled.index, outcome, detail)])
    return ordered(pd.concat([checks, added], ignore_index=True)) if len(added) else checks


def _excess(kelvin: np.ndarray, limit: float) -> np.ndarray:
    """Return the share of the heat that must be given back to keep within the limit: cooling is linear in it."""
    share: np.ndarray = 1 - limit / np.maximum(kelvin, limit)
    return np.asarray(np.maximum(share, np.finfo(float).tiny))  # it is divided by


def _cooled(kelvin: float, limit: float, given_back_kwh: float) -> str:
    if np.isnan(kelvin):
        return "not computed"
    digits = 2 if kelvin > limit and round(kelvin, 1) <= limit else 1  # 1.54 K is more than 1.5 K, and reads as more
    said = f"at most {kelvin:.{digits}f} K, limit {limit:g} K"
    if kelvin <= limit or np.isnan(given_back_kwh):
        return said
    return f"{said}; {given_back_kwh:.0f} kWh a year given back mends it"


def registered_loops(
    clusters: gpd.GeoDataFrame,
    boreholes: gpd.GeoDataFrame,
    loops: gpd.GeoDataFrame | None,
    assumptions: Assumptions,
) -> pd.DataFrame:
    """Return how many registered loops lie near; none found is no proof, so the outcome is never ok."""
    if loops is None:
        return listed("interference", clusters["cluster_id"], "unknown", "no layer says")
    within = assumptions.checks.loops_within_m
    places = np.concatenate([clusters.geometry.to_numpy(), boreholes.geometry.to_numpy()])
    owner = np.concatenate([clusters["cluster_id"].to_numpy(object), boreholes["cluster_id"].to_numpy(object)])
    place, loop = shapely.STRtree(loops.geometry.to_numpy()).query(places, predicate="dwithin", distance=within)
    near = pd.DataFrame({"cluster_id": owner[place], "loop": loop}).groupby("cluster_id")["loop"].nunique()
    count = near.reindex(clusters["cluster_id"], fill_value=0)
    detail = [f"{n} registered loops within {within:g} m; the register is incomplete" for n in count]
    return listed("interference", count.index, "attention", detail)


def data_given(clusters: gpd.GeoDataFrame, not_given: Sequence[str]) -> pd.DataFrame:
    """Return whether every layer was given: what is absent was not checked."""
    detail = f"not given: {', '.join(not_given)}" if not_given else "every layer was given"
    return listed("data", clusters["cluster_id"], "unknown" if not_given else "ok", detail)


def duties(clusters: gpd.GeoDataFrame, built: pd.DataFrame, assumptions: Assumptions) -> list[pd.DataFrame]:
    """Return the duties that hold for every network, or for every network of a kind."""
    some = clusters["cluster_id"][clusters["cluster_id"].isin(built["cluster_id"])]
    limit = assumptions.checks.collective_from_homes
    homes = clusters.set_index("cluster_id")["homes"].astype(int).reindex(some)
    ring = built["variant"].str.startswith("ring_net").to_numpy(bool)
    return [
        listed("notice", some, "attention", "notify the municipality at least 4 weeks ahead"),
        listed(
            "collective_heat_act",
            some,
            np.where(homes >= limit, "attention", "ok"),
            [f"{n} homes; from {limit} an exemption is needed" for n in homes],
        ),
        listed(
            "monitoring", built["cluster_id"], "attention", "measure and register", built["variant"].to_numpy(object)
        ),
        listed("cables", some, "attention", "ask for cables and pipes before digging"),
        listed(
            "patent",
            built["cluster_id"][ring],
            "attention",
            "ask Uiteigenbodem",
            built["variant"].to_numpy(object)[ring],
        ),
    ]
