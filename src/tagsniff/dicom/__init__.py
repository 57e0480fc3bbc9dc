"""Tags, identities, equipment, character sets and the text of values, as the standard defines them.

For: every stage of the package.
Never: read a file, or import a module of a stage.
"""
