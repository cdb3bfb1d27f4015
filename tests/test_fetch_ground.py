"""What lies in the ground: models and tables of layers, registered loops, zones; by hand, broken, and fuzzed."""

import io
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from netCDF4 import Dataset, stringtochar
from pyproj import CRS

from minenet.checks.places import answers, subject
from minenet.errors import InputError, MinenetError
from minenet.fetch.dutch.subsoil import read_ground
from minenet.fetch.dutch.zones import EFFECTS, map_zones
from minenet.fetch.web.esri import from_esri_json
from minenet.fetch.window import DUTCH, Window
from minenet.ground import mean_conductivity

X, Y = 136_000.0, 455_000.0
WINDOW = Window.of_box((X + 40, Y + 40, X + 60, Y + 60))  # with its strip it meets the cells around (X, Y): 3 x 3
FORMATS = ("NETCDF3_CLASSIC", "NETCDF4")
CORNERS = np.arange(-200.0, 300.0, 100.0)
FUZZ = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def holding(frame, x, y):
    """Return the layers that hold at a place."""
    shapes = frame.geometry.to_numpy()
    return frame[shapely.is_missing(shapes) | shapely.intersects(shapes, shapely.Point(x, y))]


def mean(frame, x, y, depth=100.0, default=2.0):
    here = holding(frame, x, y)
    return mean_conductivity(here["top_m"], here["bottom_m"], here["conductivity_w_mk"], depth, default=default).item()


# --- GeoTOP -----------------------------------------------------------------------------------------------------------


def geotop(path, codes, *, form="NETCDF4", shift=(0.0, 0.0, 0.0), order=("x", "y", "z"), lowest=-50.0, fill=-127):
    """Write voxels (x, y, z) of 100 x 100 x 0.5 m; coordinates are lower corners unless shifted."""
    z = lowest + 0.5 * np.arange(codes.shape[2])
    with Dataset(path, "w", format=form) as data:
        for name, at, by in zip("xyz", (X + CORNERS, Y + CORNERS, z), shift, strict=True):
            data.createDimension(name, len(at))
            data.createVariable(name, "f8", (name,))[:] = at + by
        lithok = data.createVariable("lithok", "i1", order, fill_value=fill)
        lithok[:] = np.transpose(codes, ["xyz".index(name) for name in order])
    return path


def street():
    """50 m of sand, then 20 m of clay, 2 m of peat, air; ground level at NAP + 22 - 20 = 2 m: 52 m of model."""
    codes = np.full((5, 5, 120), -127, dtype="i1")  # NAP -50 to +10
    codes[:, :, :60] = 6  # 30 m of medium sand
    codes[:, :, 60:100] = 2  # 20 m of clay
    codes[:, :, 100:104] = 1  # 2 m of peat
    return codes


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("shift", [(0.0, 0.0, 0.0), (50.0, 50.0, 0.25)])
def test_voxels_are_layers_below_ground_level(tmp_path, form, shift):
    got, mapped = read_ground(geotop(tmp_path / "geotop.nc", street(), form=form, shift=shift), WINDOW)
    rows = mapped.frame
    assert rows[["top_m", "bottom_m", "conductivity_w_mk"]].to_numpy().tolist() == [
        [0.0, 1.0, 0.2],  # the first metre is dry
        [1.0, 2.0, 0.4],
        [2.0, 22.0, 1.4],
        [22.0, 52.0, 1.8],
    ]
    # 1 x 0.2 + 1 x 0.4 + 20 x 1.4 + 30 x 1.8 + 48 m below the model x 2.0 = 178.6
    assert mean(rows, X + 50, Y + 50) == pytest.approx(1.786)
    # nine cells of 100 m alike: one polygon from -100 to 200, but for a seam of 1 cm
    assert rows.geometry.iloc[0].bounds == pytest.approx((X - 100, Y - 100, X + 199.99, Y + 199.99))
    assert rows.crs == DUTCH
    assert got.frame["cell"].nunique() == 9
    assert mapped.counts == {"inferred.dry_above_1_m": 9, "inferred.conductivity_unconfirmed": 9}
    assert rows["source"].str.startswith("GeoTOP, geotop.nc: ").all()
    assert "VDI 4640" in rows["source"].iloc[3]


