"""What other programs get: styles and descriptions in the GeoPackage, CSV, XLSX and GeoParquet."""

import csv
import io
import re
import sqlite3
import zipfile
from contextlib import closing
from xml.etree import ElementTree as ET

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
from hostile import HOSTILE, hostile_result
from pandas.testing import assert_frame_equal

from minenet import read_result, write_parquet, write_result, write_summary
from minenet.errors import AssumptionError, InputError, OutputError
from minenet.maps.layers import STYLES
from minenet.maps.texts import TEXTS
from minenet.sources.looks import LOOKS
from minenet.sources.qml import qml_of
from minenet.summaries.content import IN_WORDS
from minenet.summaries.sheets import neutral
from minenet.tables import LABELS, LANGUAGES, RESULT_TABLES, label_group, table_about, table_title, title
from minenet.tables import about as about_column

EVERY_COLUMN = [(name, column) for name, table in RESULT_TABLES.items() for column in table.columns]


@pytest.fixture(scope="module")
def written(demo_result, tmp_path_factory):
    return write_result(demo_result, tmp_path_factory.mktemp("gis") / "r.gpkg")


def rows_of(path, question):
    with closing(sqlite3.connect(path)) as file:
        return file.execute(question).fetchall()


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_and_code_has_words_in_both_languages(language):
    for name in RESULT_TABLES:
        assert table_title(name, language)
        assert table_about(name, language)
    for name, column in EVERY_COLUMN:
        assert title(name, column.name, language)
        assert about_column(name, column.name, language)
        if group := label_group(name, column):
            missing = set(column.values) - set(LABELS[group])
            assert not missing, f"{name}.{column.name}"


def test_no_title_is_left_of_a_column_that_is_gone():
    from minenet.tables._titles import _TITLES

    known = {(name, column.name) for name, column in EVERY_COLUMN} | {(name, "") for name in RESULT_TABLES}
    stray = {key for key in _TITLES if key[0] != "*" and key not in known}
    assert not stray
    assert {name for table, name in _TITLES if table == "*"} <= {column.name for _, column in EVERY_COLUMN}


def test_titles_differ_within_a_table():
    """GeoPackage asks it of `gpkg_data_columns.name`."""
    for language in LANGUAGES:
        for name, table in RESULT_TABLES.items():
            titles = [title(name, column.name, language) for column in table.columns]
            assert len(set(titles)) == len(titles), name


def test_every_text_of_the_summaries_is_there():
    assert {f"summary.about_{name}" for name in IN_WORDS} <= set(TEXTS)


# --- styles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", RESULT_TABLES)
def test_a_style_is_whole(name, language):
    text = qml_of(name, language)
    assert text.startswith("<!DOCTYPE qgis")
    root = ET.fromstring(text)
    assert root.tag == "qgis"
    assert root.get("version").startswith("3.")
    columns = [column.name for column in RESULT_TABLES[name].columns]
    aliases = root.findall("aliases/alias")
    assert [alias.get("field") for alias in aliases] == columns
    assert [int(alias.get("index")) for alias in aliases] == list(range(1, len(columns) + 1))
    assert all(alias.get("name") for alias in aliases)
    if RESULT_TABLES[name].geometry is None:
        assert root.find("renderer-v2") is None
        return
    renderer = root.find("renderer-v2")
    assert renderer.get("type") == "categorizedSymbol"
    symbols = {symbol.get("name"): symbol for symbol in renderer.findall("symbols/symbol")}
    categories = renderer.findall("categories/category")
    assert [category.get("symbol") for category in categories] == list(symbols)
    assert all(category.get("label") for category in categories)
    kinds = {"fill": "SimpleFill", "line": "SimpleLine", "marker": "SimpleMarker"}
    for symbol in symbols.values():
        layers = symbol.findall("layer")
        assert {layer.get("class") for layer in layers} == {kinds[symbol.get("type")]}
        assert all(layer.find("Option").get("type") == "Map" for layer in layers)


