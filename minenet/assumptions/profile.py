"""What a municipality says of mini heat networks: the answers to four questions, each with its source and date.

A profile is a TOML file with a table per question. What it does not answer is unknown, and unknown is never allowed::

    municipality = "Voorbeeldstad"

    [heat_network]                # is a heat network for the whole district planned here?
    answer = "by_zones"           # yes, no, conditional, unknown; by_zones: wherever the layer `zones` draws one
    source = "Warmteprogramma Voorbeeldstad"
    date = "2025-06"

    [shared_loops]                # may such a network be built here? Also: ring_net, ring_net_collective, ...
    answer = "yes"
    source = "..."
    date = "2025-06"

    [public_space]                # may public space be used, on what conditions, for how much, asked how long ahead?
    answer = "conditional"
    conditions = "outside the roots of trees"
    fee_eur = 250.0
    fee_eur_m = 1.5
    lead_time_weeks = 8
    length_classes = [{ up_to_m = 20, fee_eur = 400.0 }, { fee_eur_m = 1.5, lead_time_weeks = 12 }]
    source = "..."
    date = "2025-06"

    [support]                     # what support is there for residents?
    answer = "no"
    source = "..."
    date = "2025-06"
"""

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from minenet.assumptions._catalogue import _require_known
from minenet.errors import AssumptionError
from minenet.tables import VARIANTS

__all__ = ["QUESTIONS", "Answer", "LengthClass", "Profile"]

QUESTIONS = ("heat_network", *VARIANTS, "public_space", "support")
"""What a municipality is asked; the second question is asked for every variant."""

ANSWERS = ("yes", "no", "conditional", "unknown")
_KEYS = ("answer", "conditions", "source", "date")
_TERMS = ("fee_eur", "fee_eur_m", "lead_time_weeks")
_CLASS_KEYS = ("up_to_m", "below_m", *_TERMS)
_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
_PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Answer:
    """One answer: yes, no, conditional, by_zones or unknown, with who said so and when."""

    answer: str = "unknown"
    source: str = ""
    date: str = ""
    conditions: str = ""

    @property
    def basis(self) -> str:
        """Source and date, as they stand beside a check."""
        return f"{self.source} ({self.date})" if self.source else ""


@dataclass(frozen=True)
class LengthClass:
    """What a permit costs for a trench up to some length [m], and how long ahead it is asked for [weeks]."""

    longest_m: float = math.inf
    longest_counts: bool = True
    fee_eur: float = 0.0
    fee_eur_m: float = 0.0
    lead_time_weeks: int | None = None

    def holds(self, trench_m: float) -> bool:
        """Tell whether a trench is short enough for this class."""
        return trench_m <= self.longest_m if self.longest_counts else trench_m < self.longest_m

    def fee(self, trench_m: float) -> float:
        """Return what the permit costs for a trench [EUR]."""
        return self.fee_eur + self.fee_eur_m * trench_m


