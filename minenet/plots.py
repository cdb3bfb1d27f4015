"""The own plot of each home, where no parcels are known.

Two ways were measured on `bubenec` (144 buildings on 123 of 407 real plots in Prague, in EPSG:5514). Agreement is the
area that the drawn and the real plot share over the area of both together, averaged with the area of the real plot as
weight; buildings on one plot count as one. `tests/benchmarks/bench_access.py` prints these figures.

=============================================  =========  =======================  ===================
drawn plot                                     agreement  of the real plot, drawn  of the drawn, right
=============================================  =========  =======================  ===================
private land, divided by the nearest home      0.75       0.96                     0.68
ground up to the streets, by the nearest home  0.61       0.96                     0.54
all ground by the nearest home                 0.46       0.96                     0.40
the footprint alone, for comparison            0.74       0.74                     1.00
=============================================  =========  =======================  ===================

So private land is used where a home stands on or beside it, and the ground up to the streets elsewhere; the column
`source` says which. Two things to mind: the file has no land layer, so private land was all its plots dissolved, which
knows the true line along the street; and gardens there are often plots without a building, which no way can tell from
the plot of the nearest home: that is most of what is drawn too much.

A plot depends on homes up to twice its reach away: an area that is cut farther out than that gives the same plots.
"""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.errors import GEOSException

from minenet.assumptions import Sites
from minenet.tables import collected, shapes_of, united

__all__ = ["nearest_ground", "own_plots", "touched"]

Shapes = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

WALL_M = 0.4
"""Outlines are drawn in by this before they are sampled: homes with a common wall then share no point."""

SAMPLE_M = 1.0
"""Largest step between points along an outline."""

DIGITS = 2
"""Decimals of those points [m]: rounded in the map, so that they do not depend on the area; nearer ones are one."""

TOUCH_M = 0.5
"""Ground this near to a home belongs to the same plot."""

PATHS = frozenset({"footway", "path", "cycleway", "bridleway", "steps"})
"""OSM road classes as narrow as a path."""


def own_plots(
    buildings: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame | None = None,
    water: gpd.GeoDataFrame | None = None,
    *,
    assumptions: Sites,
) -> gpd.GeoDataFrame:
    """Draw the own plot of every building that is not a shed.

    Parameters
    ----------
    buildings, streets, land, water : GeoDataFrame
        Layers of an area. A building without dwellings and with a small footprint is a shed: the ground it stands on
        belongs to the nearest other building.
    assumptions : Sites
        Section `sites`.

    Returns
    -------
    GeoDataFrame
        `building_id`, geometry (its footprint included; plots do not overlap beyond the thickness of a wall), `source`
        (`land`: private land; `tessellation`: ground up to the streets). In the order of `buildings`.
    """
    home = _is_home(buildings, assumptions)
    footprints = shapes_of(buildings)[home]
    cells = nearest_ground(footprints, reach_m=assumptions.plot_reach_m)
    on_land = np.zeros(len(footprints), dtype=bool)
    ground = np.empty(len(footprints), dtype=object)
    if land is not None:
        private = shapes_of(land)[(land["ownership"] == "private").fillna(value=False).to_numpy(dtype=bool)]
        on_land = touched(footprints, private)
        ground[on_land] = _common(cells[on_land], np.concatenate([private, shapes_of(buildings)[~home]]))
    outside = _street_ground(streets, assumptions)
    if water is not None:
        outside = np.concatenate([outside, shapes_of(water)])
    ground[~on_land] = _less(cells[~on_land], outside)
    source = np.where(on_land, "land", "tessellation")
    plots = _with_home(ground, footprints)
    columns = {"building_id": buildings["building_id"].to_numpy()[home], "source": source}
    return gpd.GeoDataFrame(columns, geometry=plots, crs=buildings.crs)


