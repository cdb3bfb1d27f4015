"""Who pays what and when, subsidies, the long horizon, the house itself, and what money does not show."""

from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from test_costs import make_boreholes, make_clusters, make_homes, make_pipes, make_solution, of, priced, three_homes
from test_costs_range import tables

from minenet.assumptions import Assumptions
from minenet.costs import Designs, cost_tables, present_value, readiness, yearly_share
from minenet.costs.quantities import heat_pump_kw
from minenet.errors import AssumptionError, InputError

# three homes share one loop: 9300 EUR in each home; 4500 + 600 + 10000 + 3000 + 1440 + 240 for the network
HOME, NET = 9300, (4500 + 600 + 10000 + 3000 + 1440 + 240) / 3
YEARLY = 100 + 20 + 0.30 * (7000 / 5.3 + 2000 / 2.65)


class TestBooks:
    def test_a_loan_paid_off_by_its_annuity_is_worth_nothing_at_its_rate(self):
        # 10,000 EUR over 3 years at 5 %: a table of annuities gives 2.723248 for 1 a year
        paid = 10000 * yearly_share(3, interest=0.05)
        assert paid == pytest.approx(10000 / 2.723248, rel=1e-6)
        assert present_value([-10000, paid, paid, paid], interest=0.05) == pytest.approx(0, abs=1e-6)

    def test_present_value_on_paper(self):
        assert present_value([100, 110, 242], interest=0.10) == pytest.approx(100 + 100 + 200)

    def test_the_fund_s_own_example(self):
        # Warmtefonds: 15,000 EUR in 10 years at an effective 4.35 % is 153.80 EUR a month
        monthly = 1.0435 ** (1 / 12) - 1
        assert 15000 * yearly_share(120, interest=monthly) == pytest.approx(153.80, abs=0.25)


class TestForms:
    LOAN = MappingProxyType({"loan_rate": 0.05, "loan_years": 3, "supplier_return": 0.10, "supplier_years": 10})

    def form(self, name, **changed):
        money = {"loan_most_eur": 20000, "connection_fee_eur": 1000, "supplier_overhead_eur": 60}
        table = tables(priced(**self.LOAN, **{**money, **changed})).finance
        return table[(table["variant"] == "shared_loops") & (table["form"] == name)].iloc[0]

    def test_association_on_paper(self):
        row = self.form("association")
        assert row["upfront_eur_per_home"] == pytest.approx(HOME)
        assert row["loan_eur_per_home"] == pytest.approx(NET)
        assert row["monthly_eur_per_home"] == pytest.approx((NET / 2.723248 + YEARLY) / 12)
        assert "5 %" in row["terms"]

    def test_what_is_not_lent_is_paid_at_once(self):
        row = self.form("association", loan_most_eur=2000)
        assert row["upfront_eur_per_home"] == pytest.approx(HOME + NET - 2000)
        none = self.form("association", loan_share=0)
        assert none["upfront_eur_per_home"] == pytest.approx(HOME + NET)
        assert none["monthly_eur_per_home"] == pytest.approx(YEARLY / 12)

    def test_supplier_on_paper(self):
        # a table of annuities: 1 a year for 10 years at 10 % is worth 6.144567
        row = self.form("supplier")
        fee = (NET - 1000) / 6.144567 + 60
        assert row["upfront_eur_per_home"] == pytest.approx(HOME + 1000)
        assert row["fee_eur_per_home"] == pytest.approx(fee)
        assert row["monthly_eur_per_home"] == pytest.approx((fee + YEARLY) / 12)

    def test_no_fee_is_more_than_the_share(self):
        row = self.form("supplier", connection_fee_eur=9999)
        assert row["upfront_eur_per_home"] == pytest.approx(HOME + NET)
        assert row["fee_eur_per_home"] == pytest.approx(60)

    def test_a_supplier_buys_again_what_wears_out_in_its_years(self):
        # over 30 years at 10 % a collective heat pump of 9000 + grid is bought again after 15: 1 / 1.1^15 = 0.239392 of it
        holes = make_boreholes(("c", "ring_net_collective", 200.0, "truck"))
        pipes = make_pipes(("c", "ring_net_collective", 24.0, 48.0, 40.0, "public"))
        designs = Designs(
            make_homes(), make_clusters("c"), pd.DataFrame([make_solution("ring_net_collective")]), holes, pipes,
            pd.DataFrame(),
        )  # fmt: skip
        numbers = priced(**{**self.LOAN, "supplier_years": 30}, connection_fee_eur=0, supplier_overhead_eur=20)
        found = cost_tables(designs, assumptions=numbers)
        row = found.finance[found.finance["form"] == "supplier"].iloc[0]
        lines = found.costs[(found.costs["kind"] == "capex") & (found.costs["per"] == "cluster")]
        again = {15: 1 / 1.1**15, 20: 1 / 1.1**20}
        worth = sum(r.total_eur * (1 + again.get(r.lifetime_years, 0)) for r in lines.itertuples()) / 3
        # a table of annuities: 1 a year for 30 years at 10 % is worth 9.426914
        assert row["fee_eur_per_home"] == pytest.approx(worth / 9.426914 + 20, rel=1e-5)
        assert "delivery set" in row["terms"]
        assert "own heat pump" not in row["terms"]

    def test_a_supplier_earns_the_return_that_it_asks(self):
        row = self.form("supplier", supplier_overhead_eur=20)
        fee = row["fee_eur_per_home"] - 20
        assert present_value([1000 - NET, *[fee] * 10], interest=0.10) == pytest.approx(0, abs=1e-6)


