"""What a message of alerts says, as mail and as a post to a channel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ccinsight.i18n import _, ngettext, number
from ccinsight.integrations.delivery import links
from ccinsight.integrations.delivery.contents import Digest, Row, section
from ccinsight.integrations.delivery.webhook import Post

_MOST_LINES = 50


@dataclass(frozen=True)
class Line:
    """What is said of one subject: its alert's title, its name, the sentence, and its customer."""

    title: str
    name: str
    text: str
    customer_id: str | None


@dataclass(frozen=True)
class Said:
    """What one message says: the lines of what begins to hold, and of what no longer does."""

    began: Sequence[Line] = ()
    ended: Sequence[Line] = ()


def subject_of(said: Said) -> str:
    """How much there is to say; nothing of a customer, since the subject is stored."""
    parts = [
        text.format(count=number(len(lines)))
        for text, lines in (
            (ngettext("{count} new alert", "{count} new alerts", len(said.began)), said.began),
            (ngettext("{count} alert ended", "{count} alerts ended", len(said.ended)), said.ended),
        )
        if lines
    ]
    return ", ".join(parts)


def _sections(said: Said) -> Iterable[tuple[str, list[Line]]]:
    """The lines under a title for each alert, what ended last."""
    for form, lines in (("{title}", said.began), (_("No longer: {title}"), said.ended)):
        by_title: dict[str, list[Line]] = {}
        for line in lines:
            by_title.setdefault(line.title, []).append(line)
        for title, of_one in by_title.items():
            yield form.format(title=title), of_one


def digest_of(subject: str, said: Said, today: date) -> Digest:
    """The mail, before it is laid out as digests are."""
    return Digest(
        subject=f"CloudCare: {subject}",
        title=subject,
        intro=_("What you asked to be alerted to."),
        sections=tuple(
            section(
                "alerts",
                title,
                [_row(line) for line in lines],
                link=links.Link("delivery") if len(lines) > _MOST_LINES else None,
                least=_MOST_LINES,
            )
            for title, lines in _sections(said)
        ),
        is_empty=False,
        as_of=today,
        since=today,
    )


def _row(line: Line) -> Row:
    link = links.customer(line.customer_id) if line.customer_id is not None else None
    return Row(line.name, line.text, link=link)


def post_of(subject: str, said: Said, public_address: str) -> Post:
    """The post: a line for each subject."""
    link = (_("Open ccinsight"), public_address) if public_address else None
    sections = [(title, [f"{line.name}: {line.text}" for line in lines]) for title, lines in _sections(said)]
    return Post(f"CloudCare: {subject}", sections, link)
