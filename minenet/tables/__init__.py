"""The tables that flow through minenet: what comes in (`Area`) and what goes out (`Result`).

`_area` and `_result` list every layer and column that other programs may rely on, `_declared` says how one is declared,
`_carriers` holds the two carriers, and `_arrival` checks and repairs an area once, on arrival, counting all it does.
`_titles` says what tables, columns and codes of a result are called in each language.
"""

from minenet.tables._area import AREA_TABLES, NEEDED_LAYERS
from minenet.tables._arrival import UNIQUE_LAYERS, arrived, given_or_not, in_order, make_area, same_rows_twice
from minenet.tables._carriers import Area, Result
from minenet.tables._declared import (
    MAIN_ROADS,
    OF_WATER,
    REFERENCES,
    VARIANTS,
    Column,
    Table,
    collected,
    empty,
    joined,
    shapes_of,
    single_parts,
    typed,
    united,
)
from minenet.tables._result import RESULT_TABLES, in_result_order
from minenet.tables._titles import (
    LABELS,
    LANGUAGES,
    about,
    label,
    label_group,
    table_about,
    table_title,
    title,
    unit_of,
)

__all__ = [
    "AREA_TABLES",
    "LABELS",
    "LANGUAGES",
    "MAIN_ROADS",
    "NEEDED_LAYERS",
    "OF_WATER",
    "REFERENCES",
    "RESULT_TABLES",
    "UNIQUE_LAYERS",
    "VARIANTS",
    "Area",
    "Column",
    "Result",
    "Table",
    "about",
    "arrived",
    "collected",
    "empty",
    "given_or_not",
    "in_order",
    "in_result_order",
    "joined",
    "label",
    "label_group",
    "make_area",
    "same_rows_twice",
    "shapes_of",
    "single_parts",
    "table_about",
    "table_title",
    "title",
    "typed",
    "unit_of",
    "united",
]
