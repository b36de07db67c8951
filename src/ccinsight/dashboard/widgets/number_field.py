"""A field for a number, written as people write it: a browser's own field drops the comma of "4,5" and reads 45."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import streamlit as st

from ccinsight.dashboard.widgets import layout
from ccinsight.dashboard.widgets.cells import with_minus
from ccinsight.i18n import _, decimal_mark, language, number

_MOST_DIGITS = 30


def read(text: str) -> Decimal:
    """The number that a person wrote: ``4,5``, ``4.5``, ``1 234,50``, ``-3 %``.

    Commas and dots in front of three digits each group thousands, save one of the language's own decimal mark.
    Raises ValueError where the text is no number.
    """
    plain = "".join(text.replace("\N{MINUS SIGN}", "-").split()).removesuffix("%").removesuffix("kr")
    if len(plain) > _MOST_DIGITS:
        raise ValueError(text)
    own = decimal_mark(language())
    other = "." if own == "," else ","
    for group, mark in ((other, own), (own, other)):
        least = 1 if group == other else 2
        whole, decimals = rf"[+-]?\d{{1,3}}(\{group}\d{{3}})", rf"\{mark}\d+"
        if re.fullmatch(rf"{whole}+{decimals}|{whole}{{{least},}}", plain, re.ASCII):
            return Decimal(plain.replace(group, "").replace(mark, "."))
    if not re.fullmatch(r"[+-]?\d+([,.]\d+)?", plain, re.ASCII):
        raise ValueError(text)
    return Decimal(plain.replace(",", "."))


def written(value: Decimal | float | None) -> str:
    """The number as the field shows it, with all its decimals; empty for None."""
    if value is None:
        return ""
    exact = Decimal(str(value)).normalize()
    return number(exact, max(0, -int(exact.as_tuple().exponent)))


def draw(
    label: str,
    value: Decimal | float | None,
    key: str,
    keep: Callable[[Decimal | None], None],
    limits: tuple[Decimal, Decimal] | None = None,
) -> None:
    """Draws the field and calls ``keep`` with what is written in it, None where it was emptied.

    A text that is no number within the limits stays in the field with a note; the value stays what it was.
    """
    wrong = st.session_state.get(_wrong(key))
    st.session_state[key] = written(value) if wrong is None else wrong
    with st.container(gap="xxsmall", width=260, key=f"number-{key}"):
        st.text_input(label, key=key, on_change=_keep, args=(key, keep, limits))
        if wrong is not None:
            layout.note(_asked_for(limits))


def _keep(key: str, keep: Callable[[Decimal | None], None], limits: tuple[Decimal, Decimal] | None) -> None:
    text = str(st.session_state[key] or "").strip()
    st.session_state[_wrong(key)] = None
    try:
        value = read(text) if text else None
    except ValueError:
        st.session_state[_wrong(key)] = text
        return
    if value is not None and limits and not limits[0] <= value <= limits[1]:
        st.session_state[_wrong(key)] = text
        return
    keep(value)


def _wrong(key: str) -> str:
    return f"_wrong-{key}"


def _asked_for(limits: tuple[Decimal, Decimal] | None) -> str:
    example = number(Decimal("4.5"), 1)
    if limits is None:
        return _("This is no number. Write it like {example}.").format(example=example)
    return _("Write a number from {least} to {most}, like {example}.").format(
        least=with_minus(written(limits[0])), most=written(limits[1]), example=example
    )
