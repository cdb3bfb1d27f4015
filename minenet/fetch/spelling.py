"""Columns and identifiers as sources spell them: upper or lower case, with underscores or without, zeros lost."""

import pandas as pd

from minenet.errors import InputError

__all__ = ["as_id", "column", "decimal", "spelled", "words"]


def spelled(name: str) -> str:
    """Return a name as it is compared.

    Examples
    --------
    >>> spelled("gemiddeld_gasverbruik_woning") == spelled("gemiddeldGasverbruikWoning")
    True
    """
    return "".join(c for c in name.casefold() if c.isalnum())


def column(frame: pd.DataFrame, *names: str, where: str = "") -> pd.Series:
    """Return the first column of a frame that bears one of some names, however spelled.

    Parameters
    ----------
    frame : DataFrame
        What a source gave.
    *names : str
        Names, the preferred one first.
    where : str
        Source and layer: rows without the column are an error. An empty text makes it a column of nulls.

    Raises
    ------
    InputError
        When there are rows, but no such column, and `where` is given.
    """
    by_name = {spelled(str(c)): c for c in reversed(frame.columns)}
    for name in names:
        if spelled(name) in by_name:
            return frame[by_name[spelled(name)]]
    if where and len(frame):  # an answer without rows has no columns either
        given = ", ".join(str(c) for c in frame.columns if c != "geometry") or "none"
        raise InputError(f"column `{names[0]}` is missing", where=where, mend=f"Columns there: {given}.")
    return pd.Series(None, index=frame.index, dtype="object")


def as_id(series: pd.Series, digits: int = 16) -> pd.Series:
    """Return identifiers as text, leading zeros that a source lost put back.

    Examples
    --------
    >>> as_id(pd.Series([796010000431789, None])).tolist()
    ['0796010000431789', nan]
    """
    known = series.notna()
    if pd.api.types.is_float_dtype(series.dtype):
        series = series.astype("Int64")  # 2**53 has 16 digits: an identifier survives as float, its zeros do not
    text = series.astype("str").str.strip().str.removesuffix(".0")
    padded = text.where(~text.str.fullmatch(r"\d+").fillna(value=False), text.str.zfill(digits))
    return padded.astype("str").where(known & (padded != ""))


def words(series: pd.Series) -> pd.Series:
    """Return texts as they are compared: lower case, one space between words, null where empty."""
    text = series.astype("str").str.casefold().str.replace(r"\s+", " ", regex=True).str.strip().where(series.notna())
    return text.where(text != "")


def decimal(series: pd.Series) -> pd.Series:
    """Return numbers, whether written with a decimal point or comma; null where it is no number.

    Examples
    --------
    >>> decimal(pd.Series(["1,5", "2.25", "deep", None])).tolist()
    [1.5, 2.25, nan, nan]
    """
    if pd.api.types.is_numeric_dtype(series.dtype):
        return series.astype("float64")
    text = series.astype("str").str.strip().str.replace(",", ".", regex=False)
    numbers = pd.to_numeric(text.where(series.notna()), errors="coerce").astype("float64")
    return numbers.where(numbers.abs() < float("inf"))
