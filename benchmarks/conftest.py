"""Collections that the suites of this folder share.

For: ``make bench``.
Never: real files. They are generated from a seed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from collection import SHARES, count_files, make_files, write_files

FILES = 500
FRAMES = 400


@pytest.fixture(scope="session")
def one_of_each(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One file of each kind, by the name of the kind."""
    found = {}
    for kind in SHARES:
        folder = tmp_path_factory.mktemp(kind)
        write_files(folder, make_files({kind: 1}, frames=FRAMES))
        found[kind] = next(folder.rglob("*.dcm"))
    return found


@pytest.fixture(scope="session")
def typical(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of CT and MR images."""
    folder = tmp_path_factory.mktemp("typical")
    write_files(folder, make_files(count_files(FILES, ("ct", "mr"))))
    return folder
