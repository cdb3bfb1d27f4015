"""Rules and verdicts: every rule with a polygon just inside and just outside, every verdict with its reasons."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box

from minenet.assumptions import Assumptions, read_table
from minenet.assumptions.profile import Profile
from minenet.checks import CHECKS, ESSENTIAL, REASONS, check_rules, give_verdicts
from minenet.maps.texts import TEXTS
from minenet.maps.words import Words
from minenet.tables import RESULT_TABLES, VARIANTS

CRS = 28992
DEFAULT = Assumptions.default()
# Three homes at x = 0, 10 and 20 m, in a cluster that reaches from -5 to 25 m.
ALL_HOMES, TWO_HOMES, TOUCHED, OUTSIDE = box(-1, -1, 21, 1), box(-1, -1, 11, 1), box(22, -1, 30, 1), box(26, -1, 40, 1)


def make_clusters(*ids, homes=3, peak_kw=15.0):
    return gpd.GeoDataFrame(
        {"cluster_id": list(ids), "homes": homes, "peak_kw": peak_kw},
        geometry=[box(-5, -10, 25, 10)] * len(ids),
        crs=CRS,
    )


def make_homes(*ids):
    rows = [(f"{i}-{x}", i, Point(x, 0)) for i in ids for x in (0, 10, 20)]
    names, clusters, points = zip(*rows, strict=True)
    return gpd.GeoDataFrame({"home_id": names, "cluster_id": clusters}, geometry=list(points), crs=CRS)


def make_solutions(rows):
    columns = {
        "public_trench_m": 0.0,
        "annual_low_eur_per_home": 0.0,
        "annual_high_eur_per_home": 0.0,
        "capex_eur_per_home": 0.0,
        "cooling_within_k": 0.2,
        "cooling_by_clusters_k": 0.2,
        "cooling_at_registered_k": 0.2,
        "cooling_by_registered_k": 0.2,
        "regeneration_kwh": 0.0,
    }
    frame = pd.DataFrame(
        [columns | {"cluster_id": "c", "feasible": True, "annual_eur_per_home": 1000.0} | r for r in rows]
    )
    return frame.astype({"feasible": "boolean"})


def make_boreholes(rows):
    columns = ["cluster_id", "variant", "depth_m", "ownership", "homes_served"]
    base = {"cluster_id": "c", "variant": "shared_loops", "depth_m": 230.0, "ownership": "own", "homes_served": 3}
    frame = pd.DataFrame([base | r for r in rows], columns=columns)
    return gpd.GeoDataFrame(frame, geometry=[Point(5, 5)] * len(frame), crs=CRS)


def make_pipes(rows):
    base = {"cluster_id": "c", "variant": "shared_loops", "ownership": "private"}
    frame = pd.DataFrame([base | r for r in rows], columns=list(base))
    return gpd.GeoDataFrame(frame, geometry=[LineString([(0, 0), (20, 0)])] * len(frame), crs=CRS)


def make_zones(*rows):
    columns = ["kind", "effect", "value", "name", "source", "date"]
    frame = pd.DataFrame([r[:-1] for r in rows], columns=columns)
    return gpd.GeoDataFrame(frame, geometry=[r[-1] for r in rows], crs=CRS)


def zone(kind, effect, where, value=np.nan):
    return (kind, effect, value, f"the {kind}", "a decree", "2024-05", where)


FAR_LOOP = gpd.GeoDataFrame({"loop_id": ["l"]}, geometry=[Point(5000, 0)], crs=CRS)


def make_profile(**answers):
    """Return the profile of a municipality that answers some questions: a word, or a table without source and date."""
    said = {"source": "a decision", "date": "2025-06"}
    tables = {q: said | ({"answer": a} if isinstance(a, str) else a) for q, a in answers.items()}
    return Profile.of({"municipality": "Testdam", **tables})


def run(zones=None, loops=None, solution=None, borehole=None, pipe=None, profile=None, assumptions=DEFAULT, **cluster):
    """Check one cluster of three homes that share one loop in an own garden."""
    return check_rules(
        make_clusters("c", **cluster),
        make_homes("c"),
        make_solutions([{"variant": "shared_loops"} | (solution or {})]),
        make_boreholes([borehole or {}]),
        make_pipes([pipe or {}]),
        zones=zones,
        loops=loops,
        assumptions=assumptions,
        profile=profile,
    )


def outcome(checks, check):
    rows = checks[checks["check"] == check]
    assert len(rows) == 1, f"{check}: {len(rows)} rows"
    return rows.iloc[0]["outcome"]


class TestTable:
    def test_every_rule_is_a_check_and_every_check_has_a_rule(self):
        rules = read_table("rules")
        assert tuple(rules["check"]) == CHECKS
        assert tuple(rules.loc[rules["essential"], "check"]) == ESSENTIAL
        assert rules.notna().all(axis=None)

    def test_columns_outcomes_and_sources_are_those_of_the_contract(self):
        checks = run(zones=make_zones(zone("groundwater_protection", "ban", TWO_HOMES)))
        table = RESULT_TABLES["checks"]
        assert list(checks.columns) == [c.name for c in table.columns]
        assert set(checks["outcome"]) <= set(table.column["outcome"].values)
        assert checks[["detail", "who", "source"]].notna().all(axis=None)

    def test_the_zone_that_decides_is_named_with_its_source_and_date(self):
        row = (
            run(zones=make_zones(zone("groundwater_protection", "ban", TWO_HOMES)))
            .query("check == 'drilling_ban'")
            .iloc[0]
        )
        assert "2 of 3 homes in: the groundwater_protection" in row["detail"]
        assert row["source"].startswith("a decree (2024-05); ")

    def test_no_cluster_gives_no_row(self):
        nothing = check_rules(
            make_clusters(),
            make_homes("c").iloc[:0],
            make_solutions([{"variant": "shared_loops"}]).iloc[:0],
            make_boreholes([]),
            make_pipes([]),
            zones=None,
            loops=None,
            assumptions=DEFAULT,
        )
        assert len(nothing) == 0


class TestUnknownIsNeverOk:
    def test_without_zones_and_loops_nothing_that_they_answer_is_ok(self):
        checks = run()
        asked = ["drilling_ban", "heat_network_planned", "depth_limit", "interference_area", "interference", "support"]
        asked += ["network_allowed", "cooling_registered", "cooling_by_registered"]
        assert {c: outcome(checks, c) for c in asked} == dict.fromkeys(asked, "unknown")

    def test_a_layer_that_is_silent_on_a_subject_answers_nothing_on_it(self):
        checks = run(zones=make_zones(zone("support", "support", ALL_HOMES)))
        assert outcome(checks, "support") == "ok"
        assert outcome(checks, "drilling_ban") == "unknown"
        assert outcome(checks, "heat_network_planned") == "unknown"

    def test_a_zone_of_that_kind_without_a_ban_says_that_there_is_none(self):
        checks = run(zones=make_zones(zone("groundwater_protection", "notice", ALL_HOMES)))
        assert outcome(checks, "drilling_ban") == "ok"

    def test_an_incomplete_register_never_yields_ok(self):
        checks = run(loops=FAR_LOOP)
        asked = ["interference", "cooling_registered", "cooling_by_registered"]
        assert {c: outcome(checks, c) for c in asked} == dict.fromkeys(asked, "attention")
        assert "0 registered" in checks.set_index("check").loc["interference", "detail"]


class TestZones:
    @pytest.mark.parametrize(
        ("where", "expected"),
        [(ALL_HOMES, "blocked"), (TWO_HOMES, "attention"), (TOUCHED, "attention"), (OUTSIDE, "ok")],
    )
    def test_drilling_ban(self, where, expected):
        assert outcome(run(zones=make_zones(zone("no_drilling", "ban", where))), "drilling_ban") == expected

    @pytest.mark.parametrize(
        ("where", "expected"),
        [(ALL_HOMES, "blocked"), (TWO_HOMES, "blocked"), (box(-1, -1, 1, 1), "attention"), (OUTSIDE, "ok")],
    )
    def test_planned_heat_network(self, where, expected):
        checks = run(zones=make_zones(zone("heat_network", "heat_network", where)))
        assert outcome(checks, "heat_network_planned") == expected

    @pytest.mark.parametrize(("edge", "expected"), [(20.0, "blocked"), (19.99, "attention")])
    def test_a_home_on_the_edge_lies_inside(self, edge, expected):
        checks = run(zones=make_zones(zone("no_drilling", "ban", box(-1, -1, edge, 1))))
        assert outcome(checks, "drilling_ban") == expected

    @pytest.mark.parametrize(("where", "expected"), [(TWO_HOMES, "attention"), (OUTSIDE, "ok")])
    def test_interference_area(self, where, expected):
        checks = run(zones=make_zones(zone("interference_area", "permit", where)))
        assert outcome(checks, "interference_area") == expected

    @pytest.mark.parametrize(
        ("where", "expected"), [(ALL_HOMES, "ok"), (TWO_HOMES, "attention"), (OUTSIDE, "attention")]
    )
    def test_support(self, where, expected):
        assert outcome(run(zones=make_zones(zone("subsidy", "support", where))), "support") == expected

    @pytest.mark.parametrize(
        ("where", "limit", "expected"),
        [
            (box(4, 4, 6, 6), 230.0, "attention"),
            (box(4, 4, 6, 6), 229.0, "blocked"),
            (box(5.01, 4, 6, 6), 229.0, "ok"),  # just beside the borehole at (5, 5)
        ],
    )
    def test_depth_limit_holds_where_the_borehole_stands(self, where, limit, expected):
        checks = run(zones=make_zones(zone("groundwater_protection", "max_depth", where, limit)))
        assert outcome(checks, "depth_limit") == expected

    @pytest.mark.parametrize(("where", "rows"), [(TWO_HOMES, 1), (OUTSIDE, 0)])
    def test_a_zone_with_conditions_of_its_own(self, where, rows):
        checks = run(zones=make_zones(zone("archaeology", "permit", where)))
        assert (checks["check"] == "zone_conditions").sum() == rows

    @pytest.mark.parametrize(("where", "expected"), [(box(4, 4, 6, 6), "attention"), (box(5.01, 4, 6, 6), "ok")])
    def test_an_interference_area_around_a_borehole_alone(self, where, expected):
        checks = run(zones=make_zones(zone("interference_area", "permit", where)))  # the borehole stands on (5, 5)
        assert outcome(checks, "interference_area") == expected
        detail = checks.set_index("check").loc["interference_area", "detail"]
        assert ("boreholes or pipes in: the interference_area" in detail) == (expected == "attention")

    @pytest.mark.parametrize(
        ("where", "rows"),
        [(box(4, 4, 6, 6), 1), (box(5.01, 4, 6, 6), 0), (box(12, -1, 14, 1), 1), (box(12, 0.01, 14, 1), 0)],
    )
    def test_conditions_around_a_borehole_or_a_pipe_alone(self, where, rows):
        # the pipe lies on y = 0 from x = 0 to 20, between the homes on 0, 10 and 20
        checks = run(zones=make_zones(zone("archaeology", "permit", where)))
        found = checks[checks["check"] == "zone_conditions"]
        assert found["detail"].tolist() == ["boreholes or pipes in: the archaeology"] * rows
        assert found["outcome"].tolist() == ["attention"] * rows

    @pytest.mark.parametrize("kind", ["interference_area", "Interferentiegebied", "interference area"])
    def test_kinds_are_read_in_dutch_and_english_however_they_are_spelled(self, kind):
        checks = run(zones=make_zones(zone(kind, "permit", TWO_HOMES)))
        assert outcome(checks, "interference_area") == "attention"
        assert "zone_conditions" not in set(checks["check"])


class TestPublicSpace:
    NEEDS = {"public_trench_m": 12.0}  # noqa: RUF012 - read only

    def test_a_variant_that_needs_none_is_ok_without_any_layer(self):
        assert outcome(run(), "public_space") == "ok"

    @pytest.mark.parametrize("needed", [{"solution": NEEDS}, {"borehole": {"ownership": "public"}}])
    def test_use_of_it_without_an_answer_is_unknown(self, needed):
        assert outcome(run(**needed), "public_space") == "unknown"

    @pytest.mark.parametrize(
        ("effect", "expected"),
        [
            ("support", "ok"),
            ("permit", "attention"),
            ("notice", "attention"),
            ("ban", "blocked"),
            ("max_depth", "unknown"),
        ],
    )
    @pytest.mark.parametrize("kind", ["public_space", "openbare ruimte"])
    def test_the_municipality_answers_with_a_zone(self, kind, effect, expected):
        checks = run(zones=make_zones(zone(kind, effect, ALL_HOMES)), solution=self.NEEDS)
        assert outcome(checks, "public_space") == expected

    @pytest.mark.parametrize("where", [TWO_HOMES, OUTSIDE])
    def test_an_answer_for_part_of_the_homes_is_none(self, where):
        checks = run(zones=make_zones(zone("public_space", "support", where)), solution=self.NEEDS)
        assert outcome(checks, "public_space") == "unknown"

    @pytest.mark.parametrize(
        ("where", "expected"),
        [
            (box(4, 4, 6, 6), "blocked"),
            (box(5.01, 4, 6, 6), "unknown"),  # just beside the borehole at (5, 5)
            (box(20, -1, 20.5, -0.01), "unknown"),  # just beside the pipe, which ends in (20, 0)
            (box(19, -1, 20.5, 0), "blocked"),
        ],
    )
    def test_a_ban_in_a_street_holds_where_the_pipe_or_borehole_lies(self, where, expected):
        checks = run(
            zones=make_zones(zone("public_space", "ban", where)),
            solution=self.NEEDS,
            borehole={"ownership": "public"},
            pipe={"ownership": "public"},
        )
        assert outcome(checks, "public_space") == expected

    def test_no_use_of_streets_is_no_ban_on_drilling(self):
        checks = run(zones=make_zones(zone("public_space", "ban", ALL_HOMES)))
        assert outcome(checks, "public_space") == "ok"  # nothing public is needed
        assert outcome(checks, "drilling_ban") == "unknown"


class TestOwnership:
    @pytest.mark.parametrize(
        ("borehole", "pipe", "expected"),
        [
            ("own", "private", "ok"),
            ("neighbour", "private", "attention"),
            ("unknown", "private", "unknown"),
            ("own", "unknown", "unknown"),
        ],
    )
    def test_whose_ground(self, borehole, pipe, expected):
        assert outcome(run(borehole={"ownership": borehole}, pipe={"ownership": pipe}), "ownership") == expected


class TestGroundAndLaw:
    @pytest.mark.parametrize(("peak_kw", "expected"), [(93.2, "ok"), (93.5, "attention")])
    def test_a_ring_above_70_kw_needs_a_permit(self, peak_kw, expected):
        # three quarters come from the ground: 93.33 kW of heat is 70 kW
        checks = run(solution={"variant": "ring_net"}, borehole={"variant": "ring_net"}, peak_kw=peak_kw)
        assert outcome(checks, "permit") == expected

    def test_each_shared_loop_is_a_system_of_its_own(self):
        # 40 homes of 5 kW: one loop takes 3 x 5 x 0.75 = 11 kW, a ring 150 kW
        assert outcome(run(homes=40, peak_kw=200.0), "permit") == "ok"
        ring = run(solution={"variant": "ring_net"}, borehole={"variant": "ring_net"}, homes=40, peak_kw=200.0)
        assert outcome(ring, "permit") == "attention"

    def test_surface_water_takes_nothing_from_the_ground(self):
        checks = run(solution={"variant": "ring_net_aquathermal"}, borehole={"variant": "ring_net"})
        assert not {"permit", "fluid"} & set(checks["check"])
        assert {"permit", "fluid"} <= set(run()["check"])

    @pytest.mark.parametrize(("cooling", "expected"), [(1.5, "ok"), (1.51, "attention"), (None, "unknown")])
    def test_cooling_by_neighbours(self, cooling, expected):
        assert outcome(run(solution={"cooling_within_k": cooling}), "cooling") == expected
        assert outcome(run(solution={"cooling_by_clusters_k": cooling}), "cooling_clusters") == expected

    # half of the heat may be given back (`regeneration_possible_share`): 1.5 / (1 - 0.5) = 3.0 K can be mended
    @pytest.mark.parametrize(("cooling", "expected"), [(0.1, "attention"), (2.99, "attention"), (3.01, "blocked")])
    def test_cooling_a_registered_loop(self, cooling, expected):
        loops = gpd.GeoDataFrame({"loop_id": ["l"]}, geometry=[Point(30, 0)], crs=CRS)
        felt = {"cooling_at_registered_k": cooling, "regeneration_kwh": 1234.0}
        checks = run(loops=loops, solution=felt)
        assert outcome(checks, "cooling_registered") == expected
        detail = checks.set_index("check").loc["cooling_registered", "detail"]
        assert ("1234 kWh a year given back" in detail) == (cooling > 1.5)
        unknown = run(solution=felt)  # no layer of loops
        assert outcome(unknown, "cooling_registered") == "unknown"
        assert unknown.set_index("check").loc["cooling_registered", "detail"] == "no layer says"

    def test_what_giving_back_mends_is_said_of_each_by_itself(self):
        # 3 K to 1.5 K asks for half of the heat, here 1000 kWh; 2 K asks for a quarter of it, 500; what others cool here
        # is not mended by what this network gives back
        felt = {"cooling_within_k": 3.0, "cooling_by_clusters_k": 2.9, "cooling_at_registered_k": 2.0}
        loops = gpd.GeoDataFrame({"loop_id": ["l"]}, geometry=[Point(30, 0)], crs=CRS)
        checks = run(loops=loops, solution={**felt, "regeneration_kwh": 1000.0}).set_index("check")["detail"]
        assert checks["cooling"] == "at most 3.0 K, limit 1.5 K; 1000 kWh a year given back mends it"
        assert checks["cooling_registered"] == "at most 2.0 K, limit 1.5 K; 500 kWh a year given back mends it"
        assert checks["cooling_clusters"] == "at most 2.9 K, limit 1.5 K"

    def test_a_little_above_the_limit_reads_as_more(self):
        checks = run(solution={"cooling_by_clusters_k": 1.54}).set_index("check")["detail"]
        assert checks["cooling_clusters"] == "at most 1.54 K, limit 1.5 K"

    @pytest.mark.parametrize(("cooling", "expected"), [(0.0, "attention"), (1.51, "attention"), (None, "unknown")])
    def test_cooling_by_a_registered_loop_is_never_ok_and_never_blocks(self, cooling, expected):
        felt = {"cooling_by_registered_k": cooling}
        assert outcome(run(loops=FAR_LOOP, solution=felt), "cooling_by_registered") == expected
        assert outcome(run(solution=felt), "cooling_by_registered") == "unknown"  # no layer of loops

    @pytest.mark.parametrize(
        ("reading", "limit", "expected"),
        [
            ("into_ground", -3.0, "ok"),
            ("into_ground", -3.01, "attention"),
            ("mean", -1.5, "ok"),  # 3 K over the loop: what goes in is 1.5 K colder than the mean
            ("mean", -1.51, "attention"),
            ("out_of_ground", 0.0, "ok"),
            ("out_of_ground", -0.01, "attention"),
        ],
    )
    def test_the_fluid_that_returns_to_the_ground_is_no_colder_than_3_below_zero(self, reading, limit, expected):
        numbers = DEFAULT.override({"ground": {"fluid_reading": reading, "fluid_limit_c": limit, "fluid_drop_k": 3.0}})
        assert outcome(run(assumptions=numbers), "fluid") == expected

    def test_every_network_is_told_of_its_duties_and_who_answers(self):
        ring = {"variant": "ring_net"}
        checks = run(solution=ring, borehole=ring).set_index("check")
        duties = {
            "notice": "municipality",
            "monitoring": "municipality",
            "cables": "kadaster",
            "patent": "patent_holder",
        }
        assert checks.loc[list(duties), "outcome"].eq("attention").all()
        assert checks.loc[list(duties), "who"].to_dict() == duties
        assert "4 weeks" in checks.loc["notice", "detail"]

    @pytest.mark.parametrize(("x", "found"), [(25 + 119.9, "1 registered"), (25 + 120.1, "0 registered")])
    def test_registered_loops_within_120_m_of_the_cluster(self, x, found):
        loops = gpd.GeoDataFrame({"loop_id": ["l"]}, geometry=[Point(x, 0)], crs=CRS)
        assert found in run(loops=loops).set_index("check").loc["interference", "detail"]

    @pytest.mark.parametrize(("homes", "expected"), [(9, "ok"), (10, "attention")])
    def test_collective_heat_act_from_ten_connections(self, homes, expected):
        assert outcome(run(homes=homes), "collective_heat_act") == expected

    def test_patent_rests_on_the_ring_only(self):
        assert "patent" not in set(run()["check"])
        ring = run(solution={"variant": "ring_net"}, borehole={"variant": "ring_net"})
        assert outcome(ring, "patent") == "attention"

    def test_what_cannot_be_built_has_no_duties(self):
        checks = run(solution={"feasible": False})
        assert not {"notice", "monitoring", "cables", "public_space", "ownership"} & set(checks["check"])


# Verdicts

FREE = [zone("no_drilling", "ban", OUTSIDE), zone("heat_network", "heat_network", OUTSIDE)]
ALL_ALLOWED = make_profile(**dict.fromkeys(VARIANTS, "yes"))
COSTS = {"gas_boiler": 1900.0, "air_heat_pump": 1500.0, "own_loops": 2000.0}


def judge(variants, zones=FREE, margin=0.0, borehole=None, clusters=("c",), profile=ALL_ALLOWED, loops=FAR_LOOP):
    """Give verdicts where each variant (name, cost, more) stands in every cluster beside the references."""
    references = [{"variant": v, "annual_eur_per_home": c} for v, c in COSTS.items()]
    built = [{"variant": v, "annual_eur_per_home": c} | more for v, c, more in variants]
    solutions = make_solutions([r | {"cluster_id": i} for i in clusters for r in references + built])
    table = make_clusters(*clusters)
    holes = make_boreholes(
        [{"cluster_id": i, "variant": v} | (borehole or {}) for i in clusters for v, _, _ in variants]
    )
    layer = make_zones(*zones) if zones else None
    assumptions = DEFAULT.override({"checks": {"cost_margin_eur": margin}})
    checks = check_rules(
        table,
        make_homes(*clusters),
        solutions,
        holes,
        make_pipes([]),
        zones=layer,
        loops=loops,
        assumptions=assumptions,
        profile=profile,
    )
    return give_verdicts(table, solutions, checks, assumptions=assumptions)


def single(*args, **kwargs):
    row = judge(*args, **kwargs).iloc[0]
    reasons = set(row["reasons"].split(";"))
    assert reasons <= set(REASONS)
    assert row["reasons"] == ";".join(sorted(reasons))
    return row, reasons


class TestVerdict:
    def test_promising(self):
        row, reasons = single([("shared_loops", 1750.0, {})])
        assert (row["verdict"], row["best_variant"]) == ("promising", "shared_loops")
        assert reasons == {"cheaper_than_gas", "cheaper_than_own_loops", "dearer_than_air"}
        assert row["annual_eur_per_home"] == 1750
        assert row[["gas_eur_per_home", "air_eur_per_home", "own_loop_eur_per_home"]].tolist() == [1900, 1500, 2000]

    @pytest.mark.parametrize(
        ("cost", "margin", "verdict"),
        [(1900.0, 0.0, "promising"), (1900.01, 0.0, "investigate"), (1999.0, 100.0, "promising")],
    )
    def test_the_cost_limit_is_gas_plus_the_planners_margin(self, cost, margin, verdict):
        assert single([("shared_loops", cost, {})], margin=margin)[0]["verdict"] == verdict

    @pytest.mark.parametrize(
        ("cost", "chance", "told"), [(1750.0, 0.49, True), (1750.0, 0.5, False), (1950.0, 0.1, False)]
    )
    def test_a_saving_that_most_draws_take_back_is_told(self, cost, chance, told):
        _, reasons = single([("shared_loops", cost, {"chance_cheaper_than_gas": chance})])
        assert ("gas_cheaper_in_most_draws" in reasons) == told

    def test_without_zones_there_is_something_to_investigate(self):
        row, reasons = single([("shared_loops", 1750.0, {})], zones=None)
        assert row["verdict"] == "investigate"
        assert {"drilling_unknown", "heat_network_unknown"} <= reasons

    def test_unknown_owner_is_to_be_investigated(self):
        row, reasons = single([("shared_loops", 1750.0, {})], borehole={"ownership": "unknown"})
        assert row["verdict"] == "investigate"
        assert "ownership_unknown" in reasons

    def test_unknown_neighbours_are_to_be_investigated(self):
        row, reasons = single([("shared_loops", 1750.0, {})], loops=None)
        assert row["verdict"] == "investigate"
        assert "interference_unknown" in reasons
        row, reasons = single([("shared_loops", 1750.0, {"cooling_by_clusters_k": None})])
        assert row["verdict"] == "investigate"
        assert "interference_unknown" in reasons

    @pytest.mark.parametrize(
        ("answer", "verdict", "reason"),
        [
            ("yes", "promising", None),
            ("conditional", "promising", "network_conditional"),
            ("unknown", "investigate", "network_unknown"),
            ("no", "excluded", "network_refused"),
        ],
    )
    def test_the_municipality_allows_the_network_or_not(self, answer, verdict, reason):
        row, reasons = single([("shared_loops", 1750.0, {})], profile=make_profile(shared_loops=answer))
        assert row["verdict"] == verdict
        assert [r for r in reasons if r.startswith("network")] == ([reason] if reason else [])

    def test_without_a_profile_there_is_something_to_investigate(self):
        row, reasons = single([("shared_loops", 1750.0, {})], profile=None)
        assert row["verdict"] == "investigate"
        assert "network_unknown" in reasons

    @pytest.mark.parametrize("answer", ["no", "unknown"])
    def test_a_dearer_variant_that_is_free_comes_before_a_cheaper_one_that_is_not(self, answer):
        variants = [("shared_loops", 1800.0, {}), ("ring_net", 1700.0, {})]
        row, reasons = single(variants, profile=make_profile(shared_loops="yes", ring_net=answer))
        assert (row["verdict"], row["best_variant"]) == ("promising", "shared_loops")
        assert not {"network_refused", "network_unknown"} & reasons
        row, _ = single(variants, profile=make_profile(shared_loops=answer, ring_net="yes"))
        assert (row["verdict"], row["best_variant"]) == ("promising", "ring_net")

    def test_among_variants_that_are_not_promising_the_cheapest_is_best(self):
        row, _ = single(
            [("shared_loops", 2000.0, {}), ("ring_net", 1700.0, {})], profile=make_profile(shared_loops="yes")
        )
        assert (row["verdict"], row["best_variant"]) == ("investigate", "ring_net")

    def test_public_space_unknown_and_needed(self):
        variant = [("shared_loops", 1750.0, {"public_trench_m": 5.0})]
        row, reasons = single(variant)
        assert row["verdict"] == "investigate"
        assert "public_space_unknown" in reasons
        row, reasons = single(variant, zones=[*FREE, zone("public_space", "permit", ALL_HOMES)])
        assert row["verdict"] == "promising"
        assert "public_space_needed" in reasons

    @pytest.mark.parametrize(
        ("rule", "reason"),
        [
            (zone("no_drilling", "ban", ALL_HOMES), "drilling_ban"),
            (zone("heat_network", "heat_network", ALL_HOMES), "heat_network_planned"),
        ],
    )
    def test_a_rule_that_blocks_all_excludes(self, rule, reason):
        row, reasons = single([("shared_loops", 1750.0, {}), ("ring_net", 1800.0, {})], zones=[*FREE, rule])
        assert row["verdict"] == "excluded"
        assert reasons == {reason}
        assert pd.isna(row["best_variant"])
        assert np.isnan(row["annual_eur_per_home"])
        assert row["gas_eur_per_home"] == 1900

    def test_nothing_that_can_be_built_excludes(self):
        row, reasons = single([("shared_loops", np.nan, {"feasible": False})])
        assert row["verdict"] == "excluded"
        assert reasons == {"no_variant"}

    def test_one_variant_blocked_and_another_not(self):
        zones = [*FREE, zone("public_space", "ban", ALL_HOMES)]
        row, reasons = single(
            [("shared_loops", 1800.0, {}), ("ring_net", 1700.0, {"public_trench_m": 9.0})], zones=zones
        )
        assert (row["verdict"], row["best_variant"]) == ("promising", "shared_loops")
        assert "public_space_refused" not in reasons

    def test_the_cheapest_is_best_and_ties_go_in_the_order_of_the_variants(self):
        assert single([("shared_loops", 1800.0, {}), ("ring_net", 1700.0, {})])[0]["best_variant"] == "ring_net"
        assert single([("ring_net", 1800.0, {}), ("shared_loops", 1800.0, {})])[0]["best_variant"] == "shared_loops"

    def test_a_variant_without_known_cost_is_no_bargain(self):
        row, reasons = single([("shared_loops", np.nan, {})])
        assert row["verdict"] == "investigate"
        assert "cost_unknown" in reasons
        priced, _ = single([("shared_loops", np.nan, {}), ("ring_net", 1800.0, {})])
        assert priced["best_variant"] == "ring_net"

    def test_rank_counts_from_one_by_verdict_then_id(self):
        table = judge([("shared_loops", 1750.0, {})], clusters=("b", "a", "c"))
        assert table.set_index("cluster_id")["rank"].to_dict() == {"a": 1, "b": 2, "c": 3}

    def test_rank_follows_verdict_and_saving(self):
        rows = [
            ("far", 1800.0, 1900.0, True),
            ("near", 1500.0, 1900.0, True),
            ("out", np.nan, 1900.0, False),
            ("dear", 1950.0, 1900.0, True),
        ]
        solutions = make_solutions(
            [
                {"cluster_id": i, "variant": v, "annual_eur_per_home": c, "feasible": f}
                for i, net, gas, f in rows
                for v, c in (("shared_loops", net), ("gas_boiler", gas))
            ]
        )
        none = check_rules(
            make_clusters(), make_homes("c").iloc[:0], solutions.iloc[:0], make_boreholes([]), make_pipes([]),
            zones=None, loops=None, assumptions=DEFAULT,
        )  # fmt: skip
        table = give_verdicts(make_clusters("far", "near", "out", "dear"), solutions, none, assumptions=DEFAULT)
        assert table["verdict"].tolist() == ["promising", "promising", "excluded", "investigate"]
        assert table["rank"].tolist() == [2, 1, 4, 3]


# Rank


def rank_of(rows, outcomes=(), weights=None):
    """Rank clusters of 10 homes: (id, cost, boreholes, break-even homes), gas at 2,000 EUR; outcomes of their checks."""
    solutions = make_solutions(
        [
            r
            for i, cost, holes, fewest in rows
            for r in (
                {"cluster_id": i, "variant": "shared_loops", "annual_eur_per_home": cost}
                | {"boreholes": holes, "break_even_homes": fewest},
                {"cluster_id": i, "variant": "gas_boiler", "annual_eur_per_home": 2000.0},
            )
        ]
    )
    checks = pd.DataFrame(
        [(i, None, f"check {n}", o) for i, given_ in outcomes for n, o in enumerate(given_)],
        columns=["cluster_id", "variant", "check", "outcome"],
    )
    numbers = DEFAULT.override({"checks": weights or {}})
    table = give_verdicts(make_clusters(*(r[0] for r in rows), homes=10), solutions, checks, assumptions=numbers)
    return table.set_index("cluster_id")


class TestRank:
    SAME = (1800.0, 4, 5)

    @pytest.mark.parametrize("better", [(1700.0, 4, 5), (1800.0, 3, 5), (1800.0, 4, 4)])
    def test_saving_drillings_and_robustness_each_bring_a_cluster_forward(self, better):
        ranks = rank_of([("a", *self.SAME), ("b", *better)])["rank"]
        assert ranks.to_dict() == {"a": 2, "b": 1}

    def test_certainty_brings_a_cluster_forward(self):
        answered = [("a", ["ok", "unknown"]), ("b", ["ok", "attention"])]
        table = rank_of([("a", *self.SAME), ("b", *self.SAME)], answered)
        assert table["rank"].to_dict() == {"a": 2, "b": 1}
        assert table.loc["a", "rank_reason"].endswith("certainty:1/2")

    def test_the_score_by_hand(self):
        # a: 0.1 of gas, half may stay away, 6 of 10 drillings saved: 0.4 x 0.1 + 0.2 x 0.5 + 0.2 x 0.6 = 0.26
        # b: 0.3 of gas, 2 of 10 may stay away, 5 of 10 saved:        0.4 x 0.3 + 0.2 x 0.2 + 0.2 x 0.5 = 0.26
        # with more weight on the saving b is first, with more on robustness a
        rows = [("a", 1800.0, 4, 5), ("b", 1400.0, 5, 8)]
        assert rank_of(rows)["rank"].to_dict() == {"a": 1, "b": 2}  # a tie goes by id
        assert rank_of(rows, weights={"weight_saving": 0.41})["rank"].to_dict() == {"a": 2, "b": 1}
        assert rank_of(rows[::-1], weights={"weight_robustness": 0.21})["rank"].to_dict() == {"a": 1, "b": 2}

    def test_the_reason_tells_the_figures(self):
        table = rank_of([("a", *self.SAME), ("b", 2100.4, 12, None), ("c", np.nan, None, None)])
        assert table["rank_reason"].tolist() == [
            "saving:200;robustness:5/10;drillings:6/10;certainty:0/0",
            "saving:-100;robustness:0/10;drillings:0/10;certainty:0/0",
            "saving:?;robustness:?/10;drillings:?/10;certainty:0/0",
        ]
        for code in table.loc["a", "rank_reason"].split(";"):
            assert f"rank.{code.split(':')[0]}" in TEXTS
            assert Words("nl").code("rank", code) != Words("en").code("rank", code)

    def test_only_the_checks_of_the_best_variant_count(self):
        table = judge([("shared_loops", 1700.0, {}), ("ring_net", 1800.0, {"public_trench_m": 9.0})])
        known, asked = (int(n) for n in table.iloc[0]["rank_reason"].split("certainty:")[1].split("/"))
        alone = judge([("shared_loops", 1700.0, {})]).iloc[0]["rank_reason"]
        assert alone.endswith(f"certainty:{known}/{asked}")
        assert known < asked  # depth, interference area, plots and support are not known

    @settings(deadline=None, max_examples=10)
    @given(st.permutations(["a", "b", "c", "d"]))
    def test_ties_go_by_id_whatever_the_order_of_the_rows(self, ids):
        ranks = rank_of([(i, *self.SAME) for i in ids])["rank"]
        assert ranks.to_dict() == {"a": 1, "b": 2, "c": 3, "d": 4}


# No answer may help by being worse

LEVEL = {"excluded": 0, "investigate": 1, "promising": 2}
NETS = ("shared_loops", "ring_net")
ROWS = [(check, variant) for check in CHECKS for variant in (None, *NETS)]
STATES = st.sampled_from(["ok", "attention", "unknown", "blocked"])


def levels_of(cases, costs):
    """Judge one cluster per case of states."""
    checks = pd.DataFrame(
        [
            (str(number), variant, check, state)
            for number, states in enumerate(cases)
            for (check, variant), state in states.items()
        ],
        columns=["cluster_id", "variant", "check", "outcome"],
    )
    rows = [{"variant": v, "annual_eur_per_home": c} for v, c in zip(NETS, costs, strict=True)]
    rows.append({"variant": "gas_boiler", "annual_eur_per_home": 1900.0})
    ids = [str(number) for number in range(len(cases))]
    solutions = make_solutions([r | {"cluster_id": i} for i in ids for r in rows])
    table = give_verdicts(make_clusters(*ids), solutions, checks, assumptions=DEFAULT)
    for best, states in zip(table["best_variant"], cases, strict=True):
        mine = [state for (_, variant), state in states.items() if pd.notna(best) and variant in (None, best)]
        assert "blocked" not in mine
    return table["verdict"].map(LEVEL).tolist()


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(ROWS), STATES, max_size=8),
    st.sampled_from(ROWS),
    st.tuples(*[st.sampled_from([1700.0, 1800.0, 2000.0])] * 2),
)
def test_a_better_answer_never_lowers_a_verdict(others, row, costs):
    cases = [others | {row: state} for state in ("ok", "unknown", "blocked")]
    ok, unknown, blocked = levels_of(cases, costs)
    assert blocked <= unknown <= ok


@settings(deadline=None, max_examples=15)  # each reads the rules three times
@given(
    st.sampled_from(["heat_network", "shared_loops", "ring_net", "public_space", "support"]),
    st.fixed_dictionaries(
        {q: st.sampled_from(["yes", "no", "conditional", "unknown"]) for q in ("heat_network", *NETS, "public_space")}
    ),
    st.booleans(),
)
def test_a_better_answer_in_the_profile_never_lowers_a_verdict(question, others, zoned):
    nets = [("shared_loops", 1700.0, {"public_trench_m": 5.0}), ("ring_net", 1650.0, {})]
    zones = [*FREE, zone("heat_network", "heat_network", box(-1, -1, 1, 1))] if zoned else FREE[:1]
    good, bad = ("no", "yes") if question == "heat_network" else ("yes", "no")

    def level(answer):
        row = judge(nets, zones=zones, profile=make_profile(**(others | {question: answer}))).iloc[0]
        return LEVEL[row["verdict"]]

    assert level(bad) <= level("unknown") <= level(good)
