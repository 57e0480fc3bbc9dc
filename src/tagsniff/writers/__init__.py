"""The output formats: a module for each record, with a function for each format and the table ``FORMATS`` of them.

For: the command line.
Never: decide, count, sort, filter, or look anything up.
"""
