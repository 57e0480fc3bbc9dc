"""Profiles in layers: the topmost layer that has a row decides, whatever the rows below say."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tagsniff.dicom.notation import format_identity, parse_identity
from tagsniff.profile import (
    Code,
    Decision,
    Equipment,
    Flag,
    Profile,
    ProfileError,
    ProfileFile,
    ProfileKind,
    Reason,
    Scope,
    load_profile,
    parse_profile,
    read_profile,
)
from tagsniff.scanning import modes
from tagsniff.scanning.modes import MODES, load_mode

GE = Equipment("MR", "GE MEDICAL SYSTEMS", "SIGNA", "15\\LX")
SIEMENS = Equipment("MR", "SIEMENS", "Avanto", "B17")

Line = tuple[str, ...]


def quote(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def parse(file: str, columns: str, lines: Sequence[Line], default: str = "") -> ProfileFile:
    count = columns.count(",") + 1
    rows = "".join(",".join(map(quote, (*line, *[""] * count)[:count])) + "\n" for line in lines)
    head = f"# default = {default}\n" if default else ""
    return parse_profile(file, f"{head}{columns}\n{rows}".encode(), kind=None, find_keyword={}.get)


def public(*lines: Line, default: str = "", file: str = "public.csv") -> ProfileFile:
    """Return a Confidentiality Profile of rows (element, code[, vr])."""
    return parse(file, "element,code,vr", lines, default)


def private(*lines: Line, default: str = "", file: str = "private.csv") -> ProfileFile:
    """Return a Modality Software Profile of rows (element, code[, vr[, manufacturer]])."""
    return parse(file, "element,code,vr,manufacturer", lines, default)


def sheet(*lines: Line, default: str = "", file: str = "sheet.csv") -> ProfileFile:
    """Return a sheet of rows (element, code[, vr[, manufacturer[, scope]]])."""
    return parse(file, "element,code,vr,manufacturer,scope,who", lines, default)


def dictionary(*lines: Line, file: str = "tagsniff/profiles/ge.csv") -> ProfileFile:
    """Return a Modality Software Profile that is shipped."""
    return replace(private(*lines, file=file), is_shipped=True)


def decide(
    profile: Profile, element: str, vr: str | None = "LO", of: Equipment = GE, block: int | None = None
) -> Decision:
    return profile.decide(of, parse_identity(element), vr, block)


def place(decision: Decision) -> tuple[str, str, int]:
    return decision.code.value, decision.row.file, decision.row.line


def reasons(decision: Decision) -> list[tuple[str, int, Reason]]:
    return [(loss.row.file, loss.row.line, loss.reason) for loss in decision.lost]


ELEMENT = '(0009,"ACME",01)'


def test_a_layer_beats_every_kind_of_specificity_below() -> None:
    """Path, block, digits, VR and equipment: what decides within a layer decides nothing between layers."""
    below = private(
        (ELEMENT, "X", "LO", "GE*"),
        ('(0009,"ACME",1001)', "X", "LO", "GE*"),
        (f"(0008,1140)[<0>]{ELEMENT}", "X", "LO", "GE*"),
    )
    for element in ('(0009,"ACME",*)', '(0009,"acme",01)', "*", ELEMENT):
        profile = Profile([[sheet((element, "K", "", "", "element"))], [below]])
        for asked in (ELEMENT, f"(0008,1140)[<0>]{ELEMENT}"):
            decision = decide(profile, asked, block=0x10)
            assert place(decision) == ("K", "sheet.csv", 2), (element, asked)
            assert {reason for _, _, reason in reasons(decision)} == {Reason.LAYER}
            assert decision.layer == 0
            assert Flag.CONFLICT not in decision.flags


def test_a_layer_beats_protection_below() -> None:
    for upper, lower in itertools.permutations(Code, 2):
        profile = Profile([[private((ELEMENT, upper.value), file="1.csv")], [private((ELEMENT, lower.value))]])
        decision = decide(profile, ELEMENT)
        assert (decision.code, decision.flags) == (upper, ())
        assert reasons(decision) == [("private.csv", 2, Reason.LAYER)]


def test_the_layer_below_decides_what_the_upper_has_no_fitting_row_for() -> None:
    upper = private((ELEMENT, "K", "DS"), (ELEMENT, "K", "", "SIEMENS"), ('(0009,"ACME",1501)', "K"), file="1.csv")
    profile = Profile([[upper], [private((ELEMENT, "X"))]])
    assert place(decide(profile, ELEMENT, "LO", block=0x10)) == ("X", "private.csv", 2)
    assert place(decide(profile, ELEMENT, "DS", block=0x10)) == ("K", "1.csv", 2)
    assert place(decide(profile, ELEMENT, "LO", SIEMENS, 0x10)) == ("K", "1.csv", 3)
    assert place(decide(profile, ELEMENT, "LO", block=0x15)) == ("K", "1.csv", 4)
    assert decide(profile, ELEMENT, "LO", block=0x10).layer == 1


@pytest.mark.parametrize("vr", ["LO", "SS", "UN", "OB", "SQ", None])
def test_a_blank_vr_of_a_user_holds_for_every_vr(vr: str | None) -> None:
    """A row that names the VR was more specific, and won in silence against the curator's own."""
    profile = Profile([[private((ELEMENT, "K"), file="mine.csv")], [dictionary((ELEMENT, "R", "SS"), (ELEMENT, "X"))]])
    assert place(decide(profile, ELEMENT, vr)) == ("K", "mine.csv", 2)
    of_public = Profile([[public(("(0018,0050)", "K"), file="mine.csv")], [public(("(0018,0050)", "R", "LO"))]])
    assert place(decide(of_public, "(0018,0050)", vr)) == ("K", "mine.csv", 2)


