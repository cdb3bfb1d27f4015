"""Buildings and addresses of OpenStreetMap: where people live, as far as the map says it.

A house number is written on a point, on a building or on both, a shop has the address of the flats above it, and a
building without an address may well be a home. What is concluded from such things is counted as inferred.

References
----------
.. [1] OpenStreetMap wiki, Key:building, Key:addr:*, Key:building:flats, Key:addr:flats.
"""

from collections import Counter

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from minenet.fetch.carriers import Mapped, counted
from minenet.fetch.osm.footprints import (
    ONE_HOME,
    OTHER,
    RESIDENTIAL,
    SEVERAL_HOUSES,
    Footprints,
    building_at,
    footprints_of,
    moving,
    other_use,
)
from minenet.fetch.osm.interpolation import interpolated
from minenet.fetch.osm.tags import listed, number_of, numbers_between, said, tag, units_of, year_of
from minenet.fetch.window import Window
from minenet.tables import shapes_of

__all__ = ["map_dwellings"]

SAME_DOOR_M = 200.0
"""The same address further away is of another village with a street of that name."""

DATES = ("start_date", "year_of_construction", "construction_date")
"""Tags that say when a building was built, the usual one first."""


def map_dwellings(features: gpd.GeoDataFrame, window: Window) -> dict[str, Mapped]:
    """Return `buildings` and `addresses` of a window, and as `obstacles` the buildings around it and to come.

    A building belongs to the window in which a point within it lies: two windows side by side have each building once.
    An address goes where its building goes.

    Parameters
    ----------
    features : GeoDataFrame
        Features, each once, in a lasting order, in the CRS of the window: `osm_id` (`way/123`) and tags.
    window : Window
        Where homes are looked for.

    Returns
    -------
    dict of str to Mapped
        `buildings`, `addresses`, `obstacles`.
    """
    rows, counts = footprints_of(features)
    inside = window.holds(rows)
    near = window.near(rows)
    coming = rows["coming"].to_numpy(dtype=bool)
    kept = inside & ~coming
    footprints = Footprints(rows, kept)
    points, more = _addresses(features, footprints, window)
    ours = rows[kept].reset_index(drop=True)
    buildings, facts = _buildings(ours, points, ours["osm_id"].map(_flats_by_doors(features, rows)))
    addresses, told = _completed(points, buildings)
    obstacles = rows[near & ~kept]
    kinds = pd.Series(np.where(obstacles["coming"], "building_site", "building"), dtype="str")
    taken = gpd.GeoDataFrame({"kind": kinds}, geometry=shapes_of(obstacles), crs=window.crs)
    counts |= facts | counted(
        left_out__outside_the_window=(~inside & ~coming).sum(), left_out__under_construction=(inside & coming).sum()
    )
    return {
        "buildings": Mapped(buildings.drop(columns=["kind", "flats"]), counts),
        "addresses": Mapped(addresses, more | told),
        "obstacles": Mapped(taken, counted(inferred__building_sites=(kinds == "building_site").sum())),
    }


# --- buildings --------------------------------------------------------------------------------------------------------


