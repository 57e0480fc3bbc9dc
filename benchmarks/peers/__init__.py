"""Other tools that do the same job as tagsniff, each in its own process.

For: compare.py.
Never: a tool that is not installed, or a result that was not checked.
"""
