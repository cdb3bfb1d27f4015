"""Dwellings and clusters: each dwelling once, clusters of 2-50, counts that agree."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from minenet.invariants.carriers import Case, NotCheckedError, named
from minenet.tables import Area, shapes_of

Digests = npt.NDArray[np.uint64]

__all__ = [
    "counted_by_reason",
    "digests",
    "dwellings_of",
    "each_once",
    "every_one_read",
    "miscounted",
    "sizes",
    "unread",
]

ID_REACH_M = 200.0
"""An address farther than this from the building that it names is not taken for its."""

LEFT_OUT = "left_out.homes."
"""Under keys that begin so `provenance` counts homes by reason."""


def each_once(case: Case) -> list[str]:
    """Return homes that appear twice, or have both a cluster and a reason to be left out, or neither."""
    homes = case.result.homes
    twice = homes.loc[homes["home_id"].duplicated(), "home_id"]
    both = homes.loc[~(homes["cluster_id"].notna() ^ homes["left_out_reason"].notna()), "home_id"]
    strange = homes.loc[
        ~homes["cluster_id"].dropna().isin(case.result.clusters["cluster_id"]).reindex(homes.index, fill_value=True),
        "home_id",
    ]
    return named(pd.concat([twice, both, strange]))


def counted_by_reason(case: Case) -> list[str]:
    """Return reasons of which `provenance` has another count than `homes`."""
    homes = case.result.homes
    return miscounted(homes["left_out_reason"].value_counts(), len(homes), case.notes)


def miscounted(reasons: pd.Series, homes: int, notes: pd.Series) -> list[str]:
    """Return of which reasons, if any, and whether of all homes, there is another number than `provenance` says."""
    said = notes[notes.index.str.startswith(LEFT_OUT)]
    said = said.set_axis(said.index.str.removeprefix(LEFT_OUT)).astype(str)
    there = reasons.astype(int).astype(str)
    both = pd.DataFrame({"there": there, "said": said}).fillna("0")
    faults = [
        f"{reason}: {row['there']} homes, provenance says {row['said']}"
        for reason, row in both[both["there"] != both["said"]].iterrows()
    ]
    return faults + ([] if notes.get("count.homes") == str(homes) else ["count.homes is another"])


def every_one_read(case: Case) -> list[str]:
    """Return how many dwellings of the area are not in the result, and how many are there that it does not have."""
    area, reach_m = case.given_area(), case.numbers.homes.address_reach_m
    if "excerpt.box" in case.notes:
        raise NotCheckedError("it is an excerpt, and the area of the whole")
    if area.addresses is not None and not len(area.addresses):
        area = replace(area, addresses=None)  # without any, buildings tell of the homes
    return unread(dwellings_of(area, reach_m)[1], digests(case.result.homes["home_id"]))


def unread(read: Digests, there: Digests) -> list[str]:
    """Return how many dwellings were read and are not there, and the other way round, by what `digests` gives."""
    lost, strange = len(np.setdiff1d(read, there)), len(np.setdiff1d(there, read))
    faults = [f"{lost} dwellings were read that are not there"] if lost else []
    return faults + ([f"{strange} dwellings are there that were not read"] if strange else [])


def digests(names: pd.Series) -> Digests:
    """Return a number for each name: those of millions of dwellings then fit in memory."""
    return np.asarray(pd.util.hash_array(names.to_numpy(dtype=object)), dtype=np.uint64)


def dwellings_of(area: Area, reach_m: float) -> tuple[npt.NDArray[np.float64], Digests]:
    """Find dwellings straight from the input.

    Parameters
    ----------
    area : Area
        Buildings, and addresses where it has them.
    reach_m : float
        An address that names no building near it, and lies in none, is of the nearest one within this distance. [m]

    Returns
    -------
    xy : array, shape (n, 2)
        Place of each dwelling: of its address, else the middle of its building. [m]
    name : array of int, shape (n,)
        Digest of its `home_id`.
    """
    if area.addresses is None:
        bounds = shapely.bounds(shapes_of(area.buildings))
        xy, unit = (bounds[:, :2] + bounds[:, 2:]) / 2, area.buildings["building_id"]
        one = area.buildings["dwellings"].isna() & (area.buildings["use"] == "residential").fillna(value=False)
        count = area.buildings["dwellings"].mask(one, 1).fillna(0)
    else:
        xy, unit = shapely.get_coordinates(shapes_of(area.addresses)), area.addresses["address_id"]
        use = area.addresses["use"].fillna(_use_of_building(area.addresses, area.buildings, reach_m))
        count = area.addresses["dwellings"].fillna(1).where((use != "other").fillna(value=True), 0)
    each = count.to_numpy(dtype=np.int64)
    return np.repeat(xy, each, axis=0), digests(pd.Series(_names(unit.astype(object), each), dtype=object))


def _names(units: pd.Series, counts: npt.NDArray[np.int64]) -> list[str]:
    """Return the name of each dwelling: that of its unit, of several with `#01`, `#02` behind it."""
    names = []
    for unit, count in zip(units, counts, strict=True):
        width = max(2, len(str(count)))
        names += [unit] if count == 1 else [f"{unit}#{number:0{width}d}" for number in range(1, count + 1)]
    return names


def _use_of_building(addresses: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, reach_m: float) -> pd.Series:
    """Return the use of the building of each address: the one that it names, else it lies in, else the nearest."""
    rows = buildings.reset_index(drop=True)[["use", "geometry"]]
    named = pd.Index(buildings["building_id"]).get_indexer(addresses["building_id"].fillna(""))
    away = shapely.distance(shapes_of(addresses), shapes_of(buildings)[named]) if len(rows) else np.inf
    named = np.where(np.asarray(away) <= ID_REACH_M, named, -1)
    places = addresses[["geometry"]].reset_index(drop=True)
    inside = gpd.sjoin(places, rows, predicate="intersects").groupby(level=0)["index_right"].min()
    nearest = gpd.sjoin_nearest(places, rows, max_distance=reach_m).groupby(level=0)["index_right"].min()
    by_place = inside.reindex(places.index).fillna(nearest.reindex(places.index)).fillna(-1).to_numpy(dtype=np.int64)
    of = np.where(named >= 0, named, by_place)
    return pd.Series(rows["use"].reindex(of).to_numpy(dtype=object), index=addresses.index, dtype="str")


def sizes(case: Case) -> list[str]:
    """Return clusters of another size than 2-50, or than they have homes."""
    clusters = case.result.clusters
    counts = case.result.homes["cluster_id"].value_counts().reindex(clusters["cluster_id"]).fillna(0).to_numpy()
    wrong = ~clusters["homes"].between(2, 50) | (clusters["homes"] != counts)
    return named(clusters.loc[wrong, "cluster_id"])
