"""Who pays what, and when: an association of owners with a loan, or a supplier that asks a fee."""

import numpy as np
import pandas as pd

from minenet.assumptions import Assumptions
from minenet.costs.measuring import Measured
from minenet.costs.pricing import bounds, lifetimes
from minenet.costs.spreading import times_paid, yearly_share
from minenet.tables import RESULT_TABLES, VARIANTS, typed

__all__ = ["finance_table"]


def finance_table(found: Measured, assumptions: Assumptions) -> pd.DataFrame:
    r"""Return what a home pays at the start and per month in each form of ownership.

    In both forms a home pays at once what stands in it (heat pump, connection). With the share in the network
    :math:`N` (what is counted per cluster, over the homes) and the annuity factor :math:`a(r, y)`,

    * the association borrows :math:`L = \min(s N, L_\max)`; a home pays :math:`N - L` at the start and
      :math:`a(r, y) L` in each year of the loan;
    * the supplier asks a connection fee :math:`F \le N` and, in each year, :math:`a(r', y') (N' - F)` at the return
      :math:`r'` that it requires, and its overhead; :math:`N'` is worth as much as the network and all that the
      supplier buys again in its :math:`y'` years.

    Maintenance and energy come on top in both. What an association buys again is for its members to save for; the terms
    say so. Subsidies stand beside it and are not taken off.

    Returns
    -------
    DataFrame
        As `RESULT_TABLES["finance"]`.
    """
    prices = assumptions.costs
    row = np.flatnonzero(found.priced & found.rows["variant"].isin(VARIANTS).to_numpy())
    lines = (found.each * found.price)[row]
    home = lines[:, found.bought & found.per_home].sum(axis=1)
    shared = found.bought & ~found.per_home
    net = lines[:, shared].sum(axis=1)
    yearly = lines[:, found.of_kind("yearly")].sum(axis=1)
    subsidy = 0.0 - lines[:, found.of_kind("subsidy")].sum(axis=1)
    loan = np.minimum(net * prices.loan_share, bounds("loan_most_eur", assumptions).value)
    paid_off = loan * yearly_share(prices.loan_years, interest=prices.loan_rate)
    once = np.minimum(bounds("connection_fee_eur", assumptions).value, net)
    overhead = bounds("supplier_overhead_eur", assumptions).value
    term, asked = prices.supplier_years, prices.supplier_return
    times = np.array([times_paid(life, term, interest=asked) for life in lifetimes(found.items, assumptions)])
    kept_up = lines[:, shared] @ times[shared]
    fee = (kept_up - once) * yearly_share(term, interest=asked) + overhead
    own = found.rows["variant"].to_numpy(object)[row] != "ring_net_collective"
    in_home = np.where(own, "own heat pump paid at once", "delivery set in the home paid at once")
    names = {name: found.rows[name].array.take(row) for name in ("cluster_id", "variant")}
    association = pd.DataFrame(
        {
            **names,
            "form": "association",
            "upfront_eur_per_home": home + net - loan,
            "monthly_eur_per_home": (paid_off + yearly) / 12,
            "loan_eur_per_home": loan,
            "loan_rate": prices.loan_rate,
            "loan_years": prices.loan_years,
            "fee_eur_per_home": 0.0,
            "subsidy_eur_per_home": subsidy,
            "terms": [
                f"annuity loan for the share in the network at {100 * prices.loan_rate:g} % over {prices.loan_years} "
                "years, an example; after that only maintenance and energy, and saving for what wears out; " + told
                for told in in_home
            ],
        }
    )
    supplier = pd.DataFrame(
        {
            **names,
            "form": "supplier",
            "upfront_eur_per_home": home + once,
            "monthly_eur_per_home": (fee + yearly) / 12,
            "loan_eur_per_home": 0.0,
            "fee_eur_per_home": fee,
            "subsidy_eur_per_home": subsidy,
            "terms": [
                f"connection fee and yearly fee at a return of {100 * asked:g} % over {term} years, what wears out in "
                f"them bought again; {told}"
                for told in in_home
            ],
        }
    )
    both = pd.concat([association, supplier], ignore_index=True)
    both = both.sort_values(["cluster_id", "variant", "form"], kind="stable", ignore_index=True)
    return typed(both, RESULT_TABLES["finance"])
