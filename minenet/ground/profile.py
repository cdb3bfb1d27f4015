"""The undisturbed ground: its temperature, and its conductivity along a borehole."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from minenet.assumptions import Ground
from minenet.errors import InputError

Array = NDArray[np.float64]
Conductivity = float | Callable[[Array], ArrayLike] | None
"""A conductivity [W/mK], or a function that gives its mean down to each of several depths [m], or None for that of
the assumptions."""

_LEAST, _MOST = 0.3, 5.0  # [W/mK]: dry peat is above the one, rock below the other


def ground_temperature(depth_m: ArrayLike, *, ground: Ground) -> Array:
    """Return the undisturbed temperature of the ground.

    Along a borehole of length `H` that begins at the depth `D` the mean is the temperature at `D + H/2`.

    Parameters
    ----------
    depth_m : array_like
        Depth below the surface. [m]
    ground : Ground
        Its surface temperature and geothermal gradient.

    Returns
    -------
    numpy.ndarray, shape of `depth_m`
        Undisturbed temperature. [C]

    Examples
    --------
    >>> from minenet.assumptions import Assumptions
    >>> ground_temperature([0, 100], ground=Assumptions.default().ground)
    array([10.5, 13.5])
    """
    return np.asarray(ground.surface_temperature_c + ground.gradient_k_m * np.asarray(depth_m, float))


def mean_conductivity(
    top_m: ArrayLike,
    bottom_m: ArrayLike,
    conductivity_w_mk: ArrayLike,
    depth_m: ArrayLike,
    *,
    default: float,
    from_m: float = 0.0,
) -> Array:
    """Return the depth-weighted mean conductivity of layered ground down to each of several depths.

    Parameters
    ----------
    top_m, bottom_m : array_like, shape (l,)
        Depth of the upper and lower side of each layer. [m]
    conductivity_w_mk : array_like, shape (l,)
        Thermal conductivity of each layer. [W/mK]
    depth_m : array_like
        Depths down to which the mean is taken. [m]
    default : float
        Thermal conductivity where there is no layer. [W/mK]
    from_m : float, default 0
        Depth from which the mean is taken. [m]

    Returns
    -------
    numpy.ndarray, shape of `depth_m`
        Mean conductivity. [W/mK]

    Raises
    ------
    InputError
        When layers overlap or are upside down, or a depth is not below `from_m`.

    Examples
    --------
    Half clay, half sand:

    >>> mean_conductivity([0, 50], [50, 100], [1.2, 2.0], 100, default=2.0).item()
    1.6

    As the ground of a field, so that the conductivity follows the depth:

    >>> from functools import partial
    >>> from minenet.assumptions import Assumptions
    >>> from minenet.ground import size_field
    >>> layers = partial(mean_conductivity, [0, 50], [50, 100], [1.2, 2.0], default=2.0)
    >>> ground = Assumptions.default().ground
    >>> bool(size_field([[0, 0]], 6750, 4.5, ground=ground, conductivity=layers) > 100)
    True
    """
    top, bottom, layer = (np.atleast_1d(np.asarray(a, float)) for a in (top_m, bottom_m, conductivity_w_mk))
    depth = np.asarray(depth_m, float)
    order = np.argsort(top)
    if not ((bottom > top).all() and (top[order][1:] >= bottom[order][:-1] - 1e-6).all()):
        raise InputError("overlap or are upside down", where="layers of the ground", mend="Check top and bottom.")
    if not (depth > from_m).all():
        raise InputError(f"does not lie below {from_m:g} m", where="`depth_m`")
    thickness = np.minimum(bottom, depth[..., None]) - np.maximum(top, from_m)
    excess = (np.maximum(thickness, 0.0) * (layer - default)).sum(axis=-1)
    return np.asarray(default + excess / (depth - from_m))


def along(length: Array, conductivity: Conductivity, ground: Ground) -> Array:
    """Return the mean conductivity along boreholes of each length [W/mK]."""
    if callable(conductivity):
        mean = np.asarray(conductivity(ground.buried_depth_m + length), float)
    else:
        mean = np.full(np.shape(length), ground.conductivity if conductivity is None else float(conductivity))
    return permitted(mean)


def permitted(mean: Array) -> Array:
    """Return conductivities, or say which of them is none of any ground."""
    wrong = ~((mean >= _LEAST) & (mean <= _MOST))
    if wrong.any():
        what = f"{mean[wrong].flat[0]:g} lies outside {_LEAST:g}-{_MOST:g} W/mK"
        raise InputError(what, where="thermal conductivity of the ground", mend="Check the number and its unit.")
    return mean


def along_pairs(one: Array, other: Array, conductivity: Conductivity, ground: Ground) -> Array:
    """Return the mean of the conductivities along both boreholes of each pair, or the one number for all [W/mK]."""
    if not callable(conductivity):
        return along(np.asarray(1.0), conductivity, ground)
    return (along(one, conductivity, ground) + along(other, conductivity, ground)) / 2


def diffusivity(conductivity: Array, ground: Ground) -> Array:
    """Return the thermal diffusivity [m2/s]."""
    return conductivity / (ground.heat_capacity_mj_m3k * 1e6)
