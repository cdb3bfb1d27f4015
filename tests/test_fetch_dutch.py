"""Dutch sources mapped to the contract: hand-drawn rows with the answers worked out beside them, and real ones."""

import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from conftest import real_data

from minenet.errors import InputError
from minenet.fetch.dutch.bag import Register, map_bag
from minenet.fetch.dutch.bgt import decks, map_bgt
from minenet.fetch.dutch.parcels import map_parcels
from minenet.fetch.dutch.roads import map_roads, with_bridges
from minenet.fetch.local import layer_named, layers_of, read_window
from minenet.fetch.spelling import as_id
from minenet.fetch.window import DUTCH, Window

X, Y = 136_000.0, 455_000.0
WINDOW = Window.of_box((X, Y, X + 200, Y + 200))


def square(x, y, side=8.0):
    return shapely.box(X + x, Y + y, X + x + side, Y + y + side)


def panden(*rows, **columns):
    """Draw buildings: (number, x, y, status, uses, units)."""
    frame = gpd.GeoDataFrame(
        {
            "identificatie": [f"{344100000000000 + n:016d}" for n, *_ in rows],
            "bouwjaar": [1965] * len(rows),
            "status": [r[3] if len(r) > 3 else "Pand in gebruik" for r in rows],
            "gebruiksdoel": [r[4] if len(r) > 4 else "woonfunctie" for r in rows],
            "aantal_verblijfsobjecten": [r[5] if len(r) > 5 else 1 for r in rows],
        },
        geometry=[square(r[1], r[2]) for r in rows],
        crs=DUTCH,
    )
    return frame.assign(**columns)


def units(*rows, **columns):
    """Draw units: (number, building, x, y, status, uses, area)."""
    frame = gpd.GeoDataFrame(
        {
            "identificatie": [f"{344010000000000 + r[0]:016d}" for r in rows],
            "pandidentificatie": [r[1] if isinstance(r[1], str) else f"{344100000000000 + r[1]:016d}" for r in rows],
            "status": [r[4] if len(r) > 4 else "Verblijfsobject in gebruik" for r in rows],
            "gebruiksdoel": [r[5] if len(r) > 5 else "woonfunctie" for r in rows],
            "oppervlakte": [r[6] if len(r) > 6 else 100 for r in rows],
            "openbare_ruimte": "Oosterstraat",
            "huisnummer": [r[0] for r in rows],
            "huisletter": None,
            "toevoeging": None,
            "postcode": "3581XX",
            "woonplaats": "Utrecht",
        },
        geometry=[shapely.Point(X + r[2] + 4, Y + r[3] + 4) for r in rows],
        crs=DUTCH,
    )
    return frame.assign(**columns)


