"""Write ``dictionary_table.inc``, the data dictionary as C tables, from ``ps36_elements.csv``.

For: a new edition of PS3.6. ``make dictionary`` runs this. The result is committed, so that a build needs no Python
package but setuptools, and a test checks that it is equal to the output of this program.
Never: an element, a VR or a keyword that is not in the table of the standard; an output that depends on anything but
the input.
Standard: DICOM PS3.6 (chapters 6 to 9) and PS3.5, annex A.1, of the edition named in the csv's first line.

    python csrc/dicom/generate_dictionary.py [TABLE.csv] [--output FILE]
    python csrc/dicom/generate_dictionary.py --refresh-from FULL.csv --edition 2026b

The second form first writes ``ps36_elements.csv`` from a table that has more columns. It keeps tag, VR, VM and
keyword, and leaves out the three delimiters of group fffe, which are not data elements and have no VR.
"""

from __future__ import annotations

import argparse
import csv
import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
TABLE = HERE / "ps36_elements.csv"
OUTPUT = HERE / "dictionary_table.inc"
COLUMNS = ["tag", "vr", "vm", "keyword"]

# The name of each choice of VRs in C, and the VR in implicit VR little endian when nothing else is known.
#
# OB or OW: PS3.5, A.1, requires OW for Pixel Data, Overlay Data and Waveform Data. The others (audio, curves, the
#   extremes of a waveform's channels) get OW too: the bytes are the same, and only the unit of byte swapping differs.
# US or SS: Pixel Representation decides about the sign, and the dictionary does not know it. US is right for unsigned
#   images, which are the majority, and always for the first and third value of a table descriptor.
# US or OW, US or SS or OW: the data of a lookup table. A.1 leaves the choice. Each of these VRs means 16-bit words, the
#   tables have any number of entries, and OW means just that and no sign.
CHOICES = {
    "OB or OW": ("TS_VR_OB_OR_OW", "OW"),
    "US or SS": ("TS_VR_US_OR_SS", "US"),
    "US or OW": ("TS_VR_US_OR_OW", "OW"),
    "US or SS or OW": ("TS_VR_US_OR_SS_OR_OW", "OW"),
}

SLOT_BITS = 14
WORD = 0xFFFFFFFF
FIRST_MULTIPLIER = 0x9E3779B1  # 2**32 over the golden ratio, the usual first choice for multiplicative hashing
CANDIDATES = 400
POOL_PART = 60_000  # some compilers refuse a string literal of 64 KiB


@dataclass(frozen=True)
class Row:
    """One row of PS3.6: a tag, or a pattern of tags whose bits outside the mask may be anything."""

    tag: int
    mask: int
    vr: str
    choice: str
    multiplicity: tuple[int, int, int]
    keyword: str


def read_row(cells: dict[str, str]) -> Row:
    """Return one row of the csv, checked. Raises ValueError if it is not a row of PS3.6."""
    tag, vr, vm, keyword = (cells[column] for column in COLUMNS)
    if not re.fullmatch(r"\([0-9a-fx]{4},[0-9a-fx]{4}\)", tag) or not re.fullmatch(r"([A-Za-z][A-Za-z0-9]*)?", keyword):
        raise ValueError(f"not a row of PS3.6: {cells}")
    digits = tag[1:5] + tag[6:10]
    mask = int("".join("0" if digit == "x" else "f" for digit in digits), 16)
    choice, implicit_vr = CHOICES.get(vr, ("TS_VR_FIXED", vr))
    if not re.fullmatch(r"[A-Z]{2}", implicit_vr):
        raise ValueError(f"neither a VR nor a known choice of VRs: {cells}")
    return Row(int(digits.replace("x", "0"), 16), mask, implicit_vr, choice, read_multiplicity(vm), keyword)


def read_multiplicity(text: str) -> tuple[int, int, int]:
    """Return the least and the most values, 0 for any number, and the number of which theirs is a multiple.

    Source: PS3.5, 6.4: ``3``, ``1-2``, ``1-n``, ``2-2n``.
    """
    found = re.fullmatch(r"([1-9][0-9]?)(?:-(?:([1-9][0-9]?)|([1-9]?)n))?", text)
    if found is None:
        raise ValueError(f"no value multiplicity: {text!r}")
    least, most, multiple = found.groups()
    if multiple is None:
        return int(least), int(most or least), 1
    return int(least), 0, int(multiple or 1)


def read_table(path: Path) -> tuple[str, list[Row]]:
    """Return the text of the first line, which names the edition, and the rows sorted by tag."""
    with path.open(encoding="utf-8", newline="") as lines:
        edition = next(lines)
        if not edition.startswith("# PS3.6 "):
            raise ValueError(f"{path}: the first line does not name the edition")
        rows = sorted((read_row(cells) for cells in csv.DictReader(lines)), key=lambda row: (row.tag, -row.mask))
    if len({(row.tag, row.mask) for row in rows}) != len(rows):
        raise ValueError(f"{path}: a tag twice")
    return edition.removeprefix("# ").strip(), rows


def refresh(path: Path, full: Path, edition: str) -> None:
    """Write the committed csv from a table that has more columns."""
    with full.open(encoding="utf-8", newline="") as lines:
        rows = [[cells[column] for column in COLUMNS] for cells in csv.DictReader(lines) if cells["vr"] != "NONE"]
    with path.open("w", encoding="utf-8", newline="") as lines:
        lines.write(f"# PS3.6 {edition}: data elements, file meta elements and command elements; x is any digit\n")
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(sorted(rows))


