"""The differences between the scanners of tagsniff and python-gdcm on real files, each with its reason.

For: backends/test_gdcm.py, which fails for a difference that is not here and for one that no longer occurs.
Never: a difference without a reason, or a difference that is an error of tagsniff.
Standard: the reasons name sections of PS3.5 and PS3.10, edition 2026b.

``ALL`` is a scan for every tag of the root data set of a file, up to its last element; ``USUAL`` is a scan for the tags
that sort images into series, none of which is greater than (0028,0030).
"""

from __future__ import annotations

from dataclasses import dataclass

ALL, USUAL = "all", "usual"
ONLY_TAGSNIFF = "only tagsniff reads the file"
ONLY_GDCM = "only GDCM reads the file"
GDCM_ENDS = "GDCM ends the process"
MISSED = "elements that only tagsniff finds"
NOT_SHOWN = "elements for which only GDCM has a text"

_FO_DICOM = "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data"
_DCM4CHE = "corpus/dcm4che/dcm4che-test-data/src/main/resources"


@dataclass(frozen=True)
class Difference:
    """The difference in one file when ``asked`` is scanned for; ``count`` is the number of elements."""

    file: str
    asked: str
    what: str
    count: int
    reason: str


CUT = "the file is truncated: a key would mean that it was read, so it has none and is in `omissions`"
STRAY = "an item outside a sequence (PS3.5 7.5), where GDCM ends the data set"
SYNTAX = "a transfer syntax that GDCM does not know; the encoding is explicit VR little endian"
NO_SYNTAX = "no Transfer Syntax UID (PS3.10 7.1); tagsniff detects the encoding"
SPACES = "a VR of two spaces, at which GDCM stops reading the file"
UN_BIG = "UN of undefined length in big endian, whose items are little endian (PS3.5 6.2.2)"

DIFFERENCES: tuple[Difference, ...] = (
    Difference("wheel/test_files/meta_missing_tsyntax.dcm", ALL, ONLY_TAGSNIFF, 1, NO_SYNTAX),
    Difference(f"{_DCM4CHE}/no_preamble_dicm_in_data", ALL, ONLY_TAGSNIFF, 1, "DICM in a value, not as the prefix"),
    Difference(f"{_DCM4CHE}/will-jxl.dcm", ALL, ONLY_TAGSNIFF, 1, SYNTAX),
    Difference(
        "corpus/deid-data/deid_data/data/humans/ctbrain1.dcm",
        ALL,
        GDCM_ENDS,
        1,
        "private creator elements with the VRs OD, OL, OV and UV, for which GDCM has no text",
    ),
    Difference(f"{_FO_DICOM}/FreezePattern.dcm", ALL, MISSED, 15, STRAY),
    Difference(f"{_FO_DICOM}/GH1339.dcm", ALL, ONLY_GDCM, 1, CUT),
    Difference(f"{_FO_DICOM}/GH177_D_CLUNIE_CT1_IVRLE_BigEndian_undefined_length.dcm", ALL, ONLY_TAGSNIFF, 1, UN_BIG),
    Difference(f"{_FO_DICOM}/GH179A.dcm", ALL, ONLY_TAGSNIFF, 1, SPACES),
    Difference(f"{_FO_DICOM}/GH364.dcm", ALL, MISSED, 37, STRAY),
    Difference(
        f"{_FO_DICOM}/GH626.dcm",
        ALL,
        ONLY_GDCM,
        1,
        "a private value whose length is 4 bytes too small: all following bytes are misaligned",
    ),
    Difference("corpus/pydicom-data/data_store/data/emri_small_jpeg_2k_lossless_too_short.dcm", ALL, ONLY_GDCM, 1, CUT),
    Difference(
        "corpus/pydicom-data/data_store/data/parametric_map_float.dcm",
        ALL,
        NOT_SHOWN,
        1,
        "Float Pixel Data (7fe0,0008): tagsniff skips every kind of Pixel Data",
    ),
    Difference("wheel/test_files/meta_missing_tsyntax.dcm", USUAL, ONLY_TAGSNIFF, 1, NO_SYNTAX),
    Difference(f"{_DCM4CHE}/no_preamble_dicm_in_data", USUAL, ONLY_TAGSNIFF, 1, "DICM in a value, not as the prefix"),
    Difference(
        f"{_DCM4CHE}/report_dfl",
        USUAL,
        ONLY_TAGSNIFF,
        1,
        "a checksum after the deflated data set; GDCM reads the file only if its last elements are requested",
    ),
    Difference(f"{_DCM4CHE}/will-jxl.dcm", USUAL, ONLY_TAGSNIFF, 1, SYNTAX),
    Difference(f"{_FO_DICOM}/GH177_D_CLUNIE_CT1_IVRLE_BigEndian_undefined_length.dcm", USUAL, MISSED, 23, UN_BIG),
    Difference(f"{_FO_DICOM}/GH364.dcm", USUAL, MISSED, 6, STRAY),
)

# Public tags, or tags with an even group, that the dictionary of GDCM 3.2 does not have.
UNKNOWN_TO_GDCM = {
    0x00500410: "not an element of PS3.6",
    0x00620013: "newer than the dictionary",
    0xEAEA0102: "not an element of PS3.6",
}
