"""How many boreholes fit in real neighbourhoods, and how many homes can use ground heat alone and when loops are shared.

Run with `MINENET_REAL_DATA=<folder> python tests/benchmarks/bench_sites.py [--draw FOLDER]`; it prints one table, and
with `--draw` (needs matplotlib) a picture of each area.
"""

import argparse
import os
import sys
from pathlib import Path
from time import perf_counter

from bench_access import bubenec
from looking import sound

import minenet
from minenet import Area, Assumptions, Result, read_area

NAMES = ("delft_dense_block", "delft_terraced_street", "delft_wippolder_mixed", "bubenec")
OWN_GROUND = {"sites": {"use_public_ground": {"value": False}, "use_unknown_ground": {"value": False}}}


def given(folder: Path, name: str) -> Area:
    """Read an area; in `bubenec` every building counts as one home, for no dwellings are known."""
    if name == "bubenec":
        return bubenec(folder, parcels=True)
    return read_area(folder / f"{name}.gpkg", mapping=Path(__file__).parents[1] / "real" / f"{name}.toml")


def row(name: str, label: str, area: Area, result: Result, seconds: float) -> str:
    """Return one line of the table."""
    clusters, solutions = result.clusters, result.solutions
    homes = int(clusters["homes"].sum())

    def of(variant: str, column: str) -> int:
        return int(solutions.loc[solutions["variant"] == variant, column].fillna(0).sum())

    own, shared = of("own_loops", "homes_possible"), of("shared_loops", "homes_possible")
    own_k, shared_k = of("own_loops", "homes_within_cooling"), of("shared_loops", "homes_within_cooling")
    capacity = int(clusters["borehole_capacity"].sum())
    share = [f"{n} ({100 * n / max(homes, 1):.0f} %)" for n in (own, shared, own_k, shared_k)]
    return f"| {name} | {label} | {homes} | {capacity} | {' | '.join(share)} | {seconds:.1f} |"


def draw(area: Area, result: Result, path: Path) -> None:
    """Draw plots, buildings, and the boreholes of both variants by what rig reaches them."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(16, 14))
    if area.land is not None:
        area.land[area.land["ownership"] == "private"].plot(ax=axes, color="#eef3e2", edgecolor="none")
    if area.parcels is not None:
        area.parcels.plot(ax=axes, color="none", edgecolor="#bbbbbb", linewidth=0.5)
    area.streets.plot(ax=axes, color="#dddddd", linewidth=3)
    inside = area.buildings["building_id"].isin(result.homes.loc[result.homes["cluster_id"].notna(), "building_id"])
    area.buildings[~inside].plot(ax=axes, color="#cccccc")
    homes = result.homes.dropna(subset="cluster_id").drop_duplicates("building_id").set_index("building_id")
    drawn = area.buildings[inside]
    cluster = homes["cluster_id"].reindex(drawn["building_id"]).astype("category").cat.codes.to_numpy()
    drawn.plot(ax=axes, column=cluster, categorical=True, cmap="tab20", alpha=0.8)
    for variant, marker in (("shared_loops", "o"), ("ring_net", "^")):
        holes = result.boreholes[result.boreholes["variant"] == variant]
        colours = holes["access"].map({"truck": "black", "mini": "blue", "unknown": "orange", "crane": "red"})
        axes.scatter(holes.geometry.x, holes.geometry.y, c=colours, marker=marker, s=22, zorder=5)
    if area.water is not None:
        area.water.plot(ax=axes, color="#9ecae1")
    pipes = result.pipes[result.pipes["variant"] == "shared_loops"]
    if len(pipes):
        pipes.plot(ax=axes, color="black", linewidth=0.7)
    axes.set_aspect("equal")
    axes.set_axis_off()
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def main() -> None:
    """Print the table, and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draw", type=Path, help="folder for pictures")
    parser.add_argument("names", nargs="*", default=NAMES)
    options = parser.parse_args()
    folder = Path(os.environ.get("MINENET_REAL_DATA") or sys.exit("set MINENET_REAL_DATA"))
    print("| area | ground | homes | capacity | own | shared | own, 1.5 K kept | shared, 1.5 K kept | s |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in options.names:
        area = given(folder, name)
        for label, changes in (("all", {}), ("own plots alone", OWN_GROUND)):
            start = perf_counter()
            result = minenet.assess(area, Assumptions.default().override(changes))
            took = perf_counter() - start
            print(row(name, label, area, sound(result, area), took), flush=True)
            if options.draw and not changes:
                options.draw.mkdir(parents=True, exist_ok=True)
                draw(area, result, options.draw / f"{name}.png")


if __name__ == "__main__":
    main()
