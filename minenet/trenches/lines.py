"""Lines that become a graph: cut where they meet, with distinct places as nodes."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

__all__ = ["GRID_M", "noded", "on_grid", "same_places", "split_lines"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]

GRID_M = 0.001
"""Coordinates that agree to a millimetre are one node."""

FOOT_M = 0.05
"""Places where connections join a line are moved along it to whole steps of this."""


def noded(lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return lines cut where they meet on their own level, with the name of the line they came from."""
    parts = []
    for level, group in lines.groupby("level", sort=True):
        whole = np.asarray(group.geometry)
        pieces = shapely.get_parts([shapely.node(shapely.union_all(whole))])
        middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
        source = shapely.STRtree(whole).nearest(middle)
        columns = {name: group[name].to_numpy()[source] for name in ("name", "private", "aside")}
        parts.append(pd.DataFrame({**columns, "level": level, "geometry": pieces}))
    if not parts:
        return gpd.GeoDataFrame({"name": [], "private": [], "aside": [], "level": []}, geometry=[], crs=lines.crs)
    edges = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=lines.crs)
    edges = edges.set_geometry(edges.geometry.normalize())
    order = np.argsort(edges.geometry.to_wkb(hex=True).to_numpy(), kind="stable")  # the same whatever the row order
    return edges.iloc[order].reset_index(drop=True)


def on_grid(at: Floats, total: Floats) -> Floats:
    """Return distances along lines to a few centimetres: feet that nearly coincide, or lie near an end, are one."""
    at = np.round(at / FOOT_M) * FOOT_M
    return np.where(at <= FOOT_M, 0.0, np.where(at >= total - FOOT_M, total, at))


def split_lines(lines: Shapes, line: Ints, at: Floats) -> tuple[Shapes, Ints]:
    """Cut lines at distances along them.

    Parameters
    ----------
    lines : array of LineString
        Lines to cut.
    line, at : arrays (k,)
        Position in `lines`, and distance along it [m], of each cut.

    Returns
    -------
    pieces, source : arrays
        Pieces in order along each line, and the position of the line each came from.

    Examples
    --------
    >>> pieces, source = split_lines(shapely.linestrings([[[0, 0], [4, 0]]]), np.array([0]), np.array([1.0]))
    >>> shapely.length(pieces), source
    (array([1., 3.]), array([0, 0]))
    """
    lines = np.asarray(lines)
    vertices, owner = shapely.get_coordinates(lines, return_index=True)
    step = np.hypot(*np.diff(vertices, axis=0, prepend=vertices[:1]).T)
    step[np.flatnonzero(np.diff(owner, prepend=-1))] = 0
    run = np.cumsum(step)
    along = run - run[np.flatnonzero(np.diff(owner, prepend=-1))][owner] if len(owner) else run
    total = shapely.length(lines)
    inside = (at > GRID_M) & (at < total[line] - GRID_M)
    line, at = line[inside], at[inside]
    cuts = np.unique(np.column_stack([line, np.round(at / GRID_M)]), axis=0)
    cut_line, cut_at = cuts[:, 0].astype(np.int64), cuts[:, 1] * GRID_M
    cut_xy = shapely.get_coordinates(shapely.line_interpolate_point(lines[cut_line], cut_at))
    # every cut stands twice, as the end of one piece and the start of the next
    xy = np.concatenate([vertices, cut_xy, cut_xy])
    key_line = np.concatenate([owner, cut_line, cut_line])
    key_at = np.concatenate([along, cut_at, cut_at])
    second = np.concatenate([np.zeros(len(vertices)), np.zeros(len(cut_at)), np.ones(len(cut_at))])
    order = np.lexsort((second, key_at, key_line))
    begins = np.r_[True, np.diff(key_line[order]) != 0] | (second[order] == 1)
    piece = np.cumsum(begins) - 1
    xy, piece = _without_repeats(xy[order], piece)
    return np.asarray(shapely.linestrings(xy, indices=piece)), key_line[order][begins]


def _without_repeats(xy: Floats, piece: Ints) -> tuple[Floats, Ints]:
    """Return coordinates without a vertex that falls on a cut, keeping at least the two ends of each piece."""
    same = (np.diff(piece, prepend=-1) == 0) & (np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T) < 1e-9)
    count = np.bincount(piece)
    same &= count[piece] > 2
    return xy[~same], piece[~same]


def same_places(xy: Floats) -> tuple[Floats, Ints]:
    """Return distinct places (to a millimetre) and the number of each coordinate's place."""
    keys = np.round(xy / GRID_M).astype(np.int64)
    _, first, number = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    return xy[first], number.reshape(-1)
