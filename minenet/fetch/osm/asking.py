"""Asks the services of OpenStreetMap through osmnx: places by name (Nominatim), and what is there (Overpass).

osmnx cuts large areas into tiles and keeps finished tiles on disk, but it believes every answer: it only logs that a
server stopped half-way (`remark`), waits 55 s for ever where a server is busy, and keeps answers without end. So every
answer is looked at as it comes, and what is wrong with it ends the call; the call is then made again, a bounded number
of times, and goes on where it was. Its settings, and Python's way of finding hosts, which it changes, are put back.

References
----------
.. [1] OpenStreetMap wiki, Overpass API: status codes, `remark` and `timestamp_osm_base`.
.. [2] Nominatim usage policy: at most one question per second, and say who asks.
"""

import hashlib
import json
import math
import socket
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar
from urllib.parse import urlsplit

import geopandas as gpd
import requests
import shapely
from pyproj import CRS
from requests.exceptions import RequestException, SSLError
from urllib3.exceptions import HTTPError

from minenet.errors import InputError, OutputError, SourceError
from minenet.fetch.carriers import Collected
from minenet.fetch.osm.reading import ATTRIBUTION, LICENCE
from minenet.fetch.osm.tags import KEYS
from minenet.fetch.osm.watching import LaterError, Watch
from minenet.fetch.web.asking import AGENT
from minenet.fetch.window import Window

__all__ = ["ASKED", "Asking", "ask_osm", "find_place"]

ASKED: dict[str, bool | str | list[str]] = {
    "abandoned:building": True,
    "addr:flats": True,
    "addr:housenumber": True,
    "addr:interpolation": True,
    "addr:unit": True,
    "amenity": ["parking"],
    "barrier": ["wall", "fence", "hedge", "retaining_wall", "city_wall"],
    "building": True,
    "construction:building": True,
    "disused:building": True,
    "highway": True,
    "landuse": True,
    "leisure": ["park", "playground", "garden"],
    "man_made": ["pipeline"],
    "natural": ["water", "tree", "tree_row", "grassland", "wood", "scrub", "coastline"],
    "power": ["cable"],
    "ruins:building": True,
    "railway": ["rail", "light_rail", "narrow_gauge", "subway", "tram"],
    "waterway": ["river", "canal", "tidal_channel", "ditch", "drain", "stream", "riverbank", "dock"],
}
"""Tags that are asked for: what the tables of an area need."""

PLACES = ("boundary", "place", "landuse")
"""Classes of Nominatim whose outline is a place; other outlines are of a building or a park at an address."""

TOLERANCES = (2e-4, 4e-4, 8e-4, 16e-4, 32e-4)
"""How much larger than the window the outline may be that is asked for: the least that suffices. [degrees]"""

MOST_CORNERS = 100
"""An outline of so many corners makes a question of about 300 kB."""

DAY_S = 86_400.0

Told = Callable[[str], None]
T = TypeVar("T")


@dataclass(frozen=True)
class Asking:
    """Whom to ask, and with how much patience.

    Parameters
    ----------
    cache : Path
        Where answers are kept, in a folder `osm`.
    max_age_days : float
        Older answers are asked again. [d]
    agent : str
        How minenet names itself: the services turn away who does not.
    overpass_url, nominatim_url : str
        The services.
    tries : int
        How often in a row asking may fail before giving up.
    pause_s, longest_pause_s : float
        Pause after the first failure, doubled every time, and the longest one, also when a service asks for more. [s]
    timeout_s : float
        Longest silence of a service, and the time that Overpass may think. [s]
    most_bytes : int
        A larger answer is refused.
    tile_m2 : float
        A larger area is asked for in pieces. [m2]
    sleep, told : callable
        How to wait, and whom to tell what is going on.
    """

    cache: Path
    max_age_days: float = 30.0
    agent: str = AGENT
    overpass_url: str = "https://overpass-api.de/api"
    nominatim_url: str = "https://nominatim.openstreetmap.org"
    tries: int = 6
    pause_s: float = 2.0
    longest_pause_s: float = 120.0
    timeout_s: float = 180.0
    most_bytes: int = 512 * 2**20
    tile_m2: float = 25e6
    sleep: Callable[[float], None] = time.sleep
    told: Told = field(default=lambda _: None)


