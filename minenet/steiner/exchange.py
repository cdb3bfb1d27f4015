"""Makes a tree cheaper: a way through other streets for a stretch of its own, or a branch for another.

The moves are those of the literature on Steiner trees in graphs [1]_, fitted to terminals that choose: when a stretch
goes, what joined there joins elsewhere or grows a new way to the tree, and every loose end is shed as far as it pays.

.. [1] Uchoa, E. and Werneck, R. F. (2010). Fast local search for Steiner trees in graphs. Proceedings of ALENEX 2010,
   1-10.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import inf

from minenet.steiner.branching import Branching

__all__ = ["improved"]

LEAST = 1e-9
"""Share of the cost by which a tree must be cheaper to replace another: less is rounding."""

ROUNDS = 10
"""How often all moves are tried at most."""

HOPE = 0.01
"""Share of the cost by which a move may seem too dear: what is shed in the end is not foreseen."""

Way = tuple[list[int], list[int]]
"""Two ways to the tree from neighbouring nodes outside it, or in it, each ending in the tree."""


@dataclass(frozen=True)
class _Outside:
    """Nodes outside a tree: the cost to it, and the next node on the cheapest way there."""

    cost: dict[int, float]
    onward: dict[int, int]

    def way(self, node: int) -> list[int]:
        """Return the way from a node to the tree."""
        way = [node]
        while way[-1] in self.onward:
            way.append(self.onward[way[-1]])
        return way


def improved(tree: Branching) -> Branching:
    """Return a tree that no move makes cheaper.

    Parameters
    ----------
    tree : Branching
        A tree that joins everything; it stays as it is.

    Returns
    -------
    Branching
        At most as dear. A move that was in vain along the same nodes is not tried again.
    """
    best = _Best(tree)
    for _ in range(ROUNDS):
        start = best.cost
        _exchange_ways(best)
        _exchange_branches(best)
        if best.cost >= start:
            break
    return best.tree


class _Best:
    """The cheapest tree so far, and the moves that were tried."""

    def __init__(self, tree: Branching) -> None:
        self.tree, self.cost = tree, tree.total
        self._tried: set[tuple[int, ...]] = set()
        self._above: dict[int, tuple[int, int]] = {}

    def is_new(self, nodes: tuple[int, ...]) -> bool:
        """Whether a move along these nodes was not tried yet; from now on it was."""
        count = len(self._tried)
        self._tried.add(nodes)
        return len(self._tried) > count

    def take(self, tree: Branching) -> None:
        """Take a tree if it is cheaper."""
        cost = tree.total
        if cost < self.cost * (1 - LEAST):
            self.tree, self.cost, self._above = tree, cost, {}

    def path(self, start: int, end: int) -> list[int]:
        """Return the nodes of the tree from `end` to `start`."""
        if not self._above:
            self._above = _rooted(self.tree)
        above = self._above
        forth, back = [end], [start]
        while forth[-1] != back[-1]:
            deeper = forth if above[forth[-1]][0] >= above[back[-1]][0] else back
            deeper.append(above[deeper[-1]][1])
        return forth + back[-2::-1]


def _rooted(tree: Branching) -> dict[int, tuple[int, int]]:
    """Return the depth of each node below the first one, and the node above it."""
    root = next(iter(tree.links))
    above, left = {root: (0, root)}, [root]
    while left:
        node = left.pop()
        depth = above[node][0] + 1
        for other in tree.links[node]:
            if other not in above:
                above[other] = (depth, node)
                left.append(other)
    return above


# --- ways outside the tree --------------------------------------------------------------------------------------------


def _outside(tree: Branching) -> _Outside:
    """Return the way to the tree from every node outside it."""
    net = tree.net
    found = _Outside({}, {})
    queue = [
        (net.cost[edge], other, node)
        for node, around in tree.links.items()
        if len(net.neighbours[node]) > len(around)
        for other, edge in net.neighbours[node].items()
        if other not in tree.links
    ]
    heapify(queue)
    while queue:
        cost, node, onward = heappop(queue)
        if node in found.cost:
            continue
        found.cost[node], found.onward[node] = cost, onward
        for other, edge in net.neighbours[node].items():
            if other not in found.cost and other not in tree.links:
                heappush(queue, (cost + net.cost[edge], other, node))
    return found


def _ways(tree: Branching, outside: _Outside) -> list[Way]:
    """Return ways between different nodes of the tree through nodes outside it, the cheapest first.

    Of each edge that is on no way to the tree it is the one across it: Mehlhorn's boundary edges.
    """
    found = sorted(
        (outside.cost.get(a, 0.0) + cost + outside.cost.get(b, 0.0), a, b) for a, b, cost in _across(tree, outside)
    )
    ways = [(outside.way(a), outside.way(b)) for _, a, b in found]
    return [(left, right) for left, right in ways if left[-1] != right[-1]]


def _across(tree: Branching, outside: _Outside) -> Iterator[tuple[int, int, float]]:
    """Yield edges that are neither in the tree nor on a way to it: both nodes, and the cost."""
    net, onward, links = tree.net, outside.onward, tree.links
    for node in (*outside.cost, *(n for n, around in links.items() if len(net.neighbours[n]) > len(around))):
        for other, edge in net.neighbours[node].items():
            inside = other in links.get(node, ()) or other == onward.get(node) or node == onward.get(other)
            if node < other and not inside:
                yield node, other, net.cost[edge]


def _fits(tree: Branching, left: list[int], right: list[int]) -> bool:
    """Whether a way still runs outside the tree between two nodes of it, which moves since may have changed."""
    links = tree.links
    if left[-1] not in links or right[-1] not in links or right[0] in links.get(left[0], ()):
        return False
    return not any(node in links for node in (*left[:-1], *right[:-1]))


# --- moves ------------------------------------------------------------------------------------------------------------


def _exchange_ways(best: _Best) -> None:
    """Try every way through nodes outside the tree for the stretch of the ring that it closes."""
    outside = _outside(best.tree)
    for left, right in _ways(best.tree, outside):
        if not _fits(best.tree, left, right):
            continue
        ring = (*right[:-1], *best.path(left[-1], right[-1]), *left[-2::-1])
        if best.is_new(ring):
            other = _with_ring(best.tree, ring, outside, best.cost * (1 + HOPE))
            if other is not None:
                best.take(other)


def _exchange_branches(best: _Best) -> None:
    """Try to do without every branch: what joins there grows new ones."""
    for leaf in best.tree.leaves():
        if len(best.tree.links.get(leaf, ())) == 1 and leaf not in best.tree.net.must:
            branch = tuple(_branch(best.tree, leaf))
            if best.is_new(branch):
                best.take(_without(best.tree, branch))


def _with_ring(tree: Branching, ring: tuple[int, ...], outside: _Outside, limit: float) -> Branching | None:
    """Return a tree with a way through other streets added and the dearest stretch of the ring removed.

    The ring is given as a chain of nodes whose ends are neighbours. What seems dearer than the limit is not tried.
    """
    other = tree.copy()
    for node in ring:
        if node not in other.links:
            other.add(node)
    for a, b in zip(ring, (*ring[1:], ring[0]), strict=True):
        if b not in other.links[a]:
            other.join(a, b)
    saved, first, last = _dearest(other, ring, outside)
    if other.total - saved > limit:
        return None
    if last == first + 1:
        other.cut(ring[first], ring[last])
    for node in ring[first + 1 : last]:
        other.remove(node)
    other.complete()
    return other


def _dearest(tree: Branching, ring: tuple[int, ...], outside: _Outside) -> tuple[float, int, int]:
    """Return what the dearest stretch of a ring costs, and where it begins and ends: the run with the largest sum."""
    net = tree.net
    top, run, begin, found = -inf, 0.0, 0, (0, 1)
    for i in range(len(ring) - 1):
        if i:
            run -= _loss(tree, ring[i], outside)
        if run <= 0:
            run, begin = 0.0, i
        run += net.cost[net.neighbours[ring[i]][ring[i + 1]]]
        if run > top:
            top, found = run, (begin, i + 1)
    return top, *found


def _loss(tree: Branching, node: int, outside: _Outside) -> float:
    """Return what terminals that join at a node would pay elsewhere; infinite where the tree branches or must be."""
    if len(tree.links[node]) > 2 or node in tree.net.must:
        return inf
    loss = 0.0
    for terminal in tree.net.offers[node]:
        options = tree.options[terminal]
        if options[0][1] == node:
            second = options[1][0] if len(options) > 1 else _cost_outside(tree, terminal, outside)
            loss += second - options[0][0]
    return loss


def _cost_outside(tree: Branching, terminal: int, outside: _Outside) -> float:
    return min(
        [
            cost + outside.cost[node]
            for node, cost in tree.net.open[terminal].items()
            if node in outside.cost and node not in tree.links
        ],
        default=inf,
    )


def _branch(tree: Branching, leaf: int) -> list[int]:
    """Return the nodes from a loose end to the next branch or required node, which is the last one."""
    branch = [leaf, next(iter(tree.links[leaf]))]
    while len(tree.links[branch[-1]]) == 2 and branch[-1] not in tree.net.must:
        branch.append(next(other for other in tree.links[branch[-1]] if other != branch[-2]))
    return branch


def _without(tree: Branching, branch: tuple[int, ...]) -> Branching:
    """Return a tree that a branch is removed from, all but its last node."""
    other = tree.copy()
    for node in branch[:-1]:
        other.remove(node)
    other.complete()
    return other
