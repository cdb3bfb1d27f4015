"""A whole area through all stages, part by part, from where an earlier run stopped."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from minenet._version import __version__
from minenet.assess import found_homes, in_parts
from minenet.assumptions import Profile
from minenet.errors import OutputError
from minenet.merging import Outcome, require_named, whole
from minenet.parts import Parts, cut, pieces, window_of_each
from minenet.scale.codec import BrokenError
from minenet.scale.engine import Engine
from minenet.scale.tasks import PIECES, STAGES, Done, Settings, Task
from minenet.scale.work import Work
from minenet.stages import Grouped
from minenet.tables import Area, Result, shapes_of
from minenet.timing import Timings

__all__ = ["Ran", "run_area"]

FORMAT = "1"
"""Raised whenever what stands in a work folder is written in another way."""


@dataclass(frozen=True)
class Ran:
    """What came of a run.

    Attributes
    ----------
    result : Result
        The whole; homes of parts that failed are in it, left out as `part_failed`.
    parts, again : int
        Number of parts, and tasks that an earlier run had finished.
    failed : mapping of int to str
        Why a part failed.
    megabytes : float
        Most memory that any worker had; 0 where all was done here in one part.
    """

    result: Result
    parts: int
    again: int = 0
    failed: Mapping[int, str] = field(default_factory=dict)
    megabytes: float = 0.0


def run_area(
    area: Area,
    settings: Settings,
    folder: Path,
    engine: Engine,
    *,
    write: Callable[[Result], object],
    timings: Timings | None = None,
    told: Callable[[str], None] | None = None,
) -> Ran:
    """Assess an area part by part, keeping what is finished in a work folder.

    An area of one part is assessed here and now, without a folder.

    Parameters
    ----------
    area : Area
        As `read_area` or `make_area` give it.
    settings : Settings
        Assumptions, profile and streets.
    folder : Path
        Work folder; what another input or other assumptions left there is removed.
    engine : Engine
        Who does the tasks, as `engine_of` gives it.
    write : callable
        Puts the result where it is safe: the work folder is removed after it, unless a part failed.
    timings : Timings, optional
        Collects the seconds of each step, summed over the workers.
    told : callable, optional
        Hears which parts are done.

    Raises
    ------
    InputError, AssumptionError
        As `assess` does; of what concerns one part only, that part fails.
    OutputError
        When the disk is full or shut, or another run is at work in the folder.
    """
    timings = timings or Timings()
    with timings.step("homes"):
        found = found_homes(area, settings.assumptions)
    with timings.step("parts"):
        parts = cut(area, found.homes, settings.assumptions)
    notes = {**found.notes, **parts.notes}
    if parts.count == 1:
        outcomes = in_parts(
            area, found.homes, parts, settings.assumptions, settings.profile, streets=settings.streets, timings=timings
        )
        with timings.step("tables"):
            result = whole(area, outcomes, notes, settings.assumptions, settings.profile)
        with timings.step("writing"):
            write(result)
        return Ran(result, 1)
    work = Work(folder, signature(area, settings))
    tally = _Tally(parts.count, timings, told or (lambda _: None))
    with work.alone(), _kept_when_stopped(work, tally):
        work.begin()
        with timings.step("parts"):
            beside = _written(work, area, found.homes, parts, settings)
        _through_all_stages(work, engine, beside, settings, tally)
        with timings.step("tables"):
            outcomes = list(_outcomes(work, parts.count, tally))
            lost = found.homes[np.isin(parts.of_home, list(tally.failed))]
            notes |= tally.notes
            result = whole(area, outcomes, notes, settings.assumptions, settings.profile, lost=lost)
        with timings.step("writing"):
            write(result)
        if not tally.failed:
            work.remove()
    return Ran(result, parts.count, tally.again, tally.failed, tally.megabytes)


@contextmanager
def _kept_when_stopped(work: Work, tally: "_Tally") -> Iterator[None]:
    """Say where the finished work stands when the user stops the run."""
    try:
        yield
    except KeyboardInterrupt as stop:
        said = f"{tally.done} finished steps of parts are kept in {work.root}: the same command goes on from there."
        raise KeyboardInterrupt(said) from stop


def _through_all_stages(
    work: Work, engine: Engine, beside: Mapping[int, tuple[int, ...]], settings: Settings, tally: "_Tally"
) -> None:
    """Take all parts through all stages; those that fail are left behind."""
    for stage in STAGES:
        open_ = [number for number in beside if number not in tally.failed]
        tasks = [Task(work.root, work.signature, stage, number, beside[number], settings) for number in open_]
        for done in engine.run(tasks):
            tally.add(done)
        if stage == "grouped" and settings.streets is not None:
            grouped = [work.kept("grouped", number, Grouped) for number in open_ if number not in tally.failed]
            require_named(settings.streets, grouped)


def signature(area: Area, settings: Settings) -> str:
    """Return the sha256 of all that the outcome depends on: the data, the assumptions, the wishes and the version."""
    profile = settings.profile or Profile.unknown()
    said = {
        "format": FORMAT,
        "version": __version__,
        "crs": area.crs.to_wkt(),
        "provenance": dict(area.provenance),
        "assumptions": {entry.key: repr(entry) for entry in settings.assumptions.entries.values()},
        "profile": repr(profile),
        "streets": None if settings.streets is None else list(settings.streets),
    }
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
    for name, layer in area.layers.items():
        digest.update(name.encode())
        digest.update(pd.util.hash_pandas_object(pd.DataFrame(layer.drop(columns="geometry"))).to_numpy().tobytes())
        for shape in shapely.to_wkb(shapes_of(layer)):
            digest.update(shape or b"none")
    return digest.hexdigest()


class _Tally:
    """What came of the tasks so far."""

    def __init__(self, parts: int, timings: Timings, say: Callable[[str], None]) -> None:
        self.failed: dict[int, str] = {}
        self.done, self.again, self.megabytes = 0, 0, 0.0
        self._parts, self._timings, self._say = parts, timings, say
        self._counts = dict.fromkeys(STAGES, 0)

    def add(self, done: Done) -> None:
        """Count a task.

        Raises
        ------
        OutputError
            When no other can go on either.
        """
        if done.fatal:
            raise OutputError(done.error or "cannot go on")
        self._counts[done.stage] += 1
        self._say(f"{done.stage}: {self._counts[done.stage]} of {self._parts} parts")
        if done.error is None:
            self.done += 1
        else:
            self.fail(done.number, done.error)
        self.again += done.again
        self.megabytes = max(self.megabytes, done.megabytes)
        for step, seconds in done.seconds.items():
            self._timings.seconds[step] = self._timings.seconds.get(step, 0.0) + seconds

    def fail(self, number: int, reason: str) -> None:
        """Note that a part failed; the first reason counts."""
        self.failed.setdefault(number, reason)

    @property
    def notes(self) -> dict[str, str]:
        """Failures as provenance tells them."""
        return {f"failed.part.{number}": reason for number, reason in sorted(self.failed.items())}


def _written(
    work: Work, area: Area, homes: gpd.GeoDataFrame, parts: Parts, settings: Settings
) -> dict[int, tuple[int, ...]]:
    """Write what each part is worked on with, unless it stands there, and return which parts each has beside it."""
    missing = [number for number in range(parts.count) if work.digest(PIECES, number) is None]
    for piece in pieces(area, homes, parts, settings.assumptions, only=missing):
        work.keep(PIECES, piece.number, piece)
    seen = window_of_each(area, homes, parts, settings.assumptions)
    one, other = shapely.STRtree(seen).query(seen, predicate="intersects")
    return {
        number: tuple(np.sort(other[(one == number) & (other != number)]).tolist()) for number in range(parts.count)
    }


def _outcomes(work: Work, count: int, tally: _Tally) -> Iterator[Outcome]:
    """Read what came of each part that did not fail."""
    for number in range(count):
        if number in tally.failed:
            continue
        try:
            stages: list[Any] = [work.kept(stage, number, kind) for stage, kind in STAGES.items()]
        except BrokenError as error:
            tally.fail(number, f"its outcome {error}")
        else:
            yield Outcome(*stages)
