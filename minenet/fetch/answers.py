"""Answers of the people themselves: a table of addresses that said yes or no, joined to the addresses of the area.

A home is only marked when a row names it without doubt; every other row comes back with the reason. Of the table only
the address and the answer are taken: names, e-mail addresses and remarks go nowhere.

References
----------
.. [1] Kadaster, Catalogus BAG 2018: an address has a postcode, a house number, a letter and an addition.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from minenet.errors import InputError
from minenet.fetch.carriers import counted
from minenet.fetch.dutch.gas import as_postcode
from minenet.fetch.spelling import column, spelled

__all__ = ["Answered", "house_number", "join_answers"]

YES = ("yes", "ja", "j", "y", "true", "waar", "1", "1.0")
NO = ("no", "nee", "n", "false", "onwaar", "0", "0.0")

NAMES = {
    "postcode": ("postcode", "postal_code", "zip_code", "pc6"),
    "number": ("huisnummer", "house_number", "huisnr"),  # a column `nr` numbers the rows as often as the houses
    "letter": ("huisletter", "house_letter"),
    "addition": ("toevoeging", "huisnummertoevoeging", "huisnummer_toev", "addition", "house_number_addition"),
    "street": ("straat", "straatnaam", "street", "street_name", "openbare_ruimte"),
    "city": ("woonplaats", "plaats", "plaatsnaam", "city", "town"),
    "address": ("adres", "address", "volledig_adres", "full_address"),
    "answer": ("antwoord", "answer", "doet mee", "doe mee", "doe je mee", "doet u mee", "akkoord", "joins"),
}
"""Names of a column in the table, the preferred one first."""

DELIMITERS = (";", ",", "\t")
BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
LARGEST_BYTES = 2**25
LONGEST_TEXT = 120
LETTERS_COMPARED = 3
"""Streets are abbreviated (`Prof. Jansstr.`): so many letters must agree where a postcode tells the street as well."""

IN_TEXT = r"(?<![0-9A-Za-z])(?P<postcode>[1-9][0-9]{3} ?[A-Za-z]{2})(?![0-9A-Za-z])"
STREET_AND_HOUSE = r"^(?:(?P<street>.*?[^\W\d_]{2}.*?)\s+)?(?P<house>[0-9].*)$"
HOUSE = r"^0*(?P<number>[1-9][0-9]{0,4})(?P<suffix>(?![0-9])[0-9A-Z\s\-\u2010-\u2015/._'()]*)$"
MAIL = r"\S*@\S*"

TORN = "more cells than columns: is the address between quotation marks?"
UNREAD = "the house number cannot be read"
NO_PLACE = "no postcode, or no street and town"
UNLIKE = "the row gives two different house numbers or postcodes"
SEVERAL = "several addresses there"
NO_ADDITION = "no such letter or addition there"
NO_ADDRESS = "no such address in the area"
OTHER_STREET = "the postcode belongs to another street"
NO_HOME = "not a home"
CONTRADICTION = "contradicts another row for this home"
OTHERWISE_KNOWN = "contradicts the answer that was already there"


@dataclass(frozen=True)
class Answered:
    """Addresses with the answers of the people, and the rows that could not be joined.

    Parameters
    ----------
    addresses : GeoDataFrame
        As they came, with `answer` (yes / no / null).
    unmatched : DataFrame
        `row` (as a spreadsheet numbers them: the header is 1), `text` (the address as given, nothing else of the row)
        and `reason`.
    counts : mapping of str to int
        How many rows were read, joined, repeated, empty and left out.
    """

    addresses: gpd.GeoDataFrame
    unmatched: pd.DataFrame
    counts: Mapping[str, int] = field(default_factory=dict)


def join_answers(addresses: gpd.GeoDataFrame, path: Path | str) -> Answered:
    """Return addresses with the answers in a table of people's own.

    A row is joined by postcode and house number with letter and addition; by street, house number and town only where
    the table has no postcodes. A row without addition takes the only address with its number, never one of several.
    Where answers contradict each other the home has none; but a no that was already there is never undone.

    Parameters
    ----------
    addresses : GeoDataFrame
        Addresses under the names of the contract.
    path : Path or str
        Text with a header and commas, semicolons or tabs between columns, as spreadsheets save it.

    Raises
    ------
    InputError
        When the file is no such table, a column that is needed is not there, or an answer is neither yes nor no:
        whoever said no in other words must not be planned in.
    """
    table, torn = _read(Path(path))
    answer = _yes_or_no(column(table, *NAMES["answer"], where=str(path)).mask(torn), str(path))
    known = _yes_or_no(column(addresses, "answer").reset_index(drop=True), "layer `addresses`")
    rows = _places(table, str(path)).assign(answer=answer)
    rows["reason"] = rows["reason"].mask(torn, TORN)
    rows["text"] = rows["text"].mask(torn, "")  # its cells stand under the wrong names: an address or not
    said = rows[torn | answer.notna()]
    said = _matched(said, _register(addresses, by_postcode=bool(said["place"].str.startswith("P").any())))
    joined, said, counts = _joined(said, known)
    lost = said[said["reason"] != ""]
    unmatched = lost.rename_axis("row").reset_index()[["row", "text", "reason"]]
    reasons = lost["reason"].value_counts().sort_index()
    counts |= counted(read__rows_of_answers=len(rows), unknown__answer_empty=len(rows) - len(said))
    counts |= {f"left_out.answer_{_slug(str(reason))}": int(n) for reason, n in reasons.items()}
    frame = gpd.GeoDataFrame(addresses.assign(answer=joined.to_numpy()), crs=addresses.crs)
    return Answered(frame, unmatched, counts)


def house_number(series: pd.Series) -> pd.Series:
    """Return house numbers as they are compared: the number, and letter and addition after a space; null if not one.

    Separators are dropped, except between two digits: 12-1-1 is not 12-11.

    Examples
    --------
    >>> house_number(pd.Series(["12 A", "12a", "12-A", "12-bis", "12 II", "12A-2", "012", "12 + 14"])).tolist()
    ['12 A', '12 A', '12 A', '12 BIS', '12 II', '12 A2', '12', nan]
    """
    text = series.astype("str").where(series.notna()).astype("str").str.strip().str.replace(r"\.0$", "", regex=True)
    parts = text.str.upper().str.extract(HOUSE)
    suffix = parts["suffix"].str.strip(" -").str.replace(r"(?<=[0-9])[^0-9A-Z]+(?=[0-9])", "-", regex=True)
    suffix = suffix.str.replace(r"[^0-9A-Z-]|(?<![0-9])-|-(?![0-9])", "", regex=True)
    return (parts["number"] + " " + suffix).str.strip()


def _slug(reason: str) -> str:
    return "_".join(reason.partition(":")[0].replace(",", "").split())


# --- the file ---------------------------------------------------------------------------------------------------------


def _read(path: Path) -> tuple[pd.DataFrame, pd.Series]:
    """Return the cells of a table as text, rows numbered as a spreadsheet does, and which rows have too many cells."""
    text = _text(path)
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep="):  # a line for spreadsheets, that they do not show
        text = rest
    records = max((_records(text, d, path) for d in DELIMITERS), key=lambda r: len(r[0][1]))
    header, body = [name.strip() for name in records[0][1]], records[1:]
    _require_header(header, path)
    if not body:
        raise InputError("has a header, but no rows", where=str(path))
    width = len(header)
    torn = pd.Series([any(cell.strip() for cell in cells[width:]) for _, cells in body], dtype="bool")
    cells = [(cells + [""] * width)[:width] for _, cells in body]
    frame = pd.DataFrame(cells, columns=header, index=[at for at, _ in body], dtype="str")
    frame = frame.loc[:, ~frame.columns.duplicated()].apply(_one_space)
    return frame.where(frame != ""), torn.set_axis(frame.index)


def _one_space(cells: pd.Series) -> pd.Series:
    return cells.str.replace(r"\s+", " ", regex=True).str.strip()


def _text(path: Path) -> str:
    """Return the text of a file in one of the encodings that spreadsheets save."""
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", where=str(path)) from error
    mend = "Save it as CSV (UTF-8) from your spreadsheet."
    if len(data) > LARGEST_BYTES:
        raise InputError(f"is larger than {LARGEST_BYTES >> 20} MB: it is no list of addresses", where=str(path))
    marked = [encoding for mark, encoding in BYTE_ORDER_MARKS.items() if data.startswith(mark)]
    text = next((t for e in marked or ("utf-8", "cp1252") if (t := _decoded(data, e)) is not None), "\0")
    if "\0" in text or data.startswith(b"PK\x03\x04"):
        raise InputError("is no text", where=str(path), mend=mend)
    if not text.strip():
        raise InputError("is empty", where=str(path), mend=mend)
    if text.lstrip().startswith("<"):
        raise InputError("is a web page or XML, no table", where=str(path), mend=mend)
    return text


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None


def _records(text: str, delimiter: str, path: Path) -> list[tuple[int, list[str]]]:
    """Return the rows that are not empty with their numbers, from 1."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=None), delimiter=delimiter))
    except csv.Error as error:
        raise InputError(f"is no table ({error})", where=str(path), mend="Save it as CSV again.") from error
    filled = [(at, cells) for at, cells in enumerate(rows, start=1) if any(cell.strip() for cell in cells)]
    return filled or [(1, [""])]


