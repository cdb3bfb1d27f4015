"""g-functions: how far the wall of boreholes cools at a steady load, at the three times of sizing.

All boreholes have one, uniform wall temperature at each time. Two engines, chosen by `ground.response`: `fast`, the
solution of this module, and `pygfunction` [2]_, slower and within 0.02 % of it.

References
----------
.. [1] Eskilson, P. (1987). Thermal analysis of heat extraction boreholes. Doctoral thesis, Lund University.
.. [2] Cimmino, M. (2018). pygfunction: an open-source toolbox for the evaluation of thermal response factors for
   geothermal borehole fields. eSim 2018, Montreal, 492-501.
"""

import numpy as np
from numpy.typing import NDArray

from minenet.assumptions import Ground
from minenet.ground import lines, profile

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

HOURS_A_YEAR, HOURS_A_MONTH, SECONDS_AN_HOUR = 8760.0, 730.0, 3600.0
_SEGMENTS = 1.58 ** np.array([0, 1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 0])  # finest at both ends, where the heat comes in
_STEPS, _TOLERANCE = 200, 1e-10  # of the linear solution; 20 steps are much, the tolerance is that of g
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


def of_field(places: Array, length: float, conductivity: float, ground: Ground) -> Array:
    """Return the g-functions of a field of equally deep boreholes [-].

    Parameters
    ----------
    places : numpy.ndarray, shape (n, 2)
        Where the boreholes stand. [m]
    length : float
        Active length of each. [m]
    conductivity : float
        Of the ground. [W/mK]
    ground : Ground
        The ground, the borehole in it and the times.

    Returns
    -------
    numpy.ndarray, shape (3,)
        After the years, the month and the peak.
    """
    return (_field if ground.response == "fast" else _field_by_pygfunction)(places, length, conductivity, ground)


def of_lone_loops(length: Array, conductivity: Array, ground: Ground) -> Array:
    """Return the g-functions of loops that stand alone, each with its length and conductivity; shape (3, n) [-]."""
    if ground.response == "fast":
        _, _, own = _own_segments(length, conductivity, ground)
        segments = length[:, None] * np.diff(_EDGES)
        strength = np.linalg.solve(own, np.broadcast_to(segments, own.shape[:-1])[..., None])[..., 0]
        return np.asarray(length / (strength * segments).sum(axis=-1))
    origin = np.zeros((1, 2))
    loops = zip(length.tolist(), conductivity.tolist(), strict=True)
    return np.stack([_field_by_pygfunction(origin, h, k, ground) for h, k in loops], axis=1)


def _own_segments(length: Array, conductivity: Array, ground: Ground) -> tuple[Array, Array, Array]:
    """Nodes s, weighted integrals of segment pairs at them, and the response of a borehole's segments per time."""
    own_limits = limits(profile.diffusivity(conductivity, ground), ground.borehole_radius_m, ground)
    nodes, weights = lines.quadrature(own_limits)
    edges = ground.buried_depth_m + length[..., None] * _EDGES
    integrals = lines.segment_integrals(edges, nodes) * (weights / nodes / 2)[..., None, None]
    own = np.exp(-((nodes * ground.borehole_radius_m) ** 2))[..., None, None] * integrals
    panels = own.reshape(-1, lines.NODES_PER_PANEL, *own.shape[1:]).sum(axis=1)
    return nodes, integrals, np.cumsum(panels[::-1], axis=0)[::-1]  # from each time to the present


def _field(places: Array, length: float, conductivity: float, ground: Ground) -> Array:
    """Solve for the extraction along all boreholes that gives them one wall temperature.

    At one node s the response of all pairs of segments is a product of a matrix over pairs of boreholes and one over
    pairs of segments, for all boreholes are equal. The extraction along each borehole is sought as a mix of three
    shapes: uniform, that of a lone borehole, and that of the mean borehole of the field. As in any projection of this
    kind (Galerkin) the error in g is of second order.
    """
    pairs = np.triu_indices(len(places), 1)
    distance = np.hypot(*(places[pairs[0]] - places[pairs[1]]).T)
    nodes, integrals, own = _own_segments(np.asarray(length), np.asarray(conductivity), ground)
    segments = length * np.diff(_EDGES)
    near = int(np.searchsorted(nodes, lines.NEGLIGIBLE / distance.min(initial=np.inf)))  # later, pairs feel nothing
    between = np.exp(-((distance * nodes[:near, None]) ** 2))
    starts = np.arange(3) * lines.NODES_PER_PANEL
    neighbours = 2 * between.sum(axis=1) / len(places)
    crowd = own + [np.tensordot(neighbours[start:], integrals[start:near], 1) for start in starts]
    extraction = np.linalg.solve(np.stack([own, crowd]), segments[:, None])[..., 0]
    shapes = np.linalg.qr(np.stack([np.ones_like(extraction[0]), *extraction], axis=-1)).Q
    response = length / (extraction[0] @ segments)  # of boreholes that do not feel each other
    for time, (start, shape) in enumerate(zip(starts, shapes, strict=True)):
        if start < near:
            merged, alone = shape.T @ integrals[start:near] @ shape, shape.T @ own[time] @ shape
            matrix = _field_matrix(between[start:], pairs, merged, alone)
            guess = np.tile(shape.T @ extraction[1, time], len(places))
            heat = _energy(matrix, np.tile(shape.T @ segments, len(places)), guess, np.linalg.inv(alone))
            response[time] = len(places) * length / heat
    return np.asarray(response)


def _field_matrix(between: Array, pairs: tuple[Indices, Indices], merged: Array, alone: Array) -> Array:
    """Response of every shape of every borehole to every other, square."""
    count, size = int(pairs[1].max()) + 1, len(alone)
    blocks = (between.T @ merged.reshape(-1, size * size)).reshape(-1, size, size)
    matrix = np.empty((count, size, count, size))
    matrix[pairs[0], :, pairs[1]] = matrix[pairs[1], :, pairs[0]] = blocks
    matrix[np.arange(count), :, np.arange(count)] = alone
    return matrix.reshape(count * size, count * size)


def _energy(matrix: Array, right: Array, guess: Array, inverse: Array) -> float:
    """Return `right @ x` where `matrix @ x = right`, by conjugate gradients preconditioned with one borehole's inverse.

    The mean borehole is so good a guess that a few steps suffice. Products are left to `einsum`: at this size the
    threads of a linear algebra library cost more than they gain, and far more on a busy machine.
    """
    solution, residual = guess, right - np.einsum("ij,j->i", matrix, guess)
    direction, size = np.zeros_like(right), np.inf
    for _ in range(_STEPS):
        improved = (residual.reshape(-1, len(inverse)) @ inverse).ravel()
        before, size = size, float(residual @ improved)
        if size <= _TOLERANCE * float(right @ solution):
            break
        direction = improved + size / before * direction
        product = np.einsum("ij,j->i", matrix, direction)
        step = size / float(direction @ product)
        solution, residual = solution + step * direction, residual - step * product
    return float(right @ solution + residual @ solution)  # the error is of second order in the residual


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
