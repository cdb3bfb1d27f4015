"""A country as files: read, cut, assessed and written in pieces, so that no process ever holds the whole.

The steps stand in the order in which a run takes them. `arriving` checks every file and lays its rows out on `squares`
of the map; `finding` finds the homes of a square and links its buildings; `cutting` makes parts of these links, from
points and weights alone; `seeing` gives every part what lies around it; then all parts go through the stages of
`minenet.stages`, as those of any large area do (`minenet.scale`); `laying_down` writes the tables of each part as files
of one result. `run` leads.
"""

from minenet.tiles.run import RanInTiles, run_tiles

__all__ = ["RanInTiles", "run_tiles"]
