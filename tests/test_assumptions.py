"""The catalogue: every number has unit, source or "no source", and date; overriding it says clearly what is wrong."""

import re
import tomllib

import pytest

from minenet.assumptions import Assumptions, read_table
from minenet.errors import AssumptionError

ENTRIES = list(Assumptions.default().entries.values())
NUMBERS = [e for e in ENTRIES if isinstance(e.value, int | float) and not isinstance(e.value, bool)]


def ids(entry):
    return entry.key


class TestCatalogue:
    @pytest.mark.parametrize("entry", ENTRIES, ids=ids)
    def test_says_what_it_is_and_where_it_comes_from(self, entry):
        assert entry.about.endswith((".", "?"))
        assert entry.source
        assert re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?(/\d{4})?", entry.date)
        assert entry.vat in ("", "incl.", "excl.")
        assert entry.confidence in ("", "H", "M", "L")

    @pytest.mark.parametrize("entry", NUMBERS, ids=ids)
    def test_a_number_has_a_unit_and_lies_in_its_range(self, entry):
        assert entry.unit
        assert entry.low is not None
        assert entry.high is not None
        assert entry.low <= entry.value <= entry.high

    @pytest.mark.parametrize(
        "entry", [e for e in NUMBERS if e.unit.startswith("EUR") and e.section == "costs"], ids=ids
    )
    def test_a_price_says_whether_it_has_vat(self, entry):
        assert entry.vat == "incl."

    @pytest.mark.parametrize("entry", [e for e in ENTRIES if "source" in e.source.lower()], ids=ids)
    def test_without_a_source_it_says_just_that_and_claims_no_confidence(self, entry):
        if entry.source.startswith("no"):
            assert entry.source == "no source"
            assert entry.confidence == ""

    def test_one_row_per_number_in_the_table(self):
        table = Assumptions.default().catalogue()
        assert table["key"].is_unique
        assert len(table) == len(ENTRIES)


class TestOverride:
    def test_a_loose_value_is_set_by_the_user(self):
        changed = Assumptions.default().override({"costs": {"gas_eur_m3": 1.5}})
        assert changed.costs.gas_eur_m3 == 1.5
        assert changed.entries["costs.gas_eur_m3"].source == "set by the user"
        assert Assumptions.default().costs.gas_eur_m3 == 1.332

    def test_a_value_may_bring_its_source_and_range(self):
        table = {"value": 150.0, "low": 100.0, "high": 200.0, "source": "an offer"}
        entry = Assumptions.default().override({"costs": {"drilling_eur_m": table}}).entries["costs.drilling_eur_m"]
        assert (entry.value, entry.high, entry.source) == (150.0, 200.0, "an offer")

    @pytest.mark.parametrize(
        ("tables", "message"),
        [
            ({"cost": {"years": 15}}, r"section \[cost\].*is not known.*Did you mean `costs`"),
            ({"costs": {"drilling_eur_metre": 50}}, r"`costs.drilling_eur_metre`.*Did you mean `drilling_eur_m`"),
            ({"costs": {"zzz": 50}}, r"is not known.*Known: "),
            ({"costs": {"drilling_eur_m": {"valeu": 50}}}, r"Did you mean `value`"),
            ({"costs": {"drilling_eur_m": "dear"}}, r"'dear' is not a number"),
            ({"costs": {"drilling_eur_m": True}}, r"True is not a number"),
            ({"costs": {"years": 15.5}}, r"15.5 is not a whole number"),
            ({"costs": {"drilling_eur_m": -5}}, r"-5 lies outside its range 45 to 90"),
            ({"costs": {"drilling_eur_m": float("nan")}}, r"nan lies outside its range"),
            ({"costs": {"drilling_eur_m": {"low": 70.0, "high": 85.0}}}, r"65 lies outside its range 70 to 85"),
            ({"costs": 15}, r"must be a table"),
            ({"ground": {"response": "slow"}}, r"not one of fast, pygfunction"),
            ({"costs": {"drilling_eur_m": {"value": 50, "date": "yesterday"}}}, r"`date` 'yesterday' is not a date"),
            ({"costs": {"drilling_eur_m": {"value": 50, "date": 2025}}}, r"`date` 2025 is not a text"),
            ({"costs": {"drilling_eur_m": {"value": 50, "source": 5}}}, r"`source` 5 is not a text"),
            ({"costs": {"drilling_eur_m": {"value": 50, "low": "a"}}}, r"`low` 'a' is not a number"),
            ({"costs": {"drilling_eur_m": {"value": 50, "high": float("inf")}}}, r"`high` inf is not a number"),
            ({"costs": {"drilling_eur_m": {"value": 50, "low": True}}}, r"`low` True is not a number"),
            ({"costs": {"drilling_eur_m": {"value": 50, "vat": "maybe"}}}, r"`vat` 'maybe' is not one of incl., excl."),
            ({"costs": {"drilling_eur_m": {"value": -5, "low": -9}}}, r"a price cannot be negative"),
            ({"costs": {"years": {"value": 0, "low": 0}}}, r"a number of years is 1 or more"),
            ({"costs": {"heat_pump_years": {"value": 12, "low": 0}}}, r"a number of years is 1 or more"),
            ({"costs": {"price_level": 2030}}, r"2030 lies outside its range 2018 to 2025"),
        ],
    )
    def test_what_is_wrong_is_said_with_the_nearest_right_name(self, tables, message):
        with pytest.raises(AssumptionError, match=message):
            Assumptions.default().override(tables)


