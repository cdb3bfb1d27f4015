"""The large-scale map of the Netherlands (BGT): what covers the ground, water, railways, walls and trees.

It says what the ground is used for, not who owns it: roads, verges and public green count as public, yards as private,
and everything else is of unknown ownership. Both readings are counted.

References
----------
.. [1] Geonovum, Gegevenscatalogus BGT: `functie`, `fysiek voorkomen`, `relatieve hoogteligging` (0 = ground level).
"""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from minenet.fetch.carriers import Mapped, counted
from minenet.fetch.spelling import column, words
from minenet.fetch.window import Window

__all__ = ["COLLECTIONS", "decks", "map_bgt"]

LAND = ("wegdeel", "ondersteunendwegdeel", "begroeidterreindeel", "onbegroeidterreindeel")
WATER = ("waterdeel",)
RAIL = ("spoor",)
HARD = ("overigbouwwerk", "scheiding_lijn", "scheiding_vlak", "vegetatieobject_punt")
DECKS = ("overbruggingsdeel", "wegdeel")

COLLECTIONS = tuple(dict.fromkeys((*LAND, *WATER, *RAIL, *HARD, *DECKS)))
"""Collections that are read; any of them may be missing."""

COVER = {
    "voetpad": "footway",
    "voetpad op trap": "footway",
    "voetgangersgebied": "footway",
    "fietspad": "cycleway",
    "parkeervlak": "parking",
    "berm": "verge",
    "verkeerseiland": "verge",
    "groenvoorziening": "green",
    "grasland overig": "grass",
    "erf": "yard",
}
"""Words for cover that differ from the map's own; a road part with another function is `road`."""

PUBLIC = ("wegdeel", "ondersteunendwegdeel")
DRY = ("greppel, droge sloot", "greppel", "droge sloot")
OBSTACLES = {
    "muur": "wall",
    "kademuur": "wall",
    "damwand": "wall",
    "geluidsscherm": "wall",
    "walbescherming": "wall",
    "hek": "fence",
    "draadraster": "fence",
    "poort": "fence",
    "boom": "tree",
}


def map_bgt(layers: Mapping[str, gpd.GeoDataFrame], window: Window) -> dict[str, Mapped]:
    """Return `land`, `water`, `barriers` and `obstacles` of what the map says of a window and the strip around it.

    Parameters
    ----------
    layers : mapping of str to GeoDataFrame
        Collections by name, any of `COLLECTIONS`, in the CRS of the window.
    window : Window
        Where homes are looked for.

    Returns
    -------
    dict of str to Mapped
        Only tables that a given collection can say something of: without a collection nothing is known.
    """
    rows, gone = {}, {}
    for name in COLLECTIONS:
        if name in layers:
            rows[name], gone[name] = _here(layers[name], window)
    readers = (("land", LAND, _land), ("water", WATER, _water), ("barriers", RAIL, _railways))
    tables: dict[str, Mapped] = {}
    for table, names, read in (*readers, ("obstacles", HARD, _obstacles)):
        given = {name: rows[name] for name in names if name in rows}
        if given:
            found = read(given)
            history = counted(left_out__history=sum(gone[name] for name in given))
            tables[table] = Mapped(found.frame, dict(found.counts) | history)
    return tables


def decks(layers: Mapping[str, gpd.GeoDataFrame], window: Window) -> gpd.GeoDataFrame | None:
    """Return bridge decks and roads above ground level; None when the map was not given."""
    parts = []
    for name in DECKS:
        if name in layers:
            rows, _ = _here(layers[name], window)
            above = _level(rows) > 0 if name == "wegdeel" else np.ones(len(rows), dtype=bool)
            parts.append(rows.loc[above, ["geometry"]])
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=window.crs) if parts else None


