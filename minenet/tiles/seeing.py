"""Fourth step of a run in tiles: every part gets its piece of the map, read from the squares around it."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from minenet.assumptions import Assumptions
from minenet.parts import Piece, halo_m, matter, near_ground, with_words
from minenet.scale import PIECES, Job, Work
from minenet.tables import shapes_of
from minenet.tiles.cutting import CUT, PLAN, Cut, Plan
from minenet.tiles.finding import HOMES
from minenet.tiles.squares import Squares, area_of
from minenet.timing import Timings

__all__ = ["WINDOWS", "See", "homes_of_part"]

WINDOWS = "windows"


@dataclass(frozen=True)
class See(Job):
    """Put together what one part is worked on with."""

    assumptions: Assumptions

    def stands(self, work: Work) -> bool:
        """Tell whether the piece and its window stand there as they were written."""
        return work.digest(PIECES, self.number) is not None and work.digest(WINDOWS, self.number) is not None

    def carry_out(self, work: Work, timings: Timings) -> None:
        """Write the piece, and its window for the leader."""
        with timings.step("parts"):
            piece = self._piece(work)
        work.keep(PIECES, self.number, piece)
        work.keep(WINDOWS, self.number, gpd.GeoSeries([piece.window]))

    def _piece(self, work: Work) -> Piece:
        squares, plan = Squares(work), work.kept(PLAN, 0, Plan)
        mine = plan.parts.loc[plan.parts["part"] == self.number, "square"].tolist()
        cuts = pd.concat([work.kept(CUT, number, Cut).buildings for number in mine], ignore_index=True)
        ids = np.sort(cuts.loc[cuts["part"] == self.number, "building_id"].to_numpy(dtype=object).astype(str))
        buildings = [squares.within("buildings", squares.squares[number]) for number in mine]
        own = np.concatenate([shapes_of(b)[b["building_id"].isin(ids).to_numpy()] for b in buildings])
        ground, window = near_ground(own), near_ground(own, beyond_m=halo_m(self.assumptions))
        layers = {name: _seen(squares, name, window) for name in squares.index.empty}
        layers = {name: with_words(seen, squares.index.words[name]) for name, seen in layers.items()}
        if "loops" in layers:
            layers["loops"] = _seen(squares, "loops", shapely.buffer(window, self.assumptions.checks.loops_within_m))
        homes = _homes_near(work, plan, window)
        area = area_of(layers, squares.index.notes)
        return Piece(self.number, area, homes, ids.astype(object), ground, window)


def _seen(squares: Squares, name: str, window: shapely.Geometry) -> gpd.GeoDataFrame:
    """Return the rows of a layer that matter in a window."""
    layer = squares.near(name, shapely.bounds(window))
    return gpd.GeoDataFrame(layer[matter(layer, window)].reset_index(drop=True), crs=layer.crs)


def _homes_near(work: Work, plan: Plan, window: shapely.Geometry) -> gpd.GeoDataFrame:
    """Return the homes in a window, with `part`."""
    west, south, east, north = shapely.bounds(window)
    low, high = plan.homes[["west", "south"]].to_numpy(), plan.homes[["east", "north"]].to_numpy()
    near = np.flatnonzero((low <= [east, north]).all(axis=1) & (high >= [west, south]).all(axis=1))
    homes = _with_part(work, near.tolist())
    inside = shapely.intersects(window, shapes_of(homes))
    return gpd.GeoDataFrame(homes[inside].sort_values("home_id", ignore_index=True), crs=homes.crs)


def _with_part(work: Work, squares: Sequence[int]) -> gpd.GeoDataFrame:
    frames = []
    for number in squares:
        homes, cut = work.kept(HOMES, number, gpd.GeoDataFrame), work.kept(CUT, number, Cut)
        by_building = homes["building_id"].map(cut.buildings.set_index("building_id")["part"])
        by_home = homes["home_id"].map(cut.homeless.set_index("home_id")["part"])
        frames.append(homes.assign(part=by_building.fillna(by_home).astype(np.int64)))
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=frames[0].crs)


def homes_of_part(work: Work, number: int) -> gpd.GeoDataFrame:
    """Return the homes of one part; they are there even when its piece could not be made."""
    plan = work.kept(PLAN, 0, Plan)
    homes = _with_part(work, plan.parts.loc[plan.parts["part"] == number, "square"].tolist())
    return gpd.GeoDataFrame(homes[homes["part"] == number].drop(columns="part").reset_index(drop=True), crs=homes.crs)
