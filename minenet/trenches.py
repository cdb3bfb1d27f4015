"""The graph of where a pipe may lie, and where each building joins it.

Street centre lines become edges: loose ends are snapped, water, barriers and main roads cut them (bridges stay), and
what remains is noded. Along main roads a trench lies on either side, never across. A building joins the nearest edge
that it can reach by a straight service trench through no other building, water or barrier.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_array

from minenet.assumptions import Trenches
from minenet.tables import MAIN_ROADS, Area, shapes_of

__all__ = ["TrenchGraph", "build_trenches", "from_facade", "grazed", "ownership_at", "runs_through"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]

GRID_M = 0.001
"""Coordinates that agree to a millimetre are one node."""

CUT_M = 0.25
"""Half the gap left in a street where a barrier cuts it."""

GRAZE_M = 0.05
"""A pipe may cut this deep into the corner of another building: maps are not truer than that."""

CORNER_M = 2.0
"""A trench from the middle of the facade is preferred unless one from the nearest corner is shorter by this."""

CRACK_M = 0.2
"""Buildings closer than this leave no room for a pipe between them."""

NEAREST_EDGES = 6
"""How many of the nearest edges a building tries to reach."""


@dataclass(frozen=True)
class TrenchGraph:
    """Where a pipe may lie.

    Attributes
    ----------
    nodes : array (n, 2)
        Coordinates. [m]
    edges : GeoDataFrame
        `start, end` (nodes), `length_m`, `name` (of the street), `ownership`, geometry.
    services : GeoDataFrame
        One row per building that can be joined: `building_id, node, length_m, name` (of the street), geometry from the
        facade to the trench.
    left_out : Series
        Reason by `building_id` of buildings that cannot be joined.
    notes : mapping
        What was snapped, cut, bridged or dropped.
    """

    nodes: Floats
    edges: gpd.GeoDataFrame
    services: gpd.GeoDataFrame
    left_out: pd.Series
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def matrix(self) -> csr_array:
        """Sparse symmetric matrix of edge lengths [m], the shortest where two edges join the same nodes."""
        return length_matrix(len(self.nodes), self.edges)


def length_matrix(size: int, edges: pd.DataFrame) -> csr_array:
    """Return the sparse symmetric matrix of edge lengths [m] between `size` nodes."""
    start, end, length = (edges[c].to_numpy() for c in ("start", "end", "length_m"))
    low, high = np.minimum(start, end), np.maximum(start, end)
    order = np.lexsort((length, high, low))
    low, high, length = low[order], high[order], np.maximum(length[order], GRID_M)
    first = np.ones(len(low), dtype=bool)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    first &= low != high  # a closed edge leads nowhere
    low, high, length = low[first], high[first], length[first]
    rows, columns = np.concatenate([low, high]), np.concatenate([high, low])
    return csr_array((np.concatenate([length, length]), (rows, columns)), shape=(size, size))


def build_trenches(area: Area, building_ids: pd.Series, *, assumptions: Trenches) -> TrenchGraph:
    """Build the trench graph of an area and join buildings to it.

    Parameters
    ----------
    area : Area
        Streets, and barriers, water and land where given.
    building_ids : Series
        Buildings to join (those with homes that can take part).
    assumptions : Trenches
        Section `trenches`.

    Returns
    -------
    TrenchGraph
        Edges, service trenches, and buildings that cannot be joined with their reason (`no_street_nearby`,
        `no_free_service_path`, `stands_in_water`).
    """
    lines, barrier, notes = _trench_lines(area, assumptions)
    edges = _noded(lines)
    buildings = area.buildings
    joined = buildings[buildings["building_id"].isin(building_ids.unique())].reset_index(drop=True)
    services, left_out = _services(joined, buildings, edges, barrier, assumptions.max_service_m)
    left_out = _afloat(left_out, joined, area.water)
    nodes, edges, services = _split(edges, services)
    edges["ownership"] = ownership_at(shapely.line_interpolate_point(shapes_of(edges), 0.5, normalized=True), area.land)
    edges["ownership"] = edges["ownership"].where(edges["ownership"] == "private", "public")  # a street is public
    return TrenchGraph(nodes, edges, services, left_out, notes)


def ownership_at(points: Shapes, land: gpd.GeoDataFrame | None) -> pd.Series:
    """Return whose ground each point lies in: `public`, `private` or `unknown` (no land there, or of unknown owner)."""
    ownership = np.full(len(points), "unknown", dtype=object)
    if land is not None and len(land):
        known = land[land["ownership"].notna()]
        point, polygon = shapely.STRtree(np.asarray(points)).query(shapes_of(known), "intersects")[::-1]
        order = np.lexsort((known["ownership"].to_numpy()[polygon], point))[::-1]  # private before public on overlaps
        ownership[point[order]] = known["ownership"].to_numpy()[polygon[order]]
    return pd.Series(ownership, dtype="str")


# --- streets to lines -------------------------------------------------------------------------------------------------


def _trench_lines(area: Area, assumptions: Trenches) -> tuple[gpd.GeoDataFrame, shapely.STRtree, dict[str, str]]:
    """Return lines a trench may follow (`name, level`), what no trench crosses, and what was done on the way."""
    streets = area.streets.explode(ignore_index=True)
    streets = streets[streets.length > GRID_M].reset_index(drop=True)
    bridge = streets["bridge"].fillna(value=False).to_numpy(dtype=bool)
    tunnel = streets["tunnel"].fillna(value=False).to_numpy(dtype=bool)
    road = streets["road_class"].fillna("").str.removesuffix("_link")
    main = road.isin(MAIN_ROADS).to_numpy()
    level = streets["layer"].astype("float64").fillna(0).to_numpy() + bridge * 0.5  # a bridge meets others at its ends
    lines = gpd.GeoDataFrame({"name": streets["name"], "level": level}, geometry=streets.geometry, crs=streets.crs)
    snaps = _snaps(lines[~main], assumptions.snap_m)
    barrier = _barrier(area, lines[main & ~bridge & ~tunnel])
    sides = _sides(lines[main & ~bridge & ~tunnel], streets[main & ~bridge & ~tunnel], assumptions.main_road_side_m)
    free = lines[~main & ~tunnel & bridge]
    cut = pd.concat([lines[~main & ~tunnel & ~bridge], snaps, sides], ignore_index=True)
    rest, cut_count = _without(shapes_of(gpd.GeoDataFrame(cut)), barrier)
    kept = cut.assign(geometry=rest).explode(ignore_index=True)
    crossing = free.index[np.unique(barrier.query(shapes_of(free), predicate="intersects")[0])]
    notes = {
        "trenches.street_ends_snapped": str(len(snaps)),
        "trenches.streets_cut_by_water_barrier_or_main_road": str(cut_count),
        "trenches.streets_in_tunnels_not_used": str(int((tunnel & ~main).sum())),
        "trenches.main_roads_followed_on_either_side": str(int((main & ~bridge & ~tunnel).sum())),
        "trenches.crossings_by_bridge": ";".join(sorted(set(streets.loc[crossing, "street_id"]))) or "0",
    }
    lines = pd.concat([kept[kept.length > GRID_M], free], ignore_index=True)
    return gpd.GeoDataFrame(lines, crs=streets.crs), barrier, {k: v for k, v in notes.items() if v != "0"}


def _snaps(lines: gpd.GeoDataFrame, snap_m: float) -> gpd.GeoDataFrame:
    """Return short lines from loose street ends to the street that they nearly meet."""
    shapes = shapes_of(lines)
    ends = np.concatenate([shapely.get_point(shapes, 0), shapely.get_point(shapes, -1)])
    owner = np.tile(np.arange(len(shapes)), 2)
    end, other = shapely.STRtree(shapes).query(ends, predicate="dwithin", distance=max(snap_m, GRID_M))
    level = lines["level"].to_numpy()
    foreign = (owner[end] != other) & (np.floor(level[owner[end]]) == np.floor(level[other]))
    end, other = end[foreign], other[foreign]
    distance = shapely.distance(ends[end], shapes[other])
    order = np.lexsort((other, distance, end))
    end, other, distance = end[order], other[order], distance[order]
    nearest = np.ones(len(end), dtype=bool)
    nearest[1:] = end[1:] != end[:-1]
    loose = nearest & (distance > GRID_M)
    snaps = shapely.shortest_line(ends[end[loose]], shapes[other[loose]])
    rows = lines.iloc[owner[end[loose]]][["name", "level"]].reset_index(drop=True)
    return gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(snaps, index=rows.index, crs=lines.crs), crs=lines.crs)


def _barrier(area: Area, main_roads: gpd.GeoDataFrame) -> shapely.STRtree:
    """Return all that no trench crosses, as a tree of areas: water, barriers and main roads."""
    parts = [shapely.buffer(shapes_of(main_roads), CUT_M, quad_segs=2, cap_style="flat")]
    if area.barriers is not None:
        parts.append(shapely.buffer(shapes_of(area.barriers), CUT_M, quad_segs=2))
    if area.water is not None:
        parts.append(shapes_of(area.water))
    return shapely.STRtree(np.concatenate(parts))


def _without(lines: Shapes, barrier: shapely.STRtree) -> tuple[Shapes, int]:
    """Return lines less what lies in the barrier, and how many were cut."""
    line, part = barrier.query(lines, predicate="intersects")
    order = np.argsort(line, kind="stable")
    touched, start = np.unique(line[order], return_index=True)
    rest = lines.copy()
    for i, parts in zip(touched, np.split(part[order], start[1:]), strict=True) if len(touched) else ():
        rest[i] = shapely.difference(lines[i], shapely.union_all(barrier.geometries[parts]))
    shorter = shapely.length(rest[touched]) < shapely.length(lines[touched]) - GRID_M
    return rest, int(shorter.sum())


def _sides(lines: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, side_m: float) -> gpd.GeoDataFrame:
    """Return a line along either side of main roads, which their own homes may join."""
    parts = []
    for name, group in lines.groupby(streets["name"].fillna(""), sort=True):
        merged = shapely.get_parts([shapely.line_merge(shapely.union_all(np.asarray(group.geometry)))])
        both = np.concatenate([shapely.offset_curve(merged, side_m), shapely.offset_curve(merged, -side_m)])
        both = both[~shapely.is_empty(both)]
        parts.append(pd.DataFrame({"name": name or None, "level": 0.0, "geometry": both}))
    if not parts:
        return gpd.GeoDataFrame({"name": [], "level": []}, geometry=[], crs=lines.crs)
    sides = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=lines.crs)
    return sides.explode(ignore_index=True)


def _noded(lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return lines cut where they meet on their own level, with the name of the line they came from."""
    parts = []
    for level, group in lines.groupby("level", sort=True):
        whole = np.asarray(group.geometry)
        pieces = shapely.get_parts([shapely.node(shapely.union_all(whole))])
        middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
        source = shapely.STRtree(whole).nearest(middle)
        parts.append(pd.DataFrame({"name": group["name"].to_numpy()[source], "level": level, "geometry": pieces}))
    if not parts:
        return gpd.GeoDataFrame({"name": [], "level": []}, geometry=[], crs=lines.crs)
    edges = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=lines.crs)
    edges = edges.set_geometry(edges.geometry.normalize())
    order = np.argsort(edges.geometry.to_wkb(hex=True).to_numpy(), kind="stable")  # the same whatever the row order
    return edges.iloc[order].reset_index(drop=True)