def test_a_date_of_toml_s_own_kind_is_as_good_as_a_text(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("[costs.drilling_eur_m]\nvalue = 60.0\nsource = 'an offer'\ndate = 2025-06-30\n", "utf-8")
    assert Assumptions.read(path).entries["costs.drilling_eur_m"].date == "2025-06-30"


class TestFiles:
    def test_written_and_read_back_it_is_the_same(self, tmp_path):
        path = tmp_path / "mine.toml"
        path.write_text(Assumptions.default().to_toml(), "utf-8")
        again = Assumptions.read(path)
        assert dict(again.entries) == dict(Assumptions.default().entries)

    def test_what_is_written_is_toml_with_every_number(self):
        tables = tomllib.loads(Assumptions.default().to_toml())
        assert {f"{s}.{n}" for s, names in tables.items() for n in names} == {e.key for e in ENTRIES}

    @pytest.mark.parametrize(("text", "message"), [("[costs\n", "is not a TOML file"), (None, "cannot be read")])
    def test_a_file_that_is_none(self, tmp_path, text, message):
        path = tmp_path / "bad.toml"
        if text is not None:
            path.write_text(text, "utf-8")
        with pytest.raises(AssumptionError, match=message):
            Assumptions.read(path)


class TestTables:
    def test_an_unknown_table_names_those_there_are(self):
        with pytest.raises(AssumptionError, match=r"no table `prices`.*heat_demand"):
            read_table("prices")

    @pytest.mark.parametrize(
        "name",
        ["beside_money", "heat_demand", "heat_pump_sizes", "pipes", "price_index", "probes", "reference_case", "rules"],
    )
    def test_every_row_of_a_table_of_numbers_has_a_source_and_a_date(self, name):
        table = read_table(name)
        assert table[["source", "date"]].notna().all(axis=None)

    def test_every_row_of_the_demand_has_a_source_and_a_date(self):
        table = read_table("heat_demand")
        assert table[["home_type", "gas_m3", "source", "date"]].notna().all(axis=None)
        assert table["gas_m3"].between(300, 2500).all()

    def test_demand_is_given_for_every_type_and_every_year_once(self):
        table = read_table("heat_demand")
        for _, rows in table.groupby("home_type"):
            assert rows["built_from"].isna().sum() == 1
            periods = rows.dropna(subset=["built_from"]).sort_values("built_from")
            assert (periods["built_from"].to_numpy()[1:] == periods["built_to"].to_numpy()[:-1] + 1).all()
            assert (periods["built_from"].iloc[0], periods["built_to"].iloc[-1]) == (1000, 2100)

    def test_a_newer_home_never_uses_more_nor_a_more_attached_one(self):
        table = read_table("heat_demand")
        order = ["apartment", "terraced_middle", "terraced_end", "semi_detached", "detached"]
        for _, rows in table.dropna(subset=["built_from"]).groupby("built_from"):
            assert rows.set_index("home_type").loc[order, "gas_m3"].is_monotonic_increasing
        for _, rows in table.dropna(subset=["built_from"]).groupby("home_type"):
            assert rows.sort_values("built_from")["gas_m3"].is_monotonic_decreasing

    def test_every_item_of_the_costs_names_assumptions_that_exist(self):
        items = read_table("cost_items")
        for column in ("price", "lifetime", "scale", "divide"):
            assert set(items[column].dropna()) <= {e.name for e in ENTRIES if e.section == "costs"}
        assert set(items["kind"]) <= {"capex", "yearly", "subsidy", "house"}
        assert set(items["per"]) <= {"cluster", "home"}
