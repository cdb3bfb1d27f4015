"""The planner's overview: one map of the whole area beside a list that sorts and filters."""

import re
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from minenet.maps.layers import FIELDS, STYLES, Drawn, add_layers, context_frames, features, fits_some, rows
from minenet.maps.page import OfflineMap, bounds_of, file_name, template
from minenet.maps.still import draw_still, swatch, view_of
from minenet.maps.texts import TEXTS
from minenet.maps.words import Words, known
from minenet.tables import Result

__all__ = ["draw_map"]

AUDIENCE = "planner"

DRAWN = (
    Drawn("land", canvas=True),
    Drawn("water", canvas=True),
    Drawn("street", canvas=True),
    Drawn("building", canvas=True),
    Drawn("condition"),
    Drawn("heat"),
    Drawn("zone"),
    Drawn("cluster", clickable=True),
    Drawn("pipe", canvas=True),
    Drawn("left_out", canvas=True),
    Drawn("loop", canvas=True),
    Drawn("borehole", canvas=True),
    Drawn("label"),
    Drawn("area_label"),
)
"""Layers from below to above."""

MOST_DETAILS = 20_000
"""With more pipes and boreholes than this the overview leaves them to the pages."""

VERDICTS = ("promising", "investigate", "excluded")


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
    data = {
        "page": "overview",
        "attribution": attribution_of(result),
        "texts": words.group("verdict", "variant", "outcome", "ownership", "map", "overview", "row", "word"),
        "styles": STYLES,
        "bounds": bounds_of([frame.to_crs(4326) for frame in _seen(result, frames)]),
        "layers": {name: features(frame, FIELDS[AUDIENCE].get(name, ())) for name, frame in frames.items()},
        "clusters": _details(result, clusters, words, pages),
        "pages": pages is not None,
        "addresses": _addresses(result, clusters, words),
    }
    body = partial(template("overview.html"), **_content(result, clusters, frames, words, data))
    title = words("overview.title")
    page = OfflineMap(
        body=lambda map_html: body(map=map_html), data=data, title=title, language=language, name=words("map.area")
    )
    add_layers(page, DRAWN)
    page.add_scripts(["MN.start(OWNER);"])
    return page


def name_of(name: str | None, identifier: Any, words: Words) -> str:
    """Return what a cluster is called; one without a name by its identifier."""
    return words.place(name) if name else f"{words('overview.no_name')} ({identifier})"


def verdict_of(value: Any) -> str:
    """Return a verdict that has a style, `unknown` for anything else."""
    return value if isinstance(value, str) and value in VERDICTS else "unknown"


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


def _details(
    result: Result, clusters: gpd.GeoDataFrame, words: Words, pages: Collection[str] | None
) -> list[dict[str, Any]]:
    """Return what list and panel show of each cluster, codes already in words."""
    solutions = dict(list(result.solutions.groupby("cluster_id", sort=False)))
    checks = dict(list(result.checks.groupby("cluster_id", sort=False)))
    details = rows(clusters, AUDIENCE, "clusters")
    there = None if pages is None else {str(page) for page in pages}
    for identifier, detail in zip(clusters["cluster_id"], details, strict=True):
        detail["name"] = name_of(detail["name"], identifier, words)
        made = there is None or str(identifier) in there
        detail["page"] = f"pages/{file_name(str(identifier))}" if made else None
        detail["reasons"] = reasons_of(detail["reasons"], words)
        found = rows(solutions.get(identifier, result.solutions.iloc[:0]), AUDIENCE, "solutions")
        detail["solutions"] = [
            {**one, "reason": why_not(one, detail["homes"], words), "partly": fits_some(one)} for one in found
        ]
        best = next((one for one in found if one["variant"] == detail["best_variant"]), None)
        detail["boreholes"] = best["boreholes"] if best else None
        detail["saving"] = _saving(detail)
        detail["checks"] = checks_of(checks.get(identifier, result.checks.iloc[:0]), AUDIENCE, words)
    return details


def _saving(detail: Mapping[str, Any]) -> int | None:
    gas, annual = detail["gas_eur_per_home"], detail["annual_eur_per_home"]
    return None if gas is None or annual is None else gas - annual


def why_not(solution: Mapping[str, Any], homes: Any, words: Words) -> str | None:
    """Return why a system cannot be built for all `homes`, or for how many it can."""
    possible = solution.get("homes_possible")
    if fits_some(solution) and possible is not None:
        return words("page.fits_some", some=words.number(possible), all=words.number(homes))
    if known(solution["reason"]):
        return words.code("reason", solution["reason"])
    return words("page.not_everywhere") if fits_some(solution) else None


def reasons_of(codes: str | None, words: Words, *, without: tuple[str, ...] = ()) -> list[str]:
    """Return the reasons of a verdict in words, without codes that begin as in `without`."""
    parts = [code.strip() for code in (codes or "").split(";")]
    return [words.code("reason", code) for code in parts if code and not code.startswith(without or "\0")]


