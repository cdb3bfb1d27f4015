"""How much the systems cool each other's ground: within a cluster, between clusters, and with registered loops.

In `shared_loops` every loop is a system of its own; a ring net is one. What the loops of a cluster do to each other is
paid for in depth; what they do to others is not theirs to pay. A screening with line sources in homogeneous ground, not
the official Dutch test (ITGBES).
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from minenet.assumptions import Ground
from minenet.design.soil import conductivity_along
from minenet.ground import Conductivity, mutual_cooling
from minenet.tables import Area, shapes_of

__all__ = ["cooled_by_others", "interference", "together", "within_limit"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

HEARD_M = 100.0
"""A loop farther away is not felt: after 25 years a loop of 300 m cools ground at 100 m by less than 0.01 K."""

APART = ("shared_loops",)
"""Variants in which every loop is a system of its own."""


def interference(boreholes: gpd.GeoDataFrame, area: Area, *, ground: Ground) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Compute how much the boreholes of each variant are cooled by other systems, and cool them.

    Other clusters count as if all of them were built in the same variant.

    Parameters
    ----------
    boreholes : GeoDataFrame
        `cluster, variant, depth_m, annual_kwh` and a point.
    area : Area
        Registered loops, where given; those without depth or heat are not counted. Layers of the ground, where given:
        each borehole stands in those of its place.
    ground : Ground
        Section `ground`.

    Returns
    -------
    boreholes : GeoDataFrame
        With `nearest_m` (to the nearest other borehole of the variant or registered loop), the cooling by loops of the
        same cluster, of other clusters and by registered loops (`cooling_within_k, cooling_by_clusters_k,
        cooling_by_registered_k`) [K], and their sum `neighbour_cooling_k`. Without a layer of registered loops nobody
        knows what those do: it is null, and not in the sum.
    worst : DataFrame
        `cluster, variant`, the greatest of each of these, `cooling_at_registered_k`, and `regeneration_kwh`: how much
        heat a year, given back to the ground, keeps every other system within the limit.
    """
    registered = _registered(area, ground)
    parts, worst_of = [], []
    for _, members in sorted(boreholes.groupby("variant").indices.items()):
        variant = boreholes.iloc[members]
        felt, at_registered = _of_variant(variant, registered, area, ground)
        parts.append(felt)
        worst_of.append(_worst(felt, at_registered, ground))
    if not parts:
        nothing = {name: np.empty(0) for name in (*COLUMNS, "nearest_m")}
        felt = boreholes.assign(**nothing)
        return felt, _worst(felt, pd.Series(dtype="float64"), ground)
    felt, worst = gpd.GeoDataFrame(pd.concat(parts).sort_index()), pd.concat(worst_of, ignore_index=True)
    if area.loops is None:
        felt["cooling_by_registered_k"] = worst[["cooling_by_registered_k", "cooling_at_registered_k"]] = np.nan
    return felt, worst


