"""OpenStreetMap: tags read, features mapped, extracts read, and services asked through a real server that misbehaves."""

import json
import os
import re
import socket
import time
import zlib

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from conftest import real_data
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from overpass import Map, asking, serving

import minenet
from minenet.errors import InputError, OutputError, SourceError
from minenet.fetch.osm import tags
from minenet.fetch.osm.asking import _outline, ask_osm, find_place
from minenet.fetch.osm.extracts import day_of, require_whole
from minenet.fetch.osm.mapping import map_osm
from minenet.fetch.osm.reading import read_osm
from minenet.fetch.window import DUTCH, MARGIN_M, Window

X, Y = 124_000.0, 484_000.0
WINDOW = Window(shapely.box(X, Y, X + 200, Y + 200), DUTCH, "drawn")


def at(x, y, wide=10.0, high=10.0):
    return shapely.box(X + x, Y + y, X + x + wide, Y + y + high)


def spot(x, y):
    return shapely.Point(X + x, Y + y)


def line(*corners):
    return shapely.LineString([(X + x, Y + y) for x, y in corners])


def drawn(*features):
    """Return features from (geometry, tags) or (geometry, tags, type): numbered on from 1."""
    rows = []
    for number, (shape, said, *kind) in enumerate(features, 1):
        usual = "node" if shape.geom_type == "Point" else "way"
        rows.append({"osm_type": kind[0] if kind else usual, "osm_id": str(number), **said, "geometry": shape})
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry="geometry", crs=DUTCH)


def mapped(*features):
    return map_osm(drawn(*features), WINDOW)


def building(*features):
    """Return the row of the first building drawn, and the counts."""
    found = mapped(*features)["buildings"]
    return found.frame.iloc[0], found.counts


# --- tags -------------------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=12), st.from_regex(r"[0-9;,\-. m]{0,12}", fullmatch=True))))
def test_anything_may_stand_in_a_tag(texts):
    values = tags.tag(pd.DataFrame({"key": pd.Series(texts, dtype="object")}), "key")
    readers = (
        tags.year_of,
        tags.number_of,
        tags.length_of,
        tags.listed,
        tags.units_of,
        tags.numbers_between,
        tags.said,
    )
    for read in readers:
        out = read(values)
        assert len(out) == len(texts)
        assert out.index.equals(values.index)
    assert tags.units_of(values).between(0, 12 * tags.MOST_IN_A_RANGE).all()
    assert tags.numbers_between(values).between(0, tags.MOST_IN_A_STREET).all()
    assert tags.year_of(values).dropna().between(1000, 2100).all()
    assert (tags.length_of(values).dropna() >= 0).all()


# --- buildings --------------------------------------------------------------------------------------------------------


USES = [
    ({"building": "house"}, "residential", 1, "inferred.one_dwelling_from_house_type"),
    ({"building": "Detached"}, "residential", 1, "inferred.one_dwelling_from_house_type"),
    ({"building": "bungalow"}, "residential", 1, "inferred.one_dwelling_from_house_type"),
    ({"building": "apartments"}, "residential", None, "unknown.dwellings"),
    ({"building": "terrace"}, "residential", None, "unknown.dwellings"),
    ({"building": "semidetached_house"}, "residential", None, "unknown.dwellings"),
    ({"building": "apartments", "building:flats": "24"}, "residential", 24, "inferred.dwellings_from_flats"),
    ({"building": "apartments", "building:flats": "many"}, "residential", None, "unknown.dwellings"),
    ({"building": "yes", "building:flats": "4"}, "residential", 4, "inferred.residential_from_flats"),
    ({"building": "retail", "building:flats": "4"}, "residential", 4, "inferred.residential_from_flats"),
    ({"building": "houseboat", "building:flats": "2"}, "other", None, "left_out.houseboat"),
    ({"building": "yes"}, None, None, "unknown.use"),
    ({"building": "something_new"}, None, None, "unknown.use"),
    ({"building": "yes", "addr:housenumber": "12"}, "residential", None, "inferred.residential_from_address"),
    (
        {"building": "yes", "addr:housenumber": "12", "shop": "bakery"},
        "other",
        None,
        "inferred.other_use_from_what_is_done_there",
    ),
    ({"building": "yes", "amenity": "school"}, "other", None, "inferred.other_use_from_what_is_done_there"),
    ({"building": "yes", "office": "no"}, None, None, "unknown.use"),
    ({"building": "house", "office": "architect"}, "residential", 1, "inferred.one_dwelling_from_house_type"),
    ({"building": "shed"}, "other", None, None),
    ({"building": "garages"}, "other", None, None),
    ({"building": "houseboat"}, "other", None, "left_out.houseboat"),
    ({"building": "house", "houseboat": "yes"}, "other", None, "left_out.houseboat"),
    ({"building": "static_caravan"}, "other", None, "left_out.static_caravan"),
    ({"building": "ruins"}, "other", 0, "left_out.ruin_or_out_of_use"),
    ({"building": "house", "disused": "yes"}, "other", 0, "left_out.ruin_or_out_of_use"),
    ({"building": "house", "abandoned": "yes"}, "other", 0, "left_out.ruin_or_out_of_use"),
    ({"building": "house", "ruins": "no"}, "residential", 1, "inferred.one_dwelling_from_house_type"),
]


