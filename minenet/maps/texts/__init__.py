"""Every word on the map and the pages, in Dutch and English side by side: a module for each reader or matter."""

from collections.abc import Mapping

from minenet.maps.texts.checks import CHECKS
from minenet.maps.texts.choices import CHOICES
from minenet.maps.texts.overview import OVERVIEW
from minenet.maps.texts.reasons import NO_GROUP, REASONS, SHARED_REASONS
from minenet.maps.texts.residents import RESIDENTS
from minenet.maps.texts.summaries import SUMMARIES
from minenet.maps.texts.verdicts import VERDICTS
from minenet.tables import LANGUAGES

__all__ = ["LANGUAGES", "NO_GROUP", "SHARED_REASONS", "TEXTS"]

TEXTS: Mapping[str, tuple[str, str]] = {
    **VERDICTS,
    **CHECKS,
    **REASONS,
    **OVERVIEW,
    **RESIDENTS,
    **CHOICES,
    **SUMMARIES,
}
"""Texts by key: Dutch, English. A key is `group.word`; codes of the result are looked up as `group.code`."""
