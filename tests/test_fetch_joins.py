"""What is known of addresses elsewhere, joined to them: energy labels, gas use by postcode, answers of the people."""

import zipfile
from contextlib import suppress
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from minenet.errors import InputError, MinenetError
from minenet.fetch.answers import house_number, join_answers
from minenet.fetch.dutch import labels as labels_module
from minenet.fetch.dutch.gas import NOTE, gas_by_postcode, with_gas
from minenet.fetch.dutch.labels import label_of_buildings, read_labels

ON = date(2026, 11, 28)
IDS = [f"0344010000000{i:03d}" for i in range(1, 9)]
HEADER = (
    "Pand_opnamedatum;Pand_status;Pand_energieklasse;Meting_geldig_tot;Pand_registratiedatum;"
    "Pand_bagverblijfsobjectid;Pand_projectnaam"
)
PREAMBLE = "PublicatieDatum;01-11-2026\nLaatstVerwerkteMutatievolgnummer;123\n\n"


def written(tmp_path, text, name="table.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def label_row(unit, label, *, recorded="2020-01-01", registered="2020-01-02", until="2030-01-01", status="Bestaand"):
    return f"{recorded};{status};{label};{until};{registered};{unit};x"


def labelled(tmp_path, *rows, ids=IDS[:1], header=HEADER, before=PREAMBLE):
    return read_labels(written(tmp_path, before + "\n".join([header, *rows]) + "\n"), pd.Series(ids), on=ON)


def homes_at(*places, **columns):
    """Draw addresses from (street, house number, postcode)."""
    street, number, postcode = zip(*places, strict=True)
    count = len(places)
    return gpd.GeoDataFrame(
        {
            "address_id": [f"a{i}" for i in range(count)],
            "street": street,
            "house_number": number,
            "postcode": postcode,
            "city": "Utrecht",
            "use": "residential",
        }
        | columns,
        geometry=shapely.points(np.arange(count) * 5.0 + 136_000, 455_000.0),
        crs=28992,
    )


STREET = homes_at(
    ("Oosterstraat", "10", "3581XX"),
    ("Oosterstraat", "12A", "3581XX"),
    ("Oosterstraat", "12B", "3581XX"),
    ("Oosterstraat", "14-bis", "3581XX"),
    ("Oosterstraat", "16A-2", "3581XX"),
    ("Westerstraat", "10", "3581XZ"),
)


def answered(tmp_path, text, addresses=STREET, **how):
    return join_answers(addresses, written(tmp_path, text, **how))


def said(result):
    answers = result.addresses["answer"]
    return {i: answers[i] for i in range(len(answers)) if pd.notna(answers[i])}


# --- labels -----------------------------------------------------------------------------------------------------------


def test_the_latest_registered_label_that_is_still_valid_holds(tmp_path):
    mapped = labelled(
        tmp_path,
        label_row(IDS[0], "E", registered="2019-05-01", until="2029-05-01"),  # older
        label_row(IDS[0], "B", registered="2023-05-01", until="2033-05-01"),  # holds
        label_row(IDS[0], "A", registered="2025-05-01", until="2026-11-27"),  # expired the day before
        label_row(IDS[0], "A+", registered="2026-12-01", until="2036-12-01"),  # registered after the day
        label_row(IDS[0], "A++++", registered="2024-05-01", until="2034-05-01", status="Vergunningsaanvraag"),
        label_row(IDS[0], "", registered="2024-06-01", until="2034-06-01"),
        label_row(IDS[7], "G"),  # of no address here
        ids=IDS[:2],
    )
    assert mapped.frame.to_numpy().tolist() == [[IDS[0], "B"]]
    assert mapped.counts == {
        "read.labels": 7,
        "left_out.older_label": 1,
        "left_out.expired_label": 1,
        "left_out.label_registered_later": 1,
        "left_out.label_of_application_for_permit": 1,
        "left_out.label_without_class": 1,
        "unknown.energy_label": 1,  # the second address has none
    }


def test_labels_registered_on_one_day_the_last_recorded_and_then_the_worst_holds(tmp_path):
    mapped = labelled(
        tmp_path,
        label_row(IDS[0], "C", recorded="2019-12-31"),
        label_row(IDS[0], "B", recorded="2020-01-01"),
        label_row(IDS[1], "A+++"),
        label_row(IDS[1], "A+"),
        ids=IDS[:2],
    )
    assert mapped.frame["energy_label"].tolist() == ["B", "A+"]


@pytest.mark.parametrize(
    ("recorded", "until", "label"),
    [
        ("2016-11-29", "", "C"),  # ten years on it is 2026-11-29: still valid on the 28th
        ("2016-11-27", "", None),  # it was 2026-11-27
        ("27-11-2016", "", None),
        ("20161127", "", None),
        ("20161127", "20261128", "C"),  # the last day counts
        ("2016-11-27T00:00:00", "2026-11-28 00:00:00", "C"),
        ("", "", "C"),  # no recording: ten years from the registration on 2 January 2020
        ("2016-11-27", "9999-12-31", "C"),
        ("2016-11-29", "soon", "C"),  # no day: ten years from the recording
    ],
)
def test_a_label_without_end_is_valid_for_ten_years(tmp_path, recorded, until, label):
    mapped = labelled(tmp_path, label_row(IDS[0], "C", recorded=recorded, until=until))
    assert mapped.frame["energy_label"].tolist() == ([label] if label else [])
    guessed = until in ("", "soon") and label is not None
    assert ("inferred.label_valid_for_ten_years" in mapped.counts) == guessed


def test_a_label_without_any_day_is_kept_and_counted(tmp_path):
    mapped = labelled(tmp_path, label_row(IDS[0], " a++ ", recorded="", until="", registered=""))
    assert mapped.frame["energy_label"].tolist() == ["A++"]
    assert mapped.counts["unknown.label_valid_until"] == 1


def test_identifiers_that_lost_their_zeros_are_found(tmp_path):
    mapped = labelled(tmp_path, label_row(IDS[0].lstrip("0"), "C"), ids=[int(IDS[0])])
    assert mapped.frame["address_id"].tolist() == [IDS[0]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("before", ["", PREAMBLE])
def test_files_as_they_are_written(tmp_path, encoding, delimiter, before):
    text = before + HEADER.replace("Pand_", "") + "\r\n" + label_row(IDS[0], "D") + "\r\n"
    path = written(tmp_path, text.replace(";", delimiter), encoding=encoding)
    mapped = read_labels(path, pd.Series(IDS), on=ON)
    assert mapped.frame.to_numpy().tolist() == [[IDS[0], "D"]]


def test_a_zip_with_one_table_is_read_in_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(labels_module, "BLOCK_BYTES", 4096)
    others = [label_row(f"{i:016d}", "G") for i in range(3000)]
    rows = [*others[:2000], label_row(IDS[0], "C"), *others[2000:], label_row(IDS[1], "B")]
    path = tmp_path / "v20261101_v2_csv.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../v20261101.csv", PREAMBLE + "\n".join([HEADER, *rows]))  # no line end after the last
        archive.writestr("leesmij.txt", "x")
    mapped = read_labels(path, pd.Series(IDS[:3]), on=ON)
    assert mapped.frame.to_numpy().tolist() == [[IDS[0], "C"], [IDS[1], "B"]]
    assert mapped.counts == {"read.labels": 3002, "unknown.energy_label": 1}
    assert not (tmp_path.parent.parent / "v20261101.csv").exists()


def test_quotation_marks_and_torn_lines(tmp_path):
    quoted = f'"2020-01-01";"Bestaand";"C";"2030-01-01";"2020-01-02";"{IDS[0]}";"De ""Hoek""; blok 2"'
    mapped = labelled(tmp_path, quoted, "1;2;3", label_row(IDS[1], "D"), ids=IDS[:2])
    assert mapped.frame["energy_label"].tolist() == ["C", "D"]
    assert mapped.counts["left_out.line_cannot_be_read"] == 1
    open_quote = label_row(IDS[0], "C")[:-1] + '"De Hoek'
    mapped = labelled(tmp_path, open_quote, label_row(IDS[1], "D"), ids=IDS[:2])
    assert mapped.frame["energy_label"].tolist() == ["C", "D"]


def zipped(tmp_path, *tables):
    path = tmp_path / "t.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for i, table in enumerate(tables):
            archive.writestr(f"{i}.csv", table)
    return path


def test_a_zip_bomb_and_two_tables_are_refused(tmp_path):
    with pytest.raises(InputError, match="would unpack to 50 MB"):  # zeros shrink a thousand times
        read_labels(zipped(tmp_path, HEADER + "\n" + "0" * 50_000_000), pd.Series(IDS), on=ON)
    with pytest.raises(InputError, match="holds 2 CSV files"):
        read_labels(zipped(tmp_path, "a", "b"), pd.Series(IDS), on=ON)
    with pytest.raises(InputError, match="holds 0 CSV files"):
        read_labels(zipped(tmp_path), pd.Series(IDS), on=ON)


def test_a_damaged_zip_is_refused(tmp_path):
    good = zipped(tmp_path, HEADER + "\n" + "\n".join(label_row(f"{i * 7919:016d}", "G") for i in range(500)))
    data = bytearray(good.read_bytes())
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(InputError, match="damaged|torn|no table"):
        read_labels(written(tmp_path, bytes(data), "bad.zip"), pd.Series(IDS), on=ON)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "web page"),
        (bytes(range(256)) * 20, "no text"),
        (HEADER.encode("utf-16"), "no text"),
        (HEADER.encode(), "has 0 rows"),
        ((PREAMBLE + HEADER + "\n").encode(), "has 0 rows"),
        (HEADER.encode() + b"\n1;2\n1;2\n", "has 0 rows under its header, and 2 torn"),
        (HEADER.replace(";", "|").encode() + b"\n1|2\n", r"Columns there: Pand_opnamedatum\|"),
        (b"Pand_bagverblijfsobjectid;Pand_postcode\n1;2\n", "`Pand_energieklasse` is missing.*Pand_postcode"),
        (b"a;b\n1;2\n", "`Pand_bagverblijfsobjectid` is missing. Columns there: a, b"),
        (HEADER.encode() + b"\n" + b"\xff;" * 6 + b"\xff\n", "no table of text"),
    ],
)
def test_files_that_are_no_labels(tmp_path, content, message):
    with pytest.raises(InputError, match=message):
        read_labels(written(tmp_path, content), pd.Series(IDS), on=ON)


