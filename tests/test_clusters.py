"""Groups of homes: exact against every partition, and by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra, minimum_spanning_tree

from minenet import Assumptions
from minenet.clusters import cluster_names, cut_tree, group_trenches, join_up, spanning_tree

NUMBERS = Assumptions.default().clusters


def line_graph(lengths):
    """Return the matrix of a street with nodes at the given distances from each other."""
    size = len(lengths) + 1
    start = np.arange(size - 1)
    both = np.concatenate([start, start + 1]), np.concatenate([start + 1, start])
    return csr_array((np.tile(np.asarray(lengths, dtype=float), 2), both), shape=(size, size))


@st.composite
def towns(draw):
    """A connected graph of up to 12 nodes and up to 9 connections on them, with 1-3 homes each."""
    size = draw(st.integers(2, 12))
    lengths = st.integers(1, 90)
    matrix = np.zeros((size, size))
    for node in range(1, size):
        other = draw(st.integers(0, node - 1))
        matrix[node, other] = matrix[other, node] = draw(lengths)
    for _ in range(draw(st.integers(0, 4))):
        a, b = draw(st.integers(0, size - 1)), draw(st.integers(0, size - 1))
        if a != b:
            matrix[a, b] = matrix[b, a] = draw(lengths)
    nodes = draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=9))
    homes = draw(st.lists(st.integers(1, 3), min_size=len(nodes), max_size=len(nodes)))
    return csr_array(matrix), np.array(nodes), np.array(homes)


@given(towns())
@settings(max_examples=60, deadline=None)
def test_the_tree_is_as_short_as_that_of_all_distances(town):
    matrix, nodes, _ = town
    tree = spanning_tree(matrix, nodes)
    distance = dijkstra(matrix, indices=np.unique(nodes))[:, np.unique(nodes)]
    assert tree.length_m.sum() == pytest.approx(minimum_spanning_tree(distance).sum(), abs=1e-4)


@given(towns())
@settings(max_examples=40, deadline=None)
def test_the_cut_is_the_cheapest_of_all_cuts_of_the_tree(town):
    matrix, nodes, homes = town
    tree = spanning_tree(matrix, nodes)
    group = cut_tree(tree, homes, np.zeros(len(nodes)), assumptions=NUMBERS)
    assert cost_of(tree, homes, group) == pytest.approx(cheapest(tree, homes))


def cost_of(tree, homes, group):
    """Price a grouping by the definition, from its labels alone."""
    total = NUMBERS.eur_per_home_left_out * homes[group < 0].sum()
    for g in np.unique(group[group >= 0]):
        assert 2 <= homes[group == g].sum() <= 50
        inside = (group == g) & (tree.parent >= 0)
        inside[inside] = group[tree.parent[inside]] == g
        assert inside.sum() == (group == g).sum() - 1  # hangs together in the tree
        total += NUMBERS.eur_per_cluster + NUMBERS.eur_per_trench_m * tree.length_m[inside].sum()
    return total


def cheapest(tree, homes):
    """Try every subset of the tree's edges."""
    links = np.flatnonzero(tree.parent >= 0)
    best = np.inf
    for mask in range(2 ** len(links)):
        kept = links[[mask >> i & 1 == 1 for i in range(len(links))]]
        graph = csr_array((np.ones(len(kept)), (kept, tree.parent[kept])), shape=(len(homes), len(homes)))
        _, label = connected_components(graph, directed=False)
        cost = NUMBERS.eur_per_trench_m * tree.length_m[kept].sum()
        for g in range(label.max() + 1):
            size = homes[label == g].sum()
            alone = NUMBERS.eur_per_home_left_out * size if (label == g).sum() == 1 else np.inf
            cost += min(NUMBERS.eur_per_cluster if 2 <= size <= 50 else np.inf, alone)
        best = min(best, cost)
    return best


