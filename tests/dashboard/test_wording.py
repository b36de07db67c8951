"""The words that colleagues found wrong are gone from every text, in both languages, and counts agree in number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2] / "src/ccinsight"
_NORWEGIAN = (
    r"må varsles om pris innen 30",
    r"\bfornyes innen \{",
    r"\bfrist(er)? kommer\b",
    r"\b[Gg]jør innen\b",
    r"\bovertid\b",
    r"\buteble\b",
    r"\b[Hh]elst før\b",
    r"^Tilstand$",
    r"\b[Vv]ente(t|de) (faktura|beløp)",
    r"\bVunnet\b",
    r"Tapt ved den valgte",
    r"\b[Vv]arselet når\b",
    r"\b[Tt]renger (en )?direkte avtale",
    r"\bKonsulent ikke fakturert",
    r"% av dem\b",
    r"\bukjent bruker",
    r"\b1 (avtaler|saker|brukere|kunder|rader|møter)\b",
    r"\b[Ss]kåre?n?\b",
    r"\b[Kk]jent vekt\b",
    r"\bpå fortiden\b",
    r"\bStillhet\b",
    r"^Kobling$|^Ble til$|^Art$|^Er kolonnen$",
    r"la importen(e)? merke|Hva blir innstillingene|Begynn på nytt",
    r"\bhar et problem\b|^Gode$|^Avvist$",
    r"\b[Ff]orbigått\b",
    r"\b[Rr]etensjon|\bÅrganger\b|\b[Bb]le kjent eller|\bTilbake igjen\b",
    r"Forbered (ett|én|flere) møter?",
    r"\btilgang nede\b|\bi median\b",
    r"\bdagsorden",
)
_ENGLISH = (
    r"^(Act|Do) by$",
    r"\bdeadlines? comes?\b",
    r"\b[Oo]vertime\b",
    r"\b1 (agreements|tickets|users|customers|rows|meetings)\b",
    r"\bunknown users\b",
    r"^Silence$|^Known weight$|^Won a year$",
    r"\bneeds? a direct agreement",
    r"\bover \{[a-z]+\} of them\b",
)
# A count with a placeholder and a noun in the plural, in a text without a singular. Those here are never 1.
_COUNTED = re.compile(
    r"\{(count|days|months|rows|users|tickets|agreements|customers|points)\} (av \{\w+\} )?"
    r"(avtaler|saker|brukere|kunder|dager|rader|møter|måneder|perioder|linjer|filer|frister|fornyelser|punkter)\b"
)
_NEVER_ONE = {
    "none within {days} days",
    "{value} is not billed, of periods begun in the last {months} months",
    "For information, within {days} days: {dates}",
    "A reminder comes 0 to {days} days before.",
    "{count} of {all} rows",
    "{count} days",
    "{count} months",
    "{count} rows",
    "{count} users",
    "{count} tickets per user in the last twelve months at {customers}",
    "{count} tickets in {months} months, {last} in the last one.",
    "{days} days before",
    "No duty is overdue or due within {days} days",
    "Overdue or within {days} days",
    "{count} customers, the first 100 shown. Type more to narrow them down.",
    "{dates} within {days} days: {parts}. The first is {kind} for {name} on {day}.",
}


def _texts(language: str) -> list[tuple[str, list[str]]]:
    """Message id → its texts in the language; in English also those that no catalogue has: the ids themselves."""
    with (ROOT / f"locale/{language}/LC_MESSAGES/ccinsight.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    found = []
    for message in catalogue:
        if message.id:
            ids = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
            texts = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
            found.append((ids[0], [str(text) for text in texts]))
    return found


@pytest.mark.parametrize("wrong", _NORWEGIAN)
def test_the_wrong_norwegian_is_gone(wrong: str) -> None:
    own = (ROOT / "rules" / "suggestions.toml").read_text(encoding="utf-8").splitlines()
    texts = [text for _id, of_one in _texts("nb") for text in of_one]

    assert [text for text in [*texts, *own] if re.search(wrong, text)] == []


@pytest.mark.parametrize("wrong", _ENGLISH)
def test_the_wrong_english_is_gone(wrong: str) -> None:
    ids = [text for text, _norwegian in _texts("nb")]
    plurals = [text for _id, of_one in _texts("en") for text in of_one]

    assert [text for text in [*ids, *plurals] if re.search(wrong, text)] == []


def test_a_count_has_a_singular() -> None:
    """“1 avtale”, never “1 avtaler”: a text with a count and a plural noun is a pair in the catalogue."""
    single = [key for key, texts in _texts("nb") if len(texts) == 1 and _COUNTED.search(texts[0])]

    assert sorted(set(single) - _NEVER_ONE) == []


@pytest.mark.parametrize(
    ("english", "norwegian"),
    [
        ("Last working day", "Siste arbeidsdag"),
        ("Overdue status meetings", "Forfalte statusmøter"),
        ("Hold before", "Bør holdes før"),
        ("Expected invoice lines", "Forventede fakturalinjer"),
        ("Must be agreed with the customer", "Må avtales med kunden"),
        ("Share known", "Andel kjent grunnlag"),
        ("Read as", "Tolket som"),
        ("Newer ticket answered first", "Nyere sak besvart først"),
        ("Agenda", "Agenda"),
    ],
)
def test_the_right_words_are_there(english: str, norwegian: str) -> None:
    assert dict(_texts("nb"))[english] == [norwegian]
