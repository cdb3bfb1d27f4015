"""Laterals that follow the trench in the street, for loops that no straight free lateral reaches.

A home's lateral leaves by its service trench, follows the trenches that hold its cluster together, and turns off to the
loop. Each lateral is measured whole: where several lie in one trench, that trench counts for each of them, so that the
lengths are rather too long than too short.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial.distance import cdist

from minenet.design.carriers import Layout
from minenet.tables import shapes_of

__all__ = ["routed_laterals"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class _Streets:
    """The trenches of one cluster: nodes (numbers of the trench graph), their coordinates, edges and their lines."""

    nodes: Ints
    xy: Floats
    start: Ints
    end: Ints
    lines: Shapes

    def ways_from(self, node: int) -> tuple[Floats, Ints]:
        """Return the way to every node [m], and the node before it on that way."""
        size = len(self.nodes)
        length = np.maximum(shapely.length(self.lines), 1e-6)
        graph = csr_array((length, (self.start, self.end)), shape=(size, size))
        distance, before = dijkstra(graph, directed=False, indices=np.array([node]), return_predecessors=True)
        return np.asarray(distance[0]), before[0].astype(np.int64)

    def line(self, node: int, before: Ints) -> Floats:
        """Return the coordinates of the way that ends at `node`."""
        parts = [self.xy[[node]]]
        while before[node] >= 0:
            last, node = node, int(before[node])
            forth = np.flatnonzero((self.start == node) & (self.end == last))
            edge = forth[0] if len(forth) else np.flatnonzero((self.start == last) & (self.end == node))[0]
            coordinates = shapely.get_coordinates(self.lines[edge])
            parts.append(coordinates if len(forth) else coordinates[::-1])
        return np.concatenate(parts[::-1])


def routed_laterals(
    missing: pd.DataFrame, places: gpd.GeoDataFrame, layout: Layout, *, longest_m: float
) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Find a place for loops that have none, and laterals along the trench.

    Parameters
    ----------
    missing : DataFrame
        `cluster, loop, building`: homes' buildings of each loop without a place.
    places : GeoDataFrame
        Free places: `cluster, place`, point, and `branch`, a free straight line from the place to the trench.
    layout : Layout
        Trenches and services of the clusters.
    longest_m : float
        Longest lateral. [m]

    Returns
    -------
    chosen : DataFrame
        `cluster, loop, place`.
    laterals : GeoDataFrame
        `cluster, loop, building`, line from the building to its loop.
    """
    chosen, laterals = [], []
    for cluster, loops in missing.groupby("cluster", sort=True):
        here = places[places["cluster"] == cluster].reset_index(drop=True)
        if here.empty:
            continue
        streets = _streets(layout, int(loops["cluster"].iloc[0]))
        turn, joint = _turns(here, streets)
        taken = np.zeros(len(here), dtype=bool)
        for loop, members in loops.groupby("loop", sort=True):
            buildings = members["building"].to_numpy()
            ways = [_way(layout, b, streets) for b in buildings]
            length = np.stack([w.service_m + w.distance[joint] + turn for w in ways])
            worth = np.where(taken | (length.max(axis=0) > longest_m), np.inf, length.sum(axis=0))
            best = int(np.argmin(worth))
            if not np.isfinite(worth[best]):
                continue
            taken[best] = True
            chosen.append((cluster, loop, here["place"].iloc[best]))
            branch = shapely.get_coordinates(here["branch"].iloc[best])[::-1]
            for building, way in zip(buildings, ways, strict=True):
                path = np.concatenate([way.service, streets.line(int(joint[best]), way.before), branch])
                laterals.append((cluster, loop, building, shapely.linestrings(_distinct(path))))
    return (
        pd.DataFrame(chosen, columns=["cluster", "loop", "place"]).astype("int64"),
        gpd.GeoDataFrame(laterals, columns=["cluster", "loop", "building", "geometry"], crs=layout.buildings.crs),
    )


@dataclass(frozen=True)
class _Way:
    """How one building reaches the trench, and every node of it."""

    service: Floats
    service_m: float
    distance: Floats
    before: Ints


def _way(layout: Layout, building: int, streets: _Streets) -> _Way:
    service = layout.services.geometry.iloc[building]
    node = int(np.searchsorted(streets.nodes, layout.services["node"].iloc[building]))
    distance, before = streets.ways_from(node)
    return _Way(shapely.get_coordinates(service), float(service.length), distance, before)


def _streets(layout: Layout, cluster: int) -> _Streets:
    trunks = layout.trunks[layout.trunks["cluster"] == cluster]
    services = layout.services[layout.services["cluster"] == cluster]
    lines = shapes_of(trunks)
    ends = np.concatenate([trunks["start"].to_numpy(), trunks["end"].to_numpy(), services["node"].to_numpy()])
    feet = [shapely.get_point(lines, 0), shapely.get_point(lines, -1), shapely.get_point(shapes_of(services), -1)]
    nodes, first = np.unique(ends, return_index=True)
    xy = shapely.get_coordinates(np.concatenate(feet))[first]
    start, end = (np.searchsorted(nodes, trunks[c].to_numpy()) for c in ("start", "end"))
    return _Streets(nodes.astype(np.int64), xy, start.astype(np.int64), end.astype(np.int64), lines)


def _turns(places: gpd.GeoDataFrame, streets: _Streets) -> tuple[Floats, Ints]:
    """Return how far each place lies from the node of the trench nearest to the foot of its branch, and that node."""
    branch = np.asarray(places["branch"])
    foot = shapely.get_coordinates(shapely.get_point(branch, -1))
    joint = cdist(foot, streets.xy).argmin(axis=1)
    return np.hypot(*(foot - streets.xy[joint]).T) + shapely.length(branch), joint


def _distinct(path: Floats) -> Floats:
    """Return coordinates without repeats, at least two."""
    keep = np.r_[True, np.hypot(*np.diff(path, axis=0).T) > 1e-6]
    return path[keep] if keep.sum() > 1 else path[[0, -1]]
