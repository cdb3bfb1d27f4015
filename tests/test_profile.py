"""The profile of a municipality: every question with every answer, what zones outrank, and what is wrong in a file."""

import math
import re
from pathlib import Path

import pytest
from shapely.geometry import box
from test_checks import ALL_HOMES, FREE, OUTSIDE, make_profile, make_zones, outcome, run, zone

from minenet.assumptions.profile import QUESTIONS, Profile
from minenet.errors import AssumptionError
from minenet.maps.words import Words
from minenet.recording import provenance
from minenet.tables import VARIANTS

NEEDS = {"public_trench_m": 12.0}
ONE_HOME = box(-1, -1, 1, 1)
EXAMPLE = Path(__file__).parents[1] / "data" / "gemeente-voorbeeld.toml"


def check_of(check, profile, **more):
    rows = run(profile=profile, **more).query("check == @check")
    assert len(rows) == 1
    return rows.iloc[0]


class TestAnswers:
    @pytest.mark.parametrize(
        ("question", "check", "expected"),
        [
            ("heat_network", "heat_network_planned", ("blocked", "ok", "unknown", "unknown")),
            ("shared_loops", "network_allowed", ("ok", "blocked", "attention", "unknown")),
            ("public_space", "public_space", ("ok", "blocked", "attention", "unknown")),
            ("support", "support", ("ok", "attention", "attention", "unknown")),
        ],
    )
    def test_every_question_answered_yes_no_on_conditions_and_not_at_all(self, question, check, expected):
        answers = [make_profile(**{question: a}) for a in ("yes", "no", "conditional")] + [make_profile()]
        rows = [check_of(check, profile, solution=NEEDS) for profile in answers]
        assert tuple(row["outcome"] for row in rows) == expected
        for row in rows[:3]:
            assert "Testdam" in row["detail"]
            assert row["source"].startswith("a decision (2025-06); ")
        assert "a decision" not in rows[3]["source"]

    @pytest.mark.parametrize("question", ["heat_network", "shared_loops", "public_space", "support"])
    def test_unknown_is_as_good_as_no_answer(self, question):
        said, silent = (run(profile=p, solution=NEEDS) for p in (make_profile(**{question: "unknown"}), None))
        assert said["outcome"].tolist() == silent["outcome"].tolist()

    @pytest.mark.parametrize("variant", VARIANTS)
    def test_each_variant_has_its_own_answer(self, variant):
        of_it = {"solution": {"variant": variant}, "borehole": {"variant": variant}}
        others = make_profile(**{v: "yes" for v in VARIANTS if v != variant})
        assert check_of("network_allowed", others, **of_it)["outcome"] == "unknown"
        assert check_of("network_allowed", make_profile(**{variant: "yes"}), **of_it)["outcome"] == "ok"

    def test_conditions_are_told(self):
        said = {"answer": "conditional", "conditions": "one owner for all"}
        row = check_of("network_allowed", make_profile(shared_loops=said))
        assert row["detail"] == "allowed on conditions by Testdam: one owner for all"

    def test_every_answer_is_told_in_dutch_too(self):
        profiles = [make_profile(**dict.fromkeys(QUESTIONS, a)) for a in ("yes", "no", "conditional", "unknown")]
        profiles.append(Profile.read(EXAMPLE))
        asked = ["heat_network_planned", "network_allowed", "public_space", "pipe_permit", "support", "fluid"]
        for profile in profiles:
            for trench in (0.0, 12.0, 150.0):
                checks = run(profile=profile, solution={"public_trench_m": trench}).set_index("check")
                for detail in checks.loc[asked, "detail"]:
                    assert Words("nl").detail(detail) != detail


