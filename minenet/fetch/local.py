"""Reads a window out of a file that may hold a whole country: only what lies in the window comes into memory."""

import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS

from minenet.errors import InputError
from minenet.fetch.carriers import Collected
from minenet.fetch.spelling import spelled
from minenet.fetch.web.answers import require_plain_xml
from minenet.fetch.web.asking import UnfitAnswerError
from minenet.fetch.window import DUTCH, Window
from minenet.sources.files import require_whole
from minenet.sources.guarded import guarded

__all__ = ["file_date", "layer_named", "layers_of", "read_window"]

MARKUP = (".gml", ".xml", ".osm", ".kml")

HEAD = 1 << 16
TAIL = 4096
"""So many bytes are looked at for a DOCTYPE, which stands before the first element, and for the end of that element."""


def layers_of(path: Path) -> list[str]:
    """Return the layers of a file.

    Raises
    ------
    InputError
        When it is not there, cut off, no map data, or XML that declares entities.
    """
    if not path.is_file():
        raise InputError("no such file", where=str(path), mend=f"The current folder is {Path.cwd()}.")
    require_whole(path)
    if path.suffix.lower() in MARKUP:
        _require_plain(path)
    if path.suffix.lower() in (".parquet", ".geoparquet"):
        return [path.stem]
    try:
        with warnings.catch_warnings(), guarded(path):
            warnings.simplefilter("ignore")  # that it could not write beside the file
            return [str(name) for name, _ in pyogrio.list_layers(_seen(path))]
    except (DataSourceError, RuntimeError, ValueError) as error:
        raise InputError("cannot be opened as map data", where=str(path), mend="Is it complete?") from error


def _seen(path: Path) -> str:
    """Return a path as GDAL shall see it: it would write what it learned of a GML file beside it, were it its own."""
    if path.suffix.lower() != ".gml":
        return str(path)
    return f"/vsisubfile/0_{path.stat().st_size},{path.resolve()}"


def _require_plain(path: Path) -> None:
    """Raise when XML declares entities, or does not end with the element that it begins with: GDAL would not notice."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
        stream.seek(max(0, path.stat().st_size - TAIL))
        tail = stream.read().rstrip()
    try:
        root = require_plain_xml(head[: head.rfind(b">") + 1])
    except UnfitAnswerError as error:
        said = str(error).replace("sent ", "is ")
        raise InputError(said, where=str(path), mend="Download it again from its source.") from error
    if not tail.endswith(f"</{root}>".encode()):
        raise InputError(f"is cut off: `{root}` does not end", where=str(path), mend="Copy or download it again.")


def layer_named(layers: Sequence[str], *names: str) -> str | None:
    """Return the layer that bears one of some names, or of which one is a part; the only one there is, for one name.

    Examples
    --------
    >>> layer_named(["wegvakken", "bag_pand"], "pand"), layer_named(["a", "b"], "pand")
    ('bag_pand', None)
    """
    by_name = {spelled(layer): layer for layer in layers}
    for name in names:
        if spelled(name) in by_name:
            return by_name[spelled(name)]
    parts = [layer for layer in layers if any(spelled(name) in spelled(layer) for name in names)]
    return parts[0] if len(parts) == 1 else None


def read_window(path: Path, layer: str, window: Window, *, licence: str = "", attribution: str = "") -> Collected:
    """Return the rows of a layer that touch a window and its strip, in the CRS of the window.

    Raises
    ------
    InputError
        When the layer cannot be read, or has no CRS.
    """
    where = f"{path.name}, layer `{layer}`"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL's remarks on odd geometry: arrival counts what is repaired
            frame = _rows(path, layer, window)
    except (DataSourceError, DataLayerError, OSError, ValueError, RuntimeError) as error:
        why = str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
        raise InputError(f"cannot be read ({why})", where=where, mend="Is the file complete?") from error
    if isinstance(frame, gpd.GeoDataFrame):
        if frame.crs is None:
            raise InputError("has no coordinate reference system", where=where, mend="Say it in the file.")
        flat = frame.set_geometry(gpd.GeoSeries(shapely.force_2d(frame.geometry.to_numpy()), crs=frame.crs))
        frame = flat if CRS(flat.crs) == window.crs else flat.to_crs(window.crs)
    return Collected(frame, f"file {path.name}, layer {layer}", file_date(path), licence, attribution)


def file_date(path: Path) -> str:
    """Return the day on which a file was written, as far as its system knows."""
    return f"file of {datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()}"


def _rows(path: Path, layer: str, window: Window) -> gpd.GeoDataFrame:
    if path.suffix.lower() in (".parquet", ".geoparquet"):
        return gpd.read_parquet(path, bbox=window.bounds) if _has_boxes(path) else gpd.read_parquet(path)
    options = {"WRITE_GFS": "NO"} if path.suffix.lower() == ".gml" else {}  # nothing is written beside the file
    with guarded(path):
        info = pyogrio.read_info(path, layer=layer, **options)
    crs = CRS.from_user_input(info["crs"]) if info["crs"] else DUTCH
    here = gpd.GeoSeries([shapely.box(*window.bounds)], crs=window.crs).to_crs(crs).total_bounds
    box = tuple(float(v) for v in here) if info["geometry_type"] else None
    with guarded(path):
        frame: gpd.GeoDataFrame = pyogrio.read_dataframe(path, layer=layer, bbox=box, use_arrow=True, **options)
    return frame


def _has_boxes(path: Path) -> bool:
    """Whether a GeoParquet file knows the boxes of its rows, so that a window can be read of it."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - heavy, and only here

    return "bbox" in pq.read_schema(path).names
