"""Zones of groundwater protection, interference and heat networks, out of whatever layer names them in words.

A word that is not known forbids nothing and allows nothing: its zone asks for a closer look (`notice`). Where provinces
differ, or where it was not found what a zone asks of a closed loop, the stricter reading is taken; `zone_words.csv`
has the effect of each word with its source and confidence.

References
----------
.. [1] Province of Utrecht, Omgevingsverordening art. 3.7: six zones; lokaleregelgeving.overheid.nl/cvdr704250.
.. [2] Province of Gelderland: protecting clay under a boringsvrije zone may not be pierced, whatever keeps above it may
   be; atlasleefomgeving.nl/omgevingsvisie-boringsvrije-zone-provincie-gelderland.
.. [3] INSPIRE, Area Management: `zoneType` drinkingWaterProtectionArea; PDOK delivers the zones of the provinces so.
.. [4] Esri, JSON of geometries: outer rings run clockwise, holes the other way round.
"""

from collections.abc import Iterable
from importlib.resources import files

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from minenet.errors import InputError
from minenet.fetch.carriers import Mapped, counted
from minenet.fetch.spelling import column, spelled
from minenet.fetch.window import Window

__all__ = ["EFFECTS", "UNKNOWN", "map_zones"]

EFFECTS = ("ban", "max_depth", "permit", "heat_network", "notice", "support")
"""Effects of the contract, the stricter first."""

UNKNOWN = "unknown_zone"
"""Kind of a zone whose word is not known: no check takes it for one of its own and then finds the rest free."""

LIMIT_KIND = "depth_limit"
"""Kind of a zone with a depth: as a no-drilling zone without a ban it would make drilling look free everywhere."""

TYPE = (
    "type",
    "zone_type",
    "zonetype",
    "specialised_zone_type",
    "specialisedZoneType",
    "soort",
    "type_gebied",
    "gebiedstype",
    "categorie",
    "category",
    "kind",
    "thema",
    "functie",
)
NAME = ("name", "naam", "winning", "gebiedsnaam", "zone_naam", "naam_gebied", "gebied", "omschrijving")
DEPTH = (
    "max_depth_m",
    "max_depth",
    "maximale_diepte",
    "maximale_diepte_m",
    "max_diepte",
    "max_diepte_m",
    "toegestane_diepte",
    "boordiepte",
    "diepte_m_mv",
    "diepte_m",
    "diepte",
    "depth_m",
    "depth",
)
DEEPEST_M = 1000.0
NOT = r"(?:^|\W)(?:geen|niet|buiten|zonder|no|not|outside|without)(?:\W|$)"

Objects = npt.NDArray[np.object_]


def map_zones(rows: gpd.GeoDataFrame, window: Window, *, source: str, date: str) -> Mapped:
    """Return `zones` of a layer that says in words what its polygons are.

    Rows that have an `effect` of the contract are taken as they are, with their `kind`. Others are read by the column
    of their type, then by any other text, then by the name of the source; of several words the strictest counts.

    Parameters
    ----------
    rows : GeoDataFrame
        Zones in any CRS, under any names of columns, in Dutch or English words.
    window : Window
        Where homes are looked for; zones that meet it or its strip are kept.
    source, date : str
        What was asked, and the day of the answer or of the file.

    Returns
    -------
    Mapped
        `kind, effect, value, name, source, date`.

    Raises
    ------
    InputError
        When there is no CRS.
    """
    if rows.crs is None:
        raise InputError("has no coordinate reference system", where=source, mend="Give a layer with a CRS.")
    rows, counts = _near(rows.reset_index(drop=True).to_crs(window.crs), window)
    effect = column(rows, "effect").map(lambda cell: str(cell).strip().casefold()).astype("object")
    ours = effect.isin(EFFECTS)
    read, said = _by_words(rows[~ours], source)
    given = {name: column(rows[ours], name) for name in ("kind", "value", "name")} | {"effect": effect[ours]}
    as_given = pd.DataFrame(given | {"value": pd.to_numeric(given["value"], errors="coerce")}, index=rows.index[ours])
    as_given["kind"] = as_given["kind"].astype("object").fillna(UNKNOWN)
    table = pd.concat([part for part in (as_given, read) if len(part)] or [read]).reindex(rows.index)
    table["source"] = column(rows, "source").where(ours).astype("object").fillna(source)
    table["date"] = column(rows, "date").where(ours).astype("object").fillna(date)
    frame = gpd.GeoDataFrame(table, geometry=rows.geometry, crs=window.crs)
    return Mapped(frame.astype({"value": "float64"}).reset_index(drop=True), counts | said)


