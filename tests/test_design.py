"""Places, depths and pipes of the hand-drawn street."""

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from drawn_street import CRS, buildings, layer, moved, streets
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box

import minenet
from minenet import Assumptions, make_area
from minenet.design.interference import interference, together
from minenet.design.routing import routed_laterals
from minenet.design.sizing import _apart, _fewest
from minenet.design.uncertainty import metres_at_ranges
from minenet.ground import cooling

NUMBERS = Assumptions.default()


def designed(numbers=NUMBERS, **layers):
    area = make_area({"buildings": buildings(), "streets": streets(), **layers})
    homes = minenet.find_homes(area, numbers)
    _, _, layout = minenet.find_clusters(area, homes, numbers)
    placed = minenet.place_boreholes(area, layout, numbers)
    boreholes, sized = minenet.size_boreholes(area, layout, placed, numbers)
    pipes, connections, solutions = minenet.lay_pipes(area, layout, placed, sized, numbers)
    return area, layout, boreholes, pipes, connections, solutions.set_index("variant")


def test_ten_homes_share_four_loops_or_a_ring():
    _, layout, boreholes, pipes, connections, solutions = designed()
    assert len(layout.homes) == 10
    assert bool(solutions["feasible"].all())
    shared = boreholes[boreholes["variant"] == "shared_loops"]
    assert sorted(shared["homes_served"]) == [2, 2, 3, 3]  # the fewest loops for ten homes: 3 + 3 + 2 + 2
    assert connections.groupby("variant").size().to_dict() == {"ring_net": 10, "shared_loops": 10}
    # eight buildings, each with one service of 8 m
    services = pipes[pipes["kind"] == "service"]
    assert len(services) == 8
    np.testing.assert_allclose(services["length_m"], 8.0)
    # the ring runs from the middle of A (7 m) to that of G (59 m)
    assert pipes.loc[pipes["kind"] == "ring", "length_m"].sum() == pytest.approx(52.0)


def test_a_ban_leaves_no_place_and_says_so():
    zones = layer([box(-100, -100, 200, 100)], kind=["no_drilling"], effect=["ban"])
    *_, boreholes, _, _, solutions = designed(zones=zones)
    assert boreholes.empty
    assert solutions.loc["ring_net", "reason"] == "no_place_for_borehole"
    assert solutions.loc["shared_loops", "reason"].startswith("no_place_for_loop:4 of 4")


def test_a_depth_limit_makes_more_boreholes_and_shared_loops_too_deep():
    zones = layer([box(-100, -100, 200, 100)], kind=["depth_limit"], effect=["max_depth"], value=[100.0])
    _, _, boreholes, _, _, solutions = designed(zones=zones)
    *_, free, _, _, _ = designed()
    assert solutions.loc["shared_loops", "reason"].startswith("too_deep:")
    assert not solutions.loc["own_loops", "feasible"]
    assert boreholes["depth_m"].max() <= 100.0
    assert len(boreholes) > (free["variant"] == "ring_net").sum()


def test_shallow_ground_is_never_worse_than_a_ban():
    front = box(-60, -60, 130, 8)
    outcome = {}
    for effect, value in (("ban", None), ("max_depth", 40.0)):
        zones = layer([front], kind=["zone"], effect=[effect], value=[value])
        *_, solutions = designed(zones=zones, streets=streets(LineString([(0, 25), (70, 25)])))
        outcome[effect] = solutions.loc[["shared_loops", "ring_net"], "feasible"].tolist()
    assert outcome["ban"] == outcome["max_depth"]


def test_no_pipe_to_a_borehole_crosses_a_primary_road():
    side = streets(LineString([(0, 0), (70, 0)]), LineString([(0, 3), (70, 3)]), road_class=["residential", "primary"])
    _, _, _, pipes, _, _ = designed(streets=side)
    assert not pipes.intersects(moved(LineString([(-5, 3), (75, 3)]))).any()


