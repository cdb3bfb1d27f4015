"""A result of many files, looked at part by part: what concerns the whole is added up or counted."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from minenet.invariants import homes
from minenet.invariants.carriers import Case, Finding, numbers_of
from minenet.invariants.listing import INVARIANTS, asked
from minenet.sources import AreaInTiles, AreaWhole, ResultInParts

__all__ = ["verify_parts"]

BESIDE_M = 10.0
"""So much farther than a borehole keeps from anything the area is looked at around a part."""

SIDE_M = 4000.0
"""Dwellings of the area are counted in squares of this side."""

AROUND_M = 500.0
"""So far around a square buildings are read: they say of addresses in it what they are used for."""

MOST_SHOWN = 3

OF_THE_WHOLE = (homes.every_one_read, homes.counted_by_reason)
ONCE = homes.each_once

Places = AreaInTiles | AreaWhole


def verify_parts(result: ResultInParts, area: Places | None, tell: Callable[[str], None]) -> list[Finding]:
    """Look at a result part by part, and say of every invariant whether it holds; see `verify`."""
    of_parts = [asked(case, but=OF_THE_WHOLE) for case in _cases(result, area, tell)]
    found = {same[0].what: _together(same) for same in zip(*of_parts, strict=True)}
    tell("counting")
    for finding in _of_the_whole(result, area):
        found[finding.what] = _together([found[finding.what], finding]) if finding.what in found else finding
    return [found[what] for _, what, _ in INVARIANTS]


def _cases(result: ResultInParts, area: Places | None, tell: Callable[[str], None]) -> Iterator[Case]:
    """Return each part with what lies around it."""
    numbers = None
    for count, name in enumerate(result.parts, start=1):
        tell(f"{count} of {len(result.parts)} parts")
        part = result.part(name)
        numbers = numbers or numbers_of(part)
        (west, south, east, north), beyond = result.bounds(name), numbers.sites.kept_m + BESIDE_M
        box = (west - beyond, south - beyond, east + beyond, north + beyond)
        near = result.near(name, numbers.sites.spacing_m)
        yield Case(part, None if area is None else area.near(box), numbers, near)


def _together(findings: list[Finding] | tuple[Finding, ...]) -> Finding:
    """Return what was found of one invariant in all parts: where it was looked at anywhere, it was looked at."""
    first = findings[0]
    broken = [finding.detail for finding in findings if finding.outcome == "broken"]
    if broken:
        more = f"; and in {len(broken) - MOST_SHOWN} more parts" if len(broken) > MOST_SHOWN else ""
        return Finding(first.number, first.what, "broken", "; ".join(broken[:MOST_SHOWN]) + more)
    held = [finding for finding in findings if finding.outcome == "holds"]
    return held[0] if held else first


def _of_the_whole(result: ResultInParts, area: Places | None) -> Iterator[Finding]:
    """Return what shows only when the dwellings of all parts are counted."""
    ids = pa.chunked_array([pa.array(column, type=pa.large_string()) for column in result.column("homes", "home_id")])
    twice = len(ids) - pc.count_distinct(ids).as_py()
    yield _found(ONCE, [f"{twice} dwellings of one part are also in another"] if twice else [])
    reasons = pd.concat([c.value_counts() for c in result.column("homes", "left_out_reason")])
    faults = homes.miscounted(reasons.groupby(level=0).sum(), len(ids), result.notes)
    yield _found(homes.counted_by_reason, faults)
    if area is None:
        yield _found(homes.every_one_read, [], "needs the area (--area)")
    else:
        yield _found(homes.every_one_read, homes.unread(_dwellings(area), len(ids)))


def _found(look: Callable[[Case], object], faults: list[str], not_checked: str = "") -> Finding:
    number, what = next((number, what) for number, what, asks in INVARIANTS if asks is look)
    if not_checked:
        return Finding(number, what, "not checked", not_checked)
    return Finding(number, what, "broken" if faults else "holds", ", ".join(faults[:5]))


def _dwellings(area: Places) -> int:
    """Count the dwellings of the area, square by square."""
    squares = {
        (column, row)
        for west, south, east, north in area.boxes()
        for column in range(int(west // SIDE_M), int(east // SIDE_M) + 1)
        for row in range(int(south // SIDE_M), int(north // SIDE_M) + 1)
    }
    return sum(_dwellings_in(area, column, row) for column, row in sorted(squares))


def _dwellings_in(area: Places, column: int, row: int) -> int:
    west, south = column * SIDE_M - AROUND_M, row * SIDE_M - AROUND_M
    wide = SIDE_M + 2 * AROUND_M
    near = area.near((west, south, west + wide, south + wide), ("buildings", "addresses"))
    xy, count = homes.dwellings_at(near)
    here = (np.floor(xy / SIDE_M).astype(np.int64) == [column, row]).all(axis=1)
    return int(count[here].sum())
