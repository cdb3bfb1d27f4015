"""Verbs that look at an area or a result, and the main job itself."""

import functools
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from minenet import sources
from minenet.assess import STEPS, Timings, survey
from minenet.assumptions import Assumptions, Profile
from minenet.cli.codes import BAD_DATA, PARTS_FAILED
from minenet.cli.exporting import export, first_pages, require_exports, with_page
from minenet.cli.group import cli
from minenet.cli.options import (
    AREA_HELP,
    assumptions_option,
    csv_option,
    language_option,
    mapping_option,
    parquet_option,
    profile_option,
    scheduler_option,
    timings_option,
    work_option,
    workers_option,
    xlsx_option,
)
from minenet.cli.showing import progress, require_another, written_to
from minenet.invariants import verify
from minenet.maps import draw_map
from minenet.pages import write_pages
from minenet.scale import Ran, Settings, engine_of, run_area
from minenet.terminal import (
    out,
    show_counts,
    show_failed,
    show_findings,
    show_layers,
    show_profile,
    show_summary,
    show_timings,
)
from minenet.tiles import RanInTiles, run_tiles


@cli.command()
@click.option(
    "-o", "--output", type=click.Path(file_okay=False), default="minenet-demo", show_default=True, help="Folder."
)
@language_option
@timings_option
def demo(output: str, language: str, timings: bool) -> None:
    """Run the whole road on the fictional neighbourhood, and the fictional municipality, that minenet carries."""
    folder = Path(output)
    with written_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
    numbers, profile = Assumptions.default(), Profile.example()
    settings = Settings(numbers, profile)
    assessed(sources.demo_path(), folder / "result.gpkg", settings, timings=timings)
    result = sources.read_result(folder / "result.gpkg")
    with progress("pages", 2) as step:
        step("pages")
        pages = write_pages(result, folder / "pages", language=language)
        step("map")
        draw_map(result, language=language, pages=with_page(result, folder / "pages")).save(folder / "map.html")
    show_summary(result.homes, result.clusters)
    out.print("The neighbourhood is fictional. Open these files:")
    for path in [folder / "result.gpkg", folder / "map.html", *first_pages(pages)]:
        out.print(f"  {path}", soft_wrap=True)
    if len(pages) - 1 < len(result.clusters):
        more = f"minenet pages {folder / 'result.gpkg'} -o {folder / 'pages'} --top N"
        out.print(
            f"Pages of the best {len(pages) - 1} of {len(result.clusters)} clusters; for more: {more}", soft_wrap=True
        )


@cli.command(epilog=AREA_HELP)
@click.argument("area", type=click.Path())
@mapping_option
@profile_option
def check(area: str, mapping: str | None, profile: str | None) -> None:
    """Report what is in AREA: found, repaired, left out, missing, and what the profile answers. Changes nothing."""
    answers = Profile.read(profile) if profile else None
    with progress("reading", 2) as step:
        step("reading")
        data = sources.read_area(area, mapping=mapping)
        step("homes and trenches")
        found = survey(data, Assumptions.default())
    show_layers(data)
    show_counts("Homes and trenches", found)
    if answers is not None:
        show_profile(answers)


@cli.command("assess", epilog=AREA_HELP)
@click.argument("area", type=click.Path())
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    required=True,
    help="GeoPackage to write; of an area in tiles also a folder of GeoParquet files.",
)
@mapping_option
@assumptions_option
@profile_option
@click.option("--street", multiple=True, help="Only homes in this street take part; may be given more than once.")
@csv_option
@xlsx_option
@parquet_option
@language_option
@workers_option
@scheduler_option
@work_option
@timings_option
def assess_command(  # noqa: PLR0913, PLR0917 - one argument per option
    area: str,
    output: str,
    mapping: str | None,
    assumptions: str | None,
    profile: str | None,
    street: Sequence[str],
    csv: str | None,
    xlsx: str | None,
    parquet: str | None,
    language: str,
    workers: int,
    scheduler: str | None,
    work: str | None,
    timings: bool,
) -> None:
    """Find candidate networks in AREA, design and cost every variant, check the rules, and write the result.

    A large area is worked on in parts. What is finished is kept until the result is written: after a break the same
    command goes on where it stopped. A part that fails is left out, with its reason, and the exit code is 4.

    An area in tiles (a folder with a folder of files per layer, see `minenet tile`) is never held whole: with a folder
    as output its size does not matter.
    """
    numbers = Assumptions.read(assumptions) if assumptions else Assumptions.default()
    answers = Profile.read(profile) if profile else None
    tiled = sources.in_tiles(area, mapping=mapping)
    if tiled and not Path(output).suffix:
        sources.require_free_folder(output)
    else:
        sources.require_writable(output)
    require_exports(csv, xlsx, parquet)
    require_another(area, output)
    ran = assessed(
        Path(area),
        Path(output),
        Settings(numbers, answers, street or None),
        tiled=tiled,
        mapping=mapping,
        workers=workers,
        scheduler=scheduler,
        work=work,
        timings=timings,
    )
    show_summary(ran.homes, ran.clusters)
    out.print(f"Written: {output}", soft_wrap=True)
    if csv or xlsx or parquet:
        whole = ran.result if isinstance(ran, Ran) else sources.read_result(output)
        export(whole, csv, xlsx, parquet, language=language)
    if ran.failed:
        show_failed(ran.failed, ran.parts, work_of(output, work))
        sys.exit(PARTS_FAILED)


