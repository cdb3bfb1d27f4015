"""What is drawn and how: styles, the whitelist of fields per audience, features in degrees, and still maps as SVG."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from folium.utilities import JsCode
from markupsafe import Markup

from minenet.maps.page import OfflineMap, Script, template
from minenet.maps.texts import TEXTS, Words, known
from minenet.tables import Result

__all__ = ["FIELDS", "STYLES", "add_layers", "context_frames", "features", "rows", "snapshot", "swatch"]

INK, PAPER, BLUE, GREEN, ORANGE, VERMILLION, SKY, PURPLE = (
    "#1b2f33",
    "#f3f0e7",
    "#0072B2",
    "#009E73",
    "#E69F00",
    "#D55E00",
    "#56B4E9",
    "#CC79A7",
)
"""Ink and paper, and the classes of Okabe and Ito, which colour-blind readers can tell apart."""

STYLES: Mapping[str, Mapping[str, Any]] = {
    "land": {"stroke": False, "fillColor": "#fcfbf7", "fillOpacity": 1},
    "water": {"color": "#9cc3d5", "weight": 1, "fillColor": "#c9e0ea", "fillOpacity": 1},
    "street": {"color": "#ffffff", "weight": 5, "opacity": 1},
    "building": {"color": "#b9b3a4", "weight": 0.7, "fillColor": "#d9d4c7", "fillOpacity": 1},
    "home": {"color": "#6e4a00", "weight": 1.2, "fillColor": "#f0b545", "fillOpacity": 1},
    "heat": {"color": BLUE, "weight": 2.5, "dashArray": "12 5", "fillColor": "url(#mn-lines)", "fillOpacity": 1},
    "zone": {"color": "#9c3f73", "weight": 2, "dashArray": "3 5", "fillColor": PURPLE, "fillOpacity": 0.16},
    "condition": {"color": "#7c5a6d", "weight": 1.5, "dashArray": "1 5", "fillColor": PURPLE, "fillOpacity": 0.05},
    "promising": {"color": "#00664a", "weight": 2.5, "fillColor": GREEN, "fillOpacity": 0.45},
    "investigate": {"color": "#8a5a00", "weight": 2.2, "dashArray": "8 4", "fillColor": "url(#mn-hatch)"},
    "excluded": {"color": "#9b3f00", "weight": 2, "dashArray": "2 5", "fillColor": "url(#mn-cross)"},
    "unknown": {"color": "#666666", "weight": 2, "dashArray": "1 6", "fillColor": "#999999", "fillOpacity": 0.25},
    "pipe": {"color": BLUE, "weight": 3.5, "opacity": 1},
    "service": {"color": BLUE, "weight": 1.6, "opacity": 1},
    "borehole": {"color": INK, "weight": 2, "fillColor": SKY, "fillOpacity": 1, "radius": 6},
    "loop": {"color": INK, "weight": 2, "fillColor": "#ffffff", "fillOpacity": 1, "radius": 5, "dashArray": "2 2"},
    "label": {"stroke": False, "fill": False, "radius": 1},
    "area_label": {"stroke": False, "fill": False, "radius": 1},
    "left_out": {"color": "#6b6b6b", "weight": 1, "fillColor": "#ffffff", "fillOpacity": 1, "radius": 2.5},
}
"""Style by class: a colour and always a second cue (dash, pattern, shape or width)."""

FLAT = {"url(#mn-hatch)": ORANGE, "url(#mn-cross)": VERMILLION, "url(#mn-lines)": BLUE}
"""Plain colours for patterns, where a canvas cannot draw them."""

CONTEXT: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("land", "water", "street", "building", "loop", "heat", "zone", "condition"), ()),
    **dict.fromkeys(("label", "area_label"), ("name", "kind")),
}
FIELDS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "planner": {
        **CONTEXT,
        "cluster": ("index", "verdict"),
        "pipe": ("style",),
        "borehole": ("depth_m", "homes_served", "ownership"),
        "left_out": (),
        "address": ("address",),
        "clusters": (
            "name homes heat_kwh verdict reasons best_variant capex_eur_per_home annual_eur_per_home "
            "annual_low_eur_per_home annual_high_eur_per_home gas_eur_per_home air_eur_per_home own_loop_eur_per_home "
            "own_loop_homes break_even_homes rank"
        ).split(),
        "solutions": (
            "variant feasible reason boreholes depth_m trench_m public_trench_m capex_eur_per_home annual_eur_per_home "
            "annual_low_eur_per_home annual_high_eur_per_home"
        ).split(),
        "checks": ("variant", "check", "outcome", "detail", "who", "source"),
    },
    "resident": {
        **CONTEXT,
        "home": ("addresses", "label"),
        "pipe": ("style",),
        "borehole": ("depth_m", "homes_served", "ownership"),
        "clusters": (
            "name homes verdict reasons best_variant capex_eur_per_home annual_eur_per_home annual_low_eur_per_home "
            "annual_high_eur_per_home gas_eur_per_home rank"
        ).split(),
        "solutions": (
            "variant feasible boreholes depth_m trench_m annual_eur_per_home annual_low_eur_per_home "
            "annual_high_eur_per_home"
        ).split(),
        "checks": ("variant", "check", "outcome", "detail", "who", "source"),
    },
}
"""Fields that each audience may find in its file, by layer; what is not named here never leaves the result.

