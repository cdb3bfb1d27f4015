"""Maps and pages that open anywhere, without a network."""

from minenet.maps.cluster import draw_index, draw_page
from minenet.maps.overview import draw_map
from minenet.maps.page import OfflineMap

__all__ = ["OfflineMap", "draw_index", "draw_map", "draw_page"]
