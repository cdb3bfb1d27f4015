"""Collects the features of an ArcGIS feature layer: it counts first, then turns pages in the order of their number."""

import geopandas as gpd
from pyproj import CRS

from minenet.errors import SourceError
from minenet.fetch.web.answers import FEATURE, Box, document, read_page
from minenet.fetch.web.asking import UnfitAnswerError, Web
from minenet.fetch.web.wfs import Haul, gathered

__all__ = ["collect_arcgis"]

PAGE = 1000


def collect_arcgis(web: Web, url: str, crs: CRS, box: Box) -> tuple[gpd.GeoDataFrame, Haul]:
    """Return the features of a layer (`.../FeatureServer/391`) that touch a box, each once.

    Raises
    ------
    SourceError
        When the service is silent, or gives fewer rows than it says there are.
    """
    haul, code = Haul(), str(crs.to_epsg())
    where = {
        "where": "1=1",
        "geometry": ",".join(f"{v:.3f}" for v in box),
        "geometryType": "esriGeometryEnvelope",
        "inSR": code,
        "spatialRel": "esriSpatialRelIntersects",
    }
    count = web.get(f"{url}/query", where | {"returnCountOnly": "true", "f": "json"}, check=_counted)
    haul.asked = _counted(count.body)
    haul.dates.add(count.date)
    received = 0
    while received < haul.asked:
        paging = {"outFields": "*", "outSR": code, "f": "geojson", "resultOffset": str(received)}
        more = paging | {"resultRecordCount": str(PAGE), "orderByFields": "OBJECTID"}
        answer = web.get(f"{url}/query", where | more, check=lambda body: read_page(body, crs=crs))
        page = read_page(answer.body, crs=crs)
        if not len(page.frame):
            raise SourceError(f"gives {received} of the {haul.asked} rows that it says there are", where=url)
        haul.frames.append(page.frame)
        haul.dates.add(answer.date)
        received += len(page.frame)
        haul.questions += 1
    frame = gathered(haul.frames, FEATURE, crs)
    if len(frame) < haul.asked:
        raise SourceError(f"gives {len(frame)} different rows of {haul.asked}", where=url)
    return frame, haul


def _counted(body: bytes) -> int:
    count = document(body).get("count")
    if not isinstance(count, int):
        raise UnfitAnswerError("does not say how many features there are")
    return count
