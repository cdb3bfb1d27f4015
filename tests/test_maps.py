"""The overview: one file, no request, data outside scripts, words in both languages, numbers as they are written."""

import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from string import Formatter

import folium
import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hand_drawn import SECRET_GAS, SECRET_HEAT, drawn_result
from hostile import HOSTILE, hostile_result

from minenet.assumptions import read_table
from minenet.checks import CHECKS, REASONS
from minenet.errors import AssumptionError, OutputError
from minenet.maps import draw_map, draw_page
from minenet.maps import page as page_module
from minenet.maps.layers import FIELDS, STYLES
from minenet.maps.packing import pack_shapes
from minenet.maps.page import asset, file_name, json_block, security_policy
from minenet.maps.texts import SHARED_REASONS, TEXTS
from minenet.maps.words import Words, missing
from minenet.tables import AREA_TABLES, RESULT_TABLES, VARIANTS, empty, typed


class Page(HTMLParser):
    """What a browser would find: scripts, addresses that are loaded, and the data block."""

    def __init__(self, html):
        super().__init__(convert_charrefs=False)
        self.scripts, self.loaded, self.ids, self.handlers = [], [], [], []
        self._open = None
        self.blocks = []
        self.policy = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.handlers += [name for name in attributes if name.startswith("on")]
        self.loaded += [attributes[name] for name in ("src", "data", "srcset", "poster") if name in attributes]
        if tag in {"link", "base", "iframe", "object", "embed"}:
            self.loaded.append(tag)
        if attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = attributes["content"]
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "script":
            self._open = self.blocks if attributes.get("type") == "application/json" else self.scripts
            self._open.append("")

    def handle_data(self, data):
        if self._open is not None:
            self._open[-1] += data

    def handle_endtag(self, _):
        self._open = None

    @property
    def data(self):
        return json.loads(self.blocks[0])

    @property
    def hashes(self):
        return {hashlib.sha256(text.encode()).hexdigest() for text in self.scripts}


def clusters_of(html):
    """Unpack what list and panel show: a dict per cluster, with its solutions, checks and reasons."""
    data = Page(html).data
    columns = data["clusters"]
    found = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    for number, one in enumerate(found):
        one["reasons"] = [data["reason_texts"][text] for text in one["reasons"]]
        lines = data["check_lines"]
        one["checks"] = [{name: lines[name][line] for name in lines} for line in data["checks"][number]]
        for name in ("solutions", "sensitivity"):
            rows = [dict(zip(data[name], values, strict=True)) for values in zip(*data[name].values(), strict=True)]
            one[name] = [row for row in rows if row["of"] == number]
    return found


def addresses_of(html):
    """Unpack the addresses: text, east, north, cluster, why there is none."""
    packed = Page(html).data["addresses"]
    streets = [street for street, count in zip(packed["streets"], packed["counts"], strict=True) for _ in range(count)]
    places, east, north = [], 0, 0
    for step in zip(packed["steps"][::2], packed["steps"][1::2], strict=True):
        east, north = east + step[0], north + step[1]
        places.append((east / packed["scale"], north / packed["scale"]))
    return [
        (f"{street} {number}".strip(), *place, cluster, packed["reasons"][why])
        for street, number, place, cluster, why in zip(
            streets, packed["numbers"], places, packed["clusters"], packed["why"], strict=True
        )
    ]


@pytest.fixture(scope="module")
def result():
    return drawn_result()


@pytest.fixture(scope="module")
def html(result):
    return draw_map(result).to_html()


def test_the_page_loads_nothing_from_anywhere(html):
    page = Page(html)
    assert page.loaded == []
    assert re.findall(r"url\((?!data:|#)[^)]*\)", html) == []
    assert "@import" not in html
    assert "default-src 'none'" in page.policy
    assert "http" not in page.policy


def test_every_script_is_locked_by_its_hash_and_no_handler_is_inline(html):
    page = Page(html)
    digests = set(re.findall(r"sha256-([^']+)", page.policy))
    assert len(digests) == len({hashlib.sha256(text.encode()).digest() for text in page.scripts}) == 3
    assert "unsafe-inline" not in page.policy.split("style-src")[0]
    assert page.handlers == []