def test_too_few_places_say_how_many_there_are_and_at_least_need_to_be():
    # nowhere deeper than 25 m, and eight buildings that use 5,000 m3 of gas per home
    zones = layer([box(-100, -100, 200, 100)], kind=["depth_limit"], effect=["max_depth"], value=[25.0])
    *_, solutions = designed(zones=zones, buildings=buildings(gas_m3=[5000] * 8 + [None]))
    found = re.fullmatch(
        r"too_few_places:(\d+) places, at least (\d+) needed at 25 m", solutions.loc["ring_net", "reason"]
    )
    assert int(found[2]) > int(found[1]) > 0
    assert int(found[2]) * 25 * 100 > 10 * 40_000 * 0.75  # ten homes, and no ground gives 100 kWh per metre in the end


def test_one_home_that_needs_too_deep_a_loop_does_not_hide_what_a_loop_costs_the_others():
    # G alone uses four times the heat of the others, more than a loop of 250 m can give
    gas = [1200, 1200, 1200, 1200, 1200, 1200, 5200, 700, None]
    result = minenet.assess(make_area({"buildings": buildings(gas_m3=gas), "streets": streets()}))
    own = result.solutions.set_index("variant").loc["own_loops"]
    assert own["annual_eur_per_home"] > 0
    assert own["reason"].startswith("too_deep:")
    assert not own["feasible"]
    everyone = [6000] * 8 + [None]
    result = minenet.assess(make_area({"buildings": buildings(gas_m3=everyone), "streets": streets()}))
    own = result.solutions.set_index("variant").loc["own_loops"]
    assert own["reason"].startswith("too_deep:")
    assert np.isnan(own["annual_eur_per_home"])


def test_one_shallow_place_does_not_make_all_boreholes_shallow():
    # a limit of 30 m over the western end alone: there is room enough elsewhere
    zones = layer([box(-30, -60, 8, 60)], kind=["depth_limit"], effect=["max_depth"], value=[30.0])
    _, _, boreholes, _, _, solutions = designed(zones=zones)
    ring = boreholes[boreholes["variant"] == "ring_net"]
    assert solutions.loc["ring_net", "feasible"]
    assert ring["depth_m"].min() > 100
    assert (ring.geometry.x > 140_008).all()


def test_deeper_than_the_active_length_by_what_is_buried():
    shallow = NUMBERS.override({"ground": {"buried_depth_m": {"value": 4.0}}})
    deep = designed()[2].groupby("variant")["depth_m"].sum()
    deeper = designed(shallow)[2].groupby("variant")["depth_m"].sum()
    # 3 m more of each of four loops is drilled but not used; the ground around it is hardly different
    assert deeper["shared_loops"] - deep["shared_loops"] == pytest.approx(4 * 3.0, abs=4.0)


@given(st.floats(20, 5000), st.floats(40, 250), st.integers(1, 60), st.floats(0.5, 80))
@settings(max_examples=80, deadline=None)
def test_the_fewest_boreholes_are_found(metres, limit, most, start):
    def depth_of(count):
        return metres / count * (1 + 0.02 * count)  # more boreholes, each shallower, together more metres

    count, depth = _fewest(depth_of, limit, most=most, start=start)
    fits = [n for n in range(1, most + 1) if depth_of(n) <= limit]
    assert count == (fits[0] if fits else most)
    assert depth == pytest.approx(depth_of(count))


