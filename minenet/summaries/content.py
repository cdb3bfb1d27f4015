"""What a summary tells, by a list of what it may tell: nothing of a single home is on it."""

import re
from collections.abc import Callable, Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from minenet.maps.layers import tells_use
from minenet.maps.sayings import check_line, name_of, reasons_of
from minenet.maps.words import Words, known
from minenet.summaries.sheets import Cell, Field, Sheet, plain
from minenet.tables import RESULT_TABLES, Result, about, label, label_group, title, unit_of

__all__ = ["clusters_sheet", "few_homes", "sheets_of"]

CLUSTERS = (
    "rank", "name", "cluster_id", "verdict", "reasons", "homes", "best_variant", "capex_eur_per_home",
    "annual_eur_per_home", "annual_low_eur_per_home", "annual_high_eur_per_home", "gas_eur_per_home",
    "air_eur_per_home", "own_loop_eur_per_home", "break_even_homes", "break_even_own_loops",
)  # fmt: skip
OF_BEST = (
    "chance_cheaper_than_gas", "chance_cheaper_than_air", "boreholes", "borehole_m", "depth_m", "trench_m",
    "public_trench_m", "co2_kg_per_home", "grid_peak_kw_per_home",
)  # fmt: skip
"""Columns of `solutions` that are told of the best variant of a cluster."""
CLUSTERS_TOO = (
    "heat_kwh", "peak_kw", "heat_density_kwh_m2", "own_loop_homes", "own_loop_unknown_homes", "shared_loop_homes",
    "borehole_capacity", "plots", "plots_drawn_over", "homes_ready", "homes_to_insulate", "rank_reason",
)  # fmt: skip
SOLUTIONS = tuple(c.name for c in RESULT_TABLES["solutions"].columns if c.name != "cluster_id")

TOLD_OF_FEW = {
    "rank", "name", "cluster_id", "variant", "verdict", "reasons", "homes", "best_variant", "boreholes", "drillings",
    "trench_m", "pipe_m", "public_trench_m", "feasible", "own_loop_homes", "own_loop_unknown_homes",
    "shared_loop_homes", "borehole_capacity", "plots", "plots_drawn_over", "homes_ready", "homes_to_insulate",
    "network_gap", "outdoor_unit", "cooling",
}  # fmt: skip
"""What is told of a cluster of few homes with measured use: that can be computed from costs, depths and emissions."""

CHECKS_FROM_USE = ("permit", "fluid", "cooling")
"""Beginnings of checks whose details tell power or cooling, and by that what few homes use."""

IN_WORDS = ("reasons", "rank_reason", "check", "outcome")
"""Columns that hold codes in the GeoPackage and sentences here."""

_ASSUMED = re.compile(r"(\S+) (.*?)(?: \((\S+) to (\S+)\))?; (.*?);(?: ([^;]*))?", re.DOTALL)
"""How `provenance` writes an assumption: value, unit, range, source, date."""


def few_homes(result: Result) -> frozenset[str]:
    """Return the clusters of so few homes, some with measured use, that their use is not told."""
    groups = result.homes.dropna(subset="cluster_id").groupby("cluster_id")
    return frozenset(str(identifier) for identifier, homes in groups if tells_use(homes))


def sheets_of(result: Result, words: Words, few: frozenset[str]) -> tuple[Sheet, ...]:
    """Return all sheets of a workbook; of the clusters in `few` nothing that tells their use."""
    told = (
        clusters_sheet(result, words, few),
        _solutions_sheet(result, words, few),
        _checks_sheet(result, words, few),
        _assumptions_sheet(result, words),
        _provenance_sheet(result, words),
    )
    return (*told, _explanation_sheet(told, words))


def clusters_sheet(result: Result, words: Words, few: frozenset[str]) -> Sheet:
    """Return one row per cluster: verdict, reasons in words, figures of its best variant, and where it lies."""
    clusters = _ranked(result)
    best = clusters[["cluster_id", "best_variant"]].merge(
        result.solutions, how="left", left_on=["cluster_id", "best_variant"], right_on=["cluster_id", "variant"]
    )
    fields = [
        *(_field("clusters", name, clusters, words, few) for name in CLUSTERS),
        *(_field("solutions", name, best, words, few) for name in OF_BEST),
        *(_field("clusters", name, clusters, words, few) for name in CLUSTERS_TOO),
        *_places(clusters, words),
    ]
    return Sheet(words("summary.clusters"), 2, tuple(fields))