def test_the_same_result_gives_the_same_bytes_also_when_asked_twice(result, html):
    drawn = draw_map(result)
    assert drawn.to_html() == drawn.to_html() == html


def test_rows_in_another_order_give_the_same_list_of_clusters(result):
    turned = drawn_result(clusters=result.clusters.iloc[::-1])
    assert clusters_of(draw_map(turned).to_html()) == clusters_of(draw_map(result).to_html())


@pytest.mark.parametrize("draw", [draw_map, lambda r: draw_page(r, r.clusters["cluster_id"].iloc[0])])
def test_scripts_do_not_depend_on_data(draw):
    plain, hostile = Page(draw(drawn_result()).to_html()), Page(draw(hostile_result()).to_html())
    assert plain.hashes == hostile.hashes
    assert plain.policy == hostile.policy


@pytest.mark.parametrize("language", ["nl", "en"])
def test_hostile_text_never_becomes_a_template_or_a_tag(language):
    result = hostile_result()
    pages = [draw_map(result, language=language)]
    pages += [draw_page(result, one, language=language) for one in result.clusters["cluster_id"]]
    for drawn in pages:
        html = drawn.to_html()
        assert "1337" not in html  # 7 * 191, had the template been run
        page = Page(html)
        assert len(page.scripts) == 3
        assert page.loaded == [] == page.handlers
        assert page.ids.count("mn-data") == 1


def test_hostile_text_is_shown_as_it_is():
    result = hostile_result()
    assert clusters_of(draw_map(result).to_html())[0]["name"].startswith(HOSTILE)


def test_a_map_shows_itself_in_a_notebook_in_a_frame_of_its_own(result):
    shown = draw_map(result)._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert "<script" not in shown


def test_save_writes_the_whole_page_and_leaves_nothing_beside_it(result, html, tmp_path):
    path = draw_map(result).save(tmp_path / "new" / "map.html")
    assert path.read_text("utf-8") == html
    assert [found.name for found in path.parent.iterdir()] == ["map.html"]


def test_a_failed_save_leaves_the_old_page(result, tmp_path, monkeypatch):
    path = tmp_path / "map.html"
    path.write_text("old")

    def fail(*_, **__):
        raise OSError

    monkeypatch.setattr(page_module.os, "fdopen", fail)
    with pytest.raises(OSError):  # noqa: PT011 - raised above
        draw_map(result).save(path)
    assert path.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_leaflet_is_refused_when_it_is_not_the_known_one(monkeypatch):
    page_module.leaflet_file.cache_clear()
    monkeypatch.setitem(page_module.LEAFLET, "leaflet.js", "0" * 64)
    with pytest.raises(OutputError, match=r"Leaflet 1\.9\.4"):
        page_module.leaflet_file("leaflet.js")


def test_an_address_elsewhere_is_refused():
    with pytest.raises(OutputError, match="from elsewhere"):
        asset("https://cdn.example/leaflet.js")
    with pytest.raises(OutputError, match="from elsewhere"):
        security_policy('<script src="https://cdn.example/x.js"></script>')


def test_no_audience_gets_demand_cost_or_answers_of_a_single_home(html):
    assert str(SECRET_GAS)[:3] not in json.dumps(Page(html).data["addresses"])
    for one in range(1, 16, 2):
        assert str(SECRET_HEAT + one) not in html
    secret = {"gas_m3", "heat_kwh", "peak_kw", "answer", "home_id", "home_type"}
    for audience, layers in FIELDS.items():
        for name in ("home", "address", "left_out", "borehole", "pipe"):
            assert not secret & set(layers.get(name, ())), audience


