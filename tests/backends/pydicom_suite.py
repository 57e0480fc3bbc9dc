"""pydicom's own tests of its reader, run with tagsniff's reader in its place.

For: ``make test-pydicom``. Downloads the source distribution of the installed pydicom and runs its
``tests/test_filereader.py`` twice, with pydicom's reader and with tagsniff's. Fails for a test whose outcome differs
and is not listed below, or that is listed and does not differ.
Never: a copy of those tests in this project, or a download of the files that some of them need. Such tests fail with
both readers, unless TAGSNIFF_CORPUS has the files.
Standard: none.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

SUITE = "tests/test_filereader.py"
# Names of tests that pass with pydicom's reader and fail with tagsniff's, and why. There are none.
EXCEPTIONS: dict[str, str] = {}

READER = "PYDICOM_SUITE_READER"
REPORT = "PYDICOM_SUITE_REPORT"

# The plugin of pytest: this file, loaded again in the process that runs the tests.

_swapped = ExitStack()
_outcomes: dict[str, str] = {}
_calls: Counter[str] = Counter()


def pytest_configure() -> None:
    """Let pydicom download nothing, install the reader of tagsniff before tests are imported, and count the calls."""
    import pydicom.data.data_manager as manager

    kept = [path.name for path in (Path.home() / ".pydicom" / "data").iterdir()]
    manager.get_url_map = lambda: dict.fromkeys(kept, "")
    if os.environ.get(READER) != "tagsniff":
        return
    from tagsniff.backends import pydicom as backend

    _swapped.enter_context(backend.in_place_of_pydicom())
    count(backend, "read_file")
    count(backend, "_pydicom_dcmread")


def count(module: Any, name: str) -> None:
    """Count the calls of a module's function that return."""
    function = getattr(module, name)

    def counted(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        _calls[name] += 1
        return result

    setattr(module, name, counted)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Record the outcome of a test; a failure in any phase takes precedence."""
    if report.when == "call" or report.outcome != "passed":
        _outcomes[report.nodeid.partition("::")[2]] = report.outcome


def pytest_unconfigure() -> None:
    """Write the results for the process that started pytest."""
    _swapped.close()
    if REPORT in os.environ:
        Path(os.environ[REPORT]).write_text(json.dumps({"outcomes": _outcomes, "calls": _calls}), encoding="utf-8")


# The command


def fetch(folder: Path) -> Path:
    """Download the source distribution and unpack it."""
    import pydicom

    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download"]
    command += ["--no-binary", ":all:", "--no-deps", "--dest", str(folder), f"pydicom=={pydicom.__version__}"]
    subprocess.run(command, check=True)
    with tarfile.open(next(folder.glob("pydicom-*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    return next(path for path in folder.glob("pydicom-*") if path.is_dir())


def lay_out_data(home: Path) -> int:
    """Copy the files that pydicom would download from the collection to the place where pydicom keeps them."""
    from pydicom.data.download import get_url_map

    wanted, found = get_url_map(), {}
    collection = os.environ.get("TAGSNIFF_CORPUS")
    for path in Path(collection).rglob("*.dcm") if collection else ():
        if path.name in wanted:
            found[path.name] = path
    target = home / ".pydicom" / "data"
    target.mkdir(parents=True)
    for name, path in found.items():
        shutil.copy(path, target / name)
    return len(found)


def run(source: Path, home: Path, reader: str) -> tuple[str, dict[str, Any]]:
    """Run the suite; return the summary line of pytest and the report of the plugin."""
    report = home / f"{reader}.json"
    environment = {
        **os.environ,
        "HOME": str(home),
        "PYTHONPATH": os.pathsep.join(map(os.path.abspath, [Path(__file__).parent, *sys.path[1:]])),
        READER: reader,
        REPORT: str(report),
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", Path(__file__).stem, "-p", "no:cacheprovider", SUITE]
    done = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        sys.exit(done.stdout + done.stderr)
    return done.stdout.splitlines()[-1], json.loads(report.read_text(encoding="utf-8"))


def main() -> int:
    """Return 0 if exactly the listed outcomes differ."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        source = fetch(folder)
        laid_out = lay_out_data(folder)
        reports = {}
        for reader in ("pydicom", "tagsniff"):
            line, reports[reader] = run(source, folder, reader)
            print(f"{source.name} {SUITE} with the reader of {reader}: {line}")
    theirs, ours = reports["pydicom"]["outcomes"], reports["tagsniff"]["outcomes"]
    differing = {name for name in theirs.keys() | ours.keys() if theirs.get(name) != ours.get(name)}
    calls = reports["tagsniff"]["calls"]
    by_records, by_pydicom = calls["read_file"], calls["_pydicom_dcmread"]
    print(f"data sets made of tagsniff's records: {by_records}, left to pydicom: {by_pydicom}")
    print(f"files of the collection laid out for tests that would download them: {laid_out}")
    for name in sorted(name for name, outcome in theirs.items() if outcome == "failed"):
        print(f"fails with the reader of pydicom too: {name}")
    for name in sorted(differing):
        print(f"differs: {name}: {ours.get(name)}, listed because: {EXCEPTIONS.get(name, '(not listed)')}")
    for name in sorted(EXCEPTIONS.keys() - differing):
        print(f"listed and does not differ: {name}")
    return 0 if differing == EXCEPTIONS.keys() else 1


if __name__ == "__main__":
    sys.exit(main())
