"""tagsniff's reader in the place of pydicom's: which names are replaced, what stays, and what is restored.

For: programs that run inside ``in_place_of_pydicom`` or after ``install``, and call ``dcmread`` or ``read_partial``.
Never: a whole program; those are in test_pydicom_command.py.
Standard: PS3.10 7.1, edition 2026b.
"""

from __future__ import annotations

import functools
import io
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pydicom
import pydicom.dicomio
import pydicom.fileset
import pytest
from pydicom.errors import InvalidDicomError

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, part10
from pydicom_pairs import data_set_of
from pydicom_states import call, first_difference, state_of
from real_files import distinct_files
from tagsniff.backends import pydicom as backend
from tagsniff.backends.pydicom import dcmread, in_place_of_pydicom, install, read_partial, uninstall
from tagsniff.backends.pydicom_calls import CallCounts, counts

PLAIN = part10(data_set_of(EXPLICIT), EXPLICIT_LITTLE_UID).data
NO_DICOM = b"no DICOM" * 100
# Inside the context, a name of this module would be bound to the replacement.
ORIGINAL = {"dcmread": pydicom.filereader.dcmread, "read_partial": pydicom.filereader.read_partial}


@pytest.fixture
def own_counts(monkeypatch: pytest.MonkeyPatch) -> CallCounts:
    """Counts of this test alone."""
    fresh = CallCounts()
    monkeypatch.setattr(backend, "counts", fresh)
    return fresh


@pytest.fixture
def client() -> Iterator[Any]:
    """A module that was imported before, with the names that a program binds."""
    module = ModuleType("client_of_pydicom")
    exec(
        """
from pydicom import dcmread
from pydicom.filereader import dcmread as read, read_partial
from tagsniff.backends.pydicom import dcmread as tagsniff_dcmread
class Reader:
    dcmread = staticmethod(dcmread)
def open_with(source, reader=dcmread):
    return reader(source)
""",
        vars(module),
    )
    sys.modules[module.__name__] = module
    yield module
    del sys.modules[module.__name__]


def bound() -> dict[str, str]:
    """Return whose reader each name of pydicom's modules is bound to."""
    whose = {
        id(backend._dcmread_in_place): "tagsniff",
        id(backend._read_partial_in_place): "tagsniff",
        **{id(function): "pydicom" for function in ORIGINAL.values()},
    }
    return {
        f"{name}.{key}": whose[id(value)]
        for name, module in sys.modules.items()
        if name.split(".")[0] == "pydicom"
        for key, value in vars(module).items()
        if id(value) in whose
    }


def all_names() -> dict[tuple[str, str], int]:
    """Return the identity of everything that a name of a module is bound to."""
    return {
        (name, key): id(value)
        for name, module in sys.modules.items()
        if isinstance(module, ModuleType) and name != "tagsniff.backends.pydicom"
        for key, value in list(vars(module).items())
        if callable(value)
    }


# Names


def test_pydicoms_modules_call_tagsniff_only_inside_the_context() -> None:
    places = {
        *("pydicom.dcmread", "pydicom.filereader.dcmread", "pydicom.dicomio.dcmread", "pydicom.fileset.dcmread"),
        "pydicom.filereader.read_partial",
    }
    assert places <= bound().keys()
    assert set(bound().values()) == {"pydicom"}
    with in_place_of_pydicom():
        assert set(bound().values()) == {"tagsniff"}
        with in_place_of_pydicom():
            pass
        assert set(bound().values()) == {"tagsniff"}
    assert set(bound().values()) == {"pydicom"}
    with pytest.raises(InvalidDicomError), in_place_of_pydicom():
        pydicom.dcmread(io.BytesIO(NO_DICOM))
    assert set(bound().values()) == {"pydicom"}


