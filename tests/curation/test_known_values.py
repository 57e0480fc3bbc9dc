"""Digests of the values that a person has seen.

For: `tagsniff.curation.known_values`.
Never: a digest that depends on anything but the key, the element, its VR and the value.
Standard: none.
"""

from __future__ import annotations

import io

import pytest

from tagsniff.curation.known_values import KnownValues, KnownValuesError, list_runs, read_known_values

KEY = bytes(range(32))
OTHER_KEY = bytes(32)
RUN, LATER = "2026-11-30T10:00:00Z", "2026-12-01T10:00:00Z"


def written(known: KnownValues, *runs: str) -> str:
    stream = io.StringIO()
    known.write(stream, runs)
    return stream.getvalue()


def test_a_value_is_known_to_the_run_that_showed_it() -> None:
    known = KnownValues(KEY)
    digest = known.digest("(0008,1030)", "LO", "HEAD")
    known.add(RUN, [digest])
    assert known.has(digest, [RUN])
    assert known.has(digest, [LATER, RUN])
    assert not known.has(digest, [LATER])
    assert not known.has(digest, [])


def test_element_vr_value_and_key_make_the_digest() -> None:
    digests = {
        KnownValues(KEY).digest("(0008,1030)", "LO", "HEAD"),
        KnownValues(KEY).digest("(0008,1030)", "SH", "HEAD"),
        KnownValues(KEY).digest("(0008,103e)", "LO", "HEAD"),
        KnownValues(KEY).digest("(0008,1030)", "LO", "NECK"),
        KnownValues(KEY).digest("(0008,1030)", "LO", "HEAD", is_collapsed=True),
        KnownValues(OTHER_KEY).digest("(0008,1030)", "LO", "HEAD"),
    }
    assert len(digests) == 6


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("<12 numbers, 0..4095>", "<about 70000 numbers, -5..9>", True),
        ("<12 dates, 20200101..20210101>", "<3 dates, 19990101..20210101>", True),
        ("<12 UIDs under 1.2.3>", "<3 UIDs under 1.2.3>", True),
        ("<12 UIDs under 1.2.3>", "<3 UIDs under 1.2.4>", False),
        ("<12 numbers, 0..4095>", "<12 dates, 20200101..20210101>", False),
        ("<12 values of 4 bytes>", "<1 value of 2..8 bytes>", True),
        ("<12 values of 3 numbers, 0..1>", "<12 numbers, 0..1>", False),
        ("<12 texts like MR 9>", "<about 70 texts like MR 9>", True),
        ("<12 texts like MR 9>", "<12 texts like CT 9>", False),
        ("<3 runs without a word>", "<1 run without a word>", True),
    ],
)
def test_a_collapsed_row_is_known_by_its_kind(one: str, other: str, is_same: bool) -> None:
    known = KnownValues(KEY)
    digests = [known.digest("(0009,1001)", "LO", text, is_collapsed=True) for text in (one, other)]
    assert (digests[0] == digests[1]) is is_same


def test_what_is_written_is_read() -> None:
    known = KnownValues(KEY)
    known.add(RUN, ["0" * 32, "f" * 32])
    known.add(LATER, ["1" * 32])
    text = written(known, RUN, LATER)
    assert read_known_values(text.splitlines(), KEY).by_run == known.by_run
    assert written(read_known_values(text.splitlines(), KEY), RUN, LATER) == text


def test_runs_that_no_row_names_are_not_kept() -> None:
    known = KnownValues(KEY)
    known.add(RUN, ["0" * 32])
    known.add(LATER, ["1" * 32])
    assert "1" * 32 not in written(known, RUN)


def test_nothing_is_known_with_another_key() -> None:
    known = KnownValues(KEY)
    known.add(RUN, ["0" * 32])
    assert read_known_values(written(known, RUN).splitlines(), OTHER_KEY).by_run == {}


def test_neither_key_nor_value_is_in_the_file() -> None:
    known = KnownValues(KEY)
    known.add(RUN, [known.digest("(0010,0020)", "LO", "4711")])
    text = written(known, RUN)
    assert KEY.hex() not in text
    assert "4711" not in text


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["something else"], "line 1"),
        (["tagsniff known values 1; key 00", "0" * 32], "line 2"),
        (["tagsniff known values 1; key 00", f"seen {RUN}", "0" * 31], "line 3"),
        (["tagsniff known values 1; key 00", f"seen {RUN}", ""], "line 3"),
    ],
)
def test_another_file_is_refused(lines: list[str], message: str) -> None:
    with pytest.raises(KnownValuesError, match=message):
        read_known_values(lines, KEY)


def test_a_cell_may_name_several_runs() -> None:
    assert list_runs(f" {RUN}  {LATER} {RUN}") == (RUN, LATER)
    assert list_runs("") == ()
