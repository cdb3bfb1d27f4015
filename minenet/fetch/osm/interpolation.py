"""House numbers that nobody wrote down: those between the two ends of a line that says `addr:interpolation`.

References
----------
.. [1] OpenStreetMap wiki, Key:addr:interpolation: `even`, `odd`, `all`, or the step as a number.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from minenet.fetch.carriers import counted
from minenet.fetch.osm.footprints import OTHER, Footprints, building_at
from minenet.fetch.osm.tags import MOST_IN_A_STREET, tag
from minenet.tables import shapes_of

__all__ = ["interpolated"]

STEPS = {"even": 2.0, "odd": 2.0, "all": 1.0, **{str(step): float(step) for step in range(1, 10)}}
"""Step from one house number to the next by value of `addr:interpolation`."""

ADDRESS = {"street": "addr:street", "postcode": "addr:postcode", "city": "addr:city"}
"""What both ends of a line say of their address, by column."""


def interpolated(
    features: gpd.GeoDataFrame, footprints: Footprints, *, taken: pd.Series
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the addresses between two numbered points, where they fall in a building that has none of its own.

    They lie evenly along the line. In front of a building, or where the building has an address, they are counted
    only: the home behind would count twice.

    Parameters
    ----------
    features : GeoDataFrame
        Features in a lasting order.
    footprints : Footprints
        Buildings.
    taken : Series of str
        Buildings that have addresses.
    """
    if not tag(features, "addr:interpolation").notna().any():  # as in most places
        return pd.DataFrame(), {}
    lines, unclear = _lines(features)
    number = (lines["high"] - lines["low"]) / lines["step"] - 1
    line = np.repeat(np.arange(len(lines)), number.astype("int64"))
    nth = np.arange(len(line)) - np.searchsorted(line, line) + 1
    along = nth / (number.to_numpy()[line] + 1)
    spots = shapely.line_interpolate_point(shapes_of(lines)[line], along, normalized=True)
    rows = lines.iloc[line].reset_index(drop=True)
    house = (rows["low"] + nth * rows["step"]).astype("int64").astype("str")
    points = gpd.GeoDataFrame(
        rows[[*ADDRESS]].assign(house_number=house, dwellings=1), geometry=spots, crs=features.crs
    )
    position = building_at(points, footprints.rows)
    ids = footprints.rows["osm_id"].reindex(position).reset_index(drop=True)
    homes = footprints.kept & ~footprints.rows["kind"].isin(OTHER).to_numpy(dtype=bool)
    free = np.append(homes, False)[position] & ~ids.isin(taken).to_numpy(dtype=bool)
    table = points.assign(address_id=rows["osm_id"] + "/" + house, building_id=ids)[free]
    return pd.DataFrame(table).reset_index(drop=True), counted(
        inferred__interpolated_addresses=len(table),
        left_out__interpolated_address_without_a_building_of_its_own=len(points) - len(table),
        unknown__interpolated_addresses=unclear,
    )


def _lines(features: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, int]:
    """Return lines from a lower to a higher number of one street, and how many others there are."""
    said_so = tag(features, "addr:interpolation").str.casefold()
    everything = features[said_so.notna()]
    is_line = shapely.get_type_id(shapes_of(everything)) == shapely.GeometryType.LINESTRING
    lines = gpd.GeoDataFrame(everything[["osm_id", "geometry"]][is_line].reset_index(drop=True))
    lines["step"] = said_so[said_so.notna()][is_line].map(STEPS).astype("float64").to_numpy()
    doors, shapes = _doors(features), shapes_of(lines)
    ends = [_at(shapely.get_point(shapes, end), doors) for end in (0, -1)]
    numbers = np.stack([end["number"].to_numpy(dtype=float) for end in ends])
    back = numbers[0] > numbers[1]
    lines["geometry"] = np.where(back, shapely.reverse(shapes), shapes)
    lines["low"], lines["high"] = numbers.min(axis=0), numbers.max(axis=0)
    steps = (lines["high"] - lines["low"]) / lines["step"]
    simple = (steps >= 1) & (steps % 1 == 0) & (steps < MOST_IN_A_STREET)
    for name in ADDRESS:
        lines[name] = ends[0][name].fillna(ends[1][name])
        simple &= (ends[1][name].isna() | (lines[name] == ends[1][name])).to_numpy(dtype=bool)
    parity = said_so[said_so.notna()][is_line].map({"even": 0.0, "odd": 1.0}).to_numpy(dtype=float)
    simple &= np.isnan(parity) | (lines["low"].to_numpy() % 2 == parity)
    return gpd.GeoDataFrame(lines[simple].reset_index(drop=True)), len(everything) - int(simple.sum())


def _doors(features: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return points with a plain house number by place, to the millimetre; of two at one place the first."""
    plain = tag(features, "addr:housenumber").str.extract(r"^([0-9]{1,5})$")[0]
    point = shapely.get_type_id(shapes_of(features)) == shapely.GeometryType.POINT
    rows = features[point & plain.notna()]
    table = pd.DataFrame({name: tag(rows, key) for name, key in ADDRESS.items()})
    table["street"] = table["street"].fillna(tag(rows, "addr:place"))
    table["number"] = plain[rows.index].astype("float64")
    table.index = _places(shapes_of(rows))
    return table[~table.index.duplicated()]


def _at(points: np.ndarray, doors: pd.DataFrame) -> pd.DataFrame:
    return doors.reindex(_places(points)).reset_index(drop=True)


def _places(points: np.ndarray) -> pd.MultiIndex:
    spots = np.round(shapely.get_coordinates(points) * 1000).astype("int64")
    return pd.MultiIndex.from_arrays([spots[:, 0], spots[:, 1]])
