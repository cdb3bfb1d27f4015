"""Areas and results in files: whole, broken, renamed, in folders."""

import geopandas as gpd
import pandas as pd
import pytest
from drawn_street import addresses, buildings, layer, streets
from pandas.testing import assert_frame_equal
from shapely.geometry import box

from minenet import read_area, read_result, write_result
from minenet.errors import AssumptionError, InputError, OutputError


@pytest.fixture
def area_file(tmp_path):
    path = tmp_path / "area.gpkg"
    for name, frame in {"buildings": buildings(), "streets": streets(), "addresses": addresses()}.items():
        frame.to_file(path, layer=name)
    return path


def test_a_geopackage_is_read_with_its_fingerprint(area_file):
    import hashlib

    area = read_area(area_file)
    assert len(area.addresses) == 10
    assert area.provenance["input.area.gpkg.sha256"] == hashlib.sha256(area_file.read_bytes()).hexdigest()
    assert not any(str(area_file.parent) in value for value in area.provenance.values())


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp", ".parquet"])
def test_a_folder_of_files_is_an_area(tmp_path, suffix):
    for name, frame in {"buildings": buildings(), "streets": streets()}.items():
        short = frame.rename(columns={"building_id": "buildingid"}) if suffix == ".shp" else frame
        path = tmp_path / f"{name}{suffix}"
        short.to_parquet(path) if suffix == ".parquet" else short.to_file(path)
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        '[buildings]\nfile = "buildings.shp"\ncolumns = { building_id = "buildingid" }\n[streets]\nfile = "streets.shp"\n'
    )
    area = read_area(tmp_path, mapping=mapping if suffix == ".shp" else None)
    assert len(area.buildings) == 9
    assert area.streets.length.sum() == pytest.approx(70.0)


def test_a_mapping_translates_names_values_and_filters(tmp_path):
    path, mapping = tmp_path / "bron.gpkg", tmp_path / "map.toml"
    pand = buildings(status=["Pand in gebruik"] * 8 + ["Pand gesloopt"]).rename(
        columns={"building_id": "identificatie"}
    )
    pand.to_file(path, layer="pand")
    streets().to_file(path, layer="wegen")
    layer([box(0, 2, 9, 4), box(9, 2, 18, 4), box(18, 2, 27, 4)], type=["erf", "voetpad", "water?"]).to_file(
        path, layer="terrein"
    )
    layer([box(0, 5, 1, 6)]).to_file(path, layer="bomen")
    layer([box(5, 5, 6, 6)]).to_file(path, layer="muren")
    mapping.write_text(
        """
        [buildings]
        layer = "pand"
        columns = { building_id = "identificatie" }
        keep = { status = ["Pand in gebruik"] }
        [streets]
        layer = "wegen"
        [land]
        layer = "terrein"
        columns = { ownership = "type", cover = "type" }
        values.ownership = { erf = "private", voetpad = "public" }
        [[obstacles]]
        layer = "bomen"
        constants = { kind = "tree" }
        [[obstacles]]
        layer = "muren"
        constants = { kind = "wall" }
        """
    )
    area = read_area(path, mapping=mapping)
    assert len(area.buildings) == 8
    assert area.provenance["left_out.buildings.filtered_on_status"] == "1"
    assert area.land["ownership"].fillna("?").tolist() == ["private", "public", "?"] or sorted(
        area.land["ownership"].fillna("?")
    ) == ["?", "private", "public"]
    assert area.land["cover"].notna().all()
    assert sorted(area.obstacles["kind"]) == ["tree", "wall"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[building]\n", "Did you mean `buildings`"),
        ("[buildings]\ncolumn = {}\n", "Did you mean `columns`"),
        ('[buildings]\ncolumns = { bilding_id = "x" }\n', "Did you mean `building_id`"),
        ("[buildings\n", "is not a TOML file"),
        ("[buildings]\nlayer = 3\n", "must be a text"),
        ('[buildings]\nkeep = { use = "residential" }\n', "a list of values"),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong(area_file, tmp_path, text, words):
    mapping = tmp_path / "map.toml"
    mapping.write_text(text)
    with pytest.raises(AssumptionError, match=words):
        read_area(area_file, mapping=mapping)


def test_a_mapping_to_a_column_or_layer_that_is_not_there(area_file, tmp_path):
    mapping = tmp_path / "map.toml"
    mapping.write_text('[buildings]\ncolumns = { building_id = "pand_id" }\n[streets]\n')
    with pytest.raises(InputError, match=r"`pand_id`, which is not there. Columns there: building_id, dwellings"):
        read_area(area_file, mapping=mapping)
    mapping.write_text('[buildings]\nlayer = "panden"\n')
    with pytest.raises(InputError, match="Layers there: buildings"):
        read_area(area_file, mapping=mapping)


def test_files_that_are_not_what_they_say(tmp_path, area_file):
    with pytest.raises(InputError, match="no such file"):
        read_area(tmp_path / "none.gpkg")
    fake = tmp_path / "fake.gpkg"
    fake.write_text("<html>404</html>")
    with pytest.raises(InputError, match="is not a GeoPackage"):
        read_area(fake)
    fake.write_bytes(b"")
    with pytest.raises(InputError, match="is empty"):
        read_area(fake)
    with pytest.raises(InputError, match="is not one of"):
        read_area(mapping_like(tmp_path))
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match="no file of a known kind"):
        read_area(empty)


