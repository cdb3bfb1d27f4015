"""What the arrays handed in must be."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from minenet.errors import InputError

Array = NDArray[np.float64]


def points(values: ArrayLike, name: str) -> Array:
    """Return places as an array of shape (n, 2), or say why they are none."""
    places = np.asarray(values, float)
    if places.size == 0:
        return np.empty((0, 2))
    if places.ndim != 2 or places.shape[1] != 2:
        raise InputError(f"has shape {places.shape}, not (n, 2)", where=f"`{name}`")
    wrong = ~np.isfinite(places).all(axis=1)
    if wrong.any():
        raise InputError("is no place: a coordinate is missing or infinite", where=f"`{name}`, row {wrong.argmax()}")
    return places


def column(values: ArrayLike, count: int, name: str, *, positive: bool = True) -> Array:
    """Return one finite number per row, positive if so wanted; a single number holds for all rows."""
    numbers = np.asarray(values, float)
    if numbers.shape not in {(), (1,), (count,)}:
        raise InputError(f"has shape {numbers.shape}, not ({count},)", where=f"`{name}`")
    numbers = np.broadcast_to(numbers, (count,))
    wrong = ~np.isfinite(numbers) | ((numbers <= 0) & positive)
    if wrong.any():
        row = int(wrong.argmax())
        need = "positive and finite" if positive else "finite"
        raise InputError(f"{numbers[row]:g} is not {need}", where=f"`{name}`, row {row}")
    return numbers


def between(rows: Array, columns: Array) -> Array:
    """Return the distance from each row to each column [m]."""
    return np.asarray(np.hypot(*np.moveaxis(rows[:, None] - columns, -1, 0)))


def spacing(places: Array, radius_m: float) -> Array:
    """Return the distance between boreholes [m], infinite to themselves, or say which two coincide."""
    distance = between(places, places)
    np.fill_diagonal(distance, np.inf)
    if len(places) > 1 and distance.min() < 2 * radius_m:
        one, other = np.unravel_index(distance.argmin(), distance.shape)
        what = f"two boreholes stand {distance.min():.3f} m apart, less than their diameter of {2 * radius_m:g} m"
        raise InputError(what, where=f"`positions`, rows {one} and {other}", mend="Drop or move one of them.")
    return distance
