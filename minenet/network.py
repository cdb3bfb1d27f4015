"""Shared loops and ring nets: which pipes, how long, of what diameter, and what their friction takes.

A source net has a supply and a return pipe in one trench: `length_m` is the trench, `pipe_m` the pipe in it.
"""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial.distance import cdist

from minenet.assumptions import Network

__all__ = ["friction_pa_m", "friction_w", "neighbour_walk", "outer_diameter", "pipe_table", "probe"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PIPES_PER_TRENCH = 2
LAMINAR_BELOW = 2300.0


def neighbour_walk(xy: Floats) -> Ints:
    """Return an order in which to pass places so that neighbours follow each other: along a row, then the next.

    The walk goes depth first along the shortest tree of straight lines, from the end farthest to the south-west.

    Parameters
    ----------
    xy : array (n, 2)
        Coordinates. [m]

    Examples
    --------
    Two rows of three, 5 m apart along the row and 20 m across the street, which the tree crosses in the west: it ends
    at the two eastern homes, of which the southern is passed first:

    >>> neighbour_walk(np.array([[0, 0], [0, 20], [5, 0], [5, 20], [10, 0], [10, 20.0]]))
    array([4, 2, 0, 1, 3, 5])
    """
    if len(xy) <= 2:  # two places have one walk
        return np.lexsort((xy[:, 1], xy[:, 0]))
    distance = np.maximum(cdist(xy, xy), 1e-6)
    tree = minimum_spanning_tree(np.round(distance, 3) + 1e-3)
    tree = (tree + tree.T).tolil()
    degree = np.array([len(row) for row in tree.rows])
    ends = np.flatnonzero(degree == 1)
    stack = [int(ends[np.lexsort((xy[ends, 1], xy[ends].sum(axis=1)))[0]])]
    walk: list[int] = []
    passed = np.zeros(len(xy), dtype=bool)
    while stack:
        here = stack.pop()
        passed[here] = True
        walk.append(here)
        ahead = sorted((-length, -place) for place, length in zip(tree.rows[here], tree.data[here], strict=True))
        stack += [-place for _, place in ahead if not passed[-place]]  # the nearest is passed next
    return np.array(walk)


def friction_pa_m(flow_kg_s: Floats, inner_mm: Floats, *, assumptions: Network) -> Floats:
    """Return the friction loss [Pa/m] of brine in a pipe.

    Darcy-Weisbach with Haaland's factor [1]_ for turbulent and 64/Re for laminar flow.

    Parameters
    ----------
    flow_kg_s : array
        Mass flow. [kg/s]
    inner_mm : array
        Inner diameter. [mm]
    assumptions : Network
        Section `network`: brine and roughness.

    References
    ----------
    .. [1] S. E. Haaland, "Simple and explicit formulas for the friction factor in turbulent pipe flow", Journal of
       Fluids Engineering 105 (1983), 89-90.
    """
    inner = np.asarray(inner_mm, dtype=float) / 1000
    density = assumptions.brine_density_kg_m3
    speed = np.asarray(flow_kg_s, dtype=float) / density / (np.pi / 4 * inner**2)
    reynolds = np.maximum(speed * inner * density / (assumptions.brine_viscosity_mpas / 1000), 1e-9)
    rough = assumptions.pipe_roughness_mm / 1000 / inner
    turbulent = (-1.8 * np.log10((rough / 3.7) ** 1.11 + 6.9 / np.maximum(reynolds, LAMINAR_BELOW))) ** -2  # [1]
    factor = np.where(reynolds < LAMINAR_BELOW, 64 / reynolds, turbulent)
    return np.asarray(factor / inner * density * speed**2 / 2)


def friction_w(
    power_kw: Floats, outer_mm: Floats, pipe_m: Floats, *, catalogue: pd.DataFrame, assumptions: Network
) -> Floats:
    """Return the power that friction takes from the brine in a pipe at peak: what a pump must give back.

    Summed over all pipes it is what the pumps of all homes give together, however they share the work.

    Parameters
    ----------
    power_kw : array (n,)
        Heat that the brine carries at peak. [kW]
    outer_mm : array (n,)
        Outer diameter, one of the catalogue. [mm]
    pipe_m : array (n,)
        Length of pipe, supply and return together. [m]
    catalogue : DataFrame
        `outer_mm, wall_mm`, ascending.
    assumptions : Network
        Section `network`.

    Returns
    -------
    array (n,)
        Hydraulic power. [W]

    Examples
    --------
    4.6 kW at 3 K is 0.41 kg/s, which loses some 100 Pa/m in a pipe of 40 mm; 100 m take 10 kPa at 0.39 l/s, 4 W:

    >>> from minenet.assumptions import Assumptions, read_table
    >>> numbers, pipes = Assumptions.default().network, read_table("pipes")
    >>> friction_w(np.array([4.6]), np.array([40.0]), np.array([100.0]), catalogue=pipes, assumptions=numbers).round()
    array([4.])
    """
    flow = _flow_kg_s(power_kw, assumptions)
    wall = np.interp(outer_mm, catalogue["outer_mm"].to_numpy(dtype=float), catalogue["wall_mm"].to_numpy(dtype=float))
    loss = friction_pa_m(flow, outer_mm - 2 * wall, assumptions=assumptions) * pipe_m
    return np.asarray(loss * flow / assumptions.brine_density_kg_m3)


def _flow_kg_s(power_kw: Floats, assumptions: Network) -> Floats:
    """Return the flow of brine that carries a heat power at the temperature drop of the source net [kg/s]."""
    return np.asarray(power_kw, dtype=float) / (assumptions.brine_heat_capacity_kj_kgk * assumptions.service_drop_k)


def outer_diameter(power_kw: Floats, *, catalogue: pd.DataFrame, assumptions: Network) -> Floats:
    """Return the smallest pipe [mm] of the catalogue that carries a heat power within the permitted friction.

    Parameters
    ----------
    power_kw : array
        Heat that the brine carries at peak. [kW]
    catalogue : DataFrame
        `outer_mm, wall_mm`, ascending.
    assumptions : Network
        Section `network`.

    Returns
    -------
    array
        Outer diameter [mm]; the largest of the catalogue where even that is too small.
    """
    flow = _flow_kg_s(power_kw, assumptions)
    outer = catalogue["outer_mm"].to_numpy(dtype=float)
    inner = outer - 2 * catalogue["wall_mm"].to_numpy(dtype=float)
    loss = friction_pa_m(flow[:, None], inner[None, :], assumptions=assumptions)
    enough = loss <= assumptions.pressure_drop_pa_m
    first = np.where(enough.any(axis=1), enough.argmax(axis=1), len(outer) - 1)
    return np.asarray(outer[first])


def probe(
    depth_m: Floats, power_kw: Floats, *, catalogue: pd.DataFrame, assumptions: Network
) -> tuple[npt.NDArray[np.object_], Floats]:
    """Return the smallest probe of the catalogue that keeps the pressure loss in a borehole within the permitted one.

    The brine goes down and up once; in a double U half of it goes through each.

    Parameters
    ----------
    depth_m : array (n,)
        End depth of each borehole. [m]
    power_kw : array (n,)
        Heat that each takes from the ground at peak. [kW]
    catalogue : DataFrame
        `probe, outer_mm, wall_mm, tubes`, from the smallest to the largest.
    assumptions : Network
        Section `network`.

    Returns
    -------
    name : array (n,) of str
        Probe; the largest of the catalogue where even that loses more.
    loss_kpa : array (n,)
        Pressure loss in it at peak. [kPa]
    """
    flow = _flow_kg_s(power_kw, assumptions)
    inner = catalogue["outer_mm"].to_numpy(dtype=float) - 2 * catalogue["wall_mm"].to_numpy(dtype=float)
    each = flow[:, None] / catalogue["tubes"].to_numpy()
    loss = friction_pa_m(each, inner, assumptions=assumptions) * 2 * np.asarray(depth_m)[:, None] / 1000
    enough = loss <= assumptions.probe_loss_kpa
    first = np.where(enough.any(axis=1), enough.argmax(axis=1), len(inner) - 1)
    return catalogue["probe"].to_numpy(dtype=object)[first], loss[np.arange(len(first)), first]


def pipe_table(parts: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Join pipe runs of all kinds and measure them.

    Parameters
    ----------
    parts : sequence of GeoDataFrame
        `cluster_id, variant, kind, diameter_mm, ownership` and geometry, and what else each needs; `circle` where one
        pipe lies in the trench.

    Returns
    -------
    GeoDataFrame
        All runs with `pipe_id`, `length_m` (of the geometry) and `pipe_m`, ordered by cluster, variant and kind.
    """
    pipes = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=parts[0].crs)
    shape = pipes.geometry.to_wkb(hex=True)
    kinds = pipes["kind"].map({"ring": 0, "branch": 1, "service": 2, "loop": 3})
    order = (
        pipes[["cluster_id", "variant"]]
        .assign(kind=kinds, shape=shape)
        .sort_values(["cluster_id", "variant", "kind", "shape"], kind="stable")
    )
    pipes = pipes.loc[order.index].reset_index(drop=True)
    number = pipes.groupby(["cluster_id", "variant"]).cumcount() + 1
    pipe_id = pipes["cluster_id"] + "/" + pipes["variant"] + "/p" + number.astype("str").str.zfill(3)
    length = shapely.length(np.asarray(pipes.geometry.array)).round(3)
    circle = pipes["circle"].astype("boolean").fillna(value=False).to_numpy(dtype=bool) if "circle" in pipes else False
    count = np.where(circle, 1, PIPES_PER_TRENCH)  # a ring that comes back another way lies there once
    return pipes.assign(pipe_id=pipe_id, length_m=length, pipe_m=(count * length).round(3))
