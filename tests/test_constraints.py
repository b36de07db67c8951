"""What constraints.txt pins can be installed where ccinsight promises to run."""

from __future__ import annotations

import re
from importlib import metadata

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.conftest import ROOT

DEBIAN_12 = "3.11.2"


def _pinned() -> list[Requirement]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    texts = [re.sub(r"\s*#.*", "", line) for line in lines]
    return [Requirement(text) for text in texts if text]


def test_every_pinned_package_runs_on_the_python_of_debian_12() -> None:
    """A fresh machine has no newer one (README)."""
    needed = {}
    for package in _pinned():
        try:
            installed = metadata.metadata(package.name)
        except metadata.PackageNotFoundError:
            continue
        if installed["Version"] in package.specifier:
            needed[package.name] = installed["Requires-Python"] or ""
    assert len(needed) > 50
    assert {
        name: versions for name, versions in needed.items() if DEBIAN_12 not in SpecifierSet(versions)
    } == {}
