"""The cheapest tree, and the proof: directed cuts in HiGHS, found as they are violated."""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import inf

import highspy
import numpy as np

from minenet.steiner.ascent import ROOT, Arcs, Ascent
from minenet.steiner.branching import Branching
from minenet.steiner.net import Net

__all__ = ["proved"]

ROUNDS = 200
"""How often the model is solved at most."""

NODES = 2_000
"""Nodes of the search tree at most, each time it is needed."""

NOTHING = 1e-6
"""Values of the solver are exact to this much."""

UNITS = 1_000.0
"""Cost of a tree in the model, whatever its unit is outside: tolerances of the solver are absolute."""

Cut = tuple[int, ...]


@dataclass(frozen=True)
class _Solved:
    """Value of each arc (none when a limit was met first), and what no tree is cheaper than."""

    value: list[float]
    bound: float


def proved(tree: Branching, ascent: Ascent) -> tuple[Branching, float]:
    """Find the cheapest tree and prove it [1]_ [2]_.

    Arcs that the reduced costs of dual ascent show to be in no tree that is cheaper are left out. The others are chosen
    by a linear programme in which every cut between the root and a target holds at least one arc; cuts are added as
    they are violated. Nearly always its optimum is a tree; if not, HiGHS [3]_ branches.

    Parameters
    ----------
    tree : Branching
        A good tree.
    ascent : Ascent
        Of the same net.

    Returns
    -------
    tree : Branching
        The cheapest found, at most as dear as the given one.
    bound : float
        No tree of the net is cheaper: equal to its cost, but for rounding, unless a limit was met.

    References
    ----------
    .. [1] Koch, T. and Martin, A. (1998). Solving Steiner tree problems in graphs to optimality. Networks 32, 207-232.
    .. [2] Polzin, T. and Vahdati Daneshmand, S. (2001). A comparison of Steiner tree relaxations. Discrete Applied
       Mathematics 112, 241-261.
    .. [3] Huangfu, Q. and Hall, J. A. J. (2018). Parallelizing the dual revised simplex method. Mathematical
       Programming Computation 10, 119-142.
    """
    arcs, total = ascent.arcs, tree.total
    kept = _within(ascent, total - ascent.bound + NOTHING * total)
    model = _Model(arcs, kept, tree.net, ascent.cuts, total / UNITS)
    bound, whole = ascent.bound, False
    for _ in range(ROUNDS):
        solved = model.solve()
        bound = max(bound, min(solved.bound, total))
        if bound >= total * (1 - NOTHING) or not solved.value:
            return tree, bound
        cuts = _violated(arcs, solved.value, model.into)
        if cuts:
            model.add(cuts)
        elif whole or _is_whole(solved.value):
            return _cheaper(tree, arcs, solved.value), bound
        else:
            model.branch()
            whole = True
    return tree, bound


def _is_whole(value: list[float]) -> bool:
    return all(v < NOTHING or v > 1 - NOTHING for v in value)


def _cheaper(tree: Branching, arcs: Arcs, value: list[float]) -> Branching:
    """Return the cheaper of a tree and the one that a solution holds."""
    nodes = {head for head, v in zip(arcs.head, value, strict=True) if v > 0.5 and head < arcs.size}
    other = Branching.spanning(tree.net, _together(tree.net, nodes))
    return other if other.total < tree.total else tree


def _together(net: Net, nodes: set[int]) -> set[int]:
    """Return the largest part of nodes that hang together: arcs without cost may stand apart."""
    best: set[int] = set()
    left = set(nodes)
    while left:
        part, queue = set(), [min(left)]
        while queue:
            node = queue.pop()
            if node in left:
                left.discard(node)
                part.add(node)
                queue += [other for other in net.neighbours[node] if other in left]
        best = max(best, part, key=len)
    return best


# --- reduced costs ----------------------------------------------------------------------------------------------------


def _within(ascent: Ascent, limit: float) -> list[int]:
    """Return the arcs that may be in a tree dearer than the bound by less than a limit.

    A tree that holds an arc also holds a way from the root to it and one onward to a target.
    """
    arcs, slack = ascent.arcs, ascent.slack
    out: dict[int, list[int]] = {}
    for arc, tail in enumerate(arcs.tail):
        out.setdefault(tail, []).append(arc)
    to = _nearest([ROOT], out, arcs.head, slack)
    onward = _nearest(arcs.targets, arcs.into, arcs.tail, slack)
    return [
        arc
        for arc, (tail, head) in enumerate(zip(arcs.tail, arcs.head, strict=True))
        if to.get(tail, inf) + slack[arc] + onward.get(head, inf) <= limit
    ]


def _nearest(start: Iterable[int], out: dict[int, list[int]], end: list[int], slack: list[float]) -> dict[int, float]:
    """Return the least slack on a way from any of several nodes to every node."""
    found: dict[int, float] = {}
    queue = [(0.0, node) for node in start]
    heapify(queue)
    while queue:
        cost, node = heappop(queue)
        if node in found:
            continue
        found[node] = cost
        for arc in out.get(node, ()):
            if end[arc] not in found:
                heappush(queue, (cost + slack[arc], end[arc]))
    return found


# --- the model --------------------------------------------------------------------------------------------------------


