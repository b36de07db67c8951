"""The SQL of one export's import, put together from its columns' types: one statement checks and stores all.

Every name that is spliced in is ours (columns.toml) or a position (`c3`); values are bound.
"""

# ruff: noqa: S608

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ccinsight.ingest.catalogue import CUSTOMER_COLUMNS, NUMERIC_TYPES, Export, unknown_value
from ccinsight.settings.model import ImportOptions

_IDS = frozenset({"id", "contact"})
_PARSERS = {
    "date": "parse_date(t_{name}, o.day_first)",
    "moment": "parse_moment(t_{name}, o.day_first)",
    "money": "parse_money(t_{name}, o.decimal_sign)",
    "number": "parse_number(t_{name}, o.decimal_sign)",
    "count": "parse_count(t_{name}, o.decimal_sign)",
    "currency": "parse_currency(t_{name})",
}
# What knows the commonest forms alone.
_COMMON_PARSERS = {
    "date": "common_date(t_{name}, o.day_first)",
    "moment": "common_moment(t_{name})",
    "money": "try_cast(common_number(t_{name}) as decimal(18, 4))",
    "number": "try_cast(common_number(t_{name}) as decimal(18, 6))",
    "count": "common_count(t_{name})",
    "currency": "parse_currency(t_{name})",
}
_NULLS = {
    "date": "cast(null as date)",
    "moment": "cast(null as timestamp)",
    "money": "cast(null as decimal(18, 4))",
    "number": "cast(null as decimal(18, 6))",
    "count": "cast(null as integer)",
    "minutes": "cast(null as decimal(18, 6))",
    "currency": "cast(null as varchar)",
}
_REASONS = {
    "date": "date_reason(t_{name}, o.day_first)",
    "moment": "date_reason(t_{name}, o.day_first)",
    "money": "number_reason(t_{name}, o.decimal_sign)",
    "number": "number_reason(t_{name}, o.decimal_sign)",
    "count": "count_reason(t_{name}, o.decimal_sign)",
    "minutes": "minutes_reason(t_{name}, o.decimal_sign)",
    "choice": "'not one of the known values'",
    "currency": "'in another currency than the settings say'",
}
_TYPED = frozenset(_NULLS)
# A ticket's columns that may not lie before its opening (exports.md).
_AFTER_OPENING = ("first_reply_at", "closed_at")
# The bit of each in stored.tickets.second_passes.
_PASS_BITS = {"opened_at": 1, "first_reply_at": 2, "closed_at": 4}


@dataclass(frozen=True)
class Layer:
    """What the statements of one file need to know: its export, which column is where in the staged rows."""

    export: Export
    columns: Mapping[str, int]
    width: int
    options: ImportOptions
    rows: str = "staged as s"
    padded: frozenset[int] | None = None  # the columns that need trimming; None: any
    is_quick: bool = False  # whether only the commonest forms of values are known, and others count as bad

    def has(self, column: str) -> bool:
        """Whether the file has the column."""
        return column in self.columns

    def choices(self) -> list[str]:
        """The columns of enumerated values that the file has."""
        return [name for name, type_ in self.export.columns.items() if type_ == "choice" and self.has(name)]

    def coded(self) -> list[str]:
        """The columns whose texts are looked up, each once: enumerated values, minutes, contacts that are hashed."""
        types = {"choice", "minutes"} | ({"contact"} if self.options.keep_contacts == "hashed" else set())
        return [name for name, type_ in self.export.columns.items() if type_ in types and self.has(name)]

    def moments(self) -> list[str]:
        """The columns of moments that the file has."""
        return [name for name, type_ in self.export.columns.items() if type_ == "moment" and self.has(name)]

    def text(self, column: str, row: str = "") -> str:
        """The column's text, trimmed, null where empty; what needs no trimming is null there already."""
        at = self.columns[column]
        cell = f"{row}c{at}"
        is_clean = self.padded is not None and at not in self.padded and not self.options.empty
        text = cell if is_clean else f"clean_text({cell})"
        return f"plain_id({text})" if self.export.columns[column] in _IDS else text


