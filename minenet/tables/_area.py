"""The layers of an area: what may come in."""

from collections.abc import Mapping

from minenet.tables._declared import (
    ANY,
    LINE,
    MOST_DWELLINGS,
    MOST_GAS_M3,
    MOST_HEAT_KWH,
    POINT,
    POLYGON,
    USES,
    Table,
    number,
    text,
    truth,
    whole,
)

__all__ = ["AREA_TABLES", "NEEDED_LAYERS"]

AREA_TABLES: Mapping[str, Table] = {
    t.name: t
    for t in (
        Table(
            "buildings",
            POLYGON,
            "Building footprints, sheds and garages included.",
            (
                text("building_id", "Identifier, a text: a BAG id keeps its leading zeros.", needed=True),
                whole("dwellings", "Number of dwellings in the building.", 0, MOST_DWELLINGS),
                text("use", "What the building is used for.", USES),
                whole("year_built", "Year of construction.", 1000, 2100),
                number("floor_area_m2", "Floor area of all dwellings together.", 0, 1e7),
                number("storeys", "Number of storeys.", 0, 500),
                text("energy_label", "Energy label (A to G, with pluses)."),
                number("gas_m3", "Measured gas use per dwelling and year.", 0, MOST_GAS_M3),
                number("heat_kwh", "Known heat demand per dwelling and year.", 0, MOST_HEAT_KWH),
                text("cluster", "Own clustering: homes with the same value are one cluster."),
                text("together", "Homes with the same value stay in one cluster."),
            ),
        ),
        Table(
            "addresses",
            POINT,
            "Addresses of dwelling units; they outrank `buildings.dwellings`.",
            (
                text("address_id", "Identifier, a text.", needed=True),
                text("building_id", "Building that the address lies in."),
                whole("dwellings", "Number of dwellings at the address (1 when absent).", 0, MOST_DWELLINGS),
                text("street", "Street name."),
                text("house_number", "House number with letter and addition."),
                text("postcode", "Postcode."),
                text("city", "Town."),
                text("use", "What the unit is used for.", USES),
                number("floor_area_m2", "Floor area of the unit.", 0, 1e7),
                number(
                    "gas_m3",
                    "Gas use per dwelling and year: measured, unless `gas_basis` says otherwise.",
                    0,
                    MOST_GAS_M3,
                ),
                text("gas_basis", "What `gas_m3` is; measured when empty.", ("measured", "postcode_mean")),
                text("answer", "Does the household join?", ("yes", "no")),
                text("cluster", "Own clustering: homes with the same value are one cluster."),
                text("together", "Homes with the same value stay in one cluster."),
            ),
        ),
        Table(
            "streets",
            LINE,
            "Centre lines of streets and paths, along which a trench may lie.",
            (
                text("street_id", "Identifier, a text.", needed=True),
                text("name", "Street name."),
                text("road_class", "OSM `highway` value; a `_link` counts as its parent."),
                truth("bridge", "Lies on a bridge."),
                truth("tunnel", "Lies in a tunnel."),
                whole("layer", "Level relative to the ground (OSM `layer`).", None),
            ),
        ),
        Table(
            "barriers",
            (*LINE, *POLYGON),
            "What no trench crosses.",
            (text("kind", "Railway, own line, ...", needed=True),),
        ),
        Table(
            "crossings",
            LINE,
            "Where a trench may cross water, a barrier or a main road all the same.",
            (text("crossing_id", "Identifier, a text.", needed=True), text("source", "Who allows it.")),
        ),
        Table(
            "land",
            POLYGON,
            "Who owns the ground, and what covers it.",
            (
                text("ownership", "Public or private ground.", ("public", "private"), needed=True),
                text("cover", "Road, footway, parking, green, yard, ..."),
            ),
        ),
        Table(
            "parcels",
            POLYGON,
            "Cadastral parcels: the own plot of a home.",
            (text("parcel_id", "Identifier, a text.", needed=True),),
        ),
        Table("water", POLYGON, "Open water.", (text("name", "Name."), text("water_class", "Canal, ditch, lake, ..."))),
        Table(
            "obstacles",
            ANY,
            "Things that drilling keeps away from.",
            (
                text("kind", "Tree, wall, sewer, cable, ...", needed=True),
                number("clearance_m", "Distance to keep; the assumption of its kind when absent.", 0, 1000),
            ),
        ),
        Table(
            "zones",
            POLYGON,
            "Where a rule or a plan holds.",
            (
                text("kind", "Groundwater protection, no-drilling zone, planned heat network, ...", needed=True),
                text(
                    "effect",
                    "What the zone does.",
                    ("ban", "max_depth", "permit", "notice", "heat_network", "support"),
                    needed=True,
                ),
                number("value", "Depth in m for `max_depth`; otherwise as the source says.", None),
                text("name", "Name of the zone."),
                text("source", "Document or register."),
                text("date", "Date of the source."),
            ),
        ),
        Table(
            "loops",
            POINT,
            "Registered ground loops of others.",
            (
                text("loop_id", "Identifier, a text.", needed=True),
                number("depth_m", "End depth.", 0, 10_000),
                number("heat_kwh", "Net heat taken from the ground per year.", 0, 1e9),
                text("source", "Register."),
            ),
        ),
        Table(
            "fixed_boreholes",
            POINT,
            "Places for boreholes that are already decided: they are kept.",
            (text("fixed_id", "Identifier, a text.", needed=True), text("source", "Who decided.")),
        ),
        Table(
            "ground",
            POLYGON,
            "Layers of the ground; a row without geometry holds everywhere.",
            (
                number("top_m", "Top of the layer below ground level.", 0, 1e6, needed=True),
                number("bottom_m", "Bottom of the layer below ground level.", 0, 1e6, needed=True),
                number("conductivity_w_mk", "Thermal conductivity.", 0.1, 10.0, needed=True),
                text("source", "Document or model."),
            ),
        ),
    )
}
"""Layers of an area. Only `buildings` and `streets` are needed; what is absent is reported as not checked."""

NEEDED_LAYERS = ("buildings", "streets")
