"""Every report in every format holds the warehouse's own rows, and a limited reader's none of another's customer."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from babel.numbers import parse_decimal
from openapi_spec_validator import validate

from ccinsight.access import SEES_ALL, Reader
from ccinsight.database.scope import Filters, Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import in_language
from ccinsight.integrations.api import power_query
from ccinsight.integrations.api.answers import Answer
from ccinsight.integrations.api.description import listing, openapi, reports_of
from ccinsight.integrations.api.problems import ProblemError
from ccinsight.integrations.api.query import FORMATS, Query, options_of, parameter, read_explored, read_query
from ccinsight.notes.duties import with_notes
from ccinsight.registry import CODES, REPORTS, label_of
from tests.access.crawling import found
from tests.access.readers import BJORN, SILJE, TODAY, all_marks, marks_of_others

MOST = 1_000_000


@dataclass
class Asked:
    """A warehouse whose answers are kept, so that each report runs once for a reader."""

    house: Warehouse
    kept: dict[object, pa.Table] = field(default_factory=dict)

    def answer(self, query: Query, reader: Reader, most_rows: int = MOST) -> Answer:
        """The API's answer, over this."""
        return Answer(self, query, reader, most_rows)  # type: ignore[arg-type]

    def report(self, name: str, scope: Scope, **options: Any) -> pa.Table:
        """The warehouse's own rows."""
        key = (name, scope)
        if key not in self.kept:
            self.kept[key] = self.house.report(name, scope, **options)
        return self.kept[key]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.house, name)


@pytest.fixture(scope="module")
def asked(sample_database: Path) -> Iterator[Asked]:
    with Warehouse.open(sample_database) as house:
        yield Asked(house)


def test_every_report_in_every_format_holds_the_rows_of_the_warehouse(asked: Asked) -> None:
    for name, report in REPORTS.items():
        options = with_notes(report, asked.house.path, {})
        rows = asked.report(name, Scope(TODAY, SEES_ALL), **options)
        expected = rows.to_pylist()
        query = Query(report, TODAY)
        read = {form: asked.answer(replace(query, format=form), SEES_ALL).data() for form in FORMATS}
        assert pq.read_table(io.BytesIO(read["parquet"])).to_pylist() == expected, name
        objects = json.loads(read["json"], parse_float=Decimal)
        lines = list(csv.reader(io.StringIO(read["csv"].decode(), newline="")))
        assert lines[0] == rows.column_names == [column.name for column in report.columns], name
        assert len(lines) - 1 == len(objects) == len(expected), name
        for line, one, row in zip(lines[1:], objects, expected, strict=True):
            for text, (column, value) in zip(line, row.items(), strict=True):
                assert _same(one[column], value), (name, column, one[column], value)
                assert _same(_of_text(text, value), value), (name, column, text, value)


def _of_text(text: str, value: object) -> object:
    """A CSV field as a value of the same kind."""
    if text == "" and not isinstance(value, str):
        return None
    match value:
        case bool():
            return {"true": True, "false": False}[text]
        case int() | float() | Decimal():
            return Decimal(text)
    return text


def _same(read: object, value: object) -> bool:
    """Whether what was read is the value; numbers within what a file rounds to: the tenth decimal, of kr the second."""
    match value:
        case bool() | None | str():
            return read == value
        case datetime():
            return isinstance(read, str) and datetime.fromisoformat(read) == value
        case date():
            return isinstance(read, str) and date.fromisoformat(read) == value
        case float() | Decimal() | int():
            assert isinstance(read, int | Decimal)
            exact = Decimal(str(value))
            return abs(Decimal(read) - exact) <= Decimal("0.005") and (
                abs(Decimal(read) - exact) <= Decimal("1e-10") or -exact.as_tuple().exponent > 2  # type: ignore[operator]
            )
    return str(read) == str(value)


