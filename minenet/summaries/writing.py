"""Writes a summary as CSV or XLSX; the same result gives the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from minenet.errors import OutputError
from minenet.maps.words import Words
from minenet.sources import moved_into_place, require_writable
from minenet.summaries.content import clusters_sheet, few_homes, sheets_of
from minenet.summaries.sheets import Cell, Field, Sheet, neutralised
from minenet.tables import Result

__all__ = ["SUFFIXES", "Written", "write_summary"]

SUFFIXES = (".csv", ".xlsx")

DATE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""A fixed date of making, so that the same result gives the same file."""

MOST_ROWS, MOST_CHARACTERS = 1_048_575, 32_767
"""What Excel can hold: rows below the header, and characters in a cell."""

WIDEST, NARROWEST = 60, 9
"""Widths of columns [characters]."""


@dataclass(frozen=True)
class Written:
    """What was written: the file, and how many cells were changed or left empty on the way.

    `neutralised` texts began like a formula and got an apostrophe; the use of heat and gas of `withheld` clusters is
    left empty, for it would tell what a household uses; `shortened` texts were longer than a cell of Excel holds.
    """

    path: Path
    neutralised: int
    withheld: int
    shortened: int = 0


def write_summary(result: Result, path: str | Path, *, language: str = "nl") -> Written:
    """Write what was found as a table of clusters (`.csv`) or a workbook (`.xlsx`), without data of single homes.

    The CSV opens with a double click: UTF-8 with a mark that Excel knows, and in Dutch with semicolons and decimal
    commas. The workbook holds clusters, solutions, checks, assumptions, provenance and what every column means. Texts
    that begin like a formula get an apostrophe.

    Parameters
    ----------
    result : Result
        What was found.
    path : str or Path
        Name of the file; its end says which of the two.
    language : {"nl", "en"}
        Language of titles, verdicts, reasons and checks.

    Returns
    -------
    Written
        The file, and the counts of what was changed or left empty.

    Raises
    ------
    AssumptionError
        When the language is not known.
    OutputError
        When the file cannot be written, or Excel cannot hold as many rows.
    """
    words, path = Words(language), Path(path)
    require_writable(path, *SUFFIXES)
    book = path.suffix.lower() == ".xlsx"
    few = few_homes(result)
    told = sheets_of(result, words, few) if book else (clusters_sheet(result, words, few),)
    sheets, changed = neutralised(told)
    with moved_into_place(path) as part:
        shortened = _write_book(sheets, part) if book else _write_table(sheets[0], part, words.language)
    return Written(path, changed, len(few), shortened)


# --- CSV --------------------------------------------------------------------------------------------------------------


def _write_table(sheet: Sheet, path: Path, language: str) -> int:
    between, decimal = (";", ",") if language == "nl" else (",", ".")
    rows: list[Sequence[Cell]] = [[field.title for field in sheet.fields], *sheet.rows]
    lines = [between.join(_written(cell, decimal) for cell in row) + "\r\n" for row in rows]
    path.write_text("".join(lines), encoding="utf-8-sig", newline="")
    return 0


def _written(cell: Cell, decimal: str) -> str:
    """Return a cell as it is written: texts always in quotes, so that none can break out; nothing as nothing.

    Examples
    --------
    >>> _written('a "b";', ","), _written(-1.5, ","), _written(None, ",")
    ('"a ""b"";"', '-1,5', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return '"' + cell.replace('"', '""') + '"'
    return str(cell).replace(".", decimal)


# --- XLSX -------------------------------------------------------------------------------------------------------------


def _write_book(sheets: Sequence[Sheet], path: Path) -> int:
    """Write a workbook; return how many texts were shortened."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"title": "minenet", "created": DATE})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#e3eef0", "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    numbers = {form: book.add_format({"num_format": form, "valign": "top"}) for form in FORMS}
    shortened = 0
    for sheet in sheets:
        last = _require_room(sheet, path.name)
        page = book.add_worksheet(sheet.title)
        page.freeze_panes(1, sheet.fixed)
        page.autofilter(0, 0, last, len(sheet.fields) - 1)
        for column, field in enumerate(sheet.fields):
            page.set_column(column, column, _width(field))
            page.write_string(0, column, field.title, head)
            shortened += _write_cells(page, column, field.cells, wrapped, numbers[_form(field)])
    try:
        book.close()
    except XlsxWriterException as error:
        raise OutputError(f"cannot be written ({error})", where=path.name) from error
    return shortened


def _require_room(sheet: Sheet, where: str) -> int:
    """Return the number of rows, or raise when Excel cannot hold as many."""
    last = len(sheet.fields[0].cells)
    if last > MOST_ROWS:
        mend = "Write a CSV or GeoParquet instead, or a part of the area."
        raise OutputError(f"`{sheet.title}` has {last:,} rows, more than Excel holds", where=where, mend=mend)
    return last


def _write_cells(page: Worksheet, column: int, cells: Sequence[Cell], text: Format, number: Format) -> int:
    """Write a column below its title; return how many texts were shortened."""
    for row, cell in enumerate(cells, 1):
        if isinstance(cell, str):
            page.write_string(row, column, cell[:MOST_CHARACTERS], text)
        elif cell is not None:
            page.write_number(row, column, cell, number)
    return sum(isinstance(cell, str) and len(cell) > MOST_CHARACTERS for cell in cells)


FORMS = SHARE, WHOLE, BROKEN = "0%", "#,##0", "#,##0.0#####"
"""How Excel shows numbers."""


def _form(field: Field) -> str:
    """Return how Excel shows the numbers of a column."""
    if field.name.startswith("chance"):
        return SHARE
    return WHOLE if all(isinstance(cell, int | None) for cell in field.cells) else BROKEN


def _width(field: Field) -> float:
    """Return a width that holds most of a column: long texts are wrapped, titles stand on several lines."""
    longest = max((len(str(cell)) for cell in field.cells if cell is not None), default=0)
    return min(max(longest + 1, len(field.title) / 2 + 2, NARROWEST), WIDEST)