No audience gets heat demand, gas use, peak or answers of a single home.
"""

MASKED = "other"
"""What stands in place of the reason of a household that said no: answers are nobody else's business."""


# -------------------------------------------------------------------------------------------------------- frames


def context_frames(
    result: Result, words: Words, view: Sequence[float] | None = None, margin: float = 60.0
) -> dict[str, gpd.GeoDataFrame]:
    """Return what is drawn around the clusters, by class.

    Parameters
    ----------
    result : Result
        What was found.
    words : Words
        Texts, for what a zone does.
    view : sequence of float, optional
        Box that is looked at (west, south, east, north); names are placed in it, and what lies farther than
        `margin` [m] from it is cut off.
    """
    context = result.context
    context = context[~(context.geometry.isna() | context.geometry.is_empty)]
    if view is not None:
        context = context[shapely.intersects(context.geometry.values, shapely.box(*view).buffer(margin))]
    layer, kind = context["layer"].fillna(""), context["kind"].fillna("").astype(str)
    frames = {name: context[layer == name] for name in ("water", "street", "building", "loop")}
    frames["land"] = context[(layer == "land") & (kind == "public")]
    zones, heat = layer == "zone", kind.str.contains("heat_net|warmtenet", regex=True)
    frames["heat"], frames["zone"] = context[zones & heat], context[zones & ~heat & ~kind.isin((*MILD, *UNDRAWN))]
    frames["condition"] = context[zones & kind.isin(MILD)]
    if view is not None:
        near = shapely.box(*view).buffer(margin)
        for name in ("land", "water", "street", *AREAS):
            frames[name] = frames[name].set_geometry(shapely.intersection(frames[name].geometry.values, near))
    frames["label"] = pd.concat([_labels(frames[name], name, view) for name in ("street", "water")])
    named = [_labels(_with_effect(frames[name], words), name, view) for name in AREAS]
    frames["area_label"] = pd.concat(named)
    return frames


AREAS = ("heat", "zone", "condition")
MILD, UNDRAWN = ("permit", "notice"), ("support",)
"""Kinds of zones that only ask for something, and that say nothing about a place on the map."""


def _with_effect(zones: gpd.GeoDataFrame, words: Words) -> gpd.GeoDataFrame:
    """Return zones with what they do behind their name."""
    effects = [words(f"effect.{kind}") if f"effect.{kind}" in TEXTS else "" for kind in zones["kind"]]
    pairs = zip(zones["name"], effects, strict=True)
    texts = [
        " · ".join(part for part in (name if known(name) else "", effect) if part) or None for name, effect in pairs
    ]
    return zones.assign(name=pd.Series(texts, index=zones.index, dtype=object))


def _labels(frame: gpd.GeoDataFrame, kind: str, view: Sequence[float] | None) -> gpd.GeoDataFrame:
    """Return each name once, at a point on its largest piece in view, with the angle to write a street's name at."""
    named = frame[frame["name"].notna()]
    geometry = named.geometry.values
    if view is not None:
        geometry = shapely.intersection(geometry, shapely.box(*view))
    pieces, row = shapely.get_parts(geometry, return_index=True)
    size = shapely.length(pieces)
    order = np.lexsort((row, -size))
    names = named["name"].to_numpy(dtype=object)[row]
    first = order[~pd.Series(names[order]).duplicated().to_numpy()]
    first = first[size[first] > SHORTEST_NAMED]
    if kind == "street":
        lines = pieces[first]
        points, ahead = (
            shapely.line_interpolate_point(lines, size[first] / 2),
            shapely.line_interpolate_point(lines, size[first] / 2 + 5),
        )
        angle = np.degrees(np.arctan2(shapely.get_y(ahead) - shapely.get_y(points),
                                      shapely.get_x(ahead) - shapely.get_x(points)))  # fmt: skip
        angle = np.round(angle - 180 * np.round(angle / 180))
    else:
        points, angle = shapely.point_on_surface(pieces[first]), np.zeros(len(first))
    columns = {"name": names[first].astype(str), "kind": kind, "angle": angle}
    return gpd.GeoDataFrame(columns, geometry=points, crs=frame.crs)