class TestZonesOutrank:
    @pytest.mark.parametrize(
        ("answer", "where", "expected"),
        [
            ("no", ALL_HOMES, "blocked"),
            ("no", ONE_HOME, "attention"),
            ("no", OUTSIDE, "ok"),
            ("yes", ONE_HOME, "blocked"),
            ("yes", OUTSIDE, "blocked"),
            ("conditional", OUTSIDE, "unknown"),
            ("by_zones", ALL_HOMES, "blocked"),
            ("by_zones", OUTSIDE, "ok"),
        ],
    )
    def test_planned_heat_network(self, answer, where, expected):
        zones = make_zones(zone("heat_network", "heat_network", where))
        assert outcome(run(zones=zones, profile=make_profile(heat_network=answer)), "heat_network_planned") == expected

    def test_by_zones_without_such_a_zone_is_unknown(self):
        profile = make_profile(heat_network="by_zones")
        assert outcome(run(profile=profile), "heat_network_planned") == "unknown"
        zones = make_zones(zone("no_drilling", "ban", OUTSIDE))
        assert outcome(run(zones=zones, profile=profile), "heat_network_planned") == "unknown"

    @pytest.mark.parametrize(
        ("answer", "effect", "where", "expected"),
        [
            ("no", "support", ALL_HOMES, "ok"),
            ("no", "permit", ALL_HOMES, "attention"),
            ("yes", "ban", ALL_HOMES, "blocked"),
            ("yes", "ban", ONE_HOME, "blocked"),
            ("yes", "permit", ONE_HOME, "attention"),
            ("yes", "support", ONE_HOME, "ok"),
            ("no", "support", ONE_HOME, "blocked"),
            ("conditional", "support", OUTSIDE, "attention"),
            ("unknown", "support", ONE_HOME, "unknown"),
        ],
    )
    def test_public_space(self, answer, effect, where, expected):
        zones = make_zones(zone("public_space", effect, where))
        checks = run(zones=zones, profile=make_profile(public_space=answer), solution=NEEDS)
        assert outcome(checks, "public_space") == expected

    @pytest.mark.parametrize(
        ("answer", "where", "expected"),
        [
            ("no", ALL_HOMES, "ok"),
            ("no", ONE_HOME, "attention"),
            ("yes", ONE_HOME, "ok"),
            ("yes", OUTSIDE, "ok"),
            ("unknown", OUTSIDE, "attention"),
        ],
    )
    def test_support(self, answer, where, expected):
        zones = make_zones(zone("subsidy", "support", where))
        assert outcome(run(zones=zones, profile=make_profile(support=answer)), "support") == expected

    def test_a_profile_lifts_no_ban_and_answers_nothing_that_it_is_not_asked(self):
        yes = make_profile(**dict.fromkeys(QUESTIONS, "yes"))
        assert outcome(run(zones=make_zones(*FREE), profile=yes), "drilling_ban") == "ok"
        assert outcome(run(zones=make_zones(zone("x", "ban", ALL_HOMES)), profile=yes), "drilling_ban") == "blocked"
        assert outcome(run(profile=yes), "drilling_ban") == "unknown"


