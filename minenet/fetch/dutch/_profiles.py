"""A table of layers of the ground: for cells on a grid, or one profile for everywhere."""

import codecs
import csv
import io
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from minenet.errors import InputError
from minenet.fetch.carriers import Collected
from minenet.fetch.dutch._columns import CELL_M, cells_of, edges
from minenet.fetch.spelling import column, spelled
from minenet.fetch.window import Window

__all__ = ["columns_of_table"]

TOP = ("top_m", "top", "top_depth", "top_depth_m", "bovenkant", "bovenkant_m", "van", "van_m", "from", "from_m")
BOTTOM = (
    "bottom_m",
    "bottom",
    "bottom_depth",
    "bottom_depth_m",
    "bot",
    "base",
    "onderkant",
    "onderkant_m",
    "tot",
    "tot_m",
    "to",
    "to_m",
)
CONDUCTIVITY = (
    "conductivity_w_mk",
    "conductivity",
    "thermal_conductivity",
    "lambda",
    "lambda_w_mk",
    "λ",
    "warmtegeleiding",
    "warmtegeleiding_w_mk",
    "warmtegeleidingscoefficient",
    "warmtegeleidingscoëfficiënt",
)
KIND = ("lithok", "lithology", "lithologie", "lithoklasse", "kind", "soil", "grondsoort", "unit", "eenheid", "word")
X = ("x", "x_m", "x_rd", "rd_x", "x_coordinate", "xcoordinaat", "x_coord", "easting")
Y = ("y", "y_m", "y_rd", "rd_y", "y_coordinate", "ycoordinaat", "y_coord", "northing")

DEEPEST_M = 10_000.0
SLACK_M = 0.01  # layers of a table may overlap by what rounding makes of them


def columns_of_table(path: Path, window: Window) -> Collected:
    """Return the layers of a table, of the cells that meet a window with its strip.

    Tops above bottoms are depths below ground level; tops with higher numbers than bottoms are heights (m NAP), and
    then the highest top of a place is its ground level.

    Raises
    ------
    InputError
        When it is no such table, a number is none, layers overlap, or no cell meets the window.
    """
    where = str(path)
    rows = _rows(path)
    if not len(rows):
        raise InputError("holds no layer", where=where, mend="Give a row per layer, with top and bottom.")
    top, bottom = (_number(column(rows, *names, where=where), names[0], where) for names in (TOP, BOTTOM))
    value = _number(column(rows, *CONDUCTIVITY), CONDUCTIVITY[0], where, empty=True)
    _require(value.isna() | value.between(0.1, 10.0), "has a conductivity outside 0.1 to 10 W/mK", where)
    unit = column(rows, *KIND).astype("object")
    if value.isna().all() and unit.isna().all():
        raise InputError(
            "says neither a conductivity nor what the ground is made of",
            where=where,
            mend="Add a column `conductivity_w_mk` [W/mK], or `lithology` with words such as sand or klei.",
        )
    places, shapes = _places(rows, window, where)
    layers = pd.DataFrame({"cell": places, "unit": unit, "conductivity": value, "top_m": top, "bottom_m": bottom})
    layers = _as_depths(layers, where)
    _require_apart(layers, where)
    kept = layers[layers["cell"] >= 0].reset_index(drop=True)
    frame = gpd.GeoDataFrame(kept, geometry=shapes[kept["cell"].to_numpy(dtype=int)], crs=window.crs)
    return Collected(frame, path.name, asked=len(rows))


