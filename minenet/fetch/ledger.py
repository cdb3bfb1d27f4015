"""What is written down of a fetch: who was asked, when, what came, what was left out, what is not known."""

from minenet.fetch.carriers import Collected, Mapped

__all__ = ["Ledger"]


class Ledger:
    """Notes by key, as they go into the table `about` of an area file and into the provenance of a result.

    `fetched.PART.source, date, licence, asked, received` tell of what a source gave, `fetched.TABLE.left_out.REASON`,
    `.inferred.` and `.unknown.` of what became of it, `fetched.PART.unknown` of what nobody was asked.
    """

    def __init__(self, where: str) -> None:
        self.notes: dict[str, str] = {"fetched.window": where}

    def gave(self, part: str, collected: Collected) -> None:
        """Write down what a source gave."""
        said = {
            "source": collected.source,
            "date": collected.date or "not known",
            "licence": collected.licence or "not stated",
            "asked": "the source does not say how many" if collected.asked is None else str(collected.asked),
            "received": str(len(collected.frame)),
        }
        self.notes |= {f"fetched.{part}.{key}": value for key, value in (said | dict(collected.notes)).items()}
        if collected.attribution:
            self.notes[f"attribution.{part}"] = collected.attribution

    def became(self, table: str, mapped: Mapped) -> None:
        """Write down what became of it on the way to a table of an area; the same reason twice adds up."""
        for reason, count in mapped.counts.items():
            key = f"fetched.{table}.{reason}"
            self.notes[key] = str(int(self.notes.get(key, "0")) + count)

    def unknown(self, part: str, why: str) -> None:
        """Write down that something is not known."""
        self.notes[f"fetched.{part}.unknown"] = why

    def remark(self, part: str, what: str) -> None:
        """Write down what must be kept in mind about a source."""
        self.notes[f"fetched.{part}.mind"] = what
