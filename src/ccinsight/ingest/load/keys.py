"""SQL for the keys of stored rows: repeated in a file, or replaced by a later file."""

from __future__ import annotations

from ccinsight.ingest.catalogue import CUSTOMER_COLUMNS, Export
from ccinsight.ingest.statements import statement


def find_repeated(export: Export, is_among: bool) -> str:
    """Creates a table `repeated`: keys that come more than once in a file, with the last line. Bind: $file_id.

    ``is_among``: only keys of a list, which are whole numbers. Bind them too: $among.
    """
    key = key_text(export, "r")
    among = statement("keys.among", key=key) if is_among else ""
    return statement("keys.find_repeated", key=key, export=export.name, among=among)


def log_conflicts(export: Export) -> str:
    """Logs the keys in `repeated` whose rows have different contents. Bind: $file_id."""
    contents = ", ".join(f"r.{name}" for name in export.columns)
    return statement("keys.log_conflicts", key=key_text(export, "r"), export=export.name, contents=contents)


def drop_repeated(export: Export) -> str:
    """Deletes the rows of a file whose key comes again later in it. Bind: $file_id."""
    return statement("keys.drop_repeated", key=key_text(export, "r"), export=export.name)


def has_older(export: Export) -> str:
    """A row if the export has rows of other files. Bind: $file_id."""
    return statement("keys.has_older", export=export.name)


def drop_older(export: Export) -> str:
    """Deletes the rows of other files whose keys this file has. Bind: $file_id."""
    key = key_text(export, "r")
    return statement("keys.drop_older", key=key, export=export.name, keys_of_file=_keys_of_file(export))


def drop_mended(export: Export) -> str:
    """Deletes the rejects of other files that this file mends or brings again. Bind: $file_id, $export."""
    return statement("keys.drop_mended", keys_of_file=_keys_of_file(export))


def key_text(export: Export, row: str) -> str:
    """The whole key of a row as one text, as rejects keep it. ``row``: the row's alias."""
    return " || '|' || ".join(_key_part(export, column, row) for column in export.key)


def _keys_of_file(export: Export) -> str:
    return statement("keys.keys_of_file", key=key_text(export, "n"), export=export.name)


def _key_part(export: Export, column: str, row: str) -> str:
    """A key column as text. The key of a count without a customer's id is the number or name as it came."""
    if export.name == "user_counts" and column == "customer_id":
        return f"coalesce({', '.join(f'{row}.{each}' for each in CUSTOMER_COLUMNS)})"
    return f"coalesce(cast({row}.{column} as varchar), '')"