def test_axes_in_any_order_and_direction(tmp_path):
    codes = street()
    codes[2, 1, 60:100] = 5  # one cell has sand for clay: south of the middle, which tells the axes apart
    straight = read_ground(geotop(tmp_path / "a.nc", codes), WINDOW)[1].frame
    other = read_ground(geotop(tmp_path / "b.nc", codes, order=("z", "y", "x")), WINDOW)[1].frame
    assert straight.drop(columns="source").equals(other.drop(columns="source"))
    # in that cell: 1 x 0.2 + 1 x 0.4 + 50 x 1.8 + 48 x 2.0 = 186.6; fine and medium sand are one layer
    assert mean(straight, X + 50, Y - 50) == pytest.approx(1.866)
    assert mean(straight, X + 50, Y + 50) == pytest.approx(1.786)
    assert len(holding(straight, X + 50, Y - 50)) == 3


def test_a_place_on_the_edge_of_cells_is_in_one_of_them(tmp_path):
    codes = street()
    codes[2:, :, 60:100] = 5  # the edge is x = X
    rows = read_ground(geotop(tmp_path / "a.nc", codes), WINDOW)[1].frame
    assert mean(rows, X, Y + 50) == pytest.approx(1.866)  # the eastern one, not both: layers would overlap
    assert mean(rows, X - 1, Y + 50) == pytest.approx(1.786)
    assert mean(rows, X, Y) == pytest.approx(1.866)


def test_gaps_and_unknown_codes_are_no_layer(tmp_path):
    codes = street()
    codes[:, :, 70:80] = 4  # no code of the model
    codes[:, :, 10:20] = -127  # a hole
    mapped = read_ground(geotop(tmp_path / "a.nc", codes), WINDOW)[1]
    # clay 20 - 5, sand 30 - 5: 0.2 + 0.4 + 15 x 1.4 + 25 x 1.8 + 58 x 2.0 = 182.6
    assert mean(mapped.frame, X + 50, Y + 50) == pytest.approx(1.826)
    assert mapped.counts["unknown.lithology"] == 9
    empty = read_ground(geotop(tmp_path / "b.nc", np.full((5, 5, 4), -127)), WINDOW)[1].frame
    assert len(empty) == 0
    assert {"top_m", "bottom_m", "conductivity_w_mk", "source"} <= set(empty.columns)


def test_another_fill_value_and_what_has_no_source(tmp_path):
    codes = street()
    codes[codes == -127] = 99
    codes[:, :, 102:104] = 0  # a metre of rubble
    mapped = read_ground(geotop(tmp_path / "a.nc", codes, fill=99), WINDOW)[1]
    assert mapped.frame["conductivity_w_mk"].tolist() == [0.4, 0.4, 1.4, 1.8]  # dry rubble, then peat
    assert mapped.counts["inferred.conductivity_without_source"] == 9
    assert "no source" in mapped.frame["source"].iloc[0]


def test_elsewhere_is_said(tmp_path):
    path = geotop(tmp_path / "a.nc", street())
    with pytest.raises(InputError, match=r"a\.nc: covers no part of the window.*EPSG:28992"):
        read_ground(path, Window.of_box((X + 9000, Y, X + 9100, Y + 100)))


def test_a_window_in_another_grid(tmp_path):
    path = geotop(tmp_path / "a.nc", street())
    there = Window(gpd.GeoSeries([WINDOW.shape], crs=DUTCH).to_crs(32631).iloc[0], CRS(32631))
    rows = read_ground(path, there)[1].frame
    assert rows.crs == there.crs
    centre = there.shape.centroid
    assert mean(rows, centre.x, centre.y) == pytest.approx(1.786)


# --- REGIS ------------------------------------------------------------------------------------------------------------