def test_a_row_of_one_form_decides_what_the_other_form_is_for() -> None:
    """Private elements by a Confidentiality Profile, public ones by a sheet, in any layer."""
    lower = [public(("(0010,0010)", "Z")), dictionary((ELEMENT, "K", "LO"))]
    profile = Profile([[public((ELEMENT, "C"), file="mine.csv")], [sheet(("(0010,0010)", "R", "", "GE*"))], lower])
    assert place(decide(profile, ELEMENT)) == ("C", "mine.csv", 2)
    assert place(decide(profile, "(0010,0010)", "PN")) == ("R", "sheet.csv", 2)
    assert place(decide(profile, "(0010,0010)", "PN", SIEMENS)) == ("Z", "public.csv", 2)


def test_wildcards_decide_what_their_form_is_for() -> None:
    lower = [public(("(0010,0010)", "Z")), dictionary((ELEMENT, "K"))]
    for file, expected in (
        (public(("*", "C")), ("C", "K")),
        (private(("*", "C")), ("Z", "C")),
        (sheet(("*", "C")), ("C", "C")),
    ):
        profile = Profile([[file], lower])
        assert tuple(decide(profile, each).code.value for each in ("(0010,0010)", ELEMENT)) == expected
        # No row names them but the wildcard.
        others = [
            decide(profile, each).row.is_default for each in ("(0010,0020)", '(0011,"B",01)', "(0009,<none:10>,01)")
        ]
        assert others == [expected[0] != "C", expected[1] != "C", expected[1] != "C"]


# Sequences

NESTED = "(0008,1140)[<0>](0010,0010)"


def test_a_sequence_of_an_upper_layer_covers_rows_of_lower_ones() -> None:
    profile = Profile([[public(("(0008,1140)", "X"), file="1.csv")], [public((NESTED, "K"), ("(0010,0010)", "R"))]])
    decision = decide(profile, NESTED, "PN")
    assert place(decision) == ("X", "1.csv", 2)
    assert decision.covered_by == parse_identity("(0008,1140)")
    assert reasons(decision) == [("public.csv", 2, Reason.COVERED), ("public.csv", 3, Reason.COVERED)]


def test_an_upper_layer_keeps_a_sequence_and_its_items_decide_for_themselves() -> None:
    for code in ("K", "R", "C"):
        profile = Profile([[public(("(0008,1140)", code))], [public(("(0008,1140)", "X"), ("(0010,0010)", "Z"))]])
        assert place(decide(profile, NESTED, "PN")) == ("Z", "public.csv", 3)
        assert decide(profile, "(0008,1140)[<0>](0010,0020)").code is Code.R


