"""Reads files: GeoPackage, GeoJSON, Shapefile and GeoParquet, one by itself or a folder in which each is a layer."""

import hashlib
import sqlite3
import struct
import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyarrow.lib import ArrowException
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.errors import GEOSException

from minenet.errors import InputError
from minenet.sources.guarded import guarded
from minenet.sources.mapping import LayerMapping, apply_mapping, read_mapping
from minenet.tables import AREA_TABLES, Area, make_area

__all__ = ["SUFFIXES", "about_files", "only_layer", "read_layer", "read_plain_area", "require_whole", "sha256_of"]

ABOUT = "about"
BESIDE_THE_AREA = (ABOUT, "layer_styles", "qgis_projects")
"""Layers of which nobody expects that they are read as a part of the area."""

SUFFIXES = (".gpkg", ".geojson", ".json", ".shp", ".parquet", ".geoparquet")
OTHER_TABLES = (".csv", ".tsv", ".txt", ".xls", ".xlsx", ".ods")
MOST_SHOWN = 200
NUMBER_KINDS = ("INT", "TINYINT", "SMALLINT", "MEDIUMINT", "REAL", "DOUBLE", "FLOAT")
"""How GeoPackage calls kinds of numbers (OGC 12-128r19, table 1)."""

_GPKG_HEADER = b"SQLite format 3\x00"


def read_plain_area(path: Path, mapping: str | Path | None) -> Area:
    """Read an area from one file, or from a folder of files; see `read_area`."""
    mappings = read_mapping(mapping) if mapping is not None else ()
    files, notes = _files(path)
    notes |= {f"input.{file.name}.sha256": sha256_of(file) for file in files}
    if mapping is not None:
        notes["input.mapping.sha256"] = sha256_of(Path(mapping))
        frames = _mapped_frames(files, mappings, notes)
    else:
        frames = _named_frames(files, notes)
        notes |= about_files(files)
    for file in files:
        if sha256_of(file) != notes[f"input.{file.name}.sha256"]:
            raise InputError("changed while it was read", where=str(file), mend="Wait until it is written.")
    return make_area(frames, provenance=notes)


def _files(path: Path) -> tuple[list[Path], dict[str, str]]:
    """Return the files to read, and what is passed over though its name says that it is for us."""
    try:
        found = path.exists()
    except OSError as error:  # a name that is too long, a folder that may not be looked into
        raise InputError(f"cannot be opened ({error.strerror})", where=str(path)[:MOST_SHOWN]) from error
    if not found:
        mend = f"Is the path right? The current folder is {Path.cwd()}."
        raise InputError("no such file or folder", where=str(path), mend=mend)
    if path.is_dir():
        return _files_in(path)
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"is not one of {', '.join(SUFFIXES)}", where=str(path), mend="Convert it to a GeoPackage.")
    if not path.is_file():  # a pipe or device would be read without end
        raise InputError("is no plain file", where=str(path), mend="Write it to a file first.")
    return [path], {}


def _files_in(folder: Path) -> tuple[list[Path], dict[str, str]]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise InputError(f"cannot be opened ({error.strerror})", where=str(folder)) from error
    known = [entry for entry in entries if entry.suffix.lower() in SUFFIXES]
    files = [entry for entry in known if entry.is_file()]
    if not files:
        raise InputError(f"holds no file of a known kind ({', '.join(SUFFIXES)})", where=str(folder))
    notes = {f"ignored.{entry.name}": "is no plain file" for entry in known if entry not in files}
    for entry in entries:
        if entry.suffix.lower() in OTHER_TABLES and entry.stem.lower() in AREA_TABLES:
            notes[f"ignored.{entry.name}"] = "a table has no place on the map: make it a GeoPackage"
    return files, notes


