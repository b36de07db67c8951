"""Status meeting: one customer's meeting from agenda to what was agreed, on one page."""

import streamlit as st

from ccinsight.dashboard.pages import meeting, meeting_page, own_slides
from ccinsight.dashboard.session import address, given
from ccinsight.dashboard.session.reads import choices
from ccinsight.dashboard.session.view import current
from ccinsight.dashboard.widgets import layout
from ccinsight.i18n import _

view = current()
customer_id = address.customer_id()
if customer_id is None or customer_id not in choices(view.reader).customers:
    layout.head(_("Which status meeting?"), view, "meeting")
    layout.no_such_customer(customer_id)
    layout.nothing(
        _("Choose the meeting on the page Status meetings, or prepare it from the customer's page.")
    )
    layout.page_link("status_meetings", _("Status meetings"), ":material/groups:")
    given.end()
    st.stop()

view = view.only(customer_id)
name = choices(view.reader).customers[customer_id]
layout.head(_("Status meeting: {customer}").format(customer=name), view, "meeting")
with st.container(horizontal=True, gap="small", key="meeting-links"):
    layout.page_link("customer", _("The customer"), ":material/domain:", id=customer_id)
    layout.page_link("status_meetings", _("Status meetings"), ":material/groups:")
at = meeting.meeting(view.report("status_meetings"), customer_id, view)
if at is None:
    layout.nothing(_("No agreement is in force on this day, so there is no status meeting to hold."))
    given.end()
    st.stop()
place = st.container()
own_slides.choose()
with place:
    meeting.downloads(at)
with st.container(key="meeting"):
    meeting_page.show(at)
