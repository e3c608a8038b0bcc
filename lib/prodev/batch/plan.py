"""Plan a batch: every learner of a roster times every notebook, with typed parameters."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from prodev.batch.declared import declared_parameters, parse_declared
from prodev.batch.place import output_paths
from prodev.batch.roster import LEARNER, Row, read_roster
from prodev.catalog import PARAMETERS, course_folder, load_catalog, parse_parameters
from prodev.errors import CourseError, ParameterError, RosterError

Typed = Callable[[Mapping[str, str], str], dict[str, Any]]


@dataclass(frozen=True)
class Run:
    """One run of one notebook for one learner.

    Attributes:
        run_id: 16 hexadecimal digits, the hash of the plan row: module, learner, parameters.
        module: the module's slug, or the notebook's file stem.
        learner: the learner's name as the roster has it.
        parameters: what is passed to the notebook, of the right types. For a module all five; for
            another notebook those that were given.
        notebook: the file that is run.
        output_path: where the output notebook goes, relative to the output folder.
        own_folder: the notebook runs in a private empty folder; else in the one it lies in, since
            it may read files beside it.
    """

    run_id: str
    module: str
    learner: str
    parameters: dict[str, Any]
    notebook: Path
    output_path: str
    own_folder: bool


@dataclass(frozen=True)
class Plan:
    """All runs of a batch, in the order in which they start."""

    runs: tuple[Run, ...]


@dataclass(frozen=True)
class _Source:
    module: str
    path: Path
    label: str  # the path as it was given, which also tells apart notebooks of one name
    names: Collection[str] | None  # of its parameters; None where it cannot be read
    typed: Typed
    own_folder: bool


def plan(
    roster: Path,
    *,
    modules: Sequence[str] = (),
    notebooks: Sequence[Path] = (),
    mode: str | None = None,
    params: Mapping[str, str] | None = None,
) -> Plan:
    """Plan the runs of a roster over modules, or over other notebooks.

    A parameter's value is the row's own where its cell is not empty, else the one in ``params``,
    else the notebook's default. The learner always comes from the roster.

    Args:
        roster: a CSV file; columns other than ``learner`` are parameters.
        modules: slugs; all modules where neither these nor notebooks are given.
        notebooks: notebooks of your own. One that is there but cannot be read is planned, and its
            runs end as ``not_run``.
        mode: short for a parameter ``mode``.
        params: parameters for every run, as text.

    Raises:
        RosterError: the roster, or what is asked for, is wrong.
        ParameterError: a parameter is unknown or has the wrong type. The text has one sentence a
            line, for every row that is wrong.
    """
    common = _common(mode, params or {})
    sources = list(_sources(modules, notebooks))
    read = read_roster(roster)
    for source in sources:
        source.typed(common, "--param")
        _check_columns(source, read.columns, f"{read.name}, row 1")
    runs: list[Run] = []
    wrong: dict[str, type[CourseError]] = {}
    seen: dict[str, str] = {}
    for row in read.rows:
        if row.problem:
            wrong[f"{row.where}: {row.problem}"] = RosterError
            continue
        try:
            made = [_run(source, row, {**common, **row.values}) for source in sources]
        except ParameterError as error:
            wrong[str(error)] = ParameterError
            continue
        first = seen.setdefault(made[0].run_id, row.where)
        if first != row.where:
            wrong[f"{row.where}: asks for the same runs as {first}; remove one."] = RosterError
        runs += made
    if wrong:
        kinds = set(wrong.values())
        raise (kinds.pop() if len(kinds) == 1 else RosterError)("\n".join(wrong))
    places = output_paths([(run.learner, run.notebook.stem, run.run_id) for run in runs])
    return Plan(
        tuple(replace(run, output_path=place) for run, place in zip(runs, places, strict=True))
    )


def _common(mode: str | None, params: Mapping[str, str]) -> dict[str, str]:
    if LEARNER in params:
        raise ParameterError("--param learner: the roster names the learners; leave it out.")
    if mode is None:
        return dict(params)
    if params.get("mode", mode) != mode:
        raise ParameterError(f"--mode {mode} and --param mode={params['mode']} differ; give one.")
    return {**params, "mode": mode}


def _sources(modules: Sequence[str], notebooks: Sequence[Path]) -> Iterator[_Source]:
    if modules and notebooks:
        raise RosterError("Give --modules or --notebooks, not both.")
    for given in (modules, [path.resolve() for path in notebooks]):
        for index, name in enumerate(given):
            if name in given[:index]:
                raise RosterError(f"'{name}' is asked for twice; name it once.")
    for path in notebooks:
        if not path.is_file():
            raise RosterError(f"There is no notebook {path}; give the path of a file.")
        declared = declared_parameters(path)
        typed = _typed_as(path.name, declared)
        yield _Source(path.stem, path.resolve(), path.as_posix(), declared, typed, own_folder=False)
    if notebooks:
        return
    known = {module.slug: module for module in load_catalog().module_records}
    for slug in modules:
        if slug not in known:
            near = get_close_matches(slug, known, n=1)
            advice = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(known)}."
            raise RosterError(f"There is no module '{slug}'; {advice}")
    folder = course_folder("notebooks")
    for slug in modules or known:
        path = folder / known[slug].notebook
        yield _Source(slug, path, path.name, PARAMETERS, _typed_module, own_folder=True)


def _typed_module(given: Mapping[str, str], where: str) -> dict[str, Any]:
    defaults = {name: parameter.default for name, parameter in PARAMETERS.items()}
    return {**defaults, **parse_parameters(given, where=where)}


def _typed_as(name: str, declared: Mapping[str, str] | None) -> Typed:
    def typed(given: Mapping[str, str], where: str) -> dict[str, Any]:
        if declared is None:
            return dict(given)
        # Every row has a learner; only a notebook that declares one gets it.
        wanted = {key: text for key, text in given.items() if key != LEARNER or LEARNER in declared}
        return parse_declared(wanted, declared, notebook=name, where=where)

    return typed


def _check_columns(source: _Source, columns: Sequence[str], where: str) -> None:
    """Refuse a column that the notebook does not declare, even one that is empty in every row."""
    for name in columns:
        if source.names is None or name in source.names:
            continue
        near = get_close_matches(name, source.names, n=1)
        advice = f"did you mean '{near[0]}'?" if near else "rename or remove the column."
        raise RosterError(f"{where}: {source.path.name} has no parameter '{name}'; {advice}")


def _run(source: _Source, row: Row, given: Mapping[str, str]) -> Run:
    parameters = source.typed({**given, LEARNER: row.learner}, row.where)
    described = {"module": source.module, "learner": row.learner, "parameters": parameters}
    if not source.own_folder:
        described["notebook"] = source.label
    canonical = json.dumps(described, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return Run(
        run_id=hashlib.sha256(canonical.encode()).hexdigest()[:16],
        module=source.module,
        learner=row.learner,
        parameters=parameters,
        notebook=source.path,
        output_path="",
        own_folder=source.own_folder,
    )
