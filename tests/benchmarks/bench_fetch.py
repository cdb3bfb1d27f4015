"""A window out of a national file: seconds and memory, and how both grow with the window and with the country.

The country is `delft_wippolder_mixed` laid side by side (2,159 buildings and 2,388 dwellings a tile), as layers `pand` and
`verblijfsobject` of one GeoPackage with the columns of the BAG, and its streets as `wegvakken`. Each window is fetched by
the command line in a process of its own.

    MINENET_REAL_DATA=... python tests/benchmarks/bench_fetch.py --buildings 1000000 --windows 10000 100000
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

TILE_M = 1000.0


def country(folder, buildings):
    """Write the national files and return how many tiles lie along a side."""
    source = Path(os.environ["MINENET_REAL_DATA"]) / "delft_wippolder_mixed.gpkg"
    tile = gpd.read_file(source, layer="buildings").explode(ignore_index=True)
    streets = gpd.read_file(source, layer="streets").explode(ignore_index=True)
    origin = tile.total_bounds[:2]
    side = int(np.ceil(np.sqrt(buildings / len(tile))))
    shapes, lines = np.asarray(tile.geometry.array), np.asarray(streets.geometry.array)
    counts = tile["n_addr_est"].fillna(0).astype(int).to_numpy()
    for row in range(side):
        bands, roads, homes = [], [], []
        for column in range(side):
            move = [column * TILE_M - origin[0] + 20_000, row * TILE_M - origin[1] + 320_000]
            number = (row * side + column) * len(tile) + np.arange(len(tile))
            here = shapely.transform(shapes, lambda xy, move=move: xy + move)
            bands.append(_panden(number, counts, here))
            homes.append(_units(number, counts, here))
            roads.append(_roads(row * side + column, shapely.transform(lines, lambda xy, move=move: xy + move)))
        for name, parts in (("pand", bands), ("verblijfsobject", homes), ("wegvakken", roads)):
            frame = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=28992)
            file = folder / ("roads.gpkg" if name == "wegvakken" else "bag.gpkg")
            pyogrio.write_dataframe(frame, file, layer=name, append=row > 0, use_arrow=False)
    return side


def _panden(number, counts, shapes):
    return gpd.GeoDataFrame(
        {
            "identificatie": [f"{503100000000000 + n:016d}" for n in number],
            "bouwjaar": 1935,
            "status": "Pand in gebruik",
            "gebruiksdoel": np.where(counts > 0, "woonfunctie", None),
            "aantal_verblijfsobjecten": counts,
        },
        geometry=shapes,
        crs=28992,
    )


def _units(number, counts, shapes):
    which = np.repeat(np.arange(len(number)), counts)
    return gpd.GeoDataFrame(
        {
            "identificatie": [f"{503010000000000 + number[0] * 3 + n:016d}" for n in range(len(which))],
            "pandidentificatie": [f"{503100000000000 + number[w]:016d}" for w in which],
            "status": "Verblijfsobject in gebruik",
            "gebruiksdoel": "woonfunctie",
            "oppervlakte": 95,
            "openbare_ruimte": "Straat",
            "huisnummer": 1 + np.arange(len(which)),
            "huisletter": None,
            "toevoeging": None,
            "postcode": "2628AA",
            "woonplaats": "Delft",
        },
        geometry=shapely.point_on_surface(shapes)[which],
        crs=28992,
    )


def _roads(tile, lines):
    said = {
        "wvk_id": tile * len(lines) + np.arange(len(lines)),
        "wegbehsrt": "G",
        "bst_code": "RB",
        "stt_naam": "Straat",
    }
    return gpd.GeoDataFrame(said, geometry=lines, crs=28992)


def fetched(folder, side, tiles):
    """Fetch a window of some tiles from amid the country; return buildings, seconds and peak memory [MB]."""
    edge = max(1, round(np.sqrt(tiles)))
    low = (side - edge) // 2
    box = [
        20_000 + low * TILE_M,
        320_000 + low * TILE_M,
        20_000 + (low + edge) * TILE_M,
        320_000 + (low + edge) * TILE_M,
    ]
    output = folder / f"area{edge}.gpkg"
    command = [sys.executable, "-m", "minenet", "fetch", "--offline", "-o", str(output), "--bbox", *map(str, box)]
    command += ["--file", f"bag={folder / 'bag.gpkg'}", "--file", f"roads={folder / 'roads.gpkg'}"]
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return pyogrio.read_info(output, layer="buildings")["features"], seconds, peak


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--buildings", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--windows", type=int, nargs="+", default=[10_000, 100_000])
    arguments = parser.parse_args()
    print("| country | window | s | peak MB |\n|---|---|---|---|")
    for buildings in arguments.buildings:
        with tempfile.TemporaryDirectory() as folder:
            side = country(Path(folder), buildings)
            for window in arguments.windows:  # the peak is that of the largest so far: smallest first
                count, seconds, peak = fetched(Path(folder), side, window / 2159)
                print(f"| {side * side * 2159:,} | {count:,} | {seconds:.1f} | {peak:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