class TestRegister:
    def test_a_street_of_three(self):
        tables = map_bag(Register(panden((1, 0, 0), (2, 8, 0), (3, 16, 0)), units((1, 1, 0, 0), (2, 2, 8, 0))), WINDOW)
        buildings, addresses = tables["buildings"].frame, tables["addresses"].frame
        assert buildings["building_id"].tolist() == ["0344100000000001", "0344100000000002", "0344100000000003"]
        assert buildings["dwellings"].tolist() == [1, 1, 0]  # the third has no unit: a shed, whatever it is called
        assert addresses["building_id"].tolist() == ["0344100000000001", "0344100000000002"]
        assert addresses[["street", "house_number", "postcode", "city"]].iloc[0].tolist() == [
            "Oosterstraat", "1", "3581XX", "Utrecht",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("status", "is_building", "is_obstacle", "dwellings"),
        [
            ("Pand in gebruik", True, False, 1),
            ("Pand in gebruik (niet ingemeten)", True, False, 1),
            ("Verbouwing pand", True, False, 1),
            ("Pand buiten gebruik", True, False, 0),
            ("Sloopvergunning verleend", True, False, 0),
            ("Bouwvergunning verleend", False, True, 0),
            ("Bouw gestart", False, True, 0),
            ("Pand gesloopt", False, False, 0),
            ("Niet gerealiseerd pand", False, False, 0),
            ("Pand ten onrechte opgevoerd", False, False, 0),
            (None, False, True, 0),  # it may stand there: nothing is drilled
        ],
    )
    def test_what_a_status_of_a_building_means(self, status, is_building, is_obstacle, dwellings):
        tables = map_bag(Register(panden((1, 0, 0, status), (2, 50, 0)), units((1, 1, 0, 0), (2, 2, 50, 0))), WINDOW)
        buildings = tables["buildings"].frame.set_index("building_id")
        assert ("0344100000000001" in buildings.index) == is_building
        assert (len(tables["obstacles"].frame) == 1) == is_obstacle
        if is_building:
            assert buildings.loc["0344100000000001", "dwellings"] == dwellings
        assert len(tables["addresses"].frame) == 1 + (dwellings > 0)
        if not (is_building or is_obstacle):
            assert any(k.startswith("left_out.status_") for k in tables["buildings"].counts)

    @pytest.mark.parametrize(
        ("status", "kept"),
        [
            ("Verblijfsobject in gebruik", True),
            ("Verblijfsobject in gebruik (niet ingemeten)", True),
            ("Verbouwing verblijfsobject", True),
            ("Verblijfsobject gevormd", True),
            ("Verblijfsobject buiten gebruik", False),
            ("Verblijfsobject ingetrokken", False),
            ("Niet gerealiseerd verblijfsobject", False),
            (None, False),
        ],
    )
    def test_what_a_status_of_a_unit_means(self, status, kept):
        tables = map_bag(Register(panden((1, 0, 0)), units((1, 1, 0, 0, status), (2, 1, 0, 0))), WINDOW)
        assert len(tables["addresses"].frame) == 1 + kept
        assert sum(v for k, v in tables["addresses"].counts.items() if k.startswith("left_out.status_")) == 1 - kept

    def test_one_building_with_many_addresses(self):
        many = [(n, 1, 0, 0) for n in range(1, 8)] + [(8, 1, 0, 0, "Verblijfsobject in gebruik", "winkelfunctie")]
        tables = map_bag(
            Register(panden((1, 0, 0, "Pand in gebruik", "winkelfunctie,woonfunctie", 8)), units(*many)), WINDOW
        )
        building = tables["buildings"].frame.iloc[0]
        assert (building["dwellings"], building["floor_area_m2"]) == (7, 700)
        assert tables["addresses"].frame["use"].tolist().count("other") == 1
        assert "disagreement.units_and_register" not in tables["buildings"].counts

    def test_an_address_without_a_building(self):
        tables = map_bag(Register(panden((1, 0, 0)), units((1, 1, 0, 0), (2, 99, 60, 60))), WINDOW)
        addresses = tables["addresses"].frame
        assert addresses["building_id"].isna().tolist() == [False, True]
        assert tables["addresses"].counts["unknown.building_not_in_register"] == 1

    def test_an_address_of_a_building_next_door_to_the_window(self):
        across = panden((1, 0, 0), (2, 198, 0))  # its middle lies at 202: outside
        tables = map_bag(Register(across, units((1, 1, 0, 0), (2, 2, 195, 0))), WINDOW)
        assert tables["buildings"].frame["building_id"].tolist() == ["0344100000000001"]
        assert len(tables["addresses"].frame) == 1
        assert tables["obstacles"].frame["kind"].tolist() == ["building"]

    def test_two_windows_side_by_side_have_every_building_once(self):
        rng = np.random.default_rng(4)
        many = panden(*[(n, x, y) for n, (x, y) in enumerate((rng.random((200, 2)) * 190).tolist())])
        halves = [Window.of_box((X, Y, X + 100, Y + 200)), Window.of_box((X + 100, Y, X + 200, Y + 200))]
        found = pd.concat([map_bag(Register(many), w)["buildings"].frame["building_id"] for w in halves])
        assert sorted(found) == sorted(map_bag(Register(many), WINDOW)["buildings"].frame["building_id"])

    @pytest.mark.parametrize(("area", "known"), [(100, True), (1, False), (0, False), (999_999, False), (None, False)])
    def test_an_area_that_is_none(self, area, known):
        tables = map_bag(
            Register(panden((1, 0, 0)), units((1, 1, 0, 0, "Verblijfsobject in gebruik", "woonfunctie", area))), WINDOW
        )
        assert tables["addresses"].frame["floor_area_m2"].notna().tolist() == [known]
        assert tables["buildings"].frame["floor_area_m2"].notna().tolist() == [known]

    @pytest.mark.parametrize(("year", "known"), [(1930, True), (1005, False), (9999, False), (None, False)])
    def test_a_year_that_is_none(self, year, known):
        tables = map_bag(Register(panden((1, 0, 0), bouwjaar=year)), WINDOW)
        assert tables["buildings"].frame["year_built"].notna().tolist() == [known]

    def test_houseboats_and_caravans_are_counted(self):
        berth = gpd.GeoDataFrame({"identificatie": ["1"]}, geometry=[square(40, 40)], crs=DUTCH)
        pitches = gpd.GeoDataFrame(
            {"identificatie": ["1", "2", "3"]}, geometry=[square(60, 40), square(80, 40), square(400, 0)], crs=DUTCH
        )
        tables = map_bag(Register(panden((1, 0, 0)), units((1, 1, 0, 0)), berth, pitches), WINDOW)
        counts = tables["addresses"].counts
        assert (counts["left_out.houseboat_berth"], counts["left_out.caravan_pitch"]) == (1, 2)

    def test_zeros_that_a_source_lost(self):
        lost = panden((1, 0, 0), identificatie=[344100000000001])
        told = units((1, 1, 0, 0), pandidentificatie=["344100000000001"], identificatie=[344010000000001])
        tables = map_bag(Register(lost, told), WINDOW)
        assert tables["buildings"].frame["building_id"].tolist() == ["0344100000000001"]
        assert tables["addresses"].frame["address_id"].tolist() == ["0344010000000001"]
        assert tables["buildings"].frame["dwellings"].tolist() == [1]

    def test_identifiers_as_floats_and_texts(self):
        assert as_id(pd.Series([344100000000001.0, np.nan])).tolist()[0] == "0344100000000001"
        assert as_id(pd.Series(["0344100000000001", "way/12"])).tolist() == ["0344100000000001", "way/12"]

    @pytest.mark.parametrize(
        "named", ["0344100000000009,0344100000000001", "0344100000000001", "['0344100000000001', 'x']"]
    )
    def test_several_buildings_of_one_unit(self, named):
        tables = map_bag(Register(panden((1, 0, 0)), units((1, named, 0, 0))), WINDOW)
        assert tables["addresses"].frame["building_id"].tolist() == ["0344100000000001"]
        assert tables["addresses"].counts.get("inferred.first_of_several_buildings", 0) == ("," in named)

    def test_the_spelling_of_the_ogc_api(self):
        """Buildings are linked by the address of their feature, streets and towns bear other names."""
        base = "https://api.example/collections/pand/items/"
        buildings = panden((1, 0, 0), (2, 8, 0), _feature=["aaaa-1", "bbbb-2"])
        told = units((1, 1, 0, 0), (2, 2, 8, 0)).drop(columns=["pandidentificatie"])
        told = told.rename(columns={"openbare_ruimte": "openbare_ruimte_naam", "woonplaats": "woonplaats_naam"})
        told["pand.href"] = [[base + "bbbb-2"], [base + "aaaa-1", base + "bbbb-2"]]
        told["gebruiksdoel"] = [["woonfunctie"], ["winkelfunctie", "woonfunctie"]]
        addresses = map_bag(Register(buildings, told), WINDOW)["addresses"].frame
        assert addresses["building_id"].tolist() == ["0344100000000002", "0344100000000001"]
        assert addresses["city"].tolist() == ["Utrecht", "Utrecht"]
        assert addresses["use"].tolist() == ["residential", "residential"]

    def test_history_objects(self):
        rows = panden(
            (1, 0, 0), (1, 0, 0, "Pand gesloopt"), (2, 8, 0), documentdatum=["2001-01-01", "2020-05-05", "1999-01-01"]
        )
        tables = map_bag(Register(rows), WINDOW)
        assert tables["buildings"].frame["building_id"].tolist() == [
            "0344100000000002"
        ]  # the newest row of 1: demolished
        ended = rows.assign(eindgeldigheid=[None, "2021-01-01", None])
        assert len(map_bag(Register(ended), WINDOW)["buildings"].frame) == 2
        assert map_bag(Register(ended), WINDOW)["buildings"].counts["left_out.history"] == 1

    def test_without_units_the_register_counts(self):
        rows = panden((1, 0, 0, "Pand in gebruik", "woonfunctie", 4), (2, 8, 0, "Pand in gebruik", "kantoorfunctie", 3))
        tables = map_bag(Register(rows), WINDOW)
        assert tables["buildings"].frame["dwellings"].tolist() == [4, 0]
        assert "addresses" not in tables

    def test_the_order_of_rows_means_nothing(self):
        rng = np.random.default_rng(2)
        rows, told = panden(*[(n, 9 * n, 0) for n in range(9)]), units(*[(n, n % 9, 9 * (n % 9), 0) for n in range(20)])
        one = map_bag(Register(rows, told), WINDOW)
        two = map_bag(Register(rows.iloc[rng.permutation(9)], told.iloc[rng.permutation(20)]), WINDOW)
        for table in ("buildings", "addresses"):
            assert one[table].frame.equals(two[table].frame)

    def test_a_column_that_is_missing_is_named(self):
        with pytest.raises(
            InputError, match=r"BAG, layer `pand`: column `status` is missing. Columns there: identificatie"
        ):
            map_bag(Register(panden((1, 0, 0)).drop(columns="status")), WINDOW)


