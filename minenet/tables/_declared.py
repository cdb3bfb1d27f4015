"""The layers of an area and of a result, declared as data: columns, types, units, bounds, meaning."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS

__all__ = [
    "AREA_TABLES",
    "MAIN_ROADS",
    "NEEDED_LAYERS",
    "REFERENCES",
    "RESULT_TABLES",
    "VARIANTS",
    "Column",
    "Table",
    "empty",
    "shapes_of",
    "single_parts",
    "typed",
]

Kind = Literal["text", "whole", "number", "truth"]

DTYPES: dict[Kind, str] = {"text": "str", "whole": "Int64", "number": "float64", "truth": "boolean"}

VARIANTS = ("shared_loops", "ring_net", "ring_net_collective", "ring_net_aquathermal")
"""Ways to build a mini heat network, in the order in which ties are decided."""

REFERENCES = ("gas_boiler", "air_heat_pump", "own_loops")
"""What every variant is compared with, home by home."""


@dataclass(frozen=True)
class Column:
    """One column: its name (ending in its unit), kind and meaning.

    `minimum` and `maximum` bound numbers; `values` lists the words a text column may hold (None = any).
    """

    name: str
    kind: Kind
    about: str
    needed: bool = False
    values: tuple[str, ...] | None = None
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Table:
    """One layer: its name, the geometry it accepts (None = none, empty = any) and its columns."""

    name: str
    geometry: tuple[str, ...] | None
    about: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> str | None:
        """Name of the identifying column, when the table has one."""
        return next((c.name for c in self.columns if c.needed and c.name.endswith("_id")), None)

    @property
    def column(self) -> Mapping[str, Column]:
        """Columns by name."""
        return {c.name: c for c in self.columns}


POLYGON = ("Polygon", "MultiPolygon")
LINE = ("LineString", "MultiLineString")
POINT = ("Point", "MultiPoint")
ANY = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")

MAIN_ROADS = ("motorway", "trunk", "primary")
"""OSM road classes that a trench never crosses; a `_link` counts as its parent."""


def _text(name: str, about: str, values: tuple[str, ...] | None = None, *, needed: bool = False) -> Column:
    return Column(name, "text", about, needed, values)


def _whole(
    name: str, about: str, minimum: float | None = 0, maximum: float | None = None, *, needed: bool = False
) -> Column:
    return Column(name, "whole", about, needed, None, minimum, maximum)


def _number(
    name: str, about: str, minimum: float | None = 0, maximum: float | None = None, *, needed: bool = False
) -> Column:
    return Column(name, "number", about, needed, None, minimum, maximum)


def _truth(name: str, about: str) -> Column:
    return Column(name, "truth", about)


MOST_DWELLINGS = 20_000
"""More dwellings than this in one building are a mistake in the data."""

USES = ("residential", "other")
OUTCOMES = ("ok", "attention", "blocked", "unknown")
VERDICTS = ("promising", "investigate", "excluded")
HOME_TYPES = ("terraced_middle", "terraced_end", "semi_detached", "detached", "apartment")
ALL_VARIANTS = VARIANTS + REFERENCES

AREA_TABLES: Mapping[str, Table] = {
    t.name: t
    for t in (
        Table(
            "buildings",
            POLYGON,
            "Building footprints, sheds and garages included.",
            (
                _text("building_id", "Identifier, a text: a BAG id keeps its leading zeros.", needed=True),
                _whole("dwellings", "Number of dwellings in the building.", 0, MOST_DWELLINGS),
                _text("use", "What the building is used for.", USES),
                _whole("year_built", "Year of construction.", None),
                _number("floor_area_m2", "Floor area of all dwellings together."),
                _number("storeys", "Number of storeys."),
                _text("energy_label", "Energy label (A to G, with pluses)."),
                _number("gas_m3", "Measured gas use per dwelling and year."),
                _number("heat_kwh", "Known heat demand per dwelling and year."),
            ),
        ),
        Table(
            "addresses",
            POINT,
            "Addresses of dwelling units; they outrank `buildings.dwellings`.",
            (
                _text("address_id", "Identifier, a text.", needed=True),
                _text("building_id", "Building that the address lies in."),
                _whole("dwellings", "Number of dwellings at the address (1 when absent).", 0, MOST_DWELLINGS),
                _text("street", "Street name."),
                _text("house_number", "House number with letter and addition."),
                _text("postcode", "Postcode."),
                _text("city", "Town."),
                _text("use", "What the unit is used for.", USES),
                _number("floor_area_m2", "Floor area of the unit."),
                _number("gas_m3", "Measured gas use per dwelling and year."),
                _text("answer", "Does the household join?", ("yes", "no")),
            ),
        ),
        Table(
            "streets",
            LINE,
            "Centre lines of streets and paths, along which a trench may lie.",
            (
                _text("street_id", "Identifier, a text.", needed=True),
                _text("name", "Street name."),
                _text("road_class", "OSM `highway` value; a `_link` counts as its parent."),
                _truth("bridge", "Lies on a bridge."),
                _truth("tunnel", "Lies in a tunnel."),
                _whole("layer", "Level relative to the ground (OSM `layer`).", None),
            ),
        ),
        Table(
            "barriers",
            (*LINE, *POLYGON),
            "What no trench crosses.",
            (_text("kind", "Railway, own line, ...", needed=True),),
        ),
        Table(
            "land",
            POLYGON,
            "Who owns the ground, and what covers it.",
            (
                _text("ownership", "Public or private ground.", ("public", "private"), needed=True),
                _text("cover", "Road, footway, parking, green, yard, ..."),
            ),
        ),
        Table(
            "parcels",
            POLYGON,
            "Cadastral parcels: the own plot of a home.",
            (_text("parcel_id", "Identifier, a text.", needed=True),),
        ),
        Table(
            "water", POLYGON, "Open water.", (_text("name", "Name."), _text("water_class", "Canal, ditch, lake, ..."))
        ),
        Table(
            "obstacles",
            ANY,
            "Things that drilling keeps away from.",
            (
                _text("kind", "Tree, wall, sewer, cable, ...", needed=True),
                _number("clearance_m", "Distance to keep; the assumption of its kind when absent."),
            ),
        ),
        Table(
            "zones",
            POLYGON,
            "Where a rule or a plan holds.",
            (
                _text("kind", "Groundwater protection, no-drilling zone, planned heat network, ...", needed=True),
                _text(
                    "effect",
                    "What the zone does.",
                    ("ban", "max_depth", "permit", "notice", "heat_network", "support"),
                    needed=True,
                ),
                _number("value", "Depth in m for `max_depth`; otherwise as the source says.", None),
                _text("name", "Name of the zone."),
                _text("source", "Document or register."),
                _text("date", "Date of the source."),
            ),
        ),
        Table(
            "loops",
            POINT,
            "Registered ground loops of others.",
            (
                _text("loop_id", "Identifier, a text.", needed=True),
                _number("depth_m", "End depth."),
                _number("heat_kwh", "Net heat taken from the ground per year."),
                _text("source", "Register."),
            ),
        ),
        Table(
            "ground",
            POLYGON,
            "Layers of the ground; a row without geometry holds everywhere.",
            (
                _number("top_m", "Top of the layer below ground level.", needed=True),
                _number("bottom_m", "Bottom of the layer below ground level.", needed=True),
                _number("conductivity_w_mk", "Thermal conductivity.", 0.1, 10.0, needed=True),
                _text("source", "Document or model."),
            ),
        ),
    )
}
"""Layers of an area. Only `buildings` and `streets` are needed; what is absent is reported as not checked."""

NEEDED_LAYERS = ("buildings", "streets")

_VARIANT = _text("variant", "Way to build the network, or a reference.", ALL_VARIANTS, needed=True)
_CLUSTER = _text("cluster_id", "Cluster.", needed=True)

RESULT_TABLES: Mapping[str, Table] = {
    t.name: t
    for t in (
        Table(
            "homes",
            POINT,
            "One row per dwelling read.",
            (
                _text("home_id", "Identifier, from the address or the building.", needed=True),
                _text("building_id", "Building the dwelling lies in."),
                _text("address", "Street and house number."),
                _text("home_type", "Type of dwelling, from the shared walls of the footprints.", HOME_TYPES),
                _number("gas_m3", "Gas use per year (measured, else from the sourced table)."),
                _number("heat_kwh", "Heat demand per year for rooms and hot water."),
                _number("peak_kw", "Heat power on the coldest day."),
                _text("demand_source", "Where the demand comes from.", ("known", "measured", "table")),
                _text("cluster_id", "Cluster; null when left out."),
                _text("left_out_reason", "Why the home is in no cluster; null when it is in one."),
                _truth("own_loop_possible", "An own loop fits on the own plot; null when not known."),
            ),
        ),
        Table(
            "clusters",
            POLYGON,
            "Candidates of 2-50 homes.",
            (
                _CLUSTER,
                _text("name", "Name from the addresses."),
                _whole("homes", "Number of homes.", 2),
                _number("heat_kwh", "Heat demand of all homes per year."),
                _number("peak_kw", "Peak of all homes together, after simultaneity."),
                _number("heat_density_kwh_m2", "Heat taken from the ground per year and m2 of cluster."),
                _text("verdict", "Outcome for the planner.", VERDICTS),
                _text("reasons", "Machine codes of the reasons, separated by `;`."),
                _text("best_variant", "Variant with the lowest annual cost among those that can be built.", VARIANTS),
                _number("capex_eur_per_home", "Investment of the best variant."),
                _number("annual_eur_per_home", "Annual cost of the best variant.", None),
                _number("annual_low_eur_per_home", "P10 of the annual cost of the best variant.", None),
                _number("annual_high_eur_per_home", "P90 of the annual cost of the best variant.", None),
                _number("gas_eur_per_home", "Annual cost of gas boilers.", None),
                _number("air_eur_per_home", "Annual cost of air heat pumps.", None),
                _number("own_loop_eur_per_home", "Annual cost of heat pumps on own loops.", None),
                _whole("own_loop_homes", "How many homes can have a loop of their own."),
                _whole("break_even_homes", "Fewest homes that join for the net to cost no more than gas."),
                _whole("rank", "Rank among the clusters, 1 is best."),
            ),
        ),
        Table(
            "solutions",
            None,
            "One row per cluster and variant, references included.",
            (
                _CLUSTER,
                _VARIANT,
                _truth("feasible", "Can be built as far as the data shows."),
                _text("reason", "Why not."),
                _whole("homes_possible", "Homes that loops of this kind can serve, by ground, clearance and spacing."),
                _whole("homes_within_cooling", "The same when no loop may be cooled beyond the limit by the others."),
                _whole("boreholes", "Number of boreholes."),
                _number("borehole_m", "Metres drilled in all."),
                _number("depth_m", "Mean depth per borehole."),
                _number("trench_m", "Length of all trenches."),
                _number("pipe_m", "Length of all pipes in them."),
                _number("public_trench_m", "Trench in public ground."),
                _number("cooling_within_k", "Most that loops of the same cluster cool each other, after 25 years."),
                _number("cooling_by_clusters_k", "Most that other clusters cool it, if all were built this way."),
                _number("cooling_by_registered_k", "Most that registered loops cool it."),
                _number("cooling_at_registered_k", "Most that it cools a registered loop."),
                _number("regeneration_kwh", "Heat a year, given back, that keeps all of these within the limit."),
                _number("network_gap", "Certified distance to the shortest network; null when not certified."),
                _number("capex_eur", "Investment."),
                _number("capex_eur_per_home", "Investment per home."),
                _number("annual_eur_per_home", "Annual cost per home.", None),
                _number("annual_p50_eur_per_home", "Median of the annual cost per home.", None),
                _number("annual_low_eur_per_home", "P10 of the annual cost per home.", None),
                _number("annual_high_eur_per_home", "P90 of the annual cost per home.", None),
            ),
        ),
        Table(
            "boreholes",
            POINT,
            "Placed boreholes.",
            (
                _text("borehole_id", "Identifier.", needed=True),
                _CLUSTER,
                _VARIANT,
                _number("depth_m", "Depth."),
                _text("ownership", "Whose ground it stands in.", ("own", "neighbour", "public", "unknown")),
                _text(
                    "access",
                    "Largest rig that reaches it, as far as the map shows.",
                    ("truck", "mini", "crane", "unknown"),
                ),
                _number("annual_kwh", "Heat it takes from the ground per year."),
                _number("peak_kw", "Heat it takes from the ground at peak."),
                _text("probe", "Tubes in the borehole."),
                _number("probe_loss_kpa", "Pressure loss in the tubes at peak."),
                _whole("homes_served", "Homes on this borehole; all homes of the ring in a ring net."),
                _number("nearest_m", "Distance to the nearest other borehole of the variant or registered loop."),
                _number("cooling_within_k", "Cooling of the ground here by loops of the same cluster."),
                _number("cooling_by_clusters_k", "Cooling by other clusters, if all were built this way."),
                _number("cooling_by_registered_k", "Cooling by registered loops."),
                _number("neighbour_cooling_k", "Cooling of the ground here by all other systems: the sum of these."),
            ),
        ),
        Table(
            "connections",
            None,
            "How each home hangs on the network.",
            (
                _CLUSTER,
                _VARIANT,
                _text("home_id", "Home.", needed=True),
                _text("borehole_id", "Borehole; null in a ring net."),
                _text("pipe_id", "Service pipe or lateral of the home."),
            ),
        ),
        Table(
            "pipes",
            LINE,
            "Pipe runs.",
            (
                _text("pipe_id", "Identifier.", needed=True),
                _CLUSTER,
                _VARIANT,
                _text("kind", "Part of the network.", ("ring", "branch", "service", "loop")),
                _number("length_m", "Length of the trench: that of the geometry."),
                _number("pipe_m", "Length of pipe in it (supply and return both count)."),
                _number("diameter_mm", "Outer diameter."),
                _text("ownership", "Whose ground it lies in.", ("public", "private", "unknown")),
            ),
        ),
        Table(
            "costs",
            None,
            "One row per cluster, variant and item.",
            (
                _CLUSTER,
                _VARIANT,
                _text("item", "What is paid for.", needed=True),
                _text("kind", "Kind of cost.", ("capex", "replacement", "yearly", "subsidy")),
                _number("quantity", "Quantity."),
                _text("unit", "Unit of the quantity."),
                _number("unit_price_eur", "Price per unit.", None),
                _number("total_eur", "Quantity times price.", None),
                _number("lifetime_years", "Technical lifetime."),
                _text("per", "What the quantity is counted for.", ("cluster", "home")),
                _text("source", "Source of the price, or `no source`."),
            ),
        ),
        Table(
            "curves",
            None,
            "Points of the curves on the pages.",
            (
                _CLUSTER,
                _VARIANT,
                _text("curve", "Which curve.", ("participation", "leavers", "gas_use"), needed=True),
                _number("x", "Homes that join, homes that leave, or gas use in m3."),
                _number("value_eur_per_home", "Annual cost per home.", None),
                _number("low_eur_per_home", "P10.", None),
                _number("high_eur_per_home", "P90.", None),
            ),
        ),
        Table(
            "sensitivity",
            None,
            "Which assumptions matter most.",
            (
                _CLUSTER,
                _VARIANT,
                _text("assumption", "Name of the assumption.", needed=True),
                _number("low_eur_per_home", "Annual cost at the low end.", None),
                _number("high_eur_per_home", "Annual cost at the high end.", None),
                _whole("rank", "1 matters most."),
            ),
        ),
        Table(
            "finance",
            None,
            "Who pays what, and when.",
            (
                _CLUSTER,
                _VARIANT,
                _text("form", "Form of ownership.", ("association", "supplier"), needed=True),
                _number("upfront_eur_per_home", "Paid at the start.", None),
                _number("monthly_eur_per_home", "Paid per month.", None),
                _text("terms", "Terms in words."),
            ),
        ),
        Table(
            "checks",
            None,
            "What is allowed, what asks attention, what is blocked, what nobody knows yet.",
            (
                _CLUSTER,
                _text("variant", "Variant; null = all.", ALL_VARIANTS),
                _text("check", "Code of the check.", needed=True),
                _text("outcome", "Outcome.", OUTCOMES),
                _text("detail", "What was found."),
                _text("who", "Who can answer."),
                _text("source", "Rule and date."),
            ),
        ),
        Table(
            "context",
            ANY,
            "Things to draw around the clusters.",
            (
                _text("layer", "Layer.", ("building", "street", "water", "zone", "land", "loop"), needed=True),
                _text("name", "Name."),
                _text("kind", "Kind."),
            ),
        ),
        Table(
            "provenance",
            None,
            "Where everything came from: version, input, counts, assumptions.",
            (_text("key", "What.", needed=True), _text("value", "Value.")),
        ),
    )
}
"""Layers of a result, in the order in which they are written."""


def empty(table: Table, crs: CRS | None = None) -> gpd.GeoDataFrame | pd.DataFrame:
    """Return a frame of `table` without rows, every column in its declared type.

    Examples
    --------
    >>> list(empty(RESULT_TABLES["provenance"]).columns)
    ['key', 'value']
    """
    frame = pd.DataFrame({c.name: pd.Series([], dtype=DTYPES[c.kind]) for c in table.columns})
    return frame if table.geometry is None else gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([], crs=crs), crs=crs)


def typed(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return `frame` with the declared columns first, in their declared types; absent ones are null.

    Examples
    --------
    >>> typed(pd.DataFrame({"key": ["version"]}), RESULT_TABLES["provenance"])
           key value
    0  version   NaN
    """
    columns = {
        c.name: frame[c.name].astype(DTYPES[c.kind])  # type: ignore[call-overload]
        if c.name in frame
        else pd.Series(index=frame.index, dtype=DTYPES[c.kind])
        for c in table.columns
    }
    more = [c for c in frame.columns if c not in columns]
    return frame.assign(**columns)[[*columns, *more]]


def shapes_of(frame: gpd.GeoDataFrame) -> npt.NDArray[np.object_]:
    """Return the geometries of a frame as an array, the form in which shapely works on all of them at once."""
    return np.asarray(frame.geometry.array)


def single_parts(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return shapes with Multi forms of one part made single; files know only one kind per layer."""
    multi = (shapely.get_num_geometries(shapes) == 1) & (shapely.get_type_id(shapes) >= shapely.GeometryType.MULTIPOINT)
    single = shapes.copy()
    single[multi] = shapely.get_geometry(shapes[multi], 0)
    return single
