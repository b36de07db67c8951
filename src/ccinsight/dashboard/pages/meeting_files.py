"""The files of several status meetings at once: which, made with a bar that says how far, and one zip of them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from ccinsight.dashboard.pages import own_slides
from ccinsight.dashboard.pages.status_meetings import MOST_CHOSEN, in_order, names, soon
from ccinsight.dashboard.session import keys, reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import layout
from ccinsight.documents.brief import file_names
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, language, ngettext, number

if TYPE_CHECKING:
    from ccinsight.documents.deck import Files, TemplateFile

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """What is to be made: whose files, which (a format of ``file_names.BY_FORMAT`` each), in which language.

    ``build_id``: of the database that they are made from. ``template``: slides of one's own for the decks.
    """

    customer_ids: tuple[str, ...]
    formats: tuple[str, ...]
    with_annex: bool
    language: str
    as_of: date
    build_id: str
    template: TemplateFile | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """The files of each customer, as ``deck.prepare`` names them."""
        return tuple(part for name in self.formats for part in file_names.BY_FORMAT[name])


@dataclass(frozen=True)
class Made:
    """A zip, how many files are in it, and a sentence for each customer whose files weren't made."""

    asked: Asked
    content: bytes
    count: int
    faults: tuple[str, ...]


def show(meetings: pd.DataFrame, view: View) -> None:
    """Lets customers and files be chosen, makes them, and offers what was made."""
    labels = names(in_order(meetings), view)
    chosen = st.multiselect(
        _("Customers to prepare"),
        list(labels),
        default=[key for key in soon(meetings, view) if key in labels],
        format_func=lambda key: labels.get(key, key),
        placeholder=_("Choose customers"),
        key=f"prepare-{view.as_of}-{hash(view.filters)}",
        max_selections=MOST_CHOSEN,
        help=_("For a start those that are overdue, or whose price-notice deadline is within 60 days."),
    )
    formats = _formats()
    with_annex = st.toggle(
        _("With the internal annex"),
        key="with-annex",
        help=_(
            "Unbilled work, missed price changes and renewal risk, in files of their own. Not for the customer."
        ),
    )
    asked = Asked(
        tuple(chosen),
        formats,
        with_annex,
        language(),
        view.as_of,
        reads.warehouse().build_id,
        own_slides.choose(),
    )
    is_clicked = st.button(
        _button(len(chosen), bool(formats)),
        key="prepare",
        icon=":material/slideshow:",
        type="primary",
        disabled=not chosen or not formats,
        help=_("The chosen files of each customer, in a zip. About a second each."),
    )
    if is_clicked:
        st.session_state[keys.MEETINGS_MADE] = _made(asked, view)
    _offer(asked)


def _formats() -> tuple[str, ...]:
    """The formats that are chosen; without Typst none is a PDF."""
    from ccinsight.documents import pdf

    labels = {"pptx": _("Deck and workbook"), "pdf": _("PDF"), "html": _("Web page")}
    labels["presenter"] = _("Presenter's copy (internal)")
    if not pdf.is_installed():
        del labels["pdf"]
    chosen = st.pills(
        _("Files for each customer"),
        list(labels),
        selection_mode="multi",
        default=["pptx"],
        format_func=labels.__getitem__,
        key="prepare-formats",
    )
    return tuple(name for name in labels if name in chosen)


def _button(count: int, has_formats: bool) -> str:
    """What the button says; it counts what it makes, and never nothing."""
    if not count:
        return _("Choose the customers to prepare")
    if not has_formats:
        return _("Choose the files to make")
    return ngettext("Prepare {count} meeting", "Prepare {count} meetings", count).format(count=number(count))


def _made(asked: Asked, view: View) -> Made | None:
    """Makes the files and says how far it is; None where template, logo or rules can't be used, which is said."""
    # not before somebody asks for one: PowerPoint's library takes 15 MiB
    from ccinsight.documents import deck
    from ccinsight.integrations.delivery.recipients import public_address

    bar = st.progress(0.0, text=_("Preparing the meetings…"))
    try:
        files = deck.prepare(
            reads.warehouse(),
            asked.as_of,
            view.reader,
            asked.customer_ids,
            asked.language,
            asked.with_annex,
            asked.parts,
            asked.template,
            public_address(reads.database_path()) if "presenter" in asked.formats else "",
        )
        done: list[Files] = []

        def counted() -> Iterator[Files]:
            for each in _logged(files):
                done.append(each)
                share = len(done) / len(asked.customer_ids)
                bar.progress(min(share, 1.0), text=f"{_('Preparing the meetings…')} {each.customer_name}")
                yield each

        content = deck.archive(counted())
    except CcinsightError as error:
        layout.failed(error)
        return None
    finally:
        bar.empty()
    count = sum(len(each.by_name) for each in done)
    return Made(asked, content, count, tuple(each.fault() for each in done if each.error))


def _logged(made: Iterable[Files]) -> Iterator[Files]:
    """The same files, with what went wrong written to the log."""
    for files in made:
        if files.error:
            _LOG.error("brief of customer %s", files.customer_id, exc_info=files.error)
        yield files


def _offer(asked: Asked) -> None:
    """The zip that was made; it goes when something else is chosen."""
    made: Made | None = st.session_state.get(keys.MEETINGS_MADE)
    if made is None or made.asked != asked:
        st.session_state.pop(keys.MEETINGS_MADE, None)
        return
    for fault in made.faults:
        st.warning(layout.plain(fault))
    st.download_button(
        ngettext("Download {count} file", "Download {count} files", made.count).format(
            count=number(made.count)
        ),
        made.content,
        file_name=file_names.archive_name(asked.as_of),
        mime="application/zip",
        key="prepared",
        icon=":material/download:",
        on_click="ignore",
    )
