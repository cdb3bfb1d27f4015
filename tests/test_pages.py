"""The residents' pages: in order, honest, private, findable."""

import json
import re

import pandas as pd
import pytest
from hand_drawn import SECRET_GAS, SECRET_HEAT, drawn_result
from hostile import hostile_result
from test_maps import Page

from minenet.errors import AssumptionError
from minenet.maps import draw_map
from minenet.maps.layers import FIELDS
from minenet.maps.money import cost_notes
from minenet.maps.words import Words
from minenet.pages import write_pages
from minenet.tables import RESULT_TABLES, typed


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    write_pages(drawn_result(), folder)
    return folder


@pytest.fixture(scope="module")
def promising(folder):
    return (folder / "c1.html").read_text("utf-8")


def text_of(html):
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", html.split("<body>")[1], flags=re.DOTALL)
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", body))


def test_pages_come_in_the_order_of_rank_with_an_index(folder, tmp_path):
    written = write_pages(drawn_result(), tmp_path)
    assert [path.name for path in written] == ["c1.html", "c2.html", "c3.html", "index.html"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in written)


def test_the_same_result_gives_the_same_bytes(folder, tmp_path):
    for path in write_pages(drawn_result(), tmp_path):
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_top_and_clusters_choose(tmp_path):
    result = drawn_result()
    assert [p.name for p in write_pages(result, tmp_path / "a", top=1)] == ["c1.html", "index.html"]
    assert [p.name for p in write_pages(result, tmp_path / "b", clusters=["c3", "c2", "c3"])][:2] == [
        "c3.html",
        "c2.html",
    ]


def test_by_default_ten_pages_are_written(tmp_path):
    result = drawn_result()
    many = pd.concat([result.clusters.iloc[[0]].assign(cluster_id=f"k{n:02d}", rank=n) for n in range(1, 13)])
    homes = result.homes.assign(cluster_id="k01")
    written = write_pages(drawn_result(clusters=many, homes=homes), tmp_path)
    assert [path.stem for path in written] == [f"k{n:02d}" for n in range(1, 11)] + ["index"]


def test_an_unknown_cluster_is_named_with_the_nearest(tmp_path):
    with pytest.raises(AssumptionError, match=r"`c9` is not in the result\. Did you mean `c[123]`\?"):
        write_pages(drawn_result(), tmp_path / "new", clusters=["c9"])
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("wrong", [{"top": 0}, {"top": 1, "clusters": ["c1"]}])
def test_wrong_choices_are_refused(tmp_path, wrong):
    with pytest.raises(AssumptionError):
        write_pages(drawn_result(), tmp_path, **wrong)


