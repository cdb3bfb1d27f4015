"""An area in parts: what hangs together stays together, and a part sees enough."""

import functools
import importlib
import sys
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
from conftest import mapping_of, real_data
from drawn_street import layer
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely.geometry import LineString, box
from villages import PLACES, SIZES, every_layer, villages

import minenet
from minenet.assumptions import Assumptions
from minenet.parts import Parts, cut, halo_m, near_ground, pieces
from minenet.tables import make_area
from minenet.timing import Timings

recipe = importlib.import_module("minenet.assess")
NUMBERS = Assumptions.default()


def parts_of(area, **sizes):
    """Return the part of each building by its id, and the notes."""
    homes = minenet.find_homes(area, NUMBERS)
    parts = cut(area, homes, NUMBERS, **{"most_homes": 1000, "enough_homes": 1, **sizes})
    return dict(zip(area.buildings["building_id"], parts.of_building.tolist(), strict=True)), parts


def places_of(area):
    """Return how many places there are that share no possible cluster."""
    return parts_of(area)[1].count


class TestRule:
    def test_a_small_area_is_one_part(self):
        _, parts = parts_of(villages(), enough_homes=1000)
        assert parts.count == 1
        assert set(parts.of_home) == {0}

    def test_places_apart_are_parts_of_their_own_and_sheds_go_with_the_nearest(self):
        by_id, parts = parts_of(villages())
        assert parts.count == 3  # the row, and two far away
        assert len({by_id[f"v{n}{b}"] for n in range(4) for b in "ABHs"}) == 1
        assert by_id["v4s"] == by_id["v4A"] != by_id["v5A"]

    def test_parts_are_numbered_by_their_first_home(self):
        by_id, _ = parts_of(villages())
        assert [by_id["v0A"], by_id["v4A"], by_id["v5A"]] == [0, 1, 2]

    @pytest.mark.parametrize(("gap", "count"), [(100.0, 2), (500.0, 1)])
    def test_places_with_a_gap_between_them_are_one_where_the_assumptions_allow_it(self, gap, count):
        area = villages([(0.0, 0.0), (550.0, 0.0)])
        numbers = NUMBERS.override({"clusters": {"longest_gap_m": gap}})
        assert cut(area, minenet.find_homes(area, numbers), numbers, most_homes=1000, enough_homes=1).count == count

    def test_small_places_are_worked_on_together(self):
        by_id, parts = parts_of(villages(), enough_homes=45)  # 60 homes: the row of 40 by itself
        assert parts.count == 2
        assert by_id["v4A"] == by_id["v5A"] != by_id["v0A"]

    def test_a_place_that_is_too_large_is_cut_and_that_is_told(self):
        _, parts = parts_of(villages(), **SIZES)
        assert np.bincount(parts.of_home).max() <= 25
        assert parts.count == 3  # the row in two, and the far ones together
        assert int(parts.notes["parts.links_cut_in_large_places"]) > 0

    def test_it_is_cut_where_the_fewest_links_are_lost(self):
        gap = [
            (70.0 * n + (130.0 if n > 1 else 0.0), 0.0) for n in range(4)
        ]  # 146 m between G of one and A of the next
        by_id, _ = parts_of(villages(gap), most_homes=25)
        assert by_id["v0A"] == by_id["v1G"] != by_id["v2A"] == by_id["v3G"]

    def test_one_building_larger_than_a_part_is_not_cut(self):
        area = villages()
        many = area.buildings.assign(
            dwellings=area.buildings["dwellings"].mask(area.buildings["building_id"] == "v0H", 60)
        )
        by_id, parts = parts_of(make_area({"buildings": many, "streets": area.streets}), **SIZES)
        assert len(set(by_id.values())) == parts.count

    @given(st.randoms(use_true_random=False))
    @settings(max_examples=5, deadline=None)
    def test_the_order_of_the_rows_does_not_matter(self, random):
        area = villages()
        rows = list(range(len(area.buildings)))
        random.shuffle(rows)
        shuffled = make_area({"buildings": area.buildings.iloc[rows], "streets": area.streets.iloc[::-1]})
        assert parts_of(shuffled, **SIZES)[0] == parts_of(area, **SIZES)[0]


