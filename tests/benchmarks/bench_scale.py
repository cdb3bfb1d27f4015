"""From a street to a city: Wippolder beside itself, by number of dwellings and of workers, whole or in tiles.

MINENET_REAL_DATA=... python tests/benchmarks/bench_scale.py [--dwellings 2388 19104 ...] [--workers 1 2] [--tiles]

With `--folder F` one run in tiles is kept there: started again it goes on, and the seconds of all sittings
count, each up to the last job that was done. Memory of workers is that of the last sitting.
"""

import argparse
import contextlib
import itertools
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent.parent))

from conftest import mapping_of, real_data

import minenet
from minenet.assumptions import Assumptions
from minenet.scale import Settings, engine_of, run_area
from minenet.sources import moved_result, tile_files
from minenet.tiles import run_tiles
from minenet.timing import Timings

NAME = "delft_wippolder_mixed"
READY = "area.ready"
PITCH_M = 1000.0
"""Tiles lie this far apart: the box around one measures 0.9 x 0.9 km."""

IDS = ("building_id", "address_id", "street_id", "parcel_id", "loop_id")
BUDGET = {
    ("homes", "parts", "trenches"): 0.15,
    ("clusters",): 0.2,
    ("places",): 0.25,
    ("depths",): 0.05,
    ("pipes",): 0.15,
    ("costs", "checks"): 0.15,
    ("reading", "tables", "writing"): 0.05,
}
"""What steps may take at 1,000 dwellings per second and core [ms per dwelling]: the aim from the start, no result."""


