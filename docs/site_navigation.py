"""Adds the decision records to the navigation of the documentation site, in the order of their numbers."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Called by MkDocs when it has read mkdocs.yml."""
    records = sorted(Path(config.docs_dir, "decisions").glob("*.md"))
    assert config.nav is not None
    config.nav.append({"Decisions": [f"decisions/{record.name}" for record in records]})
    return config
