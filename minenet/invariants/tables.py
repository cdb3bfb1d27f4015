"""The form: every table has its columns, words and bounds."""

import numpy as np

from minenet.invariants.carriers import Case
from minenet.sources import ABSENT
from minenet.tables import RESULT_TABLES

__all__ = ["IDS", "as_declared", "finite", "unique"]

IDS = {"homes": "home_id", "clusters": "cluster_id", "boreholes": "borehole_id", "pipes": "pipe_id"}
"""What names the rows of tables; of homes `homes.each_once` asks."""

DRAWN = ("homes", "clusters", "boreholes", "pipes")
"""Tables of which every row lies somewhere."""


def as_declared(case: Case) -> list[str]:
    """Return columns that are missing, empty where they must not be, or hold a word or number out of bounds."""
    faults = []
    for name, table in RESULT_TABLES.items():
        layer = case.result.layers[name]
        if name in DRAWN and (layer.geometry.isna() | layer.geometry.is_empty).any():
            faults.append(f"{name} has rows without a shape")
        for column in table.columns:
            if column.name not in layer or column.name in layer.attrs.get(ABSENT, ()):
                faults.append(f"{name}.{column.name} is missing")
                continue
            known = layer[column.name].dropna()
            if column.needed and len(known) < len(layer):
                faults.append(f"{name}.{column.name} has empty cells")
            if column.values and not known.isin(column.values).all():
                faults.append(f"{name}.{column.name} holds other words")
            low, high = column.minimum, column.maximum
            if (low is not None and (known < low).any()) or (high is not None and (known > high).any()):
                faults.append(f"{name}.{column.name} is out of bounds")
    return faults


def finite(case: Case) -> list[str]:
    """Return columns of numbers that hold infinity."""
    return [
        f"{name}.{column.name} is not finite"
        for name, table in RESULT_TABLES.items()
        for column in table.columns
        if column.kind == "number" and column.name in case.result.layers[name]
        if not np.isfinite(case.result.layers[name][column.name].dropna().to_numpy(dtype=float)).all()
    ]


def unique(case: Case) -> list[str]:
    """Return names that two clusters, boreholes or pipes have."""
    faults = []
    for name, key in IDS.items():
        ids = case.result.layers[name][key]
        if name != "homes" and ids.duplicated().any():
            faults.append(f"{name}.{key} {ids[ids.duplicated()].iloc[0]} stands twice")
    return faults
