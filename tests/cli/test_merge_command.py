"""``tagsniff merge`` and ``tagsniff completion``.

For: the path from the command line to the outputs, and misuse.
Never: what a merge has in it; that is in tests/scanning/test_merge.py.
Standard: none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import tagsniff
from dicom_bytes import EXPLICIT, EXPLICIT_LITTLE_UID, part10
from tagsniff.cli import main
from tagsniff.cli.commands import COMMANDS
from tagsniff.cli.flags import FLAGS

SHELLS = next(flag.options["choices"] for flag in FLAGS if flag.names == ("shell",))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a new folder with two parts of a collection, a saved scan of each, and one of the whole."""
    monkeypatch.chdir(tmp_path)
    for part in "ab":
        os.makedirs(f"in/{part}")
        for number in range(3):
            data = part10(
                EXPLICIT.element(0x00100010, "PN", b"Doe^%s%03d" % (part.encode(), number)), EXPLICIT_LITTLE_UID
            )
            Path(f"in/{part}/{number}").write_bytes(data.data)
    for name, path in (("a", "in/a"), ("b", "in/b"), ("whole", "in")):
        assert main(["before", path, "--save", f"{name}.scan", "-o", "x", "--exclusions", os.devnull, "--force"]) == 0
    Path("x").unlink()
    return tmp_path


class TestMerge:
    def test_the_merge_is_the_scan_of_the_whole(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        capsys.readouterr()
        assert main(["merge", "b.scan", "a.scan", "-o", "c.scan"]) == 0
        assert capsys.readouterr() == ("", "2 scans merged: 6 files, 1 series, 1 patient\n")
        assert tagsniff.load("c.scan") == tagsniff.load("whole.scan")
        assert os.stat("c.scan").st_mode & 0o777 == 0o600
        for name in ("c", "whole"):
            assert main(["report", f"{name}.scan", "-o", f"{name}.txt"]) == 0
        assert Path("c.txt").read_text().splitlines()[1:] == Path("whole.txt").read_text().splitlines()[1:]

    def test_an_incomplete_part_makes_the_merge_incomplete(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        Path("in/b/cut").write_bytes(Path("in/b/0").read_bytes()[:-1])
        assert main(["before", "in/b", "--save", "cut.scan", "-o", os.devnull, "--exclusions", os.devnull]) == 3
        capsys.readouterr()
        assert main(["merge", "a.scan", "cut.scan", "-o", "c.scan"]) == 3
        assert capsys.readouterr().err.splitlines() == [
            "2 scans merged: 6 files, 1 series, 1 patient",
            "1 path was left out or read in part; tagsniff report --exclusions FILE lists them",
        ]
        assert main(["report", "c.scan", "-o", os.devnull]) == 3

    def test_misuse(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["final", "in/b", "--save", "final.scan", "-o", os.devnull, "--exclusions", os.devnull]) == 0
        Path("link.scan").symlink_to("a.scan")
        Path("text").write_text("nothing")
        capsys.readouterr()
        for arguments, message in (
            (["a.scan", "b.scan"], "the following arguments are required: -o/--output"),
            (["a.scan", "a.scan", "-o", "c"], "a.scan is given twice: its files would count twice"),
            (["a.scan", "link.scan", "-o", "c"], "link.scan is given twice: its files would count twice"),
            (["a.scan", "nowhere", "-o", "c"], "cannot read nowhere: No such file or directory"),
            (["a.scan", "text", "-o", "c"], "text: this is no saved scan"),
            (["a.scan", "final.scan", "-o", "c"], "they were made with different profiles"),
            (["a.scan", "b.scan", "-o", "a.scan", "--force"], "a.scan is to be read and cannot be written"),
            (["a.scan", "b.scan", "-o", "whole.scan"], "whole.scan is there already; name another file, or give"),
            (["a.scan", "b.scan", "-o", "-"], "a saved scan holds bytes"),
        ):
            assert main(["merge", *arguments]) == 2
            assert message in capsys.readouterr().err
            assert not Path("c").exists()


class TestCompletion:
    @pytest.mark.parametrize("shell", SHELLS)
    def test_a_script_has_every_command(self, capsys: pytest.CaptureFixture[str], shell: str) -> None:
        assert main(["completion", shell]) == 0
        script = capsys.readouterr().out
        for command in COMMANDS:
            assert command.name.split()[-1] in script
        assert "confidentiality" in script

    @pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
    @pytest.mark.parametrize(
        ("words", "completed"),
        [
            (["tagsniff", "inv"], {"inventory"}),
            (["tagsniff", "before", "in", "--confid"], {"--confidentiality"}),
            (["tagsniff", "profile", "che"], {"check"}),
            (["tagsniff", "completion", "z"], {"zsh"}),
            (["tagsniff", "inventory", "--files-from", "a.sc"], {"a.scan"}),
            (["tagsniff", "report", "wh"], {"whole.scan"}),
        ],
    )
    def test_bash_completes(
        self, folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], completed: set[str]
    ) -> None:
        capsys.readouterr()
        assert main(["completion", "bash"]) == 0
        Path("script").write_text(capsys.readouterr().out)
        quoted = " ".join(f"'{word}'" for word in words)
        program = (
            f"source ./script; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; "
            f"_shtab_tagsniff tagsniff '{words[-1]}' '{words[-2]}'; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        )
        done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=True)
        assert set(done.stdout.split()) == completed

    def test_without_shtab(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.setitem(sys.modules, "shtab", None)
        assert main(["completion", "bash"]) == 2
        message = "shtab is not installed: pip install 'tagsniff[completion]'"
        assert capsys.readouterr() == ("", f"tagsniff: error: {message}\n")

    def test_no_other_command_imports_it(self, folder: Path) -> None:
        program = "import sys; from tagsniff.cli import main; main(['inventory', 'in']); print('shtab' in sys.modules)"
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "False"
