"""What an assistant learns from the tools, asked with the protocol's own client."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp_types import CallToolResult

from ccinsight.access import SEES_ALL, Reader
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.integrations.mcp.answers import Answers, Said
from ccinsight.integrations.mcp.server import make_server
from ccinsight.registry import REPORTS
from ccinsight.registry.explore import EXPLORE

DAY = date(2026, 3, 1)
SILJE = Reader(managers=frozenset({"Silje Ødegaard"}), today=DAY)


@pytest.fixture(scope="module")
def house(sample_database: Path) -> Iterator[Warehouse]:
    with Warehouse.open(sample_database) as house:
        yield house


def _with_client(
    house: Warehouse, visit: Callable[[Client], Awaitable[None]], reader: Reader = SEES_ALL
) -> None:
    async def ask(question: Callable[[Answers], Said]) -> Said:
        return question(Answers(house, reader, DAY))

    async def run() -> None:
        async with Client(make_server(ask)) as client:
            await visit(client)

    anyio.run(run)


def _said(result: CallToolResult) -> dict[str, Any]:
    assert not result.is_error, result.content
    said: dict[str, Any] = result.structured_content or {}
    assert said
    return said


def _sentence(result: CallToolResult) -> str:
    assert result.is_error
    return str(result.content[0].text)  # type: ignore[union-attr]


def test_what_an_agreement_pays_at_its_next_renewal_and_why(house: Warehouse) -> None:
    """From the tools alone: the list, the agreement, the amount, the reasons, and the clause's own text."""
    scope = Scope(DAY, SEES_ALL)
    expected = next(
        row
        for row in house.report("renewals", scope, months=12).to_pylist()
        if row["value_next"] is not None and row["renewal_status"] != "ending"
    )

    async def visit(client: Client) -> None:
        tools = {tool.name for tool in (await client.list_tools()).tools}
        assert tools == {
            "list_reports",
            "read_report",
            "list_measures",
            "explore",
            "find_customers",
            "explain_amount",
            "customer_brief",
        }
        said = _said(await client.call_tool("explain_amount", {"agreement_id": expected["agreement_id"]}))
        assert said["as_of"] == "2026-03-01"
        assert said["values"]["period_start"] == expected["renewal_on"].isoformat()
        assert said["values"]["annual_value"] == float(expected["value_next"])
        assert said["unknown"] == []
        reasons = " ".join(said["reasons"])
        assert "(clause A10)" in reasons and "A4" in reasons and "A5" in reasons
        assert {each["name"]: each.get("clause") for each in said["columns"]}["rate"]
        rules = (await client.read_resource("ccinsight://rules")).contents[0].text  # type: ignore[union-attr]
        assert "| A10 | Yearly invoice |" in rules

    _with_client(house, visit)


def test_an_agreement_under_notice_pays_nothing_at_its_renewal(house: Warehouse) -> None:
    expected = next(
        row
        for row in house.report("renewals", Scope(DAY, SEES_ALL), months=36).to_pylist()
        if row["renewal_status"] == "ending"
    )

    async def visit(client: Client) -> None:
        said = _said(await client.call_tool("explain_amount", {"agreement_id": expected["agreement_id"]}))
        assert said["is_ending"] and said["values"]["value_next"] == 0
        assert said["values"]["renewal_on"] == expected["renewal_on"].isoformat()
        assert "clause A12" in said["reasons"][0]

    _with_client(house, visit)


def test_rows_are_those_of_the_report_with_what_is_unknown(house: Warehouse) -> None:
    exact = house.report("customers", Scope(DAY, SEES_ALL))

    async def visit(client: Client) -> None:
        said = _said(await client.call_tool("read_report", {"name": "customers", "limit": 500}))
        assert said["row_count"] == exact.num_rows == len(said["rows"]) and said["is_complete"]
        assert [row["customer_id"] for row in said["rows"]] == exact["customer_id"].to_pylist()
        nulls = {name: exact[name].null_count for name in exact.column_names}
        assert said["unknown"] == {name: count for name, count in nulls.items() if count}
        assert said["unknown"]
        for name, count in said["unknown"].items():
            assert sum(row[name] is None for row in said["rows"]) == count
        few = _said(
            await client.call_tool(
                "read_report",
                {
                    "name": "renewals",
                    "as_of": "2026-01-15",
                    "customer_ids": [exact["customer_id"][0].as_py()],
                    "options": {"months": "12"},
                    "columns": ["value_next"],
                    "limit": 1,
                },
            )
        )
        assert few["as_of"] == "2026-01-15"
        names = [each["name"] for each in few["columns"]]
        assert names == [*REPORTS["renewals"].key, "value_next"]
        assert all(each["definition"] for each in few["columns"])

    _with_client(house, visit)