def test_names_that_were_bound_before_are_replaced_and_restored(client: Any, own_counts: CallCounts) -> None:
    with in_place_of_pydicom():
        for read in (client.dcmread, client.read, client.read_partial):
            assert read(io.BytesIO(PLAIN)).PatientName == "Müller"
        assert client.dcmread is client.read is not ORIGINAL["dcmread"]
    assert own_counts.answered == 3
    assert client.dcmread is client.read is ORIGINAL["dcmread"]
    assert client.read_partial is ORIGINAL["read_partial"]


def test_a_name_that_was_bound_to_tagsniffs_function_on_purpose_stays(client: Any) -> None:
    with in_place_of_pydicom():
        from_tagsniff, from_pydicom = client.tagsniff_dcmread, client.dcmread
        assert from_tagsniff is dcmread is not from_pydicom
    assert client.tagsniff_dcmread is dcmread


def test_what_is_no_name_of_a_module_calls_read_partial(client: Any, own_counts: CallCounts) -> None:
    """An attribute of a class and a default argument stay pydicom's ``dcmread``, which calls ``read_partial``."""
    with in_place_of_pydicom():
        assert client.Reader.dcmread is ORIGINAL["dcmread"]
        assert (
            client.Reader.dcmread(io.BytesIO(PLAIN))
            == client.open_with(io.BytesIO(PLAIN))
            == dcmread(io.BytesIO(PLAIN))
        )
    assert own_counts.answered == 3


def test_install_stays_until_uninstall_and_restores_every_name(client: Any) -> None:
    before = all_names()
    install()
    try:
        install()
        with in_place_of_pydicom():
            pass
        assert set(bound().values()) == {"tagsniff"}
        late = ModuleType("late_client")
        sys.modules[late.__name__] = late
        exec("from pydicom import dcmread; import pydicom; own = pydicom.dcmread", vars(late))
        assert late.dcmread is late.own is client.dcmread is backend._dcmread_in_place
    finally:
        uninstall()
    assert late.dcmread is late.own is ORIGINAL["dcmread"]
    del sys.modules[late.__name__]
    uninstall()
    after = all_names()
    assert {key: after[key] for key in before} == before


def test_a_replacement_that_is_kept_calls_pydicom_afterwards(own_counts: CallCounts) -> None:
    with in_place_of_pydicom():
        kept = [functools.partial(pydicom.dcmread), functools.partial(pydicom.filereader.read_partial)]
    for read in kept:
        assert read(io.BytesIO(PLAIN)).PatientName == "Müller"
    assert (own_counts.answered, own_counts.left) == (0, {})


def test_a_replacement_is_pickled_as_pydicoms_function() -> None:
    with in_place_of_pydicom():
        pickled = pickle.dumps((pydicom.dcmread, pydicom.filereader.read_partial))
    assert pickle.loads(pickled) == (ORIGINAL["dcmread"], ORIGINAL["read_partial"])


def test_a_lazy_module_is_not_loaded_and_odd_modules_are_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lazy(ModuleType):
        def __getattribute__(self, name: str) -> Any:
            raise AssertionError("an attribute of a lazy module was read")

    class Slotted:
        __slots__ = ()

    class ClassAsModule:
        pass

    monkeypatch.setitem(sys.modules, "lazy_client", Lazy("lazy_client"))
    monkeypatch.setitem(sys.modules, "slotted_client", Slotted())  # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, "class_client", ClassAsModule)  # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, "no_client", None)  # type: ignore[arg-type]
    with in_place_of_pydicom():
        assert set(bound().values()) == {"tagsniff"}
    assert set(bound().values()) == {"pydicom"}


def test_modules_imported_inside_the_context_are_restored_too() -> None:
    code = """
import sys
import pydicom
from tagsniff.backends.pydicom import in_place_of_pydicom
own = pydicom.dcmread
assert "pydicom.fileset" not in sys.modules
with in_place_of_pydicom():
    import pydicom.fileset
    assert pydicom.fileset.dcmread is pydicom.dcmread is own
    replacement = [own]
assert pydicom.fileset.dcmread is pydicom.dcmread is own is not replacement[0]
"""
    subprocess.run([sys.executable, "-c", code], check=True)


