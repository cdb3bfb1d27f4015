"""What the user decided: clusters of their own, and homes that stay together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from minenet.clusters.cost import Connections, Prices
from minenet.clusters.network import lengths_at, shortest_net

__all__ = ["Decided", "decided", "tied"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Decided:
    """What needs no search.

    Attributes
    ----------
    group : array (n,) of int
        Group of each connection of an own cluster, -1 = none.
    reason : array (n,) of str or None
        Why a connection is left out already.
    steps : DataFrame
        `group, start, end`: edges of the trench graph that join the own clusters.
    bundle : array (n,) of int
        Connections with the same number stay together; all have a number, those without a wish one of their own. -1 =
        nothing is left to decide.
    nets : mapping of int to array (k, 2) of int
        Edges that join each bundle of several.
    """

    group: Ints
    reason: npt.NDArray[np.object_]
    steps: pd.DataFrame
    bundle: Ints
    nets: Mapping[int, Ints]


def decided(
    matrix: csr_array, connections: Connections, *, prices: Prices, together: Ints | None, own: Ints | None
) -> Decided:
    """Return own clusters and bundles, with a reason for those that cannot be.

    An own cluster outranks the wish to stay together.

    Parameters
    ----------
    matrix : csr_array (m, m)
        Lengths of the trench graph's edges. [m]
    connections : Connections
        All connections.
    prices : Prices
        How many homes a group may have.
    together, own : arrays (n,) of int, optional
        As for `find_groups`.
    """
    size = len(connections)
    own = np.full(size, -1) if own is None else own
    together = np.full(size, -1) if together is None else np.where(own >= 0, -1, together)
    reason = np.full(size, None, dtype=object)
    reason[(connections.homes > prices.most) & (own < 0)] = "too_many_dwellings"
    group, steps = np.full(size, -1), [np.empty((0, 3), dtype=np.int64)]
    for number, members in enumerate(_sets(own)):
        refused, net = _net(matrix, connections, members, prices, "own_cluster")
        reason[members] = refused
        if net is not None:
            group[members] = number
            steps.append(np.column_stack([np.full(len(net), number), net]))
    bundle = np.where((own >= 0) | (connections.homes > prices.most), -1, np.arange(size))
    nets = {}
    for members in _sets(together):
        refused, net = _net(matrix, connections, members, replace(prices, fewest=1), "together")
        reason[members] = refused
        bundle[members] = -1 if net is None else members[0]
        if net is not None and len(members) > 1:
            nets[int(members[0])] = net
    edges = pd.DataFrame(np.concatenate(steps), columns=["group", "start", "end"])
    return Decided(group, reason, edges, bundle, nets)


def _sets(label: Ints) -> list[Ints]:
    """Return the members of each label, in the order of the first."""
    order = np.argsort(label, kind="stable")
    order = order[label[order] >= 0]
    sets = np.split(order, np.flatnonzero(np.diff(label[order])) + 1) if len(order) else []
    return sorted(sets, key=lambda members: int(members[0]))


def _net(
    matrix: csr_array, connections: Connections, members: Ints, prices: Prices, what: str
) -> tuple[str | None, Ints | None]:
    """Return why connections cannot be one group, or the edges that join them."""
    homes = int(connections.homes[members].sum())
    if homes > prices.most:
        return f"{what}_too_large", None
    if homes < prices.fewest:
        return f"{what}_too_small", None
    net = shortest_net(matrix, connections.node[members])
    return (f"{what}_not_connected", None) if net is None else (None, net)


def tied(
    matrix: csr_array, connections: Connections, fixed: Decided, *, prices: Prices
) -> tuple[Connections, Ints, Ints]:
    """Return connections with every bundle as one, on a trench graph where its net is one place.

    Returns
    -------
    joined : Connections
        Bundles, in the order of their first members; the trench that ties a bundle is part of what joining costs.
    same : array (m,) of int
        Node that stands for each node of the trench graph.
    part_of : array (n,) of int
        Which of them has each connection, -1 = none.
    """
    size = matrix.shape[0]
    edges = np.concatenate([np.empty((0, 2), dtype=np.int64), *fixed.nets.values()])
    graph = csr_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(size, size))
    component = connected_components(graph, directed=False)[1]
    same = np.unique(component, return_index=True)[1][component].astype(np.int64)
    inside = fixed.bundle >= 0
    names, part = np.unique(fixed.bundle[inside], return_inverse=True)
    part_of = np.full(len(connections), -1)
    part_of[inside] = part

    def total(values: npt.NDArray[np.generic]) -> Floats:
        return np.bincount(part, weights=values[inside], minlength=len(names)).astype(np.float64)

    tie = np.zeros(len(names))
    tie[np.searchsorted(names, list(fixed.nets))] = [lengths_at(matrix, net).sum() for net in fixed.nets.values()]
    joined = Connections(
        node=connections.node[names],
        homes=total(connections.homes).astype(np.int64),
        join_eur=total(connections.join_eur) + prices.trench_eur_m * tie,
        alone_eur=total(connections.alone_eur),
    )
    return joined, same, part_of
