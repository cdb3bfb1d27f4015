"""The stages of one part as jobs, from the work folder into the work folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from minenet.assumptions import Assumptions, Profile
from minenet.parts import Piece
from minenet.scale.codec import BrokenError
from minenet.scale.jobs import Job
from minenet.scale.work import Work
from minenet.stages import Concluded, Designed, Grouped, Judged, conclude, design_part, group_part, judge_part
from minenet.tables import shapes_of
from minenet.timing import Timings

__all__ = ["PIECES", "STAGES", "Settings", "Task"]

STAGES: dict[str, type] = {"grouped": Grouped, "designed": Designed, "judged": Judged, "concluded": Concluded}
"""Stages in their order, and what each gives."""

TELLS = {"grouped": "taking", "designed": "boreholes", "judged": "drilled"}
"""What a part tells its neighbours after a stage: a property of what the stage gives."""

PIECES = "pieces"


@dataclass(frozen=True)
class Settings:
    """What all parts have in common."""

    assumptions: Assumptions
    profile: Profile | None = None
    streets: Sequence[str] | None = None


@dataclass(frozen=True)
class Task(Job):
    """One stage of one part."""

    beside: tuple[int, ...]
    settings: Settings

    @property
    def before(self) -> str | None:
        """The stage before; None before the first."""
        names = list(STAGES)
        at = names.index(self.stage)
        return names[at - 1] if at else None

    @property
    def made_of(self) -> Sequence[tuple[str, int]]:
        """The piece, the stage before, and what the neighbours told after that."""
        if self.before is None:
            return [(PIECES, self.number)]
        told = [(f"{self.before}.told", number) for number in self.beside]
        return [(PIECES, self.number), (self.before, self.number), *told]

    def stands(self, work: Work) -> bool:
        """Tell whether the outcome, and what is told to the neighbours, stand there as they were written."""
        told = self.stage not in TELLS or work.digest(f"{self.stage}.told", self.number) is not None
        return told and work.digest(self.stage, self.number) is not None

    def carry_out(self, work: Work, timings: Timings) -> None:
        """Write the outcome, and what is told to the neighbours."""
        piece = work.kept(PIECES, self.number, Piece)
        given = work.kept(self.before, self.number, STAGES[self.before]) if self.before else None
        others, settings = _told(work, self, piece), self.settings
        outcome: Any
        if given is None:
            outcome = group_part(piece, settings.assumptions, streets=settings.streets, timings=timings)
        elif isinstance(given, Grouped):
            outcome = design_part(piece, given, others, settings.assumptions, settings.profile, timings=timings)
        elif isinstance(given, Designed):
            outcome = judge_part(piece, given, others, settings.assumptions, settings.profile, timings=timings)
        else:
            assert isinstance(given, Judged)
            outcome = conclude(piece, given, others, settings.assumptions, timings=timings)
        if self.stage in TELLS:
            work.keep(f"{self.stage}.told", self.number, getattr(outcome, TELLS[self.stage]))
        work.keep(self.stage, self.number, outcome)


def _told(work: Work, task: Task, piece: Piece) -> gpd.GeoDataFrame | None:
    """Return what the neighbours told that lies in the window; those that failed have nothing to tell."""
    if task.before is None:
        return None
    heard = []
    for number in task.beside:
        try:
            frame = work.kept(f"{task.before}.told", number, gpd.GeoDataFrame)
        except BrokenError:
            continue
        near = frame[shapely.intersects(shapes_of(frame), piece.window)]
        if len(near):
            heard.append(near)
    return gpd.GeoDataFrame(pd.concat(heard, ignore_index=True)) if heard else None