# ---------------------------------------------------------------- staging

IMPORT_OPTIONS = """
create or replace temp table import_options as
select cast($day_first as boolean) as day_first, cast($decimal_sign as varchar) as decimal_sign
"""
# Texts that mean empty. Bind: $texts.
EMPTY_TEXTS = "set variable empty_texts = cast($texts as varchar[])"
CLEAN_OF_EMPTY_TEXTS = """
create or replace temp macro clean_text(t) as
    case when not list_contains(getvariable('empty_texts'), trimmed_text(t)) then trimmed_text(t) end
"""
VALUE_NAMES = """
create or replace temp table value_names (column_name varchar, name varchar, is_exact boolean, value varchar)
"""
NAME_VALUES = """
insert into value_names
select
    unnest(cast($columns as varchar[])), unnest(cast($names as varchar[])), unnest(cast($exact as boolean[])),
    unnest(cast($values as varchar[]))
"""


def store_malformed(condition: str) -> str:
    """Stores those of the given rows that fit. Bind: $file_id, $export, and a list of each column of the rows."""
    return f"""
insert into stored.rejects (file_id, export, line, row_key, column_name, value, reason, fields)
with malformed as (
    select
        unnest(cast($lines as bigint[])) as line,
        unnest(cast($row_keys as varchar[])) as row_key,
        unnest(cast($column_names as varchar[])) as column_name,
        unnest(cast($values as varchar[])) as value,
        unnest(cast($reasons as varchar[])) as reason,
        unnest(cast($fields as varchar[][])) as fields
)

select $file_id, $export, line, row_key, column_name, value, reason, fields
from malformed
where {condition}
"""


LOG_FILE = """
insert into stored.files by name
select
    $file_id as file_id, $import_id as import_id, $export as export, $name as name, $sha256 as sha256,
    $size as size_bytes, $format as format, $encoding as encoding, $read as rows_read, $good as rows_good,
    $rejected as rows_rejected, $seconds as seconds, cast($headers as varchar[]) as headers,
    $reading as reading, cast($first_on as date) as first_on, cast($last_on as date) as last_on
"""
# By which day a row of an export lies in the days that its file covers.
_COVERED_BY = {"agreements": "subscribed_on", "tickets": "opened_at"}


def covered_days(export: Export) -> str | None:
    """The first and the last day that a file covers, by its good rows; None where files cover none. Bind: $file_id."""
    if export.name not in _COVERED_BY:
        return None
    day = f"cast({_COVERED_BY[export.name]} as date)"
    return f"select min({day}), max({day}) from stored.{export.name} where file_id = $file_id"


@cache
def macros() -> tuple[str, ...]:
    """The statements of parsing.sql."""
    text = (Path(__file__).parents[1] / "values" / "parsing.sql").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("--")]
    return tuple(part for part in "\n".join(lines).split(";\n") if part.strip())


def literal_path(path: Path) -> str:
    """The path as DuckDB's readers take it, who would see a pattern in `*`, `?` and `[`."""
    return re.sub(r"([*?[])", r"[\1]", str(path))


def parquet_text(kinds: Sequence[str], types: Mapping[int, str]) -> str:
    """A Parquet file's rows as text, with their line. ``kinds``: DuckDB's types; ``types``: ours. Bind: $path."""
    names = ", ".join(f"c{at}" for at in range(len(kinds)))
    texts = ",\n    ".join(_parquet_text(at, kind, types.get(at)) for at, kind in enumerate(kinds))
    return f"""
select
    {texts},
    file_row_number + 1 as line
from read_parquet($path, hive_partitioning = false, file_row_number = true) as p({names}, file_row_number)
"""


