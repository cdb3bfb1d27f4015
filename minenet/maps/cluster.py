"""The residents' page of one cluster, and the index in which they find it by address."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from minenet.costs import reference_annual_costs
from minenet.maps.layers import (
    FIELDS,
    STYLES,
    Box,
    Drawn,
    add_layers,
    context_frames,
    features,
    rows,
    tells_use,
)
from minenet.maps.money import (
    ABOUT_THE_SAME,
    bars_of,
    choices_of,
    cost_notes,
    forms_of,
    joining_chart,
    leavers_of,
)
from minenet.maps.overview import best_variant_only
from minenet.maps.page import PAGE, OfflineMap, bounds_of, file_name, plain_parts, render_page, template
from minenet.maps.sayings import (
    attribution_of,
    checks_of,
    data_of,
    is_fictional,
    name_of,
    reasons_of,
    verdict_of,
)
from minenet.maps.still import draw_still, swatch, view_of
from minenet.maps.weighing import house_of, points_of
from minenet.maps.words import Words, known
from minenet.tables import OF_WATER, VARIANTS, Result

__all__ = ["draw_index", "draw_page"]

AUDIENCE = "resident"

DRAWN = (
    Drawn("land"),
    Drawn("water"),
    Drawn("street"),
    Drawn("building"),
    Drawn("condition"),
    Drawn("heat"),
    Drawn("zone"),
    Drawn("home", clickable=True),
    Drawn("pipe"),
    Drawn("loop"),
    Drawn("borehole", clickable=True),
    Drawn("label"),
    Drawn("area_label"),
)
"""Layers from below to above; all as SVG, which prints crisply."""

FACTSHEET_GAS_M3 = (500, 1000, 1500, 2000)
FACTSHEET_SYSTEMS = ["gas_m3", "gas_boiler", "mini_net", "own_loops", "air_heat_pump"]

PRECISE = ("home", "pipe", "borehole")
"""Layers drawn to the centimetre; the rest to the decimetre."""

TOLD_AGAIN = ("page.cheapest", "page.cheapest_air")
"""Texts that the page writes again when somebody chooses another gas use or fewer neighbours."""


def draw_page(result: Result, cluster_id: str, *, language: str = "nl") -> OfflineMap:
    """Draw the residents' page of one cluster as one offline file.

    Parameters
    ----------
    result : Result
        What was found.
    cluster_id : str
        Cluster, as in `result.clusters`.
    language : {"nl", "en"}
        Language of the page.
    """
    words = Words(language)
    cluster = result.clusters[result.clusters["cluster_id"] == cluster_id]
    frames, view = _frames(result, cluster, words)
    content = _content(result, cluster, words)
    pipes = {style: frames["pipe"][frames["pipe"]["style"] == style] for style in ("service", "pipe")}
    still = {
        name: frames[name] for name in ("land", "water", "street", "building", "condition", "heat", "zone", "home")
    }
    still |= pipes | {name: frames[name] for name in ("loop", "borehole", "label", "area_label")}
    content["snapshot"] = draw_still(still, view, words, "map.street")
    content["legend"] = _legend(frames, view, words)
    data = {
        "page": "cluster",
        "attribution": attribution_of(result),
        "texts": words.group("ownership", "map", "word", "choice", "money") | {key: words(key) for key in TOLD_AGAIN},
        "styles": STYLES,
        "bounds": bounds_of([frames[name].to_crs(4326) for name in ("home", "pipe", "borehole")]),
        "choice": content["choice"],
        "chart": content["chart"] and content["chart"]["places"],
        "layers": {
            name: features(frame, FIELDS[AUDIENCE].get(name, ()), digits=7 if name in PRECISE else 6)
            for name, frame in frames.items()
        },
    }
    body = partial(template("cluster.html"), **content)
    page = OfflineMap(
        body=lambda map_html: body(map=map_html),
        data=data,
        title=content["title"],
        language=language,
        name=words("map.street"),
        kind=PAGE,
    )
    add_layers(page, DRAWN)
    page.add_scripts(["MN.start(OWNER);"])
    return page


# ----------------------------------------------------------------------------------------------------------- map


def _frames(result: Result, cluster: gpd.GeoDataFrame, words: Words) -> tuple[dict[str, gpd.GeoDataFrame], Box]:
    """Return what is drawn around one cluster, and the box that it is drawn in."""
    homes = result.homes[result.homes["cluster_id"].isin(cluster["cluster_id"])]
    pipes, boreholes = best_variant_only(result, cluster)
    if tells_use(homes):
        boreholes = boreholes.drop(columns="depth_m")
    seen = [frame for frame in (cluster, homes, pipes, boreholes) if len(frame) and not frame.geometry.isna().all()]
    view = view_of(seen, margin=16, shape=2.4)
    frames = context_frames(result, words, view)
    own, frames["building"] = _homes_as_buildings(homes, frames["building"])
    return {**frames, "home": own, "pipe": pipes, "borehole": boreholes}, view


def _homes_as_buildings(
    homes: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the footprints of the homes with their addresses, and the other buildings."""
    shapes = buildings.geometry.to_numpy()
    tree = shapely.STRtree(shapes)
    home, building = tree.query(homes.geometry.to_numpy(), predicate="intersects")
    inside = dict(zip(home.tolist(), building.tolist(), strict=True))
    addresses: dict[int, list[str]] = {}
    outlines: dict[int, Any] = {}
    for position, (address, point) in enumerate(zip(homes["address"], homes.geometry, strict=True)):
        place = inside.get(position, -1 - position)
        outlines.setdefault(place, shapes[place] if place >= 0 else point.buffer(2.5))
        addresses.setdefault(place, [])
        if known(address):
            addresses[place].append(str(address))
    order = sorted(outlines)
    columns: dict[str, list[Any]] = {"addresses": [sorted(addresses[place], key=_natural) for place in order]}
    columns["label"] = [_number(listed) for listed in columns["addresses"]]
    own = gpd.GeoDataFrame(columns, geometry=[outlines[place] for place in order], crs=homes.crs)
    others = np.setdiff1d(np.arange(len(buildings)), np.array([place for place in order if place >= 0], dtype=int))
    return own, buildings.iloc[others]


