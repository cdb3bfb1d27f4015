"""Designs every variant for every cluster: where boreholes stand, how deep, which pipes.

Tables to arrays and back: the geometry comes from `sites` and `network`, the physics from `ground`.
"""

from minenet.design.carriers import Layout, Placed, Sized
from minenet.design.finding import own_places, with_plots
from minenet.design.further import further_variants
from minenet.design.grouping import group_homes
from minenet.design.interference import cooled_by_others, together
from minenet.design.joining import Joined, join
from minenet.design.laying import Laid, lay
from minenet.design.placing import place
from minenet.design.sizing import size
from minenet.design.uncertainty import metres_at_ranges

__all__ = [
    "Joined",
    "Laid",
    "Layout",
    "Placed",
    "Sized",
    "cooled_by_others",
    "further_variants",
    "group_homes",
    "join",
    "lay",
    "metres_at_ranges",
    "own_places",
    "place",
    "size",
    "together",
    "with_plots",
]
