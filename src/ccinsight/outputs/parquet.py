"""A report as Parquet: column names and codes, with the report and its filters as metadata."""

from __future__ import annotations

import io

import pyarrow as pa

from ccinsight.outputs.cells import Head
from ccinsight.registry import Report


def to_parquet(table: pa.Table, report: Report | None, head: Head | None) -> bytes:
    """The table with its own types."""
    said = {"report": report.name} if report else {}
    if head:
        said |= {"as_of": head.as_of.isoformat(), **dict(head.filters)}
    import pyarrow.parquet as pq  # here: a server that nobody asks for a file need not hold them

    out = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({**(table.schema.metadata or {}), **said}), out)
    return out.getvalue()
