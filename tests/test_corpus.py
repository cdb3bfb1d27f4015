"""Every broken area ends in a named error or a counted repair; what is found in a mended one holds all invariants."""

import hashlib
import shutil
import signal
from contextlib import contextmanager
from functools import cache

import pandas as pd
import pytest
from corpus import FILES, FRAMES, good

from minenet import assess, make_area, read_area, verify
from minenet.errors import MinenetError

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


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def good_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("good") / "area.gpkg"
    for name, layer in good().items():
        layer.to_file(path, layer=name)
    return path


@pytest.mark.parametrize("name", list(FILES))
def test_broken_files(good_file, tmp_path, name):
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
