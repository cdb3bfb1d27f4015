"""The command line: verbs only.

Exit codes: 0 done, 2 wrong use, 3 bad data, 4 a part of the area failed and is left out of the result, 5 a public
source was silent, 130 stopped by the user.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from minenet import sources
from minenet._version import __version__
from minenet.assess import STEPS, Timings, survey
from minenet.assumptions import Assumptions, Profile
from minenet.errors import InputError, MinenetError, SourceError
from minenet.fetch import FILES, Store, Wanted, Web, Window, default_folder, fetch_area, municipality, place, write_area
from minenet.invariants import verify
from minenet.maps import draw_map
from minenet.maps.page import file_name
from minenet.pages import write_pages
from minenet.scale import Ran, Settings, engine_of, run_area
from minenet.summaries import SUFFIXES, write_summary
from minenet.tables import Result, make_area
from minenet.terminal import (
    Screen,
    harmless,
    out,
    show_counts,
    show_failed,
    show_fetched,
    show_findings,
    show_layers,
    show_profile,
    show_summary,
    show_timings,
    show_written,
)

__all__ = ["main"]

WRONG_USE, BAD_DATA, PARTS_FAILED, SILENT, STOPPED, DEFECT = 2, 3, 4, 5, 130, 1

CODES = ((InputError, BAD_DATA), (SourceError, SILENT))

err = Screen(stderr=True, highlight=False)

AREA_HELP = (
    "AREA is a GeoPackage with the layers of an area, or a folder of GeoPackage, GeoJSON, Shapefile or GeoParquet."
)

mapping_option = click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False),
    help="TOML file: which file, layer, column and value is which.",
)
assumptions_option = click.option(
    "--assumptions", type=click.Path(exists=True, dir_okay=False), help="TOML file with your own numbers."
)
profile_option = click.option(
    "--profile",
    type=click.Path(exists=True, dir_okay=False),
    help="TOML file: what the municipality answers on heat networks, loops, public space and support.",
)
language_option = click.option(
    "--language",
    type=click.Choice(["nl", "en"]),
    default="nl",
    show_default=True,
    help="Language of maps, pages and summaries.",
)
csv_option = click.option(
    "--csv", type=click.Path(dir_okay=False), help="Table of clusters to write: verdict, reasons, figures, place."
)
xlsx_option = click.option(
    "--xlsx",
    type=click.Path(dir_okay=False),
    help="Workbook to write: clusters, solutions, checks, assumptions, provenance, what each column means.",
)
parquet_option = click.option(
    "--parquet", type=click.Path(file_okay=False), help="Folder to write: every layer as a GeoParquet file."
)
workers_option = click.option(
    "--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes that work side by side."
)
scheduler_option = click.option(
    "--scheduler", metavar="ADDRESS", help="Let the workers of this dask scheduler do the work (tcp://host:8786)."
)
work_option = click.option(
    "--work",
    type=click.Path(file_okay=False),
    help="Folder for unfinished work of a large area, from which the same command goes on; OUTPUT.work by default.",
)
timings_option = click.option("--timings", is_flag=True, help="Print how long each step took.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="minenet")
def cli() -> None:
    """Find the streets where a mini heat network makes sense: 2 to 50 homes that share ground heat.

    \b
    minenet demo                            try it on a fictional neighbourhood
    minenet fetch PLACE -o AREA.gpkg        an area from public sources, or from your own files
    minenet check AREA                      what is in my data, and what is missing?
    minenet assess AREA -o RESULT.gpkg      find, design, cost and judge candidate networks
    minenet map RESULT.gpkg -o map.html     the planner's map
    minenet pages RESULT.gpkg -o pages      the residents' pages
    minenet verify RESULT.gpkg              does all that must hold of a result hold of this one?
    minenet export RESULT.gpkg --csv FILE   tables: CSV, a workbook (--xlsx), GeoParquet (--parquet)
    """  # noqa: D301 - click reads the backspace


@cli.command()
@click.option(
    "-o", "--output", type=click.Path(file_okay=False), default="minenet-demo", show_default=True, help="Folder."
)
@language_option
@timings_option
def demo(output: str, language: str, timings: bool) -> None:
    """Run the whole road on the fictional neighbourhood, and the fictional municipality, that minenet carries."""
    folder = Path(output)
    with _written_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
    numbers, profile = Assumptions.default(), Profile.example()
    settings = Settings(numbers, profile)
    result = _assess_file(sources.demo_path(), folder / "result.gpkg", settings, timings=timings).result
    with _progress("pages", 2) as step:
        step("pages")
        pages = write_pages(result, folder / "pages", language=language)
        step("map")
        draw_map(result, language=language, pages=_with_page(result, folder / "pages")).save(folder / "map.html")
    show_summary(result)
    out.print("The neighbourhood is fictional. Open these files:")
    for path in [folder / "result.gpkg", folder / "map.html", *_first_pages(pages)]:
        out.print(f"  {path}", soft_wrap=True)


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
    with _progress("fetch", FETCH_STEPS) as step:
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


@cli.command(epilog=AREA_HELP)
@click.argument("area", type=click.Path())
@mapping_option
@profile_option
def check(area: str, mapping: str | None, profile: str | None) -> None:
    """Report what is in AREA: found, repaired, left out, missing, and what the profile answers. Changes nothing."""
    answers = Profile.read(profile) if profile else None
    with _progress("reading", 2) as step:
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
@click.option("-o", "--output", type=click.Path(dir_okay=False), required=True, help="GeoPackage to write.")
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
    """
    numbers = Assumptions.read(assumptions) if assumptions else Assumptions.default()
    answers = Profile.read(profile) if profile else None
    sources.require_writable(output)
    _require_exports(csv, xlsx, parquet)
    if Path(area).exists() and Path(output).exists() and Path(area).samefile(output):
        raise click.UsageError(f"{output} is the area itself: give the result another name.")
    ran = _assess_file(
        Path(area),
        Path(output),
        Settings(numbers, answers, street or None),
        mapping=mapping,
        workers=workers,
        scheduler=scheduler,
        work=work,
        timings=timings,
    )
    show_summary(ran.result)
    out.print(f"Written: {output}", soft_wrap=True)
    _export(ran.result, csv, xlsx, parquet, language=language)
    if ran.failed:
        show_failed(ran.failed, ran.parts, _work_of(output, work))
        sys.exit(PARTS_FAILED)


