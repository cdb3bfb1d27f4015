"""Writes the style of a layer as QGIS reads it (QML): classes, names of fields and words for codes, in one language.

References
----------
.. [1] QGIS 3.40, `QgsVectorLayer::writeSymbology` and `QgsCategorizedSymbolRenderer::save`: the elements written here.
   Elements that are left out keep the defaults of QGIS.
"""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from minenet.sources.looks import LOOKS, Look, Symbol
from minenet.tables import LANGUAGES, RESULT_TABLES, Table, label, label_group, table_about, table_title, title

__all__ = ["qml_of"]

VERSION = "3.40.0-Bratislava"
"""Version of QGIS whose form this is."""

FIRST = 1
"""Place of the first column: the key `fid` stands before it."""

_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


def qml_of(name: str, language: str) -> str:
    """Return the style of a layer of a result.

    Parameters
    ----------
    name : str
        Layer of `RESULT_TABLES`; one without geometry gets names of fields and words for codes only.
    language : {"nl", "en"}
        Language of names and labels.

    Returns
    -------
    str
        An XML document.

    Examples
    --------
    >>> "Kansrijk" in qml_of("clusters", "nl"), "Promising" in qml_of("clusters", "en")
    (True, True)
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    look = LOOKS.get(name)
    parts = ["LayerConfiguration", *(["Symbology"] if look else []), "Fields", "Notes"]
    root = Element("qgis", {"version": VERSION, "styleCategories": "|".join(parts)})
    table = RESULT_TABLES[name]
    if look:
        _renderer(root, look, language)
    SubElement(root, "userNotes", {"value": f"{table_title(name, language)}: {table_about(name, language)}"})
    _field_words(root, table, language)
    _aliases(root, table, language)
    if look:
        SubElement(root, "previewExpression").text = f'"{look.name_field}"'
    return _HEAD + tostring(root, encoding="unicode")


def _renderer(root: Element, look: Look, language: str) -> None:
    plain = {"enableorderby": "0", "forceraster": "0", "referencescale": "-1"}
    levels = str(int(any(symbol.level for symbol in look.symbols)))
    form = {"type": "categorizedSymbol", "attr": look.classes_by, "symbollevels": levels}
    renderer = SubElement(root, "renderer-v2", {**form, **plain})
    categories, symbols = SubElement(renderer, "categories"), SubElement(renderer, "symbols")
    for number, symbol in enumerate(look.symbols):
        words = label(symbol.group, symbol.word, language)
        shown = str(symbol.shown).lower()
        one = {"value": symbol.code, "type": "string", "symbol": str(number), "label": words, "render": shown}
        SubElement(categories, "category", one)
        _symbol(symbols, symbol, str(number))


def _symbol(parent: Element, symbol: Symbol, name: str) -> None:
    form = {"type": symbol.kind, "name": name, "alpha": "1", "clip_to_extent": "1", "force_rhr": "0"}
    element = SubElement(parent, "symbol", form)
    for part in symbol.parts:
        form = {"class": part.kind, "enabled": "1", "locked": "0", "pass": str(symbol.level)}
        _options(SubElement(element, "layer", form), part.properties)


def _options(parent: Element, values: Mapping[str, str]) -> Element:
    """Add a map of texts, the form in which QGIS keeps properties."""
    options = SubElement(parent, "Option", {"type": "Map"})
    for name, value in values.items():
        SubElement(options, "Option", {"type": "QString", "name": name, "value": value})
    return options


def _field_words(root: Element, table: Table, language: str) -> None:
    """Show codes as words: in forms, in the table of attributes and when a feature is asked for."""
    fields = SubElement(root, "fieldConfiguration")
    for column in table.columns:
        group = label_group(table.name, column)
        if group is None:
            continue
        field = SubElement(fields, "field", {"name": column.name, "configurationFlags": "NoFlag"})
        config = SubElement(SubElement(field, "editWidget", {"type": "ValueMap"}), "config")
        listed = SubElement(SubElement(config, "Option", {"type": "Map"}), "Option", {"type": "List", "name": "map"})
        for code in column.values or ():
            _options(listed, {label(group, code, language): code})


def _aliases(root: Element, table: Table, language: str) -> None:
    aliases = SubElement(root, "aliases")
    for place, column in enumerate(table.columns, FIRST):
        words = title(table.name, column.name, language)
        SubElement(aliases, "alias", {"field": column.name, "index": str(place), "name": words})
