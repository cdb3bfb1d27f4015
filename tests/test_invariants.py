"""The invariants of the result, on the demo and on every real neighbourhood."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal
from scipy.spatial import cKDTree

from minenet import Area, Assumptions, Profile, Result, assess
from minenet.tables import MAIN_ROADS, REFERENCES, RESULT_TABLES, VARIANTS

NUMBERS = Assumptions.default()
MILLIMETRE = 0.001


# --- 1: nothing disappears --------------------------------------------------------------------------------------------


def test_every_dwelling_read_appears_once(assessed):
    _, area, result = assessed
    homes = result.homes
    assert homes["home_id"].is_unique
    assert (homes["cluster_id"].notna() ^ homes["left_out_reason"].notna()).all()
    assert len(homes) == _dwellings(area)


def _dwellings(area: Area) -> int:
    """Count dwellings straight from the input."""
    if area.addresses is None:
        return int(area.buildings["dwellings"].fillna(0).sum())
    addresses = area.addresses
    use = addresses["use"].copy()
    by_id = addresses["building_id"].map(area.buildings.set_index("building_id")["use"])
    joined = gpd.sjoin(addresses[["geometry"]], area.buildings[["use", "geometry"]], predicate="within", how="left")
    by_place = joined[~joined.index.duplicated()]["use"]
    use = use.fillna(by_id).fillna(by_place)
    return int(addresses["dwellings"].fillna(1)[use != "other"].sum())


def test_left_out_homes_are_counted_by_reason(assessed):
    _, _, result = assessed
    notes = result.provenance.set_index("key")["value"]
    for reason, count in result.homes["left_out_reason"].value_counts().items():
        assert int(notes[f"left_out.homes.{reason}"]) == count
    assert int(notes["count.homes"]) == len(result.homes)


# --- 2: clusters ------------------------------------------------------------------------------------------------------


def test_clusters_have_2_to_50_homes_and_count_them(assessed):
    _, _, result = assessed
    counts = result.homes["cluster_id"].value_counts()
    assert len(result.clusters)
    assert result.clusters["homes"].between(2, 50).all()
    assert (result.clusters.set_index("cluster_id")["homes"] == counts.reindex(result.clusters["cluster_id"])).all()


def test_homes_of_a_ring_hang_together_without_crossing_what_no_trench_crosses(assessed):
    _, area, result = assessed
    pipes = result.pipes[result.pipes["variant"] == "ring_net"]
    built = result.solutions[(result.solutions["variant"] == "ring_net") & result.solutions["feasible"]]
    assert len(built)
    for cluster_id in built["cluster_id"]:
        own = pipes[pipes["cluster_id"] == cluster_id]
        whole = shapely.union_all(shapely.buffer(np.asarray(own.geometry.array), 5 * MILLIMETRE))
        assert whole.geom_type == "Polygon", cluster_id
    barrier = _barrier(area)
    bridges = area.streets[area.streets["bridge"].fillna(value=False)]
    over = shapely.union_all(shapely.buffer(np.asarray(bridges.geometry.array), 0.5))
    inside = shapely.length(shapely.intersection(shapely.difference(np.asarray(pipes.geometry.array), over), barrier))
    assert inside.max() <= MILLIMETRE


def _barrier(area: Area) -> shapely.Geometry:
    streets = area.streets
    level = ~streets["bridge"].fillna(value=False) & ~streets["tunnel"].fillna(value=False)
    main = streets[streets["road_class"].fillna("").str.removesuffix("_link").isin(MAIN_ROADS) & level]
    parts = [shapely.buffer(np.asarray(main.geometry.array), 0.1)]
    if area.water is not None:
        parts.append(np.asarray(area.water.geometry.array))
    if area.barriers is not None:
        parts.append(shapely.buffer(np.asarray(area.barriers.geometry.array), 0.1))
    return shapely.union_all(np.concatenate(parts))


# --- 3: boreholes -----------------------------------------------------------------------------------------------------


def _groups(result: Result) -> list[gpd.GeoDataFrame]:
    """Boreholes that must keep their distance: of one variant, and of all best variants together."""
    holes = result.boreholes
    best = result.clusters.set_index("cluster_id")["best_variant"]
    return [*(g for _, g in holes.groupby("variant")), holes[holes["variant"] == holes["cluster_id"].map(best)]]


def test_boreholes_keep_their_spacing(assessed):
    _, _, result = assessed
    for holes in _groups(result):
        xy = shapely.get_coordinates(holes.geometry.array)
        assert len(cKDTree(xy).query_pairs(NUMBERS.sites.spacing_m - MILLIMETRE)) == 0


def test_boreholes_keep_clear(assessed):
    _, area, result = assessed
    sites = NUMBERS.sites
    points = np.asarray(result.boreholes.geometry.array)
    clearances = [(area.buildings, sites.building_clearance_m), (area.water, sites.water_clearance_m)]
    clearances += [(area.loops, sites.spacing_m)]
    if area.obstacles is not None:
        kinds = {"tree": sites.tree_clearance_m, "sewer": sites.sewer_clearance_m, "wall": sites.wall_clearance_m}
        for (kind, own), group in area.obstacles.assign(own=area.obstacles["clearance_m"]).groupby(
            ["kind", "own"], dropna=False
        ):
            clearances.append((group, kinds.get(kind, sites.other_clearance_m) if np.isnan(own) else own))
    main = area.streets["road_class"].fillna("").str.removesuffix("_link").isin(MAIN_ROADS)
    clearances += [(area.barriers, sites.barrier_clearance_m), (area.streets[main], sites.main_road_clearance_m)]
    for layer, clearance in clearances:
        if layer is not None and len(layer):
            distance = shapely.STRtree(np.asarray(layer.geometry.array)).query_nearest(points, return_distance=True)[1]
            assert distance.min() >= clearance - MILLIMETRE
    if area.parcels is not None:
        _assert_clear_of_outer_boundary(area, result)


def _assert_clear_of_outer_boundary(area: Area, result: Result) -> None:
    inside = result.homes[result.homes["cluster_id"].notna()]
    cluster = inside.drop_duplicates("building_id").set_index("building_id")["cluster_id"]
    joined = area.buildings[area.buildings["building_id"].isin(cluster.index)]
    inner = joined.set_geometry(joined.geometry.representative_point())
    plots = gpd.sjoin(area.parcels, inner[["building_id", "geometry"]], predicate="contains")
    plots = plots.assign(cluster_id=plots["building_id"].map(cluster))
    outline = plots.groupby("cluster_id")["geometry"].agg(lambda g: shapely.union_all(np.asarray(g)))
    holes = result.boreholes[result.boreholes["cluster_id"].isin(outline.index)]
    assert len(holes)
    edge = shapely.distance(
        shapely.boundary(outline.reindex(holes["cluster_id"]).to_numpy()), np.asarray(holes.geometry.array)
    )
    assert edge.min() >= NUMBERS.sites.boundary_clearance_m - MILLIMETRE


def test_zones_are_obeyed(assessed):
    name, area, result = assessed
    if area.zones is None:
        assert name != "demo"
        return
    ban = shapely.union_all(area.zones.geometry[area.zones["effect"] == "ban"].to_numpy())
    assert not shapely.intersects(ban, np.asarray(result.boreholes.geometry.array)).any()
    for zone in area.zones[area.zones["effect"] == "max_depth"].itertuples():
        inside = result.boreholes[result.boreholes.intersects(zone.geometry)]
        assert (inside["depth_m"] <= zone.value + 0.01).all()


# --- 4: pipes and sums ------------------------------------------------------------------------------------------------


def test_every_home_of_a_feasible_variant_is_connected(assessed):
    _, _, result = assessed
    homes = result.homes[result.homes["cluster_id"].notna()]
    built = result.solutions[result.solutions["variant"].isin(VARIANTS) & result.solutions["feasible"]]
    wanted = built[["cluster_id", "variant"]].merge(homes[["cluster_id", "home_id"]], on="cluster_id")
    joined = wanted.merge(result.connections, on=["cluster_id", "variant", "home_id"], how="left")
    assert len(joined) == len(wanted) == len(result.connections)
    assert joined["pipe_id"].isin(result.pipes["pipe_id"]).all()
    shared = joined[joined["variant"] == "shared_loops"]
    assert shared["borehole_id"].isin(result.boreholes["borehole_id"]).all()
    assert joined.loc[joined["variant"] == "ring_net", "borehole_id"].isna().all()
    assert shared.groupby("borehole_id").size().between(1, 3).all()


def test_no_pipe_runs_through_a_building_or_water(assessed):
    _, area, result = assessed
    solid = shapely.buffer(np.asarray(area.buildings.geometry.array), -0.3)  # deeper than a pipe may graze
    lines = np.asarray(result.pipes.geometry.array)
    pipe, _ = shapely.STRtree(solid).query(lines, predicate="intersects")
    assert not len(pipe), result.pipes.iloc[pipe[:3]]["pipe_id"].tolist()
    if area.water is not None:
        bridges = area.streets[area.streets["bridge"].fillna(value=False)]
        over = shapely.union_all(shapely.buffer(np.asarray(bridges.geometry.array), 0.5))
        wet = shapely.difference(shapely.union_all(np.asarray(area.water.geometry.array)), over)
        assert shapely.length(shapely.intersection(lines, wet)).max() <= MILLIMETRE


def test_laterals_reach_from_home_to_borehole(assessed):
    _, _, result = assessed
    holes = result.boreholes.set_index("borehole_id").geometry
    pipes = result.pipes.set_index("pipe_id").geometry
    shared = result.connections[result.connections["variant"] == "shared_loops"]
    gap = shapely.distance(pipes[shared["pipe_id"]].to_numpy(), holes[shared["borehole_id"]].to_numpy())
    assert gap.max() <= 2 * MILLIMETRE


def test_lengths_are_those_of_the_geometry(assessed):
    _, _, result = assessed
    assert np.abs(result.pipes["length_m"] - result.pipes.length).max() <= 0.01
    # supply and return; with one heat pump for all, warm water lies beside the brine: two pairs
    both = (result.pipes["variant"] == "ring_net_collective") & (result.pipes["insulated_m"] > 0)
    pairs = np.where(both & (result.pipes["kind"] != "service"), 2, 1)
    assert np.abs(result.pipes["pipe_m"] - 2 * pairs * result.pipes["length_m"]).max() <= 0.02


def test_totals_are_the_sums_of_their_parts(assessed):
    _, _, result = assessed
    key = ["cluster_id", "variant"]
    solutions = result.solutions.set_index(key)
    built = solutions[solutions.index.get_level_values("variant").isin(VARIANTS) & solutions["feasible"]]
    drilled = result.boreholes.groupby(key)["depth_m"].agg(["sum", "size"]).reindex(built.index)
    np.testing.assert_allclose(built["borehole_m"], drilled["sum"], atol=0.002)
    assert (built["boreholes"] == drilled["size"]).all()
    laid = result.pipes.groupby(key)[["length_m", "pipe_m"]].sum().reindex(built.index)
    np.testing.assert_allclose(built["trench_m"], laid["length_m"], atol=0.002)
    np.testing.assert_allclose(built["pipe_m"], laid["pipe_m"], atol=0.002)
    capex = result.costs[result.costs["kind"] == "capex"].merge(
        result.clusters[["cluster_id", "homes"]], on="cluster_id"
    )
    total = capex["total_eur"] * capex["homes"].where(capex["per"] == "home", 1)
    spent = total.groupby([capex["cluster_id"], capex["variant"]]).sum()
    known = solutions["capex_eur"].dropna()
    # each of up to 20 lines is written to the cent, and those per home count up to 50 times
    np.testing.assert_allclose(known, spent.reindex(known.index), atol=0.005 * 20 * 50)


def test_best_variant_figures_stand_in_clusters(assessed):
    _, _, result = assessed
    best = result.clusters.dropna(subset="best_variant")
    assert best["best_variant"].isin(VARIANTS).all()
    rows = result.solutions.set_index(["cluster_id", "variant"]).loc[
        list(zip(best["cluster_id"], best["best_variant"], strict=True))
    ]
    np.testing.assert_allclose(best["annual_eur_per_home"], rows["annual_eur_per_home"])


# --- shape ------------------------------------------------------------------------------------------------------------


def test_tables_hold_what_is_declared(assessed):
    _, _, result = assessed
    for name, table in RESULT_TABLES.items():
        layer = result.layers[name]
        for column in table.columns:
            series = layer[column.name]
            if column.needed:
                assert series.notna().all(), (name, column.name)
            if column.values:
                assert series.dropna().isin(column.values).all(), (name, column.name)
            if column.kind == "number":
                assert np.isfinite(series.dropna().to_numpy(dtype=float)).all(), (name, column.name)
            if column.minimum is not None:
                assert (series.dropna() >= column.minimum).all(), (name, column.name)
    assert set(REFERENCES) <= set(result.solutions["variant"])


def test_figures_an_engineer_would_believe(assessed):
    """Corridors from the field: 4-12 kW per home, 20-500 m deep, under 25 m of ring trench per home."""
    _, _, result = assessed
    homes = result.homes[result.homes["cluster_id"].notna()]
    assert homes["heat_kwh"].between(3_000, 30_000).all()
    assert homes["peak_kw"].between(1.5, 16).all()
    assert result.boreholes["depth_m"].between(20, 500).all()
    per_home = result.solutions.merge(result.clusters[["cluster_id", "homes"]], on="cluster_id")
    ring = per_home[(per_home["variant"] == "ring_net") & per_home["feasible"]]
    assert 4 < (ring["trench_m"].sum() / ring["homes"].sum()) < 40
    metres = per_home[per_home["variant"].isin(("shared_loops", "ring_net")) & per_home["feasible"]]
    assert (metres["borehole_m"] / metres["homes"]).between(30, 300).all()


# --- 5: the same answer -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_row_order_does_not_matter(demo_area, demo_result, seed):
    from minenet import make_area

    said = {k: v for k, v in demo_area.provenance.items() if k.startswith(("input", "fictional", "attribution"))}
    shuffled = {name: frame.sample(frac=1, random_state=seed) for name, frame in demo_area.layers.items()}
    again = assess(make_area(shuffled, provenance=said), profile=Profile.example())
    for name, layer in demo_result.layers.items():
        assert_frame_equal(pd.DataFrame(layer), pd.DataFrame(again.layers[name]), obj=name)


def test_homes_far_away_change_nothing_here(demo_area, demo_result):
    """Another street 3 km away, with a tower, a hut and a home that nobody joins."""
    import drawn_street
    from shapely.affinity import translate

    from minenet import make_area

    def far(frame):
        moved = frame.set_geometry(frame.geometry.apply(translate, xoff=3_000, yoff=500))
        return moved.assign(building_id="far-" + frame["building_id"]) if "building_id" in frame else moved

    added = {
        "buildings": far(drawn_street.buildings(dwellings=[1, 1, 1, 1, 1, 1, 1, 120, 0])),
        "addresses": far(drawn_street.addresses()).assign(address_id=lambda f: "zz" + f["address_id"]),
        "streets": far(drawn_street.streets(street_id=["far"])),
    }
    layers = {
        name: gpd.GeoDataFrame(pd.concat([frame, added[name]], ignore_index=True), crs=frame.crs)
        if name in added
        else frame
        for name, frame in demo_area.layers.items()
    }
    both = assess(make_area(layers), profile=Profile.example())
    here = set(demo_result.clusters["cluster_id"])
    for name in ("boreholes", "pipes", "connections", "solutions", "checks", "costs"):
        mine = both.layers[name]
        mine = mine[mine["cluster_id"].isin(here)].reset_index(drop=True)
        assert_frame_equal(pd.DataFrame(demo_result.layers[name]), pd.DataFrame(mine), obj=name)
