"""Layers of the ground out of the models GeoTOP and REGIS, or out of a table: what lies how deep, and how it conducts.

Ground level is the top of the uppermost filled voxel or layer of a column: the models know heights above NAP only.
Groundwater is assumed near the surface, as in most of the Netherlands: below `DRY_TOP_M` the ground conducts as it
does when saturated. Below the model there is no row: that ground is not known.

A coordinate of a cell is its lower corner when it is a whole number of steps, as in what the survey hands out [1]_;
otherwise its middle. Bounds, where a file has them (`x_bounds` in REGIS [2]_), outrank this.

References
----------
.. [1] dinodata.nl/opendap/GeoTOP/geotop.nc: `lithok` over x, y and z, lower corners of voxels of 100 x 100 x 0.5 m in
   the Dutch grid and m NAP, empty voxels -127; so read by the public code of GeoST (Deltares) and of nlmod.
.. [2] dinodata.nl/opendap/REGIS/REGIS.nc: `top` and `bottom` in m NAP over layer, y and x, names of layers such as
   `BXz1`, `KRk1` or `AKc`; so read by nlmod. The letter before the number says what a layer is made of: z sand, k clay,
   c complex; v peat, b brown coal, q (or ki) chalk are from memory, unconfirmed.
.. [3] VDI 4640, thermal conductivities: `subsoil.csv`, with the confidence of each.
"""

from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS
from shapely import affinity

from minenet.fetch.carriers import Collected, Mapped, counted
from minenet.fetch.dutch._columns import columns_of_model, is_model
from minenet.fetch.dutch._profiles import columns_of_table
from minenet.fetch.spelling import spelled
from minenet.fetch.window import Window

__all__ = ["DRY_TOP_M", "map_ground", "read_ground"]

DRY_TOP_M = 1.0
"""Ground above this depth is taken as dry. [m] No source: groundwater in Dutch towns stands at 0.5 to 2 m, roughly."""

SEAM_M = 0.01
"""A polygon ends this far before its right and upper neighbours: no place is in two columns at once. [m]"""

Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[np.object_]


def read_ground(path: str | Path, window: Window) -> tuple[Collected, Mapped]:
    """Return the layers of the ground in a window: as a file has them, and as rows of `ground`.

    Parameters
    ----------
    path : str or Path
        An extract of GeoTOP or REGIS as NetCDF, classic or HDF5; or a table with the columns top and bottom, and
        conductivity or lithology, for cells at x and y or, without them, for everywhere.
    window : Window
        Where homes are looked for; cells that meet it or its strip are read.

    Returns
    -------
    Collected
        A row per layer of a cell: `cell, unit, top_m, bottom_m, conductivity`; no geometry = everywhere.
    Mapped
        `top_m, bottom_m` below ground level, `conductivity_w_mk`, `source`; cells alike are one polygon.

    Raises
    ------
    InputError
        When the file is no such model or table, is damaged, or covers no part of the window.
    """
    path = Path(path)
    collected = columns_of_model(path, window) if is_model(path) else columns_of_table(path, window)
    return collected, map_ground(collected)


def map_ground(collected: Collected) -> Mapped:
    """Return `ground` rows of layers per cell, each with the conductivity of what it is made of.

    Parameters
    ----------
    collected : Collected
        Layers as `read_ground` gives them first.

    Returns
    -------
    Mapped
        Layers of which the lithology is unknown are no row, and counted.
    """
    layers = collected.frame.sort_values(["cell", "top_m"], kind="stable").reset_index(drop=True)
    kinds = _kinds()
    kind = _kind_of(layers["unit"], kinds)
    given = layers["conductivity"].notna()
    value = layers["conductivity"].fillna(kind.map(kinds["value"]))
    layers = layers.assign(kind=kind.where(~given), value=value)
    layers, clipped = _without_overlap(layers)
    known = layers[layers["value"].notna()]
    dried = _dry_at_the_top(known, kinds)
    merged = _side_by_side(_one_above_another(dried), dried.crs)
    counts = counted(
        unknown__lithology=value.isna().sum(),
        inferred__overlap_given_to_the_upper_layer=clipped,
        inferred__dry_above_1_m=(dried["state"] == "dry").sum(),
        inferred__conductivity_without_source=(known["kind"].map(kinds["confidence"]) == "none").sum(),
        inferred__conductivity_unconfirmed=(known["kind"].map(kinds["confidence"]) == "L").sum(),
    )
    return Mapped(_as_ground(merged, collected, kinds), counts)


def _kinds() -> pd.DataFrame:
    """Return what is known of each kind of ground."""
    with files("minenet.fetch.dutch").joinpath("subsoil.csv").open(encoding="utf-8") as text:
        return pd.read_csv(text, dtype={"lithok": "str", "suffix": "str"}).set_index("kind")


