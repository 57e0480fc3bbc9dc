"""Random cases: data sets from a seeded generator, the same ones on every run.

For: combinations of encodings, lengths and nesting that the other tables do not have.
Never: a deviation; all generated data sets follow the standard.
Standard: PS3.5 sections 6.2.2, 7.1 and 7.5, edition 2026b.
"""

from __future__ import annotations

import random

from dicom_bytes import BIG, EXPLICIT, IMPLICIT, UID_OF, Encoding, Part, Written, deflated, join, part10
from encoded_case import Case
from sequence_cases import reheaded

SEEDS = range(40)
MOST_DEPTH = 5

# Public tags in the order of a data set; SQ may contain any of them again.
PUBLIC = (
    (0x00080060, "CS"),
    (0x00081140, "SQ"),
    (0x00100010, "PN"),
    (0x00100020, "LO"),
    (0x00180050, "DS"),
    (0x00200013, "IS"),
    (0x00280010, "US"),
)
PRIVATE = ((0x00291010, "OB"), (0x00291011, "UN"), (0x00291012, "SQ"), (0x00291013, "UN SQ"))
BEHIND = ((0x00400275, "SQ"), (0x00420011, "OB"), (0x0070031A, "UI"), (0x00880200, "SQ"), (0x7FE00010, "OW"))


class RandomDataSets:
    """Generates one data set in one encoding; items inside VR UN are in implicit VR little endian."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def data_set(self, encoding: Encoding, depth: int) -> Part:
        """Return some of the public elements, a private block, and some public elements after it."""
        parts = [self.element(encoding, tag, vr, depth) for tag, vr in PUBLIC if self.rng.random() < 0.4]
        if self.rng.random() < 0.6:
            parts.append(encoding.element(0x00290010, "LO", b"ACME"))
            parts += [self.element(encoding, tag, vr, depth) for tag, vr in PRIVATE if self.rng.random() < 0.5]
        parts += [self.element(encoding, tag, vr, depth) for tag, vr in BEHIND if self.rng.random() < 0.4]
        return join(parts)

    def element(self, encoding: Encoding, tag: int, vr: str, depth: int) -> Part:
        """Return one element of this VR, or a sequence."""
        if vr == "UN SQ":
            return self.un_sequence(encoding, tag, depth)
        if vr == "SQ":
            undefined = self.rng.random() < 0.5
            hidden = not encoding.explicit and tag >> 16 == 0x0029 and not undefined
            items = self.items(encoding, depth)
            if hidden and not items:
                # Without an item nothing shows that this is a sequence.
                return encoding.element(tag, "UN")
            return encoding.sequence(tag, *items, undefined=undefined, all_or_nothing=hidden)
        seen = "UN" if not encoding.explicit and tag >> 16 == 0x0029 else vr
        return encoding.element(tag, seen, b"A" * (2 * self.rng.randrange(12)))

    def un_sequence(self, encoding: Encoding, tag: int, depth: int) -> Part:
        """Return a sequence of undefined length in VR UN."""
        inside = IMPLICIT.sequence(tag, *self.items(IMPLICIT, depth), undefined=True)
        return reheaded(inside, encoding.head(tag, "UN", inside.rows[0].length))

    def items(self, encoding: Encoding, depth: int) -> list[Part]:
        """Return up to two items, fewer at greater depth."""
        if depth >= MOST_DEPTH:
            return []
        count = self.rng.randrange(3 if depth < 2 else 2)
        return [
            encoding.item(self.data_set(encoding, depth + 1), undefined=self.rng.random() < 0.5) for _ in range(count)
        ]


def random_file(seed: int) -> Written:
    """Return a complete file with a data set that is not empty."""
    data_sets = RandomDataSets(seed)
    encoding = (IMPLICIT, EXPLICIT, BIG, EXPLICIT)[seed % 4]
    body = encoding.element(0x00080018, "UI", b"1.2.3\0") + data_sets.data_set(encoding, 0)
    return deflated(body) if seed % 4 == 3 else part10(body, UID_OF[encoding])


def random_case(seed: int) -> Case:
    """Return the case of one seed. Its lines are what the writer recorded, because no one wrote them by hand."""
    written = random_file(seed)
    rows = [row for row in written.rows if row.start >= written.meta_end]
    lines = [f"{row.path} {row.vr or '-'} *" for row in rows]
    return Case(f"random_{seed}", written, "\n".join(lines))


CASES = tuple(random_case(seed) for seed in SEEDS)
