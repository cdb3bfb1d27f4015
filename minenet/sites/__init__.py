"""Where a borehole may stand: own plots, free ground, clearances, zones, and the border between clusters.

`clearances` says what a borehole keeps its distance from, `plots` whose ground is whose, `ground` draws what is left,
`borders` divides it among clusters, `fixed` looks at places that the user gave. Whether a rig can reach a place is for
`access` to say, and how many fit for `packing`.

How conflicts between clusters are decided: each stays on the plots of its own homes, half a spacing inside their outer
boundary; other ground goes to the cluster whose nearest building is nearer, and nobody drills where two clusters are
almost equally near. So no two clusters ever want the same ground, and none has to be handled before another: the answer
depends neither on an order, nor on the number of workers, nor on how the area is cut.
"""

from minenet.sites.borders import disputed, land_at
from minenet.sites.clearances import MARGIN_M, depth_limit
from minenet.sites.fixed import fixed_places
from minenet.sites.ground import Drillable, drillable_ground, own_ground
from minenet.sites.plots import COMMON_M2, Plots, overlapping, plots_of

__all__ = [
    "COMMON_M2",
    "MARGIN_M",
    "Drillable",
    "Plots",
    "depth_limit",
    "disputed",
    "drillable_ground",
    "fixed_places",
    "land_at",
    "overlapping",
    "own_ground",
    "plots_of",
]
