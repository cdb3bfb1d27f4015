"""Checks on public space: may it be used, for how much, asked how long ahead, and with what permit for the pipes."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from minenet.assumptions import Profile
from minenet.checks.listing import listed
from minenet.checks.municipal import OUTCOME_OF, SILENT, named
from minenet.checks.places import answers, count, joined, summary

__all__ = ["pipe_permit", "public_space"]

KEY = ["cluster_id", "variant"]

STREET_EFFECTS = ("ban", "permit", "notice", "support")
"""What a zone of kind `public_space` can say: no, ask, tell, or yes."""

NOT_KNOWN_WHOSE = "whose ground it is, is not known"


def public_space(
    built: pd.DataFrame,
    boreholes: gpd.GeoDataFrame,
    pipes: gpd.GeoDataFrame,
    size: pd.Series,
    hits: pd.DataFrame,
    *,
    zones: gpd.GeoDataFrame | None,
    profile: Profile,
) -> pd.DataFrame:
    """Return whether public ground may be used, for every variant that needs it, or may need it.

    Where zones do not answer for all homes, the profile answers for the rest. A refusal by the profile blocks what is
    known to need public ground; where the owner of the ground is not known it leaves the question open.
    """
    rows = _needs(built, boreholes, pipes)
    needed, perhaps = rows["needed"].to_numpy(bool), rows["perhaps"].to_numpy(bool)
    by_zone = _said_by_zones(rows, boreholes, pipes, size, hits, zones)
    said = profile.answers["public_space"]
    rest = OUTCOME_OF.get(said.answer, "unknown")
    elsewhere = ~by_zone["whole"].to_numpy(bool)
    refused = elsewhere & (rest == "blocked")
    open_ = elsewhere & (rest == "unknown") | refused & ~needed
    asked = by_zone["asked"].to_numpy(bool) | elsewhere & (rest == "attention")
    outcome = np.select(
        [~needed & ~perhaps, by_zone["banned"], open_, refused, asked],
        ["ok", "blocked", "unknown", "blocked", "attention"],
        "ok",
    )
    by_profile = elsewhere & (rest != "unknown")
    label = _with(by_zone["label"], named(profile, said), by_profile)
    basis = _with(by_zone["basis"], said.basis, by_profile)
    terms = np.where(outcome == "blocked", "", _terms(profile, rows["public_trench_m"].to_numpy(float)))
    detail = np.where(perhaps, NOT_KNOWN_WHOSE, "needs no public ground").astype(object)
    told = zip(rows["public_trench_m"], rows["holes"], label, terms, strict=True)
    detail = np.where(needed, np.array([_detail(*one) for one in told], object), detail)
    checked = listed("public_space", rows["cluster_id"], outcome, detail, rows["variant"].to_numpy(object))
    return checked.assign(basis=np.where(needed, basis, ""))


def _needs(built: pd.DataFrame, boreholes: gpd.GeoDataFrame, pipes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return what each variant needs of public ground, and whether it may need more that nobody knows the owner of."""
    rows = built
    for name, placed, owner in (
        ("holes", boreholes, "public"),
        ("holes_unknown", boreholes, "unknown"),
        ("runs_unknown", pipes, "unknown"),
    ):
        rows = rows.merge(count(placed, owner).rename(columns={"count": name}), how="left", on=KEY).fillna({name: 0})
    rows = rows.fillna({"public_trench_m": 0})
    return rows.assign(
        needed=(rows["public_trench_m"] > 0) | (rows["holes"] > 0),
        perhaps=rows["holes_unknown"] + rows["runs_unknown"] > 0,
    )


