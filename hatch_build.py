"""Compiles the gettext catalogues when ccinsight is installed or built, and makes its SQL for Spark for a wheel."""

import sys
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]
    """Writes ccinsight.mo beside each ccinsight.po; for a wheel the texts that Spark runs too."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for po in sorted(Path(self.root, "src", "ccinsight", "locale").glob("*/LC_MESSAGES/*.po")):
            with po.open("rb") as source, po.with_suffix(".mo").open("wb") as target:
                write_mo(target, read_po(source))
        if self.target_name == "wheel" and version == "standard":  # a checkout makes them when it needs them
            sys.path.insert(0, str(Path(self.root, "src")))
            from ccinsight.spark.translation.writing import write_texts

            texts = Path(self.root, "build", "spark")
            write_texts(texts)
            build_data["force_include"][str(texts)] = "ccinsight/spark/sql"
