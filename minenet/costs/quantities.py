"""How much of everything is needed: per home the mean heat pump and energy, per cluster boreholes and pipes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from minenet.assumptions import Assumptions, Costs, read_table
from minenet.costs.pricing import Bounds
from minenet.errors import InputError
from minenet.tables import OF_WATER, REFERENCES, RESULT_TABLES, VARIANTS, typed

__all__ = [
    "LAID",
    "SIZES",
    "Designs",
    "amounts_of",
    "full_load_hours",
    "heat_pump_kw",
    "laid",
    "measured",
    "solution_rows",
    "warmer",
]

Array = npt.NDArray[np.float64]

ORDER = {variant: number for number, variant in enumerate(VARIANTS + REFERENCES)}
ADDED = ("gas_boiler", "air_heat_pump")
UNDRILLED = (*ADDED, *OF_WATER)
LAID = (
    "trench_paving_m",
    "trench_green_m",
    "trench_private_m",
    "pipe_small_m",
    "pipe_medium_m",
    "pipe_large_m",
    "insulated_m",
)
SIZES = ("size_at_few_hours_kw", "size_at_many_hours_kw")
"""Heat pumps that the homes would need at both ends of the full-load hours: fewer hours are a higher peak."""

SMALL_MM, MEDIUM_MM = 50.0, 90.0
"""Outer diameters that bound the classes of pipe; a pipe of unknown diameter is of the middle one."""


@dataclass(frozen=True)
class Designs:
    """What was designed, as tables.

    Attributes
    ----------
    homes : DataFrame
        `home_id, cluster_id, gas_m3` [m3/yr]`, heat_kwh` [kWh/yr]`, peak_kw` [kW]; homes without a cluster are ignored.
        `readiness` where known.
    clusters : DataFrame
        `cluster_id`, and `peak_kw` (after simultaneity) for collective variants.
    solutions : DataFrame
        One row per cluster and way to build, own loops included: `cluster_id, variant, feasible, boreholes, borehole_m,
        depth_m` [m], and `cooling_within_k` where known.
    boreholes : DataFrame
        `cluster_id, variant, depth_m, access`, and `homes_served, cooling_within_k` where known.
    pipes : DataFrame
        `cluster_id, variant, length_m, pipe_m, diameter_mm, ownership`; ground of unknown owner counts as public.
        `green_m` is the part of the trench that lies in green; where it is not known, public ground is paved.
        `friction_w` is what friction takes at peak [W]; where it is not known no power is counted for it. `kind`,
        `pipe_id` and a geometry say which pipes fall away with which homes.
    connections : DataFrame
        `cluster_id, variant, home_id, pipe_id`: on which pipe each home hangs.
    """

    homes: pd.DataFrame
    clusters: pd.DataFrame
    solutions: pd.DataFrame
    boreholes: pd.DataFrame
    pipes: pd.DataFrame
    connections: pd.DataFrame


def solution_rows(solutions: pd.DataFrame, clusters: pd.DataFrame) -> pd.DataFrame:
    """Return solutions with rows for the gas boiler and the air heat pump, ordered by cluster and variant."""
    ids = clusters["cluster_id"].to_numpy(object)
    extra = pd.DataFrame(
        {"cluster_id": np.repeat(ids, len(ADDED)), "variant": np.tile(ADDED, len(ids)), "feasible": True}
    )
    table = RESULT_TABLES["solutions"]
    given = typed(solutions[~solutions["variant"].isin(ADDED)].reset_index(drop=True), table)
    rows = pd.concat([given, typed(extra, table)], ignore_index=True)
    rows = rows.assign(_order=rows["variant"].map(ORDER)).sort_values(["cluster_id", "_order"], ignore_index=True)
    return rows.drop(columns="_order")


def measured(rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return which rows are measured out: drilled metres are known, or there are none to drill."""
    known = rows["borehole_m"].notna() | rows["variant"].isin(UNDRILLED)
    return np.asarray((rows["feasible"].fillna(value=False) & known).to_numpy(bool))


