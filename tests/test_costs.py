"""Costs: the factsheet's table, the estimate from its parts, the range around it."""

import numpy as np
import pandas as pd
import pytest

from minenet.assumptions import Assumptions, read_table
from minenet.costs import estimate_costs, reference_annual_costs, yearly_share
from minenet.ground import size_loops

# Province of Utrecht, factsheet "Mini-warmtenet voor een straat of hofje", price level January 2024
GAS_M3 = [500, 1000, 1500, 2000]
FACTSHEET = {
    "gas_boiler": [1303, 1969, 2635, 3301],
    "mini_net": [1170, 1772, 2142, 2769],
    "own_loops": [1262, 1999, 2506, 3197],
    "air_heat_pump": [1157, 1551, 1822, 2380],
}

# Round prices, so that sums can be done on paper; they stay when the shipped ones change.
ROUND = {
    "gas_eur_m3": 1.5,
    "gas_boiler_eur": 2400,
    "gas_boiler_upkeep_eur": 100,
    "gas_fixed_eur": 300,
    "electricity_eur_kwh": 0.30,
    "air_heat_pump_eur": 6000,
    "air_heat_pump_eur_kw": 500,
    "air_heat_pump_upkeep_eur": 150,
    "ground_heat_pump_eur": 2000,
    "ground_heat_pump_eur_kw": 1000,
    "ground_heat_pump_upkeep_eur": 100,
    "electricity_connection_eur": 300,
    "gas_removal_eur": 0,
    "emitters_eur": 4500,
    "emitters_share": 0,
    "hot_water_kwh": 2000,
    "spf_rooms_ground": 5.0,
    "spf_hot_water_ground": 2.5,
    "spf_rooms_air": 4.0,
    "spf_hot_water_air": 2.0,
    "spf_per_k": 0.2,
    "spf_warmth_share": 1.0,
    "spf_depth_m": 100,
    "source_pump_kwh_kwh": 0.01,
    "drilling_eur_m": 50,
    "deep_drilling_eur_m": 10,
    "deep_drilling_from_m": 250,
    "borehole_eur": 3000,
    "mobilisation_eur": 600,
    "mini_rig_eur": 900,
    "crane_rig_eur": 1500,
    "own_loop_preparation_eur": 300,
    "network_preparation_eur": 4500,
    "source_connection_eur": 1000,
    "trench_paving_eur_m": 150,
    "trench_green_eur_m": 90,
    "trench_private_eur_m": 60,
    "pipe_small_eur_m": 5,
    "pipe_medium_eur_m": 15,
    "pipe_large_eur_m": 30,
    "pump_cabinet_eur": 2400,
    "shared_source_upkeep_eur": 20,
}


def priced(**changed):
    """Round prices of the price level itself, so that no index is applied."""
    entries = Assumptions.default().entries
    money = {n for n in ROUND | changed if entries[f"costs.{n}"].unit.startswith("EUR")}
    values = {n: {"value": v, "date": "2024-01"} if n in money else v for n, v in (ROUND | changed).items()}
    return Assumptions.default().override({"costs": values, "ground": {"gradient_k_m": 0.03}})


def make_homes(cluster="c", count=3, gas=1000.0, peak=5.0):
    return pd.DataFrame(
        {
            "home_id": [f"{cluster}-{i}" for i in range(count)],
            "cluster_id": cluster,
            "building_id": "b",
            "home_type": "terraced_middle",
            "gas_m3": gas,
            "heat_kwh": 9.0 * np.asarray(gas, float),
            "peak_kw": peak,
        }
    )


def make_clusters(*ids):
    return pd.DataFrame({"cluster_id": list(ids), "homes": 3, "heat_kwh": 27000.0, "peak_kw": 15.0})


def make_solution(variant="shared_loops", cluster="c", boreholes=1, depth=200.0, **more):
    return {
        "cluster_id": cluster,
        "variant": variant,
        "feasible": True,
        "boreholes": boreholes,
        "borehole_m": boreholes * depth,
        "depth_m": depth,
    } | more


def make_boreholes(*rows):
    columns = ["cluster_id", "variant", "depth_m", "access"]
    return pd.DataFrame([dict(zip(columns, r, strict=True)) for r in rows], columns=columns)