def find_place(name: str, *, around_m: float, asking: Asking) -> Window:
    """Return the window of a place: its outline, or a circle around an address.

    Parameters
    ----------
    name : str
        A municipality, a neighbourhood, an address.
    around_m : float
        Radius of the circle where the best match is no place with an outline. [m]
    asking : Asking
        Whom to ask.

    Raises
    ------
    InputError
        When it is not found.
    SourceError
        When the service gives no fit answer after all tries.
    """
    folder = _folder(asking, f"place {name}")
    osmnx = _osmnx()

    def ask() -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame(osmnx.geocoder.geocode_to_gdf(name, which_result=1))  # the best match, be it a point

    try:
        found = _patiently(ask, folder, asking, where=f"Nominatim ({urlsplit(asking.nominatim_url).hostname})")
    except osmnx._errors.InsufficientResponseError as error:  # noqa: SLF001 - osmnx has no other name for it
        mend = "Write it as on a letter, with the town, or give a box."
        raise InputError(f"`{name}` is not on the map", where="OpenStreetMap", mend=mend) from error
    shape, kind = found.geometry.iloc[0], found["class"].iloc[0] if "class" in found else PLACES[0]
    world = CRS.from_epsg(4326)
    if kind in PLACES and shapely.get_dimensions(shape) == 2:
        return Window.of_shape(shape, world, name=name)
    here = Window.of_shape(shapely.buffer(shape.representative_point(), 1e-4), world, name=name)
    centre = shapely.centroid(here.shape)
    return Window(shapely.buffer(centre, around_m), here.crs, name)


def ask_osm(window: Window, asking: Asking) -> Collected:
    """Return what OpenStreetMap has of a window and the strip around it.

    Parameters
    ----------
    window : Window
        Where.
    asking : Asking
        Whom to ask.

    Returns
    -------
    Collected
        `osm_type` (node, way, relation), `osm_id`, tags, geometry in the CRS of the window; `asked` counts elements,
        points of lines included.

    Raises
    ------
    InputError
        When there is nothing.
    OutputError
        When answers cannot be kept.
    SourceError
        When the service gives no fit answer after all tries; what it gave is kept, and the next call goes on there.
    """
    area = _outline(window)
    folder = _folder(asking, f"features {asking.tile_m2} {sorted(ASKED)} {shapely.to_wkt(area, rounding_precision=7)}")
    osmnx = _osmnx()
    host = urlsplit(asking.overpass_url).hostname

    def ask() -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame(osmnx.features.features_from_polygon(area, ASKED))

    try:
        rows = _patiently(ask, folder, asking, where=f"Overpass ({host})")
    except osmnx._errors.InsufficientResponseError as error:  # noqa: SLF001 - osmnx has no other name for it
        mend = "Is it the right place? A server may also hold one country only."
        raise InputError(
            f"has nothing of {window.name or 'the window'}", where=f"Overpass ({host})", mend=mend
        ) from error
    tiles = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))]
    dates = [str(tile.get("osm3s", {}).get("timestamp_osm_base", ""))[:10] for tile in tiles]
    features, notes = _as_features(rows, window)
    return Collected(
        features,
        source=f"OpenStreetMap, Overpass ({host})",
        date=min((date for date in dates if date), default=""),  # the oldest tile: so old the whole may be
        licence=LICENCE,
        attribution=ATTRIBUTION,
        asked=sum(len(tile["elements"]) for tile in tiles),
        notes=notes | {"tiles": str(len(tiles))},
    )


def _outline(window: Window) -> shapely.Geometry:
    """Return an outline of few corners around a window and its strip, in degrees.

    A question repeats the outline once per tag and value, over a hundred times: with the thousands of corners of a
    village it would be too long to be asked.
    """
    shape = window.in_world()
    for tolerance in TOLERANCES:
        # no corner moves by more than the tolerance: what is drawn larger by that much still covers the window
        outline = shapely.simplify(shapely.buffer(shape, 1.3 * tolerance, quad_segs=2), tolerance)
        if shapely.get_num_coordinates(outline) <= MOST_CORNERS:
            break
    return outline


def _osmnx() -> Any:
    import osmnx  # noqa: PLC0415 (slow to import, seldom used)

    return osmnx


def _as_features(rows: gpd.GeoDataFrame, window: Window) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """Return features as columns of tags; what lies in two tiles is there once."""
    once = rows[~rows.index.duplicated()]
    kept = [key for key in KEYS if key in once.columns]
    frame = once[[*kept, "geometry"]].assign(
        osm_type=once.index.get_level_values("element").astype("str"),
        osm_id=once.index.get_level_values("id").astype("str"),
    )
    features = gpd.GeoDataFrame(frame.reset_index(drop=True), crs=rows.crs).to_crs(window.crs)
    return features, {"repeated": str(len(rows) - len(once))} if len(rows) > len(once) else {}


