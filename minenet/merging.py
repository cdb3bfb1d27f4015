"""The outcomes of all parts as one result: tables put together and sorted, counts added up, clusters ranked."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from minenet import recording
from minenet.assumptions import Assumptions, Profile
from minenet.checks import rank_of
from minenet.clusters import require_streets
from minenet.stages import Concluded, Counts, Designed, Grouped, Judged
from minenet.tables import RESULT_TABLES, Area, Result, in_result_order, joined
from minenet.trenches import change_counts

__all__ = [
    "TOLD_OF_HOMES",
    "TOLD_OF_SOLUTIONS",
    "Counted",
    "Outcome",
    "change_notes",
    "counted",
    "distinct_changes",
    "left_out_tables",
    "part_tables",
    "ranks",
    "require_named",
    "told",
    "whole",
]

FAILED = "part_failed"

TOLD_OF_HOMES = ("cluster_id", "left_out_reason")
TOLD_OF_SOLUTIONS = ("variant", "homes_possible", "homes_within_cooling", "base_outside_range")
"""Columns that are counted over the whole result."""


@dataclass(frozen=True)
class Outcome:
    """What came of one part."""

    grouped: Grouped
    designed: Designed
    judged: Judged
    concluded: Concluded


def ranks(clusters: Sequence[pd.DataFrame]) -> pd.Series:
    """Return the rank of every cluster among those of all parts, by `cluster_id`."""
    none = pd.DataFrame({"cluster_id": [], "verdict": [], "score": []})
    every = joined([c[["cluster_id", "verdict", "score"]] for c in clusters] or [none])
    return pd.Series(rank_of(every), index=every["cluster_id"].to_numpy(dtype=object), dtype="Int64")


def part_tables(outcome: Outcome, rank: pd.Series) -> dict[str, pd.DataFrame]:
    """Return the tables of one part as they are written, all but `context` and `provenance`.

    Parameters
    ----------
    outcome : Outcome
        What came of the part.
    rank : Series
        Rank by `cluster_id` among the clusters of all parts.
    """
    designed, judged = outcome.designed, outcome.judged
    clusters = judged.clusters.assign(rank=rank.reindex(judged.clusters["cluster_id"]).to_numpy())
    given = {
        "homes": designed.homes,
        "clusters": clusters,
        "solutions": judged.solutions,
        "boreholes": recording.of_best(judged.boreholes, clusters),
        "connections": designed.connections,
        "pipes": recording.of_best(designed.pipes, clusters),
        "costs": designed.costs,
        "curves": designed.curves,
        "sensitivity": designed.sensitivity,
        "finance": designed.finance,
        "checks": outcome.concluded.checks,
    }
    crs = CRS(designed.homes.crs)
    return {name: in_result_order(recording.declared(frame, name, crs), name) for name, frame in given.items()}


def whole(
    area: Area,
    outcomes: Sequence[Outcome],
    notes: Mapping[str, str],
    assumptions: Assumptions,
    profile: Profile | None = None,
    *,
    lost: gpd.GeoDataFrame | None = None,
) -> Result:
    """Return the outcomes of all parts as one result.

    Parameters
    ----------
    area : Area
        The whole area.
    outcomes : sequence of Outcome
        One per part, in their order.
    notes : mapping of str to str
        What was counted before the area was cut.
    assumptions : Assumptions
        As they were used.
    profile : Profile, optional
        What the municipality answers.
    lost : GeoDataFrame, optional
        Homes of parts that failed: they are left out with that reason.
    """
    rank = ranks([o.judged.clusters for o in outcomes])
    parts = [part_tables(outcome, rank) for outcome in outcomes]
    if lost is not None and len(lost):
        parts.append(left_out_tables(lost, area.crs))
    tables = {name: in_result_order(joined([part[name] for part in parts]), name) for name in parts[0]}
    changes = distinct_changes([o.grouped.changes for o in outcomes])
    counts = told([counted(o) for o in outcomes], tables["homes"], tables["solutions"], wishes_of(area), assumptions)
    rows = recording.provenance({**area.provenance, **notes, **change_notes(changes), **counts}, assumptions, profile)
    tables["context"] = recording.declared(recording.context(area, changes), "context", area.crs)
    tables["provenance"] = recording.declared(rows, "provenance", area.crs)
    return Result.of({name: tables[name] for name in RESULT_TABLES})


def left_out_tables(homes: gpd.GeoDataFrame, crs: CRS) -> dict[str, pd.DataFrame]:
    """Return the tables of a part that failed: its homes are there, left out, and nothing else is."""
    reason = homes["left_out_reason"].fillna(FAILED)
    tables: dict[str, pd.DataFrame | None] = dict.fromkeys(RESULT_TABLES)
    tables["homes"] = homes.assign(left_out_reason=reason)
    named = [name for name in RESULT_TABLES if name not in ("context", "provenance")]
    return {name: recording.declared(tables[name], name, crs) for name in named}


def distinct_changes(changes: Iterable[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Return what was done to the streets, once: parts see the same at their borders. In the order of the map."""
    frames = list(changes)
    if not frames:
        return gpd.GeoDataFrame({"kind": [], "name": []}, geometry=[])
    every = joined(frames)
    key = (
        every["kind"].astype("str")
        + "\0"
        + every["name"].fillna("").astype("str")
        + "\0"
        + every.geometry.to_wkb(hex=True)
    )
    first = key.drop_duplicates()
    rows = first.index.to_numpy()[np.argsort(first.to_numpy(dtype=object), kind="stable")]
    return gpd.GeoDataFrame(every.iloc[rows].reset_index(drop=True), crs=every.crs)