def _buildings(
    rows: gpd.GeoDataFrame, points: gpd.GeoDataFrame, behind_doors: pd.Series
) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Return buildings under the names of the contract, with `kind` and `flats` as tagged on it or on its doors."""
    told = points["building_id"][points["use"].ne("other").fillna(value=True).to_numpy(dtype=bool)]
    addressed = rows["osm_id"].isin(told)
    tagged = number_of(tag(rows, "building:flats")).where(lambda n: (n % 1 == 0) & (n <= 20_000))
    flats = tagged.fillna(behind_doors.astype("float64"))
    use, counts = _uses(rows, addressed, flats > 0)
    home = use.eq("residential").fillna(value=False).astype(bool)
    one = rows["kind"].isin(ONE_HOME) & home & ~addressed & flats.isna()
    dwellings = flats.where(home).mask(one, 1).mask(rows["empty"], 0)
    dates = [tag(rows, key) for key in DATES]
    year = pd.concat([year_of(date) for date in dates], axis=1).bfill(axis=1).iloc[:, 0]
    dated = pd.concat([date.notna() for date in dates], axis=1).any(axis=1)
    table = rows[["geometry"]].assign(
        building_id=rows["osm_id"],
        dwellings=dwellings,
        use=use,
        year_built=year,
        storeys=number_of(tag(rows, "building:levels")).where(lambda n: n < 200),
        kind=rows["kind"],
        flats=flats,
    )
    counts |= counted(
        inferred__dwellings_from_flats=(tagged.notna() & home).sum(),
        inferred__dwellings_from_entrances=(tagged.isna() & flats.notna() & home).sum(),
        inferred__one_dwelling_from_house_type=(one & ~rows["empty"]).sum(),
        unknown__dwellings=(home & dwellings.isna() & ~addressed).sum(),
        unknown__year_built=year.isna().sum(),
        unknown__year_built_not_clear=(dated & year.isna()).sum(),
    )
    return gpd.GeoDataFrame(table, crs=rows.crs), counts


def _flats_by_doors(features: gpd.GeoDataFrame, rows: gpd.GeoDataFrame) -> pd.Series:
    """Return flats by building, as its doors tell: those with a list of flats, some of them without a house number.

    A door with a house number is an address of its own. Two doors that tell the same lead to the same flats. A unit
    alone may be an office: it counts where the building says that people live there.
    """
    numbered, flats, unit = (tag(features, key).notna() for key in ("addr:housenumber", "addr:flats", "addr:unit"))
    point = shapely.get_dimensions(shapes_of(features)) == 0
    doors = features[point & (flats | (unit & ~numbered & said(tag(features, "entrance"))))].reset_index(drop=True)
    position = building_at(doors, rows)
    lived_in = rows["kind"].reindex(position).isin(RESIDENTIAL).to_numpy(dtype=bool)
    told = pd.DataFrame({key: tag(doors, key).fillna("") for key in ("addr:flats", "addr:unit")})
    table = told.assign(
        building=rows["osm_id"].reindex(position).to_numpy(),
        without=tag(doors, "addr:housenumber").isna(),
        flats=np.maximum(units_of(tag(doors, "addr:flats")), listed(tag(doors, "addr:unit"))),
    )[tag(doors, "addr:flats").notna() | lived_in]
    once = table.sort_values("without", kind="stable").drop_duplicates(["building", *told.columns], keep="last")
    by_building = once.groupby("building")
    return by_building["flats"].sum()[by_building["without"].any()]


def _uses(rows: gpd.GeoDataFrame, addressed: pd.Series, flats: pd.Series) -> tuple[pd.Series, dict[str, int]]:
    """Return what buildings are used for: from their kind, else from what is done there, else from their addresses.

    A building with flats is lived in, be it a shop as well.
    """
    boat, caravan = moving(rows)
    kind, elsewise = rows["kind"], other_use(rows)
    plain = ~kind.isin(RESIDENTIAL | OTHER) & ~rows["empty"] & ~boat
    never = rows["empty"] | boat | caravan
    other = never | ((kind.isin(OTHER) | (plain & elsewise)) & ~flats)
    home = ~other & (kind.isin(RESIDENTIAL) | flats | (plain & addressed))
    use = pd.Series(None, index=rows.index, dtype="str").mask(home, "residential").mask(other, "other")
    counts = counted(
        left_out__houseboat=int(boat.sum()),
        left_out__static_caravan=int(caravan.sum()),
        left_out__ruin_or_out_of_use=int(rows["empty"].sum()),
        inferred__residential_from_address=(plain & home & ~flats).sum(),
        inferred__residential_from_flats=(home & flats & ~kind.isin(RESIDENTIAL)).sum(),
        inferred__other_use_from_what_is_done_there=int((plain & elsewise & other).sum()),
        unknown__use=use.isna().sum(),
    )
    return use, counts


# --- addresses --------------------------------------------------------------------------------------------------------


def _addresses(
    features: gpd.GeoDataFrame, footprints: Footprints, window: Window
) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Return addresses on points, and those on buildings within which no point tells of one; each address once."""
    numbered = tag(features, "addr:housenumber").notna()
    dimension = shapely.get_dimensions(shapes_of(features))
    nodes, counts = _on_points(features[numbered & (dimension == 0)].reset_index(drop=True), footprints, window)
    told = nodes["building_id"][nodes["use"].isna()]
    rows = footprints.rows[footprints.kept & tag(footprints.rows, "addr:housenumber").notna()]
    silent = rows[~rows["osm_id"].isin(told)].reset_index(drop=True)
    ours, more = _read(silent)
    several = numbers_between(tag(silent, "addr:housenumber")).where(silent["kind"].isin(SEVERAL_HOUSES), 0)
    ours["dwellings"] = ours["dwellings"].where(ours["dwellings"] >= several, several)
    ours = ours.assign(building_id=silent["osm_id"], geometry=silent.representative_point(), use=None)
    table = pd.concat([nodes, ours.astype({"use": "str"})], ignore_index=True)
    between, told_between = interpolated(features, footprints, taken=table["building_id"])
    table = pd.concat([table, between], ignore_index=True) if len(between) else table
    strange = table["building_id"].isin(footprints.rows["osm_id"][footprints.rows["kind"].isin(OTHER)])
    once = _once(gpd.GeoDataFrame(table, geometry="geometry", crs=window.crs), strange)
    no_building = numbered & ~said(tag(features, "building")) & (dimension > 0)
    return once, dict(Counter(counts) + Counter(more) + Counter(told_between)) | counted(
        inferred__addresses_of_buildings=len(ours),
        inferred__dwellings_from_range_of_numbers=(several > 1).sum(),
        left_out__same_address_twice=len(table) - len(once),
        left_out__building_address_also_on_a_point=len(rows) - len(silent),
        left_out__address_of_an_area_or_line=no_building.sum(),
        unknown__building=once["building_id"].isna().sum(),
    )


