"""What is drawn and how: styles, the whitelist of fields per audience, features in degrees, and still maps as SVG."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from folium.utilities import JsCode

from minenet.maps.page import OfflineMap, Script
from minenet.maps.texts import TEXTS
from minenet.maps.words import Words, known
from minenet.tables import VARIANTS, Result

__all__ = [
    "FEW_HOMES",
    "FIELDS",
    "STYLES",
    "Box",
    "Drawn",
    "add_layers",
    "context_frames",
    "features",
    "fits_some",
    "rows",
    "tells_use",
]

Box = tuple[float, float, float, float]
"""West, south, east, north [m]."""

INK = "#1b2f33"
BLUE = "#0072B2"
GREEN = "#009E73"
SKY = "#56B4E9"
PURPLE = "#CC79A7"
"""Ink, and classes of Okabe and Ito, which colour-blind readers can tell apart."""

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
    "borehole": {"color": INK, "weight": 2, "fillColor": SKY, "fillOpacity": 1, "radius": 5},
    "loop": {"color": INK, "weight": 2, "fillColor": "#ffffff", "fillOpacity": 1, "radius": 5, "dashArray": "2 2"},
    "label": {"stroke": False, "fill": False, "radius": 1},
    "area_label": {"stroke": False, "fill": False, "radius": 1},
    "left_out": {"color": "#6b6b6b", "weight": 1, "fillColor": "#ffffff", "fillOpacity": 1, "radius": 4},
}
"""Style by class: a colour and always a second cue (dash, pattern, shape or width)."""

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
            "name",
            "homes",
            "verdict",
            "reasons",
            "best_variant",
            "capex_eur_per_home",
            "annual_eur_per_home",
            "annual_low_eur_per_home",
            "annual_high_eur_per_home",
            "gas_eur_per_home",
            "air_eur_per_home",
            "own_loop_eur_per_home",
            "own_loop_homes",
            "own_loop_unknown_homes",
            "shared_loop_homes",
            "borehole_capacity",
            "break_even_homes",
            "break_even_own_loops",
            "homes_ready",
            "homes_to_insulate",
            "rank",
            "rank_reason",
        ),
        "solutions": (
            "variant",
            "feasible",
            "reason",
            "homes_possible",
            "boreholes",
            "depth_m",
            "trench_m",
            "public_trench_m",
            "capex_eur_per_home",
            "annual_eur_per_home",
            "annual_low_eur_per_home",
            "annual_high_eur_per_home",
            "chance_cheaper_than_gas",
            "chance_cheaper_than_air",
            "break_even_homes",
            "co2_kg_per_home",
            "grid_peak_kw_per_home",
        ),
        "sensitivity": ("variant", "assumption", "low_eur_per_home", "high_eur_per_home"),
        "checks": ("variant", "check", "outcome", "detail", "who", "source"),
    },
    "resident": {
        **CONTEXT,
        "home": ("addresses", "label"),
        "pipe": ("style",),
        "borehole": ("depth_m", "homes_served", "ownership"),
        "clusters": (
            "name",
            "homes",
            "verdict",
            "reasons",
            "best_variant",
            "capex_eur_per_home",
            "annual_eur_per_home",
            "annual_low_eur_per_home",
            "annual_high_eur_per_home",
            "gas_eur_per_home",
            "own_loop_homes",
            "own_loop_unknown_homes",
            "break_even_homes",
            "homes_ready",
            "homes_to_insulate",
            "rank",
        ),
        "solutions": (
            "variant",
            "feasible",
            "reason",
            "homes_possible",
            "boreholes",
            "depth_m",
            "trench_m",
            "public_trench_m",
            "annual_eur_per_home",
            "annual_low_eur_per_home",
            "annual_high_eur_per_home",
            "annual_30_eur_per_home",
            "house_eur_per_home",
            "chance_cheaper_than_gas",
            "chance_cheaper_than_air",
            "gas_m3_per_home",
            "co2_kg_per_home",
            "grid_peak_kw_per_home",
            "outdoor_unit",
            "cooling",
        ),
        "curves": ("variant", "curve", "x", "value_eur_per_home", "low_eur_per_home", "high_eur_per_home"),
        "finance": (
            "variant",
            "form",
            "upfront_eur_per_home",
            "monthly_eur_per_home",
            "loan_eur_per_home",
            "loan_rate",
            "loan_years",
            "fee_eur_per_home",
        ),
        "checks": ("variant", "check", "outcome", "detail", "who", "source"),
    },
}
"""Fields that each audience may find in its file, by layer; what is not named here never leaves the result.

