"""Checks that a place answers: zones, public space, whose ground it is, and how deep one may drill."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from minenet.checks.listing import listed

__all__ = [
    "depth_limit",
    "homes_in_zones",
    "ownership",
    "plots_known",
    "public_space",
    "subject",
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

STREET_EFFECTS = ("ban", "permit", "notice", "support")
"""What a zone of kind `public_space` can say: no, ask, tell, or yes."""


def subject(kind: pd.Series) -> pd.Series:
    """Return the check that a kind of zone is about; null when it is about none of them."""
    known = {name: check for check, names in SUBJECTS.items() for name in names}
    return kind.str.casefold().str.replace(r"[\s_-]+", "_", regex=True).map(known)


def homes_in_zones(homes: gpd.GeoDataFrame, zones: gpd.GeoDataFrame | None) -> pd.DataFrame:
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


def zone_checks(
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
            found[check] = listed(check, size.index, "unknown", "no layer says")
            continue
        inside = _summary(hits[_answers(check, hits)], size)
        share = inside["inside"] / inside["total"].clip(lower=1)
        detail = [
            f"{count} of {total} homes in: {label}" if count else "outside every such zone"
            for count, total, label in inside[["inside", "total", "label"]].to_numpy(object)
        ]
        outcome = _zone_outcome(check, share.to_numpy(), touched, blocking)
        found[check] = listed(check, size.index, outcome, detail).assign(basis=inside["basis"].to_numpy(object))
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


def public_space(
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
    checked = listed("public_space", rows["cluster_id"], outcome, detail, rows["variant"].to_numpy(object))
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


def ownership(built: pd.DataFrame, boreholes: gpd.GeoDataFrame, pipes: gpd.GeoDataFrame) -> pd.DataFrame:
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
    return listed("ownership", rows["cluster_id"], outcome, detail, rows["variant"].to_numpy(object))


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
    return listed("depth_limit", ids, outcome, detail, variants)


def zone_conditions(hits: pd.DataFrame) -> pd.DataFrame:
    """Return the zones that ask for a permit or a notice of their own."""
    other = ~hits["subject"].isin(("public_space", "interference_area"))
    asked = hits[other & hits["effect"].isin(("permit", "notice"))]
    size = asked.groupby("cluster_id")["home"].nunique()
    found = _summary(asked, size)
    detail = [f"{r.inside} homes in: {r.label!s}" for r in found.itertuples()]
    return listed("zone_conditions", found.index, "attention", detail).assign(basis=found["basis"].to_numpy(object))
