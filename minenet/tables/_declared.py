"""How a layer is declared as data: columns, types, units, bounds, meaning; and how a frame is brought to that form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS

Kind = Literal["text", "whole", "number", "truth"]

DTYPES: dict[Kind, str] = {"text": "str", "whole": "Int64", "number": "float64", "truth": "boolean"}

VARIANTS = ("shared_loops", "ring_net", "ring_net_collective", "ring_net_aquathermal")
"""Ways to build a mini heat network, in the order in which ties are decided."""

OF_WATER = ("ring_net_aquathermal",)
"""Those of which the source is surface water: nothing is drilled, and nothing taken from the ground."""

REFERENCES = ("gas_boiler", "air_heat_pump", "own_loops")
"""What every variant is compared with, home by home."""


@dataclass(frozen=True)
class Column:
    """One column: its name (ending in its unit), kind and meaning.

    `minimum` and `maximum` bound numbers; `values` lists the words a text column may hold (None = any).
    """

    name: str
    kind: Kind
    about: str
    needed: bool = False
    values: tuple[str, ...] | None = None
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Table:
    """One layer: its name, the geometry it accepts (None = none, empty = any) and its columns."""

    name: str
    geometry: tuple[str, ...] | None
    about: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> str | None:
        """Name of the identifying column, when the table has one."""
        return next((c.name for c in self.columns if c.needed and c.name.endswith("_id")), None)

    @property
    def column(self) -> Mapping[str, Column]:
        """Columns by name."""
        return {c.name: c for c in self.columns}


POLYGON = ("Polygon", "MultiPolygon")
LINE = ("LineString", "MultiLineString")
POINT = ("Point", "MultiPoint")
ANY = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")

MAIN_ROADS = ("motorway", "trunk", "primary")
"""OSM road classes that a trench never crosses; a `_link` counts as its parent."""


def text(name: str, about: str, values: tuple[str, ...] | None = None, *, needed: bool = False) -> Column:
    return Column(name, "text", about, needed, values)


def whole(
    name: str, about: str, minimum: float | None = 0, maximum: float | None = None, *, needed: bool = False
) -> Column:
    return Column(name, "whole", about, needed, None, minimum, maximum)


def number(
    name: str, about: str, minimum: float | None = 0, maximum: float | None = None, *, needed: bool = False
) -> Column:
    return Column(name, "number", about, needed, None, minimum, maximum)


def truth(name: str, about: str) -> Column:
    return Column(name, "truth", about)


MOST_DWELLINGS = 20_000
"""More dwellings than this in one building are a mistake in the data."""

MOST_GAS_M3, MOST_HEAT_KWH = 100_000, 1_000_000
"""More than this for one dwelling in a year, a hundred times the usual, is a mistake in the data or its unit."""

USES = ("residential", "other")
OUTCOMES = ("ok", "attention", "blocked", "unknown")
VERDICTS = ("promising", "investigate", "excluded")
HOME_TYPES = ("terraced_middle", "terraced_end", "semi_detached", "detached", "apartment")
ALL_VARIANTS = VARIANTS + REFERENCES


def empty(table: Table, crs: CRS | None = None) -> gpd.GeoDataFrame | pd.DataFrame:
    """Return a frame of `table` without rows, every column in its declared type.

    Examples
    --------
    >>> list(empty(Table("notes", None, "", (text("key", ""), text("value", "")))).columns)
    ['key', 'value']
    """
    frame = pd.DataFrame({c.name: pd.Series([], dtype=DTYPES[c.kind]) for c in table.columns})
    return frame if table.geometry is None else gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([], crs=crs), crs=crs)


def typed(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return `frame` with the declared columns first, in their declared types; absent ones are null.

    Examples
    --------
    >>> typed(pd.DataFrame({"key": ["version"]}), Table("notes", None, "", (text("key", ""), text("value", ""))))
           key value
    0  version   NaN
    """
    columns = {
        c.name: frame[c.name].astype(DTYPES[c.kind])  # type: ignore[call-overload]
        if c.name in frame
        else pd.Series(index=frame.index, dtype=DTYPES[c.kind])
        for c in table.columns
    }
    more = [c for c in frame.columns if c not in columns]
    return frame.assign(**columns)[[*columns, *more]]


def shapes_of(frame: gpd.GeoDataFrame) -> npt.NDArray[np.object_]:
    """Return the geometries of a frame as an array, the form in which shapely works on all of them at once."""
    return np.asarray(frame.geometry.array)


def single_parts(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return shapes with Multi forms of one part made single; files know only one kind per layer."""
    multi = (shapely.get_num_geometries(shapes) == 1) & (shapely.get_type_id(shapes) >= shapely.GeometryType.MULTIPOINT)
    single = shapes.copy()
    single[multi] = shapely.get_geometry(shapes[multi], 0)
    return single


def united(shapes: npt.NDArray[np.object_], owner: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.object_]:
    """Return one shape for each of `count` owners, the union of what it owns; an empty one where it owns nothing.

    Examples
    --------
    >>> squares = np.array([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 7, 7), shapely.box(1, 0, 3, 1)])
    >>> shapely.area(united(squares, np.array([0, 1, 0]), 3)).tolist()
    [3.0, 4.0, 0.0]
    """
    return np.asarray(shapely.union_all(collected(shapes, owner, count)[:, None], axis=1))


def joined(frames: Sequence[Any]) -> Any:
    """Return frames with the same columns as one, with a new index; without rows the first speaks for all."""
    filled = [frame for frame in frames if len(frame)] or list(frames[:1])
    return pd.concat(filled, ignore_index=True) if len(filled) > 1 else filled[0]


def collected(shapes: npt.NDArray[np.object_], owner: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.object_]:
    """Return the shapes of each of `count` owners as one collection, in the order in which they came."""
    order = np.argsort(owner, kind="stable")
    collections = np.full(count, None, dtype=object)
    shapely.geometrycollections(shapes[order], indices=owner[order], out=collections)
    collections[shapely.is_missing(collections)] = shapely.GeometryCollection()
    return collections
