"""What is said of all verbs."""

import click

from minenet._version import __version__

__all__ = ["cli"]


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

    \b
    minenet tile AREA -o TILES              a large area as many files, which assess takes and gives back as many files
    minenet select RESULT --bbox W S E N -o TOWN.gpkg     one town out of a large result
    """  # noqa: D301 - click reads the backspace
