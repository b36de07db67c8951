"""The tools and resources that an assistant sees. What they answer stands in ``answers.py``.

Names and descriptions are English, for programs; texts of answers are in the language in use.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from ccinsight import __version__
from ccinsight.database.exploring import question
from ccinsight.errors import CcinsightError
from ccinsight.integrations.api import query
from ccinsight.integrations.mcp.answers import MOST_ROWS, Answers, Said, refused
from ccinsight.integrations.mcp.documents import document

# Gives a question to the answers of whoever asks, in a thread, once it is their turn.
Ask = Callable[[Callable[[Answers], Said]], Awaitable[Said]]
_Tool = TypeVar("_Tool", bound=Callable[..., Awaitable[Any]])

_INSTRUCTIONS = """\
ccinsight knows the support agreements (CloudCare CRM) of a SuperOffice partner in Norway: customers, tickets, users,
prices, renewals, deadlines, invoices. Everything is read only and holds what the reader of the token may see.

Every answer has an as-of date: what was known at the end of that day. State it. null is unknown, never zero: say so,
and never fill it in or add over it. Columns come with their definition, the rule (R…) and the clause of the agreement
(A…): quote the clause when you explain a figure, and read the resource ccinsight://rules for its text. Amounts are NOK
without VAT. Use explain_amount for what an agreement pays and why; don't compute prices or dates yourself.\
"""
_READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, open_world_hint=False)

_DAYS = {"ge": query.FIRST_DAY, "le": query.LAST_DAY}
AsOf = Annotated[
    date | None, Field(description="What was known at the end of this day; without it today.", **_DAYS)
]
Names = Annotated[list[str] | None, Field(description="Only these; as in the rows, not abbreviated.")]


def make_server(ask: Ask) -> MCPServer:
    """The server. ``ask`` decides whose rows a question is answered with."""
    server: MCPServer = MCPServer(
        "ccinsight", title="ccinsight", instructions=_INSTRUCTIONS, version=__version__, log_level="WARNING"
    )
    # the SDK sets up the root logger of the process; the server's own logging stays as it was
    for handler in [each for each in logging.root.handlers if type(each).__name__ == "RichHandler"]:
        logging.root.removeHandler(handler)
    _add_report_tools(server, ask)
    _add_explore_tools(server, ask)
    _add_customer_tools(server, ask)
    _add_resources(server, ask)
    return server


def _add_report_tools(server: MCPServer, ask: Ask) -> None:
    tool = partial(_tool, server)

    @tool
    async def list_reports() -> Said:
        """All reports: name, what their rows are, options, and columns with definition, rule and clause."""
        return await ask(lambda answers: answers.reports())

    @tool
    async def read_report(
        name: Annotated[str, Field(description="A name of list_reports, such as renewals or deadlines.")],
        as_of: AsOf = None,
        customer_ids: Names = None,
        account_managers: Names = None,
        user_bands: Names = None,
        options: Annotated[
            dict[str, str] | None,
            Field(description="The report's own options, such as days, months, since, check."),
        ] = None,
        columns: Annotated[
            list[str] | None, Field(description="Only these columns, beside the key; without it all.")
        ] = None,
        limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = 100,
    ) -> Said:
        """The rows of a report, with the definition of each column and how many values are unknown."""
        given = [
            *([(query.AS_OF, as_of.isoformat())] if as_of else []),
            *_filters(customer_ids, account_managers, user_bands),
            *((query.parameter(option), value) for option, value in (options or {}).items()),
        ]
        return await ask(lambda answers: answers.rows(name, given, limit, columns or ()))


