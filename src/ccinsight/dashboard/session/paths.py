"""Paths of pages, under the base path that the server has."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from ccinsight.dashboard.navigation import PAGES


def path(page: str) -> str:
    """The page's place under the server's address: the overview is the root."""
    return "" if page == "overview" else page


def root() -> str:
    """The server's address without page and query, as the browser knows it; empty without a browser."""
    url = (st.context.url or "").partition("?")[0].rstrip("/")
    if base_path := st.get_option("server.baseUrlPath"):  # which may end as a page is called
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}{base_path}"
    head, _slash, last = url.rpartition("/")
    return head if last in PAGES else url


def root_path() -> str:
    """The path under which the site is served, for a cookie."""
    return f"{urlsplit(root()).path.rstrip('/')}/"
