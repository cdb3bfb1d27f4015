"""Ground loops of others, from the national register of systems that use groundwater (BRO GUF).

The register's file is a GeoPackage whose columns could not be looked at: names of the catalogue are taken in English
and Dutch, in any spelling. Meanings and units are those of the catalogue [1]_: energy is what is put INTO the ground,
so cold that is put in while heating is heat that is taken out; in MWh a year, depths in metres below ground.

References
----------
.. [1] Geonovum, "Basisregistratie Ondergrond, Catalogus Grondwatergebruiksysteem (GUF)", 2021, and its schema
   `gufcommon.xsd` 1.0: `installationFunction`, `energyCold` and `energyWarm` [MWh], `loopDepth` or
   `endDepthBottom` [m], `lifespan`, `registrationStatus` (completed when the system ended), `deregistered`.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS

from minenet.errors import InputError
from minenet.fetch.carriers import Collected, Mapped, counted
from minenet.fetch.spelling import as_id, column, decimal, spelled
from minenet.fetch.window import Window
from minenet.sources.guarded import guarded
from minenet.tables import shapes_of

__all__ = ["INCOMPLETE", "map_loops", "read_loops"]

INCOMPLETE = (
    "The register is incomplete: systems from before 1 July 2013 need not be in it, and it has far fewer systems than "
    "there are homes with one. No loop in the register does not mean no loop in the ground."
)

SOURCE = "BRO grondwatergebruiksysteem"

FUNCTIONS = (
    "installation_function",
    "installatiefunctie",
    "installation_type",
    "primary_usage_type",
    "primair_gebruiksdoel",
    "gebruiksdoel",
    "usage_type",
)
IDS = ("bro_id", "broid", "bro_identificatie", "guf_id", "loop_id", "identificatie")
DEPTHS = ("loop_depth", "end_depth_bottom", "einddiepte", "bodemlusdiepte", "depth_m", "diepte", "depth")
COLD = ("energy_cold", "energie_koude")
WARM = ("energy_warm", "energie_warmte")
ENDS = (
    "lifespan_end_time",
    "lifespan_end",
    "end_time",
    "eindtijd",
    "einddatum",
    "datum_einde",
    "end_lifespan",
    "einddatum_levensduur",
)
STATUSES = ("registration_status", "registratiestatus")
WITHDRAWN = ("deregistered", "uit_registratie_genomen")

CLOSED = ("geslotenbodemenergiesysteem", "gbes", "geslotensysteem")
"""Words for a closed ground-energy system, as they are compared."""

DEEPEST_M = 1000.0
"""The register holds systems to 500 m: twice that is a mistake."""


def read_loops(path: str | Path, window: Window) -> Collected:
    """Return the systems of the register's file that lie in a window and the strip around it.

    Parameters
    ----------
    path : path
        GeoPackage of the register, or another file of map layers with its columns.
    window : Window
        Where; the file is read by its box only.

    Returns
    -------
    Collected
        Rows in the CRS of the window, with a note `incomplete`.

    Raises
    ------
    InputError
        When the file cannot be read, or has no layer with the kind of system.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError("no such file", where=str(path))
    try:
        with guarded(path):
            name, crs = _layer(path)
        box = gpd.GeoSeries([window.wide], crs=window.crs).to_crs(crs).total_bounds
        with guarded(path):
            frame = pyogrio.read_dataframe(path, layer=name, bbox=tuple(box), use_arrow=False)
    except (DataSourceError, DataLayerError, RuntimeError, ValueError) as error:
        mend = "Take it again: brogufvolledigeset.gpkg at service.pdok.nl/tno/bro-grondwatergebruiksysteem."
        raise InputError("cannot be read as map layers", where=str(path), mend=mend) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError(f"layer `{name}` has no geometry", where=str(path))
    here = gpd.GeoDataFrame(frame.to_crs(window.crs).reset_index(drop=True))
    near = here.geometry.intersects(window.wide)
    return Collected(
        gpd.GeoDataFrame(here[near].reset_index(drop=True), crs=window.crs),
        source=f"{SOURCE}, {path.name}",
        licence="CC0",
        attribution="TNO, Basisregistratie Ondergrond",
        notes={"incomplete": INCOMPLETE},
    )


def _layer(path: Path) -> tuple[str, CRS]:
    """Return the first layer with geometry that says of what kind a system is, and its CRS."""
    wanted, seen = {spelled(n) for n in FUNCTIONS}, []
    for name, kind in pyogrio.list_layers(path):
        info = pyogrio.read_info(path, layer=name)
        seen.append(str(name))
        if kind is not None and wanted & {spelled(str(f)) for f in info["fields"]}:
            if info["crs"] is None:
                raise InputError(f"layer `{name}` has no coordinate reference system", where=str(path))
            return str(name), CRS.from_user_input(info["crs"])
    what = f"no layer says of what kind a system is (`{FUNCTIONS[0]}`)"
    raise InputError(what, where=str(path), mend=f"Layers there: {', '.join(seen) or 'none'}.")


