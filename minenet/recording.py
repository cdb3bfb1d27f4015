"""What was found, as the tables of a result: names, sums, counts and where everything came from."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from minenet._version import __version__
from minenet.assumptions import Assumptions, Profile, read_table
from minenet.costs import Designs, readiness
from minenet.design import Laid, Layout, Placed, Sized
from minenet.network import probe
from minenet.tables import AREA_TABLES, RESULT_TABLES, Area, empty, shapes_of, typed

__all__ = [
    "RING_COUNTS",
    "borehole_table",
    "connection_table",
    "context",
    "costed",
    "declared",
    "designs",
    "left_out",
    "loops_that_fit",
    "not_given",
    "outside_range",
    "promising",
    "provenance",
    "rings_closed",
    "solution_table",
    "ways_back",
    "with_ground",
    "with_own_loop_counts",
    "with_own_loops",
    "with_participation",
    "with_readiness",
]


def with_own_loops(homes: gpd.GeoDataFrame, layout: Layout, placed: Placed, sized: Sized) -> gpd.GeoDataFrame:
    """Return homes with `own_loop_possible`: a place on the plot serves one home, and must go deep enough.

    Null where nobody knows which ground is theirs.
    """
    if placed.own is None:
        return homes
    fits = placed.own.notna().to_numpy()
    possible = pd.Series(fits & sized.own_fits, index=layout.homes["home_id"], dtype="boolean")
    possible = possible.mask(placed.own_unknown & ~fits)
    return homes.assign(own_loop_possible=possible.reindex(homes["home_id"]).to_numpy())


def with_ground(clusters: gpd.GeoDataFrame, placed: Placed) -> gpd.GeoDataFrame:
    """Return clusters with how many boreholes fit in their ground, and what is known of their plots."""
    return clusters.assign(
        borehole_capacity=placed.capacity.to_numpy(),
        plots=placed.plots["source"].to_numpy(),
        plots_drawn_over=placed.plots["over"].to_numpy(),
    )


def costed(solutions: pd.DataFrame) -> pd.DataFrame:
    """Return solutions with own loops to be costed wherever some homes can have one, for comparison."""
    own = (solutions["variant"] == "own_loops") & solutions["borehole_m"].notna()
    return solutions.assign(feasible=solutions["feasible"].mask(own, other=True))


GREEN = ("green", "grass", "verge", "berm", "groenvoorziening", "groen", "gras", "grasland", "onverhard")
"""Words for cover of public ground without paving."""


def designs(
    homes: gpd.GeoDataFrame,
    clusters: gpd.GeoDataFrame,
    solutions: pd.DataFrame,
    boreholes: gpd.GeoDataFrame,
    laid: Laid,
    *,
    land: gpd.GeoDataFrame | None,
) -> Designs:
    """Return what was designed, for the costs: own loops wherever some fit, and the trench in public green measured."""
    pipes = laid.pipes.assign(green_m=_green_m(laid.pipes, land))
    return Designs(homes, clusters, costed(solutions), boreholes, pipes, connection_table(laid))


def _green_m(pipes: gpd.GeoDataFrame, land: gpd.GeoDataFrame | None) -> np.ndarray:
    """Return how much of each trench lies in public green [m]; ground of unknown cover is none."""
    length = np.zeros(len(pipes))
    if land is None:
        return length
    cover = land["cover"].str.casefold().isin(GREEN) & (land["ownership"] == "public")
    green = shapes_of(land[cover.fillna(value=False)])
    lines = shapes_of(pipes)
    pipe, patch = shapely.STRtree(green).query(lines, predicate="intersects")
    np.add.at(length, pipe, shapely.length(shapely.intersection(lines[pipe], green[patch])))
    return length


def with_readiness(homes: gpd.GeoDataFrame, area: Area, assumptions: Assumptions) -> gpd.GeoDataFrame:
    """Return homes with `readiness` for low-temperature heating, from the label or age of their building."""
    return homes.assign(readiness=readiness(homes["building_id"], area.buildings, prices=assumptions.costs))


def with_participation(
    clusters: gpd.GeoDataFrame, homes: gpd.GeoDataFrame, solutions: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Return clusters with how many homes must join for the best variant, and how many are ready for it."""
    key = pd.MultiIndex.from_frame(clusters[["cluster_id", "best_variant"]].astype(object))
    best = solutions.set_index(["cluster_id", "variant"])[["break_even_homes", "break_even_own_loops"]].reindex(key)
    state = homes["readiness"].groupby(homes["cluster_id"]).value_counts().unstack(fill_value=0)  # noqa: PD010
    state = state.reindex(index=clusters["cluster_id"], columns=["likely", "insulate_first"]).fillna(0).astype("int64")
    return clusters.assign(
        break_even_homes=best["break_even_homes"].array,
        break_even_own_loops=best["break_even_own_loops"].array,
        homes_ready=state["likely"].to_numpy(),
        homes_to_insulate=state["insulate_first"].to_numpy(),
    )


