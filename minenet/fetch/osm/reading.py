"""Reads extracts of OpenStreetMap: `.osm.pbf` and `.osm`.

GDAL assembles the geometries. It does not give a closed way that is also the outline of a relation, such as a building
on its own lawn: those are read apart. Nor can it judge the file: some damage it only warns of, and the result is a
smaller neighbourhood, so the file itself is looked at first. A PBF has no mark of its end: one that is cut exactly
between two blocks cannot be told from a whole one.

References
----------
.. [1] OpenStreetMap wiki, PBF Format: blocks, each after the length of its header (4 bytes, big-endian).
.. [2] GDAL, OSM driver: layers, `osmconf.ini`.
"""

import tempfile
import xml.parsers.expat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from minenet.errors import InputError
from minenet.fetch.carriers import Collected
from minenet.fetch.osm.tags import KEYS, tag
from minenet.fetch.web.answers import require_plain_xml
from minenet.fetch.web.asking import UnfitAnswerError
from minenet.fetch.window import Window
from minenet.tables import shapes_of

__all__ = ["ATTRIBUTION", "LICENCE", "read_osm"]

LICENCE = "ODbL 1.0"
ATTRIBUTION = "© OpenStreetMap contributors"

LAYERS = ("points", "lines", "multipolygons")
"""Layers of GDAL that hold what is mapped; relations that are no areas are not."""

AREAS = (
    "aeroway",
    "amenity",
    "boundary",
    "building",
    "building:part",
    "craft",
    "geological",
    "historic",
    "landuse",
    "leisure",
    "military",
    "natural",
    "office",
    "place",
    "shop",
    "sport",
    "tourism",
    "highway=platform",
    "public_transport=platform",
    "waterway=riverbank",
    "waterway=dock",
)
"""Tags by which a closed way is an area, not a line that goes round."""

KINDS = ("building", "landuse", "leisure", "natural", "amenity", "waterway")
"""Tags that say what an area is."""

MEND = "Download the extract again, for instance from download.geofabrik.de."

LONGEST_HEADER = 64 * 1024
"""A longer header of a block is not allowed [1]_."""

HEAD = 1 << 20
TAIL = 4096


def read_osm(path: str | Path, window: Window) -> Collected:
    """Return what an extract of OpenStreetMap holds of a window and the strip around it.

    Parameters
    ----------
    path : str or Path
        An `.osm.pbf` or `.osm` file.
    window : Window
        Where.

    Returns
    -------
    Collected
        `osm_type` (node, way, relation), `osm_id`, tags, geometry in the CRS of the window.

    Raises
    ------
    InputError
        When the file is not there, empty, cut off or no extract, or holds nothing of the window.
    """
    path = Path(path)
    _require_whole(path)
    box = tuple(shapely.bounds(window.in_world()).tolist())
    with tempfile.TemporaryDirectory() as folder:
        settings, as_lines = Path(folder) / "osmconf.ini", Path(folder) / "lines.ini"
        settings.write_text(_settings(AREAS), encoding="utf-8")
        as_lines.write_text(_settings(("none",)), encoding="utf-8")
        try:
            layers = [_layer(path, name, box, settings) for name in LAYERS]
            outlines = _outlines(_layer(path, "lines", box, as_lines), layers[1], layers[2])
        except (DataSourceError, DataLayerError, FeatureError, RuntimeWarning, ValueError) as error:
            raise InputError("is damaged, or no extract of OpenStreetMap", where=str(path), mend=MEND) from error
    parts = [layer for layer in (*layers, outlines) if len(layer)]
    frame = pd.concat(parts or layers[:1], ignore_index=True)
    if not len(frame):
        mend = "Does the extract cover this place?"
        raise InputError(f"holds nothing of {window.name or 'the window'}", where=str(path), mend=mend)
    features = gpd.GeoDataFrame(frame, geometry="geometry", crs=layers[0].crs).to_crs(window.crs)
    return Collected(
        features,
        source=f"OpenStreetMap, file {path.name}",
        licence=LICENCE,
        attribution=ATTRIBUTION,
        notes={name: str(len(layer)) for name, layer in zip((*LAYERS, "outlines"), (*layers, outlines), strict=True)},
    )


def _layer(path: Path, name: str, box: tuple[float, ...], settings: Path) -> gpd.GeoDataFrame:
    """Return one layer, with what its rows are and their numbers in OpenStreetMap."""
    rows = pyogrio.read_dataframe(path, layer=name, bbox=box, CONFIG_FILE=str(settings))
    kinds = {"points": "node", "lines": "way", "multipolygons": "relation"}
    number = rows["osm_id"].astype("str").where(rows["osm_id"].notna())
    kind = pd.Series(kinds[name], index=rows.index, dtype="str")
    if name == "multipolygons":
        kind = kind.mask(number.isna(), "way")
        number = number.fillna(rows["osm_way_id"].astype("str"))
    kept = [key for key in KEYS if key in rows.columns and rows[key].notna().any()]
    return gpd.GeoDataFrame(rows[[*kept, "geometry"]].assign(osm_type=kind, osm_id=number), crs=rows.crs)


