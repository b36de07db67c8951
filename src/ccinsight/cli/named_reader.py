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


def named_reader(database: Path, who: str | None, *, everything: bool) -> tuple[Reader, str]:
    """Whose a calendar or a token is to be, and their language. ``everything``: everybody's, without access.toml.

    ``who`` is an id or an address of access.toml; without that file an account manager or an address of delivery.toml.
    Raises CcinsightError for somebody who isn't there.
    """
    from ccinsight.access import SEES_ALL
    from ccinsight.access.config import read_access
    from ccinsight.access.people import Identity, reader_of
    from ccinsight.delivery.recipients import recipients
    from ccinsight.files import access_file

    access = read_access(access_file(database))
    if everything == bool(who):
        raise UsageError(_("Name who it is for, or say --everything."))
    if not who:
        if access is not None:
            raise UsageError(_("With access.toml it is somebody's: name an id or an address of that file."))
        return SEES_ALL, language()
    known = recipients(database, today())
    for each in known:
        names = (each.address, each.reader.key, each.reader.address, each.reader.name, *each.reader.managers)
        if who.casefold() in {name.casefold() for name in names[: 4 if access else None]}:
            return each.reader, each.language
    if access is not None:
        identity = Identity(ids=() if "@" in who else (who,), address=who if "@" in who else "")
        if reader := reader_of(access.people, identity, today()):
            return reader, language()
    raise CcinsightError(
        _("There is no {who} in access.toml, by id or address.").format(who=who)
        if access
        else _("There is no {who} in delivery.toml, as an account manager or an address.").format(who=who)
    )
