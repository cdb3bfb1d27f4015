"""What a group of homes costs in a year: cheap enough to be asked for thousands of groups at once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Connections", "Prices", "group_costs", "in_cents", "left_out_costs"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Connections:
    """What can be joined: a building with its homes, or several that stay together.

    Attributes
    ----------
    node : array (n,) of int
        Node of the trench graph that each joins, in the order in which ties are decided.
    homes : array (n,) of int
        Homes of each, at least one.
    join_eur : array (n,)
        What its homes cost in any group, its service trench and boreholes included. [EUR/yr]
    alone_eur : array (n,)
        What they cost in no group. [EUR/yr]
    """

    node: Ints
    homes: Ints
    join_eur: Floats
    alone_eur: Floats

    def __len__(self) -> int:
        return len(self.node)

    def only(self, which: npt.NDArray[np.bool_] | Ints) -> "Connections":
        """Return some of the connections."""
        return Connections(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Prices:
    """What the cost of a group is made of, beside that of its connections.

    Attributes
    ----------
    fewest, most : int
        Homes of the smallest and the largest group.
    cluster_eur : array (most + 1,)
        A group of so many homes, beside its trench and connections. [EUR/yr]
    trench_eur_m : float
        Trench that joins its connections. [EUR/yr per m]
    split_eur : float
        For each part by which a street is in more than one group. [EUR/yr]
    """

    fewest: int
    most: int
    cluster_eur: Floats
    trench_eur_m: float
    split_eur: float

    def closing_eur(self) -> Floats:
        """Return `cluster_eur`, inf where a group would be too small."""
        return np.where(np.arange(self.most + 1) < self.fewest, np.inf, self.cluster_eur)


def group_costs(
    connections: Connections,
    members: tuple[Ints, Ints],
    trench_m: Floats,
    street: Ints,
    *,
    prices: Prices,
    whole: Floats,
) -> Floats:
    r"""Return the yearly cost of each group, inf where it has too few or too many homes [EUR/yr].

    With the connections :math:`i` of a group and their homes :math:`n_i`,

    .. math:: c(\textstyle\sum_i n_i) + t L + \sum_i j_i + p \sum_u (1 - s_u)

    where :math:`s_u` is the share of the connections of street :math:`u` that are in this group: summed over groups,
    a street in one group adds nothing, a street in two adds :math:`p`.

    Parameters
    ----------
    connections : Connections
        All connections.
    members : arrays (k,) of int
        Connection, and the group that has it (numbered from 0); a connection may be in several groups.
    trench_m : array (g,)
        Trench that joins each group. [m]
    street : array (n,) of int
        Street of each connection.
    prices : Prices
        Prices.
    whole : array (streets,)
        Number of connections of each street.
    """
    which, own = members
    size = len(trench_m)

    def total(values: Floats) -> Floats:
        return np.asarray(np.bincount(own, weights=values[which], minlength=size))

    homes = total(connections.homes.astype(np.float64)).astype(np.int64)
    allowed = (homes >= prices.fewest) & (homes <= prices.most)
    touched = np.unique(own * len(whole) + street[which]) // max(len(whole), 1)
    split = np.bincount(touched, minlength=size) - total(1 / np.maximum(whole, 1)[street])
    cost = (
        prices.cluster_eur[np.minimum(homes, prices.most)] + prices.trench_eur_m * trench_m + prices.split_eur * split
    )
    return np.asarray(np.where(allowed, cost + total(connections.join_eur), np.inf))


def left_out_costs(connections: Connections, group: Ints) -> Floats:
    """Return what each connection costs that is in no group, 0 for those in one [EUR/yr]."""
    return np.where(group < 0, connections.alone_eur, 0.0)


def in_cents(eur: Floats) -> Floats:
    """Return whole cents: their sums are exact in whatever order, so equal costs are seen to be equal."""
    return np.round(100 * eur)
