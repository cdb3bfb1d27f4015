"""Nodes and edges of where a pipe may lie, with the connections of buildings on them."""

from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from minenet.assumptions import Trenches
from minenet.tables import Area, shapes_of
from minenet.trenches.borders import border_lines
from minenet.trenches.free import grazed
from minenet.trenches.lines import GRID_M, noded, on_grid, same_places, split_lines
from minenet.trenches.services import services
from minenet.trenches.streets import ownership_at, trench_lines

__all__ = ["TrenchGraph", "build_trenches", "change_counts", "component_count", "length_matrix"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class TrenchGraph:
    """Where a pipe may lie.

    Attributes
    ----------
    nodes : array (n, 2)
        Coordinates. [m]
    edges : GeoDataFrame
        `start, end` (nodes), `length_m`, `weight_m` (private ground at its share of the price), `name` (of the street),
        `private` (between plots), `ownership`, geometry.
    candidates : GeoDataFrame
        Connections that buildings may have, up to three each, the one to the street first: `building_id, node,
        length_m, weight_m, name` (of the street), geometry from the facade to the trench; ordered by building.
    left_out : Series
        Reason by `building_id` of buildings that cannot be joined.
    changes : GeoDataFrame
        What was snapped, merged, cut or bridged: `kind`, `name`, geometry.
    bridges : GeoDataFrame
        Bridges by which trenches cross what they do not cross otherwise: `street_id`, geometry.
    """

    nodes: Floats
    edges: gpd.GeoDataFrame
    candidates: gpd.GeoDataFrame
    left_out: pd.Series
    changes: gpd.GeoDataFrame = field(default_factory=gpd.GeoDataFrame)
    bridges: gpd.GeoDataFrame = field(default_factory=gpd.GeoDataFrame)

    @property
    def services(self) -> gpd.GeoDataFrame:
        """The first connection of each building: to the street where that is not much longer than to a path."""
        return self.candidates.drop_duplicates("building_id").reset_index(drop=True)

    @property
    def matrix(self) -> csr_array:
        """Sparse symmetric matrix of weighed edge lengths [m], the shortest where two edges join the same nodes."""
        return length_matrix(len(self.nodes), self.edges, "weight_m")


def length_matrix(size: int, edges: pd.DataFrame, column: str) -> csr_array:
    """Return the sparse symmetric matrix of edge lengths [m] between `size` nodes."""
    start, end, length = (edges[c].to_numpy() for c in ("start", "end", column))
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
        Streets, and barriers, crossings, water and land where given.
    building_ids : Series
        Buildings to join (those with homes that can take part).
    assumptions : Trenches
        Section `trenches`.

    Returns
    -------
    TrenchGraph
        Edges, connections, and buildings that cannot be joined with their reason (`no_street_nearby`,
        `no_free_service_path`, `stands_in_water`).
    """
    found = trench_lines(area, assumptions)
    buildings = area.buildings
    joined = buildings[buildings["building_id"].isin(building_ids.unique())].reset_index(drop=True)
    walls = grazed(shapes_of(buildings))
    borders = border_lines(area, joined, found.lines, (walls, found.barrier), assumptions)
    lines = pd.concat([found.lines.assign(private=False), borders.assign(private=True, aside=True)], ignore_index=True)
    edges = _leading_to_a_street(noded(gpd.GeoDataFrame(lines, crs=area.crs)))
    candidates, left_out = services(joined, edges, (walls, found.barrier), longest_m=assumptions.max_service_m)
    left_out = _afloat(left_out, joined, area.water)
    nodes, edges, candidates = _split(edges, candidates)
    edges["ownership"] = ownership_at(shapely.line_interpolate_point(shapes_of(edges), 0.5, normalized=True), area.land)
    private = edges["private"] | (edges["ownership"] == "private")
    edges["ownership"] = np.where(private, "private", "public")  # a street is public
    edges["weight_m"] = edges["length_m"] * np.where(edges["private"], assumptions.private_weight, 1.0)
    candidates["weight_m"] = candidates["length_m"]
    return TrenchGraph(nodes, edges, candidates, left_out, found.changes, _bridges(area, found.barrier))


def _leading_to_a_street(edges: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return edges without the borders between plots from which no way leads to a street."""
    shapes = shapes_of(edges)
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(shapes, i)) for i in (0, -1)])
    start, end = np.split(same_places(ends)[1], 2)
    size = int(max(start.max(initial=-1), end.max(initial=-1))) + 1
    graph = csr_array((np.ones(len(start)), (start, end)), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    street = np.zeros(size, dtype=bool)
    street[component[start[~edges["private"].to_numpy(dtype=bool)]]] = True
    return edges[street[component[start]]].reset_index(drop=True) if size else edges


def change_counts(changes: pd.DataFrame) -> dict[str, int]:
    """Return what was done to the streets, counted; what was not done is not told.

    Parameters
    ----------
    changes : DataFrame
        As `TrenchGraph.changes`.
    """
    kinds = changes["kind"].value_counts()
    told = {
        "trenches.street_ends_snapped": "snapped",
        "trenches.paths_and_carriageways_merged_with_the_street_beside": "merged",
        "trenches.streets_cut_by_water_barrier_or_main_road": "cut",
        "trenches.streets_cut_by_buildings": "through_building",
        "trenches.streets_in_tunnels_not_used": "tunnel",
    }
    return {name: int(kinds[kind]) for name, kind in told.items() if kind in kinds}


def _bridges(area: Area, barrier: shapely.STRtree) -> gpd.GeoDataFrame:
    """Return the streets on bridges over what no trench crosses otherwise."""
    bridges = area.streets[area.streets["bridge"].fillna(value=False).to_numpy(dtype=bool)]
    over = np.unique(barrier.query(shapes_of(bridges), predicate="intersects")[0])
    return bridges.iloc[over][["street_id", "geometry"]].reset_index(drop=True)


def component_count(graph: TrenchGraph) -> int:
    """Return how many parts of the graph, with no way between them, hold a building."""
    if not len(graph.candidates):
        return 0
    _, component = connected_components(graph.matrix, directed=False)
    return len(np.unique(component[graph.services["node"]]))


def _afloat(left_out: pd.Series, joined: gpd.GeoDataFrame, water: gpd.GeoDataFrame | None) -> pd.Series:
    """Return reasons, with houseboats and other homes drawn in water named as such."""
    lost = joined[joined["building_id"].isin(left_out.index)]
    if water is None or lost.empty:
        return left_out
    inner = shapely.point_on_surface(shapes_of(lost))
    wet = lost["building_id"].to_numpy()[np.unique(shapely.STRtree(shapes_of(water)).query(inner, "intersects")[0])]
    return left_out.mask(left_out.index.isin(wet), "stands_in_water")


def _split(edges: gpd.GeoDataFrame, found: gpd.GeoDataFrame) -> tuple[Floats, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return nodes, edges cut where connections (and ends of other levels) meet them, and connections."""
    shapes = shapes_of(edges)
    foot = shapely.get_point(shapes_of(found), -1)
    at = on_grid(shapely.line_locate_point(shapes[found["edge"]], foot), shapely.length(shapes[found["edge"]]))
    loose_edge, loose_at = _ends_of_other_levels(shapes, edges["level"].to_numpy())
    pieces, source = split_lines(
        shapes, np.concatenate([found["edge"].to_numpy(), loose_edge]), np.concatenate([at, loose_at])
    )
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(pieces, i)) for i in (0, -1)])
    feet = shapely.get_coordinates(shapely.line_interpolate_point(shapes[found["edge"]], at))
    nodes, number = same_places(np.concatenate([ends, feet]))
    start, end, foot_node = np.split(number, [len(pieces), 2 * len(pieces)])
    pieces_frame = gpd.GeoDataFrame(
        {
            "start": start,
            "end": end,
            "length_m": shapely.length(pieces),
            "name": edges["name"].to_numpy()[source],
            "private": edges["private"].to_numpy(dtype=bool)[source],
        },
        geometry=pieces,
        crs=edges.crs,
    )
    lines = shapely.linestrings(
        np.stack([shapely.get_coordinates(shapely.get_point(shapes_of(found), 0)), feet], axis=1)
    )
    joined = found.drop(columns="edge").assign(node=foot_node, length_m=shapely.length(lines))
    return nodes, pieces_frame, joined.set_geometry(gpd.GeoSeries(lines, index=found.index, crs=edges.crs))


def _ends_of_other_levels(shapes: Shapes, level: Floats) -> tuple[Ints, Floats]:
    """Return where an edge of another level ends on the middle of an edge: (edge, distance along it)."""
    ends = np.concatenate([shapely.get_point(shapes, 0), shapely.get_point(shapes, -1)])
    end, edge = shapely.STRtree(shapes).query(ends, predicate="dwithin", distance=GRID_M)
    other = np.tile(level, 2)[end] != level[edge]
    end, edge = end[other], edge[other]
    return edge, shapely.line_locate_point(shapes[edge], ends[end])