def _solutions_sheet(result: Result, words: Words, few: frozenset[str]) -> Sheet:
    solutions = _in_order(result.solutions, result)
    fields = [_field("solutions", name, solutions, words, few) for name in SOLUTIONS]
    return Sheet(words("summary.solutions"), 3, (*_named(solutions, result, words), *fields))


def _checks_sheet(result: Result, words: Words, few: frozenset[str]) -> Sheet:
    checks = _in_order(result.checks, result)
    hushed = checks["cluster_id"].isin(few) & checks["check"].str.startswith(CHECKS_FROM_USE)
    checks = checks.assign(detail=checks["detail"].mask(hushed))
    records = checks[["variant", "check", "outcome", "detail", "who", "source"]].to_dict("records")
    lines = [check_line({str(name): value for name, value in one.items()}, words) for one in records]
    told: dict[str, list[Cell]] = {
        "variant": [", ".join(line["variants"]) or words("summary.all_variants") for line in lines],
        "check": [words.code("check", line["check"]) for line in lines],
        "outcome": [words.code("outcome", line["outcome"]) for line in lines],
        **{name: [line[name] for line in lines] for name in ("detail", "who", "source")},
    }
    fields = [_own_field("checks", name, cells, words) for name, cells in told.items()]
    return Sheet(words("summary.checks"), 3, (*_named(checks, result, words), *fields))


def _assumptions_sheet(result: Result, words: Words) -> Sheet:
    kept = result.provenance[result.provenance["key"].str.startswith("assumption.")]
    split = [_assumed(str(value)) for value in kept["value"]]
    columns: dict[str, tuple[Cell, ...]] = {
        "assumption": tuple(str(key).removeprefix("assumption.") for key in kept["key"]),
        **{name: tuple(one[place] for one in split) for place, name in enumerate(ASSUMED)},
    }
    fields = [
        Field(name, words(f"summary.{name}"), words(f"summary.about_{name}"), cells) for name, cells in columns.items()
    ]
    return Sheet(words("summary.assumptions"), 1, tuple(fields))


ASSUMED = ("value", "unit", "low", "high", "source", "date")


def _assumed(text: str) -> tuple[Cell, ...]:
    """Return the parts of an assumption as `provenance` writes it; a text of another form stands whole in the first.

    Examples
    --------
    >>> _assumed("2.0 W/mK (1.5 to 2.6); a report; 2024-01")
    (2.0, 'W/mK', 1.5, 2.6, 'a report', '2024-01')
    >>> _assumed("45.0 EUR/m (45 to 90); an offer; by mail;")  # what a user sets may have no date
    (45.0, 'EUR/m', 45.0, 90.0, 'an offer; by mail', None)
    """
    found = _ASSUMED.fullmatch(text)
    if not found:
        return (text, None, None, None, None, None)
    value, unit, low, high, source, date = found.groups("")
    return (_number(value), None if unit in ("", "-") else unit, _number(low), _number(high), source, date or None)


def _provenance_sheet(result: Result, words: Words) -> Sheet:
    rest = result.provenance[~result.provenance["key"].str.startswith("assumption.")]
    fields = [_own_field("provenance", name, list(rest[name]), words) for name in ("key", "value")]
    return Sheet(words("summary.provenance"), 1, tuple(fields))


def _explanation_sheet(told: Iterable[Sheet], words: Words) -> Sheet:
    """Return what every column of the other sheets means."""
    listed = [(sheet.title, field) for sheet in told for field in sheet.fields]
    columns: dict[str, list[Cell]] = {
        "sheet": [sheet for sheet, _ in listed],
        "column": [field.title for _, field in listed],
        "unit": [unit_of(field.name, words.language) or None for _, field in listed],
        "meaning": [field.about for _, field in listed],
        "in_gpkg": [field.name for _, field in listed],
    }
    fields = [Field(name, words(f"summary.{name}"), "", tuple(cells)) for name, cells in columns.items()]
    return Sheet(words("summary.explanation"), 2, tuple(fields))


# --- columns ----------------------------------------------------------------------------------------------------------


def _field(table: str, name: str, frame: pd.DataFrame, words: Words, few: frozenset[str]) -> Field:
    values = frame[name]
    if name not in TOLD_OF_FEW:
        values = values.mask(frame["cluster_id"].isin(few))
    frame = frame.assign(**{name: values})
    cells = _said(table, name, frame, words) or plain(name, values, lambda true: words(f"summary.{true}".lower()))
    return _own_field(table, name, cells, words)


