"""How many metres of borehole, how deep, and how much neighbours cool each other.

Heat conduction only: homogeneous ground of one mean conductivity per borehole, no groundwater flow, no thermal mass of
grout and fluid. Every function takes and returns arrays; loads are those of the ground, not of the homes.

Sizing is by three pulses, the annual mean, the coldest month and the peak [1]_, with thermal response factors
(g-functions) of finite line sources [2]_ at the actual positions.

References
----------
.. [1] Ahmadfard, M. and Bernier, M. (2019). A review of vertical ground heat exchanger sizing tools including an
   inter-model comparison. Renewable and Sustainable Energy Reviews 110, 247-265.
.. [2] Claesson, J. and Javed, S. (2011). An analytical method to calculate borehole fluid temperatures for time-scales
   from minutes to decades. ASHRAE Transactions 117(2), 279-288.
.. [3] Cimmino, M. and Bernier, M. (2014). A semi-analytical method to generate g-functions for geothermal bore fields.
   International Journal of Heat and Mass Transfer 70, 641-650.
.. [4] Eskilson, P. (1987). Thermal analysis of heat extraction boreholes. Doctoral thesis, Lund University.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import solve
from scipy.special import erf

from minenet.assumptions import Ground
from minenet.errors import InputError

__all__ = ["cooling", "ground_temperature", "mean_conductivity", "size_field", "size_loops"]

Array = NDArray[np.float64]
Conductivity = float | Callable[[Array], ArrayLike] | None

_LONGEST_M, _SHORTEST_M = 1000.0, 1.0
_HOURS_A_YEAR, _HOURS_A_MONTH, _SECONDS_AN_HOUR = 8760.0, 730.0, 3600.0
_NEGLIGIBLE = 6.0  # exp(-6**2) is 2e-16: beyond it a kernel adds nothing
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_SEGMENTS = 1.58 ** np.array([0, 1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 0])  # relative lengths, finest at both ends
_EDGES = np.concatenate([[0.0], np.cumsum(_SEGMENTS / _SEGMENTS.sum())])
_DEGREE = 6  # of the series for the response of a lone loop over ln H
_PANELS = 3
_ITERATIONS, _TOLERANCE = 40, 1e-3  # the last step in ln H; what it leaves is far less
_FIRST_GUESS_M = 130.0
_FAR_M = 1e6
_LEAST_DROP_K = 0.01


def size_field(
    positions: ArrayLike, annual_kwh: float, peak_kw: float, *, ground: Ground, conductivity: Conductivity = None
) -> float:
    """Return the length that the boreholes of one system need, all equally deep.

    The boreholes are in parallel and share one wall temperature, as in a ring net.

    Parameters
    ----------
    positions : array_like, shape (n, 2)
        Where the boreholes stand. [m]
    annual_kwh : float
        Heat that the system takes from the ground in a year. [kWh]
    peak_kw : float
        Largest power that it takes from the ground. [kW]
    ground : Ground
        The ground, the borehole in it and how it is loaded.
    conductivity : float or callable, optional
        Thermal conductivity of the ground, instead of that of `ground`; or a function that gives its mean down to
        each of an array of depths [m], such as a partial `mean_conductivity`. [W/mK]

    Returns
    -------
    float
        Active length of each borehole, at least 1 m; infinite when 1,000 m is not enough. [m]

    Raises
    ------
    InputError
        When a load is not positive, a conductivity lies outside 0.3-5 W/mK or two boreholes coincide.

    Notes
    -----
    The length solves the sizing equation [1]_

    .. math:: H = \\frac{q_a (g_3 - g_2) + q_m (g_2 - g_1) + q_p (g_1 + 2 \\pi k R_b)}{2 \\pi k (T_g - T_f)}

    with the loads per borehole: annual mean, coldest month and peak.

    References
    ----------
    .. [1] Ahmadfard, M. and Bernier, M. (2019). A review of vertical ground heat exchanger sizing tools including an
       inter-model comparison. Renewable and Sustainable Energy Reviews 110, 247-265.

    Examples
    --------
    >>> from minenet.assumptions import Assumptions
    >>> ground = Assumptions.default().ground
    >>> alone = size_field([[0.0, 0.0]], 6750, 4.5, ground=ground)
    >>> row = size_field([[0.0, 0.0], [6.0, 0.0]], 13500, 9.0, ground=ground)
    >>> bool(row > alone)
    True
    """
    places = _checked_positions(positions)
    count = len(places)
    distance = _distances(places, ground.borehole_radius_m)
    pulses = _pulses(annual_kwh, peak_kw, ground, (1,))[:, 0] / max(count, 1)
    shallowest = _shallowest(pulses[2], ground)
    if count == 0 or shallowest > _LONGEST_M:
        return np.inf
    respond = _field_response if ground.response == "fast" else _pygfunction_response

    def excess(length: float) -> float:
        mean = float(_conductivity(conductivity, np.array([length]), ground)[0])
        drop = pulses @ _resistances(respond(places, distance, length, mean, ground), mean, ground) / length
        return float(np.log(drop / _permitted_drop(length, ground)))

    return _sized(excess, shallowest)


def size_loops(
    positions: ArrayLike,
    annual_kwh: ArrayLike,
    peak_kw: ArrayLike,
    *,
    ground: Ground,
    conductivity: Conductivity = None,
) -> Array:
    """Return the length that each of several loops needs, each a system of its own, with all of them present.

    The wall of a loop is cooled by its own heat and by that of all other loops, in all three pulses. The power of a
    loop is given by its homes, so walls differ in temperature and loops differ in depth.

    Parameters
    ----------
    positions : array_like, shape (n, 2)
        Where the loops stand. [m]
    annual_kwh : array_like, shape (n,)
        Heat that each loop takes from the ground in a year. [kWh]
    peak_kw : array_like, shape (n,)
        Largest power that each loop takes from the ground. [kW]
    ground : Ground
        The ground, the borehole in it and how it is loaded.
    conductivity : float or callable, optional
        As for `size_field`. [W/mK]

    Returns
    -------
    numpy.ndarray, shape (n,)
        Active length of each loop, at least 1 m; infinite where 1,000 m is not enough, and the others are then sized
        beside a loop of 1,000 m that takes the same heat. [m]

    Raises
    ------
    InputError
        When a load is not positive, a conductivity lies outside 0.3-5 W/mK or two loops coincide.

    Notes
    -----
    The response of a loop to its own heat has a uniform wall temperature; its effect on others is that of a line
    source of uniform strength, averaged over their depth.

    Examples
    --------
    >>> from minenet.assumptions import Assumptions
    >>> ground = Assumptions.default().ground
    >>> near, middle, far = size_loops([[0, 0], [6, 0], [60, 0]], [6750] * 3, [4.5] * 3, ground=ground)
    >>> bool(near > middle > far) or bool(middle > near > far)
    True
    """
    places = _checked_positions(positions)
    distance = _distances(places, ground.borehole_radius_m)
    pulses = _pulses(annual_kwh, peak_kw, ground, (len(places),))
    if len(places) == 0:
        return np.empty(0)
    shallowest = _shallowest(pulses[2].min(), ground)
    if shallowest > _LONGEST_M:
        return np.full(len(places), np.inf)
    own = _own_response(shallowest, conductivity, ground)
    low, high = np.log(shallowest), np.log(_LONGEST_M)
    log_length = _loops_alone(own, pulses, (low, high), ground)
    for _ in range(_ITERATIONS):
        length = np.exp(log_length)
        own_drop, own_slope = own(log_length, pulses)
        others = _drop_by_others(distance, length, pulses, conductivity, ground)
        permitted = _permitted_drop(length, ground)
        drop = own_drop + others.sum(axis=1)
        excess = np.log(drop / permitted)
        longer = length**4 / (length**4 + length[:, None] ** 4)  # cooling falls as one over the longer of the two
        slope = -others * longer / drop[:, None]
        own_slope = (own_slope * own_drop - (others * (1 - longer)).sum(axis=1)) / drop
        np.fill_diagonal(slope, own_slope - ground.gradient_k_m / 2 * length / permitted)
        too_deep = (log_length >= high) & (excess > 0)
        stuck = too_deep | ((log_length <= low) & (excess < 0))
        slope[stuck], excess[stuck] = np.eye(len(places))[stuck], 0.0
        step = np.clip(-np.linalg.solve(slope, excess), -1.0, 1.0)
        log_length = np.clip(log_length + step, low, high)
        if np.abs(step).max() < _TOLERANCE:
            break
    return np.where(too_deep, np.inf, np.exp(log_length))


def cooling(
    positions: ArrayLike,
    depth_m: ArrayLike,
    annual_kwh: ArrayLike,
    at: ArrayLike,
    at_depth_m: ArrayLike,
    *,
    ground: Ground,
    years: float | None = None,
    conductivity: Conductivity = None,
    same_system: NDArray[np.bool_] | None = None,
) -> Array:
    """Return how much each source cools each place, averaged over the depth of the place.

    Parameters
    ----------
    positions : array_like, shape (n, 2)
        Where the sources stand. [m]
    depth_m : array_like, shape (n,) or scalar
        Active length of the sources. [m]
    annual_kwh : array_like, shape (n,) or scalar
        Net heat that each source takes from the ground in a year, constant all year. [kWh]
    at : array_like, shape (m, 2)
        Where the ground cools. [m]
    at_depth_m : array_like, shape (m,) or scalar
        Active length of the places. [m]
    ground : Ground
        The ground and the borehole in it.
    years : float, optional
        After how long; `ground.years` when not given. [years]
    conductivity : float or callable, optional
        As for `size_field`. [W/mK]
    same_system : numpy.ndarray of bool, shape (m, n), optional
        True where place and source belong to one system, which counts as no cooling:
        `numpy.eye(n, dtype=bool)` for loops that are each a system of their own.

    Returns
    -------
    numpy.ndarray, shape (m, n)
        Cooling of each place by each source; the sum over axis 1 is that by all sources. [K]

    Raises
    ------
    InputError
        When an array has the wrong shape, a depth is not positive or a conductivity lies outside 0.3-5 W/mK.

    Notes
    -----
    A finite line source of uniform strength and its mirror above the surface [1]_. A place closer to a source than
    the borehole radius is taken at the radius.

    References
    ----------
    .. [1] Claesson, J. and Javed, S. (2011). An analytical method to calculate borehole fluid temperatures for
       time-scales from minutes to decades. ASHRAE Transactions 117(2), 279-288.

    Examples
    --------
    >>> from minenet.assumptions import Assumptions
    >>> ground = Assumptions.default().ground
    >>> row = [[0.0, 0.0], [11.0, 0.0], [22.0, 0.0]]
    >>> own = np.eye(3, dtype=bool)
    >>> cooling(row, 250.0, 13500.0, row, 250.0, ground=ground, same_system=own).shape
    (3, 3)
    """
    sources, places = _checked_points(positions), _checked_points(at)
    source_length = _checked_column(depth_m, len(sources), "depth_m", positive=True)
    place_length = _checked_column(at_depth_m, len(places), "at_depth_m", positive=True)
    heat = _checked_column(annual_kwh, len(sources), "annual_kwh", positive=False) * 1000 / _HOURS_A_YEAR
    if not len(sources) or not len(places):
        return np.zeros((len(places), len(sources)))
    distance = np.maximum(_between(places, sources), ground.borehole_radius_m)
    mean = _pair_conductivity(conductivity, place_length, source_length, ground)
    hours = (ground.years if years is None else years) * _HOURS_A_YEAR
    slowest = 1 / np.sqrt(4 * _diffusivity(mean, ground) * hours * _SECONDS_AN_HOUR)
    bounds = np.geomspace(slowest, np.maximum(slowest, _NEGLIGIBLE / distance.min()), _PANELS + 1)
    response = _line_to_line(distance, place_length[:, None], source_length, bounds, ground).sum(axis=0)
    kelvin = response * heat / (2 * np.pi * mean * source_length)
    return kelvin if same_system is None else np.where(same_system, 0.0, kelvin)


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

    As the ground of a field, its conductivity following the depth:

    >>> from functools import partial
    >>> from minenet.assumptions import Assumptions
    >>> layers = partial(mean_conductivity, [0, 50], [50, 100], [1.2, 2.0], default=2.0)
    >>> size_field([[0, 0]], 6750, 4.5, ground=Assumptions.default().ground, conductivity=layers) > 90
    True
    """
    top, bottom, layer = (np.atleast_1d(np.asarray(a, float)) for a in (top_m, bottom_m, conductivity_w_mk))
    depth = np.asarray(depth_m, float)
    order = np.argsort(top)
    top, bottom, layer = top[order], bottom[order], layer[order]
    if not (np.all(bottom > top) and np.all(top[1:] >= bottom[:-1] - 1e-9)):
        raise InputError(
            "layers overlap or are upside down", where="layers of the ground", mend="Sort out top and bottom."
        )
    if not np.all(depth > from_m):
        raise InputError(f"a depth is not below {from_m:g} m", where="layers of the ground")
    thickness = np.clip(np.minimum(bottom, depth[..., None]) - np.maximum(top, from_m), 0.0, None)
    return default + (thickness * (layer - default)).sum(axis=-1) / (depth - from_m)


