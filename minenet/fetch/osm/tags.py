"""What tags say: anyone may write anything in them, so only what is clear is read, and the rest is not known.

References
----------
.. [1] OpenStreetMap wiki, Map features, and the keys `addr:*`, `building:*`, `start_date` and `width`.
"""

import pandas as pd

__all__ = ["KEYS", "length_of", "listed", "number_of", "numbers_between", "said", "tag", "units_of", "year_of"]

KEYS = (
    "abandoned",
    "abandoned:building",
    "access",
    "addr:city",
    "addr:flats",
    "addr:housenumber",
    "addr:interpolation",
    "addr:place",
    "addr:postcode",
    "addr:street",
    "addr:unit",
    "amenity",
    "area",
    "barrier",
    "bridge",
    "building",
    "building:flats",
    "building:levels",
    "building:part",
    "construction",
    "construction:building",
    "construction_date",
    "covered",
    "craft",
    "demolished",
    "demolished:building",
    "disused",
    "disused:building",
    "entrance",
    "highway",
    "houseboat",
    "indoor",
    "landuse",
    "layer",
    "leisure",
    "location",
    "man_made",
    "name",
    "natural",
    "office",
    "parking",
    "planned:building",
    "power",
    "proposed:building",
    "railway",
    "razed",
    "razed:building",
    "removed:building",
    "ruins",
    "ruins:building",
    "shop",
    "start_date",
    "tunnel",
    "water",
    "waterway",
    "width",
    "year_of_construction",
)
"""Tags that are read; there are thousands more."""

NO_YEAR = (1005, 9999)
"""Years that registers enter when they know none, and that came along when registers were copied."""

MOST_IN_A_RANGE = 500
"""A range of more flats than this is no range of flats."""

MOST_IN_A_STREET = 50
"""A range of as many houses or more is no building."""

FOOT_M = 0.3048


def tag(features: pd.DataFrame, key: str) -> pd.Series:
    """Return the values of a tag as text: null where it is absent or blank, also when nothing has it."""
    if key not in features.columns:
        return pd.Series(None, index=features.index, dtype="str")
    text = features[key].astype("str").str.strip()
    return text.where(features[key].notna() & (text != "")).astype("str")


def said(values: pd.Series, *also_no: str) -> pd.Series:
    """Return whether a tag is there and is not `no`, or another word that denies it.

    Examples
    --------
    >>> said(pd.Series(["yes", "viaduct", "no", None], dtype="str")).tolist()
    [True, True, False, False]
    """
    return values.notna() & ~values.str.casefold().isin(("no", "0", "false", *also_no))


def year_of(values: pd.Series) -> pd.Series:
    """Return years where a date is clear.

    Examples
    --------
    >>> year_of(pd.Series(["1934", "1934-05-01", "~1934", "C19", "1930s", "1005", None], dtype="str")).tolist()
    [1934.0, 1934.0, nan, nan, nan, nan, nan]
    """
    text = values.astype("str").str.extract(r"^([0-9]{4})(?:-[0-9]{2}(?:-[0-9]{2})?)?$")[0]
    year = pd.to_numeric(text, errors="coerce").astype("float64")
    return year.where(year.between(1000, 2100) & ~year.isin(NO_YEAR))


def number_of(values: pd.Series) -> pd.Series:
    """Return numbers, a comma read as a point.

    Examples
    --------
    >>> number_of(pd.Series(["3", "2,5", "3-4", "many", "-1", None], dtype="str")).tolist()
    [3.0, 2.5, nan, nan, nan, nan]
    """
    text = values.astype("str").str.extract(r"^([0-9]{1,5}(?:[.,][0-9]{1,3})?)$")[0]
    return pd.to_numeric(text.str.replace(",", ".", regex=False), errors="coerce").astype("float64")


def length_of(values: pd.Series) -> pd.Series:
    """Return lengths [m]: a number alone is in metres; feet are understood.

    Examples
    --------
    >>> length_of(pd.Series(["3", "2,5 m", "10 ft", "10'", "wide", None], dtype="str")).round(3).tolist()
    [3.0, 2.5, 3.048, 3.048, nan, nan]
    """
    parts = values.astype("str").str.casefold().str.extract(r"^([0-9.,]+)\s*(m|ft|')?$")
    return number_of(parts[0]) * parts[1].isin(("ft", "'")).map({True: FOOT_M, False: 1.0})


def listed(values: pd.Series) -> pd.Series:
    """Return how many different things a list names: 0 without a list.

    Examples
    --------
    >>> listed(pd.Series(["12;14;16", "12a, 12b", "12", "12;12;", None], dtype="str")).tolist()
    [3, 2, 1, 1, 0]
    """
    parts = _parts(values)
    return parts.groupby(level=0).nunique().reindex(values.index, fill_value=0).astype("int64")


def units_of(values: pd.Series) -> pd.Series:
    """Return how many flats a list of flats and ranges of flats names: 0 without one.

    Examples
    --------
    >>> units_of(pd.Series(["1-8;10", "3", "A;B", "8-1", "1-99999", None], dtype="str")).tolist()
    [9, 1, 2, 1, 1, 0]
    """
    parts = _parts(values)
    parts = parts[~pd.Series(parts.index, index=parts.index).groupby([parts.index, parts]).cumcount().astype(bool)]
    ends = parts.str.extract(r"^([0-9]{1,6})\s*[-–]\s*([0-9]{1,6})$").astype("float64")  # noqa: RUF001 - as written
    count = ends[1] - ends[0] + 1
    flats = count.where((count >= 1) & (count <= MOST_IN_A_RANGE), 1)
    return flats.groupby(level=0).sum().reindex(values.index, fill_value=0).astype("int64")


def numbers_between(values: pd.Series) -> pd.Series:
    """Return how many house numbers a range names on one side of a street: 0 where it is no such range.

    One house may have two numbers (123/4 in Prague) or one number of two parts (12-34 in Queens, where 12 is the
    street): a slash is no range, and whoever asks looks at the kind of building as well.

    Examples
    --------
    >>> numbers_between(pd.Series(["2-8", "1-7", "2-7", "8-2", "2-400", "12", None], dtype="str")).tolist()
    [4, 4, 0, 0, 0, 0, 0]
    """
    ends = values.astype("str").str.extract(r"^([0-9]{1,5})\s*[-–]\s*([0-9]{1,5})$").astype("float64")  # noqa: RUF001
    steps = (ends[1] - ends[0]) / 2
    one_side = (steps > 0) & (steps < MOST_IN_A_STREET) & (steps % 1 == 0)
    return (steps + 1).where(one_side, 0).astype("int64")


def _parts(values: pd.Series) -> pd.Series:
    """Return the parts of lists, on the index of their list."""
    parts = values.astype("str").str.split(r"[;,]", regex=True).explode().astype("str").str.strip()
    return parts[parts.notna() & (parts != "")]
