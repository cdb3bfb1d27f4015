"""Trench trees: lengths that can be worked out by hand, every tree of small graphs, another algorithm, properties."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from minenet.errors import InputError
from minenet.steiner import Candidates, Graph, cheapest_tree
from minenet.steiner.arrival import arrive
from minenet.steiner.ascent import arcs_from, ascend, roots
from minenet.steiner.branching import Branching
from minenet.steiner.exchange import improved
from minenet.steiner.proof import proved
from minenet.steiner.reduction import reduce

MANY = settings(max_examples=150, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
BOTH = pytest.mark.parametrize("mode", ["fast", "exact"])


def sound(tree, graph, candidates):
    """The edges form a tree that holds the node of every connection, and the cost is the sum of both."""
    start, end, cost = (np.asarray(v) for v in (graph.start, graph.end, graph.cost))
    terminal, node, price = (np.asarray(v) for v in (candidates.terminal, candidates.node, candidates.cost))
    assert terminal[tree.connection].tolist() == list(range(len(tree.connection)))
    part = {int(v): int(v) for v in node[tree.connection]}
    for edge in tree.edges:
        part |= {int(v): int(v) for v in (start[edge], end[edge])}

    def top(v):
        while part[v] != v:
            v = part[v]
        return v

    for edge in tree.edges:
        a, b = top(int(start[edge])), top(int(end[edge]))
        assert a != b, "an edge too many"
        part[a] = b
    assert len({top(v) for v in part}) == 1, "not in one piece"
    assert tree.cost == pytest.approx(cost[tree.edges].sum() + price[tree.connection].sum(), abs=1e-9)
    assert 0 <= tree.bound <= tree.cost
    assert tree.reason == ""
    return tree.cost


# by hand


@BOTH
def test_a_home_takes_the_connection_that_is_cheapest_together(mode):
    """A street of 10 + 10 m; home 1 joins at its end for 2 m, or at its start for 15 m: 10 + 10 + 2 > 15."""
    graph = Graph([0, 1], [1, 2], [10.0, 10.0])
    tree = cheapest_tree(graph, Candidates([0, 1, 1], [0, 2, 0], [1.0, 2.0, 15.0]), mode=mode)
    assert (tree.edges.tolist(), tree.connection.tolist(), tree.cost, tree.gap) == ([], [0, 2], 16.0, 0.0)
    tree = cheapest_tree(graph, Candidates([0, 1, 1], [0, 2, 0], [1.0, 2.0, 25.0]), mode=mode)
    assert (tree.edges.tolist(), tree.connection.tolist(), tree.cost) == ([0, 1], [0, 1], 23.0)


@BOTH
def test_no_trench_passes_through_a_home(mode):
    """The middle home touches two streets (1 m each): through it, 5 m would do; round it is 20 m + 1 + 1 + 1 m."""
    graph = Graph([0, 1], [1, 2], [10.0, 10.0])
    tree = cheapest_tree(graph, Candidates([0, 1, 1, 2], [0, 0, 2, 2], [1.0, 1.0, 1.0, 1.0]), mode=mode)
    assert sound(tree, graph, Candidates([0, 1, 1, 2], [0, 0, 2, 2], [1.0, 1.0, 1.0, 1.0])) == 23.0


@BOTH
def test_a_junction_that_nobody_joins_is_used_where_it_pays(mode):
    """Three homes around a junction at 10 m each, and 18 m from home to home: 30 m beats 36 m."""
    graph = Graph([0, 1, 2, 0, 1, 2], [3, 3, 3, 1, 2, 0], [10.0, 10, 10, 18, 18, 18])
    tree = cheapest_tree(graph, Candidates([0, 1, 2], [0, 1, 2], [0.0, 0, 0]), mode=mode)
    assert (tree.edges.tolist(), tree.cost, tree.bound) == ([0, 1, 2], 30.0, 30.0)


@BOTH
def test_dirty_streets(mode):
    """A closed edge and the dearer of two parallels are not used; an edge of no length costs nothing."""
    graph = Graph([7, 7, 3, 7, -5], [7, 3, 7, -5, 3], [0.0, 9.0, 4.0, 0.0, 5.0])
    candidates = Candidates([1, 0], [-5, 3], [2, 1])
    tree = cheapest_tree(graph, candidates, mode=mode)
    assert sound(tree, graph, candidates) == 7.0
    assert tree.edges.tolist() == [2, 3]


def test_of_two_parts_that_can_join_all_the_cheaper_is_taken():
    graph = Graph([0, 2], [1, 3], [10.0, 4.0])
    candidates = Candidates([0, 1, 0, 1], [0, 1, 2, 3], [1.0, 1.0, 3.0, 3.0])
    tree = cheapest_tree(graph, candidates, mode="exact")
    assert (tree.edges.tolist(), tree.connection.tolist(), tree.cost, tree.gap) == ([1], [2, 3], 10.0, 0.0)


def test_few_terminals():
    graph = Graph([0], [1], [3.0])
    none = cheapest_tree(graph, Candidates([], [], []))
    assert (len(none.edges), len(none.connection), none.cost, none.gap, none.reason) == (0, 0, 0.0, 0.0, "")
    one = cheapest_tree(graph, Candidates([0, 0], [0, 9], [4.0, 2.0]))
    assert (len(one.edges), one.connection.tolist(), one.cost, one.bound) == (0, [1], 2.0, 2.0)
    same = cheapest_tree(Graph([], [], []), Candidates([0, 1], [5, 5], [1.0, 2.0]))
    assert (len(same.edges), same.connection.tolist(), same.cost, same.bound) == (0, [0, 1], 3.0, 3.0)


@BOTH
def test_what_cannot_be_joined_has_a_reason(mode):
    graph = Graph([0, 5], [1, 6], [3.0, 1.0])
    apart = cheapest_tree(graph, Candidates([0, 1, 2], [0, 1, 5], [1.0, 1.0, 1.0]), mode=mode)
    assert (apart.reason, apart.left_out.tolist(), apart.cost) == ("not_connected", [2], np.inf)
    assert apart.connection.tolist() == [-1, -1, -1]
    assert np.isnan(apart.gap)
    missing = cheapest_tree(graph, Candidates([0, 2], [0, 1], [1.0, 1.0], count=4), mode=mode)
    assert (missing.reason, missing.left_out.tolist()) == ("no_candidate", [1, 3])


@pytest.mark.parametrize(
    ("graph", "candidates", "message"),
    [
        (Graph([0], [1], [-1.0]), Candidates([0], [0], [1.0]), "`cost` of the graph is -1 in row 0"),
        (Graph([0], [1], [np.nan]), Candidates([0], [0], [1.0]), "nan"),
        (Graph([0], [1], [1.0]), Candidates([0], [0], [np.inf]), "`cost` of the candidates is inf"),
        (Graph([0], [1], ["far"]), Candidates([0], [0], [1.0]), "not a column of numbers"),
        (Graph([0.5], [1], [1.0]), Candidates([0], [0], [1.0]), "whole numbers"),
        (Graph([0, 1], [1], [1.0]), Candidates([0], [0], [1.0]), "rows"),
        (Graph([0], [1], [1.0]), Candidates([0], [0, 1], [1.0]), "rows"),
        (Graph([0], [1], [1.0]), Candidates([-1], [0], [1.0]), "from 0"),
        (Graph([0], [1], [1.0]), Candidates([3], [0], [1.0], count=2), "terminal 3 of 2"),
    ],
)
def test_broken_data_have_a_name(graph, candidates, message):
    with pytest.raises(InputError, match=message):
        cheapest_tree(graph, candidates)


def test_an_unknown_mode_is_refused():
    with pytest.raises(InputError, match="unknown"):
        cheapest_tree(Graph([0], [1], [1.0]), Candidates([0], [0], [1.0]), mode="best")


# against every tree, and against another algorithm


def every_tree(graph, candidates):
    """The cheapest of all sets of nodes: the shortest tree over them (Prim), and the best connection to them."""
    ids = sorted({*graph.start, *graph.end, *candidates.node})
    length = np.full((len(ids), len(ids)), np.inf)
    for a, b, cost in zip(graph.start, graph.end, graph.cost, strict=True):
        i, j = ids.index(a), ids.index(b)
        length[i, j] = length[j, i] = min(length[i, j], cost)
    price = np.full((max(candidates.terminal) + 1, len(ids)), np.inf)
    for t, node, cost in zip(candidates.terminal, candidates.node, candidates.cost, strict=True):
        price[t, ids.index(node)] = min(price[t, ids.index(node)], cost)
    best = np.inf
    for size in range(1, len(ids) + 1):
        for nodes in combinations(range(len(ids)), size):
            total = price[:, nodes].min(axis=1).sum()
            reach, left = length[nodes[0]].copy(), set(nodes[1:])
            while left and total < best:
                nearest = min(left, key=lambda i: reach[i])
                total += reach[nearest]
                left.discard(nearest)
                reach = np.minimum(reach, length[nearest])
            best = min(best, total)
    return best


@st.composite
def small_nets(draw):
    count = draw(st.integers(2, 8))
    node = st.integers(0, count - 1)
    cost = st.integers(0, 12)
    edges = draw(st.lists(st.tuples(node, node, cost), min_size=count - 1, max_size=14))
    homes = draw(st.integers(1, 5))
    rows = [(h, draw(node), draw(cost)) for h in range(homes) for _ in range(draw(st.integers(1, 3)))]
    a, b, c = ([e[i] for e in edges] for i in range(3))
    return Graph(a, b, c), Candidates(*([r[i] for r in rows] for i in range(3)))


@MANY
@given(small_nets())
def test_small_nets_against_every_tree(net):
    best = every_tree(*net)
    fast, exact = (cheapest_tree(*net, mode=mode) for mode in ("fast", "exact"))
    if not np.isfinite(best):
        assert fast.reason == exact.reason == "not_connected"
        return
    assert sound(exact, *net) == exact.bound == pytest.approx(best, abs=1e-9)
    assert fast.bound - 1e-9 <= best <= sound(fast, *net) + 1e-9


def grid(side, homes, seed, most=3):
    """A crooked grid with a quarter of its streets missing, and homes with up to three connections."""
    random = np.random.default_rng(seed)
    node = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate(
        [
            np.column_stack([node[1:].ravel(), node[:-1].ravel()]),
            np.column_stack([node[:, 1:].ravel(), node[:, :-1].ravel()]),
        ]
    )
    pairs = pairs[random.random(len(pairs)) > 0.2]
    graph = Graph(*pairs.T, random.uniform(5, 40, len(pairs)))
    count = random.integers(1, most + 1, homes)
    terminal = np.repeat(np.arange(homes), count)
    return graph, Candidates(
        terminal, random.integers(0, side * side, len(terminal)), random.uniform(2, 25, len(terminal))
    )


def dreyfus_wagner(graph, candidates, far=1e5):
    """The cheapest tree by subsets of the homes; each use of a connection costs a surcharge, so that none is passed."""
    homes, nodes = max(candidates.terminal) + 1, max(map(np.max, (graph.start, graph.end, candidates.node))) + 1
    length = np.full((nodes + homes, nodes + homes), np.inf)
    np.fill_diagonal(length, 0)
    np.minimum.at(length, (graph.start, graph.end), graph.cost)
    np.minimum.at(length, (candidates.node, nodes + candidates.terminal), candidates.cost + far)
    length = np.minimum(length, length.T)
    for k in range(len(length)):
        length = np.minimum(length, length[:, [k]] + length[[k]])
    tree = {1 << h: length[nodes + h] for h in range(homes)}
    for group in sorted(range(1, 1 << homes), key=int.bit_count):
        if group not in tree:
            parts = [part for part in range(1, group) if part & group == part and part < group - part]
            met = np.min([tree[part] + tree[group - part] for part in parts], axis=0)
            tree[group] = (length + met).min(axis=1)
    return tree[(1 << homes) - 1].min() - homes * far


@pytest.mark.parametrize("seed", range(12))
def test_streets_against_dreyfus_and_wagner(seed):
    net = grid(6, 6, seed)
    best = dreyfus_wagner(*net)
    fast, exact = (cheapest_tree(*net, mode=mode) for mode in ("fast", "exact"))
    if best > 1e4:
        assert exact.reason == fast.reason == "not_connected"
        return
    assert sound(exact, *net) == exact.bound == pytest.approx(best, abs=1e-6)
    assert fast.bound <= best + 1e-6
    assert best <= sound(fast, *net) + 1e-6


def test_where_the_linear_programme_is_no_tree_it_branches():
    """Fano's plane: seven homes, each joins at three of seven ends of a star, each end serves three.

    Thirds of all ends would do (7/3); whole ones must cover seven homes by threes, any two of which share one: three.
    """
    lines = [(0, 1, 2), (0, 3, 4), (0, 5, 6), (1, 3, 5), (1, 4, 6), (2, 3, 6), (2, 4, 5)]
    graph = Graph([7] * 7, range(7), [10.0] * 7)
    rows = [(home, end) for end, line in enumerate(lines) for home in line] + [(7, 7)]
    candidates = Candidates([r[0] for r in rows], [r[1] for r in rows], [1.0] * len(rows))
    tree = cheapest_tree(graph, candidates, mode="exact")
    assert sound(tree, graph, candidates) == tree.bound == 38.0
    assert cheapest_tree(graph, candidates).bound <= 38.0


# properties


def shuffled(net, seed):
    """The same rows in another order, edges turned round at random; and where each row went."""
    random = np.random.default_rng(seed)
    graph, candidates = net
    edge, row = random.permutation(len(graph.start)), random.permutation(len(candidates.terminal))
    turn = random.random(len(edge)) < 0.5
    a, b, cost = (np.asarray(v)[edge] for v in (graph.start, graph.end, graph.cost))
    other = Graph(np.where(turn, a, b), np.where(turn, b, a), cost)
    return other, Candidates(*(np.asarray(v)[row] for v in (candidates.terminal, candidates.node, candidates.cost)))


def described(tree, net):
    """The rows of a tree without their positions."""
    graph, candidates = net
    ends = np.sort(np.column_stack([graph.start, graph.end]), axis=1)[tree.edges]
    edges = sorted(zip(*ends.T.tolist(), np.asarray(graph.cost)[tree.edges].tolist(), strict=True))
    node, cost = (np.asarray(v)[tree.connection].tolist() for v in (candidates.node, candidates.cost))
    return edges, node, cost, tree.cost, tree.bound


@pytest.mark.parametrize("seed", range(25))
def test_streets_keep_all_promises(seed):
    net = grid(7 + seed % 4, 8 + 2 * seed, seed)
    fast, exact = (cheapest_tree(*net, mode=mode) for mode in ("fast", "exact"))
    if fast.reason:
        assert exact.reason == fast.reason
        return
    assert sound(exact, *net) <= sound(fast, *net) * (1 + 1e-9)
    assert exact.gap == 0
    assert fast.bound <= exact.cost * (1 + 1e-9)
    again = shuffled(net, seed)
    for mode, tree in (("fast", fast), ("exact", exact)):
        assert described(cheapest_tree(*again, mode=mode), again) == described(tree, net)


@MANY
@given(small_nets(), st.integers(0, 7), st.integers(0, 12), st.integers(0, 100))
def test_another_candidate_never_makes_it_dearer(net, node, cost, seed):
    graph, candidates = net
    more = Candidates([*candidates.terminal, 0], [*candidates.node, node], [*candidates.cost, cost])
    before, after = cheapest_tree(*net, mode="exact"), cheapest_tree(graph, more, mode="exact")
    assert after.cost <= before.cost + 1e-9
    again = shuffled(net, seed)
    turned = cheapest_tree(*again)
    assert turned.cost == cheapest_tree(*net).cost
    if not turned.reason:
        assert described(turned, again) == described(cheapest_tree(*net), net)


@MANY
@given(small_nets())
def test_each_step_is_sound_by_itself(net):
    """Reduction keeps the optimum, dual ascent stays below it, search never makes a tree dearer, the proof ends."""
    best = every_tree(*net)
    arrived = arrive(*net)
    if not np.isfinite(best) or arrived.terminals < 2:
        return
    whole = [p for p, terminals in arrived.reached().items() if len(terminals) == arrived.terminals]
    found = []
    for part in whole:
        reduced = arrived.net(part)
        nodes = reduce(reduced)
        if not reduced.open and len(reduced.must) == 1:
            found.append(reduced.spent)
            continue
        for root in roots(reduced, 2):
            ascent = ascend(arcs_from(reduced, nodes, root))
            tree = Branching.spanning(reduced, ascent.saturated())
            better = improved(tree)
            shortest, bound = proved(better, ascent)
            assert ascent.bound - 1e-6 <= bound <= shortest.total + 1e-6
            assert bound == pytest.approx(shortest.total, abs=1e-4)
            assert shortest.total <= better.total <= tree.total
        found.append(reduced.spent + shortest.total)
    assert min(found) == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize("unit", [1e-9, 1e6])
def test_the_unit_of_cost_does_not_matter(unit):
    graph, candidates = grid(8, 20, 3)
    tree = cheapest_tree(graph, candidates, mode="exact")
    candidates = Candidates(candidates.terminal, candidates.node, candidates.cost * unit)
    other = cheapest_tree(Graph(graph.start, graph.end, graph.cost * unit), candidates, mode="exact")
    assert tree.gap == other.gap == 0
    assert other.cost == pytest.approx(tree.cost * unit, rel=1e-9)


def test_fast_trees_are_within_a_hundredth_of_the_optimum():
    gaps = []
    for seed in range(20):
        net = grid(8, 20, 100 + seed)
        fast, exact = (cheapest_tree(*net, mode=mode) for mode in ("fast", "exact"))
        if not exact.reason:
            gaps.append(fast.cost / exact.cost - 1)
    assert len(gaps) > 10
    assert np.mean(gaps) < 0.01


def test_ten_thousand_homes_in_one_tower_and_a_long_street():
    tower = cheapest_tree(Graph([0], [1], [5.0]), Candidates(np.arange(10_000), [1] * 9_999 + [0], np.ones(10_000)))
    assert tower.cost == pytest.approx(10_005.0)
    street = np.arange(3_000)
    tree = cheapest_tree(Graph(street, street + 1, np.ones(3_000)), Candidates([0, 1], [0, 3_000], [0.0, 0.0]))
    assert (tree.cost, tree.bound, len(tree.edges)) == (3_000.0, 3_000.0, 3_000)


@BOTH
def test_a_long_row_of_homes_with_a_way_round(mode):
    """Eighty homes 1 m apart, and a way round of 200 m between both ends of the row: the row is the tree."""
    row = np.arange(80)
    graph = Graph([*row[:-1], 0, 80], [*row[1:], 80, 79], [*np.ones(79), 100.0, 100.0])
    tree = cheapest_tree(graph, Candidates(row, row, np.zeros(80)), mode=mode)
    assert (tree.cost, tree.bound, tree.edges.tolist()) == (79.0, 79.0, list(range(79)))
