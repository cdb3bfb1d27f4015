"""What a straight pipe may not run through: buildings, water, barriers and main roads."""

import numpy as np
import numpy.typing as npt
import shapely

from minenet.tables import Area, shapes_of
from minenet.trenches import grazed, lifted, on_main_road, runs_through

__all__ = ["Barred", "main_roads"]

Shapes = npt.NDArray[np.object_]


def main_roads(area: Area) -> Shapes:
    """Return motorways, trunk and primary roads on the ground, which no pipe crosses."""
    streets = area.streets
    return np.asarray(shapes_of(streets)[on_main_road(streets) & ~lifted(streets)])


class Barred:
    """What a straight pipe may not run through: buildings and water."""

    def __init__(self, area: Area) -> None:
        self.buildings = grazed(shapes_of(area.buildings))
        blocking = [shapes_of(f) for f in (area.water, area.barriers) if f is not None]
        self.others = shapely.STRtree(np.concatenate([main_roads(area), *blocking]))

    def free(self, lines: Shapes) -> npt.NDArray[np.bool_]:
        """Return which lines, each from a facade or a trench, run through no building, water or barrier."""
        through = runs_through(lines, self.buildings)
        through[self.others.query(lines, predicate="intersects")[0]] = True
        return ~through