def amounts_of(rows: pd.DataFrame, designs: Designs, assumptions: Assumptions) -> pd.DataFrame:
    """Return what is needed of everything, one row per row of `rows`: per home where the item is, else per cluster."""
    prices = assumptions.costs
    amounts = _demand(designs.homes, assumptions).reindex(rows["cluster_id"]).reset_index(drop=True)
    key = pd.MultiIndex.from_frame(rows[["cluster_id", "variant"]])
    for part in (_drilled(designs.boreholes, prices), _laid_by_row(designs.pipes)):
        amounts = amounts.join(part.reindex(key, fill_value=0.0).reset_index(drop=True))
    amounts["boreholes"] = rows["boreholes"].astype("float64").fillna(0.0)
    amounts["borehole_m"] = rows["borehole_m"].fillna(0.0)
    own = (rows["variant"] == "own_loops").to_numpy()
    amounts["mobilisations"] = np.where(own, amounts["boreholes"], amounts["rigs"].clip(lower=1.0))
    amounts["one"] = 1.0
    amounts["none"] = 0.0
    amounts["emitters"] = prices.emitters_share
    amounts["emitters_needed"] = amounts["insulate_share"]
    amounts["plant_kw"] = _plant_kw(rows, designs.clusters, amounts, prices)
    amounts["plant_grid_kw"] = amounts["plant_kw"] / prices.cop_coldest_collective
    cooled = amounts.pop("cooling_k").where(lambda k: k > 0).fillna(rows["cooling_within_k"]).fillna(0.0)
    warm = warmer(rows["depth_m"].fillna(prices.spf_depth_m).to_numpy(), cooled.to_numpy("float64"), assumptions)
    amounts["friction_kw"] = amounts.pop("friction_w") / 1000 / prices.pump_efficiency / amounts["homes"]
    amounts["friction_kwh"] = amounts["friction_kw"] * assumptions.homes.full_load_hours
    return _with_electricity(amounts.assign(cooled_k=cooled, warmer=warm), rows["variant"], prices)


def _with_electricity(amounts: pd.DataFrame, variant: pd.Series, prices: Costs) -> pd.DataFrame:
    """Return amounts with the electricity per home of rooms, hot water, pumps, collective heat and its losses [kWh]."""
    air, water = (variant == "air_heat_pump").to_numpy(), (variant == "ring_net_aquathermal").to_numpy()
    warm = amounts["warmer"].to_numpy()
    rooms = np.select(
        [air, water], [prices.spf_rooms_air, prices.spf_rooms_aquathermal], prices.spf_rooms_ground * warm
    )
    taps = np.select(
        [air, water], [prices.spf_hot_water_air, prices.spf_hot_water_aquathermal], prices.spf_hot_water_ground * warm
    )
    loss = prices.network_heat_loss
    return amounts.assign(
        rooms_kwh=amounts["rooms_heat_kwh"] / rooms,
        hot_water_kwh=amounts["hot_water_heat_kwh"] / taps,
        pump_kwh=amounts["heat_kwh"] * prices.source_pump_kwh_kwh,
        collective_kwh=amounts["heat_kwh"] / prices.spf_collective,
        lost_kwh=amounts["heat_kwh"] * loss / (1 - loss) / prices.spf_collective,
    )


def heat_pump_kw(peak_kw: Array) -> Array:
    """Return the smallest heat pump on sale that covers a peak [kW]; beyond the largest, the peak itself.

    Examples
    --------
    >>> heat_pump_kw(np.array([2.0, 6.0, 6.1, 20.0]))
    array([ 3.,  6.,  8., 20.])
    """
    sizes = read_table("heat_pump_sizes")["size_kw"].to_numpy("float64")
    peak = np.asarray(peak_kw, dtype="float64")
    place = np.searchsorted(sizes, peak - 1e-9)
    return np.where(place < len(sizes), sizes[np.minimum(place, len(sizes) - 1)], peak)


