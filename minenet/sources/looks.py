"""How QGIS draws the layers of a result, as data: colours that colour-blind readers can tell apart, and a second cue.

Colours and patterns are those of the maps. What is no property of QGIS here keeps the default of QGIS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["LOOKS", "Look", "Part", "Symbol"]

Kind = Literal["fill", "line", "marker"]


@dataclass(frozen=True)
class Part:
    """One layer of a symbol: its class in QGIS and its properties."""

    kind: str
    properties: Mapping[str, str]


@dataclass(frozen=True)
class Symbol:
    """How one class is drawn.

    `code` stands in the data, `group` and `word` name its label; `level` orders the classes, 0 lies lowest; one that is
    not `shown` stands in the legend with its box unticked.
    """

    code: str
    group: str
    word: str
    kind: Kind
    parts: tuple[Part, ...]
    level: int = 0
    shown: bool = True


@dataclass(frozen=True)
class Look:
    """How one layer is drawn: the expression that gives the class, the classes, and the field that names a feature."""

    classes_by: str
    symbols: tuple[Symbol, ...]
    name_field: str


def _rgba(colour: str, opacity: float = 1.0) -> str:
    """Return a colour as QGIS writes it.

    Examples
    --------
    >>> _rgba("#0072B2", 0.5)
    '0,114,178,128'
    """
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return ",".join(str(part) for part in (*parts, round(255 * opacity)))


def _fill(colour: str, opacity: float = 1.0, *, brush: str = "solid") -> Part:
    """Return an area without an outline."""
    return Part("SimpleFill", {"color": _rgba(colour, opacity), "style": brush, "outline_style": "no"})


def _edge(colour: str, width: float, dash: str = "solid") -> Part:
    """Return an outline without an area [mm]."""
    outline = {"outline_color": _rgba(colour), "outline_style": dash, "outline_width": f"{width:g}"}
    return Part("SimpleFill", {"style": "no", **outline, "outline_width_unit": "MM", "joinstyle": "round"})


def _line(colour: str, width: float, dash: str = "solid") -> Part:
    ends = {"capstyle": "round", "joinstyle": "round"}
    return Part(
        "SimpleLine",
        {"line_color": _rgba(colour), "line_style": dash, "line_width": f"{width:g}", "line_width_unit": "MM", **ends},
    )


def _marker(shape: str, colour: str, size: float, edge: str = "#1b2f33", dash: str = "solid") -> Part:
    outline = {"outline_color": _rgba(edge), "outline_style": dash, "outline_width": "0.3", "outline_width_unit": "MM"}
    return Part(
        "SimpleMarker", {"name": shape, "color": _rgba(colour), "size": f"{size:g}", "size_unit": "MM", **outline}
    )


BLUE, GREEN, SKY, PURPLE = "#0072B2", "#009E73", "#56B4E9", "#CC79A7"
ORANGE, VERMILION, YELLOW = "#E69F00", "#D55E00", "#F0E442"
"""Classes of Okabe and Ito."""


def _verdict(code: str, *parts: Part) -> Symbol:
    return Symbol(code, "verdict", code, "fill", parts)


def _variant(code: str, shape: str, colour: str) -> Symbol:
    return Symbol(code, "variant", code, "marker", (_marker(shape, colour, 2.6),))


def _pipe(code: str, width: float, dash: str = "solid") -> Symbol:
    return Symbol(code, "pipe", code, "line", (_line(BLUE, width, dash),))


def _around(code: str, kind: Kind, level: int, *parts: Part, shown: bool = True) -> Symbol:
    return Symbol(code, "drawn", code, kind, parts, level, shown)


_CLUSTERS = (
    _verdict("promising", _fill(GREEN, 0.45), _edge("#00664a", 0.66)),
    _verdict(
        "investigate", _fill(ORANGE, 0.28), _fill(ORANGE, 0.85, brush="b_diagonal"), _edge("#8a5a00", 0.6, "dash")
    ),
    _verdict(
        "excluded", _fill(VERMILION, 0.12), _fill(VERMILION, 0.75, brush="diagonal_x"), _edge("#9b3f00", 0.5, "dot")
    ),
    Symbol("", "drawn", "no_verdict", "fill", (_fill("#999999", 0.25), _edge("#666666", 0.5, "dot"))),
)
_HOMES = (
    Symbol("home_in", "drawn", "home_in", "marker", (_marker("circle", "#f0b545", 1.6, "#6e4a00"),)),
    Symbol("home_out", "drawn", "home_out", "marker", (_marker("circle", "#ffffff", 1.6, "#6b6b6b"),)),
)
_BOREHOLES = (
    _variant("shared_loops", "circle", SKY),
    _variant("ring_net", "square", YELLOW),
    _variant("ring_net_collective", "triangle", ORANGE),
    _variant("ring_net_aquathermal", "diamond", PURPLE),
    Symbol("", "drawn", "other_variants", "marker", (_marker("circle", "#ffffff", 1.4, "#6b6b6b"),), shown=False),
)
_PIPES = (
    _pipe("ring", 1.0),
    _pipe("branch", 0.7),
    _pipe("service", 0.4),
    _pipe("loop", 0.7, "dash"),
    Symbol("", "drawn", "other_variants", "line", (_line("#6b6b6b", 0.25, "dot"),), shown=False),
)
_CONTEXT = (
    _around("heat", "fill", 3, _fill(BLUE, 0.45, brush="vertical"), _edge(BLUE, 0.66, "dash")),
    _around("zone", "fill", 3, _fill(PURPLE, 0.16), _edge("#9c3f73", 0.5, "dot")),
    _around("condition", "fill", 3, _fill(PURPLE, 0.05), _edge("#7c5a6d", 0.4, "dot")),
    _around("support", "fill", 3, _edge("#7c5a6d", 0.3, "dash dot"), shown=False),
    _around("loop", "marker", 3, _marker("circle", "#ffffff", 2.6, dash="dot")),
    _around("change", "line", 3, _line(VERMILION, 0.6, "dot")),
    _around("building", "fill", 2, _fill("#d9d4c7"), _edge("#b9b3a4", 0.2)),
    _around("street", "line", 1, _line("#cfc8b6", 1.0)),
    _around("water", "fill", 1, _fill("#c9e0ea"), _edge("#9cc3d5", 0.26)),
    _around("land", "fill", 0, _fill("#fcfbf7")),
)
_ZONES = (
    'CASE WHEN "layer" <> \'zone\' THEN "layer" '
    "WHEN \"kind\" LIKE '%heat_net%' OR \"kind\" LIKE '%warmtenet%' THEN 'heat' "
    "WHEN \"kind\" IN ('permit', 'notice') THEN 'condition' "
    "WHEN \"kind\" = 'support' THEN 'support' ELSE 'zone' END"
)

LOOKS: Mapping[str, Look] = {
    "clusters": Look("verdict", _CLUSTERS, "name"),
    "homes": Look("if(\"cluster_id\" IS NULL, 'home_out', 'home_in')", _HOMES, "address"),
    "boreholes": Look('if("best", "variant", NULL)', _BOREHOLES, "borehole_id"),
    "pipes": Look('if("best", "kind", NULL)', _PIPES, "pipe_id"),
    "context": Look(_ZONES, _CONTEXT, "name"),
}
"""Looks by layer. Boreholes and pipes of other than the best variant of a cluster lie over those of the best one: they
stand in the legend, to be ticked."""