SHORTEST_NAMED = 25.0
"""A street shorter than this [m] in view carries no name."""


def rows(frame: pd.DataFrame, audience: str, layer: str) -> list[dict[str, Any]]:
    """Return the rows of `frame` with the fields that `audience` may see; null becomes None, euros become tens.

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ["Kerkstraat"], "homes": [4], "annual_eur_per_home": [1234.5], "gas_m3": [900]})
    >>> [row["annual_eur_per_home"] for row in rows(frame, "resident", "clusters")]
    [1230]
    >>> "gas_m3" in rows(frame, "resident", "clusters")[0]
    False
    """
    names = [name for name in FIELDS[audience][layer] if name in frame]
    columns = [[_plain(name, value) for value in frame[name]] for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, str | list):
        return value
    if not known(value):
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if "_eur" in name:
        return round(float(value) / 10) * 10
    return int(value) if float(value).is_integer() else round(float(value), 1)


# ------------------------------------------------------------------------------------------------------ features


def features(frame: gpd.GeoDataFrame, fields: Sequence[str], digits: int = 6) -> dict[str, Any]:
    """Return `frame` as GeoJSON in degrees (6 digits: 0.1 m) with `fields` only; a null is left out."""
    degrees = shapely.transform(frame.geometry.to_crs(4326).values, lambda points: np.round(points, digits))
    columns = [(name, list(frame[name])) for name in fields if name in frame]
    found = []
    for number, geometry in enumerate(degrees):
        plain = {name: _plain(name, values[number]) for name, values in columns}
        properties = {name: value for name, value in plain.items() if value is not None}
        found.append({"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(geometry)})
    return {"type": "FeatureCollection", "features": found}


@dataclass(frozen=True)
class Drawn:
    """One layer of a map: its name in the data, whether it answers to a click, and where it is drawn."""

    name: str
    styled_by: str = ""
    clickable: bool = False
    canvas: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


def add_layers(page: OfflineMap, drawn: Iterable[Drawn]) -> None:
    """Add an empty folium layer for each of `drawn`; the page's script fills it from the data block."""
    for number, layer in enumerate(drawn):
        pane = f"mn-{layer.name}"
        page.add_child(folium.map.CustomPane(pane, z_index=400 + 10 * number, pointer_events=layer.clickable))
        kind = "canvas" if layer.canvas else "svg"
        options = {
            "pane": pane,
            "renderer": JsCode(f'L.{kind}({{pane: "{pane}", padding: 0.5}})'),
            "interactive": layer.clickable,
            "style": JsCode(f'MN.style("{layer.name}")'),
            "point_to_layer": JsCode(f'MN.circle("{layer.name}")'),
        }
        each = JsCode(f'MN.each("{layer.name}")')
        empty = {"type": "FeatureCollection", "features": []}
        added = folium.GeoJson(empty, name=layer.name, control=False, on_each_feature=each, **options)
        added.add_to(page)
        added.add_child(Script(f'MN.fill("{layer.name}", OWNER);'))


# ---------------------------------------------------------------------------------------------------- still maps


def _path(geometry: Any, left: float, top: float) -> str:
    """Return the SVG path of a line or polygon, in metres from the upper left corner."""
    pieces = []
    for part in shapely.get_parts(geometry):
        rings = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        close = "Z" if part.geom_type == "Polygon" else ""
        for ring in rings:
            points = shapely.get_coordinates(ring)
            pieces.append("M" + " ".join(f"{x - left:.1f},{top - y:.1f}" for x, y in points) + close)
    return "".join(pieces)


def _attributes(style: Mapping[str, Any], pixel: float, *, line: bool) -> dict[str, str]:
    """Return a style as SVG attributes; `pixel` is the size of a pixel in metres."""
    fill = str(style.get("fillColor", "none")).replace(")", "-still)")
    found = {"fill": "none" if line else fill}
    if not line:
        found["fill-opacity"] = str(style.get("fillOpacity", 1))
    if style.get("stroke", True):
        found["stroke"] = str(style["color"])
        found["stroke-width"] = f"{style['weight'] * pixel:.2f}"
        found["stroke-linecap"] = "round"
        if "dashArray" in style:
            found["stroke-dasharray"] = " ".join(f"{float(d) * pixel:.2f}" for d in style["dashArray"].split())
    return found


def _shapes(frame: gpd.GeoDataFrame, style: Mapping[str, Any], corner: tuple[float, float], pixel: float) -> Any:
    """Return one drawn group: circles for points, one path for the rest."""
    left, top = corner
    geometry = frame.geometry.values
    if len(frame) and set(frame.geom_type) <= {"Point", "MultiPoint"}:
        points = shapely.get_coordinates(geometry)
        circles = [(f"{x - left:.1f}", f"{top - y:.1f}", f"{style['radius'] * pixel:.1f}") for x, y in points]
        return {"attributes": _attributes(style, pixel, line=False), "circles": circles, "path": ""}
    line = not set(frame.geom_type) & {"Polygon", "MultiPolygon"}
    path = "".join(_path(one, left, top) for one in geometry)
    return {"attributes": _attributes(style, pixel, line=line), "circles": (), "path": path}


def _texts(frame: gpd.GeoDataFrame, column: str, corner: tuple[float, float]) -> list[dict[str, str]]:
    """Return names at their points, turned along their street."""
    points = shapely.point_on_surface(frame.geometry.values)
    angles = frame["angle"] if "angle" in frame else [0.0] * len(frame)
    kinds = frame["kind"] if "kind" in frame else ["number"] * len(frame)
    return [
        {
            "text": text if len(text) <= 40 else text[:39] + "…",
            "kind": kind,
            "x": f"{shapely.get_x(point) - corner[0]:.1f}",
            "y": f"{corner[1] - shapely.get_y(point):.1f}",
            "angle": f"{-angle:.0f}",
        }
        for text, kind, angle, point in zip(frame[column], kinds, angles, points, strict=True)
        if text
    ]


def snapshot(frames: Mapping[str, gpd.GeoDataFrame], view: Sequence[float], words: Words, label: str) -> Markup:
    """Return a still map as SVG, for print and for readers without JavaScript.

    Parameters
    ----------
    frames : mapping of str to GeoDataFrame
        What is drawn, by style, from below to above, in metres; `label`, `area_label` and the numbers of `home` are
        written.
    view : sequence of float
        (west, south, east, north) in metres.
    words : Words
        Texts.
    label : str
        Key of the text that names the map.
    """
    west, south, east, north = view
    width, height = max(east - west, 40.0), max(north - south, 30.0)
    pixel, corner = width / 1000, (west, north)
    drawn = [_shapes(frame, STYLES[style], corner, 1.0 if style == "street" else pixel)
             for style, frame in frames.items() if style in STYLES and "label" not in style and len(frame)]  # fmt: skip
    texts = [_texts(frames[name], "name", corner) for name in ("label", "area_label") if name in frames]
    if "home" in frames and pixel < COARSEST_NUMBERED:
        texts.append(_texts(frames["home"], "label", corner))
    bar = next((m for m in (10, 20, 50, 100, 200, 500, 1000, 2000) if m > width / 10), 5000)
    return Markup(  # noqa: S704 - rendered by our own escaping template
        template("snapshot.html")(
            label=words(label),
            north=words("map.north"),
            width=round(width, 1),
            height=round(height, 1),
            pixel=round(pixel, 4),
            groups=drawn,
            texts=[text for group in texts for text in group],
            bar=bar,
        )
    )


COARSEST_NUMBERED = 0.25
"""House numbers are written when a pixel is at most this many metres."""


def view_of(frames: Sequence[Any], *, margin: float, shape: float) -> tuple[float, float, float, float]:
    """Return the box around frames with a margin [m], widened or heightened until it is `shape` times as wide as high."""
    boxes = np.array([frame.total_bounds for frame in frames if len(frame) and not frame.geometry.isna().all()])
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    middle = np.array([(west + east) / 2, (south + north) / 2])
    size = np.array([east - west, north - south]) + 2 * margin
    size = np.maximum(size, size[::-1] * np.array([shape, 1 / shape]))
    return tuple(np.concatenate([middle - size / 2, middle + size / 2]).tolist())


SWATCH_LINES = ("street", "pipe", "service")


def swatch(style: str) -> dict[str, Any]:
    """Return what the legend draws for a style: a line, a circle or a patch."""
    look = STYLES[style]
    kind = "line" if style in SWATCH_LINES else "circle" if "radius" in look else "patch"
    attributes = _attributes(look, 1.0, line=kind == "line")
    return {"kind": kind, "attributes": {name: value.replace("-still)", ")") for name, value in attributes.items()}}