@given(towns())
@settings(max_examples=60, deadline=None)
def test_joining_up_never_costs_more_and_keeps_groups_whole(town):
    matrix, nodes, homes = town
    tree = spanning_tree(matrix, nodes)
    service = np.zeros(len(nodes))
    group = cut_tree(tree, homes, service, assumptions=NUMBERS)
    forest, joined = join_up(tree, group, homes, service, assumptions=NUMBERS)
    assert cost_of(forest, homes, joined) <= cost_of(tree, homes, group) + 0.01
    together = {frozenset(np.flatnonzero(group == g)) for g in np.unique(group[group >= 0])}
    after = [frozenset(np.flatnonzero(joined == g)) for g in np.unique(joined[joined >= 0])]
    assert all(any(one <= other for other in after) for one in together)


def test_a_pair_joins_the_neighbour_with_room_when_the_tree_leads_to_a_full_one():
    # 49 homes (connection 0), a pair (1) 5 m from it, and ten homes (2) 8 m from the pair but 6 m from the 49:
    # the tree joins the pair and the ten to the 49, which has no room for both
    matrix = np.zeros((3, 3))
    for a, b, length in ((0, 1, 5), (0, 2, 6), (1, 2, 8)):
        matrix[a, b] = matrix[b, a] = length
    homes = np.array([49, 2, 10])
    tree = spanning_tree(csr_array(matrix), np.arange(3))
    group = cut_tree(tree, homes, np.zeros(3), assumptions=NUMBERS)
    assert len(np.unique(group)) == 3
    _, joined = join_up(tree, group, homes, np.zeros(3), assumptions=NUMBERS)
    assert joined.tolist() == [0, 1, 1]


def test_a_far_home_is_left_out_and_a_long_street_is_cut():
    # homes 0-2 close together, home 3 at 60 m (9,000 EUR of trench > 5,500 EUR left out)
    tree = spanning_tree(line_graph([10, 10, 60]), np.arange(4))
    assert cut_tree(tree, np.ones(4, dtype=int), np.zeros(4), assumptions=NUMBERS).tolist() == [0, 0, 0, -1]
    # two pairs 60 m apart: a second network (6,000 EUR) is cheaper than 60 m of trench (9,000 EUR)
    tree = spanning_tree(line_graph([10, 60, 10]), np.arange(4))
    assert cut_tree(tree, np.ones(4, dtype=int), np.zeros(4), assumptions=NUMBERS).tolist() == [0, 0, 1, 1]


def test_fifty_homes_are_the_most():
    tree = spanning_tree(line_graph([5] * 59), np.arange(60))
    group = cut_tree(tree, np.ones(60, dtype=int), np.zeros(60), assumptions=NUMBERS)
    assert np.bincount(group).max() <= 50
    assert len(np.unique(group)) == 2
    assert (group >= 0).all()


def test_apartments_count_as_many_homes_but_one_connection():
    tree = spanning_tree(line_graph([5, 5]), np.arange(3))
    group = cut_tree(tree, np.array([30, 30, 30]), np.zeros(3), assumptions=NUMBERS)
    assert sorted(group) == [0, 1, 2]  # two of them would be 60


def test_trenches_of_a_group_reach_its_members_and_no_more():
    # nodes 0-1-2-3-4 in a row; homes at 0, 2 and 4; one group of 0 and 2, one left-out home at 4
    tree = spanning_tree(line_graph([10, 10, 50, 50]), np.array([0, 2, 4]))
    steps = group_trenches(tree, np.array([0, 0, -1]))
    assert steps[["start", "end"]].to_numpy().tolist() == [[0, 1], [1, 2]]


def test_names_people_recognise():
    import geopandas as gpd
    import pandas as pd

    homes = gpd.GeoDataFrame(
        {
            "cluster_id": ["c"] * 5 + ["d"] * 2 + [None],
            "building_id": list("abcdefgh"),
            "street": ["Oosterstraat"] * 4 + ["Plein"] + [None, None] + ["Elders"],
            "house_number": ["12", "14", "48", "16A", "3", None, None, "9"],
        },
        geometry=[None] * 8,
    )
    names = cluster_names(homes, pd.Series({"f": "Kade", "g": "Kade"}))
    assert names.to_dict() == {"c": "Oosterstraat 12-48 (even), Plein 3", "d": "Kade"}