def test_an_element_in_a_covered_sequence_is_decided_above_only_by_its_path() -> None:
    """A row for the tag at every depth must not show what is removed with its sequence."""
    below = public(("(0008,1140)", "X"), file="below.csv")
    for code in ("K", "R", "C", "Z"):
        plain = Profile([[public(("(0010,0010)", code))], [below]])
        assert place(decide(plain, NESTED, "PN")) == ("X", "below.csv", 2)
        assert place(decide(plain, "(0010,0010)", "PN"))[:2] == (code, "public.csv")
        named = Profile([[public((NESTED, code))], [below]])
        decision = decide(named, NESTED, "PN")
        assert (place(decision), decision.covered_by) == ((code, "public.csv", 2), None)
        assert place(decide(named, "(0008,1140)[<0>](0010,0020)")) == ("X", "below.csv", 2)
        assert place(decide(named, "(0008,1140)", "SQ")) == ("X", "below.csv", 2)
    same = Profile([[public((NESTED, "K"), ("(0008,1140)", "X"))]])
    assert place(decide(same, NESTED, "PN")) == ("X", "public.csv", 3)


def test_of_several_rows_for_a_path_above_the_topmost_decides() -> None:
    layers = [
        [public(("(0010,0010)", "K"), file="1.csv")],
        [public((NESTED, "C"), file="2.csv")],
        [public((NESTED, "K"), file="3.csv")],
        [public(("(0008,1140)", "X"), file="4.csv")],
    ]
    decision = decide(Profile(layers), NESTED, "PN")
    assert place(decision) == ("C", "2.csv", 2)
    assert ("3.csv", 2, Reason.LAYER) in reasons(decision)
    assert place(decide(Profile(layers[2:]), NESTED, "PN")) == ("K", "3.csv", 2)
    assert place(decide(Profile([layers[0], layers[3]]), NESTED, "PN")) == ("X", "4.csv", 2)


def test_an_inner_sequence_that_a_layer_above_names_covers_in_place_of_the_outer_one() -> None:
    inner = "(0008,1140)[<0>](0008,1199)"
    below = public(("(0008,1140)", "Z"), file="below.csv")
    profile = Profile([[public((inner, "X"))], [below]])
    decision = decide(profile, f"{inner}[<0>](0010,0010)", "PN")
    assert (decision.code, decision.covered_by) == (Code.X, parse_identity(inner))
    for code in ("K", "R"):
        kept = Profile([[public((inner, code))], [below]])
        assert decide(kept, inner, "SQ").code is Code(code)
        decision = decide(kept, f"{inner}[<0>](0010,0010)", "PN")
        assert (decision.code, decision.covered_by) == (Code.Z, parse_identity("(0008,1140)"))


# Defaults


def test_a_default_decides_only_where_no_layer_has_a_row() -> None:
    lower = [public(("(0010,0010)", "Z"), default="R"), private((ELEMENT, "K"), default="R")]
    for file, codes in (
        (public(default="X", file="u.csv"), ("X", "R")),
        (private(default="X", file="u.csv"), ("R", "X")),
        (sheet(default="X", file="u.csv"), ("X", "X")),
        (sheet(file="u.csv"), ("R", "R")),
    ):
        profile = Profile([[file], lower])
        assert [decide(profile, each).code.value for each in ("(0010,0010)", ELEMENT)] == ["Z", "K"]
        assert tuple(decide(profile, each).code.value for each in ("(0010,0020)", '(0011,"B",01)')) == codes


def test_of_several_defaults_the_topmost_that_is_stated_decides() -> None:
    layers = [[sheet()], [public(default="C", file="2.csv")], [public(default="X", file="3.csv")]]
    assert place(decide(Profile(layers), "(0010,0020)")) == ("C", "2.csv", 1)


# Shipped dictionaries


