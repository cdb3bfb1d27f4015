"""The window of a part: its own buildings, and all that lies near enough to matter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from minenet.assumptions import Assumptions
from minenet.parts.rule import Parts
from minenet.tables import Area, shapes_of

__all__ = [
    "Beside",
    "Piece",
    "felt_m",
    "halo_m",
    "matter",
    "near_ground",
    "pieces",
    "spoken",
    "window_of_each",
    "with_words",
    "words",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]
Truths = npt.NDArray[np.bool_]

CELL_M = 25.0
"""Ground near buildings is told in squares of this size on the map's own grid: cheap, and the same in every window."""

SPOKEN: Mapping[str, Sequence[str]] = {"zones": ("kind", "effect"), "land": ("ownership",), "parcels": ()}
"""Layers of which it matters what they speak of anywhere, and the columns that say it."""

FELT_M = 100.0
"""Boreholes farther apart than this do not feel each other (see `minenet.design.interference`)."""


@dataclass(frozen=True)
class Piece:
    """What a part is worked on with.

    Attributes
    ----------
    number : int
        Number of the part.
    area : Area
        The area as far as the part sees it: rows whole, in their order.
    homes : GeoDataFrame
        Homes of the window, with `part`.
    buildings : array of str
        Ids of the buildings of the part.
    ground, window : MultiPolygon
        Ground near the buildings of the part, and all that it sees.
    """

    number: int
    area: Area
    homes: gpd.GeoDataFrame
    buildings: npt.NDArray[np.object_]
    ground: shapely.Geometry
    window: shapely.Geometry


def halo_m(assumptions: Assumptions) -> float:
    """Return how far around its buildings a part sees [m].

    Enough for half the longest stretch of trench without homes (of the other half others are nearer), the connection
    at its end, and the streets that run beside it or the water that a pipe leads to; for the boreholes of others that
    those of the part feel, each within reach of its own buildings; and for all that a borehole keeps from.
    """
    clusters, trenches, sites = assumptions.clusters, assumptions.trenches, assumptions.sites
    beside = max(2 * trenches.parallel_m, 2 * trenches.stub_m, assumptions.network.water_reach_m)
    along = clusters.longest_gap_m / 2 + trenches.max_service_m + beside
    felt = FELT_M + 2 * sites.reach_m + sites.spacing_m
    return max(along, felt, sites.reach_m + sites.kept_m, 2 * sites.plot_reach_m)


def felt_m(layer: gpd.GeoDataFrame) -> Floats:
    """Return from how far each row of a layer matters by itself [m]: an obstacle may say how far to keep from it."""
    if "clearance_m" not in layer:
        return np.zeros(len(layer))
    return layer["clearance_m"].fillna(0.0).to_numpy(dtype=np.float64)


def near_ground(shapes: Shapes, *, beyond_m: float = 0.0) -> shapely.Geometry:
    """Return the squares of the map's grid in and around which shapes stand, at least a square's width around them.

    Parameters
    ----------
    shapes : array of Geometry
        Buildings.
    beyond_m : float
        By how much more the squares reach. [m]
    """
    squares = np.unique(np.floor(shapely.bounds(shapes) / CELL_M).astype(np.int64), axis=0)
    low, high = (squares[:, :2] - 1) * CELL_M - beyond_m, (squares[:, 2:] + 2) * CELL_M + beyond_m
    return shapely.union_all(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))


def window_of_each(area: Area, homes: gpd.GeoDataFrame, parts: Parts, assumptions: Assumptions) -> Shapes:
    """Return all that each part sees, as one shape per part."""
    halo = halo_m(assumptions)
    return np.array([near_ground(_own(area, homes, parts, n), beyond_m=halo) for n in range(parts.count)], dtype=object)


def _own(area: Area, homes: gpd.GeoDataFrame, parts: Parts, number: int) -> Shapes:
    """Return the buildings of a part; its homes where it has none."""
    mine = parts.of_building == number
    return np.asarray(shapes_of(area.buildings)[mine] if mine.any() else shapes_of(homes)[parts.of_home == number])


