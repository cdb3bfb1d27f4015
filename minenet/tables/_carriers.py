"""`Area` and `Result`: the two carriers. They hold frames and do nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from minenet.tables._area import AREA_TABLES

__all__ = ["Area", "Result"]


@dataclass(frozen=True)
class Area:
    """An area as it comes in: tables in one projected CRS, checked and repaired once, with the counts of both.

    A layer that was not given is None, which later steps read as "not checked". `provenance` holds what was read,
    repaired and refused, as text by key.
    """

    buildings: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    addresses: gpd.GeoDataFrame | None = None
    barriers: gpd.GeoDataFrame | None = None
    crossings: gpd.GeoDataFrame | None = None
    land: gpd.GeoDataFrame | None = None
    parcels: gpd.GeoDataFrame | None = None
    water: gpd.GeoDataFrame | None = None
    obstacles: gpd.GeoDataFrame | None = None
    zones: gpd.GeoDataFrame | None = None
    loops: gpd.GeoDataFrame | None = None
    fixed_boreholes: gpd.GeoDataFrame | None = None
    ground: gpd.GeoDataFrame | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)

    @property
    def crs(self) -> CRS:
        """Coordinate reference system that all layers share."""
        return CRS(self.buildings.crs)

    @property
    def layers(self) -> dict[str, gpd.GeoDataFrame]:
        """Layers that were given, by name."""
        return {name: frame for name in AREA_TABLES if (frame := getattr(self, name)) is not None}


@dataclass(frozen=True)
class Result:
    """Everything that was found, one frame per layer of `RESULT_TABLES`."""

    homes: gpd.GeoDataFrame
    clusters: gpd.GeoDataFrame
    solutions: pd.DataFrame
    boreholes: gpd.GeoDataFrame
    connections: pd.DataFrame
    pipes: gpd.GeoDataFrame
    costs: pd.DataFrame
    curves: pd.DataFrame
    sensitivity: pd.DataFrame
    finance: pd.DataFrame
    checks: pd.DataFrame
    context: gpd.GeoDataFrame
    provenance: pd.DataFrame

    @property
    def crs(self) -> CRS:
        """Coordinate reference system that all layers share."""
        return CRS(self.homes.crs)

    @classmethod
    def of(cls, layers: Mapping[str, Any]) -> Self:
        """Return a result of layers by name."""
        return cls(**layers)

    @property
    def layers(self) -> dict[str, pd.DataFrame]:
        """All layers by name, in the order in which they are written."""
        return {f.name: getattr(self, f.name) for f in fields(self)}
