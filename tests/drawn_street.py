"""A street drawn by hand, small enough to check by counting: see the sketch.

::

    y 17  +---+---+---+---+   +---+---+   +------+
          | A | B | C | D |   | E | F |   |  G   |    A-D a terrace, E-F semi-detached, G detached
    y  8  +---+---+---+---+   +---+---+   +------+
    y  0  ======================================== Dorpsstraat, 0 to 70 m
    y -8          +--------+        [s]                H three apartments, s a shed
                  |   H    |
    y -20         +--------+
"""

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import LineString, box

CRS = "EPSG:28992"
EAST, NORTH = 140_000.0, 455_000.0

FOOTPRINTS = {
    "A": box(4, 8, 10, 17),
    "B": box(10, 8, 16, 17),
    "C": box(16, 8, 22, 17),
    "D": box(22, 8, 28, 17),
    "E": box(34, 8, 40, 17),
    "F": box(40, 8, 46, 17),
    "G": box(54, 8, 64, 17),
    "H": box(14, -20, 26, -8),
    "s": box(40, -11, 43, -8),
}
DWELLINGS = {**dict.fromkeys("ABCDEFG", 1), "H": 3, "s": 0}


def moved(shape):
    """Return a shape at its place in the Netherlands."""
    return shapely.transform(shape, lambda xy: xy + np.array([EAST, NORTH]))


def buildings(**columns) -> gpd.GeoDataFrame:
    ids = list(FOOTPRINTS)
    data = {"building_id": ids, "dwellings": [DWELLINGS[i] for i in ids], **columns}
    return gpd.GeoDataFrame(data, geometry=[moved(FOOTPRINTS[i]) for i in ids], crs=CRS)


def streets(*lines, **columns) -> gpd.GeoDataFrame:
    shapes = lines or (LineString([(0, 0), (70, 0)]),)
    data = {"street_id": [f"s{i}" for i in range(len(shapes))], "name": "Dorpsstraat", **columns}
    return gpd.GeoDataFrame(data, geometry=[moved(s) for s in shapes], crs=CRS)


def layer(shapes, **columns) -> gpd.GeoDataFrame:
    """Return any other layer from shapes drawn near the origin."""
    return gpd.GeoDataFrame(columns, geometry=[moved(s) for s in shapes], crs=CRS)


def addresses(**columns) -> gpd.GeoDataFrame:
    """Return one address per dwelling, numbered along the street."""
    rows = [(f"{b}{n}", b) for b, count in DWELLINGS.items() for n in range(count)]
    points = [moved(FOOTPRINTS[b].centroid) for _, b in rows]
    data = {
        "address_id": [a for a, _ in rows],
        "building_id": [b for _, b in rows],
        "street": "Dorpsstraat",
        "house_number": [str(2 * i + 2) for i in range(len(rows))],
        **columns,
    }
    return gpd.GeoDataFrame(data, geometry=points, crs=CRS)
