"""What the tests of the sign-in share: four people, an access.toml, and a server with its provider."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ports import free_port

from tests.access import openid
from tests.serving import served

TENANT = "11111111-2222-3333-4444-555555555555"
OTHER_TENANT = "99999999-2222-3333-4444-555555555555"


def _claims(name: str, number: int, **more: object) -> dict[str, object]:
    address = f"{name.split()[0].lower()}@partner.example"
    return {
        "name": name,
        "oid": f"00000000-0000-0000-0000-{number:012}",
        "tid": TENANT,
        "preferred_username": address,
        "email": address,
        **more,
    }


# By the name that they sign in with. Two account managers, one who sees all by an app role, one who is unknown.
PEOPLE = {
    "ingrid": _claims("Ingrid Berg", 1),
    "lars": _claims("Lars Vik", 2),
    "unni": _claims("Unni Lie", 3, roles=["ccinsight.all"]),
    "una": _claims("Una Kjent", 4),
    # of another company, with an address that is one of ours
    "fremmed": _claims("Ingrid Berg", 5, tid=OTHER_TENANT, preferred_username="lars@partner.example"),
}


@dataclass(frozen=True)
class Signed:
    """A dashboard with sign-in: its address, its provider's, its database, and the folder that has its log."""

    address: str
    issuer: str
    database: Path
    folder: Path

    @property
    def access(self) -> Path:
        """Its access.toml."""
        return self.database.with_name("access.toml")

    def change(self, old: str, new: str) -> None:
        """Changes a text of access.toml."""
        text = self.access.read_text(encoding="utf-8")
        assert old in text
        self.access.write_text(text.replace(old, new), encoding="utf-8")


def access_text(address: str, issuer: str, managers: tuple[str, str]) -> str:
    """An access.toml for the four people."""
    return f"""mode = "oidc"
public_address = "{address}"
session_hours = 10

[oidc]
server_metadata_url = "{issuer}/.well-known/openid-configuration"
client_id = "{openid.CLIENT_ID}"
client_secret = "{openid.CLIENT_SECRET}"
tenant = "{TENANT}"
tenant_claim = "tid"
prompt = "login"

[[people]]
id = "{PEOPLE["ingrid"]["oid"]}"
name = "Ingrid Berg"
account_managers = ["{managers[0]}"]

[[people]]
address = "{PEOPLE["lars"]["preferred_username"]}"
account_managers = ["{managers[1]}"]
may = ["import"]

[[people]]
role = "ccinsight.all"
everything = true
may = ["import", "apply_settings", "forget"]
"""


def write_private(file: Path, text: str) -> None:
    """Writes a file that only its owner may read."""
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")


def copied(database: Path, folder: Path) -> Path:
    """A database of one's own, with its key."""
    for name in (database.name, f"{database.name}.key"):
        shutil.copy(database.with_name(name), folder / name)
    return folder / database.name


@contextmanager
def signed(
    node: str, database: Path, folder: Path, managers: tuple[str, str], *options: str, base_path: str = ""
) -> Iterator[Signed]:
    """A server over a database with a provider of its own."""
    port = free_port()
    address = f"http://127.0.0.1:{port}{base_path}"
    with openid.provider(node, free_port(), f"{address}/oauth2callback", PEOPLE) as issuer:
        write_private(database.with_name("access.toml"), access_text(address, issuer, managers))
        with served(database, folder, *options, base_path=base_path, port=port):
            yield Signed(address, issuer, database, folder)
