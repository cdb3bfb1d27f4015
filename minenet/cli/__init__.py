"""The command line: verbs only.

Exit codes: 0 done, 2 wrong use, 3 bad data, 4 a part of the area failed and is left out of the result, 5 a public
source was silent, 130 stopped by the user.
"""

from minenet.cli import assessing, exporting, fetching  # each adds its verbs to the group
from minenet.cli.door import main

__all__ = ["assessing", "exporting", "fetching", "main"]
