"""Where the boreholes of every variant stand: more places than needed, ranked in the order in which they are taken."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from minenet.assumptions import Assumptions, Sites
from minenet.design.barred import Barred
from minenet.design.carriers import Layout, Placed
from minenet.design.finding import own_places, packed_places, plot_of_nobody_knows, plots_known, with_plots
from minenet.design.others import OthersGround
from minenet.design.ranking import RING_DEPTH_M, dearness
from minenet.design.sharing import shared_places
from minenet.packing import spread
from minenet.tables import Area, shapes_of

__all__ = ["place"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]

MOST_RING_BOREHOLES = 60


def place(area: Area, layout: Layout, *, assumptions: Assumptions, own: gpd.GeoSeries | None = None) -> Placed:
    """Rank the places for the boreholes of every cluster.

    Parameters
    ----------
    area : Area
        Layers that say where boreholes may not stand.
    layout : Layout
        Clusters and their trenches.
    assumptions : Assumptions
        Sections `sites`, `trenches`, `network` and `costs`.
    own : GeoSeries, optional
        Places of own loops by home, as `own_places` gives them; looked for when not given.

    Raises
    ------
    InputError
        When a fixed borehole stands where none may stand, or two too close to each other.
    """
    sites = assumptions.sites
    count = len(layout.cluster_ids)
    area, _ = with_plots(area, sites)
    packed, plots, refused = packed_places(area, layout.neighbourhood, sites, count=count)
    if own is None:
        own = own_places(area, layout.homes.assign(building_id=_names(layout)), sites)
    if own is not None:
        spots = own.reindex(layout.homes["home_id"]).set_axis(layout.homes.index)
        own = gpd.GeoSeries(spots, crs=area.crs)
    own_unknown = plot_of_nobody_knows(area, shapes_of(layout.buildings))[layout.homes["building"]]
    if own is not None and own_unknown.any():
        refused = {**refused, "count.homes_of_which_the_plot_is_not_known": str(own_unknown.sum())}
    barred, ground = Barred(area), OthersGround(area, layout.neighbourhood)
    packed = _with_branches(packed, layout, barred, ground, sites)
    unjoined = int((packed["fixed"].to_numpy(dtype=bool) & packed["branch"].isna().to_numpy()).sum())
    if unjoined:
        refused = {**refused, "count.fixed_boreholes_without_free_pipe_to_a_ring": str(unjoined)}
    shared, loop_of_home, laterals = shared_places(packed, layout, barred, ground, assumptions)
    capacity = packed.groupby("cluster").size().reindex(range(count), fill_value=0)
    return Placed(
        shared=shared,
        shared_homes=loop_of_home,
        laterals=laterals,
        ring=_ring_places(packed, assumptions),
        own=own,
        own_unknown=own_unknown,
        capacity=capacity,
        plots=plots_known(area, plots, count),
        counts={name: int(number) for name, number in refused.items()},
        barred=barred,
        ground=ground,
    )


def _with_branches(
    packed: gpd.GeoDataFrame, layout: Layout, barred: Barred, ground: OthersGround, sites: Sites
) -> gpd.GeoDataFrame:
    """Return places with the straight line to the trench of their cluster, None where it is too long or not free.

    A line through the plot of somebody who does not take part is not free: another place does as well.
    """
    trench = _trench_of_cluster(layout)
    branch = shapely.shortest_line(shapes_of(packed), trench[packed["cluster"]])
    shut = ~barred.free(branch) | (ground.through(branch, packed["cluster"].to_numpy(dtype=np.int64)) > 0)
    branch[shut | (shapely.length(branch) > sites.lateral_m)] = None
    return packed.assign(branch=branch, place=np.arange(len(packed)))


def _ring_places(packed: gpd.GeoDataFrame, assumptions: Assumptions) -> gpd.GeoDataFrame:
    """Rank the places of each ring net: far from those taken before, and near the trench."""
    places, sites = packed[packed["branch"].notna()].reset_index(drop=True), assumptions.sites
    xy = shapely.get_coordinates(shapes_of(places))
    cost = shapely.length(np.asarray(places["branch"])) + dearness(places, assumptions.costs, wanted_m=RING_DEPTH_M)
    rank = np.full(len(places), -1)
    for members in places.groupby("cluster").indices.values():
        worth = cost[members] / sites.spread_equals_lateral
        taken = spread(xy[members], worth, count=MOST_RING_BOREHOLES, enough_m=sites.enough_spread_m)
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


def _names(layout: Layout) -> npt.NDArray[np.object_]:
    """Return the building of each home."""
    return np.asarray(layout.buildings["building_id"].to_numpy(dtype=object)[layout.homes["building"]])
