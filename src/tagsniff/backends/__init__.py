"""Backends: the interfaces of other tools, implemented with tagsniff's records.

For: programs that are written for another tool and need the same results in less time.
Never: a second analysis of the bytes, or an import of another tool before its backend is imported.
"""
