"""g-functions: how far the wall of boreholes cools at a steady load, at the three times of sizing.

All boreholes have one, uniform wall temperature at each time. Two engines, chosen by `ground.response`: `fast`, the
solution of this module, and `pygfunction` [2]_, slower and within 0.02 % of it.

References
----------
.. [1] Eskilson, P. (1987). Thermal analysis of heat extraction boreholes. Doctoral thesis, Lund University.
.. [2] Cimmino, M. (2018). pygfunction: an open-source toolbox for the evaluation of thermal response factors for
   geothermal borehole fields. eSim 2018, Montreal, 492-501.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from minenet.assumptions import Ground
from minenet.ground import lines, profile

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

HOURS_A_YEAR, HOURS_A_MONTH, SECONDS_AN_HOUR = 8760.0, 730.0, 3600.0
_SEGMENTS = 1.58 ** np.array([0, 1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 0])  # finest at both ends, where the heat comes in
_STEPS, _TOLERANCE = 200, 1e-10  # of the linear solution; 20 steps are much, the tolerance is that of g
_NOTHING = 1e-300  # keeps a length that is solved to the last bit from dividing by zero
_LATTICE = 0.5  # in the logarithm of the length, between the lengths at which fields are solved
_EDGES = np.concatenate([[0.0], np.cumsum(_SEGMENTS / _SEGMENTS.sum())])


def times(ground: Ground) -> Array:
    """Return how long before the end the pulses of the years, the month and the peak begin [s]."""
    hours = np.cumsum([ground.peak_hours, HOURS_A_MONTH, ground.years * HOURS_A_YEAR])
    return hours[::-1] * SECONDS_AN_HOUR


def limits(diffusivity: Array, nearest_m: float, ground: Ground) -> Array:
    """Return the limits of the integral over s between the three times, up to where the nearest pair feels nothing."""
    top = lines.NEGLIGIBLE / nearest_m
    lower = np.minimum(lines.lower_limits(times(ground), diffusivity), top)
    return np.concatenate([lower, np.full_like(lower[:1], top)])


def field_curve(places: Array, ground: Ground) -> Callable[[float, float], Array]:
    """Return the g-functions of one field of equally deep boreholes, as a function of their length and the ground.

    They are smooth in the logarithm of the length: they are solved at four lengths of a lattice which all fields share,
    and a cubic runs through them, within 0.02 %.

    Parameters
    ----------
    places : numpy.ndarray, shape (n, 2)
        Where the boreholes stand. [m]
    ground : Ground
        The ground, the borehole in it and the times.

    Returns
    -------
    callable
        Takes a length [m] and a conductivity [W/mK] and gives the g-functions after the years, the month and the peak.
    """
    solved: dict[tuple[int, float], Array] = {}

    def at(length: float, conductivity: float) -> Array:
        step = float(np.log(length)) / _LATTICE
        window = int(step // 3), conductivity  # three steps, with four lengths
        if window not in solved:
            lengths = np.exp(_LATTICE * (3 * window[0] + np.arange(4)))
            solved[window] = of_field(places, lengths, conductivity, ground)
        return np.asarray(solved[window] @ _cubic(step - 3 * window[0]))

    return at


def _cubic(at: float) -> Array:
    """Weights of the values at 0, 1, 2 and 3 in the cubic through them."""
    zero, one, two, three = at, at - 1, at - 2, at - 3
    return np.array([-one * two * three / 6, zero * two * three / 2, -zero * one * three / 2, zero * one * two / 6])


def of_field(places: Array, lengths: Array, conductivity: float, ground: Ground) -> Array:
    """Return the g-functions of a field of equally deep boreholes, for several lengths [-].

    Parameters
    ----------
    places : numpy.ndarray, shape (n, 2)
        Where the boreholes stand. [m]
    lengths : numpy.ndarray, shape (l,)
        Active lengths of all. [m]
    conductivity : float
        Of the ground. [W/mK]
    ground : Ground
        The ground, the borehole in it and the times.

    Returns
    -------
    numpy.ndarray, shape (3, l)
        After the years, the month and the peak.
    """
    if ground.response == "fast":
        return _field(places, lengths, conductivity, ground)
    return np.stack([_field_by_pygfunction(places, h, conductivity, ground) for h in lengths.tolist()], axis=1)


def of_lone_loops(length: Array, conductivity: Array, ground: Ground) -> Array:
    """Return the g-functions of loops that stand alone, each with its length and conductivity; shape (3, n) [-]."""
    if ground.response == "fast":
        loops = [_own_segments(h, k, ground) for h, k in zip(length.tolist(), conductivity.tolist(), strict=True)]
        own = np.stack([loop[2] for loop in loops], axis=1)
        segments = length[:, None] * np.diff(_EDGES)
        strength = np.linalg.solve(own, np.broadcast_to(segments, own.shape[:-1])[..., None])[..., 0]
        return np.asarray(length / (strength * segments).sum(axis=-1))
    origin = np.zeros((1, 2))
    pairs = zip(length.tolist(), conductivity.tolist(), strict=True)
    return np.stack([_field_by_pygfunction(origin, h, k, ground) for h, k in pairs], axis=1)


@lru_cache(maxsize=256)  # all fields in one ground share the lattice of lengths
def _own_segments(length: float, conductivity: float, ground: Ground) -> tuple[Array, Array, Array]:
    """Nodes s, weighted integrals of segment pairs at them, and the response of a borehole's segments per time."""
    own_limits = limits(profile.diffusivity(np.asarray(conductivity), ground), ground.borehole_radius_m, ground)
    nodes, weights = lines.quadrature(own_limits)
    edges = ground.buried_depth_m + length * _EDGES
    integrals = lines.segment_integrals(edges, nodes) * (weights / nodes / 2)[:, None, None]
    own = np.exp(-((nodes * ground.borehole_radius_m) ** 2))[:, None, None] * integrals
    panels = own.reshape(-1, lines.NODES_PER_PANEL, *own.shape[1:]).sum(axis=1)
    found = nodes, integrals, np.cumsum(panels[::-1], axis=0)[::-1]  # from each time to the present
    for array in found:
        array.setflags(write=False)
    return found


