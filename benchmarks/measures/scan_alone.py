"""``scan_alone.py FOLDER``: the scan of ``tagsniff before`` with one worker, without the report.

For: measuring how much time the report adds to a scan.
Never: anything but public names of the package.
"""

import sys

import tagsniff

tagsniff.scan(sys.argv[1:], mode="before", mergeable=False, workers=1)
