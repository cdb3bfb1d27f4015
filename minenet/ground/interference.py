"""How much boreholes cool the ground at other places."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from minenet.assumptions import Ground
from minenet.errors import InputError
from minenet.ground import _checks, lines, profile, response

Array = NDArray[np.float64]

_PANELS = 3  # of the integral over s: enough from the borehole's own radius to a kilometre
_YEAR_S = response.HOURS_A_YEAR * response.SECONDS_AN_HOUR


def cooling(  # noqa: PLR0913 (sources and places are two tables)
    positions: ArrayLike,
    depth_m: ArrayLike,
    annual_kwh: ArrayLike,
    at: ArrayLike,
    at_depth_m: ArrayLike,
    *,
    ground: Ground,
    years: float | None = None,
    conductivity: profile.Conductivity = None,
    same_system: NDArray[np.bool_] | None = None,
) -> Array:
    """Return how much each source cools each place, averaged over the depth of the place.

    Parameters
    ----------
    positions : array_like, shape (n, 2)
        Where the sources stand. [m]
    depth_m : array_like, shape (n,) or one number
        Active length of the sources. [m]
    annual_kwh : array_like, shape (n,) or one number
        Net heat that each source takes from the ground in a year, at a constant rate; negative if it gives. [kWh]
    at : array_like, shape (m, 2)
        Where the ground cools. [m]
    at_depth_m : array_like, shape (m,) or one number
        Active length of the places. [m]
    ground : Ground
        The ground and the borehole in it.
    years : float, optional
        After how long; `ground.years` when not given. [years]
    conductivity : float or callable, optional
        As for `size_field`. [W/mK]
    same_system : numpy.ndarray of bool, shape (m, n), optional
        True where place and source belong to one system: no cooling is counted there. For loops that are each a
        system of their own this is `numpy.eye(n, dtype=bool)`.

    Returns
    -------
    numpy.ndarray, shape (m, n)
        Cooling of each place (row) by each source (column); its sum over axis 1 is the cooling by all. [K]

    Raises
    ------
    InputError
        When an array has the wrong shape, a number is missing, a depth is not positive or a conductivity lies outside
        0.3-5 W/mK.

    Notes
    -----
    Sources are lines of uniform strength [1]_. A place nearer to a source than the borehole radius is taken at the
    radius.

    References
    ----------
    .. [1] Claesson, J. and Javed, S. (2011). An analytical method to calculate borehole fluid temperatures for
       time-scales from minutes to decades. ASHRAE Transactions 117(2), 279-288.

    Examples
    --------
    The worst of three loops, each cooled by the other two:

    >>> from minenet.assumptions import Assumptions
    >>> ground = Assumptions.default().ground
    >>> row, own = [[0, 0], [11, 0], [22, 0]], np.eye(3, dtype=bool)
    >>> by_source = cooling(row, 200, 13500, row, 200, ground=ground, same_system=own)
    >>> by_source.sum(axis=1).argmax().item()
    1
    """
    sources, places = _checks.points(positions, "positions"), _checks.points(at, "at")
    source_length = _checks.column(depth_m, len(sources), "depth_m")
    place_length = _checks.column(at_depth_m, len(places), "at_depth_m")
    watt = _watt(annual_kwh, len(sources))
    if not len(sources) or not len(places):
        return np.zeros((len(places), len(sources)))
    rows, columns = np.indices((len(places), len(sources))).reshape(2, -1)
    distance = _checks.between(places, sources).ravel()
    mean = profile.along_pairs(place_length[rows], source_length[columns], conductivity, ground)
    length = np.concatenate([place_length, source_length])
    resistance = _resistance(distance, length, np.stack([rows, columns + len(places)]), mean, years, ground)
    kelvin = (resistance * (watt / source_length)[columns] / place_length[rows]).reshape(len(places), len(sources))
    return kelvin if same_system is None else np.where(_checked_mask(same_system, kelvin.shape), 0.0, kelvin)


def mutual_cooling(
    positions: ArrayLike,
    depth_m: ArrayLike,
    annual_kwh: ArrayLike,
    pairs: NDArray[np.intp],
    *,
    ground: Ground,
    years: float | None = None,
    conductivity_w_mk: ArrayLike | None = None,
) -> tuple[Array, Array]:
    """Return how much the two loops of each pair cool each other, averaged over the depth of the one that is cooled.

    The same as `cooling`, at half its cost, for where only some pairs count.

    Parameters
    ----------
    positions, depth_m, annual_kwh : array_like
        As for `cooling`, of all loops.
    pairs : numpy.ndarray of int, shape (p, 2)
        Which two loops each pair is made of.
    ground, years
        As for `cooling`.
    conductivity_w_mk : array_like, shape (n,), optional
        Mean conductivity along each loop, instead of that of `ground`; between two loops it is the mean of theirs.
        [W/mK]

    Returns
    -------
    first, second : numpy.ndarray, shape (p,)
        Cooling of the first loop of each pair by the second, and of the second by the first. [K]

    Raises
    ------
    InputError
        As `cooling`.

    Examples
    --------
    >>> from minenet.assumptions import Assumptions
    >>> ground = Assumptions.default().ground
    >>> two = mutual_cooling([[0, 0], [11, 0]], 200, [13500, 27000], np.array([[0, 1]]), ground=ground)
    >>> [round(kelvin.item(), 2) for kelvin in two]
    [1.39, 0.7]
    """
    places = _checks.points(positions, "positions")
    length = _checks.column(depth_m, len(places), "depth_m")
    watt = _watt(annual_kwh, len(places))
    one, other = np.asarray(pairs, np.intp).reshape(-1, 2).T
    if not len(one):
        return np.empty(0), np.empty(0)
    mean = np.asarray(ground.conductivity if conductivity_w_mk is None else conductivity_w_mk, float)
    mean = profile.permitted(np.atleast_1d(mean))
    between = (mean[one] + mean[other]) / 2 if (mean != mean[0]).any() else mean[0]
    distance = np.hypot(*(places[one] - places[other]).T)
    resistance = _resistance(distance, length, np.stack([one, other]), between, years, ground)
    strength = watt / length
    return resistance * strength[other] / length[one], resistance * strength[one] / length[other]


def _watt(annual_kwh: ArrayLike, count: int) -> Array:
    """Return the steady power of each source [W]."""
    return _checks.column(annual_kwh, count, "annual_kwh", positive=False) * 1000 / response.HOURS_A_YEAR


def _resistance(
    distance: Array, length: Array, pairs: NDArray[np.intp], mean: Array, years: float | None, ground: Ground
) -> Array:
    """Return the cooling of one of a pair by a source of 1 W/m in the other, times the length cooled; shape (p,)."""
    duration = _checks.column(ground.years if years is None else years, 1, "years")
    apart = np.maximum(distance, ground.borehole_radius_m)
    lowest = lines.lower_limits(duration * _YEAR_S, profile.diffusivity(mean, ground))[0]
    limits = np.geomspace(lowest, np.maximum(lowest, lines.NEGLIGIBLE / apart.min()), _PANELS + 1)
    integral = lines.pair_integrals(apart, length, pairs, limits, ground).sum(axis=0)
    return np.asarray(integral / (4 * np.pi * mean))


def _checked_mask(mask: NDArray[np.bool_], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    if np.shape(mask) != shape or np.asarray(mask).dtype != bool:
        raise InputError(f"is no array of true and false of shape {shape}", where="`same_system`")
    return mask
