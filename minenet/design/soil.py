"""Which ground lies where: the conductivity that a borehole meets, from layers that hold everywhere or in one place."""

from functools import partial

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from minenet.assumptions import Ground
from minenet.ground import Conductivity, mean_conductivity
from minenet.tables import Area, shapes_of

__all__ = ["conductivity_along", "conductivity_at"]

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


def conductivity_at(area: Area, place: shapely.Point, *, ground: Ground) -> Conductivity:
    """Return the mean conductivity down to any depth at one place, from the layers that hold there; None without any.

    Parameters
    ----------
    area : Area
        Layers of the ground, where given; one without geometry holds everywhere.
    place : Point
        Where.
    ground : Ground
        Section `ground`: what holds where no layer says otherwise.
    """
    if area.ground is None or not len(area.ground):
        return None
    return _of_layers(area.ground[_holds(area.ground, np.array([place]))[0]], ground)


def conductivity_along(area: Area, xy: Floats, depth_m: Floats, *, ground: Ground) -> Floats | None:
    """Return the mean conductivity along each of many boreholes, each from the layers that hold where it stands.

    Parameters
    ----------
    area : Area
        As for `conductivity_at`, the rule of which it follows.
    xy : array (n, 2)
        Where the boreholes stand. [m]
    depth_m : array (n,)
        Their end depth. [m]
    ground : Ground
        Section `ground`.

    Returns
    -------
    array (n,) or None
        Mean conductivity [W/mK]; None where the area says nothing of its ground.
    """
    layers = area.ground
    if layers is None or not len(layers):
        return None
    mean = np.full(len(xy), ground.conductivity)
    sets, of_set = np.unique(_holds(layers, np.asarray(shapely.points(xy))), axis=0, return_inverse=True)
    for number, which in enumerate(sets):
        conductivity = _of_layers(layers[which], ground)
        if callable(conductivity):
            here = of_set.ravel() == number
            mean[here] = conductivity(depth_m[here])
    return mean


def _holds(layers: gpd.GeoDataFrame, places: npt.NDArray[np.object_]) -> Truths:
    """Return which layers (columns) hold at which places (rows)."""
    shapes = shapes_of(layers)
    return np.asarray(shapely.is_missing(shapes) | shapely.intersects(shapes, places[:, None]))


def _of_layers(layers: gpd.GeoDataFrame, ground: Ground) -> Conductivity:
    if not len(layers):
        return None
    top, bottom, value = (layers[c].to_numpy(dtype=float) for c in ("top_m", "bottom_m", "conductivity_w_mk"))
    return partial(mean_conductivity, top, bottom, value, default=ground.conductivity)
