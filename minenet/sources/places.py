"""An area of which only what lies near a box is read or handed out."""

from collections.abc import Collection, Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from minenet.sources.areas import read_area
from minenet.sources.many import Bounds, bounds_said, meet, wider
from minenet.sources.tiles import TileFile, in_tiles, read_tile, tile_files
from minenet.tables import (
    AREA_TABLES,
    NEEDED_LAYERS,
    Area,
    arrived,
    empty,
    in_order,
    joined,
    same_rows_twice,
    shapes_of,
)

__all__ = ["AreaInTiles", "AreaWhole", "area_by_place"]

MOST_KEPT = 300_000
"""Rows of files that are kept in memory: the next box mostly touches the same files."""

Square = tuple[int, int]


class AreaWhole:
    """An area in memory, of which only what lies near is handed out."""

    def __init__(self, area: Area) -> None:
        self._area = area

    def near(self, box: Bounds, layers: Collection[str] = tuple(AREA_TABLES)) -> Area:
        """Return the rows of some layers that may matter in a box, and those that hold everywhere."""
        frames = {
            name: _near(frame, wider(box, _felt(name))) for name, frame in self._area.layers.items() if name in layers
        }
        return _area_of(frames, self._area.crs)

    def has_rows(self, name: str) -> bool:
        """Tell whether a layer was given and has any row."""
        layer = getattr(self._area, name)
        return layer is not None and len(layer) > 0

    def squares(self, side_m: float) -> set[Square]:
        """Return the squares of the map, of one size, in which buildings or addresses lie."""
        layers = (self._area.buildings, self._area.addresses)
        return {square for layer in layers if layer is not None for square in _squares_of(layer, side_m)}


class AreaInTiles:
    """An area in tiles, of which only files that touch a box are read, each whole.

    Parameters
    ----------
    path : str or Path
        Folder with a folder of files per layer.
    crs : CRS
        In which the area was assessed.
    mapping : str or Path, optional
        As for `read_area`.

    Raises
    ------
    InputError, AssumptionError
        As `tile_files` does.
    """

    def __init__(self, path: str | Path, crs: CRS, *, mapping: str | Path | None = None) -> None:
        self._crs = crs
        self._kept: dict[str, gpd.GeoDataFrame] = {}
        self._files: dict[str, list[tuple[TileFile, Bounds | None]]] = {}
        for tile in tile_files(path, mapping=mapping)[0]:
            self._files.setdefault(tile.table, []).append((tile, self._bounds(tile)))

    def near(self, box: Bounds, layers: Collection[str] = tuple(AREA_TABLES)) -> Area:
        """Return the rows of some layers, checked and repaired, that may matter in a box or hold everywhere.

        Raises
        ------
        InputError
            As `read_area` does.
        """
        layers = [name for name in self._files if name in layers]
        return _area_of({name: self._layer(name, box) for name in layers}, self._crs)

    def has_rows(self, name: str) -> bool:
        """Tell whether a layer was given and has any row."""
        return any(len(self._read(tile)) for tile, _ in self._files.get(name, []))

    def squares(self, side_m: float) -> set[Square]:
        """Return the squares of the map, of one size, in which buildings or addresses lie."""
        tiles = [tile for layer in ("buildings", "addresses") for tile, _ in self._files.get(layer, [])]
        return {square for tile in tiles for square in _squares_of(self._read(tile), side_m)}

    def _layer(self, name: str, box: Bounds) -> gpd.GeoDataFrame:
        """Return the rows of a layer that may matter in a box, checked and repaired."""
        box = wider(box, _felt(name))
        here = [tile for tile, bounds in self._files[name] if bounds is None or meet(bounds, box)]
        if not here:
            return gpd.GeoDataFrame(empty(AREA_TABLES[name], self._crs))
        layer = gpd.GeoDataFrame(joined([_near(self._read(tile), box) for tile in here]))
        return in_order(gpd.GeoDataFrame(layer[~same_rows_twice(layer, name)]), name)

    def _read(self, tile: TileFile) -> gpd.GeoDataFrame:
        """Return the rows of a file, checked and repaired; those of a few files are kept for the next box."""
        layer = self._kept.pop(tile.name, None)
        if layer is None:
            frame, notes = read_tile(tile)
            layer = arrived(frame, tile.table, crs=self._crs, notes=notes)
        self._kept[tile.name] = layer  # now the last one read
        while sum(map(len, self._kept.values())) > MOST_KEPT and len(self._kept) > 1:
            del self._kept[next(iter(self._kept))]
        return layer

    def _bounds(self, tile: TileFile) -> Bounds | None:
        """Return the box around the rows of a file, None where some hold everywhere or it has none."""
        said = None if tile.table == "zones" else bounds_said(tile.path, self._crs)
        return said or _bounds_of(self._read(tile))


def area_by_place(path: str | Path, crs: CRS, *, mapping: str | Path | None = None) -> AreaInTiles | AreaWhole:
    """Return an area of which what lies near a box can be had; only one in tiles need not fit in memory."""
    if in_tiles(path, mapping=mapping):
        return AreaInTiles(path, crs, mapping=mapping)
    return AreaWhole(read_area(path, mapping=mapping))


def _felt(name: str) -> float:
    """Return from how far rows of a layer may matter [m]: an obstacle may say how far to keep from it."""
    return next((c.maximum or 0.0 for c in AREA_TABLES[name].columns if c.name == "clearance_m"), 0.0)


def _squares_of(layer: gpd.GeoDataFrame, side_m: float) -> set[Square]:
    bounds = shapely.bounds(shapes_of(layer))
    squares = np.unique(np.floor((bounds[:, :2] + bounds[:, 2:]) / 2 / side_m).astype(np.int64), axis=0)
    return {(int(column), int(row)) for column, row in squares}


def _bounds_of(layer: gpd.GeoDataFrame) -> Bounds | None:
    bounds = shapely.bounds(shapes_of(layer))
    if not len(bounds) or not np.isfinite(bounds).all():
        return None
    (west, south), (east, north) = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def _near(layer: gpd.GeoDataFrame, box: Bounds) -> gpd.GeoDataFrame:
    """Return rows that may touch a box, and those without a place: they hold everywhere."""
    west, south, east, north = shapely.bounds(shapes_of(layer)).T
    away = (west > box[2]) | (east < box[0]) | (south > box[3]) | (north < box[1])  # never true of not-a-number
    return gpd.GeoDataFrame(layer[~away].reset_index(drop=True), crs=layer.crs)


def _area_of(layers: Mapping[str, gpd.GeoDataFrame], crs: CRS) -> Area:
    needed = {name: gpd.GeoDataFrame(empty(AREA_TABLES[name], crs)) for name in NEEDED_LAYERS}
    return Area(**{**needed, **layers}, provenance={})
