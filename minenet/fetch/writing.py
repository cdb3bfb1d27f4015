"""Writes an area to one GeoPackage, with what every source said in a table `about`."""

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from minenet.fetch.recipe import Fetched
from minenet.sources.in_place import geopackage_in_place
from minenet.tables import AREA_TABLES, shapes_of

__all__ = ["write_area"]


def write_area(fetched: Fetched, path: str | Path) -> Path:
    """Write a fetched area to a GeoPackage that `read_area` reads; an unfinished file never stands at `path`.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    path = Path(path)
    with geopackage_in_place(path) as part:
        for name, table in AREA_TABLES.items():
            if name in fetched.tables and (len(fetched.tables[name]) or name not in OPEN):
                _write(fetched.tables[name], table.name, part)
        pyogrio.write_dataframe(_about(fetched.notes), part, layer="about", layer_options=PLAIN)
        if len(fetched.unmatched):
            pyogrio.write_dataframe(fetched.unmatched, part, layer="unmatched_answers", layer_options=PLAIN)
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
