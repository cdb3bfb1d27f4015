"""A bound from below: dual ascent on directed cuts."""

from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from minenet.steiner.net import Net

__all__ = ["ROOT", "Arcs", "Ascent", "arcs_from", "ascend", "roots"]

ROOT = -1
"""The node that every way starts from."""


@dataclass
class Arcs:
    """A net as a directed graph: every edge both ways, and an arc for every offer.

    Attributes
    ----------
    tail, head : list of int
        Ends of each arc: nodes of the net, `ROOT`, or `size` + terminal.
    cost : list of float
        Of each arc.
    edge : list of int
        Edge of each arc; -1 for offers.
    into : dict of list
        Arcs into each node.
    targets : list of int
        Nodes and terminals that a way from the root must lead to.
    size : int
        Nodes of the net.
    """

    size: int
    tail: list[int] = field(default_factory=list)
    head: list[int] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    edge: list[int] = field(default_factory=list)
    into: dict[int, list[int]] = field(default_factory=dict)
    targets: list[int] = field(default_factory=list)

    def add(self, tail: int, head: int, cost: float, edge: int = -1) -> None:
        """Add an arc."""
        self.into[head].append(len(self.tail))
        self.tail.append(tail)
        self.head.append(head)
        self.cost.append(cost)
        self.edge.append(edge)


@dataclass(frozen=True)
class Ascent:
    """What dual ascent found.

    Attributes
    ----------
    arcs : Arcs
        The directed graph.
    first : int
        Node at which a cheapest tree most likely meets the root.
    bound : float
        What is left of the net costs no less.
    slack : list of float
        Reduced cost of each arc: a tree costs at least the bound and the slack of its arcs.
    cuts : list of list of int
        Arcs of each cut that was raised: every tree holds one of them.
    """

    arcs: Arcs
    first: int
    bound: float
    slack: list[float]
    cuts: list[list[int]]

    def saturated(self) -> set[int]:
        """Return the nodes that arcs without slack lead to from the first node."""
        onward: dict[int, list[int]] = {}
        for tail, head, slack in zip(self.arcs.tail, self.arcs.head, self.slack, strict=True):
            if slack <= 0 and tail >= 0 and head < self.arcs.size:
                onward.setdefault(tail, []).append(head)
        found, left = {self.first}, [self.first]
        while left:
            new = [node for node in onward.get(left.pop(), ()) if node not in found]
            found.update(new)
            left += new
        return found


def roots(net: Net, count: int) -> list[int]:
    """Return places for a root: nodes that must be in the tree, else terminals as `-1 - terminal`.

    Of these, the first are those that lose most by not taking their best offer.
    """
    if net.must:
        return sorted(net.must)[:count]

    def margin(terminal: int) -> float:
        best, second, *_ = sorted(net.open[terminal].values())
        return second - best

    return [-1 - t for t in sorted(net.open, key=lambda t: (-margin(t), t))[:count]]


def arcs_from(net: Net, nodes: list[int], root: int) -> Arcs:
    """Return a net as a directed graph.

    Parameters
    ----------
    net : Net
        As `reduce` leaves it.
    nodes : list of int
        Nodes that are left.
    root : int
        As `roots` gives it.
    """
    size = len(net.neighbours)
    arcs = Arcs(size, into={node: [] for node in nodes})
    arcs.targets = [node for node in sorted(net.must) if node != root]
    for node in nodes:
        for other, edge in net.neighbours[node].items():
            arcs.add(other, node, net.cost[edge], edge)
    if root >= 0:
        arcs.add(ROOT, root, 0.0)
    for terminal in sorted(net.open):
        costs = sorted(net.open[terminal].items())
        if terminal == -1 - root:
            for node, cost in costs:
                arcs.add(ROOT, node, cost)
            continue
        arcs.targets.append(size + terminal)
        arcs.into[size + terminal] = []
        for node, cost in costs:
            arcs.add(node, size + terminal, cost)
    return arcs


def ascend(arcs: Arcs) -> Ascent:
    """Bound the cost of a tree from below [1]_.

    A target that no way without slack reaches is surrounded by a cut: a tree holds one of its arcs, so that the bound
    may rise by the least slack of these, which their slack then loses. The smallest cut rises first, of equal ones the
    one around the fewest nodes. A root that is a terminal is left by one arc alone: its arcs are charged a sum that
    makes a second one useless, and the bound is lowered by it.

    References
    ----------
    .. [1] Wong, R. T. (1984). A dual ascent approach for Steiner tree problems on a directed graph. Mathematical
       Programming 28, 271-287.

    Examples
    --------
    Two nodes that must be joined, 3 m apart, with a detour of 4 m:

    >>> net = Net([{}, {}, {}], offers=[{}, {}, {}], must={0, 1})
    >>> net.link(0, 1, 3.0, (0,)); net.link(0, 2, 2.0, (1,)); net.link(2, 1, 2.0, (2,))
    >>> ascend(arcs_from(net, [0, 1, 2], 0)).bound
    3.0
    """
    tail, slack = arcs.tail, list(arcs.cost)
    leaving = [arc for arc, node in enumerate(tail) if node == ROOT]
    charge = sum(arcs.cost) if len(leaving) > 1 else 0.0
    for arc in leaving:
        slack[arc] += charge
    inside = [{target} for target in arcs.targets]
    border = [list(arcs.into[target]) for target in arcs.targets]
    queue = [(len(cut), 1, i) for i, cut in enumerate(border)]
    heapify(queue)
    bound, cuts = 0.0, []
    while queue:
        i = heappop(queue)[2]
        cut = _surround(border[i], inside[i], tail, slack, arcs.into)
        if cut is None:
            continue
        border[i], key = cut, (len(cut), len(inside[i]), i)
        if not queue or key <= queue[0]:
            least = min([slack[arc] for arc in cut])
            bound += least
            for arc in cut:
                slack[arc] -= least
            cuts.append(cut.copy())
        heappush(queue, key)
    first = min((arcs.cost[arc], arcs.head[arc]) for arc in leaving)[1]
    return Ascent(arcs, first, max(bound - charge, 0.0), slack, cuts)


def _surround(
    border: list[int], inside: set[int], tail: list[int], slack: list[float], into: dict[int, list[int]]
) -> list[int] | None:
    """Let a set of nodes grow along arcs without slack; return the arcs into it, or None when the root is in it."""
    cut, count = [], len(inside)
    for arc in border:  # grows on the way
        node = tail[arc]
        if node in inside:
            continue
        if slack[arc] > 0:
            cut.append(arc)
        elif node == ROOT:
            return None
        else:
            inside.add(node)
            border += into[node]
    return cut if len(inside) == count else [arc for arc in cut if tail[arc] not in inside]
