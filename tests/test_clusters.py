"""Groups of homes: by hand, and against all ways to group them."""

from functools import cache
from itertools import combinations, pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from drawn_street import addresses, buildings, streets
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from shapely.geometry import LineString

import minenet
from minenet import Assumptions
from minenet.cli import main
from minenet.clusters import Connections, Prices, cluster_names, connections_of, find_groups, gas_costs, prices_of
from minenet.clusters.exact import cheapest_groups
from minenet.clusters.exchange import Search, search
from minenet.clusters.network import contract, shortest_net
from minenet.errors import AssumptionError
from minenet.tables import make_area

NUMBERS = Assumptions.default()
EUR = {e.name: float(e.value) for e in NUMBERS.entries.values() if e.section == "costs" and e.unit.startswith("EUR")}
EUR |= {"gas_boiler_eur": 2130.0, "gas_boiler_upkeep_eur": 98.0, "gas_fixed_eur": 397.0, "gas_eur_m3": 1.332}
EUR |= {"network_preparation_eur": 5000.0, "mobilisation_eur": 600.0, "borehole_eur": 4000.0, "drilling_eur_m": 65.0}
EUR |= {"trench_paving_eur_m": 150.0, "trench_private_eur_m": 60.0, "pipe_small_eur_m": 6.0, "pipe_medium_eur_m": 14.0}
"""Prices of which those that are checked by hand are set here."""


def plain(*, fewest=2, most=50, cluster=6000.0, trench=150.0, split=0.0):
    """The plain yardstick: so much per cluster and per metre of trench."""
    return Prices(fewest, most, np.full(most + 1, cluster), trench, split)


def connections(nodes, homes=None, alone=5500.0):
    nodes = np.asarray(nodes)
    homes = np.ones(len(nodes), dtype=int) if homes is None else np.asarray(homes)
    return Connections(nodes, homes, np.zeros(len(nodes)), alone * homes)


def graph(edges, size=None):
    """Return the matrix of (start, end, length) rows."""
    start, end, length = (np.array(c) for c in zip(*edges, strict=True))
    size = size or int(max(start.max(), end.max())) + 1
    both = np.concatenate([start, end]), np.concatenate([end, start])
    return csr_array((np.tile(length.astype(float), 2), both), shape=(size, size))


def line(lengths):
    """Return the matrix of a street with nodes at the given distances from each other."""
    return graph([(i, i + 1, length) for i, length in enumerate(lengths)])


def grouped(matrix, nodes, homes=None, *, alone=5500.0, together=None, own=None, **prices):
    together, own = (None if w is None else np.asarray(w) for w in (together, own))
    return find_groups(matrix, connections(nodes, homes, alone), prices=plain(**prices), together=together, own=own)


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_a_far_home_is_left_out_and_a_long_street_is_cut():
    # homes 0-2 close together, home 3 at 60 m (9,000 EUR of trench > 5,500 EUR left out)
    found = grouped(line([10, 10, 60]), range(4))
    assert found.group.tolist() == [0, 0, 0, -1]
    assert found.reason.tolist() == [None, None, None, "dearer_to_join"]
    # two pairs 60 m apart: a second network (6,000 EUR) is cheaper than 60 m of trench (9,000 EUR)
    assert grouped(line([10, 60, 10]), range(4)).group.tolist() == [0, 0, 1, 1]


def test_fifty_homes_are_the_most():
    found = grouped(line([5] * 59), range(60))
    assert np.bincount(found.group).max() <= 50
    assert len(np.unique(found.group)) == 2
    assert (found.group >= 0).all()


@pytest.mark.parametrize(("fewest", "most"), [(2, 2), (3, 3), (4, 7), (10, 12), (50, 50)])
def test_any_size_that_is_asked_for_is_kept(fewest, most):
    found = grouped(line([5] * 59), range(60), fewest=fewest, most=most)
    sizes = np.bincount(found.group[found.group >= 0])
    assert ((sizes >= fewest) & (sizes <= most)).all()
    assert (found.group < 0).sum() == 60 - most * len(sizes) if fewest == most else (found.group >= 0).all()


