"""Many parts at once, on one machine or many, with the same answer: nothing is lost when a run is stopped.

`codec` turns what a stage gives into bytes and back, `work` keeps these on disk with their checksums, `jobs` says when
a step need not be done again, `tasks` has the stages of a part as jobs, `engine` has workers (in this process, in
others by dask, or on a cluster), `tally` counts what came of it, and `run` leads a whole area through the stages.
"""

from minenet.scale.codec import BrokenError, carried
from minenet.scale.engine import Engine, engine_of
from minenet.scale.jobs import Job
from minenet.scale.run import Ran, beside_each, run_area, signature_of
from minenet.scale.tally import Tally, kept_when_stopped, through_all_stages
from minenet.scale.tasks import PIECES, STAGES, Settings
from minenet.scale.work import Work, full_or_shut

__all__ = [
    "PIECES",
    "STAGES",
    "BrokenError",
    "Engine",
    "Job",
    "Ran",
    "Settings",
    "Tally",
    "Work",
    "beside_each",
    "carried",
    "engine_of",
    "full_or_shut",
    "kept_when_stopped",
    "run_area",
    "signature_of",
    "through_all_stages",
]
