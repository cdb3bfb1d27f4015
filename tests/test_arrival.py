"""Bad input: one clear message or a counted repair, never a silently smaller area."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from drawn_street import CRS, addresses, buildings, layer, moved, streets
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from minenet import make_area
from minenet.errors import InputError


def area(**layers):
    return make_area({"buildings": buildings(), "streets": streets(), **layers})


def test_good_layers_arrive_whole():
    arrived = area(addresses=addresses())
    assert len(arrived.buildings) == 9
    assert len(arrived.addresses) == 10
    assert arrived.water is None
    assert not [k for k in arrived.provenance if k.startswith(("repaired", "left_out"))]


@pytest.mark.parametrize(
    ("crs", "words"),
    [
        ("EPSG:4326", "degrees"),
        ("EPSG:3857", "1.6[0-9] times too long"),
        ("EPSG:2263", "not in metres"),  # US survey feet
        (None, "no coordinate reference system"),
    ],
)
def test_a_crs_without_true_metres_is_refused_with_the_call_that_mends_it(crs, words):
    wrong = buildings()
    wrong = wrong.to_crs(crs) if crs else wrong.set_crs(None, allow_override=True)
    with pytest.raises(InputError, match=words) as error:
        area(buildings=wrong)
    assert "crs(" in str(error.value)


def test_a_layer_in_another_metric_crs_is_reprojected_and_counted():
    arrived = area(streets=streets().to_crs("EPSG:32631"))
    assert arrived.provenance["repaired.streets.reprojected"] == "1"
    assert arrived.streets.crs == CRS
    # UTM 31N scales by about 0.9999 here; back in the Dutch CRS the street is 70 m again
    assert arrived.streets.length[0] == pytest.approx(70.0, abs=0.01)


@pytest.mark.parametrize("name", ["buildings", "streets"])
def test_a_needed_layer_must_be_there_and_filled(name):
    with pytest.raises(InputError, match=f"`{name}` is missing"):
        make_area({k: v for k, v in {"buildings": buildings(), "streets": streets()}.items() if k != name})
    with pytest.raises(InputError, match="has no rows"):
        area(**{name: (buildings() if name == "buildings" else streets()).iloc[:0]})


def test_a_missing_column_names_the_nearest():
    with pytest.raises(InputError, match=r"column `building_id` is missing.*Is it `build_id`\?"):
        area(buildings=buildings().rename(columns={"building_id": "build_id"}))


def test_invalid_polygons_are_repaired_and_counted():
    bow_tie = moved(Polygon([(54, 20), (60, 26), (60, 20), (54, 26)]))  # crosses itself at (57, 23)
    arrived = area(buildings=buildings().set_geometry([*buildings().geometry[:8], bow_tie]))
    assert arrived.provenance["repaired.buildings.invalid_geometry"] == "1"
    assert arrived.buildings.is_valid.all()
    # two triangles of base 6 and height 3 remain of it
    assert arrived.buildings.set_index("building_id").area["s"] == pytest.approx(2 * 6 * 3 / 2)


def test_what_cannot_be_repaired_is_left_out_and_counted():
    line = Polygon([(0, 0), (5, 0), (0, 0)])  # no area
    shapes = [*buildings().geometry[:6], None, moved(line), Point(140_000, 455_000)]
    arrived = area(buildings=buildings().set_geometry(gpd.GeoSeries(shapes, crs=CRS)))
    notes = arrived.provenance
    assert notes["left_out.buildings.no_geometry"] == "1"
    assert notes["left_out.buildings.geometry_beyond_repair"] == "1"
    assert notes["left_out.buildings.wrong_geometry_type"] == "1"
    assert int(notes["read.buildings"]) - 3 == len(arrived.buildings) == 6


def test_coordinates_that_are_not_finite_are_left_out_and_counted():
    shapes = [*buildings().geometry[:8], Polygon([(0, 0), (1, np.inf), (1, 1)])]
    arrived = area(buildings=buildings().set_geometry(gpd.GeoSeries(shapes, crs=CRS)))
    assert arrived.provenance["left_out.buildings.coordinates_not_finite"] == "1"


def test_a_layer_of_which_nothing_remains_is_an_error():
    with pytest.raises(InputError, match="no row that can be used .*9 wrong_geometry_type"):
        area(buildings=buildings().set_geometry(buildings().centroid))


def test_the_same_row_twice_counts_once_but_one_id_for_two_buildings_is_an_error():
    import pandas as pd

    twice = gpd.GeoDataFrame(pd.concat([buildings(), buildings().iloc[:2]]), crs=CRS)
    arrived = area(buildings=twice)
    assert len(arrived.buildings) == 9
    assert arrived.provenance["left_out.buildings.same_row_twice"] == "2"
    with pytest.raises(InputError, match="1 values of `building_id` stand on different geometries .`A`"):
        area(buildings=buildings().assign(building_id=["A", "A", *"CDEFGHs"]))


def test_multi_part_forms_are_accepted():
    two = MultiPolygon([moved(box(54, 8, 60, 17)), moved(box(61, 8, 64, 17))])
    arrived = area(
        buildings=buildings().set_geometry([*buildings().geometry[:6], two, *buildings().geometry[7:]]),
        streets=streets(shapely.MultiLineString([[(0, 0), (30, 0)], [(30, 0), (70, 0)]])),
    )
    assert arrived.buildings.geom_type.value_counts().to_dict() == {"Polygon": 8, "MultiPolygon": 1}
    assert not [k for k in arrived.provenance if k.startswith("left_out")]


def test_ids_stay_texts_and_keep_their_zeros():
    assert (
        area(buildings=buildings().assign(building_id=[f"000{i}" for i in range(9)])).buildings["building_id"][0]
        == "0000"
    )
    floats = area(buildings=buildings().assign(building_id=np.arange(9.0)))
    assert floats.buildings["building_id"].tolist() == [str(i) for i in range(9)]


def test_impossible_numbers_and_strange_words_become_unknown_and_are_counted():
    wrong = buildings(
        gas_m3=[-5, np.inf, "a lot", 900, None, 1000, 1100, 1200, "1300"], use=["Residential ", "barn", *[None] * 7]
    )
    arrived = area(buildings=wrong)
    notes = arrived.provenance
    assert notes["repaired.buildings.impossible_number_in_gas_m3"] == "2"
    assert notes["repaired.buildings.not_a_number_in_gas_m3"] == "1"
    assert notes["repaired.buildings.unknown_word_in_use"] == "1"
    assert arrived.buildings["gas_m3"].dropna().tolist() == [900, 1000, 1100, 1200, 1300]
    assert arrived.buildings["use"].dropna().tolist() == ["residential"]


def test_a_row_without_id_or_a_zone_without_effect_is_an_error():
    with pytest.raises(InputError, match="1 rows have no `building_id`"):
        area(buildings=buildings().assign(building_id=[None, *"BCDEFGHs"]))
    with pytest.raises(InputError, match="1 rows have no `effect`"):
        area(zones=layer([box(0, 0, 9, 9)], kind=["protection"], effect=[None]))
    with pytest.raises(InputError, match="1 rows have no `effect` that is known: it says bann.*Use ban, max_depth"):
        area(zones=layer([box(0, 0, 9, 9)], kind=["protection"], effect=["bann"]))


def test_land_of_unknown_owner_stays_unknown():
    arrived = area(land=layer([box(0, 0, 9, 9), box(9, 0, 20, 9)], ownership=["public", None]))
    assert arrived.land["ownership"].isna().sum() == 1


def test_a_layer_that_is_not_part_of_an_area_is_named():
    arrived = make_area({"buildings": buildings(), "streets": streets(), "huizen": buildings()})
    assert "ignored.huizen" in arrived.provenance


def test_three_dimensions_become_two():
    raised = streets(LineString([(0, 0, 3), (70, 0, 5)]))
    assert not area(streets=raised).streets.has_z.any()


def test_row_order_leaves_no_trace():
    from geopandas.testing import assert_geodataframe_equal

    one, other = area(), area(buildings=buildings().sample(frac=1, random_state=3))
    assert_geodataframe_equal(one.buildings, other.buildings)


def test_a_repeated_index_does_not_multiply_rows():
    import pandas as pd

    parts = pd.concat([buildings().iloc[:5].reset_index(drop=True), buildings().iloc[5:].reset_index(drop=True)])
    arrived = area(
        buildings=parts, addresses=pd.concat([addresses().iloc[:6], addresses().iloc[6:].reset_index(drop=True)])
    )
    assert (len(arrived.buildings), len(arrived.addresses)) == (9, 10)


def test_a_column_that_stands_there_twice_is_an_error():
    import pandas as pd

    twice = pd.concat([buildings(), buildings()[["dwellings"]]], axis=1)
    with pytest.raises(InputError, match="column `dwellings` stands there twice"):
        area(buildings=twice)


@pytest.mark.parametrize("value", [None, 0.0, -80.0, "80 m"])
def test_a_depth_limit_without_a_depth_is_an_error_never_no_limit(value):
    with pytest.raises(InputError, match="1 zones with effect `max_depth` have no depth"):
        area(zones=layer([box(0, 0, 9, 9)], kind=["limit"], effect=["max_depth"], value=[value]))


def test_no_in_other_words_is_still_no_and_a_strange_answer_is_an_error():
    said = addresses(answer=["Nee", "ja", "FALSE", "1", *[None] * 6])
    assert area(addresses=said).addresses["answer"].dropna().tolist() == ["no", "yes", "no", "yes"]
    with pytest.raises(InputError, match="`answer` says maybe"):
        area(addresses=addresses(answer=["maybe", *[None] * 9]))


def test_any_name_of_the_geometry_column_will_do():
    assert len(area(buildings=buildings().rename_geometry("geom")).buildings) == 9


def test_layers_that_were_not_given_are_named():
    notes = area().provenance
    assert notes["not_given.water"] == notes["not_given.obstacles"] == "not checked"
    assert "not_given.buildings" not in notes


def test_a_million_dwellings_in_one_building_are_a_mistake():
    arrived = area(buildings=buildings(dwellings=[1_000_000, *[1] * 8]))
    assert arrived.provenance["repaired.buildings.impossible_number_in_dwellings"] == "1"
