"""How many of the ranked places each variant takes, and how deep its boreholes must be."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from minenet.assumptions import Assumptions, Ground
from minenet.design.carriers import Layout, Placed, Sized
from minenet.ground import cooling, mean_conductivity, size_field, size_loops
from minenet.homes import simultaneity
from minenet.tables import Area, shapes_of

__all__ = ["size"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]

Conductivity = Callable[[Floats], Floats] | None

HEARD_M = 100.0
"""A registered loop farther away than this is not felt (a loop of 300 m cools ground at 100 m by less than 0.01 K)."""


def size(area: Area, layout: Layout, placed: Placed, *, assumptions: Assumptions) -> Sized:
    """Size every variant: how many of the ranked places it takes, and how deep they must be.

    Parameters
    ----------
    area : Area
        Registered loops and layers of the ground, where given.
    layout : Layout
        Clusters and their homes.
    placed : Placed
        Ranked places.
    assumptions : Assumptions
        Sections `homes`, `ground` and `sites`.
    """
    ground = assumptions.ground
    loads = _loads(layout, placed.shared_homes, assumptions)
    parts, outcomes = [], []
    for cluster in range(len(layout.cluster_ids)):
        conductivity = _conductivity(area, layout, cluster, ground)
        load = loads[cluster]
        for sized in (
            _size_shared(placed.shared[placed.shared["cluster"] == cluster], load, ground, conductivity),
            _size_ring(placed.ring[placed.ring["cluster"] == cluster], load, ground, conductivity),
            _size_own(layout, placed, cluster, load, assumptions, conductivity),
        ):
            parts.append(sized.boreholes.assign(cluster=cluster))
            outcomes.append(sized.outcomes.assign(cluster=cluster))
    boreholes = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=layout.buildings.crs)
    boreholes = _with_neighbours(boreholes, area, assumptions.ground)
    return Sized(boreholes, pd.concat(outcomes, ignore_index=True))


@dataclass(frozen=True)
class _Load:
    """Ground-side loads [kWh, kW] of one cluster: in all, per shared loop and per home."""

    homes: int
    annual: float
    peak: float
    loop_annual: Floats
    loop_peak: Floats
    loop_homes: Ints
    home_annual: Floats
    home_peak: Floats


def _loads(layout: Layout, loop_of_home: pd.Series, assumptions: Assumptions) -> list[_Load]:
    share, from_homes = assumptions.ground.ground_share, assumptions.homes.diversity_from_homes
    homes = layout.homes.assign(loop=loop_of_home)
    loads = []
    for _, group in homes.groupby("cluster", sort=True):
        annual, peak = group["heat_kwh"].to_numpy() * share, group["peak_kw"].to_numpy() * share
        loop = group["loop"].to_numpy()
        count = np.bincount(loop)
        loads.append(
            _Load(
                homes=len(group),
                annual=float(annual.sum()),
                peak=float(peak.sum() * simultaneity(np.array([len(group)]), from_homes=from_homes)[0]),
                loop_annual=np.bincount(loop, weights=annual).astype(np.float64),
                loop_peak=np.bincount(loop, weights=peak) * simultaneity(count, from_homes=from_homes),
                loop_homes=count,
                home_annual=annual,
                home_peak=peak,
            )
        )
    return loads


def _conductivity(area: Area, layout: Layout, cluster: int, ground: Ground) -> Conductivity:
    """Return the mean conductivity down to a depth from the layers of the ground here, None where none are given."""
    layers = area.ground
    if layers is None or not len(layers):
        return None
    here = layout.buildings.geometry[layout.buildings["cluster"] == cluster].iloc[0].representative_point()
    local = layers[layers.geometry.isna() | layers.geometry.intersects(here)]
    if not len(local):
        return None
    top, bottom, value = (local[c].to_numpy(dtype=float) for c in ("top_m", "bottom_m", "conductivity_w_mk"))
    return partial(mean_conductivity, top, bottom, value, default=ground.conductivity)


def _outcome(variant: str, reason: str | None, depth: Floats | None = None) -> pd.DataFrame:
    count, total = (None, None) if depth is None else (len(depth), float(depth.sum()))
    return pd.DataFrame(
        {
            "variant": [variant],
            "feasible": [reason is None],
            "reason": [reason],
            "boreholes": [count],
            "borehole_m": [total],
            "depth_m": [None if depth is None else float(depth.mean())],
        }
    ).astype({"reason": "object", "boreholes": "Int64", "borehole_m": "float64", "depth_m": "float64"})


_NO_BOREHOLES = gpd.GeoDataFrame(
    {"variant": [], "number": [], "depth_m": [], "ownership": [], "homes_served": [], "annual_kwh": []}, geometry=[]
)


def _size_shared(loops: gpd.GeoDataFrame, load: _Load, ground: Ground, conductivity: Conductivity) -> Sized:
    variant = "shared_loops"
    missing = int(loops.geometry.isna().sum())
    if missing:
        return Sized(_NO_BOREHOLES, _outcome(variant, f"no_place_for_loop:{missing} of {len(loops)}"))
    xy = shapely.get_coordinates(shapes_of(loops))
    depth = size_loops(xy, load.loop_annual, load.loop_peak, ground=ground, conductivity=conductivity)
    depth = np.maximum(depth, ground.depth_min_m)
    permitted = np.minimum(loops["max_depth_m"].to_numpy(), ground.shared_depth_max_m)
    worst = int(np.argmax(depth - permitted))
    if depth[worst] > permitted[worst]:
        reason = f"too_deep:{_metres(depth[worst])} needed, {permitted[worst]:.0f} m permitted"
        return Sized(_NO_BOREHOLES, _outcome(variant, reason))
    boreholes = gpd.GeoDataFrame(
        {
            "variant": variant,
            "number": loops["loop"].to_numpy(),
            "depth_m": depth,
            "ownership": loops["ownership"].to_numpy(),
            "homes_served": load.loop_homes,
            "annual_kwh": load.loop_annual,
        },
        geometry=loops.geometry.to_numpy(),
    )
    return Sized(boreholes, _outcome(variant, None, depth))


def _metres(depth: float) -> str:
    return f"{depth:.0f} m" if np.isfinite(depth) else "over 1,000 m"


def _size_ring(places: gpd.GeoDataFrame, load: _Load, ground: Ground, conductivity: Conductivity) -> Sized:
    """Take the fewest leading places at which the boreholes need no more depth than is permitted."""
    variant = "ring_net"
    if places.empty:
        return Sized(_NO_BOREHOLES, _outcome(variant, "no_place_for_borehole"))
    xy = shapely.get_coordinates(shapes_of(places))
    limit = np.minimum(np.minimum.accumulate(places["max_depth_m"].to_numpy()), ground.ring_depth_max_m)

    def depth_of(count: int) -> float:
        return size_field(xy[:count], load.annual, load.peak, ground=ground, conductivity=conductivity)

    count, depth = _fewest(depth_of, limit)
    if depth > limit[count - 1]:
        reason = f"too_few_places:{count} places, at {limit[count - 1]:.0f} m more are needed"
        return Sized(_NO_BOREHOLES, _outcome(variant, reason))
    depths = np.full(count, max(depth, ground.depth_min_m))
    boreholes = gpd.GeoDataFrame(
        {
            "variant": variant,
            "number": places["rank"].to_numpy()[:count],
            "depth_m": depths,
            "ownership": places["ownership"].to_numpy()[:count],
            "homes_served": load.homes,
            "annual_kwh": load.annual / count,
        },
        geometry=places.geometry.to_numpy()[:count],
    )
    return Sized(boreholes, _outcome(variant, None, depths))


def _fewest(depth_of: Callable[[int], float], limit: Floats) -> tuple[int, float]:
    """Return the least count whose depth is permitted, and that depth; the greatest count when none is.

    More boreholes need less depth each, so the count is bracketed from both sides, guessed from the metres in all.
    """
    most = len(limit)
    low, high, depth_high = 0, most + 1, np.inf
    guess = min(3, most)
    while True:
        depth = depth_of(guess)
        if depth <= limit[guess - 1]:
            high, depth_high = guess, depth
        else:
            low = guess
        if low == most:
            return most, depth
        if high - low == 1:
            return high, depth_high
        wanted = guess * depth / limit[guess - 1] if np.isfinite(depth) else 2 * guess + 2
        guess = int(np.clip(np.ceil(wanted), low + 1, high - 1))


def _size_own(
    layout: Layout,
    placed: Placed,
    cluster: int,
    load: _Load,
    assumptions: Assumptions,
    conductivity: Conductivity,
) -> Sized:
    """Size a loop for every home of its own, where one fits at its place, elsewhere as if it stood at the home."""
    building = layout.homes.loc[layout.homes["cluster"] == cluster, "building"].to_numpy()
    middle = shapely.get_coordinates(shapely.point_on_surface(shapes_of(layout.buildings)[building]))
    fixed = np.full(middle.shape, np.nan)
    if placed.own is not None:
        own = placed.own.to_numpy()[building]
        has = np.array([p is not None for p in own]) & ~pd.Series(building).duplicated().to_numpy()
        fixed[has] = shapely.get_coordinates(own[has])
    xy = _apart(middle, fixed, assumptions.sites.spacing_m)
    depth = size_loops(xy, load.home_annual, load.home_peak, ground=assumptions.ground, conductivity=conductivity)
    depth = np.maximum(depth, assumptions.ground.depth_min_m)
    deepest = assumptions.ground.own_depth_max_m
    if depth.max() > deepest:
        reason = f"too_deep:{_metres(depth.max())} needed, {deepest:.0f} m permitted"
        return Sized(_NO_BOREHOLES, _outcome("own_loops", reason))
    return Sized(_NO_BOREHOLES, _outcome("own_loops", None, depth))


def _apart(wanted: Floats, fixed: Floats, spacing: float) -> Floats:
    """Return a place per home: its fixed one, else the free corner of a square lattice nearest to where it is wanted.

    Homes above each other, and homes without a place of their own, are thus compared as if they stood a spacing apart.
    """
    low, high = wanted.min(axis=0), wanted.max(axis=0)
    room = spacing * np.ceil(np.sqrt(len(wanted)))
    axes = [np.arange(a - room, b + room + spacing, spacing) for a, b in zip(low, high, strict=True)]
    corners = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)
    has = np.isfinite(fixed[:, 0])
    if has.any():
        corners = corners[cdist(corners, fixed[has]).min(axis=1) >= spacing]
    places = fixed.copy()
    free = np.ones(len(corners), dtype=bool)
    for home in np.flatnonzero(~has):  # one after the other: each takes a corner from the next
        distance = np.where(free, np.hypot(*(corners - wanted[home]).T), np.inf)
        nearest = int(np.argmin(distance))
        places[home], free[nearest] = corners[nearest], False
    return places


def _with_neighbours(boreholes: gpd.GeoDataFrame, area: Area, ground: Ground) -> gpd.GeoDataFrame:
    """Return boreholes with the distance to the nearest other, and how much the other systems cool the ground."""
    nearest = np.full(len(boreholes), np.nan)
    cooled = np.full(len(boreholes), np.nan)
    xy = shapely.get_coordinates(shapes_of(boreholes))
    registered = _registered(area)
    for members in boreholes.groupby("variant").indices.values():
        others = np.vstack([xy[members], registered[["x", "y"]].to_numpy()])
        if len(others) > 1:
            nearest[members] = np.asarray(cKDTree(others).query(xy[members], k=2)[0])[:, 1]
    for members in boreholes.groupby(["cluster", "variant"]).indices.values():
        part = boreholes.iloc[members]
        apart = bool((part["variant"] == "shared_loops").all())
        cooled[members] = _cooled(part, xy[members], registered, apart, ground)
    return boreholes.assign(nearest_m=nearest, neighbour_cooling_k=cooled)


def _registered(area: Area) -> pd.DataFrame:
    if area.loops is None:
        return pd.DataFrame({"x": [], "y": [], "depth_m": [], "heat_kwh": []}, dtype=float)
    xy = shapely.get_coordinates(shapely.point_on_surface(shapes_of(area.loops)))
    return pd.DataFrame(
        {"x": xy[:, 0], "y": xy[:, 1], "depth_m": area.loops["depth_m"], "heat_kwh": area.loops["heat_kwh"]}
    )


def _cooled(part: pd.DataFrame, xy: Floats, registered: pd.DataFrame, apart: bool, ground: Ground) -> Floats:
    """Return the cooling of each borehole by other systems: registered loops, and in shared loops the other loops."""
    depth = part["depth_m"].to_numpy()
    known = registered.dropna()
    known = (
        known[cdist(known[["x", "y"]].to_numpy().reshape(-1, 2), xy).min(axis=1) <= HEARD_M] if len(known) else known
    )
    sources = known[["x", "y"]].to_numpy().reshape(-1, 2)
    source_depth, source_heat = known["depth_m"].to_numpy(), known["heat_kwh"].to_numpy()
    same = np.zeros((len(xy), len(sources)), dtype=bool)
    if apart:
        sources = np.vstack([xy, sources])
        source_depth = np.concatenate([depth, source_depth])
        source_heat = np.concatenate([part["annual_kwh"].to_numpy(), source_heat])
        same = np.hstack([np.eye(len(xy), dtype=bool), same])
    if not len(sources):
        return np.zeros(len(xy))
    by_source = cooling(sources, source_depth, source_heat, xy, depth, ground=ground, same_system=same)
    return np.asarray(by_source.sum(axis=1))
