"""A finding, and what is looked at."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from minenet.assumptions import Assumptions
from minenet.errors import InputError
from minenet.tables import VARIANTS, Area, Result, joined, shapes_of

__all__ = ["KEY", "MILLIMETRE", "NEEDS_AREA", "Case", "Finding", "NotCheckedError", "named", "notes_of", "numbers_of"]

MILLIMETRE = 0.001
"""Places and lengths are written to the millimetre."""

KEY = ["cluster_id", "variant"]
"""Columns that name a solution."""

MOST_NAMED = 5
NEEDS_AREA = "needs the area (--area)"


@dataclass(frozen=True)
class Finding:
    """What was found of one invariant.

    Parameters
    ----------
    number : int
        Of the invariant in the contract of tables; 0 for the form of the tables.
    what : str
        What must hold.
    outcome : {"holds", "broken", "not checked"}
        Whether it does.
    detail : str
        The first rows that break it, or why it was not checked.
    """

    number: int
    what: str
    outcome: str
    detail: str = ""


class NotCheckedError(Exception):
    """An invariant that cannot be looked at without more data."""


@dataclass(frozen=True)
class Case:
    """A result, the area it is of where given, and the numbers it was made with.

    Of a part of a result, `near` are the clusters and boreholes of other parts beside it.
    """

    result: Result
    area: Area | None
    numbers: Assumptions
    near: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame] | None = None

    @property
    def with_near(self) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
        """Clusters and boreholes, those of other parts beside this one too."""
        mine = self.result.clusters, self.result.boreholes
        return mine if self.near is None else tuple(joined(pair) for pair in zip(mine, self.near, strict=True))

    @property
    def notes(self) -> pd.Series:
        """Provenance by key."""
        return notes_of(self.result)

    @property
    def built(self) -> pd.DataFrame:
        """Solutions that are networks and can be built."""
        solutions = self.result.solutions
        return solutions[solutions["variant"].isin(VARIANTS) & solutions["feasible"].fillna(value=False)]

    def given_area(self) -> Area:
        """Return the area.

        Raises
        ------
        NotCheckedError
            When it was not given.
        """
        if self.area is None:
            raise NotCheckedError(NEEDS_AREA)
        return self.area

    def layer(self, name: str) -> npt.NDArray[np.object_] | None:
        """Return the shapes of a layer of the area: from the area where given, else from `context`; None if unknown."""
        if self.area is not None:
            frame = getattr(self.area, CONTEXT[name])
            return None if frame is None else shapes_of(frame)
        drawn = self.result.context[self.result.context["layer"] == name]
        return shapes_of(drawn) if len(drawn) else None


CONTEXT = {
    "building": "buildings",
    "street": "streets",
    "water": "water",
    "zone": "zones",
    "land": "land",
    "loop": "loops",
}


def notes_of(result: Result) -> pd.Series:
    """Return the provenance of a result by key."""
    return result.provenance.set_index("key")["value"]


def numbers_of(notes: pd.Series) -> Assumptions:
    """Return the assumptions that a result says, in its provenance by key, it was made with.

    Raises
    ------
    InputError
        When it does not say so.
    """
    default = Assumptions.default()
    tables: dict[str, dict[str, Any]] = {}
    for entry in default.entries.values():
        said = notes.get(f"assumption.{entry.key}")
        if said is None:
            raise InputError(f"does not say what `{entry.key}` was", where="layer `provenance`")
        value: Any = _value(str(said), like=entry.value)
        span = re.search(r" \((-?[\d.e+-]+) to (-?[\d.e+-]+)\);", str(said))
        if span and entry.low is not None:  # a user may have set another range too
            value = {"value": value, "low": float(span[1]), "high": float(span[2])}
        tables.setdefault(entry.section, {})[entry.name] = value
    return default.override(tables, where="provenance")


def _value(said: str, *, like: object) -> Any:
    """Return a value as provenance writes it: before its unit, range and source."""
    first = said.partition(";")[0].partition(" ")[0]
    if isinstance(like, bool):
        return first == "True"
    if isinstance(like, int):
        return int(first)
    return float(first) if isinstance(like, float) else first


def named(ids: Iterable[Any]) -> list[str]:
    """Return the first few identifiers as texts."""
    return [str(i) for i in list(ids)[:MOST_NAMED]]