No audience gets heat demand, gas use, peak or answers of a single home.
"""

FEW_HOMES = 6
"""In a cluster of fewer homes than this a mean tells what single homes use."""


def tells_use(homes: pd.DataFrame) -> bool:
    """Return whether figures of these homes of one cluster would tell what a household uses.

    Examples
    --------
    >>> tells_use(pd.DataFrame({"demand_source": ["table", "measured"]}))
    True
    >>> tells_use(pd.DataFrame({"demand_source": ["table", "table"]}))
    False
    """
    return len(homes) < FEW_HOMES and bool(homes["demand_source"].isin(("measured", "known")).any())


# -------------------------------------------------------------------------------------------------------- frames


def context_frames(
    result: Result, words: Words, view: Box | None = None, margin: float = 45.0
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
        context = context[shapely.intersects(context.geometry.to_numpy(), shapely.box(*view).buffer(margin))]
    layer, kind = context["layer"].fillna(""), context["kind"].fillna("").astype(str)
    frames = {name: context[layer == name] for name in ("water", "street", "building", "loop")}
    frames["land"] = context[(layer == "land") & (kind == "public")]
    zones, heat = layer == "zone", kind.str.contains("heat_net|warmtenet", regex=True)
    frames["heat"], frames["zone"] = context[zones & heat], context[zones & ~heat & ~kind.isin((*MILD, *UNDRAWN))]
    frames["condition"] = context[zones & kind.isin(MILD)]
    if view is not None:
        near = shapely.box(*view).buffer(margin)
        for name in ("land", "water", "street", *AREAS):
            frames[name] = frames[name].set_geometry(shapely.intersection(frames[name].geometry.to_numpy(), near))
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


def _labels(frame: gpd.GeoDataFrame, kind: str, view: Box | None) -> gpd.GeoDataFrame:
    """Return each name once, at a point on its largest piece in view, with the angle to write a street's name at."""
    named = frame[frame["name"].notna()]
    geometry = named.geometry.to_numpy()
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
    """Return the rows of `frame` with the fields that `audience` may see; null becomes None, euros tens, metres whole.

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


def fits_some(solution: Mapping[str, Any]) -> bool:
    """Return whether a system that cannot be built for all homes still is a choice for some of them.

    Examples
    --------
    >>> fits_some({"variant": "own_loops", "feasible": False, "reason": "fits_for:2 of 9", "homes_possible": 2})
    True
    >>> fits_some({"variant": "own_loops", "feasible": False, "reason": "fits_for:0 of 9", "homes_possible": 0})
    False
    """
    if solution["feasible"] is not False or solution["variant"] in VARIANTS:
        return False
    reason, possible = solution["reason"] or "", solution.get("homes_possible")
    if reason.startswith("fits_for_at_least"):
        return True  # perhaps for those whose plot is not known
    if reason.startswith(("too_deep", "drilling_ban")):
        return False
    return not reason.startswith("fits_for:0 ") if possible is None else possible > 0


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, str | list):
        return value
    if not known(value):
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if "_eur" in name and not name.startswith("monthly"):
        return round(float(value) / 10) * 10
    if name.startswith("co2"):
        return round(float(value) / 10) * 10
    if name.endswith("_m"):
        return round(float(value))
    if name.startswith(("chance", "loan_rate")):
        return round(float(value), 2 if name.startswith("chance") else 4)
    return int(value) if float(value).is_integer() else round(float(value), 1)


# ------------------------------------------------------------------------------------------------------ features


KINDS = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")


def features(frame: gpd.GeoDataFrame, fields: Sequence[str], digits: int = 6) -> dict[str, Any]:
    """Return `frame` in degrees (6 digits: 0.1 m) with `fields` only, as the script of a page reads it.

    Every line of points is written as its first point and the steps from there, in whole units of the last digit: a
    third of the size of GeoJSON. A feature is its kind, its points (nested as in GeoJSON) and its fields; a null is
    left out.

    Examples
    --------
    >>> line = shapely.LineString([(5.0, 52.0), (5.00001, 52.0), (5.00001, 52.00002)])
    >>> features(gpd.GeoDataFrame({"name": ["Kerkpad"]}, geometry=[line], crs=4326), ["name"])["features"]
    [['LineString', [5000000, 52000000, 10, 0, 0, 20], {'name': 'Kerkpad'}]]
    """
    columns = [(name, list(frame[name])) for name in fields if name in frame]
    found: list[list[Any]] = []
    for number, geometry in enumerate(frame.geometry.to_crs(4326).to_numpy()):
        if geometry is None or geometry.geom_type not in KINDS or geometry.is_empty:
            continue
        plain = {name: _plain(name, values[number]) for name, values in columns}
        known_only = {name: value for name, value in plain.items() if value is not None}
        found.append([geometry.geom_type, _steps(geometry, 10**digits), known_only])
    return {"scale": 10**digits, "features": found}


def _steps(geometry: Any, scale: int) -> list[Any]:
    """Return the points of a geometry as whole steps, nested as in GeoJSON."""
    if geometry.geom_type.startswith("Multi"):
        return [_steps(part, scale) for part in geometry.geoms]
    if geometry.geom_type == "Polygon":
        return [_steps(ring, scale) for ring in (geometry.exterior, *geometry.interiors)]
    points = np.rint(shapely.get_coordinates(geometry) * scale).astype(np.int64)
    steps = np.diff(points, axis=0, prepend=0)
    steps = steps[np.r_[True, steps[1:].any(axis=1)]]
    whole: list[Any] = steps.ravel().tolist()
    return whole


@dataclass(frozen=True)
class Drawn:
    """One layer of a map: its name in the data, whether it answers to a click, and where it is drawn."""

    name: str
    clickable: bool = False
    canvas: bool = False


def add_layers(page: OfflineMap, drawn: Iterable[Drawn]) -> None:
    """Add an empty folium layer for each of `drawn`; the page's script fills it from the data block."""
    for number, layer in enumerate(drawn):
        pane = f"mn-{layer.name}"
        page.add_child(folium.map.CustomPane(pane, z_index=400 + 10 * number, pointer_events=layer.clickable))
        kind = "canvas" if layer.canvas else "svg"
        options: dict[str, Any] = {
            "pane": pane,
            "renderer": JsCode(f'MN.renderer("{layer.name}", "{kind}")'),
            "interactive": layer.clickable,
            "style": JsCode(f'MN.style("{layer.name}")'),
            "point_to_layer": JsCode(f'MN.circle("{layer.name}")'),
        }
        each = JsCode(f'MN.each("{layer.name}")')
        empty = {"type": "FeatureCollection", "features": []}
        added = folium.GeoJson(empty, name=layer.name, control=False, on_each_feature=each, **options)
        added.add_to(page)
        added.add_child(Script(f'MN.fill("{layer.name}", OWNER);'))
