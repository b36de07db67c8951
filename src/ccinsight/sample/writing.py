"""Writes a sample: draws the company, then one file after the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np

from ccinsight.errors import CcinsightError, UsageError
from ccinsight.i18n import _
from ccinsight.sample import oddities, words
from ccinsight.sample.callers import callers_of
from ccinsight.sample.counts import add_counts
from ccinsight.sample.customers import Customer, draw_customers
from ccinsight.sample.dates import first_of
from ccinsight.sample.dice import Dice, Ints
from ccinsight.sample.files import day, money, whole, write_text, write_workbook
from ccinsight.sample.invoices import InvoiceLine, agreement_lines, consulting_lines, course_lines
from ccinsight.sample.meetings import meetings_of
from ccinsight.sample.prices import general_prices, versions_of
from ccinsight.sample.rules import CRM, MARKETING, Agreement, PriceRow
from ccinsight.sample.ticket_file import ENCODING, TicketFile
from ccinsight.sample.tickets import draw_tickets

Progress = Callable[[float, str], None]

_SPACE = "\N{NO-BREAK SPACE}"
_AGREEMENT_HEADER = (
    "Avtalenr", "Firma-ID", "Firma", "Org.nr.", "Vår kontakt", "Produkt", "Tegningsdato", "Første fornyelse",
    "Oppsagt dato", "Oppsagt av", "Prisgrunnlag", "Pris per bruker", "Kompleksitet", "Antall brukere",
    "Timepris", "Partner bekreftet", "Merknad",
)  # fmt: skip
_COUNT_HEADER = (
    "Firma-ID",
    "Firma",
    "Telledato",
    "Registrerte brukere",
    "Tilgjengelige lisenser",
    "Aktive brukere",
)
_PRICE_HEADER = (
    "Produkt", "Avtalenr", "Gjelder fra", "Varslet", "Kompleksitet", "Fra antall brukere", "Pris per bruker",
)  # fmt: skip
_INVOICE_HEADER = (
    "Fakturalinje", "Firma-ID", "Avtalenr", "Type", "Fakturadato", "Periodestart", "Antall",
    "Enhetspris", "Beløp",
)  # fmt: skip
_MEETING_HEADER = ("Møte", "Firma-ID", "Firma", "Type", "Planlagt", "Avholdt", "Notat")
_KINDS = {
    "yearly": "Årlig", "expansion": "Utvidelse", "consulting": "Konsulent", "course": "Kurs",
    "status_meeting": "Statusmøte", "workshop": "Workshop",
}  # fmt: skip
_PARTIES = {"customer": "Kunde", "supplier": "Leverandør", "": ""}


def write_sample(
    outdir: Path, customers: int, tickets: int, seed: int, as_of: date, progress: Progress | None = None
) -> None:
    """Writes the exports of a made-up supplier as they would be on ``as_of``, and the settings that fit them.

    Writes this many good ``tickets``, plus a few rows that an import rejects. The same arguments give the same
    bytes. ``progress`` is called with the share done (0 to 1) and the file being written. Raises UsageError
    for numbers out of range.
    """
    if customers < 1 or tickets < 0 or seed < 0:
        raise UsageError(_("A sample needs at least one customer, and no number may be below 0."))
    tell = progress or (lambda done, step: None)
    try:
        outdir.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise CcinsightError(
            _("{path} is a file; give a folder for the sample.").format(path=outdir)
        ) from error
    tell(0.0, "avtaler.csv")
    company = draw_customers(customers, seed, as_of)
    for number, customer in enumerate(company):
        add_counts(customer, Dice(seed, 2, number), as_of)
    _write_agreements(outdir / "avtaler.csv", company, as_of)
    _write_counts(outdir / "brukertall.csv", company, as_of)
    prices = general_prices(as_of)
    _write_prices(outdir / "priser.xlsx", prices, company, as_of)
    _write_meetings(outdir / "moter.txt", company, seed, as_of)
    _write_settings(outdir / "ccinsight.toml", company)
    minutes, first_month = _write_tickets(outdir / "saker.csv", company, tickets, seed, as_of, tell)
    tell(0.95, "fakturaer.csv")
    lines = _invoice_lines(company, prices, minutes, first_month, seed, as_of)
    _write_invoices(outdir / "fakturaer.csv", lines, as_of)
    tell(1.0, "fakturaer.csv")


def _write_agreements(path: Path, company: list[Customer], as_of: date) -> None:
    rows = [_agreement_row(customer, agreement) for customer in company for agreement in customer.agreements]
    write_text(path, [_AGREEMENT_HEADER, *rows, *oddities.agreement_rows(as_of)])


def _agreement_row(customer: Customer, agreement: Agreement) -> list[str]:
    return [
        agreement.agreement_id,
        customer.customer_id,
        customer.name,
        customer.org_number,
        customer.account_manager,
        agreement.product,
        day(agreement.subscribed_on),
        day(agreement.first_renewal_on),
        day(agreement.terminated_on),
        _PARTIES[agreement.terminated_by],
        "Kontrakt" if agreement.is_contract else "Prisliste",
        money(agreement.price_per_user, " "),
        agreement.complexity,
        whole(agreement.registered_users),
        money(agreement.consultant_rate, " "),
        day(agreement.partner_confirmed_on),
        agreement.note,
    ]


def _write_counts(path: Path, company: list[Customer], as_of: date) -> None:
    """UTF-8 with a byte-order mark, as Excel saves it; some licence lists know only the customer's name."""
    rows = [
        [
            "" if customer.script.special in {"name_only", "other_name"} else customer.customer_id,
            _licence_name(customer),
            day(count.counted_on),
            whole(count.registered),
            whole(count.available),
            whole(count.active),
        ]
        for customer in company
        for count in customer.counts
    ]
    write_text(path, [_COUNT_HEADER, *rows, *oddities.count_rows(as_of)], "utf-8-sig")


