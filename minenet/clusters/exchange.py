"""Search for the cheapest groups: cut a forest, lay another forest over what was found, and cut again.

Every forest holds the trenches of the groups found so far, and joins them in another way than those before. Its
cheapest cut moves connections and branches to neighbouring groups, swaps, splits and merges groups, any number at
once. What a cut proposes is taken wherever it lowers the cost, region by region: a region is what hangs together
through groups that change, so no decision depends on homes far away.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from minenet.clusters.cost import Connections, Prices, group_costs, in_cents, left_out_costs
from minenet.clusters.cut import Leaves, cut_forest
from minenet.clusters.network import Network, divided
from minenet.clusters.tree import pruned, rooted, spanning_edges

__all__ = ["Groups", "Search", "search"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

ROUNDS = 24
"""Forests that are tried. A fixed number: that of one street must not depend on how another fares."""

WORTH_EUR = 0.005
"""A change that saves less in a year is none."""


@dataclass(frozen=True)
class Groups:
    """Groups of connections, each with the trench that joins it; no point of the network is in two.

    Attributes
    ----------
    of : array (n,) of int
        Group of each connection, -1 = none.
    of_point : array (p,) of int
        Group whose trench comes by each point, -1 = none.
    laid : array (k,) of bool
        Which stretches have a trench.
    cost : array (g,)
        Cost of each group. [EUR/yr]
    """

    of: Ints
    of_point: Ints
    laid: Truths
    cost: Floats


class Search:
    """A network with the connections on it, and the prices: proposes groups and says what they cost."""

    def __init__(self, network: Network, connections: Connections, prices: Prices) -> None:
        network, self.point, self.place = divided(network, connections.node)
        self.network, self.connections, self.prices = network, connections, prices
        self.street = network.street[self.point]
        self.whole = np.bincount(self.street, minlength=network.size).astype(np.float64)
        self._leaves = Leaves(
            self.point, connections.homes, in_cents(connections.join_eur), in_cents(connections.alone_eur)
        )
        self._close = in_cents(prices.closing_eur())
        self._gap = self._gaps()

    def none(self) -> Groups:
        """Return no groups at all."""
        nothing = np.full(len(self.connections), -1)
        laid = np.zeros(len(self.network.ends), dtype=bool)
        return Groups(nothing, np.full(self.network.size, -1), laid, np.empty(0))

    def proposed(self, groups: Groups, turn: int) -> Groups:
        """Return the cheapest groups in a forest that holds the trenches of groups."""
        network = self.network
        length = np.where(groups.laid, -1.0, self._gap * (1.0 if turn == 0 else 0.4 + 1.2 * self._noise(turn)))
        chosen = spanning_edges(network.size, network.ends, np.asarray(np.round(length, 6), dtype=np.float64))
        forest = rooted(network.size, network.ends, chosen)
        link = np.zeros(network.size)
        below = forest.parent >= 0
        link[below] = in_cents(self.prices.trench_eur_m * network.length_m[forest.edge[below]])
        street = network.street
        split = np.zeros(network.size)
        split[below] = (street[below] == street[forest.parent[below]]) * in_cents(np.array(self.prices.split_eur))
        of_point, of = cut_forest(forest, self._leaves, link=link, split=split, close=self._close)
        return self.settled(of_point, of)

    def settled(self, of_point: Ints, of: Ints) -> Groups:
        """Return groups by their points, with the shortest trench along these and their cost."""
        network = self.network
        low, high = of_point[network.ends].T
        inside = np.flatnonzero((low >= 0) & (low == high))
        tree = inside[spanning_edges(network.size, network.ends[inside], network.length_m[inside])]
        needed = np.zeros(network.size, dtype=bool)
        needed[self.point[(of >= 0) & (of < network.size)]] = True
        tree = tree[pruned(network.size, network.ends[tree], needed)]
        laid = np.zeros(len(network.ends), dtype=bool)
        laid[tree] = True
        used = needed.copy()
        used[network.ends[tree]] = True
        numbers, of_number = np.unique(of[of >= 0], return_inverse=True)
        number = np.full(network.size + len(of), -1)
        number[numbers] = np.arange(len(numbers))
        of = of.copy()
        of[of >= 0] = of_number
        of_point = np.where(used & (of_point >= 0), number[of_point], -1)
        trench = np.bincount(of_point[network.ends[tree, 0]], weights=network.length_m[tree], minlength=len(numbers))
        return Groups(of, of_point, laid, self.cost(of, trench.astype(np.float64)))

    def cost(self, of: Ints, trench_m: Floats) -> Floats:
        """Return the cost of groups [EUR/yr]."""
        return self.cost_of((np.flatnonzero(of >= 0), of[of >= 0]), trench_m)

    def cost_of(self, members: tuple[Ints, Ints], trench_m: Floats) -> Floats:
        """Return the cost of groups that may overlap, by connection and group [EUR/yr]."""
        return group_costs(self.connections, members, trench_m, self.street, prices=self.prices, whole=self.whole)

    def total(self, groups: Groups) -> float:
        """Return the cost of all connections [EUR/yr]."""
        return float(groups.cost.sum() + left_out_costs(self.connections, groups.of).sum())

    def better(self, old: Groups, new: Groups) -> Groups:
        """Return of two ways to group the cheaper, region by region."""
        region_of_old, region_of_new = self._regions(old, new)
        size = int(max(region_of_old.max(initial=-1), region_of_new.max(initial=-1))) + 1
        saved = self._by_region(old, region_of_old, size) - self._by_region(new, region_of_new, size)
        taken = saved > WORTH_EUR
        after = len(old.cost)
        take = taken[region_of_old[self._unit(old)]]
        of = np.where(take, np.where(new.of >= 0, new.of + after, -1), old.of)
        kept_old = (old.of_point >= 0) & ~taken[region_of_old[old.of_point]]
        kept_new = (new.of_point >= 0) & taken[region_of_new[new.of_point]]
        of_point = np.where(kept_old, old.of_point, np.where(kept_new, new.of_point + after, -1))
        laid = (old.laid & kept_old[self.network.ends[:, 0]]) | (new.laid & kept_new[self.network.ends[:, 0]])
        numbers, number = np.unique(of[of >= 0], return_inverse=True)
        place = np.full(after + len(new.cost) + 1, -1)
        place[numbers] = np.arange(len(numbers))
        of[of >= 0] = number
        return Groups(of, place[of_point], laid, np.concatenate([old.cost, new.cost])[numbers])

    def _unit(self, groups: Groups) -> Ints:
        """Return the group of each connection; those in none are numbered on, each by itself."""
        return np.where(groups.of >= 0, groups.of, len(groups.cost) + np.arange(len(groups.of)))

    def _by_region(self, groups: Groups, region: Ints, size: int) -> Floats:
        cost = np.concatenate([groups.cost, left_out_costs(self.connections, groups.of)])
        return np.asarray(np.bincount(region, weights=cost, minlength=size), dtype=np.float64)

    def _regions(self, old: Groups, new: Groups) -> tuple[Ints, Ints]:
        """Return the region of the groups, and of the connections in none, of both: what shares anything is one."""
        first = len(old.cost) + len(old.of)
        both = (old.of_point >= 0) & (new.of_point >= 0)
        one = np.concatenate([self._unit(old), old.of_point[both]])
        other = first + np.concatenate([self._unit(new), new.of_point[both]])
        size = first + len(new.cost) + len(new.of)
        graph = csr_array((np.ones(len(one)), (one, other)), shape=(size, size))
        region = np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
        return region[:first], region[first:]

    def _gaps(self) -> Floats:
        """Return for each stretch the way along it between the places nearest to its two ends.

        A tree over these ways is as short as one over all distances [1]_; those on a way to the nearest place are 0, so
        they come first.

        References
        ----------
        .. [1] K. Mehlhorn, "A faster approximation algorithm for the Steiner problem in graphs", Information
           Processing Letters 27 (1988).
        """
        network = self.network
        ends, length = network.ends, network.length_m
        graph = csr_array((length, (ends[:, 0], ends[:, 1])), shape=(network.size, network.size))
        distance, toward, _ = dijkstra(
            graph, directed=False, indices=np.unique(self.point), min_only=True, return_predecessors=True
        )
        along = (toward[ends[:, 0]] == ends[:, 1]) | (toward[ends[:, 1]] == ends[:, 0])
        gap = distance[ends].sum(axis=1) + length
        return np.asarray(np.where(along, 0.0, gap))

    def _noise(self, turn: int) -> Floats:
        """Return a number in [0, 1) per stretch that looks random, but follows from its surroundings alone."""
        ends = self.network.ends
        length = np.round(self.network.length_m * 1000).astype(np.uint64)
        around = np.zeros(self.network.size, dtype=np.uint64)
        np.add.at(around, ends.ravel(), np.repeat(length, 2))
        with np.errstate(over="ignore"):
            key = (
                length
                + around[ends].sum(axis=1) * np.uint64(0x9E3779B97F4A7C15)
                + np.uint64(turn) * np.uint64(0xD1B54A32D192ED03)
            )
            for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
                key = (key ^ (key >> np.uint64(shift))) * np.uint64(factor)
        return np.asarray((key >> np.uint64(11)).astype(np.float64) / 2.0**53)


def search(problem: Search, *, rounds: int = ROUNDS) -> Groups:
    """Return the cheapest groups found."""
    groups = problem.none()
    for turn in range(rounds):
        groups = problem.better(groups, problem.proposed(groups, turn))
    return groups