def data_of(result: Result, words: Words) -> list[str]:
    """Return which files the result was made of, and by which version."""
    values = dict(zip(result.provenance["key"], result.provenance["value"], strict=True))
    files = [match.group(1) for key in values if (match := re.fullmatch(r"input\.(.+)\.sha256", str(key)))]
    lines = [words("page.sources_input", value=name) for name in files if "." in name][:MOST_FILES]
    if attribution := attribution_of(result):
        lines.append(words("page.sources_attribution", value=attribution))
    version = values.get("minenet.version")
    return [*lines, words("page.sources_version", version=str(version))] if known(version) else lines


def attribution_of(result: Result) -> str:
    """Return whom the data names as its makers: the keys `attribution` and `attribution.*`."""
    pairs = zip(result.provenance["key"], result.provenance["value"], strict=True)
    named = [str(value) for key, value in pairs if str(key).partition(".")[0] == "attribution" and known(value)]
    return ", ".join(dict.fromkeys(named))


MOST_FILES = 4


OUTCOMES = ("blocked", "warning", "unknown", "attention", "ok")
"""Outcomes as they are shown, what needs something first; `warning` is attention where a limit is exceeded."""

LIMITED = ("permit", "cooling", "cooling_clusters", "cooling_together", "cooling_registered", "collective_heat_act")
"""Checks whose attention means that the data already exceeds a limit, not that somebody must be asked."""


def _shown(one: Mapping[str, Any]) -> str:
    """Return the outcome of a check as it is shown."""
    outcome = str(one["outcome"]) if one["outcome"] in OUTCOMES else "unknown"
    # existing loops ask attention also within the limit, for not all of them are registered
    within = one["check"] == "cooling_registered" and "mends it" not in (one["detail"] or "")
    return "warning" if outcome == "attention" and one["check"] in LIMITED and not within else outcome


def checks_of(frame: pd.DataFrame, audience: str, words: Words, *, variant: str | None = None) -> list[dict[str, Any]]:
    """Return checks in words, what needs something first; variants with the same outcome in one line.

    Parameters
    ----------
    frame : DataFrame
        Checks of one cluster.
    audience : str
        Who reads them.
    words : Words
        Texts.
    variant : str, optional
        Leave out what concerns other variants only.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in rows(frame, audience, "checks"):
        if variant is not None and one["variant"] not in (None, variant):
            continue
        outcome = _shown(one)
        line: dict[str, Any] = {
            "check": one["check"],
            "question": words.code("check", one["check"]),
            "outcome": outcome,
            "detail": words.detail(one["detail"]),
            "who": words.code("who", one["who"]) if known(one["who"]) else "",
            "source": words.source(one["source"]),
            "variants": [],
        }
        line = found.setdefault((str(one["check"]), outcome), line)
        if known(one["variant"]):
            line["variants"].append(words.code("variant", one["variant"]))
    return sorted(found.values(), key=lambda line: OUTCOMES.index(line["outcome"]))


def _addresses(result: Result, clusters: pd.DataFrame, words: Words) -> list[list[Any]]:
    """Return address, longitude, latitude, number of the cluster (-1: none) and why there is none."""
    number = {identifier: position for position, identifier in enumerate(clusters["cluster_id"])}
    homes = result.homes[result.homes["address"].notna()]
    degrees = homes.geometry.to_crs(4326)
    places = shapely.get_coordinates(degrees.to_numpy()).round(6).tolist()
    found = []
    for address, (east, north), cluster, reason in zip(
        homes["address"], places, homes["cluster_id"], homes["left_out_reason"], strict=True
    ):
        position = number.get(cluster, -1) if known(cluster) else -1
        code = reason if known(reason) and f"left_out.{reason}" in TEXTS else "other"
        why = words(f"left_out.{code}") if position < 0 else ""
        found.append([address, east, north, position, why])
    return found


def is_fictional(result: Result) -> bool:
    """Return whether the data says of itself that it is made up."""
    for key, value in zip(result.provenance["key"], result.provenance["value"], strict=True):
        said = str(key).rsplit(".", 1)[-1] in {"fictional", "note"} and str(value).lower() == "true"
        if said:
            return True
    return False


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
    data: Mapping[str, Any],
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
        "clusters": data["clusters"],
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
    names = ["land", "water", "street", *(["building"] if small else []), "condition", "heat", "zone"]
    drawn = {name: frames[name] for name in names}
    outlines = frames["cluster"]
    drawn |= {verdict: outlines[outlines["verdict"] == verdict] for verdict in (*VERDICTS, "unknown")}
    drawn |= {name: frames[name] for name in (["label", "area_label"] if small else ["area_label"])}
    return draw_still(drawn, view_of(seen, margin=30, shape=1.2), words, "map.area")


MOST_STILL = 1500
"""Buildings in the still map."""