def test_a_line_without_end_does_not_fill_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(labels_module, "BLOCK_BYTES", 2**16)
    with pytest.raises(InputError, match="a line of over"):
        read_labels(written(tmp_path, HEADER + "\n" + "x" * 300_000), pd.Series(IDS), on=ON)


def test_no_such_file(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            read_labels(path, pd.Series(IDS), on=ON)
        with pytest.raises(InputError, match="cannot be read"):
            join_answers(STREET, path)


def test_the_label_of_a_building_is_the_most_common_of_its_dwellings():
    homes = pd.DataFrame(
        {
            "address_id": IDS,
            #              C C A -> C   B D -> worse: D   shop A counts not, no label of the dwelling -> none
            "building_id": ["b1", "b1", "b1", "b2", "b2", "b3", "b3", None],
            "use": ["residential"] * 5 + ["other", "residential", "residential"],
        }
    )
    labels = pd.DataFrame({"address_id": IDS[:6], "energy_label": ["C", "C", "A", "B", "D", "A"]})
    mapped = label_of_buildings(labels, homes)
    assert mapped.frame.to_numpy().tolist() == [["b1", "C"], ["b2", "D"]]
    assert mapped.counts == {"inferred.most_common_of_several_labels": 2, "unknown.energy_label_of_building": 1}
    part = label_of_buildings(labels.iloc[1:], homes)  # b1 has C A left: the worse is C, one of three without
    assert part.frame["energy_label"].tolist() == ["C", "D"]
    assert part.counts["inferred.label_of_building_from_part_of_its_dwellings"] == 1
    many = label_of_buildings(labels, homes.assign(dwellings=[1, 1, 3, 1, 1, 1, 1, 1]))  # b1: C twice, A three times
    assert many.frame["energy_label"].tolist() == ["A", "D"]
    none = label_of_buildings(labels.iloc[:0], homes)
    assert none.frame.empty
    assert none.counts == {"unknown.energy_label_of_building": 3}


# --- gas --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "gas", ["gemiddeldGasverbruikWoning", "gemiddeld_gasverbruik_woning", "GEMIDDELD_GASVERBRUIK_WONING"]
)
@pytest.mark.parametrize("postcode", ["postcode6", "postcode", "PC6"])
def test_gas_use_by_postcode(gas, postcode):
    rows = pd.DataFrame(
        {
            postcode: ["3581XX", "3581 xy", "3581XZ", "3582AA", "3582AB", "3582AC", "3582AD", "3582AE", None, "12"],
            gas: [1250, "0", -99997, -99995.0, None, -99999, -5, "x", 1000, 1000],
        }
    )
    mapped = gas_by_postcode(rows)
    known = mapped.frame.dropna()
    assert known.to_numpy().tolist() == [["3581XX", 1250.0], ["3581XY", 0.0]]
    assert mapped.counts == {
        "left_out.no_postcode": 2,
        "unknown.gas_use_suppressed": 1,
        "unknown.gas_use_not_yet": 1,
        "unknown.gas_use_unknown": 4,  # null, -99999, -5 and a word
        "read.gas_use_of_zero": 1,
    }


