"""Sums: metres, heat and euros of solutions and clusters are those of their parts, and none is missing."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from minenet.invariants.carriers import KEY, MILLIMETRE, Case, named

__all__ = ["sums"]

CENT = 0.01
COSTS = ["capex_eur", "capex_eur_per_home", "annual_eur_per_home"]


def sums(case: Case) -> list[str]:
    """Return clusters and variants of which metres, heat or costs are not the sums of their parts, or not known."""
    return _off_metres(case) + _off_lines(case) + _off_costs(case) + _off_clusters(case)


def _off_metres(case: Case) -> list[str]:
    """Return networks of which boreholes and metres are not those of the tables."""
    result = case.result
    built = case.built.set_index(KEY)
    drilled = result.boreholes.groupby(KEY)["depth_m"].agg(["sum", "size", "mean"]).reindex(built.index).fillna(0)
    laid = result.pipes.groupby(KEY)[["length_m", "pipe_m"]].sum().reindex(built.index).fillna(0)
    each = result.pipes.assign(known=result.pipes["ownership"] != "unknown", public=_public_m(result.pipes))
    owned = each.groupby(KEY).agg({"known": "all", "public": "sum"}).reindex(built.index)
    parts = {
        "depth_m": drilled["mean"],
        "borehole_m": drilled["sum"],
        "boreholes": drilled["size"],
        "trench_m": laid["length_m"],
        "pipe_m": laid["pipe_m"],
    }
    # What a network without boreholes or pipes has none of stands as null or as 0.
    off = pd.DataFrame({name: (built[name].fillna(0) - part).abs() > 2 * MILLIMETRE for name, part in parts.items()})
    told = (built["public_trench_m"] - owned["public"]).abs() <= 2 * MILLIMETRE
    told = told.where(owned["known"] == True, built["public_trench_m"].isna())  # noqa: E712 - null where nothing is laid
    return _keys(_sure(off.any(axis=1)) | ~_sure(told), built.index)


def _public_m(pipes: pd.DataFrame) -> pd.Series:
    return pipes["length_m"].where(pipes["ownership"] == "public", 0.0)


def _off_lines(case: Case) -> list[str]:
    """Return cost lines that are not their quantity times their price, each rounded as it is written."""
    costs = case.result.costs
    off = (costs["quantity"] * costs["unit_price_eur"] - costs["total_eur"]).abs()
    rounding = 0.005 + 0.00005 * costs["unit_price_eur"].abs() + 0.000005 * costs["quantity"].abs() + MILLIMETRE
    wrong = costs[~(off <= rounding)]
    return named(wrong["cluster_id"] + " " + wrong["variant"] + " " + wrong["item"])


def _off_costs(case: Case) -> list[str]:
    """Return solutions of which the costs are not those of their lines.

    With `n` homes, a line counts in full in a cluster, or as the mean of its homes; purchases, now or again, are spread
    over the years of the comparison at interest. What cannot be built has no costs.
    """
    result, numbers = case.result, case.numbers.costs
    homes = result.clusters.drop_duplicates("cluster_id").set_index("cluster_id")["homes"].astype(float)
    lines = result.costs[result.costs["kind"].isin(["capex", "replacement", "yearly"])]
    count = homes.reindex(lines["cluster_id"]).to_numpy(dtype=float)
    each: pd.Series = lines["total_eur"] / np.where(lines["per"] == "cluster", count, 1.0)
    growth = (1 + numbers.interest) ** numbers.years
    share = numbers.interest * growth / (growth - 1) if numbers.interest > 0 else 1 / numbers.years
    parts = pd.DataFrame({
        "bought": each.where(lines["kind"] == "capex", 0.0),
        "yearly": each * np.where(lines["kind"] == "yearly", 1.0, share),
        "lines": 1.0,
    })  # fmt: skip
    solutions = result.solutions.drop_duplicates(KEY).set_index(KEY)
    of = parts.groupby([lines["cluster_id"], lines["variant"]]).sum().reindex(solutions.index).fillna(0.0)
    n = homes.reindex(solutions.index.get_level_values("cluster_id")).to_numpy()
    rounding = CENT / 2 * (of["lines"] + 1) + MILLIMETRE  # every line and every sum is written to the cent
    can = solutions["feasible"].fillna(value=False).astype(bool)
    right = (solutions["capex_eur_per_home"] - of["bought"]).abs() <= rounding
    right &= (solutions["annual_eur_per_home"] - of["yearly"]).abs() <= rounding
    right &= (solutions["capex_eur_per_home"] * n - solutions["capex_eur"]).abs() <= CENT / 2 * (n + 1) + MILLIMETRE
    none = solutions[COSTS].isna().all(axis=1) & (of["lines"] == 0)
    own = solutions.index.get_level_values("variant") == "own_loops"  # told also where some homes have no room for one
    return _keys(~_sure(right.where(can, none | (right & own))), solutions.index)


def _off_clusters(case: Case) -> list[str]:
    """Return clusters of which the heat is not that of their homes, or the cost not that of their best variant."""
    result = case.result
    clusters = result.clusters.drop_duplicates("cluster_id").set_index("cluster_id")
    heat = result.homes.groupby("cluster_id")["heat_kwh"].sum().reindex(clusters.index)
    peak = result.homes.groupby("cluster_id")["peak_kw"].sum().reindex(clusters.index)
    right = (clusters["heat_kwh"] - heat).abs() <= 0.05 * (clusters["homes"] + 1)
    right &= clusters["peak_kw"] <= peak + 0.001 * (clusters["homes"] + 1)  # not all peaks fall together
    best = result.solutions.drop_duplicates(KEY).set_index(KEY)
    key = pd.MultiIndex.from_arrays([clusters.index, clusters["best_variant"]])
    none = clusters["best_variant"].isna().to_numpy()
    right &= none | best["feasible"].reindex(key).fillna(value=False).to_numpy(dtype=bool)
    for column in COSTS[1:]:
        of_best = best[column].reindex(key).to_numpy(dtype=float)
        said = clusters[column].to_numpy(dtype=float)
        right &= np.where(none, np.isnan(said), np.abs(said - of_best) < CENT)
    return named(clusters.index[~_sure(right)])


def _sure(right: pd.Series) -> npt.NDArray[np.bool_]:
    """Return what is so; of what is not known it is not."""
    return np.asarray(right.fillna(value=False).to_numpy(dtype=bool))


def _keys(wrong: npt.NDArray[np.bool_], keys: pd.Index) -> list[str]:
    return named(" ".join(map(str, key)) for key in keys[wrong])
