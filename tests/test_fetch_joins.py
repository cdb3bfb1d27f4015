"""Files of public registers, and of one's own, mapped to an area: values by hand, and files that are broken."""

import zipfile
from contextlib import suppress

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minenet.errors import InputError, MinenetError
from minenet.fetch.answers import join_answers
from minenet.fetch.dutch.gas import gas_by_postcode, with_gas
from minenet.fetch.dutch.labels import label_of_buildings, read_labels
from minenet.fetch.dutch.loops import map_loops, read_loops
from minenet.fetch.window import DUTCH, Window
from minenet.tables import make_area

WINDOW = Window(shapely.box(130_110, 455_110, 130_190, 455_190), DUTCH)  # with its strip it touches 3 x 3 cells
FORMATS = ("NETCDF3_CLASSIC", "NETCDF4")
SOME = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


# --- labels -----------------------------------------------------------------------------------------------------------

OLD = "Pand_opnamedatum;Pand_energieklasse;Meting_geldig_tot;Pand_registratiedatum;Pand_bagverblijfsobjectid"
NEW = "Postcode;BAGVerblijfsobjectID;Energieklasse;Registratiedatum;GeldigTot"
HOME = "0193010000000001"


def test_the_latest_label_that_holds_is_taken(tmp_path):
    path = tmp_path / "ep.csv"
    lines = [
        "PublicatieDatum;01-09-2026",
        "LaatstVerwerkteMutatievolgnummer;123",
        OLD,
        f"20100101;D;20360101;20100201;{HOME}",
        f"20200101;B;20300101;20200201;{HOME[1:]}",  # the zero lost
        f"20240101;A;20250101;20240201;{HOME}",  # expired on the day of publication
        f"20250101;?;20350101;20250201;{HOME}",
        "20200101;A+++;20300101;20200201;0193010000000002",
        "20200101;C;20300101;20200201;0193010000000009",  # of another
    ]
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    found = read_labels(path, [HOME, "0193010000000002", "0193010000000003"])
    assert found.frame.to_numpy().tolist() == [[HOME, "B"], ["0193010000000002", "A+++"]]
    assert found.counts == {
        "left_out.older_label_of_the_same_dwelling": 1,
        "left_out.expired": 1,
        "left_out.no_class_that_is_known": 1,
        "unknown.no_label": 1,
    }


def test_newer_names_and_chunks_give_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr("minenet.fetch.dutch.labels.CHUNK_ROWS", 2)
    path = tmp_path / "ep.csv"
    rows = [f"2628CD;{HOME};{label};2020-0{i}-01;" for i, label in enumerate("GDEC", 1)]
    path.write_text("\n".join([NEW, *rows]))
    found = read_labels(path, [HOME])
    assert found.frame["energy_label"].tolist() == ["C"]
    assert found.counts["unknown.whether_labels_still_hold"] == 1
    assert read_labels(path, []).frame.empty


@pytest.mark.parametrize("body", [b"", b"<html>", b"PK\x03\x04", b"x,y\n1,2\n", (OLD + '\n1;"A;2').encode()])
def test_what_are_no_labels_is_named(tmp_path, body):
    (tmp_path / "ep.csv").write_bytes(body)
    with pytest.raises(InputError, match="ep.csv"):
        read_labels(tmp_path / "ep.csv", [HOME])


@SOME
@given(rows=st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=7), max_size=6))
def test_no_row_of_labels_breaks_the_reader(tmp_path, rows):
    body = "\n".join([OLD, *(";".join(row) for row in rows)])
    (tmp_path / "ep.csv").write_bytes(body.encode("utf-8", "surrogatepass"))
    with suppress(MinenetError):
        read_labels(tmp_path / "ep.csv", [HOME])


def test_a_building_has_the_commonest_label_and_of_two_the_worse():
    labels = pd.DataFrame({"address_id": list("abcdef"), "energy_label": ["A", "A", "C", "B", "G", "A+"]})
    homes = pd.DataFrame({"address_id": list("abcdefg"), "building_id": list("pppqqrs")})
    assert label_of_buildings(labels, homes).to_dict() == {"p": "A", "q": "G", "r": "A+"}


