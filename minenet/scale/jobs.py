"""What a worker does, and when it need not: a job is finished when its outcome stands, made of what stands now."""

import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from minenet.errors import InputError, MinenetError, OutputError
from minenet.scale.codec import BrokenError
from minenet.scale.work import Work
from minenet.timing import Timings

__all__ = ["Done", "Job", "do"]


@dataclass(frozen=True)
class Job(ABC):
    """One step of a run that any worker can do: from the work folder into the work folder.

    Attributes
    ----------
    root, signature
        The work folder; see `Work`.
    stage, number
        Which step, and of which part, file or square.
    """

    root: Path
    signature: str
    stage: str
    number: int

    @property
    def made_of(self) -> Sequence[tuple[str, int]]:
        """Outcomes of steps before (stage, number) that may change though the input does not: a part beside failed."""
        return ()

    @abstractmethod
    def stands(self, work: Work) -> bool:
        """Tell whether the outcome stands there as it was written."""

    @abstractmethod
    def carry_out(self, work: Work, timings: Timings) -> None:
        """Write the outcome."""


@dataclass(frozen=True)
class Done:
    """What came of a job.

    Attributes
    ----------
    stage, number
        Of which job.
    error : str or None
        Why it failed.
    fatal : bool
        Whether nothing else can go on either: the disk is full or shut.
    of_input : bool
        Whether it is the input that is not right.
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
    of_input: bool = False
    again: bool = False
    seconds: dict[str, float] = field(default_factory=dict)
    megabytes: float = 0.0


def do(job: Job) -> Done:
    """Do a job unless it is done, and say what came of it; only a signal ends it otherwise."""
    work, timings = Work(job.root, job.signature), Timings()
    try:
        made_of = _digests(work, job.made_of)
        again = _known_before(work, job, made_of) and job.stands(work)
        if not again:
            job.carry_out(work, timings)
            work.keep(f"{job.stage}.knew", job.number, made_of)  # last: only then is it finished
    except OutputError as error:
        return Done(job.stage, job.number, str(error), fatal=True)
    except (MinenetError, BrokenError) as error:
        return Done(job.stage, job.number, str(error), of_input=isinstance(error, InputError))
    except MemoryError:
        return Done(job.stage, job.number, "there is not enough memory")
    except Exception as error:
        if os.environ.get("MINENET_TRACEBACK"):
            raise
        return Done(job.stage, job.number, f"{type(error).__name__}: {error}")
    return Done(job.stage, job.number, again=again, seconds=timings.seconds, megabytes=_peak_megabytes())


def _digests(work: Work, outcomes: Sequence[tuple[str, int]]) -> pd.DataFrame:
    digests = [work.digest(stage, number) or "" for stage, number in outcomes]
    named = [f"{stage}/{number}" for stage, number in outcomes]
    return pd.DataFrame({"of": named, "sha256": digests}, dtype="str")


def _known_before(work: Work, job: Job, made_of: pd.DataFrame) -> bool:
    """Tell whether the job was done before with what stands there now."""
    try:
        return work.kept(f"{job.stage}.knew", job.number, pd.DataFrame).equals(made_of)
    except BrokenError:
        return False


def _peak_megabytes() -> float:
    """Return the most memory that this process has had so far [MB]; 0 where the system does not tell."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)
