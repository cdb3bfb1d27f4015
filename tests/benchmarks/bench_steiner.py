"""Trench trees, side by side: both modes of minenet, Kou and Mehlhorn of networkx, SteinerPy, DHNx.

    MINENET_REAL_DATA=... OMP_NUM_THREADS=1 python tests/benchmarks/bench_steiner.py [--few]

Needs the dependency group `peers`; for DHNx also the solver `cbc` on the path (one is in the wheel of PuLP). Prints tables in Markdown. Times of minenet, networkx and SteinerPy are processor
time of one core, those of DHNx (which starts a solver of its own) are time on the clock; nothing is decided by them.
"""

import argparse
import logging
import os
import signal
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely

from minenet import Assumptions, find_clusters, find_homes, read_area
from minenet.steiner import Candidates, Graph, Tree, cheapest_tree
from minenet.tables import shapes_of
from minenet.trenches import build_trenches, split_lines

SIZES = (8, 20, 50)
FOUND = ("Wippolder, clusters as found", "3-50")
REACH_M = 40.0
APART_M = 12.0
"""Connections of a building are at least this far apart on the street."""
AROUND_M = 80.0
"""So far around the buildings of a real instance trenches may run."""

PEER_S = 20
"""After so many seconds a tree of SteinerPy counts as not finished."""
CBC_S = 120
"""After so many seconds the solver of DHNx returns the best that it has."""


@dataclass(frozen=True)
class Instance:
    """A graph and candidates as arrays."""

    start: np.ndarray
    end: np.ndarray
    cost: np.ndarray
    terminal: np.ndarray
    node: np.ndarray
    price: np.ndarray

    @property
    def graph(self) -> Graph:
        return Graph(self.start, self.end, self.cost)

    @property
    def candidates(self) -> Candidates:
        return Candidates(self.terminal, self.node, self.price)

    def nearest_only(self) -> "Instance":
        """Return the same with the cheapest connection of each terminal alone."""
        order = np.lexsort((self.price, self.terminal))
        first = order[np.unique(self.terminal[order], return_index=True)[1]]
        return Instance(self.start, self.end, self.cost, self.terminal[first], self.node[first], self.price[first])

    def largest_part(self) -> "Instance":
        """Return the same without streets, and connections to them, that hang together with few others."""
        part = max(nx.connected_components(self.streets()), key=len)
        inside, joined = np.isin(self.start, list(part)), np.isin(self.node, list(part))
        edges = (column[inside] for column in (self.start, self.end, self.cost))
        return Instance(*edges, *(column[joined] for column in (self.terminal, self.node, self.price)))

    def streets(self) -> nx.Graph:
        graph = nx.Graph()
        for a, b, cost in sorted(zip(self.start.tolist(), self.end.tolist(), self.cost.tolist(), strict=True)):
            if a != b and not (graph.has_edge(a, b) and graph[a][b]["weight"] <= cost):
                graph.add_edge(a, b, weight=cost)
        return graph

    def with_homes(self) -> nx.Graph:
        graph = self.streets()
        for home, node, price in zip(self.terminal.tolist(), self.node.tolist(), self.price.tolist(), strict=True):
            graph.add_edge(("home", home), node, weight=price)
        return graph


# --- instances --------------------------------------------------------------------------------------------------------


def joined_up(lines: np.ndarray, homes: np.ndarray, most: int = 3) -> Instance | None:
    """Return streets and buildings as an instance: each building joins its nearest streets, far enough apart."""
    home, line = shapely.STRtree(lines).query(homes, predicate="dwithin", distance=REACH_M)
    order = np.lexsort((line, shapely.distance(homes[home], lines[line]), home))
    home, line = home[order], line[order]
    at = shapely.line_locate_point(lines[line], shapely.point_on_surface(homes[home]))
    at = np.clip(np.round(at, 3), 0, shapely.length(lines[line]))
    feet = shapely.line_interpolate_point(lines[line], at)
    chosen: dict[int, list[int]] = {}
    for i, h in enumerate(home.tolist()):
        mine = chosen.setdefault(h, [])
        if len(mine) < most and all(shapely.distance(feet[i], feet[j]) >= APART_M for j in mine):
            mine.append(i)
    kept = np.array(sorted(i for mine in chosen.values() for i in mine), dtype=np.int64)
    pieces, _ = split_lines(lines, line[kept], at[kept])
    ends = [shapely.get_coordinates(shapely.get_point(pieces, i)) for i in (0, -1)]
    places = np.concatenate([*ends, shapely.get_coordinates(feet[kept])])
    number = np.unique(np.round(places / 0.01).astype(np.int64), axis=0, return_inverse=True)[1].reshape(-1)
    start, end, node = np.split(number, [len(pieces), 2 * len(pieces)])
    price = shapely.distance(homes[home[kept]], feet[kept])
    instance = Instance(start, end, shapely.length(pieces), home[kept], node, price).largest_part()
    return instance if len(np.unique(instance.terminal)) == len(homes) else None


