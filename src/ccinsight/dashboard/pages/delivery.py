"""What goes to whom by itself: who gets messages when, what became of them, and what the next one says."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from ccinsight.access import Reader
from ccinsight.clock import now
from ccinsight.dashboard import navigation
from ccinsight.dashboard.session import keys, printing, reads
from ccinsight.dashboard.session import reader as session_reader
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import layout, log_table
from ccinsight.errors import CcinsightError
from ccinsight.i18n import N_, _, day, language, moment, ngettext, number, set_language
from ccinsight.integrations.delivery.choices import Choices, Frequency
from ccinsight.integrations.delivery.config import Delivery, read_delivery
from ccinsight.integrations.delivery.messages import ALERT, DIGEST, Message, Messages, State
from ccinsight.integrations.delivery.recipients import Recipient, recipient_of, recipients
from ccinsight.integrations.delivery.sending import preview
from ccinsight.integrations.delivery.standing import Outcome, standing
from ccinsight.registry import Column

_SHOWN = 50
_PREVIEW_HEIGHT = 640
_LOOKED_AHEAD_DAYS = 15
_TO_DECIDE = (State.UNCERTAIN, State.REFUSED)
_KINDS = {DIGEST: N_("Overview"), ALERT: N_("Alert")}
_PEOPLE = (
    Column("who", N_("Who"), "text", N_("The reader who gets messages.")),
    Column("address", N_("Address"), "text", N_("Where messages go.")),
    Column("frequency", N_("How often"), "text", N_("As the reader chose it.")),
    Column(
        "last_message", N_("Last message"), "text", N_("The day that it was about, and what became of it.")
    ),
    Column("next_message", N_("Next"), "text", N_("When the next message is sent.")),
)
_MESSAGES = (
    Column("changed_at", N_("Time"), "moment", N_("When it was sent, or its status changed.")),
    Column("address", N_("Address"), "text", N_("Where the message went.")),
    Column("kind", N_("Kind"), "text", N_("An overview, or an alert.")),
    Column("subject", N_("Subject"), "text", N_("The subject of the message.")),
    Column("status", N_("Status"), "text", N_("Whether it was sent, and if not why.")),
)
_EXAMPLE = """\
public_address = "https://crm.example.no"
weekday = "monday"

[smtp]
host = "smtp.example.no"
sender = "ccinsight@example.no"

