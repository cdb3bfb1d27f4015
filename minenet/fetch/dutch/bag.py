"""The Dutch register of addresses and buildings (BAG): buildings, dwelling units, berths and pitches.

The services and files spell their columns in different ways: the WFS says `openbare_ruimte` and `pandidentificatie`,
the OGC API and the national GeoPackage `openbare_ruimte_naam`, and the OGC API links to its buildings by `pand.href`.

References
----------
.. [1] Kadaster, Catalogus BAG 2018: statuses, purposes of use, identifiers of sixteen digits.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from minenet.fetch.carriers import Mapped, counted
from minenet.fetch.spelling import as_id, column, words
from minenet.fetch.web.answers import FEATURE
from minenet.fetch.window import Window

__all__ = ["Register", "map_bag"]

STANDING = ("pand in gebruik", "pand in gebruik (niet ingemeten)", "verbouwing pand")
"""Statuses of buildings that stand and are lived in or used."""

EMPTY = ("pand buiten gebruik", "sloopvergunning verleend")
"""Statuses of buildings that stand, but will not be connected: no dwellings, though nothing is drilled under them."""

COMING = ("bouwvergunning verleend", "bouw gestart")
"""Statuses of buildings that do not stand yet: no dwellings; their ground is taken."""

IN_USE = (
    "verblijfsobject in gebruik",
    "verblijfsobject in gebruik (niet ingemeten)",
    "verbouwing verblijfsobject",
    "verblijfsobject gevormd",
)
"""Statuses of dwelling units that exist; one that was `formed` counts where its building stands."""

NO_YEAR = (1005, 9999)
"""Years that registers enter when they know none."""

ENDED = ("eindgeldigheid", "eindregistratie", "tijdstipinactief", "tijdstipinactieflv", "tijdstipnietbaglv")
"""Columns that are filled in where a row is history."""

HOME = "woonfunctie"


@dataclass(frozen=True)
class Register:
    """What came from the register: buildings, units, berths and pitches under the names of their source."""

    buildings: gpd.GeoDataFrame
    units: gpd.GeoDataFrame | None = None
    berths: gpd.GeoDataFrame | None = None
    pitches: gpd.GeoDataFrame | None = None


def map_bag(register: Register, window: Window) -> dict[str, Mapped]:
    """Return `buildings`, `addresses` and `obstacles` of what the register says of a window.

    A building belongs to the window in which a point within it lies: two windows side by side have each building once.
    Buildings in the strip around the window and buildings to come are obstacles: nothing is drilled there.

    Parameters
    ----------
    register : Register
        Rows of the register, in the CRS of the window.
    window : Window
        Where homes are looked for.

    Returns
    -------
    dict of str to Mapped
        Tables by name; `addresses` is not there when the register has no units.

    Raises
    ------
    InputError
        When a column that is needed is not there.
    """
    buildings, counts = _buildings(register.buildings)
    inside = window.holds(buildings)
    near = window.near(buildings)
    stands, empty, coming = (buildings["status"].isin(s).to_numpy(dtype=bool) for s in (STANDING, EMPTY, COMING))
    kept = inside & (stands | empty)
    counts |= counted(
        left_out__outside_the_window=(~inside & (stands | empty)).sum(),
        left_out__not_built_yet=(inside & coming).sum(),
        inferred__no_dwellings_as_out_of_use_or_to_be_demolished=(kept & empty).sum(),
    )
    counts |= _by_status(buildings["status"][inside & ~(stands | empty | coming)])
    unsaid = buildings["status"].isna().to_numpy()
    obstacles = buildings[near & ((~inside & (stands | empty)) | coming | unsaid)]  # it may well stand there
    tables = {"obstacles": Mapped(_taken_ground(obstacles))}
    if register.units is None:
        table, more = _counted_by_register(buildings[kept])
        return {"buildings": Mapped(table, counts | more)} | tables
    addresses, said = _addresses(register.units, buildings, kept & stands, window)
    for name, rows in (("houseboat_berth", register.berths), ("caravan_pitch", register.pitches)):
        if rows is not None:
            said |= counted(**{f"left_out__{name}": window.holds(rows).sum()})
    table, more = _counted_by_address(buildings[kept], addresses)
    return {"buildings": Mapped(table, counts | more), "addresses": Mapped(addresses, said)} | tables


# --- buildings --------------------------------------------------------------------------------------------------------


def _buildings(rows: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Return present buildings, each once: identifier, status, year, uses, number of units, geometry."""
    rows, counts = _present(rows)
    where = "BAG, layer `pand`"
    year = pd.to_numeric(column(rows, "bouwjaar", "oorspronkelijkbouwjaar", where=where), errors="coerce")
    unknown = year.isin(NO_YEAR) | year.isna()
    table = rows[["geometry"]].assign(
        building_id=as_id(column(rows, "identificatie", "pand_identificatie", where=where)),
        feature=column(rows, FEATURE),
        status=words(column(rows, "status", "pandstatus", where=where)),
        year_built=year.mask(unknown),
        uses=words(column(rows, "gebruiksdoel")),
        units=pd.to_numeric(column(rows, "aantal_verblijfsobjecten"), errors="coerce"),
        changed=column(rows, "documentdatum", "begingeldigheid", "voorkomenidentificatie").astype("str"),
    )
    table = gpd.GeoDataFrame(table[table["building_id"].notna()], crs=rows.crs)
    newest = table.sort_values(["building_id", "changed"], kind="stable").drop_duplicates("building_id", keep="last")
    counts |= counted(
        left_out__no_identifier=len(rows) - len(table),
        left_out__older_row_of_the_same_building=len(table) - len(newest),
        unknown__year_built=newest["year_built"].isna().sum(),
    )
    return gpd.GeoDataFrame(newest.reset_index(drop=True), crs=rows.crs), counts


