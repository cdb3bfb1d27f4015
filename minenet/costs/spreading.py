"""Money over the years: annuity, present value, what is bought again and what is left at the end."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["bought_again", "horizon_factor", "left_over", "present_value", "times_paid", "yearly_share"]

Array = npt.NDArray[np.float64]


def yearly_share(years: int, *, interest: float) -> float:
    """Return the part of a purchase that falls on each year of the horizon (the annuity factor [1/yr]).

    Examples
    --------
    >>> yearly_share(15, interest=0.0) * 1500
    100.0
    >>> round(yearly_share(2, interest=0.10), 4)  # 0.1 / (1 - 1 / 1.21)
    0.5762
    """
    return interest / (1 - (1 + interest) ** -years) if interest > 0 else 1 / years


def present_value(payments: Sequence[float], *, interest: float) -> float:
    """Return what payments at the start (first) and the end of each following year are worth now [EUR].

    Examples
    --------
    >>> round(present_value([0, 550, 605], interest=0.10), 6)  # 550 / 1.1 + 605 / 1.21 = 500 + 500
    1000.0
    """
    amounts = np.asarray(payments, dtype="float64")
    return float(amounts @ (1 + interest) ** -np.arange(len(amounts), dtype="float64"))


def bought_again(lifetime_years: float, years: int) -> int:
    """Return how often a thing is bought again inside the horizon; one without a lifetime (null) never.

    Examples
    --------
    >>> [bought_again(15, years) for years in (15, 16, 30, 31)]
    [0, 1, 1, 2]
    """
    return 0 if np.isnan(lifetime_years) else int((years - 1) // lifetime_years)


def left_over(lifetime_years: float, years: int) -> float:
    """Return the part of its price that a thing is still worth at the end, in a straight line over its lifetime.

    Examples
    --------
    >>> left_over(40, 30), left_over(15, 30), left_over(20, 30)
    (0.25, 0.0, 0.5)
    """
    if np.isnan(lifetime_years):
        return 0.0
    return (lifetime_years * (bought_again(lifetime_years, years) + 1) - years) / lifetime_years


def times_paid(lifetime_years: float, years: int, *, interest: float) -> float:
    """Return how many times its price a thing costs over the horizon, as present value.

    Examples
    --------
    >>> times_paid(15, 30, interest=0.0), round(times_paid(15, 30, interest=0.07), 4)  # 1 + 1.07 ** -15
    (2.0, 1.3624)
    """
    times = np.arange(bought_again(lifetime_years, years) + 1) * (0.0 if np.isnan(lifetime_years) else lifetime_years)
    return float(((1 + interest) ** -times).sum())


def horizon_factor(lifetime_years: float, years: int, *, interest: float) -> float:
    """Return how many times its price a thing costs over the horizon, as present value, less what is left of it.

    Examples
    --------
    A heat pump of 15 years is bought twice in 30; of a borehole of 40 years a quarter is left:

    >>> horizon_factor(15, 30, interest=0.0), horizon_factor(40, 30, interest=0.0)
    (2.0, 0.75)
    """
    paid = times_paid(lifetime_years, years, interest=interest)
    return paid - left_over(lifetime_years, years) * float((1 + interest) ** -years)
