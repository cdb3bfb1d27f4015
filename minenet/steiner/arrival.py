"""Checks what is handed in, numbers it in an order of its own, and parts it into what hangs together."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from minenet.errors import InputError
from minenet.steiner.carriers import Candidates, Floats, Graph, Ints
from minenet.steiner.net import Net

__all__ = ["Arrived", "arrive"]


@dataclass(frozen=True)
class Arrived:
    """A graph and candidates, numbered: nodes in the order of their numbers, rows sorted by nodes and cost.

    Attributes
    ----------
    terminals : int
        How many there are.
    nodes : int
        How many there are.
    low, high, cost, edge : array (m,)
        Ends of each edge, its cost, and its position in the graph.
    terminal, node, price, row : array (c,)
        Terminal and node of each candidate, its cost, and its position in the candidates.
    part : array (nodes,)
        Part of the graph that each node lies in.
    """

    terminals: int
    nodes: int
    low: Ints
    high: Ints
    cost: Floats
    edge: Ints
    terminal: Ints
    node: Ints
    price: Floats
    row: Ints
    part: Ints

    @property
    def wanting(self) -> Ints:
        """Terminals without a candidate."""
        return np.flatnonzero(np.bincount(self.terminal, minlength=self.terminals)[: self.terminals] == 0)

    def reached(self) -> dict[int, Ints]:
        """Return the terminals that can be joined in each part of the graph that has any candidate."""
        pairs = np.unique(np.column_stack([self.part[self.node], self.terminal]), axis=0)
        return {int(p): pairs[pairs[:, 0] == p, 1] for p in np.unique(pairs[:, 0])}

    def net(self, part: int) -> Net:
        """Return one part of the graph as a net in the making."""
        number = np.cumsum(self.part == part) - 1
        inside = (self.part[self.low] == part) & (self.low != self.high)
        here = self.part[self.node] == part
        count = int((self.part == part).sum())
        net = Net([{} for _ in range(count)], offers=[{} for _ in range(count)])
        for a, b, cost, edge in _rows(number[self.low], number[self.high], self.cost, self.edge, kept=inside):
            net.link(a, b, cost, (edge,))
        for terminal, node, cost, row in _rows(self.terminal, number[self.node], self.price, self.row, kept=here):
            net.offer(terminal, node, (cost, row, ()))
        return net


def _rows(*columns: npt.NDArray[np.generic], kept: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int, float, int]]:
    return zip(*(column[kept].tolist() for column in columns), strict=True)


def arrive(graph: Graph, candidates: Candidates) -> Arrived:
    """Check and number a graph and candidates, so that the order of their rows does not matter.

    Parameters
    ----------
    graph : Graph
        [m or EUR]
    candidates : Candidates
        [m or EUR]

    Raises
    ------
    InputError
        When columns differ in length, numbers are not whole, or a cost is negative or not finite.

    Examples
    --------
    >>> arrived = arrive(Graph([30, 10], [20, 20], [7.0, 5.0]), Candidates([1, 0], [30, 10], [1.0, 2.0]))
    >>> arrived.low, arrived.high, arrived.edge, arrived.row
    (array([0, 1]), array([1, 2]), array([1, 0]), array([1, 0]))
    """
    start, end = (_whole(v, f"`{n}` of the graph") for n, v in (("start", graph.start), ("end", graph.end)))
    cost = _costs(graph.cost, "`cost` of the graph")
    terminal, node = (
        _whole(v, f"`{n}` of the candidates") for n, v in (("terminal", candidates.terminal), ("node", candidates.node))
    )
    price = _costs(candidates.cost, "`cost` of the candidates")
    _same_length("the graph", start, end, cost)
    _same_length("the candidates", terminal, node, price)
    count = _count(terminal, candidates.count)
    nodes, number = np.unique(np.concatenate([start, end, node]), return_inverse=True)
    start, end, node = np.split(number, [len(start), 2 * len(start)])
    low, high = np.minimum(start, end), np.maximum(start, end)
    edge, row = np.lexsort((cost, high, low)), np.lexsort((price, node, terminal))
    links = coo_array((np.ones(len(low)), (low, high)), shape=(len(nodes), len(nodes)))
    part = connected_components(links, directed=False)[1] if len(nodes) else np.empty(0)
    return Arrived(
        *(count, len(nodes), low[edge], high[edge], cost[edge], edge),
        *(terminal[row], node[row], price[row], row, part.astype(np.int64)),
    )


def _whole(values: npt.ArrayLike, name: str) -> Ints:
    given = np.asarray(values)
    if given.size and not np.issubdtype(given.dtype, np.integer):
        raise InputError(f"{name} holds {given.dtype}", mend="Give whole numbers.")
    return given.astype(np.int64).reshape(-1)


def _costs(values: npt.ArrayLike, name: str) -> Floats:
    try:
        given = np.asarray(values, dtype=np.float64).reshape(-1)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} is not a column of numbers: {error}", mend="Give numbers.") from error
    wrong = np.flatnonzero(~(np.isfinite(given) & (given >= 0)))
    if len(wrong):
        raise InputError(
            f"{name} is {given[wrong[0]]:g} in row {wrong[0]}",
            mend="Give a number that is not negative, and leave out what cannot be used.",
        )
    return given


def _same_length(name: str, *columns: npt.NDArray[np.generic]) -> None:
    lengths = [len(column) for column in columns]
    if len(set(lengths)) > 1:
        raise InputError(f"columns of {name} have {lengths} rows", mend="Give columns of one length.")


def _count(terminal: Ints, count: int | None) -> int:
    most = int(terminal.max()) + 1 if len(terminal) else 0
    if len(terminal) and terminal.min() < 0:
        raise InputError(f"terminal {terminal.min()} of the candidates", mend="Number terminals from 0.")
    if count is not None and count < most:
        raise InputError(f"terminal {most - 1} of {count}", mend="Number terminals from 0, or raise `count`.")
    return most if count is None else count
