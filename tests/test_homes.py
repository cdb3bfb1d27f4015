"""Homes of the hand-drawn street: counted, typed and given a demand by hand."""

import numpy as np
import pandas as pd
import pytest
from drawn_street import addresses, buildings, streets

from minenet import Assumptions, make_area
from minenet.errors import InputError
from minenet.homes import find_dwellings, simultaneity

NUMBERS = Assumptions.default().homes
KINDS = ["terraced_middle", "terraced_end", "semi_detached", "detached", "apartment"]
TABLE = pd.DataFrame(
    {"home_type": KINDS, "built_from": np.nan, "built_to": np.nan, "gas_m3": [1000.0, 1200, 1400, 2000, 700]}
)


def found(*, most=50, table=TABLE, **layers):
    area = make_area({"buildings": buildings(), "streets": streets(), **layers})
    return find_dwellings(
        area.buildings, area.addresses, demand_table=table, assumptions=NUMBERS, most_in_building=most
    )


def test_types_follow_from_shared_walls():
    types = found().homes.set_index("home_id")["home_type"]
    assert types["A"] == types["D"] == "terraced_end"
    assert types["B"] == types["C"] == "terraced_middle"
    assert types["E"] == types["F"] == "semi_detached"
    assert types["G"] == "detached"
    assert types["H#01"] == types["H#03"] == "apartment"


def test_a_mean_of_the_postcode_is_no_reading_and_comes_after_all_that_is_known():
    """A has its own reading, B a mean though its building was read, C only a mean, D nothing."""
    told = addresses()
    told["gas_m3"] = [700.0, 1250.0, 1250.0, *[np.nan] * (len(told) - 3)]
    told["gas_basis"] = [None, "postcode_mean", "postcode_mean", *[None] * (len(told) - 3)]
    read = buildings(gas_m3=[np.nan, 900, *[np.nan] * 7])
    homes = found(addresses=told, buildings=read).homes.set_index("home_id")
    assert homes.loc[["A0", "B0", "C0", "D0"], "gas_m3"].tolist() == [700, 900, 1250, 1200]
    assert homes.loc[["A0", "B0", "C0", "D0"], "demand_source"].tolist() == [
        "measured",
        "measured",
        "postcode",
        "table",
    ]


def test_sheds_are_counted_not_housed():
    result = found()
    assert len(result.homes) == 10  # 7 houses and 3 apartments
    assert "s" not in set(result.homes["building_id"])
    assert result.notes["left_out.buildings.no_dwelling_use_unknown"] == "1"


def test_addresses_outrank_dwellings_and_the_disagreement_is_counted():
    result = found(buildings=buildings(dwellings=[1, 1, 1, 1, 1, 1, 1, 5, 0]), addresses=addresses())
    assert len(result.homes) == 10
    assert result.notes["disagreement.dwellings_of_buildings_and_addresses"] == "1"


def test_an_address_finds_its_building_by_id_by_place_or_nearby():
    loose = addresses()
    loose.loc[0, "building_id"] = None  # lies in A
    loose.loc[1, "building_id"] = "nowhere"  # lies in B
    loose.loc[2, "building_id"] = None
    loose.loc[2, "geometry"] = loose.geometry[2].__class__(140_019, 455_018)  # 1 m behind C
    loose.loc[3, "building_id"] = None
    loose.loc[3, "geometry"] = loose.geometry[3].__class__(140_000, 456_000)  # a kilometre away
    result = found(addresses=loose)
    homes = result.homes.set_index("home_id")
    assert homes.loc[["A0", "B0", "C0"], "building_id"].tolist() == ["A", "B", "C"]
    assert homes.loc["D0", "left_out_reason"] == "no_building"
    assert result.notes["repaired.addresses.building_id_not_there"] == "1"
    assert result.notes["inferred.addresses.building_by_position"] == "2"
    assert result.notes["inferred.addresses.building_by_nearest"] == "1"


def test_other_use_is_no_home():
    result = found(addresses=addresses(use=["other", *[None] * 9]))
    assert len(result.homes) == 9
    assert result.notes["left_out.addresses.use_other"] == "1"
    by_building = found(buildings=buildings(use=["other", *["residential"] * 8]))
    assert by_building.homes.set_index("home_id")["left_out_reason"].dropna().to_dict() == {"A": "building_use_other"}


