"""Every broken area ends in a named error or a counted repair; what is found in a mended one holds all invariants."""

import hashlib
import os
import re
import shutil
import signal
from contextlib import contextmanager
from functools import cache

import numpy as np
import pandas as pd
import pytest
from corpus import CODES, FILES, FRAMES, HOSTILE_NAMES, LONG, both, breakages, column, good, layer_called
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from pyarrow.lib import ArrowException

from minenet import Assumptions, assess, make_area, read_area, read_result, verify, write_result
from minenet.errors import MinenetError, OutputError
from minenet.invariants import by_part, homes
from minenet.maps import draw_map
from minenet.maps.page import file_name
from minenet.pages import write_pages
from minenet.sources import area_by_place, write_parquet
from minenet.summaries import write_summary
from minenet.tables import AREA_TABLES
from minenet.terminal import harmless

REACH_M = Assumptions.default().homes.address_reach_m

_ASSESSED = {}


def fingerprint(area):
    """Return what tells two areas apart, whatever was counted on the way."""
    digest = hashlib.sha256()
    for name, layer in area.layers.items():
        table = pd.DataFrame(layer.drop(columns="geometry")).assign(shape=layer.geometry.to_wkb(hex=True))
        digest.update(f"{name} {layer.crs}\n{table.to_json()}".encode())
    return digest.hexdigest()


def assessed(area):
    """Assess an area; broken areas that are mended to the same one are assessed once."""
    key = fingerprint(area)
    if key not in _ASSESSED:
        _ASSESSED[key] = assess(area)
    return _ASSESSED[key]


@cache
def good_fingerprint():
    return fingerprint(make_area(good()))


def broken(area):
    return [f"{f.what}: {f.detail}" for f in verify(assessed(area), area) if f.outcome == "broken"]


def test_the_good_area_is_good():
    area = make_area(good())
    assert not [key for key in area.provenance if not key.startswith("read.") and key != "not_given.addresses"]
    assert not broken(area)
    assert len(assessed(area).clusters) == 1


def counts_of(area):
    found = assessed(area).provenance
    return {**area.provenance, **dict(zip(found["key"], found["value"], strict=True))}


@contextmanager
def within(seconds):
    """Fail when something takes longer: a hang in Python is broken off, where the system can."""

    def stop(*_):
        raise AssertionError(f"took longer than {seconds} s")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("name", list(FRAMES))
def test_broken_frames(name):
    case = FRAMES[name]
    with within(30):
        if case.error is not None:
            with pytest.raises(MinenetError, match=case.error):
                assess(make_area(case.spoil(good())))
            return
        area = make_area(case.spoil(good()))
        assert not broken(area)
    counts = counts_of(area)
    assert case.counted.items() <= counts.items(), {k: v for k, v in counts.items() if not k.startswith("assumption.")}
    if case.same:
        assert fingerprint(area) == good_fingerprint()


@pytest.mark.parametrize("name", [name for name, case in FRAMES.items() if case.error is None])
def test_broken_frames_are_the_same_by_place(name, tmp_path):
    """`verify` of a large result reads an area file by file, box by box: the same rows, and as many dwellings."""
    for layer, frame in FRAMES[name].spoil(good()).items():
        (tmp_path / layer).mkdir()
        try:
            frame.to_parquet(tmp_path / layer / "0.parquet")
        except (ArrowException, ValueError, TypeError, AttributeError) as error:
            pytest.skip(f"no Parquet file can hold it: {error}")
    with within(30):
        area = read_area(tmp_path)
        by_place = area_by_place(tmp_path, area.crs)
        everything = by_place.near((-1e300, -1e300, 1e300, 1e300))
        for layer, frame in area.layers.items():
            assert_frame_equal(pd.DataFrame(everything.layers[layer]), pd.DataFrame(frame), obj=layer)
        named = homes.dwellings_of(area, REACH_M)[1]
        np.testing.assert_array_equal(np.sort(by_part.dwellings_of(by_place, REACH_M)), np.sort(named))


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def good_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("good") / "area.gpkg"
    for name, layer in good().items():
        layer.to_file(path, layer=name)
    return path


@pytest.mark.parametrize("name", list(FILES))
def test_broken_files(good_file, tmp_path, name):
    if os.name == "nt" and name.startswith(("pipe", "dev", "link")):
        pytest.skip("Windows has no such files")
    case = FILES[name]
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(good_file, folder)
    path = case.spoil(folder)
    with within(30):
        if case.error is not None:
            with pytest.raises(MinenetError, match=case.error):
                read_area(path)
            return
        area = read_area(path)
    assert case.counted.items() <= area.provenance.items(), area.provenance
    if case.same:
        assert fingerprint(area) == good_fingerprint()


