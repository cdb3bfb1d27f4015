"""What `verify` cannot see of one result: figures an engineer would believe, and the same answer when made anew."""

import geopandas as gpd
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from minenet import Profile, assess
from minenet.tables import REFERENCES


def test_every_cluster_is_set_beside_what_homes_do_alone(assessed):
    _, _, result = assessed
    assert len(result.clusters)
    known = result.solutions.groupby("cluster_id")["variant"].agg(set)
    assert set(known.index) == set(result.clusters["cluster_id"])
    assert all(set(REFERENCES) <= variants for variants in known)


def test_figures_an_engineer_would_believe(assessed):
    """Wide corridors, from a flat that hardly leaks to a large old house; beyond them something is wrong, not unusual."""
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
