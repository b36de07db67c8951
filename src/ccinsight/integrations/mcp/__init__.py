"""Reports, briefs and rules for assistants, as tools and resources of the Model Context Protocol. Read only."""

from __future__ import annotations


def is_sdk_missing(error: Exception) -> bool:
    """Whether the protocol's SDK, the extra ``ccinsight[mcp]``, isn't installed."""
    return isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] in (
        "mcp",
        "mcp_types",
    )
