"""Finds a place by name: an address, street, village, municipality, through the geocoder of PDOK."""

import re
from collections.abc import Mapping
from typing import Any

import shapely

from minenet.errors import InputError
from minenet.fetch.dutch.services import Services
from minenet.fetch.spelling import column
from minenet.fetch.web.answers import document, read_page
from minenet.fetch.web.asking import UnfitAnswerError, Web
from minenet.fetch.window import DUTCH, Window

__all__ = ["find_municipality", "find_place"]

TYPES = "type:(adres OR weg OR postcode OR buurt OR wijk OR woonplaats OR gemeente)"
FIELDS = "id,type,weergavenaam,score,gemeentecode,centroide_rd,geometrie_rd"


def find_place(web: Web, services: Services, name: str, *, around_m: float) -> Window:
    """Return the window of a place in the Netherlands: its own polygon, or what lies around a street or an address.

    Parameters
    ----------
    web : Web
        Who asks.
    services : Services
        Where.
    name : str
        What people call it: "Oosterstraat, Utrecht".
    around_m : float
        How far around a street or an address. [m]

    Raises
    ------
    InputError
        When no place bears that name.
    SourceError
        When the geocoder is silent.
    """
    url = services.named("places").url
    answer = web.get(f"{url}/free", {"q": name, "fq": TYPES, "fl": FIELDS, "rows": "5"}, check=_docs)
    docs = _docs(answer.body)
    if not docs:
        mend = 'Write it as "street, town", or give --bbox; for a place abroad add --source osm.'
        raise InputError(f"no place in the Netherlands is called `{name}`", where="fetch", mend=mend)
    best = docs[0]
    _require_meant(name, docs)
    if best.get("type") == "gemeente" and best.get("gemeentecode"):  # the geocoder's own outline is a rough one
        return find_municipality(web, services, str(best["gemeentecode"]))
    shape = _shape(best)
    if shape is None and best.get("id"):
        more = _docs(web.get(f"{url}/lookup", {"id": str(best["id"]), "fl": FIELDS}, check=_docs).body)
        shape = _shape(more[0]) if more else None
    if shape is None:
        raise InputError(f"`{name}` was found, but not where it lies", where="fetch", mend="Give --bbox.")
    if shapely.get_dimensions(shape) < 2:
        shape = shapely.buffer(shape, around_m)
    return Window.of_shape(shape, DUTCH, name=str(best.get("weergavenaam", name)))


def _require_meant(name: str, docs: list[Mapping[str, Any]]) -> None:
    """Raise when the first place found lacks a word that was asked for: the geocoder gives far-off ones too."""
    found = [str(doc.get("weergavenaam", "")) for doc in docs]
    joined = found[0].casefold().replace(" ", "")
    lost = [word for word in re.findall(r"\w+", name.casefold()) if word not in joined]
    if lost:
        near = "; ".join(found[:3])
        raise InputError(f"no place is called `{name}` (`{lost[0]}`)", where="fetch", mend=f"Nearest: {near}.")


def _docs(body: bytes) -> list[Mapping[str, Any]]:
    response = document(body).get("response")
    docs = response.get("docs") if isinstance(response, dict) else None
    if not isinstance(docs, list) or not all(isinstance(doc, dict) for doc in docs):
        raise UnfitAnswerError("sent something else than places")
    return docs


def _shape(doc: Mapping[str, Any]) -> shapely.Geometry | None:
    """Return the shape of a place, else its centre; None where neither can be read."""
    for name in ("geometrie_rd", "centroide_rd"):
        shape = shapely.from_wkt(str(doc[name]), on_invalid="ignore") if doc.get(name) else None
        if shape is not None and not shapely.is_empty(shape):
            return shape
    return None


def find_municipality(web: Web, services: Services, code: str) -> Window:
    """Return the window of a municipality by its code (`0344` or `GM0344`) or name.

    Raises
    ------
    InputError
        When there is none of that code or name.
    SourceError
        When the service is silent.
    """
    row = services.named("municipalities")
    number = code.upper().removeprefix("GM")
    asked = {"identificatie": f"GM{number.zfill(4)}"} if number.isdigit() else {"naam": code}
    epsg = "http://www.opengis.net/def/crs/EPSG/0/28992"
    url = f"{row.url}/{row.layer}/items"
    answer = web.get(url, {"f": "json", "limit": "10", "crs": epsg} | asked, check=lambda b: read_page(b, crs=DUTCH))
    frame = read_page(answer.body, crs=DUTCH).frame
    [(key, wanted)] = asked.items()
    if len(frame):  # a service that does not know the filter gives others
        frame = frame[column(frame, key).astype("str").str.casefold() == wanted.casefold()]
    if not len(frame):
        mend = "Give the code of four digits that CBS uses, such as 0344 for Utrecht, or its name."
        raise InputError(f"there is no municipality `{code}`", where="--municipality", mend=mend)
    return Window.of_shape(shapely.union_all(frame.geometry.to_numpy()), DUTCH, name=f"municipality {code}")