def make_pipes(*rows):
    columns = ["cluster_id", "variant", "length_m", "pipe_m", "diameter_mm", "ownership"]
    return pd.DataFrame([dict(zip(columns, r, strict=True)) for r in rows], columns=columns)


def three_homes(assumptions=None, solutions=None, boreholes=None, pipes=None, homes=None):
    """Three homes of 1,000 m3 that share one loop of 200 m, with 8 m of trench in the garden each."""
    return estimate_costs(
        make_homes() if homes is None else homes,
        make_clusters("c"),
        pd.DataFrame(
            solutions or [make_solution(), make_solution("own_loops", boreholes=3, depth=100.0, trench_m=0.0)]
        ),
        make_boreholes(("c", "shared_loops", 200.0, "truck")) if boreholes is None else boreholes,
        make_pipes(("c", "shared_loops", 24.0, 48.0, 40.0, "private")) if pipes is None else pipes,
        assumptions=assumptions or priced(),
    )


def of(table, variant):
    return table[table["variant"] == variant].iloc[0]


def reference_case():
    """The networks that the prices are calibrated on: twelve homes, four shared loops or twelve own loops."""
    table = read_table("reference_case")
    ids = [f"gas{g:04d}" for g in table["gas_m3"]]
    rows = list(zip(ids, table.itertuples(), strict=True))
    homes = [
        make_homes(i, r.homes, gas=float(r.gas_m3), peak=9 * r.gas_m3 / 1800)
        for i, r in rows
        if r.variant == "own_loops"
    ]
    solutions = [make_solution(r.variant, i, r.boreholes, r.depth_m, borehole_m=r.borehole_m) for i, r in rows]
    pipes = [(i, r.variant, r.trench_private_m, r.pipe_m, 40.0, "private") for i, r in rows]
    holes = [(i, r.variant, r.depth_m, "truck") for i, r in rows for _ in range(r.boreholes)]
    return (
        pd.concat(homes),
        make_clusters(*sorted(set(ids))),
        pd.DataFrame(solutions),
        make_boreholes(*holes),
        make_pipes(*pipes),
    )


@pytest.fixture(scope="module")
def reference():
    solutions, _ = estimate_costs(*reference_case(), assumptions=Assumptions.default())
    table = solutions.set_index(["cluster_id", "variant"])["annual_eur_per_home"].unstack()  # noqa: PD010 - no sums
    return table.rename(columns={"shared_loops": "mini_net"})


class TestFactsheet:
    @pytest.mark.parametrize("system", FACTSHEET)
    def test_sixteen_cells_to_the_euro(self, system):
        assert reference_annual_costs(GAS_M3)[system].tolist() == FACTSHEET[system]

    def test_half_way_between_two_columns(self):
        row = reference_annual_costs(750).iloc[0]
        assert row["mini_net"] == (1170 + 1772) / 2
        assert row["air_heat_pump"] == (1157 + 1551) / 2
        assert row["inside"]

    def test_outside_the_nearest_segment_goes_on_and_says_so(self):
        table = reference_annual_costs([400, 500, 2000, 2100])
        assert table["inside"].tolist() == [False, True, True, False]
        assert table["mini_net"].iloc[0] == pytest.approx(1170 - (1772 - 1170) / 5)
        assert table["mini_net"].iloc[3] == pytest.approx(2769 + (2769 - 2142) / 5)

    def test_gas_boiler_is_one_straight_line(self):
        gas = np.array([0.0, 321.0, 1234.5, 2600.0])
        assert reference_annual_costs(gas)["gas_boiler"].to_numpy() == pytest.approx(637 + 1.332 * gas)

    def test_unknown_use_stays_unknown(self):
        row = reference_annual_costs(float("nan")).iloc[0]
        assert np.isnan(row["mini_net"])
        assert not row["inside"]


