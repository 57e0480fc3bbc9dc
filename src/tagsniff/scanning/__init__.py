"""A scan: worker threads read the files of a walk with the core; the resulting tables can be merged and saved.

For: the reports, and `tagsniff.scan`, `tagsniff.load` and `tagsniff.merge`. The folder is not called ``scan``, because
a submodule of that name would replace the function `tagsniff.scan` when it is imported.
Never: lay out a report.
"""