def test_a_postcode_with_two_values_has_none():
    rows = pd.DataFrame(
        {"postcode6": ["1000AA", "1000AA", "1000AB", "1000AB", "1000AC", "1000AC"], "gas_m3": [1, 1, 1, 2, -99997, 3]}
    )
    mapped = gas_by_postcode(rows)
    assert mapped.frame.set_index("postcode")["gas_m3"].fillna(-1).to_dict() == {"1000AA": 1, "1000AB": -1, "1000AC": 3}
    assert mapped.counts == {"left_out.same_postcode_twice": 3, "disagreement.values_of_one_postcode": 1}


def test_missing_columns_of_gas_are_named():
    with pytest.raises(InputError, match="`gemiddeldGasverbruikWoning` is missing.*Columns there: postcode6, woningen"):
        gas_by_postcode(pd.DataFrame({"postcode6": ["3581XX"], "woningen": [9]}))
    with pytest.raises(InputError, match="`postcode6` is missing"):
        gas_by_postcode(pd.DataFrame({"gemiddeldGasverbruikWoning": [1250]}))


def test_the_mean_of_the_postcode_never_replaces_a_reading():
    gas = gas_by_postcode(pd.DataFrame({"postcode6": ["3581XX", "3581XZ"], "gas_m3": [1250, -99997]})).frame
    homes = STREET.assign(gas_m3=[900.0] + [None] * 5, use=["residential"] * 4 + ["other", "residential"])
    homes.index = pd.Index([7, 7, 3, 2, 1, 0])
    before = homes.copy()
    mapped = with_gas(homes, gas)
    # measured; three of the postcode (two after the first, and 14-bis); a shop; the hidden postcode
    assert mapped.frame["gas_m3"].fillna(-1).tolist() == [900, 1250, 1250, 1250, -1, -1]
    assert mapped.counts == {"inferred.gas_use_as_mean_of_postcode": 3, "unknown.gas_use": 1}
    assert mapped.frame.index.tolist() == [7, 7, 3, 2, 1, 0]
    pd.testing.assert_frame_equal(pd.DataFrame(homes), pd.DataFrame(before))
    assert with_gas(STREET, gas).counts["inferred.gas_use_as_mean_of_postcode"] == 5
    without = with_gas(
        STREET, pd.DataFrame({"postcode": ["3581XX"], "gas_m3": [0.0]})
    )  # a street without gas, not without heat
    assert without.frame["gas_m3"].isna().all()
    assert without.counts["unknown.gas_use_in_a_postcode_without_gas"] == 5
    assert "homes without gas included, rounded to 50 m3" in NOTE


