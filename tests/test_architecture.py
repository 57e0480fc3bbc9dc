"""The rule of imports: folders use only lower folders, files have no cycle, headers declare what their file defines.

For: every file of ``src/tagsniff`` and ``csrc``. The order of the folders is read from the two tables in
ARCHITECTURE.md, its only definition. A folder that is not in them fails.
Never: a matter of taste; the linters check those.
"""

import ast
import re
import sys
from collections.abc import Iterable
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CSRC = ROOT / "csrc"
PACKAGE = ROOT / "src" / "tagsniff"
PAGE = ROOT / "ARCHITECTURE.md"
pytestmark = pytest.mark.skipif(not (CSRC.is_dir() and PACKAGE.is_dir()), reason="there is no source tree")

FOLDERS_WITHOUT_RANK = {"example"}  # a program outside the core
CSRC_FILES = {"README.md", "tagsniff.pc.in"}
# Folders of later work have a rank, so that the first module has its place; there is none now.
FOLDERS_TO_COME: set[str] = set()

# Names that would hide a module of the standard library from files in the same folder, or confuse a reader.
STANDARD_NAMES = set(sys.stdlib_module_names)
# Python itself defines the names of dunder modules; `profile` is a folder, and a term of this package.
ALLOWED_STANDARD_NAMES = {"profile"}


def ranks(heading: str, page: str) -> dict[str, int]:
    """Return the rank of each folder: the line, in the table below a heading, that names it first in backticks."""
    table = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = re.findall(r"^\| (\d+) \| (`[^|]+`) \|", table, flags=re.MULTILINE)
    found = {name.strip("/"): int(rank) for rank, names in lines for name in re.findall(r"`([^`]+)`", names)}
    assert found, f"ARCHITECTURE.md has no table below {heading!r}"
    return found


def python_ranks() -> dict[str, int]:
    return ranks("Python: who may import whom", PAGE.read_text(encoding="utf-8"))


def c_ranks() -> dict[str, int]:
    return ranks("C: who may include whom", PAGE.read_text(encoding="utf-8"))


def breaches(edges: dict[str, set[str]], rank_of: dict[str, int]) -> list[str]:
    """Return the edges between folders that do not go to a lower rank; the ends of edges are folder/file."""
    found = []
    for start, ends in sorted(edges.items()):
        for end in sorted(ends):
            folders = start.split("/")[0], end.split("/")[0]
            if folders[0] != folders[1] and not rank_of[folders[1]] < rank_of[folders[0]]:
                found.append(f"{start} -> {end}")
    return found