@cli.command("export")
@click.argument("result", type=click.Path())
@csv_option
@xlsx_option
@parquet_option
@language_option
def export_command(result: str, csv: str | None, xlsx: str | None, parquet: str | None, language: str) -> None:
    """Write RESULT as tables for other programs; --csv and --xlsx hold no data of single homes.

    Texts that begin like a formula (= + - @) get an apostrophe before them.
    """
    if not (csv or xlsx or parquet):
        raise click.UsageError("Say what to write: --csv, --xlsx or --parquet.")
    _require_exports(csv, xlsx, parquet)
    with _progress("export", 2) as step:
        step("reading")
        data = sources.read_result(result)
        step("writing")
        _export(data, csv, xlsx, parquet, language=language)


@cli.command("verify")
@click.argument("result", type=click.Path())
@click.option(
    "--area", type=click.Path(), help="The area it is of: without it, what RESULT does not hold is not checked."
)
@mapping_option
def verify_command(result: str, area: str | None, mapping: str | None) -> None:
    """Look at RESULT anew: whether every home is there, every borehole keeps its distance, and the sums add up.

    Exit code 3 when something that must hold does not.
    """
    with _progress("verify", 2) as step:
        step("reading")
        data = sources.read_result(result)
        of_area = sources.read_area(area, mapping=mapping) if area else None
        step("verifying")
        findings = verify(data, of_area)
    show_findings(findings)
    if any(finding.outcome == "broken" for finding in findings):
        sys.exit(BAD_DATA)


@cli.command("map")
@click.argument("result", type=click.Path())
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False), default="map.html", show_default=True, help="Page to write."
)
@language_option
def map_command(result: str, output: str, language: str) -> None:
    """Draw the planner's map of RESULT as one page that works offline."""
    with _progress("map", 2) as step:
        step("reading")
        data = sources.read_result(result)
        step("map")
        with _written_to(Path(output)):
            draw_map(data, language=language, pages=_with_page(data, Path(output).parent / "pages")).save(Path(output))
    out.print(f"Written: {output}", soft_wrap=True)


@cli.command()
@click.argument("result", type=click.Path())
@click.option("-o", "--output", type=click.Path(file_okay=False), default="pages", show_default=True, help="Folder.")
@click.option("--top", type=click.IntRange(min=1), help="Only the N best clusters (10 unless you say otherwise).")
@click.option("--cluster", multiple=True, help="Only this cluster (its cluster_id); may be given more than once.")
@language_option
def pages(result: str, output: str, top: int | None, cluster: Sequence[str], language: str) -> None:
    """Write the residents' pages of RESULT: one per cluster, and an index that finds one's own by address."""
    if top is not None and cluster:
        raise click.UsageError("--top and --cluster exclude each other.")
    with _progress("pages", 2) as step:
        step("reading")
        data = sources.read_result(result)
        step("pages")
        with _written_to(Path(output)):
            written = write_pages(data, Path(output), clusters=list(cluster) or None, top=top, language=language)
    out.print(f"{len(written)} pages written to {output}; start at {_first_pages(written)[0]}", soft_wrap=True)