def test_styles_speak_the_language_and_know_every_code():
    verdicts = {
        language: [c.get("label") for c in ET.fromstring(qml_of("clusters", language)).iter("category")]
        for language in LANGUAGES
    }
    assert verdicts["nl"] == ["Kansrijk", "Nader onderzoek", "Uitgesloten", "Geen oordeel"]
    assert verdicts["en"] == ["Promising", "Investigate", "Excluded", "No verdict"]
    for layer, column in (("clusters", "verdict"), ("pipes", "kind")):
        codes = {symbol.code for symbol in LOOKS[layer].symbols}
        assert set(RESULT_TABLES[layer].column[column].values) <= codes
    # every kind of thing in the surroundings is drawn; a zone is one of four classes
    drawn = {symbol.code for symbol in LOOKS["context"].symbols}
    assert set(RESULT_TABLES["context"].column["layer"].values) - {"zone"} | {"heat", "condition", "zone"} <= drawn


def test_colours_are_those_of_the_map():
    """One legend for map and GIS: outlines and fills of the verdicts, pipes and boreholes."""

    def colours(layer, code):
        symbol = next(s for s in LOOKS[layer].symbols if s.code == code)
        listed = (value for part in symbol.parts for name, value in part.properties.items() if name.endswith("color"))
        return {"#{:02x}{:02x}{:02x}".format(*map(int, value.split(",")[:3])) for value in listed}

    for verdict in ("promising", "investigate", "excluded"):
        assert STYLES[verdict]["color"].lower() in colours("clusters", verdict)
    assert STYLES["promising"]["fillColor"].lower() in colours("clusters", "promising")
    assert colours("pipes", "ring") == {STYLES["pipe"]["color"].lower()}
    assert STYLES["borehole"]["fillColor"].lower() in colours("boreholes", "shared_loops")


def test_the_geopackage_carries_styles_as_qgis_stores_them(written):
    found = rows_of(written, "SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles")
    assert len(found) == 2 * len(RESULT_TABLES)
    for name, table in RESULT_TABLES.items():
        own = [row for row in found if row[0] == name]
        assert [row[3] for row in own] == [1, 0]  # Dutch is the default
        assert {row[1] for row in own} == {"" if table.geometry is None else "geom"}
        assert own[0][2] == qml_of(name, "nl")
    kind = rows_of(written, "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'")
    assert kind == [("attributes",)]
    assert rows_of(written, "PRAGMA integrity_check") == [("ok",)]
    assert not rows_of(written, "PRAGMA foreign_key_check")
    assert max(len(name) for (name,) in rows_of(written, "SELECT styleName FROM layer_styles")) <= 30


def test_only_the_best_variant_is_drawn_at_first(demo_result):
    best = demo_result.clusters.set_index("cluster_id")["best_variant"]
    for frame in (demo_result.boreholes, demo_result.pipes):
        expected = [variant == best[cluster] for cluster, variant in zip(frame.cluster_id, frame.variant, strict=True)]
        assert frame["best"].tolist() == expected
        assert 0 < sum(expected) < len(expected)


# --- descriptions -----------------------------------------------------------------------------------------------------


def test_every_column_is_described_with_its_unit(written):
    found = rows_of(written, "SELECT table_name, column_name, description, constraint_name FROM gpkg_data_columns")
    described = {(table, column): (text, codes) for table, column, text, codes in found}
    assert set(described) == {(name, column.name) for name, column in EVERY_COLUMN}
    for name, column in EVERY_COLUMN:
        text, codes = described[(name, column.name)]
        assert text.startswith(column.about)
        assert (codes is not None) == (column.values is not None)
    assert described[("pipes", "diameter_mm")][0] == "Outer diameter. Unit: mm."
    assert described[("solutions", "regeneration_kwh")][0].endswith("Unit: kWh.")
    used = rows_of(written, "SELECT extension_name FROM gpkg_extensions WHERE table_name LIKE 'gpkg_data_column%'")
    assert used == [("gpkg_schema",)] * 2
    codes = rows_of(
        written,
        "SELECT value, description FROM gpkg_data_column_constraints WHERE constraint_name = 'clusters.verdict'",
    )
    assert dict(codes) == {"promising": "Promising", "investigate": "Investigate", "excluded": "Excluded"}