class TestCalibration:
    @pytest.mark.parametrize("system", FACTSHEET)
    def test_reference_case_lies_within_five_percent_of_every_cell(self, reference, system):
        assert reference[system].to_numpy() == pytest.approx(FACTSHEET[system], rel=0.05)

    def test_at_most_six_values_are_calibrated(self):
        calibrated = [e for e in Assumptions.default().entries.values() if "calibrated" in e.source]
        assert 0 < len(calibrated) <= 6
        assert {e.source for e in calibrated} == {"calibrated to the factsheet"}

    def test_not_dearer_than_gas(self, reference):
        assert (reference["mini_net"] <= reference["gas_boiler"]).all()

    def test_air_is_cheaper_at_every_level_by_about_200_at_1000(self, reference):
        dearer = (reference["mini_net"] - reference["air_heat_pump"]).to_numpy()
        assert (dearer > 0).all()
        assert dearer[1] == pytest.approx(200, abs=60)

    def test_saves_about_3000_over_15_years_on_an_own_loop_at_1000(self, reference):
        saving = (reference["own_loops"] - reference["mini_net"]).to_numpy()
        assert saving[1] * 15 == pytest.approx(3000, abs=600)
        assert (np.diff(saving) > 0).all()

    def test_the_factsheets_own_saving_grows_from_92_to_428(self):
        table = reference_annual_costs(GAS_M3)
        saving = (table["own_loops"] - table["mini_net"]).tolist()
        assert saving == [1262 - 1170, 1999 - 1772, 2506 - 2142, 3197 - 2769]
        assert (saving[0], saving[-1]) == (92, 428)

    def test_gas_boiler_of_the_estimate_is_the_factsheets(self, reference):
        assert reference["gas_boiler"].to_numpy() == pytest.approx(FACTSHEET["gas_boiler"], abs=0.01)

    def test_its_metres_follow_from_the_ground(self):
        ground = Assumptions.default().ground
        for row in read_table("reference_case").itertuples():
            heat = 9.0 * row.gas_m3 * row.homes / row.boreholes * ground.ground_share
            depth = size_loops([[0.0, 0.0]], [heat], [heat / 1800], ground=ground)[0]
            assert row.depth_m == pytest.approx(depth, rel=0.01)
            assert row.borehole_m == pytest.approx(row.boreholes * row.depth_m, abs=0.1)


class TestBesideTheEstimate:
    def test_the_factsheet_stands_beside_every_estimate(self):
        table = three_homes()[0].set_index("variant")
        expected = {"shared_loops": 1772, "own_loops": 1999, "gas_boiler": 1969, "air_heat_pump": 1551}
        assert table["factsheet_eur_per_home"].to_dict() == expected
        assert table["factsheet_inside"].all()

    def test_outside_its_table_it_says_so(self):
        table = three_homes(homes=make_homes(gas=2100.0))[0].set_index("variant")
        assert table.loc["gas_boiler", "factsheet_eur_per_home"] == pytest.approx(637 + 1.332 * 2100)
        assert not table["factsheet_inside"].any()


