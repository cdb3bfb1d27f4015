"""What travels between the parts of a fetch: what a source gave, and what became of it. They only carry."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

__all__ = ["Collected", "Mapped", "counted"]


@dataclass(frozen=True)
class Collected:
    """Rows as a source gave them, under its own names of columns.

    Parameters
    ----------
    frame : GeoDataFrame
        The rows, each once.
    source : str
        What was asked: the service or file, for people.
    date : str
        The day of the answer, or of the file where it says so, as `2026-11-28`; empty when not known.
    licence, attribution : str
        On which terms, and whom to name.
    asked : int or None
        How many rows the source said it has here; None when it did not say.
    notes : mapping of str to str
        What happened on the way, by a key such as `repeated` or `tiles`.
    """

    frame: gpd.GeoDataFrame
    source: str
    date: str = ""
    licence: str = ""
    attribution: str = ""
    asked: int | None = None
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Mapped:
    """Rows under the names of `AREA_TABLES`, with what was left out, inferred or not known on the way.

    `counts` has keys such as `left_out.status_gesloopt`, `inferred.dwellings_from_flats`, `unknown.floor_area`.
    """

    frame: gpd.GeoDataFrame | pd.DataFrame
    counts: Mapping[str, int] = field(default_factory=dict)


def counted(**counts: int) -> dict[str, int]:
    """Return counts without the zeros, `__` in a name read as a dot.

    Examples
    --------
    >>> counted(left_out__demolished=2, unknown__floor_area=0)
    {'left_out.demolished': 2}
    """
    return {name.replace("__", "."): int(n) for name, n in Counter(counts).items() if n}
