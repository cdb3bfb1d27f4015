"""Ground of people who do not take part: used only where nothing else reaches, and told."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from minenet.sites import plots_of
from minenet.tables import Area

__all__ = ["OthersGround"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]

TOUCH_M = 0.3
"""A trench along a border lies on the plots that come this near to its middle."""

GRAZE_M = 0.3
"""A pipe that runs through a plot for less than this only grazes it: plots are not drawn truer than that."""


class OthersGround:
    """Plots as each cluster sees them: its own, and those of people who do not take part in it.

    Plots of the public are neither. Where no plots are known, nothing is known of what a pipe crosses.

    Parameters
    ----------
    area : Area
        With parcels, given or drawn; streets and land where given.
    buildings : GeoDataFrame
        Buildings that take part: `cluster` (whole number) and footprint.
    """

    def __init__(self, area: Area, buildings: gpd.GeoDataFrame) -> None:
        plots = plots_of(area, buildings)
        parcel, first = np.unique(plots.parcel, return_index=True)
        self.known = area.parcels is not None and len(area.parcels) > 0
        self._tree = shapely.STRtree(np.concatenate([plots.shapes[first], plots.others]))
        self._clusters = int(buildings["cluster"].max()) + 1 if len(buildings) else 1
        self._own = np.searchsorted(parcel, plots.parcel) * self._clusters + plots.cluster

    def through(self, lines: Shapes, cluster: Ints) -> Floats:
        """Return how far each line of a cluster runs through plots of others [m]; NaN where no plots are known."""
        if not self.known:
            return np.full(len(lines), np.nan)
        line, plot = self._met(lines, cluster, 0.0)
        inside = shapely.length(shapely.intersection(lines[line], self._tree.geometries[plot]))
        metres = np.zeros(len(lines))
        np.add.at(metres, line, np.where(inside > GRAZE_M, inside, 0.0))
        return metres

    def along(self, lines: Shapes, cluster: Ints) -> Floats:
        """Return the length of each line along borders that runs beside a plot of others [m]."""
        if not self.known:
            return np.full(len(lines), np.nan)
        middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
        beside = np.zeros(len(lines), dtype=bool)
        beside[self._met(middle, cluster, TOUCH_M)[0]] = True
        return np.where(beside, shapely.length(lines), 0.0)

    def _met(self, shapes: Shapes, cluster: Ints, within_m: float) -> tuple[Ints, Ints]:
        """Return (shape, plot) for every plot of others that a shape of a cluster comes near."""
        shape, plot = self._tree.query(shapes, predicate="dwithin", distance=within_m)
        others = ~np.isin(plot * self._clusters + cluster[shape], self._own)
        return shape[others], plot[others]
