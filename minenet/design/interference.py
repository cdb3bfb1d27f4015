"""How much the systems cool each other's ground: within a cluster, between clusters, and with registered loops.

In `shared_loops` every loop is a system of its own; a ring net is one. What the loops of a cluster do to each other is
paid for in depth; what they do to others is not theirs to pay. A screening with line sources in homogeneous ground, not
the official Dutch test (ITGBES).
"""

from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from minenet.assumptions import Ground
from minenet.ground import Conductivity, cooling, mean_conductivity
from minenet.tables import Area, shapes_of

__all__ = ["interference", "together", "within_limit"]

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
        Registered loops, where given; those without depth or heat are not counted.
    ground : Ground
        Section `ground`.

    Returns
    -------
    boreholes : GeoDataFrame
        With `nearest_m` (to the nearest other borehole of the variant or registered loop), the cooling by loops of the
        same cluster, of other clusters and by registered loops (`cooling_within_k, cooling_by_clusters_k,
        cooling_by_registered_k`) [K], and their sum `neighbour_cooling_k`.
    worst : DataFrame
        `cluster, variant`, the greatest of each of these, `cooling_at_registered_k`, and `regeneration_kwh`: how much
        heat a year, given back to the ground, keeps every other system within the limit.
    """
    registered = _registered(area, ground)
    parts, worst = [], []
    for _, members in sorted(boreholes.groupby("variant").indices.items()):
        variant = boreholes.iloc[members]
        felt, at_registered = _of_variant(variant, registered, ground, everywhere(area, ground))
        parts.append(felt)
        worst.append(_worst(felt, at_registered, ground))
    if not parts:
        nothing = {name: np.empty(0) for name in (*COLUMNS, "nearest_m")}
        felt = boreholes.assign(**nothing)
        return felt, _worst(felt, pd.Series(dtype="float64"), ground)
    return gpd.GeoDataFrame(pd.concat(parts).sort_index()), pd.concat(worst, ignore_index=True)


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
    xy = shapely.get_coordinates(shapes_of(boreholes))
    length = boreholes["depth_m"].to_numpy() - ground.buried_depth_m
    net = boreholes["annual_kwh"].to_numpy() * (1 - ground.regeneration_share)
    cluster = boreholes["cluster_id"].to_numpy(dtype=object)
    felt, conductivity = np.zeros(len(xy)), everywhere(area, ground)
    if len(xy):
        tree = cKDTree(xy)
        for own in boreholes.groupby("cluster_id").indices.values():
            others = _others(tree, xy, np.asarray(own), cluster)
            if len(others):
                place, depth = xy[others], length[others]
                here = (xy[own], length[own])
                each = cooling(place, depth, net[others], *here, ground=ground, conductivity=conductivity)
                felt[own] = each.sum(axis=1)
    return pd.Series(felt, index=boreholes["cluster_id"].to_numpy()).groupby(level=0).max()


def within_limit(xy: Floats, length: Floats, annual: Floats, *, ground: Ground) -> Truths:
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

    Returns
    -------
    array (n,) of bool
        Loops that remain.
    """
    kept = np.ones(len(xy), dtype=bool)
    if len(xy) > 1:
        net = annual * (1 - ground.regeneration_share)
        each = cooling(xy, length, net, xy, length, ground=ground, same_system=np.eye(len(xy), dtype=bool))
        felt = each.sum(axis=1)
        while (felt[kept] > ground.cooling_limit_k).any():
            out = int(np.argmax(np.where(kept, felt, -np.inf)))
            kept[out] = False
            felt = felt - each[:, out]
    return kept


def _others(tree: cKDTree, xy: Floats, own: Ints, cluster: npt.NDArray[Any]) -> Ints:
    """Return the boreholes of other clusters that can be felt."""
    near = np.unique(np.concatenate(tree.query_ball_point(xy[own], HEARD_M)).astype(np.int64))
    return np.asarray(near[cluster[near] != cluster[own[0]]])


COLUMNS = ("cooling_within_k", "cooling_by_clusters_k", "cooling_by_registered_k", "neighbour_cooling_k")


