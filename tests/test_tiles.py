"""An area in tiles: the same result as the whole at once, however its rows are spread over files."""

import functools
import gc
import itertools
import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from conftest import mapping_of, real_data
from drawn_street import EAST, NORTH, layer
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from pyproj import CRS
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely.geometry import LineString, Point, Polygon, box
from villages import SIZES, every_layer, layers, villages

import minenet
from minenet import sources
from minenet.assumptions import Assumptions
from minenet.errors import InputError, OutputError
from minenet.parts import cut, links, seen_m
from minenet.parts.links import _neighbours, link_m
from minenet.scale import BrokenError, Settings, engine_of
from minenet.scale.jobs import do
from minenet.sources import read_result, tile_files, write_tiles
from minenet.tables import RESULT_TABLES, Area, make_area
from minenet.tiles import cutting, run_tiles

SETTINGS = Settings(Assumptions.default())
OF_THE_FILES = ("input.", "read.")


def whole(area, sizes, assumptions=SETTINGS.assumptions):
    """Return the result of an area that is in memory, cut by the same rule."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["minenet.assess"], "cut", functools.partial(cut, **sizes))
        return minenet.assess(area, assumptions)


class Here:
    """The engine of this process, with an order of its own, that may stop on the way."""

    def __init__(self, *, shuffled=None, stop_after=None):
        self.random, self.left = shuffled, stop_after

    def run(self, jobs):
        jobs = list(jobs)
        if self.random:
            self.random.shuffle(jobs)
        for job in jobs:
            if self.left is not None:
                if self.left == 0:
                    raise KeyboardInterrupt
                self.left -= 1
            yield do(job)


def in_tiles(folder, work, *, sizes=SIZES, engine=None, given_settings=SETTINGS, **more):
    """Run an area in tiles into `work/result`, and return what is told of the run."""
    tiles, notes = tile_files(folder, **more)
    return run_tiles(
        tiles, notes, given_settings, work / "work", engine or Here(), sizes=sizes,
        write=lambda made: sources.moved_result(made, work / "result"),
    )  # fmt: skip


def assert_same(one, other, *, but=OF_THE_FILES):
    """The same tables; of provenance all but what is said of the files."""
    for name in RESULT_TABLES:
        left, right = (getattr(result, name) for result in (one, other))
        if name == "provenance":
            left, right = (f[~f["key"].str.startswith(but)].reset_index(drop=True) for f in (left, right))
        if name == "context":
            left, right = (_in_some_order(f) for f in (left, right))
        assert_frame_equal(pd.DataFrame(left), pd.DataFrame(right), obj=name)


def _in_some_order(context):
    shape = context.geometry.to_wkb(hex=True)
    return context.assign(shape=shape).sort_values(["layer", "kind", "name", "shape"], ignore_index=True)


def bytes_of(folder):
    """Return the bytes of every file of a result."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@functools.cache
def area():
    return villages()


@functools.cache
def expected():
    return whole(area(), SIZES)


@pytest.fixture(scope="module")
def tiles(tmp_path_factory):
    """The villages in tiles of a kilometre."""
    return write_tiles(area(), tmp_path_factory.mktemp("tiles") / "area", side_m=1000.0)


@pytest.fixture(scope="module")
def finished_folder(tiles, tmp_path_factory):
    """Their result."""
    folder = tmp_path_factory.mktemp("finished")
    in_tiles(tiles, folder)
    return folder / "result"


@pytest.fixture(scope="module")
def finished(finished_folder):
    """Its bytes."""
    return bytes_of(finished_folder)


@pytest.fixture
def made(finished_folder, tmp_path):
    """A copy of it, to be spoilt."""
    return Path(shutil.copytree(finished_folder, tmp_path / "result"))


# --- the same as the whole ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side_m", [60.0, 50_000.0])
def test_villages_in_tiles_of_any_size_give_the_result_of_the_whole(tmp_path, side_m):
    write_tiles(area(), tmp_path / "area", side_m=side_m)
    ran = in_tiles(tmp_path / "area", tmp_path)
    assert ran.parts > 2
    assert ran.squares > 2
    assert_same(read_result(tmp_path / "result"), expected())


