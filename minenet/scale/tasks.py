"""What a worker does: one stage of one part, from the work folder into the work folder."""

import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from minenet.assumptions import Assumptions, Profile
from minenet.errors import MinenetError, OutputError
from minenet.parts import Piece
from minenet.scale.codec import BrokenError
from minenet.scale.work import Work
from minenet.stages import Concluded, Designed, Grouped, Judged, conclude, design_part, group_part, judge_part
from minenet.tables import shapes_of
from minenet.timing import Timings

__all__ = ["PIECES", "STAGES", "Done", "Job", "Settings", "Task", "do"]

STAGES: dict[str, type] = {"grouped": Grouped, "designed": Designed, "judged": Judged, "concluded": Concluded}
"""Stages in their order, and what each gives."""

TELLS = {"grouped": "taking", "designed": "boreholes", "judged": "drilled"}
"""What a part tells its neighbours after a stage: a property of what the stage gives."""

PIECES = "pieces"


@dataclass(frozen=True)
class Settings:
    """What all parts have in common."""

    assumptions: Assumptions
    profile: Profile | None = None
    streets: Sequence[str] | None = None


@dataclass(frozen=True)
class Job(ABC):
    """One step of a run that any worker can do: from the work folder into the work folder."""

    root: Path
    signature: str
    stage: str
    number: int

    @abstractmethod
    def done_before(self, work: Work) -> bool:
        """Tell whether it was done before, with what stands there now, and its outcome is whole."""

    @abstractmethod
    def carry_out(self, work: Work, timings: Timings) -> None:
        """Do it."""


@dataclass(frozen=True)
class Task(Job):
    """One stage of one part."""

    beside: tuple[int, ...]
    settings: Settings

    def done_before(self, work: Work) -> bool:
        """Tell whether it was done before, with what its neighbours tell now."""
        return _finished(work, self, _beside_digests(work, self))

    def carry_out(self, work: Work, timings: Timings) -> None:
        """Do it."""
        _do(work, self, _beside_digests(work, self), timings)


@dataclass(frozen=True)
class Done:
    """What came of a task.

    Attributes
    ----------
    stage, number
        Of which task.
    error : str or None
        Why it failed.
    fatal : bool
        Whether nothing else can go on either: the disk is full or shut.
    again : bool
        Whether it was finished before and only looked at.
    seconds : mapping of str to float
        Time of each step.
    megabytes : float
        Most memory that the worker has had so far; 0 where the system does not tell.
    """

    stage: str
    number: int
    error: str | None = None
    fatal: bool = False
    again: bool = False
    seconds: dict[str, float] = field(default_factory=dict)
    megabytes: float = 0.0


def do(job: Job) -> Done:
    """Do a job unless it is done, and say what came of it; only a signal ends it otherwise."""
    work, timings = Work(job.root, job.signature), Timings()
    try:
        again = job.done_before(work)
        if not again:
            job.carry_out(work, timings)
    except OutputError as error:
        return Done(job.stage, job.number, str(error), fatal=True)
    except (MinenetError, BrokenError) as error:
        return Done(job.stage, job.number, str(error))
    except MemoryError:
        return Done(job.stage, job.number, "there is not enough memory")
    except Exception as error:
        if os.environ.get("MINENET_TRACEBACK"):
            raise
        return Done(job.stage, job.number, f"{type(error).__name__}: {error}")
    return Done(job.stage, job.number, again=again, seconds=timings.seconds, megabytes=_peak_megabytes())


def _peak_megabytes() -> float:
    """Return the most memory that this process has had so far [MB]; 0 where the system does not tell."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


def _do(work: Work, task: Task, known: pd.DataFrame, timings: Timings) -> None:
    piece = work.kept(PIECES, task.number, Piece)
    stage, settings = task.stage, task.settings
    before = _before(stage)
    given = work.kept(before, task.number, STAGES[before]) if before else None
    others = _told(work, task, piece)
    outcome: Any
    if stage == "grouped":
        outcome = group_part(piece, settings.assumptions, streets=settings.streets, timings=timings)
    elif isinstance(given, Grouped):
        outcome = design_part(piece, given, others, settings.assumptions, settings.profile, timings=timings)
    elif isinstance(given, Designed):
        outcome = judge_part(piece, given, others, settings.assumptions, settings.profile, timings=timings)
    else:
        assert isinstance(given, Judged)
        outcome = conclude(piece, given, others, settings.assumptions, timings=timings)
    if stage in TELLS:
        work.keep(f"{stage}.told", task.number, getattr(outcome, TELLS[stage]))
    work.keep(stage, task.number, outcome)
    work.keep(f"{stage}.knew", task.number, known)  # last: only then is it finished


def _before(stage: str) -> str | None:
    names = list(STAGES)
    at = names.index(stage)
    return names[at - 1] if at else None


def _beside_digests(work: Work, task: Task) -> pd.DataFrame:
    """Return the digests of all that a task is done with: its piece, its stage before, and what its neighbours told."""
    before = _before(task.stage)
    sources = [(PIECES, task.number)]
    if before:
        sources += [(before, task.number), *((f"{before}.told", number) for number in task.beside)]
    digests = [work.digest(stage, number) or "" for stage, number in sources]
    return pd.DataFrame({"of": [f"{stage}/{number}" for stage, number in sources], "sha256": digests})


def _finished(work: Work, task: Task, known: pd.DataFrame) -> bool:
    """Tell whether a task was done before, with what stands there now, and its outcome is whole."""
    try:
        knew = work.kept(f"{task.stage}.knew", task.number, pd.DataFrame)
    except BrokenError:
        return False
    told = task.stage not in TELLS or work.digest(f"{task.stage}.told", task.number) is not None
    return told and knew.equals(known) and work.digest(task.stage, task.number) is not None


def _told(work: Work, task: Task, piece: Piece) -> gpd.GeoDataFrame | None:
    """Return what the neighbours told that lies in the window; those that failed have nothing to tell."""
    before = _before(task.stage)
    if before is None:
        return None
    heard = []
    for number in task.beside:
        try:
            frame = work.kept(f"{before}.told", number, gpd.GeoDataFrame)
        except BrokenError:
            continue
        near = frame[shapely.intersects(shapes_of(frame), piece.window)]
        if len(near):
            heard.append(near)
    return gpd.GeoDataFrame(pd.concat(heard, ignore_index=True)) if heard else None
