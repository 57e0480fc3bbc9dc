"""The two Confidentiality Profiles: ``basic`` for ``before``, ``physical`` for the final review.

For: the code of each public element, and the rule that gives it.
Never: a K for an element that Table E.1-1 lists, for a text VR, a date, a time, a UID, a sequence or bytes. A K applies
only to the VR that it names, so that a value of another VR is shown.
Standard: DICOM PS3.15, E.2 and Table E.1-1, edition 2026d; PS3.3 by way of the table of physical parameters.
"""

from __future__ import annotations

from collections.abc import Iterator

from tables import CODED_VR, NUMERIC_VRS, Cells, ProfileFile, ReferenceTables, split_vr

EDITION = "PS3.15 2026d"

# The option columns of the profile, and the column of Table E.1-1 for each.
OPTIONS = {
    "clean-descriptors": "clean_desc",
    "retain-uids": "rtn_uids",
    "retain-device-identity": "rtn_dev_id",
    "retain-patient-characteristics": "rtn_pat_chars",
    "retain-full-dates": "rtn_long_full_dates",
    "retain-modified-dates": "rtn_long_modif_dates",
    "retain-institution-identity": "rtn_inst_id",
    "clean-structured-content": "clean_struct_cont",
    "clean-graphics": "clean_graph",
    "retain-safe-private": "rtn_safe_priv",
}
COLUMNS = ["element", "vr", "code", "collapse", "note"]

# The row of Table E.1-1 for all private attributes (X). It is not applied: the Modality Software Profiles decide.
ALL_PRIVATE = "(gggg,eeee) where gggg is odd"

# The VRs of free text. In a sequence or a blob, the text is not in the value of the element itself, which is all that a
# code C could show. Such rows of the Clean Descriptors Option keep the Basic code until the option is chosen.
FREE_TEXT_VRS = frozenset({"LO", "SH", "ST", "LT", "UC", "UT"})

# Elements that are needed to read a file, R: they have few distinct values, and a K would hide a text in their place.
# Group lengths, which count bytes, are below. The rest of the file meta information has no row and is R too: Table
# E.1-1 has no row for it (E.1.1 requires that all of it is replaced), but application entity titles, presentation
# addresses and private information name a site.
STRUCTURAL = [
    ("(0002,0001)", "OB", "File Meta Information Version"),
    ("(0008,0005)", "CS", "Specific Character Set"),
    ("(0008,0016)", "UI", "SOP Class UID"),
]

DIRECTORY_OFFSETS = (
    ("(0004,1200)", "Offset of the First Directory Record of the Root Directory Entity"),
    ("(0004,1202)", "Offset of the Last Directory Record of the Root Directory Entity"),
    ("(0004,1400)", "Offset of the Next Directory Record"),
    ("(0004,1420)", "Offset of Referenced Lower-Level Directory Entity"),
    ("(0004,1504)", "MRDR Directory Record Offset"),
)

GROUP_LENGTH = ("(xxxx,0000)", "UL")
# The only overlap of the row above with a row of Table E.1-1: Curve Data, (50xx,xxxx), is removed completely.
CURVE_GROUP_LENGTH = {"element": "(50xx,0000)", "vr": "UL", "code": "X", "note": "Curve Data; group length"}

KEPT_TIERS = {"1", "2"}
# The table marks values measured on the patient with this word. It does not mark two groups that have little else: the
# results of visual field tests and of refractive measurements.
MEASURED_ON_PATIENT = "quasi-identifier"
MEASURED_GROUPS = {"0024", "0046"}


