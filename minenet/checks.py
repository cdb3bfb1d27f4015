"""What is allowed, what asks attention, what is blocked, what nobody knows yet, and the verdict that follows.

What no layer answers is `unknown`, and unknown is never counted as allowed. The rules themselves, with who can answer
and their source, stand in `assumptions/rules.csv`; here stands how a network is held against them.
"""

from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from minenet._verdicts import ESSENTIAL, REASONS, give_verdicts
from minenet.assumptions import Assumptions, read_table
from minenet.tables import RESULT_TABLES, VARIANTS, typed

__all__ = ["CHECKS", "ESSENTIAL", "REASONS", "check_rules", "check_together", "give_verdicts"]

CHECKS = (
    "drilling_ban",
    "heat_network_planned",
    "public_space",
    "ownership",
    "depth_limit",
    "interference_area",
    "zone_conditions",
    "permit",
    "cooling",
    "cooling_clusters",
    "cooling_registered",
    "cooling_together",
    "interference",
    "notice",
    "collective_heat_act",
    "monitoring",
    "cables",
    "patent",
    "support",
    "data",
)
"""Codes of the checks, in the order in which they are listed."""

SUBJECTS = {
    "public_space": ("public_space", "openbare_ruimte"),
    "interference_area": ("interference_area", "interferentiegebied"),
    "depth_limit": ("depth_limit", "max_depth", "dieptebeperking"),
    "drilling_ban": (
        "drilling_ban",
        "no_drilling",
        "groundwater_protection",
        "drinking_water",
        "boringsvrije_zone",
        "grondwaterbeschermingsgebied",
        "waterwingebied",
    ),
    "heat_network_planned": ("heat_network", "warmtenet", "warmtenet_gepland"),
    "support": ("support", "subsidieregeling"),
}
"""Kinds of zones, in English and Dutch, by the check that they are about whatever their effect."""

EFFECTS = {
    "drilling_ban": "ban",
    "heat_network_planned": "heat_network",
    "depth_limit": "max_depth",
    "support": "support",
}
"""Effect by which a zone answers a check."""

STREET_EFFECTS = ("ban", "permit", "notice", "support")
"""What a zone of kind `public_space` can say: no, ask, tell, or yes."""

COLUMNS = ["cluster_id", "variant", "check", "outcome", "detail", "basis"]


def check_rules(  # noqa: PLR0913 - one argument per table it reads
    clusters: gpd.GeoDataFrame,
    homes: gpd.GeoDataFrame,
    solutions: pd.DataFrame,
    boreholes: gpd.GeoDataFrame,
    pipes: gpd.GeoDataFrame,
    *,
    zones: gpd.GeoDataFrame | None,
    loops: gpd.GeoDataFrame | None,
    assumptions: Assumptions,
    not_given: Sequence[str] = (),
) -> pd.DataFrame:
    """Hold every cluster, and every variant that can be built there, against the rules.

    A zone is judged by the homes in it, its edge included. The layer `zones` answers a question only when it speaks of
    that subject at all: without any ban in it, whether drilling is banned stays unknown. A zone of kind `public_space`
    says what the municipality allows in its streets: `ban`, `permit` or `notice` (asked for, but possible) or
    `support` (allowed).

    Parameters
    ----------
    clusters : GeoDataFrame
        `cluster_id, homes, peak_kw` [kW].
    homes : GeoDataFrame
        Points with `home_id, cluster_id`.
    solutions : DataFrame
        `cluster_id, variant, feasible, public_trench_m` [m].
    boreholes, pipes : GeoDataFrame
        As placed and laid, with `cluster_id, variant, ownership`.
    zones, loops : GeoDataFrame or None
        Layers of the area; None = not given.
    assumptions : Assumptions
        Sections `checks` and `ground`.
    not_given : sequence of str, optional
        Layers of the area that were not given, and so were not checked.

    Returns
    -------
    DataFrame
        The table `checks`, ordered by cluster, check and variant; `variant` is null where it holds for all.
    """
    built = solutions[solutions["variant"].isin(VARIANTS) & solutions["feasible"].fillna(value=False)]
    built = built[["cluster_id", "variant", "public_trench_m"]]
    size = homes.groupby("cluster_id").size().reindex(clusters["cluster_id"], fill_value=0)
    zones = None if zones is None else zones.assign(subject=_subject(zones["kind"]))
    hits = _homes_in_zones(homes, zones)
    rows = [
        *_zone_checks(size, hits, zones, clusters, blocking=assumptions.checks.heat_network_share),
        _public_space(built, boreholes, pipes, size, hits, zones),
        _ownership(built, boreholes, pipes),
        _depth_limit(built, boreholes, size, hits, zones),
        _zone_conditions(hits),
        _ground_power(built, boreholes, clusters, assumptions),
        *_thermal_interference(built, solutions, loops, assumptions),
        _registered_loops(clusters, boreholes, loops, assumptions),
        *_general(clusters, built, assumptions),
        _data(clusters, not_given),
    ]
    return _finished(rows)


