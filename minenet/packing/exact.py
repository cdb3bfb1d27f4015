"""The largest set of places without conflict, proved with HiGHS: one row for every clique of conflicting places."""

import highspy
import numpy as np

from minenet.packing.search import bits

__all__ = ["cliques", "most_among"]


def cliques(near: list[int]) -> list[int]:
    """Return groups of places that all conflict with each other and together hold every conflict.

    Parameters
    ----------
    near : list of int
        As `search.masks` gives it.

    Returns
    -------
    list of int
        One whole number per group, bit j for place j. A place without conflict is in no group.

    Examples
    --------
    >>> [bin(group) for group in cliques([0b0111, 0b0111, 0b1111, 0b1100])]  # 0, 1 and 2; 2 and 3
    ['0b111', '0b1100']
    """
    groups = []
    covered = [1 << place for place in range(len(near))]
    for place, around in enumerate(near):
        while open_ := around & ~covered[place]:
            group = 1 << place
            common = around & ~group
            while common:  # first those whose conflict with this place no group holds yet
                first = common & open_ or common
                lowest = first & -first
                group |= lowest
                common &= near[lowest.bit_length() - 1] & ~lowest
            groups.append(group)
            for member in bits(group):
                covered[member] |= group
    return groups


def most_among(near: list[int], start: list[int], *, nodes: int) -> tuple[list[int], int]:
    """Find the largest set of places without conflict, with HiGHS [1]_.

    The search ends after a number of nodes, not of seconds: the answer is the same on every machine.

    Parameters
    ----------
    near : list of int
        As `search.masks` gives it.
    start : list of int
        Places without conflict to start from.
    nodes : int
        How many nodes of the search tree are looked at.

    Returns
    -------
    places : list of int
        At least as many as `start`.
    bound : int
        No set without conflict has more.

    References
    ----------
    .. [1] Huangfu, Q. and Hall, J. A. J. (2018). Parallelizing the dual revised simplex method. Mathematical
       Programming Computation 10, 119-142.

    Examples
    --------
    >>> most_among([0b011, 0b111, 0b110], [1], nodes=10)  # the middle one of three conflicts with both others
    ([0, 2], 2)
    """
    solver = _model(near, cliques(near))
    for name, value in {"mip_max_nodes": nodes, "threads": 1, "random_seed": 0, "mip_abs_gap": 0.999}.items():
        solver.setOptionValue(name, value)
    solution = highspy.HighsSolution()
    solution.col_value = np.isin(np.arange(len(near)), start).astype(float)
    solver.setSolution(solution)
    solver.run()
    found = np.flatnonzero(np.asarray(solver.getSolution().col_value) > 0.5).tolist()
    bound = int(np.floor(min(float(len(near)), -solver.getInfo().mip_dual_bound) + 1e-6))
    best = found if len(found) > len(start) else list(start)
    return best, max(bound, len(best))


def _model(near: list[int], rows: list[int]) -> highspy.Highs:
    members = [bits(row) for row in rows]
    count = len(near)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, len(rows)
    model.col_cost_ = np.full(count, -1.0)
    model.col_lower_, model.col_upper_ = np.zeros(count), np.ones(count)
    model.row_lower_, model.row_upper_ = np.full(len(rows), -np.inf), np.ones(len(rows))
    model.integrality_ = [highspy.HighsVarType.kInteger] * count
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *map(len, members)])
    model.a_matrix_.index_ = np.array([place for row in members for place in row], dtype=np.int32)
    model.a_matrix_.value_ = np.ones(len(model.a_matrix_.index_))
    solver = highspy.Highs()
    solver.silent()
    solver.passModel(model)
    return solver