def _present(rows: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Return rows that are not history."""
    over = np.zeros(len(rows), dtype=bool)
    for name in ENDED:
        over |= column(rows, name).notna().to_numpy()
    return rows[~over].reset_index(drop=True), counted(left_out__history=over.sum())


def _by_status(status: pd.Series) -> dict[str, int]:
    """Count what is left out by its status; no status is a reason too."""
    names = status.fillna("unknown").str.replace(r"\W+", "_", regex=True).str.strip("_")
    return {f"left_out.status_{name}": int(n) for name, n in names.value_counts().sort_index().items()}


def _taken_ground(buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    coming = buildings["status"].isin(COMING)
    kind = pd.Series("building", index=buildings.index).mask(coming, "building_site")
    return gpd.GeoDataFrame({"kind": kind}, geometry=buildings.geometry, crs=buildings.crs)


def _counted_by_register(buildings: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Return buildings with the number of units that the register itself counts, when units were not given."""
    home = buildings["uses"].str.contains(HOME).fillna(value=False)
    mixed = home & buildings["uses"].str.contains(",").fillna(value=False) & (buildings["units"] > 1)
    lived_in = home & buildings["status"].isin(STANDING)
    dwellings = buildings["units"].fillna(1).where(lived_in, 0)
    counts = counted(
        inferred__all_units_of_mixed_buildings_are_dwellings=mixed.sum(),
        inferred__one_dwelling_as_number_unknown=(lived_in & buildings["units"].isna()).sum(),
        inferred__no_dwellings_as_use_unknown=(buildings["uses"].isna() & (buildings["units"] > 0)).sum(),
    )
    return _declared(buildings, dwellings, home, None), counts


def _counted_by_address(
    buildings: gpd.GeoDataFrame, addresses: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Return buildings with the dwellings that the register has addresses of."""
    homes = addresses[addresses["use"] == "residential"]
    of_building = homes.groupby("building_id")
    dwellings = buildings["building_id"].map(of_building.size()).fillna(0)
    area = buildings["building_id"].map(of_building["floor_area_m2"].sum(min_count=1))
    part = buildings["building_id"].map(of_building["floor_area_m2"].count())
    home = (dwellings > 0) | buildings["uses"].str.contains(HOME).fillna(value=False)
    whole = area.where(part == dwellings)
    counts = counted(
        unknown__floor_area=((dwellings > 0) & whole.isna()).sum(),
        disagreement__units_and_register=(
            (buildings["units"] != buildings["building_id"].map(addresses.groupby("building_id").size()).fillna(0))
            & buildings["units"].notna()
            & buildings["status"].isin(STANDING)
        ).sum(),
    )
    return _declared(buildings, dwellings, home, whole), counts


def _declared(
    buildings: gpd.GeoDataFrame, dwellings: pd.Series, home: pd.Series, area: pd.Series | None
) -> gpd.GeoDataFrame:
    lived_in = home & buildings["status"].isin(STANDING)
    table = buildings[["building_id", "year_built", "geometry"]].assign(
        dwellings=dwellings.astype("Int64"),
        use=pd.Series("other", index=buildings.index).mask(lived_in, "residential"),
        year_built=buildings["year_built"].astype("Int64"),
        floor_area_m2=area if area is not None else np.nan,
    )
    return gpd.GeoDataFrame(table.reset_index(drop=True), crs=buildings.crs)


# --- addresses --------------------------------------------------------------------------------------------------------


def _addresses(
    rows: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, stands: np.ndarray, window: Window
) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Return units that exist, in buildings that stand in the window."""
    rows, counts = _present(rows)
    where = "BAG, layer `verblijfsobject`"
    status = words(column(rows, "status", "verblijfsobjectstatus", where=where))
    exists = status.isin(IN_USE).to_numpy(dtype=bool)
    position, many = _building_of(rows, buildings)
    there = position >= 0
    in_window = window.holds(rows)
    ours = np.where(there, np.append(stands, False)[position], in_window)
    table = _units(rows, where).assign(
        building_id=buildings["building_id"].reindex(np.maximum(position, 0)).to_numpy(),
        status=status.to_numpy(),
    )
    table["building_id"] = table["building_id"].where(there)
    kept = gpd.GeoDataFrame(table[exists & ours], crs=rows.crs)
    once = kept.sort_values(["address_id", "status"], kind="stable").drop_duplicates("address_id", keep="first")
    counts |= _by_status(status[in_window & ~exists])
    counts |= counted(
        left_out__building_does_not_stand=(exists & there & ~ours & in_window).sum(),
        left_out__same_unit_twice=len(kept) - len(once),
        inferred__first_of_several_buildings=(exists & ours & many).sum(),
        unknown__building_not_in_register=(exists & ours & ~there).sum(),
        unknown__floor_area=once["floor_area_m2"].isna().sum(),
    )
    return gpd.GeoDataFrame(once.drop(columns="status").reset_index(drop=True), crs=rows.crs), counts


def _building_of(rows: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the position of the first building of each unit that is there (-1 = none), and whether it has several.

    A unit names its buildings by identifier (one, or several with commas), or by links to features of the service.
    """
    named = column(rows, "pandidentificatie", "pand.href", "pand_identificatie", "pand", where="BAG, `verblijfsobject`")
    if _is_single(named):
        return pd.Index(buildings["building_id"]).get_indexer(pd.Index(as_id(named))), np.zeros(len(rows), dtype=bool)
    lists = named.map(_listed, na_action="ignore")
    counts = lists.map(len, na_action="ignore").fillna(0).to_numpy(dtype=int)
    parts = lists[counts > 0].explode().astype("str").str.rstrip("/").str.rsplit("/", n=1).str[-1].str.strip()
    by_id = pd.Index(buildings["building_id"]).get_indexer(pd.Index(as_id(parts)))
    features = pd.Index(buildings["feature"].astype("str")).drop_duplicates()
    first = np.flatnonzero(~buildings["feature"].astype("str").duplicated().to_numpy())
    by_feature = np.append(first, -1)[features.get_indexer(pd.Index(parts))]
    found = pd.Series(np.where(by_id >= 0, by_id, by_feature), index=parts.index)
    best = found[found >= 0].groupby(level=0).first()
    return best.reindex(rows.index, fill_value=-1).to_numpy(dtype=int), counts > 1


def _is_single(named: pd.Series) -> bool:
    """Whether every cell names one building by its digits: by far the most common, and quick."""
    if not pd.api.types.is_string_dtype(named):
        return pd.api.types.is_numeric_dtype(named.dtype)
    return bool(named.str.fullmatch(r"\d+").fillna(value=True).astype(bool).all())


def _listed(named: object) -> list[str]:
    """Return the names in a cell: a list, a text with commas, or one name."""
    if isinstance(named, list | tuple | np.ndarray):
        return [str(n) for n in named if n is not None]
    text = str(int(named)) if isinstance(named, float) else str(named)
    return [part.strip(" []'\"") for part in text.split(",") if part.strip(" []'\"")]


def _units(rows: gpd.GeoDataFrame, where: str) -> gpd.GeoDataFrame:
    """Return units under the names of the contract."""
    number = column(rows, "huisnummer", where=where).astype("Int64").astype("str")
    letter = column(rows, "huisletter").fillna("").astype("str")
    addition = column(rows, "toevoeging", "huisnummertoevoeging").fillna("").astype("str")
    area = pd.to_numeric(column(rows, "oppervlakte", where=where), errors="coerce")
    said = column(rows, "gebruiksdoel", where=where)
    if not pd.api.types.is_string_dtype(said):
        said = said.map(lambda v: ",".join(_listed(v)), na_action="ignore")
    uses = words(said)
    home = uses.str.contains(HOME)
    table = rows[["geometry"]].assign(
        address_id=as_id(column(rows, "identificatie", where=where)),
        dwellings=1,
        street=column(rows, "openbare_ruimte", "openbare_ruimte_naam", "openbareruimtenaam"),
        house_number=(number + letter + ("-" + addition).where(addition != "", "")).where(number != "<NA>"),
        postcode=column(rows, "postcode"),
        city=column(rows, "woonplaats", "woonplaats_naam"),
        use=pd.Series("other", index=rows.index).mask(home.fillna(value=False), "residential").where(uses.notna()),
        floor_area_m2=area.where((area > 1) & (area < 999_999)),
    )
    return gpd.GeoDataFrame(table, crs=rows.crs)
