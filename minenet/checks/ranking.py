"""The order of clusters for a planner: what a place counts for, as a weighted sum of four figures, told in one line."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from minenet.assumptions import Checks

__all__ = ["RANK_CODES", "rank_of", "ranked"]

RANK_CODES = ("saving", "robustness", "drillings", "certainty")
"""Codes in `clusters.rank_reason`, each with its figure behind a colon."""

LEVELS = {"promising": 0, "investigate": 1, "excluded": 2}


def ranked(clusters: gpd.GeoDataFrame, solutions: pd.DataFrame, checks: pd.DataFrame, weights: Checks) -> pd.DataFrame:
    """Rank clusters: by verdict, then by score, then by id.

    The score is a weighted sum of four figures of the best variant, none of which depends on other clusters: the saving
    against a gas boiler as a share of its cost (dearer counts against it); the share of the homes that may stay away
    before it costs more than gas; the share of drillings that sharing saves against one per home; and the share of the
    checks that are not unknown. What is not known counts 0.

    Parameters
    ----------
    clusters : GeoDataFrame
        `cluster_id, homes, verdict, best_variant, annual_eur_per_home, gas_eur_per_home` [EUR/yr].
    solutions : DataFrame
        `cluster_id, variant, boreholes, break_even_homes`.
    checks : DataFrame
        `cluster_id, variant, outcome`.
    weights : Checks
        The weights of the four figures.

    Returns
    -------
    DataFrame
        `score`, `rank`, 1 is best, and `rank_reason`: the four codes with their figures, on the index of `clusters`.
    """
    key = pd.MultiIndex.from_frame(clusters[["cluster_id", "best_variant"]].astype(object))
    columns = ["cluster_id", "variant", "boreholes", "break_even_homes"]
    facts = solutions.reindex(columns=columns).set_index(["cluster_id", "variant"]).astype("Float64")
    drilled, fewest = (facts[c].reindex(key).to_numpy(dtype=float, na_value=np.nan) for c in columns[2:])
    homes, gas = clusters["homes"].to_numpy(dtype=float), clusters["gas_eur_per_home"].to_numpy(dtype=float)
    saving = gas - clusters["annual_eur_per_home"].to_numpy(dtype=float)
    fewest = np.where(np.isnan(fewest) & (saving < 0), homes, fewest)  # dearer with all of them: none may stay away
    known, asked = _answered(clusters, checks)
    figures = {
        "saving": np.clip(saving / gas, -1, 1),
        "robustness": np.clip(1 - fewest / homes, 0, 1),
        "drillings": np.clip(1 - drilled / homes, 0, 1),
        "certainty": known / np.maximum(asked, 1),
    }
    score = np.sum([getattr(weights, f"weight_{name}") * np.nan_to_num(part) for name, part in figures.items()], axis=0)
    score = np.round(score, 9)
    told = [
        ";".join(
            (
                f"saving:{_whole(s)}",
                f"robustness:{_part(n - f, n)}",
                f"drillings:{_part(n - d, n)}",
                f"certainty:{k}/{a}",
            )
        )
        for s, f, d, n, k, a in zip(saving, fewest, drilled, homes, known, asked, strict=True)
    ]
    rank = rank_of(clusters.assign(score=score))
    return pd.DataFrame({"score": score, "rank": rank, "rank_reason": told}, index=clusters.index)


def rank_of(clusters: pd.DataFrame) -> npt.NDArray[np.int_]:
    """Return the rank of clusters by `verdict`, then `score`, then `cluster_id`; 1 is best."""
    level = clusters["verdict"].map(LEVELS).to_numpy()
    order = np.lexsort((clusters["cluster_id"].astype(str).to_numpy(object), -clusters["score"].to_numpy(), level))
    rank = np.empty(len(order), int)
    rank[order] = np.arange(1, len(order) + 1)
    return rank


def _answered(clusters: gpd.GeoDataFrame, checks: pd.DataFrame) -> tuple[npt.NDArray[np.int_], npt.NDArray[np.int_]]:
    """Return how many checks of the best variant are not unknown, and how many there are; all where there is none."""
    best = clusters.set_index("cluster_id")["best_variant"].reindex(checks["cluster_id"]).to_numpy(object)
    variant = checks["variant"].to_numpy(object)
    mine = checks[pd.isna(variant) | pd.isna(best) | (variant == best)]
    by_cluster = mine["outcome"].ne("unknown").groupby(mine["cluster_id"]).agg(["sum", "size"])
    counts = by_cluster.reindex(clusters["cluster_id"], fill_value=0).to_numpy(dtype=int)
    return counts[:, 0], counts[:, 1]


def _whole(value: float) -> str:
    return "?" if np.isnan(value) else str(round(value))


def _part(some: float, of: float) -> str:
    """Return `some/all`; what is not known is a question mark, less than none is none."""
    return f"{'?' if np.isnan(some) else f'{max(some, 0):.0f}'}/{of:.0f}"