def test_other_readers_see_the_layers_as_before(written):
    names = [str(name) for name, _ in pyogrio.list_layers(written)]
    assert set(names) == {*RESULT_TABLES, "layer_styles"}
    info = pyogrio.read_info(written, layer="clusters")
    assert info["layer_metadata"]["DESCRIPTION"] == "Candidates of 2-50 homes."
    assert list(info["fields"]) == [column.name for column in RESULT_TABLES["clusters"].columns]


# --- summaries --------------------------------------------------------------------------------------------------------


ATTACKS = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0=1",
    "\ufeff=1",
    "\u200b=1",
    "\tx",
    "\uff1d1",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_a_text_that_could_be_a_formula_is_neutralised(text):
    assert neutral(text) == "'" + text


@pytest.mark.parametrize("text", ["Kerkstraat 1-9", "", "a=1", "'=1", "3", "é", "\u22125"])
def test_other_texts_stay_as_they_are(text):
    assert neutral(text) == text


@pytest.fixture(scope="module")
def attacked(demo_result):
    """The demo with a formula for a name, a detail, a variant that is not known, and a value of provenance."""
    clusters = demo_result.clusters.copy()
    clusters.loc[clusters.index[: len(ATTACKS)], "name"] = ATTACKS
    clusters.loc[clusters.index[0], "capex_eur_per_home"] = -1234.5
    checks = demo_result.checks.copy()
    checks.loc[checks.index[0], ["detail", "source"]] = "=HYPERLINK(1)", "@x"
    provenance = pd.concat(
        [demo_result.provenance, pd.DataFrame({"key": ["+k"], "value": ["-v"]}, dtype="str")], ignore_index=True
    )
    return type(demo_result)(**{**demo_result.layers, "clusters": clusters, "checks": checks, "provenance": provenance})


def begins_like_a_formula(text):
    return bool(re.match(r"[\s\u200b\ufeff]*[=+\-@\uff1d]|[\t\r\n]", text))


def test_no_cell_of_the_csv_is_a_formula_and_numbers_stay_numbers(attacked, tmp_path):
    done = write_summary(attacked, tmp_path / "c.csv", language="nl")
    content = done.path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(table) == 1 + len(attacked.clusters)
    negative = re.compile(r"-\d+(,\d+)?")
    cells = [cell for row in table for cell in row]
    assert not [cell for cell in cells if begins_like_a_formula(cell) and not negative.fullmatch(cell)]
    assert done.neutralised == len(ATTACKS)
    assert sum(cell in {"'" + attack for attack in ATTACKS} for cell in cells) == len(ATTACKS)
    column = table[0].index("Investering (€ per woning)")
    assert "-1234" in [row[column] for row in table[1:]]  # rounded to whole euros: half to even