class TestSubsidy:
    def test_lines_stand_apart_and_in_no_total(self):
        solutions, costs = three_homes()
        lines = costs[costs["kind"] == "subsidy"]
        totals = lines.groupby("variant")["total_eur"].sum()
        # ISDE 2026: 6 kW from the ground 4,000 EUR; air 1,225 + 6 x 225
        assert totals["own_loops"] == pytest.approx(-4000)
        assert totals["air_heat_pump"] == pytest.approx(-(1225 + 6 * 225))
        assert of(solutions, "own_loops")["subsidy_eur_per_home"] == pytest.approx(4000)
        assert lines["source"].str.contains("in no total|not counted").all()

    def test_a_shared_source_counts_none_and_says_why(self):
        solutions, costs = three_homes()
        lines = costs[(costs["kind"] == "subsidy") & (costs["variant"] == "shared_loops")]
        assert lines["item"].tolist() == ["isde_heat_pump", "isde_heat_network"]
        assert (lines["total_eur"] == 0).all()
        assert lines["source"].str.contains("not counted: ").all()
        assert of(solutions, "shared_loops")["subsidy_eur_per_home"] == 0


class TestLongHorizon:
    def test_own_loop_over_30_years_on_paper(self):
        # the heat pump of 8000 is bought twice; loop, connection, preparation and rig (40 years) keep a quarter of
        # 5000 + 3000 + 600 + 300 + 1000; the electricity connection of 300 is bought once
        source = 5000 + 3000 + 600 + 300 + 1000
        row = of(three_homes()[0], "own_loops")
        yearly = 100 + 0.30 * (7000 / 5.0 + 2000 / 2.5)
        assert row["residual_30_eur_per_home"] == pytest.approx(source / 4)
        assert row["annual_30_eur_per_home"] == pytest.approx((2 * 8000 + 300 + 0.75 * source) / 30 + yearly)

    def test_a_boiler_costs_the_same_in_every_year(self):
        row = of(three_homes()[0], "gas_boiler")
        assert row["annual_30_eur_per_home"] == pytest.approx(row["annual_eur_per_home"])
        assert row["residual_30_eur_per_home"] == 0

    def test_interest_discounts_the_second_heat_pump_and_what_is_left(self):
        row = of(three_homes(priced(interest=0.04))[0], "air_heat_pump")
        share = 0.04 / (1 - 1.04**-30)
        capex = (6000 + 6 * 500) * (1 + 1.04**-15) + 300
        assert row["annual_30_eur_per_home"] == pytest.approx(share * capex + 150 + 0.30 * (7000 / 4 + 2000 / 2))