# --- gas --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["gemiddeldGasverbruikWoning", "gemiddeld_gasverbruik_woning"])
def test_codes_for_no_figure_are_no_gas_use(name):
    codes = [1250, -99997, -99995, -99999, None, 0, -5, "1400"]
    frame = pd.DataFrame({"Postcode6": [f"3511A{c}" for c in "ABCDEFGH"], name: codes})
    found = gas_by_postcode(frame)
    assert found.frame.to_numpy().tolist() == [["3511AA", 1250.0], ["3511AF", 0.0], ["3511AH", 1400.0]]
    assert found.counts == {
        "unknown.suppressed": 1,
        "unknown.not_yet": 1,
        "unknown.other_code": 1,
        "unknown.unknown": 1,
        "unknown.negative": 1,
        "kept.mean_of_zero": 1,
    }


def test_two_figures_for_one_postcode_are_none():
    frame = pd.DataFrame({"postcode": ["3511AA", "3511 aa", "3511AB", "3511AB"], "gas_m3": [1000, 1100, 900, 900]})
    found = gas_by_postcode(frame)
    assert found.frame.to_numpy().tolist() == [["3511AB", 900.0]]
    assert found.counts == {"unknown.postcode_with_two_figures": 1}


def test_a_reading_is_never_overwritten():
    addresses = _addresses(["1", "2", "3", "4", "5"], gas_m3=[700.0, None, None, None, None])
    addresses["use"] = ["residential", "residential", "other", "residential", "residential"]
    addresses["postcode"] = ["3511AA", "3511 AA", "3511AA", "3511AZ", "3511AF"]
    found = with_gas(addresses, pd.DataFrame({"postcode": ["3511AA", "3511AF"], "gas_m3": [1250.0, 0.0]}))
    gas = found.frame["gas_m3"]
    assert gas.iloc[:2].tolist() == [700.0, 1250.0]
    assert gas.iloc[2:].isna().all()  # a street without gas is not a street without heat
    assert found.counts == {
        "inferred.gas_as_mean_of_postcode_with_homes_without_gas_rounded_to_50": 1,
        "unknown.gas_in_a_postcode_without_gas": 1,
        "unknown.gas": 1,
    }
    assert addresses["gas_m3"].isna().sum() == 4, "what came in stays as it was"


# --- loops ------------------------------------------------------------------------------------------------------------


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


# --- answers ----------------------------------------------------------------------------------------------------------


def _addresses(numbers, **columns):
    points = gpd.points_from_xy(130_150 + np.arange(len(numbers), dtype=float), np.full(len(numbers), 455_150.0))
    frame = {
        "address_id": [f"a{i}" for i in range(len(numbers))],
        "street": "Oosterstraat",
        "house_number": numbers,
        "postcode": "3511 AB",
    }
    return gpd.GeoDataFrame(frame | columns, geometry=points, crs=DUTCH)


HOMES = _addresses(["12", "12a", "14A", "14B", "16-bis", "18a-2", "20"])


