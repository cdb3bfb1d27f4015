"""Dwellings, their type and their demand for heat.

One row per dwelling that was read: sheds, garages and other buildings without dwellings are counted, never dropped
silently, and a dwelling that cannot take part carries its reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from minenet.assumptions import Homes
from minenet.errors import InputError
from minenet.tables import RESULT_TABLES, shapes_of, typed

__all__ = ["ID_REACH_M", "Found", "Own", "find_dwellings", "home_types", "peak_power", "simultaneity"]

TABLE = RESULT_TABLES["homes"]

CARRIED = ("answer", "street", "house_number", "own_cluster", "together")
"""Columns of homes that later steps need and the result does not have."""

ID_REACH_M = 200.0
"""An address farther than this from the building that it names does not lie in it, whatever it says."""

Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Found:
    """Dwellings (`homes`, one row each) and what was counted on the way (`notes`)."""

    homes: gpd.GeoDataFrame
    notes: Mapping[str, str]


@dataclass(frozen=True)
class Own:
    """Which rows are counted, where the others are there for their neighbours' sake only.

    Attributes
    ----------
    buildings, addresses : array of bool
        By row; an address in a building is counted with the building.
    """

    buildings: Truths
    addresses: Truths

    def of(self, position: npt.NDArray[np.int64]) -> Truths:
        """Return which addresses are counted, by the position of their building (-1 = none)."""
        if not len(self.buildings):
            return self.addresses
        return np.where(position >= 0, self.buildings[np.maximum(position, 0)], self.addresses)


def find_dwellings(
    buildings: gpd.GeoDataFrame,
    addresses: gpd.GeoDataFrame | None,
    *,
    demand_table: pd.DataFrame,
    assumptions: Homes,
    most_in_building: int,
    own: Own | None = None,
) -> Found:
    """Find every dwelling, its type and its demand for heat.

    Addresses outrank `buildings.dwellings`. Without either, a building that is marked residential counts as one
    dwelling, which is counted in the notes as inferred.

    Parameters
    ----------
    buildings : GeoDataFrame
        Footprints, as in `AREA_TABLES["buildings"]`.
    addresses : GeoDataFrame or None
        Addresses, as in `AREA_TABLES["addresses"]`.
    demand_table : DataFrame
        Gas use by type and period: `home_type, built_from, built_to, gas_m3` [m3 per year].
    assumptions : Homes
        Section `homes`.
    most_in_building : int
        A building with more dwellings is too large for a mini heat network and is left out whole.
    own : Own, optional
        Count these only; and it is no error when there is no dwelling.

    Returns
    -------
    Found
        `homes` as in `RESULT_TABLES["homes"]`, without clusters yet, ordered by `home_id`.

    Raises
    ------
    InputError
        When there is no dwelling at all.
    """
    counted = own or Own(
        np.ones(len(buildings), dtype=bool), np.ones(0 if addresses is None else len(addresses), dtype=bool)
    )
    if addresses is not None and (len(addresses) or own is not None):
        units, notes = _units_from_addresses(buildings, addresses, assumptions, counted)
    else:
        units, notes = _units_from_buildings(buildings, counted)
    if units["dwellings"].sum() == 0 and own is None:
        mend = "Give `dwellings` or `use` (residential / other) in `buildings`, or a layer `addresses`."
        raise InputError("there is not one dwelling in this area", where="layer `buildings`", mend=mend)
    homes = _one_row_per_dwelling(units)
    homes["home_type"] = home_types(buildings, homes["building_id"], assumptions=assumptions)
    homes = _with_demand(homes, buildings, demand_table, assumptions)
    homes["left_out_reason"] = _left_out_at_once(homes, most_in_building)
    notes |= _left_out_buildings(buildings[counted.buildings], homes)
    table = typed(homes.sort_values("home_id", ignore_index=True), TABLE)
    declared = [c.name for c in TABLE.columns]
    return Found(gpd.GeoDataFrame(table[[*declared, *CARRIED, "geometry"]]), notes)


def _units_from_buildings(buildings: gpd.GeoDataFrame, own: Own) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """Return one row per building with dwellings."""
    residential = buildings["dwellings"].isna() & (buildings["use"] == "residential").fillna(value=False)
    dwellings = buildings["dwellings"].mask(residential, 1)
    unknown = dwellings.isna() & (buildings["use"] != "other").fillna(value=True)
    notes = {
        "inferred.buildings.one_dwelling_as_residential": str(int(residential[own.buildings].sum())),
        "unknown.buildings.dwellings": str(int(unknown[own.buildings].sum())),
    }
    notes = {k: v for k, v in notes.items() if v != "0"}
    units = buildings[["building_id", "gas_m3", "use", "together"]].assign(
        unit_id=buildings["building_id"],
        gas_basis=None,
        own_cluster=buildings["cluster"],
        dwellings=dwellings.fillna(0),
        left_out_reason=None,
    )
    units = units.assign(street=None, house_number=None, answer=None, geometry=buildings.representative_point())
    other = (units["use"] == "other") & (units["dwellings"] > 0)
    units.loc[other, "left_out_reason"] = "building_use_other"
    return gpd.GeoDataFrame(units[units["dwellings"] > 0], geometry="geometry", crs=buildings.crs), notes


def _units_from_addresses(
    buildings: gpd.GeoDataFrame, addresses: gpd.GeoDataFrame, assumptions: Homes, own: Own
) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """Return one row per address with the building it belongs to."""
    position, notes = _building_of(buildings, addresses, assumptions.address_reach_m, own)
    found = position >= 0
    own_use = addresses["use"]
    use = own_use.where(own_use.notna(), _taken(buildings["use"], position))
    dwellings = addresses["dwellings"].fillna(1).where(~(use == "other").fillna(value=False), 0)
    notes["left_out.addresses.use_other"] = str(int((use == "other")[own.of(position)].sum()))
    units = addresses[["street", "house_number", "answer", "gas_m3", "gas_basis"]].assign(
        unit_id=addresses["address_id"],
        building_id=_taken(buildings["building_id"], position),
        own_cluster=addresses["cluster"].fillna(_taken(buildings["cluster"], position)),
        together=addresses["together"].fillna(_taken(buildings["together"], position)),
        dwellings=dwellings,
        left_out_reason=pd.Series("no_building", index=addresses.index).mask(found),
        geometry=addresses.geometry,
    )
    units = units[units["dwellings"] > 0]
    notes |= _disagreement(buildings[own.buildings], units)
    return gpd.GeoDataFrame(units, geometry="geometry", crs=buildings.crs), {k: v for k, v in notes.items() if v != "0"}


def _taken(series: pd.Series, position: np.ndarray) -> pd.Series:
    """Return `series` at `position`, null where the position is negative."""
    taken = series.reindex(range(len(series))).take(np.maximum(position, 0)).reset_index(drop=True)
    return taken.where(position >= 0)


def _building_of(
    buildings: gpd.GeoDataFrame, addresses: gpd.GeoDataFrame, reach_m: float, own: Own
) -> tuple[np.ndarray, dict[str, str]]:
    """Return the position of each address's building (-1 = none): by id, else by lying inside, else the nearest."""
    shapes, points = shapes_of(buildings), shapes_of(addresses)
    ids = pd.Index(buildings["building_id"])
    by_id = ids.get_indexer(addresses["building_id"].fillna(""))
    named = np.flatnonzero(by_id >= 0)
    by_id[named[shapely.distance(points[named], shapes[by_id[named]]) > ID_REACH_M]] = -1
    position = by_id.copy()
    open_ = np.flatnonzero(position < 0)
    tree = shapely.STRtree(shapes)
    query, inside = tree.query(points[open_], predicate="intersects")
    _first_of_several(position, open_[query], inside)
    far = np.flatnonzero(position < 0)
    query, near = tree.query_nearest(points[far], max_distance=reach_m)
    _first_of_several(position, far[query], near)
    nearest = np.zeros(len(addresses), dtype=bool)
    nearest[far[query]] = True
    given, mine = addresses["building_id"].notna().to_numpy(), own.of(position)
    notes = {
        "repaired.addresses.building_id_not_there": given & (by_id < 0),
        "inferred.addresses.building_by_position": (by_id < 0) & (position >= 0) & ~nearest,
        "inferred.addresses.building_by_nearest": nearest,
    }
    counts = {what: int((which & mine).sum()) for what, which in notes.items()}
    return position, {what: str(count) for what, count in counts.items() if count}


