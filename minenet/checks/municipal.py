"""What the municipality's profile says of a check, wherever no zone outranks it."""

import pandas as pd

from minenet.assumptions import Profile
from minenet.assumptions.profile import Answer
from minenet.checks.listing import listed

__all__ = ["OUTCOME_OF", "SILENT", "named", "network_allowed", "with_profile"]

OUTCOME_OF = {"yes": "ok", "conditional": "attention", "no": "blocked"}
"""Outcome of an answer to "may this be done?"; every other answer leaves it unknown."""

ZONE_OUTCOMES = {
    "heat_network_planned": ("heat_network", {"yes": "blocked", "no": "ok", "conditional": "unknown"}),
    "support": ("support", {"yes": "ok", "no": "attention", "conditional": "attention"}),
}
"""Question that answers a check, and the outcome of each answer; a plan that is not settled is not known."""

GRADES = ("ok", "attention", "unknown", "blocked")
"""Outcomes, worse and worse."""

SILENT = "no profile of the municipality says"

_ALLOWED = {
    "yes": "allowed by {name}",
    "conditional": "allowed on conditions by {name}",
    "no": "not allowed by {name}",
}
_SAID = {
    "heat_network": {
        "yes": "planned in the whole municipality: {name}",
        "no": "not planned: {name}",
        "conditional": "a plan is not settled: {name}",
    },
    "support": {
        "yes": "there is support: {name}",
        "conditional": "support on conditions: {name}",
        "no": "no support: {name}",
    },
}


def named(profile: Profile, said: Answer) -> str:
    """Return the municipality, or else its source, with the conditions of an answer."""
    name = profile.municipality or said.source
    return f"{name}: {said.conditions}" if said.conditions else name


def _said(profile: Profile, question: str) -> str:
    """Return what a profile says on a question, in words."""
    said = profile.answers[question]
    texts = _SAID.get(question, _ALLOWED)
    return texts[said.answer].format(name=named(profile, said)) if said.answer in texts else SILENT


def network_allowed(built: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """Return whether the municipality allows each kind of network."""
    answers = profile.answers
    said = pd.DataFrame(
        [(v, OUTCOME_OF.get(a.answer, "unknown"), _said(profile, v), a.basis) for v, a in answers.items()],
        columns=["variant", "outcome", "detail", "basis"],
    )
    rows = said.set_index("variant").reindex(built["variant"])
    outcome, detail, variant = (column.to_numpy(object) for column in (rows["outcome"], rows["detail"], rows.index))
    return listed("network_allowed", built["cluster_id"], outcome, detail, variant).assign(basis=rows["basis"].array)


def with_profile(rows: pd.DataFrame, check: str, profile: Profile) -> pd.DataFrame:
    """Return rows of a check in which homes outside every zone have the answer of the profile.

    It counts where no zone holds a home, and, where zones hold some, as far as it is worse than what they say: a heat
    network that is planned everywhere is planned beside the zones too. Support is there for all when the profile has
    it, whatever zones add.

    Parameters
    ----------
    rows : DataFrame
        `outcome, detail, basis`, and `share`: the part of the homes that lies in a zone of that subject [-].
    check : str
        Code of the check.
    profile : Profile
        Answers of the municipality.

    Returns
    -------
    DataFrame
        `rows`, with other outcomes where the profile decides.
    """
    question, outcomes = ZONE_OUTCOMES.get(check, ("", {}))
    if question not in profile.answers or profile.answers[question].answer not in outcomes:
        return rows
    said, share = profile.answers[question], rows["share"]
    outcome = outcomes[said.answer]
    worse = rows["outcome"].map(GRADES.index) < GRADES.index(outcome)
    decides = (share == 0) | ((share < 1) & (worse | (check == "support")))
    told = {"outcome": outcome, "detail": _said(profile, question), "basis": said.basis}
    return rows.assign(**{column: rows[column].mask(decides, value) for column, value in told.items()})
