"""The outside world, delivered as tables."""

from minenet.sources.areas import read_area
from minenet.sources.demo import demo_path
from minenet.sources.in_place import moved_into_place, require_writable
from minenet.sources.many import AROUND_M, MANIFEST, manifest_bytes, wider
from minenet.sources.parquet import moved_result, require_free_folder, table_bytes, write_parquet
from minenet.sources.places import AreaInTiles, AreaWhole, area_by_place
from minenet.sources.results import ABSENT, ResultInParts, in_parts, read_result, write_result
from minenet.sources.tiles import TileFile, in_tiles, read_tile, tile_files, write_tiles

__all__ = [
    "ABSENT",
    "AROUND_M",
    "MANIFEST",
    "AreaInTiles",
    "AreaWhole",
    "ResultInParts",
    "TileFile",
    "area_by_place",
    "demo_path",
    "in_parts",
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
    "wider",
    "write_parquet",
    "write_result",
    "write_tiles",
]
