"""The groups of an area: what the user decided first, then the cheapest of all others."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from minenet.clusters.cost import Connections, Prices
from minenet.clusters.exact import cheapest_groups
from minenet.clusters.exchange import Groups, Search, search
from minenet.clusters.network import contract, lengths_at
from minenet.clusters.tree import pruned, spanning_edges
from minenet.clusters.wishes import decided, tied

__all__ = ["Found", "find_groups"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_EXACT, MOST_POINTS = 10, 300
"""Components of at most so many connections and points are solved exactly: 0.1 s each."""


@dataclass(frozen=True)
class Found:
    """Groups of connections.

    Attributes
    ----------
    group : array (n,) of int
        Group of each connection, numbered by first member; -1 = left out.
    reason : array (n,) of str or None
        Why a connection is left out: `own_cluster_too_small`, `own_cluster_too_large`, `own_cluster_not_connected`,
        `together_too_large`, `together_not_connected`, `too_many_dwellings`, `no_neighbours_to_share`,
        `dearer_to_join`.
    steps : DataFrame
        Edges of the trench graph that join each group: `group, start, end`, each once per group, `start < end`.
    """

    group: Ints
    reason: npt.NDArray[np.object_]
    steps: pd.DataFrame


def find_groups(
    matrix: csr_array,
    connections: Connections,
    *,
    prices: Prices,
    together: Ints | None = None,
    own: Ints | None = None,
    rounds: int | None = None,
) -> Found:
    """Group connections so that all homes together cost the least in a year.

    Parameters
    ----------
    matrix : csr_array (m, m)
        Lengths of the trench graph's edges. [m]
    connections : Connections
        Buildings with homes, in the order in which ties are decided.
    prices : Prices
        What a group costs, and how many homes it may have.
    together : array (n,) of int, optional
        Connections with the same number stay in one group or are left out together; -1 = no such wish.
    own : array (n,) of int, optional
        Connections with the same number are a group as they are; -1 = to be grouped.
    rounds : int, optional
        Forests that the search tries.

    Examples
    --------
    Two homes 10 m apart share 1,500 EUR of trench and 6,000 EUR of preparation, which is less than 2 x 5,500 EUR:

    >>> apart = csr_array(np.array([[0, 10.0], [10.0, 0]]))
    >>> pair = Connections(np.arange(2), np.ones(2, dtype=int), np.zeros(2), np.full(2, 5500.0))
    >>> prices = Prices(fewest=2, most=50, cluster_eur=np.full(51, 6000.0), trench_eur_m=150.0, split_eur=0.0)
    >>> find_groups(apart, pair, prices=prices).group
    array([0, 0])
    """
    fixed = decided(matrix, connections, prices=prices, together=together, own=own)
    joined, same, part_of = tied(matrix, connections, fixed, prices=prices)
    parts: list[tuple[Ints, pd.DataFrame]] = [(fixed.group, fixed.steps)]
    reason = fixed.reason.copy()
    if len(joined):
        problem = Search(contract(matrix, joined.node, same=same), joined, prices)
        groups = search(problem) if rounds is None else search(problem, rounds=rounds)
        group, stretches = _with_exact(problem, groups)
        open_ = part_of >= 0
        mine = np.where(open_, group[part_of], -1)
        parts.append((mine, _steps(problem, group, stretches)))
        component = problem.network.component[problem.point]
        lonely = (np.bincount(component)[component] == 1)[part_of]
        reason[open_ & (mine < 0)] = "dearer_to_join"
        reason[open_ & (mine < 0) & lonely] = "no_neighbours_to_share"
    group, steps = _numbered(parts)
    return Found(group, reason, _tidied(matrix, connections, group, steps))


def _with_exact(problem: Search, groups: Groups) -> tuple[Ints, Ints]:
    """Return the group of each connection and (group, stretch) pairs, with small components solved exactly."""
    network = problem.network
    component = network.component
    of = component[problem.point]
    count, points = np.bincount(of, minlength=1), np.bincount(component, minlength=1)
    small = np.flatnonzero((count > 1) & (count <= MOST_EXACT) & (points[: len(count)] <= MOST_POINTS))
    group = np.where(np.isin(of, small), -1, groups.of)
    stretch = np.flatnonzero(groups.laid & ~np.isin(component[network.ends[:, 0]], small))
    pairs = [np.column_stack([groups.of_point[network.ends[stretch, 0]], stretch])]
    number = len(groups.cost)
    order = np.argsort(of, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(of[order])) + 1):
        if of[members[0]] not in small:
            continue
        for inside, trench in cheapest_groups(problem, members):
            group[inside] = number
            pairs.append(np.column_stack([np.full(len(trench), number), trench]))
            number += 1
    return group, np.concatenate(pairs).astype(np.int64)


def _steps(problem: Search, group: Ints, stretches: Ints) -> pd.DataFrame:
    """Return the edges of the trench graph along the stretches of each group, and inside the points that it uses."""
    network = problem.network
    order = np.argsort(network.steps[:, 0], kind="stable")
    owner = network.steps[order, 0]
    first, last = (np.searchsorted(owner, stretches[:, 1], side=s) for s in ("left", "right"))
    at = np.repeat(first - np.cumsum(last - first) + (last - first), last - first) + np.arange((last - first).sum())
    along = np.column_stack([np.repeat(stretches[:, 0], last - first), network.steps[order[at], 1:]])
    ends = network.ends[stretches[:, 1]]
    used = np.concatenate([np.column_stack([stretches[:, 0], ends[:, i]]) for i in (0, 1)])
    member = np.column_stack([group, problem.point])[group >= 0]
    used = np.concatenate([used, member])
    used = np.unique(np.column_stack([used[:, 0], problem.place[used[:, 1]]]), axis=0)
    inner = network.steps[network.steps[:, 0] < 0, 1:]
    within = pd.DataFrame({"point": network.point[inner[:, 0]], "start": inner[:, 0], "end": inner[:, 1]})
    inside = pd.DataFrame(used, columns=["group", "point"]).merge(within, on="point")[["group", "start", "end"]]
    return pd.concat([pd.DataFrame(along, columns=["group", "start", "end"]), inside], ignore_index=True)


def _numbered(parts: Sequence[tuple[Ints, pd.DataFrame]]) -> tuple[Ints, pd.DataFrame]:
    """Return the groups of all parts as one, numbered by first member, with their steps."""
    whole, steps, begin = np.full(len(parts[0][0]), -1), [], 0
    for group, edges in parts:
        whole = np.where(group >= 0, group + begin, whole)
        steps.append(edges.assign(group=edges["group"] + begin))
        begin = max(begin, int(whole.max(initial=-1)) + 1)
    names, first, number = np.unique(whole, return_index=True, return_inverse=True)
    rank = np.full(begin + 1, -1)
    groups = names >= 0
    rank[names[groups][np.argsort(first[groups], kind="stable")]] = np.arange(groups.sum())
    edges = pd.concat(steps, ignore_index=True)
    return np.where(whole >= 0, rank[names[number]], -1), edges.assign(group=rank[edges["group"].to_numpy(dtype=int)])


def _tidied(matrix: csr_array, connections: Connections, group: Ints, steps: pd.DataFrame) -> pd.DataFrame:
    """Return the steps of each group as the shortest tree along them, cut back to its connections."""
    edges = np.unique(steps[["group", "start", "end"]].to_numpy(dtype=np.int64).reshape(-1, 3), axis=0)
    size = matrix.shape[0]
    inside = group >= 0
    member = group[inside] * size + connections.node[inside]
    ends = edges[:, :1] * size + edges[:, 1:]
    keys, number = np.unique(np.concatenate([member, ends.ravel()]), return_inverse=True)
    needed = np.zeros(len(keys), dtype=bool)
    needed[number[: len(member)]] = True
    ends = number[len(member) :].reshape(-1, 2)
    tree = spanning_edges(len(keys), ends, np.round(lengths_at(matrix, edges[:, 1:]), 6))
    kept = edges[tree[pruned(len(keys), ends[tree], needed)]]
    return pd.DataFrame(kept, columns=["group", "start", "end"])
