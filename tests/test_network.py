"""Loops, pipes and the brine in them."""

import numpy as np
import pytest

from minenet import Assumptions
from minenet.assumptions import read_table
from minenet.network import friction_pa_m, friction_w, neighbour_walk, outer_diameter, probe

NUMBERS = Assumptions.default().network


def test_the_walk_passes_every_home_once():
    xy = np.random.default_rng(1).uniform(0, 100, (30, 2))
    assert sorted(neighbour_walk(xy)) == list(range(30))


def test_a_row_is_walked_from_end_to_end():
    xy = np.column_stack([np.arange(8) * 5.5, np.zeros(8)])
    mixed = np.array([3, 0, 7, 1, 5, 2, 6, 4])
    assert mixed[neighbour_walk(xy[mixed])].tolist() == list(range(8))


def test_laminar_friction_is_poiseuille():
    # 0.02 kg/s in 28 mm: v = 0.02 / 1037 / (pi/4 x 0.028^2) = 0.0313 m/s, Re = 246;
    # 32 mu v / d^2 = 32 x 0.0037 x 0.0313 / 0.000784 = 4.73 Pa/m
    loss = friction_pa_m(np.array([0.02]), np.array([28.0]), assumptions=NUMBERS)[0]
    assert loss == pytest.approx(32 * 0.0037 * (0.02 / 1037 / (np.pi / 4 * 0.028**2)) / 0.028**2, rel=1e-9)
    assert loss == pytest.approx(4.73, abs=0.01)


def test_turbulent_friction_lies_near_blasius():
    # Blasius, 0.316 Re^-0.25, holds within a few per cent for smooth pipes at Re 4,000-100,000
    flow, inner = 1.0, 55.4
    speed = flow / 1037 / (np.pi / 4 * 0.0554**2)
    reynolds = 1037 * speed * 0.0554 / 0.0037
    assert 4_000 < reynolds < 100_000
    blasius = 0.316 * reynolds**-0.25 / 0.0554 * 1037 * speed**2 / 2
    assert friction_pa_m(np.array([flow]), np.array([inner]), assumptions=NUMBERS)[0] == pytest.approx(
        blasius, rel=0.04
    )


def test_pipes_grow_with_power_and_stay_within_the_friction():
    catalogue = read_table("pipes")
    power = np.array([3.0, 10.0, 40.0, 150.0, 500.0])
    outer = outer_diameter(power, catalogue=catalogue, assumptions=NUMBERS)
    assert (np.diff(outer) > 0).all()
    inner = outer - 2 * catalogue.set_index("outer_mm")["wall_mm"].reindex(outer).to_numpy()
    flow = power / (NUMBERS.brine_heat_capacity_kj_kgk * NUMBERS.service_drop_k)
    assert (friction_pa_m(flow, inner, assumptions=NUMBERS) <= NUMBERS.pressure_drop_pa_m).all()


def test_a_home_of_5_kw_needs_a_common_service_pipe():
    # a driller would lay 32 or 40 mm to a single house
    assert outer_diameter(np.array([3.75]), catalogue=read_table("pipes"), assumptions=NUMBERS)[0] in (32, 40)


def test_deep_loops_get_wider_probes():
    name, loss = probe(
        np.array([100.0, 275.0]), np.array([4.0, 13.5]), catalogue=read_table("probes"), assumptions=NUMBERS
    )
    assert name[0] == "single U 40"
    # 13.5 kW over 3 K is 1.2 kg/s: in one tube of 32.6 mm bore 2 x 275 m of it lose several bar
    one = friction_pa_m(np.array([1.2]), np.array([32.6]), assumptions=NUMBERS)[0] * 2 * 275 / 1e5
    assert 3 < one < 6
    assert name[1].startswith("double U")
    assert (loss <= NUMBERS.probe_loss_kpa).all()


def test_half_the_brine_goes_through_each_tube_of_a_double_u():
    double = read_table("probes").query("probe == 'double U 40'")
    _, loss = probe(np.array([150.0]), np.array([8.0]), catalogue=double, assumptions=NUMBERS)
    flow = 8.0 / (3.76 * 3.0) / 2
    assert loss[0] == pytest.approx(
        friction_pa_m(np.array([flow]), np.array([32.6]), assumptions=NUMBERS)[0] * 300 / 1000
    )


def test_friction_takes_pressure_times_flow():
    # laminar, 0.02 kg/s in 32 x 2.0 mm: 4.73 Pa/m over 50 m is 237 Pa, times 0.02 / 1037 m3/s: 0.0046 W
    power = 0.02 * 3.76 * 3.0
    lost = friction_w(
        np.array([power]), np.array([32.0]), np.array([50.0]), catalogue=read_table("pipes"), assumptions=NUMBERS
    )
    assert lost[0] == pytest.approx(4.73 * 50 * 0.02 / 1037, rel=0.002)