def regis(path, layers, *, form="NETCDF4", bounds=True):
    """Write tops and bottoms [m NAP] of named layers, the same in each cell."""
    with Dataset(path, "w", format=form) as data:
        data.createDimension("bounds", 2)
        data.createDimension("layer", len(layers))
        data.createDimension("chars", 8)
        names = data.createVariable("layer", "S1", ("layer", "chars"))
        names[:] = stringtochar(np.array([name for name, _, _ in layers], dtype="S8"))
        for name, at in (("x", X + CORNERS), ("y", Y + CORNERS)):
            data.createDimension(name, len(at))
            data.createVariable(name, "f8", (name,))[:] = at + (17.0 if bounds else 0.0)  # bounds outrank it
            if bounds:
                data.createVariable(f"{name}_bounds", "f8", (name, "bounds"))[:] = np.stack([at, at + 100], axis=1)
        for name, which in (("top", 1), ("bottom", 2)):
            values = data.createVariable(name, "f4", ("layer", "y", "x"), fill_value=-9999.0)
            values[:] = np.array([layer[which] for layer in layers])[:, None, None] * np.ones((1, 5, 5))
    return path


REGIS = [
    ("HLc", 2.0, -8.0),
    ("BXz1", -8.0, -38.0),
    ("BXz2", -9999.0, -9999.0),  # not there
    ("KRk1", -38.0, -58.0),
    ("ABx1", -58.0, -78.0),  # a letter that is not known
    ("MSz1", -78.0, -118.0),
    ("AKc", -118.0, -118.0),  # without thickness
]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("bounds", [True, False])
def test_layers_of_regis(tmp_path, form, bounds):
    mapped = read_ground(regis(tmp_path / "regis.nc", REGIS, form=form, bounds=bounds), WINDOW)[1]
    # 1 m dry x 0.8 + 9 x 1.4 + 30 x 1.8 + 20 x 1.4 + 20 unknown x 2.0 + 20 x 1.8 = 171.4
    assert mean(mapped.frame, X + 50, Y + 50) == pytest.approx(1.714)
    assert mapped.frame["bottom_m"].max() == 120.0
    assert mapped.counts["unknown.lithology"] == 9
    assert mapped.frame.geometry.iloc[0].bounds == pytest.approx((X - 100, Y - 100, X + 199.99, Y + 199.99))


def test_layers_that_overlap_are_cut_and_counted(tmp_path):
    layers = [("BXz1", 0.0, -30.0), ("KRk1", -20.0, -50.0)]
    mapped = read_ground(regis(tmp_path / "regis.nc", layers), WINDOW)[1]
    # 1 x 0.5 + 29 x 1.8 + 20 x 1.4 + 50 x 2.0 = 180.7
    assert mean(mapped.frame, X + 50, Y + 50) == pytest.approx(1.807)
    assert mapped.counts["inferred.overlap_given_to_the_upper_layer"] == 9


# --- tables -----------------------------------------------------------------------------------------------------------


