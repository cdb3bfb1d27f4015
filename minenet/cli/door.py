"""The door of the command line: every way to leave it."""

import os
import sys
from collections.abc import Sequence

import click

from minenet.cli.codes import CODES, DEFECT, STOPPED, WRONG_USE
from minenet.cli.group import cli
from minenet.cli.showing import err
from minenet.errors import MinenetError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code; a traceback is shown only when MINENET_TRACEBACK is set."""
    try:
        code = cli.main(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(WRONG_USE)
    except (click.Abort, KeyboardInterrupt) as stop:
        kept = " ".join(str(said) for said in (stop.__cause__ or stop).args)  # click makes its own of Ctrl-C
        err.print(f"Stopped. {kept or 'No unfinished file was left behind.'}", markup=False, soft_wrap=True)
        sys.exit(STOPPED)
    except MinenetError as error:
        err.print(f"minenet: {error}", style="bold", soft_wrap=True, markup=False)
        sys.exit(next((code for kind, code in CODES if isinstance(error, kind)), WRONG_USE))
    except Exception as error:
        if os.environ.get("MINENET_TRACEBACK"):
            raise
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        err.print(f"minenet: this should not have happened ({what}).", style="bold", soft_wrap=True, markup=False)
        err.print("Set MINENET_TRACEBACK=1 to see where, and please report it.", markup=False)
        sys.exit(DEFECT)
    sys.exit(code if isinstance(code, int) else 0)