def test_the_page_tells_its_story_in_order(promising):
    text = text_of(promising)
    order = [
        "Een mini-warmtenet is hier kansrijk voor 8 woningen.",
        "Zo kan het eruitzien",
        "Kan het hier?",
        "Wat kost het per jaar?",
        "Voordelen",
        "Van wie is het?",
        "Wat u nu kunt doen",
        "Wat een deskundige nog moet nagaan",
        "Bronnen en data",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "Indicatie, geen ontwerp" in text


def test_costs_stand_beside_the_alternatives_and_the_cheapest_is_named(promising):
    text = text_of(promising)
    # 1764 and 1969 rounded to tens; their difference is 1970 - 1760
    assert "Geschatte kosten: €\xa01.760 per woning per jaar. Dat is ongeveer €\xa0210 minder" in text
    assert "Een eigen luchtwarmtepomp is hier het voordeligst: €\xa01.550 per jaar" in text
    assert "€\xa01.550 tot €\xa02.100" in text


def test_the_table_of_the_factsheet_is_shown_to_the_euro(promising):
    table = re.search(r'<table class="factsheet">.*?</table>', promising, re.DOTALL).group()
    cells = [int(cell.replace(".", "")) for cell in re.findall(r"<td[^>]*>€\xa0([\d.]+)</td>", table)]
    assert cells == [1303, 1170, 1262, 1157, 1969, 1772, 1999, 1551, 2635, 2142, 2506, 1822, 3301, 2769, 3197, 2380]
    assert "prijspeil januari 2024" in promising


def test_the_bars_are_as_long_as_the_costs(promising):
    bars = [float(width) for width in re.findall(r'<rect class="bar" width="([\d.]+)"', promising)]
    longest = 2340 * 1.02  # own loops, P90: 1999 + 340 rounded to tens
    assert bars == [round(cost / longest * 100, 1) for cost in (1790, 1760, 2000, 1550, 1970)]


def test_sources_name_files_and_makers_of_the_data(tmp_path):
    rows = {"input.streets.gpkg.sha256": "0", "input.mapping.sha256": "0", "attribution": "© Example makers"}
    provenance = pd.DataFrame({"key": list(rows), "value": list(rows.values())})
    write_pages(drawn_result(provenance=provenance), tmp_path, clusters=["c1"])
    html = (tmp_path / "c1.html").read_text("utf-8")
    assert "Gegevens: streets.gpkg." in html
    assert "Kaartgegevens: © Example makers." in html
    assert "Gegevens: mapping" not in html
    assert Page(html).data["attribution"] == "© Example makers"


def test_checks_are_told_as_answers(promising):
    rows = re.findall(r'(?:<tr><th scope="row">|<li><span>)(.*?)(?:</tr>|</li>)', promising, re.DOTALL)
    answers = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    assert "Mag de openbare ruimte worden gebruikt waar dat nodig is? Vraag na Gemeente" in answers
    assert "Mag hier worden geboord? Ja" in answers


def test_an_excluded_cluster_says_why_and_promises_no_price(folder):
    text = text_of((folder / "c3.html").read_text("utf-8"))
    assert "Een mini-warmtenet kan hier niet" in text
    assert "Boren is hier verboden." in text
    assert "Geschatte kosten" not in text
    promising = text_of((folder / "c1.html").read_text("utf-8"))
    for sold in ("Voordelen", "Praat met uw buren", "boorbedrijf om een offerte"):
        assert sold in promising
        assert sold not in text


@pytest.mark.parametrize(("best", "praised"), [("ring_net", True), (None, False)])
def test_where_air_costs_least_only_a_network_that_can_be_built_is_praised(best, praised):
    costs = {"air_heat_pump": 1500.0, "gas_boiler": 2000.0, "ring_net": 1500.0}
    solutions = {name: {"annual_eur_per_home": cost, "feasible": True} for name, cost in costs.items()}
    if best is None:
        solutions["ring_net"] = {"annual_eur_per_home": None, "feasible": False}
    said = cost_notes(solutions, {"best_variant": best}, Words("en"))["least"]
    assert ("can still be the better choice" in said) == praised
    assert "1,500" in said


def test_a_net_on_surface_water_is_not_praised_for_its_drillings(tmp_path):
    result = drawn_result()
    clusters, solutions = (
        frame.replace({"ring_net": "ring_net_aquathermal"}) for frame in (result.clusters, result.solutions)
    )
    clusters = clusters.assign(best_variant="ring_net_aquathermal")
    write_pages(drawn_result(clusters=clusters, solutions=solutions), tmp_path, clusters=["c1"], language="en")
    text = text_of((tmp_path / "c1.html").read_text("utf-8"))
    assert "Whether the water authority allows heat to be taken from the water is not known." in text
    assert "You share the cost of source and connections." in text
    assert "You share the cost of drilling" not in text


@pytest.mark.parametrize(("metres", "said"), [(0.0, False), (12.0, True), (None, True)])
def test_consent_for_public_space_is_a_minus_where_it_is_used(tmp_path, metres, said):
    result = drawn_result()
    write_pages(drawn_result(solutions=result.solutions.assign(public_trench_m=metres)), tmp_path, clusters=["c1"])
    text = text_of((tmp_path / "c1.html").read_text("utf-8"))
    assert ("Voor de openbare ruimte is toestemming van de gemeente nodig." in text) == said


@pytest.mark.parametrize(
    ("interest", "said"), [("0.0", "over 15 years, without interest"), ("0.04", "over 15 years, at 4.0% interest")]
)
def test_costs_say_over_how_many_years_and_at_which_interest(tmp_path, interest, said):
    notes = {
        "assumption.costs.years": "15 years (5 to 50); a book; 2024",
        "assumption.costs.interest": f"{interest} -; x",
    }
    rows = pd.DataFrame({"key": list(notes), "value": list(notes.values())}, dtype="str")
    others = drawn_result().provenance
    kept = pd.concat([others[~others["key"].isin(list(notes))], rows], ignore_index=True)
    write_pages(drawn_result(provenance=kept), tmp_path, clusters=["c1"], language="en")
    assert said in text_of((tmp_path / "c1.html").read_text("utf-8"))


def test_an_unknown_cost_is_called_unknown(tmp_path):
    result = drawn_result()
    none = result.clusters.assign(annual_eur_per_home=float("nan"))
    write_pages(drawn_result(clusters=none), tmp_path, clusters=["c1"])
    text = text_of((tmp_path / "c1.html").read_text("utf-8"))
    assert "Wat het kost, is nog niet bekend." in text
    assert "€\xa00 " not in text


def test_dearer_than_gas_is_said(tmp_path):
    result = drawn_result()
    dear = result.clusters.assign(annual_eur_per_home=2200.0)
    write_pages(drawn_result(clusters=dear), tmp_path, clusters=["c1"], language="en")
    assert "That is about €230 more than with a gas boiler." in text_of((tmp_path / "c1.html").read_text("utf-8"))


def test_english_pages_are_english(tmp_path):
    write_pages(drawn_result(), tmp_path, clusters=["c1"], language="en")
    html = (tmp_path / "c1.html").read_text("utf-8")
    assert '<html lang="en">' in html
    assert "Fictional example neighbourhood" in html
    assert "€1,760" in html
    assert "woning" not in text_of(html)


def test_ownership_shows_what_is_paid_when_it_is_known(tmp_path):
    row = {
        "cluster_id": "c1",
        "variant": "ring_net",
        "form": "supplier",
        "upfront_eur_per_home": 4980.0,
        "monthly_eur_per_home": 143.0,
    }
    finance = typed(pd.DataFrame([row]), RESULT_TABLES["finance"])
    write_pages(drawn_result(finance=finance), tmp_path, clusters=["c1"])
    text = text_of((tmp_path / "c1.html").read_text("utf-8"))
    assert "Vooraf €\xa05.000, daarna €\xa0145 per maand per woning." in text  # steps of 100 and 5


def test_no_figure_of_a_single_home_is_in_a_file(folder):
    for path in folder.iterdir():
        text = path.read_text("utf-8").split("<body>")[1]
        for number in range(1, 16, 2):
            assert f"{SECRET_HEAT + number:.0f}" not in text
            assert not re.search(rf"\b{SECRET_GAS + number:.0f}(\.0)?\b", text)


def test_only_listed_fields_reach_residents(promising):
    for name, collection in Page(promising).data["layers"].items():
        found = {key for _, _, fields in collection["features"] for key in fields}
        assert found <= set(FIELDS["resident"].get(name, ())), name


def test_only_homes_of_the_cluster_are_named(promising):
    data = Page(promising).data
    named = [address for _, _, fields in data["layers"]["home"]["features"] for address in fields["addresses"]]
    assert named == [f"Voorbeeldstraat {number}" for number in range(1, 16, 2)]
    assert "Voorbeeldstraat 93" not in promising
    assert "Voorbeeldstraat 17" not in promising


def test_the_index_holds_only_addresses_that_have_a_page(tmp_path):
    write_pages(drawn_result(), tmp_path, clusters=["c2"])
    data = Page((tmp_path / "index.html").read_text("utf-8")).data
    assert data["addresses"] == [[f"Voorbeeldstraat {number}", 0] for number in (17, 19, 21, 23)]
    assert data["files"] == ["c2.html"]


def test_the_index_says_of_how_many_clusters_it_has_no_page(tmp_path):
    write_pages(drawn_result(), tmp_path / "some", top=1, language="en")
    some = text_of((tmp_path / "some" / "index.html").read_text("utf-8"))
    assert "Of the 3 groups of homes that were found, you can read about 1 here." in some
    write_pages(drawn_result(), tmp_path / "all", language="en")
    assert "groups of homes that were found" not in text_of((tmp_path / "all" / "index.html").read_text("utf-8"))


def solutions_with(result, variant, **columns):
    chosen = (result.solutions["variant"] == variant) & (result.solutions["cluster_id"] == "c1")
    changed = result.solutions.copy()
    for name, value in columns.items():
        changed[name] = changed[name].mask(chosen, value)
    return changed


def bars_of(html):
    found = re.findall(
        r'<li class="bar-\w+" data-variant="\w+"><span class="name">(.*?)</span> <span class="amount">(.*?)</span>',
        html,
    )
    return {re.split(r" *<", name)[0]: re.sub(r"<[^>]+>", "", f"{name} {amount}") for name, amount in found}


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"reason": "fits_for:5 of 8", "homes_possible": 5}, "past bij 5 van 8 woningen"),
        ({"reason": "fits_for:5 of 8"}, "past bij 5 van de 8 woningen"),
        ({"reason": "own_plots_not_known"}, "Welke grond bij welke woning hoort, is niet bekend."),
        ({"reason": "fits_for:0 of 8", "homes_possible": 0}, "niet te bouwen"),
        ({"reason": "too_deep:251 m needed, 250 m permitted", "homes_possible": 5}, "niet te bouwen"),
    ],
)
def test_own_loops_that_fit_some_homes_say_how_many(tmp_path, columns, told):
    result = drawn_result()
    changed = solutions_with(result, "own_loops", feasible=False, **columns)
    write_pages(drawn_result(solutions=changed), tmp_path, clusters=["c1"])
    bar = bars_of((tmp_path / "c1.html").read_text("utf-8"))["Eigen bodemlus en warmtepomp"]
    assert told in bar
    assert ("niet te bouwen" in bar) == (told == "niet te bouwen")
    assert ("1.999" in bar or "2.000" in bar) == (told != "niet te bouwen")


