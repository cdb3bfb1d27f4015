"""How long the costs of 10,000 clusters take: lines, ranges, participation, sensitivity and finance; and in city mode."""

import resource
import time

import pandas as pd
from looking import sound

from minenet import Assumptions, Result, assess, demo_path, read_area
from minenet.costs import Designs, cost_tables

CLUSTERS = 10_000
CITY_DRAWS = 200
NAMED = ("cluster_id", "home_id", "pipe_id")


def repeated(result: Result, times: int) -> Designs:
    """Return the designs of a result many times over, each copy with names of its own."""
    tables = {}
    for name in ("homes", "clusters", "solutions", "boreholes", "pipes", "connections"):
        frame = pd.DataFrame(getattr(result, name))
        copies = []
        for number in range(times):
            names = {c: frame[c] + f"~{number}" for c in NAMED if c in frame}
            copies.append(frame.assign(**names))
        tables[name] = pd.concat(copies, ignore_index=True)
    own = (tables["solutions"]["variant"] == "own_loops") & tables["solutions"]["borehole_m"].notna()
    tables["solutions"]["feasible"] = tables["solutions"]["feasible"].mask(own, other=True)
    return Designs(**tables)


def main() -> None:
    area = read_area(demo_path())
    result = sound(assess(area), area)
    designs = repeated(result, -(-CLUSTERS // len(result.clusters)))
    numbers = Assumptions.default()
    print(f"{len(designs.clusters)} clusters, {len(designs.homes)} homes, {len(designs.pipes)} pipes")
    print("| mode | draws | s of one core | rows of costs | points of curves |")
    print("|---|---|---|---|---|")
    for mode, more in (("full", {}), ("city", {"draws": CITY_DRAWS, "shown": ()})):
        begin = time.process_time()
        found = cost_tables(designs, assumptions=numbers, **more)
        spent = time.process_time() - begin
        draws = more.get("draws", numbers.costs.draws)
        print(f"| {mode} | {draws} | {spent:.1f} | {len(found.costs)} | {len(found.curves)} |")
    print(
        f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB, the repeated designs included"
    )


if __name__ == "__main__":
    main()
