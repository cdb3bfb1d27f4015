"""Size of the planner's map of a town, and how soon a browser shows it.

Run with `python tests/benchmarks/bench_maps.py [buildings]`; it prints one row per size. The town is made up: rows of
houses along streets, outlines with corners that are moved at random, so that they do not pack better than real ones.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from minenet import draw_map
from minenet.checks import CHECKS
from minenet.tables import RESULT_TABLES, Result, empty, typed

CRS = "EPSG:28992"
SIZES = (15_000, 46_750, 150_000)
PER_ROW, HOUSE_M, DEEP_M, STREET_M = 20, 6.0, 9.0, 45.0
HOMES_PER_CLUSTER = 12
NETS = ("shared_loops", "ring_net")
OTHERS = ("gas_boiler", "air_heat_pump", "own_loops")


def houses(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return outlines with six corners, their middles, and the row that each stands in."""
    number = np.arange(count)
    row, place = number // PER_ROW, number % PER_ROW
    rows_wide = max(int(np.sqrt(count / PER_ROW * STREET_M / (PER_ROW * HOUSE_M + 20))), 1)
    x = 120_000 + (row % rows_wide) * (PER_ROW * HOUSE_M + 20) + place * HOUSE_M
    y = 450_000 + (row // rows_wide) * STREET_M
    corners = np.array([(0, 0), (HOUSE_M, 0), (HOUSE_M, DEEP_M), (3.5, DEEP_M), (3.5, DEEP_M + 3), (0, DEEP_M + 3)])
    points = np.stack([x, y], axis=1)[:, None, :] + corners + rng.normal(0, 0.35, (count, 6, 2))
    turn = np.deg2rad(rng.uniform(-8, 8, row.max() + 1))[row]
    middle = points.mean(axis=1)
    first = middle[row * PER_ROW]
    moved = points - first[:, None]
    turned = np.stack(
        [
            moved[..., 0] * np.cos(turn)[:, None] - moved[..., 1] * np.sin(turn)[:, None],
            moved[..., 0] * np.sin(turn)[:, None] + moved[..., 1] * np.cos(turn)[:, None],
        ],
        axis=-1,
    )
    points = turned + first[:, None]
    return shapely.polygons(points), points.mean(axis=1), row


PARTS = (
    "berk eik linde vlier mei iep els wilg hazel kers",
    "en",
    "laan straat weg hof kade plein pad dreef steeg singel",
)


def street_name(row: int) -> str:
    """Return a name for the street of a row of houses; three rows share one."""
    first, last = PARTS[0].split(), PARTS[2].split()
    number = row // 3
    names = [first[number // 10**place % 10] for place in (1, 2, 3)]
    return f"{''.join(names)}{PARTS[1]}{last[number % 10]}".capitalize()


def town(count: int) -> Result:
    """Return a made-up result of `count` buildings, a cluster for each 12 of four in five of them."""
    rng = np.random.default_rng(7)
    outlines, middles, row = houses(count, rng)
    group = np.arange(count) // HOMES_PER_CLUSTER
    clustered = group % 5 < 4
    names = np.array([f"c-{one:016d}" for one in range(group.max() + 1)], dtype=object)
    homes = frame(
        "homes",
        {
            "home_id": [f"h{one:016d}" for one in range(count)],
            "address": [f"{street_name(r)} {1 + 2 * (n % 60)}" for n, r in enumerate(row)],
            "cluster_id": np.where(clustered, names[group], None),
            "left_out_reason": np.where(clustered, None, "no_neighbours_to_share"),
        },
        shapely.points(middles),
    )
    used = np.unique(group[clustered])
    shapes = gpd.GeoSeries(outlines[clustered]).groupby(group[clustered]).agg(lambda s: s.union_all().buffer(4))
    ids, size = names[used], np.bincount(group[clustered])[used]
    return Result(
        **{
            **{name: empty(table, CRS) for name, table in RESULT_TABLES.items()},
            "homes": homes,
            "clusters": clusters(ids, size, shapes.to_numpy(), rng),
            "solutions": solutions(ids, size, rng),
            "checks": checks(ids, rng),
            "sensitivity": sensitivity(ids, rng),
            "context": context(outlines, middles, row),
        }
    )


def frame(name: str, columns: dict[str, object], shapes: np.ndarray | None = None) -> pd.DataFrame:
    """Return a table of a result."""
    table = RESULT_TABLES[name]
    return typed(
        pd.DataFrame(columns) if shapes is None else gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS), table
    )


def clusters(ids: np.ndarray, size: np.ndarray, shapes: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Return clusters with figures drawn at random."""
    many = len(ids)
    annual = rng.normal(2200, 350, many)
    return frame(
        "clusters",
        {
            "cluster_id": ids,
            "name": [f"{street_name(n // 2)} {1 + n % 40}-{25 + n % 40}" for n in range(many)],
            "homes": size,
            "verdict": rng.choice(["promising", "investigate", "excluded"], many, p=[0.4, 0.4, 0.2]),
            "reasons": rng.choice(["cheaper_than_gas;dearer_than_air", "public_space_needed", "cooling_high"], many),
            "best_variant": rng.choice(NETS, many),
            "capex_eur_per_home": rng.normal(25_000, 4000, many),
            "annual_eur_per_home": annual,
            "annual_low_eur_per_home": annual * 0.93,
            "annual_high_eur_per_home": annual * 1.18,
            "gas_eur_per_home": rng.normal(2300, 300, many),
            "air_eur_per_home": rng.normal(1700, 200, many),
            "own_loop_eur_per_home": rng.normal(2400, 300, many),
            "own_loop_homes": rng.integers(0, 12, many),
            "shared_loop_homes": rng.integers(0, 12, many),
            "borehole_capacity": rng.integers(0, 60, many),
            "break_even_homes": rng.integers(2, 12, many),
            "break_even_own_loops": rng.integers(2, 12, many),
            "homes_ready": rng.integers(0, 6, many),
            "homes_to_insulate": rng.integers(0, 6, many),
            "rank": np.arange(1, many + 1),
            "rank_reason": [
                f"saving:{saved};robustness:{away}/12;drillings:{holes}/12;certainty:{known}/23"
                for saved, away, holes, known in rng.integers((-400, 0, 0, 5), (600, 12, 12, 23), (many, 4))
            ],
        },
        shapes,
    )


def solutions(ids: np.ndarray, size: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Return every way to heat in every cluster."""
    variants = [*NETS, *OTHERS]
    many = len(ids) * len(variants)
    variant = np.tile(variants, len(ids))
    net = np.isin(variant, NETS)
    annual = rng.normal(2200, 350, many)
    ground = np.where(net, 1.0, np.nan)
    return frame(
        "solutions",
        {
            "cluster_id": np.repeat(ids, len(variants)),
            "variant": variant,
            "feasible": rng.random(many) < np.where(net, 0.8, 1.0),
            "boreholes": pd.array(np.where(net, np.repeat(size, len(variants)) // 2, np.nan)).astype("Int64"),
            "depth_m": rng.normal(230, 60, many) * ground,
            "trench_m": rng.normal(160, 50, many).clip(20) * ground,
            "public_trench_m": rng.normal(80, 20, many).clip(0) * ground,
            "capex_eur_per_home": rng.normal(22_000, 5000, many),
            "annual_eur_per_home": annual,
            "annual_low_eur_per_home": annual * rng.uniform(0.9, 0.96, many),
            "annual_high_eur_per_home": annual * rng.uniform(1.1, 1.3, many),
            "chance_cheaper_than_gas": rng.random(many),
            "chance_cheaper_than_air": rng.random(many),
            "break_even_homes": pd.array(np.where(net, rng.integers(2, 12, many), np.nan)).astype("Int64"),
            "co2_kg_per_home": rng.normal(1100, 200, many),
            "grid_peak_kw_per_home": rng.normal(2.4, 0.5, many),
        },
    )


def checks(ids: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Return every check of every cluster; a third with figures of its own."""
    many = len(ids) * len(CHECKS)
    figures = [f"{a} m of trench and {b} boreholes in public ground" for a, b in rng.integers(1, 400, (many, 2))]
    return frame(
        "checks",
        {
            "cluster_id": np.repeat(ids, len(CHECKS)),
            "check": np.tile(CHECKS, len(ids)),
            "outcome": rng.choice(["ok", "attention", "unknown"], many),
            "detail": np.where(rng.random(many) < 0.15, figures, "no layer says"),
            "who": "municipality",
            "source": "an example (2026-11)",
        },
    )


def sensitivity(ids: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Return five assumptions for each network of each cluster."""
    names = ["drilling_eur_m", "electricity_eur_kwh", "ground_heat_pump_eur_kw", "spf_rooms_ground", "drilling_overrun"]
    many = len(ids) * len(NETS) * 5
    return frame(
        "sensitivity",
        {
            "cluster_id": np.repeat(ids, len(NETS) * 5),
            "variant": np.tile(np.repeat(NETS, 5), len(ids)),
            "assumption": [f"costs.{names[one % 5]}" for one in range(many)],
            "low_eur_per_home": rng.normal(2000, 200, many),
            "high_eur_per_home": rng.normal(2500, 200, many),
            "rank": np.tile(np.arange(1, 6), many // 5),
        },
    )


def context(outlines: np.ndarray, middles: np.ndarray, row: np.ndarray) -> pd.DataFrame:
    """Return buildings, a street along every row, and public ground around it."""
    ends = pd.DataFrame(middles).groupby(row).agg(["first", "last"]).to_numpy()
    lines = shapely.linestrings(np.stack([ends[:, [0, 2]] - (0, 14), ends[:, [1, 3]] - (0, 14)], axis=1))
    parts = [
        ("building", outlines, None),
        ("street", lines, "residential"),
        ("land", shapely.buffer(lines, 5), "public"),
    ]
    columns = {
        "layer": np.concatenate([[name] * len(shapes) for name, shapes, _ in parts]),
        "kind": np.concatenate([np.full(len(shapes), kind, dtype=object) for _, shapes, kind in parts]),
    }
    names = np.full(len(columns["layer"]), None, dtype=object)
    names[len(outlines) : len(outlines) + len(lines)] = [street_name(one) for one in range(len(lines))]
    return frame("context", {**columns, "name": names}, np.concatenate([shapes for _, shapes, _ in parts]))


def browse(path: Path) -> tuple[float, float, float, float]:
    """Return seconds until the page answers and its tiles are drawn, to find an address, to choose; and MB of heap."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        start = perf_counter()
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready]", timeout=120_000)
        page.wait_for_function("document.querySelectorAll('.leaflet-tile-loaded').length > 0")
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        ready = perf_counter() - start
        start = perf_counter()
        page.locator("#address").fill(street_name(300) + " 21")
        page.keyboard.press("Enter")
        page.locator("#panel").wait_for()
        found = perf_counter() - start
        start = perf_counter()
        page.evaluate(
            "() => { const box = document.getElementById('min_homes'); box.value = 5; box.form.dispatchEvent(new Event('input')); }"
        )
        filtered = perf_counter() - start
        heap = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
        browser.close()
    return ready, found, filtered, heap


def main() -> None:
    """Print one row of the table per size."""
    sizes = [int(one) for one in sys.argv[1:]] or SIZES
    print(
        "| buildings | clusters | MB | s to draw and save | s to ready | s to find an address | s to filter | MB heap |"
    )
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            result = town(size)
            start = perf_counter()
            path = draw_map(result).save(Path(folder) / "map.html")
            saved = perf_counter() - start
            ready, found, filtered, heap = browse(path)
            mb = path.stat().st_size / 1e6
            print(
                f"| {size:,} | {len(result.clusters):,} | {mb:.1f} | {saved:.1f} | {ready:.1f} | {found:.2f} "
                f"| {filtered:.2f} | {heap:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