def test_power_query_reads_the_rows_of_the_warehouse_by_its_text(asked: Asked) -> None:
    """The CSV is read as the text says: delimiter, empty as null, and each column by its type in the culture named."""
    kinds = set()
    for name, report in REPORTS.items():
        query = Query(report, TODAY)
        text = power_query.formula("https://crm.example.no", query, is_fixed_day=True)
        (types,) = re.findall(r"Table\.TransformColumnTypes\(Known, \{(.*)\}, \"en-US\"\)", text)
        of = dict(re.findall(r"\{\"([^\"]+)\", ([A-Za-z0-9. ]+)\}", types))
        assert 'Delimiter = ",", Encoding = 65001' in text
        lines = csv.reader(io.StringIO(asked.answer(query, SEES_ALL).data().decode(), newline=""))
        heads = next(lines)
        assert list(of) == heads
        rows = asked.report(name, Scope(TODAY, SEES_ALL)).to_pylist()
        for line, row in zip(lines, rows, strict=True):
            for head, field_text, value in zip(heads, line, row.values(), strict=True):
                read = _typed(field_text, of[head])
                kinds.add(of[head])
                if of[head] == "type text" and value is not None:
                    assert (read or "") == str(value), (name, head)
                elif isinstance(value, date):
                    assert read == value, (name, head)
                else:
                    assert _same(read, value), (name, head, read, value)
    assert kinds == {*power_query.TYPES.values(), "type number"}


def _typed(text: str, kind: str) -> Any:
    """What Power Query makes of a text in en-US."""
    if text == "":
        return None
    match kind:
        case "type date":
            return date.fromisoformat(text)
        case "type datetime":
            return datetime.fromisoformat(text)
        case "type logical":
            return {"true": True, "false": False}[text]
        case "type text":
            return text
    number = parse_decimal(text, locale="en_US", strict=True)
    assert kind != "Int64.Type" or number == int(number), text
    assert kind != "Currency.Type" or number == round(number, 4), text
    return number


def test_the_text_and_the_file_carry_filters_and_names_as_they_are() -> None:
    filters = Filters(customers=("1", '2"#(x)'), account_managers=("Bjørn & Co",))
    query = Query(REPORTS["renewals"], TODAY, filters, (("months", 6),))
    with in_language("nb"):
        text = power_query.formula("https://crm.example.no/innsikt", query, is_fixed_day=False)
        file = power_query.connection_file(
            "https://crm.example.no/innsikt", query, "Fornyelser [x]", is_fixed_day=False
        ).decode()
    assert '"https://crm.example.no/innsikt/api/v1/"' in text
    assert (
        'Query = [#"customer" = {"1", "2""#(#)(x)"}, #"account-manager" = "Bjørn & Co", #"months" = "6", '
        '#"format" = "csv"]'
    ) in text
    assert '{"renewal_on", "Fornyes"}' in text or '{"renewal_on", "Fornyelse"}' in text
    assert "token" not in text.casefold()
    (known,) = re.findall(
        r'\{"renewal_status", each if _ = null then null else Record\.FieldOrDefault\(\[(.*?)\]', text
    )
    with in_language("nb"):
        labels = {
            code: label_of("renewal_status", code)
            for code in REPORTS["renewals"].column("renewal_status").codes
        }
    assert dict(re.findall(r'#"([^"]*)" = "([^"]*)"', known)) == labels
    (mashup,) = re.findall(r"<odc:PowerQueryMashupData>(.*)</odc:PowerQueryMashupData>", file, re.DOTALL)
    query_node = ElementTree.fromstring(html.unescape(mashup)).find(".//{*}Query")
    assert query_node is not None
    assert (query_node.get("Name"), query_node.findtext("{*}Formula")) == ("Fornyelser x", text)
    assert "SELECT * FROM [Fornyelser x]" in file


def test_a_limited_reader_gets_no_mark_of_anothers_customer(asked: Asked, sample_database: Path) -> None:
    seen: set[str] = set()
    for reader in (SILJE, BJORN):
        others = marks_of_others(sample_database, reader).texts
        for report in reports_of(reader):
            for form in FORMATS:
                data = asked.answer(Query(report, TODAY, format=form), reader).data()
                assert not found(_text(data, form), others), (reader.name, report.name, form)
                seen |= found(_text(data, form), all_marks(sample_database).texts)
    assert len(seen) > 500  # the marks of one's own would be found


def test_explored_figures_hold_the_rows_of_the_reader_in_every_format(
    asked: Asked, sample_database: Path
) -> None:
    given = [("measure", "tickets"), ("measure", "arr"), ("by", "customer"), ("totals", "yes")]
    query = read_explored(given, "", TODAY)
    assert query.explored
    for reader in (SEES_ALL, SILJE):
        expected = asked.house.explore(query.explored, Scope(TODAY, reader)).to_pylist()
        others = marks_of_others(sample_database, reader).texts
        for form in FORMATS:
            data = asked.answer(replace(query, format=form), reader).data()
            assert not found(_text(data, form), others)
            assert _text(data, form).count("detail") == len(expected) - 1
    assert (
        asked.answer(query, SEES_ALL).tag != asked.answer(read_explored(given[:-1], "", TODAY), SEES_ALL).tag
    )
    text = power_query.formula("https://x.example", query, is_fixed_day=True)
    assert '[RelativePath = "explore"' in text and '#"measure" = {"tickets", "arr"}' in text


