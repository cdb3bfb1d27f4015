"""Fixtures: the demo neighbourhood and the real ones, each read and assessed once per run; the command line."""

import os
from functools import cache
from pathlib import Path

import pytest

from minenet import Area, Profile, Result, assess, demo_path, read_area
from minenet.cli import main

HERE = Path(__file__).parent
REAL = ("delft_dense_block", "delft_terraced_street", "delft_wippolder_mixed", "amsterdam_oost_terrace_osm")


def real_data() -> Path:
    """Return the folder of the real neighbourhoods, or skip when it is not named."""
    folder = os.environ.get("MINENET_REAL_DATA")
    if not folder:
        pytest.skip("MINENET_REAL_DATA does not point at the real neighbourhoods")
    return Path(folder)


def mapping_of(name: str) -> Path:
    """Return the mapping file of a real neighbourhood."""
    return HERE / "real" / f"{name}.toml"


@cache
def _area(path: str, mapping: str | None) -> Area:
    return read_area(path, mapping=mapping)


@cache
def _result(path: str, mapping: str | None) -> Result:
    profile = Profile.example() if mapping is None else None  # the demo comes with the answers of its municipality
    return assess(_area(path, mapping), profile=profile)


@pytest.fixture(scope="session")
def demo_area() -> Area:
    return _area(str(demo_path()), None)


@pytest.fixture(scope="session")
def demo_result() -> Result:
    return _result(str(demo_path()), None)


@pytest.fixture(params=["demo", *(pytest.param(name, marks=pytest.mark.real) for name in REAL)], scope="session")
def assessed(request) -> tuple[str, Area, Result]:
    """Every neighbourhood, demo and real: its name, area and result."""
    if request.param == "demo":
        where = (str(demo_path()), None)
    else:
        where = (str(real_data() / f"{request.param}.gpkg"), str(mapping_of(request.param)))
    return request.param, _area(*where), _result(*where)


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    """Run the command line in an empty folder: exit code, what it printed, what it complained of."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        with pytest.raises(SystemExit) as left:
            main([str(a) for a in arguments])
        printed = capsys.readouterr()
        return left.value.code or 0, printed.out, " ".join(printed.err.split())

    return call
