"""An area in tiles: a folder with a folder of files per layer, each of which is read by itself.

::

    country/
        buildings/delft.parquet, buildings/gouda.parquet, ...
        streets/...
        zones.parquet

How the rows are spread over the files does not matter: by municipality, by square of the map, or as a program does it.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from minenet.errors import InputError, OutputError
from minenet.sources.files import SUFFIXES, about_files, only_layer, read_layer, sha256_of
from minenet.sources.in_place import beside, require_name
from minenet.sources.mapping import LayerMapping, apply_mapping, read_mapping
from minenet.sources.parquet import table_bytes
from minenet.tables import AREA_TABLES, Area, shapes_of

__all__ = ["TileFile", "in_tiles", "read_tile", "tile_files", "write_tiles"]

EVERYWHERE = "everywhere"
PLAIN = {"ASPATIAL_VARIANT": "GPKG_ATTRIBUTES"}


@dataclass(frozen=True)
class TileFile:
    """One file of one layer.

    Attributes
    ----------
    table : str
        Layer that its rows belong to.
    path : Path
        Where it stands.
    name : str
        Its path within the area.
    sha256 : str
        Of its bytes when the run began.
    mapping : LayerMapping or None
        What its columns mean, where they do not bear the contract's names.
    """

    table: str
    path: Path
    name: str
    sha256: str
    mapping: LayerMapping | None = None


def in_tiles(path: str | Path, *, mapping: str | Path | None = None) -> bool:
    """Tell whether a path is an area in tiles: a folder in which layers are folders."""
    named = {m.file for m in read_mapping(mapping)} if mapping is not None else set(AREA_TABLES)
    try:
        return any(entry.is_dir() and entry.name in named for entry in Path(path).iterdir())
    except (OSError, ValueError):  # no folder, or none that may be looked into: reading it says which
        return False


def tile_files(path: str | Path, *, mapping: str | Path | None = None) -> tuple[list[TileFile], dict[str, str]]:
    """List the files of an area in tiles, and what is said of them.

    Parameters
    ----------
    path : str or Path
        The folder. A layer is a folder of files in it, at any depth, or a single file; all of a kind that `read_area`
        reads. A table `about` may say whose data it is.
    mapping : str or Path, optional
        TOML file that says which folder, column and value is which; its `file` is the name of a folder or file.

    Returns
    -------
    files : list of TileFile
        In the order of their names.
    notes : dict of str to str
        For provenance: number of files and one sha256 per folder, attributions, and what is passed over.

    Raises
    ------
    InputError
        When a file cannot be read, or the mapping names one that is not there.
    AssumptionError
        When the mapping file is not right.
    """
    root = Path(path)
    notes: dict[str, str] = {}
    if mapping is None:
        notes |= about_files([e for e in sorted(root.iterdir()) if e.is_file() and e.suffix.lower() in SUFFIXES])
        wanted: list[tuple[str, str, LayerMapping | None]] = []
        for entry in sorted(root.iterdir()):
            name = entry.name if entry.is_dir() else entry.stem
            if name in AREA_TABLES and (entry.is_dir() or entry.suffix.lower() in SUFFIXES):
                wanted.append((name, entry.name, None))
            elif name != "about" and not entry.name.startswith("."):
                notes[f"ignored.{entry.name}"] = "is no layer of an area"
    else:
        notes["input.mapping.sha256"] = sha256_of(Path(mapping))
        mappings = read_mapping(mapping)
        wanted = [(m.table, m.file or m.table, m) for m in mappings]
        notes |= {f"attribution.{m.table}": m.attribution for m in mappings if m.attribution}
    files = [
        TileFile(table, file, file.relative_to(root).as_posix(), sha256_of(file), how)
        for table, entry, how in wanted
        for file in _files_of(root, entry, notes)
    ]
    digests: dict[str, list[str]] = {}
    for tile in files:
        digests.setdefault(_said_of(tile), []).append(f"{tile.name}\0{tile.sha256}")
    for name, said in digests.items():
        notes[f"input.{name}.files"] = str(len(said))
        notes[f"input.{name}.sha256"] = hashlib.sha256("\n".join(said).encode()).hexdigest()
    return files, notes


def _said_of(tile: TileFile) -> str:
    """Return how a file is called in provenance: with all others of its kind in its folder."""
    first, _, rest = tile.name.partition("/")
    return f"{first}/*{tile.path.suffix}" if rest else first


def _files_of(root: Path, entry: str, notes: dict[str, str]) -> list[Path]:
    """Return the files of one folder, or the one file; hidden ones are passed over, links to folders not followed.

    Raises
    ------
    InputError
        When it is not there, is a link to a folder, or holds no file of a known kind.
    """
    place = root / entry
    if entry not in {child.name for child in root.iterdir()}:
        raise InputError("is not there", where=str(place), mend="The mapping names files and folders of the area.")
    if place.is_file():
        return [place]
    if place.is_symlink():
        raise InputError("is a link to a folder", where=str(place), mend="Put the folder itself there.")
    found = sorted(Path(at) / name for at, _, names in os.walk(place) for name in names)
    known = [file for file in found if file.suffix.lower() in SUFFIXES and file.is_file()]
    hidden = [file for file in known if any(part.startswith(".") for part in file.relative_to(root).parts)]
    notes |= {f"ignored.{file.relative_to(root).as_posix()}": "is hidden" for file in hidden}
    files = [file for file in known if file not in hidden]
    if not files:
        raise InputError("holds no file of a known kind", where=str(place), mend=f"Known: {', '.join(SUFFIXES)}.")
    return files


def read_tile(tile: TileFile) -> tuple[Any, dict[str, str]]:
    """Read one file under the contract's names.

    Returns
    -------
    frame : GeoDataFrame or DataFrame
        As it stands in the file.
    notes : dict of str to str
        What the mapping left out.

    Raises
    ------
    InputError
        When it is broken, or no longer what it was when the run began.
    """
    layer = tile.mapping.layer if tile.mapping is not None and tile.mapping.layer else only_layer(tile.path, tile.table)
    frame, notes = read_layer(tile.path, layer), dict[str, str]()
    if sha256_of(tile.path) != tile.sha256:
        raise InputError("changed while it was read", where=str(tile.path), mend="Wait until it is written.")
    if tile.mapping is not None:
        frame = apply_mapping(frame, tile.mapping, where=tile.name, notes=notes)
    return frame, notes


def write_tiles(area: Area, folder: str | Path, *, side_m: float = 5000.0) -> Path:
    """Write an area as a folder of GeoParquet files, one per layer and square of the map, with a bbox column.

    Parameters
    ----------
    area : Area
        As `read_area` or `make_area` give it.
    folder : str or Path
        A new folder.
    side_m : float
        Side of the squares; a row lies in the square of the middle of its bounding box. [m]

    Raises
    ------
    OutputError
        When something stands there already, or it cannot be written.
    """
    folder = Path(folder)
    require_name(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError("stands there already", where=str(folder), mend="Name a new folder.")
    with beside(folder) as room:
        new = room / "new"
        for name, layer in area.layers.items():
            (new / name).mkdir(parents=True)
            for square, rows in _by_square(layer, side_m) or [(EVERYWHERE, np.empty(0, dtype=np.int64))]:
                frame = gpd.GeoDataFrame(layer.iloc[rows], crs=area.crs)
                (new / name / f"{square}.parquet").write_bytes(table_bytes(frame))
        about = {key: text for key, text in area.provenance.items() if not key.startswith(("read.", "not_given."))}
        table = pd.DataFrame({"key": list(about), "value": list(about.values())}, dtype="str")
        pyogrio.write_dataframe(table, new / "about.gpkg", layer="about", layer_options=PLAIN)
        if folder.exists():
            folder.rmdir()
        new.replace(folder)
    return folder


def _by_square(layer: gpd.GeoDataFrame, side_m: float) -> Sequence[tuple[str, np.ndarray]]:
    """Return rows by square of the map; those without a place hold everywhere."""
    west, south, east, north = shapely.bounds(shapes_of(layer)).T
    placed = np.isfinite(west)
    squares = np.full(len(layer), EVERYWHERE, dtype=object)
    x, y = (np.floor((low + high)[placed] / 2 / side_m).astype(int) for low, high in ((west, east), (south, north)))
    squares[placed] = [f"x{column}_y{row}" for column, row in zip(x, y, strict=True)]
    names, of = np.unique(squares.astype(str), return_inverse=True)
    return [(str(name), np.flatnonzero(of == number)) for number, name in enumerate(names)]
