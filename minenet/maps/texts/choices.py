"""Words of the residents' page for what one may choose or change oneself."""

from collections.abc import Mapping

__all__ = ["CHOICES"]

CHOICES: Mapping[str, tuple[str, str]] = {
    # residents' page: own choices, fewer neighbours, plus and minus points with figures, the house
    "choice.title": ("Reken met uw eigen situatie", "Work it out for your own situation"),
    "choice.gas": ("Uw gasverbruik per jaar", "Your gas use per year"),
    "choice.mean": ("gemiddeld hier", "mean here"),
    "choice.joins": ("Buren die meedoen, met u erbij", "Homes that join, yours included"),
    "choice.joins_of": ("{some} van {all}", "{some} of {all}"),
    "choice.reset": ("Terug naar de berekening", "Back to the calculation"),
    "choice.note": (
        (
            "Gerekend alsof elke woning van het net zoveel gas gebruikt. Berekend bij 500, 1.000, 1.500 en 2.000 m³; "
            "daartussen is recht doorgetrokken."
        ),
        (
            "Calculated as if every home of the network used this much gas. Computed at 500, 1,000, 1,500 and "
            "2,000 m³; straight lines between."
        ),
    ),
    "choice.now": (
        "Dit zijn de kosten bij {gas} gas per jaar en {some} van {all} woningen die meedoen.",
        "This is the cost at {gas} of gas per year with {some} of {all} homes joining.",
    ),
    "money.air_least": (
        (
            "Een eigen luchtwarmtepomp is hier het voordeligst: {cost} per jaar, ongeveer {gap} minder dan het "
            "mini-warmtenet. Bij de voordelen leest u waarom een mini-warmtenet toch de betere keuze kan zijn."
        ),
        (
            "An own air-source heat pump costs least here: {cost} per year, about {gap} less than the mini heat "
            "network. The plus points say why a mini heat network can still be the better choice."
        ),
    ),
    "money.long": (
        (
            "Over 30 jaar gerekend, met vervanging en wat de bron dan nog waard is, kost het mini-warmtenet {net} per "
            "jaar en een luchtwarmtepomp {air}."
        ),
        (
            "Over 30 years, with replacements and what the source is still worth, the mini heat network costs {net} "
            "a year and an air-source heat pump {air}."
        ),
    ),
    "money.chances": (
        (
            "In {gas} van de 100 berekeningen met andere prijzen is het mini-warmtenet goedkoper dan gas, in {air} "
            "goedkoper dan een luchtwarmtepomp."
        ),
        (
            "In {gas} of 100 calculations with other prices the mini heat network costs less than gas, in {air} less "
            "than an air-source heat pump."
        ),
    ),
    "curve.title": ("Wat als een buur niet meedoet of verhuist?", "What if a neighbour says no, or moves out?"),
    "curve.joins": ("Minder buren aan het begin", "Fewer neighbours at the start"),
    "curve.picture": (
        "Kosten per woning per jaar: {most} als {few} woningen meedoen, {least} als alle {all} meedoen.",
        "Cost per home per year: {most} when {few} homes join, {least} when all {all} join.",
    ),
    "curve.enough": (
        "Vanaf {homes} woningen kost het niet meer dan gas.",
        "From {homes} homes on it costs no more than gas.",
    ),
    "curve.never": (
        "Ook als iedereen meedoet, kost het meer dan gas.",
        "Even when everyone joins, it costs more than gas.",
    ),
    "curve.axis": ("woningen die meedoen", "homes that join"),
    "curve.up": ("Euro per woning per jaar", "Euro per home per year"),
    "curve.net": ("mini-warmtenet", "mini network"),
    "curve.gas_boiler": ("cv-ketel", "gas boiler"),
    "curve.air_heat_pump": ("lucht", "air"),
    "curve.own_loops": ("eigen lus", "own loop"),
    "curve.leavers": ("Een deelnemer stopt later", "A home leaves later"),
    "curve.leavers_more": (
        "Het net ligt er dan al. Wie blijft, betaalt het samen:",
        "The network is there by then. Those who stay pay for it together:",
    ),
    "curve.leaver": (
        "{gone} woningen minder: {cost} per woning per jaar, {more} meer",
        "{gone} homes less: {cost} per home per year, {more} more",
    ),
    "curve.sale": (
        "Leg vooraf vast dat een koper de deelname overneemt; dan verandert er bij verkoop niets.",
        "Lay down beforehand that a buyer takes the share over; then a sale changes nothing.",
    ),
    "point.cheaper_gas": ("Naar schatting {gap} per jaar goedkoper dan gas.", "Estimated {gap} a year less than gas."),
    "point.dearer_gas": ("Naar schatting {gap} per jaar duurder dan gas.", "Estimated {gap} a year more than gas."),
    "point.cheaper_air": (
        "Naar schatting {gap} per jaar goedkoper dan een luchtwarmtepomp.",
        "Estimated {gap} a year less than an air-source heat pump.",
    ),
    "point.dearer_air": (
        "Een luchtwarmtepomp is naar schatting {gap} per jaar goedkoper.",
        "An air-source heat pump is estimated to cost {gap} a year less.",
    ),
    "point.share": (
        "U deelt de kosten van de bron en het aansluiten.",
        "You share the cost of source and connections.",
    ),
    "point.water": (
        "Of het waterschap warmte uit het water toestaat, is niet bekend.",
        "Whether the water authority allows heat to be taken from the water is not known.",
    ),
    "point.fewer": (
        "{some} boringen, in plaats van {all} met een eigen lus bij elke woning.",
        "{some} drillings, instead of {all} with an own loop at every home.",
    ),
    "point.not_fewer": (
        "{some} boringen: niet minder dan met een eigen lus bij elk van de {all} woningen.",
        "{some} drillings: no fewer than with an own loop at each of the {all} homes.",
    ),
    "point.more_homes": (
        "Alle {all} woningen kunnen bodemwarmte krijgen; een eigen lus past maar bij {some}.",
        "All {all} homes can have ground heat; an own loop fits at only {some}.",
    ),
    "point.quiet": (
        "Geen buitenunit: geen geluid buiten, zoals bij een luchtwarmtepomp.",
        "No outdoor unit: no noise outdoors, as an air-source heat pump makes.",
    ),
    "point.loud": ("Er staat een unit buiten die geluid maakt.", "A unit outdoors makes noise."),
    "point.no_cooling": ("Koelen in de zomer kan hiermee niet.", "It cannot cool in summer."),
    "point.peak_less": (
        "Vraagt op de koudste dag {net} stroom per woning; een luchtwarmtepomp {air}.",
        "Draws {net} of electric power per home on the coldest day; an air-source heat pump {air}.",
    ),
    "point.co2": (
        "Per woning per jaar {net} CO₂; met gas is dat {gas}, met een luchtwarmtepomp {air}.",
        "Per home and year {net} of CO₂; with gas {gas}, with an air-source heat pump {air}.",
    ),
    "form.row": ("Per woning", "Per home"),
    "form.upfront": ("Vooraf", "At the start"),
    "form.monthly": ("Per maand", "Per month"),
    "form.within": ("Daarin voor het net", "For the network in it"),
    "form.loan": ("lening van {loan}, {rate} in {years} jaar", "loan of {loan}, {rate} over {years} years"),
    "form.fee": ("tarief van {fee} per jaar", "tariff of {fee} a year"),
    "form.note": (
        (
            "Voorbeelden. Vooraf is de eigen warmtepomp, en wat niet geleend of in het tarief betaald wordt. Per maand "
            "is met energie en onderhoud. Subsidie is er niet van afgetrokken."
        ),
        (
            "Examples. At the start: the own heat pump, and what is not borrowed or paid in the tariff. Per month "
            "includes energy and maintenance. No subsidy is taken off."
        ),
    ),
    "house.title": ("Is uw huis er klaar voor?", "Is your home ready for it?"),
    "house.counts": (
        (
            "Verwarmen op lage temperatuur kan waarschijnlijk al bij {ready} van de {all} woningen; bij {first} is "
            "eerst isoleren nodig; van {rest} is het niet bekend (naar energielabel en bouwjaar)."
        ),
        (
            "Heating at low temperature is likely possible now in {ready} of the {all} homes; {first} need insulation "
            "first; of {rest} it is not known (by energy label and year of construction)."
        ),
    ),
    "house.unknown": (
        "Of verwarmen op lage temperatuur kan, hangt af van label en bouwjaar: laat het per woning nagaan.",
        "Whether heating at low temperature is possible depends on label and year: have it looked into per home.",
    ),
    "house.cost": (
        "Dat werk kost gemiddeld ongeveer {cost} per woning, bij elke warmtepomp; het zit niet in deze bedragen.",
        "That work costs about {cost} per home on average, with any heat pump; it is not in these amounts.",
    ),
}
