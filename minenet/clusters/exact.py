"""The cheapest groups of a few connections, exactly: of all ways to group them, each with its shortest trench.

The shortest trench of every set is found at once, from those of smaller sets [1]_; so is the cheapest way to group it.

References
----------
.. [1] S. E. Dreyfus and R. A. Wagner, "The Steiner problem in graphs", Networks 1 (1971).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from minenet.clusters.exchange import Search

__all__ = ["cheapest_groups", "shortest_trenches"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Trenches:
    """For every set (a whole number whose bits are its members) and point: the shortest trench that joins them.

    `part` is the set that comes from one side where two trenches meet, and `met` the point where they do.
    """

    length: Floats
    part: Ints
    met: Ints
    before: Ints


def shortest_trenches(graph: csr_array, points: Ints) -> _Trenches:
    """Return the shortest trench of every set of points, with any one point beside.

    Parameters
    ----------
    graph : csr_array (p, p)
        Lengths of the stretches. [m]
    points : array (k,) of int
        Points of the members.
    """
    distance, before = dijkstra(graph, directed=False, return_predecessors=True)
    count, size = len(points), graph.shape[0]
    length = np.full((1 << count, size), np.inf)
    part, met = np.zeros((1 << count, size), dtype=np.int64), np.zeros((1 << count, size), dtype=np.int64)
    for mask in range(1, 1 << count):
        if mask & (mask - 1) == 0:
            length[mask] = distance[points[mask.bit_length() - 1]]
            continue
        parts = _parts(mask)
        both = length[parts] + length[mask ^ parts]
        best = both.argmin(axis=0)
        joined = both[best, np.arange(size)]
        reached = joined[:, None] + distance
        met[mask] = reached.argmin(axis=0)
        length[mask] = reached[met[mask], np.arange(size)]
        part[mask] = parts[best]
    return _Trenches(length, part, met, np.asarray(before, dtype=np.int64))


def _parts(mask: int) -> Ints:
    """Return the sets that hold the lowest member of a set, but not all of it."""
    low = mask & -mask
    rest = mask ^ low
    bits = np.flatnonzero([rest >> i & 1 for i in range(rest.bit_length())])
    subsets = np.zeros(1, dtype=np.int64)
    for bit in bits:
        subsets = np.concatenate([subsets, subsets | (1 << int(bit))])
    return low | subsets[:-1]


def _ways(trenches: _Trenches, points: Ints, mask: int) -> set[tuple[int, int]]:
    """Return the pairs of neighbouring points along the shortest trench of a set."""
    low = (mask & -mask).bit_length() - 1
    open_ = [(mask ^ (1 << low), int(points[low]))]
    found: set[tuple[int, int]] = set()
    while open_:
        rest, at = open_.pop()
        if rest == 0:
            continue
        single = rest & (rest - 1) == 0
        source = int(points[rest.bit_length() - 1]) if single else int(trenches.met[rest, at])
        while at != source:
            onward = int(trenches.before[source, at])
            found.add((min(at, onward), max(at, onward)))
            at = onward
        if not single:
            part = int(trenches.part[rest, source])
            open_ += [(part, source), (rest ^ part, source)]
    return found


def cheapest_groups(problem: Search, members: Ints) -> list[tuple[Ints, Ints]]:
    """Return the cheapest groups of some connections: members, and stretches of their trench.

    Parameters
    ----------
    problem : Search
        Network, connections and prices.
    members : array (k,) of int
        All connections of one component; time and memory grow with `3**k`.
    """
    network = problem.network
    component = network.component
    inside = np.flatnonzero(component == component[problem.point[members[0]]])
    local = np.full(network.size, -1)
    local[inside] = np.arange(len(inside))
    edge = np.flatnonzero(local[network.ends[:, 0]] >= 0)
    ends = local[network.ends[edge]]
    graph = csr_array((network.length_m[edge], (ends[:, 0], ends[:, 1])), shape=(len(inside), len(inside)))
    points = local[problem.point[members]]
    trenches = shortest_trenches(graph, points)
    cost = _costs(problem, members, _lengths(trenches, points))
    edge_of = {(int(a), int(b)): int(e) for e, (a, b) in zip(edge, ends, strict=True)}
    bits = np.arange(len(members))
    return [
        (
            members[(mask >> bits & 1) == 1],
            np.array([edge_of[w] for w in sorted(_ways(trenches, points, mask))], dtype=np.int64),
        )
        for mask in _partition(cost, problem.connections.alone_eur[members])
    ]


def _lengths(trenches: _Trenches, points: Ints) -> Floats:
    masks = np.arange(len(trenches.length))
    low = masks & -masks
    first = np.log2(np.maximum(low, 1)).astype(np.int64)
    lengths = trenches.length[masks ^ low, points[first]]
    return np.where(masks == low, 0.0, lengths)


def _costs(problem: Search, members: Ints, trench_m: Floats) -> Floats:
    group, bit = np.nonzero(np.arange(len(trench_m))[:, None] >> np.arange(len(members)) & 1)
    return problem.cost_of((members[bit], group), trench_m)


def _partition(cost: Floats, alone: Floats) -> list[int]:
    """Return the sets of the cheapest way to group all members, those in none left out."""
    least, chosen = np.zeros(len(cost)), np.zeros(len(cost), dtype=np.int64)
    for mask in range(1, len(cost)):
        low = mask & -mask
        parts = np.append(_parts(mask), mask)
        total = cost[parts] + least[mask ^ parts]
        best = int(total.argmin())
        left_out = alone[low.bit_length() - 1] + least[mask ^ low]
        chosen[mask] = parts[best] if total[best] < left_out else -low
        least[mask] = min(total[best], left_out)
    groups, mask = [], len(cost) - 1
    while mask:
        part = int(chosen[mask])
        if part > 0:
            groups.append(part)
        mask ^= abs(part)
    return groups
