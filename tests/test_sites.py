"""Where boreholes may stand: plots drawn by hand, fixed boreholes, and clusters that want the same ground.

Homes are 6 m wide and stand from y 8 to 17 on plots from y 5 to 30, one beside the other from x 0 on; the street runs
on y 0. Clearances: 2 m to a building, 3 m to the outer boundary of the plots that take part, 6 m to each other.
"""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from drawn_street import CRS, EAST, NORTH, layer, moved, streets
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist
from shapely.geometry import LineString, Point, box

import minenet
from minenet import Assumptions, make_area
from minenet.design.finding import own_places, packed_places
from minenet.errors import InputError
from minenet.packing import bound
from minenet.sites import drillable_ground, fixed_places, own_ground, plots_of

NUMBERS = Assumptions.default()
SITES = NUMBERS.sites
HOME = box(0, 8, 6, 17)
PLOT = box(0, 5, 6, 30)


def aside(shape, metres):
    return shapely.transform(shape, lambda xy: xy + np.array([metres, 0.0]))


def row(count, *, plots=None, step=6.0, **more):
    """Return an area of homes in a row, each on its plot."""
    homes = [aside(HOME, step * i) for i in range(count)]
    parcels = [aside(PLOT, step * i) for i in range(count)] if plots is None else plots
    frames = {
        "buildings": layer(homes, building_id=[f"b{i}" for i in range(count)], dwellings=[1] * count),
        "streets": streets(LineString([(-20, 0), (step * count + 20, 0)])),
        "parcels": layer(parcels, parcel_id=[f"p{i}" for i in range(len(parcels))]),
    }
    return make_area(frames | more)


def clustered(area, *cluster):
    return area.buildings[["building_id", "geometry"]].assign(cluster=list(cluster))


def back(shapes):
    """Return shapes near the origin."""
    return shapely.transform(shapes, lambda xy: xy - np.array([EAST, NORTH]))


class TestGround:
    def test_two_plots_together_leave_room_where_each_alone_leaves_none(self):
        area = row(2)
        # together: x 3 to 9, and y from 2 m behind the homes (19) to 3 m before the end (27): 6 x 8 m
        ground = drillable_ground(area, clustered(area, 0, 0), assumptions=SITES)
        yard = shapely.intersection(back(ground.shapes)[0], box(0, 5, 12, 30))
        assert yard.area == pytest.approx(48.0, abs=0.5)  # curves are drawn outside
        np.testing.assert_allclose(yard.bounds, (3, 19, 9, 27), atol=0.02)
        # alone: a plot of 6 m has no ground 3 m inside
        alone = drillable_ground(area, clustered(area, 0, 1), assumptions=SITES)
        assert shapely.intersection(back(alone.shapes), box(0, 5, 12, 30))[0].area < 0.1

    def test_outside_the_plots_the_clearance_counts_too(self):
        area = row(2)
        ground = back(drillable_ground(area, clustered(area, 0, 0), assumptions=SITES).shapes)[0]
        assert not ground.intersects(box(0, 2.1, 12, 5))  # less than 3 m before the plots
        assert ground.intersects(box(0, 0, 12, 1.9))

    def test_plots_of_others_are_kept_clear(self):
        area = row(3)
        ground = back(drillable_ground(area, clustered(area, 0, 0, 1), assumptions=SITES).shapes)[0]
        assert not ground.intersects(box(9.1, 17, 20.9, 30))  # C's plot, x 12 to 18, and 3 m on either side

    def test_parcels_of_the_street_are_nobodys_plot(self):
        everything = [aside(PLOT, 0), aside(PLOT, 6), box(-20, -6, 32, 5)]  # a cadastre covers streets as well
        area = row(2, plots=everything)
        ground = back(drillable_ground(area, clustered(area, 0, 0), assumptions=SITES).shapes)[0]
        assert ground.contains(Point(6, -4))
        # without a street through it, and not public, it is the ground of someone else
        beside = [aside(PLOT, 0), aside(PLOT, 6), box(-20, -6, 32, -1)]
        other = row(2, plots=beside)
        ground = back(drillable_ground(other, clustered(other, 0, 0), assumptions=SITES).shapes)[0]
        assert not ground.contains(Point(6, -4))
        land = layer([box(-20, -6, 32, 5)], ownership=["public"])
        public = row(2, plots=beside, land=land)
        ground = back(drillable_ground(public, clustered(public, 0, 0), assumptions=SITES).shapes)[0]
        assert ground.contains(Point(6, -4))

    def test_a_plot_with_buildings_of_two_clusters_belongs_to_both(self):
        area = row(2, plots=[box(0, 5, 12, 30)])
        plots = plots_of(area, clustered(area, 0, 1))
        assert plots.cluster.tolist() == [0, 1]
        assert len(plots.others) == 0

    def test_a_wider_clearance_leaves_less(self):
        area = row(2)
        wide = drillable_ground(area, clustered(area, 0, 0), assumptions=replace(SITES, building_clearance_m=4.0))
        yard = shapely.intersection(back(wide.shapes)[0], box(0, 5, 12, 30))
        assert yard.area == pytest.approx(6 * 6, abs=0.5)  # y from 21 on