def basic(tables: ReferenceTables) -> ProfileFile:
    """Return the profile for the values before de-identification."""
    rows = list(basic_profile_rows(tables))
    rows += physical_rows(tables)
    rows += coded_rows(tables)
    rows += [{"element": tag, "vr": vr, "code": "R", "note": f"{name}; structural"} for tag, vr, name in STRUCTURAL]
    tag, vr = GROUP_LENGTH
    rows.append({"element": tag, "vr": vr, "code": "K", "note": "group lengths; structural"})
    rows.append(CURVE_GROUP_LENGTH)
    rows += directory_rows()
    header = {
        "edition": EDITION,
        "options": ", ".join(OPTIONS),
        "default": "R",
        "source": "PS3.15 Table E.1-1, Basic Profile and options; physical parameters from the modules of PS3.3",
    }
    return ProfileFile("basic", header, [*COLUMNS, *OPTIONS], rows)


def physical(tables: ReferenceTables) -> ProfileFile:
    """Return the profile for the final review: only numbers of the physical parameters are hidden."""
    tag, vr = GROUP_LENGTH
    # Not hidden, but collapsed into one row instead of hundreds.
    group_length = {"element": tag, "vr": vr, "code": "R", "collapse": "number", "note": "group lengths"}
    header = {
        "edition": "PS3.3 by way of highdicom 0.28.2",
        "default": "R",
        "source": "physical parameters from the modules of PS3.3",
    }
    return ProfileFile("physical", header, COLUMNS, [*physical_rows(tables), group_length, *directory_rows()])


def directory_rows() -> Iterator[Cells]:
    """Yield the offsets of a DICOMDIR (PS3.3 F.3.2.2): long numbers that identify nobody, one row for each element."""
    for tag, name in DIRECTORY_OFFSETS:
        yield {"element": tag, "vr": "UL", "code": "R", "collapse": "number", "note": f"{name}; structural"}


def basic_profile_rows(tables: ReferenceTables) -> Iterator[Cells]:
    """Yield Table E.1-1. The VR stays empty: a code that removes or replaces applies to every VR."""
    for row in tables.basic_profile:
        tag, code = row["tag"], row["basic_prof"]
        if tag == ALL_PRIVATE:
            continue
        note = row["name"] + ("; retired" if row["retired"] == "Y" else "")
        if is_descriptor(row, tables):
            note += f"; Basic Profile {code}, reviewed as a descriptor"
            code = "C"
        yield {
            "element": tag,
            "code": code,
            "note": note,
            **{option: row[column] for option, column in OPTIONS.items()},
        }


def is_descriptor(row: Cells, tables: ReferenceTables) -> bool:
    """Return whether the Clean Descriptors Option cleans the text of the element itself.

    An unknown VR counts as text, because C shows the values.
    """
    element = tables.data_dictionary.get(row["tag"])
    return row["clean_desc"] == "C" and (element is None or element["vr"] in FREE_TEXT_VRS)


def physical_rows(tables: ReferenceTables) -> Iterator[Cells]:
    """Yield the numeric physical parameters, one row for each VR: K, or R where measured on the patient."""
    for row in tables.physical_parameters:
        if row["tier"] not in KEPT_TIERS:
            continue
        measured = MEASURED_ON_PATIENT in row["why"] or row["tag"][1:5] in MEASURED_GROUPS
        for vr in split_vr(row["vr"]):
            if vr not in NUMERIC_VRS:
                raise ValueError(f"a physical parameter of tier {row['tier']} that is no number: {row}")
            cells = {"element": row["tag"], "vr": vr, "code": "K", "note": f"{row['keyword']}; tier {row['tier']}"}
            if measured:
                # Shows the range and the values that are not numbers. 65,536 heart rates would tell a reader no more.
                cells |= {"code": "R", "collapse": "number", "note": f"{row['keyword']}; measured on the patient"}
            yield cells


def coded_rows(tables: ReferenceTables) -> Iterator[Cells]:
    """Yield the coded physical parameters. R: a surname is a valid CS, and the distinct values are few."""
    for row in tables.physical_parameters:
        if row["tier"] in KEPT_TIERS:
            continue
        if row["vr"] != CODED_VR:
            raise ValueError(f"a physical parameter of tier {row['tier']} that is not coded: {row}")
        note = f"{row['keyword']}; coded, tier {row['tier']}"
        yield {"element": row["tag"], "vr": CODED_VR, "code": "R", "note": note}
