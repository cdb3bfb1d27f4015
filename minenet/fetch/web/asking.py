"""Asks public services, one question at a time: with time limits, retries, a size limit, and answers kept on disk."""

import ipaddress
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from requests.exceptions import RequestException, SSLError
from urllib3.exceptions import HTTPError, ReadTimeoutError

from minenet._version import __version__
from minenet.errors import AssumptionError, SourceError
from minenet.fetch.web.store import Answer, Store

__all__ = ["AGENT", "BUSY", "Patience", "UnfitAnswerError", "Web", "require_same_place"]

AGENT = f"minenet/{__version__} (finds streets for mini heat networks; python-requests)"
"""How minenet names itself: services may turn away who does not say who asks."""

BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that may be better a moment later."""

PIECE = 1 << 16


class UnfitAnswerError(Exception):
    """An answer came, but is not what was asked for: cut off, an error page, too short, of another place."""


@dataclass(frozen=True)
class Patience:
    """How long to wait for a service, and how often to try again.

    Parameters
    ----------
    connect_s, read_s : float
        Longest wait for a connection, and for the next piece of an answer. [s]
    answer_s : float
        Longest time for a whole answer. [s]
    tries : int
        How often a question is asked before giving up.
    pause_s, longest_pause_s : float
        Pause before the second try, doubled every time, and the longest one, also when a service asks for more. [s]
    most_bytes : int
        A larger answer is refused: no page of features is that large.
    """

    connect_s: float = 10.0
    read_s: float = 60.0
    answer_s: float = 300.0
    tries: int = 6
    pause_s: float = 1.0
    longest_pause_s: float = 120.0
    most_bytes: int = 256 * 2**20

    def pause(self, tried: int, asked_for: str | None) -> float:
        """Return how long to wait after a try [s]: as long as the service asks for, else twice as long each time."""
        if asked_for and asked_for.strip().isdigit():
            return min(float(asked_for), self.longest_pause_s)
        return min(self.pause_s * 2.0**tried, self.longest_pause_s)


@dataclass
class Web:
    """Asks questions over HTTP and keeps the answers; certificates are always checked.

    Parameters
    ----------
    store : Store
        Where answers are kept.
    patience : Patience
        Time, tries and size.
    mirror : str
        Ask this host instead of the public ones: a mirror of one's own. Empty for the public ones. Its address goes
        into what is written, so it holds no password: `requests` takes names and passwords from a netrc file.
    sleep, told : callable
        How to wait, and whom to tell what is going on.

    Raises
    ------
    AssumptionError
        When the mirror is no plain address.
    """

    store: Store
    patience: Patience = field(default_factory=Patience)
    mirror: str = ""
    sleep: Callable[[float], None] = time.sleep
    told: Callable[[str], None] = field(default=lambda _: None)

    def __post_init__(self) -> None:
        if self.mirror:
            _require_plain_address(self.mirror)
        self._session = requests.Session()
        self._session.hooks["response"].append(require_same_place)
        self._session.headers["User-Agent"] = AGENT

    def get(
        self,
        url: str,
        parameters: Mapping[str, str] | None = None,
        *,
        check: Callable[[bytes], object] = len,
        again: bool = False,
    ) -> Answer:
        """Return the answer to a question, from the store or from the service.

        Parameters
        ----------
        url : str
            Whom to ask.
        parameters : mapping of str to str, optional
            What to ask.
        check : callable
            Raises `UnfitAnswerError` when a body is not what was asked for: it is then asked again and never kept.
        again : bool
            Ask the service even when an answer is kept.

        Raises
        ------
        SourceError
            When there is no fit answer after all tries, or the service refuses the question.
        """
        question = requests.Request("GET", url, params=dict(parameters or {})).prepare().url or url
        kept = None if again else self.store.find(question)
        if kept is not None and _fits(kept.body, check):
            return kept
        why = ""
        for tried in range(self.patience.tries):
            try:
                body = self._once(question)
                check(body)
                return self.store.keep(question, body)
            except _LaterError as error:
                why, pause = str(error), self.patience.pause(tried, error.pause)
            except UnfitAnswerError as error:
                why, pause = str(error), self.patience.pause(tried, None)
            if tried + 1 < self.patience.tries:
                self.told(f"{urlsplit(url).hostname}: {why}; asking again in {pause:.0f} s")
                self.sleep(pause)
        mend = "Run the same command again later: what was fetched is kept."
        raise SourceError(f"{why} (asked {self.patience.tries} times)", where=_short(question), mend=mend)

    def _once(self, question: str) -> bytes:
        patience = self.patience
        with _told_later(question), self._asked(question, (patience.connect_s, patience.read_s)) as response:
            if response.status_code in BUSY:
                raise _LaterError(f"answered {response.status_code}", response.headers.get("Retry-After"))
            if response.status_code != requests.codes.ok:
                said = _first_words(next(response.iter_content(2000), b""))
                raise SourceError(f"answered {response.status_code}{said}", where=_short(question))
            return self._read(response)

    @contextmanager
    def _asked(self, question: str, timeout: tuple[float, float]) -> Iterator[requests.Response]:
        with self._session.get(question, timeout=timeout, stream=True) as response:
            yield response

    def _read(self, response: requests.Response) -> bytes:
        begun, size, pieces = time.monotonic(), 0, []
        while piece := response.raw.read1(PIECE, decode_content=True):  # what is there, without waiting for more
            pieces.append(piece)
            size += len(piece)
            if size > self.patience.most_bytes:
                limit = self.patience.most_bytes / 2**20
                raise SourceError(f"sends more than {limit:,.0f} MB for one answer", where=_short(response.url))
            if time.monotonic() - begun > self.patience.answer_s:
                raise _LaterError(f"had not finished after {self.patience.answer_s:g} s")
        return b"".join(pieces)


def require_same_place(response: requests.Response, *_: Any, **__: Any) -> None:
    """Raise before a service leads to another place: one that is not secured, or that somebody else runs.

    A hook of `requests`, called with every answer before a redirection is followed. Without it a service could let
    minenet ask hosts that only this machine can reach.

    Raises
    ------
    SourceError
        With where it leads to.
    """
    if not response.is_redirect:
        return
    here = urlsplit(response.url)
    try:
        there = urlsplit(urljoin(response.url, response.headers["Location"]))
        near = _of_one_site(here, there)
    except ValueError as error:
        raise SourceError("leads to what is no address", where=str(here.hostname)) from error
    if here.scheme == "https" and there.scheme != "https":
        raise SourceError("leads to a page that is not secured", where=str(here.hostname))
    if not near:
        raise SourceError(f"leads to another place ({there.hostname})", where=str(here.hostname))


def _of_one_site(here: SplitResult, there: SplitResult) -> bool:
    """Whether an address is of the same host, or of one with the same last two names, at a usual port or the same."""
    if there.port not in (None, 80, 443, here.port):
        return False
    one, other = (here.hostname or "").rstrip("."), (there.hostname or "").rstrip(".")
    return one == other or (_site(one) is not None and _site(one) == _site(other))


def _site(host: str) -> str | None:
    """Return the last two names of a host; None for a number or a single name, which have no family."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        names = host.split(".")
        return ".".join(names[-2:]) if len(names) > 1 and not names[-1].isdigit() else None
    return None