def homes_in(area, homes_of_building):
    """Return so many homes in each building."""
    building = np.repeat(area.buildings["building_id"].to_numpy(), homes_of_building)
    return pd.DataFrame({"home_id": [f"h{i}" for i in range(len(building))], "building_id": building})


class TestOwnLoops:
    def test_a_plot_of_six_metres_has_no_room_for_one(self):
        area = row(3)
        assert own_places(area, homes_in(area, [1, 1, 1]), SITES).isna().all()

    def test_a_plot_of_twelve_metres_has(self):
        area = row(2, plots=[box(0, 5, 12, 30), box(12, 5, 24, 30)], step=12.0)
        places = own_places(area, homes_in(area, [1, 1]), SITES)
        assert places.notna().all()
        # 3 m inside the plot and 2 m from the home, as near to the home as that
        x, y = places.x - EAST, places.y - NORTH
        assert 3 <= x.iloc[0] <= 9
        assert 15 <= x.iloc[1] <= 21
        assert (y >= 8).all()
        assert pdist(np.column_stack([x, y]))[0] >= 6

    def test_homes_that_share_a_plot_share_its_room(self):
        # between x 3 and 9, and y 19 and 27: (3, 19), (9, 23), (3, 27) are more than 6 m apart; a fourth has no room
        area = row(1, plots=[box(0, 5, 12, 30)])
        built = area.buildings.assign(geometry=[moved(box(0, 8, 12, 17))])
        area = replace(area, buildings=built)
        for homes, expected in ((1, 1), (3, 3), (5, 3)):
            assert own_places(area, homes_in(area, [homes]), SITES).notna().sum() == expected

    def test_without_plots_nothing_is_known(self):
        area = replace(row(2), parcels=None)
        assert own_places(area, homes_in(area, [1, 1]), SITES) is None
        assert own_ground(area, clustered(area, 0, 1), assumptions=SITES) is None


