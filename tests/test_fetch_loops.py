"""Ground loops of others, from the register: by hand."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from minenet.errors import InputError
from minenet.fetch.dutch.loops import map_loops, read_loops
from minenet.fetch.window import DUTCH, Window
from minenet.tables import make_area

WINDOW = Window(shapely.box(130_110, 455_110, 130_190, 455_190), DUTCH)


def register(rows):
    columns = ["bro_id", "installation_function", "loop_depth", "energy_cold", "energy_warm", "lifespan_end_time", "x"]
    frame = pd.DataFrame(rows, columns=columns)
    points = gpd.points_from_xy(frame["x"], np.full(len(frame), 455_150.0))
    return gpd.GeoDataFrame(frame.drop(columns="x"), geometry=points, crs=DUTCH)


CLOSED = "geslotenBodemenergiesysteem"
SYSTEMS = [
    ("GUF000000000001", CLOSED, 150.0, 9.0, 2.0, None, 130_150.0),  # 9 MWh taken out, 2 put back: 7,000 kWh
    ("GUF000000000002", CLOSED, None, 12.0, None, None, 130_160.0),
    ("GUF000000000002", CLOSED, 80.0, 12.0, None, None, 130_165.0),  # a second loop of the same system: 6,000 each
    ("GUF000000000003", CLOSED, 120.0, 5.0, 1.0, "2020-01-01", 130_150.0),
    ("GUF000000000004", "openBodemenergiesysteem", 60.0, 900.0, 900.0, None, 130_150.0),
    ("GUF000000000005", "onttrekking", None, None, None, None, 130_150.0),
    ("GUF000000000006", None, None, None, None, None, 130_150.0),
    ("GUF000000000007", CLOSED, 90.0, 3.0, 8.0, None, 130_170.0),  # more put in than taken
    ("GUF000000000008", CLOSED, 90.0, 3.0, 0.0, None, 190_000.0),  # elsewhere
]


def test_closed_systems_of_the_register_become_loops(tmp_path):
    register(SYSTEMS).to_file(tmp_path / "guf.gpkg", layer="guf", driver="GPKG")
    collected = read_loops(tmp_path / "guf.gpkg", WINDOW)
    assert len(collected.frame) == 8
    assert "incomplete" in collected.notes["incomplete"]
    found = map_loops(collected.frame)
    assert found.frame["loop_id"].tolist() == [
        "GUF000000000001",
        "GUF000000000002",
        "GUF000000000002#2",
        "GUF000000000007",
    ]
    assert found.frame["heat_kwh"].tolist() == [7000.0, 6000.0, 6000.0, 0.0]
    assert found.frame["depth_m"].fillna(-1).tolist() == [150.0, -1, 80.0, 90.0]
    assert found.counts == {
        "left_out.openbodemenergiesysteem": 1,
        "left_out.onttrekking": 1,
        "left_out.ended_or_withdrawn": 1,
        "unknown.kind_of_system": 1,
        "unknown.depth": 1,
        "inferred.no_heat_put_back_as_none_is_stated": 2,
        "inferred.no_net_heat_as_more_is_put_in": 1,
        "inferred.heat_divided_over_rows_of_a_system": 2,
    }
    shuffled = map_loops(collected.frame.iloc[::-1].reset_index(drop=True))
    assert shuffled.frame.to_wkt().equals(found.frame.to_wkt())
    building = gpd.GeoDataFrame(
        {"building_id": ["b"]}, geometry=[shapely.box(130_150, 455_150, 130_158, 455_158)], crs=DUTCH
    )
    line = shapely.LineString([(130_100, 455_140), (130_200, 455_140)])
    streets = gpd.GeoDataFrame({"street_id": ["s"]}, geometry=[line], crs=DUTCH)
    assert len(make_area({"buildings": building, "streets": streets, "loops": found.frame}).loops) == 4


def test_a_register_in_degrees_is_read_by_its_box(tmp_path):
    register(SYSTEMS).to_crs(4258).to_file(tmp_path / "guf.gpkg", layer="guf", driver="GPKG")
    frame = read_loops(tmp_path / "guf.gpkg", WINDOW).frame
    assert len(frame) == 8
    assert frame.crs == DUTCH


@pytest.mark.parametrize("body", [b"", b"<html>", b"SQLite format 3\x00" + bytes(50)])
def test_what_is_no_register_is_named(tmp_path, body):
    (tmp_path / "guf.gpkg").write_bytes(body)
    with pytest.raises(InputError, match="guf.gpkg"):
        read_loops(tmp_path / "guf.gpkg", WINDOW)
    with pytest.raises(InputError, match="no such file"):
        read_loops(tmp_path / "none.gpkg", WINDOW)


def test_a_layer_without_kinds_is_refused(tmp_path):
    register(SYSTEMS).drop(columns="installation_function").to_file(tmp_path / "x.gpkg", layer="wells", driver="GPKG")
    with pytest.raises(InputError, match="of what kind.*wells"):
        read_loops(tmp_path / "x.gpkg", WINDOW)


def test_no_systems_here_are_no_loops():
    assert map_loops(register([])).frame.empty
