"""The pages of the site, in order, with their names in the language in use."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import Page

from ccinsight.i18n import _

DEFAULT = "overview"


def titles() -> dict[str, tuple[str, str]]:
    """Page → its name and icon."""
    return {
        "overview": (_("Overview"), ":material/dashboard:"),
        "utilization": (_("Utilization"), ":material/support_agent:"),
        "renewals": (_("Renewals"), ":material/autorenew:"),
        "deadlines": (_("Deadlines"), ":material/event:"),
        "revenue": (_("Revenue"), ":material/payments:"),
        "leakage": (_("Leakage"), ":material/receipt_long:"),
        "price_plan": (_("Price change"), ":material/price_change:"),
        "status_meetings": (_("Status meetings"), ":material/groups:"),
        "risk": (_("Renewal risk"), ":material/trending_down:"),
        "customer": (_("Customer"), ":material/domain:"),
        "data": (_("Data"), ":material/database:"),
        "mapping": (_("Mapping"), ":material/conversion_path:"),
    }


def navigation() -> tuple[str, Page, dict[str, Page]]:
    """The name of the page asked for, the page, and all pages by name."""
    site = {
        name: st.Page(f"pages/{name}.py", title=title, icon=icon, default=name == DEFAULT)
        for name, (title, icon) in titles().items()
    }
    page = st.navigation(list(site.values()))
    return page.url_path or DEFAULT, page, site