def _said_by_zones(
    rows: pd.DataFrame,
    boreholes: gpd.GeoDataFrame,
    pipes: gpd.GeoDataFrame,
    size: pd.Series,
    hits: pd.DataFrame,
    zones: gpd.GeoDataFrame | None,
) -> pd.DataFrame:
    """Return per variant what zones of public space say: `label, basis, whole, banned, asked`."""
    streets = hits[answers("public_space", hits) & hits["effect"].isin(STREET_EFFECTS)]
    found = summary(streets, size).reindex(rows["cluster_id"])
    effects = streets.groupby("cluster_id")["effect"].agg(set).reindex(rows["cluster_id"])
    sets = [effect if isinstance(effect, set) else set() for effect in effects]
    touched = pd.MultiIndex.from_frame(rows[KEY]).isin(_in_banned_streets(boreholes, pipes, zones))
    return found.fillna({"label": "", "basis": ""}).assign(
        whole=(found["inside"] == found["total"]) & (found["total"] > 0),
        banned=np.array(["ban" in effect for effect in sets], bool) | touched,
        asked=np.array([bool(effect & {"permit", "notice"}) for effect in sets], bool),
    )


def _in_banned_streets(
    boreholes: gpd.GeoDataFrame, pipes: gpd.GeoDataFrame, zones: gpd.GeoDataFrame | None
) -> list[tuple[str, str]]:
    """Return clusters and variants with a pipe or borehole where a zone bans the use of public space."""
    if zones is None:
        return []
    bans = zones[answers("public_space", zones) & zones["effect"].eq("ban")]
    found: list[tuple[str, str]] = []
    for placed in (boreholes, pipes):
        mine = placed[~placed["ownership"].isin(["private", "own", "neighbour"])]
        hit = np.unique(shapely.STRtree(mine.geometry.to_numpy()).query(bans.geometry.to_numpy(), "intersects")[1])
        found += list(mine.iloc[hit][KEY].itertuples(index=False, name=None))
    return found


def _with(texts: pd.Series, more: str, where: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
    """Return what zones say, joined with what the profile says where it counts."""
    told = [joined((text, more if here else "")) for text, here in zip(texts, where, strict=True)]
    return np.array(told, object)


def _terms(profile: Profile, trench_m: npt.NDArray[np.float64]) -> npt.NDArray[np.object_]:
    """Return what the use of public space costs and how long ahead it is asked for, by length of trench [m]."""
    weeks = "" if profile.lead_time_weeks is None else f"ask {profile.lead_time_weeks} weeks ahead"
    fees = [profile.use_fee(metres) for metres in trench_m]
    parts = [["" if fee is None else f"fee {fee:.0f} EUR", weeks] for fee in fees]
    return np.array([", ".join(filter(None, part)) for part in parts], object)


def _detail(trench_m: float, boreholes: float, label: str, terms: str) -> str:
    told = f"{trench_m:.0f} m of trench and {boreholes:.0f} boreholes in public ground"
    told = f"{told}: {label}" if label else told
    return f"{told}; {terms}" if terms else told


def pipe_permit(built: pd.DataFrame, pipes: gpd.GeoDataFrame, profile: Profile) -> pd.DataFrame:
    """Return what permit the pipes of a variant need, by how long their trench in public ground is.

    Classes of length differ by municipality: only its profile knows them.
    """
    lost = pd.MultiIndex.from_frame(pipes.loc[pipes["ownership"].eq("unknown"), KEY].astype(object))
    trench = built["public_trench_m"].to_numpy(dtype=float)
    whose = pd.MultiIndex.from_frame(built[KEY].astype(object)).isin(lost) | np.isnan(trench)
    outcome = np.select([whose, trench == 0], ["unknown", "ok"], "attention" if profile.length_classes else "unknown")
    detail = np.select([whose, trench == 0], [NOT_KNOWN_WHOSE, "needs no trench in public ground"], SILENT).astype(
        object
    )
    asked = outcome == "attention"
    detail[asked] = [_permit(length, profile) for length in trench[asked]]
    rows = listed("pipe_permit", built["cluster_id"], outcome, detail, built["variant"].to_numpy(object))
    return rows.assign(basis=np.where(asked, profile.answers["public_space"].basis, ""))


def _permit(trench_m: float, profile: Profile) -> str:
    one = profile.permit_class(trench_m)
    if one is None:
        return SILENT
    weeks = profile.lead_time_weeks if one.lead_time_weeks is None else one.lead_time_weeks
    told = f"{trench_m:.0f} m of trench in public ground: a permit of {one.fee(trench_m):.0f} EUR"
    return told if weeks is None else f"{told}, asked {weeks} weeks ahead"
