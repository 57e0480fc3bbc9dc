"""Builds the one extension of the package: ``tagsniff._core``, from ``_core.pyx``, its parts and all of ``csrc/``.

For: setuptools. ``pyproject.toml`` cannot say "every file of that folder"; everything else is there.
Never: warnings for a user's compiler (``make lint`` has them), or a switch other than TAGSNIFF_SANITIZE, which names
the sanitizers (``address,undefined`` or ``thread``), and TAGSNIFF_COVERAGE=1, which counts the executed lines.

GCC optimizes over all files at once, because the short functions of the parser are in several files. Other compilers
need a special linker for that, which may not be installed. Only the entry of the module is visible: a function that can
be replaced from outside is never inlined.
"""

import os
import subprocess
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

WINDOWS = os.name == "nt"
SANITIZE = os.environ.get("TAGSNIFF_SANITIZE", "")
COVERAGE = os.environ.get("TAGSNIFF_COVERAGE") == "1"
SANITIZERS = [f"-fsanitize={SANITIZE}", "-fno-omit-frame-pointer"]


def is_gcc() -> bool:
    """Return whether the compiler identifies itself as GCC. If there is no compiler, setuptools reports that later."""
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
    try:
        version_text = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return False
    return "Free Software Foundation" in version_text


class ParallelBuild(build_ext):
    """Compiles the files of the extension on all cores; setuptools' own ``--parallel`` is for several extensions."""

    def build_extensions(self):
        """Give the compiler one source in each call, and make the calls from a pool of threads."""
        if self.compiler.compiler_type == "unix":
            compile_sources = self.compiler.compile

            def compile_in_parallel(sources, *args, extra_postargs=(), **options):
                def compile_one(source):
                    # The sanitizers' checks in 70,000 generated lines cost half a minute to optimize and little to run.
                    is_generated = SANITIZE and Path(source).name == "_core.c"
                    flags = [*extra_postargs, *(["-O0"] if is_generated else [])]
                    return compile_sources([source], *args, extra_postargs=flags, **options)

                with ThreadPoolExecutor(os.cpu_count()) as pool:
                    return [path for paths in pool.map(compile_one, sources) for path in paths]

            self.compiler.compile = compile_in_parallel
        super().build_extensions()


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

# The generated C file is written to build/, so that the source tree has only sources. autotestdict would add a name to
# the module that is not in its stub.
setup(
    ext_modules=cythonize([core], build_dir="build/cython", compiler_directives={"autotestdict": False}),
    cmdclass={"build_ext": ParallelBuild},
)
