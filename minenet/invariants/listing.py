"""All invariants, in their order, and how each is asked whether it holds."""

from collections.abc import Callable, Collection, Sequence

from minenet.invariants import boreholes, homes, pipes, sums, tables
from minenet.invariants.carriers import Case, Finding, NotCheckedError

__all__ = ["INVARIANTS", "asked", "finding"]

Look = Callable[[Case], Sequence[str]]

INVARIANTS: tuple[tuple[int, str, Look], ...] = (
    (0, "tables hold what is declared", tables.as_declared),
    (0, "every number is finite", tables.finite),
    (0, "no two clusters, boreholes or pipes have one name", tables.unique),
    (1, "every dwelling appears once, in a cluster or with a reason", homes.each_once),
    (1, "every dwelling of the area is there", homes.every_one_read),
    (1, "homes left out are counted by reason", homes.counted_by_reason),
    (2, "clusters have 2-50 homes, and count them", homes.sizes),
    (2, "a ring net is one piece", pipes.rings_hang_together),
    (2, "no pipe crosses water, a barrier or a main road but at bridges and crossings", pipes.crosses_nothing),
    (3, "boreholes keep their spacing", boreholes.spacing),
    (3, "boreholes keep clear", boreholes.clear),
    (3, "boreholes keep their distance to the outer boundary of the plots", boreholes.clear_of_boundaries),
    (3, "no borehole stands in a zone with a ban", boreholes.no_ban),
    (3, "boreholes obey depth limits", boreholes.depth_limits),
    (4, "every home of a variant is reached", pipes.every_home_reached),
    (4, "pipes lead from homes to their boreholes", pipes.lead_to_boreholes),
    (4, "pipes begin at the homes that they serve", pipes.begin_at_homes),
    (4, "lengths are those of the lines", pipes.lengths),
    (4, "no pipe runs through a building", pipes.through_no_building),
    (4, "totals are the sums of their parts", sums.sums),
)


def asked(case: Case, *, but: Collection[Look] = ()) -> list[Finding]:
    """Ask of every invariant whether it holds; of some not, when they are looked at elsewhere."""
    return [_found(number, what, look, case) for number, what, look in INVARIANTS if look not in but]


def _found(number: int, what: str, look: Look, case: Case) -> Finding:
    try:
        return _said(number, what, look(case))
    except NotCheckedError as why:
        return _said(number, what, why)


def finding(look: Look, faults: Sequence[str] | NotCheckedError) -> Finding:
    """Return what was found of an invariant by whoever looked at it in another way."""
    number, what = next((number, what) for number, what, asks in INVARIANTS if asks is look)
    return _said(number, what, faults)


def _said(number: int, what: str, faults: Sequence[str] | NotCheckedError) -> Finding:
    if isinstance(faults, NotCheckedError):
        return Finding(number, what, "not checked", str(faults))
    return Finding(number, what, "broken" if faults else "holds", ", ".join(faults[:5]))
