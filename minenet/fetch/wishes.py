"""What a user asks for: which source, which files of one's own, what to do without."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from minenet.errors import AssumptionError

__all__ = ["FILES", "OPTIONAL", "Wanted"]

FILES: Mapping[str, str] = {
    "bag": "BAG: GeoPackage (bag-light), GML or GeoJSON; layers `pand`, `verblijfsobject` and more",
    "bgt": "BGT: GeoPackage or GML with its collections as layers",
    "parcels": "cadastral map: layer `perceel`",
    "roads": "NWB: layer `wegvakken`",
    "gas": "CBS gas use by postcode-6",
    "zones": "groundwater protection and other zones",
    "loops": "BRO register of groundwater use (brogufvolledigeset.gpkg)",
    "labels": "EP-online: bulk CSV of energy labels",
    "ground": "GeoTOP or REGIS as NetCDF, or a table of layers",
    "osm": "OpenStreetMap: .osm.pbf or .osm",
}
"""Files of one's own, by kind."""

OPTIONAL = ("bgt", "parcels", "gas", "zones", "berths")
"""What a fetch can do without when a service is silent; it is then unknown."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for.

    Parameters
    ----------
    source : {"bag", "osm"}
        Where buildings and addresses come from.
    files : mapping of str to Path
        Files of one's own, by kind (`FILES`): what they hold is not asked of a service.
    without : frozenset of str
        What not to ask for (`OPTIONAL`).
    answers : Path, optional
        Table of addresses that said yes or no.
    bag_service : {"wfs", "ogc"}
        Which service of the register is asked.
    streets : {"nwb", "osm"}
        Where streets come from when buildings come from the register.
    offline : bool
        Ask nothing of the network.
    told : callable
        Told which step begins.

    Raises
    ------
    AssumptionError
        When a kind of file or a part is not known.
    """

    source: str = "bag"
    files: Mapping[str, Path] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    answers: Path | None = None
    bag_service: str = "wfs"
    streets: str = "nwb"
    offline: bool = False
    told: Callable[[str], None] = field(default=lambda _: None)

    def __post_init__(self) -> None:
        for kind in self.files:
            if kind not in FILES:
                raise AssumptionError(
                    f"no kind of file is called `{kind}`", where="--file", mend=f"Known: {_all(FILES)}."
                )
        for part in self.without:
            if part not in OPTIONAL:
                raise AssumptionError(
                    f"`{part}` cannot be left out", where="--without", mend=f"Known: {_all(OPTIONAL)}."
                )


def _all(names: Mapping[str, str] | tuple[str, ...]) -> str:
    return ", ".join(names)
