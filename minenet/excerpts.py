"""A result of one town out of that of a country."""

import geopandas as gpd
import pandas as pd
import shapely

from minenet import recording
from minenet.errors import InputError
from minenet.sources import AROUND_M
from minenet.tables import Result, shapes_of

__all__ = ["excerpt"]

OF_CLUSTERS = ("solutions", "boreholes", "connections", "pipes", "costs", "curves", "sensitivity", "finance", "checks")


def excerpt(result: Result, box: tuple[float, float, float, float]) -> Result:
    """Return the clusters that touch a box, whole, and the homes without a cluster that lie in it.

    Ranks stay those among all clusters. In `provenance` homes are counted anew and `excerpt.box` says what was taken;
    every other count is of the whole.

    Parameters
    ----------
    result : Result
        As `read_result` gives it, of the whole or of what lies `near` the box.
    box : tuple of float
        West, south, east, north in the CRS of the result. [m]

    Raises
    ------
    InputError
        When no home lies there, or the box is none.
    """
    west, south, east, north = box
    if not (west < east and south < north):
        raise InputError("is no box", where=_said(box), mend="Give west, south, east, north.")
    window = shapely.box(west, south, east, north)
    clusters = _touching(result.clusters, window)
    ids = clusters["cluster_id"]
    alone = result.homes["cluster_id"].isna() & shapely.intersects(shapes_of(result.homes), window)
    homes = result.homes[result.homes["cluster_id"].isin(ids) | alone].reset_index(drop=True)
    if not len(homes):
        mend = f"It is in the coordinates of the result, {result.crs.to_string()}."
        if len(result.homes):
            mend += f" The homes that were read lie in {_said(tuple(result.homes.total_bounds))}."
        raise InputError("holds no home of the result", where=f"box {_said(box)}", mend=mend)
    around = shapely.buffer(shapely.union_all([window, *shapes_of(clusters)]), AROUND_M)
    tables = {name: _of(getattr(result, name), ids) for name in OF_CLUSTERS}
    return Result.of(
        {
            **result.layers,
            **tables,
            "homes": homes,
            "clusters": clusters,
            "context": _touching(result.context, around),
            "provenance": _provenance(result.provenance, homes, box),
        }
    )


def _of(table: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    return table[table["cluster_id"].isin(ids)].reset_index(drop=True)


def _touching(frame: gpd.GeoDataFrame, window: shapely.Geometry) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(frame[shapely.intersects(shapes_of(frame), window)].reset_index(drop=True), crs=frame.crs)


def _provenance(rows: pd.DataFrame, homes: pd.DataFrame, box: tuple[float, float, float, float]) -> pd.DataFrame:
    """Return where everything came from, with the homes of the excerpt counted."""
    counted = recording.left_out(homes)
    old = rows["key"].str.startswith("left_out.homes.") | rows["key"].isin(counted)
    notes = {**counted, "excerpt.box": _said(box), "excerpt.counts": "all but those of homes are of the whole"}
    more = pd.DataFrame({"key": list(notes), "value": list(notes.values())}, dtype="str")
    return pd.concat([rows[~old], more], ignore_index=True)


def _said(box: tuple[float, ...]) -> str:
    return " ".join(f"{edge:.0f}" if abs(edge) >= 1000 else f"{edge:g}" for edge in box)  # degrees keep their digits
