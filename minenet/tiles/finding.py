"""Second step of a run in tiles: the homes of every square, and which of its buildings could share a cluster."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from minenet.assess import found_homes
from minenet.assumptions import Assumptions
from minenet.homes import ID_REACH_M, Own
from minenet.parts import links, seen_m, wished
from minenet.scale import Job, Work, carried
from minenet.tables import Area, shapes_of
from minenet.tiles.squares import Squares, area_of, bounds_of, square_of
from minenet.timing import Timings

__all__ = ["FOUND", "HOMES", "Find", "Found"]

FOUND, HOMES = "found", "homes"

BY_LAYER = ("buildings", "streets", "water", "barriers", "crossings", "addresses")
"""Layers that homes and links are found by."""


@carried
@dataclass(frozen=True)
class Found:
    """What the leader of a run must know of a square.

    Attributes
    ----------
    buildings : DataFrame
        `building_id, x, y` (a point in it), `homes` (0 in a shed).
    links : DataFrame
        `one, other`: buildings that may share a cluster; `times`: at how many places they meet.
    wishes : DataFrame
        `building_id, wish`: what the user wants together.
    homeless : DataFrame
        `home_id, x, y` of dwellings without a building.
    first : DataFrame
        `building_id, home_id`: the first home in each building.
    bounds : array (4,)
        Of the homes.
    notes : mapping of str to str
        What was counted.
    """

    buildings: pd.DataFrame
    links: pd.DataFrame
    wishes: pd.DataFrame
    homeless: pd.DataFrame
    first: pd.DataFrame
    bounds: np.ndarray
    notes: Mapping[str, str]


@dataclass(frozen=True)
class Find(Job):
    """Find the homes and links of one square."""

    column: int
    row: int
    assumptions: Assumptions

    def stands(self, work: Work) -> bool:
        """Tell whether both outcomes stand there as they were written."""
        return work.digest(HOMES, self.number) is not None and work.digest(FOUND, self.number) is not None

    def carry_out(self, work: Work, timings: Timings) -> None:
        """Write the homes, and what the leader must know."""
        squares = Squares(work)
        with timings.step("homes"):
            area = self._around(squares)
            own = Own(self._mine(area.buildings), self._mine(area.addresses))
            found = found_homes(area, self.assumptions, own=own)
            ids = area.buildings["building_id"]
            of = pd.Index(ids).get_indexer(found.homes["building_id"].fillna(""))
            mine = np.where(of >= 0, own.buildings[of] if len(ids) else False, self._mine(found.homes))
        with timings.step("parts"):
            linked = self._links(area, own, np.unique(of[of >= 0]))
        homes = gpd.GeoDataFrame(found.homes[mine].reset_index(drop=True), crs=found.homes.crs)
        work.keep(HOMES, self.number, homes)
        work.keep(FOUND, self.number, _light(area.buildings[own.buildings], homes, linked, found.notes))

    @property
    def _square(self) -> np.ndarray:
        return np.array([self.column, self.row])

    def _mine(self, layer: gpd.GeoDataFrame | None) -> np.ndarray:
        if layer is None:
            return np.zeros(0, dtype=bool)
        return np.asarray((square_of(shapes_of(layer)) == self._square).all(axis=1))

    def _around(self, squares: Squares) -> Area:
        layers = _layers(squares)
        own = [squares.within(name, self._square) for name in ("buildings", "addresses") if name in layers]
        bounds = np.array([bounds_of(layer) for layer in own])
        if np.isnan(bounds).all():  # nobody lives here
            given = squares.index.empty
        else:
            # whether a building that its own are linked to has homes depends on addresses around that one
            around = seen_m(self.assumptions) + ID_REACH_M
            low, high = np.nanmin(bounds[:, :2], axis=0) - around, np.nanmax(bounds[:, 2:], axis=0) + around
            window = np.concatenate([low, high])
            given = {name: squares.near(name, window) for name in layers}
        return area_of({name: layer for name, layer in given.items() if name in layers})

    def _links(self, area: Area, own: Own, lived_in: np.ndarray) -> pd.DataFrame:
        """Return the links whose first building, in the order of ids, lies in the square."""
        ids = area.buildings["building_id"].to_numpy(dtype=object)
        found = np.empty((0, 3), dtype=np.int64)
        if own.buildings[lived_in].any():
            found = links(area, shapes_of(area.buildings)[lived_in], self.assumptions)
        found = found[own.buildings[lived_in[found[:, 0]]]]
        one, other = (pd.Series(ids[lived_in[end]], dtype="str") for end in found[:, :2].T)
        return pd.DataFrame({"one": one, "other": other, "times": found[:, 2]})


def _layers(squares: Squares) -> list[str]:
    """Return the layers to find homes and links by: addresses only where the area has one, else buildings tell."""
    filled = set(squares.index.chunks["layer"])
    return [name for name in BY_LAYER if name in squares.index.empty and (name != "addresses" or name in filled)]


def _light(
    buildings: gpd.GeoDataFrame, homes: gpd.GeoDataFrame, linked: pd.DataFrame, notes: Mapping[str, str]
) -> Found:
    x, y = shapely.get_coordinates(shapely.point_on_surface(shapes_of(buildings))).T
    count = homes["building_id"].value_counts()
    weight = buildings["building_id"].map(count).fillna(0).to_numpy(dtype=np.int64)
    homeless = homes[homes["building_id"].isna()]
    at = shapely.get_coordinates(shapes_of(homeless))
    housed = homes[homes["building_id"].notna()]
    first = housed[["building_id", "home_id"]].drop_duplicates("building_id")  # homes come in the order of their ids
    return Found(
        pd.DataFrame({"building_id": buildings["building_id"].to_numpy(), "x": x, "y": y, "homes": weight}),
        linked,
        wished(housed).reset_index(drop=True),
        pd.DataFrame({"home_id": homeless["home_id"].to_numpy(), "x": at[:, 0], "y": at[:, 1]}),
        first.reset_index(drop=True),
        bounds_of(homes),
        notes,
    )
