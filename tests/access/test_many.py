"""Fifty sessions of ten people at once: nobody's page holds a row of another's customer."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from benchmarks.ports import free_port
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.access.signing_in import TENANT, copied, write_private
from tests.access.visiting import USER, Visitor, ask, cookie, text_of, titles
from tests.serving import served

PEOPLE, SESSIONS = 10, 5
PAGES = ["customer", "renewals", "utilization", "deadlines", "customer"]


@pytest.fixture(scope="module")
def customers(sample_database: Path) -> list[list[tuple[str, str]]]:
    """Of each person the customers that they see: id and name."""
    with duckdb.connect(str(sample_database), read_only=True) as connection:
        rows = connection.execute(
            "select distinct customer_id, customer_name from stored.agreements order by customer_id"
        ).fetchall()
    return [rows[at::PEOPLE] for at in range(PEOPLE)]


@pytest.fixture(scope="module")
def visitors(
    sample_database: Path,
    customers: list[list[tuple[str, str]]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[list[Visitor]]:
    folder, port = tmp_path_factory.mktemp("many"), free_port()
    database, address = copied(sample_database, folder), f"http://127.0.0.1:{port}"
    people = "".join(
        f'[[people]]\nid = "o-{at}"\ncustomers = {[customer for customer, _name in own]}\n'
        for at, own in enumerate(customers)
    )
    write_private(
        folder / "access.toml",
        f"""mode = "oidc"
public_address = "{address}"
[oidc]
server_metadata_url = "http://127.0.0.1:9/.well-known/openid-configuration"
client_id = "a"
client_secret = "b"
tenant = "{TENANT}"
tenant_claim = "tid"
{people}""",
    )
    with served(database, folder, port=port):
        yield [
            Visitor(address, {USER: cookie(database, address, {"oid": f"o-{at}", "tid": TENANT})})
            for at in range(PEOPLE)
        ]


def test_no_page_holds_a_row_of_anothers_customer(
    visitors: list[Visitor], customers: list[list[tuple[str, str]]]
) -> None:
    async def session(at: int, page: str) -> tuple[int, list[ForwardMsg]]:
        async with visitors[at].connect() as connection:
            return at, await ask(connection, page, "as-of=2026-10-01&language=en")

    async def all_at_once() -> list[tuple[int, list[ForwardMsg]]]:
        return await asyncio.gather(
            *(session(at, page) for page, at in itertools.product(PAGES, range(PEOPLE)))
        )

    own_seen = 0
    for at, sent in asyncio.run(all_at_once()):
        text = text_of(sent)
        assert titles(sent)
        seen = [name for names in customers for _id, name in names if name in text]
        own = {name for _id, name in customers[at]}
        assert not set(seen) - own
        own_seen += len(seen)
    # otherwise the search would find nobody's
    assert own_seen > PEOPLE * SESSIONS
