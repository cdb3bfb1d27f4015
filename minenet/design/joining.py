"""The trench that joins the homes of each cluster, and by which of its connections each building joins it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse.csgraph import dijkstra

from minenet.assumptions import Assumptions
from minenet.design.circles import closing
from minenet.design.others import OthersGround
from minenet.steiner import Candidates, Graph, cheapest_tree
from minenet.tables import shapes_of
from minenet.trenches import TrenchGraph, length_matrix

__all__ = ["Joined", "join"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Joined:
    """Trenches of all clusters.

    Attributes
    ----------
    services : GeoDataFrame
        The connection of each building that takes part: `building_id, cluster, node, length_m, name, others_m` (through
        plots of people who do not take part, NaN where no plots are known), geometry; in the order of the buildings.
    trunks : GeoDataFrame
        Edges of the trench graph that hold each cluster together: `cluster, start, end, length_m, name, ownership,
        circle` (one of two pipes lies there), `others_m`, geometry.
    gap : Series
        By how much of what it weighs a better trench could be better at most, by cluster.
    """

    services: gpd.GeoDataFrame
    trunks: gpd.GeoDataFrame
    gap: pd.Series


def join(
    graph: TrenchGraph, group: Ints, steps: pd.DataFrame, *, ground: OthersGround, assumptions: Assumptions
) -> Joined:
    """Find the cheapest trench of every cluster.

    A cluster may use the trenches that lie nearer to its own buildings than to others, so that clusters share none, and
    what it uses does not depend on how other clusters are handled. Ground of people who do not take part weighs so much
    that it is used only where other ways are many times as long.

    Parameters
    ----------
    graph : TrenchGraph
        Edges, and the connections that each building may have.
    group : array (n,) of int
        Cluster of each building of `graph.services`, numbered from 0; -1 = none.
    steps : DataFrame
        A way that joins each cluster in any case: `group, start, end`, `start < end`.
    ground : OthersGround
        Plots of people who do not take part.
    assumptions : Assumptions
        How long is searched and whether rings are closed (section `network`), what trench and pipe cost, and what
        ground of others weighs (section `trenches`).

    Returns
    -------
    Joined
    """
    count = int(group.max(initial=-1)) + 1
    start, end, node, building = _numbers(graph)
    weight, reach = graph.edges["weight_m"].to_numpy(), graph.candidates["weight_m"].to_numpy()
    region = _regions(graph, node, building, group)
    inside = np.flatnonzero(region[start] == region[end])
    held = _edges_held(graph, steps)
    edges_of = _members(np.r_[region[start[inside]], held[0]], np.r_[inside, held[1]], count)
    near = np.flatnonzero((region[node] == group[building]) | (np.diff(building, prepend=-1) > 0))
    offers_of = _members(group[building[near]], near, count)
    beside = _beside_others(graph, edges_of, ground)
    across = ground.through(shapes_of(graph.candidates), group[building])
    dear = assumptions.trenches.others_weight - 1.0  # beside its length, which counts already
    reach = reach + dear * np.nan_to_num(across)
    mode: Literal["fast", "exact"] = "exact" if assumptions.network.search == "exact" else "fast"
    taken, circles, others, kept, gaps = [], [], [], [], []
    for edges, offers, along in zip(edges_of, offers_of, beside, strict=True):
        members, terminal = np.unique(building[offers], return_inverse=True)
        net = Graph(start[edges], end[edges], weight[edges] + dear * np.nan_to_num(along))
        found = cheapest_tree(net, Candidates(terminal, node[offers], reach[offers], len(members)), mode=mode)
        ring, circle = _closed(net, found.edges, assumptions)
        taken.append(edges[ring])
        circles.append(circle)
        others.append(along[ring])
        kept.append(offers[found.connection])
        gaps.append(found.gap)
    trunks = _rows(graph.edges, taken, circle=circles, others_m=others).reset_index(drop=True)
    services = _rows(graph.candidates, kept, others_m=[across[c] for c in kept])
    return Joined(services.sort_index().reset_index(drop=True), trunks, pd.Series(gaps, dtype="float64"))


def _rows(frame: gpd.GeoDataFrame, rows: list[Ints], **columns: Sequence[npt.NDArray[np.generic]]) -> gpd.GeoDataFrame:
    """Return the rows of each cluster, clusters in turn, with `cluster` and more columns."""
    count = np.array([len(r) for r in rows], dtype=np.int64)
    more = {name: np.concatenate(values) if values else np.empty(0) for name, values in columns.items()}
    every = np.concatenate([np.empty(0, dtype=np.int64), *rows])
    return frame.iloc[every].assign(cluster=np.repeat(np.arange(len(rows)), count), **more)


def _beside_others(graph: TrenchGraph, edges_of: list[Ints], ground: OthersGround) -> list[Floats]:
    """Return how much of each edge that a cluster may use lies along plots of others [m]: a street never does."""
    edges = np.concatenate([np.empty(0, dtype=np.int64), *edges_of])
    cluster = np.repeat(np.arange(len(edges_of)), [len(e) for e in edges_of])
    private = np.flatnonzero(graph.edges["private"].to_numpy(dtype=bool)[edges])
    metres = np.zeros(len(edges)) if ground.known else np.full(len(edges), np.nan)
    lines, owner = shapes_of(graph.edges)[edges[private]], cluster[private]
    metres[private] = np.maximum(ground.along(lines, owner), ground.through(lines, owner))
    return np.split(metres, np.cumsum([len(e) for e in edges_of])[:-1]) if edges_of else []


def _closed(net: Graph, tree: Ints, assumptions: Assumptions) -> tuple[Ints, Truths]:
    """Return the edges of the ring, and which lie on a circle: where the user asks for one, or where it is cheaper.

    On a circle the ring comes back another way than it went: one pipe lies in the trench instead of two.
    """
    start, end, weight = np.asarray(net.start), np.asarray(net.end), np.asarray(net.cost, dtype=np.float64)
    added, circle = closing(start, end, weight, tree)
    costs = assumptions.costs
    dearer = weight[added].sum() * (costs.trench_paving_eur_m + costs.pipe_medium_eur_m)
    saved = weight[np.setdiff1d(circle, added)].sum() * costs.pipe_medium_eur_m
    if not (assumptions.network.closed_ring or saved > dearer):
        return tree, np.zeros(len(tree), dtype=bool)
    edges = np.sort(np.concatenate([tree, added]))
    return edges, np.isin(edges, circle)


def _regions(graph: TrenchGraph, node: Ints, building: Ints, group: Ints) -> Ints:
    """Return the cluster whose building reaches each node of the trench graph most cheaply, -1 for none.

    A building reaches from all its connections, each as much later as it is dearer than the cheapest.
    """
    size, taking = len(graph.nodes), group[building] >= 0
    if not taking.any():
        return np.full(size, -1)
    weight = graph.candidates["weight_m"]
    later = (weight - weight.groupby(graph.candidates["building_id"]).transform("min")).to_numpy()
    starts = pd.DataFrame({"start": node, "end": size + building, "weight_m": later})[taking]
    edges = pd.concat([graph.edges[["start", "end", "weight_m"]], starts], ignore_index=True)
    matrix = length_matrix(size + len(group), edges, "weight_m")
    sources = size + np.flatnonzero(group >= 0)
    nearest = dijkstra(matrix, indices=sources, min_only=True, return_predecessors=True)[2][:size]
    return np.where(nearest >= size, group[np.maximum(nearest - size, 0)], -1)


def _numbers(graph: TrenchGraph) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the nodes of each edge, the node of each candidate, and the position of its building."""
    building = pd.Index(graph.services["building_id"]).get_indexer(pd.Index(graph.candidates["building_id"]))
    columns = (graph.edges["start"], graph.edges["end"], graph.candidates["node"])
    start, end, node = (c.to_numpy().astype(np.int64) for c in columns)
    return start, end, node, building.astype(np.int64)


def _edges_held(graph: TrenchGraph, steps: pd.DataFrame) -> tuple[Ints, Ints]:
    """Return clusters and the edges of the way that joins their members in any case."""
    low, high = np.sort(graph.edges[["start", "end"]].to_numpy(), axis=1).T
    size = len(graph.nodes)
    order = np.lexsort((graph.edges["weight_m"].to_numpy(), low * size + high))
    key = (low * size + high)[order]
    at = np.searchsorted(key, steps["start"].to_numpy() * size + steps["end"].to_numpy())
    return steps["group"].to_numpy().astype(np.int64), order[at].astype(np.int64)


def _members(owner: Ints, member: Ints, count: int) -> list[Ints]:
    """Return what each of `count` clusters owns, once and in order."""
    pairs = np.unique(np.column_stack([owner, member]), axis=0)
    bounds = np.searchsorted(pairs[:, 0], np.arange(count + 1))
    return [pairs[a:b, 1] for a, b in pairwise(bounds)]
