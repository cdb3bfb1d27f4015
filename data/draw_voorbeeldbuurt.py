"""Draw the fictional neighbourhood `voorbeeldbuurt.gpkg`, on which the demonstration of minenet runs.

Nothing here exists: no street, house, plot, pipe or rule was copied from a real place. The plan is drawn by hand, in
metres, on a straight grid (the tables `ROWS`, `STREETS`, ... below) and a fixed seed decides the small things, such as
which house has an extension. A conformal map then bends the plan slightly, so that streets curve while walls stay
square to each other. Every point is computed once and rounded to a centimetre, so neighbours share their walls exactly.

Run it from anywhere: ``python data/draw_voorbeeldbuurt.py``. The same file comes out every time.
"""

import argparse
import contextlib
import itertools
import math
import random
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from shapely import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

from minenet.tables import AREA_TABLES, typed

SEED = 2024
CITY = "Voorbeeldstad"
CRS = "EPSG:28992"
FICTIONAL = "fictief, voor de demonstratie van minenet"
TARGET = Path(__file__).with_name("voorbeeldbuurt.gpkg")

Spot = tuple[float, float]

# --- from plan to map -------------------------------------------------------------------------------------------------

CENTRE = complex(200, 200)
BEND = complex(-0.7e-4, 1.1e-4)
TURN = complex(math.cos(math.radians(6)), math.sin(math.radians(6)))
ORIGIN = complex(140_000, 455_000)


def to_map(spot: Spot) -> Spot:
    """Return the map coordinates [m, rounded to 0.01] of a spot on the plan: bent (conformally), turned and moved."""
    z = complex(*spot) - CENTRE
    w = (z + BEND * z * z) * TURN + ORIGIN
    return round(w.real, 2), round(w.imag, 2)


def densified(spots: Sequence[Spot], step: float = 20.0) -> list[Spot]:
    """Return `spots` with extra ones on long straight parts, so that the bent plan stays smooth."""
    line = LineString(spots).segmentize(step)
    return [(x, y) for x, y in line.coords]


def on_map(spots: Sequence[Spot]) -> list[Spot]:
    """Return the map coordinates of `spots` without repeated ones."""
    mapped = [to_map(s) for s in spots]
    return [s for i, s in enumerate(mapped) if i == 0 or s != mapped[i - 1]]


def area(spots: Sequence[Spot], step: float = 20.0) -> Polygon:
    """Return the polygon on the map around a ring of plan spots."""
    return Polygon(on_map(densified([*spots, spots[0]], step)))


@dataclass(frozen=True)
class Frame:
    """A place on the plan to draw from: `along` runs in direction `angle` [degrees], `across` to its left (side 1)."""

    x: float
    y: float
    angle: float = 0.0
    side: int = 1

    def spot(self, along: float, across: float = 0.0) -> Spot:
        """Return the plan spot `along` and `across` [m] from the origin of the frame."""
        c, s = math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))
        t = across * self.side
        return self.x + along * c - t * s, self.y + along * s + t * c

    def box(self, along: tuple[float, float], across: tuple[float, float]) -> list[Spot]:
        """Return the corners of a rectangle."""
        (a, b), (c, d) = along, across
        return [self.spot(a, c), self.spot(b, c), self.spot(b, d), self.spot(a, d)]


PLAN = Frame(0, 0)
SOUTH = Frame(14, 176, -10)
"""The quarter of the 1970s south of the canal lies at an angle to the older one."""


def south(along: float, across: float) -> Spot:
    """Return a plan spot given in the southern quarter's own grid."""
    return SOUTH.spot(along, across)


def southern_street(along: float, side: int) -> Frame:
    """Return the frame of a street that runs south at `along`; house fronts lie to its east (side 1) or west (-1)."""
    return Frame(*south(along, 0), SOUTH.angle - 90, side)


# --- what is drawn ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Style:
    """How the houses of a period look: setback, depth, ... [m] and shares [-]."""

    year: int
    setback: float
    depth: float
    storeys: int = 2
    extension: tuple[float, float] = (0.0, 0.0)  # width, depth of the original back extension; 0 = none
    extended: float = 0.15  # share of houses that were extended over their full width later
    shed: tuple[float, float] = (2.6, 2.4)
    sheds: float = 0.85
    stagger: float = 0.0
    labels: str = "CDEFG"
    gas: int = 1400
    garage: bool = False


TERRACE_1930 = Style(1932, 2.6, 8.8, 2, (2.4, 2.6), 0.10, (2.7, 2.2), 0.85, 0.0, "DEFGC", 1500)
MANSION_1930 = Style(1928, 4.0, 10.2, 3, (3.0, 2.8), 0.15, (2.8, 2.6), 0.7, 0.0, "DEFGC", 1900)
TERRACE_1970 = Style(1974, 4.4, 9.2, 2, (0.0, 0.0), 0.22, (2.9, 2.5), 0.92, 1.5, "CDBCA", 1250)
SEMI_1930 = Style(1935, 5.5, 9.6, 2, (0.0, 0.0), 0.3, (2.8, 3.0), 0.4, 0.0, "DEFC", 2000, garage=True)
SEMI_1970 = Style(1977, 5.5, 9.4, 2, (0.0, 0.0), 0.3, (2.8, 2.6), 0.4, 0.0, "CDB", 1700, garage=True)
DETACHED = Style(1979, 7.0, 10.5, 2, (0.0, 0.0), 0.2, (3.0, 3.2), 0.5, 0.0, "BCDE", 2300, garage=True)
VILLA = Style(1931, 6.5, 11.0, 2, (4.0, 3.0), 0.1, (3.2, 3.4), 0.6, 0.0, "EFGD", 2600, garage=True)
ALMSHOUSE = Style(1921, 0.0, 7.6, 1, (0.0, 0.0), 0.0, (2.0, 1.8), 0.5, 0.0, "EFGD", 1000)


@dataclass(frozen=True)
class Row:
    """A strip of plots along a street, cut in groups of attached houses.

    Parameters
    ----------
    street, numbers : str
        Street and which numbers its houses get: odd, even or all.
    frame : Frame
        Runs along the centre line in the direction of the numbers; `across` points to the houses.
    reach : tuple of float
        From where to where along the frame [m].
    offset, plot : float
        From the centre line to the plots, and depth of the plots [m].
    groups : tuple of int
        Houses per group.
    style : Style
        How they look.
    gap : float
        Path between groups [m]; 0 = none.
    yard : float
        Side garden or drive at either end of a group [m].
    gas : bool
        Was gas use measured here?
    own_path : bool
        Are the paths between the groups owned by the residents together?
    """

    street: str
    numbers: str
    frame: Frame
    reach: tuple[float, float]
    offset: float
    plot: float
    groups: tuple[int, ...]
    style: Style
    gap: float = 1.5
    yard: float = 1.3
    gas: bool = False
    own_path: bool = False

    @property
    def unit(self) -> float:
        """Width of a house [m]."""
        groups = len(self.groups)
        room = self.reach[1] - self.reach[0] - self.gap * (groups - 1) - 2 * self.yard * groups
        return room / sum(self.groups)

    def starts(self) -> Iterator[tuple[float, int]]:
        """Yield where each group's plots begin along the frame, and its number of houses."""
        along = self.reach[0]
        for houses in self.groups:
            yield along, houses
            along += houses * self.unit + 2 * self.yard + self.gap

    def gaps(self) -> list[float]:
        """Return the middle of each path between two groups, along the frame [m]."""
        return [along - self.gap / 2 for along, _ in self.starts()][1:] if self.gap else []


