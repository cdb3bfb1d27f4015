"""How many metres of borehole, how deep, and how much neighbours cool each other.

Physics on arrays. Heat conduction only: ground of one mean conductivity along each borehole, no groundwater flow, no
heat stored in grout and fluid. Every load is that of the ground, not that of the homes.

`sizing` finds the lengths, `interference` the cooling of neighbours, `response` the g-functions both stand on, `lines`
the finite line sources under those, `borehole` what lies between the wall and the fluid, and `profile` the undisturbed
ground.
"""

from minenet.ground.interference import cooling, mutual_cooling
from minenet.ground.profile import Conductivity, ground_temperature, mean_conductivity
from minenet.ground.sizing import Loops, size_field, size_groups, size_loops

__all__ = [
    "Conductivity",
    "Loops",
    "cooling",
    "ground_temperature",
    "mean_conductivity",
    "mutual_cooling",
    "size_field",
    "size_groups",
    "size_loops",
]
