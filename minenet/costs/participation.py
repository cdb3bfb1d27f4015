r"""What a home pays when fewer join, when homes leave, and at another gas use.

When :math:`k` of :math:`n` homes join and every choice of :math:`k` is as likely as another, a pipe or loop that serves
:math:`m` of them is needed unless none of the :math:`m` joins (the hypergeometric distribution):

.. math:: P(\text{needed}) = 1 - \binom{n - m}{k} / \binom{n}{k}

and a stretch of the ring between :math:`m` homes and :math:`n - m` unless all who join stand on one side of it. The
mean cost over all choices is the sum of these, so that nothing is drawn and nothing is left to chance. What is counted
per home, and the metres drilled, follow the homes who join: their mean over all choices is that of all homes.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import comb
from scipy.stats import binom

from minenet.assumptions import Assumptions
from minenet.costs.branches import homes_behind
from minenet.costs.measuring import Measured, applies, with_amounts
from minenet.costs.quantities import LAID, Designs, heat_pump_kw, laid
from minenet.costs.ranges import NAMES
from minenet.tables import REFERENCES, RESULT_TABLES, VARIANTS, typed

__all__ = ["Shares", "break_even", "curve_table", "needed", "participation", "shares_of"]

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEAVERS = (1, 2, 3)
CHANCES = tuple(round(0.1 * step, 1) for step in range(1, 11))
GAS_M3 = (500.0, 1000.0, 1500.0, 2000.0)
"""The factsheet's columns."""


def needed(homes: int, behind: Ints, joining: Ints, *, between: bool = False) -> Array:
    """Return the chance that a pipe is needed (behind, joining).

    Parameters
    ----------
    homes : int
        Homes of the cluster.
    behind : array (m)
        Homes behind the pipe.
    joining : array (k)
        Homes that join.
    between : bool
        The pipe lies between homes on both sides.

    Examples
    --------
    Of three homes two join; a lateral to one of them is needed in two of three choices, a loop for two always; the
    stretch between the first home and the other two in two of three:

    >>> needed(3, np.array([1, 2]), np.array([2]))[:, 0].round(4)
    array([0.6667, 1.    ])
    >>> needed(3, np.array([1]), np.array([2]), between=True).round(4)
    array([[0.6667]])
    """
    all_choices = comb(homes, joining)
    none = comb(homes - np.asarray(behind)[:, None], joining) / all_choices
    others = comb(np.asarray(behind)[:, None], joining) / all_choices if between else 0.0
    return np.asarray(1 - none - others)


@dataclass(frozen=True)
class Shares:
    """What a network costs in a year [EUR], by what becomes of it when fewer join; one row per network.

    Attributes
    ----------
    row : array (s)
        Position in `Measured.rows`.
    homes : array of int (s)
        Homes of the cluster.
    each : array (s)
        Per home, whoever joins: counted per home, or with the heat.
    fixed : array (s)
        Of the whole, whoever joins.
    to : array (s, h)
        Pipes and loops that serve so many homes.
    between : array (s, h)
        Stretches with so many homes on one side.
    holes : array (s)
        Boreholes of a net that all homes share, and the branches to them.
    count : array (s)
        How many of these boreholes.
    sunk : array (s)
        All of the network, once it is built.
    kept : array (s)
        Per home, all that is counted per home.
    """

    row: Ints
    homes: Ints
    each: Array
    fixed: Array
    to: Array
    between: Array
    holes: Array
    count: Array
    sunk: Array
    kept: Array


def shares_of(found: Measured, designs: Designs) -> Shares:
    """Divide the annual cost of every priced network by what becomes of it when fewer join."""
    known = found.priced & ~np.isnan(found.yearly.sum(axis=1))
    row = np.flatnonzero(known & found.rows["variant"].isin(VARIANTS).to_numpy())
    lines = found.yearly[row]
    count = found.homes[row]
    each = lines[:, found.per_home | found.following("heat")].sum(axis=1)
    fixed = lines[:, found.following("")].sum(axis=1) * count
    to = np.zeros((len(row), int(count.max(initial=1)) + 1))
    between = np.zeros_like(to)
    holes = np.zeros(len(row))
    _share_boreholes(found, designs.boreholes, row, to, holes)
    _share_pipes(found, designs, row, to, between, holes)
    return Shares(
        row=row,
        homes=count.astype(np.int64),
        each=each,
        fixed=fixed,
        to=to,
        between=between,
        holes=holes,
        count=found.amounts["boreholes"].to_numpy()[row],
        sunk=lines[:, ~found.per_home].sum(axis=1) * count,
        kept=lines[:, found.per_home].sum(axis=1),
    )


