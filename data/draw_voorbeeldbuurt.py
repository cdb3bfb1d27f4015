"""Draw the fictional neighbourhood `voorbeeldbuurt.gpkg`, on which the demonstration of minenet runs.

Nothing here exists: no street, house, plot, pipe or rule was copied from a real place. The plan is drawn by hand, in
metres, on a straight grid (the tables `ROWS`, `STREETS`, ... below) and a fixed seed decides the small things, such as
which house has an extension. A conformal map then bends the plan slightly, so that streets curve while walls stay
square to each other. Every point is computed once and rounded to a centimetre, so neighbours share their walls exactly.

Run it from anywhere: ``python data/draw_voorbeeldbuurt.py``. The same file comes out every time.
"""

import argparse
import math
import os
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from minenet.tables import AREA_TABLES, DTYPES

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
VILLA = Style(1931, 9.0, 11.0, 2, (4.0, 3.0), 0.1, (3.2, 3.4), 0.6, 0.0, "EFGD", 2600, garage=True)
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
WULP, GRUTTO, KAREKIET = 60.0, 118.4, 176.8
ZWALUW, REIGER = -95.0, -150.0

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
    Row("Meidoornstraat", "even", Frame(0, MEIDOORN, 0, -1), (204, 358), 5, 21, (8, 9, 8), TERRACE_1930, gas=True),
    Row("Meidoornstraat", "odd", Frame(0, MEIDOORN), (204, 358), 6.5, 22.5, (9, 7, 9), TERRACE_1930),
    Row("Lijsterbesstraat", "even", Frame(0, LIJSTERBES, 0, -1), (204, 358), 5, 22.5, (7, 10, 8), TERRACE_1930),
    Row("Lijsterbesstraat", "odd", Frame(0, LIJSTERBES), (204, 358), 6.5, 20, (12, 12), TERRACE_1930, gas=True),
    Row("Spoorstraat", "even", Frame(0, SPOOR, 0, -1), (204, 262), 5, 25, (9,), TERRACE_1930),
    Row("Spoorstraat", "even", Frame(0, SPOOR, 0, -1), (322, 358), 5, 25, (3, 2), TERRACE_1930, gap=0, yard=2),
    # along the main road
    Row("Provincialeweg", "odd", Frame(MAIN, 0, 90), (228, 274), 9, 29, (1, 1, 1), VILLA, gap=0, yard=3.2),
    Row("Provincialeweg", "odd", Frame(MAIN, 0, 90), (287.5, 332), 9, 29, (2, 2), SEMI_1930, gap=0, yard=3.2),
    Row("Provincialeweg", "odd", Frame(MAIN, 0, 90), (345.5, 390), 9, 29, (2, 2), SEMI_1930, gap=0, yard=3.2),
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
    """A street or path, piece by piece between its junctions.

    `road` and `walk` are the half widths [m] of the carriageway and of everything up to the plots.
    """

    name: str
    road_class: str
    spots: tuple[Spot, ...]
    road: float = 2.6
    walk: float = 6.7
    bridge: tuple[int, ...] = ()
    tunnel: tuple[int, ...] = ()
    own: bool = False

    @property
    def path(self) -> bool:
        """Is it for feet only?"""
        return self.road_class in ("footway", "path")


def southern(along: float, across: Iterable[float], top: float) -> tuple[Spot, ...]:
    """Return the spots of a southern street: its head on the Zuidkade at `top` (plan x), then down."""
    return ((top, ZUIDKADE), *(south(along, b) for b in across))


def kade_spot(along: float) -> float:
    """Return the plan x where a southern street at `along` meets the Zuidkade."""
    c, s = math.cos(math.radians(SOUTH.angle)), math.sin(math.radians(SOUTH.angle))
    across = (ZUIDKADE - SOUTH.y - along * s) / c
    return SOUTH.x + along * c - across * s


def main_spot(across: float) -> Spot:
    """Return where a southern street at `across` meets the main road."""
    c, s = math.cos(math.radians(SOUTH.angle)), math.sin(math.radians(SOUTH.angle))
    along = (MAIN - SOUTH.x + across * s) / c
    return MAIN, SOUTH.y + along * s + across * c


HEADS = {a: kade_spot(a) for a in (WULP, GRUTTO)} | {KAREKIET: BRUG}
KAREKIET = (BRUG - SOUTH.x) * math.cos(math.radians(-10)) + (ZUIDKADE - SOUTH.y) * math.sin(math.radians(-10))