def _outlines(lines: gpd.GeoDataFrame, known: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return closed ways that are areas of their own, but were given up for the relation whose outline they are.

    Not where the relation says the same of that ground: then its tags were on the way, and the relation knows of
    courtyards.
    """
    shapes = shapes_of(lines)
    ways = areas["osm_id"][areas["osm_type"] == "way"]
    lost = shapely.is_closed(shapes) & (shapely.get_num_coordinates(shapes) > 3)
    lost &= ~lines["osm_id"].isin(pd.concat([known["osm_id"], ways])).to_numpy(dtype=bool)
    rows = lines[lost].reset_index(drop=True)
    new = np.zeros(len(rows), dtype=bool)
    for key in KINDS:
        has = tag(rows, key).notna().to_numpy()
        other = shapes_of(areas)[tag(areas, key).notna().to_numpy()]
        told = shapely.STRtree(shapely.boundary(other)).query(shapes_of(rows), predicate="covered_by")[0]
        new |= has & ~np.isin(np.arange(len(rows)), told)
    found = rows[new].reset_index(drop=True)
    corners, ring = shapely.get_coordinates(shapes_of(found), return_index=True)
    filled = np.asarray(shapely.polygons(shapely.linearrings(corners, indices=ring)))
    return gpd.GeoDataFrame(found.drop(columns="geometry"), geometry=list(filled), crs=lines.crs)


def _settings(areas: tuple[str, ...]) -> str:
    """Return settings for GDAL: just the tags that are read, under their own names."""
    keys = ",".join(KEYS)
    begin = f"closed_ways_are_polygons={','.join(areas)}\nattribute_name_laundering=no\nreport_all_nodes=no\n"
    layer = f"osm_id=yes\nattributes={keys}\nother_tags=no\n"
    return begin + "".join(f"\n[{name}]\n{layer}" for name in LAYERS)


# --- whether the file is whole ----------------------------------------------------------------------------------------


def _require_whole(path: Path) -> None:
    """Raise when the file is not there, is not of OpenStreetMap, or ends before its end."""
    where = str(path)
    if not path.is_file():
        raise InputError("no such file", where=where)
    if not path.stat().st_size:
        raise InputError("is empty", where=where, mend=MEND)
    with path.open("rb") as file:
        head = file.read(HEAD)
        if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            file.seek(max(path.stat().st_size - TAIL, 0))
            return _require_whole_xml(head, file.read(), where)
        file.seek(0)
        kinds = set()
        for kind in _blocks(file, path.stat().st_size, where):
            kinds.add(kind)
    if not {b"OSMHeader", b"OSMData"} <= kinds:
        raise InputError("holds no data of OpenStreetMap", where=where, mend=MEND)
    return None


def _require_whole_xml(head: bytes, tail: bytes, where: str) -> None:
    try:
        require_plain_xml(head)
    except UnfitAnswerError as error:
        what = "has a DOCTYPE, which data does not have" if b"<!DOCTYPE" in head else "is no XML that can be read"
        raise InputError(what, where=where) from error
    root: list[str] = []
    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler = lambda name, _: root.append(name)
    parser.Parse(head[: head.find(b">", head.find(b"<osm")) + 1] or head[:0], False)  # noqa: FBT003 - no keywords
    if root[:1] != ["osm"]:
        raise InputError("is XML, but not of OpenStreetMap", where=where)
    if not tail.rstrip().endswith(b"</osm>"):
        raise InputError("is cut off: its end is missing", where=where, mend=MEND)


def _blocks(file: BinaryIO, size: int, where: str) -> Iterator[bytes]:
    """Yield what each block of a PBF says it is, its content skipped over."""
    at = 0
    while at < size:
        length = int.from_bytes(file.read(4), "big")
        header = file.read(length) if length <= LONGEST_HEADER else b""
        kind, content = _header(header)
        if not kind.startswith(b"OSM") and at == 0:
            raise InputError("is no file of OpenStreetMap", where=where, mend="Give an `.osm.pbf` or `.osm` file.")
        at += 4 + length + content
        if len(header) < length or not kind or at > size:
            raise InputError("is cut off: its last block is not whole", where=where, mend=MEND)
        yield kind
        file.seek(at)


def _header(header: bytes) -> tuple[bytes, int]:
    """Return kind and size of a block from its header: fields 1 (text) and 3 (whole number) of a protocol buffer."""
    fields: dict[int, bytes | int] = {}
    at = 0
    try:
        while at < len(header):
            key, at = _whole(header, at)
            value, at = _whole(header, at)
            if key & 7 == 2:
                fields[key >> 3], at = header[at : at + value], at + value
            else:
                fields[key >> 3] = value
    except IndexError:
        return b"", 0
    kind, content = fields.get(1, b""), fields.get(3, 0)
    return (kind, content) if isinstance(kind, bytes) and isinstance(content, int) else (b"", 0)


def _whole(data: bytes, at: int) -> tuple[int, int]:
    """Return a whole number of seven bits per byte, the low ones first, and where it ends."""
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 128:
            return value, at
