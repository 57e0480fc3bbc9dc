"""The headers of ``csrc/``, included by programs in C and C++, and the documented program that links the parser.

For: programs that link the core without Python.
Never: the parser itself, which has tests of its own. Here it must give C the same results as Python.
Standard: PS3.5 section 7, edition 2026b.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import tagsniff
from compiled import compile_core
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, ITEM, UNDEFINED, deflated, part10, uid_value
from real_files import distinct_files

CSRC = Path(__file__).parents[1] / "csrc"
PROGRAM = CSRC / "example" / "list_elements.c"
HEADERS = sorted(CSRC.glob("*/*.h"))
COMPILERS = [name for name in ("gcc", "clang") if shutil.which(name)]
STATUS_PLACES = 3
WARNINGS = ["-std=c11", "-Wall", "-Wextra", "-Werror"]

pytestmark = pytest.mark.skipif(not PROGRAM.is_file() or not COMPILERS, reason="no source tree, or no C compiler")


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Compile the objects of the core as the page about it says, with all warnings as errors."""
    return compile_core(COMPILERS[0], WARNINGS, tmp_path_factory)


@pytest.fixture(scope="module")
def program(core: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the program, linked with the core."""
    target = tmp_path_factory.mktemp("program") / "list_elements"
    subprocess.run([COMPILERS[0], *WARNINGS, f"-I{CSRC}", PROGRAM, *core, "-lz", "-o", target], check=True)
    return target


def lines_of(header: tagsniff.Header) -> list[str]:
    """Return the lines that the program must print about a file."""
    lines = []
    for element in header.elements:
        tag, length = int(element["tag"]), int(element["value_length"])
        place = f"{int(element['value_offset']) - int(element['header_bytes']):10}  {'  ' * int(element['depth'])}"
        vr = "" if tag == ITEM else " " + element["vr"].decode()
        lines.append(
            f"{place}({tag >> 16:04x},{tag & 0xFFFF:04x}){vr} {'undefined' if length == UNDEFINED else length}"
        )
    if header.transfer_syntax_uid is not None:
        lines.append(f"transfer syntax {header.transfer_syntax_uid}")
    lines += [
        f"deviation {one.status.name}, {one.count} times, first at {one.offset}"
        for one in sorted(header.deviations, key=lambda one: one.status)
    ]
    return lines


def run(program: Path, *arguments: str | Path) -> tuple[int, list[str]]:
    done = subprocess.run([program, *arguments], capture_output=True, check=False)
    assert done.stderr == b""
    return done.returncode, done.stdout.decode("ascii").splitlines()


@pytest.mark.parametrize("way", [[], ["--pieces"]], ids=["by path", "in pieces"])
def test_the_program_prints_the_results_of_read_header(program: Path, way: list[str]) -> None:
    files = [real.path for real in distinct_files()]
    headers = [tagsniff.read_header(path) for path in files]
    status, printed = run(program, *way, *files)
    assert status == (0 if all(header.status.name == "OK" for header in headers) else 1)
    for path, header in zip(files, headers, strict=True):
        expected = lines_of(header)
        assert printed[: len(expected)] == expected, path
        last = printed[len(expected)]
        assert last.startswith(f"status {header.status.name} at "), path
        assert last.endswith(f": {header.status.text}")
        if header.fault is not None and header.fault.offset is not None:
            assert last.split(" ")[STATUS_PLACES] == f"{header.fault.offset}:"
        del printed[: len(expected) + 1]
    assert printed == []
    assert len(files) > 100


@pytest.mark.parametrize("way", [[], ["--pieces"]], ids=["by path", "in pieces"])
def test_written_files(program: Path, tmp_path: Path, way: list[str]) -> None:
    item = EXPLICIT.item(EXPLICIT.element(0x00081155, "UI", uid_value("1.2")), undefined=True)
    # The value after the sequence is skipped.
    data_set = EXPLICIT.sequence(0x00081140, item, undefined=True) + EXPLICIT.element(0x00204000, "UT", b"x" * 70000)
    written = part10(data_set, EXPLICIT_LITTLE_UID)
    (tmp_path / "whole").write_bytes(written.data)
    (tmp_path / "cut").write_bytes(written.data[:-20])
    (tmp_path / "deflated").write_bytes(deflated(data_set).data)
    (tmp_path / "text").write_bytes(b"no DICOM file, and long enough to be looked at for a while")
    (tmp_path / "empty").write_bytes(b"")
    for name in ("whole", "cut", "deflated", "text", "empty"):
        header = tagsniff.read_header(tmp_path / name)
        status, printed = run(program, *way, tmp_path / name)
        assert printed[:-1] == lines_of(header)
        assert printed[-1].split(" ")[1] == header.status.name
        assert status == (header.status.name != "OK")
    assert run(program, *way, tmp_path / "whole")[1][3:6] == [
        f"{written.rows[3].start:10}  (0008,1140) SQ undefined",
        f"{written.rows[4].start:10}    (fffe,e000) undefined",
        f"{written.rows[5].start:10}    (0008,1155) UI 4",
    ]
    assert run(program, *way, tmp_path / "gone") == (1, ["status CANNOT_OPEN at 0: the file could not be opened"])
    assert run(program, *way) == (0, [])


def test_an_invalid_uid_is_not_printed(program: Path, tmp_path: Path) -> None:
    data = part10(EXPLICIT.element(0x00100020, "LO", b"here"), "1.2\x1b[2J").data
    (tmp_path / "a").write_bytes(data)
    _, printed = run(program, tmp_path / "a")
    assert "transfer syntax 1.2" in printed


@pytest.mark.parametrize("compiler", COMPILERS)
def test_every_header_compiles_alone_in_c(compiler: str, tmp_path: Path) -> None:
    for header in HEADERS:
        alone = tmp_path / f"{header.stem}.c"
        # Included twice: the second time tests the include guard.
        alone.write_text(
            f'#include "{header.relative_to(CSRC).as_posix()}"\n#include "{header.relative_to(CSRC).as_posix()}"\n',
            encoding="utf-8",
        )
    flags = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{CSRC}"]
    subprocess.run([compiler, *flags, *sorted(tmp_path.glob("*.c"))], check=True)
    assert len(HEADERS) > 20


@pytest.mark.parametrize("compiler", [name for name in ("g++", "clang++") if shutil.which(name)])
@pytest.mark.parametrize("standard", ["c++11", "c++20"])
def test_every_header_compiles_alone_in_c_plus_plus(compiler: str, standard: str, tmp_path: Path) -> None:
    for header in HEADERS:
        alone = tmp_path / f"{header.stem}.cpp"
        alone.write_text(f'extern "C" {{\n#include "{header.relative_to(CSRC).as_posix()}"\n}}\n', encoding="utf-8")
    flags = [f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{CSRC}"]
    subprocess.run([compiler, *flags, *sorted(tmp_path.glob("*.cpp"))], check=True)


@pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler")
def test_a_program_in_c_plus_plus_links_the_core(core: list[str], tmp_path: Path) -> None:
    (tmp_path / "main.cpp").write_text(
        """
        extern "C" {
        #include "parse/parse.h"
        #include "read/file_reader.h"
        #include "scan/batch.h"
        }
        #include <cstdio>
        int main(int, char **argv) {
            ts_limits limits = TS_LIMITS_DEFAULT;
            limits.element_limit = 1000;
            ts_parser *parser = ts_parser_new(limits);
            ts_reader reader;
            ts_stop stop;
            ts_stop_begin(&stop);
            ts_stop_ask(&stop);
            ts_reader_begin(&reader);
            ts_read_path(&reader, parser, TS_NO_FOLDER, argv[1]);
            std::size_t count;
            ts_parser_elements(parser, &count);
            std::printf("%zu %d %zu", count, ts_stop_is_asked(&stop), sizeof stop);
            ts_reader_free(&reader);
            ts_parser_free(parser);
        }
        """,
        encoding="utf-8",
    )
    target = tmp_path / "program"
    subprocess.run(["g++", f"-I{CSRC}", tmp_path / "main.cpp", *core, "-lz", "-o", target], check=True)
    written = part10(EXPLICIT.element(0x00100020, "LO", b"here"), EXPLICIT_LITTLE_UID)
    (tmp_path / "a").write_bytes(written.data)
    done = subprocess.run([target, tmp_path / "a"], capture_output=True, check=True)
    assert done.stdout == b"4 1 1"