@pytest.mark.parametrize("start", range(7))
def test_a_page_that_is_lost_is_an_error_or_holds_nothing_of_the_area(good_file, tmp_path, start):
    """Whatever page of the file holds: either the area is as it was, or reading it fails."""
    whole, path = good_file.read_bytes(), tmp_path / "area.gpkg"
    errors = 0
    for page in range(1 + start, len(whole) // 4096, 7):
        path.write_bytes(whole[: 4096 * page] + b"\xff" * 4096 + whole[4096 * (page + 1) :])
        try:
            area = read_area(path)
        except MinenetError:
            errors += 1
            continue
        assert fingerprint(area) == good_fingerprint(), page
    assert errors


# --- what is written of them ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def strange_result():
    """A result of an area whose identifiers are paths and whose names are long, right to left, or a formula."""
    names = [*HOSTILE_NAMES[:2], "Dorps\ud83d\ude00 \u202e\u05e8\u202c=1+1", LONG]
    spoil = both(
        column("buildings", "building_id", *HOSTILE_NAMES),
        column("addresses", "building_id", *HOSTILE_NAMES[:4]),
        column("addresses", "address_id", *HOSTILE_NAMES[:4]),
        column("addresses", "street", *names),
        column("streets", "name", LONG + "\n[/bold]"),
    )
    return assessed(make_area(spoil(good())))


def test_a_strange_result_is_written_where_it_was_asked_and_comes_back(strange_result, tmp_path):
    folder = tmp_path / "in" / "out"
    folder.mkdir(parents=True)
    back = read_result(write_result(strange_result, folder / "r.gpkg"))
    assert back.homes["home_id"].tolist() == strange_result.homes["home_id"].tolist()
    assert sorted(back.homes["address"]) == sorted(strange_result.homes["address"])
    write_parquet(strange_result, folder / "parquet")
    again = read_result(folder / "parquet")
    assert again.homes["address"].tolist() == strange_result.homes["address"].tolist()
    pages = write_pages(strange_result, folder / "pages", clusters=list(strange_result.clusters["cluster_id"]))
    draw_map(strange_result).save(folder / "map.html")
    write_summary(strange_result, folder / "r.csv")
    write_summary(strange_result, folder / "r.xlsx")
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["out"]
    assert {path.name for path in folder.iterdir()} == {"r.gpkg", "parquet", "pages", "map.html", "r.csv", "r.xlsx"}
    assert {path.name for path in (folder / "pages").iterdir()} == {path.name for path in pages}


WINDOWS_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


@pytest.mark.parametrize(
    "identifiers",
    [
        ["../../A", "..\\..\\A", "a", "A", "a ", "\ufeffa", "a\x00", "a\n"],
        ["con", "CON", "nul", "aux.html", "com1", "lpt9", "index", "Index"],
        ["", ".", "..", "/", "\\", "-", "--", "~", "😀", "🏠", "\ud800", "שלום"],
        ["x" * 100_000, "x" * 99_999, "x" * 61, "x" * 60],
    ],
)
def test_names_of_files_are_safe_everywhere_and_never_the_same(identifiers):
    # what a name is made into may be an identifier itself, and gets another name all the same
    identifiers = [*identifiers, *(file_name(one).removesuffix(".html") for one in identifiers)]
    identifiers = list(dict.fromkeys(identifiers))
    names = [file_name(one) for one in identifiers]
    assert len({name.lower() for name in names}) == len(identifiers)
    for name in names:
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]*\.html", name)  # no path, no option, no space or dot at its end
        assert not WINDOWS_DEVICE.fullmatch(name)
        assert name != "index.html"
        assert len(name) <= 100


def test_pages_where_no_folder_can_be_are_an_error_with_a_name(strange_result, tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="file: cannot be written"):
        write_pages(strange_result, tmp_path / "file")
    with pytest.raises(OutputError, match="cannot be written"):
        write_pages(strange_result, tmp_path / ("x" * 300))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_results_of_names_that_no_file_can_have(strange_result, tmp_path):
    for name in ("a\x00b", "x" * 300):
        with pytest.raises(OutputError):
            write_result(strange_result, tmp_path / f"{name}.gpkg")
        with pytest.raises(OutputError):
            write_summary(strange_result, tmp_path / f"{name}.csv")
        with pytest.raises(OutputError):
            write_parquet(strange_result, tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", CODES)
def test_names_of_layers_that_look_like_something_else(run, good_file, tmp_path, name):
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(good_file, folder)
    code, printed, complained = run("check", layer_called(name)(folder))
    assert not complained
    assert code == 0
    assert f"Ignored: `{harmless(name)}`: layer is not part of an area." in printed


def test_a_path_that_looks_like_something_else(run, good_file, tmp_path):
    folder = tmp_path / "[bold] :smile: a'b"
    folder.mkdir()
    shutil.copy(good_file, folder)
    code, printed, complained = run("assess", folder / "area.gpkg", "-o", folder / "r.gpkg")
    assert (code, complained) == (0, "")
    assert f"Written: {folder / 'r.gpkg'}" in printed


# --- at random --------------------------------------------------------------------------------------------------------


def named_or(what):
    """Return what a call gives, None when it ends in an error that says where."""
    try:
        return what()
    except MinenetError as error:
        if not error.where:
            raise
        return None


def counted_in(area, kind, layer, end=""):
    found = [int(n) for key, n in area.provenance.items() if key.startswith(f"{kind}.{layer}.") and key.endswith(end)]
    return sum(found)


PROFILE = {"derandomize": True, "deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
"""The same examples every time, however slow the machine is."""


@settings(max_examples=60, **PROFILE)
@given(spoils=st.lists(breakages(), min_size=1, max_size=5))
def test_whatever_breaks_is_named_or_counted(spoils):
    """Every row is used or counted as left out; every cell that is lost is counted as repaired."""
    frames = both(*spoils)(good())
    area = named_or(lambda: make_area(frames))
    for name, layer in area.layers.items() if area else ():
        assert counted_in(area, "left_out", name) == len(frames[name]) - len(layer)
        if len(frames[name]) > len(layer):
            continue  # which cells were lost and which rows can not be told apart here
        for called in [c.name for c in AREA_TABLES[name].columns if c.name in frames[name]]:
            lost = int(frames[name][called].notna().sum() - layer[called].notna().sum())
            assert lost <= counted_in(area, "repaired", name, f"_in_{called}"), (name, called)


@settings(max_examples=12, **PROFILE)
@given(spoils=st.lists(breakages(), min_size=1, max_size=5))
def test_what_is_mended_holds(spoils):
    with within(30):
        area = named_or(lambda: make_area(both(*spoils)(good())))
        assert area is None or not named_or(lambda: broken(area))
