"""Which ground a rig reaches, on a block drawn by hand and in real neighbourhoods: see the sketch.

Two rows of four homes stand back to back, each home 6 m wide and 9 m deep, on plots of 23 m; `side` is the free strip
beside the end homes, `path` the width between the two rows of plots. A large building at either end closes the block
but for the path::

            y 23 + 23 + path   ============================== Achterstraat (y 31 + 23 + path)
             +-----+ - - - +---+---+---+---+ - - - +-----+
             |     |  side | E | F | G | H |  side |     |
             |     |       +---+---+---+---+       |     |
             |     |         . gardens of E-H .    |     |
             +-----+ - - - - - - path  - - - - - - +-----+  y 27 to 27 + path
             |     |         . gardens of A-D .    |     |
       y 17  |     |       +---+---+---+---+       |     |
             |     |       | A | B | C | D |       |     |
       y 8   +-----+ - - - +---+---+---+---+ - - - +-----+
       y 0   ============================================== Voorstraat
                           0   6  12  18  24
"""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from conftest import mapping_of, real_data
from drawn_street import CRS, moved
from shapely.geometry import LineString, Point, box

from minenet import read_area
from minenet.access import access_of, hindrances, plot_borders, reachable_ground, rig_ground
from minenet.assumptions import Assumptions
from minenet.tables import make_area

SITES = Assumptions.default().sites  # a truck is 2.6 m wide, a mini rig 1.0 m, the mast drills 0.5 m beside the body
FRONT_OF_B = Point(9, 6)
GARDEN_OF_A, GARDEN_OF_B = Point(3, 22), Point(9, 22)


def layer(shapes, **columns):
    """Return a layer from shapes drawn near the origin; one value stands for all rows."""
    return gpd.GeoDataFrame(columns, index=range(len(shapes)), geometry=[moved(s) for s in shapes], crs=CRS)


def block(*, side=0.8, path=0.0, fences=True, street=None, **more):
    """Return the block of the sketch as an area."""
    homes = [box(6 * i, 8, 6 * i + 6, 17) for i in range(4)]
    plots = [box(6 * i - side * (i == 0), 4, 6 * i + 6 + side * (i == 3), 27) for i in range(4)]
    ends = [box(-side - 8, 4, -side, 27), box(24 + side, 4, 32 + side, 27)]
    middle = 27 + path / 2
    south = [*homes, *ends, *plots]
    north = [shapely.transform(s, lambda xy: xy * [1, -1] + [0, 2 * middle]) for s in south]
    footprints = [*south[:6], *north[:6]]
    streets = street or {
        "shapes": [LineString([(-60, y), (90, y)]) for y in (0, 2 * middle)],
        "road_class": "residential",
    }
    frames = {
        "buildings": layer(footprints, building_id=[f"b{i}" for i in range(12)], dwellings=1),
        "streets": layer(
            streets["shapes"], street_id=list(map(str, range(len(streets["shapes"])))), road_class=streets["road_class"]
        ),
    }
    if fences:
        frames["parcels"] = layer([*south[6:], *north[6:]], parcel_id=[f"p{i}" for i in range(8)])
    return make_area(frames | more)


def access(area, *points, **assumptions):
    places = np.array([moved(p) for p in points])
    return access_of(places, area, assumptions=replace(SITES, **assumptions)).tolist()