class TestBarriers:
    """Two villages in a row with a canal between them: 8 m from G to the next A."""

    ROW = PLACES[:2]
    CANAL: ClassVar = {"water": layer([box(66, -500, 70, 500)], name=["gracht"])}
    BRIDGE = LineString([(60, 0), (80, 0)])

    def area(self, **more):
        area = villages(self.ROW)
        return make_area({**area.layers, **more})

    def test_without_a_barrier_they_are_one_place(self):
        assert places_of(self.area()) == 1

    def test_water_parts_them(self):
        assert places_of(self.area(**self.CANAL)) == 2

    def test_a_railway_parts_them(self):
        rail = layer([LineString([(68, -500), (68, 500)])], kind=["railway"])
        assert places_of(self.area(barriers=rail)) == 2

    @pytest.mark.parametrize("road_class", ["primary", "trunk_link"])
    def test_a_main_road_parts_them(self, road_class):
        area = villages(self.ROW)
        road = area.streets.iloc[:1].assign(
            street_id="main", road_class=road_class, geometry=layer([LineString([(68, -500), (68, 500)])]).geometry[0]
        )
        every = pd.concat([area.streets, road], ignore_index=True)
        assert places_of(make_area({"buildings": area.buildings, "streets": every})) == 2

    @pytest.mark.parametrize(("column", "joined"), [("bridge", 1), ("tunnel", 2), (None, 2)])
    def test_a_bridge_joins_them_and_a_tunnel_does_not(self, column, joined):
        area = villages(self.ROW)
        over = area.streets.iloc[:1].assign(street_id="over", geometry=layer([self.BRIDGE]).geometry[0])
        if column:
            over[column] = True
        every = pd.concat([area.streets, over], ignore_index=True)
        assert places_of(make_area({"buildings": area.buildings, "streets": every, **self.CANAL})) == joined

    def test_a_crossing_that_the_user_allows_joins_them(self):
        crossing = layer([self.BRIDGE], crossing_id=["x"])
        assert places_of(self.area(**self.CANAL, crossings=crossing)) == 1

    def test_who_is_to_stay_together_does(self):
        area = villages(self.ROW)
        ids = area.buildings["building_id"]
        for column in ("together", "cluster"):
            wish = area.buildings.assign(**{column: np.where(ids.isin(["v0G", "v1A"]), "x", None)})
            joined = make_area({"buildings": wish, "streets": area.streets, **self.CANAL})
            assert places_of(joined) == 1


class TestWindows:
    def test_a_part_sees_whole_rows_near_it_and_only_these(self):
        area = villages()
        homes = minenet.find_homes(area, NUMBERS)
        parts = cut(area, homes, NUMBERS, most_homes=1000, enough_homes=1)
        row, far, _ = pieces(area, homes, parts, NUMBERS)
        assert len(row.area.buildings) == 4 * 9
        assert len(far.area.buildings) == 9
        assert set(far.buildings) == set(far.area.buildings["building_id"])
        assert (far.homes["part"] == far.number).all()

    def test_what_the_zones_speak_of_is_known_in_every_part(self):
        zones = layer([box(-50, -50, 500, 50)], kind=["no_drilling"], effect=["ban"])
        area = villages(zones=zones)
        homes = minenet.find_homes(area, NUMBERS)
        parts = cut(area, homes, NUMBERS, most_homes=1000, enough_homes=1)
        *_, far = pieces(area, homes, parts, NUMBERS)
        assert far.area.zones["effect"].tolist() == ["ban"]
        assert far.area.zones.geometry.is_empty.all()

    def test_an_obstacle_is_seen_from_as_far_as_it_says(self):
        """Both lie 600 m beyond the villages in the row; only one is to be kept 700 m away from."""
        far = [box(900, y, 901, y + 1) for y in (0, 10)]
        area = villages(obstacles=layer(far, kind=["pipe", "pipe"], clearance_m=[700.0, None]))
        homes = minenet.find_homes(area, NUMBERS)
        parts = cut(area, homes, NUMBERS, most_homes=1000, enough_homes=1)
        row, far, _ = pieces(area, homes, parts, NUMBERS)
        assert row.area.obstacles["clearance_m"].tolist() == [700.0]
        assert not len(far.area.obstacles)

    @pytest.mark.parametrize("name", ["water", "main_road", "sewer"])
    def test_a_part_sees_as_far_as_a_borehole_keeps_from_anything(self, name):
        wide = NUMBERS.override({"sites": {f"{name}_clearance_m": {"value": 400.0, "low": 0, "high": 500}}})
        assert halo_m(wide) == wide.sites.reach_m + 400.0 > halo_m(NUMBERS)

    def test_a_part_sees_the_water_that_a_pipe_may_lead_to(self):
        wide = NUMBERS.override({"network": {"water_reach_m": 450.0}})
        assert halo_m(wide) - halo_m(NUMBERS) == 450.0 - NUMBERS.network.water_reach_m

    def test_near_ground_reaches_at_least_a_square_beyond_a_long_building(self):
        long = box(1003, 2003, 1603, 2009)
        ground = near_ground(np.array([long]))
        assert ground.contains(long.buffer(25))
        assert long.buffer(75).contains(ground)


