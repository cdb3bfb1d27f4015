"""Roads of the national road register (NWB): centre lines with the road authority, hardly any footpaths.

References
----------
.. [1] Rijkswaterstaat, Nationaal Wegenbestand, handleiding: road authorities (R state, P province, G municipality,
   W water board, T other) and kinds of carriageway (VP footpath, FP cycle path, VWG service road, OPR and AFR slip
   roads).
"""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from minenet.fetch.carriers import Mapped, counted
from minenet.fetch.spelling import column
from minenet.fetch.window import Window
from minenet.tables import shapes_of

__all__ = ["map_roads", "with_bridges"]

BY_AUTHORITY = {"R": "motorway", "P": "primary", "G": "residential", "W": "unclassified", "T": "service"}
"""Road class by authority. State and provincial roads count as roads that no trench crosses: the cautious reading."""

BY_KIND = {
    "VP": "footway", "FP": "cycleway", "RP": "bridleway", "ERF": "living_street", "VWG": "service", "PP": "service",
    "PC": "service", "PR": "service", "BU": "busway", "BUS": "busway", "OVB": "busway",
}  # fmt: skip
"""Road class by kind of carriageway, where that says more than the authority."""

FERRY = ("VD", "VV")
"""Kinds that are no roads: ferries, and what aeroplanes use."""

SPAN_M = 1.0
"""A stretch on a bridge reaches this far beyond the water."""


def map_roads(rows: gpd.GeoDataFrame, window: Window) -> Mapped:
    """Return `streets` of what the road register says of a window and the strip around it.

    Raises
    ------
    InputError
        When a column that is needed is not there.
    """
    where = "NWB, layer `wegvakken`"
    kind = column(rows, "bst_code", "baansubsrt", "baansubsoort").astype("str").str.strip().str.upper()
    authority = column(rows, "wegbehsrt", "wegbeheerdersoort", where=where).astype("str").str.strip().str.upper()
    road_class = kind.map(BY_KIND).fillna(authority.map(BY_AUTHORITY))
    name = column(rows, "stt_naam", "straatnaam", where=where)
    table = gpd.GeoDataFrame(
        {"street_id": column(rows, "wvk_id", "wegvakid", where=where), "name": name, "road_class": road_class},
        geometry=rows.geometry,
        crs=rows.crs,
    )
    ferry = kind.isin(FERRY).to_numpy(dtype=bool)
    near = window.near(table)
    counts = counted(
        left_out__ferry=(near & ferry).sum(),
        inferred__road_class_from_authority=(near & ~ferry & ~kind.isin(BY_KIND)).sum(),
        unknown__road_class=(near & ~ferry & road_class.isna()).sum(),
    )
    return Mapped(table[near & ~ferry].reset_index(drop=True), counts)


def with_bridges(streets: Mapped, decks: gpd.GeoDataFrame | None, water: gpd.GeoDataFrame | None) -> Mapped:
    """Return streets cut where they cross water on a deck: those stretches are marked as bridges.

    The road register does not tell bridges, the large-scale map (BGT) does: a road above ground level over water.

    Parameters
    ----------
    streets : Mapped
        From `map_roads`.
    decks : GeoDataFrame or None
        Roads above ground level and bridge decks.
    water : GeoDataFrame or None
        Open water.
    """
    table = gpd.GeoDataFrame(streets.frame)
    if water is None or not len(water) or not len(table):
        return streets
    wet = shapely.union_all(shapes_of(water))
    shapely.prepare(wet)
    crosses = shapely.intersects(shapes_of(table), wet)
    deck = shapely.union_all(shapes_of(decks)) if decks is not None and len(decks) else shapely.Polygon()
    span = shapely.buffer(shapely.intersection(wet, deck), SPAN_M)
    lines = shapes_of(table)[crosses]
    spans, rest = shapely.intersection(lines, span), shapely.difference(lines, span)
    over = gpd.GeoDataFrame(table[crosses])
    frames = [table[~crosses].assign(bridge=False), _parts(over, spans, bridge=True), _parts(over, rest, bridge=False)]
    pieces = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=table.crs)
    open_water = shapely.intersects(frames[2].geometry.to_numpy(), wet)
    more = counted(inferred__bridge_from_deck_over_water=len(frames[1]), unknown__bridge_over_water=open_water.sum())
    return Mapped(pieces, dict(streets.counts) | more)


def _parts(rows: gpd.GeoDataFrame, shapes: npt.NDArray[np.object_], *, bridge: bool) -> gpd.GeoDataFrame:
    """Return rows with new shapes, without what is no line any more."""
    cut = gpd.GeoDataFrame(rows.assign(geometry=shapes, bridge=bridge)).explode(index_parts=False, ignore_index=True)
    line = shapely.get_dimensions(shapes_of(cut)) == 1
    return gpd.GeoDataFrame(cut[line & ~shapely.is_empty(shapes_of(cut))].reset_index(drop=True), crs=rows.crs)