def test_rows_in_any_file_of_any_folder_of_any_kind_give_the_result_of_the_whole(tmp_path):
    spread = np.random.default_rng(8)
    for name, frame in layers().items():
        for number, rows in enumerate(np.array_split(spread.permutation(len(frame)), 3)):
            folder = tmp_path / "area" / name / f"municipality=town {number}"
            folder.mkdir(parents=True)
            if number:
                frame.iloc[rows].to_parquet(folder / "part.0.parquet")
            else:
                frame.iloc[rows].to_file(folder / "anything.gpkg")
    in_tiles(tmp_path / "area", tmp_path)
    assert_same(read_result(tmp_path / "result"), expected())


def test_a_small_area_is_one_part_and_the_same_too(tmp_path, tiles):
    ran = in_tiles(tiles, tmp_path, sizes={})
    assert ran.parts == 1
    assert_same(read_result(tmp_path / "result"), minenet.assess(area()))


def test_layers_of_every_kind_give_the_result_of_the_whole(tmp_path):
    data = make_area(every_layer())
    write_tiles(data, tmp_path / "area", side_m=700.0)
    ran = in_tiles(tmp_path / "area", tmp_path)
    assert ran.parts > 2
    result = read_result(tmp_path / "result")
    assert_same(result, whole(data, SIZES))
    findings = minenet.verify(tmp_path / "result", tmp_path / "area")
    assert {f.outcome for f in findings} == {"holds"}
    assert findings == minenet.verify(result, data)


@pytest.mark.parametrize(("name", "most"), [("demo", 150), ("delft_terraced_street", 60)])
def test_real_and_drawn_neighbourhoods_in_tiles_give_the_result_of_the_whole(tmp_path, name, most):
    sizes = {"most_homes": most, "enough_homes": most}
    if name == "demo":
        data = minenet.read_area(sources.demo_path())
    else:
        data = minenet.read_area(real_data() / f"{name}.gpkg", mapping=mapping_of(name))
    write_tiles(data, tmp_path / "area", side_m=120.0)
    ran = in_tiles(tmp_path / "area", tmp_path, sizes=sizes)
    result = read_result(tmp_path / "result")
    assert ran.parts > 1
    assert_same(result, whole(data, sizes))
    findings = minenet.verify(tmp_path / "result", data)
    assert not [f for f in findings if f.outcome == "broken"]
    assert findings == minenet.verify(result, data)


def test_places_far_apart_on_two_squares_hang_together_where_the_assumptions_say_so(tmp_path):
    west = 39 * 4000.0 - 300.0  # the border of two squares lies between them
    shapes = [box(east + 12 * n, 460_008, east + 12 * n + 8, 460_016) for east in (west, west + 950) for n in range(3)]
    street = LineString([(west - 50, 460_000), (west + 1050, 460_000)])
    data = make_area(
        {
            "buildings": gpd.GeoDataFrame({"building_id": list("abcdef"), "dwellings": 1}, geometry=shapes, crs=28992),
            "streets": gpd.GeoDataFrame({"street_id": ["s"]}, geometry=[street], crs=28992),
        }
    )
    write_tiles(data, tmp_path / "area")
    numbers, sizes = _with(gap=1000.0, service=60.0), {"most_homes": 6, "enough_homes": 1}
    ran = in_tiles(tmp_path / "area", tmp_path, sizes=sizes, given_settings=Settings(numbers))
    assert (ran.squares, ran.parts) == (2, 1)
    assert_same(read_result(tmp_path / "result"), whole(data, sizes, numbers))


def test_any_order_and_two_workers_give_the_same_bytes(tmp_path, tiles, finished):
    in_tiles(tiles, tmp_path, engine=Here(shuffled=random.Random(4)))
    assert bytes_of(tmp_path / "result") == finished
    with engine_of(2) as engine:
        ran = in_tiles(tiles, tmp_path, engine=engine)
    assert ran.megabytes > 0
    assert bytes_of(tmp_path / "result") == finished


# --- points nearby decide -----------------------------------------------------------------------------------------------

LINK_M = link_m(SETTINGS.assumptions)
GRID = [(30.0 * column, 25.0 * row) for column in range(30) for row in range(30)]
places = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=120, unique=True)


@pytest.mark.parametrize("shift", [0.0, 120_000.0])
@pytest.mark.parametrize("points", [GRID, GRID[::7], GRID[:2], GRID[:1]])
def test_neighbours_of_a_regular_grid_are_the_same_in_every_window(points, shift):
    _same_in_a_window(np.array(points) + shift)


