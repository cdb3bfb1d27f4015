"""A result as a folder of Parquet files, one per layer or many: GeoParquet where there is geometry, plain where not.

With many, every layer is a folder of files, and a manifest tells which files there are: a lost one is noticed.
"""

import hashlib
import io
import json
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
from pyarrow.lib import ArrowException

from minenet.errors import InputError, OutputError
from minenet.sources.in_place import beside, require_name
from minenet.tables import RESULT_TABLES, Result, in_result_order, joined

__all__ = [
    "MANIFEST",
    "manifest_bytes",
    "moved_result",
    "read_parquet_layers",
    "require_free_folder",
    "table_bytes",
    "write_parquet",
]

MANIFEST = "manifest.json"
"""In a result of many files: the sha256 of each, by its path in the folder."""

NAME = re.compile(r"[a-z]+/[a-z]+(-[0-9]+)?\.parquet")
WITH_BOUNDS = ("homes/", "clusters/", "context/")

Bounds = tuple[float, float, float, float]


def write_parquet(result: Result, folder: str | Path) -> Path:
    """Write every layer of `result` to a folder of GeoParquet files: all of them, or none.

    A folder that an earlier run wrote is replaced; one that holds anything else is left alone.

    Parameters
    ----------
    result : Result
        What was found.
    folder : str or Path
        Where `homes.parquet`, `clusters.parquet` and the rest will stand. `read_result` reads it back.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        When the folder holds other files, or cannot be written.
    """
    folder = Path(folder)
    require_free_folder(folder)
    with beside(folder) as room:
        new = room / "new"
        new.mkdir()
        for name, layer in result.layers.items():
            frame = layer if RESULT_TABLES[name].geometry is None else gpd.GeoDataFrame(layer, crs=result.crs)
            frame.to_parquet(_file(new, name), index=False)
        _replaced(folder, new, room / "old")
    return folder


def moved_result(source: Path, folder: str | Path) -> Path:
    """Move a folder with a result to where it shall stand; what an earlier run wrote there is replaced.

    Raises
    ------
    OutputError
        When the folder holds other files, or cannot be written.
    """
    folder = Path(folder)
    require_free_folder(folder)
    with beside(folder) as room:
        shutil.move(source, room / "new")  # within a disk nothing is copied
        _replaced(folder, room / "new", room / "old")
    return folder


def _replaced(folder: Path, new: Path, old: Path) -> None:
    """Put `new` in the place of `folder`, or leave all as it was."""
    if folder.exists():
        folder.replace(old)
    try:
        new.replace(folder)
    except OSError:
        if old.exists():
            old.replace(folder)
        raise


def table_bytes(frame: pd.DataFrame) -> bytes:
    """Return a table as a Parquet file; where there are shapes with a column `bbox`, by which readers skip rows."""
    stream = io.BytesIO()
    if isinstance(frame, gpd.GeoDataFrame):
        covered = len(frame) > 0 and bool(frame.geometry.notna().all())
        frame.to_parquet(stream, index=False, write_covering_bbox=covered)
    else:
        frame.to_parquet(stream, index=False)
    return stream.getvalue()


def manifest_bytes(files: Mapping[str, str]) -> bytes:
    """Return the manifest of a result of many files: the sha256 of each, by its path in the folder."""
    return (json.dumps(dict(sorted(files.items())), indent=0) + "\n").encode()


def require_free_folder(folder: str | Path) -> None:
    """Raise when a folder holds anything but a result in Parquet files, or could not be made.

    Raises
    ------
    OutputError
        With what stands in the way.
    """
    folder = Path(folder)
    require_name(folder)
    if folder.exists() and not folder.is_dir():
        raise OutputError("is a file", where=str(folder), mend="Name a folder.")
    known = {MANIFEST, *RESULT_TABLES, *(_file(folder, name).name for name in RESULT_TABLES)}
    others = sorted(p.name for p in folder.iterdir() if p.name not in known) if folder.exists() else []
    if others:
        mend = "Name a new folder: the whole folder is replaced."
        raise OutputError(f"holds something else than a result (`{others[0]}`)", where=str(folder), mend=mend)
    with beside(folder):
        pass