# --- answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", ";"), ("cp1252", ","), ("utf-16", "\t")]
)
def test_encodings_and_delimiters(tmp_path, encoding, delimiter):
    text = "Postcode;Huisnummer;Toevoeging;Doet mee?;Café\r\n3581 xx;12;a;Ja;é\r\n3581XZ;10;;nee;\r\n"
    result = answered(tmp_path, text.replace(";", delimiter), encoding=encoding)
    assert said(result) == {1: "yes", 5: "no"}
    assert result.unmatched.empty
    assert result.counts == {"read.rows_of_answers": 2, "read.answer_yes": 1, "read.answer_no": 1}


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("postcode;house_number;answer", "3581XX;12 A;yes"),
        ("postcode;huisnummer;huisletter;akkoord", "3581XX;12;a;TRUE"),
        ("sep=;\npostcode;huisnummer;antwoord", "3581XX;12-a;1"),
        ("adres;antwoord", "Oosterstraat 12a, 3581 XX Utrecht;j"),
        ("adres;antwoord", "Oosterstraat 12 A 3581XX Utrecht;Ja!"),
        ("address;answer", "3581XX 12a;y"),
        ("adres;postcode;antwoord", "Oosterstraat 12a;3581XX;ja"),
        ("adres;huisletter;postcode;antwoord", "Oosterstraat 12;a;3581XX;ja"),
        ("adres;woonplaats;antwoord", "Oosterstraat 12a;Utrecht;ja"),
        ("adres;antwoord", "oosterstraat 12a, UTRECHT;ja"),
        ("straat;huisnummer;woonplaats;antwoord", "Oosterstraat;12a;Utrecht;ja"),
        ("straat;huisnummer;postcode;antwoord", "Ooststr.;12a;3581XX;ja"),
        ("antwoord;nr;postcode;huisnummer;toevoeging", "ja;10;3581XX;12.0;A"),
    ],
)
def test_addresses_as_people_write_them(tmp_path, header, row):
    result = answered(tmp_path, f"\n{header}\n{row}\n" if "sep" not in header else f"{header}\n{row}\n")
    assert result.unmatched.to_dict("records") == []
    assert said(result) == {1: "yes"}


