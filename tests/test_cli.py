"""The command line as a new user meets it: exit codes, messages, files."""

import signal
import subprocess
import sys
import time
import tomllib

import pytest
from conftest import mapping_of, real_data
from drawn_street import buildings, streets


@pytest.fixture
def street_file(tmp_path):
    path = tmp_path / "street.gpkg"
    buildings().to_file(path, layer="buildings")
    streets().to_file(path, layer="streets")
    return path


def test_the_demo_writes_one_result_a_map_and_pages(run, tmp_path):
    code, out, err = run("demo")
    assert (code, err) == (0, "")
    folder = tmp_path / "minenet-demo"
    assert [p.relative_to(folder).as_posix() for p in folder.rglob("*.gpkg")] == ["result.gpkg"]
    assert (folder / "map.html").stat().st_size > 100_000
    assert (folder / "pages" / "index.html").is_file()
    assert len(list((folder / "pages").glob("c-*.html"))) == 10
    assert "fictional" in out
    import minenet

    result = minenet.read_result(folder / "result.gpkg")
    assert set(result.clusters["verdict"]) == {"promising", "investigate", "excluded"}
    assert result.provenance.set_index("key").loc["profile.municipality", "value"] == "Voorbeeldstad (fictief)"
    assert not list(tmp_path.glob(".*"))


def test_check_changes_nothing_and_says_what_is_missing(run, street_file, tmp_path):
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
    code, out, _ = run("check", street_file)
    assert code == 0
    assert "not given: not checked" in out
    assert "detached" in out
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == before


def test_assess_map_and_pages_from_files(run, street_file, tmp_path):
    assert run("assess", street_file, "-o", "r.gpkg")[0] == 0
    assert run("map", "r.gpkg", "-o", "m.html", "--language", "en")[0] == 0
    code, out, _ = run("pages", "r.gpkg", "-o", "p", "--top", 1)
    assert code == 0
    assert "Pages of 1 of 1 clusters written to p" in out  # a short street: one cluster
    assert len(list((tmp_path / "p").glob("c-*.html"))) == 1


def test_own_assumptions_change_the_result(run, street_file, tmp_path):
    import minenet

    (tmp_path / "my.toml").write_text("[ground]\nconductivity = 1.5\n")
    run("assess", street_file, "-o", "a.gpkg")
    run("assess", street_file, "-o", "b.gpkg", "--assumptions", "my.toml")
    usual, poor = (minenet.read_result(tmp_path / f"{n}.gpkg") for n in "ab")
    for variant in (
        "shared_loops",
        "ring_net",
    ):  # poor ground asks for more metres for the same heat; homes may stay out
        metres = [
            r.solutions.set_index("variant").loc[variant, "borehole_m"] / r.clusters["heat_kwh"].iloc[0]
            for r in (poor, usual)
        ]
        assert metres[0] > 1.05 * metres[1]
    line = poor.provenance.set_index("key").loc["assumption.ground.conductivity", "value"]
    assert line.startswith("1.5 W/mK")
    assert "set by the user" in line


def test_a_profile_answers_for_the_municipality(run, street_file, tmp_path):
    import minenet

    (tmp_path / "p.toml").write_text(
        'municipality = "Testdam"\n[shared_loops]\nanswer = "no"\nsource = "a decision"\ndate = "2025-06"\n'
    )
    code, out, _ = run("check", street_file, "--profile", "p.toml")
    assert code == 0
    assert "Answers of Testdam" in out
    assert "a decision (2025-06)" in out
    assert "not answered: unknown" in out
    assert run("assess", street_file, "-o", "r.gpkg", "--profile", "p.toml")[0] == 0
    result = minenet.read_result(tmp_path / "r.gpkg")
    rows = result.checks[result.checks["check"] == "network_allowed"].set_index("variant")["outcome"]
    assert rows["shared_loops"] == "blocked"
    assert rows["ring_net"] == "unknown"
    assert "shared_loops" not in set(result.clusters["best_variant"].dropna())
    assert result.clusters["rank_reason"].str.fullmatch(r"saving:.+;robustness:.+;drillings:.+;certainty:\d+/\d+").all()


