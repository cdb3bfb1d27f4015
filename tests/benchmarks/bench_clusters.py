"""How good groups of homes are, against exact optima and other methods, and how long they take.

Run with `MINENET_REAL_DATA=<folder> OMP_NUM_THREADS=1 python tests/benchmarks/bench_clusters.py [--peers] [--estimates]`;
it prints the tables of the README. `--peers` needs spopt and scikit-learn (group `peers`); `--estimates` designs and
costs the clusters, which takes a few minutes.
"""

import importlib
import os
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from time import process_time

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.stats import spearmanr

from minenet import Area, Assumptions, design, read_area, recording
from minenet.clusters import Connections, Prices, connections_of, find_groups, prices_of
from minenet.clusters.cost import group_costs
from minenet.clusters.exact import cheapest_groups
from minenet.clusters.exchange import Search, search
from minenet.clusters.network import contract, lengths_at, shortest_net
from minenet.costs import cost_tables
from minenet.costs.quantities import heat_pump_kw
from minenet.trenches import TrenchGraph

steps = importlib.import_module("minenet.assess")
grouping = importlib.import_module("minenet.design.grouping")

NUMBERS = Assumptions.default()
PER_CLUSTER, PER_M, PER_HOME_LEFT_OUT = 6000.0, 150.0, 5500.0
MOST = 50
MAPPING = Path(__file__).parent.parent / "real" / "delft_wippolder_mixed.toml"


def plain(split: float = 0.0, most: int = MOST) -> Prices:
    """Return the plain yardstick."""
    return Prices(2, most, np.full(most + 1, PER_CLUSTER), PER_M, split)


def wippolder() -> tuple[Area, gpd.GeoDataFrame, TrenchGraph, gpd.GeoDataFrame]:
    """Return the neighbourhood, its homes, its trench graph and the services, in the order of their buildings."""
    area = read_area(Path(os.environ["MINENET_REAL_DATA"]) / "delft_wippolder_mixed.gpkg", mapping=MAPPING)
    homes = steps.find_homes(area, NUMBERS)
    graph = steps._trench_graph(area, homes, NUMBERS)
    return area, homes, graph, graph.services.sort_values("building_id", ignore_index=True)


def yardstick_connections(homes: gpd.GeoDataFrame, services: gpd.GeoDataFrame) -> Connections:
    taking = homes[homes["left_out_reason"].isna()]
    count = taking.groupby("building_id").size().reindex(services["building_id"]).to_numpy()
    return Connections(services["node"].to_numpy(), count, np.zeros(len(count)), PER_HOME_LEFT_OUT * count)


# --- the reference ----------------------------------------------------------------------------------------------------


def single_linkage(matrix: csr_array, home: Connections) -> np.ndarray:
    """Return the groups of the dendrogram of network distances (single linkage) that cost least by the yardstick."""
    places, place = np.unique(home.node, return_inverse=True)
    distance = dijkstra(matrix, indices=places)[:, places][place][:, place]
    joined = np.where(np.isfinite(distance), distance + 1e-6, 0.0)
    np.fill_diagonal(joined, 0.0)
    links = minimum_spanning_tree(joined).tocoo()
    root = list(range(len(home)))
    members = [[i] for i in root]
    best = [(PER_HOME_LEFT_OUT * n, []) if n < 2 else (PER_CLUSTER, [[i]]) for i, n in enumerate(home.homes)]
    trench = [0.0] * len(home)

    def top(i: int) -> int:
        while root[i] != i:
            root[i] = i = root[root[i]]
        return i

    for k in np.argsort(links.data, kind="stable"):
        a, b = top(int(links.row[k])), top(int(links.col[k]))
        root[b] = a
        members[a], trench[a] = members[a] + members[b], trench[a] + trench[b] + links.data[k]
        whole = PER_CLUSTER + PER_M * trench[a] if home.homes[members[a]].sum() <= MOST else np.inf
        apart = (best[a][0] + best[b][0], best[a][1] + best[b][1])
        best[a] = (whole, [members[a]]) if whole < apart[0] else apart
    group = np.full(len(home), -1)
    for number, part in enumerate(part for i in {top(i) for i in root} for part in best[i][1]):
        group[part] = number
    return group


