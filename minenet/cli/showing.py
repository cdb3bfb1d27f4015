"""What a verb shows while it works, and how it says that a file cannot be written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from minenet.terminal import Screen, harmless

__all__ = ["Step", "err", "progress", "require_another", "written_to"]

err = Screen(stderr=True, highlight=False)


@contextmanager
def progress(name: str, steps: int) -> Iterator["Step"]:
    """Show a bar on a terminal, nothing elsewhere."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        yield Step(progress, progress.add_task(name, total=steps))


class Step:
    """Moves a bar one step on when a step begins."""

    def __init__(self, progress: Progress, task: int) -> None:
        self._progress, self._task, self._begun = progress, task, 0

    def __call__(self, name: str) -> None:
        """Begin the next step."""
        self._progress.update(self._task, description=name, completed=self._begun)  # type: ignore[arg-type]
        self._begun += 1

    def said(self, text: str) -> None:
        """Show what goes on within a step."""
        self._progress.update(self._task, description=harmless(text[:70]))  # type: ignore[arg-type]


@contextmanager
def written_to(path: Path) -> Iterator[None]:
    """Say of what is written within that it cannot be, in the words of the system."""
    try:
        yield
    except OSError as error:
        raise click.FileError(str(path), error.strerror or str(error)) from error


def require_another(given: str, output: str) -> None:
    """Complain when what is read would be written over."""
    if Path(given).exists() and Path(output).exists() and Path(given).samefile(output):
        raise click.UsageError(f"{output} is what is read: give what is written another name.")
