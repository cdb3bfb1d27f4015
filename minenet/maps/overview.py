"""The planner's overview: one map of the whole area beside a list that sorts and filters."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from minenet.maps.details import details_of, list_rows
from minenet.maps.layers import FIELDS, STYLES, Drawn, add_layers, context_frames, features
from minenet.maps.packing import pack_addresses, pack_shapes
from minenet.maps.page import OfflineMap, bounds_of, template
from minenet.maps.sayings import VERDICTS, attribution_of, data_of, is_fictional, verdict_of
from minenet.maps.still import draw_still, swatch, view_of
from minenet.maps.texts import TEXTS
from minenet.maps.words import Words, known
from minenet.tables import Result

__all__ = ["draw_map"]

AUDIENCE = "planner"

DRAWN = (
    Drawn("condition"),
    Drawn("heat"),
    Drawn("zone"),
    Drawn("cluster", clickable=True),
    Drawn("pipe", canvas=True),
    Drawn("loop", canvas=True),
    Drawn("borehole", canvas=True),
    Drawn("label"),
    Drawn("area_label"),
)
"""Layers from below to above, over the tiles."""

TILED = ("land", "water", "street", "building", "left_out")
"""Classes that the page draws as tiles from packed steps: these are many, and nothing answers to a click on them."""

MOST_SHAPES = 500
"""With more clusters than this their outlines are drawn as tiles too: a browser is slow with so many shapes."""

LARGE = 20_000
"""With more buildings than this the map is that of a town, and is drawn coarser."""
FINE = {"scale": 10**6}
COARSE: Mapping[str, Any] = {"scale": 250_000, "tolerance": 0.4}
"""Steps per degree (0.1 m and 0.4 m) and how far an outline may be moved [m]."""
CLUSTER_TOLERANCE_M = 2.5
"""The same for outlines of clusters, which are drawn around homes and stand for no wall."""
LEAST_BUILDING_M2 = 12.0
"""Smaller buildings (sheds) are not drawn on the map of a town."""

FIRST_ROWS = 200
"""Rows of the list that stand in the page itself, for readers without JavaScript."""

MOST_DETAILS = 20_000
"""With more pipes and boreholes than this the overview leaves them to the pages."""


SPOKEN = ("verdict", "variant", "outcome", "ownership", "map", "overview", "row", "word", "short", "why")
"""Groups of texts that the page's script uses."""

ORDERS = ("rank", "verdict", "name", "homes", "annual_eur_per_home", "saving", "boreholes", "chance")
"""What the list can be sorted by: columns of the table, and the verdict that stands below each name."""


def draw_map(result: Result, *, language: str = "nl", pages: Collection[str] | None = None) -> OfflineMap:
    """Draw the overview of a result as one offline page.

    Parameters
    ----------
    result : Result
        What was found; the layer `context` is drawn around it.
    language : {"nl", "en"}
        Language of the page.
    pages : collection of str, optional
        Clusters whose residents' pages stand in the folder `pages` beside the map: only to these the map leads. When
        it is not given, the map leads to a page of every cluster and says that it may not have been made.

    Returns
    -------
    OfflineMap
        A folium map with `save(path)`, `to_html()` and a view in notebooks. It loads nothing from anywhere.

    Raises
    ------
    AssumptionError
        When the language is not known.
    """
    words = Words(language)
    clusters = _clusters(result)
    frames = _frames(result, clusters, words)
    details = details_of(result, clusters, words, pages)
    data = {
        "page": "overview",
        "attribution": attribution_of(result),
        "texts": words.group(*SPOKEN),
        "styles": STYLES,
        "bounds": bounds_of([frame.to_crs(4326) for frame in _seen(result, frames)]),
        **_drawn(frames),
        **details,
        "pages": pages is not None,
        "addresses": _addresses(result, clusters, words),
    }
    body = partial(template("overview.html"), **_content(result, clusters, frames, words, details))
    title = words("overview.title")
    page = OfflineMap(
        body=lambda map_html: body(map=map_html), data=data, title=title, language=language, name=words("map.area")
    )
    add_layers(page, DRAWN)
    page.add_scripts(["MN.start(OWNER);"])
    return page


def _clusters(result: Result) -> gpd.GeoDataFrame:
    """Return the clusters in the order of their rank, with the class that they are drawn in."""
    ranked = result.clusters.sort_values(["rank", "cluster_id"], na_position="last", kind="stable")
    verdicts = [verdict_of(value) for value in ranked["verdict"]]
    return ranked.assign(verdict=verdicts, index=range(len(ranked))).reset_index(drop=True)


def _frames(result: Result, clusters: gpd.GeoDataFrame, words: Words) -> dict[str, gpd.GeoDataFrame]:
    """Return what is drawn, by layer."""
    frames = context_frames(result, words)
    frames["cluster"] = clusters[~(clusters.geometry.isna() | clusters.geometry.is_empty)]
    frames["left_out"] = result.homes[result.homes["cluster_id"].isna()]
    frames["pipe"], frames["borehole"] = best_variant_only(result, clusters)
    if len(frames["pipe"]) + len(frames["borehole"]) > MOST_DETAILS:
        frames["pipe"], frames["borehole"] = frames["pipe"].iloc[:0], frames["borehole"].iloc[:0]
    return frames


