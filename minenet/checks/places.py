"""Checks that a place answers: zones, whose ground it is, and how deep one may drill."""

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from minenet.assumptions import Profile
from minenet.checks.listing import listed
from minenet.checks.municipal import with_profile

__all__ = [
    "answers",
    "count",
    "depth_limit",
    "homes_in_zones",
    "joined",
    "others_ground",
    "ownership",
    "placed_in_zones",
    "plots_known",
    "subject",
    "summary",
    "zone_checks",
    "zone_conditions",
]

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


def subject(kind: pd.Series) -> pd.Series:
    """Return the check that a kind of zone is about; null when it is about none of them."""
    known = {name: check for check, names in SUBJECTS.items() for name in names}
    return kind.str.casefold().str.replace(r"[\s_-]+", "_", regex=True).map(known)


def homes_in_zones(homes: gpd.GeoDataFrame, zones: gpd.GeoDataFrame | None) -> pd.DataFrame:
    """Return one row per home in a cluster and zone it lies in: `cluster_id, home` and what the zone says."""
    return _in_zones(homes[homes["cluster_id"].notna()], zones).rename(columns={"place": "home"})


def placed_in_zones(
    boreholes: gpd.GeoDataFrame, pipes: gpd.GeoDataFrame, zones: gpd.GeoDataFrame | None
) -> pd.DataFrame:
    """Return one row per borehole or pipe and zone it lies in: `cluster_id, drilled` and what the zone says."""
    parts = [_in_zones(placed, zones).assign(drilled=placed is boreholes) for placed in (boreholes, pipes)]
    return pd.concat(parts, ignore_index=True)


def _in_zones(placed: gpd.GeoDataFrame, zones: gpd.GeoDataFrame | None) -> pd.DataFrame:
    columns = ["kind", "effect", "value", "name", "source", "date", "subject"]
    if zones is None:
        return pd.DataFrame(columns=["cluster_id", "place", *columns])
    place, zone = shapely.STRtree(zones.geometry.to_numpy()).query(placed.geometry.to_numpy(), predicate="intersects")
    found: pd.DataFrame = zones.reindex(columns=columns).iloc[zone].reset_index(drop=True)
    return found.assign(cluster_id=placed["cluster_id"].to_numpy(object)[place], place=place)


def _speaks_of(check: str, zones: gpd.GeoDataFrame | None) -> bool:
    """Tell whether the layer says anything of the subject of a check."""
    return zones is not None and bool(np.any(zones["subject"].eq(check) | answers(check, zones)))


def answers(check: str, zones: pd.DataFrame) -> pd.Series:
    """Return which zones answer a check; what is said of the streets answers nothing on the ground."""
    if check in EFFECTS:
        return zones["effect"].eq(EFFECTS[check]) & ~zones["subject"].eq("public_space")
    return zones["subject"].eq(check)


def summary(hits: pd.DataFrame, size: pd.Series) -> pd.DataFrame:
    """Return by cluster how many homes lie in the zones, their names and their sources."""
    groups = _worded(hits).groupby("cluster_id")
    found = groups[["label", "basis"]].agg(joined)
    found["inside"] = groups["home"].nunique()
    found = found.reindex(size.index).fillna({"label": "", "basis": "", "inside": 0})
    return found.astype({"inside": int}).assign(total=size)


def _worded(hits: pd.DataFrame) -> pd.DataFrame:
    """Return what lies in zones with the name and the source of each zone in words."""
    return hits.assign(
        label=hits["name"].fillna(hits["kind"]).astype(str),
        basis=hits["source"].fillna("").astype(str) + (" (" + hits["date"].astype("str") + ")").fillna(""),
    )


def joined(texts: Iterable[object]) -> str:
    """Return every text once, in the order of the alphabet."""
    return "; ".join(sorted({str(text) for text in texts if text}))


