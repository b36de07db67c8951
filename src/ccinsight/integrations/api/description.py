"""What a program can ask for, from the registry: the list of reports, and the API's description in OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ccinsight import __version__
from ccinsight.access import Reader
from ccinsight.database.exploring import MOST_DIMENSIONS, MOST_MEASURES
from ccinsight.i18n import _
from ccinsight.integrations.api import query
from ccinsight.integrations.api.problems import MIME_TYPE
from ccinsight.outputs.tables import MIME_TYPES
from ccinsight.registry import CODES, REPORTS, Column, Report
from ccinsight.registry.explore import EXPLORE

Described = dict[str, Any]
_TEXT: Described = {"type": "string"}
_DATE: Described = {"type": "string", "format": "date"}
# What a column of each format holds in JSON; those that aren't named are numbers.
_SCHEMAS: Mapping[str, Described] = {
    "text": _TEXT,
    "code": _TEXT,
    "date": _DATE,
    "month": _DATE,
    "moment": {"type": "string", "description": "local time in Norway, without an offset"},
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer"},
}
_PROBLEMS = ("400", "401", "403", "404", "406", "422", "429", "503")


def reports_of(reader: Reader) -> list[Report]:
    """The reports that a reader may ask for."""
    return [each for each in REPORTS.values() if reader.sees_all or each.covers != "whole_database"]


def listing(reader: Reader) -> Described:
    """The reports with what they say, their options and columns, in the language in use."""
    return {"reports": [_listed(report) for report in reports_of(reader)]}


def explorable() -> Described:
    """The measures and dimensions that can be explored with what they say, in the language in use.

    ``time``: what a measure's figures are of: the ``span``, its ``last_day``, periods begun ``since`` its first day,
    the as-of date (``day``), the twelve months up to it (``year``) or ``ahead`` of it.
    """
    return {
        "measures": [
            {
                **_column(measure.column),
                "dimensions": list(measure.grain.dimensions),
                "of": _(measure.grain.label),
                "time": measure.grain.time,
            }
            for measure in EXPLORE.measures.values()
        ],
        "dimensions": [
            {**_column(dimension.column), "name": dimension.name, "column": dimension.field}
            for dimension in EXPLORE.dimensions.values()
        ],
    }


def _listed(report: Report) -> Described:
    return {
        "name": report.name,
        "title": _(report.title),
        "description": _(report.description),
        "key": list(report.key),
        "filters": list(query.FILTERS),
        "options": [_option(report, name) for name in query.options_of(report)],
        "columns": [_column(column) for column in report.columns],
    }


def _option(report: Report, name: str) -> Described:
    default = report.defaults.get(name)
    return {"name": query.parameter(name), "default": default, **_option_schema(name)}


def _option_schema(name: str) -> Described:
    if name in query.RANGES:
        least, most = query.RANGES[name]
        return {"type": "integer", "minimum": least, "maximum": most}
    if name in ("since", "valid_on", "sent_on"):
        return dict(_DATE)
    if name == "percent":
        return {"type": "number", "minimum": _plain(query.PERCENT[0]), "maximum": _plain(query.PERCENT[1])}
    return {"type": "string", "enum": list(CODES["check"])} if name == "check" else dict(_TEXT)


def _plain(value: Decimal) -> int:
    return int(value)


def _column(column: Column) -> Described:
    said: Described = {
        "name": column.name,
        "label": column.heading(),
        "format": column.format,
        "unit": _(column.unit) if column.unit else "",
        "description": column.definition(),
        "rule": column.rule,
        "clause": column.clause,
    }
    if column.codes:
        said["codes"] = {name: _(code.label) for name, code in column.codes.items()}
    return said


# ---------------------------------------------------------------- OpenAPI


def openapi(reader: Reader, server: str) -> Described:
    """The description (OpenAPI 3.1) of what a reader may ask for, under the address ``server``."""
    reports = reports_of(reader)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ccinsight",
            "version": __version__,
            "description": _("Reports of the yearly support agreement, as a token's reader may see them."),
        },
        "servers": [{"url": server}],
        "security": [{"bearer": []}, {"basic": []}],
        "paths": {
            "/reports": {"get": _plain_operation("listReports", _("The reports, with options and columns"))},
            "/measures": {
                "get": _plain_operation("listMeasures", _("The measures and dimensions that can be explored"))
            },
            f"/{query.EXPLORE_PATH}": {"get": _explore_operation()},
            "/openapi.json": {"get": _plain_operation("describe", _("This description"))},
            **{f"/reports/{report.name}": {"get": _operation(report)} for report in reports},
        },
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": _("An access token.")},
                "basic": {
                    "type": "http",
                    "scheme": "basic",
                    "description": _("An access token as the password, with any user name."),
                },
            },
            "parameters": dict(_parameters()),
            "responses": {"Problem": _problem()},
            "schemas": {report.name: _row(report) for report in reports} | {"Problem": _problem_schema()},
        },
    }


def _plain_operation(name: str, summary: str) -> Described:
    answer = {"description": summary, "content": {"application/json": {"schema": {"type": "object"}}}}
    return {"operationId": name, "summary": summary, "responses": {"200": answer, **_problems()}}


def _operation(report: Report) -> Described:
    rows = {"type": "array", "items": {"$ref": f"#/components/schemas/{report.name}"}}
    options = [_option_parameter(report, name) for name in query.options_of(report)]
    return _rows_operation(report.name, _(report.title), _(report.description), options, rows)


def _explore_operation() -> Described:
    def names(known: Mapping[str, object], most: int) -> Described:
        return {"type": "array", "items": {"type": "string", "enum": list(known)}, "maxItems": most}

    measures, by = names(EXPLORE.measures, MOST_MEASURES), names(EXPLORE.dimensions, MOST_DIMENSIONS)
    options = [
        {**_parameter(query.MEASURE, measures, _("The figures. May be repeated.")), "required": True},
        _parameter(query.BY, by, _("What they are broken down by. May be given twice.")),
        _parameter(query.FROM, _DATE, _("First day of the span (default: 12 months).")),
        _parameter(query.TO, _DATE, _("Last day of the span (default: the as-of date).")),
        _parameter(query.TOTALS, {"type": "string", "enum": ["yes", "no"]}, _("Add rows with the totals.")),
    ]
    description = _("Figures of your own choice, by what they can be broken down by.")
    rows: Described = {"type": "array", "items": {"type": "object"}}
    return _rows_operation("explore", _("Explore"), description, options, rows)


def _rows_operation(
    name: str, title: str, description: str, options: list[Described], rows: Described
) -> Described:
    """An operation that answers with rows in every format."""
    names = ["asOf", "customer", "accountManager", "userBand", "partner", "format", "form"]
    return {
        "operationId": name,
        "summary": title,
        "description": description,
        "parameters": [*({"$ref": f"#/components/parameters/{each}"} for each in names), *options],
        "responses": {
            "200": {
                "description": title,
                "headers": {
                    "ETag": {"schema": _TEXT, "description": _("Send it as If-None-Match the next time.")},
                    "Ccinsight-As-Of": {"schema": _DATE, "description": _("The as-of date of the rows.")},
                },
                "content": {
                    MIME_TYPES["csv"]: {"schema": _TEXT},
                    MIME_TYPES["json"]: {"schema": rows},
                    MIME_TYPES["parquet"]: {"schema": {}},
                },
            },
            "304": {"description": _("Nothing has changed since the answer with that ETag.")},
            **_problems(),
        },
    }


def _option_parameter(report: Report, name: str) -> Described:
    default = report.defaults.get(name)
    schema = _option_schema(name) | ({} if default is None else {"default": default})
    return {"name": query.parameter(name), "in": "query", "schema": schema}


def _parameters() -> Iterator[tuple[str, Described]]:
    texts: Described = {"type": "array", "items": _TEXT}
    yield (
        "asOf",
        _parameter(query.AS_OF, _DATE, _("Report what was known at the end of this day (default: today).")),
    )
    yield "customer", _parameter(query.CUSTOMER, texts, _("Only this customer. May be repeated."))
    yield (
        "accountManager",
        _parameter(query.MANAGER, texts, _("Only this account manager's customers. May be repeated.")),
    )
    yield (
        "userBand",
        _parameter(
            query.BAND, texts, _("Only customers in this user band, e.g. 10-24 or 100+. May be repeated.")
        ),
    )
    yield (
        "partner",
        _parameter(
            query.PARTNER,
            texts,
            _("Only this partner's customers, in a group's database. May be repeated."),
        ),
    )
    yield (
        "format",
        _parameter(query.FORMAT, {"type": "string", "enum": list(query.FORMATS)}, _("Instead of Accept.")),
    )
    yield (
        "form",
        _parameter(
            query.FORM,
            {"type": "string", "const": query.EXCEL},
            _("CSV with semicolons, decimal commas and labels, as Excel in Norwegian opens it."),
        ),
    )


def _parameter(name: str, schema: Described, description: str) -> Described:
    said = {"name": name, "in": "query", "schema": schema, "description": description}
    return said | ({"style": "form", "explode": True} if schema.get("type") == "array" else {})


def _row(report: Report) -> Described:
    return {
        "type": "object",
        "title": _(report.title),
        "properties": {column.name: _value(column) for column in report.columns},
    }


def _value(column: Column) -> Described:
    """A column's value in JSON; null is unknown."""
    schema = dict(_SCHEMAS.get(column.format, {"type": "number"}))
    said = {"title": column.heading(), "description": column.help_text()}
    return {**schema, **said, "type": [schema["type"], "null"]}


def _problems() -> Described:
    return {status: {"$ref": "#/components/responses/Problem"} for status in _PROBLEMS}


def _problem() -> Described:
    return {
        "description": _("What is wrong and what to do (RFC 9457)."),
        "content": {MIME_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _problem_schema() -> Described:
    return {
        "type": "object",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": _TEXT,
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "code": _TEXT,
            "nearest": {"type": "array", "items": _TEXT},
        },
    }
