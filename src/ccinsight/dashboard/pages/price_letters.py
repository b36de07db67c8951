"""The letters of a price change: which customers get one, their files, and that they were sent or not after all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from ccinsight.access import Right
from ccinsight.clock import now
from ccinsight.dashboard.pages.price_plan import Plan
from ccinsight.dashboard.session import activity, keys, printing, reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import layout, report_table
from ccinsight.dashboard.widgets.columns import FIRST
from ccinsight.documents.letters.notices import (
    Notice,
    left_out_lines,
    no_recipient_line,
    notices,
    recorded_before_line,
    to_letter,
    why_changes_differ,
)
from ccinsight.documents.letters.planning import changed_list, planned_options
from ccinsight.errors import CcinsightError
from ccinsight.i18n import LANGUAGES, _, day, language, ngettext, number, set_language
from ccinsight.ingest.price_letters import Letter, Version, not_recorded, record_letters, take_back
from ccinsight.notes.activity import Action
from ccinsight.outputs import tables
from ccinsight.settings.model import Settings

_TEMPLATE_MB = 10


def show(view: View, asked: Plan) -> None:
    """The letters still to be sent in time: of the plan above, or of prices that are planned already."""
    _show_result()
    layout.choice(
        _("Which letters"),
        {"plan": _("The plan above"), "planned": _("Prices that are planned already")},
        "letters",
    )
    try:
        version = _version(view, asked) if layout.chosen("letters") == "plan" else None
    except CcinsightError as error:
        layout.failed(error)
        return
    options = planned_options(version) if version else {}
    rows = view.report("price_letters", **options)
    layout.note(
        _(
            "Who can still be notified in time. A letter that is marked as sent announces the price to its customer; "
            "for the others the list counts as announced on {day}, the day from which it is valid."
        ).format(day=day(version.valid_from))
        if version
        else _("Who is still to be notified of a price that an import or an earlier letter brought, in time.")
    )
    if rows.empty:
        layout.nothing(
            (_already_announced(view, asked) if version else "")
            or _("There is no letter to send here: nobody can still be notified of this price in time."),
            _("Choose another day, or see the letters that were sent."),
        )
        return
    layout.note(why_changes_differ(rows.to_dict("records")))
    _show_letters(view, rows, version)


def _already_announced(view: View, asked: Plan) -> str:
    """Why a plan has no letters where the product's list of the same day is announced; empty where it isn't."""
    listed = view.unfiltered().report("price_steps", valid_on=asked.valid_on)
    same = listed[
        (listed["product"] == asked.product) & (listed["valid_from"] == pd.Timestamp(asked.valid_on))
    ]
    if same.empty:
        return ""
    return _(
        "There is no letter to send here: a price list from {day} was announced on {announced}, and a plan from "
        "that same day takes its place for nobody."
    ).format(day=day(asked.valid_on), announced=day(same["announced_on"].max()))


def _version(view: View, asked: Plan) -> Version:
    """The list that the plan makes. Raises CcinsightError where it makes none."""
    if asked.steps is not None:
        edited = [asdict(step) for step in asked.steps]
        return changed_list(edited, asked.product, asked.valid_on)
    listed = view.unfiltered().report("price_steps", valid_on=asked.valid_on)
    steps = listed[listed["product"] == asked.product].to_dict("records")
    return changed_list(steps, asked.product, asked.valid_on, asked.raised_by)


def _show_letters(view: View, rows: pd.DataFrame, version: Version | None) -> None:
    first = [name for name in FIRST["letters"] if rows[name].notna().any() or name == "customer_name"]
    shown = str(hash((version, *rows["valid_from"])))
    picked = report_table.pick(
        "price_letters", rows, view, first, key="letters", version=shown, is_widened=True
    )
    meant = rows.iloc[picked.rows or picked.in_sight]
    found, left_out = notices(meant.to_dict("records"), reads.settings().letters.recipients)
    if len(meant) and not printing.is_on():
        layout.note(_which_are_meant(len(meant), is_picked=bool(picked.rows), is_part=len(meant) < len(rows)))
    for line in left_out_lines(left_out):
        st.info(layout.plain(line), icon=":material/info:")
    if found and not printing.is_on():
        _show_files(view, found)
    if view.reader.may(Right.IMPORT) and not printing.is_on():
        _show_marking(view, found, version, is_picked=bool(picked.rows))


def _which_are_meant(count: int, *, is_picked: bool, is_part: bool) -> str:
    if is_picked:
        text = ngettext("{count} row is chosen.", "{count} rows are chosen.", count)
    elif is_part:
        text = ngettext(
            "Only the {count} row in sight is meant. Choose rows in the table for fewer letters.",
            "Only the {count} rows in sight are meant. Choose rows in the table for fewer letters.",
            count,
        )
    else:
        return _("All rows are meant. Choose rows in the table for fewer letters.")
    return text.format(count=number(count))


def _show_files(view: View, found: list[Notice]) -> None:
    """The files of the letters, and what they are written from."""
    place = st.container()
    own = _own_template()
    settings = reads.settings()
    with place.container(horizontal=True, vertical_alignment="bottom", gap="small", key="letter-files"):
        spoken = st.selectbox(
            _("Language of the letters"),
            list(LANGUAGES),
            index=list(LANGUAGES).index(language()),
            format_func=LANGUAGES.__getitem__,
            key="letter-language",
            width=180,
        )
        for form, (label, icon, help_text) in _forms().items():
            st.download_button(
                label,
                partial(_files, tuple(found), form, spoken, own, settings, view.as_of),
                file_name=_name(found, view, form),
                key=f"letters-{form}",
                icon=icon,
                on_click="ignore",
                help=help_text,
            )
    if line := no_recipient_line(found):
        place.caption(layout.plain(line))


def _forms() -> dict[str, tuple[str, str, str]]:
    """Format → the button's label, icon and help."""
    return {
        "docx": (
            _("Word documents"),
            ":material/description:",
            _("A letter for each agreement; a zip where there are several."),
        ),
        "eml": (
            _("E-mails"),
            ":material/mail:",
            _("A message for each agreement, which your mail program opens to be sent."),
        ),
        "csv": (
            _("Merge list"),
            ":material/table_view:",
            _("A row for each letter with all that it says, for Excel or Word's mail merge. Internal."),
        ),
    }


