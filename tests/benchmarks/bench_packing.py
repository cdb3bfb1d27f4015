"""Boreholes in free ground, side by side: both modes of minenet, and the row-wise method of GHEDesigner if installed.

    MINENET_REAL_DATA=... OMP_NUM_THREADS=1 python tests/benchmarks/bench_packing.py [--peer]

Prints tables in Markdown. Times are of one processor core; nothing is decided by them.
"""

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial.distance import pdist
from shapely.affinity import rotate, translate

from minenet.packing import bound, pack

Places = npt.NDArray[np.float64]
CLOSE_M = 1e-6


def row_wise(free: shapely.Geometry, spacing_m: float) -> Places:
    """Return what the row-wise method of GHEDesigner places, part by part, its best of all rotations by 1 degree."""
    from ghedesigner.ghe.rowwise import field_optimization_fr, gen_shape

    places = [np.empty((0, 2))]
    for part in shapely.get_parts(free):
        outline = shapely.orient_polygons(part)
        holes = [shapely.get_coordinates(hole)[:-1].tolist() for hole in outline.interiors]
        shape, no_go = gen_shape(shapely.get_coordinates(outline.exterior)[:-1].tolist(), holes or None)
        xy, _ = field_optimization_fr(spacing_m, 1.0, shape, ng_zones=no_go)
        places.append(np.asarray(xy, dtype=float).reshape(-1, 2))
    return np.concatenate(places)


def moved(free: shapely.Geometry) -> shapely.Geometry:
    """Return the ground turned by 17 degrees and moved to (-5000, 7e6)."""
    return translate(rotate(free, 17, origin=(0, 0)), -5000, 7e6)


def faults(xy: Places, free: shapely.Geometry, spacing_m: float) -> int:
    """Return how many pairs stand too close and how many places outside."""
    outside = shapely.distance(free, shapely.points(xy)) > CLOSE_M
    return int((pdist(xy) < spacing_m - CLOSE_M).sum() + outside.sum())


def measured(method: Callable[[shapely.Geometry, float], Places], parcels: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return per parcel how many places a method finds, their faults, the time, and what it finds on moved ground."""
    rows = []
    for free, spacing in zip(parcels.geometry, parcels["spacing_m"], strict=True):
        began = time.process_time()
        error, xy, again = 0, np.empty((0, 2)), np.empty((0, 2))
        try:
            xy = method(free, spacing)
        except Exception:  # noqa: BLE001 (a peer may raise anything: it is counted)
            error = 1
        took = 1000 * (time.process_time() - began)
        wrong = faults(xy, free, spacing)
        try:
            again = method(moved(free), spacing)
        except Exception:  # noqa: BLE001
            error = 1
        rows.append((len(xy), len(xy) * (wrong == 0), error, wrong, took, len(again) != len(xy)))
    return pd.DataFrame(rows, columns=["count", "sound", "error", "faults", "ms", "changed"], index=parcels.index)


def on_parcels(folder: Path, methods: dict[str, Callable[[shapely.Geometry, float], Places]]) -> None:
    """Print the table of the hundred parcels."""
    parcels = gpd.read_file(folder / "drill_parcels.gpkg")
    kinds = ["terrace", "semi", "detached", "park"]
    print(
        "| method | kind | best known | places | on parcels without faults | errors | faults | other count when moved | ms median | ms most |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, method in methods.items():
        table = measured(method, parcels).assign(kind=parcels["kind"], best=parcels["best_known"])
        for kind in kinds:
            t = table[table["kind"] == kind]
            sums = t[["best", "count", "sound", "error", "faults", "changed"]].sum().tolist()
            print(
                f"| {name} | {kind} | {' | '.join(str(int(s)) for s in sums)} | {t['ms'].median():.1f} | {t['ms'].max():.1f} |"
            )
        print(f"| {name} | all | | | | | | | {table['ms'].median():.1f} | {table['ms'].max():.1f} |", flush=True)


def on_published(folder: Path) -> None:
    """Print the table of the published field."""
    plot, building = (
        shapely.Polygon(np.loadtxt(folder / "ghedesigner" / name, delimiter=",")[1:])
        for name in ("polygon_property_boundary.csv", "no_go_building.csv")
    )
    free = plot.difference(building)
    table = np.genfromtxt(folder / "ghedesigner" / "rowwise_reference_counts.csv", delimiter=",", names=True)
    print("\n| spacing m | published | fast | exact | bound |\n|---|---|---|---|---|")
    for spacing, published in zip(table["target_spacing_m"], table["boreholes_normal_spacing"], strict=True):
        counts = [len(pack(free, spacing_m=spacing, mode=mode).xy) for mode in ("fast", "exact")]
        print(f"| {spacing:.0f} | {published:.0f} | {counts[0]} | {counts[1]} | {bound(free, spacing)} |")


def on_gardens(count: int = 1000) -> None:
    """Print how long many small gardens take: a third with a round hole, a fifth with round corners."""
    random = np.random.default_rng(1)
    gardens = []
    for i in range(count):
        area, width = random.uniform(20, 60), random.uniform(3, 6)
        garden = rotate(shapely.box(85_000, 446_000, 85_000 + width, 446_000 + area / width), random.uniform(0, 360))
        if i % 3 == 0:
            middle = garden.centroid
            garden = garden.difference(
                shapely.Point(middle.x + random.normal(), middle.y + random.normal()).buffer(1.5)
            )
        gardens.append(garden.buffer(-0.5).buffer(0.5) if i % 5 == 0 else garden)
    began = time.process_time()
    found = sum(len(pack(garden, spacing_m=5.0).xy) for garden in gardens)
    print(f"\n{count} gardens of 20-60 m2, fast: {found} places in {time.process_time() - began:.1f} s")


def main() -> None:
    """Run all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", action="store_true", help="also run GHEDesigner (needs ghedesigner==2.1.1)")
    methods: dict[str, Callable[[shapely.Geometry, float], Places]] = {
        "fast": lambda free, d: pack(free, spacing_m=d).xy,
        "exact": lambda free, d: pack(free, spacing_m=d, mode="exact").xy,
    }
    if parser.parse_args().peer:
        methods["GHEDesigner row-wise"] = row_wise
    folder = Path(os.environ["MINENET_REAL_DATA"])
    on_parcels(folder, methods)
    on_published(folder)
    on_gardens()


if __name__ == "__main__":
    main()
