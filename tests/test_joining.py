"""The trench of every cluster, and who shares a loop with whom."""

import numpy as np
import pandas as pd
import pytest
from drawn_street import buildings, layer, moved, streets
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, box

import minenet
from minenet import Assumptions, make_area
from minenet.sharing import groups_of, share_out, units_of

NUMBERS = Assumptions.default()


def result(numbers=NUMBERS, **layers):
    return minenet.assess(make_area({"buildings": buildings(), "streets": streets(), **layers}), numbers)


def ring_m(found):
    pipes = found.pipes[found.pipes["variant"] == "ring_net"]
    return pipes.groupby("kind")["length_m"].sum()


def test_the_gap_is_certified():
    for search in ("fast", "exact"):
        found = result(NUMBERS.override({"network": {"search": {"value": search}}}))
        gap = found.solutions.set_index("variant")["network_gap"]
        assert 0 <= gap["ring_net"] <= 0.05
        assert gap.drop(["ring_net", "ring_net_collective"]).isna().all()  # both lie in one trench
        if search == "exact":
            assert gap["ring_net"] <= 1e-6


def test_homes_behind_a_row_turn_to_the_path_when_that_is_shorter_in_all():
    # a path 4 m behind A-D, E, F and G: services of 4 m instead of 8, and 3 m up to it beside the street
    path = LineString([(0, 21), (70, 21)])
    link = LineString([(66, 0), (66, 21)])
    lines = streets(LineString([(0, 0), (70, 0)]), path, link, road_class=["residential", "footway", "residential"])
    area = make_area({"buildings": buildings().drop(index=7), "streets": lines})
    pipes = minenet.assess(area).pipes
    services = pipes[(pipes["variant"] == "ring_net") & (pipes["kind"] == "service")]
    np.testing.assert_allclose(services["length_m"], 4.0)  # all seven; H across the street is not there


def test_no_home_has_a_pipe_of_others_running_through():
    pipes = result().pipes
    services = pipes[(pipes["variant"] == "ring_net") & (pipes["kind"] == "service")]
    assert len(services) == 8  # one each, so that every home is a leaf
    assert services.geometry.is_unique if hasattr(services.geometry, "is_unique") else True


def test_clusters_share_no_trench_unless_there_is_no_other():
    numbers = NUMBERS.override({"clusters": {"most_homes": {"value": 4}}})
    found = result(numbers)
    assert len(found.clusters) > 1
    ring = found.pipes[(found.pipes["variant"] == "ring_net") & (found.pipes["kind"] == "ring")]
    both = ring.overlay(ring, how="intersection", keep_geom_type=False) if len(ring) else ring
    lines = both[both["cluster_id_1"] != both["cluster_id_2"]] if len(both) else both
    assert lines.length.sum() == pytest.approx(0.0, abs=1e-6)


def test_the_same_whatever_the_order_of_rows():
    one = result().pipes
    lines = [LineString([(70, 0), (35, 0)]), LineString([(0, 0), (35, 0)])]
    other = minenet.assess(
        make_area({"buildings": buildings().iloc[::-1], "streets": streets(*lines).iloc[::-1]})
    ).pipes
    assert (
        one.groupby(["variant", "kind"])["length_m"]
        .sum()
        .round(2)
        .equals(other.groupby(["variant", "kind"])["length_m"].sum().round(2))
    )


def noted(found, key):
    return found.provenance.set_index("key")["value"][key]


class TestCircle:
    """A block of 60 m by 40 m with homes on three of its sides."""

    LINES = (
        LineString([(0, 0), (60, 0)]),
        LineString([(60, 0), (60, 40)]),
        LineString([(60, 40), (0, 40)]),
        LineString([(0, 40), (0, 0)]),
    )

    def found(self, closed):
        spots = [(x, -14) for x in (5, 20, 35, 50)] + [(66, y) for y in (5, 25)] + [(x, 46) for x in (50, 35, 20, 5)]
        homes = layer(
            [box(x, y, x + 8, y + 8) for x, y in spots], building_id=[f"h{i}" for i in range(10)], dwellings=[1] * 10
        )
        numbers = NUMBERS.override({"network": {"closed_ring": {"value": closed}}})
        return minenet.assess(make_area({"buildings": homes, "streets": streets(*self.LINES)}), numbers)

    def ring(self, closed):
        pipes = self.found(closed).pipes
        return pipes[(pipes["variant"] == "ring_net") & (pipes["kind"] == "ring")]

    def test_out_and_back_lies_twice_in_one_trench(self):
        ring = self.ring(closed=False)
        # from home 0 (x 9) to the corner 51 m, the side 40 m, and back to home 9 (x 9) 51 m
        assert ring["length_m"].sum() == pytest.approx(142.0, abs=0.2)
        assert ring["pipe_m"].sum() == pytest.approx(284.0, abs=0.4)

    def test_a_circle_that_the_user_asks_for_lies_once(self):
        found = self.found(closed=True)
        assert noted(found, "count.ring_nets_closed_around_a_block") == "1"
        ring = found.pipes[(found.pipes["variant"] == "ring_net") & (found.pipes["kind"] == "ring")]
        # the way back over the fourth side: 9 + 40 + 9 m more trench, and one pipe all around
        assert ring["length_m"].sum() == pytest.approx(200.0, abs=0.2)
        assert ring["pipe_m"].sum() == pytest.approx(200.0, abs=0.2)

    def test_along_one_street_there_is_none_to_close(self):
        numbers = NUMBERS.override({"network": {"closed_ring": {"value": True}}})
        found = result(numbers)
        assert ring_m(found).to_dict() == ring_m(result()).to_dict()
        assert noted(found, "count.ring_nets_without_another_way_back") == str(len(found.clusters))