def _on_points(
    nodes: gpd.GeoDataFrame, footprints: Footprints, window: Window
) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Return the addresses on points in buildings of the window, or in none and in the window."""
    position = building_at(nodes, footprints.rows)
    there = position < len(footprints.rows)
    ours = np.where(there, np.append(footprints.kept, False)[position], window.holds(nodes))
    kept = nodes[ours].reset_index(drop=True)
    table, counts = _read(kept)
    ids = footprints.rows["osm_id"].reindex(position[ours]).reset_index(drop=True)
    table = gpd.GeoDataFrame(table.assign(building_id=ids), geometry=kept.geometry, crs=window.crs)
    coming = np.append(footprints.rows["coming"].to_numpy(dtype=bool), False)[position]
    inside = window.holds(nodes)
    return table, counts | counted(
        left_out__building_under_construction=(coming & inside).sum(),
        left_out__outside_the_window=(~ours & ~(coming & inside)).sum(),
    )


def _read(rows: gpd.GeoDataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return what tags say of addresses, under the names of the contract."""
    number, unit, flats = (tag(rows, key) for key in ("addr:housenumber", "addr:unit", "addr:flats"))
    by_tag = pd.DataFrame({"numbers": listed(number), "units": listed(unit), "flats": units_of(flats)})
    dwellings = by_tag.max(axis=1).clip(lower=1)
    place = tag(rows, "addr:street").fillna(tag(rows, "addr:place"))
    postcode = tag(rows, "addr:postcode")
    homes_there = by_tag["flats"] > 0  # a shop with a list of flats is a door to both
    dutch = postcode.str.fullmatch(r"[0-9]{4}\s?[A-Za-z]{2}").fillna(value=False).astype(bool)
    table = pd.DataFrame(
        {
            "address_id": rows["osm_id"],
            "dwellings": dwellings,
            "street": place,
            "house_number": number,
            "unit": unit,
            "postcode": postcode.mask(dutch, postcode.str.replace(r"\s", "", regex=True).str.upper()),
            "city": tag(rows, "addr:city"),
            "use": pd.Series(None, index=rows.index, dtype="str").mask(other_use(rows) & ~homes_there, "other"),
        }
    )
    counts = counted(
        inferred__dwellings_from_flats=((by_tag["flats"] > 1) & (by_tag["flats"] == dwellings)).sum(),
        inferred__dwellings_from_list=((dwellings > 1) & (by_tag["flats"] < dwellings)).sum(),
        unknown__street=place.isna().sum(),
    )
    return table, counts


