"""Parses texts to values: timestamps, numbers, and the reasons for rejecting a row."""
