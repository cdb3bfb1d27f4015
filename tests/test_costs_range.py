"""The range around the estimate, the chances in it, and which assumptions matter most."""

import numpy as np
import pandas as pd
import pytest
from test_costs import (
    make_boreholes,
    make_clusters,
    make_homes,
    make_pipes,
    make_solution,
    of,
    priced,
    reference_case,
    three_homes,
)

from minenet.assumptions import Assumptions
from minenet.costs import Designs, cost_tables, estimate_costs


def fixed(assumptions, *but):
    """Every range of section `costs`, and that of the full-load hours, closed, except those named."""
    closed = {
        section: {
            e.name: {"value": e.value, "low": e.value, "high": e.value}
            for e in assumptions.entries.values()
            if e.section == section and e.low is not None and e.name not in (*but, "draws")
        }
        for section in ("costs", "homes")
    }
    return assumptions.override(closed)


def tables(assumptions, *, friction_w=0.0, **more):
    """Three homes that share one loop of 200 m, beside own loops of 100 m."""
    solutions = [make_solution(), make_solution("own_loops", boreholes=3, depth=100.0)]
    designs = Designs(
        make_homes(),
        make_clusters("c"),
        pd.DataFrame(solutions),
        make_boreholes(("c", "shared_loops", 200.0, "truck")).assign(homes_served=3),
        make_pipes(("c", "shared_loops", 24.0, 48.0, 40.0, "private")).assign(friction_w=friction_w),
        pd.DataFrame(),
    )
    return cost_tables(designs, assumptions=assumptions, **more)


class TestRange:
    COLUMNS = ("annual_low_eur_per_home", "annual_p50_eur_per_home", "annual_high_eur_per_home")

    def test_no_range_in_the_prices_gives_no_range_in_the_cost(self):
        solutions, _ = three_homes(fixed(priced()))
        for column in self.COLUMNS:
            assert solutions[column].to_numpy() == pytest.approx(solutions["annual_eur_per_home"].to_numpy())

    def test_one_uncertain_price_gives_the_quantiles_of_its_triangle(self):
        numbers = fixed(priced(), "gas_eur_m3").override(
            {"costs": {"gas_eur_m3": {"value": 1.5, "low": 1.0, "high": 2.5}, "draws": 10000}}
        )
        row = of(three_homes(numbers)[0], "gas_boiler")
        # a triangle on [-1, 1]: (1 + t)^2 / 2 = 0.1 at t = sqrt(0.2) - 1 = -0.5528
        t = 1 - np.sqrt(0.2)
        assert row["annual_low_eur_per_home"] == pytest.approx(560 + 1000 * (1.5 - t * 0.5), abs=1)
        assert row["annual_p50_eur_per_home"] == pytest.approx(560 + 1500, abs=1)
        assert row["annual_high_eur_per_home"] == pytest.approx(560 + 1000 * (1.5 + t * 1.0), abs=1)

    def test_low_middle_high_are_in_order_and_the_base_lies_between(self):
        solutions, _ = estimate_costs(*reference_case(), assumptions=Assumptions.default())
        low, middle, high = (solutions[c] for c in self.COLUMNS)
        assert ((low < middle) & (middle < high)).all()
        assert ((low < solutions["annual_eur_per_home"]) & (solutions["annual_eur_per_home"] < high)).all()

    def test_same_seed_same_bytes_whatever_the_order_of_the_rows(self):
        tables = list(reference_case())
        heat = np.random.default_rng(7).uniform(4000, 18000, len(tables[0]))  # sums that depend on their order
        tables[0] = tables[0].assign(heat_kwh=heat, gas_m3=heat / 9.0, peak_kw=heat / 1800)
        first = estimate_costs(*tables, assumptions=Assumptions.default())
        turned = [t.iloc[::-1].reset_index(drop=True) for t in tables]
        second = estimate_costs(*turned, assumptions=Assumptions.default())
        for one, other in zip(first, second, strict=True):
            pd.testing.assert_frame_equal(one, other, check_exact=True)

    def test_other_clusters_do_not_matter(self):
        tables = reference_case()
        together, _ = estimate_costs(*tables, assumptions=Assumptions.default())
        alone, _ = estimate_costs(*(t[t["cluster_id"] == "gas1000"] for t in tables), assumptions=Assumptions.default())
        part = together[together["cluster_id"] == "gas1000"].reset_index(drop=True)
        pd.testing.assert_frame_equal(part, alone, rtol=1e-12)

    def test_another_seed_gives_another_range_and_the_same_base(self):
        one, other = three_homes(priced(seed=1))[0], three_homes(priced(seed=2))[0]
        assert (one["annual_low_eur_per_home"] != other["annual_low_eur_per_home"]).all()
        assert (one["annual_eur_per_home"] == other["annual_eur_per_home"]).all()