def measured(cluster, **more):
    homes = drawn_result().homes
    first = homes.index[homes["cluster_id"] == cluster][0]
    source = pd.Series("table", index=homes.index, dtype="str").mask(homes.index == first, "measured")
    return drawn_result(homes=homes.assign(demand_source=source), **more)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_of_fewer_than_six_homes_nothing_tells_what_they_use(tmp_path, language):
    plain = drawn_result()
    row = {"variant": "shared_loops", "form": "supplier", "upfront_eur_per_home": 4980.0, "monthly_eur_per_home": 143.0}
    finance = typed(pd.DataFrame([{"cluster_id": "c2", **row}]), RESULT_TABLES["finance"])
    power = "83 kW from the ground by the largest system, permit above 70 kW"
    told = {"cluster_id": "c2", "check": "permit", "outcome": "attention", "detail": power, "who": "municipality"}
    fluid = "the fluid goes into the ground at -4 C or warmer; at least -3 C is asked"
    brine = {"cluster_id": "c2", "check": "fluid", "outcome": "attention", "detail": fluid, "who": "driller"}
    checks = typed(pd.concat([plain.checks, pd.DataFrame([told, brine])], ignore_index=True), RESULT_TABLES["checks"])
    why = plain.clusters["reasons"].mask(plain.clusters["cluster_id"] == "c2", "too_deep:312 m needed, 250 m permitted")
    deep = plain.boreholes.assign(depth_m=287.3)
    solutions = plain.solutions.assign(depth_m=plain.solutions["depth_m"] - 12.7)
    tables = {"finance": finance, "checks": checks, "boreholes": deep, "solutions": solutions}
    tables["clusters"] = plain.clusters.assign(reasons=why)
    kept = drawn_result(**tables)
    masked = measured("c2", **tables)
    pages = []
    for number, result in enumerate((kept, masked)):
        write_pages(result, tmp_path / str(number), language=language)
        pages.append((tmp_path / str(number) / "c2.html").read_text("utf-8"))
    figures = re.compile(r"\b1[.,]?790\b|\b1[.,]?550\b|\b145\b|\b83\b|\b287\b|21[.,]9|\b312\b|[-\u2212]4\b")
    body = [re.sub(r"</?[a-z][^>]*>", " ", page.split("<body>")[1].split("</svg>", 5)[-1]) for page in pages]
    assert figures.search(body[0])
    assert not figures.search(text_of(pages[1]))
    assert not re.search(r'"depth_m":287', pages[1])
    assert "287.3" not in pages[1]
    assert not re.search(
        r"\"depth_m\":|290\xa0m|€\xa02[12]\.?,?\d00", pages[1]
    )  # rounded it tells of few homes too much
    assert ("minder dan zes woningen" if language == "nl" else "fewer than six homes") in text_of(pages[1])
    assert '<table class="factsheet">' in pages[1]
    assert not re.search(r"1[.,]790", text_of((tmp_path / "1" / "index.html").read_text("utf-8")))
    assert re.search(r"1[.,]760", text_of((tmp_path / "1" / "c1.html").read_text("utf-8")))