class TestTerrace:
    def test_without_a_back_path_no_rig_comes_into_the_gardens_in_the_middle(self):
        # the gardens lie behind 24 m of facades; fences on both sides keep rigs off the plots of neighbours
        assert access(block(), FRONT_OF_B, GARDEN_OF_B, Point(15, 22)) == ["truck", None, None]

    @pytest.mark.parametrize(
        ("side", "rig"),
        [(0.9, None), (1.0, "mini"), (2.5, "mini"), (2.6, "truck"), (3.0, "truck")],  # a rig passes its own width
    )
    def test_past_the_gable_the_end_garden_is_reached_by_what_fits(self, side, rig):
        assert access(block(side=side), GARDEN_OF_A, GARDEN_OF_B) == [rig, None]

    @pytest.mark.parametrize(
        ("path", "rig"),
        [(0.9, None), (1.5, "mini"), (2.6, "truck")],  # the path runs between the fences of both rows
    )
    def test_a_back_path_opens_all_gardens_to_what_fits_on_it(self, path, rig):
        assert access(block(path=path), GARDEN_OF_A, GARDEN_OF_B, Point(15, 22)) == [rig] * 3

    def test_walls_across_the_path_close_it(self):
        # the path runs from x -8.8 to 32.8 between the large buildings; walls stand across both mouths
        walls = layer([LineString([(x, 26), (x, 30)]) for x in (-5, 29)], kind="wall")
        assert access(block(path=1.5, obstacles=walls), GARDEN_OF_B) == [None]
        one = walls.iloc[:1]
        assert access(block(path=1.5, obstacles=one), GARDEN_OF_B) == ["mini"]  # round the other end

    def test_trees_and_cables_on_the_path_close_nothing(self):
        things = layer([Point(-5, 27.7), LineString([(-5, 26), (-5, 30)])], kind=["tree", "sewer"])
        assert access(block(path=1.5, obstacles=things), GARDEN_OF_B) == ["mini"]

    def test_a_wall_between_garden_and_path(self):
        wall = layer([LineString([(-0.8, 27), (24.8, 27)])], kind="fence")
        assert access(block(path=1.5, obstacles=wall), GARDEN_OF_B, Point(9, 27.75)) == [None, "mini"]

    def test_without_plots_the_map_shows_no_fences(self):
        # all gardens are one ground, entered past the gable of A, 1.5 m wide
        assert access(block(side=1.5, fences=False), GARDEN_OF_A, GARDEN_OF_B) == ["mini", "mini"]
        assert access(block(side=1.5), GARDEN_OF_B, plot_borders_block=False) == ["mini"]

    def test_own_plots_stand_in_for_parcels(self):
        area = block(side=1.5, fences=False)
        plots = block(side=1.5).parcels
        places = np.array([moved(GARDEN_OF_A), moved(GARDEN_OF_B)])
        assert access_of(places, area, assumptions=SITES, plots=plots).tolist() == ["mini", None]

    def test_the_border_with_public_ground_is_no_fence(self):
        # the street has a parcel too, and a kiosk stands on it
        area, road = block(), layer([box(-60, -5, 90, 4)], parcel_id="road")
        kiosk = layer([box(40, -4, 43, -3)], building_id="kiosk").reindex(columns=area.buildings.columns)
        parcels = pd.concat([area.parcels, road])
        assert access(replace(area, parcels=parcels), FRONT_OF_B) == ["truck"]
        assert access(replace(area, parcels=parcels, buildings=pd.concat([area.buildings, kiosk])), FRONT_OF_B) == [
            "truck"
        ]

    def test_a_crane_lifts_a_mini_rig_over_the_houses_when_allowed(self):
        assert access(block(), GARDEN_OF_B, use_crane=True) == ["crane"]
        # 0.4 m from the fence: a body of 1 m does not stand there, but its mast drills 0.5 m beside the body
        assert access(block(), Point(6.4, 22), use_crane=True) == ["crane"]
        assert access(block(), Point(9, 12), use_crane=True) == [None]  # inside the house


class TestBesideTheBody:
    @pytest.mark.parametrize(("mast", "rig"), [(0.0, None), (0.9, None), (1.35, None), (1.45, "mini")])
    def test_the_mast_drills_in_plain_sight_and_not_through_a_wall(self, mast, rig):
        # A niche 0.8 m wide and 2 m deep opens to the front garden; the point lies 1.6 m inside. A body of 1 m stays
        # out: its middle keeps 0.5 m from the corners of the mouth, 0.3 m before it (0.3^2 + 0.4^2 = 0.5^2), and drills
        # 0.5 m + mast: to 1.6 + 0.3 = 1.9 m from a mast of 1.4 m. Behind the niche's wall it stands 0.9 m away.
        # The truck (2.9 m) stands sqrt(1.45^2 - 0.4^2) = 1.39 m before the mouth: 2.99 m away, and drills 2.9 m.
        niche = layer([LineString([(8.6, 6), (8.6, 8)]), LineString([(9.4, 6), (9.4, 8)])], kind="wall")
        assert access(block(obstacles=niche), Point(9, 7.6), mast_reach_m=mast, truck_width_m=2.9) == [rig]

    def test_a_place_behind_a_thin_fence_is_not_beside_the_body(self):
        # the truck stands in the lane, 1.3 m south of the fence on y 27; the point lies 0.2 m north of it: 1.5 < 1.8 m
        fence = layer([LineString([(-30, 27.0), (54, 27.0)])], kind="fence")
        area = block(path=4.0, fences=False, side=3.0, obstacles=fence)
        assert access(area, Point(9, 26.8), Point(9, 27.2)) == ["truck", "truck"]
        closed = layer([LineString([(-3, 27.0), (27, 27.0)]), LineString([(-3, 27), (-3, 4)])], kind="fence")
        walled = block(path=4.0, fences=False, side=0.5, obstacles=closed)
        assert access(walled, Point(9, 26.8), Point(9, 27.2)) == [None, "truck"]


