"""The tables that flow through minenet: what comes in (`Area`) and what goes out (`Result`).

`_declared` lists every layer and column that other programs may rely on, `_carriers` holds the two carriers, and
`_arrival` checks and repairs an area once, on arrival, counting all it does.
"""

from minenet.tables._arrival import make_area
from minenet.tables._carriers import Area, Result
from minenet.tables._declared import (
    AREA_TABLES,
    MAIN_ROADS,
    REFERENCES,
    RESULT_TABLES,
    VARIANTS,
    Column,
    Table,
    empty,
    shapes_of,
    single_parts,
    typed,
)

__all__ = [
    "AREA_TABLES",
    "MAIN_ROADS",
    "REFERENCES",
    "RESULT_TABLES",
    "VARIANTS",
    "Area",
    "Column",
    "Result",
    "Table",
    "empty",
    "make_area",
    "shapes_of",
    "single_parts",
    "typed",
]
