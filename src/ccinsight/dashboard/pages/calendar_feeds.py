"""Calendars that subscribe: a reader makes an address, sees their own, and revokes them."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from ccinsight.access import Reader
from ccinsight.clock import now
from ccinsight.dashboard import navigation
from ccinsight.dashboard.session import activity, keys, paths, reads
from ccinsight.dashboard.session import reader as session_reader
from ccinsight.dashboard.widgets import layout, token_rows
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, language, set_language
from ccinsight.integrations.delivery.feeds import (
    CONTENTS,
    DEFAULT_ALARM_DAYS,
    MOST_ALARM_DAYS,
    Feed,
    Feeds,
    feed_address,
)
from ccinsight.notes.activity import Action

_CONTENTS, _ALARM = "feed-contents", "feed-alarm"


def popover(reader: Reader) -> None:
    """A button that opens what a reader can do about their subscriptions."""
    with st.popover(_("Subscribe in the calendar"), icon=":material/calendar_month:"):
        show(reader)


def show(reader: Reader) -> None:
    """Makes, lists and revokes. A calendar that subscribes follows each import by itself."""
    layout.note(
        _(
            "An address for Outlook, Google or Apple Calendar. The calendar follows the data by itself: what is done "
            "or no longer holds disappears, and corrected dates move."
        )
    )
    said = st.session_state.get(keys.FEED_MADE)
    if isinstance(said, CcinsightError):
        layout.failed(said)
    elif said:
        _show_new(said)
    st.radio(_("What it holds"), list(CONTENTS), format_func=lambda name: _(CONTENTS[name]), key=_CONTENTS)
    st.number_input(
        _("Remind so many days before (0: never)"), 0, MOST_ALARM_DAYS, DEFAULT_ALARM_DAYS, key=_ALARM
    )
    st.button(
        _("Make an address"),
        key="feed-make",
        icon=":material/add_link:",
        type="primary",
        on_click=_make,
        args=(paths.root(), language()),
    )
    show_own(reader)


def show_own(reader: Reader) -> None:
    """The reader's subscriptions, each with a button that ends it."""
    _show(Feeds(reads.database_path()).of(reader))


def show_all(reader: Reader) -> None:
    """Everybody's for those who see the whole database, else the reader's own; and how to make one."""
    feeds = Feeds(reads.database_path())
    found = feeds.active() if navigation.shows_whole_database(reader) else feeds.of(reader)
    if not found:
        layout.nothing(_("No calendar is subscribed to the duties or dates yet."))
    _show(found, place="all", with_names=navigation.shows_whole_database(reader))
    popover(reader)


def _show(feeds: Iterable[Feed], place: str = "own", *, with_names: bool = False) -> None:
    lines = ((feed.feed_id, _line(feed, with_names=with_names)) for feed in feeds)
    token_rows.rows(lines, "feed", place, _revoke, _("The address opens nothing from now on."))


def _line(feed: Feed, *, with_names: bool) -> str:
    said = token_rows.said_of(feed.made_at, feed.fetched_at)
    who = (feed.address or feed.reader_key or _("all customers")) if with_names else ""
    return f"**{_(CONTENTS[feed.contents])}**  \n" + layout.plain(f"{who} · {said}" if who else said)


def _show_new(address: str) -> None:
    """The address, which can't be shown again, and what to do with it."""
    token_rows.show_once(
        _("**Copy the address now.** It isn't shown again, and whoever has it reads the calendar."),
        address,
        _(
            "- **Outlook**: *Add calendar*, then *Subscribe from web*\n"
            "- **Google**: *Other calendars*, *+*, then *From URL*\n"
            "- **Apple**: *File*, then *New Calendar Subscription*"
        ),
        "feed",
        _forget_address,
    )


def _make(root: str, in_language: str) -> None:
    set_language(in_language)  # a callback runs before the page has set one
    session, database = st.session_state, reads.database_path()
    try:
        contents, alarm_days = session[_CONTENTS], int(session[_ALARM])
        _feed, token = Feeds(database).add(session_reader.current(), contents, alarm_days, in_language, now())
        session[keys.FEED_MADE] = feed_address(database, token, root)
        activity.record(Action.CALENDAR, contents)
    except CcinsightError as error:
        session[keys.FEED_MADE] = error


def _revoke(feed_id: int, in_language: str) -> None:
    set_language(in_language)
    _forget_address()
    try:
        reader = session_reader.current()
        everybody = navigation.shows_whole_database(reader)
        if Feeds(reads.database_path()).revoke(feed_id, now(), None if everybody else reader):
            activity.record(Action.REVOKE)
    except CcinsightError as error:
        st.session_state[keys.FEED_MADE] = error


def _forget_address() -> None:
    st.session_state.pop(keys.FEED_MADE, None)