def _require_header(header: list[str], path: Path) -> None:
    """Raise when the first row is no header, or names a column that is used twice."""
    where = str(path)
    looks = pd.Series(header, dtype="str")
    if looks.str.contains("@").any() or as_postcode(looks).notna().any():  # not repeated: it may be somebody's
        raise InputError("starts with a row of data", where=where, mend="Put names of columns in the first row.")
    names = [spelled(name) for name in header]
    answers = [name for name in names if name in {spelled(a) for a in NAMES["answer"]}]
    if len(answers) > 1:
        mend = "Leave only the one that says who joins."
        raise InputError(f"{len(answers)} columns may be the answer ({', '.join(answers)})", where=where, mend=mend)
    used = {spelled(name) for group in NAMES.values() for name in group}
    twice = sorted({name for name in names if name in used and names.count(name) > 1})
    if twice:
        raise InputError(f"column `{twice[0]}` stands there twice", where=where, mend="Leave out one of them.")


def _yes_or_no(given: pd.Series, where: str) -> pd.Series:
    """Return answers as yes, no or null; any other word is an error that names it."""
    said = _one_space(given.astype("str").where(given.notna()).astype("str")).str.casefold().str.strip(" .!")
    said = said.where(said != "")
    answer = said.map(dict.fromkeys(YES, "yes") | dict.fromkeys(NO, "no")).astype("str")
    strange = said[said.notna() & answer.isna()]
    if len(strange):
        shown = strange.str.replace(MAIL, "...", regex=True).str[:30].drop_duplicates()[:5]
        rows = ", ".join(str(row) for row in strange.index[:10]) + (", ..." if len(strange) > 10 else "")
        what = f"the answer says {', '.join(f'`{word}`' for word in shown)} (row {rows})"
        raise InputError(what, where=where, mend="Use yes or no (ja or nee), or leave it empty.")
    return answer


