"""The files of letters: documents, e-mails and the merge list, in both languages, with hostile names."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document

from ccinsight.documents.letters.files import archive, files
from ccinsight.documents.letters.notices import Notice, left_out_lines, no_recipient_line, notices
from ccinsight.documents.letters.template import default_template
from ccinsight.documents.letters.tokens import TOKENS, Around, texts
from ccinsight.i18n import set_language
from tests.documents.deck import office

PARTNER, DATED = "Fjell CRM AS", date(2027, 1, 20)
NOTICE = Notice(
    agreement_id="A-1",
    customer_id="007",
    customer_name="Fjord\x0b& Drift <AS>\x01",
    account_manager="Ola Hansen",
    product="CloudCare CRM",
    price_source="list",
    valid_from=date(2027, 3, 1),
    renewal_on=date(2027, 4, 1),
    period_start=date(2026, 4, 1),
    period_end=date(2027, 3, 31),
    notify_by=date(2027, 2, 14),
    terminate_by=date(2027, 2, 28),
    users=10,
    rate=Decimal("1200.00"),
    new_rate=Decimal("1250.50"),
    value=Decimal("12000.00"),
    new_value=Decimal("12505.00"),
    notice_months=1,
    price_notice_days=14,
    known_rate=Decimal("1200.00"),
    is_announced=False,
)
# Paid from 1 April 2027 on; a list that is announced raises it a year later, and this letter again.
COMING = replace(
    NOTICE,
    renewal_on=date(2028, 4, 1),
    period_start=date(2027, 4, 1),
    period_end=date(2028, 3, 31),
    known_rate=Decimal("1220.00"),
    is_announced=True,
)
# The tokens that templates could hold before the ones about the price announced earlier.
FIRST_TOKENS = (
    *("customer", "customer_number", "agreement", "product", "users"),
    *(
        "old_rate",
        "new_rate",
        "change",
        "change_percent",
        "old_value",
        "new_value",
        "valid_from",
        "period_end",
    ),
    *("terminate_by", "clause", "account_manager", "partner", "date"),
)
HOSTILE = replace(NOTICE, customer_name="=cmd()\r\nBcc: evil@example.com", recipient="post@fjord.example")


@pytest.fixture(params=["nb", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    set_language(request.param)
    yield request.param
    set_language("nb")


def _made(form: str, *found: Notice) -> dict[str, bytes]:
    made = list(files(found, form, default_template(), PARTNER, DATED))
    assert len({name for name, _content in made}) == len(made)
    return dict(made)


def test_a_document_says_all_that_the_customer_must_know(language: str) -> None:
    ((name, content),) = _made("docx", NOTICE).items()
    text = "\n".join(each.text for each in Document(io.BytesIO(content)).paragraphs)

    days = ["01.04.2027", "28.02.2027"] if language == "nb" else ["1 Apr 2027", "28 Feb 2027"]
    rates = ["1 250,50 kr", "1 200 kr"] if language == "nb" else ["1,250.50 kr", "1,200 kr"]
    for said in (*days, *rates, "Fjord & Drift <AS>", "007", PARTNER, "Ola Hansen", "14"):
        assert said in text.replace("\N{NO-BREAK SPACE}", " ")
    # no code of a clause or a rule, and nothing internal
    assert "A5" not in text and "R6" not in text
    assert name.startswith("prisbrev_Fjord" if language == "nb" else "price-letter_Fjord")


def test_a_letter_says_from_when_to_when_the_price_before_holds(language: str) -> None:
    (document,) = _made("docx", COMING).values()
    (message,) = _made("eml", COMING).values()
    opened = Document(io.BytesIO(document))
    cells = [cell.text for row in opened.tables[0].rows for cell in row.cells]
    text = "\n".join(each.text for each in opened.paragraphs).replace("\N{NO-BREAK SPACE}", " ")
    mail = email.message_from_bytes(message, policy=email.policy.default).get_content()

    said = {
        "nb": (
            "For perioden fra 01.04.2027 til og med 31.03.2028 er den 1 200 kr.",
            "Fra 01.04.2027 til og med 31.03.2028",
        ),
        "en": (
            "For the period from 1 Apr 2027 to 31 Mar 2028 it is 1,200 kr.",
            "From 1 Apr 2027 to 31 Mar 2028",
        ),
    }[language]
    assert said[0] in text and said[0] in mail.replace("\N{NO-BREAK SPACE}", " ")
    assert said[1] in cells and said[1] in mail
    # the letter is dated before that period: nothing says that its price holds now
    assert "Til og med" not in text and "Until" not in text


def test_a_letter_takes_back_the_price_that_was_announced_earlier(language: str) -> None:
    said = {
        "nb": "Prisen på 1 220 kr per bruker og år, som tidligere er varslet for perioden fra 01.04.2028, gjelder ikke",
        "en": "The price of 1,220 kr per user and year that was announced earlier for the period from 1 Apr 2028 no",
    }[language]

    def text(notice: Notice) -> str:
        (content,) = _made("docx", notice).values()
        lines = [each.text for each in Document(io.BytesIO(content)).paragraphs]
        return "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")

    assert said in text(COMING)
    # none was announced, it says the same as the letter or as the price before, or it isn't known
    for other in (
        replace(COMING, is_announced=False),
        replace(COMING, known_rate=COMING.new_rate),
        replace(COMING, known_rate=COMING.rate),
        replace(COMING, known_rate=None),
    ):
        assert "1 220" not in text(other) and "varslet" not in text(other).replace("varsles", "")


def test_the_first_tokens_say_what_they_said() -> None:
    set_language("nb")
    said = texts(COMING, Around(PARTNER, DATED))

    assert [name for name in said if name in FIRST_TOKENS] == [
        name for name in TOKENS if name in FIRST_TOKENS
    ]
    assert {name: said[name].replace("\N{NO-BREAK SPACE}", " ") for name in FIRST_TOKENS[5:13]} == {
        "old_rate": "1 200 kr",
        "new_rate": "1 250,50 kr",
        "change": "50,50 kr",
        "change_percent": "4,2 %",
        "old_value": "12 000 kr",
        "new_value": "12 505 kr",
        "valid_from": "01.04.2028",
        "period_end": "31.03.2028",
    }
    # a price before of 0 has no change in per cent
    free = texts(replace(COMING, rate=Decimal(0), known_rate=None), Around(PARTNER, DATED))
    assert (free["change_percent"], free["known_rate"], free["effect"]) == ("", "", "")


def test_an_e_mail_opens_as_a_draft(language: str) -> None:
    with_address, without = _made("eml", HOSTILE, replace(NOTICE, agreement_id="A/1")).values()
    message = email.message_from_bytes(with_address, policy=email.policy.default)

    assert (message["To"], message["X-Unsent"], message["Bcc"], message["From"]) == (
        "post@fjord.example",
        "1",
        None,
        None,
    )
    assert "CloudCare CRM" in message["Subject"]
    assert "=cmd() Bcc: evil@example.com" in message.get_content()
    assert email.message_from_bytes(without)["To"] is None
    assert "1 " in no_recipient_line([HOSTILE, NOTICE]) and no_recipient_line([HOSTILE]) == ""


def test_the_merge_list_is_a_list_for_excel_in_norwegian(language: str) -> None:
    (content,) = _made("csv", NOTICE, HOSTILE).values()
    first, second = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")

    assert (first["customer_number"], first["new_rate"], first["valid_from"], first["change_percent"]) == (
        '="007"',
        "1250,5",
        "01.04.2027",
        "4,21",
    )
    assert (first["change"], first["known_rate"], first["effect"], first["earlier_notice"]) == (
        "50,5",
        "1200",
        "505",
        "",
    )
    assert second["customer"].startswith("'=cmd()")
    assert (first["recipient"], second["recipient"]) == ("", "post@fjord.example")


def test_the_merge_list_tells_the_change_from_the_effect(language: str) -> None:
    (content,) = _made("csv", COMING).values()
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")

    # 1 250.50 − 1 200 for each of 10 users, and 1 250.50 − 1 220
    assert (row["change"], row["known_rate"], row["effect"]) == ("50,5", "1220", "305")
    assert "1 220" in row["earlier_notice"].replace("\N{NO-BREAK SPACE}", " ").replace("1,220", "1 220")


def test_several_letters_are_packed_under_names_of_their_own(language: str) -> None:
    alike = [NOTICE, replace(NOTICE, agreement_id="A/1"), replace(NOTICE, agreement_id="A 1")]
    packed = zipfile.ZipFile(io.BytesIO(archive(files(alike, "docx", default_template(), PARTNER, DATED))))

    assert len({name.casefold() for name in packed.namelist()}) == 3


def test_no_letter_is_written_for_what_is_unknown() -> None:
    row = {name: getattr(NOTICE, name) for name in NOTICE.__dataclass_fields__}
    unknown = row | {"agreement_id": "A-2", "users": None, "new_rate": None, "new_value": None}

    found, left_out = notices([row, unknown], {"007": "post@fjord.example"})

    assert [(each.agreement_id, each.recipient) for each in found] == [("A-1", "post@fjord.example")]
    assert "A-2" in left_out_lines(left_out)[0] and left_out_lines([]) == []


def test_libreoffice_opens_a_letter(tmp_path: Path, missing: Callable[[str], None]) -> None:
    program = office.find()
    if program is None or not office.has_writer():
        missing(
            "LibreOffice Writer, pdftotext and the fonts of tests/documents/deck/office.py are not all installed"
        )
        raise AssertionError
    set_language("nb")
    ((_name, content),) = _made("docx", NOTICE).items()
    (tmp_path / "letter.docx").write_bytes(content)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        program,
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "letter.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=200)
    pdftotext = shutil.which("pdftotext") or ""
    text = subprocess.run(
        [pdftotext, str(tmp_path / "letter.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout

    assert "Ny pris på CloudCare CRM fra 01.04.2027" in text
    # one page
    assert text.count("\f") == 1