@pytest.mark.real
class TestRealAnswers:
    def test_buildings_of_delft(self):
        path = real_data() / "raw" / "delft_wippolder_bag_wfs.gpkg"
        window = Window.of_box((85_000, 446_500, 86_500, 448_000))  # all of them, with room
        rows = read_window(path, layers_of(path)[0], window).frame
        tables = map_bag(Register(rows), window)
        buildings = tables["buildings"].frame
        homes = rows[rows["status"].eq("Pand in gebruik") & rows["gebruiksdoel"].fillna("").str.contains("woonfunctie")]
        assert buildings["dwellings"].sum() == homes["aantal_verblijfsobjecten"].sum()
        assert buildings["building_id"].str.fullmatch(r"0503100\d{9}").all()

    def test_an_answer_of_the_wfs_in_gml(self, tmp_path):
        path = Path(shutil.copy(real_data() / "raw" / "wageningen_bag_wfs_pand.gml", tmp_path))
        window = Window.of_box((170_000, 440_000, 178_000, 448_000))
        collected = read_window(path, layer_named(layers_of(path), "pand"), window)
        buildings = map_bag(Register(collected.frame), window)["buildings"].frame
        assert len(buildings) == len(collected.frame) == 1000
        assert buildings["building_id"].str.fullmatch(r"0(228|289)100\d{9}").all()  # the answer had lost the zero
        assert not buildings.has_z.any()
        assert list(tmp_path.iterdir()) == [path]  # nothing was written beside it

    def test_roads_of_wageningen(self):
        path = real_data() / "raw" / "wageningen_nwb_wegvakken_2023.gml"
        window = Window.of_box((170_000, 440_000, 178_000, 448_000))
        rows = read_window(path, layer_named(layers_of(path), "wegvakken"), window).frame
        streets = map_roads(rows, window).frame
        assert len(streets) == len(rows) == 444
        assert set(streets["road_class"].dropna()) <= {
            "residential",
            "primary",
            "motorway",
            "service",
            "unclassified",
            "footway",
            "cycleway",
        }
        assert streets["name"].str.contains("Van Doesburglaan").any()