def _rows(
    check: str, cluster_id: Iterable[object], outcome: object, detail: object, variant: object = None
) -> pd.DataFrame:
    """Return rows of one check; a column `basis` may be added: the source of the zone that decides."""
    ids = np.asarray(list(cluster_id), object)
    return pd.DataFrame({"cluster_id": ids, "variant": variant, "check": check, "outcome": outcome, "detail": detail})


def _finished(rows: list[pd.DataFrame]) -> pd.DataFrame:
    """Return all rows in order, with who can answer and the source of the rule."""
    checks = pd.concat([r.reindex(columns=COLUMNS).astype("object") for r in rows], ignore_index=True)
    rules = read_table("rules").set_index("check").reindex(checks["check"])
    source = (rules["source"] + " (" + rules["date"] + ")").to_numpy(object)
    basis = checks["basis"].fillna("").to_numpy(object)
    checks["source"] = [f"{b}; {s}" if b else s for b, s in zip(basis, source, strict=True)]
    checks["who"] = rules["who"].to_numpy(object)
    return _ordered(checks.drop(columns="basis"))


def _ordered(checks: pd.DataFrame) -> pd.DataFrame:
    """Return rows by cluster, check and variant."""
    order = {code: number for number, code in enumerate((*CHECKS, *VARIANTS))}
    turn = checks.assign(_check=checks["check"].map(order), _variant=checks["variant"].map(order).fillna(-1))
    turn = turn.sort_values(["cluster_id", "_check", "_variant"], ignore_index=True)
    return typed(turn.drop(columns=["_check", "_variant"]), RESULT_TABLES["checks"])


# Zones


def _subject(kind: pd.Series) -> pd.Series:
    """Return the check that a kind of zone is about; null when it is about none of them."""
    known = {name: check for check, names in SUBJECTS.items() for name in names}
    return kind.str.casefold().str.replace(r"[\s_-]+", "_", regex=True).map(known)


def _homes_in_zones(homes: gpd.GeoDataFrame, zones: gpd.GeoDataFrame | None) -> pd.DataFrame:
    """Return one row per home in a cluster and zone it lies in."""
    columns = ["kind", "effect", "value", "name", "source", "date", "subject"]
    if zones is None:
        return pd.DataFrame(columns=["cluster_id", "home", *columns])
    inside = homes[homes["cluster_id"].notna()]
    home, zone = shapely.STRtree(zones.geometry.to_numpy()).query(inside.geometry.to_numpy(), predicate="intersects")
    found: pd.DataFrame = zones.reindex(columns=columns).iloc[zone].reset_index(drop=True)
    return found.assign(cluster_id=inside["cluster_id"].to_numpy(object)[home], home=home)


def _speaks_of(check: str, zones: gpd.GeoDataFrame | None) -> bool:
    """Tell whether the layer says anything of the subject of a check."""
    return zones is not None and bool(np.any(zones["subject"].eq(check) | _answers(check, zones)))


def _answers(check: str, zones: pd.DataFrame) -> pd.Series:
    """Return which zones answer a check; what is said of the streets answers nothing on the ground."""
    if check in EFFECTS:
        return zones["effect"].eq(EFFECTS[check]) & ~zones["subject"].eq("public_space")
    return zones["subject"].eq(check)


