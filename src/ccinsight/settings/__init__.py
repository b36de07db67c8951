"""The settings (``ccinsight.toml``): read, checked, and changed in place."""
