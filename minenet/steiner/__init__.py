"""The cheapest trench that joins all stops of a net, each by one of its connections: trees in graphs, arrays only.

`carriers` hold what comes in and goes out, `arrival` checks it, `reduction` takes what every cheapest tree holds or can
do without, `ascent` bounds the cost from below, `branching` is a tree that can be changed, `exchange` makes it cheaper,
`proof` finds the cheapest and proves it, and `engine` calls them in turn.
"""

from minenet.steiner.carriers import Candidates, Graph, Tree
from minenet.steiner.engine import cheapest_tree

__all__ = ["Candidates", "Graph", "Tree", "cheapest_tree"]
