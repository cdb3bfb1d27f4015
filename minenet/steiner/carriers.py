"""What the search for a tree takes and gives."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

__all__ = ["Candidates", "Floats", "Graph", "Ints", "Tree"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Graph:
    """Where a trench may lie: an undirected graph.

    Attributes
    ----------
    start, end : array_like of int, shape (m,)
        Nodes that each edge joins, any whole numbers. Edges from a node to itself and dearer parallels are never used.
    cost : array_like, shape (m,)
        Not negative. [m, or EUR, as the candidates]
    """

    start: npt.ArrayLike
    end: npt.ArrayLike
    cost: npt.ArrayLike


@dataclass(frozen=True)
class Candidates:
    """How each terminal (a home, a borehole, a plant room) could be joined; it takes one, and no trench passes it.

    Attributes
    ----------
    terminal : array_like of int, shape (c,)
        Terminal that each candidate belongs to: 0, 1, ... in any order.
    node : array_like of int, shape (c,)
        Node of the graph that it leads to; one that no edge touches is a node by itself.
    cost : array_like, shape (c,)
        Not negative. [m, or EUR, as the edges]
    count : int, optional
        How many terminals there are; one more than the highest number when not given.
    """

    terminal: npt.ArrayLike
    node: npt.ArrayLike
    cost: npt.ArrayLike
    count: int | None = None


@dataclass(frozen=True)
class Tree:
    """A trench that joins all terminals, or the reason why there is none.

    Attributes
    ----------
    edges : numpy.ndarray of int, shape (k,)
        Positions of its edges in the graph, ascending.
    connection : numpy.ndarray of int, shape (n,)
        Position in the candidates of the connection of each terminal; -1 where there is no tree.
    cost : float
        Edges and connections; infinite where there is no tree. [as given]
    bound : float
        No tree is cheaper; equal to the cost where that is proved, to a millionth of it. [as given]
    reason : str
        Why there is no tree: `no_candidate` or `not_connected`; empty otherwise.
    left_out : numpy.ndarray of int
        Terminals without a candidate, or apart from where most can be joined; empty otherwise.
    """

    edges: Ints
    connection: Ints
    cost: float
    bound: float
    reason: str = ""
    left_out: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @property
    def gap(self) -> float:
        """Share of the cost by which a cheaper tree could be cheaper at most; not a number where there is no tree."""
        if self.reason:
            return float("nan")
        return (self.cost - self.bound) / self.cost if self.cost > self.bound else 0.0
