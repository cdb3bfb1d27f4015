"""What a home pays when fewer join, when homes leave, and at another gas use."""

from itertools import combinations, pairwise
from math import comb

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from test_costs import make_boreholes, make_clusters, make_homes, make_pipes, make_solution, priced

from minenet.costs import Designs, cost_tables
from minenet.costs.branches import homes_behind
from minenet.costs.measuring import measure
from minenet.costs.participation import break_even, needed, participation, shares_of

NOTHING = pd.DataFrame({"cluster_id": [], "variant": [], "home_id": [], "pipe_id": []}, dtype="str")


def two_loops():
    """Homes 0 and 1 share a loop of 200 m, home 2 has one of 100 m; each has 8 m of trench of its own in the garden."""
    holes = make_boreholes(("c", "shared_loops", 200.0, "truck"), ("c", "shared_loops", 100.0, "truck"))
    pipes = make_pipes(*[("c", "shared_loops", 8.0, 16.0, 40.0, "private")] * 3)
    names = [f"p{i}" for i in range(3)]
    return Designs(
        make_homes(),
        make_clusters("c"),
        pd.DataFrame([make_solution(boreholes=2, borehole_m=300.0, depth_m=150.0)]),
        holes.assign(homes_served=[2, 1]),
        pipes.assign(kind="loop", pipe_id=names),
        pd.DataFrame(
            {"cluster_id": "c", "variant": "shared_loops", "home_id": ["c-0", "c-1", "c-2"], "pipe_id": names}
        ),
    )


def ring(count=3, at=(0.0, 10.0, 30.0)):
    """Homes along a street, 5 m from it, with two boreholes on the ring, one of which 2 m from the street."""
    lines = [shapely.LineString([(a, 0), (b, 0)]) for a, b in pairwise(at)]
    lines += [shapely.LineString([(x, 5), (x, 0)]) for x in at]
    lines.append(shapely.LineString([(at[1], -2), (at[1], 0)]))
    kinds = ["ring"] * (count - 1) + ["service"] * count + ["branch"]
    names = [f"p{i}" for i in range(len(lines))]
    pipes = gpd.GeoDataFrame(
        {
            "cluster_id": "c",
            "variant": "ring_net",
            "kind": kinds,
            "pipe_id": names,
            "diameter_mm": 40.0,
            "ownership": "public",
            "length_m": [line.length for line in lines],
            "pipe_m": [2 * line.length for line in lines],
        },
        geometry=lines,
        crs=28992,
    )
    homes = [f"c-{i}" for i in range(count)]
    hangs = pd.DataFrame(
        {"cluster_id": "c", "variant": "ring_net", "home_id": homes, "pipe_id": names[count - 1 : 2 * count - 1]}
    )
    holes = make_boreholes(("c", "ring_net", 150.0, "truck"), ("c", "ring_net", 150.0, "truck"))
    return Designs(
        make_homes(count=count),
        make_clusters("c"),
        pd.DataFrame([make_solution("ring_net", boreholes=2, depth=150.0)]),
        holes.assign(homes_served=count),
        pipes,
        hangs,
    )


def curve(designs, name, assumptions=None, **more):
    found = cost_tables(designs, assumptions=assumptions or priced(), **more)
    points = found.curves[(found.curves["curve"] == name)]
    return points.set_index("x")["value_eur_per_home"], found.solutions.set_index("variant")


class TestNeeded:
    @pytest.mark.parametrize(("homes", "behind", "joining"), [(3, 1, 2), (5, 2, 2), (5, 2, 4), (6, 3, 3), (6, 6, 2)])
    def test_as_counted_one_choice_at_a_time(self, homes, behind, joining):
        choices = list(combinations(range(homes), joining))
        served = sum(any(h < behind for h in c) for c in choices)
        parted = sum(any(h < behind for h in c) and any(h >= behind for h in c) for c in choices)
        assert len(choices) == comb(homes, joining)
        one = needed(homes, np.array([behind]), np.array([joining]))[0, 0]
        two = needed(homes, np.array([behind]), np.array([joining]), between=True)[0, 0]
        assert one == pytest.approx(served / len(choices))
        assert two == pytest.approx(parted / len(choices))


