"""The cheapest trench tree: reduction, dual ascent, exchange, and for the exact mode a proof."""

from math import fsum
from typing import Literal

import numpy as np

from minenet.errors import InputError
from minenet.steiner.arrival import Arrived, arrive
from minenet.steiner.ascent import Ascent, arcs_from, ascend, roots
from minenet.steiner.branching import Branching
from minenet.steiner.carriers import Candidates, Floats, Graph, Ints, Tree
from minenet.steiner.exchange import improved
from minenet.steiner.net import Net
from minenet.steiner.proof import proved
from minenet.steiner.reduction import reduce

__all__ = ["cheapest_tree"]

MODES = ("fast", "exact")

STARTS = 4
"""Roots at most that dual ascent starts from; each gives a bound and a tree."""

STOPS = 30
"""Stops over which the starts are spread: small nets get several, large ones a single one."""

ROUNDED = 1e-6
"""Share of the cost by which a proved bound may differ from it: rounding of the solver."""


def cheapest_tree(graph: Graph, candidates: Candidates, *, mode: Literal["fast", "exact"] = "fast") -> Tree:
    """Find the cheapest trench that joins every terminal by one of its connections.

    That is a Steiner tree whose terminals are leaves: no edge passes a terminal. Both modes reduce the graph, bound
    the cost by dual ascent [1]_ and improve the tree that comes with the bound by local search [2]_; the exact mode
    then solves a cut formulation [3]_ and proves the optimum.

    The answer does not depend on the order of rows: nodes are numbered in the order of their numbers, edges sorted by
    their nodes and cost, candidates by terminal, node and cost, and every tie goes to the first of these. Of rows that
    agree in all of this the first is named.

    Parameters
    ----------
    graph : Graph
        Where a trench may lie: `m` edges. [m or EUR]
    candidates : Candidates
        `c` ways to join `n` terminals. [the same]
    mode : {"fast", "exact"}
        "fast" takes milliseconds for 50 homes; "exact" some tenths of a second.

    Returns
    -------
    Tree
        With a bound in both modes. Where not all terminals can be joined it has a reason instead; without terminals it
        is empty and costs nothing; a single terminal takes its cheapest candidate.

    Raises
    ------
    InputError
        When columns differ in length, numbers are not whole, a cost is negative or not finite, or the mode is unknown.

    References
    ----------
    .. [1] Wong, R. T. (1984). A dual ascent approach for Steiner tree problems on a directed graph. Mathematical
       Programming 28, 271-287.
    .. [2] Uchoa, E. and Werneck, R. F. (2010). Fast local search for Steiner trees in graphs. Proceedings of ALENEX
       2010, 1-10.
    .. [3] Koch, T. and Martin, A. (1998). Solving Steiner tree problems in graphs to optimality. Networks 32, 207-232.

    Examples
    --------
    A street of three stretches of 10 m. Home 0 joins at the near end, home 1 at the far end (2 m) or half way (15 m):

    >>> street = Graph([0, 1, 2], [1, 2, 3], [10.0, 10.0, 10.0])
    >>> tree = cheapest_tree(street, Candidates([0, 1, 1], [0, 3, 1], [1.0, 2.0, 15.0]))
    >>> tree.edges, tree.connection, tree.cost, tree.gap
    (array([0]), array([0, 2]), 26.0, 0.0)
    """
    if mode not in MODES:
        raise InputError(f"mode `{mode}` is unknown", mend=f"Choose one of {', '.join(MODES)}.")
    arrived = arrive(graph, candidates)
    if len(arrived.wanting):
        return _none(arrived, "no_candidate", arrived.wanting)
    if arrived.terminals <= 1:
        return _single(arrived)
    reached = arrived.reached()
    whole = [part for part, terminals in reached.items() if len(terminals) == arrived.terminals]
    if not whole:
        most = max(reached, key=lambda part: (len(reached[part]), -part))
        return _none(arrived, "not_connected", np.setdiff1d(np.arange(arrived.terminals), reached[most]))
    trees = [_solved(arrived.net(part), arrived, mode) for part in whole]
    best = min(trees, key=lambda tree: tree.cost)
    bound = min(tree.bound for tree in trees)
    return Tree(best.edges, best.connection, best.cost, min(best.cost, bound))


def _none(arrived: Arrived, reason: str, left_out: Ints) -> Tree:
    nothing = np.full(arrived.terminals, -1)
    return Tree(np.empty(0, dtype=np.int64), nothing, np.inf, np.inf, reason, left_out.astype(np.int64))


def _single(arrived: Arrived) -> Tree:
    """Return the cheapest connection of the only terminal, if there is one."""
    best = np.lexsort((arrived.node, arrived.price))[: arrived.terminals]
    cost = float(arrived.price[best].sum())
    return Tree(np.empty(0, dtype=np.int64), arrived.row[best].astype(np.int64), cost, cost)


def _solved(net: Net, arrived: Arrived, mode: Literal["fast", "exact"]) -> Tree:
    """Return the tree of a part of the graph in which all terminals can be joined."""
    nodes = reduce(net)
    if not net.open and len(net.must) == 1:
        (node,) = net.must
        return _recorded(Branching(net, {node: {}}, {}, 0.0), arrived, net.spent)
    tree, ascent = _started(net, nodes)
    bound = ascent.bound
    if mode == "exact" and bound < tree.total * (1 - ROUNDED):
        tree, bound = proved(tree, ascent)
    return _recorded(tree, arrived, net.spent + bound)


def _started(net: Net, nodes: list[int]) -> tuple[Branching, Ascent]:
    """Return the best tree and the best bound of several roots."""
    stops = len(net.must) + len(net.open)
    found: list[tuple[Branching, Ascent]] = []
    for root in roots(net, min(STARTS, max(1, STOPS // stops))):
        ascent = ascend(arcs_from(net, nodes, root))
        tree = Branching.spanning(net, ascent.saturated())
        if ascent.bound >= tree.total * (1 - ROUNDED):
            return tree, ascent
        found.append((improved(tree), ascent))
    tree = min((tree for tree, _ in found), key=lambda tree: tree.total)
    return tree, max((ascent for _, ascent in found), key=lambda ascent: ascent.bound)


def _recorded(tree: Branching, arrived: Arrived, bound: float) -> Tree:
    """Return a tree by the rows that came in; its cost is summed up anew."""
    net = tree.net
    joined = dict(net.joined)
    for terminal, options in tree.options.items():
        joined[terminal] = net.offers[options[0][1]][terminal]
    taken = [*net.taken, *(edge for _, _, edges in joined.values() for edge in edges)]
    taken += [edge for node, around in tree.links.items() for other, edge in around.items() if node < other]
    edges = np.array(sorted(net.rows(taken)), dtype=np.int64)
    connection = np.array([joined[terminal][1] for terminal in range(arrived.terminals)], dtype=np.int64)
    cost = fsum([*_picked(arrived.cost, arrived.edge, edges), *_picked(arrived.price, arrived.row, connection)])
    proved_cost = bound >= cost * (1 - ROUNDED)
    return Tree(edges, connection, cost, cost if proved_cost else max(0.0, bound))


def _picked(cost: Floats, position: Ints, wanted: Ints) -> list[float]:
    """Return the cost of rows, given the position that each cost came from."""
    order = np.empty(len(position), dtype=np.int64)
    order[position] = np.arange(len(position))
    return list(cost[order[wanted]])
