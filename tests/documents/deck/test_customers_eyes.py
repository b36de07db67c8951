"""What is internal reaches no file that a customer gets: a mark in every internal field, looked for in every part."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ccinsight import i18n
from ccinsight.access import SEES_ALL
from ccinsight.database.warehouse import Warehouse
from ccinsight.documents import deck
from ccinsight.documents.brief import Sources, make_brief
from ccinsight.documents.brief.file_names import FOR_CUSTOMER
from ccinsight.ingest import import_paths
from ccinsight.notes import Notes
from ccinsight.registry import REPORTS
from ccinsight.settings.model import Deck
from tests.documents.deck import companies
from tests.documents.deck.reading import whole_text
from tests.documents.pdf.reading import whole_text as pdf_text

AS_OF = date(2026, 3, 15)
# Field → its mark. None of them may stand in a customer's file, whatever the language.
MARKS = {
    name: f"Merke{number:02}x"
    for number, name in enumerate(
        (
            "notes",
            "notes_before",
            "meeting_note",
            "ticket_owner",
            "contact",
            "file_name",
            "rejected_row",
            "saved_by",
            "internal_rule_title",
            "internal_rule_text",
            "risk_rule",
            "other_customer",
            "other_price",
            "own_header",
            "customer_alias",
            "settings_category",
            "invoice_number",
        ),
        start=1,
    )
}
# Internal fields that the annex is there for.
IN_ANNEX = ("notes", "meeting_note", "internal_rule_title", "internal_rule_text", "risk_rule")
CONFIG = f"""
[products."CloudCare CRM"]
member_hourly_rate = 1250

[categories]
"Nede" = {{ access_down = true }}
"{MARKS["settings_category"]}" = {{ scope = "training" }}

[customers]
"{MARKS["customer_alias"]}" = "1"

[headers.tickets]
"{MARKS["own_header"]}" = "minutes_spent"

[import]
keep_contacts = "plain"

[deck]
partner = "Fjell CRM AS"
"""
RULES = f"""
[[rule]]
name = "planted"
priority = 1
when = "registered_users > 0"
internal = true
[rule.nb]
title = "{MARKS["internal_rule_title"]}"
text = "{MARKS["internal_rule_text"]} {{registered_users}}"
[rule.en]
title = "{MARKS["internal_rule_title"]}"
text = "{MARKS["internal_rule_text"]} {{registered_users}}"
"""
RISK = f"""
[[rule]]
name = "planted"
column = "silent_days"
none = 0
full = 1
weight = 100
nb = "{MARKS["risk_rule"]}"
en = "{MARKS["risk_rule"]}"
"""


def _exports(folder: Path) -> list[Path]:
    """Two customers with everything; the tickets' file is named with a mark and has a rejected row with one."""
    tickets = "\n".join(
        f"T-{n};1;2025-{6 + n:02}-02 09:00;;Åpen;{'Nede' if n == 1 else 'Utskrift'};"
        f"{MARKS['contact']} {n};{MARKS['ticket_owner']};30"
        for n in range(1, 6)
    )
    files = {
        f"avtaler {MARKS['file_name']}.csv": (
            "agreement_id;customer_id;customer_name;account_manager;subscribed_on;price_basis;registered_users\n"
            "A-1;1;Fjord AS;Kari Nordmann;2025-04-01;price_list;20\n"
            f"A-2;2;{MARKS['other_customer']} AS;Ola;2025-04-01;price_list;22\n"
        ),
        f"saker {MARKS['file_name']}.csv": (
            "ticket_id;customer_id;opened_at;closed_at;status;category;contact;owner;"
            f"{MARKS['own_header']}\n{tickets}\nT-9;1;ingen dag;;Åpen;{MARKS['rejected_row']};;;5\n"
        ),
        "priser.csv": (
            "product;agreement_id;valid_from;announced_on;complexity;min_users;price_per_user\n"
            "CloudCare CRM;;2025-01-01;;standard;1;1000\n"
            "CloudCare CRM;;2026-01-01;2026-03-01;standard;1;1100\n"
            "CloudCare CRM;A-2;2025-01-01;;standard;1;8765.43\n"
        ),
        "meetings.csv": (
            "meeting_id;customer_id;kind;planned_on;held_on;note\n"
            f"M-1;1;status_meeting;2025-05-01;2025-05-06;{MARKS['meeting_note']}\n"
        ),
        "invoices.csv": (
            "invoice_line_id;customer_id;kind;issued_on;quantity;unit_price;amount\n"
            f"{MARKS['invoice_number']};1;yearly;2025-04-01;20;900;18000.00\n"
        ),
    }
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [folder / name for name in files]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("marks")
    database = folder / "ccinsight.duckdb"
    (folder / "ccinsight.toml").write_text(CONFIG, encoding="utf-8")
    exports = tmp_path_factory.mktemp("exports")
    import_paths(_exports(exports), database, folder / "ccinsight.toml", imported_at=datetime(2026, 3, 15))
    (folder / "suggestions.toml").write_text(RULES, encoding="utf-8")
    (folder / "risk.toml").write_text(RISK, encoding="utf-8")
    notes = Notes.beside(database)
    for start, end, mark in (
        (date(2024, 4, 1), date(2025, 3, 31), "notes_before"),
        (date(2025, 4, 1), date(2026, 3, 31), "notes"),
    ):
        notes.save_agenda(
            "1",
            start,
            end,
            end.replace(day=1),
            agenda="Vår agenda",
            notes=f"Husk {MARKS[mark]}\nen linje til",
            agreed="Kurs i mai",
            saved_at=datetime(2026, 3, 14),
            saved_by=MARKS["saved_by"],
        )
    return database