def _rows_of(frame: pd.DataFrame, found: Measured, row: Ints) -> Ints:
    """Return the place in `row` of the network of each line of a frame; -1 where it is none."""
    keys = pd.MultiIndex.from_frame(found.rows.loc[found.rows.index[row], ["cluster_id", "variant"]].astype(object))
    return np.asarray(keys.get_indexer(pd.MultiIndex.from_frame(frame[["cluster_id", "variant"]].astype(object))))


def _share_boreholes(found: Measured, boreholes: pd.DataFrame, row: Ints, to: Array, holes: Array) -> None:
    """Add what a borehole costs whatever its depth: to the homes it serves, or to all."""
    place = _rows_of(boreholes, found, row)
    cost = np.zeros(len(boreholes))
    unit = found.price * found.weight
    for quantity in ("boreholes", "mini", "crane"):
        counts = np.ones(len(boreholes)) if quantity == "boreholes" else (boreholes["access"] == quantity).to_numpy()
        cost += counts * unit[found.columns(quantity)].sum()
    served = (
        boreholes["homes_served"].astype("float64") if "homes_served" in boreholes else np.full(len(boreholes), np.nan)
    )
    served = np.asarray(served, dtype="float64")
    homes = np.where(place >= 0, found.homes[row][np.maximum(place, 0)], 0) if len(row) else np.zeros(len(place))
    few = (place >= 0) & (served >= 1) & (served < homes)
    np.add.at(to, (place[few], served[few].astype(np.int64)), cost[few])
    shared = (place >= 0) & ~few
    np.add.at(holes, place[shared], cost[shared])


def _share_pipes(found: Measured, designs: Designs, row: Ints, to: Array, between: Array, holes: Array) -> None:
    """Add what each pipe and its trench cost: to the homes behind it, between homes, or with the boreholes."""
    pipes = designs.pipes
    place = _rows_of(pipes, found, row)
    unit = np.where(applies(found.rows, found.items)[row], found.price * found.weight, 0.0)
    parts = laid(pipes)
    cost = np.zeros(len(pipes))
    for name in LAID:
        each = unit[:, found.columns(name)].sum(axis=1)
        cost += parts[name].to_numpy() * (each[place] if len(row) else 0.0)
    behind = homes_behind(pipes, designs.connections)
    branch = (pipes["kind"] == "branch").to_numpy() if "kind" in pipes else np.zeros(len(pipes), dtype=bool)
    mine = place >= 0
    np.add.at(holes, place[mine & branch], cost[mine & branch])
    across = mine & behind.between
    np.add.at(between, (place[across], behind.homes[across]), cost[across])
    rest = mine & ~branch & ~behind.between
    homes = found.homes[row].astype(np.int64)[np.maximum(place, 0)] if len(row) else behind.homes
    served = np.where(behind.homes > 0, np.minimum(behind.homes, homes), homes)  # unknown: needed by all
    np.add.at(to, (place[rest], served[rest]), cost[rest])


def participation(shares: Shares) -> Array:
    """Return the mean annual cost per home when k of n join [EUR] (s, k from 0); null below 2 and above n."""
    cost: Array = np.full(shares.to.shape, np.nan)
    behind = np.arange(cost.shape[1], dtype=np.int64)
    for n in np.unique(shares.homes):
        mine = np.flatnonzero(shares.homes == n)
        k = np.arange(2, n + 1, dtype=np.int64)
        one = needed(int(n), behind[: n + 1], k)
        two = needed(int(n), behind[: n + 1], k, between=True)
        count = np.maximum(shares.count[mine], 1.0)[:, None]
        drilled = np.ceil(count * k / n - 1e-9) / count
        total = shares.to[mine, : n + 1] @ one + shares.between[mine, : n + 1] @ two
        total += shares.fixed[mine, None] + shares.holes[mine, None] * drilled
        cost[np.ix_(mine, k)] = shares.each[mine, None] + total / k
    return cost


def break_even(cost: Array, limit: Array) -> Array:
    """Return the fewest homes for which the cost is no more than a limit (s); null where it never is."""
    enough = cost <= limit[:, None] + 1e-9
    return np.where(enough.any(axis=1), enough.argmax(axis=1), np.nan)


