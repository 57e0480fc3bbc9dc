"""Runs an unchanged Python program with tagsniff's reader in the place of pydicom's.

For: ``python -m tagsniff.backends.pydicom SCRIPT`` and ``... -m MODULE``.
Never: a difference for the program: ``sys.argv``, ``sys.path``, ``__main__``, the exit status and the traceback are
those that it has without this command.
Standard: none.
"""

from __future__ import annotations

import builtins
import os
import pkgutil
import runpy
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import SourceFileLoader
from types import ModuleType, TracebackType
from typing import Any, NamedTuple

from tagsniff.backends.pydicom_calls import REPORT_VARIABLE

_PROGRAM = "python -m tagsniff.backends.pydicom"
_USAGE = f"usage: {_PROGRAM} [--report] (SCRIPT | -m MODULE) [ARGUMENT...]\n"
_HELP = f"""{_USAGE}
Run a Python program with tagsniff's reader in the place of pydicom's.

  SCRIPT       a Python file, or a folder or ZIP archive with a __main__.py
  -m MODULE    a module or package, as python -m runs it
  --report     at the end, write one line to standard error: how many calls were answered, and why others were
               left to pydicom; {REPORT_VARIABLE}=1 does the same
"""
_USAGE_STATUS = 2


class Program(NamedTuple):
    """What to run: a module by its name, or a script by its path; and the arguments after it."""

    target: str
    arguments: list[str]
    is_module: bool = False
    reports: bool | None = None


def main(arguments: Sequence[str], install: Callable[..., None]) -> None:
    """Run the program of these arguments after ``install(reports=...)``. Exits with status 2 for a wrong command."""
    program = read_arguments(arguments)
    install(reports=program.reports)
    try:
        _start(program)
    except SystemExit:
        raise
    except BaseException as error:
        # The interpreter writes the traceback and finds the exit status; the frames of this file are left out.
        _leave_out_frames(error, 2)
        raise


def read_arguments(arguments: Sequence[str]) -> Program:
    """Return what the arguments say. Exits with status 2 and the usage if they say nothing."""
    reports = None
    rest = list(arguments)
    while rest:
        first = rest.pop(0)
        if first == "--report":
            reports = True
        elif first in {"-h", "--help"}:
            print(_HELP, end="")
            sys.exit(0)
        elif first == "-m" and rest:
            return Program(rest[0], rest[1:], is_module=True, reports=reports)
        elif first.startswith("-m") and len(first) > 2:
            return Program(first[2:], rest, is_module=True, reports=reports)
        elif first.startswith("-"):
            break
        else:
            return Program(first, rest, reports=reports)
    sys.stderr.write(_USAGE)
    sys.exit(_USAGE_STATUS)


def _start(program: Program) -> None:
    """Run it as the interpreter would."""
    run_module: Callable[..., Any] = runpy._run_module_as_main  # type: ignore[attr-defined]
    if program.is_module:
        sys.argv[:] = ["-m", *program.arguments]
        _renew_main()
        run_module(program.target, alter_argv=True)
        return
    sys.argv[:] = [program.target, *program.arguments]
    path = os.path.abspath(program.target)
    if pkgutil.get_importer(path) is not None:  # a folder or an archive
        _put_first(path)
        _renew_main()
        run_module("__main__", alter_argv=False)
        return
    _put_first(os.path.dirname(os.path.realpath(path)))
    try:
        with open(path, "rb") as file:
            source = file.read()
    except OSError as error:
        sys.stderr.write(f"{sys.executable}: can't open file {path!r}: [Errno {error.errno}] {error.strerror}\n")
        sys.exit(_USAGE_STATUS)
    loader = SourceFileLoader("__main__", path)
    module = _renew_main()
    vars(module).update(__file__=path, __cached__=None, __loader__=loader)
    exec(compile(source, path, "exec", dont_inherit=True), vars(module))


def _renew_main() -> ModuleType:
    module = ModuleType("__main__")
    vars(module)["__builtins__"] = builtins
    if "__annotations__" in vars(sys.modules["__main__"]):  # as some versions of Python have it
        vars(module)["__annotations__"] = {}
    sys.modules["__main__"] = module
    return module


def _put_first(folder: str) -> None:
    """Put the folder of a script on the path, where the interpreter put the current one for this command."""
    if not sys.flags.safe_path:
        sys.path[0] = folder


def _leave_out_frames(uncaught: BaseException, count: int) -> None:
    """Let the hook for uncaught exceptions show a traceback without its first frames."""
    traceback = uncaught.__traceback__
    for _ in range(count):
        traceback = traceback.tb_next if traceback else None
    hook = sys.excepthook

    def show(kind: type[BaseException], error: BaseException, shown: TracebackType | None) -> None:
        if error is uncaught:
            sys.excepthook = hook
            error.__traceback__ = shown = traceback
        hook(kind, error, shown)

    sys.excepthook = show