class TestHouse:
    BUILDINGS = pd.DataFrame(
        {
            "building_id": list("abcdefgh"),
            "energy_label": ["A++", "b", "C", "D", "G", None, None, None],
            "year_built": [1900, 1900, 2020, 2020, 2020, 1992, 1974, 1980],
        }
    )
    WORDS = ("likely", "likely", "unknown", "insulate_first", "insulate_first", "likely", "insulate_first", "unknown")

    def test_a_label_comes_before_the_year(self):
        found = readiness(self.BUILDINGS["building_id"], self.BUILDINGS, prices=Assumptions.default().costs)
        assert found.tolist() == list(self.WORDS)

    def test_nothing_known_is_unknown(self):
        ids = pd.Series(["a", None, "x"])
        bare = self.BUILDINGS[["building_id"]]
        assert readiness(ids, bare, prices=Assumptions.default().costs).tolist() == ["unknown"] * 3

    def test_insulation_is_a_line_of_its_own_and_never_in_the_net(self):
        homes = make_homes().assign(readiness=["likely", "insulate_first", "unknown"])
        numbers = priced(insulation_eur=9000)
        solutions, costs = three_homes(numbers, homes=homes)
        without, _ = three_homes(numbers)
        lines = costs[costs["item"] == "insulation"]
        assert set(lines["kind"]) == {"house"}
        assert set(lines["variant"]) == {"shared_loops", "own_loops", "air_heat_pump"}
        assert lines["total_eur"].tolist() == pytest.approx([3000] * 3)  # a third of the homes
        # and a third of them needs radiators or floor heating of 4500
        needed = costs[costs["item"] == "emitters_where_needed"]
        assert needed["total_eur"].tolist() == pytest.approx([1500] * 3)
        assert of(solutions, "shared_loops")["house_eur_per_home"] == pytest.approx(3000 + 1500)
        assert solutions["annual_eur_per_home"].equals(without["annual_eur_per_home"])
        assert solutions["capex_eur"].equals(without["capex_eur"])


class TestBesideMoney:
    def test_on_paper(self):
        numbers = priced(co2_electricity_kg_kwh=0.3, co2_gas_kg_m3=1.8, cop_coldest_ground=4.0, cop_coldest_air=2.0)
        table = three_homes(numbers)[0].set_index("variant")
        assert table.loc["gas_boiler", "co2_kg_per_home"] == pytest.approx(1800)
        assert table.loc["air_heat_pump", "co2_kg_per_home"] == pytest.approx(0.3 * (7000 / 4 + 2000 / 2))
        assert table.loc["shared_loops", "co2_kg_per_home"] == pytest.approx(0.3 * (7000 / 5.3 + 2000 / 2.65))
        peaks = {"gas_boiler": 0, "air_heat_pump": 2.5, "own_loops": 1.25, "shared_loops": 1.25}
        assert table["grid_peak_kw_per_home"].to_dict() == pytest.approx(peaks)
        assert table["drillings"].to_dict() == {"gas_boiler": 0, "air_heat_pump": 0, "own_loops": 3, "shared_loops": 1}
        assert table["outdoor_unit"].to_dict() == {v: v == "air_heat_pump" for v in table.index}
        cooling = {"gas_boiler": "none", "air_heat_pump": "active", "own_loops": "passive", "shared_loops": "passive"}
        assert table["cooling"].to_dict() == cooling

    def test_what_cannot_be_built_has_none(self):
        solutions, _ = three_homes(solutions=[make_solution(), make_solution("ring_net", feasible=False)])
        row = of(solutions, "ring_net")
        names = ["co2_kg_per_home", "grid_peak_kw_per_home", "drillings", "outdoor_unit", "cooling"]
        assert row[names].isna().all()


