"""Dwellings and clusters: each dwelling once, clusters of 2-50, counts that agree."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from minenet.invariants.carriers import Case, named
from minenet.tables import Area, shapes_of

__all__ = ["counted_by_reason", "dwellings_at", "each_once", "every_one_read", "miscounted", "sizes", "unread"]

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
    """Return how many dwellings of the area are not in the result."""
    return unread(int(dwellings_at(case.given_area())[1].sum()), len(case.result.homes))


def unread(read: int, there: int) -> list[str]:
    """Return how many dwellings were read and how many are there, unless these are as many."""
    return [] if read == there else [f"{read} dwellings were read, {there} are there"]


def dwellings_at(area: Area) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Count dwellings straight from the input.

    Returns
    -------
    xy : array, shape (n, 2)
        Places of addresses, middles of buildings where there are none. [m]
    count : array of int, shape (n,)
        Dwellings there.
    """
    if area.addresses is None:
        bounds = shapely.bounds(shapes_of(area.buildings))
        one = area.buildings["dwellings"].isna() & (area.buildings["use"] == "residential").fillna(value=False)
        count = area.buildings["dwellings"].mask(one, 1).fillna(0)
        return (bounds[:, :2] + bounds[:, 2:]) / 2, count.to_numpy(dtype=np.int64)
    addresses = area.addresses
    by_id = addresses["building_id"].map(area.buildings.set_index("building_id")["use"])
    joined = gpd.sjoin(addresses[["geometry"]], area.buildings[["use", "geometry"]], predicate="within", how="left")
    by_place = joined[~joined.index.duplicated()]["use"]
    use = addresses["use"].fillna(by_id).fillna(by_place)
    count = addresses["dwellings"].fillna(1).where((use != "other").fillna(value=True), 0)
    return shapely.get_coordinates(shapes_of(addresses)), count.to_numpy(dtype=np.int64)


def sizes(case: Case) -> list[str]:
    """Return clusters of another size than 2-50, or than they have homes."""
    clusters = case.result.clusters
    counts = case.result.homes["cluster_id"].value_counts().reindex(clusters["cluster_id"]).fillna(0).to_numpy()
    wrong = ~clusters["homes"].between(2, 50) | (clusters["homes"] != counts)
    return named(clusters.loc[wrong, "cluster_id"])