def test_house_numbers_are_never_guessed(tmp_path):
    found = {"10": 0, "14 BIS": 3, "14bis": 3, "14": 3, "16a2": 4, "16-A-2": 4, "016A-2": 4}  # one number 14 only
    lost = {
        "12": "several addresses there",  # 12A and 12B
        "12C": "no such letter or addition there",
        "10A": "no such letter or addition there",
        "10-2": "no such letter or addition there",
        "102": "no such address in the area",
        "10 + 12": "the house number cannot be read",
        "10½": "the house number cannot be read",
        "geen": "the house number cannot be read",
    }
    rows = "\n".join(f"3581XX;{number};nee" for number in (*found, *lost))
    result = answered(tmp_path, f"postcode;huisnummer;antwoord\n{rows}\n")
    assert said(result) == {0: "no", 3: "no", 4: "no"}
    first = len(found) + 2
    expected = [[first + i, f"{number} 3581XX", reason] for i, (number, reason) in enumerate(lost.items())]
    assert result.unmatched.to_numpy().tolist() == expected
    # seven rows for three homes: four again
    assert result.counts["read.same_answer_again"] == 4
    assert result.counts["left_out.answer_the_house_number_cannot_be_read"] == 3


def test_the_only_address_with_a_number_is_taken_and_counted(tmp_path):
    result = answered(tmp_path, "postcode;huisnummer;antwoord\n3581XX;14;nee\n")
    assert said(result) == {3: "no"}
    assert result.counts["inferred.only_address_with_the_number"] == 1


def test_addresses_in_one_cell_that_stay_unmatched(tmp_path):
    lost = {
        "Oosterstraat 10, 3581XZ Utrecht": "the postcode belongs to another street",  # 3581XZ is Westerstraat
        "Plein 1940 12, 3581XX Utrecht": "no such address in the area",
        "Oosterstraat 10, Utrecht, Nederland": "the house number cannot be read",
        "Oosterstraat 10": "no postcode, or no street and town",
        "Oosterstraat 10, Amsterdam": "no such address in the area",
        "Oosterstraat, 3581XX Utrecht": "the house number cannot be read",
        "Oosterstraat 10, 9999ZZ Utrecht": "no such address in the area",  # the postcode decides
        "12a 10, 3581XX": "no such letter or addition there",
        "x" * 500 + " 10, 3581XX": "the house number cannot be read",
    }
    result = answered(tmp_path, "adres;antwoord\n" + "\n".join(f"{row};ja" for row in lost) + "\n")
    assert said(result) == {}
    assert result.unmatched["reason"].tolist() == list(lost.values())
    assert result.unmatched["text"].tolist() == [row[:120] for row in lost]


