"""Plus and minus points of one cluster, with the figures that the result knows, and whether its houses are ready."""

from collections.abc import Mapping
from typing import Any

from minenet.maps.layers import FEW_HOMES
from minenet.maps.words import Words
from minenet.tables import OF_WATER

__all__ = ["house_of", "points_of"]

Solutions = Mapping[str, Mapping[str, Any]]


def points_of(one: Mapping[str, Any], solutions: Solutions, words: Words, *, few: bool) -> tuple[list[str], list[str]]:
    """Return plus and minus points; of what cannot be built there are none.

    Parameters
    ----------
    one : mapping
        The cluster.
    solutions : mapping
        Rows of its solutions by variant.
    words : Words
        Texts.
    few : bool
        Figures that come from the use of the homes stay out, for they would tell what single homes use.

    Returns
    -------
    plus, minus : list of str
        Sentences; what is said of money comes first, in whichever list it belongs.
    """
    best = solutions.get(one["best_variant"] or "")
    if best is None:
        return [], []
    water = best["variant"] in OF_WATER
    plus, minus = ([], []) if few else _money(best, solutions, words)
    plus.append(words("point.share" if water else "pro.1"))
    for more, less in (([], []) if water else _drillings(one, best, words), _beside(best, words)):
        plus += more
        minus += less
    if not few:
        plus += _energy(best, solutions, words)
    if water:
        minus.append(words("point.water"))
    return plus, [*minus, *(words(f"con.{n}") for n in range(1, 5) if n != 2 or best.get("public_trench_m") != 0)]


def _money(best: Mapping[str, Any], solutions: Solutions, words: Words) -> tuple[list[str], list[str]]:
    """Return by how much it is cheaper or dearer than an air heat pump and than gas."""
    plus: list[str] = []
    minus: list[str] = []
    for reference, name in (("air_heat_pump", "air"), ("gas_boiler", "gas")):
        other = solutions.get(reference, {}).get("annual_eur_per_home")
        if other is None or best["annual_eur_per_home"] is None:
            continue
        gap = other - best["annual_eur_per_home"]
        if gap > 0:
            plus.append(words(f"point.cheaper_{name}", gap=words.euro(gap)))
        elif gap < 0:
            minus.append(words(f"point.dearer_{name}", gap=words.euro(-gap)))
    return plus, minus


def _drillings(one: Mapping[str, Any], best: Mapping[str, Any], words: Words) -> tuple[list[str], list[str]]:
    """Return what it means for the ground: how many drillings, and how many homes can have ground heat at all."""
    plus: list[str] = []
    minus: list[str] = []
    homes, holes, own = one["homes"], best["boreholes"], one.get("own_loop_homes")
    if holes is None:
        plus.append(words("pro.2"))
    else:
        counts = {"some": words.number(holes), "all": words.number(homes)}
        (plus if holes < homes else minus).append(
            words("point.fewer" if holes < homes else "point.not_fewer", **counts)
        )
    if own is None or one.get("own_loop_unknown_homes"):
        plus.append(words("pro.3"))
    elif own < homes:
        plus.append(words("point.more_homes", some=words.number(own), all=words.number(homes)))
    return plus, minus


def _beside(best: Mapping[str, Any], words: Words) -> tuple[list[str], list[str]]:
    """Return what is heard outdoors and whether it cools; what nobody knows is not told."""
    plus: list[str] = [words("pro.4")]
    minus: list[str] = []
    if best.get("outdoor_unit") is True:
        minus.append(words("point.loud"))
    else:
        plus.append(words("pro.5" if best.get("outdoor_unit") is None else "point.quiet"))
    if best.get("cooling") == "passive":
        plus.append(words("pro.6"))
    elif best.get("cooling") == "none":
        minus.append(words("point.no_cooling"))
    return plus, minus


def _energy(best: Mapping[str, Any], solutions: Solutions, words: Words) -> list[str]:
    """Return the peak on the grid and the carbon dioxide, where they are less than those of air and of gas."""
    air, gas = solutions.get("air_heat_pump", {}), solutions.get("gas_boiler", {})
    told = []
    peak, other = best.get("grid_peak_kw_per_home"), air.get("grid_peak_kw_per_home")
    if peak is not None and other is not None and peak < other:
        figures = (words.number(kw, digits=1, unit="kW") for kw in (peak, other))
        told.append(words("point.peak_less", **dict(zip(("net", "air"), figures, strict=True))))
    emitted = [one["co2_kg_per_home"] for one in (best, gas, air) if one.get("co2_kg_per_home") is not None]
    if len(emitted) == 3 and emitted[0] < emitted[1]:
        figures = (words.number(round(kg / 10) * 10, unit="kg") for kg in emitted)
        told.append(words("point.co2", **dict(zip(("net", "gas", "air"), figures, strict=True))))
    return told


def house_of(one: Mapping[str, Any], solutions: Solutions, words: Words, *, few: bool) -> str:
    """Return how many homes are ready for heating at low temperature; of a few homes that would tell of single ones."""
    ready, first = one.get("homes_ready"), one.get("homes_to_insulate")
    if ready is None or first is None or few or one["homes"] < FEW_HOMES:
        return words("house.unknown")
    rest = one["homes"] - ready - first
    if not ready and not first:
        return words("house.unknown")
    counts = dict(
        zip(("ready", "first", "rest", "all"), map(words.number, (ready, first, rest, one["homes"])), strict=True)
    )
    told = words("house.counts", **counts)
    work = solutions.get(one["best_variant"] or "", {}).get("house_eur_per_home")
    return f"{told} {words('house.cost', cost=words.euro(work, step=500))}" if work else told
