"""The rows of all layers on squares of the map: what lies near is read, and nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from minenet.parts import felt_m
from minenet.scale import Work, carried
from minenet.tables import Area, in_order, same_rows_twice, shapes_of

__all__ = ["INDEX", "SIDE_M", "Index", "Squares", "area_of", "bounds_of", "chunks", "square_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SIDE_M = 4000.0
"""Side of the squares: a dense city has some 60,000 homes in one, and what they see around them is as much again."""

EVERYWHERE = -(2**40)
"""Square of rows without a place, which hold everywhere."""

INDEX = "index"


def square_of(shapes: npt.NDArray[np.object_]) -> Ints:
    """Return the square (column and row on the map) in which the middle of each shape's bounding box lies."""
    bounds = shapely.bounds(shapes)
    placed = np.isfinite(bounds).all(axis=1)
    square = np.full((len(shapes), 2), EVERYWHERE, dtype=np.int64)
    middle = (bounds[placed, :2] + bounds[placed, 2:]) / 2
    square[placed] = np.floor(middle / SIDE_M).astype(np.int64)
    return square


def chunks(layer: gpd.GeoDataFrame) -> Iterator[tuple[Ints, gpd.GeoDataFrame]]:
    """Return the rows of a layer by square; those wider than one apart, so that they do not widen what is read."""
    shapes = shapes_of(layer)
    square, bounds = square_of(shapes), _felt(layer)
    wide = (bounds[:, 2:] - bounds[:, :2] > SIDE_M).any(axis=1)
    groups, of = np.unique(np.column_stack([square, wide]), axis=0, return_inverse=True)
    of = of.reshape(-1)
    order = np.argsort(of, kind="stable")
    starts = np.searchsorted(of[order], np.arange(len(groups) + 1))
    for number, group in enumerate(groups):
        rows = order[starts[number] : starts[number + 1]]
        yield group[:2], gpd.GeoDataFrame(layer.iloc[rows].reset_index(drop=True), crs=layer.crs)


def bounds_of(frame: gpd.GeoDataFrame) -> Floats:
    """Return the box in which the rows of a frame matter; not-a-number without any place."""
    bounds = _felt(frame)
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    return np.concatenate([bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)]) if len(bounds) else np.full(4, np.nan)


def _felt(frame: gpd.GeoDataFrame) -> Floats:
    """Return west, south, east and north of where each row matters."""
    felt = felt_m(frame)[:, None]
    return shapely.bounds(shapes_of(frame)) + np.hstack([-felt, -felt, felt, felt])


@carried
@dataclass(frozen=True)
class Index:
    """What stands where.

    Attributes
    ----------
    chunks : DataFrame
        `layer, stage, number` (under which the rows stand in the work folder), `column, row` (square), `west, south,
        east, north` (where the rows matter), `rows`.
    empty : mapping of str to GeoDataFrame
        Every layer that was given, without rows.
    words : mapping of str to GeoDataFrame
        What each layer speaks of anywhere, without ground.
    again : mapping of str to str
        How many rows say again what another file says, by layer.
    notes : mapping of str to str
        What was counted and said of the whole area.
    """

    chunks: pd.DataFrame
    empty: Mapping[str, gpd.GeoDataFrame]
    words: Mapping[str, gpd.GeoDataFrame]
    again: Mapping[str, int]
    notes: Mapping[str, str]


def area_of(layers: Mapping[str, gpd.GeoDataFrame], notes: Mapping[str, str] | None = None) -> Area:
    """Return an area of layers by name."""
    return Area(**dict(layers), provenance=notes or {})


class Squares:
    """Reads rows by place from the work folder of a run in tiles."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.index = _index(work.root, work.signature)

    @property
    def squares(self) -> Ints:
        """Squares in which something lies, in order; their number is their place here."""
        places = self.index.chunks[["column", "row"]].to_numpy(dtype=np.int64)
        return np.unique(places[places[:, 0] != EVERYWHERE], axis=0)

    def near(self, layer: str, bounds: Floats) -> gpd.GeoDataFrame:
        """Return the rows of a layer that may matter in a box, and those that hold everywhere, in their order."""
        c = self.index.chunks
        west, south, east, north = bounds
        meets = (c["west"] <= east) & (c["east"] >= west) & (c["south"] <= north) & (c["north"] >= south)
        return self._read(layer, c[(c["layer"] == layer) & (meets | (c["column"] == EVERYWHERE))])

    def within(self, layer: str, square: Ints) -> gpd.GeoDataFrame:
        """Return the rows of a layer whose middle lies in a square."""
        c = self.index.chunks
        return self._read(layer, c[(c["layer"] == layer) & (c["column"] == square[0]) & (c["row"] == square[1])])

    def _read(self, layer: str, which: pd.DataFrame) -> gpd.GeoDataFrame:
        frames = [
            self._work.kept(stage, number, gpd.GeoDataFrame)
            for stage, number in zip(which["stage"], which["number"], strict=True)
        ]
        if not frames:
            return self.index.empty[layer]
        joined = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=frames[0].crs)
        if layer in self.index.again:  # what two files say is read once
            joined = gpd.GeoDataFrame(joined[~same_rows_twice(joined, layer)], crs=joined.crs)
        return in_order(joined, layer)


@lru_cache(maxsize=1)
def _index(root: Path, signature: str) -> Index:
    return Work(root, signature).kept(INDEX, 0, Index)