def table(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "layers.csv"
    path.write_bytes(text.encode(encoding))
    return read_ground(path, WINDOW)


@pytest.mark.parametrize(
    "text",
    [
        "top_m,bottom_m,conductivity_w_mk\n0,50,1.2\n50,100,2.0\n",
        "Bovenkant (m);Onderkant (m);Warmtegeleiding\n50;100;2,0\n\n0;50,0;1,2\n",
        "\ufefftop\tbottom\tλ\r\n+2\t-48\t1.2\r\n-48\t-98\t2\r\n",  # heights: the top of the first is ground level
    ],
)
def test_a_table_for_everywhere(tmp_path, text):
    mapped = table(tmp_path, text)[1]
    assert mapped.frame.geometry.isna().all()
    assert mean(mapped.frame, 0, 0) == pytest.approx(1.6)  # half 1.2, half 2.0, nothing taken as dry
    assert mapped.counts == {}
    assert mapped.frame["source"].tolist() == ["layers.csv", "layers.csv"]


def test_a_table_in_wide_characters(tmp_path):
    mapped = table(tmp_path, "top\tbottom\tlithok\n0\t10\tlöss\n", "utf-16")[1]
    assert mapped.frame["conductivity_w_mk"].tolist() == [1.1, 1.5]  # loam: dry, then moist


def test_words_codes_and_units_in_a_table(tmp_path):
    text = "van;tot;grondsoort\n0;2;Veen\n2;12;fijn zand\n12;22;KRk1\n22;32;8\n32;42;Klei, siltig\n42;50;sand\n"
    mapped = table(tmp_path, text, "cp1252")[1]
    # 0.2 + 0.4 + 10 x 1.8 + 10 x 1.4 + 10 x 2.0 + 10 unknown x 2.0 + 8 x 1.8 + 50 x 2.0 = 187.0
    assert mean(mapped.frame, 0, 0) == pytest.approx(1.87)
    assert mapped.counts["unknown.lithology"] == 1


def test_cells_in_a_table(tmp_path):
    text = f"x,y,top,bottom,lithok\n{X},{Y},0,40,6\n{X + 100},{Y},0,40,2\n{X + 5000},{Y},0,40,2\n"
    got, mapped = table(tmp_path, text)
    # sand: 0.5 + 39 x 1.8 + 60 x 2.0 = 190.7; clay: 0.8 + 39 x 1.4 + 120 = 175.4
    assert mean(mapped.frame, X + 50, Y + 50) == pytest.approx(1.907)
    assert mean(mapped.frame, X + 150, Y + 50) == pytest.approx(1.754)
    assert got.frame["cell"].nunique() == 2  # the third is elsewhere
    assert got.asked == 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("top,bottom,lambda\n", "holds no layer"),
        ("top,lambda\n0,2\n", "`bottom_m` is missing"),
        ("top,bottom\n0,2\n", "neither a conductivity nor"),
        ("top,bottom,lambda\n0,ten,2\n", r"row 1: has no number as `bottom_m`"),
        ("top,bottom,lambda\n0,5,2\n5,inf,2\n", r"row 2: has no number"),
        ("top,bottom,lambda\n0,5,2\n8,7,2\n", r"row 2: is upside down"),
        ("top,bottom,lambda\n0,5,2\n4,7,2\n", r"row 2: overlaps"),
        ("top,bottom,lambda\n0,5,200\n", r"row 1: has a conductivity outside"),
        ("top,bottom,lambda\n0,5,2,1\n", "4 cells under 3 names"),
        ("top,bottom,lambda\n-3,5,2\n", "begins above ground level"),
        ("top,top,bottom,lambda\n0,0,5,2\n", "two columns of one name"),
        (f"x,y,top,bottom,lambda\n{X},{Y},0,5,2\n{X + 100},,0,5,2\n", r"row 2: has no number as `y`"),
        (f"x,y,top,bottom,lambda\n{X},{Y},0,5,2\n{X + 31},{Y},0,5,2\n{X + 99},{Y},0,5,2\n", "places are no grid"),
        (f"x,top,bottom,lambda\n{X},0,5,2\n", "`y`"),
    ],
)
def test_broken_tables_are_named(tmp_path, text, says):
    with pytest.raises(InputError, match=says) as error:
        table(tmp_path, text)
    assert "layers.csv" in error.value.where


CELLS = st.one_of(
    st.sampled_from(["0", "1,5", "2.5", "-3", "1e400", "nan", "", "klei", "zand", "5", '"', "136000", "455000", "é"]),
    st.text(max_size=6),
)
HEADS = st.sampled_from(["top", "bottom", "lambda", "lithok", "x", "y", "van", "tot", "", "naam"])


@FUZZ
@given(st.lists(HEADS, max_size=6), st.lists(st.lists(CELLS, max_size=6), max_size=6), st.sampled_from(";,\t"))
def test_any_table_is_read_or_refused(tmp_path, heads, rows, part):
    text = "\n".join(part.join(line) for line in [heads, *rows])
    path = tmp_path / "fuzz.csv"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        mapped = read_ground(path, WINDOW)[1]
    except MinenetError:
        return
    assert (mapped.frame["bottom_m"] > mapped.frame["top_m"]).all()
    assert mapped.frame["conductivity_w_mk"].between(0.1, 10).all()


@FUZZ
@given(st.binary(max_size=400), st.sampled_from(["a.nc", "a.csv", "a.txt"]))
def test_any_bytes_are_read_or_refused(tmp_path, body, name):
    (tmp_path / name).write_bytes(body)
    with pytest.raises(MinenetError):
        read_ground(tmp_path / name, WINDOW)


