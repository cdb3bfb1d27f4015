"""The trench graph of the hand-drawn street, and what cuts it."""

from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest
from drawn_street import buildings, layer, moved, streets
from scipy.sparse.csgraph import connected_components, dijkstra
from shapely.geometry import LineString, box

import minenet
from minenet import Assumptions, make_area
from minenet.trenches import build_trenches, change_counts, component_count

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
    assert trenches.bridges["street_id"].tolist() == ["s1"]


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
    assert change_counts(trenches.changes)["trenches.street_ends_snapped"] == 1
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
    assert change_counts(trenches.changes)["trenches.streets_in_tunnels_not_used"] == 1
    assert trenches.edges.length.sum() == pytest.approx(70.0)


def test_a_street_through_a_building_is_cut_there_and_counted():
    # G stands on x 54 to 64; the lane passes right through it, on y 12, and goes on to x 90
    trenches = graph(LineString([(0, 0), (70, 0)]), LineString([(50, 12), (90, 12)]))
    assert change_counts(trenches.changes)["trenches.streets_cut_by_buildings"] == 1
    assert not trenches.edges.intersects(moved(box(54.1, 8, 63.9, 17))).any()
    lane = trenches.edges[trenches.edges.geometry.intersects(moved(box(45, 11, 95, 13)))]
    # 40 m less the 10 m under the roof, of which 5 cm at either wall may be grazed
    assert lane["length_m"].sum() == pytest.approx(30.1, abs=0.01)
    cut = trenches.changes[trenches.changes["kind"] == "through_building"]
    assert cut.length.sum() == pytest.approx(9.9, abs=0.01)


def test_edges_keep_their_whole_length():
    # a bend of 40 + 30 m with all services on it
    trenches = graph(LineString([(0, 0), (40, 0), (70, 0)]))
    assert trenches.edges["length_m"].sum() == pytest.approx(70.0)
    np.testing.assert_allclose(trenches.edges["length_m"], trenches.edges.length)


# --- what runs beside another, crossings, borders ---------------------------------------------------------------------

STREET = LineString([(0, 0), (70, 0)])


def merged(trenches):
    changes = trenches.changes
    return changes.loc[changes["kind"] == "merged", "name"].tolist()


def test_a_sidewalk_drawn_apart_is_the_street():
    walk, across = LineString([(2, 5), (68, 5)]), LineString([(31, 0), (31, 30)])
    columns = {"name": ["Dorpsstraat", "stoep", "pad"], "road_class": ["residential", "footway", "footway"]}
    trenches = graph(STREET, walk, across, columns=columns)
    assert merged(trenches) == ["stoep"]
    assert change_counts(trenches.changes)["trenches.paths_and_carriageways_merged_with_the_street_beside"] == 1
    # facades stand 8 m from the street, 3 m from the sidewalk
    np.testing.assert_allclose(trenches.services["length_m"], 8.0)
    # a path farther away than half a street is a way of its own
    far = graph(STREET, LineString([(2, 30), (68, 30)]), columns={"road_class": ["residential", "footway"]})
    assert merged(far) == []


def test_a_path_that_ended_on_a_merged_one_still_meets_the_street():
    walk, alley = LineString([(2, 5), (68, 5)]), LineString([(31, 5), (31, 30)])
    columns = {"name": ["Dorpsstraat", "stoep", "steeg"], "road_class": ["residential", "footway", "footway"]}
    trenches = graph(STREET, walk, alley, columns=columns)
    assert merged(trenches) == ["stoep"]
    assert connected_components(trenches.matrix, directed=False)[0] == 1


def test_the_second_carriageway_of_a_street_is_merged_that_of_another_street_is_not():
    second = LineString([(0, 6), (69, 6)])
    both = graph(STREET, second, columns={"name": ["Laan", "Laan"], "road_class": ["secondary"] * 2})
    assert merged(both) == ["Laan"]
    other = graph(STREET, second, columns={"name": ["Laan", "Weg"], "road_class": ["secondary"] * 2})
    assert merged(other) == []


def test_what_a_canal_parts_is_not_merged():
    water = layer([box(-5, 2, 75, 4)], name=["gracht"])
    walk = LineString([(2, 6), (68, 6)])
    trenches = graph(STREET, walk, water=water, columns={"road_class": ["residential", "footway"]})
    assert merged(trenches) == []


def test_a_crossing_that_the_user_allows_joins_both_banks():
    canal = {"water": layer([box(29, -30, 33, 30)])}
    crossing = layer([LineString([(26, 1), (36, 1)])], crossing_id=["x1"], source=["municipality"])
    apart = parts(graph(**canal))
    assert apart["A"] != apart["E"]
    joined = graph(**canal, crossings=crossing)
    assert parts(joined)["A"] == parts(joined)["E"]
    assert "crossing" in set(joined.changes["kind"])