def test_the_smallest_group_is_no_larger_than_the_largest():
    numbers = NUMBERS.override({"clusters": {"fewest_homes": 10, "most_homes": 5}})
    with pytest.raises(AssumptionError, match="fewest_homes 10 is more than most_homes 5"):
        prices_of(numbers, np.zeros(6), EUR)


def test_apartments_count_as_many_homes_but_one_connection():
    assert sorted(grouped(line([5, 5]), range(3), [30, 30, 30]).group) == [0, 1, 2]  # two of them would be 60


def test_two_blocks_at_one_place_may_be_two_groups():
    assert grouped(line([5]), [0, 0], [30, 30]).group.tolist() == [0, 1]


def test_a_group_passes_homes_that_are_dear_to_join():
    # the middle home costs 7,000 EUR more in a group: 5,500 EUR left out is less
    home = Connections(np.arange(3), np.ones(3, dtype=int), np.array([0.0, 7000.0, 0.0]), np.full(3, 5500.0))
    assert find_groups(line([5, 5]), home, prices=plain()).group.tolist() == [0, -1, 0]


def test_trenches_of_a_group_reach_its_members_and_no_more():
    # nodes 0-1-2-3-4 in a row, a dead end at 5; homes at 0, 2 and, too far, 4
    matrix = graph([(0, 1, 10), (1, 2, 10), (2, 3, 50), (3, 4, 50), (1, 5, 10)])
    found = grouped(matrix, [0, 2, 4])
    assert found.steps[["start", "end"]].to_numpy().tolist() == [[0, 1], [1, 2]]


def test_four_arms_of_a_crossing_share_it():
    # a star: homes 20 m from a crossing (node 0); all four need 80 m, not the 120 m of ways between pairs
    network = contract(graph([(0, i, 20) for i in (1, 2, 3, 4)]), np.array([1, 2, 3, 4]))
    problem = Search(network, connections([1, 2, 3, 4]), plain())
    assert search(problem).cost == pytest.approx([6000 + 150 * 80])


def test_a_street_is_divided_only_where_that_is_worth_it():
    # five homes 10 m apart between two crossings, then the next street: most 6 homes, 10 in all. Cutting the street
    # in two saves (100 - 60) m of trench: 6,000 EUR, so 5,000 EUR for the split do not stop it and 7,000 EUR do
    edges = [(i, i + 1, 10) for i in range(4)] + [(4, 5, 10), (5, 6, 60)] + [(i, i + 1, 10) for i in range(6, 10)]
    crossing = [(5, 11, 5), (5, 12, 5)]  # two side streets with a home each make it one
    nodes = [*range(5), *range(6, 11), 11, 12]
    small, large = (grouped(graph(edges + crossing), nodes, most=7, split=s).group for s in (0.0, 50_000.0))
    assert len(set(large[:5].tolist())) == 1
    assert len(set(large[5:10].tolist())) == 1
    assert small.max() >= large.max() >= 1


def test_the_cost_of_a_group_counts_every_part():
    # three homes in one street, two of them in the group: 600 for two homes, 10 m at 2 EUR, 5 + 7 for the homes, and a
    # third of the street elsewhere at 30 EUR
    home = Connections(np.arange(3), np.ones(3, dtype=int), np.array([5.0, 7.0, 9.0]), np.full(3, 100.0))
    prices = Prices(2, 3, np.array([0.0, 500.0, 600.0, 700.0]), 2.0, 30.0)
    problem = Search(contract(line([10, 10]), home.node), home, prices)
    problem.street, problem.whole = np.zeros(3, dtype=int), np.array([3.0])
    members = np.array([0, 1, 2, 2]), np.array([0, 0, 1, 2])
    assert problem.cost_of(members, np.array([10.0, 0.0, 0.0]))[0] == pytest.approx(600 + 20 + 12 + 10)
    assert np.isinf(problem.cost_of(members, np.zeros(3))[1:]).all()  # one home is no group