def test_r_of_a_dictionary_gives_way_to_a_row_that_decides() -> None:
    others = dictionary((ELEMENT, "X"), ('(0009,"ACME",02)', "C"), file="tagsniff/profiles/tcia.csv")
    makers = dictionary((ELEMENT, "R", "LO"), ('(0009,"ACME",02)', "R"), ('(0009,"ACME",03)', "R"))
    profile = Profile([[public(), makers], [others]])
    decision = decide(profile, ELEMENT)
    assert place(decision) == ("X", others.file, 2)
    assert reasons(decision) == [(makers.file, 2, Reason.SUGGESTION)]
    assert place(decide(profile, '(0009,"ACME",02)')) == ("C", others.file, 3)
    assert place(decide(profile, '(0009,"ACME",03)')) == ("R", makers.file, 4)


def test_a_decisive_row_of_a_maker_stays_above() -> None:
    others = dictionary((ELEMENT, "X"), file="tagsniff/profiles/tcia.csv")
    for code in ("K", "C", "Z"):
        profile = Profile([[dictionary((ELEMENT, code))], [others]])
        assert place(decide(profile, ELEMENT))[:2] == (code, "tagsniff/profiles/ge.csv")


def test_of_two_suggestions_the_upper_one_is_named() -> None:
    lower = dictionary((ELEMENT, "R"), file="tagsniff/profiles/tcia.csv")
    decision = decide(Profile([[dictionary((ELEMENT, "R"))], [lower]]), ELEMENT)
    assert place(decision) == ("R", "tagsniff/profiles/ge.csv", 2)
    assert reasons(decision) == [(lower.file, 2, Reason.LAYER)]


def test_r_of_a_user_decides() -> None:
    others = dictionary((ELEMENT, "K"), file="tagsniff/profiles/tcia.csv")
    profile = Profile([[private((ELEMENT, "R"))], [dictionary((ELEMENT, "R"))], [others]])
    assert place(decide(profile, ELEMENT)) == ("R", "private.csv", 2)
    # Below a dictionary that a person has moved up, too.
    moved = Profile([[dictionary((ELEMENT, "R"))], [private((ELEMENT, "R"))], [others]])
    assert place(decide(moved, ELEMENT)) == ("R", "private.csv", 2)


def test_a_suggestion_does_not_give_way_to_a_k_for_another_letter_case() -> None:
    makers = dictionary((ELEMENT, "R"))
    others = dictionary(('(0009,"Acme",01)', "K"), file="tagsniff/profiles/tcia.csv")
    assert place(decide(Profile([[makers], [others]]), ELEMENT)) == ("R", makers.file, 2)
    removed = dictionary(('(0009,"Acme",01)', "X"), file="tagsniff/profiles/tcia.csv")
    assert decide(Profile([[makers], [removed]]), ELEMENT).code is Code.X


def test_a_suggestion_does_not_take_an_element_out_of_a_sequence_that_is_removed() -> None:
    nested = f'(0011,"ACME",01)[<0>]{ELEMENT}'
    makers = dictionary((nested, "R"), ('(0011,"ACME",01)', "R"))
    others = dictionary(('(0011,"ACME",01)', "X"), file="tagsniff/profiles/tcia.csv")
    assert place(decide(Profile([[makers], [others]]), nested)) == ("X", others.file, 2)


# Order


def random_file(rng: random.Random, name: str) -> ProfileFile:
    elements = [ELEMENT, '(0009,"acme",01)', '(0009,"ACME",*)', "*", f"(0008,1140)[<0>]{ELEMENT}", '(0009,"ACME",1001)']
    lines = {
        (rng.choice(elements), rng.choice(["", "LO", "DS"]), rng.choice(["", "GE*", "SIE*"])): rng.choice(list(Code))
        for _ in range(rng.randrange(1, 6))
    }
    lines[rng.choice([(ELEMENT, "", ""), ("(0008,1140)", "", "")])] = rng.choice(list(Code))
    rows = [(element, code.value, vr, maker) for (element, vr, maker), code in lines.items()]
    return sheet(*rows, file=name)


