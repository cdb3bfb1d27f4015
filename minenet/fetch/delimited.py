"""Tables of text as people and registers save them: comma, semicolon or tab, UTF-8 or Windows, a preamble or none."""

import codecs
import csv
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pandas as pd

from minenet.errors import InputError
from minenet.fetch.spelling import words

__all__ = ["Layout", "decimal", "head_of", "layout_of", "read_rows", "wording"]

HEAD_BYTES = 1 << 20
"""So much of a file is looked at to tell how it is written."""

PREAMBLE_LINES = 30
"""The header stands within so many lines."""

DELIMITERS = (";", ",", "\t", "|")

LONGEST_CELL = 1 << 17


@dataclass(frozen=True)
class Layout:
    """How a file is written: its encoding, delimiter, lines before the header, names of columns, and those lines."""

    encoding: str
    delimiter: str
    skipped: int
    names: tuple[str, ...]
    preamble: tuple[str, ...] = ()


def head_of(path: Path) -> bytes:
    """Return the first part of a file that may be a table of text.

    Raises
    ------
    InputError
        When there is no such file, it is empty, a web page, an archive or workbook, or no text.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        what = "no such file" if isinstance(error, FileNotFoundError) else "cannot be read as a file"
        raise InputError(what, where=str(path)) from error
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    trouble = ""
    if not start:
        trouble = "is empty"
    elif start.startswith(b"PK"):
        trouble = "is an archive or a workbook, not a table of text"
    elif start.startswith(b"<"):
        trouble = "is a web page or XML, not a table of text"
    elif start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in head:
        trouble = "is no table of text (or saved as UTF-16)"
    if trouble:
        raise InputError(trouble, where=str(path), mend="Save or unpack it as CSV, in UTF-8.")
    return head


def layout_of(path: Path, is_header: Callable[[list[str]], bool], *, needs: str) -> Layout:
    """Return how a table of text is written; the header is the first line that `is_header` knows.

    Nothing of a file is repeated in an error: without a header its first line may hold somebody's name.

    Raises
    ------
    InputError
        When the file is none, or none of its first lines is the header.
    """
    head = head_of(path)
    encoding = _encoding(head)
    text = head.decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n", PREAMBLE_LINES)[:PREAMBLE_LINES]
    for number, line in enumerate(lines):
        delimiter = max(DELIMITERS, key=line.count)
        names = [name.strip().strip('"').strip() for name in line.split(delimiter)]
        if is_header(names):
            return Layout(encoding, delimiter, number, tuple(names), tuple(lines[:number]))
    raise InputError("has no header that is known", where=str(path), mend=f"It needs columns for {needs}.")


def read_rows(path: Path, layout: Layout) -> pd.DataFrame:
    """Return all rows of a small table as texts, null where empty; the index is the number of the line in the file.

    Raises
    ------
    InputError
        When a row has more cells than the header, or cannot be read.
    """
    names, rows, numbers = layout.names, [], []
    try:
        with path.open(encoding=layout.encoding, errors="replace", newline="") as file:
            reader = csv.reader(islice(file, layout.skipped, None), delimiter=layout.delimiter, strict=True)
            next(reader, None)
            for row in reader:
                if any(cell.strip() for cell in row[len(names) :]):
                    mend = "Is a text with the delimiter in it without quotes?"
                    where = f"{path}, line {reader.line_num + layout.skipped}"
                    raise InputError(f"has more cells than the {len(names)} of the header", where=where, mend=mend)
                if any(cell.strip() for cell in row):
                    rows.append([*row, *[""] * len(names)][: len(names)])
                    numbers.append(reader.line_num + layout.skipped)
    except csv.Error as error:
        raise InputError(f"cannot be read as a table ({error})", where=str(path)) from error
    frame = pd.DataFrame(rows, columns=list(names), index=pd.Index(numbers, name="row"), dtype="object")
    texts: pd.DataFrame = frame.apply(lambda c: c.astype("str").str.strip())
    known: pd.DataFrame = texts.where(texts != "")
    return known


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


def _encoding(head: bytes) -> str:
    """Return UTF-8 when the head is that, else the code page of Windows; a letter cut off at the end is no trouble."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < HEAD_BYTES)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def wording(series: pd.Series) -> pd.Series:
    """Return texts as `words` gives them, also where not one row says anything.

    Examples
    --------
    >>> wording(pd.Series([None, " Boringsvrije  Zone"])).tolist(), wording(pd.Series([None])).isna().tolist()
    ([nan, 'boringsvrije zone'], [True])
    """
    return words(series.astype("str").where(series.notna(), ""))