@cli.command()
@assumptions_option
def assumptions(assumptions: str | None) -> None:
    """Print every number that is assumed, with unit, range and source, as TOML: edit it and hand it to `assess`."""
    numbers = Assumptions.read(assumptions) if assumptions else Assumptions.default()
    click.echo(numbers.to_toml(), nl=False)


# --- how it is done ---------------------------------------------------------------------------------------------------


def _assess_file(  # noqa: PLR0913 - one argument per option
    area: Path,
    output: Path,
    settings: Settings,
    *,
    mapping: str | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    work: str | None = None,
    timings: bool = False,
) -> Ran:
    """Read an area, assess it and write the result, with the time of each step."""
    with _progress("assess", len(STEPS) + 2) as step:
        clock = Timings(step)
        with clock.step("reading"):
            data = sources.read_area(area, mapping=mapping)
        with engine_of(workers, scheduler) as engine:
            ran = run_area(
                data,
                settings,
                _work_of(output, work),
                engine,
                write=lambda result: sources.write_result(result, output),
                timings=clock,
                told=step.said,
            )
    if timings:
        show_timings(clock, len(ran.result.homes))
    return ran


def _work_of(output: str | Path, work: str | None) -> Path:
    """Return the folder for unfinished work."""
    return Path(work) if work else Path(f"{output}.work")


def _require_exports(csv: str | None, xlsx: str | None, parquet: str | None) -> None:
    """Complain before any work of what could not be written."""
    for path, suffix in ((csv, SUFFIXES[0]), (xlsx, SUFFIXES[1])):
        if path:
            sources.require_writable(path, suffix)
    if parquet:
        sources.require_free_folder(parquet)


def _export(result: Result, csv: str | None, xlsx: str | None, parquet: str | None, *, language: str) -> None:
    for path in (csv, xlsx):
        if path:
            show_written(write_summary(result, path, language=language))
    if parquet:
        out.print(f"Written: {sources.write_parquet(result, parquet)}", soft_wrap=True)


@contextmanager
def _progress(name: str, steps: int) -> Iterator["_Step"]:
    """Show a bar on a terminal, nothing elsewhere."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        yield _Step(progress, progress.add_task(name, total=steps))


class _Step:
    """Moves a bar one step on when a step begins."""

    def __init__(self, progress: Progress, task: int) -> None:
        self._progress, self._task, self._begun = progress, task, 0

    def __call__(self, name: str) -> None:
        self._progress.update(self._task, description=name, completed=self._begun)  # type: ignore[arg-type]
        self._begun += 1

    def said(self, text: str) -> None:
        """Show what goes on within a step."""
        self._progress.update(self._task, description=harmless(text[:70]))  # type: ignore[arg-type]


@contextmanager
def _written_to(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise click.FileError(str(path), error.strerror or str(error)) from error


def _with_page(result: Result, folder: Path) -> list[str] | None:
    """Return the clusters that have a page in a folder beside the map; None where there is no such folder."""
    if not folder.is_dir():
        return None
    return [cluster for cluster in result.clusters["cluster_id"] if (folder / file_name(cluster)).is_file()]


def _first_pages(pages: Sequence[Path]) -> list[Path]:
    """Return the index and the best page."""
    index = [p for p in pages if p.name == "index.html"]
    return index + [p for p in pages if p.name != "index.html"][:1]


# --- the door ---------------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code; a traceback is shown only when MINENET_TRACEBACK is set."""
    try:
        code = cli.main(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(WRONG_USE)
    except (click.Abort, KeyboardInterrupt) as stop:
        kept = " ".join(str(said) for said in (stop.__cause__ or stop).args)  # click makes its own of Ctrl-C
        err.print(f"Stopped. {kept or 'No unfinished file was left behind.'}", markup=False, soft_wrap=True)
        sys.exit(STOPPED)
    except MinenetError as error:
        err.print(f"minenet: {error}", style="bold", soft_wrap=True, markup=False)
        sys.exit(next((code for kind, code in CODES if isinstance(error, kind)), WRONG_USE))
    except Exception as error:
        if os.environ.get("MINENET_TRACEBACK"):
            raise
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        err.print(f"minenet: this should not have happened ({what}).", style="bold", soft_wrap=True, markup=False)
        err.print("Set MINENET_TRACEBACK=1 to see where, and please report it.", markup=False)
        sys.exit(DEFECT)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
