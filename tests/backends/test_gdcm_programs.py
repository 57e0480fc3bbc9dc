"""Programs written for python-gdcm print the same with tagsniff's backend, if only their import is changed.

For: the calls that public programs make: mappings read by position, pointers to scanners, watchers, methods of tags.
Never: another project's program in this repository. These are our own, with the same calls; those of GDCM's source are
run if its folder is given.
Standard: PS3.5 7.1 and 7.8, edition 2026b.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from pydicom.data import get_testdata_file

from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, part10
from tagsniff.backends import gdcm as backend
from tagsniff.backends.gdcm import PrivateTag, ProgressEvent, PythonTagToValue, Scanner, SimpleSubjectWatcher, Tag

FILES = tuple(str(get_testdata_file(name, download=False)) for name in ("CT_small.dcm", "MR_small.dcm", "README.txt"))
# Bits Stored, and with a VR of US or SS: the smallest and largest pixel value.
NUMBERS = "(0x0028, 0x0101), (0x0028, 0x0106), (0x0028, 0x0107)"

needs_gdcm = pytest.mark.skipif(find_spec("gdcm") is None, reason="python-gdcm is not installed")


def run(import_line: str, program: str, *arguments: str) -> str:
    """Return what a program prints, in its own process: python-gdcm may end it."""
    command = [sys.executable, "-u", "-c", f"{import_line}\n{program}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def same(program: str, *arguments: str) -> str:
    """Return what a program prints with both; fail if the outputs differ."""
    ours = run("from tagsniff.backends import gdcm", program, *arguments)
    assert ours == run("import gdcm", program, *arguments)
    return ours


PROGRAMS = {
    "every file of a folder, by position in its mapping": f"""
import sys
folder = gdcm.Directory()
print(folder.Load(sys.argv[1], True))
scanner = gdcm.Scanner()
for numbers in ((0x0020, 0x000d), (0x0008, 0x0060), {NUMBERS}):
    scanner.AddTag(gdcm.Tag(*numbers))
if not scanner.Scan(folder.GetFilenames()):
    sys.exit(1)
print(scanner.GetValues())
mappings = scanner.GetMappings()
for name in folder.GetFilenames():
    position = gdcm.PythonTagToValue(scanner.GetMapping(name))
    position.Start()
    while not position.IsAtEnd():
        print(name, position.GetCurrentTag(), "->", position.GetCurrentValue())
        position.Next()
""",
    "a pointer to a scanner, and a watcher": """
import sys
class Watcher(gdcm.SimpleSubjectWatcher):
    def ShowProgress(self, sender, event):
        progress = gdcm.ProgressEvent.Cast(event)
        print(progress.GetProgress(), progress.GetEventName())
    def EndFilter(self):
        print("the end")
folder = gdcm.Directory()
folder.Load(sys.argv[1], True)
names = folder.GetFilenames()
gdcm.Trace.WarningOff()
pointer = gdcm.Scanner.New()
scanner = pointer.__ref__()
watcher = Watcher(scanner, "Watcher")
other = gdcm.SimpleSubjectWatcher(scanner)
print(scanner.Scan(names))
scanner.AddTag(gdcm.Tag(0x8, 0x8))
scanner.AddTag(gdcm.Tag(0x10, 0x10))
print(scanner.Scan(names), scanner.Scan([]), scanner.Scan([names[0]] * 3))
del other
print(scanner.Scan(names[:2]))
position = gdcm.PythonTagToValue(scanner.GetMapping(names[1]))
while not position.IsAtEnd():
    print(position.GetCurrentTag(), position.GetCurrentValue())
    position.Next()
""",
    "a watcher that forgets to begin its base": """
import sys
class Watcher(gdcm.SimpleSubjectWatcher):
    def __init__(self, subject, comment):
        self.progress = 0.0
    def ShowProgress(self, sender, event):
        self.progress = gdcm.ProgressEvent.Cast(event).GetProgress()