def priced(matrix: csr_array, home: Connections, group: np.ndarray) -> dict[str, float]:
    """Return the yardstick of any groups, each joined by the short net of the trench graph; parts count apart."""
    component = contract(matrix, home.node).component[contract(matrix, home.node).point[home.node]]
    trench, valid, clusters = 0.0, 0, 0
    for g in np.unique(group[group >= 0]):
        inside = np.flatnonzero(group == g)
        count = home.homes[inside].sum()
        parts = np.unique(component[inside])
        clusters += len(parts)
        valid += count if 2 <= count <= MOST and len(parts) == 1 else 0
        for part in parts:
            net = shortest_net(matrix, home.node[inside[component[inside] == part]])
            trench += lengths_at(matrix, net).sum()
    left_out, total = home.homes[group < 0].sum(), home.homes.sum()
    cost = PER_CLUSTER * clusters + PER_M * trench + PER_HOME_LEFT_OUT * left_out
    return {
        "EUR/home": cost / total,
        "m/home": trench / total,
        "clusters": clusters,
        "left out": left_out,
        "valid %": 100 * valid / total,
        "homes/cluster": (total - left_out) / clusters,
    }


def print_yardstick(
    area: Area, homes: gpd.GeoDataFrame, graph: TrenchGraph, services: gpd.GeoDataFrame, *, peers: bool
) -> None:
    matrix, home = graph.matrix, yardstick_connections(homes, services)
    start = process_time()
    reference = single_linkage(matrix, home)
    print(f"single linkage with dynamic programming: {process_time() - start:.2f} s")
    rows = {"single linkage, dynamic programming": priced(matrix, home, reference)}
    for rounds, label in ((1, "minenet, one forest"), (None, "minenet")):
        start = process_time()
        found = find_groups(matrix, home, prices=plain(), rounds=rounds)
        print(f"{label}: {process_time() - start:.2f} s")
        rows[label] = priced(matrix, home, found.group)
    if peers:
        rows |= {name: priced(matrix, home, g) for name, g in by_peers(area, services, home, found.group).items()}
    print(pd.DataFrame(rows).T.round(2).to_string())
    saved = 1 - rows["minenet"]["EUR/home"] / rows["single linkage, dynamic programming"]["EUR/home"]
    print(f"minenet costs {100 * saved:.1f} % less than the reference")


def by_peers(area: Area, services: gpd.GeoDataFrame, home: Connections, ours: np.ndarray) -> dict[str, np.ndarray]:
    """Return groups by other methods over the same homes, with as many clusters as ours."""
    from libpysal.weights import KNN, attach_islands
    from sklearn.cluster import DBSCAN, KMeans
    from spopt.region import WardSpatial

    shapes = area.buildings.set_index("building_id").geometry.reindex(services["building_id"])
    xy = shapely.get_coordinates(shapely.centroid(np.asarray(shapes.array)))
    inside = np.flatnonzero(ours >= 0)
    clusters = int(ours.max()) + 1
    frame = gpd.GeoDataFrame({"x": xy[inside, 0], "y": xy[inside, 1]}, geometry=gpd.points_from_xy(*xy[inside].T))
    near = KNN.from_dataframe(frame, k=6)
    ward = WardSpatial(frame, attach_islands(near, near).symmetrize(), ["x", "y"], n_clusters=clusters)
    ward.solve()
    means = KMeans(n_clusters=clusters, random_state=0, n_init=3).fit_predict(
        xy[inside], sample_weight=home.homes[inside]
    )
    groups = {}
    for name, label in {"WardSpatial": ward.labels_, "k-means": means}.items():
        groups[f"{name}, same homes and clusters"] = whole = np.full(len(ours), -1)
        whole[inside] = label
    for eps in (15.0, 20.0, 25.0):
        label = DBSCAN(eps=eps, min_samples=2).fit_predict(xy)
        groups[f"DBSCAN, {eps:.0f} m"] = label
    return groups


# --- against the exact optimum ----------------------------------------------------------------------------------------


def gap(matrix: csr_array, home: Connections, prices: Prices) -> float:
    """Return by how much the search, without the exact step, exceeds the best of all partitions."""
    problem = Search(contract(matrix, home.node), home, prices)
    of, trench = np.full(len(home), -1), []
    for number, (members, stretches) in enumerate(cheapest_groups(problem, np.arange(len(home)))):
        of[members] = number
        trench.append(problem.network.length_m[stretches].sum())
    exact = problem.cost(of, np.array(trench)).sum() + home.alone_eur[of < 0].sum()
    return problem.total(search(problem)) / exact - 1


def blocks(random: np.random.Generator, width: int) -> tuple[csr_array, Connections]:
    """Return a grid of streets with up to 14 connections along them."""
    edges, size = [], width * width
    for a in range(width * width):
        for b in ([a + 1] if a % width < width - 1 else []) + ([a + width] if a + width < width**2 else []):
            length = random.uniform(5, 20)
            edges += [(p, q, length) for p, q in pairwise([a, size, size + 1, b])]
            size += 2
    start, end, length = (np.array(c) for c in zip(*edges, strict=True))
    both = np.concatenate([start, end]).astype(int), np.concatenate([end, start]).astype(int)
    count = random.integers(8, 15)
    homes = np.where(random.random(count) < 0.15, random.integers(2, 12, count), 1)
    node = random.choice(np.arange(width * width, size), count)
    home = Connections(node, homes, np.zeros(count), PER_HOME_LEFT_OUT * homes)
    return csr_array((np.tile(length, 2), both), shape=(size, size)), home