@settings(deadline=None, derandomize=True)
@given(places)
def test_neighbours_are_the_same_in_every_window(points):
    _same_in_a_window(np.array(points, dtype=float))


def _same_in_a_window(points):
    """The pairs of a point are those that a window gives which reaches as far around it as a link may."""
    seen = np.flatnonzero(np.linalg.norm(points - points[0], axis=1) <= LINK_M + 1)
    every = {tuple(sorted(pair)) for pair in _neighbours(points, LINK_M).tolist()}
    near = {tuple(sorted(seen[pair].tolist())) for pair in _neighbours(points[seen], LINK_M)}
    assert {pair for pair in near if 0 in pair} == {pair for pair in every if 0 in pair}


@settings(deadline=None, derandomize=True)
@given(places, st.floats(20.0, LINK_M - 1))
def test_neighbours_link_all_that_hops_link(points, hop):
    points = np.array(points, dtype=float)
    pairs = _neighbours(points, LINK_M)
    short = pairs[np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1) <= hop]
    assert len(set(_places(len(points), short))) == len(set(_places(len(points), cKDTree(points).query_pairs(hop))))


def _places(count, pairs):
    one, other = np.array([list(pair) for pair in pairs], dtype=int).reshape(-1, 2).T
    return connected_components(csr_array((np.ones(len(one)), (one, other)), shape=(count, count)))[1].tolist()


def _town(random, buildings=900):
    """Return streets on a grid with gaps, some of them long, buildings along them, water and a main road."""
    lines = [LineString([(0, y), (2400, y)]) for y in range(0, 2401, 150) if random.random() < 0.8]
    lines += [LineString([(x, 0), (x, 2400)]) for x in range(0, 2401, 90) if random.random() < 0.6]
    bridge = random.random(len(lines)) < 0.3
    at = random.uniform(0, 2400, (buildings, 2)).round(2)
    shapes = [box(x, y, x + 8, y + 9) for x, y in at]
    names = [f"b{n:04d}" for n in random.permutation(len(shapes))]
    return make_area(
        {
            "buildings": layer(shapes, building_id=names, dwellings=1),
            "streets": layer(lines, street_id=[f"s{n}" for n in range(len(lines))], bridge=bridge),
            "water": layer([box(700, -50, 712, 2450), box(-50, 1300, 2450, 1310)], name=["Vaart", "Gracht"]),
        }
    )


def _with(*, gap, service):
    return SETTINGS.assumptions.override({"clusters": {"longest_gap_m": gap}, "trenches": {"max_service_m": service}})


@pytest.mark.parametrize("seed", range(4))
def test_links_are_the_same_in_every_window(seed):
    town = _town(np.random.default_rng(seed))
    places = ((700.0, 1300.0), (1200.0, 1100.0), (300.0, 2200.0))
    _same_links_in_windows(town, SETTINGS.assumptions, places, wide=150.0)


def test_links_over_long_gaps_are_the_same_in_every_window():
    town, every = _town(np.random.default_rng(3), buildings=20), np.arange(300.0, 2400.0, 450.0)
    _same_links_in_windows(town, _with(gap=800.0, service=60.0), itertools.product(every, every), wide=300.0)


def _same_links_in_windows(town, numbers, places, *, wide):
    whole_town, middle = _links_of(town, numbers), town.buildings.geometry.centroid
    for x, y in places:
        here = Point(x + EAST, y + NORTH)
        seen = here.buffer(seen_m(numbers) + wide)
        own = set(town.buildings["building_id"][middle.distance(here) <= wide])
        if own:
            near = {name: frame[frame.intersects(seen)] for name, frame in town.layers.items()}
            window = _links_of(Area(**{name: frame.reset_index(drop=True) for name, frame in near.items()}), numbers)
            assert [pair for pair in window if pair[0] in own] == [pair for pair in whole_town if pair[0] in own]
            assert any(pair[0] in own for pair in whole_town) or len(own) < 10


def _links_of(town, numbers):
    """Return links by the ids of their buildings, the first one first, and at how many places they meet."""
    ids = town.buildings["building_id"].to_numpy(dtype=object)
    found = links(town, np.asarray(town.buildings.geometry.array), numbers)
    assert len(np.unique(found[:, :2], axis=0)) == len(found)
    return sorted((*sorted(ids[link[:2]]), int(link[2])) for link in found)