class TestFixed:
    def area(self, *points, **more):
        """Return four homes, the second and third 6 m apart: pipes come through there. A plot of others lies east."""
        fixed = layer([Point(p) for p in points], fixed_id=[f"F{i}" for i in range(len(points))])
        plots = [
            aside(PLOT, 0),
            aside(box(0, 5, 9, 30), 6),
            aside(box(-3, 5, 6, 30), 18),
            aside(PLOT, 24),
            aside(PLOT, 30),
        ]
        area = row(4, plots=plots, fixed_boreholes=fixed, **more)
        built = [moved(aside(HOME, x)) for x in (0, 6, 18, 24)]
        return replace(area, buildings=area.buildings.assign(geometry=built))

    def test_it_is_drilled_in_every_variant(self):
        result = minenet.assess(self.area((15, 24)))
        at = result.boreholes[np.isclose(result.boreholes.geometry.x, EAST + 15)]
        at = at[np.isclose(at.geometry.y, NORTH + 24)]
        assert set(at["variant"]) == {"ring_net", "ring_net_collective", "shared_loops"}
        without = minenet.assess(replace(self.area(), fixed_boreholes=None)).boreholes
        assert not ((without.geometry.x == EAST + 15) & (without.geometry.y == NORTH + 24)).any()

    def test_several_are_all_drilled_though_fewer_would_do(self):
        points = [(15, 11), (15, 17.5), (15, 24)]
        ring = minenet.assess(self.area(*points)).boreholes.query("variant == 'ring_net'")
        found = {(round(p.x - EAST, 3), round(p.y - NORTH, 3)) for p in ring.geometry}
        assert found >= set(points)

    def test_one_that_no_pipe_reaches_is_counted(self):
        numbers = NUMBERS.override({"trenches": {"use_private_ground": {"value": False}}})
        result = minenet.assess(self.area((8, 24)), numbers)  # behind two homes wall to wall
        notes = result.provenance.set_index("key")["value"]
        assert notes["count.fixed_boreholes_without_free_pipe_to_a_ring"] == "1"

    @pytest.mark.parametrize(
        ("points", "message"),
        [
            ([(9, 24), (13, 24)], "`F0` and `F1` stand 4.00 m apart, closer than the spacing of 6 m"),
            ([(9, 18)], "`F0` stands too close to a building"),
            ([(1, 24)], "`F0` stands too close to a boundary of the plots that take part"),
            ([(9, 28.5)], "`F0` stands too close to a boundary of the plots that take part"),
            ([(12, 31)], "`F0` stands too close to a boundary of the plots that take part"),
            ([(29, 20)], "`F0` stands too close to a plot of others"),
        ],
    )
    def test_where_none_may_stand_is_an_error_that_says_why(self, points, message):
        with pytest.raises(InputError, match=message):
            minenet.assess(self.area(*points))

    def test_in_a_ban_or_beside_a_registered_loop(self):
        zones = layer([box(8, 23, 10, 25)], kind=["no_drilling"], effect=["ban"])
        with pytest.raises(InputError, match="`F0` stands too close to a zone with a ban"):
            minenet.assess(self.area((9, 24), zones=zones))
        loops = layer([Point(9, 20)], loop_id=["l"])
        with pytest.raises(InputError, match="`F0` stands too close to a registered loop"):
            minenet.assess(self.area((9, 24), loops=loops))

    def test_exactly_at_its_clearance_it_is_kept(self):
        area = self.area((3, 19))  # 3 m from the boundary on x 0, 2 m from the home
        buildings = clustered(area, 0, 0, 0, 0)
        ground = drillable_ground(area, buildings, assumptions=SITES)
        places, notes = fixed_places(area, buildings, ground, assumptions=SITES)
        assert len(places) == 1
        assert notes["count.fixed_boreholes"] == "1"

    def test_far_from_every_home_it_is_counted_not_used(self):
        result = minenet.assess(self.area((9, 24), (300, 300)))
        notes = result.provenance.set_index("key")["value"]
        assert notes["left_out.fixed_boreholes.beyond_the_reach_of_every_cluster"] == "1"

    def test_other_clusters_keep_their_distance(self):
        # two clusters side by side without plots; the first has a fixed borehole near the border between them
        area = replace(self.area((11, 24)), parcels=None)
        places, *_ = packed_places(area, clustered(area, 0, 0, 1, 1), SITES)
        assert places.loc[places["fixed"], "cluster"].tolist() == [0]
        assert pdist(shapely.get_coordinates(places.geometry.array)).min() >= 6.0


@st.composite
def quarters(draw):
    """Return homes anywhere, in two or three clusters, on plots that may overlap, be shared or be missing."""
    count = draw(st.integers(2, 7))
    number = st.integers(0, 40)
    homes = [
        box(x, y, x + draw(st.integers(3, 9)), y + draw(st.integers(3, 9)))
        for x, y in (draw(st.tuples(number, number)) for _ in range(count))
    ]
    plots = [shapely.buffer(h, draw(st.integers(0, 9)), join_style="mitre") for h in homes]
    plots = plots[: draw(st.integers(0, count))]
    cluster = [draw(st.integers(0, 2)) for _ in homes]
    return homes, plots, np.unique(cluster, return_inverse=True)[1].tolist()


@given(quarters())
@settings(max_examples=60, deadline=None)
def test_whatever_the_plots_no_two_boreholes_stand_too_close(quarter):
    homes, plots, cluster = quarter
    frames = {
        "buildings": layer(homes, building_id=[f"b{i}" for i in range(len(homes))], dwellings=[1] * len(homes)),
        "streets": streets(LineString([(-30, -3), (80, -3)])),
    }
    if plots:
        frames["parcels"] = layer(plots, parcel_id=[f"p{i}" for i in range(len(plots))])
    area = make_area(frames)
    buildings = clustered(area, *cluster)
    places, known, _ = packed_places(area, buildings, SITES)
    xy = shapely.get_coordinates(places.geometry.array)
    if len(xy) > 1:
        assert pdist(xy).min() >= SITES.spacing_m
    points = np.asarray(places.geometry.array)
    assert shapely.distance(points, shapely.union_all(area.buildings.geometry.array)).min(initial=9) >= 2.0
    for number in set(cluster):
        mine = known.shapes[known.cluster == number]
        here = points[(places["cluster"] == number).to_numpy()]
        if len(mine) and len(here):
            assert shapely.distance(shapely.boundary(shapely.union_all(mine)), here).min() >= 3.0
        ground = drillable_ground(area, buildings, assumptions=SITES).shapes[number]
        assert len(here) <= bound(ground, SITES.spacing_m)