def test_assumptions_print_a_file_that_can_be_read_back(run, tmp_path):
    import minenet

    code, out, _ = run("assumptions")
    assert code == 0
    numbers = tomllib.loads(out)
    assert numbers["ground"]["conductivity"]["unit"] == "W/mK"
    (tmp_path / "again.toml").write_text(out)
    again = minenet.Assumptions.read(tmp_path / "again.toml")
    assert again.catalogue().equals(minenet.Assumptions.default().catalogue())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["asess"], "Did you mean one of: 'assess'"),
        (["assess"], "Missing argument 'AREA'"),
        (["assess", "x.gpkg"], "Missing option"),
        (["pages", "r.gpkg", "--top", "0"], "not in the range"),
        (["map", "r.gpkg", "--language", "fr"], "is not one of 'nl', 'en'"),
        (["assess", "street.gpkg", "-o", "no/r.gpkg"], "does not exist"),
        (["assess", "street.gpkg", "-o", "r.gpkg", "--assumptions", "wrong.toml"], "Did you mean `conductivity`"),
        (["check", "street.gpkg", "--mapping", "wrong.toml"], "[ground]"),
        (["check", "street.gpkg", "--profile", "profile.toml"], "Did you mean `ring_net`"),
        (["assess", "street.gpkg", "-o", "r.gpkg", "--profile", "profile.toml"], "Did you mean `ring_net`"),
    ],
)
def test_wrong_use_leaves_with_2(run, street_file, tmp_path, arguments, words):
    (tmp_path / "wrong.toml").write_text("[ground]\nconductivty = 1.5\n")
    (tmp_path / "profile.toml").write_text("[ringnet]\nanswer = 'yes'\n")
    code, _, err = run(*arguments)
    assert code == 2
    assert words in err
    assert "Traceback" not in err
    assert not (tmp_path / "r.gpkg").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "none.gpkg"], "no such file"),
        (["assess", "fake.gpkg", "-o", "r.gpkg"], "is not a GeoPackage"),
        (["map", "street.gpkg"], "is no result"),
        (["pages", "none.gpkg"], "no such file"),
        (["assess", "degrees.gpkg", "-o", "r.gpkg"], "in degrees"),
        (["assess", "nobody.gpkg", "-o", "r.gpkg"], "not one dwelling"),
    ],
)
def test_bad_data_leaves_with_3_and_no_file(run, street_file, tmp_path, arguments, words):
    (tmp_path / "fake.gpkg").write_text("not a database")
    for name, frames in {
        "degrees": (buildings().to_crs(4326), streets().to_crs(4326)),
        "nobody": (buildings(dwellings=0), streets()),
    }.items():
        for layer, frame in zip(("buildings", "streets"), frames, strict=True):
            frame.to_file(tmp_path / f"{name}.gpkg", layer=layer)
    code, _, err = run(*arguments)
    assert code == 3
    assert words in err
    assert "Traceback" not in err
    assert not (tmp_path / "r.gpkg").exists()


def test_an_unknown_cluster_names_the_nearest(run, street_file):
    run("assess", street_file, "-o", "r.gpkg")
    code, _, err = run("pages", "r.gpkg", "--cluster", "c-B")
    assert code == 2
    assert "c-A" in err


def test_ctrl_c_stops_cleanly(tmp_path):
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # a background shell ignores it
    code = f"{heard}; from minenet.cli import main; print('ready', flush=True); main(['demo'])"
    command = [sys.executable, "-c", code]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.5)  # the demo takes seconds
    for _ in range(20):  # one that is heard within a callback of C code is lost: whoever waits presses again
        process.send_signal(signal.SIGINT)
        try:
            _, err = process.communicate(timeout=5)
            break
        except subprocess.TimeoutExpired:
            continue
    assert process.returncode == 130
    assert "Traceback" not in err
    assert not [p for p in tmp_path.rglob("*") if p.name.startswith(".")]


@pytest.mark.real
@pytest.mark.parametrize(
    "name", ["delft_dense_block", "delft_terraced_street", "delft_wippolder_mixed", "amsterdam_oost_terrace_osm"]
)
def test_real_neighbourhoods_go_through_every_verb(run, tmp_path, name):
    path, mapping = real_data() / f"{name}.gpkg", mapping_of(name)
    assert run("check", path, "--mapping", mapping)[0] == 0
    code, out, _ = run("assess", path, "--mapping", mapping, "-o", "r.gpkg", "--timings")
    assert code == 0
    assert "ms per dwelling" in out
    assert run("map", "r.gpkg", "-o", "m.html")[0] == 0
    assert run("pages", "r.gpkg", "-o", "p", "--top", 2)[0] == 0
    # no zones are given for the real areas: whether drilling is allowed is unknown, so nothing is promising
    import minenet

    assert set(minenet.read_result(tmp_path / "r.gpkg").clusters["verdict"]) <= {"investigate", "excluded"}


def test_the_area_is_never_overwritten_by_its_result(run, street_file):
    before = street_file.read_bytes()
    code, _, err = run("assess", street_file, "-o", street_file)
    assert code == 2
    assert "is what is read" in err
    assert street_file.read_bytes() == before


def test_a_result_is_never_overwritten_by_what_is_taken_from_it(run, street_file, tmp_path):
    assert run("assess", street_file, "-o", "r.gpkg")[0] == 0
    before = (tmp_path / "r.gpkg").read_bytes()
    code, _, err = run("select", "r.gpkg", "--bbox", 0, 0, 900000, 900000, "-o", "r.gpkg")
    assert (code, "is what is read" in err) == (2, True)
    code, _, err = run("map", "r.gpkg", "-o", "r.gpkg")
    assert (code, "its name ends in .html" in err) == (2, True)
    assert (tmp_path / "r.gpkg").read_bytes() == before


def test_pages_that_go_are_counted(run, tmp_path):
    assert run("demo", "-o", "d")[0] == 0
    code, out, _ = run("pages", "d/result.gpkg", "-o", "d/pages", "--top", 2)
    assert code == 0
    assert "Removed: 8 pages of an earlier run" in out