def test_a_square_looks_no_farther_than_it_must():
    assert (link_m(SETTINGS.assumptions), seen_m(SETTINGS.assumptions)) == (300.0, 600.0)
    assert seen_m(_with(gap=1000.0, service=200.0)) > 2 * 1000.0 + 2 * 200.0


# --- stopped, spoilt, failed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", [1, 6, 18, 30])
def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path, tiles, finished, jobs):
    with pytest.raises(KeyboardInterrupt, match="the same command goes on from there"):
        in_tiles(tiles, tmp_path, engine=Here(stop_after=jobs))
    ran = in_tiles(tiles, tmp_path)
    assert ran.again == jobs
    assert bytes_of(tmp_path / "result") == finished
    assert not (tmp_path / "work").exists()


DRIVER = """
import functools, sys
import minenet.tiles.cutting
from minenet.parts import divided
minenet.tiles.cutting.divided = functools.partial(divided, most_homes=25, enough_homes=25)
from minenet.cli import main
main(sys.argv[1:])
"""


def test_a_run_that_was_killed_gives_the_same_bytes_when_started_again(tmp_path, tiles, finished):
    """While files arrive, while squares are looked at, and while parts are worked on."""
    shutil.copytree(tiles, tmp_path / "area")
    command = [sys.executable, "-c", DRIVER, "assess", "area", "-o", "result"]
    for jobs in (2, 9, 17, 26):
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while len(list(tmp_path.glob("result.work/*/*.knew/[0-9]*"))) < jobs:
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
        process.wait(60)
        assert not (tmp_path / "result").exists()
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    assert bytes_of(tmp_path / "result") == finished
    assert not (tmp_path / "result.work").exists()


