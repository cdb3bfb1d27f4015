"""A result of many files, looked at part by part: what concerns the whole is added up or counted."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from minenet.invariants import homes, tables
from minenet.invariants.carriers import NEEDS_AREA, Case, Finding, NotCheckedError, numbers_of
from minenet.invariants.listing import INVARIANTS, asked, finding
from minenet.sources import AreaInTiles, AreaWhole, ResultInParts, wider

__all__ = ["verify_parts"]

BESIDE_M = 10.0
"""So much farther than a borehole keeps from anything the area is looked at around a part."""

SIDE_M = 4000.0
"""Dwellings of the area are counted in squares of this side."""

AROUND_M = 500.0
"""So far around a square buildings are read: they say of addresses in it what they are used for."""

MOST_SHOWN = 3

OF_THE_WHOLE = (homes.every_one_read, homes.counted_by_reason)
"""What can only be looked at when all parts were."""

Digests = npt.NDArray[np.uint64]
Places = AreaInTiles | AreaWhole


def verify_parts(result: ResultInParts, area: Places | None, tell: Callable[[str], None]) -> list[Finding]:
    """Look at a result part by part, and say of every invariant whether it holds; see `verify`."""
    of_parts = [asked(case, but=OF_THE_WHOLE) for case in _cases(result, area, tell)]
    found = [_together(same) for same in zip(*of_parts, strict=True)]
    tell("counting")
    found += _of_the_whole(result, area)
    by_name = {what: [finding for finding in found if finding.what == what] for _, what, _ in INVARIANTS}
    return [_together(same) for same in by_name.values()]


def _cases(result: ResultInParts, area: Places | None, tell: Callable[[str], None]) -> Iterator[Case]:
    """Return each part with what lies around it."""
    numbers = numbers_of(result.notes)
    beyond = numbers.sites.kept_m + BESIDE_M
    for count, name in enumerate(result.parts, start=1):
        tell(f"{count} of {len(result.parts)} parts")
        given = None if area is None else area.near(wider(result.bounds(name), beyond))
        yield Case(result.part(name, beyond), given, numbers, result.near(name, numbers.sites.spacing_m))


def _together(findings: Sequence[Finding]) -> Finding:
    """Return what was found of one invariant in all parts: where it was looked at anywhere, it was looked at."""
    first = findings[0]
    broken = [finding.detail for finding in findings if finding.outcome == "broken"]
    if broken:
        more = f"; and in {len(broken) - MOST_SHOWN} more parts" if len(broken) > MOST_SHOWN else ""
        return Finding(first.number, first.what, "broken", "; ".join(broken[:MOST_SHOWN]) + more)
    return next((finding for finding in findings if finding.outcome == "holds"), first)


def _of_the_whole(result: ResultInParts, area: Places | None) -> Iterator[Finding]:
    """Return what shows only when the rows of all parts are counted."""
    twice = {table: _twice(result, table, key) for table, key in tables.IDS.items()}
    yield finding(homes.each_once, [f"{twice.pop('homes')} dwellings stand in two parts"] if twice["homes"] else [])
    yield finding(
        tables.unique, [f"{count} rows of `{name}` are called as others" for name, count in twice.items() if count]
    )
    there = sum(map(len, result.column("homes", "home_id")))
    reasons = pd.concat([column.value_counts() for column in result.column("homes", "left_out_reason")])
    yield finding(homes.counted_by_reason, homes.miscounted(reasons.groupby(level=0).sum(), there, result.notes))
    if area is not None:
        named = np.concatenate([homes.digests(column) for column in result.column("homes", "home_id")])
        read = dwellings_of(area, numbers_of(result.notes).homes.address_reach_m)
        yield finding(homes.every_one_read, homes.unread(read, named))
    else:
        yield finding(homes.every_one_read, NotCheckedError(NEEDS_AREA))


def _twice(result: ResultInParts, table: str, key: str) -> int:
    """Count the rows whose id another has too; a number stands for each: names of a country would not fit."""
    ids = np.concatenate([np.empty(0, dtype=np.uint64), *(homes.digests(c) for c in result.column(table, key))])
    ids.sort()
    return int((ids[1:] == ids[:-1]).sum())


def dwellings_of(area: Places, reach_m: float) -> Digests:
    """Return the digest of the name of every dwelling of the area, found square by square; see `homes.dwellings_of`."""
    layers = ("buildings", "addresses") if area.has_rows("addresses") else ("buildings",)
    found = [_dwellings_in(area, square, layers, reach_m) for square in sorted(area.squares(SIDE_M))]
    return np.concatenate([np.empty(0, dtype=np.uint64), *found])


def _dwellings_in(area: Places, square: tuple[int, int], layers: Sequence[str], reach_m: float) -> Digests:
    west, south = square[0] * SIDE_M, square[1] * SIDE_M
    near = area.near(wider((west, south, west + SIDE_M, south + SIDE_M), AROUND_M), layers)
    xy, name = homes.dwellings_of(near, reach_m)
    here: npt.NDArray[np.bool_] = (np.floor(xy / SIDE_M).astype(np.int64) == square).all(axis=1)
    return name[here]
