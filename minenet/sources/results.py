"""Writes a result to one GeoPackage, all or nothing, and reads it back, also from a folder of Parquet files.

One of many files can also be read part by part, so that the whole need not fit in memory.
"""

from collections.abc import Iterator
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
from minenet.sources.many import Bounds, ManyFiles, in_many_files, wider
from minenet.sources.parquet import read_parquet_layers
from minenet.tables import RESULT_TABLES, Result, empty, shapes_of, single_parts, typed

__all__ = ["ABSENT", "ResultInParts", "in_parts", "read_result", "write_result"]

ABSENT = "absent"
"""Under this name `attrs` of a layer that was read lists the columns that its file does not have."""


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


def in_parts(path: str | Path) -> bool:
    """Tell whether a path is a folder with a result of many files, which can be read part by part."""
    return in_many_files(Path(path))


class ResultInParts:
    """A result of many files, of which a part at a time is read.

    Raises
    ------
    InputError
        When it is not complete.
    """

    def __init__(self, folder: str | Path) -> None:
        self._files = ManyFiles(Path(folder))
        self.parts = self._files.parts

    @property
    def crs(self) -> CRS:
        """Coordinate reference system that all parts share."""
        first = self._files.of(self.parts[0])
        return CRS(self._files.table("homes", first).crs)

    @property
    def notes(self) -> pd.Series:
        """Where everything came from, by key."""
        rows: pd.DataFrame = self._files.table("provenance", self._files.names)
        return rows.set_index("key")["value"]

    def bounds(self, part: str) -> Bounds:
        """Return the box around all that a part has."""
        return self._files.bounds(part)

    def part(self, part: str, beyond_m: float) -> Result:
        """Return the rows of one part, with what is drawn so far around it and where everything came from."""
        drawn = self._files.touching("context", wider(self.bounds(part), beyond_m))
        of_whole = [name for name in self._files.names if name.startswith("provenance/")]
        return self._typed({*self._files.of(part), *drawn, *of_whole})

    def near(self, part: str, beyond_m: float) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
        """Return the clusters and boreholes of the other parts of which one stands near a part."""
        touching = self._files.touching("boreholes", wider(self.bounds(part), beyond_m))
        others = {Path(name).stem for name in touching} & (set(self.parts) - {part})
        names = {name for other in others for name in self._files.of(other)}
        clusters, boreholes = (
            gpd.GeoDataFrame(_typed(self._files.table(table, names), table)) for table in ("clusters", "boreholes")
        )
        return clusters, boreholes

    def column(self, table: str, column: str) -> Iterator[pd.Series]:
        """Return a column of a table of the whole, file by file."""
        yield from self._files.column(table, column)

    def _typed(self, names: set[str]) -> Result:
        return Result.of({name: _typed(frame, name) for name, frame in self._files.read(names).items()})


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
    """Return a layer with all declared columns; those that were not there are empty, and `attrs` names them."""
    table = RESULT_TABLES[name]
    if len(frame) == 0:
        return empty(table, getattr(frame, "crs", None))
    whole = typed(frame, table)
    if isinstance(frame, gpd.GeoDataFrame):
        shapes = gpd.GeoSeries(single_parts(shapes_of(frame)), crs=frame.crs)
        whole = gpd.GeoDataFrame(typed(frame.set_geometry(shapes), table), crs=frame.crs)
    if absent := [column.name for column in table.columns if column.name not in frame]:
        whole.attrs[ABSENT] = absent
    return whole
