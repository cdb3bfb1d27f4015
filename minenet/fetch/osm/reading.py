"""Reads extracts of OpenStreetMap: `.osm.pbf` and `.osm`.

GDAL assembles the geometries. It does not give a closed way that is also the outline of a relation, such as a building
on its own lawn: those are read apart. Nor can it judge the file: some damage it only warns of, and the result is a
smaller neighbourhood, so the file itself is looked at first.

References
----------
.. [1] GDAL, OSM driver: layers, `osmconf.ini`.
"""

import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError
from pyproj import CRS

from minenet.errors import InputError
from minenet.fetch.carriers import Collected
from minenet.fetch.osm.extracts import MEND, day_of, require_whole
from minenet.fetch.osm.tags import KEYS, tag
from minenet.fetch.window import Window
from minenet.sources.guarded import guarded
from minenet.tables import shapes_of

__all__ = ["ATTRIBUTION", "LICENCE", "read_osm"]

LICENCE = "ODbL 1.0"
ATTRIBUTION = "© OpenStreetMap contributors"

LAYERS = ("points", "lines", "multipolygons")
"""Layers of GDAL that hold what is mapped; relations that are no areas are not."""

AREAS = (
    "aeroway",
    "amenity",
    "boundary",
    "building",
    "building:part",
    "craft",
    "geological",
    "historic",
    "landuse",
    "leisure",
    "military",
    "natural",
    "office",
    "place",
    "shop",
    "sport",
    "tourism",
    "highway=platform",
    "public_transport=platform",
    "waterway=riverbank",
    "waterway=dock",
)
"""Tags by which a closed way is an area, not a line that goes round."""

KINDS = ("building", "landuse", "leisure", "natural", "amenity", "waterway")
"""Tags that say what an area is."""


def read_osm(path: str | Path, window: Window | None = None) -> Collected:
    """Return what an extract of OpenStreetMap holds of a window and the strip around it.

    Parameters
    ----------
    path : str or Path
        An `.osm.pbf` or `.osm` file.
    window : Window, optional
        Where; everything in the file if None, in the Dutch grid or else in the UTM zone it lies in.

    Returns
    -------
    Collected
        `osm_type` (node, way, relation), `osm_id`, tags, geometry in the CRS of the window.

    Raises
    ------
    InputError
        When the file is not there, empty, cut off or no extract, or holds nothing of the window.
    """
    path = Path(path)
    require_whole(path)
    box = None if window is None else tuple(shapely.bounds(window.in_world()).tolist())
    with tempfile.TemporaryDirectory() as folder:
        settings, as_lines = Path(folder) / "osmconf.ini", Path(folder) / "lines.ini"
        settings.write_text(_settings(AREAS), encoding="utf-8")
        as_lines.write_text(_settings(("none",)), encoding="utf-8")
        try:
            layers = [_layer(path, name, box, settings) for name in LAYERS]
            outlines = _outlines(_layer(path, "lines", box, as_lines), layers[1], layers[2])
        except (DataSourceError, DataLayerError, FeatureError, RuntimeWarning, ValueError) as error:
            raise InputError("is damaged, or no extract of OpenStreetMap", where=str(path), mend=MEND) from error
    parts = [layer for layer in (*layers, outlines) if len(layer)]
    frame = pd.concat(parts or layers[:1], ignore_index=True)
    if not len(frame):
        mend, place = "Does the extract cover this place?", (window.name if window else "") or "the window"
        raise InputError(f"holds nothing of {place}", where=str(path), mend=mend)
    features = gpd.GeoDataFrame(frame, geometry="geometry", crs=layers[0].crs)
    here = window or Window.of_shape(shapely.box(*features.total_bounds), CRS(features.crs), name=path.stem)
    features = features.to_crs(here.crs)
    return Collected(
        features,
        source=f"OpenStreetMap, file {path.name}",
        date=day_of(path),
        licence=LICENCE,
        attribution=ATTRIBUTION,
        notes={name: str(len(layer)) for name, layer in zip((*LAYERS, "outlines"), (*layers, outlines), strict=True)},
    )


def _layer(path: Path, name: str, box: tuple[float, ...] | None, settings: Path) -> gpd.GeoDataFrame:
    """Return one layer, with what its rows are and their numbers in OpenStreetMap."""
    with guarded(path, any_name=True):  # its kind was looked at
        rows = pyogrio.read_dataframe(path, layer=name, bbox=box, CONFIG_FILE=str(settings))
    kinds = {"points": "node", "lines": "way", "multipolygons": "relation"}
    number = rows["osm_id"].astype("str").where(rows["osm_id"].notna())
    kind = pd.Series(kinds[name], index=rows.index, dtype="str")
    if name == "multipolygons":
        kind = kind.mask(number.isna(), "way")
        number = number.fillna(rows["osm_way_id"].astype("str"))
    kept = [key for key in KEYS if key in rows.columns and rows[key].notna().any()]
    return gpd.GeoDataFrame(rows[[*kept, "geometry"]].assign(osm_type=kind, osm_id=number), crs=rows.crs)


def _outlines(lines: gpd.GeoDataFrame, known: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return closed ways that are areas of their own, but were given up for the relation whose outline they are.

    Not where the relation says the same of that ground: then its tags were on the way, and the relation knows of
    courtyards.
    """
    shapes = shapes_of(lines)
    ways = areas["osm_id"][areas["osm_type"] == "way"]
    lost = shapely.is_closed(shapes) & (shapely.get_num_coordinates(shapes) > 3)
    lost &= ~lines["osm_id"].isin(pd.concat([known["osm_id"], ways])).to_numpy(dtype=bool)
    rows = lines[lost].reset_index(drop=True)
    new = np.zeros(len(rows), dtype=bool)
    for key in KINDS:
        has = tag(rows, key).notna().to_numpy()
        other = shapes_of(areas)[tag(areas, key).notna().to_numpy()]
        told = shapely.STRtree(shapely.boundary(other)).query(shapes_of(rows), predicate="covered_by")[0]
        new |= has & ~np.isin(np.arange(len(rows)), told)
    found = rows[new].reset_index(drop=True)
    corners, ring = shapely.get_coordinates(shapes_of(found), return_index=True)
    filled = np.asarray(shapely.polygons(shapely.linearrings(corners, indices=ring)))
    return gpd.GeoDataFrame(found.drop(columns="geometry"), geometry=list(filled), crs=lines.crs)


def _settings(areas: tuple[str, ...]) -> str:
    """Return settings for GDAL: just the tags that are read, under their own names."""
    keys = ",".join(KEYS)
    begin = f"closed_ways_are_polygons={','.join(areas)}\nattribute_name_laundering=no\nreport_all_nodes=no\n"
    layer = f"osm_id=yes\nattributes={keys}\nother_tags=no\n"
    return begin + "".join(f"\n[{name}]\n{layer}" for name in LAYERS)