def test_only_listed_fields_reach_the_file(html):
    data = Page(html).data
    for name, collection in data["layers"].items():
        found = {key for _, _, fields in collection["features"] for key in fields}
        assert found <= set(FIELDS["planner"].get(name, ())), name
    assert not {"cluster_id", "peak_kw", "heat_density_kwh_m2"} & set(data["clusters"])
    assert set(data["solutions"]) == {*FIELDS["planner"]["solutions"], "of", "partly"}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_household_that_said_no_is_not_told_from_others(result, language):
    reasons = ["said_no", "no_neighbours_to_share", "dearer_to_join", "a_code_without_words", None]
    pages = []
    for reason in reasons:
        changed = result.homes["left_out_reason"].mask(result.homes["left_out_reason"] == "said_no", reason)
        homes = result.homes.assign(left_out_reason=changed)
        pages.append(draw_map(drawn_result(homes=homes), language=language).to_html())
        pages[-1] += draw_page(drawn_result(homes=homes), "c1", language=language).to_html()
    assert len(set(pages)) == 1
    assert "said_no" not in pages[0]
    assert Words(language)("left_out.other") in pages[0]
    addresses = {one[0]: one for one in addresses_of(draw_map(result, language=language).to_html())}
    assert addresses["Voorbeeldstraat 91"][4] == Words(language)("left_out.no_street_nearby")


def test_the_map_leads_only_to_pages_that_are_told_to_be_there(result):
    found = {}
    for pages in (None, ["c2"], []):
        html = draw_map(result, pages=pages).to_html()
        found[str(pages)] = [one["page"] for one in clusters_of(html)], Page(html).data["pages"]
    assert found["None"] == (["pages/c1.html", "pages/c2.html", "pages/c3.html"], False)
    assert found["['c2']"] == ([None, "pages/c2.html", None], True)
    assert found["[]"] == ([None, None, None], True)


@pytest.mark.parametrize(
    ("check", "detail", "outcome"),
    [
        ("permit", "83 kW from the ground by the largest system, permit above 70 kW", "warning"),
        ("cooling", "at most 1.7 K, limit 1.5 K; 90 kWh a year given back mends it", "warning"),
        ("cooling_registered", "at most 1.7 K, limit 1.5 K; 90 kWh a year given back mends it", "warning"),
        ("cooling_registered", "at most 1.0 K, limit 1.5 K", "attention"),
        ("public_space", "9 m of trench and 1 boreholes in public ground", "attention"),
    ],
)
def test_what_exceeds_a_limit_is_a_warning_and_not_a_question(result, check, detail, outcome):
    row = {"cluster_id": "c1", "check": check, "outcome": "attention", "detail": detail, "who": "municipality"}
    html = draw_map(drawn_result(checks=typed(pd.DataFrame([row]), RESULT_TABLES["checks"]))).to_html()
    assert [one["outcome"] for one in clusters_of(html)[0]["checks"]] == [outcome]


def test_unknown_is_null_and_never_zero(html):
    excluded = clusters_of(html)[2]
    assert excluded["verdict"] == "excluded"
    assert excluded["annual_eur_per_home"] is excluded["saving"] is excluded["boreholes"] is None
    row = html[html.index('<tr data-index="2">') :].split("</tr>")[0]
    assert row.count("onbekend") == 4  # cost, saving, drillings, chance


def test_costs_are_rounded_to_tens(html):
    first = clusters_of(html)[0]
    assert first["annual_eur_per_home"] == 1760  # 1764
    assert first["saving"] == 210  # 1970 - 1760
    assert first["capex_eur_per_home"] == 21870


def test_the_fictional_neighbourhood_says_so_and_others_do_not(html):
    assert "Fictieve voorbeeldbuurt" in html
    nothing = empty(RESULT_TABLES["provenance"])
    assert 'class="fictional"' not in draw_map(drawn_result(provenance=nothing)).to_html()


def test_a_result_without_clusters_or_context_still_is_a_page():
    tables = {name: empty(RESULT_TABLES[name], "EPSG:28992") for name in ("clusters", "context", "homes")}
    html = draw_map(drawn_result(**tables)).to_html()
    assert Words("nl")("overview.empty") in html


def test_an_unknown_language_is_refused(result):
    with pytest.raises(AssumptionError, match="`fr` is not known"):
        draw_map(result, language="fr")


def test_the_page_stays_within_its_budget(html):
    assert len(html.encode()) < 400_000


def test_a_planned_heat_network_is_drawn_as_such_and_labelled(html):
    layers = Page(html).data["layers"]
    assert len(layers["heat"]["features"]) == len(layers["zone"]["features"]) == 1
    labels = [fields["name"] for _, _, fields in layers["area_label"]["features"]]
    assert "Warmtenet Zuid · wijkwarmtenet gepland" in labels


