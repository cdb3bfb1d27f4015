"""The outside world, delivered as tables."""

from minenet.sources.demo import demo_path
from minenet.sources.files import read_area
from minenet.sources.results import moved_into_place, read_result, require_writable, write_result

__all__ = ["demo_path", "moved_into_place", "read_area", "read_result", "require_writable", "write_result"]
