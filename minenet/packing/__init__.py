"""How many boreholes fit in free ground, and which of them to take: geometry on shapes and arrays.

`engine` packs, `candidates` says where places are looked for, `search` finds the largest set, `exact` proves it,
`bounds` says what no placement exceeds, `choosing` takes the best of given places, and `frame` makes the answer the
same wherever the ground lies in the map.
"""

from minenet.packing.bounds import bound
from minenet.packing.candidates import candidates
from minenet.packing.choosing import choose, most, spread
from minenet.packing.engine import Packing, pack

__all__ = ["Packing", "bound", "candidates", "choose", "most", "pack", "spread"]
