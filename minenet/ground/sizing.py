r"""How long boreholes must be: three pulses, the years, the coldest month and the peak.

The length of each borehole solves the sizing equation [1]_

.. math:: H = \frac{q_a (g_3 - g_2) + q_m (g_2 - g_1) + q_p (g_1 + 2 \pi k R_b)}{2 \pi k (T_g - T_f)} \quad (1)

with the ground-side loads per borehole, `a` the mean of the year, `m` of the coldest month and `p` the peak; with the
g-functions after the peak (1), with the month before it (2) and with the years before that (3); with the undisturbed
temperature of the ground half-way down, and the mean temperature of the fluid at its limit. `R_b` grows with the depth
of the borehole (`borehole`), unless `ground.resistance_with_depth` is false.

References
----------
.. [1] Ahmadfard, M. and Bernier, M. (2019). A review of vertical ground heat exchanger sizing tools including an
   inter-model comparison. Renewable and Sustainable Energy Reviews 110, 247-265.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike, NDArray

from minenet.assumptions import Ground
from minenet.ground import _checks, lines, profile, response
from minenet.ground.borehole import effective_resistance

Array = NDArray[np.float64]
_OwnDrop = Callable[[Array], tuple[Array, Array]]

_LONGEST_M, _SHORTEST_M = 1000.0, 1.0
_LEAST_DROP_K = 0.01
_FIRST_GUESS_M = 130.0
_ITERATIONS, _TOLERANCE = 40, 1e-3  # the last step in ln H; the error it leaves is far smaller
_DEGREE = 6  # of the series in ln H for a lone loop
_SERIES_FROM = 0.5  # steps in ln H of the length from which that series runs
_FAR_M = 1e6


def size_field(
    positions: ArrayLike,
    annual_kwh: float,
    peak_kw: float,
    *,
    ground: Ground,
    conductivity: profile.Conductivity = None,
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
        Largest power that the system takes from the ground. [kW]
    ground : Ground
        The ground, the borehole in it and how it is loaded.
    conductivity : float or callable, optional
        Thermal conductivity of the ground, instead of that of `ground`; or a function that gives its mean down to
        each of an array of depths [m], such as a partial `mean_conductivity`. [W/mK]

    Returns
    -------
    float
        Active length of each borehole, at least 1 m; infinite when 1,000 m is not enough, or no borehole is given. [m]

    Raises
    ------
    InputError
        When a load is not positive, a conductivity lies outside 0.3-5 W/mK or two boreholes coincide.

    Examples
    --------
    >>> from minenet.assumptions import Assumptions
    >>> ground = Assumptions.default().override({"ground": {"years": 20}}).ground
    >>> round(size_field([[0, 0]], 6750, 4.5, ground=ground))
    99
    """
    places = _checks.points(positions, "positions")
    _checks.spacing(places, ground.borehole_radius_m)
    pulses = _pulses(annual_kwh, peak_kw, 1, ground)[:, 0] / max(len(places), 1)
    shallowest = _shallowest(pulses[2], ground)
    if len(places) == 0 or shallowest > _LONGEST_M:
        return np.inf

    curve = response.field_curve(places, ground)

    def excess(length: float) -> float:
        mean = float(profile.along(np.array([length]), conductivity, ground)[0])
        if callable(conductivity):  # every length has its own
            g = response.of_field(places, np.array([length]), mean, ground)[:, 0]
        else:
            g = curve(length, mean)
        resistances = _resistances(g, mean)
        resistances[2] += effective_resistance(length, pulses[2], ground)[0]
        return float(np.log(pulses @ resistances / length / _permitted_drop(length, ground)))  # Eq. (1)

    return _sized(excess, shallowest)


