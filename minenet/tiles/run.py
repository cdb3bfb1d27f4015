"""An area in tiles through all steps: no process ever holds the whole of it."""

import hashlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from minenet import recording
from minenet.errors import InputError, OutputError
from minenet.merging import TOLD_OF_HOMES, TOLD_OF_SOLUTIONS, Counted, change_notes, distinct_changes, told
from minenet.scale import (
    Engine,
    Job,
    Settings,
    Tally,
    Work,
    beside_each,
    full_or_shut,
    kept_when_stopped,
    signature_of,
    through_all_stages,
)
from minenet.sources import MANIFEST, TileFile, manifest_bytes, table_bytes
from minenet.stages import Grouped
from minenet.tables import RESULT_TABLES, empty
from minenet.tiles.arriving import Arrive, added, crs_of, gathered
from minenet.tiles.cutting import Plan, cut_squares
from minenet.tiles.finding import Find
from minenet.tiles.laying_down import (
    RESULT,
    Draw,
    LaidDown,
    LayDown,
    keep_ranks,
    lay_down_lost,
    light_columns,
    only_these,
)
from minenet.tiles.seeing import WINDOWS, See
from minenet.tiles.squares import INDEX, Index, Squares
from minenet.timing import Timings

__all__ = ["RanInTiles", "run_tiles"]

SHOWN = {"homes": ("left_out_reason",), "clusters": ("verdict", "homes", "annual_eur_per_home")}
"""Columns of the result that are shown at the end."""

WISHES = ("crossings", "fixed_boreholes")
"""Layers that say what the user wants."""


@dataclass(frozen=True)
class RanInTiles:
    """What came of a run in tiles.

    Attributes
    ----------
    homes, clusters : DataFrame
        The columns `SHOWN` of these tables.
    files, squares, parts, again : int
        Number of files read, squares, parts, and jobs that an earlier run had finished.
    failed : mapping of int to str
        Why a part failed.
    megabytes : float
        Most memory that any worker had.
    """

    homes: pd.DataFrame
    clusters: pd.DataFrame
    files: int
    squares: int
    parts: int
    again: int = 0
    failed: Mapping[int, str] = field(default_factory=dict)
    megabytes: float = 0.0


def run_tiles(  # noqa: PLR0913 - one argument per option
    tiles: Sequence[TileFile],
    notes: Mapping[str, str],
    settings: Settings,
    folder: Path,
    engine: Engine,
    *,
    write: Callable[[Path], object],
    sizes: Mapping[str, int] | None = None,
    timings: Timings | None = None,
    tell: Callable[[str], None] | None = None,
) -> RanInTiles:
    """Assess an area in tiles, part by part, keeping what is finished in a work folder.

    Parameters
    ----------
    tiles : sequence of TileFile
        As `tile_files` lists them.
    notes : mapping of str to str
        What is said of them, for provenance.
    settings : Settings
        Assumptions, profile and streets.
    folder : Path
        Work folder; what another input or other assumptions left there is removed.
    engine : Engine
        Who does the jobs, as `engine_of` gives it.
    write : callable
        Puts the folder with the result where it is safe: the work folder is removed after it, unless a part failed.
    sizes : mapping of str to int, optional
        `most_homes` and `enough_homes` of the rule that cuts.
    timings : Timings, optional
        Collects the seconds of each step, summed over the workers.
    tell : callable, optional
        Hears what is done.

    Raises
    ------
    InputError, AssumptionError
        As `read_area` and `assess` do; of what concerns one part only, that part fails.
    OutputError
        When the disk is full or shut, or another run is at work in the folder.
    """
    timings = timings or Timings()
    crs = crs_of(tiles)
    names = "\n".join(f"{tile.table} {tile.name} {tile.sha256}" for tile in tiles)
    work = Work(folder, signature_of(settings, {"crs": crs, "tiles": names, **notes, **_said(sizes)}))
    tally = Tally(timings, tell or (lambda _: None))
    with work.alone(), kept_when_stopped(work, tally):
        work.begin()
        run = _Run(work, engine, settings, tally)
        squares = run.arrive(tiles, crs, notes)
        plan, counts = run.cut(squares, dict(sizes or {}))
        beside = run.see(plan)
        through_all_stages(work, engine, beside, settings, tally)
        laid = run.lay_down(squares, plan, counts)
        with timings.step("writing"):
            homes, clusters = (light_columns(work, laid.files, table, columns) for table, columns in SHOWN.items())
            write(run.handed_over())
        if not tally.failed:
            work.remove()
    return RanInTiles(homes, clusters, len(tiles), len(squares), plan.count, tally.again, tally.failed, tally.megabytes)


def _said(sizes: Mapping[str, int] | None) -> dict[str, str]:
    return {name: str(size) for name, size in (sizes or {}).items()}


MOST_SHOWN = 5
"""Files that are not right are named up to this many."""