def _name(found: Sequence[Notice], view: View, form: str) -> str:
    """The name of a file for one letter, with whose it is, or of a list or a zip for several."""
    name = {"docx": _("Price letters"), "eml": _("Price letters by e-mail"), "csv": _("Merge list")}[form]
    whose = found[0].customer_name if len(found) == 1 else ""
    kind = form if form == "csv" or len(found) == 1 else "zip"
    return tables.file_name(f"{name.lower()}_{view.as_of.isoformat()}_{whose}".rstrip("_"), kind)


def _files(
    found: tuple[Notice, ...],
    form: str,
    spoken: str,
    own: tuple[bytes, str] | None,
    settings: Settings,
    dated: date,
) -> bytes:
    """The bytes of a download; runs on a thread of its own, where no language is set yet."""
    # not before somebody asks for one: Word's library takes time and memory
    from ccinsight.documents.letters.files import archive, files
    from ccinsight.documents.letters.template import own_template, template_of

    set_language(spoken)
    template = own_template(*own) if own else template_of(settings, reads.database_path())
    made = files(found, form, template, settings.deck.partner or "", dated)
    if form == "csv" or len(found) == 1:
        return next(made)[1]
    return archive(made)


def _own_template() -> tuple[bytes, str] | None:
    """The template that was chosen here; None where the settings' or our own is used. Says what is wrong with one."""
    opened = st.expander(_("Template and tokens"), key="letter-template", on_change="rerun")
    if not opened.open:
        return st.session_state.get(keys.LETTER_TEMPLATE)
    from ccinsight.documents.letters.template import default_template, own_template
    from ccinsight.documents.letters.tokens import TOKENS

    with opened:
        file = st.file_uploader(
            _("Your own Word template (.docx)"),
            type=["docx"],
            max_upload_size=_TEMPLATE_MB,
            key="letter-template-file",
            help=_(
                "For this visit. To keep one, lay it beside the settings and name it there: [letters] template."
            ),
        )
        chosen = (file.getvalue(), file.name) if file else _kept_template()
        if file and chosen:
            try:
                own_template(*chosen)
            except CcinsightError as error:
                layout.failed(error)
                chosen = None
        st.download_button(
            _("Download the default template"),
            default_template().content,
            file_name=tables.file_name(_("Template for price letters").lower(), "docx"),
            key="default-letter",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )
        layout.note(_("These tokens can stand anywhere in its text, tables, headers and text boxes:"))
        st.markdown(
            "\n".join(
                f"- `{{{{{name}}}}}` {layout.plain(_(each.description))}" for name, each in TOKENS.items()
            )
        )
    st.session_state[keys.LETTER_TEMPLATE] = chosen
    return chosen