def test_six_homes_or_use_from_a_table_keep_their_costs(tmp_path):
    homes = drawn_result().homes
    table = homes.assign(demand_source=pd.Series("table", index=homes.index, dtype="str"))
    for result, cluster in ((measured("c1"), "c1"), (drawn_result(homes=table), "c2")):
        write_pages(result, tmp_path, clusters=[cluster])
        assert "Geschatte kosten" in text_of((tmp_path / f"{cluster}.html").read_text("utf-8"))


def test_pages_of_an_earlier_run_go_and_other_files_stay(tmp_path):
    result = drawn_result()
    write_pages(result, tmp_path)
    draw_map(result).save(tmp_path / "map.html")
    (tmp_path / "own.html").write_text("<p>residents' page</p>")
    (tmp_path / "c9.txt").write_text("mine")
    write_pages(result, tmp_path, clusters=["c2"])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "c2.html",
        "c9.txt",
        "index.html",
        "map.html",
        "own.html",
    ]


def test_sources_of_rules_are_dutch_on_dutch_pages(tmp_path):
    result = drawn_result()
    source = "vakbladwarmtepompen.nl/7320; for homes with a front door: inference (2026-11)"
    write_pages(drawn_result(checks=result.checks.assign(source=source)), tmp_path, clusters=["c1"])
    text = text_of((tmp_path / "c1.html").read_text("utf-8"))
    assert "vakbladwarmtepompen.nl/7320" in text
    assert "inference" not in text


