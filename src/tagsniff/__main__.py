"""``python -m tagsniff``: the command line.

For: machines on which the script ``tagsniff`` is not on the path.
Never: anything that ``cli.main`` does not do.
"""

from __future__ import annotations

import sys

from tagsniff.cli import main

if __name__ == "__main__":
    sys.exit(main())
