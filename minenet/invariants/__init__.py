"""What must hold of every result, looked at anew: nothing is trusted that the steps say of themselves.

`tables` looks at the form, `homes` at dwellings and clusters, `boreholes` at places, `pipes` at trenches and sums.
`verifying` asks them all.
"""

from minenet.invariants.carriers import Finding
from minenet.invariants.verifying import verify

__all__ = ["Finding", "verify"]
