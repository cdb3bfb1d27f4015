"""Brings the cells of a column to its declared type: what does not fit becomes null and is counted."""

from collections import Counter
from collections.abc import Mapping
from numbers import Number
from typing import Any

import numpy as np
import pandas as pd

from minenet.errors import InputError
from minenet.tables._declared import DTYPES, Column

__all__ = ["as_declared"]

TRUE_WORDS = frozenset({"yes", "true", "1", "1.0", "ja", "t", "y"})
FALSE_WORDS = frozenset({"no", "false", "0", "0.0", "nee", "f", "n", ""})

SYNONYMS: Mapping[str, Mapping[str, str]] = {
    "answer": {"ja": "yes", "true": "yes", "1": "yes", "nee": "no", "false": "no", "0": "no"}
}
"""Other words for the declared ones."""

CONTROLS = "[\x00-\x1f\x7f-\x9f]+"
"""Characters that end a text in a file, a line in a table, or nothing at all; a space does for them."""

UNSEEN = "[\u200b\u200e\u200f\u2060\ufeff]"
"""Marks of width nothing, which come along from web pages and files: with them equal ids are not equal. Joiners stay,
for emoji and some scripts are written with them."""

DUTCH_NUMBER = r"[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?"
DUTCH_DECIMALS = r"[+-]?(\d{1,3}(\.\d{3})+,\d+|\d+,(\d{1,2}|\d{4,}))"
"""A number with a comma that is no separator of thousands: three digits behind it could be either."""

LARGEST_EXACT = 2.0**53
"""Beyond this a float does not tell neighbouring whole numbers apart."""


def as_declared(series: pd.Series, column: Column, counts: Counter[str]) -> pd.Series:
    """Return one column in its declared type; what does not fit becomes null and is counted.

    Raises
    ------
    InputError
        When an answer is neither yes nor no: whoever said no in other words must not be planned in.
    """
    match column.kind:
        case "text":
            return _as_text(series, column, counts)
        case "truth":
            return _as_truth(series, column, counts)
        case _:
            return _as_number(series, column, counts)


def _as_text(series: pd.Series, column: Column, counts: Counter[str]) -> pd.Series:
    text = _texts(series, column, counts)
    if column.values is None:
        return text
    lower = text.str.lower().replace(SYNONYMS.get(column.name, {}))
    strange = lower.notna() & ~lower.isin(column.values)
    if column.name == "answer" and strange.any():
        words = ", ".join(sorted(set(text[strange]))[:3])
        mend = f"Use {' or '.join(column.values)}, or leave it empty."
        raise InputError(f"`answer` says {words}", where="layer `addresses`", mend=mend)
    counts[f"repaired.unknown_word_in_{column.name}"] += int(strange.sum())
    return lower.where(~strange)


def _texts(series: pd.Series, column: Column, counts: Counter[str]) -> pd.Series:
    """Return a column as texts that any file can hold and any eye tells apart, empty ones null."""
    if pd.api.types.is_float_dtype(series.dtype):  # 17.0 is an id 17 that a missing value turned into a float
        known = series.dropna()
        whole = ((known % 1 == 0) & (known.abs() < LARGEST_EXACT)).all()
        series = series.astype("Int64") if whole else series
    cells = series.map(_text) if series.dtype == object else series
    counts[f"repaired.not_a_text_in_{column.name}"] += int((series.notna() & cells.isna()).sum())
    cells = cells.astype("str").where(cells.notna())
    text = cells.str.replace(CONTROLS, " ", regex=True).str.replace(UNSEEN, "", regex=True)
    changed = text.notna() & (text != cells)
    counts[f"repaired.unseen_characters_in_{column.name}"] += int(changed.sum())
    text = text.str.strip()
    return text.where(text != "")


def _text(value: Any) -> str | None:
    """Return a cell as text, None where it is none: lists and the like, and bytes of another encoding than UTF-8.

    Examples
    --------
    >>> _text("Kerkstraat"), _text(17.0), _text(b"A1"), _text(["A1"])
    ('Kerkstraat', '17', 'A1', None)
    """
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return None
    if not pd.api.types.is_scalar(value) or pd.isna(value):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_EXACT:
        return str(int(value))
    # half a character (a lone surrogate) fits into no file
    return str(value).encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _as_truth(series: pd.Series, column: Column, counts: Counter[str]) -> pd.Series:
    words = _texts(series, column, counts).str.lower()
    words = words.mask(series.astype("object").map(lambda value: isinstance(value, str) and not value.strip()), "")
    truth = pd.Series(pd.NA, index=series.index, dtype="boolean")
    truth[words.isin(TRUE_WORDS)] = True
    truth[words.isin(FALSE_WORDS)] = False
    strange = words.notna() & truth.isna()
    if column.name in ("bridge", "tunnel"):  # OSM names the kind: viaduct, building_passage, culvert ...
        truth[strange] = True
        return truth
    counts[f"repaired.unknown_word_in_{column.name}"] += int(strange.sum())
    return truth


def _as_number(series: pd.Series, column: Column, counts: Counter[str]) -> pd.Series:
    numbers = _numbers(series, column, counts)
    counts[f"repaired.not_a_number_in_{column.name}"] += int((series.notna() & numbers.isna()).sum())
    wild = np.isinf(numbers)
    if column.minimum is not None:
        wild |= numbers < column.minimum
    if column.maximum is not None:
        wild |= numbers > column.maximum
    if column.kind == "whole":
        wild |= (numbers.abs() > 1e9) | ((numbers % 1) != 0) & numbers.notna()
    counts[f"repaired.impossible_number_in_{column.name}"] += int(wild.sum())
    return numbers.where(~wild).astype(DTYPES[column.kind])  # type: ignore[call-overload, no-any-return]


def _numbers(series: pd.Series, column: Column, counts: Counter[str]) -> pd.Series:
    """Return a column as numbers, null where a cell holds none: truth, dates, lists and bytes are no numbers."""
    if pd.api.types.is_integer_dtype(series.dtype) or pd.api.types.is_float_dtype(series.dtype):
        return series.astype("float64")
    cells = series.astype("object")
    cells = cells.where(cells.map(_may_be_number).astype(bool), None)
    texts = cells.map(lambda value: value.strip() if isinstance(value, str) else None).astype("str")
    if texts.str.fullmatch(DUTCH_DECIMALS).fillna(value=False).any():  # so the whole column is written in Dutch
        dutch = texts.str.fullmatch(DUTCH_NUMBER).fillna(value=False) & texts.str.contains("[.,]").fillna(value=False)
        plain = texts.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
        cells = cells.where(~dutch, plain.astype("object"))
        counts[f"repaired.decimal_comma_in_{column.name}"] += int(dutch.sum())
    return pd.to_numeric(cells, errors="coerce").astype("float64")


def _may_be_number(value: Any) -> bool:
    return isinstance(value, str | Number) and not isinstance(value, bool | np.bool_ | complex)