def _once(table: gpd.GeoDataFrame, strange: pd.Series) -> gpd.GeoDataFrame:
    """Return addresses without those of the same door: one that may be a home goes before a shop, or its own shed."""
    town = table["postcode"].fillna(table["city"])
    spelled = table[["street", "house_number", "unit"]].assign(town=town).fillna("").astype("str")
    said_so = pd.DataFrame({name: text.str.casefold().str.split().str.join(" ") for name, text in spelled.items()})
    nowhere = (said_so["street"] == "") & (said_so["town"] == "")  # number 12 of no street is not another's
    order = pd.DataFrame(
        {"other": table["use"].notna() | strange, "loose": table["building_id"].isna(), "fewer": -table["dwellings"]}
    )
    best = order.sort_values(list(order.columns), kind="stable").index
    keys = [said_so[name].loc[best] for name in said_so.columns]
    first = pd.Series(best, index=best).groupby(keys).transform("first").reindex(table.index)
    away = shapely.distance(shapes_of(table), shapes_of(table)[first.to_numpy(dtype=int)])
    twice = (first != table.index) & ~nowhere & (away <= SAME_DOOR_M)
    kept = table.assign(house_number=_with_unit(table))[~twice].drop(columns="unit").reset_index(drop=True)
    return gpd.GeoDataFrame(kept, geometry="geometry", crs=table.crs)


def _with_unit(table: pd.DataFrame) -> pd.Series:
    """Return house numbers with the unit where there is one, as on a letter: 12-A; 12A that has unit A stays so."""
    number, unit = table["house_number"].astype("str"), table["unit"].astype("str")
    end = number.str.extract(r"([A-Za-z]+)$")[0].str.casefold()
    one = number.notna() & (listed(unit) == 1) & ~end.eq(unit.str.casefold()).fillna(value=False)
    return number.mask(one, number + "-" + unit.fillna(""))


def _completed(points: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Return addresses, completed by what is known of buildings.

    The only address in a building that tells its number of flats stands for all of them. Where some buildings have
    addresses, others with known dwellings and none get one: whoever counts addresses would miss their homes.
    """
    homes = points["use"].isna()
    per_building = points["building_id"][homes].value_counts()
    alone = homes & (points["building_id"].map(per_building) == 1)
    known = buildings.set_index("building_id")["flats"].astype("float64")
    flats = points["building_id"].map(known).astype("float64").where(alone)
    raised = (flats > points["dwellings"]).fillna(value=False)
    points = points.assign(dwellings=points["dwellings"].mask(raised, flats).astype("int64"))
    silent = buildings[~buildings["building_id"].isin(points["building_id"][homes]) & (buildings["dwellings"] > 0)]
    silent = silent[:0] if not len(points) else silent.reset_index(drop=True)
    added = gpd.GeoDataFrame(
        silent[["building_id"]].assign(address_id=silent["building_id"], dwellings=silent["dwellings"].astype("int64")),
        geometry=silent.representative_point(),
    )
    both = pd.concat([points, added], ignore_index=True) if len(added) else pd.DataFrame(points)
    counts = counted(
        inferred__dwellings_of_address_from_building_flats=raised.sum(),
        inferred__address_of_building_without_one=len(added),
    )
    return gpd.GeoDataFrame(both, geometry="geometry", crs=points.crs), counts
