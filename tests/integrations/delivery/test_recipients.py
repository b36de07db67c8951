"""Who messages go to, by access.toml or by delivery.toml."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.errors import CcinsightError
from ccinsight.integrations.delivery.config import read_delivery
from ccinsight.integrations.delivery.recipients import reader_by_key, recipient_of, recipients

TODAY = date(2026, 3, 2)
ACCESS = """
mode = "proxy"
public_address = "https://crm.example.no"

[proxy]
identity_header = "X-User"
secret_header = "X-Secret"
secret = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

[[people]]
id = "object-1"
name = "Kari Nordmann"
account_managers = ["Kari Nordmann"]
mail = "kari@partner.example"
language = "en"

[[people]]
address = "Ola@partner.example"
account_managers = ["Ola Hansen"]

[[people]]
address = "ola@other.example"
mail = "OLA@partner.example"
customers = ["1042"]

[[people]]
role = "ccinsight.all"
everything = true

[[people]]
address = "samaccountname"
customers = ["1"]
"""


def written(database: Path, name: str, text: str) -> Path:
    path = database.with_name(name)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return database


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "a.duckdb"


def test_people_of_the_access_file_get_messages_where_they_have_an_address(database: Path) -> None:
    written(database, "access.toml", ACCESS)
    found = {each.key: each for each in recipients(database, TODAY)}
    assert list(found) == ["kari@partner.example", "ola@partner.example"]
    assert found["kari@partner.example"].language == "en"
    assert found["kari@partner.example"].reader.key == "object-1"
    assert found["ola@partner.example"].language == "nb"
    both = found["ola@partner.example"].reader
    assert both.managers == {"Ola Hansen"} and both.customer_ids == {"1042"}
    assert (both.key, both.address) == ("ola@partner.example", "Ola@partner.example")
    # who signs in as one of those two sees their own customers alone, in the preview too
    other = reader_by_key(database, "x", "ola@other.example", TODAY)
    assert other is not None
    own = recipient_of(database, other, TODAY)
    assert own is not None
    assert (own.key, own.reader) == ("ola@partner.example", other)
    assert not other.managers and other.customer_ids == {"1042"}


def test_a_mail_address_gives_no_rights(database: Path) -> None:
    text = ACCESS.replace('mail = "kari@partner.example"', 'mail = "leder@partner.example"')
    leader = '[[people]]\naddress = "leder@partner.example"\nmail = "l@partner.example"\neverything = true\n'
    written(database, "access.toml", text + leader)
    found = {each.key: each.reader for each in recipients(database, TODAY)}
    kari = found["leder@partner.example"]
    assert (kari.key, kari.address, kari.sees_all) == ("object-1", "", False)
    assert found["l@partner.example"].sees_all


def test_somebody_who_signed_in_is_found_by_id_or_address(database: Path) -> None:
    written(database, "access.toml", ACCESS)
    kari = reader_by_key(database, "object-1", "", TODAY)
    assert kari is not None
    assert kari.managers == {"Kari Nordmann"}
    own = recipient_of(database, kari, TODAY)
    assert own is not None
    assert own.address == "kari@partner.example"
    ola = reader_by_key(database, "another-object", "ola@PARTNER.example", TODAY)
    assert ola is not None
    assert ola.managers == {"Ola Hansen"}
    assert reader_by_key(database, "another-object", "", TODAY) is None
    assert reader_by_key(database, "", "", TODAY) is None


def test_without_sign_in_the_delivery_file_names_account_managers(database: Path) -> None:
    assert recipients(database, TODAY) == []
    written(
        database,
        "delivery.toml",
        """
        [account_managers]
        "Kari Nordmann" = "kari@partner.example"
        "Ola Hansen" = "KARI@partner.example"
        "Leder Lie" = "leder@partner.example"

        [management]
        addresses = ["leder@partner.example"]
        """,
    )
    kari, leader = recipients(database, TODAY)
    assert kari.reader.managers == {"Kari Nordmann", "Ola Hansen"}
    assert not kari.reader.sees_all
    assert leader.reader.sees_all
    assert reader_by_key(database, "", "", TODAY) == SEES_ALL
    assert reader_by_key(database, "kari@partner.example", "kari@partner.example", TODAY) == kari.reader
    assert reader_by_key(database, "x", "gone@partner.example", TODAY) is None


SMTP = '[smtp]\nhost = "mail.partner.example"\nsender = "a@partner.example"\n'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[account_managers]\n"Kari" = "kari"', "account_managers.Kari: “kari” is not an e-mail address"),
        ('[management]\naddresses = ["a\\nb@c.d"]', "management.addresses: “a\nb@c.d” is not an e-mail"),
        ('public_address = "http://crm.example.no"', "public_address: use https"),
        (f'{SMTP}password = "x"', "smtp.user: name the account that signs in"),
        (f'{SMTP}user = "a"\nsecurity = "none"', "smtp.security: a sign-in needs"),
        (f'{SMTP}user = "a"\npassword_file = "none.txt"', "smtp.password_file: "),
        (f"{SMTP}tls = true", "smtp.tls: unknown setting: tls"),
        ('weekday = "mandag"', 'weekday: "mandag" isn\'t one of monday'),
        ('[webhooks]\nteams = "https://["', "webhooks.teams: give the address that begins with https://"),
        ("x = 1", "unknown setting: x"),
    ],
)
def test_a_fault_is_named_with_its_place(database: Path, text: str, fault: str) -> None:
    written(database, "delivery.toml", text)
    with pytest.raises(CcinsightError) as error:
        read_delivery(database)
    assert fault in str(error.value)


def test_a_file_that_others_may_read_is_refused(database: Path) -> None:
    written(database, "delivery.toml", "").with_name("delivery.toml").chmod(0o644)
    with pytest.raises(CcinsightError, match="chmod 600"):
        read_delivery(database)


def test_a_password_stands_in_a_file_of_its_own(database: Path) -> None:
    written(database, "secret", "hemmelig\n")
    written(database, "delivery.toml", f'{SMTP}user = "a"\npassword_file = "secret"')
    found = read_delivery(database)
    assert found is not None
    assert found.smtp is not None
    assert (found.smtp.port, found.smtp.password) == (587, "hemmelig")
