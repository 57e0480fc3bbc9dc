"""Selected elements of every file: as the columns of a table, or as the occurrences of an element or a value.

For: `tagsniff.table`, `tagsniff.find`, their commands, and backends. The folder is not called ``select``, which is a
module of the standard library.
Never: make a report, or use a profile.
"""