class TestChance:
    def test_always_or_never_without_ranges(self):
        # on paper: shared loop 15593 / 15 + 120 + 0.3 x 2165 = 1809, air 9300 / 15 + 150 + 0.3 x 2750 = 1595, gas 2060
        solutions = tables(fixed(priced())).solutions.set_index("variant")
        assert solutions.loc["shared_loops", "chance_cheaper_than_gas"] == 1.0
        assert solutions.loc["shared_loops", "chance_cheaper_than_air"] == 0.0
        assert np.isnan(solutions.loc["gas_boiler", "chance_cheaper_than_gas"])
        assert np.isnan(solutions.loc["air_heat_pump", "chance_cheaper_than_air"])

    def test_of_one_uncertain_gas_price_on_paper(self):
        # gas costs 560 + 1000 p; the shared loop costs 1808.71: it is cheaper when p > 1.24871. Below its median of
        # 1.5 the price has the distribution (1 + t)^2 / 2 with t = (p - 1.5) / 0.5 = -0.50258
        numbers = fixed(priced(), "gas_eur_m3").override(
            {"costs": {"gas_eur_m3": {"value": 1.5, "low": 1.0, "high": 2.5}, "draws": 10000}}
        )
        row = tables(numbers).solutions.set_index("variant").loc["shared_loops"]
        t = ((row["annual_eur_per_home"] - 560) / 1000 - 1.5) / 0.5
        assert row["chance_cheaper_than_gas"] == pytest.approx(1 - (1 + t) ** 2 / 2, abs=0.001)

    def test_ways_to_heat_share_their_draws(self):
        # with one price of electricity for both, a loop that needs less power is never overtaken by chance
        numbers = fixed(priced(), "electricity_eur_kwh")
        row = tables(numbers).solutions.set_index("variant").loc["own_loops"]
        assert row["chance_cheaper_than_air"] == 0.0


class TestOutside:
    def test_a_base_at_the_end_of_its_range_is_reported(self):
        numbers = fixed(priced(), "gas_eur_m3").override(
            {"costs": {"gas_eur_m3": {"value": 1.0, "low": 1.0, "high": 2.5}}}
        )
        solutions = tables(numbers).solutions.set_index("variant")
        assert not solutions["base_outside_range"].any()  # half of the draws are the base itself
        lopsided = {
            n: {"value": 1000.0, "low": 1000.0, "high": 9000.0} for n in ("ground_heat_pump_eur", "borehole_eur")
        }
        lopsided |= {
            n: {"value": v, "low": v, "high": 9 * v} for n, v in (("drilling_eur_m", 50.0), ("spf_per_k", 0.02))
        }
        lopsided |= {
            n: {"value": 100.0, "low": 100.0, "high": 900.0} for n in ("ground_heat_pump_eur_kw", "emitters_eur")
        }
        solutions = tables(fixed(priced(), *lopsided).override({"costs": lopsided})).solutions.set_index("variant")
        assert solutions.loc["shared_loops", "base_outside_range"]
        assert not solutions.loc["gas_boiler", "base_outside_range"]


class TestGround:
    FACTOR = pd.DataFrame(
        {"cluster_id": "c", "variant": "shared_loops", "assumption": "ground.peak_hours", "low": [0.9], "high": [1.3]}
    )

    def test_more_metres_widen_the_range_of_that_variant_only(self):
        numbers = fixed(priced())
        with_ground = tables(numbers, borehole_factor=self.FACTOR).solutions.set_index("variant")
        without = tables(numbers).solutions.set_index("variant")
        # 200 m x 50 EUR over 15 years and 3 homes is 222.22 EUR a year; P90 of the triangle is at 1 - sqrt(0.2) of 0.3
        high = without.loc["shared_loops", "annual_eur_per_home"] + 10000 / 45 * 0.3 * (1 - np.sqrt(0.2))
        assert with_ground.loc["shared_loops", "annual_high_eur_per_home"] == pytest.approx(high, abs=0.2)
        assert with_ground.loc["own_loops", "annual_high_eur_per_home"] == pytest.approx(
            with_ground.loc["own_loops", "annual_eur_per_home"]
        )

    def test_it_stands_in_the_tornado(self):
        found = tables(fixed(priced()), borehole_factor=self.FACTOR)
        base = found.solutions.set_index("variant").loc["shared_loops", "annual_eur_per_home"]
        row = found.sensitivity.iloc[0]
        assert (row["assumption"], row["rank"]) == ("ground.peak_hours", 1)
        assert row["low_eur_per_home"] == pytest.approx(base - 10000 / 45 * 0.1)
        assert row["high_eur_per_home"] == pytest.approx(base + 10000 / 45 * 0.3)


