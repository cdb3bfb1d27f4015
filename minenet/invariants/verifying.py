"""Looks at a result anew."""

from collections.abc import Callable
from pathlib import Path

from minenet.invariants.by_part import verify_parts
from minenet.invariants.carriers import Case, Finding, notes_of, numbers_of
from minenet.invariants.listing import asked
from minenet.sources import AreaInTiles, AreaWhole, ResultInParts, area_by_place, in_parts, read_area, read_result
from minenet.tables import Area, Result

__all__ = ["verify"]


def verify(
    result: Result | str | Path,
    area: Area | str | Path | None = None,
    *,
    mapping: str | Path | None = None,
    tell: Callable[[str], None] | None = None,
) -> list[Finding]:
    """Look at a result anew, and say of every invariant whether it holds.

    Nothing is taken from the steps that made the result but the numbers that it says it was made with. That the same
    input gives the same result (invariant 5) shows only when it is made twice.

    Parameters
    ----------
    result : Result, str or Path
        As `assess` or `read_result` gives it, or where it stands. A folder with many files is looked at part by part,
        so that it need not fit in memory; of an area in tiles then only files that touch a part are read.
    area : Area, str or Path, optional
        What it is of, or where that stands: without it, what the result does not hold is not checked.
    mapping : str or Path, optional
        As for `read_area`.
    tell : callable, optional
        Hears which part is looked at.

    Returns
    -------
    list of Finding
        One for each invariant, in order.

    Raises
    ------
    InputError
        When the result does not say with which numbers it was made, or it or the area cannot be read.
    """
    if not isinstance(result, Result):
        if in_parts(result) and (parts := ResultInParts(result)).parts:
            return verify_parts(parts, _by_place(area, parts, mapping), tell or (lambda _: None))
        result = read_result(result)
    if area is not None and not isinstance(area, Area):
        area = read_area(area, mapping=mapping)
    return asked(Case(result, area, numbers_of(notes_of(result))))


def _by_place(
    area: Area | str | Path | None, parts: ResultInParts, mapping: str | Path | None
) -> AreaInTiles | AreaWhole | None:
    if area is None:
        return None
    return AreaWhole(area) if isinstance(area, Area) else area_by_place(area, parts.crs, mapping=mapping)