def full_load_hours(assumptions: Assumptions) -> Bounds:
    """Return the full-load hours of the homes with their range."""
    entry, value = assumptions.entries["homes.full_load_hours"], assumptions.homes.full_load_hours
    low, high = (value if end is None else end for end in (entry.low, entry.high))
    return Bounds(low, value, high)


def _demand(homes: pd.DataFrame, assumptions: Assumptions) -> pd.DataFrame:
    """Return by cluster the number of homes and the mean demand, gas use and heat pump of one."""
    if not {"gas_m3", "heat_kwh", "peak_kw"} <= set(homes.columns):
        mend = "`find_homes` gives them, from what was measured or from the table of gas use by type and period."
        raise InputError("`gas_m3`, `heat_kwh` and `peak_kw` are needed to cost a home", where="homes", mend=mend)
    inside = homes[homes["cluster_id"].notna()].sort_values(["cluster_id", "home_id"])
    heat = inside["heat_kwh"].to_numpy("float64")
    peak = inside["peak_kw"].to_numpy("float64")
    hot_water = np.minimum(assumptions.costs.hot_water_kwh, heat)
    hours = full_load_hours(assumptions)
    gas = inside["gas_m3"].astype("float64").fillna(inside["heat_kwh"] / assumptions.homes.heat_per_gas_kwh_m3)
    first = inside["readiness"] == "insulate_first" if "readiness" in inside else np.zeros(len(inside), dtype=bool)
    demand = pd.DataFrame(
        {
            "cluster_id": inside["cluster_id"].to_numpy(object),
            "homes": 1.0,
            "gas_m3": gas.to_numpy(),
            "heat_kwh": heat,
            "rooms_heat_kwh": heat - hot_water,
            "hot_water_heat_kwh": hot_water,
            "peak_kw": peak,
            "size_kw": heat_pump_kw(peak),
            **{name: heat_pump_kw(peak * hours.value / end) for name, end in zip(SIZES, hours[::2], strict=True)},
            "insulate_share": np.asarray(first, dtype="float64"),
        }
    )
    groups = demand.groupby("cluster_id")
    gaps = demand.drop(columns="cluster_id").isna().groupby(demand["cluster_id"]).any()
    count = groups["homes"].sum()
    mean = groups.sum().div(count, axis=0).mask(gaps)  # what is not known of one home is not known of their mean
    return mean.assign(homes=count)


def _drilled(boreholes: pd.DataFrame, prices: Costs) -> pd.DataFrame:
    """Return by cluster and variant the metres that lie deep, special rigs, kinds of rig and mean cooling [K]."""
    access = boreholes["access"].fillna("unknown").replace("unknown", "truck")
    cooling = boreholes["cooling_within_k"] if "cooling_within_k" in boreholes else pd.Series(0.0, boreholes.index)
    drilled = pd.DataFrame(
        {
            "cluster_id": boreholes["cluster_id"].to_numpy(object),
            "variant": boreholes["variant"].to_numpy(object),
            "deep_m": np.maximum(boreholes["depth_m"].to_numpy("float64") - prices.deep_drilling_from_m, 0.0),
            "mini": (access == "mini").to_numpy("float64"),
            "crane": (access == "crane").to_numpy("float64"),
            "truck": (access == "truck").to_numpy("float64"),
            "cooling_k": cooling.astype("float64").fillna(0.0).to_numpy(),
        }
    )
    groups = drilled.sort_values(drilled.columns.tolist()).groupby(["cluster_id", "variant"])
    sums = groups.sum()
    rigs = (sums[["mini", "crane", "truck"]] > 0).sum(axis=1).astype("float64")
    return sums.drop(columns="truck").assign(rigs=rigs, cooling_k=sums["cooling_k"] / groups.size())


