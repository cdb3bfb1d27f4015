"""The trench graph as the search sees it: places where homes join, crossings, and the stretches between them."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from minenet.clusters.tree import spanning_edges

__all__ = ["Network", "contract", "divided", "lengths_at", "shortest_net"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

SAME_PLACE_M = 1e-6
"""Length of the stretches between points at one place: next to nothing."""


@dataclass(frozen=True)
class Network:
    """Points (places where homes join, and crossings), and the stretches of trench between them.

    Attributes
    ----------
    point : array (m,) of int
        Point of each node of the trench graph; -1 for nodes inside a stretch or on a dead end.
    ends : array (k, 2) of int
        Points at the ends of each stretch, the lower first; no two stretches join the same points.
    length_m : array (k,)
        Length of each stretch. [m]
    steps : array (e, 3) of int
        Edges of the trench graph that are used: stretch (-1 inside a point that stands for several nodes), and both
        nodes, the lower first.
    street : array (p,) of int
        Street between two crossings on which each point lies; a crossing is one of its own.
    """

    point: Ints
    ends: Ints
    length_m: Floats
    steps: Ints
    street: Ints

    @property
    def size(self) -> int:
        """Number of points."""
        return len(self.street)

    @property
    def component(self) -> Ints:
        """Component of each point."""
        return _components(self.size, self.ends)


def contract(matrix: csr_array, nodes: Ints, *, same: Ints | None = None) -> Network:
    """Return the trench graph less its dead ends, with every stretch without homes or crossings as one.

    Parameters
    ----------
    matrix : csr_array (m, m)
        Lengths of the trench graph's edges. [m]
    nodes : array (n,) of int
        Nodes that homes join.
    same : array (m,) of int, optional
        Node that stands for each node, where several are one place.

    Examples
    --------
    Homes at both ends of a street with a bend (node 1) and a dead end (node 3):

    >>> length = np.zeros((4, 4))
    >>> length[0, 1] = length[1, 2] = length[1, 3] = 10.0
    >>> contract(csr_array(length + length.T), np.array([0, 2])).length_m
    array([20.])
    """
    size = matrix.shape[0]
    same = np.arange(size) if same is None else same
    ends, length = _edges(matrix)
    joined = same[ends]
    place = np.zeros(size, dtype=bool)
    place[same[nodes]] = True
    live = _useful(joined, place)
    degree = np.bincount(joined[live].ravel(), minlength=size)
    stop = place | ((degree > 0) & (degree != 2))
    point = np.where(stop, np.cumsum(stop) - 1, -1)
    stretch, between = _stretches(joined, live, stop)
    total = np.bincount(stretch[live], weights=length[live], minlength=len(between)).astype(np.float64)
    kept = _shortest(between, total)
    number = np.full(len(between) + 1, -1)
    number[kept] = np.arange(len(kept))
    owner = np.where(live, number[stretch], -1)
    used = (owner >= 0) | ((joined[:, 0] == joined[:, 1]) & (ends[:, 0] != ends[:, 1]))
    street = _components(size, joined[live & ~(stop & (degree != 2))[joined].any(axis=1)])
    _, street = np.unique(street[stop], return_inverse=True)
    steps = np.column_stack([owner, ends])[used]
    return Network(point[same], point[between[kept]], total[kept], steps.astype(np.int64), street.astype(np.int64))


def divided(network: Network, nodes: Ints) -> tuple[Network, Ints, Ints]:
    """Return a network in which every connection has a point of its own.

    Connections at one place lie in a chain without length there, so that several groups can share the place.

    Parameters
    ----------
    network : Network
        As `contract` gives it.
    nodes : array (n,) of int
        Node of the trench graph that each connection joins.

    Returns
    -------
    network : Network
        With points added behind those that were there.
    point : array (n,) of int
        Point of each connection.
    place : array (p,) of int
        Which of the points that were there each point is.

    Examples
    --------
    >>> ends = contract(csr_array(np.array([[0, 10.0], [10.0, 0]])), np.array([0, 1, 1]))
    >>> divided(ends, np.array([0, 1, 1]))[1:]
    (array([0, 1, 2]), array([0, 1, 1]))
    """
    at = network.point[nodes]
    order = np.argsort(at, kind="stable")
    further = np.flatnonzero(np.diff(at[order], prepend=-1) == 0)
    point = at.copy()
    point[order[further]] = network.size + np.arange(len(further))
    place = np.concatenate([np.arange(network.size), at[order[further]]])
    chain = np.column_stack([point[order[further - 1]], point[order[further]]])
    return (
        replace(
            network,
            ends=np.concatenate([network.ends, chain]).astype(np.int64),
            length_m=np.concatenate([network.length_m, np.full(len(chain), SAME_PLACE_M)]),
            street=network.street[place],
        ),
        point,
        place,
    )


def _edges(matrix: csr_array) -> tuple[Ints, Floats]:
    """Return every edge of a symmetric matrix once: nodes (k, 2), the lower first, and lengths; in rising order."""
    edges = coo_array(matrix)
    row, column = (np.asarray(c, dtype=np.int64) for c in edges.coords)
    once = row < column
    ends, length = np.column_stack([row, column])[once], np.asarray(edges.data, dtype=np.float64)[once]
    order = np.lexsort((ends[:, 1], ends[:, 0]))
    return ends[order], length[order]


def lengths_at(matrix: csr_array, ends: Ints) -> Floats:
    """Return the lengths of edges (k, 2) of a matrix."""
    if not len(ends):
        return np.empty(0)
    return np.asarray(matrix[ends[:, 0], ends[:, 1]], dtype=np.float64).reshape(-1)


def _components(size: int, ends: Ints) -> Ints:
    graph = csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _useful(joined: Ints, place: Truths) -> Truths:
    """Return which edges are no loops and lie on no dead end without a place."""
    live = joined[:, 0] != joined[:, 1]
    while True:  # dead ends are cut back by one edge, all at once
        degree = np.bincount(joined[live].ravel(), minlength=len(place))
        dead = ((degree == 1) & ~place)[joined].any(axis=1) & live
        if not dead.any():
            return np.asarray(live)
        live &= ~dead


def _stretches(joined: Ints, live: Truths, stop: Truths) -> tuple[Ints, Ints]:
    """Return the stretch of each live edge (others: -1), and the nodes at the ends of each stretch."""
    size = len(stop)
    chain = _components(size, joined[live & ~stop[joined].any(axis=1)])
    through = np.where(stop[joined[:, 0]], joined[:, 1], joined[:, 0])
    direct = stop[joined].all(axis=1)
    key = np.where(direct, size + np.arange(len(joined)), chain[through])
    stretch = np.full(len(joined), -1)
    _, stretch[live] = np.unique(key[live], return_inverse=True)
    edge, side = np.nonzero(stop[joined] & live[:, None])
    count = int(stretch.max(initial=-1)) + 1
    low, high = np.full(count, size), np.full(count, -1)
    np.minimum.at(low, stretch[edge], joined[edge, side])
    np.maximum.at(high, stretch[edge], joined[edge, side])
    return stretch, np.column_stack([low, high])


def _shortest(between: Ints, length: Floats) -> Ints:
    """Return the shortest stretch between every two points, in their order; a ring leads nowhere."""
    low, high = between.T
    order = np.lexsort((np.round(length, 6), high, low))
    low, high = low[order], high[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    return np.asarray(order[first & (low < high)])


def shortest_net(matrix: csr_array, nodes: Ints) -> Ints | None:
    """Return the edges (k, 2) of a short net in the graph that joins nodes, None where no net does.

    References
    ----------
    .. [1] K. Mehlhorn, "A faster approximation algorithm for the Steiner problem in graphs", Information Processing
       Letters 27 (1988).
    """
    places = np.unique(nodes)
    distance, toward, nearest = dijkstra(matrix, indices=places, min_only=True, return_predecessors=True)
    ends, length = _edges(matrix)
    low, high = ends.T
    between = np.isfinite(distance[low]) & (nearest[low] != nearest[high])
    ends, length = ends[between], length[between]
    way = np.round(distance[ends].sum(axis=1) + length, 6)
    bridge = spanning_edges(len(places), np.searchsorted(places, nearest[ends]), way)
    if len(bridge) < len(places) - 1:
        return None
    found = [ends[bridge]]
    place = found[0].ravel()
    while len(place):  # all ways back to the nearest place at once, one step further each time
        onward = np.asarray(toward, dtype=np.int64)[place]
        place, onward = place[onward >= 0], onward[onward >= 0]
        found.append(np.sort(np.column_stack([place, onward]), axis=1))
        place = onward
    return np.unique(np.concatenate(found), axis=0)
