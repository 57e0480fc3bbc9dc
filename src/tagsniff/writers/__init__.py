"""The output formats: one module for each record, with a function for each format and a table of them, ``FORMATS``.

For: the command line.
Never: decide, count, sort, filter, or look anything up.
"""
