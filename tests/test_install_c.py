"""The shared library of ``make install-c``: a program that is built against it gives the result of docs/c.md.

For: programs in C that link it.
Never: the sources of the core beside the program: only what was installed.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import tagsniff
from real_files import wheel_files

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "csrc" / "example" / "list_elements.c"
NEEDED = ("make", "cc", "pkg-config", "readelf", "install")

pytestmark = pytest.mark.skipif(
    not EXAMPLE.is_file() or any(shutil.which(name) is None for name in NEEDED),
    reason=f"the source tree, or one of {', '.join(NEEDED)}, is missing",
)


def run(*command: object, **options: object) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        check=True,
        **options,  # type: ignore[call-overload]
    )
    return str(done.stdout)


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("installed") / "prefix"
    run("make", "install-c", f"PREFIX={place}", "C_FLAGS=-O0", cwd=ROOT)
    return place


def test_a_program_is_built_and_run_with_it(prefix: Path, tmp_path: Path) -> None:
    shutil.copy(EXAMPLE, tmp_path / "program.c")
    environment = {"PATH": "/usr/bin:/bin:/usr/local/bin", "PKG_CONFIG_PATH": str(prefix / "lib" / "pkgconfig")}
    flags = run("pkg-config", "--cflags", "--libs", "tagsniff", env=environment).split()
    assert f"-I{prefix}/include/tagsniff" in flags
    run("cc", "-std=c11", "program.c", "-o", "with_library", *flags, cwd=tmp_path)
    run("cc", "-std=c11", f"-I{ROOT}/csrc", EXAMPLE, *_sources(), "-lz", "-o", "with_sources", cwd=tmp_path)
    path = next(real.path for real in wheel_files() if real.path.name == "nested_priv_SQ.dcm")
    with_library = run(tmp_path / "with_library", path, env={"LD_LIBRARY_PATH": str(prefix / "lib")})
    assert with_library == run(tmp_path / "with_sources", path)
    assert "status OK" in with_library


def _sources() -> list[Path]:
    return [path for path in sorted(ROOT.glob("csrc/*/*.c")) if path.parent.name != "example"]


def test_names_of_the_library(prefix: Path) -> None:
    first_two = ".".join(tagsniff.__version__.split(".")[:2])
    library = prefix / "lib" / "libtagsniff.so"
    assert library.resolve().name == f"libtagsniff.so.{tagsniff.__version__}"
    assert f"soname: [libtagsniff.so.{first_two}]" in run("readelf", "-d", library)
    assert (prefix / "lib" / f"libtagsniff.so.{first_two}").resolve() == library.resolve()
    # All that it exports has the prefix of the project.
    symbols = [line.split() for line in run("readelf", "--dyn-syms", "--wide", library).splitlines()]
    exported = {parts[7] for parts in symbols if len(parts) > 7 and parts[6].isdecimal() and parts[4] == "GLOBAL"}
    assert "ts_parser_new" in exported
    assert {name for name in exported if not name.startswith("ts_")} == set()


def test_every_header_is_installed_and_can_be_included_alone(prefix: Path, tmp_path: Path) -> None:
    headers = sorted(path.relative_to(ROOT / "csrc") for path in ROOT.glob("csrc/*/*.h"))
    include = prefix / "include" / "tagsniff"
    assert sorted(path.relative_to(include) for path in include.rglob("*.h")) == headers
    for header in headers:
        (tmp_path / "one.c").write_text(f'#include "{header}"\n')
        run("cc", "-std=c11", "-fsyntax-only", f"-I{include}", tmp_path / "one.c")
