"""How data come and go without a page: watched folders, messages and calendars, programs, and assistants.

``watch`` imports what arrives in a folder, ``delivery`` sends digests, alerts and calendars, ``api`` answers programs
and ``mcp`` assistants.
"""