def mapping_like(folder):
    path = folder / "notes.txt"
    path.write_text("x")
    return path


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_a_truncated_geopackage_is_noticed(area_file, share):
    whole = area_file.read_bytes()
    area_file.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError, match="cut off|not a GeoPackage"):
        read_area(area_file)


def test_a_damaged_page_is_an_error_not_a_smaller_area(area_file):
    data = bytearray(area_file.read_bytes())
    data[4096 * 3 : 4096 * 20] = b"\xff" * (4096 * 17)
    area_file.write_bytes(data)
    with pytest.raises(InputError):
        read_area(area_file)


def test_a_geojson_in_degrees_is_refused_with_the_way_out(tmp_path):
    buildings().to_crs(4326).to_file(tmp_path / "buildings.geojson")
    streets().to_crs(4326).to_file(tmp_path / "streets.geojson")
    with pytest.raises(InputError, match="in degrees"):
        read_area(tmp_path)


# --- results ----------------------------------------------------------------------------------------------------------


def test_a_result_comes_back_as_it_was_written(demo_result, tmp_path):
    again = read_result(write_result(demo_result, tmp_path / "r.gpkg"))
    for name, layer_ in demo_result.layers.items():
        assert_frame_equal(plain(layer_), plain(again.layers[name]), obj=name)


def plain(frame):
    """Return a frame with its geometry as text: single and multi forms of one shape read the same."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame
    parts = frame.geometry.explode(index_parts=True).normalize().to_wkt(rounding_precision=6)
    shape = parts.groupby(level=0).agg("|".join).reindex(frame.index)
    return pd.DataFrame(frame.drop(columns="geometry")).assign(shape=shape)


def test_the_same_result_is_the_same_file(demo_result, tmp_path):
    one, two = (write_result(demo_result, tmp_path / name).read_bytes() for name in ("a.gpkg", "b.gpkg"))
    assert one == two


def test_a_failed_write_leaves_nothing_behind(demo_result, tmp_path, monkeypatch):
    old = tmp_path / "r.gpkg"
    old.write_text("precious")
    calls = []

    def breaks(*args, **kwargs):
        calls.append(args)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyogrio.write_dataframe", breaks)
    with pytest.raises(OutputError, match="No space left"):
        write_result(demo_result, old)
    assert [p.name for p in tmp_path.iterdir()] == ["r.gpkg"]
    assert old.read_text() == "precious"


def test_where_a_result_cannot_be_written(demo_result, tmp_path):
    with pytest.raises(OutputError, match="does not exist"):
        write_result(demo_result, tmp_path / "no" / "r.gpkg")
    with pytest.raises(OutputError, match="End the name in .gpkg"):
        write_result(demo_result, tmp_path / "r.csv")
    (tmp_path / "d.gpkg").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        write_result(demo_result, tmp_path / "d.gpkg")


def test_an_area_is_no_result(area_file):
    with pytest.raises(InputError, match="is no result: layer `homes` is missing"):
        read_result(area_file)


def test_one_layer_in_two_files_is_an_error_that_names_both(tmp_path):
    for name, part in {"a": buildings().iloc[:4], "b": buildings().iloc[4:]}.items():
        part.to_file(tmp_path / f"{name}.gpkg", layer="buildings")
    streets().to_file(tmp_path / "streets.gpkg", layer="streets")
    with pytest.raises(InputError, match="layer `buildings`: stands in a.gpkg and in b.gpkg"):
        read_area(tmp_path)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.9])
def test_a_damaged_result_is_an_error(demo_result, tmp_path, share):
    path = write_result(demo_result, tmp_path / "r.gpkg")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError, match="cut off"):
        read_result(path)
    path.write_bytes(whole[:4096] + b"\xff" * 200_000 + whole[204_096:])
    with pytest.raises(InputError):
        read_result(path)


def test_words_that_a_mapping_does_not_name_are_counted(tmp_path):
    path, mapping = tmp_path / "bron.gpkg", tmp_path / "map.toml"
    buildings(use=["wonen"] * 6 + ["Wonen", "winkel", None]).to_file(path, layer="buildings")
    streets().to_file(path, layer="streets")
    mapping.write_text('[buildings]\nvalues.use = { wonen = "residential", winkel = "other" }\n[streets]\n')
    assert read_area(path, mapping=mapping).provenance["unknown.buildings.word_not_in_mapping_of_use"] == "1"