def copies(dwellings):
    """Return the layers of Wippolder beside itself, copy by copy, until there are so many dwellings."""
    area = minenet.read_area(real_data() / f"{NAME}.gpkg", mapping=mapping_of(NAME))
    each = len(minenet.find_homes(area, Assumptions.default()))
    count = max(1, round(dwellings / each))
    wide = math.ceil(math.sqrt(count))  # nearly a square of copies
    for number in range(count):
        layers = {}
        for name, layer in area.layers.items():
            copy = layer.copy()
            copy["geometry"] = copy.geometry.translate(PITCH_M * (number % wide), PITCH_M * (number // wide))
            for column in IDS:
                if column in copy:
                    copy[column] = f"{number:04d}-" + copy[column]
            layers[name] = copy
        yield layers


def beside_itself(dwellings):
    """Return Wippolder beside itself as one area."""
    every = list(copies(dwellings))
    return minenet.make_area({name: pd.concat([copy[name] for copy in every], ignore_index=True) for name in every[0]})


def written(dwellings, folder):
    """Write Wippolder beside itself, a file per layer and copy."""
    for number, layers in enumerate(copies(dwellings)):
        for name, layer in layers.items():
            (folder / name).mkdir(parents=True, exist_ok=True)
            layer.to_parquet(folder / name / f"{number:04d}.parquet", index=False, write_covering_bbox=True)


def measured(dwellings, workers, tiles, kept=None):
    """Return figures of one run, in a process of its own; the result is looked at anew in another."""
    with contextlib.nullcontext(kept) if kept else tempfile.TemporaryDirectory() as folder:
        of = json.dumps({"dwellings": dwellings, "workers": workers, "version": minenet.__version__})
        ready = Path(folder) / READY
        if not ready.exists():
            prepared(dwellings, folder, tiles)
            ready.write_text(of)
        if ready.read_text() != of:
            sys.exit(f"{folder} holds another run: {ready.read_text()}")
        ran = Path(folder) / "ran.json"
        if not ran.exists():
            ran.write_text(json.dumps(_in_a_process("run", workers, folder, tiles)))
        return {"workers": workers, **json.loads(ran.read_text()), **_in_a_process("look", workers, folder, tiles)}


def _in_a_process(what, workers, folder, tiles):
    command = [
        sys.executable,
        __file__,
        "--do",
        what,
        folder,
        "--workers",
        str(workers),
        *(["--tiles"] if tiles else []),
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def prepared(dwellings, folder, tiles):
    """Write the area, by another process so that its memory is not counted."""
    command = [sys.executable, __file__, "--do", "prepare", folder, "--dwellings", str(dwellings)]
    subprocess.run([*command, *(["--tiles"] if tiles else [])], check=True)


def prepare(dwellings, folder, tiles):
    """Write the area as tiles, or as layers that are read at once."""
    if tiles:
        written(dwellings, folder / "area")
        return
    (folder / "area").mkdir()
    for name, layer in beside_itself(dwellings).layers.items():
        layer.to_parquet(folder / "area" / f"{name}.parquet", index=False)


def run(folder, workers, tiles):
    """Run once and print the figures as JSON."""
    clock, settings, work = Timings(), Settings(Assumptions.default()), folder / "work"
    begin, before = time.perf_counter(), earlier(folder / "sittings")
    with engine_of(workers) as engine:
        if tiles:
            files, notes = tile_files(folder / "area")

            def write(made):
                moved_result(made, folder / "result")

            told = sitting(folder / "sittings", begin, clock)
            ran = run_tiles(files, notes, settings, work, engine, write=write, timings=clock, tell=told)
            homes = len(ran.homes)
        else:
            with clock.step("reading"):
                area = minenet.read_area(folder / "area")

            def write(result):
                minenet.write_result(result, folder / "result.gpkg")

            ran = run_area(area, settings, work, engine, write=write, timings=clock)
            homes = len(ran.result.homes)
    figures = {
        "dwellings": homes,
        "parts": ran.parts,
        "s": time.perf_counter() - begin + before["s"],
        "parent_mb": max(before["mb"], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "worker_mb": ran.megabytes,
        "failed": len(ran.failed),
        "steps": dict(Counter(clock.seconds) + Counter(before["steps"])),
    }
    print(json.dumps(figures))


def sitting(folder, begin, clock):
    """Return what writes down how long this sitting took so far, whenever a job is done: a killed one is then known."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{len(list(folder.iterdir()))}.json"

    def told(_):
        seconds = {"s": time.perf_counter() - begin, "steps": dict(clock.seconds)}
        data = json.dumps({**seconds, "parent_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})
        file.with_suffix(".new").write_text(data)
        file.with_suffix(".new").replace(file)

    return told


def earlier(folder):
    """Return the seconds of earlier sittings, up to the last job that was done, and the most memory of the leader."""
    sat = [json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))]
    steps = sum((Counter(s["steps"]) for s in sat), Counter())
    return {"s": sum(s["s"] for s in sat), "steps": steps, "mb": max((s["parent_mb"] for s in sat), default=0.0)}


def look(folder, tiles):
    """Look at the result anew, part by part where it is in parts, and print what does not hold as JSON."""
    begin = time.perf_counter()
    found = minenet.verify(folder / ("result" if tiles else "result.gpkg"), folder / "area")
    figures = {
        "broken": sum(f.outcome == "broken" for f in found),
        "verify_s": time.perf_counter() - begin,
        "verify_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(figures))


def main():
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dwellings", type=int, nargs="+", default=[2388, 19104])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--tiles", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--do", nargs=2)
    options = parser.parse_args()
    if options.do:
        do(options)
        return
    sizes = list(itertools.product(options.dwellings, options.workers))
    if options.folder and (len(sizes) > 1 or not options.tiles):
        parser.error("--folder keeps one run, in tiles")
    shown([measured(dwellings, workers, options.tiles, options.folder) for dwellings, workers in announced(sizes)])


def do(options):
    """Do one thing, as a process of its own."""
    what, folder = options.do[0], Path(options.do[1])
    if what == "prepare":
        prepare(options.dwellings[0], folder, options.tiles)
    elif what == "run":
        run(folder, options.workers[0], options.tiles)
    else:
        look(folder, options.tiles)


def announced(sizes):
    """Say which run begins."""
    for dwellings, workers in sizes:
        print(f"{dwellings} dwellings, {workers} workers, {os.cpu_count()} cores", flush=True)
        yield dwellings, workers


def shown(runs):
    """Print what was measured."""
    print(
        "| dwellings | workers | parts | s | per s and core | parent MB | worker MB | failed | broken | verify s, MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for r in runs:
        print(
            f"| {r['dwellings']} | {r['workers']} | {r['parts']} | {r['s']:.1f} "
            f"| {r['dwellings'] / r['s'] / r['workers']:.0f} "
            f"| {r['parent_mb']:.0f} | {r['worker_mb']:.0f} | {r['failed']} | {r['broken']} "
            f"| {r['verify_s']:.1f}, {r['verify_mb']:.0f} |",
        )
    serial = [r for r in runs if r["workers"] == 1]
    if len(serial) > 1:
        size, seconds = (np.log([r[k] for r in serial]) for k in ("dwellings", "s"))
        print(f"\nGrowth exponent with one worker: {np.polyfit(size, seconds, 1)[0]:.3f}")
    print("\n| ms per dwelling | budget |" + "".join(f" {r['dwellings']} by {r['workers']} |" for r in runs))
    print("|---|---|" + "---|" * len(runs))
    for steps, budget in BUDGET.items():
        took = [1000 * sum(r["steps"].get(step, 0.0) for step in steps) / r["dwellings"] for r in runs]
        print(f"| {', '.join(steps)} | {budget} |" + "".join(f" {ms:.3f} |" for ms in took))


if __name__ == "__main__":
    main()
