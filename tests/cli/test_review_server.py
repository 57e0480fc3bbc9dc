"""``tagsniff review``: who gets an answer, and what is on the disk when it comes.

For: `tagsniff.cli.review_server` and `tagsniff.cli.review`, over the loopback, without a browser.
Never: the page itself, in whose place there is a text; tests/review_page has it.
Standard: RFC 9110 (HTTP); Fetch Metadata (W3C).
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import pytest

from sheet_files import BYTES, CODE, HIDDEN, KEY, KNOWN, NUMBER, SHEET, TEXT, fill, find, image, read_sheet
from tagsniff.cli import main
from tagsniff.cli.review import Sitting
from tagsniff.cli.review_server import ReviewServer
from tagsniff.curation.sheet import Sheet
from tagsniff.scanning import interruption
from tagsniff.scanning.saved import read_scan

JOURNAL = "decisions.jsonl"
POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; connect-src 'self'; "
    "script-src 'sha256-AAAA='; style-src 'sha256-BBBB='\">"
)


def write_stand_in(_report: object, _summaries: object, sheet: Sheet, stream: TextIO, **options: object) -> None:
    """Write the rows of the sheet and the options in place of the review page."""
    assert options.pop("inventory")
    stream.write(POLICY + json.dumps({"rows": [dict(row.cells) for row in sheet.rows], **options}))


class Client:
    """A browser of the page: it sends the token and the origin, unless a test says otherwise."""

    def __init__(self, server: ReviewServer) -> None:
        self.server = server

    def ask(
        self, method: str, path: str, body: object = None, *, remove: tuple[str, ...] = (), **headers: str
    ) -> tuple[int, Any, dict[str, str]]:
        """Return the status, the object or text, and the headers of an answer."""
        given = {"Host": self.server.host, "X-Tagsniff-Token": self.server.token}
        if method == "POST":
            given |= {"Origin": self.server.origin, "Content-Type": "application/json"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=20)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in given.items():
            if name not in remove:
                connection.putheader(name, value)
        if raw is not None and "Content-Length" not in given and "Content-Length" not in remove:
            connection.putheader("Content-Length", str(len(raw)))
        connection.endheaders(raw)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        is_json = answer.headers.get_content_type() == "application/json"
        return answer.status, json.loads(text) if is_json else text, dict(answer.headers.items())

    def decide(self, element: str, code: str, act: str = "key", **cells: str) -> tuple[int, Any]:
        row = {"element": element, "vr": "LO" if element == TEXT else "", "code": code, "who": "AB", **cells}
        if "vr" not in cells and element != TEXT:
            row["vr"] = next((one["vr"] for one in self.rows() if one["element"] == element), "")
        return self.ask("POST", "/decide", {"act": act, "what": "", "rows": [row]})[:2]

    def page(self) -> dict[str, Any]:
        status, text, _ = self.ask("GET", "/page")
        assert status == 200, text
        found: dict[str, Any] = json.loads(text.removeprefix(POLICY))
        return found

    def rows(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self.page()["rows"]
        return found


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a new folder with a saved scan of three patients."""
    (tmp_path / "in").mkdir()
    for number, text in enumerate((b"head first", b"feet first", b"head first"), start=1):
        (tmp_path / "in" / f"{number}").write_bytes(image(number, b"%d" % number, text))
    monkeypatch.chdir(tmp_path)
    save("scan")
    return tmp_path


def save(name: str) -> None:
    assert main(["before", "in", "--save", name, "-o", os.devnull, "--force"]) == 0


def serve(scan: str = "scan", **options: Any) -> ReviewServer:
    sitting = Sitting(read_scan(scan), SHEET, write_page=write_stand_in, **{"paths": ["in"], **options})
    server = ReviewServer(sitting)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return server


@pytest.fixture
def server() -> Iterator[ReviewServer]:
    made = serve()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def client(server: ReviewServer) -> Client:
    return Client(server)


