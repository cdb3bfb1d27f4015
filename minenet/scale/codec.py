"""What stages hand to each other, as bytes and back: dataclasses of frames in Parquet, never code.

Whoever can write to the work folder could otherwise run code here; tables, numbers and texts only carry.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from minenet.design import Layout
from minenet.parts import Piece
from minenet.stages import Concluded, Designed, Grouped, Judged
from minenet.tables import Area

__all__ = ["BrokenError", "carried", "pack", "unpack"]

Carrier = TypeVar("Carrier")

CARRIERS: dict[str, type] = {c.__name__: c for c in (Area, Layout, Piece, Grouped, Designed, Judged, Concluded)}
"""All that is ever made of bytes."""


def carried(kind: type[Carrier]) -> type[Carrier]:
    """Let a dataclass be carried too."""
    CARRIERS[kind.__name__] = kind
    return kind


DAY_ONE = (1980, 1, 1, 0, 0, 0)
"""Nothing in the bytes depends on the clock."""

DIGEST = 64


class BrokenError(Exception):
    """Bytes that are not what was written: cut off or changed."""


def pack(value: Any) -> bytes:
    """Return a carrier, frame or None as bytes that begin with their own sha256."""
    blobs: dict[str, bytes] = {}
    shape = _taken_apart(value, "it", blobs)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, blob in {"shape.json": json.dumps(shape).encode(), **blobs}.items():
            archive.writestr(zipfile.ZipInfo(name, DAY_ONE), blob)
    payload = stream.getvalue()
    return hashlib.sha256(payload).hexdigest().encode() + payload


def unpack(data: bytes, kind: type[Carrier]) -> Carrier:
    """Return what bytes hold.

    Raises
    ------
    BrokenError
        When they are not what was written, or something else than asked for.
    """
    digest, payload = data[:DIGEST], data[DIGEST:]
    if hashlib.sha256(payload).hexdigest().encode() != digest:
        raise BrokenError("the checksum does not fit")
    with zipfile.ZipFile(io.BytesIO(payload)) as archive:
        value = _put_together(json.loads(archive.read("shape.json")), archive)
    if not isinstance(value, kind):
        raise BrokenError(f"holds {type(value).__name__}, not {kind.__name__}")
    return value


def _taken_apart(value: Any, name: str, blobs: dict[str, bytes]) -> Any:
    """Return the shape of a value as JSON; frames go to `blobs`."""
    if is_dataclass(value):
        inner = {f.name: _taken_apart(getattr(value, f.name), f"{name}.{f.name}", blobs) for f in fields(value)}
        return {"carrier": type(value).__name__, "fields": inner}
    if isinstance(value, pd.DataFrame | pd.Series | np.ndarray):
        kind, frame = _as_frame(value)
        blobs[name] = _as_parquet(frame)
        return {"frame": name, "kind": kind}
    if isinstance(value, shapely.Geometry):
        return {"shape": shapely.to_wkb(value, hex=True)}
    if isinstance(value, Mapping):
        return {"mapping": {str(k): _taken_apart(v, f"{name}.{k}", blobs) for k, v in value.items()}}
    return {"plain": _plain(value)}


def _as_frame(value: pd.DataFrame | pd.Series | np.ndarray) -> tuple[str, pd.DataFrame]:
    """Return what a table, column or array is, and the frame that holds it."""
    if isinstance(value, pd.DataFrame):
        return "frame", value
    if isinstance(value, gpd.GeoSeries):
        return "shapes", gpd.GeoDataFrame(geometry=value)
    if isinstance(value, pd.Series):
        return "series", value.to_frame("value")
    return f"array {value.dtype.str if value.dtype != object else 'object'}", pd.DataFrame({"value": value})


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} is not carried")


def _as_parquet(frame: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.to_parquet(stream, compression="zstd")
    return stream.getvalue()


def _put_together(shape: dict[str, Any], archive: zipfile.ZipFile) -> Any:
    match shape:
        case {"carrier": str(kind), "fields": dict(inner)} if kind in CARRIERS:
            return CARRIERS[kind](**{name: _put_together(part, archive) for name, part in inner.items()})
        case {"frame": str(name), "kind": str(kind)}:
            return _of_frame(kind, _of_parquet(archive.read(name)))
        case {"shape": str(hexed)}:
            return shapely.from_wkb(hexed)
        case {"mapping": dict(entries)}:
            return {name: _put_together(part, archive) for name, part in entries.items()}
        case {"plain": value}:
            return value
        case _:
            raise BrokenError("holds what was never written")


def _of_frame(kind: str, frame: pd.DataFrame) -> Any:
    what, _, dtype = kind.partition(" ")
    match what:
        case "shapes":
            return gpd.GeoDataFrame(frame).geometry.rename(None)
        case "series":
            return frame["value"].rename(None)
        case "array":
            return frame["value"].to_numpy(dtype=dtype)
        case _:
            return frame


def _of_parquet(data: bytes) -> pd.DataFrame:
    stream = io.BytesIO(data)
    try:
        return gpd.read_parquet(stream)  # type: ignore[arg-type]  # any open file will do
    except ValueError:  # no column holds shapes
        stream.seek(0)
        return pd.read_parquet(stream)
