"""Candidates of 2-50 homes: which neighbours would share a mini heat network.

The homes of an area hang together by the shortest trenches: the minimum spanning tree of the network distances between
them. Of all ways to cut that tree into groups of permitted size, the cheapest is chosen exactly, by dynamic programming
over the tree. A group follows streets and courtyards because the tree does; it never crosses what no trench crosses.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, depth_first_order, dijkstra, minimum_spanning_tree

from minenet.assumptions import Clusters

__all__ = ["SpanningTree", "cluster_names", "cluster_shapes", "cut_tree", "group_trenches", "join_up", "spanning_tree"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NOTHING_M = 1e-6
"""Length of an edge between buildings that join the same node: sparse matrices read 0 as no edge."""


@dataclass(frozen=True)
class Links:
    """Ways between connections whose cells touch: `ends` (k, 2), `length_m` (k,) and `bridge` (k, 2)."""

    ends: Ints
    length_m: Floats
    bridge: Ints


@dataclass(frozen=True)
class SpanningTree:
    """Minimum spanning forest of the network distances between connections.

    Attributes
    ----------
    parent : array (n,) of int
        Parent of each connection, -1 for the root of its component.
    length_m : array (n,)
        Trench between a connection and its parent. [m]
    order : array (n,) of int
        Connections, every parent before its children, neighbours along a branch after each other.
    bridge : array (n, 2) of int
        Nodes of the edge of the trench graph on which the ways from a connection and from its parent meet; -1, -1 for
        roots and for connections that join the same node as their parent.
    toward : array (m,) of int
        Next node on the way from each node of the trench graph to the nearest connection; negative at connections.
    links : Links
        All ways between neighbouring connections, those of the forest among them.
    """

    parent: Ints
    length_m: Floats
    order: Ints
    bridge: Ints
    toward: Ints
    links: "Links"

    @property
    def alone(self) -> npt.NDArray[np.bool_]:
        """Which connections no trench joins to any other."""
        children = np.bincount(self.parent[self.parent >= 0], minlength=len(self.parent))
        return np.asarray((self.parent < 0) & (children == 0))


def spanning_tree(matrix: csr_array, nodes: Ints) -> SpanningTree:
    """Return the minimum spanning forest of the network distances between connections.

    It is exact: cells of the nodes nearest to each connection are grown at once, and the edges between neighbouring
    cells hold a minimum spanning tree of all distances (Mehlhorn).

    Parameters
    ----------
    matrix : csr_array (m, m)
        Lengths of the trench graph's edges. [m]
    nodes : array (n,) of int
        Node that each connection joins, in the order in which ties are decided.

    References
    ----------
    .. [1] K. Mehlhorn, "A faster approximation algorithm for the Steiner problem in graphs", Information Processing
       Letters 27 (1988), lemma 2.1.
    """
    places, first, place = np.unique(nodes, return_index=True, return_inverse=True)
    distance, toward, nearest = dijkstra(matrix, indices=places, min_only=True, return_predecessors=True)
    edges = matrix.tocoo()
    row, column = edges.coords
    between = (row < column) & np.isfinite(distance[row]) & (nearest[row] != nearest[column])
    row, column = row[between], column[between]
    length = distance[row] + edges.data[between] + distance[column]
    cell = np.full(matrix.shape[0], -1)
    cell[places] = first  # the first connection at a place stands for it
    ends = np.column_stack([cell[nearest[row]], cell[nearest[column]]])
    repeated = np.flatnonzero(np.arange(len(nodes)) != first[place])
    ends = np.vstack([ends, np.column_stack([first[place][repeated], repeated])]).astype(np.int64)
    bridge = np.vstack([np.column_stack([row, column]), np.full((len(repeated), 2), -1)]).astype(np.int64)
    length = np.concatenate([length, np.full(len(repeated), NOTHING_M)])
    links = Links(ends, length, bridge)
    return _rooted(len(nodes), _minimum(len(nodes), ends, length), links, toward.astype(np.int64))


def _minimum(size: int, ends: Ints, length: Floats) -> Ints:
    """Return positions of the edges of the minimum spanning forest; equal lengths are decided by the connections."""
    low, high = ends.min(axis=1), ends.max(axis=1)
    order = np.lexsort((high, low, np.round(length, 6)))
    _, first = np.unique(np.column_stack([low, high])[order], axis=0, return_index=True)
    kept = order[np.sort(first)]
    rank = np.arange(1, len(kept) + 1, dtype=float)
    graph = csr_array((rank, (low[kept], high[kept])), shape=(size, size))
    return np.asarray(kept[np.sort(minimum_spanning_tree(graph).data).astype(int) - 1])


def _rooted(size: int, chosen: Ints, links: Links, toward: Ints) -> SpanningTree:
    """Return the forest of the chosen links, each component rooted at its first connection."""
    ends, length, bridge = links.ends[chosen], links.length_m[chosen], links.bridge[chosen]
    forest = csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    _, component = connected_components(forest, directed=False)
    roots = np.unique(component, return_index=True)[1]
    hub = np.full(len(roots), size)  # one hub joins all roots, so that one walk orders every component
    joined = np.vstack([ends, np.column_stack([hub, roots])])
    walk = csr_array((np.ones(len(joined)), (joined[:, 0], joined[:, 1])), shape=(size + 1, size + 1))
    visited, parent = depth_first_order(walk, size, directed=False)
    parent = np.where(parent[:size] == size, -1, parent[:size])
    child = np.where(parent[ends[:, 1]] == ends[:, 0], ends[:, 1], ends[:, 0])
    lengths, bridges = np.zeros(size), np.full((size, 2), -1)
    lengths[child], bridges[child] = length, bridge
    parents: Ints = parent.astype(np.int64)
    return SpanningTree(parents, lengths, visited[1:].astype(np.int64), bridges, toward, links)


def group_trenches(tree: SpanningTree, group: Ints) -> pd.DataFrame:
    """Return the edges of the trench graph that hold each group together.

    The ways along which the spanning tree joins the members of a group form a tree, whose leaves are members.

    Parameters
    ----------
    tree : SpanningTree
        Tree over the connections.
    group : array (n,) of int
        Group of each connection, -1 = none.

    Returns
    -------
    DataFrame
        `group, start, end`: each edge once per group, `start < end`.
    """
    kept = (group >= 0) & (tree.bridge[:, 0] >= 0)
    kept[kept] = group[tree.parent[kept]] == group[kept]
    found = [np.column_stack([group[kept], np.sort(tree.bridge[kept], axis=1)])]
    place, owner = tree.bridge[kept].ravel(), np.repeat(group[kept], 2)
    while len(place):  # all ways at once, one step further each time
        onward = tree.toward[place]
        going = onward >= 0
        place, onward, owner = place[going], onward[going], owner[going]
        found.append(np.column_stack([owner, np.minimum(place, onward), np.maximum(place, onward)]))
        place = onward
    steps = np.unique(np.concatenate(found), axis=0)
    return pd.DataFrame(steps, columns=["group", "start", "end"])


def cut_tree(tree: SpanningTree, homes: Ints, service_m: Floats, *, assumptions: Clusters) -> Ints:
    """Cut a spanning tree into groups at the least cost over all homes.

    The cost of a group is a fixed sum, plus a price per metre of trench and service; a home in no group costs what
    `eur_per_home_left_out` says. The cut is the exact optimum among groups that hang together in the tree.

    Parameters
    ----------
    tree : SpanningTree
        Tree over the connections.
    homes : array (n,) of int
        Homes of each connection, at most `most_homes`.
    service_m : array (n,)
        Service trench of each connection. [m]
    assumptions : Clusters
        Section `clusters`.

    Returns
    -------
    array (n,) of int
        Group of each connection, numbered by first member; -1 = left out.

    Examples
    --------
    Two homes 10 m apart share 1,500 EUR of trench and 6,000 EUR of preparation, which is less than 2 x 5,500 EUR:

    >>> from minenet.assumptions import Assumptions
    >>> two_nodes_apart = csr_array(np.array([[0, 10.0], [10.0, 0]]))
    >>> pair = spanning_tree(two_nodes_apart, np.array([0, 1]))
    >>> cut_tree(pair, np.array([1, 1]), np.zeros(2), assumptions=Assumptions.default().clusters)
    array([0, 0])
    """
    most = assumptions.most_homes
    price = assumptions.eur_per_trench_m
    close = np.full(most + 1, np.inf)
    close[assumptions.fewest_homes :] = assumptions.eur_per_cluster
    size = len(homes)
    # state: open[v, s] = least cost of the tree below v when the group that holds v has s homes so far
    open_ = np.full((size, most + 1), np.inf)
    open_[np.arange(size), homes] = price * service_m
    alone = homes * assumptions.eur_per_home_left_out - price * service_m
    joined = np.zeros((size, most + 1), dtype=np.int16)  # homes that v brings into its parent's group; 0 = cut
    closed_at = np.zeros(size, dtype=np.int64)
    for v in tree.order[::-1]:
        best = int(np.argmin(open_[v] + close))
        cost, left_out = open_[v, best] + close[best], open_[v, homes[v]] + alone[v]
        closed_at[v] = -1 if left_out <= cost else best
        parent = tree.parent[v]
        if parent >= 0:
            link = price * tree.length_m[v]
            open_[parent], joined[v] = _merged(open_[parent], open_[v] + link, min(cost, left_out))
    return _groups(tree, homes, joined, closed_at)


def _merged(above: Floats, below: Floats, cut: float) -> tuple[Floats, npt.NDArray[np.int16]]:
    """Return the least cost per number of homes of a group that a branch may join, and how many homes it brings."""
    size = len(above)
    padded = np.concatenate([np.full(size - 1, np.inf), above])
    rest = np.lib.stride_tricks.sliding_window_view(padded, size)[:, ::-1]  # rest[s, b] = above[s - b]
    total = rest + below
    total[:, 0] = above + cut
    brings = np.argmin(total, axis=1)
    return total[np.arange(size), brings], brings.astype(np.int16)


def _groups(tree: SpanningTree, homes: Ints, joined: npt.NDArray[np.int16], closed_at: Ints) -> Ints:
    """Follow the choices from the roots down and number the groups."""
    size = len(homes)
    children: list[list[int]] = [[] for _ in range(size)]
    for v in tree.order:  # the order in which `cut_tree` merged them, reversed
        if tree.parent[v] >= 0:
            children[tree.parent[v]].append(int(v))
    group = np.full(size, -2)
    wanted = np.zeros(size, dtype=np.int64)
    for v in tree.order:
        if group[v] == -2:  # a root, or cut off: it closes as was best for it
            group[v] = -1 if closed_at[v] < 0 else v
            wanted[v] = homes[v] if closed_at[v] < 0 else closed_at[v]
        for child in children[v]:  # the last merged first
            brings = joined[child, wanted[v]]
            if brings:
                group[child], wanted[child] = group[v], brings
                wanted[v] -= brings
    _, numbered = np.unique(group[group >= 0], return_inverse=True)
    group[group >= 0] = numbered
    return group


def join_up(
    tree: SpanningTree, group: Ints, homes: Ints, service_m: Floats, *, assumptions: Clusters
) -> tuple[SpanningTree, Ints]:
    """Join groups, and homes left out, to neighbours that the tree does not lead to, where that costs less.

    The tree knows one way between neighbours; where that neighbour is full, another may have room. The joins that save
    most come first.

    Parameters
    ----------
    tree, group, homes, service_m, assumptions
        As for `cut_tree`, and the groups that it gave.

    Returns
    -------
    tree : SpanningTree
        Forest of the groups alone.
    group : array (n,) of int
        Group of each connection, numbered by first member; -1 = left out.
    """
    size, price = len(homes), assumptions.eur_per_trench_m
    owner = np.where(group >= 0, group, group.max(initial=-1) + 1 + np.arange(size))
    count = np.bincount(owner, weights=homes).astype(np.int64)
    alone = homes * assumptions.eur_per_home_left_out - price * service_m
    closing = np.full(len(count), assumptions.eur_per_cluster)
    closing[owner[group < 0]] = alone[group < 0]
    within = _within_groups(tree, group)
    joined = _joined(tree.links, owner, count, closing, assumptions)
    forest = _rooted(size, np.concatenate([within, joined]).astype(np.int64), tree.links, tree.toward)
    above = np.where(forest.parent < 0, np.arange(size), forest.parent)
    graph = csr_array((np.ones(size), (np.arange(size), above)), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    kept = (group >= 0) | (np.bincount(component)[component] > 1)
    numbered = np.full(size, -1)
    _, numbered[kept] = np.unique(component[kept], return_inverse=True)
    return forest, numbered


def _within_groups(tree: SpanningTree, group: Ints) -> Ints:
    """Return the links of the forest that lie inside a group."""
    child = np.flatnonzero((tree.parent >= 0) & (group >= 0))
    child = child[group[tree.parent[child]] == group[child]]
    key = np.sort(tree.links.ends, axis=1) @ [len(group), 1]
    wanted = np.sort(np.column_stack([child, tree.parent[child]]), axis=1) @ [len(group), 1]
    order = np.lexsort((np.arange(len(key)), np.round(tree.links.length_m, 6), key))
    return np.asarray(order[np.searchsorted(key[order], wanted)])


def _joined(links: Links, owner: Ints, count: Ints, closing: Floats, assumptions: Clusters) -> Ints:
    """Return the links to join groups by, the greatest saving first."""
    a, b = owner[links.ends[:, 0]], owner[links.ends[:, 1]]
    link = assumptions.eur_per_trench_m * links.length_m
    saving = closing[a] + closing[b] - assumptions.eur_per_cluster - link
    worth = np.flatnonzero((a != b) & (saving > 0) & (count[a] + count[b] <= assumptions.most_homes))
    low, high = links.ends.min(axis=1), links.ends.max(axis=1)
    worth = worth[np.lexsort((high[worth], low[worth], -np.round(saving[worth], 6)))]
    root = np.arange(len(count))
    chosen = []
    for i in worth:  # one after the other: a join fills the group for the next
        one, other = _root(root, a[i]), _root(root, b[i])
        gain = closing[one] + closing[other] - assumptions.eur_per_cluster - link[i]
        if one != other and gain > 0 and count[one] + count[other] <= assumptions.most_homes:
            root[other], closing[one] = one, assumptions.eur_per_cluster
            count[one] += count[other]
            chosen.append(i)
    return np.array(chosen, dtype=np.int64)


def _root(root: Ints, place: int) -> int:
    while root[place] != place:
        place = root[place]
    return int(place)


def cluster_shapes(group: Ints, shapes: npt.NDArray[np.object_], *, width_m: float = 3.0) -> npt.NDArray[np.object_]:
    """Return one outline per group around its buildings and trenches.

    Parameters
    ----------
    group : array (k,) of int
        Group of each shape, numbered from 0 without gaps.
    shapes : array (k,)
        Footprints, service trenches and trenches in the street.
    width_m : float
        Margin around them. [m]
    """
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(group.max() + 2))
    widened = shapely.buffer(shapes[order], 2 * width_m, quad_segs=3)
    outlines = [shapely.union_all(widened[a:b]) for a, b in pairwise(bounds)]
    shrunk = shapely.buffer(np.array(outlines, dtype=object), -width_m, quad_segs=3)
    whole = np.where(shapely.get_num_geometries(shrunk) == 1, shrunk, np.array(outlines, dtype=object))
    return np.asarray(shapely.simplify(whole, 0.25))


def cluster_names(homes: gpd.GeoDataFrame, street_of_building: pd.Series) -> pd.Series:
    """Return a name per cluster that people recognise: `Oosterstraat 12-48 (even)`.

    Parameters
    ----------
    homes : GeoDataFrame
        Homes with `cluster_id, building_id, street, house_number`.
    street_of_building : Series
        Name of the street that each building's service joins, for homes without an address.
    """
    inside = homes[homes["cluster_id"].notna()]
    street = inside["street"].fillna(inside["building_id"].map(street_of_building)).fillna("?")
    number = pd.to_numeric(inside["house_number"].astype("str").str.extract(r"(\d+)")[0], errors="coerce")
    facts = pd.DataFrame({"cluster_id": inside["cluster_id"], "street": street, "number": number})
    counts = facts.groupby(["cluster_id", "street"])["number"].agg(["size", "min", "max", _parity]).reset_index()
    counts = counts.sort_values(["cluster_id", "size", "street"], ascending=[True, False, True])
    counts["label"] = [_label(*row) for row in counts[["street", "min", "max", "_parity"]].itertuples(index=False)]
    first_two = counts.groupby("cluster_id")["label"].agg(lambda labels: ", ".join(labels[:2]))
    more = counts.groupby("cluster_id").size() - 2
    return first_two + more.map(lambda n: f" +{n}" if n > 0 else "")


def _parity(numbers: pd.Series) -> str:
    odd = set(numbers.dropna().astype(int) % 2)
    return {frozenset({0}): "even", frozenset({1}): "odd"}.get(frozenset(odd), "") if len(numbers) > 1 else ""


def _label(street: str, low: float, high: float, parity: str) -> str:
    if street == "?":
        return ""
    if np.isnan(low):
        return street
    numbers = f"{low:.0f}" if low == high else f"{low:.0f}-{high:.0f}"
    return re.sub(r"\s+", " ", f"{street} {numbers}" + (f" ({parity})" if parity and low != high else ""))
