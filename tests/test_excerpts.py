"""One town out of the result of a country."""

import pandas as pd
import pytest
from drawn_street import layer
from pandas.testing import assert_frame_equal
from shapely.geometry import box
from villages import villages

import minenet
from minenet.errors import InputError
from minenet.scale import Settings, engine_of
from minenet.sources import moved_result, tile_files, write_tiles
from minenet.tables import RESULT_TABLES
from minenet.tiles import run_tiles

ROW = (139_900.0, 454_900.0, 140_200.0, 455_200.0)
"""Around the first two of four villages in a row, and a bit of the third."""

TWO = (144_900.0, 454_900.0, 145_200.0, 455_200.0)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A result in many files, of villages that are parts of their own."""
    folder = tmp_path_factory.mktemp("many")
    park = layer([box(-80, -40, -20, 40)], ownership=["public"], cover=["green"])
    write_tiles(villages(land=park), folder / "area", side_m=1000.0)
    files, notes = tile_files(folder / "area")
    sizes = {"most_homes": 1000, "enough_homes": 1}
    with engine_of() as engine:
        run_tiles(
            files, notes, Settings(minenet.Assumptions.default()), folder / "work", engine, sizes=sizes,
            write=lambda made: moved_result(made, folder / "result"),
        )  # fmt: skip
    return folder / "result"


@pytest.fixture(scope="module")
def whole(many):
    return minenet.read_result(many)


def test_clusters_come_whole_with_all_that_is_theirs(whole):
    part = minenet.excerpt(whole, ROW)
    ids = set(part.clusters["cluster_id"])
    assert 0 < len(ids) < len(whole.clusters)
    for name in RESULT_TABLES:
        frame = getattr(part, name)
        if "cluster_id" in frame:
            every = getattr(whole, name)
            assert len(frame[frame["cluster_id"].notna()]) == every["cluster_id"].isin(ids).sum()
            assert set(frame["cluster_id"].dropna()) <= ids
    ranks = whole.clusters.set_index("cluster_id")["rank"]
    assert part.clusters["rank"].tolist() == ranks[part.clusters["cluster_id"]].tolist()
    assert part.context.total_bounds[2] < ROW[2] + 300


def test_what_must_hold_holds_of_an_excerpt(whole):
    part = minenet.excerpt(whole, ROW)
    assert not [f for f in minenet.verify(part) if f.outcome == "broken"]
    notes = part.provenance.set_index("key")["value"]
    assert notes["count.homes"] == str(len(part.homes))
    assert notes["excerpt.box"] == "139900 454900 140200 455200"
    assert not part.provenance["key"].duplicated().any()
    (dwellings,) = (f for f in minenet.verify(part, villages()) if f.what == "every dwelling of the area is there")
    assert (dwellings.outcome, dwellings.detail) == ("not checked", "it is an excerpt, and the area of the whole")


def test_files_that_lie_elsewhere_are_not_read(many, whole, tmp_path, monkeypatch):
    read, true = [], pd.read_parquet
    monkeypatch.setattr(
        "minenet.sources.many.pd.read_parquet", lambda file, **more: read.append(file) or true(file, **more)
    )
    near = minenet.excerpt(minenet.read_result(many, near=TWO), TWO)
    assert {file.name for file in read if file.parent.name == "solutions"} == {"part-0000001.parquet"}
    once = minenet.excerpt(whole, TWO)
    for name in RESULT_TABLES:
        assert_frame_equal(pd.DataFrame(getattr(near, name)), pd.DataFrame(getattr(once, name)), obj=name)


def test_what_is_drawn_beyond_the_box_and_in_another_square_comes_too(many, whole):
    """Squares of what is drawn end at 140,000 m east, two metres from this box."""
    town = (140_002.0, 454_900.0, 140_060.0, 455_200.0)
    near, once = (minenet.excerpt(result, town) for result in (minenet.read_result(many, near=town), whole))
    assert once.context.total_bounds[0] < 140_000.0
    for name in RESULT_TABLES:
        assert_frame_equal(pd.DataFrame(getattr(near, name)), pd.DataFrame(getattr(once, name)), obj=name)


@pytest.mark.parametrize("town", [(0.0, 0.0, 1.0, 1.0), (5.0, 0.0, 1.0, 1.0), (float("nan"), 0.0, 1.0, 1.0)])
def test_a_box_that_holds_nothing_is_named(whole, town):
    with pytest.raises(InputError, match="holds no home|is no box"):
        minenet.excerpt(whole, town)


def test_the_command_line(run, many, tmp_path):
    code, out, _ = run("select", many, "--bbox", *TWO, "-o", "town.gpkg")
    assert code == 0
    assert "10 homes" in out
    assert run("map", "town.gpkg", "-o", "town.html")[0] == 0
    assert run("verify", "town.gpkg")[0] == 0
    code, _, err = run("select", many, "--bbox", 0, 0, 1, 1, "-o", "none.gpkg")
    assert code == 3
    assert "holds no home of the result" in err
    assert not (tmp_path / "none.gpkg").exists()
