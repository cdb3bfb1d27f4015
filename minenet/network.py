"""Shared loops and ring nets: who shares a loop, which pipes, how long, and of what diameter.

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

__all__ = ["friction_pa_m", "neighbour_walk", "outer_diameter", "pipe_table", "probe", "share_out"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PIPES_PER_TRENCH = 2
LAMINAR_BELOW = 2300.0
MOST_ON_A_LOOP = 3
"""Variant 1 of the factsheet: one loop serves 2-3 homes."""


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


def share_out(xy: Floats, *, loop_equals_lateral_m: float) -> Ints:
    """Divide homes that follow each other into loops of 2-3, with the least length of laterals.

    Exact for the given order, by dynamic programming: a loop costs as much as `loop_equals_lateral_m` of lateral, a
    home the way to the middle of its loop's homes. A loop of one home remains only for a single home.

    Parameters
    ----------
    xy : array (n, 2)
        Homes in walking order. [m]
    loop_equals_lateral_m : float
        Length of lateral that weighs as much as one loop more. [m]

    Returns
    -------
    array (n,) of int
        Loop of each home, numbered along the walk.

    Examples
    --------
    Five homes in a row, with a street between the third and the fourth:

    >>> row = np.array([[0, 0], [5, 0], [10, 0], [40, 0], [45.0, 0]])
    >>> share_out(row, loop_equals_lateral_m=30.0)
    array([0, 0, 0, 1, 1])
    """
    size = len(xy)
    fewest = min(2, size)
    best = np.full(size + 1, np.inf)
    best[0] = 0.0
    came = np.zeros(size + 1, dtype=np.int64)
    for end in range(fewest, size + 1):
        for count in range(fewest, min(MOST_ON_A_LOOP, end) + 1):
            part = xy[end - count : end]
            way = np.hypot(*(part - part.mean(axis=0)).T).sum()
            cost = best[end - count] + loop_equals_lateral_m + way
            if cost < best[end] - 1e-9:
                best[end], came[end] = cost, count
    sizes: list[int] = []
    end = size
    while end > 0:
        sizes.append(int(came[end]))
        end -= sizes[-1]
    return np.repeat(np.arange(len(sizes)), sizes[::-1])


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
    flow = np.asarray(power_kw, dtype=float) / (assumptions.brine_heat_capacity_kj_kgk * assumptions.service_drop_k)
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
    flow = np.asarray(power_kw, dtype=float) / (assumptions.brine_heat_capacity_kj_kgk * assumptions.service_drop_k)
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
    circle = pipes["circle"].fillna(value=False).to_numpy(dtype=bool) if "circle" in pipes else False
    count = np.where(circle, 1, PIPES_PER_TRENCH)  # a ring that comes back another way lies there once
    return pipes.assign(pipe_id=pipe_id, length_m=length, pipe_m=(count * length).round(3))
