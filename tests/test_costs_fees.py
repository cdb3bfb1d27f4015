"""What the municipality asks for the use of its ground, as lines of the costs."""

import pandas as pd
import pytest
from test_costs import make_boreholes, make_pipes, make_solution, of, priced, three_homes

from minenet import Profile
from minenet.costs import estimate_costs
from minenet.tables import VARIANTS

ASKED = {
    "answer": "conditional",
    "source": "a decision",
    "date": "2019-06",
    "fee_eur": 250.0,
    "fee_eur_m": 2.5,
    "length_classes": [
        {"up_to_m": 20, "fee_eur": 400.0},
        {"below_m": 100, "fee_eur": 600.0},
        {"fee_eur_m": 10.0},
    ],
}


def fees(trench_m, profile=ASKED, ownership="own"):
    """Return the lines of fees and the solution of three homes whose shared loop has trench in public ground."""
    solutions, costs = estimate_costs(
        *(three_homes_tables(trench_m, ownership)),
        assumptions=priced(),
        profile=None if profile is None else Profile.of({"public_space": profile}),
    )
    lines = costs[costs["item"].str.startswith(("public_space_fee", "pipe_permit"))]
    return lines.set_index("item"), of(solutions, "shared_loops")


def three_homes_tables(trench_m, ownership):
    from test_costs import make_clusters, make_homes

    return (
        make_homes(),
        make_clusters("c"),
        pd.DataFrame([make_solution(public_trench_m=trench_m)]),
        make_boreholes(("c", "shared_loops", 200.0, "truck")).assign(ownership=ownership),
        make_pipes(("c", "shared_loops", 24.0, 48.0, 40.0, "private")),
    )


def test_use_and_permit_on_paper():
    # 24 m of trench in public ground: 250 + 24 x 2.5 for its use, 600 for the permit of the second class
    lines, row = fees(24.0)
    assert lines["total_eur"].to_dict() == pytest.approx(
        {"public_space_fee": 250, "public_space_fee_per_metre": 60, "pipe_permit": 600}
    )
    _, without = fees(24.0, profile=None)
    assert row["capex_eur"] - without["capex_eur"] == pytest.approx(910)
    # over three homes and 15 years
    assert row["annual_eur_per_home"] - without["annual_eur_per_home"] == pytest.approx(910 / 3 / 15)
    assert set(lines["kind"]) == {"capex"}
    assert set(lines["source"].str.partition(";")[0]) == {"a decision (2019-06)"}


@pytest.mark.parametrize(
    ("trench_m", "permit"),
    [(20.0, 400.0), (20.01, 600.0), (99.99, 600.0), (100.0, 1000.0), (150.0, 1500.0)],
)
def test_the_permit_goes_by_its_class_of_length(trench_m, permit):
    lines, _ = fees(trench_m)
    mine = lines[lines.index.str.startswith("pipe_permit")]
    assert mine["total_eur"].sum() == pytest.approx(permit)


def test_without_public_ground_nothing_is_asked():
    lines, row = fees(0.0)
    assert lines["total_eur"].sum() == 0
    assert row["capex_eur"] == pytest.approx(fees(0.0, profile=None)[1]["capex_eur"])


def test_a_borehole_in_the_street_alone_asks_for_its_use():
    lines, _ = fees(0.0, ownership="public")
    assert lines["total_eur"].to_dict() == {"public_space_fee": 250.0}


def test_trench_of_unknown_owner_is_not_counted():
    lines, _ = fees(float("nan"))
    assert lines["total_eur"].sum() == 0


def test_without_a_profile_a_line_says_that_nothing_is_counted():
    lines, _ = fees(24.0, profile=None)
    assert lines["total_eur"].sum() == 0
    assert lines.loc["public_space_fee", "source"] == "no source; not counted: no profile of the municipality says"


def test_a_fee_that_is_not_named_is_not_told_as_asked():
    lines, _ = fees(24.0, profile={"answer": "yes", "source": "a decision", "date": "2025-06"})
    assert lines["source"].to_dict() == {
        "public_space_fee": "no source; not counted: the profile of the municipality names no fee"
    }
    lines, _ = fees(24.0, profile={"answer": "yes", "source": "a decision", "date": "2025-06", "fee_eur_m": 2.5})
    assert lines["total_eur"].to_dict() == {"public_space_fee_per_metre": 60.0}


def test_a_fee_has_no_price_level():
    # decided in 2019, when prices were a fifth lower: what is asked is what is paid
    lines, _ = fees(10.0)
    assert lines.loc["public_space_fee", "unit_price_eur"] == 250


def test_the_demo_pays_what_its_municipality_tells(demo_result):
    profile = Profile.example()
    costs, solutions = demo_result.costs, demo_result.solutions
    built = solutions[solutions["variant"].isin(VARIANTS) & solutions["feasible"] & (solutions["public_trench_m"] > 0)]
    assert len(built)
    lines = costs[costs["item"].str.startswith(("public_space_fee", "pipe_permit"))]
    paid = lines.groupby(["cluster_id", "variant"])["total_eur"].sum()
    for row in built.itertuples():
        told = profile.use_fee(row.public_trench_m)
        permit = profile.permit_class(row.public_trench_m)
        told += permit.fee(row.public_trench_m) if permit else 0.0
        assert paid[row.cluster_id, row.variant] == pytest.approx(told, abs=0.05)


def test_three_homes_without_fees_are_as_before():
    assert not three_homes()[1]["item"].str.startswith("pipe_permit").any()
