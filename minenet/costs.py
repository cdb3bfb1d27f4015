"""What a mini heat network costs beside a gas boiler, an air heat pump and own loops, with its range.

Purchases are spread evenly over the horizon and added to the yearly costs, as in the factsheet [1]_, whose table
`reference_annual_costs` gives to the euro. The bottom-up estimate multiplies quantities of the design by unit prices;
five prices are calibrated, so that one reference case lands within 5 % of each of the 16 cells.

References
----------
.. [1] Province of Utrecht, "Mini-warmtenet voor een straat of hofje", price level January 2024.
"""

from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pandas as pd

from minenet.assumptions import Assumptions, Costs, read_table
from minenet.tables import REFERENCES, RESULT_TABLES, VARIANTS, typed

__all__ = ["estimate_costs", "reference_annual_costs", "yearly_share"]

Array = npt.NDArray[np.float64]

ORDER = {variant: number for number, variant in enumerate(VARIANTS + REFERENCES)}
SYSTEMS = ("gas_boiler", "mini_net", "own_loops", "air_heat_pump")
RANGE = (0.1, 0.5, 0.9)
"""Quantiles that are reported: low, middle, high."""


def reference_annual_costs(gas_m3: float | npt.ArrayLike) -> pd.DataFrame:
    """Return the factsheet's annual cost per home of four ways to heat, price level January 2024.

    Between its columns (500, 1,000, 1,500 and 2,000 m3) the cost is interpolated linearly; outside, its first or last
    segment is continued and `inside` is False.

    Parameters
    ----------
    gas_m3 : float or array-like of shape (n,)
        Gas use per home [m3/yr].

    Returns
    -------
    DataFrame
        One row per gas use: `gas_m3`; `gas_boiler, mini_net, own_loops, air_heat_pump` [EUR/yr per home]; `inside`.

    References
    ----------
    .. [1] Province of Utrecht, "Mini-warmtenet voor een straat of hofje", table of annual costs.

    Examples
    --------
    >>> reference_annual_costs([1000, 1250])["mini_net"].tolist()
    [1772.0, 1957.0]
    """
    gas = np.atleast_1d(np.asarray(gas_m3, dtype="float64"))
    table = read_table("reference_annual_costs")
    at = table["gas_m3"].to_numpy("float64")
    left = np.clip(np.searchsorted(at, gas, side="right") - 1, 0, len(at) - 2)
    part = (gas - at[left]) / (at[left + 1] - at[left])
    columns: dict[str, npt.NDArray[np.generic]] = {"gas_m3": gas}
    for system in SYSTEMS:
        cells = table[system].to_numpy("float64")
        columns[system] = cells[left] + part * (cells[left + 1] - cells[left])
    columns["inside"] = (gas >= at[0]) & (gas <= at[-1])
    return pd.DataFrame(columns)


def yearly_share(years: int, *, interest: float) -> float:
    """Return the part of a purchase that falls on each year of the horizon (the annuity factor [1/yr]).

    Examples
    --------
    >>> yearly_share(15, interest=0.0) * 1500
    100.0
    >>> round(yearly_share(2, interest=0.10), 4)  # 0.1 / (1 - 1 / 1.21)
    0.5762
    """
    return interest / (1 - (1 + interest) ** -years) if interest > 0 else 1 / years


class _Item(NamedTuple):
    """A line of the costs (`assumptions/cost_items.csv`): `quantity` of what is bought, times the assumption `price`.

    `per` says what the quantity is counted for; `scale` multiplies the price by an assumption when ranges are drawn,
    `divide` divides it by one, relative to its value.
    """

    item: str
    variants: str
    kind: str
    per: str
    quantity: str
    unit: str
    price: str
    lifetime: str
    scale: str
    divide: str


SHOWN_AT_ZERO = ("low_temperature_emitters",)
"""Items that stand in `costs` even when nothing of them is bought."""


