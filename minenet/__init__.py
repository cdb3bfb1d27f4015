"""minenet finds the streets where a mini heat network makes sense: 2 to 50 homes that share ground heat.

The road is one direction: `read_area` brings an area, `assess` makes a result of it, `draw_map` and `write_pages` show
it. Each step of `assess` can be run alone.
"""

from minenet._version import __version__
from minenet.assess import assess, find_clusters, find_homes, lay_pipes, place_boreholes, size_boreholes
from minenet.assumptions import Assumptions, Profile
from minenet.checks import check_rules
from minenet.costs import estimate_costs, reference_annual_costs
from minenet.excerpts import excerpt
from minenet.fetch import Wanted, Window, fetch_area, write_area
from minenet.invariants import verify
from minenet.maps import draw_map
from minenet.pages import write_pages
from minenet.sources import demo_path, read_area, read_result, write_parquet, write_result
from minenet.summaries import write_summary
from minenet.tables import Area, Result, make_area

__all__ = [
    "Area",
    "Assumptions",
    "Profile",
    "Result",
    "Wanted",
    "Window",
    "__version__",
    "assess",
    "check_rules",
    "demo_path",
    "draw_map",
    "estimate_costs",
    "excerpt",
    "fetch_area",
    "find_clusters",
    "find_homes",
    "lay_pipes",
    "make_area",
    "place_boreholes",
    "read_area",
    "read_result",
    "reference_annual_costs",
    "size_boreholes",
    "verify",
    "write_area",
    "write_pages",
    "write_parquet",
    "write_result",
    "write_summary",
]
