"""Some elements of every file: as columns of a table, or as the places where an element or a value is found.

For: `tagsniff.table`, `tagsniff.find`, their commands, and backends. The folder is not called ``select``, which is a
module of the standard library.
Never: a report, or a profile.
"""