class TestRoads:
    def roads(self, lines, **columns):
        said = {"wvk_id": range(1, len(lines) + 1), "wegbehsrt": "G", "bst_code": "RB", "stt_naam": "Brugstraat"}
        return gpd.GeoDataFrame(said | columns, geometry=lines, crs=DUTCH)

    def line(self, *xy):
        return shapely.LineString([(X + x, Y + y) for x, y in xy])

    def test_road_classes(self):
        lines = [self.line((0, n), (50, n)) for n in range(6)]
        rows = self.roads(
            lines, wegbehsrt=["G", "R", "P", "W", "G", "G"], bst_code=["RB", "HR", "HR", "RB", "VP", "FP"]
        )
        assert map_roads(rows, WINDOW).frame["road_class"].tolist() == [
            "residential", "motorway", "primary", "unclassified", "footway", "cycleway",
        ]  # fmt: skip

    def test_both_spellings(self):
        rows = self.roads([self.line((0, 0), (50, 0))]).rename(
            columns={"wvk_id": "wvkId", "stt_naam": "sttNaam", "bst_code": "bstCode"}
        )
        assert map_roads(rows, WINDOW).frame["name"].tolist() == ["Brugstraat"]

    def test_a_ferry_is_no_road(self):
        mapped = map_roads(self.roads([self.line((0, 0), (50, 0))], bst_code="VD"), WINDOW)
        assert len(mapped.frame) == 0
        assert mapped.counts["left_out.ferry"] == 1

    def test_a_road_over_water_is_a_bridge_where_a_deck_lies(self):
        """A canal from x = 40 to 60 under a deck: the stretch of 20 m and 1 m on either side is a bridge."""
        canal = gpd.GeoDataFrame(geometry=[shapely.box(X + 40, Y - 50, X + 60, Y + 50)], crs=DUTCH)
        deck = gpd.GeoDataFrame(geometry=[shapely.box(X + 35, Y - 4, X + 65, Y + 4)], crs=DUTCH)
        streets = map_roads(self.roads([self.line((0, 0), (100, 0)), self.line((0, 30), (100, 30))]), WINDOW)
        cut = with_bridges(streets, deck, canal)
        table = cut.frame
        assert table[table["bridge"]].length.tolist() == pytest.approx([22.0])
        assert table.length.sum() == pytest.approx(200.0)
        assert (
            cut.counts["unknown.bridge_over_water"] == 1
        )  # the second road has no deck: it is not known how it crosses


