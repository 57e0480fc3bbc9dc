"""The server of the review page: HTTP on the loopback, for one person and one browser.

For: ``tagsniff review``.
Never: an answer with values to a request without the token, from another site, or by another name of this machine; a
file of the disk; a value, a token or an address in a log.
Terms: RFC 9110 (HTTP), RFC 9112 (HTTP/1.1); Content Security Policy Level 3, Trusted Types and Fetch Metadata (W3C).

Other users of the machine, and every page that is open in the browser, can reach a port of the loopback. So each
request needs the token, which the address has after its ``#``, where no server and no log sees it. The page itself has
values. So ``GET /`` gives a page of a few lines without any: its script takes the token from the address, fetches
``/page`` with it, and writes what it got in its own place. The address stays ``/``, where the requests of the page go,
and both pages are under the policy of the first, which allows the script and the style of the second by their digests.
A cookie would be sent to every port of the loopback, and an address with a key in it would stay in the history.

======================  ===============================================================================================
``GET /``               the page of a few lines
``GET /page``           the review page
``POST /decide``        an act on rows of the sheet, as JSON: it is on the disk when the answer comes
``GET /find``           the files of a row of values: ``row`` is its number in the page
======================  ===============================================================================================
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import socketserver
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Protocol
from urllib.parse import parse_qs

from tagsniff.scanning import interruption

ADDRESS = "127.0.0.1"
MOST_BODY_BYTES = 32 << 20
_TOKEN_BYTES = 32
_TOKEN_HEADER = "X-Tagsniff-Token"
_TIMEOUT_SECONDS = 30
_JSON = "application/json"
_POLICY_OF_PAGE = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"')
_DIGEST = re.compile(r"'sha256-[A-Za-z0-9+/=]+'")

_FIRST_SCRIPT = """
"use strict";
const NAME = "tagsniff-token";
const token = location.hash.slice(1) || sessionStorage.getItem(NAME) || "";
const say = (text) => { document.getElementById("first").textContent = text; };
async function start() {
  const answer = await fetch("/page", { headers: { "X-Tagsniff-Token": token }, cache: "no-store" });
  if (!answer.ok) {
    const wrong = "Open the address that tagsniff review has printed, with all that follows its #.";
    say(answer.status === 401 ? wrong : (await answer.json()).error);
    return;
  }
  const text = await answer.text();
  sessionStorage.setItem(NAME, token);
  history.replaceState(null, "", "/#" + token);
  const policy = window.trustedTypes?.createPolicy("page", { createHTML: (html) => html });
  document.open();
  document.write(policy ? policy.createHTML(text) : text);
  document.close();
}
start().catch(() => say("The server does not answer: is tagsniff review still running?"));
"""
_FIRST_PAGE = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<title>tagsniff review</title>
</head>
<body><p id="first">Reading the report ...</p><script>{_FIRST_SCRIPT}</script></body>
</html>
"""


class RefusedError(Exception):
    """A request is wrong. The reason is for the page, and has no value."""


class SheetChangedError(Exception):
    """Somebody else has changed the sheet on the disk; ``rows`` are the cells of the rows that differ."""

    def __init__(self, rows: Sequence[Mapping[str, str]]) -> None:
        super().__init__()
        self.rows = rows


class NotWrittenError(Exception):
    """The system refuses to write; the reason is for the page."""


class Service(Protocol):
    """What the server offers: the page, and what it asks for."""

    def make_page(self) -> str:
        """Return the review page. Raises RefusedError if the sheet on the disk cannot be read."""

    def decide(self, body: Mapping[str, Any]) -> Mapping[str, int]:
        """Do an act, which is on the disk afterwards; return what is left.

        Raises RefusedError, SheetChangedError or NotWrittenError; then nothing was changed.
        """

    def find(self, element: str, vr: str, row: int) -> Mapping[str, Any]:
        """Return the files of a row of the page. Raises RefusedError."""


class ReviewServer(ThreadingHTTPServer):
    """A server on a port of the loopback. Requests are served by threads; what writes is one at a time."""

    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, service: Service, port: int = 0) -> None:
        """Bind the port, 0 for any that is free. Raises OSError."""
        self.service = service
        self.token = secrets.token_urlsafe(_TOKEN_BYTES)
        # The script and the style of all pages are the same.
        self.policy = make_policy(service.make_page())
        super().__init__((ADDRESS, port), ReviewHandler)
        self.host = f"{ADDRESS}:{self.server_port}"
        self.origin = f"http://{self.host}"
        self.address = f"{self.origin}/#{self.token}"

    def server_bind(self) -> None:
        """Bind, without the question to the network for the name of the machine that `HTTPServer` asks."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = ADDRESS, int(self.server_address[1])

    def service_actions(self) -> None:
        """End the loop after a signal whose exception Python has lost; it is called between requests."""
        interruption.raise_if_noted()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that has gone: every other error is answered to the page."""
        del request, client_address


