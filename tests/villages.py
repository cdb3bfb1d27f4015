"""Copies of the drawn street as villages: four in a row that hang together, two far away, to be cut in parts."""

import geopandas as gpd
import pandas as pd
from drawn_street import CRS, addresses, buildings, layer, streets
from shapely import affinity
from shapely.geometry import LineString, box

from minenet.tables import make_area

IN_A_ROW, FAR = 4, 2
PLACES = [(70.0 * n, 0.0) for n in range(IN_A_ROW)] + [(5000.0, 3000.0 * n) for n in range(FAR)]
SIZES = {"most_homes": 25, "enough_homes": 25}
"""Sizes of parts with which the row is cut in two, through a possible cluster."""


def layers(places=PLACES, **more):
    """Return the layers of villages at some places."""
    return {
        "buildings": copied(buildings(), places, "building_id"),
        "streets": copied(streets(), places, "street_id"),
        **more,
    }


def villages(places=PLACES, **more):
    """Return an area of villages."""
    return make_area(layers(places, **more))


def every_layer(places=PLACES):
    """Return layers of every kind: some hold everywhere, some are wider than a square, some lie by one village."""
    of_homes = copied(addresses(), places, "address_id")
    far = layer([box(-5000, -5000, 9000, 9000)], kind=["groundwater protection"], effect=["permit"])
    near = layer([box(5000, 0, 5030, 30)], kind=["no drilling"], effect=["ban"])
    soil = {"top_m": [0.0], "bottom_m": [300.0], "conductivity_w_mk": [2.1], "source": ["a book"]}
    return layers(
        places,
        addresses=of_homes.assign(building_id=of_homes["address_id"].str[:2] + of_homes["building_id"]),
        zones=gpd.GeoDataFrame(pd.concat([far, near], ignore_index=True), crs=CRS),
        ground=gpd.GeoDataFrame(soil, geometry=[None], crs=CRS),
        water=layer([box(75, -900, 78, 900)], name=["Vaart"]),
        crossings=layer([LineString([(70, 0), (85, 0)])], crossing_id=["x"]),
        loops=layer([box(100, 30, 101, 31).centroid], loop_id=["l"], depth_m=[120.0]),
        parcels=layer([box(4, 8, 16, 40)], parcel_id=["p"]),
        fixed_boreholes=layer([box(8, 20, 9, 21).centroid], fixed_id=["f"]),
        land=layer([box(-50, -60, 300, 60)], ownership=["public"], cover=["green"]),
        obstacles=layer([box(1100, 0, 1101, 1)], kind=["pipe"], clearance_m=[900.0]),
        barriers=layer([LineString([(150, -20), (150, 20)])], kind=["wall"]),
    )


def copied(frame, places, key):
    parts = []
    for number, (east, north) in enumerate(places):
        shapes = [affinity.translate(shape, east, north) for shape in frame.geometry]
        parts.append(frame.assign(**{key: f"v{number}" + frame[key]}).set_geometry(shapes, crs=CRS))
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=CRS)
