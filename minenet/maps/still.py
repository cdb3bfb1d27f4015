"""Still maps as SVG, for print and for readers without JavaScript, and the samples of a legend."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from markupsafe import Markup

from minenet.maps.layers import STYLES, Box
from minenet.maps.page import template
from minenet.maps.words import Words

__all__ = ["draw_still", "swatch", "view_of"]


def _path(geometry: Any, left: float, top: float, unit: float = 0.1) -> str:
    """Return the SVG path of a line or polygon, in metres from the upper left corner, rounded to `unit`."""
    pieces = []
    for part in shapely.get_parts(geometry):
        rings = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        close = "Z" if part.geom_type == "Polygon" else ""
        for ring in rings:
            points = np.rint((shapely.get_coordinates(ring) - (left, top)) / (unit, -unit)).astype(int)
            steps = np.diff(points, axis=0, prepend=0)
            start, moves = _pairs(steps[:1], unit), _pairs(steps[1:][steps[1:].any(axis=1)], unit)
            pieces += ["M", *start, "l", " ".join(moves), close] if moves else []
    return "".join(pieces)


def _pairs(points: np.ndarray, unit: float) -> list[str]:
    """Return points in whole units as text in metres."""
    return [f"{round(x * unit, 1):g},{round(y * unit, 1):g}" for x, y in points.tolist()]


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


def _shapes(
    frame: gpd.GeoDataFrame, style: Mapping[str, Any], corner: tuple[float, float], pixel: float, *, broad: bool
) -> Any:
    """Return one drawn group: circles for points, one path for the rest; `broad` is as wide as on the ground."""
    left, top = corner
    geometry = frame.geometry.to_numpy()
    if len(frame) and set(frame.geom_type) <= {"Point", "MultiPoint"}:
        points = shapely.get_coordinates(geometry)
        circles = [(f"{x - left:.1f}", f"{top - y:.1f}", f"{style['radius'] * pixel:.1f}") for x, y in points]
        return {"attributes": _attributes(style, pixel, line=False), "circles": circles, "path": ""}
    line = not set(frame.geom_type) & {"Polygon", "MultiPolygon"}
    if pixel > COARSE_PIXEL:  # a whole town: no more of an outline than can be seen
        geometry = shapely.simplify(geometry, pixel / 2)
    unit = 0.1 if pixel <= COARSE_PIXEL else float(round(pixel / 2))
    path = "".join(_path(one, left, top, unit) for one in geometry)
    return {"attributes": _attributes(style, 1.0 if broad else pixel, line=line), "circles": (), "path": path}


def _texts(frame: gpd.GeoDataFrame, column: str, corner: tuple[float, float]) -> list[dict[str, Any]]:
    """Return names at their points, turned along their street."""
    points = shapely.point_on_surface(frame.geometry.to_numpy())
    angles = frame["angle"] if "angle" in frame else [0.0] * len(frame)
    kinds = frame["kind"] if "kind" in frame else ["number"] * len(frame)
    return [
        {
            "lines": [line if len(line) <= 32 else line[:31] + "…" for line in text.split(" · ")],
            "kind": kind,
            "x": f"{shapely.get_x(point) - corner[0]:.1f}",
            "y": f"{corner[1] - shapely.get_y(point):.1f}",
            "angle": f"{-angle:.0f}",
        }
        for text, kind, angle, point in zip(frame[column], kinds, angles, points, strict=True)
        if text
    ]


COARSE_PIXEL = 2.0
"""When a pixel is larger than this [m], lines are rounded to half of it."""

LETTER = (6.8, 14.5)
"""Width of a letter and height of a line of a name [pixels]."""


MOVES = (0, 1, -1, 2, -2, 3, -3)
"""How far a name may move down or up, in its own height, what is tried first."""


def _half_width(text: Mapping[str, Any], pixel: float) -> float:
    return float(LETTER[0] * pixel * max(map(len, text["lines"])) / 2)


def _box(text: Mapping[str, Any], down: float, pixel: float) -> Any:
    """Return the box that a name takes when it is written at the height `down`."""
    x, wide, high = float(text["x"]), _half_width(text, pixel), LETTER[1] * pixel
    return shapely.box(x - wide, down - high / 2, x + wide, down + high * (len(text["lines"]) - 0.5))


def _within(text: dict[str, Any], width: float, pixel: float) -> dict[str, Any]:
    """Return a name moved sideways until no edge of the map cuts it off."""
    wide = min(_half_width(text, pixel) + 4 * pixel, width / 2)
    return {**text, "x": f"{min(max(float(text['x']), wide), width - wide):.1f}"}


def _apart(texts: Sequence[dict[str, Any]], pixel: float, full: Sequence[Any]) -> list[dict[str, Any]]:
    """Return names that do not lie over each other: one in the way moves down or up, or goes.

    What is written in `full` is kept free as well, where there is room for that.
    """
    kept: list[dict[str, Any]] = []
    boxes: list[Any] = []
    for one in texts:
        places = [float(one["y"]) + move * LETTER[1] * pixel * len(one["lines"]) for move in MOVES]
        for down, others in [(down, others) for others in ([*boxes, *full], boxes) for down in places]:
            box = _box(one, down, pixel)
            if not (shapely.area(shapely.intersection(box, others)) > 1e-6 * box.area).any():
                kept.append({**one, "y": f"{down:.1f}"})
                boxes.append(box)
                break
    return kept


def draw_still(frames: Mapping[str, gpd.GeoDataFrame], view: Box, words: Words, label: str) -> Markup:
    """Return a still map as SVG, for print and for readers without JavaScript.

    Parameters
    ----------
    frames : mapping of str to GeoDataFrame
        What is drawn, by style, from below to above, in metres; `label`, `area_label`, and the numbers of
        `rank` and `home` are written.
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
    seen = {
        name: frame[shapely.intersects(frame.geometry.to_numpy(), shapely.box(*view))] for name, frame in frames.items()
    }
    drawn = [_shapes(frame, STYLES[style], corner, pixel, broad=style == "street")
             for style, frame in seen.items() if style in STYLES and "label" not in style and len(frame)]  # fmt: skip
    texts = [_texts(seen[name], "name", corner) for name in ("label", "area_label") if name in seen]
    numbers = [_texts(seen["rank"], "label", corner)] if "rank" in seen else []
    if "home" in seen and pixel < COARSEST_NUMBERED:
        numbers.append(_texts(seen["home"], "label", corner))
    if "area_label" in seen:
        full = [_box(one, float(one["y"]), pixel) for group in numbers for one in group]
        texts[-1] = _apart([_within(one, width, pixel) for one in texts[-1]], pixel, full)
    texts += numbers
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


def view_of(frames: Sequence[Any], *, margin: float, shape: float) -> Box:
    """Return the box around frames with a margin [m], enlarged until it is `shape` times as wide as high."""
    boxes = np.array([frame.total_bounds for frame in frames if len(frame) and not frame.geometry.isna().all()])
    if not len(boxes):
        return 0.0, 0.0, shape * 100, 100.0
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    middle = np.array([(west + east) / 2, (south + north) / 2])
    size = np.array([east - west, north - south]) + 2 * margin
    size = np.maximum(size, size[::-1] * np.array([shape, 1 / shape]))
    (west, south), (east, north) = (middle - size / 2).tolist(), (middle + size / 2).tolist()
    return west, south, east, north


SWATCH_LINES = ("street", "pipe", "service")


def swatch(style: str) -> dict[str, Any]:
    """Return what the legend draws for a style: a line, a circle or a patch."""
    look = STYLES[style]
    kind = "line" if style in SWATCH_LINES else "circle" if "radius" in look else "patch"
    attributes = {"stroke": "#cfc8b6"} | _attributes(look, 1.0, line=kind == "line")
    return {"kind": kind, "attributes": {name: value.replace("-still)", ")") for name, value in attributes.items()}}