[account_managers]
"Kari Nordmann" = "kari@example.no"
"""


@dataclass(frozen=True)
class Deliveries:
    """What a reader is shown: of themselves, or of everybody where they see the whole database."""

    today: date
    sees_everybody: bool
    config: Delivery | None
    own: Recipient | None
    people: Sequence[Recipient]
    messages: Sequence[Message]

    @property
    def to_decide(self) -> list[Message]:
        """The messages of which only a person knows what became of them, or what to do."""
        return [each for each in self.messages if each.state in _TO_DECIDE]

    @property
    def can_send(self) -> bool:
        """Whether there is a mail server."""
        return self.config is not None and self.config.smtp is not None

    def title(self) -> str:
        """How it stands, true on its own."""
        count = len(self.to_decide)
        if count and self.sees_everybody:
            return ngettext(
                "{count} message needs a decision", "{count} messages need a decision", count
            ).format(count=number(count))
        if self.sees_everybody:
            getting = sum(_frequency(each) is not Frequency.NEVER for each in self.people) * self.can_send
            return (
                ngettext("{count} person gets messages", "{count} people get messages", getting).format(
                    count=number(getting)
                )
                if getting
                else _("Nobody gets messages yet")
            )
        if not self.can_send or self.own is None or _frequency(self.own) is Frequency.NEVER:
            return _("No messages come to you")
        return (
            _("Messages come to you every day")
            if _frequency(self.own) is Frequency.DAILY
            else _("Messages come to you once a week")
        )


def read(view: View) -> Deliveries:
    """What there is for the reader of a view. Raises CcinsightError for a fault in access.toml or delivery.toml."""
    database, sees_everybody = reads.database_path(), navigation.shows_whole_database(view.reader)
    own = recipient_of(database, view.reader, view.today)
    messages = Messages(database)
    messages.note_killed(now())
    if sees_everybody:
        people, found = recipients(database, view.today), messages.newest(_SHOWN)
    else:
        people = [own] if own else []
        found = [each for kind in (DIGEST, ALERT) for each in (messages.of(own.key, kind) if own else [])]
        found = [each for each in found if each.state is not State.SILENT][:_SHOWN]
    found.sort(key=lambda each: each.state not in _TO_DECIDE)  # what is to be decided comes first
    return Deliveries(view.today, sees_everybody, read_delivery(database), own, people, found)


def next_day(recipient: Recipient, weekday: str, today: date) -> date | None:
    """The day from which the next message is due; None where none comes before somebody decides."""
    sent = Messages(reads.database_path()).of(recipient.key, DIGEST)
    frequency = _frequency(recipient)
    for ahead in range(_LOOKED_AHEAD_DAYS):
        on = today + timedelta(days=ahead)
        if standing(recipient, sent, frequency, weekday, on).outcome is Outcome.DUE:
            return on
    return None


# ---------------------------------------------------------------- what is missing


def show_missing(found: Deliveries) -> None:
    """What must be written where before anything can be sent."""
    if not found.sees_everybody:
        if found.own is None:
            layout.nothing(
                _(
                    "Your entry in access.toml has no e-mail address of yours. "
                    "Ask the dashboard's administrator to add it as “mail”."
                )
            )
        elif not found.can_send:
            layout.nothing(
                _("No mail server is set up, so no messages are sent. Ask the dashboard's administrator.")
            )
        return
    if found.config is None:
        layout.nothing(
            _("There is no delivery.toml beside the database, so no messages are sent."),
            _("Whoever runs the server sets it up, with a file like this that only its owner may read."),
        )
        st.code(_EXAMPLE, language="toml")
    elif found.config.smtp is None:
        layout.nothing(_("delivery.toml names no mail server ([smtp]), so no messages are sent."))
    if found.config is not None and not found.people:
        layout.nothing(
            _("Nobody has an address."),
            _("Addresses are “mail” in access.toml; without that file, [account_managers] in delivery.toml."),
        )


# ---------------------------------------------------------------- the messages


def show_decisions(found: Deliveries) -> None:
    """Buttons for those addresses at which a message is uncertain or was refused."""
    said = st.session_state.pop(keys.DELIVERY_RESULT, None)
    if isinstance(said, CcinsightError):
        layout.failed(said)
    elif said:
        st.success(said, icon=":material/check_circle:")
    if not found.sees_everybody or not found.to_decide:
        return
    layout.section(_("Which messages need a decision?"))
    layout.note(
        _(
            "Uncertain: the program stopped while the mail server had the message. Nothing is sent to such an address "
            "a second time unless you ask for it."
        )
    )
    by_address: dict[str, list[Message]] = {}
    for each in found.to_decide:
        by_address.setdefault(each.address, []).append(each)
    for place, (address, messages) in enumerate(by_address.items()):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(
                f"**{layout.plain(address)}**  \n" + "  \n".join(map(_said_of, messages)), width="stretch"
            )
            args = (address, language())
            st.button(_("Send again"), key=f"delivery-again-{place}", on_click=_send_again, args=args)
            if any(each.state is State.UNCERTAIN for each in messages):
                st.button(_("It arrived"), key=f"delivery-arrived-{place}", on_click=_settle, args=args)


def _said_of(message: Message) -> str:
    parts = (message.subject, message.state.label, moment(message.changed_at), message.detail)
    return layout.plain(" · ".join(part for part in parts if part))


def show_people(found: Deliveries, view: View) -> None:
    """Everybody with an address: how often, the last message and the next."""
    if not found.sees_everybody or not found.people:
        return
    layout.section(_("Who gets what when?"))
    rows = []
    for each in found.people:
        last = _last(each)
        said = f"{day(last.covers)}, {last.state.label}" if last else _("none yet")
        rows.append([each.reader.name, each.address, _frequency(each).label, said, _next(found, each)])
    log_table.show("recipients", N_("Recipients"), _PEOPLE, rows, view)


def show_messages(found: Deliveries, view: View) -> None:
    """The newest messages, those that are to be decided on first."""
    if not found.messages and not found.people:
        return
    layout.section(_("What was sent?"))
    if not found.messages:
        layout.nothing(_("No message was sent yet."))
        return
    rows = [
        [
            each.changed_at,
            each.address,
            _(_KINDS[each.kind]) if each.kind in _KINDS else each.kind,
            each.subject,
            ". ".join(part for part in (each.state.label, each.detail) if part),
        ]
        for each in found.messages
    ]
    log_table.show("messages", N_("Messages"), _MESSAGES, rows, view)


# ---------------------------------------------------------------- the next message


def show_next(found: Deliveries) -> Recipient | None:
    """How often a recipient gets messages, and what the next one would say if it went today. Gives whom it is about."""
    if not found.people:
        return None
    layout.section(_("What does the next message say?"))
    chosen = _chosen(found)
    if printing.is_on():
        layout.said(_("For"), f"{chosen.reader.name} ({chosen.address})")
        layout.said(_("How often"), _frequency(chosen).label)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        frequency = _frequency(chosen)
        key = f"delivery-frequency-{chosen.key}"
        st.session_state[key] = frequency.value
        st.segmented_control(
            _("How often"),
            [each.value for each in Frequency],
            format_func=lambda name: Frequency(name).label,
            key=key,
            required=True,
            on_change=_choose,
            args=(chosen.key, key, language()),
        )
        layout.note(_("Next: {day}").format(day=_next(found, chosen)))
    # a message is no part of the page, and is printed from the mail program
    if not printing.is_on() and (
        opened := layout.fold_on_demand(_("Preview: as it would be today"), "delivery-preview")
    ):
        with opened:
            _show_preview(found, chosen)
    return chosen


def _chosen(found: Deliveries) -> Recipient:
    if len(found.people) == 1:
        return found.people[0]
    by_key = {each.key: each for each in found.people}
    keys_ = list(by_key)
    place = keys_.index(found.own.key) if found.own and found.own.key in by_key else 0
    picked = st.selectbox(
        _("For"),
        keys_,
        index=place,
        format_func=lambda key: f"{by_key[key].reader.name} ({by_key[key].address})",
        key="delivery-for",
    )
    return by_key[picked]


def _show_preview(found: Deliveries, recipient: Recipient) -> None:
    mail, is_empty = preview(reads.database_path(), recipient, found.today, now())
    st.markdown(f"**{layout.plain(mail.subject)}**")
    if is_empty:
        layout.note(_("Nothing is due and nothing has changed: no message goes out unless all_clear is set."))
    # a data address has an origin of its own: nothing in it reaches the dashboard
    html = mail.html.replace("<head>", '<head><base target="_blank">', 1)
    data = base64.b64encode(html.encode()).decode()
    st.iframe(
        f"data:text/html;charset=utf-8;base64,{data}", height=_PREVIEW_HEIGHT, alt=_("Preview of the message")
    )


def _next(found: Deliveries, recipient: Recipient) -> str:
    """When the next message comes, in words."""
    if _frequency(recipient) is Frequency.NEVER:
        return _("never")
    when = next_day(recipient, (found.config or Delivery("")).weekday, found.today)
    return day(when) if when else _("when it is decided")


def _frequency(recipient: Recipient) -> Frequency:
    return Choices(reads.database_path()).of(recipient.key)


def _last(recipient: Recipient) -> Message | None:
    return next(iter(Messages(reads.database_path()).of(recipient.key, DIGEST)), None)


# ---------------------------------------------------------------- clicks


def require_may_change(key: str) -> None:
    """Raises CcinsightError where the reader may not change what goes to an address: a click may be forged, or late."""
    reader: Reader = session_reader.current()
    own = recipient_of(reads.database_path(), reader, now().date())
    if not navigation.shows_whole_database(reader) and (own is None or own.key != key):
        raise CcinsightError(_("You don't have the right to do this. Ask the dashboard's administrator."))


def _choose(key: str, widget: str, in_language: str) -> None:
    set_language(in_language)  # a callback runs before the page has set one
    try:
        require_may_change(key)
        Choices(reads.database_path()).choose(key, Frequency(st.session_state[widget]), now())
    except CcinsightError as error:
        st.session_state[keys.DELIVERY_RESULT] = error


def _send_again(address: str, in_language: str) -> None:
    set_language(in_language)
    try:
        require_may_change("")
        Messages(reads.database_path()).retry(address, now())
        st.session_state[keys.DELIVERY_RESULT] = _("The next run sends it to {address} again.").format(
            address=layout.plain(address)
        )
    except CcinsightError as error:
        st.session_state[keys.DELIVERY_RESULT] = error


def _settle(address: str, in_language: str) -> None:
    set_language(in_language)
    try:
        require_may_change("")
        Messages(reads.database_path()).settle(address, now())
        st.session_state[keys.DELIVERY_RESULT] = _("Noted: the message to {address} arrived.").format(
            address=layout.plain(address)
        )
    except CcinsightError as error:
        st.session_state[keys.DELIVERY_RESULT] = error
