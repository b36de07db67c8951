"""Delivery: who gets which messages when, what became of them, calendars, programs, and watched folders."""

from ccinsight.dashboard.pages import access_tokens, alerts, calendar_feeds, delivery, watched
from ccinsight.dashboard.session.view import current
from ccinsight.dashboard.widgets import layout
from ccinsight.i18n import _

view = current()
found = delivery.read(view)
layout.head(found.title(), view, "delivery")
delivery.show_missing(found)
delivery.show_decisions(found)
delivery.show_people(found, view)
chosen = delivery.show_next(found)
alerts.show(chosen)
delivery.show_messages(found, view)
layout.section(_("Which calendars follow the data?"))
calendar_feeds.show_all(view.reader)
access_tokens.show(view.reader)
watched.show(view)
