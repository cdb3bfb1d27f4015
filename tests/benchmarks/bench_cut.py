"""What the leader of a run in tiles does by itself: cut a country of made-up towns into parts, by points and links.

python tests/benchmarks/bench_cut.py [--buildings 100000 400000 5500000]
"""

import argparse
import resource
import subprocess
import sys
import time

import numpy as np

from minenet.parts import divided

APART_M, MOVED_M, WIDE_M = 14.0, 2.0, 200_000.0
"""Buildings stand on a grid, moved at random, in towns that lie anywhere in a country so wide."""


def towns(buildings):
    """Return middles, homes and links of towns with sizes as they are: many small ones, few large."""
    random = np.random.default_rng(1)
    share = random.lognormal(6.2, 1.4, size=max(10, buildings // 275))
    points, links, begin = [], [], 0
    for count in (share / share.sum() * buildings).astype(int) + 2:
        wide = int(np.ceil(np.sqrt(count)))
        number = np.arange(count)
        place = np.column_stack([number % wide, number // wide]) * APART_M
        points.append(random.uniform(0, WIDE_M, 2) + place + random.uniform(-MOVED_M, MOVED_M, (count, 2)))
        for step, inside in ((1, number % wide < wide - 1), (wide, True), (wide + 1, number % wide < wide - 1)):
            one = number[inside & (number + step < count)]
            joined = np.column_stack([begin + one, begin + one + step, np.ones_like(one)])
            links.append(joined.astype(np.int32))  # as the leader has them
        begin += count
    homes = 1 + (random.random(begin) < 0.12) * random.integers(1, 9, begin)  # some hold several
    return np.concatenate(points), homes, np.concatenate(links)


def one(buildings):
    """Cut once and print a line of the table."""
    points, homes, links = towns(buildings)
    begin = time.perf_counter()
    split = divided(points, homes, links, int(homes.sum()))
    seconds, mb = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {len(points)} | {homes.sum()} | {len(links)} | {split.notes['count.parts']} | {seconds:.1f} | {mb:.0f} |")


def main():
    """Print the table, each size in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--buildings", type=int, nargs="+", default=[100_000, 400_000, 5_500_000])
    parser.add_argument("--one", type=int)
    options = parser.parse_args()
    if options.one:
        one(options.one)
        return
    print("| buildings | homes | links | parts | s | MB |\n|---|---|---|---|---|---|", flush=True)
    for buildings in options.buildings:
        subprocess.run([sys.executable, __file__, "--one", str(buildings)], check=True)


if __name__ == "__main__":
    main()
