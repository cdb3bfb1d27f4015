"""How much longer the fast division into shared loops is than the exact one, on the clusters of real neighbourhoods.

Run with `MINENET_REAL_DATA=<folder> OMP_NUM_THREADS=1 python tests/benchmarks/bench_sharing.py`; it prints one table.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import numpy as np
from looking import sound

import minenet
import minenet.design.sharing as design_sharing
from minenet import Assumptions, read_area
from minenet.sharing import _offers, _partition, groups_of, share_out

NAMES = ("delft_dense_block", "delft_terraced_street", "delft_wippolder_mixed")
MOST_UNITS = 24
"""Larger clusters take the exact search up to a minute each."""

Instance = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def instances(folder: Path, name: str) -> Iterator[Instance]:
    """Yield units, sizes, laterals and dearness of every cluster, as the design meets them."""
    found: list[Instance] = []

    def caught(groups: np.ndarray, size: np.ndarray, lateral: np.ndarray, dear: np.ndarray, **more: object) -> object:
        found.append((groups, size, lateral, dear))
        return share_out(groups, size, lateral, dear, **more)

    design_sharing.share_out = caught
    area = read_area(folder / f"{name}.gpkg", mapping=Path(__file__).parents[1] / "real" / f"{name}.toml")
    sound(minenet.assess(area), area)
    design_sharing.share_out = share_out
    yield from found


def length(groups: np.ndarray, chosen: np.ndarray, place: np.ndarray, offers: object) -> float:
    ways = offers.ways[chosen, np.maximum(place, 0)] if offers.ways.shape[1] else np.full(len(chosen), np.inf)
    return float(np.where(place >= 0, ways, offers.without[chosen]).sum())


def main() -> None:
    """Print the table."""
    folder = Path(os.environ.get("MINENET_REAL_DATA") or sys.exit("set MINENET_REAL_DATA"))
    weights = {"loop_m": Assumptions.default().network.loop_equals_lateral_m, "without_m": 60.0}
    print("| area | clusters | units | fast: ms median | exact: ms median | gap mean % | gap most % |")
    print("|---|---|---|---|---|---|---|")
    for name in NAMES:
        rows = []
        for _, size, lateral, dear in instances(folder, name):
            if not 2 <= len(size) <= MOST_UNITS:
                continue
            near = design_sharing._next(len(size))
            groups = groups_of(near, size)
            offers = _offers(groups, size, lateral, dear, **weights)
            begin = process_time()
            fast = length(groups, *share_out(groups, size, lateral, dear, **weights), offers)
            middle = process_time()
            *_, best = _partition(groups, offers, len(size), len(dear))
            end = process_time()
            exact = min(best, fast)
            rows.append((len(size), 1e3 * (middle - begin), 1e3 * (end - middle), 100 * (fast / exact - 1)))
        table = np.array(rows)
        units, quick, slow, gap = table.T
        print(
            f"| {name} | {len(table)} | {units.min():.0f}-{units.max():.0f} | {np.median(quick):.1f} | "
            f"{np.median(slow):.0f} | {gap.mean():.2f} | {gap.max():.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
