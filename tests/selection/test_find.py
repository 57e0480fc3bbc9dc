"""Places of elements and values: as many files and occurrences as the report's row counts, at the right offsets.

For: `tagsniff.find` over real files, and over bytes whose every offset is known.
Never: the command line; it has tests of its own.
Standard: PS3.5 sections 6.2, 6.4, 7.1, 7.5, 7.8 and A.5, edition 2026b.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import (
    BIG,
    EXPLICIT,
    EXPLICIT_BIG_UID,
    EXPLICIT_LITTLE_UID,
    IMPLICIT,
    IMPLICIT_LITTLE_UID,
    ITEM,
    SEQUENCE_DELIMITER,
    UID_OF,
    UNDEFINED,
    Encoding,
    Part,
    Written,
    deflated,
    join,
    part10,
    raw,
    uid_value,
)
from real_files import corpus_folder, wheel_files
from tagsniff.dicom.notation import format_occurrence, parse_identity
from tagsniff.report.rows import RowKind, ValueRow
from tagsniff.scanning.tables import MAX_VALUES
from tagsniff.selection import find

RECORD_ALL = "# name = everything\nelement,vr,code,collapse,note\n*,,R,,\n"
# Rows of each kind; a query over the collection takes ten times as long as one over the wheel.
SAMPLES_OF_WHEEL, SAMPLES_OF_CORPUS = 8, 3


# Real files: the rows of a report that records everything


@pytest.fixture(scope="module", params=["wheel", "corpus"])
def folder(request: pytest.FixtureRequest) -> Path:
    """Return a folder of real files."""
    if request.param == "wheel":
        return next(real.path for real in wheel_files() if real.path.name == "CT_small.dcm").parent
    found = corpus_folder()
    if found is None:
        pytest.skip("no corpus")
    return found


@pytest.fixture(scope="module")
def scan(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tagsniff.Scan:
    """Scan the folder, with every value recorded."""
    profile = tmp_path_factory.mktemp("profile") / "everything.csv"
    profile.write_text(RECORD_ALL, encoding="utf-8")
    return tagsniff.scan(
        [folder], confidentiality=profile, modality_software=["record-all"], max_values=0x7FFFFFFF, all_values=True
    )


def kinds_of_row(row: ValueRow) -> Iterator[str]:
    """Yield the kinds to which a row belongs."""
    yield f"vr {row.vr}"
    yield "nested" if "[<0>]" in row.element else "at the root"
    if row.element.endswith("/text"):
        yield "text found in bytes"
    elif row.element.endswith('",' + row.element[-3:]):
        yield "private"
    if "<none:" in row.element or "<empty:" in row.element:
        yield "private without a creator"
    for name, expression in (
        ("empty", "<empty>"),
        ("items", "<[0-9]+ items>"),
        ("bytes", "<[0-9]+ bytes>"),
        ("digest", "<[0-9]+ bytes, .*>"),
        ("several numbers", r"[-0-9.e]+(\\[-0-9.e]+)+"),
        ("not ASCII", ".*[^\0-\x7f].*"),
    ):
        if re.fullmatch(expression, row.value, re.DOTALL):
            yield name
    if row.occurrences > row.files:
        yield "several in a file"
    if row.files > 1:
        yield "several files"
    yield from row.flags


def sample_rows(rows: list[ValueRow], samples: int) -> list[ValueRow]:
    """Return some rows of each kind, from the whole report."""
    by_kind: defaultdict[str, list[ValueRow]] = defaultdict(list)
    for row in rows:
        for kind in kinds_of_row(row):
            by_kind[kind].append(row)
    kept = {row for of_kind in by_kind.values() for row in of_kind[:: max(1, len(of_kind) // samples)][:samples]}
    return sorted(kept, key=lambda row: (row.element, row.equipment, row.vr, row.value))


def test_every_row_of_a_report_is_found_as_often_as_counted(folder: Path, scan: tagsniff.Scan) -> None:
    rows = list(scan.rows())
    assert all(row.kind is RowKind.VALUE for row in rows)
    # Rows that show the same text are found together.
    samples = SAMPLES_OF_CORPUS if folder == corpus_folder() else SAMPLES_OF_WHEEL
    sampled = sample_rows([row for row in rows if "SAME_TEXT" not in row.flags], samples)
    seen = {kind for row in sampled for kind in kinds_of_row(row)}
    assert {"nested", "private", "text found in bytes", "empty", "items", "bytes", "digest"} <= seen
    assert {"several numbers", "not ASCII", "several in a file", "several files"} <= seen
    for row in sampled:
        found = tagsniff.find([folder], row.element, value=row.value, vr=row.vr, equipment=row.equipment)
        assert (len(found.files()), len(found)) == (row.files, row.occurrences), row
        assert found.files()[0] == row.example
        assert {one.vr for one in found} == {row.vr}


def test_all_values_of_an_element_equal_all_its_rows(folder: Path, scan: tagsniff.Scan) -> None:
    rows: defaultdict[str, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for row in scan.rows():
        rows[row.element][row.vr, row.value] += row.occurrences
    names = sorted(rows)
    for element in names[:: max(1, len(names) // 40)]:
        found: dict[tuple[str, str], int] = defaultdict(int)
        for one in tagsniff.find([folder], element, show_values=True):
            assert one.value is not None
            found[one.vr, one.value] += 1
        assert found == rows[element], element


def test_elements_are_found_as_often_as_counted(folder: Path, scan: tagsniff.Scan) -> None:
    elements = scan.elements
    texts = [number for number, name in enumerate(elements["element"]) if name.endswith("/text")]
    for row in elements[[*range(0, len(elements), len(elements) // 30), *texts[:: max(1, len(texts) // 10)]]]:
        found = tagsniff.find([folder], row["element"], vr=row["vr"], equipment=row["equipment"])
        assert (len(found.files()), len(found)) == (row["files"], row["occurrences"]), row
        assert {(one.component, one.value) for one in found} == {(None, None)}


def test_rows_of_codes_are_found_as_often_as_counted(folder: Path) -> None:
    # A K leaves out the elements whose value breaks its VR; those have rows of their own.
    rows = [
        row for row in tagsniff.scan([folder], mode="before").rows() if row.kind is RowKind.CODE and row.code != "K"
    ]
    for row in rows[:: len(rows) // 20]:
        found = tagsniff.find([folder], row.element, vr=row.vr, equipment=row.equipment)
        assert (len(found.files()), len(found)) == (row.files, row.occurrences), row


def test_places_equal_those_of_read_header(folder: Path) -> None:
    found = tagsniff.find([folder], "ReferencedSOPInstanceUID", any_depth=True, show_values=True)
    places: defaultdict[str, list[tuple[str, int, str | None]]] = defaultdict(list)
    for one in found:
        places[one.path].append((re.sub(r"\[[0-9]+\]", "[<0>]", one.element), one.offset_bytes, one.value))
    assert len(places) > 10
    for path, in_file in places.items():
        header = tagsniff.read_header(path)
        elements = header.elements
        expected = [
            (
                header.identity(record),
                int(elements[record]["value_offset"]) - int(elements[record]["header_bytes"]),
                header.value(record).rstrip(b"\0 ").decode() or "<empty>",
            )
            for record in range(len(elements))
            if elements[record]["tag"] == 0x00081155
        ]
        assert in_file == expected


def test_an_element_begins_with_its_tag(folder: Path) -> None:
    """Offsets are computed from the field ``header_bytes``: checked for every record of every file."""
    checked = 0
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        header = tagsniff.read_header(path)
        if header.transfer_syntax_uid == "1.2.840.10008.1.2.1.99":
            continue
        content = path.read_bytes()
        elements = header.elements
        starts = elements["value_offset"] - elements["header_bytes"]
        for tag, start, flags in zip(
            elements["tag"].tolist(), starts.tolist(), elements["flags"].tolist(), strict=True
        ):
            order = "big" if flags & tagsniff._core.FLAG_BIG_ENDIAN else "little"
            group = int.from_bytes(content[start : start + 2], order)
            assert (group << 16 | int.from_bytes(content[start + 2 : start + 4], order)) == tag, path
            checked += 1
    assert checked > 10000


@pytest.mark.parametrize("workers", [2, 5])
def test_the_number_of_threads_changes_nothing(folder: Path, workers: int) -> None:
    alone = tagsniff.find([folder], "StudyInstanceUID", show_values=True, workers=1)
    assert tagsniff.find([folder], "StudyInstanceUID", show_values=True, workers=workers) == alone
    paths = [os.fsencode(one.path) for one in alone]
    assert paths == sorted(paths)
    assert len(paths) > 50


def test_the_reader_of_file_objects_finds_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by_path = tagsniff.find([folder], "Modality", show_values=True, keep_partial=True)
    monkeypatch.setattr("tagsniff._core.HAS_PATH_READER", False)
    monkeypatch.setattr(find, "_FILES_OF_A_COLLECTOR", 3)
    by_file_object = tagsniff.find([folder], "Modality", show_values=True, keep_partial=True)
    assert by_file_object.occurrences == by_path.occurrences
    assert by_file_object.files_read == by_path.files_read
    assert by_path.partial_files > 0


def test_renewed_collectors_change_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = tagsniff.find([folder], "Modality", show_values=True)
    monkeypatch.setattr(find, "_FILES_OF_A_COLLECTOR", 1)
    assert tagsniff.find([folder], "Modality", show_values=True) == once


# Bytes by hand


def write(tmp_path: Path, written: Written, name: str = "a") -> Path:
    path = tmp_path / name
    path.write_bytes(written.data)
    return path


def nested(encoding: Encoding) -> Part:
    """Return the same tag at the root and in three items, one of them nested in another."""
    inner = encoding.sequence(0x0040A730, encoding.item(encoding.element(0x00081155, "UI", uid_value("1.4"))))
    return join(
        [
            encoding.sequence(
                0x00081140,
                encoding.item(encoding.element(0x00081155, "UI", uid_value("1.2"))),
                encoding.item(),
                encoding.item(encoding.element(0x00081155, "UI", uid_value("1.3")), inner, undefined=True),
                undefined=True,
            ),
            encoding.element(0x00081155, "UI", uid_value("1.2")),
        ]
    )


@pytest.mark.parametrize("encoding", [EXPLICIT, IMPLICIT, BIG], ids=lambda encoding: encoding.name)
def test_places_and_offsets(tmp_path: Path, encoding: Encoding) -> None:
    written = part10(nested(encoding), UID_OF[encoding])
    write(tmp_path, written)
    rows = [row for row in written.rows if row.tag == 0x00081155]
    everywhere = tagsniff.find([tmp_path], "0008,1155", any_depth=True)
    assert [(one.element, one.offset_bytes) for one in everywhere] == [(row.path, row.start) for row in rows]
    assert [one.element for one in everywhere] == [
        "(0008,1140)[0](0008,1155)",
        "(0008,1140)[2](0008,1155)",
        "(0008,1140)[2](0040,a730)[0](0008,1155)",
        "(0008,1155)",
    ]
    exact = tagsniff.find([tmp_path], "(0008,1140)[<0>](0008,1155)")
    assert tagsniff.find([tmp_path], "0008,1140[<0>]0008,1155") == exact
    assert exact.occurrences == everywhere.occurrences[:2]
    assert tagsniff.find([tmp_path], "(0008,1155)").occurrences == everywhere.occurrences[3:]
    assert tagsniff.find([tmp_path], "ReferencedSOPInstanceUID").occurrences == everywhere.occurrences[3:]
    # The path of the file is not part of the result.
    assert tagsniff.find([tmp_path], "(0040,a730)[<0>](0008,1155)", any_depth=True) == everywhere


def test_offsets_of_a_deflated_data_set_count_inflated_bytes(tmp_path: Path) -> None:
    written = deflated(nested(EXPLICIT))
    write(tmp_path, written)
    rows = [row for row in written.rows if row.tag == 0x00081155]
    found = tagsniff.find([tmp_path], "0008,1155", any_depth=True)
    assert [(one.element, one.offset_bytes) for one in found] == [(row.path, row.start) for row in rows]


@pytest.mark.parametrize(("long_form", "value"), [(False, b"abcd"), (True, b"abcd"), (True, b"")])
def test_the_offset_of_a_vr_that_the_standard_does_not_have(tmp_path: Path, long_form: bool, value: bytes) -> None:
    data_set = EXPLICIT.element(0x00081155, "UI", uid_value("1.2"))
    data_set += EXPLICIT.element(0x00100020, "ZZ", value, long_form=long_form)
    written = part10(data_set, EXPLICIT_LITTLE_UID)
    write(tmp_path, written)
    (one,) = tagsniff.find([tmp_path], "(0010,0020)", vr="??")
    assert one.offset_bytes == written.rows[-1].start


def test_components_of_a_value_are_occurrences(tmp_path: Path) -> None:
    data_set = EXPLICIT.element(0x00080008, "CS", rb"A\B\A\\B ")
    write(tmp_path, part10(data_set, EXPLICIT_LITTLE_UID))
    found = tagsniff.find([tmp_path], "ImageType", show_values=True)
    assert [(one.component, one.value) for one in found] == [(1, "A"), (2, "B"), (3, "A"), (4, "<empty>"), (5, "B")]
    assert [one.component for one in tagsniff.find([tmp_path], "ImageType", value="A")] == [1, 3]
    assert [one.component for one in tagsniff.find([tmp_path], "ImageType", value="<empty>")] == [4]
    assert [one.component for one in tagsniff.find([tmp_path], "ImageType", regex="^[A-B]$")] == [1, 2, 3, 5]
    assert [one.component for one in tagsniff.find([tmp_path], "ImageType")] == [None]
    assert not tagsniff.find([tmp_path], "ImageType", value=r"A\B\A\\B")


def test_equal_values_in_items_are_separate_occurrences(tmp_path: Path) -> None:
    """Values that are equal to the one before are counted in a separate code path."""
    items = [EXPLICIT.item(EXPLICIT.element(0x00080104, "LO", rb"same\same ")) for _ in range(5)]
    write(tmp_path, part10(EXPLICIT.sequence(0x0040A043, *items), EXPLICIT_LITTLE_UID))
    found = tagsniff.find([tmp_path], "(0040,a043)[<0>](0008,0104)", value="same")
    places = [f"(0040,a043)[{item}](0008,0104)" for item in range(5) for _ in range(2)]
    assert [one.element for one in found] == places
    assert [one.component for one in found] == [1, 2] * 5
    assert len({one.offset_bytes for one in found}) == 5


def test_files_that_repeat_the_previous_one_are_all_found(tmp_path: Path) -> None:
    """For such files the core holds back the counts of unchanged elements until something changes."""
    paths = []
    for number in range(30):
        comment = [b"same", b"same", b"other "][number % 3]
        data_set = [
            EXPLICIT.element(0x00080008, "CS", rb"A\A " if number < 20 else rb"A\B "),
            EXPLICIT.element(0x00080018, "UI", uid_value(f"1.2.{number}")),
            EXPLICIT.element(0x0020000E, "UI", uid_value("1.3" if number < 25 else "1.4")),
            EXPLICIT.element(0x00204000, "LT", comment),
            EXPLICIT.element(0x00290010, "LO", b"ACME"),
            EXPLICIT.element(0x00291001, "OB", b"\0\1\2\3some text\0\1\2"),
            EXPLICIT.sequence(0x0040A730, *[EXPLICIT.item(EXPLICIT.element(0x00080104, "LO", comment))] * 2),
        ]
        paths.append(write(tmp_path, part10(join(data_set), EXPLICIT_LITTLE_UID), f"{number:02}"))
    found_text = '(0029,"ACME",01)/text'
    elements = ["(0008,0008)", "(0008,0018)", "(0020,4000)", found_text, "(0040,a730)", "(0040,a730)[<0>](0008,0104)"]
    for element in elements:
        for asked in ({}, {"show_values": True}, {"value": "same"}, {"value": "A"}, {"regex": "[at]"}):
            together = tagsniff.find([tmp_path], element, **asked)  # type: ignore[arg-type]
            one_by_one = [one for path in paths for one in tagsniff.find([path], element, **asked)]  # type: ignore[arg-type]
            assert list(together) == one_by_one
            # All of them in one collector, whose counts equal those of a report.
            assert tagsniff.find([tmp_path], element, workers=1, **asked) == together  # type: ignore[arg-type]
    assert len(tagsniff.find([tmp_path], "(0008,0008)", value="A")) == 20 * 2 + 10
    assert len(tagsniff.find([tmp_path], "(0020,4000)", value="same")) == 20
    assert len(tagsniff.find([tmp_path], found_text)) == 30
    assert len(tagsniff.find([tmp_path], "(0040,a730)[<0>](0008,0104)")) == 60


def test_text_inside_bytes(tmp_path: Path) -> None:
    value = b"\0\1first run\0\2\3second\0first run\0\1\2\3"
    creator = EXPLICIT.element(0x00290010, "LO", b"ACME")
    for name in ("a", "b"):
        private = EXPLICIT.element(0x00291001, "OB", value + b"\0" * (len(value) % 2))
        write(tmp_path, part10(join([creator, private]), EXPLICIT_LITTLE_UID), name)
    element = '(0029,"ACME",01)'
    found = tagsniff.find([tmp_path], f"{element}/text", value="first run", show_values=True)
    assert [(Path(one.path).name, one.element, one.component, one.value) for one in found] == [
        (name, f"{element}/text", component, "first run") for name in ("a", "b") for component in (1, 3)
    ]
    assert len(tagsniff.find([tmp_path], f"{element}/text")) == 2
    assert len(tagsniff.find([tmp_path], f"{element}/text", regex="run")) == 4
    # Of the element and its text together, each has components of its own.
    both = tagsniff.find([tmp_path / "a"], [f"{element}/text", element], show_values=True)
    apart = [*tagsniff.find([tmp_path / "a"], element, show_values=True)]
    assert sorted(both, key=lambda one: (one.element, one.component or 0)) == [
        *apart,
        *tagsniff.find([tmp_path / "a"], f"{element}/text", show_values=True),
    ]
    assert [one.component for one in apart] == [1]
    # The bytes themselves have a separate value.
    assert not tagsniff.find([tmp_path], element, value="first run")
    (_, digest) = {one.value for one in tagsniff.find([tmp_path], element, show_values=True)} | {None}
    assert digest is None or re.fullmatch(r"<[0-9]+ bytes, sha256 [0-9a-f]{64}>", digest)


def test_any_of_several_elements(folder: Path) -> None:
    """As many as of each alone, in the order of the files."""
    names = ["PatientName", "0020000e", '(0009,"GEMS_IDEN_01",02)', "0008,1140[<0>]0008,1155"]
    apart = [one for name in names for one in tagsniff.find([folder], name, show_values=True)]
    together = tagsniff.find([folder], names, show_values=True)
    assert sorted(together.occurrences) == sorted(apart)
    assert list(together) == sorted(together, key=lambda one: os.fsencode(one.path))
    assert len({one.element for one in together}) > 3
    assert tagsniff.find([folder], iter(names), show_values=True) == together
    assert tagsniff.find([folder], [names[0]] * 2) == tagsniff.find([folder], names[0])
    deep = tagsniff.find([folder], ["PatientName", "ReferencedSOPInstanceUID"], any_depth=True)
    assert len(deep) == sum(
        len(tagsniff.find([folder], name, any_depth=True)) for name in ("PatientName", "ReferencedSOPInstanceUID")
    )


def test_a_private_element_is_found_in_every_block(tmp_path: Path) -> None:
    for name, block in (("a", 0x10), ("b", 0x42)):
        creator = EXPLICIT.element(0x00090000 | block, "LO", b"ACME")
        private = EXPLICIT.element(0x00090001 | block << 8, "LO", b"x ")
        write(tmp_path, part10(join([creator, private]), EXPLICIT_LITTLE_UID), name)
    other = [EXPLICIT.element(0x00090010, "LO", b"acme"), EXPLICIT.element(0x00091001, "LO", b"x ")]
    write(tmp_path, part10(join(other), EXPLICIT_LITTLE_UID), "c")
    orphan = EXPLICIT.element(0x00091001, "LO", b"x ")
    write(tmp_path, part10(orphan, EXPLICIT_LITTLE_UID), "d")

    def names(element: str) -> list[str]:
        return [Path(one.path).name for one in tagsniff.find([tmp_path], element)]

    assert names('(0009,"ACME",01)') == ["a", "b"]
    assert names('(0009,"acme",01)') == ["c"]
    assert names("(0009,<none:10>,01)") == ["d"]
    assert names("(0009,0042)") == ["b"]


def test_values_can_be_pasted_from_every_format(tmp_path: Path) -> None:
    data_set = [
        EXPLICIT.element(0x00100010, "PN", b"=cmd"),
        EXPLICIT.element(0x00104000, "LT", b"two\r\nlines\x07 "),
        EXPLICIT.element(0x00181000, "LO", b"x "),
        EXPLICIT.element(0x00189087, "FD", b"\0\0\0\0\0\0\xe0\xbf"),
    ]
    write(tmp_path, part10(join(data_set), EXPLICIT_LITTLE_UID))

    def counts(element: str, *values: str) -> list[int]:
        return [len(tagsniff.find([tmp_path], element, value=value)) for value in values]

    assert counts("PatientName", "=cmd", "'=cmd", "cmd", "=CMD") == [1, 1, 0, 0]
    assert counts("(0010,4000)", "two\r\nlines\x07", r"two\x0d\x0alines\x07", "two\r\nlines\\x07") == [1, 1, 1]
    assert counts("(0018,9087)", "-0.5", "'-0.5", "-0.50") == [1, 0, 0]


def test_rows_that_show_the_same_text_are_found_together(tmp_path: Path) -> None:
    for name, charset, value in (("a", b"ISO_IR 100", b"M\xfcller"), ("b", b"ISO_IR 192", b"M\xc3\xbcller ")):
        data_set = [EXPLICIT.element(0x00080005, "CS", charset), EXPLICIT.element(0x00100010, "PN", value)]
        write(tmp_path, part10(join(data_set), EXPLICIT_LITTLE_UID), name)
    rows = [
        row for row in tagsniff.scan([tmp_path], mode="final", all_values=True).rows() if row.element == "(0010,0010)"
    ]
    assert [(row.value, row.files, row.flags) for row in rows] == [("Müller", 1, ("SAME_TEXT",))] * 2
    assert len(tagsniff.find([tmp_path], "(0010,0010)", value="Müller")) == 2


def test_vr_and_equipment(tmp_path: Path) -> None:
    def image(vr: str, *software: bytes) -> Written:
        equipment = [EXPLICIT.element(0x00080060, "CS", b"CT"), EXPLICIT.element(0x00080070, "LO", b"A\x1bB ")]
        versions = [EXPLICIT.element(0x00181020, "LO", one) for one in software]
        last = EXPLICIT.element(0x00189004, vr, b"same")
        return part10(join([*equipment, *versions, last]), EXPLICIT_LITTLE_UID)

    write(tmp_path, image("CS"), "a")
    write(tmp_path, image("LO", b""), "b")
    write(tmp_path, image("LO", rb"1\2 "), "c")

    def names(**others: str) -> list[str]:
        return [Path(one.path).name for one in tagsniff.find([tmp_path], "(0018,9004)", value="same", **others)]

    assert names() == ["a", "b", "c"]
    assert names(vr="LO") == ["b", "c"]
    assert names(equipment="CT:A\x1bB:<undef>:<undef>") == ["a"]
    assert names(equipment=r"CT:A\x1bB:<undef>:<empty>") == ["b"]
    assert names(equipment=r"CT:A\x1bB:<undef>:1\2") == ["c"]
    assert names(equipment=r"CT:A\x1bB:<undef>:1\2", vr="CS") == []


def test_a_faulty_file_adds_nothing_without_keep_partial(tmp_path: Path) -> None:
    whole = part10(join([EXPLICIT.element(0x00100020, "LO", b"here"), nested(EXPLICIT)]), EXPLICIT_LITTLE_UID)
    write(tmp_path, whole, "a")
    (tmp_path / "b").write_bytes(whole.data[:-1])
    (tmp_path / "c").write_bytes(b"no DICOM at all, and long enough to be looked at")
    found = tagsniff.find([tmp_path], "PatientID", value="here")
    assert [Path(path).name for path in found.files()] == ["a"]
    assert [omission.status.name for omission in found.omissions] == ["TRUNCATED_VALUE", "NOT_DICOM"]
    assert (found.files_read, found.partial_files, found.is_complete()) == (1, 0, False)
    partly = tagsniff.find([tmp_path], "PatientID", value="here", keep_partial=True)
    assert [Path(path).name for path in partly.files()] == ["a", "b"]
    assert (partly.files_read, partly.partial_files, partly.is_complete()) == (2, 1, False)
    assert tagsniff.find([tmp_path / "a", tmp_path / "c"], "PatientID").is_complete()


def test_find_has_no_bound_on_values(tmp_path: Path) -> None:
    """One value more than a report lists by default."""
    count = MAX_VALUES + 1
    items = (EXPLICIT.element(0x00189004, "UT", b"%06d" % number).data for number in range(count))
    head = EXPLICIT.head(0x0040A730, "SQ", UNDEFINED)
    content = b"".join(EXPLICIT.head(ITEM, "", len(item)) + item for item in items)
    write(tmp_path, part10(raw(head + content + EXPLICIT.delimiter(SEQUENCE_DELIMITER)), EXPLICIT_LITTLE_UID))
    found = tagsniff.find([tmp_path], "(0040,a730)[<0>](0018,9004)", show_values=True)
    assert [one.value for one in found] == [f"{number:06}" for number in range(count)]
    assert found.occurrences[-1].element == f"(0040,a730)[{count - 1}](0018,9004)"


def test_a_path_that_is_not_utf_8(tmp_path: Path) -> None:
    name = b"\xff\xfe"
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(
            part10(EXPLICIT.element(0x00100020, "LO", b"here"), EXPLICIT_LITTLE_UID).data
        )
    except OSError:
        pytest.skip("the file system takes no such name")
    (one,) = tagsniff.find([tmp_path], "PatientID")
    assert os.fsencode(one.path).endswith(name)
    assert Path(one.path).is_file()


@pytest.mark.parametrize(
    ("element", "others"),
    [
        ("(0009,1001)", {}),
        ("0009,1001", {}),
        ("(0010,xx10)", {}),
        ("*", {}),
        ('(0009,"ACME",*)', {}),
        ('(0119,"MRSC",1502)', {}),
        ("NoSuchKeyword", {}),
        ("", {}),
        ([], {}),
        (["PatientName", "NoSuchKeyword"], {}),
        # Only the command separates names at commas.
        ("PatientName,PatientID", {}),
        ("/text", {}),
        ("(0010,0010)[0](0010,0020)", {}),
        ("PatientName", {"value": ""}),
        ("PatientName", {"value": "a", "regex": "b"}),
        ("PatientName", {"regex": "HIDDEN("}),
        ("PatientName", {"vr": "P"}),
        ("PatientName", {"workers": 0}),
        ("SOPInstanceUID", {"value": "<3 UIDs under 1.2.3>"}),
        ("StudyDate", {"value": "<about 2 dates>"}),
    ],
)
def test_invalid_queries(element: str | list[str], others: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"^(?!.*HIDDEN)"):
        tagsniff.find(["nowhere"], element, **others)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("element", "others"),
    [
        (1, {}),
        (None, {}),
        (["PatientName", 1], {}),
        ("PatientName", {"value": b"a"}),
        ("PatientName", {"regex": re.compile(b"a")}),
        ("PatientName", {"equipment": ("CT",)}),
        ("PatientName", {"workers": "2"}),
    ],
)
def test_arguments_of_a_wrong_type(element: object, others: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        tagsniff.find(["nowhere"], element, **others)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        tagsniff.find("nowhere", "PatientName")


def test_the_text_of_a_place() -> None:
    identity = parse_identity('(0008,1140)[<0>](0009,"A\\"B",02)[<0>](0010,0010)')
    assert format_occurrence(identity, [0, 12]) == '(0008,1140)[0](0009,"A\\"B",02)[12](0010,0010)'
    assert format_occurrence(identity[:1], []) == "(0008,1140)"
    for items in ([], [1], [1, 2, 3]):
        with pytest.raises(ValueError, match="index of an item"):
            format_occurrence(identity, items)


def test_big_endian_values_equal_little_endian_ones(tmp_path: Path) -> None:
    for name, encoding, uid in (("a", EXPLICIT, EXPLICIT_LITTLE_UID), ("b", BIG, EXPLICIT_BIG_UID)):
        write(tmp_path, part10(encoding.element(0x00280010, "US", encoding.number(513, 2)), uid), name)
    write(tmp_path, part10(IMPLICIT.element(0x00280010, "US", IMPLICIT.number(513, 2)), IMPLICIT_LITTLE_UID), "c")
    assert len(tagsniff.find([tmp_path], "Rows", value="513")) == 3
