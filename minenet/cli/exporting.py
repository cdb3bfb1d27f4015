"""Verbs that write a result in another form: tables, a map, pages."""

from collections.abc import Sequence
from pathlib import Path

import click

from minenet import sources
from minenet.cli.group import cli
from minenet.cli.options import csv_option, language_option, parquet_option, xlsx_option
from minenet.cli.showing import progress, require_another, written_to
from minenet.excerpts import excerpt
from minenet.maps import draw_map
from minenet.maps.page import file_name
from minenet.pages import write_pages
from minenet.summaries import SUFFIXES, write_summary
from minenet.tables import Result
from minenet.terminal import out, show_summary, show_written

__all__ = ["export", "first_pages", "require_exports", "with_page"]


PAGE_SUFFIXES = (".html", ".htm")
"""How the name of a map ends: anything else may be data that it would be written over."""


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
    require_exports(csv, xlsx, parquet)
    with progress("export", 2) as step:
        step("reading")
        data = sources.read_result(result)
        step("writing")
        export(data, csv, xlsx, parquet, language=language)


@cli.command("select")
@click.argument("result", type=click.Path())
@click.option("-o", "--output", type=click.Path(dir_okay=False), required=True, help="GeoPackage to write.")
@click.option(
    "--bbox", type=float, nargs=4, required=True, help="West, south, east, north in the coordinates of RESULT."
)
def select(result: str, output: str, bbox: tuple[float, float, float, float]) -> None:
    """Take one town out of RESULT: the clusters that touch a box, whole, and the homes in it.

    Of a result in many files only those near the box are read. Ranks stay those among all clusters.
    """
    sources.require_writable(output)
    require_another(result, output)
    with progress("select", 2) as step:
        step("reading")
        data = excerpt(sources.read_result(result, near=bbox), bbox)
        step("writing")
        sources.write_result(data, output)
    show_summary(data.homes, data.clusters)
    out.print(f"Written: {output}", soft_wrap=True)


@cli.command("map")
@click.argument("result", type=click.Path())
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False), default="map.html", show_default=True, help="Page to write."
)
@language_option
def map_command(result: str, output: str, language: str) -> None:
    """Draw the planner's map of RESULT as one page that works offline."""
    if Path(output).suffix.lower() not in PAGE_SUFFIXES:
        raise click.UsageError(f"{output}: a map is a page, so its name ends in .html.")
    with progress("map", 2) as step:
        step("reading")
        data = sources.read_result(result)
        step("map")
        with written_to(Path(output)):
            draw_map(data, language=language, pages=with_page(data, Path(output).parent / "pages")).save(Path(output))
    out.print(f"Written: {output}", soft_wrap=True)


@cli.command()
@click.argument("result", type=click.Path())
@click.option("-o", "--output", type=click.Path(file_okay=False), default="pages", show_default=True, help="Folder.")
@click.option("--top", type=click.IntRange(min=1), help="Only the N best clusters (10 unless you say otherwise).")
@click.option("--cluster", multiple=True, help="Only this cluster (its cluster_id); may be given more than once.")
@language_option
def pages(result: str, output: str, top: int | None, cluster: Sequence[str], language: str) -> None:
    """Write the residents' pages of RESULT: one per cluster, and an index that finds one's own by address.

    Pages of an earlier run in the folder that are not written again are removed, and counted: no index leads to them.
    """
    if top is not None and cluster:
        raise click.UsageError("--top and --cluster exclude each other.")
    with progress("pages", 2) as step:
        step("reading")
        data = sources.read_result(result)
        step("pages")
        before = {path.name for path in Path(output).glob("*.html")}
        with written_to(Path(output)):
            written = write_pages(data, Path(output), clusters=list(cluster) or None, top=top, language=language)
    drawn, found = len(written) - 1, len(data.clusters)
    out.print(
        f"Pages of {drawn} of {found} clusters written to {output}; start at {first_pages(written)[0]}", soft_wrap=True
    )
    gone = before - {path.name for path in Path(output).glob("*.html")}
    if gone:
        out.print(f"Removed: {len(gone)} pages of an earlier run")


def require_exports(csv: str | None, xlsx: str | None, parquet: str | None) -> None:
    """Complain before any work of what could not be written."""
    for path, suffix in ((csv, SUFFIXES[0]), (xlsx, SUFFIXES[1])):
        if path:
            sources.require_writable(path, suffix)
    if parquet:
        sources.require_free_folder(parquet)


def export(result: Result, csv: str | None, xlsx: str | None, parquet: str | None, *, language: str) -> None:
    """Write a result in every form that was asked for."""
    for path in (csv, xlsx):
        if path:
            show_written(write_summary(result, path, language=language))
    if parquet:
        out.print(f"Written: {sources.write_parquet(result, parquet)}", soft_wrap=True)


def with_page(result: Result, folder: Path) -> list[str] | None:
    """Return the clusters that have a page in a folder beside the map; None where there is no such folder."""
    if not folder.is_dir():
        return None
    return [cluster for cluster in result.clusters["cluster_id"] if (folder / file_name(cluster)).is_file()]


def first_pages(pages: Sequence[Path]) -> list[Path]:
    """Return the index and the best page."""
    index = [p for p in pages if p.name == "index.html"]
    return index + [p for p in pages if p.name != "index.html"][:1]
