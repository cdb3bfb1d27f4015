"""What the result says, in words that map and pages share: names, verdicts, reasons, checks, makers of the data."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from minenet.maps.layers import fits_some, rows
from minenet.maps.words import Words, known
from minenet.tables import Result

__all__ = [
    "VERDICTS",
    "attribution_of",
    "check_line",
    "checks_of",
    "data_of",
    "is_fictional",
    "name_of",
    "reasons_of",
    "verdict_of",
    "why_not",
]

VERDICTS = ("promising", "investigate", "excluded")


def name_of(name: str | None, identifier: Any, words: Words) -> str:
    """Return what a cluster is called; one without a name by its identifier."""
    return words.place(name) if name else f"{words('overview.no_name')} ({identifier})"


def verdict_of(value: Any) -> str:
    """Return a verdict that has a style, `unknown` for anything else."""
    return value if isinstance(value, str) and value in VERDICTS else "unknown"


def why_not(solution: Mapping[str, Any], homes: Any, words: Words) -> str | None:
    """Return why a system cannot be built for all `homes`, or for how many it can."""
    possible, reason = solution.get("homes_possible"), str(solution["reason"] or "")
    if fits_some(solution) and possible is not None and not reason.startswith("fits_for_at_least"):
        return words("page.fits_some", some=words.number(possible), all=words.number(homes))
    if known(solution["reason"]):
        return words.code("reason", solution["reason"])
    return words("page.not_everywhere") if fits_some(solution) else None


def reasons_of(codes: str | None, words: Words, *, without: tuple[str, ...] = ()) -> list[str]:
    """Return the reasons of a verdict in words, without codes that begin as in `without`."""
    parts = [code.strip() for code in (codes or "").split(";")]
    return [words.code("reason", code) for code in parts if code and not code.startswith(without or "\0")]


def data_of(result: Result, words: Words) -> list[str]:
    """Return which files the result was made of, and by which version."""
    values = dict(zip(result.provenance["key"], result.provenance["value"], strict=True))
    files = [match.group(1) for key in values if (match := re.fullmatch(r"input\.(.+)\.sha256", str(key)))]
    lines = [words("page.sources_input", value=name) for name in files if "." in name][:MOST_FILES]
    if attribution := attribution_of(result):
        lines.append(words("page.sources_attribution", value=attribution))
    version = values.get("minenet.version")
    return [*lines, words("page.sources_version", version=str(version))] if known(version) else lines


def attribution_of(result: Result) -> str:
    """Return whom the data names as its makers: the keys `attribution` and `attribution.*`."""
    pairs = zip(result.provenance["key"], result.provenance["value"], strict=True)
    named = [str(value) for key, value in pairs if str(key).partition(".")[0] == "attribution" and known(value)]
    return ", ".join(dict.fromkeys(named))


MOST_FILES = 4


OUTCOMES = ("blocked", "warning", "unknown", "attention", "ok")
"""Outcomes as they are shown, what needs something first; `warning` is attention where a limit is exceeded."""

LIMITED = (
    "permit",
    "cooling",
    "cooling_clusters",
    "cooling_together",
    "cooling_registered",
    "cooling_by_registered",
    "collective_heat_act",
)
"""Checks whose attention means that the data already exceeds a limit, not that somebody must be asked."""


def _within(detail: str) -> bool:
    """Return whether the cooling that a detail tells lies within its limit."""
    found = re.match(r"at most ([\d.]+) K, limit ([\d.]+) K", detail)
    return found is None or float(found[1]) <= float(found[2])


def _shown(one: Mapping[str, Any]) -> str:
    """Return the outcome of a check as it is shown."""
    outcome = str(one["outcome"]) if one["outcome"] in OUTCOMES else "unknown"
    # existing loops ask attention also within the limit, for not all of them are registered
    within = one["check"] in ("cooling_registered", "cooling_by_registered") and _within(str(one["detail"] or ""))
    return "warning" if outcome == "attention" and one["check"] in LIMITED and not within else outcome


def check_line(one: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """Return one check in words; `order` is its place among the others, what needs something first."""
    outcome = _shown(one)
    return {
        "check": str(one["check"]),
        "question": words.code("check", one["check"]),
        "outcome": outcome,
        "detail": words.detail(one["detail"]),
        "who": words.code("who", one["who"]) if known(one["who"]) else "",
        "source": words.source(one["source"]),
        "variants": [words.code("variant", one["variant"])] if known(one["variant"]) else [],
        "order": OUTCOMES.index(outcome),
    }


def checks_of(frame: pd.DataFrame, audience: str, words: Words, *, variant: str | None = None) -> list[dict[str, Any]]:
    """Return checks in words, what needs something first; variants with the same outcome in one line.

    Parameters
    ----------
    frame : DataFrame
        Checks of one cluster.
    audience : str
        Who reads them.
    words : Words
        Texts.
    variant : str, optional
        Leave out what concerns other variants only.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in rows(frame, audience, "checks"):
        if variant is not None and one["variant"] not in (None, variant):
            continue
        line = check_line(one, words)
        kept = found.setdefault((line["check"], line["outcome"]), line)
        if kept is not line:
            kept["variants"] += line["variants"]
    return sorted(found.values(), key=lambda line: line["order"])


def is_fictional(result: Result) -> bool:
    """Return whether the data says of itself that it is made up."""
    for key, value in zip(result.provenance["key"], result.provenance["value"], strict=True):
        said = str(key).rsplit(".", 1)[-1] in {"fictional", "note"} and str(value).lower() == "true"
        if said:
            return True
    return False
