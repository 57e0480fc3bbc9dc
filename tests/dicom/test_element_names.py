"""The names by which a person names elements: letter case, tags without comma, near misses, several in one text.

For: `tagsniff.dicom.element_names`.
Never: the notation of reports and profiles; that is tested by itself.
Standard: PS3.5 7.8 and PS3.6, edition 2026b.
"""

from __future__ import annotations

import pytest

from tagsniff import _core
from tagsniff.dicom.element_names import find_keyword, read_element, split_names, suggest_keywords
from tagsniff.dicom.notation import Step

PATIENT_ID = (Step(0x00100020),)
IN_ITEMS = (Step(0x00081140), Step(0x00081155))


@pytest.mark.parametrize("text", ["PatientID", "patientid", "PATIENTID", "0010,0020", "00100020", "(0010,0020)"])
def test_one_element_in_several_forms(text: str) -> None:
    assert read_element(text) == PATIENT_ID


@pytest.mark.parametrize(
    "text",
    [
        "(0008,1140)[<0>](0008,1155)",
        "00081140[<0>]00081155",
        "0008,1140[<0>]00081155",
        "referencedimagesequence[<0>]REFERENCEDSOPINSTANCEUID",
    ],
)
def test_paths(text: str) -> None:
    assert read_element(text) == IN_ITEMS


def test_a_quoted_creator_of_digits_is_no_tag() -> None:
    assert read_element('(0009,"00100020",02)') == (Step(0x00090002, "00100020"),)


def test_a_private_element_without_its_creator_is_refused() -> None:
    with pytest.raises(ValueError, match=r'named by its creator: \(0009,"CREATOR",02\)'):
        read_element("00091002")


def test_every_keyword_is_found_in_lower_case() -> None:
    keywords = _core.dictionary_keywords()
    assert len(keywords) > 5000
    assert len({keyword.lower() for keyword in keywords}) == len(keywords)
    for keyword, tag in list(keywords.items())[::50]:
        assert _core.dictionary_find_keyword(keyword) == find_keyword(keyword.lower()) == tag


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("PatientsName", "; did you mean PatientName"),
        ("patientnam", "; did you mean PatientName"),
        ("StudyInstanceUUID", "; did you mean StudyInstanceUID"),
    ],
)
def test_near_misses(text: str, suggested: str) -> None:
    with pytest.raises(ValueError, match=r"is no keyword of PS3\.6 that stands for one tag") as error:
        read_element(text)
    assert suggested in str(error.value)


def test_what_is_near_nothing_has_no_suggestion() -> None:
    assert suggest_keywords("Xyzzy") == ""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("PatientID", ["PatientID"]),
        ("PatientID,StudyDate", ["PatientID", "StudyDate"]),
        (" PatientID , StudyDate ", ["PatientID", "StudyDate"]),
        ("0010,0010", ["0010,0010"]),
        ("0010,0010,0010,0020", ["0010,0010", "0010,0020"]),
        ("00100010,00100020", ["00100010", "00100020"]),
        ("(0010,0010),0010,0020,PatientID", ["(0010,0010)", "0010,0020", "PatientID"]),
        ("PatientID,0010,0010", ["PatientID", "0010,0010"]),
        ("0008,1140[<0>]0008,1155,0010,0010", ["0008,1140[<0>]0008,1155", "0010,0010"]),
        ('(0009,"A,B",02),(0009,"C)",03)', ['(0009,"A,B",02)', '(0009,"C)",03)']),
        ('(0009,"A\\",B",02),PatientID', ['(0009,"A\\",B",02)', "PatientID"]),
        ('(0029,"S",10)/text,0010,0010', ['(0029,"S",10)/text', "0010,0010"]),
        # What is not closed is one name, with the message of its own mistake.
        ('(0009,"A,B', ['(0009,"A,B']),
        ("(0010,0010", ["(0010,0010"]),
    ],
)
def test_names_are_separated_by_commas_that_are_not_part_of_one(text: str, names: list[str]) -> None:
    assert split_names(text) == names


@pytest.mark.parametrize("text", ["", ",", "PatientID,", ",PatientID", "PatientID,,StudyDate"])
def test_a_missing_name_is_a_mistake(text: str) -> None:
    with pytest.raises(ValueError, match="name"):
        split_names(text)
