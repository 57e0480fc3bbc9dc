"""The rules of CONTRIBUTING.md that a program can check: one list of statuses, module names, plain C in csrc.

For: every file of ``src/`` and ``csrc/``. Tests that need the source tree are skipped if there is only the package.
Never: a matter of taste; the linters check those.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tagsniff import _core
from tagsniff.status import Status

ROOT = Path(__file__).parents[1]
CSRC = ROOT / "csrc"
PACKAGE = ROOT / "src" / "tagsniff"
needs_source_tree = pytest.mark.skipif(not (CSRC.is_dir() and PACKAGE.is_dir()), reason="there is no source tree")

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
CALLS_THAT_PRINT = r"\b(?:printf|fprintf|vprintf|vfprintf|puts|fputs|putchar|putc|perror)\s*\("


def test_statuses_of_c_and_python_are_equal() -> None:
    in_c = [tuple(entry) for entry in _core.status_entries()]
    in_python = [(status.name, int(status), status.kind.value, status.text) for status in Status]
    assert in_c == in_python


def test_status_numbers_are_unique_and_ascending() -> None:
    numbers = [number for _, number, _, _ in _core.status_entries()]
    assert numbers == sorted(set(numbers))


# The Python sources


def python_sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@needs_source_tree
def test_no_module_has_a_vague_name() -> None:
    # What others have published keeps its names.
    own = (path for path in PACKAGE.rglob("*") if "vendor" not in path.parts)
    sources = [*own, *CSRC.rglob("*"), *(ROOT / "tests").rglob("*.py")]
    assert [path.name for path in sources if path.stem.lower() in FORBIDDEN_NAMES] == []


@needs_source_tree
def test_files_that_the_sanitizers_skip_exist() -> None:
    """Every other file runs under the sanitizers: a renamed file would run there for nothing."""
    variables = dict(re.findall(r"^(\w+) := ((?:.*\\\n)*.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = [
        name
        for variable in ("NOT_SANITIZED", "BYTES_IN_MEMORY")
        for name in re.findall(r"[\w/.]+", variables[variable])
    ]
    assert len(named) > 10
    assert len(set(named)) == len(named)
    assert [name for name in named if not (ROOT / "tests" / name).exists()] == []


@needs_source_tree
def test_every_python_file_has_a_docstring() -> None:
    sources = [*python_sources(), *CSRC.rglob("*.py"), *(ROOT / "profiles").glob("*.py"), ROOT / "setup.py"]
    without = [path.name for path in sources if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert without == []


@needs_source_tree
def test_every_cython_file_begins_with_a_description() -> None:
    sources = [*PACKAGE.glob("_core/*.p*"), PACKAGE / "_core.pyi"]
    openings = {path.name: path.read_text(encoding="utf-8").lstrip() for path in sources}
    assert openings.keys() > {"_core.pyx", "csrc.pxi", "_core.pyi", "parser.pxi"}
    assert [name for name, text in openings.items() if not re.match(r'(#.*\n|\s)*r?"""|#\s*\S', text)] == []


# The C sources


def c_sources() -> list[Path]:
    return sorted(
        path for path in CSRC.rglob("*") if path.suffix in {".c", ".h", ".inc"} and path.parent.name != "example"
    )


def strip_comments_and_strings(text: str) -> str:
    """Return C code with its comments and the contents of its literals removed."""
    pattern = r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
    return re.sub(pattern, lambda match: " " if match[0].startswith("/") else match[0][0] * 2, text, flags=re.DOTALL)


def remove_braces(code: str) -> str:
    """Return C code without the content of braces and without preprocessor lines."""
    code = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*$", "", code, flags=re.MULTILINE)
    depth = 0
    kept = []
    for character in code:
        depth -= character == "}"
        if depth == 0 or (depth == 1 and character == "{" and kept[-1:] != ["{"]):
            kept.append(character)
        depth += character == "{"
    return "".join(kept)


def mutable_globals(text: str) -> list[str]:
    """Return the definitions of objects at file scope, or static in a function, that are not const."""
    code = strip_comments_and_strings(text)
    found = []
    without_functions = re.sub(r"[^;{}]*\)\s*\{\s*\}", "", remove_braces(code))
    for statement in without_functions.split(";"):
        words = " ".join(statement.split())
        is_type = re.match(r"(?:typedef|enum|struct|union)\b(?!.*=)", words) and not re.search(r"\}\s*\w", words)
        if not words or is_type or words.startswith(("typedef", "_Static_assert", "extern")):
            continue
        if re.search(r"\w\s*\([^=]*\)\s*$", words):  # a prototype
            continue
        if not re.search(r"\bconst\b", words):
            found.append(words)
    found += re.findall(r"^[ \t]+static\s+(?!const\b|inline\b)[^;(]*;", code, flags=re.MULTILINE)
    return found


@needs_source_tree
def test_every_c_file_begins_with_for_and_never() -> None:
    for path in c_sources():
        opening = path.read_text(encoding="utf-8").partition("*/")[0]
        assert opening.startswith("/* "), path.name
        assert "For:" in opening, path.name
        assert "Never:" in opening, path.name


@needs_source_tree
def test_c_includes_no_python_and_prints_nothing() -> None:
    for path in c_sources():
        code = strip_comments_and_strings(path.read_text(encoding="utf-8"))
        assert "Python.h" not in path.read_text(encoding="utf-8"), path.name
        assert not re.search(CALLS_THAT_PRINT, code), path.name
        assert not re.search(r"\b(?:stdout|stderr)\b", code), path.name


@needs_source_tree
def test_c_has_no_mutable_globals() -> None:
    assert {path.name: found for path in c_sources() if (found := mutable_globals(path.read_text("utf-8")))} == {}


@pytest.mark.parametrize(
    "code",
    [
        "static int counter;",
        "int counter = 0;",
        "static uint8_t buffer[64];",
        "static struct state { int a; } state;",
        "int f(void) { return 1; }\nstatic int counter = 1;",
        "int f(void) {\n    static int calls = 0;\n    return calls++;\n}",
        'char *name = "x";',
    ],
)
def test_the_check_of_globals_can_fail(code: str) -> None:
    assert mutable_globals(code) != []


@pytest.mark.parametrize(
    "code",
    [
        "static const int table[] = {1, 2};",
        "typedef struct a { int b; } a;",
        "enum { FIRST = 1 };",
        "enum kind { FIRST, SECOND };",
        "struct a;",
        "int f(int a, const char *b);",
        "static int f(void) { int local = 1; return local; }\nint g(void) { return f(); }",
        "int f(void) { return 1; }\ntypedef enum kind { FIRST, SECOND } kind;\nint g(kind a) { return a; }",
        "#define X(a) \\\n    int a;\n/* int b; */",
        'static const struct { char a[2]; } pool = {\n    "a",\n};',
    ],
)
def test_the_check_of_globals_accepts_valid_code(code: str) -> None:
    assert mutable_globals(code) == []


@needs_source_tree
def test_every_c_file_compiles_alone(tmp_path: Path) -> None:
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler")
    command = [compiler, "-std=c11", "-fsyntax-only", f"-I{CSRC}"]
    for path in CSRC.glob("*/*.c"):
        subprocess.run([*command, path], check=True)
    for path in CSRC.glob("*/*.h"):
        # A header that needs another one includes it.
        alone = tmp_path / "alone.c"
        alone.write_text(f'#include "{path.relative_to(CSRC).as_posix()}"\n', encoding="utf-8")
        subprocess.run([*command, alone], check=True)
