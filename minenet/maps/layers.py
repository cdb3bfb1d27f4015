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
from minenet.maps.texts import Words, known
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
    "land": {"stroke": False, "fillColor": "#dfe8d0", "fillOpacity": 1},
    "water": {"color": "#9cc3d5", "weight": 1, "fillColor": "#c9e0ea", "fillOpacity": 1},
    "street": {"color": "#ffffff", "weight": 5, "opacity": 1},
    "building": {"color": "#b9b3a4", "weight": 0.7, "fillColor": "#d9d4c7", "fillOpacity": 1},
    "home": {"color": "#6e4a00", "weight": 1.2, "fillColor": "#f0b545", "fillOpacity": 1},
    "heat": {"color": BLUE, "weight": 2.5, "dashArray": "12 5", "fillColor": "url(#mn-lines)", "fillOpacity": 1},
    "zone": {"color": "#9c3f73", "weight": 2, "dashArray": "3 5", "fillColor": PURPLE, "fillOpacity": 0.16},
    "promising": {"color": "#00664a", "weight": 2.5, "fillColor": GREEN, "fillOpacity": 0.45},
    "investigate": {"color": "#8a5a00", "weight": 2.2, "dashArray": "8 4", "fillColor": "url(#mn-hatch)"},
    "excluded": {"color": "#9b3f00", "weight": 2, "dashArray": "2 5", "fillColor": "url(#mn-cross)"},
    "unknown": {"color": "#666666", "weight": 2, "dashArray": "1 6", "fillColor": "#999999", "fillOpacity": 0.25},
    "pipe": {"color": BLUE, "weight": 3.5, "opacity": 1},
    "service": {"color": BLUE, "weight": 1.6, "opacity": 1},
    "borehole": {"color": INK, "weight": 2, "fillColor": SKY, "fillOpacity": 1, "radius": 6},
    "loop": {"color": INK, "weight": 2, "fillColor": "#ffffff", "fillOpacity": 1, "radius": 5, "dashArray": "2 2"},
    "left_out": {"color": "#6b6b6b", "weight": 1, "fillColor": "#ffffff", "fillOpacity": 1, "radius": 2.5},
}
"""Style by class: a colour and always a second cue (dash, pattern, shape or width)."""

FLAT = {"url(#mn-hatch)": ORANGE, "url(#mn-cross)": VERMILLION, "url(#mn-lines)": BLUE}
"""Plain colours for patterns, where a canvas cannot draw them."""

PLACES = ("name",)
FIELDS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "planner": {
        **dict.fromkeys(("land", "water", "street", "building", "loop"), PLACES),
        **dict.fromkeys(("heat", "zone"), ("name", "kind")),
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
        **dict.fromkeys(("land", "water", "street", "building", "loop"), PLACES),
        **dict.fromkeys(("heat", "zone"), ("name", "kind")),
        "home": ("addresses",),
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


def context_frames(result: Result, box: tuple[float, float, float, float] | None = None) -> dict[str, gpd.GeoDataFrame]:
    """Return what is drawn around the clusters, by class, within `box` (in the coordinates of the result)."""
    context = result.context
    if box is not None:
        context = context[shapely.intersects(context.geometry.values, shapely.box(*box))]
    context = context[~(context.geometry.isna() | context.geometry.is_empty)]
    frames = {name: context[context["layer"].eq(name).fillna(value=False)] for name in
              ("land", "water", "street", "building", "zone", "loop")}  # fmt: skip
    heat = _is_heat_network(frames["zone"])
    frames["heat"], frames["zone"] = frames["zone"][heat], frames["zone"][~heat]
    frames["land"] = frames["land"][frames["land"]["kind"].isin(("green", "grass", "park"))]
    frames["street"] = _label_once(frames["street"])
    return frames


def _is_heat_network(zones: pd.DataFrame) -> np.ndarray:
    """Return which zones are a planned heat network, by `effect` when the layer has it, else by `kind`."""
    words = zones["effect"] if "effect" in zones else zones["kind"]
    text = words.fillna("").astype(str).str.lower().str.replace(" ", "_", regex=False)
    return text.str.contains("heat_net|warmtenet", regex=True).to_numpy(dtype=bool)


def _label_once(streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep a street's name on its longest piece only."""
    longest = streets.assign(_length=streets.length).sort_values("_length", ascending=False, kind="stable")
    first = ~longest["name"].duplicated() & longest["name"].notna()
    return streets.assign(name=streets["name"].where(first.reindex(streets.index), None))


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


def features(frame: gpd.GeoDataFrame, fields: Sequence[str]) -> dict[str, Any]:
    """Return `frame` as GeoJSON in degrees (0.1 m) with `fields` only; a null is left out."""
    degrees = shapely.transform(frame.geometry.to_crs(4326).values, lambda points: np.round(points, 6))
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
    found = {"fill": "none" if line else str(style.get("fillColor", "none"))}
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


def _labels(streets: gpd.GeoDataFrame, corner: tuple[float, float]) -> list[dict[str, Any]]:
    """Return street names along their street, never upside down."""
    found = []
    for name, line in zip(streets["name"], streets.geometry, strict=True):
        if not known(name) or line.length < 25:
            continue
        half = line.interpolate(0.5, normalized=True)
        ahead = line.interpolate(min(line.length, line.length / 2 + 10))
        angle = -np.degrees(np.arctan2(ahead.y - half.y, ahead.x - half.x))
        angle = angle - 180 * np.round(angle / 180)
        place = {"x": f"{half.x - corner[0]:.1f}", "y": f"{corner[1] - half.y:.1f}", "angle": f"{angle:.0f}"}
        found.append({"name": str(name), **place})
    return found


def snapshot(
    groups: Sequence[tuple[str, gpd.GeoDataFrame]],
    box: tuple[float, float, float, float],
    words: Words,
    label: str,
) -> Markup:
    """Return a still map as SVG, for print and for readers without JavaScript.

    Parameters
    ----------
    groups : sequence of (style, GeoDataFrame)
        What is drawn, from below to above, in metres.
    box : tuple
        (west, south, east, north) in metres.
    words : Words
        Texts.
    label : str
        Text of `words` that names the map.
    """
    west, south, east, north = box
    width, height = max(east - west, 40.0), max(north - south, 30.0)
    pixel, corner = width / 900, (west, north)
    drawn = [_shapes(frame, STYLES[style], corner, 1.0 if style == "street" else pixel)
             for style, frame in groups if len(frame)]  # fmt: skip
    streets = next((frame for style, frame in groups if style == "street"), None)
    bar = next((m for m in (10, 20, 50, 100, 200, 500, 1000, 2000) if m > width / 8), 5000)
    return Markup(  # noqa: S704 - rendered by our own escaping template
        template("snapshot.html")(
            label=words(label),
            north=words("map.north"),
            width=f"{width:.1f}",
            height=f"{height:.1f}",
            pixel=round(pixel, 3),
            groups=drawn,
            labels=[] if streets is None else _labels(streets, corner),
            bar=bar,
        )
    )


SWATCH_LINES = ("street", "pipe", "service")


def swatch(style: str) -> dict[str, Any]:
    """Return what the legend draws for a style: a line, a circle or a patch."""
    look = STYLES[style]
    kind = "line" if style in SWATCH_LINES else "circle" if "radius" in look else "patch"
    return {"kind": kind, "style": style, "attributes": _attributes(look, 1.0, line=kind == "line")}
