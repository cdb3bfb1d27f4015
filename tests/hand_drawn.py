"""A small result drawn by hand: two streets, twenty homes, three clusters with three verdicts."""

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString, Point, box

from minenet.tables import RESULT_TABLES, Result, empty, typed

CRS = "EPSG:28992"
X0, Y0 = 136500.0, 455800.0
STREETS = (("Voorbeeldstraat", 0.0), ("Fictielaan", 70.0))
ROWS = (("c1", 0, 0, 8), ("c2", 0, 8, 4), ("c3", 1, 0, 8))
"""Cluster, street, first place, number of homes."""
SECRET_GAS, SECRET_HEAT = 1237.0, 11133.0
"""Figures of single homes; they must never appear on a page."""
VERDICTS = {
    "c1": ("promising", "", "ring_net"),
    "c2": ("investigate", "public_space_unknown;heat_network_unknown", "shared_loops"),
    "c3": ("excluded", "drilling_ban;heat_network_planned", None),
}
ANNUAL = {
    "shared_loops": 1790.0,
    "ring_net": 1764.0,
    "gas_boiler": 1969.0,
    "air_heat_pump": 1551.0,
    "own_loops": 1999.0,
}


def _frame(name, rows, geometry=None):
    table = RESULT_TABLES[name]
    if not rows:
        return empty(table, CRS)
    if geometry is None:
        return typed(pd.DataFrame(rows), table)
    return typed(gpd.GeoDataFrame(rows, geometry=geometry, crs=CRS), table)


def _footprint(street, place):
    x, y = X0 + 6 * place, Y0 + STREETS[street][1] + 9
    return box(x, y, x + 6, y + 9)


def _homes():
    rows, points = [], []
    for cluster, street, first, count in ROWS:
        for place in range(first, first + count):
            number = 2 * place + 1
            rows.append(
                {
                    "home_id": f"h{street}-{number:03d}",
                    "building_id": f"b{street}-{number:03d}",
                    "address": f"{STREETS[street][0]} {number}",
                    "home_type": "terraced_middle",
                    "gas_m3": SECRET_GAS + number,
                    "heat_kwh": SECRET_HEAT + number,
                    "peak_kw": 6.0,
                    "cluster_id": cluster,
                    "own_loop_possible": None,
                }
            )
            points.append(_footprint(street, place).centroid)
    for number, reason in ((91, "no_street_nearby"), (93, "said_no")):
        rows.append({"home_id": f"h0-{number}", "address": f"Voorbeeldstraat {number}", "left_out_reason": reason})
        points.append(Point(X0 + 110 + number % 10, Y0 + 12))
    return _frame("homes", rows, points)


def _clusters():
    rows, outlines = [], []
    for rank, (cluster, street, first, count) in enumerate(ROWS, 1):
        verdict, reasons, best = VERDICTS[cluster]
        annual = ANNUAL.get(best) if best else None
        rows.append(
            {
                "cluster_id": cluster,
                "name": f"{STREETS[street][0]} {2 * first + 1}-{2 * (first + count) - 1}",
                "homes": count,
                "heat_kwh": count * 9800.0,
                "peak_kw": count * 5.8,
                "verdict": verdict,
                "reasons": reasons or None,
                "best_variant": best,
                "capex_eur_per_home": 21870.0 if best else None,
                "annual_eur_per_home": annual,
                "annual_low_eur_per_home": annual - 210 if annual else None,
                "annual_high_eur_per_home": annual + 340 if annual else None,
                "gas_eur_per_home": ANNUAL["gas_boiler"],
                "air_eur_per_home": ANNUAL["air_heat_pump"],
                "own_loop_eur_per_home": ANNUAL["own_loops"],
                "rank": rank,
            }
        )
        outlines.append(_footprint(street, first).union(_footprint(street, first + count - 1)).envelope.buffer(4))
    return _frame("clusters", rows, outlines)