def change_notes(changes: pd.DataFrame) -> dict[str, str]:
    """Return what was done to the streets, counted."""
    return {name: str(count) for name, count in change_counts(changes).items()}


@dataclass(frozen=True)
class Counted:
    """What was counted in one part: `counts` add up, `bridges` are named once."""

    counts: Counts
    bridges: np.ndarray


def counted(outcome: Outcome) -> Counted:
    """Return what was counted in one part."""
    counts = Counter(outcome.grouped.counts)
    counts.update(outcome.designed.counts)
    return Counted(dict(counts), outcome.grouped.bridges)


def wishes_of(area: Area) -> dict[str, int]:
    """Count the rows of layers that say what the user wants."""
    return {name: len(layer) for name in ("crossings", "fixed_boreholes") if (layer := getattr(area, name)) is not None}


def told(
    parts: Iterable[Counted],
    homes: pd.DataFrame,
    solutions: pd.DataFrame,
    wishes: Mapping[str, int],
    assumptions: Assumptions,
) -> dict[str, str]:
    """Return what was counted in all parts together.

    Parameters
    ----------
    parts : iterable of Counted
        One per part.
    homes, solutions : DataFrame
        Of the result; `TOLD_OF_HOMES` and `TOLD_OF_SOLUTIONS` are enough.
    wishes : mapping of str to int
        As `wishes_of` counts them.
    assumptions : Assumptions
        Section `network`.
    """
    counts: Counter[str] = Counter()
    crossed: set[str] = set()
    for part in parts:
        counts.update(part.counts)
        crossed |= {str(bridge) for bridge in part.bridges}
    back = recording.ways_back(counts, asked=assumptions.network.closed_ring)
    notes = {name: str(count) for name, count in counts.items() if name not in recording.RING_COUNTS}
    if crossed:
        notes["trenches.crossings_by_bridge"] = ";".join(sorted(crossed))
    if wishes.get("crossings"):
        notes["trenches.crossings_allowed_by_the_user"] = str(wishes["crossings"])
    if "fixed_boreholes" in wishes:
        lost = wishes["fixed_boreholes"] - counts["count.fixed_boreholes"]
        notes["left_out.fixed_boreholes.beyond_the_reach_of_every_cluster"] = str(lost)
    notes |= back | recording.left_out(homes) | recording.loops_that_fit(solutions)
    return notes | recording.outside_range(solutions)


def require_named(streets: Sequence[str], grouped: Sequence[Grouped]) -> None:
    """Raise when a street that was asked for is the address or the trench of no home.

    Raises
    ------
    AssumptionError
        With the names that look like it.
    """
    require_streets(streets, sorted({str(name) for part in grouped for name in part.named}))
