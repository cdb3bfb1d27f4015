"""The quantities and prices of every way to heat in every cluster, as arrays: what all views of the cost start from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from minenet.assumptions import Assumptions
from minenet.costs.fees import Fees
from minenet.costs.pricing import Item, bounds, check_prices, lifetimes, read_items, unit_prices
from minenet.costs.quantities import SIZES, Designs, amounts_of, full_load_hours, measured, solution_rows, warmer
from minenet.costs.spreading import bought_again, yearly_share

__all__ = ["Effect", "Measured", "applies", "effects_of", "measure", "named_assumptions", "weights", "with_amounts"]

Array = npt.NDArray[np.float64]

DRILLED = ("borehole_m", "deep_m")


@dataclass(frozen=True)
class Measured:
    """What every row of `solutions` needs and costs.

    Attributes
    ----------
    rows : DataFrame (r)
        Solutions, references included, ordered by cluster and variant.
    amounts : DataFrame (r)
        Quantities, as `amounts_of` gives them.
    items : tuple (i)
        Lines of the costs.
    priced : array of bool (r)
        Rows that get costs: those that can be built and are measured out.
    each : array (r, i)
        Quantity that falls on one home; 0 where an item does not apply.
    price : array (i)
        Price of one unit [EUR].
    weight : array (i)
        Share of a line that counts in each year: the annuity factor for what is bought, 1 for what returns yearly, 0
        for what is in no total.
    """

    rows: pd.DataFrame
    amounts: pd.DataFrame
    items: tuple[Item, ...]
    priced: npt.NDArray[np.bool_]
    each: Array
    price: Array
    weight: Array

    @property
    def homes(self) -> Array:
        """Number of homes of each row."""
        return self.amounts["homes"].to_numpy()

    @property
    def per_home(self) -> npt.NDArray[np.bool_]:
        """Items that are counted per home."""
        return np.array([i.per == "home" for i in self.items])

    @property
    def bought(self) -> npt.NDArray[np.bool_]:
        """Items that are bought at the start."""
        return self.of_kind("capex")

    @property
    def yearly(self) -> Array:
        """What each line costs a home in a year [EUR] (r, i); their sum is the annual cost."""
        return self.each * (self.price * self.weight)

    def of_kind(self, kind: str) -> npt.NDArray[np.bool_]:
        """Return the items of a kind."""
        return np.array([i.kind == kind for i in self.items])

    def following(self, what: str) -> npt.NDArray[np.bool_]:
        """Return the items of a cluster that become less with what homes bring (`heat`, ...); "" stays as it is."""
        return np.array([i.per == "cluster" and i.follows == what for i in self.items])

    def columns(self, *quantities: str) -> npt.NDArray[np.intp]:
        """Return the items that count one of these quantities."""
        return np.flatnonzero([i.quantity in quantities for i in self.items])


def measure(designs: Designs, assumptions: Assumptions, fees: Fees | None = None) -> Measured:
    """Return quantities and prices of what was designed, with the gas boiler and the air heat pump beside it.

    `assumptions` know the prices of the fees, where these are given.

    Raises
    ------
    AssumptionError
        When a price is negative.
    InputError
        When homes lack their demand.
    """
    items = (*read_items(), *(fees.items if fees else ()))
    check_prices(items, assumptions)
    rows = solution_rows(designs.solutions, designs.clusters)
    amounts = amounts_of(rows, designs, assumptions)
    if fees:
        amounts = amounts.assign(**fees.quantities(rows, designs.boreholes))
    return with_amounts(rows, amounts, items, assumptions)


def with_amounts(
    rows: pd.DataFrame, amounts: pd.DataFrame, items: tuple[Item, ...], assumptions: Assumptions
) -> Measured:
    """Return rows with these amounts, priced."""
    priced = measured(rows)
    quantity = np.where(applies(rows, items) & priced[:, None], amounts[[i.quantity for i in items]], 0.0)
    per_home = np.array([i.per == "home" for i in items])
    each = np.where(per_home, quantity, quantity / amounts["homes"].to_numpy()[:, None])
    weight = weights(items, assumptions)
    return Measured(rows, amounts, items, priced, each, unit_prices(items, assumptions), weight)


def weights(items: tuple[Item, ...], assumptions: Assumptions) -> Array:
    """Return the share of each item's line that counts in each year of the horizon of the factsheet."""
    share = yearly_share(assumptions.costs.years, interest=assumptions.costs.interest)
    again = np.array([bought_again(years, assumptions.costs.years) for years in lifetimes(items, assumptions)])
    kind = np.array([i.kind for i in items])
    return np.select([kind == "capex", kind == "yearly"], [share * (1 + again), 1.0], 0.0)


def applies(rows: pd.DataFrame, items: tuple[Item, ...]) -> npt.NDArray[np.bool_]:
    """Return which items (columns) belong to the variant of each row."""
    variants = rows["variant"].to_numpy(object)
    return np.column_stack([np.isin(variants, i.variants.split()) for i in items])


@dataclass(frozen=True)
class Effect:
    """What an assumption that is no price does: the factors on the items `columns` at its low and its high, by row."""

    assumption: str
    columns: npt.NDArray[np.intp]
    low: Array
    high: Array