def drawn_town(homes: int, seed: int) -> Instance | None:
    """Return a drawn town: a grid of crooked streets, some of them missing, and houses along them."""
    random = np.random.default_rng([seed, homes])
    side = int(np.ceil(np.sqrt(homes / 2.2))) + 2
    xy = np.stack(np.meshgrid(np.arange(side) * 60.0, np.arange(side) * 40.0, indexing="ij"), axis=-1)
    xy = xy + random.normal(0, 5, xy.shape)
    along = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=2).reshape(-1, 2, 2))
    across = shapely.linestrings(np.stack([xy[:, :-1], xy[:, 1:]], axis=2).reshape(-1, 2, 2))
    lines = np.concatenate([along, across])
    lines = lines[random.random(len(lines)) > 0.15]
    places = shapely.points(random.uniform(xy.min(axis=(0, 1)), xy.max(axis=(0, 1)), (60 * homes, 2)))
    distance = shapely.distance(places, shapely.union_all(lines))
    places = places[(distance > 5) & (distance < 18)][:homes]
    return joined_up(lines, shapely.buffer(places, 4, quad_segs=1))


def drawn(homes: int, count: int) -> list[Instance]:
    return list(islice((i for i in (drawn_town(homes, seed) for seed in range(10 * count)) if i is not None), count))


def real(folder: Path, sizes: tuple[int, ...], count: int) -> dict[tuple[str, int | str], list[Instance]]:
    """Return instances of Wippolder: buildings around one, or a cluster as found, and the trenches around these."""
    mapping = Path(__file__).parents[1] / "real" / "delft_wippolder_mixed.toml"
    area, assumptions = read_area(folder / "delft_wippolder_mixed.gpkg", mapping=mapping), Assumptions.default()
    homes = find_homes(area, assumptions)
    taking = homes.loc[homes["left_out_reason"].isna(), "building_id"]
    trenches = build_trenches(area, taking, assumptions=assumptions.trenches)
    buildings = area.buildings[area.buildings["building_id"].isin(trenches.services["building_id"])]
    shapes, lines = shapes_of(buildings.sort_values("building_id")), shapes_of(trenches.edges)
    middle = shapely.get_coordinates(shapely.centroid(shapes))

    def around(chosen: np.ndarray) -> Instance | None:
        ground = shapely.buffer(shapely.convex_hull(shapely.union_all(chosen)), AROUND_M)
        return joined_up(lines[shapely.intersects(lines, ground)], chosen)

    found: dict[tuple[str, int | str], list[Instance]] = {}
    for size in sizes:
        seeds = np.random.default_rng(size).permutation(len(shapes))
        nearest = (np.argsort(np.hypot(*(middle - middle[seed]).T), kind="stable")[:size] for seed in seeds)
        whole = (i for i in (around(shapes[near]) for near in nearest) if i is not None)
        found["Wippolder", size] = list(islice(whole, count))
    _, _, layout = find_clusters(area, homes, assumptions)
    groups = [shapes_of(group) for _, group in layout.buildings.groupby("cluster") if len(group) > 2]
    whole = (i for i in map(around, groups) if i is not None)
    found[FOUND] = list(islice(whole, 5 * count))
    return found