class TestCollective:
    def test_one_heat_pump_for_all_on_paper(self):
        money = {
            "plant_room_eur": 30000,
            "collective_heat_pump_eur_kw": 600,
            "collective_upkeep_eur_kw": 20,
            "delivery_set_eur": 1500,
            "insulated_pipe_eur_m": 100,
            "plant_grid_eur_kw": 80,
        }
        numbers = priced(**money, network_heat_loss=0.2, spf_collective=3.0, cop_coldest_collective=2.5)
        pipes = make_pipes(("c", "ring_net_collective", 24.0, 48.0, 40.0, "public"))
        holes = make_boreholes(("c", "ring_net_collective", 200.0, "truck"))
        solution = make_solution("ring_net_collective")
        row = of(three_homes(numbers, solutions=[solution], pipes=pipes, boreholes=holes)[0], "ring_net_collective")
        # the peak of all is 15 kW, of which a fifth is lost on the way: 18.75 kW at 600 are 11250, and 18.75 / 2.5 kW from
        # the grid at 80 are 600; preparation, rig, drilling, borehole, trench 24 x 150, pipe 48 x 100
        capex = 1500 + (30000 + 11250 + 600 + 4500 + 600 + 10000 + 3000 + 3600 + 4800) / 3
        assert row["capex_eur_per_home"] == pytest.approx(capex)
        heat = 9000 / 0.8 / 3.0  # a fifth of what is made is lost
        yearly = 20 + 18.75 * 20 / 3 + 0.30 * (heat + 90)
        assert row["annual_eur_per_home"] == pytest.approx(capex / 15 + yearly)
        # on the coldest day 6.25 kW a home over 2.5, and pumps of 0.01 of 5 kW: more than its share of a seasonal 3.0
        assert row["grid_peak_kw_per_home"] == pytest.approx(6.25 / 2.5 + 0.05)

    def test_surface_water_on_paper(self):
        money = {"plant_room_eur": 30000, "intake_eur": 24000, "heat_exchanger_eur_kw": 200, "intake_upkeep_eur": 1200}
        numbers = priced(**money, spf_rooms_aquathermal=3.5, spf_hot_water_aquathermal=2.5)
        pipes = make_pipes(("c", "ring_net_aquathermal", 24.0, 48.0, 40.0, "public"))
        solution = make_solution("ring_net_aquathermal", boreholes=0, borehole_m=None, depth_m=None)
        row = of(three_homes(numbers, solutions=[solution], pipes=pipes)[0], "ring_net_aquathermal")
        capex = HOME + (30000 + 24000 + 15 * 200 + 4500 + 3600 + 240) / 3
        assert row["capex_eur_per_home"] == pytest.approx(capex)
        yearly = 100 + 20 + 1200 / 3 + 0.30 * (7000 / 3.5 + 2000 / 2.5 + 90)
        assert row["annual_eur_per_home"] == pytest.approx(capex / 15 + yearly)
        assert row["grid_peak_kw_per_home"] == pytest.approx(5 / numbers.costs.cop_coldest_aquathermal + 0.05)

    @pytest.mark.parametrize(
        ("coldest", "season"),
        [("cop_coldest_collective", "spf_collective"), ("cop_coldest_aquathermal", "spf_rooms_aquathermal")],
    )
    def test_the_coldest_day_is_no_better_than_the_season(self, coldest, season):
        costs = Assumptions.default().costs
        assert getattr(costs, coldest) < getattr(costs, season)


class TestBadInput:
    def test_a_negative_price(self):
        for name in ("drilling_eur_m", "loan_most_eur", "supplier_overhead_eur"):
            wrong = {"costs": {name: {"value": -50.0, "low": -60.0, "high": 0.0}}}
            with pytest.raises(AssumptionError, match=rf"`costs.{name}`: a price cannot be negative.*start at 0"):
                priced().override(wrong)

    def test_a_performance_of_zero(self):
        numbers = priced().override({"costs": {"spf_rooms_air": {"value": 2.0, "low": 0.0, "high": 4.0}}})
        with pytest.raises(AssumptionError, match=r"`costs.spf_rooms_air`: nothing can be divided by zero"):
            three_homes(numbers)

    def test_an_unknown_key_names_the_nearest(self):
        with pytest.raises(AssumptionError, match="Did you mean `trench_paving_eur_m`"):
            Assumptions.default().override({"costs": {"trench_pavin_eur_m": 100}})

    def test_a_range_that_excludes_its_value(self):
        with pytest.raises(AssumptionError, match="65 lies outside its range 70 to 85"):
            Assumptions.default().override({"costs": {"drilling_eur_m": {"low": 70.0, "high": 85.0}}})

    def test_homes_without_their_demand(self):
        with pytest.raises(InputError, match="`gas_m3`, `heat_kwh` and `peak_kw` are needed.*`find_homes` gives them"):
            three_homes(homes=make_homes().drop(columns="gas_m3"))

    def test_heat_pumps_are_those_on_sale(self):
        assert heat_pump_kw(np.array([0.5, 3.0, 3.01, 8.0, 11.0, 16.0, 30.0])).tolist() == [3, 3, 4, 8, 12, 16, 30]

    def test_nothing_gives_nothing(self):
        empty = make_homes().iloc[:0]
        found = cost_tables(
            Designs(
                empty,
                make_clusters().astype({"cluster_id": "str"}),
                pd.DataFrame([make_solution()]).iloc[:0],
                make_boreholes(),
                make_pipes(),
                pd.DataFrame(),
            ),
            assumptions=Assumptions.default(),
        )
        for table in (found.solutions, found.costs, found.curves, found.sensitivity, found.finance):
            assert len(table) == 0
