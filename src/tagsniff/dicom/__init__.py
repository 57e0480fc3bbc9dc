"""What the standard says of tags, identities, equipment, character sets and the text of values.

For: every stage of the package.
Never: read a file, or import a module of a stage.
"""
