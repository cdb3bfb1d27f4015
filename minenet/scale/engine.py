"""Who does the tasks: this process, other processes on this machine, or the workers of a cluster."""

import functools
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from minenet._version import __version__
from minenet.errors import AssumptionError, MinenetError, OutputError, SourceError
from minenet.scale.jobs import Done, Job, do

__all__ = ["Engine", "engine_of"]

ANY_PORT = "127.0.0.1:0"
"""Without an address dask takes port 8787 for its web server, also when it shows no dashboard: one run at a time."""


class Engine(Protocol):
    """Does jobs that do not wait for each other, in any order."""

    def run(self, tasks: Sequence[Job]) -> Iterator[Done]:
        """Yield what came of each task, as it comes."""


class _Here:
    """One task after the other in this process: nothing else is needed."""

    def run(self, tasks: Sequence[Job]) -> Iterator[Done]:
        return map(do, tasks)


class _Dask:
    """Tasks side by side on the workers of a dask client."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def run(self, tasks: Sequence[Job]) -> Iterator[Done]:
        from distributed import as_completed  # noqa: PLC0415 - an optional dependency

        futures: dict[Any, Job] = {}
        with self._lost_in_words():
            try:
                if tasks:
                    self._require_folder(tasks[0].root)
                for task in tasks:
                    futures[self._client.submit(do, task, pure=False, key=_key(task))] = task
                for future in as_completed(futures):
                    yield self._came_of(future, futures[future])
            finally:
                with suppress(Exception):  # a scheduler that is gone needs no word
                    self._client.cancel(list(futures), force=True)

    @contextmanager
    def _lost_in_words(self) -> Iterator[None]:
        """Say in words that the scheduler is gone, before the work, at its beginning or in its middle.

        Raises
        ------
        SourceError
            When it is. A client that has given up then raises whatever it stumbles over.
        """
        from distributed import CancelledError  # noqa: PLC0415 - an optional dependency

        try:
            yield
        except MinenetError:
            raise
        except Exception as error:
            if not isinstance(error, CancelledError | OSError) and self._client.status != "closed":
                raise
            mend = "Finished steps are kept: the same command goes on from there."
            raise SourceError("the scheduler was lost", where="option `--scheduler`", mend=mend) from error

    def _came_of(self, future: Any, task: Job) -> Done:
        error = future.exception()
        if error is None:
            done: Done = future.result()
            return done
        said = "its worker died: too little memory, or killed" if type(error).__name__ == "KilledWorker" else str(error)
        return Done(task.stage, task.number, said)

    def _require_folder(self, root: Path) -> None:
        """Raise when a worker does not see the work folder, or is another version than this."""
        seen = self._client.run(functools.partial(_seen_by, os.fspath(root)))
        if not seen:
            raise SourceError("the scheduler has no workers", where="option `--scheduler`", mend="Start some first.")
        for worker, (there, version) in seen.items():
            if not there:
                mend = "Workers and this process share one disk: put the output there."
                raise OutputError(f"worker {worker} does not see this folder", where=os.fspath(root), mend=mend)
            if version != __version__:
                mend = "Install the same on all machines."
                raise SourceError(
                    f"worker {worker} has minenet {version}, this is {__version__}",
                    where="option `--scheduler`",
                    mend=mend,
                )


def _seen_by(root: str) -> tuple[bool, str]:
    return os.path.isdir(root), __version__  # noqa: PTH112 - unlike that of Path it does not raise


def _key(task: Job) -> str:
    """Return a name that no task of another run on the same cluster has."""
    return f"minenet-{task.signature[:12]}-{os.getpid()}-{task.stage}-{task.number}"


@contextmanager
def engine_of(workers: int = 1, scheduler: str | None = None) -> Iterator[Engine]:
    """Give an engine, and end it afterwards.

    Parameters
    ----------
    workers : int
        Processes on this machine; with 1, and no scheduler, everything is done in this process without dask.
    scheduler : str, optional
        Address of a dask scheduler, such as `tcp://10.0.0.5:8786`.

    Raises
    ------
    AssumptionError
        When dask is wanted and not installed.
    SourceError
        When nobody answers at the address, or the workers do not start.
    """
    if workers == 1 and scheduler is None:
        yield _Here()
        return
    try:
        import distributed  # noqa: PLC0415 - an optional dependency
    except ImportError as error:
        mend = "Install it with `pip install 'minenet[scale]'`, or leave out --workers and --scheduler."
        raise AssumptionError("dask is not installed", where="options", mend=mend) from error
    with ExitStack() as stack:
        if scheduler is None:
            opened: Callable[[], Any] = functools.partial(
                distributed.LocalCluster,
                n_workers=workers,
                threads_per_worker=1,
                dashboard_address=None,
                scheduler_kwargs={"dashboard_address": ANY_PORT},
                host="127.0.0.1",
                silence_logs=50,
            )
            try:
                cluster = stack.enter_context(opened())
            except RuntimeError as error:
                mend = "Try fewer workers; with `--workers 1` there is nothing to start."
                raise SourceError(
                    f"the workers did not start ({error})", where="option `--workers`", mend=mend
                ) from error
            client = stack.enter_context(distributed.Client(cluster))
        else:
            try:
                client = stack.enter_context(distributed.Client(scheduler, timeout="15s"))
            except (OSError, ValueError) as error:
                mend = "Is the scheduler running, and can this machine reach it?"
                raise SourceError(f"nobody answers ({error})", where=scheduler, mend=mend) from error
        yield _Dask(client)
