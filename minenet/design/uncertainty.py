"""How far the metres drilled depend on what is assumed of the ground (conductivity, resistance) and of the peak."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from minenet.assumptions import Assumptions, Ground
from minenet.ground import size_field, size_loops

__all__ = ["metres_at_ranges"]

VARIED = ("peak_hours", "conductivity", "borehole_resistance", "surface_temperature_c", "coldest_month_share")
"""Assumptions of the ground that change metres most; each is varied alone, from its low to its high."""

HOMES = 12
"""Homes of the typical street on which the factors are taken: they differ little from cluster to cluster."""

RING_HOMES_EACH, RING_SPACING_M = 1.5, 12.0


def metres_at_ranges(cluster_ids: npt.NDArray[np.object_], assumptions: Assumptions) -> pd.DataFrame:
    """Return the factor on the metres drilled at both ends of the assumptions of the ground and of the homes' peak.

    It is taken on one typical street for every variant, not on each cluster anew: a screening of what matters.

    Parameters
    ----------
    cluster_ids : array of str
        Clusters that get the factors.
    assumptions : Assumptions
        Ranges of section `ground` and of `homes.full_load_hours`; spacing and heat of section `clusters`.

    Returns
    -------
    DataFrame
        `cluster_id, variant, assumption, low, high`.
    """
    hours = assumptions.homes.full_load_hours
    base = _metres(assumptions.ground, hours, assumptions)
    rows = []
    for name in VARIED:
        entry = assumptions.entries[f"ground.{name}"]
        ends = [_metres(_with(assumptions.ground, name, end), hours, assumptions) for end in (entry.low, entry.high)]
        rows += [(v, entry.key, ends[0][v] / base[v], ends[1][v] / base[v]) for v in base]
    entry = assumptions.entries["homes.full_load_hours"]
    ends = [_metres(assumptions.ground, hours if end is None else end, assumptions) for end in (entry.low, entry.high)]
    rows += [(v, entry.key, ends[0][v] / base[v], ends[1][v] / base[v]) for v in base]
    factors = pd.DataFrame(rows, columns=["variant", "assumption", "low", "high"])
    return pd.DataFrame({"cluster_id": cluster_ids}).merge(factors, how="cross")


def _with(ground: Ground, name: str, value: float | None) -> Ground:
    """Return the ground with another value of one assumption."""
    changed: dict[str, Any] = {name: value}
    return replace(ground, **changed)


def _metres(ground: Ground, hours: float, assumptions: Assumptions) -> dict[str, float]:
    """Return the metres drilled for a typical street whose homes have so many full-load hours, by variant. [m]."""
    clusters = assumptions.clusters
    heat = clusters.typical_heat_kwh * ground.ground_share

    def row(count: int, apart: float) -> npt.NDArray[np.float64]:
        return np.column_stack([np.arange(count) * apart, np.zeros(count)])

    def loops(homes: float, apart: float) -> float:
        count = round(HOMES / homes)
        return float(size_loops(row(count, apart), heat * homes, heat * homes / hours, ground=ground).sum())

    boreholes = round(HOMES / RING_HOMES_EACH)
    ring = size_field(row(boreholes, RING_SPACING_M), heat * HOMES, heat * HOMES / hours, ground=ground) * boreholes
    return {
        "shared_loops": loops(3.0, clusters.loop_spacing_m),
        "ring_net": float(ring),
        "own_loops": loops(1.0, assumptions.sites.spacing_m),
    }
