"""Writes an area to one GeoPackage, with what every source said in a table `about`."""

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataSourceError

from minenet.errors import OutputError
from minenet.fetch.recipe import Fetched
from minenet.sources import moved_into_place, require_writable
from minenet.tables import AREA_TABLES, shapes_of

__all__ = ["write_area"]

_GDAL_OPTIONS = {"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z", "OGR_SQLITE_SYNCHRONOUS": "OFF"}
"""A fixed date, so that the same answers give the same file."""


def write_area(fetched: Fetched, path: str | Path) -> Path:
    """Write a fetched area to a GeoPackage that `read_area` reads; an unfinished file never stands at `path`.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    path = Path(path)
    require_writable(path)
    before = {name: pyogrio.get_gdal_config_option(name) for name in _GDAL_OPTIONS}
    pyogrio.set_gdal_config_options(_GDAL_OPTIONS)
    try:
        with moved_into_place(path) as part:
            for name, table in AREA_TABLES.items():
                if name in fetched.tables and (len(fetched.tables[name]) or name not in OPEN):
                    _write(fetched.tables[name], table.name, part)
            pyogrio.write_dataframe(_about(fetched.notes), part, layer="about", layer_options=PLAIN)
            if len(fetched.unmatched):
                pyogrio.write_dataframe(fetched.unmatched, part, layer="unmatched_answers", layer_options=PLAIN)
    except (DataSourceError, RuntimeError) as error:
        raise OutputError(f"cannot be written ({error})", where=str(path)) from error
    finally:
        pyogrio.set_gdal_config_options(before)
    return path


PLAIN = {"ASPATIAL_VARIANT": "GPKG_ATTRIBUTES"}

OPEN = ("obstacles",)
"""Layers of which an empty one says nothing: that no obstacle was seen is not that there is none."""


def _write(frame: gpd.GeoDataFrame, name: str, path: Path) -> None:
    shapes = shapes_of(frame)
    mixed = len(set(shapely.get_dimensions(shapes).tolist()) - {-1}) != 1
    kind = "Unknown" if mixed else None
    pyogrio.write_dataframe(frame, path, layer=name, geometry_type=kind, spatial_index=True, use_arrow=True)


def _about(notes: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame({"key": list(notes), "value": list(notes.values())}).sort_values("key", ignore_index=True)