def real_blocks(random: np.random.Generator, matrix: csr_array, home: Connections, distance: np.ndarray) -> Connections:
    """Return up to 14 connections near each other, as if no other home took part."""
    near = np.argsort(distance[random.integers(len(home))], kind="stable")[: random.integers(14, 60)]
    return home.only(np.sort(random.choice(near, random.integers(6, 15), replace=False)))


def print_gaps(matrix: csr_array, home: Connections) -> None:
    distance = dijkstra(matrix, indices=home.node)[:, home.node]
    distance = np.where(np.isfinite(distance), distance, 1e9)
    random = np.random.default_rng(1)
    gaps: dict[str, list[float]] = {"Wippolder": [], "grid 3 x 3": [], "grid 4 x 4": []}
    while len(gaps["Wippolder"]) < 60:
        part = real_blocks(random, matrix, home, distance)
        network = contract(matrix, part.node)
        if len(np.unique(network.component[network.point[part.node]])) == 1:
            gaps["Wippolder"].append(gap(matrix, part, plain(split=float(random.choice([0, 1000])))))
    for width in (3, 4):
        for _ in range(60):
            grid, part = blocks(random, width)
            prices = plain(split=float(random.choice([0, 1000])), most=int(random.choice([14, 50])))
            gaps[f"grid {width} x {width}"].append(gap(grid, part, prices))
    for name, values in gaps.items():
        print(f"{name}: mean {100 * np.mean(values):.3f} %, most {100 * max(values):.2f} %, {len(values)} instances")


# --- scale, order, sizes ----------------------------------------------------------------------------------------------


def tiled(matrix: csr_array, home: Connections, tiles: int) -> tuple[csr_array, Connections]:
    """Return tiles of the same neighbourhood, each joined to the next by 100 m of trench."""
    size, edges = matrix.shape[0], matrix.tocoo()
    shift = np.arange(tiles)[:, None] * size
    link = np.arange(tiles - 1)
    row = np.concatenate(
        [(edges.coords[0] + shift).ravel(), link * size + home.node[0], (link + 1) * size + home.node[0]]
    )
    column = np.concatenate(
        [(edges.coords[1] + shift).ravel(), (link + 1) * size + home.node[0], link * size + home.node[0]]
    )
    length = np.concatenate([np.tile(edges.data, tiles), np.full(2 * len(link), 100.0)])
    more = Connections(
        (home.node + shift).ravel(), *(np.tile(getattr(home, c), tiles) for c in ("homes", "join_eur", "alone_eur"))
    )
    return csr_array((length, (row, column)), shape=(tiles * size, tiles * size)), more


def seconds(call: Callable[[], object]) -> float:
    start = process_time()
    call()
    return process_time() - start


def print_scale(matrix: csr_array, home: Connections, prices: Prices) -> None:
    sizes, times = [], []
    for tiles in (1, 4, 12, 42):
        whole, more = tiled(matrix, home, tiles)
        sizes.append(int(more.homes.sum()))
        times.append(seconds(lambda w=whole, m=more: find_groups(w, m, prices=prices)))
        print(f"{sizes[-1]} homes: {times[-1]:.2f} s")
    exponent = np.polyfit(np.log(sizes), np.log(times), 1)[0]
    print(f"exponent {exponent:.2f}")


def print_shuffled(matrix: csr_array, home: Connections, prices: Prices) -> None:
    whole = find_groups(matrix, home, prices=prices).group
    same = 0
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(home))
        back = np.empty(len(home), dtype=int)
        back[order] = find_groups(matrix, home.only(order), prices=prices).group
        same += len({*zip(whole.tolist(), back.tolist(), strict=True)}) == whole.max() + 2
    print(f"{same} of 5 shuffles give the same clusters")


def searched(homes: gpd.GeoDataFrame, services: gpd.GeoDataFrame, numbers: Assumptions) -> tuple[Connections, Prices]:
    drilled = grouping._drilled(numbers)
    taking = homes[homes["left_out_reason"].isna()]
    return weighed(taking, services, drilled, numbers)


def weighed(
    taking: gpd.GeoDataFrame, services: gpd.GeoDataFrame, drilled: np.ndarray, numbers: Assumptions
) -> tuple[Connections, Prices]:
    eur = grouping._price_level(numbers)
    taking = taking.assign(size_kw=heat_pump_kw(taking["peak_kw"].to_numpy(dtype=float)))
    home = connections_of(taking, services, loop_m_kwh=drilled[0], eur=eur, assumptions=numbers)
    return home, prices_of(numbers, drilled, eur)