def topotherm(folder: Path) -> Instance:
    """Return the district of topotherm: 200 sinks and the source on its connected roads."""
    roads, sinks, source = (
        gpd.read_file(folder / "topotherm" / f"{name}.gpkg") for name in ("roads_connnected", "sinks", "source")
    )
    lines = shapes_of(roads)
    stops = np.concatenate([shapes_of(sinks), shapes_of(source)])
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(lines, i)) for i in (0, -1)])
    keys, number = np.unique(np.round(ends / 0.01).astype(np.int64), axis=0, return_inverse=True)
    node, distance = shapely.STRtree(shapely.points(keys * 0.01)).query_nearest(
        stops, all_matches=False, return_distance=True
    )
    start, end = np.split(number.reshape(-1), 2)
    return Instance(start, end, shapely.length(lines), np.arange(len(stops)), node[1], np.round(distance, 2))


# --- methods ----------------------------------------------------------------------------------------------------------


def timed(
    call: Callable[[], float | Tree], clock: Callable[[], float] = time.process_time
) -> tuple[float | Tree, float]:
    """Return what a call returns, and its time [ms]."""
    began = clock()
    result = call()
    return result, 1000 * (clock() - began)


def networkx_length(instance: Instance, method: str) -> float:
    """Return the length of a tree of networkx whose homes were made leaves.

    Each home keeps the cheapest of its connections in the tree, then the streets are joined anew by the same method.
    """
    graph = instance.with_homes()
    homes = [("home", int(home)) for home in np.unique(instance.terminal)]
    tree = nx.algorithms.approximation.steiner_tree(graph, homes, method=method)
    kept = {home: min(tree[home], key=lambda node, home=home: (graph[home][node]["weight"], node)) for home in homes}
    services = sum(graph[home][node]["weight"] for home, node in kept.items())
    feet = sorted(set(kept.values()))
    if len(feet) == 1:
        return float(services)
    trench = nx.algorithms.approximation.steiner_tree(instance.streets(), feet, method=method)
    return float(services + trench.size(weight="weight"))


def steinerpy_length(instance: Instance, problem: str) -> float:
    """Return the length that SteinerPy finds; not a number when it has not ended after `PEER_S`."""
    import steinerpy

    def stop(*_: object) -> None:
        raise TimeoutError

    homes = [("home", int(home)) for home in np.unique(instance.terminal)]
    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(PEER_S)
    try:
        return float(getattr(steinerpy, problem)(instance.with_homes(), [homes]).get_solution().objective)
    except TimeoutError:
        return float("nan")
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


# --- tables -----------------------------------------------------------------------------------------------------------


def on_streets(instances: dict[tuple[str, int | str], list[Instance]]) -> None:
    """Print gap and time where each home has three connections."""
    rows = []
    for (kind, size), group in instances.items():
        for instance in group:
            exact, exact_ms = timed(lambda i=instance: cheapest_tree(i.graph, i.candidates, mode="exact"))
            assert exact.gap == 0
            fast, fast_ms = timed(lambda i=instance: cheapest_tree(i.graph, i.candidates))
            nodes = len(np.unique(np.concatenate([instance.start, instance.end])))
            row = {"kind": kind, "homes": size, "nodes": nodes, "optimum": exact.cost, "certified": 100 * fast.gap}
            row |= {"exact": 0.0, "exact ms": exact_ms}
            row |= {"fast": fast.cost / exact.cost - 1, "fast ms": fast_ms}
            methods = {
                "Kou": lambda i=instance: networkx_length(i, "kou"),
                "Mehlhorn": lambda i=instance: networkx_length(i, "mehlhorn"),
            }
            if (kind, size) != FOUND:
                methods["SteinerPy"] = lambda i=instance: steinerpy_length(i, "FullTerminalSteinerProblem")
            for name, method in methods.items():
                length, ms = timed(method)
                row |= {name: length / exact.cost - 1, f"{name} ms": ms}
            rows.append(row)
    table = pd.DataFrame(rows)
    print("| instances | homes | number | nodes | method | mean gap % | largest gap % | ms median | ms most |")
    print("|---|---|---|---|---|---|---|---|---|")
    names = ["fast", "exact", "Kou", "Mehlhorn", "SteinerPy"]
    for (kind, size), t in table.groupby(["kind", "homes"], sort=False):
        for name in names[: -1 if (kind, size) == FOUND else None]:
            gap, ms = 100 * t[name].round(9) + 0.0, t[f"{name} ms"]
            print(
                f"| {kind} | {size} | {len(t)} | {t['nodes'].median():.0f} | {name} | {gap.mean():.2f} | {gap.max():.2f} "
                f"| {ms.median():.1f} | {ms.max():.1f} |"
            )
    print(f"\nFast mode, all {len(table)}: median {table['fast ms'].median():.1f} ms; ", end="")
    print(f"gap that it certifies by itself: {table['certified'].mean():.1f} % on average.\n", flush=True)


