"""A result of many files is looked at part by part, and nothing is missed that the whole at once would show."""

import hashlib
import itertools
import json
import shutil

import drawn_street
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from test_verify import WAYS, moved, spoilt, with_value

import minenet
from minenet import sources
from minenet.assumptions import Assumptions
from minenet.errors import InputError
from minenet.scale import Settings, engine_of
from minenet.sources import places
from minenet.tables import RESULT_TABLES, empty
from minenet.tiles import run_tiles

PARTS = 3


def strip(x, result):
    """Return the part in which each coordinate lies: from west to east, as many homes in each."""
    borders = np.quantile(result.homes.geometry.x, np.arange(1, PARTS) / PARTS)
    return np.searchsorted(borders, x)


def part_of(result):
    """Return the part of each cluster."""
    middle = result.clusters.representative_point().x
    return dict(zip(result.clusters["cluster_id"], strip(middle, result), strict=True))


def in_parts(result, folder, part):
    """Write a result as many files, each cluster whole in its part; what is drawn stands in one file."""
    digests = {}
    for name, table in RESULT_TABLES.items():
        frame = result.layers[name]
        pieces = {"whole": frame}
        if name not in ("context", "provenance"):
            of = frame["cluster_id"].map(part)
            if name == "homes":
                of = of.fillna(pd.Series(strip(frame.geometry.x, result), index=frame.index))
            pieces = {f"part-{n:07d}": rows for n, rows in frame.groupby(of.astype(int))} or {"none": frame}
        if name == "context":
            of = strip((frame.bounds["minx"] + frame.bounds["maxx"]) / 2, result)
            pieces = {f"square-{n:07d}": rows for n, rows in frame.groupby(of)}
        (folder / name).mkdir(parents=True)
        for piece, rows in pieces.items():
            data = sources.table_bytes(rows if table.geometry is None else gpd.GeoDataFrame(rows, crs=result.crs))
            (folder / name / f"{piece}.parquet").write_bytes(data)
            digests[f"{name}/{piece}.parquet"] = hashlib.sha256(data).hexdigest()
    (folder / sources.MANIFEST).write_bytes(sources.manifest_bytes(digests))
    return folder


@pytest.fixture(scope="module")
def tiles(demo_area, tmp_path_factory):
    return sources.write_tiles(demo_area, tmp_path_factory.mktemp("tiles") / "area", side_m=400.0)


def test_addresses_without_rows_are_as_none_whoever_looks(tmp_path):
    """Buildings then tell of the homes, also in tiles, and `verify` finds as many."""
    none = gpd.GeoDataFrame({"address_id": pd.Series([], dtype="str")}, geometry=[], crs=drawn_street.CRS)
    layers = {"buildings": drawn_street.buildings(), "streets": drawn_street.streets()}
    area = minenet.make_area({**layers, "addresses": none})
    whole = minenet.assess(area)
    assert len(whole.homes) == len(minenet.assess(minenet.make_area(layers)).homes) == 10
    folder = sources.write_tiles(area, tmp_path / "area")
    tiles, notes = sources.tile_files(folder)
    with engine_of() as engine:
        run_tiles(
            tiles, notes, Settings(Assumptions.default()), tmp_path / "work", engine,
            write=lambda made: sources.moved_result(made, tmp_path / "result"),
        )  # fmt: skip
    in_tiles = sources.read_result(tmp_path / "result")
    pd.testing.assert_frame_equal(pd.DataFrame(in_tiles.homes), pd.DataFrame(whole.homes))
    for result, given in ((whole, area), (tmp_path / "result", folder), (tmp_path / "result", area)):
        assert not [f for f in minenet.verify(result, given) if f.outcome == "broken"]


def test_part_by_part_it_says_the_same_as_of_the_whole(demo_result, demo_area, tiles, tmp_path):
    folder, heard = in_parts(demo_result, tmp_path / "result", part_of(demo_result)), []
    of_whole = minenet.verify(demo_result, demo_area)
    assert {f.outcome for f in of_whole} == {"holds"}
    assert minenet.verify(folder, tiles, tell=heard.append) == of_whole
    assert heard == ["1 of 3 parts", "2 of 3 parts", "3 of 3 parts", "counting"]
    assert minenet.verify(folder, demo_area) == of_whole
    assert minenet.verify(folder) == minenet.verify(demo_result)


FIRST = {what: way for way, (what, _) in reversed(WAYS.items())}
"""One way in which each invariant is broken."""


@pytest.mark.parametrize("way", list(FIRST.values()))
def test_what_is_spoilt_is_noticed_in_its_part(demo_result, demo_area, tmp_path, way):
    what, spoil = WAYS[way]
    bad = spoil(demo_result, demo_area)
    folder = in_parts(bad, tmp_path / "result", part_of(demo_result))
    broken = {f.what for f in minenet.verify(folder, demo_area) if f.outcome == "broken"}
    assert any(what in said for said in broken), broken


def test_holes_of_two_parts_at_one_place_are_noticed(demo_result, tmp_path):
    part, holes = part_of(demo_result), demo_result.boreholes
    of = holes["cluster_id"].map(part).to_numpy()
    ring = (holes["variant"] == "ring_net").to_numpy()
    one, other = np.flatnonzero(ring & (of == 0))[0], np.flatnonzero(ring & (of == 2))[0]
    bad = spoilt(demo_result, boreholes=moved(holes, one, holes.geometry.iloc[other]))
    found = {f.what: f for f in minenet.verify(in_parts(bad, tmp_path / "result", part))}
    assert found["boreholes keep their spacing"].outcome == "broken"


