"""Files that are whole or not there: written beside their place, and moved into it when all went well."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyogrio
from pyogrio.errors import DataSourceError

from minenet.errors import OutputError

__all__ = ["beside", "geopackage_in_place", "moved_into_place", "require_name", "require_writable"]

_GDAL_OPTIONS = {"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z", "OGR_SQLITE_SYNCHRONOUS": "OFF"}
"""A fixed date, so that the same layers give the same file; and no wait for the disk at every layer: the file is moved
into place when it is whole."""

KINDS = {".gpkg": "a GeoPackage", ".csv": "a table (CSV)", ".xlsx": "a workbook (XLSX)"}


@contextmanager
def moved_into_place(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to, and move it into place when all went well.

    Raises
    ------
    OutputError
        When the folder is missing or cannot be written to.
    """
    with beside(path) as folder:
        part = folder / path.name
        yield part
        part.replace(path)


@contextmanager
def geopackage_in_place(path: Path) -> Iterator[Path]:
    """Give a path for a GeoPackage as `moved_into_place` does; the same layers give the same file.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    require_writable(path)
    before = {name: pyogrio.get_gdal_config_option(name) for name in _GDAL_OPTIONS}
    pyogrio.set_gdal_config_options(_GDAL_OPTIONS)
    try:
        with moved_into_place(path) as part:
            yield part
    except (DataSourceError, RuntimeError, sqlite3.Error) as error:
        raise OutputError(f"cannot be written ({error})", where=str(path)) from error
    finally:
        pyogrio.set_gdal_config_options(before)


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Give a folder beside `path` that is gone afterwards.

    Raises
    ------
    OutputError
        When the folder is missing or cannot be written to.
    """
    require_name(path)
    if not path.parent.is_dir():
        raise OutputError(f"the folder `{path.parent}` does not exist", where=str(path), mend="Make it first.")
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
            yield Path(folder)
    except OSError as error:
        raise OutputError(f"cannot be written ({error.strerror or error})", where=str(path)) from error


def require_name(path: Path) -> None:
    """Raise when no file can bear the name: what only looks at a path may take that for a file that is not there.

    Raises
    ------
    OutputError
        With what is wrong with it.
    """
    try:
        path.lstat()
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:  # too long; with a NUL in it
        what = getattr(error, "strerror", None) or error
        raise OutputError(f"cannot be the name of a file ({what})", where=str(path)[:200]) from error


def require_writable(path: str | Path, *suffixes: str) -> None:
    """Raise now, before any work, when a file could not be written to `path`.

    Parameters
    ----------
    path : str or Path
        Where the file will stand.
    *suffixes : str
        How its name may end; `.gpkg` when none is given.

    Raises
    ------
    OutputError
        When the name does not end so, is that of a folder, or its folder cannot be written to.
    """
    path, suffixes = Path(path), suffixes or (".gpkg",)
    require_name(path)
    if path.suffix.lower() not in suffixes:
        what = "a result" if ".gpkg" in suffixes else "a summary"
        kinds, ends = (" or ".join(parts) for parts in ([KINDS[s] for s in suffixes], suffixes))
        raise OutputError(f"{what} is written as {kinds}", where=str(path), mend=f"End the name in {ends}.")
    if path.is_dir():
        raise OutputError("is a folder", where=str(path), mend="Name a file.")
    with beside(path):
        pass