def on_single(instances: dict[tuple[str, int | str], list[Instance]]) -> None:
    """Print lengths where each home has one connection."""
    print(
        "| instances | homes | exact m | fast m | SteinerPy m | exact ms | fast ms | SteinerPy ms | largest difference m | not finished |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for (kind, size), group in instances.items():
        rows = []
        for instance in (i.nearest_only() for i in group):
            exact, exact_ms = timed(lambda i=instance: cheapest_tree(i.graph, i.candidates, mode="exact"))
            fast, fast_ms = timed(lambda i=instance: cheapest_tree(i.graph, i.candidates))
            peer, peer_ms = timed(lambda i=instance: steinerpy_length(i, "SteinerProblem"))
            rows.append((exact.cost, fast.cost, peer, exact_ms, fast_ms, peer_ms))
        t = np.array(rows)
        ended = np.isfinite(t[:, 2])
        sums, ms = t[ended, :3].sum(axis=0), np.median(t[:, 3:], axis=0)
        most = np.abs(t[ended, 0] - t[ended, 2]).max()
        print(
            f"| {kind} | {size} | {' | '.join(f'{v:.1f}' for v in (*sums, *ms))} | {most:.6f} | {(~ended).sum()} |",
            flush=True,
        )


def dhnx_network(homes: int) -> dict[str, gpd.GeoDataFrame]:
    """Return the pipes that DHNx draws in a drawn town: houses, a plant at a corner, streets."""
    from dhnx.gistools.connect_points import process_geometry

    random = np.random.default_rng(homes)
    side = max(3, int(np.ceil(np.sqrt(homes / 10))) + 1)
    xy = np.stack(np.meshgrid(np.arange(side) * 60.0, np.arange(side) * 40.0, indexing="ij"), axis=-1)
    xy = xy + random.normal(0, 4, xy.shape) + np.array([85_000.0, 446_000.0])
    along = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=2).reshape(-1, 2, 2))
    across = shapely.linestrings(np.stack([xy[:, :-1], xy[:, 1:]], axis=2).reshape(-1, 2, 2))
    lines = np.concatenate([along, across])
    places = shapely.points(random.uniform(xy.min(axis=(0, 1)), xy.max(axis=(0, 1)), (60 * homes, 2)))
    distance = shapely.distance(places, shapely.union_all(lines))
    places = places[(distance > 5) & (distance < 18)][: homes + 1]
    shapes = shapely.buffer(places, 3, quad_segs=1)
    frames = (gpd.GeoDataFrame(geometry=part, crs=28992) for part in (lines, shapes[1:], shapes[:1]))
    streets, consumers, producers = frames
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return process_geometry(
            lines=streets,
            consumers=consumers.assign(P_heat_max=4.5),
            producers=producers,
            method="boundary",
            projected_crs=28992,
        )


