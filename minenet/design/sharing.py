"""Shared loops: which neighbours share one, where it stands, and the laterals that join them."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from minenet.assumptions import Assumptions, Costs
from minenet.design.barred import Barred
from minenet.design.carriers import Layout
from minenet.design.others import OthersGround
from minenet.design.ranking import SHARED_DEPTH_M, dearness
from minenet.design.routing import routed_laterals
from minenet.network import neighbour_walk
from minenet.sharing import groups_of, share_out, units_of
from minenet.tables import shapes_of
from minenet.trenches import from_facade

__all__ = ["shared_places"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]

TRIED = 20
"""How many of the nearest places each building tries."""

NEIGHBOURS = 5
"""With how many of its nearest neighbours a home may share a loop."""


def shared_places(
    packed: gpd.GeoDataFrame, layout: Layout, barred: Barred, ground: OthersGround, assumptions: Assumptions
) -> tuple[gpd.GeoDataFrame, pd.Series, gpd.GeoDataFrame]:
    """Divide the homes of every cluster into pairs and triples, each at the place with the shortest free laterals.

    Own ground comes first. A loop that no straight free lateral reaches takes a place beside the trench, with laterals
    along it.

    Parameters
    ----------
    packed : GeoDataFrame
        Places for boreholes: `cluster, place, land, fixed, building, access, max_depth_m, branch` and a point.
    layout : Layout
        Clusters and their homes.
    barred : Barred
        What no straight pipe runs through.
    ground : OthersGround
        Plots of people who do not take part, where a pipe runs only when no other lateral is as good.
    assumptions : Assumptions
        Sections `sites`, `trenches` and `network`.

    Returns
    -------
    loops : GeoDataFrame
        As `Placed.shared`.
    loop_of_home : Series
        As `Placed.shared_homes`.
    laterals : GeoDataFrame
        As `Placed.laterals`.
    """
    sites = assumptions.sites
    tried = _laterals(packed, layout, barred, ground, assumptions)
    homes, chosen = _shared_out(tried, packed, layout, assumptions)
    pairs = layout.homes[["cluster", "building"]].assign(loop=homes).drop_duplicates()
    pairs = pairs.sort_values(["cluster", "loop", "building"], ignore_index=True)
    crs = CRS(layout.buildings.crs)
    straight = pairs.merge(chosen, on=["cluster", "loop"]).merge(tried, on=["building", "place"])
    laterals = gpd.GeoDataFrame(
        straight[["cluster", "loop", "building"]], geometry=straight["line"].to_numpy(), crs=crs
    )
    missing = pairs.merge(chosen, how="left", on=["cluster", "loop"]).query("place.isna()")
    beside = packed[~packed["place"].isin(chosen["place"]) & packed["branch"].notna()]
    more, along = routed_laterals(missing, beside, layout, longest_m=sites.routed_lateral_m)
    every = pd.concat([chosen, more], ignore_index=True)
    loops = pairs[["cluster", "loop"]].drop_duplicates().merge(every, how="left", on=["cluster", "loop"])
    both = pd.concat([laterals, along], ignore_index=True) if len(along) else laterals
    both = both.sort_values(["cluster", "loop", "building"], ignore_index=True)
    return _table(loops, pairs, packed, crs), homes, gpd.GeoDataFrame(both, crs=crs)


def _laterals(
    packed: gpd.GeoDataFrame, layout: Layout, barred: Barred, ground: OthersGround, assumptions: Assumptions
) -> pd.DataFrame:
    """Return the free laterals from each building to the nearest places of its cluster, and what each weighs [m].

    They start at the nearest corner, or else in the middle of a facade.
    """
    building, place = _nearest(packed, layout, assumptions.costs)
    shapes, places = shapes_of(layout.buildings)[building], shapes_of(packed)[place]
    line = shapely.shortest_line(shapes, places)
    free = barred.free(line)
    again = np.flatnonzero(~free)
    inner = shapely.point_on_surface(shapes[again])
    line[again] = from_facade(shapely.shortest_line(inner, places[again]), shapes[again])
    free[again] = barred.free(line[again])
    length = shapely.length(line)
    kept = free & (length <= assumptions.sites.lateral_m)
    building, place, line = building[kept], place[kept], line[kept]
    through = ground.through(line, layout.buildings["cluster"].to_numpy(dtype=np.int64)[building])
    weight = length[kept] + (assumptions.trenches.others_weight - 1.0) * np.nan_to_num(through)
    columns = {"building": building, "place": place, "line": line, "weight": weight}
    return pd.DataFrame(columns)


def _nearest(packed: gpd.GeoDataFrame, layout: Layout, costs: Costs) -> tuple[Ints, Ints]:
    """Return (building, place) for the nearest places of each building; those that the user fixed come first."""
    xy = shapely.get_coordinates(shapely.point_on_surface(shapes_of(layout.buildings)))
    at, dear = shapely.get_coordinates(shapes_of(packed)), dearness(packed, costs, wanted_m=SHARED_DEPTH_M)
    buildings_of = layout.buildings.groupby("cluster").indices
    building, place = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for cluster, here in packed.groupby("cluster").indices.items():
        places, members = np.asarray(here), np.asarray(buildings_of[cluster])
        way = cdist(xy[members], at[places]) + dear[places]
        nearest = np.argsort(way, axis=1, kind="stable")[:, :TRIED]
        building.append(np.repeat(members, nearest.shape[1]))
        place.append(places[nearest].reshape(-1))
    return np.concatenate(building), np.concatenate(place)


def _shared_out(
    tried: pd.DataFrame, packed: gpd.GeoDataFrame, layout: Layout, assumptions: Assumptions
) -> tuple[pd.Series, pd.DataFrame]:
    """Return the loop of each home (numbered per cluster), and the place of each loop that has one."""
    xy = shapely.get_coordinates(shapely.point_on_surface(shapes_of(layout.buildings)))
    dear = dearness(packed, assumptions.costs, wanted_m=SHARED_DEPTH_M)
    homes_of = {int(str(b)): np.asarray(h, dtype=np.int64) for b, h in layout.homes.groupby("building").indices.items()}
    count = np.array([len(homes_of.get(b, ())) for b in range(len(layout.buildings))])
    ways = tried.groupby("building").indices
    loops = np.full(len(layout.homes), -1)
    exact = assumptions.network.search == "exact"
    rows = []
    for cluster, group in layout.buildings.groupby("cluster").indices.items():
        members = np.asarray(group)[neighbour_walk(xy[group])]
        unit, size = units_of(count[members])
        mine = np.concatenate([np.empty(0, dtype=np.int64), *(np.asarray(ways[b]) for b in members if b in ways)])
        places, column = np.unique(tried["place"].to_numpy()[mine], return_inverse=True)
        table = np.full((len(members), len(places)), np.inf)
        row = pd.Index(members).get_indexer(pd.Index(tried["building"].to_numpy()[mine]))
        table[row, column] = tried["weight"].to_numpy()[mine]
        near = _neighbours(xy[members], unit, size) if exact else _next(len(unit))
        groups = groups_of(near, size)
        chosen, at = share_out(
            groups,
            size,
            table[unit],
            dear[places],
            loop_m=assumptions.network.loop_equals_lateral_m,
            without_m=assumptions.sites.routed_lateral_m,
            mode="exact" if exact else "fast",
        )
        _number(loops, homes_of, members, unit, size, groups[chosen])
        rows += [(cluster, loop, int(places[p])) for loop, p in enumerate(at) if p >= 0]
    found = pd.DataFrame(rows, columns=["cluster", "loop", "place"]).astype(np.int64)
    return pd.Series(loops, index=layout.homes.index, name="loop"), found


def _next(count: int) -> Ints:
    """Return the units near each on the walk; itself where the walk ends."""
    own = np.arange(count)[:, None] + np.array([1, 2, 3, 4, -1, -2])
    return np.where((own >= 0) & (own < count), own, np.arange(count)[:, None])


def _neighbours(xy: Floats, unit: Ints, size: Ints) -> Ints:
    """Return the nearest units that still have room for others, of each unit; a full unit has no neighbours."""
    open_ = np.flatnonzero(size < 3)
    near = np.tile(np.arange(len(unit))[:, None], (1, NEIGHBOURS))
    if len(open_) > 1:
        few = min(NEIGHBOURS + 1, len(open_))
        found = np.asarray(cKDTree(xy[unit[open_]]).query(np.round(xy[unit[open_]], 3), k=few)[1]).reshape(
            len(open_), few
        )
        near[open_, :few] = open_[found[:, :NEIGHBOURS]] if few <= NEIGHBOURS else open_[found[:, 1:]]
    return near


def _number(loops: Ints, homes_of: dict[int, Ints], members: Ints, unit: Ints, size: Ints, chosen: Ints) -> None:
    """Write the loop of each home: the homes of a building fill its units in order."""
    end = np.zeros(len(members), dtype=np.int64)
    first = np.zeros(len(unit), dtype=np.int64)
    for number, building in enumerate(unit):
        first[number] = end[building]
        end[building] += size[number]
    for loop, units in enumerate(chosen):
        for u in units[units >= 0]:
            loops[homes_of[members[unit[u]]][first[u] : first[u] + size[u]]] = loop


def _table(loops: pd.DataFrame, pairs: pd.DataFrame, packed: gpd.GeoDataFrame, crs: CRS) -> gpd.GeoDataFrame:
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