def _kept_template() -> tuple[bytes, str] | None:
    """The template that was chosen before the control was closed, with a button to let go of it."""
    kept: tuple[bytes, str] | None = st.session_state.get(keys.LETTER_TEMPLATE)
    if kept is None:
        return None
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="kept-letter-template"):
        st.caption(_("Still chosen: {files}").format(files=layout.plain(kept[1])), width="content")
        is_removed = st.button(_("Remove"), key="remove-letter-template", type="tertiary", width="content")
    return None if is_removed else kept


# ---------------------------------------------------------------- sent, and taken back


def _show_marking(view: View, found: list[Notice], version: Version | None, *, is_picked: bool) -> None:
    last_day = min(view.as_of, view.today)
    letters = [to_letter(each) for each in found]
    layout.section(_("Were the letters sent?"))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="letter-marking"):
        sent_on = st.date_input(
            _("Sent on"),
            value=last_day,
            max_value=view.today,
            format="DD.MM.YYYY",
            key=f"letters-sent-on-{last_day}",
            width=160,
        )
        label = ngettext("Mark {count} letter as sent", "Mark {count} letters as sent", len(found))
        is_marked = st.button(
            label.format(count=number(len(found))),
            key=f"letters-mark-{_hash_of(letters)}",
            icon=":material/mark_email_read:",
            type="primary",
            disabled=sent_on is None or not found,
        )
    if is_marked and sent_on is not None:
        _change(partial(_record, letters, sent_on, version, is_picked), Action.LETTERS)


def _record(
    letters: Sequence[Letter], sent_on: date, version: Version | None, is_picked: bool
) -> tuple[str, Sequence[Letter]]:
    """Records the letters: of rows that weren't picked one by one those that aren't recorded yet."""
    new = letters if is_picked else not_recorded(reads.database_path(), letters)
    record_letters(
        reads.database_path(), new, sent_on, version=version, recorded_at=now(), recorded_by=activity.name()
    )
    text = ngettext(
        "{count} letter is recorded as sent on {day}.",
        "{count} letters are recorded as sent on {day}.",
        len(new),
    ).format(count=number(len(new)), day=day(sent_on))
    return f"{text} {recorded_before_line(len(letters) - len(new))}".strip(), new


def _hash_of(letters: Sequence[Letter]) -> int:
    """For a button's key: a second click means the same letters, or nothing once they are no longer meant."""
    return hash(tuple(letter.key for letter in letters))


def show_sent(view: View) -> None:
    """The letters that were sent; some can be taken back."""
    _show_result()
    rows = view.report("sent_letters")
    if rows.empty:
        layout.nothing(_("No letter was recorded as sent by this day."))
        return
    layout.note(_("To these agreements the price counts as announced on the day of the letter."))
    picked = report_table.pick(
        "sent_letters", rows, view, FIRST["sent_letters"], key="sent_letters", version=""
    )
    if not view.reader.may(Right.IMPORT) or printing.is_on():
        return
    letters = [_sent_letter(row) for row in rows.iloc[picked.rows].to_dict("records")]
    key = f"letters-take-back-{_hash_of(letters)}"
    if st.button(_("Take back"), key=key, icon=":material/undo:", disabled=not letters):
        _take_back(letters)
    layout.note(
        _(
            "Choose rows in the table, by their box or with Shift and the space bar, to take their letters back."
        )
    )


def _sent_letter(row: dict[Any, Any]) -> Letter:
    days = (row["valid_from"].date(), row["sent_on"].date())
    return Letter(row["agreement_id"], row["product"], row["price_source"], *days)


def _take_back(letters: Sequence[Letter]) -> None:
    def change() -> tuple[str, None]:
        count = take_back(reads.database_path(), letters, taken_back_at=now(), taken_back_by=activity.name())
        text = ngettext("{count} letter was taken back.", "{count} letters were taken back.", count)
        return text.format(count=number(count)), None

    _change(change, Action.LETTERS_BACK)


def _change(change: Callable[[], tuple[str, Sequence[Letter] | None]], action: Action) -> None:
    """Changes the database, and begins the run again. ``change`` says what came of it, and what can be undone."""
    try:
        with st.spinner(_("The data are rebuilt…")):
            activity.require(Right.IMPORT)
            result = change()
            activity.record(action)
            # before the run can be interrupted, as by a second click
            st.session_state[keys.LETTERS_RESULT] = result
    except CcinsightError as error:
        layout.failed(error)
        return
    st.rerun()


def _show_result() -> None:
    """What the last click came to, with a way back; it stays until the next."""
    text, letters = st.session_state.get(keys.LETTERS_RESULT, ("", None))
    if not text:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="letters-result"):
        st.success(text, icon=":material/check_circle:", width="stretch")
        if letters and st.button(_("Undo"), key="letters-undo", icon=":material/undo:"):
            _take_back(letters)
