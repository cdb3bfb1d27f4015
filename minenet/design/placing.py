"""Where the boreholes of every variant stand: more places than needed, ranked in the order in which they are taken."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS
from scipy.spatial.distance import cdist

from minenet.assumptions import Assumptions, Sites
from minenet.design.carriers import Layout, Placed
from minenet.design.finding import own_places, packed_places, plots_known, with_plots
from minenet.design.routing import routed_laterals
from minenet.network import neighbour_walk, share_out
from minenet.packing import spread
from minenet.tables import Area, shapes_of
from minenet.trenches import from_facade, grazed, runs_through

__all__ = ["place"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]

TRIED_PER_LOOP = 24
"""How many of the nearest places each shared loop tries."""

MOST_RING_BOREHOLES = 60

UNKNOWN_OWNER_M, PUBLIC_M = 10.0, 5.0
"""Ground of unknown owner, and public ground, is taken when it saves this much pipe: own ground comes first."""

FIXED_M = 1_000.0
"""A place that the user gave comes before all others."""


def place(area: Area, layout: Layout, *, assumptions: Assumptions) -> Placed:
    """Rank the places for the boreholes of every cluster.

    Parameters
    ----------
    area : Area
        Layers that say where boreholes may not stand.
    layout : Layout
        Clusters and their trenches.
    assumptions : Assumptions
        Sections `sites` and `network`.

    Raises
    ------
    InputError
        When a fixed borehole stands where none may stand, or two too close to each other.
    """
    sites = assumptions.sites
    count = len(layout.cluster_ids)
    area, notes = with_plots(area, sites)
    packed, plots, refused = packed_places(area, layout.buildings, sites)
    loop_of_home = _loops_of_homes(layout, loop_equals_lateral_m=assumptions.network.loop_equals_lateral_m)
    barred = _Barred(area)
    packed = _with_branches(packed, layout, barred, sites)
    unjoined = int((packed["fixed"].to_numpy(dtype=bool) & packed["branch"].isna().to_numpy()).sum())
    if unjoined:
        refused = {**refused, "count.fixed_boreholes_without_free_pipe_to_a_ring": str(unjoined)}
    shared, laterals = _shared_places(packed, layout, loop_of_home, barred, sites)
    capacity = packed.groupby("cluster").size().reindex(range(count), fill_value=0)
    return Placed(
        shared=shared,
        shared_homes=loop_of_home,
        laterals=laterals,
        ring=_ring_places(packed, sites),
        own=own_places(area, layout, sites),
        capacity=capacity,
        plots=plots_known(area, plots, count),
        notes={**notes, **refused},
    )


class _Barred:
    """What a straight pipe may not run through: buildings and water."""

    def __init__(self, area: Area) -> None:
        self.buildings = grazed(shapes_of(area.buildings))
        blocking = [shapes_of(f) for f in (area.water, area.barriers) if f is not None]
        self.others = shapely.STRtree(np.concatenate([np.empty(0, dtype=object), *blocking]))

    def free(self, lines: Shapes) -> npt.NDArray[np.bool_]:
        """Return which lines, each from a facade or a trench, run through no building, water or barrier."""
        through = runs_through(lines, self.buildings)
        through[self.others.query(lines, predicate="intersects")[0]] = True
        return ~through


def _loops_of_homes(layout: Layout, *, loop_equals_lateral_m: float) -> pd.Series:
    """Return the shared loop of each home: pairs and triples of neighbours, numbered per cluster."""
    xy = shapely.get_coordinates(shapely.point_on_surface(shapes_of(layout.buildings)))
    loops = np.full(len(layout.homes), -1)
    homes_of = layout.homes.groupby("building").indices
    for members in layout.buildings.groupby("cluster").indices.values():
        walk = np.asarray(members)[neighbour_walk(xy[members])]
        homes = np.concatenate([np.asarray(homes_of[b]) for b in walk])
        at = xy[layout.homes["building"].to_numpy()[homes]]
        loops[homes] = share_out(at, loop_equals_lateral_m=loop_equals_lateral_m)
    return pd.Series(loops, index=layout.homes.index, name="loop")


def _shared_places(
    packed: gpd.GeoDataFrame, layout: Layout, loop_of_home: pd.Series, barred: _Barred, sites: Sites
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Give every shared loop the place with the shortest free laterals, own ground first.

    A loop that no straight free lateral reaches takes a place beside the trench, with laterals along it.
    """
    pairs = layout.homes[["cluster", "building"]].assign(loop=loop_of_home).drop_duplicates()
    pairs = pairs.sort_values(["cluster", "loop", "building"], ignore_index=True)
    tried = _nearest_places(pairs, packed, layout)
    tried = _with_laterals(tried, packed, layout, barred, sites.lateral_m)
    options = tried.groupby(["cluster", "loop", "place"], sort=True).agg(length=("length", "sum"), free=("free", "all"))
    options = options[options["free"]].reset_index()
    options["worth"] = options["length"] + _dearness(packed)[options["place"]]
    chosen = _one_place_each(options)
    crs = CRS(layout.buildings.crs)
    straight = tried.merge(chosen, on=["cluster", "loop", "place"])
    laterals = gpd.GeoDataFrame(
        straight[["cluster", "loop", "building"]], geometry=straight["line"].to_numpy(), crs=crs
    )
    missing = pairs.merge(chosen, how="left", on=["cluster", "loop"]).query("place.isna()")
    beside = packed[~packed["place"].isin(chosen["place"]) & packed["branch"].notna()]
    more, along = routed_laterals(missing, beside, layout, longest_m=sites.routed_lateral_m)
    every = pd.concat([chosen, more], ignore_index=True)
    loops = pairs[["cluster", "loop"]].drop_duplicates().merge(every, how="left", on=["cluster", "loop"])
    both = pd.concat([laterals, along], ignore_index=True) if len(along) else laterals
    return _shared_table(loops, pairs, packed, crs), gpd.GeoDataFrame(both, crs=crs)