@pytest.mark.parametrize("stage", ["rows", "arrived", "found", "homes", "pieces", "windows", "laid", "result"])
def test_a_spoilt_file_is_noticed_and_made_anew(tmp_path, tiles, finished, stage):
    def unwritten(_):
        raise KeyboardInterrupt

    files, notes = tile_files(tiles)
    with pytest.raises(KeyboardInterrupt):
        run_tiles(files, notes, SETTINGS, tmp_path / "work", Here(), write=unwritten, sizes=SIZES)
    of_parts = (p for p in sorted((tmp_path / "work").glob(f"*/{stage}/**/*")) if p.is_file())
    spoilt = next(p for p in of_parts if p.name != "manifest.json")
    data = bytearray(spoilt.read_bytes())
    data[len(data) // 2] ^= 0xFF
    spoilt.write_bytes(data)
    in_tiles(tiles, tmp_path)
    assert bytes_of(tmp_path / "result") == finished


def test_what_a_killed_run_was_writing_is_not_part_of_the_result(tmp_path, tiles, finished):
    def killed(made):
        for name in ("homes/.part-0000000.parquet.4711", "context/.square-0000001.parquet.4711", ".manifest.json.4711"):
            (made / name).write_bytes(b"half")
        raise KeyboardInterrupt

    files, notes = tile_files(tiles)
    with pytest.raises(KeyboardInterrupt):
        run_tiles(files, notes, SETTINGS, tmp_path / "work", Here(), write=killed, sizes=SIZES)
    in_tiles(tiles, tmp_path)
    assert bytes_of(tmp_path / "result") == finished
    in_tiles(tiles, tmp_path)  # a result is replaced; anything else would be refused


def test_another_cut_or_input_starts_afresh(tmp_path, tiles, finished):
    with pytest.raises(KeyboardInterrupt):
        in_tiles(tiles, tmp_path, engine=Here(stop_after=25), sizes={"most_homes": 12, "enough_homes": 12})
    ran = in_tiles(tiles, tmp_path)
    assert ran.again == 0
    assert bytes_of(tmp_path / "result") == finished


@pytest.mark.parametrize("where", ["minenet.scale.tasks.group_part", "minenet.scale.tasks.conclude", "see"])
def test_a_part_that_fails_is_told_and_the_rest_goes_on(tmp_path, tiles, monkeypatch, where):
    module, _, name = ("minenet.tiles.seeing.halo_m" if where == "see" else where).rpartition(".")
    true, calls = getattr(sys.modules[module], name), []

    def failing(piece, *more, **options):
        calls.append(piece)
        if (len(calls) if where == "see" else piece.number) == 1:
            raise ValueError("no luck")
        return true(piece, *more, **options)

    with monkeypatch.context() as patch:
        patch.setattr(f"{module}.{name}", failing)
        ran = in_tiles(tiles, tmp_path)
    (number,) = ran.failed
    assert "no luck" in ran.failed[number]
    result = read_result(tmp_path / "result")
    assert sorted(result.homes["home_id"]) == sorted(expected().homes["home_id"])
    lost = int((result.homes["left_out_reason"] == "part_failed").sum())
    assert lost == (ran.homes["left_out_reason"] == "part_failed").sum() > 0
    assert set(result.clusters["cluster_id"]) < set(expected().clusters["cluster_id"])
    notes = dict(zip(result.provenance["key"], result.provenance["value"], strict=True))
    assert notes[f"failed.part.{number}"] == ran.failed[number]
    once_more = in_tiles(tiles, tmp_path)
    assert not once_more.failed
    assert once_more.again > ran.parts + ran.squares  # what was laid down of the others is not written anew
    assert_same(read_result(tmp_path / "result"), expected())


# --- files that are not right -------------------------------------------------------------------------------------------


@pytest.fixture
def copied(tiles, tmp_path):
    """A copy of the tiles, to be spoilt."""
    return Path(shutil.copytree(tiles, tmp_path / "area"))


def first_of(folder, name):
    return min((folder / name).glob("*.parquet"))


def test_rows_that_stand_in_two_files_are_read_once_and_counted(tmp_path, copied):
    for name in ("buildings", "streets"):
        shutil.copy(first_of(copied, name), copied / name / "again.parquet")
    in_tiles(copied, tmp_path)
    result = read_result(tmp_path / "result")
    again = {
        f"left_out.{n}.same_row_twice": len(gpd.read_parquet(first_of(copied, n))) for n in ("buildings", "streets")
    }
    notes = dict(zip(result.provenance["key"], result.provenance["value"], strict=True))
    assert {key: int(notes[key]) for key in again} == again
    assert_same(result, expected(), but=(*OF_THE_FILES, *again))


def test_wishes_that_stand_in_two_files_are_counted_once(tmp_path):
    data = make_area(every_layer() | {"fixed_boreholes": layer([box(8, 900, 9, 901).centroid], fixed_id=["f"])})
    write_tiles(data, tmp_path / "area")
    for name in ("crossings", "fixed_boreholes"):
        shutil.copy(first_of(tmp_path / "area", name), tmp_path / "area" / name / "again.parquet")
    in_tiles(tmp_path / "area", tmp_path)
    result, expected_whole = read_result(tmp_path / "result"), whole(data, SIZES)
    notes = dict(zip(result.provenance["key"], result.provenance["value"], strict=True))
    assert notes["trenches.crossings_allowed_by_the_user"] == "1"
    assert notes["left_out.fixed_boreholes.beyond_the_reach_of_every_cluster"] == "1"
    again = [f"left_out.{name}.same_row_twice" for name in ("crossings", "fixed_boreholes")]
    assert_same(result, expected_whole, but=(*OF_THE_FILES, *again))


def test_a_building_that_was_cut_at_the_border_of_two_files_is_refused(tmp_path, copied):
    frame = gpd.read_parquet(first_of(copied, "buildings"))
    frame.assign(geometry=frame.geometry.buffer(-1.0)).iloc[:2].to_parquet(copied / "buildings" / "cut.parquet")
    with pytest.raises(InputError, match="2 values of `building_id` stand on different geometries in different files"):
        in_tiles(copied, tmp_path)


def test_a_file_in_another_crs_is_brought_home_and_counted(tmp_path, copied):
    file = first_of(copied, "streets")
    frame = gpd.read_parquet(file)
    frame.to_crs(32631).to_parquet(file)
    in_tiles(copied, tmp_path)
    result = read_result(tmp_path / "result")
    notes = dict(zip(result.provenance["key"], result.provenance["value"], strict=True))
    assert notes["repaired.streets.reprojected"] == str(len(frame))
    assert CRS(result.homes.crs) == CRS(28992)


def test_a_file_without_rows_does_no_harm(tmp_path, copied):
    file = first_of(copied, "buildings")
    gpd.read_parquet(file).iloc[:0].to_parquet(copied / "buildings" / "0.parquet")
    in_tiles(copied, tmp_path)
    assert_same(read_result(tmp_path / "result"), expected())


def far_away(copied):
    file = first_of(copied, "buildings")
    frame = gpd.read_parquet(file)
    far = frame.iloc[:1].assign(building_id="far", geometry=[box(1e9, 1e9, 1e9 + 8, 1e9 + 8)])
    gpd.GeoDataFrame(pd.concat([frame, far], ignore_index=True), crs=frame.crs).to_parquet(file)


def nowhere(copied):
    file = first_of(copied, "buildings")
    frame = gpd.read_parquet(file)
    lost = frame.iloc[:1].assign(building_id="lost", geometry=[None])
    file.unlink()
    gpd.GeoDataFrame(pd.concat([frame, lost], ignore_index=True), crs=frame.crs).to_file(file.with_suffix(".gpkg"))


def one_corner_far_away(copied):
    file = first_of(copied, "buildings")
    frame = gpd.read_parquet(file)
    west, south, *_ = frame.total_bounds
    torn = Polygon([(west, south), (west + 5, south), (9e6, 9e6)])
    odd = frame.iloc[:1].assign(building_id="torn", geometry=[torn])
    gpd.GeoDataFrame(pd.concat([frame, odd], ignore_index=True), crs=frame.crs).to_parquet(file)


@pytest.mark.parametrize("spoil", [far_away, nowhere, one_corner_far_away])
def test_rows_that_arrival_leaves_out_do_not_lead_verify_astray(tmp_path, copied, spoil):
    spoil(copied)
    in_tiles(copied, tmp_path)
    findings = minenet.verify(tmp_path / "result", copied)
    assert not [f for f in findings if f.outcome == "broken"]
    assert findings == minenet.verify(read_result(tmp_path / "result"), minenet.read_area(copied))


def spoilt(file):
    file.write_bytes(file.read_bytes()[:-200])


def no_crs(file):
    gpd.read_parquet(file).set_crs(None, allow_override=True).to_parquet(file)


def no_column(file):
    gpd.read_parquet(file).rename(columns={"building_id": "id"}).to_parquet(file)


def no_homes(file):
    for each in file.parent.glob("*.parquet"):
        gpd.read_parquet(each).assign(dwellings=0).to_parquet(each)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (spoilt, "cannot be read"),
        (no_crs, "has no coordinate reference system"),
        (no_column, "column `building_id` is missing"),
        (no_homes, "there is not one dwelling"),
    ],
)
def test_a_file_that_is_not_right_is_named(tmp_path, copied, spoil, said):
    spoil(max((copied / "buildings").glob("*.parquet")))
    with pytest.raises(InputError, match=said):
        in_tiles(copied, tmp_path)