class TestThreeHomes:
    def test_shared_loop_on_paper(self):
        # per home: heat pump 2000 + 1000 x the 6 kW on sale for a peak of 5 kW = 8000; electricity 300; connection 1000;
        # a third of preparation 4500, rig 600, 200 m x 50 = 10000, one borehole 3000, trench 24 x 60 = 1440, pipe
        # 48 x 5 = 240: 1500 + 200 + 10000/3 + 1000 + 480 + 80
        capex = 8000 + 300 + 1000 + 1500 + 200 + 10000 / 3 + 1000 + 480 + 80
        # 100 m deeper than 100 m: 1.5 K warmer, 0.3 on 5.0, so 5.3 for rooms and 2.5 x 5.3 / 5.0 = 2.65 for hot water
        power = 7000 / 5.3 + 2000 / 2.65
        row = of(three_homes()[0], "shared_loops")
        assert row["capex_eur_per_home"] == pytest.approx(capex)
        assert row["capex_eur"] == pytest.approx(3 * capex)
        assert row["annual_eur_per_home"] == pytest.approx(capex / 15 + 100 + 20 + 0.30 * power)

    def test_friction_in_the_pipes_on_paper(self):
        # 27 W over 3 homes, 2,000 hours a year, a pump of 0.3: 9 x 2000 / 1000 / 0.3 = 60 kWh a home
        pipes = make_pipes(("c", "shared_loops", 24.0, 48.0, 40.0, "private")).assign(friction_w=27.0)
        numbers = priced().override({"homes": {"full_load_hours": 2000}, "costs": {"pump_efficiency": 0.3}})
        with_friction, costs = three_homes(numbers, pipes=pipes)
        without, _ = three_homes(numbers)
        row, old = of(with_friction, "shared_loops"), of(without, "shared_loops")
        assert costs.set_index("item").loc["electricity_pipe_friction", "quantity"] == pytest.approx(60)
        assert row["annual_eur_per_home"] - old["annual_eur_per_home"] == pytest.approx(60 * 0.30)
        assert row["electricity_kwh_per_home"] - old["electricity_kwh_per_home"] == pytest.approx(60)

    def test_of_warmer_ground_a_share_is_felt(self):
        # 1.5 K warmer, of which half: 0.15 on 5.0, so 5.15 for rooms and 2.575 for hot water
        row = of(three_homes(priced(spf_warmth_share=0.5))[0], "shared_loops")
        assert row["electricity_kwh_per_home"] == pytest.approx(7000 / 5.15 + 2000 / 2.575)

    def test_a_price_without_vat_is_paid_with_it(self):
        numbers = priced(vat_rate=0.21).override({"costs": {"borehole_eur": {"value": 3000.0, "vat": "excl."}}})
        _, costs = three_homes(numbers)
        line = costs[(costs["item"] == "boreholes") & (costs["variant"] == "shared_loops")].iloc[0]
        assert line["unit_price_eur"] == pytest.approx(3630)

    def test_own_loops_on_paper(self):
        # 8000 + 300 + 1000 + 300, a rig for each, 100 m x 50 = 5000, borehole 3000; SPF as given: it is 100 m deep
        capex = 8000 + 300 + 1000 + 300 + 600 + 5000 + 3000
        row = of(three_homes()[0], "own_loops")
        assert row["capex_eur_per_home"] == pytest.approx(capex)
        assert row["annual_eur_per_home"] == pytest.approx(capex / 15 + 100 + 0.30 * (7000 / 5.0 + 2000 / 2.5))

    def test_references_on_paper(self):
        solutions, _ = three_homes()
        assert of(solutions, "gas_boiler")["annual_eur_per_home"] == pytest.approx(2400 / 15 + 100 + 300 + 1500)
        air = (6000 + 6 * 500 + 300) / 15 + 150 + 0.30 * (7000 / 4.0 + 2000 / 2.0)
        assert of(solutions, "air_heat_pump")["annual_eur_per_home"] == pytest.approx(air)

    def test_ring_in_the_street_with_special_rigs(self):
        solution = make_solution("ring_net", boreholes=2, depth=150.0)
        holes = make_boreholes(("c", "ring_net", 150.0, "mini"), ("c", "ring_net", 150.0, "crane"))
        pipes = make_pipes(
            ("c", "ring_net", 10.0, 20.0, 63.0, "public"),
            ("c", "ring_net", 5.0, 10.0, 110.0, "unknown"),  # whose ground is not known: priced as public
            ("c", "ring_net", 6.0, 12.0, None, "private"),  # diameter not known: the middle class
        ).assign(green_m=[4.0, None, 6.0])  # green that is not known is paving; private green is private
        _, costs = three_homes(solutions=[solution], boreholes=holes, pipes=pipes)
        totals = costs[costs["variant"] == "ring_net"].set_index("item")["total_eur"]
        assert totals["mini_rig"] == 900
        assert totals["crane_rig"] == 1500
        assert totals["trench_paving"] == (6 + 5) * 150
        assert totals["trench_green"] == 4 * 90
        assert totals["mobilisation"] == 2 * 600  # a small rig and a crane
        assert totals["pump_cabinet"] == 2400
        assert totals["trench_private"] == 6 * 60
        assert totals["pipe_medium"] == (20 + 12) * 15
        assert totals["pipe_large"] == 10 * 30
        assert "pipe_small" not in totals

    def test_metres_below_250_cost_more(self):
        deep = make_boreholes(("c", "shared_loops", 300.0, "truck"))
        _, costs = three_homes(solutions=[make_solution(depth=300.0)], boreholes=deep)
        line = costs[(costs["item"] == "deep_drilling")].iloc[0]
        assert (line["quantity"], line["total_eur"]) == (50, 500)

    def test_public_ground_of_unknown_cover_is_paved(self):
        pipes = make_pipes(("c", "shared_loops", 24.0, 48.0, 40.0, "public"))
        totals = three_homes(pipes=pipes)[1].set_index("item")["total_eur"]
        assert totals["trench_paving"] == 24 * 150
        assert "trench_green" not in totals

    @pytest.mark.parametrize(("peak", "size"), [(2.0, 3), (3.0, 3), (6.0, 6), (6.25, 8), (16.5, 16.5)])
    def test_the_smallest_heat_pump_on_sale_that_covers_the_peak(self, peak, size):
        _, costs = three_homes(homes=make_homes(peak=peak))
        line = costs[costs["item"] == "ground_heat_pump_power"].iloc[0]
        assert line["quantity"] == size

    def test_per_home_lines_hold_the_mean_of_the_homes(self):
        homes = make_homes(gas=np.array([600.0, 900.0, 1500.0]), peak=np.array([3.0, 6.0, 8.0]))
        _, costs = three_homes(homes=homes)
        assert costs.set_index("item").loc["gas", "quantity"] == pytest.approx(1000)
        assert costs.set_index("item").loc["air_heat_pump_power", "quantity"] == pytest.approx((3 + 6 + 8) / 3)

    def test_neighbours_that_cool_each_other_cost_electricity(self):
        # 100 m deeper is 1.5 K warmer; loops that take 1.5 K from each other give it back: 5.0 and 2.5 again
        holes = make_boreholes(("c", "shared_loops", 200.0, "truck")).assign(cooling_within_k=1.5)
        _, costs = three_homes(boreholes=holes)
        lines = costs[costs["variant"] == "shared_loops"].set_index("item")["quantity"]
        assert lines["electricity_rooms"] == pytest.approx(7000 / 5.0)
        assert lines["electricity_hot_water"] == pytest.approx(2000 / 2.5)
        # where boreholes do not say, the most of the network counts
        _, costs = three_homes(solutions=[make_solution(cooling_within_k=1.5)])
        again = costs[costs["variant"] == "shared_loops"].set_index("item")["quantity"]
        pd.testing.assert_series_equal(lines, again)

    def test_gas_use_follows_from_heat_when_it_is_not_known(self):
        homes = make_homes().assign(gas_m3=np.nan)
        assert three_homes(homes=homes)[1].set_index("item").loc["gas", "quantity"] == pytest.approx(9000 / 9.0)

    def test_a_home_of_unknown_demand_makes_the_cost_unknown_not_lower(self):
        homes = make_homes(gas=np.array([1000.0, 1000.0, np.nan]))
        assert three_homes(homes=homes)[0]["annual_eur_per_home"].isna().all()

    def test_homes_without_a_cluster_change_nothing(self):
        stray = make_homes("x", 2).assign(cluster_id=None)
        alone, _ = three_homes()
        with_stray, _ = three_homes(homes=pd.concat([stray, make_homes()], ignore_index=True))
        pd.testing.assert_frame_equal(alone, with_stray)

    def test_emitters_are_a_line_even_when_nobody_needs_them(self):
        _, costs = three_homes()
        lines = costs[costs["item"] == "low_temperature_emitters"]
        assert set(lines["variant"]) == {"shared_loops", "own_loops", "air_heat_pump"}
        assert (lines["total_eur"] == 0).all()

    def test_emitters_cost_every_heat_pump_the_same(self):
        more = priced(emitters_share=0.5)
        difference = three_homes(more)[0]["annual_eur_per_home"] - three_homes()[0]["annual_eur_per_home"]
        expected = [0.5 * more.costs.emitters_eur / 15] * 3
        assert difference[three_homes()[0]["variant"] != "gas_boiler"].tolist() == pytest.approx(expected)