def ground_temperature(depth_m: ArrayLike, *, ground: Ground) -> Array:
    """Return the undisturbed temperature of the ground.

    Over a borehole of length `H` that begins at `D` the mean is the temperature at the depth `D + H/2`.

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
    return ground.surface_temperature_c + ground.gradient_k_m * np.asarray(depth_m, float)


# --- loads, times and temperatures


def _pulses(annual_kwh: ArrayLike, peak_kw: ArrayLike, ground: Ground, shape: tuple[int]) -> Array:
    """Mean of the year, of the coldest month, and the peak, in order of time back from the end [W]."""
    annual = _checked_column(annual_kwh, shape[0], "annual_kwh", positive=True)
    peak = _checked_column(peak_kw, shape[0], "peak_kw", positive=True)
    month = ground.coldest_month_share * annual / _HOURS_A_MONTH
    return 1000 * np.stack([annual / _HOURS_A_YEAR, month, peak])


def _times(ground: Ground) -> Array:
    """How long before the end the year's, the month's and the peak pulse begin [s]."""
    hours = np.cumsum([ground.peak_hours, _HOURS_A_MONTH, ground.years * _HOURS_A_YEAR])
    return hours[::-1] * _SECONDS_AN_HOUR


def _mean_fluid_limit(ground: Ground) -> float:
    """Lowest mean of the fluid sent into the ground and of that coming out [C]."""
    half = ground.fluid_drop_k / 2
    return ground.fluid_limit_c + {"into_ground": half, "mean": 0.0, "out_of_ground": -half}[ground.fluid_reading]


def _permitted_drop(length: Array | float, ground: Ground) -> Array:
    """Undisturbed ground less mean fluid, averaged over the borehole [K]."""
    middle = ground.buried_depth_m + np.asarray(length) / 2
    return ground_temperature(middle, ground=ground) - _mean_fluid_limit(ground)


def _shallowest(peak: float, ground: Ground) -> float:
    """A length below which no answer can lie: the wall resistance alone takes all the temperature, or none is left."""
    most = float(_permitted_drop(_LONGEST_M, ground))
    if most <= _LEAST_DROP_K:
        return np.inf
    lacking = _LEAST_DROP_K - float(_permitted_drop(0.0, ground))
    warm = 2 * lacking / ground.gradient_k_m if lacking > 0 else 0.0
    return max(_SHORTEST_M, peak * ground.borehole_resistance / most, warm)


def _diffusivity(conductivity: Array, ground: Ground) -> Array:
    return conductivity / (ground.heat_capacity_mj_m3k * 1e6)


def _conductivity(conductivity: Conductivity, length: Array, ground: Ground) -> Array:
    if callable(conductivity):
        mean = np.asarray(conductivity(ground.buried_depth_m + length), float)
    else:
        mean = np.full(np.shape(length), ground.conductivity if conductivity is None else float(conductivity))
    if not np.all((mean >= 0.3) & (mean <= 5.0)):
        mend = "Check the unit, W/mK."
        raise InputError("conductivity lies outside 0.3-5 W/mK", where="thermal conductivity of the ground", mend=mend)
    return mean


def _pair_conductivity(conductivity: Conductivity, rows: Array, columns: Array, ground: Ground) -> Array:
    """Mean of the conductivities along the two of a pair; one number when it is the same for all."""
    if not callable(conductivity):
        return _conductivity(conductivity, np.array(1.0), ground)
    return (_conductivity(conductivity, rows, ground)[:, None] + _conductivity(conductivity, columns, ground)) / 2


def _resistances(response: Array, conductivity: Array | float, ground: Ground) -> Array:
    """Turn g-functions at the three times into the resistance of ground and borehole to each pulse [mK/W]."""
    later = np.concatenate([response[1:], np.zeros_like(response[:1])])
    resistance = (response - later) / (2 * np.pi * conductivity)
    resistance[2] += ground.borehole_resistance
    return resistance


# --- iterations on the length


def _sized(excess: Callable[[float], float], shallowest: float) -> float:
    """Length at which `excess`, falling with length, is nil: secants in ln H, halving where they leave the bracket."""
    low, high = limits = np.log(shallowest), np.log(_LONGEST_M)
    here = np.clip(np.log(_FIRST_GUESS_M), low, high)
    slope, before = -1.0, None
    for _ in range(_ITERATIONS):
        value = excess(float(np.exp(here)))
        if here == high and value > 0:
            return np.inf
        if here == low and value <= 0:
            break
        low, high = (here, high) if value > 0 else (low, here)
        if before is not None and here != before[0]:
            slope = min((value - before[1]) / (here - before[0]), -0.1)
        before = here, value
        here = here - value / slope
        if abs(here - before[0]) < _TOLERANCE:
            break
        if not low <= here <= high:
            end = high if here > high else low
            here = end if end in limits else (low + high) / 2
    return float(np.exp(np.clip(here, low, high)))


def _loops_alone(own: "_Own", pulses: Array, limits: tuple[float, float], ground: Ground) -> Array:
    """Log of the length of each loop without the others: where the iteration with the others begins."""
    log_length = np.full(pulses.shape[1], np.clip(np.log(_FIRST_GUESS_M), *limits))
    for _ in range(3):
        drop, slope = own(log_length, pulses)
        permitted = _permitted_drop(np.exp(log_length), ground)
        slope = slope - ground.gradient_k_m / 2 * np.exp(log_length) / permitted
        log_length = np.clip(log_length - np.clip(np.log(drop / permitted) / slope, -1.0, 1.0), *limits)
    return log_length


_Own = Callable[[Array, Array], tuple[Array, Array]]


def _own_response(shallowest: float, conductivity: Conductivity, ground: Ground) -> _Own:
    """Return the drop at a loop by its own heat [K], and its slope, as a function of the log of its length."""
    low, high = np.log(shallowest), np.log(_LONGEST_M)
    nodes = np.polynomial.chebyshev.chebpts1(_DEGREE + 1)
    length = np.exp((low + high) / 2 + (high - low) / 2 * nodes)
    mean = _conductivity(conductivity, length, ground)
    respond = _single_response if ground.response == "fast" else _pygfunction_single
    resistance = _resistances(respond(length, mean, ground), mean, ground)
    series = np.polynomial.chebyshev.chebfit(nodes, resistance.T, _DEGREE)
    derivative = np.polynomial.chebyshev.chebder(series) * 2 / (high - low)

    def own(log_length: Array, pulses: Array) -> tuple[Array, Array]:
        place = (2 * log_length - low - high) / (high - low)
        drop = (pulses * np.polynomial.chebyshev.chebval(place, series)).sum(axis=0)
        change = (pulses * np.polynomial.chebyshev.chebval(place, derivative)).sum(axis=0)
        return drop / np.exp(log_length), change / drop - 1.0

    return own


def _drop_by_others(distance: Array, length: Array, pulses: Array, conductivity: Conductivity, ground: Ground) -> Array:
    """Drop at each loop (row) by the three pulses of each other loop (column) [K]."""
    mean = _pair_conductivity(conductivity, length, length, ground)
    bounds = _bounds(mean, _NEGLIGIBLE / min(distance.min(), _FAR_M), ground)
    response = _line_to_line(distance, length[:, None], length, bounds, ground)
    return np.einsum("pij,pj->ij", response, pulses / length) / (2 * np.pi * mean)


# --- finite line sources


def _bounds(conductivity: Array | float, top: float, ground: Ground) -> Array:
    """Limits of the integral over s between the three times, from the longest time to `top` [1/m]."""
    diffusivity = np.asarray(conductivity) / (ground.heat_capacity_mj_m3k * 1e6)
    lower = [np.minimum(1 / np.sqrt(4 * diffusivity * time), top) for time in _times(ground)]
    return np.stack([*lower, np.broadcast_to(top, lower[0].shape)])


def _quadrature(bounds: Array) -> tuple[Array, Array]:
    """Gauss-Legendre nodes and weights in ln s between bounds, panel after panel; shape (panels * nodes, ...)."""
    half = np.diff(np.log(bounds), axis=0)[:, None] / 2
    column = (slice(None),) + (None,) * (bounds.ndim - 1)
    nodes = np.exp(np.log(bounds[:-1])[:, None] + half * (1 + _NODES[column]))
    weights = half * _WEIGHTS[column]
    return nodes.reshape(-1, *bounds.shape[1:]), weights.reshape(-1, *bounds.shape[1:])


def _integrated_erf(x: Array) -> Array:
    """Integral of the error function from 0 to x; straight where the error function is 1."""
    size = np.abs(x)
    inner = np.minimum(size, _NEGLIGIBLE)  # also keeps the exponential from slow subnormal numbers
    return size + inner * (erf(inner) - 1) + (np.exp(-inner * inner) - 1) / np.sqrt(np.pi)  # Eq. (15) of [2]_


def _line_to_line(distance: Array, place_length: Array, source_length: Array, bounds: Array, ground: Ground) -> Array:
    """Mean response over a place to a line source of uniform strength, between bounds; shape (panels, m, n)."""
    nodes, weights = _quadrature(bounds)
    total = np.zeros((len(bounds) - 1, *distance.shape))
    for panel in range(len(total)):
        part = slice(panel * len(_NODES), (panel + 1) * len(_NODES))
        if not weights[part].any():
            continue  # too early for any pair to feel each other
        s = nodes[part].reshape(len(_NODES), *distance.shape) if bounds.ndim == 3 else nodes[part, None, None]
        weight = weights[part].reshape(s.shape) / s
        kernel = _line_kernel(place_length * s, source_length * s, 2 * ground.buried_depth_m * s)
        total[panel] = (weight * np.exp(-((distance * s) ** 2)) * kernel).sum(axis=0)
    return total / (2 * place_length)  # Eq. (24) of [2]_, for unequal lengths Eq. (3) of [3]_


def _line_kernel(place: Array, source: Array, buried: Array) -> Array:
    """Integral of the kernel over place and source, less that over the mirror of the source, all lengths times s."""
    direct = _integrated_erf(place) + _integrated_erf(source) - _integrated_erf(place - source)
    mirrored = _integrated_erf(buried + place + source) + _integrated_erf(buried)
    mirrored = mirrored - _integrated_erf(buried + place) - _integrated_erf(buried + source)
    return direct - mirrored


def _segment_kernel(length: Array, s: Array, ground: Ground) -> Array:
    """Integral over each pair of segments of the line-source kernel at `s`; shape of `s` and (segments, segments)."""
    edges = ground.buried_depth_m + length[..., None] * _EDGES
    upper, lower = np.triu_indices(len(_EDGES))
    one, other = edges[..., upper], edges[..., lower]
    integrals = _integrated_erf((other - one) * s[..., None]) + _integrated_erf((one + other) * s[..., None])
    corners = np.empty((*integrals.shape[:-1], len(_EDGES), len(_EDGES)))
    corners[..., upper, lower] = corners[..., lower, upper] = integrals
    return -np.diff(np.diff(corners, axis=-1), axis=-2)


def _own_kernels(length: Array, conductivity: Array, ground: Ground) -> tuple[Array, Array, Array]:
    """Nodes s, weighted kernels of segment pairs, and the response of a borehole's segments to each other per time."""
    nodes, weights = _quadrature(_bounds(conductivity, _NEGLIGIBLE / ground.borehole_radius_m, ground))
    kernel = _segment_kernel(length, nodes, ground) * (weights / nodes / 2)[..., None, None]
    own = np.exp(-((nodes * ground.borehole_radius_m) ** 2))[..., None, None] * kernel
    panels = own.reshape(-1, len(_NODES), *own.shape[1:]).sum(axis=1)
    return nodes, kernel, np.cumsum(panels[::-1], axis=0)[::-1]  # from each time to the present


