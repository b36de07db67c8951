"""Prepares status meetings: the files of one customer or of many, each as bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from ccinsight import i18n
from ccinsight.access import Reader
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.documents import pdf
from ccinsight.documents.brief import Sources, file_names, make_brief
from ccinsight.documents.brief.model import Brief, speaking
from ccinsight.documents.brief.printing import printable_brief
from ccinsight.documents.content.look import read_logo
from ccinsight.documents.deck import annex as annex_slides
from ccinsight.documents.deck import own, presenter, slides
from ccinsight.documents.deck.canvas import Canvas, accent_of
from ccinsight.documents.deck.template_file import TemplateFile, read_template
from ccinsight.documents.deck.workbook import write_workbook
from ccinsight.documents.webpage import write_page
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.notes import Notes
from ccinsight.printable import printable
from ccinsight.rules.suggestions import rules_of
from ccinsight.settings.model import Deck, Settings
from ccinsight.settings.storing import stored_settings


@dataclass(frozen=True)
class Look:
    """What the settings say of the files' look, where the logo lies, and the template, as a file or read.

    ``address``: the dashboard's, "" where it isn't known.
    """

    deck: Deck
    template: Path | TemplateFile | None = None
    logo: Path | None = None
    address: str = ""


@dataclass(frozen=True)
class Files:
    """The files of one customer, by their names. ``error``: why there are none."""

    customer_id: str
    customer_name: str
    by_name: dict[str, bytes]
    error: Exception | None = None

    def fault(self) -> str:
        """A sentence for a user where no files were made: whose, why, and what of the others."""
        if isinstance(self.error, CcinsightError):
            why = str(self.error)
        else:
            why = _("some of this customer's data can't be written to a file.")
        named = f"{self.customer_id} {self.customer_name}".strip()
        return _(
            "No files were written for customer {customer}: {why} The other customers' files are complete."
        ).format(customer=named, why=why)


def prepare(
    house: Warehouse,
    as_of: date,
    reader: Reader,
    customer_ids: tuple[str, ...],
    language: str,
    with_annex: bool = False,
    parts: tuple[str, ...] = file_names.FOR_CUSTOMER,
    template: TemplateFile | None = None,
    address: str = "",
) -> Iterator[Files]:
    """The files of each customer in turn, with the look that the database's settings ask for.

    ``parts``: which files, as ``content_of`` names them; with the annex its two too. ``template``: instead of the
    settings' own. ``address``: the dashboard's, which a presenter's copy links to; "" for no links.

    What concerns all customers is read once. Names differ between customers. A customer whose files can't be
    made comes with an ``error`` and without files. Raises UsageError for a customer that doesn't exist or that the
    reader doesn't see, CcinsightError where the template, the logo or the rules for suggestions can't be used, or a PDF
    can't be made here.
    """
    look = replace(settings_look(house, template), address=address)
    wanted = (*parts, *(file_names.INTERNAL if with_annex else ()))
    sources = Sources(house, as_of, reader, customer_ids, Notes.beside(house.path))
    if set(wanted) & {"deck", "presenter", "annex"}:
        left_out(look)
    if "pdf" in wanted:
        pdf.check_installed()
    if set(wanted) & {"pdf", "page"}:
        read_logo(look.logo)
        look = _with_colour(look)
    rules_of(house.path)
    names: set[str] = set()
    for customer_id in dict.fromkeys(customer_ids):
        made = _made(sources, customer_id, language, look, wanted)
        apart = {_apart(name, names): content for name, content in made.by_name.items()}
        names |= set(apart)
        yield replace(made, by_name=apart)


def archive(made: Iterable[Files]) -> bytes:
    """A zip of all the files. Where some weren't made, a text in it says whose and why, in the language in use."""
    out, faults = io.BytesIO(), []
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for each in made:
            for name, content in each.by_name.items():
                packed.writestr(name, content)
            if each.error:
                faults.append(each.fault())
        if faults:
            packed.writestr(file_names.not_made_name(), "\n".join(faults) + "\n")
    return out.getvalue()


