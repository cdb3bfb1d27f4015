"""Homes in groups, and what the later steps need to know of each group."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from minenet.assumptions import Assumptions
from minenet.clusters import (
    asked,
    cluster_names,
    cluster_shapes,
    connections_of,
    find_groups,
    gas_costs,
    own_loop_costs,
    prices_of,
)
from minenet.costs.pricing import bounds
from minenet.costs.quantities import heat_pump_kw
from minenet.design.carriers import Layout
from minenet.design.joining import Joined, join
from minenet.design.others import OthersGround
from minenet.ground import size_loops
from minenet.homes import simultaneity
from minenet.tables import Area, shapes_of
from minenet.trenches import TrenchGraph

__all__ = ["group_homes"]


def group_homes(
    area: Area,
    homes: gpd.GeoDataFrame,
    graph: TrenchGraph,
    assumptions: Assumptions,
    *,
    streets: Sequence[str] | None = None,
    own: gpd.GeoSeries | None = None,
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, Layout]:
    """Group the homes of an area, and join each group by the cheapest trench.

    Parameters
    ----------
    area : Area
        Footprints, and parcels where they are known or could be drawn.
    homes : GeoDataFrame
        As `RESULT_TABLES["homes"]`, not yet in clusters.
    graph : TrenchGraph
        Where a trench may lie, and the connections that each building may have.
    assumptions : Assumptions
        Sections `clusters`, `costs`, `homes`, `ground` and `network`.
    streets : sequence of str, optional
        Only homes with an address in, or a trench to, one of these streets take part.
    own : GeoSeries, optional
        Places of own loops by home: a home in no cluster counts as an own loop where it has one, as gas elsewhere.

    Returns
    -------
    homes : GeoDataFrame
        As given, with `cluster_id` or `left_out_reason`.
    clusters : GeoDataFrame
        As `RESULT_TABLES["clusters"]`, not yet designed.
    layout : Layout
        Trenches and buildings of the clusters, for the next steps.
    """
    services = graph.services
    taking = homes[homes["left_out_reason"].isna()]
    wish = asked(taking, services.set_index("building_id")["name"], streets=streets)
    reason = wish.reason.reindex(services["building_id"]).to_numpy(dtype=object, copy=True)
    open_ = pd.isna(reason)
    drilled, eur = _drilled(assumptions), _price_level(assumptions)
    sized = taking.assign(size_kw=heat_pump_kw(taking["peak_kw"].to_numpy(dtype=float)))
    connections = connections_of(
        sized,
        services[open_],
        loop_m_kwh=drilled[0],
        eur=eur,
        assumptions=assumptions,
        left_out_eur=_left_out(sized, own, eur, assumptions),
    )
    found = find_groups(
        graph.matrix,
        connections,
        prices=prices_of(assumptions, drilled, eur),
        together=wish.together.reindex(services["building_id"][open_]).to_numpy(),
        own=wish.own.reindex(services["building_id"][open_]).to_numpy(),
    )
    group = np.full(len(services), -1)
    group[open_], reason[open_] = found.group, found.reason
    reasons = graph.left_out.combine_first(pd.Series(reason, index=services["building_id"], dtype="object").dropna())
    homes, ids = _with_clusters(homes, services, group, wish.reason.dropna().combine_first(reasons))
    number = np.argsort(np.argsort(ids))  # clusters in the order of their names
    ids = np.sort(ids)
    group = np.where(group >= 0, number[group] if len(ids) else -1, -1)
    steps = found.steps.assign(group=number[found.steps["group"].to_numpy(dtype=int)])
    ground = OthersGround(area, _footprints(area, services["building_id"][group >= 0], group[group >= 0]))
    joined = join(graph, group, steps, ground=ground, assumptions=assumptions)
    layout = _layout(area, homes, joined, ids)
    return homes, _cluster_table(homes, layout, assumptions), layout


LOOPS = (1, 2, 4, 7, 12, 20)
"""Rows of loops that are sized for the prices of the search; between them metres are interpolated."""


def _drilled(assumptions: Assumptions) -> npt.NDArray[np.float64]:
    """Return the borehole per yearly heat of typical homes [m per kWh/yr], for a group of 0 to `most_homes` homes.

    The homes share loops in a row along the street, each loop a system of its own, all present.
    """
    clusters, ground = assumptions.clusters, assumptions.ground
    heat = clusters.typical_heat_kwh * clusters.homes_per_loop
    load, peak = heat * ground.ground_share, heat * ground.ground_share / assumptions.homes.full_load_hours
    rows = [np.column_stack([np.arange(n) * clusters.loop_spacing_m, np.zeros(n)]) for n in LOOPS]
    metres = [size_loops(row, load, peak, ground=ground).mean() + ground.buried_depth_m for row in rows]
    homes = np.arange(clusters.most_homes + 1)
    return np.interp(homes, np.array(LOOPS) * clusters.homes_per_loop, np.array(metres) / heat)


def _left_out(
    homes: pd.DataFrame, own: gpd.GeoSeries | None, eur: dict[str, float], assumptions: Assumptions
) -> pd.Series | None:
    """Return what the homes of each building cost in no cluster: own loops where one fits, gas elsewhere [EUR/yr]."""
    if own is None:
        return None
    ground, heat = assumptions.ground, assumptions.clusters.typical_heat_kwh
    load = heat * ground.ground_share
    alone = size_loops([[0.0, 0.0]], load, load / assumptions.homes.full_load_hours, ground=ground)[0]
    metres = (alone + ground.buried_depth_m) / heat
    each = np.where(
        own.notna().reindex(homes["home_id"], fill_value=False).to_numpy(dtype=bool),
        own_loop_costs(homes, own_m_kwh=metres, eur=eur, assumptions=assumptions),
        gas_costs(homes, eur=eur, assumptions=assumptions),
    )
    return pd.Series(each, index=homes["building_id"].to_numpy()).groupby(level=0).sum()


def _price_level(assumptions: Assumptions) -> dict[str, float]:
    """Return the prices of section `costs` by name, at the price level of the result [EUR]."""
    named = [e.name for e in assumptions.entries.values() if e.section == "costs" and e.unit.startswith("EUR")]
    return {name: bounds(name, assumptions).value for name in named}


def _with_clusters(
    homes: gpd.GeoDataFrame, services: pd.DataFrame, group: np.ndarray, reasons: pd.Series
) -> tuple[gpd.GeoDataFrame, np.ndarray]:
    """Return homes with their cluster or reason, and the name of each group: `c-` and its smallest home."""
    group_of = pd.Series(group, index=services["building_id"])
    open_ = homes["left_out_reason"].isna()
    mine = homes["building_id"].map(group_of).where(open_)
    mine = mine.where(mine >= 0)
    names = "c-" + homes["home_id"].groupby(mine).min()
    reason = homes["left_out_reason"].astype("object")
    reason = reason.mask(open_ & mine.isna(), homes["building_id"].map(reasons))
    homes = homes.assign(cluster_id=mine.map(names).astype("str"), left_out_reason=reason.astype("str"))
    return homes, names.to_numpy(dtype=object)


def _layout(area: Area, homes: gpd.GeoDataFrame, joined: Joined, ids: np.ndarray) -> Layout:
    inside = joined.services
    buildings = _footprints(area, inside["building_id"], inside["cluster"])
    taking = homes[homes["cluster_id"].notna()]
    position = pd.Series(buildings.index, index=buildings["building_id"])
    columns = taking[["home_id", "heat_kwh", "peak_kw"]].assign(
        building=taking["building_id"].map(position).astype(int)
    )
    columns["cluster"] = buildings["cluster"].to_numpy()[columns["building"]]
    return Layout(buildings, ids, columns.reset_index(drop=True), inside, joined.trunks, joined.gap)


def _footprints(area: Area, building_id: pd.Series, cluster: pd.Series | np.ndarray) -> gpd.GeoDataFrame:
    """Return buildings of clusters with their footprints."""
    position = pd.Index(area.buildings["building_id"]).get_indexer(pd.Index(building_id))
    columns = {"building_id": building_id.to_numpy(), "cluster": np.asarray(cluster)}
    return gpd.GeoDataFrame(columns, geometry=shapes_of(area.buildings)[position], crs=area.crs)


def _cluster_table(homes: gpd.GeoDataFrame, layout: Layout, assumptions: Assumptions) -> gpd.GeoDataFrame:
    groups = layout.homes.groupby("cluster")
    count = groups.size().to_numpy()
    outline = _outlines(layout)
    heat = groups["heat_kwh"].sum().to_numpy()
    at_once = simultaneity(count, from_homes=assumptions.homes.diversity_from_homes)
    names = cluster_names(homes, layout.services.set_index("building_id")["name"])
    return gpd.GeoDataFrame(
        {
            "cluster_id": layout.cluster_ids,
            "name": names.reindex(layout.cluster_ids).to_numpy(),
            "homes": count,
            "heat_kwh": heat,
            "peak_kw": groups["peak_kw"].sum().to_numpy() * at_once,
            "heat_density_kwh_m2": heat * assumptions.ground.ground_share / shapely.area(outline),
        },
        geometry=outline,
        crs=layout.buildings.crs,
    )


def _outlines(layout: Layout) -> np.ndarray:
    if not len(layout.cluster_ids):
        return np.empty(0, dtype=object)
    parts = (layout.buildings, layout.services, layout.trunks)
    owner = np.concatenate([part["cluster"].to_numpy() for part in parts])
    shapes = np.concatenate([shapes_of(part) for part in parts])
    return cluster_shapes(owner, shapes)
