"""A small HTTP server that behaves as the public services do: page limits, unstable order, cursors, history, faults."""

import json
import random
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit

import numpy as np
import shapely

PAGE, DEEPEST = 1000, 50_000


class Layer:
    """Features of one layer, found by box; `history` holds those that a service adds unless a moment is asked for."""

    def __init__(self, features, history=()):
        self.features = [*features, *history]
        self.past = np.array([False] * len(features) + [True] * len(history), dtype=bool)
        self.shapes = shapely.from_geojson([json.dumps(f["geometry"]) for f in self.features])
        self.tree = shapely.STRtree(self.shapes)

    def within(self, box, *, history=False):
        found = np.sort(self.tree.query(shapely.box(*box), predicate="intersects"))
        return [self.features[i] for i in found if history or not self.past[i]]


class Service:
    """What the server holds, what it was asked, and which faults come next."""

    def __init__(self):
        self.layers, self.asked, self.faults = {}, [], []
        self.random, self.lock = random.Random(3), threading.Lock()
        self.page, self.last, self.docs = PAGE, {}, []
        self.counts_in_answers = False

    def fault(self, kind, *, match="", times=1, skip=0):
        """Let the next answers to questions that hold `match` go wrong, after `skip` good ones."""
        self.faults.append({"kind": kind, "match": match, "times": times, "skip": skip})

    def next_fault(self, question):
        with self.lock:
            for fault in self.faults:
                if fault["match"] in question and fault["times"]:
                    if fault["skip"]:
                        fault["skip"] -= 1
                        return None
                    fault["times"] -= 1
                    return fault["kind"]
        return None