def test_two_numbers_in_one_row_and_a_shop(tmp_path):
    text = "adres;postcode;huisnummer;antwoord\nOosterstraat 10;3581XX;14;ja\nWesterstraat;3581XZ;10;ja\n"
    result = answered(tmp_path, text, STREET.assign(use=["residential"] * 5 + ["other"]))
    assert said(result) == {}
    assert result.unmatched["reason"].tolist() == [
        "the row gives two different house numbers or postcodes",
        "not a home",
    ]


def test_a_postcode_that_was_forgotten_is_not_replaced_by_the_street(tmp_path):
    text = "straat;huisnummer;postcode;woonplaats;antwoord\nOosterstraat;10;;Utrecht;ja\n"
    assert answered(tmp_path, text).unmatched["reason"].tolist() == ["no postcode, or no street and town"]


def test_the_same_address_twice_in_the_area_is_not_guessed_at(tmp_path):
    twins = homes_at(("Oosterstraat", "10", "3581XX"), ("Oosterstraat", "10", "3581XX"))
    result = answered(tmp_path, "postcode;huisnummer;antwoord\n3581XX;10;ja\n", twins)
    assert said(result) == {}
    assert result.unmatched["reason"].tolist() == ["several addresses there"]


def test_contradictions_and_repetitions(tmp_path):
    rows = ["3581XX;10;ja", "3581XX;12a;nee", "3581 XX;10;nee", "3581XX;12 A;nee", "3581XX;14bis;", "3581XZ;10;ja"]
    result = answered(tmp_path, "postcode;huisnummer;antwoord\n" + "\n".join(rows) + "\n")
    assert said(result) == {1: "no", 5: "yes"}  # number 10 said both: null
    assert result.unmatched.to_numpy().tolist() == [
        [2, "10 3581XX", "contradicts another row for this home"],
        [4, "10 3581 XX", "contradicts another row for this home"],
    ]
    assert result.counts == {
        "read.rows_of_answers": 6,
        "read.answer_yes": 1,
        "read.answer_no": 1,
        "read.same_answer_again": 1,
        "unknown.answer_empty": 1,
        "left_out.answer_contradicts_another_row_for_this_home": 2,
    }


def test_answers_that_were_there_before(tmp_path):
    known = STREET.assign(answer=["yes", "yes", "no", "nee", None, "no"])
    rows = ["3581XX;10;ja", "3581XX;12a;nee", "3581XX;12b;ja", "3581XX;16A2;ja"]
    result = answered(tmp_path, "postcode;huisnummer;antwoord\n" + "\n".join(rows) + "\n", known)
    # 10 the same; 12A said yes and now no: null; 12B said no and now yes: the no stays; 14-bis in Dutch; 16A-2 new
    assert said(result) == {0: "yes", 2: "no", 3: "no", 4: "yes", 5: "no"}
    assert result.unmatched["row"].tolist() == [3, 4]
    assert set(result.unmatched["reason"]) == {"contradicts the answer that was already there"}
    assert result.counts["read.answer_already_there"] == 1
    both = answered(tmp_path, "postcode;huisnummer;antwoord\n3581XX;12b;ja\n3581XX;12b;nee\n", known)
    assert said(both)[2] == "no"


def test_other_words_are_an_error_that_names_them(tmp_path):
    text = "postcode;huisnummer;antwoord\n3581XX;10;ja\n3581XX;12a;liever niet\n3581XX;12b;misschien p@q.nl\n"
    with pytest.raises(InputError, match=r"the answer says `liever niet`, `misschien \.\.\.` \(row 3, 4\)"):
        answered(tmp_path, text)
    with pytest.raises(InputError, match="layer `addresses`: the answer says `perhaps`"):
        answered(tmp_path, "postcode;huisnummer;antwoord\n3581XX;10;ja\n", STREET.assign(answer="perhaps"))


def test_rows_with_too_many_cells_come_back(tmp_path):
    text = 'adres,antwoord\nOosterstraat 12a, 3581 XX Utrecht,nee\n"Oosterstraat 10, 3581 XX Utrecht",ja\n\n,,,\n'
    result = answered(tmp_path, text)
    assert said(result) == {0: "yes"}
    assert result.unmatched["row"].tolist() == [2]
    assert result.unmatched["text"].tolist() == [""]
    assert result.unmatched["reason"].str.startswith("more cells than columns").all()
    assert result.counts["left_out.answer_more_cells_than_columns"] == 1


