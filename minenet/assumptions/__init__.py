"""Every number that minenet assumes: its value, unit, range, source, date and VAT basis.

The numbers stand in the TOML files beside this module, one per section; `sections.py` names and types them, so that a
step receives only its own section (`assumptions.ground`) and never a loose number. A user's TOML file overrides
values; a key that is not known is an error that names the nearest right one.
"""

from minenet.assumptions._catalogue import Assumptions, Entry
from minenet.assumptions._rows import read_table
from minenet.assumptions.profile import LengthClass, Profile
from minenet.assumptions.sections import Checks, Clusters, Costs, Ground, Homes, Network, Sites, Trenches

__all__ = [
    "Assumptions",
    "Checks",
    "Clusters",
    "Costs",
    "Entry",
    "Ground",
    "Homes",
    "LengthClass",
    "Network",
    "Profile",
    "Sites",
    "Trenches",
    "read_table",
]