class ReviewHandler(BaseHTTPRequestHandler):
    """One request."""

    server: ReviewServer
    timeout = _TIMEOUT_SECONDS
    server_version = "tagsniff"
    sys_version = ""
    methods: ClassVar[dict[str, tuple[str, ...]]] = {"GET": ("/", "/page", "/find"), "POST": ("/decide",)}

    def parse_request(self) -> bool:
        """Read the head of a request, and refuse what is not for this server before anything else is done."""
        if not super().parse_request():
            return False
        refusal = self._find_refusal()
        if refusal is not None:
            self._answer_error(*refusal)
            return False
        return True

    def do_GET(self) -> None:
        """Answer with a page, or with the files of a row."""
        path, _, query = self.path.partition("?")
        if path == "/":
            self._answer(HTTPStatus.OK, _FIRST_PAGE.encode(), "text/html; charset=utf-8", self.server.policy)
        elif path == "/page":
            self._serve(self.server.service.make_page)
        else:
            self._serve(lambda: self._find(query))

    def do_POST(self) -> None:
        """Do an act."""
        body = self._read_body()
        if body is not None:
            self._serve(lambda: self.server.service.decide(body))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer to a request that is no HTTP; what it has sent is not sent back."""
        del message, explain
        self._answer_error(HTTPStatus(code), "this is no request that the server knows")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name in the standard library
        """Write no log."""

    def _find_refusal(self) -> tuple[HTTPStatus, str] | None:
        """Return the status and the reason of a request that is refused, whatever its body; None for any other."""
        return self._find_wrong_address() or (None if self.path == "/" else self._find_wrong_sender())

    def _find_wrong_address(self) -> tuple[HTTPStatus, str] | None:
        path, question, _ = self.path.partition("?")
        allowed = [method for method, paths in self.methods.items() if path in paths]
        if self.headers.get_all("Host") != [self.server.host]:
            # Another name that leads to this machine: the page of another site asks (DNS rebinding).
            return HTTPStatus.FORBIDDEN, "another host"
        if self.command not in self.methods:
            return HTTPStatus.METHOD_NOT_ALLOWED, "another method"
        if not allowed or (question and path != "/find"):
            return HTTPStatus.NOT_FOUND, "there is nothing here"
        return None if self.command in allowed else (HTTPStatus.METHOD_NOT_ALLOWED, "another method")

    def _find_wrong_sender(self) -> tuple[HTTPStatus, str] | None:
        origins = self.headers.get_all("Origin", [])
        # A browser says its origin with every POST, and may leave it out of a GET to the same origin.
        if origins != [self.server.origin] and (origins or self.command == "POST"):
            return HTTPStatus.FORBIDDEN, "another origin"
        if self.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            return HTTPStatus.FORBIDDEN, "another site"
        tokens = self.headers.get_all(_TOKEN_HEADER, [])
        if len(tokens) != 1 or not secrets.compare_digest(
            tokens[0].encode("utf-8", "replace"), self.server.token.encode()
        ):
            return HTTPStatus.UNAUTHORIZED, "the token is missing or wrong"
        return None

    def _read_body(self) -> Mapping[str, Any] | None:
        """Return the object in the body of a request; answer with what is wrong and return None if there is none."""
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or "Transfer-Encoding" in self.headers:
            self._answer_error(HTTPStatus.LENGTH_REQUIRED, "the length of the body is missing")
            return None
        if len(length) > len(str(MOST_BODY_BYTES)) or int(length) > MOST_BODY_BYTES:
            self._answer_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too long")
            return None
        if self.headers.get_content_type() != _JSON:
            self._answer_error(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body is no JSON")
            return None
        raw = self.rfile.read(int(length))
        try:
            body = json.loads(raw) if len(raw) == int(length) else None
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            self._answer_error(HTTPStatus.BAD_REQUEST, "the body is no object of JSON")
            return None
        return body

    def _serve(self, do: Any) -> None:
        """Answer with what a function returns: text or an object."""
        try:
            found = do()
        except RefusedError as error:
            self._answer_error(HTTPStatus.BAD_REQUEST, str(error))
        except SheetChangedError as error:
            self._answer_object(HTTPStatus.CONFLICT, {"error": "the sheet was changed", "rows": list(error.rows)})
        except NotWrittenError as error:
            self._answer_error(HTTPStatus.INTERNAL_SERVER_ERROR, str(error))
        except Exception as error:  # noqa: BLE001  a mistake of the program, whose text may have a value
            self._answer_error(HTTPStatus.INTERNAL_SERVER_ERROR, f"internal error ({type(error).__name__})")
        else:
            if isinstance(found, str):
                # As text, so that no browser shows it in another way than the first page does.
                self._answer(HTTPStatus.OK, found.encode("utf-8", "surrogatepass"), "text/plain; charset=utf-8")
            else:
                self._answer_object(HTTPStatus.OK, found)

    def _find(self, query: str) -> Mapping[str, Any]:
        asked = parse_qs(query, keep_blank_values=True, max_num_fields=10)
        if set(asked) != {"element", "vr", "row"} or any(len(values) != 1 for values in asked.values()):
            raise RefusedError("element, vr and row are needed")
        row = asked["row"][0]
        if not row.isascii() or not row.isdigit() or len(row) > 12:
            raise RefusedError("row is the number of a row")
        return self.server.service.find(asked["element"][0], asked["vr"][0], int(row))

    def _answer_error(self, status: HTTPStatus, reason: str) -> None:
        self._answer_object(status, {"error": reason})

    def _answer_object(self, status: HTTPStatus, body: Mapping[str, Any]) -> None:
        # ASCII: a path may have bytes that are no UTF-8.
        self._answer(status, json.dumps(body).encode("ascii"), _JSON)

    def _answer(self, status: HTTPStatus, body: bytes, kind: str, policy: str = "default-src 'none'") -> None:
        self.send_response(status)
        for name, value in (
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", policy),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, POST")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True


def make_policy(page: str) -> str:
    """Return the policy of the first page, under which a review page is too."""
    found = _POLICY_OF_PAGE.search(page)
    directives = dict(part.strip().partition(" ")[::2] for part in (found[1] if found else "").split(";"))
    scripts = [_hash(_FIRST_SCRIPT), *_DIGEST.findall(directives.get("script-src", ""))]
    styles = _DIGEST.findall(directives.get("style-src", "")) or ["'none'"]
    return "; ".join(
        [
            "default-src 'none'",
            "connect-src 'self'",
            f"script-src {' '.join(scripts)}",
            f"style-src {' '.join(styles)}",
            "require-trusted-types-for 'script'",
            "trusted-types page",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
