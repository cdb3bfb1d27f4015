"""Third step of a run in tiles: the leader cuts the whole into parts, by points, weights and links alone."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from minenet.errors import InputError
from minenet.parts import chained, divided, numbers
from minenet.scale import Work, carried
from minenet.tiles.arriving import added
from minenet.tiles.finding import FOUND, Found

__all__ = ["CUT", "PLAN", "Cut", "Plan", "cut_squares"]

CUT, PLAN = "cut", "plan"


@carried
@dataclass(frozen=True)
class Cut:
    """Which part has what of a square: `building_id, part` and, of dwellings without a building, `home_id, part`."""

    buildings: pd.DataFrame
    homeless: pd.DataFrame


@carried
@dataclass(frozen=True)
class Plan:
    """Which squares each part has buildings or homes in.

    Attributes
    ----------
    parts : DataFrame
        `part, square`.
    homes : DataFrame
        `west, south, east, north` of the homes of each square.
    """

    parts: pd.DataFrame
    homes: pd.DataFrame

    @property
    def count(self) -> int:
        """Number of parts."""
        return int(self.parts["part"].max()) + 1


def cut_squares(work: Work, count: int, sizes: dict[str, int]) -> tuple[Plan, dict[str, str]]:
    """Cut what all squares found into parts, and keep for every square what is whose.

    The leader has a name, two coordinates, a weight and some five links per building, and nothing else of the whole.

    Parameters
    ----------
    work : Work
        Where the squares' outcomes stand.
    count : int
        Number of squares.
    sizes : dict of str to int
        `most_homes` and `enough_homes`, where they are not those of the rule.

    Returns
    -------
    plan : Plan
        Kept for the workers too.
    notes : dict of str to str
        What was counted in all squares, and parts.

    Raises
    ------
    InputError
        When there is no dwelling at all, or two bear one name.
    """
    found = [_without_links(work.kept(FOUND, number, Found)) for number in range(count)]
    buildings = pd.concat([f.buildings.assign(square=n) for n, f in enumerate(found)], ignore_index=True)
    homeless = pd.concat([f.homeless.assign(square=n) for n, f in enumerate(found)], ignore_index=True)
    first = pd.concat([f.first for f in found], ignore_index=True)
    homes = int(buildings["homes"].sum()) + len(homeless)
    if not len(first):
        mend = "Give `dwellings` or `use` (residential / other) in `buildings`, or a layer `addresses`."
        raise InputError("there is not one dwelling in a building here", where="layer `buildings`", mend=mend)
    lived = buildings[buildings["homes"] > 0].sort_values("building_id", ignore_index=True)
    names = pd.Index(lived["building_id"])
    links = [_positions(names, work.kept(FOUND, number, Found).links) for number in range(count)]
    wishes = pd.concat([f.wishes for f in found], ignore_index=True).drop_duplicates()
    wishes["building"] = names.get_indexer(wishes["building_id"])
    points, weight = lived[["x", "y"]].to_numpy(), lived["homes"].to_numpy(dtype=np.int64)
    split = divided(points, weight, np.concatenate([*links, chained(wishes)]), homes, **sizes)
    buildings["part"] = split.nearest(buildings[["x", "y"]].to_numpy())
    position = names.get_indexer(buildings["building_id"])
    buildings.loc[position >= 0, "part"] = split.part[position[position >= 0]]
    homeless["part"] = split.nearest(homeless[["x", "y"]].to_numpy())
    first["part"] = split.part[names.get_indexer(first["building_id"])]
    both = pd.concat([first[["part", "home_id"]], homeless[["part", "home_id"]]], ignore_index=True)
    number = numbers(both["part"], both["home_id"])
    buildings["part"], homeless["part"] = number[buildings["part"]], number[homeless["part"]]
    _keep_cut(work, buildings, homeless, count)
    where = pd.concat([buildings[["part", "square"]], homeless[["part", "square"]]]).drop_duplicates()
    bounds = pd.DataFrame([f.bounds for f in found], columns=["west", "south", "east", "north"])
    plan = Plan(where.sort_values(["part", "square"], ignore_index=True), bounds)
    work.keep(PLAN, 0, plan)
    return plan, added([split.notes, *(f.notes for f in found)])


def _without_links(found: Found) -> Found:
    """Return what is kept of all squares at once; links of a country by name would not fit."""
    return replace(found, links=pd.DataFrame())  # a slice would hold on to all of them


def _positions(names: pd.Index, links: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return links by the place of their buildings among all."""
    ends = [names.get_indexer(pd.Index(links[end])) for end in ("one", "other")]
    return np.column_stack([*ends, links["times"]]).astype(np.int64)


def _keep_cut(work: Work, buildings: pd.DataFrame, homeless: pd.DataFrame, count: int) -> None:
    of_square = buildings[["building_id", "part", "square"]].groupby("square")
    without = homeless[["home_id", "part", "square"]].groupby("square")
    for number in range(count):
        mine, others = (
            frame.get_group(number) if number in frame.groups else frame.obj.iloc[:0] for frame in (of_square, without)
        )
        cut = Cut(*(f.drop(columns="square").reset_index(drop=True) for f in (mine, others)))
        work.keep(CUT, number, cut)
