"""What a mini heat network costs beside a gas boiler, an air heat pump and own loops, with its range.

Purchases are spread evenly over the horizon and added to the yearly costs, as in the factsheet [1]_, whose table
`reference_annual_costs` gives to the euro. The bottom-up estimate multiplies quantities of the design by unit prices
of one price level; six prices are calibrated, so that one reference case lands within 5 % of each of the 16 cells.

References
----------
.. [1] Province of Utrecht, "Mini-warmtenet voor een straat of hofje", price level January 2024.
"""

from minenet.costs.factsheet import reference_annual_costs
from minenet.costs.quantities import Designs
from minenet.costs.readiness import readiness
from minenet.costs.spreading import present_value, yearly_share
from minenet.costs.tables import Costed, cost_tables, estimate_costs

__all__ = [
    "Costed",
    "Designs",
    "cost_tables",
    "estimate_costs",
    "present_value",
    "readiness",
    "reference_annual_costs",
    "yearly_share",
]