def test_the_range_is_told_as_what_it_is(promising):
    assert "in 8 van de 10 berekeningen met andere prijzen" in text_of(promising)


def test_the_page_without_script_shows_map_costs_and_verdict(promising):
    still = re.search(r'<svg class="snapshot".*?</svg>', promising, re.DOTALL).group()
    homes, boreholes = still.count('fill="#f0b545"'), still.count("<circle")
    assert (homes, boreholes) == (1, 3)
    assert ">15</text>" in still
    assert "Voorbeeldstraat</text>" in still
    outside = promising.replace(still, "")
    assert "€\xa01.760" in outside.split("<body>")[1].split("<script")[0]


def test_hostile_identifiers_make_safe_files(tmp_path):
    result = hostile_result()
    written = write_pages(result, tmp_path)
    assert len(written) == 4
    index = Page((tmp_path / "index.html").read_text("utf-8"))
    assert index.data["files"] == [path.name for path in written[:-1]]
    assert len(index.scripts) == 2
    assert index.loaded == [] == index.handlers
    assert "1337" not in json.dumps(index.data)


def test_pages_stay_small(folder):
    assert max(path.stat().st_size for path in folder.iterdir()) < 400_000


def test_a_result_without_clusters_gives_an_index_that_says_so(tmp_path):
    result = drawn_result()
    written = write_pages(drawn_result(clusters=result.clusters.iloc[:0]), tmp_path)
    assert [path.name for path in written] == ["index.html"]
    assert "Er zijn nog geen pagina's gemaakt." in written[0].read_text("utf-8").replace("&#39;", "'")


# What a home pays at another gas use, when k of 8 join, and when homes leave: round figures, to reckon with by hand.
GAS_USE = {
    "ring_net": (1200, 1800, 2200, 2800),
    "gas_boiler": (1300, 2000, 2600, 3300),
    "air_heat_pump": (1100, 1500, 1900, 2300),
}
JOINS = (2400, 2200, 2060, 1960, 1880, 1810, 1764)
LEAVERS = (1850, 1960, 2110)


