"""The own plot of each home where there are no parcels: a street drawn by hand, and real plots in Prague.

Homes A-D of the terrace in `drawn_street` are 6 m wide (x 4 to 28) and stand from y 8 to 17; the street runs on y 0.
"""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from conftest import mapping_of, real_data
from drawn_street import CRS, FOOTPRINTS, buildings, moved, streets
from shapely.geometry import LineString, Point, box

from minenet import read_area
from minenet.assumptions import Assumptions
from minenet.plots import nearest_ground, own_plots
from minenet.tables import make_area

SITES = Assumptions.default().sites  # a plot ends 25 m from its home and 5 m from the centre line of a street


def layer(shapes, **columns):
    """Return a layer from shapes drawn near the origin; one value stands for all rows."""
    return gpd.GeoDataFrame(columns, index=range(len(shapes)), geometry=[moved(s) for s in shapes], crs=CRS)


def street(**more):
    return make_area({"buildings": buildings(), "streets": streets()} | more)


def drawn(area, **assumptions):
    """Return own plots by building, near the origin."""
    plots = own_plots(area.buildings, area.streets, area.land, area.water, assumptions=replace(SITES, **assumptions))
    assert plots["building_id"].is_unique
    moved_back = shapely.transform(
        plots.geometry.to_numpy(), lambda xy: xy - shapely.get_coordinates(moved(Point(0, 0)))
    )
    return dict(zip(plots["building_id"], moved_back, strict=True)), dict(
        zip(plots["building_id"], plots["source"], strict=True)
    )


YARD = shapely.difference(box(4, 5, 28, 29), box(4, 8, 28, 17))  # front gardens of 3 m, back gardens of 12 m


class TestPrivateLand:
    def test_the_yards_of_a_terrace_are_divided_house_by_house(self):
        plots, source = drawn(street(land=layer([YARD], ownership="private", cover="yard")))
        assert {source[b] for b in "ABCD"} == {"land"}
        assert source["G"] == "tessellation"  # no private land beside it
        for number, home in enumerate("ABCD"):
            own = box(4 + 6 * number, 5, 10 + 6 * number, 29)  # 6 m x (3 + 9 + 12) m = 144 m2
            assert plots[home].area == pytest.approx(144, abs=3)
            assert shapely.intersection(plots[home], own).area > 141

    def test_yards_that_a_path_or_a_road_cuts_off_are_not_part_of_it(self):
        across = box(4, 31, 28, 40)  # 2 m behind the yards, nearest to the terrace all the same
        beside = box(-6, 8, 2, 17)  # a path of 2 m lies between it and the gable of A
        plots, _ = drawn(street(land=layer([YARD, across, beside], ownership="private")))
        assert not any(p.intersects(across) or p.intersects(beside) for p in plots.values())

    def test_a_shed_belongs_to_the_home_whose_ground_it_stands_in(self):
        shed = box(11, 25, 15, 29)
        frame = buildings()
        more = layer([shed], building_id="shed", dwellings=0)
        area = street(land=layer([YARD.difference(shed)], ownership="private"))
        area = replace(area, buildings=pd.concat([area.buildings, more.reindex(columns=area.buildings.columns)]))
        plots, _ = drawn(area)
        assert len(frame) == len(FOOTPRINTS)
        assert "shed" not in plots
        assert "s" not in plots  # 9 m2, no dwellings
        assert shapely.intersection(plots["B"], shed).area == pytest.approx(16, abs=0.1)
        # a large building without dwellings is no shed: it keeps its own ground
        assert "shed" in drawn(area, shed_max_m2=15.0)[0]

    def test_public_and_unknown_land_are_no_plots(self):
        for ownership in ("public", None):
            _, source = drawn(street(land=layer([YARD], ownership=[ownership])))
            assert set(source.values()) == {"tessellation"}


class TestUpToTheStreet:
    def test_a_plot_ends_before_the_street_and_at_its_reach(self):
        plots, source = drawn(street())
        assert set(source.values()) == {"tessellation"}
        _, south, _, north = plots["B"].bounds
        assert south == pytest.approx(5.0, abs=0.01)  # `frontage_m` from the centre line
        assert north == pytest.approx(17 + 25, abs=0.2)  # `plot_reach_m` behind the facade
        assert drawn(street(), frontage_m=7.0)[0]["B"].bounds[1] == pytest.approx(7.0, abs=0.01)

    def test_the_border_lies_half_way_between_two_homes(self):
        # D ends at x 28, E starts at 34: the border runs on x 31
        plots, _ = drawn(street())
        assert plots["D"].contains(Point(30.8, 12))
        assert plots["E"].contains(Point(31.2, 12))

    def test_ground_across_the_street_or_water_is_not_its_own(self):
        line = LineString([(-60, 0), (130, 0)])  # no way round its ends within reach
        plots, _ = drawn(street(streets=streets(line), water=layer([box(-60, 20, 130, 23)], name="sloot")))
        assert plots["B"].bounds[3] == pytest.approx(20.0, abs=0.01)
        assert plots["G"].bounds[1] == pytest.approx(5.0, abs=0.01)

    def test_a_lone_home_has_the_ground_within_its_reach(self):
        # 6 m x 8 m and 10 m around it: 48 + 28 * 10 + pi * 10^2 = 642.2 m2
        ground = nearest_ground(np.array([box(0, 0, 6, 8)]), reach_m=10.0)
        assert ground[0].area == pytest.approx(642.2, rel=0.01)

    def test_a_street_on_a_bridge_takes_no_ground(self):
        line = LineString([(-60, 0), (130, 0)])
        assert drawn(street(streets=streets(line)))[0]["B"].bounds[1] == pytest.approx(5.0, abs=0.01)
        assert drawn(street(streets=streets(line, bridge=True)))[0]["B"].bounds[1] < 0

    def test_a_footway_takes_less_than_a_street(self):
        lines = (LineString([(0, 0), (70, 0)]), LineString([(0, 30), (70, 30)]))
        area = street(streets=streets(*lines, road_class=["residential", "footway"]))
        assert drawn(area)[0]["B"].bounds[3] == pytest.approx(29.25, abs=0.01)  # half of 1.5 m


