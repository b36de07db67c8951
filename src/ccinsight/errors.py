"""The errors that a user is meant to read."""


class CcinsightError(Exception):
    """One sentence for the user: what is wrong, where, and what to do. Exit status 1."""


class UsageError(CcinsightError):
    """What was asked for doesn't exist or isn't of the right form. Exit status 2."""


class NotNowError(CcinsightError):
    """The database can't be changed at the moment, whatever is imported: another writer, the disk, its folder."""


class NoDatabaseError(CcinsightError):
    """There is no database at the path yet: nothing was imported."""


class NoHeaderKnownError(CcinsightError):
    """Nothing in a file tells which export it is; a person may say it."""


def first_line(error: Exception) -> str:
    """What another library's error says, without the lines that follow."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error).splitlines()[0] if str(error) else type(error).__name__