def test_the_index_is_kept_and_the_input_untouched(tmp_path):
    homes = STREET.set_axis([5, 5, 9, 1, 0, "x"])
    before = homes.copy()
    result = answered(tmp_path, "postcode;huisnummer;antwoord\n3581XX;12b;nee\n", homes)
    assert result.addresses.index.tolist() == [5, 5, 9, 1, 0, "x"]
    assert result.addresses["answer"].tolist()[2] == "no"
    assert result.addresses["answer"].isna().sum() == 5
    assert result.addresses.crs == homes.crs
    pd.testing.assert_frame_equal(pd.DataFrame(homes), pd.DataFrame(before))


def test_nothing_else_of_a_person_is_carried_on(tmp_path):
    rows = [
        "Jan Jansen;jan@voorbeeld.nl;Oosterstraat 10, 3581XX;ja;0612345678",
        "Piet Pietersen;piet@voorbeeld.nl;Oosterstraat 99, 3581XX;nee;0612345679",
        "Kees;kees@voorbeeld.nl;kees@voorbeeld.nl;nee;",
        "Klaas;klaas@voorbeeld.nl;Oosterstraat 12a, 3581XX;nee;bel;klaas2@voorbeeld.nl",
        "An;an@voorbeeld.nl;;nee;",
    ]
    result = answered(tmp_path, "naam;e-mail;adres;antwoord;telefoon\n" + "\n".join(rows) + "\n")
    assert result.unmatched["text"].tolist() == ["Oosterstraat 99, 3581XX", "...", "", ""]
    everything = result.addresses.to_csv() + result.unmatched.to_csv() + str(result.counts)
    for secret in ("voorbeeld", "@", "Jan", "Piet", "Kees", "Klaas", "06123", "naam", "telefoon"):
        assert secret not in everything
    with pytest.raises(InputError) as error:
        answered(tmp_path, "\n".join(rows))  # no header: the first row is somebody's, and is not repeated
    assert "jan" not in str(error.value).lower()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \r\n \n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"<html><body>404</body></html>", "web page"),
        (bytes(range(256)), "is no text"),
        (b"PK\x03\x04 a workbook", "is no text"),
        (b"\xff\xfea", "is no text"),
        (b"postcode;huisnummer;antwoord\n", "has a header, but no rows"),
        (b"postcode|huisnummer|antwoord\n1|2|ja\n", r"`antwoord` is missing. Columns there: postcode\|huisnummer"),
        (b"postcode;huisnummer;mening\n1;2;ja\n", "Columns there: postcode, huisnummer, mening"),
        (b"postcode;antwoord\n1;ja\n", "`huisnummer` is missing"),
        (b"straat;huisnummer;antwoord\nx;1;ja\n", "`postcode` is missing"),
        (b"postcode;huisnummer;antwoord;akkoord\n1;2;ja;nee\n", "2 columns may be the answer"),
        (b"postcode;huisnummer;Huisnummer;antwoord\n1;2;2;nee\n", "`huisnummer` stands there twice"),
        (b"3581XX;10;ja\n3581XX;12;nee\n", "starts with a row of data"),
        (b'postcode;huisnummer;antwoord\n"' + b"x" * 200_000, "is no table"),
    ],
)
def test_files_that_are_no_answers(tmp_path, content, message):
    with pytest.raises(InputError, match=message):
        answered(tmp_path, content)


def test_a_file_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("minenet.fetch.answers.LARGEST_BYTES", 2**20)
    with pytest.raises(InputError, match="larger than 1 MB"):
        answered(tmp_path, b"x" * (2**20 + 1))


def test_addresses_without_what_is_needed(tmp_path):
    text = "postcode;huisnummer;antwoord\n3581XX;10;ja\n"
    for name in ("postcode", "house_number"):
        with pytest.raises(InputError, match=f"layer `addresses`: column `{name}` is missing"):
            answered(tmp_path, text, STREET.drop(columns=name))
    assert said(answered(tmp_path, text, STREET.drop(columns=["street", "city", "use"]))) == {0: "yes"}
    empty = answered(tmp_path, text, STREET.iloc[:0])
    assert empty.unmatched["reason"].tolist() == ["no such address in the area"]