def read_parquet_layers(folder: Path, *, near: Bounds | None = None) -> dict[str, pd.DataFrame]:
    """Read all layers of a folder that `write_parquet` wrote, or of one with many files.

    Parameters
    ----------
    folder : Path
        The folder.
    near : tuple of float, optional
        West, south, east, north: of many files only those of parts that touch this box. [m]

    Raises
    ------
    InputError
        When a layer is missing, a file is broken or no Parquet, or one of many is lost or no longer what was written.
    """
    if (folder / MANIFEST).is_file():
        return _read_many(folder, near)
    for name in RESULT_TABLES:
        if not _file(folder, name).is_file():
            mend = "`minenet export RESULT.gpkg --parquet FOLDER` writes them all."
            raise InputError(f"is no result: `{_file(folder, name).name}` is missing", where=str(folder), mend=mend)
    return {name: _read(_file(folder, name), name) for name in RESULT_TABLES}


def _read_many(folder: Path, near: Bounds | None) -> dict[str, pd.DataFrame]:
    digests = _manifest(folder)
    missing = sorted(set(RESULT_TABLES) - {name.split("/", 1)[0] for name in digests})
    if missing:
        raise InputError(f"is no result: layer `{missing[0]}` is missing", where=str(folder))
    wanted = digests if near is None else _near(folder, digests, near)
    layers = {}
    for table in RESULT_TABLES:
        of = sorted(name for name in digests if name.startswith(f"{table}/"))
        frames = [_as_written(folder, name, digests[name]) for name in of if name in wanted] or [
            _as_written(folder, of[0], digests[of[0]]).iloc[:0]
        ]
        layers[table] = in_result_order(joined(frames), table)
    return layers


def _manifest(folder: Path) -> dict[str, str]:
    """Return what the manifest says: files of tables, and nothing that lies elsewhere."""
    try:
        files = json.loads((folder / MANIFEST).read_text("utf-8"))
        named = {str(name): str(sha256) for name, sha256 in files.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise InputError("cannot be read", where=str(folder / MANIFEST), mend="Is the folder complete?") from error
    strange = [name for name in named if not NAME.fullmatch(name)]
    if strange:
        raise InputError(f"names `{strange[0]}`, which is no table", where=str(folder / MANIFEST))
    return named


def _near(folder: Path, names: Iterable[str], box: Bounds) -> set[str]:
    """Return the files of parts whose homes or clusters touch a box, what is drawn there, and what is of the whole."""
    touching = {name for name in names if name.startswith(WITH_BOUNDS) and _touches(folder / name, box)}
    parts = {Path(name).name for name in touching if not name.startswith("context/")}
    drawn = {name for name in touching if name.startswith("context/")}
    of_parts = {name for name in names if not name.startswith("context/") and Path(name).name in parts}
    return of_parts | drawn | {name for name in names if Path(name).stem == "whole"}


def _touches(file: Path, box: Bounds) -> bool:
    """Tell by its last bytes whether a file has a row near a box; a file that does not say may."""
    try:
        said = json.loads((pq.read_metadata(file).metadata or {}).get(b"geo", b"{}"))
        west, south, east, north = said["columns"][said["primary_column"]]["bbox"]
    except (OSError, ArrowException, ValueError, KeyError, TypeError):
        return True  # reading it says what is wrong
    return bool(west <= box[2] and east >= box[0] and south <= box[3] and north >= box[1])


def _as_written(folder: Path, name: str, sha256: str) -> pd.DataFrame:
    """Read a file of many after looking whether it is what was written."""
    try:
        with (folder / name).open("rb") as stream:
            same = hashlib.file_digest(stream, "sha256").hexdigest() == sha256
    except OSError as error:
        what = f"is no longer complete: `{name}` is missing"
        raise InputError(what, where=str(folder), mend="Copy the whole folder again.") from error
    if not same:
        what = f"is no longer what was written: `{name}` was changed"
        raise InputError(what, where=str(folder), mend="Copy it again.")
    return _read(folder / name, name.split("/", 1)[0])


def _read(file: Path, name: str) -> pd.DataFrame:
    try:
        if RESULT_TABLES[name].geometry is None:
            return pd.read_parquet(file)
        return gpd.read_parquet(file)
    except (OSError, ValueError) as error:
        what = str(error).strip().splitlines()[0].rstrip(".")
        raise InputError(f"cannot be read ({what})", where=str(file), mend="Is the file complete?") from error


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.parquet"
