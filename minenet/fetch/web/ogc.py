"""Collects the features of an OGC API: from page to page by its `next` links, until there is none."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import geopandas as gpd
from pyproj import CRS

from minenet.errors import SourceError
from minenet.fetch.web.answers import Box, key_of, read_page
from minenet.fetch.web.asking import UnfitAnswerError, Web
from minenet.fetch.web.wfs import Haul, gathered

__all__ = ["OgcLayer", "collect_ogc"]


@dataclass(frozen=True)
class OgcLayer:
    """One collection of a service: its address up to `/items`, the column that tells rows apart, what else to ask."""

    url: str
    key: str
    crs: CRS
    page: int = 1000
    more: dict[str, str] = field(default_factory=dict)


def collect_ogc(web: Web, layer: OgcLayer, box: Box) -> tuple[gpd.GeoDataFrame, Haul]:
    """Return the features of a collection that touch a box, each once, in the order of `layer.key`.

    Raises
    ------
    SourceError
        When the service is silent, leads in a circle, leads elsewhere, or gives fewer rows than it says there are.
    """
    haul, seen = Haul(), set[str]()
    url: str | None = f"{layer.url}/items"
    parameters: dict[str, str] | None = _parameters(layer, box)
    names: set[str] = set()
    while url is not None:
        if url in seen:
            raise SourceError("leads in a circle from page to page", where=url)
        seen.add(url)
        answer = web.get(url, parameters, check=_fit(layer, None if names else box, names.copy()))
        page = read_page(answer.body, crs=layer.crs)
        haul.dates.add(answer.date)
        haul.questions += 1
        haul.frames.append(page.frame)
        names |= _names(page.frame, layer.key)
        haul.asked = page.matched if haul.asked is None else haul.asked
        url, parameters = _followed(url, page.next), None
        web.told(f"{layer.url.rsplit('/', 1)[-1]}: {len(names):,} so far")
    if haul.asked is not None and len(names) < haul.asked:
        what = f"gives {len(names):,} of the {haul.asked:,} rows that it says there are"
        raise SourceError(what, where=layer.url, mend="Ask again later, without the cache: --max-age 0.")
    return gathered(haul.frames, layer.key, layer.crs), haul


def _parameters(layer: OgcLayer, box: Box) -> dict[str, str]:
    code = f"http://www.opengis.net/def/crs/EPSG/0/{layer.crs.to_epsg()}"
    where = {"bbox": ",".join(f"{v:.3f}" for v in box), "bbox-crs": code, "crs": code}
    return {"f": "json", "limit": str(layer.page)} | where | layer.more


def _names(frame: gpd.GeoDataFrame, key: str) -> set[str]:
    return set(frame[key_of(frame, key)].astype("str")) if len(frame) else set()


def _fit(layer: OgcLayer, box: Box | None, before: set[str]) -> Callable[[bytes], object]:
    def check(body: bytes) -> None:
        page = read_page(body, crs=layer.crs, box=box)
        names = _names(page.frame, layer.key)
        if names and names <= before:
            raise UnfitAnswerError("sends a page that it sent before")
        if not names and page.next:
            raise UnfitAnswerError("sends an empty page, and says that there is more")

    return check


def _followed(here: str, link: str | None) -> str | None:
    """Return the address of the next page, on the same host and no less secured."""
    if link is None:
        return None
    there = urljoin(here, link)
    a, b = urlsplit(here), urlsplit(there)
    if (a.scheme, a.netloc) != (b.scheme, b.netloc):
        raise SourceError(f"leads to another place for its next page ({b.scheme}://{b.netloc})", where=here)
    return there
