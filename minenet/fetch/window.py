"""The piece of the world that is fetched: a polygon in true metres, and the strip around it that neighbours need."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyogrio
import shapely
from pyogrio.errors import DataSourceError
from pyproj import CRS

from minenet.errors import InputError
from minenet.sources.guarded import guarded
from minenet.tables import shapes_of

__all__ = ["DUTCH", "MARGIN_M", "Window"]

Truths = npt.NDArray[np.bool_]

DUTCH = CRS.from_epsg(28992)

MARGIN_M = 60.0
"""Streets, ground and buildings are fetched this far around the window: trenches and clearances look over its edge."""

WORLD = CRS.from_epsg(4326)


@dataclass(frozen=True)
class Window:
    """Where homes are looked for: a polygon in a projected CRS.

    Parameters
    ----------
    shape : Polygon or MultiPolygon
        In `crs`. [m]
    crs : CRS
        Projected, in true metres.
    name : str
        What it is called: an address, a municipality, a box.
    """

    shape: shapely.Geometry
    crs: CRS
    name: str = ""

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Box around the window and its strip, to whole metres: the same question gives the same answer from cache."""
        low_x, low_y, high_x, high_y = shapely.bounds(self.shape)
        low = np.floor([low_x - MARGIN_M, low_y - MARGIN_M])
        high = np.ceil([high_x + MARGIN_M, high_y + MARGIN_M])
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    @cached_property
    def wide(self) -> shapely.Geometry:
        """The window with the strip around it."""
        return shapely.buffer(self.shape, MARGIN_M)

    def holds(self, places: gpd.GeoDataFrame | gpd.GeoSeries) -> Truths:
        """Return which rows lie in the window: those of which a point within them does."""
        inner = shapely.point_on_surface(np.asarray(places.geometry.array))
        shapely.prepare(self.shape)  # an outline of a municipality has thousands of corners
        return np.asarray(shapely.contains_properly(self.shape, inner))

    def near(self, places: gpd.GeoDataFrame | gpd.GeoSeries) -> Truths:
        """Return which rows touch the window or the strip around it."""
        shapely.prepare(self.wide)
        return np.asarray(shapely.intersects(self.wide, np.asarray(places.geometry.array)))

    def in_world(self) -> shapely.Geometry:
        """Return the window with its strip, in degrees (EPSG:4326)."""
        return gpd.GeoSeries([self.wide], crs=self.crs).to_crs(WORLD).iloc[0]

    @classmethod
    def of_box(cls, box: tuple[float, float, float, float], *, crs: CRS | str | None = None) -> "Window":
        """Return the window of a box: west, south, east, north; degrees, or metres of the Dutch grid, if `crs` is None.

        Raises
        ------
        InputError
            When it is no box: edges swapped, not finite, or without area.
        """
        if not np.isfinite(box).all() or box[0] >= box[2] or box[1] >= box[3]:
            mend = "Give west, south, east, north: the first smaller than the third, the second than the fourth."
            raise InputError(f"{' '.join(f'{v:g}' for v in box)} is no box", where="--bbox", mend=mend)
        degrees = abs(box[0]) <= 180 and abs(box[2]) <= 180 and abs(box[1]) <= 90 and abs(box[3]) <= 90
        known = CRS.from_user_input(crs) if crs is not None else (WORLD if degrees else DUTCH)
        corners = shapely.segmentize(shapely.box(*box), (box[2] - box[0]) / 16)  # edges bend when reprojected
        return cls.of_shape(corners, known, name=" ".join(f"{v:g}" for v in box))

    @classmethod
    def of_file(cls, path: str | Path) -> "Window":
        """Return the window that the polygons of a file cover together.

        Raises
        ------
        InputError
            When the file cannot be read, or holds no polygon or no CRS.
        """
        path = Path(path)
        if not path.is_file():
            raise InputError("no such file", where=str(path))
        try:
            with guarded(path):
                frame = pyogrio.read_dataframe(path)
        except (DataSourceError, ValueError, RuntimeError) as error:
            raise InputError("cannot be read as a map layer", where=str(path)) from error
        if not isinstance(frame, gpd.GeoDataFrame) or frame.crs is None:
            raise InputError("has no geometry or no coordinate reference system", where=str(path))
        shapes = shapes_of(frame)
        areal = shapes[shapely.get_dimensions(shapes) == 2]
        if not len(areal):
            raise InputError("holds no polygon", where=str(path), mend="Draw the window as a polygon.")
        return cls.of_shape(shapely.union_all(shapely.make_valid(areal)), CRS(frame.crs), name=path.stem)

    @classmethod
    def of_shape(cls, shape: shapely.Geometry, crs: CRS, *, name: str = "") -> "Window":
        """Return the window of a polygon in any CRS, in the Dutch grid or else in the UTM zone it lies in.

        Raises
        ------
        InputError
            When the polygon lies where its CRS is not defined, or has no area.
        """
        world = gpd.GeoSeries([shape], crs=crs).to_crs(WORLD)
        bounds = world.total_bounds
        if not np.isfinite(bounds).all() or shapely.is_empty(shape) or abs(bounds[[1, 3]]).max() > 85:
            raise InputError("lies nowhere on the map", where=f"window {name}", mend="Is its CRS right?")
        here = DUTCH if _is_dutch(world.iloc[0]) else CRS(world.estimate_utm_crs())
        return cls(world.to_crs(here).iloc[0], here, name)


def _is_dutch(shape: shapely.Geometry) -> bool:
    """Whether a shape in degrees lies where the Dutch grid is in true metres (its own area of use)."""
    area = DUTCH.area_of_use
    assert area is not None
    return bool(shapely.box(area.west, area.south, area.east, area.north).covers(shape))
