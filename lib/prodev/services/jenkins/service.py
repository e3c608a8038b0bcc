"""Jenkins: a real controller at an address, or a rehearsal on this machine."""

from __future__ import annotations

import os

from prodev.services.jenkins.controller import Controller, NoAnswerError
from prodev.services.jenkins.reader import check_jenkinsfile
from prodev.services.jenkins.records import Problem
from prodev.services.service import Found, MissingError, Service, Wanted

_HOW = "set JENKINS_URL (with JENKINS_USER and JENKINS_TOKEN) to ask a real controller"
PROVIDER = "rehearsal runner (not Jenkins)"


class Jenkins(Service):
    """Jenkins: its validator where a controller is named; else only a rehearsal of it."""

    system = "jenkins"
    title = "Jenkins"
    variable = "JENKINS_URL"

    def find(self, wanted: Wanted = "auto", *, address: str = "") -> Found:
        """Say whether a controller answers, or a rehearsal stands in.

        Raises:
            MissingError: an address is given, but no controller answers there.
        """
        url = self.asked(wanted, address)
        if not url:
            return Found("rehearsal", PROVIDER, "", _HOW)
        controller = self._controller(url)
        try:
            version = controller.version()
        except NoAnswerError as error:
            raise MissingError(
                self.title,
                f"start that controller, or unset {self.variable} for a rehearsal",
                why=f"at {controller.place} {error}",
            ) from None
        short = ".".join(version.split(".")[:2])
        return Found("real", f"Jenkins {short}", version, address=url)

    def validate(
        self, text: str, wanted: Wanted = "auto", *, address: str = ""
    ) -> tuple[Found, list[Problem]]:
        """Return who read a Jenkinsfile, and what is wrong with it.

        A controller's own validator is asked where there is one; else the rehearsal's, which
        knows the structure and the steps of common plugins only.

        Raises:
            MissingError: an address is given, but no controller answers there.
            ServiceError: the controller has no validator.
        """
        found = self.find(wanted, address=address)
        if found.state == "real":
            return found, self._controller(found.address).validate(text)
        return found, check_jenkinsfile(text)

    def _controller(self, url: str) -> Controller:
        user, token = os.environ.get("JENKINS_USER", ""), os.environ.get("JENKINS_TOKEN", "")
        return Controller(url, user, token)
