"""Each target of the fuzzers with its seeds, changed ones, and any bytes.

``make soak`` (CCINSIGHT_SOAK=1) fuzzes them guided by coverage, where atheris can be had: it is built for Linux and
macOS, and not for each Python.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.robustness.fuzz_targets import TARGETS, seeds

ROOT = Path(__file__).parents[2]
IS_SOAK = os.environ.get("CCINSIGHT_SOAK") == "1"
SECONDS = {"header": 90, "rows": 180, "date": 90, "number": 90, "file": 180}
TRIES = {"header": 200, "rows": 400, "date": 30, "number": 30, "file": 6}
pytestmark = pytest.mark.timeout(900)


@st.composite
def _changed(draw: st.DrawFn, target: str) -> bytes:
    """A seed, cut, or with some bytes put in, left out or changed; or any bytes."""
    if draw(st.integers(0, 4)) == 0:
        return draw(st.binary(max_size=200))
    content = bytearray(draw(st.sampled_from(seeds(target))))
    for _change in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(content)))
        content[at : at + draw(st.integers(0, 3))] = draw(
            st.sampled_from([b'"', b"\n", b";", b"\r\n", b'""', b"\0"]) | st.binary(max_size=4)
        )
    return bytes(content[: draw(st.none() | st.integers(0, len(content)))])


@pytest.mark.parametrize("target", TARGETS)
def test_seeds_and_what_is_like_them(target: str) -> None:
    for seed in seeds(target):
        TARGETS[target](seed)

    @given(_changed(target))
    @settings(
        deadline=None,
        max_examples=TRIES[target] * (20 if IS_SOAK else 1),
        suppress_health_check=list(HealthCheck),
    )
    def hold(content: bytes) -> None:
        TARGETS[target](content)

    hold()


@pytest.mark.skipif(not IS_SOAK, reason="takes minutes: make soak")
@pytest.mark.parametrize("target", TARGETS)
def test_guided_by_coverage(target: str, tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed: it can't be had for this system or this Python")
    command = [sys.executable, "-m", "tests.robustness.fuzz", target, f"-max_total_time={SECONDS[target]}"]
    options = [f"-artifact_prefix={tmp_path}/", "-print_final_stats=1", "-max_len=4096"]
    done = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout[-2000:]}{done.stderr[-4000:]}"
    tried = re.search(r"Done (\d+) runs", done.stderr)
    assert tried and int(tried[1]) > 20
    print(f"{target}: {tried[1]} inputs")