def test_layers_equal_a_slow_search_from_the_top() -> None:
    """Each layer alone is a profile of one layer; the first that has a row decides."""
    rng = random.Random(17)
    decided = 0
    for _ in range(40):
        files = [random_file(rng, f"{number}.csv") for number in range(4)]
        profile = Profile([[file] for file in files])
        shuffled = []
        for file in files:
            rows = list(file.rows)
            rng.shuffle(rows)
            shuffled.append(replace(file, row_source=file.row_source._replace(parsed_rows=tuple(rows))))
        again = Profile([[file] for file in shuffled])
        for of, vr, block in itertools.product((GE, SIEMENS, Equipment()), ("LO", "DS", "UN", None), (None, 0x10)):
            decision = decide(profile, ELEMENT, vr, of, block)
            alone = (decide(Profile([[file]]), ELEMENT, vr, of, block) for file in files)
            expected = next((each for each in alone if not each.row.is_default), None)
            if expected is None:
                assert decision.row.is_default
                continue
            assert (place(decision), decision.flags) == (place(expected), expected.flags)
            assert decide(again, ELEMENT, vr, of, block)[:5] == decision[:5]
            decided += 1
    assert decided > 500


# Loading


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.csv").write_text('element,code\n"(0010,0010)",K\n', encoding="utf-8")
    (tmp_path / "b.csv").write_text('manufacturer,element,code\n,"(0009,""ACME"",01)",K\n', encoding="utf-8")
    (tmp_path / "s.csv").write_text('element,code,who\n"(0010,0010)",C,A\n', encoding="utf-8")
    (tmp_path / "options.csv").write_text('element,code,retain-uids\n"(0008,0018)",U,C\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(profile: Profile) -> list[list[str]]:
    return [[each.name for each in layer] for layer in profile.layers]


def test_files_are_layers_above_the_shipped_profiles(folder: Path) -> None:
    assert names(load_mode("final")) == [["physical", "record-all"]]
    assert names(load_mode("final", "a.csv", ["b.csv"], decisions=["s.csv"])) == [
        ["s"],
        ["b"],
        ["a"],
        ["physical", "record-all"],
    ]
    assert names(load_mode("final", ["a.csv", "s.csv"])) == [["s"], ["a"], ["physical", "record-all"]]
    above = load_mode("before", "a.csv")
    assert place(decide(above, "(0010,0010)", "PN")) == ("K", "a.csv", 2)
    assert place(decide(above, "(0010,0020)"))[0] == "Z/D"
    later = load_mode("before", "a.csv", decisions=["s.csv"])
    assert place(decide(later, "(0010,0010)", "PN")) == ("C", "s.csv", 2)


def test_a_shipped_profile_that_is_named_moves_up(folder: Path) -> None:
    assert names(load_mode("final", "a.csv", ["record-all"])) == [["record-all"], ["a"], ["physical"]]
    assert names(load_mode("final", modality_software=["ge"])) == [["ge"], ["physical", "record-all"]]
    assert names(load_mode("final", read_profile("physical"))) == [["physical"], ["record-all"]]


def test_without_the_shipped_profiles_the_named_ones_are_all(folder: Path) -> None:
    profile = load_mode("before", None, ["b.csv"], without_shipped=True)
    assert names(profile) == [["b"]]
    assert place(decide(profile, "(0010,0010)", "PN")) == ("R", "no Confidentiality Profile", 0)
    assert place(decide(profile, '(0009,"ACME",01)')) == ("K", "b.csv", 2)
    with pytest.raises(ValueError, match="no profile is left"):
        load_mode("before", without_shipped=True)


def test_without_a_mode_the_shipped_profiles_are_the_lowest_layer(folder: Path) -> None:
    assert names(load_profile("basic", ["ge", "b.csv"], decisions=["s.csv"])) == [["s"], ["b"], ["basic", "ge"]]
    assert names(load_profile(decisions=["s.csv"])) == [["s"]]
    with pytest.raises(ValueError, match="no profile is given"):
        load_profile()
    with pytest.raises(TypeError, match="decisions must be a sequence"):
        load_profile(decisions="s.csv")


def test_options_select_the_columns_of_every_profile_that_has_them(folder: Path) -> None:
    profile = load_mode("before", ["options.csv", "a.csv"], options=["retain-uids", "retain-full-dates"])
    assert [each.selected for each in profile.files[:2]] == [(), ("retain-uids",)]
    assert place(decide(profile, "(0008,0018)", "UI")) == ("C", "options.csv", 2)
    assert decide(profile, "(0008,0020)", "DA").code is Code.K
    with pytest.raises(ProfileError) as caught:
        load_mode("before", "options.csv", options=["no-such"])
    assert [mistake.file for mistake in caught.value.mistakes] == ["tagsniff/profiles/basic.csv"]
    with pytest.raises(ProfileError, match=r"a.csv: the profile has no option 'retain-uids'; it has none"):
        load_profile("a.csv", options=["retain-uids"])
    with pytest.raises(ValueError, match="none is given"):
        load_profile(decisions=["s.csv"], options=["retain-uids"])


def test_the_decisions_of_others_are_a_layer_below_as_soon_as_there_is_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "tcia.csv"
    path.write_text('manufacturer,element,vr,code\n,"(0009,""GEMS_IDEN_01"",02)",SH,X\n', encoding="utf-8")
    shipped = {**modes_shipped(), modes.OTHERS_DECISIONS: str(path)}
    monkeypatch.setattr("tagsniff.profile.shipped.find_shipped", lambda: shipped)
    monkeypatch.setattr("tagsniff.profile.load.find_shipped", lambda: shipped)
    profile = load_mode("before")
    assert [layer[0].name for layer in profile.layers] == ["basic", "tcia"]
    decision = decide(profile, '(0009,"GEMS_IDEN_01",02)', "SH")
    assert (decision.code, decision.layer) == (Code.X, 1)
    assert [reason for _, _, reason in reasons(decision)] == [Reason.SUGGESTION]
    without = {name: path for name, path in shipped.items() if name != modes.OTHERS_DECISIONS}
    monkeypatch.setattr("tagsniff.profile.shipped.find_shipped", lambda: without)
    assert len(load_mode("before").layers) == 1
    assert MODES["final"].beneath == ()


def modes_shipped() -> dict[str, str]:
    from tagsniff.profile.shipped import find_shipped

    return find_shipped()


def test_a_sheet_is_accepted_by_every_argument(folder: Path) -> None:
    for arguments in ({"confidentiality": "s.csv"}, {"modality_software": ["s.csv"]}, {"decisions": ["s.csv"]}):
        profile = load_mode("final", **arguments)  # type: ignore[arg-type]
        assert profile.files[0].kind is ProfileKind.DECISIONS
        assert place(decide(profile, "(0010,0010)", "PN")) == ("C", "s.csv", 2)
    assert format_identity(parse_identity(ELEMENT)) == ELEMENT


# What a decision holds for


@pytest.mark.parametrize(
    ("code", "vr", "scope", "expected"),
    [
        ("K", "DS", "", Scope.ELEMENT),
        ("K", "CS", "", Scope.ELEMENT),
        ("K", "SQ", "", Scope.ELEMENT),
        ("K", "LO", "", Scope.VALUES),
        ("K", "DA", "", Scope.VALUES),
        ("K", "UI", "", Scope.VALUES),
        ("K", "OB", "", Scope.VALUES),
        ("K", "UN", "", Scope.VALUES),
        ("K", None, "", Scope.VALUES),
        ("C", "LO", "", Scope.VALUES),
        ("C", "US", "", Scope.ELEMENT),
        ("K", "LO", "element", Scope.ELEMENT),
        ("K", "OB", "Element", Scope.ELEMENT),
        ("K", "DS", "VALUES", Scope.VALUES),
        ("X", "LO", "values", Scope.ELEMENT),
        ("R", "LO", "", Scope.ELEMENT),
    ],
)
def test_the_scope_depends_on_code_and_vr_if_it_is_not_said(
    code: str, vr: str | None, scope: str, expected: Scope
) -> None:
    decision = decide(Profile([[sheet((ELEMENT, code, "", "", scope))]]), ELEMENT, vr)
    assert decision.scope is expected
    assert decision.records_values is (code in ("C", "R") or (code == "K" and expected is Scope.VALUES))


def test_profiles_of_the_older_forms_hold_for_the_element() -> None:
    for file in (public((ELEMENT, "K")), private((ELEMENT, "K")), dictionary((ELEMENT, "K"))):
        decision = decide(Profile([[file]]), ELEMENT)
        assert (decision.scope, decision.records_values) == (Scope.ELEMENT, False)