class TestMap:
    def rows(self, *shapes, **columns):
        return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=DUTCH)

    def test_land_and_who_it_seems_to_belong_to(self):
        layers = {
            "wegdeel": self.rows(
                square(0, 0), square(8, 0), functie=["rijbaan lokale weg", "voetpad"], relatieve_hoogteligging=0
            ),
            "onbegroeidterreindeel": self.rows(
                square(16, 0), square(24, 0), fysiek_voorkomen=["erf", "zand"], relatieve_hoogteligging=0
            ),
            "begroeidterreindeel": self.rows(
                square(32, 0),
                square(40, 0),
                fysiek_voorkomen=["groenvoorziening", "bouwland"],
                relatieve_hoogteligging=0,
            ),
        }
        land = map_bgt(layers, WINDOW)["land"]
        owner = dict(
            zip(
                land.frame["cover"],
                land.frame["ownership"].astype("object").where(land.frame["ownership"].notna(), None),
                strict=True,
            )
        )
        assert owner == {
            "road": "public", "footway": "public", "yard": "private", "zand": None, "green": "public", "bouwland": None,
        }  # fmt: skip
        assert land.counts["unknown.ownership"] == 2

    def test_only_what_is_there_now_and_at_ground_level(self):
        rows = self.rows(*(square(8 * n, 0) for n in range(4)), functie="voetpad", relatieve_hoogteligging=[0, 1, -1, 0],
                         eind_registratie=[None, None, None, "2020-01-01"])  # fmt: skip
        land = map_bgt({"wegdeel": rows}, WINDOW)["land"]
        assert len(land.frame) == 1
        assert (land.counts["left_out.history"], land.counts["left_out.not_at_ground_level"]) == (1, 2)
        assert len(decks({"wegdeel": rows}, WINDOW)) == 1

    def test_water_railways_walls_and_trees(self):
        tree = shapely.Point(X + 5, Y + 5)
        wall = shapely.LineString([(X, Y), (X + 9, Y)])
        layers = {
            "waterdeel": self.rows(square(0, 0), square(8, 0), type=["waterloop", "greppel, droge sloot"]),
            "spoor": self.rows(wall, wall, functie=["trein", "tram"]),
            "scheiding_lijn": self.rows(wall, wall, wall, type=["muur", "hek", "iets anders"]),
            "vegetatieobject_punt": self.rows(tree, type=["waardeOnbekend"]),
        }
        tables = map_bgt(layers, WINDOW)
        assert len(tables["water"].frame) == 1
        assert tables["barriers"].counts["left_out.tram_in_the_street"] == 1
        assert sorted(tables["obstacles"].frame["kind"]) == ["fence", "obstacle", "tree", "wall"]

    def test_a_collection_that_was_not_given_makes_no_table(self):
        assert map_bgt({}, WINDOW) == {}
        assert decks({}, WINDOW) is None

    def test_parcels_under_two_names(self):
        new = self.rows(square(0, 0), square(500, 0), identificatie_lokaal_id=["1", "2"])
        old = self.rows(square(0, 0), kadastraleGemeenteCode=["UTT00"], sectie=["A"], perceelnummer=[12.0])
        assert map_parcels(new, WINDOW).frame["parcel_id"].tolist() == ["1"]
        assert map_parcels(old, WINDOW).frame["parcel_id"].tolist() == ["UTT00-A-12"]


