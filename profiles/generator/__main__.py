"""Write the shipped profiles, ``*.csv`` in the parent folder, from the tables in ``tables``.

It also writes ``creators.tsv``, the manufacturers of private creators, ``numbers.tsv``, the private elements that are
numbers, ``names.tsv``, the names of private elements, and the digests of all these files.

For: a later edition of a table. The results are committed, and a test checks that they equal the output of this
program.
Never: a row that does not follow from a table or a rule of this folder; a manual change of a written file; an output
that depends on anything but the tables.
Standard: DICOM PS3.15, Table E.1-1, edition 2026d, and Table E.3.10-1, edition 2026c; PS3.6, edition 2026b.

    python profiles/generator                    # from tables/ and csrc/dicom/ps36_elements.csv
    python profiles/generator REFERENCE_FOLDER   # first copy later tables of these names to tables/
    python profiles/generator REFERENCE_FOLDER --output FOLDER   # only to compare: tables/ is not changed

A table is a CSV file, UTF-8, with a header row, hexadecimal digits in lower case. In a tag, ``x`` is any digit.

========================  =============================================================================================
``ps315_e1_1.csv``        Table E.1-1: tag, name, retired (Y or N), basic_prof, and a column for each option
``ps315_safe_private``    Table E.3.10-1: creator, group, element (two digits, without the block), vr, vm, name
``physical_parameters``   tag, vr, keyword, tier (1 to 4), why; ``profiles/README.md`` explains the tiers
``private_dictionary``    creator, group, element, vr, vm, name, sources
``private_creators``      creator, manufacturer; further columns are not read
``tcia_dispositions``     element (a path, by creators), vr (as seen), name, tcia, wustl: the decisions of two archives
========================  =============================================================================================

With a later edition, also change ``EDITION`` in the module that reads the table, and NOTICE.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import confidentiality
import dispositions
import modality_software

from tables import TABLES, ReferenceTables

PROFILES = Path(__file__).resolve().parents[1]
COMMITTED_TABLES = PROFILES / "tables"
DATA_DICTIONARY = PROFILES.parent / "csrc" / "dicom" / "ps36_elements.csv"


CREATORS = "creators.tsv"
NUMBERS = "numbers.tsv"
NAMES = "names.tsv"


def generate(folder: Path) -> dict[str, str]:
    """Return the text of every file by its name, from the tables in a folder."""
    tables = ReferenceTables.read(folder, DATA_DICTIONARY)
    profiles = [
        confidentiality.basic(tables),
        confidentiality.physical(tables),
        *modality_software.by_manufacturer(tables),
        dispositions.tcia(tables),
        modality_software.record_all(),
    ]
    texts = {f"{profile.name}.csv": profile.text() for profile in profiles}
    return texts | {
        CREATORS: modality_software.creators(tables),
        NUMBERS: dispositions.numeric_elements(tables),
        NAMES: modality_software.names(profiles),
    }


def sum_up(texts: dict[str, str]) -> str:
    """Return the SHA-256 of every file, in the form of ``sha256sum``. The program recognizes its files by them."""
    return "".join(f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n" for name, text in sorted(texts.items()))


def main() -> None:
    """Read the command line, copy later tables, and write the files."""
    parser = argparse.ArgumentParser(description="Generate the shipped profiles.")
    parser.add_argument("folder", nargs="?", type=Path, default=COMMITTED_TABLES, metavar="REFERENCE_FOLDER")
    parser.add_argument("--output", type=Path, default=PROFILES, metavar="FOLDER")
    options = parser.parse_args()
    folder, output = options.folder.resolve(), options.output.resolve()
    # Everything is generated before the first write, so that a wrong table changes nothing.
    texts = generate(folder)
    if output == PROFILES and folder != COMMITTED_TABLES:
        for table in TABLES:
            (COMMITTED_TABLES / table).write_bytes((folder / table).read_bytes())
    for name, text in (*texts.items(), ("SHA256SUMS", sum_up(texts))):
        (output / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