class TestPublicSpace:
    TERMS = {"answer": "conditional", "fee_eur": 250.0, "fee_eur_m": 2.5, "lead_time_weeks": 8}  # noqa: RUF012 - read only

    @pytest.mark.parametrize(
        ("left_out", "told"),
        [
            ((), "; fee 280 EUR, ask 8 weeks ahead"),  # 250 + 12 x 2.50
            (("fee_eur",), "; fee 30 EUR, ask 8 weeks ahead"),
            (("fee_eur_m", "lead_time_weeks"), "; fee 250 EUR"),
            (("fee_eur", "fee_eur_m"), "; ask 8 weeks ahead"),
            (("fee_eur", "fee_eur_m", "lead_time_weeks"), ": Testdam"),
        ],
    )
    def test_fee_and_lead_time_are_told(self, left_out, told):
        terms = {key: value for key, value in self.TERMS.items() if key not in left_out}
        detail = check_of("public_space", make_profile(public_space=terms), solution=NEEDS)["detail"]
        assert detail.startswith("12 m of trench and 0 boreholes in public ground: Testdam")
        assert detail.endswith(told)
        assert Words("nl").detail(detail) != detail

    def test_they_are_told_where_a_zone_answers_too(self):
        zones = make_zones(zone("public_space", "permit", ALL_HOMES))
        row = check_of("public_space", make_profile(public_space=self.TERMS), solution=NEEDS, zones=zones)
        assert row["detail"].endswith("public ground: the public_space; fee 280 EUR, ask 8 weeks ahead")
        assert row["source"].startswith("a decree (2024-05); ")

    def test_a_variant_that_needs_none_is_ok_whatever_the_answer(self):
        row = check_of("public_space", make_profile(public_space="no"))
        assert (row["outcome"], row["detail"]) == ("ok", "needs no public ground")

    def test_a_refusal_leaves_ground_of_unknown_owner_open(self):
        row = check_of("public_space", make_profile(public_space="no"), borehole={"ownership": "unknown"})
        assert row["outcome"] == "unknown"

    HOUTEN = (
        {"up_to_m": 20, "fee_eur": 404.75},
        {"below_m": 100, "fee_eur": 598.80},
        {"fee_eur_m": 1.45, "lead_time_weeks": 12},
    )

    @pytest.mark.parametrize(
        ("trench", "told"),
        [
            (20.0, "a permit of 405 EUR, asked 8 weeks ahead"),
            (20.1, "a permit of 599 EUR, asked 8 weeks ahead"),
            (99.9, "a permit of 599 EUR, asked 8 weeks ahead"),
            (100.0, "a permit of 145 EUR, asked 12 weeks ahead"),
            (200.0, "a permit of 290 EUR, asked 12 weeks ahead"),
        ],
    )
    def test_the_permit_for_pipes_goes_by_classes_of_length(self, trench, told):
        profile = make_profile(public_space=self.TERMS | {"length_classes": list(self.HOUTEN)})
        row = check_of("pipe_permit", profile, solution={"public_trench_m": trench})
        assert row["outcome"] == "attention"
        assert row["detail"].endswith(told)
        assert row["who"] == "municipality"

    def test_without_classes_the_permit_is_unknown_and_without_a_trench_there_is_none(self):
        assert check_of("pipe_permit", make_profile(public_space=self.TERMS), solution=NEEDS)["outcome"] == "unknown"
        assert check_of("pipe_permit", None)["outcome"] == "ok"
        assert check_of("pipe_permit", None, solution={"public_trench_m": math.nan})["outcome"] == "unknown"
        assert check_of("pipe_permit", None, pipe={"ownership": "unknown"})["outcome"] == "unknown"


SAID = 'source = "x"\ndate = "2025"\n'


