"""The list of checks, and rows of it with who can answer and the source of the rule."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from minenet.assumptions import read_table
from minenet.tables import RESULT_TABLES, VARIANTS, typed

__all__ = ["CHECKS", "finished", "listed", "ordered"]

CHECKS = (
    "drilling_ban",
    "heat_network_planned",
    "network_allowed",
    "public_space",
    "pipe_permit",
    "ownership",
    "others_ground",
    "plots",
    "depth_limit",
    "interference_area",
    "zone_conditions",
    "permit",
    "fluid",
    "cooling",
    "cooling_clusters",
    "cooling_registered",
    "cooling_by_registered",
    "cooling_together",
    "interference",
    "notice",
    "collective_heat_act",
    "monitoring",
    "cables",
    "patent",
    "support",
    "data",
)
"""Codes of the checks, in the order in which they are listed."""

COLUMNS = ["cluster_id", "variant", "check", "outcome", "detail", "basis"]


def listed(
    check: str, cluster_id: Iterable[object], outcome: object, detail: object, variant: object = None
) -> pd.DataFrame:
    """Return rows of one check; a column `basis` may be added: the source of the zone that decides."""
    ids = np.asarray(list(cluster_id), object)
    return pd.DataFrame({"cluster_id": ids, "variant": variant, "check": check, "outcome": outcome, "detail": detail})


def finished(rows: list[pd.DataFrame]) -> pd.DataFrame:
    """Return all rows in order, with who can answer and the source of the rule."""
    checks = pd.concat([r.reindex(columns=COLUMNS).astype("object") for r in rows], ignore_index=True)
    rules = read_table("rules").set_index("check").reindex(checks["check"])
    source = (rules["source"] + " (" + rules["date"] + ")").to_numpy(object)
    basis = checks["basis"].fillna("").to_numpy(object)
    checks["source"] = [f"{b}; {s}" if b else s for b, s in zip(basis, source, strict=True)]
    checks["who"] = rules["who"].to_numpy(object)
    return ordered(checks.drop(columns="basis"))


def ordered(checks: pd.DataFrame) -> pd.DataFrame:
    """Return rows by cluster, check and variant."""
    order = {code: number for number, code in enumerate((*CHECKS, *VARIANTS))}
    turn = checks.assign(_check=checks["check"].map(order), _variant=checks["variant"].map(order).fillna(-1))
    turn = turn.sort_values(["cluster_id", "_check", "_variant"], ignore_index=True)
    return typed(turn.drop(columns=["_check", "_variant"]), RESULT_TABLES["checks"])