def _number(addresses: Sequence[str]) -> str:
    """Return the house number that is written on a building, or the first and last one.

    Examples
    --------
    >>> _number(["Kerkstraat 2a"]), _number(["Hof 1", "Hof 2", "Hof 12"]), _number(["De Hoeve"])
    ('2a', '1 - 12', '')
    """
    numbers = [found.group() for address in addresses if (found := re.search(r"(?<![0-9])[0-9]\w{0,5}$", address))]
    return " - ".join(dict.fromkeys([numbers[0], numbers[-1]])) if numbers else ""


def _natural(address: str) -> list[tuple[int, int | str]]:
    """Return a sorting key in which 2 comes before 10."""
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in re.split(r"([0-9]+)", address) if part]


LEGEND = (
    ("home", "map.homes", "home"),
    ("pipe", "map.pipes", "pipe"),
    ("borehole", "map.boreholes", "borehole"),
    ("building", "map.other_buildings", "building"),
    ("loop", "map.loops", "loop"),
    ("heat", "map.heat", "heat"),
    ("zone", "map.zones", "zone"),
    ("condition", "map.conditions", "condition"),
    ("water", "map.water", "water"),
    ("land", "map.land", "land"),
)


def _legend(frames: Mapping[str, gpd.GeoDataFrame], view: Box, words: Words) -> list[dict[str, Any]]:
    """Return the lines of the legend for what can be seen."""
    seen = shapely.box(*view)
    shown = [line for line in LEGEND if shapely.intersects(frames[line[2]].geometry.to_numpy(), seen).any()]
    return [{"look": swatch(style), "text": words(key), "toggle": ""} for style, key, _ in shown]


# ---------------------------------------------------------------------------------------------------------- text