class TestFile:
    def test_the_example_answers_the_four_questions(self):
        profile = Profile.read(EXAMPLE)
        assert Profile.example() == profile
        answers = {question: said.answer for question, said in profile.answers.items()}
        assert answers == {
            "heat_network": "by_zones",
            "shared_loops": "yes",
            "ring_net": "conditional",
            "ring_net_collective": "unknown",
            "ring_net_aquathermal": "unknown",
            "public_space": "conditional",
            "support": "conditional",
        }
        assert all(said.basis for said in profile.answers.values() if said.answer != "unknown")
        assert "fictief" in profile.municipality

    def test_the_wheel_carries_it_beside_the_demo(self):
        text = (EXAMPLE.parents[1] / "pyproject.toml").read_text()
        assert '"data/gemeente-voorbeeld.toml" = "minenet/data/gemeente-voorbeeld.toml"' in text

    def test_a_date_may_be_a_date_of_toml(self, tmp_path):
        path = tmp_path / "p.toml"
        path.write_text('[support]\nanswer = "no"\nsource = "x"\ndate = 2025-06-30\n')
        assert Profile.read(path).answers["support"].basis == "x (2025-06-30)"

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("[heat_netwerk]\n", r"\[heat_netwerk\]: is not known. Did you mean `heat_network`"),
            (f'[ring_net]\nanwser = "yes"\n{SAID}', r"\[ring_net\] `anwser`: is not known. Did you mean `answer`"),
            (f'[public_space]\nanswer = "yes"\nfee_eur_metre = 2\n{SAID}', "Did you mean `fee_eur_m`"),
            (f'[support]\nanswer = "yes"\nfee_eur = 2\n{SAID}', r"\[support\] `fee_eur`: is not known"),
            (f'[ring_net]\nanswer = "perhaps"\n{SAID}', "'perhaps' is not one of yes, no, conditional, unknown"),
            (f'[ring_net]\nanswer = "by_zones"\n{SAID}', "'by_zones' is not one of"),
            (f"[ring_net]\nanswer = true\n{SAID}", "`answer` must be a text"),
            (f"[ring_net]\n{SAID}", "'' is not one of"),
            ('[ring_net]\nanswer = "yes"\ndate = "2025"\n', "an answer needs its `source`"),
            ('[ring_net]\nanswer = "yes"\nsource = "x"\n', "`date` '' is not a date"),
            ('[ring_net]\nanswer = "yes"\nsource = "x"\ndate = "june"\n', "`date` 'june' is not a date"),
            ("ring_net = true\n", "must be a table with an answer"),
            ("municipality = 5\n", "`municipality` must be a text"),
            (f'[public_space]\nanswer = "yes"\nfee_eur = -1\n{SAID}', "`fee_eur` -1 is not a number of 0 or more"),
            (f'[public_space]\nanswer = "yes"\nfee_eur = nan\n{SAID}', "`fee_eur` nan is not a number"),
            (f'[public_space]\nanswer = "yes"\nlead_time_weeks = 1.5\n{SAID}', "1.5 is not a whole number"),
            (f'[public_space]\nanswer = "yes"\nlength_classes = 3\n{SAID}', "must be a list of tables"),
            (f'[public_space]\nanswer = "yes"\nlength_classes = [{{ upto_m = 20 }}]\n{SAID}', "Did you mean `up_to_m`"),
            (
                f'[public_space]\nanswer = "yes"\nlength_classes = [{{ up_to_m = 20 }}]\n{SAID}',
                "which lengths it is for",
            ),
            (f'[public_space]\nanswer = "yes"\nlength_classes = [{{}}, {{}}]\n{SAID}', "which lengths it is for"),
            (
                f'[public_space]\nanswer = "yes"\nlength_classes = [{{ up_to_m = 9 }}, {{ up_to_m = 9 }}, {{}}]\n{SAID}',
                "not longer than the class before",
            ),
            (
                f'[public_space]\nanswer = "yes"\nlength_classes = [{{ up_to_m = "far" }}, {{}}]\n{SAID}',
                "'far' is not a length above 0",
            ),
            ("answer = \n", "is not a TOML file"),
        ],
    )
    def test_what_is_wrong_is_said_with_its_place(self, tmp_path, text, message):
        path = tmp_path / "wrong.toml"
        path.write_text(text)
        with pytest.raises(AssumptionError, match=message) as error:
            Profile.read(path)
        assert "wrong.toml" in str(error.value)

    def test_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(AssumptionError, match="cannot be read"):
            Profile.read(tmp_path / "none.toml")


class TestProvenance:
    def test_every_answer_stands_there_with_its_source(self):
        from minenet import Assumptions

        table = provenance({}, Assumptions.default(), Profile.read(EXAMPLE)).set_index("key")["value"]
        assert set(QUESTIONS) <= {re.sub(r"^profile\.", "", key) for key in table.index}
        assert table["profile.shared_loops"] == "yes; Leidraad ondergrond Voorbeeldstad (fictief); 2024-01-01"
        assert table["profile.ring_net_collective"] == "unknown"
        assert table["profile.public_space.lead_time_weeks"] == "8"
        assert table["profile.public_space.length_classes"].startswith("up to 20 m: 400 EUR + 0 EUR/m; below 100 m")

    def test_without_a_profile_every_answer_is_unknown(self):
        from minenet import Assumptions

        table = provenance({}, Assumptions.default()).set_index("key")["value"]
        assert {table[f"profile.{question}"] for question in QUESTIONS} == {"unknown"}
