"""A net in the making: a graph that is reduced, terminals that still choose, and what was taken for good."""

from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["Net", "Offer"]

Offer = tuple[float, int, tuple[int, ...]]
"""What joining a terminal costs, the position of the candidate, and edges that come with it."""


@dataclass
class Net:
    """What is left to be joined; lists and dictionaries, since single entries are read and changed all the time.

    Attributes
    ----------
    neighbours : list of dict
        Edge to each neighbour of each node.
    cost : list of float
        Of each edge.
    parts : list of tuple
        What each edge consists of: one position in the graph, or two other edges.
    offers : list of dict
        Offer to each terminal that could be joined at a node.
    open : dict of dict
        Terminals that still choose: cost at each of their nodes.
    must : set of int
        Nodes that the tree holds in any case.
    taken : list of int
        Edges that the tree holds in any case.
    joined : dict
        Offer that each terminal took for good.
    spent : float
        Cost of what every tree holds.
    """

    neighbours: list[dict[int, int]]
    cost: list[float] = field(default_factory=list)
    parts: list[tuple[int, ...]] = field(default_factory=list)
    offers: list[dict[int, Offer]] = field(default_factory=list)
    open: dict[int, dict[int, float]] = field(default_factory=dict)
    must: set[int] = field(default_factory=set)
    taken: list[int] = field(default_factory=list)
    joined: dict[int, Offer] = field(default_factory=dict)
    spent: float = 0.0

    def link(self, a: int, b: int, cost: float, parts: tuple[int, ...]) -> None:
        """Join two nodes by a new edge, unless one as cheap is there or both are the same."""
        self.cost.append(cost)
        self.parts.append(parts)
        self.relink(a, b, len(self.cost) - 1)

    def relink(self, a: int, b: int, edge: int) -> None:
        """Join two nodes by an edge, unless one as cheap is there or both are the same."""
        present = self.neighbours[a].get(b)
        if a != b and (present is None or self.cost[present] > self.cost[edge]):
            self.neighbours[a][b] = self.neighbours[b][a] = edge

    def unlink(self, a: int, b: int) -> int:
        """Part two nodes and return the edge that joined them."""
        del self.neighbours[b][a]
        return self.neighbours[a].pop(b)

    def offer(self, terminal: int, node: int, offer: Offer) -> None:
        """Let a terminal join at a node, unless it can for less."""
        if terminal not in self.offers[node] or self.offers[node][terminal][0] > offer[0]:
            self.offers[node][terminal] = offer
            self.open.setdefault(terminal, {})[node] = offer[0]

    def withdraw(self, terminal: int, node: int) -> Offer:
        """Take an offer back and return it."""
        del self.open[terminal][node]
        return self.offers[node].pop(terminal)

    def rows(self, edges: Iterable[int]) -> set[int]:
        """Return the positions in the graph of all that edges consist of."""
        found, left = set(), list(edges)
        while left:
            parts = self.parts[left.pop()]
            if len(parts) == 1:
                found.add(parts[0])
            else:
                left += parts
        return found
