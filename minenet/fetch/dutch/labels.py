"""Energy labels of EP-online, the Dutch register of energy performance: from its file of the whole country.

The file has some gigabytes. It is read in blocks of whole lines, of which only the rows of the area are kept.

Names of columns come in several spellings. Confirmed in public readers of the files of 2021 to 2026 are
`Pand_bagverblijfsobjectid`, `Pand_energieklasse`, `Pand_opnamedatum`, `Pand_registratiedatum`, `Meting_geldig_tot`,
`Pand_status`, the semicolon and the lines with the date of publication before the header. Names without `Pand_`, the
comma, `Pand_geldig_tot` and the word `Vergunningsaanvraag` as a status could not be confirmed; they are accepted all
the same.

References
----------
.. [1] RVO, EP-online, total file as CSV (`v20231101_v2_csv` and later): names of columns, classes A+++++ to G.
.. [2] Besluit energieprestatie gebouwen, article 2.1: a label holds for ten years at most.
.. [3] Kadaster, Catalogus BAG 2018: identifiers of sixteen digits.
"""

import csv
import io
import lzma
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from minenet.errors import InputError
from minenet.fetch.carriers import Mapped, counted
from minenet.fetch.spelling import as_id, column, spelled

__all__ = ["label_of_buildings", "read_labels"]

NAMES = {
    "address_id": ("Pand_bagverblijfsobjectid", "bagverblijfsobjectid", "verblijfsobjectid"),
    "energy_label": ("Pand_energieklasse", "energieklasse", "Pand_labelletter", "labelletter"),
    "registered": ("Pand_registratiedatum", "registratiedatum"),
    "recorded": ("Pand_opnamedatum", "opnamedatum"),
    "valid_until": ("Meting_geldig_tot", "Pand_geldig_tot", "geldig_tot"),
    "status": ("Pand_status", "status"),
}
"""Names of a column in the file, the preferred one first."""

NEEDED = ("address_id", "energy_label", "registered")

CLASSES = ("A+++++", "A++++", "A+++", "A++", "A+", "A", "B", "C", "D", "E", "F", "G")
"""Classes from best to worst."""

DELIMITERS = (";", ",", "\t")
BLOCK_BYTES = 2**24
MOST_COLUMNS = 200
LINES_BEFORE_HEADER = 20
LARGEST_BYTES = 2**34
"""A zip that says it unpacks to more than this is refused: the file of the whole country has 2 to 4 GB."""

LARGEST_RATIO = 200
"""A zip that unpacks to more times its size than this is refused: tables of text shrink 10 to 30 times."""

YEARS_VALID = 10


@dataclass(frozen=True)
class _Layout:
    """How a file is written: its delimiter, the number of its columns, and which of them hold what is needed."""

    delimiter: str
    width: int
    positions: dict[str, int]


def read_labels(path: Path | str, address_ids: pd.Series, *, on: date) -> Mapped:
    """Return the energy label of each address that has a valid one.

    Of several valid labels the one registered last holds; registered on the same day, the one recorded last, and then
    the worst. Labels of an application for a permit say what is planned, and are left out.

    Parameters
    ----------
    path : Path or str
        The CSV file of EP-online, or a zip with one CSV file in it.
    address_ids : Series
        Identifiers of the BAG units (verblijfsobjecten) of the area; zeros that were lost are put back.
    on : date
        The day on which a label must be valid.

    Returns
    -------
    Mapped
        `address_id` and `energy_label`, one row per address, in the order of the identifiers.

    Raises
    ------
    InputError
        When the file cannot be read, is no table, or a column that is needed is not there.
    """
    path = Path(path)
    wanted = pd.Index(as_id(address_ids).dropna().unique())
    counts: Counter[str] = Counter()
    with _opened(path) as stream:
        start, layout = _layout(stream, path)
        parts = [_rows(block, layout, wanted, counts) for block in _blocks(start, stream, path)]
    if counts["left_out.line_cannot_be_read"] >= counts["read.labels"]:
        what = (
            f"has {counts['read.labels']} rows under its header, and {counts['left_out.line_cannot_be_read']} torn ones"
        )
        raise InputError(what, where=str(path), mend="Download the total file as CSV again.")
    rows = pd.concat(parts, ignore_index=True)
    labels, more = _valid(rows, on)
    counts.update(more)
    counts["unknown.energy_label"] = len(wanted) - len(labels)
    return Mapped(labels, {name: n for name, n in counts.items() if n})


