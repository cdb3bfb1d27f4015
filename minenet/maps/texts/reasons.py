"""Words for reasons: of a verdict, of a rank, of a home that is left out; and for zones and who can answer."""

from collections.abc import Mapping

__all__ = ["NO_GROUP", "REASONS", "SHARED_REASONS"]

NO_GROUP = (
    "In deze berekening is geen groep buren gevonden waar dit adres bij past.",
    "This calculation found no group of neighbours that this address fits in.",
)
"""Why a home is in no cluster, whenever the reason is, or could be, the answer of a household."""

SHARED_REASONS = ("said_no", "no_neighbours_to_share", "dearer_to_join", "own_cluster_too_small", "other")
"""Reasons with the text `NO_GROUP`; `other` stands for every code that has no text of its own."""

REASONS: Mapping[str, tuple[str, str]] = {
    # reasons for the verdict
    "reason.drilling_ban": ("Boren is hier verboden.", "Drilling is forbidden here."),
    "reason.drilling_unknown": (
        "Of hier geboord mag worden, is niet bekend.",
        "Whether drilling is allowed is not known.",
    ),
    "reason.cooling_registered": (
        "Het koelt een bestaande bodemlus te ver af.",
        "It cools an existing ground loop too far.",
    ),
    "reason.depth_limit": ("Er mag hier niet diep genoeg worden geboord.", "Drilling may not go deep enough here."),
    "reason.heat_network_planned": (
        "De gemeente plant hier een wijkwarmtenet.",
        "The municipality plans a district heat network here.",
    ),
    "reason.heat_network_unknown": (
        "Of de gemeente hier een wijkwarmtenet plant, is niet bekend.",
        "Whether the municipality plans a district heat network is not known.",
    ),
    "reason.network_refused": (
        "De gemeente staat zo'n net hier niet toe.",
        "The municipality does not allow such a network here.",
    ),
    "reason.network_unknown": (
        "Of de gemeente zo'n net hier toestaat, is niet bekend.",
        "Whether the municipality allows such a network here is not known.",
    ),
    "reason.network_conditional": (
        "De gemeente staat zo'n net toe onder voorwaarden.",
        "The municipality allows such a network on conditions.",
    ),
    "reason.interference_unknown": (
        "Of bestaande bodemlussen en dit net elkaar te veel afkoelen, is niet bekend.",
        "Whether existing ground loops and this network cool each other too much is not known.",
    ),
    "reason.public_space_unknown": (
        "Of de openbare ruimte gebruikt mag worden, is niet bekend.",
        "Whether public space may be used is not known.",
    ),
    "reason.public_space_needed": (
        "Er is openbare ruimte nodig: de gemeente moet toestemming geven.",
        "Public space is needed: the municipality must consent.",
    ),
    "reason.public_space_refused": (
        "De openbare ruimte mag hier niet worden gebruikt.",
        "Public space may not be used here.",
    ),
    "reason.no_place_for_plant_room": (
        "Er is geen plaats voor een techniekruimte.",
        "There is no room for a plant room.",
    ),
    "reason.no_water_nearby": ("Er is geen geschikt water dichtbij.", "No suitable water is near."),
    "reason.water_not_given": ("Water is niet bekend.", "Water is not known."),
    "reason.no_ring_net": ("Er kon geen ringnet worden ontworpen.", "No ring net could be designed."),
    "reason.too_few_places": (
        "Er is te weinig plaats voor de boringen die nodig zijn.",
        "There is too little room for the drillings that are needed.",
    ),
    "reason.cooling_high": (
        "De lussen van het net koelen elkaar sterk af: een deskundige moet kijken.",
        "The loops of the network cool each other a lot: an expert must look.",
    ),
    "reason.heat_network_partly": (
        "Voor een deel van de woningen is een wijkwarmtenet gepland.",
        "For some of the homes a district heat network is planned.",
    ),
    "reason.drilling_ban_partly": (
        "Bij een deel van de woningen is boren verboden.",
        "At some of the homes drilling is forbidden.",
    ),
    "reason.fits_for": ("Een eigen lus past niet overal.", "An own loop does not fit everywhere."),
    "reason.fits_for_at_least": (
        "Van een deel van de woningen is niet bekend welke grond erbij hoort.",
        "Of some of the homes it is not known which ground belongs to them.",
    ),
    "reason.own_plots_not_known": (
        "Welke grond bij welke woning hoort, is niet bekend.",
        "Which ground belongs to which home is not known.",
    ),
    "reason.no_place_for_loop": (
        "Niet elke groep buren heeft plaats voor een gedeelde lus.",
        "Not every group of neighbours has room for a shared loop.",
    ),
    "reason.no_place_for_borehole": ("Er is geen plaats voor een boring.", "There is no room for a drilling."),
    "reason.too_deep": (
        "De boringen zouden dieper moeten dan mag of kan.",
        "The drillings would have to go deeper than is allowed or possible.",
    ),
    "reason.no_room": ("Er is te weinig plaats voor boringen.", "There is too little room for drillings."),
    "reason.ownership_unknown": ("Van wie de grond is, is niet bekend.", "Whose ground it is, is not known."),
    "reason.dearer_than_gas": (
        "Het kost naar schatting meer dan een cv-ketel.",
        "It is estimated to cost more than a gas boiler.",
    ),
    "reason.gas_cheaper_in_most_draws": (
        "Het verschil met een cv-ketel is klein: met andere prijzen is gas vaker wel dan niet goedkoper.",
        "The difference from a gas boiler is small: with other prices gas is more often cheaper than not.",
    ),
    "reason.dearer_than_air": (
        "Het kost naar schatting meer dan een luchtwarmtepomp.",
        "It is estimated to cost more than an air-source heat pump.",
    ),
    "reason.dearer_than_own_loops": (
        "Het kost naar schatting meer dan een eigen bodemlus.",
        "It is estimated to cost more than an own ground loop.",
    ),
    "reason.cheaper_than_air": (
        "Het kost naar schatting minder dan een luchtwarmtepomp.",
        "It is estimated to cost less than an air-source heat pump.",
    ),
    "reason.cheaper_than_own_loops": (
        "Het kost naar schatting minder dan een eigen bodemlus.",
        "It is estimated to cost less than an own ground loop.",
    ),
    "reason.cheaper_than_gas": (
        "Het kost naar schatting minder dan een cv-ketel.",
        "It is estimated to cost less than a gas boiler.",
    ),
    "reason.no_variant": ("Geen van de varianten past hier.", "None of the variants fits here."),
    "reason.cost_unknown": ("De kosten zijn niet bekend.", "The cost is not known."),
    # what the rank of a cluster goes by; a figure follows each
    "rank.saving": ("voordeel op gas (euro per woning per jaar)", "saving on gas (euro per home and year)"),
    "rank.robustness": ("woningen die mogen afvallen", "homes that may stay away"),
    "rank.drillings": ("boringen die delen bespaart", "drillings that sharing saves"),
    "rank.certainty": ("controles met een antwoord", "checks with an answer"),
    # the same as lines of the planner's panel
    "why.title": ("Waarom nummer {rank}", "Why number {rank}"),
    "why.more": (
        "Eerst telt het oordeel, en daarbinnen deze vier samen. De gewichten staan in de aannamen.",
        "The verdict counts first, and within it these four together. The weights stand in the assumptions.",
    ),
    "why.saving": ("Voordeel op gas, per woning per jaar", "Saving on gas, per home and year"),
    "why.robustness": (
        "Woningen die mogen afvallen voor het meer kost dan gas",
        "Homes that may stay away before it costs more than gas",
    ),
    "why.drillings": ("Boringen die delen bespaart", "Drillings that sharing saves"),
    "why.certainty": ("Controles met een antwoord", "Checks with an answer"),
    "why.part": ("{some} van {all}", "{some} of {all}"),
    # orders of the list
    "order.title": ("Sorteer op", "Sort by"),
    "order.rank": ("Nummer (oordeel, dan score)", "Number (verdict, then score)"),
    "order.verdict": ("Oordeel", "Verdict"),
    "order.name": ("Naam", "Name"),
    "order.homes": ("Woningen, meeste eerst", "Homes, most first"),
    "order.annual_eur_per_home": ("Kosten, laagste eerst", "Cost, lowest first"),
    "order.saving": ("Voordeel op gas, grootste eerst", "Saving on gas, largest first"),
    "order.boreholes": ("Boringen, minste eerst", "Drillings, fewest first"),
    "order.chance": ("Zekerheid: kans goedkoper dan gas", "Certainty: chance to cost less than gas"),
    # the same with figures
    "because.fits_for": ("past bij {some} van de {all} woningen", "fits {some} of the {all} homes"),
    "because.fits_for_none": (
        "Bij geen van de woningen is plaats voor een eigen lus.",
        "At none of the homes is there room for an own loop.",
    ),
    "because.fits_for_at_least": (
        "past bij zeker {some} van de {all} woningen; van {unknown} is niet bekend welke grond erbij hoort",
        "fits at least {some} of the {all} homes; of {unknown} it is not known which ground belongs to them",
    ),
    "because.no_place_for_loop_one": (
        "Er is geen plaats voor een gedeelde lus.",
        "There is no room for a shared loop.",
    ),
    "because.no_place_for_loop": (
        "Voor {some} van de {all} groepen buren is geen plaats voor een gedeelde lus.",
        "For {some} of the {all} groups of neighbours there is no room for a shared loop.",
    ),
    "because.too_deep": (
        "De boringen zouden {needed} m diep moeten; {permitted} m mag of kan.",
        "The drillings would have to be {needed} m deep; {permitted} m is allowed or possible.",
    ),
    "because.no_place_for_plant_room": (
        "Naast de leiding is geen plaats voor een techniekruimte.",
        "Beside the pipe there is no room for a plant room.",
    ),
    "because.no_water_nearby": (
        "Er is geen water van genoeg oppervlak dichtbij.",
        "There is no water of enough size nearby.",
    ),
    "because.water_not_given": ("Er is geen kaart van het water.", "No map of the water was given."),
    "because.no_ring_net": ("Er kon geen ringnet worden ontworpen.", "No ring net could be designed."),
    "because.too_few_places": (
        "Er is plaats voor {places} boringen; bij {depth} m diep zijn er minstens {needed} nodig.",
        "There is room for {places} drillings; at a depth of {depth} m at least {needed} are needed.",
    ),
    # why a home is in no cluster; an answer of a household is never told
    "left_out.no_building": ("Bij dit adres is geen gebouw gevonden.", "No building was found at this address."),
    "left_out.building_use_other": ("Dit gebouw is geen woning.", "This building is not a home."),
    "left_out.too_many_dwellings": (
        "Dit gebouw heeft meer woningen dan een mini-warmtenet aankan.",
        "This building has more homes than a mini heat network can serve.",
    ),
    "left_out.no_street_nearby": ("Er is geen straat dichtbij genoeg.", "No street is near enough."),
    "left_out.stands_in_water": ("Deze woning ligt in het water.", "This home lies in the water."),
    "left_out.no_free_service_path": (
        "Er is geen vrije weg voor een leiding naar de straat.",
        "There is no free way for a pipe to the street.",
    ),
    "left_out.no_heat_demand": (
        "Van dit adres is geen warmtevraag bekend, of die is nul (zoals bij een huis dat al van het gas af is).",
        "No heat demand of this address is known, or it is zero (as in a home that uses no gas any more).",
    ),
    "left_out.street_not_chosen": (
        "Deze berekening kijkt alleen naar andere straten.",
        "This calculation looks at other streets only.",
    ),
    "left_out.own_cluster_too_large": (
        "De groep die voor deze woning is opgegeven, is te groot voor een mini-warmtenet.",
        "The group that was given for this home is too large for a mini heat network.",
    ),
    "left_out.own_cluster_not_connected": (
        "De groep die voor deze woning is opgegeven, kan niet met leidingen worden verbonden.",
        "The group that was given for this home cannot be joined by pipes.",
    ),
    "left_out.own_cluster_splits_building": (
        "Voor dit gebouw zijn verschillende groepen opgegeven; een gebouw blijft heel.",
        "Different groups were given for this building; a building stays whole.",
    ),
    "left_out.together_too_large": (
        "De woningen die bij elkaar moeten blijven, zijn samen te veel voor een mini-warmtenet.",
        "The homes that must stay together are too many for a mini heat network.",
    ),
    "left_out.together_not_connected": (
        "De woningen die bij elkaar moeten blijven, kunnen niet met leidingen worden verbonden.",
        "The homes that must stay together cannot be joined by pipes.",
    ),
    **dict.fromkeys((f"left_out.{code}" for code in SHARED_REASONS), NO_GROUP),
    # what a zone does, beside its name on the map
    "effect.ban": ("boren verboden", "no drilling"),
    "effect.max_depth": ("grens aan de diepte", "depth limit"),
    "effect.permit": ("vergunning", "permit"),
    "effect.notice": ("melding", "notification"),
    "effect.heat_network": ("wijkwarmtenet gepland", "heat network planned"),
    # who can answer
    "who.municipality": ("Gemeente", "Municipality"),
    "who.province": ("Provincie", "Province"),
    "who.driller": ("Boorbedrijf", "Drilling company"),
    "who.residents": ("Bewoners", "Residents"),
    "who.network_operator": ("Netbeheerder", "Network operator"),
    "who.kadaster": ("Kadaster (KLIC)", "Kadaster (KLIC)"),
    "who.acm": ("Toezichthouder ACM", "Regulator ACM"),
    "who.patent_holder": ("Octrooihouder", "Patent holder"),
}