# read_partial


def stop_calls(seen: list[Any]) -> Callable[[Any, Any, int], bool]:
    def stop(tag: Any, vr: Any, length: int) -> bool:
        seen.append((tag, vr, length))
        return bool(tag >= 0x00104000)

    return stop


PARTIAL: tuple[dict[str, Any], ...] = (
    {},
    {"stop_when": pydicom.filereader._at_pixel_data},
    {"force": True, "defer_size": "1 KB"},
    {"force": True, "specific_tags": [0x00100010, 0x7FE00010]},
    {"force": True, "specific_tags": ["PatientName"]},
)


@pytest.mark.parametrize("asked", PARTIAL, ids=lambda asked: "-".join(asked) or "nothing")
def test_read_partial_reads_every_real_file_as_pydicom_does(asked: dict[str, Any]) -> None:
    found = {}
    for real in distinct_files():
        if real.path.stat().st_size > 1 << 20:
            continue
        with real.path.open("rb") as first, real.path.open("rb") as second:
            mine, theirs = call(read_partial, first, **asked), call(ORIGINAL["read_partial"], second, **asked)
            assert (mine.error, mine.warned) == (theirs.error, theirs.warned), real.name
            if mine.result is not None:
                assert first.tell() == second.tell(), real.name
                if text := first_difference(state_of(mine.result), state_of(theirs.result)):
                    found[real.name] = text
    assert found == {}


@pytest.mark.parametrize(
    "source", [None, "path", Path(), io.StringIO("x" * 200), io.BytesIO(b""), io.BytesIO(NO_DICOM)]
)
def test_a_wrong_call_of_read_partial_raises_what_pydicom_raises(source: Any) -> None:
    mine, theirs = call(read_partial, source), call(ORIGINAL["read_partial"], source)
    assert mine.error == theirs.error
    assert theirs.error is not None


def test_a_function_of_the_caller_is_called_by_pydicom_once_for_each_element(own_counts: CallCounts) -> None:
    seen: list[Any] = []
    expected: list[Any] = []
    with in_place_of_pydicom():
        mine = pydicom.filereader.read_partial(io.BytesIO(PLAIN), stop_when=stop_calls(seen))
    theirs = ORIGINAL["read_partial"](io.BytesIO(PLAIN), stop_when=stop_calls(expected))
    assert seen == expected
    assert mine == theirs
    assert own_counts.left == {"stop_when is a function of the caller": 1}


# Counts


def test_each_call_is_counted_once_with_its_reason(own_counts: CallCounts, tmp_path: Path) -> None:
    with in_place_of_pydicom():
        for _ in range(3):
            pydicom.dcmread(io.BytesIO(PLAIN))
        for reader in (pydicom.dcmread, pydicom.filereader.read_partial):
            with pytest.raises(InvalidDicomError):
                reader(io.BytesIO(NO_DICOM))
        with pytest.raises(FileNotFoundError):
            pydicom.dcmread(tmp_path / "missing")
        pydicom.dcmread(io.BytesIO(PLAIN[:-100]), force=True)
    assert own_counts.describe() == (
        "tagsniff: 4 of 7 calls of pydicom's reader answered; left to pydicom: 2 (no preamble); "
        "1 (a file that ends too soon)"
    )
    assert str(tmp_path) not in own_counts.describe()


def test_calls_of_several_threads_are_all_counted() -> None:
    found = CallCounts()

    def add() -> None:
        for _ in range(2000):
            found.add_answered()
            found.add_left("reason")

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (
        found.describe() == "tagsniff: 8000 of 16000 calls of pydicom's reader answered; left to pydicom: 8000 (reason)"
    )
    assert isinstance(counts, CallCounts)