def test_all_files_that_are_not_right_are_named(tmp_path, copied):
    for name in ("buildings", "streets"):
        spoilt(max((copied / name).glob("*.parquet")))
    with pytest.raises(InputError) as error:
        in_tiles(copied, tmp_path)
    assert [line.split("/")[0] for line in str(error.value).splitlines()] == ["buildings", "streets"]


def test_a_file_of_the_work_that_is_spoilt_on_the_way_is_told(tmp_path, tiles, monkeypatch):
    """The leader reads what the workers wrote; the next run makes it anew."""

    def spoilt_at_once(*_):
        raise BrokenError("is not what was written")

    with monkeypatch.context() as patch:
        patch.setattr("minenet.tiles.run.cut_squares", spoilt_at_once)
        with pytest.raises(OutputError, match="a file of the work is not what was written.*makes it anew"):
            in_tiles(tiles, tmp_path)
    in_tiles(tiles, tmp_path)
    assert_same(read_result(tmp_path / "result"), expected())


@pytest.mark.parametrize(("name", "said"), [("buildings", "has no rows"), ("streets", "layer `streets`: is missing")])
def test_a_layer_that_is_missing_is_named(tmp_path, copied, name, said):
    shutil.rmtree(copied / name)
    with pytest.raises(InputError, match=said):
        in_tiles(copied, tmp_path)


def test_a_file_that_changes_while_the_run_goes_on_is_refused(tmp_path, copied):
    files, notes = tile_files(copied)
    spoilt(first_of(copied, "streets"))
    with pytest.raises(InputError, match="changed while it was read|cannot be read"):
        run_tiles(files, notes, SETTINGS, tmp_path / "work", Here(), write=lambda _: None)


@pytest.mark.parametrize("name", ["../elsewhere", "/etc", ".", "buildings/link", "nothing"])
def test_a_mapping_does_not_lead_elsewhere(tmp_path, copied, name):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "mapping.toml").write_text(f'[buildings]\nfile = "{name}"\n')
    with pytest.raises(InputError, match="is not there"):
        tile_files(copied, mapping=tmp_path / "mapping.toml")


