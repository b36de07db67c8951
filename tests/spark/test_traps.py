"""What Spark would run and answer otherwise: each has a rule, without which its query here differs or is refused."""

# ruff: noqa: S608 (queries of our own)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from sqlglot import exp
from sqlglot.errors import UnsupportedError

from ccinsight.database.models import Model, model_query
from ccinsight.spark import translation
from ccinsight.spark.lake import SETTINGS
from ccinsight.spark.translation import UntranslatableError, assembled, expansion, rules
from ccinsight.spark.translation.sources import parse, sources
from tests.spark.equality import _normal

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Six rows in no order, with a null each.
ROWS = """
    from (
        values (3, 'c', 1.5), (1, 'a', null), (2, null, 2.5), (5, 'b', 4.0), (4, 'c', 0.5), (null, 'd', 9.0)
    ) as t (n, name, amount)
"""
# The trap, its rule where none makes another answer of it, and a query that shows it.
TRAPS: dict[str, tuple[type[exp.Expr] | str | None, str]] = {
    "date_diff of months counts those that begin": (
        exp.DateDiff,
        "select date_diff('month', d.a, d.b) as n from (values (date '2025-01-31', date '2025-02-01')) as d (a, b)",
    ),
    "percentile_cont is exact": (
        exp.WithinGroup,
        f"select percentile_cont(0.9) within group (order by cast(t.n as double)) as p {ROWS}",
    ),
    "a decimal over a whole number isn't cut": (
        exp.Div,
        "select d.a / d.b as q from (values (cast(0.01 as decimal(18, 2)), 3000000)) as d (a, b)",
    ),
    "arg_max passes over nulls": (
        exp.ArgMax,
        f"select arg_max(t.name, -t.n) as a, arg_max(t.amount, 0 - t.n) as b {ROWS}",
    ),
    "arg_min passes over nulls": (exp.ArgMin, f"select arg_min(t.amount, t.n) as a {ROWS}"),
    "a list keeps its order": (exp.ArrayAgg, f"select list(t.name order by t.n desc) as a {ROWS}"),
    "a list of different values keeps its order": (
        exp.ArrayAgg,
        f"select list(distinct t.name order by t.name) as a {ROWS}",
    ),
    "a list keeps its nulls": (exp.ArrayAgg, f"select len(list(t.name)) as a {ROWS}"),
    "a list of no rows is null": (exp.ArrayAgg, f"select list(t.name) as a {ROWS} where t.n > 9"),
    "a cast to a whole number rounds": (
        exp.Cast,
        "select cast(d.a as integer) as n, cast(d.b as bigint) as m, cast(d.a as utinyint) as s"
        " from (values (cast(2.5 as decimal(9, 1)), cast(-3.7 as decimal(9, 1)))) as d (a, b)",
    ),
    "a range ends before its end": (
        None,
        "select unnest(range(d.n)) as n from (values (3)) as d (n)",
    ),
    "a range doesn't run backwards": (
        None,
        "select len(range(d.n)) as n from (values (0)) as d (n)",
    ),
    "the last element is -1": (exp.Bracket, "select d.l[-1] as n from (values ([4, 5, 6])) as d (l)"),
    "beyond the end there is null": (exp.Bracket, "select d.l[7] as n from (values ([4, 5, 6])) as d (l)"),
    "the largest of a column": (exp.Max, f"select list_sum(max(t.n, 2)) as n {ROWS}"),
    "a month begins on a day": (
        None,
        "select cast(date_trunc('month', d.a) as date) as t from (values (date '2025-02-14')) as d (a)",
    ),
    "a quarter of the calendar year": (
        None,
        "select year(d.a) || '-Q' || quarter(d.a) as q from (values (date '2025-03-31'), (date '2025-10-01')) as d (a)",
    ),
    "a null in a row comes last": (None, f"select arg_max(t.n, row(t.name, t.n)) as n {ROWS}"),
    "in a list": (None, f"select count(*) as n {ROWS} where t.n in (select unnest([1, 2, 9]))"),
    "two columns in a query": (
        exp.In,
        f"select count(*) as n {ROWS} where (t.n, t.name) in (select (d.a, d.b) from (values (1, 'a')) as d (a, b))",
    ),
    "an instant in Norway": (
        "timezone",
        "select timezone('Europe/Oslo', timezone('UTC', d.a)) as a"
        " from (values (timestamp '2025-07-01 12:00:00')) as d (a)",
    ),
    "a whole division is one": (None, "select d.a // 2 as n from (values (7)) as d (a)"),
    "any value passes over nulls": (
        exp.IgnoreNulls,
        f"select any_value(t.amount) filter (where t.n < 3) as a {ROWS}",
    ),
    "numbers are joined as text": (None, f"select t.n || ': ' || t.amount as a {ROWS}"),
    "months are added as an interval": (
        "to_months",
        "select cast(d.a + to_months(d.n) as date) as a from (values (date '2025-01-31', 1)) as d (a, n)",
    ),
    "a bit beyond the thirty-first": (
        exp.BitwiseLeftShift,
        "select cast(1 << d.n as bigint) as a from (values (cast(35 as bigint))) as d (n)",
    ),
    "a sum passes over nulls": (
        None,
        "select list_sum(d.a) as a, list_sum(d.b) as b"
        " from (values ([1, null, 2], [cast(null as integer)])) as d (a, b)",
    ),
    "a key of odd names": (
        None,
        "select model.name_key(d.a) as a from (values"
        " ('İs\u2009A.S'), ('ΟΔΟΣ ASA'), ('οδος\u3000'), ('x\v as'), ('Åse Ø\u00a0AS')) as d (a)",
    ),
    "every match": (
        None,
        "select regexp_replace(d.a, '[^0-9]', '', 'g') as a from (values ('1 a 2 b')) as d (a)",
    ),
}
REFUSED = {
    "a character beyond ASCII": "select chr(8239) as a",
    "halves of doubles": "select round(cast(1.005 as double), 2) as a",
    "the first match only": "select regexp_replace('aa', 'a', 'b') as a",
    "two lists side by side": "select unnest([1, 2]) as a, unnest([3, 4]) as b",
    "a list inside an expression": "select 1 + unnest([1, 2]) as a",
    "a join by nearness": "select 1 from stored.files as f asof join stored.imports as i on f.import_id >= i.import_id",
    "a function without a rule": "select list_cosine_similarity([1.0], [2.0])",
    "a construct without a rule": "pivot stored.files on export using count(*)",
    "days of the week": "select date_part('dow', date '2025-01-05') as a",
    "a double as a whole number": "select cast(cast(2.5 as double) as integer) as a",
    "a double as a text": "select cast(t.minutes / 60 as varchar) as a from (values (90)) as t (minutes)",
    "a double as an amount": "select cast(cast(1.005 as double) as decimal(18, 2)) as a",
    "a double of an earlier query": """
        with a as (select 1 / 3 as part) select cast(coalesce(b.share, 0) as integer) as a
        from (select a.part as share from a) as b
    """,
    "a membership as a value": """
        select f.export in (select l.export from stored.full_lists as l) as a from stored.files as f
    """,
    "a membership compared": """
        select count(*) as a from stored.files as f
        where (f.export in (select l.export from stored.full_lists as l)) is null
    """,
    "weeks": "select date_trunc('week', current_date)",
    "days of weeks": "select date_diff('week', date '2025-01-01', date '2025-02-01')",
    "recursion": "with recursive a as (select 1 as n union all select n + 1 from a) select n from a",
    "a relation that isn't there": "select 1 from model.nothing",
    "a macro that isn't there": "select model.nothing(1)",
    "a list with its end": "select generate_series(1, 3)",
    "a window over what is filtered": "select count(*) filter (where true) over () from stored.files",
}
# The rules of what is refused above that Spark would run, and answer otherwise without a word.
SILENT: dict[str, type[exp.Expr] | str] = {
    "a character beyond ASCII": exp.Chr,
    "halves of doubles": exp.Round,
    "the first match only": exp.RegexpReplace,
    "days of the week": "date_part",
}
# Casts of doubles, which are looked at before the rules.
SILENT_CASTS = ("a double as a whole number", "a double as an amount")
# Two macros with an inner query of the same name.
SAME_NAMES = {
    "first_macro": "with a as (select 1 as n) select a.n from a",
    "second_macro": "with a as (select 2 as n) select a.n from a",
}


