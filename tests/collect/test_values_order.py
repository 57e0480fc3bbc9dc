"""The order of files changes nothing. A bound on distinct values drops rows by their hash, and the report says so.

For: permutations of paths over files with collisions, faults and exclusions; ``--max-values`` on many values.
Never: an expectation of a particular hash.
Standard: none; the rules are section 4 of the design (nothing is dropped in silence) and section 7 (exit status).
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterable
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, Part, join, part10, uid_value
from independent_collector import FORMATS, Line, read_lines, run, write_profiles

STATION, OTHER = '(0029,"ACME",01)', '(0029,"ACME",02)'


def text(tag: int, value: str) -> Part:
    """Return a text of even length."""
    raw = value.encode()
    return EXPLICIT.element(tag, "LO", raw + b" " * (len(raw) % 2))


def data_of(values: Iterable[str], series: str | None = None, manufacturer: str = "ACME") -> bytes:
    """Return a file whose private element has these values."""
    parts = [text(0x00080070, manufacturer)]
    if series is not None:
        parts.append(EXPLICIT.element(0x0020000E, "UI", uid_value(series)))
    parts += [text(0x00290010, "ACME"), text(0x00291001, "\\".join(values)), text(0x00291002, "same")]
    return part10(join(parts), EXPLICIT_LITTLE_UID).data


@pytest.fixture
def mixed(tmp_path: Path) -> list[Path]:
    """Return ten paths: files of two manufacturers and three series, a folder, and omitted files."""
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    for number in range(4):
        values = [f"value {number}", f"value {number + 1}", "=often"]
        (folder / f"file{number}").write_bytes(data_of(values, f"1.2.{number % 2}", "ACME" if number < 3 else "OTHER"))
    for number in range(2):
        (folder / "deep" / f"file{number}").write_bytes(data_of(["value 2", f"deep {number}"]))
    (folder / "cut").write_bytes(data_of(["cut"])[:-3])
    (folder / "void").write_bytes(b"")
    (folder / "note.txt").write_bytes(b"no DICOM file, though it has some length " * 10)
    return [*sorted(folder.iterdir()), tmp_path / "nowhere"]


@pytest.mark.parametrize("command", ["before", "final"])
def test_order_of_paths_changes_no_byte(tmp_path: Path, mixed: list[Path], command: str) -> None:
    """Of the report in each format, and of the exclusions."""
    arguments = write_profiles(tmp_path, ['"(0029,""ACME"",02)",LO,K,,'])
    orders = [mixed, mixed[::-1], *(random.Random(seed).sample(mixed, len(mixed)) for seed in range(4))]
    for form, bound in itertools.product(FORMATS, (["--max-values", "2"], [])):
        outputs = set()
        for number, order in enumerate(orders):
            folder = tmp_path / f"out {form} {number} {len(bound)}"
            folder.mkdir()
            assert run(command, order, folder, *arguments, *bound, form=form) == 3
            outputs.add(tuple((path.name, path.read_bytes()) for path in sorted(folder.iterdir())))
        assert len(outputs) == 1
        assert {name for name, _ in next(iter(outputs))} == {"exclusions.csv", f"report.{form}"}


@pytest.mark.parametrize("bound", [[], ["--max-values", "2"]], ids=["all values", "bounded"])
def test_order_of_paths_changes_no_byte_of_a_saved_scan(tmp_path: Path, mixed: list[Path], bound: list[str]) -> None:
    """The saved scan is an output like the others (design, section 4), and its content is identified by its digest."""
    arguments = write_profiles(tmp_path, [])
    scans = set()
    for order in (mixed, mixed[::-1]):
        assert run("before", order, tmp_path, *arguments, *bound, "--save", str(tmp_path / "scan")) == 3
        scans.add((tmp_path / "scan").read_bytes())
    assert len(scans) == 1


def test_folder_and_its_files_one_by_one_are_the_same(tmp_path: Path) -> None:
    """However the same files are named, the rows are the same."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(5):
        (folder / f"file{number}").write_bytes(data_of([f"value {number}"]))
    arguments = write_profiles(tmp_path, [])
    reports = set()
    for paths in ([folder], sorted(folder.iterdir()), sorted(folder.iterdir(), reverse=True)):
        assert run("before", paths, tmp_path, *arguments) == 0
        reports.add((tmp_path / "report.jsonl").read_bytes())
    assert len(reports) == 1