def apart(saids):
    """Return a building of each in a grid, 15 m apart."""
    return [(at(15 * (i % 12), 15 * (i // 12)), said) for i, said in enumerate(saids)]


def test_use_and_dwellings_of_a_building():
    streets = [{**said, "addr:street": f"Street {i}"} for i, (said, *_) in enumerate(USES)]
    found = mapped(*apart(streets))["buildings"]
    rows = found.frame.astype({"use": "object", "dwellings": "object"})
    rows = rows.where(rows.notna(), None)
    for number, (said, use, dwellings, _) in enumerate(USES, 1):
        row = rows[rows["building_id"] == f"way/{number}"].iloc[0]
        assert (row["use"], row["dwellings"]) == (use, dwellings), said
    counts = pd.Series([count for *_, count in USES]).value_counts().to_dict()
    counts["inferred.dwellings_from_flats"] += 2  # those that are homes because of their flats
    assert {k: found.counts[k] for k in counts} == counts


def test_what_is_no_building_that_stands():
    gone = [
        {"building:part": "yes"},
        {"building": "house", "demolished": "yes"},
        {"building": "proposed"},
        {"building": "construction"},
    ]
    found = mapped(*apart([*gone, {"building": "house"}]))
    assert found["buildings"].frame["building_id"].tolist() == ["way/5"]
    assert found["obstacles"].frame["kind"].tolist() == ["building_site"]
    counts = found["buildings"].counts
    names = ("building_part_only", "demolished_or_planned", "under_construction")
    assert [counts[f"left_out.{name}"] for name in names] == [1, 2, 1]


LATER = [
    ({"disused:building": "yes"}, "other", 0),
    ({"abandoned:building": "house"}, "other", 0),
    ({"building": "no", "ruins:building": "yes"}, "other", 0),
    ({"building": "house", "disused:building": "yes"}, "residential", 1),  # it has its tag back
    ({"building": "house", "construction": "brick"}, "residential", 1),
]


@pytest.mark.parametrize("closed", [False, True])
def test_a_building_out_of_use_says_so_before_its_tag(closed):
    """Few programs know that `disused:building` is an area: it comes as a line that goes round."""
    gone = [{"demolished:building": "yes"}, {"proposed:building": "house"}, {"disused:building": "no"}]
    coming = [{"construction:building": "house"}, {"building": "house", "construction": "yes"}]
    features = apart([*(said for said, *_ in LATER), *gone, *coming])
    found = mapped(
        *((shape.exterior if closed and "building" not in said else shape, said) for shape, said in features)
    )
    rows = found["buildings"].frame
    assert rows[["use", "dwellings"]].to_numpy().tolist() == [[use, dwellings] for _, use, dwellings in LATER]
    assert rows.area.tolist() == [100] * 5
    assert found["obstacles"].frame["kind"].tolist() == ["building_site"] * 2
    counts = found["buildings"].counts
    names = ("ruin_or_out_of_use", "demolished_or_planned", "under_construction")
    assert [counts[f"left_out.{name}"] for name in names] == [3, 2, 2]


def test_a_building_that_is_no_polygon_is_counted_only():
    found = mapped((spot(5, 5), {"building": "house"}), (at(50, 50), {"building": "no"}))
    assert len(found["buildings"].frame) == 0
    assert found["buildings"].counts == {"left_out.building_without_footprint": 1}


def test_a_footprint_that_is_drawn_twice_is_there_once():
    reverse = shapely.reverse(at(50, 50))
    row, counts = building((at(50, 50), {"building": "house"}), (reverse, {"building": "yes"}, "relation"))
    assert counts["left_out.same_footprint_twice"] == 1
    assert row["building_id"] == "relation/2"  # `relation` comes before `way`


def test_only_a_clear_year_is_a_year():
    dates = [
        ({"start_date": "1934"}, 1934),
        ({"start_date": "1934-05"}, 1934),
        ({"year_of_construction": "1960"}, 1960),
        ({"construction_date": "1970-01-31"}, 1970),
        ({"start_date": "~1900", "construction_date": "1901"}, 1901),
        ({"start_date": "C19"}, 0),
        ({"start_date": "1005"}, 0),
        ({"start_date": "1950..1960"}, 0),
        ({}, 0),
    ]
    found = mapped(*apart([{"building": "house", "building:levels": "2,5", **said} for said, _ in dates]))["buildings"]
    assert found.frame["year_built"].fillna(0).tolist() == [year for _, year in dates]
    assert found.frame["storeys"].tolist() == [2.5] * len(dates)
    assert found.counts["unknown.year_built"] == 4
    assert found.counts["unknown.year_built_not_clear"] == 3


def test_a_building_goes_where_a_point_within_it_lies():
    # the window ends at 200: the first has 8 of its 10 m inside, the second 2, the third none and lies within 60 m
    there = [(at(192, 10), {"building": "house"}), (at(198, 50), {"building": "house"})]
    near = [(at(230, 90), {"building": "house"}), (at(262, 90), {"building": "house"})]
    found = mapped(*there, *near)
    assert found["buildings"].frame["building_id"].tolist() == ["way/1"]
    assert found["obstacles"].frame["kind"].tolist() == ["building", "building"]
    assert found["buildings"].counts["left_out.outside_the_window"] == 3


# --- addresses --------------------------------------------------------------------------------------------------------


def addresses(*features):
    found = mapped(*features)["addresses"]
    return found.frame, found.counts


DOORS = [
    ("house", {}, 1),
    ("apartments", {"addr:flats": "1-8;10"}, 9),
    ("apartments", {"addr:flats": "1-8;10", "addr:unit": "A;B"}, 9),
    ("apartments", {"addr:unit": "A;B;C"}, 3),
    ("apartments", {"addr:unit": "2-8"}, 1),
    ("apartments", {"building:flats": "24"}, 24),
    ("house", {"addr:housenumber": "12;14;16"}, 3),
    ("terrace", {"addr:housenumber": "2-8"}, 4),  # 2, 4, 6, 8
    ("apartments", {"addr:housenumber": "1-7"}, 4),
    ("house", {"addr:housenumber": "2-8"}, 1),
    ("residential", {"addr:housenumber": "2-4"}, 2),
    ("semidetached_house", {"addr:housenumber": "2-4"}, 2),
    ("yes", {"addr:housenumber": "12-34"}, 1),  # in Queens
    ("residential", {"addr:housenumber": "123/4"}, 1),  # in Prague
    ("terrace", {"addr:housenumber": "8-2"}, 1),
    ("terrace", {"addr:housenumber": "2-7"}, 1),
    ("terrace", {"addr:housenumber": "2-102"}, 1),  # (102 - 2) / 2 = 50
    ("terrace", {"addr:housenumber": "2-100"}, 50),
]


def test_dwellings_at_an_address_on_a_building():
    door = {"addr:housenumber": "12"}
    said = [{"building": kind, **door, "addr:street": f"Street {i}", **more} for i, (kind, more, _) in enumerate(DOORS)]
    frame, counts = addresses(*apart(said))
    assert frame["dwellings"].tolist() == [dwellings for *_, dwellings in DOORS]
    assert frame["address_id"].tolist() == frame["building_id"].tolist()
    assert counts["inferred.addresses_of_buildings"] == len(DOORS)
    assert counts["inferred.dwellings_from_range_of_numbers"] == 5
    assert counts["inferred.dwellings_from_flats"] == 2


def test_a_range_on_a_point_is_one_door():
    """In Amsterdam 2-4 is the fourth floor of number 2."""
    door = {"addr:housenumber": "2-4", "addr:street": "Kade"}
    frame, _ = addresses((at(50, 50), {"building": "apartments"}), (spot(55, 55), door))
    assert frame["dwellings"].tolist() == [1]
    assert frame["building_id"].tolist() == ["way/1"]


def test_points_in_a_building_tell_more_than_the_building():
    number = {"addr:housenumber": "12", "addr:street": "Kade"}
    frame, counts = addresses(
        (at(50, 50), {"building": "yes", **number}),
        (spot(55, 55), {**number, "addr:unit": "A", "addr:postcode": "1097 ab", "addr:city": "Amsterdam"}),
        (spot(56, 55), {**number, "addr:unit": "B", "addr:postcode": "1097AB"}),
        (spot(57, 55), {**number, "shop": "bakery", "addr:postcode": "SW1A 1AA"}),
    )
    assert frame["address_id"].tolist() == ["node/2", "node/3", "node/4"]
    assert frame["house_number"].tolist() == ["12-A", "12-B", "12"]
    assert frame["postcode"].tolist() == ["1097AB", "1097AB", "SW1A 1AA"]
    assert frame["use"].isna().tolist() == [True, True, False]
    assert frame["city"].tolist()[0] == "Amsterdam"
    assert counts["left_out.building_address_also_on_a_point"] == 1


def test_a_shop_in_a_home_does_not_take_its_address():
    number = {"addr:housenumber": "12", "addr:street": "Kade"}
    frame, counts = addresses(
        (at(50, 50), {"building": "house", **number}), (spot(55, 55), {**number, "shop": "bakery"})
    )
    assert frame["address_id"].tolist() == ["way/1"]
    assert counts["left_out.same_address_twice"] == 1


def test_the_same_door_counts_once_and_another_village_has_its_own():
    number = {"addr:housenumber": "12", "addr:street": "Kerkstraat"}
    far = [(at(10, 10), {"building": "house"}), (at(180, 180), {"building": "house"})]
    frame, counts = addresses(*far, (spot(15, 15), number), (spot(16, 15), number), (spot(185, 185), number))
    assert frame["address_id"].tolist() == ["node/3", "node/5"]  # 240 m apart
    assert counts["left_out.same_address_twice"] == 1


def test_numbers_without_a_street_are_not_the_same_door():
    frame, counts = addresses((spot(15, 15), {"addr:housenumber": "1"}), (spot(25, 15), {"addr:housenumber": "1"}))
    assert len(frame) == 2
    assert counts["unknown.street"] == 2


def test_a_shed_with_the_address_of_its_house_does_not_take_it():
    number = {"addr:housenumber": "12", "addr:street": "Kade"}
    frame, _ = addresses((at(50, 50), {"building": "shed", **number}), (at(70, 50), {"building": "house", **number}))
    assert frame["building_id"].tolist() == ["way/2"]


def test_the_only_door_of_a_building_stands_for_all_its_flats():
    frame, counts = addresses(
        (at(50, 50), {"building": "apartments", "building:flats": "24"}),
        (spot(55, 50), {"addr:housenumber": "12", "addr:place": "Haven"}),
    )
    assert frame[["dwellings", "street"]].to_numpy().tolist() == [[24, "Haven"]]
    assert counts["inferred.dwellings_of_address_from_building_flats"] == 1


def test_homes_without_an_address_are_not_lost_beside_those_with_one():
    house = (at(90, 50), {"building": "house"})
    frame, counts = addresses((at(50, 50), {"building": "house", "addr:housenumber": "12"}), house)
    assert frame["building_id"].tolist() == ["way/1", "way/2"]
    assert counts["inferred.address_of_building_without_one"] == 1
    assert len(addresses(house)[0]) == 0  # without any address, buildings are counted


def test_addresses_go_where_their_building_goes():
    number = {"addr:housenumber": "1", "addr:street": "Kade"}
    frame, counts = addresses(
        (at(192, 10), {"building": "house"}),
        (spot(201, 15), number),  # outside the window, in a building of it
        (at(198, 50), {"building": "house"}),
        (spot(199, 55), {**number, "addr:housenumber": "2"}),  # inside, in a building of the next window
        (at(20, 20), {"building": "construction"}),
        (spot(25, 25), {**number, "addr:housenumber": "3"}),
        (spot(5, 5), {**number, "addr:housenumber": "4"}),
        (spot(205, 105), {**number, "addr:housenumber": "5"}),
    )
    assert frame["address_id"].tolist() == ["node/2", "node/7"]
    assert counts["left_out.building_under_construction"] == 1
    assert counts["left_out.outside_the_window"] == 2
    assert pd.isna(frame["building_id"].iloc[1])


def test_a_unit_is_said_once():
    said = {"addr:housenumber": "12A", "addr:unit": "a", "addr:street": "Kade"}
    frame, _ = addresses((spot(5, 5), said), (spot(15, 5), {**said, "addr:unit": "1;2"}))
    assert frame["house_number"].tolist() == ["12A", "12A"]


def test_an_address_without_a_building_is_told():
    house, door = (at(50, 50), {"building": "house"}), {"addr:housenumber": "1", "addr:street": "Kade"}
    _, counts = addresses(house, (spot(55, 55), door), (spot(80, 80), {**door, "addr:housenumber": "3"}))
    assert counts["unknown.building"] == 1


def test_a_shop_with_flats_is_a_door_to_both():
    door = {"addr:housenumber": "1", "addr:street": "Kade", "shop": "bakery", "addr:flats": "1-3"}
    frame, _ = addresses((at(50, 50), {"building": "yes"}), (spot(55, 55), door))
    assert frame[["dwellings", "building_id"]].to_numpy().tolist() == [[3, "way/1"]]
    assert frame["use"].isna().all()


ENTRANCES = [
    ("apartments", [{"addr:flats": "1-8"}, {"addr:flats": "9-16"}], 16),
    ("apartments", [{"addr:flats": "1-8"}, {"addr:flats": "1-8"}], 8),  # front and back
    ("apartments", [{"addr:unit": "A"}, {"addr:unit": "B"}], 2),
    ("yes", [{"addr:flats": "1-8"}], 8),
    ("yes", [{"addr:unit": "A"}], None),  # it may be an office
    ("apartments", [{}], None),
]


def test_entrances_without_a_number_tell_of_flats():
    drawn_there = []
    for i, (kind, doors, _) in enumerate(ENTRANCES):
        drawn_there.append((at(15 * i, 50), {"building": kind}))
        drawn_there += [(spot(15 * i + n, 50), {"entrance": "yes", **said}) for n, said in enumerate(doors)]
    found = mapped(*drawn_there)["buildings"]
    rows = found.frame.iloc[np.argsort(found.frame.bounds["minx"])]
    assert rows["dwellings"].fillna(-1).tolist() == [-1 if n is None else n for *_, n in ENTRANCES]
    assert found.counts["inferred.dwellings_from_entrances"] == 4


def test_an_entrance_beside_one_with_a_number():
    first = {"addr:housenumber": "12", "addr:street": "Kade", "addr:flats": "1-8"}
    house = (at(50, 50), {"building": "apartments"})
    frame, _ = addresses(house, (spot(50, 55), first), (spot(60, 55), {"entrance": "yes", "addr:flats": "9-16"}))
    assert frame[["address_id", "dwellings"]].to_numpy().tolist() == [["node/2", 16]]
    frame, _ = addresses(house, (spot(50, 55), first), (spot(60, 55), {"entrance": "yes", "addr:flats": "1-8"}))
    assert frame["dwellings"].tolist() == [8]


def row_of_houses(kind, first, last, *, y=0, street="Kade", **more):
    """Return six houses of 10 m, the line of numbers through them, and a door at either end."""
    houses = [(at(10 * i, y), {"building": "yes", **(more if i == 2 else {})}) for i in range(6)]
    doors = [(spot(5, y + 5), first, "Kade"), (spot(55, y + 5), last, street)]
    written = [(shape, {"addr:housenumber": number, "addr:street": f"{name} {y}"}) for shape, number, name in doors]
    return *houses, *written, (line((5, y + 5), (55, y + 5)), {"addr:interpolation": kind})


BETWEEN = [
    ("even", "2", "12", [4, 6, 8, 10]),  # every 10 m: one in each house
    ("odd", "11", "1", [9, 7, 5, 3]),
    ("all", "1", "6", [2, 3, 4, 5]),
    ("5", "5", "30", [10, 15, 20, 25]),
    ("even", "1", "11", []),
    ("even", "2", "2", []),
    ("even", "2", "102", []),
    ("alphabetic", "2", "12", []),
    ("even", "2a", "12", []),
]


def test_numbers_between_two_doors():
    streets = [row_of_houses(kind, first, last, y=20 * i) for i, (kind, first, last, _) in enumerate(BETWEEN)]
    frame, counts = addresses(*(feature for street in streets for feature in street))
    added = frame[frame["address_id"].str.count("/") == 2]
    for i, (*_, between) in enumerate(BETWEEN):
        there = added[added["street"] == f"Kade {20 * i}"]
        there = there.iloc[np.argsort(there.geometry.x)]
        assert there["house_number"].astype(int).tolist() == between
        assert there["building_id"].tolist() == [f"way/{9 * i + n}" for n in (2, 3, 4, 5)][: len(between)]
        assert there["address_id"].tolist() == [f"way/{9 * i + 9}/{n}" for n in between]
    assert len(added) == counts["inferred.interpolated_addresses"] == 16
    assert counts["unknown.interpolated_addresses"] == 5


def test_numbers_between_two_doors_are_not_put_where_they_may_count_twice():
    frame, counts = addresses(*row_of_houses("even", "2", "12", **{"addr:housenumber": "6", "addr:street": "Kade 0"}))
    assert sorted(frame["house_number"], key=int) == ["2", "4", "6", "8", "10", "12"]
    assert counts["left_out.interpolated_address_without_a_building_of_its_own"] == 1
    _, counts = addresses(*row_of_houses("even", "2", "12", street="Laan"))
    assert counts["unknown.interpolated_addresses"] == 1


def test_homes_above_a_garage_keep_their_doors():
    door = (spot(55, 55), {"addr:housenumber": "12", "addr:street": "Kade"})
    below, above = (at(45, 45, 40, 40), {"building": "garage"}), (at(50, 50), {"building": "apartments"})
    frame, _ = addresses(below, above, door)
    assert frame["building_id"].tolist() == ["way/2"]


def test_addresses_that_are_not_read_are_counted():
    _, counts = addresses(
        (line((0, 0), (50, 0)), {"addr:interpolation": "even"}),
        (at(50, 50), {"landuse": "commercial", "addr:housenumber": "5"}),
    )
    assert counts["unknown.interpolated_addresses"] == 1
    assert counts["left_out.address_of_an_area_or_line"] == 1


# --- what lies around -------------------------------------------------------------------------------------------------


def test_streets():
    road = line((0, 0), (100, 0))
    found = mapped(
        (road, {"highway": "residential", "name": "Kade", "layer": "1", "bridge": "viaduct"}),
        (road, {"highway": "footway", "tunnel": "building_passage"}),
        (road, {"highway": "primary", "tunnel": "yes", "layer": "-1"}),
        (road, {"highway": "construction"}),
        (road, {"highway": "corridor"}),
        (road, {"highway": "footway", "indoor": "yes"}),
        (road, {"highway": "pedestrian", "area": "yes"}),
        (at(0, 0), {"highway": "pedestrian"}),
        (spot(3, 3), {"highway": "bus_stop"}),
        (line((900, 0), (950, 0)), {"highway": "residential"}),
        (line((0, 0), (5, 0), (5, 5), (0, 0)), {"highway": "service", "layer": "ground", "bridge": "no"}),
    )["streets"]
    rows = found.frame.set_index("street_id")
    assert rows.index.tolist() == ["way/1", "way/2", "way/3", "way/11"]
    assert rows["road_class"].tolist() == ["residential", "footway", "primary", "service"]
    assert rows["bridge"].tolist() == [True, False, False, False]
    assert rows["tunnel"].tolist() == [False, False, True, False]
    assert rows["layer"].fillna(99).tolist() == [1, 99, -1, 99]
    assert found.counts == {
        "left_out.street_area": 2,
        "left_out.indoor": 1,
        "left_out.not_a_street": 2,
        "inferred.building_passage_at_ground_level": 1,
        "unknown.street_name": 3,
    }


def test_barriers():
    track = line((0, 0), (100, 0))
    found = mapped(
        (track, {"railway": "rail"}),
        (track, {"railway": "light_rail"}),
        (track, {"railway": "rail", "tunnel": "yes"}),
        (track, {"railway": "subway", "tunnel": "yes"}),
        (track, {"railway": "tram"}),
        (track, {"railway": "abandoned"}),
        (track, {"waterway": "canal"}),
        (track, {"waterway": "ditch"}),
        (track, {"waterway": "ditch", "tunnel": "culvert"}),
        (track, {"waterway": "ditch", "width": "3 m"}),
        (track, {"waterway": "weir"}),
    )["barriers"]
    assert found.frame["kind"].tolist() == ["railway", "railway", "waterway", "waterway"]
    assert found.counts == {
        "left_out.tram_in_the_street": 1,
        "left_out.railway_below_ground": 2,
        "unknown.waterway_width": 2,
    }


def test_water():
    found = mapped(
        (at(0, 0), {"natural": "water", "water": "pond", "name": "Vijver"}),
        (at(20, 0), {"waterway": "dock"}),
        (at(40, 0), {"landuse": "basin"}),
        (line((0, 50), (100, 50)), {"waterway": "canal", "width": "4"}),  # 100 m x 4 m
        (line((0, 60), (100, 60)), {"waterway": "canal", "width": "4", "tunnel": "culvert"}),
        (line((0, 70), (100, 70)), {"waterway": "canal", "width": "broad"}),
        (at(60, 0), {"natural": "water", "location": "underground"}),
        (line((0, 80), (100, 80)), {"natural": "coastline"}),
    )["water"]
    assert found.frame["water_class"].tolist() == ["pond", "dock", "basin", "canal"]
    assert found.frame.area.round(6).tolist() == [100, 100, 100, 400]
    assert found.counts == {
        "left_out.water_below_ground": 2,
        "inferred.water_from_width": 1,
        "unknown.side_of_coastline": 1,
    }


def test_land():
    found = mapped(
        (at(0, 0), {"leisure": "park"}),
        (at(10, 0), {"leisure": "park", "access": "private"}),
        (at(20, 0), {"leisure": "playground"}),
        (at(30, 0), {"highway": "pedestrian", "area": "yes"}),
        (at(40, 0), {"leisure": "garden", "access": "private"}),
        (at(50, 0), {"leisure": "garden"}),
        (at(60, 0), {"amenity": "parking", "access": "private"}),
        (at(70, 0), {"amenity": "parking"}),
        (at(80, 0), {"landuse": "grass"}),
        (at(90, 0), {"landuse": "residential"}),
        (at(100, 0), {"landuse": "commercial"}),
        (at(110, 0), {"amenity": "parking", "building": "garage"}),
        (at(120, 0), {"amenity": "parking", "parking": "underground"}),
        (at(130, 0), {"highway": "service", "area": "yes"}),
        (line((0, 0), (9, 9)), {"landuse": "grass"}),
    )["land"]
    owner = found.frame["ownership"].fillna("unknown").tolist()
    known = ["public", "private", "public", "public", "private", "unknown", "private", "unknown", "unknown", "unknown"]
    assert owner == known
    cover = ["green", "green", "playground", "footway", "yard", "yard", "parking", "parking", "grass", "road"]
    assert found.frame["cover"].tolist() == cover
    assert found.counts == {
        "left_out.landuse_residential": 1,
        "left_out.landuse_that_says_no_cover": 1,
        "inferred.ownership_from_use": 6,
        "unknown.ownership": 4,
    }


def test_obstacles():
    found = mapped(
        (spot(1, 1), {"natural": "tree"}),
        (line((0, 0), (9, 0)), {"barrier": "wall"}),
        (line((0, 0), (9, 0)), {"barrier": "city_wall"}),
        (at(50, 50), {"barrier": "fence"}),
        (line((0, 0), (9, 0)), {"barrier": "hedge"}),
        (line((0, 0), (9, 0)), {"man_made": "pipeline"}),
        (line((0, 0), (9, 0)), {"power": "cable"}),
        (line((0, 0), (9, 0)), {"power": "line"}),
        (spot(9, 9), {"barrier": "wall"}),
        (at(210, 0), {"building": "house"}),
    )["obstacles"]
    assert found.frame["kind"].tolist() == ["building", "tree", "wall", "wall", "fence", "hedge", "pipe", "cable"]
    assert found.frame.geometry.iloc[4].length == 40  # the fence goes round: what it encloses is free
    assert found.frame.geometry.iloc[4].area == 0


def test_the_order_of_rows_does_not_matter():
    number = {"addr:housenumber": "12", "addr:street": "Kade"}
    features = drawn(
        (at(50, 50), {"building": "yes", **number}),
        (at(60, 50), {"building": "house"}),
        (spot(60, 55), {**number, "addr:housenumber": "14"}),  # on the wall between both
        (spot(61, 55), {**number, "addr:housenumber": "14"}),
        (line((0, 0), (200, 0)), {"highway": "residential"}),
        (at(0, 100), {"natural": "water"}),
        (at(20, 100), {"leisure": "park"}),
        *((spot(i, 5), {"natural": "tree"}) for i in range(8)),
    )
    first = map_osm(features, WINDOW)
    for seed in range(2):
        again = map_osm(features.sample(frac=1, random_state=seed), WINDOW)
        for name, table in first.items():
            assert_geodataframe_equal(table.frame, again[name].frame)
            assert dict(table.counts) == dict(again[name].counts)


WORDS = (
    *("yes", "no", " ", "12", "2-8", "12;14", "1-8;10", "even", "odd", "-5", "1e9", "99999999999", "NaN", "house"),
    *("apartments", "construction", "ruins", "residential", "park", "water", "parking", "wall", "canal", "rail"),
    *("tree", "cable", "private", "1934", "C19", "3,5 m", "1234 ab", "underground", "culvert", "Kade", "1-" * 50),
)


def test_whatever_is_tagged_gives_tables_of_an_area():
    """Any word at any key of any shape, twelve at a time, in any order."""
    random = np.random.default_rng(1)
    forms = (
        spot,
        lambda x, y: line((x, y), (x + 30, y + 5)),
        lambda x, y: shapely.LineString(at(x, y).exterior.coords),
        lambda x, y: shapely.MultiPolygon([at(x, y), at(x + 20, y)]),
        at,
        at,
    )
    features = []
    for x, y in random.uniform(-80, 280, (300, 2)):
        said = dict(zip(random.choice(tags.KEYS, 12), random.choice(WORDS, 12), strict=True))
        kind = random.choice(("yes", "house", "terrace", "retail"))
        features.append((forms[random.integers(6)](x, y), {**said, **({"building": kind} if y > 50 else {})}))
    rows = drawn(*features)
    first, again = map_osm(rows, WINDOW), map_osm(rows.sample(frac=1, random_state=1), WINDOW)
    for name, table in first.items():
        assert_geodataframe_equal(table.frame, again[name].frame)
        assert dict(table.counts) == dict(again[name].counts)
    area = minenet.make_area({name: table.frame for name, table in first.items() if len(table.frame)})
    assert len(area.buildings) > 10


def test_odd_features_are_mended_or_counted():
    bow = shapely.Polygon([(X, Y), (X + 10, Y + 10), (X + 10, Y), (X, Y + 10)])
    features = drawn(
        (bow, {"building": "house"}), (shapely.Point(), {"natural": "tree"}), (at(50, 50), {"building": "house"})
    )
    found = map_osm(pd.concat([features, features.iloc[[2]]]), WINDOW)["buildings"]
    assert found.counts["repaired.feature_shapes"] == 1
    assert found.counts["left_out.features_without_geometry"] == 1
    assert found.counts["left_out.same_feature_twice"] == 1
    assert found.frame.area.tolist() == [50, 100]  # a bow of two triangles of 25


def test_nothing_gives_empty_tables():
    features = gpd.GeoDataFrame({"osm_type": [], "osm_id": []}, geometry=[], crs=DUTCH)
    found = map_osm(features, WINDOW)
    assert set(found) == {"buildings", "addresses", "streets", "barriers", "water", "land", "obstacles"}
    assert not any(len(m.frame) or m.counts for m in found.values())


# --- extracts ---------------------------------------------------------------------------------------------------------

XML = """<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6" generator="drawn">
{nodes}
<way id="7"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/><tag k="building" v="house"/>
<tag k="addr:housenumber" v="12"/></way>
<way id="8"><nd ref="1"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="width" v="4"/></way>
<relation id="9"><member type="way" ref="7" role="outer"/><tag k="type" v="multipolygon"/>
<tag k="landuse" v="grass"/></relation>
</osm>
"""


def extract(folder, *, name="drawn.osm", text=None):
    """Write a small extract: a square of 20 m in the middle of the window, a street, a relation, a door."""
    corners = [shapely.Point(X + x, Y + y) for x, y in ((90, 90), (110, 90), (110, 110), (90, 110), (100, 100))]
    world = gpd.GeoSeries(corners, crs=DUTCH).to_crs(4326)
    plain = [f'<node id="{i}" lat="{p.y:.9f}" lon="{p.x:.9f}"/>' for i, p in enumerate(world, 1)]
    plain[4] = plain[4].replace("/>", '><tag k="addr:housenumber" v="12"/></node>')
    path = folder / name
    path.write_text(text if text is not None else XML.format(nodes="\n".join(plain)), encoding="utf-8")
    return path


def test_an_extract_in_xml(tmp_path):
    found = read_osm(extract(tmp_path), WINDOW)
    names = sorted((found.frame["osm_type"] + "/" + found.frame["osm_id"]).tolist())
    assert names == ["node/5", "relation/9", "way/7", "way/8"]
    assert found.frame.crs == DUTCH
    assert (found.licence, found.attribution) == ("ODbL 1.0", "© OpenStreetMap contributors")
    tables = map_osm(found.frame, WINDOW)
    assert tables["buildings"].frame.area.tolist() == pytest.approx([400], abs=0.5)  # corners to a centimetre
    assert tables["addresses"].frame[["address_id", "building_id"]].to_numpy().tolist() == [["node/5", "way/7"]]
    assert tables["land"].frame["cover"].tolist() == ["grass"]
    assert tables["streets"].frame["street_id"].tolist() == ["way/8"]


def test_an_extract_without_a_window_is_read_whole(tmp_path):
    found = read_osm(extract(tmp_path))
    assert_geodataframe_equal(found.frame, read_osm(extract(tmp_path), WINDOW).frame)
    assert found.frame.crs == DUTCH
    abroad = '<osm version="0.6"><node id="1" lat="50.1" lon="14.4"><tag k="natural" v="tree"/></node></osm>'
    assert read_osm(extract(tmp_path, text=abroad)).frame.crs == "EPSG:32633"


DAYS = [
    ('<?xml version="1.0"?>\n<osm version="0.6" timestamp="2026-04-30T20:21:02Z">', "2026-04-30"),
    ("<osm version='0.6'>\n<meta osm_base='2026-05-01T20:21:02Z'/>", "2026-05-01"),
    ('<osm version="0.6"><node id="1" timestamp="2026-04-30T20:21:02Z"/>', ""),
    ('<osm version="0.6" timestamp="yesterday">', ""),
]


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_the_day_of_an_extract_in_xml(tmp_path, text, day):
    assert day_of(extract(tmp_path, text=text)) == day


def whole_number(value):
    """Return a number as protocol buffers write it: seven bits per byte, the low ones first."""
    low = [value >> shift & 127 for shift in range(0, max(value.bit_length(), 1), 7)]
    return bytes([*(part | 128 for part in low[:-1]), low[-1]])


def header_block(block, *, packed=True):
    """Return the first block of a PBF: its length, its header (kind, size) and its content, packed or plain."""
    content = zlib.compress(block) if packed else block
    blob = b"\x10" + whole_number(len(block)) if packed else b""
    blob += (b"\x1a" if packed else b"\x0a") + whole_number(len(content)) + content
    header = b"\x0a\x09OSMHeader\x18" + whole_number(len(blob))
    return len(header).to_bytes(4, "big") + header + blob


@pytest.mark.parametrize("packed", [True, False])
def test_the_day_of_an_extract_in_blocks(tmp_path, packed):
    path = tmp_path / "drawn.osm.pbf"
    dated = b"\x82\x01\x05drawn" + b"\x80\x02" + whole_number(1_777_536_000)  # 30 April 2026, 08:00
    for block, day in ((dated, "2026-04-30"), (b"\x82\x01\x05drawn", ""), (b"\x80\x02" + b"\xff" * 9 + b"\x01", "")):
        path.write_bytes(header_block(block, packed=packed))
        assert day_of(path) == day


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=60))
def test_anything_may_stand_in_a_block(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.osm.pbf"
    path.write_bytes(b"\0\0\0\x0d\x0a\x09OSMHeader\x18\x20" + data)
    assert re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})?", day_of(path))
    with pytest.raises(InputError):
        require_whole(path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("this is no map", "is no file of OpenStreetMap"),
        ("<html><body/></html>", "not of OpenStreetMap"),
        ("<osm", "no XML that can be read"),
        ('<!DOCTYPE osm [<!ENTITY a "b">]><osm version="0.6"></osm>', "has a DOCTYPE"),
        ('<osm version="0.6"></osm>', "holds nothing of drawn"),
        ('<osm version="0.6"><node id="1" lat="52" lon="5"></way></osm>', "damaged"),
    ],
)
def test_files_that_are_no_extract(tmp_path, text, says):
    with pytest.raises(InputError, match=says):
        read_osm(extract(tmp_path, text=text), WINDOW)


