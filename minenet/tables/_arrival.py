"""Checks and repairs an area once, on arrival: every repair and every row left out is counted.

Broken data ends in one `InputError` that says what, where and how to mend; what can be mended without guessing is
mended and counted under `repaired.` or `left_out.` in the provenance.
"""

import difflib
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS, Proj
from pyproj.exceptions import ProjError

from minenet.errors import InputError
from minenet.tables._area import AREA_TABLES, NEEDED_LAYERS
from minenet.tables._carriers import Area
from minenet.tables._cells import as_declared
from minenet.tables._declared import Table, single_parts, typed

__all__ = ["UNIQUE_LAYERS", "arrived", "given_or_not", "in_order", "make_area", "same_rows_twice"]

Shapes = npt.NDArray[np.object_]

LARGEST_SCALE_ERROR = 0.01
"""A map scale farther from 1 than this makes lengths and costs wrong: such a CRS is refused."""

FARTHEST_M = 1e8
"""No map of the Earth in metres has a coordinate beyond this; what lies there got its place by mistake."""

WIDEST_M: Mapping[str, float] = {"buildings": 5000.0}
"""No footprint is wider: the flower auction of Aalsmeer, the largest of the country, is 1.3 km wide."""

WISHES = ("fixed_boreholes", "crossings")
"""Layers of what the user wants, not of what there is: without them nothing is unknown."""

UNIQUE_LAYERS = ("buildings", "addresses", "parcels", "loops", "fixed_boreholes")
"""Layers in which one identifier means one thing; streets may come in pieces that share an id."""


def make_area(frames: Mapping[str, Any], *, provenance: Mapping[str, str] | None = None) -> Area:
    """Check and repair frames into an `Area`.

    Parameters
    ----------
    frames : mapping of str to GeoDataFrame
        Layers by name, as in `AREA_TABLES`; `buildings` and `streets` are needed.
    provenance : mapping of str to str, optional
        What is already known about where the frames came from.

    Returns
    -------
    Area
        Layers in the CRS of `buildings`, columns in their declared types, rows in the order of their identifiers,
        and counts of all that was read, repaired and left out.

    Raises
    ------
    InputError
        When a layer or column is missing or empty, a CRS is not in true metres, or identifiers contradict each other.
    """
    notes: dict[str, str] = dict(provenance or {})
    for name in frames:
        if name not in AREA_TABLES:
            notes[f"ignored.{name}"] = "layer is not part of an area"
    for name in NEEDED_LAYERS:
        _require_layer(name, frames)
    notes |= given_or_not([name for name, frame in frames.items() if frame is not None])
    crs = _metric_crs(frames["buildings"], "buildings")
    layers = {
        name: _arrive(frames[name], table, crs, notes)
        for name, table in AREA_TABLES.items()
        if frames.get(name) is not None
    }
    return Area(**layers, provenance=notes)


def given_or_not(names: Collection[str]) -> dict[str, str]:
    """Return for provenance which layers were not given."""
    return {f"not_given.{name}": "not checked" for name in AREA_TABLES if name not in names and name not in WISHES}


def arrived(frame: Any, name: str, *, crs: CRS | None, notes: dict[str, str]) -> gpd.GeoDataFrame:
    """Check and repair some rows of a layer, as `make_area` does with all of them; that none is left is no error.

    Parameters
    ----------
    frame : GeoDataFrame
        The rows.
    name : str
        Layer, as in `AREA_TABLES`.
    crs : CRS or None
        CRS of the area; that of the rows when None.
    notes : dict of str to str
        Counts go here.

    Raises
    ------
    InputError
        As `make_area` does.
    """
    crs = crs or _metric_crs(frame, name)
    return _arrive(frame, AREA_TABLES[name], crs, notes, needed=False)


def _require_layer(name: str, frames: Mapping[str, Any]) -> None:
    frame = frames.get(name)
    if frame is None:
        given = ", ".join(sorted(frames)) or "none"
        mend = f"Layers given: {given}. A mapping file can say which layer is which (see --mapping)."
        raise InputError(f"layer `{name}` is missing", where="area", mend=mend)
    if len(frame) == 0:
        raise InputError("has no rows", where=f"layer `{name}`", mend="Is the window right, or the filter too strict?")


