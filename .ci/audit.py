"""Asks whether a locked release has a known vulnerability, and fails when one is not accepted in audit.toml.

`pip-audit` asks PyPI, release by release. It calls a release that PyPI does not answer for "not found", and ends well:
a mirror that lacks these pages would make every lock look clean. What it skipped is therefore asked once more, by
project (that page tells of the newest release), and what is left without an answer is said in so many words.

Run by hand: `python -m pip install pip-audit && python .ci/audit.py`
"""

import datetime as dt
import json
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
WAIT_S = 20.0

Found = dict[tuple[str, str], Sequence[Mapping[str, Any]] | None]
"""Vulnerabilities by name and version; None where nobody could say."""


@dataclass(frozen=True)
class Accepted:
    """A vulnerability that is known and lived with: why, since which day, and until which day."""

    package: str
    id: str
    reason: str
    date: dt.date
    until: dt.date


def accepted(path: Path) -> list[Accepted]:
    """Return what is accepted; every field must be there, with words in it."""
    rows = [Accepted(**row) for row in tomllib.loads(path.read_text(encoding="utf-8")).get("accepted", [])]
    for row in rows:
        if not row.reason.strip() or row.until <= row.date:
            what = f"{path.name}: {row.id} needs a reason, and an `until` after its `date`"
            raise ValueError(what)
    return rows


def locked(path: Path) -> dict[str, str]:
    """Return the version of every package that the lock holds for this Python and this system."""
    from packaging.requirements import Requirement  # noqa: PLC0415 - pip-audit brings it

    texts = [line.rstrip(" \\") for line in path.read_text(encoding="utf-8").splitlines() if line[:1].isalnum()]
    rows = [Requirement(text) for text in texts]
    return {r.name: next(iter(r.specifier)).version for r in rows if r.marker is None or r.marker.evaluate()}


def asked_of_pip_audit(lock: Path) -> list[Mapping[str, Any]]:
    """Return what pip-audit says of each package; nothing when it could not reach its service."""
    options = ["--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off"]
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - constants and one path
    try:
        return list(json.loads(done.stdout)["dependencies"])
    except (ValueError, KeyError):
        last = (done.stderr.strip().splitlines() or ["nothing"])[-1]
        print(f"audit: pip-audit could not do its work: {last}")
        return []


def asked_of_project(name: str, version: str) -> Sequence[Mapping[str, Any]] | None:
    """Return what PyPI says of the newest release, when that is the one; None when it is not, or PyPI is silent."""
    import requests  # noqa: PLC0415 - pip-audit brings it

    try:
        said = requests.get(f"https://pypi.org/pypi/{name}/json", timeout=WAIT_S).json()
        return said["vulnerabilities"] if said["info"]["version"] == version else None
    except (requests.RequestException, ValueError, KeyError):
        return None


def findings(
    versions: Mapping[str, str],
    said: Sequence[Mapping[str, Any]],
    ask: Callable[[str, str], Sequence[Mapping[str, Any]] | None],
) -> Found:
    """Return the vulnerabilities of each package: as pip-audit says, else as its project says."""
    answered = {(row["name"], row["version"]): row["vulns"] for row in said if "vulns" in row}
    keys = versions.items()
    return {key: answered[key] if key in answered else ask(*key) for key in keys}


def judged(found: Found, rows: Sequence[Accepted], today: dt.date) -> Iterator[str]:
    """Yield a line for every vulnerability that nobody accepted, or accepted until a day that is past."""
    for (name, version), vulnerabilities in found.items():
        for told in vulnerabilities or ():
            ids = {told["id"], *told.get("aliases", ())}
            fit = [row for row in rows if row.package == name and row.id in ids]
            if told.get("withdrawn") or any(today <= row.until for row in fit):
                continue
            mended = ", ".join(told.get("fix_versions") or told.get("fixed_in") or ()) or "no release"
            yield f"{name} {version}: {', '.join(sorted(ids))}; mended in {mended}"


def main() -> int:
    """Audit the lock; return 1 when it holds a vulnerability that is not accepted."""
    lock, rows = HERE / "requirements.lock", accepted(HERE / "audit.toml")
    found = findings(locked(lock), asked_of_pip_audit(lock), asked_of_project)
    silent = [f"{name} {version}" for (name, version), told in found.items() if told is None]
    bad = list(judged(found, rows, dt.datetime.now(dt.UTC).date()))
    for line in bad:
        print(f"audit: VULNERABLE: {line}")
    print(
        f"audit: {len(found) - len(silent)} of {len(found)} packages were looked up, {len(bad)} vulnerabilities found"
    )
    if silent:
        names = "all of them" if len(silent) == len(found) else ", ".join(silent)
        print(f"audit: NOT AUDITED, nobody answered for these: {names}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