def connected() -> duckdb.DuckDBPyConnection:
    """DuckDB with the macros of keys."""
    connection = duckdb.connect()
    connection.execute("create schema model")
    connection.execute(model_query("key_functions"))
    return connection


def text_of(query: str) -> str:
    """A query as Spark's text; DuckDB says its types."""
    with connected() as connection:
        described = {row[0]: row[1] for row in connection.execute(f"describe {query}").fetchall()}
    return assembled(parse(query), {}, described)


def answer_of_duckdb(query: str) -> Any:
    with connected() as connection:
        return _normal(connection.execute(query).fetchall())


@pytest.fixture(scope="module")
def answer(session: SparkSession) -> Callable[[str], Any]:
    """What Spark answers, or why it doesn't."""
    for setting, value in SETTINGS.items():
        session.conf.set(setting, value)

    def answer(query: str) -> Any:
        from pyspark.errors import PySparkException

        try:
            return _normal(session.sql(text_of(query)).collect())
        except (PySparkException, UnsupportedError, UntranslatableError) as e:
            return type(e).__name__

    return answer


@pytest.mark.parametrize("trap", TRAPS)
def test_trap_has_a_rule_that_it_needs(
    trap: str, answer: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    rule, query = TRAPS[trap]
    expected = answer_of_duckdb(query)
    assert answer(query) == expected

    if rule is None:
        return
    _drop(rule, monkeypatch)
    assert answer(query) != expected, "the rule changes nothing"


def _drop(rule: type[exp.Expr] | str, monkeypatch: pytest.MonkeyPatch) -> None:
    if isinstance(rule, str):
        monkeypatch.setitem(rules.NAMED_RULES, rule, lambda node: node)
    else:
        monkeypatch.setitem(rules.RULES, rule, lambda node: node)


@pytest.mark.parametrize("reason", REFUSED)
def test_what_has_no_rule_is_refused(reason: str) -> None:
    with pytest.raises(UntranslatableError):
        assembled(parse(REFUSED[reason]), {}, {"a": "integer"})


@pytest.mark.parametrize("reason", [*SILENT, *SILENT_CASTS])
def test_what_is_refused_would_be_answered_otherwise(
    reason: str, answer: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    if reason in SILENT:
        _drop(SILENT[reason], monkeypatch)
    else:
        monkeypatch.setattr(translation, "refuse_casts_of_doubles", lambda _query, _doubles: None)
    answered = answer(REFUSED[reason])
    assert isinstance(answered, list), "refused by another rule, or by Spark"
    assert answered != answer_of_duckdb(REFUSED[reason])


def test_inner_queries_of_one_name_stay_apart(session: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    both = "select f.n, s.n as m from model.first_macro() as f cross join model.second_macro() as s"
    models = {name: Model(name, "macro") for name in SAME_NAMES}
    monkeypatch.setattr(translation, "sources", lambda: replace(sources(), models=models))
    monkeypatch.setattr(expansion, "model_tree", lambda name: parse(SAME_NAMES[name]))
    with connected() as connection:
        for name, query in SAME_NAMES.items():
            connection.execute(f"create macro model.{name}() as table {query}")
        expected = connection.execute(both).fetchall()

    def answered() -> list[Any]:
        return _normal(session.sql(assembled(parse(both), {}, {"n": "integer", "m": "integer"})).collect())

    assert answered() == expected == [(1, 2)]
    monkeypatch.setattr(expansion.Expansion, "_own_name", lambda _self, name: name)
    assert answered() != expected, "a name of its own changes nothing"
