"""The words of declarative pipelines, and where each may stand.

Source: Jenkins' handbook, chapter "Pipeline Syntax", and the reference "Pipeline Steps" for the
steps of the plugins that most controllers have.
"""

from __future__ import annotations

from difflib import get_close_matches

PIPELINE_SECTIONS = (
    "agent", "environment", "libraries", "options", "parameters", "post", "stages", "tools",
    "triggers",
)  # fmt: skip
STAGE_BODIES = ("steps", "stages", "parallel", "matrix")
STAGE_SECTIONS = (
    "agent", "environment", "failFast", "input", "options", "post", "tools", "when", *STAGE_BODIES
)  # fmt: skip
MATRIX_SECTIONS = (
    "agent", "axes", "environment", "excludes", "input", "options", "post", "stages", "tools",
    "when",
)  # fmt: skip

POST_ORDER = (
    "always", "changed", "fixed", "regression", "aborted", "failure", "success", "unstable",
    "unsuccessful", "notBuilt", "cleanup",
)  # fmt: skip
"""In the order in which they run; the chapter documents the order, the plugin adds notBuilt."""

AGENTS = {
    "label": (),
    "node": ("label", "customWorkspace"),
    "docker": (
        "image", "label", "args", "alwaysPull", "customWorkspace", "registryUrl",
        "registryCredentialsId", "reuseNode",
    ),
    "dockerfile": (
        "filename", "dir", "label", "args", "additionalBuildArgs", "customWorkspace",
        "registryUrl", "registryCredentialsId", "reuseNode",
    ),
    "kubernetes": (
        "yaml", "yamlFile", "defaultContainer", "label", "cloud", "inheritFrom", "namespace",
        "containerTemplate", "serviceAccount", "customWorkspace", "idleMinutes", "retries",
        "yamlMergeStrategy", "workspaceVolume", "slaveConnectTimeout", "workingDir",
        "activeDeadlineSeconds", "showRawYaml", "instanceCap", "supplementalGroups", "podRetention",
    ),
}  # fmt: skip
"""The kinds of agents with a block, and their settings."""

PIPELINE_OPTIONS = (
    "ansiColor", "authorizationMatrix", "buildDiscarder", "checkoutToSubdirectory",
    "copyArtifactPermission", "disableConcurrentBuilds", "disableRestartFromStage",
    "disableResume", "durabilityHint", "gitLabConnection", "githubProjectProperty", "lock",
    "newContainerPerStage", "office365ConnectorWebhooks", "overrideIndexTriggers",
    "parallelsAlwaysFailFast", "preserveStashes", "quietPeriod", "rateLimitBuilds", "retry",
    "skipDefaultCheckout", "skipStagesAfterUnstable", "throttleJobProperty", "timeout",
    "timestamps", "withCredentials",
)  # fmt: skip
STAGE_OPTIONS = (
    "ansiColor", "lock", "retry", "skipDefaultCheckout", "timeout", "timestamps", "withCredentials",
    "throttle", "warnError", "catchError",
)  # fmt: skip
PARAMETERS = (
    "booleanParam", "choice", "credentials", "extendedChoice", "file", "gitParameter", "password",
    "run", "string", "text", "base64File", "stashedFile",
)  # fmt: skip
TRIGGERS = (
    "cron", "pollSCM", "upstream", "githubPush", "gitlab", "GenericTrigger", "issueCommentTrigger",
    "parameterizedCron", "bitbucketPush", "eventTrigger",
)  # fmt: skip
TOOLS = ("maven", "jdk", "gradle", "nodejs", "go", "git", "ant", "allure", "dockerTool", "python")
INPUT_FIELDS = ("message", "id", "ok", "submitter", "submitterParameter", "parameters")

NESTING_CONDITIONS = ("not", "allOf", "anyOf")
WHEN_CONDITIONS = (
    "branch", "buildingTag", "changelog", "changeset", "changeRequest", "environment", "equals",
    "expression", "tag", "triggeredBy", "isRestartedRun", *NESTING_CONDITIONS,
)  # fmt: skip
WHEN_OPTIONS = ("beforeAgent", "beforeInput", "beforeOptions")

BLOCK_STEPS = (
    "ansiColor", "catchError", "container", "dir", "lock", "node", "nodejs", "retry", "script",
    "sshagent", "stage", "throttle", "timeout", "timestamps", "waitUntil", "warnError", "withAnt",
    "withCredentials", "withDockerRegistry", "withEnv", "withKubeConfig", "withMaven",
    "withSonarQubeEnv", "withAWS", "ws", "wrap", "configFileProvider", "withChecks",
    "withDockerContainer", "withGradle",
)  # fmt: skip
"""Steps that need a block."""

PLAIN_STEPS = (
    "addBadge", "allure", "archive", "archiveArtifacts", "bat", "build", "checkout", "cleanWs",
    "cobertura", "copyArtifacts", "deleteDir", "discordSend", "echo", "emailext", "error",
    "fileExists", "fingerprint", "findFiles", "getContext", "git", "githubNotify", "hudson",
    "input", "isUnix", "jacoco", "junit", "library", "libraryResource", "load", "mail",
    "milestone", "nunit", "parallel", "powershell", "print", "println", "properties",
    "publishCoverage", "publishHTML", "pwd", "pwsh", "readFile", "readJSON", "readProperties",
    "readYaml", "recordCoverage", "recordIssues", "resolveScm", "sh", "slackSend", "sleep",
    "sshPublisher", "stash", "step", "tm", "tool", "unarchive", "unstable", "unstash", "unzip",
    "updateGitlabCommitStatus", "validateDeclarativePipeline", "waitForQualityGate", "writeFile",
    "writeJSON", "writeYaml", "xunit", "zip", "httpRequest", "ansiblePlaybook", "perfReport",
)  # fmt: skip

STEPS = (*BLOCK_STEPS, *PLAIN_STEPS)

STEP_NEEDS = {
    "archiveArtifacts": "artifacts",
    "dir": "path",
    "echo": "message",
    "error": "message",
    "junit": "testResults",
    "mail": "subject",
    "readFile": "file",
    "retry": "count",
    "sh": "script",
    "sleep": "time",
    "stash": "name",
    "timeout": "time",
    "unstable": "message",
    "unstash": "name",
    "withCredentials": "bindings",
    "withEnv": "overrides",
}
"""Steps and the argument that each must have, by name or as the only one."""

STEP_PARAMETERS = {
    "archiveArtifacts": (
        "artifacts", "allowEmptyArchive", "caseSensitive", "defaultExcludes", "excludes",
        "fingerprint", "followSymlinks", "onlyIfSuccessful",
    ),
    "catchError": ("buildResult", "stageResult", "message", "catchInterruptions"),
    "echo": ("message",),
    "error": ("message",),
    "retry": ("count", "conditions"),
    "sh": ("script", "label", "returnStatus", "returnStdout", "encoding"),
    "sleep": ("time", "unit"),
    "stash": ("name", "includes", "excludes", "allowEmpty", "useDefaultExcludes"),
    "timeout": ("time", "unit", "activity"),
    "unstash": ("name",),
}  # fmt: skip
"""Steps and the arguments that they know."""


def nearest(word: str, words: tuple[str, ...]) -> str:
    """Return the end of a sentence: the word that was meant, or all that are known."""
    lower = {known.lower(): known for known in words}
    near = get_close_matches(word.lower(), lower, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{lower[near[0]]}'?"
    return (
        f"known are {', '.join(words)}."
        if len(words) <= 14
        else "Jenkins and its common plugins have nothing like it."
    )
