"""What the command line shows: tables of what was read, answered, found and written."""

import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from minenet.assess import Timings
from minenet.assumptions import Profile
from minenet.invariants import Finding
from minenet.summaries import Written
from minenet.tables import AREA_TABLES, Area

__all__ = [
    "Screen",
    "harmless",
    "out",
    "show_counts",
    "show_failed",
    "show_fetched",
    "show_layers",
    "show_profile",
    "show_summary",
    "show_timings",
    "show_written",
]


def harmless(text: str) -> str:
    r"""Return a text without characters that command a terminal or turn the direction of writing: they are spelled out.

    Names come from files and answers of services; an escape could rename the window, or hide a line.

    Examples
    --------
    >>> print(harmless("Dorpsstraat\x1b[2J 1"))
    Dorpsstraat\u001b[2J 1
    """
    if text.isprintable():
        return text
    return "".join(
        f"\\u{ord(c):04x}" if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in text
    )


class Screen(Console):
    """A terminal that data cannot command."""

    def render_str(self, text: str, **options: Any) -> Text:
        """Return a text as it is shown; everything that is printed comes through here."""
        return super().render_str(harmless(text), **options)


out = Screen(highlight=False, markup=False, emoji=False)
"""Names and paths come from data: none is read as markup."""


def show_written(written: Written) -> None:
    """Show where a summary was written, and what was changed on the way."""
    out.print(f"Written: {written.path}", soft_wrap=True)
    for count, what in (
        (written.neutralised, "texts began like a formula: they got an apostrophe."),
        (
            written.withheld,
            "clusters of few homes: what would tell the use of a home is left empty (costs, depths and more).",
        ),
        (written.shortened, "texts were shortened: a cell of Excel holds no more."),
    ):
        if count:
            out.print(f"  {count} {what}", soft_wrap=True)


def show_layers(area: Area) -> None:
    """Show the layers of an area: what was read, used, repaired and left out."""
    table = Table(title="Layers", title_justify="left")
    for column in ("layer", "read", "used", "repaired", "left out"):
        table.add_column(column, justify="left" if column in ("layer", "repaired", "left out") else "right")
    notes = area.provenance
    for name in AREA_TABLES:
        frame = getattr(area, name)
        if frame is None:
            table.add_row(name, "-", "-", "not given: not checked", "")
            continue
        done = [_counted(notes, f"{what}.{name}.") for what in ("repaired", "left_out")]
        table.add_row(name, notes[f"read.{name}"], str(len(frame)), *done)
    out.print(table)
    for key, value in notes.items():
        if key.startswith("ignored."):
            out.print(f"Ignored: `{key.removeprefix('ignored.')}`: {value}.")


MOST_SHOWN = 20


def show_fetched(notes: Mapping[str, str], unmatched: pd.DataFrame) -> None:
    """Show what each source gave, what was left out, inferred or is not known, and answers that found no address."""
    table = Table(title="Sources", title_justify="left")
    for column in ("part", "asked", "received", "date", "source"):
        table.add_column(column, justify="right" if column in ("asked", "received") else "left")
    parts = [key.split(".")[1] for key in notes if key.startswith("fetched.") and key.endswith(".source")]
    for part in parts:
        said = [notes.get(f"fetched.{part}.{column}", "") for column in ("asked", "received", "date", "source")]
        said[0] = said[0] if said[0].isdigit() else "not told"
        table.add_row(part, *said)
    out.print(table)
    for kind, title in (("left_out", "left out"), ("inferred", "inferred"), ("unknown", "unknown")):
        for key, value in notes.items():
            name = key.split(".")
            if name[0] == "fetched" and len(name) > 2 and name[2] == kind:
                what = " ".join(name[3:]).replace("_", " ")
                out.print(f"  {name[1]}: {title}: {f'{value} {what}'.strip()}", soft_wrap=True)
    if len(unmatched):
        out.print(f"{len(unmatched)} answers found no address (layer `unmatched_answers`):")
        for row in unmatched.head(MOST_SHOWN).itertuples():
            out.print(f"  row {row.row}: {row.text}: {row.reason}", soft_wrap=True)


def show_findings(findings: Sequence[Finding]) -> None:
    """Show whether each invariant holds."""
    table = Table(title="What must hold", title_justify="left")
    for column in ("", "invariant", "outcome", "detail"):
        table.add_column(column)
    for finding in findings:
        style = "bold" if finding.outcome == "broken" else None
        table.add_row(str(finding.number), finding.what, finding.outcome, finding.detail, style=style)
    out.print(table)


def _counted(notes: Mapping[str, str], start: str) -> str:
    return ", ".join(f"{v} {k.removeprefix(start).replace('_', ' ')}" for k, v in notes.items() if k.startswith(start))


def show_counts(title: str, counts: dict[str, str]) -> None:
    """Show counts by name."""
    table = Table(title=title, title_justify="left", show_header=False)
    for key, value in counts.items():
        table.add_row(key.replace("_", " ").replace(".", ": "), value)
    out.print(table)


def show_profile(profile: Profile) -> None:
    """Show what a municipality answers."""
    table = Table(title=f"Answers of {profile.municipality or 'the municipality'}", title_justify="left")
    for column in ("question", "answer", "source"):
        table.add_column(column)
    for question, said in profile.answers.items():
        answer = f"{said.answer}: {said.conditions}" if said.conditions else said.answer
        table.add_row(question.replace("_", " "), answer, said.basis or "not answered: unknown")
    out.print(table)


def show_summary(homes: pd.DataFrame, clusters: pd.DataFrame) -> None:
    """Show what was found: clusters and homes by verdict, and homes left out by reason.

    Parameters
    ----------
    homes, clusters : DataFrame
        As in a result; `left_out_reason`, and `verdict, homes, annual_eur_per_home`, are enough.
    """
    table = Table(title=f"{len(homes)} homes, {len(clusters)} clusters", title_justify="left")
    for column in ("verdict", "clusters", "homes", "EUR per home and year"):
        table.add_column(column, justify="left" if column == "verdict" else "right")
    for verdict in ("promising", "investigate", "excluded"):
        part = clusters[clusters["verdict"] == verdict]
        cost = part["annual_eur_per_home"].dropna()
        span = f"{cost.min():,.0f} to {cost.max():,.0f}" if len(cost) else "-"
        table.add_row(verdict, str(len(part)), str(int(part["homes"].sum())), span)
    left_out = homes["left_out_reason"].value_counts()
    for reason, count in left_out.items():
        table.add_row(f"left out: {str(reason).replace('_', ' ')}", "", str(count), "")
    out.print(table)


def show_failed(failed: Mapping[int, str], parts: int, work: Path) -> None:
    """Show which parts failed, and why."""
    table = Table(title=f"{len(failed)} of {parts} parts failed: their homes are left out", title_justify="left")
    table.add_column("part", justify="right")
    table.add_column("reason")
    for number, reason in sorted(failed.items()):
        table.add_row(str(number), reason)
    out.print(table)
    out.print(f"The same command tries these again; what the others gave is kept in {work}.", soft_wrap=True)


def show_timings(clock: Timings, homes: int) -> None:
    """Show how long each step took."""
    table = Table(title="Time per step", title_justify="left")
    for column in ("step", "s", "ms per dwelling"):
        table.add_column(column, justify="left" if column == "step" else "right")
    for step, seconds in clock.seconds.items():
        table.add_row(step, f"{seconds:.3f}", f"{1000 * seconds / homes:.3f}")
    total = sum(clock.seconds.values())
    table.add_row("all", f"{total:.3f}", f"{1000 * total / homes:.3f}")
    out.print(table)