def test_names_of_areas_stand_apart_on_the_still_map(result):
    still = re.search(r'<svg class="snapshot".*?</svg>', draw_page(result, "c3").to_html(), re.DOTALL).group()
    places = {
        kind: (float(y), text.count("<tspan") + 1)
        for kind, y, text in re.findall(
            r'<text class="label-(heat|zone)" x="[^"]*" y="([^"]*)"[^>]*>(.*?)</text>', still
        )
    }
    size = float(re.search(r'<g class="names" font-size="([\d.]+)"', still).group(1))
    (upper, lines), (lower, _) = sorted(places.values())
    assert lower - upper >= 1.15 * size * lines - 0.1


def test_every_key_has_both_languages_with_the_same_places():
    def fields(text):
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    for key, texts in TEXTS.items():
        assert len(texts) == 2, key
        assert all(texts), key
        assert fields(texts[0]) == fields(texts[1]), key


def test_every_code_of_the_result_has_its_words():
    def declared(table, column):
        return RESULT_TABLES[table].column[column].values or ()

    left_out = [
        "no_building",
        "building_use_other",
        "too_many_dwellings",
        "no_street_nearby",
        "no_free_service_path",
        "no_heat_demand",
    ]
    infeasible = [
        "fits_for",
        "fits_for_at_least",
        "own_plots_not_known",
        "no_place_for_loop",
        "no_place_for_borehole",
        "too_deep",
        "too_few_places",
    ]
    codes = {
        "check": CHECKS,
        "reason": [*REASONS, *infeasible],
        "verdict": declared("clusters", "verdict"),
        "outcome": [*declared("checks", "outcome"), "warning"],
        "layer": [name for name in AREA_TABLES if name != "checks"],
        "variant": declared("solutions", "variant"),
        "about": VARIANTS,
        "ownership": {*declared("boreholes", "ownership"), *declared("pipes", "ownership")},
        "left_out": [*left_out, *SHARED_REASONS],
    }
    assert [(group, code) for group in codes for code in missing(codes[group], group)] == []


def test_texts_used_in_templates_and_script_exist():
    folder = page_module.files("minenet.maps").joinpath("assets")
    for name in ("overview.html", "cluster.html", "index.html", "parts.html", "minenet.js"):
        used = re.findall(r"""\b(?:words|text)\(["']([a-z_]+\.[a-z_0-9]+)["'][,)]""", folder.joinpath(name).read_text())
        assert used, name
        assert [key for key in used if key not in TEXTS] == []


def test_a_code_without_words_is_shown_as_it_is():
    assert Words("nl").code("reason", "made_up_code") == "made up code"
    assert Words("nl").code("reason", None) == "onbekend"


def test_what_a_check_found_is_told_in_dutch():
    words = Words("nl")
    assert words.detail("3 of 8 homes in: Zone A") == "3 van 8 woningen in: Zone A"
    assert words.detail("at most 1.2 K, limit 1.5 K").startswith("hoogstens 1,2 °C")
    assert (
        words.detail("not given: water, obstacles, novel") == "niet aangeleverd: water, bomen, riolen en kabels, novel"
    )
    owners = "owner unknown for 0 boreholes and 1 pipe runs; 1 boreholes in a neighbour's ground"
    assert words.detail(owners) == "eigenaar onbekend bij 0 boringen en 1 leiding; 1 boring in de grond van een buur"
    assert Words("en").detail(owners).endswith("1 pipe run; 1 borehole in a neighbour's ground")
    mended = "at most 1.7 K, limit 1.5 K; 90123 kWh a year given back mends it"
    assert words.detail(mended) == "hoogstens 1,7 °C kouder, grens 1,5 °C; 90.123 kWh per jaar teruggeven verhelpt het"
    fee = "1445 m of trench in public ground: a permit of 1361 EUR"
    assert words.detail(fee) == "1.445 m sleuf in openbare grond: vergunning van 1.361 euro"
    assert words.detail("something new") == "something new"
    assert Words("en").detail("no layer says") == "no layer says"


