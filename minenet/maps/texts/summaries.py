"""Words of the summaries in CSV and XLSX."""

from collections.abc import Mapping

__all__ = ["SUMMARIES"]

SUMMARIES: Mapping[str, tuple[str, str]] = {
    # summaries in CSV and XLSX
    "summary.clusters": ("Clusters", "Clusters"),
    "summary.solutions": ("Varianten", "Solutions"),
    "summary.checks": ("Controles", "Checks"),
    "summary.assumptions": ("Aannamen", "Assumptions"),
    "summary.provenance": ("Herkomst", "Provenance"),
    "summary.explanation": ("Uitleg", "Explanation"),
    "summary.all_variants": ("alle", "all"),
    "summary.true": ("ja", "yes"),
    "summary.false": ("nee", "no"),
    "summary.sheet": ("Blad", "Sheet"),
    "summary.column": ("Kolom", "Column"),
    "summary.meaning": ("Betekenis", "Meaning"),
    "summary.in_gpkg": ("Naam in de GeoPackage", "Name in the GeoPackage"),
    "summary.assumption": ("Aanname", "Assumption"),
    "summary.about_assumption": ("Naam van de aanname, met haar groep.", "Name of the assumption, with its section."),
    "summary.value": ("Waarde", "Value"),
    "summary.about_value": ("Waarde waarmee is gerekend.", "Value that was used."),
    "summary.unit": ("Eenheid", "Unit"),
    "summary.about_unit": ("Eenheid van de waarde.", "Unit of the value."),
    "summary.low": ("Laag", "Low"),
    "summary.about_low": ("Laagste waarde die redelijk is.", "Lowest reasonable value."),
    "summary.high": ("Hoog", "High"),
    "summary.about_high": ("Hoogste waarde die redelijk is.", "Highest reasonable value."),
    "summary.source": ("Bron", "Source"),
    "summary.about_source": ("Waar de waarde vandaan komt, of `no source`.", "Where it comes from, or `no source`."),
    "summary.date": ("Datum", "Date"),
    "summary.about_date": ("Datum van de bron.", "Date of the source."),
    "summary.about_reasons": ("Redenen van het oordeel, in woorden.", "Reasons of the verdict, in words."),
    "summary.about_rank_reason": ("Waar de rang op steunt, met cijfers.", "What the rank goes by, with figures."),
    "summary.about_check": ("Wat is gecontroleerd, als vraag.", "What was checked, as a question."),
    "summary.about_outcome": ("Antwoord op die vraag.", "Answer to that question."),
    "summary.x": ("X", "X"),
    "summary.about_x": ("Midden van het cluster, {crs}.", "Centre of the cluster, {crs}."),
    "summary.y": ("Y", "Y"),
    "summary.about_y": ("Midden van het cluster, {crs}.", "Centre of the cluster, {crs}."),
    "summary.latitude": ("Breedtegraad", "Latitude"),
    "summary.about_latitude": ("Midden van het cluster, WGS 84.", "Centre of the cluster, WGS 84."),
    "summary.longitude": ("Lengtegraad", "Longitude"),
    "summary.about_longitude": ("Midden van het cluster, WGS 84.", "Centre of the cluster, WGS 84."),
}