def _metric_crs(frame: Any, name: str) -> CRS:
    """Return the CRS of `frame`, or raise when lengths in it are not true metres here."""
    where = f"layer `{name}`"
    if getattr(frame, "crs", None) is None:
        mend = f'Say which it is: {name}.set_crs("EPSG:28992").'
        raise InputError("has no coordinate reference system", where=where, mend=mend)
    crs = CRS.from_user_input(frame.crs)
    mend = f"Reproject it: {name}.to_crs({name}.estimate_utm_crs()), or .to_crs(28992) in the Netherlands."
    label = f"{crs.to_string() if len(crs.to_string()) < 30 else crs.name}"
    if crs.is_geographic or not crs.is_projected:
        raise InputError(f"is in degrees ({label}), not in metres", where=where, mend=mend)
    if any(axis.unit_conversion_factor != 1.0 for axis in crs.axis_info[:2]):
        raise InputError(f"is not in metres ({label}: {crs.axis_info[0].unit_name})", where=where, mend=mend)
    bounds = np.asarray(frame.geometry.bounds)
    if elsewhere := _elsewhere(crs, bounds):
        raise InputError(f"does not lie where {label} is used, but would {elsewhere}", where=where, mend=mend)
    scale = _scale_here(crs, bounds)
    if scale is None:
        raise InputError(f"lies where {label} is not defined", where=where, mend="Was the wrong CRS set on it?")
    if abs(scale - 1.0) > LARGEST_SCALE_ERROR:
        raise InputError(f"is in {label}, which makes lengths {scale:.2f} times too long here", where=where, mend=mend)
    return crs


def _scale_here(crs: CRS, bounds: npt.NDArray[np.float64]) -> float | None:
    """Return how many map metres a true metre has amid the rows of `bounds`, None where the CRS is not defined."""
    here = _middle(bounds)
    if here is None:
        return 1.0  # nothing is here: a layer without usable rows has its own error
    try:
        projection = Proj(crs)
        factors = projection.get_factors(*projection(*here, inverse=True))
    except ProjError:
        return None
    scale = float(factors.areal_scale) ** 0.5
    return scale if np.isfinite(scale) else None


def _middle(bounds: npt.NDArray[np.float64]) -> tuple[float, float] | None:
    """Return the middle of most rows, for one stray row must not decide where "here" is; None without any."""
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return None
    x, y = np.median(bounds[:, :2] / 2 + bounds[:, 2:] / 2, axis=0)
    return float(x), float(y)


def _elsewhere(crs: CRS, bounds: npt.NDArray[np.float64]) -> str:
    """Return how rows outside the area that a CRS is for would lie inside; nothing where they do, or never would."""
    here = _middle(bounds)
    if here is None or crs.area_of_use is None:
        return ""
    (x, y), area = here, crs.area_of_use
    longitude, latitude = Proj(crs)([x, y], [y, x], inverse=True)
    as_said, turned, in_degrees = (
        area.west <= east <= area.east and area.south <= north <= area.north
        for east, north in ((longitude[0], latitude[0]), (longitude[1], latitude[1]), here)
    )
    if as_said or not (turned or in_degrees):
        return ""
    return "with its axes swapped, or in another CRS" if turned else "if its numbers were degrees"


def _arrive(frame: Any, table: Table, crs: CRS, notes: dict[str, str], *, needed: bool = True) -> gpd.GeoDataFrame:
    """Bring one layer into its declared form, counting into `notes`."""
    notes[f"read.{table.name}"] = str(len(frame))
    _require_distinct_columns(frame, table)
    frame = frame.reset_index(drop=True)  # a repeated index would multiply rows
    for other, meant in _nearly_declared(frame, table).items():
        notes[f"ignored.{table.name}.{other}"] = f"is not `{meant}`: give the column that name"
    counts: Counter[str] = Counter()
    columns = _conformed_columns(frame, table, counts)
    geometry = _conformed_geometry(frame, table, crs, counts)
    layer = typed(gpd.GeoDataFrame(columns, geometry=geometry, crs=crs), table)
    placed = _has_shape(frame)
    layer = _without_lost_rows(gpd.GeoDataFrame(layer, crs=crs), table, counts, placed)
    if needed:
        _require_rows(layer, table, counts)
    layer = _with_unique_ids(layer, table, counts)
    for what, count in sorted(counts.items()):
        if count:
            action, _, rest = what.partition(".")
            notes[f"{action}.{table.name}.{rest}"] = str(count)
    return in_order(layer, table.name)


def _require_distinct_columns(frame: Any, table: Table) -> None:
    twice = sorted({str(c) for c in frame.columns[frame.columns.duplicated()]})
    if twice:
        mend = "Rename or drop one of them."
        raise InputError(f"column `{'`, `'.join(twice)}` stands there twice", where=f"layer `{table.name}`", mend=mend)


def _nearly_declared(frame: Any, table: Table) -> dict[str, str]:
    """Return the columns whose name is a declared one but for case, spaces or a byte order mark: they are not read."""
    alike = {str(c): str(c).strip("\ufeff \t\r\n").lower() for c in frame.columns if c not in table.column}
    return {c: plain for c, plain in alike.items() if plain in table.column}