def map_loops(rows: gpd.GeoDataFrame) -> Mapped:
    """Return `loops`: closed ground-energy systems that are there.

    Parameters
    ----------
    rows : GeoDataFrame
        What the register gives.

    Returns
    -------
    Mapped
        `loop_id`, `depth_m` [m], `heat_kwh` (net from the ground per year) and `source`. A system of several rows has a
        loop each, `id#2` and on, and its heat divided among them. Other systems are left out by kind.

    Raises
    ------
    InputError
        When no column says of what kind a system is.
    """
    kind = column(rows, *FUNCTIONS, where=SOURCE).map(lambda v: spelled(str(v)), na_action="ignore").replace("", np.nan)
    closed = kind.isin(CLOSED).to_numpy(dtype=bool)
    over = _ended(rows)
    place = ~(shapely.is_missing(shapes_of(rows)) | shapely.is_empty(shapes_of(rows)))
    kept = rows[closed & ~over & place].reset_index(drop=True)
    table, counts = _systems(kept)
    others = kind[~closed & kind.notna()].value_counts().sort_index()
    counts |= {f"left_out.{name}": int(n) for name, n in others.items()}
    counts |= counted(
        left_out__ended_or_withdrawn=int((closed & over).sum()),
        left_out__no_place=int((closed & ~over & ~place).sum()),
        unknown__kind_of_system=int(kind.isna().sum()),
    )
    return Mapped(table, counts)


def _ended(rows: gpd.GeoDataFrame) -> np.ndarray:
    """Return which systems ended or were taken out of the register."""
    end = column(rows, *ENDS)
    over = (end.notna() & (end.astype("str").str.strip() != "")).to_numpy(dtype=bool)
    status = column(rows, *STATUSES).map(lambda v: spelled(str(v)), na_action="ignore")
    taken = column(rows, *WITHDRAWN).map(lambda v: spelled(str(v)), na_action="ignore")
    return (
        over | status.eq("voltooid").to_numpy(dtype=bool) | taken.isin(("ja", "yes", "true", "1")).to_numpy(dtype=bool)
    )


def _systems(rows: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Return closed systems under the names of the contract."""
    points = shapely.point_on_surface(shapes_of(rows)) if len(rows) else shapes_of(rows)
    table = gpd.GeoDataFrame({"loop_id": as_id(column(rows, *IDS), 1)}, geometry=points, crs=rows.crs)
    depth = decimal(column(rows, *DEPTHS))
    table["depth_m"] = depth.where((depth > 0) & (depth <= DEEPEST_M))
    cold, warm = decimal(column(rows, *COLD)), decimal(column(rows, *WARM))
    cold, warm = cold.where(cold >= 0), warm.where(warm >= 0)
    net = cold - warm.fillna(0.0)
    table["heat_kwh"] = net.clip(lower=0.0) * 1000  # MWh [1]
    table["source"] = SOURCE
    table, named = _named(table)
    several = table.groupby("system")["system"].transform("size") if len(table) else pd.Series(dtype="int64")
    table["heat_kwh"] = table["heat_kwh"] / several
    counts = counted(
        unknown__depth=int(table["depth_m"].isna().sum()),
        unknown__heat=int(table["heat_kwh"].isna().sum()),
        inferred__no_heat_put_back_as_none_is_stated=int((cold.notna() & warm.isna()).sum()),
        inferred__no_net_heat_as_more_is_put_in=int((net < 0).sum()),
        inferred__heat_divided_over_rows_of_a_system=int((several > 1).sum()),
        inferred__position_within_a_line_or_area=int((shapely.get_dimensions(shapes_of(rows)) > 0).sum()),
        inferred__name_as_row_has_none=named,
    )
    return gpd.GeoDataFrame(table.drop(columns="system"), crs=rows.crs), counts


def _named(table: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, int]:
    """Return loops in an order that depends on the data alone, each with a name of its own; rows that repeat go."""
    xy = shapely.get_coordinates(shapes_of(table)).round(3)
    order = table.assign(_x=xy[:, 0], _y=xy[:, 1]).drop_duplicates(["loop_id", "_x", "_y", "depth_m", "heat_kwh"])
    order = order.sort_values(["loop_id", "_x", "_y", "depth_m", "heat_kwh"], kind="stable", ignore_index=True)
    nameless = order["loop_id"].isna()
    x, y = (order[axis].round().astype("Int64").astype("str") for axis in ("_x", "_y"))
    own = "unnamed-" + x + "-" + y
    system = order["loop_id"].where(~nameless, own)
    number = system.groupby(system).cumcount() + 1
    names = system.where(number == 1, system + "#" + number.astype("str"))
    named = order.assign(loop_id=names, system=system).drop(columns=["_x", "_y"])
    return gpd.GeoDataFrame(named, crs=table.crs), int(nameless.sum())