class TestSums:
    @pytest.mark.parametrize("changed", [{}, {"years": 30}, {"years": 31, "interest": 0.04}])
    def test_annual_cost_is_the_documented_sum_of_the_lines(self, changed):
        assumptions = priced(**changed)
        solutions, costs = three_homes(assumptions)
        share = yearly_share(assumptions.costs.years, interest=assumptions.costs.interest)
        homes = costs["per"].map({"home": 1, "cluster": 3})
        factor = costs["kind"].map({"capex": share, "replacement": share, "yearly": 1.0, "subsidy": 0, "house": 0})
        annual = (costs["total_eur"] / homes * factor).groupby([costs["cluster_id"], costs["variant"]]).sum()
        capex = (costs["total_eur"] / homes)[costs["kind"] == "capex"].groupby(costs["variant"]).sum()
        for row in solutions.itertuples():
            assert row.annual_eur_per_home == pytest.approx(annual[row.cluster_id, row.variant])
            assert row.capex_eur_per_home == pytest.approx(capex[row.variant])
            assert row.capex_eur == pytest.approx(3 * capex[row.variant])

    def test_lines_are_quantity_times_price_with_a_source(self):
        _, costs = three_homes()
        assert (costs["total_eur"] == costs["quantity"] * costs["unit_price_eur"]).all()
        assert costs["source"].str.len().min() > 0
        assert set(costs["kind"]) == {"capex", "yearly", "subsidy", "house"}

    @pytest.mark.parametrize(("years", "again"), [(15, 0), (16, 1), (30, 1), (31, 2)])
    def test_a_heat_pump_of_15_years_is_bought_again(self, years, again):
        _, costs = three_homes(priced(years=years))
        lines = costs[(costs["item"] == "air_heat_pump") & (costs["kind"] == "replacement")]
        assert lines["total_eur"].sum() == again * 6000

    def test_annuity_by_the_book(self):
        # the present value of 1 a year for 15 years at 4 % is 11.1184 (any table of annuities)
        assert yearly_share(15, interest=0.04) == pytest.approx(1 / 11.1184, rel=1e-5)


