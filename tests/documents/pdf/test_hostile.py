"""Texts of others stay texts: what looks like Typst, control characters, other scripts, very long names."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.documents.brief import Brief, Sources, make_brief
from ccinsight.documents.brief.model import Point
from ccinsight.documents.pdf import write_pdf
from ccinsight.documents.pdf.glyphs import _coverage, drawable, with_breaks
from ccinsight.settings.model import Deck
from tests.documents.deck.companies import AS_OF, SETTINGS
from tests.documents.pdf.reading import opened, squeezed, whole_text
from tests.reports.companies import agreement, company, count, meeting, ticket

TYPST = (
    '#panic("x")',
    "$x^2$",
    "\\ \\u{41}",
    "@missing",
    "<script>alert(1)</script>",
    "*a* _b_ `c` = d",
    "#{",
    "```",
)
SCRIPTS = "שלום عربي Привет Ωμέγα 漢字 😀👩‍👩‍👧 é̈x̌ 1️⃣ a\u202eb\u200fc"
BAD = "a\x0bb\x07c\x00d\uffffe\x1bf\x0cg"


@pytest.fixture(scope="module")
def brief() -> Brief:
    texts = [*TYPST, SCRIPTS, BAD, "W" * 300, "navn " * 60]
    house = company(
        SETTINGS,
        agreements=[
            agreement(
                f"A-{n}-{text}"[:320],
                customer_name=f"{TYPST[0]} {TYPST[4]} {SCRIPTS} {BAD} {'W' * 300}",
                account_manager=text,
                product=f"Produkt {text}",
                registered_users=20,
                price_basis="contract",
                price_per_user="1200",
            )
            for n, text in enumerate(texts)
        ],
        user_counts=[count(date(2026, 1, 10), 20, active_users=6)],
        tickets=[
            ticket(
                f"T-{n} {text}",
                datetime(2026, 1, 2 + n, 9),
                category="Nede" if n == 1 else text,
                title=text,
                contact=text,
                minutes_spent="30",
            )
            for n, text in enumerate(texts)
        ],
        meetings=[meeting("M-1", held_on=date(2025, 5, 6))],
    )
    made = make_brief(Sources(house, AS_OF, SEES_ALL, ("1",)), "1", "en")
    points = tuple(Point(text, text) for text in texts)
    return replace(
        made, agenda=tuple(texts), agreed="\n".join(texts), possibilities=points, is_agenda_proposed=False
    )


def test_what_looks_like_typst_is_printed_as_it_is(brief: Brief) -> None:
    pdf = write_pdf(brief, Deck(partner=TYPST[0]))
    text = whole_text(pdf)
    for each in ('#panic("x")', "$x^2$", "\\u{41}", "@missing", "<script>alert(1)</script>", "#{", "```"):
        assert each in text
    for each in ("שלום", "Привет", "Ωμέγα"):
        assert each in text or each[::-1] in text
    assert "\u202e" not in text
    # the whole of a long name, over as many lines as it takes
    assert "W" * 300 in squeezed(text)
    assert opened(pdf).metadata is not None


def test_whatever_the_fonts_can_draw_can_be_set(brief: Brief) -> None:
    dice = random.Random(7)
    letters = sorted(frozenset().union(*_coverage()))
    drawn = "".join(chr(letter) for letter in letters if letter > 31)
    mixed = "".join(
        chr(dice.choice(letters)) + dice.choice(("", "", "\u030c", "\ufe0f", "\u200d")) for _n in range(3_000)
    )
    lines = [text[at : at + 400] for text in (drawn, mixed) for at in range(0, len(text), 400)]
    pdf = write_pdf(replace(brief, agenda=tuple(lines), possibilities=(), agreed=""), Deck())
    assert pdf.startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Blåbær & Søn AS", "Blåbær & Søn AS"),
        ("a\u202eb\u200bc", "abc"),
        ("漢", "□"),
        ("\u2028", " "),
        ("e\u0301", "é"),
        ("\ue000", "□"),
    ],
)
def test_what_no_font_has_becomes_a_square(text: str, shown: str) -> None:
    assert drawable(text) == shown


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Eiendomsforvaltningsselskap", ["Eiendomsforvaltningsselskap"]),
        ("AVTALE-2019-00001", ["AVTALE-", "2019-", "00001"]),
        ("01.11.2026", ["01.11.2026"]),
        ("x" * 41, ["x" * 12, "x" * 12, "x" * 12, "x" * 5]),
    ],
)
def test_where_a_long_word_may_be_broken(text: str, parts: list[str]) -> None:
    assert with_breaks(text).split("\N{ZERO WIDTH SPACE}") == parts
