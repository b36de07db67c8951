"""The least that a page can be: one filter, one query, one table. The real pages are held against it."""

import os

import duckdb
import streamlit as st


@st.cache_resource
def connection() -> duckdb.DuckDBPyConnection:
    """One read-only connection a process."""
    return duckdb.connect(
        os.environ["CCINSIGHT_DATABASE"], read_only=True, config={"memory_limit": "256MiB", "threads": "2"}
    )


cursor = connection().cursor()
managers = cursor.execute("select distinct account_manager from main.agreements order by all").fetchall()
with st.sidebar:
    chosen = st.multiselect("Account manager", [name for (name,) in managers if name])
query = """
    select date_trunc('month', t.opened_at) as month, count(*) as tickets
    from main.tickets as t
    where
        t.customer_id in (
            select a.customer_id from main.agreements as a
            where len($managers) = 0 or list_contains($managers, a.account_manager)
        )
    group by 1
    order by 1
"""
st.dataframe(cursor.execute(query, {"managers": chosen}).df())
