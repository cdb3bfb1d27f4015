"""The part of the trench graph that some homes can share: no stretch too long, and none that lies nearer to others."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import dijkstra

from minenet.trenches.graph import TrenchGraph, length_matrix

__all__ = ["within_reach"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def within_reach(graph: TrenchGraph, mine: npt.NDArray[np.object_], *, longest_gap_m: float) -> TrenchGraph:
    """Return a trench graph with the edges and connections that some homes can share.

    An edge stays when the nearest homes to both of its ends take part, and when the way along it from one to the other
    is no longer than permitted. Between homes that take part and others an edge is cut, whichever side asks.

    Parameters
    ----------
    graph : TrenchGraph
        Connected to all homes that are near, those of others too.
    mine : array of str
        Ids of the buildings whose homes take part.
    longest_gap_m : float
        Longest way along an edge between the places where homes join on either side. [m]

    Returns
    -------
    TrenchGraph
        With the nodes that it had; connections and reasons only of the homes that take part.
    """
    candidates, edges = graph.candidates, graph.edges
    own = candidates["building_id"].isin(mine).to_numpy(dtype=bool)
    kept = np.zeros(len(edges), dtype=bool)
    if len(candidates) and len(edges):
        start, end = (edges[c].to_numpy().astype(np.int64) for c in ("start", "end"))
        distance, nearest = _nearest(graph, candidates["node"].to_numpy().astype(np.int64), longest_gap_m)
        of_mine = np.zeros(len(graph.nodes) + 1, dtype=bool)
        place, first = np.unique(candidates["node"].to_numpy().astype(np.int64), return_index=True)
        of_mine[place] = own[first]  # candidates come in the order of their buildings
        way = distance[start] + edges["length_m"].to_numpy(dtype=float) + distance[end]
        kept = (way <= longest_gap_m) & of_mine[nearest[start]] & of_mine[nearest[end]]
    return replace(
        graph,
        edges=edges[kept].reset_index(drop=True),
        candidates=candidates[own].reset_index(drop=True),
        left_out=graph.left_out[graph.left_out.index.isin(mine)],
    )


def _nearest(graph: TrenchGraph, places: Ints, limit: float) -> tuple[Floats, Ints]:
    """Return how far each node is from the nearest place [m], and which place that is; -1 for none within a limit."""
    matrix = length_matrix(len(graph.nodes), graph.edges, "length_m")
    distance, _, nearest = dijkstra(
        matrix, indices=np.unique(places), min_only=True, return_predecessors=True, limit=limit
    )
    return np.asarray(distance, dtype=np.float64), np.where(np.isfinite(distance), nearest, -1).astype(np.int64)