# --- patience ---------------------------------------------------------------------------------------------------------


def _patiently(ask: Callable[[], T], folder: Path, asking: Asking, *, where: str) -> T:
    """Return what a call of osmnx returns, called again while it fails; every finished tile gives new patience."""
    tried = 0
    while True:
        watch = Watch(asking.most_bytes, answer_s=4 * asking.timeout_s)
        try:
            with _told_later(where), _set_up(asking, folder, watch):
                return ask()
        except LaterError as error:
            tried = 1 if watch.finished else tried + 1
            if tried >= asking.tries:
                mend = "Run the same command again later: what was fetched is kept."
                raise SourceError(f"{error} (asked {tried} times)", where=where, mend=mend) from error
            pause = error.pause if error.pause is not None else asking.pause_s * 2.0 ** (tried - 1)
            pause = min(pause, asking.longest_pause_s)
            asking.told(f"{where}: {error}; asking again in {pause:.0f} s")
            asking.sleep(pause)


@contextmanager
def _told_later(where: str) -> Iterator[None]:
    """Turn what goes wrong on the line into a reason to try again, or into an error where trying again is in vain."""
    try:
        yield
    except SSLError as error:
        mend = "Ask who runs your network: the certificate is never left unchecked."
        raise SourceError("has no certificate that can be trusted", where=where, mend=mend) from error
    except requests.exceptions.InvalidURL as error:
        raise SourceError("is no address of a service", where=where) from error
    except (requests.Timeout, TimeoutError) as error:
        raise LaterError("did not answer in time") from error
    except (RequestException, HTTPError, ConnectionError, socket.gaierror) as error:
        raise LaterError(f"broke off ({type(error).__name__})") from error
    except OSError as error:
        mend = "Is there room on the disk? Or give another folder for the cache."
        raise OutputError("answers cannot be kept", where=str(error.filename or "cache"), mend=mend) from error


@contextmanager
def _set_up(asking: Asking, folder: Path, watch: Watch) -> Iterator[None]:
    """Set osmnx up for one call, and put everything back as it was."""
    settings: ModuleType = _osmnx().settings
    wanted = {
        "cache_folder": folder,
        "cache_only_mode": False,
        "default_crs": "epsg:4326",
        "doh_url_template": None,  # who resolves the names of hosts is for the user's system to say
        "http_referer": asking.agent,
        "http_user_agent": asking.agent,
        "log_console": False,
        "log_file": False,
        "max_query_area_size": asking.tile_m2,
        "nominatim_url": asking.nominatim_url,
        "overpass_settings": f"[out:json][timeout:{max(math.ceil(asking.timeout_s), 1)}]{{maxsize}}",  # whole seconds
        "overpass_memory": None,
        "overpass_rate_limit": False,  # it would wait unasked and for ever; a busy server says 429
        "overpass_url": asking.overpass_url,
        "requests_kwargs": {"hooks": {"response": watch}, "stream": True},
        "requests_timeout": asking.timeout_s,
        "use_cache": True,
    }
    before = {name: getattr(settings, name) for name in wanted}
    finding_hosts = socket.getaddrinfo
    for name, value in wanted.items():
        setattr(settings, name, value)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="This area is", category=UserWarning)  # many tiles: as wished
            yield
    finally:
        for name, value in before.items():
            setattr(settings, name, value)
        socket.getaddrinfo = finding_hosts


def _folder(asking: Asking, question: str) -> Path:
    """Return the folder with the answers to a question: those too old, and those not wholly written, are gone."""
    digest = hashlib.sha256(f"{asking.overpass_url} {asking.nominatim_url} {question}".encode()).hexdigest()[:24]
    folder = asking.cache / "osm" / digest
    try:
        asking.cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            "answers cannot be kept", where=str(folder), mend="Give another folder for the cache."
        ) from error
    oldest = time.time() - asking.max_age_days * DAY_S
    for file in folder.glob("*.json"):
        if file.stat().st_mtime < oldest or not _is_whole(file):
            file.unlink()
    return folder


def _is_whole(file: Path) -> bool:
    """Whether an answer was wholly written: a run that is ended leaves half a file, on which osmnx would stumble."""
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        return False
    return isinstance(said, list) or (isinstance(said, dict) and isinstance(said.get("elements"), list))