RING_COUNTS = RINGS, RINGS_CLOSED = "count.ring_nets", "count.ring_nets_closed_around_a_block"


def outside_range(solutions: pd.DataFrame) -> dict[str, str]:
    """Count the estimates that lie outside P10 to P90 of their own draws."""
    count = int(solutions["base_outside_range"].fillna(value=False).sum())
    return {"count.estimates_outside_their_range": str(count)} if count else {}


def with_own_loop_counts(
    clusters: gpd.GeoDataFrame, homes: gpd.GeoDataFrame, solutions: pd.DataFrame
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return clusters with the number of own loops that fit, and own loops feasible only where every home has one.

    Where all have one but those of which the plot is not known, that is not known either. Their cost stays, as what a
    home pays where one fits: it is a comparison, not a plan.
    """
    inside = homes[homes["cluster_id"].notna()]
    known = inside.groupby("cluster_id")["own_loop_possible"]
    fit = known.sum().where(known.count() > 0).astype("Int64").reindex(clusters["cluster_id"])
    unknown = (known.size() - known.count()).astype("Int64").reindex(clusters["cluster_id"])
    shared = solutions[solutions["variant"] == "shared_loops"].set_index("cluster_id")["homes_possible"]
    clusters = clusters.assign(
        own_loop_homes=fit.to_numpy(),
        own_loop_unknown_homes=unknown.to_numpy(),
        shared_loop_homes=shared.reindex(clusters["cluster_id"]).to_numpy(),
    )
    own = (solutions["variant"] == "own_loops") & solutions["borehole_m"].notna()
    too_deep = own & solutions["reason"].notna()
    fit, unknown = (n.reindex(solutions["cluster_id"]).set_axis(solutions.index) for n in (fit, unknown))
    count = clusters.set_index("cluster_id")["homes"].reindex(solutions["cluster_id"]).set_axis(solutions.index)
    reason = "fits_for:" + fit.astype("str") + " of " + count.astype("str")
    at_least = "fits_for_at_least:" + fit.astype("str") + " of " + count.astype("str")
    reason = reason.mask(unknown > 0, at_least + ", " + unknown.astype("str") + " not known")
    reason = reason.mask(fit.isna(), solutions["reason"].fillna("own_plots_not_known"))
    reason = reason.where(own & ~(fit == count).fillna(value=False))
    feasible = solutions["feasible"].astype("boolean").mask(own, fit == count)
    feasible = feasible.mask(own & (unknown > 0) & (fit + unknown == count)).mask(too_deep, other=False)
    return clusters, solutions.assign(feasible=feasible, reason=solutions["reason"].where(reason.isna(), reason))


def _borehole_id(cluster_id: pd.Series, variant: pd.Series, number: pd.Series) -> pd.Series:
    text = (number.astype("Int64") + 1).astype("str").str.zfill(2)
    return (cluster_id + "/" + variant + "/b" + text).where(number.notna())


def borehole_table(layout: Layout, sized: Sized, assumptions: Assumptions) -> gpd.GeoDataFrame:
    """Return boreholes with their names and probes."""
    frame = sized.boreholes
    depth, power = frame["depth_m"].to_numpy(), frame["peak_kw"].to_numpy()
    name, loss = probe(depth, power, catalogue=read_table("probes"), assumptions=assumptions.network)
    cluster_id = pd.Series(layout.cluster_ids[frame["cluster"].to_numpy(dtype=int)], index=frame.index)
    frame = frame.assign(cluster_id=cluster_id, probe=name, probe_loss_kpa=loss)
    frame["borehole_id"] = _borehole_id(cluster_id, frame["variant"], frame["number"])
    return frame.sort_values("borehole_id", ignore_index=True)


def solution_table(layout: Layout, sized: Sized, laid: Laid) -> pd.DataFrame:
    """Return what is built per cluster and variant; sums over boreholes and pipes are taken as they are written."""
    outcomes = sized.outcomes
    frame = outcomes.assign(cluster_id=layout.cluster_ids[outcomes["cluster"].to_numpy(dtype=int)])
    key = ["cluster_id", "variant"]
    owner = laid.pipes["ownership"]
    public = laid.pipes["length_m"].where(owner == "public", 0.0).mask(owner == "unknown")
    pipes = laid.pipes.assign(public=public)
    sums = pipes.groupby(key)[["length_m", "pipe_m"]].sum()
    sums["public"] = (
        pipes.groupby(key)["public"].sum(min_count=1).mask(public.isna().groupby([pipes[k] for k in key]).any())
    )
    sums = sums.rename(columns={"length_m": "trench_m", "public": "public_trench_m"})
    frame = frame.merge(sums, on=key, how="left")
    built = frame["feasible"] & frame["trench_m"].isna()
    lengths = {c: frame[c].mask(built, 0.0) for c in ("trench_m", "pipe_m", "public_trench_m")}
    gap = frame["cluster"].map(layout.gap).where(frame["feasible"] & frame["variant"].str.startswith("ring_net"))
    lengths["network_gap"] = gap.astype("float64")
    return typed(frame.assign(**lengths), RESULT_TABLES["solutions"])


def promising(boreholes: gpd.GeoDataFrame, clusters: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the boreholes that are drilled when every promising cluster is built in its best variant."""
    chosen = clusters[clusters["verdict"] == "promising"].set_index("cluster_id")["best_variant"]
    return boreholes[boreholes["variant"] == boreholes["cluster_id"].map(chosen)].reset_index(drop=True)


def of_best(frame: gpd.GeoDataFrame, clusters: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return boreholes or pipes with the mark `best`: they belong to the best variant of their cluster."""
    chosen = clusters.set_index("cluster_id")["best_variant"]
    return frame.assign(best=frame["variant"] == frame["cluster_id"].map(chosen))


def connection_table(laid: Laid) -> pd.DataFrame:
    """Return how each home hangs on each network, with the names of boreholes."""
    frame = laid.connections
    borehole_id = _borehole_id(frame["cluster_id"], frame["variant"], frame["number"])
    return frame.assign(borehole_id=borehole_id).sort_values(["cluster_id", "variant", "home_id"], ignore_index=True)


HAVE_A_STAND_IN = ("addresses", "ground", "fixed_boreholes", "crossings")


def not_given(area: Area) -> list[str]:
    """Return the layers that nothing was given for; without addresses, ground or wishes there is a stand-in."""
    return [name for name in AREA_TABLES if getattr(area, name) is None and name not in HAVE_A_STAND_IN]


def left_out(homes: pd.DataFrame) -> dict[str, str]:
    """Count homes, and those left out by reason."""
    counts = homes["left_out_reason"].value_counts()
    return {
        "count.homes": str(len(homes)),
        "count.homes_in_clusters": str(int(homes["cluster_id"].notna().sum())),
        **{f"left_out.homes.{reason}": str(n) for reason, n in sorted(counts.items())},
    }


def rings_closed(layout: Layout, sized: Sized) -> dict[str, int]:
    """Count ring nets, and those that are closed around a block."""
    rings = sized.outcomes[(sized.outcomes["variant"] == "ring_net") & sized.outcomes["feasible"]]["cluster"]
    circle = layout.trunks.groupby("cluster")["circle"].any()
    return {RINGS: len(rings), RINGS_CLOSED: int(circle.reindex(rings, fill_value=False).sum())}


def ways_back(counts: Mapping[str, int], *, asked: bool) -> dict[str, str]:
    """Tell how many ring nets are closed and, where the user asks for it, how many have no other way back."""
    told = {RINGS_CLOSED: counts.get(RINGS_CLOSED, 0)}
    if asked:
        told["count.ring_nets_without_another_way_back"] = counts.get(RINGS, 0) - told[RINGS_CLOSED]
    return {name: str(count) for name, count in told.items() if count}


def loops_that_fit(solutions: pd.DataFrame) -> dict[str, str]:
    """Count the homes of the whole area that could have a loop of their own, and that shared loops could serve."""
    counts = {}
    for variant in ("own_loops", "shared_loops"):
        part = solutions[solutions["variant"] == variant]
        for column in ("homes_possible", "homes_within_cooling"):
            known = part[column].dropna()
            if len(known):
                counts[f"count.{variant}.{column}"] = f"{known.sum()} (in {len(known)} of {len(part)} clusters)"
    return counts


def context(area: Area, changes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return what is drawn around the clusters, and what was done to the streets on the way to trenches."""
    kinds: dict[str, tuple[gpd.GeoDataFrame | None, str | None, str | None]] = {
        "building": (area.buildings, None, "use"),
        "street": (area.streets, "name", "road_class"),
        "water": (area.water, "name", "water_class"),
        "zone": (area.zones, "name", "effect"),
        "land": (area.land, None, "ownership"),
        "loop": (area.loops, "loop_id", "source"),
    }
    parts = []
    for layer, (frame, name, kind) in kinds.items():
        if frame is not None and len(frame):
            texts = {"name": frame[name] if name else None, "kind": frame[kind] if kind else None}
            part = gpd.GeoDataFrame({"layer": layer, **texts}, geometry=frame.geometry, crs=area.crs, index=frame.index)
            parts.append(typed(part, RESULT_TABLES["context"]))
    parts.append(typed(changes.assign(layer="change"), RESULT_TABLES["context"]))
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=area.crs)


def provenance(notes: Mapping[str, str], assumptions: Assumptions, profile: Profile | None = None) -> pd.DataFrame:
    """Return where everything came from; nothing in it depends on the machine, the clock or a path."""
    rows = {"minenet.version": __version__, **dict(sorted(notes.items()))}
    rows |= (profile or Profile.unknown()).notes()
    for entry in assumptions.entries.values():
        bounds = "" if entry.low is None or entry.high is None else f" ({_digits(entry.low)} to {_digits(entry.high)})"
        rows[f"assumption.{entry.key}"] = f"{entry.value} {entry.unit}{bounds}; {entry.source}; {entry.date}".strip()
    return pd.DataFrame({"key": list(rows), "value": list(rows.values())}, dtype="str")


def _digits(bound: float) -> str:
    """Return a bound in as few digits as read back the same."""
    short = f"{bound:g}"
    return short if float(short) == bound else repr(float(bound))


ROUNDING = {
    "_m": 3,
    "_kwh": 1,
    "_kw": 3,
    "_m2": 2,
    "_k": 3,
    "_eur": 2,
    "_home": 2,
    "_mm": 1,
    "_w": 2,
    "_kpa": 1,
    "_years": 1,
    "quantity": 4,
    "unit_price_eur": 5,
    "_gap": 6,
}
"""Decimals that are written, by the end of a column's name."""


def declared(frame: pd.DataFrame | None, name: str, crs: CRS) -> pd.DataFrame:
    """Return a table of the result as it is written: declared columns and types, rounded."""
    table = RESULT_TABLES[name]
    if frame is None or len(frame) == 0:
        return empty(table, crs)
    columns = [c.name for c in table.columns]
    shape = ["geometry"] if table.geometry is not None else []
    frame = typed(frame, table)[[*columns, *shape]].reset_index(drop=True)
    digits = {
        c.name: d for c in table.columns if c.kind == "number" for end, d in ROUNDING.items() if c.name.endswith(end)
    }
    frame = frame.round(digits)
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=crs) if shape else frame