def _single_response(length: Array, conductivity: Array, ground: Ground) -> Array:
    """g-functions of lone boreholes of uniform wall temperature at the three times; shape (3, n)."""
    _, _, own = _own_kernels(length, conductivity, ground)
    segments = length[:, None] * np.diff(_EDGES)
    strength = np.linalg.solve(own, np.broadcast_to(segments, own.shape[:-1])[..., None])[..., 0]
    return length / (strength * segments).sum(axis=-1)


def _field_response(places: Array, distance: Array, length: float, conductivity: float, ground: Ground) -> Array:
    """g-functions of a field of uniform wall temperature at the three times.

    Equal boreholes make the response of all pairs of segments, at one node s, a product of a matrix over pairs of
    boreholes and one over pairs of segments. The extraction along each borehole is a mix of three shapes: uniform,
    that of a lone borehole, and that of the mean borehole of the field (a Galerkin projection, of which the error in g
    is of second order).
    """
    count = len(places)
    nodes, kernel, own = _own_kernels(np.asarray(length), np.asarray(conductivity), ground)
    segments = length * np.diff(_EDGES)
    near = np.searchsorted(nodes, _NEGLIGIBLE / distance.min())  # nodes at which neighbours feel each other
    between = np.exp(-((distance * nodes[:near, None, None]) ** 2))
    starts = np.arange(3) * len(_NODES)
    crowd = own + [np.tensordot(between[s:].sum(axis=(1, 2)) / count, kernel[s:near], 1) for s in starts]
    profiles = np.linalg.solve(np.stack([own, crowd]), segments[:, None])[..., 0]
    shapes = np.stack([np.ones_like(profiles[0]), *profiles], axis=-1)
    basis = np.linalg.qr(shapes).Q
    response = length / (profiles[0] @ segments)
    for time, start in enumerate(starts):
        if start < near:
            merged = basis[time].T @ kernel[start:near] @ basis[time]
            alone = basis[time].T @ own[time] @ basis[time]
            response[time] = length / _mean_strength(between[start:], merged, alone, basis[time].T @ segments)
    return response


