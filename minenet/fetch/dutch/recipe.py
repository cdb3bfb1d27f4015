"""A Dutch area, source by source: buildings and addresses, streets, ground, rules, and what is joined to homes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from minenet.errors import InputError
from minenet.fetch.carriers import Collected, Mapped
from minenet.fetch.dutch import loops, subsoil
from minenet.fetch.dutch.bag import Register, map_bag
from minenet.fetch.dutch.bgt import COLLECTIONS, decks, map_bgt
from minenet.fetch.dutch.gas import NOTE, gas_by_postcode, with_gas
from minenet.fetch.dutch.labels import label_of_buildings, read_labels
from minenet.fetch.dutch.parcels import map_parcels
from minenet.fetch.dutch.roads import map_roads, with_bridges
from minenet.fetch.dutch.services import Services
from minenet.fetch.dutch.zones import UNKNOWN, map_zones
from minenet.fetch.ledger import Ledger
from minenet.fetch.local import file_date, layer_named, layers_of, read_window
from minenet.fetch.osm.recipe import osm_features, osm_tables
from minenet.fetch.web.asking import Web
from minenet.fetch.window import Window
from minenet.fetch.wishes import Wanted

__all__ = ["Desk", "fetch_dutch"]

Tables = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """Where questions are asked: the web, the services there are, and the notes that are taken."""

    web: Web
    services: Services
    ledger: Ledger


def fetch_dutch(window: Window, wanted: Wanted, desk: Desk) -> Tables:
    """Return the tables of a Dutch area, notes taken in `desk.ledger`.

    Raises
    ------
    InputError
        When a file cannot be used.
    SourceError
        When a service is silent that was not left out.
    """
    wanted.told("buildings and addresses")
    tables = _homes(window, wanted, desk)
    wanted.told("ground cover and water")
    above = _cover(window, wanted, desk, tables)
    wanted.told("streets")
    _streets(window, wanted, desk, tables, above)
    wanted.told("parcels")
    rows = _asked("parcels", window, wanted, desk, ("perceel", "parcels"))
    if rows is not None:
        _add(tables, desk, "parcels", map_parcels(rows, window))
    wanted.told("rules and ground")
    _zones(window, wanted, desk, tables)
    _below(window, wanted, desk, tables)
    wanted.told("gas use and labels")
    _gas(window, wanted, desk, tables)
    _labels(wanted, desk, tables)
    return tables


def _add(tables: Tables, desk: Desk, table: str, mapped: Mapped) -> None:
    """Add rows to a table; a table that has rows keeps them."""
    desk.ledger.became(table, mapped)
    frames = [f for f in (tables.get(table), mapped.frame) if f is not None and len(f)]
    if len(frames) == 2:
        tables[table] = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=frames[0].crs)
    else:
        tables[table] = frames[0] if frames else mapped.frame


def _asked(
    part: str, window: Window, wanted: Wanted, desk: Desk, names: tuple[str, ...], *, kind: str | None = None
) -> gpd.GeoDataFrame | None:
    """Return the rows of a part, from one's own file or else from its service; None where neither is asked."""
    kind = kind or part
    if part in wanted.without or kind in wanted.without:
        desk.ledger.unknown(part, "left out on request")
        return None
    if kind in wanted.files:
        return _of_file(part, wanted.files[kind], window, desk, names)
    if wanted.offline:
        desk.ledger.unknown(part, "no file was given, and no service asked")
        return None
    service = desk.services.named(part, service=wanted.bag_service if kind == "bag" else "")
    collected = service.collect(desk.web, window)
    desk.ledger.gave(part, collected)
    return collected.frame


def _of_file(part: str, path: Path, window: Window, desk: Desk, names: tuple[str, ...]) -> gpd.GeoDataFrame | None:
    layers = layers_of(path)
    layer = layer_named(layers, *names) or (layers[0] if len(layers) == 1 and part in ONLY_LAYER else None)
    if layer is None:
        desk.ledger.unknown(part, f"file {path.name} has no layer `{names[0]}`")
        return None
    collected = read_window(path, layer, window)
    desk.ledger.gave(part, collected)
    return collected.frame