@cli.command()
@click.argument("area", type=click.Path())
@click.option("-o", "--output", type=click.Path(file_okay=False), required=True, help="New folder to write.")
@click.option(
    "--side", "side_km", type=click.FloatRange(min=0.1), default=5.0, show_default=True, help="Side of a square [km]."
)
@mapping_option
def tile(area: str, output: str, side_km: float, mapping: str | None) -> None:
    """Write AREA as tiles: a folder per layer, with a GeoParquet file per square of the map.

    `assess` takes such folders, also those that other programs write, by municipality or otherwise. AREA is read at
    once and must fit in memory.
    """
    with progress("tile", 2) as step:
        step("reading")
        data = sources.read_area(area, mapping=mapping)
        step("writing")
        sources.write_tiles(data, output, side_m=1000.0 * side_km)
    show_layers(data)
    out.print(f"Written: {output}", soft_wrap=True)


@cli.command("verify")
@click.argument("result", type=click.Path())
@click.option(
    "--area", type=click.Path(), help="The area it is of: without it, what RESULT does not hold is not checked."
)
@mapping_option
def verify_command(result: str, area: str | None, mapping: str | None) -> None:
    """Look at RESULT anew: whether every home is there, every borehole keeps its distance, and the sums add up.

    A result of many files is looked at part by part, with the files of an area in tiles that touch it: neither need
    fit in memory. Exit code 3 when something that must hold does not.
    """
    with progress("verify", 1) as step:
        step("verifying")
        findings = verify(result, area, mapping=mapping, tell=step.said)
    show_findings(findings)
    if any(finding.outcome == "broken" for finding in findings):
        sys.exit(BAD_DATA)


@cli.command()
@assumptions_option
def assumptions(assumptions: str | None) -> None:
    """Print every number that is assumed, with unit, range and source, as TOML: edit it and hand it to `assess`."""
    numbers = Assumptions.read(assumptions) if assumptions else Assumptions.default()
    click.echo(numbers.to_toml(), nl=False)


def assessed(  # noqa: PLR0913 - one argument per option
    area: Path,
    output: Path,
    settings: Settings,
    *,
    tiled: bool = False,
    mapping: str | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    work: str | None = None,
    timings: bool = False,
) -> Ran | RanInTiles:
    """Read an area, whole or tile by tile, assess it and write the result, with the time of each step."""
    with progress("assess", len(STEPS) + 2) as step, engine_of(workers, scheduler) as engine:
        clock, folder = Timings(step), work_of(output, work)
        with clock.step("reading"):
            if tiled:
                tiles, notes = sources.tile_files(area, mapping=mapping)
            else:
                data = sources.read_area(area, mapping=mapping)
        ran: Ran | RanInTiles
        if tiled:
            write = functools.partial(_put, output=output)
            ran = run_tiles(tiles, notes, settings, folder, engine, write=write, timings=clock, tell=step.said)
        else:
            save = functools.partial(sources.write_result, path=output)
            ran = run_area(data, settings, folder, engine, write=save, timings=clock, tell=step.said)
    if timings:
        show_timings(clock, len(ran.homes))
    return ran


def _put(made: Path, *, output: Path) -> None:
    """Put a result of many files where it shall stand, as it is or as one GeoPackage."""
    if output.suffix:
        sources.write_result(sources.read_result(made), output)
    else:
        sources.moved_result(made, output)


def work_of(output: str | Path, work: str | None) -> Path:
    """Return the folder for unfinished work."""
    return Path(work) if work else Path(f"{output}.work")
