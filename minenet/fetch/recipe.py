"""The recipe of a fetch: a window, its tables, who joins; everything that was asked and received written down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from minenet.errors import InputError
from minenet.fetch.answers import join_answers
from minenet.fetch.carriers import Mapped
from minenet.fetch.dutch.places import find_municipality, find_place
from minenet.fetch.dutch.recipe import Desk, fetch_dutch
from minenet.fetch.dutch.services import Services
from minenet.fetch.ledger import Ledger
from minenet.fetch.osm import asking as osm
from minenet.fetch.osm.recipe import asking_of, fetch_osm
from minenet.fetch.web.asking import Web
from minenet.fetch.web.store import Store, default_folder
from minenet.fetch.window import DUTCH, Window
from minenet.fetch.wishes import Wanted

__all__ = ["Fetched", "fetch_area", "municipality", "place"]

AROUND_M = 150.0
"""How far around an address or a street homes are looked for, unless one says otherwise."""


@dataclass(frozen=True)
class Fetched:
    """What a fetch brought: tables of an area, notes on each source, and answers that belong to no address."""

    tables: Mapping[str, Any]
    notes: Mapping[str, str]
    unmatched: pd.DataFrame = field(default_factory=pd.DataFrame)


def fetch_area(window: Window, wanted: Wanted | None = None, *, web: Web | None = None) -> Fetched:
    """Fetch an area: buildings, addresses, streets, ground, water, rules, from public sources and files of one's own.

    Parameters
    ----------
    window : Window
        Where.
    wanted : Wanted, optional
        Which source, which files, what to do without.
    web : Web, optional
        Who asks; by default with patience, and answers kept for 30 days.

    Returns
    -------
    Fetched
        Tables as in `AREA_TABLES`, for `make_area` or `write_area`.

    Raises
    ------
    InputError
        When a file cannot be used, or nothing stands there.
    SourceError
        When a service is silent, or what it gives cannot be used.
    """
    wanted = wanted or Wanted()
    web = web or Web(Store(default_folder()))
    ledger = Ledger(f"{window.name}; {window.crs.to_string()} {', '.join(f'{v:.0f}' for v in window.bounds)}")
    if wanted.source == "bag":
        if window.crs != DUTCH:
            mend = "Use --source osm, which is everywhere."
            raise InputError("does not lie in the Netherlands", where=f"window {window.name}", mend=mend)
        tables = fetch_dutch(window, wanted, Desk(web, Services.of(web), ledger))
    else:
        tables = fetch_osm(window, wanted, web, ledger)
    unmatched = pd.DataFrame()
    if wanted.answers is not None:
        if "addresses" not in tables:
            raise InputError("there are no addresses to join the answers to", where=str(wanted.answers))
        answered = join_answers(tables["addresses"], wanted.answers)
        ledger.became("answers", Mapped(answered.addresses, answered.counts))
        tables["addresses"], unmatched = answered.addresses, answered.unmatched
    return Fetched(tables, ledger.notes, unmatched)


def place(name: str, *, source: str, around_m: float, web: Web) -> Window:
    """Return the window of a place by name, by the geocoder of the source.

    Raises
    ------
    InputError
        When there is no such place.
    SourceError
        When the geocoder is silent.
    """
    if source == "bag":
        return find_place(web, Services.of(web), name, around_m=around_m)
    return osm.find_place(name, around_m=around_m, asking=asking_of(web))


def municipality(code: str, *, web: Web) -> Window:
    """Return the window of a Dutch municipality by code or name.

    Raises
    ------
    InputError
        When there is no such municipality.
    SourceError
        When the service is silent.
    """
    return find_municipality(web, Services.of(web), code)