@dataclass(frozen=True)
class Profile:
    """The answers of one municipality, and what the use of its public space costs.

    Examples
    --------
    >>> Profile.unknown().answers["ring_net"].answer
    'unknown'
    >>> Profile.of({"support": {"answer": "no", "source": "the alderman", "date": "2025-06"}}).answers["support"].basis
    'the alderman (2025-06)'
    """

    municipality: str
    answers: Mapping[str, Answer]
    fee_eur: float | None = None
    fee_eur_m: float | None = None
    lead_time_weeks: int | None = None
    length_classes: Sequence[LengthClass] = field(default=())

    def use_fee(self, trench_m: float) -> float | None:
        """Return what the use of public ground costs for a trench there [EUR]; None where the profile does not say.

        Examples
        --------
        >>> asked = {"answer": "yes", "source": "a decision", "date": "2025", "fee_eur": 250, "fee_eur_m": 2.5}
        >>> Profile.of({"public_space": asked}).use_fee(24.0)
        310.0
        """
        if self.fee_eur is None and self.fee_eur_m is None:
            return None
        return (self.fee_eur or 0.0) + (self.fee_eur_m or 0.0) * trench_m

    def permit_class(self, trench_m: float) -> LengthClass | None:
        """Return the class of length of the permit for a trench in public ground; None where there are none."""
        return next((one for one in self.length_classes if one.holds(trench_m)), None)

    @classmethod
    def unknown(cls) -> Self:
        """Return the profile of a municipality that was not asked: every answer is unknown."""
        return cls("", MappingProxyType({question: Answer() for question in QUESTIONS}))

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read a profile from a TOML file.

        Raises
        ------
        AssumptionError
            When the file is no TOML, a key in it is not known, or an answer lacks its source or date.
        """
        try:
            tables = tomllib.loads(Path(path).read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise AssumptionError(f"cannot be read ({error})", where=str(path)) from error
        except tomllib.TOMLDecodeError as error:
            raise AssumptionError(f"is not a TOML file ({error})", where=str(path)) from error
        return cls.of(tables, where=str(path))

    @classmethod
    def of(cls, tables: Mapping[str, Any], *, where: str = "profile") -> Self:
        """Return the profile that tables of answers make; a question without a table is unknown.

        Raises
        ------
        AssumptionError
            When a key is not known, has a value of the wrong kind, or an answer lacks its source or date.
        """
        answers = {question: Answer() for question in QUESTIONS}
        terms: dict[str, Any] = {}
        for name, table in tables.items():
            _require_known(name, ("municipality", *QUESTIONS), f"{where}: [{name}]")
            if name == "municipality":
                continue
            if not isinstance(table, Mapping):
                raise AssumptionError("must be a table with an answer", where=f"{where}: [{name}]")
            more = (*_TERMS, "length_classes") if name == "public_space" else ()
            for key in table:
                _require_known(key, (*_KEYS, *more), f"{where}: [{name}] `{key}`")
            answers[name] = _answer(name, table, f"{where}: [{name}]")
            if name == "public_space":
                terms = _terms(table, f"{where}: [{name}]")
                terms["length_classes"] = _classes(table.get("length_classes", []), f"{where}: [{name}]")
        return cls(_text(tables, "municipality", where), MappingProxyType(answers), **terms)

    @classmethod
    def example(cls) -> Self:
        """Return the profile of the fictional municipality of the demo, `data/gemeente-voorbeeld.toml`.

        Raises
        ------
        AssumptionError
            When the installation does not hold it.
        """
        name = "gemeente-voorbeeld.toml"
        installed, checkout = _PACKAGE / "data" / name, _PACKAGE.parent / "data" / name
        return cls.read(installed if installed.is_file() else checkout)

    def notes(self) -> dict[str, str]:
        """Return every answer with its source and date, as `provenance` tells it."""
        told = {"profile.municipality": self.municipality or "not given"}
        for question, said in self.answers.items():
            parts = [said.answer, said.conditions, said.source, said.date]
            told[f"profile.{question}"] = "; ".join(part for part in parts if part)
        known = {name: getattr(self, name) for name in _TERMS}
        told |= {f"profile.public_space.{name}": f"{value:g}" for name, value in known.items() if value is not None}
        if self.length_classes:
            classes = [_told(one) for one in self.length_classes]
            told["profile.public_space.length_classes"] = "; ".join(classes)
        return told


def _answer(question: str, table: Mapping[str, Any], where: str) -> Answer:
    allowed = (*ANSWERS, "by_zones") if question == "heat_network" else ANSWERS
    answer = _text(table, "answer", where)
    if answer not in allowed:
        raise AssumptionError(f"`answer` {answer!r} is not one of {', '.join(allowed)}", where=where)
    date = str(table.get("date", ""))  # a date of TOML's own kind is as good as a text
    source, conditions = _text(table, "source", where), _text(table, "conditions", where)
    if answer != "unknown" and not source:
        raise AssumptionError("an answer needs its `source`", where=where, mend='Or set answer = "unknown".')
    if (date or answer != "unknown") and not re.fullmatch(_DATE, date):
        raise AssumptionError(f"`date` {date!r} is not a date", where=where, mend="Write 2025, 2025-06 or 2025-06-30.")
    return Answer(answer, source, date, conditions)


def _text(table: Mapping[str, Any], key: str, where: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise AssumptionError(f"`{key}` must be a text", where=where)
    return value.strip()


def _terms(table: Mapping[str, Any], where: str) -> dict[str, Any]:
    terms: dict[str, Any] = {}
    for key in _TERMS:
        if key in table:
            value = terms[key] = table[key]
            kinds = (int,) if key == "lead_time_weeks" else (int, float)
            if isinstance(value, bool) or not isinstance(value, kinds) or not 0 <= value < math.inf:
                kind = "whole number" if kinds == (int,) else "number"
                raise AssumptionError(f"`{key}` {value!r} is not a {kind} of 0 or more", where=where)
    return terms


def _classes(entries: Any, where: str) -> tuple[LengthClass, ...]:
    """Return the classes of length, each longer than the one before, the last without an end."""
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise AssumptionError("`length_classes` must be a list of tables", where=where)
    classes: list[LengthClass] = []
    for number, entry in enumerate(entries, 1):
        here = f"{where} length_classes {number}"
        for key in entry:
            _require_known(key, _CLASS_KEYS, f"{here}: `{key}`")
        ends = [key for key in ("up_to_m", "below_m") if key in entry]
        last = number == len(entries)
        if len(ends) != (0 if last else 1):
            mend = "Every class but the last has one of `up_to_m` and `below_m`, the last none."
            raise AssumptionError("does not say which lengths it is for", where=here, mend=mend)
        longest = entry[ends[0]] if ends else math.inf
        if isinstance(longest, bool) or not isinstance(longest, int | float) or not longest > 0:
            raise AssumptionError(f"`{ends[0]}` {longest!r} is not a length above 0", where=here)
        if classes and longest <= classes[-1].longest_m:
            raise AssumptionError("is not longer than the class before it", where=here, mend="Sort them by length.")
        classes.append(LengthClass(float(longest), "below_m" not in ends, **_terms(entry, here)))
    return tuple(classes)


def _told(one: LengthClass) -> str:
    sign = "up to" if one.longest_counts else "below"
    reach = "longer" if math.isinf(one.longest_m) else f"{sign} {one.longest_m:g} m"
    weeks = "" if one.lead_time_weeks is None else f", {one.lead_time_weeks} weeks"
    return f"{reach}: {one.fee_eur:g} EUR + {one.fee_eur_m:g} EUR/m{weeks}"
