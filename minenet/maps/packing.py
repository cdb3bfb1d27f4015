"""Shapes and tables of a whole city in a few bytes: whole steps between points, columns for rows, each text once.

The page's script unpacks them. What is written as steps and columns repeats itself, and packs well.
"""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["Texts", "columns_of", "pack_addresses", "pack_shapes"]

Ints = npt.NDArray[np.int64]


class Texts:
    """Values that are written once and pointed at by number.

    Examples
    --------
    >>> texts = Texts()
    >>> [texts("a"), texts("b"), texts("a")], texts.values
    ([0, 1, 0], ['a', 'b'])
    """

    def __init__(self) -> None:
        self._number: dict[Hashable, int] = {}

    def __call__(self, value: Hashable) -> int:
        """Return the number of a value; one that is new gets the next."""
        return self._number.setdefault(value, len(self._number))

    @property
    def values(self) -> list[Any]:
        """The values by number."""
        return list(self._number)


def columns_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return rows with the same names as columns.

    Examples
    --------
    >>> columns_of([{"a": 1, "b": 2}, {"a": 3, "b": None}])
    {'a': [1, 3], 'b': [2, None]}
    """
    return {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}


def pack_shapes(
    frame: gpd.GeoDataFrame, *, scale: int = 10**6, tolerance: float = 0.0, least_area: float = 0.0
) -> dict[str, Any]:
    """Return outlines, lines or points as whole steps of 1 / `scale` degree.

    Parameters
    ----------
    frame : GeoDataFrame
        Shapes in metres.
    scale : int
        Steps per degree.
    tolerance : float
        How far a drawn outline may lie from the given one [m].
    least_area : float
        Rings of polygons that are smaller than this are not drawn [m2].

    Returns
    -------
    dict
        `scale`; `counts` of points per ring or line; `steps` east and north, the first of each ring from the first of
        the ring before it; `owner`, the row of `frame` that each ring belongs to; `holes`, which rings are holes: they
        follow their outline and run the other way round. A ring is not closed by its first point again.

    Examples
    --------
    >>> square = shapely.box(5.0, 52.0, 5.00001, 52.00002)
    >>> pack_shapes(gpd.GeoDataFrame(geometry=[square], crs=4326))["counts"]
    [4]
    """
    shapes = frame.geometry.to_numpy()
    if tolerance:
        shapes = shapely.simplify(shapes, tolerance)
    rings, owner, hole = _rings(shapes, least_area)
    points, ring = shapely.get_coordinates(
        gpd.GeoSeries(rings, crs=frame.crs).to_crs(4326).to_numpy() if len(rings) else rings, return_index=True
    )
    whole: Ints = np.rint(points * scale).astype(np.int64).reshape(-1, 2)
    closed = shapely.get_type_id(rings) == shapely.GeometryType.LINEARRING if len(rings) else np.zeros(0, dtype=bool)
    last = np.r_[ring[1:] != ring[:-1], np.ones(min(len(ring), 1), dtype=bool)]
    first = np.r_[np.ones(min(len(ring), 1), dtype=bool), last[:-1]]
    same = np.r_[np.zeros(min(len(ring), 1), dtype=bool), (whole[1:] == whole[:-1]).all(axis=1)] & ~first
    kept = ~same & ~(last & closed[ring] & ~first)
    counts = np.bincount(ring[kept], minlength=len(rings))
    drawn = counts >= np.where(closed, 3, 1)
    kept &= drawn[ring]
    whole, start = whole[kept], first[kept]
    steps = np.diff(whole, axis=0, prepend=np.zeros((min(len(whole), 1), 2), dtype=np.int64))
    starts = whole[start]
    steps[start] = np.diff(starts, axis=0, prepend=np.zeros((min(len(starts), 1), 2), dtype=np.int64))
    return {
        "scale": scale,
        "counts": counts[drawn].tolist(),
        "steps": steps.ravel().tolist(),
        "owner": owner[drawn].tolist(),
        "holes": np.flatnonzero(hole[drawn]).tolist(),
    }


def _rings(
    shapes: npt.NDArray[np.object_], least_area: float
) -> tuple[npt.NDArray[np.object_], Ints, npt.NDArray[np.bool_]]:
    """Return rings, lines and points of shapes, near ones after one another, their row, and what is a hole."""
    parts, row = shapely.get_parts(shapes, return_index=True)
    kind = shapely.get_type_id(parts)
    known = np.isin(kind, (shapely.GeometryType.POINT, shapely.GeometryType.LINESTRING, shapely.GeometryType.POLYGON))
    known &= ~shapely.is_empty(parts)
    parts, row = parts[known], row[known]
    corner = shapely.bounds(parts)[:, :2] if len(parts) else np.zeros((0, 2))
    block = np.floor(corner / BLOCK_M).astype(np.int64)
    order = np.lexsort((corner[:, 1], corner[:, 0], block[:, 1], block[:, 0]))
    parts, row = shapely.orient_polygons(parts[order]), row[order]
    polygon = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, part = shapely.get_rings(parts[polygon], return_index=True)
    found = np.concatenate([rings, parts[~polygon]])
    place = np.concatenate([np.flatnonzero(polygon)[part], np.flatnonzero(~polygon)]).astype(np.int64)
    back = np.argsort(place, kind="stable")
    found, place = found[back], place[back]
    closed = shapely.get_type_id(found) == shapely.GeometryType.LINEARRING
    area = np.full(len(found), np.inf)
    area[closed] = shapely.area(shapely.polygons(found[closed])) if closed.any() else []
    kept = area >= least_area
    hole = closed & np.r_[np.zeros(min(len(place), 1), dtype=bool), place[1:] == place[:-1]]
    return found[kept], row[place[kept]], hole[kept]


BLOCK_M = 200.0
"""Shapes in one block of this size [m] are written after one another: the steps between them are short."""


def pack_addresses(addresses: Iterable[Sequence[Any]], *, scale: int) -> dict[str, Any]:
    """Return addresses (text, east, north, cluster, why not) by street: each street once, with its numbers.

    Examples
    --------
    >>> packed = pack_addresses([("Dorp 2", 5.1, 52.1, 0, ""), ("Dorp 1a", 5.1, 52.0, 0, "")], scale=10)
    >>> packed["streets"], packed["numbers"], packed["steps"]
    (['Dorp'], ['1a', '2'], [51, 520, 0, 1])
    """
    parts = [(*_split(str(text)), *rest) for text, *rest in addresses]
    parts.sort(key=lambda one: (one[0], [int(piece) for piece in re.findall(r"[0-9]+", one[1])], one[1]))
    streets, reasons = Texts(), Texts()
    of = [streets(one[0]) for one in parts]
    why = [reasons(one[5]) for one in parts]
    places = np.rint(np.array([one[2:4] for one in parts], dtype="float64").reshape(-1, 2) * scale).astype(np.int64)
    steps = np.diff(places, axis=0, prepend=np.zeros((min(len(places), 1), 2), dtype=np.int64))
    return {
        "scale": scale,
        "streets": streets.values,
        "counts": np.bincount(of, minlength=len(streets.values)).tolist() if of else [],
        "numbers": [one[1] for one in parts],
        "steps": steps.ravel().tolist(),
        "clusters": [one[4] for one in parts],
        "why": why,
        "reasons": reasons.values,
    }


def _split(address: str) -> tuple[str, str]:
    """Return street and number of an address; what has no number is all street.

    Examples
    --------
    >>> _split("Plein 1945 12 bis"), _split("De Hoeve")
    (('Plein 1945', '12 bis'), ('De Hoeve', ''))
    """
    found = re.fullmatch(r"(.*) ([0-9].*)", address, re.DOTALL)
    return (found[1], found[2]) if found else (address, "")