def test_a_layer_that_is_a_link_to_a_folder_is_refused(tmp_path, copied):
    shutil.move(copied / "streets", tmp_path / "elsewhere")
    (copied / "streets").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="is a link to a folder"):
        tile_files(copied)


def test_hidden_files_are_passed_over_and_told(copied):
    shutil.copy(first_of(copied, "buildings"), copied / "buildings" / "._copy.parquet")
    files, notes = tile_files(copied)
    assert not [file for file in files if "._copy" in file.name]
    assert notes["ignored.buildings/._copy.parquet"] == "is hidden"


def test_a_layer_without_rows_stays_one_that_was_given(tmp_path):
    data = villages(zones=layer([box(0, 0, 1, 1)], kind=["no drilling"], effect=["ban"]).iloc[:0])
    assert data.zones is not None
    write_tiles(data, tmp_path / "area")
    in_tiles(tmp_path / "area", tmp_path)
    assert_same(read_result(tmp_path / "result"), whole(data, SIZES))


def test_links_to_folders_elsewhere_are_not_followed(tmp_path, copied):
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(first_of(copied, "buildings"), tmp_path / "elsewhere" / "secret.parquet")
    (copied / "buildings" / "link").symlink_to(tmp_path / "elsewhere")
    assert not [tile for tile in tile_files(copied)[0] if "secret" in tile.name]


def test_a_result_that_lost_or_changed_a_file_is_refused(made):
    file = min((made / "boreholes").glob("*.parquet"))
    data = file.read_bytes()
    file.write_bytes(data[:-5])
    with pytest.raises(InputError, match="was changed"):
        read_result(made)
    file.unlink()
    with pytest.raises(InputError, match="is missing"):
        read_result(made)


def test_shapes_come_with_the_column_by_which_readers_skip_rows(made):
    homes = read_result(made).homes
    west, south, east, north = homes.iloc[:3].total_bounds
    near = [gpd.read_parquet(f, bbox=(west, south, east, north)) for f in (made / "homes").glob("*.parquet")]
    assert 3 <= sum(map(len, near)) < len(homes)


def test_tiles_are_not_written_over_something_else(tmp_path, tiles):
    with pytest.raises(OutputError, match="stands there already"):
        write_tiles(area(), tiles)


# --- by hand ------------------------------------------------------------------------------------------------------------


def test_the_command_line_makes_tiles_and_assesses_them(run, tmp_path):
    demo = str(sources.demo_path())
    assert run("tile", demo, "-o", "tiles", "--side", "0.2")[0] == 0
    code, out, _ = run("assess", "tiles", "-o", "result", "--timings", "--csv", "table.csv")
    assert code == 0
    assert "promising" in out
    assert (tmp_path / "table.csv").exists()
    assert run("verify", "result", "--area", "tiles")[0] == 0
    assert run("assess", "tiles", "-o", "whole.gpkg")[0] == 0
    assert_same(read_result("result"), read_result("whole.gpkg"), but=())
    assert run("assess", demo, "-o", "once.gpkg")[0] == 0
    assert_same(read_result("result"), read_result("once.gpkg"))


def test_a_folder_with_anything_else_in_it_is_not_replaced(run, tmp_path, tiles, made):
    shutil.copytree(tiles, tmp_path / "tiles")
    (tmp_path / "mine" / "costs").mkdir(parents=True)
    (tmp_path / "mine" / "costs" / "budget.xlsx").write_text("mine")
    (made / "costs" / "budget.xlsx").write_text("mine")
    for folder in (tmp_path / "mine", made):
        code, _, err = run("assess", "tiles", "-o", str(folder))
        assert (code, "holds something else than a result (`costs`)" in err) == (2, True)
        assert (folder / "costs" / "budget.xlsx").read_text() == "mine"


def test_the_command_line_says_what_cannot_be(run, tmp_path, tiles):
    shutil.copytree(tiles, tmp_path / "tiles")
    assert "holds something else than a result" in run("assess", "tiles", "-o", "tiles")[2]
    code, _, err = run("assess", str(sources.demo_path()), "-o", "folder")
    assert code == 2
    assert "a result is written as a GeoPackage" in err
    assert "stands there already" in run("tile", str(sources.demo_path()), "-o", "tiles")[2]
    (tmp_path / "tiles" / "streets").rename(tmp_path / "streets")
    code, _, err = run("assess", "tiles", "-o", "result")
    assert (code, "layer `streets`: is missing" in err) == (3, True)
    assert not (tmp_path / "result").exists()