def test_a_reader_of_some_customers_learns_of_no_other(house: Warehouse) -> None:
    owners = {
        row["customer_id"]: row["account_manager"]
        for row in house.report("customers", Scope(DAY, SEES_ALL)).to_pylist()
    }
    own = {customer for customer, manager in owners.items() if manager == "Silje Ødegaard"}
    other = next(customer for customer, manager in owners.items() if manager not in (None, "Silje Ødegaard"))
    foreign = next(
        row["agreement_id"]
        for row in house.report("agreements", Scope(DAY, SEES_ALL)).to_pylist()
        if row["customer_id"] == other
    )

    async def visit(client: Client) -> None:
        found = _said(await client.call_tool("find_customers", {"text": ""}))
        assert {row["customer_id"] for row in found["rows"]} <= own and found["found"] <= len(own)
        rows = _said(await client.call_tool("read_report", {"name": "agreements", "limit": 500}))["rows"]
        assert rows and {row["customer_id"] for row in rows} <= own
        names = {each["name"] for each in _said(await client.call_tool("list_reports"))["reports"]}
        assert names < set(REPORTS)
        for tool, given in (
            ("explain_amount", {"agreement_id": foreign}),
            ("customer_brief", {"customer_id": other}),
            ("read_report", {"name": "renewals", "customer_ids": [other]}),
        ):
            assert "There is no" in _sentence(await client.call_tool(tool, given))
        whole = next(report.name for report in REPORTS.values() if report.covers == "whole_database")
        refusal = _sentence(await client.call_tool("read_report", {"name": whole}))
        assert "for those who may see all customers" in refusal

    _with_client(house, visit, SILJE)


def test_figures_are_explored_as_on_the_pages(house: Warehouse) -> None:
    measure = EXPLORE.measures["tickets"]
    report, _dot, column = measure.answers["month"].partition(".")
    rows = house.report(report, Scope(DAY, SEES_ALL)).to_pylist()
    by_month = {row["month"].isoformat(): row[column] for row in rows}

    async def visit(client: Client) -> None:
        known = {
            each["name"]: each["dimensions"]
            for each in _said(await client.call_tool("list_measures"))["measures"]
        }
        assert "month" in known["tickets"]
        asked = {"measures": ["tickets"], "by": ["month"], "limit": 500}
        said = _said(await client.call_tool("explore", asked))
        found = {row["month"]: row["tickets"] for row in said["rows"] if row["level"] == "detail"}
        assert found and {month: by_month[month] for month in found} == found
        assert said["totals"][-1]["level"] == "total"
        assert said["totals"][-1]["tickets"] == sum(found.values())
        assert said["unknown"] == {} and said["row_count"] == len(found)
        few = _said(await client.call_tool("explore", {**asked, "limit": 1}))
        assert len(few["rows"]) == 1 and few["totals"] == said["totals"]
        far = await client.call_tool("explore", {**asked, "as_of": "9999-12-31"})
        assert far.is_error
        wrong = _sentence(await client.call_tool("explore", {"measures": ["arr"], "by": ["channel"]}))
        assert "can't be broken down by channel" in wrong

    _with_client(house, visit)


def test_a_brief_comes_with_its_sources_and_mistakes_with_a_sentence(house: Warehouse) -> None:
    customer = house.report("renewals", Scope(DAY, SEES_ALL))["customer_id"][0].as_py()

    async def visit(client: Client) -> None:
        said = _said(await client.call_tool("customer_brief", {"customer_id": customer, "language": "nb"}))
        figures = [
            figure
            for section in said["sections"]
            for statement in section["statements"]
            for figure in statement["figures"]
        ]
        assert figures and all(each["source"] and each["as_of"] for each in figures)
        assert any(section["is_internal"] for section in said["sections"])
        nearest = _sentence(await client.call_tool("read_report", {"name": "renewal"}))
        assert "There is no report “renewal”" in nearest and "renewals" in nearest
        wrong = _sentence(await client.call_tool("read_report", {"name": "renewals", "columns": ["arr"]}))
        assert "has no column arr" in wrong
        measures = json.loads((await client.read_resource("ccinsight://measures")).contents[0].text)  # type: ignore[union-attr]
        assert {"arr", "users"} <= {each["name"] for each in measures["measures"]}

    _with_client(house, visit)


def test_an_assistant_starts_the_command_and_asks(sample_database: Path) -> None:
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "ccinsight", "mcp", "--database", str(sample_database)],
        env={**os.environ, "CCINSIGHT_LANGUAGE": "nb"},
    )

    async def run() -> None:
        async with Client(command) as client:
            said = _said(
                await client.call_tool(
                    "read_report", {"name": "customers", "as_of": "2026-03-01", "limit": 1}
                )
            )
            assert said["title"] == "Kunder" and len(said["rows"]) == 1

    anyio.run(run)
