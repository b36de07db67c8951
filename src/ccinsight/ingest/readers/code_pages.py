"""Distinguishes Windows, DOS and Mac text by the words in each decoding, above all words with æ, ø and å."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

# Windows-1252 with its five holes filled as browsers do, so that no byte is ever lost.
WINDOWS_1252 = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in range(256))
WINDOWS, DOS_NORDIC, DOS_LATIN, MAC = "windows-1252", "cp865", "cp850", "mac-roman"
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[A-Za-z][A-Za-z\x80-\xff]*")
_SPACED_NUMBER = re.compile(rb"[0-9][\xa0\xca\xff](?=[0-9])")
_NORDIC, _COMMON = frozenset("æøåÆØÅ"), frozenset("éöäüÉÖÄÜ")
_OTHER_LETTERS = frozenset("àáâãçèêëìíîïñòóôõùúûýÀÁÂÃÇÈÊËÌÍÎÏÑÒÓÔÕÙÚÛÝßðþÐÞšžŠŽÿŸœŒ")
_PAIRS = {"“": "”", "‘": "’", "«": "»", "„": "“"}
_ENDINGS = frozenset("…™®°ªº²³½,;:!?")
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_IMPLAUSIBLE = -2
# What one letter tells; a reading that leads by less is in doubt. From the other lead on no more text is looked at.
_LEAD, _CLEAR_LEAD = 3, 12
_SHOWN, _MOST_WORDS = 3, 5_000


@cache
def letters_of(encoding: str) -> str:
    """The 256 letters of an encoding."""
    codec = {DOS_NORDIC: "cp865", DOS_LATIN: "cp850", MAC: "mac_roman"}.get(encoding)
    return WINDOWS_1252 if codec is None else bytes(range(256)).decode(codec)


@dataclass
class Evidence:
    """The words with other letters than A to Z in a text of one byte a letter, and what they tell."""

    words: dict[bytes, None] = field(default_factory=dict)

    def take(self, block: bytes) -> None:
        """Looks at a piece of text."""
        found = (word for word in _WORD.findall(block) if not word.isascii())
        numbers = (number for number in set(_SPACED_NUMBER.findall(block)))
        for word in (*numbers, *found):
            if len(self.words) < _MOST_WORDS:
                self.words[word] = None

    @property
    def is_clear(self) -> bool:
        """Whether more text won't change what it is."""
        return self._lead() >= _CLEAR_LEAD or len(self.words) >= _MOST_WORDS

    def encoding(self) -> str:
        """What the text is written in; Windows-1252 unless the words speak for another."""
        scores = self._scores()
        best = max(scores, key=lambda encoding: scores[encoding])  # the first of equals
        # a letter that Norwegian doesn't have, as ã, is no evidence of an older encoding by itself
        is_plain = scores[best] >= _LEAD and scores[best] >= scores[WINDOWS] + _LEAD
        return best if is_plain else WINDOWS

    def doubtful_words(self) -> tuple[str, ...]:
        """Some words as they are read, where another reading is nearly as good; else none."""
        if self._lead() >= _LEAD:
            return ()
        letters = letters_of(self.encoding())
        return tuple(_decoded(word, letters) for word in [*self.words][:_SHOWN])

    def _lead(self) -> float:
        """How much better the reading is than the best of those that read the words otherwise."""
        scores, encoding = self._scores(), self.encoding()
        mine = self._read(encoding)
        others = [score for other, score in scores.items() if self._read(other) != mine]
        return scores[encoding] - max(others, default=0)

    def _scores(self) -> dict[str, float]:
        return {each: _score(self._read(each)) for each in (WINDOWS, DOS_NORDIC, DOS_LATIN, MAC)}

    def _read(self, encoding: str) -> list[str]:
        letters = letters_of(encoding)
        return [_decoded(word, letters) for word in self.words]


def _decoded(word: bytes, letters: str) -> str:
    return "".join(letters[byte] for byte in word)


def _score(words: Iterable[str]) -> float:
    """How likely it is that these are words."""
    texts = list(words)
    signs = {letter for text in texts for letter in text if letter in "“”‘’«»„"}
    return sum(
        _plausibility(text, at, signs)
        for text in texts
        for at, letter in enumerate(text)
        if not letter.isascii()
    )


def _plausibility(word: str, at: int, signs: set[str]) -> int:
    """How likely a letter is where it stands in a word."""
    letter, before, after = word[at], word[at - 1 : at], word[at + 1 : at + 2]
    weight = 4 * (letter in _NORDIC) or 3 * (letter in _COMMON) or 1 * (letter in _OTHER_LETTERS)
    if weight:
        return weight if _has_plausible_case(letter, before, after) else _IMPLAUSIBLE
    if letter == _NO_BREAK_SPACE:
        return 3
    is_inside = before.isalpha() and after.isalpha()
    if letter == "’" and is_inside:
        return 4
    if is_inside:
        return 1 if letter in "–—" else _IMPLAUSIBLE - 1
    opens = [closing for opening, closing in _PAIRS.items() if opening == letter]
    closes = [opening for opening, closing in _PAIRS.items() if closing == letter]
    if (opens and not before and signs & {*opens}) or (closes and not after and signs & {*closes}):
        return 3
    return 1 if letter in _ENDINGS and not after else _IMPLAUSIBLE


def _has_plausible_case(letter: str, before: str, after: str) -> bool:
    """A capital begins a word or is among capitals; a small letter isn't before one."""
    if letter.isupper():
        return not before.islower()
    return not after.isupper()
