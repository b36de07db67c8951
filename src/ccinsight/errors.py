"""The errors that a user is meant to read."""

from ccinsight.i18n import _, os_reason


class CcinsightError(Exception):
    """One sentence for the user: what is wrong, where, and what to do. Exit status 1."""


class UsageError(CcinsightError):
    """What was asked for doesn't exist or isn't of the right form. Exit status 2."""


class NotNowError(CcinsightError):
    """The database can't be changed at the moment, whatever is imported: another writer, the disk, its folder."""


class NoDatabaseError(CcinsightError):
    """There is no database at the path yet: nothing was imported."""


class DamagedError(CcinsightError):
    """A file isn't a whole database, or no database at all."""


class NoHeaderKnownError(CcinsightError):
    """Nothing in a file tells which export it is; a person may say it."""


def detailed(sentence: str, error: Exception) -> str:
    """A sentence of ours, followed by what the system or another library says, which may be in another language."""
    details = _first_line(error).rstrip(".")
    return _("{sentence} Details: {details}.").format(sentence=sentence, details=details)


def _first_line(error: Exception) -> str:
    """What another library's error says, without the lines that follow; the system's reasons in the language in use."""
    if isinstance(error, OSError) and error.strerror:
        reason = os_reason(error)
        return f"{error.filename}: {reason}" if error.filename else reason
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
