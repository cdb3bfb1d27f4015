"""What is bought, and at which price: the items of `cost_items.csv`, brought to one price level."""

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from minenet.assumptions import Assumptions, Entry, read_table
from minenet.costs.spreading import bought_again
from minenet.errors import AssumptionError

__all__ = [
    "Bounds",
    "Item",
    "bounds",
    "check_prices",
    "item_facts",
    "lifetimes",
    "price_factor",
    "read_items",
    "unit_prices",
]

Array = npt.NDArray[np.float64]

DIVISORS = (
    "cop_coldest_ground",
    "cop_coldest_air",
    "cop_coldest_collective",
    "cop_coldest_aquathermal",
    "spf_collective",
    "spf_rooms_aquathermal",
    "spf_hot_water_aquathermal",
    "pump_efficiency",
)
"""Factors of performance by which something is divided."""

SET_BY_RULE = ("isde_", "fee_", "loan_most")


class Item(NamedTuple):
    """A line of the costs (`assumptions/cost_items.csv`): `quantity` of what is bought, times the assumption `price`.

    `per` says what the quantity is counted for. `scale` multiplies and `divide` divides the line by an assumption,
    relative to its value, when ranges are drawn. `follows` says what becomes less when fewer homes join: `heat`,
    `boreholes` or `pipes`; nothing where it is empty. `note` is a condition, shown with the source.
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
    follows: str
    note: str


class Bounds(NamedTuple):
    """An assumption at its low, its value and its high, at the price level of the result."""

    low: float
    value: float
    high: float


@cache
def read_items() -> tuple[Item, ...]:
    """Return the lines of the costs, in their order."""
    table = read_table("cost_items").fillna("")
    return tuple(Item(*row) for row in table[list(Item._fields)].itertuples(index=False))


@cache
def _index() -> tuple[Array, Array]:
    table = read_table("price_index")
    return table["year"].to_numpy("float64"), table["index"].to_numpy("float64")


def price_factor(entry: Entry, level: int) -> float:
    """Return what brings a price to the level of a year.

    The year of a price is that of its date (the mean of two years that are named); one later than the index knows has
    the level of its last year. A price without a source, or that a
    user sets without a date, is taken to have the level already, as is everything that is not money.

    Examples
    --------
    >>> boiler = Assumptions.default().entries["costs.air_heat_pump_eur_kw"]
    >>> boiler.date, round(price_factor(boiler, 2024), 4)  # 125.9 over the mean of 100 and 103.93
    ('2018/2020', 1.2347)
    """
    if not entry.unit.startswith("EUR") or not entry.date or entry.source == "no source":
        return 1.0
    years, index = _index()
    dated = np.interp([float(part[:4]) for part in entry.date.split("/")], years, index).mean()
    return float(np.interp(level, years, index) / dated)


def bounds(name: str, assumptions: Assumptions) -> Bounds:
    """Return an assumption of section `costs` with its range, at the price level of the result, VAT included."""
    entry = assumptions.entries[f"costs.{name}"]
    value = float(entry.value)
    low = value if entry.low is None else entry.low
    high = value if entry.high is None else entry.high
    # what the law grants and a municipality asks has no price level, nor have limits
    factor = 1.0 if name.startswith(SET_BY_RULE) else price_factor(entry, assumptions.costs.price_level)
    factor *= 1 + assumptions.costs.vat_rate if entry.vat == "excl." else 1.0
    return Bounds(low * factor, value * factor, high * factor)


def unit_prices(items: tuple[Item, ...], assumptions: Assumptions) -> Array:
    """Return the price of one unit of each item [EUR]; a subsidy is negative."""
    sign = np.array([-1.0 if i.kind == "subsidy" else 1.0 for i in items])
    return np.asarray(sign * np.array([bounds(i.price, assumptions).value for i in items]))


def check_prices(items: tuple[Item, ...], assumptions: Assumptions) -> None:
    """Refuse what no price or performance factor can be.

    Raises
    ------
    AssumptionError
        When a price, or the low end of its range, is negative, or a performance factor can be zero.
    """
    for item in items:
        if bounds(item.price, assumptions).low < 0:
            mend = "A price and its range start at 0; what is received is an item of kind `subsidy`."
            raise AssumptionError("a price cannot be negative", where=f"`costs.{item.price}`", mend=mend)
        if item.divide and bounds(item.divide, assumptions).low <= 0:
            mend = "Give `low` above 0."
            raise AssumptionError("nothing can be divided by zero", where=f"`costs.{item.divide}`", mend=mend)
    for key in (f"costs.{name}" for name in DIVISORS):
        if _low(assumptions.entries[key]) <= 0:
            raise AssumptionError("nothing can be divided by zero", where=f"`{key}`", mend="Give `low` above 0.")
    if _low(assumptions.entries["homes.full_load_hours"]) <= 0:
        raise AssumptionError(
            "nothing can be divided by zero", where="`homes.full_load_hours`", mend="Give `low` above 0."
        )
    if bounds("network_heat_loss", assumptions).high >= 1:
        mend = "Give `high` below 1."
        raise AssumptionError("all heat cannot be lost", where="`costs.network_heat_loss`", mend=mend)


def _low(entry: Entry) -> float:
    return float(entry.value if entry.low is None else entry.low)


def lifetimes(items: tuple[Item, ...], assumptions: Assumptions) -> Array:
    """Return the lifetime of each item [years]; null where it has none."""
    return np.array([float(getattr(assumptions.costs, i.lifetime)) if i.lifetime else np.nan for i in items])


def item_facts(items: tuple[Item, ...], assumptions: Assumptions) -> pd.DataFrame:
    """Return what every line of an item says, whatever the cluster."""
    lifetime = lifetimes(items, assumptions)
    sources = []
    for item in items:
        entry = assumptions.entries[f"costs.{item.price}"]
        source = f"{entry.source} ({entry.date})" if entry.date and entry.source != "no source" else entry.source
        sources.append(f"{source}; {item.note}" if item.note else source)
    return pd.DataFrame(items)[["item", "kind", "unit", "per"]].assign(
        unit_price_eur=unit_prices(items, assumptions),
        lifetime_years=lifetime,
        source=sources,
        again=[bought_again(years, assumptions.costs.years) for years in lifetime],
    )
