"""The history of imports: log, summary, rejected rows, undo."""
