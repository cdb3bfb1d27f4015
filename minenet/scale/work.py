"""The work folder of a run: what is finished stands there whole, with its checksum, and survives any stop."""

import errno
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from minenet.errors import OutputError
from minenet.scale.codec import DIGEST, BrokenError, pack, unpack

__all__ = ["Work", "full_or_shut"]

Carrier = TypeVar("Carrier")

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)
"""What no part can help: the disk is full, read only or broken."""


SIGNED = re.compile("[0-9a-f]{24}")
"""How a folder of this kind of work is called: by the beginning of its signature."""


class Work:
    """A folder with what every stage gave for every part.

    Everything in it belongs to one input and one set of assumptions: `signature` names the folder inside, so that what
    another input gave is never mixed in.

    Parameters
    ----------
    root : Path
        The work folder.
    signature : str
        Digest of all that the outcome depends on.
    """

    def __init__(self, root: Path, signature: str) -> None:
        self.root, self.signature = root, signature
        self.folder = root / signature[:24]

    def begin(self) -> bool:
        """Make the folder; tell whether other work stood there, which is removed.

        Raises
        ------
        OutputError
            When it cannot be made, or holds something else.
        """
        with full_or_shut(self.root):
            self.root.mkdir(exist_ok=True)
            others = [p for p in self.root.iterdir() if p not in (self.folder, self._lock)]
            strange = [p for p in others if not (SIGNED.fullmatch(p.name) and p.is_dir() and not p.is_symlink())]
            if strange:
                raise OutputError(
                    f"holds something else than unfinished work (`{strange[0].name}`)",
                    where=str(self.root),
                    mend="Name another folder.",
                )
            for old in others:
                shutil.rmtree(old)
            self.folder.mkdir(exist_ok=True)
            return bool(others)

    @property
    def _lock(self) -> Path:
        return self.root / "lock"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the folder; the hold ends with the process, however that ends.

        Raises
        ------
        OutputError
            When another run holds it.
        """
        with full_or_shut(self.root):
            self.root.mkdir(exist_ok=True)
            stream = self._lock.open("a")
        with stream:
            if not (_held(stream.fileno()) and _is_there(self._lock, stream.fileno())):
                raise OutputError(
                    "another run is at work here", where=str(self.root), mend="Wait for it, or name another output."
                )
            yield

    def path(self, stage: str, number: int) -> Path:
        """Return where the outcome of a stage stands for a part."""
        return self.folder / stage / f"{number:07d}"

    def keep(self, stage: str, number: int, value: Any) -> str:
        """Write an outcome, whole or not at all, and return its digest.

        Raises
        ------
        OutputError
            When the disk is full or shut.
        """
        data = pack(value)
        self.write(self.path(stage, number), data)
        return data[:DIGEST].decode()

    def write(self, path: Path, data: bytes) -> None:
        """Write a file of the folder, whole or not at all.

        Raises
        ------
        OutputError
            When the disk is full or shut.
        """
        part = path.with_name(f".{path.name}.{os.getpid()}")
        with full_or_shut(self.root):
            path.parent.mkdir(exist_ok=True, parents=True)
            try:
                with part.open("wb") as stream:
                    stream.write(data)
                    stream.flush()
                    os.fsync(stream.fileno())
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)

    def kept(self, stage: str, number: int, kind: type[Carrier]) -> Carrier:
        """Return an outcome.

        Raises
        ------
        BrokenError
            When it is not there, or not what was written.
        """
        try:
            return unpack(self.path(stage, number).read_bytes(), kind)
        except FileNotFoundError as error:
            raise BrokenError("is not there") from error

    def digest(self, stage: str, number: int) -> str | None:
        """Return the digest of an outcome after looking whether it is what was written; None where it is not."""
        try:
            with self.path(stage, number).open("rb") as stream:
                said = stream.read(DIGEST).decode("ascii", "replace")
                return said if hashlib.file_digest(stream, "sha256").hexdigest() == said else None
        except OSError:
            return None

    def remove(self) -> None:
        """Remove the folder: the work is done. The hold goes last, or another run could begin in what is going."""
        shutil.rmtree(self.folder, ignore_errors=True)
        with suppress(OSError):
            self._lock.unlink()
            self.root.rmdir()


def _is_there(path: Path, descriptor: int) -> bool:
    """Tell whether a file is the one that is open: the run that held it may have removed it."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False


@contextmanager
def full_or_shut(where: Path) -> Iterator[None]:
    """Say in words what the disk says.

    Raises
    ------
    OutputError
        When it is full, read only, broken or not ours.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM and not isinstance(error, FileNotFoundError | NotADirectoryError):
            raise
        mend = "What is finished is kept; make room and run the same command again."
        raise OutputError(f"cannot be written ({error.strerror})", where=str(where), mend=mend) from error


def _held(descriptor: int) -> bool:
    """Lock a file until the process ends; tell whether that went well."""
    try:
        import fcntl  # noqa: PLC0415 - not on Windows
    except ImportError:  # pragma: no cover
        import msvcrt  # noqa: PLC0415

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES):
            return False
        raise
    return True
