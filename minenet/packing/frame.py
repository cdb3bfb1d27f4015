"""The frame of a shape: moved and turned so that the answer does not depend on where the shape lies in the map."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["Frame", "edges", "frame_of", "ground_of", "to_frame", "to_map", "tolerance"]

Floats = npt.NDArray[np.float64]

NOISE_M = 1e-4
"""Lengths that differ less are taken as equal when the frame is chosen and places are put in order. [m]"""


@dataclass(frozen=True)
class Frame:
    """Origin of a shape's own frame in the map, and the direction of its first axis.

    Attributes
    ----------
    origin : tuple of float
        A corner of the shape. [m]
    turn : complex
        Direction of the first axis, of length 1.
    """

    origin: tuple[float, float]
    turn: complex


def ground_of(free: shapely.Geometry) -> shapely.MultiPolygon:
    """Return the polygons of a shape; what is no larger than a square micrometre falls away, as points and lines do."""
    parts = shapely.get_parts(shapely.get_parts(free))
    return shapely.MultiPolygon(parts[shapely.area(parts) > 1e-12].tolist())


def tolerance(*coordinates: Floats) -> float:
    """Return by how much distances may fall short because coordinates are rounded: a nanometre [m] or more."""
    largest = max((float(np.abs(c).max()) for c in coordinates if c.size), default=0.0)
    return max(1e-9, 8 * float(np.spacing(largest)))


def edges(shape: shapely.Geometry) -> tuple[Floats, Floats]:
    """Return the ends of all edges of the rings of polygons, ring by ring.

    Parameters
    ----------
    shape : shapely.Geometry
        Polygon or multipolygon.

    Returns
    -------
    start, end : numpy.ndarray, shape (n, 2)
        [m]
    """
    xy, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shape)), return_index=True)
    same = ring[1:] == ring[:-1]
    start, end = xy[:-1][same], xy[1:][same]
    long = np.hypot(*(end - start).T) > 1e-9
    return start[long], end[long]


def frame_of(shape: shapely.Geometry) -> Frame:
    """Return the frame along the edges of a shape, the same for a moved and turned copy.

    The fourfold mean direction of the edges fixes it up to quarter turns; of these the frame takes the one in which
    the shape is longest, leans most to the right, then to the top.

    Parameters
    ----------
    shape : shapely.Geometry
        Polygon or multipolygon that is not empty.
    """
    start, end = edges(shape)
    origin = start[0]
    along = (end - start) @ np.array([1, 1j])
    length = np.abs(along)
    fourfold = np.sum(along**4 / length**3)
    if abs(fourfold) > 1e-6 * length.sum():
        turn = np.exp(0.25j * np.angle(fourfold))
    else:  # as many edges across as along: a circle, a regular polygon
        longest = np.argmax(np.round(length / NOISE_M))
        turn = along[longest] / length[longest]
    middle = ((start + end) / 2 - origin) @ np.array([1, 1j])
    corners = (start - origin) @ np.array([1, 1j])
    turns = [complex(turn * quarter) for quarter in (1, 1j, -1, -1j)]
    best = max(turns, key=lambda t: _leaning(corners / t, middle / t, length))
    return Frame((float(origin[0]), float(origin[1])), best)


def _leaning(corners: npt.NDArray[np.complex128], middle: npt.NDArray[np.complex128], length: Floats) -> list[float]:
    """Return width of a shape, and how far the middle of its outline lies right of and above that of its box."""
    width = np.ptp(corners.real)
    mean = np.average(middle, weights=length)
    right = mean.real - (corners.real.max() + corners.real.min()) / 2
    above = mean.imag - (corners.imag.max() + corners.imag.min()) / 2
    spread = np.average((middle.real - mean.real) ** 2, weights=length)
    return [round(float(v) / NOISE_M) * NOISE_M for v in (width, right, above, spread)]


def to_frame(xy: Floats, frame: Frame) -> Floats:
    """Return coordinates [m] in the frame of coordinates in the map."""
    z = ((xy - np.asarray(frame.origin)) @ np.array([1, 1j])) / frame.turn
    return np.column_stack([z.real, z.imag])


def to_map(xy: Floats, frame: Frame) -> Floats:
    """Return coordinates [m] in the map of coordinates in the frame."""
    z = (xy @ np.array([1, 1j])) * frame.turn
    return np.asarray(np.column_stack([z.real, z.imag]) + np.asarray(frame.origin))
