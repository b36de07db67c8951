"""A figure on a slide is whole: in a 4:3 template, in a narrow one, in another font, however large the amount."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import ImageFont
from pptx import Presentation
from pptx.util import Inches, Pt

from ccinsight.database.warehouse import Warehouse
from ccinsight.documents import deck
from ccinsight.documents.deck import letter_widths, text_fit
from ccinsight.settings.model import Deck
from tests.documents.deck import companies
from tests.documents.deck.briefs import brief_of
from tests.documents.deck.companies import SETTINGS
from tests.documents.deck.office import NARROW, WIDE, font_files
from tests.documents.deck.reading import faults, opened, render, texts, words_outside
from tests.reports.companies import agreement, company, count, meeting, ticket

_POINT = 12_700


def _company(users: int, rate: str, agreement_id: str = "A-1") -> Warehouse:
    return company(
        SETTINGS,
        agreements=[
            agreement(agreement_id, price_basis="contract", price_per_user=rate, registered_users=users)
        ],
        user_counts=[count(date(2026, 2, 1), users, active_users=users - 1)],
        tickets=[
            ticket(
                f"T-{n}",
                datetime(2025, 6, 2 + n, 9),
                category="Nede" if n else "Utskrift",
                contact=f"p{n}",
                minutes_spent="45",
                first_reply_at=datetime(2025, 6, 2 + n, 9, 40),
            )
            for n in range(2)
        ],
        meetings=[meeting("M-1", planned_on=date(2025, 5, 1), held_on=date(2025, 5, 6))],
    )


def _template(path: Path, wide: float, tall: float, content: float) -> Path:
    """A plain template, so many inches wide and tall, whose content placeholder is ``content`` inches wide."""
    show = Presentation()
    sheets = (show.slide_master, *show.slide_layouts)
    stand = [(p, p.left, p.top, p.width, p.height) for sheet in sheets for p in sheet.placeholders]
    for each, *sides in stand:
        across, down = wide / 10, tall / 7.5
        each.left, each.top, each.width, each.height = (
            round(side * scale) for side, scale in zip(sides, (across, down, across, down), strict=True)
        )
    show.slide_width, show.slide_height = Inches(wide), Inches(tall)
    layout: Any = show.slide_layouts[1]
    for placeholder in layout.placeholders:
        if placeholder.placeholder_format.idx == 1:
            placeholder.left, placeholder.top = Inches(0.4), Inches(1.6)
            placeholder.width, placeholder.height = Inches(content), Inches(tall - 2.5)
    show.save(str(path))
    return path


def _lines(slide: Any) -> Iterator[tuple[str, float, float]]:
    """Each paragraph of text boxes, cards and tables, with its size and the width that it has, in points."""
    for shape in slide.shapes:
        if shape.has_text_frame and not shape.is_placeholder:
            frame = shape.text_frame
            room = (shape.width - frame.margin_left - frame.margin_right) / _POINT
            frames = [(frame, room)]
        elif getattr(shape, "has_table", False) and shape.has_table:
            frames = [
                (cell.text_frame, (column.width - cell.margin_left - cell.margin_right) / _POINT)
                for row in shape.table.rows
                for cell, column in zip(row.cells, shape.table.columns, strict=True)
            ]
        else:
            continue
        for frame, room in frames:
            for paragraph in frame.paragraphs:
                for run in paragraph.runs:
                    yield run.text, run.font.size.pt, room


def _said(file: bytes) -> str:
    return "\n".join(text for slide in opened(file).slides for text in texts(slide.shapes))


SIZES = {
    "4:3": (10, 7.5, 9.0),
    "16:9": (13.333, 7.5, 12.3),
    "narrow": (10, 7.5, 5.2),
    "small": (7.5, 5.6, 6.7),
}


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("templates")
    return {
        name: _template(folder / f"{number}.pptx", *size) for number, (name, size) in enumerate(SIZES.items())
    }


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize(
    ("language", "users", "rate", "amount"),
    [("nb", 1_400, "1200", "1 680 000"), ("en", 9_999, "98765.43", "987 555 535")],
)
def test_the_value_of_the_agreement_is_whole_in_any_template(
    templates: dict[str, Path], name: str, language: str, users: int, rate: str, amount: str
) -> None:
    file = deck.deck(brief_of(_company(users, rate), language), Deck(), templates[name])

    wanted = amount.replace(" ", "\N{NO-BREAK SPACE}" if language == "nb" else ",") + "\N{NO-BREAK SPACE}kr"
    summary = opened(file).slides[1]
    assert wanted in list(texts(summary.shapes))[1:] or any(
        wanted == text.split("\n")[0] for text in texts(summary.shapes)
    )
    assert not re.search(r"\d[\d.,\N{NO-BREAK SPACE}]*…", _said(file))
    for slide in opened(file).slides:
        for text, size, room in _lines(slide):
            for figure in text_fit.figures(text):
                assert text_fit.width(figure, size) <= room, (figure, size, room)


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("make", [companies.crowded, companies.plain])
def test_a_template_of_any_shape_has_nothing_on_another(
    templates: dict[str, Path], name: str, make: Callable[[], Warehouse]
) -> None:
    brief = brief_of(make(), "nb")

    assert faults(deck.deck(brief, Deck(), templates[name])) == []


def test_a_small_share_of_many_users_is_on_the_slides() -> None:
    said = _said(deck.deck(brief_of(_company(1_400, "1200"), "nb"), Deck()))

    assert "0,1\N{NO-BREAK SPACE}%" in said
    assert "99,9\N{NO-BREAK SPACE}%" in said
    assert not re.search(r"(?<![\d,])(0|100)\N{NO-BREAK SPACE}%", said)


@pytest.mark.parametrize("font", [NARROW, WIDE])
def test_a_four_by_three_deck_fits_as_it_is_drawn(
    templates: dict[str, Path], font: str, tmp_path: Path, missing: Callable[[str], None]
) -> None:
    file = deck.deck(brief_of(_company(10_288, "1200"), "nb"), Deck(), templates["4:3"])

    assert words_outside(file, render(file, tmp_path, missing, font)) == []


# --- Fonts


@pytest.mark.parametrize("family", [NARROW, WIDE])
@pytest.mark.parametrize("bold", [False, True])
def test_no_text_is_wider_in_a_font_than_it_is_measured(
    family: str, bold: bool, missing: Callable[[str], None]
) -> None:
    name = f"{family.replace(' ', '')}-{'Bold' if bold else 'Regular'}.ttf"
    files = [
        file for file in font_files(family) if file.name == name.replace("DejaVuSans-Regular", "DejaVuSans")
    ]
    if not files:
        missing(f"the font {family} is not installed")
    for text in [
        *letter_widths.REGULAR,
        "Per 15.03.2026 · Nordnorsk Havbruks- og Fiskeforedlingsindustri",
        "Čálliid Lágádus, Kárášjohka – «Buorre beaivi»",
        "1\N{NO-BREAK SPACE}680\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr",
    ]:
        drawn = ImageFont.truetype(str(files[0]), 1000, layout_engine=ImageFont.Layout.BASIC).getlength(text)
        assert drawn <= text_fit.width(text, 1000, bold), text


@pytest.mark.parametrize(
    ("font", "is_fixed"), [("Segoe UI", True), ("Nobody's Own", True), ("Calibri", False)]
)
def test_lines_of_a_font_that_may_be_taller_are_as_tall_as_measured(
    tmp_path: Path, font: str, is_fixed: bool
) -> None:
    template = _template(tmp_path / "template.pptx", *SIZES["4:3"])
    show = Presentation(str(template))
    for relation in show.slide_master.part.rels.values():
        if relation.reltype.endswith("/theme"):
            blob = re.sub(
                rb'latin typeface="[^"]*"', f'latin typeface="{font}"'.encode(), relation.target_part.blob
            )
            relation.target_part._blob = blob
    show.save(str(template))

    file = deck.deck(brief_of(companies.crowded(), "nb"), Deck(), template)

    spacings = {
        (run.font.size.pt, paragraph.line_spacing)
        for slide in opened(file).slides
        for shape in slide.shapes
        for frame in _frames(shape)
        for paragraph in frame.paragraphs
        for run in paragraph.runs
        if run.font.size is not None
    }
    assert len(spacings) > 3
    for size, spacing in spacings:
        assert spacing == (Pt(round(size * text_fit.LINE, 1)) if is_fixed else None)


def _frames(shape: Any) -> list[Any]:
    if getattr(shape, "has_table", False) and shape.has_table:
        return [cell.text_frame for row in shape.table.rows for cell in row.cells]
    return [shape.text_frame] if shape.has_text_frame else []


# --- Cutting


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1\N{NO-BREAK SPACE}680\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr", None),
        ("rabatt siste 12 md. på alle timer", "rabatt siste…"),
        ("Brukerstøtte med et langt navn", "Brukerstøtte…"),
        ("kort", None),
    ],
)
def test_an_ellipsis_stands_in_no_figure(text: str, shown: str | None) -> None:
    room = text_fit.width("rabatt siste 1…", 12)

    assert text_fit.shorten(text, 12, room, 1) == (shown or text)


def test_what_is_cut_fits_whatever_the_room() -> None:
    text = "Avtale A-1: 1\N{NO-BREAK SPACE}680\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr fra 01.04.2026, 12 brukere"

    for room in range(20, 400, 7):
        shown = text_fit.shorten(text, 12, room, 2)
        assert shown == text or len(text_fit.wrap(shown, 12, room)) <= 2 or shown == "…"
        assert not re.search(r"\d[\d.,\N{NO-BREAK SPACE}]*…", shown), shown
