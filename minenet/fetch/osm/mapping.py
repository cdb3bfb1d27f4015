"""Maps what OpenStreetMap knows of a place to the tables of an area.

OpenStreetMap says what is there, seldom whose it is: ground is of unknown ownership unless a tag is clear. What has no
tag is not known, with one exception: by its own convention a way that does not say `bridge` or `tunnel` is neither.

References
----------
.. [1] OpenStreetMap wiki, Map features: highway, railway, waterway, natural, landuse, leisure, barrier.
"""

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from minenet.fetch.carriers import Mapped, counted
from minenet.fetch.osm.dwellings import map_dwellings
from minenet.fetch.osm.tags import length_of, said, tag
from minenet.fetch.window import Window
from minenet.tables import shapes_of

__all__ = ["map_osm"]

NO_STREET = (
    "abandoned",
    "bus_stop",
    "construction",
    "corridor",
    "demolished",
    "disused",
    "elevator",
    "emergency_bay",
    "no",
    "planned",
    "platform",
    "proposed",
    "raceway",
    "razed",
    "rest_area",
    "services",
    "via_ferrata",
)
"""Values of `highway` that are no street along which a trench may lie."""

TRACKS = ("rail", "light_rail", "narrow_gauge", "subway")
"""Values of `railway` that no trench crosses where they lie above ground."""

BROAD, NARROW = ("river", "canal", "tidal_channel"), ("ditch", "drain", "stream")
"""Values of `waterway` that are water."""

WIDEST_M = 2000.0
"""A waterway that is said to be wider was measured in something else than metres."""

COVER = {
    "park": "green",
    "playground": "playground",
    "garden": "yard",
    "parking": "parking",
    "grass": "grass",
    "village_green": "grass",
    "meadow": "grass",
    "grassland": "grass",
    "recreation_ground": "green",
    "forest": "wood",
    "wood": "wood",
    "scrub": "green",
}
"""Words for cover by value of `leisure`, `amenity`, `landuse` or `natural`."""

SILENT = ("residential", "commercial", "industrial", "retail", "construction")
"""Values of `landuse` that say what happens around, not what covers the ground or whose it is."""

LINES = {"wall": "wall", "retaining_wall": "wall", "city_wall": "wall", "fence": "fence", "hedge": "hedge"}
"""Obstacles by value of `barrier`."""


def map_osm(features: gpd.GeoDataFrame, window: Window) -> dict[str, Mapped]:
    """Return the tables of an area, of what OpenStreetMap says of a window and the strip around it.

    Parameters
    ----------
    features : GeoDataFrame
        Features in the CRS of the window: `osm_type` (node, way or relation), `osm_id` and a column per tag.
    window : Window
        Where homes are looked for.

    Returns
    -------
    dict of str to Mapped
        `buildings`, `addresses`, `streets`, `barriers`, `water`, `land` and `obstacles`. Identifiers are as
        `way/123`. What is left out, inferred or not known is counted.
    """
    features, counts = _in_order(features)
    tables = map_dwellings(features, window)
    near = window.near(features)
    rows = gpd.GeoDataFrame(features[near].reset_index(drop=True), crs=window.crs)
    readers: dict[str, Callable[[gpd.GeoDataFrame], Mapped]] = {
        "streets": _streets,
        "barriers": _barriers,
        "water": _water,
        "land": _land,
    }
    tables |= {name: read(rows) for name, read in readers.items()}
    tables["obstacles"] = _joined(tables["obstacles"], _obstacles(rows))
    tables["buildings"] = Mapped(tables["buildings"].frame, dict(tables["buildings"].counts) | counts)
    return tables


