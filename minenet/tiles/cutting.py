"""Third step of a run in tiles: the leader cuts the whole into parts, by points, weights and links alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from minenet.errors import InputError
from minenet.parts import Split, chained, divided, numbers
from minenet.scale import Work, carried
from minenet.tiles.arriving import added
from minenet.tiles.finding import FOUND, Found

__all__ = ["CUT", "PLAN", "Cut", "Plan", "cut_squares"]

CUT, PLAN = "cut", "plan"

AT_ONCE = 100_000
"""Names that are looked at together: as texts of Python they take four times as much room."""


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

    The leader has a number for its name, two coordinates, a weight and some five links per building. The names of all
    buildings with homes it has once, only until these are in the order of their names and before it has any links;
    after that names are read again square by square.

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
        When there is no dwelling at all, or two buildings cannot be told apart.
    """
    seen = [_seen(work.kept(FOUND, number, Found)) for number in range(count)]
    lived = _Lived(pd.concat([some.lived for some in seen], ignore_index=True))
    homes = int(lived.weight.sum()) + sum(some.homeless for some in seen)
    if not len(lived.weight):
        mend = "Give `dwellings` or `use` (residential / other) in `buildings`, or a layer `addresses`."
        raise InputError("there is not one dwelling in a building here", where="layer `buildings`", mend=mend)
    bounds = pd.DataFrame([some.bounds for some in seen], columns=["west", "south", "east", "north"])
    wishes, counted = pd.concat([some.wishes for some in seen], ignore_index=True), [some.notes for some in seen]
    del seen
    wishes = wishes[["wish"]].assign(building=lived.position(wishes["building_id"]))
    links = [_positions(lived, work.kept(FOUND, number, Found).links) for number in range(count)]
    links.append(chained(wishes.drop_duplicates()).astype(lived.number))
    split = divided(lived.points, lived.weight, np.concatenate(links), homes, **sizes)
    del links
    cut = [_of_square(split, lived, work.kept(FOUND, number, Found)) for number in range(count)]
    first = pd.concat([some.first for some in cut], ignore_index=True)
    number = numbers(first["part"], first["home_id"])
    plan = Plan(_kept(work, cut, number), bounds)
    work.keep(PLAN, 0, plan)
    return plan, added([split.notes, *counted])


@dataclass(frozen=True)
class _Seen:
    """What is kept of a square until buildings are in order: `building_id, x, y, homes` of those with homes; wishes."""

    lived: pd.DataFrame
    wishes: pd.DataFrame
    homeless: int
    bounds: npt.NDArray[np.float64]
    notes: Mapping[str, str]


def _seen(found: Found) -> _Seen:
    # copies: a slice would hold on to all that was read
    lived = found.buildings[found.buildings["homes"] > 0].copy()
    return _Seen(lived, found.wishes.copy(), len(found.homeless), found.bounds, dict(found.notes))


class _Lived:
    """All buildings with homes, in the order of their ids, found by a number for each id.

    The numbers have 64 bits: two of ten million buildings bear the same once in some 400,000 countries, which is told.
    """

    def __init__(self, lived: pd.DataFrame) -> None:
        order = pc.sort_indices(pa.array(lived["building_id"], type=pa.large_string())).to_numpy()
        self.points = lived[["x", "y"]].to_numpy()[order]
        self.weight = lived["homes"].to_numpy(dtype=np.int64)[order]
        key = _keys(lived["building_id"])[order]
        self._place = np.argsort(key)
        self._key = key[self._place]
        if len(alike := np.flatnonzero(self._key[1:] == self._key[:-1])):
            one, other = lived["building_id"].iloc[order[self._place[alike[0] : alike[0] + 2]]]
            mend = "Give one of them another id."
            raise InputError(f"`{one}` and `{other}` cannot be told apart", where="layer `buildings`", mend=mend)

    @property
    def number(self) -> type[np.integer[Any]]:
        """The smallest kind of whole number that counts them."""
        return np.int32 if len(self.weight) < np.iinfo(np.int32).max else np.int64

    def position(self, ids: pd.Series) -> npt.NDArray[np.int64]:
        """Return the place of each id among them, -1 for one that is not there."""
        key = _keys(ids)
        at = np.minimum(np.searchsorted(self._key, key), len(self._key) - 1)
        return np.where(self._key[at] == key, self._place[at], -1)


def _keys(ids: pd.Series) -> npt.NDArray[np.uint64]:
    found = [pd.util.hash_array(ids.iloc[n : n + AT_ONCE].to_numpy(dtype=object)) for n in range(0, len(ids), AT_ONCE)]
    return np.concatenate([np.empty(0, dtype=np.uint64), *found])


def _positions(lived: _Lived, links: pd.DataFrame) -> npt.NDArray[np.integer[Any]]:
    """Return links by the place of their buildings among all."""
    ends = [lived.position(links[end]) for end in ("one", "other")]
    return np.column_stack([*ends, links["times"]]).astype(lived.number)


@dataclass(frozen=True)
class _OfSquare:
    """Parts of what is in a square, before they are numbered, and the first `home_id` of each `part`."""

    buildings: npt.NDArray[np.int32]
    homeless: npt.NDArray[np.int32]
    first: pd.DataFrame


def _of_square(split: Split, lived: _Lived, found: Found) -> _OfSquare:
    buildings = split.nearest(found.buildings[["x", "y"]].to_numpy())
    position = np.where(found.buildings["homes"] > 0, lived.position(found.buildings["building_id"]), -1)
    buildings[position >= 0] = split.part[position[position >= 0]]
    homeless = split.nearest(found.homeless[["x", "y"]].to_numpy())
    first = split.part[lived.position(found.first["building_id"])]
    named = pd.concat([found.first["home_id"], found.homeless["home_id"]], ignore_index=True).astype("object")
    least = named.groupby(np.concatenate([first, homeless])).min()
    return _OfSquare(
        buildings.astype(np.int32), homeless.astype(np.int32), least.rename_axis("part").rename("home_id").reset_index()
    )


def _kept(work: Work, cut: Sequence[_OfSquare], number: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Keep for every square which part has what, and return which part has something where: `part, square`."""
    where = []
    for square, of in enumerate(cut):
        found = work.kept(FOUND, square, Found)
        buildings = found.buildings[["building_id"]].assign(part=number[of.buildings])
        homeless = found.homeless[["home_id"]].assign(part=number[of.homeless])
        work.keep(CUT, square, Cut(buildings, homeless))
        here = np.unique(np.concatenate([buildings["part"], homeless["part"]]))
        where.append(pd.DataFrame({"part": here, "square": square}))
    return pd.concat(where).sort_values(["part", "square"], ignore_index=True)
