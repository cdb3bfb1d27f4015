"""Words of the residents' page and of the index that leads to it."""

from collections.abc import Mapping

__all__ = ["RESIDENTS"]

RESIDENTS: Mapping[str, tuple[str, str]] = {
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
    "page.basis": (
        "Gerekend over {years} jaar, zonder rente: wie ervoor leent, betaalt meer (zie \u201cVan wie is het?\u201d).",
        "Reckoned over {years} years, without interest: who borrows pays more (see \u201cWho owns it?\u201d).",
    ),
    "page.basis_at": (
        "Gerekend over {years} jaar, met {rate} rente.",
        "Reckoned over {years} years, at {rate} interest.",
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
    "index.some": (
        "Over {pages} van de {clusters} gevonden groepen woningen leest u hier. Vraag de gemeente naar de andere.",
        "Of the {clusters} groups of homes that were found, you can read about {pages} here. Ask the municipality.",
    ),
    "index.none": ("Er zijn nog geen pagina's gemaakt.", "No pages have been made yet."),
    "index.homes": ("{homes} woningen", "{homes} homes"),
    "index.cost": ("{cost} per woning per jaar", "{cost} per home per year"),
}