class TestSharedLoops:
    def test_two_of_three_on_paper(self):
        # per home and year whoever joins: heat pump 8000 + 300 + 1000 over 15 years, drilling 300 m x 50 / 3 / 15,
        # 100 + 20 and electricity (150 m deep: 0.75 K warmer, 5.15 and 2.575); for the whole preparation 4500, rig 600;
        # boreholes: {0, 1} needs one, {0, 2} and {1, 2} need two: 5/3 x 3000; trench and pipe of two: 16 x 60 + 32 x 5
        power = 0.30 * (7000 / 5.15 + 2000 / 2.575)
        each = (9300 + 5000) / 15 + 120 + power
        whole = (4500 + 600 + 5 / 3 * 3000 + 16 * 60 + 32 * 5) / 15
        points, _ = curve(two_loops(), "participation")
        assert points[2.0] == pytest.approx(each + whole / 2)

    def test_all_of_them_is_the_estimate(self):
        points, solutions = curve(two_loops(), "participation")
        assert points[3.0] == pytest.approx(solutions.loc["shared_loops", "annual_eur_per_home"])
        assert points.index.tolist() == [2.0, 3.0]

    def test_chance_to_sign_up_weighs_the_numbers_that_join(self):
        # of three with chance 0.5 two join in 3/8 and three in 1/8 of the cases; fewer than two build nothing
        points, _ = curve(two_loops(), "participation")
        chance, _ = curve(two_loops(), "sign_up")
        assert chance[0.5] == pytest.approx((3 * points[2.0] + points[3.0]) / 4)
        assert chance[1.0] == pytest.approx(points[3.0])

    def test_who_stays_pays_for_the_network_of_who_leaves(self):
        # the network, once built: 4500 + 600 + 300 x 50 + 2 x 3000 + 24 x 60 + 48 x 5
        left, _ = curve(two_loops(), "leavers")
        kept = 9300 / 15 + 120 + 0.30 * (7000 / 5.15 + 2000 / 2.575)
        net = (4500 + 600 + 15000 + 6000 + 1440 + 240) / 15
        assert left.to_dict() == pytest.approx({1.0: kept + net / 2, 2.0: kept + net})  # of three, three cannot leave

    def test_break_even_is_the_first_number_that_is_cheap_enough(self):
        cost = np.array([[np.nan, np.nan, 1900.0, 1800.0, 1700.0], [np.nan, np.nan, 2100.0, 2000.0, np.nan]])
        assert break_even(cost, np.array([1800.0, 2000.0])).tolist() == [3, 3]
        assert np.isnan(break_even(cost, np.array([1000.0, np.nan]))).all()
        _, solutions = curve(two_loops(), "participation")
        # of three homes two would pay 1714 + 11220 / 30 = 2088 and three 1714 + 12780 / 45 = 1998; gas costs 2060
        assert solutions.loc["shared_loops", "break_even_homes"] == 3

    def test_dearer_gas_never_asks_for_more_homes(self):
        most = [3 if pd.isna(n) else n for n in self._break_evens()]
        assert most == sorted(most, reverse=True)
        assert len(set(most)) > 1

    @staticmethod
    def _break_evens():
        for price in (1.0, 1.332, 1.4, 1.5, 2.2):
            _, solutions = curve(two_loops(), "participation", priced(gas_eur_m3=price))
            yield solutions.loc["shared_loops", "break_even_homes"]


