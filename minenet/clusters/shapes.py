"""Outlines of clusters on the map, and names that people recognise."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

__all__ = ["cluster_names", "cluster_shapes"]

Ints = npt.NDArray[np.int64]


def cluster_shapes(group: Ints, shapes: npt.NDArray[np.object_], *, width_m: float = 3.0) -> npt.NDArray[np.object_]:
    """Return one outline per group around its buildings and trenches.

    Parameters
    ----------
    group : array (k,) of int
        Group of each shape, numbered from 0 without gaps.
    shapes : array (k,)
        Footprints, service trenches and trenches in the street.
    width_m : float
        Margin around them. [m]
    """
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(group.max() + 2))
    widened = shapely.buffer(shapes[order], 2 * width_m, quad_segs=3)
    outlines = [shapely.union_all(widened[a:b]) for a, b in pairwise(bounds)]
    shrunk = shapely.buffer(np.array(outlines, dtype=object), -width_m, quad_segs=3)
    whole = np.where(shapely.get_num_geometries(shrunk) == 1, shrunk, np.array(outlines, dtype=object))
    return np.asarray(shapely.simplify(whole, 0.25))


def cluster_names(homes: gpd.GeoDataFrame, street_of_building: pd.Series) -> pd.Series:
    """Return a name per cluster that people recognise: `Oosterstraat 12-48 (even)`.

    Parameters
    ----------
    homes : GeoDataFrame
        Homes with `cluster_id, building_id, street, house_number`.
    street_of_building : Series
        Name of the street that each building's service joins, for homes without an address.
    """
    inside = homes[homes["cluster_id"].notna()]
    street = inside["street"].fillna(inside["building_id"].map(street_of_building).astype("str")).fillna("")
    number = pd.to_numeric(inside["house_number"].astype("str").str.extract(r"(\d+)")[0], errors="coerce")
    facts = pd.DataFrame({"cluster_id": inside["cluster_id"], "street": street, "number": number})
    size = facts.groupby(["cluster_id", "street"]).size().rename("size").reset_index()
    for side, odd in (("even", 0), ("odd", 1)):
        mine = facts[facts["number"] % 2 == odd].groupby(["cluster_id", "street"])["number"].agg(["min", "max"])
        size = size.merge(mine.add_prefix(f"{side}_"), on=["cluster_id", "street"], how="left")
    numbers = size[["even_min", "odd_min", "even_max", "odd_max"]].to_numpy(dtype=float)
    size["label"] = [_label(street, row) for street, row in zip(size["street"], numbers, strict=True)]
    size = size.sort_values(["cluster_id", "size", "street"], ascending=[True, False, True])
    first_two = size.groupby("cluster_id")["label"].agg(lambda labels: ", ".join(labels[labels != ""][:2]))
    more = (size["label"] != "").groupby(size["cluster_id"]).sum() - 2
    return first_two + more.map(lambda n: f" +{n}" if n > 0 else "")


def _label(street: str, sides: npt.NDArray[np.float64]) -> str:
    """Return a street with its numbers: of one side, of both as one range, or of each where they differ.

    `sides` holds the lowest even and odd number, then the highest; nan where a side has none.
    """
    has = np.isfinite(sides[:2])
    if not street or not has.any():
        return street
    low, high = sides[:2][has], sides[2:][has]
    if has.all() and (2 * (high - low) >= high.max() - low.min()).all():
        numbers = f"{low.min():.0f}-{high.max():.0f}"
    else:
        ranges = sorted(zip(low.astype(int), high.astype(int), strict=True))
        numbers = " / ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in ranges)
    one_side = not has.all() and low[0] < high[0]
    return f"{' '.join(street.split())} {numbers}" + ((" (even)" if has[0] else " (odd)") if one_side else "")