pointer = gdcm.Scanner.New()
scanner = pointer.__ref__()
watcher = Watcher(scanner, "Watcher")
scanner.AddTag(gdcm.Tag(8, 0x60))
print(scanner.Scan(sys.argv[2:]), watcher.progress)
""",
    "tags read from texts, and a pointer used as the scanner": """
import sys
pointer = gdcm.Scanner.New()
for text in ("0008,0060", "0020,000e", "0028,0010", "0028,0011", "0020,0032"):
    tag = gdcm.Tag()
    print(tag.ReadFromCommaSeparatedString(text), tag)
    pointer.AddTag(tag)
print(pointer.Scan(sys.argv[2:]), pointer.GetFilenames() == tuple(sys.argv[2:]))
for name in sys.argv[2:]:
    position = gdcm.PythonTagToValue(pointer.GetMapping(name))
    position.Start()
    while not position.IsAtEnd():
        match position.GetCurrentTag().PrintAsContinuousString():
            case "00080060":
                print("modality", position.GetCurrentValue().strip())
            case "0020000e":
                print("series", position.GetCurrentValue())
            case other:
                print(other)
        position.Next()
""",
    "tags compared, and found by their numbers": """
import sys
modality, name_tag, rows = gdcm.Tag(0x08, 0x60), gdcm.Tag(0x10, 0x10), gdcm.Tag(0x28, 0x10)
names_of = {(0x0008, 0x0060): "modality", (0x0010, 0x0010): "name", (0x0028, 0x0010): "rows"}
pointer = gdcm.Scanner.New()
scanner = pointer.__ref__()
for tag in (modality, name_tag, rows):
    scanner.AddTag(tag)
scanner.Scan(sys.argv[2:])
for path in sys.argv[2:]:
    if scanner.IsKey(path):
        position = gdcm.PythonTagToValue(scanner.GetMapping(path))
        position.Start()
        while not position.IsAtEnd():
            tag, value = position.GetCurrentTag(), position.GetCurrentValue()
            if tag == modality:
                print("modality", value, tag != rows, tag < rows)
            print(names_of[(tag.GetGroup(), tag.GetElement())], value)
            position.Next()
print(scanner.GetOrderedValues(modality), scanner.GetAllFilenamesFromTagToValue(modality, "CT"))
""",
    "tags given to other functions of GDCM": """
import sys
tags = [gdcm.Tag(0x0008, 0x0060), gdcm.Tag(0x0028, 0x0010), gdcm.Tag(0x0010, 0x0010), gdcm.Tag(0x0018, 0x9999)]
scanner = gdcm.Scanner()
for tag in tags[:3]:
    scanner.AddTag(tag)
print(scanner.Scan(sys.argv[2:]))
kinds = gdcm.Global.GetInstance().GetDicts()
for path in sys.argv[2:4]:
    reader = gdcm.Reader()
    reader.SetFileName(path)
    print(reader.Read())
    data_set = reader.GetFile().GetDataSet()
    texts = gdcm.StringFilter()
    texts.SetFile(reader.GetFile())
    print([data_set.FindDataElement(tag) for tag in tags])
    position = gdcm.PythonTagToValue(scanner.GetMapping(path))
    position.Start()
    while not position.IsAtEnd():
        tag = position.GetCurrentTag()
        print(tag, kinds.GetDictEntry(tag).GetVR(), position.GetCurrentValue() == texts.ToString(tag))
        position.Next()
""",
    "tags of every kind, method by method": """
