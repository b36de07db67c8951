"""A lake: a database's tables and models as Parquet files in a folder, written from a database and collected into one.

``tables/NAME/*.parquet`` holds what an import stored, with the settings and the calendar, ``models/NAME/*.parquet`` the
models that are tables. The lake of a group has both in a folder ``partner=NAME`` for each partner.
"""