def effects_of(found: Measured, assumptions: Assumptions, borehole_factor: pd.DataFrame | None) -> list[Effect]:
    """Return the assumptions that change quantities: hot water, warmth of the source, heat lost, peak, and the ground.

    Parameters
    ----------
    found : Measured
        Quantities of every row.
    assumptions : Assumptions
        Ranges of `hot_water_kwh`, `spf_per_k`, `spf_warmth_share` and `network_heat_loss`, and of
        `homes.full_load_hours`.
    borehole_factor : DataFrame or None
        `cluster_id, variant, assumption, low, high`: factor on the metres drilled at both ends of an assumption of the
        ground; 1 where a cluster and variant is not named.
    """
    return [
        *_hot_water(found, assumptions),
        *_warmth(found, assumptions),
        *_heat_loss(found, assumptions),
        *_peak(found, assumptions),
        *_metres(found, borehole_factor),
    ]


def _hot_water(found: Measured, assumptions: Assumptions) -> list[Effect]:
    """Return what hot water does: more of it, at the same heat demand, is less heat for rooms."""
    limits = bounds("hot_water_kwh", assumptions)
    amounts = found.amounts
    heat, taps = amounts["heat_kwh"].to_numpy(), amounts["hot_water_heat_kwh"].to_numpy()
    rooms = np.maximum(amounts["rooms_heat_kwh"].to_numpy(), 1e-9)
    at = [np.minimum(taps * limit / max(limits.value, 1e-9), heat) for limit in (limits.low, limits.high)]
    name, taps = "costs.hot_water_kwh", np.maximum(taps, 1e-9)
    return [
        Effect(name, found.columns("hot_water_kwh"), at[0] / taps, at[1] / taps),
        Effect(name, found.columns("rooms_kwh"), (heat - at[0]) / rooms, (heat - at[1]) / rooms),
    ]


def _warmth(found: Measured, assumptions: Assumptions) -> list[Effect]:
    """Return what warm ground does: a degree counts for more where it adds more, and on a lower performance."""
    depth = found.rows["depth_m"].fillna(assumptions.costs.spf_depth_m).to_numpy()
    cooled = found.amounts["cooled_k"].to_numpy()
    now = found.amounts["warmer"].to_numpy()
    ground = found.rows["variant"].isin(("shared_loops", "ring_net", "own_loops")).to_numpy()
    effects = []
    for name, argument in (("spf_per_k", "per_k"), ("spf_rooms_ground", "spf"), ("spf_warmth_share", "share")):
        limits = bounds(name, assumptions)
        low, high = (
            np.where(ground, now / warmer(depth, cooled, assumptions, **{argument: end}), 1.0)
            for end in (limits.low, limits.high)
        )
        effects.append(Effect(f"costs.{name}", found.columns("rooms_kwh", "hot_water_kwh"), low, high))
    return effects


def _heat_loss(found: Measured, assumptions: Assumptions) -> list[Effect]:
    """Return what warm pipes lose: heat that one heat pump for all makes beside, and is larger for."""
    limits = bounds("network_heat_loss", assumptions)
    collective = (found.rows["variant"] == "ring_net_collective").to_numpy()
    made = [(1 - limits.value) / (1 - end) for end in (limits.low, limits.high)]
    lost = [part * end / max(limits.value, 1e-9) for part, end in zip(made, (limits.low, limits.high), strict=True)]
    name = "costs.network_heat_loss"
    return [
        Effect(name, found.columns(*columns), *(np.where(collective, part, 1.0) for part in parts))
        for columns, parts in ((("lost_kwh",), lost), (("plant_kw", "plant_grid_kw"), made))
    ]


def _peak(found: Measured, assumptions: Assumptions) -> list[Effect]:
    """Return what the full-load hours do: fewer of them are a higher peak, a larger heat pump and a larger plant."""
    hours, sizes = full_load_hours(assumptions), found.amounts[["size_kw", *SIZES]].to_numpy()
    now = np.maximum(sizes[:, 0], 1e-9)
    plant = [np.full(len(now), hours.value / end) for end in hours[::2]]
    name = "homes.full_load_hours"
    return [
        Effect(name, found.columns("size_kw"), sizes[:, 1] / now, sizes[:, 2] / now),
        Effect(name, found.columns("plant_kw", "plant_grid_kw"), *plant),
    ]


def _metres(found: Measured, factors: pd.DataFrame | None) -> list[Effect]:
    """Return what the ground does: where it conducts less, or the cold lasts longer, more metres are drilled."""
    if factors is None or not len(factors):
        return []
    key = pd.MultiIndex.from_frame(found.rows[["cluster_id", "variant"]].astype(object))
    effects = []
    for name, part in factors.groupby("assumption"):
        known = part.set_index(["cluster_id", "variant"])[["low", "high"]].reindex(key).fillna(1.0)
        low, high = known["low"].to_numpy("float64"), known["high"].to_numpy("float64")
        effects.append(Effect(str(name), found.columns(*DRILLED), low, high))
    return effects


def named_assumptions(items: Sequence[Item]) -> list[str]:
    """Return the assumptions by which lines are priced, scaled and divided, each once."""
    names = (name for i in items for name in (i.price, i.scale, i.divide))
    return [name for name in dict.fromkeys(names) if name]