def _first_of_several(position: np.ndarray, address: np.ndarray, building: np.ndarray) -> None:
    """Put addresses into the first, by its place in the table, of the buildings that are found for each."""
    order = np.lexsort((-building, address))
    position[address[order]] = building[order]


def _disagreement(buildings: gpd.GeoDataFrame, units: pd.DataFrame) -> dict[str, str]:
    counted = units.groupby("building_id")["dwellings"].sum()
    stated = buildings.set_index("building_id")["dwellings"].dropna()
    both = stated.to_frame("stated").join(counted.rename("counted"), how="left").fillna({"counted": 0})
    return {"disagreement.dwellings_of_buildings_and_addresses": str(int((both["stated"] != both["counted"]).sum()))}


def _one_row_per_dwelling(units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return units repeated per dwelling; a unit of one keeps its id, of several counts on: `id#01`, `id#02`."""
    counts = units["dwellings"].to_numpy(dtype=int)
    homes = units.loc[units.index.repeat(counts)].reset_index(drop=True)
    number = np.arange(len(homes)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    several = np.repeat(counts > 1, counts)
    width = np.maximum(np.char.str_len(np.repeat(counts, counts).astype(str)), 2)  # of the unit, not of the area
    suffix = [f"#{n:0{w}d}" for n, w in zip(number, width, strict=True)]
    homes["home_id"] = homes["unit_id"].where(~several, homes["unit_id"] + pd.Series(suffix, dtype="str"))
    twice = homes["home_id"][homes["home_id"].duplicated()].unique()
    if len(twice):
        mend = "Give every address an id that is not another's with `#01` behind it."
        raise InputError(
            f"{len(twice)} dwellings would bear the name of another (`{twice[0]}`)", where="homes", mend=mend
        )
    label = homes["street"].fillna("") + " " + homes["house_number"].fillna("")
    homes["address"] = label.str.strip().where(label.str.strip() != "")
    return homes


def home_types(buildings: gpd.GeoDataFrame, building_ids: pd.Series, *, assumptions: Homes) -> pd.Series:
    """Return the type of each dwelling from the walls that its building shares with other homes.

    Two or more dwellings in a building make apartments. A building that shares a wall with two others is the middle of
    a terrace; with one, it is semi-detached when that other shares no wall with a third, else the end of a terrace.

    Parameters
    ----------
    buildings : GeoDataFrame
        Footprints.
    building_ids : Series
        Building of each dwelling; null gives a null type.
    assumptions : Homes
        Section `homes`: `wall_gap_m` and `shared_wall_m`.

    Returns
    -------
    Series
        One of `terraced_middle, terraced_end, semi_detached, detached, apartment`, on the index of `building_ids`.
    """
    counts = building_ids.value_counts()
    lived_in = buildings[buildings["building_id"].isin(counts.index)].reset_index(drop=True)
    pairs = _attached_pairs(shapes_of(lived_in), assumptions)
    neighbours = np.bincount(pairs[0], minlength=len(lived_in))
    fullest = np.zeros(len(lived_in), dtype=int)
    np.maximum.at(fullest, pairs[0], neighbours[pairs[1]])
    one = np.where(fullest > 1, "terraced_end", "semi_detached")
    kinds = np.select([neighbours == 0, neighbours == 1], ["detached", one], "terraced_middle")
    kinds = np.where(lived_in["building_id"].map(counts) > 1, "apartment", kinds)
    return building_ids.map(pd.Series(kinds, index=lived_in["building_id"])).astype("str").where(building_ids.notna())


def _attached_pairs(shapes: np.ndarray, assumptions: Homes) -> np.ndarray:
    """Return (2, n) positions of buildings that share a wall, both directions."""
    gap = assumptions.wall_gap_m
    left, right = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=gap)
    once = left < right
    left, right = left[once], right[once]
    reach = shapely.buffer(shapes[right], gap + 1e-6, quad_segs=2, join_style="mitre")
    # the wall lies along the other footprint; going round its two corners adds a gap at each end
    wall = shapely.length(shapely.intersection(shapely.boundary(shapes[left]), reach)) - 2 * gap
    shared = wall >= assumptions.shared_wall_m
    return np.hstack([[left[shared], right[shared]], [right[shared], left[shared]]]).astype(int)


def _with_demand(
    homes: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, demand_table: pd.DataFrame, assumptions: Homes
) -> gpd.GeoDataFrame:
    """Return homes with `gas_m3`, `heat_kwh` and `peak_kw`.

    From a reading at the address, else what is known of the building, else the mean of the postcode, else the table.
    """
    facts = buildings.set_index("building_id")[["year_built", "gas_m3", "heat_kwh"]]
    facts = facts.reindex(homes["building_id"]).set_index(homes.index)
    per_gas = assumptions.heat_per_gas_kwh_m3
    table = _gas_by_table(homes["home_type"], facts["year_built"], demand_table)
    said = homes["gas_m3"].astype("float64")
    of_postcode = (homes["gas_basis"] == "postcode_mean").fillna(value=False).astype(bool)
    own, mean = said.mask(of_postcode), said.where(of_postcode)
    measured = own.fillna(facts["gas_m3"])
    known_heat = facts["heat_kwh"].where(own.isna())  # a reading at the address itself comes first
    gas = measured.where(known_heat.isna(), known_heat / per_gas).fillna(mean).fillna(table)
    heat = known_heat.fillna(gas * per_gas)
    known = [known_heat.notna(), measured.notna(), mean.notna()]
    source = np.select(known, ["known", "measured", "postcode"], "table")
    return homes.assign(
        gas_m3=gas.round(1),
        heat_kwh=heat.round(1),
        peak_kw=peak_power(heat, full_load_hours=assumptions.full_load_hours).round(3),
        demand_source=source,
    )


def _gas_by_table(home_type: pd.Series, year_built: pd.Series, table: pd.DataFrame) -> pd.Series:
    """Return gas use [m3/yr] of the row whose type and period fit; an unknown year takes the row without a period."""
    any_period = table[table["built_from"].isna()].set_index("home_type")["gas_m3"]
    gas = home_type.map(any_period).astype("float64")
    year = year_built.astype("float64").to_numpy()
    periods = table[table["built_from"].notna()]
    bounds = periods[["built_from", "built_to", "gas_m3"]].to_numpy(dtype=float)
    for kind, (begin, end, use) in zip(periods["home_type"], bounds, strict=True):
        gas = gas.mask((home_type == kind) & (year >= begin) & (year <= end), use)
    return gas.fillna(any_period.mean())  # a dwelling without a building has no type


def peak_power(heat_kwh: pd.Series, *, full_load_hours: float) -> pd.Series:
    """Return the peak heat power [kW] of a yearly heat demand [kWh] by its full-load hours [h].

    Examples
    --------
    >>> float(peak_power(pd.Series([9000.0]), full_load_hours=1800.0)[0])
    5.0
    """
    return heat_kwh / full_load_hours


def simultaneity(homes: np.ndarray, *, from_homes: int) -> np.ndarray:
    """Return the share of the summed peaks that occurs at once, for groups of `homes` homes.

    Parameters
    ----------
    homes : array of int
        Number of homes in each group. [-]
    from_homes : int
        Smaller groups use 1.

    References
    ----------
    .. [1] W. Winter, T. Haslauer, I. Obernberger, "Untersuchungen der Gleichzeitigkeit in kleinen und mittleren
       Nahwaermenetzen", Euroheat & Power 9/10, 2001: fitted curve, valid up to 200 consumers.

    Examples
    --------
    >>> simultaneity(np.array([2, 10, 50]), from_homes=4).round(3)
    array([1.   , 0.974, 0.743])
    """
    homes = np.asarray(homes, dtype=float)
    curve = 0.449677646267461 + 0.551234688 / (1 + (homes / 53.84382392) ** 1.762743268)  # [1]
    return np.where(homes < from_homes, 1.0, np.minimum(curve, 1.0))


def _left_out_at_once(homes: gpd.GeoDataFrame, most_in_building: int) -> pd.Series:
    """Return the reason of dwellings that cannot take part whatever their neighbours do."""
    in_building = homes.groupby("building_id")["home_id"].transform("size")
    reason = homes["left_out_reason"].astype("object")
    reason = reason.mask(reason.isna() & (in_building > most_in_building), "too_many_dwellings")
    reason = reason.mask(reason.isna() & (homes["answer"] == "no").fillna(value=False), "said_no")
    return reason.mask(reason.isna() & ~(homes["heat_kwh"] > 0), "no_heat_demand")


def _left_out_buildings(buildings: gpd.GeoDataFrame, homes: gpd.GeoDataFrame) -> dict[str, str]:
    """Count the buildings that hold no dwelling, by what they are used for."""
    empty = ~buildings["building_id"].isin(homes["building_id"].dropna())
    use = buildings.loc[empty, "use"].fillna("unknown")
    stated = int((buildings.loc[empty, "dwellings"] > 0).sum())
    notes = {"left_out.buildings.dwellings_stated_but_no_address": str(stated)} if stated else {}
    return notes | {f"left_out.buildings.no_dwelling_use_{u}": str(n) for u, n in sorted(use.value_counts().items())}
