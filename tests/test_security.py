"""What SECURITY.md promises: locked and audited dependencies, and nothing that comes in is ever run."""

import ast
import datetime as dt
import importlib.util
import json
import os
import re
import shutil
import sqlite3
import threading
import tomllib
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import geopandas as gpd
import pyogrio
import pytest
import requests
import shapely
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from minenet import demo_path
from minenet.cli import main
from minenet.cli.showing import progress
from minenet.errors import AssumptionError, InputError, MinenetError, SourceError
from minenet.fetch import Window
from minenet.fetch.dutch.loops import read_loops
from minenet.fetch.local import layers_of, read_window
from minenet.fetch.osm.reading import read_osm
from minenet.fetch.osm.recipe import asking_of
from minenet.fetch.osm.watching import Watch
from minenet.fetch.web.asking import Patience, Web, require_same_place
from minenet.fetch.web.store import Store
from minenet.sources import read_area
from minenet.sources.guarded import guarded
from minenet.tables import make_area
from minenet.terminal import Screen, harmless, show_layers

TOP = Path(__file__).parent.parent
PYTHONS = ("3.11", "3.12", "3.13")


# --- the lock ---------------------------------------------------------------------------------------------------------


def locked() -> list[Requirement]:
    lines = (TOP / ".ci" / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return [Requirement(line.rstrip(" \\")) for line in lines if line[:1].isalnum()]


def declared() -> list[str]:
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    optional = project["project"]["optional-dependencies"]
    tools = (TOP / ".ci" / "tools.in").read_text(encoding="utf-8").splitlines()
    return [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(text for name in optional for text in optional[name]),
        *(text for name in ("test", "lint", "docs") for text in groups[name]),
        *(line for line in tools if line and not line.startswith("#")),
    ]


def environment(python: str) -> dict[str, str]:
    return {**default_environment(), "python_version": python, "python_full_version": f"{python}.9"}


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("text", declared())
def test_every_dependency_is_locked_within_its_range(text, python):
    wanted = Requirement(text)
    fits = [r for r in locked() if r.marker is None or r.marker.evaluate(environment(python))]
    versions = [
        next(iter(r.specifier)).version for r in fits if canonicalize_name(r.name) == canonicalize_name(wanted.name)
    ]
    assert len(versions) == 1, f"`{wanted.name}` is not in .ci/requirements.lock: run .ci/lock"
    assert wanted.specifier.contains(versions[0]), f"the lock holds {versions[0]}: run .ci/lock"


def test_every_locked_release_has_hashes():
    text = (TOP / ".ci" / "requirements.lock").read_text(encoding="utf-8")
    entries = [entry for entry in text.split("\n") if entry[:1].isalnum()]
    hashed = [entry for entry in entries if entry.endswith("\\")]
    assert len(entries) > len(declared())
    assert hashed == entries
    assert "--hash=sha256:" in text


def test_the_groups_know_the_extra():
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(project["project"]["optional-dependencies"]["scale"]) <= set(project["dependency-groups"]["test"])


# --- the audit --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def audit():
    spec = importlib.util.spec_from_file_location("audit", TOP / ".ci" / "audit.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FLAW = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["2.0"]}
TODAY = dt.date(2026, 11, 28)


def test_the_audit_tells_of_a_vulnerability(audit):
    assert list(audit.judged({("one", "1.0"): [FLAW]}, [], TODAY)) == [
        "one 1.0: CVE-2026-1, PYSEC-2026-1; mended in 2.0"
    ]
    assert not list(audit.judged({("one", "1.0"): [], ("two", "1.0"): None}, [], TODAY))


@pytest.mark.parametrize(
    ("package", "flaw", "until", "told"),
    [
        ("one", "CVE-2026-1", TODAY, 0),  # by one of its other names, on the last day
        ("one", "PYSEC-2026-1", TODAY - dt.timedelta(days=1), 1),  # until yesterday
        ("one", "PYSEC-2026-2", TODAY, 1),  # another one
        ("two", "PYSEC-2026-1", TODAY, 1),  # of another package
    ],
)
def test_only_what_is_accepted_passes_and_not_for_ever(audit, package, flaw, until, told):
    row = audit.Accepted(package, flaw, "not reached", dt.date(2026, 1, 1), until)
    assert len(list(audit.judged({("one", "1.0"): [FLAW]}, [row], TODAY))) == told


def test_the_audit_is_not_taken_in_by_a_service_that_knows_nothing(audit):
    said = [{"name": "one", "skip_reason": "not found"}, {"name": "two", "version": "2.0", "vulns": []}]
    versions = {"one": "1.0", "two": "2.0", "three": "3.0"}
    found = audit.findings(versions, said, lambda name, _: [FLAW] if name == "one" else None)
    assert found == {("one", "1.0"): [FLAW], ("two", "2.0"): [], ("three", "3.0"): None}


@pytest.mark.parametrize(
    ("told", "code", "words"),
    [
        ([], 0, "138 of 138"),
        ([FLAW], 1, "VULNERABLE"),
        (None, 0, "NOT AUDITED, nobody answered for these: all of them"),
    ],
)
def test_the_audit_fails_on_a_flaw_and_says_where_it_is_blind(audit, monkeypatch, capsys, told, code, words):
    monkeypatch.setattr(audit, "locked", lambda _: {f"p{i}": "1.0" for i in range(138)})
    monkeypatch.setattr(audit, "asked_of_pip_audit", lambda _: [])
    monkeypatch.setattr(audit, "asked_of_project", lambda *_: told)
    assert audit.main() == code
    assert words in capsys.readouterr().out


def test_the_audit_looks_at_every_locked_package(audit):
    assert set(audit.locked(TOP / ".ci" / "requirements.lock")) == {
        r.name for r in locked() if r.marker is None or r.marker.evaluate()
    }


def test_what_is_accepted_has_a_reason_and_an_end(audit, tmp_path):
    audit.accepted(TOP / ".ci" / "audit.toml")  # the one that counts
    row = '[[accepted]]\npackage = "one"\nid = "CVE-2026-1"\nreason = "%s"\ndate = 2026-11-28\nuntil = %s\n'
    file = tmp_path / "audit.toml"
    file.write_text(row % ("not reached", "2027-01-01"))
    assert audit.accepted(file)[0].until == dt.date(2027, 1, 1)
    for reason, until in ((" ", "2027-01-01"), ("not reached", "2026-11-28")):
        file.write_text(row % (reason, until))
        with pytest.raises(ValueError, match="needs a reason"):
            audit.accepted(file)
    file.write_text('[[accepted]]\npackage = "one"\nid = "CVE-2026-1"\n')
    with pytest.raises(TypeError):
        audit.accepted(file)


# --- nothing that comes in is run -------------------------------------------------------------------------------------

SOURCES = sorted((TOP / "minenet").rglob("*.py"))
RUNS = {"eval", "exec", "compile", "__import__", "system", "popen", "read_pickle", "to_pickle", "from_string"}
CARRIERS_OF_CODE = {
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "joblib",
    "cloudpickle",
    "subprocess",
    "yaml",
    "numexpr",
    "pty",
}
OPENS_A_DOOR = {"allow_pickle", "shell", "verify", "sql", "sql_dialect"}
"""Arguments by which a library would run what it reads, leave a certificate unchecked, or take SQL made of names."""


def doors(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            owner = getattr(getattr(node.func, "value", None), "id", "")
            if name in RUNS and owner != "re":
                yield f"{name}()"
            if name == "query" and node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
                yield "query() of a text that is put together"
            yield from (f"{word.arg}=" for word in node.keywords if word.arg in OPENS_A_DOOR)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [str(node.module)]
            yield from (name for name in names if name.split(".")[0] in CARRIERS_OF_CODE)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(TOP).as_posix())
def test_no_module_can_run_what_comes_in(path):
    assert not list(doors(path.read_text(encoding="utf-8")))


def test_the_search_for_doors_finds_them():
    text = "import pickle\nfrom yaml import load\neval(x)\nos.system(x)\nframe.query(f'a == {x}')\nread(p, sql=x)\nre.compile(x)"
    assert len(list(doors(text))) == 6


def test_every_exception_to_a_rule_of_security_says_why():
    lines = [line for path in SOURCES for line in path.read_text(encoding="utf-8").splitlines()]
    said = [line for line in lines if re.search(r"noqa:.*\bS\d{3}", line)]
    assert said
    assert not [line for line in said if not re.search(r"noqa: S\d{3} (- |\().{8,}", line)]


# --- files that lead elsewhere ----------------------------------------------------------------------------------------


@pytest.fixture
def host():
    """A host that answers nothing, or sends on to `host.to`, and knows what it was asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            server.asked.append(self.path)
            self.send_response(302 if server.to else 404)
            if server.to:
                self.send_header("Location", server.to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_HEAD = do_GET  # noqa: N815 - the server calls it so

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.to, server.url = [], "", f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


POLYGON = {"type": "Polygon", "coordinates": [[[5.1, 52.1], [5.2, 52.1], [5.2, 52.2], [5.1, 52.1]]]}
PRIVATE = {
    "type": "FeatureCollection",
    "features": [{"type": "Feature", "properties": {"secret": "s3cret"}, "geometry": POLYGON}],
}


def recipes(folder, url):
    """Write a file, and recipes that lead to it or to a host, and return these by name."""
    private = folder / "private.geojson"
    private.write_text(json.dumps(PRIVATE))
    layer = f'<OGRVRTLayer name="private"><SrcDataSource>{private}</SrcDataSource></OGRVRTLayer>'
    web = f'<OGRVRTLayer name="private"><SrcDataSource>/vsicurl/{url}/a.geojson</SrcDataSource></OGRVRTLayer>'
    return {
        "vrt": f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>",
        "vrt behind a comment": f"<!-- map --><OGRVRTDataSource>{layer}</OGRVRTDataSource>",
        "vrt of the web": f"<OGRVRTDataSource>{web}</OGRVRTDataSource>",
        "wfs": f"<OGRWFSDataSource><URL>{url}/wfs</URL></OGRWFSDataSource>",
        "pipeline": json.dumps({"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {private}"}),
        "pipeline of the web": json.dumps(
            {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read /vsicurl/{url}/b.geojson"}
        ),
    }


NAMES = ("vrt", "vrt behind a comment", "vrt of the web", "wfs", "pipeline", "pipeline of the web")
WINDOW = Window.of_box((5.1, 52.1, 5.11, 52.11))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "suffix", [".geojson", ".gml", ".xml", ".shp", ".json", ".gpkg", ".osm", ".vrt", ".gdalg.json"]
)
def test_a_file_that_leads_elsewhere_is_refused_by_every_reader(host, tmp_path, name, suffix):
    path = tmp_path / f"buildings{suffix}"
    path.write_text(recipes(tmp_path, host.url)[name])
    for read in (read_area, Window.of_file, layers_of, lambda p: read_loops(p, WINDOW), lambda p: read_osm(p, WINDOW)):
        with pytest.raises(InputError) as error:
            read(path)
        assert "s3cret" not in str(error.value)
    assert host.asked == []


def test_gdal_would_have_followed_them(host, tmp_path):
    """Else the test above could not fail."""
    path = tmp_path / "buildings.geojson"
    path.write_text(recipes(tmp_path, host.url)["vrt"])
    assert pyogrio.read_dataframe(path)["secret"].tolist() == ["s3cret"]
    path.write_text(recipes(tmp_path, host.url)["wfs"])
    with pytest.raises(pyogrio.errors.DataSourceError):
        pyogrio.read_dataframe(path)
    assert host.asked


def test_a_coordinate_system_behind_an_address_is_not_fetched(host, tmp_path):
    path = tmp_path / "window.geojson"
    path.write_text(json.dumps(PRIVATE | {"crs": {"type": "link", "properties": {"href": f"{host.url}/crs"}}}))
    Window.of_file(path)
    read_window(path, layers_of(path)[0], WINDOW)
    assert host.asked == []
    assert pyogrio.get_gdal_config_option("GDAL_HTTP_PROXY") is None  # as it was
    pyogrio.read_dataframe(path)
    assert host.asked  # GDAL would have


@pytest.mark.parametrize(
    ("name", "content"), [("a.shp", b"{}"), ("a.geojson", b"PK\x03\x04"), ("a.zip", b"PK\x03\x04")]
)
def test_a_file_is_what_its_name_says(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match="what its name says|is not one of"), guarded(path):
        pytest.fail("it was let in")


def test_a_geopackage_cannot_reach_out_by_a_view(tmp_path):
    path = tmp_path / "area.gpkg"
    gpd.GeoDataFrame({"a": ["x"]}, geometry=[shapely.Point(1, 2)], crs=28992).to_file(path, layer="buildings")
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("CREATE VIEW streets AS SELECT 1 AS fid, ogr_geocode('Utrecht') AS street_id")
        file.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('streets', 'attributes', 's')"
        )
    with pytest.raises(InputError, match="cannot be opened"):
        read_area(path)


# --- services that lead elsewhere -------------------------------------------------------------------------------------


def answer(url, location):
    response = requests.Response()
    response.url, response.status_code, response.headers["Location"] = url, 302, location
    return response


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("https://service.pdok.nl/a", "http://service.pdok.nl/b"),  # not secured
        ("https://service.pdok.nl/a", "https://169.254.169.254/latest/meta-data"),
        ("http://127.0.0.1:8000/a", "http://10.0.0.1:8000/a"),  # numbers have no family
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:22/"),
        ("https://service.pdok.nl/a", "https://service.pdok.nl.example/b"),
        ("https://service.pdok.nl/a", "//localhost/b"),
        ("https://service.pdok.nl/a", "https://service.pdok.nl@localhost/b"),
        ("https://service.pdok.nl/a", "https://service.pdok.nl:99999/b"),
        ("https://service.pdok.nl/a", "https://[::1/b"),
        ("https://service.pdok.nl/a", "file:///etc/passwd"),
    ],
)
def test_a_service_that_leads_elsewhere_is_not_followed(url, location):
    with pytest.raises(SourceError, match="leads to"):
        require_same_place(answer(url, location))
    with pytest.raises(SourceError, match="leads to"):
        Watch(1000, answer_s=1.0)(answer(url, location))


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("https://overpass-api.de/api", "https://lz4.overpass-api.de/api"),
        ("http://service.pdok.nl/a", "https://service.pdok.nl/b"),
        ("https://service.pdok.nl/a", "b?c=1"),
        ("http://127.0.0.1:8000/a", "/b"),
    ],
)
def test_a_service_that_moved_within_its_site_is_followed(url, location):
    require_same_place(answer(url, location))


def web_of(tmp_path, **more):
    patience = Patience(connect_s=5.0, read_s=5.0, tries=2, pause_s=0.001)
    return Web(Store(tmp_path / "kept"), patience=patience, sleep=lambda _: None, **more)


def test_the_other_host_is_never_asked(host, tmp_path):
    host.to = host.url.replace("127.0.0.1", "localhost") + "/inner"
    with pytest.raises(SourceError, match="leads to another place"):
        web_of(tmp_path).get(f"{host.url}/outer")
    assert host.asked == ["/outer"]


# --- secrets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mirror",
    [
        "https://anna:s3cret@mirror.example",
        "https://s3cret@mirror.example",
        "https://mirror.example?key=s3cret",
        "https://mirror.example#s3cret",
    ],
)
def test_a_mirror_with_a_secret_is_refused_without_repeating_it(tmp_path, run, mirror):
    with pytest.raises(AssumptionError, match="netrc") as error:
        web_of(tmp_path, mirror=mirror)
    assert "s3cret" not in str(error.value)
    code, printed, complained = run("fetch", "Utrecht", "-o", "a.gpkg", "--mirror", mirror, "--cache", "kept")
    assert code == 2
    assert "s3cret" not in printed + complained
    assert not list(tmp_path.rglob("*"))


@pytest.mark.parametrize("mirror", ["ftp://mirror.example", "mirror.example", "file:///etc", "https://"])
def test_a_mirror_is_an_address_of_a_host(tmp_path, mirror):
    with pytest.raises(AssumptionError, match="no address"):
        web_of(tmp_path, mirror=mirror)


def test_a_plain_mirror_is_asked(tmp_path):
    assert (
        urlsplit(asking_of(web_of(tmp_path, mirror="https://mirror.example")).nominatim_url).hostname
        == "mirror.example"
    )


def test_the_password_of_a_proxy_is_not_told(tmp_path, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://anna:s3cret@127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    told = []
    web = web_of(tmp_path, told=told.append)
    with pytest.raises(SourceError, match="broke off") as error:
        web.get("http://service.example/a")
    assert told
    assert "s3cret" not in f"{error.value} {told}"


def test_results_name_files_without_their_folder(tmp_path):
    folder = tmp_path / "home_of_anna"
    folder.mkdir()
    mapping = folder / "names.toml"
    mapping.write_text('[buildings]\nlayer = "buildings"\n[streets]\nlayer = "streets"\n')
    path = Path(shutil.copy(demo_path(), folder / "area.gpkg"))
    notes = read_area(path, mapping=mapping).provenance
    assert "input.area.gpkg.sha256" in notes
    told = json.dumps(dict(notes))
    for kind in ("buildings", "streets"):
        told += repr(read_window(path, kind, Window.of_file(_saved(folder / "window.geojson"))))
    assert "area.gpkg" in told
    assert "home_of_anna" not in told


def _saved(path):
    path.write_text(json.dumps(PRIVATE))
    return path


@pytest.mark.skipif(os.name != "posix", reason="rights of a folder are asked for in the way of POSIX")
def test_kept_answers_are_for_their_owner_only(tmp_path):
    web_of(tmp_path).store.keep("https://service.example/?q=my+street", b"{}")
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0


# --- the terminal -----------------------------------------------------------------------------------------------------

COMMANDS = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202eevil\r"


def test_what_is_printed_cannot_command_the_terminal(capsys):
    assert harmless("Dorpsstraat 1\n\tcafé 😀") == "Dorpsstraat 1\n\tcafé 😀"
    assert harmless(COMMANDS).isprintable()
    Screen(highlight=False).print(f"layer {COMMANDS}")
    assert not set(capsys.readouterr().out) & set("\x1b\x07\x9b\u202e\r")


def test_nor_can_an_error(monkeypatch, capsys):
    def fail(*_, **__):
        raise MinenetError(f"layer `{COMMANDS}[/bold]` is missing")

    monkeypatch.setattr("minenet.cli.group.cli.main", fail)
    with pytest.raises(SystemExit):
        main(["check", "area.gpkg"])
    printed = capsys.readouterr().err
    assert "[/bold]` is missing" in printed
    assert not set(printed) & set("\x1b\x07\x9b\u202e\r")


def test_a_layer_whose_name_is_markup_is_told_as_it_stands(demo_area, capsys):
    layers = {"buildings": demo_area.buildings, "streets": demo_area.streets, "[/red]": demo_area.streets}
    show_layers(make_area(layers))
    assert "Ignored: `[/red]`" in capsys.readouterr().out


def test_a_service_cannot_speak_markup_while_it_is_waited_for(monkeypatch, capsys):
    monkeypatch.setattr("minenet.cli.showing.err", Screen(stderr=True, highlight=False, force_terminal=True))
    with progress("fetch", 2) as step:
        step.said(f"tells of an error: [/red]{COMMANDS}")
    printed = capsys.readouterr().err
    assert "[/red]" in printed
    assert "\x1b]0;owned" not in printed
