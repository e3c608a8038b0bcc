"""Steps that only Jenkins can do: some are left out and noted, the others refuse."""

from __future__ import annotations

from prodev.services.jenkins import grammar
from prodev.services.jenkins.groovy.values import UnsupportedError
from prodev.services.jenkins.steps.registry import STEPS, Step, StepCall

LEFT_OUT = (
    "mail", "emailext", "slackSend", "discordSend", "milestone", "addBadge", "fingerprint",
    "publishHTML", "recordIssues", "recordCoverage", "publishCoverage", "githubNotify",
    "updateGitlabCommitStatus", "properties",
)  # fmt: skip
"""Steps that tell others about the build; without them it goes on the same way."""


def _left_out(name: str) -> Step:
    def tell(call: StepCall) -> None:
        call.context.say(f"rehearsal: '{name}' is left out")
        call.run.build.note(f"The step '{name}' is left out.")

    return tell


def _refused(name: str) -> Step:
    def refuse(_: StepCall) -> None:
        raise UnsupportedError(f"the rehearsal cannot run the step '{name}'; a real Jenkins can")

    return refuse


STEPS.update({name: _left_out(name) for name in LEFT_OUT})
STEPS.update({name: _refused(name) for name in grammar.STEPS if name not in STEPS})