NOORDKADE, MEIDOORN, LIJSTERBES, SPOOR = 222.0, 280.0, 338.0, 396.0
WEST, BRUG, MAIN = 0.0, 195.0, 400.0
ZUIDKADE = 184.0
WULP, GRUTTO = 60.0, 118.4
ZWALUW, REIGER = -95.0, -150.0
KAREKIET = (BRUG - SOUTH.x) * math.cos(math.radians(10)) - (ZUIDKADE - SOUTH.y) * math.sin(math.radians(10))
"""The Karekietlaan carries on from the bridge."""

ROWS = (
    # north-west: terraces of the 1930s, back to back with private paths
    Row("Noordkade", "all", Frame(0, NOORDKADE), (8, 186), 5.5, 23, (9, 9, 9), MANSION_1930, gas=True, own_path=True),
    Row("Meidoornstraat", "even", Frame(0, MEIDOORN, 0, -1), (8, 186), 5, 23, (10, 11, 8), TERRACE_1930, own_path=True),
    Row("Meidoornstraat", "odd", Frame(0, MEIDOORN), (8, 186), 6.5, 22.5, (11, 8, 11), TERRACE_1930, own_path=True),
    Row(
        "Lijsterbesstraat",
        "even",
        Frame(0, LIJSTERBES, 0, -1),
        (8, 186),
        5,
        22.5,
        (8, 12, 10),
        TERRACE_1930,
        gas=True,
        own_path=True,
    ),
    Row("Lijsterbesstraat", "odd", Frame(0, LIJSTERBES), (66, 122), 6.5, 22.5, (9,), TERRACE_1930),
    Row("Spoorstraat", "even", Frame(0, SPOOR, 0, -1), (66, 122), 5, 22.5, (9,), TERRACE_1930),
    # the courtyard: three short rows that face the green
    Row("Vlierhofje", "all", Frame(145, 348, 90), (0, 24), 0, 13.5, (5,), ALMSHOUSE, yard=0, gas=True),
    Row("Vlierhofje", "all", Frame(131, 376), (0, 52), 0, 15, (10,), ALMSHOUSE, yard=0, gas=True),
    Row("Vlierhofje", "all", Frame(169, 372, -90), (0, 24), 0, 13.5, (5,), ALMSHOUSE, yard=0, gas=True),
    # north-east
    Row("Noordkade", "all", Frame(0, NOORDKADE), (203, 317), 5.5, 25, (2,) * 6, SEMI_1930, gap=0, yard=3, gas=True),
    Row("Noordkade", "all", Frame(0, NOORDKADE), (317, 359), 5.5, 25, (1,) * 2, VILLA, gap=0, yard=5),
    Row("Meidoornstraat", "even", Frame(0, MEIDOORN, 0, -1), (204, 359), 5, 21, (8, 9, 8), TERRACE_1930, gas=True),
    Row("Meidoornstraat", "odd", Frame(0, MEIDOORN), (204, 359), 6.5, 22.5, (9, 7, 9), TERRACE_1930),
    Row("Lijsterbesstraat", "even", Frame(0, LIJSTERBES, 0, -1), (204, 359), 5, 22.5, (7, 10, 8), TERRACE_1930),
    Row("Lijsterbesstraat", "odd", Frame(0, LIJSTERBES), (204, 359), 6.5, 20, (12, 12), TERRACE_1930, gas=True),
    Row("Spoorstraat", "even", Frame(0, SPOOR, 0, -1), (204, 262), 5, 25, (9,), TERRACE_1930),
    Row("Spoorstraat", "even", Frame(0, SPOOR, 0, -1), (322, 359), 5, 25, (3, 2), TERRACE_1930, gap=0, yard=2),
    # along the main road
    Row("Provincialeweg", "odd", Frame(MAIN, 0, 90), (228, 274), 9, 30.5, (1, 1, 1), VILLA, gap=0, yard=3.2),
    Row("Provincialeweg", "odd", Frame(MAIN, 0, 90), (287.5, 332), 9, 30.5, (2, 2), SEMI_1930, gap=0, yard=3.2),
    Row("Provincialeweg", "odd", Frame(MAIN, 0, 90), (345.5, 390), 9, 30.5, (2, 2), SEMI_1930, gap=0, yard=3.2),
    Row("Provincialeweg", "even", Frame(MAIN, 0, 90, -1), (232, 318), 9, 26, (7, 7), TERRACE_1930),
    # south: terraces of the 1970s with public back paths
    Row("Zuidkade", "all", Frame(0, ZUIDKADE, 0, -1), (232, 372), 6, 26, (2,) * 7, SEMI_1970, gap=0, yard=3.2),
    Row("Wulpstraat", "even", southern_street(WULP, -1), (-6, 143), 5, 23, (8, 9, 7), TERRACE_1970),
    Row("Wulpstraat", "odd", southern_street(WULP, 1), (-10, 143), 6.5, 22.6, (7, 9, 9), TERRACE_1970, gas=True),
    Row("Gruttostraat", "even", southern_street(GRUTTO, -1), (-14, 143), 5, 22.8, (9, 8, 9), TERRACE_1970),
    Row("Gruttostraat", "odd", southern_street(GRUTTO, 1), (-20, 143), 6.5, 22.6, (8, 10, 8), TERRACE_1970, gas=True),
    Row("Karekietlaan", "even", southern_street(KAREKIET, -1), (-26, 143), 5, 22.8, (9, 9, 9), TERRACE_1970),
    Row("Karekietlaan", "odd", southern_street(KAREKIET, 1), (-22, 86), 6.5, 26, (2,) * 6, SEMI_1970, gap=0, yard=3),
    Row("Zwaluwlaan", "even", Frame(*south(0, ZWALUW), -10, -1), (214, 380), 5, 28, (1,) * 8, DETACHED, gap=0, yard=5),
)

BOUNDS = ((-25, 448), (446, 448), (446, -82), south(-22, -166))


@dataclass(frozen=True)
class Way:
    """A street or path, given by its junctions; every piece between two of them becomes a street of its own.

    `road` and `walk` are the half widths [m] of the carriageway and of everything up to the plots; `bridge` and
    `tunnel` number the pieces that are one; `own` says that residents own the path together.
    """

    name: str
    road_class: str
    spots: tuple[Spot, ...]
    road: float = 2.6
    walk: float = 7.0
    bridge: int = -1
    tunnel: int = -1
    own: bool = False

    @property
    def path(self) -> bool:
        """Return whether it is for feet only."""
        return self.road_class == "footway"

    def pieces(self) -> Iterator[tuple[int, tuple[Spot, Spot]]]:
        """Yield the number and the ends of each piece."""
        yield from enumerate(itertools.pairwise(self.spots))