def test_the_command_line_says_which_part_failed_and_leaves_with_4(run, tmp_path, tiles, monkeypatch):
    def failing(*_, **__):
        raise InputError("a fixed borehole stands in a house")

    monkeypatch.setattr("minenet.scale.tasks.group_part", failing)
    code, out, _ = run("assess", tiles, "-o", "result")
    assert code == 4
    assert "1 of 1 parts failed" in out
    assert "a fixed borehole stands in a house" in out
    result = read_result("result")
    assert set(result.homes["left_out_reason"]) == {"part_failed"}
    assert len(result.homes) == len(expected().homes)
    assert not len(result.clusters)
    assert (tmp_path / "result.work").is_dir()


def test_a_mapping_names_folders(tmp_path):
    for name, frame in layers().items():
        (tmp_path / "area" / f"my {name}").mkdir(parents=True)
        frame.rename(columns={"building_id": "pand", "street_id": "weg"}).to_parquet(
            tmp_path / "area" / f"my {name}" / "all.parquet"
        )
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[buildings]\nfile = "my buildings"\ncolumns = { building_id = "pand" }\nattribution = "Town"\n'
        '[streets]\nfile = "my streets"\ncolumns = { street_id = "weg" }\n'
    )
    assert sources.in_tiles(tmp_path / "area", mapping=mapping)
    in_tiles(tmp_path / "area", tmp_path, mapping=mapping)
    assert_same(read_result(tmp_path / "result"), expected(), but=(*OF_THE_FILES, "attribution."))
    assert len(minenet.read_area(tmp_path / "area", mapping=mapping).buildings) == len(area().buildings)
    mapping.write_text('[buildings]\nfile = "their buildings"\n')
    with pytest.raises(InputError, match="their buildings"):
        tile_files(tmp_path / "area", mapping=mapping)


@pytest.mark.parametrize(
    "name",
    [
        "../outside.parquet",
        "/etc/passwd",
        "homes/../../x.parquet",
        "homes/part-1.gpkg",
        "pipes/extra.parquet",
        "costs/whole.parquet",
        "trees/part-1.parquet",
    ],
)
def test_a_manifest_that_leads_elsewhere_is_refused(made, name):
    manifest = made / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), name: "0" * 64}))
    with pytest.raises(InputError, match="which is no table"):
        read_result(made)


@pytest.mark.parametrize("text", ["", "[]", "{", "\udcff", "[" * 200_000])
def test_a_manifest_that_is_none_is_refused(tmp_path, text):
    (tmp_path / "manifest.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError, match="manifest.json"):
        read_result(tmp_path)


def test_a_file_that_the_manifest_does_not_name_is_not_read(made):
    homes = read_result(made).homes
    file = min((made / "homes").glob("*.parquet"))
    shutil.copy(file, file.with_name("part-9999999.parquet"))
    assert len(read_result(made).homes) == len(homes)


def test_the_leader_has_let_go_of_names_when_it_cuts(tmp_path, tiles, monkeypatch):
    def chained(wishes):
        gc.collect()
        assert not [thing for thing in gc.get_objects() if type(thing) is cutting._Seen]
        assert set(wishes) == {"building", "wish"}
        raise KeyboardInterrupt

    monkeypatch.setattr(cutting, "chained", chained)
    with pytest.raises(KeyboardInterrupt):
        in_tiles(tiles, tmp_path)


def test_buildings_that_cannot_be_told_apart_are_named(monkeypatch):
    """Names are told apart by numbers: should two ever be alike, that is said, and no building follows another."""
    lived = pd.DataFrame({"building_id": ["b", "a", "c"], "x": [0.0, 1.0, 2.0], "y": 0.0, "homes": 1})
    assert cutting._Lived(lived).position(pd.Series(["c", "no", "a"])).tolist() == [2, -1, 0]
    monkeypatch.setattr(cutting, "_keys", lambda ids: ids.map({"a": 7, "b": 3, "c": 7}).to_numpy(dtype=np.uint64))
    with pytest.raises(InputError, match="`a` and `c` cannot be told apart"):
        cutting._Lived(lived)
