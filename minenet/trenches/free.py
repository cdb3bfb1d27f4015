"""Straight pipes: where they leave a building, and what they may not run through."""

import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["GRAZE_M", "ends_of", "enters", "from_facade", "grazed", "runs_through"]

Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[np.object_]

GRAZE_M = 0.05
"""A pipe may cut this deep into the corner of another building: maps are not truer than that."""

CRACK_M = 0.2
"""Buildings closer than this leave no room for a pipe between them."""


def from_facade(lines: Shapes, shapes: Shapes) -> Shapes:
    """Return straight lines that start inside a building, from the point where they leave it for the last time."""
    first, last = ends_of(lines)
    walls, owner = shapely.get_coordinates(shapely.intersection(lines, shapely.boundary(shapes)), return_index=True)
    way = last - first
    share = np.einsum("ij,ij->i", walls - first[owner], way[owner]) / np.maximum((way[owner] ** 2).sum(axis=1), 1e-12)
    leave = np.zeros(len(lines))
    np.maximum.at(leave, owner, np.clip(share, 0, 1))
    start = first + way * leave[:, None]
    return np.asarray(shapely.linestrings(np.stack([start, last], axis=1)))


def ends_of(lines: Shapes) -> tuple[Floats, Floats]:
    """Return the coordinates of both ends of straight lines [m]."""
    ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
    return ends[:, 0], ends[:, 1]


def grazed(shapes: Shapes) -> shapely.STRtree:
    """Return buildings, less the rim that a pipe may graze, as a tree for `runs_through`.

    Buildings that touch, or leave no more than a crack between them, are one: no pipe slips through a party wall.
    """
    around = shapely.buffer(shapes, CRACK_M / 2, quad_segs=1, join_style="mitre")
    merged = shapely.disjoint_subset_union_all(around)  # most stand alone, or in a short row
    rim = CRACK_M / 2 + GRAZE_M
    return shapely.STRtree(shapely.buffer(shapely.get_parts([merged]), -rim, quad_segs=1, join_style="mitre"))


def runs_through(lines: Shapes, buildings: shapely.STRtree) -> npt.NDArray[np.bool_]:
    """Return which lines, each from the facade where it leaves its own building, run through any building."""
    through = np.zeros(len(lines), dtype=bool)
    through[buildings.query(lines, predicate="intersects")[0]] = True
    return through


def enters(lines: Shapes, barrier: shapely.STRtree) -> npt.NDArray[np.bool_]:
    """Return which lines meet a barrier."""
    entering = np.zeros(len(lines), dtype=bool)
    entering[barrier.query(lines, predicate="intersects")[0]] = True
    return entering
