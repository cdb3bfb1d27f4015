"""The outside world, delivered as tables."""

from minenet.sources.areas import read_area
from minenet.sources.demo import demo_path
from minenet.sources.in_place import moved_into_place, require_writable
from minenet.sources.parquet import (
    MANIFEST,
    manifest_bytes,
    moved_result,
    require_free_folder,
    table_bytes,
    write_parquet,
)
from minenet.sources.results import read_result, write_result
from minenet.sources.tiles import TileFile, in_tiles, read_tile, tile_files, write_tiles

__all__ = [
    "MANIFEST",
    "TileFile",
    "demo_path",
    "in_tiles",
    "manifest_bytes",
    "moved_into_place",
    "moved_result",
    "read_area",
    "read_result",
    "read_tile",
    "require_free_folder",
    "require_writable",
    "table_bytes",
    "tile_files",
    "write_parquet",
    "write_result",
    "write_tiles",
]