def fill_slots(tags: list[int], multiplier: int) -> tuple[list[int], int]:
    """Return the slots (index + 1, 0 for a free one) and the largest number of slots that one search reads."""
    size = 1 << SLOT_BITS
    slots = [0] * size
    longest = 0
    for index, tag in enumerate(tags):
        at = (tag * multiplier & WORD) >> (32 - SLOT_BITS)
        looks = 1
        while slots[at]:
            at = (at + 1) % size
            looks += 1
        slots[at] = index + 1
        longest = max(longest, looks)
    return slots, longest


def choose_multiplier(tags: list[int]) -> int:
    """Return the one of a fixed list of odd multipliers whose longest search is shortest."""
    candidates = [(FIRST_MULTIPLIER + step * 0x3C6EF372) & WORD | 1 for step in range(CANDIDATES)]
    return min(candidates, key=lambda multiplier: fill_slots(tags, multiplier)[1])


def lay_out_pool(keywords: list[str]) -> tuple[dict[str, int], list[list[str]]]:
    """Return the offset of each keyword in the pool, and the pool in parts; every keyword ends with a NUL."""
    offsets: dict[str, int] = {}
    parts: list[list[str]] = [[]]
    in_part = end = 0
    for keyword in dict.fromkeys(["", *keywords]):
        if in_part + len(keyword) + 1 > POOL_PART:
            parts.append([])
            in_part = 0
        parts[-1].append(keyword)
        offsets[keyword] = end
        in_part += len(keyword) + 1
        end += len(keyword) + 1
    return offsets, parts


def wrap(items: list[str], per_line: int) -> str:
    """Return the items separated by commas, ``per_line`` of them on each line."""
    return "\n".join(
        "    " + ", ".join(items[start : start + per_line]) + "," for start in range(0, len(items), per_line)
    )


def write_entries(
    name: str, rows: list[Row], offsets: dict[str, int], multiplicities: dict[tuple[int, int, int], int]
) -> list[str]:
    """Return the lines of one table of entries."""
    return [
        f"static const ts_dictionary_entry {name}[] = {{",
        wrap(
            [
                f"{{0x{row.tag:08X}, {offsets[row.keyword]}, {{'{row.vr[0]}', '{row.vr[1]}'}}, {row.choice}, "
                f"{multiplicities[row.multiplicity]}}}"
                for row in rows
            ],
            2,
        ),
        "};",
    ]


def generate(edition: str, rows: list[Row]) -> str:
    """Return the text of the C tables."""
    exact = [row for row in rows if row.mask == WORD]
    repeating = [row for row in rows if row.mask != WORD]
    if len(exact) * 3 > 1 << SLOT_BITS:
        raise ValueError("more than a third of the slots would be taken: raise SLOT_BITS")
    tags = [row.tag for row in exact]
    multiplier = choose_multiplier(tags)
    slots, longest = fill_slots(tags, multiplier)
    offsets, parts = lay_out_pool([row.keyword for row in rows])
    multiplicities = {one: number for number, one in enumerate(sorted({row.multiplicity for row in rows}))}
    # The last NUL of a part is the one that C adds to the literal, so that the literal fits its array exactly.
    pool = [
        f'    "{keyword}' + ('\\0"' if keyword_number < len(part) - 1 else '",')
        for part in parts
        for keyword_number, keyword in enumerate(part)
    ]
    sizes = [sum(len(keyword) + 1 for keyword in part) for part in parts]
    lines = [
        "/* The tables of dictionary.c.",
        " *",
        " * For: dictionary.c alone.",
        " * Never: a change by hand. generate_dictionary.py writes this file from ps36_elements.csv (make dictionary).",
        f" * Standard: DICOM {edition}.",
        " */",
        "",
        f"/* Longest search: {longest} slots; {len(exact)} of {1 << SLOT_BITS} slots are taken. */",
        f"enum {{ SLOT_BITS = {SLOT_BITS}, LONGEST_SEARCH = {longest} }};",
        f"static const uint32_t multiplier = 0x{multiplier:08X};",
        "",
        "static const ts_multiplicity multiplicities[] = {",
        wrap([f"{{{least}, {most}, {multiple}}}" for least, most, multiple in multiplicities], 9),
        "};",
        "",
        "/* One tag each, in ascending order. */",
        *write_entries("entries", exact, offsets, multiplicities),
        "",
        "/* Many tags each: those that equal the entry's tag in the bits of the mask with the same index. */",
        *write_entries("repeating_entries", repeating, offsets, multiplicities),
        "static const uint32_t repeating_masks[] = {",
        wrap([f"0x{row.mask:08X}" for row in repeating], 9),
        "};",
        "",
        "/* Index into entries + 1; 0 is a free slot. */",
        "static const uint16_t slots[1 << SLOT_BITS] = {",
        wrap([str(slot) for slot in slots], 18),
        "};",
        "",
        "/* One block of bytes in parts, because some compilers limit the length of a string literal. */",
        "static const struct {",
        *(f"    char part_{number}[{size}];" for number, size in enumerate(sizes)),
        "} keyword_pool = {",
        *pool,
        "};",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Read the command line and write the file."""
    parser = argparse.ArgumentParser(description="Generate the C tables of the data dictionary.")
    parser.add_argument("table", nargs="?", type=Path, default=TABLE, metavar="TABLE.csv")
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="FILE")
    parser.add_argument("--refresh-from", type=Path, metavar="FULL.csv")
    parser.add_argument("--edition")
    options = parser.parse_args()
    if (options.refresh_from is None) != (options.edition is None):
        parser.error("--refresh-from and --edition go together")
    if options.refresh_from is not None:
        refresh(options.table, options.refresh_from, options.edition)
    options.output.write_text(generate(*read_table(options.table)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