def test_no_cell_of_the_workbook_is_a_formula(attacked, tmp_path):
    done = write_summary(attacked, tmp_path / "c.xlsx")
    book = openpyxl.load_workbook(done.path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not [cell.value for cell in cells if isinstance(cell.value, str) and begins_like_a_formula(cell.value)]
    assert -1234 in [cell.value for cell in cells]
    # names stand beside every solution and check too
    own = 4  # a detail, its source, a key, a value
    names = attacked.clusters["cluster_id"].head(len(ATTACKS))
    repeated = sum(frame["cluster_id"].isin(names).sum() for frame in (attacked.solutions, attacked.checks))
    assert done.neutralised == own + len(ATTACKS) + repeated
    with zipfile.ZipFile(done.path) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


@pytest.mark.parametrize("name", ["c.csv", "c.xlsx"])
def test_hostile_text_breaks_no_summary(tmp_path, name):
    done = write_summary(hostile_result(), tmp_path / name, language="en")
    if name.endswith("csv"):
        table = list(csv.reader(io.StringIO(done.path.read_text("utf-8-sig"), newline="")))
        assert len({len(row) for row in table}) == 1
        assert any(HOSTILE in cell for row in table for cell in row)
    else:
        assert HOSTILE in {row[1] for row in openpyxl.load_workbook(done.path)["Provenance"].values}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_clusters_tells_what_the_result_says(demo_result, tmp_path, language):
    path = write_summary(demo_result, tmp_path / "c.csv", language=language).path
    between, decimal = (";", ",") if language == "nl" else (",", ".")
    table = pd.read_csv(path, sep=between, decimal=decimal, encoding="utf-8-sig")
    ranked = demo_result.clusters.sort_values("rank", ignore_index=True)
    called = {name: title("clusters", name, language) for name in RESULT_TABLES["clusters"].column}
    assert table[called["cluster_id"]].tolist() == ranked["cluster_id"].tolist()
    assert table[called["annual_eur_per_home"]].sub(ranked["annual_eur_per_home"]).abs().max() <= 0.5
    assert table[called["verdict"]].iloc[0] == {"nl": "Kansrijk", "en": "Promising"}[language]
    assert not table[called["reasons"]].str.contains("_", regex=False).any()
    points = gpd.points_from_xy(table["X"], table["Y"], crs=demo_result.crs)
    assert ranked.geometry.contains(gpd.GeoSeries(points)).all()
    north, east = {"nl": ("Breedtegraad", "Lengtegraad"), "en": ("Latitude", "Longitude")}[language]
    degrees = gpd.GeoSeries(gpd.points_from_xy(table[east], table[north], crs=4326)).to_crs(demo_result.crs)
    assert degrees.distance(gpd.GeoSeries(points)).max() < 0.2


def test_the_workbook_has_a_sheet_of_each_and_explains_every_column(demo_result, tmp_path):
    book = openpyxl.load_workbook(write_summary(demo_result, tmp_path / "c.xlsx").path)
    assert book.sheetnames == ["Clusters", "Varianten", "Controles", "Aannamen", "Herkomst", "Uitleg"]
    sizes = {sheet.title: sheet.max_row - 1 for sheet in book}
    assumed = demo_result.provenance["key"].str.startswith("assumption.").sum()
    assert sizes["Clusters"] == len(demo_result.clusters)
    assert sizes["Varianten"] == len(demo_result.solutions)
    assert sizes["Controles"] == len(demo_result.checks)
    assert (sizes["Aannamen"], sizes["Herkomst"]) == (assumed, len(demo_result.provenance) - assumed)
    told = [(sheet.title, cell.value) for sheet in book if sheet.title != "Uitleg" for cell in sheet[1]]
    assert [row[:2] for row in book["Uitleg"].iter_rows(min_row=2, values_only=True)] == told
    assert all(row[3] for row in book["Uitleg"].iter_rows(min_row=2, values_only=True))
    for sheet in book:
        assert sheet.freeze_panes.endswith("2")
        assert sheet.auto_filter.ref == sheet.dimensions
    # 2.0 W/mK with its range, as numbers
    ground = {row[0]: row[1:] for row in book["Aannamen"].values}["ground.conductivity"]
    assert all(isinstance(ground[place], float | int) for place in (0, 2, 3))
    assert ground[1] == "W/mK"


def test_an_assumption_of_the_user_keeps_its_numbers(demo_result, tmp_path):
    """What a user sets has no date, and may have a source with semicolons."""
    own = pd.DataFrame(
        {"key": ["assumption.a.b", "assumption.a.c"], "value": ["0.25 EUR/kWh (0.2 to 0.38); mine; own;", "odd"]},
        dtype="str",
    )
    write_summary(type(demo_result)(**{**demo_result.layers, "provenance": own}), tmp_path / "c.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "c.xlsx")["Aannamen"].iter_rows(min_row=2, values_only=True))
    assert rows == [
        ("a.b", 0.25, "EUR/kWh", 0.2, 0.38, "mine; own", None),
        ("a.c", "odd", None, None, None, None, None),
    ]


def test_no_single_home_is_in_a_summary(demo_result, tmp_path):
    homes = demo_result.homes
    write_summary(demo_result, tmp_path / "c.xlsx")
    book = openpyxl.load_workbook(tmp_path / "c.xlsx")
    told = {str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None}
    assert not told & set(homes["home_id"])
    assert not told & set(homes["address"].dropna())


def test_the_use_of_few_homes_is_left_empty_and_counted(demo_result, tmp_path):
    """Three homes, one of them measured: their sum would tell what a household uses."""
    homes, clusters = demo_result.homes.copy(), demo_result.clusters
    own = clusters.sort_values("rank")["cluster_id"].iloc[0]
    members = homes.index[homes["cluster_id"] == own]
    homes.loc[members[3:], "cluster_id"] = None
    homes.loc[members[0], "demand_source"] = "measured"
    few = type(demo_result)(**{**demo_result.layers, "homes": homes})
    done = write_summary(few, tmp_path / "c.csv", language="en")
    assert done.withheld == 1
    table = pd.read_csv(done.path, encoding="utf-8-sig").set_index("Cluster")
    told_by_use = (
        "heat_kwh", "peak_kw", "heat_density_kwh_m2", "capex_eur_per_home", "annual_eur_per_home", "gas_eur_per_home",
        "air_eur_per_home", "rank_reason",
    )  # fmt: skip
    withheld = [title("clusters", name, "en") for name in told_by_use]
    assert table.loc[own, withheld].isna().all()
    others = table.index.drop(own)
    known = clusters.set_index("cluster_id").loc[others, list(told_by_use)].notna().to_numpy()
    assert known.any(axis=0).all()
    assert (table.loc[others, withheld].notna().to_numpy() == known).all()
    assert table.loc[own, [title("clusters", n, "en") for n in ("verdict", "homes", "best_variant")]].notna().all()
    assert write_summary(demo_result, tmp_path / "d.csv").withheld == 0


def test_no_figure_in_the_workbook_tells_the_use_of_few_homes(demo_result, tmp_path):
    homes, own = demo_result.homes.copy(), demo_result.clusters["cluster_id"].iloc[0]
    members = homes.index[homes["cluster_id"] == own]
    homes.loc[members[3:], "cluster_id"] = None
    homes.loc[members[0], "demand_source"] = "measured"
    few = type(demo_result)(**{**demo_result.layers, "homes": homes})
    book = openpyxl.load_workbook(write_summary(few, tmp_path / "c.xlsx", language="en").path)
    solutions = [row for row in book["Solutions"].values if own in row]
    assert len(solutions) == len(demo_result.solutions[demo_result.solutions["cluster_id"] == own])
    # 2,345 EUR for gas is (2345 - 637) / 1.332 m3, 2,282 kg of CO2 is 2282 / 1.78 m3: only counts and metres of trench
    # remain, and shares below 1
    names = [title("solutions", n, "en") for n in ("boreholes", "drillings", "trench_m", "pipe_m", "public_trench_m")]
    header = next(row for row in book["Solutions"].values if names[0] in row)
    free = [header.index(name) for name in names]
    for row in solutions:
        rest = [cell for place, cell in enumerate(row) if place not in free and isinstance(cell, int | float)]
        assert all(isinstance(cell, bool) or abs(cell) < 1 for cell in rest), row
    details = [row for row in book["Checks"].values if own in row]
    assert details
    assert not [row for row in details if any("kW" in str(cell) or " K" in str(cell) for cell in row[4:5])]


def test_more_rows_than_excel_holds_is_an_error(demo_result, tmp_path, monkeypatch):
    monkeypatch.setattr("minenet.summaries.writing.MOST_ROWS", 10)
    rows = len(demo_result.clusters)
    with pytest.raises(OutputError, match=f"`Clusters` has {rows} rows, more than Excel holds"):
        write_summary(demo_result, tmp_path / "c.xlsx")
    assert not list(tmp_path.iterdir())


def test_where_a_summary_cannot_be_written(demo_result, tmp_path):
    with pytest.raises(OutputError, match=r"End the name in .csv or .xlsx"):
        write_summary(demo_result, tmp_path / "c.ods")
    with pytest.raises(OutputError, match="does not exist"):
        write_summary(demo_result, tmp_path / "no" / "c.csv")
    with pytest.raises(AssumptionError, match="Choose nl or en"):
        write_summary(demo_result, tmp_path / "c.csv", language="fr")


@pytest.mark.parametrize("name", ["c.csv", "c.xlsx"])
def test_the_same_result_is_the_same_summary(demo_result, tmp_path, name):
    one, two = (tmp_path / part for part in "ab")
    for folder in (one, two):
        folder.mkdir()
        write_summary(demo_result, folder / name)
    assert (one / name).read_bytes() == (two / name).read_bytes()


# --- GeoParquet -------------------------------------------------------------------------------------------------------


def test_a_folder_of_geoparquet_comes_back_as_it_was_written(demo_result, tmp_path):
    folder = write_parquet(demo_result, tmp_path / "p")
    again = read_result(folder)
    assert again.crs == demo_result.crs
    for name, layer in demo_result.layers.items():
        assert_frame_equal(layer, again.layers[name], obj=name)
    assert len(gpd.read_parquet(folder / "clusters.parquet")) == len(demo_result.clusters)
    assert len(pd.read_parquet(folder / "checks.parquet")) == len(demo_result.checks)


def test_the_same_result_is_the_same_folder_and_an_older_one_is_replaced(demo_result, tmp_path):
    for name in ("a", "b", "a"):
        write_parquet(demo_result, tmp_path / name)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in "ab")
    assert one == two
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]