def test_an_area_without_homes_has_no_plots():
    assert len(nearest_ground(np.empty(0, dtype=object), reach_m=10.0)) == 0
    area = make_area({"buildings": layer([box(0, 0, 3, 3)], building_id="s", dwellings=0), "streets": streets()})
    assert len(drawn(area)[0]) == 0


def test_plots_hold_their_home_and_hardly_overlap():
    area = street(land=layer([YARD], ownership="private"))
    plots, _ = drawn(area)
    shapes = np.array(list(plots.values()))
    assert shapely.is_valid(shapes).all()
    homes = np.array([FOOTPRINTS[b] for b in plots])
    assert shapely.area(shapely.difference(homes, shapes)).max() < 1e-6
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    shared = shapely.area(shapely.intersection(shapes[first], shapes[second]))[first < second]
    assert shared.max() < 1.0  # a wall of 9 m, drawn in by 0.4 m at its ends


def test_a_broken_common_edge_costs_time_but_no_plot(monkeypatch):
    area = street()
    usual = drawn(area)[0]

    def broken(*_, **__):
        raise shapely.errors.GEOSException("incorrectly noded")

    monkeypatch.setattr(shapely, "coverage_union_all", broken)
    again = drawn(area)[0]
    assert all(usual[b].symmetric_difference(again[b]).area < 1e-6 for b in usual)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_does_not_matter(seed):
    area = street(land=layer([YARD], ownership="private"))
    mixed = replace(area, buildings=area.buildings.sample(frac=1, random_state=seed))
    plots, again = drawn(area)[0], drawn(mixed)[0]
    assert all(plots[b].symmetric_difference(again[b]).area < 1e-6 for b in plots)


@pytest.mark.real
def test_an_area_cut_farther_out_than_twice_the_reach_gives_the_same_plots():
    area = read_area(real_data() / "delft_terraced_street.gpkg", mapping=mapping_of("delft_terraced_street"))
    west, south, _, north = area.buildings.total_bounds
    inner = box(west, south, west + 80, north)
    near = area.buildings.intersects(inner.buffer(2 * 15.0 + 1))
    assert 0.2 < near.mean() < 0.8
    plots = [
        own_plots(b, area.streets, area.land, area.water, assumptions=replace(SITES, plot_reach_m=15.0)).set_index(
            "building_id"
        )
        for b in (area.buildings, area.buildings[near])
    ]
    whole = plots[0][plots[0].index.isin(area.buildings["building_id"][area.buildings.within(inner)])]
    part = plots[1].loc[whole.index]
    assert len(whole) > 30
    assert whole.symmetric_difference(part).area.max() < 1e-3
    assert (whole["source"] == part["source"]).all()


@pytest.mark.real
def test_private_land_agrees_best_with_the_real_plots_of_bubenec():
    """The order that `minenet.plots` was decided by, and its size within a tenth."""
    names = ("buildings", "streets", "plots")
    homes, lines, real = (gpd.read_file(real_data() / "bubenec.gpkg", layer=n).to_crs(5514) for n in names)
    lines["road_class"], lines["bridge"], lines["tunnel"] = None, False, False
    homes = homes.assign(building_id=homes["uID"].astype(str), dwellings=1)
    private = gpd.GeoDataFrame({"ownership": ["private"]}, geometry=[real.union_all()], crs=real.crs)
    on = homes.set_geometry(homes.representative_point()).sjoin(real[["geometry"]])["index_right"].reindex(homes.index)

    def agreement(shapes):
        by_plot = gpd.GeoSeries(shapes, crs=real.crs).groupby(on.to_numpy()).agg(lambda s: s.union_all())
        plots = real.geometry.loc[by_plot.index]
        pieces = gpd.GeoSeries(by_plot.to_numpy(), index=by_plot.index, crs=real.crs)
        share = pieces.intersection(plots).area / pieces.union(plots).area
        return np.average(share, weights=plots.area)

    land = agreement(own_plots(homes, lines, private, assumptions=SITES).geometry.to_numpy())
    streets_only = agreement(own_plots(homes, lines, assumptions=SITES).geometry.to_numpy())
    nearest = agreement(nearest_ground(homes.geometry.to_numpy(), reach_m=SITES.plot_reach_m))
    assert land > streets_only + 0.1 > nearest + 0.2
    assert land > 0.7
