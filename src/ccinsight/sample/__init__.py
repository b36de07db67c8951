"""Sample exports as SuperOffice and an accounting system would write them: same seed, same bytes."""

from ccinsight.sample.writing import write_sample

__all__ = ["write_sample"]