def size_loops(
    positions: ArrayLike,
    annual_kwh: ArrayLike,
    peak_kw: ArrayLike,
    *,
    ground: Ground,
    conductivity: profile.Conductivity = None,
) -> Array:
    """Return the length that each of several loops needs, each a system of its own, with all of them present.

    The wall of a loop is cooled by its own heat and by that of all other loops, in all three pulses. The power of a
    loop is given by its homes, so the walls differ in temperature and the loops in length.

    Parameters
    ----------
    positions : array_like, shape (n, 2)
        Where the loops stand. [m]
    annual_kwh : array_like, shape (n,) or one number
        Heat that each loop takes from the ground in a year. [kWh]
    peak_kw : array_like, shape (n,) or one number
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
    The response of a loop to its own heat has a uniform wall temperature; what it does to others is that of a line
    source of uniform strength, averaged over their depth.

    Examples
    --------
    A loop for one home, and one for two homes so far away that they do not feel each other:

    >>> from minenet.assumptions import Assumptions
    >>> ground = Assumptions.default().override({"ground": {"years": 20}}).ground
    >>> size_loops([[0, 0], [500, 0]], [6750, 13500], [4.5, 9.0], ground=ground).round()
    array([ 99., 182.])
    """
    return size_groups([Loops(positions, annual_kwh, peak_kw, conductivity)], ground=ground)[0]


@dataclass(frozen=True)
class Loops:
    """A group of loops that feel each other, each a system of its own: as the arguments of `size_loops`."""

    positions: ArrayLike
    annual_kwh: ArrayLike
    peak_kw: ArrayLike
    conductivity: profile.Conductivity = None


def size_groups(groups: Sequence[Loops], *, ground: Ground) -> list[Array]:
    """Return the lengths of the loops of many groups, which do not feel each other.

    The same as `size_loops` of each, several times as quick: what pairs of loops do to each other is integrated for all
    groups at once.

    Parameters
    ----------
    groups : sequence of Loops
        Each as for `size_loops`.
    ground : Ground
        As for `size_loops`.

    Returns
    -------
    list of numpy.ndarray
        Active lengths of each group, as `size_loops` gives them. [m]

    Raises
    ------
    InputError
        As `size_loops`.
    """
    systems = [_system(group, ground) for group in groups]
    log_length = [_alone(system, ground) for system in systems]
    too_deep = [np.full(len(s.distance), s.limits[0] > s.limits[1]) for s in systems]
    left = [i for i, deep in enumerate(too_deep) if len(deep) and not deep.all()]
    for _ in range(_ITERATIONS):
        if not left:
            break
        drops = _drops_by_others([(systems[i], np.exp(log_length[i])) for i in left], ground)
        moving = []
        for i, others in zip(left, drops, strict=True):
            step, too_deep[i] = _newton(log_length[i], systems[i], others, ground)
            log_length[i] = np.clip(log_length[i] + step, *systems[i].limits)
            if np.abs(step).max() >= _TOLERANCE:
                moving.append(i)
        left = moving
    return [np.where(deep, np.inf, np.exp(log)) for deep, log in zip(too_deep, log_length, strict=True)]


@dataclass(frozen=True)
class _System:
    """A group of loops while it is sized: what acts on each loop alone, and how far they stand apart."""

    distance: Array
    pulses: Array
    conductivity: profile.Conductivity
    limits: tuple[float, float]  # of ln H
    own: _OwnDrop


def _system(group: Loops, ground: Ground) -> _System:
    places = _checks.points(group.positions, "positions")
    distance = _checks.spacing(places, ground.borehole_radius_m)
    pulses = _pulses(group.annual_kwh, group.peak_kw, len(places), ground)
    shallowest = _shallowest(float(pulses[2].min()), ground) if len(places) else _SHORTEST_M
    limits = float(np.log(shallowest)), float(np.log(_LONGEST_M))
    own = _own_drop(pulses, min(shallowest, _LONGEST_M), group.conductivity, ground)
    return _System(distance, pulses, group.conductivity, limits, own)


def _alone(system: _System, ground: Ground) -> Array:
    """Return about ln H of loops that feel no other: a good place to begin."""
    low, high = system.limits
    log_length, nobody = np.full(len(system.distance), np.clip(np.log(_FIRST_GUESS_M), low, high)), np.zeros((1, 1))
    if low <= high and len(log_length):
        for _ in range(2):
            step, _ = _newton(log_length, system, nobody, ground)
            log_length = np.clip(log_length + step, low, high)
    return log_length


