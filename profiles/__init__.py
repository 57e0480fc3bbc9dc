"""The shipped profiles, as data: ``*.csv`` in this folder, packaged as ``tagsniff.profiles``.

For: ``tagsniff.profile``, which finds them by name, and curators, who copy and edit them (see README.md).
Never: code. The program that writes the files is in ``generator/``, which is not part of the package.
"""
