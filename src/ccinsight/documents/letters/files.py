"""The letters as files: Word documents, e-mails for a mail program, and a list for mail merge."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from email.message import EmailMessage
from email.policy import SMTP

import pyarrow as pa

from ccinsight.documents.letters.notices import Notice
from ccinsight.documents.letters.template import LetterTemplate
from ccinsight.documents.letters.tokens import TOKENS, Around, Value, texts
from ccinsight.i18n import _, in_language
from ccinsight.outputs import tables
from ccinsight.outputs.spreadsheet_csv import to_spreadsheet_csv
from ccinsight.printable import printable

_LONGEST_SUBJECT = 200


def files(
    notices: Sequence[Notice], form: str, template: LetterTemplate, partner: str, dated: date
) -> Iterator[tuple[str, bytes]]:
    """A file's name and content for each letter, ``docx`` or ``eml``, or one list of all, ``csv``.

    In the language in use. No two have the same name.
    """
    around = Around(partner, dated)
    if form == "csv":
        yield list_name(dated), merge_list(notices, partner, dated)
        return
    write: Callable[[Notice], bytes] = {
        "docx": lambda notice: template.filled(texts(notice, around)),
        "eml": lambda notice: _message(notice, template, around),
    }[form]
    used: set[str] = set()
    for notice in notices:
        yield _file_name(notice, form, used), write(notice)


def list_name(dated: date) -> str:
    """The name of the list for mail merge."""
    return (
        f"{tables.file_name(_('Price letters').lower(), 'csv').removesuffix('.csv')}_{dated.isoformat()}.csv"
    )


def archive(found: Iterator[tuple[str, bytes]]) -> bytes:
    """The files in one zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in found:
            packed.writestr(name, content)
    return out.getvalue()


def merge_list(notices: Sequence[Notice], partner: str, dated: date) -> bytes:
    """A row for each letter, for Word's mail merge or Excel in Norwegian: the tokens, and the e-mail address."""
    around = Around(partner, dated)
    columns: dict[str, pa.Array] = {
        name: pa.array(
            [_cell(token.format, token.value(notice, around)) for notice in notices], _TYPES[token.format]
        )
        for name, token in TOKENS.items()
    }
    columns["recipient"] = pa.array([notice.recipient for notice in notices], pa.string())
    with in_language("en"):  # the tokens are the merge fields' names in any language
        return to_spreadsheet_csv(pa.table(columns), None)


_TYPES = {
    "text": pa.string(),
    "integer": pa.int64(),
    "rate": pa.decimal128(18, 2),
    "amount": pa.decimal128(18, 2),
    "percent": pa.float64(),
    "date": pa.date32(),
}


def _cell(format: str, value: Value) -> object:
    """As the column holds it; a text that is empty is unknown."""
    if value == "":
        return None
    return round(float(value) * 100, 2) if format == "percent" and isinstance(value, Decimal) else value


def _file_name(notice: Notice, form: str, used: set[str]) -> str:
    name = "_".join(
        (_("Price letter").lower(), notice.customer_name, notice.agreement_id, notice.renewal_on.isoformat())
    )
    plain = found = tables.file_name(name, form)
    count = 1
    while found.casefold() in used:
        count += 1
        found = f"{plain.removesuffix(f'.{form}')}_{count}.{form}"
    used.add(found.casefold())
    return found


def _message(notice: Notice, template: LetterTemplate, around: Around) -> bytes:
    """A message that a mail program opens to be sent: without a sender, and where none is known a recipient."""
    said = texts(notice, around)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(printable(template.filled_subject(said)).split())[:_LONGEST_SUBJECT]
    if notice.recipient:
        message["To"] = notice.recipient
    message["X-Unsent"] = "1"  # Outlook opens it as a draft
    message.set_content(printable(template.plain(said)), cte="quoted-printable")
    return message.as_bytes()