def on_kade(along: float) -> Spot:
    """Return where the southern line at `along` meets the Zuidkade."""
    c, s = math.cos(math.radians(SOUTH.angle)), math.sin(math.radians(SOUTH.angle))
    return south(along, (ZUIDKADE - SOUTH.y - along * s) / c)


def on_main(across: float) -> Spot:
    """Return where the southern line at `across` meets the main road."""
    c, s = math.cos(math.radians(SOUTH.angle)), math.sin(math.radians(SOUTH.angle))
    return south((MAIN - SOUTH.x + across * s) / c, across)


def level(across: float, *along: float) -> tuple[Spot, ...]:
    """Return spots at one height of the plan."""
    return tuple((x, across) for x in along)


def upright(along: float, *across: float) -> tuple[Spot, ...]:
    """Return spots above each other on the plan."""
    return tuple((along, y) for y in across)


BACK = 359.75
"""Path between the gardens of the side streets and the plots on the main road."""

# Streets meet where their spots are equal. One flaw is drawn on purpose: the Lijsterbesstraat misses the Westerlaan.
FLAW = 0.4

WAYS = (
    Way("Westerlaan", "residential", upright(WEST, NOORDKADE, MEIDOORN, LIJSTERBES, SPOOR), walk=8.2),
    Way("Noordkade", "residential", level(NOORDKADE, WEST, BRUG, BACK), walk=5.6),
    Way("Meidoornstraat", "residential", level(MEIDOORN, WEST, BRUG, BACK, MAIN)),
    Way("Lijsterbesstraat", "residential", level(LIJSTERBES, WEST + FLAW, BRUG, BACK)),
    Way("Spoorstraat", "residential", level(SPOOR, WEST, BRUG, BACK, MAIN), walk=5.2),
    Way("Brugstraat", "tertiary", upright(BRUG, SPOOR, LIJSTERBES, MEIDOORN, NOORDKADE, 213), 2.9, 9.2),
    Way("Brugstraat", "tertiary", upright(BRUG, 213, 193, ZUIDKADE), 2.9, 5.0, bridge=0),
    Way(
        "Provincialeweg",
        "primary",
        (
            *upright(MAIN, 446, 424, SPOOR, LIJSTERBES, MEIDOORN, NOORDKADE, 213),
            *upright(MAIN, 193, ZUIDKADE, 108),
            on_main(ZWALUW),
            on_main(REIGER),
            (MAIN, -80.0),
        ),
        3.6,
        9.0,
        bridge=6,
        tunnel=0,
    ),
    Way(
        "Zuidkade", "residential", (*level(ZUIDKADE, 20), on_kade(WULP), on_kade(GRUTTO), *level(ZUIDKADE, BRUG, MAIN))
    ),
    Way("Wulpstraat", "living_street", (on_kade(WULP), south(WULP, REIGER))),
    Way("Gruttostraat", "living_street", (on_kade(GRUTTO), south(GRUTTO, REIGER))),
    Way("Karekietlaan", "residential", ((BRUG, ZUIDKADE), south(KAREKIET, ZWALUW), south(KAREKIET, REIGER))),
    Way("Zwaluwlaan", "residential", (south(KAREKIET, ZWALUW), south(300, ZWALUW), on_main(ZWALUW))),
    Way(
        "Reigerlaan",
        "residential",
        (*(south(a, REIGER) for a in (22, WULP, GRUTTO, KAREKIET)), on_main(REIGER)),
        walk=5.5,
    ),
    # footpaths and back paths
    Way("Noordkade", "footway", level(NOORDKADE, BACK, MAIN), walk=1.0),
    Way("Lijsterbesstraat", "footway", level(LIJSTERBES, BACK, MAIN), walk=1.5),
    Way("", "footway", upright(BACK, NOORDKADE, MEIDOORN, LIJSTERBES, SPOOR), walk=0.9),
    Way("", "footway", level(251.25, WEST, BRUG), walk=0.9, own=True),
    Way("", "footway", level(253.25, BRUG, BACK), walk=0.9),
    Way("", "footway", level(309.75, WEST, BRUG), walk=0.9, own=True),
    Way("", "footway", level(309.75, BRUG, BACK), walk=0.9),
    Way("", "footway", upright(65.25, LIJSTERBES, 367.75, SPOOR), walk=0.9),
    Way("", "footway", upright(122.75, LIJSTERBES, 367.75, SPOOR), walk=0.9),
    Way("", "footway", level(367.75, 65.25, 122.75), walk=0.9),
    Way("", "footway", level(365.25, BRUG, BACK), walk=0.9),
    Way("Vlierhofje", "footway", upright(157, LIJSTERBES, 351), walk=1.0, own=True),
    Way(
        "Vlierhofje",
        "footway",
        ((157, 351), (147.2, 351), (147.2, 374), (166.8, 374), (166.8, 351), (157, 351)),
        walk=0.8,
        own=True,
    ),
    Way("", "footway", ((MAIN, NOORDKADE), (435.75, NOORDKADE), (435.75, LIJSTERBES), (MAIN, LIJSTERBES)), walk=0.9),
    Way("", "footway", (on_kade(31.25), south(31.25, REIGER)), walk=0.9),
    Way("", "footway", (on_kade(89.85), south(89.85, REIGER)), walk=0.9),
    Way("", "footway", (on_kade(148.25), south(148.25, REIGER)), walk=0.9),
    Way(
        "Reigerpad", "footway", ((226, ZUIDKADE), (227, 150), (262, 128), south(300, -40), south(300, ZWALUW)), walk=1.2
    ),
    Way("Reigerpad", "footway", (south(300, -40), (350, 98), (MAIN, 108)), walk=1.2),
)

# Parking along the kerb: frame on the centre line, reach, inner edge [m].
PARKING = (
    (Frame(0, NOORDKADE, 0, -1), (12, 184), 2.6),
    (Frame(0, NOORDKADE, 0, -1), (206, 352), 2.6),
    (Frame(0, MEIDOORN), (14, 182), 2.6),
    (Frame(0, MEIDOORN), (208, 352), 2.6),
    (Frame(0, LIJSTERBES), (14, 150), 2.6),
    (Frame(0, LIJSTERBES), (208, 352), 2.6),
    (Frame(0, SPOOR), (14, 184), 2.6),
    (Frame(0, SPOOR), (208, 384), 2.6),
    (Frame(BRUG, 0, 90), (230, 272), 2.9),
    (Frame(BRUG, 0, 90), (290, 330), 2.9),
    (Frame(BRUG, 0, 90, -1), (348, 388), 2.9),
    (Frame(0, ZUIDKADE), (84, 180), 2.6),
    (Frame(0, ZUIDKADE), (212, 384), 2.6),
    (southern_street(WULP, 1), (-2, 140), 2.6),
    (southern_street(GRUTTO, 1), (-8, 140), 2.6),
    (southern_street(KAREKIET, -1), (-16, 140), 2.6),
    (Frame(*south(0, ZWALUW), -10), (186, 216), 2.6),
)

CANAL = ((-25, 203), (150, 201), (300, 205), (446, 203))
DITCH = ((-18, 200), (-14, 200), (-14, 448), (-18, 448))
POND = tuple((335 + 21 * math.cos(a / 6 * math.pi), 124 + 10 * math.sin(a / 6 * math.pi)) for a in range(12))
RAILWAY = Frame(-25, 434)