def test_a_folder_with_other_files_is_left_alone(demo_result, tmp_path):
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "thesis.docx").write_text("precious")
    with pytest.raises(OutputError, match=r"thesis.docx"):
        write_parquet(demo_result, tmp_path / "p")
    (tmp_path / "f").write_text("a file")
    with pytest.raises(OutputError, match="is a file"):
        write_parquet(demo_result, tmp_path / "f")
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["f", "p", "thesis.docx"]


def test_a_failed_write_leaves_the_older_folder_whole(demo_result, tmp_path, monkeypatch):
    folder = write_parquet(demo_result, tmp_path / "p")
    before = {p.name: p.read_bytes() for p in folder.iterdir()}

    def breaks(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("geopandas.GeoDataFrame.to_parquet", breaks)
    with pytest.raises(OutputError, match="No space left"):
        write_parquet(demo_result, folder)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["p"]


def test_a_folder_that_lacks_a_layer_or_holds_a_broken_one_is_an_error(demo_result, tmp_path):
    folder = write_parquet(demo_result, tmp_path / "p")
    (folder / "pipes.parquet").write_bytes((folder / "pipes.parquet").read_bytes()[:500])
    with pytest.raises(InputError, match=r"pipes.parquet: cannot be read"):
        read_result(folder)
    (folder / "pipes.parquet").write_bytes((folder / "costs.parquet").read_bytes())  # no geometry
    with pytest.raises(InputError, match=r"pipes.parquet: cannot be read"):
        read_result(folder)
    (folder / "pipes.parquet").unlink()
    with pytest.raises(InputError, match=r"is no result: `pipes.parquet` is missing"):
        read_result(folder)


# --- the command line -------------------------------------------------------------------------------------------------


def test_export_writes_all_three_and_says_what_it_changed(run, written, attacked, tmp_path):
    write_result(attacked, tmp_path / "r.gpkg")
    code, out, err = run("export", "r.gpkg", "--csv", "c.csv", "--xlsx", "c.xlsx", "--parquet", "p", "--language", "en")
    assert (code, err) == (0, "")
    assert f"Written: c.csv\n  {len(ATTACKS)} texts began like a formula" in out
    assert "Promising" in (tmp_path / "c.csv").read_text("utf-8-sig")
    assert run("export", "p", "--csv", "again.csv", "--language", "en")[0] == 0
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "c.csv").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Say what to write"),
        (["--csv", "c.xlsx"], "End the name in .csv"),
        (["--xlsx", "no/c.xlsx"], "does not exist"),
        (["--parquet", "."], "holds something else"),
    ],
)
def test_a_wrong_export_leaves_with_2(run, written, tmp_path, arguments, words):
    (tmp_path / "notes.txt").write_text("mine")
    code, _, err = run("export", written, *arguments)
    assert code == 2
    assert words in err
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]
