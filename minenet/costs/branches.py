"""How many homes hang behind each pipe: which trench falls away when a home does not join."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

__all__ = ["Behind", "homes_behind"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FAR_APART_M = 1e7
"""Groups are set this far apart in a third direction, so that one search finds neighbours of the same group only."""


@dataclass(frozen=True)
class Behind:
    """Homes behind each pipe (`homes`), and whether it is a stretch `between` homes on both sides of it.

    A pipe to homes is needed when any of them joins; one between homes, when homes on both sides of it join. A pipe of
    which nothing is known has no homes and is always needed.
    """

    homes: Ints
    between: npt.NDArray[np.bool_]


def homes_behind(pipes: pd.DataFrame, connections: pd.DataFrame) -> Behind:
    """Count the homes behind every pipe.

    A service pipe or lateral serves the homes that hang on it. The ring in the street is taken as the tree that it is
    before it is closed: each stretch parts the homes in two. Stretches that close a circle are always needed; what
    becomes of branches to boreholes, their number tells.

    Parameters
    ----------
    pipes : DataFrame
        `pipe_id, cluster_id, variant, kind`, and a geometry for the ring.
    connections : DataFrame
        `pipe_id` of each home.

    Returns
    -------
    Behind
        In the order of `pipes`.
    """
    count: Ints = np.zeros(len(pipes), dtype=np.int64)
    if "pipe_id" in pipes and len(connections):
        served = connections["pipe_id"].value_counts()
        count = np.asarray(served.reindex(pipes["pipe_id"]).fillna(0), dtype=np.int64)
    kind = pipes["kind"].to_numpy(object) if "kind" in pipes else np.full(len(pipes), "branch", dtype=object)
    between = np.zeros(len(pipes), dtype=bool)
    ring = np.flatnonzero(kind == "ring").astype(np.int64)
    if len(ring) and "geometry" in pipes:
        behind, known = _ring(pipes, ring, np.flatnonzero((kind == "service") & (count > 0)).astype(np.int64), count)
        count[ring] = behind
        between[ring] = known
    return Behind(count, between)


def _ring(pipes: pd.DataFrame, ring: Ints, service: Ints, count: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Return for each stretch of the rings the homes on one side of it, and whether that is known."""
    group = np.asarray(pipes.groupby(["cluster_id", "variant"], sort=False).ngroup(), dtype=np.int64)
    service = service[np.isin(group[service], group[ring])]
    lines = np.asarray(pipes["geometry"], dtype=object)
    ends = np.vstack(_ends(lines[ring]))
    keyed = np.column_stack([np.round(ends, 2), np.tile(group[ring], 2) * FAR_APART_M])
    nodes, number = np.unique(keyed, axis=0, return_inverse=True)
    start, end = number.reshape(2, -1).astype(np.int64)
    below = np.zeros(len(nodes), dtype=np.int64)
    np.add.at(below, _nearest(nodes, lines[service], group[service]), count[service])
    above, levels = _rooted(len(nodes), start, end)
    for level in levels[::-1]:
        np.add.at(below, above[level], below[level])
    child = np.where(above[end] == start, end, np.where(above[start] == end, start, -1))
    own = pd.Series(np.where(child >= 0, child, -1 - np.arange(len(child))))  # of two that join the same nodes, one
    known = (child >= 0) & ~own.duplicated().to_numpy()
    return np.where(known, below[np.maximum(child, 0)], 0), known


def _ends(lines: npt.NDArray[np.object_]) -> tuple[Floats, Floats]:
    """Return where each line begins and ends."""
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    first = np.searchsorted(owner, np.arange(len(lines) + 1))
    return xy[first[:-1]], xy[first[1:] - 1]


def _nearest(nodes: Floats, services: npt.NDArray[np.object_], group: Ints) -> Ints:
    """Return the node of its own ring nearest to either end of each service pipe."""
    tree = cKDTree(nodes)
    found = [tree.query(np.column_stack([end, group * FAR_APART_M])) for end in _ends(services)]
    return np.where(found[0][0] < found[1][0], found[0][1], found[1][1]).astype(np.int64)


def _rooted(size: int, start: Ints, end: Ints) -> tuple[Ints, list[Ints]]:
    """Return the node above each node in trees from one root per component, and the nodes of every level but roots."""
    matrix = coo_array((np.ones(len(start)), (start, end)), shape=(size, size)).tocsr()
    components, label = connected_components(matrix, directed=False)
    roots = np.full(components, size, dtype=np.int64)
    np.minimum.at(roots, label, np.arange(size))
    first = np.concatenate([start, np.full(components, size)])
    second = np.concatenate([end, roots])
    joined = coo_array((np.ones(len(first)), (first, second)), shape=(size + 1, size + 1)).tocsr()
    found = dijkstra(joined, directed=False, indices=np.array([size]), unweighted=True, return_predecessors=True)
    level, above = found[0][0, :size].astype(np.int64), found[1][0, :size].astype(np.int64)
    order = np.argsort(level, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(level[order])) + 1)
    return above, [p for p in parts if level[p[0]] > 1]
