"""How a lesson looks in a notebook: display only, every piece with its text equivalent."""

from __future__ import annotations

from prodev.widgets.bars import bar_chart
from prodev.widgets.cards import review_cards
from prodev.widgets.comparison import comparison_chart
from prodev.widgets.exercise import ExerciseCard, exercise_card
from prodev.widgets.flow import flow
from prodev.widgets.header import header
from prodev.widgets.lines import line_chart
from prodev.widgets.module_map import module_map
from prodev.widgets.percentiles import percentile_chart
from prodev.widgets.quiz import quiz
from prodev.widgets.recap import glossary_card, next_step, recap
from prodev.widgets.systems import systems_table
from prodev.widgets.timeline import timeline
from prodev.widgets.topic_table import topic_table

__all__ = [
    "ExerciseCard",
    "bar_chart",
    "comparison_chart",
    "exercise_card",
    "flow",
    "glossary_card",
    "header",
    "line_chart",
    "module_map",
    "next_step",
    "percentile_chart",
    "quiz",
    "recap",
    "review_cards",
    "systems_table",
    "timeline",
    "topic_table",
]
