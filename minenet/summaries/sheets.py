"""Tables that are ready to be written: titles, what they mean, and cells in which no text can act as a formula."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

__all__ = ["Cell", "Field", "Sheet", "neutral", "neutralised", "plain"]

Cell = str | int | float | None
"""What a cell holds: text, a number, or nothing."""

_INVISIBLE = r"\s\x00-\x1f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_FORMULA = re.compile(rf"[{_INVISIBLE}]*[=+\-@\uff0b\uff0d\uff1d\uff20]|[\t\r\n]")
"""How a text begins that a spreadsheet may take for a formula; wide forms too, which some versions read."""


@dataclass(frozen=True)
class Field:
    """One column: its name in the GeoPackage, its title, what it means, and its cells."""

    name: str
    title: str
    about: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """One table: its title, how many columns stay in sight, and its columns."""

    title: str
    fixed: int
    fields: tuple[Field, ...]

    @property
    def rows(self) -> Iterable[tuple[Cell, ...]]:
        """Rows of cells."""
        return zip(*(field.cells for field in self.fields), strict=True)


def neutral(text: str) -> str:
    """Return a text with an apostrophe before it when a spreadsheet could take it for a formula.

    Examples
    --------
    >>> neutral("=1+1"), neutral(" @SUM(A1)"), neutral("Kerkstraat 1-9"), neutral("-")
    ("'=1+1", "' @SUM(A1)", 'Kerkstraat 1-9', "'-")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def neutralised(sheets: Sequence[Sheet]) -> tuple[tuple[Sheet, ...], int]:
    """Return sheets whose texts are all neutral, and how many cells were changed for it. Numbers are left alone."""
    changed = 0

    def safe(cell: Cell) -> Cell:
        nonlocal changed
        text = neutral(cell) if isinstance(cell, str) else cell
        changed += text != cell
        return text

    done = tuple(
        replace(sheet, fields=tuple(replace(f, cells=tuple(safe(c) for c in f.cells)) for f in sheet.fields))
        for sheet in sheets
    )
    return done, changed


DIGITS = {"_eur_per_home": 0, "_eur": 0, "_kwh": 0, "_kwh_per_home": 0, "_kg_per_home": 0, "_m3_per_home": 0} | {
    "_m": 1,
    "_kw": 1,
    "_kw_per_home": 1,
    "_kwh_m2": 1,
    "_k": 2,
    "_gap": 4,
}
"""Decimals by the end of a column's name; two for all others. More would promise what nobody knows."""


def plain(name: str, values: pd.Series, words: Callable[[bool], str]) -> tuple[Cell, ...]:
    """Return the cells of a column: numbers rounded by the unit in its name, truth as `words`, null as nothing.

    Examples
    --------
    >>> plain("trench_m", pd.Series([12.345, None]), str), plain("homes", pd.Series([3], dtype="Int64"), str)
    ((12.3, None), (3,))
    """
    digits = next((digits for end, digits in DIGITS.items() if name.endswith(end)), 2)
    return tuple(_cell(value, digits, words) for value in values)


def _cell(value: object, digits: int, words: Callable[[bool], str]) -> Cell:
    if isinstance(value, bool | np.bool_):
        return words(bool(value))
    if isinstance(value, str):
        return value
    if value is None or value is pd.NA or not math.isfinite(float(value)):  # type: ignore[arg-type]
        return None
    number = round(float(value), digits)  # type: ignore[arg-type]
    return int(number) if digits == 0 or isinstance(value, int | np.integer) else number