def _require_plain_address(mirror: str) -> None:
    """Raise when an address is none, or holds what must not be written down; the message does not repeat it."""
    address = urlsplit(mirror)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise AssumptionError(
            "is no address of a host", where="--mirror", mend="Write https://host or https://host/path."
        )
    if "@" in address.netloc or address.query or address.fragment:
        mend = "Write https://host; name and password of a host belong in a netrc file."
        raise AssumptionError("holds a name, password or key, which would be written down", where="--mirror", mend=mend)


class _LaterError(Exception):
    """It may go better later; `pause` is what the service asks for."""

    def __init__(self, why: str, pause: str | None = None) -> None:
        super().__init__(why)
        self.pause = pause


@contextmanager
def _told_later(question: str) -> Iterator[None]:
    """Turn what goes wrong on the line into a reason to try again, or into an error where trying again is in vain."""
    try:
        yield
    except SSLError as error:
        mend = "Ask who runs your network: the certificate is never left unchecked."
        raise SourceError("has no certificate that can be trusted", where=_short(question), mend=mend) from error
    except (requests.Timeout, ReadTimeoutError) as error:
        raise _LaterError("did not answer in time") from error
    except requests.exceptions.InvalidURL as error:
        raise SourceError("is no address of a service", where=_short(question)) from error
    except (RequestException, HTTPError) as error:
        raise _LaterError(f"broke off ({type(error).__name__})") from error


def _fits(body: bytes, check: Callable[[bytes], object]) -> bool:
    try:
        check(body)
    except UnfitAnswerError:
        return False
    return True


def _short(question: str) -> str:
    return question if len(question) <= 160 else question[:157] + "..."


def _first_words(body: bytes) -> str:
    text = " ".join(body.decode("utf-8", "replace").split())
    return f": {text[:200]}" if text else ""
