"""The prices of the search, taken from the items and prices with which designs are costed."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from minenet.assumptions import Assumptions, Costs, read_table
from minenet.clusters.cost import Connections, Prices
from minenet.errors import AssumptionError

__all__ = ["connections_of", "gas_costs", "join_costs", "own_loop_costs", "prices_of"]

Floats = npt.NDArray[np.float64]

SHARED, OWN, GAS = "shared_loops", "own_loops", "gas_boiler"


def prices_of(assumptions: Assumptions, drilled_m_kwh: Floats, eur: Mapping[str, float]) -> Prices:
    """Return what groups cost beside their connections, from the unit prices of a design with shared loops.

    A field of many boreholes needs more metres than one loop; it is counted with typical homes, whatever their heat:
    boreholes of another group next door cool each other too. Trench counts by `trench_share`: shared loops need less
    of it than a ring net, which is rarely the cheaper.

    Parameters
    ----------
    assumptions : Assumptions
        Sections `clusters` and `costs`.
    drilled_m_kwh : array (most_homes + 1,)
        Borehole per yearly heat of the homes, for a group of so many homes. [m per kWh/yr]
    eur : mapping of str to float
        Prices of section `costs` by name, at one price level. [EUR]

    Raises
    ------
    AssumptionError
        When the smallest group would be larger than the largest.
    """
    clusters, costs = assumptions.clusters, assumptions.costs
    if clusters.fewest_homes > clusters.most_homes:
        what = f"fewest_homes {clusters.fewest_homes} is more than most_homes {clusters.most_homes}"
        raise AssumptionError(what, where="clusters", mend="Lower the one or raise the other.")
    source = _per_year(costs, "capex", "source_years")
    homes = np.arange(clusters.most_homes + 1)
    loops = np.ceil(homes / clusters.homes_per_loop)
    more_m = (drilled_m_kwh - drilled_m_kwh[0]) * clusters.typical_heat_kwh * homes
    fixed = eur["network_preparation_eur"] + eur["mobilisation_eur"]
    trench = eur["trench_paving_eur_m"] + 2 * eur["pipe_medium_eur_m"]
    return Prices(
        fewest=clusters.fewest_homes,
        most=clusters.most_homes,
        cluster_eur=source * (fixed + eur["borehole_eur"] * loops + eur["drilling_eur_m"] * more_m),
        trench_eur_m=source * clusters.trench_share * trench,
        split_eur=source * clusters.eur_per_split_street,
    )


def connections_of(
    homes: pd.DataFrame,
    services: pd.DataFrame,
    *,
    loop_m_kwh: float,
    eur: Mapping[str, float],
    assumptions: Assumptions,
    left_out_eur: pd.Series | None = None,
) -> Connections:
    """Return the connection of every building, in the order of `services`.

    Parameters
    ----------
    homes : DataFrame
        Homes that take part: `building_id, heat_kwh, gas_m3` and `size_kw` of a heat pump.
    services : DataFrame
        `building_id, node, length_m` of the buildings that can be joined.
    loop_m_kwh : float
        Borehole per yearly heat of the homes that share one loop. [m per kWh/yr]
    eur : mapping of str to float
        Prices of section `costs` by name, at one price level. [EUR]
    assumptions : Assumptions
        Sections `clusters`, `costs` and `homes`.
    left_out_eur : Series, optional
        By `building_id`: what all homes of a building cost in no cluster; a gas boiler each when not given. [EUR/yr]
    """
    costs, clusters = assumptions.costs, assumptions.clusters
    each = homes[["building_id"]].assign(
        homes=1.0,
        join=join_costs(homes, loop_m_kwh=loop_m_kwh, eur=eur, assumptions=assumptions),
        gas=gas_costs(homes, eur=eur, assumptions=assumptions),
    )
    total = each.groupby("building_id").sum().reindex(services["building_id"])
    trench = eur["trench_private_eur_m"] + 2 * eur["pipe_small_eur_m"]
    service = _per_year(costs, "capex", "source_years") * clusters.trench_share * trench
    alone = total["gas"]
    if left_out_eur is not None:
        alone = left_out_eur.reindex(services["building_id"]).fillna(alone)
    return Connections(
        node=services["node"].to_numpy(dtype=np.int64),
        homes=total["homes"].to_numpy(dtype=np.int64),
        join_eur=total["join"].to_numpy(dtype=np.float64) + service * services["length_m"].to_numpy(dtype=np.float64),
        alone_eur=alone.to_numpy(dtype=np.float64),
    )


def join_costs(homes: pd.DataFrame, *, loop_m_kwh: float, eur: Mapping[str, float], assumptions: Assumptions) -> Floats:
    """Return what each home costs in any group beside its trench: heat pump, electricity, upkeep, metres [EUR/yr].

    The borehole, and the depth on which the heat pump's performance depends, is that of one loop for `homes_per_loop`
    such homes.
    """
    return _ground_costs(SHARED, homes, loop_m_kwh, assumptions.clusters.homes_per_loop, eur, assumptions)


def _ground_costs(
    variant: str, homes: pd.DataFrame, m_kwh: float, on_loop: float, eur: Mapping[str, float], assumptions: Assumptions
) -> Floats:
    """Return what a home costs on a loop of so many homes, all but the borehole's fixed part [EUR/yr]."""
    costs = assumptions.costs
    heat = homes["heat_kwh"].to_numpy(dtype=np.float64)
    hot_water = np.minimum(costs.hot_water_kwh, heat)
    depth = m_kwh * heat * on_loop
    warmer_k = costs.spf_warmth_share * assumptions.ground.gradient_k_m * (depth - costs.spf_depth_m) / 2
    warmer = np.maximum(1 + costs.spf_per_k * warmer_k / costs.spf_rooms_ground, 0.5)
    amounts: dict[str, Floats] = {
        "one": np.ones_like(heat),
        "size_kw": homes["size_kw"].to_numpy(dtype=np.float64),
        "emitters": np.full_like(heat, costs.emitters_share),
        "rooms_kwh": (heat - hot_water) / (costs.spf_rooms_ground * warmer),
        "hot_water_kwh": hot_water / (costs.spf_hot_water_ground * warmer),
        "pump_kwh": costs.source_pump_kwh_kwh * heat,
        "friction_kwh": np.zeros_like(heat),  # a matter of the pipes, which are not laid yet
    }
    drilled = _per_year(costs, "capex", "source_years") * eur["drilling_eur_m"] * m_kwh * heat
    return _items(variant, amounts, eur, assumptions.costs) + drilled


