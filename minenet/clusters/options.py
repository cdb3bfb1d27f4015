"""What the user asked for, from homes to buildings: chosen streets, own clusters, and homes that stay together."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from minenet.errors import AssumptionError

__all__ = ["Asked", "asked", "require_streets"]

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Asked:
    """What was asked for, by building.

    Attributes
    ----------
    reason : Series of str
        By `building_id`: why a building is left out whatever it costs (`street_not_chosen`,
        `own_cluster_splits_building`, `own_cluster_not_connected`, `together_not_connected`).
    own, together : Series of int
        By `building_id`: number of its own cluster, and of those it stays together with; -1 = none.
    """

    reason: pd.Series
    own: pd.Series
    together: pd.Series


def asked(homes: pd.DataFrame, street_of_building: pd.Series, *, streets: Sequence[str] | None = None) -> Asked:
    """Return what was asked for, by building.

    A building stays whole: it is chosen when one of its homes is, and stays together with all that any of them does.

    Parameters
    ----------
    homes : DataFrame
        Homes that take part: `building_id, street`, and `own_cluster, together` where given.
    street_of_building : Series
        By `building_id`: street whose trench a building joins; buildings that none joins are absent.
    streets : sequence of str, optional
        Only homes with an address in, or a trench to, one of these take part.
    """
    buildings = pd.Index(homes["building_id"].unique()).sort_values()
    own, divided = _one_value(homes, "own_cluster", buildings)
    together = _linked(homes, buildings)
    reason = pd.Series(index=buildings, dtype="object")
    if streets is not None:
        reason[~_chosen(homes, street_of_building, streets, buildings)] = "street_not_chosen"
    reason[reason.isna() & divided] = "own_cluster_splits_building"
    taking = reason.isna()
    unjoined = ~buildings.isin(street_of_building.index)
    for labels, code in ((own, "own_cluster_not_connected"), (together, "together_not_connected")):
        torn = np.unique(labels[taking & unjoined & (labels >= 0)])
        reason[taking & ~unjoined & reason.isna() & np.isin(labels, torn)] = code
    return Asked(reason, own, together.where(own < 0, -1))


def require_streets(streets: Sequence[str], known: Sequence[str]) -> None:
    """Raise when a street is none of those that are known.

    Raises
    ------
    AssumptionError
        With the names that look like it.
    """
    for street in streets:
        if street not in known:
            near = difflib.get_close_matches(street, known, n=3, cutoff=0.5)
            mend = f"Did you mean {' or '.join(f'`{n}`' for n in near)}?" if near else "See the layer `addresses`."
            raise AssumptionError(f"no home lies in street `{street}`", where="option `streets`", mend=mend)


def _one_value(homes: pd.DataFrame, column: str, buildings: pd.Index) -> tuple[pd.Series, pd.Series]:
    """Return the number of the value that each building has in a column, and which have several."""
    if column not in homes or homes[column].isna().all():
        return pd.Series(-1, index=buildings), pd.Series(data=False, index=buildings)
    given = homes[homes[column].notna()].drop_duplicates(["building_id", column])
    several = given["building_id"].duplicated(keep=False)
    value = given[~several].set_index("building_id")[column].reindex(buildings)
    number = pd.Series(pd.factorize(value, sort=True)[0], index=buildings)
    return number, pd.Series(buildings.isin(given["building_id"][several]), index=buildings)


def _linked(homes: pd.DataFrame, buildings: pd.Index) -> pd.Series:
    """Return a number for buildings whose homes name the same `together`, directly or through others; -1 = none."""
    if "together" not in homes or homes["together"].isna().all():
        return pd.Series(-1, index=buildings)
    given = homes[homes["together"].notna()]
    code, values = pd.factorize(given["together"], sort=True)
    at = buildings.get_indexer(pd.Index(given["building_id"]))
    size = len(buildings) + len(values)
    graph = csr_array((np.ones(len(at)), (at, len(buildings) + code)), shape=(size, size))
    component = connected_components(graph, directed=False)[1]
    label = np.full(len(buildings), -1)
    label[at] = component[at]
    return pd.Series(label, index=buildings)


def _chosen(
    homes: pd.DataFrame, street_of_building: pd.Series, streets: Sequence[str], buildings: pd.Index
) -> npt.NDArray[np.bool_]:
    """Return which buildings have an address in, or a trench to, one of the streets."""
    addressed = homes.loc[homes["street"].isin(streets), "building_id"]
    joined = street_of_building.index[street_of_building.isin(streets)]
    return np.asarray(buildings.isin(addressed) | buildings.isin(joined))
