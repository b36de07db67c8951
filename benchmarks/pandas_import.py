"""What an import of tickets takes in pandas: the same file read, checked and stored, column by column.

Values are mapped, times and numbers parsed, contacts hashed, bad rows kept apart with their reason, and the rest
is stored in a Parquet file: what a person would write who has pandas and no database. Leaves out all forms of
dates and numbers but the file's own, lines that are no records, names of customers, the log and the models.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import pandas as pd

from ccinsight.ingest.catalogue import exports, match_headers, value_of
from ccinsight.settings.model import Settings

_MOMENT = "%d.%m.%Y %H:%M:%S"
_MOMENTS = ("opened_at", "first_reply_at", "closed_at")
_MINUTES = ("minutes_spent", "minutes_to_invoice")


def import_tickets(path: Path, target: Path, settings: Settings) -> tuple[Path, Path]:
    """Reads a Windows-1252 file into a Parquet file, and its bad rows into another."""
    export = exports()["tickets"]
    texts = pd.read_csv(path, sep=";", encoding="cp1252", dtype=str, na_values=[""], on_bad_lines="skip")
    names = match_headers(export, list(texts.columns), settings).columns
    texts = texts.iloc[:, list(names.values())].set_axis(list(names), axis="columns")
    texts = texts.apply(lambda column: column.str.strip())
    parsed = texts.copy()
    for name in _MOMENTS:
        parsed[name] = pd.to_datetime(texts[name], format=_MOMENT, errors="coerce")
    for name in _MINUTES:
        parsed[name] = pd.to_numeric(texts[name].str.replace(",", "."), errors="coerce")
    for name, type_ in export.columns.items():
        if type_ == "choice" and name in texts:
            distinct = texts[name].dropna().unique()
            parsed[name] = texts[name].map(
                {text: value_of("tickets", name, text, settings) for text in distinct}
            )
    parsed["contact"] = texts["contact"].map(_hashes(texts["contact"]))
    reason = _reasons(texts, parsed)
    is_good = reason.isna()
    good = parsed[is_good].drop_duplicates("ticket_id", keep="last")
    good.to_parquet(target)
    rejects = target.with_suffix(".rejects.parquet")
    texts[~is_good].assign(reason=reason).to_parquet(rejects)
    return target, rejects


def _hashes(contacts: pd.Series) -> dict[str, str]:
    key = hashlib.sha256(b"benchmark").digest()
    distinct = contacts.dropna().unique()
    return {text: hmac.new(key, text.encode(), "sha256").hexdigest()[:32] for text in distinct}


def _reasons(texts: pd.DataFrame, parsed: pd.DataFrame) -> pd.Series:
    """Why a row is bad, by its first bad column; missing where it is good."""
    reason = pd.Series(pd.NA, index=texts.index, dtype="object")
    for name in ("ticket_id", "customer_id", "opened_at"):
        reason = reason.mask(reason.isna() & texts[name].isna(), f"{name} is empty")
    for name in (*_MOMENTS, *_MINUTES):
        is_bad = texts[name].notna() & parsed[name].isna()
        reason = reason.mask(reason.isna() & is_bad, f"{name} can't be read")
    for name in ("first_reply_at", "closed_at"):
        is_early = parsed[name] < parsed["opened_at"]
        reason = reason.mask(reason.isna() & is_early, f"{name} before the ticket was opened")
    return reason