def _parquet_text(at: int, kind: str, type_: str | None) -> str:
    """A column as text: numbers exact, an instant as Norwegian time, a decimal point never ambiguous."""
    column = f"c{at}"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"{_instant_text(column)} as {column}"
    if kind in {"FLOAT", "DOUBLE"} or kind.startswith("DECIMAL"):
        exact = (
            f"case when {column} = floor({column}) then cast(try_cast({column} as hugeint) as varchar) end"
        )
        text = f"cast({column} as varchar)"
        text = f"'[F:' || {text} || ']'" if type_ in NUMERIC_TYPES else text
        return f"coalesce({exact}, {text}) as {column}"
    return f"{_one_line_end(f'cast({column} as varchar)')} as {column}"


def _one_line_end(text: str) -> str:
    """A text with one kind of line end, as parts.one_line_end makes it."""
    has_other = f"contains({text}, chr(13)) or contains(lower({text}), '_x000d_')"
    other = r"(_x000[Dd]_|\r)?\r?\n|_x000[Dd]_\r?|\r"
    return f"case when {has_other} then regexp_replace({text}, '{other}', chr(10), 'g') else {text} end"


def _instant_text(column: str) -> str:
    """An instant as Norwegian time; within the hour that comes twice with the offset, which alone tells which it is."""
    local, earlier, later = (
        f"timezone('Europe/Oslo', {column} {moved})"
        for moved in ("", "- interval 1 hour", "+ interval 1 hour")
    )
    return (
        f"case when hour({local}) <= 3 and {local} in ({earlier}, {later}) "
        f"then strftime(timezone('UTC', {column}), '%Y-%m-%d %H:%M:%S.%fZ') else cast({local} as varchar) end"
    )


def _cells(layer: Layer, row: str) -> str:
    return ", ".join(f"coalesce({row}c{at}, '')" for at in range(layer.width))


# The lines of the rows of a part that were rejected. Bind: $file_id.
REJECTED_LINES = """
select line
from stored.rejects
where file_id = $file_id and line >= (select min(line) from staged)
"""

# The values in the texts `counted_texts` of a column, with what each is, the most frequent first.
COUNTED_VALUES = """
select clean_text(raw) as text, value, cast(sum(rows) as bigint) as rows
from counted_texts
where rows > 0 and text is not null
group by all
order by rows desc, text
"""

# ---------------------------------------------------------------- keys

HAS_OLDER_REJECTS = """
select 1 from stored.rejects where export = $export and file_id <> $file_id limit 1
"""


def find_repeated(export: Export, is_among: bool) -> str:
    """A table `repeated`: keys that come more than once in a file, with the last line. Bind: $file_id.

    ``is_among``: only whole numbers of a list are looked at. Bind them too: $among.
    """
    key = key_text(export, "r")
    among = f"and try_cast({key} as bigint) in (select unnest(cast($among as bigint[])))" if is_among else ""
    return f"""
create or replace temp table repeated as
select {key} as row_key, max(r.line) as last_line, count(*) - 1 as rows
from stored.{export.name} as r
where r.file_id = $file_id {among}
group by 1
having count(*) > 1
"""


def log_conflicts(export: Export) -> str:
    """Logs the keys in `repeated` whose rows say different things. Bind: $file_id."""
    contents = ", ".join(f"r.{name}" for name in export.columns)
    return f"""
insert into stored.key_conflicts (file_id, export, row_key, lines)
select $file_id, '{export.name}', d.row_key, list(r.line order by r.line)
from stored.{export.name} as r
inner join repeated as d on {key_text(export, "r")} = d.row_key
where r.file_id = $file_id
group by d.row_key
having count(distinct row({contents})) > 1
"""


def drop_repeated(export: Export) -> str:
    """Drops the rows of a file whose key comes again later in it. Bind: $file_id."""
    return f"""
delete from stored.{export.name} as r
using repeated as d
where r.file_id = $file_id and {key_text(export, "r")} = d.row_key and r.line < d.last_line
"""