def _pulses(annual_kwh: ArrayLike, peak_kw: ArrayLike, count: int, ground: Ground) -> Array:
    """Mean of the year, mean of the coldest month and peak of each system; shape (3, count) [W]."""
    annual = _checks.column(annual_kwh, count, "annual_kwh")
    peak = _checks.column(peak_kw, count, "peak_kw")
    month = ground.coldest_month_share * annual / response.HOURS_A_MONTH
    net = annual * (1 - ground.regeneration_share)  # summer gives back; the winter's month and peak stay
    return 1000 * np.stack([net / response.HOURS_A_YEAR, month, peak])


def _resistances(g: Array, conductivity: Array | float) -> Array:
    """Resistance of the ground to each of the three pulses, from the g-functions, Eq. (1) [mK/W]."""
    return np.asarray((g - np.concatenate([g[1:], np.zeros_like(g[:1])])) / (2 * np.pi * conductivity))


def _permitted_drop(length: Array | float, ground: Ground) -> Array:
    """Undisturbed ground less mean fluid at its limit, averaged over the borehole [K]."""
    half = ground.fluid_drop_k / 2
    mean_fluid = ground.fluid_limit_c + {"into_ground": half, "mean": 0.0, "out_of_ground": -half}[ground.fluid_reading]
    return profile.ground_temperature(ground.buried_depth_m + np.asarray(length) / 2, ground=ground) - mean_fluid


def _shallowest(peak_w: float, ground: Ground) -> float:
    """Length below which no answer lies: no drop is permitted, or the borehole's resistance alone takes it all [m]."""
    least, most = (float(_permitted_drop(length, ground)) for length in (0.0, _LONGEST_M))
    if most <= _LEAST_DROP_K:
        return np.inf
    warm = _LONGEST_M * (_LEAST_DROP_K - least) / (most - least) if least < _LEAST_DROP_K else 0.0
    return max(_SHORTEST_M, warm, peak_w * ground.borehole_resistance / most)


def _sized(excess: Callable[[float], float], shallowest: float) -> float:
    """Length at which `excess`, falling with length, is nil: secants in ln H, halving where they leave the bracket."""
    low, high = limits = np.log(shallowest), np.log(_LONGEST_M)
    here, slope = float(np.clip(np.log(_FIRST_GUESS_M), low, high)), -1.0
    before = value_before = np.nan
    for _ in range(_ITERATIONS):
        value = excess(float(np.exp(here)))
        if here == limits[1] and value > 0:
            return np.inf
        if here == limits[0] and value <= 0:
            break
        low, high = (here, high) if value > 0 else (low, here)
        if np.isfinite(before):
            slope = min((value - value_before) / (here - before), -0.1)
        before, value_before = here, value
        here -= value / slope
        if not low <= here <= high:
            end = high if here > high else low
            here = end if end in limits else (low + high) / 2
        if abs(here - before) < _TOLERANCE:
            break
    return float(np.exp(here))


def _newton(log_length: Array, system: _System, others: Array, ground: Ground) -> tuple[Array, Array]:
    """Step in ln H towards the length each loop needs, and which loops need more than the longest."""
    length, limits = np.exp(log_length), system.limits
    own_drop, own_slope = system.own(log_length)
    permitted = _permitted_drop(length, ground)
    drop = own_drop + others.sum(axis=1)
    excess = np.log(drop / permitted)
    longer = length**4 / (length**4 + length[:, None] ** 4)  # cooling goes as one over the longer of the two
    slope = -others * longer / drop[:, None]
    self_slope = (own_slope * own_drop - (others * (1 - longer)).sum(axis=1)) / drop
    np.fill_diagonal(slope, self_slope - ground.gradient_k_m / 2 * length / permitted)
    too_deep = (log_length >= limits[1]) & (excess > 0)
    stuck = too_deep | ((log_length <= limits[0]) & (excess < 0))
    slope[stuck], excess[stuck] = np.eye(len(length))[stuck], 0.0
    return np.clip(-np.linalg.solve(slope, excess), -1.0, 1.0), too_deep