def test_measured_gas_comes_before_the_table():
    homes = found(buildings=buildings(gas_m3=[800, *[np.nan] * 8], heat_kwh=[np.nan, 9_900, *[np.nan] * 7])).homes
    homes = homes.set_index("home_id")
    # 800 m3 x 9.0 kWh/m3 = 7,200 kWh; over 1,800 full-load hours 4.0 kW
    assert homes.loc["A", ["gas_m3", "heat_kwh", "peak_kw"]].tolist() == [800, 7_200, 4.0]
    # 9,900 kWh known / 9.0 = 1,100 m3
    assert homes.loc["B", ["gas_m3", "heat_kwh"]].tolist() == [1_100, 9_900]
    assert homes.loc["C", "gas_m3"] == 1_000  # the table's terraced middle
    assert homes.loc[["A", "B", "C"], "demand_source"].tolist() == ["measured", "known", "table"]


def test_the_table_knows_periods():
    periods = pd.concat(
        [TABLE, pd.DataFrame({"home_type": ["detached"], "built_from": [1990], "built_to": [2009], "gas_m3": [1500.0]})]
    )
    year = [np.nan] * 9
    year[6] = 1999
    assert (
        found(buildings=buildings(year_built=year), table=periods).homes.set_index("home_id").loc["G", "gas_m3"]
        == 1_500
    )
    assert found(table=periods).homes.set_index("home_id").loc["G", "gas_m3"] == 2_000


def test_a_tower_stays_whole_and_is_left_out():
    homes = found(buildings=buildings(dwellings=[1, 1, 1, 1, 1, 1, 1, 51, 0])).homes
    assert (homes["left_out_reason"] == "too_many_dwellings").sum() == 51
    assert homes["left_out_reason"].notna().sum() == 51


def test_who_said_no_is_left_out():
    homes = found(addresses=addresses(answer=["no", "yes", *[None] * 8])).homes.set_index("home_id")
    assert homes["left_out_reason"].dropna().to_dict() == {"A0": "said_no"}


def test_no_dwelling_at_all_is_an_error():
    with pytest.raises(InputError, match="not one dwelling"):
        found(buildings=buildings(dwellings=0))


def test_residential_use_alone_counts_one_dwelling_each_and_says_so():
    result = found(buildings=buildings(dwellings=None, use=["residential"] * 8 + ["other"]))
    assert len(result.homes) == 8
    assert result.notes["inferred.buildings.one_dwelling_as_residential"] == "8"


def test_simultaneity_of_winter():
    # values of the published curve to three decimals, and 1 below the threshold
    share = simultaneity(np.array([1, 3, 5, 10, 20, 30, 50]), from_homes=4)
    np.testing.assert_allclose(share, [1, 1, 0.993, 0.974, 0.919, 0.856, 0.743], atol=0.0006)


def test_a_tower_far_away_does_not_rename_the_homes_here():
    import geopandas as gpd
    from shapely.geometry import box

    tower = gpd.GeoDataFrame(
        {"building_id": ["T"], "dwellings": [120]},
        geometry=[box(150_000, 460_000, 150_030, 460_030)],
        crs=buildings().crs,
    )
    both = gpd.GeoDataFrame(pd.concat([buildings(), tower], ignore_index=True), crs=tower.crs)
    here = set(found().homes["home_id"])
    assert here < set(found(buildings=both).homes["home_id"])


def test_two_dwellings_never_share_a_name():
    clash = addresses(dwellings=[2, *[1] * 9]).assign(address_id=["x", "x#01", *[str(i) for i in range(8)]])
    with pytest.raises(InputError, match="would bear the name of another .`x#01`"):
        found(addresses=clash)


def test_a_home_without_heat_demand_is_left_out_not_fatal():
    homes = found(buildings=buildings(gas_m3=[0, *[np.nan] * 8])).homes.set_index("home_id")
    assert homes["left_out_reason"].dropna().to_dict() == {"A": "no_heat_demand"}


def test_residential_buildings_without_a_count_are_one_dwelling_each_whatever_the_others_say():
    some = buildings(dwellings=[None, None, 1, 1, 1, 1, 1, 3, 0], use=["residential", *[None] * 8])
    result = found(buildings=some)
    assert result.notes["inferred.buildings.one_dwelling_as_residential"] == "1"
    assert result.notes["unknown.buildings.dwellings"] == "1"  # B: neither count nor use is known
    assert len(result.homes) == 9


def test_dwellings_that_no_address_names_are_counted():
    assert found(addresses=addresses().iloc[1:]).notes["left_out.buildings.dwellings_stated_but_no_address"] == "1"
