"""Curation: from the rows of a report to the decisions of a person.

For: the commands, and callers of the Python API who keep decisions.
Never: read a file of a collection, or decide anything by itself.
"""