def estimate_costs(
    homes: pd.DataFrame,
    clusters: pd.DataFrame,
    solutions: pd.DataFrame,
    boreholes: pd.DataFrame,
    pipes: pd.DataFrame,
    *,
    assumptions: Assumptions,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    r"""Estimate what every variant and reference costs in every cluster, with its range.

    With the annuity factor :math:`a` (`yearly_share`), :math:`n` homes and the rows of `costs` by `kind` and `per`,

    .. math:: \text{annual} = a \, (P_\text{home} + P_\text{cluster} / n) + Y_\text{home} + Y_\text{cluster} / n

    where :math:`P` sums `capex` and `replacement` and :math:`Y` sums `yearly`. A row counted per home holds the mean of
    the cluster's homes. What boreholes and pipes are worth after the horizon is not counted, nor is any subsidy.

    Parameters
    ----------
    homes : DataFrame
        `home_id, cluster_id, gas_m3` [m3/yr]`, heat_kwh` [kWh/yr]`, peak_kw` [kW]; homes without a cluster are ignored.
    clusters : DataFrame
        `cluster_id`.
    solutions : DataFrame
        One row per cluster and way to build, own loops included: `cluster_id, variant, feasible, boreholes, borehole_m,
        depth_m` [m].
    boreholes : DataFrame
        `cluster_id, variant, depth_m, access`.
    pipes : DataFrame
        `cluster_id, variant, length_m, pipe_m, diameter_mm, ownership`; ground of unknown owner counts as public.
    assumptions : Assumptions
        Prices and their ranges and sources (section `costs`), and the gradient of the ground.

    Returns
    -------
    solutions : DataFrame
        As given, with costs [EUR] and rows for `gas_boiler` and `air_heat_pump`; infeasible rows have null costs.
        `annual_low`, `annual_p50` and `annual_high` are the 10th, 50th and 90th percentile of draws in which every
        price, performance factor and overrun varies inside its range, the same for all clusters.
    costs : DataFrame
        Every line: `quantity` times `unit_price_eur` is `total_eur`; sums over the rows give `annual_eur_per_home`.
    """
    items = _items()
    rows = _with_references(solutions, clusters)
    priced = _priced(rows, items)
    amounts = _amounts(rows, homes, boreholes, pipes, assumptions)
    quantity = np.where(_applies(rows, items) & priced[:, None], amounts[[i.quantity for i in items]], 0.0)
    count = amounts["homes"].to_numpy()
    per_home = np.array([i.per == "home" for i in items])
    each = np.where(per_home, quantity, quantity / count[:, None])  # what falls on one home
    price = np.array([_value(i.price, assumptions) for i in items])
    bought = np.array([i.kind == "capex" for i in items])
    spread = yearly_share(assumptions.costs.years, interest=assumptions.costs.interest)
    again = np.array([_replacements(assumptions.costs, i) for i in items])
    yearly = each * np.where(bought, spread * (1 + again), 1.0)
    capex = (each * price)[:, bought].sum(axis=1)
    results = {
        "capex_eur": capex * count,
        "capex_eur_per_home": capex,
        "annual_eur_per_home": (yearly * price).sum(axis=1),
        **_ranges(yearly, items, assumptions),
    }
    rows = rows.assign(**{name: np.where(priced, values, np.nan) for name, values in results.items()})
    lines = _lines(rows, quantity, items, priced=priced, assumptions=assumptions)
    return typed(rows, RESULT_TABLES["solutions"]), lines


def _items() -> list[_Item]:
    table = read_table("cost_items").fillna("")
    return [_Item(*row) for row in table[list(_Item._fields)].itertuples(index=False)]


def _with_references(solutions: pd.DataFrame, clusters: pd.DataFrame) -> pd.DataFrame:
    """Return solutions with rows for the gas boiler and the air heat pump, ordered by cluster and variant."""
    added = ("gas_boiler", "air_heat_pump")
    ids = clusters["cluster_id"].to_numpy(object)
    extra = pd.DataFrame(
        {"cluster_id": np.repeat(ids, len(added)), "variant": np.tile(added, len(ids)), "feasible": True}
    )
    table = RESULT_TABLES["solutions"]
    given = typed(solutions[~solutions["variant"].isin(added)].reset_index(drop=True), table)
    rows = pd.concat([given, typed(extra, table)], ignore_index=True)
    rows = rows.assign(_order=rows["variant"].map(ORDER)).sort_values(["cluster_id", "_order"], ignore_index=True)
    return rows.drop(columns="_order")


def _priced(rows: pd.DataFrame, items: list[_Item]) -> npt.NDArray[np.bool_]:
    """Return which rows get costs: those that can be built, for which items are known and which are measured out."""
    known = _applies(rows, items).any(axis=1)
    drilled = rows["borehole_m"].notna() | rows["variant"].isin(("gas_boiler", "air_heat_pump"))
    priced: npt.NDArray[np.bool_] = rows["feasible"].fillna(value=False).to_numpy(bool) & known & drilled.to_numpy(bool)
    return priced


def _amounts(
    rows: pd.DataFrame, homes: pd.DataFrame, boreholes: pd.DataFrame, pipes: pd.DataFrame, assumptions: Assumptions
) -> pd.DataFrame:
    """Return what is needed of everything, one row per row of `rows`: per home where the item is, else per cluster."""
    prices = assumptions.costs
    amounts = _demand(homes, assumptions).reindex(rows["cluster_id"]).reset_index(drop=True)
    key = pd.MultiIndex.from_frame(rows[["cluster_id", "variant"]])
    for part in (_drilled(boreholes, prices), _laid(pipes)):
        amounts = amounts.join(part.reindex(key, fill_value=0.0).reset_index(drop=True))
    amounts["boreholes"] = rows["boreholes"].astype("float64").fillna(0.0)
    amounts["borehole_m"] = rows["borehole_m"].fillna(0.0)
    amounts["one"] = 1.0
    amounts["emitters"] = prices.emitters_share
    amounts["pump_kwh"] = amounts["heat_kwh"] * prices.source_pump_kwh_kwh
    air = (rows["variant"] == "air_heat_pump").to_numpy()
    warmer = _warmer(rows["depth_m"].fillna(prices.spf_depth_m).to_numpy(), assumptions)
    amounts["rooms_kwh"] /= np.where(air, prices.spf_rooms_air, prices.spf_rooms_ground * warmer)
    amounts["hot_water_kwh"] /= np.where(air, prices.spf_hot_water_air, prices.spf_hot_water_ground * warmer)
    return amounts


def _demand(homes: pd.DataFrame, assumptions: Assumptions) -> pd.DataFrame:
    """Return by cluster the number of homes and the mean demand, gas use and heat pump of one."""
    prices = assumptions.costs
    inside = homes[homes["cluster_id"].notna()].sort_values(["cluster_id", "home_id"])
    heat = inside["heat_kwh"].to_numpy("float64")
    size = np.maximum(inside["peak_kw"].to_numpy("float64"), prices.heat_pump_min_kw)
    hot_water = np.minimum(prices.hot_water_kwh, heat)
    gas = inside["gas_m3"].astype("float64").fillna(inside["heat_kwh"] / assumptions.homes.heat_per_gas_kwh_m3)
    demand = pd.DataFrame(
        {
            "cluster_id": inside["cluster_id"].to_numpy(object),
            "homes": 1.0,
            "gas_m3": gas.to_numpy(),
            "heat_kwh": heat,
            "rooms_kwh": heat - hot_water,
            "hot_water_kwh": hot_water,
            "size_kw": size,
        }
    )
    groups = demand.groupby("cluster_id")
    gaps = demand.drop(columns="cluster_id").isna().groupby(demand["cluster_id"]).any()
    count = groups["homes"].sum()
    mean = groups.sum().div(count, axis=0).mask(gaps)  # what is not known of one home is not known of their mean
    return mean.assign(homes=count)


def _drilled(boreholes: pd.DataFrame, prices: Costs) -> pd.DataFrame:
    """Return by cluster and variant the metres that lie deep and the boreholes that need a special rig."""
    drilled = pd.DataFrame(
        {
            "cluster_id": boreholes["cluster_id"].to_numpy(object),
            "variant": boreholes["variant"].to_numpy(object),
            "deep_m": np.maximum(boreholes["depth_m"].to_numpy("float64") - prices.deep_drilling_from_m, 0.0),
            "mini": (boreholes["access"] == "mini").to_numpy("float64"),
            "crane": (boreholes["access"] == "crane").to_numpy("float64"),
        }
    )
    return drilled.sort_values(["cluster_id", "variant", "deep_m"]).groupby(["cluster_id", "variant"]).sum()


def _laid(pipes: pd.DataFrame) -> pd.DataFrame:
    """Return by cluster and variant the trench by owner of the ground, and the pipe by class of diameter."""
    length = pipes["length_m"].to_numpy("float64")
    pipe = pipes["pipe_m"].to_numpy("float64")
    diameter = pipes["diameter_mm"].astype("float64").fillna(90.0).to_numpy()
    private = (pipes["ownership"] == "private").to_numpy(bool)
    laid = pd.DataFrame(
        {
            "cluster_id": pipes["cluster_id"].to_numpy(object),
            "variant": pipes["variant"].to_numpy(object),
            "trench_public_m": np.where(private, 0.0, length),
            "trench_private_m": np.where(private, length, 0.0),
            "pipe_small_m": np.where(diameter <= 50, pipe, 0.0),
            "pipe_medium_m": np.where((diameter > 50) & (diameter <= 90), pipe, 0.0),
            "pipe_large_m": np.where(diameter > 90, pipe, 0.0),
        }
    )
    order = laid.columns.tolist()
    return laid.sort_values(order).groupby(["cluster_id", "variant"]).sum()


def _warmer(depth_m: Array, assumptions: Assumptions) -> Array:
    """Return the factor by which performance grows with depth: the mean ground warms by half the gradient."""
    prices = assumptions.costs
    warmer_k = assumptions.ground.gradient_k_m * (depth_m - prices.spf_depth_m) / 2
    return np.maximum(1 + prices.spf_per_k * warmer_k / prices.spf_rooms_ground, 0.5)


def _applies(rows: pd.DataFrame, items: list[_Item]) -> npt.NDArray[np.bool_]:
    """Return which items (columns) belong to the variant of each row."""
    variants = rows["variant"].to_numpy(object)
    return np.column_stack([np.isin(variants, i.variants.split()) for i in items])


def _replacements(prices: Costs, item: _Item) -> int:
    """Return how often an item is bought again inside the horizon."""
    return (prices.years - 1) // int(getattr(prices, item.lifetime)) if item.lifetime else 0


def _value(name: str, assumptions: Assumptions) -> float:
    return float(assumptions.entries[f"costs.{name}"].value)


def _ranges(yearly: Array, items: list[_Item], assumptions: Assumptions) -> dict[str, Array]:
    """Return P10, P50 and P90 of the annual cost per home, of draws that all rows share."""
    draws = np.column_stack([_price_draws(i, assumptions) for i in items])
    quantiles = np.empty((len(RANGE), len(yearly)))
    for start in range(0, len(yearly), 4096):  # bounds the memory
        part = slice(start, start + 4096)
        quantiles[:, part] = _quantiles(draws @ yearly[part].T)
    names = ("annual_low_eur_per_home", "annual_p50_eur_per_home", "annual_high_eur_per_home")
    return dict(zip(names, quantiles, strict=True))


def _quantiles(values: Array) -> Array:
    """Return the quantiles `RANGE` of every column, interpolated linearly between the sorted draws."""
    ordered = np.sort(values, axis=0)
    place = np.array(RANGE) * (len(ordered) - 1)
    below = np.floor(place).astype(int)
    part = (place - below)[:, None]
    above = np.minimum(below + 1, len(ordered) - 1)
    quantiles: Array = ordered[below] * (1 - part) + ordered[above] * part
    return quantiles


def _price_draws(item: _Item, assumptions: Assumptions) -> Array:
    """Return the draws of an item's price, with what scales it."""
    price = _draws(item.price, assumptions)
    if item.scale:
        price = price * _draws(item.scale, assumptions)
    if item.divide:
        price = price / _draws(item.divide, assumptions) * _value(item.divide, assumptions)
    return price


def _draws(name: str, assumptions: Assumptions) -> Array:
    """Return draws of one assumption between its low and high, triangular on either side, with its value as median.

    The stream depends on the seed and the name alone, so that another assumption changes nothing here.
    """
    entry, prices = assumptions.entries[f"costs.{name}"], assumptions.costs
    value = float(entry.value)
    low = value if entry.low is None else entry.low
    high = value if entry.high is None else entry.high
    random = np.random.default_rng([prices.seed, crc32(name.encode())])
    step = random.triangular(-1.0, 0.0, 1.0, prices.draws)
    return value + np.where(step < 0, step * (value - low), step * (high - value))


def _lines(
    rows: pd.DataFrame,
    quantity: Array,
    items: list[_Item],
    *,
    priced: npt.NDArray[np.bool_],
    assumptions: Assumptions,
) -> pd.DataFrame:
    """Return the table `costs`: every item of which something is bought, and what is bought again."""
    always = np.array([i.item in SHOWN_AT_ZERO for i in items])
    row, item = np.nonzero((quantity > 0) | (_applies(rows, items) & priced[:, None] & always))
    facts = _facts(items, assumptions)
    lines = facts.iloc[item].reset_index(drop=True)
    for name in ("cluster_id", "variant"):
        lines[name] = rows[name].array.take(row)
    lines["quantity"] = quantity[row, item]
    times = lines.pop("again").to_numpy()
    bought_again = lines.assign(kind="replacement", quantity=lines["quantity"] * times)[times > 0]
    lines = pd.concat([lines, bought_again], ignore_index=True) if len(bought_again) else lines
    lines["total_eur"] = lines["quantity"] * lines["unit_price_eur"]
    return typed(lines, RESULT_TABLES["costs"])


def _facts(items: list[_Item], assumptions: Assumptions) -> pd.DataFrame:
    """Return what every line of an item says, whatever the cluster."""
    entries = [assumptions.entries[f"costs.{i.price}"] for i in items]
    lifetimes = [float(getattr(assumptions.costs, i.lifetime)) if i.lifetime else np.nan for i in items]
    return pd.DataFrame(items)[["item", "kind", "unit", "per"]].assign(
        unit_price_eur=[float(e.value) for e in entries],
        lifetime_years=lifetimes,
        source=[f"{e.source} ({e.date})" if e.date and e.source != "no source" else e.source for e in entries],
        again=[_replacements(assumptions.costs, i) for i in items],
    )
