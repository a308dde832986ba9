"""The locks hold what pyproject.toml asks for: names, versions and hashes, and no address."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
FREE_LICENCES = re.compile(
    r"\b(?:MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|LGPL|Lesser General Public|Zope|ZPL|HPND"
    r"|Unlicense|Public Domain|CC0|0BSD|Artistic|GPL)\b",
    re.IGNORECASE,
)


def lock(kind):
    return (ROOT / "requirements" / f"{kind}.txt").read_text()


def locked(kind):
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", lock(kind), re.MULTILINE))


def normal(requirement):
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [("runtime", PROJECT["project"]["dependencies"]), ("dev", PROJECT["dependency-groups"]["dev"])],
)
def test_every_declared_dependency_is_locked(kind, wanted):
    assert [name for name in map(normal, wanted) if name not in locked(kind)] == [], "type: bin/lock"


def test_the_dev_lock_holds_the_runtime_lock():
    assert locked("runtime").items() <= locked("dev").items(), "type: bin/lock"


@pytest.mark.parametrize("kind", ["runtime", "dev"])
def test_every_locked_package_has_hashes_and_no_address(kind):
    blocks = re.split(r"\n(?=\S)", lock(kind).strip())
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in lock(kind)


def licence_of(name):
    facts = metadata(name)
    classifiers = [value for value in facts.get_all("Classifier") or [] if value.startswith("License ::")]
    return " ".join([facts.get("License-Expression") or "", (facts.get("License") or "")[:200], *classifiers])


def test_every_runtime_package_is_free_software():
    doubtful = {}
    for name in locked("runtime"):
        try:
            licence = licence_of(name)
        except PackageNotFoundError:  # for another system than this one
            continue
        if not FREE_LICENCES.search(licence):
            doubtful[name] = licence
    assert doubtful == {}
