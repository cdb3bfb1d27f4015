"""An area in parts: what hangs together stays together, so that each part can be worked on by itself.

`links` says which buildings could ever be in one cluster, `rule` makes parts of what these links join, and `windows`
hands each part the ground around it. The rule looks at the data alone: the same area has the same parts whoever works
on them, one after the other or side by side.
"""

from minenet.parts.rule import Parts, cut
from minenet.parts.windows import Beside, Piece, near_ground, pieces, window_of_each

__all__ = ["Beside", "Parts", "Piece", "cut", "near_ground", "pieces", "window_of_each"]