def drawn_curves(cluster="c1"):
    rows = [(v, "gas_use", 500.0 * n, cost) for v, costs in GAS_USE.items() for n, cost in enumerate(costs, 1)]
    rows += [("ring_net", "participation", float(k), cost) for k, cost in enumerate(JOINS, 2)]
    rows += [("ring_net", "leavers", float(k), cost) for k, cost in enumerate(LEAVERS, 1)]
    frame = pd.DataFrame(rows, columns=["variant", "curve", "x", "value_eur_per_home"])
    value = frame["value_eur_per_home"]
    frame = frame.assign(cluster_id=cluster, low_eur_per_home=value * 0.9, high_eur_per_home=value * 1.2)
    return typed(frame, RESULT_TABLES["curves"])


def with_curves(tmp_path, **more):
    result = drawn_result(curves=drawn_curves(), **more)
    write_pages(result, tmp_path, clusters=["c1"])
    return (tmp_path / "c1.html").read_text("utf-8")


def test_what_a_home_pays_when_neighbours_leave_is_told(tmp_path):
    text = text_of(with_curves(tmp_path))
    assert "1 woning minder: €\xa01.850 per woning per jaar, €\xa090 meer" in text  # 1850 - 1760
    assert "3 woningen minder: €\xa02.110 per woning per jaar, €\xa0350 meer" in text


def test_the_curve_is_a_picture_without_script(tmp_path):
    html = with_curves(tmp_path)
    chart = re.search(r'<svg class="curve".*?</svg>', html, re.DOTALL).group()
    assert "€\xa02.400 als 2 woningen meedoen, €\xa01.760 als alle 8 meedoen" in chart
    line = re.search(r'<path class="line" d="M([^"]+)"', chart).group(1)
    places = [tuple(map(float, pair.split(","))) for pair in line.split("L")]
    assert [x for x, _ in places] == pytest.approx([38 + 200 * n / 6 for n in range(7)], abs=0.06)  # evenly, 38 to 238
    heights = [y for _, y in places]
    assert heights == sorted(heights)  # y grows downwards: it costs less with each home
    # 1764 and 2400 lie as far apart as the scale says: ticks are 118 pixels apart in all, from 1500 to 3000
    ticks = [float(y) for y in re.findall(r'<path class="grid" d="M38,([\d.]+)H', chart)]
    amounts = [int(a.replace(".", "")) for a in re.findall(r'text-anchor="end">([\d.]+)<', chart)]
    per_euro = (ticks[0] - ticks[-1]) / (amounts[-1] - amounts[0])
    assert heights[-1] - heights[0] == pytest.approx((2400 - 1764) * per_euro, abs=0.11)


@pytest.mark.parametrize(
    ("enough", "told"), [(5, "Vanaf 5 woningen kost het niet meer dan gas."), (None, "Ook als iedereen meedoet")]
)
def test_the_fewest_homes_that_suffice_are_named(tmp_path, enough, told):
    clusters = drawn_result().clusters
    changed = clusters.assign(break_even_homes=pd.array([enough, None, None], dtype="Int64"))
    assert told in text_of(with_curves(tmp_path, clusters=changed))


def test_the_page_can_reckon_but_holds_no_more_than_it_needs(tmp_path):
    choice = Page(with_curves(tmp_path)).data["choice"]
    assert (choice["homes"], choice["least_homes"], choice["range"]) == (8, 2, [500, 2000])
    assert set(choice) == {"homes", "least_homes", "gas_m3", "range", "best", "systems", "same", "lower"}
    net = next(one for one in choice["systems"] if one["variant"] == "ring_net")
    assert set(net) == {"variant", "whole", "now", "gas", "joins"}
    assert net["now"] == [1760, 1550, 2100]
    assert net["gas"][1] == [1000, 1800, 1620, 2160]
    assert net["joins"][0] == [2, 2400]


def test_without_curves_there_is_nothing_to_choose(promising):
    assert Page(promising).data["choice"] is None
    assert 'id="choice"' not in promising
    assert '<svg class="curve"' not in promising


FORMS = (
    {"form": "supplier", "upfront_eur_per_home": 9000.0, "monthly_eur_per_home": 143.0, "fee_eur_per_home": 1564.2},
    {"form": "association", "upfront_eur_per_home": 4980.0, "monthly_eur_per_home": 187.0, "loan_eur_per_home": 12340.0,
     "loan_rate": 0.0435, "loan_years": 15},
)  # fmt: skip


