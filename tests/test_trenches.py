"""The trench graph of the hand-drawn street, and what cuts it."""

import numpy as np
import pytest
from drawn_street import buildings, layer, moved, streets
from scipy.sparse.csgraph import connected_components, dijkstra
from shapely.geometry import LineString, box

from minenet import Assumptions, make_area
from minenet.trenches import build_trenches

NUMBERS = Assumptions.default().trenches


def graph(*lines, ids="ABCDEFGH", numbers=NUMBERS, columns=None, **layers):
    area = make_area({"buildings": buildings(), "streets": streets(*lines, **(columns or {})), **layers})
    chosen = area.buildings.loc[area.buildings["building_id"].isin(list(ids)), "building_id"]
    return build_trenches(area, chosen, assumptions=numbers)


def parts(trenches):
    """Return the component of each joined building."""
    _, component = connected_components(trenches.matrix, directed=False)
    return dict(zip(trenches.services["building_id"], component[trenches.services["node"]], strict=True))


def test_services_run_from_the_facade_to_the_street():
    services = graph().services.set_index("building_id")
    # every facade stands 8 m from the centre line
    np.testing.assert_allclose(services["length_m"], 8.0)
    assert services.loc["A"].geometry.coords[0] == pytest.approx((140_007, 455_008))


def test_distances_along_the_street():
    trenches = graph()
    node = trenches.services.set_index("building_id")["node"]
    distance = dijkstra(trenches.matrix, indices=node["A"])
    assert distance[node["B"]] == pytest.approx(6.0)  # facades 6 m wide
    assert distance[node["G"]] == pytest.approx(59 - 7)  # from the middle of A to that of G


def test_no_service_runs_through_another_building():
    behind = graph(LineString([(0, 0), (70, 0)]), LineString([(0, 40), (70, 40)]))
    hidden = buildings()
    hidden.loc[8, "geometry"] = moved(box(10, 20, 22, 30))  # s stands behind B and C, the street behind is nearer
    area = make_area({"buildings": hidden, "streets": streets(LineString([(0, 0), (70, 0)]))})
    only_front = build_trenches(area, hidden.loc[8:8, "building_id"], assumptions=NUMBERS)
    assert only_front.left_out.to_dict() == {"s": "no_free_service_path"}
    assert behind.left_out.empty


def test_a_building_far_from_any_street_is_left_out_with_its_reason():
    far = buildings()
    far.loc[6, "geometry"] = moved(box(54, 200, 64, 209))
    assert graph(buildings=far).left_out.to_dict() == {"G": "no_street_nearby"}


@pytest.mark.parametrize(
    "layers",
    [
        {"water": layer([box(29, -30, 33, 30)])},
        {"barriers": layer([LineString([(31, -30), (31, 30)])], kind=["railway"])},
    ],
)
def test_water_and_barriers_cut_the_street(layers):
    component = parts(graph(**layers))
    assert component["A"] == component["D"] == component["H"]
    assert component["E"] == component["G"]
    assert component["A"] != component["E"]


def test_a_bridge_carries_the_trench_and_is_listed():
    canal = layer([box(29, -30, 33, 30)])
    lines = [LineString([(0, 0), (28, 0)]), LineString([(28, 0), (34, 0)]), LineString([(34, 0), (70, 0)])]
    trenches = graph(*lines, water=canal, columns={"bridge": ["no", "yes", "no"], "layer": [0, 1, 0]})
    assert len(set(parts(trenches).values())) == 1
    assert trenches.notes["trenches.crossings_by_bridge"] == "s1"


def test_homes_on_a_main_road_join_their_own_side():
    trenches = graph(columns={"road_class": ["primary"]})
    component = parts(trenches)
    assert component["A"] == component["G"]
    assert component["A"] != component["H"]
    assert (graph(columns={"road_class": ["primary_link"]}).edges.length > 0).all()
    assert len(set(parts(graph(columns={"road_class": ["secondary"]})).values())) == 1


def test_a_loose_end_is_snapped_and_counted():
    side = LineString([(31, 0.6), (31, 30)])  # ends 0.6 m before the street
    trenches = graph(LineString([(0, 0), (70, 0)]), side)
    assert trenches.notes["trenches.street_ends_snapped"] == "1"
    assert connected_components(trenches.matrix, directed=False)[0] == 1
    wide = graph(LineString([(0, 0), (70, 0)]), LineString([(31, 1.6), (31, 30)]))
    assert connected_components(wide.matrix, directed=False)[0] == 2


def test_a_flyover_does_not_meet_the_street_below():
    over = LineString([(31, -30), (31, 30)])
    below = graph(LineString([(0, 0), (70, 0)]), over, columns={"bridge": ["no", "yes"], "layer": [0, 1]})
    assert connected_components(below.matrix, directed=False)[0] == 2


def test_streets_in_tunnels_are_not_used_and_counted():
    trenches = graph(
        LineString([(0, 0), (70, 0)]), LineString([(0, -30), (70, -30)]), columns={"tunnel": ["no", "yes"]}
    )
    assert trenches.notes["trenches.streets_in_tunnels_not_used"] == "1"
    assert trenches.edges.length.sum() == pytest.approx(70.0)


def test_edges_keep_their_whole_length():
    # a bend of 40 + 30 m with all services on it
    trenches = graph(LineString([(0, 0), (40, 0), (70, 0)]))
    assert trenches.edges["length_m"].sum() == pytest.approx(70.0)
    np.testing.assert_allclose(trenches.edges["length_m"], trenches.edges.length)