def _field(places: Array, lengths: Array, conductivity: float, ground: Ground) -> Array:
    """Solve for the extraction along all boreholes that gives them one wall temperature, for several lengths at once.

    At one node s the response of all pairs of segments is a product of a matrix over pairs of boreholes and one over
    pairs of segments, for all boreholes are equal. The extraction along each borehole is sought as a mix of three
    shapes: uniform, that of a lone borehole, and that of the mean borehole of the field. As in any projection of this
    kind (Galerkin) the error in g is of second order.
    """
    pairs = np.triu_indices(len(places), 1)
    distance = np.hypot(*(places[pairs[0]] - places[pairs[1]]).T)
    found = [_own_segments(length, conductivity, ground) for length in lengths.tolist()]
    nodes = found[0][0]
    integrals, own = (np.stack([each[part] for each in found], axis=1) for part in (1, 2))
    segments = lengths[:, None] * np.diff(_EDGES)
    near = int(np.searchsorted(nodes, lines.NEGLIGIBLE / distance.min(initial=np.inf)))  # later, pairs feel nothing
    between = np.exp(-((distance * nodes[:near, None]) ** 2))
    starts = np.arange(3) * lines.NODES_PER_PANEL
    neighbours = 2 * between.sum(axis=1) / len(places)
    crowd = own + [np.tensordot(neighbours[start:], integrals[start:near], 1) for start in starts]
    extraction = np.linalg.solve(np.stack([own, crowd]), segments[..., None])[..., 0]
    shapes = np.linalg.qr(np.stack([np.ones_like(extraction[0]), *extraction], axis=-1)).Q
    response = lengths / (extraction[0] * segments).sum(axis=-1)  # of boreholes that do not feel each other
    for time, (start, shape) in enumerate(zip(starts, shapes, strict=True)):
        if start < near:
            across = shape.swapaxes(-1, -2)
            merged, alone = across @ integrals[start:near] @ shape, across @ own[time] @ shape
            guess, right = (across @ a[..., None] for a in (extraction[1, time], segments))
            heat = _energy(_field_matrix(between[start:], pairs, merged, alone), right[..., 0], guess[..., 0], alone)
            response[time] = len(places) * lengths / heat
    return np.asarray(response)


def _field_matrix(between: Array, pairs: tuple[Indices, Indices], merged: Array, alone: Array) -> Array:
    """Response of every shape of every borehole to every other, a square for each length."""
    count, (lengths, size, _) = int(pairs[1].max()) + 1, alone.shape
    blocks = (between.T @ merged.reshape(len(merged), -1)).reshape(-1, lengths, size, size)
    matrix = np.empty((count, count, lengths, size, size))
    matrix[pairs] = matrix[pairs[::-1]] = blocks
    matrix[np.arange(count), np.arange(count)] = alone
    return np.ascontiguousarray(matrix.transpose(2, 0, 3, 1, 4)).reshape(lengths, count * size, count * size)


def _energy(matrix: Array, right: Array, guess: Array, alone: Array) -> Array:
    """Return `right @ x` where `matrix @ x = right`, by conjugate gradients preconditioned with one borehole's inverse.

    `right` and `guess` are those of one borehole; each length has a matrix of its own. The mean borehole is so good a
    guess that a few steps suffice. Products are left to `einsum`: at this size the threads of a linear algebra library
    cost more than they gain, and far more on a busy machine.
    """
    count = matrix.shape[-1] // right.shape[-1]
    right, solution = np.tile(right, count), np.tile(guess, count)
    inverse = np.linalg.inv(alone)
    residual = right - np.einsum("lij,lj->li", matrix, solution)
    direction, size = np.zeros_like(right), np.full(len(right), np.inf)
    for _ in range(_STEPS):
        improved = (residual.reshape(len(right), count, -1) @ inverse).reshape(right.shape)
        before, size = size, (residual * improved).sum(axis=-1)
        if (size <= _TOLERANCE * (right * solution).sum(axis=-1)).all():
            break
        direction = improved + (size / np.maximum(before, _NOTHING))[:, None] * direction
        product = np.einsum("lij,lj->li", matrix, direction)
        step = (size / np.maximum((direction * product).sum(axis=-1), _NOTHING))[:, None]
        solution, residual = solution + step * direction, residual - step * product
    return np.asarray((right * solution + residual * solution).sum(axis=-1))  # the error is of second order


def _field_by_pygfunction(places: Array, length: float, conductivity: float, ground: Ground) -> Array:
    """Similarities, 12 segments; at just the three times, for the result depends on the times in between."""
    import pygfunction  # noqa: PLC0415 (slow to import, seldom used)

    field = pygfunction.borefield.Borefield(
        H=length, D=ground.buried_depth_m, r_b=ground.borehole_radius_m, x=places[:, 0], y=places[:, 1]
    )
    solution = pygfunction.gfunction.gFunction(
        field,
        float(profile.diffusivity(np.asarray(conductivity), ground)),
        time=times(ground)[::-1],
        boundary_condition="UBWT",
        method="similarities",
        options={"nSegments": 12},
    )
    return np.asarray(solution.gFunc, float)[::-1]
