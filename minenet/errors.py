"""What can go wrong, said once and clearly: what is wrong, where, and how to mend it."""

__all__ = ["AssumptionError", "InputError", "MinenetError", "OutputError", "SourceError"]


class MinenetError(Exception):
    """Base of every error that minenet raises on purpose.

    Parameters
    ----------
    what : str
        What is wrong, in one sentence.
    where : str, optional
        The file, layer, column or row it was found in.
    mend : str, optional
        What the user can do about it.

    Examples
    --------
    >>> print(MinenetError("`height` is negative", where="layer `buildings`", mend="Use metres above ground."))
    layer `buildings`: `height` is negative. Use metres above ground.
    """

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        self.what, self.where, self.mend = what, where, mend
        place = f"{where}: " if where else ""
        sentence = what if what.endswith((".", "?", "!")) else f"{what}."
        super().__init__(f"{place}{sentence} {mend}".rstrip())


class InputError(MinenetError):
    """The data handed in cannot be used."""


class AssumptionError(MinenetError):
    """An assumption, mapping or option is unknown or out of its range."""


class OutputError(MinenetError):
    """A result could not be written."""


class SourceError(MinenetError):
    """A public source was silent, or gave what cannot be used."""
