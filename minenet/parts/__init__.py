"""An area in parts: what hangs together stays together, so that each part can be worked on by itself.

`links` says which buildings could ever be in one cluster, `rule` makes parts of what these links join, and `windows`
hands each part the ground around it. The rule looks at the data alone: the same area has the same parts whoever works
on them, one after the other or side by side.
"""

from minenet.parts.links import chained, links, seen_m
from minenet.parts.rule import ENOUGH_HOMES, MOST_HOMES, Parts, Split, cut, divided, numbers, wished
from minenet.parts.windows import (
    Beside,
    Piece,
    felt_m,
    halo_m,
    matter,
    near_ground,
    pieces,
    spoken,
    window_of_each,
    with_words,
    words,
)

__all__ = [
    "ENOUGH_HOMES",
    "MOST_HOMES",
    "Beside",
    "Parts",
    "Piece",
    "Split",
    "chained",
    "cut",
    "divided",
    "felt_m",
    "halo_m",
    "links",
    "matter",
    "near_ground",
    "numbers",
    "pieces",
    "seen_m",
    "spoken",
    "window_of_each",
    "wished",
    "with_words",
    "words",
]