class TestRing:
    def test_homes_on_either_side_of_each_stretch(self):
        designs = ring()
        behind = homes_behind(designs.pipes, designs.connections)
        assert behind.between.tolist() == [True, True, False, False, False, False]
        assert sorted(np.minimum(behind.homes[:2], 3 - behind.homes[:2])) == [1, 1]
        assert behind.homes[2:].tolist() == [1, 1, 1, 0]

    def test_the_street_that_is_left_is_the_mean_of_all_pairs(self):
        # of homes at 0, 10 and 30 m two need 10, 20 or 30 m of street: 20 m on the mean, and 5 m of service each;
        # two of three homes need both boreholes (4/3 is rounded up) and the 2 m branch
        whole = 4500 + 600 + 2400 + 2 * 3000 + (20 + 10 + 2) * (150 + 2 * 5)
        each = (9300 + 300 / 3 * 50) / 15 + 120 + 0.30 * (7000 / 5.15 + 2000 / 2.575 + 90)
        points, solutions = curve(ring(), "participation")
        assert points[2.0] == pytest.approx(each + whole / 15 / 2)
        assert points[3.0] == pytest.approx(solutions.loc["ring_net", "annual_eur_per_home"])

    def test_a_stretch_that_closes_a_circle_is_always_needed(self):
        designs = ring()
        closing = designs.pipes.iloc[[0]].assign(pipe_id="p9")
        pipes = pd.concat([designs.pipes, closing], ignore_index=True)
        behind = homes_behind(pipes, designs.connections)
        assert behind.between[[0, 1, 6]].sum() == 2
        assert behind.homes[6 if behind.between[0] else 0] == 0

    def test_without_a_geometry_every_stretch_is_needed(self):
        designs = ring()
        pipes = pd.DataFrame(designs.pipes.drop(columns="geometry"))
        behind = homes_behind(pipes, designs.connections)
        assert not behind.between.any()

    def test_two_networks_at_the_same_place_do_not_mix(self):
        one = ring()
        other = one.pipes.assign(cluster_id="d", pipe_id=one.pipes["pipe_id"] + "d")
        hangs = one.connections.assign(cluster_id="d", pipe_id=one.connections["pipe_id"] + "d")
        both = homes_behind(pd.concat([one.pipes, other]), pd.concat([one.connections, hangs]))
        assert np.minimum(both.homes, 3 - both.homes).tolist() == [1, 1, 1, 1, 1, 0] * 2


class TestNeighbourhood:
    """On the demo: the exact mean against choices drawn at random and pruned by hand."""

    def test_every_stretch_of_every_ring_is_known_but_for_millimetres(self, demo_result):
        pipes = demo_result.pipes
        behind = homes_behind(pipes, demo_result.connections)
        unknown = (pipes["kind"] == "ring").to_numpy() & ~behind.between
        assert pipes.loc[unknown, "length_m"].sum() < 0.05  # stretches shorter than the centimetre of a node

    def test_the_trench_that_is_left_agrees_with_random_choices(self, demo_result):
        pipes = demo_result.pipes[demo_result.pipes["variant"] == "ring_net"]
        cluster = pipes.groupby("cluster_id").size().idxmax()
        own = pipes[(pipes["cluster_id"] == cluster) & pipes["kind"].isin(["ring", "service"])]
        hangs = demo_result.connections
        hangs = hangs[(hangs["cluster_id"] == cluster) & (hangs["variant"] == "ring_net")]
        count, joining = len(hangs), len(hangs) // 3
        behind = homes_behind(own, hangs)
        length = own["length_m"].to_numpy()
        chance = np.where(
            behind.between,
            needed(count, behind.homes, np.array([joining]), between=True)[:, 0],
            needed(count, behind.homes, np.array([joining]))[:, 0],
        )
        random = np.random.default_rng(5)
        drawn = [_pruned(own, set(random.choice(hangs["pipe_id"], joining, replace=False))) for _ in range(200)]
        spread = np.std(drawn) / np.sqrt(200)
        assert chance @ length == pytest.approx(np.mean(drawn), abs=4 * spread)

    def test_at_full_participation_the_curve_is_the_estimate(self, demo_result):
        points = demo_result.curves[demo_result.curves["curve"] == "participation"]
        last = points.sort_values("x").groupby(["cluster_id", "variant"])["value_eur_per_home"].last()
        whole = demo_result.solutions.set_index(["cluster_id", "variant"])["annual_eur_per_home"]
        assert len(last)
        assert last.to_numpy() == pytest.approx(whole.reindex(last.index).to_numpy(), abs=0.02)


