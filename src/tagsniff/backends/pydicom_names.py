"""Finds the names that are bound to a function in all modules, and binds them to another one.

For: pydicom.py, so that ``from pydicom import dcmread`` in a module that is imported already is replaced too.
Never: run code of a module, as an access to an attribute of a lazy module does; or change a name of tagsniff's own.
Standard: none.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

_OWN = "tagsniff"

Function = Callable[..., Any]


def rebind(pairs: Iterable[tuple[Function, Function]]) -> None:
    """Bind each name of a module that is bound to the first function of a pair to the second one."""
    new_of = {id(old): new for old, new in pairs}
    for module_name, module in list(sys.modules.items()):
        if module_name.partition(".")[0] == _OWN:
            continue
        try:
            namespace = object.__getattribute__(module, "__dict__")
        except AttributeError:
            continue  # an object without attributes, which a program has put there
        if type(namespace) is not dict:
            continue
        for name, value in list(namespace.items()):
            new = new_of.get(id(value))
            if new is not None:
                namespace[name] = new
