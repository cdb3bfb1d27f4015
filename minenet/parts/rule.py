"""The rule that cuts an area into parts: along barriers and empty ground, by the data alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from minenet.assumptions import Assumptions
from minenet.parts.links import chained, links
from minenet.tables import Area, shapes_of

__all__ = ["ENOUGH_HOMES", "MOST_HOMES", "Parts", "Split", "cut", "divided", "numbers", "wished"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

MOST_HOMES = 12_000
"""What hangs together and has more homes than this is cut where the fewest links are lost, which is told."""

ENOUGH_HOMES = 6000
"""Small places near each other are worked on together up to about so many homes."""

MIDDLE = (0.35, 0.65)
"""A cut leaves at least this share of the homes on either side."""


@dataclass(frozen=True)
class Parts:
    """Which part has which home and building.

    Attributes
    ----------
    count : int
        Number of parts.
    of_home : array of int, shape (homes,)
        Part of each home, in the order of the homes.
    of_building : array of int, shape (buildings,)
        Part of each building of the area, sheds included, in their order.
    notes : mapping
        How many parts there are, and what was cut that hangs together.
    """

    count: int
    of_home: Ints
    of_building: Ints
    notes: Mapping[str, str] = field(default_factory=dict)


def cut(
    area: Area,
    homes: gpd.GeoDataFrame,
    assumptions: Assumptions,
    *,
    most_homes: int = MOST_HOMES,
    enough_homes: int = ENOUGH_HOMES,
) -> Parts:
    """Cut an area into parts that share no possible cluster.

    What links join (see `minenet.parts.links`) is one place and stays in one part, unless it has more homes than
    `most_homes`: then it is cut by straight lines, each where the fewest links cross it. Places near each other form a
    part as long as it has no more homes than `enough_homes`.

    Parameters
    ----------
    area : Area
        As `read_area` or `make_area` give it.
    homes : GeoDataFrame
        Dwellings as `find_dwellings` gives them.
    assumptions : Assumptions
        Sections `clusters` and `trenches`.
    most_homes, enough_homes : int, optional
        Sizes of parts. They belong to the rule: other sizes may cut large places elsewhere.

    Returns
    -------
    Parts
        Numbered by their smallest home.
    """
    ids = pd.Index(area.buildings["building_id"])
    position = ids.get_indexer(pd.Index(homes["building_id"]))
    housed = position >= 0
    lived_in, building = np.unique(position[housed], return_inverse=True)
    if not len(lived_in) or len(homes) <= min(most_homes, enough_homes):
        return Parts(1, np.zeros(len(homes), dtype=np.int64), np.zeros(len(ids), dtype=np.int64), {"count.parts": "1"})
    shapes = shapes_of(area.buildings)
    points = shapely.get_coordinates(shapely.point_on_surface(shapes))
    wishes = wished(homes[housed])
    wishes["building"] = np.searchsorted(lived_in, ids.get_indexer(wishes["building_id"]))
    every = np.concatenate([links(area, shapes[lived_in], assumptions), chained(wishes)])
    weight = np.bincount(building, minlength=len(lived_in))
    split = divided(points[lived_in], weight, every, len(homes), most_homes=most_homes, enough_homes=enough_homes)
    of_building = split.nearest(points)
    of_building[lived_in] = split.part
    of_home = split.nearest(shapely.get_coordinates(shapes_of(homes)))
    of_home[housed] = split.part[building]
    number = numbers(pd.Series(of_home), homes["home_id"])
    return Parts(len(number), number[of_home], number[of_building], split.notes)


@dataclass(frozen=True)
class Split:
    """Which part has which building with homes.

    Attributes
    ----------
    points : array (n, 2)
        Middles of the buildings.
    part : array of int, shape (n,)
        Their parts, in no order that means anything.
    lost : int
        Links that were cut in places that are too large.
    """

    points: Floats
    part: Ints
    lost: int

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(self.points)

    def nearest(self, points: Floats) -> Ints:
        """Return the part of the nearest building with homes."""
        return self.part[np.asarray(self._tree.query(points)[1], dtype=np.int64)]

    @property
    def notes(self) -> dict[str, str]:
        """How many parts there are, and what was cut that hangs together."""
        notes = {"count.parts": str(int(self.part.max()) + 1)}
        return notes | ({"parts.links_cut_in_large_places": str(self.lost)} if self.lost else {})


def divided(
    points: Floats,
    weight: Ints,
    links: Ints,
    homes: int,
    *,
    most_homes: int = MOST_HOMES,
    enough_homes: int = ENOUGH_HOMES,
) -> Split:
    """Divide buildings with homes into parts: the rule itself.

    Parameters
    ----------
    points : array (n, 2)
        Middles of the buildings, in the order of their ids.
    weight : array of int, shape (n,)
        Homes in each.
    links : array (k, 3) of int
        Links between them, as `minenet.parts.links` gives them: of a country in numbers of 32 bits.
    homes : int
        All homes, those without a building too.
    most_homes, enough_homes : int, optional
        As for `cut`.
    """
    if homes <= min(most_homes, enough_homes):
        return Split(points, np.zeros(len(points), dtype=np.int64), 0)
    place, lost = _places(points, weight, links, most_homes)
    return Split(points, _bundled(points, weight, place, enough_homes)[place], lost)


def numbers(part: pd.Series, home_id: pd.Series) -> Ints:
    """Return the number of each part: they are counted by their smallest home.

    Parameters
    ----------
    part : Series of int
        Part of each home.
    home_id : Series of str
        Home.

    Returns
    -------
    array of int, shape (parts,)
        Number by part.
    """
    first = home_id.astype("object").groupby(part.to_numpy()).min()
    order = first.sort_values().index.to_numpy(dtype=np.int64)
    number = np.full(len(order), -1)
    number[order] = np.arange(len(order))
    return number


def wished(homes: pd.DataFrame) -> pd.DataFrame:
    """Return what the user wants together (`building_id`, `wish`): own clusters, and homes that stay together."""
    found = [
        pd.DataFrame(
            {"building_id": homes["building_id"], "wish": column + ":" + homes[column].astype("object")}
        ).dropna()
        for column in ("own_cluster", "together")
        if column in homes
    ]
    return pd.concat(found, ignore_index=True).drop_duplicates()


def _places(points: Floats, weight: Ints, links: Ints, most: int) -> tuple[Ints, int]:
    """Return the place of each building, and how many links were cut in places that are too large."""
    pairs, times = links[:, :2], links[:, 2]
    place = _components(len(points), pairs)
    count = int(place.max()) + 1
    homes = np.bincount(place, weights=weight, minlength=count)
    lost = 0
    for large in np.flatnonzero(homes > most):
        members = np.flatnonzero(place == large)
        number = np.full(len(points), -1, dtype=links.dtype)
        number[members] = np.arange(len(members))
        mine = place[pairs[:, 0]] == large
        inner = np.column_stack([number[pairs[mine]], times[mine]])
        side = np.zeros(len(members), dtype=np.int64)
        for leaf, some in enumerate(_halves(points[members], weight[members], inner, most)):
            side[some] = leaf
        lost += int(inner[side[inner[:, 0]] != side[inner[:, 1]], 2].sum())
        place[members[side > 0]] = count + side[side > 0] - 1
        count += int(side.max())
    return place, lost


def _halves(points: Floats, weight: Ints, links: Ints, most: int) -> Iterator[Ints]:
    """Cut points in two where the fewest links cross, again and again, until no piece has more homes than `most`."""
    open_ = [np.arange(len(points))]
    while open_:
        some = open_.pop()
        if weight[some].sum() <= most or len(some) == 1:
            yield some
            continue
        inside = np.zeros(len(points), dtype=bool)
        inside[some] = True
        mine = links[inside[links[:, :2]].all(axis=1)]
        west = _cheapest_side(points, weight, some, mine)
        open_ += [some[~west], some[west]]


def _cheapest_side(points: Floats, weight: Ints, some: Ints, links: Ints) -> Truths:
    """Return which points lie on the first side of the line, across either axis, that the fewest links cross."""
    best: tuple[float, int, Ints, int] | None = None
    for axis in np.argsort(-np.ptp(points[some], axis=0), kind="stable"):
        order = np.lexsort((points[some, 1 - axis], points[some, axis]))
        rank = np.empty(len(points), dtype=links.dtype)
        rank[some[order]] = np.arange(len(some))
        begun, ended = (
            np.bincount(end, weights=links[:, 2], minlength=len(some)) for end in np.sort(rank[links[:, :2]], axis=1).T
        )
        crossing = np.cumsum(begun - ended)
        share = np.cumsum(weight[some[order]]) / weight[some].sum()
        allowed = np.flatnonzero((share[:-1] >= MIDDLE[0]) & (share[:-1] <= MIDDLE[1]))
        if not len(allowed):  # one building has most of the homes
            allowed = np.array([min(int(np.searchsorted(share, 0.5)), len(some) - 2)])
        at = int(allowed[np.argmin(crossing[allowed])])
        if best is None or crossing[at] < best[0]:
            best = (float(crossing[at]), at, order, int(axis))
    assert best is not None
    side = np.zeros(len(some), dtype=bool)
    side[best[2][: best[1] + 1]] = True
    return side


def _bundled(points: Floats, weight: Ints, place: Ints, enough: int) -> Ints:
    """Return the part of each place: places are halved by their middles until a part has no more homes than enough."""
    count = int(place.max()) + 1
    homes = np.bincount(place, weights=weight, minlength=count)
    middle = np.column_stack([np.bincount(place, weights=weight * xy, minlength=count) / homes for xy in points.T])
    part = np.zeros(count, dtype=np.int64)
    for number, some in enumerate(_halves(middle, homes.astype(np.int64), np.empty((0, 3), dtype=np.int64), enough)):
        part[some] = number
    return part


def _components(size: int, pairs: Ints) -> Ints:
    graph = csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