groups = (0x0000, 0x0001, 0x0002, 0x0003, 0x0005, 0x0007, 0x0008, 0x0009, 0x0029, 0x5000, 0x6002, 0xFFFE, 0xFFFF)
elements = (0x0000, 0x0001, 0x0002, 0x000F, 0x0010, 0x001F, 0x00FF, 0x0100, 0x1002, 0x3000, 0xE000, 0xFFFF)
without_arguments = [
    "GetElement", "GetElementTag", "GetGroup", "GetLength", "GetPrivateCreator", "IsGroupLength", "IsIllegal",
    "IsPrivate", "IsPrivateCreator", "IsPublic", "PrintAsContinuousString", "PrintAsContinuousUpperCaseString",
    "PrintAsPipeSeparatedString", "__str__",
]
made = [gdcm.Tag(group, element) for group in groups for element in elements]
for tag in made:
    print(*(getattr(tag, name)() for name in without_arguments))
    print([tag.IsGroupXX(other) for other in made[::7]], [tag == other for other in made[::5]])
    print([(tag < other, tag <= other, tag > other, tag >= other, tag != other) for other in made[::11]])
    for creator in (gdcm.Tag(0x0009, 0x0010), gdcm.Tag(0x0029, 0x00FF)):
        changed = gdcm.Tag(tag)
        changed.SetPrivateCreator(creator)
        print(changed)
changed = gdcm.Tag()
for change in (lambda: changed.SetElement(0x60), lambda: changed.SetGroup(8), lambda: changed.SetElementTag(0x100020),
               lambda: changed.SetElementTag(0x20, 0xd)):
    change()
    print(changed, gdcm.Tag(changed), gdcm.Tag(changed.GetElementTag()), changed == 5, changed == (0x20, 0xd))
texts = ["0008,0060", "8,60", "(0008,0060)", "0008|0060", "00080060", "8|60", "", "x", "0008,0060 ", " 0008,0060",
         "0008, 0060", "0008,00600", "0010,001G", "10,", "0010001F", "0010001f", "1234567", "123456789", "12",
         "FFFF,FFFF", "12345,0060", "0008,0060,ACME"]
for text in texts:
    for name in ("ReadFromCommaSeparatedString", "ReadFromContinuousString", "ReadFromPipeSeparatedString"):
        tag = gdcm.Tag(1, 2)
        print(text, name, getattr(tag, name)(text), tag)
""",
    "private tags, method by method": """
without_arguments = [
    "GetElement", "GetElementTag", "GetGroup", "GetLength", "GetOwner", "GetPrivateCreator", "IsGroupLength",
    "IsIllegal", "IsPrivate", "IsPrivateCreator", "IsPublic", "PrintAsContinuousString",
    "PrintAsContinuousUpperCaseString", "PrintAsPipeSeparatedString",
]
tag = gdcm.PrivateTag(0x0009, 0x1002, "ACME 1.0")
for text in (None, "0019,02,ACME", "0009,1010,ACME 1", "9,2,A,B", "0008,02,A", "0009,02", "0010,0010"):
    if text is not None:
        print(text, tag.ReadFromCommaSeparatedString(text))
    print(*(getattr(tag, name)() for name in without_arguments), isinstance(tag, gdcm.Tag))