def test_the_loan_and_the_tariff_stand_beside_each_other(tmp_path):
    finance = typed(
        pd.DataFrame([{"cluster_id": "c1", "variant": "ring_net", **f} for f in FORMS]), RESULT_TABLES["finance"]
    )
    text = text_of(with_curves(tmp_path, finance=finance))
    assert "lening van €\xa012.300, 4,35\xa0% in 15 jaar" in text
    assert "tarief van €\xa01.560 per jaar" in text
    assert "Vooraf €\xa09.000, daarna €\xa0145 per maand per woning." in text


@pytest.mark.parametrize(
    ("variant", "columns", "told", "not_told"),
    [
        ("ring_net", {"outdoor_unit": False}, "Geen buitenunit", "Minder geluid"),
        ("ring_net", {"outdoor_unit": True}, "Er staat een unit buiten", "Geen buitenunit"),
        ("ring_net", {"cooling": "none"}, "Koelen in de zomer kan hiermee niet.", "zuinig worden gekoeld"),
        (
            "ring_net",
            {"boreholes": 9},
            "9 boringen: niet minder dan met een eigen lus bij elk van de 8",
            "in plaats van",
        ),
        (
            "air_heat_pump",
            {"annual_eur_per_home": 1900.0},
            "140 per jaar goedkoper dan een luchtwarmtepomp",
            "Een luchtwarmtepomp is",
        ),
    ],
)
def test_plus_and_minus_points_are_those_of_this_street(tmp_path, variant, columns, told, not_told):
    html = with_curves(tmp_path, solutions=solutions_with(drawn_result(), variant, **columns))
    lists = " ".join(re.findall(r'<ul class="signs .*?</ul>', html, re.DOTALL))
    assert told in lists
    assert not_told not in lists


def test_that_air_costs_less_is_a_minus_point_with_its_amount(promising):
    minus = re.search(r'<ul class="signs minus">.*?</ul>', promising, re.DOTALL).group()
    assert "Een luchtwarmtepomp is naar schatting €\xa0210 per jaar goedkoper." in minus  # 1760 - 1550


def test_readiness_of_houses_is_counted_but_not_of_a_few(tmp_path):
    counts = {"homes_ready": 3, "homes_to_insulate": 1}
    result = drawn_result(clusters=drawn_result().clusters.assign(**counts))
    write_pages(result, tmp_path)
    many, few = (text_of((tmp_path / f"{name}.html").read_text("utf-8")) for name in ("c1", "c2"))
    assert "bij 3 van de 8 woningen; bij 1 is eerst isoleren nodig; van 4 is het niet bekend" in many
    assert "eerst isoleren nodig" not in few
    none = drawn_result(clusters=drawn_result().clusters.assign(homes_ready=0, homes_to_insulate=0))
    write_pages(none, tmp_path, clusters=["c1"])
    assert "laat het per woning nagaan" in text_of((tmp_path / "c1.html").read_text("utf-8"))


def test_of_fewer_than_six_measured_homes_no_curve_is_in_the_file(tmp_path):
    told = {"cluster_id": "c2", "variant": "shared_loops", **FORMS[1]}
    finance = typed(pd.DataFrame([told]), RESULT_TABLES["finance"])
    curves = drawn_curves("c2").assign(variant="shared_loops")
    solutions = drawn_result().solutions.assign(
        co2_kg_per_home=777.0, grid_peak_kw_per_home=2.9, chance_cheaper_than_gas=0.61
    )
    pages = []
    for number, make in enumerate((drawn_result, lambda **more: measured("c2", **more))):
        write_pages(make(curves=curves, finance=finance, solutions=solutions), tmp_path / str(number), clusters=["c2"])
        pages.append((tmp_path / str(number) / "c2.html").read_text("utf-8"))
    figures = re.compile(r"€\xa0187|€\xa012\.300|1\.850|1\.960|2,9\xa0kW|In 61 van")
    assert figures.search(text_of(pages[0]))
    assert not figures.search(text_of(pages[1]))
    assert Page(pages[1]).data["choice"] is Page(pages[1]).data["chart"] is None
