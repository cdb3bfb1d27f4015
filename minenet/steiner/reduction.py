"""What every cheapest tree holds, and what it can do without.

Each step leaves the cost of the cheapest tree as it is [1]_ [2]_; along a street most nodes go.

.. [1] Duin, C. W. and Volgenant, A. (1989). Reduction tests for the Steiner problem in graphs. Networks 19, 549-567.
.. [2] Polzin, T. and Vahdati Daneshmand, S. (2001). Improved algorithms for the Steiner problem in networks. Discrete
   Applied Mathematics 112, 263-300.
"""

from minenet.steiner.net import Net

__all__ = ["reduce"]


def reduce(net: Net) -> list[int]:
    """Reduce a net in place until no step applies.

    Parameters
    ----------
    net : Net
        One part of a graph, with at least one terminal; all of them can be joined.

    Returns
    -------
    list of int
        Nodes that are left, ascending.

    Examples
    --------
    Two homes at the ends of a street of 5 m and 7 m, with one candidate each: nothing is left to be chosen.

    >>> net = Net([{}, {}, {}], offers=[{}, {}, {}])
    >>> net.link(0, 1, 5.0, (0,)); net.link(1, 2, 7.0, (1,))
    >>> net.offer(0, 0, (2.0, 0, ())); net.offer(1, 2, (1.0, 1, ()))
    >>> reduce(net), net.spent, sorted(net.rows(net.taken))
    ([2], 15.0, [0, 1])
    """
    work = _Reduction(net)
    work.run()
    return sorted(set(range(len(net.neighbours))) - work.gone)


class _Reduction:
    """Nodes and terminals that are still to be looked at."""

    def __init__(self, net: Net) -> None:
        self.net = net
        self.nodes = set(range(len(net.neighbours)))
        self.terminals = set(net.open)
        self.gone: set[int] = set()

    def run(self) -> None:
        """Look at terminals, then at nodes, until nothing changes."""
        while self.nodes or self.terminals:
            while self.terminals:
                self._settle(self.terminals.pop())
            nodes, self.nodes = sorted(self.nodes - self.gone), set()
            for node in nodes:
                if node not in self.gone:
                    self._look(node)

    def _settle(self, terminal: int) -> None:
        """Charge what a terminal pays in any case; let it take an offer that no other can beat."""
        net = self.net
        if terminal not in net.open:
            return
        costs = net.open[terminal]
        least = min(costs.values())
        net.spent += least
        for node in costs:
            cost, row, edges = net.offers[node][terminal]
            net.offers[node][terminal] = (cost - least, row, edges)
            costs[node] = cost - least
        self._withdraw_beaten_by_required(terminal)
        free = sorted(node for node, cost in costs.items() if cost <= 0)
        at = next((node for node in free if node in net.must), free[0])
        if at in net.must or len(costs) == 1:
            net.joined[terminal] = net.offers[at][terminal]
            self.nodes.update(costs)
            for node in list(costs):
                net.withdraw(terminal, node)
            del net.open[terminal]
            self._require(at)

    def _withdraw_beaten_by_required(self, terminal: int) -> None:
        """Withdraw offers that cost no less than the best one at a node that is in the tree in any case."""
        costs = self.net.open[terminal]
        there = min(((cost, node) for node, cost in costs.items() if node in self.net.must), default=None)
        for node, cost in list(costs.items()) if there else ():
            if there is not None and cost >= there[0] and node != there[1]:
                self.net.withdraw(terminal, node)
                self.nodes.add(node)

    def _require(self, node: int) -> None:
        self.net.must.add(node)
        self.nodes.add(node)
        self.terminals.update(self.net.offers[node])

    def _look(self, node: int) -> None:
        if node in self.net.must:
            self._required(node)
        elif not self.net.offers[node]:
            self._passed(node)
        elif len(self.net.neighbours[node]) == 1 and len(self.net.offers[node]) == 1:
            self._end_of_one(node)
        else:
            self._beaten(node)

    def _required(self, node: int) -> None:
        """Take the shortest edge of a node that must be in the tree, where it leads to another or nowhere else."""
        net = self.net
        around = net.neighbours[node]
        if not around:
            return
        nearest = min(around, key=lambda other: (net.cost[around[other]], other))
        dead_end = len(around) == 1 and self._wanted_elsewhere(node)
        if nearest in net.must or dead_end or net.cost[around[nearest]] <= 0:
            self._contract(node, nearest)

    def _wanted_elsewhere(self, node: int) -> bool:
        """Whether the tree cannot consist of this node alone."""
        net = self.net
        return len(net.must) > 1 or any(node not in costs for costs in net.open.values())

    def _contract(self, node: int, into: int) -> None:
        """Take the edge between two nodes and make them one."""
        net = self.net
        edge = net.unlink(node, into)
        net.taken.append(edge)
        net.spent += net.cost[edge]
        for other in list(net.neighbours[node]):
            net.relink(into, other, net.unlink(node, other))
            self.nodes.add(other)
        for terminal in list(net.offers[node]):
            net.offer(terminal, into, net.withdraw(terminal, node))
        net.must.discard(node)
        self.gone.add(node)
        self._require(into)

    def _passed(self, node: int) -> None:
        """Leave out a node where no terminal joins: a dead end, or one that is only passed."""
        net = self.net
        around = list(net.neighbours[node])
        if len(around) > 2:
            return
        edges = tuple(net.unlink(node, other) for other in around)
        self.gone.add(node)
        self.nodes.update(around)
        if len(around) == 2:
            net.link(around[0], around[1], sum(net.cost[edge] for edge in edges), edges)

    def _end_of_one(self, node: int) -> None:
        """Add the only edge of a node to the offer of the only terminal that joins there."""
        net = self.net
        (other,), (terminal,) = net.neighbours[node], net.offers[node]
        edge = net.unlink(node, other)
        cost, row, edges = net.withdraw(terminal, node)
        net.offer(terminal, other, (cost + net.cost[edge], row, (*edges, edge)))
        self.gone.add(node)
        self.nodes.add(other)
        self.terminals.add(terminal)

    def _beaten(self, node: int) -> None:
        """Withdraw offers that one at a neighbour beats, the edge to it included."""
        net = self.net
        for terminal, (cost, *_) in list(net.offers[node].items()):
            for other, edge in net.neighbours[node].items():
                there = net.offers[other].get(terminal)
                if there is not None and there[0] + net.cost[edge] <= cost:
                    net.withdraw(terminal, node)
                    self.terminals.add(terminal)
                    self.nodes.add(node)
                    break
