"""What came of the jobs of a run, and the way of all parts through all stages."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from minenet.clusters import require_streets
from minenet.errors import OutputError
from minenet.scale.codec import BrokenError
from minenet.scale.engine import Engine
from minenet.scale.jobs import Done
from minenet.scale.tasks import STAGES, Settings, Task
from minenet.scale.work import Work
from minenet.stages import Grouped
from minenet.timing import Timings

__all__ = ["Tally", "kept_when_stopped", "through_all_stages"]


class Tally:
    """What came of the jobs so far."""

    def __init__(self, timings: Timings, say: Callable[[str], None]) -> None:
        self.failed: dict[int, str] = {}
        self.done, self.again, self.megabytes = 0, 0, 0.0
        self.timings, self._say = timings, say
        self._counts: Counter[str] = Counter()

    def add(self, done: Done, *, of: str) -> None:
        """Count a job; `of` says how many of what there are.

        Raises
        ------
        OutputError
            When no other can go on either.
        """
        if done.fatal:
            raise OutputError(done.error or "cannot go on")
        self._counts[done.stage] += 1
        self._say(f"{done.stage}: {self._counts[done.stage]} of {of}")
        if done.error is None:
            self.done += 1
        else:
            self.fail(done.number, done.error)
        self.again += done.again
        self.megabytes = max(self.megabytes, done.megabytes)
        for step, seconds in done.seconds.items():
            self.timings.seconds[step] = self.timings.seconds.get(step, 0.0) + seconds

    def fail(self, number: int, reason: str) -> None:
        """Note that a part failed; the first reason counts."""
        self.failed.setdefault(number, reason)

    @property
    def notes(self) -> dict[str, str]:
        """Failures as provenance tells them."""
        return {f"failed.part.{number}": reason for number, reason in sorted(self.failed.items())}


@contextmanager
def kept_when_stopped(work: Work, tally: Tally) -> Iterator[None]:
    """Say where the finished work stands when the user stops the run, and when a file of it is spoilt on the way.

    Raises
    ------
    OutputError
        In the last case: what is spoilt is made anew by the next run.
    """
    try:
        yield
    except BrokenError as error:
        what, mend = f"a file of the work {error}", "The same command makes it anew."
        raise OutputError(what, where=str(work.root), mend=mend) from error
    except KeyboardInterrupt as stop:
        said = f"{tally.done} finished steps of parts are kept in {work.root}: the same command goes on from there."
        raise KeyboardInterrupt(said) from stop


def through_all_stages(
    work: Work, engine: Engine, beside: Mapping[int, tuple[int, ...]], settings: Settings, tally: Tally
) -> None:
    """Take all parts through all stages; those that fail are left behind.

    Parameters
    ----------
    work : Work
        Where the pieces stand.
    engine : Engine
        Who does it.
    beside : mapping of int to tuple of int
        Parts, and which parts each has beside it.
    settings : Settings
        What all parts have in common.
    tally : Tally
        Counts what came of it.

    Raises
    ------
    AssumptionError
        When a street that was asked for is not known.
    OutputError
        When the disk is full or shut.
    """
    for stage in STAGES:
        open_ = [number for number in beside if number not in tally.failed]
        tasks = [Task(work.root, work.signature, stage, number, beside[number], settings) for number in open_]
        for done in engine.run(tasks):
            tally.add(done, of=f"{len(beside)} parts")
        if stage == "grouped" and settings.streets is not None:
            mine = [number for number in open_ if number not in tally.failed]
            named = {str(name) for number in mine for name in work.kept("grouped", number, Grouped).named}
            require_streets(settings.streets, sorted(named))
