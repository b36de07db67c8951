"""Finds the names in a file that match nothing, and proposes settings that match them."""