class TestRoads:
    lane = LineString([(-30, 27.75), (54, 27.75)])

    def around(self, road_class):
        """Return the block with one line between the rows, and no other road."""
        return block(path=1.5, street={"shapes": [self.lane], "road_class": road_class})

    def test_a_footway_lets_in_the_mini_rig_alone(self):
        # 2 x 0.75 m is less than the truck's 2.6 m; the open ground at its ends is wide enough for both
        assert access(self.around("footway"), GARDEN_OF_B, Point(-25, 20)) == ["mini", "mini"]
        assert access(self.around("footway"), Point(-25, 20), path_half_width_m=1.3) == ["truck"]

    @pytest.mark.parametrize("road_class", ["motorway", "motorway_link", "trunk", "steps"])
    def test_from_some_roads_no_rig_leaves(self, road_class):
        assert access(self.around(road_class), GARDEN_OF_B) == ["unknown"]  # the path runs out of the map at both ends

    def test_a_bridge_overhead_is_no_way_in(self):
        area = self.around("residential")
        assert access(area, GARDEN_OF_B) == ["truck"]  # a street for cars, whatever stands beside it
        lifted = replace(area, streets=area.streets.assign(bridge=True))
        assert access(lifted, GARDEN_OF_B) == ["unknown"]

    def test_road_polygons_count_unless_private(self):
        court = box(2, 18, 10, 26)  # across the fence between A and B
        for cover, ownership, expected in [
            ("road", "public", "truck"),
            ("voetpad", "public", "truck"),  # 8 m wide: a truck fits on this walking path
            ("road", "private", None),
            ("road", None, None),  # not known is not allowed
            ("green", "public", None),
        ]:
            land = layer([court], ownership=[ownership], cover=cover)
            assert access(block(land=land), Point(9, 20)) == [expected], cover

    def test_a_narrow_path_polygon_lets_in_the_mini_rig_alone(self):
        land = layer([box(8, 17, 9.5, 27)], ownership="public", cover="footway")
        assert access(block(land=land), GARDEN_OF_B) == ["mini"]

    def test_the_width_of_a_street_does_not_reach_through_a_wall(self):
        # a garden wall 2 m from the centre line: half of the street's assumed 5 m lies behind it
        line = LineString([(-60, 2), (90, 2)])
        closed = layer([LineString([(-60, 4), (90, 4)]), LineString([(-60, 4), (-60, 60)])], kind="wall")
        area = block(side=0.8, obstacles=closed, street={"shapes": [line], "road_class": "residential"})
        open_area = block(side=0.8, street={"shapes": [line], "road_class": "residential"})
        assert access(open_area, FRONT_OF_B) == ["truck"]
        assert access(area, FRONT_OF_B) == [None]

    def test_a_centre_line_drawn_too_near_a_wall_still_has_its_width(self):
        # the wall stands 0.8 m from the line: the truck's middle keeps 1.3 m from it, 0.5 m beside the line
        wall = layer([LineString([(-60, 0.8), (90, 0.8)])], kind="wall")
        line = {"shapes": [LineString([(-60, 0), (90, 0)])], "road_class": "residential"}
        assert access(block(obstacles=wall, street=line), Point(9, -6), FRONT_OF_B) == ["truck", "unknown"]

    def test_water_around_an_island(self):
        moat = layer([box(-40, 1, 60, 60).difference(box(-20, 3, 45, 52))], name="gracht")
        assert access(block(side=3.0, water=moat), FRONT_OF_B, GARDEN_OF_A) == [None, None]
        dam = layer([box(-40, 1, 60, 60).difference(box(-20, 3, 45, 52)).difference(box(0, 0, 1.5, 4))], name="gracht")
        assert access(block(side=3.0, water=dam), FRONT_OF_B, GARDEN_OF_A) == ["mini", "mini"]


def grid(area, step):
    """Return a grid of places over the buildings of an area."""
    west, south, east, north = area.buildings.total_bounds
    x, y = np.meshgrid(np.arange(west - 5.0123, east + 5, step), np.arange(south - 5.0321, north + 5, step))
    return shapely.points(x.ravel(), y.ravel())