def dhnx_length(drawn_pipes: dict[str, gpd.GeoDataFrame]) -> float:
    """Return the length of the pipes in which DHNx invests: one kind of pipe, paid per metre alone, without losses."""
    from dhnx.network import ThermalNetwork

    network = ThermalNetwork()
    for name, table in drawn_pipes.items():
        network.components[name] = pd.DataFrame(table.drop(columns="geometry"))
    most = float(drawn_pipes["consumers"]["P_heat_max"].sum())
    pipe = {"label_3": "pipe", "active": 1, "nonconvex": 1, "l_factor": 0.0, "l_factor_fix": 0.0}
    pipe |= {"cap_max": most, "cap_min": 0.0, "capex_pipes": 0.0, "fix_costs": 1.0}
    bus = {"label_2": "heat", "active": 1, "excess": 0, "shortage": 0, "shortage costs": 1e6, "excess costs": 1e6}
    options = {
        "network": {"pipes": pd.DataFrame([pipe])},
        "consumers": {
            "bus": pd.DataFrame([bus]),
            "demand": pd.DataFrame([{"label_2": "heat", "active": 1, "nominal_capacity": 1}]),
        },
        "producers": {"bus": pd.DataFrame([bus]), "source": pd.DataFrame([{"label_2": "heat", "active": 1}])},
    }
    limit = {"solver_cmdline_options": {"sec": CBC_S}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network.optimize_investment(invest_options=options, solver="cbc", solve_kw={"tee": False}, **limit)
        edges = network.results.optimization["components"]["pipes"]
    return float(edges.loc[edges["capacity"] > 1e-3, "length"].sum())


def numbered(drawn_pipes: dict[str, gpd.GeoDataFrame]) -> Instance:
    """Return the pipes of DHNx as an instance: streets as edges, house and plant connections as candidates."""
    pipes = drawn_pipes["pipes"]
    ends = pipes[["from_node", "to_node"]].to_numpy(dtype=str)
    fork = np.char.startswith(ends, "forks")
    service = ~fork.all(axis=1)
    forks, number = np.unique(ends[~service], return_inverse=True)
    start, end = number.reshape(-1, 2).T
    inner = np.where(fork[service, 0], ends[service, 0], ends[service, 1])
    outer = np.where(fork[service, 0], ends[service, 1], ends[service, 0])
    length = pipes.length.to_numpy()
    terminal = np.unique(outer, return_inverse=True)[1]
    return Instance(start, end, length[~service], terminal, np.searchsorted(forks, inner), length[service])


def on_dhnx() -> None:
    """Print lengths and times beside DHNx, on the pipes that it draws itself."""
    print("\n| homes | DHNx m | exact m | fast m | DHNx ms | exact ms | fast ms | DHNx / fast | DHNx / exact |")
    print("|---|---|---|---|---|---|---|---|---|")
    for homes in (10, 50):
        pipes = dhnx_network(homes)
        instance = numbered(pipes)
        peer, peer_ms = timed(lambda p=pipes: dhnx_length(p), time.perf_counter)
        exact, exact_ms = timed(
            lambda i=instance: cheapest_tree(i.graph, i.candidates, mode="exact"), time.perf_counter
        )
        fast, fast_ms = timed(lambda i=instance: cheapest_tree(i.graph, i.candidates), time.perf_counter)
        print(
            f"| {homes} | {peer:.1f} | {exact.cost:.1f} | {fast.cost:.1f} | {peer_ms:.0f} | {exact_ms:.1f} "
            f"| {fast_ms:.1f} | {peer_ms / fast_ms:.0f} | {peer_ms / exact_ms:.0f} |",
            flush=True,
        )


def on_topotherm(folder: Path) -> None:
    """Print the tree of the topotherm district beside those of networkx and SteinerPy."""
    instance = topotherm(folder)
    print("\n| district of topotherm, 200 sinks and the source | m | ms | certified gap % |\n|---|---|---|---|")
    for mode in ("fast", "exact"):
        tree, ms = timed(lambda m=mode: cheapest_tree(instance.graph, instance.candidates, mode=m))
        print(f"| {mode} | {tree.cost:.2f} | {ms:.1f} | {100 * tree.gap:.2f} |")
    for name in ("mehlhorn", "kou"):
        length, ms = timed(lambda n=name: networkx_length(instance, n))
        print(f"| {name.capitalize()} | {length:.2f} | {ms:.1f} | |")
    length, ms = timed(lambda: steinerpy_length(instance, "SteinerProblem"))
    print(f"| SteinerPy | {length:.2f} | {ms:.1f} | 0 |", flush=True)


def main() -> None:
    """Run all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", action="store_true", help="three instances of each kind instead of ten")
    count = 3 if parser.parse_args().few else 10
    logging.disable(logging.WARNING)
    warnings.filterwarnings("ignore")  # the peers warn of much
    folder = Path(os.environ["MINENET_REAL_DATA"])
    instances = {("drawn", size): drawn(size, count) for size in SIZES}
    instances |= real(folder, SIZES, count)
    on_streets(instances)
    on_single({key: group for key, group in instances.items() if key != FOUND})
    on_dhnx()
    on_topotherm(folder)


if __name__ == "__main__":
    main()