class _Model:
    """A linear programme over the arcs that are kept: the root is left once, and what is entered is left again."""

    def __init__(self, arcs: Arcs, kept: list[int], net: Net, cuts: list[list[int]], unit: float) -> None:
        self.kept, self.unit = kept, unit
        self.column = {arc: i for i, arc in enumerate(kept)}
        self.arcs = arcs
        self.into = {node: [a for a in into if a in self.column] for node, into in arcs.into.items()}
        self.solver = highspy.Highs()
        self.solver.silent()
        options: dict[str, int | float | str] = {
            "threads": 1,
            "random_seed": 0,
            "presolve": "off",
            "solver": "simplex",
            "mip_rel_gap": 0.0,
        }
        for name, value in options.items():
            self.solver.setOptionValue(name, value)
        self.solver.passModel(self._programme(net, cuts))
        self.branched = False

    def _programme(self, net: Net, cuts: list[list[int]]) -> highspy.HighsLp:
        """Return the first model: the cuts of dual ascent are in it."""
        arcs, kept = self.arcs, self.kept
        out: dict[int, list[int]] = {}
        for arc in kept:
            out.setdefault(arcs.tail[arc], []).append(arc)
        none: list[int] = []
        rows = [(out.get(ROOT, none), none, 1.0, 1.0)]
        rows += [(list(cut), none, 1.0, inf) for cut in dict.fromkeys(self._columns(cut) for cut in cuts)]
        # a node that need not be in the tree is entered only to be left again
        passed = (node for node, into in self.into.items() if into and node < arcs.size and node not in net.must)
        rows += [(out.get(node, none), self.into[node], 0.0, inf) for node in passed]
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(kept), len(rows)
        model.col_cost_ = np.array([arcs.cost[arc] / self.unit for arc in kept])
        model.col_lower_, model.col_upper_ = np.zeros(len(kept)), np.ones(len(kept))
        model.row_lower_, model.row_upper_ = (np.array([row[i] for row in rows]) for i in (2, 3))
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *(len(row[0]) + len(row[1]) for row in rows)])
        model.a_matrix_.index_ = np.array([self.column[a] for row in rows for a in (*row[0], *row[1])], dtype=np.int32)
        model.a_matrix_.value_ = np.array([v for row in rows for v in [1.0] * len(row[0]) + [-1.0] * len(row[1])])
        return model

    def _columns(self, cut: Iterable[int]) -> Cut:
        return tuple(sorted(arc for arc in cut if arc in self.column))

    def solve(self) -> _Solved:
        """Return the value of every arc, and the bound that the solution proves."""
        self.solver.run()
        info, solution = self.solver.getInfo(), self.solver.getSolution()
        bound = self.unit * (info.mip_dual_bound if self.branched else info.objective_function_value)
        if not solution.value_valid:
            return _Solved([], bound)
        value = [0.0] * len(self.arcs.tail)
        for arc, v in zip(self.kept, solution.col_value, strict=True):
            value[arc] = v
        return _Solved(value, bound)

    def add(self, cuts: Iterable[Cut]) -> None:
        """Add cuts."""
        for cut in cuts:
            columns = np.array([self.column[arc] for arc in cut], dtype=np.int32)
            self.solver.addRow(1.0, highspy.kHighsInf, len(columns), columns, np.ones(len(columns)))

    def branch(self) -> None:
        """Take arcs whole or not at all from now on."""
        count = len(self.kept)
        kinds = np.full(count, highspy.HighsVarType.kInteger, dtype=object)
        self.solver.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kinds)
        self.solver.setOptionValue("mip_max_nodes", NODES)
        self.branched = True


# --- separation -------------------------------------------------------------------------------------------------------


def _violated(arcs: Arcs, value: list[float], into: dict[int, list[int]]) -> list[Cut]:
    """Return cuts that hold less than one arc, one for each target to which less than one flows from the root."""
    out: dict[int, list[int]] = {}
    for into_node in into.values():
        for arc in into_node:
            out.setdefault(arcs.tail[arc], []).append(arc)
    found = set()
    for target in arcs.targets:
        behind = _starved(target, arcs, value, into, out)
        if behind:
            found.add(tuple(sorted(a for node in behind for a in into.get(node, ()) if arcs.tail[a] not in behind)))
    return sorted(found)


def _starved(
    target: int, arcs: Arcs, value: list[float], into: dict[int, list[int]], out: dict[int, list[int]]
) -> set[int]:
    """Return the nodes behind the narrowest cut before a target; none when one can flow to it (Ford and Fulkerson)."""
    flow: dict[int, float] = {}
    total = 0.0
    while total < 1 - NOTHING:
        before = _residual(target, arcs, value, flow, into, out)
        if ROOT not in before:
            return set(before)
        node, way = ROOT, []
        while node != target:
            arc, sign = before[node]
            way.append((arc, sign))
            node = arcs.head[arc] if sign > 0 else arcs.tail[arc]
        step = min(value[arc] - flow.get(arc, 0.0) if sign > 0 else flow[arc] for arc, sign in way)
        for arc, sign in way:
            flow[arc] = flow.get(arc, 0.0) + sign * step
        total += step
    return set()


def _residual(
    target: int,
    arcs: Arcs,
    value: list[float],
    flow: dict[int, float],
    into: dict[int, list[int]],
    out: dict[int, list[int]],
) -> dict[int, tuple[int, int]]:
    """Return, for each node from which more can flow to a target, the arc of its way; until the root is found."""
    before: dict[int, tuple[int, int]] = {target: (-1, 1)}
    left = [target]
    for node in left:  # grows on the way: the shortest way first
        if ROOT in before:
            break
        for arc in into.get(node, ()):
            if arcs.tail[arc] not in before and value[arc] - flow.get(arc, 0.0) > NOTHING / 10:
                before[arcs.tail[arc]] = (arc, 1)
                left.append(arcs.tail[arc])
        for arc in out.get(node, ()):
            if arcs.head[arc] not in before and flow.get(arc, 0.0) > NOTHING / 10:
                before[arcs.head[arc]] = (arc, -1)
                left.append(arcs.head[arc])
    return before
