"""The DuckDB file: built beside and swapped, opened by older and newer versions, read by reports."""