# --- the same result ----------------------------------------------------------------------------------------------------


def in_parts(area, parts, homes):
    outcomes = recipe.in_parts(area, homes, parts, NUMBERS, timings=Timings())
    return recipe.whole(area, outcomes, {}, NUMBERS)


def assert_same(one, other):
    for name, table in one.layers.items():
        assert_frame_equal(pd.DataFrame(table), pd.DataFrame(other.layers[name]), check_exact=True, obj=name)


def assert_alike(one, other):
    """The same clusters, designs and verdicts; unions of more shapes may differ in their last bits, and with them ties.

    Of hundreds of thousands of places that are tried, a few then stand a millimetre or a row of places away.
    """
    assert_frame_equal(pd.DataFrame(one.homes), pd.DataFrame(other.homes), check_exact=True)
    exact = ["cluster_id", "homes", "geometry", "verdict", "reasons", "best_variant", "borehole_capacity", "rank"]
    assert_frame_equal(pd.DataFrame(one.clusters[exact]), pd.DataFrame(other.clusters[exact]), check_exact=True)
    said = ["cluster_id", "variant", "feasible", "boreholes"]
    assert_frame_equal(one.solutions[said], other.solutions[said], check_exact=True)
    money = ["annual_eur_per_home", "capex_eur_per_home"]
    assert_frame_equal(one.solutions[money], other.solutions[money], check_exact=False, rtol=1e-3)


@functools.cache
def read(name):
    if name == "villages":
        return villages()
    if name == "every layer":
        return make_area(every_layer())
    if name == "demo":
        return minenet.read_area(minenet.sources.demo_path())
    return minenet.read_area(real_data() / f"{name}.gpkg", mapping=mapping_of(name))


HERE, EVERYWHERE = [box(-5, -60, 45, 60)], [box(-9000, -9000, 9000, 9000)]
PRIVATE = {"ownership": ["private"], "cover": ["garden"]}
SOIL = {"top_m": [0.0], "bottom_m": [90.0], "conductivity_w_mk": [2.9], "source": ["a book"]}

OTHER_LAYERS = {
    "as they are": {},
    "one plot, all land private": {"land": layer(EVERYWHERE, **PRIVATE)},
    "no plots, all land private": {"land": layer(EVERYWHERE, **PRIVATE), "parcels": None},
    "no plots, gardens here": {"land": layer(HERE, **PRIVATE), "parcels": None},
    "other ground here": {"ground": layer(HERE, **SOIL)},
    "less deep here": {"zones": layer(HERE, kind=["depth_limit"], effect=["max_depth"], value=[60.0])},
    "a plan for heat here": {"zones": layer(HERE, kind=["heat_network_planned"], effect=["heat_network"])},
    "no water": {"water": None},
    "no crossing": {"crossings": None},
    "nothing decided, no loops": {"fixed_boreholes": None, "loops": None, "obstacles": None},
}


@pytest.mark.parametrize("which", list(OTHER_LAYERS))
def test_places_apart_give_the_same_as_the_whole_at_once(which):
    """What lies near one village, or far from all, is to the others what it is when they are looked at together."""
    area = make_area(
        {name: rows for name, rows in {**every_layer(), **OTHER_LAYERS[which]}.items() if rows is not None}
    )
    homes = minenet.find_homes(area, NUMBERS)
    whole = Parts(1, np.zeros(len(homes), int), np.zeros(len(area.buildings), int))
    parts = cut(area, homes, NUMBERS, most_homes=1000, enough_homes=1)
    assert parts.count >= 3
    assert_same(in_parts(area, parts, homes), in_parts(area, whole, homes))


@pytest.mark.parametrize(
    ("name", "most", "at_least"),
    [
        ("villages", 25, 3),
        ("every layer", 25, 3),
        ("demo", 200, 4),
        pytest.param("delft_terraced_street", 60, 3, marks=pytest.mark.real),
        pytest.param("delft_dense_block", 60, 3, marks=pytest.mark.real),
    ],
)
def test_a_part_sees_all_that_matters(name, most, at_least, monkeypatch):
    """Parts that are cut through streets and gardens, each with its window or with the whole area before it."""
    area = read(name)
    homes = minenet.find_homes(area, NUMBERS)
    parts = cut(area, homes, NUMBERS, most_homes=most, enough_homes=most)
    assert parts.count >= at_least
    seen = in_parts(area, parts, homes)
    monkeypatch.setattr(sys.modules["minenet.parts.windows"], "halo_m", lambda _: 1e5)
    assert_alike(seen, in_parts(area, parts, homes))
    found = minenet.verify(seen, area)
    assert not [f for f in found if f.outcome == "broken"]