class TestFiles:
    def test_xml_that_declares_entities_is_refused(self, tmp_path):
        path = tmp_path / "bomb.gml"
        path.write_text('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>')
        with pytest.raises(InputError, match="DOCTYPE"):
            layers_of(path)

    @pytest.mark.parametrize("name", ["x.gpkg", "x.gml", "x.geojson"])
    def test_a_web_page_under_another_name(self, tmp_path, name):
        (tmp_path / name).write_text("<html><body>Onderhoud</body></html>")
        with pytest.raises(InputError):
            read_window(tmp_path / name, layers_of(tmp_path / name)[0], WINDOW)

    @pytest.mark.real
    def test_a_file_that_is_cut_off(self, tmp_path):
        window = Window.of_box((170_000, 440_000, 178_000, 448_000))
        rows = read_window(real_data() / "raw" / "wageningen_bag_wfs_pand.gml", "pand", window).frame
        rows.to_file(tmp_path / "whole.geojson")
        raw = real_data() / "raw"
        for path in (
            raw / "wageningen_bag_wfs_pand.gml",
            raw / "delft_wippolder_bag_wfs.gpkg",
            tmp_path / "whole.geojson",
        ):
            cut = tmp_path / f"cut{path.suffix}"
            cut.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
            with pytest.raises(InputError):
                read_window(cut, layers_of(cut)[0], window)

    def test_only_the_window_is_read(self, tmp_path):
        rng = np.random.default_rng(1)
        shapes = shapely.points(X + rng.random(5000) * 10_000, Y + rng.random(5000) * 10_000)
        gpd.GeoDataFrame({"n": range(5000)}, geometry=shapes, crs=DUTCH).to_file(tmp_path / "many.gpkg", layer="pand")
        rows = read_window(tmp_path / "many.gpkg", "pand", WINDOW).frame
        near = shapely.intersects(shapes, shapely.box(*WINDOW.bounds))
        assert sorted(rows["n"]) == np.flatnonzero(near).tolist()

    def test_a_file_in_degrees_is_reprojected(self, tmp_path):
        gpd.GeoDataFrame(geometry=[square(0, 0)], crs=DUTCH).to_crs(4326).to_file(tmp_path / "a.geojson")
        rows = read_window(tmp_path / "a.geojson", "a", WINDOW).frame
        assert rows.geometry.iloc[0].hausdorff_distance(square(0, 0)) < 0.01


class TestWindow:
    def test_degrees_and_metres_are_told_apart(self):
        degrees = Window.of_box((5.12, 52.08, 5.13, 52.09))
        assert degrees.crs == DUTCH
        assert 600 < np.sqrt(shapely.area(degrees.shape)) < 1200  # 0.01 degrees: 0.69 by 1.11 km at this latitude
        assert Window.of_box((14.42, 50.08, 14.43, 50.09)).crs.to_epsg() == 32633

    @pytest.mark.parametrize("box", [(5, 52, 5, 53), (6, 52, 5, 53), (float("nan"), 0, 1, 1)])
    def test_a_box_that_is_none(self, box):
        with pytest.raises(InputError, match="is no box"):
            Window.of_box(box)

    def test_a_file_with_a_polygon(self, tmp_path):
        gpd.GeoDataFrame(geometry=[square(0, 0, 100)], crs=DUTCH).to_crs(4326).to_file(tmp_path / "w.geojson")
        assert shapely.area(Window.of_file(tmp_path / "w.geojson").shape) == pytest.approx(10_000, rel=1e-4)
        gpd.GeoDataFrame(geometry=[shapely.Point(X, Y)], crs=DUTCH).to_file(tmp_path / "p.gpkg")
        with pytest.raises(InputError, match="holds no polygon"):
            Window.of_file(tmp_path / "p.gpkg")
        with pytest.raises(InputError, match="no such file"):
            Window.of_file(tmp_path / "none.gpkg")
