"""Whose ground is whose: plots of homes that take part, plots of others, and ground of the public."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from minenet.tables import Area, shapes_of

__all__ = ["Plots", "overlapping", "plots_of"]

Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]
Truths = npt.NDArray[np.bool_]

NOT_PUBLIC = frozenset({"service", "track", "footway", "path", "cycleway", "bridleway", "steps", "corridor"})
"""Classes of streets that may as well run over private ground."""

THROUGH_M = 5.0
"""A street that runs through a parcel for at least this makes it ground of the street."""


COMMON_M2 = 1.0
"""Ground that two plots share by rounding alone is less."""


@dataclass(frozen=True)
class Plots:
    """Parcels that take part: one row per parcel and cluster that has a building on it.

    Attributes
    ----------
    shapes : array of Polygon, shape (n,)
    parcel : array of int, shape (n,)
        Position in the layer of the area: a parcel with buildings of two clusters stands there twice.
    building : array of int, shape (n,)
        First building of the cluster on it.
    cluster : array of int, shape (n,)
    others : array of Polygon
        Parcels of others: those without a building that takes part, and not of the public.
    """

    shapes: Shapes
    parcel: Ints
    building: Ints
    cluster: Ints
    others: Shapes


def plots_of(area: Area, buildings: gpd.GeoDataFrame) -> Plots:
    """Return the parcels that hold a building that takes part, and those of others.

    Parcels of the public are neither: those that lie for the greater part in public land, or through which a street
    for cars runs. Cadastral layers cover streets and squares too.

    Parameters
    ----------
    area : Area
        Parcels, streets, and land where given.
    buildings : GeoDataFrame
        Buildings that take part: `cluster` (whole number) and footprint.
    """
    if area.parcels is None or not len(area.parcels):
        none, no_shapes = np.empty(0, dtype=np.int64), np.empty(0, dtype=object)
        return Plots(no_shapes, none, none, none, no_shapes)
    shapes = shapes_of(area.parcels)
    inner = shapely.point_on_surface(shapes_of(buildings))
    building, parcel = shapely.STRtree(shapes).query(inner, predicate="intersects")
    cluster = buildings["cluster"].to_numpy()[building]
    order = np.lexsort((building, cluster, parcel))
    building, parcel, cluster = building[order], parcel[order], cluster[order]
    first = np.ones(len(parcel), dtype=bool)
    first[1:] = (parcel[1:] != parcel[:-1]) | (cluster[1:] != cluster[:-1])
    rest = np.setdiff1d(np.arange(len(shapes)), parcel)
    rest = rest[~_public(shapes[rest], area)]
    return Plots(shapes[parcel[first]], parcel[first], building[first], cluster[first], shapes[rest])


def overlapping(plots: Plots, count: int) -> Ints:
    """Return how many plots of each of `count` clusters are drawn over another plot by more than `COMMON_M2`."""
    shapes = np.concatenate([plots.shapes, plots.others])
    parcel = np.concatenate([plots.parcel, -1 - np.arange(len(plots.others))])
    first, second = shapely.STRtree(shapes).query(plots.shapes, predicate="intersects")
    once = (parcel[first] != parcel[second]) & (first < second)  # either of two that take part finds the other
    first, second = first[once], second[once]
    common = shapely.area(shapely.intersection(shapes[first], shapes[second])) > COMMON_M2
    over = np.unique(np.concatenate([first[common], second[common]]))
    return np.bincount(plots.cluster[over[over < len(plots.shapes)]], minlength=count)


def _public(parcels: Shapes, area: Area) -> Truths:
    """Return which parcels are ground of the public."""
    public = np.zeros(len(parcels), dtype=bool)
    if not len(parcels):
        return public
    tree = shapely.STRtree(parcels)
    if area.land is not None:
        land = shapes_of(area.land)[(area.land["ownership"] == "public").fillna(value=False).to_numpy(dtype=bool)]
        piece, parcel = tree.query(land, predicate="intersects")
        common = shapely.area(shapely.intersection(land[piece], parcels[parcel]))
        public |= np.bincount(parcel, weights=common, minlength=len(parcels)) > shapely.area(parcels) / 2
    lines = shapes_of(area.streets)[~area.streets["road_class"].isin(NOT_PUBLIC).to_numpy()]
    line, parcel = tree.query(lines, predicate="intersects")
    inside = shapely.length(shapely.intersection(lines[line], parcels[parcel]))
    public[parcel[inside >= THROUGH_M]] = True
    return public
