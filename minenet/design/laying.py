"""Which pipes join homes and boreholes, how long and how wide: shared loops with laterals, ring nets with branches."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from minenet.assumptions import Assumptions, read_table
from minenet.design.carriers import Layout, Placed, Sized
from minenet.design.others import OthersGround
from minenet.homes import simultaneity
from minenet.network import friction_w, outer_diameter, pipe_table
from minenet.tables import Area, shapes_of
from minenet.trenches import ownership_at

__all__ = ["Laid", "lay", "peaks", "with_others"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Laid:
    """Pipes and connections.

    Attributes
    ----------
    pipes : GeoDataFrame
        As `RESULT_TABLES["pipes"]`.
    connections : DataFrame
        As `RESULT_TABLES["connections"]`, with the number of the borehole instead of its name.
    """

    pipes: gpd.GeoDataFrame
    connections: pd.DataFrame


def lay(area: Area, layout: Layout, placed: Placed, sized: Sized, *, assumptions: Assumptions) -> Laid:
    """Lay the pipes of every variant that can be built.

    Parameters
    ----------
    area : Area
        Land, where given: whose ground a pipe lies in.
    layout : Layout
        Clusters and their trenches.
    placed : Placed
        Straight pipes from every place to what it serves, and whose plots they may meet.
    sized : Sized
        Boreholes that are built.
    assumptions : Assumptions
        Sections `homes`, `ground` and `network`.
    """
    built = sized.outcomes[sized.outcomes["feasible"]]
    ring = set(built.loc[built["variant"] == "ring_net", "cluster"])
    shared = set(built.loc[built["variant"] == "shared_loops", "cluster"])
    power = peaks(layout, placed, assumptions)
    parts = [
        _trunks(layout, ring, power["cluster"]),
        with_others(_branches(placed, sized, ring, power["cluster"], layout), placed.ground),
        _services(layout, ring, power["building"]),
        with_others(_laterals(placed, shared, power["lateral"]), placed.ground),
    ]
    pipes = pd.concat([p for p in parts if len(p)] or parts[:1], ignore_index=True)
    pipes = pipes.reindex(columns=[*dict.fromkeys(c for part in parts for c in part.columns)])
    catalogue = read_table("pipes")
    pipes["diameter_mm"] = outer_diameter(
        pipes["power_kw"].to_numpy(dtype=float), catalogue=catalogue, assumptions=assumptions.network
    )
    pipes["cluster_id"] = layout.cluster_ids[pipes["cluster"].to_numpy(dtype=int)]
    pipes["ownership"] = _ownership(pipes, area)
    pipes = pipe_table([gpd.GeoDataFrame(pipes, geometry="geometry", crs=layout.buildings.crs)])
    carried, outer, metres = (pipes[c].to_numpy(dtype=float) for c in ("power_kw", "diameter_mm", "pipe_m"))
    pipes["friction_w"] = friction_w(carried, outer, metres, catalogue=catalogue, assumptions=assumptions.network)
    return Laid(pipes, _connections(layout, placed, pipes, ring, shared))


def peaks(layout: Layout, placed: Placed, assumptions: Assumptions) -> dict[str, pd.Series]:
    """Return the ground-side peak [kW] of each cluster, building and lateral (cluster, loop, building)."""
    homes = layout.homes.assign(loop=placed.shared_homes)
    share, from_homes = assumptions.ground.ground_share, assumptions.homes.diversity_from_homes

    def peak(by: list[str]) -> pd.Series:
        groups = homes.groupby(by)["peak_kw"].agg(["sum", "size"])
        at_once = simultaneity(groups["size"].to_numpy(), from_homes=from_homes)
        return pd.Series(groups["sum"] * share * at_once)

    return {
        "cluster": peak(["cluster"]),
        "building": peak(["building"]),
        "lateral": peak(["cluster", "loop", "building"]),
    }


def _trunks(layout: Layout, clusters: set[int], power: pd.Series) -> gpd.GeoDataFrame:
    """Return the ring in the street.

    Homes and boreholes are spread along it, so that no stretch carries more than about half of the cluster's peak; a
    ring is built in one diameter.
    """
    trunks = layout.trunks[layout.trunks["cluster"].isin(clusters)]
    return trunks[["cluster", "ownership", "circle", "others_m", "geometry"]].assign(
        variant="ring_net", kind="ring", power_kw=trunks["cluster"].map(power).to_numpy() / 2
    )


def _branches(placed: Placed, sized: Sized, clusters: set[int], power: pd.Series, layout: Layout) -> gpd.GeoDataFrame:
    boreholes = sized.boreholes[sized.boreholes["variant"] == "ring_net"]
    count = boreholes.groupby("cluster").size()
    drilled = pd.MultiIndex.from_frame(boreholes[["cluster", "number"]].astype("int64"))
    built = placed.ring[pd.MultiIndex.from_frame(placed.ring[["cluster", "rank"]].astype("int64")).isin(drilled)]
    built = built[built["cluster"].isin(clusters)]
    per_borehole = built["cluster"].map(power).to_numpy() / built["cluster"].map(count).to_numpy()
    columns = {
        "cluster": built["cluster"].to_numpy(),
        "variant": "ring_net",
        "kind": "branch",
        "power_kw": per_borehole,
    }
    branches = gpd.GeoDataFrame(columns, geometry=built["branch"].to_numpy(), crs=layout.buildings.crs)
    return branches[branches.length > 0]


def _services(layout: Layout, clusters: set[int], power: pd.Series) -> gpd.GeoDataFrame:
    cluster = layout.buildings["cluster"]
    taking = cluster.isin(clusters).to_numpy()
    building = np.flatnonzero(taking)
    columns = {
        "cluster": cluster.to_numpy()[building],
        "variant": "ring_net",
        "kind": "service",
        "power_kw": power.reindex(building).to_numpy(),
        "building": building,
        "others_m": layout.services["others_m"].to_numpy()[building],
    }
    return gpd.GeoDataFrame(columns, geometry=layout.services.geometry.to_numpy()[building], crs=layout.buildings.crs)


def _laterals(placed: Placed, clusters: set[int], power: pd.Series) -> gpd.GeoDataFrame:
    laterals = placed.laterals[placed.laterals["cluster"].isin(clusters)].reset_index(drop=True)
    key = pd.MultiIndex.from_frame(laterals[["cluster", "loop", "building"]])
    return laterals.assign(variant="shared_loops", kind="loop", power_kw=power.reindex(key).to_numpy())


def with_others(pipes: gpd.GeoDataFrame, ground: OthersGround) -> gpd.GeoDataFrame:
    """Return straight pipes with how far they run through plots of people who do not take part."""
    return pipes.assign(others_m=ground.through(shapes_of(pipes), pipes["cluster"].to_numpy(dtype=np.int64)))


def _ownership(pipes: pd.DataFrame, area: Area) -> pd.Series:
    """Return whose ground each pipe lies in, by its middle; the ring keeps that of its street."""
    middle = shapely.line_interpolate_point(np.asarray(pipes["geometry"], dtype=object), 0.5, normalized=True)
    land = ownership_at(middle, area.land)
    known = pipes["ownership"].astype("object")
    return known.where(known.notna(), land.set_axis(pipes.index))


def _connections(
    layout: Layout, placed: Placed, pipes: gpd.GeoDataFrame, ring: set[int], shared: set[int]
) -> pd.DataFrame:
    """Return the pipe on which each home hangs in each variant."""
    homes = layout.homes.assign(loop=placed.shared_homes, cluster_id=layout.cluster_ids[layout.homes["cluster"]])
    services = pipes.loc[pipes["kind"] == "service", ["building", "pipe_id"]]
    laterals = pipes.loc[pipes["kind"] == "loop", ["cluster", "loop", "building", "pipe_id"]]
    on_ring = homes[homes["cluster"].isin(ring)].merge(services, on="building", how="left")
    on_loop = homes[homes["cluster"].isin(shared)].merge(laterals, on=["cluster", "loop", "building"], how="left")
    both = pd.concat(
        [
            on_loop.assign(variant="shared_loops", number=on_loop["loop"]),
            on_ring.assign(variant="ring_net", number=None),
        ],
        ignore_index=True,
    )
    return both[["cluster_id", "cluster", "variant", "home_id", "number", "pipe_id"]]