# --- broken models ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("part", [0.01, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_model_is_refused(tmp_path, form, part):
    path = geotop(tmp_path / "geotop.nc", street(), form=form)
    body = path.read_bytes()
    path.write_bytes(body[: int(part * len(body))])
    with pytest.raises(InputError, match=r"geotop\.nc: is damaged.*dinoloket\.nl"):
        read_ground(path, WINDOW)


@settings(FUZZ, max_examples=80)
@given(st.sampled_from(FORMATS), st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_model_with_wrong_bytes_is_read_or_refused(tmp_path, form, wrong):
    path = tmp_path / f"{form}.whole"
    if not path.exists():
        geotop(path, street(), form=form)
    body = bytearray(path.read_bytes())
    for place, value in wrong:
        body[int(place * len(body) * 0.2)] = value  # where a file says what is in it
    (tmp_path / "wrong.nc").write_bytes(body)
    try:
        rows = read_ground(tmp_path / "wrong.nc", WINDOW)[1].frame
    except MinenetError:
        return
    assert (rows["bottom_m"] > rows["top_m"]).all()


def zipped():
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("geotop.nc", b"CDF\x01")
    return body.getvalue()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"<!DOCTYPE html><html>Sign in</html>", "is a web page"),
        (b'<?xml version="1.0"?><Error/>', "is a web page"),
        (zipped(), "is a zip archive.*Unpack"),
        (b"\x1f\x8b\x08", "is a gzip archive"),
        (b"top,bottom,lambda\n0,5,2\n", "neither classic NetCDF nor HDF5"),
    ],
)
def test_what_is_no_model_is_named(tmp_path, body, says):
    path = tmp_path / "geotop.nc"
    path.write_bytes(body)
    with pytest.raises(InputError, match=says) as error:
        read_ground(path, WINDOW)
    assert error.value.mend


