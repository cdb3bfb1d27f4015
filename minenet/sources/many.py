"""A result of many files: every layer is a folder of files, one per part of the area, of which any few can be read.

A manifest tells which files there are and what their bytes are: a lost or changed one is noticed.
"""

import hashlib
import json
import math
import re
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
from pyarrow.lib import ArrowException
from pyproj import CRS
from pyproj.exceptions import CRSError

from minenet.errors import InputError
from minenet.tables import RESULT_TABLES, in_result_order, joined

__all__ = [
    "AROUND_M",
    "MANIFEST",
    "Bounds",
    "ManyFiles",
    "bounds_said",
    "in_many_files",
    "manifest_bytes",
    "meet",
    "names_table",
    "read_table",
    "wider",
]

MANIFEST = "manifest.json"
"""The sha256 of each file, by its path in the folder."""

NAME = re.compile(
    r"[a-z]+/(part-[0-9]+|none)\.parquet|context/(square-[0-9]+|whole)\.parquet|provenance/whole\.parquet"
)
"""Rows of parts, those of layers without any, what is drawn on a square of the map, and what is of the whole."""

PART, NONE = "part", "none"
AROUND_M = 250.0
"""What is drawn so far around clusters and boxes belongs to them."""

OF_PLACES = ("homes", "clusters", "boreholes", "pipes")
"""Tables that say where a part lies."""

Bounds = tuple[float, float, float, float]
"""West, south, east, north. [m]"""


def in_many_files(folder: Path) -> bool:
    """Tell whether a folder holds a result of many files."""
    return (folder / MANIFEST).is_file()


def names_table(name: str) -> bool:
    """Tell whether a path within a result is that of a file of one of its tables."""
    return NAME.fullmatch(name) is not None and name.split("/", 1)[0] in RESULT_TABLES


def manifest_bytes(files: Mapping[str, str]) -> bytes:
    """Return the manifest of a result of many files: the sha256 of each, by its path in the folder."""
    return (json.dumps(dict(sorted(files.items())), indent=0) + "\n").encode()


class ManyFiles:
    """The files of a result, by name: `table/part-0000012.parquet`, and those of the whole.

    Attributes
    ----------
    names : list of str
        All files.

    Raises
    ------
    InputError
        When the manifest cannot be read, leads elsewhere or lacks a layer.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self._digests = folder, _manifest(folder)
        missing = sorted(set(RESULT_TABLES) - {name.split("/", 1)[0] for name in self._digests})
        if missing:
            raise InputError(f"is no result: layer `{missing[0]}` is missing", where=str(folder))
        self.names = sorted(self._digests)
        self._of: dict[str, list[str]] = {}
        for name in self.names:
            self._of.setdefault(Path(name).stem, []).append(name)

    @property
    def parts(self) -> list[str]:
        """All parts, as their files are called."""
        return sorted(stem for stem in self._of if stem.startswith(PART))

    def of(self, part: str) -> list[str]:
        """Return the files of a part."""
        return self._of[part]

    def near(self, box: Bounds, beyond_m: float = 0.0) -> list[str]:
        """Return the files of parts whose homes or clusters touch a box, of what is drawn there, and of the whole.

        What is drawn within `beyond_m` of the box and of these parts counts as drawn there.
        """
        homes = [*self.touching("homes", box), *self.touching("clusters", box)]
        parts = sorted({Path(name).stem for name in homes} - {NONE})
        around = [wider(b, beyond_m) for b in (box, *(self.bounds(part) for part in parts))]
        drawn = {name for b in around for name in self.touching("context", b)}
        of_parts = {name for part in parts for name in self.of(part)}
        return sorted(of_parts | drawn | {name for name in self.names if name.endswith("/whole.parquet")})

    def bounds(self, part: str) -> Bounds:
        """Return the box around all that a part has."""
        boxes = [self._bounds[name] for name in self.of(part) if name in self._bounds]
        west, south, east, north = zip(*(box for box in boxes if box is not None), strict=True)
        return min(west), min(south), max(east), max(north)

    def read(self, names: Collection[str]) -> dict[str, pd.DataFrame]:
        """Read all tables, of these files only, in their order."""
        return {table: in_result_order(self.table(table, names), table) for table in RESULT_TABLES}

    def table(self, table: str, names: Collection[str]) -> Any:
        """Read the rows of a table that stand in these files; without any it has no rows."""
        of = [name for name in self.names if name.startswith(f"{table}/")]
        frames = [self._as_written(name) for name in of if name in names]
        return joined(frames or [self._as_written(of[0]).iloc[:0]])

    def touching(self, table: str, box: Bounds) -> list[str]:
        """Return the files of a table that have a row near a box."""
        mine = [name for name in self._bounds if name.startswith(f"{table}/")]
        return [name for name in mine if (bounds := self._bounds[name]) is None or meet(bounds, box)]

    def column(self, table: str, column: str) -> Iterable[pd.Series]:
        """Return a column of a table, file by file."""
        for name in self.names:
            if name.startswith(f"{table}/"):
                yield self._as_written(name, [column])[column]

    @cached_property
    def _bounds(self) -> dict[str, Bounds | None]:
        """The box around the rows of every file that says where something lies; None where it has none."""
        tables = tuple(f"{table}/" for table in (*OF_PLACES, "context"))
        return {name: self._bounds_of(name) for name in self.names if name.startswith(tables)}

    def _bounds_of(self, name: str) -> Bounds | None:
        said = bounds_said(self.folder / name)
        if said is not None:
            return said
        bounds = gpd.GeoDataFrame(self._as_written(name)).total_bounds
        west, south, east, north = (float(edge) for edge in bounds)
        return (west, south, east, north) if west <= east else None

    def _as_written(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Read a file, or just some columns of it, after looking whether it is what was written."""
        try:
            with (self.folder / name).open("rb") as stream:
                same = hashlib.file_digest(stream, "sha256").hexdigest() == self._digests[name]
        except OSError as error:
            what = f"is no longer complete: `{name}` is missing"
            raise InputError(what, where=str(self.folder), mend="Copy the whole folder again.") from error
        if not same:
            what = f"is no longer what was written: `{name}` was changed"
            raise InputError(what, where=str(self.folder), mend="Copy it again.")
        frame = read_table(self.folder / name, name.split("/", 1)[0], columns)
        if Path(name).stem == NONE and len(frame):
            raise InputError(f"holds rows of no part: `{name}`", where=str(self.folder))
        return frame


