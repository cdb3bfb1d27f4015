"""Collects the features of an ArcGIS feature layer: it counts first, then turns pages in the order of their number."""

import geopandas as gpd
from pyproj import CRS

from minenet.errors import InputError, SourceError
from minenet.fetch.web.answers import Box, document
from minenet.fetch.web.asking import UnfitAnswerError, Web
from minenet.fetch.web.esri import from_esri_json
from minenet.fetch.web.wfs import Haul, gathered

__all__ = ["collect_arcgis"]

PAGE = 1000


def collect_arcgis(web: Web, url: str, crs: CRS, box: Box) -> tuple[gpd.GeoDataFrame, Haul]:
    """Return the polygons of a layer (`.../FeatureServer/391`) that touch a box, each once.

    Raises
    ------
    SourceError
        When the service is silent, or gives fewer rows than it says there are.
    """
    haul, code = Haul(), str(crs.to_epsg())
    key = _key(web.get(url, {"f": "json"}, check=_key).body)
    where = {
        "where": "1=1",
        "geometry": ",".join(f"{v:.3f}" for v in box),
        "geometryType": "esriGeometryEnvelope",
        "inSR": code,
        "spatialRel": "esriSpatialRelIntersects",
        "f": "json",
    }
    count = web.get(f"{url}/query", where | {"returnCountOnly": "true"}, check=_counted)
    haul.asked = _counted(count.body)
    haul.dates.add(count.date)
    received = 0
    while received < haul.asked:
        paging = {"outFields": "*", "outSR": code, "resultOffset": str(received), "resultRecordCount": str(PAGE)}
        answer = web.get(f"{url}/query", where | paging | {"orderByFields": key}, check=_page)
        page = _page(answer.body)
        if not len(page):
            raise SourceError(f"gives {received} of the {haul.asked} rows that it says there are", where=url)
        haul.frames.append(page)
        haul.dates.add(answer.date)
        received += len(page)
        haul.questions += 1
    frame = gathered(haul.frames, key, crs)
    if len(frame) < haul.asked:
        raise SourceError(f"gives {len(frame)} different rows of {haul.asked}", where=url)
    return frame, haul


def _key(body: bytes) -> str:
    """Return the column that numbers the rows of a layer."""
    return str(document(body).get("objectIdField") or "OBJECTID")


def _counted(body: bytes) -> int:
    count = document(body).get("count")
    if not isinstance(count, int):
        raise UnfitAnswerError("does not say how many features there are")
    return count


def _page(body: bytes) -> gpd.GeoDataFrame:
    said = document(body)
    if said.get("features") == []:
        return gpd.GeoDataFrame(geometry=[])
    try:
        return from_esri_json(said)
    except InputError as error:
        raise UnfitAnswerError(f"sends polygons that cannot be read ({error.what})") from error
