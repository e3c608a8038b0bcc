"""Steps for the files of the workspace."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from prodev.services.actions.stand_ins.checkout import copy, copy_tree
from prodev.services.jenkins.build import BuildEvaluator
from prodev.services.jenkins.files import chosen, copy_files, count_tests
from prodev.services.jenkins.groovy.values import GroovyError, is_true, text_of
from prodev.services.jenkins.steps.registry import StepCall, step


@step("stash")
def _stash(call: StepCall) -> None:
    name = text_of(call.argument("name"))
    folder = call.context.here()
    excludes = text_of(call.named.get("excludes", ""))
    files = chosen(folder, text_of(call.named.get("includes", "**")), excludes)
    if not files and not is_true(call.named.get("allowEmpty")):
        raise GroovyError("No files included in stash '" + name + "'")
    place = _stash_folder(call.run, name)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    copy_files(folder, files, place)
    call.context.say(f"Stashed {len(files)} file(s)")


@step("unstash")
def _unstash(call: StepCall) -> None:
    name = text_of(call.argument("name"))
    place = _stash_folder(call.run, name)
    if not place.is_dir():
        raise GroovyError(f"No such saved stash '{name}'")
    copy_tree(place, call.context.here())


def _stash_folder(run: BuildEvaluator, name: str) -> Path:
    if not name or "/" in name or name.startswith("."):
        raise GroovyError(f"'{name}' is no name for a stash")
    return run.build.guard.folder / "stashes" / name


@step("archiveArtifacts", "archive")
def _archive(call: StepCall) -> None:
    pattern = text_of(call.argument("artifacts"))
    call.context.say("Archiving artifacts")
    if is_true(call.named.get("onlyIfSuccessful")) and call.run.build.result != "SUCCESS":
        call.context.say("Skipping archiving because build is not successful")
        return
    folder = call.context.here()
    files = chosen(folder, pattern, text_of(call.named.get("excludes", "")))
    if files:
        call.run.build.archive(folder, files)
    elif is_true(call.named.get("allowEmptyArchive")):
        call.context.say(f'No artifacts found that match the file pattern "{pattern}".')
    else:
        raise GroovyError(
            f'No artifacts found that match the file pattern "{pattern}". Configuration error?'
        )


@step("junit")
def _junit(call: StepCall) -> Any:
    pattern = text_of(call.argument("testResults"))
    call.context.say("Recording test results")
    folder = call.context.here()
    files = [folder / name for name in chosen(folder, pattern)]
    if not files:
        message = "No test report files were found. Configuration error?"
        if not is_true(call.named.get("allowEmptyResults")):
            raise GroovyError(message)
        call.context.say(message)
    counts = count_tests(files)
    with call.run.build.lock:
        call.run.build.tests += counts
    if counts.failed and not is_true(call.named.get("skipMarkingBuildUnstable")):
        call.run.build.worsen("UNSTABLE")
        if call.context.stage:
            call.context.stage.worsen("UNSTABLE")
    return {
        "totalCount": counts.total, "failCount": counts.failed, "skipCount": counts.skipped,
        "passCount": counts.passed,
    }  # fmt: skip


@step("checkout", "git")
def _checkout(call: StepCall) -> None:
    source = call.run.build.source
    if source is None:
        raise GroovyError("there is no repository to check out")
    if call.plain != ["scm"]:
        call.run.build.note("A checkout takes the repository that the rehearsal was given.")
    call.context.say(f"Copied {copy(source, call.context.here())} files of the repository")


@step("deleteDir", "cleanWs")
def _delete_dir(call: StepCall) -> None:
    folder = call.context.here()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)


@step("fileExists")
def _file_exists(call: StepCall) -> bool:
    return call.context.path(text_of(call.argument("file"))).exists()


@step("readFile")
def _read_file(call: StepCall) -> str:
    name = text_of(call.argument("file"))
    try:
        return call.context.path(name).read_text("utf-8", "replace")
    except OSError:
        raise GroovyError(f"java.nio.file.NoSuchFileException: {name}") from None


@step("writeFile")
def _write_file(call: StepCall) -> None:
    path = call.context.path(text_of(call.argument("file")))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text_of(call.argument("text", at=1)), "utf-8")