class _Run:
    """The steps of one run, in their order."""

    def __init__(self, work: Work, engine: Engine, settings: Settings, tally: Tally) -> None:
        self._work, self._engine, self._settings, self._tally = work, engine, settings, tally

    def _all(self, jobs: Sequence[Job], of: str, names: Sequence[str] = ()) -> None:
        """Do jobs without which nothing can go on; those of files bear their names.

        Raises
        ------
        InputError
            When what some were given is not right: all of these are named.
        OutputError
            When one fails for another reason.
        """
        failed = []
        for done in self._engine.run(jobs):
            self._tally.add(done, of=f"{len(jobs)} {of}")
            if done.error is not None:
                failed.append((done.number, done))
        if failed:
            told = [
                f"{names[number]}: {done.error}" if names else done.error
                for number, done in sorted(failed, key=itemgetter(0))[:MOST_SHOWN]
            ]
            more = [f"and {len(failed) - MOST_SHOWN} more {of}"] if len(failed) > MOST_SHOWN else []
            kind = InputError if any(done.of_input for _, done in failed) else OutputError
            raise kind("\n".join([*map(str, told), *more]))

    def arrive(self, tiles: Sequence[TileFile], crs: str, notes: Mapping[str, str]) -> np.ndarray:
        """Lay all files out on squares, find the homes and links of each, and return the squares."""
        work = self._work
        arrive = [Arrive(work.root, work.signature, "arrived", n, tile, crs) for n, tile in enumerate(tiles)]
        self._all(arrive, "files", [tile.name for tile in tiles])
        if work.digest(INDEX, 0) is None:
            gathered(work, tiles, notes)
        squares = Squares(work).squares
        find = [
            Find(work.root, work.signature, "found", n, int(column), int(row), self._settings.assumptions)
            for n, (column, row) in enumerate(squares)
        ]
        self._all(find, "squares")
        return squares

    def cut(self, squares: np.ndarray, sizes: dict[str, int]) -> tuple[Plan, dict[str, str]]:
        """Cut the whole into parts."""
        with self._tally.timings.step("parts"):
            return cut_squares(self._work, len(squares), sizes)

    def see(self, plan: Plan) -> dict[int, tuple[int, ...]]:
        """Give every part its piece, and return which parts each has beside it."""
        work, tally = self._work, self._tally
        jobs = [See(work.root, work.signature, "seen", n, self._settings.assumptions) for n in range(plan.count)]
        for done in self._engine.run(jobs):
            tally.add(done, of=f"{plan.count} parts")
        there = [number for number in range(plan.count) if number not in tally.failed]
        windows = [work.kept(WINDOWS, number, gpd.GeoSeries).iloc[0] for number in there]
        beside = beside_each(np.array(windows, dtype=object))
        return {there[n]: tuple(there[m] for m in others) for n, others in beside.items()}

    def lay_down(self, squares: np.ndarray, plan: Plan, counts: Mapping[str, str]) -> LaidDown:
        """Write all tables, and return which files there are."""
        work, tally = self._work, self._tally
        there = [number for number in range(plan.count) if number not in tally.failed]
        with tally.timings.step("tables"):
            keep_ranks(work, there)
        for done in self._engine.run([LayDown(work.root, work.signature, "laid", n) for n in there]):
            tally.add(done, of=f"{plan.count} parts")
        draw = [Draw(work.root, work.signature, "drawn", n, int(c), int(r)) for n, (c, r) in enumerate(squares)]
        self._all(draw, "squares")
        with tally.timings.step("tables"):
            parts = [number for number in there if number not in tally.failed]
            laid = [work.kept("laid", number, LaidDown) for number in parts]
            drawn = [work.kept("drawn", number, LaidDown) for number in range(len(squares))]
            lost = [LaidDown(lay_down_lost(work, number)) for number in sorted(tally.failed)]
            files = {name: sha256 for of in (*laid, *drawn, *lost) for name, sha256 in of.files.items()}
            files |= self._of_all(parts, [of.counted for of in laid if of.counted], files, counts)
            for table in sorted(set(RESULT_TABLES) - {name.split("/", 1)[0] for name in files}):
                files |= self._laid({f"{table}/none.parquet": empty(RESULT_TABLES[table], self._crs)})
            only_these(work, files)
            work.write(work.folder / RESULT / MANIFEST, manifest_bytes(files))
        return LaidDown(files)

    def handed_over(self) -> Path:
        """Return the folder with the result; where a part failed a copy, so that what is laid down need not be again.

        Raises
        ------
        OutputError
            When the disk is full or shut.
        """
        laid = self._work.folder / RESULT
        if not self._tally.failed:
            return laid
        copy = laid.with_name(f"{RESULT}.copy")
        with full_or_shut(self._work.root):
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(laid, copy)
        return copy

    @property
    def _crs(self) -> CRS:
        return CRS(self._index.empty["buildings"].crs)

    @property
    def _index(self) -> Index:
        return Squares(self._work).index

    def _of_all(
        self, parts: Sequence[int], counted: Sequence[Counted], files: Mapping[str, str], counts: Mapping[str, str]
    ) -> dict[str, str]:
        """Write what belongs to no part: what was done to the streets, and where everything came from."""
        work, settings, index = self._work, self._settings, self._index
        changes = distinct_changes(work.kept("grouped", number, Grouped).changes for number in parts)
        notes = added([index.notes, counts]) | self._tally.notes | change_notes(changes)
        rows = index.chunks.groupby("layer")["rows"].sum()
        notes |= told(
            counted,
            light_columns(work, files, "homes", TOLD_OF_HOMES),
            light_columns(work, files, "solutions", TOLD_OF_SOLUTIONS),
            {name: int(rows.get(name, 0)) - index.again.get(name, 0) for name in WISHES if name in index.empty},
            settings.assumptions,
        )
        said = recording.provenance(notes, settings.assumptions, settings.profile)
        return self._laid(
            {
                "context/whole.parquet": recording.declared(changes.assign(layer="change"), "context", self._crs),
                "provenance/whole.parquet": recording.declared(said, "provenance", self._crs),
            }
        )

    def _laid(self, tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
        """Write files of the result, and return their digests."""
        files = {}
        for name, table in tables.items():
            data = table_bytes(table)
            self._work.write(self._work.folder / RESULT / name, data)
            files[name] = hashlib.sha256(data).hexdigest()
        return files