# The bound

Rows = dict[str, tuple[int, int, int, str]]


def spread(folder: Path, values: list[str], files: int) -> tuple[list[Path], Rows]:
    """Make files with each value in three of them, twice in the first; return the expected counts of each value."""
    folder.mkdir()
    held: list[list[str]] = [[] for _ in range(files)]
    counted: Rows = {}
    for number, value in enumerate(values):
        places = [(number + step * step) % files for step in range(3)]
        for place in places:
            held[place].append(value)
        held[places[0]].append(value)
        # Even files are of one series, odd ones have none.
        series = len({place % 2 for place in places})
        example = str(folder / f"{min(places):04}")
        counted[value] = (len(set(places)), series, 4, example)
    paths = []
    for number, own in enumerate(held):
        paths.append(folder / f"{number:04}")
        paths[-1].write_bytes(data_of(own, "1.2.3" if number % 2 == 0 else None))
    return paths, counted


def bounded(tmp_path: Path, paths: list[Path], bound: int) -> tuple[int, list[Line]]:
    """Return the exit status, and the rows of the element with many values."""
    status = run("before", paths, tmp_path, *write_profiles(tmp_path, []), "--max-values", str(bound))
    return status, [line for line in read_lines(tmp_path / "report.jsonl") if line.key.element == STATION]


def kept_of(lines: list[Line]) -> Rows:
    """Return the values that are shown, with their counts."""
    return {
        line.key.value: (line.counts.files, line.counts.series, line.counts.occurrences, line.counts.example)
        for line in lines
        if line.key.kind == "value"
    }


@pytest.mark.parametrize(("bound", "distinct", "factor"), [(8, 300, 5), (64, 1500, 1.6), (256, 1500, 1.3)])
def test_a_bound_keeps_that_many_values_and_estimates_their_number(
    tmp_path: Path, bound: int, distinct: int, factor: float
) -> None:
    """Kept rows have exact counts, the estimate is close, there is a row `more`, and the exit status is 3."""
    values = [f"value {number}" for number in range(distinct)]
    paths, counted = spread(tmp_path / "in", values, 97)
    status, lines = bounded(tmp_path, paths, bound)
    assert status == 3
    kept = kept_of(lines)
    assert len(kept) == bound
    assert kept == {value: counted[value] for value in kept}
    (more,) = [line for line in lines if line.key.kind == "more"]
    assert more.key[1:5] == (lines[0].key.equipment, STATION, "LO", "R")
    assert distinct / factor < int(more.key.value) < distinct * factor
    other = [line for line in read_lines(tmp_path / "report.jsonl") if line.key.element == OTHER]
    assert [(line.key.kind, line.key.value, line.counts.files) for line in other] == [("value", "same", 97)]


def test_a_bound_that_is_just_not_reached(tmp_path: Path) -> None:
    """As many values as the bound are all kept; one more exceeds it."""
    for distinct, status in ((8, 0), (9, 3)):
        paths, counted = spread(tmp_path / f"in{distinct}", [f"value {number}" for number in range(distinct)], 7)
        found, lines = bounded(tmp_path, paths, 8)
        assert found == status
        assert len(kept_of(lines)) == 8
        assert [line.key.kind for line in lines if line.key.kind != "value"] == ["more"] * (distinct - 8)
        if distinct == 8:
            assert kept_of(lines) == counted


