"""Reads what services answer, and notices when it is not what was asked for. Nothing in here trusts the other side."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS

from minenet.fetch.spelling import spelled
from minenet.fetch.web.asking import UnfitAnswerError

__all__ = ["FEATURE", "Page", "document", "key_of", "read_page", "require_plain_xml", "rows_matched"]

FEATURE = "_feature"
"""Column with the identifier that a service gives to a feature itself, beside its properties."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Page:
    """Features of one answer: rows, how many the service says there are, and where the next page is."""

    frame: gpd.GeoDataFrame
    matched: int | None
    next: str | None


def document(body: bytes) -> dict[str, Any]:
    """Return a JSON answer.

    Raises
    ------
    UnfitAnswerError
        When it is empty, cut off, no JSON object, or tells of an error.
    """
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"<":
        raise UnfitAnswerError(_what_markup_says(body))
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UnfitAnswerError("sent an answer that is cut off or no JSON" if body else "sent nothing") from error
    if not isinstance(said, dict):
        raise UnfitAnswerError("sent something else than features")
    trouble = said.get("error") or said.get("exceptions") or said.get("exception")
    if trouble or ("features" not in said and {"code", "title"} & set(said)):
        raise UnfitAnswerError(f"tells of an error: {json.dumps(trouble or said)[:200]}")
    return said


def _what_markup_says(body: bytes) -> str:
    text = body[:5000].decode("utf-8", "replace")
    found = re.search(r"<(?:\w+:)?ExceptionText[^>]*>([^<]{1,300})", text)
    if found:
        return f"tells of an error: {' '.join(found[1].split())}"
    return (
        "sent a web page instead of data"
        if re.search("<html|<!doctype html", text, re.IGNORECASE)
        else "sent XML, not JSON"
    )


def read_page(body: bytes, *, crs: CRS, box: Box | None = None) -> Page:
    """Return the features of one GeoJSON answer.

    Parameters
    ----------
    body : bytes
        The answer.
    crs : CRS
        In which it was asked for.
    box : tuple of float, optional
        Where it was asked for, in `crs`: an answer that lies wholly elsewhere is in another CRS, or of another place.

    Raises
    ------
    UnfitAnswerError
        When it is cut off, an error, has fewer features than it says itself, or cannot be understood.
    """
    said = document(body)
    features = said.get("features")
    if said.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise UnfitAnswerError("sent something else than features")
    returned = said.get("numberReturned")
    if isinstance(returned, int) and returned != len(features):
        raise UnfitAnswerError(f"says it sends {returned} features, and sends {len(features)}")
    frame = _frame(features, crs)
    if box is not None and len(frame) and not _some_here(frame, box):
        raise UnfitAnswerError("sends features of another place, or in another coordinate system")
    matched = said.get("numberMatched", said.get("totalFeatures"))
    return Page(frame, matched if isinstance(matched, int) and not isinstance(matched, bool) else None, _next(said))


def _frame(features: list[Any], crs: CRS) -> gpd.GeoDataFrame:
    """Return features as rows: properties as columns, geometry in two dimensions."""
    try:
        rows = [{**(f.get("properties") or {}), FEATURE: str(f.get("id", ""))} for f in features]
        texts = [json.dumps(g) if (g := f.get("geometry")) is not None else None for f in features]
        shapes = shapely.force_2d(shapely.from_geojson(texts))
        frame = gpd.GeoDataFrame(pd.DataFrame(rows), geometry=list(shapes), crs=crs)
    except (AttributeError, TypeError, ValueError, RecursionError, shapely.errors.ShapelyError) as error:
        raise UnfitAnswerError(f"sends features that cannot be read ({type(error).__name__})") from error
    return frame


def key_of(frame: gpd.GeoDataFrame, key: str) -> str:
    """Return the column of a page that tells rows apart, however it is spelled.

    Raises
    ------
    UnfitAnswerError
        When it is not there.
    """
    for name in frame.columns:
        if spelled(str(name)) == spelled(key):
            return str(name)
    raise UnfitAnswerError(f"sends features without `{key}`")


def _some_here(frame: gpd.GeoDataFrame, box: Box) -> bool:
    shapes = frame.geometry.to_numpy()
    known = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    if not len(known):
        return True
    low_x, low_y, high_x, high_y = shapely.bounds(known).T
    return bool(((low_x <= box[2] + 1) & (high_x >= box[0] - 1) & (low_y <= box[3] + 1) & (high_y >= box[1] - 1)).any())


def _next(said: Mapping[str, Any]) -> str | None:
    links = said.get("links")
    if not isinstance(links, list):
        return None
    found = [link.get("href") for link in links if isinstance(link, dict) and link.get("rel") == "next"]
    return found[0] if found and isinstance(found[0], str) else None


def rows_matched(body: bytes) -> int:
    """Return how many rows a WFS says there are (`resultType=hits`).

    Raises
    ------
    UnfitAnswerError
        When it does not say so.
    """
    if body.lstrip()[:1] == b"{":
        matched = document(body).get("numberMatched")
        if isinstance(matched, int):
            return matched
        raise UnfitAnswerError("does not say how many features there are")
    require_plain_xml(body)
    try:
        root = ET.fromstring(body)  # noqa: S314 - without a DOCTYPE there is no entity to expand
    except ET.ParseError as error:
        raise UnfitAnswerError("sent a count that is cut off") from error
    said = root.get("numberMatched", "")
    if not root.tag.endswith("FeatureCollection") or not said.isdigit():
        raise UnfitAnswerError(_what_markup_says(body) if b"Exception" in body else "does not say how many there are")
    return int(said)


def require_plain_xml(body: bytes) -> str:
    """Return the name of the first element of XML; raise when there is a DOCTYPE before it.

    Data has none, and entities that it declares could grow without end.

    Raises
    ------
    UnfitAnswerError
        When it has one, or its beginning cannot be read.
    """

    class _BegunError(Exception):
        """The first element began: no DOCTYPE comes after it."""

    def declared(*_: Any) -> None:
        raise UnfitAnswerError("sent XML with a DOCTYPE, which data does not have")

    def begun(name: str, _: Any) -> None:
        raise _BegunError(name)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = declared, begun
    try:
        parser.Parse(body, True)  # noqa: FBT003 - the parser takes no keywords
    except _BegunError as begin:
        return str(begin)
    except expat.ExpatError as error:
        raise UnfitAnswerError("sent XML that cannot be read") from error
    raise UnfitAnswerError("sent XML without content")