ONLY_LAYER = ("buildings", "parcels", "roads", "gas", "zones")
"""Parts that the only layer of a file is taken for, whatever its name."""


# --- homes ------------------------------------------------------------------------------------------------------------


def _homes(window: Window, wanted: Wanted, desk: Desk) -> Tables:
    buildings = _asked("buildings", window, wanted, desk, ("pand",), kind="bag")
    if buildings is None:
        mend = "Give a file with a layer `pand` (--file bag=FILE), or leave --offline out."
        raise InputError("there are no buildings", where="fetch", mend=mend)
    units = _asked("units", window, wanted, desk, ("verblijfsobject",), kind="bag")
    berths = _asked("berths", window, wanted, desk, ("ligplaats",), kind="bag")
    pitches = (
        None if "berths" in wanted.without else _asked("pitches", window, wanted, desk, ("standplaats",), kind="bag")
    )
    tables: Tables = {}
    for table, mapped in map_bag(Register(buildings, units, berths, pitches), window).items():
        _add(tables, desk, table, mapped)
    if not len(tables["buildings"]):
        raise InputError(
            f"no building stands in {window.name or 'the window'}", where="fetch", mend="Is it the right place?"
        )
    return tables


# --- what lies between them -------------------------------------------------------------------------------------------


def _cover(window: Window, wanted: Wanted, desk: Desk, tables: Tables) -> gpd.GeoDataFrame | None:
    """Add land, water, barriers and obstacles; return what lies above ground level."""
    layers = _map_layers(window, wanted, desk)
    for table, mapped in map_bgt(layers, window).items():
        _add(tables, desk, table, mapped)
    return decks(layers, window)


def _map_layers(window: Window, wanted: Wanted, desk: Desk) -> Mapping[str, gpd.GeoDataFrame]:
    if "bgt" in wanted.without:
        desk.ledger.unknown("bgt", "left out on request")
        return {}
    if "bgt" in wanted.files:
        found = {n: _of_file(f"bgt_{n}", wanted.files["bgt"], window, desk, (n,)) for n in COLLECTIONS}
        return {name: rows for name, rows in found.items() if rows is not None}
    if wanted.offline:
        desk.ledger.unknown("bgt", "no file was given, and no service asked")
        return {}
    moment = {"datetime": f"{desk.web.store.now():%Y-%m-%d}T00:00:00Z"}  # without a moment history comes too
    layers = {}
    for name in COLLECTIONS:
        collected = desk.services.named("bgt", layer=name).collect(desk.web, window, more=moment)
        desk.ledger.gave(f"bgt_{name}", collected)
        layers[name] = collected.frame
    return layers


def _streets(window: Window, wanted: Wanted, desk: Desk, tables: Tables, above: gpd.GeoDataFrame | None) -> None:
    """Add streets: of the road register, or of OpenStreetMap where that is wanted."""
    if wanted.streets == "osm" or ("osm" in wanted.files and "roads" not in wanted.files):
        streets = osm_tables(osm_features(window, wanted, desk.web, desk.ledger), window)["streets"]
        desk.ledger.remark("streets", "from OpenStreetMap, footpaths and bridges included")
        _add(tables, desk, "streets", streets)
        return
    rows = _asked("roads", window, wanted, desk, ("wegvakken", "wegvak", "roads"))
    if rows is None:
        mend = "Give --file roads=FILE or --file osm=FILE, or leave --offline out."
        raise InputError("there are no streets", where="fetch", mend=mend)
    desk.ledger.remark("roads", "the road register has hardly any footpaths or back paths: --streets osm has them")
    _add(tables, desk, "streets", with_bridges(map_roads(rows, window), above, tables.get("water")))


# --- rules and ground -------------------------------------------------------------------------------------------------