def test_front_side_and_back():
    # G stands alone between its street (8 m), a lane east of it (6 m) and a path behind it (13 m)
    lines = [STREET, LineString([(70, 0), (70, 30)]), LineString([(0, 30), (70, 30)])]
    candidates = graph(*lines, ids="G", columns={"road_class": ["residential", "residential", "footway"]}).candidates
    assert candidates["length_m"].round(6).tolist() == [6.0, 8.0, 13.0]
    # B stands in a row: front and back only
    row = graph(*lines, ids="B", columns={"road_class": ["residential", "residential", "footway"]})
    assert row.candidates["length_m"].round(6).tolist() == [8.0, 13.0]


def test_homes_of_a_row_join_their_street_though_a_path_is_a_little_nearer():
    path = LineString([(0, 23), (70, 23)])  # 6 m behind the facades, the street 8 m before them
    trenches = graph(STREET, path, ids="ABCD", columns={"road_class": ["residential", "footway"]})
    np.testing.assert_allclose(trenches.services["length_m"], 8.0)
    assert len(trenches.candidates) == 8
    near = graph(LineString([(0, -12), (70, -12)]), path, ids="A", columns={"road_class": ["residential", "footway"]})
    assert near.services["length_m"].tolist() == [6.0]  # here the street is 20 m away


class TestBorders:
    """A home behind the row, on a plot that borders on that of E, whose side border with D leads to the street."""

    BEHIND = box(29, 24, 37, 32)
    PLOTS: ClassVar = [box(22, 3, 31, 22), box(31, 3, 46, 22), box(26, 22, 46, 36)]  # D, E and F, the home behind

    def graph(self, plots=None, **numbers):
        built = buildings()
        built.loc[8, ["dwellings", "geometry"]] = [1, moved(self.BEHIND)]
        parcels = layer(plots or self.PLOTS, parcel_id=["d", "e", "s"])
        area = make_area({"buildings": built, "streets": streets(STREET), "parcels": parcels})
        ids = area.buildings.loc[area.buildings["building_id"].isin(list("DEs")), "building_id"]
        return build_trenches(area, ids, assumptions=replace(NUMBERS, **numbers))

    def test_a_home_behind_others_is_joined_along_the_border_between_two_plots(self):
        trenches = self.graph()
        assert trenches.left_out.empty
        # the border on x 31 runs from y 3 to 22, and is led on over 3 m to the street
        private = trenches.edges[trenches.edges["private"]]
        assert private["length_m"].sum() >= 19 + 3
        assert set(private["ownership"]) == {"private"}
        np.testing.assert_allclose(private["weight_m"], 0.7 * private["length_m"])
        assert len(set(parts(trenches).values())) == 1

    def test_not_when_private_ground_is_not_used(self):
        # a straight pipe between D and E reaches the street all the same, 24 m and more long
        assert not self.graph(use_private_ground=False).edges["private"].any()

    def test_no_trench_lies_where_one_owner_cannot_take_part(self):
        trenches = self.graph(plots=[box(0, 100, 1, 101), *self.PLOTS[1:]])  # the plot of D is not known
        private = trenches.edges[trenches.edges["private"]]
        assert not private.intersects(moved(box(30, 4, 32, 21))).any()


def test_what_was_done_is_drawn_in_the_result():
    walk = LineString([(2, 5), (68, 5)])
    lines = streets(STREET, walk, road_class=["residential", "footway"])
    context = minenet.assess(make_area({"buildings": buildings(), "streets": lines})).context
    assert context.loc[context["layer"] == "change", "kind"].tolist() == ["merged"]


def test_dirty_streets_never_stop_a_run():
    lines = [
        STREET,
        LineString([(10, 10), (10, 10)]),  # without length
        LineString([(35, 30), (45, 30), (45, 40), (35, 40), (35, 30)]),  # a circle
        STREET,  # twice
        LineString([(300, 300), (310, 300)]),  # apart from all, without homes
    ]
    trenches = graph(*lines)
    assert len(trenches.services) == 8
    assert component_count(trenches) == 1
    assert (trenches.edges["length_m"] > 0).all()


@pytest.mark.parametrize("sidewalks", [False, True])
@pytest.mark.parametrize("how", ["bridge", "crossing"])
def test_a_way_over_the_canal_holds_where_sidewalks_are_drawn_apart(how, sidewalks):
    # two streets on both banks; the way over ends on the sidewalks, 4 m beside them
    lines = [LineString([(0, 0), (70, 0)]), LineString([(0, 40), (70, 40)])]
    kinds = ["residential"] * 2
    foot, head = (4, 36) if sidewalks else (0, 40)
    if sidewalks:
        lines += [LineString([(1, 4), (69, 4)]), LineString([(1, 36), (69, 36)])]
        kinds += ["footway"] * 2
    over = LineString([(31, foot), (31, head)])
    layers = {"water": layer([box(-50, 18, 120, 24)], name=["gracht"])}
    bridge = ["no"] * len(lines)
    if how == "bridge":
        lines, kinds, bridge = [*lines, over], [*kinds, "footway"], [*bridge, "yes"]
    else:
        layers["crossings"] = layer([over], crossing_id=["x"])
    built = buildings()
    built.loc[6, "geometry"] = moved(box(54, 48, 64, 57))  # G on the other bank
    trenches = graph(*lines, buildings=built, columns={"road_class": kinds, "bridge": bridge}, **layers)
    assert parts(trenches)["A"] == parts(trenches)["G"]