class TestTornado:
    def test_five_ranked_by_their_swing(self):
        table = tables(priced()).sensitivity
        assert table["variant"].unique().tolist() == ["shared_loops"]
        assert table["rank"].tolist() == [1, 2, 3, 4, 5]
        assert (np.diff((table["high_eur_per_home"] - table["low_eur_per_home"]).abs()) <= 0).all()

    @pytest.mark.parametrize(
        "name",
        [
            "electricity_eur_kwh",
            "spf_rooms_ground",
            "drilling_overrun",
            "hot_water_kwh",
            "spf_per_k",
            "pump_efficiency",
        ],
    )
    def test_its_ends_are_the_costs_with_that_value(self, name):
        numbers = fixed(priced(), name)
        entry = numbers.entries[f"costs.{name}"]
        table = tables(numbers, friction_w=90.0).sensitivity
        assert table["assumption"].tolist() == [f"costs.{name}"]
        for end, column in ((entry.low, "low_eur_per_home"), (entry.high, "high_eur_per_home")):
            changed = numbers.override({"costs": {name: {"value": end, "date": "2024-01"}}})
            exact = tables(changed, friction_w=90.0).solutions.set_index("variant")
            exact = exact.loc["shared_loops", "annual_eur_per_home"]
            overrun = (
                10000 / 45 * (end - 1) if name == "drilling_overrun" else 0
            )  # a price knows no overrun but in ranges
            assert table[column].iloc[0] == pytest.approx(exact + overrun, abs=0.01)


def test_fewer_full_load_hours_ask_for_a_larger_heat_pump():
    # a peak of 5 kW at 1,800 hours is 6.43 kW at 1,400, 8 kW on sale instead of 6, and 4.09 kW at 2,200: still 6 kW
    numbers = fixed(priced(), "full_load_hours")
    entry = numbers.entries["homes.full_load_hours"]
    assert (entry.low, entry.value, entry.high) == (1400, 1800, 2200)
    row = tables(numbers).sensitivity.iloc[0]
    base = tables(numbers).solutions.set_index("variant").loc["shared_loops", "annual_eur_per_home"]
    assert row["assumption"] == "homes.full_load_hours"
    assert row["low_eur_per_home"] == pytest.approx(base + 2 * 1000 / 15)
    assert row["high_eur_per_home"] == pytest.approx(base)


def test_the_range_of_the_heat_loss_is_that_of_what_is_lost():
    numbers = fixed(priced(network_heat_loss=0.15), "network_heat_loss")
    entry = numbers.entries["costs.network_heat_loss"]
    designs = Designs(
        make_homes(),
        make_clusters("c"),
        pd.DataFrame([make_solution("ring_net_collective")]),
        make_boreholes(("c", "ring_net_collective", 200.0, "truck")).assign(homes_served=3),
        make_pipes(("c", "ring_net_collective", 24.0, 48.0, 40.0, "public")),
        pd.DataFrame(),
    )
    table = cost_tables(designs, assumptions=numbers).sensitivity
    assert table["assumption"].tolist() == ["costs.network_heat_loss"]
    for end, column in ((entry.low, "low_eur_per_home"), (entry.high, "high_eur_per_home")):
        changed = numbers.override({"costs": {"network_heat_loss": {"value": end}}})
        exact = cost_tables(designs, assumptions=changed).solutions.set_index("variant")
        assert table[column].iloc[0] == pytest.approx(exact.loc["ring_net_collective", "annual_eur_per_home"], abs=0.01)


class TestCity:
    def test_fewer_draws_and_no_curves_give_the_same_base(self):
        whole = tables(priced())
        city = tables(priced(), draws=100, shown=())
        assert len(city.curves) == len(city.sensitivity) == len(city.finance) == 0
        assert city.solutions["annual_eur_per_home"].equals(whole.solutions["annual_eur_per_home"])
        assert city.solutions["break_even_homes"].equals(whole.solutions["break_even_homes"])
        assert city.costs.equals(whole.costs)
        apart = city.solutions["annual_high_eur_per_home"] / whole.solutions["annual_high_eur_per_home"]
        assert apart.to_numpy() == pytest.approx(1, abs=0.03)

    def test_only_what_is_shown_has_curves(self):
        assert set(tables(priced(), shown=["c"]).curves["cluster_id"]) == {"c"}
        assert len(tables(priced(), shown=["x"]).curves) == 0


class TestPriceLevel:
    def test_prices_of_another_year_follow_the_index(self):
        # the index of CBS stood at 100 in 2018 and at 125.9 in 2024
        numbers = priced().override(
            {"costs": {"gas_boiler_eur": {"value": 2000.0, "source": "a list", "date": "2018"}}}
        )
        line = three_homes(numbers)[1].set_index("item").loc["gas_boiler"]
        assert line["unit_price_eur"] == pytest.approx(2000 * 1.259)

    def test_a_price_without_a_source_or_a_date_has_the_level(self):
        numbers = priced().override({"costs": {"gas_boiler_eur": 1999.0, "network_preparation_eur": 7777.0}})
        lines = three_homes(numbers)[1].set_index("item")["unit_price_eur"]
        assert lines["gas_boiler"] == 1999
        assert lines["network_preparation"] == 7777

    def test_another_level_moves_every_dated_price_alike(self):
        before, after = three_homes()[0], three_homes(priced(price_level=2025))[0]
        gas = of(after, "gas_boiler")["annual_eur_per_home"] / of(before, "gas_boiler")["annual_eur_per_home"]
        assert gas == pytest.approx(130.05 / 125.9)

    def test_subsidies_are_what_the_law_says(self):
        line = three_homes()[1]
        line = line[(line["item"] == "isde_heat_pump") & (line["variant"] == "own_loops")].iloc[0]
        assert line["unit_price_eur"] == -2050
