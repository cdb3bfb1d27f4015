"""A result as a folder of Parquet files, one per layer or many: GeoParquet where there is geometry, plain where not.

With many, every layer is a folder of files, and a manifest tells which files there are: a lost one is noticed.
"""

import hashlib
import io
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd

from minenet.errors import InputError, OutputError
from minenet.sources.in_place import beside, require_name
from minenet.tables import RESULT_TABLES, Result, in_result_order

__all__ = [
    "MANIFEST",
    "manifest_bytes",
    "moved_result",
    "read_parquet_layer",
    "require_free_folder",
    "require_parquet_layers",
    "table_bytes",
    "write_parquet",
]

MANIFEST = "manifest.json"
"""In a result of many files: the sha256 of each, by its path in the folder."""

NAME = re.compile(r"[a-z]+/[a-z]+(-[0-9]+)?\.parquet")


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


def require_parquet_layers(folder: Path) -> None:
    """Raise when a folder lacks a layer of a result, or one of its many files is lost or changed.

    Raises
    ------
    InputError
        With the first that is not there.
    """
    if (folder / MANIFEST).is_file():
        _require_files(folder)
        return
    for name in RESULT_TABLES:
        if not _file(folder, name).is_file():
            mend = "`minenet export RESULT.gpkg --parquet FOLDER` writes them all."
            raise InputError(f"is no result: `{_file(folder, name).name}` is missing", where=str(folder), mend=mend)


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


def _require_files(folder: Path) -> None:
    files = _manifest(folder)
    missing = sorted(set(RESULT_TABLES) - {name.split("/", 1)[0] for name in files})
    if missing:
        raise InputError(f"is no result: layer `{missing[0]}` is missing", where=str(folder))
    for name, sha256 in files.items():
        try:
            with (folder / name).open("rb") as stream:
                same = hashlib.file_digest(stream, "sha256").hexdigest() == sha256
        except OSError as error:
            what = f"is no longer complete: `{name}` is missing"
            raise InputError(what, where=str(folder), mend="Copy the whole folder again.") from error
        if not same:
            what = f"is no longer what was written: `{name}` was changed"
            raise InputError(what, where=str(folder), mend="Copy it again.")


def read_parquet_layer(folder: Path, name: str) -> pd.DataFrame:
    """Read one layer of a folder that `write_parquet` wrote, or of one with many files.

    Raises
    ------
    InputError
        When a file is broken, or is no Parquet.
    """
    if not (folder / MANIFEST).is_file():
        return _read(_file(folder, name), name)
    frames = [_read(folder / file, name) for file in sorted(_manifest(folder)) if file.startswith(f"{name}/")]
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    return in_result_order(pd.concat(filled, ignore_index=True) if len(filled) > 1 else filled[0], name)


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