# --- who shares -------------------------------------------------------------------------------------------------------


def cost(groups, chosen, place, size, lateral, dear):
    total = 0.0
    for group, at in zip(groups[chosen], place, strict=True):
        units = group[group >= 0]
        total += 20.0 + (500.0 if size[units].sum() == 1 else 0.0)
        total += lateral[units, at].sum() + dear[at] if at >= 0 else 60.0 * len(units)
    return total


@st.composite
def rows(draw):
    count = draw(st.integers(1, 7))
    seed = draw(st.integers(0, 10_000))
    random = np.random.default_rng(seed)
    size = random.integers(1, 4, count)
    lateral = random.uniform(2, 30, (count, draw(st.integers(0, 5))))
    lateral[random.random(lateral.shape) < 0.2] = np.inf
    return size, lateral, random.uniform(0, 10, lateral.shape[1])


@given(rows())
@settings(max_examples=60, deadline=None)
def test_every_unit_once_every_place_once_and_exact_is_never_longer(row):
    size, lateral, dear = row
    near = np.tile(np.arange(len(size)), (len(size), 1))
    groups = groups_of(near, size)
    least = _shortest(size, lateral, dear)
    lengths = []
    for mode in ("fast", "exact"):
        chosen, place = share_out(groups, size, lateral, dear, loop_m=20.0, without_m=60.0, mode=mode)
        units = groups[chosen]
        assert sorted(units[units >= 0].tolist()) == list(range(len(size)))
        taken = place[place >= 0]
        assert len(set(taken.tolist())) == len(taken)
        assert all(size[u[u >= 0]].sum() <= 3 for u in units)
        lengths.append(cost(groups, chosen, place, size, lateral, dear))
    assert lengths[1] <= lengths[0] + 1e-6
    assert lengths[1] >= least - 1e-6


def _shortest(size, lateral, dear):
    """Return the least length over all divisions when every group takes its best place, shared or not: a bound."""
    count = len(size)
    best = {0: 0.0}
    for mask in range(1, 2**count):
        low = (mask & -mask).bit_length() - 1
        others = [u for u in range(low + 1, count) if mask >> u & 1]
        sets = (
            [[low]] + [[low, a] for a in others] + [[low, a, b] for i, a in enumerate(others) for b in others[i + 1 :]]
        )
        best[mask] = min(
            best[mask & ~sum(1 << u for u in s)] + _alone(np.array(s), size, lateral, dear)
            for s in sets
            if size[s].sum() <= 3
        )
    return best[2**count - 1]


def _alone(units, size, lateral, dear):
    way = (lateral[units].sum(axis=0) + dear).min(initial=np.inf)
    return 20.0 + (500.0 if size[units].sum() == 1 else 0.0) + min(way, 60.0 * len(units))


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_homes_of_a_building_are_divided_into_threes_and_twos(homes):
    building, size = units_of(np.array(homes))
    assert np.bincount(building, weights=size, minlength=len(homes)).tolist() == homes
    assert ((size >= 2) | (np.array(homes)[building] == 1)).all()
    assert (size <= 3).all()


def test_a_single_home_beside_a_pair_makes_three():
    # buildings of one and of two homes: they share one loop
    built = buildings().iloc[[0, 1]].assign(dwellings=[1, 2])
    found = minenet.assess(make_area({"buildings": built, "streets": streets()}))
    shared = found.boreholes[found.boreholes["variant"] == "shared_loops"]
    assert shared["homes_served"].tolist() == [3]
    assert isinstance(found.connections, pd.DataFrame)


def test_across_a_canal_nobody_shares():
    water = layer([box(29, -30, 33, 30)], name=["gracht"])
    found = result(water=water)
    loops = found.pipes[found.pipes["variant"] == "shared_loops"]
    assert not loops.intersects(moved(box(29, -30, 33, 30))).any()
