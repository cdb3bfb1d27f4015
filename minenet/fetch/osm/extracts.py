"""Looks at a file before it is read as OpenStreetMap: whether it is whole, and of which day.

A PBF has no mark of its end: one that is cut exactly between two blocks cannot be told from a whole one.

References
----------
.. [1] OpenStreetMap wiki, PBF Format: blocks, each after the length of its header (4 bytes, big-endian); `HeaderBlock`
   has the day in field 32, in seconds.
"""

import re
import xml.parsers.expat
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from minenet.errors import InputError
from minenet.fetch.web.answers import require_plain_xml
from minenet.fetch.web.asking import UnfitAnswerError

__all__ = ["MEND", "day_of", "require_whole"]

MEND = "Download the extract again, for instance from download.geofabrik.de."

LONGEST_HEADER = 64 * 1024
"""A longer header of a block is not allowed [1]_."""

HEAD = 1 << 20
TAIL = 4096


DAY = rb"""<(?:osm\b[^>]*?\btimestamp|meta\b[^>]*?\bosm_base)\s*=\s*["']([0-9]{4}-[0-9]{2}-[0-9]{2})"""
"""Where XML tells its day: an extract in its root, an answer of Overpass in `meta`."""


def require_whole(path: Path) -> None:
    """Raise when the file is not there, is not of OpenStreetMap, or ends before its end.

    Raises
    ------
    InputError
        With what is wrong.
    """
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


def day_of(path: Path) -> str:
    """Return the day of a file that is whole, as `2026-11-28`; empty where it does not tell."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        found = re.search(DAY, head)
        return found[1].decode() if found else ""
    start = 4 + int.from_bytes(head[:4], "big")
    blob = _fields(head[start : start + _header(head[4:start])[1]])
    packed, plain = blob.get(3), blob.get(1)
    try:
        block = zlib.decompressobj().decompress(packed, HEAD) if isinstance(packed, bytes) else plain
        seconds = _fields(block if isinstance(block, bytes) else b"").get(32)
        return f"{datetime.fromtimestamp(seconds, tz=UTC):%Y-%m-%d}" if isinstance(seconds, int) else ""
    except (zlib.error, OverflowError, ValueError, OSError):
        return ""


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
    """Return kind and size of a block from its header: fields 1 (text) and 3 (whole number)."""
    fields = _fields(header)
    kind, content = fields.get(1, b""), fields.get(3, 0)
    return (kind, content) if isinstance(kind, bytes) and isinstance(content, int) else (b"", 0)


def _fields(data: bytes) -> dict[int, bytes | int]:
    """Return the last value of each field of a protocol buffer, texts and whole numbers; none where it is broken."""
    fields: dict[int, bytes | int] = {}
    at = 0
    try:
        while at < len(data):
            key, at = _whole(data, at)
            value, at = _whole(data, at)
            if key & 7 == 2:
                fields[key >> 3], at = data[at : at + value], at + value
            else:
                fields[key >> 3] = value
    except IndexError:
        return {}
    return fields


def _whole(data: bytes, at: int) -> tuple[int, int]:
    """Return a whole number of seven bits per byte, the low ones first, and where it ends."""
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 128:
            return value, at
