"""Fuzzes a target guided by coverage, until libFuzzer's options say that it is enough, or something is found.

    python -m tests.robustness.fuzz TARGET [options of libFuzzer, such as -max_total_time=120]

Needs atheris: pip install -e '.[soak]'.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

# What is imported here tells which of its lines were run; nothing of it may be imported before.
with atheris.instrument_imports(include=["ccinsight", "tests.robustness"], enable_loader_override=False):
    from tests.robustness import fuzz_targets


def main(target: str, options: list[str]) -> None:
    """Begins with the target's seeds, which are changed and joined."""
    with TemporaryDirectory() as corpus:
        for at, seed in enumerate(fuzz_targets.seeds(target)):
            Path(corpus, str(at)).write_bytes(seed)
        limits = ["-timeout=60", "-rss_limit_mb=4000"]
        atheris.Setup(["fuzz", *limits, *options, corpus], fuzz_targets.TARGETS[target])
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