# --- wishes -----------------------------------------------------------------------------------------------------------


def test_homes_stay_together_or_are_left_out_together():
    # 0 and 3 stay together: 60 m of trench (9,000 EUR) is now part of a group of all four
    assert grouped(line([10, 10, 40]), range(4)).group.tolist() == [0, 0, 0, -1]
    assert grouped(line([10, 10, 40]), range(4), together=[0, -1, -1, 0]).group.tolist() == [0, 0, 0, 0]
    # at 200 m (30,000 EUR) both are left out, and the other two remain a pair
    found = grouped(line([10, 10, 200]), range(4), together=[0, -1, -1, 0])
    assert found.group.tolist() == [-1, 0, 0, -1]
    assert found.reason[0] == found.reason[3] == "dearer_to_join"


def test_wishes_that_cannot_be_are_rows_with_reasons():
    apart = graph([(0, 1, 10), (1, 2, 10), (3, 4, 10)])
    found = grouped(apart, range(5), together=[7, -1, -1, 7, -1])
    assert found.reason.tolist() == [
        "together_not_connected",
        None,
        None,
        "together_not_connected",
        "no_neighbours_to_share",
    ]
    found = grouped(apart, range(5), [30, 1, 30, 1, 1], together=[7, -1, 7, -1, -1])
    assert found.reason.tolist() == ["together_too_large", "no_neighbours_to_share", "together_too_large", None, None]
    found = grouped(apart, range(5), own=[1, 1, 2, 2, 3])
    reasons = [None, None, *["own_cluster_not_connected"] * 2, "own_cluster_too_small"]
    assert found.reason.tolist() == reasons
    assert grouped(apart, range(5), [60, 1, 1, 30, 30], own=[-1, -1, -1, 4, 4]).reason.tolist() == [
        "too_many_dwellings",
        None,
        None,
        "own_cluster_too_large",
        "own_cluster_too_large",
    ]


def test_an_own_clustering_is_kept_as_it_is():
    # six homes in a row, crosswise in two clusters: dear, but asked for; the last two are grouped freely
    found = grouped(line([10] * 7), range(8), own=[4, 9, 4, 9, 4, 9, -1, -1])
    assert found.group.tolist() == [0, 1, 0, 1, 0, 1, 2, 2]
    first = found.steps[found.steps["group"] == 0]
    assert first[["start", "end"]].to_numpy().tolist() == [[0, 1], [1, 2], [2, 3], [3, 4]]


# --- against all ways to group ----------------------------------------------------------------------------------------


@st.composite
def towns(draw):
    """A connected graph of up to 12 nodes and up to 8 connections on them, with 1-3 homes each."""
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
    nodes = draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=8))
    homes = draw(st.lists(st.integers(1, 3), min_size=len(nodes), max_size=len(nodes)))
    most = draw(st.sampled_from([4, 6, 50]))
    return csr_array(matrix), np.array(nodes), np.array(homes), most


def shortest_by_hand(matrix, nodes):
    """Return the length of the shortest tree that joins nodes: of all sets of other nodes, the best spanning tree."""
    rest = sorted(set(range(matrix.shape[0])) - set(nodes.tolist()))
    best = 0.0 if len(set(nodes.tolist())) == 1 else np.inf
    for count in range(len(rest) + 1):
        for more in combinations(rest, count):
            inside = np.unique([*nodes, *more])
            part = csr_array(matrix)[inside][:, inside]
            if connected_components(part, directed=False)[0] == 1:
                best = min(best, float(minimum_spanning_tree(part).sum()))
    return best


def partitions(rest):
    """Yield all ways to divide a list into blocks."""
    if not rest:
        yield []
    for count in range(len(rest)):
        for others in combinations(rest[1:], count):
            left = [r for r in rest[1:] if r not in others]
            yield from ([(rest[0], *others), *more] for more in partitions(left))


