"""The public services of the Netherlands: where they are, what they are called, on which terms."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import resources

from minenet.errors import AssumptionError
from minenet.fetch.carriers import Collected
from minenet.fetch.web.arcgis import collect_arcgis
from minenet.fetch.web.asking import Web
from minenet.fetch.web.ogc import OgcLayer, collect_ogc
from minenet.fetch.web.wfs import Haul, WfsLayer, collect_wfs
from minenet.fetch.window import DUTCH, Window

__all__ = ["Service", "Services"]


@dataclass(frozen=True)
class Service:
    """One layer of one service: a row of `services.csv`."""

    part: str
    service: str
    kind: str
    url: str
    layer: str
    key: str
    licence: str
    attribution: str

    def collect(self, web: Web, window: Window, *, more: Mapping[str, str] | None = None) -> Collected:
        """Return what the service has in a window and the strip around it.

        Raises
        ------
        SourceError
            When it is silent, or what it gives cannot be used.
        """
        box = window.bounds
        match self.kind:
            case "wfs":
                frame, haul = collect_wfs(web, WfsLayer(self.url, self.layer, self.key, DUTCH), box)
            case "ogc":
                layer = OgcLayer(f"{self.url}/{self.layer}", self.key, DUTCH, more=dict(more or {}))
                frame, haul = collect_ogc(web, layer, box)
            case _:
                frame, haul = collect_arcgis(web, f"{self.url}/{self.layer}", DUTCH, box)
        source = f"{self.url}, {self.layer}"
        return Collected(frame, source, _dates(haul), self.licence, self.attribution, haul.asked, _told(haul))


def _dates(haul: Haul) -> str:
    """Return the day of the answers, or the first and the last one."""
    days = sorted(haul.dates)
    return "" if not days else days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"


def _told(haul: Haul) -> dict[str, str]:
    told = {"questions": str(haul.questions)}
    return told | ({"repeated_by_the_service": str(haul.repeated)} if haul.repeated else {})


def _read() -> tuple[Service, ...]:
    text = resources.files(__package__).joinpath("services.csv").read_text("utf-8")
    return tuple(Service(**row) for row in csv.DictReader(text.splitlines()))


@dataclass(frozen=True)
class Services:
    """All services, by part."""

    rows: tuple[Service, ...] = field(default_factory=_read)

    def named(self, part: str, *, service: str = "", layer: str | None = None) -> Service:
        """Return the service of a part, of a kind where there are several, of one layer where it has many.

        Raises
        ------
        AssumptionError
            When there is none.
        """
        for row in self.rows:
            if row.part == part and service in (row.service, ""):
                return row if layer is None else replace(row, layer=layer)
        raise AssumptionError(f"no service `{service}` for `{part}`", where="services")

    @classmethod
    def of(cls, web: Web) -> "Services":
        """Return the services that are asked: the public ones, or the same at a mirror."""
        rows = _read()
        if not web.mirror:
            return cls(rows)
        return cls(tuple(replace(r, url=f"{web.mirror.rstrip('/')}/{r.url.split('/', 3)[3]}") for r in rows))
