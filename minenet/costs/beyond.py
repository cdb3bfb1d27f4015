"""What money does not show: carbon dioxide, the peak on the electricity grid, noise outdoors, cooling, drillings."""

import numpy as np
import pandas as pd

from minenet.assumptions import Costs, read_table

__all__ = ["beside_money"]


def beside_money(rows: pd.DataFrame, amounts: pd.DataFrame, prices: Costs) -> pd.DataFrame:
    """Return what each way to heat brings beside its cost, on the index of `rows`.

    The peak on the grid is the heat power of the coldest day over the performance of that day, and the pumps: it comes
    at the same time in every home. Carbon dioxide is that of the gas burned or the electricity used; refrigerants are
    not counted.

    Parameters
    ----------
    rows : DataFrame
        `variant, boreholes`.
    amounts : DataFrame
        Quantities per home, as `amounts_of` gives them.
    prices : Costs
        Section `costs`: emissions and performance on the coldest day.

    Returns
    -------
    DataFrame
        `electricity_kwh_per_home` and `gas_m3_per_home` [per year]`, co2_kg_per_home` [kg/yr]`, grid_peak_kw_per_home`
        [kW]`, drillings, outdoor_unit` and `cooling` (none, passive, active; null where nobody knows).
    """
    variant = rows["variant"]
    gas_used = (variant == "gas_boiler").to_numpy()
    collective = (variant == "ring_net_collective").to_numpy()
    ring = variant.str.startswith("ring_net").to_numpy(dtype=bool)
    piped = ring | (variant == "shared_loops").to_numpy()
    single = amounts["rooms_kwh"] + amounts["hot_water_kwh"]
    electricity = np.where(collective, amounts["collective_kwh"] + amounts["lost_kwh"], single)
    pumps = np.where(ring, amounts["pump_kwh"], 0.0) + np.where(piped, amounts["friction_kwh"], 0.0)
    electricity = np.where(gas_used, 0.0, electricity + pumps)
    gas = np.where(gas_used, amounts["gas_m3"], 0.0)
    each = np.where(collective, amounts["plant_kw"] / amounts["homes"], amounts["peak_kw"])
    coldest = variant.map(
        {
            "air_heat_pump": prices.cop_coldest_air,
            "ring_net_collective": prices.cop_coldest_collective,
            "ring_net_aquathermal": prices.cop_coldest_aquathermal,
        }
    ).fillna(prices.cop_coldest_ground)
    pumping = np.where(ring, prices.source_pump_kwh_kwh * amounts["peak_kw"], 0.0)
    pumping += np.where(piped, amounts["friction_kw"], 0.0)
    peak = np.where(gas_used, 0.0, each / coldest.to_numpy(dtype=float) + pumping)
    facts = read_table("beside_money").set_index("variant").reindex(variant)
    return pd.DataFrame(
        {
            "electricity_kwh_per_home": electricity,
            "gas_m3_per_home": gas,
            "co2_kg_per_home": electricity * prices.co2_electricity_kg_kwh + gas * prices.co2_gas_kg_m3,
            "grid_peak_kw_per_home": peak,
            "drillings": rows["boreholes"].fillna(0).to_numpy(),
            "outdoor_unit": (facts["outdoor_unit"] == "yes").to_numpy(),
            "cooling": facts["cooling"].to_numpy(object),
        },
        index=rows.index,
    )
