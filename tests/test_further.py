"""One heat pump for all, and heat from surface water: what they share with the ring net and what they do not."""

import numpy as np
import pytest
from drawn_street import buildings, layer, streets
from shapely.geometry import LineString, box

import minenet
from minenet import Assumptions, make_area

COLLECTIVE, WATER = "ring_net_collective", "ring_net_aquathermal"
POND = box(75, -40, 135, 0)  # 60 m x 40 m, 5 m east of the end of the street and 16 m from the end of the ring


def result(numbers=None, **layers):
    area = make_area({"buildings": buildings(), "streets": streets(), **layers})
    return minenet.assess(area, numbers or Assumptions.default())


@pytest.fixture(scope="module")
def by_water():
    return result(water=layer([POND], name=["plas"]))


def test_the_boreholes_are_those_of_the_ring(by_water):
    holes = by_water.boreholes
    ring, one = (holes[holes["variant"] == v] for v in ("ring_net", COLLECTIVE))
    assert len(ring)
    np.testing.assert_allclose(ring["depth_m"], one["depth_m"])
    assert (ring.geometry.to_wkb().to_numpy() == one.geometry.to_wkb().to_numpy()).all()
    assert not (holes["variant"] == WATER).any()


def test_warm_water_and_brine_lie_in_one_trench(by_water):
    pipes = by_water.pipes
    one, ring = (pipes[pipes["variant"] == v] for v in (COLLECTIVE, "ring_net"))
    street = one[one["kind"] == "ring"]
    np.testing.assert_allclose(street["pipe_m"], 4 * street["length_m"], atol=0.002)
    np.testing.assert_allclose(street["insulated_m"], 2 * street["length_m"], atol=0.002)
    services = one[one["kind"] == "service"]
    np.testing.assert_allclose(services["insulated_m"], services["pipe_m"])
    # one more branch than the ring has: to the plant room
    assert (one["kind"] == "branch").sum() == (ring["kind"] == "branch").sum() + 1
    assert ring["insulated_m"].fillna(0).eq(0).all()


def test_the_inlet_runs_straight_to_the_water(by_water):
    pipes = by_water.pipes
    inlet = pipes[(pipes["variant"] == WATER) & (pipes["kind"] == "branch")]
    # the ring ends at G's connection on x 59, y 0; the pond begins on x 75: 16 m
    assert inlet["length_m"].tolist() == [16.0]
    rows = by_water.solutions.set_index("variant")
    assert rows.loc[WATER, "feasible"]
    assert rows.loc[WATER, ["borehole_m", "depth_m"]].isna().all()
    # the trench: 52 m of ring, 8 services of 8 m, 16 m of inlet
    assert rows.loc[WATER, "trench_m"] == pytest.approx(52 + 64 + 16, abs=0.01)


def test_every_home_hangs_on_its_service(by_water):
    hangs = by_water.connections
    for variant in (COLLECTIVE, WATER):
        mine = hangs[hangs["variant"] == variant]
        assert mine["home_id"].is_unique
        assert len(mine) == 10
        services = by_water.pipes[(by_water.pipes["variant"] == variant) & (by_water.pipes["kind"] == "service")]
        assert set(mine["pipe_id"]) == set(services["pipe_id"])
        assert mine["borehole_id"].isna().all()


def test_their_costs_are_the_sums_of_their_lines(by_water):
    lines = by_water.costs
    for variant, wanted in (
        (COLLECTIVE, {"collective_heat_pump", "plant_room", "insulated_pipe", "drilling", "pipe_small"}),
        (WATER, {"intake", "heat_exchanger", "plant_room", "ground_heat_pump"}),
    ):
        items = set(lines.loc[(lines["variant"] == variant) & (lines["total_eur"] > 0), "item"])
        assert wanted <= items
    assert "drilling" not in set(lines.loc[lines["variant"] == WATER, "item"])
    assert "ground_heat_pump" not in set(lines.loc[(lines["variant"] == COLLECTIVE), "item"])


@pytest.mark.parametrize(
    ("layers", "reason"),
    [
        ({}, "water_not_given"),
        ({"water": layer([box(75, -40, 80, 0)], name=["sloot"])}, "no_water_nearby"),  # 200 m2
        ({"water": layer([box(300, -40, 400, 0)], name=["plas"])}, "no_water_nearby"),  # 241 m away
        (
            {
                "water": layer([POND], name=["plas"]),
                "barriers": layer([LineString([(72, -60), (72, 60)])], kind=["railway"]),
            },
            "no_water_nearby",
        ),
    ],
)
def test_without_water_of_enough_size_nearby_it_says_so(layers, reason):
    row = result(**layers).solutions.set_index("variant").loc[WATER]
    assert not row["feasible"]
    assert row["reason"] == reason
    assert np.isnan(row["annual_eur_per_home"])


def test_the_inlet_starts_where_the_way_to_the_water_is_free():
    # a canal along the whole street, behind a railway that ends on x 50: only from there is the way free, 45 m long
    water = layer([box(-10, -80, 80, -45)], name=["vaart"])
    rails = layer([LineString([(-60, -30), (50, -30)])], kind=["railway"])
    found = result(water=water, barriers=rails)
    inlet = found.pipes[(found.pipes["variant"] == WATER) & (found.pipes["kind"] == "branch")]
    assert inlet["length_m"].tolist() == [45.0]
    assert inlet.geometry.iloc[0].bounds[0] > 140_050


def test_all_heat_passes_one_end_of_the_ring(by_water):
    pipes = by_water.pipes
    rings = pipes[pipes["kind"] == "ring"].groupby("variant")["diameter_mm"].first()
    # boreholes along the ring bring half of the peak to either side, water or plant all of it from one
    assert rings[WATER] > rings["ring_net"]
    lost = pipes[pipes["kind"] == "ring"].groupby("variant")["friction_w"].sum()
    assert lost[WATER] > lost["ring_net"] > 0


def test_where_no_ring_is_drilled_neither_is_laid():
    zones = layer([box(-100, -100, 200, 100)], kind=["no_drilling"], effect=["ban"])
    rows = result(zones=zones, water=layer([POND], name=["plas"])).solutions.set_index("variant")
    assert rows.loc[COLLECTIVE, "reason"] == "no_place_for_borehole"
    assert rows.loc[WATER, "reason"] == "no_ring_net"
