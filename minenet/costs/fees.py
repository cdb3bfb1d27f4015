"""What a municipality asks for the use of its ground: lines of the costs that only its profile can price."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from minenet.assumptions import Assumptions, Entry, LengthClass, Profile
from minenet.costs.pricing import Item
from minenet.tables import VARIANTS

__all__ = ["Fees", "fees_of"]

NOT_SAID = "not counted: no profile of the municipality says"
NOT_NAMED = "not counted: the profile of the municipality names no fee"
ONCE = "asked once, for the use of public ground"
PERMIT = "asked once, for the permit of the pipes by its class of length"


@dataclass(frozen=True)
class Fees:
    """Fees as lines of the costs.

    Attributes
    ----------
    entries : tuple of Entry
        What each costs, with the source and date of the answer.
    items : tuple of Item
        The lines.
    classes : sequence of LengthClass
        Classes of length of the permit for pipes.
    """

    entries: tuple[Entry, ...]
    items: tuple[Item, ...]
    classes: Sequence[LengthClass]

    def laid_over(self, assumptions: Assumptions) -> Assumptions:
        """Return assumptions that know the prices of the fees."""
        return replace(
            assumptions, entries=MappingProxyType({**assumptions.entries, **{e.key: e for e in self.entries}})
        )

    def quantities(self, rows: pd.DataFrame, boreholes: pd.DataFrame) -> pd.DataFrame:
        """Return how many permits and metres each row of solutions needs, on the index of `rows`.

        Trench of which nobody knows whose ground it lies in is not counted: whether it needs a permit is not known.
        """
        trench = rows["public_trench_m"].astype("float64").fillna(0.0).to_numpy()
        key = pd.MultiIndex.from_frame(rows[["cluster_id", "variant"]].astype(object))
        public = boreholes[boreholes["ownership"] == "public"] if "ownership" in boreholes else boreholes.iloc[:0]
        drilled = key.isin(pd.MultiIndex.from_frame(public[["cluster_id", "variant"]].astype(object)))
        found = {"public_permits": ((trench > 0) | drilled).astype("float64"), "public_trench_m": trench}
        open_ = trench > 0
        for number, one in enumerate(self.classes, 1):
            mine = open_ & np.array([one.holds(float(length)) for length in trench], dtype=bool)
            found |= {f"permits_{number}": mine.astype("float64"), f"permit_{number}_m": np.where(mine, trench, 0.0)}
            open_ &= ~mine
        return pd.DataFrame(found, index=rows.index)


def fees_of(profile: Profile | None) -> Fees:
    """Return the fees of a profile; without one, a line that says that none is counted."""
    profile = profile or Profile.unknown()
    said = profile.answers["public_space"]
    entries: list[Entry] = []
    items: list[Item] = []

    def add(item: str, price: float | None, unit: str, quantity: str, note: str) -> None:
        if not price and note not in (NOT_SAID, NOT_NAMED):
            return
        counted = "m" if unit == "EUR/m" else "permit"
        name = f"fee_{quantity}_" + unit.casefold().replace("/", "_")
        source, date = (said.source, said.date) if price is not None and said.source else ("no source", "")
        about = "What the municipality asks for the use of its ground."
        entries.append(Entry("costs", name, price or 0.0, unit, about, source, date))
        items.append(Item(item, " ".join(VARIANTS), "capex", "cluster", quantity, counted, name, "", "", "", "", note))

    if profile.fee_eur is None and profile.fee_eur_m is None:
        add("public_space_fee", None, "EUR", "public_permits", NOT_NAMED if said.source else NOT_SAID)
    else:
        add("public_space_fee", profile.fee_eur, "EUR", "public_permits", ONCE)
        add("public_space_fee_per_metre", profile.fee_eur_m, "EUR/m", "public_trench_m", ONCE)
    for number, one in enumerate(profile.length_classes, 1):
        add("pipe_permit", one.fee_eur, "EUR", f"permits_{number}", PERMIT)
        add("pipe_permit_per_metre", one.fee_eur_m, "EUR/m", f"permit_{number}_m", PERMIT)
    return Fees(tuple(entries), tuple(items), profile.length_classes)