def zone_checks(
    size: pd.Series,
    hits: pd.DataFrame,
    placed: pd.DataFrame,
    zones: gpd.GeoDataFrame | None,
    clusters: gpd.GeoDataFrame,
    *,
    profile: Profile,
    blocking: float,
) -> list[pd.DataFrame]:
    """Return the checks that a zone answers for a whole cluster, whatever the variant.

    Homes that lie in no zone have the answer of the municipality's profile, where it gives one. A borehole in an
    interference area asks for its permit wherever the homes lie.
    """
    touched = _touched_by_ban(clusters, zones)
    found = {}
    for check in ("drilling_ban", "heat_network_planned", "interference_area", "support"):
        rows = listed(check, size.index, "unknown", "no layer says").assign(basis="", share=0.0)
        if _speaks_of(check, zones):
            inside = summary(hits[answers(check, hits)], size)
            share = (inside["inside"] / inside["total"].clip(lower=1)).to_numpy()
            detail = [
                f"{some} of {total} homes in: {label}" if some else "outside every such zone"
                for some, total, label in inside[["inside", "total", "label"]].to_numpy(object)
            ]
            outcome = _zone_outcome(check, share, touched, blocking)
            rows = listed(check, size.index, outcome, detail).assign(
                basis=inside["basis"].to_numpy(object), share=share
            )
        found[check] = with_profile(rows, check, profile)
    found["interference_area"] = _where_drilled(found["interference_area"], placed)
    return list(found.values())


