"""Reads an area from files: one GeoPackage, or a folder of GeoPackage, GeoJSON, Shapefile and GeoParquet files."""

import hashlib
import struct
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from minenet.errors import InputError
from minenet.sources.guarded import guarded
from minenet.sources.mapping import LayerMapping, apply_mapping, read_mapping
from minenet.tables import AREA_TABLES, Area, make_area

__all__ = ["read_area", "read_layer", "require_whole"]

ABOUT = "about"

SUFFIXES = (".gpkg", ".geojson", ".json", ".shp", ".parquet", ".geoparquet")
_GPKG_HEADER = b"SQLite format 3\x00"


def read_area(path: str | Path, *, mapping: str | Path | None = None) -> Area:
    """Read an area from a GeoPackage, or from a folder of files, and check it.

    Parameters
    ----------
    path : str or Path
        GeoPackage with the layers of `AREA_TABLES`, or a folder in which each file (or layer of a GeoPackage) is one. A
        table `about` (`key, value`) may say whose data it is (`attribution`) or that it is `fictional`.
    mapping : str or Path, optional
        TOML file that says which file, layer, column and value is which (see `minenet.sources.mapping`).

    Returns
    -------
    Area
        Checked layers; `provenance` counts what was read, repaired and left out, with the sha256 of every file.

    Raises
    ------
    InputError
        When a file is missing, is not what its name says, is cut off, or holds data that cannot be used.
    AssumptionError
        When the mapping file is not right.
    """
    path = Path(path)
    mappings = read_mapping(mapping) if mapping is not None else ()
    files = _files(path)
    notes = {f"input.{file.name}.sha256": _sha256(file) for file in files}
    if mapping is not None:
        notes["input.mapping.sha256"] = _sha256(Path(mapping))
        frames = _mapped_frames(files, mappings, notes)
    else:
        frames = _named_frames(files)
        notes |= _about(files)
    for file in files:
        if _sha256(file) != notes[f"input.{file.name}.sha256"]:
            raise InputError("changed while it was read", where=str(file), mend="Wait until it is written.")
    return make_area(frames, provenance=notes)


def _files(path: Path) -> list[Path]:
    if not path.exists():
        mend = f"Is the path right? The current folder is {Path.cwd()}."
        raise InputError("no such file or folder", where=str(path), mend=mend)
    if path.is_dir():
        files = sorted(f for f in path.iterdir() if f.suffix.lower() in SUFFIXES and f.is_file())
        if not files:
            raise InputError(f"holds no file of a known kind ({', '.join(SUFFIXES)})", where=str(path))
        return files
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"is not one of {', '.join(SUFFIXES)}", where=str(path), mend="Convert it to a GeoPackage.")
    return [path]


def _named_frames(files: Sequence[Path]) -> dict[str, Any]:
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
    return frames


def _about(files: Sequence[Path]) -> dict[str, str]:
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
        layer = mapping.layer if mapping.layer is not None else _only_layer(file, mapping.table)
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


def _only_layer(file: Path, table: str) -> str:
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
        with guarded(file):
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
            with guarded(file):
                return pyogrio.read_dataframe(file, layer=layer, fid_as_index=False)
    except (DataSourceError, DataLayerError, OSError, ValueError, RuntimeError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read ({_first_line(error)})", where=where, mend="Is the file complete?") from error


def require_whole(file: Path) -> None:
    """Raise when a GeoPackage is no SQLite file, or ends before the length in its own header.

    Raises
    ------
    InputError
        With what is wrong with it.
    """
    if file.suffix.lower() != ".gpkg":
        return
    with file.open("rb") as stream:
        header = stream.read(32)
    if not header.startswith(_GPKG_HEADER):
        what = "is empty" if not header else "is not a GeoPackage, whatever its name says"
        raise InputError(what, where=str(file), mend="Open it in the program that made it, and export it again.")
    page = struct.unpack(">H", header[16:18])[0]
    length = (65536 if page == 1 else page) * struct.unpack(">I", header[28:32])[0]
    if file.stat().st_size < length:
        what = f"is cut off: {file.stat().st_size:,} bytes of {length:,}"
        raise InputError(what, where=str(file), mend="Copy or download it again.")


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