def cheapest_by_hand(matrix, home, prices):
    """Return the least cost of all partitions of a few connections: a block is a group, or one that is left out."""

    @cache
    def block(members):
        members = np.array(members)
        count = home.homes[members].sum()
        alone = home.alone_eur[members].sum() if len(members) == 1 else np.inf
        if not prices.fewest <= count <= prices.most:
            return alone
        trench = shortest_by_hand(matrix, home.node[members])
        return min(alone, prices.cluster_eur[count] + prices.trench_eur_m * trench + home.join_eur[members].sum())

    return min(sum(block(members) for members in p) for p in partitions(list(range(len(home.node)))))


def cost_of(matrix, home, prices, found):
    """Price what was found by the definition, from labels and steps alone."""
    total = home.alone_eur[found.group < 0].sum()
    for g in range(found.group.max() + 1):
        inside = found.group == g
        count = home.homes[inside].sum()
        assert prices.fewest <= count <= prices.most
        steps = found.steps.loc[found.steps["group"] == g, ["start", "end"]].to_numpy()
        nodes = np.unique(np.concatenate([steps.ravel(), home.node[inside]]))
        ends = np.searchsorted(nodes, steps)
        whole = csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(nodes), len(nodes)))
        assert connected_components(whole, directed=False)[0] == 1
        assert set(home.node[inside]) <= set(nodes)
        trench = sum(matrix[a, b] for a, b in steps)
        total += prices.cluster_eur[count] + prices.trench_eur_m * trench + home.join_eur[inside].sum()
    return total


@given(towns())
@settings(max_examples=40, deadline=None)
def test_few_connections_are_grouped_at_the_least_cost_of_all(town):
    matrix, nodes, homes, most = town
    home, prices = connections(nodes[:6], homes[:6]), plain(most=most)
    found = find_groups(matrix, home, prices=prices)
    cost = cost_of(matrix, home, prices, found)
    assert cost == pytest.approx(cheapest_by_hand(matrix, home, prices), abs=0.02)


SIX_AT_ONE_POINT = (csr_array(np.array([[0, 10.0], [10.0, 0]])), np.zeros(6, dtype=int), np.ones(6, dtype=int), 4)


def test_the_search_alone_divides_homes_at_one_point():
    matrix, nodes, homes, most = SIX_AT_ONE_POINT
    home = connections(nodes, homes)
    problem = Search(contract(matrix, home.node), home, plain(most=most, split=500.0))
    assert problem.total(search(problem)) <= 1.3 * exact_cost(problem)


def test_the_exact_step_divides_homes_at_one_point():
    matrix, nodes, homes, most = SIX_AT_ONE_POINT
    home = connections(nodes, homes)
    group = find_groups(matrix, home, prices=plain(most=most, split=500.0)).group
    assert (group >= 0).all()
    assert len(set(group.tolist())) == 2


@given(towns())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_search_comes_close_to_the_least_cost(town):
    matrix, nodes, homes, most = town
    home = connections(nodes, homes)
    problem = Search(contract(matrix, home.node), home, plain(most=most, split=500.0))
    best = exact_cost(problem)
    assert best - 0.02 <= problem.total(search(problem)) <= 1.3 * best


def exact_cost(problem):
    """Return the cost of the exact groups of a connected problem."""
    trench, of = [], np.full(len(problem.connections), -1)
    for number, (members, stretches) in enumerate(cheapest_groups(problem, np.arange(len(of)))):
        of[members] = number
        trench.append(problem.network.length_m[stretches].sum())
    left_out = problem.connections.alone_eur[of < 0].sum()
    return float(problem.cost(of, np.array(trench)).sum() + left_out)