# --- the address in a row ---------------------------------------------------------------------------------------------


def _places(table: pd.DataFrame, where: str) -> pd.DataFrame:
    """Return where each row says that it is: `place` and `house` as they are compared, `street`, `text`, `reason`."""
    _require_place(table, where)
    cell = {key: column(table, *names).astype("str") for key, names in NAMES.items()}
    whole = _taken_apart(cell["address"])
    addition = cell["letter"].fillna("") + ("-" + cell["addition"]).fillna("")
    number = cell["number"].str.replace(r"\.0$", "", regex=True)  # 12.0: a spreadsheet took it for a measure
    house = house_number(number.fillna(whole["house"]) + addition)
    in_text, postcode_in_text = house_number(whole["house"]), as_postcode(whole["postcode"])
    postcode = as_postcode(cell["postcode"].fillna(whole["postcode"]))
    unlike = (cell["number"].notna() & in_text.notna() & (house != in_text)) | (
        cell["postcode"].notna() & postcode_in_text.notna() & (postcode != postcode_in_text)
    )
    street = cell["street"].fillna(whole["street"]).map(spelled, na_action="ignore").astype("str")
    by_name = _by_name(street, cell["city"].fillna(whole["city"]))
    named = postcode_in_text.isna() & (not _has(table, "postcode"))  # a postcode decides, even a wrong one
    place = ("P" + postcode).fillna(by_name.where(named))
    reason = np.select([unlike, house.isna(), place.isna()], [UNLIKE, UNREAD, NO_PLACE], "")
    shown = [cell[key] for key in ("address", "street", "number", "letter", "addition", "postcode", "city")]
    text = pd.concat(shown, axis=1).fillna("").agg(" ".join, axis=1)
    text = text.str.replace(MAIL, "...", regex=True).pipe(_one_space).str[:LONGEST_TEXT]
    places = {"place": place, "house": house, "street": street, "text": text, "reason": reason}
    return pd.DataFrame(places, index=table.index).astype("str")