def _add_explore_tools(server: MCPServer, ask: Ask) -> None:
    tool = partial(_tool, server)

    @tool
    async def list_measures() -> Said:
        """What can be explored: each measure with its definition and the dimensions it can be broken down by."""
        return await ask(lambda answers: answers.explorable())

    @tool
    async def explore(
        measures: Annotated[list[str], Field(description="Names of list_measures, such as tickets or arr.")],
        by: Annotated[
            list[str] | None, Field(description="At most two dimensions that all of the measures have.")
        ] = None,
        first_day: Annotated[
            date | None, Field(description="First day of the span; without it twelve months.", **_DAYS)
        ] = None,
        last_day: Annotated[
            date | None, Field(description="Last day of the span; without it the as-of date.", **_DAYS)
        ] = None,
        as_of: AsOf = None,
        customer_ids: Names = None,
        account_managers: Names = None,
        user_bands: Names = None,
        limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = 100,
    ) -> Said:
        """Figures of one's own choice, broken down, and their totals apart: a total of a ratio is the ratio of the
        totals, so don't add or average rows.
        """
        asked = question(measures, by or (), first_day, last_day, has_totals=bool(by))
        given = _filters(customer_ids, account_managers, user_bands)
        return await ask(lambda answers: answers.explore(asked, given, as_of, limit))


def _filters(
    customer_ids: Sequence[str] | None,
    account_managers: Sequence[str] | None,
    user_bands: Sequence[str] | None,
) -> list[tuple[str, str]]:
    """The filters as an address has them."""
    return [
        *((query.CUSTOMER, each) for each in customer_ids or ()),
        *((query.MANAGER, each) for each in account_managers or ()),
        *((query.BAND, each) for each in user_bands or ()),
    ]


def _add_customer_tools(server: MCPServer, ask: Ask) -> None:
    tool = partial(_tool, server)

    @tool
    async def find_customers(
        text: Annotated[str, Field(description="A part of the customer's name or id.")], as_of: AsOf = None
    ) -> Said:
        """Customers by a part of their name or id: id, name, account manager and user band."""
        return await ask(lambda answers: answers.find_customers(text, as_of))

    @tool
    async def explain_amount(
        agreement_id: Annotated[str, Field(description="The agreement's id, such as A-1001.")],
        as_of: AsOf = None,
        period: Annotated[
            date | None,
            Field(
                description="A day in the period that is asked about; without it the next renewal's.", **_DAYS
            ),
        ] = None,
    ) -> Said:
        """What an agreement pays in a period (the next renewal's by default) and why: users, rate, price version,
        notice, invoice lines, each with the clause.
        """
        return await ask(lambda answers: answers.amount(agreement_id, as_of, period))

    @tool
    async def customer_brief(
        customer_id: str,
        as_of: AsOf = None,
        language: Annotated[str | None, Field(pattern="^(nb|en)$", description="nb or en.")] = None,
    ) -> Said:
        """The brief of a customer's yearly status meeting: what to talk about, each sentence with the figures it
        rests on. Sections marked internal aren't for the customer.
        """
        return await ask(lambda answers: answers.brief(customer_id, as_of, language))


def _add_resources(server: MCPServer, ask: Ask) -> None:
    def resource(name: str, title: str, description: str) -> Callable[[Any], Any]:
        return server.resource(
            f"ccinsight://{name}",
            name=name,
            title=title,
            description=description,
            mime_type="text/markdown",
        )

    @resource(
        "rules", "The agreement and its rules", "Clauses A1 to A13 and rules R1 to R14, with worked dates."
    )
    async def rules() -> str:
        return _document("rules")

    @resource("glossary", "Words", "What the words of reports and answers mean.")
    async def glossary() -> str:
        return _document("glossary")

    @server.resource(
        "ccinsight://measures",
        name="measures",
        title="Headline figures",
        description="The headline figures with definition, rule and clause.",
        mime_type="application/json",
    )
    async def measures() -> dict[str, Any]:
        return await ask(lambda answers: answers.measures())


def _document(name: str) -> str:
    try:
        return document(name)
    except CcinsightError as error:
        raise ResourceError(str(error)) from error


def _tool(server: MCPServer, function: _Tool) -> _Tool:
    """Adds a tool whose errors for users reach the assistant as sentences."""

    @functools.wraps(function)
    async def answered(**given: Any) -> Any:
        try:
            return await function(**given)
        except CcinsightError as error:
            raise ToolError(refused(error)) from error

    server.add_tool(answered, annotations=_READ_ONLY)
    return function