class TestWhatIsKnownOfPlots:
    def outcome(self, area):
        checks = minenet.assess(area).checks
        return checks.loc[checks["check"] == "plots", ["outcome", "detail"]].iloc[0].tolist()

    def test_of_the_cadastre(self):
        assert self.outcome(row(4)) == ["ok", "plots of the cadastre"]

    def test_drawn_over_each_other(self):
        plots = [aside(PLOT, 6 * i) for i in range(3)] + [box(16, 5, 24, 30)]  # 2 m over the third
        assert self.outcome(row(4, plots=plots)) == ["attention", "2 plots are drawn over another"]

    def test_drawn_from_private_land(self):
        land = layer([box(0, 5, 24, 30)], ownership=["private"])
        area = replace(row(4, land=land), parcels=None)
        assert self.outcome(area)[0] == "attention"

    def test_not_at_all(self):
        assert self.outcome(replace(row(4), parcels=None)) == ["unknown", "no layer says"]


def test_a_home_in_the_water_is_left_out_with_that_reason():
    water = layer([box(17.5, 5, 60, 30)], name=["gracht"])
    homes = minenet.assess(row(5, water=water)).homes.set_index("building_id")
    assert homes.loc["b3", "left_out_reason"] == "stands_in_water"
    assert homes.loc["b0", "cluster_id"] is not None


def test_the_pair_of_own_and_shared_loops_is_shown():
    result = minenet.assess(row(6))
    cluster = result.clusters.iloc[0]
    # plots of 6 m have no room for a loop of their own, and together room for all
    assert cluster["own_loop_homes"] == 0
    assert cluster["shared_loop_homes"] == 6
    assert cluster["borehole_capacity"] >= 2
    assert isinstance(result.clusters, gpd.GeoDataFrame)
    assert result.clusters.crs == CRS


class TestWhoseGround:
    """Two homes on their plots, a public green before them, the rest of the ground without a known owner."""

    GREEN = box(-20, -6, 32, 3)

    def lands(self, **choices):
        area = row(2, land=layer([self.GREEN], ownership=["public"]))
        places, *_ = packed_places(area, clustered(area, 0, 0), replace(SITES, **choices))
        return set(places["land"])

    def test_all_of_it_may_be_used_by_default(self):
        assert self.lands() == {"private", "public", "unknown"}

    def test_public_ground_is_left_alone_when_the_user_says_so(self):
        assert self.lands(use_public_ground=False) == {"private", "unknown"}

    def test_ground_of_unknown_owner_is_left_alone_when_the_user_says_so(self):
        assert self.lands(use_unknown_ground=False) == {"private", "public"}


class TestAHomeOfWhichNobodyKnowsThePlot:
    """It is not said to have no room for a loop of its own, nor are all homes said to have it."""

    def told(self, area):
        """Return by home whether it may have an own loop, its cluster, and what is said of own loops there."""
        result = minenet.assess(area)
        assert len(result.clusters) == 1
        cluster, own = result.clusters.iloc[0], result.solutions.set_index("variant").loc["own_loops"]
        possible = result.homes.sort_values("building_id")["own_loop_possible"].astype(object)
        return [None if p is pd.NA else p for p in possible], cluster, own

    def test_beside_the_parcels_that_were_given(self):
        area = row(6)
        known = replace(area, parcels=area.parcels.iloc[:4])  # plots of 6 m have no room
        possible, cluster, own = self.told(known)
        assert possible == [False] * 4 + [None] * 2
        assert cluster["own_loop_homes"] == 0
        assert cluster["own_loop_unknown_homes"] == 2
        assert own["reason"] == "fits_for_at_least:0 of 6, 2 not known"
        assert not own["feasible"]

    def test_while_all_others_have_room(self):
        wide = [aside(box(-8, 5, 14, 60), 22 * i) for i in range(4)]
        possible, cluster, own = self.told(row(6, step=22.0, plots=wide))
        assert possible == [True] * 4 + [None] * 2
        assert cluster["own_loop_homes"] == 4
        assert own["reason"] == "fits_for_at_least:4 of 6, 2 not known"
        assert own["feasible"] is pd.NA

    @pytest.mark.parametrize(("owner", "expected"), [("public", False), (None, None)])
    def test_beside_land_of_which_the_owner_is_not_known(self, owner, expected):
        gardens, other = box(0, 5, 24, 30), box(24, 5, 36, 30)
        land = layer([gardens, other], ownership=pd.Series(["private", owner], dtype="str"))
        possible, cluster, _ = self.told(replace(row(6, land=land), parcels=None))
        assert possible[4:] == [expected] * 2
        assert cluster["own_loop_unknown_homes"] == possible.count(None)

    def test_where_no_land_is_drawn(self):
        land = layer([box(0, 5, 24, 30)], ownership=["private"])
        possible, _, _ = self.told(replace(row(6, land=land), parcels=None))
        assert possible[5] is None
