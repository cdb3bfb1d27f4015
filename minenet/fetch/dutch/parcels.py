"""Parcels of the cadastral map (BRK). Who owns a parcel is not in open data."""

import geopandas as gpd

from minenet.fetch.carriers import Mapped, counted
from minenet.fetch.spelling import column
from minenet.fetch.window import Window

__all__ = ["map_parcels"]


def map_parcels(rows: gpd.GeoDataFrame, window: Window) -> Mapped:
    """Return `parcels` of what the cadastral map says of a window and the strip around it.

    The identifier is the local id, or municipality, section and number where a file has only those.

    Raises
    ------
    InputError
        When neither is there.
    """
    names = ("identificatie_lokaal_id", "identificatie", "lokaal_id", "perceel_id")
    named = column(rows, *names)
    if named.isna().all() and len(rows):
        where = "cadastral map, layer `perceel`"
        parts = ("akr_kadastrale_gemeente_code_waarde", "kadastrale_gemeente_code", "kadastrale_gemeente_waarde")
        town = column(rows, *parts, where=where).astype("str")
        number = column(rows, "perceelnummer", where=where).astype("str").str.removesuffix(".0")
        named = town + "-" + column(rows, "sectie", where=where).astype("str") + "-" + number
    near = window.near(rows)
    table = gpd.GeoDataFrame({"parcel_id": named}, geometry=rows.geometry, crs=rows.crs)
    known = table["parcel_id"].notna()
    return Mapped(table[near & known].reset_index(drop=True), counted(left_out__no_identifier=(near & ~known).sum()))
