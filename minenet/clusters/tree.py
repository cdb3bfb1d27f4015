"""Trees over the network: which stretches join all points, and which of them a group needs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, depth_first_order, minimum_spanning_tree

__all__ = ["Forest", "pruned", "rooted", "spanning_edges"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Forest:
    """A tree over every component, hung up at its first point.

    Attributes
    ----------
    parent : array (p,) of int
        Point above each point, -1 for roots.
    edge : array (p,) of int
        Edge to the point above, -1 for roots.
    order : array (p,) of int
        Points, each before those below it.
    """

    parent: Ints
    edge: Ints
    order: Ints

    @property
    def below(self) -> list[list[int]]:
        """Points below each point, in their order."""
        found: list[list[int]] = [[] for _ in self.parent]
        parent = self.parent.tolist()
        for v in self.order.tolist():
            if parent[v] >= 0:
                found[parent[v]].append(v)
        return found


def spanning_edges(size: int, ends: Ints, length: Floats) -> Ints:
    """Return positions of the edges of the minimum spanning forest, in rising order.

    Parameters
    ----------
    size : int
        Number of points.
    ends : array (k, 2) of int
        Points that each edge joins; several edges may join the same.
    length : array (k,)
        What is least in all; ties are decided by the points, the lowest first.
    """
    if not len(ends):
        return np.empty(0, dtype=np.int64)
    low, high = ends.min(axis=1), ends.max(axis=1)
    order = np.lexsort((high, low, length))
    _, first = np.unique((low * size + high)[order], return_index=True)
    kept = order[np.sort(first)]
    kept = kept[low[kept] != high[kept]]
    rank = np.arange(1, len(kept) + 1, dtype=np.float64)
    graph = csr_array((rank, (low[kept], high[kept])), shape=(size, size))
    return np.asarray(np.sort(kept[minimum_spanning_tree(graph).data.astype(np.int64) - 1]), dtype=np.int64)


def rooted(size: int, ends: Ints, chosen: Ints) -> Forest:
    """Return the forest of the chosen edges, each component hung up at its first point."""
    joined = ends[chosen]
    forest = csr_array((np.ones(len(joined)), (joined[:, 0], joined[:, 1])), shape=(size, size))
    _, component = connected_components(forest, directed=False)
    roots = np.unique(component, return_index=True)[1]
    hub = np.full(len(roots), size)  # one hub joins all roots, so that one walk orders every component
    every = np.vstack([joined, np.column_stack([hub, roots])])
    walk = csr_array((np.ones(len(every)), (every[:, 0], every[:, 1])), shape=(size + 1, size + 1))
    visited, parent = depth_first_order(walk, size, directed=False)
    parent = np.where(parent[:size] == size, -1, parent[:size]).astype(np.int64)
    child = np.where(parent[joined[:, 1]] == joined[:, 0], joined[:, 1], joined[:, 0])
    edge = np.full(size, -1, dtype=np.int64)
    edge[child] = chosen
    return Forest(np.asarray(parent, dtype=np.int64), edge, np.asarray(visited[1:], dtype=np.int64))


def pruned(size: int, ends: Ints, needed: Truths) -> Truths:
    """Return which edges of a forest remain when it is cut back to the points that are needed.

    Parameters
    ----------
    size : int
        Number of points.
    ends : array (k, 2) of int
        Edges of the forest.
    needed : array (p,) of bool
        Points that stay.
    """
    kept = np.ones(len(ends), dtype=bool)
    while True:
        degree = np.bincount(ends[kept].ravel(), minlength=size)
        loose = ((degree == 1) & ~needed)[ends].any(axis=1) & kept
        if not loose.any():
            return kept
        kept &= ~loose
