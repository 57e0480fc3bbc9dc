"""A scan: the files of a walk through the core with worker threads, and the tables of the result, merged and saved.

For: the reports, and `tagsniff.scan`, `tagsniff.load` and `tagsniff.merge`. The folder is not called ``scan``, because
a submodule of that name would replace the function `tagsniff.scan` when it is imported.
Never: lay out a report.
"""
