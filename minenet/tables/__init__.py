"""The tables that flow through minenet: what comes in (`Area`) and what goes out (`Result`).

`_area` and `_result` list every layer and column that other programs may rely on, `_declared` says how one is declared,
`_carriers` holds the two carriers, and `_arrival` checks and repairs an area once, on arrival, counting all it does.
"""

from minenet.tables._area import AREA_TABLES
from minenet.tables._arrival import make_area
from minenet.tables._carriers import Area, Result
from minenet.tables._declared import (
    MAIN_ROADS,
    REFERENCES,
    VARIANTS,
    Column,
    Table,
    collected,
    empty,
    shapes_of,
    single_parts,
    typed,
    united,
)
from minenet.tables._result import RESULT_TABLES

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
    "collected",
    "empty",
    "make_area",
    "shapes_of",
    "single_parts",
    "typed",
    "united",
]