def _here(rows: gpd.GeoDataFrame, window: Window) -> tuple[gpd.GeoDataFrame, int]:
    """Return present objects in the window and its strip, and how many are history."""
    over = column(rows, "eind_registratie", "eindregistratie", "objecteindtijd").notna()
    over |= words(column(rows, "status", "bgt_status")).eq("historie").fillna(value=False)
    near = pd.Series(window.near(rows), index=rows.index)
    kept = gpd.GeoDataFrame(rows[near & ~over].reset_index(drop=True), crs=rows.crs)
    return kept, int((near & over).sum())


def _level(rows: gpd.GeoDataFrame) -> np.ndarray:
    level = pd.to_numeric(column(rows, "relatieve_hoogteligging"), errors="coerce")
    return level.fillna(0).to_numpy(dtype=float)


def _land(rows: Mapping[str, gpd.GeoDataFrame]) -> Mapped:
    """Return the ground at ground level, with what it is used for and what that says of its owner."""
    parts = []
    for name, found in rows.items():
        use = words(column(found, "functie", "fysiek_voorkomen", "bgt_functie", "bgt_fysiekvoorkomen"))
        if name in ("begroeidterreindeel", "onbegroeidterreindeel"):
            use = words(column(found, "fysiek_voorkomen", "bgt_fysiekvoorkomen"))
        public = pd.Series(name in PUBLIC, index=found.index) | (use == "groenvoorziening").fillna(value=False)
        owner = pd.Series(None, index=found.index, dtype="object").mask(public, "public").mask(use == "erf", "private")
        cover = use.map(COVER).fillna("road" if name == "wegdeel" else use)
        parts.append(found[["geometry"]].assign(ownership=owner, cover=cover)[_level(found) == 0])
    land = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=parts[0].crs)
    off = sum(int((_level(found) != 0).sum()) for found in rows.values())
    counts = counted(
        left_out__not_at_ground_level=off,
        inferred__ownership_from_use=land["ownership"].notna().sum(),
        unknown__ownership=land["ownership"].isna().sum(),
    )
    return Mapped(land, counts)


def _water(given: Mapping[str, gpd.GeoDataFrame]) -> Mapped:
    rows = given["waterdeel"]
    kind = words(column(rows, "type", "functie", "class", "bgt_type", "plus_type"))
    dry = kind.isin(DRY).to_numpy(dtype=bool)
    below = _level(rows) < 0  # a culvert: the ground above it is dry
    table = gpd.GeoDataFrame({"water_class": kind}, geometry=rows.geometry, crs=rows.crs)
    counts = counted(left_out__dry_ditch=(dry & ~below).sum(), left_out__below_ground=below.sum())
    return Mapped(table[~dry & ~below].reset_index(drop=True), counts)


def _railways(given: Mapping[str, gpd.GeoDataFrame]) -> Mapped:
    rows = given["spoor"]
    use = words(column(rows, "functie", "bgt_functie"))
    tram = use.isin(("tram", "sneltram")).to_numpy(dtype=bool)
    below = _level(rows) < 0
    table = gpd.GeoDataFrame({"kind": "railway"}, index=rows.index, geometry=rows.geometry, crs=rows.crs)
    counts = counted(left_out__tram_in_the_street=(tram & ~below).sum(), left_out__below_ground=below.sum())
    return Mapped(table[~tram & ~below].reset_index(drop=True), counts)


def _obstacles(rows: Mapping[str, gpd.GeoDataFrame]) -> Mapped:
    parts = []
    for name, found in rows.items():
        said = words(column(found, "type", "functie", "bgt_type"))
        said = said.mask(said.isna() | (said == "niet-bgt"), words(column(found, "plus_type")))
        other = "structure" if name == "overigbouwwerk" else "obstacle"
        kind = said.map(OBSTACLES).fillna(other)
        if name == "vegetatieobject_punt":
            kind = kind.mask(kind == other, "tree")  # what stands as a point in this layer is a tree
        parts.append(gpd.GeoDataFrame({"kind": kind}, geometry=found.geometry, crs=found.crs))
    table = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=parts[0].crs)
    return Mapped(table, counted(unknown__kind=(table["kind"] == "obstacle").sum()))
