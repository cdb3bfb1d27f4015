"""Places for boreholes that the user gave: they are kept, or refused with a reason, never moved or dropped."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from minenet.assumptions import Sites
from minenet.errors import InputError
from minenet.sites.clearances import clearances
from minenet.sites.ground import Drillable, boundaries
from minenet.tables import Area, shapes_of

__all__ = ["fixed_places"]

Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]

WHERE = "layer `fixed_boreholes`"

EXACT_M = 1e-6
"""A place exactly at its clearance is kept."""


def fixed_places(
    area: Area, buildings: gpd.GeoDataFrame, ground: Drillable, *, assumptions: Sites, counted: int | None = None
) -> tuple[gpd.GeoDataFrame, Mapping[str, str]]:
    """Give every fixed place to the cluster on whose plot it stands, or else whose building is nearest.

    Parameters
    ----------
    area : Area
        Its layer `fixed_boreholes`, where given.
    buildings : GeoDataFrame
        As for `drillable_ground`.
    ground : Drillable
        Where boreholes may stand.
    assumptions : Sites
        Section `sites`.
    counted : int, optional
        Only those of the first so many clusters are returned; all by default.

    Returns
    -------
    places : GeoDataFrame
        `cluster` and a point, in the order of their ids; empty where the user gave none.
    notes : mapping
        How many are kept.

    Raises
    ------
    InputError
        When two stand closer to each other than the spacing, or one stands where no borehole may stand.
    """
    if area.fixed_boreholes is None or not len(area.fixed_boreholes):
        return gpd.GeoDataFrame({"cluster": np.empty(0, dtype=np.int64)}, geometry=[], crs=area.crs), {}
    fixed = area.fixed_boreholes
    points, name = shapes_of(fixed), fixed["fixed_id"].astype(str).to_numpy()
    _require_apart(points, name, assumptions.spacing_m)
    cluster = _cluster_of(points, buildings, ground, assumptions.reach_m)
    inside = (cluster >= 0) & (cluster < (np.inf if counted is None else counted))
    _require_free(points[inside], name[inside], area, ground, assumptions)
    notes = {"count.fixed_boreholes": str(int(inside.sum()))}
    return gpd.GeoDataFrame({"cluster": cluster[inside]}, geometry=points[inside], crs=area.crs), notes


def _require_apart(points: Shapes, name: npt.NDArray[np.object_], spacing: float) -> None:
    pairs = cKDTree(shapely.get_coordinates(points)).query_pairs(spacing - EXACT_M, output_type="ndarray")
    if len(pairs):
        first, second = pairs[np.lexsort(pairs.T[::-1])][0]
        least = shapely.distance(points[first], points[second])
        raise InputError(
            f"`{name[first]}` and `{name[second]}` stand {least:.2f} m apart, closer than the spacing of {spacing:g} m",
            where=WHERE,
            mend="Move one of them, or lower `spacing_m` in the section `sites` of the assumptions.",
        )


def _cluster_of(points: Shapes, buildings: gpd.GeoDataFrame, ground: Drillable, reach_m: float) -> Ints:
    cluster = np.full(len(points), -1)
    tree = shapely.STRtree(shapes_of(buildings))
    point, building = tree.query_nearest(points, max_distance=reach_m, all_matches=False)
    cluster[point] = buildings["cluster"].to_numpy()[building]
    plot, point = shapely.STRtree(points).query(ground.plots.shapes, predicate="intersects")
    first = pd.Series(ground.plots.cluster[plot], index=point).groupby(level=0).min()
    cluster[first.index.to_numpy(dtype=np.int64)] = first.to_numpy()
    return cluster


def _require_free(
    points: Shapes,
    name: npt.NDArray[np.object_],
    area: Area,
    ground: Drillable,
    assumptions: Sites,
) -> None:
    """Raise when a fixed place is too close to anything, with what that is."""
    refused = np.full(len(points), None, dtype=object)
    kept = [*clearances(area, assumptions), *boundaries(area, ground.plots, assumptions)]
    for word, shapes, distance in kept:
        apart = np.broadcast_to(np.asarray(distance, dtype=float), shapes.shape)
        shape, point = shapely.STRtree(points).query(shapes, predicate="dwithin", distance=apart)
        near = shapely.distance(shapes[shape], points[point]) < np.maximum(apart[shape] - EXACT_M, EXACT_M)
        refused[point[near]] = word
    lost = np.flatnonzero(refused != None)  # noqa: E711
    if len(lost):
        raise InputError(
            f"`{name[lost[0]]}` stands too close to a {refused[lost[0]]}",
            where=WHERE,
            mend="Move it, or lower the clearance in the section `sites` of the assumptions.",
        )