def _with_laterals(
    tried: pd.DataFrame, packed: gpd.GeoDataFrame, layout: Layout, barred: _Barred, longest_m: float
) -> pd.DataFrame:
    """Return each (loop, building, place) with its lateral: from the nearest corner, or else the middle of a facade."""
    shapes = shapes_of(layout.buildings)[tried["building"]]
    places = shapes_of(packed)[tried["place"]]
    from_corner = shapely.shortest_line(shapes, places)
    free, line = barred.free(from_corner), from_corner.copy()
    again = np.flatnonzero(~free)
    inner = shapely.point_on_surface(shapes[again])
    line[again] = from_facade(shapely.shortest_line(inner, places[again]), shapes[again])
    free[again] = barred.free(line[again])
    length = shapely.length(line)
    return tried.assign(line=line, length=length, free=free & (length <= longest_m))


def _dearness(places: gpd.GeoDataFrame) -> Floats:
    """Return what a place costs beside its pipe, as a length of pipe [m]."""
    land = places["land"].to_numpy()
    dear = np.select([land == "public", land == "unknown"], [PUBLIC_M, UNKNOWN_OWNER_M], 0.0)
    return np.asarray(dear - FIXED_M * places["fixed"].to_numpy(dtype=bool))


def _nearest_places(pairs: pd.DataFrame, packed: gpd.GeoDataFrame, layout: Layout) -> pd.DataFrame:
    """Return (cluster, loop, building, place) for the nearest places of each loop."""
    xy = shapely.get_coordinates(shapely.point_on_surface(shapes_of(layout.buildings)))
    at = shapely.get_coordinates(shapes_of(packed))
    dear = _dearness(packed)
    places_of = packed.groupby("cluster").indices
    parts = []
    for cluster, rows in pairs.groupby("cluster").indices.items():
        if cluster not in places_of:
            continue
        places = np.asarray(places_of[cluster])
        loops, loop = np.unique(pairs["loop"].to_numpy()[rows], return_inverse=True)
        building = pairs["building"].to_numpy()[rows]
        way = np.zeros((len(loops), len(places)))
        np.add.at(way, loop, cdist(xy[building], at[places]))
        nearest = np.argsort(way + dear[places], axis=1, kind="stable")[:, :TRIED_PER_LOOP]
        count = nearest.shape[1]
        parts.append(
            pd.DataFrame(
                {
                    "cluster": cluster,
                    "loop": np.repeat(loops[loop], count),
                    "building": np.repeat(building, count),
                    "place": places[nearest[loop]].reshape(-1),
                }
            )
        )
    nothing = pd.DataFrame(columns=["cluster", "loop", "building", "place"], dtype=np.int64)
    return pd.concat(parts, ignore_index=True) if parts else nothing


