"""An area from OpenStreetMap, anywhere: one question or one file gives all its tables."""

from dataclasses import replace

import geopandas as gpd

from minenet.errors import InputError
from minenet.fetch.carriers import Mapped
from minenet.fetch.ledger import Ledger
from minenet.fetch.osm.asking import Asking, ask_osm
from minenet.fetch.osm.mapping import map_osm
from minenet.fetch.osm.reading import read_osm
from minenet.fetch.web.asking import AGENT, Web
from minenet.fetch.window import Window
from minenet.fetch.wishes import Wanted

__all__ = ["asking_of", "fetch_osm", "osm_features", "osm_tables"]


def fetch_osm(window: Window, wanted: Wanted, web: Web, ledger: Ledger) -> dict[str, gpd.GeoDataFrame]:
    """Return the tables of an area, notes taken in `ledger`.

    Raises
    ------
    InputError
        When there are no buildings or streets, or the file cannot be used.
    SourceError
        When the service is silent.
    """
    wanted.told("OpenStreetMap")
    features = osm_features(window, wanted, web, ledger)
    tables = {}
    for table, mapped in osm_tables(features, window).items():
        ledger.became(table, mapped)
        if len(mapped.frame) or table in ("buildings", "streets"):
            tables[table] = gpd.GeoDataFrame(mapped.frame)
    for table in ("buildings", "streets"):
        if not len(tables[table]):
            raise InputError(
                f"OpenStreetMap has no {table} there", where=f"fetch, {window.name}", mend="Is it the place?"
            )
    for part in ("parcels", "zones", "loops", "ground"):
        ledger.unknown(part, "not in OpenStreetMap")
    return tables


def osm_features(window: Window, wanted: Wanted, web: Web, ledger: Ledger) -> gpd.GeoDataFrame:
    """Return all features of a window, of one's own file or else of the service.

    Raises
    ------
    InputError
        When the file cannot be used, or there is none and nothing may be asked.
    SourceError
        When the service is silent.
    """
    if "osm" in wanted.files:
        collected = read_osm(wanted.files["osm"], window)
    elif wanted.offline:
        raise InputError("there is no file of OpenStreetMap", where="fetch", mend="Give --file osm=FILE.")
    else:
        collected = ask_osm(window, asking_of(web))
    ledger.gave("osm", collected)
    return collected.frame


def osm_tables(features: gpd.GeoDataFrame, window: Window) -> dict[str, Mapped]:
    """Return features as tables of an area."""
    return map_osm(features, window)


def asking_of(web: Web) -> Asking:
    """Return how OpenStreetMap is asked, as patiently as everyone else."""
    asking = Asking(
        cache=web.store.folder,
        max_age_days=web.store.max_age_days,
        agent=AGENT,
        tries=web.patience.tries,
        pause_s=web.patience.pause_s,
        sleep=web.sleep,
        told=web.told,
    )
    return replace(asking, overpass_url=f"{web.mirror}/api", nominatim_url=web.mirror) if web.mirror else asking
