"""Services asked through a real server that behaves, and misbehaves, as they do."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pdok import Layer, serving

from minenet.errors import OutputError, SourceError
from minenet.fetch.web.answers import UnfitAnswerError, document, read_page, require_plain_xml, rows_matched
from minenet.fetch.web.arcgis import collect_arcgis
from minenet.fetch.web.asking import Patience, Web
from minenet.fetch.web.ogc import OgcLayer, collect_ogc
from minenet.fetch.web.store import Store
from minenet.fetch.web.wfs import WfsLayer, collect_wfs
from minenet.fetch.window import DUTCH

ORIGIN = (130_000.0, 455_000.0)
QUICK = Patience(connect_s=10.0, read_s=10.0, answer_s=20.0, tries=3, pause_s=0.001, most_bytes=4 * 2**20)
HASTY = replace(QUICK, read_s=0.5, answer_s=0.6)
"""For services that are slow on purpose; everyone else may be slow by accident."""


def town(count, *, seed=1, size=1000.0):
    """Draw that many buildings, dense in one corner as towns are."""
    random = np.random.default_rng(seed)
    xy = ORIGIN + size * random.random((count, 2)) ** 2
    return [
        {
            "type": "Feature",
            "id": f"pand.{i}",
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, y], [x + 8, y], [x + 8, y + 6], [x, y + 6], [x, y]]],
            },
            "properties": {
                "identificatie": f"{344100000000000 + i:016d}",
                "bouwjaar": 1960,
                "status": "Pand in gebruik",
            },
        }
        for i, (x, y) in enumerate(xy.round(3).tolist())
    ]


SLOW = ("slow", "drip")

BOX = (ORIGIN[0] - 10, ORIGIN[1] - 10, ORIGIN[0] + 1020, ORIGIN[1] + 1020)


@pytest.fixture
def service():
    with serving() as running:
        yield running


@pytest.fixture
def web(tmp_path):
    waited = []
    asking = Web(Store(tmp_path / "kept"), patience=QUICK, sleep=waited.append)
    asking.waited = waited
    return asking


def wfs(service, **more):
    return WfsLayer(f"{service.url}/lv/bag/wfs/v2_0", "bag:pand", "identificatie", DUTCH, **more)


def ogc(service, **more):
    return OgcLayer(f"{service.url}/lv/bgt/ogc/v1/collections/wegdeel", "identificatie", DUTCH, **more)


def fetched(service, web, count=40, **more):
    service.layers["bag:pand"] = Layer(town(count))
    return collect_wfs(web, wfs(service, **more), BOX)


def by_links(service, web, count=40, **more):
    service.layers["wegdeel"] = Layer(town(count))
    return collect_ogc(web, ogc(service, **more), BOX)


class TestPages:
    def test_a_window_of_one_page_takes_two_questions(self, service, web):
        frame, haul = fetched(service, web)
        assert (len(frame), haul.asked, haul.repeated) == (40, 40, 0)
        assert len(service.asked) == 2  # the count, and the page

    def test_zeros_before_a_number_stay(self, service, web):
        frame, _ = fetched(service, web)
        assert frame["identificatie"].str.fullmatch(r"0344100000000\d{3}").all()

    def test_tiles_of_seven_thousand_buildings_equal_one_piece(self, service, web, tmp_path):
        tiles, haul = fetched(service, web, 7000)
        service.page = 100_000
        piece, _ = collect_wfs(Web(Store(tmp_path / "b"), patience=QUICK), wfs(service, page=100_000), BOX)
        assert len(tiles) == haul.asked == 7000
        assert haul.questions > 7
        assert tiles.drop(columns="geometry").equals(piece.drop(columns="geometry"))
        assert (tiles.geometry.to_wkb() == piece.geometry.to_wkb()).all()

    def test_tiles_after_three_breaks_equal_one_run_and_ask_nothing_twice(self, service, web, tmp_path):
        whole, _ = fetched(service, web, 7000)
        asked = len(service.asked)
        service.asked.clear()
        folder = tmp_path / "broken"
        for skip in (5, 9, 3):
            service.faults.clear()
            service.fault("hung up", times=QUICK.tries, skip=skip)
            with pytest.raises(SourceError, match="broke off"):
                collect_wfs(Web(Store(folder), patience=QUICK, sleep=lambda _: None), wfs(service), BOX)
        service.faults.clear()
        frame, _ = collect_wfs(Web(Store(folder), patience=QUICK), wfs(service), BOX)
        assert frame.equals(whole)
        assert len(service.asked) == asked + 3 * QUICK.tries  # each break cost its own tries, nothing else
        assert len(set(service.asked)) == asked

    def test_a_crowd_at_one_place_is_turned_page_by_page(self, service, web):
        tower = [f | {"geometry": {"type": "Point", "coordinates": [*ORIGIN]}} for f in town(2500)]
        service.layers["bag:pand"] = Layer(tower)
        box = (ORIGIN[0] - 1, ORIGIN[1] - 1, ORIGIN[0] + 1, ORIGIN[1] + 1)
        service.random.shuffle = lambda found: found.sort(key=lambda f: f["id"])  # a service with an order
        frame, haul = collect_wfs(web, wfs(service), box)
        assert (len(frame), haul.questions) == (2500, 3)

    def test_a_crowd_without_order_is_noticed_not_believed(self, service, web):
        tower = [f | {"geometry": {"type": "Point", "coordinates": [*ORIGIN]}} for f in town(2500)]
        service.layers["bag:pand"] = Layer(tower)
        box = (ORIGIN[0] - 1, ORIGIN[1] - 1, ORIGIN[0] + 1, ORIGIN[1] + 1)
        with pytest.raises(SourceError, match=r"different rows of 2500"):
            collect_wfs(web, wfs(service), box)

    def test_start_index_beyond_the_limit_is_never_asked(self, service, web):
        tower = [f | {"geometry": {"type": "Point", "coordinates": [*ORIGIN]}} for f in town(1200)]
        service.layers["bag:pand"] = Layer(tower)
        box = (ORIGIN[0] - 1, ORIGIN[1] - 1, ORIGIN[0] + 1, ORIGIN[1] + 1)
        with pytest.raises(SourceError, match="more than it lets anyone fetch"):
            collect_wfs(web, wfs(service, deepest=1000), box)

    def test_the_server_itself_refuses_a_start_index_beyond_its_limit(self, service, web):
        service.layers["bag:pand"] = Layer(town(3))
        question = f"{service.url}/lv/bag/wfs/v2_0"
        parameters = {"service": "WFS", "typeNames": "bag:pand", "bbox": "0,0,1,1", "count": "1000"}
        with pytest.raises(SourceError, match=r"answered 400.*50000"):
            web.get(question, parameters | {"startIndex": "50001"})

    def test_an_empty_window_is_empty(self, service, web):
        service.layers["bag:pand"] = Layer(town(5))
        frame, haul = collect_wfs(web, wfs(service), (0.0, 0.0, 100.0, 100.0))
        assert (len(frame), haul.asked) == (0, 0)
        assert frame.crs == DUTCH

    def test_links_are_followed_to_the_end(self, service, web):
        frame, haul = by_links(service, web, 2500)
        assert (len(frame), haul.questions, haul.asked) == (2500, 3, None)

    def test_history_comes_unless_a_moment_is_asked_for(self, service, web):
        past = [
            f | {"id": f"old.{i}", "properties": f["properties"] | {"identificatie": f"old{i}"}}
            for i, f in enumerate(town(30, seed=2))
        ]
        service.layers["wegdeel"] = Layer(town(40), past)
        assert len(collect_ogc(web, ogc(service), BOX)[0]) == 70
        assert len(collect_ogc(web, ogc(service, more={"datetime": "2026-11-28T00:00:00Z"}), BOX)[0]) == 40

    def test_arcgis_pages(self, service, web):
        service.layers["391"] = Layer(town(2300))
        frame, haul = collect_arcgis(web, f"{service.url}/FeatureServer/391", DUTCH, BOX)
        assert (len(frame), haul.asked, haul.questions) == (2300, 2300, 3)


class TestFaultsThatPass:
    """What goes wrong once is asked again, and the answer is the same as without the fault."""

    @pytest.mark.parametrize("kind", ["429", "500", "503", "cut", "hung up", "slow", "drip", "html", "xml error",
                                      "json error", "nothing", "list", "truncated", "short", "empty", "elsewhere",
                                      "twice", "no key", "bad shape"])  # fmt: skip
    def test_a_fault_of_a_page(self, service, web, kind):
        web.patience = HASTY if kind in SLOW else QUICK
        service.fault(kind, match="startIndex")
        frame, haul = fetched(service, web)
        assert (len(frame), haul.asked, haul.repeated) == (40, 40, 0)
        assert len(service.asked) > 2

    @pytest.mark.parametrize("kind", ["429", "500", "cut", "hung up", "slow", "html", "xml error", "nothing", "bomb"])
    def test_a_fault_of_a_count(self, service, web, kind):
        web.patience = HASTY if kind in SLOW else QUICK
        service.fault(kind, match="hits")
        frame, _ = fetched(service, web)
        assert len(frame) == 40

    @pytest.mark.parametrize("kind", ["429", "cut", "html", "truncated", "short", "empty", "elsewhere", "no key"])
    def test_a_fault_of_a_first_page_by_link(self, service, web, kind):
        service.fault(kind)
        assert len(by_links(service, web, 2500)[0]) == 2500

    @pytest.mark.parametrize("kind", ["503", "hung up", "truncated", "repeated", "empty", "short"])
    def test_a_fault_of_a_later_page_by_link(self, service, web, kind):
        service.fault("repeated", times=1)  # remembers the first page, and lets it pass
        service.fault(kind, match="cursor=1000")
        assert len(by_links(service, web, 2500)[0]) == 2500

    def test_as_long_as_the_service_asks_for(self, service, web):
        service.fault("429", match="startIndex")
        fetched(service, web)
        assert web.waited == [7.0]  # Retry-After

    def test_else_twice_as_long_each_time(self, service, web):
        service.fault("503", match="startIndex", times=2)
        fetched(service, web)
        assert web.waited == [0.001, 0.002]

    def test_a_count_of_another_day(self, service, web):
        fetched(service, web)
        service.layers["bag:pand"] = Layer(town(35))  # five were demolished since the count was kept
        for file in web.store.folder.rglob("*"):
            if file.is_file() and b"startIndex" in file.read_bytes()[:600]:
                file.unlink()
        frame, _ = collect_wfs(web, wfs(service), BOX)
        assert len(frame) == 35


class TestFaultsThatStay:
    """What stays wrong ends in an error that says so; nothing is silently missing."""

    @pytest.mark.parametrize(
        ("kind", "said"),
        [
            ("429", "answered 429"), ("500", "answered 500"), ("cut", "broke off"), ("hung up", "broke off"),
            ("slow", "did not answer in time"), ("drip", "had not finished"), ("html", "a web page instead of data"),
            ("xml error", r"msWFSDispatch\(\): trouble"), ("json error", "tells of an error"), ("nothing", "sent nothing"),
            ("list", "something else"), ("truncated", "cut off"), ("short", "39 rows where it counted 40"),
            ("empty", "0 rows where it counted 40"), ("elsewhere", "another place"), ("no key", "without `identificatie`"),
            ("bad shape", "cannot be read"),
        ],
    )  # fmt: skip
    def test_of_a_page(self, service, web, kind, said):
        web.patience = HASTY if kind in SLOW else QUICK
        service.fault(kind, match="startIndex", times=100)
        with pytest.raises(SourceError, match=said):
            fetched(service, web)

    def test_a_refusal_is_not_asked_again(self, service, web):
        service.fault("400", times=100)
        with pytest.raises(SourceError, match=r"answered 400.*no such thing"):
            fetched(service, web)
        assert len(service.asked) == 1

    def test_an_answer_without_end(self, service, web):
        service.fault("huge", match="startIndex", times=100)
        with pytest.raises(SourceError, match="more than 4 MB"):
            fetched(service, web)

    def test_a_repeated_page_by_link(self, service, web):
        service.fault("first again", times=100)
        with pytest.raises(SourceError, match="a page that it sent before"):
            by_links(service, web, 2500)

    def test_a_row_that_a_register_has_twice_is_counted(self, service, web):
        features = town(10)
        service.layers["bag:pand"] = Layer([*features, features[0]])
        frame, haul = collect_wfs(web, wfs(service), BOX)
        assert (len(frame), haul.asked, haul.repeated) == (10, 11, 1)

    def test_no_service_there(self, web):
        layer = WfsLayer("http://127.0.0.1:9/wfs", "bag:pand", "identificatie", DUTCH)
        with pytest.raises(SourceError, match=r"broke off.*asked 3 times"):
            collect_wfs(web, layer, BOX)

    def test_a_next_page_elsewhere_is_not_followed(self, service, web):
        service.layers["wegdeel"] = Layer(town(2500))
        layer = ogc(service)
        service.url = "http://example.invalid"  # what it calls itself in its links
        with pytest.raises(SourceError, match="leads to another place"):
            collect_ogc(web, layer, BOX)
        assert len(service.asked) == 1

    def test_a_certificate_that_cannot_be_trusted(self, web, monkeypatch):
        import requests

        def untrusted(*_, **__):
            raise requests.exceptions.SSLError("self-signed certificate")

        monkeypatch.setattr(web._session, "get", untrusted)
        with pytest.raises(SourceError, match="certificate is never left unchecked"):
            web.get("https://service.invalid/")
        assert web._session.verify is True


class TestStore:
    def test_an_answer_is_kept_and_its_date_with_it(self, service, tmp_path):
        now = datetime(2026, 11, 28, 12, tzinfo=UTC)
        service.layers["bag:pand"] = Layer(town(3))
        for day in range(3):
            store = Store(tmp_path, max_age_days=2.5, now=lambda day=day: now + timedelta(days=day))
            _, haul = collect_wfs(Web(store, patience=QUICK), wfs(service), BOX)
            assert haul.dates == {"2026-11-28"}
        assert len(service.asked) == 2
        store = Store(tmp_path, max_age_days=2.5, now=lambda: now + timedelta(days=3))
        _, haul = collect_wfs(Web(store, patience=QUICK), wfs(service), BOX)
        assert haul.dates == {"2026-12-01"}
        assert len(service.asked) == 4

    def test_a_damaged_answer_is_asked_again(self, service, web):
        whole, _ = fetched(service, web)
        for file in web.store.folder.rglob("*"):
            if file.is_file():
                file.write_bytes(file.read_bytes()[:-3])
        again, _ = collect_wfs(web, wfs(service), BOX)
        assert again.equals(whole)
        assert len(service.asked) == 4

    def test_an_answer_from_the_future_is_not_believed(self, tmp_path):
        late, early = datetime(2027, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
        Store(tmp_path, now=lambda: late).keep("q", b"body")
        assert Store(tmp_path, now=lambda: early).find("q") is None
        assert Store(tmp_path, now=lambda: late).find("q").body == b"body"

    def test_a_folder_that_cannot_be_made(self, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(OutputError, match="answers cannot be kept"):
            Store(tmp_path / "file").keep("q", b"body")


class TestFuzz:
    @settings(max_examples=200, deadline=None)
    @given(st.binary(max_size=400))
    def test_any_bytes_are_a_page_or_unfit(self, body):
        for read in (document, rows_matched, require_plain_xml, lambda b: read_page(b, crs=DUTCH)):
            with suppress(UnfitAnswerError):
                read(body)

    @settings(max_examples=300, deadline=None)
    @given(
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        [
                            "type",
                            "features",
                            "geometry",
                            "properties",
                            "coordinates",
                            "id",
                            "links",
                            "numberReturned",
                            "error",
                        ]
                    ),
                    inner | st.sampled_from(["FeatureCollection", "Feature", "Polygon", "Point"]),
                    max_size=5,
                )
            ),
            max_leaves=12,
        )
    )
    def test_any_json_is_a_page_or_unfit(self, said):
        import json

        body = json.dumps({"type": "FeatureCollection", "features": said}).encode()
        with suppress(UnfitAnswerError):
            assert isinstance(read_page(body, crs=DUTCH).frame, gpd.GeoDataFrame)

    def test_nesting_without_end(self):
        with pytest.raises(UnfitAnswerError):
            document(b'{"features": ' + b"[" * 200_000)

    def test_entities_never_grow(self):
        bomb = b'<?xml version="1.0"?><!DOCTYPE x [' + b"".join(
            f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">'.encode() for i in range(9)
        ) + b']><FeatureCollection numberMatched="1">&a9;</FeatureCollection>'  # fmt: skip
        with pytest.raises(UnfitAnswerError, match="DOCTYPE"):
            rows_matched(bomb)
        with pytest.raises(UnfitAnswerError):
            require_plain_xml(bomb.decode().encode("utf-16"))


def test_no_geometry_is_a_row_without():
    page = read_page(
        b'{"type":"FeatureCollection","features":[{"id":"a","geometry":null,"properties":{"x":1}}]}', crs=DUTCH
    )
    assert shapely.is_missing(page.frame.geometry.to_numpy()).all()