def _near(rows: gpd.GeoDataFrame, window: Window) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Return polygons that meet the window with its strip."""
    shapes = rows.geometry.to_numpy()
    areal = shapely.get_dimensions(shapes) == 2
    broken = areal & ~shapely.is_valid(shapes)
    mended = np.where(broken, shapely.make_valid(shapes, method="structure", keep_collapsed=False), shapes)
    near = areal & shapely.intersects(mended, window.wide)
    counts = counted(
        left_out__no_polygon=(~areal).sum(),
        left_out__outside_the_window=(areal & ~near).sum(),
        inferred__mended_shape=(broken & near).sum(),
    )
    return gpd.GeoDataFrame(rows, geometry=mended, crs=rows.crs)[near], counts


def _by_words(rows: gpd.GeoDataFrame, source: str) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return kind, effect, value and name of zones by the words that they are described with."""
    known = _zone_words()
    typed, free = _texts(rows)
    by_type, by_text = (_strictest(texts, known) for texts in (typed, free))
    by_source = _strictest(pd.Series(source, index=rows.index), known)
    word = by_type.fillna(by_text).fillna(by_source)
    effect, kind = (word.map(known[name]).astype("object") for name in ("effect", "kind"))
    denied = typed.where(by_type.notna(), free).str.contains(NOT) & (effect != "ban") & effect.notna()
    effect, kind = (values.mask(denied).fillna(other) for values, other in ((effect, "notice"), (kind, UNKNOWN)))
    depth, limited = _depth(rows), kind == "boringsvrije_zone"
    holds = limited & depth.notna()
    table = pd.DataFrame(
        {
            "kind": kind.mask(holds, LIMIT_KIND),
            "effect": effect.mask(holds, "max_depth"),
            "value": depth.where(holds),
            "name": _names(rows, typed),
        },
        index=rows.index,
    )
    unknown = kind == UNKNOWN
    return table, counted(
        unknown__zone_word=unknown.sum(),
        unknown__depth_so_banned=(limited & depth.isna()).sum(),
        inferred__zone_word_from_the_source=(by_type.isna() & by_text.isna() & by_source.notna() & ~unknown).sum(),
        inferred__rule_not_found_so_permit=(word.map(known["confidence"]).eq("L") & (effect == "permit")).sum(),
    )


def _zone_words() -> pd.DataFrame:
    """Return what each word means, the strictest first, the words as they are compared."""
    with files("minenet.fetch.dutch").joinpath("zone_words.csv").open(encoding="utf-8") as text:
        table = pd.read_csv(text, dtype="str")
    table = table.assign(word=table["word"].map(spelled), strict=table["effect"].map(EFFECTS.index))
    return table.sort_values("strict", kind="stable").set_index("word")


def _texts(rows: gpd.GeoDataFrame) -> tuple[pd.Series, pd.Series]:
    """Return by row the texts of the columns that say a type, and those of all others."""
    types = {spelled(name) for name in TYPE}
    parts = {True: pd.Series("", index=rows.index), False: pd.Series("", index=rows.index)}
    for name in rows.columns[rows.columns != rows.geometry.name]:
        texts = rows[name].map(lambda cell: cell.casefold() if isinstance(cell, str) else "").astype("str")
        parts[spelled(str(name)) in types] += texts + " | "
    return parts[True], parts[False]


def _strictest(texts: pd.Series, known: pd.DataFrame) -> pd.Series:
    """Return the strictest word that is in each text, null where none is."""
    return texts.astype("object").map(lambda text: _first_in(text, known.index))


def _first_in(text: str, words: Iterable[str]) -> str | None:
    compared = "|".join(spelled(part) for part in text.split("|"))
    return next((word for word in words if word in compared), None)


def _depth(rows: gpd.GeoDataFrame) -> pd.Series:
    """Return how deep one may drill, where a column says a depth below ground level; NAP is not that."""
    text = column(rows, *DEPTH).astype("str").str.casefold()
    number = text.str.extract(r"^\s*(\d+(?:[.,]\d+)?)\s*(?:m|meter)?(?:\s*-?\s*(?:mv|maaiveld))?\s*$")[0]
    depth = pd.to_numeric(number.str.replace(",", ".", regex=False), errors="coerce").astype(float)
    return depth.where((depth > 0) & (depth <= DEEPEST_M))


def _names(rows: gpd.GeoDataFrame, typed: pd.Series) -> pd.Series:
    """Return what a zone is called; without a name the words of its type."""
    names = pd.Series(None, index=rows.index, dtype="object")
    for candidate in NAME:
        found = column(rows, candidate)
        text = found.astype("str").str.strip().where(found.notna())
        names = names.fillna(text.where(text != "").astype("object"))
    types = typed.str.strip(" |").astype("object")
    return names.fillna(types.where(types != ""))
