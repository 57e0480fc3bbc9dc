"""Backends: the calls of other tools, answered from tagsniff's records.

For: programs written for another tool that want its results sooner, without a change of their own.
Never: a second analysis of the bytes, or an import of another tool before its backend is asked for.
"""