def nearest_ground(footprints: Shapes, *, reach_m: float) -> Shapes:
    """Divide ground among buildings: to each what is nearest to it, up to a distance.

    Parameters
    ----------
    footprints : array of Polygon, shape (n,)
        Buildings that have ground.
    reach_m : float
        Ground farther than this from every building goes to none. [m]

    Returns
    -------
    array of Polygon or MultiPolygon, shape (n,)
        Ground of each building, the ground below it included.

    Examples
    --------
    Two houses 10 m apart: the border lies half way.

    >>> ground = nearest_ground(np.array([shapely.box(0, 0, 6, 8), shapely.box(16, 0, 22, 8)]), reach_m=20)
    >>> [bool(g.contains(shapely.Point(x, 4))) for g, x in zip(ground, (10.9, 11.1))]
    [True, True]
    """
    if not len(footprints):
        return np.empty(0, dtype=object)
    xy, owner = _outlines(footprints)
    west, south, east, north = shapely.total_bounds(footprints)
    box = shapely.box(west - reach_m, south - reach_m, east + reach_m, north + reach_m)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.linestrings(xy), extend_to=box, ordered=True))
    ground = _dissolved(cells, owner, len(footprints))
    return np.asarray(shapely.intersection(ground, shapely.buffer(footprints, reach_m)))


def touched(footprints: Shapes, shapes: Shapes) -> Truths:
    """Tell which footprints any of the shapes touches, or nearly."""
    near = np.zeros(len(footprints), dtype=bool)
    near[shapely.STRtree(footprints).query(shapes, predicate="dwithin", distance=TOUCH_M)[1]] = True
    return near


# --- steps ------------------------------------------------------------------------------------------------------------


def _is_home(buildings: gpd.GeoDataFrame, assumptions: Sites) -> Truths:
    lived_in = buildings["dwellings"].fillna(0).to_numpy(dtype=float) > 0
    return np.asarray(lived_in | (shapely.area(shapes_of(buildings)) > assumptions.shed_max_m2))


def _street_ground(streets: gpd.GeoDataFrame, assumptions: Sites) -> Shapes:
    """Return the ground of streets and paths that lie on the ground, from one frontage to the other."""
    lifted = streets["bridge"].fillna(value=False) | streets["tunnel"].fillna(value=False)
    path = streets["road_class"].isin(PATHS)
    half = np.where(path, assumptions.path_half_width_m, assumptions.frontage_m)
    ground = (~lifted).to_numpy(dtype=bool)
    return np.asarray(shapely.buffer(shapes_of(streets)[ground], half[ground], cap_style="flat"))


def _outlines(footprints: Shapes) -> tuple[Floats, Ints]:
    """Return distinct points along the outlines, drawn in a little, and the footprint of each."""
    inner = shapely.buffer(footprints, -WALL_M, join_style="mitre")
    inner = np.where(shapely.is_empty(inner), footprints, inner)
    dense = shapely.segmentize(shapely.boundary(inner), SAMPLE_M)
    xy, owner = shapely.get_coordinates(dense, return_index=True)
    xy = np.round(xy, DIGITS)
    first = np.sort(np.unique(xy, axis=0, return_index=True)[1])
    return xy[first], owner[first]


def _dissolved(cells: Shapes, owner: Ints, count: int) -> Shapes:
    """Return cells that share edges, united per owner."""
    collections = collected(cells, owner, count)[:, None]
    try:
        return np.asarray(shapely.coverage_union_all(collections, axis=1))
    except GEOSException:  # rounding broke a common edge somewhere: the general union is slower and always works
        return np.asarray(shapely.union_all(collections, axis=1))


def _common(cells: Shapes, shapes: Shapes) -> Shapes:
    """Return the ground that each cell shares with any of the shapes."""
    cell, shape = shapely.STRtree(shapes).query(cells, predicate="intersects")
    return united(shapely.intersection(cells[cell], shapes[shape]), cell, len(cells))


def _less(cells: Shapes, shapes: Shapes) -> Shapes:
    """Return cells without the ground of the shapes."""
    cell, shape = shapely.STRtree(shapes).query(cells, predicate="intersects")
    return np.asarray(shapely.difference(cells, united(shapes[shape], cell, len(cells))))


def _with_home(ground: Shapes, footprints: Shapes) -> Shapes:
    """Return the parts of each ground that its home stands on or beside, and the home itself."""
    part, owner = shapely.get_parts(ground, return_index=True)
    beside = (shapely.get_dimensions(part) == 2) & shapely.dwithin(part, footprints[owner], TOUCH_M)
    shapes = np.concatenate([part[beside], footprints])
    return united(shapes, np.concatenate([owner[beside], np.arange(len(footprints))]), len(footprints))
