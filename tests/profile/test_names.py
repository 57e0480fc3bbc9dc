"""Names of private elements from profiles, marked with the profile that has them.

For: `tagsniff.profile.names`.
Never: what decides an element.
"""

from __future__ import annotations

from pathlib import Path

from tagsniff.dicom.notation import Step, format_identity, parse_pattern
from tagsniff.profile import list_profiles
from tagsniff.profile.load import read_profile
from tagsniff.profile.names import find_names
from tagsniff.profile.rows import ProfileKind

OWN = (
    "# name = mine\n"
    "modality,manufacturer,model,software,element,vr,code,name,source\n"
    ',,,,"(0009,""GEMS_IDEN_01"",02)",LO,R,"Suite, ours",\n'
    'MR,,,,"(0009,""ACME"",01)",LO,K,One,\n'
    'CT,,,,"(0009,""ACME"",01)",LO,K,Two,\n'
    'CT,,,,"(0009,""ACME"",01)",SH,K,Two,\n'
    ',,,,"(0009,""ACME"",02)",LO,K,,\n'
    ',,,,"(0009,""ACME"",03)",LO,K,"=\x1b[2J",\n'
)


def test_shipped_names_are_marked_with_their_profile() -> None:
    steps = [Step(0x00090002, "GEMS_IDEN_01"), Step(0x00290010, "SIEMENS CSA HEADER"), Step(0x00090002, "gems_iden_01")]
    assert find_names(steps) == {
        '(0009,"GEMS_IDEN_01",02)': "Suite Id [ge]",
        '(0029,"SIEMENS CSA HEADER",10)': "CSA Image Header Info [siemens]",
    }


def test_own_names_go_before_shipped_ones(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(OWN, encoding="utf-8")
    profile = read_profile(str(path), ProfileKind.MODALITY_SOFTWARE)
    steps = [Step(0x00090002, "GEMS_IDEN_01"), Step(0x00090004, "GEMS_IDEN_01")]
    steps += [Step(0x00090000 | element, "ACME") for element in (1, 2, 3, 4)]
    assert find_names(steps, [profile]) == {
        '(0009,"GEMS_IDEN_01",02)': "Suite, ours [mine]",
        '(0009,"GEMS_IDEN_01",04)': "Product Id [ge]",
        # A name that depends on the equipment has all its texts.
        '(0009,"ACME",01)': "One / Two [mine]",
        '(0009,"ACME",03)': "=\x1b[2J [mine]",
    }


def test_every_name_of_the_shipped_profiles_is_found() -> None:
    """As if their rows were parsed; of two profiles the first by name wins."""
    wanted: dict[str, list[str]] = {}
    of_profile: dict[str, str] = {}
    steps = set()
    for profile in list_profiles():
        if profile.kind is not ProfileKind.MODALITY_SOFTWARE:
            continue
        for row in profile.rows:
            last = row.element[-1]
            if not row.name or len(row.element) > 1 or not last.is_exact() or not isinstance(last.creator, str):
                continue
            step = Step(last.tag, last.creator)
            text = format_identity((step,))
            if of_profile.setdefault(text, profile.name) == profile.name and row.name not in wanted.get(text, ()):
                wanted.setdefault(text, []).append(row.name)
            steps.add(step)
    found = find_names(steps)
    assert found == {text: f"{' / '.join(names)} [{of_profile[text]}]" for text, names in wanted.items()}
    assert len(found) > 5000
    assert parse_pattern(next(iter(found)), lambda _: None)


def test_public_elements_have_none() -> None:
    assert find_names([Step(0x00100010)]) == {}