tag.SetOwner("Other")
print(tag.GetOwner(), tag == gdcm.PrivateTag(0x0009, 0x02, "Other"), tag < gdcm.PrivateTag(0x0029, 0x02, "Other"))
""",
}


@needs_gdcm
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_prints_the_same_with_its_import_changed(name: str) -> None:
    folder = str(Path(FILES[0]).parent / "dicomdirtests" / "98892001")
    assert len(same(PROGRAMS[name], folder, *FILES).splitlines()) >= 1


@needs_gdcm
@pytest.mark.skipif(
    "TAGSNIFF_GDCM_SOURCE" not in os.environ,
    reason="TAGSNIFF_GDCM_SOURCE is not the folder of GDCM's source, which has TestScanner.py and ScanDirectory.py",
)
@pytest.mark.parametrize("name", ["TestScanner.py", "ScanDirectory.py"])
def test_the_programs_of_gdcms_source_print_the_same(name: str) -> None:
    """They need a folder of DICOM files as argument, and python-gdcm for ``Directory`` and ``Trace``."""
    found = sorted(Path(os.environ["TAGSNIFF_GDCM_SOURCE"]).rglob(name))
    assert found
    folder = str(Path(FILES[0]).parent / "dicomdirtests" / "98892001" / "CT2N")
    program = found[0].read_text(encoding="utf-8")
    before, line, after = program.partition("import gdcm\n")
    assert line
    outputs = [run("", before + changed + after, folder) for changed in (line, "from tagsniff.backends import gdcm\n")]
    assert outputs[0] == outputs[1]
    assert len(outputs[0].splitlines()) > 3


# Without python-gdcm


def scan(*tags: Any) -> Scanner:
    scanner = Scanner.New().__ref__()
    for tag in tags:
        scanner.AddTag(tag)
    assert scanner.Scan(FILES)
    return scanner


def test_a_pointer_is_its_scanner() -> None:
    scanner = Scanner.New()
    assert scanner is scanner.__ref__() is scanner.__deref__() is scanner.GetPointer()
    assert scanner is not Scanner.New()


def test_a_position_goes_through_the_tags_in_their_order() -> None:
    mapping = scan(0x00100010, (0x0008, 0x0060), 0x00189999).GetMapping(FILES[0])
    position = PythonTagToValue(mapping)
    found = []
    while not position.IsAtEnd():
        found.append(position.GetCurrent())
        position.Next()
    assert found == list(mapping.items()) == [(Tag(8, 0x60), "CT"), (Tag(0x10, 0x10), "CompressedSamples^CT1 ")]
    position.Next()
    for method in (position.GetCurrent, position.GetCurrentTag, position.GetCurrentValue):
        with pytest.raises(IndexError):
            method()
    position.Start()
    assert position.GetCurrentValue() == "CT"
    assert PythonTagToValue(scan(0x00080060).GetMapping(FILES[2])).IsAtEnd()
    for wrong in (None, "CT", [("a", "b")]):
        with pytest.raises(TypeError, match="mapping"):
            PythonTagToValue(wrong)  # type: ignore[arg-type]


def test_a_tag_that_is_changed_changes_nothing_in_the_scanner() -> None:
    modality, private = Tag(0x0008, 0x0060), PrivateTag(0x0009, 0x02, "GEMS_IDEN_01")
    scanner = Scanner()
    scanner.AddTag(modality)
    scanner.AddPrivateTag(private)
    modality.SetElement(0x0070)
    private.SetOwner("OTHER")
    scanner.Scan(FILES)
    assert scanner.GetValues(Tag(0x0008, 0x0060)) == ("CT", "MR")
    for tag in scanner.GetMapping(FILES[0]):
        tag.SetElementTag(0x0019, 0x0010)  # type: ignore[union-attr]
    PythonTagToValue(scanner.GetMapping(FILES[0])).GetCurrentTag().SetGroup(0x0018)
    assert list(scanner.GetMapping(FILES[0]).values()) == ["CT", "CT01"]
    assert list(scanner.GetMapping(FILES[0])) == [Tag(0x0008, 0x0060), PrivateTag(0x0009, 0x02, "GEMS_IDEN_01")]


@pytest.mark.parametrize(
    "change",
    [
        lambda: Tag(-1),
        lambda: Tag(1 << 32),
        lambda: Tag(0x10000, 0),
        lambda: Tag(8, 0x60).SetElement(0x10000),
        lambda: Tag(8, 0x60).SetGroup(-1),
        lambda: Tag(8, 0x60).SetElementTag(1 << 32),
        lambda: Tag(9, 0x1001).SetPrivateCreator(Tag(9, 0x1001)),
        lambda: PrivateTag(9, 1, "A").SetGroup(8),
        lambda: PrivateTag(9, 1, "A").SetOwner(" "),
        lambda: PrivateTag(8, 1, "A"),
    ],
)
def test_a_number_that_is_no_tag_is_a_value_error(change: Any) -> None:
    with pytest.raises(ValueError, match=r"bits|creator|odd group|private"):
        change()


def test_a_private_tag_is_no_public_one() -> None:
    private = PrivateTag(0x0009, 0x02, "A")
    assert private != Tag(0x0009, 0x02)
    assert Tag(0x0009, 0x02) != private
    assert private != PrivateTag(0x0009, 0x02, "B")
    assert len({private, Tag(0x0009, 0x02), PrivateTag(0x0009, 0x1002, "A "), Tag(0x00090002)}) == 2
    assert not private.ReadFromCommaSeparatedString("0009,02,")
    assert repr(private) == "PrivateTag(0x0009, 0x02, 'A')"
    assert repr(Tag(0x0010, 0x001F)) == "Tag(0x0010, 0x001F)"
    assert list(Tag(0x0010, 0x001F)) == [0x0010, 0x001F]


class Watcher(SimpleSubjectWatcher):
    """Keeps what it is told."""

    def __init__(self, subject: Scanner) -> None:
        super().__init__(subject)
        self.seen: list[Any] = []

    def StartFilter(self) -> None:
        self.seen.append("start")

    def ShowProgress(self, caller: Any, evt: Any) -> None:
        self.seen.append(ProgressEvent.Cast(evt).GetProgress())  # type: ignore[union-attr]

    def ShowFileName(self, caller: Any, evt: Any) -> None:
        assert ProgressEvent.Cast(evt) is None
        self.seen.append(evt.GetFilename())

    def EndFilter(self) -> None:
        self.seen.append("end")


def test_a_watcher_is_told_once_of_each_file_that_was_given(tmp_path: Path) -> None:
    """Also of a file with a long text, which is read twice, and of one that cannot be read."""
    long = tmp_path / "long"
    long.write_bytes(part10(EXPLICIT.element(0x00104000, "UT", b"x" * 70_000), EXPLICIT_LITTLE_UID).data)
    scanner = Scanner()
    scanner.AddTag(0x00104000)
    watcher = Watcher(scanner)
    names = [str(long), FILES[2], str(tmp_path / "missing"), str(long)]
    scanner.Scan(names)
    assert watcher.seen[0] == "start"
    assert watcher.seen[-1] == "end"
    assert watcher.seen[1:-1:2] == [0.25, 0.5, 0.75, 1.0]
    assert sorted(watcher.seen[2:-1:2]) == sorted(names)
    assert len(scanner.GetValue(str(long), 0x00104000) or "") == 70_000
    del watcher
    gc.collect()
    assert scanner._list_watchers() == []


def test_an_exception_of_a_watcher_reaches_the_caller() -> None:
    class Fails(Watcher):
        def ShowProgress(self, caller: Any, evt: Any) -> None:
            raise RuntimeError("stop")

    scanner = Scanner()
    scanner.AddTag(0x00080060)
    watcher = Fails(scanner)
    with pytest.raises(RuntimeError, match="stop"):
        scanner.Scan(FILES)
    assert watcher.seen == ["start"]
    with pytest.raises(TypeError, match="Scanner"):
        SimpleSubjectWatcher("scanner")  # type: ignore[arg-type]


def test_a_name_that_neither_has_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="NoSuchName"):
        backend.NoSuchName  # noqa: B018
    with pytest.raises(AttributeError):
        Tag(8, 0x60).that  # type: ignore[attr-defined]  # noqa: B018


def test_without_python_gdcm_the_error_says_what_is_missing() -> None:
    program = """
import sys
sys.modules["gdcm"] = None
from tagsniff.backends import gdcm
print(gdcm.Scanner().Scan([]), hasattr(gdcm.Tag(8, 0x60), "this"))
try:
    gdcm.Directory
except AttributeError as error:
    print(error)
"""
    assert run("", program).splitlines() == [
        "True False",
        "'Directory' is not in tagsniff.backends.gdcm, and python-gdcm, which may have it, is not installed",
    ]
