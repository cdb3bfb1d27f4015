"""Who already said yes or no: a list of one's own, joined to addresses by postcode and house number.

Only the answer goes on. Names, telephone numbers and whatever else such a list holds are not kept, and what could not
be joined is told by its line and address alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from minenet.errors import InputError
from minenet.fetch.carriers import counted
from minenet.fetch.delimited import layout_of, read_rows, wording
from minenet.fetch.spelling import column, spelled

__all__ = ["Answered", "join_answers"]

ANSWERS = ("antwoord", "answer", "doet mee", "doe mee", "meedoen", "deelname", "joins", "participates", "keuze")
POSTCODES = ("postcode", "pc6", "postcode6", "postal_code", "zip", "zipcode")
NUMBERS = ("huisnummer", "house_number", "huisnr", "nummer", "nr", "number")
LETTERS = ("huisletter", "letter", "house_letter")
ADDITIONS = ("toevoeging", "huisnummertoevoeging", "addition", "toev", "house_number_addition")
ADDRESSES = ("adres", "address", "straat en huisnummer")
STREETS = ("straat", "straatnaam", "street")

YES = ("ja", "yes", "j", "y", "1", "1.0", "true", "waar")
NO = ("nee", "no", "n", "0", "0.0", "false", "onwaar")
OPEN = ("misschien", "maybe", "weet niet", "weet ik niet", "twijfel", "nog niet", "?", "onbekend", "unknown")
"""Words for who has not decided: neither yes nor no."""

NUMBERED = r"^(?P<street>.*?)\s*(?P<number>\d{1,5})(?P<rest>(?:[^\d\w]*[^\W\d_]{0,6})?[^\d\w]*\d{0,4}[^\W_]{0,4})$"
"""A street, where there is one, a house number, and what comes behind it."""


LONGEST = 100
"""Of an address so many letters are looked at."""


@dataclass(frozen=True)
class Answered:
    """Addresses with `answer` filled in, and what could not be joined: `row` (line), `text` (address), `reason`."""

    addresses: gpd.GeoDataFrame
    unmatched: pd.DataFrame
    counts: Mapping[str, int] = field(default_factory=dict)


def join_answers(addresses: gpd.GeoDataFrame, path: str | Path) -> Answered:
    """Return addresses with the answers of a list.

    Parameters
    ----------
    addresses : GeoDataFrame
        `street`, `house_number` and `postcode` as in `AREA_TABLES["addresses"]`.
    path : path
        CSV with an answer (ja, nee, yes, no, 1, 0, misschien) and a postcode with house number, letter and addition, or
        an address such as `Oosterstraat 12a`.

    Returns
    -------
    Answered
        An answer that fits more than one address, or none, or is contradicted in the list, is not joined.

    Raises
    ------
    InputError
        When the file is no such list, or an answer is a word that is not known: whoever said no in other words must
        not be planned in.
    """
    path = Path(path)
    rows = read_rows(path, layout_of(path, _is_header, needs="antwoord, postcode and huisnummer, or adres"))
    answer = _answers(column(rows, *ANSWERS), path)
    told = _told(rows)
    position, reason = _matches(_registered(addresses), told)
    said = answer.fillna("maybe").where(column(rows, *ANSWERS).notna(), "")
    position, reason = _without_contradiction(position, reason, said.to_numpy(dtype=object))
    values = np.full(len(addresses), None, dtype=object)
    joined = (position >= 0) & answer.notna().to_numpy()
    values[position[joined]] = answer.to_numpy(dtype=object)[joined]
    given = column(addresses, "answer").astype("str").where(column(addresses, "answer").notna())
    new = pd.Series(values, index=addresses.index, dtype="str")
    lost = position < 0
    unmatched = pd.DataFrame(
        {
            "row": rows.index[lost].to_numpy(dtype=int),
            "text": told["text"].to_numpy(dtype=object)[lost],
            "reason": reason[lost],
        }
    )
    counts = counted(
        joined__yes=int((new == "yes").sum()),
        joined__no=int((new == "no").sum()),
        unknown__not_decided=int((~lost & answer.isna().to_numpy()).sum()),
        repaired__same_home_twice=int(len(position[joined]) - len(np.unique(position[joined]))),
        left_out__not_joined=int(lost.sum()),
    )
    return Answered(addresses.assign(answer=new.fillna(given)), unmatched, counts)


def _is_header(names: list[str]) -> bool:
    given = {spelled(n) for n in names}

    def has(*wanted: str) -> bool:
        return bool(given & {spelled(w) for w in wanted})

    return has(*ANSWERS) and (has(*ADDRESSES) or has(*NUMBERS))


def _answers(said: pd.Series, path: Path) -> pd.Series:
    """Return `yes`, `no`, or null for who has not decided."""
    text = wording(said).str.strip(" .!")
    known = dict.fromkeys(YES, "yes") | dict.fromkeys(NO, "no")
    strange = text.notna() & ~text.isin([*known, *OPEN])
    if strange.any():
        lines = ", ".join(str(line) for line in said.index[strange][:5])
        found = ", ".join(sorted(set(text[strange].str[:30]))[:3])
        mend = "Use ja, nee or misschien (yes, no, maybe), or leave it empty."
        raise InputError(f"the answer says {found}", where=f"{path}, line {lines}", mend=mend)
    return text.map(known).astype("str")


def _told(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the addresses of a list as they are compared: `street`, `postcode`, `number`, `rest`, and `text`."""
    address = column(rows, *ADDRESSES).fillna("").astype("str")
    number = column(rows, *NUMBERS).fillna("").astype("str").str.removesuffix(".0")
    behind = column(rows, *LETTERS).fillna("").astype("str") + " " + column(rows, *ADDITIONS).fillna("").astype("str")
    street = column(rows, *STREETS).fillna("").astype("str")
    whole = (number + " " + behind).where(number != "", address)
    parts = whole.str.strip().str[:LONGEST].str.extract(NUMBERED)
    postcode = column(rows, *POSTCODES).fillna("").astype("str")
    text = (street.where(number != "", "") + " " + whole + " " + postcode).map(lambda t: " ".join(str(t).split()))
    return pd.DataFrame(
        {
            "street": _plain(parts["street"].fillna("")).where(number == "", _plain(street)),
            "postcode": _plain(postcode),
            "number": parts["number"].fillna("").str.lstrip("0"),
            "rest": _plain(parts["rest"].fillna("")),
            "text": text,
        }
    )


