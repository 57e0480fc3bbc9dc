"""The differences between tagsniff and pydicom on real files, one row for each kind of difference in each file.

For: test_reference.py, which fails for a difference that is not here and for one that no longer occurs.
Never: a difference without a reason, or one that is an error of tagsniff.
Standard: the reasons name sections of PS3.5 and PS3.10, edition 2026b.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """``count`` places in one file with the same difference, the first of them at ``path``."""

    file: str
    what: str
    path: str
    count: int
    reason: str


DIFFERENCES: tuple[Difference, ...] = (
    Difference(
        "wheel/charset_files/FileInfo.txt",
        "tagsniff NOT_DICOM",
        "",
        1,
        "not a DICOM file; force=True reads elements from it",
    ),
    Difference(
        "wheel/palettes/README.md",
        "tagsniff NOT_DICOM",
        "",
        1,
        "not a DICOM file; force=True reads elements from it",
    ),
    Difference(
        "wheel/test_files/README.txt",
        "tagsniff NOT_DICOM",
        "",
        1,
        "not a DICOM file; force=True reads elements from it",
    ),
    Difference(
        "wheel/test_files/crayons.icc",
        "tagsniff NOT_DICOM",
        "",
        1,
        "not a DICOM file; force=True reads elements from it",
    ),
    Difference(
        "wheel/test_files/dicomdirtests/README.txt",
        "tagsniff NOT_DICOM",
        "",
        1,
        "not a DICOM file; force=True reads elements from it",
    ),
    Difference(
        "wheel/test_files/dicomdirtests/TINY_ALPHA/README",
        "tagsniff NOT_DICOM",
        "",
        1,
        "not a DICOM file; force=True reads elements from it",
    ),
    Difference(
        "wheel/test_files/rtplan.dump",
        "tagsniff NOT_DICOM",
        "",
        1,
        "not a DICOM file; force=True reads elements from it",
    ),
    Difference(
        "wheel/test_files/rtstruct.dump",
        "tagsniff NOT_DICOM",
        "",
        1,
        "not a DICOM file; force=True reads elements from it",
    ),
    Difference(
        "wheel/test_files/test1.json",
        "tagsniff NOT_DICOM",
        "",
        1,
        "not a DICOM file; force=True reads elements from it",
    ),
    Difference(
        "wheel/test_files/test_PN.json",
        "tagsniff NOT_DICOM",
        "",
        1,
        "not a DICOM file; force=True reads elements from it",
    ),
    Difference(
        "wheel/test_files/zipMR.gz",
        "tagsniff COMPRESSED",
        "",
        1,
        "not a DICOM file; force=True reads elements from it",
    ),
    Difference(
        "wheel/test_files/no_meta.dcm",
        "tagsniff NOT_DICOM",
        "",
        1,
        "one byte too many before the data set: neither a preamble nor an element begins there",
    ),
    Difference(
        "wheel/palettes/winter.dcm",
        "twice; pydicom keeps the last",
        "(0008,0018)",
        1,
        "a tag twice in one data set (PS3.5 7.1): both are listed",
    ),
    Difference(
        "wheel/test_files/MR_truncated.dcm",
        "tagsniff TRUNCATED_VALUE",
        "",
        1,
        "truncated Pixel Data; pydicom keeps the rest without a warning",
    ),
    Difference(
        "wheel/test_files/MR_truncated.dcm",
        "only pydicom",
        "(7fe0,0010)",
        1,
        "truncated Pixel Data; pydicom keeps the rest without a warning",
    ),
    Difference(
        "wheel/test_files/rtplan_truncated.dcm",
        "tagsniff TRUNCATED_VALUE",
        "",
        1,
        "truncated in a nested value; pydicom keeps the rest without a warning",
    ),
    Difference(
        "wheel/test_files/rtplan_truncated.dcm",
        "only pydicom",
        "(300a,00b0)[0](300a,0111)[0](300a,012c)",
        1,
        "the truncated nested value",
    ),
    Difference(
        "wheel/test_files/rtplan_truncated.dcm",
        "value",
        "(300a,00b0)",
        2,
        "the sequences around it end with the last complete element",
    ),
    Difference(
        "wheel/test_files/dicomdirtests/DICOMDIR-nooffset",
        "tagsniff LENGTH_BEYOND_PARENT",
        "",
        1,
        "the last item has a length of 248 bytes, its sequence has 224 (PS3.5 7.5.1); pydicom does not check",
    ),
    Difference(
        "wheel/test_files/dicomdirtests/DICOMDIR-nooffset",
        "only pydicom",
        "(0004,1220)[51]",
        9,
        "that item and its elements",
    ),
    Difference(
        "wheel/test_files/dicomdirtests/DICOMDIR-nooffset",
        "value",
        "(0004,1220)",
        1,
        "the sequence around it ends with the last complete item",
    ),
    Difference(
        "corpus/dcm4che/dcm4che-test-data/src/main/resources/3gb-bulk-data-truncated",
        "tagsniff TRUNCATED_VALUE",
        "",
        1,
        "truncated Pixel Data of 3 GB; pydicom gives no warning",
    ),
    Difference(
        "corpus/dcm4che/dcm4che-test-data/src/main/resources/3gb-bulk-data-truncated",
        "only pydicom",
        "(7fe0,0010)",
        1,
        "the truncated value",
    ),
    Difference(
        "corpus/dcm4che/dcm4che-test-data/src/main/resources/no_preamble_dicm_in_data",
        "only tagsniff",
        "(0008,0005)",
        37,
        "a value has DICM at byte 128: pydicom reads the elements before it as a preamble (PS3.10 7.1)",
    ),
    Difference(
        "corpus/dcm4che/dcm4che-test-data/src/main/resources/no_preamble_dicm_in_data",
        "only pydicom",
        "(3141,0008)",
        1,
        "the elements that pydicom reads after that DICM",
    ),
    Difference(
        "corpus/dicognito/tests/orig_data/test_conversion_error_logs_filename_and_error_type/bad.dcm",
        "tagsniff NO_DATA_SET",
        "",
        1,
        "the file ends after its file meta information; pydicom gives no warning",
    ),
    Difference(
        "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/FreezePattern.dcm",
        "twice; pydicom keeps the last",
        "(0008,0022)",
        2,
        "a sequence of length 0 that is followed by its item: its elements are listed in the data set",
    ),
    Difference(
        "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH1339.dcm",
        "tagsniff TRUNCATED_FRAGMENTS",
        "",
        1,
        "encapsulated Pixel Data without end (PS3.5 A.4)",
    ),
    Difference(
        "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH1339.dcm",
        "only tagsniff",
        "(0008,0005)",
        205,
        "pydicom drops the whole data set because of it, with a warning",
    ),
    Difference(
        "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH177_D_CLUNIE_CT1_IVRLE_BigEndian_undefined_length.dcm",
        "pydicom raises OSError; tagsniff OK",
        "",
        1,
        "UN of undefined length in big endian: implicit VR little endian inside (PS3.5 6.2.2)",
    ),
    Difference(
        "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH179A.dcm",
        "vr",
        "(0028,0120)",
        1,
        "a VR of two spaces with a 16-bit length; pydicom reads VR and length as the length of an implicit VR element",
    ),
    Difference(
        "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH179A.dcm",
        "length",
        "(0028,0120)",
        1,
        "see vr",
    ),
    Difference(
        "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH179A.dcm",
        "value",
        "(0028,0120)",
        1,
        "see vr",
    ),
    Difference(
        "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH179A.dcm",
        "only tagsniff",
        "(0028,1050)",
        89,
        "the elements that pydicom reads as a part of that value",
    ),
    Difference(
        "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH179B.dcm",
        "vr",
        "(0028,0120)",
        1,
        "a VR of two spaces, followed by neither length nor value",
    ),
    Difference(
        "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH179B.dcm",
        "length",
        "(0028,0120)",
        1,
        "see vr",
    ),
    Difference(
        "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH179B.dcm",
        "value",
        "(0028,0120)",
        1,
        "see vr",
    ),
    Difference(
        "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH179B.dcm",
        "twice; pydicom keeps the last",
        "(0028,0120)",
        1,
        "the tag occurs twice in the file",
    ),
    Difference(
        "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH179B.dcm",
        "tagsniff TRUNCATED_VALUE",
        "",
        1,
        "nothing can be read after the element without length; pydicom reads the rest as its value without a warning",
    ),
    Difference(
        "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH364.dcm",
        "only tagsniff",
        "(0018,6012)",
        11,
        "an item without a sequence: its elements are listed; pydicom reads them as a value",
    ),
    Difference(
        "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH626.dcm",
        "tagsniff TRUNCATED_VALUE",
        "",
        1,
        "a private value whose length is 4 bytes too small: the bytes after it are misaligned; pydicom does not warn",
    ),
    Difference(
        "corpus/fo-dicom/Tests/FO-DICOM.Tests/Test_Data/GH626.dcm",
        "only pydicom",
        "(0000,0000)",
        1,
        "the elements that pydicom reads from the misaligned bytes",
    ),
    Difference(
        "corpus/pydicom-data/data_store/data/emri_small_jpeg_2k_lossless_too_short.dcm",
        "tagsniff TRUNCATED_FRAGMENTS",
        "",
        1,
        "truncated encapsulated Pixel Data (PS3.5 A.4)",
    ),
    Difference(
        "corpus/pydicom-data/data_store/data/emri_small_jpeg_2k_lossless_too_short.dcm",
        "only tagsniff",
        "(0008,0005)",
        131,
        "pydicom drops the whole data set because of it, with a warning",
    ),
)
