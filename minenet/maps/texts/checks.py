"""Words for checks: the questions, what was found, and the sources of the rules."""

from collections.abc import Mapping

__all__ = ["CHECKS"]

CHECKS: Mapping[str, tuple[str, str]] = {
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
        "Blijft de bronvloeistof binnen de wettelijke grenzen, zonder koeling door andere lussen?",
        "Does the brine stay within the legal limits, without cooling by other loops?",
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
}
