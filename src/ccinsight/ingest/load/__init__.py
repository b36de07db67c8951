"""Loads one table of an import: stages it as text, then checks and stores it in one statement."""