def _conformed_columns(frame: pd.DataFrame, table: Table, counts: Counter[str]) -> pd.DataFrame:
    missing = [c.name for c in table.columns if c.needed and c.name not in frame]
    if missing:
        given = [str(c) for c in frame.columns if c != "geometry"]
        plain = {name.lower(): name for name in given}
        near = [n for m in missing for n in difflib.get_close_matches(m, plain, n=1, cutoff=0.5)]
        hint = f" Is it `{plain[near[0]]}`?" if near else ""
        mend = f"Columns given: {', '.join(given) or 'none'}.{hint} A mapping file can rename them (see --mapping)."
        names = ", ".join(f"`{m}`" for m in missing)
        raise InputError(f"column {names} is missing", where=f"layer `{table.name}`", mend=mend)
    columns = {c.name: as_declared(frame[c.name], c, counts) for c in table.columns if c.name in frame}
    conformed = pd.DataFrame(columns, index=frame.index)
    for column in table.columns:
        if column.needed and (column.name == table.key or column.values or column.kind == "number"):
            _require_filled(conformed[column.name], frame[column.name], table)
    if table.name == "zones":
        _require_depths(conformed)
    return conformed


def _require_depths(zones: pd.DataFrame) -> None:
    """Raise when a zone limits the depth but does not say to what: an unknown limit must not pass for none."""
    limits = zones[zones["effect"] == "max_depth"]
    depth = limits["value"] if "value" in limits else pd.Series(np.nan, index=limits.index)
    lost = int((~(depth > 0)).sum())
    if lost:
        mend = "Give the depth in metres, more than 0; where nothing may be drilled the effect is `ban`."
        raise InputError(
            f"{lost} zones with effect `max_depth` have no depth in `value`", where="layer `zones`", mend=mend
        )


def _require_filled(series: pd.Series, given: pd.Series, table: Table) -> None:
    if table.name == "land" and series.name == "ownership":
        return  # ground of unknown ownership is unknown, not an error
    empty = series.isna()
    if not empty.any():
        return
    mend, said = "Fill it in, or leave these rows out.", ""
    if words := table.column[str(series.name)].values:
        mend = f"Use {', '.join(words)}, or leave these rows out."
        strange = sorted({str(word).strip() for word in given[empty].dropna()} - {""})
        said = f" that is known: it says {', '.join(strange[:3])}" if strange else ""
    raise InputError(f"{int(empty.sum())} rows have no `{series.name}`{said}", where=f"layer `{table.name}`", mend=mend)


def _conformed_geometry(frame: Any, table: Table, crs: CRS, counts: Counter[str]) -> gpd.GeoSeries:
    """Return the geometry in two dimensions and in `crs`, invalid polygons repaired, what cannot be used as None."""
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        if table.name != "ground":
            raise InputError("has no geometry", where=f"layer `{table.name}`")
        return gpd.GeoSeries(np.full(len(frame), None), index=frame.index, crs=crs)
    series = frame.geometry
    if _has_shape(frame).any() and CRS.from_user_input(_metric_crs(frame, table.name)) != crs:
        counts["repaired.reprojected"] += len(series)
        series = series.to_crs(crs)
    shapes = np.asarray(shapely.force_2d(np.asarray(series.array)), dtype=object)
    shapes = _without(shapes, shapely.is_empty(shapes))
    shapes = _within_reach(shapes, counts)
    shapes = _not_too_wide(shapes, table, counts)
    if table.name == "addresses":
        shapes = _one_point(shapes, counts)
    shapes = _valid(shapes, counts)
    allowed = table.geometry or ()
    names = np.array([None if s is None else s.geom_type for s in shapes], dtype=object)
    wrong = (shapes != None) & ~np.isin(names, allowed)  # noqa: E711
    counts["left_out.wrong_geometry_type"] += int(wrong.sum())
    shapes = _without(shapes, wrong)
    return gpd.GeoSeries(single_parts(shapes), index=frame.index, crs=crs)


def _without(shapes: Shapes, lost: npt.NDArray[np.bool_]) -> Shapes:
    left = shapes.copy()
    left[lost] = None
    return left


def _within_reach(shapes: Shapes, counts: Counter[str]) -> Shapes:
    """Return shapes without those that have a coordinate which can be no place on Earth."""
    bounds = shapely.bounds(shapes)
    wild = (shapes != None) & ~np.isfinite(bounds).all(axis=1)  # noqa: E711
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    wild[owner[~np.isfinite(coordinates).all(axis=1)]] = True
    counts["left_out.coordinates_not_finite"] += int(wild.sum())
    far = ~wild & (np.abs(np.nan_to_num(bounds)) > FARTHEST_M).any(axis=1)
    counts["left_out.coordinates_out_of_reach"] += int(far.sum())
    return _without(shapes, wild | far)


