"""Copies of the drawn street as villages: four in a row that hang together, two far away, to be cut in parts."""

import geopandas as gpd
import pandas as pd
from drawn_street import CRS, buildings, streets
from shapely import affinity

from minenet.tables import make_area

IN_A_ROW, FAR = 4, 2
PLACES = [(70.0 * n, 0.0) for n in range(IN_A_ROW)] + [(5000.0, 3000.0 * n) for n in range(FAR)]
SIZES = {"most_homes": 25, "enough_homes": 25}
"""Sizes of parts with which the row is cut in two, through a possible cluster."""


def layers(places=PLACES, **more):
    """Return the layers of villages at some places."""
    return {
        "buildings": _copied(buildings(), places, "building_id"),
        "streets": _copied(streets(), places, "street_id"),
        **more,
    }


def villages(places=PLACES, **more):
    """Return an area of villages."""
    return make_area(layers(places, **more))


def _copied(frame, places, key):
    parts = []
    for number, (east, north) in enumerate(places):
        shapes = [affinity.translate(shape, east, north) for shape in frame.geometry]
        parts.append(frame.assign(**{key: f"v{number}" + frame[key]}).set_geometry(shapes, crs=CRS))
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=CRS)
