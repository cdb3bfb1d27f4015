"""The form: every table has its columns, words and bounds."""

import numpy as np

from minenet.invariants.carriers import Case
from minenet.sources import ABSENT
from minenet.tables import RESULT_TABLES

__all__ = ["as_declared", "finite"]


def as_declared(case: Case) -> list[str]:
    """Return columns that are missing, empty where they must not be, or hold a word or number out of bounds."""
    faults = []
    for name, table in RESULT_TABLES.items():
        layer = case.result.layers[name]
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