def has_older(export: Export) -> str:
    """A row where the export has rows of other files. Bind: $file_id."""
    return f"select 1 from stored.{export.name} where file_id <> $file_id limit 1"


def drop_older(export: Export) -> str:
    """Drops the rows of other files whose keys this file brings. Bind: $file_id."""
    return f"""
delete from stored.{export.name} as r
where r.file_id <> $file_id and {key_text(export, "r")} in ({_keys_of_file(export)})
"""


def drop_mended(export: Export) -> str:
    """Drops the rejects of other files that this one mends or brings again. Bind: $file_id, $export."""
    return f"""
delete from stored.rejects as r
where
    r.export = $export and r.file_id <> $file_id
    and (
        r.row_key in ({_keys_of_file(export)})
        or exists (
            select 1
            from stored.rejects as again
            where
                again.file_id = $file_id
                and list_transform(again.fields, lambda field: unguarded(field))
                = list_transform(r.fields, lambda field: unguarded(field))
        )
    )
"""


def _keys_of_file(export: Export) -> str:
    return f"select {key_text(export, 'n')} from stored.{export.name} as n where n.file_id = $file_id"


def key_expression(export: Export, column: str, row: str) -> str:
    """A key column as text; a count without a customer's id goes by the number or name as it came."""
    if export.name == "user_counts" and column == "customer_id":
        return f"coalesce({', '.join(f'{row}.{each}' for each in CUSTOMER_COLUMNS)})"
    return f"coalesce(cast({row}.{column} as varchar), '')"


def key_text(export: Export, row: str) -> str:
    """The whole key of a row as one text, as rejects keep it."""
    return " || '|' || ".join(key_expression(export, column, row) for column in export.key)


# ---------------------------------------------------------------- checking


def judged(layer: Layer) -> str:
    """One row per staged row: line, parsed columns, their texts (`t_…`), number of the first bad one."""
    return f"""
with texts as (
    select
        s.*,
        {_list(_text(layer, name) for name in layer.export.columns)}
    from {layer.rows}
),

parsed as (
    select
        t.*,
        {_list(_value(layer, name) for name in layer.export.columns)}
    from texts as t
    cross join import_options as o
),

timed as (
    select * {_replaced(layer)} from parsed
),
{_passes(layer)}
judged as (
    select *, {_first_bad(layer)} as bad from {"ordered" if layer.has("opened_at") else "timed"}
)
"""


def store_good(layer: Layer) -> str:
    """Stores the rows in which nothing is bad. Bind: $file_id."""
    export = layer.export
    stored = {name: _stored(layer, name) for name in export.columns}
    if export.name == "tickets":
        stored["second_passes"] = _second_passes(layer)
    if export.name == "invoices":
        stored["given_line_id"] = "j.invoice_line_id"
    return f"""
insert into stored.{export.name} ({", ".join(stored)}, file_id, line)
{judged(layer)}
select {", ".join(stored.values())}, $file_id, j.line
from judged as j
where j.bad is null
"""


def find_unstored(layer: Layer) -> str:
    """A table `unstored`: the staged rows that weren't stored as good ones. Bind: $file_id."""
    return f"""
create or replace temp table unstored as
select s.*
from staged as s
where s.line not in (
    select g.line
    from stored.{layer.export.name} as g
    where g.file_id = $file_id and g.line >= (select min(f.line) from staged as f)
)
"""


def quick(layer: Layer) -> Layer:
    """The same rows, looked at for the commonest forms of values alone: most files hold no others."""
    return replace(layer, is_quick=True)


def of_unstored(layer: Layer) -> Layer:
    """The rows of `unstored`."""
    return replace(layer, rows="unstored as s")


