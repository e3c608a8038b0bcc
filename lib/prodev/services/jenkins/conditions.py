"""Whether the conditions of ``when`` and ``post`` hold."""

from __future__ import annotations

from typing import Any

from prodev.services.jenkins.build import BuildEvaluator
from prodev.services.jenkins.context import Context
from prodev.services.jenkins.files import ant_pattern
from prodev.services.jenkins.groovy.values import (
    GroovyError,
    UnsupportedError,
    is_true,
    pattern,
    text_of,
)
from prodev.services.jenkins.records import Condition, When
from prodev.services.jenkins.results import Result, is_worse


def holds(run: BuildEvaluator, when: When, context: Context) -> bool:
    """Whether all conditions of a ``when`` hold."""
    return all(_holds(run, condition, context) for condition in when.conditions)


def _holds(run: BuildEvaluator, condition: Condition, context: Context) -> bool:
    children = (_holds(run, child, context) for child in condition.children)
    if condition.name == "not":
        return not next(children)
    if condition.name == "allOf":
        return all(children)
    if condition.name == "anyOf":
        return any(children)
    scope = run.scope(context)
    if condition.name == "expression":
        return is_true(run.evaluate(condition.call.arguments[-1], scope)())
    values = [run.evaluate(node, scope) for node in condition.call.arguments]
    named = {name: run.evaluate(node, scope) for name, node in condition.call.named}
    return _plain(condition.name, values, named, run.build.environment(context))


def _plain(name: str, values: list[Any], named: dict[str, Any], env: dict[str, str]) -> bool:
    if name in ("branch", "tag"):
        return _names(values, named, env.get("BRANCH_NAME" if name == "branch" else "TAG_NAME"))
    if name == "environment":
        actual, value = env.get(text_of(named.get("name", ""))), text_of(named.get("value", ""))
        pair = (actual or "", value)
        return (
            len({each.lower() if is_true(named.get("ignoreCase")) else each for each in pair}) == 1
        )
    if name == "equals":
        return text_of(named.get("expected")) == text_of(named.get("actual"))
    # A rehearsal is started by a person, and builds what lies in a folder.
    if name in ("buildingTag", "changeRequest") and not named:
        return ("TAG_NAME" if name == "buildingTag" else "CHANGE_ID") in env
    if name in ("triggeredBy", "isRestartedRun"):
        return "UserIdCause" in map(text_of, [*values, named.get("cause")])
    raise UnsupportedError(f"the condition '{name}' needs the changes that Jenkins knows")


def _names(values: list[Any], named: dict[str, Any], actual: str | None) -> bool:
    wanted = text_of(named.get("pattern", values[0] if values else ""))
    if actual is None or not wanted:
        return actual is not None
    return _fits(wanted, actual, text_of(named.get("comparator", "GLOB")))


def _fits(wanted: str, actual: str, comparator: str) -> bool:
    if comparator == "EQUALS":
        return wanted == actual
    if comparator == "REGEXP":
        return bool(pattern(wanted).fullmatch(actual))
    if comparator == "GLOB":
        return bool(ant_pattern(wanted).fullmatch(actual))
    raise GroovyError(f"'{comparator}' is no comparator; there are EQUALS, GLOB and REGEXP")


def post_holds(condition: str, now: Result, before: Result | None) -> bool:
    """Whether a condition of ``post`` holds, from this result and the previous build's."""
    if condition in ("always", "cleanup"):
        return True
    if condition == "changed":
        return before is None or now != before
    if condition == "fixed":
        return now == "SUCCESS" and before in ("FAILURE", "UNSTABLE")
    if condition == "regression":
        return before is not None and is_worse(now, before)
    if condition == "unsuccessful":
        return now != "SUCCESS"
    named: dict[str, Result] = {
        "aborted": "ABORTED", "failure": "FAILURE", "success": "SUCCESS",
        "unstable": "UNSTABLE", "notBuilt": "NOT_BUILT",
    }  # fmt: skip
    return now == named[condition]
