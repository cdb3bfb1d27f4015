"""A true loop instead of out and back: the way that closes the trench of a cluster around a block or a courtyard."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

__all__ = ["closing"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def closing(start: Ints, end: Ints, weight: Floats, tree: Ints) -> tuple[Ints, Ints]:
    """Find the shortest way that closes most of a tree to a circle.

    Of all ways from an end of the tree to another of its places, over edges that it does not use, the one is taken
    that closes the longest stretch beyond its own length.

    Parameters
    ----------
    start, end : array of int, shape (m,)
        Nodes of each edge of the graph.
    weight : array, shape (m,)
        Length of each. [m]
    tree : array of int
        Positions of the edges of the tree.

    Returns
    -------
    added : array of int
        Positions of the edges that close it; empty where no way is shorter than what it closes.
    circle : array of int
        Positions of all edges of the circle, those among them.

    Examples
    --------
    A block of 4 x 10 m, of which three sides hold the tree:

    >>> start, end = np.array([0, 1, 2, 3]), np.array([1, 2, 3, 0])
    >>> closing(start, end, np.full(4, 10.0), np.array([0, 1, 2]))
    (array([3]), array([0, 1, 2, 3]))
    """
    none = np.empty(0, dtype=np.int64)
    nodes, number = np.unique(np.concatenate([start, end]), return_inverse=True)
    first, last = np.split(number, 2)
    inside = np.zeros(len(start), dtype=bool)
    inside[tree] = True
    degree = np.bincount(np.concatenate([first[tree], last[tree]]), minlength=len(nodes))
    ends = np.flatnonzero(degree == 1)
    if len(ends) < 2:
        return none, none
    along, before_in = _ways(first[inside], last[inside], weight[inside], ends, len(nodes))
    around, before_out = _ways(first[~inside], last[~inside], weight[~inside], ends, len(nodes))
    found = (degree > 0) & np.isfinite(around) & np.isfinite(along)
    gain = np.where(found, np.where(found, along, 0.0) - np.where(found, around, 0.0), -np.inf)
    gain[np.arange(len(ends)), ends] = -np.inf
    at = int(np.argmax(np.round(gain, 6)))
    row, goal = divmod(at, len(nodes))
    if not gain[row, goal] > 0:
        return none, none
    keys = _keys(first, last, len(nodes))
    added = _edges(before_out[row], goal, keys, np.flatnonzero(~inside), weight, len(nodes))
    kept = _edges(before_in[row], goal, keys, np.flatnonzero(inside), weight, len(nodes))
    return added, np.sort(np.concatenate([added, kept]))


def _ways(first: Ints, last: Ints, weight: Floats, ends: Ints, size: int) -> tuple[Floats, Ints]:
    """Return the way from each end to every node, and the node before it."""
    order = np.lexsort((weight, _keys(first, last, size)))
    key = _keys(first, last, size)[order]
    kept = order[np.r_[True, key[1:] != key[:-1]]] if len(order) else order
    graph = csr_array((np.maximum(weight[kept], 1e-6), (first[kept], last[kept])), shape=(size, size))
    distance, before = dijkstra(graph, directed=False, indices=ends, return_predecessors=True)
    return np.asarray(distance), before.astype(np.int64)


def _keys(first: Ints, last: Ints, size: int) -> Ints:
    return np.asarray(np.minimum(first, last) * size + np.maximum(first, last))


def _edges(before: Ints, goal: int, keys: Ints, among: Ints, weight: Floats, size: int) -> Ints:
    """Return the edges of the way to a node: of parallel ones the shortest."""
    found = []
    while before[goal] >= 0:
        step = min(goal, before[goal]) * size + max(goal, before[goal])
        same = among[keys[among] == step]
        found.append(int(same[np.argmin(weight[same])]))
        goal = int(before[goal])
    return np.sort(np.array(found, dtype=np.int64))
