"""Exit codes."""

from minenet.errors import InputError, SourceError

__all__ = ["BAD_DATA", "CODES", "DEFECT", "PARTS_FAILED", "SILENT", "STOPPED", "WRONG_USE"]

WRONG_USE, BAD_DATA, PARTS_FAILED, SILENT, STOPPED, DEFECT = 2, 3, 4, 5, 130, 1

CODES = ((InputError, BAD_DATA), (SourceError, SILENT))
