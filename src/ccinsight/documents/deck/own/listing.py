"""All tokens of a deck with what each is and an example, for people who write a template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ccinsight.documents.deck.own.charts import CHARTS, ChartToken
from ccinsight.documents.deck.own.tables import TABLES, TableToken
from ccinsight.documents.deck.own.tokens import LINES, TEXTS, LinesToken, TextToken
from ccinsight.documents.template_tokens import written
from ccinsight.i18n import _


@dataclass(frozen=True)
class Listed:
    """A token as it is written, what it stands for, and an example: of a chart its series, of a table its columns."""

    token: str
    description: str
    example: str


def listing() -> dict[str, list[Listed]]:
    """The tokens by what they are, in the language in use."""
    values = [token for token in TEXTS if ":" not in token.name]
    sentences = [token for token in TEXTS if ":" in token.name]
    texts: tuple[tuple[str, Sequence[TextToken | LinesToken]], ...] = (
        (_("Values"), values),
        (_("Sentences"), sentences),
        (_("Lines: alone in its paragraph, a token becomes a paragraph for each"), LINES),
    )
    drawn: tuple[tuple[str, Sequence[ChartToken | TableToken]], ...] = (
        (_("Charts: alone in a shape, or in the title or alternative text of a chart"), CHARTS),
        (_("Tables: alone in a shape, or in the first cell to fill of a table"), TABLES),
    )
    return {
        **{
            heading: [Listed(written(t.name), _(t.description), t.shown_example()) for t in tokens]
            for heading, tokens in texts
        },
        **{
            heading: [Listed(written(t.name), t.title(), t.example()) for t in tokens]
            for heading, tokens in drawn
        },
    }