def _zones(window: Window, wanted: Wanted, desk: Desk, tables: Tables) -> None:
    """Add zones: of a file, else of the provinces whose services are known and lie here."""
    if "zones" in wanted.files:
        path = wanted.files["zones"]
        for layer in layers_of(path):
            collected = read_window(path, layer, window)
            desk.ledger.gave(f"zones_{layer}", collected)
            _add(tables, desk, "zones", map_zones(collected.frame, window, source=path.name, date=collected.date))
        return
    if "zones" in wanted.without or wanted.offline:
        desk.ledger.unknown("zones", "left out on request" if "zones" in wanted.without else "no file was given")
        return
    if not _in_utrecht(window):
        desk.ledger.unknown("zones", "no service is known for this province: give its map with --file zones=FILE")
        return
    service = desk.services.named("zones_utrecht")
    collected = service.collect(desk.web, window)
    desk.ledger.gave("zones", collected)
    mapped = map_zones(collected.frame, window, source=service.attribution, date=collected.date)
    other = (mapped.frame["kind"] == UNKNOWN).to_numpy(dtype=bool)  # the ordinance is on nature and silence too
    ours = Mapped(mapped.frame[~other], dict(mapped.counts) | {"left_out.zones_of_other_subjects": int(other.sum())})
    _add(tables, desk, "zones", ours)
    desk.ledger.remark("zones", "of the province; interference areas and planned heat networks are not there")


UTRECHT = (114_000.0, 431_000.0, 172_000.0, 481_000.0)
"""Box around the province of Utrecht in the Dutch grid. [m]"""


def _in_utrecht(window: Window) -> bool:
    west, south, east, north = window.bounds
    return west >= UTRECHT[0] and south >= UTRECHT[1] and east <= UTRECHT[2] and north <= UTRECHT[3]


def _below(window: Window, wanted: Wanted, desk: Desk, tables: Tables) -> None:
    """Add registered loops and the layers of the ground, both from files."""
    if "loops" in wanted.files:
        collected = loops.read_loops(wanted.files["loops"], window)
        desk.ledger.gave("loops", collected)
        _add(tables, desk, "loops", loops.map_loops(collected.frame))
        desk.ledger.remark("loops", loops.INCOMPLETE)
    else:
        desk.ledger.unknown("loops", "no file of the register was given (--file loops=brogufvolledigeset.gpkg)")
    if "ground" in wanted.files:
        collected, mapped = subsoil.read_ground(wanted.files["ground"], window)
        desk.ledger.gave("ground", collected)
        _add(tables, desk, "ground", mapped)
    else:
        desk.ledger.unknown("ground", "no file of GeoTOP or REGIS was given (--file ground=FILE)")


# --- what is joined to homes ------------------------------------------------------------------------------------------


def _gas(window: Window, wanted: Wanted, desk: Desk, tables: Tables) -> None:
    if "addresses" not in tables:
        desk.ledger.unknown("gas", "without addresses there is no postcode to join it by")
        return
    rows = _asked("gas", window, wanted, desk, ("postcode6", "pc6"))
    if rows is None:
        return
    gas = gas_by_postcode(rows)
    desk.ledger.became("gas", gas)
    filled = with_gas(tables["addresses"], pd.DataFrame(gas.frame))
    desk.ledger.became("addresses", filled)
    desk.ledger.remark("gas", NOTE)
    tables["addresses"] = filled.frame


def _labels(wanted: Wanted, desk: Desk, tables: Tables) -> None:
    if "labels" not in wanted.files or "addresses" not in tables:
        why = "no bulk file of EP-online was given" if "labels" not in wanted.files else "there are no addresses"
        desk.ledger.unknown("labels", why)
        return
    path, today = wanted.files["labels"], desk.web.store.now().date()
    labels = read_labels(path, tables["addresses"]["address_id"], on=today)
    of_file = Collected(gpd.GeoDataFrame(labels.frame), f"file {path.name}", file_date(path), "", "EP-online (RVO)")
    desk.ledger.gave("labels", of_file)
    desk.ledger.became("labels", labels)
    joined = label_of_buildings(pd.DataFrame(labels.frame), tables["addresses"])
    desk.ledger.became("buildings", joined)
    by_building = joined.frame.set_index("building_id")["energy_label"]
    tables["buildings"] = tables["buildings"].assign(energy_label=tables["buildings"]["building_id"].map(by_building))
