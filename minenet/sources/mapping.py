"""Other people's names: which file and layer is which table, which column is which, which values mean what.

A mapping is a TOML file with one table per layer of an area (an array of tables where several sources feed one)::

    [buildings]
    layer = "pand"
    columns = { building_id = "identificatie", year_built = "bouwjaar" }
    keep = { status = ["Pand in gebruik"] }

    [[obstacles]]
    layer = "walls"
    constants = { kind = "wall" }

    [land]
    layer = "terrain"
    columns = { ownership = "type", cover = "type" }
    values.ownership = { erf = "private", groenvoorziening = "public" }
    attribution = "BGT, CC0"

`attribution` names the makers of the data; maps and pages show it.
"""

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from minenet.errors import AssumptionError, InputError
from minenet.tables import AREA_TABLES

__all__ = ["LayerMapping", "apply_mapping", "read_mapping"]

_KEYS = ("file", "layer", "columns", "values", "constants", "keep", "attribution")


@dataclass(frozen=True)
class LayerMapping:
    """How one source layer becomes (a part of) one table of an area."""

    table: str
    file: str | None = None
    layer: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    keep: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    attribution: str | None = None


def read_mapping(path: str | Path) -> tuple[LayerMapping, ...]:
    """Read a mapping file.

    Raises
    ------
    AssumptionError
        When it is no TOML, or a table, key or column in it is not known.
    """
    try:
        tables = tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise AssumptionError(f"cannot be read ({error})", where=str(path)) from error
    except tomllib.TOMLDecodeError as error:
        raise AssumptionError(f"is not a TOML file ({error})", where=str(path)) from error
    mappings = []
    for table, entries in tables.items():
        _require_known(table, AREA_TABLES, f"{path}: [{table}]")
        parts = entries if isinstance(entries, list) else [entries]
        mappings += [_layer_mapping(table, part, f"{path}: [{table}]") for part in parts]
    return tuple(mappings)


def _layer_mapping(table: str, entry: Any, where: str) -> LayerMapping:
    if not isinstance(entry, Mapping):
        raise AssumptionError("must be a table of keys", where=where)
    for key in entry:
        _require_known(key, _KEYS, f"{where} `{key}`")
    for key in ("file", "layer", "attribution"):
        if not isinstance(entry.get(key, ""), str):
            raise AssumptionError(f"`{key}` must be a text", where=where)
    for key in ("columns", "values", "constants"):
        _require_columns(entry.get(key, {}), table, f"{where} {key}")
    if any(not isinstance(values, list) for values in entry.get("keep", {}).values()):
        raise AssumptionError("`keep` holds a list of values per column", where=where)
    return LayerMapping(table=table, **entry)


def _require_columns(part: Any, table: str, where: str) -> None:
    if not isinstance(part, Mapping):
        raise AssumptionError("must be a table", where=where)
    for column in part:
        _require_known(column, AREA_TABLES[table].column, f"{where} `{column}`")


def _require_known(name: str, known: Any, where: str) -> None:
    if name not in known:
        near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
        mend = f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(known)}."
        raise AssumptionError("is not known", where=where, mend=mend)


def apply_mapping(frame: pd.DataFrame, mapping: LayerMapping, *, where: str, notes: dict[str, str]) -> pd.DataFrame:
    """Return `frame` under the contract's names, rows that `keep` leaves out counted in `notes`.

    Raises
    ------
    InputError
        When a column that the mapping names is not in the source.
    """
    named = [*mapping.columns.values(), *mapping.keep]
    missing = [c for c in dict.fromkeys(named) if c not in frame]
    if missing:
        given = ", ".join(str(c) for c in frame.columns if c != "geometry")
        mend = f"Columns there: {given or 'none'}."
        raise InputError(f"the mapping names `{'`, `'.join(missing)}`, which is not there", where=where, mend=mend)
    for column, allowed in mapping.keep.items():
        kept = frame[column].astype("str").isin([str(a) for a in allowed])
        if not kept.all():
            key = f"left_out.{mapping.table}.filtered_on_{column}"
            notes[key] = str(int(notes.get(key, "0")) + int((~kept).sum()))
        frame = frame[kept]
    columns: dict[str, Any] = {ours: frame[theirs] for ours, theirs in mapping.columns.items()}
    for ours, words in mapping.values.items():
        theirs = columns.get(ours, frame.get(ours))
        columns[ours] = _translated(theirs, words, f"{where}: values.{ours}")
        lost = int((theirs.notna() & columns[ours].isna()).sum()) if theirs is not None else 0
        if lost:
            key = f"unknown.{mapping.table}.word_not_in_mapping_of_{ours}"
            notes[key] = str(int(notes.get(key, "0")) + lost)
    same = [c for c in AREA_TABLES[mapping.table].column if c in frame and c not in columns]
    columns |= {c: frame[c] for c in same} | dict(mapping.constants)
    return frame[[c for c in frame.columns if c == "geometry"]].assign(**columns)


def _translated(series: pd.Series | None, words: Mapping[str, str], where: str) -> pd.Series:
    """Return values by the mapping's words; what it does not name is null: not known."""
    if series is None:
        raise AssumptionError("translates a column that `columns` does not name", where=where)
    text = series.map(lambda v: str(v).lower() if isinstance(v, bool) else str(v), na_action="ignore")
    return text.map(dict(words))
