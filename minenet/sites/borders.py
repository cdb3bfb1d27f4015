"""Ground between clusters: who gets it, and what neither gets."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree

from minenet.assumptions import Sites
from minenet.sites.clearances import MARGIN_M
from minenet.sites.plots import Plots
from minenet.tables import Area, shapes_of

__all__ = ["disputed", "land_at"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]
Truths = npt.NDArray[np.bool_]

WALL_STEP_M = 1.0


def disputed(points: Shapes, cluster: Ints, buildings: gpd.GeoDataFrame, plots: Plots, *, assumptions: Sites) -> Truths:
    """Return which places are too close to the border with another cluster.

    On its own plots a cluster stands half a spacing inside their outer boundary, and needs no border where no plot of
    another cluster comes nearer than that (plots drawn over each other, or shared by buildings of two clusters).
    Elsewhere the border between two clusters lies where their nearest buildings are equally far: a place whose own
    cluster is nearer than the other by a full spacing stands at least half a spacing inside. Footprints count as
    points along their walls, which keeps the guarantee: a distance to a set of points changes by no more than the way
    gone.

    Parameters
    ----------
    points : array of Point, shape (n,)
        Places.
    cluster : array of int, shape (n,)
        Which cluster wants each.
    buildings : GeoDataFrame
        As for `drillable_ground`.
    plots : Plots
        Whose plots are whose.
    assumptions : Sites
        Section `sites`.
    """
    asked = _on_no_plot_of_its_own(points, cluster, plots)
    asked |= _near_plots_of_another(points, cluster, plots, assumptions.spacing_m / 2 + MARGIN_M)
    lost = np.zeros(len(points), dtype=bool)
    lost[asked] = _not_nearest(points[asked], cluster[asked], buildings, assumptions)
    return lost


def _on_no_plot_of_its_own(points: Shapes, cluster: Ints, plots: Plots) -> Truths:
    none = np.ones(len(points), dtype=bool)
    if len(points) and len(plots.shapes):
        plot, point = shapely.STRtree(points).query(plots.shapes, predicate="intersects")
        none[point[plots.cluster[plot] == cluster[point]]] = False
    return none


def _near_plots_of_another(points: Shapes, cluster: Ints, plots: Plots, near_m: float) -> Truths:
    near = np.zeros(len(points), dtype=bool)
    if len(points) and len(plots.shapes):
        plot, point = shapely.STRtree(points).query(plots.shapes, predicate="dwithin", distance=near_m)
        near[point[plots.cluster[plot] != cluster[point]]] = True
    return near


def _not_nearest(points: Shapes, cluster: Ints, buildings: gpd.GeoDataFrame, assumptions: Sites) -> Truths:
    """Return which points have their own cluster not nearer than every other by a full spacing."""
    xy = shapely.get_coordinates(points)
    spacing = assumptions.spacing_m + 2 * MARGIN_M
    heard = assumptions.reach_m + spacing
    walls, owner = _wall_points(shapes_of(buildings))
    cluster_of = buildings["cluster"].to_numpy()[owner]
    own, nearest = (np.asarray(found) for found in cKDTree(walls).query(xy, distance_upper_bound=heard))
    lost = np.asarray(np.append(cluster_of, -1)[nearest] != cluster)  # another is nearer, or none is near
    left = np.flatnonzero(~lost)
    left = left[np.argsort(xy[left, 0], kind="stable")]  # from west to east, to find those near a cluster
    east = xy[left, 0]
    for group in _by_cluster(cluster_of):
        low, high = walls[group].min(axis=0) - heard, walls[group].max(axis=0) + heard
        near = left[np.searchsorted(east, low[0]) : np.searchsorted(east, high[0], side="right")]
        foreign = cluster[near] != cluster_of[group[0]]
        near = near[foreign & (xy[near, 1] >= low[1]) & (xy[near, 1] <= high[1])]
        second = np.asarray(cKDTree(walls[group]).query(xy[near], distance_upper_bound=heard)[0])
        lost[near] |= second < own[near] + spacing
    return lost


def _by_cluster(cluster: Ints) -> list[Ints]:
    """Return the positions of each cluster's members, clusters in order."""
    order = np.argsort(cluster, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(cluster[order])) + 1) if len(cluster) else []


def _wall_points(shapes: Shapes) -> tuple[Floats, Ints]:
    """Return points along the walls of footprints, at most `WALL_STEP_M` apart, and whose walls they are."""
    walls = shapely.segmentize(shapely.boundary(shapes), WALL_STEP_M)
    xy, owner = shapely.get_coordinates(walls, return_index=True)
    return xy, owner.astype(np.int64)


def land_at(points: Shapes, cluster: Ints, area: Area, plots: Plots) -> tuple[npt.NDArray[np.object_], Ints]:
    """Return whose land each place lies on, and the building on whose plot it lies.

    Parameters
    ----------
    points : array of Point, shape (n,)
        Places.
    cluster : array of int, shape (n,)
        Which cluster wants each.
    area : Area
        Land, where given.
    plots : Plots
        Whose plots are whose.

    Returns
    -------
    land : array of object, shape (n,)
        `private` on a plot of the cluster, else `public`, `private` or `unknown` as the land says.
    building : array of int, shape (n,)
        Position of the building on whose plot it lies, -1 where on none of the cluster.
    """
    land = np.full(len(points), "unknown", dtype=object)
    building = np.full(len(points), -1)
    if not len(points):
        return land, building
    tree = shapely.STRtree(points)
    if area.land is not None:
        for owner in ("public", "private"):  # where both are drawn, private counts
            shapes = shapes_of(area.land)[(area.land["ownership"] == owner).fillna(value=False).to_numpy(dtype=bool)]
            land[tree.query(shapes, predicate="intersects")[1]] = owner
    if len(plots.shapes):
        plot, point = tree.query(plots.shapes, predicate="intersects")
        mine = plots.cluster[plot] == cluster[point]
        plot, point = plot[mine][::-1], point[mine][::-1]  # the first plot is written last
        order = np.argsort(-plot, kind="stable")
        land[point], building[point[order]] = "private", plots.building[plot[order]]
    return land, building
