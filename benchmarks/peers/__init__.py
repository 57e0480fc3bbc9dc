"""Other tools at the same job as tagsniff, each in a process of its own.

For: compare.py.
Never: a tool that is not installed, or a result that was not checked.
"""
