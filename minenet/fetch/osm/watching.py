"""Looks at every answer of a service before osmnx sees it: whether it is whole, in time, and what was asked for."""

import json
import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from minenet.errors import SourceError
from minenet.fetch.web.asking import BUSY, require_same_place

__all__ = ["LaterError", "Watch", "seconds_asked_for"]

PIECE = 1 << 16


class LaterError(Exception):
    """It may go better later; `pause` is what the service asks for [s]."""

    def __init__(self, why: str, pause: float | None = None) -> None:
        super().__init__(why)
        self.pause = pause


class Watch:
    """A hook of requests: called with every answer, it raises when the answer is not fit.

    Parameters
    ----------
    most_bytes : int
        A larger answer is refused.
    answer_s : float
        Longest time for a whole answer. [s]

    Attributes
    ----------
    finished : int
        How many fit answers came.
    """

    def __init__(self, most_bytes: int, *, answer_s: float) -> None:
        self.most_bytes, self.answer_s, self.finished = most_bytes, answer_s, 0

    def __call__(self, response: requests.Response, *_: Any, **__: Any) -> None:
        """Read an answer and look at it.

        Raises
        ------
        LaterError
            When it is not whole or the service is busy.
        SourceError
            When asking again is in vain.
        """
        where = urlsplit(response.url).hostname or response.url
        if response.is_redirect:
            require_same_place(response)
            return
        if response.status_code in BUSY:
            asked_for = seconds_asked_for(response.headers.get("Retry-After"))
            raise LaterError(f"answered {response.status_code}", asked_for)
        length = response.headers.get("Content-Length", "")
        if length.isdigit() and int(length) > self.most_bytes:
            raise self._too_large(where)
        response.raw = _Bounded(response.raw, self, where)
        if response.status_code != requests.codes.ok:
            raise SourceError(f"answered {response.status_code}{_first_words(response.content)}", where=where)
        if length.isdigit() and not response.headers.get("Content-Encoding") and len(response.content) < int(length):
            raise LaterError("broke off in the middle of an answer")
        _require_fit(response.content)
        self.finished += 1

    def _too_large(self, where: str) -> SourceError:
        mend = "Take a smaller window."
        return SourceError(f"sends more than {self.most_bytes / 2**20:,.0f} MB for one answer", where=where, mend=mend)


class _Bounded:
    """The body of an answer, as it comes: not larger, and not for longer, than is allowed."""

    def __init__(self, raw: Any, watch: Watch, where: str) -> None:
        self.raw, self.watch, self.where = raw, watch, where
        self.size, self.begun = 0, time.monotonic()

    def read(self, size: int = PIECE) -> bytes:
        piece: bytes = self.raw.read1(max(size, PIECE), decode_content=True)  # what is there, without waiting for more
        self.size += len(piece)
        if self.size > self.watch.most_bytes:
            raise self.watch._too_large(self.where)  # noqa: SLF001 - a part of it
        if time.monotonic() - self.begun > self.watch.answer_s:
            raise LaterError(f"had not finished after {self.watch.answer_s:g} s")
        return piece

    def close(self) -> None:
        self.raw.close()

    def release_conn(self) -> None:
        self.raw.release_conn()


def _require_fit(body: bytes) -> None:
    """Raise when an answer is not whole, or the service says that it stopped half-way."""
    if body.lstrip()[:1] == b"<":
        raise LaterError(f"sent a web page instead of data{_first_words(body)}")
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise LaterError("sent an answer that is cut off or no JSON" if body else "sent nothing") from error
    if isinstance(said, dict) and said.get("remark"):
        raise LaterError(f"stopped half-way: {' '.join(str(said['remark']).split())[:200]}")
    if not isinstance(said, list) and not (isinstance(said, dict) and isinstance(said.get("elements"), list)):
        raise LaterError("sent something else than what is on the map")


def seconds_asked_for(header: str | None, *, now: datetime | None = None) -> float | None:
    """Return how long a service asks to wait [s], from `Retry-After`: seconds or a date; None when it does not say.

    Examples
    --------
    >>> seconds_asked_for("30"), seconds_asked_for("soon"), seconds_asked_for(None)
    (30.0, None, None)
    >>> seconds_asked_for("Sat, 28 Nov 2026 12:00:30 GMT", now=datetime(2026, 11, 28, 12, 0, 0, tzinfo=UTC))
    30.0
    """
    text = (header or "").strip()
    if re.fullmatch("[0-9]{1,9}", text):
        return float(text)
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max((then - (now or datetime.now(tz=UTC))).total_seconds(), 0.0)


def _first_words(body: bytes) -> str:
    text = " ".join(re.sub(r"<[^>]*>", " ", body[:4000].decode("utf-8", "replace")).split())
    return f": {text[:200]}" if text else ""