def store_bad(layer: Layer) -> str:
    """Stores the rows in which something is bad, whole; blank rows are no rows. Bind: $file_id, $export."""
    numbered = list(enumerate(_checked(layer)))
    columns = _cases(numbered, lambda name: f"'{name}'")
    values = _cases(numbered, lambda name: f"j.t_{name}")
    reasons = _cases(numbered, lambda name: _reason(layer, name))
    blanks = ", ".join(f"clean_text(j.c{at})" for at in range(layer.width))
    return f"""
insert into stored.rejects (file_id, export, line, row_key, column_name, value, reason, fields)
{judged(layer)}
select
    $file_id, $export, j.line,
    {_row_key(layer)},
    {columns},
    {values},
    {reasons},
    [{_cells(layer, "j.")}]
from judged as j
cross join import_options as o
where j.bad is not null and coalesce({blanks}) is not null
"""


# What the texts `new_texts` of an enumerated column are. Bind: $column.
FIND_VALUES = """
with texts as (
    select place, clean_text(raw) as raw from new_texts
)

select coalesce(e.value, n.value) as value
from texts as t
left join value_names as e on e.is_exact and e.column_name = $column and e.name = t.raw
left join value_names as n on not n.is_exact and n.column_name = $column and n.name = fold_text(t.raw)
order by t.place
"""


def find_minutes(layer: Layer, name: str) -> str:
    """The minutes that the texts `new_texts` of a column are, null where they are none."""
    per_minute = 60 if name == "minutes_spent" and layer.options.time_spent_unit == "seconds" else 1
    return f"""
select parse_minutes(t.raw, o.decimal_sign, {per_minute}) as found
from (select place, clean_text(raw) as raw from new_texts) as t
cross join import_options as o
order by t.place
"""


def count_texts(layer: Layer, column: str) -> str:
    """Each text of a column of the staged rows, with its rows."""
    return f"select {layer.text(column)} as raw, count(*) from staged where raw is not null group by 1"


def count_placeholders(layer: Layer) -> str:
    """The texts of the staged rows that people and programs write for nothing, each with its values. Bind: $texts."""
    cells = ", ".join(f"c{at}" for at in range(layer.width))
    return f"""
select text, count(*)
from (select clean_text(unnest([{cells}])) as text from staged)
where list_contains(cast($texts as varchar[]), text)
group by 1
"""


def first_texts(at: int) -> str:
    """The first different texts at a position of the staged rows. Bind: $limit."""
    return f"""
select clean_text(c{at}) as raw
from staged
where raw is not null
group by 1
order by min(line)
limit $limit
"""


def hashed(
    text: str, inner: str = "getvariable('inner_key')", outer: str = "getvariable('outer_key')"
) -> str:
    """SQL: the first half of a text's HMAC-SHA-256, in hexadecimal. ``inner``, ``outer``: the padded keys."""
    return f"left(sha256({outer} || unhex(sha256({inner} || encode({text})))), 32)"


# The hashes of the contacts `new_texts`. Bind: $inner, $outer, HMAC's two keys.
FIND_HASHES = f"""
select case when t.raw is not null then {hashed("t.raw", "$inner", "$outer")} end as hashed
from (select place, plain_id(clean_text(raw)) as raw from new_texts) as t
order by t.place
"""


def count_day_times(layer: Layer) -> str | None:
    """How many rows have a reply or closing without a time of day, whatever became of them."""
    columns = _after_opening(layer)
    if not columns:
        return None
    tests = " or ".join(
        f"(p_{name} is null and {layer.text(name)} is not null and has_no_time({layer.text(name)}))"
        for name in columns
    )
    return f"select count(*) from staged where ({tests})"


def count_stored_day_times(layer: Layer) -> str:
    """The same of the rows that were stored as good ones. Bind: $file_id."""
    return f"""
{count_day_times(layer)}
and line in (
    select g.line
    from stored.{layer.export.name} as g
    where g.file_id = $file_id and g.line >= (select min(f.line) from staged as f)
)
"""


def _list(items: Iterable[str]) -> str:
    return ",\n        ".join(items)


