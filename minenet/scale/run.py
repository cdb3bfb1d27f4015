"""A whole area through all stages, part by part, from where an earlier run stopped."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from minenet._version import __version__
from minenet.assess import found_homes, in_parts
from minenet.assumptions import Profile
from minenet.merging import Outcome, whole
from minenet.parts import Parts, cut, pieces, window_of_each
from minenet.scale.codec import BrokenError
from minenet.scale.engine import Engine
from minenet.scale.tally import Tally, kept_when_stopped, through_all_stages
from minenet.scale.tasks import PIECES, STAGES, Settings
from minenet.scale.work import Work
from minenet.tables import Area, Result, shapes_of
from minenet.timing import Timings

__all__ = ["Ran", "beside_each", "run_area", "signature_of"]

FORMAT = "7"
"""Raised whenever what stands in a work folder is written in another way."""


@dataclass(frozen=True)
class Ran:
    """What came of a run.

    Attributes
    ----------
    result : Result
        The whole; homes of parts that failed are in it, left out as `part_failed`.
    parts, again : int
        Number of parts, and tasks that an earlier run had finished.
    failed : mapping of int to str
        Why a part failed.
    megabytes : float
        Most memory that any worker had; 0 where all was done here in one part.
    """

    result: Result
    parts: int
    again: int = 0
    failed: Mapping[int, str] = field(default_factory=dict)
    megabytes: float = 0.0

    @property
    def homes(self) -> pd.DataFrame:
        """Homes of the result."""
        return self.result.homes

    @property
    def clusters(self) -> pd.DataFrame:
        """Clusters of the result."""
        return self.result.clusters


def run_area(
    area: Area,
    settings: Settings,
    folder: Path,
    engine: Engine,
    *,
    write: Callable[[Result], object],
    timings: Timings | None = None,
    tell: Callable[[str], None] | None = None,
) -> Ran:
    """Assess an area part by part, keeping what is finished in a work folder.

    An area of one part is assessed here and now, without a folder.

    Parameters
    ----------
    area : Area
        As `read_area` or `make_area` give it.
    settings : Settings
        Assumptions, profile and streets.
    folder : Path
        Work folder; what another input or other assumptions left there is removed.
    engine : Engine
        Who does the tasks, as `engine_of` gives it.
    write : callable
        Puts the result where it is safe: the work folder is removed after it, unless a part failed.
    timings : Timings, optional
        Collects the seconds of each step, summed over the workers.
    tell : callable, optional
        Hears which parts are done.

    Raises
    ------
    InputError, AssumptionError
        As `assess` does; of what concerns one part only, that part fails.
    OutputError
        When the disk is full or shut, or another run is at work in the folder.
    """
    timings = timings or Timings()
    with timings.step("homes"):
        found = found_homes(area, settings.assumptions)
    with timings.step("parts"):
        parts = cut(area, found.homes, settings.assumptions)
    notes = {**found.notes, **parts.notes}
    if parts.count == 1:
        outcomes = in_parts(
            area, found.homes, parts, settings.assumptions, settings.profile, streets=settings.streets, timings=timings
        )
        with timings.step("tables"):
            result = whole(area, outcomes, notes, settings.assumptions, settings.profile)
        with timings.step("writing"):
            write(result)
        return Ran(result, 1)
    work = Work(folder, signature(area, settings))
    tally = Tally(timings, tell or (lambda _: None))
    with work.alone(), kept_when_stopped(work, tally):
        work.begin()
        with timings.step("parts"):
            beside = _written(work, area, found.homes, parts, settings)
        through_all_stages(work, engine, beside, settings, tally)
        with timings.step("tables"):
            outcomes = list(_outcomes(work, parts.count, tally))
            lost = found.homes[np.isin(parts.of_home, list(tally.failed))]
            notes |= tally.notes
            result = whole(area, outcomes, notes, settings.assumptions, settings.profile, lost=lost)
        with timings.step("writing"):
            write(result)
        if not tally.failed:
            work.remove()
    return Ran(result, parts.count, tally.again, tally.failed, tally.megabytes)


def signature(area: Area, settings: Settings) -> str:
    """Return the sha256 of all that the outcome depends on: the data, the assumptions, the wishes and the version."""
    digest = hashlib.sha256(signature_of(settings, {"crs": area.crs.to_wkt(), **area.provenance}).encode())
    for name, layer in area.layers.items():
        digest.update(name.encode())
        digest.update(pd.util.hash_pandas_object(pd.DataFrame(layer.drop(columns="geometry"))).to_numpy().tobytes())
        for shape in shapely.to_wkb(shapes_of(layer)):
            digest.update(shape or b"none")
    return digest.hexdigest()


def signature_of(settings: Settings, data: Mapping[str, str]) -> str:
    """Return the sha256 of settings, of the version, and of what is said of the data."""
    said = {
        "format": FORMAT,
        "version": __version__,
        "data": dict(data),
        "assumptions": {entry.key: repr(entry) for entry in settings.assumptions.entries.values()},
        "profile": repr(settings.profile or Profile.unknown()),
        "streets": None if settings.streets is None else list(settings.streets),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _written(
    work: Work, area: Area, homes: gpd.GeoDataFrame, parts: Parts, settings: Settings
) -> dict[int, tuple[int, ...]]:
    """Write what each part is worked on with, unless it stands there, and return which parts each has beside it."""
    missing = [number for number in range(parts.count) if work.digest(PIECES, number) is None]
    for piece in pieces(area, homes, parts, settings.assumptions, only=missing):
        work.keep(PIECES, piece.number, piece)
    return beside_each(window_of_each(area, homes, parts, settings.assumptions))


def beside_each(windows: npt.NDArray[np.object_]) -> dict[int, tuple[int, ...]]:
    """Return which parts each part has beside it: those whose windows meet."""
    one, other = shapely.STRtree(windows).query(windows, predicate="intersects")
    one, other = one[one != other], other[one != other]
    order = np.lexsort((other, one))
    starts = np.searchsorted(one[order], np.arange(len(windows) + 1))
    return {n: tuple(other[order][starts[n] : starts[n + 1]].tolist()) for n in range(len(windows))}


def _outcomes(work: Work, count: int, tally: Tally) -> Iterator[Outcome]:
    """Read what came of each part that did not fail."""
    for number in range(count):
        if number in tally.failed:
            continue
        try:
            stages: list[Any] = [work.kept(stage, number, kind) for stage, kind in STAGES.items()]
        except BrokenError as error:
            tally.fail(number, f"its outcome {error}")
        else:
            yield Outcome(*stages)
