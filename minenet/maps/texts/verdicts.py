"""Words for verdicts and variants, and for what a check comes to."""

from collections.abc import Mapping

from minenet.maps.texts._labels import labels

__all__ = ["VERDICTS"]

VERDICTS: Mapping[str, tuple[str, str]] = {
    # verdicts: for the planner, then as a sentence for residents
    **labels("verdict"),
    "verdict.unknown": ("Geen oordeel", "No verdict"),
    "sentence.promising": (
        "Een mini-warmtenet is hier kansrijk voor {homes} woningen.",
        "A mini heat network is promising here for {homes} homes.",
    ),
    "sentence.investigate": (
        "Een mini-warmtenet voor {homes} woningen is hier misschien mogelijk; eerst is meer onderzoek nodig.",
        "A mini heat network for {homes} homes may be possible here; more must be found out first.",
    ),
    "sentence.excluded": (
        "Een mini-warmtenet kan hier niet, zo blijkt uit de gegevens die er nu zijn.",
        "A mini heat network is not possible here, as far as today's data shows.",
    ),
    "sentence.unknown": ("Over deze plek is nog geen oordeel.", "There is no verdict on this place yet."),
    "cost.less": (
        "Geschatte kosten: {cost} per woning per jaar. Dat is ongeveer {gap} minder dan met een cv-ketel.",
        "Estimated cost: {cost} per home per year. That is about {gap} less than with a gas boiler.",
    ),
    "cost.more": (
        "Geschatte kosten: {cost} per woning per jaar. Dat is ongeveer {gap} meer dan met een cv-ketel.",
        "Estimated cost: {cost} per home per year. That is about {gap} more than with a gas boiler.",
    ),
    "cost.same": (
        "Geschatte kosten: {cost} per woning per jaar. Dat is ongeveer evenveel als met een cv-ketel.",
        "Estimated cost: {cost} per home per year. That is about as much as with a gas boiler.",
    ),
    "cost.alone": (
        "Geschatte kosten: {cost} per woning per jaar.",
        "Estimated cost: {cost} per home per year.",
    ),
    "cost.unknown": ("Wat het kost, is nog niet bekend.", "What it costs is not known yet."),
    # variants
    **labels("variant"),
    "about.shared_loops": (
        "Twee of drie buren delen één diepe bodemlus; elke woning heeft een eigen warmtepomp.",
        "Two or three neighbours share one deep ground loop; each home has its own heat pump.",
    ),
    "about.ring_net": (
        "Meerdere bodemlussen voeden één ringleiding; elke woning heeft een eigen warmtepomp.",
        "Several ground loops feed one ring pipe; each home has its own heat pump.",
    ),
    "about.ring_net_collective": (
        "Meerdere bodemlussen voeden één ringleiding met een gezamenlijke warmtepomp.",
        "Several ground loops feed one ring pipe with a heat pump for all.",
    ),
    "about.ring_net_aquathermal": (
        "Een ringleiding haalt warmte uit oppervlaktewater; elke woning heeft een eigen warmtepomp.",
        "A ring pipe takes heat from surface water; each home has its own heat pump.",
    ),
    # outcomes of checks, as residents read them
    "outcome.ok": ("Ja", "Yes"),
    "outcome.attention": ("Vraag na", "Ask"),
    "outcome.warning": ("Let op", "Take note"),
    "outcome.blocked": ("Nee", "No"),
    "outcome.unknown": ("Niet bekend", "Not known"),
}
