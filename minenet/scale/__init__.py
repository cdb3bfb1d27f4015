"""Many parts at once, on one machine or many, with the same answer: nothing is lost when a run is stopped.

`codec` turns what a stage gives into bytes and back, `work` keeps these on disk with their checksums, `tasks` is what a
worker does for one part, `engine` has workers (in this process, in others by dask, or on a cluster) and `run` leads a
whole area through the stages and puts the result together.
"""

from minenet.scale.engine import engine_of
from minenet.scale.run import Ran, run_area
from minenet.scale.tasks import Settings

__all__ = ["Ran", "Settings", "engine_of", "run_area"]