class TestInvariance:
    @pytest.mark.parametrize("shift", [(-5000.0, 7e6), (1234.5, -777.25)])
    def test_the_same_after_translation(self, shift):
        here = block(side=1.4, path=1.2)
        places = grid(here, 0.9)
        there = replace(
            here,
            **{
                n: getattr(here, n).assign(geometry=getattr(here, n).translate(*shift))
                for n in ("buildings", "streets", "parcels")
            },
        )
        moved_places = shapely.transform(places, lambda xy: xy + np.array(shift))
        assert (
            access_of(places, here, assumptions=SITES).tolist()
            == access_of(moved_places, there, assumptions=SITES).tolist()
        )

    def test_the_two_ways_to_compute_agree(self):
        area = block(side=1.4, path=1.2, fences=False)
        places = grid(area, 0.7)
        window = box(*area.buildings.total_bounds).buffer(10, join_style="mitre")
        free = shapely.difference(window, shapely.union_all(hindrances(area, assumptions=SITES)))
        answer = access_of(places, area, assumptions=replace(SITES, mast_reach_m=0.0), window=window.bounds)
        inside = shapely.within(places, box(*area.buildings.total_bounds))  # an eroded window is smaller
        for width, rigs in ((1.0, ("truck", "mini")), (2.6, ("truck",))):
            reached = reachable_ground(
                shapely.get_parts(free), area.streets.geometry.to_numpy(), width_m=width, reach_m=width / 2
            )
            certain = inside & (shapely.distance(reached.boundary, places) > 0.03)  # arcs are polygons
            assert certain.sum() > 1000
            assert (shapely.intersects(reached, places) == np.isin(answer, rigs))[certain].all()

    def test_a_smaller_window_never_promises_more(self):
        whole = block(side=1.4, path=1.5)
        west, south, east, north = whole.buildings.total_bounds
        window = (west - 25, south - 25, (west + east) / 2, north + 25)
        cut = replace(whole, buildings=whole.buildings[whole.buildings.intersects(box(*window))])
        places = grid(whole, 0.9)
        places = places[shapely.get_x(places) < window[2] - 2]
        rank = {None: 0, "mini": 1, "truck": 2}
        for part, full in zip(
            access_of(places, cut, assumptions=SITES, window=window),
            access_of(places, whole, assumptions=SITES),
            strict=True,
        ):
            assert part == "unknown" or rank[part] <= rank[full]
            assert part is not None or full is None


def test_plots_share_borders_only_where_they_touch():
    # two plots side by side, one across a path of 1.5 m: one border, of 20 m
    borders = plot_borders(np.array([box(0, 0, 6, 20), box(6, 0, 12, 20), box(0, 21.5, 6, 40)]))
    assert len(borders) == 1
    assert shapely.length(borders[0]) == pytest.approx(20, abs=0.21)  # within 0.1 m of the neighbour at either end


def test_rig_ground_tells_what_is_closed():
    ground = rig_ground(block(), assumptions=SITES)
    closed = ground[ground["state"] == "out_of_reach"]
    # six gardens in the middle and the two ends of each row: 8 closed gardens for either rig
    assert closed.groupby("rig").size().to_dict() == {"mini": 8, "truck": 8}
    # the mini rig's middle keeps 0.5 m from fences and facade: 5 m x 9 m of a garden of 6 m x 10 m
    assert closed[closed["rig"] == "mini"].area.min() == pytest.approx(45, abs=0.1)


@pytest.fixture(scope="module")
def dense_block():
    return read_area(real_data() / "delft_dense_block.gpkg", mapping=mapping_of("delft_dense_block"))


@pytest.mark.real
class TestDenseBlock:
    """94 % of the private yards can be reached by a rig of 1.0 m, 82 % by a truck of 2.6 m (issue 3), as area."""

    @staticmethod
    def shares(area):
        yards = area.land.geometry[(area.land["ownership"] == "private").to_numpy(dtype=bool)].union_all()
        west, south, east, north = yards.bounds
        x, y = np.meshgrid(np.arange(west, east, 0.5), np.arange(south, north, 0.5))
        places = shapely.points(x.ravel(), y.ravel())
        shapely.prepare(yards)
        places = places[shapely.intersects(yards, places)]
        answer = access_of(places, area, assumptions=replace(SITES, mast_reach_m=0.0))
        return np.isin(answer, ["truck", "mini"]).mean(), (answer == "truck").mean()

    def test_from_all_ground_that_is_no_yard(self, dense_block):
        public = dense_block.land["cover"].where(dense_block.land["ownership"] == "private", "road")
        ownership = dense_block.land["ownership"].fillna("public")
        land = dense_block.land.assign(cover=public, ownership=ownership)
        mini, truck = self.shares(replace(dense_block, land=land))
        assert mini == pytest.approx(0.94, abs=0.01)
        assert truck == pytest.approx(0.82, abs=0.01)

    def test_from_roads_and_paths_alone_a_truck_reaches_less(self, dense_block):
        mini, truck = self.shares(dense_block)
        assert mini == pytest.approx(0.94, abs=0.01)
        assert 0.65 < truck < 0.82  # two courts are entered by a narrow path, or over steps