def _summary(hits: pd.DataFrame, size: pd.Series) -> pd.DataFrame:
    """Return by cluster how many homes lie in the zones, their names and their sources."""
    words = hits.assign(
        label=hits["name"].fillna(hits["kind"]).astype(str),
        basis=hits["source"].fillna("").astype(str) + (" (" + hits["date"].astype("str") + ")").fillna(""),
    )
    groups = words.groupby("cluster_id")
    summary = groups[["label", "basis"]].agg(_joined)
    summary["inside"] = groups["home"].nunique()
    summary = summary.reindex(size.index).fillna({"label": "", "basis": "", "inside": 0})
    return summary.astype({"inside": int}).assign(total=size)


def _joined(texts: pd.Series) -> str:
    return "; ".join(sorted({str(text) for text in texts if text}))


def _zone_checks(
    size: pd.Series,
    hits: pd.DataFrame,
    zones: gpd.GeoDataFrame | None,
    clusters: gpd.GeoDataFrame,
    *,
    blocking: float,
) -> list[pd.DataFrame]:
    """Return the checks that a zone answers for a whole cluster, whatever the variant."""
    touched = _touched_by_ban(clusters, zones)
    found = {}
    for check in ("drilling_ban", "heat_network_planned", "interference_area", "support"):
        if not _speaks_of(check, zones):
            found[check] = _rows(check, size.index, "unknown", "no layer says")
            continue
        inside = _summary(hits[_answers(check, hits)], size)
        share = inside["inside"] / inside["total"].clip(lower=1)
        detail = [
            f"{count} of {total} homes in: {label}" if count else "outside every such zone"
            for count, total, label in inside[["inside", "total", "label"]].to_numpy(object)
        ]
        outcome = _zone_outcome(check, share.to_numpy(), touched, blocking)
        found[check] = _rows(check, size.index, outcome, detail).assign(basis=inside["basis"].to_numpy(object))
    return list(found.values())


def _zone_outcome(
    check: str, share: npt.NDArray[np.float64], touched: npt.NDArray[np.bool_], blocking: float
) -> npt.NDArray[np.str_]:
    """Return the outcome from the share of the homes that lie in a zone.

    A ban blocks when it holds all homes, for boreholes may stand outside it; a planned heat network when it holds the
    share `blocking`. Support is there when all homes have it.
    """
    if check == "support":
        return np.where(share >= 1, "ok", "attention")
    some = (share > 0) | (touched if check == "drilling_ban" else False)
    limit = {"drilling_ban": 1.0, "heat_network_planned": blocking, "interference_area": np.inf}[check]
    return np.select([share >= limit, some], ["blocked", "attention"], "ok")


def _touched_by_ban(clusters: gpd.GeoDataFrame, zones: gpd.GeoDataFrame | None) -> npt.NDArray[np.bool_]:
    """Return whether a ban holds somewhere in a cluster."""
    touched = np.zeros(len(clusters), bool)
    if zones is not None:
        bans = zones[_answers("drilling_ban", zones)]
        cluster, _ = shapely.STRtree(bans.geometry.to_numpy()).query(
            clusters.geometry.to_numpy(), predicate="intersects"
        )
        touched[cluster] = True
    return touched


def _public_space(
    built: pd.DataFrame,
    boreholes: gpd.GeoDataFrame,
    pipes: gpd.GeoDataFrame,
    size: pd.Series,
    hits: pd.DataFrame,
    zones: gpd.GeoDataFrame | None,
) -> pd.DataFrame:
    """Return whether public ground may be used, for every variant that needs it, or may need it."""
    key = ["cluster_id", "variant"]
    rows = built.merge(_count(boreholes, "public"), how="left", on=key).fillna({"count": 0})
    for name, placed in (("holes", boreholes), ("runs", pipes)):
        lost = _count(placed, "unknown").rename(columns={"count": name})
        rows = rows.merge(lost, how="left", on=key).fillna({name: 0})
    trench = rows["public_trench_m"].fillna(0).to_numpy()
    needed = (trench > 0) | (rows["count"] > 0).to_numpy()
    perhaps = (rows["holes"] + rows["runs"] > 0).to_numpy()
    streets = hits[_answers("public_space", hits) & hits["effect"].isin(STREET_EFFECTS)]
    whole = _summary(streets, size).reindex(rows["cluster_id"])
    effects = streets.groupby("cluster_id")["effect"].agg(set).reindex(rows["cluster_id"])
    banned = np.array([isinstance(e, set) and "ban" in e for e in effects], bool)
    banned |= pd.MultiIndex.from_frame(rows[key]).isin(_in_banned_streets(boreholes, pipes, zones))
    asked = np.array([isinstance(e, set) and bool(e & {"permit", "notice"}) for e in effects], bool)
    known = (whole["inside"] == whole["total"]).to_numpy() & (whole["total"] > 0).to_numpy()
    outcome = np.select([~needed & ~perhaps, banned, ~known, asked], ["ok", "blocked", "unknown", "attention"], "ok")
    detail = [
        f"{length:.0f} m of trench and {count:.0f} boreholes in public ground{f': {label!s}' if label else ''}"
        if need
        else "whose ground it is, is not known"
        if may_need
        else "needs no public ground"
        for length, count, label, need, may_need in zip(
            trench, rows["count"], whole["label"], needed, perhaps, strict=True
        )
    ]
    checked = _rows("public_space", rows["cluster_id"], outcome, detail, rows["variant"].to_numpy(object))
    return checked.assign(basis=np.where(needed, whole["basis"].fillna("").to_numpy(object), ""))