def _where_drilled(rows: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """Return rows on the interference area with attention where no home but a borehole stands in one."""
    drilled = _worded(placed[answers("interference_area", placed) & placed["drilled"].astype(bool)])
    told = drilled.groupby("cluster_id")[["label", "basis"]].agg(joined).reindex(rows["cluster_id"])
    there = told["label"].notna().to_numpy() & rows["outcome"].eq("ok").to_numpy()
    return rows.assign(
        outcome=rows["outcome"].mask(there, "attention"),
        detail=rows["detail"].mask(there, "boreholes or pipes in: " + told["label"].set_axis(rows.index)),
        basis=rows["basis"].mask(there, told["basis"].set_axis(rows.index)),
    )


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
        bans = zones[answers("drilling_ban", zones)]
        cluster, _ = shapely.STRtree(bans.geometry.to_numpy()).query(
            clusters.geometry.to_numpy(), predicate="intersects"
        )
        touched[cluster] = True
    return touched


def count(placed: pd.DataFrame, ownership: str) -> pd.DataFrame:
    """Return by cluster and variant how many boreholes or pipes stand in ground of that owner."""
    chosen = placed[placed["ownership"].eq(ownership)]
    return chosen.groupby(["cluster_id", "variant"]).size().rename("count").reset_index()


def ownership(built: pd.DataFrame, boreholes: gpd.GeoDataFrame, pipes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return whether it is known whose ground the boreholes and pipes need."""
    rows = built
    for name, placed, owner in (
        ("holes", boreholes, "unknown"),
        ("runs", pipes, "unknown"),
        ("neighbours", boreholes, "neighbour"),
    ):
        number = count(placed, owner).rename(columns={"count": name})
        rows = rows.merge(number, how="left", on=["cluster_id", "variant"]).fillna({name: 0})
    unknown, neighbour = (rows["holes"] + rows["runs"]) > 0, rows["neighbours"] > 0
    outcome = np.select([unknown, neighbour], ["unknown", "attention"], "ok")
    detail = [
        f"owner unknown for {r.holes:.0f} boreholes and {r.runs:.0f} pipe runs; "
        f"{r.neighbours:.0f} boreholes in a neighbour's ground"
        for r in rows.itertuples()
    ]
    return listed("ownership", rows["cluster_id"], outcome, detail, rows["variant"].to_numpy(object))


def others_ground(built: pd.DataFrame, pipes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return whether pipes run through plots of people who do not take part: each of them must consent."""
    key = ["cluster_id", "variant"]
    given = pipes.reindex(columns=[*key, "others_m"])
    given = given.assign(unknown=given["others_m"].isna())
    sums = given.groupby(key).agg({"others_m": "sum", "unknown": "any"})
    metres = sums["others_m"].mask(sums["unknown"].astype(bool))
    through = metres.reindex(pd.MultiIndex.from_frame(built[key])).to_numpy(dtype=float)
    outcome = np.select([np.isnan(through), through > 0], ["unknown", "attention"], "ok")
    detail = [
        "no layer says"
        if np.isnan(m)
        else f"{max(m, 1):.0f} m of trench through plots without a home that takes part"
        if m
        else NO_OTHERS
        for m in through
    ]
    return listed("others_ground", built["cluster_id"], outcome, detail, built["variant"].to_numpy(object))


NO_OTHERS = "no trench through plots of others"


def plots_known(clusters: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return whether it is known where plots end: clearances and own loops hang on it."""
    given = clusters.reindex(columns=["plots", "plots_drawn_over"])
    source, over = given["plots"].astype("object"), given["plots_drawn_over"].fillna(0).to_numpy(dtype=int)
    drawn, none = (source == "drawn").to_numpy(), source.isna().to_numpy()
    outcome = np.select([none, drawn | (over > 0)], ["unknown", "attention"], "ok")
    detail = np.where(drawn, "plots drawn from private land and the nearest home", "plots of the cadastre")
    detail = np.where(over > 0, [f"{n} plots are drawn over another" for n in over], detail)
    return listed("plots", clusters["cluster_id"], outcome, np.where(none, "no layer says", detail))


def depth_limit(
    built: pd.DataFrame,
    boreholes: gpd.GeoDataFrame,
    size: pd.Series,
    hits: pd.DataFrame,
    zones: gpd.GeoDataFrame | None,
) -> pd.DataFrame:
    """Return whether boreholes keep above the depth that a zone sets where they stand."""
    ids, variants = built["cluster_id"], built["variant"].to_numpy(object)
    if not _speaks_of("depth_limit", zones) or zones is None:
        return listed("depth_limit", ids, "unknown", "no layer says", variants)
    limits = zones[answers("depth_limit", zones)]
    hole, zone = shapely.STRtree(limits.geometry.to_numpy()).query(
        boreholes.geometry.to_numpy(), predicate="intersects"
    )
    found = boreholes[["cluster_id", "variant", "depth_m"]].iloc[hole].reset_index(drop=True)
    found = found.assign(limit=limits["value"].to_numpy("float64")[zone])
    found["over"] = found["depth_m"] - found["limit"]
    worst = found.groupby(["cluster_id", "variant"]).agg(limit=("limit", "min"), over=("over", "max"))
    worst = worst.reindex(pd.MultiIndex.from_frame(built[["cluster_id", "variant"]]))
    near = (summary(hits[answers("depth_limit", hits)], size)["inside"].reindex(ids) > 0).to_numpy() | worst[
        "limit"
    ].notna()
    outcome = np.select([worst["over"] > 0, near], ["blocked", "attention"], "ok")
    detail = [
        f"limit {limit:g} m" if limit == limit else "a limit holds nearby" if here else "no limit here"  # noqa: PLR0124
        for limit, here in zip(worst["limit"], near, strict=True)
    ]
    return listed("depth_limit", ids, outcome, detail, variants)


def zone_conditions(hits: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """Return the zones that ask for a permit or a notice of their own, where homes or what is built lie in them."""
    homes, built = _with_conditions(hits), _with_conditions(placed)
    found = summary(homes, homes.groupby("cluster_id")["home"].nunique())
    only = built[~built["cluster_id"].isin(found.index)].groupby("cluster_id")[["label", "basis"]].agg(joined)
    detail = [f"{r.inside} homes in: {r.label!s}" for r in found.itertuples()]
    detail += [f"boreholes or pipes in: {label}" for label in only["label"]]
    basis = pd.concat([found["basis"], only["basis"]])
    return listed("zone_conditions", basis.index, "attention", detail).assign(basis=basis.to_numpy(object))


def _with_conditions(hits: pd.DataFrame) -> pd.DataFrame:
    other = ~hits["subject"].isin(("public_space", "interference_area"))
    return _worded(hits[other & hits["effect"].isin(("permit", "notice"))])
