"""The settings of letters: template and recipients, what goes with whoever is forgotten, and a backup."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from ccinsight.database.restoring import target
from ccinsight.database.schema import stored_tables
from ccinsight.documents.letters.template import default_template, template_of
from ccinsight.errors import CcinsightError
from ccinsight.i18n import set_language
from ccinsight.maintenance.backup import back_up
from ccinsight.settings.editing import without_address, without_customer
from ccinsight.settings.parsing import parse_settings
from ccinsight.settings.storing import store_settings
from tests.documents.letters.small import WHEN

TEXT = """[letters] # ours
template = "brev.docx"

[letters.recipients]
"1" = "post@fjord.example"
"2" = "kari@fjell.example" # asked for it
"""


def test_the_settings_name_template_and_recipients() -> None:
    letters = parse_settings(TEXT, None).letters

    assert letters.template == "brev.docx"
    assert dict(letters.recipients) == {"1": "post@fjord.example", "2": "kari@fjell.example"}


@pytest.mark.parametrize(
    "address", ["Fjord <post@fjord.example>", "a@b.no, c@d.no", "post", "a@b.no\\nBcc: x@y.no", "å@fjord.no"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    set_language("en")
    with pytest.raises(CcinsightError, match=r"letters\.recipients\.1: give an e-mail address"):
        parse_settings(f'[letters.recipients]\n"1" = "{address}"\n', None)


def test_an_address_goes_with_its_customer_or_person() -> None:
    assert without_customer(TEXT, "1") == TEXT.replace('"1" = "post@fjord.example"\n', "")
    left = without_address(TEXT, "Kari@Fjell.example")
    assert parse_settings(left, None).letters.recipients.keys() == {"1"}
    assert "[letters] # ours" in left
    assert without_address(TEXT, "nobody@fjell.example") == TEXT


def test_the_template_lies_beside_the_database_and_is_in_its_backup(tmp_path: Path) -> None:
    set_language("en")
    database = tmp_path / "ccinsight.duckdb"
    settings = parse_settings(TEXT, None)
    with pytest.raises(CcinsightError, match=r"brev\.docx can't be read"):
        template_of(settings, database)
    (tmp_path / "brev.docx").write_bytes(default_template().content)
    with duckdb.connect(str(database)) as connection:
        connection.execute(stored_tables())
        store_settings(connection, settings)

    assert template_of(settings, database).name.endswith("brev.docx")
    back_up(database, tmp_path / "backup", made_at=WHEN)
    assert (tmp_path / "backup" / "brev.docx").exists()
    assert target(database, "brev.docx") == tmp_path / "brev.docx"
    assert template_of(parse_settings("", None), database).name == ""
