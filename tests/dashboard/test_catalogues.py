"""Every text that a person reads has its Norwegian, with the same placeholders; nothing is left over."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from ccinsight.registry.texts import TEXT_FILES, texts_of

ROOT = Path(__file__).parents[2]
CODE = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py")), *sorted((ROOT / "src").rglob("*.py"))]
_KEYWORDS: dict[str, Any] = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
_PLACEHOLDER = re.compile(r"(?<!\{)\{([a-z_]+)(?:![rs])?(?::[^}]*)?\}(?!\})")


@cache
def _used() -> set[str | tuple[str, ...]]:
    """Every message id of the code and of the registry; a plural's as a pair."""
    found: set[str | tuple[str, ...]] = set()
    for file in TEXT_FILES:
        found.update(texts_of((ROOT / "src/ccinsight/registry" / file).read_text("utf-8")))
    for path in CODE:
        for _line, message, _comments, _context in extract_from_file("python", path, keywords=_KEYWORDS):
            found.add(message if isinstance(message, str) else tuple(message))
    return found - {""}


def _translated() -> dict[str | tuple[str, ...], Message]:
    with (ROOT / "src/ccinsight/locale/nb/LC_MESSAGES/ccinsight.po").open("rb") as file:
        catalogue = read_po(file, locale="nb")
    return {
        tuple(message.id) if isinstance(message.id, (list, tuple)) else message.id: message
        for message in catalogue
        if message.id
    }


def _strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, (list, tuple)) else (str(message.string),)


def test_every_text_has_its_norwegian() -> None:
    translated = _translated()

    missing = sorted(
        str(text) for text in _used() if text not in translated or not all(_strings(translated[text]))
    )

    assert missing == []


def test_no_translation_is_left_over() -> None:
    assert sorted(str(text) for text in set(_translated()) - _used()) == []


def test_placeholders_are_the_same() -> None:
    for text, message in _translated().items():
        wanted = set(_PLACEHOLDER.findall(text if isinstance(text, str) else text[-1]))
        for string in _strings(message):
            assert set(_PLACEHOLDER.findall(string)) == wanted, text


def test_nothing_is_marked_as_doubtful() -> None:
    assert [text for text, message in _translated().items() if message.fuzzy] == []


def test_terms_are_used_throughout() -> None:
    translated = {
        text: _PLACEHOLDER.sub("", " ".join(_strings(message))) for text, message in _translated().items()
    }

    assert translated["Price-notice deadline"] == "Frist for prisvarsel"
    assert translated["Termination deadline"] == "Frist for oppsigelse"
    for text, norwegian in translated.items():
        assert not re.search(r"\b(billett|churn|retention)", norwegian, re.IGNORECASE), text


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_texts_are_looked_up_whole(path: Path) -> None:
    """``_(f"…")`` never finds a translation: the text must stand in the call as it is in the catalogue."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "N_"}:
            text = node.args[0]
            assert not isinstance(text, (ast.JoinedStr, ast.BinOp)), f"{path.name}:{node.lineno}"
            assert not isinstance(text, ast.Constant) or text.value in {*_used(), ""}, (
                f"not extracted: {path.name}:{node.lineno}"
            )
