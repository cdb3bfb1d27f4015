"""Reads an area, whatever it stands in: a file, a folder of files, or a folder of tiles."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from minenet.errors import InputError
from minenet.sources.files import read_plain_area
from minenet.sources.tiles import in_tiles, read_tile, tile_files
from minenet.tables import Area, joined, make_area

__all__ = ["read_area"]


def read_area(path: str | Path, *, mapping: str | Path | None = None) -> Area:
    """Read an area from a GeoPackage, or from a folder of files, and check it.

    Parameters
    ----------
    path : str or Path
        GeoPackage with the layers of `AREA_TABLES`; or a folder in which each file (or layer of a GeoPackage) is one;
        or a folder with a folder of files per layer (see `minenet.sources.tiles`). A table `about` (`key, value`) may
        say whose data it is (`attribution`) or that it is `fictional`.
    mapping : str or Path, optional
        TOML file that says which file, layer, column and value is which (see `minenet.sources.mapping`).

    Returns
    -------
    Area
        Checked layers; `provenance` counts what was read, repaired and left out, with the sha256 of every file.

    Raises
    ------
    InputError
        When a file is missing, is not what its name says, is cut off, or holds data that cannot be used.
    AssumptionError
        When the mapping file is not right.
    """
    path = Path(path)
    if not in_tiles(path, mapping=mapping):
        return read_plain_area(path, mapping)
    tiles, notes = tile_files(path, mapping=mapping)
    frames: dict[str, list[Any]] = {}
    for tile in tiles:
        frame, said = read_tile(tile)
        frames.setdefault(tile.table, []).append(frame)
        notes |= _added(notes, said)
    return make_area({name: _one_layer(name, of) for name, of in frames.items()}, provenance=notes)


def _added(notes: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """Return counts of one more file, added to those of the others."""
    return {key: str(int(notes.get(key, "0")) + int(text)) for key, text in said.items()}


def _one_layer(name: str, frames: list[Any]) -> Any:
    """Return the rows of all files of a layer, in the CRS of the first that has one."""
    with_rows = [frame for frame in frames if len(frame)] or frames[:1]
    said = [getattr(frame, "crs", None) for frame in with_rows]
    crs = next((c for c in said if c is not None), None)
    if crs is None:
        return joined(with_rows)
    if None in said:
        raise InputError("has files with and without a CRS", where=f"layer `{name}`", mend="Set it on all of them.")
    return joined([frame.to_crs(crs) for frame in with_rows])
