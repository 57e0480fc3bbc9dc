"""The sheet of decisions on the command line: a layer of the profile before a scan, and written again after it.

For: ``tagsniff before --decisions FILE``, and ``--out``.
Never: write a sheet over a file that is none, or while the evidence is not that of the whole collection.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tagsniff.cli.outputs import MisuseError, say, write_output
from tagsniff.output.counted import count_of
from tagsniff.output.terminal_text import show_on_terminal

if TYPE_CHECKING:
    from tagsniff.api import Scan
    from tagsniff.curation.decisions import DecidedSheet
    from tagsniff.curation.elements import ElementSummary
    from tagsniff.report.element_uses import ElementUse
    from tagsniff.report.values import ValueReport


class DecisionFile:
    """The file of ``--decisions``: read before the work, applied to the report, and written at the end."""

    def __init__(self, path: str, key_path: str | None) -> None:
        """Read the sheet and its known values, if they exist. Raises MisuseError."""
        from tagsniff.curation.decisions import DecidedSheet
        from tagsniff.curation.known_values import ENDING, KnownValuesError, read_known_values
        from tagsniff.curation.sheet import Sheet, read_decisions
        from tagsniff.profile import ProfileError

        self.path = path
        self._known_path = path + ENDING
        self.key_path = key_path if key_path is not None else os.path.join(os.path.dirname(path), "tagsniff.key")
        key = _read_key(self.key_path)
        self.is_new = not os.path.lexists(path)
        try:
            raw = b"" if self.is_new else _read(path)
            sheet = Sheet() if self.is_new else read_decisions(path, raw)
            lines = _read(self._known_path).decode("ascii").splitlines() if os.path.exists(self._known_path) else []
            known = read_known_values(lines, key)
        except ProfileError as error:
            raise MisuseError(*(show_on_terminal(str(mistake)) for mistake in error.mistakes)) from None
        except (KnownValuesError, UnicodeDecodeError) as error:
            raise MisuseError(f"{show_on_terminal(self._known_path)}: {error}") from None
        except OSError as error:
            raise MisuseError(f"cannot read {show_on_terminal(path)}: {error.strerror}") from None
        self.decided = DecidedSheet(sheet, known)

    def list_targets(self) -> list[tuple[str, str]]:
        """Return the names and paths of the files that are written."""
        return [("the sheet of decisions", self.path), ("the known values", self._known_path)]

    def write(
        self, found: Scan, report: ValueReport, uses: Sequence[ElementUse], summaries: Sequence[ElementSummary],
        *, shows_examples: bool,
    ) -> bool:
        """Write the sheet and the known values; return False if the system refuses."""
        from tagsniff.curation.decisions import list_digests
        from tagsniff.curation.sheet import Evidence, find_line, update_sheet
        from tagsniff.writers.sheet import write_sheet

        sheet, known = self.decided
        lines = {line for record in found.tables.decisions for file, line in [find_line(record.row)] if file == self.path}
        evidence = Evidence(report.run.date, summaries, lines, suggest, shows_examples=shows_examples)
        updated = update_sheet(sheet, evidence)
        known.add(report.run.date, list_digests(report, (one for one in summaries if one.is_read), known))
        # The digests come first: a sheet that names a run without digests holds for nothing.
        is_written = write_output(
            self._known_path, lambda stream: known.write(stream, updated.list_runs()), overwrite=True
        ) and write_output(self.path, lambda stream: write_sheet(updated, stream), overwrite=True)
        undecided = sum(not row.is_decided for row in updated.rows)
        if is_written:
            say(f"{count_of(undecided, 'row')} to decide in {show_on_terminal(self.path)}")
        return is_written
