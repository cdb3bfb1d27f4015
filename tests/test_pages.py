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


def solutions_with(result, variant, **columns):
    chosen = (result.solutions["variant"] == variant) & (result.solutions["cluster_id"] == "c1")
    changed = result.solutions.copy()
    for name, value in columns.items():
        changed[name] = changed[name].mask(chosen, value)
    return changed


def bars_of(html):
    found = re.findall(r'<li class="bar-\w+"><span class="name">(.*?)</span> <span class="amount">(.*?)</span>', html)
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
    checks = typed(pd.concat([plain.checks, pd.DataFrame([told])], ignore_index=True), RESULT_TABLES["checks"])
    deep = plain.boreholes.assign(depth_m=287.3)
    solutions = plain.solutions.assign(depth_m=plain.solutions["depth_m"] - 12.7)
    tables = {"finance": finance, "checks": checks, "boreholes": deep, "solutions": solutions}
    kept = drawn_result(**tables)
    masked = measured("c2", **tables)
    pages = []
    for number, result in enumerate((kept, masked)):
        write_pages(result, tmp_path / str(number), language=language)
        pages.append((tmp_path / str(number) / "c2.html").read_text("utf-8"))
    figures = re.compile(r"\b1[.,]?790\b|\b1[.,]?550\b|\b145\b|\b83\b|\b287\b|21[.,]9")
    body = [re.sub(r"</?[a-z][^>]*>", " ", page.split("<body>")[1].split("</svg>", 5)[-1]) for page in pages]
    assert figures.search(body[0])
    assert not figures.search(text_of(pages[1]))
    assert not re.search(r'"depth_m":287', pages[1])
    assert "287.3" not in pages[1]
    assert "290\xa0m" in text_of(pages[1])
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
