"""Options that several verbs share."""

import click

AREA_HELP = (
    "AREA is a GeoPackage with the layers of an area, a folder of GeoPackage, GeoJSON, Shapefile or "
    "GeoParquet, or, for a country, a folder with a folder of such files per layer."
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