def _drawn(frames: Mapping[str, gpd.GeoDataFrame]) -> dict[str, Any]:
    """Return the layers that folium draws, and the tiles that the page's script draws from packed steps."""
    large = len(frames["building"]) > LARGE
    tiled = [*TILED, *(["cluster"] if len(frames["cluster"]) > MOST_SHAPES else [])]
    tiles = {}
    for name in tiled:
        least = LEAST_BUILDING_M2 if large and name == "building" else 0.0
        how = dict(COARSE if large else FINE)
        if large and name == "cluster":
            how["tolerance"] = CLUSTER_TOLERANCE_M
        tiles[name] = pack_shapes(frames[name], **how, least_area=least)
        if name != "cluster":
            del tiles[name]["owner"]
    if "cluster" in tiles:
        tiles["cluster"]["owner"] = frames["cluster"]["index"].to_numpy()[tiles["cluster"]["owner"]].tolist()
    layers = {
        name: features(frame, FIELDS[AUDIENCE].get(name, ())) for name, frame in frames.items() if name not in tiled
    }
    return {"layers": layers, "tiles": tiles}


def best_variant_only(result: Result, clusters: pd.DataFrame) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return pipes (with the style they are drawn in) and boreholes of the best variant of `clusters`."""
    best = set(zip(clusters["cluster_id"], clusters["best_variant"], strict=True))
    kept = []
    for frame in (result.pipes, result.boreholes):
        pairs = zip(frame["cluster_id"], frame["variant"], strict=True)
        kept.append(frame[pd.Series([pair in best for pair in pairs], index=frame.index, dtype=bool)])
    thin = kept[0]["kind"].isin(("service", "loop"))
    return kept[0].assign(style=["service" if one else "pipe" for one in thin]), kept[1]


def _seen(result: Result, frames: Mapping[str, gpd.GeoDataFrame]) -> list[gpd.GeoDataFrame]:
    """Return what the first view must show: clusters and homes, else whatever there is."""
    first = [frame for frame in (frames["cluster"], result.homes) if len(frame)]
    return first or [frame for frame in frames.values() if len(frame)]


def _addresses(result: Result, clusters: pd.DataFrame, words: Words) -> dict[str, Any]:
    """Return address, place, number of the cluster (-1: none) and why there is none, packed by street."""
    number = {identifier: position for position, identifier in enumerate(clusters["cluster_id"])}
    homes = result.homes[result.homes["address"].notna()]
    places = shapely.get_coordinates(homes.geometry.to_crs(4326).to_numpy()).tolist()
    texts = {
        code: words(f"left_out.{code}") for code in homes["left_out_reason"].unique() if f"left_out.{code}" in TEXTS
    }
    found = []
    for address, (east, north), cluster, reason in zip(
        homes["address"], places, homes["cluster_id"], homes["left_out_reason"], strict=True
    ):
        position = number.get(cluster, -1) if known(cluster) else -1
        why = texts.get(reason, words("left_out.other")) if position < 0 else ""
        found.append((address, east, north, position, why))
    return pack_addresses(found, scale=10**5 if len(found) > LARGE else 10**6)


LEGEND = (
    ("promising", "verdict.promising", ""),
    ("investigate", "verdict.investigate", ""),
    ("excluded", "verdict.excluded", ""),
    ("unknown", "verdict.unknown", ""),
    ("heat", "map.heat", "heat"),
    ("zone", "map.zones", "zone"),
    ("condition", "map.conditions", "condition"),
    ("pipe", "map.pipes_near", "pipe"),
    ("borehole", "map.boreholes_near", "borehole"),
    ("loop", "map.loops", "loop"),
    ("left_out", "map.left_out", "left_out"),
    ("building", "map.buildings", "building"),
    ("water", "map.water", "water"),
    ("land", "map.land", "land"),
)


def _content(
    result: Result,
    clusters: gpd.GeoDataFrame,
    frames: Mapping[str, gpd.GeoDataFrame],
    words: Words,
    details: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what the template of the overview shows."""
    counts = clusters["verdict"].value_counts().to_dict()
    left_out = int(result.homes["cluster_id"].isna().sum())
    summary = words(
        "overview.summary",
        clusters=words.number(len(clusters)),
        homes=words.number(len(result.homes) - left_out),
        left_out=words.number(left_out),
    )
    shown = [one for one in LEGEND if (len(frames[one[2]]) if one[2] else counts.get(one[0]))]
    return {
        "words": words,
        "fictional": is_fictional(result),
        "summary": summary,
        "verdicts": [(code, int(counts.get(code, 0))) for code in (*VERDICTS, "unknown") if counts.get(code)],
        "clusters": list_rows(details, FIRST_ROWS),
        "orders": [(name, words(f"order.{name}")) for name in ORDERS],
        "first_rows": FIRST_ROWS if len(clusters) > FIRST_ROWS else None,
        "legend": [{"look": swatch(style), "text": words(key), "toggle": layer} for style, key, layer in shown],
        "sources": data_of(result, words),
        "snapshot": _still(result, frames, words),
    }


def _still(result: Result, frames: Mapping[str, gpd.GeoDataFrame], words: Words) -> str:
    """Return the still map of the overview; in a large area it leaves buildings and street names out."""
    seen = _seen(result, frames)
    if not seen:
        return ""
    small = len(frames["building"]) < MOST_STILL
    view = view_of(seen, margin=30, shape=1.2)
    names = ["land", "water", "street", *(["building"] if small else []), "condition", "heat", "zone"]
    drawn = {name: frames[name] for name in names}
    outlines = frames["cluster"]
    drawn |= {verdict: outlines[outlines["verdict"] == verdict] for verdict in (*VERDICTS, "unknown")}
    drawn |= {name: frames[name] for name in (["loop", "label", "area_label"] if small else ["area_label"])}
    if len(outlines) <= MOST_NUMBERED:
        numbers = [words.number(rank) if known(rank) else "" for rank in outlines["rank"]]
        drawn["rank"] = outlines.assign(label=numbers, kind="rank")
    return draw_still(drawn, view, words, "map.area")


MOST_STILL = 1500
"""Buildings in the still map."""
MOST_NUMBERED = 200
"""With more clusters than this the still map does not number them."""
