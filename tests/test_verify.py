"""`verify` holds on every result, and notices every way in which a result can be spoilt."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from drawn_street import layer, streets

import minenet
from minenet import Assumptions
from minenet.errors import InputError
from minenet.invariants import homes, verify
from minenet.invariants.carriers import numbers_of
from minenet.recording import provenance
from minenet.sources import write_parquet

NEEDS = {
    "boreholes keep their distance to the outer boundary of the plots": "parcels",
    "no borehole stands in a zone with a ban": "zones",
    "boreholes obey depth limits": "zones",
}
"""What cannot be looked at in an area without this layer."""


def test_every_invariant_holds_on_every_result(assessed):
    _, area, result = assessed
    found = verify(result, area)
    assert [f for f in found if f.outcome == "broken"] == []
    unseen = {f.what for f in found if f.outcome == "not checked"}
    assert unseen == {what for what, layer in NEEDS.items() if getattr(area, layer) is None}


def test_without_the_area_less_is_checked_but_nothing_is_broken(assessed):
    _, _, result = assessed
    outcomes = {f.outcome for f in verify(result)}
    assert outcomes <= {"holds", "not checked"}


def spoilt(result, **layers):
    return dataclasses.replace(result, **layers)


def moved(frame, which, shape):
    shapes = np.asarray(frame.geometry.array).copy()
    shapes[which] = shape
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=frame.crs)


def with_value(frame, column, value, row=0):
    changed = frame.copy()
    changed.loc[changed.index[row], column] = value
    return changed


def hole_at(result, shape):
    return spoilt(result, boreholes=moved(result.boreholes, 0, shape))


def pipe_along(result, line):
    pipes = moved(result.pipes, 0, line)
    return spoilt(result, pipes=with_value(pipes, "length_m", line.length))


def _torn(pipes, variant):
    ring = np.flatnonzero((pipes["variant"] == variant) & (pipes["kind"] == "ring"))
    return moved(pipes, ring[0], shapely.transform(pipes.geometry.iloc[ring[0]], lambda xy: xy + 3000))


def _a_hole_of(result, variant, place):
    first = np.flatnonzero(result.boreholes["variant"] == variant)[0]
    return spoilt(result, boreholes=moved(result.boreholes, first, place))


def _across(layer):
    shape = layer.geometry.iloc[0]
    west, _, east, _ = shape.bounds
    inner = shape.representative_point()
    return shapely.LineString([(west - 1, inner.y), (east + 1, inner.y)])


def _twins(result):
    first = result.boreholes.iloc[0]
    same = np.flatnonzero(result.boreholes["variant"] == first["variant"])
    return spoilt(result, boreholes=moved(result.boreholes, same[1], first.geometry))


def _corner(result, area):
    """Return a point on the outer boundary of the plots of the first borehole's cluster."""
    cluster = result.boreholes["cluster_id"].iloc[0]
    own = result.homes[result.homes["cluster_id"] == cluster]["building_id"]
    inner = area.buildings[area.buildings["building_id"].isin(own)].representative_point()
    plots = area.parcels[area.parcels.intersects(shapely.union_all(inner.to_numpy()))]
    return shapely.get_point(
        shapely.get_exterior_ring(shapely.get_geometry(shapely.union_all(plots.geometry.to_numpy()), 0)), 0
    )


def _too_deep(result, area):
    zone = area.zones[area.zones["effect"] == "max_depth"].iloc[0]
    there = hole_at(result, zone.geometry.representative_point())
    return spoilt(there, boreholes=with_value(there.boreholes, "depth_m", zone["value"] + 5))


def _elsewhere(pipes, variant):
    """Return pipes of which those of one variant lie three kilometres away, as they are among each other."""
    shapes = np.asarray(pipes.geometry.array).copy()
    there = (pipes["variant"] == variant).to_numpy()
    shapes[there] = shapely.transform(shapes[there], lambda xy: xy + 3000)
    return gpd.GeoDataFrame(pipes.drop(columns="geometry"), geometry=shapes, crs=pipes.crs)