def _own_field(table: str, name: str, cells: Iterable[Cell], words: Words) -> Field:
    kept = tuple(None if not known(cell) else cell for cell in cells)
    meaning = words(f"summary.about_{name}") if name in IN_WORDS else about(table, name, words.language)
    return Field(name, title(table, name, words.language), meaning, kept)


def _said(table: str, name: str, frame: pd.DataFrame, words: Words) -> tuple[Cell, ...] | None:
    """Return a column of codes in words; None when it holds none."""
    say: dict[tuple[str, str], Callable[[str], str]] = {
        ("clusters", "reasons"): lambda codes: " ".join(reasons_of(codes, words)),
        ("clusters", "rank_reason"): lambda codes: _rank_reason(codes, words),
        ("solutions", "reason"): lambda code: words.code("reason", code),
    }
    if (table, name) == ("clusters", "name"):
        named = zip(frame["name"], frame["cluster_id"], strict=True)
        return tuple(name_of(said if known(said) else None, identifier, words) for said, identifier in named)
    group = label_group(table, RESULT_TABLES[table].column[name])
    if group is not None:
        codes = RESULT_TABLES[table].column[name].values or ()
        return tuple(label(group, v, words.language) if v in codes else _as_it_is(v) for v in frame[name])
    one = say.get((table, name))
    return None if one is None else tuple(one(str(v)) if known(v) else None for v in frame[name])


def _as_it_is(value: object) -> Cell:
    return str(value) if known(value) else None


def _rank_reason(codes: str, words: Words) -> str:
    """Return what the rank goes by, with its figures.

    Examples
    --------
    >>> _rank_reason("robustness:13/29;certainty:18/23", Words("en"))
    'homes that may stay away: 13/29; checks with an answer: 18/23'
    """
    pairs = [code.partition(":") for code in codes.split(";")]
    return "; ".join(f"{words.code('rank', code)}: {figure}" if figure else code for code, _, figure in pairs)


def _named(frame: pd.DataFrame, result: Result, words: Words) -> tuple[Field, Field]:
    """Return the name and the identifier of the cluster of each row."""
    names = result.clusters.set_index("cluster_id")["name"]
    called = zip(frame["cluster_id"].map(names), frame["cluster_id"], strict=True)
    cells = [name_of(said if known(said) else None, identifier, words) for said, identifier in called]
    return (
        _own_field("clusters", "name", cells, words),
        _own_field("clusters", "cluster_id", list(frame["cluster_id"]), words),
    )


def _places(clusters: gpd.GeoDataFrame, words: Words) -> list[Field]:
    """Return a point of each cluster, its centre where that lies in it: in the CRS of the result and in degrees."""
    shapes = clusters.geometry.to_numpy()
    centres = shapely.centroid(shapes)
    inside = np.where(shapely.contains(shapes, centres), centres, shapely.point_on_surface(shapes))
    points = gpd.GeoSeries(inside, crs=clusters.crs)
    degrees = points.to_crs(4326)
    crs = {"crs": f"{points.crs.name}, {points.crs.to_string()}"} if points.crs else {"crs": ""}
    metres, angles = {"x": points.x, "y": points.y}, {"latitude": degrees.y, "longitude": degrees.x}
    return [
        *(_place(name, values, 1, words(f"summary.about_{name}", **crs), words) for name, values in metres.items()),
        *(_place(name, values, 6, words(f"summary.about_{name}"), words) for name, values in angles.items()),
    ]


def _place(name: str, values: pd.Series, digits: int, meaning: str, words: Words) -> Field:
    cells = tuple(round(float(value), digits) if known(value) else None for value in values)
    return Field(name, words(f"summary.{name}"), meaning, cells)


def _number(text: str) -> Cell:
    try:
        number = float(text)
    except ValueError:
        return text or None
    return number if known(number) else text


# --- order ------------------------------------------------------------------------------------------------------------


def _ranked(result: Result) -> gpd.GeoDataFrame:
    ranked = result.clusters.sort_values(["rank", "cluster_id"], na_position="last", kind="stable")
    return ranked.reset_index(drop=True)


def _in_order(frame: pd.DataFrame, result: Result) -> pd.DataFrame:
    """Return rows in the order of the ranks of their clusters."""
    order = {identifier: place for place, identifier in enumerate(_ranked(result)["cluster_id"])}
    return frame.iloc[frame["cluster_id"].map(order).argsort(kind="stable")].reset_index(drop=True)
