"""The shipped profiles, as data: ``*.csv`` in this folder, packaged as ``tagsniff.profiles``.

For: ``tagsniff.profile``, which finds them by name, and curators, who copy and edit them (see README.md).
Never: code. What writes the files is in ``generator/``, which the package does not carry.
"""