DOUBLED = [
    *(("clusters", c) for c in ("heat_kwh", "peak_kw", "capex_eur_per_home", "annual_eur_per_home")),
    *(("solutions", c) for c in ("depth_m", "public_trench_m", "capex_eur", "capex_eur_per_home")),
    *(("costs", c) for c in ("quantity", "unit_price_eur")),
]

WAYS = {
    "a column is gone": ("tables hold", lambda r, _: spoilt(r, finance=r.finance.drop(columns="terms"))),
    "another word": ("tables hold", lambda r, _: spoilt(r, clusters=with_value(r.clusters, "verdict", "fine"))),
    "below its bound": ("tables hold", lambda r, _: spoilt(r, boreholes=with_value(r.boreholes, "depth_m", -3.0))),
    "infinite": ("every number is finite", lambda r, _: spoilt(r, costs=with_value(r.costs, "total_eur", np.inf))),
    "a home twice": ("every dwelling appears once", lambda r, _: spoilt(r, homes=gpd.GeoDataFrame(pd.concat([r.homes, r.homes.iloc[:1]], ignore_index=True), crs=r.crs))),
    "a home of no cluster, without a reason": ("every dwelling appears once", lambda r, _: spoilt(r, homes=r.homes.assign(cluster_id=None, left_out_reason=None).astype({"cluster_id": "str"}))),
    "a home of another name": ("every dwelling of the area", lambda r, _: spoilt(r, homes=with_value(r.homes, "home_id", "h0"))),
    "a home that is gone": ("every dwelling of the area", lambda r, _: spoilt(r, homes=r.homes.iloc[1:])),
    "a reason that is not counted": ("counted by reason", lambda r, _: spoilt(r, homes=with_value(r.homes, "left_out_reason", "moved_away"))),
    "a cluster of another size": ("clusters have 2-50", lambda r, _: spoilt(r, clusters=with_value(r.clusters, "homes", 49))),
    **{
        f"a ring in two pieces: {variant}": ("one piece", lambda r, _, v=variant: spoilt(r, pipes=_torn(r.pipes, v)))
        for variant in ("ring_net", "ring_net_collective", "ring_net_aquathermal")
    },
    "a borehole of one heat pump for all, elsewhere": ("lead from homes to their boreholes", lambda r, _: _a_hole_of(r, "ring_net_collective", shapely.Point(1, 1))),
    "a borehole nowhere": ("tables hold", lambda r, _: _a_hole_of(r, "ring_net_collective", None)),
    "a pipe of another cluster": ("is reached", lambda r, _: spoilt(r, connections=r.connections.assign(pipe_id=r.connections["pipe_id"].iloc[::-1].to_numpy()))),
    "a pipe across the water": ("crosses water", lambda r, a: pipe_along(r, _across(a.water))),
    "two holes at one place": ("keep their spacing", lambda r, _: _twins(r)),
    "a hole in a house": ("boreholes keep clear", lambda r, a: hole_at(r, a.buildings.geometry.iloc[0].representative_point())),
    "a hole under a tree": ("boreholes keep clear", lambda r, a: hole_at(r, a.obstacles.geometry.iloc[0].representative_point())),
    "a hole on the boundary": ("outer boundary", lambda r, a: hole_at(r, _corner(r, a))),
    "a hole in a banned zone": ("zone with a ban", lambda r, a: hole_at(r, a.zones.geometry[a.zones["effect"] == "ban"].iloc[0].representative_point())),
    "too deep for a zone": ("depth limits", _too_deep),
    "a home without a pipe": ("is reached", lambda r, _: spoilt(r, connections=r.connections.iloc[1:])),
    "another length": ("lengths are", lambda r, _: spoilt(r, pipes=with_value(r.pipes, "length_m", 12345.0))),
    "a trench with one pipe": ("lengths are", lambda r, _: spoilt(r, pipes=r.pipes.assign(pipe_m=r.pipes["length_m"]))),
    "a pipe through a house": ("through a building", lambda r, a: pipe_along(r, _across(a.buildings))),
    "metres from nowhere": ("sums of their parts", lambda r, _: spoilt(r, solutions=r.solutions.assign(borehole_m=1.0))),
    "a loop that leads elsewhere": ("lead from homes to their boreholes", lambda r, _: spoilt(r, pipes=_elsewhere(r.pipes, "shared_loops"))),
    "a borehole without a pipe": ("lead from homes to their boreholes", lambda r, _: spoilt(r, pipes=r.pipes[r.pipes["kind"] != "branch"])),
    "a service from another house": ("begin at the homes", lambda r, _: spoilt(r, pipes=_elsewhere(r.pipes, "ring_net"))),
    "a name that two boreholes have": ("have one name", lambda r, _: spoilt(r, boreholes=with_value(r.boreholes, "borehole_id", r.boreholes["borehole_id"].iloc[1]))),
    "a name that two pipes have": ("have one name", lambda r, _: spoilt(r, pipes=with_value(r.pipes, "pipe_id", r.pipes["pipe_id"].iloc[1]))),
    "a cluster twice": ("have one name", lambda r, _: spoilt(r, clusters=gpd.GeoDataFrame(pd.concat([r.clusters, r.clusters.iloc[:1]], ignore_index=True), crs=r.crs))),
    "a reason that nobody has": ("counted by reason", lambda r, _: spoilt(r, provenance=pd.concat([r.provenance, pd.DataFrame({"key": ["left_out.homes.moved_away"], "value": ["7"]})], ignore_index=True))),
    **{
        f"{table}.{column} doubled": ("sums of their parts", lambda r, _, t=table, c=column: spoilt(r, **{t: r.layers[t].assign(**{c: 2 * r.layers[t][c]})}))
        for table, column in DOUBLED
    },
    "annual cost doubled everywhere": ("sums of their parts", lambda r, _: spoilt(r, **{t: r.layers[t].assign(annual_eur_per_home=2 * r.layers[t]["annual_eur_per_home"]) for t in ("clusters", "solutions")})),
    "nothing to pay each year": ("sums of their parts", lambda r, _: spoilt(r, costs=r.costs[r.costs["kind"] != "yearly"])),
    **{
        f"no {column}": ("sums of their parts", lambda r, _, c=column: spoilt(r, solutions=r.solutions.assign(**{c: np.nan})))
        for column in ("depth_m", "boreholes", "trench_m", "capex_eur", "capex_eur_per_home", "annual_eur_per_home")
    },
    "no cost of the best": ("sums of their parts", lambda r, _: spoilt(r, clusters=r.clusters.assign(annual_eur_per_home=np.nan))),
    "a best that cannot be built": ("sums of their parts", lambda r, _: spoilt(r, solutions=r.solutions.assign(feasible=r.solutions["feasible"] & (r.solutions["variant"] != "shared_loops")))),
    "a line without a quantity": ("sums of their parts", lambda r, _: spoilt(r, costs=with_value(r.costs, "quantity", np.nan))),
    "a line without a price": ("sums of their parts", lambda r, _: spoilt(r, costs=with_value(r.costs, "unit_price_eur", np.nan))),
    "euros from nowhere": ("sums of their parts", lambda r, _: spoilt(r, costs=r.costs.assign(total_eur=r.costs["total_eur"] * 1.1))),
}  # fmt: skip


