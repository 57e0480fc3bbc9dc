"""The tables of a collection: every file of the walk given to the core, and what came back.

For: the stage between the walk and the report.
Never: look for files, read one itself where the core can, or put a value of an element into a message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagsniff import _core
from tagsniff.feeding import list_keywords, read_file
from tagsniff.status import Omission, Status

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True, eq=False)
class Inventory:
    """What a collection holds: the core's tables, in the order in which they were met.

    ``files`` and ``series`` count the files read to their end and their series. ``identities`` is a structured array
    of shape (n,) and dtype ``_core.IDENTITY_DTYPE``; its ``creator`` is an index into ``creators``, its ``vrs`` a mask
    over ``vr_names``. ``keywords`` are those of PS3.6, one for each row, empty where it has none. ``deviations`` gives
    the number of files for each status. ``omissions`` are in walk order.
    """

    files: int
    series: int
    identities: npt.NDArray[np.void]
    creators: tuple[bytes, ...]
    vr_names: tuple[str, ...]
    keywords: tuple[str, ...]
    deviations: tuple[tuple[Status, int], ...]
    omissions: tuple[Omission, ...]


def collect_inventory(
    found_paths: Iterable[str | Omission], *, on_file: Callable[[str], object] | None = None
) -> Inventory:
    """Read every file and return the tables.

    ``found_paths`` are paths of files (str, with surrogateescape) and what the walk left out, as it gives them.
    ``on_file`` is called with the path of each file that was read or tried. A file that cannot be read to its end is an
    omission and adds nothing to the tables.
    """
    collector = _core.Collector()
    omissions: list[Omission] = []
    for found in found_paths:
        if isinstance(found, Omission):
            omissions.append(found)
            continue
        omission = read_file(collector, found)
        if omission is None:
            collector.add_parsed()
        else:
            omissions.append(omission)
        if on_file is not None:
            on_file(found)
    identities = collector.identities()
    return Inventory(
        files=collector.files,
        series=collector.series,
        identities=identities,
        creators=tuple(collector.creators()),
        vr_names=_core.VR_NAMES,
        keywords=list_keywords(identities),
        deviations=tuple((Status.from_number(number), files) for number, files in collector.deviations()),
        omissions=tuple(omissions),
    )