def _named_frames(files: Sequence[Path], notes: dict[str, str]) -> dict[str, Any]:
    """Return layers that bear the contract's own names; a single-layer file may be named after its table."""
    frames: dict[str, Any] = {}
    found_in: dict[str, str] = {}
    for file in files:
        layers = _layers(file)
        for layer in layers:
            name = file.stem if len(layers) == 1 and file.stem in AREA_TABLES else layer
            if name in found_in:
                mend = "Keep one, or join them in a mapping file (see --mapping)."
                both = f"stands in {found_in[name]} and in {file.name}"
                raise InputError(both, where=f"layer `{name}`", mend=mend)
            if name in AREA_TABLES:
                frames[name], found_in[name] = read_layer(file, layer), file.name
            elif name not in BESIDE_THE_AREA:
                notes[f"ignored.{name}"] = "layer is not part of an area"
    return frames


def about_files(files: Sequence[Path]) -> dict[str, str]:
    """Return what files say of themselves in a table `about` (`key, value`): `attribution`, `fictional`, ..."""
    said: dict[str, str] = {}
    for file in files:
        if ABOUT in _layers(file):
            table = read_layer(file, ABOUT)
            if {"key", "value"} <= set(table.columns):
                said |= {str(key): str(value) for key, value in zip(table["key"], table["value"], strict=True)}
    return said


def _mapped_frames(files: Sequence[Path], mappings: Sequence[LayerMapping], notes: dict[str, str]) -> dict[str, Any]:
    parts: dict[str, list[Any]] = {}
    for mapping in mappings:
        file = _file_of(mapping, files)
        layer = mapping.layer if mapping.layer is not None else only_layer(file, mapping.table)
        where = f"{file.name}, layer `{layer}`"
        if mapping.attribution:
            notes[f"attribution.{mapping.table}"] = mapping.attribution
        frame = apply_mapping(read_layer(file, layer), mapping, where=where, notes=notes)
        parts.setdefault(mapping.table, []).append(frame)
    return {table: _joined(table, frames) for table, frames in parts.items()}


def _file_of(mapping: LayerMapping, files: Sequence[Path]) -> Path:
    where = f"mapping [{mapping.table}]"
    if mapping.file is None:
        if len(files) == 1:
            return files[0]
        mend = f"Name one with `file`: {', '.join(f.name for f in files)}."
        raise InputError("several files are given", where=where, mend=mend)
    for file in files:
        if file.name == mapping.file:
            return file
    mend = f"Files there: {', '.join(f.name for f in files)}."
    raise InputError(f"file `{mapping.file}` is not there", where=where, mend=mend)


def only_layer(file: Path, table: str) -> str:
    """Return the layer of a file that is meant when none is named.

    Raises
    ------
    InputError
        When it could be several.
    """
    layers = _layers(file)
    if table in layers:
        return table
    if len(layers) == 1:
        return layers[0]
    mend = f"Name one with `layer`: {', '.join(layers)}."
    raise InputError("the file has several layers", where=f"mapping [{table}], {file.name}", mend=mend)


def _joined(table: str, frames: Sequence[Any]) -> Any:
    if len(frames) == 1:
        return frames[0]
    crs = {str(getattr(f, "crs", None)) for f in frames}
    if len(crs) > 1:
        mend = "Reproject them to one."
        raise InputError(f"its sources differ in CRS ({', '.join(sorted(crs))})", where=f"[{table}]", mend=mend)
    filled = [f.dropna(axis="columns", how="all") for f in frames]  # an all-null column would blur the joined type
    return pd.concat(filled, ignore_index=True)


def _layers(file: Path) -> list[str]:
    require_whole(file)
    if file.suffix.lower() in (".parquet", ".geoparquet"):
        return [file.stem]
    try:
        with warnings.catch_warnings(), guarded(file):
            warnings.simplefilter("ignore")  # GDAL's remarks about the form of a file: reading it tells what matters
            return [str(name) for name, _ in pyogrio.list_layers(file)]
    except DataSourceError as error:
        raise InputError(f"cannot be opened ({_first_line(error)})", where=str(file)) from error


