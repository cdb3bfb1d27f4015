"""First step of a run in tiles: every file is checked, repaired and laid out on squares, each by itself."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import CRS

from minenet.errors import InputError
from minenet.parts import spoken, words
from minenet.scale import BrokenError, Job, Work, carried
from minenet.sources import TileFile, read_tile
from minenet.tables import AREA_TABLES, NEEDED_LAYERS, UNIQUE_LAYERS, arrived, given_or_not, in_order, joined
from minenet.tiles.squares import INDEX, Index, bounds_of, chunks
from minenet.timing import Timings

__all__ = ["Arrival", "Arrive", "crs_of", "gathered"]


@carried
@dataclass(frozen=True)
class Arrival:
    """What came of one file.

    Attributes
    ----------
    layer : str
        Which layer it is of.
    chunks : DataFrame
        As `Index.chunks`, with the `sha256` of each.
    empty : GeoDataFrame
        Its columns, without rows.
    words : GeoDataFrame
        A row for each thing that its layer speaks of.
    ids, rows : array of uint64
        What stands for each id, and for each row, to find those that stand in two files.
    notes : mapping of str to str
        What was counted.
    """

    layer: str
    chunks: pd.DataFrame
    empty: gpd.GeoDataFrame
    words: gpd.GeoDataFrame
    ids: npt.NDArray[np.uint64]
    rows: npt.NDArray[np.uint64]
    notes: Mapping[str, str]


@dataclass(frozen=True)
class Arrive(Job):
    """Check, repair and lay out one file."""

    tile: TileFile
    crs: str

    def stands(self, work: Work) -> bool:
        """Tell whether every chunk stands there as it was written."""
        try:
            known = work.kept(self.stage, self.number, Arrival).chunks
        except BrokenError:
            return False
        there = [work.digest(stage, number) for stage, number in zip(known["stage"], known["number"], strict=True)]
        return there == known["sha256"].tolist()

    def carry_out(self, work: Work, timings: Timings) -> None:
        """Write the rows by square, and what is to be known of all of them."""
        with timings.step("reading"):
            frame, notes = read_tile(self.tile)
            name = self.tile.table
            layer = arrived(frame, name, crs=CRS(self.crs), notes=notes)
            stage, rows = f"rows/{name}/{self.number:05d}", []
            for number, (square, part) in enumerate(chunks(layer)):
                digest = work.keep(stage, number, part)
                rows.append((name, stage, number, *square, *bounds_of(part), len(part), digest))
            ids, whole = _standing_for(layer, name)
            arrival = Arrival(name, _table(rows), layer.iloc[:0], spoken(layer, name), ids, whole, notes)
        work.keep(self.stage, self.number, arrival)


COLUMNS = ("layer", "stage", "number", "column", "row", "west", "south", "east", "north", "rows", "sha256")


def _table(rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _standing_for(layer: gpd.GeoDataFrame, name: str) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Return a number for each id where ids are unique, and one for what each row says at its place."""
    key = AREA_TABLES[name].key if name in UNIQUE_LAYERS else None
    by = [key] if key else [column for column in layer.columns if column != "geometry"]
    said = pd.DataFrame(layer[by]).assign(_shape=layer.geometry.to_wkb())
    rows = np.asarray(pd.util.hash_pandas_object(said, index=False, categorize=False))
    if key is None:
        return np.empty(0, dtype=np.uint64), rows
    return np.asarray(pd.util.hash_pandas_object(layer[key], index=False, categorize=False)), rows


def crs_of(tiles: Sequence[TileFile]) -> str:
    """Return the CRS of an area in tiles: that of the first file of buildings that has a row.

    Raises
    ------
    InputError
        When there is none, or it is not in true metres.
    """
    for tile in tiles:
        if tile.table == "buildings":
            frame, _ = read_tile(tile)
            if len(frame):
                return CRS(arrived(frame, "buildings", crs=None, notes={}).crs).to_wkt()
    raise InputError("has no rows", where="layer `buildings`", mend="Is the window right, or the filter too strict?")


def gathered(work: Work, tiles: Sequence[TileFile], notes: Mapping[str, str]) -> Index:
    """Put together what came of all files, and keep it for the workers.

    Raises
    ------
    InputError
        When a needed layer has no row that can be used, or one id stands for two things.
    """
    arrivals = list(_lightened(work.kept("arrived", number, Arrival) for number in range(len(tiles))))
    by_layer: dict[str, list[Arrival]] = {name: [] for name in AREA_TABLES}
    for arrival in arrivals:
        by_layer[arrival.layer].append(arrival)
    given = [name for name, of in by_layer.items() if of]
    again = {name: count for name in given if (count := _said_again(name, by_layer[name]))}
    table = pd.concat([arrival.chunks for arrival in arrivals], ignore_index=True)
    for name in NEEDED_LAYERS:
        if not len(table[table["layer"] == name]):
            what = "has no row that can be used" if name in given else "is missing"
            raise InputError(what, where=f"layer `{name}`", mend="Is it the right layer?")
    index = Index(
        table.drop(columns="sha256"),
        {name: by_layer[name][0].empty for name in given},
        {name: words(in_order(joined([a.words for a in by_layer[name]]), name), name) for name in given},
        again,
        added([notes, given_or_not(given), *(arrival.notes for arrival in arrivals), _told(again)]),
    )
    work.keep(INDEX, 0, index)
    return index


def _lightened(arrivals: Iterable[Arrival]) -> Iterator[Arrival]:
    """Return arrivals of which those of one layer share their frames without rows: thousands would not be small."""
    empty: dict[str, gpd.GeoDataFrame] = {}
    for arrival in arrivals:
        one = empty.setdefault(arrival.layer, arrival.empty)
        yield replace(arrival, empty=one, words=arrival.words if len(arrival.words) else one)


def _said_again(name: str, arrivals: Sequence[Arrival]) -> int:
    """Count the rows that say again what another file says; raise when an id stands in two files for two things."""
    rows = np.concatenate([arrival.rows for arrival in arrivals])
    ids = np.unique(np.concatenate([arrival.ids for arrival in arrivals]))
    different = len(np.unique(rows))
    if len(ids) and different > len(ids):
        key = AREA_TABLES[name].key
        mend = "Was a row cut at the border of two files? Each belongs whole into one."
        raise InputError(
            f"{different - len(ids)} values of `{key}` stand on different geometries in different files",
            where=f"layer `{name}`",
            mend=mend,
        )
    return len(rows) - different


def _told(again: Mapping[str, int]) -> dict[str, str]:
    return {f"left_out.{name}.same_row_twice": str(count) for name, count in again.items()}


def added(notes: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return notes as one: counts are added up, and of texts the last holds."""
    counts: Counter[str] = Counter()
    texts: dict[str, str] = {}
    for some in notes:
        for key, text in some.items():
            if text.isdecimal() and not key.startswith(("input.", "attribution")):
                counts[key] += int(text)
            else:
                texts[key] = text
    return texts | {key: str(count) for key, count in counts.items()}
