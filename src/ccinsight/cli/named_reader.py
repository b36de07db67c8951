"""Who a command means by a name, an id or an address."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ccinsight.clock import today
from ccinsight.errors import CcinsightError, UsageError
from ccinsight.i18n import gettext as _
from ccinsight.i18n import language

if TYPE_CHECKING:
    from ccinsight.access import Reader
    from ccinsight.access.config import Access


def named_reader(database: Path, who: str | None, *, everything: bool) -> tuple[Reader, str]:
    """Whose a calendar or a token is to be, and their language. ``everything``: everybody's, without access.toml.

    ``who`` is an id or an address of access.toml; without that file an account manager or an address of delivery.toml.
    Raises CcinsightError for somebody who isn't there, and for a manager whose address is another's too.
    """
    from ccinsight.access import SEES_ALL
    from ccinsight.access.config import read_access
    from ccinsight.files import access_file

    access = read_access(access_file(database))
    if everything == bool(who):
        raise UsageError(_("Name who it is for, or say --everything."))
    if who:
        return _in_access(database, access, who) if access else _in_delivery(database, who)
    if access is not None:
        raise UsageError(_("With access.toml it is somebody's: name an id or an address of that file."))
    return SEES_ALL, language()


def check_readable(database: Path) -> None:
    """Raises CcinsightError where what is made for a reader would read nothing: the database can't be opened."""
    from ccinsight.database.warehouse import Warehouse

    if database.exists():  # the files may come after the first addresses
        Warehouse.open(database).close()


def _in_access(database: Path, access: Access, who: str) -> tuple[Reader, str]:
    """The person whose id, else whose sign-in address it is. Where their messages go plays no part."""
    from ccinsight.access.people import Identity, reader_of
    from ccinsight.integrations.delivery.recipients import language_of

    for identity in (Identity(ids=(who,)), Identity(ids=(), address=who)):
        if reader := reader_of(access.people, identity, today()):
            return reader, language_of(database, access.people, identity)
    raise CcinsightError(_("There is no {who} in access.toml, by id or address.").format(who=who))


def _in_delivery(database: Path, who: str) -> tuple[Reader, str]:
    from ccinsight.integrations.delivery.recipients import recipients

    for each in recipients(database, today()):
        if who.casefold() == each.key:
            return each.reader, each.language
        if who.casefold() in {name.casefold() for name in each.reader.managers}:
            if len(each.reader.managers) > 1:
                text = _(
                    "{names} have the same address in delivery.toml, and it would read the customers of all of them. "
                    "Give {who} an address of their own there, or name the address {address}."
                )
                names = ", ".join(sorted(each.reader.managers))
                raise CcinsightError(text.format(names=names, who=who, address=each.address))
            return each.reader, each.language
    raise CcinsightError(
        _("There is no {who} in delivery.toml, as an account manager or an address.").format(who=who)
    )
