"""Puts into a GeoPackage what its layers and columns mean, and how QGIS shows them in Dutch and English.

References
----------
.. [1] OGC 12-128r19, GeoPackage 1.4, annex F.9 "Schema": `gpkg_data_columns`, `gpkg_data_column_constraints`.
.. [2] QGIS 3.40, `QgsOgrProviderMetadata::saveStyle`: the table `layer_styles`, texts of no schema left empty.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from minenet.sources.qml import qml_of
from minenet.tables import LANGUAGES, RESULT_TABLES, label, label_group, table_about, table_title, title, unit_of

__all__ = ["DOCUMENTED", "document"]

DATE = "2000-01-01T00:00:00.000Z"
"""A fixed date, so that the same result gives the same file."""

DOCUMENTED = "en"
"""Language of the descriptions: GeoPackage knows one; the styles name every field in both."""

_SCHEMA = "http://www.geopackage.org/spec121/#extension_schema"
_TABLES = (
    """CREATE TABLE gpkg_data_columns (
        table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
        constraint_name TEXT,
        CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
        CONSTRAINT gdc_tn UNIQUE (table_name, name))""",
    """CREATE TABLE gpkg_data_column_constraints (
        constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
        min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
        CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))""",
    """CREATE TABLE layer_styles (
        id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
        f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
        useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)""",
)
_NAMES = {"nl": "Nederlands", "en": "English"}
_DEFAULT = LANGUAGES[0]


def document(path: Path) -> None:
    """Add descriptions and styles to a GeoPackage that holds the layers of a result.

    Raises
    ------
    sqlite3.Error
        When the file cannot be written.
    """
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("PRAGMA synchronous = OFF")  # the file is moved into place when it is whole
        for table in _TABLES:
            file.execute(table)
        about_tables = [(table.about, name) for name, table in RESULT_TABLES.items()]
        file.executemany("UPDATE gpkg_contents SET description = ? WHERE table_name = ?", about_tables)
        file.executemany("INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, ?)", _columns())
        file.executemany(
            "INSERT INTO gpkg_data_column_constraints VALUES (?, 'enum', ?, NULL, NULL, NULL, NULL, ?)", _codes()
        )
        file.executemany(
            "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_schema', ?, 'read-write')",
            [("gpkg_data_columns", _SCHEMA), ("gpkg_data_column_constraints", _SCHEMA)],
        )
        file.execute(
            "INSERT INTO gpkg_contents VALUES ('layer_styles', 'attributes', 'layer_styles', ?, ?, NULL, NULL, NULL, "
            "NULL, 0)",
            ("Styles for QGIS.", DATE),
        )
        geometry = dict(file.execute("SELECT table_name, column_name FROM gpkg_geometry_columns").fetchall())
        file.executemany("INSERT INTO layer_styles VALUES (?, '', '', ?, ?, ?, ?, '', ?, ?, '', NULL, ?)", [
            (number, name, geometry.get(name, ""), f"{table_title(name, language)} ({_NAMES[language]})",
             qml_of(name, language), language == _DEFAULT, table_about(name, language), DATE)
            for number, (name, language) in enumerate(_styled(), 1)
        ])  # fmt: skip


def _styled() -> Iterator[tuple[str, str]]:
    return ((name, language) for name in RESULT_TABLES for language in LANGUAGES)


def _columns() -> Iterator[tuple[str | None, ...]]:
    """Give layer, column, name, title, description with the unit, and the list of codes, of every declared column."""
    for name, table in RESULT_TABLES.items():
        for column in table.columns:
            unit = unit_of(column.name, DOCUMENTED)
            meaning = f"{column.about} Unit: {unit}." if unit else column.about
            codes = _constraint(name, column.name) if column.values else None
            called = title(name, column.name, DOCUMENTED)  # GDAL gives `name` as the alternative name of the field
            yield name, column.name, called, called, meaning, codes


def _codes() -> Iterator[tuple[str, str, str]]:
    """Give every code that a column may hold, with its words."""
    for name, table in RESULT_TABLES.items():
        for column in table.columns:
            group = label_group(name, column)
            for code in column.values or () if group is not None else ():
                yield _constraint(name, column.name), code, label(str(group), code, DOCUMENTED)


def _constraint(table: str, column: str) -> str:
    return f"{table}.{column}"
