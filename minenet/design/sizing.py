"""How many of the ranked places each variant takes, and how deep its boreholes must be."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial.distance import cdist

from minenet.assumptions import Assumptions, Ground
from minenet.design.carriers import Layout, Placed, Sized
from minenet.design.interference import interference, within_limit
from minenet.design.soil import conductivity_at
from minenet.ground import Conductivity, Loops, size_field, size_groups
from minenet.homes import simultaneity
from minenet.sites import depth_limit
from minenet.tables import Area, shapes_of

__all__ = ["size"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]

LONGEST_M = 1000.0
"""Deeper than this no borehole is sized: where even that is not enough, the depth is infinite."""

FIRST_GUESS_KWH_M = 60.0
"""Yearly heat per metre at which the search for the number of boreholes begins; the answer does not depend on it."""


FIRST_POWER = 1.3
"""Boreholes that cool each other: their number goes as this power of one over their depth, until more is known."""


def size(area: Area, layout: Layout, placed: Placed, *, assumptions: Assumptions) -> Sized:
    """Size every variant: how many of the ranked places it takes, and how deep they must be.

    `depth_m` is the end depth that is drilled: the active length and the part above it.

    Parameters
    ----------
    area : Area
        Registered loops, zones and layers of the ground, where given.
    layout : Layout
        Clusters and their homes.
    placed : Placed
        Ranked places.
    assumptions : Assumptions
        Sections `homes`, `ground` and `sites`.
    """
    ground = assumptions.ground
    loads = _loads(layout, placed.shared_homes, assumptions)
    shared, ring, homes = (f.groupby("cluster").indices for f in (placed.shared, placed.ring, layout.homes))
    own_xy, own_limit, has_place = _own_positions(area, layout, placed, assumptions)
    sizings = [_Sizing(c, load, ground, _conductivity(area, layout, c, ground)) for c, load in enumerate(loads)]
    every_loop, every_place = _Places.of(placed.shared, "loop"), _Places.of(placed.ring, "rank")
    none = np.empty(0, dtype=np.int64)
    loops = [every_loop.at(shared.get(c, none)) for c in range(len(loads))]
    shared_depths = _depths([s.shared_loops(at) for s, at in zip(sizings, loops, strict=True)], ground)
    own_depths = _depths([s.own_loops(own_xy[homes[s.cluster]]) for s in sizings], ground)
    designs = []
    for cluster, sizing in enumerate(sizings):
        own = homes[cluster]
        designs.append(sizing.shared(loops[cluster], shared_depths[cluster]))
        designs.append(sizing.ring(every_place.at(ring.get(cluster, none))))
        has = None if has_place is None else has_place[own]
        designs.append(sizing.own(own_xy[own], own_depths[cluster], own_limit[own], has))
    boreholes, felt = interference(_boreholes(designs, layout), area, ground=ground)
    outcomes = _outcomes(designs).merge(felt, on=["cluster", "variant"], how="left")
    return Sized(boreholes, outcomes, _own_fits(designs, homes, len(own_limit)))


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
    if area.ground is None:
        return None
    here = layout.buildings.geometry[layout.buildings["cluster"] == cluster].iloc[0].representative_point()
    return conductivity_at(area, here, ground=ground)


@dataclass(frozen=True)
class _Design:
    """What one variant comes to in one cluster; `depth` holds the end depth of each borehole [m]."""

    cluster: int
    variant: str
    reason: str | None
    depth: Floats
    homes_possible: int | None = None
    homes_within_cooling: int | None = None
    number: Ints | None = None
    ownership: npt.NDArray[np.object_] | None = None
    access: npt.NDArray[np.object_] | None = None
    homes_served: Ints | None = None
    annual: Floats | None = None
    peak: Floats | None = None
    shapes: Shapes | None = None
    fits: npt.NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class _Places:
    """Ranked places, or the places of loops, as arrays: a table per cluster would cost more than sizing it."""

    shapes: Shapes
    number: Ints
    max_depth: Floats
    ownership: npt.NDArray[np.object_]
    access: npt.NDArray[np.object_]
    fixed: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, frame: gpd.GeoDataFrame, number: str) -> Self:
        fixed = frame["fixed"].to_numpy(dtype=bool) if "fixed" in frame else np.zeros(len(frame), dtype=bool)
        ownership, access = (frame[c].to_numpy(dtype=object) for c in ("ownership", "access"))
        max_depth = frame["max_depth_m"].to_numpy()
        return cls(shapes_of(frame), frame[number].to_numpy(), max_depth, ownership, access, fixed)

    def at(self, rows: Any) -> Self:
        return replace(self, **{f.name: getattr(self, f.name)[rows] for f in fields(self)})


@dataclass(frozen=True)
class _Sizing:
    """Sizes the variants of one cluster, all with the same ground."""

    cluster: int
    load: _Load
    soil: Ground
    conductivity: Conductivity

    def shared_loops(self, loops: _Places) -> Loops:
        """Return the shared loops, each a system of its own; none where one has no place."""
        if shapely.is_missing(loops.shapes).any():
            return Loops([], [], [])
        return Loops(
            shapely.get_coordinates(loops.shapes), self.load.loop_annual, self.load.loop_peak, self.conductivity
        )

    def own_loops(self, xy: Floats) -> Loops:
        """Return a loop for every home of its own."""
        return Loops(xy, self.load.home_annual, self.load.home_peak, self.conductivity)

    def shared(self, loops: _Places, depth: Floats) -> _Design:
        """Judge loops that are as deep as they must be with all loops of the cluster present."""
        missing = shapely.is_missing(loops.shapes)
        served = int(self.load.loop_homes[~missing].sum())
        if missing.any():
            reason = f"no_place_for_loop:{missing.sum()} of {len(missing)}"
            return _Design(self.cluster, "shared_loops", reason, np.empty(0), homes_possible=served)
        permitted = np.minimum(loops.max_depth, self.soil.shared_depth_max_m)
        worst = int(np.argmax(depth - permitted))
        if depth[worst] > permitted[worst]:
            reason = f"too_deep:{_metres(depth[worst])} needed, {permitted[worst]:.0f} m permitted"
            return self._not("shared_loops", reason)
        kept = within_limit(
            shapely.get_coordinates(loops.shapes),
            depth - self.soil.buried_depth_m,
            self.load.loop_annual,
            ground=self.soil,
            conductivity=self.conductivity,
        )
        return _Design(
            self.cluster,
            "shared_loops",
            None,
            depth,
            homes_possible=served,
            homes_within_cooling=int(self.load.loop_homes[kept].sum()),
            number=loops.number,
            ownership=loops.ownership,
            access=loops.access,
            homes_served=self.load.loop_homes,
            annual=self.load.loop_annual,
            peak=self.load.loop_peak,
            shapes=loops.shapes,
        )

    def ring(self, places: _Places) -> _Design:
        """Take the fewest leading places at which the boreholes need no more depth than is permitted."""
        if not len(places.shapes):
            return self._not("ring_net", "no_place_for_borehole")
        limit = np.minimum(places.max_depth, self.soil.ring_depth_max_m)
        shallowest = limit[places.fixed].min(initial=np.inf)  # what the user fixed is drilled
        for deepest in np.unique(np.minimum(limit, shallowest))[
            ::-1
        ]:  # the deepest places first; shallower ones join only when those fail
            taken = places.at(limit >= deepest)
            least = max(1, int(taken.fixed.sum()))  # what the user fixed is drilled
            count, depth = self._ring_depth(shapely.get_coordinates(taken.shapes), deepest, least)
            if depth <= deepest:
                return self._ring_of(taken, count, depth)
        needed = int(np.ceil(count * min(depth, LONGEST_M) / deepest))  # more boreholes need more metres in all
        return self._not("ring_net", f"too_few_places:{count} places, at least {needed} needed at {deepest:.0f} m")

    def _ring_depth(self, xy: Floats, deepest: float, least: int) -> tuple[int, float]:
        """Return how many leading places suffice within a depth, and how deep they must be; all of them if none do."""

        def depth_of(count: int) -> float:
            length = size_field(
                xy[:count], self.load.annual, self.load.peak, ground=self.soil, conductivity=self.conductivity
            )
            return length + self.soil.buried_depth_m

        start = self.load.annual / (FIRST_GUESS_KWH_M * deepest)
        return _fewest(depth_of, deepest, least=least, most=len(xy), start=start)

    def _ring_of(self, places: _Places, count: int, depth: float) -> _Design:
        places = places.at(slice(count))
        return _Design(
            self.cluster,
            "ring_net",
            None,
            np.full(count, max(float(_written(depth)), self.soil.depth_min_m)),
            number=places.number,
            ownership=places.ownership,
            access=places.access,
            homes_served=np.full(count, self.load.homes),
            annual=np.full(count, self.load.annual / count),
            peak=np.full(count, self.load.peak / count),
            shapes=places.shapes,
        )

    def own(self, xy: Floats, depth: Floats, permitted: Floats, has_place: npt.NDArray[np.bool_] | None) -> _Design:
        """Judge loops of every home that are as deep as they must be with those of all neighbours present."""
        possible = within = None
        if has_place is not None:
            own = has_place & (depth <= permitted)
            length = depth[own] - self.soil.buried_depth_m
            possible = int(own.sum())
            kept = within_limit(
                xy[own], length, self.load.home_annual[own], ground=self.soil, conductivity=self.conductivity
            )
            within = int(kept.sum())
        deep = depth > permitted
        reason = None
        if deep.any():
            worst = int(np.argmax(depth - permitted))
            reason = f"too_deep:{_metres(depth[worst])} needed, {permitted[worst]:.0f} m permitted"
        if deep.all() or not np.isfinite(depth).all():
            depth = np.empty(0)  # no home can have one: there is nothing to compare
        return _Design(self.cluster, "own_loops", reason, depth, possible, within, fits=~deep)

    def _not(self, variant: str, reason: str) -> _Design:
        return _Design(self.cluster, variant, reason, np.empty(0))


def _depths(groups: Sequence[Loops], ground: Ground) -> list[Floats]:
    """Return how deep the loops of each cluster must be [m]."""
    lengths = size_groups(groups, ground=ground)
    return [_written(np.maximum(length + ground.buried_depth_m, ground.depth_min_m)) for length in lengths]


def _written(depth: Floats | float) -> Floats:
    """Return depths as they are written, to the centimetre and never less: sums are taken of these."""
    return np.asarray(np.ceil(np.asarray(depth) * 100 - 1e-6) / 100)


def _metres(depth: float) -> str:
    return f"{depth:.0f} m" if np.isfinite(depth) else "over 1,000 m"


def _boreholes(designs: Sequence[_Design], layout: Layout) -> gpd.GeoDataFrame:
    built = [d for d in designs if d.number is not None]

    def joined(name: str, dtype: type) -> npt.NDArray[Any]:
        nothing: npt.NDArray[Any] = np.empty(0, dtype=dtype)
        return np.concatenate([nothing, *(np.asarray(getattr(d, name)) for d in built)])

    count = [len(d.depth) for d in built]
    columns = {
        "cluster": np.repeat([d.cluster for d in built], count).astype(np.int64),
        "variant": np.repeat(np.array([d.variant for d in built], dtype=object), count),
        "number": joined("number", int),
        "depth_m": joined("depth", float),
        "ownership": joined("ownership", object),
        "access": joined("access", object),
        "homes_served": joined("homes_served", int),
        "annual_kwh": joined("annual", float),
        "peak_kw": joined("peak", float),
    }
    return gpd.GeoDataFrame(columns, geometry=joined("shapes", object), crs=layout.buildings.crs)


def _outcomes(designs: Sequence[_Design]) -> pd.DataFrame:
    known = np.array([d.reason is None for d in designs], dtype=bool)
    total = np.array([d.depth.sum() for d in designs], dtype=np.float64)
    count = np.array([len(d.depth) for d in designs], dtype=np.int64)
    measured = count > 0
    return pd.DataFrame(
        {
            "cluster": np.array([d.cluster for d in designs], dtype=np.int64),
            "variant": pd.Series([d.variant for d in designs], dtype="str"),
            "feasible": known,
            "reason": pd.Series([d.reason for d in designs], dtype="object"),
            "homes_possible": pd.Series([d.homes_possible for d in designs], dtype="Int64"),
            "homes_within_cooling": pd.Series([d.homes_within_cooling for d in designs], dtype="Int64"),
            "boreholes": pd.Series(count, dtype="Int64").where(measured),
            "borehole_m": np.where(measured, total, np.nan),
            "depth_m": np.where(measured, total / np.maximum(count, 1), np.nan),
        }
    )


def _fewest(
    depth_of: Callable[[int], float], deepest: float, *, most: int, start: float, least: int = 1
) -> tuple[int, float]:
    """Return the least count that needs no more than a depth, and the depth it needs; the greatest when none does.

    More boreholes need less depth each, so the count is bracketed from both sides, guessed from how depths fell so far.
    """
    low, high, depth_high = least - 1, most + 1, np.inf
    guess, power, before = int(np.clip(round(start), least, most)), FIRST_POWER, (0, np.nan)
    while True:
        depth = depth_of(guess)
        if depth <= deepest:
            high, depth_high = guess, depth
        else:
            low = guess
        if low == most:
            return most, depth
        if high - low == 1:
            return high, depth_high
        if np.isfinite(depth) and np.isfinite(before[1]) and depth != before[1]:
            power = max(1.0, -float(np.log(guess / before[0]) / np.log(depth / before[1])))
        before = guess, depth
        wanted = guess * (depth / deepest) ** power if np.isfinite(depth) else 2 * guess + 2
        guess = int(np.clip(np.ceil(wanted), low + 1, high - 1))


def _own_positions(
    area: Area, layout: Layout, placed: Placed, assumptions: Assumptions
) -> tuple[Floats, Floats, npt.NDArray[np.bool_] | None]:
    """Return where each home's own loop stands or would, how deep [m] it may go, and whether it has that place."""
    building = layout.homes["building"].to_numpy()
    middle = shapely.get_coordinates(shapely.point_on_surface(shapes_of(layout.buildings)))[building]
    fixed = np.full(middle.shape, np.nan)
    has_place = None
    if placed.own is not None:
        own = np.asarray(placed.own.array)
        has_place = ~shapely.is_missing(own)
        fixed[has_place] = shapely.get_coordinates(own[has_place])
    xy = np.empty_like(middle)
    for members in layout.homes.groupby("cluster").indices.values():
        xy[members] = _apart(middle[members], fixed[members], assumptions.sites.spacing_m)
    limit = np.minimum(depth_limit(np.asarray(shapely.points(xy)), area.zones), assumptions.ground.own_depth_max_m)
    return xy, limit, has_place


def _own_fits(designs: Sequence[_Design], homes: Mapping[Any, Any], size: int) -> npt.NDArray[np.bool_]:
    """Return for which homes of the layout an own loop need be no deeper than permitted."""
    fits = np.zeros(size, dtype=bool)
    for design in designs:
        if design.fits is not None:
            fits[homes[design.cluster]] = design.fits
    return fits


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
