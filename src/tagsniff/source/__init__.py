"""The sources of bytes: the files below the given paths, and the bytes of one file.

For: the stages that read headers.
Never: interpret the bytes.
"""
