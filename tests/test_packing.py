"""Boreholes in free ground: counts that can be worked out by hand, bounds, another solver, real and published ground."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from conftest import real_data
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.spatial.distance import cdist, pdist
from shapely.affinity import rotate, translate

from minenet.errors import InputError
from minenet.packing import bound, candidates, choose, pack, spread
from minenet.packing.exact import cliques, most_among
from minenet.packing.search import conflicts, largest, least_first, masks

FAST = settings(max_examples=40, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])


def sound(field, free, spacing, tolerance=1e-9):
    """Every place lies in the ground and keeps its distance."""
    assert not (pdist(field.xy) < spacing - tolerance).any()
    assert (shapely.distance(free, shapely.points(field.xy)) <= tolerance).all()
    return len(field.xy)


def moved(free):
    return translate(rotate(free, 17, origin=(0, 0)), -5000, 7e6)


# by hand


@pytest.mark.parametrize("mode", ["fast", "exact"])
@pytest.mark.parametrize(
    ("free", "spacing", "count"),
    [
        (shapely.box(0, 0, 3, 3), 5.0, 1),  # diagonal 4.24
        (shapely.box(0, 0, 3, 4), 5.0, 2),  # diagonal 5
        (shapely.box(0, 0, 10, 0.5), 5.0, 3),  # 0, 5, 10
        (shapely.box(0, 0, 6, 10), 5.0, 6),  # two by three
        (shapely.box(0, 0, 10, 15), 5.0, 12),  # three by four, as many as Oler allows
        (shapely.box(0, 0, 10, 15), 6.0, 8),  # rows of 3, 2 and 3, with gaps of 7.5 and 5: sqrt(3.75^2 + 5^2) = 6.25
        (shapely.box(0, 0, 12, 3), 5.0, 4),  # to and fro, 4 along for 3 across: 0, 4, 8, 12
        (shapely.union(shapely.box(0, 0, 1, 1), shapely.box(6, 0, 7, 1)), 5.0, 2),
        (shapely.union(shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)), 5.0, 1),
    ],
)
def test_small_ground_by_hand(free, spacing, count, mode):
    assert sound(pack(free, spacing_m=spacing, mode=mode), free, spacing) == count
    assert sound(pack(moved(free), spacing_m=spacing, mode=mode), moved(free), spacing, 2e-8) == count
    assert bound(free, spacing) >= count


def test_a_hexagon_of_nineteen():
    """Three to a side: 3 + 4 + 5 + 4 + 3; Oler: 2 * 259.8 / 43.30 + 60 / 10 + 1 = 19."""
    angle = np.arange(6) * np.pi / 3
    hexagon = shapely.Polygon(np.column_stack([10 * np.cos(angle), 10 * np.sin(angle)]))
    field = pack(hexagon, spacing_m=5.0)
    assert sound(field, hexagon, 5.0) == bound(hexagon, 5.0) == 19
    assert field.proven


def test_large_ground_is_filled_as_a_lattice():
    """Rows of the lattice: 80 / 4.33 + 1 = 19 rows of 13 and 12 hold 238 and more."""
    free = shapely.box(0, 0, 60, 80)
    assert 238 <= sound(pack(free, spacing_m=5.0), free, 5.0) <= bound(free, 5.0) == 250
    free = shapely.box(0, 0, 400, 500)
    assert sound(pack(free, spacing_m=5.0), free, 5.0) >= 0.98 * bound(free, 5.0)


def test_no_ground_no_places():
    for free in (shapely.Polygon(), shapely.MultiPolygon(), shapely.LineString([(0, 0), (9, 9)]), shapely.Point(1, 1)):
        field = pack(free, spacing_m=5.0)
        assert (field.xy.shape, field.bound, field.proven) == ((0, 2), 0, True)
        assert candidates(free, 5.0).shape == (0, 2)


@pytest.mark.parametrize("spacing", [0.0, -5.0, np.nan, np.inf])
def test_a_spacing_that_is_none_is_refused(spacing):
    for misuse in (bound, lambda free, d: pack(free, spacing_m=d)):
        with pytest.raises(InputError, match="spacing"):
            misuse(shapely.box(0, 0, 9, 9), spacing)


def test_misuse_has_a_name():
    square = shapely.box(0, 0, 9, 9)
    with pytest.raises(InputError, match="invalid"):
        pack(shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 9)]), spacing_m=5.0)
    with pytest.raises(InputError, match="stand 3.00 m apart"):
        pack(square, spacing_m=5.0, fixed=[[0, 0], [3, 0]])
    with pytest.raises(InputError, match="without coordinates"):
        pack(square, spacing_m=5.0, fixed=[[0, np.nan]])
    with pytest.raises(InputError, match="unknown"):
        pack(square, spacing_m=5.0, mode="best")
    with pytest.raises(InputError, match="2 places and 1 costs"):
        choose([[0, 0], [9, 9]], [1.0], spacing_m=5.0, count=1)


# fixed places


@pytest.mark.parametrize("mode", ["fast", "exact"])
def test_fixed_places_stay_and_keep_their_distance(mode):
    free = shapely.box(0, 0, 10, 15)
    corner = pack(free, spacing_m=5.0, fixed=[[0, 0], [10, 15]], mode=mode)
    assert sound(corner, free, 5.0) == 12
    assert corner.xy[:2].tolist() == [[0, 0], [10, 15]]
    middle = pack(free, spacing_m=5.0, fixed=[[5, 7.5]], mode=mode)
    assert sound(middle, free, 5.0) < 12
    assert len(middle.xy) <= middle.bound
    outside = pack(free, spacing_m=5.0, fixed=[[-3, 0]], mode=mode)
    assert outside.xy[0].tolist() == [-3, 0]
    assert not (pdist(outside.xy) < 5 - 1e-9).any()
    assert (shapely.distance(free, shapely.points(outside.xy[1:])) <= 1e-9).all()
    closed = pack(shapely.box(0, 0, 3, 3), spacing_m=5.0, fixed=[[1, 1]], mode=mode)
    assert (closed.xy.tolist(), closed.bound) == ([[1, 1]], 1)


# properties

centimetres = st.integers(0, 4_000).map(lambda n: n / 100)
corners = st.lists(st.tuples(centimetres, centimetres), min_size=4, max_size=9, unique=True)


@FAST
@given(corners, st.floats(2.5, 12))
def test_convex_ground_never_holds_more_than_oler_allows(points, spacing):
    free = shapely.convex_hull(shapely.multipoints(points))
    if free.geom_type != "Polygon" or free.area < 1e-3:
        return
    oler = 2 * free.area / (np.sqrt(3) * spacing**2) + free.length / (2 * spacing) + 1
    field = pack(free, spacing_m=spacing)
    assert 1 <= sound(field, free, spacing) <= field.bound <= oler + 1e-6


@FAST
@given(corners, st.floats(4, 12))
def test_any_ground_stays_below_its_bound_and_counts_the_same_when_moved(points, spacing):
    free = shapely.union_all([shapely.box(x, y, x + 9, y + 6) for x, y in points[:4]])
    field = pack(free, spacing_m=spacing)
    assert 1 <= sound(field, free, spacing) <= field.bound == bound(free, spacing)
    assume(moved(free).is_valid)  # rounding at 7e6 m can fold a sliver over
    again = pack(moved(free), spacing_m=spacing)
    assert sound(again, moved(free), spacing, 2e-8) == len(field.xy)
    assert np.array_equal(pack(free, spacing_m=spacing).xy, field.xy)


def most_by_pairs(near):
    """The largest set without conflict, with one row per pair of places and another interface to the solver."""
    pairs = np.argwhere(np.triu(near, 1))
    if not len(pairs):
        return len(near)
    rows = np.zeros((len(pairs), len(near)))
    rows[np.arange(len(pairs)), pairs[:, 0]] = rows[np.arange(len(pairs)), pairs[:, 1]] = 1
    found = milp(
        -np.ones(len(near)), integrality=1, bounds=Bounds(0, 1), constraints=LinearConstraint(rows, -np.inf, 1)
    )
    return round(-found.fun)


@FAST
@given(st.integers(0, 10_000), st.integers(1, 28), st.floats(1, 5))
def test_search_and_proof_against_a_plain_model(seed, count, spacing):
    xy = np.random.default_rng(seed).random((count, 2)) * 12
    table = conflicts(xy, spacing)
    assert np.array_equal(table, (cdist(xy, xy) < spacing))
    near = masks(table)
    optimum = most_by_pairs(table)
    greedy = least_first(table)
    found = largest(near, greedy, steps=500, goal=count)
    for places in (greedy, found):
        assert not (pdist(xy[places]) < spacing).any()
        assert len(places) <= optimum
    assert len(found) == optimum  # so small that the walk finds it
    proved, limit = most_among(near, greedy, nodes=1000)
    assert len(proved) == limit == optimum
    assert not (pdist(xy[proved]) < spacing).any()


@FAST
@given(st.integers(0, 10_000), st.integers(1, 60))
def test_cliques_hold_every_conflict_and_nothing_else(seed, count):
    table = conflicts(np.random.default_rng(seed).random((count, 2)) * 12, 3.0)
    held = np.eye(count, dtype=bool)
    for group in cliques(masks(table)):
        members = [i for i in range(count) if group >> i & 1]
        held[np.ix_(members, members)] = True
    assert np.array_equal(held, table)


# choosing


@FAST
@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 6))
def test_the_chosen_places_keep_their_distance_and_no_exchange_is_cheaper(seed, count, wanted):
    random = np.random.default_rng(seed)
    xy, cost = random.random((count, 2)) * 20, random.integers(0, 9, count).astype(float)
    chosen = choose(xy, cost, spacing_m=5.0, count=wanted)
    assert len(chosen) <= wanted
    assert not (pdist(xy[chosen]) < 5.0 - 1e-9).any()
    assert (np.diff(cost[chosen]) >= 0).all()
    near = cdist(xy, xy) < 5.0
    if len(chosen) < wanted:
        assert len(chosen) == most_by_pairs(near)
    for place in chosen:
        others = chosen[chosen != place]
        may = ~near[:, others].any(axis=1)
        assert cost[may].min() == cost[place]


def test_places_without_a_cost_are_never_taken():
    xy, cost = [[0, 0], [9, 0], [18, 0]], [np.inf, np.nan, 1.0]
    assert choose(xy, cost, spacing_m=5.0, count=3).tolist() == [2]
    assert spread(xy, cost, count=3, enough_m=50.0).tolist() == [2]
    nothing = np.empty((0, 2))
    assert len(choose(nothing, [], spacing_m=5.0, count=3)) == len(spread(nothing, [], count=3, enough_m=9.0)) == 0


def test_spread_takes_the_ends_of_a_row_first():
    xy = np.column_stack([np.arange(0, 50, 5.0), np.zeros(10)])
    cost = np.zeros(10)
    assert spread(xy, cost, count=3, enough_m=100.0).tolist() == [0, 9, 4]  # 4 and 5 are equally far: the first
    assert spread(xy, cost, count=20, enough_m=100.0).tolist()[:3] == [0, 9, 4]
    assert sorted(spread(xy, cost, count=20, enough_m=100.0)) == list(range(10))
    cost[9] = 50.0  # too dear for the 45 m that it lies away
    assert spread(xy, cost, count=2, enough_m=100.0).tolist() == [0, 8]


# real and published ground

BEST_KNOWN = {"terrace": 121, "semi": 268, "detached": 635, "park": 1367}
AT_LEAST = {
    "fast": {kind: np.ceil(0.97 * count) for kind, count in BEST_KNOWN.items()},
    "exact": {"terrace": 121, "semi": 268, "detached": 631, "park": 1363},
}


@pytest.mark.real
@pytest.mark.parametrize("mode", ["fast", "exact"])
def test_parcels_reach_the_bars(mode):
    parcels = gpd.read_file(real_data() / "drill_parcels.gpkg")
    if mode == "exact":  # the rest takes a minute: the benchmark has them all
        parcels = parcels[parcels["kind"].isin(["terrace", "semi"])]
    fields = [pack(free, spacing_m=5.0, mode=mode) for free in parcels.geometry]
    counts = [sound(field, free, 5.0) for field, free in zip(fields, parcels.geometry, strict=True)]
    for kind, total in parcels.assign(count=counts).groupby("kind")["count"].sum().items():
        assert total >= AT_LEAST[mode][kind], kind
    assert all(len(field.xy) <= field.among_candidates <= field.bound for field in fields)
    if mode == "exact":
        assert all(field.proven for field in fields)
    every = 1 if mode == "fast" else 5
    around = [moved(free) for free in parcels.geometry[::every]]
    again = [pack(free, spacing_m=5.0, mode=mode) for free in around]
    assert [sound(field, free, 5.0, 2e-8) for field, free in zip(again, around, strict=True)] == counts[::every]


@pytest.mark.real
def test_the_published_field_holds_as_many_as_published_or_more():
    folder = real_data() / "ghedesigner"
    plot, building = (
        shapely.Polygon(np.loadtxt(folder / name, delimiter=",")[1:])
        for name in ("polygon_property_boundary.csv", "no_go_building.csv")
    )
    assert (plot.area, building.area) == (pytest.approx(11075.15, abs=0.01), pytest.approx(1495.25, abs=0.25))
    free = plot.difference(building)
    table = np.genfromtxt(folder / "rowwise_reference_counts.csv", delimiter=",", names=True)
    for spacing, published in zip(table["target_spacing_m"], table["boreholes_normal_spacing"], strict=True):
        assert sound(pack(free, spacing_m=spacing), free, spacing) >= published
