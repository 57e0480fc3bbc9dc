"""``scan_alone.py FOLDER``: what ``tagsniff before`` does with one worker, without its report.

For: the measure of what the report adds to a scan.
Never: more than the public names of the package.
"""

import sys

import tagsniff

tagsniff.scan(sys.argv[1:], mode="before", mergeable=False, workers=1)