def label_of_buildings(labels: pd.DataFrame, addresses: pd.DataFrame) -> Mapped:
    """Return the most common label among the dwellings of each building; of equally common ones the worst.

    Parameters
    ----------
    labels : DataFrame
        `address_id` and `energy_label`, the frame of `read_labels`.
    addresses : DataFrame
        Addresses under the names of the contract; only residential ones count, each as many times as it has dwellings.

    Returns
    -------
    Mapped
        `building_id` and `energy_label` of buildings with a labelled dwelling.

    Examples
    --------
    >>> labels = pd.DataFrame({"address_id": ["1", "2", "3"], "energy_label": ["A", "C", "C"]})
    >>> homes = pd.DataFrame({"address_id": ["1", "2", "3", "4"], "building_id": "b", "use": "residential"})
    >>> label_of_buildings(labels, homes).frame.values.tolist()
    [['b', 'C']]
    """
    where = "layer `addresses`"
    homes = pd.DataFrame(
        {
            "building_id": column(addresses, "building_id", where=where),
            "label": as_id(column(addresses, "address_id", where=where)).map(_by_id(labels)),
            "dwellings": pd.to_numeric(column(addresses, "dwellings"), errors="coerce").fillna(1).astype("float64"),
        }
    )
    homes = homes[(column(addresses, "use") == "residential") & homes["building_id"].notna() & (homes["dwellings"] > 0)]
    homes = homes.assign(rank=pd.Index(CLASSES).get_indexer(pd.Index(homes["label"])))
    labelled = homes[homes["rank"] >= 0]
    votes = labelled.groupby(["building_id", "rank"])[["dwellings"]].sum().reset_index()
    best = votes.sort_values(["building_id", "dwellings", "rank"]).drop_duplicates("building_id", keep="last")
    unlabelled = homes.loc[homes["rank"] < 0, "building_id"].unique()
    frame = pd.DataFrame({"building_id": best["building_id"], "energy_label": np.array(CLASSES)[best["rank"]]})
    counts = counted(
        inferred__label_of_building_from_part_of_its_dwellings=best["building_id"].isin(unlabelled).sum(),
        inferred__most_common_of_several_labels=(votes.groupby("building_id").size() > 1).sum(),
        unknown__energy_label_of_building=homes["building_id"].nunique() - len(best),
    )
    return Mapped(frame.reset_index(drop=True), counts)


def _by_id(labels: pd.DataFrame) -> pd.Series:
    ids = as_id(labels["address_id"])
    return pd.Series(labels["energy_label"].to_numpy(), index=ids)[~ids.duplicated().to_numpy()]


# --- the file ---------------------------------------------------------------------------------------------------------


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """Open the file, or the one CSV file within it; whatever is wrong with it is one clear error."""
    try:
        if not zipfile.is_zipfile(path):
            with path.open("rb") as stream:
                yield stream
        else:
            with _archive(path) as archive, _unpacked(archive, path) as stream:
                yield stream  # nothing is written to disk under a name that the archive chose
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", where=str(path)) from error
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError) as error:
        raise InputError(f"is a damaged zip ({error})", where=str(path), mend="Download it again.") from error


def _archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (NotImplementedError, ValueError, struct.error) as error:
        raise InputError(f"is a damaged zip ({error})", where=str(path), mend="Download it again.") from error


def _unpacked(archive: zipfile.ZipFile, path: Path) -> IO[bytes]:
    entry = _only_table(archive, path)
    try:
        return archive.open(entry)
    except (NotImplementedError, RuntimeError, ValueError, struct.error) as error:
        raise InputError(f"holds a table that is locked or damaged ({error})", where=str(path)) from error


