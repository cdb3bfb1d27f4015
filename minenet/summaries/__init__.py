"""What was found as a table or a workbook, in Dutch or English, without data of single homes."""

from minenet.summaries.writing import SUFFIXES, Written, write_summary

__all__ = ["SUFFIXES", "Written", "write_summary"]
