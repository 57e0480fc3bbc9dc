"""Settings for all tests: the date of a run is fixed, so that the same input gives the same bytes of output.

For: pytest; processes that a test starts inherit the variable.
Never: a fixture. A test gets what it needs from tests/support.
"""

from __future__ import annotations

import os

os.environ["SOURCE_DATE_EPOCH"] = "1796083200"