def _only_table(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    tables = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".csv")]
    if len(tables) != 1:
        mend = "Choose the total file as CSV, or unpack it and name the table."
        raise InputError(f"holds {len(tables)} CSV files, not one", where=str(path), mend=mend)
    entry = tables[0]  # no more than `file_size` is ever read of it, whatever the archive truly holds
    if entry.file_size > LARGEST_BYTES or entry.file_size > LARGEST_RATIO * max(entry.compress_size, 1000):
        what = f"would unpack to {entry.file_size / 1e6:.0f} MB, which is no table of labels"
        raise InputError(what, where=str(path), mend="Download it again from EP-online, or unpack it yourself.")
    return entry


def _layout(stream: IO[bytes], path: Path) -> tuple[bytes, _Layout]:
    """Return what was read after the header, and how the file is written.

    Before the header stand lines such as the date of publication. The header is the first line that names a unit.
    """
    head = stream.read(2**16)
    lines = head.split(b"\n", LINES_BEFORE_HEADER + 1)
    texts = [line.decode("utf-8-sig", errors="replace").rstrip("\r") for line in lines[: LINES_BEFORE_HEADER + 1]]
    names = {spelled(name) for name in NAMES["address_id"]}
    found = [
        i for i, text in enumerate(texts) if any(spelled(cell) in names for d in DELIMITERS for cell in _cells(text, d))
    ]
    at = found[0] if found else next((i for i, text in enumerate(texts) if text.strip()), 0)
    if not texts[at].strip() or "\0" in texts[at] or "\ufffd" in texts[at] or texts[at].lstrip().startswith("<"):
        mend = "Download the total file as CSV, in UTF-8."
        raise InputError("is empty, a web page or no text", where=str(path), mend=mend)
    delimiter = max(DELIMITERS, key=lambda d: len(_cells(texts[at], d)))
    cells = [cell.strip()[:60] for cell in _cells(texts[at], delimiter)[:MOST_COLUMNS]]
    given = pd.DataFrame([range(len(cells))], columns=cells)
    where = f"{path}, line {at + 1}"
    found_at = {key: column(given, *names, where=where if key in NEEDED else "") for key, names in NAMES.items()}
    positions = {key: int(place.iloc[0]) for key, place in found_at.items() if place.notna().all()}
    return b"\n".join(lines[at + 1 :]), _Layout(delimiter, len(cells), positions)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return [line]


def _blocks(start: bytes, stream: IO[bytes], path: Path) -> Iterator[bytes]:
    """Yield the rest of a file in blocks of whole lines: memory does not grow with the file."""
    rest = start
    while block := stream.read(BLOCK_BYTES):
        lines, cut, rest = (rest + block).rpartition(b"\n")
        if len(rest) > BLOCK_BYTES:
            raise InputError(f"has a line of over {BLOCK_BYTES >> 20} MB: it is no table", where=str(path))
        yield lines + cut
    yield rest


def _rows(block: bytes, layout: _Layout, wanted: pd.Index, counts: Counter[str]) -> pd.DataFrame:
    """Return the rows of wanted addresses in a block, all as text; lines with too few or many cells are counted."""
    if not block.strip():
        return pd.DataFrame(columns=list(NAMES), dtype="str")
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    read = _table(block, layout, quote='"')
    if read is None or read[0].num_rows + read[1] < lines:
        # A quotation mark that is never closed swallows the lines after it: it may be a letter like any other.
        plain = _table(block, layout, quote=False)
        read = max((r for r in (read, plain) if r), key=lambda r: r[0].num_rows, default=None)
    if read is None:
        raise InputError("holds lines that are no table of text", where="file of labels", mend="Download it again.")
    table, torn = read
    counts["left_out.line_cannot_be_read"] += torn
    counts["read.labels"] += table.num_rows
    ids = as_id(_trimmed(table.column("address_id").to_pandas()))
    ours = ids.isin(wanted).to_numpy(dtype=bool)
    frame = pd.DataFrame(table.filter(pa.array(ours)).to_pandas()).reindex(columns=list(NAMES))
    return frame.assign(address_id=ids[ours].to_numpy()).apply(_trimmed)