def laid(pipes: pd.DataFrame) -> pd.DataFrame:
    """Return for every pipe the trench by kind of ground and the pipe by class of diameter [m]: the columns `LAID`."""
    length = pipes["length_m"].to_numpy("float64")
    whole = pipes["pipe_m"].to_numpy("float64")
    insulated = np.where(pipes["variant"] == "ring_net_collective", whole, 0.0)
    if "insulated_m" in pipes:
        insulated = pipes["insulated_m"].astype("float64").fillna(0.0).to_numpy()
    pipe = whole - insulated
    diameter = pipes["diameter_mm"].astype("float64").fillna(MEDIUM_MM).to_numpy()
    private = (pipes["ownership"] == "private").to_numpy(bool)
    known = pipes["green_m"].astype("float64").fillna(0.0).to_numpy() if "green_m" in pipes else np.zeros(len(pipes))
    green = np.where(private, 0.0, np.minimum(known, length))
    parts = (
        np.where(private, 0.0, length - green),
        green,
        np.where(private, length, 0.0),
        np.where(diameter <= SMALL_MM, pipe, 0.0),
        np.where((diameter > SMALL_MM) & (diameter <= MEDIUM_MM), pipe, 0.0),
        np.where(diameter > MEDIUM_MM, pipe, 0.0),
        insulated,
    )
    return pd.DataFrame(dict(zip(LAID, parts, strict=True)), index=pipes.index)


def _laid_by_row(pipes: pd.DataFrame) -> pd.DataFrame:
    """Return the sums of `laid` by cluster and variant, with what friction takes at peak [W]."""
    key = ["cluster_id", "variant"]
    lost = pipes["friction_w"].astype("float64").fillna(0.0).to_numpy() if "friction_w" in pipes else 0.0
    parts = laid(pipes).assign(friction_w=lost, **{k: pipes[k].to_numpy(object) for k in key})
    return parts.sort_values([*key, *LAID]).groupby(key).sum()


def _plant_kw(rows: pd.DataFrame, clusters: pd.DataFrame, amounts: pd.DataFrame, prices: Costs) -> Array:
    """Return what a plant must give at the peak of each row's cluster [kW], after simultaneity where that is known.

    One heat pump for all also makes the heat that its warm pipes lose.
    """
    peak = clusters.set_index("cluster_id")["peak_kw"] if "peak_kw" in clusters else pd.Series(dtype="float64")
    known = peak.reindex(rows["cluster_id"]).to_numpy("float64")
    needed = np.where(np.isnan(known), amounts["peak_kw"] * amounts["homes"], known)
    collective = (rows["variant"] == "ring_net_collective").to_numpy()
    return np.where(collective, needed / (1 - prices.network_heat_loss), needed)


def warmer(
    depth_m: Array,
    cooled_k: Array,
    assumptions: Assumptions,
    *,
    per_k: float | None = None,
    spf: float | None = None,
    share: float | None = None,
) -> Array:
    """Return the factor by which performance differs from that of one loop of `spf_depth_m`.

    The mean ground along a deeper loop is warmer by half the gradient; what other loops take away counts against it.
    Loops are sized to the same coldest fluid wherever they are: at full load nothing of it reaches the heat pump, on
    the mean of a season the share `spf_warmth_share`. `per_k`, `spf` and `share` stand in for `spf_per_k`,
    `spf_rooms_ground` and that share where these are varied.

    Examples
    --------
    100 m deeper at 0.03 K/m is 1.5 K warmer, of which 0.9 K are felt: 0.18 on a factor of 4.8; neighbours that cool by
    1.5 K take it back:

    >>> ours = {"ground": {"gradient_k_m": 0.03}, "costs": {"spf_per_k": 0.2, "spf_warmth_share": 0.6}}
    >>> warmer(np.array([200.0, 200.0]), np.array([0.0, 1.5]), Assumptions.default().override(ours)).round(4)
    array([1.0375, 1.    ])
    """
    prices = assumptions.costs
    share = prices.spf_warmth_share if share is None else share
    warmer_k = share * (assumptions.ground.gradient_k_m * (depth_m - prices.spf_depth_m) / 2 - cooled_k)
    per_k = prices.spf_per_k if per_k is None else per_k
    spf = prices.spf_rooms_ground if spf is None else spf
    return np.maximum(1 + per_k * warmer_k / spf, 0.5)