class TestWhatCannotBeBuilt:
    def test_infeasible_rows_stay_with_null_costs(self):
        solutions, costs = three_homes(
            solutions=[make_solution(), make_solution("ring_net", feasible=False, reason="no_room")]
        )
        row = of(solutions, "ring_net")
        assert row["reason"] == "no_room"
        assert row[["capex_eur", "annual_eur_per_home", "annual_low_eur_per_home"]].isna().all()
        assert "ring_net" not in set(costs["variant"])
        assert not np.isnan(of(solutions, "shared_loops")["annual_eur_per_home"])

    def test_a_variant_that_is_not_measured_out_stays_feasible_with_null_costs(self):
        solutions, _ = three_homes(solutions=[make_solution(), make_solution("ring_net_collective", borehole_m=None)])
        row = of(solutions, "ring_net_collective")
        assert row["feasible"]
        assert np.isnan(row["annual_eur_per_home"])

    def test_nothing_gives_nothing(self):
        homes, clusters, solutions, boreholes, pipes = (t.iloc[:0] for t in reference_case())
        found, costs = estimate_costs(homes, clusters, solutions, boreholes, pipes, assumptions=Assumptions.default())
        assert (len(found), len(costs)) == (0, 0)


class TestMonotony:
    def test_dearer_gas_never_makes_the_net_look_worse(self):
        savings = []
        for price in (1.0, 1.332, 1.8, 2.2):
            solutions, _ = three_homes(priced(gas_eur_m3=price))
            savings.append(
                of(solutions, "gas_boiler")["annual_eur_per_home"]
                - of(solutions, "shared_loops")["annual_eur_per_home"]
            )
        assert (np.diff(savings) > 0).all()

    @pytest.mark.parametrize("name", ["drilling_eur_m", "borehole_eur", "ground_heat_pump_eur", "trench_private_eur_m"])
    def test_a_dearer_part_makes_the_net_dearer_and_gas_and_air_no_different(self, name):
        high = Assumptions.default().entries[f"costs.{name}"].high
        before, after = three_homes()[0], three_homes(priced(**{name: high}))[0]
        change = (after["annual_eur_per_home"] - before["annual_eur_per_home"]).set_axis(before["variant"])
        assert change["shared_loops"] > 0
        assert change["gas_boiler"] == change["air_heat_pump"] == 0

    def test_a_deeper_loop_needs_less_electricity(self):
        power = []
        for depth in (100.0, 200.0, 300.0):
            _, costs = three_homes(solutions=[make_solution(depth=depth)])
            power.append(
                costs[costs["variant"] == "shared_loops"].set_index("item").loc["electricity_rooms", "quantity"]
            )
        assert power == pytest.approx([7000 / 5.0, 7000 / 5.3, 7000 / 5.6])  # 0.2 per K, 1.5 K per 100 m
