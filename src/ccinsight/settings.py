"""The settings of ccinsight.toml: products' terms, user bands, categories, names of one's own, import choices.

Read at import and stored in the database, so that a database explains itself. Source: exports.md, "Settings".
"""
