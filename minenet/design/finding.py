"""Where boreholes may stand in every cluster, as many as fit, and where each home could have one of its own.

Free ground comes from `sites`, places in it from `packing`, and `access` says which of them a rig can reach.
"""

from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from minenet.access import RIGS, access_of
from minenet.assumptions import Sites
from minenet.packing import candidates, most
from minenet.plots import own_plots, touched
from minenet.sites import (
    COMMON_M2,
    MARGIN_M,
    Drillable,
    Plots,
    depth_limit,
    disputed,
    drillable_ground,
    fixed_places,
    land_at,
    overlapping,
    own_ground,
)
from minenet.tables import Area, shapes_of

__all__ = ["own_places", "packed_places", "plot_of_nobody_knows", "plots_known", "with_plots"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]
Truths = npt.NDArray[np.bool_]

DIGITS = 3
"""Places are rounded to the millimetre, by which clearances and spacing are widened."""

DRAWN = "drawn"
"""Column of parcels that no cadastre gave."""

OWN_STEP_M = 2.0
"""Step of the places that are tried on an own plot: along the edge of its free ground, and on a grid in the map."""


def with_plots(area: Area, sites: Sites) -> tuple[Area, gpd.GeoDataFrame | None]:
    """Return the area with parcels, and these where they were drawn: private land is cut by the nearest home.

    Ground that no layer calls private stays what it is: of unknown owner. Where private land is known but no home
    stands on it, there is one plot without ground: plots are known, and lie elsewhere.
    """
    if (area.parcels is not None and len(area.parcels)) or area.land is None:
        return area, None
    drawn = own_plots(area.buildings, area.streets, area.land, area.water, assumptions=sites)
    drawn = drawn[drawn["source"] == "land"]
    shapes = shapely.set_precision(shapes_of(drawn), 10.0**-DIGITS)  # far-away homes shift borders by rounding alone
    shapes = shapely.set_precision(shapes, 0.0)  # shapes that remember a grid give it to all that is cut with them
    plots = gpd.GeoDataFrame({"parcel_id": drawn["building_id"], DRAWN: True}, geometry=shapes, crs=area.crs)
    if not len(plots) and _is(area.land["ownership"], "private").any():
        plots = gpd.GeoDataFrame({"parcel_id": [""], DRAWN: True}, geometry=[shapely.Polygon()], crs=area.crs)
    return replace(area, parcels=plots), plots


def plots_known(area: Area, plots: Plots, count: int) -> pd.DataFrame:
    """Return what is known of the plots of each cluster, as `Placed.plots`."""
    source = None if area.parcels is None else "drawn" if DRAWN in area.parcels else "parcels"
    known = pd.Series([source] * count, dtype="str").where(np.isin(np.arange(count), plots.cluster))
    return pd.DataFrame({"source": known, "over": overlapping(plots, count)})


def plot_of_nobody_knows(area: Area, footprints: Shapes) -> Truths:
    """Tell of which buildings it is not known which ground belongs to them.

    It is known where a building stands on a plot. A cadastre gives each building one, so a building beside all that
    were given lies where they do not reach. Where plots were drawn from private land, a building without any, but for
    the ground below it, has none only if all land that touches it has a known owner.

    Parameters
    ----------
    area : Area
        As `with_plots` gives it.
    footprints : array of Polygon, shape (n,)
        Buildings.
    """
    if area.parcels is None:
        return np.ones(len(footprints), dtype=bool)
    drawn, plots = DRAWN in area.parcels, shapes_of(area.parcels)
    building, plot = shapely.STRtree(plots).query(shapely.point_on_surface(footprints), predicate="intersects")
    if drawn:
        around = shapely.area(plots[plot]) - shapely.area(footprints[building]) > COMMON_M2
        building = building[around]
    unknown = np.ones(len(footprints), dtype=bool)
    unknown[building] = False
    if drawn and area.land is not None:
        land, owned = shapes_of(area.land), area.land["ownership"].notna().to_numpy()
        bare = np.flatnonzero(unknown)
        told = touched(footprints[bare], land[owned]) & ~touched(footprints[bare], land[~owned])
        unknown[bare[told]] = False
    return unknown


