"""Where a controller is named, it is asked; it is never confused with the rehearsal."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from jenkinsfiles import steps
from prodev.services.jenkins import Jenkins
from prodev.services.service import MissingError, ServiceError

VALID = "Jenkinsfile successfully validated.\n"
WRONG = (
    "Errors encountered validating Jenkinsfile:\n"
    'WorkflowScript: 3: Undefined section "stagez" @ line 3, column 3.\n     stagez {\n     ^\n\n'
    'WorkflowScript: 1: Missing required section "stages" @ line 1, column 1.\n'
)


class Answers(BaseHTTPRequestHandler):
    """As much of a controller as the course asks; what it was asked is kept on the server."""

    def do_GET(self) -> None:
        if self.path.startswith("/crumbIssuer"):
            body = {"crumbRequestField": "Jenkins-Crumb", "crumb": "c1"}
            self._answer(200, json.dumps(body), {"Set-Cookie": "S=1; Path=/"})
        elif self.server.needs_login and "Authorization" not in self.headers:  # type: ignore[attr-defined]
            self._answer(403, "no")
        else:
            self._answer(200, "{}")

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        asked = parse_qs(self.rfile.read(length).decode())
        self.server.asked = {**asked, "headers": dict(self.headers)}  # type: ignore[attr-defined]
        status, text = self.server.answer  # type: ignore[attr-defined]
        self._answer(status, text)

    def _answer(self, status: int, text: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        if self.server.is_jenkins:  # type: ignore[attr-defined]
            self.send_header("X-Jenkins", "2.516.1")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def controller(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.is_jenkins, server.needs_login = True, False  # type: ignore[attr-defined]
    server.answer = (200, VALID)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    monkeypatch.setenv("JENKINS_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.delenv("JENKINS_USER", raising=False)
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_controller_is_real_and_tells_its_version(controller: ThreadingHTTPServer) -> None:
    found = Jenkins().find()
    assert (found.state, found.provider, found.version) == ("real", "Jenkins 2.516", "2.516.1")


def test_embedded_ignores_the_controller(controller: ThreadingHTTPServer) -> None:
    assert Jenkins().find("embedded").state == "rehearsal"


def test_the_controllers_own_validator_reads_the_jenkinsfile(
    controller: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JENKINS_USER", "ada")
    monkeypatch.setenv("JENKINS_TOKEN", "secret")
    found, problems = Jenkins().validate("pipeline { }")
    assert (found.state, problems) == ("real", [])  # the rehearsal would have found something
    asked = controller.asked  # type: ignore[attr-defined]
    assert asked["jenkinsfile"] == ["pipeline { }"]
    assert asked["headers"]["Jenkins-Crumb"] == "c1"
    assert asked["headers"]["Cookie"] == "S=1"
    basic = base64.b64encode(b"ada:secret").decode()
    assert asked["headers"]["Authorization"] == f"Basic {basic}"


def test_what_the_controller_finds_has_its_line(controller: ThreadingHTTPServer) -> None:
    controller.answer = (200, WRONG)  # type: ignore[attr-defined]
    _, problems = Jenkins().validate("x")
    assert [(problem.line, problem.rule) for problem in problems] == [
        (1, "jenkins"),
        (3, "jenkins"),
    ]
    assert problems[1].message == 'Undefined section "stagez"'


def test_a_controller_without_the_validator_says_so(controller: ThreadingHTTPServer) -> None:
    controller.answer = (404, "")  # type: ignore[attr-defined]
    with pytest.raises(ServiceError, match="404"):
        Jenkins().validate("x")


def test_a_controller_that_wants_a_login_says_which_variables(
    controller: ThreadingHTTPServer,
) -> None:
    controller.needs_login = True  # type: ignore[attr-defined]
    with pytest.raises(MissingError, match="JENKINS_TOKEN"):
        Jenkins().find()


def test_something_else_at_the_address_is_not_taken_for_jenkins(
    controller: ThreadingHTTPServer,
) -> None:
    controller.is_jenkins = False  # type: ignore[attr-defined]
    with pytest.raises(MissingError, match="is no Jenkins"):
        Jenkins().find()


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "nonsense", "file:///etc/passwd"])
def test_an_address_without_an_answer_is_missing_and_hides_passwords(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("JENKINS_URL", url)
    assert Jenkins().describe().state == "missing"
    monkeypatch.setenv("JENKINS_URL", "http://me:hidden@127.0.0.1:9")
    assert "hidden" not in Jenkins().describe().how
    with pytest.raises(MissingError) as caught:
        Jenkins().find()
    assert "hidden" not in str(caught.value)


def test_without_an_address_the_rehearsal_reads_it_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("JENKINS_URL", raising=False)
    found, problems = Jenkins().validate(steps("ech 'x'"))
    assert found.state == "rehearsal"
    assert [problem.rule for problem in problems] == ["unknown-step"]
