"""Where bytes come from: the files below the given paths, and the bytes of one source.

For: the stages that read headers.
Never: look at what the bytes mean.
"""
