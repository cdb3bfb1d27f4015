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

NEGLIGIBLE = 6.0  # exp(-6 * 6) is 2e-16, and erf(6) is 1, to the last digit
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
NODES_PER_PANEL = len(_NODES)
_PAIRS_AT_ONCE = 100_000  # bounds the memory


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


def line_to_line(distance: Array, place_length: Array, source_length: Array, limits: Array, ground: Ground) -> Array:
    """Return the mean response of each place to each source of uniform strength, per panel between limits, Eq. (1).

    Parameters
    ----------
    distance : numpy.ndarray, shape (m, n)
        From places (rows) to sources (columns); infinite for no response. [m]
    place_length, source_length : numpy.ndarray, shape (m,) and (n,)
        Active lengths. [m]
    limits : numpy.ndarray, shape (panels + 1,) or (panels + 1, m, n)
        Limits of the integral over s, ascending. [1/m]
    ground : Ground
        For the depth at which boreholes begin.

    Returns
    -------
    numpy.ndarray, shape (panels, m, n)
        Response h to sources of unit strength per metre. [-]
    """
    step = max(1, _PAIRS_AT_ONCE // distance.shape[1])
    blocks = []
    for start in range(0, len(distance), step):
        rows = slice(start, start + step)
        block_limits = limits if limits.ndim == 1 else limits[:, rows]
        blocks.append(_block(distance[rows], place_length[rows, None], source_length, block_limits, ground))
    return np.concatenate(blocks, axis=1)


def _block(distance: Array, place: Array, source: Array, limits: Array, ground: Ground) -> Array:
    nodes, weights = quadrature(limits)
    panels = nodes.reshape(-1, NODES_PER_PANEL, *nodes.shape[1:])
    response = np.zeros((len(panels), *distance.shape))
    for panel, (s, weight) in enumerate(zip(panels, weights.reshape(panels.shape), strict=True)):
        if weight.any():  # else the panel is too early for any pair to feel each other
            if s.ndim == 1:
                s, weight = s[:, None, None], weight[:, None, None]  # noqa: PLW2901
            kernel = _line_integrals(place * s, source * s, 2 * ground.buried_depth_m * s)
            response[panel] = (weight / s * np.exp(-((distance * s) ** 2)) * kernel).sum(axis=0)
    return response / (2 * place)


def _line_integrals(place: Array, source: Array, mirror: Array) -> Array:
    """I of Eq. (1) for lines that begin at one depth: direct less mirrored; lengths and twice that depth times s."""
    direct = integrated_erf(place) + integrated_erf(source) - integrated_erf(place - source)
    outer = integrated_erf(mirror + place + source) + integrated_erf(mirror)
    return direct - outer + integrated_erf(mirror + place) + integrated_erf(mirror + source)


def integrated_erf(x: Array) -> Array:
    """Return the integral of the error function from 0 to x; straight where the error function is 1."""
    size = np.abs(x)
    inner = np.minimum(size, NEGLIGIBLE)  # also spares the exponential its slow subnormal numbers
    return np.asarray(size + inner * (erf(inner) - 1) + (np.exp(-inner * inner) - 1) / np.sqrt(np.pi))


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
