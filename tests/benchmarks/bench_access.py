"""Seconds and shares of rig access and own plots in the real neighbourhoods.

Run with `MINENET_REAL_DATA=<folder> python tests/benchmarks/bench_access.py`; it prints two tables.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import geopandas as gpd
import numpy as np
import shapely

from minenet import Area, read_area
from minenet.access import access_of
from minenet.assumptions import Assumptions
from minenet.plots import nearest_ground, own_plots
from minenet.tables import make_area

SITES = Assumptions.default().sites
MAPPED = ("delft_dense_block", "delft_terraced_street", "delft_wippolder_mixed", "amsterdam_oost_terrace_osm")
STEP_M = 2.0
RUNS = 3


def bubenec(folder: Path, *, parcels: bool) -> Area:
    """Read the neighbourhood in Prague: no addresses, so every building counts as a home."""
    path = folder / "bubenec.gpkg"
    homes, lines, plots = (gpd.read_file(path, layer=n).to_crs(5514) for n in ("buildings", "streets", "plots"))
    frames = {
        "buildings": homes.assign(building_id=homes["uID"], dwellings=1),
        "streets": lines.assign(street_id=np.arange(len(lines)).astype(str)),
    }
    if parcels:
        frames["parcels"] = plots.assign(parcel_id=plots["ID"])
    return make_area(frames)


def quickest(call: Callable[[], object]) -> tuple[float, object]:
    """Return the shortest of a few runs, and what the last returned."""
    seconds = []
    for _ in range(RUNS):
        start = perf_counter()
        result = call()
        seconds.append(perf_counter() - start)
    return min(seconds), result


def places_on(shapes: np.ndarray, step: float) -> np.ndarray:
    """Return grid points on any of the shapes."""
    west, south, east, north = shapely.total_bounds(shapes)
    x, y = np.meshgrid(np.arange(west, east, step), np.arange(south, north, step))
    points = shapely.points(x.ravel(), y.ravel())
    return points[np.unique(shapely.STRtree(points).query(shapes, predicate="intersects")[1])]


def rig_shares(access: np.ndarray) -> str:
    words = ["truck", "mini", "unknown"]
    return " ".join(f"{100 * (access == w).mean():8.1f}" for w in words) + f" {100 * (access == None).mean():8.1f}"  # noqa: E711


def print_access(name: str, area: Area, on: gpd.GeoDataFrame, label: str, **more: object) -> None:
    """Print one row: the access of places on the own plots of an area, a grid point every 2 m."""
    outside = shapely.difference(on.geometry.to_numpy(), area.buildings.union_all())
    places = places_on(outside, STEP_M)
    ground, _ = quickest(lambda: access_of(places[:1], area, assumptions=SITES, **more))
    seconds, access = quickest(lambda: access_of(places, area, assumptions=SITES, **more))
    dwellings = int(area.buildings["dwellings"].fillna(0).sum()) or len(on)
    print(
        f"{name:27s} {label:14s} {dwellings:6d} {len(places):7d} {ground:7.3f} {seconds:7.3f} "
        f"{1e3 * ground / dwellings:8.3f} {rig_shares(access)}"
    )


def print_yards(area: Area) -> None:
    """Print how much of the private yards each rig covers, from two readings of "a road or public path"."""
    private = (area.land["ownership"] == "private").to_numpy(dtype=bool)
    places = places_on(area.land.geometry.to_numpy()[private], 0.5)
    roads = {"cover": area.land["cover"].where(private, "road"), "ownership": area.land["ownership"].fillna("public")}
    all_ground = replace(area, land=area.land.assign(**roads))
    for label, start in (("roads, paths", area), ("all but yards", all_ground)):
        for mast in (0.0, SITES.mast_reach_m):
            access = access_of(places, start, assumptions=replace(SITES, mast_reach_m=mast))
            mini, truck = np.isin(access, ["truck", "mini"]).mean(), (access == "truck").mean()
            print(f"yards of delft_dense_block, from {label:14s} mast {mast:.1f} m: mini {mini:.3f} truck {truck:.3f}")


def agreement(shapes: np.ndarray, plots: np.ndarray, plot: np.ndarray) -> tuple[float, float, float]:
    """Return agreement with the real plots (area-weighted), how much of them is drawn, and how much drawn is right."""
    real = np.unique(plot)
    drawn = np.array([shapely.union_all(shapes[plot == p]) for p in real])
    truth = plots[real]
    both = shapely.area(shapely.intersection(drawn, truth))
    share = both / shapely.area(shapely.union(drawn, truth))
    area = shapely.area(truth)
    return float(np.average(share, weights=area)), both.sum() / area.sum(), both.sum() / shapely.area(drawn).sum()


def print_plots(folder: Path) -> None:
    """Print how well the ways to draw a plot agree with the real plots of bubenec."""
    area = bubenec(folder, parcels=True)
    homes, plots = area.buildings.geometry.to_numpy(), area.parcels.geometry.to_numpy()
    home, plot = shapely.STRtree(plots).query(shapely.point_on_surface(homes), predicate="intersects")
    plot = plot[np.argsort(home)]
    private = gpd.GeoDataFrame({"ownership": ["private"]}, geometry=[shapely.union_all(plots)], crs=area.crs)
    ways = {
        "private land": own_plots(area.buildings, area.streets, private, assumptions=SITES).geometry.to_numpy(),
        "up to the streets": own_plots(area.buildings, area.streets, assumptions=SITES).geometry.to_numpy(),
        "all ground": nearest_ground(homes, reach_m=SITES.plot_reach_m),
        "footprint": homes,
    }
    for label, shapes in ways.items():
        weighted, covered, right = agreement(shapes, plots, plot)
        print(f"bubenec, {label:18s} agreement {weighted:.2f}  of the real {covered:.2f}  of the drawn {right:.2f}")


def main() -> None:
    """Print the tables."""
    folder = Path(os.environ.get("MINENET_REAL_DATA") or sys.exit("set MINENET_REAL_DATA"))
    mapping = Path(__file__).parents[1] / "real"
    areas = {n: read_area(folder / f"{n}.gpkg", mapping=mapping / f"{n}.toml") for n in MAPPED}
    areas["bubenec"] = bubenec(folder, parcels=False)
    print("own plots                    homes       s  ms/home  of land")
    drawn = {}
    for name, area in areas.items():
        call = lambda a=area: own_plots(a.buildings, a.streets, a.land, a.water, assumptions=SITES)  # noqa: E731
        seconds, plots = quickest(call)
        drawn[name] = plots
        on_land = 100 * (plots["source"] == "land").mean()
        print(f"{name:27s} {len(plots):6d} {seconds:7.3f} {1e3 * seconds / len(plots):8.3f} {on_land:6.0f} %")
    print("\naccess, % of the grid points on own plots, outside buildings")
    print(" " * 29 + "fences        homes  places  ground   all s  ms/home    truck     mini  unknown     none")
    for name, area in areas.items():
        print_access(name, area, drawn[name], "as mapped")
        print_access(name, area, drawn[name], "of own plots", plots=drawn[name])
    with_parcels = bubenec(folder, parcels=True)
    print_access("bubenec", with_parcels, drawn["bubenec"], "of parcels")
    print()
    print_yards(areas["delft_dense_block"])
    print()
    print_plots(folder)


if __name__ == "__main__":
    main()