def test_a_bound_keeps_the_same_rows_for_every_order(tmp_path: Path) -> None:
    """The kept rows, their counts and the estimate do not depend on the order of the files."""
    paths, _ = spread(tmp_path / "in", [f"value {number}" for number in range(200)], 31)
    reports = set()
    for seed in range(8):
        order = random.Random(seed).sample(paths, len(paths))
        assert bounded(tmp_path, order, 8)[0] == 3
        reports.add((tmp_path / "report.jsonl").read_bytes())
    assert len(reports) == 1


def test_kept_rows_are_the_first_in_one_order_of_all_values(tmp_path: Path) -> None:
    """Over many collections, every kept value precedes every dropped one: one order of all values explains them."""
    values = [f"value {number}" for number in range(60)]
    goes_before: dict[str, set[str]] = {value: set() for value in values}
    for seed in range(40):
        chosen = random.Random(seed).sample(values, 20)
        path = tmp_path / f"file{seed}"
        path.write_bytes(data_of(chosen))
        _, lines = bounded(tmp_path, [path], 8)
        kept = set(kept_of(lines))
        assert len(kept) == 8
        for dropped in set(chosen) - kept:
            goes_before[dropped] |= kept
    # Raises CycleError if two collections contradict each other.
    order = list(TopologicalSorter(goes_before).static_order())
    assert sorted(order) == sorted(values)
    # A hash is unrelated to the order of letters, and an order of arrival would not be the same twice.
    assert order != sorted(order)


def test_a_bound_applies_to_each_equipment_and_vr_separately(tmp_path: Path) -> None:
    """Eight values of one manufacturer and eight of another are not sixteen of one."""
    values = [f"value {number}" for number in range(8)]
    for number, manufacturer in enumerate(("ACME", "OTHER")):
        (tmp_path / f"file{number}").write_bytes(
            data_of([f"{manufacturer} {value}" for value in values], None, manufacturer)
        )
    status, lines = bounded(tmp_path, [tmp_path / "file0", tmp_path / "file1"], 8)
    assert status == 0
    assert len(lines) == 16


def test_bound_of_one(tmp_path: Path) -> None:
    """One value is kept and the report says that there were more; or the bound is refused before any file is read."""
    (tmp_path / "file").write_bytes(data_of([f"value {number}" for number in range(40)]))
    status = run("before", [tmp_path / "file"], tmp_path, *write_profiles(tmp_path, []), "--max-values", "1")
    if status == 2:
        assert not (tmp_path / "report.jsonl").exists()
    else:
        kinds = [line.key.kind for line in read_lines(tmp_path / "report.jsonl") if line.key.element == STATION]
        assert (status, sorted(kinds)) == (3, ["more", "value"])


def test_a_bound_does_not_narrow_a_collapsed_range(tmp_path: Path) -> None:
    """Collapsed values show the first and last of all values; the bound does not count them."""
    numbers = range(-500, 500)
    parts = [
        EXPLICIT.element(0x00204000, "DS", b"%d " % number if number % 10 else b"%d" % number) for number in numbers
    ]
    items = [EXPLICIT.item(part) for part in parts]
    path = tmp_path / "file"
    path.write_bytes(part10(EXPLICIT.sequence(0x00081140, *items), EXPLICIT_LITTLE_UID).data)
    profile = write_profiles(tmp_path, ['"(0020,4000)",DS,R,number,'])
    status = run("before", [path], tmp_path, *profile, "--max-values", "8", all_values=False)
    (line,) = [
        line
        for line in read_lines(tmp_path / "report.jsonl")
        if line.key.element.endswith("(0020,4000)") and line.key.kind == "value"
    ]
    assert (status, line.counts.occurrences) == (0, 1000)
    assert re.fullmatch(r"<about [0-9]+ numbers, -500..499>", line.key.value)


@pytest.mark.parametrize("bound", ["0", "-1", "x", ""])
def test_a_wrong_bound_is_misuse(tmp_path: Path, bound: str) -> None:
    """It is reported before any file is read."""
    (tmp_path / "file").write_bytes(data_of(["value"]))
    assert run("before", [tmp_path / "file"], tmp_path, "--max-values", bound) == 2
    assert not (tmp_path / "report.jsonl").exists()
