"""What tables, columns and codes of a result are called, in Dutch and English; the words stand in two CSV files."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from minenet.tables._declared import Column
from minenet.tables._result import RESULT_TABLES

__all__ = ["LABELS", "LANGUAGES", "about", "label", "label_group", "table_about", "table_title", "title", "unit_of"]

LANGUAGES = ("nl", "en")

UNITS: Mapping[str, tuple[str, str]] = {
    "_eur_per_home": ("€ per woning", "€ per home"),
    "_kwh_per_home": ("kWh per woning", "kWh per home"),
    "_kw_per_home": ("kW per woning", "kW per home"),
    "_m3_per_home": ("m³ per woning", "m³ per home"),
    "_kg_per_home": ("kg per woning", "kg per home"),
    "_kwh_m2": ("kWh/m²", "kWh/m²"),
    "_eur": ("€", "€"),
    "_kwh": ("kWh", "kWh"),
    "_kw": ("kW", "kW"),
    "_w": ("W", "W"),
    "_kpa": ("kPa", "kPa"),
    "_m3": ("m³", "m³"),
    "_mm": ("mm", "mm"),
    "_m": ("m", "m"),
    "_k": ("K", "K"),
    "_years": ("jaar", "years"),
}
"""Units by the end of a column's name, longest first; Dutch, English."""

_GROUPS = {
    ("pipes", "kind"): "pipe",
    ("costs", "kind"): "cost",
    ("context", "layer"): "context",
    ("clusters", "best_variant"): "variant",
}
"""Groups of labels that are not called after their column."""


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    text = files("minenet.tables").joinpath(f"{name}.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


LABELS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    group: {row["code"]: (row["nl"], row["en"]) for row in _rows("labels") if row["group"] == group}
    for group in dict.fromkeys(row["group"] for row in _rows("labels"))
}
"""Words for the codes that a column may hold, by group and code: Dutch, English."""

_TITLES = {(row["table"], row["column"]): row for row in _rows("titles")}


def _row(table: str, column: str) -> dict[str, str]:
    return _TITLES[(table, column)] if (table, column) in _TITLES else _TITLES[("*", column)]


def table_title(table: str, language: str) -> str:
    """Return what a table is called.

    Examples
    --------
    >>> table_title("boreholes", "nl")
    'Boringen'
    """
    return _row(table, "")[language]


def table_about(table: str, language: str) -> str:
    """Return what a table holds."""
    return RESULT_TABLES[table].about if language == "en" else _row(table, "")["about_nl"]


def title(table: str, column: str, language: str) -> str:
    """Return what a column is called, with its unit.

    Examples
    --------
    >>> title("solutions", "trench_m", "nl"), title("clusters", "capex_eur_per_home", "en")
    ('Sleuf (m)', 'Investment (€ per home)')
    """
    unit = unit_of(column, language)
    return f"{_row(table, column)[language]} ({unit})" if unit else _row(table, column)[language]


def about(table: str, column: str, language: str) -> str:
    """Return what a column means.

    Examples
    --------
    >>> about("clusters", "homes", "nl")
    'Aantal woningen.'
    """
    return RESULT_TABLES[table].column[column].about if language == "en" else _row(table, column)["about_nl"]


def unit_of(column: str, language: str) -> str:
    """Return the unit that the end of a column's name tells; nothing where there is none.

    Examples
    --------
    >>> unit_of("heat_density_kwh_m2", "en"), unit_of("depth_m", "nl"), unit_of("homes", "nl")
    ('kWh/m²', 'm', '')
    """
    return next((units[LANGUAGES.index(language)] for end, units in UNITS.items() if column.endswith(end)), "")


def label_group(table: str, column: Column) -> str | None:
    """Return the group of labels of a column's codes; None when the column may hold any text.

    Examples
    --------
    >>> label_group("pipes", RESULT_TABLES["pipes"].column["kind"])
    'pipe'
    """
    if column.values is None:
        return None
    return _GROUPS.get((table, column.name), column.name)


def label(group: str, code: str, language: str) -> str:
    """Return the words for a code.

    Examples
    --------
    >>> label("verdict", "promising", "nl")
    'Kansrijk'
    """
    return LABELS[group][code][LANGUAGES.index(language)]
