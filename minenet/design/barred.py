"""What a straight pipe may not run through: buildings, water and barriers."""

import numpy as np
import numpy.typing as npt
import shapely

from minenet.tables import Area, shapes_of
from minenet.trenches import grazed, runs_through

__all__ = ["Barred"]

Shapes = npt.NDArray[np.object_]


class Barred:
    """What a straight pipe may not run through: buildings and water."""

    def __init__(self, area: Area) -> None:
        self.buildings = grazed(shapes_of(area.buildings))
        blocking = [shapes_of(f) for f in (area.water, area.barriers) if f is not None]
        self.others = shapely.STRtree(np.concatenate([np.empty(0, dtype=object), *blocking]))

    def free(self, lines: Shapes) -> npt.NDArray[np.bool_]:
        """Return which lines, each from a facade or a trench, run through no building, water or barrier."""
        through = runs_through(lines, self.buildings)
        through[self.others.query(lines, predicate="intersects")[0]] = True
        return ~through
