"""How many boreholes can fit at most, whatever the placement."""

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from minenet.errors import InputError
from minenet.packing.frame import NOISE_M, ground_of

__all__ = ["bound", "separate"]

Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]

RADII = (0.5, 1 / np.sqrt(3), 1 / np.sqrt(2), 0.5 / np.sin(np.pi / 5), 1.0, 0.5 / np.sin(np.pi / 7))
ROOM = (1, 2, 3, 4, 5, 7)
"""In a circle of a radius below each of these (in spacings) there is room for so many places [3]_ and no more."""

QUARTER = 16
"""Segments per quarter circle in a widened shape."""


def bound(free: shapely.Geometry, spacing_m: float) -> int:
    """Return a number of places, no two closer than the spacing, that no placement in the ground exceeds.

    Of a convex shape of area A and perimeter P it is the whole part of 2 A / (sqrt(3) d^2) + P / (2 d) + 1 [1]_. For
    another, that of its convex hull counts, and the area within d / sqrt(3) of the shape: the part of a Voronoi cell
    within that distance of its place is never smaller than a hexagon of width d [2]_. A circle around small ground
    has room for few [3]_. Parts of a shape are added up.

    Parameters
    ----------
    free : shapely.Geometry
        Polygon or multipolygon, its edge included. [m]
    spacing_m : float
        Least distance d between places. [m]

    Returns
    -------
    int

    Raises
    ------
    InputError
        When the spacing is not a positive number.

    References
    ----------
    .. [1] Oler, N. (1961). An inequality in the geometry of numbers. Acta Mathematica 105, 19-48.
    .. [2] Hales, T. C. (2000). Cannonballs and honeycombs. Notices of the AMS 47(4), 440-449.
    .. [3] Pirl, U. (1969). Der Mindestabstand von n in der Einheitskreisscheibe gelegenen Punkten. Mathematische
       Nachrichten 40, 111-124.

    Examples
    --------
    >>> bound(shapely.box(0, 0, 10, 15), 5.0)  # 2 * 150 / (1.732 * 25) + 50 / 10 + 1 = 12.9
    12
    """
    if not (np.isfinite(spacing_m) and spacing_m > 0):
        raise InputError(f"a spacing of {spacing_m} m", mend="Give a positive number of metres.")
    ground = ground_of(free)
    return sum(_together(part, spacing_m) for part in separate(ground, spacing_m))


def separate(ground: shapely.MultiPolygon, spacing_m: float) -> list[shapely.MultiPolygon]:
    """Return the parts of the ground that are a spacing or more apart: a place in one closes none in another."""
    parts = shapely.get_parts(ground)
    if len(parts) < 2:
        return [ground] if len(parts) else []
    pairs = shapely.STRtree(parts).query(parts, predicate="dwithin", distance=spacing_m + NOISE_M)
    links = csr_array((np.ones(pairs.shape[1]), (pairs[0], pairs[1])), shape=(len(parts), len(parts)))
    count, group = connected_components(links, directed=False)
    return [shapely.multipolygons(parts[group == i]) for i in range(count)]


def _together(ground: shapely.MultiPolygon, spacing_m: float) -> int:
    """Return the bound of parts that lie near each other."""
    parts = shapely.get_parts(ground)
    each = np.minimum(_convex(shapely.convex_hull(parts), spacing_m), _cells(parts, spacing_m))
    if len(parts) == 1:
        return int(each[0])
    whole = np.array([ground], dtype=object)
    together = np.minimum(_convex(shapely.convex_hull(whole), spacing_m), _cells(whole, spacing_m))
    return int(min(each.sum(), together[0]))


def _convex(hulls: Shapes, spacing_m: float) -> Ints:
    """Return Oler's bound of convex shapes, and that of the smallest circle around them where it is less."""
    oler = 2 * shapely.area(hulls) / (np.sqrt(3) * spacing_m**2) + shapely.length(hulls) / (2 * spacing_m) + 1
    radius = shapely.minimum_bounding_radius(hulls) / spacing_m * (1 + 1e-9) + 1e-9
    in_circle = np.array([*ROOM, np.inf])[np.searchsorted(RADII, radius, side="right")]
    return np.asarray(np.minimum(_whole(oler), in_circle), dtype=np.int64)


def _cells(shapes: Shapes, spacing_m: float) -> Ints:
    """Return how many hexagons the surroundings of shapes have room for."""
    outside = 1 / np.cos(np.pi / (4 * QUARTER))  # the drawn circle then encloses the true one
    wide = shapely.buffer(shapes, spacing_m / np.sqrt(3) * outside, quad_segs=QUARTER)
    return _whole(shapely.area(wide) * 2 / (np.sqrt(3) * spacing_m**2))


def _whole(number: npt.ArrayLike) -> Ints:
    return np.asarray(np.floor(np.asarray(number) * (1 + 1e-9) + 1e-9), dtype=np.int64)
