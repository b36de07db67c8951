"""Texts to values: timestamps, numbers, and the reasons for which a row is rejected."""
