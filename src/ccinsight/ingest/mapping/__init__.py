"""What a file has that no name matches, and the settings that would match it."""
