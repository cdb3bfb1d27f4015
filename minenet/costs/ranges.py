"""The range of the annual cost: Latin hypercube draws of every price, performance factor and quantity.

Each assumption is drawn between its low and its high, triangular on either side, with its value as median. One
hypercube [1]_ serves all clusters; each cluster turns every column by an offset of its own, so that it has draws of its
own that depend on nothing but its name and the seed, while all ways to heat in it share them.

References
----------
.. [1] M. D. McKay, R. J. Beckman, W. J. Conover, "A comparison of three methods for selecting values of input variables
   in the analysis of output from a computer code", Technometrics 21 (1979), 239-245.
.. [2] G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014: the mixing
   function.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pandas as pd

from minenet.assumptions import Assumptions
from minenet.costs.measuring import Effect, Measured
from minenet.costs.pricing import bounds

__all__ = ["RANGE", "ranges"]

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

RANGE = (0.1, 0.5, 0.9)
"""Quantiles that are reported: low, middle, high."""

NAMES = ("annual_low_eur_per_home", "annual_p50_eur_per_home", "annual_high_eur_per_home")
CHANCES = {"gas_boiler": "chance_cheaper_than_gas", "air_heat_pump": "chance_cheaper_than_air"}
AT_ONCE = 16
"""Clusters that are drawn at once; bounds the memory to some tens of MB."""


@dataclass(frozen=True)
class _Groups:
    """Items that the same effects act upon; `columns` of items, `effects` that multiply them."""

    columns: npt.NDArray[np.intp]
    effects: list[int]


def ranges(found: Measured, effects: Sequence[Effect], assumptions: Assumptions, *, draws: int) -> dict[str, Array]:
    """Return P10, P50 and P90 of the annual cost per home, and the chance to be cheaper than gas and than air.

    Parameters
    ----------
    found : Measured
        Quantities and prices of every row, ordered by cluster.
    effects : sequence of Effect
        Assumptions that change quantities.
    assumptions : Assumptions
        Ranges and seed.
    draws : int
        Number of draws.

    Returns
    -------
    dict of str to array (r)
        `annual_low_eur_per_home, annual_p50_eur_per_home, annual_high_eur_per_home` [EUR/yr]`,
        chance_cheaper_than_gas, chance_cheaper_than_air` [-]; null in the row of gas or air itself.
    """
    rows, priced = found.rows, found.priced
    result = {name: np.full(len(rows), np.nan) for name in (*NAMES, *CHANCES.values())}
    taken = np.flatnonzero(priced & ~np.isnan(found.yearly.sum(axis=1)))
    if not len(taken):
        return result
    cluster, ids = pd.factorize(rows["cluster_id"].to_numpy(object)[taken])
    variants = list(dict.fromkeys(rows["variant"]))
    slot = pd.Index(variants).get_indexer(pd.Index(rows["variant"].to_numpy(object)[taken]))
    used = np.flatnonzero(found.each[taken].any(axis=0) & (found.weight != 0))
    shape = (len(ids), len(variants))
    amount = np.zeros((*shape, len(used)))
    amount[cluster, slot] = (found.each * found.weight)[np.ix_(taken, used)]
    factors = [_padded(e, taken, cluster, slot, shape) for e in effects]
    groups = _groups(used, effects)
    table = _Hypercube(found, used, effects, assumptions, draws)
    offsets = _offsets(ids, table.names, assumptions.costs.seed, draws)
    for start in range(0, len(ids), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        values = _values(table, amount[part], [(f[0][part], f[1][part]) for f in factors], groups, offsets[part])
        _record(result, values, variants, taken, cluster, slot, start)
    return result


def _padded(effect: Effect, taken: Ints, cluster: Ints, slot: Ints, shape: tuple[int, int]) -> tuple[Array, Array]:
    """Return an effect's factors less 1, by cluster and variant."""
    low, high = np.zeros(shape), np.zeros(shape)
    low[cluster, slot] = effect.low[taken] - 1
    high[cluster, slot] = effect.high[taken] - 1
    return low, high


def _groups(used: Ints, effects: Sequence[Effect]) -> list[_Groups]:
    """Return the used items by the set of effects that act on them."""
    acting: dict[tuple[int, ...], list[int]] = {}
    for place, column in enumerate(used):
        mine = tuple(number for number, e in enumerate(effects) if column in e.columns)
        acting.setdefault(mine, []).append(place)
    return [_Groups(np.array(columns), list(mine)) for mine, columns in acting.items()]