@pytest.mark.parametrize(
    ("code", "dutch", "english"),
    [
        ("fits_for:20 of 49", "past bij 20 van de 49 woningen", "fits 20 of the 49 homes"),
        ("no_place_for_loop:1 of 16", "Voor 1 van de 16 groepen buren", "For 1 of the 16 groups"),
        ("no_place_for_loop:1 of 1", "Er is geen plaats voor een gedeelde lus.", "There is no room for a shared loop."),
        ("fits_for:0 of 2", "Bij geen van de woningen", "At none of the homes"),
        ("too_deep:251 m needed, 250 m permitted", "251 m diep moeten; 250 m mag", "251 m deep; 250 m is allowed"),
        (
            "too_few_places:1 places, at least 3 needed at 200 m",
            "plaats voor 1 boring; bij 200 m",
            "room for 1 drilling;",
        ),
        (
            "fits_for_at_least:3 of 8, 2 not known",
            "past bij zeker 3 van de 8 woningen; van 2 is niet bekend",
            "fits at least 3 of the 8 homes; of 2 it is not known",
        ),
        ("fits_for:some", "Een eigen lus past niet overal.", "An own loop does not fit everywhere."),
    ],
)
def test_reasons_with_figures_are_told_in_words(code, dutch, english):
    assert dutch in Words("nl").code("reason", code)
    assert english in Words("en").code("reason", code)


def test_sources_of_rules_hold_no_english_words_in_dutch():
    told = [Words("nl").source(source) for source in read_table("rules")["source"]]
    assert [one for one in told if re.search(r"\b(the|of|for|with|homes|itself|appendix|inference)\b", one)] == []


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nl", ["€\u00a01.850", "\u2212€\u00a0120", "onbekend", "€\u00a00"]),
        ("en", ["€1,850", "\u2212€120", "unknown", "€0"]),
    ],
)
def test_amounts_are_written_as_the_language_does(language, expected):
    assert [Words(language).euro(value) for value in (1851.0, -118.0, None, 0.0)] == expected


def test_json_cannot_end_its_block():
    block = str(json_block({"</script>": "\u2028<!-- ]]> & \ud800"}))
    assert block.count("</script") == 1
    assert not set("\u2028<&") & set(block[block.index(">") + 1 : -len("</script>")])


def test_file_names_are_safe_and_distinct():
    ids = ["a", "A", "../a", "a/b", "con", "index", "", "é" * 300, HOSTILE, "a\0b", "a b", "a-b", "😀", "ab" * 200]
    names = [file_name(one) for one in ids]
    assert len({name.lower() for name in names}) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,80}\.html", name) for name in names)
    assert not {"index.html", "con.html"} & set(names)


def test_every_style_has_a_second_cue_beside_colour():
    verdicts = [STYLES[name] for name in ("promising", "investigate", "excluded")]
    assert len({style.get("dashArray", "") for style in verdicts}) == 3


def test_other_folium_layers_may_be_added_offline(result):
    own = gpd.GeoDataFrame({"a": [1]}, geometry=gpd.points_from_xy([5.1], [52.1]), crs=4326)
    drawn = draw_map(result)
    folium.GeoJson(own).add_to(drawn)
    assert Page(drawn.to_html()).loaded == []


def test_fields_that_nobody_asked_for_stay_out(result):
    secret = pd.Series(["geheim-1234"] * len(result.homes), index=result.homes.index)
    more = drawn_result(homes=result.homes.assign(note=secret))
    assert "geheim-1234" not in draw_map(more).to_html()


def unpacked(packed):
    """Return the points of every ring in degrees."""
    rings, at, first = [], 0, (0, 0)
    for count in packed["counts"]:
        points, here = [], first
        for k in range(count):
            here = (here[0] + packed["steps"][2 * (at + k)], here[1] + packed["steps"][2 * (at + k) + 1])
            first = here if k == 0 else first
            points.append((here[0] / packed["scale"], here[1] / packed["scale"]))
        at += count
        rings.append(points)
    return rings