def _one_place_each(options: pd.DataFrame) -> pd.DataFrame:
    """Choose one place per loop, each place once: the best option first, over all loops of a cluster."""
    options = options.sort_values(["cluster", "worth", "loop", "place"], kind="stable")
    taken: set[int] = set()
    served: set[tuple[int, int]] = set()
    chosen = []
    for cluster, loop, place_ in options[["cluster", "loop", "place"]].itertuples(index=False):
        if place_ not in taken and (cluster, loop) not in served:
            taken.add(place_)
            served.add((cluster, loop))
            chosen.append((cluster, loop, place_))
    return pd.DataFrame(chosen, columns=["cluster", "loop", "place"], dtype=np.int64)


def _shared_table(loops: pd.DataFrame, pairs: pd.DataFrame, packed: gpd.GeoDataFrame, crs: CRS) -> gpd.GeoDataFrame:
    found = loops["place"].notna().to_numpy()
    at = loops["place"].fillna(0).astype(int).to_numpy()

    def of(column: str, missing: object) -> npt.NDArray[np.object_]:
        values = np.full(len(loops), missing, dtype=object)
        values[found] = packed[column].to_numpy()[at[found]]
        return values

    key = pd.MultiIndex.from_frame(pairs[["cluster", "loop", "building"]])
    host = pd.MultiIndex.from_arrays([loops["cluster"], loops["loop"], of("building", -1)])
    own = np.where(host.isin(key), "own", "neighbour")
    land = of("land", "unknown")
    return gpd.GeoDataFrame(
        {
            "cluster": loops["cluster"],
            "loop": loops["loop"],
            "ownership": np.where(land == "private", own, land),
            "max_depth_m": of("max_depth_m", np.inf).astype(float),
            "access": of("access", "unknown"),
        },
        geometry=of("geometry", None),
        crs=crs,
    )


def _with_branches(packed: gpd.GeoDataFrame, layout: Layout, barred: _Barred, sites: Sites) -> gpd.GeoDataFrame:
    """Return places with the straight line to the trench of their cluster, None where it is too long or not free."""
    trench = _trench_of_cluster(layout)
    branch = shapely.shortest_line(shapes_of(packed), trench[packed["cluster"]])
    branch[(shapely.length(branch) > sites.lateral_m) | ~barred.free(branch)] = None
    return packed.assign(branch=branch, place=np.arange(len(packed)))


def _ring_places(packed: gpd.GeoDataFrame, sites: Sites) -> gpd.GeoDataFrame:
    """Rank the places of each ring net: near the trench, and far from those taken before."""
    places = packed[packed["branch"].notna()].reset_index(drop=True)
    xy = shapely.get_coordinates(shapes_of(places))
    cost = shapely.length(np.asarray(places["branch"])) + _dearness(places)
    rank = np.full(len(places), -1)
    for members in places.groupby("cluster").indices.values():
        taken = spread(xy[members], cost[members], count=MOST_RING_BOREHOLES, enough_m=sites.enough_spread_m)
        rank[np.asarray(members)[taken]] = np.arange(len(taken))
    places["rank"] = rank
    places["ownership"] = places["land"].replace({"private": "own"})
    return places[rank >= 0].sort_values(["cluster", "rank"], ignore_index=True)


def _trench_of_cluster(layout: Layout) -> Shapes:
    """Return the trench of each cluster as one shape; where all homes join at one point, that point."""
    foot = shapely.get_point(shapes_of(layout.services), -1)
    owner = np.concatenate([layout.trunks["cluster"].to_numpy(), layout.buildings["cluster"].to_numpy()])
    shapes = np.concatenate([shapes_of(layout.trunks), foot])
    order = np.argsort(owner, kind="stable")
    start = np.searchsorted(owner[order], np.arange(len(layout.cluster_ids) + 1))
    return np.array(
        [
            shapely.union_all(
                lines if len(lines := shapes[order[a:b]][_is_line(shapes[order[a:b]])]) else shapes[order[a:b]]
            )
            for a, b in pairwise(start)
        ],
        dtype=object,
    )


def _is_line(shapes: Shapes) -> npt.NDArray[np.bool_]:
    return np.asarray(shapely.get_dimensions(shapes) == 1)