class _Hypercube:
    """The draws that all clusters share, doubled end to end, so that a turned column is a stretch of it."""

    def __init__(
        self, found: Measured, used: Ints, effects: Sequence[Effect], assumptions: Assumptions, draws: int
    ) -> None:
        self.draws = draws
        self.items = [found.items[column] for column in used]
        sign = np.sign(found.price[used])
        self.sign = np.where(sign == 0, 1.0, sign)
        own = dict.fromkeys(name for i in self.items for name in (i.price, i.scale, i.divide) if name)
        self.names = list(dict.fromkeys([*(f"costs.{n}" for n in own), *(e.assumption for e in effects)]))
        self.effects = [e.assumption for e in effects]
        seed = assumptions.costs.seed
        self.windows: dict[tuple[str, str], Array] = {}
        for name in self.names:
            step = _steps(name, seed, draws)
            self._keep(name, "down", np.maximum(-step, 0.0))
            self._keep(name, "up", np.maximum(step, 0.0))
            if name.removeprefix("costs.") in own:
                low, value, high = bounds(name.removeprefix("costs."), assumptions)
                drawn = value + np.where(step < 0, step * (value - low), step * (high - value))
                self._keep(name, "value", drawn)
                self._keep(name, "scale", drawn / value if value else np.ones(draws))
                self._keep(name, "divide", value / drawn if (drawn > 0).all() else np.ones(draws))

    def _keep(self, name: str, role: str, values: Array) -> None:
        twice = np.concatenate([values, values])
        self.windows[name, role] = np.lib.stride_tricks.sliding_window_view(twice, self.draws)

    def turned(self, name: str, role: str, offsets: Ints) -> Array:
        """Return the draws of an assumption, one row per cluster."""
        return np.asarray(self.windows[name, role][offsets[:, self.names.index(name)]])

    def prices(self, offsets: Ints) -> Array:
        """Return the price of every item in every draw (cluster, item, draw)."""
        prices = np.empty((len(offsets), len(self.items), self.draws))
        kept: dict[str, Array] = {}
        for number, item in enumerate(self.items):
            if item.price not in kept:
                kept[item.price] = self.turned(f"costs.{item.price}", "value", offsets)
            prices[:, number] = kept[item.price]
            for role, name in (("scale", item.scale), ("divide", item.divide)):
                if name:
                    prices[:, number] *= self.turned(f"costs.{name}", role, offsets)
        return prices * self.sign[:, None] if (self.sign < 0).any() else prices


def _steps(name: str, seed: int, draws: int) -> Array:
    """Return one stratified draw in each of `draws` equal parts of a triangle on [-1, 1], in random order.

    The order depends on the seed and the name alone, so that another assumption changes nothing here.
    """
    order = np.random.default_rng([seed, crc32(name.encode())]).permutation(draws)
    level = (order + 0.5) / draws
    return np.where(level < 0.5, np.sqrt(2 * level) - 1, 1 - np.sqrt(2 * (1 - level)))


def _offsets(ids: npt.NDArray[np.object_], names: Sequence[str], seed: int, draws: int) -> Ints:
    """Return by how much each cluster turns each column, from its name and that of the assumption alone [2]_."""
    clusters = np.array([crc32(str(i).encode()) for i in ids], dtype=np.uint64)
    columns = np.array([crc32(n.encode()) for n in names], dtype=np.uint64)
    mixed = (clusters[:, None] << np.uint64(32)) ^ columns ^ np.uint64(seed * 0x9E3779B97F4A7C15 % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return (mixed % np.uint64(draws)).astype(np.int64)


def _values(
    table: _Hypercube, amount: Array, factors: list[tuple[Array, Array]], groups: list[_Groups], offsets: Ints
) -> Array:
    """Return the annual cost per home of every draw (cluster, variant, draw)."""
    prices = table.prices(offsets)
    values = np.zeros((*amount.shape[:2], table.draws))
    for group in groups:
        part = amount[:, :, group.columns] @ prices[:, group.columns]
        for number in group.effects:
            low, high = factors[number]
            touched = np.flatnonzero(low.any(axis=0) | high.any(axis=0))
            if len(touched):
                down = table.turned(table.effects[number], "down", offsets)[:, None]
                up = table.turned(table.effects[number], "up", offsets)[:, None]
                part[:, touched] *= 1 + down * low[:, touched, None] + up * high[:, touched, None]
        values += part
    return values


def _record(
    result: dict[str, Array],
    values: Array,
    variants: Sequence[str],
    taken: Ints,
    cluster: Ints,
    slot: Ints,
    start: int,
) -> None:
    """Write what the draws of some clusters say into the result."""
    mine = (cluster >= start) & (cluster < start + len(values))
    where = (cluster[mine] - start, slot[mine])
    for name, reference in ((n, v) for v, n in CHANCES.items()):
        if reference in variants:
            place = variants.index(reference)
            chance = (values < values[:, place : place + 1]).mean(axis=2)
            chance[:, place] = np.nan
            result[name][taken[mine]] = chance[where]
    for name, quantile in zip(NAMES, _quantiles(values), strict=True):
        result[name][taken[mine]] = quantile[where]


def _quantiles(values: Array) -> Array:
    """Return the quantiles `RANGE` along the last axis, interpolated linearly between the ordered draws."""
    last = values.shape[-1] - 1
    place = np.array(RANGE) * last
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, last)
    values.partition(sorted({*below.tolist(), *above.tolist()}), axis=-1)
    part = place - below
    return np.moveaxis(values[..., below] * (1 - part) + values[..., above] * part, -1, 0)
