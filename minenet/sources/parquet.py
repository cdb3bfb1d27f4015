"""A result as a folder of Parquet files, one per layer: GeoParquet where there is geometry, plain where not."""

from pathlib import Path

import geopandas as gpd
import pandas as pd

from minenet.errors import InputError, OutputError
from minenet.sources.in_place import beside, require_name
from minenet.tables import RESULT_TABLES, Result

__all__ = ["read_parquet_layer", "require_free_folder", "require_parquet_layers", "write_parquet"]


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
        new, old = room / "new", room / "old"
        new.mkdir()
        for name, layer in result.layers.items():
            frame = layer if RESULT_TABLES[name].geometry is None else gpd.GeoDataFrame(layer, crs=result.crs)
            frame.to_parquet(_file(new, name), index=False)
        if folder.exists():
            folder.replace(old)
        try:
            new.replace(folder)
        except OSError:
            if old.exists():
                old.replace(folder)
            raise
    return folder


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
    known = {_file(folder, name).name for name in RESULT_TABLES}
    others = sorted(p.name for p in folder.iterdir() if p.name not in known) if folder.exists() else []
    if others:
        mend = "Name a new folder: the whole folder is replaced."
        raise OutputError(f"holds something else than a result (`{others[0]}`)", where=str(folder), mend=mend)
    with beside(folder):
        pass


def require_parquet_layers(folder: Path) -> None:
    """Raise when a folder lacks a layer of a result.

    Raises
    ------
    InputError
        With the first layer that is not there.
    """
    for name in RESULT_TABLES:
        if not _file(folder, name).is_file():
            mend = "`minenet export RESULT.gpkg --parquet FOLDER` writes them all."
            raise InputError(f"is no result: `{_file(folder, name).name}` is missing", where=str(folder), mend=mend)


def read_parquet_layer(folder: Path, name: str) -> pd.DataFrame:
    """Read one layer of a folder that `write_parquet` wrote.

    Raises
    ------
    InputError
        When the file is broken, or is no Parquet.
    """
    file = _file(folder, name)
    try:
        return pd.read_parquet(file) if RESULT_TABLES[name].geometry is None else gpd.read_parquet(file)
    except (OSError, ValueError) as error:
        what = str(error).strip().splitlines()[0].rstrip(".")
        raise InputError(f"cannot be read ({what})", where=str(file), mend="Is the file complete?") from error


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.parquet"