HOFJE = ((131, 344.5), (183, 344.5), (183, 391), (131, 391))
FORECOURTS = (SOUTH.box((229, 289), (-88, -79)), SOUTH.box((315, 385), (-88, -79)), PLAN.box((410, 443), (344.5, 354)))
"""Parking in front of the flats and the supermarket, on their own plots."""
GARAGE_COURTS = (PLAN.box((264, 320), (366, 391)), SOUTH.box((226, 296), (-144.5, -129)))

# Rows of garages: frame along their fronts, boxes.
GARAGES = (
    (Frame(267, 372.4, 0, -1), 17),
    (Frame(272, 384.4), 15),
    (Frame(*south(229, -135.6), -10), 21),
)

# Trees on the plan beside those along the kerb: from, to, number.
TREE_LINES = (
    ((4, 213), (188, 212), 17),
    ((203, 213), (390, 214), 16),
    ((30, 191.5), (186, 191), 14),
    ((206, 191.5), (385, 192), 15),
    ((395.6, 20), (395.6, 176), 13),
    ((404.4, 14), (404.4, 176), 13),
    ((4, 406), (186, 406), 15),
    ((206, 406), (380, 406), 13),
    ((-9, 226), (-9, 392), 15),
)
GROVES = (
    ((238, 134), (256, 148), 5),
    ((234, 70), (292, 122), 16),
    ((275, 122), (305, 148), 9),
    ((330, 62), (388, 88), 10),
)


WALLS = (
    (RAILWAY.spot(0, -7), RAILWAY.spot(418, -7)),
    ((131, 372), (131, 344.6), (155.6, 344.6)),
    ((158.4, 344.6), (183, 344.6), (183, 372)),
)
"""A noise barrier along the railway; the courtyard's wall with its gate."""


@dataclass(frozen=True)
class Zone:
    """A rule or a plan that holds within a ring on the plan."""

    kind: str
    effect: str
    value: float | None
    name: str
    ring: tuple[Spot, ...]


ZONES = (
    Zone(
        "grondwaterbeschermingsgebied",
        "ban",
        None,
        "Drinkwaterwinning Voorbeeldstad (fictief)",
        tuple((-60 + 168 * math.cos(a / 12 * math.pi), 300 + 168 * math.sin(a / 12 * math.pi)) for a in range(24)),
    ),
    Zone(
        "boringsvrije zone",
        "max_depth",
        80.0,
        "Boringsvrije zone Voorbeeldklei, 80 m (fictief)",
        ((330, 224), (446, 224), (446, 448), (361, 448), (361, 256)),
    ),
    Zone(
        "warmtenet gepland",
        "heat_network",
        None,
        "Warmteprogramma Voorbeeldstad: warmtenet Reigerpark (fictief)",
        (south(180, 30), south(300, 58), south(432, 58), south(432, -160), south(180, -160)),
    ),
    Zone(
        "subsidieregeling",
        "support",
        None,
        "Bijdrage buurtwarmte Voorbeeldstad (fictief)",
        ((112, 224), (300, 224), (300, 412), (112, 412)),
    ),
    Zone(
        "subsidieregeling",
        "support",
        None,
        "Bijdrage buurtwarmte Voorbeeldstad (fictief)",
        (south(25, 10), south(152, 30), south(152, -158), south(25, -158)),
    ),
    Zone(
        "interferentiegebied",
        "permit",
        None,
        "Interferentiegebied Noordkade (fictief)",
        PLAN.box((198, 300), (224, 253.25)),
    ),
    # What the municipality says of its streets. Of the main road, which belongs to the province, nobody says anything.
    Zone(
        "openbare_ruimte",
        "permit",
        None,
        "Leidraad ondergrond Voorbeeldstad: met vergunning (fictief)",
        PLAN.box((-8, 359.75), (216, 402)),
    ),
    Zone(
        "openbare_ruimte",
        "notice",
        None,
        "Leidraad ondergrond Voorbeeldstad: na melding (fictief)",
        (south(20, 20), south(212, 52), south(212, -158), south(20, -158)),
    ),
    Zone(
        "100-jaarsaandachtsgebied",
        "notice",
        None,
        "100-jaarsaandachtsgebied Voorbeeldstad (fictief)",
        (south(20, 8), south(89.85, 20), south(89.85, -158), south(20, -158)),
    ),
)

# Registered ground loops: plan spot, depth [m], heat [kWh per year].
LOOPS = (
    ((243.5, 249.0), 150, 11_500),
    ((262.0, 248.6), 165, 12_800),
    ((338.0, 230.5), 78, 14_200),
    ((366.0, 262.0), 75, 16_000),
    (south(206, -20), 140, 9_800),
    (south(236, -124), 180, 13_600),
    (south(301, -125), 175, 15_100),
    ((150.5, 361.5), 200, 18_500),
)

GROUND = ((0, 8, 1.2), (8, 60, 2.1), (60, 90, 1.5), (90, 500, 2.1))

TAKEN = {("Spoorstraat", "even"): 2}
"""The school comes before the homes."""

LETTERS = "ABCDEGHJKLMNPRSTVWXZ"

# --- the drawing board ------------------------------------------------------------------------------------------------


@dataclass
class Sketch:
    """What has been drawn so far: rows per layer, and the counters of numbers and postcodes."""

    layers: dict[str, list[dict[str, object]]] = field(default_factory=lambda: {name: [] for name in AREA_TABLES})
    plots: list[tuple[Polygon, str]] = field(default_factory=list)
    numbers: dict[tuple[str, str], int] = field(default_factory=lambda: dict(TAKEN))
    postcodes: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, layer: str, geometry: BaseGeometry | None, /, **values: object) -> dict[str, object]:
        """Add a row to a layer and return it."""
        row = {**values, "geometry": geometry}
        self.layers[layer].append(row)
        return row

    def building(self, geometry: Polygon, dwellings: int = 0, **values: object) -> str:
        """Add a building and return its identifier: like a BAG id, of municipality 0000, which does not exist."""
        building_id = f"000010{len(self.layers['buildings']) + 1:010d}"
        self.add("buildings", geometry, building_id=building_id, dwellings=dwellings, **values)
        return building_id

    def address(self, spot: Spot, building_id: str, street: str, number: str, postcode: str, **values: object) -> None:
        """Add an address in a building."""
        address_id = f"000001{len(self.layers['addresses']) + 1:010d}"
        where = {"street": street, "house_number": number, "postcode": postcode, "city": CITY}
        self.add("addresses", Point(spot), address_id=address_id, building_id=building_id, **where, **values)

    def plot(self, geometry: Polygon, block: str) -> None:
        """Add a parcel; plots of one block share a piece of land."""
        self.add("parcels", geometry, parcel_id=f"VBD00 A {len(self.plots) + 1:04d}")
        self.plots.append((geometry, block))

    def number(self, street: str, numbers: str) -> int:
        """Return the next house number on this side of a street."""
        key = (street, numbers)
        first, step = {"odd": (1, 2), "even": (2, 2), "all": (1, 1)}[numbers]
        self.numbers[key] = self.numbers[key] + step if key in self.numbers else first
        return self.numbers[key]

    def postcode(self, street: str, part: str) -> str:
        """Return the postcode of a part of a street; 9999 AA and its kin are made up."""
        first, second = divmod(len(self.postcodes), len(LETTERS))
        return self.postcodes.setdefault((street, part), f"9999 {LETTERS[first]}{LETTERS[second]}")


