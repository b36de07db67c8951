"""What people write, in a small SQLite file beside the database: meetings, duties, verdicts, reasons, views, the log.

``store.py`` holds the file itself and what is written of status meetings (A3); each of the others holds one thing
more that is stored in it.
"""

from ccinsight.notes.store import Entry, Notes, SavedMeanwhileError, stored

__all__ = ["Entry", "Notes", "SavedMeanwhileError", "stored"]
