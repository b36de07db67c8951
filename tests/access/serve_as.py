"""Serves a database as one of the test's readers: ``python -m tests.access.serve_as READER DATABASE PORT``.

A test's seam: the dashboard's own code knows no way to name a reader from outside.
"""

from __future__ import annotations

import sys

from ccinsight.cli import main
from ccinsight.dashboard.session import reader
from tests.access.readers import EVERYONE

if __name__ == "__main__":
    who, database, port = sys.argv[1:]
    reader.current = lambda: EVERYONE[who]
    sys.argv = ["ccinsight", "serve", "--database", database, "--port", port]
    main()