def own_loop_costs(
    homes: pd.DataFrame, *, own_m_kwh: float, eur: Mapping[str, float], assumptions: Assumptions
) -> Floats:
    """Return what each home costs with a loop of its own [EUR/yr].

    Parameters
    ----------
    homes : DataFrame
        `heat_kwh, size_kw`.
    own_m_kwh : float
        Borehole per yearly heat of a home with a loop of its own. [m per kWh/yr]
    eur, assumptions
        As for `connections_of`.
    """
    return _ground_costs(OWN, homes, own_m_kwh, 1.0, eur, assumptions) + _borehole(eur, assumptions.costs)


def _borehole(eur: Mapping[str, float], costs: Costs) -> float:
    return _per_year(costs, "capex", "source_years") * eur["borehole_eur"]


def gas_costs(homes: pd.DataFrame, *, eur: Mapping[str, float], assumptions: Assumptions) -> Floats:
    """Return what each home costs with a gas boiler [EUR/yr]."""
    heat = homes["heat_kwh"].to_numpy(dtype=np.float64)
    gas = homes["gas_m3"].astype("float64").to_numpy()
    used: Floats = np.asarray(
        np.where(np.isnan(gas), heat / assumptions.homes.heat_per_gas_kwh_m3, gas), dtype="float64"
    )
    return _items(GAS, {"one": np.ones_like(heat), "gas_m3": used}, eur, assumptions.costs)


def _items(variant: str, amounts: Mapping[str, Floats], eur: Mapping[str, float], costs: Costs) -> Floats:
    """Return the yearly sum of all items of a variant that are counted per home; subsidies are in no total."""
    table = read_table("cost_items").fillna("")
    counted = (table["per"] == "home") & table["kind"].isin(("capex", "yearly"))
    mine = table[counted & table["variants"].str.split().map(lambda v: variant in v)]
    total = np.zeros(len(amounts["one"]))
    for quantity, price, kind, lifetime in mine[["quantity", "price", "kind", "lifetime"]].itertuples(index=False):
        total += amounts[quantity] * eur[price] * _per_year(costs, kind, lifetime)
    return total


def _per_year(costs: Costs, kind: str, lifetime: str) -> float:
    """Return the part of a price that falls on each year: an annuity over the horizon, with what is bought again."""
    if kind != "capex":
        return 1.0
    again = (costs.years - 1) // int(getattr(costs, lifetime)) if lifetime else 0
    rate = costs.interest
    return (1 + again) * (rate / (1 - (1 + rate) ** -costs.years) if rate > 0 else 1 / costs.years)
