"""Every word on the map and the pages, in Dutch and English side by side."""

from collections.abc import Mapping

from minenet.tables import LABELS, LANGUAGES

__all__ = ["LANGUAGES", "NO_GROUP", "SHARED_REASONS", "TEXTS"]

NO_GROUP = (
    "In deze berekening is geen groep buren gevonden waar dit adres bij past.",
    "This calculation found no group of neighbours that this address fits in.",
)
"""Why a home is in no cluster, whenever the reason is, or could be, the answer of a household."""

SHARED_REASONS = ("said_no", "no_neighbours_to_share", "dearer_to_join", "own_cluster_too_small", "other")
"""Reasons with the text `NO_GROUP`; `other` stands for every code that has no text of its own."""


def _labels(group: str) -> dict[str, tuple[str, str]]:
    """Return the words that files of a result use for the same codes."""
    return {f"{group}.{code}": words for code, words in LABELS[group].items()}


TEXTS: Mapping[str, tuple[str, str]] = {
    # verdicts: for the planner, then as a sentence for residents
    **_labels("verdict"),
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
    **_labels("variant"),
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
    # checks, as questions that the outcome answers
    "check.drilling_ban": ("Mag hier worden geboord?", "Is drilling allowed here?"),
    "check.heat_network_planned": (
        "Blijft deze plek vrij van een wijkwarmtenet?",
        "Does this place stay free of a district heat network?",
    ),
    "check.network_allowed": (
        "Staat de gemeente zo'n net hier toe?",
        "Does the municipality allow such a network here?",
    ),
    "check.pipe_permit": (
        "Kunnen de leidingen zonder vergunning in de openbare grond?",
        "May the pipes lie in public ground without a permit?",
    ),
    "check.fluid": (
        "Blijft de bronvloeistof binnen de wettelijke grenzen?",
        "Does the brine stay within the legal limits?",
    ),
    "check.cooling_by_registered": (
        "Houdt dit net warmte genoeg naast de bestaande lussen?",
        "Does this network keep heat enough beside existing loops?",
    ),
    "check.public_space": (
        "Mag de openbare ruimte worden gebruikt waar dat nodig is?",
        "May public space be used where it is needed?",
    ),
    "check.ownership": ("Is bekend van wie de grond is?", "Is it known whose ground it is?"),
    "check.others_ground": (
        "Blijven de leidingen uit de tuin van wie niet meedoet?",
        "Do the pipes stay out of the plots of those who do not take part?",
    ),
    "check.plots": ("Zijn de perceelgrenzen bekend?", "Is it known where plots end?"),
    "check.depth_limit": ("Mag er diep genoeg worden geboord?", "May the drilling go deep enough?"),
    "check.interference_area": ("Ligt de plek buiten een interferentiegebied?", "Is it outside an interference area?"),
    "check.zone_conditions": ("Kan het zonder extra voorwaarden?", "Is it free of further conditions?"),
    "check.permit": ("Kan het zonder vergunning voor het vermogen?", "Is no permit needed for its power?"),
    "check.data": ("Zijn alle gegevens er?", "Is all data there?"),
    "check.cooling": (
        "Blijven de lussen van dit net warm genoeg?",
        "Do the loops of this network stay warm enough?",
    ),
    "check.cooling_clusters": (
        "Blijft er genoeg warmte als ook de andere netten hier komen?",
        "Is there heat enough if the other networks here are built too?",
    ),
    "check.cooling_together": (
        "Blijft het kansrijk als elk kansrijk net hier wordt aangelegd?",
        "Does it stay promising if every promising network here is built?",
    ),
    "check.cooling_registered": (
        "Blijven bestaande lussen warm genoeg?",
        "Do existing loops stay warm enough?",
    ),
    "check.interference": ("Blijven andere bodemlussen ongestoord?", "Do other ground loops stay undisturbed?"),
    "check.notice": ("Is de melding bodemenergie gedaan?", "Has the notification of ground energy been made?"),
    "check.collective_heat_act": (
        "Kan het zonder ontheffing van de Wet collectieve warmte?",
        "Is no exemption from the collective heat act needed?",
    ),
    "check.monitoring": ("Is geregeld wie meet en registreert?", "Is it settled who measures and registers?"),
    "check.cables": ("Is bekend waar kabels en leidingen liggen?", "Is it known where cables and pipes lie?"),
    "check.patent": ("Is het ringnet vrij van een octrooi?", "Is the ring net free of a patent?"),
    "check.support": ("Is er steun voor bewoners?", "Is there support for residents?"),
    # what a check found: a detail that fits the English text is told in Dutch too
    "detail.no_layer": ("geen kaartlaag zegt er iets over", "no layer says"),
    "detail.outside": ("buiten elk zulk gebied", "outside every such zone"),
    "detail.inside": ("{some} van {all} woningen in: {name}", "{some} of {all} homes in: {name}"),
    "detail.homes_in": ("{some} woningen in: {name}", "{some} homes in: {name}"),
    "detail.placed_in": ("boringen of leidingen in: {name}", "boreholes or pipes in: {name}"),
    "detail.public_fee_weeks": (
        (
            "{metres} m sleuf en {holes} boringen in openbare grond: {name}; kosten {fee} euro, {weeks} weken vooraf "
            "aanvragen"
        ),
        "{metres} m of trench and {holes} boreholes in public ground: {name}; fee {fee} EUR, ask {weeks} weeks ahead",
    ),
    "detail.public_fee": (
        "{metres} m sleuf en {holes} boringen in openbare grond: {name}; kosten {fee} euro",
        "{metres} m of trench and {holes} boreholes in public ground: {name}; fee {fee} EUR",
    ),
    "detail.public_weeks": (
        "{metres} m sleuf en {holes} boringen in openbare grond: {name}; {weeks} weken vooraf aanvragen",
        "{metres} m of trench and {holes} boreholes in public ground: {name}; ask {weeks} weeks ahead",
    ),
    "detail.permit_weeks": (
        "{metres} m sleuf in openbare grond: vergunning van {fee} euro, {weeks} weken vooraf aanvragen",
        "{metres} m of trench in public ground: a permit of {fee} EUR, asked {weeks} weeks ahead",
    ),
    "detail.permit": (
        "{metres} m sleuf in openbare grond: vergunning van {fee} euro",
        "{metres} m of trench in public ground: a permit of {fee} EUR",
    ),
    "detail.no_trench": ("heeft geen sleuf in openbare grond nodig", "needs no trench in public ground"),
    "detail.not_known_whose": ("van wie de grond is, is niet bekend", "whose ground it is, is not known"),
    "detail.no_profile": ("geen profiel van de gemeente zegt er iets over", "no profile of the municipality says"),
    "detail.allowed": ("mag volgens {name}", "allowed by {name}"),
    "detail.allowed_on_conditions": ("mag onder voorwaarden volgens {name}", "allowed on conditions by {name}"),
    "detail.not_allowed": ("mag niet volgens {name}", "not allowed by {name}"),
    "detail.planned_everywhere": ("gepland in de hele gemeente: {name}", "planned in the whole municipality: {name}"),
    "detail.not_planned": ("niet gepland: {name}", "not planned: {name}"),
    "detail.plan_not_settled": ("een plan staat nog niet vast: {name}", "a plan is not settled: {name}"),
    "detail.support": ("er is steun: {name}", "there is support: {name}"),
    "detail.support_on_conditions": ("steun onder voorwaarden: {name}", "support on conditions: {name}"),
    "detail.no_support": ("geen steun: {name}", "no support: {name}"),
    "detail.fluid": (
        "de vloeistof gaat met minstens {coldest} °C de bodem in; {lowest} °C of meer is vereist",
        "the fluid goes into the ground at {coldest} C or warmer; at least {lowest} C is asked",
    ),
    "detail.public_named": (
        "{metres} m sleuf en {holes} boringen in openbare grond: {name}",
        "{metres} m of trench and {holes} boreholes in public ground: {name}",
    ),
    "detail.public": (
        "{metres} m sleuf en {holes} boringen in openbare grond",
        "{metres} m of trench and {holes} boreholes in public ground",
    ),
    "detail.no_public": ("heeft geen openbare grond nodig", "needs no public ground"),
    "detail.owners": (
        "eigenaar onbekend bij {holes} boringen en {runs} leidingen; {others} boringen in de grond van een buur",
        "owner unknown for {holes} boreholes and {runs} pipe runs; {others} boreholes in a neighbour's ground",
    ),
    "detail.others_ground": (
        "{metres} m sleuf door percelen zonder woning die meedoet",
        "{metres} m of trench through plots without a home that takes part",
    ),
    "detail.no_others_ground": (
        "geen sleuf door percelen van anderen",
        "no trench through plots of others",
    ),
    "detail.limit": ("grens op {depth} m", "limit {depth} m"),
    "detail.limit_near": ("in de buurt geldt een grens", "a limit holds nearby"),
    "detail.no_limit": ("geen grens hier", "no limit here"),
    "detail.power": (
        "het grootste systeem haalt {power} kW uit de bodem; vergunning boven {limit} kW",
        "{power} kW from the ground by the largest system, permit above {limit} kW",
    ),
    "detail.cooling_mended": (
        "hoogstens {most} °C kouder, grens {limit} °C; {kwh} kWh per jaar teruggeven verhelpt het",
        "at most {most} K, limit {limit} K; {kwh} kWh a year given back mends it",
    ),
    "detail.cooling": ("hoogstens {most} °C kouder, grens {limit} °C", "at most {most} K, limit {limit} K"),
    "detail.not_computed": ("niet berekend", "not computed"),
    "detail.loops": (
        "{number} geregistreerde lussen binnen {metres} m; het register is niet compleet",
        "{number} registered loops within {metres} m; the register is incomplete",
    ),
    "detail.notice": (
        "minstens 4 weken vooraf melden bij de gemeente",
        "notify the municipality at least 4 weeks ahead",
    ),
    "detail.exemption": (
        "{homes} woningen; vanaf {limit} is een ontheffing nodig",
        "{homes} homes; from {limit} an exemption is needed",
    ),
    "detail.klic": ("vraag kabels en leidingen op voor het graven", "ask for cables and pipes before digging"),
    "detail.patent": ("vraag het Uiteigenbodem", "ask Uiteigenbodem"),
    "detail.measure": ("meten en registreren", "measure and register"),
    "detail.plots_given": ("percelen van het kadaster", "plots of the cadastre"),
    "detail.plots_drawn": (
        "percelen getekend: privégrond bij de dichtstbijzijnde woning",
        "plots drawn from private land and the nearest home",
    ),
    "detail.plots_over": ("{some} percelen overlappen een ander", "{some} plots are drawn over another"),
    "detail.all_given": ("elke kaartlaag is aangeleverd", "every layer was given"),
    "detail.not_given": ("niet aangeleverd: {layers}", "not given: {layers}"),
    # layers of the data, in words that people understand
    "layer.buildings": ("gebouwen", "buildings"),
    "layer.addresses": ("adressen", "addresses"),
    "layer.streets": ("straten", "streets"),
    "layer.barriers": ("hindernissen (zoals spoor en hoofdwegen)", "barriers (such as railways and main roads)"),
    "layer.land": ("eigendom van de grond", "ownership of the ground"),
    "layer.parcels": ("percelen", "plots"),
    "layer.water": ("water", "water"),
    "layer.obstacles": ("bomen, riolen en kabels", "trees, sewers and cables"),
    "layer.zones": ("regels en plannen", "rules and plans"),
    "layer.crossings": ("toegestane kruisingen", "crossings allowed"),
    "layer.fixed_boreholes": ("vaste boorpunten", "fixed boreholes"),
    "layer.loops": ("bestaande bodemlussen", "existing ground loops"),
    "layer.ground": ("opbouw van de bodem", "layers of the ground"),
    # sources of the rules: words in them that are not the same in Dutch
    "source.factsheet": (
        "Provincie Utrecht, factsheet Mini-warmtenet",
        "Province of Utrecht, factsheet Mini-warmtenet",
    ),
    "source.appendix": ("BUM BE bijlage 2", "BUM BE appendix 2"),
    "source.consent": (
        "toestemming van de eigenaar); het blijvende recht: eigen gevolgtrekking",
        "consent of the owner); the lasting right: inference",
    ),
    "source.example": ("een voorbeeld, geen landelijke regel", "an example, no national rule"),
    "source.inference": (
        "voor woningen met een voordeur aan straat: eigen gevolgtrekking",
        "for homes with a front door: inference",
    ),
    "source.zone": ("de regels van het gebied zelf", "the zone itself"),
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
    # ground and pipes
    **_labels("ownership"),
    # map
    "map.area": ("Kaart van het gebied", "Map of the area"),
    "map.street": ("Kaart van de straat", "Map of the street"),
    "map.legend": ("Legenda", "Legend"),
    "map.north": ("Noord", "North"),
    "map.numbers": ("De nummers zijn die van de lijst.", "Numbers are those of the list."),
    "map.zoom_in": ("Inzoomen", "Zoom in"),
    "map.zoom_out": ("Uitzoomen", "Zoom out"),
    "map.homes": ("Woningen die meedoen in de berekening", "Homes in the calculation"),
    "map.buildings": ("Gebouwen", "Buildings"),
    "map.other_buildings": ("Andere gebouwen", "Other buildings"),
    "map.water": ("Water", "Water"),
    "map.zones": ("Verbod op of grens aan boren", "Ban on drilling, or a limit to it"),
    "map.conditions": ("Vergunning of melding nodig", "Permit or notification needed"),
    "map.land": ("Openbare grond", "Public ground"),
    "map.heat": ("Gepland wijkwarmtenet", "Planned district heat network"),
    "map.loops": ("Bestaande bodemlus", "Existing ground loop"),
    "map.left_out": ("Woning buiten de clusters", "Home in no cluster"),
    "map.pipes": ("Leiding in een sleuf", "Pipe in a trench"),
    "map.boreholes": ("Boring voor een bodemlus", "Drilling for a ground loop"),
    "map.pipes_near": ("Leiding (na inzoomen)", "Pipe (after zooming in)"),
    "map.boreholes_near": ("Boring (na inzoomen)", "Drilling (after zooming in)"),
    "map.depth": ("Diepte", "Depth"),
    "map.serves": ("Woningen", "Homes"),
    "map.place": ("Plaats", "Place"),
    "map.indicative": ("Plaatsen zijn een voorbeeld, geen ontwerp.", "Places are an example, not a design."),
    "map.attribution": ("Gegevens: zie de bronnen", "Data: see the sources"),
    # planner's overview
    "overview.title": ("Kansenkaart mini-warmtenetten", "Opportunity map for mini heat networks"),
    "overview.summary": (
        "{clusters} clusters, {homes} woningen; {left_out} woningen buiten de clusters",
        "{clusters} clusters, {homes} homes; {left_out} homes in no cluster",
    ),
    "overview.find": ("Zoek een adres", "Find an address"),
    "overview.go": ("Zoek", "Find"),
    "overview.not_found": ("Dit adres staat niet in de gegevens.", "This address is not in the data."),
    "overview.filters": ("Filters", "Filters"),
    "overview.reset": ("Wis filters", "Clear filters"),
    "overview.min_homes": ("Woningen, minstens", "Homes, at least"),
    "overview.max_cost": ("Kosten per woning per jaar, hoogstens", "Cost per home per year, at most"),
    "overview.min_saving": ("Voordeel op gas per jaar, minstens", "Saving on gas per year, at least"),
    "overview.max_boreholes": ("Boringen, hoogstens", "Drillings, at most"),
    "overview.verdict": ("Oordeel", "Verdict"),
    "overview.list": ("Clusters", "Clusters"),
    "overview.shown": ("{shown} van {all} getoond", "{shown} of {all} shown"),
    "overview.on_paper": (
        "Op papier staan de eerste {rows} van {shown}. Filter eerst om andere af te drukken.",
        "On paper stand the first {rows} of {shown}. Filter first to print others.",
    ),
    "overview.below": ("{homes} woningen · {boreholes} boringen", "{homes} homes · {boreholes} drillings"),
    "overview.below_chance": ("kans {chance} goedkoper dan gas", "{chance} chance to cost less than gas"),
    "overview.none": ("Geen cluster voldoet aan deze filters.", "No cluster meets these filters."),
    "overview.empty": ("Er zijn geen clusters gevonden.", "No clusters were found."),
    "overview.rank": ("Nr.", "No."),
    "overview.cluster": ("Cluster", "Cluster"),
    "overview.homes": ("Woningen", "Homes"),
    "overview.cost": ("€ per jaar", "€ per year"),
    "overview.saving": ("Voordeel op gas", "Saving on gas"),
    "overview.boreholes": ("Boringen", "Drillings"),
    "overview.no_name": ("Zonder naam", "Without a name"),
    "overview.no_cluster": (
        "{address}: dit adres hoort bij geen cluster. {why}",
        "{address}: this address is in no cluster. {why}",
    ),
    "overview.outside": ("hoort bij geen cluster", "in no cluster"),
    "overview.choose": ("Kies wat u bedoelt:", "Choose which one you mean:"),
    "overview.addresses": ("{number} adressen", "{number} addresses"),
    "overview.more": ("Nog {number}: typ ook een huisnummer.", "{number} more: type a house number too."),
    "overview.page": ("Bewonerspagina openen", "Open the residents' page"),
    "overview.page_if": ("Bewonerspagina openen, als die is gemaakt", "Open the residents' page, if it was made"),
    "overview.page_hint": (
        "Deze kaart weet niet welke pagina's er zijn; ze staan in de map «pages» ernaast.",
        "This map does not know which pages exist; they stand in the folder “pages” beside it.",
    ),
    "overview.page_none": (
        "Voor dit cluster is geen bewonerspagina gemaakt.",
        "No residents' page was made for this cluster.",
    ),
    "overview.reasons": ("Waarom dit oordeel", "Why this verdict"),
    "overview.variants": ("Varianten naast elkaar", "Variants side by side"),
    "overview.checks": ("Controles", "Checks"),
    "overview.back": ("Terug naar de lijst", "Back to the list"),
    "overview.select": ("Kies een cluster op de kaart of in de lijst.", "Choose a cluster on the map or in the list."),
    "overview.nojs": (
        "Zonder JavaScript toont deze pagina een vaste kaart en de lijst.",
        "Without JavaScript this page shows a still map and the list.",
    ),
    "row.variant": ("Variant", "Variant"),
    "row.annual": ("Per woning per jaar", "Per home per year"),
    "row.capex": ("Investering per woning", "Investment per home"),
    "row.boreholes": ("Boringen", "Drillings"),
    "row.trench": ("Sleuf", "Trench"),
    "row.impossible": ("Niet te bouwen", "Cannot be built"),
    "row.public": ("{length} openbaar", "{length} public"),
    "word.unknown": ("onbekend", "unknown"),
    "side.odd": ("oneven", "odd"),
    "side.even": ("even", "even"),
    "word.to": ("tot", "to"),
    "word.best": ("voordeligste", "least cost"),
    # residents' page
    "page.kicker": ("Mini-warmtenet voor uw straat of hofje", "A mini heat network for your street"),
    "page.title": ("Mini-warmtenet: {name}", "Mini heat network: {name}"),
    "page.indication": ("Indicatie, geen ontwerp", "Indication, not a design"),
    "page.fictional": ("Fictieve voorbeeldbuurt", "Fictional example neighbourhood"),
    "page.fictional_more": (
        "Straten, woningen en uitkomsten zijn verzonnen om te laten zien hoe minenet werkt.",
        "Streets, homes and outcomes are made up to show how minenet works.",
    ),
    "page.print": ("Afdrukken", "Print"),
    "page.all": ("Alle pagina's", "All pages"),
    "page.possible": ("Kan het hier?", "Is it possible here?"),
    "page.possible_more": (
        "Wat de gegevens zeggen, en wie het zeker weet. Niet bekend betekent: nog niet uitgezocht.",
        "What the data says, and who knows for certain. Not known means: not looked into yet.",
    ),
    "page.fine": ("In orde, zeggen de gegevens", "In order, says the data"),
    "page.no_checks": ("Er is nog niets gecontroleerd.", "Nothing has been checked yet."),
    "page.check": ("Vraag", "Question"),
    "page.outcome": ("Antwoord", "Answer"),
    "page.who": ("Wie weet het", "Who knows"),
    "page.map": ("Zo kan het eruitzien", "What it could look like"),
    "page.costs": ("Wat kost het per jaar?", "What does it cost per year?"),
    "page.costs_more": (
        (
            "Per woning per jaar: aanschaf, onderhoud en energie samen. De lijn toont de bandbreedte: in 8 van de"
            " 10 berekeningen met andere prijzen liggen de kosten daartussen."
        ),
        (
            "Per home per year: purchase, maintenance and energy together. The line shows the range: in 8 of 10 "
            "calculations with other prices the cost lies within it."
        ),
    ),
    "page.cheapest": (
        "Het voordeligst is hier: {variant}, met {cost} per jaar.",
        "The least cost here: {variant}, at {cost} per year.",
    ),
    "page.cheapest_air": (
        (
            "Een eigen luchtwarmtepomp is hier het voordeligst: {cost} per jaar. Een mini-warmtenet kan toch de "
            "betere keuze zijn: geen buitenunit met geluid, zuinig koelen, en een bron die langer meegaat dan de "
            "15 jaar van deze berekening."
        ),
        (
            "An own air-source heat pump costs least here: {cost} per year. A mini heat network can still be the "
            "better choice: no outdoor unit with its noise, efficient cooling, and a source that outlives the 15 "
            "years of this calculation."
        ),
    ),
    "page.not_buildable": ("niet te bouwen", "cannot be built"),
    "page.not_everywhere": ("past niet bij elke woning", "does not fit every home"),
    "page.fits_some": ("past bij {some} van {all} woningen", "fits {some} of {all} homes"),
    "page.few_homes": (
        (
            "Dit zijn minder dan zes woningen, waarvan het verbruik soms is gemeten: daarom staan hier geen eigen "
            "kosten per jaar, maar de bedragen van de factsheet."
        ),
        (
            "These are fewer than six homes, and the use of some was measured: that is why no yearly cost of their "
            "own is told here, but the amounts of the factsheet."
        ),
    ),
    "page.factsheet": ("Ter vergelijking: de factsheet", "For comparison: the factsheet"),
    "page.factsheet_more": (
        (
            "Kosten per woning per jaar volgens de Provincie Utrecht (factsheet Mini-warmtenet voor een straat of"
            " hofje, prijspeil januari 2024), bij vier hoogten van gasverbruik. In de hele tabel is de "
            "luchtwarmtepomp het voordeligst."
        ),
        (
            "Cost per home per year after the Province of Utrecht (factsheet Mini-warmtenet voor een straat of "
            "hofje, price level January 2024), for four levels of gas use. Throughout the table the air-source "
            "heat pump costs least."
        ),
    ),
    "page.gas_use": ("Gas\u00adverbruik", "Gas use"),
    "page.factsheet_gas": ("Cv-ketel", "Gas boiler"),
    "page.factsheet_net": ("Mini-warmtenet", "Mini heat network"),
    "page.factsheet_own": ("Eigen bodemlus", "Own ground loop"),
    "page.factsheet_air": ("Lucht\u00adwarmte\u00adpomp", "Air-source heat pump"),
    "page.fact_homes": ("Woningen", "Homes"),
    "page.fact_variant": ("Voordeligste vorm", "Form of least cost"),
    "page.fact_boreholes": ("Boringen", "Drillings"),
    "page.fact_depth": ("Gemiddeld diep", "Mean depth"),
    "page.fact_trench": ("Sleuf", "Trench"),
    "page.fact_capex": ("Investering per woning", "Investment per home"),
    "page.pros": ("Voordelen", "Plus points"),
    "page.cons": ("Nadelen", "Minus points"),
    "pro.1": ("U deelt de kosten van boren en aansluiten.", "You share the cost of drilling and connecting."),
    "pro.2": ("Er zijn minder boringen nodig.", "Fewer drillings are needed."),
    "pro.3": (
        "Meer woningen kunnen bodemwarmte gebruiken: lussen mogen niet te dicht bij elkaar staan.",
        "More homes can use ground heat: loops may not stand too close together.",
    ),
    "pro.4": ("Makkelijker te organiseren dan een wijkwarmtenet.", "Easier to organise than a district network."),
    "pro.5": ("Minder geluid dan een luchtwarmtepomp.", "Less noise than an air-source heat pump."),
    "pro.6": ("In de zomer kan het huis zuinig worden gekoeld.", "In summer the home can be cooled efficiently."),
    "con.1": ("Extra leidingen en onderdelen hebben ruimte nodig.", "Extra pipes and parts need space."),
    "con.2": (
        "Voor de openbare ruimte is toestemming van de gemeente nodig.",
        "Public space needs the municipality's consent.",
    ),
    "con.3": ("Buren moeten het eens worden over het eigendom.", "Neighbours must agree on ownership."),
    "con.4": (
        "Bij verkoop van een woning: blijven er genoeg deelnemers om het betaalbaar te houden?",
        "When a home is sold: are enough participants left to keep it affordable?",
    ),
    "page.ownership": ("Van wie is het?", "Who owns it?"),
    "form.supplier": ("Een leverancier", "A supplier"),
    "form.supplier_more": (
        "Een marktpartij of energiecoöperatie bouwt, onderhoudt en levert. U betaalt een tarief.",
        "A market party or energy cooperative builds, maintains and supplies. You pay a tariff.",
    ),
    "form.association": ("Een vereniging van eigenaren", "An association of owners"),
    "form.association_more": (
        (
            "De bewoners betalen het systeem samen, naast de eigen warmtepomp. Een lening van het Warmtefonds is "
            "soms mogelijk."
        ),
        (
            "The residents pay for the system together, beside their own heat pump. A loan of the Warmtefonds may"
            " be possible."
        ),
    ),
    "form.amounts": (
        "Vooraf {upfront}, daarna {monthly} per maand per woning.",
        "{upfront} at the start, then {monthly} per month and home.",
    ),
    "page.steps": ("Wat u nu kunt doen", "What you can do now"),
    "step.1": ("Praat met uw buren: wie wil meedoen?", "Talk with your neighbours: who wants to join?"),
    "step.2": (
        (
            "Vraag de gemeente: komt hier een wijkwarmtenet, mag een bodemlus of ringnet hier, mag de openbare "
            "ruimte worden gebruikt, en welke steun is er?"
        ),
        (
            "Ask the municipality: is a district heat network planned, is a ground loop or ring net allowed, may "
            "public space be used, and what support is there?"
        ),
    ),
    "step.3": (
        "Laat een adviseur de bron, het net en uw woning bekijken.",
        "Have an adviser look at the source, the net and your home.",
    ),
    "step.4": (
        "Vraag een gecertificeerd boorbedrijf om een offerte.",
        "Ask a certified drilling company for an offer.",
    ),
    "step.5": (
        (
            "Doe op tijd de meldingen: bodemenergie minstens 4 weken vooraf, KLIC (kabels en leidingen) minstens 3 "
            "werkdagen voor het graven. Boven 70 kW of in een interferentiegebied is een vergunning nodig."
        ),
        (
            "Give notice in time: ground energy at least 4 weeks ahead, KLIC (cables and pipes) at least 3 "
            "working days before digging. Above 70 kW or in an interference area a permit is needed."
        ),
    ),
    "page.expert": ("Wat een deskundige nog moet nagaan", "What an expert must still verify"),
    "expert.1": (
        "Hoeveel warmte de bodem hier echt geeft, en hoe diep de lussen moeten zijn.",
        "How much heat the ground really gives here, and how deep the loops must be.",
    ),
    "expert.2": (
        "Of elke woning geschikt is voor verwarming op lage temperatuur.",
        "Whether every home is fit for heating at low temperature.",
    ),
    "expert.3": (
        "Waar kabels, leidingen, riolen en boomwortels liggen.",
        "Where cables, pipes, sewers and tree roots lie.",
    ),
    "expert.4": (
        "Of andere bodemlussen in de buurt te veel afkoelen (registers zijn niet compleet).",
        "Whether other ground loops nearby cool too much (registers are incomplete).",
    ),
    "expert.5": (
        "Wat het werk nu kost, met offertes; en welke subsidie en lening gelden.",
        "What the work costs today, with offers; and which subsidy and loan apply.",
    ),
    "page.sources": ("Bronnen en data", "Sources and dates"),
    "page.sources_factsheet": (
        (
            "Provincie Utrecht, factsheet Mini-warmtenet voor een straat of hofje, prijspeil januari 2024: "
            "varianten, kosten, voor- en nadelen, eigendom."
        ),
        (
            "Province of Utrecht, factsheet Mini-warmtenet voor een straat of hofje, price level January 2024: "
            "variants, cost, plus and minus points, ownership."
        ),
    ),
    "page.sources_rules": (
        (
            "Melding en vergunning: meldingbodemenergie.nl (wet- en regelgeving), hardenberg.nl (70 kW); KLIC: "
            "venray.nl; bekeken november 2026."
        ),
        (
            "Notification and permit: meldingbodemenergie.nl (rules), hardenberg.nl (70 kW); KLIC: venray.nl; "
            "seen November 2026."
        ),
    ),
    "page.sources_attribution": ("Kaartgegevens: {value}.", "Map data: {value}."),
    "page.sources_version": ("Berekend met minenet {version}.", "Calculated with minenet {version}."),
    "page.sources_input": ("Gegevens: {value}.", "Data: {value}."),
    "page.disclaimer": (
        (
            "Deze pagina is een indicatie op basis van gegevens op de kaart en aannames; geen ontwerp, geen "
            "offerte en geen toestemming. Op deze pagina staan geen verbruiken of kosten van afzonderlijke "
            "woningen."
        ),
        (
            "This page is an indication from map data and assumptions; no design, no offer and no consent. It "
            "holds no energy use or cost of single homes."
        ),
    ),
    # index of pages
    "index.title": ("Mini-warmtenet: vind uw straat", "Mini heat network: find your street"),
    "index.lead": (
        "Typ uw straat en huisnummer, of kies uw straat uit de lijst. Uw zoekvraag blijft op dit apparaat.",
        "Type your street and house number, or choose your street from the list. Your search stays on this device.",
    ),
    "index.find": ("Uw adres", "Your address"),
    "index.go": ("Toon mijn straat", "Show my street"),
    "index.not_found": (
        "Voor dit adres is geen pagina gemaakt. Dat kan nog komen; vraag het de gemeente.",
        "No page was made for this address. It may still come; ask the municipality.",
    ),
    "index.choose": ("Kies wat u bedoelt:", "Choose which one you mean:"),
    "index.addresses": ("{number} adressen", "{number} addresses"),
    "index.more": ("Nog {number}: typ ook een huisnummer.", "{number} more: type a house number too."),
    "index.pages": ("Pagina's per straat", "Pages by street"),
    "index.none": ("Er zijn nog geen pagina's gemaakt.", "No pages have been made yet."),
    "index.homes": ("{homes} woningen", "{homes} homes"),
    "index.cost": ("{cost} per woning per jaar", "{cost} per home per year"),
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
    # summaries in CSV and XLSX
    "summary.clusters": ("Clusters", "Clusters"),
    "summary.solutions": ("Varianten", "Solutions"),
    "summary.checks": ("Controles", "Checks"),
    "summary.assumptions": ("Aannamen", "Assumptions"),
    "summary.provenance": ("Herkomst", "Provenance"),
    "summary.explanation": ("Uitleg", "Explanation"),
    "summary.all_variants": ("alle", "all"),
    "summary.true": ("ja", "yes"),
    "summary.false": ("nee", "no"),
    "summary.sheet": ("Blad", "Sheet"),
    "summary.column": ("Kolom", "Column"),
    "summary.meaning": ("Betekenis", "Meaning"),
    "summary.in_gpkg": ("Naam in de GeoPackage", "Name in the GeoPackage"),
    "summary.assumption": ("Aanname", "Assumption"),
    "summary.about_assumption": ("Naam van de aanname, met haar groep.", "Name of the assumption, with its section."),
    "summary.value": ("Waarde", "Value"),
    "summary.about_value": ("Waarde waarmee is gerekend.", "Value that was used."),
    "summary.unit": ("Eenheid", "Unit"),
    "summary.about_unit": ("Eenheid van de waarde.", "Unit of the value."),
    "summary.low": ("Laag", "Low"),
    "summary.about_low": ("Laagste waarde die redelijk is.", "Lowest reasonable value."),
    "summary.high": ("Hoog", "High"),
    "summary.about_high": ("Hoogste waarde die redelijk is.", "Highest reasonable value."),
    "summary.source": ("Bron", "Source"),
    "summary.about_source": ("Waar de waarde vandaan komt, of `no source`.", "Where it comes from, or `no source`."),
    "summary.date": ("Datum", "Date"),
    "summary.about_date": ("Datum van de bron.", "Date of the source."),
    "summary.about_reasons": ("Redenen van het oordeel, in woorden.", "Reasons of the verdict, in words."),
    "summary.about_rank_reason": ("Waar de rang op steunt, met cijfers.", "What the rank goes by, with figures."),
    "summary.about_check": ("Wat is gecontroleerd, als vraag.", "What was checked, as a question."),
    "summary.about_outcome": ("Antwoord op die vraag.", "Answer to that question."),
    "summary.x": ("X", "X"),
    "summary.about_x": ("Midden van het cluster, {crs}.", "Centre of the cluster, {crs}."),
    "summary.y": ("Y", "Y"),
    "summary.about_y": ("Midden van het cluster, {crs}.", "Centre of the cluster, {crs}."),
    "summary.latitude": ("Breedtegraad", "Latitude"),
    "summary.about_latitude": ("Midden van het cluster, WGS 84.", "Centre of the cluster, WGS 84."),
    "summary.longitude": ("Lengtegraad", "Longitude"),
    "summary.about_longitude": ("Midden van het cluster, WGS 84.", "Centre of the cluster, WGS 84."),
    # planner's overview: what stands beside cost, what matters most, certainty
    "overview.chance": ("Kans < gas", "Chance < gas"),
    "overview.min_chance": ("Kans goedkoper dan gas, minstens (%)", "Chance to cost less than gas, at least (%)"),
    "overview.more_rows": ("Toon er {number} meer", "Show {number} more"),
    "overview.first_rows": (
        "Zonder JavaScript toont deze lijst de eerste {number} clusters.",
        "Without JavaScript this list shows the first {number} clusters.",
    ),
    "overview.old_browser": (
        "Deze kaart is ingepakt; deze browser kan haar niet uitpakken. Gebruik een nieuwere browser.",
        "This map is packed; this browser cannot unpack it. Use a newer browser.",
    ),
    "overview.facts": ("Cijfers", "Figures"),
    "overview.matters": ("Wat het meest uitmaakt", "What matters most"),
    "overview.matters_more": (
        "Kosten per woning per jaar als één aanname laag of hoog uitvalt.",
        "Cost per home per year when one assumption turns out low or high.",
    ),
    "overview.capacity": ("Boringen die er passen", "Drillings that fit"),
    "overview.own": ("Woningen met plaats voor een eigen lus", "Homes with room for an own loop"),
    "overview.shared": ("Woningen met plaats voor een gedeelde lus", "Homes with room for a shared loop"),
    "overview.break_even": (
        "Deelnemers nodig om niet duurder te zijn dan gas",
        "Homes needed to cost no more than gas",
    ),
    "overview.break_even_own": (
        "Deelnemers nodig om niet duurder te zijn dan eigen lussen",
        "Homes needed to cost no more than own loops",
    ),
    "overview.never": ("lukt niet", "never"),
    "overview.ready": ("Huizen klaar voor lage temperatuur", "Homes ready for low temperature"),
    "overview.insulate": ("Huizen die eerst isolatie nodig hebben", "Homes that need insulation first"),
    "row.cheaper_gas": ("Kans goedkoper dan gas", "Chance less than gas"),
    "row.cheaper_air": ("Kans goedkoper dan lucht", "Chance less than air"),
    "row.co2": ("CO₂ per woning per jaar", "CO₂ per home and year"),
    "row.peak": ("Netpiek per woning", "Grid peak per home"),
    "row.break_even": ("Deelnemers nodig (gas)", "Homes needed (gas)"),
    "short.shared_loops": ("Gedeelde lussen", "Shared loops"),
    "short.ring_net": ("Ringnet", "Ring net"),
    "short.ring_net_collective": ("Ringnet, één pomp", "Ring net, one pump"),
    "short.ring_net_aquathermal": ("Ringnet, water", "Ring net, water"),
    "short.gas_boiler": ("Cv-ketel", "Gas boiler"),
    "short.air_heat_pump": ("Lucht", "Air"),
    "short.own_loops": ("Eigen lus", "Own loop"),
    "assumption.drilling_eur_m": ("Boren, per meter", "Drilling, per metre"),
    "assumption.electricity_eur_kwh": ("Stroomprijs", "Electricity price"),
    "assumption.gas_eur_m3": ("Gasprijs", "Gas price"),
    "assumption.ground_heat_pump_eur_kw": ("Warmtepomp, per kW", "Heat pump, per kW"),
    "assumption.ground_heat_pump_eur": ("Warmtepomp, vast deel", "Heat pump, fixed part"),
    "assumption.spf_rooms_ground": ("Rendement bij verwarmen (SPF)", "Performance in heating (SPF)"),
    "assumption.spf_hot_water_ground": ("Rendement bij tapwater (SPF)", "Performance for hot water (SPF)"),
    "assumption.trench_paving_eur_m": ("Sleuf onder bestrating, per meter", "Trench under paving, per metre"),
    "assumption.trench_green_eur_m": ("Sleuf in groen, per meter", "Trench in green, per metre"),
    "assumption.trench_private_eur_m": ("Sleuf op eigen terrein, per meter", "Trench in own ground, per metre"),
    "assumption.drilling_overrun": ("Meer meters boren dan gedacht", "More metres drilled than planned"),
    "assumption.network_preparation_eur": ("Voorbereiding van het net", "Preparation of the network"),
    "assumption.mobilisation_eur": ("Aanvoer van de boorinstallatie", "Bringing in the rig"),
    "assumption.borehole_eur": ("Vast bedrag per boring", "Fixed amount per drilling"),
    "assumption.spf_collective": ("Rendement collectieve warmtepomp", "Performance of the collective heat pump"),
    "assumption.network_heat_loss": ("Warmteverlies van het net", "Heat loss of the network"),
    "assumption.insulated_pipe_eur_m": ("Geïsoleerde leiding, per meter", "Insulated pipe, per metre"),
    "assumption.hot_water_kwh": ("Warm water, per woning", "Hot water, per home"),
    "assumption.emitters_eur": ("Lagetemperatuurverwarming in huis", "Low-temperature heating indoors"),
    "assumption.emitters_share": ("Woningen die nieuwe radiatoren nodig hebben", "Homes that need new radiators"),
    "assumption.source_connection_eur": ("Aansluiting op de bron", "Connection to the source"),
    "assumption.shared_source_upkeep_eur": ("Onderhoud en beheer van de bron", "Upkeep of the source"),
    "assumption.ground_heat_pump_upkeep_eur": ("Onderhoud van de warmtepomp", "Upkeep of the heat pump"),
    "assumption.pump_cabinet_eur": ("Pompkast", "Pump cabinet"),
    "assumption.plant_room_eur": ("Gebouwtje voor pompen en regeling", "Small building for pumps and control"),
    "assumption.collective_heat_pump_eur_kw": ("Collectieve warmtepomp, per kW", "Collective heat pump, per kW"),
    "assumption.delivery_set_eur": ("Afleverset in huis", "Delivery set in the home"),
    "assumption.deep_drilling_eur_m": ("Dieper boren, per meter", "Deeper drilling, per metre"),
    "assumption.mini_rig_eur": ("Kleine boorinstallatie", "Small rig"),
    "assumption.crane_rig_eur": ("Boorinstallatie met kraan", "Rig lifted by crane"),
    "assumption.source_pump_kwh_kwh": ("Stroom van de bronpomp", "Electricity of the source pump"),
    "assumption.full_load_hours": ("Vollasturen: hoe hoog de piek is", "Full-load hours: how high the peak is"),
    "assumption.spf_warmth_share": (
        "Hoeveel van warmere grond de warmtepomp merkt",
        "How much of warmer ground the heat pump feels",
    ),
    "assumption.plant_grid_eur_kw": ("Stroomaansluiting van de centrale", "Grid connection of the plant"),
    "assumption.pump_efficiency": ("Rendement van de bronpomp", "Efficiency of the source pump"),
    "assumption.spf_rooms_aquathermal": ("Rendement bij verwarmen (aquathermie)", "Performance in heating (water)"),
    "assumption.intake_eur": ("Inlaat van oppervlaktewater", "Intake of surface water"),
    "assumption.electricity_connection_eur": ("Zwaardere stroomaansluiting", "Heavier electricity connection"),
    "assumption.conductivity_w_mk": ("Warmtegeleiding van de bodem", "Conductivity of the ground"),
}
"""Texts by key: Dutch, English. A key is `group.word`; codes of the result are looked up as `group.code`."""
