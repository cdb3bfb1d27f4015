"""Dwellings and clusters: each dwelling once, clusters of 2-50, counts that agree."""

import geopandas as gpd
import pandas as pd

from minenet.invariants.carriers import Case, named
from minenet.tables import Area

__all__ = ["counted_by_reason", "each_once", "every_one_read", "sizes"]


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
    homes, notes = case.result.homes, case.notes
    faults = [
        f"{reason}: {count} homes, provenance says {notes.get(f'left_out.homes.{reason}')}"
        for reason, count in homes["left_out_reason"].value_counts().items()
        if notes.get(f"left_out.homes.{reason}") != str(count)
    ]
    return faults + ([] if notes.get("count.homes") == str(len(homes)) else ["count.homes is another"])


def every_one_read(case: Case) -> list[str]:
    """Return how many dwellings of the area are not in the result."""
    area = case.given_area()
    read = _dwellings(area)
    return [] if read == len(case.result.homes) else [f"{read} dwellings were read, {len(case.result.homes)} are there"]


def _dwellings(area: Area) -> int:
    """Count dwellings straight from the input."""
    if area.addresses is None:
        one = area.buildings["dwellings"].isna() & (area.buildings["use"] == "residential").fillna(value=False)
        return int(area.buildings["dwellings"].mask(one, 1).fillna(0).sum())
    addresses = area.addresses
    by_id = addresses["building_id"].map(area.buildings.set_index("building_id")["use"])
    joined = gpd.sjoin(addresses[["geometry"]], area.buildings[["use", "geometry"]], predicate="within", how="left")
    by_place = joined[~joined.index.duplicated()]["use"]
    use = addresses["use"].fillna(by_id).fillna(by_place)
    return int(addresses["dwellings"].fillna(1)[(use != "other").fillna(value=True)].sum())


def sizes(case: Case) -> list[str]:
    """Return clusters of another size than 2-50, or than they have homes."""
    clusters = case.result.clusters
    counts = case.result.homes["cluster_id"].value_counts().reindex(clusters["cluster_id"]).fillna(0).to_numpy()
    wrong = ~clusters["homes"].between(2, 50) | (clusters["homes"] != counts)
    return named(clusters.loc[wrong, "cluster_id"])