def wider(box: Bounds, beyond_m: float) -> Bounds:
    """Return a box that reaches farther on all sides."""
    return box[0] - beyond_m, box[1] - beyond_m, box[2] + beyond_m, box[3] + beyond_m


def meet(one: Bounds, other: Bounds) -> bool:
    """Tell whether two boxes touch."""
    return bool(one[0] <= other[2] and one[2] >= other[0] and one[1] <= other[3] and one[3] >= other[1])


def bounds_said(file: Path, crs: CRS | None = None) -> Bounds | None:
    """Return the box around the rows of a GeoParquet file by its last bytes; None where it does not say.

    Parameters
    ----------
    file : Path
    crs : CRS, optional
        None is also returned where the rows are in another.
    """
    try:
        said = json.loads((pq.read_metadata(file).metadata or {}).get(b"geo", b"{}"))
        column = said["columns"][said["primary_column"]]
        west, south, east, north = (float(edge) for edge in column["bbox"])
        if not all(map(math.isfinite, (west, south, east, north))):
            return None
        if crs is not None and not CRS.from_user_input(column["crs"]).equals(crs, ignore_axis_order=True):
            return None
    except (OSError, ArrowException, ValueError, KeyError, TypeError, RecursionError, CRSError):
        return None
    return west, south, east, north


def read_table(file: Path, name: str, columns: list[str] | None = None) -> pd.DataFrame:
    """Read one file of a table of a result, or just some of its columns.

    Raises
    ------
    InputError
        When it is broken or no Parquet.
    """
    try:
        if columns is not None or RESULT_TABLES[name].geometry is None:
            return pd.read_parquet(file, columns=columns)
        return gpd.read_parquet(file)
    except (OSError, ValueError) as error:
        what = str(error).strip().splitlines()[0].rstrip(".")
        raise InputError(f"cannot be read ({what})", where=str(file), mend="Is the file complete?") from error


def _manifest(folder: Path) -> dict[str, str]:
    """Return what the manifest says: files of tables, and nothing that lies elsewhere."""
    try:
        files = json.loads((folder / MANIFEST).read_text("utf-8"))
        named = {str(name): str(sha256) for name, sha256 in files.items()}
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise InputError("cannot be read", where=str(folder / MANIFEST), mend="Is the folder complete?") from error
    strange = [name for name in named if not names_table(name)]
    if strange:
        raise InputError(f"names `{strange[0]}`, which is no table", where=str(folder / MANIFEST))
    return named
