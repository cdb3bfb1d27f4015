"""Answers kept on disk: what was fetched before a break is not asked again, what is too old or damaged is."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from platformdirs import user_cache_path

from minenet.errors import OutputError
from minenet.sources.in_place import moved_into_place

__all__ = ["Answer", "Store", "default_folder", "today"]


def default_folder() -> Path:
    """Return the folder for answers that this system has for such things."""
    return user_cache_path("minenet", appauthor=False)


def today() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Answer:
    """What a service said, and on which day (ISO)."""

    body: bytes
    date: str
    fresh: bool = True


class Store:
    """Answers by their question, each in one file that is whole or not there.

    Parameters
    ----------
    folder : Path
        Where they are kept.
    max_age_days : float
        Older answers count as not there.
    now : callable
        What time it is.
    """

    def __init__(self, folder: Path, *, max_age_days: float = 30.0, now: Callable[[], datetime] = today) -> None:
        self.folder, self.max_age_days, self.now = folder, max_age_days, now

    def find(self, question: str) -> Answer | None:
        """Return the answer to a question; None when there is none that is whole and young enough."""
        try:
            head, _, body = self._file(question).read_bytes().partition(b"\n")
            about = json.loads(head)
            answered = datetime.fromisoformat(about["answered"])
            whole = about["question"] == question and about["sha256"] == hashlib.sha256(body).hexdigest()
            age = self.now() - answered
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not whole or not timedelta(minutes=-5) <= age <= timedelta(
            days=self.max_age_days
        ):  # from the future: the clock was wrong
            return None
        return Answer(body, answered.date().isoformat(), fresh=False)

    def keep(self, question: str, body: bytes) -> Answer:
        """Keep an answer.

        Raises
        ------
        OutputError
            When the folder cannot be written to.
        """
        now = self.now()
        about = {"question": question, "answered": now.isoformat(), "sha256": hashlib.sha256(body).hexdigest()}
        file = self._file(question)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # where somebody looks is nobody else's business
            file.parent.mkdir(exist_ok=True)
            with moved_into_place(file) as part:
                part.write_bytes(json.dumps(about).encode() + b"\n" + body)
        except (OSError, OutputError) as error:
            mend = "Name another folder with --cache."
            what = f"answers cannot be kept ({getattr(error, 'strerror', None) or error})"
            raise OutputError(what, where=str(self.folder), mend=mend) from error
        return Answer(body, now.date().isoformat())

    def _file(self, question: str) -> Path:
        digest = hashlib.sha256(question.encode()).hexdigest()
        return self.folder / digest[:2] / digest