def _sign_up(shares: Shares, cost: Array) -> Array:
    """Return the expected cost of a home that joins, when each joins with a chance and at least two do (s, chance)."""
    k = np.arange(cost.shape[1])
    expected = np.empty((len(cost), len(CHANCES)))
    for n in np.unique(shares.homes):
        mine = shares.homes == n
        chance = binom.pmf(k[:, None], n, np.array(CHANCES)) * (k >= 2)[:, None]
        expected[mine] = np.nan_to_num(cost[mine]) @ (chance / chance.sum(axis=0))
    return expected


def _gas_use(found: Measured, assumptions: Assumptions) -> Array:
    """Return the annual cost per home of every row at the gas uses `GAS_M3` (r, 4).

    The homes keep their boreholes and pipes; the metres drilled, the heat pump and the energy follow the heat.
    """
    costs = np.empty((len(found.rows), len(GAS_M3)))
    for column, gas in enumerate(GAS_M3):
        heat = gas * assumptions.homes.heat_per_gas_kwh_m3
        part = heat / found.amounts["heat_kwh"]
        peak = np.full(len(part), heat / assumptions.homes.full_load_hours)
        taps = min(assumptions.costs.hot_water_kwh, heat)
        old = found.amounts
        change: dict[str, Any] = {
            "gas_m3": gas,
            "heat_kwh": heat,
            "peak_kw": peak,
            "size_kw": heat_pump_kw(peak),
            "rooms_kwh": old["rooms_kwh"] * (heat - taps) / old["rooms_heat_kwh"].clip(lower=1e-9),
            "hot_water_kwh": old["hot_water_kwh"] * taps / old["hot_water_heat_kwh"].clip(lower=1e-9),
            **{name: old[name] * part for name in ("borehole_m", "deep_m", "plant_kw", "plant_grid_kw")},
            **{name: old[name] * part for name in ("pump_kwh", "friction_kwh")},
            **{name: old[name] * part for name in ("collective_kwh", "lost_kwh")},
        }
        costs[:, column] = with_amounts(found.rows, old.assign(**change), found.items, assumptions).yearly.sum(axis=1)
    return costs


def curve_table(
    found: Measured, solutions: pd.DataFrame, shares: Shares, cost: Array, assumptions: Assumptions
) -> pd.DataFrame:
    """Return the curves: participation, chance to sign up, homes that leave, and gas use.

    Low and high stand in the same proportion to a point as to the cost of the whole network, which is drawn.
    """
    parts = []
    place, k = np.nonzero(~np.isnan(cost))
    parts.append((shares.row[place], "participation", k.astype("float64"), cost[place, k]))
    expected = _sign_up(shares, cost)
    size = len(shares.row)
    parts.append((np.repeat(shares.row, len(CHANCES)), "sign_up", np.tile(CHANCES, size), expected.ravel()))
    for gone in LEAVERS:
        stay = shares.homes - gone
        left = np.flatnonzero(stay >= 1)
        value = shares.kept[left] + shares.sunk[left] / stay[left]
        parts.append((shares.row[left], "leavers", np.full(len(left), float(gone)), value))
    shown = np.flatnonzero(found.priced & found.rows["variant"].isin(VARIANTS + REFERENCES).to_numpy())
    value = _gas_use(found, assumptions)[shown]
    parts.append((np.repeat(shown, len(GAS_M3)), "gas_use", np.tile(GAS_M3, len(shown)), value.ravel()))
    row = np.concatenate([p[0] for p in parts])
    value = np.concatenate([p[3] for p in parts])
    base, low, high = (solutions[c].to_numpy("float64")[row] for c in ("annual_eur_per_home", NAMES[0], NAMES[2]))
    table = pd.DataFrame(
        {
            "cluster_id": found.rows["cluster_id"].array.take(row),
            "variant": found.rows["variant"].array.take(row),
            "curve": np.repeat([p[1] for p in parts], [len(p[0]) for p in parts]),
            "x": np.concatenate([p[2] for p in parts]),
            "value_eur_per_home": value,
            "low_eur_per_home": value * np.minimum(low / base, 1.0),
            "high_eur_per_home": value * np.maximum(high / base, 1.0),
        }
    )
    return typed(table, RESULT_TABLES["curves"])