def everywhere(area: Area, ground: Ground) -> Conductivity:
    """Return the mean conductivity down to a depth from layers that hold everywhere; None where layers are local."""
    layers = area.ground
    if layers is None or not len(layers) or layers.geometry.notna().any():
        return None
    top, bottom, value = (layers[c].to_numpy(dtype=float) for c in ("top_m", "bottom_m", "conductivity_w_mk"))
    return partial(mean_conductivity, top, bottom, value, default=ground.conductivity)


def _registered(area: Area, ground: Ground) -> pd.DataFrame:
    """Return registered loops: place, active length [m] and heat [kWh], null where the register is silent."""
    if area.loops is None or not len(area.loops):
        return pd.DataFrame({"x": [], "y": [], "length": [], "annual": []}, dtype=float)
    xy = shapely.get_coordinates(shapely.point_on_surface(shapes_of(area.loops)))
    length = np.maximum(area.loops["depth_m"].to_numpy() - ground.buried_depth_m, 1.0)
    return pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1], "length": length, "annual": area.loops["heat_kwh"]})


def _of_variant(
    variant: gpd.GeoDataFrame, registered: pd.DataFrame, ground: Ground, conductivity: Conductivity
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Return the boreholes of one variant with what they feel, and the most a cluster does to a registered loop."""
    xy = shapely.get_coordinates(shapes_of(variant))
    length = variant["depth_m"].to_numpy() - ground.buried_depth_m
    net = variant["annual_kwh"].to_numpy() * (1 - ground.regeneration_share)
    cluster = variant["cluster"].to_numpy()
    apart = variant["variant"].isin(APART).to_numpy()
    tree = cKDTree(xy)
    everyone = np.vstack([xy, registered[["x", "y"]].to_numpy()])
    known = registered.dropna()
    felt = np.zeros((3, len(xy)))
    at_registered = {}
    for number in np.unique(cluster):
        own = np.flatnonzero(cluster == number)
        others = _others(tree, xy, own, cluster)
        here = (xy[own], length[own])
        if apart[own[0]] and len(own) > 1:
            mine = cooling(
                xy[own],
                length[own],
                net[own],
                *here,
                ground=ground,
                conductivity=conductivity,
                same_system=np.eye(len(own), dtype=bool),
            )
            felt[0, own] = mine.sum(axis=1)
        if len(others):
            felt[1, own] = cooling(
                xy[others], length[others], net[others], *here, ground=ground, conductivity=conductivity
            ).sum(axis=1)
        audible = known[_within(known, xy[own])]
        if len(audible):
            place, depth = audible[["x", "y"]].to_numpy(), audible["length"].to_numpy()
            felt[2, own] = cooling(
                place, depth, audible["annual"].to_numpy(), *here, ground=ground, conductivity=conductivity
            ).sum(axis=1)
            done = cooling(xy[own], length[own], net[own], place, depth, ground=ground, conductivity=conductivity).sum(
                axis=1
            )
            at_registered[number] = float(done.max())
    nearest = np.full(len(xy), np.nan)
    if len(everyone) > 1:
        nearest = np.asarray(cKDTree(everyone).query(xy, k=2)[0])[:, 1]
    columns = dict(zip(COLUMNS, [*felt, felt.sum(axis=0)], strict=True))
    return variant.assign(nearest_m=nearest, **columns), pd.Series(at_registered, dtype="float64")


def _within(registered: pd.DataFrame, xy: Floats) -> Truths:
    if not len(registered):
        return np.zeros(0, dtype=bool)
    return np.asarray(cKDTree(xy).query(registered[["x", "y"]].to_numpy())[0] <= HEARD_M)


def _worst(felt: gpd.GeoDataFrame, at_registered: pd.Series, ground: Ground) -> pd.DataFrame:
    """Return the worst of each cluster, and the regeneration that would mend it: cooling is linear in the net heat."""
    groups = felt.groupby(["cluster", "variant"])
    worst = groups[list(COLUMNS[:3])].max().reset_index()
    annual = groups["annual_kwh"].sum().to_numpy()
    worst["cooling_at_registered_k"] = worst["cluster"].map(at_registered).fillna(0.0)
    most = worst[["cooling_within_k", "cooling_by_clusters_k", "cooling_at_registered_k"]].max(axis=1).to_numpy()
    excess = 1 - ground.cooling_limit_k / np.maximum(most, ground.cooling_limit_k)
    return worst.assign(regeneration_kwh=annual * (1 - ground.regeneration_share) * excess)