def test_an_extract_that_is_not_there_or_cut_off(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_osm(tmp_path / "none.osm.pbf", WINDOW)
    whole = extract(tmp_path).read_text()
    for share in (0.3, 0.7, 0.95):
        with pytest.raises(InputError, match="cut off"):
            read_osm(extract(tmp_path, text=whole[: int(share * len(whole))]), WINDOW)


def test_an_extract_of_another_place(tmp_path):
    elsewhere = Window(shapely.box(X + 5000, Y, X + 5200, Y + 200), DUTCH, "elsewhere")
    with pytest.raises(InputError, match="holds nothing of elsewhere"):
        read_osm(extract(tmp_path), elsewhere)


AMSTERDAM = (4.92, 52.33, 4.96, 52.36)


@pytest.mark.real
def test_a_real_extract_gives_what_was_read_from_it_by_hand():
    """The neighbourhood that was read by hand has one street twice: 55 rows of 54."""
    folder = real_data()
    window = Window.of_box(AMSTERDAM)
    tables = map_osm(read_osm(folder / "raw" / "amsterdam.osm.pbf", window).frame, window)
    by_hand = {
        name: pyogrio.read_dataframe(folder / "amsterdam_oost_terrace_osm.gpkg", layer=name)
        for name in tables
        if name in ("buildings", "addresses", "streets", "water")
    }
    assert {name: len(frame) for name, frame in by_hand.items()} == {
        "buildings": 80,
        "addresses": 66,
        "streets": 55,
        "water": 10,
    }
    frames = {name: table.frame for name, table in tables.items()}
    numbers = frames["buildings"]["building_id"].str.split("/").str[1]
    assert len(frames["buildings"]) == 80
    assert len(numbers) == numbers.nunique()
    doors = frames["addresses"][frames["addresses"]["address_id"].str.startswith("node/")]
    assert set(doors["address_id"]) == set("node/" + by_hand["addresses"]["osm_id"].astype(str))
    numbers = set("way/" + by_hand["streets"]["osm_id"].astype(str))  # one of them twice
    assert numbers ^ set(frames["streets"]["street_id"]) == set()
    assert frames["barriers"]["kind"].tolist() == ["waterway"]
    assert len(frames["water"]) == 10
    assert frames["buildings"].area.sum() == pytest.approx(by_hand["buildings"].area.sum(), rel=1e-4)


@pytest.mark.real
def test_a_real_extract_is_assessed():
    window = Window.of_box(AMSTERDAM)
    tables = map_osm(read_osm(real_data() / "raw" / "amsterdam.osm.pbf", window).frame, window)
    result = minenet.assess(minenet.make_area({name: t.frame for name, t in tables.items() if len(t.frame)}))
    assert 60 <= len(result.homes) <= 80
    assert 5 <= len(result.clusters) <= 9


@pytest.mark.real
@pytest.mark.parametrize("share", [0.01, 0.5, 0.999])
def test_a_real_extract_that_is_cut_off(tmp_path, share):
    whole = (real_data() / "raw" / "amsterdam.osm.pbf").read_bytes()
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(InputError, match="cut off"):
        read_osm(cut, Window.of_box(AMSTERDAM))


@pytest.mark.real
@pytest.mark.parametrize("place", [0.3, 0.6, 0.9])
def test_a_real_extract_with_a_damaged_byte(tmp_path, place):
    whole = bytearray((real_data() / "raw" / "amsterdam.osm.pbf").read_bytes())
    for i in range(20):
        whole[int(place * len(whole)) + i] ^= 0xFF
    (tmp_path / "bad.osm.pbf").write_bytes(whole)
    with pytest.raises(InputError, match="damaged|cut off"):
        read_osm(tmp_path / "bad.osm.pbf", Window.of_box(AMSTERDAM))


@pytest.mark.parametrize(
    ("way", "relation", "names"),
    [
        # a building that is also the outline of a lawn: GDAL alone gives the lawn only
        ({"building": "house"}, {"landuse": "grass"}, ["relation/9", "way/7"]),
        # a building with a courtyard, tagged on the relation, and on its outline as well: one building
        ({"building": "yes"}, {"building": "apartments"}, ["relation/9"]),
        # tags on the outline only, as they were until 2017: the relation is the building
        ({"building": "yes"}, {}, ["relation/9"]),
    ],
)
def test_a_building_that_is_the_outline_of_a_relation(tmp_path, way, relation, names):
    def written(said):
        return "".join(f'<tag k="{k}" v="{v}"/>' for k, v in said.items())

    places = [(90, 90), (110, 90), (110, 110), (90, 110), (95, 95), (105, 95), (105, 105)]
    world = gpd.GeoSeries([spot(x, y) for x, y in places], crs=DUTCH).to_crs(4326)
    nodes = "".join(f'<node id="{i}" lat="{p.y:.9f}" lon="{p.x:.9f}"/>' for i, p in enumerate(world, 1))
    outer, inner = ("".join(f'<nd ref="{n}"/>' for n in corners) for corners in ((1, 2, 3, 4, 1), (5, 6, 7, 5)))
    text = f'{nodes}<way id="7">{outer}{written(way)}</way><way id="8">{inner}</way>'
    members = '<member type="way" ref="7" role="outer"/><member type="way" ref="8" role="inner"/>'
    text += f'<relation id="9">{members}{written({"type": "multipolygon", **relation})}</relation>'
    found = read_osm(extract(tmp_path, text=f'<osm version="0.6">{text}</osm>'), WINDOW).frame
    assert sorted(found["osm_type"] + "/" + found["osm_id"]) == names
    area = map_osm(found, WINDOW)["buildings"].frame.area.tolist()
    assert area == pytest.approx([400] if "way/7" in names else [350], abs=0.5)  # the courtyard is half of 10 x 10


# --- services ---------------------------------------------------------------------------------------------------------

TOWN = (4.9, 52.3)


def town(columns, rows=1, *, step=0.01):
    """Return elements of houses and streets: one of each per step of 0.01 degree (about 700 m east, 1100 m north)."""
    elements = []
    for column in range(columns):
        for row in range(rows):
            first = 1000 * (column * rows + row) + 1
            lon, lat = TOWN[0] + step * (column + 0.5), TOWN[1] + step * (row + 0.5)
            corners = [(0, 0), (0.0002, 0), (0.0002, 0.0001), (0, 0.0001), (0.0001, 0.00005)]
            elements += [
                {"type": "node", "id": first + i, "lon": lon + x, "lat": lat + y} for i, (x, y) in enumerate(corners)
            ]
            elements[-1]["tags"] = {"addr:housenumber": str(column), "addr:street": "Kade"}
            ring = [first, first + 1, first + 2, first + 3, first]
            elements.append({"type": "way", "id": first, "nodes": ring, "tags": {"building": "house"}})
            street = {"highway": "residential", "surface": "asphalt"}
            elements.append({"type": "way", "id": first + 1, "nodes": [first, first + 2], "tags": street})
    return elements


def window_of(columns, rows=1, *, step=0.01):
    west, south = TOWN
    return Window.of_box((west, south, west + step * columns, south + step * rows))


SMALL = window_of(1)


def test_a_window_asked_for(tmp_path):
    known = Map(town(1))
    finding_hosts = socket.getaddrinfo
    import osmnx

    before = {name: getattr(osmnx.settings, name) for name in dir(osmnx.settings) if name.islower()}
    with serving(known) as address:
        ask, waited = asking(address, tmp_path)
        found = ask_osm(SMALL, ask)
        again = ask_osm(SMALL, ask)
    assert sorted(found.frame["osm_type"] + "/" + found.frame["osm_id"]) == ["node/5", "way/1", "way/2"]
    assert "surface" not in found.frame
    assert found.frame.crs == SMALL.crs
    assert (found.date, found.asked, found.notes) == ("2026-04-30", 7, {"tiles": "1"})  # 5 nodes and 2 ways
    assert (found.licence, found.attribution) == ("ODbL 1.0", "© OpenStreetMap contributors")
    assert_geodataframe_equal(found.frame, again.frame)
    assert (again.date, again.asked) == (found.date, found.asked)
    assert len(known.asked) == 1  # the second came from disk
    assert known.agents[0].startswith("minenet/")
    assert not waited
    assert socket.getaddrinfo is finding_hosts
    assert {name: getattr(osmnx.settings, name) for name in before} == before
    tables = map_osm(found.frame, SMALL)
    assert tables["addresses"].frame["building_id"].tolist() == ["way/1"]


def test_answers_that_are_too_old_or_not_whole_are_asked_again(tmp_path):
    known = Map(town(1))
    with serving(known) as address:
        ask, _ = asking(address, tmp_path, max_age_days=2)
        ask_osm(SMALL, ask)
        (kept,) = (tmp_path / "osm").rglob("*.json")
        two_days_ago = time.time() - 2 * 86_400 - 60
        os.utime(kept, (two_days_ago, two_days_ago))
        ask_osm(SMALL, ask)
        assert len(known.asked) == 2
        kept.write_text(kept.read_text()[:100])
        ask_osm(SMALL, ask)
        assert len(known.asked) == 3


HASTE = {"slow": 0.3, "dripping": 0.3}
"""Seconds to wait for servers that are slow on purpose; everyone else may be slow by accident."""

FAULTS = ["remark", "html", "cut", "busy", "gateway", "broken", "slow", "dripping", "other", "nothing"]


@pytest.mark.parametrize("fault", FAULTS)
def test_what_goes_wrong_once_is_asked_again(tmp_path, fault):
    known, told = Map(town(1), faults=[fault]), []
    with serving(known) as address:
        ask, waited = asking(address, tmp_path, told=told.append, timeout_s=HASTE.get(fault, 10.0))
        found = ask_osm(SMALL, ask)
    assert len(found.frame) == 3
    assert len(known.asked) == 2
    assert waited == ([7.0] if fault == "busy" else [1.0])  # as long as the server asks for
    assert len(told) == 1
    assert "127.0.0.1" in told[0]


SAYS = {
    "remark": "stopped half-way: runtime error: Query timed out",
    "html": "sent a web page instead of data: The server is probably too busy",
    "cut": "cut off or no JSON",
    "busy": "answered 429",
    "gateway": "answered 504",
    "broken": "broke off",
    "slow": "did not answer in time",
    "other": "something else",
    "nothing": "sent nothing",
}


@pytest.mark.parametrize(("fault", "says"), SAYS.items())
def test_what_goes_wrong_for_ever_ends(tmp_path, fault, says):
    known = Map(town(1), always=fault)
    finding_hosts = socket.getaddrinfo
    with serving(known) as address:
        ask, waited = asking(address, tmp_path, tries=2, timeout_s=HASTE.get(fault, 10.0))
        with pytest.raises(SourceError, match=says):
            ask_osm(SMALL, ask)
    assert len(known.asked) == 2
    assert waited == ([7.0] if fault == "busy" else [1.0])
    assert socket.getaddrinfo is finding_hosts
    assert not list((tmp_path / "osm").rglob("*.json"))


@pytest.mark.parametrize(
    ("fault", "says"),
    [("huge", "more than 4 MB"), ("flood", "more than 4 MB"), ("refused", "answered 400.*parse error")],
)
def test_what_asking_again_does_not_mend_ends_at_once(tmp_path, fault, says):
    known = Map(town(1), always=fault)
    with serving(known) as address:
        ask, waited = asking(address, tmp_path)
        with pytest.raises(SourceError, match=says):
            ask_osm(SMALL, ask)
    assert len(known.asked) == 1
    assert not waited


def test_a_cache_that_cannot_be_written_to(tmp_path):
    (tmp_path / "file").write_text("")
    with serving(Map(town(1))) as address:
        ask, _ = asking(address, tmp_path / "file")
        with pytest.raises(OutputError, match="cannot be kept"):
            ask_osm(SMALL, ask)


def test_nobody_answers(tmp_path):
    with serving(Map()) as address:
        pass
    ask, waited = asking(address, tmp_path)
    with pytest.raises(SourceError, match=r"broke off.*asked 3 times"):
        ask_osm(SMALL, ask)
    assert waited == [1.0, 2.0]


def test_a_place_with_nothing(tmp_path):
    with serving(Map()) as address, pytest.raises(InputError, match="has nothing of"):
        ask_osm(SMALL, asking(address, tmp_path)[0])


def test_tiles_that_are_finished_are_not_asked_again(tmp_path):
    """A faulty answer between any two good ones: more faults than tries, but never that many in a row."""
    wide = window_of(4, 2)
    known = Map(town(4, 2), faults=["gateway", "", "busy", "", "", "broken", "remark", "", "cut"])
    with serving(known) as address:
        ask, waited = asking(address, tmp_path, tile_m2=1e6)
        found = ask_osm(wide, ask)
    tiles = int(found.notes["tiles"])
    assert tiles > 4
    assert len(known.answered) == len(set(known.answered)) == tiles
    assert len(waited) == 5
    assert len(found.frame) == 8 * 3
    whole = ask_whole(tmp_path / "whole", wide)
    assert_geodataframe_equal(in_order(found.frame), in_order(whole.frame), check_like=True)
    assert whole.notes["tiles"] == "1"


def test_a_wide_window_is_asked_for_in_many_tiles_without_a_warning(tmp_path):
    with serving(Map(town(2, 2))) as address:
        found = ask_osm(window_of(2, 2), asking(address, tmp_path, tile_m2=2.5e5)[0])
    assert int(found.notes["tiles"]) > 10
    assert len(found.frame) == 4 * 3


def test_an_outline_of_many_corners_is_asked_for_with_few():
    """A coast of fjords: 4,000 corners, 300 m in and out."""
    around = np.linspace(0, 2 * np.pi, 4000, endpoint=False)
    away = 3000 + 150 * np.sin(40 * around) + 150 * np.sin(333 * around)
    shape = shapely.Polygon(np.column_stack([X + away * np.cos(around), Y + away * np.sin(around)]))
    window = Window(shapely.make_valid(shape), DUTCH, "fjords")
    outline = _outline(window)
    assert shapely.get_num_coordinates(outline) <= 100
    assert shapely.covers(outline, window.in_world())
    assert outline.area < 1.5 * window.in_world().area


def ask_whole(cache, window):
    with serving(Map(town(4, 2))) as address:
        return ask_osm(window, asking(address, cache)[0])


def in_order(frame):
    return frame.sort_values(["osm_type", "osm_id"], ignore_index=True)


def test_a_run_that_was_ended_goes_on_where_it_was(tmp_path):
    wide = window_of(4, 2)
    known = Map(town(4, 2), faults=["", "", ""], always="gateway")
    with serving(known) as address:
        ask, _ = asking(address, tmp_path, tile_m2=1e6)
        with pytest.raises(SourceError, match="what was fetched is kept"):
            ask_osm(wide, ask)
        assert len(known.answered) == 3
        known.always = ""
        found = ask_osm(wide, ask)
    assert len(known.answered) == len(set(known.answered)) == int(found.notes["tiles"])


PLACES = [
    {
        "display_name": "Delft, Zuid-Holland",
        "class": "boundary",
        "type": "administrative",
        "importance": 0.6,
        "lat": "52.0",
        "lon": "4.36",
        "boundingbox": ["51.99", "52.01", "4.35", "4.37"],
        "geojson": {
            "type": "Polygon",
            "coordinates": [[[4.35, 51.99], [4.37, 51.99], [4.37, 52.01], [4.35, 52.01], [4.35, 51.99]]],
        },
    },
    {
        "display_name": "Markt 87, Delft",
        "class": "building",
        "type": "yes",
        "importance": 0.1,
        "lat": "52.0115",
        "lon": "4.3585",
        "boundingbox": ["52.0114", "52.0116", "4.3584", "4.3586"],
        "geojson": {
            "type": "Polygon",
            "coordinates": [[[4.3584, 52.0114], [4.3586, 52.0114], [4.3586, 52.0116], [4.3584, 52.0114]]],
        },
    },
    {
        "display_name": "Oude Delft 1",
        "class": "place",
        "type": "house",
        "importance": 0.1,
        "lat": "52.005",
        "lon": "4.36",
        "boundingbox": ["52.0049", "52.0051", "4.3599", "4.3601"],
        "geojson": {"type": "Point", "coordinates": [4.36, 52.005]},
    },
]


def test_places_by_name(tmp_path, monkeypatch):
    import osmnx

    monkeypatch.setattr(osmnx._nominatim.time, "sleep", lambda _: None)  # a second between questions
    with serving(Map(places=PLACES)) as address:
        ask, _ = asking(address, tmp_path)
        outline = find_place("Delft, Zuid-Holland", around_m=250, asking=ask)
        at_building = find_place("Markt 87, Delft", around_m=250, asking=ask)
        at_point = find_place("Oude Delft 1", around_m=250, asking=ask)
        with pytest.raises(InputError, match="`Nergenshuizen` is not on the map"):
            find_place("Nergenshuizen", around_m=250, asking=ask)
    # 0.02 degree of longitude at 52 degrees is 1371 m, of latitude 2226 m
    assert outline.crs == DUTCH
    assert outline.shape.area == pytest.approx(1371 * 2226, rel=0.01)
    for window in (at_building, at_point):
        assert window.shape.area == pytest.approx(np.pi * 250**2, rel=0.01)
    spot_there = gpd.GeoSeries([shapely.Point(4.36, 52.005)], crs=4326).to_crs(DUTCH).iloc[0]
    assert shapely.distance(shapely.centroid(at_point.shape), spot_there) < 1


@pytest.mark.real
def test_a_real_answer_of_overpass(tmp_path):
    """All ways of Delft on which one drives: 451 km, of the file's own description."""
    answer = json.loads((real_data() / "raw" / "overpass_delft_drive_550d6a37.json").read_text(encoding="utf-8"))
    lon, lat = (np.array([e[k] for e in answer["elements"] if e["type"] == "node"]) for k in ("lon", "lat"))
    window = Window.of_box((lon.min(), lat.min(), lon.max(), lat.max()))
    known = Map(answer["elements"])
    with serving(known) as address:
        found = ask_osm(window, asking(address, tmp_path, timeout_s=20, most_bytes=2**26, tile_m2=1e9)[0])
    assert found.asked == len(answer["elements"])
    assert found.date == "2026-04-30"
    streets = map_osm(found.frame, window)["streets"]
    ways = [e for e in answer["elements"] if e["type"] == "way"]
    assert len(streets.frame) + sum(
        streets.counts.get(f"left_out.{k}", 0) for k in ("street_area", "not_a_street")
    ) == (len(ways))
    assert streets.frame.length.sum() / 1000 == pytest.approx(451, rel=0.02)
    assert MARGIN_M == 60