def _kind_of(unit: pd.Series, kinds: pd.DataFrame) -> pd.Series:
    """Return the kind of ground behind a code of GeoTOP, a word, or a name of REGIS; null where none is known."""
    by_word: dict[str, str] = {}
    for name, split in (("lithok", " "), ("words", "|")):
        listed = kinds[name].dropna().str.split(split, regex=False).explode()
        by_word |= {spelled(word): str(kind) for kind, word in listed.items()}
    suffixes = kinds["suffix"].dropna().str.split().explode()
    by_suffix = {str(suffix): str(kind) for kind, suffix in suffixes.items()}
    text = unit.astype("object").fillna("").astype("str").str.strip().str.replace(r"^(\d+)\.0*$", r"\1", regex=True)
    plain = text.map(spelled)
    suffix = text.str.extract(r"^[A-Z]{2,}(ki|[a-z])\d*$")[0]
    return plain.map(by_word).astype("object").fillna(suffix.map(by_suffix))


def _without_overlap(layers: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, int]:
    """Return layers that begin below every higher layer of their cell, and how many were cut for it."""
    above = layers.groupby("cell")["bottom_m"].cummax().groupby(layers["cell"]).shift().fillna(-np.inf)
    cut = (layers["top_m"] < above - 1e-6).to_numpy()
    layers = layers.assign(top_m=layers["top_m"].where(~cut, above))
    return layers[layers["bottom_m"] > layers["top_m"] + 1e-6], int(cut.sum())


def _dry_at_the_top(layers: gpd.GeoDataFrame, kinds: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return layers cut at `DRY_TOP_M`, dry above it; a conductivity that was given is left as it is."""
    ours = layers["kind"].notna()
    high = layers[ours & (layers["top_m"] < DRY_TOP_M)]
    low = layers[~ours | (layers["bottom_m"] > DRY_TOP_M)]
    dry = high.assign(
        bottom_m=high["bottom_m"].clip(upper=DRY_TOP_M), value=high["kind"].map(kinds["dry"]).astype(float), state="dry"
    )
    top = low["top_m"].where(low["kind"].isna(), low["top_m"].clip(lower=DRY_TOP_M))
    rest = low.assign(top_m=top, state="")
    both = pd.concat([frame for frame in (dry, rest) if len(frame)] or [rest])
    return gpd.GeoDataFrame(both.sort_values(["cell", "top_m"], kind="stable").reset_index(drop=True), crs=layers.crs)


def _one_above_another(layers: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return layers with those of one kind that lie on each other as one."""
    same = layers[["cell", "kind", "value", "state"]].astype("object").fillna("")
    new = (same != same.shift()).any(axis=1) | ((layers["top_m"] - layers["bottom_m"].shift()).abs() > 1e-6)
    runs = pd.DataFrame(layers[new.to_numpy()]).reset_index(drop=True)
    ends = np.append(np.flatnonzero(new)[1:], len(layers)) - 1
    runs["bottom_m"] = layers["bottom_m"].to_numpy()[ends[: len(runs)]]
    return runs.round({"top_m": 3, "bottom_m": 3})


def _side_by_side(runs: pd.DataFrame, crs: CRS | None) -> gpd.GeoDataFrame:
    """Return the layers of cells that have them all alike as those of one polygon."""
    if not len(runs):
        return gpd.GeoDataFrame(runs, geometry="geometry", crs=crs)
    layer = runs.groupby(["kind", "value", "state", "top_m", "bottom_m"], dropna=False).ngroup().astype("str")
    profile = layer.groupby(runs["cell"]).agg(" ".join)
    shapes = runs.drop_duplicates("cell").set_index("cell")["geometry"]
    whole = {cells[0]: _whole(shapes[cells].to_numpy(object)) for cells in profile.groupby(profile).groups.values()}
    kept = runs[runs["cell"].isin(whole)]  # the first cell stands for those alike
    geometry = gpd.GeoSeries(np.array([whole[cell] for cell in kept["cell"]], dtype=object), index=kept.index, crs=crs)
    return gpd.GeoDataFrame(kept.drop(columns="geometry"), geometry=geometry, crs=crs)


def _whole(cells: Objects) -> shapely.Geometry | None:
    """Return cells as one shape without its right and upper seams; None for everywhere."""
    if shapely.is_missing(cells).any():
        return None
    shape: shapely.Geometry = shapely.union_all(cells)
    for seam in ((SEAM_M, 0.0), (0.0, SEAM_M)):
        shape = shapely.intersection(shape, affinity.translate(shape, -seam[0], -seam[1]))
    return shapely.simplify(shape, 0.0)


def _as_ground(layers: gpd.GeoDataFrame, collected: Collected, kinds: pd.DataFrame) -> gpd.GeoDataFrame:
    said = {(kind, ""): f": {kind} ({why})" for kind, why in kinds["source"].items()}
    said |= {(kind, "dry"): f": dry {kind} ({why})" for kind, why in kinds["source"].items()}
    of_layer = zip(layers["kind"], layers["state"], strict=True)
    table = layers[["top_m", "bottom_m", "geometry"]].assign(
        conductivity_w_mk=layers["value"].astype(float),
        source=[collected.source + said.get(known, "") for known in of_layer],
    )
    return gpd.GeoDataFrame(table.reset_index(drop=True), crs=layers.crs)