@contextmanager
def serving():
    service = Service()

    class Handler(_Handler):
        pass

    Handler.service = service
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service: Service

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        parts = urlsplit(self.path)
        asked = {k: v[0] for k, v in parse_qs(parts.query).items()}
        with self.service.lock:
            self.service.asked.append(self.path)
        fault = self.service.next_fault(self.path)
        try:
            if fault in BEFORE:
                BEFORE[fault](self)
                return
            status, body, kind = self.answer(parts.path, asked)
            if fault in AFTER:
                body = AFTER[fault](self, body)
            self.send(status, body, kind)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def send(self, status, body, kind="application/json", headers=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    # --- the services ---

    def answer(self, path, asked):
        if asked.get("service") == "WFS":
            return self.wfs(asked)
        if path.endswith("/items"):
            return self.ogc(path, asked)
        if path.endswith("/query"):
            return self.arcgis(path, asked)
        if "/FeatureServer/" in path:
            return 200, json.dumps({"id": 0, "objectIdField": "OBJECTID"}).encode(), "application/json"
        if "/locatieserver/" in path:
            docs = [d for d in self.service.docs if d.get("_q", "") in asked.get("q", asked.get("id", ""))]
            return 200, json.dumps({"response": {"numFound": len(docs), "docs": docs}}).encode(), "application/json"
        return 404, b"<html>not here</html>", "text/html"

    def wfs(self, asked):
        name, box = asked["typeNames"], [float(v) for v in asked["bbox"].split(",")[:4]]
        if name not in self.service.layers:
            return 400, exception("Unknown layer"), "text/xml"
        found = self.service.layers[name].within(box)
        if asked.get("resultType") == "hits":
            head = b'<?xml version="1.0"?><wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" '
            return 200, head + f'numberMatched="{len(found)}" numberReturned="0"/>'.encode(), "text/xml"
        start, count = int(asked.get("startIndex", 0)), min(int(asked["count"]), self.service.page)
        if start > DEEPEST:
            return 400, exception("startIndex larger than 50000"), "text/xml"
        self.service.random.shuffle(found)  # the order differs from question to question
        return 200, collection(found[start : start + count]), "application/json"

    def ogc(self, path, asked):
        layer = self.service.layers[path.split("/")[-2]]
        box = [float(v) for v in asked.get("bbox", "-1e9,-1e9,1e9,1e9").split(",")]
        found = layer.within(box, history="datetime" not in asked)
        found = [f for f in found if all(str(f["properties"].get(k, v)) == v for k, v in asked.items())]
        start, limit = int(asked.get("cursor", 0)), min(int(asked.get("limit", 10)), self.service.page)
        page = found[start : start + limit]
        links = [{"rel": "self", "href": "x"}]
        if start + limit < len(found):
            again = "&".join(f"{k}={quote(v)}" for k, v in (asked | {"cursor": str(start + limit)}).items())
            links.append({"rel": "next", "href": f"{self.service.url}{path}?{again}"})
        return 200, collection(page, links=links, numberReturned=len(page)), "application/geo+json"

    def arcgis(self, path, asked):
        name, box = path.split("/")[-2], [float(v) for v in asked["geometry"].split(",")]
        found = self.service.layers[name].within(box)
        if asked.get("returnCountOnly") == "true":
            return 200, json.dumps({"count": len(found)}).encode(), "application/json"
        start = int(asked.get("resultOffset", 0))
        page = found[start : start + min(int(asked["resultRecordCount"]), self.service.page)]
        if "orderByFields" not in asked:
            self.service.random.shuffle(page)
        rows = [
            {
                "attributes": {"OBJECTID": f["id"], **f["properties"]},
                "geometry": {"rings": [ring[::-1] for ring in f["geometry"]["coordinates"]]},  # outer rings clockwise
            }
            for f in page
        ]
        said = {"spatialReference": {"wkid": 28992, "latestWkid": 28992}, "features": rows}
        return 200, json.dumps(said).encode(), "application/json"


def collection(features, **more):
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def exception(text):
    return (
        '<?xml version="1.0"?><ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1"><ows:Exception>'
        f"<ows:ExceptionText>{text}</ows:ExceptionText></ows:Exception></ows:ExceptionReport>"
    ).encode()


# --- what goes wrong --------------------------------------------------------------------------------------------------


def _cut_off(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b'{"type": "FeatureCollection", "features": [')
    handler.close_connection = True
    handler.connection.close()


def _hung_up(handler):
    handler.close_connection = True
    handler.connection.close()


def _slow(handler):
    time.sleep(1.0)
    handler.send(200, collection([]))


def _drip(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.02)


def _huge(handler):
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    piece = b"%x\r\n" % 65536 + b" " * 65536 + b"\r\n"
    for _ in range(400):
        handler.wfile.write(piece)


def _elsewhere(handler, body):
    said = json.loads(body)
    for feature in said["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        moved = shapely.transform(shape, lambda xy: xy[:, ::-1] / 1000)
        feature["geometry"] = json.loads(shapely.to_geojson(moved))
    return json.dumps(said).encode()


def _edited(change):
    def edit(_, body):
        said = json.loads(body)
        change(said)
        return json.dumps(said).encode()

    return edit


def _repeated(handler, body):
    """Give the page before instead of this one, with this one's links."""
    said, before = json.loads(body), handler.service.last.get("features")
    handler.service.last["features"] = said["features"]
    return json.dumps(said | {"features": before, "numberReturned": len(before)} if before else said).encode()


def _first_again(handler, body):
    """Give the first page for ever, with the links of the one that was asked for."""
    said = json.loads(body)
    first = handler.service.last.setdefault("first", said["features"])
    return json.dumps(said | {"features": first, "numberReturned": len(first)}).encode()


def _without_names(said):
    for feature in said["features"]:
        feature["properties"].pop("identificatie", None)


BEFORE = {
    "429": lambda h: h.send(429, b"slow down", "text/plain", [("Retry-After", "7")]),
    "500": lambda h: h.send(500, b"oops", "text/plain"),
    "503": lambda h: h.send(503, b"busy", "text/plain"),
    "400": lambda h: h.send(400, exception("no such thing"), "text/xml"),
    "cut": _cut_off,
    "hung up": _hung_up,
    "slow": _slow,
    "drip": _drip,
    "huge": _huge,
    "html": lambda h: h.send(200, b"<!DOCTYPE html><html><body>Onderhoud</body></html>", "text/html"),
    "xml error": lambda h: h.send(200, exception("msWFSDispatch(): trouble"), "text/xml"),
    "json error": lambda h: h.send(200, b'{"error": {"code": 400, "message": "no"}}'),
    "nothing": lambda h: h.send(200, b""),
    "list": lambda h: h.send(200, b"[1, 2]"),
    "bomb": lambda h: h.send(
        200, b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a numberMatched="1">&b;</a>', "text/xml"
    ),
}

AFTER = {
    "truncated": lambda _, body: body[: len(body) // 2],
    "short": _edited(lambda said: said["features"].pop()),
    "empty": _edited(lambda said: said.update(features=[], numberReturned=0)),
    "elsewhere": _elsewhere,
    "repeated": _repeated,
    "first again": _first_again,
    "twice": _edited(lambda said: said["features"].__setitem__(0, said["features"][-1])),
    "no key": _edited(_without_names),
    "bad shape": _edited(lambda said: said["features"][0].update(geometry={"type": "Polygon", "coordinates": "x"})),
}
