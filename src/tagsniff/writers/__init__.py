"""The output formats: each module lays out one record in one format and decides nothing.

For: the command line.
Never: count, sort, filter or look anything up.
"""