def pieces(
    area: Area,
    homes: gpd.GeoDataFrame,
    parts: Parts,
    assumptions: Assumptions,
    *,
    only: Sequence[int] | None = None,
) -> Iterator[Piece]:
    """Return what each part is worked on with; a single part has the whole area.

    Parameters
    ----------
    area : Area
        The whole area.
    homes : GeoDataFrame
        All dwellings.
    parts : Parts
        As `cut` gives them.
    assumptions : Assumptions
        Sections `clusters`, `trenches`, `network` and `sites`, which say how far a part sees.
    only : sequence of int, optional
        Just these parts.
    """
    homes = homes.assign(part=parts.of_home)
    ids = area.buildings["building_id"].to_numpy(dtype=object)
    trees = {name: shapely.STRtree(shapes_of(layer)) for name, layer in area.layers.items()}
    tree = shapely.STRtree(shapes_of(homes))
    for number in range(parts.count) if only is None else only:
        mine, own = parts.of_building == number, _own(area, homes, parts, number)
        ground, window = near_ground(own), near_ground(own, beyond_m=halo_m(assumptions))
        if parts.count == 1:
            yield Piece(number, area, homes, ids, ground, window)
            continue
        layers = {name: _seen(layer, trees[name], window) for name, layer in area.layers.items()}
        layers = {name: with_words(seen, words(area.layers[name], name)) for name, seen in layers.items()}
        if area.loops is not None:
            wide = shapely.buffer(window, assumptions.checks.loops_within_m)
            layers["loops"] = _seen(area.loops, trees["loops"], wide)
        seen = homes.iloc[np.sort(tree.query(window, predicate="intersects"))].reset_index(drop=True)
        yield Piece(number, Area(**layers, provenance=area.provenance), seen, ids[mine], ground, window)


def _seen(layer: gpd.GeoDataFrame, tree: shapely.STRtree, window: shapely.Geometry) -> gpd.GeoDataFrame:
    """Return the rows of a layer that matter in a window."""
    felt = felt_m(layer).max(initial=0.0)
    west, south, east, north = shapely.bounds(window)
    rows = tree.query(shapely.box(west - felt, south - felt, east + felt, north + felt))
    everywhere = np.flatnonzero(layer.geometry.isna().to_numpy())
    near = gpd.GeoDataFrame(layer.iloc[np.union1d(rows, everywhere)], crs=layer.crs)
    return gpd.GeoDataFrame(near[matter(near, window)].reset_index(drop=True), crs=layer.crs)


def matter(layer: gpd.GeoDataFrame, window: shapely.Geometry) -> Truths:
    """Tell which rows of a layer matter in a window; those without a place hold everywhere."""
    shapes, felt = shapes_of(layer), felt_m(layer)
    shapely.prepare(window)
    near = shapely.is_missing(shapes) | shapely.intersects(window, shapes)
    beyond = np.flatnonzero(~near & (felt > 0.0))
    near[beyond] = shapely.distance(window, shapes[beyond]) <= felt[beyond]
    return np.asarray(near)


def spoken(layer: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Return a row for each thing that a layer speaks of; none of most layers."""
    by = SPOKEN.get(name)
    if by is None:
        return gpd.GeoDataFrame(layer.iloc[:0])
    return gpd.GeoDataFrame(layer.drop_duplicates(by) if by else layer.iloc[:1])


def words(layer: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Return rows without ground for what a layer speaks of, so that a part far from all of it knows.

    What it speaks of anywhere, it answers everywhere: ground outside all bans is not banned, a home on none of the
    parcels has no plot, and ground that is not private is nobody's garden.
    """
    told = spoken(layer, name)
    nowhere = np.full(len(told), shapely.Polygon(), dtype=object)
    return gpd.GeoDataFrame(told.drop(columns="geometry"), geometry=nowhere, crs=layer.crs)


def with_words(seen: gpd.GeoDataFrame, told: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the rows of a window with what its layer speaks of elsewhere."""
    return gpd.GeoDataFrame(pd.concat([seen, told], ignore_index=True), crs=seen.crs) if len(told) else seen


class Beside:
    """What the parts tell each other: frames with a shape per row, one frame per part."""

    def __init__(self, frames: Sequence[gpd.GeoDataFrame]) -> None:
        filled = [frame.assign(part=number) for number, frame in enumerate(frames) if len(frame)]
        self._rows = gpd.GeoDataFrame(pd.concat(filled, ignore_index=True)) if len(filled) > 1 else None
        self._tree = None if self._rows is None else shapely.STRtree(shapes_of(self._rows))

    def near(self, piece: Piece) -> gpd.GeoDataFrame | None:
        """Return what others tell within the window of a part; None where nobody is there."""
        if self._rows is None or self._tree is None:
            return None
        rows = self._rows.iloc[np.sort(self._tree.query(piece.window, predicate="intersects"))]
        others = rows[rows["part"] != piece.number].drop(columns="part")
        return others.reset_index(drop=True) if len(others) else None
