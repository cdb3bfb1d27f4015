"""Where a pipe may lie, and where each building joins it.

`streets` turns centre lines into lines a trench may follow, `parallel` leaves out what runs beside another, `borders`
adds private ground between adjoining plots, `services` draws the connections of each building, and `graph` makes nodes
and edges of it all. `lines` and `free` hold the geometry that these share.
"""

from minenet.trenches.free import from_facade, grazed, runs_through
from minenet.trenches.graph import TrenchGraph, build_trenches, length_matrix
from minenet.trenches.lines import split_lines
from minenet.trenches.streets import ownership_at

__all__ = [
    "TrenchGraph",
    "build_trenches",
    "from_facade",
    "grazed",
    "length_matrix",
    "ownership_at",
    "runs_through",
    "split_lines",
]