def _licence_name(customer: Customer) -> str:
    """The name as the licence list has it: in capitals without the legal form for some, another for some."""
    short = customer.name.split(" ")[0]
    if customer.script.special == "other_name":
        return f"{short} Konsern ({customer.customer_id})"
    return (
        customer.name.upper().removesuffix(" AS") if customer.script.special == "name_only" else customer.name
    )


def _write_prices(path: Path, prices: list[PriceRow], company: list[Customer], as_of: date) -> None:
    own = [
        row
        for customer in company
        for agreement in customer.agreements
        for version in agreement.direct
        if version.announced_on <= as_of
        for row in version.rows
    ]
    rows = [
        [
            row.product,
            row.agreement_id,
            row.valid_from,
            row.announced_on,
            row.complexity,
            row.min_users,
            row.price / 100,
        ]
        for row in [*prices, *own]
    ]
    write_workbook(path, "priser", [_PRICE_HEADER, *rows, *oddities.price_rows(as_of)], as_of)


def _write_meetings(path: Path, company: list[Customer], seed: int, as_of: date) -> None:
    """Text with tabs in UTF-16, as Excel's "Unicode text"."""
    rows: list[list[str]] = []
    for number, customer in enumerate(company):
        for meeting in meetings_of(customer, Dice(seed, 3, number), as_of):
            meeting_id, kind = f"M-{1001 + len(rows)}", _KINDS[meeting.kind]
            held = day(meeting.held_on)
            rows.append(
                [
                    meeting_id,
                    meeting.customer_id,
                    customer.name,
                    kind,
                    day(meeting.planned_on),
                    held,
                    meeting.note,
                ]
            )
    write_text(path, [_MEETING_HEADER, *rows, *oddities.meeting_rows(as_of)], "utf-16", "\t")


def _write_settings(path: Path, company: list[Customer]) -> None:
    text = Path(__file__).with_name("ccinsight.toml").read_text("utf-8")
    named = [customer for customer in company if customer.script.special == "other_name"]
    if named:
        text += "\n# The licence list has other names for these.\n[customers]\n"
        text += "".join(f'"{_licence_name(customer)}" = "{customer.customer_id}"\n' for customer in named)
    path.write_text(text, "utf-8", newline="\n")


def _write_tickets(
    path: Path, company: list[Customer], tickets: int, seed: int, as_of: date, tell: Progress
) -> tuple[Ints, int]:
    """Writes the tickets. Returns billable minutes by month and customer, and the first month's number."""
    callers = callers_of(company, seed, as_of)
    owners = words.SUPPORT_STAFF[: max(5, min(len(words.SUPPORT_STAFF), tickets // 1500))]
    first = first_of(callers.first_month)
    minutes = np.zeros((callers.months, len(callers.ids)), dtype=np.int64)
    with path.open("wb") as target:
        file = TicketFile(target, callers.ids, owners, first, (as_of - first).days + 1)
        for chunk in draw_tickets(callers, tickets, len(owners), seed, as_of):
            file.write(chunk)
            np.add.at(minutes[chunk.month], chunk.customer, chunk.billable())
            tell(0.1 + 0.85 * file.written / tickets, path.name)
        lines = oddities.ticket_lines(as_of)
        target.write("".join(line + "\r\n" for line in lines).encode(ENCODING))
    return minutes, callers.first_month


def _invoice_lines(
    company: list[Customer], prices: list[PriceRow], minutes: Ints, first_month: int, seed: int, as_of: date
) -> list[InvoiceLine]:
    """All invoice lines in order of issue."""
    general = {
        product: versions_of([row for row in prices if row.product == product])
        for product in (CRM, MARKETING)
    }
    lines: list[InvoiceLine] = []
    for number, customer in enumerate(company):
        dice = Dice(seed, 6, number)
        lines += agreement_lines(customer, dice, general, as_of)
        lines += course_lines(customer, dice, as_of)
        lines += consulting_lines(customer, dice, minutes[:, number], first_month, as_of)
    return sorted(lines, key=lambda line: (line.issued_on, line.customer_id, line.kind, line.amount))


def _write_invoices(path: Path, lines: list[InvoiceLine], as_of: date) -> None:
    """The accounting system's own list, with no-break spaces in its amounts."""
    rows = [
        [
            f"F{number}",
            line.customer_id,
            line.agreement_id,
            _KINDS[line.kind],
            day(line.issued_on),
            day(line.period_start),
            money(line.quantity).removesuffix(",00"),
            money(line.unit_price, _SPACE),
            money(line.amount, _SPACE),
        ]
        for number, line in enumerate(lines, start=20_001)
    ]
    write_text(path, [_INVOICE_HEADER, *rows, *oddities.invoice_rows(as_of)])
