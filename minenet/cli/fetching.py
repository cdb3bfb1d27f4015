"""The verb that makes an area from public sources."""

from collections.abc import Sequence
from pathlib import Path

import click

from minenet import sources
from minenet.cli.group import cli
from minenet.cli.showing import progress
from minenet.fetch import FILES, Store, Wanted, Web, Window, default_folder, fetch_area, municipality, place, write_area
from minenet.tables import make_area
from minenet.terminal import out, show_fetched, show_layers


@cli.command(epilog="\b\nKinds of FILE:\n" + "\n".join(f"  {kind:8} {about}" for kind, about in FILES.items()))
@click.argument("place_name", metavar="[PLACE]", required=False)
@click.option("-o", "--output", type=click.Path(dir_okay=False), required=True, help="GeoPackage to write.")
@click.option(
    "--bbox", type=float, nargs=4, help="West, south, east, north: degrees, or metres of the Dutch grid (EPSG:28992)."
)
@click.option("--polygon", type=click.Path(exists=True, dir_okay=False), help="File with the window as a polygon.")
@click.option("--municipality", "code", help="Dutch municipality: its code (0344) or name.")
@click.option("--around", type=click.FloatRange(10, 5000), default=150.0, show_default=True,
              help="How far around an address or street, in metres.")  # fmt: skip
@click.option("--source", type=click.Choice(["bag", "osm"]), default="bag", show_default=True,
              help="bag: Dutch registers; osm: OpenStreetMap, anywhere.")  # fmt: skip
@click.option("--bag-service", type=click.Choice(["wfs", "ogc"]), default="wfs", show_default=True,
              help="Which service of the BAG is asked.")  # fmt: skip
@click.option("--streets", type=click.Choice(["nwb", "osm"]), default="nwb", show_default=True,
              help="Streets of the road register, or of OpenStreetMap with its footpaths.")  # fmt: skip
@click.option("--file", "files", metavar="KIND=FILE", multiple=True,
              help="Read this file of your own instead of asking a service; may be given more than once.")  # fmt: skip
@click.option("--without", multiple=True, help="Do without: bgt, parcels, gas, zones, berths. It is then unknown.")
@click.option("--answers", type=click.Path(exists=True, dir_okay=False),
              help="Table of addresses that said yes or no (CSV).")  # fmt: skip
@click.option("--offline", is_flag=True, help="Ask nothing of the network: only --file.")
@click.option("--cache", type=click.Path(file_okay=False), help="Folder in which answers are kept.")
@click.option("--mirror", metavar="URL", default="", help="Ask this host instead of the public services.")
@click.option("--max-age", type=click.FloatRange(min=0), default=30.0, show_default=True,
              help="Days for which a kept answer is used.")  # fmt: skip
def fetch(  # noqa: PLR0913, PLR0917 - one argument per option
    place_name: str | None,
    output: str,
    bbox: tuple[float, float, float, float] | None,
    polygon: str | None,
    code: str | None,
    around: float,
    source: str,
    bag_service: str,
    streets: str,
    files: Sequence[str],
    without: Sequence[str],
    answers: str | None,
    offline: bool,
    cache: str | None,
    mirror: str,
    max_age: float,
) -> None:
    """Make an area of PLACE (an address, street or town), of a box, polygon or municipality, from public sources.

    What was asked and received, when and on which terms, and what is unknown, stands in the table `about` of the file.
    After a break the same command goes on where it stopped: answers are kept.
    """
    if sum(given is not None for given in (place_name, bbox, polygon, code)) != 1:
        raise click.UsageError("Say where: one of PLACE, --bbox, --polygon or --municipality.")
    sources.require_writable(output)
    web = Web(Store(Path(cache) if cache else default_folder(), max_age_days=max_age), mirror=mirror)
    with progress("fetch", FETCH_STEPS) as step:
        web.told = step.said
        wanted = Wanted(
            source=source,
            files=_by_kind(files),
            without=frozenset(without),
            answers=Path(answers) if answers else None,
            bag_service=bag_service,
            streets=streets,
            offline=offline,
            told=step,
        )
        step("the place")
        if bbox is not None:
            window = Window.of_box(bbox)
        elif polygon is not None:
            window = Window.of_file(polygon)
        elif offline:
            raise click.UsageError("A place is found by asking: with --offline give --bbox or --polygon.")
        elif code is not None:
            window = municipality(code, web=web)
        else:
            window = place(str(place_name), source=source, around_m=around, web=web)
        fetched = fetch_area(window, wanted, web=web)
        step("checking and writing")
        area = make_area(fetched.tables, provenance=fetched.notes)
        write_area(fetched, output)
    show_layers(area)
    show_fetched(fetched.notes, fetched.unmatched)
    out.print(f"Written: {output}", soft_wrap=True)


FETCH_STEPS = 9


def _by_kind(files: Sequence[str]) -> dict[str, Path]:
    """Return files by kind, of texts `KIND=FILE`."""
    by_kind: dict[str, Path] = {}
    for text in files:
        kind, sign, name = text.partition("=")
        if not sign or not name:
            raise click.UsageError(f"--file {text}: write KIND=FILE, KIND one of {', '.join(FILES)}.")
        if kind in by_kind:
            raise click.UsageError(f"--file {kind}= is given twice.")
        by_kind[kind] = Path(name)
    return by_kind
