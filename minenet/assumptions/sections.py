"""The sections of the catalogue, one frozen dataclass each; unit, range and source stand in the TOML of its name."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

__all__ = ["SECTIONS", "Checks", "Clusters", "Costs", "Ground", "Homes", "Network", "Sites", "Trenches"]


@dataclass(frozen=True)
class Homes:
    """What a home is and how much heat it needs (`homes.toml`)."""

    address_reach_m: float
    wall_gap_m: float
    shared_wall_m: float
    heat_per_gas_kwh_m3: float
    full_load_hours: float
    diversity_from_homes: int


@dataclass(frozen=True)
class Trenches:
    """Where a pipe may lie (`trenches.toml`)."""

    max_service_m: float
    main_road_side_m: float
    snap_m: float
    parallel_m: float
    use_private_ground: bool
    stub_m: float
    private_weight: float
    others_weight: float


@dataclass(frozen=True)
class Clusters:
    """What makes a good group of homes (`clusters.toml`)."""

    fewest_homes: int
    most_homes: int
    homes_per_loop: int
    trench_share: float
    longest_gap_m: float
    loop_spacing_m: float
    typical_heat_kwh: float
    eur_per_split_street: float


@dataclass(frozen=True)
class Sites:
    """Where a borehole may stand (`sites.toml`)."""

    spacing_m: float
    registered_clearance_m: float
    building_clearance_m: float
    boundary_clearance_m: float
    water_clearance_m: float
    tree_clearance_m: float
    sewer_clearance_m: float
    cable_clearance_m: float
    wall_clearance_m: float
    other_clearance_m: float
    reach_m: float
    main_road_clearance_m: float
    barrier_clearance_m: float
    lateral_m: float
    routed_lateral_m: float
    enough_spread_m: float
    spread_equals_lateral: float
    use_public_ground: bool
    use_unknown_ground: bool
    truck_width_m: float
    mini_width_m: float
    mast_reach_m: float
    use_crane: bool
    plot_borders_block: bool
    main_street_half_width_m: float
    street_half_width_m: float
    service_half_width_m: float
    path_half_width_m: float
    plot_reach_m: float
    frontage_m: float
    shed_max_m2: float

    @property
    def kept_m(self) -> float:
        """The farthest that a borehole keeps from anything, but for obstacles with a distance of their own [m]."""
        kept = [float(getattr(self, f.name)) for f in fields(self) if f.name.endswith("_clearance_m")]
        return max(self.spacing_m, *kept)


@dataclass(frozen=True)
class Ground:
    """The ground, the borehole in it and how it is loaded (`ground.toml`)."""

    conductivity: float
    heat_capacity_mj_m3k: float
    surface_temperature_c: float
    gradient_k_m: float
    borehole_resistance: float
    internal_resistance: float
    resistance_with_depth: bool
    borehole_radius_m: float
    buried_depth_m: float
    fluid_limit_c: float
    fluid_reading: str
    fluid_drop_k: float
    years: int
    peak_hours: float
    coldest_month_share: float
    ground_share: float
    regeneration_share: float
    shared_depth_max_m: float
    ring_depth_max_m: float
    own_depth_max_m: float
    depth_min_m: float
    cooling_limit_k: float
    response: str


@dataclass(frozen=True)
class Network:
    """Pipes and the brine in them (`network.toml`)."""

    loop_equals_lateral_m: float
    service_drop_k: float
    pressure_drop_pa_m: float
    probe_loss_kpa: float
    brine_density_kg_m3: float
    brine_heat_capacity_kj_kgk: float
    brine_viscosity_mpas: float
    pipe_roughness_mm: float
    search: str
    closed_ring: bool
    heat_drop_k: float
    water_from_m2: float
    water_reach_m: float


@dataclass(frozen=True)
class Costs:
    """Prices and how they are compared (`costs.toml`)."""

    years: int
    long_years: int
    interest: float
    price_level: int
    vat_rate: float
    gas_boiler_eur: float
    gas_boiler_upkeep_eur: float
    gas_fixed_eur: float
    gas_eur_m3: float
    electricity_eur_kwh: float
    air_heat_pump_eur: float
    air_heat_pump_eur_kw: float
    air_heat_pump_upkeep_eur: float
    ground_heat_pump_eur: float
    ground_heat_pump_eur_kw: float
    ground_heat_pump_upkeep_eur: float
    electricity_connection_eur: float
    gas_removal_eur: float
    emitters_eur: float
    emitters_share: float
    insulation_eur: float
    ready_from_year: int
    insulate_before_year: int
    ready_label: str
    hot_water_kwh: float
    spf_rooms_ground: float
    spf_hot_water_ground: float
    spf_rooms_air: float
    spf_hot_water_air: float
    spf_per_k: float
    spf_warmth_share: float
    spf_depth_m: float
    source_pump_kwh_kwh: float
    pump_efficiency: float
    drilling_eur_m: float
    drilling_overrun: float
    mobilisation_eur: float
    deep_drilling_eur_m: float
    deep_drilling_from_m: float
    borehole_eur: float
    mini_rig_eur: float
    crane_rig_eur: float
    own_loop_preparation_eur: float
    network_preparation_eur: float
    source_connection_eur: float
    trench_paving_eur_m: float
    trench_green_eur_m: float
    trench_private_eur_m: float
    pipe_small_eur_m: float
    pipe_medium_eur_m: float
    pipe_large_eur_m: float
    pump_cabinet_eur: float
    plant_room_eur: float
    collective_heat_pump_eur_kw: float
    plant_grid_eur_kw: float
    collective_upkeep_eur_kw: float
    delivery_set_eur: float
    insulated_pipe_eur_m: float
    network_heat_loss: float
    spf_collective: float
    spf_rooms_aquathermal: float
    spf_hot_water_aquathermal: float
    intake_eur: float
    heat_exchanger_eur_kw: float
    intake_upkeep_eur: float
    shared_source_upkeep_eur: float
    heat_pump_years: int
    gas_boiler_years: int
    source_years: int
    intake_years: int
    draws: int
    seed: int
    isde_ground_eur: float
    isde_ground_eur_kw: float
    isde_air_eur: float
    isde_air_eur_kw: float
    isde_heat_network_eur: float
    loan_rate: float
    loan_years: int
    loan_share: float
    loan_most_eur: float
    supplier_return: float
    supplier_years: int
    connection_fee_eur: float
    supplier_overhead_eur: float
    co2_electricity_kg_kwh: float
    co2_gas_kg_m3: float
    cop_coldest_ground: float
    cop_coldest_air: float
    cop_coldest_collective: float
    cop_coldest_aquathermal: float


@dataclass(frozen=True)
class Checks:
    """Rules of which the number is assumed (`checks.toml`)."""

    permit_above_kw: float
    fluid_lowest_c: float
    regeneration_possible_share: float
    heat_network_share: float
    collective_from_homes: int
    loops_within_m: float
    cost_margin_eur: float
    weight_saving: float
    weight_robustness: float
    weight_drillings: float
    weight_certainty: float


SECTIONS: Mapping[str, type] = MappingProxyType(
    {
        "homes": Homes,
        "trenches": Trenches,
        "clusters": Clusters,
        "sites": Sites,
        "ground": Ground,
        "network": Network,
        "costs": Costs,
        "checks": Checks,
    }
)
"""Sections by name, in the order in which data meets them."""
