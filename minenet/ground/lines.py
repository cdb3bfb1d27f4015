r"""Finite line sources: what heat drawn from one stretch of borehole does to another.

Heat drawn at a steady rate per metre from a line, mirrored above a surface of constant temperature, cools another line
at the distance `d` on average by [1]_ [2]_

.. math:: \Delta T = \frac{q}{2 \pi k} h, \quad
    h = \frac{1}{2 L} \int_{1/\sqrt{4 \alpha t}}^\infty e^{-d^2 s^2} \, I(s) \, \frac{ds}{s^2} \quad (1)

where `L` is the length of the cooled line and `I` a sum of integrals of the error function at the differences and
sums of the depths of all ends, times `s`.

The integral is taken by Gauss and Legendre over `ln s`, panel by panel: between the limits that belong to the times
asked for, so that all times share their nodes, and up to where the exponential vanishes.

References
----------
.. [1] Claesson, J. and Javed, S. (2011). An analytical method to calculate borehole fluid temperatures for time-scales
   from minutes to decades. ASHRAE Transactions 117(2), 279-288.
.. [2] Cimmino, M. and Bernier, M. (2014). A semi-analytical method to generate g-functions for geothermal bore fields.
   International Journal of Heat and Mass Transfer 70, 641-650.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from minenet.assumptions import Ground

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

NEGLIGIBLE = 5.0  # exp(-5 * 5) is 1e-11, and so is what the error function still lacks of 1
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
NODES_PER_PANEL = len(_NODES)
_PAIRS_AT_ONCE = 10_000  # bounds the memory, and suits that of the processor


def lower_limits(times_s: Array, diffusivity: Array) -> Array:
    """Return where the integral over s begins for each time [1/m]; shape (times, ...)."""
    column = times_s.reshape(-1, *(1,) * np.ndim(diffusivity))
    return np.asarray(1 / np.sqrt(4 * diffusivity * column))


def quadrature(limits: Array) -> tuple[Array, Array]:
    """Return nodes s [1/m] and weights in ln s, panel after panel between the limits; shape (panels * nodes, ...)."""
    column = (slice(None), *(None,) * (limits.ndim - 1))
    half = np.diff(np.log(limits), axis=0)[:, None] / 2
    nodes = np.exp(np.log(limits[:-1])[:, None] + half * (1 + _NODES[column]))
    weights = half * _WEIGHTS[column]
    return nodes.reshape(-1, *limits.shape[1:]), weights.reshape(-1, *limits.shape[1:])


def pair_integrals(distance: Array, length: Array, pairs: Indices, limits: Array, ground: Ground) -> Array:
    """Return the integral of Eq. (1) for pairs of lines of uniform strength, per panel between limits.

    It is the same for both lines of a pair: half of it over the length of the one that is cooled is its response `h`.

    Parameters
    ----------
    distance : numpy.ndarray, shape (p,)
        Between the two lines of each pair. [m]
    length : numpy.ndarray, shape (n,)
        Active length of each line. [m]
    pairs : numpy.ndarray of int, shape (2, p)
        Which two lines each pair is made of.
    limits : numpy.ndarray, shape (panels + 1,) or (panels + 1, p)
        Limits of the integral over s, ascending. [1/m]
    ground : Ground
        For the depth at which boreholes begin.

    Returns
    -------
    numpy.ndarray, shape (panels, p)
        Integral of each pair. [m]
    """
    integrals = np.empty((len(limits) - 1, len(distance)))
    for start in range(0, len(distance), _PAIRS_AT_ONCE):
        block = slice(start, start + _PAIRS_AT_ONCE)
        block_limits = limits if limits.ndim == 1 else limits[:, block]
        integrals[:, block] = _block(distance[block], length, pairs[:, block], block_limits, ground)
    return integrals


def _block(distance: Array, length: Array, pairs: Indices, limits: Array, ground: Ground) -> Array:
    """Return the integrals of pairs: those too far apart to feel anything of a panel are left out of it."""
    shared = limits.ndim == 1  # then the terms of each line are those of all its pairs
    nodes, weights = (a.reshape(-1, NODES_PER_PANEL, *(a.shape[1:] or (1,))) for a in quadrature(limits))
    integrals = np.zeros((len(nodes), len(distance)))
    for panel, (s, weight) in enumerate(zip(nodes, weights, strict=True)):
        felt = np.flatnonzero((distance < NEGLIGIBLE / limits[panel]) & weight.any(axis=0))
        if len(felt):
            near, (one, other) = distance[felt], pairs[:, felt]
            at, part = (s, weight) if shared else (s[:, felt], weight[:, felt])
            kernel = _crossed(length[one], length[other], at, ground)
            if shared:
                alone = _alone(length, at, ground)
                kernel += alone[:, one] + alone[:, other]
            else:
                kernel += _alone(length[one], at, ground) + _alone(length[other], at, ground)
            integrals[panel, felt] = (part / at * np.exp(-((near * at) ** 2)) * kernel).sum(axis=0)
    return integrals


def _alone(length: Array, s: Array, ground: Ground) -> Array:
    """Terms of I of Eq. (1) that belong to one line of a pair."""
    return integrated_erf(length * s) + integrated_erf((2 * ground.buried_depth_m + length) * s)


def _crossed(one: Array, other: Array, s: Array, ground: Ground) -> Array:
    """Terms of I of Eq. (1) that belong to both lines of a pair, which begin at one depth."""
    mirror = 2 * ground.buried_depth_m
    return -integrated_erf((one - other) * s) - integrated_erf((mirror + one + other) * s) - integrated_erf(mirror * s)


def integrated_erf(x: Array) -> Array:
    """Return the integral of the error function from 0 to x; straight where the error function is 1."""
    size = np.abs(x)
    integral = size - 1 / np.sqrt(np.pi)
    curved = size < NEGLIGIBLE
    if curved.any():  # seldom: lines are long
        inner = size[curved]
        integral[curved] = inner * erf(inner) + (np.exp(-inner * inner) - 1) / np.sqrt(np.pi)
    return np.asarray(integral)


def segment_integrals(edges: Array, s: Array) -> Array:
    """Return I of Eq. (1) for all pairs of segments of one borehole; shape of `s` and (segments, segments).

    Parameters
    ----------
    edges : numpy.ndarray, shape (..., segments + 1)
        Depths of the ends of the segments. [m]
    s : numpy.ndarray, shape (nodes, ...)
        Nodes of the integral. [1/m]
    """
    count = edges.shape[-1]
    upper, lower = np.triu_indices(count)  # the matrix is symmetric
    one, other = edges[..., upper], edges[..., lower]
    integrals = integrated_erf((other - one) * s[..., None]) + integrated_erf((one + other) * s[..., None])
    corners = np.empty((*s.shape, count, count))
    corners[..., upper, lower] = corners[..., lower, upper] = integrals
    return -np.diff(np.diff(corners, axis=-1), axis=-2)