def _pruned(pipes, joined):
    """Metres that are left when services of absent homes, and then dead ends of the street, are taken away."""
    lines = {}
    for pipe in pipes.itertuples():
        ends = [tuple(np.round(pipe.geometry.coords[i], 2)) for i in (0, -1)]
        if pipe.kind == "ring" or pipe.pipe_id in joined:
            lines[pipe.pipe_id] = (ends, pipe.kind, pipe.length_m)
    nodes = {e for ends, kind, _ in lines.values() if kind == "ring" for e in ends}
    kept = dict.fromkeys(nodes, 0)
    for ends, kind, _ in lines.values():
        if kind == "service":
            place = min(nodes, key=lambda n: min(np.hypot(n[0] - e[0], n[1] - e[1]) for e in ends))
            kept[place] += 1
    street = {name: ends for name, (ends, kind, _) in lines.items() if kind == "ring"}
    while True:
        degree = pd.Series([e for ends in street.values() for e in ends]).value_counts()
        dead = [n for n, ends in street.items() if any(degree[e] == 1 and kept[e] == 0 for e in ends)]
        if not dead:
            break
        for name in dead:
            del street[name]
    return sum(length for name, (_, kind, length) in lines.items() if kind == "service" or name in street)


class TestGasUse:
    def test_at_its_own_use_it_is_the_estimate(self):
        points, solutions = curve(two_loops(), "gas_use")
        found = cost_tables(two_loops(), assumptions=priced()).curves
        one = found[(found["curve"] == "gas_use") & (found["x"] == 1000)].set_index("variant")["value_eur_per_home"]
        assert points.index.unique().tolist() == [500, 1000, 1500, 2000]
        # homes of 1,000 m3 with a peak of 9,000 / 1,800 kW, as the default full-load hours have it
        for variant in ("shared_loops", "gas_boiler", "air_heat_pump"):
            assert one[variant] == pytest.approx(solutions.loc[variant, "annual_eur_per_home"])

    def test_gas_is_a_straight_line_and_every_system_rises(self):
        found = cost_tables(two_loops(), assumptions=priced()).curves
        table = found[found["curve"] == "gas_use"].pivot_table(
            index="x", columns="variant", values="value_eur_per_home"
        )
        assert table["gas_boiler"].tolist() == pytest.approx([560 + 1.5 * g for g in (500, 1000, 1500, 2000)])
        assert (np.diff(table, axis=0) > 0).all()


class TestShares:
    def test_the_parts_add_up_to_the_whole(self):
        for designs in (two_loops(), ring()):
            found = measure(designs, priced())
            shares = shares_of(found, designs)
            row = shares.row[0]
            parts = shares.each + (shares.fixed + shares.holes + shares.to.sum(axis=1) + shares.between.sum(axis=1)) / 3
            assert parts[0] == pytest.approx(found.yearly[row].sum())
            assert shares.kept[0] + shares.sunk[0] / 3 == pytest.approx(found.yearly[row].sum())
            assert participation(shares)[0, 3] == pytest.approx(found.yearly[row].sum())

    def test_no_connections_no_loss(self):
        designs = two_loops()
        alone = Designs(designs.homes, designs.clusters, designs.solutions, designs.boreholes, designs.pipes, NOTHING)
        points, solutions = curve(alone, "participation")
        assert points[3.0] == pytest.approx(solutions.loc["shared_loops", "annual_eur_per_home"])
        assert points[2.0] > curve(designs, "participation")[0][2.0]  # pipes of which nothing is known stay


def test_a_user_may_allow_more_than_fifty_homes():
    designs = ring(60, tuple(10.0 * n for n in range(60)))
    points, solutions = curve(designs, "participation")
    assert points.index.max() == 60
    assert points[60.0] == pytest.approx(solutions.loc["ring_net", "annual_eur_per_home"])
    assert (np.diff(points) < 0.01).mean() > 0.9  # cheaper with every home, but where a second borehole is due


def test_low_and_high_of_a_curve_are_those_of_the_network_in_proportion():
    found = cost_tables(two_loops(), assumptions=priced())
    row = found.solutions.set_index("variant").loc["shared_loops"]
    points = found.curves[found.curves["variant"] == "shared_loops"]
    low, high = (row[f"annual_{end}_eur_per_home"] / row["annual_eur_per_home"] for end in ("low", "high"))
    value = points["value_eur_per_home"].to_numpy()
    assert low < 1 < high
    assert points["low_eur_per_home"].to_numpy() == pytest.approx(low * value)
    assert points["high_eur_per_home"].to_numpy() == pytest.approx(high * value)
