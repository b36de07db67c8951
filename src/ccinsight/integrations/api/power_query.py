"""A report's address as Power Query reads it, in Excel and Power BI: its text, and a file that Excel opens with it.

The text names delimiter, encoding, culture and a type for each column, so that regional settings change no value. It
holds no token: Power Query asks for one, and keeps it in the credentials of the person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from ccinsight.integrations.api.query import Query, parameters_of
from ccinsight.registry import Column

ODC_MIME_TYPE = "text/x-ms-odc"
# In which numbers have a decimal point and days are read as 2026-03-01, whatever the machine's settings.
CULTURE = "en-US"
_UTF_8 = 65001
# The type of a column by its format; those that aren't named are numbers with decimals.
TYPES = {
    "text": "type text",
    "code": "type text",
    "date": "type date",
    "month": "type date",
    "moment": "type datetime",
    "boolean": "type logical",
    "integer": "Int64.Type",
    "amount": "Currency.Type",
    "percent": "Percentage.Type",
}
_NUMBER = "type number"


def formula(root: str, query: Query, *, is_fixed_day: bool) -> str:
    """The query's text in M. ``root``: the dashboard's address without a slash at its end.

    Codes get their labels and columns their headings in the language in use, at the end: a wording that changes in
    ccinsight changes none in a saved query.
    """
    columns = query.report.columns
    given = _given([*parameters_of(query, is_fixed_day=is_fixed_day)])
    types = ", ".join(f"{{{_text(each.name)}, {TYPES.get(each.format, _NUMBER)}}}" for each in columns)
    names = ", ".join(f"{{{_text(name)}, {_text(heading)}}}" for name, heading in _headings(columns))
    labels = ", ".join(_labels(each) for each in columns if each.codes)
    return f"""let
    Source = Web.Contents(
        {_text(f"{root}/api/v1/")},
        [RelativePath = {_text(query.path)}, Query = [{given}]]
    ),
    Read = Csv.Document(Source, [Delimiter = ",", Encoding = {_UTF_8}, QuoteStyle = QuoteStyle.Csv]),
    Named = Table.PromoteHeaders(Read, [PromoteAllScalars = true]),
    Known = Table.ReplaceValue(Named, "", null, Replacer.ReplaceValue, Table.ColumnNames(Named)),
    Typed = Table.TransformColumnTypes(Known, {{{types}}}, {_text(CULTURE)}),
    Labelled = Table.TransformColumns(Typed, {{{labels}}}),
    Result = Table.RenameColumns(Labelled, {{{names}}}, MissingField.Ignore)
in
    Result
"""


def _given(parameters: Sequence[tuple[str, str]]) -> str:
    """The parameters as a record; one that is repeated is a list."""
    found: dict[str, list[str]] = {}
    for name, value in parameters:
        found.setdefault(name, []).append(value)
    fields = []
    for name, values in found.items():
        texts = [_text(value) for value in values]
        fields.append(f"#{_text(name)} = {texts[0] if len(texts) == 1 else '{' + ', '.join(texts) + '}'}")
    return ", ".join(fields)


def _labels(column: Column) -> str:
    """Puts the label of each code in its place; one that the text doesn't know stays."""
    known = ", ".join(f"#{_text(code)} = {_text(column.code_label(code))}" for code in column.codes)
    return (
        f"{{{_text(column.name)}, each if _ = null then null else "
        f"Record.FieldOrDefault([{known}], _, _), type text}}"
    )


def _headings(columns: Sequence[Column]) -> Iterator[tuple[str, str]]:
    """Each column's name and its heading in the language in use; a heading that comes twice has the name with it."""
    headings = [column.heading() for column in columns]
    for column, heading in zip(columns, headings, strict=True):
        yield column.name, heading if headings.count(heading) == 1 else f"{heading} ({column.name})"


def _text(value: str) -> str:
    """A text literal of M."""
    escaped = value.replace("#(", "#(#)(").replace('"', '""')
    return f'"{escaped.replace(chr(13), "#(cr)").replace(chr(10), "#(lf)")}"'


def connection_file(root: str, query: Query, name: str, *, is_fixed_day: bool) -> bytes:
    """An Office data connection (.odc): Excel opens it, asks for the token, and puts the rows into a new sheet.

    ``name``: what the query is called in the workbook.
    """
    named = "".join(
        character for character in name if character.isalnum() or character in " -_æøåÆØÅ"
    ).strip()
    mashup = _mashup(named, formula(root, query, is_fixed_day=is_fixed_day))
    text = f"""<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40">
<head>
<meta http-equiv="Content-Type" content="{ODC_MIME_TYPE}; charset=utf-8">
<meta name="ProgId" content="ODC.Database">
<meta name="SourceType" content="OLEDB">
<title>{escape(named)}</title>
<xml id="docprops"><o:DocumentProperties
  xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40">
  <o:Name>{escape(named)}</o:Name>
 </o:DocumentProperties>
</xml><xml id="msodc"><odc:OfficeDataConnection
  xmlns:odc="urn:schemas-microsoft-com:office:odc" xmlns="http://www.w3.org/TR/REC-html40">
  <odc:PowerQueryConnection odc:Type="OLEDB">
   <odc:ConnectionString>{escape(_connection(named))}</odc:ConnectionString>
   <odc:CommandType>SQL</odc:CommandType>
   <odc:CommandText>SELECT * FROM [{escape(named)}]</odc:CommandText>
  </odc:PowerQueryConnection>
  <odc:PowerQueryMashupData>{escape(mashup)}</odc:PowerQueryMashupData>
 </odc:OfficeDataConnection>
</xml>
</head>
</html>
"""  # noqa: S608 (a name of ours)
    return text.encode()


def _connection(name: str) -> str:
    return (
        f'Provider=Microsoft.Mashup.OleDb.1;Data Source=$Workbook$;Location="{name}";Extended Properties=""'
    )


def _mashup(name: str, text: str) -> str:
    """The query as a document of Power Query."""
    return (
        '<Mashup xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xmlns="http://schemas.microsoft.com/DataMashup"><Client>EXCEL</Client><Version>2.83.5894.761</Version>'
        f"<MinVersion>2.21.0.0</MinVersion><Culture>{CULTURE}</Culture><SafeCombine>true</SafeCombine><Items>"
        f'<Query Name="{escape(name)}"><Formula>{escape(text, quote=False)}</Formula>'
        '<IsParameterQuery xsi:nil="true" /><IsDirectQuery xsi:nil="true" /></Query></Items></Mashup>'
    )