def _content(result: Result, cluster: gpd.GeoDataFrame, words: Words) -> dict[str, Any]:
    """Return what the template of the page shows."""
    identifier = cluster["cluster_id"].iloc[0]
    one = rows(cluster, AUDIENCE, "clusters")[0]
    one["name"] = name_of(one["name"], identifier, words)
    own = result.solutions[result.solutions["cluster_id"] == identifier]
    solutions = {solution["variant"]: solution for solution in rows(own, AUDIENCE, "solutions")}
    best = solutions.get(one["best_variant"])
    rules = result.checks[result.checks["cluster_id"] == identifier]
    checks = checks_of(rules, AUDIENCE, words, variant=one["best_variant"] or "")
    verdict = verdict_of(one["verdict"])
    few = tells_use(result.homes[result.homes["cluster_id"] == identifier])
    if few:
        checks = [{**check, "detail": ""} if check["check"] in FROM_USE else check for check in checks]
        one["reasons"] = _without_figures(one["reasons"])
    # curves, amounts and chances come from the use of the homes: of a few homes none are told
    shown = None if few else identifier
    curves = result.curves[result.curves["cluster_id"] == shown]
    finance = result.finance[result.finance["cluster_id"] == shown]
    plus, minus = points_of(one, solutions, words, few=few)
    return {
        "words": words,
        "title": words("page.title", name=one["name"]),
        "name": one["name"],
        "fictional": is_fictional(result),
        "verdict": verdict,
        "sentence": words(f"sentence.{verdict}", homes=words.number(one["homes"])),
        "cost": "" if few else _cost_sentence(one, words),
        "few": few,
        "reasons": reasons_of(one["reasons"], words, without=("cheaper_", "dearer_")),
        "facts": _facts(one, best, words, few=few),
        "about": words(f"about.{one['best_variant']}") if one["best_variant"] in VARIANTS else "",
        "open_checks": [check for check in checks if check["outcome"] != "ok"],
        "fine_checks": [check for check in checks if check["outcome"] == "ok"],
        "basis": _basis(result, words),
        "bars": [] if few else bars_of(solutions, one, words),
        "notes": cost_notes({} if few else solutions, one, words),
        "choice": choices_of(curves, solutions, one, words),
        "chart": joining_chart(curves, solutions, one, words),
        "leavers": leavers_of(curves, one, solutions, words),
        "plus": plus,
        "minus": minus,
        "house": house_of(one, solutions, words, few=few),
        "factsheet": reference_annual_costs(FACTSHEET_GAS_M3)[FACTSHEET_SYSTEMS].to_numpy().tolist(),
        "forms": forms_of(finance, one["best_variant"], words),
        "sources": _sources(result, checks, words),
    }


def _basis(result: Result, words: Words) -> str:
    """Return over how many years costs are spread, and at which interest: a loan costs more than none."""
    notes = result.provenance.set_index("key")["value"]
    years, interest = (notes.get(f"assumption.costs.{name}") for name in ("years", "interest"))
    if years is None or interest is None:
        return ""
    rate = float(str(interest).split(" ", 1)[0])
    return words(
        "page.basis_at" if rate else "page.basis",
        years=words.number(float(str(years).split(" ", 1)[0])),
        rate=words.number(100 * rate, digits=1, unit="%"),
    )


def _without_figures(codes: str | None) -> str:
    """Return reasons without what stands behind their colon.

    Examples
    --------
    >>> _without_figures("too_deep:312 m needed, 250 m permitted; drilling_ban")
    'too_deep; drilling_ban'
    """
    return "; ".join(code.partition(":")[0].strip() for code in (codes or "").split(";"))


FROM_USE = (
    "permit", "fluid", "cooling", "cooling_clusters", "cooling_together", "cooling_registered", "cooling_by_registered",
)  # fmt: skip
"""Checks whose figures come from the heat that the homes use."""


