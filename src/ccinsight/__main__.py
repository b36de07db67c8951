"""``python -m ccinsight``: the command line."""

from ccinsight.cli import main

main()
