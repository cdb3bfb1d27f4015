"""What a place costs beside its pipe."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from minenet.assumptions import Costs

__all__ = ["RING_DEPTH_M", "SHARED_DEPTH_M", "dearness"]

UNKNOWN_OWNER_M, PUBLIC_M = 10.0, 5.0
"""Ground of unknown owner, and public ground, is taken when it saves this much pipe: own ground comes first."""

SHARED_DEPTH_M, RING_DEPTH_M = 300.0, 150.0
"""Depths that most loops and boreholes need: ground that permits less is taken last."""

SHALLOW_M = 200.0
"""A place that permits less than that is taken when no other lies nearer by this."""

FIXED_M = 1_000.0
"""A place that the user gave comes before all others."""


def dearness(places: gpd.GeoDataFrame, costs: Costs, *, wanted_m: float) -> npt.NDArray[np.float64]:
    """Return what a place costs beside its pipe, as a length of lateral [m]: owner, rig, and depth below `wanted_m`."""
    shallow = places["max_depth_m"].to_numpy(dtype=float) < wanted_m
    lateral = costs.trench_private_eur_m + 2 * costs.pipe_small_eur_m
    access, land = (places[name].to_numpy(dtype=object) for name in ("access", "land"))
    rig = np.select([access == "mini", access == "crane"], [costs.mini_rig_eur, costs.crane_rig_eur], 0.0) / lateral
    dear = np.select([land == "public", land == "unknown"], [PUBLIC_M, UNKNOWN_OWNER_M], 0.0)
    return np.asarray(dear + rig + SHALLOW_M * shallow - FIXED_M * places["fixed"].to_numpy(dtype=bool))