def _by_name(street: pd.Series, city: pd.Series) -> pd.Series:
    """Return street and town as one key, null where one of them is not known."""
    town = city.map(spelled, na_action="ignore").astype("str")
    return ("S" + street + "|" + town).where((street != "") & (town != ""))


def _has(table: pd.DataFrame, key: str) -> bool:
    return bool({spelled(n) for n in NAMES[key]} & {spelled(str(c)) for c in table.columns})


def _require_place(table: pd.DataFrame, where: str) -> None:
    """Raise when no row can say where it is."""
    if _has(table, "address"):
        return
    column(table, *NAMES["number"], where=where)
    if not (_has(table, "street") and _has(table, "city")):
        column(table, *NAMES["postcode"], where=where)


def _taken_apart(address: pd.Series) -> pd.DataFrame:
    """Return street, house, postcode and city of addresses in one cell, null where they are not to be seen.

    The house number is the first number after the street: `Plein 1940 12` names no house that exists, and is not
    guessed at.
    """
    text = address.astype("str").where(address.astype("str").str.len() <= LONGEST_TEXT).astype("str")
    parts = text.str.extract(rf"^(?P<before>.*?){IN_TEXT}(?P<after>.*)$")
    by_comma = text.str.extract(r"^(?P<before>.*),(?P<after>[^,]*)$")
    before = parts["before"].fillna(by_comma["before"]).fillna(text).str.strip(" ,")
    after = parts["after"].fillna(by_comma["after"]).str.strip(" ,")
    first = before.str.contains("[0-9]").fillna(value=False).astype(bool)
    house = before.where(first, after).str.extract(STREET_AND_HOUSE)
    return house.assign(postcode=parts["postcode"], city=after.where(first))


# --- which home -------------------------------------------------------------------------------------------------------


def _register(addresses: gpd.GeoDataFrame, *, by_postcode: bool) -> pd.DataFrame:
    """Return the keys of addresses: each stands there by postcode, and again by street and town."""
    where = "layer `addresses`"
    addresses = addresses.reset_index(drop=True)
    house = house_number(column(addresses, "house_number", where=where))
    street = column(addresses, "street").map(spelled, na_action="ignore").astype("str")
    postcode = as_postcode(column(addresses, "postcode", where=where if by_postcode else ""))
    use = column(addresses, "use").astype("str")
    keys = pd.DataFrame({"house": house, "street": street, "use": use}).assign(position=np.arange(len(addresses)))
    named = keys.assign(place=_by_name(street, column(addresses, "city")))
    both = pd.concat([keys.assign(place="P" + postcode), named])
    return both[both["place"].notna() & both["house"].notna()].reset_index(drop=True)