@pytest.mark.parametrize("way", list(WAYS))
def test_what_is_spoilt_is_noticed(demo_area, demo_result, way):
    what, spoil = WAYS[way]
    findings = verify(spoil(demo_result, demo_area), demo_area)
    broken = [f.what for f in findings if f.outcome == "broken"]
    assert any(what in said for said in broken), broken


def test_without_the_area_what_the_result_does_not_draw_is_not_said_to_hold(demo_result):
    """Trees, walls and main roads stand in no result; what is drawn shows that a borehole is too near, not that none is."""
    outcome = {f.what: f.outcome for f in verify(demo_result)}
    assert outcome["boreholes keep clear"] == "not checked"
    assert outcome["no borehole stands in a zone with a ban"] == outcome["no pipe runs through a building"] == "holds"
    drawn = demo_result.context
    for of in ("building", "loop"):
        there = drawn.geometry[drawn["layer"] == of].iloc[0].representative_point()
        assert "boreholes keep clear" in _broken(hole_at(demo_result, there))
    bare = {f.what: f.outcome for f in verify(spoilt(demo_result, context=drawn[drawn["layer"] == "street"]))}
    assert bare["no borehole stands in a zone with a ban"] == bare["no pipe runs through a building"] == "not checked"


def _broken(result):
    return [f.what for f in verify(result) if f.outcome == "broken"]


