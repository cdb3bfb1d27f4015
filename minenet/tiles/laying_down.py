"""Last step of a run in tiles: every part lays down its tables, every square what is drawn around them."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from minenet import recording
from minenet.merging import Counted, Outcome, counted, left_out_tables, part_tables, ranks
from minenet.scale import STAGES, BrokenError, Job, Work, carried
from minenet.sources import table_bytes
from minenet.stages import Judged
from minenet.tables import RESULT_TABLES, empty
from minenet.tiles.seeing import homes_of_part
from minenet.tiles.squares import Squares, area_of
from minenet.timing import Timings

__all__ = [
    "RANK",
    "RESULT",
    "Draw",
    "LaidDown",
    "LayDown",
    "keep_ranks",
    "lay_down_lost",
    "light_columns",
    "only_these",
]

RANK, RESULT = "rank", "result"

CONTEXT = ("buildings", "streets", "water", "zones", "land", "loops")
"""Layers that are drawn around the clusters."""

carried(Counted)


@carried
@dataclass(frozen=True)
class LaidDown:
    """Files that stand in the result, by name with their sha256, and what was counted in the part."""

    files: Mapping[str, str]
    counted: Counted | None = None


@dataclass(frozen=True)
class LayDown(Job):
    """Write the tables of one part."""

    @property
    def made_of(self) -> Sequence[tuple[str, int]]:
        """All stages of the part, and its ranks."""
        return [(stage, self.number) for stage in (*STAGES, RANK)]

    def stands(self, work: Work) -> bool:
        """Tell whether the files stand there as they were written."""
        return _stand_there(work, self)

    def carry_out(self, work: Work, timings: Timings) -> None:
        """Write them."""
        with timings.step("tables"):
            stages: list[Any] = [work.kept(stage, self.number, kind) for stage, kind in STAGES.items()]
            outcome = Outcome(*stages)
            rank = work.kept(RANK, self.number, pd.DataFrame)
            tables = part_tables(outcome, pd.Series(rank["rank"].to_numpy(), index=rank["cluster_id"], dtype="Int64"))
        with timings.step("writing"):
            files = _written(work, tables, f"part-{self.number:07d}")
        work.keep(self.stage, self.number, LaidDown(files, counted(outcome)))


@dataclass(frozen=True)
class Draw(Job):
    """Write what is drawn of one square around the clusters."""

    column: int
    row: int

    def stands(self, work: Work) -> bool:
        """Tell whether the file stands there as it was written."""
        return _stand_there(work, self)

    def carry_out(self, work: Work, timings: Timings) -> None:
        """Write it."""
        squares = Squares(work)
        with timings.step("tables"):
            square = np.array([self.column, self.row])
            layers = {name: squares.within(name, square) for name in CONTEXT if name in squares.index.empty}
            area = area_of(layers)
            none = gpd.GeoDataFrame({"kind": [], "name": []}, geometry=[], crs=area.crs)
            context = recording.declared(recording.context(area, none), "context", area.crs)
        with timings.step("writing"):
            files = _written(work, {"context": context}, f"square-{self.number:07d}")
        work.keep(self.stage, self.number, LaidDown(files))


def _stand_there(work: Work, job: Job) -> bool:
    try:
        files = work.kept(job.stage, job.number, LaidDown).files
    except BrokenError:
        return False
    return all(_sha256(work.folder / RESULT / name) == sha256 for name, sha256 in files.items())


def _sha256(file: Path) -> str | None:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def _written(work: Work, tables: Mapping[str, pd.DataFrame], name: str) -> dict[str, str]:
    """Write the tables that have rows, whole or not at all, and return their digests."""
    files = {}
    for table, frame in tables.items():
        if len(frame):
            file = f"{table}/{name}.parquet"
            data = table_bytes(frame)
            work.write(work.folder / RESULT / file, data)
            files[file] = hashlib.sha256(data).hexdigest()
    return files


def keep_ranks(work: Work, parts: Sequence[int]) -> None:
    """Keep for every part the ranks of its clusters among those of all."""
    scored = {n: _scored(work.kept("judged", n, Judged)) for n in parts}
    rank = ranks(list(scored.values()))
    for number, frame in scored.items():
        mine = rank.reindex(frame["cluster_id"])
        work.keep(RANK, number, pd.DataFrame({"cluster_id": mine.index.to_numpy(), "rank": mine.to_numpy()}))


def _scored(judged: Judged) -> pd.DataFrame:
    return pd.DataFrame(judged.clusters[["cluster_id", "verdict", "score"]]).copy()  # not to hold on to the rest


def lay_down_lost(work: Work, number: int) -> dict[str, str]:
    """Write the homes of a part that failed: they are there, left out, and nothing else is."""
    homes = homes_of_part(work, number)
    return _written(work, left_out_tables(homes, CRS(homes.crs)), f"part-{number:07d}")


def light_columns(work: Work, files: Iterable[str], table: str, columns: Sequence[str]) -> pd.DataFrame:
    """Return a few columns of a table of the whole result, of the files that belong to it."""
    mine = sorted(file for file in files if file.startswith(f"{table}/"))
    none = pd.DataFrame(empty(RESULT_TABLES[table], None))[list(columns)]
    read = [pd.read_parquet(work.folder / RESULT / file, columns=list(columns)) for file in mine]
    return pd.concat(read or [none], ignore_index=True)


def only_these(work: Work, files: Collection[str]) -> None:
    """Remove what an earlier run laid down of a part that fails now, and what it was writing when it was killed."""
    folder = work.folder / RESULT
    for file in [path for path in folder.rglob("*") if not path.is_dir()]:
        if file.relative_to(folder).as_posix() not in files:
            file.unlink()