def listed(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_answers_are_joined_by_postcode_and_number(tmp_path, encoding, delimiter):
    rows = [
        ("Naam", "Postcode", "Huisnummer", "Toevoeging", "Doet mee"),
        ("André", "3511ab", "12", "", "Ja"),
        ("Zoë", "3511 AB", "12", "-A", "nee"),
        ("x", "3511AB", "16 bis", "", "1"),
        ("x", "3511AB", "18", "A 2", "misschien"),
        ("x", "3511AB", "14", "", "ja"),  # 14A or 14B
        ("x", "3511AB", "14", "C", "ja"),
        ("x", "3511AB", "99", "", "ja"),
        ("x", "", "", "", "ja"),
    ]
    found = join_answers(HOMES, listed(tmp_path, "\r\n".join(delimiter.join(r) for r in rows), encoding))
    said = found.addresses["answer"].fillna("-").tolist()
    assert said == ["yes", "no", "-", "-", "yes", "-", "-"]
    assert found.unmatched["row"].tolist() == [6, 7, 8, 9]
    assert found.unmatched["reason"].tolist() == [
        "addition_is_missing",
        "no_such_addition",
        "no_such_address",
        "no_address",
    ]
    assert found.counts == {"joined.yes": 2, "joined.no": 1, "unknown.not_decided": 1, "left_out.not_joined": 4}
    everything = found.unmatched.to_csv() + pd.DataFrame(found.addresses).to_csv()
    assert "Andr" not in everything, "names go no further"
    assert "Zo" not in everything


def test_an_address_in_one_cell_is_enough_where_its_street_is_known(tmp_path):
    text = "adres;antwoord\nOosterstraat 12a;ja\noosterstraat 14-B;nee\nWesterstraat 12;ja\n"
    found = join_answers(HOMES, listed(tmp_path, text))
    assert found.addresses["answer"].fillna("-").tolist() == ["-", "yes", "-", "no", "-", "-", "-"]
    assert found.unmatched[["text", "reason"]].to_numpy().tolist() == [["Westerstraat 12", "no_such_address"]]


def test_a_list_that_contradicts_itself_is_not_believed(tmp_path):
    text = "postcode;huisnummer;antwoord\n3511AB;12;ja\n3511AB;12;nee\n3511AB;20;ja\n3511AB;20;JA\n3511AB;20;\n"
    found = join_answers(HOMES, listed(tmp_path, text))
    assert found.addresses["answer"].fillna("-").tolist() == ["-"] * 6 + ["yes"]
    assert found.unmatched["reason"].tolist() == ["contradicted_in_the_list"] * 2
    assert found.counts["repaired.same_home_twice"] == 1


def test_an_address_that_stands_twice_is_not_guessed(tmp_path):
    found = join_answers(_addresses(["12", "12"]), listed(tmp_path, "postcode;nr;answer\n3511AB;12;yes\n"))
    assert found.unmatched["reason"].tolist() == ["fits_several_addresses"]


def test_who_said_no_in_other_words_is_not_planned_in(tmp_path):
    with pytest.raises(InputError, match="liever niet.*line 3|line 3.*liever niet"):
        join_answers(HOMES, listed(tmp_path, "postcode;huisnummer;antwoord\n3511AB;12;ja\n3511AB;20;liever niet\n"))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (b"<html><body>inloggen</body></html>", "web page"),
        (b"naam;telefoon\nx;1\n", "no header"),
        (b"postcode;huisnummer;antwoord\n3511AB;12;ja;nee\n", "more cells.*|line 2"),
        (b'postcode;huisnummer;antwoord\n3511AB;"12;ja\n3511AB;14;nee\n', "cannot be read as a table"),
    ],
)
def test_what_is_no_list_of_answers_is_named(tmp_path, body, said):
    path = tmp_path / "list.csv"
    path.write_bytes(body)
    with pytest.raises(InputError, match=said):
        join_answers(HOMES, path)


def test_a_zip_in_place_of_a_list_is_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "list.csv", "w") as archive:
        archive.writestr("list.csv", "postcode;huisnummer;antwoord")
    with pytest.raises(InputError, match="archive or a workbook"):
        join_answers(HOMES, tmp_path / "list.csv")


@SOME
@given(body=st.binary(max_size=200), number=st.text(max_size=12), answer=st.sampled_from(["ja", "nee", ""]))
def test_no_bytes_and_no_house_number_break_the_list(tmp_path, body, number, answer):
    head = b"postcode;huisnummer;antwoord\n"
    row = f"3511AB;{number};{answer}\n".encode("utf-8", "surrogatepass")
    for content in (body, head + body, head + row):
        (tmp_path / "list.csv").write_bytes(content)
        with suppress(MinenetError):
            found = join_answers(HOMES, tmp_path / "list.csv")
            assert len(found.addresses) == len(HOMES)


@SOME
@given(
    number=st.integers(1, 99999),
    letter=st.sampled_from(["", "a", "B"]),
    addition=st.sampled_from(["", "2", "bis", "HS"]),
)
def test_a_house_number_finds_its_own_home_however_it_is_written(tmp_path, number, letter, addition):
    own = f"{number}{letter}" + (f"-{addition}" if addition else "")
    homes = _addresses([own, f"{number}{letter}x{addition}"])
    for written in (f"{number} {letter} {addition}", f"{number}{letter.upper()}-{addition.lower()}".rstrip("-")):
        found = join_answers(homes, listed(tmp_path, f"postcode;huisnummer;antwoord\n3511AB;{written};ja\n"))
        assert found.addresses["answer"].fillna("-").tolist() == ["yes", "-"], written
