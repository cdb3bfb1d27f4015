"""A whole fetch: from a place by name to an area file and a result, through a server that behaves as the services do."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from overpass import Map
from overpass import serving as overpass
from pdok import Layer, serving

from minenet import assess, read_area, verify
from minenet.cli import main
from minenet.errors import InputError
from minenet.fetch import Store, Wanted, Web, Window, fetch_area, write_area
from minenet.fetch.window import DUTCH

X, Y = 136_000.0, 455_000.0
BOX = (X - 20, Y - 20, X + 260, Y + 120)


def feature(number, shape, **properties):
    return {
        "type": "Feature",
        "id": f"f-{number}",
        "geometry": json.loads(shapely.to_geojson(shape)),
        "properties": properties,
    }


def terrace(count=24, *, ogc=False):
    """Draw two rows of homes along a street of 200 m: buildings of 8 x 9 m, each with one address."""
    buildings, units = [], []
    for i in range(count):
        x, y = X + 8 * (i % 12), Y + (0 if i < 12 else 29)
        pand, unit = f"{344100000000000 + i:016d}", f"{344010000000000 + i:016d}"
        buildings.append(feature(f"pand-{i}", shapely.box(x, y, x + 8, y + 9), identificatie=pand, bouwjaar=1934,
                                 status="Pand in gebruik", gebruiksdoel="woonfunctie", oppervlakte_min=90,
                                 oppervlakte_max=90, aantal_verblijfsobjecten=1))  # fmt: skip
        said = {"identificatie": unit, "status": "Verblijfsobject in gebruik", "oppervlakte": 90, "huisnummer": 1 + i,
                "huisletter": None, "toevoeging": None, "postcode": "3581XX"}  # fmt: skip
        if ogc:
            said |= {"gebruiksdoel": ["woonfunctie"], "openbare_ruimte_naam": "Oosterstraat", "woonplaats_naam": "Utrecht",
                     "pand.href": [f"https://api.example/items/f-pand-{i}"]}  # fmt: skip
        else:
            said |= {"gebruiksdoel": "woonfunctie", "openbare_ruimte": "Oosterstraat", "woonplaats": "Utrecht",
                     "pandidentificatie": pand}  # fmt: skip
        units.append(feature(f"vbo-{i}", shapely.Point(x + 4, y + 4), **said))
    return buildings, units


def ground():
    """Draw the large-scale map: the street with its pavements, gardens behind the homes, a ditch, a tree."""
    level = {"relatieve_hoogteligging": 0, "eind_registratie": None}
    road = feature(
        "w1", shapely.box(X - 60, Y + 14, X + 300, Y + 24), lokaal_id="G1", functie="rijbaan lokale weg", **level
    )
    paths = [
        feature(f"w{n}", shapely.box(X - 60, y, X + 300, y + 5), lokaal_id=f"G{n}", functie="voetpad", **level)
        for n, y in ((2, Y + 9), (3, Y + 24))
    ]
    old = feature("w9", shapely.box(X, Y + 9, X + 9, Y + 14), lokaal_id="G9", functie="voetpad", relatieve_hoogteligging=0,
                  eind_registratie="2019-01-01T00:00:00Z")  # fmt: skip
    yards = [
        feature(f"y{n}", shapely.box(X, y, X + 96, y + 15), lokaal_id=f"Y{n}", fysiek_voorkomen="erf", **level)
        for n, y in ((1, Y - 15), (2, Y + 38))
    ]
    ditch = feature("d", shapely.box(X - 60, Y + 80, X + 300, Y + 83), lokaal_id="D1", type="waterloop", **level)
    tree = feature("t", shapely.Point(X + 50, Y + 45), lokaal_id="T1", type="waardeOnbekend", **level)
    return {
        "wegdeel": Layer([road, *paths], [old]),
        "onbegroeidterreindeel": Layer(yards),
        "waterdeel": Layer([ditch]),
        "vegetatieobject_punt": Layer([tree]),
    }


def parcels():
    plots = []
    for i in range(24):
        x, low, high = X + 8 * (i % 12), *((Y - 15, Y + 9) if i < 12 else (Y + 29, Y + 53))
        plots.append(feature(f"p{i}", shapely.box(x, low, x + 8, high), identificatie_lokaal_id=f"UTT00A{i:05d}"))
    return Layer(plots)


EMPTY = Layer([feature("none", shapely.Point(0, 0), identificatie="x", lokaal_id="x", type="x", OBJECTID=1)])


@pytest.fixture
def served():
    with serving() as service:
        buildings, units = terrace()
        road = feature("r", shapely.LineString([(X - 60, Y + 19), (X + 300, Y + 19)]), wvk_id=1, wegbehsrt="G", bst_code="RB",
                       stt_naam="Oosterstraat")  # fmt: skip
        gas = feature(
            "g", shapely.box(X - 50, Y - 50, X + 300, Y + 120), postcode6="3581XX", gemiddeldGasverbruikWoning=1250
        )
        zone = feature("z", shapely.box(X + 200, Y - 50, X + 300, Y + 120), NAAM="Boringsvrije zone Zeist")
        quiet = feature("q", shapely.box(X, Y, X + 300, Y + 120), NAAM="Stiltegebied")
        boat = feature(
            "b",
            shapely.box(X + 10, Y + 80, X + 25, Y + 83),
            identificatie="0344020000000001",
            status="Plaats aangewezen",
        )
        service.layers = {
            "bag:pand": Layer(buildings), "bag:verblijfsobject": Layer(units), "bag:ligplaats": Layer([boat]),
            "bag:standplaats": EMPTY, "wegvakken": Layer([road]), "perceel": parcels(),
            "postcode6:postcode6": Layer([gas]), "0": Layer([zone, quiet]),
        }  # fmt: skip
        for name in ("ondersteunendwegdeel", "begroeidterreindeel", "overbruggingsdeel", "overigbouwwerk", "spoor",
                     "scheiding_lijn", "scheiding_vlak"):  # fmt: skip
            service.layers[name] = EMPTY
        service.layers |= ground()
        service.docs = [
            {"_q": "Oosterstraat", "id": "weg-1", "type": "weg", "weergavenaam": "Oosterstraat, Utrecht", "score": 9.0,
             "geometrie_rd": f"LINESTRING({X} {Y + 19}, {X + 200} {Y + 19})", "centroide_rd": f"POINT({X + 100} {Y + 19})"},
        ]  # fmt: skip
        whole = feature(
            "gm", shapely.box(X - 100, Y - 100, X + 400, Y + 200), code="0344", identificatie="GM0344", naam="Utrecht"
        )
        service.layers["gemeentegebied"] = Layer([whole])
        yield service


def run(*arguments):
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return left.value.code


def web_of(service, tmp_path):
    return Web(Store(tmp_path / "kept"), mirror=service.url, sleep=lambda _: None)


class TestDutchStreet:
    def test_from_a_street_by_name_to_a_result(self, served, tmp_path, capsys):
        path = tmp_path / "area.gpkg"
        code = run("fetch", "Oosterstraat, Utrecht", "-o", path, "--mirror", served.url, "--cache", tmp_path / "kept")
        assert code == 0, capsys.readouterr().err
        shown = capsys.readouterr().out
        assert "1 houseboat berth" in shown
        area = read_area(path)
        assert (len(area.buildings), len(area.addresses), area.buildings["dwellings"].sum()) == (24, 24, 24)
        assert area.addresses["gas_m3"].tolist() == [1250.0] * 24
        assert set(area.addresses["gas_basis"]) == {"postcode_mean"}
        assert len(area.parcels) == 24
        assert area.land["ownership"].value_counts().to_dict() == {"public": 3, "private": 2}
        assert area.zones["effect"].tolist() == ["ban"]
        assert area.provenance["fetched.zones.left_out.zones_of_other_subjects"] == "1"
        notes = area.provenance
        assert notes["fetched.buildings.asked"] == notes["fetched.buildings.received"] == "24"
        assert notes["fetched.units.licence"] == "Public Domain Mark 1.0"
        assert "not in open" not in notes["fetched.loops.unknown"]
        assert notes["attribution.buildings"] == "BAG (Kadaster)"
        result = assess(area)
        assert result.clusters["homes"].sum() == 24
        assert set(result.homes["demand_source"]) == {"postcode"}  # nobody's meter was read
        told = dict(zip(result.provenance["key"], result.provenance["value"], strict=True))
        assert told["fetched.buildings.source"].endswith("bag:pand")

    def test_history_does_not_come_along(self, served, tmp_path):
        fetched = fetch_area(Window.of_box(BOX), web=web_of(served, tmp_path))
        assert (fetched.tables["land"]["cover"] == "footway").sum() == 2

    def test_the_ogc_api_gives_the_same_area(self, served, tmp_path):
        one = fetch_area(Window.of_box(BOX), web=web_of(served, tmp_path)).tables
        buildings, units = terrace(ogc=True)
        served.layers |= {
            "pand": Layer(buildings),
            "verblijfsobject": Layer(units),
            "ligplaats": EMPTY,
            "standplaats": EMPTY,
        }
        other = fetch_area(Window.of_box(BOX), Wanted(bag_service="ogc"), web=web_of(served, tmp_path / "b")).tables
        for table in ("buildings", "addresses"):
            pd.testing.assert_frame_equal(pd.DataFrame(one[table]), pd.DataFrame(other[table]))

    def test_a_municipality_by_code_and_by_name(self, served, tmp_path):
        for code in ("0344", "GM0344", "344", "Utrecht"):
            path = tmp_path / f"{code}.gpkg"
            assert (
                run("fetch", "--municipality", code, "-o", path, "--mirror", served.url, "--cache", tmp_path / "k") == 0
            )
            assert len(read_area(path).buildings) == 24

    def test_the_same_answers_give_the_same_file(self, served, tmp_path):
        for name in ("a", "b"):
            fetched = fetch_area(Window.of_box(BOX), web=web_of(served, tmp_path / name))
            write_area(fetched, tmp_path / f"{name}.gpkg")
        one, two = (read_area(tmp_path / f"{name}.gpkg") for name in "ab")
        for layer, frame in one.layers.items():
            assert frame.equals(two.layers[layer]), layer

    def test_a_second_run_asks_nothing(self, served, tmp_path):
        fetch_area(Window.of_box(BOX), web=web_of(served, tmp_path))
        served.asked.clear()
        fetch_area(Window.of_box(BOX), web=web_of(served, tmp_path))
        assert served.asked == []

    def test_what_is_done_without_is_unknown_not_empty(self, served, tmp_path):
        wanted = Wanted(without=frozenset({"bgt", "parcels", "gas", "zones"}))
        fetched = fetch_area(Window.of_box(BOX), wanted, web=web_of(served, tmp_path))
        assert not {"land", "parcels", "zones", "water"} & set(fetched.tables)
        for part in ("bgt", "parcels", "gas", "zones"):
            assert fetched.notes[f"fetched.{part}.unknown"] == "left out on request"
        assert fetched.tables["addresses"].get("gas_m3") is None

    def test_outside_utrecht_zones_are_unknown(self, served, tmp_path):
        away = Window(shapely.box(200_000, 400_000, 200_100, 400_100), DUTCH, "elsewhere")
        served.layers["bag:pand"] = Layer([feature("p", shapely.box(200_020, 400_020, 200_028, 400_029), identificatie="1",
                                                   bouwjaar=1950, status="Pand in gebruik", gebruiksdoel="woonfunctie",
                                                   aantal_verblijfsobjecten=1)])  # fmt: skip
        served.layers["bag:verblijfsobject"] = served.layers["bag:ligplaats"] = EMPTY
        fetched = fetch_area(away, Wanted(without=frozenset({"bgt"})), web=web_of(served, tmp_path))
        assert "no service is known for this province" in fetched.notes["fetched.zones.unknown"]
        assert "zones" not in fetched.tables


class TestTrouble:
    def test_a_silent_service_ends_with_its_name_and_code_5(self, served, tmp_path, capsys, monkeypatch):
        monkeypatch.setattr("minenet.fetch.web.asking.Patience.pause", lambda *_: 0.0)
        served.fault("503", match="perceel", times=100)
        path = tmp_path / "area.gpkg"
        assert run("fetch", "--bbox", *BOX, "-o", path, "--mirror", served.url, "--cache", tmp_path / "k") == 5
        said = capsys.readouterr().err
        assert "answered 503" in said
        assert "what was fetched is kept" in said
        assert not path.exists()
        served.faults.clear()
        asked = len(served.asked)
        assert run("fetch", "--bbox", *BOX, "-o", path, "--mirror", served.url, "--cache", tmp_path / "k") == 0
        assert not any("bag" in question for question in served.asked[asked:])

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ([], "Say where"),
            (["Utrecht", "--municipality", "0344"], "Say where"),
            (["--bbox", 5, 52, 4, 53], "is no box"),
            (["--bbox", 14.4, 50.0, 14.5, 50.1], "does not lie in the Netherlands"),
            (["Nergenshuizen"], "no place in the Netherlands"),
            (
                ["Oosterstraat, Zwolle"],
                "no place is called `Oosterstraat, Zwolle` (`zwolle`). Nearest: Oosterstraat, Utrecht.",
            ),
            (["--municipality", "9999"], "there is no municipality"),
            (["Utrecht", "--offline"], "A place is found by asking"),
            (["--bbox", *BOX, "--file", "bag"], "write KIND=FILE"),
            (["--bbox", *BOX, "--file", "bog=x.gpkg"], "no kind of file is called `bog`"),
            (["--bbox", *BOX, "--file", "bag=none.gpkg"], "no such file"),
            (["--bbox", *BOX, "--without", "streets"], "cannot be left out"),
            (["--bbox", X + 5000, Y, X + 5100, Y + 100], "no building stands"),
        ],
    )
    def test_misuse_is_told_in_one_line(self, served, tmp_path, capsys, arguments, said):
        code = run("fetch", *arguments, "-o", tmp_path / "a.gpkg", "--mirror", served.url, "--cache", tmp_path / "k")
        assert code in (2, 3)
        shown = capsys.readouterr()
        assert said in " ".join(shown.err.split())
        assert "Traceback" not in shown.err


class TestOwnFiles:
    def write(self, served, folder):
        """Write the layers of the server as files."""
        for name, kind, file in (
            ("bag:pand", "pand", "bag.gpkg"), ("bag:verblijfsobject", "verblijfsobject", "bag.gpkg"),
            ("wegvakken", "wegvakken", "roads.gpkg"), ("perceel", "perceel", "parcels.gpkg"),
        ):  # fmt: skip
            frame = gpd.GeoDataFrame.from_features(served.layers[name].features, crs=DUTCH)
            frame.to_file(folder / file, layer=kind)

    def test_files_give_the_same_homes_as_services(self, served, tmp_path):
        self.write(served, tmp_path)
        files = {kind: tmp_path / f"{kind}.gpkg" for kind in ("bag", "roads", "parcels")}
        mine = fetch_area(Window.of_box(BOX), Wanted(files=files, offline=True), web=web_of(served, tmp_path))
        theirs = fetch_area(Window.of_box(BOX), web=web_of(served, tmp_path))
        assert len(served.asked) > 0
        for table in ("buildings", "parcels"):
            pd.testing.assert_frame_equal(
                pd.DataFrame(mine.tables[table]), pd.DataFrame(theirs.tables[table]), check_dtype=False
            )
        assert mine.notes["fetched.bgt.unknown"] == "no file was given, and no service asked"

    def test_offline_asks_nothing(self, served, tmp_path):
        self.write(served, tmp_path)
        served.asked.clear()
        files = {"bag": tmp_path / "bag.gpkg", "roads": tmp_path / "roads.gpkg"}
        fetch_area(Window.of_box(BOX), Wanted(files=files, offline=True), web=web_of(served, tmp_path))
        assert served.asked == []
        with pytest.raises(InputError, match="there are no streets"):
            fetch_area(
                Window.of_box(BOX),
                Wanted(files={"bag": tmp_path / "bag.gpkg"}, offline=True),
                web=web_of(served, tmp_path),
            )
        with pytest.raises(InputError, match="there are no buildings"):
            fetch_area(Window.of_box(BOX), Wanted(offline=True), web=web_of(served, tmp_path))

    def test_answers_are_joined_and_the_rest_is_listed(self, served, tmp_path, capsys):
        answers = tmp_path / "answers.csv"
        answers.write_text(
            "postcode;huisnummer;antwoord;naam\n3581 XX;1;ja;A\n3581xx;2;nee;B\n3581XX;999;ja;C\n", "utf-8"
        )
        path = tmp_path / "area.gpkg"
        code = run(
            "fetch", "--bbox", *BOX, "-o", path, "--mirror", served.url, "--cache", tmp_path / "k", "--answers", answers
        )
        assert code == 0
        by_number = read_area(path).addresses.set_index("house_number")["answer"]
        assert (by_number["1"], by_number["2"]) == ("yes", "no")
        assert by_number.notna().sum() == 2
        assert "1 answers found no address" in capsys.readouterr().out


class TestAbroad:
    def village(self):
        """Draw twelve houses of 9 by 10 m along a lane near Hallein, as Overpass tells them."""
        lat, lon = 47.68, 13.10
        east, north = 1 / 74_900, 1 / 111_200  # degrees in a metre there
        elements, number = [], iter(range(1, 1000))

        def way(corners, **tags):
            nodes = []
            for x, y in corners:
                nodes.append(next(number))
                elements.append({"type": "node", "id": nodes[-1], "lat": lat + y * north, "lon": lon + x * east})
            closed = [*nodes, nodes[0]] if "building" in tags else nodes
            elements.append({"type": "way", "id": 5000 + next(number), "nodes": closed, "tags": tags})

        for i in range(12):
            x, y = 12 * (i % 6), 0 if i < 6 else 30
            corners = [(x, y), (x + 9, y), (x + 9, y + 10), (x, y + 10)]
            way(corners, building="house", **{"addr:housenumber": str(i + 1), "addr:street": "Dorfgasse"})
        way([(-40, 20), (120, 20)], highway="residential", name="Dorfgasse")
        place = {"display_name": "Dorfgasse, Hallein", "class": "place", "type": "house", "importance": 0.1, "lat": str(lat + 20 * north),
                 "lon": str(lon + 36 * east), "boundingbox": ["47.6", "47.7", "13.0", "13.2"],
                 "geojson": {"type": "Point", "coordinates": [lon + 36 * east, lat + 20 * north]}}  # fmt: skip
        return Map(elements=elements, places=[place])

    def test_from_a_place_by_name_to_a_result(self, tmp_path, capsys, monkeypatch):
        import osmnx

        monkeypatch.setattr(osmnx._nominatim.time, "sleep", lambda _: None)  # a second between questions
        with overpass(self.village()) as address:
            arguments = ["Dorfgasse, Hallein", "--source", "osm", "--mirror", address, "--cache", tmp_path / "kept"]
            assert run("fetch", *arguments, "-o", tmp_path / "a.gpkg") == 0, capsys.readouterr().err
        area = read_area(tmp_path / "a.gpkg")
        assert area.crs.to_epsg() == 32633
        assert area.buildings.area.sum() == pytest.approx(12 * 90, rel=0.01)
        assert area.provenance["attribution.osm"] == "© OpenStreetMap contributors"
        result = assess(area)
        assert result.clusters["homes"].sum() == 12
        assert not [f for f in verify(result, area) if f.outcome == "broken"]


def test_a_town_in_tiles_equals_the_town_in_one_piece(tmp_path):
    """Seven thousand homes: fetched from pages of a thousand, and read from a file at once."""
    rng = np.random.default_rng(8)
    grid = np.stack(np.meshgrid(np.arange(100), np.arange(70)), axis=-1).reshape(-1, 2) * [10.0, 14.0]
    grid += rng.random(grid.shape)
    buildings, units = [], []
    for i, (x, y) in enumerate((grid + np.array([X, Y])).round(3).tolist()):
        pand = f"{344100000000000 + i:016d}"
        buildings.append(feature(i, shapely.box(x, y, x + 8, y + 9), identificatie=pand, bouwjaar=1950,
                                 status="Pand in gebruik", gebruiksdoel="woonfunctie", aantal_verblijfsobjecten=1))  # fmt: skip
        units.append(feature(i, shapely.Point(x + 4, y + 4), identificatie=f"{344010000000000 + i:016d}", oppervlakte=90,
                             status="Verblijfsobject in gebruik", huisnummer=i, huisletter=None, toevoeging=None,
                             postcode="3581XX", gebruiksdoel="woonfunctie", openbare_ruimte="Straat",
                             woonplaats="Utrecht", pandidentificatie=pand))  # fmt: skip
    road = feature("r", shapely.LineString([(X, Y + 5), (X + 900, Y + 5)]), wvk_id=1, wegbehsrt="G", stt_naam="Straat")
    window = Window.of_box((X - 20, Y - 20, X + 1020, Y + 1020))
    wanted = Wanted(without=frozenset({"bgt", "parcels", "gas", "zones", "berths"}))
    with serving() as service:
        service.layers = {"bag:pand": Layer(buildings), "bag:verblijfsobject": Layer(units),
                          "wegvakken": Layer([road])}  # fmt: skip
        tiles = fetch_area(window, wanted, web=web_of(service, tmp_path))
        assert len([q for q in service.asked if "startIndex" in q]) > 14
    for name, rows, file in (
        ("pand", buildings, "bag"),
        ("verblijfsobject", units, "bag"),
        ("wegvakken", [road], "roads"),
    ):
        gpd.GeoDataFrame.from_features(rows, crs=DUTCH).to_file(tmp_path / f"{file}.gpkg", layer=name)
    files = {kind: tmp_path / f"{kind}.gpkg" for kind in ("bag", "roads")}
    piece = fetch_area(window, Wanted(files=files, offline=True), web=Web(Store(tmp_path / "none")))
    for table in ("buildings", "addresses"):
        assert len(tiles.tables[table]) == 7000
        pd.testing.assert_frame_equal(
            pd.DataFrame(tiles.tables[table]), pd.DataFrame(piece.tables[table]), check_dtype=False
        )
