"""The profiles that are shipped with the package, as data files beside this one.

For: a place from which a profile is loaded by its name once profiles exist. There are none yet.
Never: code. What a profile means is decided by the program; here is only what it says, with its sources.
"""