def packed_places(
    area: Area, buildings: gpd.GeoDataFrame, sites: Sites, *, count: int | None = None
) -> tuple[gpd.GeoDataFrame, Plots, Mapping[str, str]]:
    """Find as many places for boreholes in every cluster as fit.

    Parameters
    ----------
    area : Area
        With parcels where they are known or could be drawn.
    buildings : GeoDataFrame
        Buildings that take part: `building_id`, `cluster` (whole number from 0), footprint; in the order of their ids.
    sites : Sites
        Section `sites`.
    count : int, optional
        Places are found for the first so many clusters, all by default; those behind them only want ground too.

    Returns
    -------
    places : GeoDataFrame
        Points with `cluster`, `fixed` (given by the user), `land` (private, public or unknown), `building` (on whose
        plot it lies, -1 for none), `access` and `max_depth_m` (inf where no zone limits it), ordered by cluster, fixed
        ones first, from west to east.
    plots : Plots
        Whose plots are whose.
    notes : mapping
        Areas, and how many places were refused, by reason (a place counts for the first that applies).
    """
    ground = drillable_ground(area, buildings, assumptions=sites, counted=count)
    fixed, kept = fixed_places(area, buildings, ground, assumptions=sites, counted=count)
    free = _candidates(ground.shapes[:count], sites, area)
    free, refused = _standing(free, area, buildings, ground, fixed, sites)
    fixed = _described(_with_land(fixed.assign(fixed=True), area, ground.plots), area, ground, sites)
    fixed["access"] = fixed["access"].fillna("unknown")  # the user knows more than the map
    places = pd.concat([fixed, _packed(free, sites)], ignore_index=True) if len(fixed) else _packed(free, sites)
    order = np.lexsort((places.geometry.y, places.geometry.x, ~places["fixed"].to_numpy(dtype=bool), places["cluster"]))
    places = gpd.GeoDataFrame(places.iloc[order], crs=area.crs).reset_index(drop=True)
    return places, ground.plots, {**ground.notes, **kept, **refused, "count.places": str(len(places))}


def _candidates(ground: Shapes, sites: Sites, area: Area) -> gpd.GeoDataFrame:
    """Return places to choose from in the ground of every cluster, in an order that depends on the map alone."""
    found = [np.round(candidates(shape, sites.spacing_m + MARGIN_M, lattices=0), DIGITS) for shape in ground]
    cluster = np.repeat(np.arange(len(found)), [len(xy) for xy in found])
    xy = np.concatenate([np.empty((0, 2)), *found])
    order = np.lexsort((xy[:, 1], xy[:, 0], cluster))
    return gpd.GeoDataFrame({"cluster": cluster[order]}, geometry=shapely.points(xy[order]), crs=area.crs)