def _in_order(features: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Return features with a geometry, each once, by type and number, with `osm_id` as `way/123`; mended shapes."""
    shapes = shapes_of(features)
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    rows = features[there]
    number = rows["osm_id"].astype("str")
    rows = rows.assign(osm_id=rows["osm_type"].astype("str") + "/" + number, _size=number.str.len())
    rows = rows.sort_values(["osm_type", "_size", "osm_id"], kind="stable").drop(columns="_size")
    once = rows[~rows["osm_id"].duplicated()].reset_index(drop=True)
    shapes = shapely.force_2d(shapes_of(once))
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    whole = ~shapely.is_empty(shapes)
    mended = gpd.GeoDataFrame(once.assign(geometry=shapes)[whole].reset_index(drop=True), crs=features.crs)
    counts = counted(
        left_out__features_without_geometry=(~there).sum() + (~whole).sum(),
        left_out__same_feature_twice=len(rows) - len(once),
        repaired__feature_shapes=(broken & whole).sum(),
    )
    return mended, counts


def _joined(one: Mapped, other: Mapped) -> Mapped:
    parts = [m.frame for m in (one, other) if len(m.frame)]
    frame = pd.concat(parts, ignore_index=True) if parts else one.frame
    return Mapped(gpd.GeoDataFrame(frame, geometry="geometry", crs=one.frame.crs), {**one.counts, **other.counts})


def _lines(rows: gpd.GeoDataFrame) -> np.ndarray:
    return np.asarray(shapely.get_dimensions(shapes_of(rows)) == 1)


def _areas(rows: gpd.GeoDataFrame) -> np.ndarray:
    return np.asarray(shapely.get_dimensions(shapes_of(rows)) == 2)


def _below(rows: gpd.GeoDataFrame) -> np.ndarray:
    """Return what lies below ground: in a tunnel or culvert, or said to be underground."""
    hidden = said(tag(rows, "tunnel"), "building_passage") | tag(rows, "location").eq("underground").fillna(value=False)
    return hidden.to_numpy(dtype=bool)


def _streets(rows: gpd.GeoDataFrame) -> Mapped:
    """Return centre lines of streets and paths; areas have none."""
    kind = tag(rows, "highway").str.casefold()
    rows = gpd.GeoDataFrame(rows.assign(kind=kind)[kind.notna().to_numpy() & (_areas(rows) | _lines(rows))])
    area = _areas(rows) | said(tag(rows, "area")).to_numpy()
    indoor = said(tag(rows, "indoor")).to_numpy()
    wrong = rows["kind"].isin(NO_STREET).to_numpy(dtype=bool)
    kept = ~area & ~indoor & ~wrong
    passage = tag(rows, "tunnel").eq("building_passage").fillna(value=False)
    level = tag(rows, "layer").str.extract(r"^([+-]?[0-9]{1,2})$")[0]
    table = gpd.GeoDataFrame(
        {
            "street_id": rows["osm_id"],
            "name": tag(rows, "name"),
            "road_class": rows["kind"],
            "bridge": said(tag(rows, "bridge")),
            "tunnel": said(tag(rows, "tunnel"), "building_passage"),
            "layer": pd.to_numeric(level).astype("Int64"),
        },
        geometry=rows.geometry,
        crs=rows.crs,
    )
    counts = counted(
        left_out__street_area=(area & ~wrong).sum(),
        left_out__indoor=(indoor & ~area & ~wrong).sum(),
        left_out__not_a_street=wrong.sum(),
        inferred__building_passage_at_ground_level=(passage & kept).sum(),
        unknown__street_name=(table["name"].isna() & kept).sum(),
    )
    return Mapped(table[kept].reset_index(drop=True), counts)


def _barriers(rows: gpd.GeoDataFrame) -> Mapped:
    """Return railways above ground, and waterways of unknown width."""
    line, below = _lines(rows), _below(rows)
    railway = tag(rows, "railway").str.casefold()
    track = line & railway.isin(TRACKS).to_numpy(dtype=bool)
    tram = line & railway.eq("tram").fillna(value=False).to_numpy(dtype=bool)
    flowing, width = _waterways(rows)
    stream = flowing & ~below & np.isnan(width)
    kept = (track & ~below) | stream
    kind = pd.Series(np.where(track, "railway", "waterway")[kept], dtype="str")
    counts = counted(
        left_out__tram_in_the_street=tram.sum(),
        left_out__railway_below_ground=(track & below).sum(),
        unknown__waterway_width=stream.sum(),
    )
    return Mapped(gpd.GeoDataFrame({"kind": kind}, geometry=shapes_of(rows)[kept], crs=rows.crs), counts)


def _waterways(rows: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return which rows are lines of water, and how wide they are [m], nan where that is not known."""
    flowing = _lines(rows) & tag(rows, "waterway").isin((*BROAD, *NARROW)).to_numpy(dtype=bool)
    width = length_of(tag(rows, "width")).to_numpy(dtype=float)
    return flowing, np.where((width > 0) & (width <= WIDEST_M), width, np.nan)


def _water(rows: gpd.GeoDataFrame) -> Mapped:
    """Return open water: areas, and waterways as wide as they are said to be."""
    below, area = _below(rows), _areas(rows)
    natural, waterway, landuse = (tag(rows, key) for key in ("natural", "waterway", "landuse"))
    wet = (natural == "water") | waterway.isin(("riverbank", "dock")) | landuse.isin(("reservoir", "basin"))
    still = area & wet.fillna(value=False).to_numpy(dtype=bool)
    flowing, width = _waterways(rows)
    wide = flowing & ~np.isnan(width)
    kept = (still | wide) & ~below
    kind = tag(rows, "water").fillna(waterway).fillna(natural).fillna(landuse)
    shapes = shapes_of(rows).copy()
    shapes[wide] = shapely.buffer(shapes[wide], width[wide] / 2, cap_style="flat")
    table = gpd.GeoDataFrame({"name": tag(rows, "name"), "water_class": kind}, geometry=shapes, crs=rows.crs)
    counts = counted(
        left_out__water_below_ground=int(((still | flowing) & below).sum()),
        inferred__water_from_width=(wide & ~below).sum(),
        unknown__side_of_coastline=((natural == "coastline").fillna(value=False).to_numpy(dtype=bool)).sum(),
    )
    return Mapped(table[kept].reset_index(drop=True), counts)


def _land(rows: gpd.GeoDataFrame) -> Mapped:
    """Return ground with its cover, and with its owner where a tag is clear."""
    access, leisure, highway = (tag(rows, key) for key in ("access", "leisure", "highway"))
    amenity = tag(rows, "amenity").where(lambda v: v == "parking")
    paved = highway.where(~highway.isin(NO_STREET))
    ground = (
        leisure.where(leisure.isin(COVER)).fillna(amenity).fillna(tag(rows, "landuse")).fillna(tag(rows, "natural"))
    )
    cover = ground.map(COVER).mask(paved.notna(), "road").mask(paved.isin(("pedestrian", "footway")), "footway")
    areal = _areas(rows) & ~said(tag(rows, "building")).to_numpy() & ~_below(rows)
    areal &= (
        ~said(tag(rows, "indoor")).to_numpy() & ~tag(rows, "parking").isin(("underground", "multi-storey")).to_numpy()
    )
    closed = access.eq("private").fillna(value=False)
    public = (leisure.isin(("park", "playground")) | paved.isin(("pedestrian", "footway"))) & ~closed
    private = closed & (leisure.isin(("park", "playground", "garden")) | amenity.notna())
    owner = pd.Series(None, index=rows.index, dtype="str").mask(public, "public").mask(private, "private")
    table = gpd.GeoDataFrame({"ownership": owner, "cover": cover}, geometry=rows.geometry, crs=rows.crs)
    kept = areal & cover.notna().to_numpy()
    silent = areal & ~kept & tag(rows, "landuse").notna().to_numpy()
    homes = silent & tag(rows, "landuse").eq("residential").fillna(value=False).to_numpy(dtype=bool)
    counts = counted(
        left_out__landuse_residential=homes.sum(),
        left_out__landuse_that_says_no_cover=(silent & ~homes).sum(),
        inferred__ownership_from_use=(owner.notna() & kept).sum(),
        unknown__ownership=(owner.isna() & kept).sum(),
    )
    return Mapped(table[kept].reset_index(drop=True), counts)


def _obstacles(rows: gpd.GeoDataFrame) -> Mapped:
    """Return trees, walls, hedges, pipes and cables; a wall that goes round is a line, not the ground within it."""
    dimension = shapely.get_dimensions(shapes_of(rows))
    kind = tag(rows, "barrier").map(LINES).where(dimension > 0)
    kind = kind.mask((tag(rows, "man_made") == "pipeline").fillna(value=False) & (dimension == 1), "pipe")
    kind = kind.mask((tag(rows, "power") == "cable").fillna(value=False) & (dimension == 1), "cable")
    kind = kind.mask((tag(rows, "natural") == "tree").fillna(value=False) & (dimension == 0), "tree")
    kind = kind.mask((tag(rows, "natural") == "tree_row").fillna(value=False) & (dimension == 1), "tree")
    shapes = shapes_of(rows).copy()
    round_ = (dimension == 2) & ~said(tag(rows, "area")).to_numpy()
    shapes[round_] = shapely.boundary(shapes[round_])
    kept = kind.notna().to_numpy()
    table = gpd.GeoDataFrame({"kind": kind[kept].to_numpy()}, geometry=shapes[kept], crs=rows.crs)
    return Mapped(table.astype({"kind": "str"}), counted(inferred__wall_around_an_area=(round_ & kept).sum()))