def read_layer(file: Path, layer: str) -> Any:
    """Read one layer of a file; a layer without geometry comes as a plain DataFrame.

    Raises
    ------
    InputError
        When the layer is not there, or the file is broken.
    """
    where = f"{file.name}, layer `{layer}`"
    layers = _layers(file)
    if layer not in layers:
        raise InputError("is not there", where=where, mend=f"Layers there: {', '.join(layers) or 'none'}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL's remarks about measured or mixed geometry: arrival counts them
            if file.suffix.lower() in (".parquet", ".geoparquet"):
                return gpd.read_parquet(file)
            if file.suffix.lower() == ".gpkg":
                _require_kinds(file, layer)
            with guarded(file):
                return _read_dataframe(file, layer)
    except UnicodeDecodeError as error:
        mend = "Save it in UTF-8."
        raise InputError(f"holds text that is not UTF-8 ({_first_line(error)})", where=where, mend=mend) from error
    except (
        GEOSException,
        ArrowException,
        DataSourceError,
        DataLayerError,
        OSError,
        ValueError,
        RuntimeError,
    ) as error:
        raise InputError(f"cannot be read ({_first_line(error)})", where=where, mend="Is the file complete?") from error


def _read_dataframe(file: Path, layer: str) -> Any:
    """Read a layer; rows whose geometry is none (a line of one point, an open ring) come without, as arrival counts."""
    try:
        return pyogrio.read_dataframe(file, layer=layer, fid_as_index=False)
    except GEOSException:
        columns = pyogrio.read_dataframe(file, layer=layer, read_geometry=False)
        meta, _, shapes, _ = pyogrio.raw.read(file, layer=layer, columns=[])
        geometry = gpd.GeoSeries(shapely.from_wkb(shapes, on_invalid="ignore"), index=columns.index, crs=meta["crs"])
        return gpd.GeoDataFrame(columns, geometry=geometry)


def _require_kinds(file: Path, layer: str) -> None:
    """Raise when a column of numbers holds text: SQLite keeps it as it is, and GDAL would read it as 0, unsaid."""
    name = layer.replace('"', '""')
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        try:
            kinds = {str(row[1]): str(row[2]).upper() for row in database.execute(f'PRAGMA table_info("{name}")')}
            for column, kind in kinds.items():
                if not kind.startswith(NUMBER_KINDS):
                    continue
                cell = '"' + column.replace('"', '""') + '"'
                strange = f"SELECT count(*) FROM \"{name}\" WHERE typeof({cell}) IN ('text', 'blob')"  # noqa: S608 - names are quoted, quotes doubled
                (count,) = database.execute(strange).fetchone()
                if count:
                    mend = f"Empty these cells, or make `{column}` a column of text."
                    where = f"{file.name}, layer `{layer}`"
                    raise InputError(
                        f"{count} rows hold text in `{column}`, a column of numbers", where=where, mend=mend
                    )
        except sqlite3.Error:
            return  # what is broken about the file, GDAL will say


def require_whole(file: Path) -> None:
    """Raise when a GeoPackage is no SQLite file, or ends before the length in its own header.

    Raises
    ------
    InputError
        With what is wrong with it.
    """
    if file.suffix.lower() != ".gpkg":
        return
    with _opened(file) as stream:
        header = stream.read(32)
    if not header.startswith(_GPKG_HEADER):
        what = "is empty" if not header else "is not a GeoPackage, whatever its name says"
        raise InputError(what, where=str(file), mend="Open it in the program that made it, and export it again.")
    page = struct.unpack(">H", header[16:18])[0]
    length = (65536 if page == 1 else page) * struct.unpack(">I", header[28:32])[0]
    if file.stat().st_size < length:
        what = f"is cut off: {file.stat().st_size:,} bytes of {length:,}"
        raise InputError(what, where=str(file), mend="Copy or download it again.")


def sha256_of(file: Path) -> str:
    """Return the sha256 of the bytes of a file.

    Raises
    ------
    InputError
        When it cannot be read.
    """
    with _opened(file) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _opened(file: Path) -> Iterator[BufferedReader]:
    try:
        with file.open("rb") as stream:
            yield stream
    except OSError as error:
        mend = "May you read it, and does no other program hold it?"
        raise InputError(f"cannot be read ({error.strerror or error})", where=str(file), mend=mend) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
