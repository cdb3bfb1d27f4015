"""Candidates of 2-50 homes: which neighbours would share a mini heat network.

Homes hang on the trench graph as leaves. Of all ways to cut a forest over it into groups of permitted size, the
cheapest is found exactly (`cut`); other forests are laid over what was found and cut again until the groups are good
(`exchange`, `tree`); where few homes hang together, all ways to group them are compared (`exact`). `network` is the
trench graph in short, `cost` and `prices` say what a group costs in a year, `options` and `wishes` hold what the user
decided, and `shapes` draws and names the clusters. A group follows streets because the forest does; it never crosses
what no trench crosses.
"""

from minenet.clusters.cost import Connections, Prices
from minenet.clusters.engine import Found, find_groups
from minenet.clusters.options import Asked, asked, require_streets
from minenet.clusters.prices import connections_of, gas_costs, own_loop_costs, prices_of
from minenet.clusters.shapes import cluster_names, cluster_shapes

__all__ = [
    "Asked",
    "Connections",
    "Found",
    "Prices",
    "asked",
    "cluster_names",
    "cluster_shapes",
    "connections_of",
    "find_groups",
    "gas_costs",
    "own_loop_costs",
    "prices_of",
    "require_streets",
]