def _not_too_wide(shapes: Shapes, table: Table, counts: Counter[str]) -> Shapes:
    if table.name not in WIDEST_M:
        return shapes
    bounds = shapely.bounds(shapes)
    wide = np.any(bounds[:, 2:] - bounds[:, :2] > WIDEST_M[table.name], axis=1)
    counts["left_out.too_wide_to_be_true"] += int(wide.sum())
    return _without(shapes, wide)


def _one_point(shapes: Shapes, counts: Counter[str]) -> Shapes:
    """Return addresses of several points as the point amid them: a home stands at one place."""
    several = shapely.get_num_geometries(shapes) > 1
    several &= shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOINT
    counts["repaired.several_points"] += int(several.sum())
    shapes = shapes.copy()
    shapes[several] = shapely.centroid(shapes[several])
    return shapes


def _valid(shapes: Shapes, counts: Counter[str]) -> Shapes:
    """Return shapes with invalid ones repaired; only parts of the same dimension are kept."""
    broken = (shapes != None) & ~shapely.is_valid(shapes)  # noqa: E711
    if not broken.any():
        return shapes
    shapes = shapes.copy()
    for i in np.flatnonzero(broken):
        shapes[i] = _repaired(shapes[i])
    lost = np.array([s is None for s in shapes[broken]])
    counts["repaired.invalid_geometry"] += int((~lost).sum())
    counts["left_out.geometry_beyond_repair"] += int(lost.sum())
    return shapes


def _repaired(shape: shapely.Geometry) -> shapely.Geometry | None:
    dimension = shapely.get_dimensions(shape)
    mended = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    parts = [p for p in shapely.get_parts([mended]) if shapely.get_dimensions(p) == dimension and not p.is_empty]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _has_shape(frame: Any) -> npt.NDArray[np.bool_]:
    """Return which rows came with a geometry, whatever it is worth."""
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        return np.zeros(len(frame), dtype=bool)
    return ~np.asarray(shapely.is_missing(np.asarray(frame.geometry.array)))


def _without_lost_rows(
    layer: gpd.GeoDataFrame, table: Table, counts: Counter[str], placed: npt.NDArray[np.bool_]
) -> gpd.GeoDataFrame:
    lost = layer.geometry.isna()
    if table.name == "ground":  # a row without geometry holds everywhere, but not one that lost it here
        lost &= placed
    known = sum(v for k, v in counts.items() if k.startswith("left_out."))
    counts["left_out.no_geometry"] += int(lost.sum()) - known
    return layer[~lost]


def _require_rows(layer: gpd.GeoDataFrame, table: Table, counts: Counter[str]) -> None:
    if layer.empty and table.name in NEEDED_LAYERS:
        reasons = ", ".join(f"{v} {k.partition('.')[2]}" for k, v in counts.items() if v and k.startswith("left_out."))
        mend = "Is it the right layer?"
        raise InputError(f"has no row that can be used ({reasons})", where=f"layer `{table.name}`", mend=mend)


def _with_unique_ids(layer: gpd.GeoDataFrame, table: Table, counts: Counter[str]) -> gpd.GeoDataFrame:
    twin = same_rows_twice(layer, table.name)
    counts["left_out.same_row_twice"] += int(twin.sum())
    layer = layer[~twin]
    if table.name not in UNIQUE_LAYERS or table.key is None:
        return layer
    clash = layer[layer[table.key].duplicated(keep=False)][table.key].unique()
    if len(clash):
        examples = ", ".join(f"`{c}`" for c in sorted(clash)[:3])
        mend = f"Give every row its own `{table.key}`, or dissolve the parts: frame.dissolve(by='{table.key}')."
        what = f"{len(clash)} values of `{table.key}` stand on different geometries ({examples})"
        raise InputError(what, where=f"layer `{table.name}`", mend=mend)
    return layer


def same_rows_twice(layer: gpd.GeoDataFrame, name: str) -> pd.Series:
    """Return which rows say again what another says: the same thing at the same place."""
    key = AREA_TABLES[name].key
    by = [key] if name in UNIQUE_LAYERS and key else [c for c in layer.columns if c != "geometry"]
    return pd.DataFrame(layer[by]).assign(_wkb=layer.geometry.to_wkb()).duplicated([*by, "_wkb"])


def in_order(layer: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Return rows in an order that depends on the data alone, never on the order in which they came."""
    keys = [c.name for c in AREA_TABLES[name].columns if c.needed]
    said = pd.DataFrame(layer[keys])
    if not keys or said.duplicated().any():  # only then do shapes decide
        shape = layer.geometry.to_wkb() if layer.geometry.notna().any() else pd.Series(b"", index=layer.index)
        said = said.assign(_shape=shape.where(shape.notna(), b""))
    order = said.sort_values([*said.columns], kind="stable").index
    return layer.loc[order].reset_index(drop=True)
