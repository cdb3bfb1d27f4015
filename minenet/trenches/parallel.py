"""Lines that run beside another: sidewalks drawn apart, and second carriageways. One trench serves both."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from minenet.tables import shapes_of

__all__ = ["PATHS", "beside_another"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]
Truths = npt.NDArray[np.bool_]

PATHS = frozenset({"footway", "path", "cycleway", "bridleway", "steps"})

ALONG = 0.7
"""A line runs along another when its ends, projected on it, lie at least this share of its length apart."""

BESIDE = 0.9
"""Share of a line that lies near another for it to run beside it."""


def beside_another(lines: gpd.GeoDataFrame, barrier: shapely.STRtree, *, within_m: float) -> Truths:
    """Return which lines run beside a street on the same level, with no barrier between them.

    A path runs beside any street; a street beside a longer one of the same name (the second carriageway).

    Parameters
    ----------
    lines : GeoDataFrame
        `name`, `road` (OSM class), `level`, geometry.
    barrier : STRtree
        What no trench crosses.
    within_m : float
        How near. [m]

    Returns
    -------
    array of bool, shape (n,)

    Examples
    --------
    >>> street = shapely.LineString([(0, 0), (50, 0)])
    >>> along, across = shapely.LineString([(2, 5), (48, 5)]), shapely.LineString([(25, 1), (25, 9)])
    >>> frame = gpd.GeoDataFrame(
    ...     {"name": None, "road": ["residential", *["footway"] * 2], "level": 0.0}, geometry=[street, along, across]
    ... )
    >>> beside_another(frame, shapely.STRtree([]), within_m=10.0)
    array([False,  True, False])
    """
    shapes, road, name = shapes_of(lines), lines["road"].to_numpy(), lines["name"].to_numpy(dtype=object)
    level, length = lines["level"].to_numpy(), shapely.length(shapes)
    path = np.isin(road, list(PATHS))
    middle = shapely.line_interpolate_point(shapes, 0.5, normalized=True)
    line, other = shapely.STRtree(shapes).query(middle, predicate="dwithin", distance=within_m)
    known = np.array([isinstance(n, str) for n in name], dtype=bool)
    rank = np.empty(len(shapes), dtype=np.int64)
    rank[np.lexsort((shapely.to_wkb(shapes, hex=True), -np.round(length, 3)))] = np.arange(len(shapes))
    carriageway = ~path[line] & known[line] & (name[line] == name[other]) & (rank[other] < rank[line])
    fits = (line != other) & (level[line] == level[other]) & ~path[other] & (path[line] | carriageway)
    line, other = line[fits], other[fits]
    fits = _along(shapes[line], shapes[other]) >= ALONG * length[line]
    line, other = line[fits], other[fits]
    near = shapely.buffer(shapes[other], within_m, quad_segs=2)
    fits = shapely.length(shapely.intersection(shapes[line], near)) >= BESIDE * length[line]
    line, other = line[fits], other[fits]
    between = shapely.shortest_line(middle[line], shapes[other])
    shut = np.unique(barrier.query(between, predicate="intersects")[0])
    beside = np.zeros(len(shapes), dtype=bool)
    beside[np.delete(line, shut)] = True
    return beside


def _along(lines: Shapes, others: Shapes) -> Floats:
    """Return how far along another line the ends of each line are apart [m]."""
    at = [shapely.line_locate_point(others, shapely.get_point(lines, i)) for i in (0, -1)]
    return np.asarray(np.abs(at[1] - at[0]))