def town_of_blocks(seed, *, width=4, count=14):
    """Return a grid of streets with homes along them."""
    random = np.random.default_rng(seed)
    edges, size = [], width * width
    for a in range(width * width):
        for b in ([a + 1] if a % width < width - 1 else []) + ([a + width] if a + width < width**2 else []):
            length = random.uniform(5, 20)
            chain = [a, size, size + 1, b]
            edges += [(p, q, length) for p, q in pairwise(chain)]
            size += 2
    nodes = random.choice(np.arange(width * width, size), count)
    homes = np.where(random.random(count) < 0.15, random.integers(2, 12, count), 1)
    most = int(random.choice([14, 50]))
    return graph(edges, size), connections(nodes, homes), plain(most=most, split=float(random.choice([0, 1000])))


def test_the_search_is_within_two_percent_of_the_exact_optimum():
    gaps = []
    for seed in range(12):
        matrix, home, prices = town_of_blocks(seed, count=12)
        problem = Search(contract(matrix, home.node), home, prices)
        gaps.append(problem.total(search(problem)) / exact_cost(problem) - 1)
    assert min(gaps) > -1e-9
    assert np.mean(gaps) <= 0.02
    assert max(gaps) <= 0.08


def test_the_search_never_gets_worse():
    matrix, home, prices = town_of_blocks(3, width=8, count=150)
    problem = Search(contract(matrix, home.node), home, prices)
    totals = [problem.total(search(problem, rounds=r)) for r in range(8)]
    assert all(b <= a + 1e-6 for a, b in pairwise(totals))
    assert totals[-1] < totals[0]


def test_shuffled_rows_and_far_away_homes_change_nothing():
    matrix, home, prices = town_of_blocks(5, width=8, count=150)
    found = find_groups(matrix, home, prices=prices)
    order = np.random.default_rng(1).permutation(len(home))
    shuffled = find_groups(matrix, home.only(order), prices=prices)
    back = np.empty(len(home), dtype=int)
    back[order] = shuffled.group
    assert_same_groups(found.group, back)
    other, far, _ = town_of_blocks(6, width=5, count=60)
    size = other.shape[0]
    both = csr_array(
        np.block(
            [
                [other.toarray(), np.zeros((size, matrix.shape[0]))],
                [np.zeros((matrix.shape[0], size)), matrix.toarray()],
            ]
        )
    )
    more = Connections(
        *(
            np.concatenate([getattr(far, c), getattr(home, c) + (size if c == "node" else 0)])
            for c in home.__dataclass_fields__
        )
    )
    assert_same_groups(found.group, find_groups(both, more, prices=prices).group[len(far) :])


def assert_same_groups(one, other):
    assert len({*zip(one.tolist(), other.tolist(), strict=True)}) == len({*one.tolist()}) == len({*other.tolist()})
    assert ((one < 0) == (other < 0)).all()


def test_a_short_net_joins_nodes_or_says_that_none_does():
    star = graph([(0, i, 20) for i in (1, 2, 3)], size=5)
    assert shortest_net(star, np.array([1, 2, 3])).tolist() == [[0, 1], [0, 2], [0, 3]]
    assert shortest_net(star, np.array([1, 4])) is None
    assert len(shortest_net(star, np.array([2, 2]))) == 0


# --- bad input --------------------------------------------------------------------------------------------------------


def test_homes_without_anyone_to_join_are_rows_with_reasons():
    nowhere = csr_array((4, 4))
    assert grouped(nowhere, [2]).reason.tolist() == ["no_neighbours_to_share"]
    assert grouped(nowhere, range(4)).reason.tolist() == ["no_neighbours_to_share"] * 4
    assert grouped(nowhere, []).group.tolist() == []
    assert grouped(nowhere, [1], [10_000]).reason.tolist() == ["too_many_dwellings"]
    # a block of flats is a group by itself: 6,000 EUR for 20 homes
    assert grouped(nowhere, [1], [20]).group.tolist() == [0]


def area(**layers):
    return make_area({"buildings": buildings(), "streets": streets(), **layers})


def test_one_tower_too_many_is_left_out():
    crowd = buildings()
    crowd["dwellings"] = [10_000, *crowd["dwellings"][1:]]
    reasons = minenet.assess(area(buildings=crowd)).homes["left_out_reason"]
    assert (reasons == "too_many_dwellings").sum() == 10_000
    assert reasons.isna().any()


