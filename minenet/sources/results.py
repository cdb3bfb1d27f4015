"""Writes a result to one GeoPackage, all or nothing, and reads it back, also from a folder of Parquet files."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataSourceError
from pyproj import CRS

from minenet.errors import InputError
from minenet.sources.documenting import document
from minenet.sources.files import read_layer, require_whole
from minenet.sources.guarded import guarded
from minenet.sources.in_place import geopackage_in_place
from minenet.sources.parquet import read_parquet_layers
from minenet.tables import RESULT_TABLES, Result, empty, shapes_of, single_parts, typed

__all__ = ["read_result", "write_result"]


def write_result(result: Result, path: str | Path) -> Path:
    """Write every layer of `result` to a GeoPackage; an unfinished file never stands at `path`.

    Beside the layers it holds what every column means, and styles with which QGIS opens it (Dutch first, English too).

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    path = Path(path)
    with geopackage_in_place(path) as part:
        for name, layer in result.layers.items():
            _write_layer(layer, part, name, result.crs)
        document(part)
    return path


def _write_layer(layer: pd.DataFrame, path: Path, name: str, crs: CRS) -> None:
    table = RESULT_TABLES[name]
    if table.geometry is None:
        pyogrio.write_dataframe(layer, path, layer=name, layer_options={"ASPATIAL_VARIANT": "GPKG_ATTRIBUTES"})
        return
    kind = "Unknown" if len(table.geometry) > 2 else table.geometry[0]
    if "Polygon" in table.geometry and kind == "Polygon":
        kind = "MultiPolygon"
    frame = gpd.GeoDataFrame(layer, crs=crs)
    pyogrio.write_dataframe(
        frame, path, layer=name, geometry_type=kind, promote_to_multi=kind.startswith("Multi"), spatial_index=True
    )


def read_result(path: str | Path, *, near: tuple[float, float, float, float] | None = None) -> Result:
    """Read a result: a GeoPackage that `write_result` wrote, a folder that `write_parquet` wrote, or one of many files.

    Parameters
    ----------
    path : str or Path
        File or folder.
    near : tuple of float, optional
        West, south, east, north in the CRS of the result: of a folder with many files only those of parts that touch
        this box are read, so that the whole need not fit in memory. See `excerpt` for what lies in the box alone. [m]

    Raises
    ------
    InputError
        When there is no such file or folder, it is of another kind, or it lacks a layer of a result.
    """
    path = Path(path)
    if path.is_dir():
        return Result.of({name: _typed(frame, name) for name, frame in read_parquet_layers(path, near=near).items()})
    _require_layers(path)
    return Result.of({name: _typed(read_layer(path, name), name) for name in RESULT_TABLES})


def _require_layers(path: Path) -> None:
    """Raise when a file is no GeoPackage, or lacks a layer of a result."""
    if not path.is_file():
        raise InputError("no such file", where=str(path), mend="`minenet assess AREA -o RESULT.gpkg` makes one.")
    if path.suffix.lower() != ".gpkg":
        raise InputError("is not a GeoPackage", where=str(path))
    require_whole(path)
    try:
        with guarded(path):
            have = {str(name) for name, _ in pyogrio.list_layers(path)}
    except DataSourceError as error:
        raise InputError("cannot be opened", where=str(path), mend="Make it again with `minenet assess`.") from error
    missing = [name for name in RESULT_TABLES if name not in have]
    if missing:
        mend = "`map`, `pages` and `export` read what `minenet assess` wrote, not an area."
        raise InputError(f"is no result: layer `{missing[0]}` is missing", where=str(path), mend=mend)


def _typed(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    table = RESULT_TABLES[name]
    if len(frame) == 0:
        return empty(table, getattr(frame, "crs", None))
    if not isinstance(frame, gpd.GeoDataFrame):
        return typed(frame, table)
    whole = gpd.GeoSeries(single_parts(shapes_of(frame)), crs=frame.crs)
    return gpd.GeoDataFrame(typed(frame.set_geometry(whole), table), crs=frame.crs)