# --- whatever comes in ------------------------------------------------------------------------------------------------

NEVER_FAILS = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SEPARATORS = st.text(" -/._", max_size=2)


@given(
    number=st.integers(1, 99_999),
    letter=st.sampled_from(["", "A", "b", "Z"]),
    addition=st.sampled_from(["", "2", "bis", "II", "HS", "1-1"]),
    first=SEPARATORS,
    second=SEPARATORS,
)
@NEVER_FAILS
def test_separators_do_not_matter_and_numbers_do(number, letter, addition, first, second):
    """The register writes 12A-2; whatever stands between, it stays number 12 with what follows."""
    register = f"{number}{letter}" + (f"-{addition}" if addition else "")
    first = first if letter or not addition.startswith(("1", "2")) else "-"  # 12 and 2 without separator are 122
    person = f" 0{number}{first}{letter.lower()}{second}{addition.lower()} "
    person = person if not (letter == "" and addition[:1] in ("1", "2") and not first + second) else register
    ours, theirs = house_number(pd.Series([register, person]))
    assert ours == theirs
    assert ours.split()[0] == str(number)
    assert house_number(pd.Series([ours])).tolist() == [ours]


@given(texts=st.lists(st.none() | st.text(max_size=30) | st.from_regex(r"[0-9]{1,6}[ \-A-Za-z0-9]{0,6}"), max_size=6))
@NEVER_FAILS
def test_any_text_has_a_house_number_or_none(texts):
    numbers = house_number(pd.Series(texts, dtype="object"))
    assert len(numbers) == len(texts)
    assert numbers.dropna().str.fullmatch("[1-9][0-9]{0,4}( [0-9A-Z-]+)?").all()


CELLS = st.text("ab12 ,;\t\"'\n\r.@é½\0<-jane", max_size=12)


@st.composite
def tables(draw):
    """Draw something like a table under a header that is known."""
    header = draw(st.sampled_from([HEADER, "postcode;huisnummer;antwoord", "adres;antwoord", "a,b", ""]))
    rows = draw(
        st.lists(st.lists(CELLS | st.sampled_from([*IDS, "ja", "nee", "3581XX", "10"]), max_size=8), max_size=6)
    )
    text = "\n".join([header, *(";".join(row) for row in rows)])
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])))


@given(content=st.binary(max_size=300) | tables())
@example(content=b"PK\x05\x06" + b"\0" * 18)
@example(content=b"postcode;huisnummer;antwoord\n\xe9;\x81;ja")
@NEVER_FAILS
def test_any_bytes_give_a_table_or_a_clear_error(tmp_path, content):
    path = written(tmp_path, content)
    with suppress(MinenetError):
        read_labels(path, pd.Series(IDS), on=ON)
    with suppress(MinenetError):
        result = join_answers(STREET, path)
        assert len(result.addresses) == len(STREET)
        assert result.addresses["answer"].dropna().isin(["yes", "no"]).all()
        assert not result.unmatched["text"].str.contains("@").any()


@given(at=st.integers(0, 10_000), value=st.integers(0, 255))
@NEVER_FAILS
def test_a_zip_with_one_wrong_byte_gives_a_table_or_a_clear_error(tmp_path, at, value):
    data = bytearray(zipped(tmp_path, HEADER + "\n" + label_row(IDS[0], "C") + "\n").read_bytes())
    data[at % len(data)] = value
    with suppress(MinenetError):
        read_labels(written(tmp_path, bytes(data), "bad.zip"), pd.Series(IDS), on=ON)


@given(
    rows=st.lists(
        st.tuples(
            st.none() | st.sampled_from(["3581XX", "3581 xz", "x"]), st.none() | st.floats() | st.integers(-99_999, 9)
        )
    )
)
@NEVER_FAILS
def test_gas_is_a_number_from_zero_or_null(rows):
    frame = pd.DataFrame(rows, columns=["postcode6", "gemiddeldGasverbruikWoning"])
    mapped = gas_by_postcode(frame)
    assert mapped.frame["postcode"].is_unique
    assert (mapped.frame["gas_m3"].dropna() >= 0).all()
    assert len(with_gas(STREET, mapped.frame).frame) == len(STREET)
