"""From an address, a box or a municipality to an area: what public sources give, mapped to the contract of an area.

`window` says where, `dutch` and `osm` hold one module per source, `recipe` asks them in turn, `writing` makes the file.
Every answer is counted: asked for, received, left out, inferred, not known.
"""

from minenet.fetch.recipe import Fetched, fetch_area, municipality, place
from minenet.fetch.web import Store, Web, default_folder
from minenet.fetch.window import Window
from minenet.fetch.wishes import FILES, Wanted
from minenet.fetch.writing import write_area

__all__ = [
    "FILES",
    "Fetched",
    "Store",
    "Wanted",
    "Web",
    "Window",
    "default_folder",
    "fetch_area",
    "municipality",
    "place",
    "write_area",
]
