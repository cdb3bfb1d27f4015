"""Plots of people who do not take part: measured, avoided where another way exists, and told."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from drawn_street import CRS, addresses, buildings, layer, moved, streets
from shapely.geometry import LineString, box

import minenet
from minenet import Assumptions, make_area
from minenet.design.others import OthersGround

PLOTS = {
    "A": box(2, 3, 10, 30),
    "B": box(10, 3, 16, 30),
    "C": box(16, 3, 22, 30),
    "D": box(22, 3, 31, 30),
    "E": box(31, 3, 40, 30),
    "F": box(40, 3, 50, 30),
    "G": box(50, 3, 70, 30),
    "H": box(10, -40, 30, -3),
}


def parcels(ids="ABCDEFGH"):
    return layer([PLOTS[i] for i in ids], parcel_id=list(ids))


def ground(of, **layers):
    """Return plots as seen by clusters: `of` gives the cluster of each building that takes part."""
    area = make_area({"buildings": buildings(), "streets": streets(), "parcels": parcels(), **layers})
    mine = area.buildings[area.buildings["building_id"].isin(list(of))]
    return OthersGround(area, mine.assign(cluster=mine["building_id"].map(of))[["cluster", "geometry"]])


def lines(*shapes):
    return np.array([moved(LineString(s)) for s in shapes], dtype=object)


def test_a_pipe_is_measured_through_plots_of_others_only():
    found = ground({"A": 0, "B": 0, "D": 0, "E": 1})
    across = lines([(5, 25), (28, 25)], [(5, 25), (35, 25)], [(5, 25), (15, 25)], [(5, 1), (60, 1)])
    # C lies between: 6 m; E is of another cluster: 4 m more; A to B: none; along the street: none
    assert found.through(across, np.zeros(4, dtype=int)).tolist() == pytest.approx([6, 10, 0, 0])
    # for the cluster of E all but its own are others: A 5, B 6, C 6, D 9 m
    assert found.through(across[1:2], np.array([1])).tolist() == pytest.approx([26])


def test_a_corner_that_is_grazed_does_not_count():
    found = ground({"A": 0, "B": 0})
    assert found.through(lines([(12, 20), (16.2, 20)]), np.array([0])).tolist() == [0.0]
    assert found.through(lines([(12, 20), (17, 20)]), np.array([0])).tolist() == pytest.approx([1.0])


def test_a_trench_on_a_border_lies_on_both_plots():
    found = ground({"A": 0, "B": 0})
    borders = lines([(10, 5), (10, 25)], [(16, 5), (16, 25)])  # between A and B, between B and C
    assert found.along(borders, np.zeros(2, dtype=int)).tolist() == pytest.approx([0, 20])


def test_plots_drawn_over_each_other_count_once_and_own_ground_wins():
    twice = layer([*PLOTS.values(), PLOTS["C"], box(10, 3, 19, 30)], parcel_id=[*PLOTS, "C again", "B wider"])
    found = ground({"A": 0, "B": 0, "D": 0}, parcels=twice)
    # of the 6 m of C, drawn twice, 3 m are also drawn as ground of B
    assert found.through(lines([(5, 25), (28, 25)]), np.array([0])).tolist() == pytest.approx([3])


def test_a_house_on_two_parcels_has_both():
    # the footprint of A (y 8 to 17) stands on a front parcel up to y 11 and on another behind it
    halves = layer([box(2, 3, 10, 11), box(2, 11, 10, 30)], parcel_id=["front", "back"])
    found = ground({"A": 0}, parcels=halves)
    assert found.through(lines([(7, 8), (7, 0)], [(7, 17), (7, 28)]), np.zeros(2, dtype=int)).tolist() == [0.0, 0.0]


def test_ground_of_a_street_is_nobody_s_plot():
    street = layer([*PLOTS.values(), box(-10, -3, 80, 3)], parcel_id=[*PLOTS, "street"])
    found = ground({"A": 0}, parcels=street)
    assert found.through(lines([(5, 0), (60, 0)]), np.array([0])).tolist() == [0.0]


def test_without_plots_nothing_is_known():
    found = ground({"A": 0}, parcels=gpd.GeoDataFrame({"parcel_id": []}, geometry=[], crs=CRS))
    assert np.isnan(found.through(lines([(5, 25), (28, 25)]), np.array([0]))).all()


class TestInADesign:
    """C says no: its plot lies between those of B and D."""

    @pytest.fixture(scope="class")
    @classmethod
    def result(cls):
        return cls.designed(weight=10.0)

    @staticmethod
    def designed(weight):
        said = addresses()
        said["answer"] = np.where(said["building_id"] == "C", "no", "yes")
        area = make_area({"buildings": buildings(), "streets": streets(), "addresses": said, "parcels": parcels()})
        return minenet.assess(area, Assumptions.default().override({"trenches": {"others_weight": weight}}))

    def test_what_the_table_says_is_what_lies_there(self, result):
        pipes = result.pipes[result.pipes["kind"].isin(("loop", "branch", "service"))]
        c = moved(PLOTS["C"])
        inside = shapely.length(shapely.intersection(np.asarray(pipes.geometry.array), c))
        np.testing.assert_allclose(pipes["others_m"], np.where(inside > 0.3, inside, 0.0), atol=0.002)

    def test_the_garden_of_who_does_not_take_part_is_spared_as_far_as_its_weight_says(self, result):
        # D shares a loop with A and B across the garden of C, 6 m wide: 60 m more of lateral weigh less than a fourth
        # loop (85 m); at a hundred times a metre they do not
        assert result.pipes["others_m"].sum() == pytest.approx(6.15, abs=0.1)
        assert self.designed(weight=100.0).pipes["others_m"].sum() == 0

    def test_each_variant_is_told_what_it_crosses(self, result):
        checks = result.checks[result.checks["check"] == "others_ground"].set_index("variant")
        assert set(checks.index) == set(result.boreholes["variant"])
        assert checks.loc["shared_loops", "detail"] == "6 m of trench through plots without a home that takes part"
        assert checks.loc["shared_loops", "outcome"] == "attention"
        assert checks.loc["ring_net", ["outcome", "detail"]].tolist() == ["ok", "no trench through plots of others"]

    def test_the_check_goes_by_the_table(self, result):
        from minenet.checks.places import others_ground

        built = result.solutions.loc[result.solutions["variant"].isin(("shared_loops", "ring_net")), :]
        pipes = result.pipes.copy()
        pipes["others_m"] = 0.0
        pipes.loc[pipes.index[0], "others_m"] = 4.4
        row = others_ground(built, pipes).set_index("variant")
        changed = pipes.loc[pipes.index[0], "variant"]
        assert row.loc[changed, "outcome"] == "attention"
        assert row.loc[changed, "detail"] == "4 m of trench through plots without a home that takes part"
        assert set(others_ground(built, pipes.assign(others_m=np.nan))["outcome"]) == {"unknown"}


def test_plots_that_are_not_known_leave_it_unknown():
    found = minenet.assess(make_area({"buildings": buildings(), "streets": streets()}))
    checks = found.checks[found.checks["check"] == "others_ground"]
    assert len(checks)
    assert checks["outcome"].eq("unknown").all()
    assert found.pipes["others_m"].isna().all()
