"""Does the workflow fire when it should, and does each defect of the project turn it red?"""

from prodev.judge import Finding
from prodev.judge.kinds.workflow.project import make_project

REFUSED = ("syntax-check", "events", "job-needs", "id", "glob")


def check(answer):
    project = make_project(answer.random)
    for step in (_place, _reads, _push, _defects, _request, _other_branch):
        if found := step(answer, project):
            return found
    return None


def _place(answer, project):
    if not answer.path:
        return Finding("names-no-place")
    if answer.is_found:
        return None
    ran = answer.run(project.files)
    return Finding("M30-wrong-folder", path=answer.path, result=ran.result, act=_why(ran))


def _reads(answer, _):
    """What GitHub refuses before anything runs."""
    for problem in answer.problems():
        if problem["rule"] in REFUSED:
            line, said = problem["line"], problem["message"]
            return Finding("not-a-workflow", line=line, actionlint=said)
        if problem["rule"] == "runner-label":
            return Finding("another-runner", runner=", ".join(answer.runners))
    for runner in answer.runners:
        if "ubuntu-" not in runner and "${{" not in runner:
            return Finding("another-runner", runner=runner)
    return None


def _push(answer, project):
    """A push to main of a project without a defect."""
    if "push" not in answer.events:
        return Finding("wrong-trigger", waits=_waits(answer), event="push")
    ran = answer.run(project.files, changed=["requirements.txt"])
    if ran.result == "never fired":
        code = "filters-paths" if " changes of " in ran.reason else "wrong-branch"
        return Finding(code, event="a push to main", act=_why(ran))
    if found := _skipped(ran, "a push to main"):
        return found
    if not ran.uses("actions/checkout"):
        return Finding("no-checkout", steps=_steps(ran), result=ran.result)
    return _red_without_a_defect(ran, "push")


def _defects(answer, project):
    """A push to main for each defect: one in each file."""
    defects = project.one_of_each_file()
    runs = [(d, answer.run(d.files, changed=[d.file])) for d in defects]
    missed = [(defect.name, ran) for defect, ran in runs if ran.result != "failure"]
    if not missed:
        return None
    name, ran = missed[0]
    told = [line for step in ran.steps for line in step["log"] if "FAILED" in line or "Err" in line]
    if len(missed) == len(runs):
        seen = {"defect": name, "log": told[-1] if told else "nothing of a test"}
        return Finding("M31-cannot-turn-red", defects=len(runs), **seen, result=ran.result)
    names = ", ".join(name for name, _ in missed)
    return Finding("misses-defects", event="a push", defects=len(runs), missed=names)


def _request(answer, project):
    """A pull request into main: without a defect, and with one."""
    if "pull_request_target" in answer.events and "pull_request" not in answer.events:
        return Finding("runs-the-target", waits=_waits(answer))
    ran = answer.run(project.files, "pull_request", changed=["requirements.txt"])
    if ran.result == "never fired":
        if " changes of " in ran.reason:
            return Finding("filters-paths", event="a pull request", act=_why(ran))
        return Finding("no-pull-request", act=_why(ran))
    if found := _skipped(ran, "a pull request") or _red_without_a_defect(ran, "pull_request"):
        return found
    defect = answer.random.choice(project.defects)
    ran = answer.run(defect.files, "pull_request", changed=[defect.file])
    if ran.result == "failure":
        return None
    return Finding("misses-defects", event="a pull request", defects=1, missed=defect.name)


def _other_branch(answer, project):
    """A push to a branch that is still being worked on."""
    ran = answer.run(project.files, branch="late-refunds", changed=["stays/refunds.py"])
    if ran.result == "never fired":
        return None
    return Finding("fires-twice", branch="late-refunds", result=ran.result)


def _skipped(ran, event):
    if ran.result != "skipped":
        return None
    reasons = [job["reason"] for job in ran.jobs if "no runner" in job["reason"]]
    if reasons:
        return Finding("another-runner", runner=reasons[0].rpartition(" for ")[2])
    return Finding("job-is-skipped", event=event, job=ran.jobs[0]["job"])


def _red_without_a_defect(ran, event):
    if ran.result == "success":
        return None
    step, line = ran.first_failure
    return Finding("red-without-a-defect", event=event, step=step, log=line)


def _why(ran):
    """The sentence that says why nothing fired."""
    return ran.reason.removeprefix("No workflow fires for this event: ")


def _waits(answer):
    return ", ".join(answer.events) or "nothing"


def _steps(ran):
    return "; ".join(step["name"].partition("\n")[0] for step in ran.steps)
