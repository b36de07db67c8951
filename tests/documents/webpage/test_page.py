"""The page shared with a customer: the content of the PDF, in one file that loads and runs nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.documents.brief import Brief, Sources, make_brief
from ccinsight.documents.brief.model import Point, speaking
from ccinsight.documents.content import chapters
from ccinsight.documents.content.look import OURS, _contrast_with_white, readable_on_dark
from ccinsight.documents.webpage import write_page
from ccinsight.settings.model import Deck
from tests.documents.deck import companies

LOOK = Deck(partner="Fjell CRM AS", colour="#9b1b5e")
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 6"><path d="M1 5 4 1 7 5z"/></svg>'
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>alert(2)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(3)",
    "a\x0bb\x00c &amp; 'd' \u202egnp.exe",
)
_VOID = {"meta", "br", "img"}


@dataclass
class _Read(HTMLParser):
    """What a browser makes of a page: its elements with attributes, and its texts."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.texts += [value for name, value in attrs if name == "aria-label" and value]
        if tag not in _VOID:
            self.waiting.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.waiting.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.waiting and self.waiting[-1] != "style":
            self.texts.append(data)

    def tags(self) -> list[str]:
        return [tag for tag, _attributes in self.elements]

    def text(self) -> str:
        return _squeezed(" ".join(self.texts))


def _read(page: bytes) -> _Read:
    found = _Read()
    found.feed(page.decode())
    found.close()
    assert not found.waiting
    return found


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _brief(name: str, language: str) -> Brief:
    sources = Sources(getattr(companies, name)(), companies.AS_OF, SEES_ALL, ("1",))
    return make_brief(sources, "1", language)


@pytest.fixture(scope="module")
def plain() -> Brief:
    return _brief("plain", "nb")


def _said(value: Any) -> Iterator[str]:
    """Every text of blocks that a reader of the PDF sees or hears."""
    match value:
        case str():
            yield value
        case list() | tuple():
            for each in value:
                yield from _said(each)
        case dict():
            # bars stand in a table of numbers, which needs no text in its place; of many months three are named
            left_out = {"kind", "key", "alt", "labels" if value.get("kind") == "lines" else "kind"}
            for name, each in value.items():
                if name not in left_out:
                    yield from _said(each)


@pytest.mark.parametrize(("name", "language"), [("bare", "en"), ("plain", "nb")])
def test_all_that_the_pdf_says_stands_on_the_page(plain: Brief, name: str, language: str) -> None:
    brief = plain if name == "plain" else _brief(name, language)
    page = _read(write_page(brief, LOOK))
    text = page.text()

    with speaking(language):
        made = chapters.all_of(brief, 12)
    lines = [_squeezed(line) for line in _said(made)]
    assert [line for line in lines if line not in text] == []
    assert len(lines) > 20
    assert dict(page.elements[0][1]) == {"lang": language}


def test_worked_out_by_hand(plain: Brief) -> None:
    page = _read(write_page(plain, LOOK))
    text = page.text()

    # 9 users at 1 000: the price of 2026 was announced too late to reach the renewal of 1 April 2026
    for said in ("9 000 kr", "67 %", "T-1 Ingen kommer inn", "Per 15.03.2026 · Kunde 1 AS · Fjell CRM AS"):
        assert said in text
    assert "Siste 12 md.: 16.03.2025 til 15.03.2026" in text
    assert "høyere enn hos 100 % av dem" in text
    assert "Hemmelig notat" not in text
    alts = [each["aria-label"] for tag, each in page.elements if tag == "svg" and each.get("role") == "img"]
    assert any("jun. 2025 1" in (alt or "") or "jun 2025 1" in (alt or "") for alt in alts)


def test_headings_keep_their_order_and_tables_their_heads(plain: Brief) -> None:
    page = _read(write_page(plain, LOOK))
    levels = [int(tag[1]) for tag in page.tags() if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    heads = [each for tag, each in page.elements if tag == "th"]
    assert len(heads) > 40 and all(each.get("scope") in ("col", "row", "colgroup") for each in heads)
    assert page.tags().count("thead") == page.tags().count("table") >= 8
    for tag, each in page.elements:
        if tag == "svg":
            assert each.get("aria-label") or each.get("aria-hidden") == "true"


def test_texts_of_others_stay_texts(plain: Brief) -> None:
    before = _read(write_page(plain, LOOK)).tags()
    points = tuple(Point(text, text) for text in HOSTILE)
    said = replace(
        plain,
        customer_name=" ".join(HOSTILE),
        account_manager=HOSTILE[1],
        agenda=HOSTILE,
        is_agenda_proposed=False,
        agreed="\n".join(HOSTILE),
        possibilities=points,
    )
    content = write_page(said, Deck(partner=HOSTILE[2]))
    page = _read(content)

    assert set(page.tags()) <= {*before, "ul", "li"}
    assert "script" not in page.tags() and "img" not in page.tags()
    for _tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "href", "src")]
    for text in HOSTILE[:5]:
        assert text in page.text()
    assert "abc &amp; 'd' gnp.exe" in page.text().replace("a b", "ab")
    assert "\u202e" not in content.decode()


def test_the_policy_allows_its_own_style_alone(plain: Brief, tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(LOGO)
    content = write_page(plain, LOOK, tmp_path / "logo.svg").decode()
    page = _read(content.encode())
    (policy,) = [each["content"] for _tag, each in page.elements if "http-equiv" in each]
    (style,) = re.findall(r"<style>(.*?)</style>", content, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert "--accent: #9b1b5e;" in style and "ACCENT" not in style
    assert not re.search(r"url\(|@import|<", style)
    (logo,) = [each for tag, each in page.elements if tag == "img"]
    assert logo["alt"] == "Logoen til Fjell CRM AS"
    assert base64.b64decode(str(logo["src"]).removeprefix("data:image/svg+xml;base64,")) == LOGO.encode()
    # nothing but the logo and the names of SVG's elements is an address
    assert "http" not in content.replace("http-equiv", "")


def test_the_same_bytes_for_the_same_brief(plain: Brief) -> None:
    assert write_page(plain, LOOK) == write_page(replace(plain), LOOK)


def test_a_colour_is_legible_on_a_dark_page_too() -> None:
    for colour in (OURS, "#000000", "#14532d", "#ffe600"):
        red, green, blue = (int(readable_on_dark(colour)[at : at + 2], 16) for at in (1, 3, 5))
        assert _contrast_with_white([red, green, blue]) <= 2.73
    assert readable_on_dark("#ffe600") == "#ffe600"


def test_the_day_is_the_briefs_and_not_the_clocks(plain: Brief) -> None:
    years = set(re.findall(r"\b20\d\d\b", _read(write_page(plain, LOOK)).text()))
    assert years <= {str(year) for year in range(2024, 2028)}
    assert plain.as_of == date(2026, 3, 15)
