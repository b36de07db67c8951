"""The people of access.toml: who they are, what they may see and do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ccinsight.access.reader import Reader, Right
from ccinsight.access.tables import Table
from ccinsight.i18n import LANGUAGES, _

KINDS = ("id", "address", "role")
_MAIL = re.compile(r"[^\s@<>,;:\"()\\]{1,64}@[^\s@<>,;:\"()\\]{1,253}")
# Rights over the whole database, which only those may have who see all of it.
_OVER_ALL = frozenset(Right) - {Right.IMPORT}


@dataclass(frozen=True)
class Identity:
    """Who a sign-in is, as the provider or the proxy says: stable ids, a checked address (or ""), app roles."""

    ids: tuple[str, ...]
    address: str = ""
    roles: frozenset[str] = frozenset()
    name: str = ""

    @property
    def key(self) -> str:
        """What stays the same of the person."""
        return self.ids[0] if self.ids else self.address.casefold()


@dataclass(frozen=True)
class Person:
    """An entry of the file: who (``kind`` id, address or role), and what they see and may do.

    ``mail``: where messages to the person go, "" for none; ``language``: theirs, "" for the dashboard's own.
    """

    kind: str
    value: str
    name: str = ""
    account_managers: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    sees_all: bool = False
    rights: frozenset[Right] = frozenset()
    mail: str = ""
    language: str = ""

    def is_of(self, identity: Identity) -> bool:
        """True where the entry is about the person who signed in."""
        match self.kind:
            case "id":
                return self.value in identity.ids
            case "address":
                return bool(identity.address) and self.value.casefold() == identity.address.casefold()
            case _:
                return self.value in identity.roles


def parse_people(table: Table, *, provider_checks_addresses: bool) -> tuple[Person, ...]:
    """The people of the file. Raises CcinsightError for a fault."""
    found: dict[tuple[str, str], Person] = {}
    for entry in table.tables("people"):
        person = _parse(entry)
        if person.kind == "address" and not provider_checks_addresses:
            raise entry.fault(
                "address",
                _("Addresses count in one fixed tenant only: name it as “tenant” in [oidc], or use “id”."),
            )
        key = person.kind, person.value.casefold()
        if key in found:
            raise entry.fault(person.kind, _("“{who}” is there twice.").format(who=person.value))
        found[key] = person
    return tuple(found.values())


def _parse(entry: Table) -> Person:
    entry.allow(*KINDS, "name", "account_managers", "customers", "everything", "may", "mail", "language")
    kinds = [kind for kind in KINDS if kind in entry.values]
    if len(kinds) != 1:
        raise entry.fault(
            ", ".join(kinds) or "id",
            _("Say who by one of: {names}.").format(names=", ".join(KINDS)),
        )
    sees_all = entry.flag("everything")
    person = Person(
        kind=kinds[0],
        value=entry.text(kinds[0]),
        name=entry.optional_text("name") or "",
        account_managers=entry.texts("account_managers"),
        customers=entry.texts("customers"),
        sees_all=sees_all,
        rights=_rights(entry, sees_all),
        mail=_mail(entry, kinds[0]),
        language=entry.choice("language", tuple(LANGUAGES)) if "language" in entry.values else "",
    )
    if sees_all and (person.account_managers or person.customers):
        raise entry.fault(
            "everything", _("Who sees everything needs neither “account_managers” nor “customers”.")
        )
    if not (sees_all or person.account_managers or person.customers):
        raise entry.fault(
            kinds[0], _("Say what they see: “account_managers”, “customers” or “everything = true”.")
        )
    return person


def _mail(entry: Table, kind: str) -> str:
    """Where messages go: ``mail``, else the address that the person is known by; "" for an id or a role alone."""
    mail = entry.optional_text("mail")
    if mail is None:
        address = entry.optional_text("address") or ""
        return address if is_mail_address(address) else ""
    if kind == "role":
        raise entry.fault("mail", _("A role is of several people. Add an entry for each of them."))
    if not is_mail_address(mail):
        raise entry.fault("mail", _("“{text}” is not an e-mail address.").format(text=mail))
    return mail


def is_mail_address(text: str) -> bool:
    """True for one address without a name or anything that could end a header line."""
    return _MAIL.fullmatch(text) is not None


def _rights(entry: Table, sees_all: bool) -> frozenset[Right]:
    names = entry.texts("may")
    for name in names:
        if name not in set(Right):
            raise entry.fault(
                "may",
                _("“{name}” is not a right. Known: {names}.").format(name=name, names=", ".join(Right)),
            )
    rights = frozenset(Right(name) for name in names)
    if not sees_all and (over_all := sorted(rights & _OVER_ALL)):
        raise entry.fault(
            "may",
            _("“{name}” concerns all customers, so it needs “everything = true”.").format(name=over_all[0]),
        )
    # the pages about the whole database show what they may see anyway
    return rights | {Right.INTERNAL_PAGES} if sees_all else rights


def reader_of_entry(person: Person, today: date) -> Reader:
    """The reader that an entry alone makes."""
    return Reader(
        managers=frozenset(person.account_managers),
        customer_ids=frozenset(person.customers),
        sees_all=person.sees_all,
        rights=person.rights,
        today=today,
    )


def reader_of(people: Iterable[Person], identity: Identity, today: date) -> Reader | None:
    """The reader that a person is by all entries about them together; None where there is none."""
    entries = [person for person in people if person.is_of(identity)]
    return _reader(entries, identity, today) if entries else None


def reader_at(entries: Sequence[Person], today: date) -> Reader:
    """The reader of the messages to the one mail address that all these entries have: sees what each of them sees.

    Key and address are those of the first entry, since a mail address proves nothing about who signs in.
    """
    first = entries[0]
    is_address = first.kind == "address"
    identity = Identity(
        ids=() if is_address else (first.value,), address=first.value if is_address else "", name=first.mail
    )
    return _reader(entries, identity, today)


def _reader(entries: Sequence[Person], identity: Identity, today: date) -> Reader:
    named = next((entry.name for entry in entries if entry.name and entry.kind != "role"), "")
    return Reader(
        key=identity.key,
        name=named or identity.name or identity.address or identity.key,
        address=identity.address,
        managers=frozenset(manager for entry in entries for manager in entry.account_managers),
        customer_ids=frozenset(customer for entry in entries for customer in entry.customers),
        sees_all=any(entry.sees_all for entry in entries),
        rights=frozenset(right for entry in entries for right in entry.rights),
        today=today,
    )
