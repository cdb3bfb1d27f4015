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
from minenet.stages import Concluded, Designed, Grouped, Judged
from minenet.tables import RESULT_TABLES, Area, Result
from minenet.trenches import change_counts

__all__ = ["Outcome", "part_tables", "ranks", "require_named", "told", "whole"]

ORDER = {"homes": "home_id", "boreholes": "borehole_id"}
"""What tables are sorted by; all others by cluster, in the order that they have within one."""

FAILED = "part_failed"


@dataclass(frozen=True)
class Outcome:
    """What came of one part."""

    grouped: Grouped
    designed: Designed
    judged: Judged
    concluded: Concluded


def ranks(clusters: Sequence[gpd.GeoDataFrame]) -> pd.Series:
    """Return the rank of every cluster among those of all parts, by `cluster_id`."""
    none = pd.DataFrame({"cluster_id": [], "verdict": [], "score": []})
    every = _joined([c[["cluster_id", "verdict", "score"]] for c in clusters] or [none])
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
    return {name: _sorted(recording.declared(frame, name, crs), name) for name, frame in given.items()}


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
        parts.append(_left_out(lost, area.crs))
    tables = {name: _sorted(_joined([part[name] for part in parts]), name) for name in parts[0]}
    changes = distinct_changes([o.grouped.changes for o in outcomes])
    counts = told(area, gpd.GeoDataFrame(tables["homes"]), tables["solutions"], outcomes, assumptions)
    rows = recording.provenance({**area.provenance, **notes, **change_notes(changes), **counts}, assumptions, profile)
    tables["context"] = recording.declared(recording.context(area, changes), "context", area.crs)
    tables["provenance"] = recording.declared(rows, "provenance", area.crs)
    return Result.of({name: tables[name] for name in RESULT_TABLES})


def _left_out(homes: gpd.GeoDataFrame, crs: CRS) -> dict[str, pd.DataFrame]:
    """Return the tables of parts that failed: their homes are there, left out, and nothing else is."""
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
    every = _joined(frames)
    key = (
        every["kind"].astype("str")
        + "\0"
        + every["name"].fillna("").astype("str")
        + "\0"
        + every.geometry.to_wkb(hex=True)
    )
    rows = np.unique(key.to_numpy(dtype=object).astype(str), return_index=True)[1]
    return gpd.GeoDataFrame(every.iloc[rows].reset_index(drop=True), crs=every.crs)


def change_notes(changes: pd.DataFrame) -> dict[str, str]:
    """Return what was done to the streets, counted."""
    return {name: str(count) for name, count in change_counts(changes).items()}


def told(
    area: Area, homes: gpd.GeoDataFrame, solutions: pd.DataFrame, outcomes: Sequence[Outcome], assumptions: Assumptions
) -> dict[str, str]:
    """Return what was counted in all parts together."""
    counts: Counter[str] = Counter()
    for outcome in outcomes:
        counts.update(outcome.grouped.counts)
        counts.update(outcome.designed.counts)
    back = recording.ways_back(counts, asked=assumptions.network.closed_ring)
    notes = {name: str(count) for name, count in counts.items() if name not in recording.RING_COUNTS}
    bridges = sorted({str(bridge) for outcome in outcomes for bridge in outcome.grouped.bridges})
    if bridges:
        notes["trenches.crossings_by_bridge"] = ";".join(bridges)
    if area.crossings is not None and len(area.crossings):
        notes["trenches.crossings_allowed_by_the_user"] = str(len(area.crossings))
    if area.fixed_boreholes is not None:
        lost = len(area.fixed_boreholes) - counts["count.fixed_boreholes"]
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


def _joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return frames as one; without rows the first speaks for all."""
    filled = [frame for frame in frames if len(frame)] or list(frames[:1])
    return pd.concat(filled, ignore_index=True) if len(filled) > 1 else filled[0]


def _sorted(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    by = ORDER.get(name, "cluster_id")
    order = np.argsort(frame[by].to_numpy(dtype=object).astype(str), kind="stable")
    return frame.iloc[order].reset_index(drop=True)