def _text(layer: Layer, name: str) -> str:
    text = layer.text(name, "s.") if layer.has(name) else "cast(null as varchar)"
    return f"{text} as t_{name}"


def _value(layer: Layer, name: str) -> str:
    type_ = layer.export.columns[name]
    if not layer.has(name):
        return f"{_NULLS.get(type_, 'cast(null as varchar)')} as {name}"
    if name in layer.coded():
        return f"t.m_{name} as {name}"
    if type_ == "contact" and layer.options.keep_contacts == "none":
        return f"cast(null as varchar) as {name}"
    if type_ in _TYPED:
        parser = (_COMMON_PARSERS if layer.is_quick else _PARSERS)[type_].format(name=name)
        return f"{_moment(layer, name, parser)} as {name}" if type_ == "moment" else f"{parser} as {name}"
    return f"t.t_{name} as {name}"


def _moment(layer: Layer, name: str, parser: str) -> str:
    """The plain moment, else what the parser makes of the text; null for a text that means empty."""
    found = f"coalesce(t.p_{name}, {parser})"
    return f"case when t.t_{name} is not null then {found} end" if layer.options.empty else found


def _replaced(layer: Layer) -> str:
    """A reply or closing on the day of opening that has no time of day gets the time of opening."""
    columns = _after_opening(layer)
    if not columns:
        return ""
    parts = ", ".join(
        f"case when p_{name} is not null then {name} "  # a plain moment has one
        f"when has_no_time(t_{name}) and {name} = date_trunc('day', opened_at) then opened_at "
        f"else {name} end as {name}"
        for name in columns
    )
    return f"replace ({parts})"


def _passes(layer: Layer) -> str:
    """Adds for each moment the pass of the repeated hour that its text means (`g_…`), whether it is in the second one
    (`s_…`), and whether it lies before the opening (`b_…`).
    """
    if not layer.has("opened_at"):
        return ""
    later = _after_opening(layer)
    given = [f"{_given_pass(layer, name)} as g_{name}" for name in ("opened_at", *later)]
    second = [f"is_second_pass(opened_at, g_opened_at, {name}, g_{name}) as s_{name}" for name in later]
    before = [f"is_before(opened_at, g_opened_at, {name}, s_{name}) as b_{name}" for name in later]
    return f"""
given as (
    select *, {", ".join(given)} from timed
),

second as (
    select {", ".join(["*", *second])} from given
),

ordered as (
    select {", ".join(["*", *before])} from second
),
"""


def _given_pass(layer: Layer, name: str) -> str:
    """What the text says of the pass. The commonest forms have no offset."""
    return "cast(null as boolean)" if layer.is_quick else f"offset_pass(t_{name}, {name})"


def _after_opening(layer: Layer) -> list[str]:
    """The columns of the file that may not lie before its opening."""
    return [name for name in _AFTER_OPENING if layer.has(name)]


def _second_passes(layer: Layer) -> str:
    passes = {"opened_at": "g_opened_at"} | {name: f"s_{name}" for name in _after_opening(layer)}
    bits = (f"case when j.{flag} then {_PASS_BITS[name]} else 0 end" for name, flag in passes.items())
    return f"nullif({' + '.join(bits)}, 0)"


def _checked(layer: Layer) -> list[str]:
    """The columns that can be bad, in the file's own order."""
    names = [name for name in layer.columns if _test(layer, name)]
    return sorted(names, key=lambda name: layer.columns[name])


def _test(layer: Layer, name: str) -> str | None:
    """When the column makes its row bad, or None where it can't."""
    type_ = layer.export.columns[name]
    tests = []
    if name in layer.export.required and not _may_be_empty(layer, name):
        tests.append(f"t_{name} is null")
    if _asks_for_key(layer) == name:
        tests.append(f"coalesce({', '.join(f't_{each}' for each in _key_or_alternative(layer))}) is null")
    if _asks_for_customer(layer) == name:
        tests.append(_no_customer())
    if type_ in _TYPED or (type_ == "choice" and unknown_value(name) == "reject"):
        tests.append(f"({name} is null and t_{name} is not null)")
    if name in _after_opening(layer):
        tests.append(f"b_{name}")
    return " or ".join(tests) or None