def _mean_strength(between: Array, merged: Array, alone: Array, load: Array) -> float:
    """Heat per borehole at unit wall temperature: one linear solve over all boreholes and shapes."""
    count, size = between.shape[1], len(load)
    matrix = between.reshape(-1, count * count).T @ merged.reshape(-1, size * size)
    matrix = matrix.reshape(count, count, size, size)
    matrix[np.arange(count), np.arange(count)] = alone
    matrix = matrix.transpose(0, 2, 1, 3).reshape(count * size, count * size)
    loads = np.tile(load, count)
    return float(loads @ solve(matrix, loads, assume_a="pos", overwrite_a=True, check_finite=False)) / count


def _pygfunction_response(places: Array, distance: Array, length: float, conductivity: float, ground: Ground) -> Array:
    """g-functions of a field by pygfunction's `similarities`, 12 segments, at just the three times."""
    import pygfunction  # noqa: PLC0415  # slow to import, seldom used

    field = pygfunction.borefield.Borefield(
        H=length, D=ground.buried_depth_m, r_b=ground.borehole_radius_m, x=places[:, 0], y=places[:, 1]
    )
    response = pygfunction.gfunction.gFunction(
        field,
        float(_diffusivity(np.asarray(conductivity), ground)),
        time=_times(ground)[::-1],
        boundary_condition="UBWT",
        method="similarities",
        options={"nSegments": 12},
    )
    return np.asarray(response.gFunc, float)[::-1]