def test_homes_without_heat_or_street_are_rows_with_reasons():
    assert set(find(heat_kwh=[0.0] * 9)["left_out_reason"]) == {"no_heat_demand"}
    far = streets(LineString([(500, 500), (600, 500)]))
    homes = clustered(make_area({"buildings": buildings(), "streets": far}))
    assert set(homes["left_out_reason"]) == {"no_street_nearby"}


def find(**columns):
    return clustered(area(buildings=buildings(**columns)))


def clustered(given_area, **options):
    homes = minenet.find_homes(given_area, NUMBERS)
    return minenet.find_clusters(given_area, homes, NUMBERS, **options)[0].set_index("home_id")


# --- options, from tables to clusters ---------------------------------------------------------------------------------


def test_an_own_clustering_comes_as_a_column():
    homes = find(cluster=["x", "x", "y", "y", None, None, None, "x", None])
    names = homes.groupby("cluster_id")["building_id"].agg(lambda b: "".join(sorted(set(b))))
    assert set(names) >= {"ABH", "CD"}
    homes = clustered(area(addresses=addresses(cluster=["x", None, "x", None, *[None] * 6])))
    assert homes.loc["A0", "cluster_id"] == homes.loc["C0", "cluster_id"]
    assert (homes["cluster_id"] == homes.loc["A0", "cluster_id"]).sum() == 2


def test_a_building_stays_whole_in_an_own_clustering():
    values = dict.fromkeys(addresses()["address_id"])
    values |= {"H0": "x", "H1": "y", "A0": "x", "B0": "x"}
    homes = clustered(area(addresses=addresses(cluster=list(values.values()))))
    assert set(homes.loc[["H0", "H1", "H2"], "left_out_reason"]) == {"own_cluster_splits_building"}
    assert homes.loc["A0", "cluster_id"] == homes.loc["B0", "cluster_id"]


def test_homes_that_stay_together_come_as_a_column():
    homes = find(together=["t", *[None] * 5, "t", None, None])
    assert homes.loc["A", "cluster_id"] == homes.loc["G", "cluster_id"]
    no = addresses(answer=["no", *[None] * 9], together=["t", "t", *[None] * 8])
    homes = clustered(area(addresses=no))  # who said no binds no one
    assert homes.loc["A0", "left_out_reason"] == "said_no"
    assert pd.notna(homes.loc["B0", "cluster_id"])


def test_a_member_that_cannot_be_joined_leaves_out_all_that_stay_together():
    shapes = buildings(together=["t", "t", *[None] * 7])
    shapes["geometry"] = [
        s if i else shapely.transform(s, lambda xy: xy + np.array([0, 400])) for i, s in enumerate(shapes.geometry)
    ]
    homes = clustered(area(buildings=shapes))
    assert homes.loc["A", "left_out_reason"] == "no_street_nearby"
    assert homes.loc["B", "left_out_reason"] == "together_not_connected"


def test_only_chosen_streets_take_part():
    two = streets(LineString([(0, 0), (30, 0)]), LineString([(30, 0), (70, 0)]), name=["Dorpsstraat", "Kerkstraat"])
    given_area = make_area({"buildings": buildings(), "streets": two})
    homes = clustered(given_area, streets=["Dorpsstraat"])
    assert set(homes.loc[["E", "F", "G"], "left_out_reason"]) == {"street_not_chosen"}
    assert homes.loc[["A", "B", "C", "D"], "cluster_id"].notna().all()
    with pytest.raises(AssumptionError, match="`Dorpstraat`. Did you mean `Dorpsstraat`"):
        clustered(given_area, streets=["Dorpstraat"])
    result = minenet.assess(given_area, streets=["Kerkstraat"])
    assert (result.homes["left_out_reason"] == "street_not_chosen").sum() >= 4


