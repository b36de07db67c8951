"""Serves a database as one of the test's readers: ``python -m tests.access.serve_as READER DATABASE PORT``.

A test's seam: the dashboard's own code knows no way to name a reader from outside.
"""

from __future__ import annotations

import sys

from streamlit.runtime.scriptrunner import get_script_run_ctx

from ccinsight.access import Reader
from ccinsight.cli import main
from ccinsight.dashboard.session import reader
from tests.access.readers import EVERYONE

if __name__ == "__main__":
    who, database, port = sys.argv[1:]

    def current() -> Reader:
        """The reader in a page's run; nobody in a download's callback, as with a sign-in."""
        assert get_script_run_ctx(), "nobody is signed in outside of a page's run"
        return EVERYONE[who]

    reader.current = current
    sys.argv = ["ccinsight", "serve", "--database", database, "--port", port]
    main()