def _made(sources: Sources, customer_id: str, language: str, look: Look, wanted: tuple[str, ...]) -> Files:
    """One customer's files, or what went wrong: whatever it is, it is no reason to leave out the others."""
    name = ""
    try:
        brief = make_brief(sources, customer_id, language, with_score=file_names.has_score(wanted))
        name = brief.customer_name
        return _files(brief, look, wanted)
    except Exception as error:
        return Files(customer_id, printable(name), {}, error)


def due_within(
    house: Warehouse, as_of: date, reader: Reader, days: int, customer_ids: tuple[str, ...] | None = None
) -> tuple[str, ...]:
    """Customers whose meeting isn't held and whose price-notice deadline falls in the days ahead, soonest first."""
    last = as_of + timedelta(days=days)
    rows = house.report("status_meetings", Scope(as_of, reader, customer_ids)).to_pylist()
    due = [r["customer_id"] for r in rows if r["status"] != "held" and as_of <= r["best_before"] <= last]
    return tuple(dict.fromkeys(due))


def _apart(name: str, taken: set[str]) -> str:
    """The name, with a number where another customer's file has it."""
    stem, _dot, suffix = name.rpartition(".")
    number = 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}.{suffix}"
    return name


def left_out(look: Look) -> tuple[str, ...]:
    """What of the template isn't in a customer's deck, in sentences in the language in use.

    Raises CcinsightError where a deck can't be made of it: what it lacks, and each token that can't be filled.
    """
    if slides_of_own := _own_slides(look.template):
        own.check(slides_of_own)
        return own.left_out(slides_of_own)
    return Canvas(look.deck, look.template, "").left_out()


def _own_slides(template: Path | TemplateFile | None) -> TemplateFile | None:
    """The template, where it has tokens and so is filled as it is."""
    if template is None:
        return None
    file = read_template(template) if isinstance(template, Path) else template
    return file if own.has_tokens(file) else None


def deck(brief: Brief, look: Deck, template: Path | TemplateFile | None = None) -> bytes:
    """The deck that the customer is shown, as a .pptx file in the brief's language.

    ``template``: the supplier's own. Raises CcinsightError that says what it lacks.
    """
    if slides_of_own := _own_slides(template):
        return own.filled(slides_of_own, brief, look.partner or "")
    brief, partner = printable_brief(brief), printable(look.partner or "")
    with speaking(brief.language):
        canvas = Canvas(look, template, _footer(brief))
        slides.draw(canvas, brief, partner)
        canvas.set_properties(_("Status meeting: {customer}").format(customer=brief.customer_name), partner)
        return canvas.bytes()


def presenters_copy(
    brief: Brief, look: Deck, template: Path | TemplateFile | None = None, address: str = ""
) -> bytes:
    """The customer's slides with internal notes on each figure, and the annex. Raises as ``deck`` does.

    A template with tokens is for the customer's deck alone: this one is drawn on the plain one. ``address``: the
    dashboard's, for links to its pages; "" for none.
    """
    template = None if _own_slides(template) else template
    brief, partner = printable_brief(brief), printable(look.partner or "")
    with speaking(brief.language):
        canvas = Canvas(look, template, f"{_('Internal')} · {_footer(brief)}")
        presenter.draw(canvas, brief, partner, address)
        canvas.set_properties(_("Presenter's copy: {customer}").format(customer=brief.customer_name), partner)
        return canvas.bytes()


def annex(brief: Brief, look: Deck, template: Path | TemplateFile | None = None) -> bytes:
    """The internal annex, as a .pptx file in the brief's language. Raises as ``deck`` does.

    A template with tokens is for the customer's deck alone: the annex is drawn on the plain one.
    """
    template = None if _own_slides(template) else template
    brief, partner = printable_brief(brief), printable(look.partner or "")
    with speaking(brief.language):
        canvas = Canvas(look, template, f"{_('Internal')} · {_footer(brief)}")
        annex_slides.draw(canvas, brief)
        canvas.set_properties(_("Internal annex: {customer}").format(customer=brief.customer_name), partner)
        return canvas.bytes()


