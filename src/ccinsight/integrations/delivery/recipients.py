"""Who messages go to, and the reader behind each: from access.toml, else from delivery.toml."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ccinsight.access import SEES_ALL, Reader
from ccinsight.access.config import Access, read_access
from ccinsight.access.people import Identity, Person, reader_at, reader_of
from ccinsight.files import access_file
from ccinsight.integrations.delivery.config import Delivery, read_delivery


@dataclass(frozen=True)
class Recipient:
    """Somebody who gets messages at ``address`` in ``language``, about what ``reader`` may see."""

    reader: Reader
    address: str
    language: str

    @property
    def key(self) -> str:
        """What the state of their messages is kept by: the address, whatever its case."""
        return self.address.casefold()


def recipients(database: Path, today: date) -> list[Recipient]:
    """Everybody with an address, once each, in order of the files. ``today``: the real day.

    With access.toml: its people with an address (``mail``, or the address that they sign in by). Without: the account
    managers and the management that delivery.toml names. Raises CcinsightError for a fault in either file.
    """
    access, delivery = read_access(access_file(database)), read_delivery(database)
    if access is not None:
        return _people(access, delivery, today)
    return _named(delivery, today) if delivery else []


def public_address(database: Path) -> str:
    """Where the dashboard is reached, without a slash at its end: by delivery.toml, else access.toml; "" if unknown.

    Raises CcinsightError for a fault in either file.
    """
    access, delivery = read_access(access_file(database)), read_delivery(database)
    return (delivery.public_address if delivery else "") or (access.public_address if access else "")


def recipient_of(database: Path, reader: Reader, today: date) -> Recipient | None:
    """The recipient that somebody who signed in is, with their own rights; None where no messages go to them.

    Others may have the same mail address, and their customers are in its messages; they aren't the reader's to see.
    """
    access = read_access(access_file(database))
    if access is None:
        return None
    identity = Identity(ids=(reader.key,), address=reader.address)
    mails = {person.mail.casefold() for person in access.people if person.is_of(identity)}
    found = (each for each in recipients(database, today) if each.key in mails)
    return next((replace(each, reader=reader) for each in found), None)


def language_of(database: Path, people: Iterable[Person], identity: Identity) -> str:
    """The language of a person's own entries, else of delivery.toml. Raises CcinsightError for a fault there."""
    own = (person.language for person in people if person.language and person.is_of(identity))
    return next(own, _language(read_delivery(database)))


def reader_by_key(database: Path, key: str, address: str, today: date) -> Reader | None:
    """The reader whose key and address were stored earlier, with the rights of today; None without any.

    Rights by a role alone are unknown here, since only a sign-in names roles. Without access.toml: the recipient of
    that address, and everybody for an empty key. Raises CcinsightError for a fault in a file.
    """
    access = read_access(access_file(database))
    if access is not None:
        return reader_of(access.people, Identity(ids=(key,), address=address), today) if key else None
    if not key:
        return SEES_ALL
    found = (each.reader for each in recipients(database, today) if each.key == address.casefold())
    return next(found, None)


def _people(access: Access, delivery: Delivery | None, today: date) -> list[Recipient]:
    by_mail: dict[str, list[Person]] = {}
    for person in access.people:
        if person.mail:
            by_mail.setdefault(person.mail.casefold(), []).append(person)
    return [
        Recipient(
            reader_at(entries, today),
            entries[0].mail,
            next((each.language for each in entries if each.language), _language(delivery)),
        )
        for entries in by_mail.values()
    ]


def _language(delivery: Delivery | None) -> str:
    return (delivery or Delivery("")).language


def _named(delivery: Delivery, today: date) -> list[Recipient]:
    """Account managers who share an address get one message about all their customers."""
    managers: dict[str, tuple[str, list[str]]] = {}
    for name, address in delivery.account_managers:
        managers.setdefault(address.casefold(), (address, []))[1].append(name)
    everything = {address.casefold(): address for address in delivery.management}
    found = [
        Recipient(_manager(address, names, today), address, delivery.language)
        for key, (address, names) in managers.items()
        if key not in everything
    ]
    return found + [
        Recipient(
            Reader(
                key=key, name=address, address=address, sees_all=True, rights=SEES_ALL.rights, today=today
            ),
            address,
            delivery.language,
        )
        for key, address in everything.items()
    ]


def _manager(address: str, names: Iterable[str], today: date) -> Reader:
    names = tuple(names)
    return Reader(
        key=address.casefold(),
        name=", ".join(names),
        address=address,
        managers=frozenset(names),
        today=today,
    )
