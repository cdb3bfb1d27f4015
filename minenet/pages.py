"""The pages that residents get: one file per cluster, and an index that finds one's page by address."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from pathlib import Path

from minenet.errors import AssumptionError, OutputError
from minenet.maps import draw_index, draw_page
from minenet.maps.page import PAGE, file_name, generator, write_file
from minenet.tables import Result

__all__ = ["write_pages"]

TOP = 10
"""Pages written when nobody says which."""


def write_pages(
    result: Result,
    folder: Path,
    *,
    clusters: Sequence[str] | None = None,
    top: int | None = None,
    language: str = "nl",
) -> list[Path]:
    """Write a residents' page for some clusters, and `index.html` beside them.

    Residents' pages that an earlier run left in the folder and that are not written again are removed, for no index
    leads to them; every other file stays.

    Parameters
    ----------
    result : Result
        What was found.
    folder : Path
        Where the pages go; it is made when it is not there.
    clusters : sequence of str, optional
        Identifiers of the clusters to write.
    top : int, optional
        Write the best `top` clusters by rank instead; 10 when neither is given.
    language : {"nl", "en"}
        Language of the pages.

    Returns
    -------
    list of Path
        Files written: the pages in the order of the clusters, then the index.

    Raises
    ------
    AssumptionError
        When a cluster or the language is not known, or both `clusters` and `top` are given.
    OutputError
        When the folder cannot be written to.
    """
    chosen = _chosen(result, clusters, top)
    try:
        return _written(result, Path(folder), chosen, language)
    except OSError as error:
        raise OutputError(f"cannot be written ({error.strerror or error})", where=str(folder)) from error


def _written(result: Result, folder: Path, chosen: Sequence[str], language: str) -> list[Path]:
    written = []
    for identifier in chosen:
        page = draw_page(result, identifier, language=language)
        written.append(page.save(folder / file_name(identifier)))
    index = folder / "index.html"
    write_file(index, draw_index(result, chosen, language=language))
    _remove_old(folder, keep={path.name for path in (*written, index)})
    return [*written, index]


HEAD_BYTES = 1000
"""The tag that tells what a page is stands in its first bytes."""


def _remove_old(folder: Path, keep: Collection[str]) -> None:
    """Remove the residents' pages in `folder` that are not in `keep`."""
    mark = str(generator(PAGE)).encode()
    for path in sorted(folder.glob("*.html")):
        if path.name in keep or path.is_symlink() or not path.is_file():
            continue
        with path.open("rb") as file:
            ours = mark in file.read(HEAD_BYTES)
        if ours:
            path.unlink()


def _chosen(result: Result, clusters: Sequence[str] | None, top: int | None) -> list[str]:
    """Return the identifiers of the clusters to write, each once."""
    if clusters is not None and top is not None:
        raise AssumptionError("`clusters` and `top` exclude each other", where="write_pages", mend="Give one of them.")
    if top is not None and top < 1:
        raise AssumptionError(f"`top` is {top}", where="write_pages", mend="Give 1 or more.")
    ranked = result.clusters.sort_values(["rank", "cluster_id"], na_position="last", kind="stable")
    identifiers = [str(identifier) for identifier in ranked["cluster_id"]]
    if clusters is None:
        return identifiers[: TOP if top is None else top]
    for wanted in clusters:
        if wanted not in identifiers:
            nearest = get_close_matches(wanted, identifiers, n=1, cutoff=0.0)
            mend = f"Did you mean `{nearest[0]}`?" if nearest else "The result has no clusters."
            raise AssumptionError(f"cluster `{wanted}` is not in the result", where="write_pages", mend=mend)
    return list(dict.fromkeys(clusters))
