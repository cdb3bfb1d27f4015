"""Costs as residents see them: bars with their range, own choices of gas use and neighbours, curves, ownership."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from minenet.maps.layers import FIELDS, fits_some, rows
from minenet.maps.sayings import why_not
from minenet.maps.words import Words, known
from minenet.tables import REFERENCES, VARIANTS

__all__ = ["ABOUT_THE_SAME", "bars_of", "choices_of", "cost_notes", "forms_of", "joining_chart", "leavers_of"]

AUDIENCE = "resident"
ORDER = (*VARIANTS, "own_loops", "air_heat_pump", "gas_boiler")
ANNUAL = ("annual_eur_per_home", "annual_low_eur_per_home", "annual_high_eur_per_home")
POINT = ("value_eur_per_home", "low_eur_per_home", "high_eur_per_home")

Solutions = Mapping[str, Mapping[str, Any]]


def bars_of(solutions: Solutions, one: Mapping[str, Any], words: Words) -> list[dict[str, Any]]:
    """Return the bars of the cost chart, in per cent of the longest."""
    shown = [solutions[variant] for variant in ORDER if variant in solutions]
    amounts = [solution[name] for solution in shown for name in ANNUAL if solution[name] is not None]
    longest = max([*amounts, 1]) * 1.02
    bars, to = [], words("word.to")
    for solution in shown:
        value, low, high = (solution[name] for name in ANNUAL)
        partly = fits_some(solution)
        impossible = solution["feasible"] is False and not partly
        has_range = low is not None and high is not None and not impossible
        bars.append(
            {
                "variant": solution["variant"],
                "label": words(f"variant.{solution['variant']}"),
                "note": why_not(solution, one["homes"], words) if partly else "",
                "kind": _bar_kind(solution["variant"], one["best_variant"]),
                "value": words("page.not_buildable") if impossible else words.euro(value),
                "range": f"{words.euro(low)} {to} {words.euro(high)}" if has_range else "",
                "bar": 0 if impossible or value is None else round(max(value, 0) / longest * 100, 1),
                "low": round(max(low, 0) / longest * 100, 1) if has_range else None,
                "high": round(max(high, 0) / longest * 100, 1) if has_range else None,
            }
        )
    return bars


def _bar_kind(variant: str, best: str | None) -> str:
    if variant == best:
        return "best"
    return "net" if variant in VARIANTS else "other"


# -------------------------------------------------------------------------------------------------- own choices


def choices_of(
    curves: pd.DataFrame, solutions: Solutions, one: Mapping[str, Any], words: Words
) -> dict[str, Any] | None:
    """Return what the page needs to reckon with another gas use and with fewer neighbours; None without curves.

    Parameters
    ----------
    curves : DataFrame
        Curves of the cluster.
    solutions : mapping
        Rows of the cluster's solutions by variant.
    one : mapping
        The cluster.
    words : Words
        Texts.

    Returns
    -------
    dict
        `homes` (how many), `least_homes` (fewest that join), `gas_m3` (their mean use, null when not known), `range`
        of the gas use, `best`, and per system its cost now, at each gas use, and for each number of homes that join.
    """
    points = _points(curves)
    systems: list[dict[str, Any]] = []
    for variant in ORDER:
        solution = solutions.get(variant)
        if (
            solution is None
            or solution[ANNUAL[0]] is None
            or (solution["feasible"] is False and not fits_some(solution))
        ):
            continue
        mine = {name: points.get((variant, name), []) for name in ("gas_use", "participation")}
        systems.append(
            {
                "variant": variant,
                "whole": solution["feasible"] is not False,
                "now": [solution[name] for name in ANNUAL],
                "gas": [[x, *values] for x, *values in mine["gas_use"]],
                "joins": [[x, values[0]] for x, *values in mine["participation"]],
            }
        )
    uses = [point[0] for system in systems for point in system["gas"]]
    joins = [point[0] for system in systems for point in system["joins"]]
    if not uses:
        return None
    boiler = solutions.get("gas_boiler", {}).get("gas_m3_per_home")
    return {
        "homes": one["homes"],
        "least_homes": int(min(joins)) if joins else None,
        "gas_m3": None if boiler is None else round(boiler / 50) * 50,
        "range": [min(uses), max(uses)],
        "best": one["best_variant"],
        "systems": systems,
        "same": ABOUT_THE_SAME,
        "lower": {variant: _in_sentence(words(f"variant.{variant}")) for variant in ORDER},
    }


ABOUT_THE_SAME = 50
"""Difference in euros a year below which two costs are called about the same."""


def _points(curves: pd.DataFrame) -> dict[tuple[str, str], list[list[int]]]:
    """Return x, value, low and high [whole euros] of the points of each curve, by variant and curve."""
    found: dict[tuple[str, str], list[list[int]]] = {}
    shown = curves[list(FIELDS[AUDIENCE]["curves"])].sort_values("x", kind="stable")
    shown = shown[shown[list(POINT)].notna().all(axis=1) & shown["curve"].isin(("gas_use", "participation", "leavers"))]
    for variant, curve, *values in shown.itertuples(index=False, name=None):
        found.setdefault((variant, curve), []).append([round(value) for value in values])
    return found


# -------------------------------------------------------------------------------------------------- in sentences


def cost_notes(solutions: Solutions, one: Mapping[str, Any], words: Words) -> dict[str, str]:
    """Return what the chart says in words: which system costs least and by how much, later, and how sure it is."""
    best, air = solutions.get(one["best_variant"] or ""), solutions.get("air_heat_pump")
    notes = {"least": _least(solutions, best, words), "long": "", "chances": ""}
    if best is None or air is None:
        return notes
    long = best.get("annual_30_eur_per_home"), air.get("annual_30_eur_per_home")
    if None not in long:
        notes["long"] = words("money.long", net=words.euro(long[0]), air=words.euro(long[1]))
    chance = best.get("chance_cheaper_than_gas"), best.get("chance_cheaper_than_air")
    if None not in chance:
        hundred = [words.number(100 * share) for share in chance if share is not None]
        notes["chances"] = words("money.chances", gas=hundred[0], air=hundred[1])
    return notes


def _least(solutions: Solutions, best: Mapping[str, Any] | None, words: Words) -> str:
    """Return which system costs least, said openly, also when it is not the mini heat network, and by how much."""
    priced = {
        variant: solution["annual_eur_per_home"]
        for variant, solution in solutions.items()
        if solution["annual_eur_per_home"] is not None and solution["feasible"] is not False
    }
    if not priced.keys() & set(REFERENCES):
        return ""
    least = min(sorted(priced), key=lambda variant: priced[variant])
    cost = words.euro(priced[least])
    if least != "air_heat_pump" or best is None:
        return words("page.cheapest", variant=_in_sentence(words(f"variant.{least}")), cost=cost)
    gap = 0 if best["annual_eur_per_home"] is None else best["annual_eur_per_home"] - priced[least]
    if gap <= 0:
        return words("page.cheapest_air", cost=cost)
    return words("money.air_least", cost=cost, gap=words.euro(gap))


def _in_sentence(name: str) -> str:
    """Return a name as it is written inside a sentence."""
    return name[0].lower() + name[1:]


# -------------------------------------------------------------------------------------------------------- curves

WIDTH, HEIGHT = 356, 166
LEFT, RIGHT, TOP, BOTTOM = 38, 238, 10, 128
"""Size of the chart, and edges of what is drawn in it [pixels]; names stand to the right."""
LINE_HEIGHT = 13
STEPS = (50, 100, 200, 250, 500, 1000, 2000, 5000)
REFERENCE_CURVES = ("gas_boiler", "air_heat_pump", "own_loops")


def joining_chart(
    curves: pd.DataFrame, solutions: Solutions, one: Mapping[str, Any], words: Words
) -> dict[str, Any] | None:
    """Return the chart of the cost by how many homes join, beside systems that need no neighbours; None without it.

    Returns
    -------
    dict
        Places in pixels: `line` and `band` (paths), `levels` (lines across with their names), `ticks`, `names`, and
        what the chart says in words (`alt`, `verdict`).
    """
    line = _points(curves).get((one["best_variant"] or "", "participation"), [])
    if len(line) < 2:
        return None
    x, value, low, high = np.array(line, dtype="float64").T
    levels = {
        variant: float(solutions[variant]["annual_eur_per_home"])
        for variant in REFERENCE_CURVES
        if variant in solutions and solutions[variant]["annual_eur_per_home"] is not None
    }
    ends = np.concatenate([low, high, list(levels.values())])
    step = next((size for size in STEPS if np.ptp(ends) / size <= 5), STEPS[-1])
    floor, ceiling = np.floor(ends.min() / step) * step, np.ceil(ends.max() / step) * step
    across = LEFT + (x - x[0]) / (x[-1] - x[0]) * (RIGHT - LEFT)

    def up(amount: Any) -> Any:
        return np.round(BOTTOM - (np.asarray(amount) - floor) / max(ceiling - floor, 1) * (BOTTOM - TOP), 1)

    named = [(float(up(value[-1])), "net", words("curve.net"))]
    named += [(float(up(level)), variant, words(f"curve.{variant}")) for variant, level in levels.items()]
    homes = {round((x[-1] - x[0]) * part + x[0]) for part in (0, 0.5, 1)}
    enough = one["break_even_homes"]
    return {
        "size": (WIDTH, HEIGHT),
        "edges": (LEFT, RIGHT, TOP, BOTTOM),
        "line": _path(across, up(value)),
        "band": _path(np.r_[across, across[::-1]], np.r_[up(high), up(low)[::-1]]) + "Z",
        "levels": [(variant, float(up(level))) for variant, level in levels.items()],
        "ticks": [(float(up(amount)), words.number(amount)) for amount in np.arange(floor, ceiling + 1, step)],
        "counts": [(round(float(np.interp(k, x, across)), 1), words.number(k)) for k in sorted(homes)],
        "names": _apart(named),
        "places": [[int(k), round(a, 1), u] for k, a, u in zip(x, across.tolist(), up(value).tolist(), strict=True)],
        "alt": words(
            "curve.picture",
            most=words.euro(value[0]),
            few=words.number(x[0]),
            least=words.euro(value[-1]),
            all=words.number(x[-1]),
        ),
        "verdict": words("curve.never") if enough is None else words("curve.enough", homes=words.number(enough)),
    }


def _path(x: Any, y: Any) -> str:
    return "M" + "L".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))


def _apart(named: Sequence[tuple[float, str, str]]) -> list[tuple[float, str, str]]:
    """Return names moved up and down until they do not touch.

    Examples
    --------
    >>> _apart([(20.0, "a", "A"), (22.0, "b", "B")])
    [(14.5, 'a', 'A'), (27.5, 'b', 'B')]
    """
    order = sorted(named)
    if not order:
        return []
    place = np.array([one[0] for one in order])
    wanted = place - LINE_HEIGHT * np.arange(len(place))
    # pool neighbours that would overlap at their mean, as in isotonic regression
    groups: list[list[float]] = []
    for one in wanted.tolist():
        groups.append([one])
        while len(groups) > 1 and np.mean(groups[-2]) > np.mean(groups[-1]):
            last = groups.pop()
            groups[-1] += last
    moved = np.concatenate([np.full(len(group), np.mean(group)) for group in groups])
    moved += LINE_HEIGHT * np.arange(len(place))
    return [(round(float(y), 1), *one[1:]) for y, one in zip(moved, order, strict=True)]


def leavers_of(curves: pd.DataFrame, one: Mapping[str, Any], solutions: Solutions, words: Words) -> list[str]:
    """Return in sentences what those who stay pay when one home or more leave after it was built."""
    best = one["best_variant"] or ""
    now = solutions[best]["annual_eur_per_home"] if best in solutions else None
    if now is None:
        return []
    return [
        words(
            "curve.leaver",
            gone=words.number(gone),
            cost=words.euro(value),
            more=words.euro(round(value / 10) * 10 - now),
        )
        for gone, value, *_ in _points(curves).get((best, "leavers"), [])
    ]


# ----------------------------------------------------------------------------------------------------- ownership


def forms_of(finance: pd.DataFrame, best: str | None, words: Words) -> list[dict[str, str]]:
    """Return the forms of ownership side by side, with what is paid when the result knows."""
    known_forms = {str(row["form"]): row for row in rows(finance[finance["variant"] == best], AUDIENCE, "finance")}
    forms = []
    for form in ("supplier", "association"):
        told = {"title": words(f"form.{form}"), "text": words(f"form.{form}_more"), "amounts": "", "within": ""}
        row = known_forms.get(form)
        if row and known(row["monthly_eur_per_home"]):
            upfront, monthly = row["upfront_eur_per_home"], row["monthly_eur_per_home"]
            told["amounts"] = words(
                "form.amounts", upfront=words.euro(upfront, step=100), monthly=words.euro(monthly, step=5)
            )
            told["within"] = _within(row, words)
        forms.append(told)
    return forms


def _within(row: Mapping[str, Any], words: Words) -> str:
    """Return the loan or the tariff that is in the amounts."""
    if row.get("loan_eur_per_home") and row.get("loan_years"):
        rate = words.number(100 * row["loan_rate"], digits=2, unit="%")
        loan = words.euro(row["loan_eur_per_home"], step=100)
        return words("form.loan", loan=loan, rate=rate, years=words.number(row["loan_years"]))
    if row.get("fee_eur_per_home"):
        return words("form.fee", fee=words.euro(row["fee_eur_per_home"], step=10))
    return ""
