"""What the steps of a design hand to each other: frames, with clusters and buildings as whole numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from minenet.design.barred import Barred
from minenet.design.others import OthersGround

__all__ = ["Layout", "Placed", "Sized"]


@dataclass(frozen=True)
class Layout:
    """Clusters as the later steps need them.

    Attributes
    ----------
    buildings : GeoDataFrame
        Buildings that take part: `building_id`, `cluster` (whole number), footprint; ordered by id.
    cluster_ids : array of str
        Name of each cluster number.
    homes : DataFrame
        Homes that take part: `home_id, building` (position in `buildings`), `cluster, heat_kwh, peak_kw`.
    services : GeoDataFrame
        Service trench of each building, in the order of `buildings`: `node` (of the trench graph), geometry.
    trunks : GeoDataFrame
        Edges of the trench graph that hold each cluster together: `cluster, start, end` (nodes), `length_m, ownership`,
        geometry.
    gap : Series
        By how much of its cost the trench of each cluster could be cheaper at most.
    beside : GeoDataFrame or None
        Buildings of clusters next door that are designed elsewhere: as `buildings`, their clusters numbered on.
    """

    buildings: gpd.GeoDataFrame
    cluster_ids: npt.NDArray[np.object_]
    homes: pd.DataFrame
    services: gpd.GeoDataFrame
    trunks: gpd.GeoDataFrame
    gap: pd.Series
    beside: gpd.GeoDataFrame | None = None

    @property
    def neighbourhood(self) -> gpd.GeoDataFrame:
        """Buildings of the clusters, and after them those of clusters next door: ground is divided among all."""
        if self.beside is None:
            return self.buildings
        return gpd.GeoDataFrame(pd.concat([self.buildings, self.beside], ignore_index=True), crs=self.buildings.crs)

    def beside_others(self, others: gpd.GeoDataFrame | None) -> "Layout":
        """Return the layout beside other buildings that take part: `building_id, cluster_id`, footprint."""
        if others is None or not len(others):
            return self
        others = others.sort_values("building_id", ignore_index=True)
        _, number = np.unique(others["cluster_id"].to_numpy(dtype=object).astype(str), return_inverse=True)
        beside = others.assign(cluster=len(self.cluster_ids) + number)[["building_id", "cluster", "geometry"]]
        return replace(self, beside=gpd.GeoDataFrame(beside, crs=self.buildings.crs))


@dataclass(frozen=True)
class Placed:
    """Ranked places for boreholes, and the straight pipes to what they serve.

    Attributes
    ----------
    shared : GeoDataFrame
        One row per shared loop: `cluster, loop, ownership, access, max_depth_m` and a point, None where no place was
        found.
    shared_homes : Series
        Loop of each home of the layout (whole number per cluster).
    laterals : GeoDataFrame
        `cluster, loop, building`, line from the building to its loop.
    ring : GeoDataFrame
        Ranked places of ring nets: `cluster, rank, ownership, access, max_depth_m`, point and `branch` (line to the
        trench).
    own : GeoSeries or None
        Place of an own loop per home of the layout; None where nothing is known of own plots.
    own_unknown : array of bool
        Of which homes of the layout nobody knows which ground is theirs.
    capacity : Series
        Most boreholes that fit in each cluster.
    plots : DataFrame
        What is known of the plots of each cluster: `source` (`parcels`, `drawn` from private land, or null) and how
        many are drawn `over` another plot.
    counts : mapping of str to int
        Areas of ground [m2], and places refused.
    barred : Barred
        What no straight pipe may run through.
    ground : OthersGround
        Plots of people who do not take part.
    """

    shared: gpd.GeoDataFrame
    shared_homes: pd.Series
    laterals: gpd.GeoDataFrame
    ring: gpd.GeoDataFrame
    own: gpd.GeoSeries | None
    own_unknown: npt.NDArray[np.bool_]
    capacity: pd.Series
    plots: pd.DataFrame
    counts: Mapping[str, int]
    barred: Barred
    ground: OthersGround


@dataclass(frozen=True)
class Sized:
    """Boreholes with their depth, and per cluster and variant whether it can be built.

    Attributes
    ----------
    boreholes : GeoDataFrame
        `cluster, variant, number` (loop or rank), `depth_m, ownership, access, homes_served, annual_kwh, peak_kw,
        nearest_m,
        neighbour_cooling_k` and a point.
    outcomes : DataFrame
        `cluster, variant, feasible, reason, boreholes, borehole_m, depth_m`, own loops included.
    own_fits : array of bool
        For each home of the layout, whether an own loop need be no deeper than is permitted.
    """

    boreholes: gpd.GeoDataFrame
    outcomes: pd.DataFrame
    own_fits: npt.NDArray[np.bool_]
