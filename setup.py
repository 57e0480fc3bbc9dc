"""The one extension of the package: ``tagsniff._core``, made of ``_core.pyx`` with its parts and all of ``csrc/``.

For: setuptools, which cannot say "every file of that folder" in ``pyproject.toml``; everything else is said there.
Never: warnings forced on a user's compiler (``make lint`` has them), or a switch but TAGSNIFF_SANITIZE=1, which builds
with the address and undefined behaviour sanitizers, and TAGSNIFF_COVERAGE=1, which counts the lines that are run.

GCC optimizes over all files at once, for the parser's short functions stand in several; other compilers need a linker
for that which may not be there. All but the module's own entry is hidden: what others might replace is never inlined.
"""

import os
import subprocess
import sysconfig
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup

WINDOWS = os.name == "nt"
SANITIZE = os.environ.get("TAGSNIFF_SANITIZE") == "1"
COVERAGE = os.environ.get("TAGSNIFF_COVERAGE") == "1"
SANITIZERS = ["-fsanitize=address,undefined", "-fno-omit-frame-pointer"]


def is_gcc() -> bool:
    """Tell by what the compiler says of itself; no compiler is told later, by setuptools."""
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
    try:
        said = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return False
    return "Free Software Foundation" in said


CORE_SOURCES = sorted(path.as_posix() for path in Path("csrc").glob("*/*.c") if path.parent.name != "example")

link_args: list[str] = []
if WINDOWS:
    compile_args = ["/std:c11", "/O2"]
elif SANITIZE:
    compile_args = ["-std=c11", "-O1", "-g", *SANITIZERS]
    link_args = SANITIZERS
elif COVERAGE:
    compile_args = ["-std=c11", "-O0", "--coverage", "-fprofile-update=atomic"]
    link_args = ["--coverage"]
else:
    link_args = ["-O3", *(["-flto=auto"] if is_gcc() else [])]
    compile_args = ["-std=c11", "-fvisibility=hidden", *link_args]

core = Extension(
    "tagsniff._core",
    sources=["src/tagsniff/_core/_core.pyx", *CORE_SOURCES],
    depends=sorted(
        path.as_posix()
        for pattern in ("csrc/*/*.h", "csrc/*/*.inc", "src/tagsniff/_core/*.p*")
        for path in Path().glob(pattern)
    ),
    include_dirs=["csrc"],
    libraries=["zlib" if WINDOWS else "z"],
    extra_compile_args=compile_args,
    extra_link_args=link_args,
)

# The generated C goes to build/, so that the source tree holds sources only. autotestdict would add a name to the
# module that its stub does not have.
setup(ext_modules=cythonize([core], build_dir="build/cython", compiler_directives={"autotestdict": False}))