def _text(data: bytes, form: str) -> str:
    return str(pq.read_table(io.BytesIO(data)).to_pydict()) if form == "parquet" else data.decode()


def test_reports_about_the_whole_database_are_refused_and_not_listed(asked: Asked) -> None:
    whole = [report for report in REPORTS.values() if report.covers == "whole_database"]
    assert len(whole) >= 5
    for report in whole:
        with pytest.raises(ProblemError) as raised:
            asked.answer(Query(report, TODAY), SILJE).data()
        assert (raised.value.status, raised.value.code) == (403, "not_yours")
    names = {each["name"] for each in listing(SILJE)["reports"]}
    assert names == REPORTS.keys() - {report.name for report in whole}
    assert {each["name"] for each in listing(SEES_ALL)["reports"]} == set(REPORTS)


def test_anothers_customer_is_one_that_does_not_exist(asked: Asked) -> None:
    said = []
    for customer in ("1001", "no such"):
        with pytest.raises(ProblemError) as raised:
            asked.answer(Query(REPORTS["renewals"], TODAY, Filters((customer,))), SILJE).data()
        assert (raised.value.status, raised.value.code) == (400, "unknown_value")
        said.append(raised.value.detail.replace(customer, "X"))
    assert said[0] == said[1]


def test_too_many_rows_are_a_problem_that_says_what_to_do(asked: Asked) -> None:
    with pytest.raises(ProblemError) as raised:
        asked.answer(Query(REPORTS["agreements"], TODAY), SEES_ALL, most_rows=10).data()
    assert (raised.value.status, raised.value.code) == (422, "too_many_rows")
    assert "api_max_rows" in raised.value.detail


def test_a_tag_holds_for_one_build_query_and_sight(asked: Asked) -> None:
    query = Query(REPORTS["agreements"], TODAY)
    tags = [
        asked.answer(each, reader).tag
        for each, reader in (
            (query, SEES_ALL),
            (query, SILJE),
            (query, BJORN),
            (replace(query, as_of=date(2026, 3, 2)), SEES_ALL),
            (replace(query, filters=Filters(("1001",))), SEES_ALL),
            (replace(query, options=(("days", 3),)), SEES_ALL),
            (replace(query, format="json"), SEES_ALL),
            (replace(query, is_for_excel=True), SEES_ALL),
            (replace(query, report=REPORTS["renewals"]), SEES_ALL),
        )
    ]
    assert len(set(tags)) == len(tags)
    twin = replace(SILJE, key="another", name="Another")
    assert asked.answer(query, twin).tag == tags[1]
    other = Asked(asked.house)
    other.build_id = "another build"  # type: ignore[attr-defined]
    assert other.answer(query, SEES_ALL).tag != tags[0]


def test_every_option_that_a_program_may_give_can_be_read() -> None:
    texts = {
        "days": "30",
        "months": "6",
        "percent": "2.5",
        "check": next(iter(CODES["check"])),
        "product_name": "X",
    }
    for name, report in REPORTS.items():
        given = [(parameter(option), texts.get(option, "2026-01-01")) for option in options_of(report)]
        query = read_query(name, given, "", TODAY)
        assert {option for option, _value in query.options} == set(options_of(report))


def test_the_description_is_valid_and_describes_each_report_with_its_options(asked: Asked) -> None:
    described = openapi(SEES_ALL, ".")
    validate(described)
    for name, report in REPORTS.items():
        operation = described["paths"][f"/reports/{name}"]["get"]
        own = {each["name"] for each in operation["parameters"] if "name" in each}
        assert own == {each.replace("_", "-") for each in report.options} - {
            "marks",
            "verdicts",
            "fewest",
            "steps",
        }
        assert list(described["components"]["schemas"][name]["properties"]) == [
            c.name for c in report.columns
        ]
    explored = {each.get("name") for each in described["paths"]["/explore"]["get"]["parameters"]}
    assert {"measure", "by", "from", "to", "totals"} <= explored
    limited = openapi(SILJE, ".")
    assert "/reports/data_problems" not in limited["paths"] and "/reports/renewals" in limited["paths"]
