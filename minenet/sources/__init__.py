"""The outside world, delivered as tables."""

from minenet.sources.demo import demo_path
from minenet.sources.files import read_area
from minenet.sources.in_place import moved_into_place, require_writable
from minenet.sources.parquet import require_free_folder, write_parquet
from minenet.sources.results import read_result, write_result

__all__ = [
    "demo_path",
    "moved_into_place",
    "read_area",
    "read_result",
    "require_free_folder",
    "require_writable",
    "write_parquet",
    "write_result",
]
