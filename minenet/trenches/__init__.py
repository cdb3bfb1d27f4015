"""Where a pipe may lie, and where each building joins it.

`streets` turns centre lines into lines a trench may follow, `parallel` leaves out what runs beside another, `borders`
adds private ground between adjoining plots, `services` draws the connections of each building, `graph` makes nodes
and edges of it all, and `reach` leaves out what no homes can share. `lines` and `free` hold the geometry of these.
"""

from minenet.trenches.free import from_facade, grazed, runs_through
from minenet.trenches.graph import TrenchGraph, build_trenches, change_counts, component_count, length_matrix
from minenet.trenches.lines import split_lines
from minenet.trenches.reach import within_reach
from minenet.trenches.streets import barrier_of, lifted, on_main_road, ownership_at

__all__ = [
    "TrenchGraph",
    "barrier_of",
    "build_trenches",
    "change_counts",
    "component_count",
    "from_facade",
    "grazed",
    "length_matrix",
    "lifted",
    "on_main_road",
    "ownership_at",
    "runs_through",
    "split_lines",
    "within_reach",
]
