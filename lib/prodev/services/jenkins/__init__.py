"""Jenkins: read declarative Jenkinsfiles, and rehearse them on this machine.

A rehearsal is not Jenkins, and says so: it knows the structure of a pipeline and runs its steps.
Where ``JENKINS_URL`` names a controller, that one is asked whether a Jenkinsfile is valid.
"""

from __future__ import annotations

from prodev.services.jenkins.credentials import SecretFile, SecretText, UsernamePassword
from prodev.services.jenkins.reader import check_jenkinsfile, parse_jenkinsfile
from prodev.services.jenkins.records import JenkinsfileError, Pipeline, Problem
from prodev.services.jenkins.rehearsal import rehearse
from prodev.services.jenkins.results import PipelineRun, StageRun
from prodev.services.jenkins.service import Jenkins

__all__ = [
    "Jenkins",
    "JenkinsfileError",
    "Pipeline",
    "PipelineRun",
    "Problem",
    "SecretFile",
    "SecretText",
    "StageRun",
    "UsernamePassword",
    "check_jenkinsfile",
    "parse_jenkinsfile",
    "rehearse",
]