def test_a_name_in_two_parts_is_noticed(demo_result, tmp_path):
    part, pipes = part_of(demo_result), demo_result.pipes
    of = pipes["cluster_id"].map(part).to_numpy()
    one, other = np.flatnonzero(of == 0)[0], np.flatnonzero(of == 2)[0]
    bad = spoilt(demo_result, pipes=with_value(pipes, "pipe_id", pipes["pipe_id"].iloc[other], one))
    found = {f.what: f for f in minenet.verify(in_parts(bad, tmp_path / "result", part))}
    assert found["no two clusters, boreholes or pipes have one name"].detail == "1 rows of `pipes` are called as others"


def test_without_the_area_a_building_beyond_the_part_is_looked_at(demo_result, tmp_path):
    """A house 0.2 m beyond all that the part has, drawn in a file of its own."""
    part, folder = part_of(demo_result), tmp_path / "result"
    x = demo_result.boreholes.geometry.x.to_numpy()
    east = np.argmax(np.where(demo_result.boreholes["cluster_id"].map(part) == 0, x, -np.inf))
    bounds = sources.ResultInParts(in_parts(demo_result, folder, part)).bounds("part-0000000")
    at = shapely.Point(bounds[2], demo_result.boreholes.geometry.iloc[east].y)  # the outermost place of the part
    shutil.rmtree(folder)
    house = demo_result.context[demo_result.context["layer"] == "building"].iloc[:1]
    house = house.set_geometry([shapely.box(at.x + 0.2, at.y - 4, at.x + 8, at.y + 4)], crs=demo_result.crs)
    bad = spoilt(
        demo_result,
        boreholes=moved(demo_result.boreholes, east, at),
        context=gpd.GeoDataFrame(pd.concat([demo_result.context, house], ignore_index=True), crs=demo_result.crs),
    )
    in_parts(bad, folder, part)
    for findings in (minenet.verify(folder), minenet.verify(bad)):
        assert "boreholes keep clear" in {f.what for f in findings if f.outcome == "broken"}


def test_a_home_in_two_parts_is_noticed(demo_result, tmp_path):
    homes = demo_result.homes
    alone = np.flatnonzero(homes["cluster_id"].isna())
    west, east = (alone[order(homes.geometry.x.to_numpy()[alone])] for order in (np.argmin, np.argmax))
    bad = spoilt(demo_result, homes=with_value(homes, "home_id", homes["home_id"].iloc[west], east))
    findings = minenet.verify(in_parts(bad, tmp_path / "result", part_of(demo_result)))
    assert [f.detail for f in findings if f.outcome == "broken"] == ["1 dwellings stand in two parts"]


def test_only_files_nearby_are_read(demo_area, tiles, monkeypatch):
    area = sources.area_by_place(tiles, demo_area.crs)
    read = []
    monkeypatch.setattr(places, "read_tile", lambda tile: read.append(tile.name) or sources.read_tile(tile))
    near = area.near(demo_area.buildings.geometry.iloc[0].bounds)
    assert 0 < len(near.buildings) < len(demo_area.buildings) / 2
    assert (
        0 < len([name for name in read if name.startswith("buildings/")]) < len(list((tiles / "buildings").iterdir()))
    )


def test_tiles_by_place_are_the_area_by_place(demo_area, tiles):
    """All rows that touch a box, as of the area in memory, whatever file they stand in."""
    by_file, at_once = sources.area_by_place(tiles, demo_area.crs), sources.AreaWhole(demo_area)
    west, south, east, north = demo_area.buildings.total_bounds
    middle, centre = (west + east) / 2, (south + north) / 2
    for box in itertools.product((west, middle), (south, centre), (middle, east), (centre, north)):
        one, other = by_file.near(box), at_once.near(box)
        for name, layer in other.layers.items():
            pd.testing.assert_frame_equal(pd.DataFrame(one.layers[name]), pd.DataFrame(layer), obj=name)


def without_clusters(result):
    """Return a result of which no home is in a cluster."""
    homes = result.homes.assign(cluster_id=None, left_out_reason="too_few_homes_near").astype({"cluster_id": "str"})
    layers = {
        name: empty(RESULT_TABLES[name], result.crs)
        for name in result.layers
        if name not in ("homes", "context", "provenance")
    }
    notes = result.provenance[~result.provenance["key"].str.startswith("left_out.homes.")]
    counted = pd.DataFrame({"key": ["left_out.homes.too_few_homes_near"], "value": [str(len(homes))]})
    return spoilt(result, homes=homes, provenance=pd.concat([notes, counted], ignore_index=True), **layers)


def test_a_result_without_any_cluster(demo_result, demo_area, tmp_path):
    result = without_clusters(demo_result)
    folder = in_parts(result, tmp_path / "result", {})
    assert minenet.verify(folder, demo_area) == minenet.verify(result, demo_area)
    box = tuple(float(edge) for edge in result.homes.total_bounds)
    assert len(sources.read_result(folder, near=box).homes) == len(result.homes)


def test_rows_of_no_part_are_refused(demo_result, tmp_path):
    folder = in_parts(without_clusters(demo_result), tmp_path / "result", {})
    data = sources.table_bytes(demo_result.pipes)
    (folder / "pipes" / "none.parquet").write_bytes(data)
    manifest = json.loads((folder / sources.MANIFEST).read_text())
    manifest["pipes/none.parquet"] = hashlib.sha256(data).hexdigest()
    (folder / sources.MANIFEST).write_bytes(sources.manifest_bytes(manifest))
    with pytest.raises(InputError, match="holds rows of no part: `pipes/none.parquet`"):
        minenet.verify(folder)