def _rows(path: Path) -> pd.DataFrame:
    """Return a table as texts, whether its columns are parted by semicolons, tabs or commas; empty cells are null."""
    body = path.read_bytes()
    try:
        wide = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = body.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    first = next((line for line in text.splitlines() if line.strip()), "")
    part = max(";\t,", key=first.count)
    try:
        lines = [
            line for line in csv.reader(io.StringIO(text, newline=""), delimiter=part) if any(map(str.strip, line))
        ]
    except csv.Error as error:
        raise InputError(f"is no table ({error})", where=str(path), mend="Save it as CSV.") from error
    head, *rest = lines or [[]]
    bad = next((n for n, line in enumerate(rest, 1) if len(line) != len(head)), None)
    if bad is not None:
        mend = "Part columns by semicolons where numbers have a decimal comma."
        raise InputError(
            f"has {len(rest[bad - 1])} cells under {len(head)} names", where=f"{path}, row {bad}", mend=mend
        )
    names = [name.strip() for name in head]
    if len({spelled(name) for name in names}) < len(names):
        raise InputError("has two columns of one name", where=str(path), mend="Rename one of them.")
    frame: pd.DataFrame = pd.DataFrame(rest, columns=names, dtype="object").apply(lambda cells: cells.str.strip())
    return frame.where(frame != "")


def _number(texts: pd.Series, name: str, where: str, *, empty: bool = False) -> pd.Series:
    """Return texts as numbers, with a decimal comma or point."""
    numbers = pd.to_numeric(
        texts.astype("object").str.replace(",", ".", regex=False) if texts.notna().any() else texts, errors="coerce"
    ).astype(float)
    good = pd.Series(np.isfinite(numbers)) | (texts.isna() & empty)
    _require(good, f"has no number as `{name}`", where)
    return numbers


def _require(good: pd.Series, what: str, where: str) -> None:
    """Raise with the first row that is not good."""
    bad = np.flatnonzero(~good.to_numpy(dtype=bool))
    if len(bad):
        more = f" (and {len(bad) - 1} rows more)" if len(bad) > 1 else ""
        raise InputError(what + more, where=f"{where}, row {bad[0] + 1}", mend="Mend or remove the row.")


def _places(rows: pd.DataFrame, window: Window, where: str) -> tuple[pd.Series, np.ndarray]:
    """Return the number of the cell of each row (-1 = outside the window), and the shapes of the cells."""
    x, y = column(rows, *X), column(rows, *Y)
    if x.isna().all() and y.isna().all():
        return pd.Series(0, index=rows.index), np.array([None], dtype=object)
    x, y = _number(x, "x", where), _number(y, "y", where)
    try:
        across, along = (edges(at.to_numpy(dtype=float), CELL_M) for at in (x, y))
    except ValueError as error:
        mend = "Give cells of a grid (EPSG:28992), or no x and y at all for one profile everywhere."
        raise InputError(f"places are no grid: {error}", where=where, mend=mend) from error
    shapes, meets = cells_of(across, along, window, where)
    number = pd.DataFrame({"x": across[0].round(3), "y": along[0].round(3)}).groupby(["x", "y"]).ngroup()
    first = ~number.duplicated().to_numpy()
    by_number = shapes[first][np.argsort(number[first].to_numpy())]
    return number.where(meets, -1).set_axis(rows.index), by_number


def _as_depths(layers: pd.DataFrame, where: str) -> pd.DataFrame:
    """Return layers by depth below ground level, from depths or from heights."""
    heights = (layers["top_m"] > layers["bottom_m"]).all()
    if heights:
        surface = layers.groupby("cell")["top_m"].transform("max")
        layers = layers.assign(top_m=surface - layers["top_m"], bottom_m=surface - layers["bottom_m"])
    _require(layers["bottom_m"] > layers["top_m"], "is upside down: its bottom is not below its top", where)
    good = (layers["top_m"] >= 0) & (layers["bottom_m"] < DEEPEST_M)
    _require(good, "begins above ground level, or ends nowhere on earth", where)
    return layers


def _require_apart(layers: pd.DataFrame, where: str) -> None:
    ordered = layers[layers["cell"] >= 0].sort_values(["cell", "top_m"], kind="stable")
    above = ordered.groupby("cell")["bottom_m"].shift()
    apart = (above.isna() | (ordered["top_m"] > above - SLACK_M)).reindex(layers.index, fill_value=True)
    _require(apart, "overlaps the layer above it", where)