def test_steps_lead_back_to_the_shapes():
    yard = shapely.Polygon(
        [(5, 52), (5.001, 52), (5.001, 52.001), (5, 52.001)],
        [[(5.0004, 52.0004), (5.0006, 52.0004), (5.0005, 52.0006)]],
    )
    shapes = [yard, shapely.LineString([(4.9, 52), (4.90001, 52.00002)]), shapely.Point(5.2, 52.1)]
    packed = pack_shapes(gpd.GeoDataFrame(geometry=shapes, crs=4326))
    by_owner = {}
    for owner, ring in zip(packed["owner"], unpacked(packed), strict=True):
        by_owner.setdefault(owner, []).append(ring)
    assert [len(by_owner[number]) for number in range(3)] == [2, 1, 1]
    for given, number in ((yard.exterior.coords[:-1], 0), (shapes[1].coords, 1), (shapes[2].coords, 2)):
        assert {(round(x, 6), round(y, 6)) for x, y in by_owner[number][0]} == set(given)
    hole = packed["holes"][0]
    assert len(packed["holes"]) == 1
    assert packed["owner"][hole - 1] == 0  # right after its outline
    assert shapely.LinearRing(unpacked(packed)[hole]).is_ccw != shapely.LinearRing(unpacked(packed)[hole - 1]).is_ccw


def test_what_is_too_small_to_see_is_not_packed():
    shapes = [shapely.box(0, 0, 3, 3), shapely.box(10, 0, 14, 4), None, shapely.Polygon()]
    frame = gpd.GeoDataFrame(geometry=shapes, crs="EPSG:28992")
    assert pack_shapes(frame, least_area=12.0)["owner"] == [1]  # 9 and 16 m2
    assert pack_shapes(frame.iloc[2:])["steps"] == []


def test_the_data_of_a_town_is_packed_and_no_script_changes(result, html, monkeypatch):
    monkeypatch.setattr(page_module, "PACK_FROM", 1000)
    packed = draw_map(result).to_html()
    block = re.search(r'<script type="text/plain" id="mn-data" data-packed>([A-Za-z0-9+/=]+)</script>', packed).group(1)
    assert json.loads(gzip.decompress(base64.b64decode(block))) == Page(html).data
    plain = [text for text in Page(packed).scripts if text != block]
    assert {hashlib.sha256(text.encode()).hexdigest() for text in plain} == Page(html).hashes


def test_the_panel_tells_chances_and_what_matters_most_of_the_best_variant(result):
    rows = [
        {"cluster_id": "c1", "variant": variant, "assumption": name, "low_eur_per_home": 1600.0, "high_eur_per_home": 1900.0 + n, "rank": n}
        for variant in ("ring_net", "shared_loops")
        for n, name in enumerate(("costs.drilling_eur_m", "costs.a_new_one"), 1)
    ]  # fmt: skip
    table = typed(pd.DataFrame(rows[::-1]), RESULT_TABLES["sensitivity"])
    solutions = result.solutions.assign(chance_cheaper_than_gas=0.614, co2_kg_per_home=1234.0)
    first = clusters_of(draw_map(drawn_result(sensitivity=table, solutions=solutions)).to_html())[0]
    assert [one["assumption"] for one in first["sensitivity"]] == ["Boren, per meter", "a new one"]
    assert first["chance"] == 0.61
    assert {one["co2_kg_per_home"] for one in first["solutions"]} == {1230}


def test_only_the_first_rows_of_a_long_list_stand_in_the_page(result):
    many = pd.concat([result.clusters.iloc[[0]].assign(cluster_id=f"k{n:03d}", rank=n) for n in range(1, 251)])
    html = draw_map(drawn_result(clusters=many)).to_html()
    assert html.count("<tr data-index=") == 200
    assert len(Page(html).data["clusters"]["name"]) == 250
    assert "toont deze lijst de eerste 200 clusters" in html


def test_what_matters_most_has_words():
    effects = (
        "drilling_eur_m",
        "electricity_eur_kwh",
        "gas_eur_m3",
        "ground_heat_pump_eur_kw",
        "spf_rooms_ground",
        "drilling_overrun",
        "trench_paving_eur_m",
    )
    assert missing(effects, "assumption") == []
    assert missing([*VARIANTS, "gas_boiler", "air_heat_pump", "own_loops"], "short") == []
