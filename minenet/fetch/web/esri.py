"""Reads polygons in Esri's JSON: rings, of which those that turn the other way are holes."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from minenet.errors import InputError

__all__ = ["from_esri_json"]


def from_esri_json(document: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """Return the polygons of an answer in Esri's JSON, with their attributes.

    Parameters
    ----------
    document : mapping
        What an ArcGIS service answers to `f=json`: `features` with `attributes` and `geometry.rings`.

    Raises
    ------
    InputError
        When it is an error, has no coordinate reference system that is known, or a geometry is no polygon.

    Examples
    --------
    >>> square = [[0, 0], [0, 10], [10, 10], [10, 0], [0, 0]]
    >>> feature = {"attributes": {"TYPE": "Waterwingebied"}, "geometry": {"rings": [square]}}
    >>> frame = from_esri_json({"spatialReference": {"wkid": 28992}, "features": [feature]})
    >>> frame["TYPE"].item(), frame.area.item()
    ('Waterwingebied', 100.0)
    """
    where = "answer in Esri JSON"
    said = document.get("error")
    if said:
        message = said.get("message", said) if isinstance(said, Mapping) else said
        raise InputError(f"is an error: {message}", where=where, mend="Ask the service again.")
    features = document.get("features")
    if not isinstance(features, list) or not all(isinstance(f, Mapping) for f in features):
        raise InputError("has no list of features", where=where)
    crs = _crs(document.get("spatialReference"), where)
    try:
        shapes = [_polygon(feature.get("geometry")) for feature in features]
        attributes = pd.DataFrame([dict(feature.get("attributes") or {}) for feature in features])
    except (TypeError, ValueError, AttributeError, IndexError, shapely.GEOSException) as error:
        raise InputError(
            f"has a feature that is no polygon with attributes ({error})", where=where, mend="Ask with f=geojson."
        ) from error
    attributes = attributes.drop(columns="geometry", errors="ignore")
    return gpd.GeoDataFrame(attributes, geometry=np.array(shapes, dtype=object), crs=crs)


def _crs(reference: object, where: str) -> CRS:
    """Return the CRS that is meant: the latest number is EPSG's, an older one may be Esri's own."""
    numbers = [reference.get(key) for key in ("latestWkid", "wkid")] if isinstance(reference, Mapping) else []
    for number in numbers:
        for authority in ("EPSG", "ESRI"):
            try:
                return CRS.from_authority(authority, int(number))  # type: ignore[arg-type]
            except (CRSError, TypeError, ValueError):
                continue
    raise InputError("has no coordinate reference system that is known", where=where, mend="Ask with outSR=28992.")


def _polygon(geometry: Any) -> shapely.Geometry | None:
    """Return a polygon from rings; a hole belongs to the smallest outer ring around it, and is one itself without."""
    if geometry is None or not (rings := geometry.get("rings")):
        if geometry and "rings" not in geometry:
            raise ValueError("no rings")
        return None
    lines = np.array([shapely.linearrings(np.asarray(r, dtype=float)[:, :2], handle_nan="error") for r in rings])
    areas = np.array([shapely.Polygon(line) for line in lines])
    hole = shapely.is_ccw(lines)
    outer = np.flatnonzero(~hole)[np.argsort(shapely.area(areas[~hole]), kind="stable")]
    around = shapely.covers(shapely.make_valid(areas[outer])[:, None], shapely.point_on_surface(areas[hole]))
    around &= shapely.area(areas[outer])[:, None] >= shapely.area(areas[hole])  # an island in the hole is not around it
    owner = outer[around.argmax(axis=0)] if len(outer) and hole.any() else np.flatnonzero(hole)
    alone = ~around.any(axis=0) if len(outer) else np.ones(int(hole.sum()), dtype=bool)
    inner = np.flatnonzero(hole)
    parts = [shapely.Polygon(lines[o], list(lines[inner[(owner == o) & ~alone]])) for o in outer]
    parts += list(areas[inner[alone]])
    if len(parts) == 1:
        return parts[0]
    return shapely.make_valid(shapely.multipolygons(parts), method="structure", keep_collapsed=False)
