"""Why a row is rejected: fixed English texts, stored with the row and translated when they are shown.

The reasons that SQL gives are listed here too, so that they get translated; a test compares the two.
"""

from __future__ import annotations

from ccinsight.i18n import N_

# The header of the reasons in a file of rejected rows, which an import passes over.
REASON_HEADER = N_("Rejected because")
NOT_KNOWN = N_("not one of the known values")
REASONS = (
    N_("is empty"),
    N_("no customer: neither id, org. number nor name"),
    N_("not a date"),
    N_("not a date: the year needs four digits"),
    N_("ambiguous date: day or month first?"),
    N_("not a number"),
    N_("not a whole number"),
    N_("ambiguous number: decimal sign or thousands?"),
    N_("too large a number"),
    N_("in another currency than the settings say"),
    N_("is negative"),
    N_("not a number of minutes"),
    NOT_KNOWN,
    N_("before the ticket was opened"),
)
