"""The reports of a scan: inventory, values and collisions, and the same rows as arrays and Arrow tables.

For: the writers, the command line, and the properties of `tagsniff.Scan`.
Never: read a file, or write one.
"""