def _may_be_empty(layer: Layer, name: str) -> bool:
    by_name = name == "customer_id" and layer.export.customer_by_name
    return by_name or name in layer.export.alternatives


def _key_or_alternative(layer: Layer) -> list[str]:
    return [name for pair in layer.export.alternatives.items() for name in pair]


def _asks_for_key(layer: Layer) -> str | None:
    """The column that is blamed where a row has neither a key nor what may stand in its place."""
    return next((name for name in _key_or_alternative(layer) if layer.has(name)), None)


def _asks_for_customer(layer: Layer) -> str | None:
    """The column that is blamed where a row names no customer at all."""
    if not layer.export.customer_by_name:
        return None
    return next(name for name in CUSTOMER_COLUMNS if layer.has(name))


def _no_customer() -> str:
    return f"coalesce({', '.join(f't_{name}' for name in CUSTOMER_COLUMNS)}) is null"


def _first_bad(layer: Layer) -> str:
    tests = " ".join(f"when {_test(layer, name)} then {at}" for at, name in enumerate(_checked(layer)))
    return f"case {tests} end"


def _cases(numbered: list[tuple[int, str]], result: Callable[[str], str]) -> str:
    parts = " ".join(f"when {at} then {result(name)}" for at, name in numbered)
    return f"case j.bad {parts} end"


def _reason(layer: Layer, name: str) -> str:
    type_ = layer.export.columns[name]
    tests = []
    if _asks_for_customer(layer) == name:
        tests.append(f"when {_no_customer()} then 'no customer: neither id, org. number nor name'")
    tests.append(f"when t_{name} is null then 'is empty'")
    if name in _after_opening(layer):
        tests.append(f"when b_{name} then 'before the ticket was opened'")
    other = _REASONS.get(type_, "'is empty'").format(name=name)
    return f"case {' '.join(tests)} else {other} end"


def _row_key(layer: Layer) -> str:
    known = " and ".join(
        f"{_key_part(layer, column)} is not null"
        for column in layer.export.key
        if column in layer.export.required
    )
    defaulted = " || '|' || ".join(
        f"coalesce(cast({_key_part(layer, c)} as varchar), '')" for c in layer.export.key
    )
    return f"case when {known} then {defaulted} end"


def _key_part(layer: Layer, column: str) -> str:
    if column == "invoice_line_id":
        return (
            f"case when coalesce(j.{column}, j.invoice_number) is not null then {_stored(layer, column)} end"
        )
    if layer.export.name == "user_counts" and column == "customer_id":
        return f"coalesce({', '.join(f'j.{name}' for name in CUSTOMER_COLUMNS)})"
    return _stored(layer, column)


def _stored(layer: Layer, name: str) -> str:
    """A parsed column as it is stored: with its default, and what becomes of a value that no name matches."""
    if name == "title" and not layer.options.keep_titles:
        return "null"
    if name == "invoice_line_id":
        # The position of a line without a number of its own is found once the whole file is read.
        return f"coalesce(j.{name}, concat(j.invoice_number, '/', j.line_number))"
    if name in layer.export.defaults:
        return f"coalesce(j.{name}, '{layer.export.defaults[name]}')"
    if layer.export.columns[name] != "choice" or not layer.has(name):
        return f"j.{name}"
    match unknown_value(name):
        case "other":
            return f"case when j.t_{name} is not null then coalesce(j.{name}, 'other') end"
        case "by_closed_at":
            by_closing = "case when j.closed_at is null then 'open' else 'closed' end"
            return f"case when j.t_{name} is not null then coalesce(j.{name}, {by_closing}) end"
        case _:
            return f"j.{name}"