def _own_drop(pulses: Array, shallowest: float, conductivity: profile.Conductivity, ground: Ground) -> _OwnDrop:
    """Drop at each loop by its own heat [K], and the slope of its logarithm, as a function of ln H.

    The resistances of the ground to a lone loop are taken from a Chebyshev series in ln H, within 0.1 %.
    """
    high = float(np.log(_LONGEST_M))
    low = min(float(np.floor(np.log(shallowest) / _SERIES_FROM)) * _SERIES_FROM, high - _SERIES_FROM)  # few: shared
    series = _lone_series(low, high, conductivity, ground) @ pulses
    slopes = chebyshev.chebder(series) * 2 / (high - low)

    def own(log_length: Array) -> tuple[Array, Array]:
        length = np.exp(log_length)
        at = (2 * log_length - low - high) / (high - low)
        borehole, borehole_slope = effective_resistance(length, pulses[2], ground)
        heat = chebyshev.chebval(at, series, tensor=False) + pulses[2] * borehole
        slope = chebyshev.chebval(at, slopes, tensor=False) + pulses[2] * borehole_slope
        return heat / length, slope / heat - 1.0

    return own


@lru_cache(maxsize=256)  # nearly all groups in one ground share a series
def _lone_series(low: float, high: float, conductivity: profile.Conductivity, ground: Ground) -> Array:
    """Chebyshev series in ln H, between two limits, of the resistance of the ground to each pulse [mK/W]."""
    nodes = chebyshev.chebpts1(_DEGREE + 1)
    length = np.exp((low + high) / 2 + (high - low) / 2 * nodes)
    mean = profile.along(length, conductivity, ground)
    resistances = _resistances(response.of_lone_loops(length, mean, ground), mean)
    series = np.asarray(chebyshev.chebfit(nodes, resistances.T, _DEGREE), float)
    series.setflags(write=False)
    return series


def _drops_by_others(systems: Sequence[tuple[_System, Array]], ground: Ground) -> list[Array]:
    """Drop at each loop (row) by the three pulses of each other loop (column), for groups and their lengths [K]."""
    pairs = [np.stack(np.triu_indices(len(length), 1)) for _, length in systems]
    apart = [system.distance[tuple(p)] for (system, _), p in zip(systems, pairs, strict=True)]
    means = [
        np.broadcast_to(profile.along_pairs(length[one], length[other], system.conductivity, ground), one.shape)
        for (system, length), (one, other) in zip(systems, pairs, strict=True)
    ]
    limits = [
        response.limits(profile.diffusivity(mean, ground), float(d.min(initial=_FAR_M)), ground)
        for d, mean in zip(apart, means, strict=True)
    ]
    length = np.concatenate([length for _, length in systems])
    first = np.cumsum([0, *(len(length) for _, length in systems)])[:-1]  # loop of each group among all loops
    every = np.concatenate([p + start for p, start in zip(pairs, first, strict=True)], axis=1)
    integrals = lines.pair_integrals(np.concatenate(apart), length, every, np.concatenate(limits, axis=1), ground)
    pulses = np.concatenate([system.pulses for system, _ in systems], axis=1)
    resistance = 2 * np.pi * np.concatenate(means)
    felt = [
        (integrals * (pulses[:, there] / length[there])).sum(axis=0) / (2 * length[here]) / resistance
        for here, there in (every, every[::-1])
    ]
    ends = np.cumsum([len(d) for d in apart])[:-1]
    return [
        _square(system.distance.shape, p, *both)
        for (system, _), p, *both in zip(systems, pairs, *(np.split(f, ends) for f in felt), strict=True)
    ]


def _square(shape: tuple[int, ...], pairs: NDArray[np.intp], first: Array, second: Array) -> Array:
    """Return a square of what the second of each pair does to the first, and the first to the second."""
    square = np.zeros(shape)
    square[pairs[0], pairs[1]], square[pairs[1], pairs[0]] = first, second
    return square
