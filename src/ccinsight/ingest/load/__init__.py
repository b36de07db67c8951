"""One table of an import: staged as text, checked and stored in one statement."""
