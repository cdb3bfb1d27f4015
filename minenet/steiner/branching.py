"""A tree that can be changed: it grows to what is not joined yet, and sheds what does not pay."""

from heapq import heapify, heappop, heappush
from math import inf

from minenet.steiner.net import Net

__all__ = ["Branching"]

Option = tuple[float, int]
"""Cost of joining a terminal, and the node of the tree where."""


class Branching:
    """A tree in a net.

    Attributes
    ----------
    net : Net
        What is to be joined.
    links : dict of dict
        Edge to each neighbour in the tree of each node of it.
    options : dict of list
        How each terminal that still chooses can be joined, the cheapest first.
    trench : float
        Cost of the edges.
    """

    __slots__ = ("links", "net", "options", "trench")

    def __init__(
        self, net: Net, links: dict[int, dict[int, int]], options: dict[int, list[Option]], trench: float
    ) -> None:
        self.net, self.links, self.options, self.trench = net, links, options, trench

    @classmethod
    def spanning(cls, net: Net, nodes: set[int]) -> "Branching":
        """Return the cheapest tree over nodes that hang together (Kruskal), with whatever it sheds."""
        tree = cls(net, {node: {} for node in sorted(nodes)}, {}, 0.0)
        edges = [(net.cost[edge], a, b) for a in nodes for b, edge in net.neighbours[a].items() if a < b and b in nodes]
        parent = {node: node for node in nodes}

        def top(node: int) -> int:
            while parent[node] != node:
                parent[node] = node = parent[parent[node]]
            return node

        for _, a, b in sorted(edges):
            i, j = top(a), top(b)
            if i != j:
                parent[i] = j
                tree.join(a, b)
        for terminal, costs in net.open.items():
            tree.options[terminal] = sorted([(cost, node) for node, cost in costs.items() if node in nodes])
        tree.complete()
        return tree

    def copy(self) -> "Branching":
        """Return a tree that changes on its own."""
        return Branching(self.net, {node: d.copy() for node, d in self.links.items()}, dict(self.options), self.trench)

    @property
    def total(self) -> float:
        """Cost of edges and connections; infinite where a terminal is not joined."""
        try:
            return self.trench + sum([options[0][0] for options in self.options.values()])
        except IndexError:
            return inf

    def leaves(self) -> list[int]:
        """Return the nodes with one link, ascending."""
        return sorted([node for node, around in self.links.items() if len(around) == 1])

    def add(self, node: int) -> None:
        """Add a node without links."""
        self.links[node] = {}
        for terminal, offer in self.net.offers[node].items():
            self.options[terminal] = sorted([*self.options[terminal], (offer[0], node)])

    def join(self, a: int, b: int) -> None:
        """Add the edge between two nodes of the tree."""
        edge = self.net.neighbours[a][b]
        self.links[a][b] = self.links[b][a] = edge
        self.trench += self.net.cost[edge]

    def cut(self, a: int, b: int) -> None:
        """Remove an edge."""
        self.trench -= self.net.cost[self.links[a].pop(b)]
        del self.links[b][a]

    def remove(self, node: int) -> None:
        """Remove a node and its edges."""
        for terminal in self.net.offers[node]:
            self.options[terminal] = [option for option in self.options[terminal] if option[1] != node]
        for other, edge in self.links.pop(node).items():
            self.trench -= self.net.cost[edge]
            del self.links[other][node]

    def complete(self) -> None:
        """Grow to each node that must be in the tree and each terminal that is not joined yet; then shed."""
        for node in sorted(self.net.must - self.links.keys()):
            if node not in self.links:
                self._grow([(0.0, node, -1)])
        for terminal in [terminal for terminal, options in self.options.items() if not options]:
            if not self.options[terminal]:
                self._grow([(cost, node, -1) for node, cost in self.net.open[terminal].items()])
        self.shed(self.leaves())

    def _grow(self, queue: list[tuple[float, int, int]]) -> None:
        """Add the cheapest way to the tree from one of several nodes [cost, node, -1]."""
        neighbours, costs, before = self.net.neighbours, self.net.cost, {}
        heapify(queue)
        while queue:
            cost, node, last = heappop(queue)
            if node in before:
                continue
            before[node] = last
            if node in self.links:
                break
            for other, edge in neighbours[node].items():
                if other not in before:
                    heappush(queue, (cost + costs[edge], other, node))
        while (last := before[node]) >= 0:
            self.add(last)
            self.join(node, last)
            node = last

    def shed(self, leaves: list[int]) -> None:
        """Remove what costs more than it saves, from each loose end inwards."""
        while leaves:
            leaf = leaves.pop()
            if leaf not in self.links:
                continue
            for node in self._loose(leaf):
                last = next(iter(self.links[node]))
                self.remove(node)
                if len(self.links[last]) == 1:
                    leaves.append(last)

    def _loose(self, leaf: int) -> list[int]:
        """Return the nodes from a loose end inwards that are best removed: their terminals join elsewhere for less."""
        run: dict[int, None] = {}
        moved: dict[int, Option] = {}
        gain = top = 0.0
        count, node, last = 0, leaf, -1
        while (onward := self._onward(node, last)) >= 0:
            run[node] = None
            gain += self.net.cost[self.links[node][onward]] - self._loss(node, run, moved)
            if gain == -inf:
                break
            if gain >= top:
                top, count = gain, len(run)
            node, last = onward, node
        return list(run)[:count]

    def _onward(self, node: int, last: int) -> int:
        """Return the one node that follows on the way from a loose end; -1 at branches and where the tree must be."""
        around = self.links[node]
        if len(around) != (1 if last < 0 else 2) or node in self.net.must:
            return -1
        return next(other for other in around if other != last)

    def _loss(self, node: int, run: dict[int, None], moved: dict[int, Option]) -> float:
        """Return what terminals that join at a node pay more elsewhere, none of `run`, and remember where."""
        loss = 0.0
        for terminal in self.net.offers[node]:
            options = self.options[terminal]
            now = moved.get(terminal, options[0])
            if now[1] == node:
                other = next((option for option in options if option[1] not in run), None)
                if other is None:
                    return inf
                moved[terminal] = other
                loss += other[0] - now[0]
        return loss
