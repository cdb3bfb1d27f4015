"""A result as a folder of Parquet files, one per layer or many: GeoParquet where there is geometry, plain where not."""

import io
import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd

from minenet.errors import InputError, OutputError
from minenet.sources.in_place import beside, require_name
from minenet.sources.many import AROUND_M, MANIFEST, Bounds, ManyFiles, in_many_files, names_table, read_table
from minenet.tables import RESULT_TABLES, Result

__all__ = ["moved_result", "read_parquet_layers", "require_free_folder", "table_bytes", "write_parquet"]


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
    others = sorted(p.name for p in folder.iterdir() if not _is_ours(p)) if folder.exists() else []
    if others:
        mend = "Name a new folder: the whole folder is replaced."
        raise OutputError(f"holds something else than a result (`{others[0]}`)", where=str(folder), mend=mend)
    with beside(folder):
        pass


def _is_ours(entry: Path) -> bool:
    """Tell whether a file or folder is what a result consists of, and nothing else."""
    if entry.is_symlink():
        return False
    if not entry.is_dir():
        return entry.name in {MANIFEST, *(_file(entry.parent, name).name for name in RESULT_TABLES)}
    return in_many_files(entry.parent) and all(names_table(f"{entry.name}/{child.name}") for child in entry.iterdir())


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
    if in_many_files(folder):
        many = ManyFiles(folder)
        return many.read(many.names if near is None else many.near(near, AROUND_M))
    for name in RESULT_TABLES:
        if not _file(folder, name).is_file():
            mend = "`minenet export RESULT.gpkg --parquet FOLDER` writes them all."
            raise InputError(f"is no result: `{_file(folder, name).name}` is missing", where=str(folder), mend=mend)
    return {name: read_table(_file(folder, name), name) for name in RESULT_TABLES}


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.parquet"
