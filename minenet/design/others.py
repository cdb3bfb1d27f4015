"""Ground of people who do not take part: used only where other ways are many times as long, and told."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from minenet.sites import plots_of
from minenet.tables import Area, shapes_of, united

__all__ = ["OthersGround"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]

TOUCH_M = 0.3
"""A trench along a border lies on the plots that come this near to its middle."""

STANDS_SHARE = 0.1
"""A plot that holds this share of a footprint is of that building too: one house may stand on several parcels."""

GRAZE_M = 0.3
"""A pipe that runs through a plot for less than this only grazes it: plots are not drawn truer than that."""


class OthersGround:
    """Plots as each cluster sees them: its own, and those without a home that takes part in it.

    A garden that is a parcel without a building is of others too: nobody can tell whose it is. Plots of the public are
    neither. Where no plots are known, nothing is known of what a pipe crosses.

    Parameters
    ----------
    area : Area
        With parcels, given or drawn; streets and land where given.
    buildings : GeoDataFrame
        Buildings that take part: `cluster` (whole number) and footprint.
    """

    def __init__(self, area: Area, buildings: gpd.GeoDataFrame) -> None:
        plots = plots_of(area, buildings)
        first = np.unique(plots.parcel, return_index=True)[1]
        self.known = area.parcels is not None and len(area.parcels) > 0
        self._tree = shapely.STRtree(np.concatenate([plots.shapes[first], plots.others]))
        self._clusters = int(buildings["cluster"].max()) + 1 if len(buildings) else 1
        self._own = self._keys_of(buildings)

    def _keys_of(self, buildings: gpd.GeoDataFrame) -> Ints:
        """Return which plot is whose: those on which a fair part of a building of the cluster stands."""
        shapes = shapes_of(buildings)
        building, plot = self._tree.query(shapes, predicate="intersects")
        common = shapely.area(shapely.intersection(shapes[building], self._tree.geometries[plot]))
        stands = common >= STANDS_SHARE * shapely.area(shapes[building])
        cluster = buildings["cluster"].to_numpy(dtype=np.int64)
        keys: Ints = plot[stands] * self._clusters + cluster[building[stands]]
        return keys

    def through(self, lines: Shapes, cluster: Ints) -> Floats:
        """Return how far each line of a cluster runs through plots of others [m]; NaN where no plots are known.

        Where plots are drawn over each other, each metre counts once, and not at all where one of them is its own.
        """
        if not self.known:
            return np.full(len(lines), np.nan)
        line, plot, others = self._met(lines, cluster, 0.0)
        met, place = np.unique(line[others], return_inverse=True)
        foreign = united(self._tree.geometries[plot[others]], place, len(met))
        mine = ~others & np.isin(line, met)
        own = united(self._tree.geometries[plot[mine]], np.searchsorted(met, line[mine]), len(met))
        inside = shapely.length(shapely.difference(shapely.intersection(lines[met], foreign), own))
        metres = np.zeros(len(lines))
        metres[met] = np.where(inside > GRAZE_M, inside, 0.0)
        return metres

    def along(self, lines: Shapes, cluster: Ints) -> Floats:
        """Return the length of each line along borders that runs beside a plot of others [m]."""
        if not self.known:
            return np.full(len(lines), np.nan)
        middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
        beside = np.zeros(len(lines), dtype=bool)
        near, _, others = self._met(middle, cluster, TOUCH_M)
        beside[near[others]] = True
        return np.where(beside, shapely.length(lines), 0.0)

    def _met(self, shapes: Shapes, cluster: Ints, within_m: float) -> tuple[Ints, Ints, npt.NDArray[np.bool_]]:
        """Return (shape, plot) for every plot that a shape of a cluster comes near, and whether it is of others."""
        shape, plot = self._tree.query(shapes, predicate="dwithin", distance=within_m)
        return shape, plot, ~np.isin(plot * self._clusters + cluster[shape], self._own)
