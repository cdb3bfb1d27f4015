"""A corpus of broken areas as data: what is broken, how, and what must come of it.

The good area is one row of four houses with every layer filled. Each case breaks it in one way and says what must come
of that: words of the error, or the key and count of the repair in the provenance. What is harmless must arrive
as the good area does, to the last byte.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from drawn_street import CRS, moved
from shapely.geometry import LineString, Point, Polygon, box

Frames = dict[str, gpd.GeoDataFrame]
Spoil = Callable[[Frames], Frames]

HOUSES = "ABCD"
WEST = {house: 4.0 + 6 * place for place, house in enumerate(HOUSES)}


def good() -> Frames:
    """Return a row of four houses and a shed on one street, with every layer of an area."""
    footprints = {house: box(x, 8, x + 6, 17) for house, x in WEST.items()} | {"s": box(40, -11, 43, -8)}
    return {
        "buildings": _layer(
            footprints.values(),
            building_id=list(footprints),
            dwellings=[1, 1, 1, 1, 0],
            use=["residential"] * 4 + ["other"],
            year_built=[1975] * 5,
        ),
        "addresses": _layer(
            [footprints[house].centroid for house in HOUSES],
            address_id=[f"{house}0" for house in HOUSES],
            building_id=list(HOUSES),
            street="Dorpsstraat",
            house_number=["2", "4", "6", "8"],
        ),
        "streets": _layer(
            [LineString([(0, 0), (70, 0)])], street_id="s0", name="Dorpsstraat", road_class="residential"
        ),
        "barriers": _layer([LineString([(-10, -45), (80, -45)])], kind="railway"),
        "land": _layer(
            [box(-10, -3, 80, 3), box(4, 3, 70, 30)], ownership=["public", "private"], cover=["road", "yard"]
        ),
        "parcels": _layer([box(x, 3, x + 6, 30) for x in WEST.values()], parcel_id=list("abcd")),
        "water": _layer([box(-10, -60, 80, -50)], name="Gracht", water_class="canal"),
        "obstacles": _layer([box(6, 25, 7, 26)], kind="tree"),
        "zones": _layer([box(60, -40, 80, 40)], kind="groundwater_protection", effect="ban"),
        "loops": _layer([Point(50, 20)], loop_id="l0", depth_m=150.0),
        "ground": _layer([box(-100, -100, 200, 200)], top_m=0.0, bottom_m=300.0, conductivity_w_mk=2.0),
    }


def _layer(shapes, **columns) -> gpd.GeoDataFrame:
    geometry = [moved(shape) for shape in shapes]
    return gpd.GeoDataFrame(pd.DataFrame(columns, index=range(len(geometry))), geometry=geometry, crs=CRS)


# --- ways to break ----------------------------------------------------------------------------------------------------


def column(layer: str, name: str, *values) -> Spoil:
    """Return what puts values into a column: one for every row, or the first of all rows and null in the others."""

    def spoil(frames: Frames) -> Frames:
        frame = frames[layer]
        cells = [*values, *[None] * (len(frame) - len(values))] if len(values) > 1 else list(values) * len(frame)
        return {**frames, layer: frame.assign(**{name: pd.Series(cells, index=frame.index)})}

    return spoil


def series(layer: str, name: str, make: Callable[[int], pd.Series]) -> Spoil:
    """Return what puts a column of a special type into a layer; `make` is told how many rows there are."""
    return lambda frames: {**frames, layer: frames[layer].assign(**{name: make(len(frames[layer])).to_numpy()})}


def shape(layer: str, *shapes: object, drawn: bool = True) -> Spoil:
    """Return what replaces the geometry of the first rows, drawn near the origin unless said otherwise."""

    def spoil(frames: Frames) -> Frames:
        frame = frames[layer]
        new = list(frame.geometry)
        for row, one in enumerate(shapes):
            new[row] = moved(one) if drawn and one is not None else one
        return {**frames, layer: frame.set_geometry(gpd.GeoSeries(new, index=frame.index, crs=CRS))}

    return spoil


def frame(layer: str, change: Callable[[gpd.GeoDataFrame], object]) -> Spoil:
    """Return what changes a whole layer."""
    return lambda frames: {**frames, layer: change(frames[layer])}


def row(layer: str, like: int = 0, **cells) -> Spoil:
    """Return what adds a row like another one but for some cells."""

    def spoil(frames: Frames) -> Frames:
        more = frames[layer].iloc[[like]].assign(**cells)
        joined = pd.concat([frames[layer], more], ignore_index=True)
        return {**frames, layer: gpd.GeoDataFrame(joined, crs=CRS)}

    return spoil


@dataclass(frozen=True)
class Case:
    """How frames are broken, and what must come of it: words of an error, counts in the provenance, or the good area."""

    spoil: Spoil
    error: str | None = None
    counted: Mapping[str, str] = field(default_factory=dict)
    same: bool = False


def refused(spoil: Spoil, error: str) -> Case:
    return Case(spoil, error)


def counted(spoil: Spoil, key: str, times: int = 1) -> Case:
    return Case(spoil, None, {key: str(times)})


def harmless(spoil: Spoil) -> Case:
    """Return a case that arrives as the good area."""
    return Case(spoil, same=True)


def endured(spoil: Spoil) -> Case:
    """Return a case of which nothing is wrong but that it is much, or far: it costs no more time than another."""
    return Case(spoil)


def line_with_nan() -> LineString:
    """Return a line with a corner that is not there; shapely warns of making one."""
    with np.errstate(invalid="ignore"):
        return LineString([(6, 25), (7, np.nan), (7, 26)])


SQUARE = [(30, 20), (36, 20), (36, 26), (30, 26)]

GEOMETRY = {
    "parcel-null": counted(shape("parcels", None), "left_out.parcels.no_geometry"),
    "water-empty": counted(shape("water", Polygon(), drawn=False), "left_out.water.no_geometry"),
    "water-bow-tie": counted(
        shape("water", Polygon([(0, -60), (9, -50), (9, -60), (0, -50)])), "repaired.water.invalid_geometry"
    ),
    "land-hole-outside-its-shell": counted(
        shape("land", Polygon(SQUARE, [[(50, 20), (52, 20), (52, 22), (50, 22)]])), "repaired.land.invalid_geometry"
    ),
    "building-ring-that-touches-itself": counted(
        shape("buildings", Polygon([(4, 8), (10, 8), (10, 17), (7, 17), (7, 8), (4, 17)])),
        "repaired.buildings.invalid_geometry",
    ),
    "parcel-without-area": counted(
        shape("parcels", Polygon([(4, 3), (10, 3), (4, 3)])), "left_out.parcels.geometry_beyond_repair"
    ),
    "street-without-length": refused(
        shape("streets", LineString([(0, 0), (0, 0)])), "no row that can be used .1 geometry_beyond_repair"
    ),
    "building-twice-under-two-ids": counted(
        row("buildings", building_id="A2"), "left_out.buildings.dwellings_stated_but_no_address"
    ),
    "street-with-heights-that-are-not-known": harmless(shape("streets", LineString([(0, 0, np.nan), (70, 0, np.nan)]))),
    "building-as-collection": counted(
        shape("buildings", shapely.GeometryCollection([box(4, 8, 10, 17), Point(4, 8)])),
        "left_out.buildings.wrong_geometry_type",
    ),
    "water-as-lines": counted(
        shape("water", LineString([(-10, -60), (80, -60)])), "left_out.water.wrong_geometry_type"
    ),
    "street-as-point": refused(shape("streets", Point(0, 0)), "no row that can be used .1 wrong_geometry_type"),
    "obstacle-with-a-nan-corner": counted(
        shape("obstacles", line_with_nan(), drawn=False), "left_out.obstacles.coordinates_not_finite"
    ),
    "building-with-a-corner-far-away": counted(
        shape("buildings", Polygon([(4, 8), (10, 8), (1e9, 17), (4, 17)])),
        "left_out.buildings.coordinates_out_of_reach",
    ),
    "building-with-a-corner-in-another-town": counted(
        shape("buildings", Polygon([(4, 8), (10, 8), (90_000, 17), (4, 17)])), "left_out.buildings.too_wide_to_be_true"
    ),
    "building-far-away": counted(
        shape("buildings", box(1e9, 1e9, 1e9 + 6, 1e9 + 9)), "left_out.buildings.coordinates_out_of_reach"
    ),
    "street-to-the-end-of-the-numbers": refused(
        shape("streets", LineString([(0, 0), (1e308, 0)])), "lies where EPSG:28992 is not defined"
    ),
    "zone-of-huge-coordinates": counted(
        shape("zones", box(-1e300, -1e300, 1e300, 1e300)), "left_out.zones.coordinates_out_of_reach"
    ),
    "address-of-several-points": counted(
        shape("addresses", shapely.MultiPoint([(7, 12), (8, 12)])), "repaired.addresses.several_points"
    ),
    "parcel-across-the-country": endured(shape("parcels", Polygon([(4, 3), (10, 3), (200_000, 30), (4, 30)]))),
    "street-across-the-country": endured(row("streets", geometry=moved(LineString([(70, 0), (100_000, 0)])))),
    "public-land-of-half-the-country": endured(row("land", geometry=moved(box(-100_000, 100, 100_000, 60_000)))),
    "water-of-half-the-country": endured(row("water", geometry=moved(box(-100_000, 100, 100_000, 60_000)))),
    "geometry-missing-of-a-whole-layer": refused(
        frame("water", lambda f: pd.DataFrame(f.drop(columns="geometry"))), "layer `water`: has no geometry"
    ),
    "geometry-of-all-rows-null": refused(
        frame("buildings", lambda f: f.set_geometry(gpd.GeoSeries([None] * len(f), crs=CRS))),
        "no row that can be used .5 no_geometry",
    ),
}

FRAMES = {**{f"geometry-{name}": case for name, case in GEOMETRY.items()}}