def workbook(brief: Brief, is_internal: bool = False) -> bytes:
    """Every table behind the deck (or behind the annex), as an .xlsx file in the brief's language."""
    with speaking(brief.language):
        return write_workbook(printable_brief(brief), is_internal)


def files(
    brief: Brief, look: Deck, template: Path | TemplateFile | None = None, with_annex: bool = False
) -> Files:
    """Deck and workbook, and with the annex its two files too, by their names."""
    parts = (*file_names.FOR_CUSTOMER, *(file_names.INTERNAL if with_annex else ()))
    return _files(brief, Look(look, template), parts)


def _files(brief: Brief, look: Look, parts: tuple[str, ...]) -> Files:
    with speaking(brief.language):
        names = {
            part: file_names.name_of(part, brief.as_of, brief.customer_id, brief.customer_name)
            for part in parts
        }
    made = {name: content_of(part, brief, look) for part, name in names.items()}
    return Files(brief.customer_id, printable(brief.customer_name), made)


def one_file(
    sources: Sources,
    customer_id: str,
    language: str,
    part: str,
    template: TemplateFile | None = None,
    address: str = "",
) -> bytes:
    """One of a customer's files (see ``content_of``), with the look that the database's settings ask for.

    ``template``: instead of the settings' own. ``address``: as for ``prepare``. Raises as ``prepare`` does, and
    CcinsightError where the file can't be made.
    """
    brief = make_brief(sources, customer_id, language, with_score=file_names.has_score((part,)))
    return content_of(part, brief, replace(settings_look(sources.house, template), address=address))


def content_of(part: str, brief: Brief, look: Look) -> bytes:
    """A file of a brief: ``deck``, ``workbook``, ``page`` or ``pdf``; internal: ``presenter`` and ``INTERNAL``."""
    match part:
        case "deck":
            return deck(brief, look.deck, look.template)
        case "presenter":
            return presenters_copy(brief, look.deck, look.template, look.address)
        case "annex":
            return annex(brief, look.deck, look.template)
        case "page":
            return write_page(brief, _with_colour(look).deck, look.logo)
        case "pdf":
            return pdf.write_pdf(brief, _with_colour(look).deck, look.logo)
        case _:
            return workbook(brief, is_internal=part == "annex_workbook")


def template_of(settings: Settings, database: Path) -> Path | None:
    """Where the template of the settings lies; None where they name none."""
    return _beside(settings.deck.template, settings, database)


def look_of(settings: Settings, database: Path) -> Look:
    """The look that the settings ask for, with where its files lie."""
    return Look(
        settings.deck, template_of(settings, database), _beside(settings.deck.logo, settings, database)
    )


def settings_look(house: Warehouse, template: TemplateFile | None = None) -> Look:
    """The look that the database's settings ask for, or theirs with another template."""
    look = look_of(stored_settings(house.cursor()), house.path)
    return look if template is None else replace(look, template=template)


def _with_colour(look: Look) -> Look:
    """The look with the template's own colour where the settings name none."""
    if look.deck.colour or look.template is None:
        return look
    return replace(look, deck=replace(look.deck, colour=accent_of(look.template)))


def _beside(name: str | None, settings: Settings, database: Path) -> Path | None:
    """A file that the settings name: beside the settings file, else beside the database.

    A file that is nowhere is found out, and named, when it is opened.
    """
    return None if name is None else settings.own_file(name, database)


def _footer(brief: Brief) -> str:
    """The day first: where there is no room, a long name is cut and not the day."""
    return " · ".join((_("As of {day}").format(day=i18n.day(brief.as_of)), brief.customer_name))
