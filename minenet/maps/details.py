"""What list and panel of the planner's overview show of each cluster: one column per field, each text once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from minenet.maps.layers import FIELDS, fits_some, rows
from minenet.maps.packing import Texts, columns_of
from minenet.maps.page import file_name
from minenet.maps.sayings import check_line, name_of, reasons_of, why_not
from minenet.maps.words import Words, known
from minenet.tables import Result

__all__ = ["details_of", "list_rows"]

AUDIENCE = "planner"


def details_of(
    result: Result, clusters: gpd.GeoDataFrame, words: Words, pages: Collection[str] | None
) -> dict[str, Any]:
    """Return list and panel of every cluster, codes already in words.

    Parameters
    ----------
    result : Result
        What was found.
    clusters : GeoDataFrame
        Clusters in the order of the list.
    words : Words
        Texts.
    pages : collection of str, optional
        Clusters that have a residents' page; all when not given.

    Returns
    -------
    dict
        `clusters`, `solutions` and `sensitivity` as columns, the latter two with the cluster's number in `of`;
        `checks`, lists of numbers of `check_lines`, which are columns too; `reason_texts`, to which `clusters.reasons`
        points.
    """
    ids = [str(identifier) for identifier in clusters["cluster_id"]]
    number = {identifier: position for position, identifier in enumerate(ids)}
    listed = rows(clusters, AUDIENCE, "clusters")
    solutions = _solutions(result.solutions, number, listed, words)
    best = {one["of"]: one for one in solutions if one["variant"] == listed[one["of"]]["best_variant"]}
    there = None if pages is None else {str(page) for page in pages}
    reasons = Texts()
    for position, (identifier, one) in enumerate(zip(ids, listed, strict=True)):
        one["name"] = name_of(one["name"], identifier, words)
        one["page"] = f"pages/{file_name(identifier)}" if there is None or identifier in there else None
        one["reasons"] = [reasons(text) for text in reasons_of(one["reasons"], words)]
        chosen = best.get(position, {})
        one["boreholes"] = chosen.get("boreholes")
        one["chance"] = chosen.get("chance_cheaper_than_gas")
        gas, annual = one["gas_eur_per_home"], one["annual_eur_per_home"]
        one["saving"] = None if gas is None or annual is None else gas - annual
        one.update(weighed(one.pop("rank_reason", None)))
    lines, checks = _checks(result.checks, number, words)
    return {
        "clusters": columns_of(listed),
        "reason_texts": reasons.values,
        "solutions": columns_of(solutions),
        "checks": checks,
        "check_lines": lines,
        "sensitivity": columns_of(_sensitivity(result.sensitivity, number, listed, words)),
    }


def weighed(codes: str | None) -> dict[str, int | None]:
    """Return what the rank goes by as whole numbers, which pack better than codes; the saving is in the list already.

    Examples
    --------
    >>> weighed("saving:287;robustness:13/29;drillings:?/29;certainty:18/23")
    {'away': 13, 'saved': None, 'answered': 18, 'asked': 23}
    >>> weighed(None)["asked"] is None
    True
    """
    figures = dict(code.partition(":")[::2] for code in (codes or "").split(";"))

    def part(code: str, place: int) -> int | None:
        text = f"{figures.get(code, '')}/".split("/")[place]
        return int(text) if text.isdecimal() else None

    away, saved = part("robustness", 0), part("drillings", 0)
    return {"away": away, "saved": saved, "answered": part("certainty", 0), "asked": part("certainty", 1)}


def list_rows(details: Mapping[str, Any], most: int) -> list[dict[str, Any]]:
    """Return the first rows of the list, for readers without JavaScript."""
    columns: Mapping[str, Sequence[Any]] = details["clusters"]
    names = ("rank", "name", "verdict", "homes", "annual_eur_per_home", "saving", "boreholes", "chance")
    shown = range(min(most, len(columns.get("name", ()))))
    return [{name: columns[name][row] for name in names} for row in shown]


def _numbered(frame: pd.DataFrame, number: Mapping[str, int]) -> tuple[pd.DataFrame, list[int]]:
    """Return the rows of the clusters that are listed, in their order, with the number of each."""
    of = frame["cluster_id"].astype(object).map(dict(number))
    frame = frame.assign(of=of)[of.notna()].sort_values("of", kind="stable")
    return frame, [int(one) for one in frame["of"]]


def _solutions(
    frame: pd.DataFrame, number: Mapping[str, int], listed: Sequence[Mapping[str, Any]], words: Words
) -> list[dict[str, Any]]:
    mine, of = _numbered(frame, number)
    found = rows(mine, AUDIENCE, "solutions")
    return [
        {**one, "of": at, "reason": why_not(one, listed[at]["homes"], words), "partly": fits_some(one)}
        for one, at in zip(found, of, strict=True)
    ]


def _checks(
    frame: pd.DataFrame, number: Mapping[str, int], words: Words
) -> tuple[dict[str, list[Any]], list[list[int]]]:
    """Return the lines that occur, and per cluster the numbers of its own; what needs something comes first."""
    mine, of = _numbered(frame, number)
    texts: dict[tuple[Any, ...], dict[str, Any]] = {}
    found: list[dict[tuple[str, str], tuple[dict[str, Any], list[str]]]] = [{} for _ in number]
    names = FIELDS[AUDIENCE]["checks"]
    for at, raw in zip(of, _tuples(mine, names), strict=True):
        if raw not in texts:
            texts[raw] = check_line(dict(zip(names, raw, strict=True)), words)
        line = texts[raw]
        _, variants = found[at].setdefault((line["check"], line["outcome"]), (line, []))
        variants += line["variants"]
    lines = Texts()
    numbers = []
    for one in found:
        ordered = sorted(one.values(), key=lambda pair: pair[0]["order"])
        numbers.append([lines((*(line[name] for name in LINE), tuple(own))) for line, own in ordered])
    return columns_of([dict(zip((*LINE, "variants"), line, strict=True)) for line in lines.values]), numbers


LINE = ("question", "outcome", "detail", "who", "source")


def _tuples(frame: pd.DataFrame, names: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """Return the rows of text columns; null is None."""
    columns = [[value if known(value) else None for value in frame[name]] for name in names]
    return zip(*columns, strict=True)


def _sensitivity(
    frame: pd.DataFrame, number: Mapping[str, int], listed: Sequence[Mapping[str, Any]], words: Words
) -> list[dict[str, Any]]:
    """Return what moves the cost of each best variant most, the widest swing first."""
    mine, of = _numbered(frame.sort_values("rank", kind="stable"), number)
    found = rows(mine, AUDIENCE, "sensitivity")
    kept = []
    for one, at in zip(found, of, strict=True):
        if one.pop("variant") == listed[at]["best_variant"]:
            name = str(one["assumption"]).rpartition(".")[2]
            kept.append({**one, "assumption": words.code("assumption", name), "of": at})
    return kept