def _registered(addresses: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return addresses as they are compared."""
    parts = column(addresses, "house_number").fillna("").astype("str").str.strip().str[:LONGEST].str.extract(NUMBERED)
    return pd.DataFrame(
        {
            "street": _plain(column(addresses, "street").fillna("")),
            "postcode": _plain(column(addresses, "postcode").fillna("")),
            "number": parts["number"].fillna("").str.lstrip("0"),
            "rest": _plain(parts["rest"].fillna("")),
            "position": np.arange(len(addresses)),
        },
    )


def _plain(texts: pd.Series) -> pd.Series:
    """Return letters and digits alone: `12-A`, `12 a` and `12a` are one."""
    return texts.astype("str").map(spelled).astype("str")


def _matches(known: pd.DataFrame, told: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the position of the one address that each row of a list means, -1 with a reason where there is not one."""
    asked = told.assign(row=np.arange(len(told)))
    by_code = asked[(asked["postcode"] != "") & (asked["number"] != "")]
    by_street = asked[(asked["postcode"] == "") & (asked["street"] != "") & (asked["number"] != "")]
    pairs = [
        part.merge(known, on=[key, "number"], suffixes=("", "_known"))
        for part, key in ((by_code, "postcode"), (by_street, "street"))
    ]
    found = pd.concat([p[["row", "rest", "rest_known", "position"]] for p in pairs if len(p)] or [_no_pairs()])
    exact = found[found["rest"] == found["rest_known"]]
    hits = exact.groupby("row")["position"].agg(["size", "first"])
    size = hits["size"].reindex(asked["row"]).fillna(0).to_numpy(dtype=int)
    first = hits["first"].reindex(asked["row"]).fillna(-1).to_numpy(dtype=int)
    near = np.isin(asked["row"], found["row"])
    incomplete = (asked["number"] == "").to_numpy() | ((asked["postcode"] == "") & (asked["street"] == "")).to_numpy()
    bare = (asked["rest"] == "").to_numpy()
    reasons = np.select(
        [incomplete, size > 1, near & bare, near],
        ["no_address", "fits_several_addresses", "addition_is_missing", "no_such_addition"],
        "no_such_address",
    )
    return np.where(size == 1, first, -1), reasons


def _no_pairs() -> pd.DataFrame:
    return pd.DataFrame({"row": [], "rest": [], "rest_known": [], "position": []})


def _without_contradiction(position: np.ndarray, reason: np.ndarray, said: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return matches without those of a home that a list says different things of; an empty cell says nothing."""
    told = pd.DataFrame({"position": position, "said": said})
    different = told[(position >= 0) & (said != "")].groupby("position")["said"].nunique()
    torn = np.isin(position, different.index[different > 1])
    return np.where(torn, -1, position), np.where(torn, "contradicted_in_the_list", reason)