def test_a_file_that_is_not_there_or_another_model(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_ground(tmp_path / "none.nc", WINDOW)
    with pytest.raises(InputError, match="cannot be read"):
        read_ground(tmp_path, WINDOW)
    with Dataset(tmp_path / "rain.nc", "w") as data:
        data.createDimension("t", 2)
        data.createVariable("rain", "f4", ("t",))
    with pytest.raises(InputError, match=r"no `lithok`, nor.*rain"):
        read_ground(tmp_path / "rain.nc", WINDOW)


# --- zones ------------------------------------------------------------------------------------------------------------


def zones(*words, **columns):
    frame = pd.DataFrame(columns or {"TYPE": list(words)})
    return gpd.GeoDataFrame(frame, geometry=[shapely.box(X, Y, X + 100, Y + 100)] * len(frame), crs=DUTCH)


def mapped_zones(rows, source="a layer"):
    return map_zones(rows, WINDOW, source=source, date="2026-11-28")


@pytest.mark.parametrize(
    ("word", "kind", "effect"),
    [
        ("Waterwingebied", "waterwingebied", "ban"),
        ("Grondwaterbeschermingsgebieden", "grondwaterbeschermingsgebied", "ban"),
        ("Boringsvrije zone", "boringsvrije_zone", "ban"),
        ("100-jaarsaandachtsgebied", "100_jaarsaandachtsgebied", "permit"),
        ("Gebied kwetsbare strategische grondwatervoorraad", "strategische_grondwatervoorraad", "permit"),
        ("Beschermingszone oppervlaktewaterwinning", "beschermingszone_oppervlaktewaterwinning", "permit"),
        ("interferentiegebied", "interference_area", "permit"),
        ("Warmtenet (gepland)", "heat_network", "heat_network"),
        ("http://inspire/ZoneTypeCode/drinkingWaterProtectionArea", "grondwaterbeschermingsgebied", "ban"),
        ("no-drilling zone", "boringsvrije_zone", "ban"),
        ("Interferentiegebied in waterwingebied", "waterwingebied", "ban"),  # the stricter of two
        ("geen warmtenet", "unknown_zone", "notice"),
        ("niet in waterwingebied", "waterwingebied", "ban"),  # a ban is never read away
        ("Stiltegebied", "unknown_zone", "notice"),
    ],
)
def test_words_of_zones(word, kind, effect):
    mapped = mapped_zones(zones(word))
    row = mapped.frame.iloc[0]
    assert (row["kind"], row["effect"]) == (kind, effect)
    assert (row["source"], row["date"]) == ("a layer", "2026-11-28")
    assert row["name"] == word.casefold()
    assert mapped.counts.get("unknown.zone_word", 0) == (kind == "unknown_zone")


def test_what_is_not_known_answers_no_check():
    frame = mapped_zones(zones("Stiltegebied", "", None, "subsidie", "openbare ruimte")).frame
    frame["subject"] = subject(frame["kind"])
    assert frame["subject"].isna().all()
    for check in ("drilling_ban", "depth_limit", "heat_network_planned", "support", "interference_area"):
        assert not answers(check, frame).any()
    limited = mapped_zones(zones(TYPE=["Boringsvrije zone"], max_diepte=["80"])).frame
    assert subject(limited["kind"]).tolist() == ["depth_limit"]  # not: drilling is free outside


@pytest.mark.parametrize(
    ("column", "value", "limit"),
    [
        ("MAX_DIEPTE", 80, 80),
        ("maximale diepte", "50,5 m -mv", 50.5),
        ("diepte", "10 meter", 10),
        ("diepte", None, None),
        ("diepte", 0, None),
        ("diepte", -30, None),
        ("diepte", "NAP -30 m", None),
        ("diepte_nap", 30, None),
        ("value", 30, None),
    ],
)
def test_a_no_drilling_zone_has_a_limit_only_where_a_depth_is_said(column, value, limit):
    mapped = mapped_zones(zones(**{"type": ["boringsvrije zone"], column: [value]}))
    row = mapped.frame.iloc[0]
    if limit is None:
        assert (row["effect"], row["kind"]) == ("ban", "boringsvrije_zone")
        assert np.isnan(row["value"])
        assert mapped.counts == {"unknown.depth_so_banned": 1}
    else:
        assert (row["effect"], row["value"], row["kind"]) == ("max_depth", limit, "depth_limit")


def test_where_the_word_stands():
    by_name = mapped_zones(zones(code=["a"], WINNING=["Grondwaterbeschermingsgebied Bunnik"])).frame.iloc[0]
    assert (by_name["effect"], by_name["name"]) == ("ban", "Grondwaterbeschermingsgebied Bunnik")
    by_type = mapped_zones(zones(TYPE=["Interferentiegebied"], naam=["bij warmtenet, niet openbaar"])).frame.iloc[0]
    assert by_type["kind"] == "interference_area"
    mapped = mapped_zones(zones(WINNING=["Bunnik"]), "Utrecht, strategische grondwatervoorraad")
    assert mapped.frame["effect"].tolist() == ["permit"]
    assert mapped.counts["inferred.zone_word_from_the_source"] == 1


def test_a_file_of_the_contract_passes():
    rows = zones(
        kind=["no_drilling", "drinking_water", "x", None],
        effect=["max_depth", "notice", "verboden", " Ban"],
        value=[60.0, None, None, None],
        name=["A", "B", "C", "D"],
        source=["ours", None, None, None],
        date=["2020", None, None, None],
    )
    frame = mapped_zones(rows).frame
    assert frame["kind"].tolist() == ["no_drilling", "drinking_water", "unknown_zone", "unknown_zone"]
    assert frame["effect"].tolist() == ["max_depth", "notice", "notice", "ban"]
    assert frame["value"].fillna(0).tolist() == [60, 0, 0, 0]
    assert frame["source"].tolist() == ["ours", *["a layer"] * 3]
    assert frame["date"].tolist() == ["2020", *["2026-11-28"] * 3]


def test_shapes_of_zones():
    rows = zones("Waterwingebied", "Waterwingebied", "Waterwingebied", "Waterwingebied")
    bow = shapely.Polygon([(X, Y), (X + 100, Y + 100), (X + 100, Y), (X, Y + 100)])
    far = shapely.box(X + 500, Y, X + 600, Y + 100)
    rows = rows.set_geometry(np.array([bow, far, shapely.Point(X + 50, Y + 50), None]), crs=DUTCH)
    mapped = mapped_zones(rows.to_crs(4326))
    assert len(mapped.frame) == 1
    assert mapped.frame.is_valid.all()
    assert mapped.counts == {
        "left_out.no_polygon": 2,
        "left_out.outside_the_window": 1,
        "inferred.mended_shape": 1,
    }
    assert len(mapped_zones(rows[:0]).frame) == 0
    with pytest.raises(InputError, match="coordinate reference"):
        mapped_zones(rows.set_crs(None, allow_override=True))


WORDS = st.one_of(st.none(), st.text(max_size=12), st.sampled_from(["waterwingebied", "geen", "warmtenet", "|", "80"]))


@settings(FUZZ, max_examples=30)
@given(st.lists(st.tuples(WORDS, WORDS, st.one_of(WORDS, st.floats())), max_size=20))
def test_any_zone_is_kept_with_an_effect(rows):
    frame = zones(**{name: [row[n] for row in rows] for n, name in enumerate(("TYPE", "naam", "diepte"))})
    table = mapped_zones(frame).frame
    assert len(table) == len(rows)
    assert table["effect"].isin(EFFECTS).all()
    assert (table["value"].notna() == (table["effect"] == "max_depth")).all()
    assert table["kind"].notna().all()


# --- Esri JSON --------------------------------------------------------------------------------------------------------


def ring(x, y, size, *, hole=False):
    corners = [[x, y], [x, y + size], [x + size, y + size], [x + size, y], [x, y]]  # clockwise
    return corners[::-1] if hole else corners


def esri(*rings, reference=None):
    geometry = {"rings": list(rings)} if rings else None
    return {
        "spatialReference": reference or {"wkid": 28992, "latestWkid": 28992},
        "features": [{"attributes": {"TYPE": "Waterwingebied"}, "geometry": geometry}],
    }


def test_rings_and_holes():
    # 10 x 10 with a hole of 6 x 6, in it an island of 2 x 2; beside it 3 x 3: 100 - 36 + 4 + 9 = 77
    document = esri(ring(4, 4, 2), ring(0, 0, 10), ring(2, 2, 6, hole=True), ring(20, 0, 3))
    frame = from_esri_json(document)
    assert frame.area.tolist() == [77]
    assert frame.is_valid.all()
    assert frame.crs == DUTCH
    assert frame["TYPE"].tolist() == ["Waterwingebied"]
    assert from_esri_json(esri(ring(0, 0, 10, hole=True))).area.tolist() == [100]  # a hole in nothing is ground
    assert from_esri_json(esri(ring(0, 0, 10), ring(50, 0, 10, hole=True))).area.tolist() == [200]
    assert from_esri_json(esri()).geometry.isna().all()
    assert len(from_esri_json(esri() | {"features": []})) == 0


def test_references_of_esri():
    square = ring(0, 0, 10)
    assert from_esri_json(esri(square, reference={"wkid": 102100, "latestWkid": 3857})).crs == CRS(3857)
    assert from_esri_json(esri(square, reference={"wkid": 102100})).crs is not None  # a number of Esri's own
    for reference in ({"wkid": "x"}, {"wkid": 999_999}, {"wkt": "?"}, "RD"):
        with pytest.raises(InputError, match="coordinate reference system"):
            from_esri_json(esri(square, reference=reference))


@pytest.mark.parametrize(
    "document",
    [
        {"error": {"code": 400, "message": "Invalid query"}},
        {"error": "broken"},
        {},
        {"features": None},
        {"features": [3]},
        esri(ring(0, 0, 10)) | {"features": [{"geometry": {"paths": []}}]},
        esri([[0, 0], [1, 1]]),
        esri([[0, 0], [1, 1], [2, None], [0, 0]]),
        esri([]),
        esri("abc"),
        esri(ring(0, 0, 10)) | {"features": [{"geometry": 3}]},
        esri(ring(0, 0, 10)) | {"features": [{"geometry": None, "attributes": 3}]},
    ],
)
def test_broken_esri_json_is_named(document):
    with pytest.raises(InputError):
        from_esri_json(document)
