"""From a street to a city: `run_area` on Wippolder tiled, by number of dwellings and of workers.

MINENET_REAL_DATA=... python tests/benchmarks/bench_scale.py [--dwellings 2388 19104 ...] [--workers 1 2]
"""

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent.parent))

from conftest import mapping_of, real_data

import minenet
from minenet.assumptions import Assumptions
from minenet.scale import Settings, engine_of, run_area
from minenet.timing import Timings

NAME = "delft_wippolder_mixed"
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
    ("tables", "writing"): 0.05,
}
"""What steps may take at 1,000 dwellings per second and core [ms per dwelling]: the aim from the start, no result."""


def tiled(dwellings):
    """Return Wippolder beside itself until there are so many dwellings, nearly a square of tiles."""
    area = minenet.read_area(real_data() / f"{NAME}.gpkg", mapping=mapping_of(NAME))
    each = len(minenet.find_homes(area, Assumptions.default()))
    count = max(1, round(dwellings / each))
    wide = math.ceil(math.sqrt(count))
    layers = {}
    for name, layer in area.layers.items():
        tiles = []
        for number in range(count):
            tile = layer.copy()
            tile["geometry"] = tile.geometry.translate(PITCH_M * (number % wide), PITCH_M * (number // wide))
            for column in IDS:
                if column in tile:
                    tile[column] = f"{number:04d}-" + tile[column]
            tiles.append(tile)
        layers[name] = pd.concat(tiles, ignore_index=True)
    return minenet.make_area(layers)


def measured(dwellings, workers):
    """Return figures of one run, in a process of its own."""
    command = [sys.executable, __file__, "--one", str(dwellings), str(workers)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def one(dwellings, workers):
    """Run once and print the figures as JSON."""
    area = tiled(dwellings)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    clock, found = Timings(), []
    with tempfile.TemporaryDirectory() as folder, engine_of(workers) as engine:
        begin = time.perf_counter()

        def write(result):
            minenet.write_result(result, Path(folder) / "result.gpkg")

        ran = run_area(area, Settings(Assumptions.default()), Path(folder) / "work", engine, write=write, timings=clock)
        seconds = time.perf_counter() - begin
    found = minenet.verify(ran.result, area)
    print(
        json.dumps(
            {
                "dwellings": len(ran.result.homes),
                "workers": workers,
                "parts": ran.parts,
                "s": seconds,
                "reading_mb": before,
                "parent_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "worker_mb": ran.megabytes,
                "failed": len(ran.failed),
                "broken": sum(f.outcome == "broken" for f in found),
                "steps": dict(clock.seconds),
            }
        )
    )


def main():
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dwellings", type=int, nargs="+", default=[2388, 19104])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--one", type=int, nargs=2)
    options = parser.parse_args()
    if options.one:
        one(*options.one)
        return
    print(f"{os.cpu_count()} cores")
    print("| dwellings | workers | parts | s | per s and core | parent MB | worker MB | failed | broken |")
    print("|---|---|---|---|---|---|---|---|---|")
    runs = []
    for dwellings in options.dwellings:
        for workers in options.workers:
            run = measured(dwellings, workers)
            runs.append(run)
            speed = run["dwellings"] / run["s"] / workers
            print(
                f"| {run['dwellings']} | {workers} | {run['parts']} | {run['s']:.1f} | {speed:.0f} | {run['parent_mb']:.0f} "
                f"| {run['worker_mb']:.0f} | {run['failed']} | {run['broken']} |",
                flush=True,
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