def _solutions():
    rows = []
    for cluster, _, _, count in ROWS:
        for variant, annual in ANNUAL.items():
            net = variant in {"shared_loops", "ring_net"}
            built = net and cluster != "c3"
            rows.append(
                {
                    "cluster_id": cluster,
                    "variant": variant,
                    "feasible": built if net else True,
                    "reason": "drilling_ban" if net and not built else None,
                    "boreholes": -(-count // 3) if built else None,
                    "borehole_m": 300.0 * -(-count // 3) if built else None,
                    "depth_m": 300.0 if built else None,
                    "trench_m": 11.0 * count if built else None,
                    "public_trench_m": 6.0 * count if built else None,
                    "capex_eur_per_home": 21870.0 if built else None,
                    "annual_eur_per_home": annual if built or not net else None,
                    "annual_low_eur_per_home": annual - 210 if built or not net else None,
                    "annual_high_eur_per_home": annual + 340 if built or not net else None,
                }
            )
    return _frame("solutions", rows)


def _boreholes():
    rows, points = [], []
    for cluster, street, first, count in ROWS[:2]:
        for variant in ("shared_loops", "ring_net"):
            for place in range(first + 1, first + count, 3):
                rows.append(
                    {
                        "borehole_id": f"{cluster}-{variant}-{place}",
                        "cluster_id": cluster,
                        "variant": variant,
                        "depth_m": 300.0,
                        "ownership": "own",
                        "access": "mini",
                        "homes_served": 3,
                    }
                )
                points.append(Point(X0 + 6 * place + 3, Y0 + STREETS[street][1] + 24))
    return _frame("boreholes", rows, points)


def _pipes():
    rows, lines = [], []
    for cluster, street, first, count in ROWS[:2]:
        y = Y0 + STREETS[street][1] + 3
        whole = LineString([(X0 + 6 * first, y), (X0 + 6 * (first + count), y)])
        service = [LineString([(X0 + 6 * p + 3, y), (X0 + 6 * p + 3, y + 6)]) for p in range(first, first + count)]
        for variant in ("shared_loops", "ring_net"):
            for number, line in enumerate([whole, *service]):
                kind = "service" if number else "ring"
                row = {"pipe_id": f"{cluster}-{variant}-{number}", "cluster_id": cluster, "variant": variant}
                rows.append({**row, "kind": kind, "length_m": line.length, "ownership": "public"})
                lines.append(line)
    return _frame("pipes", rows, lines)


CHECKS = (
    ("drilling_ban", {"c3": "blocked"}, "ok", "province"),
    ("heat_network_planned", {"c2": "unknown", "c3": "blocked"}, "ok", "municipality"),
    ("public_space", {"c1": "attention"}, "unknown", "municipality"),
    ("cables", {}, "unknown", "network_operator"),
)


def _checks():
    rows = [
        {"cluster_id": cluster, "check": check, "outcome": special.get(cluster, usual), "who": who}
        for cluster, *_ in ROWS
        for check, special, usual, who in CHECKS
    ]
    return _frame("checks", rows)


def _context():
    shapes = [("building", None, "home", _footprint(s, p)) for _, s, first, n in ROWS for p in range(first, first + n)]
    shapes += [("building", None, "other", box(X0 + 6 * p, Y0 - 20, X0 + 6 * p + 6, Y0 - 11)) for p in range(12)]
    for name, up in STREETS:
        line = LineString([(X0 - 40, Y0 + up), (X0 + 140, Y0 + up)])
        shapes.append(("street", name, "residential", line))
    shapes += [
        ("street", "Dwarsweg", "residential", LineString([(X0 - 20, Y0 - 60), (X0 - 20, Y0 + 130)])),
        ("water", "Kromme Gracht", "canal", box(X0 - 60, Y0 - 50, X0 + 150, Y0 - 38)),
        ("zone", "Waterwingebied Noord", "groundwater_protection", box(X0 - 10, Y0 + 60, X0 + 90, Y0 + 110)),
        ("zone", "Warmtenet Zuid", "heat_network", box(X0 - 10, Y0 + 62, X0 + 70, Y0 + 100)),
        ("loop", None, None, Point(X0 + 100, Y0 - 15)),
    ]
    frame = [{"layer": layer, "name": name, "kind": kind} for layer, name, kind, _ in shapes]
    return _frame("context", frame, [shape for *_, shape in shapes])


PROVENANCE = {
    "minenet.version": "0.1.0",
    "fictional": "true",
    "input.hand_drawn.gpkg.sha256": "0",
    "counts.dwellings": "22",
}


def drawn_result(**replaced):
    """Return the result; `replaced` swaps whole layers."""
    layers = {
        "homes": _homes(),
        "clusters": _clusters(),
        "solutions": _solutions(),
        "boreholes": _boreholes(),
        "pipes": _pipes(),
        "checks": _checks(),
        "context": _context(),
        "provenance": _frame("provenance", [{"key": k, "value": v} for k, v in PROVENANCE.items()]),
    }
    rest = {name: empty(table, CRS) for name, table in RESULT_TABLES.items() if name not in layers}
    return Result(**{**rest, **layers, **replaced})
