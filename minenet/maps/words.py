"""Texts and numbers as each language writes them."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from minenet.errors import AssumptionError
from minenet.maps.texts import LANGUAGES, TEXTS

__all__ = ["Words", "known", "missing"]

HARD_SPACE = "\u00a0"


def known(value: Any) -> bool:
    """Return whether `value` is known: null, NaN and infinity are not.

    Examples
    --------
    >>> known(0.0), known(None), known(float("nan"))
    (True, False, False)
    """
    return not pd.isna(value) and not (isinstance(value, float) and math.isinf(value))


def _pattern(text: str) -> re.Pattern[str]:
    """Return the pattern of a text with `{names}`."""
    parts = re.split(r"\{(\w+)\}", text)
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if odd % 2 else re.escape(part) for odd, part in enumerate(parts)), re.DOTALL
    )


ONE = {
    "boringen": "boring",
    "leidingen": "leiding",
    "woningen": "woning",
    "lussen": "lus",
    "adressen": "adres",
    "groepen": "groep",
    "boreholes": "borehole",
    "drillings": "drilling",
    "pipe runs": "pipe run",
    "homes": "home",
    "loops": "loop",
    "addresses": "address",
    "groups": "group",
    "clusters": "cluster",
}
_COUNTED = re.compile(rf"\{{(\w+)\}} (geregistreerde |registered )?({'|'.join(ONE)})\b")

NUMBER = r"(\d+(?:\.\d+)?)"
FIGURES = {
    "fits_for": (rf"{NUMBER} of {NUMBER}", ("some", "all")),
    "fits_for_at_least": (rf"{NUMBER} of {NUMBER}, {NUMBER} not known", ("some", "all", "unknown")),
    "no_place_for_loop": (rf"{NUMBER} of {NUMBER}", ("some", "all")),
    "too_deep": (rf"{NUMBER} m needed, {NUMBER} m permitted", ("needed", "permitted")),
    "too_few_places": (rf"{NUMBER} places, at least {NUMBER} needed at {NUMBER} m", ("places", "needed", "depth")),
}
"""Figures behind the code of a reason, and their places in the text."""

_SOURCES = [texts for key, texts in TEXTS.items() if key.startswith("source.")]
_DETAILS = [(key, _pattern(english)) for key, (_, english) in TEXTS.items() if key.startswith("detail.")]


@dataclass(frozen=True)
class Words:
    """The texts of one language.

    Examples
    --------
    >>> Words("nl").number(1234.5), Words("en").number(1234.5, digits=1)
    ('1.234', '1,234.5')
    >>> Words("en").euro(1234.0), Words("en").euro(None), Words("nl").euro(None)
    ('€1,230', 'unknown', 'onbekend')
    """

    language: str

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            where = "language"
            raise AssumptionError(f"`{self.language}` is not known", where=where, mend="Choose nl or en.")

    def __call__(self, key: str, **values: str) -> str:
        """Return the text of `key` with `values` in their places; values are never read as a pattern.

        Examples
        --------
        >>> Words("nl")("index.homes", homes="1"), Words("nl")("index.homes", homes="11")
        ('1 woning', '11 woningen')
        """
        text = TEXTS[key][LANGUAGES.index(self.language)]
        if not values:
            return text

        def one(found: re.Match[str]) -> str:
            place, between, plural = found.groups()
            return f"{{{place}}} {between or ''}{ONE[plural] if values[place] == '1' else plural}"

        return _COUNTED.sub(one, text).format(**values)

    def code(self, group: str, code: Any) -> str:
        """Return the words for a code of the result; an unknown code is shown as it is.

        Examples
        --------
        >>> Words("en").code("reason", "fits_for:2 of 9")
        'fits 2 of the 9 homes'
        """
        if not known(code) or str(code) == "":
            return self("word.unknown")
        word, _, more = str(code).partition(":")
        if f"{group}.{word}" not in TEXTS:
            return str(code).replace("_", " ")
        pattern, places = FIGURES.get(word, ("", ()))
        if group == "reason" and more and (figures := re.fullmatch(pattern, more)):
            values = dict(zip(places, figures.groups(), strict=True))
            if values.get("some") == "0" and f"because.{word}_none" in TEXTS:
                return self(f"because.{word}_none")
            if values.get("all") == "1" and f"because.{word}_one" in TEXTS:
                return self(f"because.{word}_one")
            return self(f"because.{word}", **{name: self._decimal(value) for name, value in values.items()})
        return self(f"{group}.{word}")

    def place(self, name: str) -> str:
        """Return the name of a cluster; which side of the street it is, is told in the language.

        Examples
        --------
        >>> Words("nl").place("Kerkstraat 1-9 (odd)")
        'Kerkstraat 1-9 (oneven)'
        """
        return re.sub(r"\((odd|even)\)", lambda found: f"({self(f'side.{found[1]}')})", name)

    def detail(self, text: Any) -> str:
        """Return what a check found in this language; a text that is not known is shown as it is.

        Examples
        --------
        >>> Words("nl").detail("limit 200 m")
        'grens op 200 m'
        """
        if not known(text):
            return ""
        for key, pattern in _DETAILS:
            if found := pattern.fullmatch(str(text)):
                values = {name: self._decimal(value) for name, value in found.groupdict().items()}
                values |= {name: self._thousands(values[name]) for name in ("kwh", "fee", "metres") if name in values}
                if "layers" in values:
                    values["layers"] = ", ".join(self._layer(name) for name in values["layers"].split(", "))
                return self(key, **values)
        return str(text)

    def source(self, text: Any) -> str:
        """Return a source of a rule with the words in it that differ in this language.

        Examples
        --------
        >>> Words("nl").source("the zone itself (2026-11)")
        'de regels van het gebied zelf (2026-11)'
        """
        told = str(text) if known(text) else ""
        for dutch, english in _SOURCES if self.language == "nl" else ():
            told = told.replace(english, dutch)
        return told

    def _layer(self, name: str) -> str:
        return self(f"layer.{name}") if f"layer.{name}" in TEXTS else name

    def _thousands(self, text: str) -> str:
        return self.number(int(text)) if text.isdecimal() else text

    def _decimal(self, text: str) -> str:
        """Return a written number with the decimal sign of the language."""
        return text.replace(".", ",") if self.language == "nl" and re.fullmatch(r"\d+\.\d+", text) else text

    def group(self, *groups: str) -> dict[str, str]:
        """Return all texts of some groups by key, for the script of a page."""
        return {key: self(key) for key in TEXTS if key.split(".")[0] in groups}

    def number(self, value: Any, *, digits: int = 0, unit: str = "") -> str:
        r"""Return a number as the language writes it.

        Examples
        --------
        >>> Words("en").number(74, unit="%"), Words("en").number(74, unit="m")
        ('74%', '74\xa0m')
        """
        if not known(value):
            return self("word.unknown")
        text = f"{abs(float(value)):,.{digits}f}"
        if self.language == "nl":
            text = text.translate(str.maketrans(",.", ".,"))
        sign = "\u2212" if float(value) < 0 and text.strip("0.,") else ""
        gap = "" if not unit or (unit == "%" and self.language == "en") else HARD_SPACE
        return f"{sign}{text}{gap}{unit}"

    def euro(self, value: Any, *, step: int = 10) -> str:
        """Return an amount rounded to `step` euros: more digits would promise what nobody knows."""
        if not known(value):
            return self("word.unknown")
        rounded = round(float(value) / step) * step
        text = self.number(abs(rounded))
        sign = "\u2212" if rounded < 0 else ""
        return f"{sign}€{HARD_SPACE}{text}" if self.language == "nl" else f"{sign}€{text}"


def missing(codes: Iterable[str], group: str) -> list[str]:
    """Return the codes that have no text yet.

    Examples
    --------
    >>> missing(["drilling_ban", "made_up"], "reason")
    ['made_up']
    """
    return [code for code in codes if f"{group}.{code}" not in TEXTS]
