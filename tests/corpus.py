"""A corpus of broken areas as data: what is broken, how, and what must come of it.

The good area is one row of four houses with every layer filled. Each case breaks it in one way and says what must come
of that: words of the error, or the key and count of the repair in the provenance. What is harmless must arrive
as the good area does, to the last byte.
"""

import os
import sqlite3
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import reduce
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from drawn_street import CRS, moved
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon, box

from minenet.tables import AREA_TABLES

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
        plain = not any(isinstance(cell, str | bytes | list | dict) for cell in cells)
        return {**frames, layer: frame.assign(**{name: pd.Series(cells, frame.index, None if plain else "object")})}

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


def both(*spoils: Spoil) -> Spoil:
    """Return what breaks an area in several ways, one after the other."""
    return lambda frames: reduce(lambda so_far, spoil: spoil(so_far), spoils, frames)


def swapped(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer with north where east should be."""
    return layer.set_geometry(shapely.transform(layer.geometry, lambda xy: xy[:, ::-1]))


@dataclass(frozen=True)
class Case:
    """How frames are broken, and what must come of it: words of an error, counts in the provenance, or the good area."""

    spoil: Spoil
    error: str | None = None
    counted: Mapping[str, str] = field(default_factory=dict)
    same: bool = False


def refused(spoil: Spoil, error: str) -> Case:
    return Case(spoil, error)


def counted(spoil: Spoil, key: str, times: int | str = 1) -> Case:
    return Case(spoil, None, {key: str(times)})


def harmless(spoil: Spoil) -> Case:
    """Return a case that arrives as the good area."""
    return Case(spoil, same=True)


def endured(spoil: Spoil) -> Case:
    """Return a case in which nothing is wrong but strange, much or far: what is found holds, and costs no more time."""
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


JUNK = ["veel", [1, 2], {"a": 1}, b"\xff\xfe"]
NUMBERS = {
    "as-text": harmless(column("buildings", "year_built", "1975")),
    "as-text-with-spaces": harmless(column("buildings", "year_built", " 1975 ")),
    "as-decimals": harmless(series("buildings", "year_built", lambda n: pd.Series([Decimal(1975)] * n))),
    "as-categories": harmless(series("buildings", "year_built", lambda n: pd.Series([1975] * n).astype("category"))),
    "dutch-thousands": counted(column("loops", "heat_kwh", "12.500,00"), "repaired.loops.decimal_comma_in_heat_kwh"),
    "dutch-decimals": counted(
        column("buildings", "gas_m3", "1.250", "980,5", "1.010,25", "1000"),
        "repaired.buildings.decimal_comma_in_gas_m3",
        3,
    ),
    "comma-that-could-be-either": counted(
        column("buildings", "gas_m3", "1,250"), "repaired.buildings.not_a_number_in_gas_m3", 5
    ),
    "booleans": counted(column("buildings", "gas_m3", *[True] * 5), "repaired.buildings.not_a_number_in_gas_m3", 5),
    "junk": counted(column("buildings", "gas_m3", *JUNK), "repaired.buildings.not_a_number_in_gas_m3", 4),
    "complex": counted(column("buildings", "gas_m3", 1000 + 2j), "repaired.buildings.not_a_number_in_gas_m3", 5),
    "dates": counted(
        series("buildings", "gas_m3", lambda n: pd.Series(pd.date_range("1975-01-01", periods=n))),
        "repaired.buildings.not_a_number_in_gas_m3",
        5,
    ),
    "date-times-with-a-zone": counted(
        series(
            "buildings", "gas_m3", lambda n: pd.Series(pd.date_range("1975-01-01", periods=n, tz="Europe/Amsterdam"))
        ),
        "repaired.buildings.not_a_number_in_gas_m3",
        5,
    ),
    "durations": counted(
        series("buildings", "gas_m3", lambda n: pd.Series(pd.to_timedelta(range(1, n + 1), unit="D"))),
        "repaired.buildings.not_a_number_in_gas_m3",
        5,
    ),
    "nan": harmless(column("buildings", "gas_m3", np.nan)),
    "infinite": counted(
        column("buildings", "gas_m3", np.inf, -np.inf, "inf"), "repaired.buildings.impossible_number_in_gas_m3", 3
    ),
    "negative": counted(column("buildings", "heat_kwh", -1.0), "repaired.buildings.impossible_number_in_heat_kwh", 5),
    "of-1e308": counted(column("buildings", "gas_m3", 1e308), "repaired.buildings.impossible_number_in_gas_m3", 5),
    "heat-of-1e308": counted(
        column("buildings", "heat_kwh", 1e308), "repaired.buildings.impossible_number_in_heat_kwh", 5
    ),
    "clearance-of-1e308": counted(
        column("obstacles", "clearance_m", 1e308), "repaired.obstacles.impossible_number_in_clearance_m"
    ),
    "loop-of-1e308": counted(column("loops", "heat_kwh", 1e308), "repaired.loops.impossible_number_in_heat_kwh"),
    "loop-without-depth": endured(column("loops", "depth_m", 0)),
    "ground-upside-down": refused(
        series("ground", "top_m", lambda n: pd.Series([400.0] * n)), "overlap or are upside down"
    ),
    "ground-without-conductivity": refused(
        column("ground", "conductivity_w_mk", "klei"), "1 rows have no `conductivity"
    ),
    "no-heat": counted(column("buildings", "heat_kwh", 0), "left_out.homes.no_heat_demand", 4),
    "half-a-dwelling": counted(
        column("buildings", "dwellings", 1.5), "repaired.buildings.impossible_number_in_dwellings", 5
    ),
    "dwellings-by-the-thousands": counted(
        column("addresses", "dwellings", 20_000, 1, 1, 1), "left_out.homes.too_many_dwellings", 20_000
    ),
    "year-0": counted(column("buildings", "year_built", 0), "repaired.buildings.impossible_number_in_year_built", 5),
    "year-9999": counted(
        column("buildings", "year_built", 9999), "repaired.buildings.impossible_number_in_year_built", 5
    ),
    "year-20155": counted(
        column("buildings", "year_built", 20155), "repaired.buildings.impossible_number_in_year_built", 5
    ),
    "level-of-1e18": counted(column("streets", "layer", 10**18), "repaired.streets.impossible_number_in_layer"),
    "depth-limit-of-1e308": endured(
        row("zones", effect="max_depth", value=1e308, geometry=moved(box(-100, -100, 100, 100)))
    ),
    "depth-limit-of-a-millimetre": endured(
        row("zones", effect="max_depth", value=0.001, geometry=moved(box(-100, -100, 100, 100)))
    ),
}

LONG = "Laan van de Heer " * 6_000
TEXTS = {
    "nul": counted(column("streets", "name", "Dorps\x00straat"), "repaired.streets.unseen_characters_in_name"),
    "new-line": counted(column("streets", "name", "Dorps\r\nstraat"), "repaired.streets.unseen_characters_in_name"),
    "byte-order-mark": counted(
        column("buildings", "building_id", "\ufeffA", *"BCDs"), "repaired.buildings.unseen_characters_in_building_id"
    ),
    "mark-from-right-to-left": counted(
        column("addresses", "building_id", "A\u200f", *"BCD"), "repaired.addresses.unseen_characters_in_building_id"
    ),
    "surrogate": endured(column("streets", "name", "Dorps\ud800straat")),
    "strange-letters": endured(
        column("addresses", "street", "Dorps😀straat 👨\u200d👩\u200d👧", "\u202e\u05e8\u05d7\u202c", LONG, "=1+1")
    ),
    "id-of-100000-characters": endured(column("buildings", "building_id", "A" * 100_000, *"BCDs")),
    "bytes": harmless(column("buildings", "building_id", b"A", b"B", b"C", b"D", b"s")),
    "latin-1-bytes": counted(
        column("streets", "name", "Sint-Anthoniestraat é".encode("latin-1")), "repaired.streets.not_a_text_in_name"
    ),
    "lists": counted(column("zones", "name", [["a", "b"]]), "repaired.zones.not_a_text_in_name"),
    "mixed": endured(column("addresses", "house_number", 2, "4a", 6.0, None)),
    "categories": harmless(frame("buildings", lambda f: f.astype({"use": "category"}))),
    "use-as-boolean": counted(column("buildings", "use", *[True] * 5), "repaired.buildings.unknown_word_in_use", 5),
    "bridge-as-text": endured(column("streets", "bridge", "viaduct")),
    "bridge-as-list": counted(column("streets", "bridge", [["yes"]]), "repaired.streets.not_a_text_in_bridge"),
}

IDS = {
    "missing": refused(column("parcels", "parcel_id", None), "4 rows have no `parcel_id`"),
    "blank": refused(column("buildings", "building_id", " ", *"BCDs"), "1 rows have no `building_id`"),
    "lists": refused(column("buildings", "building_id", ["A"], *"BCDs"), "1 rows have no `building_id`"),
    "twice": refused(column("addresses", "address_id", "A0"), "1 values of `address_id` stand on different geometries"),
    "twice-but-for-a-space": refused(
        column("buildings", "building_id", "B ", *"BCDs"), "stand on different geometries .`B`"
    ),
    "floats-among-texts": endured(column("parcels", "parcel_id", 1.0, "2", 3, "4a")),
    "huge-floats": endured(column("parcels", "parcel_id", 1e300, 2e300, 3e300, 1e20)),
    "not-finite": endured(column("parcels", "parcel_id", np.inf, 1.0, 2.0, 3.0)),
    "zeros-lost": counted(
        both(
            column("buildings", "building_id", *(f"036310001206172{n}" for n in range(5))),
            column("addresses", "building_id", *(363_100_012_061_720 + n for n in range(4))),
        ),
        "repaired.addresses.building_id_not_there",
        4,
    ),
    "spaces-around": harmless(column("buildings", "building_id", " A", "B ", "\tC", "D\u00a0", "s")),
    "paths": endured(column("buildings", "building_id", "../../A", "/etc/passwd", "CON", "a\\b:c*?", "s")),
    "address-id-as-path": endured(column("addresses", "address_id", "../../A", "NUL", "aux.html", "\\\\server\\share")),
    "differ-by-case": endured(column("buildings", "building_id", "a", "A", "b", "B", "s")),
    "address-of-no-building": counted(
        column("addresses", "building_id", "X"), "repaired.addresses.building_id_not_there", 4
    ),
    "column-in-capitals-too": counted(
        column("buildings", "Dwellings", 9),
        "ignored.buildings.Dwellings",
        "is not `dwellings`: give the column that name",
    ),
    "needed-column-in-capitals": refused(
        frame("buildings", lambda f: f.rename(columns={"building_id": "BUILDING_ID"})), "Is it `BUILDING_ID`"
    ),
    "column-with-a-byte-order-mark": refused(
        frame("streets", lambda f: f.rename(columns={"street_id": "\ufeffstreet_id"})), "column `street_id` is missing"
    ),
    "columns-that-are-numbers": harmless(frame("buildings", lambda f: f.assign(x=1).rename(columns={"x": 0}))),
    "column-twice": refused(
        frame("water", lambda f: pd.concat([f, f[["name"]]], axis=1)), "column `name` stands there twice"
    ),
    "layer-in-capitals-too": counted(
        lambda frames: {**frames, "Water": frames["water"]}, "ignored.Water", "layer is not part of an area"
    ),
    "layer-in-capitals": refused(
        lambda frames: {("Streets" if name == "streets" else name): layer for name, layer in frames.items()},
        "layer `streets` is missing",
    ),
}

CRS_CASES = {
    "none-on-one-layer": refused(
        frame("water", lambda f: f.set_crs(None, allow_override=True)),
        "layer `water`: has no coordinate reference system",
    ),
    "degrees-on-one-layer": refused(frame("zones", lambda f: f.to_crs(4326)), "layer `zones`: is in degrees"),
    "degrees-called-metres": refused(
        frame("buildings", lambda f: f.to_crs(4326).set_crs(CRS, allow_override=True)), "if its numbers were degrees"
    ),
    "web-mercator-on-one-layer": refused(frame("land", lambda f: f.to_crs(3857)), "times too long here"),
    "feet": refused(frame("parcels", lambda f: f.to_crs(2263)), "layer `parcels`: is not in metres"),
    "another-on-one-layer": counted(frame("water", lambda f: f.to_crs(32631)), "repaired.water.reprojected"),
    "axes-swapped": refused(
        lambda frames: {name: swapped(layer) for name, layer in frames.items()},
        "layer `buildings`: does not lie .* would with its axes swapped",
    ),
    "axes-swapped-on-one-layer": refused(
        frame("streets", swapped), "layer `streets`: does not lie .* would with its axes swapped"
    ),
    "wrong-label-on-buildings": refused(
        frame("buildings", lambda f: f.set_crs(32631, allow_override=True)), "does not lie where EPSG:32631 is used"
    ),
    "wrong-label-on-streets": counted(
        frame("streets", lambda f: f.set_crs(31370, allow_override=True)), "left_out.homes.no_street_nearby", 4
    ),
    "heights-in-the-crs": endured(
        lambda frames: {name: layer.set_crs(7415, allow_override=True) for name, layer in frames.items()}
    ),
}

HOSTILE_NAMES = ["../../A", "/etc/passwd", "CON", "a\\b:c*?", "s"]
"""Identifiers that would be paths, devices or patterns if they became names of files."""

GROUPS = {"geometry": GEOMETRY, "numbers": NUMBERS, "text": TEXTS, "ids": IDS, "crs": CRS_CASES}
FRAMES = {f"{group}-{name}": case for group, cases in GROUPS.items() for name, case in cases.items()}
"""Every broken area by name."""


# --- files ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FileCase:
    """What is done to a folder that holds the good area as `area.gpkg`, and what must come of reading what it gives."""

    spoil: Callable[[Path], Path]
    error: str | None = None
    counted: Mapping[str, str] = field(default_factory=dict)
    same: bool = False


def in_database(*statements: str) -> Callable[[Path], Path]:
    """Return what changes the GeoPackage as a database, its own triggers out of the way."""

    def spoil(folder: Path) -> Path:
        with closing(sqlite3.connect(folder / "area.gpkg")) as file, file:
            for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                file.execute(f'DROP TRIGGER "{name}"')
            for statement in statements:
                file.execute(statement)
        return folder / "area.gpkg"

    return spoil


def bytes_of(change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    """Return what changes the bytes of the GeoPackage."""

    def spoil(folder: Path) -> Path:
        path = folder / "area.gpkg"
        path.write_bytes(change(path.read_bytes()))
        return path

    return spoil


def _split(folder: Path) -> gpd.GeoDataFrame:
    """Leave the buildings alone in the folder, and return the streets."""
    (folder / "area.gpkg").unlink()
    good()["buildings"].to_file(folder / "buildings.gpkg", layer="buildings")
    return good()["streets"]


def geojson(change: Callable[[str], str | bytes]) -> Callable[[Path], Path]:
    """Return what puts the streets in a GeoJSON file of changed text."""

    def spoil(folder: Path) -> Path:
        path = folder / "streets.geojson"
        _split(folder).to_file(path)
        text = change(path.read_text("utf-8"))
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return folder

    return spoil


def one_street(geometry: str) -> Callable[[Path], Path]:
    """Return what puts one geometry, written as GeoJSON, beside the good street."""
    more = '{"type": "Feature", "properties": {"street_id": "s9"}, "geometry": ' + geometry + "}, "
    return geojson(lambda text: text.replace('"features": [', '"features": [' + more))


def parquet(change: Callable[[pa.Table], pa.Table]) -> Callable[[Path], Path]:
    """Return what puts the streets in a GeoParquet file, its table changed."""

    def spoil(folder: Path) -> Path:
        path = folder / "streets.parquet"
        _split(folder).to_parquet(path)
        pq.write_table(change(pq.read_table(path)), path)
        return folder

    return spoil


def parquet_bytes(change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    def spoil(folder: Path) -> Path:
        path = folder / "streets.parquet"
        _split(folder).to_parquet(path)
        path.write_bytes(change(path.read_bytes()))
        return folder

    return spoil


def geo(metadata: bytes) -> Callable[[Path], Path]:
    """Return what puts other words about the geometry in the GeoParquet file of the streets."""
    return parquet(lambda table: table.replace_schema_metadata({b"geo": metadata}))


def with_street_of(wkb: bytes) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        place = table.schema.get_field_index("geometry")
        return table.set_column(place, table.schema.field(place), pa.array([wkb], type=pa.binary()))

    return change


def shapefile(lost: str, instead: bytes | None = None) -> Callable[[Path], Path]:
    """Return what puts the streets in a Shapefile of which one of the parts is lost, or is something else."""

    def spoil(folder: Path) -> Path:
        _split(folder).rename(columns={"road_class": "class"}).to_file(folder / "streets.shp")
        part = folder / f"streets{lost}"
        part.unlink() if instead is None else part.write_bytes(instead)
        return folder

    return spoil


def link(name: str, target: Callable[[Path], Path], *, alone: bool = False) -> Callable[[Path], Path]:
    """Return what puts a symbolic link in the folder, and reads the folder, or the link alone."""

    def spoil(folder: Path) -> Path:
        (folder / name).symlink_to(target(folder))
        return folder / name if alone else folder

    return spoil


def pipe(name: str, *, alone: bool = False) -> Callable[[Path], Path]:
    def spoil(folder: Path) -> Path:
        os.mkfifo(folder / name)
        return folder / name if alone else folder

    return spoil


def written(name: str, content: bytes, *, alone: bool = True) -> Callable[[Path], Path]:
    """Return what writes a file, and reads it, or the folder with the good area beside it."""

    def spoil(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name if alone else folder

    return spoil


def folder_called(name: str, *, alone: bool) -> Callable[[Path], Path]:
    def spoil(folder: Path) -> Path:
        (folder / name).mkdir()
        return folder / name if alone else folder

    return spoil


def moved_layer(layer: str, suffix: str, name: str) -> Callable[[Path], Path]:
    """Return what writes a layer of the good area again, in another file under another name."""

    def spoil(folder: Path) -> Path:
        good()[layer].to_file(folder / f"more{suffix}", layer=name)
        return folder

    return spoil


def zip_with_a_way_out(folder: Path) -> Path:
    """Write a zip whose content would land above the folder."""
    path = folder / "area.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("../../escaped.gpkg", (folder / "area.gpkg").read_bytes())
    return path


def an_empty_database() -> bytes:
    with closing(sqlite3.connect(":memory:")) as file:
        file.execute("CREATE TABLE buildings (building_id TEXT)")
        return file.serialize()


VIEW = (
    "CREATE VIEW streets AS SELECT * FROM roads",
    """INSERT INTO gpkg_contents SELECT 'streets', data_type, 'streets', description, last_change, min_x, min_y, max_x,
        max_y, srs_id FROM gpkg_contents WHERE table_name = 'roads'""",
    """INSERT INTO gpkg_geometry_columns SELECT 'streets', column_name, geometry_type_name, srs_id, z, m
        FROM gpkg_geometry_columns WHERE table_name = 'roads'""",
)
RENAMED = (
    "ALTER TABLE streets RENAME TO roads",
    "UPDATE gpkg_contents SET table_name = 'roads', identifier = 'roads' WHERE table_name = 'streets'",
    "UPDATE gpkg_geometry_columns SET table_name = 'roads' WHERE table_name = 'streets'",
    "UPDATE gpkg_ogr_contents SET table_name = 'roads' WHERE table_name = 'streets'",
    "DELETE FROM gpkg_extensions WHERE table_name = 'streets'",
)

CODES = ["[/bold]", "[bold]", ":smile:", "a b", "a'b\"c", "%s", "#?", "../x", "\u202ex"]
"""Names of layers that a terminal, a database or a path could take for something else."""


def layer_called(name: str) -> Callable[[Path], Path]:
    """Return what gives the layer of water another name, in every table that knows it."""
    tables = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_ogr_contents", "gpkg_extensions")
    quoted = name.replace('"', '""')
    text = name.replace("'", "''")
    return in_database(
        f'ALTER TABLE water RENAME TO "{quoted}"',
        *(f"UPDATE {table} SET table_name = '{text}' WHERE table_name = 'water'" for table in tables),
    )


FILES = {
    "empty": FileCase(bytes_of(lambda _: b""), "is empty"),
    "text": FileCase(bytes_of(lambda _: b"building_id;x;y\n"), "is not a GeoPackage, whatever its name says"),
    "byte-order-mark-before-it": FileCase(bytes_of(lambda data: b"\xef\xbb\xbf" + data), "is not a GeoPackage"),
    "half": FileCase(bytes_of(lambda data: data[: len(data) // 2]), "is cut off"),
    "no-layers": FileCase(bytes_of(lambda _: an_empty_database()), "cannot be opened"),
    "contents-gone": FileCase(in_database("DROP TABLE gpkg_contents"), "cannot be opened"),
    "nothing-said-of-layers": FileCase(in_database("DELETE FROM gpkg_contents"), "no coordinate reference system"),
    "crs-not-there": FileCase(
        in_database("DELETE FROM gpkg_spatial_ref_sys WHERE srs_id = 28992"), "no coordinate reference system"
    ),
    "layer-without-rows": FileCase(in_database("DELETE FROM streets"), "layer `streets`: has no rows"),
    "trigger": FileCase(
        in_database("CREATE TRIGGER stop BEFORE INSERT ON streets BEGIN SELECT RAISE(ABORT, 'no'); END"), same=True
    ),
    "layer-that-is-a-view": FileCase(
        in_database(*RENAMED, *VIEW), None, {"ignored.roads": "layer is not part of an area", "read.streets": "1"}
    ),
    "view-of-nothing": FileCase(
        in_database(*RENAMED, *VIEW, "DROP VIEW streets", "CREATE VIEW streets AS SELECT * FROM nowhere"),
        "area.gpkg",
    ),
    "geometry-that-is-none": FileCase(
        in_database("UPDATE parcels SET geom = x'4750000120710000' || x'0102'"),
        None,
        {"left_out.parcels.no_geometry": "4"},
    ),
    "geometry-that-is-text": FileCase(
        in_database("UPDATE parcels SET geom = 'POINT (1 2)'"), None, {"left_out.parcels.no_geometry": "4"}
    ),
    "text-in-latin-1": FileCase(
        in_database("UPDATE streets SET name = CAST(x'446f727073737472e46174' AS TEXT)"), "holds text that is not UTF-8"
    ),
    "text-in-a-number": FileCase(
        in_database("UPDATE loops SET depth_m = 'diep'"), "layer `loops`: 1 rows hold text in `depth_m`"
    ),
    "decimal-comma-in-a-number": FileCase(
        in_database("UPDATE loops SET depth_m = '150,5'"), "layer `loops`: 1 rows hold text in `depth_m`"
    ),
    "layers-that-differ-by-case": FileCase(
        moved_layer("water", ".gpkg", "Water"), None, {"ignored.Water": "layer is not part of an area"}
    ),
    "layer-twice": FileCase(moved_layer("water", ".gpkg", "water"), "stands in area.gpkg and in more.gpkg"),
    "folder-called-gpkg": FileCase(folder_called("x.gpkg", alone=True), "holds no file of a known kind"),
    "folder-called-gpkg-beside": FileCase(
        folder_called("x.gpkg", alone=False), None, {"ignored.x.gpkg": "is no plain file"}
    ),
    "pipe": FileCase(pipe("x.gpkg", alone=True), "is no plain file"),
    "pipe-beside": FileCase(pipe("x.gpkg"), None, {"ignored.x.gpkg": "is no plain file"}),
    "dev-zero": FileCase(link("x.gpkg", lambda _: Path("/dev/zero"), alone=True), "is no plain file"),
    "dev-zero-beside": FileCase(
        link("x.gpkg", lambda _: Path("/dev/zero")), None, {"ignored.x.gpkg": "is no plain file"}
    ),
    "link-to-itself": FileCase(link("x.gpkg", lambda folder: folder / "x.gpkg", alone=True), "no such file"),
    "link-to-its-folder": FileCase(link("loop", lambda folder: folder), same=True),
    "link-to-a-secret": FileCase(
        link("x.geojson", lambda _: Path("/etc/passwd")), "x.geojson: is not what its name says"
    ),
    "link-to-nothing": FileCase(
        link("x.gpkg", lambda folder: folder / "gone"), None, {"ignored.x.gpkg": "is no plain file"}
    ),
    "zip-with-a-way-out": FileCase(zip_with_a_way_out, "is not one of"),
    "zip-called-gpkg": FileCase(written("x.gpkg", b"PK\x03\x04" + b"\x00" * 100), "is not a GeoPackage"),
    "table-beside": FileCase(
        written("addresses.csv", b"address_id;x;y\r\n1;2;3\r\n", alone=False),
        None,
        {"ignored.addresses.csv": "a table has no place on the map: make it a GeoPackage"},
    ),
    "table-alone": FileCase(written("addresses.csv", "straat;é\r\n".encode("latin-1")), "is not one of"),
    "name-with-nul": FileCase(lambda folder: folder / "a\x00b.gpkg", "no such file"),
    "name-with-new-line": FileCase(lambda folder: folder / "a\nb.gpkg", "no such file"),
    "name-without-end": FileCase(lambda folder: folder / ("x" * 5000 + ".gpkg"), "cannot be opened"),
    "name-of-a-service": FileCase(lambda _: Path("/vsicurl/http://localhost/x.gpkg"), "no such file"),
    "geojson-byte-order-mark": FileCase(
        geojson(lambda text: b"\xef\xbb\xbf" + text.encode()), None, {"read.streets": "1"}
    ),
    "geojson-latin-1": FileCase(
        geojson(lambda text: text.replace("Dorps", "Dörps").encode("latin-1")), "holds text that is not UTF-8"
    ),
    "geojson-utf-16": FileCase(geojson(lambda text: text.encode("utf-16")), "is not what its name says"),
    "geojson-empty": FileCase(geojson(lambda _: ""), "streets.geojson: is empty"),
    "geojson-half": FileCase(geojson(lambda text: text[: len(text) // 2]), "cannot be opened"),
    "geojson-page-of-an-error": FileCase(geojson(lambda _: "<html>404</html>"), "is not what its name says"),
    "geojson-list": FileCase(geojson(lambda _: "[]"), "is not what its name says"),
    "geojson-nested-without-end": FileCase(geojson(lambda _: "[" * 100_000), "is not what its name says"),
    "geojson-without-features": FileCase(
        geojson(lambda _: '{"type": "FeatureCollection", "features": []}'), "layer `streets`: has no rows"
    ),
    "geojson-without-crs": FileCase(geojson(lambda text: text.replace('"crs"', '"no_crs"')), "is in degrees"),
    "geojson-nan": FileCase(geojson(lambda text: text.replace("140070.0", "NaN")), "1 coordinates_not_finite"),
    "geojson-surrogate": FileCase(
        geojson(lambda text: text.replace("Dorps", "Dorps\\ud800")), None, {"read.streets": "1"}
    ),
    "geojson-nested-values": FileCase(
        geojson(lambda text: text.replace('"Dorpsstraat"', '{"a": [1, {"b": null}]}')),
        None,
        {"repaired.streets.not_a_text_in_name": "1"},
    ),
    "geojson-ring-that-is-open": FileCase(
        one_street('{"type": "Polygon", "coordinates": [[[140000, 455000], [140010, 455000], [140010, 455010]]]}'),
        None,
        {"left_out.streets.no_geometry": "1"},
    ),
    "geojson-line-of-one-point": FileCase(
        one_street('{"type": "LineString", "coordinates": [[140000, 455000]]}'),
        None,
        {"left_out.streets.no_geometry": "1"},
    ),
    "parquet-without-geo": FileCase(parquet(lambda table: table.replace_schema_metadata({})), "cannot be read"),
    "parquet-geo-that-is-no-json": FileCase(geo(b"{"), "cannot be read"),
    "parquet-geo-without-version": FileCase(geo(b'{"primary_column": "x", "columns": {}}'), "cannot be read"),
    "parquet-unknown-crs": FileCase(
        geo(
            b'{"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", '
            b'"geometry_types": [], "crs": "nonsense"}}}'
        ),
        "cannot be read",
    ),
    "parquet-geometry-that-is-none": FileCase(parquet(with_street_of(b"\x01\x02")), "cannot be read"),
    "parquet-without-rows": FileCase(parquet(lambda table: table.slice(0, 0)), "layer `streets`: has no rows"),
    "parquet-empty": FileCase(parquet_bytes(lambda _: b""), "cannot be read"),
    "parquet-half": FileCase(parquet_bytes(lambda data: data[: len(data) // 2]), "cannot be read"),
    "parquet-junk": FileCase(parquet_bytes(lambda _: b"PAR1" + b"\xff" * 100 + b"PAR1"), "cannot be read"),
    "shapefile-without-index": FileCase(shapefile(".shx"), "cannot be opened"),
    "shapefile-broken-index": FileCase(shapefile(".shx", b"\xff" * 50), "cannot be opened"),
    "shapefile-without-table": FileCase(shapefile(".dbf"), "column `street_id` is missing"),
    "shapefile-without-crs": FileCase(shapefile(".prj"), "no coordinate reference system"),
    "shapefile-unknown-encoding": FileCase(shapefile(".cpg", b"NONSENSE"), None, {"read.streets": "1"}),
}
"""Every broken file by name."""


# --- at random --------------------------------------------------------------------------------------------------------

CELLS = [
    None,
    np.nan,
    np.inf,
    -1,
    0,
    1.5,
    1e308,
    10**30,
    "veel",
    "1.250,5",
    True,
    b"\xff",
    [1],
    {"a": 1},
    datetime(1975, 1, 1, tzinfo=UTC),
    date(1975, 1, 1),
    1 + 2j,
    Decimal("NaN"),
    "\x00",
    "\ud800",
    "\u200f",
    "../A",
    "A",
    LONG,
]
SHAPES = [
    None,
    Polygon(),
    LineString(),
    Point(0, 0),
    LineString([(0, 0), (0, 0)]),
    LineString([(0, 0), (30, 5)]),
    Polygon([(0, 0), (9, 9), (9, 0), (0, 9)]),
    Polygon([(0, 0), (9, 0), (0, 0)]),
    Polygon(SQUARE, [[(50, 20), (52, 20), (52, 22), (50, 22)]]),
    box(0, 0, 30, 30),
    box(1e9, 1e9, 2e9, 2e9),
    box(0, 0, 1e300, 1),
    box(0, 0, 4000, 4000),
    shapely.MultiPolygon([box(0, 5, 5, 10), box(20, 5, 25, 10)]),
    shapely.MultiPoint([(0, 0), (30, 30)]),
    shapely.GeometryCollection([box(0, 0, 5, 5), Point(0, 0)]),
    line_with_nan(),
]


def _with(frame: gpd.GeoDataFrame, column: str, row: int, value: object) -> gpd.GeoDataFrame:
    cells = list(frame[column]) if column in frame else [None] * len(frame)
    cells[row] = value
    return frame.assign(**{column: pd.Series(cells, frame.index, "object")})


def _placed(frame: gpd.GeoDataFrame, row: int, one: object) -> gpd.GeoDataFrame:
    shapes = list(frame.geometry)
    with np.errstate(all="ignore"):
        shapes[row] = None if one is None else moved(one)
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))


@st.composite
def breakages(draw: st.DrawFn) -> Spoil:
    """Draw one thing that goes wrong with one layer: a cell, a shape, a row, a column, the order, the CRS, all of it."""
    name = draw(st.sampled_from(list(good())))
    columns = [column.name for column in AREA_TABLES[name].columns]
    row, column = draw(st.integers(0, 4)), draw(st.sampled_from(columns))
    cell, one = draw(st.sampled_from(CELLS)), draw(st.sampled_from(SHAPES))
    ways: dict[str, Callable[[gpd.GeoDataFrame], object]] = {
        "cell": lambda f: _with(f, column, row % len(f), cell),
        "shape": lambda f: _placed(f, row % len(f), one),
        "row twice": lambda f: gpd.GeoDataFrame(pd.concat([f, f.iloc[[row % len(f)]]]), crs=f.crs),
        "row gone": lambda f: f.drop(index=f.index[row % len(f)]),
        "column gone": lambda f: f.drop(columns=[column], errors="ignore"),
        "column in capitals": lambda f: f.rename(columns={column: column.upper()}),
        "other order": lambda f: f.sample(frac=1, random_state=row),
        "other crs": lambda f: f.to_crs(32631),
        "no crs": lambda f: f.set_crs(None, allow_override=True),
        "no geometry": lambda f: pd.DataFrame(f.drop(columns=f.geometry.name)),
    }
    # most of the time one cell or shape: what is wrong with a layer as a whole is refused at once
    way = draw(st.sampled_from([*["cell", "shape"] * 5, *ways]))

    def spoil(frames: Frames) -> Frames:
        frame = frames[name]
        usable = len(frame) and isinstance(frame, gpd.GeoDataFrame) and (frame.crs is not None or "crs" not in way)
        return {**frames, name: ways[way](frame)} if usable else frames

    spoil.__qualname__ = f"{name}: {way} ({column}, {row}, {str(cell)[:20]!r}, {str(one)[:60]})"
    return spoil