def acts() -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(JOURNAL).read_text("utf-8").splitlines()]


ASKED = [("GET", "/page"), ("GET", "/find?element=x&vr=LO&row=0"), ("POST", "/decide")]
BODY = {"act": "key", "what": "", "rows": [{"element": TEXT, "vr": "LO", "code": "X"}]}


def refused(client: Client, method: str, path: str, **options: Any) -> int:
    """Return the status of a request that must get no value and change nothing."""
    status, found, headers = client.ask(method, path, BODY if method == "POST" else None, **options)
    assert "head first" not in json.dumps(found)
    assert headers["Cache-Control"] == "no-store"
    assert not os.path.exists(SHEET)
    return status


class TestWhoGetsAnAnswer:
    def test_the_first_page_has_no_value_and_allows_the_script_of_the_page(self, client: Client) -> None:
        status, text, headers = client.ask("GET", "/", remove=("X-Tagsniff-Token",))
        assert status == 200
        assert "head first" not in text
        assert client.server.token not in text
        policy = dict(part.split(" ", maxsplit=1) for part in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["connect-src"] == "'self'"
        assert policy["style-src"] == "'sha256-BBBB='"
        assert re.fullmatch(r"'sha256-[^']{44}' 'sha256-AAAA='", policy["script-src"])
        assert policy["require-trusted-types-for"] == "'script'"
        assert policy["frame-ancestors"] == "'none'"

    @pytest.mark.parametrize(("method", "path"), [("GET", "/"), *ASKED, ("GET", "/none"), ("PUT", "/decide")])
    def test_every_answer_has_the_headers_of_security(self, client: Client, method: str, path: str) -> None:
        _, _, headers = client.ask(method, path)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "Access-Control-Allow-Origin" not in headers
        assert not re.search("[Pp]ython", headers["Server"])

    @pytest.mark.parametrize(("method", "path"), ASKED)
    @pytest.mark.parametrize("token", [None, "", "x", "{}x", "\xe9"])
    def test_without_the_token_there_is_nothing(
        self, client: Client, method: str, path: str, token: str | None
    ) -> None:
        if token is None:
            assert refused(client, method, path, remove=("X-Tagsniff-Token",)) == 401
        else:
            given = token.format(client.server.token)
            assert refused(client, method, path, X_Tagsniff_Token=given) == 401

    @pytest.mark.parametrize(("method", "path"), [("GET", "/"), *ASKED])
    @pytest.mark.parametrize(
        "host", ["evil.example", "evil.example:{}", "localhost:{}", "127.0.0.1", "127.0.0.1:1", "[::1]:{}"]
    )
    def test_another_name_of_this_machine_is_refused(self, client: Client, method: str, path: str, host: str) -> None:
        """DNS rebinding: the name of another site leads to 127.0.0.1, and its page asks with this name."""
        assert refused(client, method, path, Host=host.format(client.server.server_port)) == 403

    @pytest.mark.parametrize(("method", "path"), [("GET", "/"), *ASKED])
    def test_without_a_host_nothing_is_answered(self, client: Client, method: str, path: str) -> None:
        assert refused(client, method, path, remove=("Host",)) == 403

    @pytest.mark.parametrize(("method", "path"), ASKED)
    @pytest.mark.parametrize(
        "origin", ["http://evil.example", "null", "http://localhost:{}", "https://127.0.0.1:{}", ""]
    )
    def test_another_origin_is_refused(self, client: Client, method: str, path: str, origin: str) -> None:
        assert refused(client, method, path, Origin=origin.format(client.server.server_port)) == 403

    def test_a_post_without_an_origin_is_refused(self, client: Client) -> None:
        assert refused(client, "POST", "/decide", remove=("Origin",)) == 403

    @pytest.mark.parametrize(("method", "path"), ASKED)
    @pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
    def test_another_site_is_refused(self, client: Client, method: str, path: str, site: str) -> None:
        assert refused(client, method, path, Sec_Fetch_Site=site) == 403

    @pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT"])
    def test_other_methods_are_refused(self, client: Client, method: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", client.server.server_port, timeout=20)
        connection.request(method, "/page", headers={"X-Tagsniff-Token": client.server.token})
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, POST")
        connection.close()

    @pytest.mark.parametrize(
        ("method", "path"), [("GET", "/decide"), ("POST", "/page"), ("POST", "/"), ("POST", "/find")]
    )
    def test_a_method_of_another_path_is_refused(self, client: Client, method: str, path: str) -> None:
        assert refused(client, method, path) == 405

    @pytest.mark.parametrize(
        "path",
        [
            *("/x", "/scan", "/in", "/in/1", "/decisions.csv", "/../scan", "/%2e%2e/scan", "/page/", "/page?x=1", "/?"),
            *("/favicon.ico", "http://127.0.0.1/page", "*", "/find/x"),
        ],
    )
    def test_there_is_no_other_path(self, client: Client, path: str) -> None:
        assert refused(client, "GET", path) == 404

    def test_it_listens_on_the_loopback_alone(self, server: ReviewServer) -> None:
        assert server.socket.getsockname()[0] == "127.0.0.1"

    def test_each_server_has_a_token_of_its_own(self, server: ReviewServer) -> None:
        other = serve()
        assert len({server.token, other.token}) == 2
        assert len(server.token) >= 43
        other.shutdown()
        other.server_close()

    @pytest.mark.parametrize("line", [b"\0\1\2\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"A" * 70_000])
    def test_what_is_no_http_gets_no_more_than_an_error(self, server: ReviewServer, line: bytes) -> None:
        with socket.create_connection(("127.0.0.1", server.server_port), timeout=20) as stream:
            stream.sendall(line)
            stream.shutdown(socket.SHUT_WR)
            found = b""
            while part := stream.recv(65536):
                found += part
        assert b"head first" not in found
        assert line[:3] not in found or line[:3] == b"GET"


class TestBodies:
    @pytest.mark.parametrize("length", ["33554433", "9" * 30])
    def test_a_body_that_is_too_long_is_not_read(self, client: Client, length: str) -> None:
        assert client.ask("POST", "/decide", b"", Content_Length=length)[0] == 413

    @pytest.mark.parametrize("length", ["", "-1", "1e3", "+1", "0x1"])
    def test_a_length_that_is_none_is_refused(self, client: Client, length: str) -> None:
        assert client.ask("POST", "/decide", b"", Content_Length=length)[0] == 411

    def test_a_body_without_a_length_is_refused(self, client: Client) -> None:
        options = {"Transfer_Encoding": "chunked"}
        assert client.ask("POST", "/decide", b"0\r\n\r\n", remove=("Content-Length",), **options)[0] == 411

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
    def test_a_form_of_another_page_is_refused(self, client: Client, kind: str) -> None:
        assert client.ask("POST", "/decide", BODY, Content_Type=kind)[0] == 415
        assert not os.path.exists(SHEET)

    @pytest.mark.parametrize(
        "body",
        [
            *(b"", b"{", b"[]", b"1", b"null", b"\xff", b"[" * 100_000),
            *({}, {"act": "key"}, {"act": "other", "rows": []}, {"act": "key", "rows": {}}, {"act": [], "rows": []}),
            *({"act": "key", "rows": [1]}, {"act": "key", "rows": [{}]}, {"act": "key", "rows": [{"element": ""}]}),
            {"act": "key", "rows": [{"element": TEXT, "code": 1}]},
            {"act": "key", "rows": [{"element": TEXT, "examples": "x"}]},
            {"act": "key", "rows": [{"element": TEXT, "vr": "LO", "code": "K", "note": "x" * 5000}]},
            {"act": "key", "rows": [{"element": TEXT, "vr": "LO", "code": "K", "note": "\ud800"}]},
            {"act": "key", "what": 1, "rows": []},
            {"act": "key", "rows": [{"element": TEXT, "vr": "LO", "code": "Q"}]},
            {"act": "key", "rows": [{"element": "no element", "vr": "LO", "code": "K"}]},
            {"act": "key", "rows": [{"element": TEXT, "vr": "LO", "code": "K", "scope": "sometimes"}]},
        ],
    )
    def test_what_is_no_act_changes_nothing(self, client: Client, body: object) -> None:
        status, found, _ = client.ask("POST", "/decide", body)
        assert (status, list(found)) == (400, ["error"])
        assert not os.path.exists(SHEET)
        assert not os.path.exists(JOURNAL)


class TestDecisions:
    def test_nothing_is_written_before_the_first_decision(self, client: Client) -> None:
        before = set(os.listdir())
        page = client.page()
        assert (page["is_served"], page["finds_files"], page["sheet_name"]) == (True, True, SHEET)
        assert set(os.listdir()) == before | {KEY}

    def test_a_decision_is_on_the_disk_when_the_answer_comes(self, client: Client) -> None:
        waiting = len(client.rows())
        status, left = client.decide(TEXT, "K", note="no names", when="2026-12-01")
        assert (status, left["to_decide"]) == (200, waiting - 1)
        (row,) = find(TEXT)
        assert (row["code"], row["who"], row["note"]) == ("K", "AB", "no names")
        (act,) = acts()
        assert (act["act"], act["who"], act["why"]) == ("key", "AB", "no names")
        assert act["scan"] == Path("scan").read_bytes()[28:60].hex()
        assert act["rows"][0] | {"seen": ""} == {
            "element": TEXT, "vr": "LO", "before": "", "after": "K", "seen": ""
        }  # fmt: skip
        # It holds for the values that were seen, and for no other.
        assert main(["decide", "check", "scan", SHEET]) == 1
        Path("in/4").write_bytes(image(4, b"4", b"Roe Richard"))
        assert main(["before", "in", "--decisions", SHEET, "-o", "x.csv"]) == 0
        assert (find(TEXT)[0]["examples"], find(TEXT)[0]["code"]) == ("Roe Richard", "")
        assert len(acts()) == 1

    def test_the_sheet_is_that_of_the_command(self, client: Client) -> None:
        client.decide(TEXT, "X")
        client.decide(TEXT, "", who="")
        assert main(["report", "scan", "--decisions", "other.csv", "-o", os.devnull]) == 0
        assert Path(SHEET).read_bytes() == Path("other.csv").read_bytes()
        assert Path(KNOWN).read_bytes() == Path("other.csv.known").read_bytes()

    def test_an_act_on_many_rows_is_one_line_of_the_journal(self, client: Client) -> None:
        rows = [{"element": row["element"], "vr": row["vr"], "code": "X", "who": "AB"} for row in client.rows()]
        status, left, _ = client.ask("POST", "/decide", {"act": "bulk", "what": "all 9 rows", "rows": rows})
        assert (status, left) == (200, {"to_decide": 0, "rows_left": 0})
        (act,) = acts()
        assert (act["what"], len(act["rows"])) == ("all 9 rows", len(rows))
        assert main(["decide", "check", "scan", SHEET]) == 0

    def test_undoing_all_leaves_what_was_there(self, client: Client) -> None:
        first = client.rows()
        client.decide(TEXT, "X")
        client.decide("PatientName", "K", vr="PN")
        assert [row["code"] for row in find("PatientName")] == ["K"]
        client.decide("PatientName", "", "undo", vr="PN", who="")
        client.decide(TEXT, "", "undo", who="")
        assert client.rows() == first
        assert [act["act"] for act in acts()] == ["key", "key", "undo", "undo"]

    def test_what_changes_nothing_is_no_act(self, client: Client) -> None:
        client.decide(TEXT, "X")
        before = Path(SHEET).read_bytes(), Path(JOURNAL).read_bytes()
        assert client.decide(TEXT, "X")[0] == 200
        assert (Path(SHEET).read_bytes(), Path(JOURNAL).read_bytes()) == before

    @pytest.mark.parametrize(
        ("code", "scope", "left"), [("K", "", 0), ("K", "element", 0), ("R", "", 2), ("X", "", 0), ("", "", 2)]
    )
    def test_what_is_left_is_what_a_report_would_show(self, client: Client, code: str, scope: str, left: int) -> None:
        other = [row for row in client.rows() if row["element"] != TEXT]
        rows = [{"element": row["element"], "vr": row["vr"], "code": "X"} for row in other]
        rows.append({"element": TEXT, "vr": "LO", "code": code, "scope": scope})
        assert client.ask("POST", "/decide", {"act": "bulk", "what": "", "rows": rows})[1]["rows_left"] == left

    def test_a_kept_number_leaves_what_is_no_number(self, folder: Path) -> None:
        Path("in/4").write_bytes(image(4, b"4", b"head first", numbers=b"Roe"))
        save("other")
        made = serve("other")
        client = Client(made)
        rows = [{"element": row["element"], "vr": row["vr"], "code": "X"} for row in client.rows()]
        rows = [{**row, "code": "K"} if row["element"] == NUMBER else row for row in rows]
        assert client.ask("POST", "/decide", {"act": "bulk", "what": "", "rows": rows})[1]["rows_left"] == 1
        made.shutdown()
        made.server_close()

    def test_new_values_of_a_decided_element_have_a_row_of_their_own(self, folder: Path) -> None:
        assert main(["report", "scan", "--decisions", SHEET, "-o", os.devnull]) == 0
        fill(TEXT, code="K", who="AB")
        Path("in/4").write_bytes(image(4, b"4", b"Roe Richard"))
        save("later")
        made = serve("later")
        client = Client(made)
        new, old = [row for row in client.rows() if row["element"] == TEXT]
        assert (new["code"], old["code"]) == ("", "K")
        # Which of the two rows is meant is never guessed: a K on the one would keep the values of the other.
        for cells in ({}, {"seen": "2020-01-01T00:00:00Z"}):
            assert client.decide(TEXT, "K", note="why", **cells)[0] == 400
        status, found = client.decide(TEXT, "X", seen=new["seen"])
        assert (status, "change that row first" in found["error"]) == (400, True)
        assert client.decide(TEXT, "X", seen=old["seen"], who="CD")[0] == 200
        assert client.decide(TEXT, "X", seen=new["seen"], who="CD")[0] == 200
        assert [row["code"] for row in find(TEXT)] == ["X", "X"]
        # The code that came from a spreadsheet is in the journal before the first act of the page.
        assert [(act["act"], act["who"]) for act in acts()] == [("sheet", "AB"), ("key", "CD"), ("key", "CD")]
        made.shutdown()
        made.server_close()

    def test_a_page_that_is_loaded_again_has_the_decisions(self, client: Client) -> None:
        client.decide(TEXT, "K")
        assert [row["code"] for row in client.rows() if row["element"] == TEXT] == ["K"]

    def test_a_note_with_line_breaks_and_formulas_is_read_again(self, client: Client) -> None:
        note = "=cmd|'/c'!A0\n\u202e</script>\"; +1"
        assert client.decide(TEXT, "X", note=note)[0] == 200
        assert main(["profile", "check", SHEET]) == 0
        assert main(["before", "in", "--decisions", SHEET, "-o", os.devnull]) == 0
        assert find(TEXT)[0]["code"] == "X"


class TestOthersWrite:
    def test_a_sheet_that_was_changed_meanwhile_is_not_written_over(self, client: Client) -> None:
        client.decide(TEXT, "K")
        fill(NUMBER, code="K", who="CD")
        before = Path(SHEET).read_bytes()
        status, found = client.ask("POST", "/decide", BODY)[:2]
        assert status == 409
        assert [(row["element"], row["code"], row["who"]) for row in found["rows"]] == [(NUMBER, "K", "CD")]
        assert "examples" not in found["rows"][0]
        assert Path(SHEET).read_bytes() == before
        # Loaded again, the page has the codes of both, and the next act is written.
        codes = {row["element"]: row["code"] for row in client.rows() if row["code"]}
        assert codes == {TEXT: "K", NUMBER: "K"}
        assert client.ask("POST", "/decide", BODY)[0] == 200
        assert [act["act"] for act in acts()] == ["key", "sheet", "key"]

    def test_a_sheet_that_appears_or_disappears_is_a_change(self, client: Client) -> None:
        Path(SHEET).write_text("element,vr,code,scope\nModality,CS,K,\n", "utf-8")
        assert client.ask("POST", "/decide", BODY)[0] == 409
        client.page()
        assert client.ask("POST", "/decide", BODY)[0] == 200
        os.unlink(SHEET)
        assert client.ask("POST", "/decide", BODY)[0] == 409

    def test_a_sheet_that_became_wrong_is_said(self, client: Client) -> None:
        Path(SHEET).write_text("element,vr,code,scope\nModality,CS,Q,\n", "utf-8")
        status, found, _ = client.ask("GET", "/page")
        assert (status, f"{SHEET}:2" in found["error"]) == (400, True)

    def test_two_servers_lose_no_decision(self, client: Client) -> None:
        other = serve()
        assert client.decide(TEXT, "K")[0] == 200
        assert Client(other).decide(NUMBER, "K", vr="DS")[0] == 409
        Client(other).page()
        assert Client(other).decide(NUMBER, "K", vr="DS")[0] == 200
        assert [find(element)[0]["code"] for element in (TEXT, NUMBER)] == ["K", "K"]
        other.shutdown()
        other.server_close()

    def test_acts_of_many_threads_are_written_one_after_the_other(self, client: Client) -> None:
        elements = [row["element"] for row in client.rows()]
        done: list[int] = []

        def decide(element: str) -> None:
            done.extend(client.decide(element, code)[0] for code in ("X", "Z", "U"))

        threads = [threading.Thread(target=decide, args=(element,)) for element in elements]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert done == [200] * 3 * len(elements)
        assert {row["code"] for row in read_sheet()} == {"U"}
        assert len(acts()) == 3 * len(elements)

    @pytest.mark.parametrize("call", ["os.replace", "os.fsync"])
    def test_a_write_that_fails_leaves_the_old_sheet_whole(
        self, client: Client, monkeypatch: pytest.MonkeyPatch, call: str
    ) -> None:
        client.decide(TEXT, "K")
        before = {name: Path(name).read_bytes() for name in os.listdir() if os.path.isfile(name)}
        with monkeypatch.context() as patch:

            def refuse(*_arguments: object) -> None:
                raise OSError(28, "No space left on device")

            patch.setattr(f"tagsniff.output.atomic_file.{call}", refuse)
            status, found = client.decide(NUMBER, "K")
        assert (status, "cannot be written" in found["error"]) == (500, True)
        assert {name: Path(name).read_bytes() for name in os.listdir() if os.path.isfile(name)} == before
        assert client.decide(NUMBER, "K")[0] == 200

    def test_a_journal_that_cannot_be_written_takes_the_act_back(self, client: Client) -> None:
        client.decide(TEXT, "K")
        before, kept = Path(SHEET).read_bytes(), Path(JOURNAL).read_bytes()
        os.unlink(JOURNAL)
        os.mkdir(JOURNAL)
        status, found = client.decide(NUMBER, "X")
        assert (status, "journal" in found["error"]) == (500, True)
        assert Path(SHEET).read_bytes() == before
        os.rmdir(JOURNAL)
        Path(JOURNAL).write_bytes(kept)
        assert client.decide(NUMBER, "X")[0] == 200
        assert [act["rows"][0]["after"] for act in acts()] == ["K", "X"]

    @pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
    def test_a_process_that_is_killed_leaves_a_whole_sheet(self, folder: Path) -> None:
        assert main(["report", "scan", "--decisions", SHEET, "-o", os.devnull]) == 0
        rows = len(read_sheet())
        process, client = start_command()
        for code in ("X", "Z", "U", "X", "Z"):
            assert client.decide(TEXT, code)[0] == 200
        process.kill()
        process.communicate()
        assert len(read_sheet()) == rows
        assert find(TEXT)[0]["code"] == "Z"
        assert [act["rows"][0]["after"] for act in acts()] == ["X", "Z", "U", "X", "Z"]


class TestFind:
    def find_row(self, text: str) -> tuple[str, int]:
        from tagsniff.curation.marking import mark_findings
        from tagsniff.report.values import build_value_report

        report = mark_findings(build_value_report(read_scan("scan")))
        for use in report.uses:
            for at, row in enumerate(report.table.list_rows(use), start=use.start):
                if row.value.startswith(text):
                    return f"element={use.element.replace('#', '%23')}&vr={use.vr}", at
        raise AssertionError

    def ask(self, client: Client, text: str) -> dict[str, Any]:
        query, row = self.find_row(text)
        status, found, _ = client.ask("GET", f"/find?{query.replace(' ', '%20').replace(chr(34), '%22')}&row={row}")
        assert status == 200, found
        result: dict[str, Any] = found
        return result

    def test_the_files_of_a_value(self, client: Client) -> None:
        found = self.ask(client, "head first")
        assert [one["path"] for one in found["files"]] == [os.path.join("in", "1"), os.path.join("in", "3")]
        assert (found["files"][0]["item"], found["more"]) == (TEXT, 0)

    def test_values_that_are_drawn_together_are_searched_as_an_element(self, client: Client) -> None:
        assert len(self.ask(client, "<")["files"]) == 3

    @pytest.mark.parametrize(
        "query", ["", "element=x", "element=x&vr=LO&row=-1", "element=x&vr=LO&row=9999", "row=0&row=1"]
    )
    def test_a_row_that_is_none_is_refused(self, client: Client, query: str) -> None:
        assert client.ask("GET", f"/find?{query}")[0] == 400

    def test_without_paths_nothing_is_searched(self, folder: Path) -> None:
        made = serve(paths=[])
        assert Client(made).ask("GET", "/find?element=x&vr=LO&row=0")[0] == 400
        made.shutdown()
        made.server_close()


def start_command(*arguments: str) -> tuple[subprocess.Popen[str], Client]:
    """Start the command in a process of its own; return it, and a client of its server."""
    program = (
        "import sys\n"
        "from tagsniff.cli import review\n"
        "import test_review_server\n"
        "import types\n"
        "page = types.ModuleType('tagsniff.writers.review_html')\n"
        "page.write_html = test_review_server.write_stand_in\n"
        "sys.modules['tagsniff.writers.review_html'] = page\n"
        "from tagsniff.cli import main\n"
        "sys.exit(main())\n"
    )
    place = os.pathsep.join([os.path.dirname(__file__), *filter(os.path.isdir, sys.path)])
    process = subprocess.Popen(
        [sys.executable, "-c", program, "review", "scan", "in", "--no-browser", "--decisions", SHEET, *arguments],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": place},
    )
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"http://127\.0\.0\.1:(\d+)/#(\S+)", line):
            server: Any = type("Server", (), {"server_port": int(found[1]), "token": found[2]})()
            server.host = f"127.0.0.1:{found[1]}"
            server.origin = f"http://{server.host}"
            return process, Client(server)
    raise AssertionError(process.wait())


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
class TestCommand:
    @pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
    def test_a_signal_ends_it_cleanly(self, number: int, status: int) -> None:
        process, client = start_command()
        assert client.decide(TEXT, "K")[0] == 200
        process.send_signal(number)
        _, err = process.communicate(timeout=20)
        assert process.returncode == status
        assert "1 act written" in err
        assert err.endswith("tagsniff: interrupted\n")
        assert "Traceback" not in err
        assert "head first" not in err
        assert find(TEXT)[0]["code"] == "K"
        assert [name for name in os.listdir() if name.startswith(".tagsniff")] == []

    def test_the_port_that_is_asked_for(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
        process, client = start_command("--port", str(port))
        assert client.server.server_port == port
        status = subprocess.run(
            [sys.executable, "-m", "tagsniff", "review", "scan", "--port", str(port), "--no-browser"],
            capture_output=True,
            text=True,
            check=False,
        )
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        assert (status.returncode, "cannot serve on port" in status.stderr) == (2, True)

    @pytest.mark.parametrize(
        "arguments",
        [
            ["none.scan"],
            ["in/1"],
            ["scan", "none"],
            ["scan", "--port", "0"],
            ["scan", "--port", "65536"],
            ["scan", "--decisions", "scan"],
            ["scan", "--decisions", "a.csv", "--decisions", "b.csv"],
            ["scan", "in", "--decisions", "in/1"],
        ],
    )
    def test_wrong_use_is_refused_before_a_port_is_open(self, arguments: list[str]) -> None:
        assert main(["review", "--no-browser", *arguments]) == 2

    def test_the_browser_gets_no_token_on_a_command_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        opened: list[tuple[str, str, int]] = []

        def open_file(address: str) -> bool:
            path = address.removeprefix("file://")
            opened.append((address, Path(path).read_text("utf-8"), os.stat(path).st_mode & 0o077))
            return True

        monkeypatch.setattr("webbrowser.open", open_file)
        monkeypatch.setenv("DISPLAY", ":0")
        from tagsniff.cli.review import _open_browser

        with _open_browser("http://127.0.0.1:1/#secret", is_wanted=True):
            ((address, text, mode),) = opened
            assert "secret" not in address
            assert "http://127.0.0.1:1/#secret" in text
            assert mode == 0
        assert not os.path.exists(address.removeprefix("file://"))

    def test_a_folder_of_before_has_the_sheet_and_its_key(self, folder: Path) -> None:
        """The key is beside the folder, as the run has left it."""
        assert main(["before", "in", "--out", "out"]) == 0
        first = Path("out", SHEET).read_bytes(), Path("out", KNOWN).read_bytes()
        made = ReviewServer(Sitting(read_scan("out/before.scan"), f"out/{SHEET}", write_page=write_stand_in))
        threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        client = Client(made)
        assert client.decide(CODE, "K", vr="CS")[0] == 200
        assert client.decide(CODE, "", vr="CS", who="")[0] == 200
        assert (Path("out", SHEET).read_bytes(), Path("out", KNOWN).read_bytes()) == first
        assert KEY not in os.listdir("out")
        made.shutdown()
        made.server_close()
        assert main(["before", "in", "--out", "out"]) == 2


def test_hidden_values_are_in_no_answer(client: Client) -> None:
    assert HIDDEN.decode() not in json.dumps(client.page())
    assert find_element(client.rows(), BYTES)


def find_element(rows: list[dict[str, str]], element: str) -> list[dict[str, str]]:
    return [row for row in rows if row["element"] == element]


def test_a_request_that_stops_does_not_stop_the_others(client: Client) -> None:
    with socket.create_connection(("127.0.0.1", client.server.server_port)) as stream:
        stream.sendall(b"POST /decide HTTP/1.1\r\n")
        began = time.monotonic()
        assert client.ask("GET", "/")[0] == 200
        assert time.monotonic() - began < 20


def test_a_signal_whose_exception_was_lost_ends_the_server() -> None:
    """Python drops an exception that a destructor raises; the handler has noted the signal before."""
    made = ReviewServer(Sitting(read_scan("scan"), SHEET, write_page=write_stand_in))
    interruption.note()
    try:
        with made, pytest.raises(KeyboardInterrupt):
            made.serve_forever(poll_interval=0.01)
    finally:
        interruption.settle()
