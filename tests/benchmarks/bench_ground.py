"""Lengths of boreholes, side by side: minenet, the same equation on pygfunction, and method L2 of GHEtool if installed.

    OMP_NUM_THREADS=1 python tests/benchmarks/bench_ground.py [--fields 100]

Prints tables in Markdown. Times are of one processor core, warm: every tool has sized one field before.
"""

import argparse
import importlib.util
import time
import warnings
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pygfunction
from scipy.optimize import brentq

from minenet.assumptions import Assumptions, Ground
from minenet.ground import size_field, size_loops

Places = npt.NDArray[np.float64]
Tool = Callable[[Places, float, float], float]

# The inputs of Table A of `tests/test_ground.py`: constant 11 C, resistance of the borehole constant, no injection.
GROUND = replace(
    Assumptions.default().ground,
    conductivity=2.0,
    heat_capacity_mj_m3k=2.4,
    surface_temperature_c=11.0,
    gradient_k_m=0.0,
    borehole_resistance=0.12,
    resistance_with_depth=False,
    borehole_radius_m=0.075,
    buried_depth_m=1.0,
    fluid_limit_c=-1.0,
    fluid_reading="mean",
    years=20,
    peak_hours=6.0,
    coldest_month_share=0.155,
)
MONTHS = np.array([0.155, 0.148, 0.125, 0.099, 0.064, 0, 0, 0, 0.061, 0.087, 0.117, 0.144])
HOME_KWH, HOME_KW = 6750.0, 4.5


def on_pygfunction(places: Places, annual_kwh: float, peak_kw: float, *, ground: Ground = GROUND) -> float:
    """Return the length by the three-pulse equation, every g-function solved anew at the length tried."""
    annual, month, peak = (
        1000 * np.array([annual_kwh / 8760, ground.coldest_month_share * annual_kwh / 730, peak_kw]) / len(places)
    )
    times = 3600 * np.cumsum([ground.peak_hours, 730.0, ground.years * 8760.0])

    def excess(length: float) -> float:
        field = pygfunction.borefield.Borefield(H=length, D=1.0, r_b=0.075, x=places[:, 0], y=places[:, 1])
        g1, g2, g3 = pygfunction.gfunction.gFunction(
            field, 2.0 / 2.4e6, time=times, boundary_condition="UBWT", method="similarities", options={"nSegments": 12}
        ).gFunc / (2 * np.pi * ground.conductivity)
        drop = annual * (g3 - g2) + month * (g2 - g1) + peak * (g1 + ground.borehole_resistance)
        return float(drop / length - (ground.surface_temperature_c - ground.fluid_limit_c))

    return float(brentq(excess, 10.0, 900.0, rtol=1e-4))


def on_ghetool(places: Places, annual_kwh: float, peak_kw: float) -> float:
    """Return the length by method L2 of GHEtool."""
    import GHEtool

    load = GHEtool.MonthlyGeothermalLoadAbsolute(
        baseload_extraction=annual_kwh * MONTHS,
        baseload_injection=np.zeros(12),
        peak_extraction=np.where(MONTHS.max() == MONTHS, peak_kw, 0.0),
        peak_injection=np.zeros(12),
        simulation_period=GROUND.years,
    )
    field = GHEtool.Borefield(load=load)
    field.ground_data = GHEtool.GroundConstantTemperature(2.0, 11.0, 2.4e6)
    field.Rb = GROUND.borehole_resistance
    field.set_min_avg_fluid_temperature(GROUND.fluid_limit_c)
    field.set_max_avg_fluid_temperature(60.0)
    field.borefield = pygfunction.borefield.Borefield(H=110.0, D=1.0, r_b=0.075, x=places[:, 0], y=places[:, 1])
    return float(field.size(110.0, L2_sizing=True))


def on_minenet(places: Places, annual_kwh: float, peak_kw: float) -> float:
    """Return the length by the fast engine."""
    return size_field(places, annual_kwh, peak_kw, ground=GROUND)


def lattice(rows: int, columns: int, spacing: float) -> Places:
    """Return a rectangle of places."""
    return np.stack(np.meshgrid(np.arange(rows), np.arange(columns)), axis=-1).reshape(-1, 2) * spacing


