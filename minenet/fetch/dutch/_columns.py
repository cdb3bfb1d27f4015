"""Models of the ground as NetCDF, cut into columns of layers: voxels (GeoTOP) or tops and bottoms (REGIS)."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.io import netcdf_file

from minenet.errors import InputError
from minenet.fetch.carriers import Collected
from minenet.fetch.spelling import spelled
from minenet.fetch.window import DUTCH, Window

__all__ = ["cells_of", "columns_of_model", "edges", "is_model"]

CELL_M, VOXEL_M = 100.0, 0.5  # a single coordinate does not say its step: that of GeoTOP
FARTHEST_M, LEAST_M = 1e7, 1e-3  # coordinates beyond and steps below are damage
HIGHEST_M = 9000.0  # what stands for "none" (-9999, 1e20, ...) is higher or deeper than any ground

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
Edges = tuple[Floats, Floats]
"""Lower and upper side of each cell along an axis. [m]"""

ATTRIBUTION = "TNO, Geological Survey of the Netherlands"
MEND = "Ask dinoloket.nl for the extract again, as NetCDF; or give a table with top, bottom and conductivity."
CLASSIC, HDF5 = (b"CDF\x01", b"CDF\x02"), b"\x89HDF\r\n\x1a\n"
OTHERS = {b"PK\x03\x04": "a zip archive or workbook", b"\x1f\x8b": "a gzip archive", b"SQLite format": "a GeoPackage"}


def is_model(path: Path) -> bool:
    """Return whether a file is NetCDF by its first bytes; its name says nothing.

    Raises
    ------
    InputError
        When there is no such file, or it is empty, a web page, an archive, or called NetCDF without being it.
    """
    try:
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        raise InputError("cannot be read", where=str(path), mend="Is it a file?") from error
    if not head.strip():
        raise InputError("is empty", where=str(path), mend=MEND)
    for first, name in OTHERS.items():
        if head.startswith(first):
            raise InputError(f"is {name}, no model of the ground", where=str(path), mend="Unpack it first. " + MEND)
    if head.lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<")):
        raise InputError("is a web page, no model of the ground", where=str(path), mend=MEND)
    if head.startswith((*CLASSIC, HDF5)):
        return True
    if path.suffix.casefold() in {".nc", ".nc4", ".cdf", ".h5", ".hdf5"}:
        raise InputError("is neither classic NetCDF nor HDF5, though its name says so", where=str(path), mend=MEND)
    return False


def columns_of_model(path: Path, window: Window) -> Collected:
    """Return the layers of the cells of a model that meet a window with its strip.

    Raises
    ------
    InputError
        When the file is damaged, is no such model, or covers no part of the window.
    """
    from netCDF4 import Dataset  # noqa: PLC0415 - slow to load, and few areas have a model

    try:
        _require_whole(path)
        with Dataset(str(path.resolve()), "r") as data:
            data.set_auto_maskandscale(False)
            named = {spelled(name): variable for name, variable in data.variables.items()}
            if "lithok" in named:
                name, frame = "GeoTOP", _of_voxels(named, window, str(path))
            elif {"top", "bottom", "layer"} <= set(named):
                name, frame = "REGIS", _of_layers(named, window, str(path))
            else:
                has = ", ".join(data.variables) or "none"
                raise InputError(
                    f"has no `lithok`, nor `layer`, `top` and `bottom` (variables there: {has})",
                    where=str(path),
                    mend=MEND,
                )
    except (OSError, RuntimeError, ValueError, IndexError, KeyError, TypeError, OverflowError, MemoryError) as error:
        raise InputError(
            f"is damaged or not as a model of the ground should be ({error})", where=str(path), mend=MEND
        ) from error
    return Collected(frame, f"{name}, {path.name}", attribution=ATTRIBUTION)


def _require_whole(path: Path) -> None:
    """Raise when a classic file ends before its last variable: the NetCDF library would read zeros there."""
    with path.open("rb") as file:
        classic = file.read(4) in CLASSIC
    if classic:
        with netcdf_file(path, "r", mmap=True):  # lays every variable over the file, and reads none
            pass


def edges(at: Floats, alone: float) -> Edges:
    """Return the lower and upper side of cells: whole numbers of steps are lower corners, others are middles.

    Raises
    ------
    ValueError
        When the coordinates are not finite, or not evenly spaced but for cells left out.

    Examples
    --------
    >>> edges(np.array([100.0, 200.0]), 100.0)[0].tolist(), edges(np.array([150.0, 250.0]), 100.0)[0].tolist()
    ([100.0, 200.0], [100.0, 200.0])
    """
    once = np.unique(at)
    if not len(at) or not (abs(at) < FARTHEST_M).all():
        raise ValueError("coordinates are missing")
    step = float(np.diff(once).min()) if len(once) > 1 else alone
    parts = (at - once[0]) / max(step, LEAST_M)
    if step < LEAST_M or abs(parts - np.round(parts)).max() > 0.01:
        raise ValueError("coordinates are not evenly spaced")
    begins = abs(once[0] / step - np.round(once[0] / step)) < 0.01
    low = at if begins else at - step / 2
    return low, low + step


def cells_of(x: Edges, y: Edges, window: Window, where: str) -> tuple[Any, Truths]:
    """Return cells as shapes in the CRS of the window, and which of them meet it with its strip.

    Raises
    ------
    InputError
        When none of them does.
    """
    shapes = gpd.GeoSeries(shapely.box(x[0], y[0], x[1], y[1]), crs=DUTCH)
    meets = shapely.relate_pattern(_wide(window), shapes.to_numpy(), "T********")
    if not meets.any():
        raise _elsewhere(where)
    return shapes.to_crs(window.crs).to_numpy(), np.asarray(meets)


def _wide(window: Window) -> shapely.Geometry:
    return gpd.GeoSeries([window.wide], crs=window.crs).to_crs(DUTCH).iloc[0]


def _elsewhere(where: str) -> InputError:
    mend = "Ask for an extract around it, in the Dutch grid (EPSG:28992)."
    return InputError("covers no part of the window", where=where, mend=mend)


# --- reading ----------------------------------------------------------------------------------------------------------


def _of_voxels(named: dict[str, Any], window: Window, where: str) -> gpd.GeoDataFrame:
    """Return runs of equal voxels, from the top of each column down."""
    x, y, z = _axis(named, "x", CELL_M), _axis(named, "y", CELL_M), _axis(named, "z", VOXEL_M)
    across, along = _inside(x, y, window, where)
    down = np.argsort(-z[0])
    codes = _block(named["lithok"], {"x": across, "y": along, "z": slice(None)})[:, :, down]
    sides = [np.repeat(side[across], len(y[0][along])) for side in x], [np.tile(s[along], len(x[0][across])) for s in y]
    shapes, meets = cells_of((sides[0][0], sides[0][1]), (sides[1][0], sides[1][1]), window, where)
    codes = codes.reshape(len(shapes), -1)[meets]
    codes = np.where((codes >= 0) & (codes < 100), codes, -1.0)  # empty, however a file says so; NaN too
    new = np.ones(codes.shape, dtype=bool)
    new[:, 1:] = codes[:, 1:] != codes[:, :-1]
    starts = np.flatnonzero(new)
    ends = np.append(starts[1:], codes.size) - 1
    cell, first, last = starts // codes.shape[1], starts % codes.shape[1], ends % codes.shape[1]
    unit = codes.ravel()[starts].astype(int)
    layers = pd.DataFrame({"cell": cell, "unit": unit, "top": z[1][down][first], "bottom": z[0][down][last]})
    return _below_ground(layers[unit >= 0].astype({"unit": "str"}), shapes[meets], window)


def _of_layers(named: dict[str, Any], window: Window, where: str) -> gpd.GeoDataFrame:
    """Return the layers that are there in each column; a layer without thickness is not."""
    x, y = _axis(named, "x", CELL_M), _axis(named, "y", CELL_M)
    across, along = _inside(x, y, window, where)
    names = np.array(_names(named["layer"]), dtype=object)
    order = {"x": across, "y": along, "layer": slice(None)}
    top, bottom = (_block(named[side], order) for side in ("top", "bottom"))
    sides = [np.repeat(side[across], len(y[0][along])) for side in x], [np.tile(s[along], len(x[0][across])) for s in y]
    shapes, meets = cells_of((sides[0][0], sides[0][1]), (sides[1][0], sides[1][1]), window, where)
    top, bottom = (side.reshape(len(shapes), -1)[meets] for side in (top, bottom))
    there = (abs(top) < HIGHEST_M) & (abs(bottom) < HIGHEST_M) & (top > bottom)
    cell, number = np.nonzero(there)
    layers = pd.DataFrame({"cell": cell, "unit": names[number], "top": top[there], "bottom": bottom[there]})
    return _below_ground(layers, shapes[meets], window)


def _axis(named: dict[str, Any], name: str, alone: float) -> Edges:
    """Return the sides of cells along an axis."""
    bounds = named.get(spelled(f"{name}_bounds"), named.get(f"{name}bnds"))
    if bounds is not None:
        pairs = np.asarray(bounds[...], dtype=float).reshape(-1, 2)
        if np.isfinite(pairs).all() and (pairs[:, 0] != pairs[:, 1]).all():
            return pairs.min(axis=1), pairs.max(axis=1)
    if getattr(named[name], "positive", "up") != "up":
        raise ValueError(f"`{name}` counts downwards")
    at = np.asarray(named[name][...], dtype=float).ravel()
    if len(np.unique(at)) < len(at):
        raise ValueError(f"`{name}` has one coordinate twice")
    return edges(at, alone)


def _inside(x: Edges, y: Edges, window: Window, where: str) -> tuple[slice, slice]:
    """Return the part of both axes that the window with its strip meets."""
    bounds = shapely.bounds(_wide(window))
    found = []
    for (low, high), least, most in ((x, bounds[0], bounds[2]), (y, bounds[1], bounds[3])):
        meets = np.flatnonzero((high > least) & (low < most))
        if not len(meets):
            raise _elsewhere(where)
        found.append(slice(int(meets[0]), int(meets[-1]) + 1))
    return found[0], found[1]


def _block(variable: Any, order: dict[str, slice]) -> Floats:
    """Return a part of a variable with its axes in a given order; what a file calls missing is NaN."""
    dimensions = [spelled(d) for d in variable.dimensions]
    if sorted(dimensions) != sorted(order):
        raise ValueError(f"`{variable.name}` is not over {', '.join(order)}")
    values = np.asarray(variable[tuple(order[d] for d in dimensions)], dtype=float)
    for name in ("_FillValue", "missing_value"):
        if name in variable.ncattrs():
            values[values == float(variable.getncattr(name))] = np.nan
    scale, offset = (float(getattr(variable, n, v)) for n, v in (("scale_factor", 1.0), ("add_offset", 0.0)))
    return np.transpose(values, [dimensions.index(d) for d in order]) * scale + offset


def _names(variable: Any) -> Iterable[str]:
    """Return names of layers, whether texts or rows of single characters."""
    raw = np.asarray(variable[...])
    if raw.ndim == 2:
        raw = np.array([b"".join(row) for row in raw.astype("S1")])
    texts = raw.tolist()
    return [(t.decode("utf-8", "replace") if isinstance(t, bytes) else str(t)).strip("\0 ") for t in texts]


def _below_ground(layers: pd.DataFrame, shapes: Any, window: Window) -> gpd.GeoDataFrame:
    """Return layers by depth below the highest top of their column."""
    surface = layers.groupby("cell")["top"].transform("max")
    table = layers.assign(top_m=surface - layers["top"], bottom_m=surface - layers["bottom"], conductivity=np.nan)
    table = table.drop(columns=["top", "bottom"]).reset_index(drop=True)
    return gpd.GeoDataFrame(table, geometry=shapes[table["cell"].to_numpy(dtype=int)], crs=window.crs)