def _matched(rows: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the `position` of their address (-1 = none), `inferred` additions, and the reason if none."""
    exact, exactly = _looked_up(rows["place"] + " " + rows["house"], register["place"] + " " + register["house"])
    number, numbers = (t["place"] + " " + t["house"].str.replace(" .*", "", regex=True) for t in (rows, register))
    near, nearby = _looked_up(number, numbers)
    plain = ~rows["house"].str.contains(" ").fillna(value=False).to_numpy(dtype=bool)
    alone = plain & (exactly == 0) & (nearby == 1)
    found = np.where(exactly == 1, exact, np.where(alone, near, -1))
    there = register.reindex(np.maximum(found, 0))
    street, its = rows["street"].str[:LETTERS_COMPARED].to_numpy(), there["street"].str[:LETTERS_COMPARED].to_numpy()
    elsewhere = (found >= 0) & ~pd.isna(street) & ~pd.isna(its) & (street != its)
    reasons = {
        SEVERAL: (exactly > 1) | (plain & (exactly == 0) & (nearby > 1)),
        NO_ADDITION: (found < 0) & (nearby > 0),
        NO_ADDRESS: found < 0,
        OTHER_STREET: elsewhere,
        NO_HOME: (there["use"] == "other").to_numpy(),
    }
    chosen = np.select(list(reasons.values()), list(reasons), "")
    reason = rows["reason"].where(rows["reason"] != "", pd.Series(chosen, index=rows.index))
    good = (reason == "").to_numpy()
    position = np.where(good, there["position"].fillna(-1).to_numpy(dtype=int), -1)
    return rows.assign(position=position, inferred=good & alone, reason=reason)


def _looked_up(sought: pd.Series, keys: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return the first place of each sought key in `keys`, and how often it stands there."""
    codes, unique = pd.factorize(keys)
    at = pd.Index(unique).get_indexer(pd.Index(sought.fillna("")))
    first = np.append(np.unique(codes, return_index=True)[1], 0)
    often = np.append(np.bincount(codes, minlength=len(unique)), 0)
    return first[at], often[at]


def _joined(rows: pd.DataFrame, known: pd.Series) -> tuple[pd.Series, pd.DataFrame, dict[str, int]]:
    """Return the answer of every address, rows with contradictions as reason, and counts."""
    hits = rows[rows["position"] >= 0]
    torn = hits.groupby("position")["answer"].transform("nunique") > 1
    before = pd.Series(known.reindex(hits["position"]).to_numpy(), index=hits.index, dtype="str")
    against = ~torn & before.notna() & (before != hits["answer"])
    reason = rows["reason"].copy()
    reason.loc[hits.index] = np.select([torn, against], [CONTRADICTION, OTHERWISE_KNOWN], "")
    agreed = hits[~torn & ~against]
    homes = agreed.drop_duplicates("position")
    answer = known.astype("object").copy()
    doubted = hits.loc[torn | against, "position"].unique()
    answer.loc[doubted] = answer.loc[doubted].where(answer.loc[doubted] == "no", None)  # a no is never undone
    answer.loc[homes["position"]] = homes["answer"].to_numpy(dtype="object")
    counts = counted(
        read__answer_yes=(homes["answer"] == "yes").sum(),
        read__answer_no=(homes["answer"] == "no").sum(),
        read__same_answer_again=len(agreed) - len(homes),
        read__answer_already_there=before[homes.index].notna().sum(),
        inferred__only_address_with_the_number=int(homes["inferred"].sum()),
    )
    return answer.astype("str"), rows.assign(reason=reason), counts