def _trimmed(cells: pd.Series) -> pd.Series:
    return cells.astype("str").str.strip(' \r"').where(cells.notna()).astype("str")


def _table(block: bytes, layout: _Layout, *, quote: str | bool) -> tuple[pa.Table, int] | None:
    """Return the needed columns of a block and the number of torn lines; None when it cannot be parsed."""
    torn: list[object] = []

    def skip(row: object) -> str:
        torn.append(row)
        return "skip"

    names = [str(i) for i in range(layout.width)]
    needed = {str(i): name for name, i in layout.positions.items()}
    types = dict.fromkeys(needed, pa.string())
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(block),
            arrow_csv.ReadOptions(use_threads=False, column_names=names, block_size=max(len(block), 1) + 1),
            arrow_csv.ParseOptions(delimiter=layout.delimiter, quote_char=quote, invalid_row_handler=skip),
            arrow_csv.ConvertOptions(include_columns=list(needed), column_types=types, strings_can_be_null=True),
        )
    except pa.ArrowException:
        return None
    return table.rename_columns([needed[name] for name in table.column_names]), len(torn)


# --- which label holds ------------------------------------------------------------------------------------------------


def _valid(rows: pd.DataFrame, on: date) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the label that holds on a day for each address, and what became of the others."""
    today = on.year * 10_000 + on.month * 100 + on.day
    label = rows["energy_label"].str.upper().str.replace(" ", "")
    rank = pd.Series(pd.Index(CLASSES).get_indexer(pd.Index(label)), index=rows.index)
    registered, recorded, until = (_day(rows[name]) for name in ("registered", "recorded", "valid_until"))
    until = until.fillna(recorded.fillna(registered) + YEARS_VALID * 10_000)
    planned = rows["status"].str.casefold().str.startswith("vergunning").fillna(value=False).astype(bool)
    classed = ~planned & (rank >= 0)
    later, expired = classed & (registered > today), classed & ~(registered > today) & (until < today)
    good = classed & ~later & ~expired
    table = pd.DataFrame({"address_id": rows["address_id"], "rank": rank})
    table = table.assign(registered=registered.fillna(0), recorded=recorded.fillna(0))[good]
    newest = table.sort_values(["address_id", "registered", "recorded", "rank"], kind="stable")
    newest = newest.drop_duplicates("address_id", keep="last")
    guessed = _day(rows["valid_until"]).isna() & until.notna()
    counts = counted(
        left_out__label_of_application_for_permit=planned.sum(),
        left_out__label_without_class=(~planned & (rank < 0)).sum(),
        left_out__label_registered_later=later.sum(),
        left_out__expired_label=expired.sum(),
        left_out__older_label=len(table) - len(newest),
        inferred__label_valid_for_ten_years=guessed[newest.index].sum(),
        unknown__label_valid_until=until[newest.index].isna().sum(),
    )
    labels = np.array(CLASSES, dtype="object")[newest["rank"]]
    return pd.DataFrame({"address_id": newest["address_id"].to_numpy(), "energy_label": labels}, dtype="str"), counts


def _day(text: pd.Series) -> pd.Series:
    """Return days as numbers that compare (20261128), of `2026-11-28`, `20261128` or `28-11-2026`; others are null."""
    year_first = text.str.extract(r"^([12][0-9]{3}|9999)[-/]?([0-9]{2})[-/]?([0-9]{2})(?![0-9])").astype("float64")
    day_first = text.str.extract(r"^([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4})(?![0-9])").astype("float64")[[2, 1, 0]]
    parts = year_first.fillna(day_first.set_axis([0, 1, 2], axis=1))
    number = parts[0] * 10_000 + parts[1] * 100 + parts[2]
    return number.where(parts[1].between(1, 12) & parts[2].between(1, 31))