def _cost_sentence(one: Mapping[str, Any], words: Words) -> str:
    """Return what it costs and how that compares with gas, in one sentence; nothing for what cannot be built."""
    annual, gas = one["annual_eur_per_home"], one["gas_eur_per_home"]
    if annual is None:
        return words("cost.unknown") if verdict_of(one["verdict"]) != "excluded" else ""
    cost = words.euro(annual)
    if gas is None:
        return words("cost.alone", cost=cost)
    key = "same" if abs(annual - gas) < ABOUT_THE_SAME else "less" if annual < gas else "more"
    return (
        words("cost.same", cost=cost)
        if key == "same"
        else words(f"cost.{key}", cost=cost, gap=words.euro(abs(annual - gas)))
    )


def _facts(one: Mapping[str, Any], best: Mapping[str, Any] | None, words: Words, *, few: bool) -> list[tuple[str, str]]:
    """Return the figures beside the verdict; of `few` homes whose use was measured none that come from that use."""
    facts = [(words("page.fact_homes"), words.number(one["homes"]))]
    if best is None:
        return facts
    facts.append((words("page.fact_variant"), words(f"variant.{best['variant']}")))
    drilled = best["variant"] not in OF_WATER
    if drilled:
        facts.append((words("page.fact_boreholes"), words.number(best["boreholes"])))
    facts.append((words("page.fact_trench"), words.number(best["trench_m"], unit="m")))
    if drilled and not few:
        facts.append((words("page.fact_depth"), words.number(best["depth_m"], unit="m")))
    if not few:
        facts.append((words("page.fact_capex"), words.euro(one["capex_eur_per_home"], step=100)))
    return facts


MOST_SOURCES = 8
FACTSHEET_NAME = "factsheet Mini-warmtenet"


def _sources(result: Result, checks: Sequence[Mapping[str, Any]], words: Words) -> list[str]:
    """Return where the page has its facts from."""
    named = (str(one["source"]) for one in checks if one["source"])
    rules = dict.fromkeys(source for source in named if FACTSHEET_NAME not in source)
    found = [words("page.sources_factsheet"), words("page.sources_rules"), *list(rules)[:MOST_SOURCES]]
    return [*found, *data_of(result, words)]


# --------------------------------------------------------------------------------------------------------- index


def draw_index(result: Result, cluster_ids: Sequence[str], *, language: str = "nl") -> str:
    """Return the page in which residents find theirs by address; only addresses that have a page are in it.

    Where some clusters have no page, it says how many have one.
    """
    words = Words(language)
    clusters = result.clusters.set_index("cluster_id", drop=False).loc[list(cluster_ids)]
    number = {identifier: position for position, identifier in enumerate(cluster_ids)}
    homes = result.homes[result.homes["cluster_id"].isin(list(number)) & result.homes["address"].notna()]
    addresses = [(str(a), number[c]) for a, c in zip(homes["address"], homes["cluster_id"], strict=True)]
    addresses.sort(key=lambda one: _natural(one[0]))
    cards = []
    for identifier, one in zip(cluster_ids, rows(clusters, AUDIENCE, "clusters"), strict=True):
        few = tells_use(result.homes[result.homes["cluster_id"] == identifier])
        annual = None if few else one["annual_eur_per_home"]
        cards.append(
            {
                "file": file_name(identifier),
                "name": name_of(one["name"], identifier, words),
                "verdict": verdict_of(one["verdict"]),
                "homes": words("index.homes", homes=words.number(one["homes"])),
                "cost": "" if annual is None else words("index.cost", cost=words.euro(annual)),
            }
        )
    title = words("index.title")
    some = ""
    if len(cards) < len(result.clusters):
        some = words("index.some", pages=words.number(len(cards)), clusters=words.number(len(result.clusters)))
    body = template("index.html")(words=words, cards=cards, some=some, fictional=is_fictional(result))
    files = [card["file"] for card in cards]
    data = {
        "page": "index",
        "texts": words.group("index", "word"),
        "addresses": addresses,
        "files": files,
        "names": [card["name"] for card in cards],
    }
    return render_page(
        plain_parts("MN.startIndex();"), language=language, title=title, body=body, data=data, kind="index"
    )