@given(st.integers(1, 50), st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_homes_without_a_place_are_compared_a_spacing_apart(size, seed):
    random = np.random.default_rng(seed)
    wanted = random.uniform(0, 40, (size, 2))
    fixed = np.full_like(wanted, np.nan)
    fixed[0] = wanted[0]
    places = _apart(wanted, fixed, 6.0)
    gaps = np.hypot(*(places[:, None] - places[None]).T) + np.eye(size) * 99
    assert gaps.min() >= 6.0 - 1e-9
    assert (places[0] == wanted[0]).all()


# --- interference -----------------------------------------------------------------------------------------------------


def holes(*rows):
    """Return boreholes from (cluster, variant, x, depth, heat)."""
    frame = pd.DataFrame(rows, columns=["cluster", "variant", "x", "depth_m", "annual_kwh"])
    return gpd.GeoDataFrame(frame, geometry=[moved(Point(x, 0)) for x in frame["x"]], crs=CRS)


def area_with(loops=None):
    return make_area(
        {"buildings": buildings(), "streets": streets(), **({"loops": loops} if loops is not None else {})}
    )


def test_loops_of_a_cluster_cool_each_other_but_a_ring_is_one_system():
    # two loops of 300 m (301 m with the metre buried) 5 m apart, 20,600 kWh a year each: about 1.3 K at k = 1.8 W/mK
    # after 25 years (oracle table C, which begins 2 m deep: 1.309 K)
    ground = NUMBERS.override({"ground": {"conductivity": 1.8, "buried_depth_m": 2.0}}).ground
    pair = holes((0, "shared_loops", 0, 302, 20_600), (0, "shared_loops", 5, 302, 20_600))
    felt, worst = interference(pair, area_with(), ground=ground)
    np.testing.assert_allclose(felt["cooling_within_k"], 1.309, rtol=0.01)
    np.testing.assert_allclose(felt["neighbour_cooling_k"], felt["cooling_within_k"])
    assert worst["regeneration_kwh"].item() == 0  # below 1.5 K
    ring, _ = interference(pair.assign(variant="ring_net"), area_with(), ground=ground)
    assert (ring["neighbour_cooling_k"] == 0).all()


def test_what_registered_loops_do_is_not_known_without_a_layer_of_them():
    one = holes((0, "ring_net", 0, 150, 9_000))
    felt, worst = interference(one, area_with(), ground=NUMBERS.ground)
    assert felt["cooling_by_registered_k"].isna().all()
    assert worst[["cooling_by_registered_k", "cooling_at_registered_k"]].isna().all(axis=None)
    assert (felt["neighbour_cooling_k"] == 0).all()  # by what is known
    none = layer([], loop_id=[], depth_m=[], heat_kwh=[])
    felt, worst = interference(one, area_with(none), ground=NUMBERS.ground)
    assert (felt["cooling_by_registered_k"] == 0).all()
    assert (worst["cooling_at_registered_k"] == 0).all()


def test_other_clusters_and_registered_loops_count_apart():
    ground = NUMBERS.ground
    registered = layer([Point(12, 0), Point(40, 0)], loop_id=["a", "b"], depth_m=[150, None], heat_kwh=[9_000, 9_000])
    both = holes((0, "ring_net", 0, 150, 9_000), (1, "ring_net", 20, 150, 9_000))
    felt, worst = interference(both, area_with(registered), ground=ground)
    expected = cooling([[0, 0]], [149], [9_000], [[20, 0]], [149], ground=ground).item()
    np.testing.assert_allclose(felt["cooling_by_clusters_k"], expected)
    # loop b has no depth: it is kept at a distance, but what it does is not known
    np.testing.assert_allclose(
        felt["cooling_by_registered_k"],
        [cooling([[12, 0]], [149], [9_000], [[x, 0]], [149], ground=ground).item() for x in (0, 20)],
    )
    np.testing.assert_allclose(felt["nearest_m"], [12, 8])
    assert worst["cooling_at_registered_k"].iloc[1] > worst["cooling_at_registered_k"].iloc[0]


def test_regeneration_that_brings_cooling_back_to_the_limit():
    ground = NUMBERS.ground
    row = holes(*((0, "shared_loops", 6 * i, 200, 20_000) for i in range(6)))
    felt, worst = interference(row, area_with(), ground=ground)
    most = felt["cooling_within_k"].max()
    assert most > 1.5
    # cooling is linear in the net heat: 1.5 / most of it may stay
    assert worst["regeneration_kwh"].item() == pytest.approx(120_000 * (1 - 1.5 / most))
    share = worst["regeneration_kwh"].item() / 120_000
    mended = NUMBERS.override({"ground": {"regeneration_share": share}}).ground
    assert interference(row, area_with(), ground=mended)[0]["cooling_within_k"].max() == pytest.approx(1.5)


def test_what_is_built_together():
    pair = holes((0, "ring_net", 0, 150, 9_000), (1, "shared_loops", 8, 250, 20_000)).assign(cluster_id=["c0", "c1"])
    cooled = together(pair, area_with(), ground=NUMBERS.ground)
    assert cooled["c0"] > cooled["c1"]  # the larger load cools the smaller
    alone = together(pair.iloc[:1], area_with(), ground=NUMBERS.ground)
    assert alone.to_dict() == {"c0": 0.0}


# --- routing ----------------------------------------------------------------------------------------------------------


def test_a_lateral_along_the_trench_is_as_long_as_its_parts():
    _, layout, *_ = designed()
    position = layout.buildings.reset_index().set_index("building_id")["index"]
    branch = moved(LineString([(59, -5), (59, 0)]))  # from the place to the trench
    places = gpd.GeoDataFrame(
        {"cluster": [0], "place": [7], "branch": [branch]}, geometry=[moved(Point(59, -5))], crs=CRS
    )
    missing = pd.DataFrame({"cluster": 0, "loop": 3, "building": [position["A"], position["F"]]})
    chosen, laterals = routed_laterals(missing, places, layout, longest_m=80.0)
    assert chosen.to_numpy().tolist() == [[0, 3, 7]]
    # A: 8 m of service, 7 to 59 m along the street, 5 m of branch; F: 8 + (59 - 43) + 5
    np.testing.assert_allclose(laterals.length, [8 + 52 + 5, 8 + 16 + 5])
    assert routed_laterals(missing, places, layout, longest_m=60.0)[0].empty


def test_pipes_keep_out_of_buildings():
    area, _, _, pipes, _, _ = designed()
    solid = shapely.buffer(shapely.union_all(area.buildings.geometry.to_numpy()), -0.1)
    assert not shapely.intersects(solid, pipes.geometry.to_numpy()).any()


@pytest.mark.parametrize(
    "layers",
    [
        {"buildings": buildings(dwellings=[1, *[0] * 8])},  # one home alone
        {"buildings": buildings(dwellings=[51, *[0] * 8])},  # one tower
        {"streets": streets(LineString([(0, 900), (70, 900)]))},  # no street nearby
        {"buildings": buildings(use=["other"] * 9)},
    ],
)
def test_an_area_without_a_single_cluster_is_a_result_with_reasons(layers, tmp_path):
    result = minenet.assess(make_area({"buildings": buildings(), "streets": streets(), **layers}))
    assert len(result.clusters) == 0
    assert result.homes["left_out_reason"].notna().all()
    again = minenet.read_result(minenet.write_result(result, tmp_path / "r.gpkg"))
    assert len(again.homes) == len(result.homes)
    assert "0 clusters" in minenet.draw_map(again, language="en").to_html()
    assert [page.name for page in minenet.write_pages(again, tmp_path / "pages")] == ["index.html"]


def test_a_longer_peak_needs_more_metres_and_stands_in_the_tornado():
    factors = metres_at_ranges(np.array(["c"], dtype=object), NUMBERS).set_index(["variant", "assumption"])
    peak = factors.loc["own_loops"].loc["ground.peak_hours"]
    # a lone home: 110 m at 6 h become 135 m at 72 h, 1.23 times; among neighbours the years weigh more than the peak
    assert peak["low"] == pytest.approx(1.0)
    assert 1.05 < peak["high"] < 1.23
    sand = factors.xs("ground.conductivity", level="assumption")
    assert ((sand["low"] > 1) & (sand["high"] < 1)).all()
    result = minenet.assess(make_area({"buildings": buildings(), "streets": streets()}))
    told = result.sensitivity["assumption"]
    assert (told == "ground.peak_hours").sum() == 2  # in both variants
