"""How a notebook begins: ``lesson = prodev.begin(...)``."""

from __future__ import annotations

from prodev.catalog import load_catalog
from prodev.catalog.parameters import check_parameters
from prodev.learner.name import learner_name
from prodev.lesson.exercise_cell import install
from prodev.lesson.lesson import Lesson


def begin(module: str, **parameters: object) -> Lesson:
    """Begin a lesson: check the parameters, and return what the notebook shows.

    From here on the cell magic ``%%exercise module/name`` judges answers for this learner.

    Args:
        module: the module's slug, such as ``query-performance``.
        **parameters: ``learner``, ``seed``, ``scale``, ``mode`` and ``services``, as in the
            notebook's parameters cell; what is left out keeps its default.

    Raises:
        CourseError: there is no such module.
        ParameterError: a parameter is unknown, or its type or value is wrong.
        DataError: the course's data is wrong.
    """
    catalog = load_catalog()
    record = catalog.module(module)
    checked = check_parameters(parameters, where=record.notebook)
    name = learner_name(checked.learner)
    lesson = Lesson(catalog, record, checked.model_copy(update={"learner": name}))
    install(lesson)
    return lesson
