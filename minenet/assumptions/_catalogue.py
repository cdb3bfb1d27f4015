"""Reads the catalogue of assumptions, lays a user's file over it, and writes it out again."""

import datetime as dt
import difflib
import json
import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

import pandas as pd

from minenet.assumptions.sections import SECTIONS, Checks, Clusters, Costs, Ground, Homes, Network, Sites, Trenches
from minenet.errors import AssumptionError

Value = float | int | bool | str
_METADATA = ("value", "low", "high", "unit", "about", "source", "date", "vat", "confidence", "choices")


@dataclass(frozen=True)
class Entry:
    """One assumption: `section.name`, its value and all that is known about it.

    `source` is a document, an address on the web, "calibrated to the factsheet", or "no source". `vat` is "incl.",
    "excl." or "" where it does not apply. `low` and `high` bound the value (None for words and switches).
    """

    section: str
    name: str
    value: Value
    unit: str
    about: str
    source: str
    date: str
    low: float | None = None
    high: float | None = None
    vat: str = ""
    confidence: str = ""
    choices: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """`section.name`, as users write it."""
        return f"{self.section}.{self.name}"


@dataclass(frozen=True)
class Assumptions:
    """All assumptions, by section; `entries` holds the source and range of each.

    Examples
    --------
    >>> Assumptions.default().ground.years
    25
    >>> Assumptions.default().override({"ground": {"conductivity": 1.8}}).ground.conductivity
    1.8
    """

    homes: Homes
    trenches: Trenches
    clusters: Clusters
    sites: Sites
    ground: Ground
    network: Network
    costs: Costs
    checks: Checks
    entries: Mapping[str, Entry]

    @classmethod
    def default(cls) -> Self:
        """Return the assumptions that ship with minenet."""
        return cls._build(entry for section in SECTIONS for entry in _read_section(section))

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Return the default assumptions with those of a TOML file laid over them.

        Raises
        ------
        AssumptionError
            When the file is no TOML, or a key, type or value in it is not right.
        """
        try:
            tables = tomllib.loads(Path(path).read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise AssumptionError(f"cannot be read ({error})", where=str(path)) from error
        except tomllib.TOMLDecodeError as error:
            mend = "`minenet assumptions` prints a file to start from."
            raise AssumptionError(f"is not a TOML file ({error})", where=str(path), mend=mend) from error
        return cls.default().override(tables, where=str(path))

    def override(self, tables: Mapping[str, Any], *, where: str = "assumptions") -> Self:
        """Return a copy with other values: `{"ground": {"conductivity": 1.8}}`, or a table with `value` and `source`.

        A value given without a source carries the source "set by the user".

        Raises
        ------
        AssumptionError
            When a section or name is unknown, or a value has the wrong type or lies outside its own range.
        """
        entries = dict(self.entries)
        for section, values in tables.items():
            known = [e.name for e in entries.values() if e.section == section]
            _require_known(section, SECTIONS, f"{where}: section [{section}]")
            if not isinstance(values, Mapping):
                raise AssumptionError("must be a table of names and values", where=f"{where}: [{section}]")
            for name, value in values.items():
                key = f"{section}.{name}"
                _require_known(name, known, f"{where}: `{key}`")
                entries[key] = _overridden(entries[key], value, f"{where}: `{key}`")
        return self._build(entries.values())

    @classmethod
    def _build(cls, entries: Iterable[Entry]) -> Self:
        by_key = {e.key: e for e in entries}
        sections = {
            name: section(**{f.name: by_key[f"{name}.{f.name}"].value for f in fields(section)})
            for name, section in SECTIONS.items()
        }
        return cls(**sections, entries=MappingProxyType(by_key))

    def catalogue(self) -> pd.DataFrame:
        """Return one row per assumption: `key, value, unit, low, high, about, source, date, vat, confidence`."""
        columns = ["key", "value", "unit", "low", "high", "about", "source", "date", "vat", "confidence"]
        rows = [[getattr(e, c) for c in columns] for e in self.entries.values()]
        return pd.DataFrame(rows, columns=columns)

    def to_toml(self) -> str:
        """Return all assumptions as TOML text, ready to edit and to read back."""
        parts = ["# minenet assumptions: change what you know better, delete the rest.\n"]
        for section in SECTIONS:
            parts += [_entry_toml(e) for e in self.entries.values() if e.section == section]
        return "\n".join(parts)


def _read_section(section: str) -> list[Entry]:
    text = files("minenet.assumptions").joinpath(f"{section}.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    declared = {f.name: f.type for f in fields(SECTIONS[section])}
    if set(tables) != set(declared):
        difference = sorted(set(tables) ^ set(declared))
        raise AssumptionError(f"does not match its section: {', '.join(difference)}", where=f"{section}.toml")
    return [_entry(section, name, tables[name]) for name in declared]


def _entry(section: str, name: str, table: Mapping[str, Any]) -> Entry:
    where = f"{section}.toml: {name}"
    for key in table:
        _require_known(key, _METADATA, f"{where}: `{key}`")
    entry = Entry(
        section=section,
        name=name,
        **{k: v for k, v in table.items() if k != "choices"},
        choices=tuple(table.get("choices", ())),
    )
    _require_possible(entry, where)
    return entry


def _overridden(entry: Entry, value: Any, where: str) -> Entry:
    table: Mapping[str, Any] = value if isinstance(value, Mapping) else {"value": value}
    for key in table:
        _require_known(key, _METADATA, f"{where}: `{key}`")
    if isinstance(table.get("date"), dt.date):  # a date of TOML's own kind is as good as a text
        table = {**table, "date": table["date"].isoformat()}
    changed = table.get("value", entry.value) != entry.value
    defaults = {"source": "set by the user", "date": "", "confidence": ""} if changed else {}
    entry = replace(entry, **{**defaults, **{k: v for k, v in table.items() if k != "choices"}})
    _require_possible(entry, where)
    return entry


def _require_known(name: str, known: Iterable[str], where: str) -> None:
    known = list(known)
    if name not in known:
        nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        mend = f"Did you mean `{nearest[0]}`?" if nearest else f"Known: {', '.join(sorted(known))}."
        raise AssumptionError("is not known", where=where, mend=mend)


_DATE = r"(\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?)(/\d{4})?"
VAT = ("", "incl.", "excl.")


def _require_well_told(entry: Entry, where: str) -> None:
    """Refuse what is said beside a value where it is no text, no number, no date or no word that is known."""
    for name in ("unit", "about", "source", "date", "vat", "confidence"):
        if not isinstance(getattr(entry, name), str):
            raise AssumptionError(f"`{name}` {getattr(entry, name)!r} is not a text", where=where, mend="Quote it.")
    for name in ("low", "high"):
        end = getattr(entry, name)
        if end is not None and (isinstance(end, bool) or not isinstance(end, int | float) or not math.isfinite(end)):
            raise AssumptionError(f"`{name}` {end!r} is not a number", where=where)
    if entry.date and not re.fullmatch(_DATE, entry.date):
        mend = "Write 2025, 2025-06, 2025-06-30, or two years: 2018/2020."
        raise AssumptionError(f"`date` {entry.date!r} is not a date", where=where, mend=mend)
    if entry.vat not in VAT:
        raise AssumptionError(f"`vat` {entry.vat!r} is not one of incl., excl.", where=where)


def _require_possible(entry: Entry, where: str) -> None:
    _require_well_told(entry, where)
    kind = {f.name: f.type for f in fields(SECTIONS[entry.section])}[entry.name]
    value = entry.value
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
        object.__setattr__(entry, "value", value)
    if type(value) is not kind:
        raise AssumptionError(f"{value!r} is not a {_WORDS[kind]}", where=where)
    if isinstance(value, int | float) and not isinstance(value, bool):
        _require_in_range(entry, float(value), where)
        if entry.unit == "years" and (value < 1 or (entry.low is not None and entry.low < 1)):
            raise AssumptionError("a number of years is 1 or more, its low end too", where=where)
        if (
            entry.section == "costs"
            and entry.unit.startswith("EUR")
            and (value < 0 or (entry.low is not None and entry.low < 0))
        ):
            mend = "A price and its range start at 0; what is received is an item of kind `subsidy`."
            raise AssumptionError("a price cannot be negative", where=where, mend=mend)
    if entry.choices and value not in entry.choices:
        raise AssumptionError(f"{value!r} is not one of {', '.join(entry.choices)}", where=where)


def _require_in_range(entry: Entry, value: float, where: str) -> None:
    low = float("-inf") if entry.low is None else entry.low
    high = float("inf") if entry.high is None else entry.high
    if not low <= value <= high:  # a NaN fails too
        mend = "Give `low` and `high` with it if the range itself is to change."
        raise AssumptionError(f"{value:g} lies outside its range {low:g} to {high:g}", where=where, mend=mend)


_WORDS: Mapping[Any, str] = {float: "number", int: "whole number", bool: "true or false", str: "text"}


def _entry_toml(entry: Entry) -> str:
    lines = [f"# {entry.about}"] if entry.about else []
    lines.append(f"[{entry.key}]")
    for name in ("value", "low", "high", "unit", "source", "date", "vat", "confidence"):
        value = getattr(entry, name)
        if value not in (None, ""):
            lines.append(f"{name} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"