# --- buildings to lines -----------------------------------------------------------------------------------------------


def _services(
    joined: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    edges: gpd.GeoDataFrame,
    barrier: shapely.STRtree,
    most: float,
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Return the shortest free service trench of each building, and the reason of those that have none."""
    shapes, streets = shapes_of(joined), shapes_of(edges)
    inner = shapely.point_on_surface(shapes)
    building, edge = shapely.STRtree(streets).query(shapes, predicate="dwithin", distance=most)
    building, edge = _nearest_few(building, edge, shapely.distance(inner[building], streets[edge]))
    from_middle = from_facade(shapely.shortest_line(inner[building], streets[edge]), shapes[building])
    from_corner = shapely.shortest_line(shapes[building], streets[edge])
    lines = np.concatenate([from_middle, from_corner])
    building, edge = np.tile(building, 2), np.tile(edge, 2)
    length = shapely.length(lines)
    worth = length + np.repeat([0.0, CORNER_M], len(from_middle))
    free = ~runs_through(lines, grazed(shapes_of(buildings)))
    free &= (length <= most) & ~_enters(lines, barrier)
    order = np.lexsort((edge, worth, ~free, building))
    first = order[np.unique(building[order], return_index=True)[1]]
    good = first[free[first]]
    services = gpd.GeoDataFrame(
        {
            "building_id": joined["building_id"].to_numpy()[building[good]],
            "edge": edge[good],
            "length_m": length[good],
            "name": edges["name"].to_numpy()[edge[good]],
        },
        geometry=lines[good],
        crs=joined.crs,
    )
    reason = np.full(len(joined), "no_street_nearby", dtype=object)
    reason[building] = "no_free_service_path"
    left = ~joined["building_id"].isin(services["building_id"]).to_numpy()
    return services, pd.Series(reason[left], index=joined["building_id"].to_numpy()[left], dtype="str")


def _afloat(left_out: pd.Series, joined: gpd.GeoDataFrame, water: gpd.GeoDataFrame | None) -> pd.Series:
    """Return reasons, with houseboats and other homes drawn in water named as such."""
    lost = joined[joined["building_id"].isin(left_out.index)]
    if water is None or lost.empty:
        return left_out
    inner = shapely.point_on_surface(shapes_of(lost))
    wet = lost["building_id"].to_numpy()[np.unique(shapely.STRtree(shapes_of(water)).query(inner, "intersects")[0])]
    return left_out.mask(left_out.index.isin(wet), "stands_in_water")


def _nearest_few(building: Ints, edge: Ints, distance: Floats) -> tuple[Ints, Ints]:
    order = np.lexsort((edge, distance, building))
    building, edge = building[order], edge[order]
    start = np.flatnonzero(np.r_[True, building[1:] != building[:-1]]) if len(building) else np.empty(0, dtype=int)
    place = np.arange(len(building)) - np.repeat(start, np.diff(np.r_[start, len(building)]))
    few = place < NEAREST_EDGES
    return building[few], edge[few]


def from_facade(lines: Shapes, shapes: Shapes) -> Shapes:
    """Return straight lines that start inside a building, from the point where they leave it for the last time."""
    first, last = (shapely.get_coordinates(shapely.get_point(lines, i)) for i in (0, -1))
    walls, owner = shapely.get_coordinates(shapely.intersection(lines, shapely.boundary(shapes)), return_index=True)
    way = last - first
    share = np.einsum("ij,ij->i", walls - first[owner], way[owner]) / np.maximum((way[owner] ** 2).sum(axis=1), 1e-12)
    leave = np.zeros(len(lines))
    np.maximum.at(leave, owner, np.clip(share, 0, 1))
    start = first + way * leave[:, None]
    return np.asarray(shapely.linestrings(np.stack([start, last], axis=1)))


def grazed(shapes: Shapes) -> shapely.STRtree:
    """Return buildings, less the rim that a pipe may graze, as a tree for `runs_through`.

    Buildings that touch, or leave no more than a crack between them, are one: no pipe slips through a party wall.
    """
    merged = shapely.union_all(shapely.buffer(shapes, CRACK_M / 2, quad_segs=1, join_style="mitre"))
    rim = CRACK_M / 2 + GRAZE_M
    return shapely.STRtree(shapely.buffer(shapely.get_parts([merged]), -rim, quad_segs=1, join_style="mitre"))


def runs_through(lines: Shapes, buildings: shapely.STRtree) -> npt.NDArray[np.bool_]:
    """Return which lines, each from the facade where it leaves its own building, run through any building."""
    through = np.zeros(len(lines), dtype=bool)
    through[buildings.query(lines, predicate="intersects")[0]] = True
    return through


def _enters(lines: Shapes, barrier: shapely.STRtree) -> npt.NDArray[np.bool_]:
    enters = np.zeros(len(lines), dtype=bool)
    enters[barrier.query(lines, predicate="intersects")[0]] = True
    return enters


# --- joining ----------------------------------------------------------------------------------------------------------


def _split(edges: gpd.GeoDataFrame, services: gpd.GeoDataFrame) -> tuple[Floats, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return nodes, edges cut where services (and ends of other levels) meet them, and services with their node."""
    shapes = shapes_of(edges)
    foot = shapely.get_point(shapes_of(services), -1)
    at = _on_grid(shapely.line_locate_point(shapes[services["edge"]], foot), shapely.length(shapes[services["edge"]]))
    loose_edge, loose_at = _ends_of_other_levels(shapes, edges["level"].to_numpy())
    pieces, source = split_lines(
        shapes, np.concatenate([services["edge"].to_numpy(), loose_edge]), np.concatenate([at, loose_at])
    )
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(pieces, i)) for i in (0, -1)])
    feet = shapely.get_coordinates(shapely.line_interpolate_point(shapes[services["edge"]], at))
    nodes, number = _same_places(np.concatenate([ends, feet]))
    start, end, foot_node = np.split(number, [len(pieces), 2 * len(pieces)])
    pieces_frame = gpd.GeoDataFrame(
        {"start": start, "end": end, "length_m": shapely.length(pieces), "name": edges["name"].to_numpy()[source]},
        geometry=pieces,
        crs=edges.crs,
    )
    return nodes, pieces_frame, services.drop(columns="edge").assign(node=foot_node)


