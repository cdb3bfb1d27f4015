r"""The borehole itself: how far the fluid is from its wall, and what deep boreholes lose between their two legs.

Cold fluid on its way down passes warm fluid on its way up. The fluid's mean at the two ends then lies further from the
wall than the resistance of a cross-section says, the more so the longer the borehole and the slower the flow [1]_. At
one temperature along the wall, as the g-functions of minenet have it, the effective resistance is [1]_ [2]_

.. math:: R_b^* = R_b \, \eta \coth \eta, \quad \eta = \frac{H}{\rho c V} \frac{1}{\sqrt{R_b R_a}} \quad (1)

with the resistance `R_b` between fluid and wall and `R_a` between the legs. The other textbook case, one heat flux
along the wall, gives `R_b + (H / \rho c V)^2 / 3 R_a`: the same to first order, but it grows beyond bounds, so that
more depth could give less heat. With (1) more depth always helps.

The pump is chosen such that the fluid warms by `fluid_drop_k` at peak: `\rho c V` is the peak over that drop.

References
----------
.. [1] Hellstrom, G. (1991). Ground heat storage: thermal analyses of duct storage systems. Doctoral thesis, Lund
   University, chapter 8.
.. [2] Claesson, J. and Javed, S. (2019). Explicit multipole formulas and thermal network models for calculating thermal
   resistances of double U-pipe borehole heat exchangers. Science and Technology for the Built Environment 25(8),
   980-992, Eqs. 44 and 46 (for the flow in one of the two tubes; their `R_a` is twice that of here).
"""

import numpy as np
from numpy.typing import NDArray

from minenet.assumptions import Ground

Array = NDArray[np.float64]

_LEAST_ETA = 1e-6  # below it the effective resistance is that of a cross-section, to the last digit


def effective_resistance(length: Array | float, peak_w: Array | float, ground: Ground) -> tuple[Array, Array]:
    """Return the effective resistance of boreholes, Eq. (1), and its slope.

    Parameters
    ----------
    length : numpy.ndarray or float
        Active length. [m]
    peak_w : numpy.ndarray or float
        Largest power that each takes from the ground, for which its flow is chosen. [W]
    ground : Ground
        The borehole, and whether its resistance grows with depth (`resistance_with_depth`).

    Returns
    -------
    resistance : numpy.ndarray
        Between the fluid's mean at the two ends and the wall. [mK/W]
    slope : numpy.ndarray
        Its derivative to the logarithm of the length. [mK/W]

    Examples
    --------
    A loop of 300 m for three homes; a slower flow, of 5 K over the loop, costs more:

    >>> from minenet.assumptions import Assumptions
    >>> for drop in (3.0, 5.0):
    ...     ground = Assumptions.default().override({"ground": {"fluid_drop_k": drop}}).ground
    ...     print(effective_resistance(300.0, 13_500.0, ground)[0].round(4))
    0.1242
    0.1315
    """
    local = ground.borehole_resistance
    flat = np.zeros(np.broadcast_shapes(np.shape(length), np.shape(peak_w)))
    if not ground.resistance_with_depth:
        return flat + local, flat
    per_flow = np.asarray(length) * ground.fluid_drop_k / np.asarray(peak_w)
    eta = np.maximum(per_flow / np.sqrt(local * ground.internal_resistance), _LEAST_ETA)
    ratio = eta / np.tanh(eta)
    return local * ratio, local * (ratio - (ratio - eta) * (ratio + eta))  # eta**2 / sinh(eta)**2, without overflow
