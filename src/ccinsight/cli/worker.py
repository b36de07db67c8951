"""One of the processes of ``serve --workers``: python -m ccinsight.cli.worker DATABASE PORT BASE_PATH."""

from __future__ import annotations

import sys
from pathlib import Path

from ccinsight.cli import serving


def main() -> None:
    """Serves at a port of this machine until it is stopped."""
    database, port, base_path = sys.argv[1:]
    serving.run(Path(database), serving.Address("127.0.0.1", int(port), base_path))


if __name__ == "__main__":
    main()
