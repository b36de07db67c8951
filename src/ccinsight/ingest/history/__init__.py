"""What an import did: its log, its summary, its rejected rows, its undoing."""