def circle(edges: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


# Python


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_for_type_checkers(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}


def walk_statements(node: ast.AST) -> Iterable[ast.AST]:
    """Yield all nodes except those that only a type checker executes."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt) and is_for_type_checkers(child):
            continue
        yield child
        yield from walk_statements(child)


def imported_modules(path: Path, known: set[str]) -> set[str]:
    """Return the modules of the package that a file imports, including imports inside functions."""
    name = module_name(path)
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    found = set()
    for node in walk_statements(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                found.add(inner if inner in known else base)
    return found & known - {name}


def place(module: str) -> str:
    """Return folder/file of a module; a module outside the folders is a folder with its own name."""
    parts = module.split(".")[1:]
    return "/".join(parts) if parts else "__init__"


def python_edges() -> dict[str, set[str]]:
    """Return which modules each module imports.

    ``tagsniff/__init__`` offers the names of modules below it and imports them on first use. This is the only edge
    that goes up, so an import of the package itself (its version) is not an edge.
    """
    paths = sorted(PACKAGE.rglob("*.py"))
    known = {module_name(path) for path in paths} | {"tagsniff._core"}
    graph = {module_name(path): imported_modules(path, known) for path in paths}
    return {
        place(name): {place(other) for other in imports if other != "tagsniff"}
        for name, imports in graph.items()
        if name != "tagsniff"
    }


def test_python_imports_go_to_lower_folders() -> None:
    edges = python_edges()
    assert len(edges) > 50
    assert breaches(edges, python_ranks()) == []


def test_python_files_have_no_cycle() -> None:
    assert circle(python_edges()) == []


def test_every_python_folder_has_a_rank_and_every_rank_a_folder() -> None:
    folders = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in PACKAGE.rglob("*.py")}
    assert folders - {"__init__"} | {"_core"} == set(python_ranks()) - FOLDERS_TO_COME


def test_no_module_has_the_name_of_one_of_the_standard_library() -> None:
    names = {path: path.stem if path.name != "__init__.py" else path.parent.name for path in PACKAGE.rglob("*.py")}
    clashes = [
        str(path.relative_to(PACKAGE))
        for path, name in names.items()
        if name in STANDARD_NAMES and name not in ALLOWED_STANDARD_NAMES
    ]
    assert clashes == []


def test_the_core_imports_nothing_from_the_package() -> None:
    """The sources of the extension import nothing from the package: C and Python meet only there."""
    sources = [path for path in (PACKAGE / "_core").iterdir() if path.suffix in {".pyx", ".pxi"}]
    assert len(sources) > 5
    assert [
        path.name for path in sources if re.search(r"^\s*(from|import) \.?tagsniff", path.read_text("utf-8"), re.M)
    ] == []


# C


def c_files() -> list[Path]:
    found = [path for path in CSRC.rglob("*") if path.suffix in {".c", ".h", ".inc"}]
    return sorted(path for path in found if path.relative_to(CSRC).parts[0] not in FOLDERS_WITHOUT_RANK)


def unit(path: Path) -> str:
    """Return folder/name of a .c file and its header, which are one unit."""
    return path.relative_to(CSRC).with_suffix("").as_posix()


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.DOTALL)


FUNCTION = r"^(?!static\b|typedef\b|extern\b|#|[ \t}}/])[A-Za-z_][\w \*\n]*?\b(ts_\w+)\([^;{{}}]*?\)\s*{ending}"


@cache
def functions(text: str, ending: str) -> set[str]:
    """Return the functions with external linkage that a file defines (ending ``{``) or declares (``;``)."""
    code = re.sub(r"__attribute__\(\(.*?\)\)\)?\s*", "", without_comments(text))
    code = re.sub(r"^TS_ONCE_A_FILE ", "", code, flags=re.MULTILINE)
    found = set(re.findall(FUNCTION.format(ending=re.escape(ending)), code, flags=re.MULTILINE))
    return found | (set(re.findall(r"^TS_DEFINE_FIELDS\((\w+)", code, flags=re.MULTILINE)) if ending == "{" else set())


@cache
def c_definitions() -> dict[str, str]:
    """Return the unit that defines each function."""
    return {
        name: unit(path)
        for path in c_files()
        if path.suffix == ".c"
        for name in functions(path.read_text(encoding="utf-8"), "{")
    }


def c_edges(*, by_includes: bool) -> dict[str, set[str]]:
    """Return the units that each unit needs: it calls their functions or, with `by_includes`, sees their headers."""
    defined = c_definitions()
    edges: dict[str, set[str]] = {}
    for path in c_files():
        text = path.read_text(encoding="utf-8")
        called = set(re.findall(r"\bts_\w+(?=\()", without_comments(text)))
        if path.suffix == ".h":
            called -= functions(text, ";")
        needed = {defined[name] for name in called if name in defined}
        if by_includes:
            needed |= {name.rpartition(".")[0] for name in re.findall(r'^#include "([^"]+)"', text, flags=re.MULTILINE)}
        edges.setdefault(unit(path), set()).update(needed - {unit(path)})
    return edges


def header_edges() -> dict[str, set[str]]:
    return {
        path.relative_to(CSRC).as_posix(): set(
            re.findall(r'^#include "([^"]+)"', path.read_text("utf-8"), re.MULTILINE)
        )
        for path in c_files()
    }


def test_c_includes_and_calls_go_to_lower_folders() -> None:
    edges = c_edges(by_includes=True)
    assert len(edges) > 30
    assert breaches(edges, c_ranks()) == []


def test_c_files_have_no_cycle() -> None:
    """Neither by includes between headers, nor by calls between files, including calls of inline functions."""
    assert circle(header_edges()) == []
    assert circle(c_edges(by_includes=False)) == []


def test_every_c_folder_has_a_rank_and_every_rank_a_folder() -> None:
    entries = list(CSRC.iterdir())
    assert {path.name for path in entries if path.is_dir()} - FOLDERS_WITHOUT_RANK - {"__pycache__"} == set(c_ranks())
    assert {path.name for path in entries if path.is_file()} <= CSRC_FILES


def test_a_function_is_declared_in_the_header_of_its_own_file() -> None:
    declared = {
        (name, unit(path))
        for path in c_files()
        if path.suffix == ".h"
        for name in functions(path.read_text(encoding="utf-8"), ";")
    }
    defined = set(c_definitions().items())
    assert len(defined) > 150
    assert {"undeclared": defined - declared, "declared elsewhere": declared - defined} == {
        "undeclared": set(),
        "declared elsewhere": set(),
    }


# The checks can fail


def test_the_check_of_folders_can_fail() -> None:
    rank_of = {"base": 0, "parse": 1, "read": 1}
    edges = {"parse/a": {"base/b"}, "base/b": {"parse/a"}, "read/c": {"parse/a"}}
    assert breaches(edges, rank_of) == ["base/b -> parse/a", "read/c -> parse/a"]


def test_the_check_of_cycles_can_fail() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) != []


def test_imports_inside_functions_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "tagsniff" / "a.py"
    module.parent.mkdir()
    module.write_text("def f():\n    from tagsniff import b\n    from .c import d\n", encoding="utf-8")
    monkeypatch.setattr(f"{__name__}.PACKAGE", module.parent)
    assert imported_modules(module, {"tagsniff.a", "tagsniff.b", "tagsniff.c"}) == {"tagsniff.b", "tagsniff.c"}


def test_definitions_and_declarations_in_c_are_found() -> None:
    text = """
/* int ts_in_a_comment(void); */
int ts_defined(int a,
               int b) {
    return ts_called(a);
}
static int ts_static(void) { return 0; }
TS_DEFINE_FIELDS(ts_fields, ts_struct, LIST)
const ts_field *ts_declared(uint32_t *count);
typedef bool (*ts_type)(void *context);
"""
    assert functions(text, "{") == {"ts_defined", "ts_fields"}
    assert functions(text, ";") == {"ts_declared"}
