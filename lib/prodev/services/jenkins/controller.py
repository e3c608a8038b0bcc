"""A real Jenkins controller, asked by its own interface over HTTP."""

from __future__ import annotations

import base64
import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from prodev.services.jenkins.records import Problem
from prodev.services.service import ServiceError

_LINE = re.compile(r"^(?:WorkflowScript:\s*(\d+):\s*)?(.*?)(?:\s*@ line (\d+), column \d+\.?)?$")


class NoAnswerError(Exception):
    """The controller does not answer as one; the text says why."""


@dataclass(frozen=True)
class Controller:
    """Where a controller is, and who asks."""

    url: str
    user: str = ""
    token: str = field(default="", repr=False)
    timeout: float = 10.0

    def version(self) -> str:
        """Return its version, such as ``2.516.1``.

        Raises:
            NoAnswerError: nothing answers there, or it is no Jenkins.
        """
        try:
            with self._open("api/json?tree=mode") as answer:
                version = answer.headers.get("X-Jenkins", "")
        except urllib.error.HTTPError as error:
            with error:
                version = error.headers.get("X-Jenkins", "")
                if version and error.code in (401, 403):
                    raise NoAnswerError("wants JENKINS_USER and JENKINS_TOKEN") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise NoAnswerError(f"does not answer ({reason})") from None
        if not version:
            raise NoAnswerError("is no Jenkins")
        return str(version)

    def validate(self, text: str) -> list[Problem]:
        """Return what Jenkins itself finds wrong with a declarative Jenkinsfile.

        Raises:
            ServiceError: it does not answer, or has no validator (the plugin "Pipeline:
                Declarative").
        """
        data = urlencode({"jenkinsfile": text}).encode()
        try:
            with self._open("pipeline-model-converter/validate", data, self._crumb()) as answer:
                told = answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            with error:
                raise ServiceError(
                    f"Jenkins at {self.place} answers {error.code} to the validator; it needs the "
                    "plugin Pipeline: Declarative, and a user who may read."
                ) from None
        except (OSError, ValueError) as error:
            raise ServiceError(f"Jenkins at {self.place} does not answer ({error}).") from None
        return _problems(told)

    @property
    def place(self) -> str:
        """The address without a password that may be in it."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def _crumb(self) -> dict[str, str]:
        """Return the header against forged requests; none where the controller wants none."""
        try:
            with self._open("crumbIssuer/api/json") as answer:
                crumb = json.load(answer)
                cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
        except (OSError, ValueError):
            return {}
        header = {str(crumb["crumbRequestField"]): str(crumb["crumb"])}
        return {**header, "Cookie": cookie} if cookie else header

    def _open(self, path: str, data: bytes | None = None, headers: Mapping[str, str] | None = None):  # type: ignore[no-untyped-def]
        if urlsplit(self.url).scheme not in ("http", "https"):
            raise ValueError("an address begins with http:// or https://")
        request = urllib.request.Request(
            f"{self.url.rstrip('/')}/{path}", data, dict(headers or {})
        )
        if self.user:
            both = base64.b64encode(f"{self.user}:{self.token}".encode()).decode()
            request.add_header("Authorization", f"Basic {both}")
        return urllib.request.urlopen(request, timeout=self.timeout)


def _problems(told: str) -> list[Problem]:
    """Read the validator's answer: one line for each problem, with its place at the end."""
    if "successfully validated" in told:
        return []
    problems = []
    for line in map(str.strip, told.splitlines()):
        found = _LINE.match(line)
        if found and (found.group(1) or found.group(3)):
            number = int(found.group(1) or found.group(3))
            problems.append(Problem(number, "jenkins", found.group(2).strip()))
    return sorted(problems) or [Problem(1, "jenkins", " ".join(told.split()))]
