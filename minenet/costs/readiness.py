"""Whether a house is ready for low-temperature heating, as far as its label or its age tells."""

import numpy as np
import pandas as pd

from minenet.assumptions import Costs

__all__ = ["READINESS", "readiness"]

READINESS = ("likely", "insulate_first", "unknown")
LABELS = "ABCDEFG"


def readiness(building_ids: pd.Series, buildings: pd.DataFrame, *, prices: Costs) -> pd.Series:
    """Return for each home whether low-temperature heating is likely, to be insulated first, or unknown.

    A label outranks the year of construction: from `ready_label` up it is likely, one class below it is unknown, and
    worse ones are to be insulated first. Without a label, the year decides where it can.

    Parameters
    ----------
    building_ids : Series
        Building of each home.
    buildings : DataFrame
        `building_id`, and `energy_label` and `year_built` where known.
    prices : Costs
        Section `costs`: `ready_label, ready_from_year, insulate_before_year`.

    Returns
    -------
    Series
        `likely`, `insulate_first` or `unknown`, on the index of `building_ids`.

    Examples
    --------
    >>> from minenet.assumptions import Assumptions
    >>> table = pd.DataFrame({"building_id": ["a", "b", "c"], "energy_label": ["A++", "E", None], "year_built": 1980})
    >>> readiness(pd.Series(["a", "b", "c"]), table, prices=Assumptions.default().costs).tolist()
    ['likely', 'insulate_first', 'unknown']
    """
    facts = buildings.drop_duplicates("building_id").set_index("building_id")
    facts = facts.reindex(columns=["energy_label", "year_built"]).reindex(building_ids)
    letter = facts["energy_label"].astype("object").str.strip().str.upper().str[:1]
    place = letter.map({name: number for number, name in enumerate(LABELS)}).to_numpy("float64")
    worst = LABELS.index(prices.ready_label)
    year = facts["year_built"].astype("float64").to_numpy()
    labelled = ~np.isnan(place)
    likely = np.where(labelled, place <= worst, year >= prices.ready_from_year)
    first = np.where(labelled, place > worst + 1, year < prices.insulate_before_year)
    words = np.select([likely.astype(bool), first.astype(bool)], READINESS[:2], READINESS[2])
    return pd.Series(words, index=building_ids.index, dtype="str")
