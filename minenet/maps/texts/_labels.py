"""Words that files of a result and pages have in common."""

from minenet.tables import LABELS

__all__ = ["labels"]


def labels(group: str) -> dict[str, tuple[str, str]]:
    """Return the words that files of a result use for the same codes."""
    return {f"{group}.{code}": words for code, words in LABELS[group].items()}
