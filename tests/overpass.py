"""A server on this machine that answers as Overpass and Nominatim do, and misbehaves as they do when told to."""

import json
import re
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from minenet.fetch.osm.asking import Asking

STAMP = "2026-04-30T12:27:10Z"


@dataclass
class Map:
    """What the server knows, what goes wrong (faults, first to last, then nothing), and what it was asked."""

    elements: list = field(default_factory=list)
    places: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    always: str = ""
    asked: list = field(default_factory=list)
    answered: list = field(default_factory=list)
    agents: list = field(default_factory=list)

    def answer(self, question):
        """Return the nodes in the box around the asked polygon, with the ways that touch it."""
        assert re.search(r"\[timeout:[1-9][0-9]*\]", question), "Overpass takes whole seconds only"
        corners = [float(v) for v in re.search(r"poly:'([^']+)'", question)[1].split()]
        south, north = min(corners[::2]), max(corners[::2])
        west, east = min(corners[1::2]), max(corners[1::2])
        nodes = {e["id"]: e for e in self.elements if e["type"] == "node"}
        inside = {i for i, n in nodes.items() if south <= n["lat"] <= north and west <= n["lon"] <= east}
        ways = [e for e in self.elements if e["type"] == "way" and inside & set(e["nodes"])]
        found = inside | {n for way in ways for n in way["nodes"]}
        relations = [e for e in self.elements if e["type"] == "relation"]
        return {
            "version": 0.6,
            "generator": "Overpass API",
            "osm3s": {"timestamp_osm_base": STAMP, "copyright": "ODbL"},
            "elements": [*(nodes[i] for i in sorted(found)), *ways, *relations],
        }


class _Handler(BaseHTTPRequestHandler):
    known: Map

    def log_message(self, *_):
        """Say nothing."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        question = parse_qs(body.decode())["data"][0]
        self._serve(question, lambda: self.known.answer(question))

    def do_GET(self):
        question = parse_qs(urlsplit(self.path).query).get("q", [""])[0]
        found = [p for p in self.known.places if question.casefold() in p["display_name"].casefold()]
        self._serve(question, lambda: found)

    def _serve(self, question, answer):
        known = self.known
        known.asked.append(question)
        known.agents.append(self.headers["User-Agent"])
        fault = known.faults.pop(0) if known.faults else known.always
        if fault:
            return FAULTS[fault](self, answer)
        known.answered.append(question)
        return self.send(200, json.dumps(answer()).encode())

    def send(self, code, body, *, headers=(), length=None, kind="application/json"):
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _remark(handler, answer):
    said = 'runtime error: Query timed out in "query" at line 1 after 26 seconds.'
    handler.send(200, json.dumps({**answer(), "elements": answer()["elements"][:1], "remark": said}).encode())


def _html(handler, answer):
    handler.send(200, b"<!DOCTYPE html><html><body>The server is probably too busy</body></html>", kind="text/html")


def _cut(handler, answer):
    whole = json.dumps(answer()).encode()
    handler.send(200, whole[: len(whole) // 2])


def _busy(handler, answer):
    handler.send(429, b"rate_limited", headers=[("Retry-After", "7")], kind="text/html")


def _gateway(handler, answer):
    handler.send(504, b"<html>Gateway Timeout</html>", kind="text/html")


def _broken(handler, answer):
    whole = json.dumps(answer()).encode()
    handler.send(200, whole[: len(whole) // 2], length=len(whole))
    handler.close_connection = True


def _slow(handler, answer):
    time.sleep(0.6)
    handler.send(200, json.dumps(answer()).encode())


def _dripping(handler, answer):
    whole = json.dumps(answer()).encode()
    handler.send(200, b"", length=len(whole))
    for at in range(0, len(whole), 20):
        try:
            handler.wfile.write(whole[at : at + 20])
        except OSError:
            return
        time.sleep(0.1)


def _huge(handler, answer):
    handler.send(200, b"{", length=2**40)
    handler.close_connection = True


def _flood(handler, answer):
    """Send without end, and without saying how much."""
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(400):
            handler.wfile.write(b" " * 2**16)
    except OSError:
        return


def _refused(handler, answer):
    handler.send(400, b"<p>Error: line 1: parse error</p>", kind="text/html")


def _other(handler, answer):
    handler.send(200, b'{"version": 0.6}')


def _nothing(handler, answer):
    handler.send(200, b"")


FAULTS = {
    "remark": _remark,
    "html": _html,
    "cut": _cut,
    "busy": _busy,
    "gateway": _gateway,
    "broken": _broken,
    "slow": _slow,
    "dripping": _dripping,
    "huge": _huge,
    "flood": _flood,
    "refused": _refused,
    "other": _other,
    "nothing": _nothing,
}


@contextmanager
def serving(known):
    """Run the server; gives the address to ask."""
    handler = type("Handler", (_Handler,), {"known": known})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def asking(address, cache, **options):
    """Return questions to that address, that do not wait: pauses are only noted, in `waited`."""
    waited = []
    given = {"tries": 3, "pause_s": 1.0, "timeout_s": 10.0, "most_bytes": 4 * 2**20, "sleep": waited.append}
    return Asking(cache=cache, overpass_url=address, nominatim_url=address, **{**given, **options}), waited