def _on_grid(at: Floats, total: Floats) -> Floats:
    """Return distances rounded as `split_lines` rounds them, so that a foot and the cut made for it coincide."""
    at = np.round(at / GRID_M) * GRID_M
    return np.where(at <= GRID_M, 0.0, np.where(at >= total - GRID_M, total, at))


def _ends_of_other_levels(shapes: Shapes, level: Floats) -> tuple[Ints, Floats]:
    """Return where an edge of another level ends on the middle of an edge: (edge, distance along it)."""
    ends = np.concatenate([shapely.get_point(shapes, 0), shapely.get_point(shapes, -1)])
    end, edge = shapely.STRtree(shapes).query(ends, predicate="dwithin", distance=GRID_M)
    other = np.tile(level, 2)[end] != level[edge]
    end, edge = end[other], edge[other]
    return edge, shapely.line_locate_point(shapes[edge], ends[end])


def split_lines(lines: Shapes, line: Ints, at: Floats) -> tuple[Shapes, Ints]:
    """Cut lines at distances along them.

    Parameters
    ----------
    lines : array of LineString
        Lines to cut.
    line, at : arrays (k,)
        Position in `lines`, and distance along it [m], of each cut.

    Returns
    -------
    pieces, source : arrays
        Pieces in order along each line, and the position of the line each came from.

    Examples
    --------
    >>> pieces, source = split_lines(shapely.linestrings([[[0, 0], [4, 0]]]), np.array([0]), np.array([1.0]))
    >>> shapely.length(pieces), source
    (array([1., 3.]), array([0, 0]))
    """
    lines = np.asarray(lines)
    vertices, owner = shapely.get_coordinates(lines, return_index=True)
    step = np.hypot(*np.diff(vertices, axis=0, prepend=vertices[:1]).T)
    step[np.flatnonzero(np.diff(owner, prepend=-1))] = 0
    run = np.cumsum(step)
    along = run - run[np.flatnonzero(np.diff(owner, prepend=-1))][owner] if len(owner) else run
    total = shapely.length(lines)
    inside = (at > GRID_M) & (at < total[line] - GRID_M)
    line, at = line[inside], at[inside]
    cuts = np.unique(np.column_stack([line, np.round(at / GRID_M)]), axis=0)
    cut_line, cut_at = cuts[:, 0].astype(np.int64), cuts[:, 1] * GRID_M
    cut_xy = shapely.get_coordinates(shapely.line_interpolate_point(lines[cut_line], cut_at))
    # every cut stands twice, as the end of one piece and the start of the next
    xy = np.concatenate([vertices, cut_xy, cut_xy])
    key_line = np.concatenate([owner, cut_line, cut_line])
    key_at = np.concatenate([along, cut_at, cut_at])
    second = np.concatenate([np.zeros(len(vertices)), np.zeros(len(cut_at)), np.ones(len(cut_at))])
    order = np.lexsort((second, key_at, key_line))
    begins = np.r_[True, np.diff(key_line[order]) != 0] | (second[order] == 1)
    piece = np.cumsum(begins) - 1
    xy, piece = _without_repeats(xy[order], piece)
    return np.asarray(shapely.linestrings(xy, indices=piece)), key_line[order][begins]


def _without_repeats(xy: Floats, piece: Ints) -> tuple[Floats, Ints]:
    """Return coordinates without a vertex that falls on a cut, keeping at least the two ends of each piece."""
    same = (np.diff(piece, prepend=-1) == 0) & (np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T) < 1e-9)
    count = np.bincount(piece)
    same &= count[piece] > 2
    return xy[~same], piece[~same]


def _same_places(xy: Floats) -> tuple[Floats, Ints]:
    """Return distinct places (to a millimetre) and the number of each coordinate's place."""
    keys = np.round(xy / GRID_M).astype(np.int64)
    _, first, number = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    return xy[first], number.reshape(-1)
