"""What SECURITY.md promises: locked and audited dependencies, and nothing that comes in is ever run."""

import datetime as dt
import importlib.util
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).parent.parent
PYTHONS = ("3.11", "3.12", "3.13")


# --- the lock ---------------------------------------------------------------------------------------------------------


def locked() -> list[Requirement]:
    lines = (TOP / ".ci" / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return [Requirement(line.rstrip(" \\")) for line in lines if line[:1].isalnum()]


def declared() -> list[str]:
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    optional = project["project"]["optional-dependencies"]
    tools = (TOP / ".ci" / "tools.in").read_text(encoding="utf-8").splitlines()
    return [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(text for name in optional for text in optional[name]),
        *(text for name in ("test", "lint", "docs") for text in groups[name]),
        *(line for line in tools if line and not line.startswith("#")),
    ]


def environment(python: str) -> dict[str, str]:
    return {**default_environment(), "python_version": python, "python_full_version": f"{python}.9"}


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("text", declared())
def test_every_dependency_is_locked_within_its_range(text, python):
    wanted = Requirement(text)
    fits = [r for r in locked() if r.marker is None or r.marker.evaluate(environment(python))]
    versions = [
        next(iter(r.specifier)).version for r in fits if canonicalize_name(r.name) == canonicalize_name(wanted.name)
    ]
    assert len(versions) == 1, f"`{wanted.name}` is not in .ci/requirements.lock: run .ci/lock"
    assert wanted.specifier.contains(versions[0]), f"the lock holds {versions[0]}: run .ci/lock"


def test_every_locked_release_has_hashes():
    text = (TOP / ".ci" / "requirements.lock").read_text(encoding="utf-8")
    entries = [entry for entry in text.split("\n") if entry[:1].isalnum()]
    hashed = [entry for entry in entries if entry.endswith("\\")]
    assert len(entries) > len(declared())
    assert hashed == entries
    assert "--hash=sha256:" in text


def test_the_groups_know_the_extra():
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(project["project"]["optional-dependencies"]["scale"]) <= set(project["dependency-groups"]["test"])


# --- the audit --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def audit():
    spec = importlib.util.spec_from_file_location("audit", TOP / ".ci" / "audit.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FLAW = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["2.0"]}
TODAY = dt.date(2026, 11, 28)


def test_the_audit_tells_of_a_vulnerability(audit):
    assert list(audit.judged({("one", "1.0"): [FLAW]}, [], TODAY)) == [
        "one 1.0: CVE-2026-1, PYSEC-2026-1; mended in 2.0"
    ]
    assert not list(audit.judged({("one", "1.0"): [], ("two", "1.0"): None}, [], TODAY))


@pytest.mark.parametrize(
    ("package", "flaw", "until", "told"),
    [
        ("one", "CVE-2026-1", TODAY, 0),  # by one of its other names, on the last day
        ("one", "PYSEC-2026-1", TODAY - dt.timedelta(days=1), 1),  # until yesterday
        ("one", "PYSEC-2026-2", TODAY, 1),  # another one
        ("two", "PYSEC-2026-1", TODAY, 1),  # of another package
    ],
)
def test_only_what_is_accepted_passes_and_not_for_ever(audit, package, flaw, until, told):
    row = audit.Accepted(package, flaw, "not reached", dt.date(2026, 1, 1), until)
    assert len(list(audit.judged({("one", "1.0"): [FLAW]}, [row], TODAY))) == told


def test_the_audit_is_not_taken_in_by_a_service_that_knows_nothing(audit):
    said = [{"name": "one", "skip_reason": "not found"}, {"name": "two", "version": "2.0", "vulns": []}]
    versions = {"one": "1.0", "two": "2.0", "three": "3.0"}
    found = audit.findings(versions, said, lambda name, _: [FLAW] if name == "one" else None)
    assert found == {("one", "1.0"): [FLAW], ("two", "2.0"): [], ("three", "3.0"): None}


def test_what_is_accepted_has_a_reason_and_an_end(audit, tmp_path):
    audit.accepted(TOP / ".ci" / "audit.toml")  # the one that counts
    row = '[[accepted]]\npackage = "one"\nid = "CVE-2026-1"\nreason = "%s"\ndate = 2026-11-28\nuntil = %s\n'
    file = tmp_path / "audit.toml"
    file.write_text(row % ("not reached", "2027-01-01"))
    assert audit.accepted(file)[0].until == dt.date(2027, 1, 1)
    for reason, until in ((" ", "2027-01-01"), ("not reached", "2026-11-28")):
        file.write_text(row % (reason, until))
        with pytest.raises(ValueError, match="needs a reason"):
            audit.accepted(file)
    file.write_text('[[accepted]]\npackage = "one"\nid = "CVE-2026-1"\n')
    with pytest.raises(TypeError):
        audit.accepted(file)
