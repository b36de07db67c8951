"""Exports that load themselves: a folder is watched, and what arrives in it whole is imported."""
