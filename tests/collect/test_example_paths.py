"""The examples of values: the path that sorts first, and each path once in the tables, for any order of the files.

For: the paths of `tagsniff._core.ValueCollector`, when most paths sort after all earlier ones.
Never: a file; the bytes are passed to the parser directly.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, part10
from tagsniff import _core

PATHS = st.sampled_from([b"a", b"aa", b"b", b"c", b"\xff"])
FILES = st.lists(st.tuples(PATHS, st.sampled_from(["1 ", "22", "333 ", "4444"])), max_size=8)
STUDY_DESCRIPTION = 0x00081030


def collect(files: list[tuple[bytes, str]]) -> _core.ValueCollector:
    collector = _core.ValueCollector(lambda *_: (0, True, False, 0, 0, b""), max_values=1000)
    for path, text in files:
        data = part10(EXPLICIT.element(STUDY_DESCRIPTION, "LO", text.encode("ascii")), EXPLICIT_LITTLE_UID).data
        collector.parser.begin(len(data))
        collector.parser.feed(0, data)
        assert collector.parser.run()
        collector.add_parsed(path)
    return collector


@given(FILES, FILES, st.booleans())
def test_each_path_is_stored_once_and_the_first_is_the_example(
    one: list[tuple[bytes, str]], other: list[tuple[bytes, str]], takes: bool
) -> None:
    collector = collect(one)
    collector.merge(collect(other))
    tables = collector.take_tables() if takes else collector.tables()
    paths = list(tables["paths"])
    assert len(set(paths)) == len(paths)
    found = {}
    for row in tables.get("rows", ()):  # an array without rows is left out
        value = tables["values"][row["value"]]
        vr = _core.VR_NAMES[tables["uses"]["vr"][row["use"]]]
        if vr == "LO" and value.startswith(b"T"):
            found[value[5:].decode("ascii")] = (paths[row["example"]], int(row["files"]))
    expected = {}
    for _, text in (*one, *other):
        of_text = [path for path, own in (*one, *other) if own == text]
        expected[text.strip()] = (min(of_text), len(of_text))
    assert found == expected


def test_returned_rows_are_no_longer_stored() -> None:
    collector = collect([(b"a", "22")])
    taken = collector.take_tables()
    assert (taken["files"], list(taken["paths"])) == (1, [b"a"])
    left = collector.tables()
    assert (left["files"], "rows" in left, len(left["values"]), len(left["paths"])) == (0, False, 0, 0)
    collector.merge(collect([(b"b", "22")]))
    again = collector.tables()
    assert (again["files"], list(again["paths"])) == (1, [b"b"])
    # The array of the returned rows has its own memory.
    assert taken["rows"]["files"].tolist() == [1] * len(taken["rows"])
