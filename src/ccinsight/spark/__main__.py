"""``python -m ccinsight.spark build FOLDER``: the command ``ccinsight spark``, for spark-submit and a wheel's task."""

import sys

from ccinsight.cli import main

main(["spark", *sys.argv[1:]])