def print_sizes(homes: gpd.GeoDataFrame, graph: TrenchGraph, services: gpd.GeoDataFrame) -> None:
    """Print how many clusters have how many homes, for three values of the fixed cost."""
    edges = np.array([2, 6, 11, 21, 31, 41, 51])
    for fixed in (2000.0, 5000.0, 15000.0):
        numbers = NUMBERS.override({"costs": {"network_preparation_eur": fixed}})
        home, prices = searched(homes, services, numbers)
        found = find_groups(graph.matrix, home, prices=prices)
        size = np.bincount(found.group[found.group >= 0], weights=home.homes[found.group >= 0])
        counts = np.histogram(size, edges)[0]
        print(
            f"{fixed:.0f} EUR: {counts.tolist()} clusters, mean {size.mean():.1f}, left out {home.homes[found.group < 0].sum()}"
        )


# --- against the estimate of a whole design ---------------------------------------------------------------------------


def print_estimates(area: Area) -> None:
    for over in ({}, {"most_homes": 20}, {"most_homes": 8}):
        numbers = NUMBERS.override({"clusters": over})
        homes, clusters, layout = steps.find_clusters(area, steps.find_homes(area, numbers), numbers)
        estimated = estimates(area, homes, clusters, layout, numbers)
        drilled = grouping._drilled(numbers)
        taking, services = homes[homes["cluster_id"].notna()], layout.services
        home, prices = weighed(taking, services, drilled, numbers)
        trench = layout.trunks.groupby("cluster")["length_m"].sum().reindex(range(len(clusters)), fill_value=0.0)
        members, none = (np.arange(len(home)), services["cluster"].to_numpy()), np.zeros(len(home), dtype=int)
        cost = group_costs(home, members, trench.to_numpy(), none, prices=prices, whole=np.array([1.0]))
        split = prices.split_eur * (1 - np.bincount(members[1]))  # all in one street of one connection: undone
        count = clusters["homes"].to_numpy()
        both = pd.DataFrame(
            {"search": (cost - split) / count, "estimate": estimated.to_numpy(), "homes": count}
        ).dropna()
        error = both["search"] / both["estimate"] - 1
        rank = [spearmanr(both["search"] * w, both["estimate"] * w)[0] for w in (1, both["homes"])]
        print(
            f"most homes {numbers.clusters.most_homes}: {len(both)} of {len(clusters)} clusters, median error "
            f"{100 * error.abs().median():.1f} %, bias {100 * error.median():.1f} %, most {100 * error.abs().max():.0f} %, "
            f"rank correlation {rank[0]:.3f} per home, {rank[1]:.3f} in all"
        )


def estimates(
    area: Area, homes: gpd.GeoDataFrame, clusters: gpd.GeoDataFrame, layout: design.Layout, numbers: Assumptions
) -> pd.Series:
    """Return the annual cost per home of the cheapest variant that can be built, by cluster."""
    placed = design.place(area, layout, assumptions=numbers)
    sized = design.size(area, layout, placed, assumptions=numbers)
    laid = design.lay(area, layout, placed, sized, assumptions=numbers)
    drilled = recording.borehole_table(layout, sized, numbers)
    wanted = recording.solution_table(layout, sized, laid)
    homes = recording.with_readiness(homes, area, numbers)
    designs = recording.designs(homes, clusters, wanted, drilled, laid, land=area.land)
    solutions = cost_tables(designs, assumptions=numbers).solutions
    built = solutions[solutions["variant"].isin(["shared_loops", "ring_net"])]
    return built.groupby("cluster_id")["annual_eur_per_home"].min().reindex(clusters["cluster_id"])


def main() -> None:
    area, homes, graph, services = wippolder()
    home = yardstick_connections(homes, services)
    print("\nPlain yardstick")
    print_yardstick(area, homes, graph, services, peers="--peers" in sys.argv)
    print("\nGap to the exact optimum")
    print_gaps(graph.matrix, home)
    print("\nSizes by fixed cost per cluster: 2-5, 6-10, 11-20, 21-30, 31-40, 41-50 homes")
    print_sizes(homes, graph, services)
    print("\nScale, with the prices of the assumptions")
    own, prices = searched(homes, services, NUMBERS)
    print_scale(graph.matrix, own, prices)
    print_shuffled(graph.matrix, own, prices)
    if "--estimates" in sys.argv:
        print("\nSearch against estimate")
        print_estimates(area)


if __name__ == "__main__":
    main()
