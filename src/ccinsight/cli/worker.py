"""One of the processes of ``serve --workers``: python -m ccinsight.cli.worker DATABASE PORT BASE_PATH [open]."""

from __future__ import annotations

import sys
from pathlib import Path

from ccinsight.cli import serving

# Says that --no-sign-in was said.
OPEN = "open"


def main() -> None:
    """Serves at a port of this machine until it is stopped."""
    database, port, base_path, *rest = sys.argv[1:]
    serving.run(Path(database), serving.Address("127.0.0.1", int(port), base_path), is_open=rest == [OPEN])


if __name__ == "__main__":
    main()
