"""An area in tiles: the same result as the whole at once, however its rows are spread over files."""

import functools
import sys
from pathlib import Path

import pandas as pd
import pytest
from conftest import mapping_of, real_data
from pandas.testing import assert_frame_equal
from villages import SIZES, villages

import minenet
from minenet import sources
from minenet.assumptions import Assumptions
from minenet.parts import cut
from minenet.scale import Settings, engine_of
from minenet.sources import read_result, tile_files, write_tiles
from minenet.tables import RESULT_TABLES
from minenet.tiles import run_tiles

SETTINGS = Settings(Assumptions.default())
OF_THE_FILES = ("input.", "read.")


def whole(area, sizes):
    """Return the result of an area that is in memory, cut by the same rule."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["minenet.assess"], "cut", functools.partial(cut, **sizes))
        return minenet.assess(area, SETTINGS.assumptions)


def in_tiles(folder, work, *, sizes=SIZES, workers=1, settings=SETTINGS, to="result", **more):
    """Run an area in tiles, and return its result with what is told of the run."""
    tiles, notes = tile_files(folder, **more)
    out = Path(work) / to
    with engine_of(workers) as engine:
        ran = run_tiles(
            tiles, notes, settings, Path(work) / f"{to}.work", engine, sizes=sizes,
            write=lambda made: sources.moved_result(made, out),
        )  # fmt: skip
    return read_result(out), ran


def assert_same(one, other):
    """The same tables; of provenance all but what is said of the files."""
    for name in RESULT_TABLES:
        left, right = (getattr(result, name) for result in (one, other))
        if name == "provenance":
            left, right = (f[~f["key"].str.startswith(OF_THE_FILES)].reset_index(drop=True) for f in (left, right))
        if name == "context":
            left, right = (_in_some_order(f) for f in (left, right))
        assert_frame_equal(pd.DataFrame(left), pd.DataFrame(right), obj=name)


def _in_some_order(context):
    shape = context.geometry.to_wkb(hex=True)
    return context.assign(shape=shape).sort_values(["layer", "kind", "name", "shape"], ignore_index=True)


@functools.cache
def area():
    return villages()


@functools.cache
def expected():
    return whole(area(), SIZES)


@pytest.mark.parametrize("side_m", [60.0, 1000.0, 50_000.0])
def test_villages_in_tiles_of_any_size_give_the_result_of_the_whole(tmp_path, side_m):
    write_tiles(area(), tmp_path / "area", side_m=side_m)
    result, ran = in_tiles(tmp_path / "area", tmp_path)
    assert ran.parts > 2
    assert_same(result, expected())


@pytest.mark.parametrize(("name", "most"), [("demo", 150), ("delft_terraced_street", 60)])
def test_real_and_drawn_neighbourhoods_in_tiles_give_the_result_of_the_whole(tmp_path, name, most):
    sizes = {"most_homes": most, "enough_homes": most}
    if name == "demo":
        data = minenet.read_area(sources.demo_path())
    else:
        data = minenet.read_area(real_data() / f"{name}.gpkg", mapping=mapping_of(name))
    write_tiles(data, tmp_path / "area", side_m=120.0)
    result, ran = in_tiles(tmp_path / "area", tmp_path, sizes=sizes)
    assert ran.parts > 1
    assert_same(result, whole(data, sizes))
    findings = minenet.verify(result, data)
    assert not [finding for finding in findings if finding.outcome == "broken"]