def test_the_command_line_takes_streets(tmp_path, capsys):
    for name, frame in {"buildings": buildings(), "streets": streets()}.items():
        frame.to_file(tmp_path / "street.gpkg", layer=name)
    call = ["assess", str(tmp_path / "street.gpkg"), "-o", str(tmp_path / "out.gpkg"), "--street"]
    with pytest.raises(SystemExit) as left:
        main([*call, "Dorpstraat"])
    assert left.value.code == 2
    assert "Did you mean `Dorpsstraat`?" in " ".join(capsys.readouterr().err.split())
    with pytest.raises(SystemExit) as left:
        main([*call, "Dorpsstraat"])
    assert not left.value.code
    assert "10 homes" in capsys.readouterr().out


# --- prices -----------------------------------------------------------------------------------------------------------


def test_gas_costs_are_those_of_the_factsheet():
    # 1,000 m3: 2,130 / 15 + 98 + 397 + 1.332 x 1,000
    homes = pd.DataFrame({"gas_m3": [1000.0, None], "heat_kwh": [9000.0, 9000.0]})
    assert gas_costs(homes, eur=EUR, assumptions=NUMBERS) == pytest.approx([142 + 98 + 397 + 1332] * 2)


def test_what_a_home_left_out_costs_can_be_given():
    homes = pd.DataFrame({"building_id": ["a", "b", "b"], "heat_kwh": 9000.0, "gas_m3": 1000.0, "size_kw": 5.0})
    services = pd.DataFrame({"building_id": ["a", "b"], "node": [3, 4], "length_m": [10.0, 0.0]})
    given_eur = pd.Series({"a": 1500.0})
    found = connections_of(homes, services, loop_m_kwh=0.009, eur=EUR, assumptions=NUMBERS, left_out_eur=given_eur)
    assert found.homes.tolist() == [1, 2]
    assert found.alone_eur == pytest.approx([1500, 2 * 1969])
    # by hand: 10 m of service at (60 + 2 x 6) EUR/m, half of it, over 15 years
    assert 2 * found.join_eur[0] - found.join_eur[1] == pytest.approx(2 * 10 * 72 * 0.5 / 15)


def test_groups_are_priced_from_the_costs_of_a_design():
    prices = prices_of(NUMBERS, np.linspace(0.008, 0.009, 51), EUR)
    # 5 homes: preparation 5,000, one rig at 600, two boreholes of 4,000 and 5 x 9,000 kWh x 0.0001 m/kWh at 65 EUR, over 15 years
    assert prices.cluster_eur[5] == pytest.approx((5000 + 600 + 8000 + 65 * 4.5) / 15)
    assert prices.trench_eur_m == pytest.approx(0.5 * (150 + 2 * 14) / 15)


# --- names ------------------------------------------------------------------------------------------------------------


def named(rows):
    columns = ["cluster_id", "building_id", "street", "house_number"]
    homes = gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry=[None] * len(rows))
    return cluster_names(homes, pd.Series({"f": "Kade", "g": "Kade"})).to_dict()


def test_names_people_recognise():
    even = [("c", "a", "Oosterstraat", n) for n in ("12", "14", "48", "16A")]
    rows = [*even, ("c", "e", "Plein", "3"), ("d", "f", None, None), ("d", "g", None, None), (None, "h", "Elders", "9")]
    assert named(rows) == {"c": "Oosterstraat 12-48 (even), Plein 3", "d": "Kade"}


def test_a_street_without_a_name_leaves_no_comma_behind():
    """Most homes join Kade, building x a street that has no name."""
    rows = [("c", "f", None, None), ("c", "g", None, None), ("c", "x", None, None), ("d", "x", None, None)]
    assert named(rows) == {"c": "Kade", "d": ""}


def test_both_sides_are_one_range_only_where_they_lie_opposite():
    along = [("c", "a", "Laan", n) for n in ("1", "2", "39", "40")]
    apart = [("d", "a", "Laan", n) for n in ("1", "3", "88", "90", "92")]
    assert named([*along, *apart]) == {"c": "Laan 1-40", "d": "Laan 1-3 / 88-92"}