@pytest.mark.parametrize("value", [12345.67, 1.23456789, 300.0, 0.0])
def test_ranges_are_read_back_from_provenance_as_they_were(value):
    numbers = Assumptions.default().override(
        {"costs": {"air_heat_pump_eur_kw": {"value": value, "low": value, "high": value}}}, where="test"
    )
    notes = provenance({}, numbers).set_index("key")["value"]
    read = numbers_of(notes).entries["costs.air_heat_pump_eur_kw"]
    assert (read.value, read.low, read.high) == (value, value, value)


def test_a_result_that_does_not_say_its_numbers(demo_result):
    notes = demo_result.provenance
    with pytest.raises(InputError, match="does not say what"):
        verify(spoilt(demo_result, provenance=notes[notes["key"] != "assumption.sites.spacing_m"]))


def test_numbers_of_the_user_are_those_it_is_held_to(demo_result, demo_area):
    """The demo keeps 6 m; held to 40 m, also to registered loops, as its provenance then says, it does not."""
    notes = demo_result.provenance.copy()
    notes.loc[notes["key"] == "assumption.sites.spacing_m", "value"] = "40.0 m (3 to 50); mine; 2026"
    findings = verify(spoilt(demo_result, provenance=notes), demo_area)
    assert [f.what for f in findings if f.outcome == "broken"] == [
        "boreholes keep their spacing",
        "boreholes keep clear",
    ]


def test_dwellings_are_found_as_they_were():
    """Told of the area alone, in a way of its own: by the id of the building, its place, the nearest; with its use."""
    squares = [shapely.box(x, 0, x + 10, 10) for x in (0, 20, 400)]
    area = minenet.make_area(
        {
            "buildings": layer(
                squares, building_id=["home", "shop", "far"], use=["residential", "other", "other"], dwellings=[1, 0, 2]
            ),
            "streets": streets(shapely.LineString([(-20, -5), (420, -5)])),
            "addresses": layer(
                [
                    shapely.Point(x, y)
                    for x, y in ((5, 5), (5, 6), (25, 5), (32, 5), (5, 7), (25, 6), (25, 7), (200, 5))
                ],
                address_id=["in", "flats", "in_shop", "near_shop", "of_shop", "own_use", "too_far", "nowhere"],
                building_id=[None, "home", None, None, "shop", None, "far", None],
                use=[None, None, None, None, None, "residential", None, None],
                dwellings=[1, 3, 1, 1, 1, 2, 1, 1],
            ),
        }
    )
    numbers = Assumptions.default()
    found = minenet.find_homes(area, numbers)
    expected = ["flats#01", "flats#02", "flats#03", "in", "nowhere", "own_use#01", "own_use#02"]
    assert sorted(found["home_id"]) == expected
    named = homes.dwellings_of(area, numbers.homes.address_reach_m)[1]
    assert sorted(named) == sorted(homes.digests(pd.Series(expected)))


def test_a_column_that_a_file_lost_is_noticed(demo_result, tmp_path):
    """Reading fills it with nothing, so that maps and pages still work, and `verify` says that it is missing."""
    write_parquet(demo_result, tmp_path / "result")
    file = tmp_path / "result" / "finance.parquet"
    pd.read_parquet(file).drop(columns="terms").to_parquet(file)
    findings = verify(tmp_path / "result")
    assert [f.detail for f in findings if f.outcome == "broken"] == ["finance.terms is missing"]
