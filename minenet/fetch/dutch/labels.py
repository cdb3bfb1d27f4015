"""Energy labels from the bulk file of EP-online, and the label of a building from those of its dwellings.

The file is CSV with semicolons and holds the whole country in gigabytes: it is read in chunks, and only what belongs to
the asked dwellings is kept. Columns bore the prefix `Pand_` and lost it in later versions; lines with the day of
publication may stand before the header.

References
----------
.. [1] RVO, EP-online, Mutatiebestand and total file (public.ep-online.nl): `Pand_bagverblijfsobjectid`,
   `Pand_energieklasse`, `Pand_registratiedatum`, `Meting_geldig_tot`; later `BAGVerblijfsobjectID`, `Energieklasse`,
   `Registratiedatum`, `GeldigTot`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from minenet.errors import InputError
from minenet.fetch.carriers import Mapped, counted
from minenet.fetch.delimited import Layout, layout_of, wording
from minenet.fetch.spelling import as_id, column, spelled

__all__ = ["label_of_buildings", "read_labels"]

CHUNK_ROWS = 200_000

COLUMNS = {
    "address_id": ("pand_bagverblijfsobjectid", "bagverblijfsobjectid", "bag_verblijfsobject_id"),
    "label": ("pand_energieklasse", "energieklasse", "energielabel", "labelletter"),
    "registered": ("pand_registratiedatum", "registratiedatum"),
    "valid_until": ("meting_geldig_tot", "geldig_tot", "pand_geldig_tot"),
    "status": ("pand_status", "status"),
}
"""Names of columns in the versions of the file [1]_; what is not there is taken as not said."""

CLASSES = ("A+++++", "A++++", "A+++", "A++", "A+", "A", "B", "C", "D", "E", "F", "G")
"""From the best to the worst."""


def read_labels(path: str | Path, address_ids: Iterable[str], *, on: str = "") -> Mapped:
    """Return the label of each dwelling that has one: the latest that was registered and holds.

    Parameters
    ----------
    path : path
        Bulk file of EP-online, unpacked.
    address_ids : iterable of str
        Identifiers of dwelling units (BAG verblijfsobject), sixteen digits.
    on : str
        The day on which a label must hold, as `2026-11-28`; the day of publication in the file when empty. When that
        is not there either, every label counts as held.

    Returns
    -------
    Mapped
        `address_id` and `energy_label`, one row each, in the order of the identifiers.

    Raises
    ------
    InputError
        When the file is no such table, or damaged.
    """
    path = Path(path)
    layout = layout_of(path, _is_header, needs="BAGVerblijfsobjectID and Energieklasse")
    day = _days(pd.Series([on or _published(layout)], dtype="str")).iloc[0]
    wanted = pd.Index(as_id(pd.Series(list(address_ids), dtype="str")).dropna().unique())
    counts: Counter[str] = Counter()
    parts = [_kept(chunk, wanted, day, counts) for chunk in _chunks(path, layout)]
    rows = (
        pd.concat(parts, ignore_index=True) if parts else _kept(pd.DataFrame(columns=layout.names), wanted, day, counts)
    )
    rows = rows.assign(worse=rows["label"].map(CLASSES.index)).sort_values(
        ["address_id", "registered", "worse"], kind="stable", na_position="first"
    )
    latest = rows.drop_duplicates("address_id", keep="last")
    counts["left_out.older_label_of_the_same_dwelling"] += len(rows) - len(latest)
    counts["unknown.no_label"] += len(wanted) - len(latest)
    counts["unknown.whether_labels_still_hold"] += len(latest) if pd.isna(day) else 0
    table = latest[["address_id", "label"]].rename(columns={"label": "energy_label"}).reset_index(drop=True)
    return Mapped(table, counted(**counts))


def _is_header(names: list[str]) -> bool:
    given = {spelled(n) for n in names}
    return all(given & {spelled(n) for n in COLUMNS[c]} for c in ("address_id", "label"))


def _published(layout: Layout) -> str:
    """Return the day of publication that stands before the header."""
    for line in layout.preamble:
        name, _, said = line.partition(layout.delimiter)
        if "publicatie" in spelled(name):
            return said.split(layout.delimiter)[0].strip(' "')
    return ""


def _chunks(path: Path, layout: Layout) -> Iterator[pd.DataFrame]:
    """Yield the columns that are used, as texts, so many rows at a time."""
    used = {spelled(n) for names in COLUMNS.values() for n in names}
    try:
        reader = pd.read_csv(
            path,
            sep=layout.delimiter,
            skiprows=layout.skipped,
            usecols=lambda name: spelled(str(name)) in used,
            dtype="str",
            encoding=layout.encoding,
            encoding_errors="replace",
            chunksize=CHUNK_ROWS,
            index_col=False,
            skip_blank_lines=False,
        )
        with reader:
            yield from reader
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError, OSError) as error:
        said = " ".join(str(error).split())[:120]
        raise InputError(f"is damaged or cut off ({said})", where=str(path), mend="Take it again.") from error


def _kept(chunk: pd.DataFrame, wanted: pd.Index, day: pd.Timestamp, counts: Counter[str]) -> pd.DataFrame:
    """Return the labels in a chunk that belong to wanted dwellings and hold, counting the others of those dwellings."""
    ids = as_id(column(chunk, *COLUMNS["address_id"]))
    rows = chunk[ids.isin(wanted)]
    table = pd.DataFrame(
        {
            "address_id": ids[rows.index],
            "label": column(rows, *COLUMNS["label"]).astype("str").str.strip().str.upper(),
            "registered": _days(column(rows, *COLUMNS["registered"])),
            "until": _days(column(rows, *COLUMNS["valid_until"])),
            "planned": wording(column(rows, *COLUMNS["status"]))
            .str.contains("vergunning")
            .fillna(value=False)
            .astype(bool),
        }
    )
    strange = ~table["label"].isin(CLASSES)
    expired = ~strange & (table["until"] < day)
    counts["left_out.no_class_that_is_known"] += int(strange.sum())
    counts["left_out.expired"] += int(expired.sum())
    counts["left_out.of_a_permit_not_of_the_home"] += int((~strange & ~expired & table["planned"]).sum())
    return table[~strange & ~expired & ~table["planned"]]


def _days(series: pd.Series) -> pd.Series:
    """Return days, written as 20240131, 2024-01-31 or 31-01-2024, with a time or without; not a day where it is none.

    Examples
    --------
    >>> _days(pd.Series(["20240131", "2024-01-31T10:00:00", "31-1-2024", "soon"])).dt.strftime("%Y-%m-%d").tolist()
    ['2024-01-31', '2024-01-31', '2024-01-31', nan]
    """
    text = series.astype("str").where(series.notna())
    parts = text.str.extract(r"^\s*(\d{4})-?(\d{2})-?(\d{2})")
    other = text.str.extract(r"^\s*(\d{1,2})[-/](\d{1,2})[-/](\d{4})")[[2, 1, 0]].set_axis([0, 1, 2], axis=1)
    ymd = parts.fillna(other)
    joined = ymd[0] + "-" + ymd[1].str.zfill(2) + "-" + ymd[2].str.zfill(2)
    return pd.to_datetime(joined, format="%Y-%m-%d", errors="coerce")


def label_of_buildings(labels: pd.DataFrame, addresses: pd.DataFrame) -> pd.Series:
    """Return the label of each building: the most common one of its dwellings, the worse of two as common.

    Parameters
    ----------
    labels : DataFrame
        `address_id` and `energy_label`.
    addresses : DataFrame
        `address_id` and `building_id`.

    Returns
    -------
    Series
        `energy_label` by `building_id`; buildings of which no dwelling has a label are not in it.

    Examples
    --------
    >>> labels = pd.DataFrame({"address_id": ["1", "2", "3"], "energy_label": ["B", "C", "A"]})
    >>> homes = pd.DataFrame({"address_id": ["1", "2", "3"], "building_id": ["p", "p", "q"]})
    >>> label_of_buildings(labels, homes).to_dict()
    {'p': 'C', 'q': 'A'}
    """
    homes = addresses[["address_id", "building_id"]].dropna().drop_duplicates()
    found = homes.merge(labels, on="address_id")
    times = found.groupby(["building_id", "energy_label"]).size().rename("times").reset_index()
    times["worse"] = times["energy_label"].map({label: i for i, label in enumerate(CLASSES)})
    most = times.sort_values(["building_id", "times", "worse"]).drop_duplicates("building_id", keep="last")
    return most.set_index("building_id")["energy_label"]
