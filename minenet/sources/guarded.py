"""Lets GDAL read a file only when it is what its name says, and keeps it from asking the network.

GDAL looks at what a file holds, not at its name. A file `window.geojson` may be a recipe that reads another file of
this machine, or asks a service [1]_; even honest GeoJSON can name its coordinate system by an address that GDAL would
fetch. A GeoPackage needs no care of ours: GDAL refuses views that call functions with reach, and knows no virtual
tables.

References
----------
.. [1] GDAL, Security considerations; drivers OGR_VRT, WFS, CSW and GDALG.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyogrio

from minenet.errors import InputError

__all__ = ["guarded"]

HEAD = 1 << 20
"""So many bytes are looked at; GDAL knows a driver by far fewer."""

KINDS = {
    b"SQLite format 3\x00": (".gpkg", ".sqlite"),
    b"\x00\x00\x27\x0a": (".shp",),
    b"fgb\x03": (".fgb",),
    b"{": (".geojson", ".json"),
    b"<": (".gml", ".xml", ".kml", ".osm"),
}
"""How a file begins, and how its name may end then."""

LEADS_ELSEWHERE = re.compile(
    rb"<(?:\w+:)?(?:ogr(?:vrt|wfs|csw)|vrtdataset|gdal_|(?:wfs_)?capabilities)|gdal_streamed_alg", re.IGNORECASE
)
"""Words by which GDAL knows a recipe or the description of a service, wherever in its first text they stand."""

ALONE = {"CPL_VSIL_CURL_ALLOWED_FILENAME": "none", "GDAL_HTTP_PROXY": "127.0.0.1:9", "GDAL_HTTPS_PROXY": "127.0.0.1:9"}
"""GDAL has no switch for the network: it is told of a proxy at a port where nobody listens (discard)."""


@contextmanager
def guarded(path: Path, *, any_name: bool = False) -> Iterator[None]:
    """Let GDAL read `path` within; it must be a file of a known kind that holds its data itself.

    Parameters
    ----------
    path : Path
        The file.
    any_name : bool
        Whether the caller has looked at what it is, so that its name does not matter.

    Raises
    ------
    InputError
        When it cannot be read, is of another kind than its name says, or leads elsewhere.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", where=str(path)) from error
    if not head:
        raise InputError("is empty", where=str(path), mend="Export it again.")
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    ends = next((ends for begin, ends in KINDS.items() if (head if begin[0] < 32 else text).startswith(begin)), ())
    if not any_name and path.suffix.lower() not in ends:
        known = ", ".join(end for ends in KINDS.values() for end in ends)
        what = "is not what its name says" if path.suffix.lower() in known.split(", ") else f"is not one of {known}"
        raise InputError(what, where=str(path), mend="Convert it to a GeoPackage.")
    if LEADS_ELSEWHERE.search(head.partition(b"\x00")[0]) or ".gdalg." in path.name.lower():
        mend = "Give the file with the data itself."
        raise InputError("holds no data: it leads to another file or a service", where=str(path), mend=mend)
    before = {name: pyogrio.get_gdal_config_option(name) for name in ALONE}
    pyogrio.set_gdal_config_options(ALONE)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)
