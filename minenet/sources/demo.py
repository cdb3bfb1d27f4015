"""The demo neighbourhood that the package carries: fictional, drawn by `data/draw_voorbeeldbuurt.py`."""

from pathlib import Path

from minenet.errors import InputError

__all__ = ["demo_path"]

_PACKAGE = Path(__file__).parents[1]


def demo_path() -> Path:
    """Return the GeoPackage of the fictional demo neighbourhood.

    Raises
    ------
    InputError
        When the installation does not hold it.
    """
    installed = _PACKAGE / "data" / "voorbeeldbuurt.gpkg"
    checkout = _PACKAGE.parent / "data" / "voorbeeldbuurt.gpkg"
    for path in (installed, checkout):
        if path.is_file():
            return path
    raise InputError("the demo neighbourhood is missing", where=str(installed), mend="Install minenet again.")
