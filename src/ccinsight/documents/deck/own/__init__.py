"""One's own slides: a deck with tokens such as ``{{arr}}``, ``{{chart:tickets_by_month}}`` or ``{{table:renewals}}``.

A deck with tokens is filled as it is; one without gives its layouts alone (``canvas.Canvas``). What may be filled in is
listed in ``tokens``, ``charts`` and ``tables``: nothing of it is internal.
"""

from __future__ import annotations

import io
from functools import lru_cache

from ccinsight.documents.brief.model import Brief, speaking
from ccinsight.documents.brief.printing import printable_brief
from ccinsight.documents.deck.cleaning import write_properties
from ccinsight.documents.deck.own.facts import Facts
from ccinsight.documents.deck.own.filling import fill
from ccinsight.documents.deck.own.internal import take_out_internal
from ccinsight.documents.deck.own.reading import find
from ccinsight.documents.deck.template_file import TemplateFile, open_template, reading
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, language
from ccinsight.printable import printable

__all__ = ["check", "filled", "has_tokens", "left_out"]


def has_tokens(file: TemplateFile) -> bool:
    """True where a deck is to be filled. Raises CcinsightError where it is no presentation."""
    return _examined(file, language())[0]


def check(file: TemplateFile) -> None:
    """Raises CcinsightError that names every token that can't be filled, and where it stands."""
    faults = _examined(file, language())[1]
    if faults:
        raise CcinsightError(
            _(
                "The deck's template {file} can't be filled: {faults}. `ccinsight brief --tokens` lists the tokens."
            ).format(file=file.name, faults="; ".join(faults))
        )


def left_out(file: TemplateFile) -> tuple[str, ...]:
    """What of a template isn't in the customer's deck, in sentences in the language in use."""
    return _examined(file, language())[2]


def filled(file: TemplateFile, brief: Brief, partner: str) -> bytes:
    """The deck of a customer as a .pptx file, in the brief's language. Raises CcinsightError as ``check`` does."""
    with speaking(brief.language):
        check(file)
        show = open_template(file)
        take_out_internal(show)
        facts = Facts(printable_brief(brief), printable(partner))
        fill(show, find(show), facts)
        title = _("Status meeting: {customer}").format(customer=facts.brief.customer_name)
        write_properties(show, title, facts.partner)
        saved = io.BytesIO()
        show.save(saved)
        return saved.getvalue()


@lru_cache(maxsize=8)
def _examined(file: TemplateFile, _language: str) -> tuple[bool, tuple[str, ...], tuple[str, ...]]:
    """Whether a template has tokens, what is wrong with them, and what is left out."""
    show = open_template(file)
    with reading(file.name):
        taken_out = take_out_internal(show)
        found = find(show)
    if not found.count:
        return False, (), ()
    return True, tuple(found.faults), (*taken_out, *found.left_out)