def _pygfunction_single(length: Array, conductivity: Array, ground: Ground) -> Array:
    origin, none = np.zeros((1, 2)), np.full((1, 1), np.inf)
    columns = [_pygfunction_response(origin, none, h, k, ground) for h, k in zip(length, conductivity, strict=True)]
    return np.stack(columns, axis=1)


# --- input


def _checked_points(points: ArrayLike) -> Array:
    places = np.asarray(points, float)
    places = places.reshape(0, 2) if places.size == 0 else places
    if places.ndim != 2 or places.shape[1] != 2 or not np.isfinite(places).all():
        raise InputError("positions are no finite (n, 2) array", where=f"array of shape {places.shape}")
    return places


def _between(rows: Array, columns: Array) -> Array:
    return np.hypot(*(rows[:, None] - columns).transpose(2, 0, 1))


def _distances(places: Array, radius: float) -> Array:
    """Distance between boreholes, infinite to themselves."""
    distance = _between(places, places)
    np.fill_diagonal(distance, np.inf)
    if len(places) > 1 and distance.min() < 2 * radius:
        one, other = np.unravel_index(distance.argmin(), distance.shape)
        what = f"two boreholes stand {distance.min():.3f} m apart, less than their diameter"
        raise InputError(what, where=f"positions {one} and {other}", mend="Drop one of them, or move it.")
    return distance


def _checked_positions(positions: ArrayLike) -> Array:
    return _checked_points(positions)


def _checked_column(values: ArrayLike, count: int, name: str, *, positive: bool) -> Array:
    column = np.asarray(values, float)
    if column.shape not in {(), (1,), (count,)}:
        raise InputError(f"has shape {column.shape}, not ({count},)", where=f"`{name}`")
    column = np.broadcast_to(column, (count,))
    wrong = ~np.isfinite(column) | ((column <= 0) if positive else False)
    if wrong.any():
        row = int(wrong.argmax())
        need = "a positive number" if positive else "a number"
        raise InputError(f"{column[row]:g} is not {need}", where=f"`{name}`, row {row}")
    return column
