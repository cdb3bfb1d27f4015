"""Footprints of OpenStreetMap: which buildings stand, which are to come, and what their tags say they are.

References
----------
.. [1] OpenStreetMap wiki, Key:building and Lifecycle prefix.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from minenet.fetch.carriers import counted
from minenet.fetch.osm.tags import said, tag
from minenet.tables import shapes_of

__all__ = [
    "ONE_HOME",
    "OTHER",
    "RESIDENTIAL",
    "SEVERAL_HOUSES",
    "Footprints",
    "building_at",
    "footprints_of",
    "moving",
    "other_use",
]

# fmt: off
RESIDENTIAL = frozenset((
    "annexe", "apartments", "apartment", "bungalow", "detached", "dormitory", "duplex", "dwelling_house", "farm",
    "flat", "flats", "house", "houses", "manor", "residential", "semi", "semi-detached", "semidetached",
    "semidetached_house", "terrace", "terraced", "terraced_house", "townhouse", "villa", "row_house",
))
"""Values of `building` that say that people live there."""

OTHER = frozenset((
    "allotment_house", "bakehouse", "barn", "beach_hut", "boathouse", "boat_house", "bridge", "bunker",
    "bus_station", "cabin", "canopy", "carport", "cathedral", "chapel", "chimney", "church", "civic", "clinic",
    "college", "commercial", "container", "conservatory", "cowshed", "digester", "electricity", "entrance",
    "factory", "farm_auxiliary", "fire_station", "garage", "garages", "gasometer", "gatehouse", "government",
    "grandstand", "greenhouse", "guardhouse", "gymnasium", "hall", "hangar", "hospital", "hotel", "houseboat",
    "hut", "industrial", "kindergarten", "kiosk", "library", "livestock", "manufacture", "monastery", "mosque",
    "museum", "office", "outbuilding", "parking", "pavilion", "police", "portal", "prison", "public",
    "pumping_station", "religious", "restaurant", "retail", "riding_hall", "roof", "school", "service", "ship",
    "shed", "shelter", "shop", "shrine", "silo", "slurry_tank", "sport", "sports_centre", "sports_hall", "stable",
    "stadium", "static_caravan", "storage_tank", "sty", "substation", "supermarket", "synagogue", "tank",
    "temple", "tent", "theatre", "toilets", "tower", "train_station", "transformer_tower", "transportation",
    "university", "warehouse", "water_tower", "windmill",
))
"""Values of `building` that say that it is no ordinary home."""
# fmt: on

ONE_HOME = ("house", "detached", "bungalow", "villa", "dwelling_house")
"""Values of `building` that say one dwelling."""

SEVERAL_HOUSES = (
    *("terrace", "terraced", "apartments", "flats", "houses", "residential"),
    *("semidetached_house", "semidetached", "semi-detached", "semi", "row_house"),
)
"""Values of `building` with which a range of house numbers names every house between."""

COMING = ("construction",)
PLANNED = ("proposed", "planned")
GONE = ("demolished", "razed", "destroyed", "removed")
EMPTY = ("ruins", "ruin", "disused", "abandoned", "collapsed")
"""What becomes of a building: as value of `building`, as a tag of its own, or before `:building`."""

USED = ("shop", "office", "amenity", "craft")
"""Tags that say that something else than living is done there."""


@dataclass(frozen=True)
class Footprints:
    """Footprints, each once, and which of them are buildings of the window (`kept`)."""

    rows: gpd.GeoDataFrame
    kept: np.ndarray


def footprints_of(features: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Return polygons of buildings that are there or are being built, each footprint once."""
    kind, prefixed = _kinds(features)
    features = features.assign(kind=kind, geometry=_filled(shapes_of(features), prefixed))
    is_building = said(kind)
    areal = shapely.get_dimensions(shapes_of(features)) == 2
    part = ~is_building & said(tag(features, "building:part")) & areal
    gone = is_building & areal & (kind.isin((*GONE, *PLANNED)) | _states(features, GONE))
    rows = features[is_building & areal & ~gone]
    word = tag(rows, "construction").str.casefold()  # it may also tell what the walls are made of
    rows["coming"] = rows["kind"].isin(COMING) | word.isin(("yes", *RESIDENTIAL, *OTHER))
    rows["empty"] = (rows["kind"].isin(EMPTY) | _states(rows, EMPTY)) & ~rows["coming"]
    twice = pd.Series(shapely.to_wkb(shapely.normalize(shapes_of(rows))), index=rows.index).duplicated()
    counts = counted(
        left_out__building_part_only=part.sum(),
        left_out__building_without_footprint=(is_building & ~areal).sum(),
        left_out__demolished_or_planned=gone.sum(),
        left_out__same_footprint_twice=twice.sum(),
    )
    return gpd.GeoDataFrame(rows[~twice].reset_index(drop=True), crs=features.crs), counts


def _kinds(features: gpd.GeoDataFrame) -> tuple[pd.Series, np.ndarray]:
    """Return the value of `building`, or what became of it as `disused:building` says; and where it says so."""
    kind = tag(features, "building").str.casefold()
    prefixed = pd.Series(None, index=features.index, dtype="str")
    for state in (*EMPTY, *COMING, *PLANNED, *GONE):
        if f"{state}:building" in features.columns:
            prefixed = prefixed.mask(prefixed.isna() & said(tag(features, f"{state}:building")), state)
    prefixed = prefixed.mask(said(kind))
    return kind.mask(prefixed.notna(), prefixed), prefixed.notna().to_numpy(dtype=bool)


def _filled(shapes: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return shapes, of some rows the closed lines as polygons: that `ruins:building` is an area, few programs know."""
    closed = rows & np.isin(
        shapely.get_type_id(shapes), (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING)
    )
    closed &= shapely.is_closed(shapes) & (shapely.get_num_coordinates(shapes) > 3)
    shapes = shapes.copy()
    corners, ring = shapely.get_coordinates(shapes[closed], return_index=True)
    shapes[closed] = shapely.make_valid(shapely.polygons(shapely.linearrings(corners, indices=ring)))
    return shapes


def _states(features: pd.DataFrame, states: tuple[str, ...]) -> pd.Series:
    """Return whether a tag such as `disused=yes` says that it is so."""
    there = [said(tag(features, state)) for state in states if state in features.columns]
    return pd.concat(there, axis=1).any(axis=1) if there else pd.Series(data=False, index=features.index)


def other_use(features: pd.DataFrame) -> pd.Series:
    """Return whether something else than living is done there."""
    return pd.concat([said(tag(features, key)) for key in USED], axis=1).any(axis=1)


def moving(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return which are houseboats, and which are static caravans: homes without ground of their own."""
    boat = (rows["kind"] == "houseboat") | said(tag(rows, "houseboat"))
    return boat.fillna(value=False), rows["kind"].eq("static_caravan").fillna(value=False)


def building_at(nodes: gpd.GeoDataFrame, rows: gpd.GeoDataFrame) -> np.ndarray:
    """Return the position of the building at each point, the number of buildings where there is none.

    Of several that overlap, or share the wall it lies on, it is the first, homes before a garage below them.
    """
    order = np.argsort(rows["kind"].isin(OTHER).to_numpy(dtype=bool), kind="stable")
    point, building = shapely.STRtree(shapes_of(rows)[order]).query(shapes_of(nodes), predicate="intersects")
    place = np.full(len(nodes), len(rows))
    np.minimum.at(place, point, building)
    return np.asarray(np.append(order, len(rows))[place])
