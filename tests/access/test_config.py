"""access.toml: what it says, and a sentence for whatever is wrong with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ccinsight.access.claims import identity_of
from ccinsight.access.config import Access, OpenId, Proxy, parse_access, read_access
from ccinsight.access.people import Identity, Person, reader_of
from ccinsight.access.reader import Right
from ccinsight.errors import CcinsightError

TODAY = date(2026, 3, 15)
FILE = Path("folder/access.toml")
ENTRA = "https://login.microsoftonline.com/t-1/v2.0/.well-known/openid-configuration"
OPEN_ID = f"""mode = "oidc"
public_address = "https://crm.example.no/innsikt/"
[oidc]
server_metadata_url = "{ENTRA}"
client_id = "app"
client_secret = "hush"
tenant = "t-1"
"""
PROXY = """mode = "proxy"
public_address = "http://localhost:8501"
[proxy]
identity_header = "X-User"
secret_header = "X-Secret"
secret = "0123456789abcdef01234567"
"""
PERSON = '[[people]]\nid = "o-1"\naccount_managers = ["Kari"]\n'


def _parsed(text: str) -> Access:
    return parse_access(text, FILE)


def test_a_file_for_a_provider() -> None:
    found = _parsed(OPEN_ID + PERSON)
    assert found.provider == OpenId(ENTRA, "app", "hush", "t-1", "tid", "select_account")
    assert (found.public_address, found.base_path, found.origin) == (
        "https://crm.example.no/innsikt",
        "/innsikt",
        "https://crm.example.no",
    )
    assert (found.session_hours, found.activity_days, found.is_https) == (10, 365, True)
    assert found.people == (Person("id", "o-1", account_managers=("Kari",)),)


def test_a_file_for_a_proxy() -> None:
    found = _parsed(PROXY)
    assert found.provider == Proxy("X-User", "X-Secret", "0123456789abcdef01234567")
    assert (found.base_path, found.is_https) == ("", False)


@pytest.mark.parametrize(
    ("address", "claim"),
    [
        ("https://accounts.google.com/.well-known/openid-configuration", "hd"),
        ("https://login.example.no/realms/a/.well-known/openid-configuration", "iss"),
    ],
)
def test_the_claim_of_a_tenant_is_the_providers(address: str, claim: str) -> None:
    provider = _parsed(OPEN_ID.replace(ENTRA, address)).provider
    assert isinstance(provider, OpenId)
    assert provider.tenant_claim == claim


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("mode = [1 2]", r"line 1, position 11: this isn't valid TOML\. Correct the line\. Details: "),
        ("a = [", "isn't valid TOML: something is missing at its end"),
        ("a = 2026-13-45", "isn't valid TOML"),
        ("", "“mode”: It is missing"),
        (OPEN_ID.replace('"oidc"', '"password"'), "“mode”: Choose one of: oidc, proxy"),
        (OPEN_ID + '[proxy]\nsecret = "x"\n', "“proxy”.*remove .proxy."),
        (PROXY.replace("[proxy]", "[proxi]"), "“proxi”: There is no such setting"),
        ('mode = "oidc"\npublic_address = "https://a.no"\n', r"“oidc”: The table \[oidc\] is missing"),
        (OPEN_ID.replace("client_id", "klient_id"), r"“\[oidc\] klient_id”: There is no such setting"),
        (OPEN_ID.replace('client_id = "app"', "client_id = 7"), r"“\[oidc\] client_id”: Write a text"),
        (
            OPEN_ID.replace("https://crm.example.no/innsikt/", "crm.example.no"),
            "“public_address”: Write it as",
        ),
        (OPEN_ID.replace("https://crm", "http://crm"), "“public_address”: Sign-in needs https"),
        (
            OPEN_ID.replace("https://login", "http://login"),
            "“.oidc. server_metadata_url”: Write the provider",
        ),
        (OPEN_ID.replace("/t-1/v2.0", "/common/v2.0"), "Name your own tenant"),
        ("session_hours = 0\n" + OPEN_ID, "“session_hours”: Write a whole number from 1 to 720"),
        ("session_hours = true\n" + OPEN_ID, "“session_hours”"),
        (OPEN_ID.replace("client_secret", 'client_secret_file = "x"\nclient_secret'), "not both"),
        (
            OPEN_ID.replace('client_secret = "hush"', 'client_secret_file = "nowhere"'),
            "folder/nowhere can't be read",
        ),
        (PROXY.replace("X-Secret", "X Secret"), "can't be the name of a header"),
        (PROXY.replace("X-Secret", "x-user"), "two different headers"),
        (PROXY.replace("0123456789abcdef01234567", "short"), "fewer than 24 characters"),
        (OPEN_ID + '[[people]]\naccount_managers = ["Kari"]\n', "“.people 1. id”: Say who by one of"),
        (OPEN_ID + PERSON + '[[people]]\nid = "o-2"\n', "“.people 2. id”: Say what they see"),
        (OPEN_ID + PERSON + 'role = "r"\n', "Say who by one of"),
        (OPEN_ID + PERSON + "everything = true\n", "needs neither"),
        (OPEN_ID + PERSON + 'may = ["steal"]\n', "“steal” is not a right. Known: import"),
        (OPEN_ID + PERSON + 'may = ["forget"]\n', "“forget” concerns all customers"),
        (OPEN_ID + PERSON + 'customers = "1042"\n', "“.people 1. customers”: Write a list"),
        (OPEN_ID + PERSON + PERSON, "“o-1” is there twice"),
        (
            OPEN_ID.replace('tenant = "t-1"\n', "") + PERSON.replace("id =", "address ="),
            "Addresses count in one fixed tenant",
        ),
        (OPEN_ID + 'people = "all"\n', "There is no such setting"),
        ('people = "all"\n' + OPEN_ID, r"Write each as a table of its own: \[\[people\]\]"),
    ],
)
def test_a_fault_is_named_with_its_place(text: str, where: str) -> None:
    with pytest.raises(CcinsightError, match=where):
        _parsed(text)


def test_a_secret_may_lie_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush\n")
    text = OPEN_ID.replace('client_secret = "hush"', 'client_secret_file = "secret"')
    provider = parse_access(text, tmp_path / "access.toml").provider
    assert isinstance(provider, OpenId)
    assert provider.client_secret == "hush"


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "access.toml"
    path.write_text(PROXY)
    path.chmod(0o640)
    with pytest.raises(CcinsightError, match="chmod 600"):
        read_access(path)
    path.chmod(0o600)
    assert read_access(path) == _parsed(PROXY)
    assert read_access(tmp_path / "none.toml") is None


ENTRIES = (
    Person("id", "o-1", "Kari Nordmann", ("Kari",), rights=frozenset({Right.IMPORT})),
    Person("address", "ola@partner.example", "", ("Ola",), ("1042",)),
    Person("role", "all", "Management", sees_all=True, rights=frozenset({Right.INTERNAL_PAGES})),
)


def test_entries_about_one_person_add_up() -> None:
    reader = reader_of(ENTRIES, Identity(("o-1",), "OLA@partner.example", name="K. Nordmann"), TODAY)
    assert reader is not None
    assert reader.managers == {"Kari", "Ola"}
    assert reader.customer_ids == {"1042"}
    assert (reader.key, reader.name, reader.sees_all, reader.today) == ("o-1", "Kari Nordmann", False, TODAY)
    assert reader.rights == {Right.IMPORT}


def test_a_role_is_not_its_bearers_name() -> None:
    reader = reader_of(ENTRIES, Identity(("o-9",), roles=frozenset({"all"}), name="Unni"), TODAY)
    assert reader is not None
    assert (reader.name, reader.sees_all) == ("Unni", True)


@pytest.mark.parametrize(
    "identity",
    [
        Identity(("ola@partner.example",)),  # an id that looks like an address
        Identity(("o-2",), "ola@partner.example.evil.example"),
        Identity(("O-1",)),  # ids are compared as they are
        Identity((), "", frozenset({"o-1", "ola@partner.example"})),
    ],
)
def test_nobody_else_is_a_reader(identity: Identity) -> None:
    assert reader_of(ENTRIES, identity, TODAY) is None


CLAIMS = {
    "sub": "s-1",
    "oid": "o-1",
    "tid": "t-1",
    "preferred_username": "a@b.no",
    "email": "c@d.no",
    "name": "A",
}


def _identity(tenant: str | None, claim: str, **claims: object) -> Identity | None:
    return identity_of({**CLAIMS, **claims}, OpenId(ENTRA, "a", "b", tenant, claim, "login"))


def test_entra_ids_person_is_its_object_id_and_the_address_that_the_tenant_gave() -> None:
    found = _identity("t-1", "tid", roles=["all", 7])
    assert found == Identity(("o-1", "s-1"), "a@b.no", frozenset({"all"}), "A")
    assert found.key == "o-1"


def test_another_tenants_person_is_nobody() -> None:
    assert _identity("t-2", "tid") is None
    assert _identity("t-1", "hd") is None
    assert _identity("t-1", "tid", sub="") is None


def test_elsewhere_an_address_counts_when_it_was_verified() -> None:
    unverified = _identity("https://login.example.no", "iss", iss="https://login.example.no")
    assert unverified == Identity(("s-1",), "", name="A")
    verified = _identity("partner.example", "hd", hd="partner.example", email_verified=True)
    assert verified == Identity(("s-1",), "c@d.no", name="A")
    assert _identity(None, "iss", email_verified="true") == Identity(("s-1",), "", name="A")
