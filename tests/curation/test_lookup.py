"""The look-up of identifiers: what is the same text, what is a whole token, and that both variants agree.

For: `tagsniff.curation.lookup` and `tagsniff.curation.identifiers`.
Standard: PS3.5 section 6.2, edition 2026b.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from tagsniff.curation.identifiers import Identifier, Kind, find_day, list_forms, read_identifiers
from tagsniff.curation.lookup import ClearLookup, DigestLookup, Hit, digest_forms, normalize

KEY = bytes(range(16))

SAME = [
    ("PAT-00123", "pat 00123"),
    ("PAT00123", "pat 00123"),
    ("Müller^Jörg", "MULLER  Jorg"),
    ("Straße", "STRASSE"),
    ("".join(chr(ord(letter) + 0xFEE0) for letter in "DOE^JANE"), "doe jane"),
    ("Πάπας", "παπασ"),
    ("1.2.840.10008.1", " 1.2.840.10008.1. "),
    ("山田^太郎", "山 田 太 郎"),
    ("김철수", "김 철 수"),
    ("O'Neil_Pat", "o neil pat"),
]
WRITTEN = [
    (Kind.NAME, "Doe^Jane", ["seen by Jane Doe", "DOE, JANE", "doe_jane_01.dcm", "DoE^JaNe^^", "x=Doe^Jane=y"]),
    (Kind.NAME, "Müller^Jörg^K", ["Jorg K Muller", "MULLER^JORG", "müller"]),
    (Kind.NAME, "Jane Doe", ["Doe^Jane", "jane doe"]),
    (Kind.NAME, "Yamada^Tarou=山田^太郎=やまだ^たろう", ["山田太郎さん", "やまだたろう", "TAROU YAMADA"]),
    (Kind.NAME, "Иванов^Пётр", ["ПЕТР ИВАНОВ", "иванов"]),
    (Kind.NAME, "حسن^محمد", ["محمد حسن"]),
    (Kind.ID, "PAT-00123", ["PAT00123", "id=pat_00123;"]),
    (Kind.ID, "12345.67", ["12345.67", "12345 67"]),
    (Kind.DATE, "20040119", ["2004-01-19", "19.01.2004", "1/19/2004", "19 Jan 2004", "January 19, 2004", "x20040119y"]),
    (Kind.DATE, "20040119103000.000", ["20040119", "19-1-2004"]),
    (Kind.UID, "1.2.840.113619.2.5", ["1.2.840.113619.2.5", "a/1.2.840.113619.2.5.dcm"]),
    (Kind.PHONE, "+49 (89) 1234-567", ["49891234567", "tel +49 89 1234 567"]),
    (Kind.MAIL, "jane.doe@example.org", ["<Jane.Doe@example.org>"]),
    (Kind.PLACE, "St. Mary's Hospital", ["ST MARY'S HOSPITAL, 2nd floor"]),
]
NOT_WRITTEN = [
    (Kind.NAME, "Doe^Jane", ["doe", "jane", "Doeberg Janet", "jane x doe", ""]),
    (Kind.NAME, "Li^X", ["li", "x"]),
    (Kind.ID, "1234", ["1234"]),
    (Kind.ID, "12345", ["123456", "12345.6", "0.12345", "112345"]),
    (Kind.DATE, "20040119", ["20040118", "2004 01 190", "120040119"]),
    (Kind.DATE, "20041319", ["20041319"]),
    (Kind.UID, "1.2.840.113619.2.5", ["1.2.840.113619.2.5.1", "1.2.840.113619.2.55", "11.2.840.113619.2.5"]),
    (Kind.PHONE, "12345", ["12345"]),
]


def find_both(forms: list[str], texts: list[str]) -> set[Hit]:
    """Return what the variant in the clear finds; the one by digests must find the same."""
    pytest.importorskip("ahocorasick")
    hits = ClearLookup(forms).find(texts)
    assert DigestLookup(digest_forms(forms, KEY), KEY).find(texts) == hits
    return hits


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_text(one: str, other: str) -> None:
    assert normalize(one) == normalize(other)


@pytest.mark.parametrize(("kind", "value", "texts"), WRITTEN)
def test_an_identifier_is_found_as_it_is_written(kind: Kind, value: str, texts: list[str]) -> None:
    forms = [form.text for form in list_forms(Identifier(kind, value))]
    assert {hit.text for hit in find_both(forms, texts)} == set(range(len(texts)))


@pytest.mark.parametrize(("kind", "value", "texts"), NOT_WRITTEN)
def test_a_part_of_a_word_or_number_is_no_identifier(kind: Kind, value: str, texts: list[str]) -> None:
    assert find_both([form.text for form in list_forms(Identifier(kind, value))], texts) == set()


def test_tokens_of_a_name_are_parts() -> None:
    forms = {form.text: form.is_part for form in list_forms(Identifier(Kind.NAME, "Johnson^Al^B"))}
    assert forms["johnson"]
    assert not forms["johnson al"]
    assert not forms["al johnson"]
    assert forms["johnson b"]
    assert "al" not in forms


def test_texts_of_several_lines_and_forms_that_are_there_twice() -> None:
    hits = find_both(["doe jane", "doe jane", "x"], ["a\nDoe\nJane\n", "Doe", "Jane", "x\ny"])
    assert hits == {Hit(0, 0), Hit(0, 1), Hit(3, 2)}
    assert find_both([], ["a"]) == set()
    assert find_both(["a"], []) == set()


def test_both_variants_agree_on_drawn_texts() -> None:
    """Few words, so that many forms of up to ten tokens are found; a third way of looking says which."""
    draw = random.Random(20261201)
    words = ["doe", "jane", "12", "1.2.3.4", "müller", "山"]
    forms = [normalize(" ".join(draw.choices(words, k=draw.randint(1, 10)))) for _ in range(300)]
    texts = [" ".join(draw.choices(words, k=draw.randint(0, 40))) for _ in range(300)]
    expected = {
        Hit(number, form_number)
        for number, text in enumerate(texts)
        for form_number, form in enumerate(forms)
        if f" {form} " in f" {normalize(text)} "
    }
    assert len(expected) > 3000
    assert find_both(forms, texts) == expected


def test_digests_do_not_show_a_form_and_need_the_key() -> None:
    pytest.importorskip("ahocorasick")
    digests = list(digest_forms(["doe jane"], KEY))
    assert b"doe" not in b"".join(digests[0][1])
    assert DigestLookup(digests, KEY[::-1]).find(["Doe^Jane"]) == set()
    for key in (b"", b"short"):
        with pytest.raises(ValueError, match="a key has 16"):
            list(digest_forms(["a"], key))
    with pytest.raises(ValueError, match="normalized"):
        list(digest_forms([""], KEY))
    with pytest.raises(ValueError, match="do not fit"):
        DigestLookup([(9, (b"",))], KEY)


@pytest.mark.parametrize("days", [0, 3652, 12436, 40000])
def test_seconds_since_1970(days: int) -> None:
    first = int(datetime(1980, 1, 1, tzinfo=UTC).timestamp()) + days * 86400
    expected = datetime.fromtimestamp(first, UTC).date()
    assert {find_day(str(second)) for second in (first, first + 1, first + 86399)} == {expected}
    assert find_day(str(first * 1000 + 86399999)) == expected
    assert find_day(f"{first}.25") == expected
    assert find_day(str(first - 1)) != expected


@pytest.mark.parametrize("text", ["", "20040119", "-1089123456", "9999999999", "1089123456.x", "٠١٢٣٤٥٦٧٨٩", "1.2.3"])
def test_no_seconds_since_1970(text: str) -> None:
    assert find_day(text) is None


def test_a_list_of_identifiers() -> None:
    lines = ["Kind,Value\n", "name,Doe^Jane\n", "\n", 'place,"A, ""B"""\n', "NAME, Doe^Jane \n"]
    assert read_identifiers(lines, "list.csv") == (
        Identifier(Kind.NAME, "Doe^Jane"),
        Identifier(Kind.PLACE, 'A, "B"'),
    )


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([], "list.csv:1: the first line"),
        (["name,Secret\n"], "list.csv:1: the first line"),
        (["kind,value\n", "nam,Secret\n"], "list.csv:2: the kind is one of name"),
        (["kind,value\n", "name, \n"], "list.csv:2: the value is empty"),
        (["kind,value\n", "name,Secret,x\n"], "list.csv:2: a line has two cells, not 3"),
        (["kind,value\n", 'name,"Secret\n'], "list.csv:2: this is no CSV"),
    ],
)
def test_a_wrong_list_is_told_without_its_values(lines: list[str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as caught:
        read_identifiers(lines, "list.csv")
    assert "Secret" not in str(caught.value)
