"""Collects the features of a Web Feature Service: it counts first, cuts the window until a tile fits on one page.

A page that is turned with `startIndex` is not to be relied on: the order of PDOK's services is not stable, so that one
feature comes twice and another never. A tile that fits on one page needs no order. What lies on the edge of tiles comes
more than once, and is kept once.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil, sqrt

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from minenet.errors import SourceError
from minenet.fetch.web.answers import Box, Page, key_of, read_page, rows_matched
from minenet.fetch.web.asking import Web

__all__ = ["Haul", "WfsLayer", "collect_wfs", "gathered"]

FULL = 0.7
"""How full a tile is meant to be: homes do not lie evenly."""

SMALLEST_M = 4.0
"""A tile is not cut smaller: what lies so close together is turned page by page."""

ROUNDS = 4
"""How often a tile is asked again when its count and its page disagree."""


@dataclass(frozen=True)
class WfsLayer:
    """One layer of a service: where it is asked, its name, the column that tells rows apart, and how much it gives."""

    url: str
    name: str
    key: str
    crs: CRS
    page: int = 1000
    deepest: int = 50_000


@dataclass
class Haul:
    """What came from a service so far."""

    frames: list[gpd.GeoDataFrame] = field(default_factory=list)
    dates: set[str] = field(default_factory=set)
    asked: int | None = None
    questions: int = 0
    repeated: int = 0


def collect_wfs(web: Web, layer: WfsLayer, box: Box) -> tuple[gpd.GeoDataFrame, Haul]:
    """Return the features of a layer that touch a box, each once.

    Parameters
    ----------
    web : Web
        Who asks.
    layer : WfsLayer
        What is asked.
    box : tuple of float
        West, south, east, north in `layer.crs`. [m]

    Returns
    -------
    GeoDataFrame
        Rows in the order of `layer.key`, whatever the order in which they came.
    Haul
        `asked`: how many the service says there are in the box.

    Raises
    ------
    SourceError
        When the service is silent, or gives fewer rows than it says there are, again and again.
    """
    haul = Haul()
    haul.asked = _count(web, layer, box)
    for tile, count in _tiles(web, layer, box, haul.asked):
        haul.frames += _of_tile(web, layer, tile, count, haul)
        web.told(f"{layer.name}: about {sum(len(f) for f in haul.frames):,} of {haul.asked:,}")
    frame = gathered(haul.frames, layer.key, layer.crs)
    if len(frame) + haul.repeated < haul.asked:  # the count may be of another day than the tiles
        haul.asked = _count(web, layer, box, again=True)
    if len(frame) + haul.repeated < haul.asked:
        what = f"gives {len(frame):,} of the {haul.asked:,} rows of `{layer.name}` that it says there are"
        raise SourceError(what, where=layer.url, mend="Ask again later, without the cache: --max-age 0.")
    return frame, haul


def _parameters(layer: WfsLayer, box: Box) -> dict[str, str]:
    return {
        "service": "WFS",
        "version": "2.0.0",
        "request": "GetFeature",
        "typeNames": layer.name,
        "srsName": layer.crs.to_string(),
        "bbox": ",".join(f"{v:.3f}" for v in box) + f",{layer.crs.to_string()}",
    }


def _count(web: Web, layer: WfsLayer, box: Box, *, again: bool = False) -> int:
    answer = web.get(layer.url, _parameters(layer, box) | {"resultType": "hits"}, check=rows_matched, again=again)
    return rows_matched(answer.body)


def _tiles(web: Web, layer: WfsLayer, box: Box, count: int) -> Iterator[tuple[Box, int]]:
    """Yield tiles that fit on one page, each with its count; one that cannot be cut smaller comes as it is."""
    if count == 0:
        return
    if count <= layer.page or min(box[2] - box[0], box[3] - box[1]) < SMALLEST_M:
        yield box, count
        return
    side = max(2, ceil(sqrt(count / (FULL * layer.page))))
    xs, ys = np.linspace(box[0], box[2], side + 1).round(3), np.linspace(box[1], box[3], side + 1).round(3)
    for i in range(side):
        for j in range(side):
            part = (float(xs[i]), float(ys[j]), float(xs[i + 1]), float(ys[j + 1]))
            yield from _tiles(web, layer, part, _count(web, layer, part))


def _of_tile(web: Web, layer: WfsLayer, tile: Box, count: int, haul: Haul) -> list[gpd.GeoDataFrame]:
    """Return the pages of one tile; its count is asked anew when the page has another one."""
    why, last = "", ROUNDS - 1
    for turn in range(ROUNDS):
        count = _count(web, layer, tile, again=True) if turn else count
        try:
            frames = _pages(web, layer, tile, count, haul, again=turn > 0)
        except _ShortError as error:
            why = str(error)
            continue
        different = len(gathered(frames, layer.key, layer.crs))
        if different >= count:
            return frames
        why = f"gives {different} different rows of {count}"
        if (
            turn == last and len(frames) == 1
        ):  # one page has no order to lose rows by: the register itself has them twice
            haul.repeated += count - different
            return frames
    where = f"{layer.url}, `{layer.name}` in {', '.join(f'{v:.0f}' for v in tile)}"
    raise SourceError(why, where=where, mend="Run the same command again later: what was fetched is kept.")


class _ShortError(Exception):
    """A page has fewer rows than were counted: the count may be of another day."""


def _pages(web: Web, layer: WfsLayer, tile: Box, count: int, haul: Haul, *, again: bool) -> list[gpd.GeoDataFrame]:
    if count > layer.deepest:
        what = f"has {count:,} rows in one place, more than it lets anyone fetch ({layer.deepest:,})"
        raise SourceError(what, where=f"{layer.url}, `{layer.name}`")
    frames = []
    for start in range(0, count, layer.page):
        wanted = min(layer.page, count - start)
        page = _page(web, layer, tile, start, wanted, haul, again=again)
        frames.append(page.frame)
    return frames


def _page(web: Web, layer: WfsLayer, tile: Box, start: int, wanted: int, haul: Haul, *, again: bool) -> Page:
    more = {"outputFormat": "application/json", "count": str(layer.page), "startIndex": str(start)}
    answer = web.get(
        layer.url, _parameters(layer, tile) | more, check=_fit(layer, tile if start == 0 else None), again=again
    )
    page = read_page(answer.body, crs=layer.crs, box=None)
    haul.dates.add(answer.date)
    haul.questions += 1
    if len(page.frame) < wanted:
        what = f"gives {len(page.frame)} rows where it counted {wanted}"
        raise _ShortError(what)
    return page


def _fit(layer: WfsLayer, tile: Box | None) -> Callable[[bytes], object]:
    def check(body: bytes) -> None:
        page = read_page(body, crs=layer.crs, box=tile)
        if len(page.frame):
            key_of(page.frame, layer.key)

    return check


def gathered(frames: Sequence[gpd.GeoDataFrame], key: str, crs: CRS) -> gpd.GeoDataFrame:
    """Return rows of many pages and tiles, each once, in the order of their key."""
    full = [f for f in frames if len(f)]
    if not full:
        return gpd.GeoDataFrame({key: pd.Series([], dtype="str")}, geometry=gpd.GeoSeries([], crs=crs), crs=crs)
    rows = gpd.GeoDataFrame(pd.concat(full, ignore_index=True), crs=crs)
    name = rows[key_of(rows, key)].astype("str")
    rows = rows.assign(_key=name, _wkb=rows.geometry.to_wkb(hex=True))
    rows = rows.drop_duplicates(["_key", "_wkb"]).sort_values(["_key", "_wkb"], kind="stable", ignore_index=True)
    return rows.drop(columns=["_key", "_wkb"])
