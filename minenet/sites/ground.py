"""The ground of each cluster, and of each home alone, in which a borehole may stand."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from minenet.assumptions import Sites
from minenet.sites.clearances import MARGIN_M, ROUND, kept_clear, widened
from minenet.sites.plots import COMMON_M2, Plots, plots_of
from minenet.tables import Area, shapes_of, united

__all__ = ["Drillable", "boundaries", "drillable_ground", "own_ground"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]

ESTATE_M2 = 10_000.0
"""A plot larger than this is searched within reach of its buildings alone, not to its end."""


@dataclass(frozen=True)
class Drillable:
    """Ground in which boreholes may stand, before rigs, borders and owners of public ground are looked at.

    Attributes
    ----------
    shapes : array of Polygon or MultiPolygon, shape (clusters,)
        Ground of each cluster, clear of everything; empty where there is none. Clusters may want the same ground
        outside their plots: `disputed` says what neither gets.
    plots : Plots
        Whose plots are whose.
    joined : array of Polygon or MultiPolygon, shape (clusters,)
        Plots of each cluster as one; empty where it has none.
    notes : mapping
        Areas [m2], each rounded and summed over the clusters: searched, and what was left after each step.
    """

    shapes: Shapes
    plots: Plots
    joined: Shapes
    notes: Mapping[str, str]


def drillable_ground(
    area: Area, buildings: gpd.GeoDataFrame, *, assumptions: Sites, counted: int | None = None
) -> Drillable:
    """Draw the ground of each cluster in which a borehole may stand.

    It is the ground within reach of a building of the cluster that lies on a plot of its homes, or on nobody's plot;
    less the clearance from the outer edge of the plots that take part, from plots and private land of others,
    buildings, water, roads, obstacles and registered loops; less zones with a ban.

    Parameters
    ----------
    area : Area
        Layers that say where it may not: buildings, streets, and parcels, land, water, obstacles, zones and loops
        where given.
    buildings : GeoDataFrame
        Buildings that take part: `building_id`, `cluster` (whole number from 0), footprint; in the order of their ids.
    assumptions : Sites
        Section `sites`.
    counted : int, optional
        Only the areas of the first so many clusters are counted in the notes; all by default.

    Returns
    -------
    Drillable
    """
    cluster = buildings["cluster"].to_numpy(dtype=np.int64)
    count = int(cluster.max()) + 1 if len(cluster) else 0
    plots = plots_of(area, buildings)
    around = united(widened(shapes_of(buildings), assumptions.reach_m - 2 * MARGIN_M), cluster, count)
    joined = united(plots.shapes, plots.cluster, count)
    own = np.asarray(shapely.intersection(_inside(joined, _edge(assumptions)), around))
    taken = np.concatenate([plots.shapes, plots.others, _private(area)])
    other = _less(around, widened(taken, _edge(assumptions)))
    ground = np.asarray(shapely.union(own, other))
    free = _less(ground, kept_clear(area, assumptions))
    areas = {"searched": around, "on_own_plots": own, "on_other_ground": other, "clear_of_everything": free}
    square_metres = {k: np.round(shapely.area(shapes[:counted])).sum() for k, shapes in areas.items()}
    notes = {f"sites.ground_m2.{k}": f"{total:.0f}" for k, total in square_metres.items()}
    return Drillable(free, plots, joined, notes)


def boundaries(area: Area, plots: Plots, assumptions: Sites) -> list[tuple[str, Shapes, float]]:
    """Return the boundaries that a borehole keeps its distance from: the word for it, shapes, and the distance [m].

    The first are the outer boundaries of the plots of each cluster; the others are ground on which none may stand.
    """
    count = int(plots.cluster.max()) + 1 if len(plots.cluster) else 0
    outer = shapely.boundary(united(plots.shapes, plots.cluster, count))
    edge = _edge(assumptions)
    foreign = shapely.get_parts(_less(_private(area), plots.shapes))  # land under plots that take part is theirs
    foreign = foreign[shapely.area(foreign) > COMMON_M2]
    return [
        ("boundary of the plots that take part", outer, edge),
        ("plot of others", plots.others, edge),
        ("piece of private land of others", foreign, edge),
    ]


def own_ground(area: Area, buildings: gpd.GeoDataFrame, *, assumptions: Sites) -> tuple[Shapes, Ints] | None:
    """Draw the ground on the own plot of each building where a loop of its own may stand.

    Parameters
    ----------
    area, assumptions
        As for `drillable_ground`.
    buildings : GeoDataFrame
        Buildings to draw it for.

    Returns
    -------
    ground : array of Polygon or MultiPolygon, shape (plots,)
        Plots that hold a building, clear of their own boundary and of everything else, empty where nothing is left;
        boundaries keep the loops of neighbours a spacing apart. Of an estate, what lies within reach of a building.
    plot : array of int, shape (buildings,)
        Plot of each building, -1 where it has none. Several buildings may share one.
    None without parcels: nothing is known of own plots then.
    """
    if area.parcels is None or not len(area.parcels):
        return None
    parcels = shapes_of(area.parcels)
    inner = shapely.point_on_surface(shapes_of(buildings))
    building, parcel = shapely.STRtree(parcels).query(inner, predicate="intersects")
    order = np.lexsort((parcel, building))
    first = order[np.unique(building[order], return_index=True)[1]]
    taken, number = np.unique(parcel[first], return_inverse=True)
    plot = np.full(len(buildings), -1)
    plot[building[first]] = number
    own = _inside(parcels[taken], _edge(assumptions))
    if (estate := shapely.area(own) > ESTATE_M2).any():
        around = united(widened(shapes_of(buildings)[building[first]], assumptions.reach_m), number, len(taken))
        own[estate] = shapely.intersection(own[estate], around[estate])
    return _less(own, kept_clear(area, assumptions)), plot


def _edge(assumptions: Sites) -> float:
    """Return the distance to keep from a boundary [m]: at least half a spacing, so that clusters keep one."""
    return max(assumptions.boundary_clearance_m, assumptions.spacing_m / 2)


def _private(area: Area) -> Shapes:
    if area.land is None:
        return np.empty(0, dtype=object)
    return np.asarray(
        shapes_of(area.land)[(area.land["ownership"] == "private").fillna(value=False).to_numpy(dtype=bool)]
    )


def _inside(shapes: Shapes, edge: float) -> Shapes:
    return np.asarray(shapely.buffer(shapes, -(edge + MARGIN_M) * ROUND))


def _less(ground: Shapes, shapes: Shapes) -> Shapes:
    """Return each ground without those of the shapes that meet it."""
    shapes = shapely.get_parts(shapely.disjoint_subset_union_all(shapes))  # a shape beside several grounds counts once
    place, shape = shapely.STRtree(shapes).query(ground, predicate="intersects")
    return np.asarray(shapely.difference(ground, united(shapes[shape], place, len(ground))))