def _in_banned_streets(
    boreholes: gpd.GeoDataFrame, pipes: gpd.GeoDataFrame, zones: gpd.GeoDataFrame | None
) -> list[tuple[str, str]]:
    """Return clusters and variants with a pipe or borehole where a zone bans the use of public space."""
    if zones is None:
        return []
    bans = zones[_answers("public_space", zones) & zones["effect"].eq("ban")]
    found: list[tuple[str, str]] = []
    for placed in (boreholes, pipes):
        mine = placed[~placed["ownership"].isin(["private", "own", "neighbour"])]
        hit = np.unique(shapely.STRtree(mine.geometry.to_numpy()).query(bans.geometry.to_numpy(), "intersects")[1])
        found += list(mine.iloc[hit][["cluster_id", "variant"]].itertuples(index=False, name=None))
    return found


def _count(placed: pd.DataFrame, ownership: str) -> pd.DataFrame:
    """Return by cluster and variant how many boreholes or pipes stand in ground of that owner."""
    chosen = placed[placed["ownership"].eq(ownership)]
    return chosen.groupby(["cluster_id", "variant"]).size().rename("count").reset_index()


def _ownership(built: pd.DataFrame, boreholes: gpd.GeoDataFrame, pipes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return whether it is known whose ground the boreholes and pipes need."""
    rows = built
    for name, placed, owner in (
        ("holes", boreholes, "unknown"),
        ("runs", pipes, "unknown"),
        ("neighbours", boreholes, "neighbour"),
    ):
        count = _count(placed, owner).rename(columns={"count": name})
        rows = rows.merge(count, how="left", on=["cluster_id", "variant"]).fillna({name: 0})
    unknown, neighbour = (rows["holes"] + rows["runs"]) > 0, rows["neighbours"] > 0
    outcome = np.select([unknown, neighbour], ["unknown", "attention"], "ok")
    detail = [
        f"owner unknown for {r.holes:.0f} boreholes and {r.runs:.0f} pipe runs; "
        f"{r.neighbours:.0f} boreholes in a neighbour's ground"
        for r in rows.itertuples()
    ]
    return _rows("ownership", rows["cluster_id"], outcome, detail, rows["variant"].to_numpy(object))


def _depth_limit(
    built: pd.DataFrame,
    boreholes: gpd.GeoDataFrame,
    size: pd.Series,
    hits: pd.DataFrame,
    zones: gpd.GeoDataFrame | None,
) -> pd.DataFrame:
    """Return whether boreholes keep above the depth that a zone sets where they stand."""
    ids, variants = built["cluster_id"], built["variant"].to_numpy(object)
    if not _speaks_of("depth_limit", zones) or zones is None:
        return _rows("depth_limit", ids, "unknown", "no layer says", variants)
    limits = zones[_answers("depth_limit", zones)]
    hole, zone = shapely.STRtree(limits.geometry.to_numpy()).query(
        boreholes.geometry.to_numpy(), predicate="intersects"
    )
    found = boreholes[["cluster_id", "variant", "depth_m"]].iloc[hole].reset_index(drop=True)
    found = found.assign(limit=limits["value"].to_numpy("float64")[zone])
    found["over"] = found["depth_m"] - found["limit"]
    worst = found.groupby(["cluster_id", "variant"]).agg(limit=("limit", "min"), over=("over", "max"))
    worst = worst.reindex(pd.MultiIndex.from_frame(built[["cluster_id", "variant"]]))
    near = (_summary(hits[_answers("depth_limit", hits)], size)["inside"].reindex(ids) > 0).to_numpy() | worst[
        "limit"
    ].notna()
    outcome = np.select([worst["over"] > 0, near], ["blocked", "attention"], "ok")
    detail = [
        f"limit {limit:g} m" if limit == limit else "a limit holds nearby" if here else "no limit here"  # noqa: PLR0124
        for limit, here in zip(worst["limit"], near, strict=True)
    ]
    return _rows("depth_limit", ids, outcome, detail, variants)


def _zone_conditions(hits: pd.DataFrame) -> pd.DataFrame:
    """Return the zones that ask for a permit or a notice of their own."""
    other = ~hits["subject"].isin(("public_space", "interference_area"))
    asked = hits[other & hits["effect"].isin(("permit", "notice"))]
    size = asked.groupby("cluster_id")["home"].nunique()
    found = _summary(asked, size)
    detail = [f"{r.inside} homes in: {r.label!s}" for r in found.itertuples()]
    return _rows("zone_conditions", found.index, "attention", detail).assign(basis=found["basis"].to_numpy(object))


# Ground, neighbours and the law


def _ground_power(
    built: pd.DataFrame, boreholes: gpd.GeoDataFrame, clusters: gpd.GeoDataFrame, assumptions: Assumptions
) -> pd.DataFrame:
    """Return whether one system takes more power from the ground than needs only a notification.

    A ring net is one system with the power of the cluster; of shared loops each is a system of its homes.
    """
    facts = clusters.set_index("cluster_id")[["homes", "peak_kw"]].astype("float64").reindex(built["cluster_id"])
    most = boreholes.groupby(["cluster_id", "variant"])["homes_served"].max().astype("float64")
    served = most.reindex(pd.MultiIndex.from_frame(built[["cluster_id", "variant"]])).to_numpy()
    single = built["variant"].eq("shared_loops").to_numpy()
    part = np.where(single, served / facts["homes"].to_numpy(), 1.0)
    power = facts["peak_kw"].to_numpy() * part * assumptions.ground.ground_share
    limit = assumptions.checks.permit_above_kw
    outcome = np.select([np.isnan(power), power > limit], ["unknown", "attention"], "ok")
    detail = [f"{kw:.0f} kW from the ground by the largest system, permit above {limit:g} kW" for kw in power]
    return _rows("permit", built["cluster_id"], outcome, detail, built["variant"].to_numpy(object))


def _thermal_interference(
    built: pd.DataFrame, solutions: pd.DataFrame, loops: gpd.GeoDataFrame | None, assumptions: Assumptions
) -> list[pd.DataFrame]:
    """Return how much systems cool each other, by who the other is.

    Loops of one cluster are designed together: what they do to each other is paid for in depth. Other clusters count as
    if all were built. A registered loop is someone else's: cooling it too far blocks, unless as much heat is given back
    as can be expected.
    """
    felt = built[["cluster_id", "variant"]].merge(solutions, on=["cluster_id", "variant"], how="left")
    limit = assumptions.ground.cooling_limit_k
    given_back = felt["regeneration_kwh"].to_numpy(dtype=float)
    columns = {
        "cooling": "cooling_within_k",
        "cooling_clusters": "cooling_by_clusters_k",
        "cooling_registered": "cooling_at_registered_k",
    }
    rows = []
    for check, column in columns.items():
        kelvin = felt[column].to_numpy(dtype=float)
        outcome = np.select([np.isnan(kelvin), kelvin > limit], ["unknown", "attention"], "ok").astype(object)
        if check == "cooling_registered":
            most = limit / (1 - assumptions.checks.regeneration_possible_share)
            outcome = np.select([np.isnan(kelvin), kelvin > most], ["unknown", "blocked"], "attention").astype(object)
            outcome[loops is None] = "unknown"
        detail = [_cooled(k, limit, kwh) for k, kwh in zip(kelvin, given_back, strict=True)]
        rows.append(_rows(check, felt["cluster_id"], outcome, detail, felt["variant"].to_numpy(object)))
    return rows


def check_together(checks: pd.DataFrame, cooled: pd.Series, *, assumptions: Assumptions) -> pd.DataFrame:
    """Add whether what is promising stays so when every promising network is built.

    Parameters
    ----------
    checks : DataFrame
        As `check_rules` gives them.
    cooled : Series
        How much the other promising networks cool each [K], by `cluster_id`.
    assumptions : Assumptions
        Section `ground`.

    Returns
    -------
    DataFrame
        `checks` with a row `cooling_together` per promising cluster.
    """
    limit = assumptions.ground.cooling_limit_k
    outcome = np.where(cooled.to_numpy() > limit, "attention", "ok")
    detail = [f"at most {k:.1f} K, limit {limit:g} K" for k in cooled]
    added = _finished([_rows("cooling_together", cooled.index, outcome, detail)])
    return _ordered(pd.concat([checks, added], ignore_index=True)) if len(added) else checks


def _cooled(kelvin: float, limit: float, given_back_kwh: float) -> str:
    if np.isnan(kelvin):
        return "not computed"
    if kelvin <= limit:
        return f"at most {kelvin:.1f} K, limit {limit:g} K"
    return f"at most {kelvin:.1f} K, limit {limit:g} K; {given_back_kwh:.0f} kWh a year given back mends it"


def _registered_loops(
    clusters: gpd.GeoDataFrame,
    boreholes: gpd.GeoDataFrame,
    loops: gpd.GeoDataFrame | None,
    assumptions: Assumptions,
) -> pd.DataFrame:
    """Return how many registered loops lie near; none found is no proof, so the outcome is never ok."""
    if loops is None:
        return _rows("interference", clusters["cluster_id"], "unknown", "no layer says")
    within = assumptions.checks.loops_within_m
    places = np.concatenate([clusters.geometry.to_numpy(), boreholes.geometry.to_numpy()])
    owner = np.concatenate([clusters["cluster_id"].to_numpy(object), boreholes["cluster_id"].to_numpy(object)])
    place, loop = shapely.STRtree(loops.geometry.to_numpy()).query(places, predicate="dwithin", distance=within)
    near = pd.DataFrame({"cluster_id": owner[place], "loop": loop}).groupby("cluster_id")["loop"].nunique()
    count = near.reindex(clusters["cluster_id"], fill_value=0)
    detail = [f"{n} registered loops within {within:g} m; the register is incomplete" for n in count]
    return _rows("interference", count.index, "attention", detail)


def _data(clusters: gpd.GeoDataFrame, not_given: Sequence[str]) -> pd.DataFrame:
    """Return whether every layer was given: what is absent was not checked."""
    detail = f"not given: {', '.join(not_given)}" if not_given else "every layer was given"
    return _rows("data", clusters["cluster_id"], "unknown" if not_given else "ok", detail)


def _general(clusters: gpd.GeoDataFrame, built: pd.DataFrame, assumptions: Assumptions) -> list[pd.DataFrame]:
    """Return the duties that hold for every network, or for every network of a kind."""
    some = clusters["cluster_id"][clusters["cluster_id"].isin(built["cluster_id"])]
    limit = assumptions.checks.collective_from_homes
    homes = clusters.set_index("cluster_id")["homes"].astype(int).reindex(some)
    ring = built["variant"].str.startswith("ring_net").to_numpy(bool)
    return [
        _rows("notice", some, "attention", "notify the municipality at least 4 weeks ahead"),
        _rows(
            "collective_heat_act",
            some,
            np.where(homes >= limit, "attention", "ok"),
            [f"{n} homes; from {limit} an exemption is needed" for n in homes],
        ),
        _rows(
            "monitoring", built["cluster_id"], "attention", "measure and register", built["variant"].to_numpy(object)
        ),
        _rows("cables", some, "attention", "ask for cables and pipes before digging"),
        _rows(
            "patent",
            built["cluster_id"][ring],
            "attention",
            "ask Uiteigenbodem",
            built["variant"].to_numpy(object)[ring],
        ),
    ]
