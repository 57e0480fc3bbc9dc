"""Each allocation of the core fails: that one alone, or all from it on. The result is a fault or a refusal, no leak.

For: the parser, collecting and merging, over written files that reach every part of them.
Never: a fixed number of allocations; the loop ends after the last one.
Standard: none; design, section 5.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cases import WRITTEN_BY_HAND
from compiled import CSRC, build_flags, compile_core, find_compiler
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, IMPLICIT, IMPLICIT_LITTLE_UID, part10, raw
from encoded_case import last, plain

FUZZ = Path(__file__).parents[1] / "fuzz"
DEFINES = ("-Dmalloc=fuzz_malloc", "-Dcalloc=fuzz_calloc", "-Drealloc=fuzz_realloc")
# Defined in fed_parse.h: the choice of limits, at the start of the options.
OPTIONS_AT = 16
E = EXPLICIT


def rich_data_set() -> bytes:
    """Return text in several character sets, numbers, long values, text runs, private blocks, sequences under UN."""
    item = IMPLICIT.item(IMPLICIT.element(0x00290010, "LO", b"ACME"), IMPLICIT.element(0x00291001, "LO", b"a\\b"))
    parts = [
        E.element(0x00080005, "CS", b"\\ISO 2022 IR 87"),
        E.element(0x00080060, "CS", b"MR"),
        E.element(0x00080070, "LO", b"Maker"),
        E.sequence(0x00081140, E.item(E.element(0x00081155, "UI", b"1.2.3")), E.item(undefined=True), undefined=True),
        E.element(0x00090010, "LO", b"ACME A"),
        E.element(0x00090011, "LO", b"ACME A"),
        E.element(0x00091001, "UN", b"some text in bytes\1\2\3t\0e\0x\0t\0s\0"),
        E.element(0x00091102, "OB", b"first run\0second run\0" * 40),
        E.element(0x00100010, "PN", b"Doe^Jane\\Roe^J=\x1b$B;3ED\x1b(B"),
        E.element(0x00104000, "LT", b"long " * 160),
        E.element(0x00180050, "DS", b"1\\x\\3 "),
        E.element(0x00181020, "LO", b"1\\2"),
        E.element(0x0020000E, "UI", b"1.2.3.4"),
        E.element(0x00280009, "AT", bytes(8)),
        E.element(0x00280106, "US", b"\1\0"),
        E.element(0x00291010, "UN", item.data + item.data),
        E.sequence(
            0x00400275, E.item(E.element(0x00080005, "CS", b"GB18030"), E.element(0x00104000, "LT", b"\x81\x30"))
        ),
    ]
    return b"".join(part.data for part in parts)


def unordered() -> bytes:
    """Return elements after others of a higher tag, a creator after its element, and a tag twice."""
    elements = [
        E.element(0x00291001, "LO", b"x"),
        E.element(0x00290010, "LO", b"ACME"),
        E.element(0x00100010, "PN", b"A"),
    ]
    return b"".join(part.data for part in [*elements, *elements])


def seeds() -> dict[str, bytes]:
    """Return files by name: the rich ones with each choice of limits, and the small written cases."""
    found = {
        f"rich{choice}": part10(raw(rich_data_set()), EXPLICIT_LITTLE_UID).data[:OPTIONS_AT]
        + bytes([choice])
        + part10(raw(rich_data_set()), EXPLICIT_LITTLE_UID).data[OPTIONS_AT + 1 :]
        for choice in (0, 7, 13, 21)
    }
    found["unordered"] = part10(raw(unordered()), EXPLICIT_LITTLE_UID).data
    found["implicit"] = part10(plain(IMPLICIT) + last(IMPLICIT), IMPLICIT_LITTLE_UID).data
    wanted = ("deflated", "fragments", "big")
    found |= {case.name: case.data for case in WRITTEN_BY_HAND if case.name.startswith(wanted) and len(case.data) > 200}
    return found


def test_every_allocation_that_fails(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    compiler = find_compiler()
    flags = build_flags(compiler, tmp_path)
    objects = compile_core(compiler, flags, tmp_path_factory, defines=DEFINES)
    sources = [str(FUZZ / name) for name in ("replay.c", "fuzz_memory.c", "fed_parse.c")]
    program = tmp_path / "replay"
    subprocess.run([compiler, *flags, f"-I{CSRC}", "-o", program, *sources, *objects, "-lz"], cwd=tmp_path, check=True)
    for name, data in seeds().items():
        (tmp_path / name).write_bytes(data)
    done = subprocess.run(
        [program, *seeds()], cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False
    )
    assert done.returncode == 0, done.stderr.rpartition("\r")[2]
    counts = {name: (int(once), int(for_good)) for name, once, for_good in map(str.split, done.stdout.splitlines())}
    assert set(counts) == set(seeds())
    assert max(once for once, _ in counts.values()) > 100
    assert min(for_good for _, for_good in counts.values()) > 20


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs memory that is allocated only when it is used")
@pytest.mark.skipif(sys.maxsize < 2**33, reason="the file would not fit")
@pytest.mark.parametrize(("limit", "printed"), [(0xFFFFFFFF, "OUT_OF_MEMORY 2"), (0, "OK 3")])
def test_a_value_of_the_maximum_length(limit: int, printed: str) -> None:
    """Four gibibytes in the window, to be captured or skipped, by a parser with and without a template of the file.

    No sum of a length and some bytes wraps to a short length.
    """
    program = (
        "import mmap, resource, struct, sys\n"
        "from tagsniff import _core\n"
        "from tagsniff.status import Status\n"
        "length = 0xFFFFFFFC\n"
        "head = bytes.fromhex(sys.argv[1]) + struct.pack('<HHI', 8, 0x60, length)\n"
        "last = struct.pack('<HHI', 8, 0x70, 6)\n"
        "resource.setrlimit(resource.RLIMIT_AS, (7 << 30, 7 << 30))\n"
        "no_reserve = 0x4000\n"
        "kinds = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | no_reserve\n"
        "file = mmap.mmap(-1, len(head) + length + 14, flags=kinds)\n"
        "file[: len(head)] = head\n"
        "file[len(head) + length : len(head) + length + 8] = last\n"
        "parser = _core.Parser(value_limit_bytes=int(sys.argv[2]))\n"
        "for _ in range(2):\n"
        "    parser.begin(len(file))\n"
        "    parser.feed(0, file)\n"
        "    assert parser.run()\n"
        "    found = (parser.elements()['tag'] >> 16 == 8).sum()\n"
        "    print(Status.from_number(parser.status()[0]).name, found)\n"
    )
    front = part10(IMPLICIT.element(0x00080008, "CS", b"A "), IMPLICIT_LITTLE_UID).data
    command = [sys.executable, "-c", program, front.hex(), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"{printed}\n" * 2), done.stderr