def _standing(
    places: gpd.GeoDataFrame,
    area: Area,
    buildings: gpd.GeoDataFrame,
    ground: Drillable,
    fixed: gpd.GeoDataFrame,
    sites: Sites,
) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """Return the places that no border, owner or rig refuses, and how many each refused."""
    notes = {"sites.places_tried": str(len(places))}

    def less(reason: str, refused: npt.NDArray[np.bool_], places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        notes[f"sites.refused.{reason}"] = str(int(refused.sum()))
        return places[~refused]

    points, cluster = shapes_of(places), places["cluster"].to_numpy()
    lost = disputed(points, cluster, buildings, ground.plots, assumptions=sites)
    places = less("border_of_another_cluster", lost, places)
    if len(fixed):
        tree = cKDTree(shapely.get_coordinates(shapes_of(fixed)))
        apart = np.asarray(tree.query(shapely.get_coordinates(shapes_of(places)))[0])
        places = less("beside_a_fixed_borehole", apart < sites.spacing_m + MARGIN_M, places)
    places = _with_land(places.assign(fixed=False), area, ground.plots)
    if not sites.use_public_ground:
        places = less("public_ground_not_used", _is(places["land"], "public"), places)
    if not sites.use_unknown_ground:
        places = less("unknown_ground_not_used", _is(places["land"], "unknown"), places)
    places = _described(places, area, ground, sites)
    return less("no_rig_comes_there", places["access"].isna().to_numpy(), places).reset_index(drop=True), notes


def _is(words: pd.Series, word: str) -> npt.NDArray[np.bool_]:
    return np.asarray(words == word, dtype=bool)


def _with_land(places: gpd.GeoDataFrame, area: Area, plots: Plots) -> gpd.GeoDataFrame:
    """Return places with whose land they lie on, and on the plot of which building."""
    land, building = land_at(shapes_of(places), places["cluster"].to_numpy(), area, plots)
    return places.assign(land=land, building=building)


def _described(places: gpd.GeoDataFrame, area: Area, ground: Drillable, sites: Sites) -> gpd.GeoDataFrame:
    """Return places with the largest rig that comes there, and how deep they may go."""
    points = shapes_of(places)
    access = access_of(points, area, assumptions=sites, plots=_fences(area, ground))
    limit = depth_limit(points, area.zones)
    return places.assign(access=access, max_depth_m=limit)


def _fences(area: Area, ground: Drillable) -> gpd.GeoDataFrame | None:
    """Return the plots of each cluster as one, whose members let a rig pass, and those of others; None if unknown."""
    if area.parcels is None or not len(area.parcels):
        return None
    joined = ground.joined[~shapely.is_empty(ground.joined)]
    return gpd.GeoDataFrame(geometry=[*joined, *ground.plots.others], crs=area.crs)


def _packed(places: gpd.GeoDataFrame, sites: Sites) -> gpd.GeoDataFrame:
    """Return as many of the places of each cluster as fit beside each other."""
    xy = shapely.get_coordinates(shapes_of(places))
    taken = [
        np.asarray(group)[most(xy[group], spacing_m=sites.spacing_m + MARGIN_M)]
        for group in places.groupby("cluster").indices.values()
    ]
    return places.iloc[np.concatenate([np.empty(0, dtype=np.int64), *taken])]


# --- a loop of one's own ----------------------------------------------------------------------------------------------


def own_places(area: Area, homes: pd.DataFrame, sites: Sites) -> gpd.GeoSeries | None:
    """Find a place for a loop of its own for every home: on its plot, where there is room and a rig comes.

    Homes that share a plot share its ground: as many get a place as fit, those nearest to one first.

    Parameters
    ----------
    area : Area
        With parcels where they are known or could be drawn.
    homes : DataFrame
        `home_id, building_id` of the homes that may take part.
    sites : Sites
        Section `sites`.

    Returns
    -------
    GeoSeries or None
        A point by `home_id`, None where there is no place; None as a whole where nothing is known of own plots.
    """
    names, at_building = np.unique(homes["building_id"].to_numpy(dtype=object).astype(str), return_inverse=True)
    buildings = area.buildings.set_index("building_id").loc[names, ["geometry"]].reset_index()
    found = own_ground(area, gpd.GeoDataFrame(buildings, crs=area.crs), assumptions=sites)
    if found is None:
        return None
    ground, plot_of_building = found
    points, plot = _tried(ground)
    access = access_of(points, area, assumptions=sites, rigs=RIGS[-1:])  # the smallest comes wherever any comes
    reached = np.array([a is not None for a in access], dtype=bool)
    xy, plot = shapely.get_coordinates(points[reached]), plot[reached]
    order = np.lexsort((xy[:, 1], xy[:, 0], plot))
    places = {int(plot[p[0]]): p for p in np.split(order, _starts(plot[order])) if len(p)}
    plot_of_home = plot_of_building[at_building]
    order = np.argsort(plot_of_home, kind="stable")
    middle = shapely.get_coordinates(shapely.point_on_surface(shapes_of(buildings)))
    spot = np.full((len(homes), 2), np.nan)
    for members in np.split(order, _starts(plot_of_home[order])):
        spots = xy[places.get(int(plot_of_home[members[0]]), [])] if len(members) else xy[:0]
        if len(spots):
            at = middle[at_building[members]]
            home, place = _matched(at, spots, sites.spacing_m + MARGIN_M)
            spot[members[home]] = spots[place]
    shapes = np.full(len(spot), None, dtype=object)
    has = np.isfinite(spot[:, 0])
    shapes[has] = shapely.points(spot[has])
    return gpd.GeoSeries(shapes, index=pd.Index(homes["home_id"]), crs=area.crs)


def _starts(sorted_values: Ints) -> Ints:
    return np.asarray(np.flatnonzero(np.diff(sorted_values)) + 1)


def _matched(homes: Floats, places: Floats, spacing_m: float) -> tuple[Ints, Ints]:
    """Return which homes of one plot get which place: as many as fit, with the shortest ways in all."""
    if len(homes) == 1:
        return np.zeros(1, dtype=np.int64), np.array([cdist(homes, places)[0].argmin()])
    kept = most(places, spacing_m=spacing_m)
    home, place = linear_sum_assignment(cdist(homes, places[kept]))
    return home, kept[place]


def _tried(ground: Shapes) -> tuple[Shapes, Ints]:
    """Return places in the free ground of each plot: along its edge, on a grid in the map, and one well inside."""
    has = np.flatnonzero(~shapely.is_empty(ground))
    shapes = ground[has]
    xy, owner = shapely.get_coordinates(shapely.segmentize(shapely.boundary(shapes), OWN_STEP_M), return_index=True)
    inner = shapely.get_coordinates(shapely.point_on_surface(shapes))
    grid, of_grid = _grid(shapes)
    xy = np.round(np.concatenate([xy, grid, inner]), DIGITS)
    return np.asarray(shapely.points(xy)), has[np.concatenate([owner, of_grid, np.arange(len(has))])]


def _grid(shapes: Shapes) -> tuple[Floats, Ints]:
    """Return the points of a grid that is fixed in the map, inside each shape."""
    bounds = shapely.bounds(shapes) / OWN_STEP_M
    low, high = np.ceil(bounds[:, :2]).astype(np.int64), np.floor(bounds[:, 2:]).astype(np.int64)
    size = np.maximum(high - low + 1, 0)
    count = size[:, 0] * size[:, 1]
    owner = np.repeat(np.arange(len(shapes)), count)
    turn = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    wide = np.maximum(size[owner, 0], 1)
    xy = np.column_stack([low[owner, 0] + turn % wide, low[owner, 1] + turn // wide]) * OWN_STEP_M
    inside = shapely.intersects_xy(shapes[owner], xy)
    return xy[inside], owner[inside]