def cooled_by_others(
    boreholes: gpd.GeoDataFrame, solutions: pd.DataFrame, others: gpd.GeoDataFrame, area: Area, *, ground: Ground
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return boreholes and solutions cooled by boreholes of clusters that were designed elsewhere.

    Parameters
    ----------
    boreholes : GeoDataFrame
        `cluster_id, variant, depth_m, annual_kwh` and a point, with what they feel of each other.
    solutions : DataFrame
        `cluster_id, variant` and the worst of each.
    others : GeoDataFrame
        Boreholes near these, as they are.
    area, ground
        As for `interference`.

    Returns
    -------
    boreholes, solutions
        With new values where anything but loops of the same cluster cools.
    """
    both = gpd.GeoDataFrame(pd.concat([boreholes, others], ignore_index=True), crs=boreholes.crs)
    names, both["cluster"] = np.unique(both["cluster_id"].to_numpy(dtype=object).astype(str), return_inverse=True)
    felt, worst = interference(both[both["variant"].isin(DRILLED)], area, ground=ground)
    worst = worst.assign(cluster_id=names[worst["cluster"].to_numpy(dtype=int)]).drop(columns="cluster")
    copied = worst[worst["variant"] == COPIED[1]].assign(variant=COPIED[0])
    worst = pd.concat([worst, copied]).set_index(["cluster_id", "variant"])
    own = felt[felt.index < len(boreholes)]
    key = ["cluster_id", "number"]
    ring = own[own["variant"] == COPIED[1]].set_index(key)
    boreholes, solutions = boreholes.copy(), solutions.copy()
    columns = [*COLUMNS, "nearest_m"]
    boreholes.loc[own.index, columns] = own[columns]
    alike = boreholes.index[boreholes["variant"] == COPIED[0]]
    boreholes.loc[alike, columns] = ring.loc[pd.MultiIndex.from_frame(boreholes.loc[alike, key]), columns].to_numpy()
    found = worst.reindex(pd.MultiIndex.from_frame(solutions[["cluster_id", "variant"]]))
    known = found["cooling_by_clusters_k"].notna().to_numpy()
    for column in [c for c in WORST if c in solutions]:
        solutions.loc[known, column] = found[column].to_numpy()[known]
    return boreholes, solutions


def together(boreholes: gpd.GeoDataFrame, area: Area, *, ground: Ground) -> pd.Series:
    """Return how much each cluster is cooled by the others when just these boreholes are built.

    Parameters
    ----------
    boreholes : GeoDataFrame
        `cluster_id, depth_m, annual_kwh` and a point: one variant per cluster.
    area : Area
        Layers of the ground, where given.
    ground : Ground
        Section `ground`.

    Returns
    -------
    Series
        The most that the other clusters cool any borehole of a cluster [K], by `cluster_id`.
    """
    loops = _loops(boreholes, area, ground)
    cluster = boreholes["cluster_id"].to_numpy(dtype=object)
    pairs = _near(loops)
    pairs = pairs[cluster[pairs[:, 0]] != cluster[pairs[:, 1]]]
    felt = _felt(loops, pairs, _mutual(loops, pairs, ground))
    return pd.Series(felt, index=boreholes["cluster_id"].to_numpy()).groupby(level=0).max()


def within_limit(
    xy: Floats, length: Floats, annual: Floats, *, ground: Ground, conductivity: Conductivity = None
) -> Truths:
    """Return which loops can be built when none may cool another beyond the limit.

    The loop that is cooled most is left out, until all that remain stay within the limit.

    Parameters
    ----------
    xy : array (n, 2)
        Where the loops stand. [m]
    length : array (n,)
        Active length. [m]
    annual : array (n,)
        Heat that each takes from the ground in a year. [kWh]
    ground : Ground
        Section `ground`.
    conductivity : float or callable, optional
        Of the ground here, as `conductivity_at` gives it. [W/mK]

    Returns
    -------
    array (n,) of bool
        Loops that remain.
    """
    kept = np.ones(len(xy), dtype=bool)
    if len(xy) > 1:
        mean = conductivity(length + ground.buried_depth_m) if callable(conductivity) else conductivity
        one, other = pairs = np.triu_indices(len(xy), 1)
        net = annual * (1 - ground.regeneration_share)
        each = np.zeros((len(xy), len(xy)))
        each[one, other], each[other, one] = mutual_cooling(
            xy, length, net, np.stack(pairs, axis=1), ground=ground, conductivity_w_mk=mean
        )
        felt = each.sum(axis=1)
        while (felt[kept] > ground.cooling_limit_k).any():
            out = int(np.argmax(np.where(kept, felt, -np.inf)))
            kept[out] = False
            felt = felt - each[:, out]
    return kept


DRILLED, COPIED = ("shared_loops", "ring_net"), ("ring_net_collective", "ring_net")
"""Variants with boreholes of their own, and the one that has those of another."""

WORST = (
    "cooling_within_k",
    "cooling_by_clusters_k",
    "cooling_by_registered_k",
    "cooling_at_registered_k",
    "regeneration_kwh",
)
"""Columns of solutions that tell the worst of the boreholes."""

COLUMNS = ("cooling_within_k", "cooling_by_clusters_k", "cooling_by_registered_k", "neighbour_cooling_k")


@dataclass(frozen=True)
class _Loops:
    """Loops that cool each other: place, active length [m], net heat [kWh] and mean conductivity along each [W/mK]."""

    xy: Floats
    length: Floats
    net: Floats
    conductivity: Floats | None


def _loops(boreholes: gpd.GeoDataFrame, area: Area, ground: Ground, registered: pd.DataFrame | None = None) -> _Loops:
    """Return the boreholes, and after them the registered loops of known depth and heat."""
    xy = shapely.get_coordinates(shapes_of(boreholes))
    depth = boreholes["depth_m"].to_numpy(dtype=float)
    net = boreholes["annual_kwh"].to_numpy(dtype=float) * (1 - ground.regeneration_share)
    if registered is not None:
        xy = np.vstack([xy, registered[["x", "y"]].to_numpy()])
        depth = np.concatenate([depth, registered["length"].to_numpy() + ground.buried_depth_m])
        net = np.concatenate([net, registered["annual"].to_numpy()])
    return _Loops(xy, depth - ground.buried_depth_m, net, conductivity_along(area, xy, depth, ground=ground))


def _near(loops: _Loops) -> Ints:
    """Return the pairs of loops that can feel each other; shape (p, 2), the first of each pair before the second."""
    if not len(loops.xy):
        return np.empty((0, 2), dtype=np.int64)
    return np.asarray(np.sort(cKDTree(loops.xy).query_pairs(HEARD_M, output_type="ndarray"), axis=1), dtype=np.int64)


def _mutual(loops: _Loops, pairs: Ints, ground: Ground) -> tuple[Floats, Floats]:
    return mutual_cooling(loops.xy, loops.length, loops.net, pairs, ground=ground, conductivity_w_mk=loops.conductivity)


def _felt(loops: _Loops, pairs: Ints, kelvin: tuple[Floats, Floats]) -> Floats:
    """Return how much each loop is cooled by those it is paired with [K]."""
    both = sum(np.bincount(pairs[:, end], kelvin[end], minlength=len(loops.xy)) for end in (0, 1))
    return np.asarray(both, dtype=np.float64)  # without any pair numpy counts in whole numbers


def _registered(area: Area, ground: Ground) -> pd.DataFrame:
    """Return registered loops: place, active length [m] and heat [kWh], null where the register is silent."""
    if area.loops is None or not len(area.loops):
        return pd.DataFrame({"x": [], "y": [], "length": [], "annual": []}, dtype=float)
    xy = shapely.get_coordinates(shapely.point_on_surface(shapes_of(area.loops)))
    length = np.maximum(area.loops["depth_m"].to_numpy() - ground.buried_depth_m, 1.0)
    return pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1], "length": length, "annual": area.loops["heat_kwh"]})


def _of_variant(
    variant: gpd.GeoDataFrame, registered: pd.DataFrame, area: Area, ground: Ground
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Return the boreholes of one variant with what they feel, and the most a cluster does to a registered loop."""
    known = registered.dropna()
    loops, count = _loops(variant, area, ground, known), len(variant)
    cluster = np.concatenate([variant["cluster"].to_numpy(), np.full(len(known), -1)])
    apart = np.concatenate([variant["variant"].isin(APART).to_numpy(), np.zeros(len(known), dtype=bool)])
    pairs = _near(loops)
    same = cluster[pairs[:, 0]] == cluster[pairs[:, 1]]
    pairs = pairs[(pairs[:, 0] < count) & (~same | apart[pairs[:, 0]])]  # registered loops stand last
    kelvin = _mutual(loops, pairs, ground)
    outside = pairs[:, 1] >= count
    same = cluster[pairs[:, 0]] == cluster[pairs[:, 1]]
    kinds = (same, ~same & ~outside, outside)
    felt = np.stack([_felt(loops, pairs[k], (kelvin[0][k], kelvin[1][k]))[:count] for k in kinds])
    done = pd.Series(kelvin[1][outside]).groupby([cluster[pairs[outside, 0]], pairs[outside, 1]]).sum()
    everyone = np.vstack([loops.xy[:count], registered[["x", "y"]].to_numpy()])
    nearest = np.full(count, np.nan)
    if len(everyone) > 1:
        nearest = np.asarray(cKDTree(everyone).query(everyone[:count], k=2)[0])[:, 1]
    columns = dict(zip(COLUMNS, [*felt, felt.sum(axis=0)], strict=True))
    return variant.assign(nearest_m=nearest, **columns), done.groupby(level=0).max()


def _worst(felt: gpd.GeoDataFrame, at_registered: pd.Series, ground: Ground) -> pd.DataFrame:
    """Return the worst of each cluster, and the regeneration that would mend it: cooling is linear in the net heat."""
    groups = felt.groupby(["cluster", "variant"])
    worst = groups[list(COLUMNS[:3])].max().reset_index()
    annual = groups["annual_kwh"].sum().to_numpy()
    worst["cooling_at_registered_k"] = worst["cluster"].map(at_registered).fillna(0.0)
    most = worst[["cooling_within_k", "cooling_by_clusters_k", "cooling_at_registered_k"]].max(axis=1).to_numpy()
    excess = 1 - ground.cooling_limit_k / np.maximum(most, ground.cooling_limit_k)
    return worst.assign(regeneration_kwh=annual * (1 - ground.regeneration_share) * excess)