def random_field(random: np.random.Generator) -> tuple[Places, float, float]:
    """Return 1-50 boreholes on part of a lattice, each moved a little, and what they are to give."""
    count = int(random.integers(1, 51))
    side, spacing = int(np.ceil(np.sqrt(count))) + 1, random.uniform(5, 12)
    places = lattice(side, side, 1.3 * spacing)[random.permutation(side**2)[:count]]
    annual = count * random.uniform(3000, 8000)
    return places + random.uniform(-0.1, 0.1, (count, 2)) * spacing, annual, annual / random.uniform(1200, 2200)


def timed(tool: Callable[[], float]) -> tuple[float, float]:
    """Return what a tool finds, and the processor time it takes [ms]."""
    began = time.process_time()
    found = tool()
    return found, 1000 * (time.process_time() - began)


def on_random_fields(tools: dict[str, Tool], count: int) -> None:
    """Print how far the tools lie from pygfunction, and how long they take."""
    random = np.random.default_rng(3)
    fields = [random_field(random) for _ in range(count)]
    found = {}
    for name, tool in tools.items():
        tool(*random_field(random))
        found[name] = np.array([timed(lambda field=field, tool=tool: tool(*field)) for field in fields])
    reference = found["pygfunction"][:, 0]
    print(f"{count} random fields of 1-50 boreholes, {reference.min():.0f}-{reference.max():.0f} m deep:\n")
    print("| tool | median difference | largest | ms median | ms most |\n|---|---|---|---|---|")
    for name, (length, ms) in ((name, table.T) for name, table in found.items()):
        off = 100 * np.abs(length / reference - 1)
        print(
            f"| {name} | {np.median(off):.3f} % | {off.max():.3f} % | {np.median(ms):.1f} | {ms.max():.1f} |",
            flush=True,
        )


def on_table_a(tools: dict[str, Tool]) -> None:
    """Print the metres of the square grids of Table A, and the median time."""
    print("\n| boreholes | spacing m | " + " | ".join(f"{name} m | ms" for name in tools) + " |")
    print("|---" * (2 + 2 * len(tools)) + "|")
    for rows, columns in ((1, 1), (2, 1), (3, 3), (5, 5), (7, 7)):
        for spacing in (5.0, 6.0, 10.0, 15.0):
            homes = rows * columns
            cells = []
            for tool in tools.values():
                field = lattice(rows, columns, spacing), homes * HOME_KWH, homes * HOME_KW
                cells += [f"{number:.1f}" for number in timed(lambda field=field, tool=tool: tool(*field))]
            print(f"| {homes} | {spacing:.0f} | {' | '.join(cells)} |", flush=True)


def on_loops(count: int = 40) -> None:
    """Print how long loops take that are each a system of their own, and how far both engines of minenet differ."""
    random = np.random.default_rng(4)
    slow = replace(GROUND, response="pygfunction")
    print("\n| loops | ms median | ms most | largest difference from the engine `pygfunction` |\n|---|---|---|---|")
    for loops in (3, 10, 20, 50):
        rows = []
        for number in range(count):
            side = int(np.ceil(np.sqrt(loops))) + 1
            places = lattice(side, side, random.uniform(8, 15))[random.permutation(side**2)[:loops]]
            homes = random.integers(1, 4, loops)
            load = places, homes * HOME_KWH, homes * HOME_KW
            began = time.process_time()
            fast = size_loops(*load, ground=GROUND)
            ms = 1000 * (time.process_time() - began)
            off = np.nan
            if number < 3:  # the engine is slow
                other = size_loops(*load, ground=slow)
                known = np.isfinite(fast)
                off = 100 * np.abs(fast[known] / other[known] - 1).max(initial=0.0)
            rows.append((ms, off))
        ms, off = np.array(rows).T
        print(f"| {loops} | {np.median(ms):.1f} | {ms.max():.1f} | {np.nanmax(off):.3f} % |", flush=True)


def main() -> None:
    """Run all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fields", type=int, default=100, help="how many random fields")
    arguments = parser.parse_args()
    tools: dict[str, Tool] = {"minenet": on_minenet, "pygfunction": on_pygfunction}
    if importlib.util.find_spec("GHEtool") is not None:  # dependency group `peers`
        warnings.simplefilter("ignore")
        tools["GHEtool L2"] = on_ghetool
    on_random_fields(tools, arguments.fields)
    on_table_a(tools)
    on_loops()


if __name__ == "__main__":
    main()
