"""From an address, a box or a municipality to an area: what public sources give, mapped to the contract of an area.

`window` says where, `dutch` and `osm` hold one module per source, `recipe` asks them in turn, `writing` makes the file.
Every answer is counted: asked for, received, left out, inferred, not known.
"""