def _made(database: Path, language: str) -> tuple[str, str]:
    """All texts of the customer's files and of the annex's."""
    with Warehouse.open(database) as house:
        (files,) = deck.prepare(
            house, AS_OF, SEES_ALL, ("1",), language, True, (*FOR_CUSTOMER, "pdf", "page", "presenter")
        )
    i18n.set_language(language)
    words = [i18n.gettext(word).replace(" ", "-") for word in ("internal annex", "internal presenter copy")]
    texts = {name: _text_of(name, content) for name, content in files.by_name.items()}
    internal = [name for name in texts if any(word in name for word in words)]
    assert (len(texts), len(internal)) == (7, 3)
    return (
        "\n".join(f"{name}\n{text}" for name, text in texts.items() if name not in internal),
        "\n".join(texts[name] for name in internal),
    )


def _text_of(name: str, content: bytes) -> str:
    if name.endswith(".html"):
        return re.sub("<style>.*?</style>", "", content.decode(), flags=re.DOTALL)
    return pdf_text(content) if name.endswith(".pdf") else whole_text(content)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_internal_field_reaches_a_customer_and_the_annex_has_what_it_is_for(
    database: Path, language: str
) -> None:
    outside, inside = _made(database, language)

    assert {name: mark for name, mark in MARKS.items() if mark in outside} == {}
    assert [name for name in IN_ANNEX if MARKS[name] not in inside] == []
    assert "8765" not in outside
    for shown in ("Vår agenda", "Kurs i mai", "Fjord AS", "Kari Nordmann"):
        assert shown in outside


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_clause_and_no_name_of_a_report_reaches_a_customer(database: Path, language: str) -> None:
    outside, inside = _made(database, language)
    said = re.sub(r"<[^>]*>|A-1", " ", outside)

    assert sorted(set(re.findall(r"(?<![\w$:!])[AR]\d{1,2}\b(?![\d:$])", said))) == []
    # names of one word are words of ours too, such as "renewals"
    reports = [name for name in REPORTS if "_" in name]
    assert len(reports) > 20
    assert [name for name in (*reports, "ccinsight, ") if name in said] == []
    assert "notesSlide" not in outside
    assert "notesSlide" in inside and "tickets_compared.tickets (R11" in inside


def test_a_column_that_is_new_in_a_report_reaches_no_customer_by_itself() -> None:
    from ccinsight.documents.deck.workbook import _FOR_CUSTOMERS

    unknown = [
        f"{table}.{name}"
        for table, columns in _FOR_CUSTOMERS.items()
        for name in columns
        if not REPORTS[table].has_column(name)
    ]
    assert unknown == []
    for name in ("note", "owner", "file_name", "overtaken", "missed_price_change"):
        assert any(report.has_column(name) for report in REPORTS.values())
        assert not any(name in columns for columns in _FOR_CUSTOMERS.values())


@pytest.mark.parametrize(
    ("language", "lacks"),
    [
        ("en", ("imported", "would fill this", "a price is missing", "no user count holds")),
        ("nb", ("importert", "ville fylle dette", "en pris mangler", "ingen brukertelling har")),
    ],
)
def test_what_our_own_data_lack_stands_in_the_annex_alone(language: str, lacks: tuple[str, ...]) -> None:
    brief = make_brief(Sources(companies.bare(), AS_OF, SEES_ALL, ("1",)), "1", language)
    shown = (whole_text(deck.deck(brief, Deck())) + whole_text(deck.workbook(brief))).lower()

    assert [words for words in lacks if words in shown] == []
    assert lacks[0] in whole_text(deck.workbook(brief, is_internal=True))


def test_open_tickets_in_a_customer_s_workbook_are_at_most_three_months_old() -> None:
    brief = make_brief(Sources(companies.crowded(), AS_OF, SEES_ALL, ("1",)), "1", "en")
    i18n.set_language("en")
    title = i18n.gettext(REPORTS["open_tickets"].title)

    opened = {}
    for is_internal in (False, True):
        sheet = load_workbook(io.BytesIO(deck.workbook(brief, is_internal)))[title]
        days = [
            cell for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, datetime)
        ]
        opened[is_internal] = sorted(days)
        assert ("three months" in sheet["A1"].value) is not is_internal
    assert opened[True][0] < datetime(2025, 1, 1)
    assert datetime(2025, 12, 16) <= opened[False][0]
    assert len(opened[False]) > 10
    assert "600 open tickets" not in whole_text(deck.workbook(brief))