# --- houses -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class House:
    """One house in a group: its walls along the frame, front and backs across it [m]."""

    left: float
    right: float
    front: float
    back: float
    left_back: float
    right_back: float
    step: float  # width of the back extension when it does not span the house


def plan_houses(row: Row, start: float, houses: int, rng: random.Random) -> list[House]:
    """Return the houses of one group, from its first plot at `start`."""
    style = row.style
    jump = rng.randint(2, 4)
    planned = []
    for i in range(houses):
        left = start + row.yard + i * row.unit
        front = row.offset + style.setback + (style.stagger if (i // jump) % 2 else 0.0)
        back = front + style.depth
        width, depth = style.extension
        mirrored = i % 2 == 0  # neighbours' kitchens stand back to back
        left_back, right_back = (back, back + depth) if mirrored else (back + depth, back)
        if rng.random() < style.extended:
            left_back = right_back = back + round(rng.uniform(2.0, 3.2), 1)
            width = 0.0
        planned.append(House(left, left + row.unit, front, back, left_back, right_back, width))
    return planned


def outline(row: Row, houses: Sequence[House], i: int) -> Polygon:
    """Return the footprint of house `i`; along shared walls it takes every corner of its neighbour."""
    house = houses[i]

    def wall(along: float, end: float, neighbours: Iterable[tuple[float, float, float]]) -> list[Spot]:
        depths = {d for n in neighbours for d in n if house.front <= d <= end}
        return [row.frame.spot(along, d) for d in sorted(depths | {house.front, end})]

    own = (house.front, house.back)
    before = [(n.front, n.back, n.right_back) for n in houses[max(i - 1, 0) : i]]
    after = [(n.front, n.back, n.left_back) for n in houses[i + 1 : i + 2]]
    left = wall(house.left, house.left_back, [*before, (*own, house.left_back)])
    right = wall(house.right, house.right_back, [*after, (*own, house.right_back)])
    rear: list[Spot] = []
    if house.step and house.right_back > house.left_back:
        inner = house.right - house.step
        rear = [row.frame.spot(inner, house.right_back), row.frame.spot(inner, house.back)]
    elif house.step and house.left_back > house.right_back:
        inner = house.left + house.step
        rear = [row.frame.spot(inner, house.back), row.frame.spot(inner, house.left_back)]
    return Polygon(on_map([*right, *rear, *reversed(left)]))


def draw_row(sketch: Sketch, row: Row, index: int) -> None:
    """Draw the plots, houses, sheds and addresses of a strip."""
    rng = random.Random(f"{SEED}-{index}-{row.street}")
    postcode = sketch.postcode(row.street, f"{row.numbers}-{row.reach[0] > BRUG}")
    for start, count in row.starts():
        houses = plan_houses(row, start, count, rng)
        for i, house in enumerate(houses):
            first = house.left - (row.yard if i == 0 else 0.0)
            last = house.right + (row.yard if i == count - 1 else 0.0)
            ring = row.frame.box((first, last), (row.offset, row.offset + row.plot))
            sketch.plot(Polygon(on_map(ring)), f"{index}-{start:.0f}")
            draw_house(sketch, row, outline(row, houses, i), house, postcode, rng)
            draw_shed(sketch, row, house, (first, last), i, rng)


def draw_house(sketch: Sketch, row: Row, shape: Polygon, house: House, postcode: str, rng: random.Random) -> None:
    """Draw a house with its one address, or two where it was split in a lower and an upper home."""
    style = row.style
    dwellings = 2 if style.storeys == 3 and rng.random() < 0.12 else 1
    floor = round(shape.area * (style.storeys - 0.35 if style.storeys > 1 else 1.2))
    building_id = sketch.building(
        shape,
        dwellings,
        use="residential",
        year_built=style.year + row.groups[0] % 3,
        floor_area_m2=float(floor),
        storeys=float(style.storeys),
        energy_label=rng.choice(style.labels) if rng.random() < 0.85 else None,
        gas_m3=round(rng.gauss(style.gas, 0.14 * style.gas) / dwellings, -1) if row.gas else None,
    )
    number = str(sketch.number(row.street, row.numbers))
    infill = rng.random() < 0.015 and number not in ("1", "2")
    if infill:  # built in a gap later: it got the number before it, with a letter
        step = 1 if row.numbers == "all" else 2
        sketch.numbers[row.street, row.numbers] -= step
        number = f"{int(number) - step}A"
    for letter in ("", "A")[:dwellings]:
        answer = rng.choices((None, "yes", "no"), (0.91, 0.06, 0.03))[0]
        gas = round(rng.gauss(style.gas, 0.1 * style.gas), -1) if answer == "yes" and rng.random() < 0.5 else None
        spot = to_map(row.frame.spot((house.left + house.right) / 2, house.front + (4.0 if letter else 2.5)))
        extra = {"use": "residential", "floor_area_m2": float(floor // dwellings), "gas_m3": gas, "answer": answer}
        sketch.address(spot, building_id, row.street, number + letter, postcode, dwellings=1, **extra)


def draw_shed(sketch: Sketch, row: Row, house: House, plot: tuple[float, float], i: int, rng: random.Random) -> None:
    """Draw the shed at the end of the garden, and the garage on the drive."""
    style, (first, last) = row.style, plot
    end = row.offset + row.plot - 0.1
    width, depth = style.shed
    if rng.random() < style.sheds:
        if rng.random() < 0.2:  # replaced by a larger one of their own, clear of the neighbour
            width, depth = width + rng.choice((0.4, 0.9, 1.4)), depth + rng.choice((0.2, 0.8))
            reach = (last - 0.25 - width, last - 0.25) if i % 2 else (first + 0.25, first + 0.25 + width)
        else:
            reach = (first, first + width) if i % 2 else (last - width, last)
        sketch.building(Polygon(on_map(row.frame.box(reach, (end - depth, end)))), year_built=style.year)
    if style.garage and rng.random() < 0.75:
        wide = min(2.9, row.yard - 0.5)
        clear = 0.2 if max(row.groups) == 1 else 0.0  # garages of pairs stand wall to wall on the boundary
        reach = (first + clear, first + clear + wide) if first < house.left else (last - wide, last)
        front = house.front + 5.0
        sketch.building(Polygon(on_map(row.frame.box(reach, (front, front + 6.0)))), year_built=style.year + 3)


# --- other buildings --------------------------------------------------------------------------------------------------


def draw_flats(
    sketch: Sketch,
    frame: Frame,
    plot: tuple[tuple[float, float], tuple[float, float]],
    body: tuple[float, float],
    flats: tuple[int, int],
    block: str,
    heat_kwh: float | None,
) -> None:
    """Draw a block of flats on its plot, with stair towers, and one address per flat on the Zwaluwlaan."""
    (left, _), _ = plot
    length, depth = body
    storeys, per_floor = flats
    base = left + 4
    wall: list[Spot] = []
    for k in range(3):  # stair towers stand a little before the front
        at = base + (k + 0.5) * length / 3
        wall += [
            frame.spot(at - 1.6, 0),
            frame.spot(at - 1.6, -1.5),
            frame.spot(at + 1.6, -1.5),
            frame.spot(at + 1.6, 0),
        ]
    ring = [
        frame.spot(base),
        *wall,
        frame.spot(base + length),
        frame.spot(base + length, depth),
        frame.spot(base, depth),
    ]
    sketch.plot(area(frame.box(*plot)), block)
    count = storeys * per_floor
    building_id = sketch.building(
        Polygon(on_map(ring)),
        count,
        use="residential",
        year_built=1972,
        floor_area_m2=float(count * 74),
        storeys=float(storeys),
        energy_label="C",
        heat_kwh=heat_kwh,
    )
    postcode = sketch.postcode("Zwaluwlaan", block)
    for floor, k in itertools.product(range(storeys), range(per_floor)):
        spot = to_map(frame.spot(base + (k + 0.5) * length / per_floor, 1.5 + floor * (depth - 3) / storeys))
        number = str(sketch.number("Zwaluwlaan", "odd"))
        extra = {"dwellings": 1, "use": "residential", "floor_area_m2": 74.0}
        sketch.address(spot, building_id, "Zwaluwlaan", number, postcode, **extra)


def draw_other(sketch: Sketch) -> None:
    """Draw the school, the supermarket, two transformer houses and the rows of garages."""
    school = [(14, 352), (56, 352), (56, 364), (28, 364), (28, 384), (14, 384)]
    shop = [(416, 356), (440, 356), (440, 388), (416, 388)]
    places = (
        ("Spoorstraat", "2", (20, 378), school, PLAN.box((8, 64.5), (344.5, 391)), 1968, 700.0),
        ("Provincialeweg", "30", (420, 372), shop, PLAN.box((409, 444), (344, 391)), 1998, 760.0),
    )
    for street, number, spot, ring, plot, year, floor in places:
        sketch.plot(area(plot), street + number)
        building_id = sketch.building(area(ring), use="other", year_built=year, floor_area_m2=floor, storeys=1.0)
        postcode = sketch.postcode(street, number)
        extra = {"dwellings": 0, "use": "other", "floor_area_m2": floor}
        sketch.address(to_map(spot), building_id, street, number, postcode, **extra)
    for spot in ((127, 384), (386, 150)):
        ring = Frame(*spot).box((0, 2.6), (0, 3.4))
        sketch.building(Polygon(on_map(ring)), use="other", year_built=1980, storeys=1.0)
    for index, (frame, boxes) in enumerate(GARAGES):
        for k in range(boxes):
            ring = Polygon(on_map(frame.box((3 * k, 3 * k + 3), (0, 5.8))))
            sketch.building(ring, year_built=1970 + index, storeys=1.0)


# --- streets, water, rules --------------------------------------------------------------------------------------------


def cross_paths(rows: Iterable[Row]) -> Iterator[Way]:
    """Yield the paths between the groups of a row: from the street to the back path."""
    for row in rows:
        for along in row.gaps():
            spots = (row.frame.spot(along), row.frame.spot(along, row.offset + row.plot + row.gap / 2))
            yield Way("", "footway", spots, walk=0.9, own=row.own_path)


def with_junctions(ends: tuple[Spot, Spot], corners: np.ndarray) -> list[Spot]:
    """Return a piece of street with a vertex wherever another one begins or ends on it, and on long bends."""
    line = LineString(ends)
    on_line = corners[shapely.distance(shapely.points(corners), line) < 1e-6]
    spots = sorted({*map(tuple, on_line.tolist()), *ends}, key=lambda s: line.project(Point(s)))
    return [ends[0], *densified(spots)[1:-1], ends[1]]


def draw_streets(sketch: Sketch, ways: Sequence[Way]) -> list[tuple[Way, int, LineString]]:
    """Draw every piece of street and path and the sewers under the streets; return what the land is cut from."""
    corners = np.array([spot for way in ways for spot in way.spots])
    drawn = []
    for way in ways:
        for i, ends in way.pieces():
            line = LineString(on_map(with_junctions(ends, corners)))
            bridge, tunnel = i == way.bridge, i == way.tunnel
            street_id = f"straat-{len(sketch.layers['streets']) + 1:03d}"
            levels = {"bridge": bridge, "tunnel": tunnel, "layer": int(bridge) - int(tunnel)}
            sketch.add("streets", line, street_id=street_id, name=way.name or None, road_class=way.road_class, **levels)
            drawn.append((way, i, line))
            if not (way.path or bridge or tunnel):
                sketch.add("obstacles", shapely.set_precision(line.offset_curve(-1.0), 0.01), kind="sewer")
    return drawn


def draw_water(sketch: Sketch) -> None:
    """Draw the canal, the ditch that runs into it and the pond in the park."""
    canal = LineString(on_map(densified(CANAL))).buffer(6.0, cap_style="flat", join_style="mitre")
    canal = shapely.set_precision(canal, 0.01)
    ditch = shapely.difference(area(DITCH), canal, grid_size=0.01)
    sketch.add("water", canal, name="Voorbeeldvaart", water_class="canal")
    sketch.add("water", max(shapely.get_parts(ditch), key=lambda g: g.area), name=None, water_class="ditch")
    sketch.add("water", area(POND), name="Reigervijver", water_class="pond")


def draw_rules(sketch: Sketch) -> None:
    """Draw the railway, the zones, the registered loops and the layers of the ground."""
    track = densified([RAILWAY.spot(0), RAILWAY.spot(471)])
    sketch.add("barriers", LineString(on_map(track)), kind="railway")
    for zone in ZONES:
        values = {"kind": zone.kind, "effect": zone.effect, "value": zone.value, "name": zone.name}
        sketch.add("zones", area(zone.ring), **values, source=FICTIONAL, date="2024-01-01")
    for i, (spot, depth, heat) in enumerate(LOOPS, start=1):
        values = {"loop_id": f"lus-{i:02d}", "depth_m": float(depth), "heat_kwh": float(heat)}
        sketch.add("loops", Point(to_map(spot)), **values, source=FICTIONAL)
    for top, bottom, conductivity in GROUND:
        values = {"top_m": float(top), "bottom_m": float(bottom), "conductivity_w_mk": conductivity}
        sketch.add("ground", None, **values, source="fictief")


# --- land -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Claim:
    """A shape that claims ground; of two claims on one spot the lower `rank` wins. No ownership = water."""

    rank: int
    shape: BaseGeometry
    ownership: str | None
    cover: str
    piece: str


def street_claims(drawn: Sequence[tuple[Way, int, LineString]]) -> Iterator[Claim]:
    """Yield what streets and paths claim: carriageway, cycle path, verge, pavement."""
    for k, (way, i, line) in enumerate(drawn):
        owner = "private" if way.own else "public"
        if way.path:
            yield Claim(6, line.buffer(way.walk, quad_segs=2, cap_style="flat"), owner, "footway", f"path {k}")
            continue
        wide = way.walk if i == way.bridge else way.road
        yield Claim(2, line.buffer(wide, quad_segs=2, cap_style="square"), owner, "road", f"road {k}")
        if way.road_class == "primary":
            yield Claim(7, line.buffer(5.2, cap_style="flat"), owner, "green", f"verge {k}")
            yield Claim(8, line.buffer(7.2, cap_style="flat"), owner, "cycleway", f"cycle {k}")
        yield Claim(9, line.buffer(way.walk, quad_segs=2, cap_style="square"), owner, "footway", f"walk {k}")
    roads = shapely.union_all([line.buffer(way.road, cap_style="square") for way, _, line in drawn if not way.path])
    yield Claim(3, roads.buffer(3.5, quad_segs=4).buffer(-3.5, quad_segs=4), "public", "road", "corners")


def kerb_bays() -> Iterator[tuple[Frame, float, float, float]]:
    """Yield the groups of bays along the kerb: frame, begin, end and inner edge; a tree stands before all but one."""
    for frame, (begin, end), edge in PARKING:
        groups = max(1, round((end - begin) / 27))
        for k in range(groups):
            yield frame, begin + k * (end - begin) / groups, begin + (k + 1) * (end - begin) / groups, edge


def claims(sketch: Sketch, drawn: Sequence[tuple[Way, int, LineString]]) -> list[Claim]:
    """Return every claim on the ground."""
    found = [Claim(0, plot, "private", "yard", block) for plot, block in sketch.plots]
    rails = area(RAILWAY.box((0, 471), (-4, 4)))
    found.append(Claim(1, rails, "public", "railway", "railway"))
    found += street_claims(drawn)
    for frame, begin, end, edge in kerb_bays():
        bay = Polygon(on_map(frame.box((begin + 0.9, end - 0.9), (edge, edge + 2.0))))
        found.append(Claim(4, bay, "public", "parking", f"bay {frame} {begin}"))
    found += [Claim(5, row["geometry"], None, "water", "water") for row in sketch.layers["water"]]
    found += [Claim(-1, area(ring), "private", "parking", f"forecourt {i}") for i, ring in enumerate(FORECOURTS)]
    found.append(Claim(7, area(HOFJE), "private", "green", "hofje"))
    found += [Claim(7, area(ring), "private", "parking", f"court {i}") for i, ring in enumerate(GARAGE_COURTS)]
    return found


def divide_land(bounds: Polygon, claimed: Sequence[Claim]) -> gpd.GeoDataFrame:
    """Return the ground within `bounds` cut into pieces that fit exactly: all lines are noded on one grid first."""
    lines = shapely.union_all([bounds.boundary, *(c.shape.boundary for c in claimed)], grid_size=0.01)
    faces = shapely.get_parts(shapely.polygonize([lines]))
    inner = shapely.point_on_surface(faces)
    faces, inner = (a[shapely.within(inner, bounds)] for a in (faces, inner))
    tree = shapely.STRtree([c.shape for c in claimed])
    winner = np.full(len(faces), -1)
    order = sorted(range(len(claimed)), key=lambda i: (claimed[i].rank, i))
    place = np.argsort(order)
    which, claim = tree.query(inner, predicate="within")
    for face, i in zip(which, claim, strict=True):
        if winner[face] < 0 or place[i] < place[winner[face]]:
            winner[face] = i
    rest = Claim(99, Polygon(), "public", "green", "green")
    taken = [claimed[i] if i >= 0 else rest for i in winner]
    columns = {name: [getattr(c, name) for c in taken] for name in ("ownership", "cover", "piece")}
    land = gpd.GeoDataFrame(columns, geometry=faces, crs=CRS)
    return tidy(land[land["ownership"].notna()].reset_index(drop=True))


def dissolved(land: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return `land` with equal neighbours joined."""
    keys = ["ownership", "cover", "piece"]
    joined = land.dissolve(keys, method="coverage", as_index=False, sort=True)
    return joined.explode(index_parts=False).reset_index(drop=True)


def heirs(land: gpd.GeoDataFrame, thin: np.ndarray) -> dict[int, int]:
    """Return to which neighbour each thin piece goes: the longest border wins, that of the same cover counts triple."""
    shapes, owner, cover = (land[name].to_numpy() for name in ("geometry", "ownership", "cover"))
    tree, found = shapely.STRtree(shapes), {}
    for i in np.flatnonzero(thin):
        near = tree.query(shapes[i], predicate="intersects")
        near = np.sort(near[~thin[near]])
        same = near[owner[near] == owner[i]]
        near = same if len(same) else near
        border = shapely.length(shapely.intersection(shapes[i], shapes[near])) * np.where(cover[near] == cover[i], 3, 1)
        if border.max(initial=0.0) > 0:
            found[int(i)] = int(near[border.argmax()])
    return found


def tidy(land: gpd.GeoDataFrame, rounds: int = 4) -> gpd.GeoDataFrame:
    """Return `land` without slivers and needless vertices."""
    keys = ["ownership", "cover", "piece"]
    land = dissolved(land)
    for _ in range(rounds):
        shapes = land.geometry.to_numpy()
        thin = (shapely.area(shapes) < 12.0) | shapely.is_empty(shapely.buffer(shapes, -0.3))
        for i, j in heirs(land, thin).items():
            land.loc[i, keys] = land.loc[j, keys]
        land = dissolved(land)
    land = land.set_geometry(shapely.coverage_simplify(land.geometry.to_numpy(), 0.05), crs=CRS)
    return land.drop(columns="piece")


# --- trees and walls --------------------------------------------------------------------------------------------------


def tree_spots(plots: Iterable[Polygon], rng: random.Random) -> Iterator[Point]:
    """Yield where a tree could stand: between the bays, in rows, in groves and in some gardens."""
    for frame, begin, _, edge in kerb_bays():
        yield Point(to_map(frame.spot(begin, edge + 1.0)))
    for (x0, y0), (x1, y1), count in TREE_LINES:
        for k in range(count):
            f = (k + rng.uniform(-0.12, 0.12)) / (count - 1)
            yield Point(to_map((x0 + f * (x1 - x0), y0 + f * (y1 - y0))))
    for (x0, y0), (x1, y1), count in GROVES:
        for _ in range(count):
            yield Point(to_map((rng.uniform(x0, x1), rng.uniform(y0, y1))))
    for plot in plots:
        x, y = plot.centroid.coords[0]
        yield Point(round(x + rng.uniform(-1.5, 1.5), 2), round(y + rng.uniform(-1.5, 1.5), 2))


def draw_green(sketch: Sketch) -> None:
    """Plant trees wherever there is room for one, and build the walls."""
    rng = random.Random(f"{SEED}-green")
    solid = [row["geometry"] for row in sketch.layers["buildings"] + sketch.layers["water"]]
    paths = [row["geometry"] for row in sketch.layers["streets"] if row["road_class"] == "footway"]
    roads = [row["geometry"] for row in sketch.layers["streets"] if row["road_class"] != "footway"]
    taken = shapely.union_all([*shapely.buffer(solid, 2.0), *shapely.buffer(paths, 1.6), *shapely.buffer(roads, 3.2)])
    shapely.prepare(taken)
    planted = MultiPoint()
    for point in tree_spots([plot for plot, _ in sketch.plots[::6]], rng):
        if not taken.contains(point) and not planted.dwithin(point, 3.0):
            sketch.add("obstacles", point, kind="tree")
            planted = planted.union(point)
    for wall in WALLS:
        sketch.add("obstacles", LineString(on_map(densified(wall))), kind="wall")


# --- whole, checked and written ---------------------------------------------------------------------------------------


def draw() -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of the neighbourhood, typed as `minenet.tables` declares them."""
    sketch = Sketch()
    for index, row in enumerate(ROWS):
        draw_row(sketch, row, index)
    zwaluw = Frame(*south(0, -74), -10)
    draw_flats(sketch, zwaluw, ((226, 292), (-14.3, 24)), (54, 11), (3, 10), "flat", 6500.0)
    draw_flats(sketch, zwaluw, ((312, 388), (-14.3, 30)), (66, 11.5), (7, 8), "galerijflat", None)
    draw_other(sketch)
    drawn = draw_streets(sketch, [*WAYS, *cross_paths(ROWS)])
    draw_water(sketch)
    draw_rules(sketch)
    land = divide_land(area(BOUNDS), claims(sketch, drawn))
    draw_green(sketch)
    sketch.layers["land"] = land.to_dict("records")
    return {name: layer(name, rows) for name, rows in sketch.layers.items()}


def layer(name: str, rows: list[dict[str, object]]) -> gpd.GeoDataFrame:
    """Return the rows of one layer as a frame with the declared types."""
    frame = pd.DataFrame(rows)
    typed_frame = typed(frame.drop(columns="geometry"), AREA_TABLES[name])
    return gpd.GeoDataFrame(typed_frame, geometry=list(frame["geometry"]), crs=CRS)


def demand(holds: object, message: str) -> None:
    """Raise with `message` when something does not hold."""
    if not holds:
        raise ValueError(f"the drawing is wrong: {message}")


def overlap(shapes: np.ndarray) -> float:
    """Return the largest area [m2] that two of `shapes` share."""
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = a < b
    shared = shapely.area(shapely.intersection(shapes[a[pairs]], shapes[b[pairs]]))
    return float(shared.max(initial=0.0))


def verify(layers: dict[str, gpd.GeoDataFrame]) -> None:
    """Raise when the drawing breaks the contract of the tables or its own promises."""
    for name, frame in layers.items():
        table = AREA_TABLES[name]
        demand(len(frame), f"layer {name} is empty")
        demand(frame.geometry.dropna().is_valid.all(), f"invalid geometry in {name}")
        demand(name == "ground" or set(frame.geom_type) <= set(table.geometry or ()) | {None}, f"geometry of {name}")
        for column in table.columns:
            values = frame[column.name].dropna()
            demand(not (column.needed and len(values) < len(frame)), f"null in {name}.{column.name}")
            demand(column.values is None or set(values) <= set(column.values), f"unknown word in {name}.{column.name}")
        demand(table.key is None or frame[table.key].is_unique, f"repeated id in {name}")
    verify_homes(layers)
    verify_ground(layers)


def verify_homes(layers: dict[str, gpd.GeoDataFrame]) -> None:
    """Raise when dwellings, addresses and buildings do not agree."""
    buildings, addresses = layers["buildings"].set_index("building_id"), layers["addresses"]
    homes = int(addresses["dwellings"].sum())
    demand(400 <= homes <= 600, f"{homes} dwellings")
    demand(homes == buildings["dwellings"].sum(), "addresses and buildings count different dwellings")
    shapes = buildings.geometry.loc[addresses["building_id"]].to_numpy()
    demand(shapely.contains(shapes, addresses.geometry.to_numpy()).all(), "an address lies outside its building")
    where = addresses[["street", "house_number"]]
    demand(not where.duplicated().any(), f"twice the same address: {where[where.duplicated()].to_numpy().tolist()}")
    worst = overlap(buildings.geometry.to_numpy())
    demand(worst < 0.02, f"buildings overlap by {worst:.3f} m2")


def verify_ground(layers: dict[str, gpd.GeoDataFrame]) -> None:
    """Raise when land, plots and water do not fit together."""
    land = layers["land"].geometry.to_numpy()
    demand(shapely.coverage_is_valid(land), "pieces of land overlap or leave cracks")
    demand(overlap(layers["parcels"].geometry.to_numpy()) < 0.05, "parcels overlap")
    solid = shapely.union_all(layers["buildings"].geometry.to_numpy())
    for name in ("loops", "streets", "water"):
        shapes = layers[name].geometry.to_numpy()
        demand(not shapely.intersects(shapes, solid).any(), f"{name} run through a building")
    bounds = area(BOUNDS)
    wet = shapely.union_all(layers["water"].geometry.to_numpy())
    bare = shapely.difference(bounds, shapely.union_all([*land, wet])).area
    demand(bare < 2.0, f"{bare:.1f} m2 is neither land nor water")
    homes = layers["buildings"][layers["buildings"]["dwellings"] > 0]
    parcels = shapely.union_all(layers["parcels"].geometry.to_numpy()).buffer(0.02)
    demand(shapely.covers(parcels, homes.geometry.to_numpy()).all(), "a home stands outside its plot")


ABOUT = [
    ("fictional", "true"),
    ("attribution", "Fictieve gegevens van minenet, getekend met data/draw_voorbeeldbuurt.py"),
]
"""What the file says of itself; maps and pages show it."""


def write(layers: dict[str, gpd.GeoDataFrame], target: Path) -> None:
    """Write the layers to a GeoPackage beside `target` and move it into place; no clock enters the file."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2024-01-01T00:00:00.000Z"})
    part = target.with_name("voorbeeldbuurt.part.gpkg")
    part.unlink(missing_ok=True)
    for name, frame in layers.items():
        about = f"FICTIONAL / FICTIEF: {AREA_TABLES[name].about}"
        options = {"DESCRIPTION": about, "SPATIAL_INDEX": "NO"}
        plain = frame if frame.geometry.notna().any() else pd.DataFrame(frame.drop(columns="geometry"))
        pyogrio.write_dataframe(plain, part, layer=name, append=part.exists(), layer_options=options)
    pyogrio.write_dataframe(pd.DataFrame(ABOUT, columns=["key", "value"]), part, layer="about", append=True)
    with contextlib.closing(sqlite3.connect(part)) as database:  # small pages suit small tables
        database.execute("PRAGMA page_size = 2048")
        database.execute("VACUUM")
    part.replace(target)


def main() -> None:
    """Draw, check and write; say what was written."""
    parser = argparse.ArgumentParser(description="Draw the fictional demo neighbourhood.")
    parser.add_argument("target", nargs="?", type=Path, default=TARGET)
    target = parser.parse_args().target
    layers = draw()
    verify(layers)
    write(layers, target)
    print(
        f"{target}: {int(layers['addresses']['dwellings'].sum())} fictional dwellings, {target.stat().st_size:,} bytes"
    )
    for name, frame in layers.items():
        print(f"  {name}: {len(frame)}")


if __name__ == "__main__":
    main()
